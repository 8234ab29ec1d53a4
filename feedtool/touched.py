"""Build only the series in which a file changed, when that concerns no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from .earlier import Earlier, Last, Memory
from .entry import findings_of, plain_finding
from .finding import Finding, has_errors
from .folders import Folder, find_folders
from .gather import (
    Build,
    SeriesBuild,
    begin,
    complete,
    embedding_of,
    made_of,
    profiles_of,
    report_of,
    take_in,
)
from .load import (
    load_catalog,
    load_series,
)
from .lock_file import kept_lock, part_of_lock
from .model import Series
from .noted import lacking, unpromised
from .output import Output
from .prepare import Task, series_sources
from .read.objects import IgnoreKeys
from .recordings import Recordings
from .request import Built, Report, Request
from .whole import Newest, Whole, bare, offer_media, render_front, render_newest
from .workers import OpenRecordings, Progress, prepare_all


def build_touched(
    request: Request,
    open_recordings: OpenRecordings,
    earlier: Earlier,
    last: Last,
    progress: Progress,
) -> Report | None:
    """Build only the series in which a file changed since the last build.

    None when that concerns more than their own feeds, or when something is wrong with them.
    """
    found: list[Finding] = []
    catalog = load_catalog(request.root, found, request.base_url, in_one_place=request.marks)
    folders = find_folders(request.root, found, last.touched)
    promises = kept_lock(request.root)
    if catalog is None or promises is None or {one.slug for one in folders} != last.touched:
        return None
    lock = part_of_lock(promises, request.now)
    if lock is None or has_errors(one.under(catalog.keys.profiles) for one in found):
        return None
    if request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=catalog.zone))
    task = Task(
        root=request.root, catalog=catalog, lock=lock, now=request.now, drafts=request.drafts,
        profiles=profiles_of(request, catalog), marks=request.marks,
    )  # fmt: skip
    if catalog.keys.embed and request.keeps_lock:
        return None  # the lock may lack copies that only this order has made
    output = Output(request.output, dry_run=request.dry_run, copies=request.copies)
    try:
        task = replace(task, embedding=embedding_of(request, catalog, output))
        state = Build(request, task, output, found, earlier, alone=True)
        with open_recordings() as recordings:
            work = [lot for folder in folders for lot in begin(state, folder, recordings)]
            state.known.append(recordings.files.known.packed())
        if state.series.keys() != last.touched:
            return None
        if not all(series.before for series in state.series.values()):
            return None
        names = {(lot.series.folder.slug, stem) for lot in work for stem in lot.stems}
        lock = part_of_lock(promises, request.now, names)
        if lock is None:
            return None
        state.task = task = replace(task, lock=lock)
        for series in [one for one in state.series.values() if not one.waiting]:
            complete(state, series)
        for made in prepare_all(task, work, output, open_recordings, progress):
            take_in(state, made)
        if (
            state.faulty
            or not _lacks_nothing_new(state, last.memory)
            or not all(_stays_alone(one, last, request.now) for one in state.series.values())
        ):
            return None
        for series in state.series.values():
            series.findings = unpromised(series.findings, last.memory.promised)
        memory = _render_newest(state, last, names, promises, open_recordings)
        return _publish_touched(state, last, memory)
    finally:
        output.discard()


def _stays_alone(series: SeriesBuild, last: Last, now: datetime) -> bool:
    """Does nothing outside the series speak of what changed in it?"""
    before = {entry.slug: entry for entry in series.before}
    if before.keys() != series.entries.keys() or not series.count or not series.updated:
        return False
    if last.memory.updated.get(series.slug) != series.updated.isoformat():
        return False
    if series.updated > now:  # a correction that is dated in the future may be one more
        return False
    return all(entry.facts == before[slug].facts for slug, entry in series.entries.items())


def _lacks_nothing_new(state: Build, memory: Memory) -> bool:
    """Do notes name no file that is not there, but those of which the last build knew that?

    Whether it is promised is a question to the whole lock.
    """
    sources = {source for one in state.series.values() for source in lacking(one.findings)}
    sources -= set(memory.promised)
    told = (lacking(findings_of(plain)) for plain in memory.found.values() if sources)
    return sources <= set[str]().union(*told)


def _render_newest(
    state: Build,
    last: Last,
    made: set[tuple[str, str]],
    promises: str,
    open_recordings: OpenRecordings,
) -> Memory:
    """What is published of the whole catalog, if one of its newest items was made again.

    Whether it changed is not asked: its file may say what it said when its series was made, and
    have said something else when the catalog's feed was.
    """
    memory = last.memory
    changed = made & {(slug, entry.slug) for slug, entry in memory.newest}
    if not changed:
        return memory
    lock = part_of_lock(promises, state.request.now, changed)
    assert lock is not None
    task = replace(state.task, lock=lock)
    newest = [
        (slug, state.series[slug].entries[entry.slug] if (slug, entry.slug) in changed else entry)
        for slug, entry in memory.newest
    ]
    updated = {slug: datetime.fromisoformat(date) for slug, date in memory.updated.items()}
    with open_recordings() as recordings:
        series = {slug: one.loaded.series for slug, one in state.series.items()}
        newest = render_newest(
            task, bare(newest), changed, series, updated, recordings, state.output
        )
        if _rows(newest) != _rows(memory.newest):
            due = {slug: count for slug, count, _ in last.series}
            series = _all_series(task, due, recordings)
            latest = {slug: datetime.fromisoformat(date) for slug, date in memory.latest.items()}
            whole = Whole(
                series=series, updated=updated, latest=latest, due=due, newest=newest
            )  # fmt: skip
            render_front(task, whole, recordings, state.output)
    return replace(memory, newest=newest, simple=len(newest) == len(memory.newest))


def _rows(newest: Newest) -> list[str]:
    """What the catalog's page says of its items."""
    return [entry.row for _, entry in newest if entry.row]


def _all_series(task: Task, slugs: Iterable[str], recordings: Recordings) -> dict[str, Series]:
    """Every series, also those in which nothing changed."""
    found: list[Finding] = []
    return {
        slug: loaded.series
        for slug in slugs
        if (loaded := load_series(
            task.root, Folder(slug, ()), task.catalog, task.lock, recordings, found
        ))
    }  # fmt: skip


def _publish_touched(state: Build, last: Last, memory: Memory) -> Report:
    """The series that changed, into their places; everything else stays."""
    request, catalog = state.request, state.task.catalog
    touched = tuple(f"episodes/{slug}/" for slug in state.series)
    found = {slug: findings_of(plain) for slug, plain in last.memory.found.items()}
    found[""] = [one for one in found[""] if not one.place.file.startswith(touched)] + state.found
    found |= {slug: series.findings for slug, series in state.series.items()}
    ignored = {
        file: tuple(IgnoreKeys(code=code, why=why) for code, why in entries)
        for file, entries in last.memory.ignored.items()
        if not file.startswith(touched)
    } | state.ignored
    every_finding = [finding for group in found.values() for finding in group]
    report = report_of(request, every_finding, catalog.keys.profiles, ignored)
    offer_media(state, state.task.lock)
    before = sum(len(entry.files) for series in state.series.values() for entry in series.before)
    after = sum(
        len(entry.files) for series in state.series.values() for entry in series.entries.values()
    )
    written = state.output.publish(within=_shrunk(state))
    count = last.files + after - before
    return replace(
        report,
        named=tuple(sorted(series_sources(catalog.series))),
        language=catalog.series.language,
        zone=str(catalog.zone),
        known=tuple(state.known),
        series=tuple(Built(slug, count, tuple(feeds)) for slug, count, feeds in last.series),
        made=tuple(made_of(series) for series in state.series.values() if not series.whole),
        linked=state.linked,
        folders=_folders(state, last),
        copies=state.output.copies,
        written=replace(written, unchanged=count - len(written.written)),
        due_since=last.due_since,
        due_next=last.due_next,
        memory=replace(
            memory,
            found={slug: list(map(plain_finding, group)) for slug, group in found.items()},
            ignored={
                file: [(one.code, one.why) for one in entries]
                for file, entries in ignored.items()
                if entries
            },
        ),
    )


def _shrunk(state: Build) -> tuple[str, ...]:
    """The series that no longer have some of their files; in other folders nothing is in vain."""
    return tuple(
        slug
        for slug, series in state.series.items()
        if any(set(one.files) - set(series.entries[one.slug].files) for one in series.before)
    )


def _folders(state: Build, last: Last) -> frozenset[str]:
    """The folders of the output: those of the last build, but those of the series from now."""
    touched = tuple(f"{slug}/" for slug in state.series)
    stay = {folder for folder in last.folders if not f"{folder}/".startswith(touched)}
    return frozenset(stay | state.output.folders)
