"""Check a catalog and build what it publishes: feeds, pages, chapters, transcripts, media.

Episodes are prepared in lots and forgotten; what is left of them is put together series by series.
Only when everything is right, the lock is written and the output moved in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from .artwork import measured_tags
from .before import word_of
from .check.identity import EP030, SE030
from .check.rule import CATALOG_RULES, CHANNEL_RULES, TAG_RULES
from .check.series import SE036
from .earlier import ACROSS, Earlier, Memory
from .embedding import ME063, ME080, copies_gone, forget_others
from .entry import plain_finding
from .finding import Finding, Place, has_errors
from .folders import Folder, find_folders
from .formats import is_remote
from .gather import (
    Build,
    begin,
    complete,
    embedding_of,
    feeds_of,
    made_of,
    profiles_of,
    report_of,
    take_in,
)
from .idle import group_of
from .judging import judge_episode, judge_series
from .load import (
    load_catalog,
    look_over,
)
from .lock import (
    LK018,
    LK050,
    LOCK_FILE,
    Lock,
    lock_lines,
    promise_changes,
    promised_media,
    reconcile,
)
from .lock_file import read_lock_file, says, write_lock_file
from .noted import lacking, unpromised
from .output import Output
from .prepare import Lot, Task, series_sources
from .recordings import ME052, ME064, Recordings
from .request import Built, Report, Request
from .whole import catalog_guid, offer_media, render_catalog, whole_of
from .workers import OpenRecordings, Progress, prepare_all


def build(
    request: Request, open_recordings: OpenRecordings, earlier: Earlier, progress: Progress
) -> Report:
    """Build the catalog; findings with errors leave output and lock as they were.

    `open_recordings` gives a way to the files below media/ to whoever looks at them, and closes it.
    """
    found: list[Finding] = []
    catalog = load_catalog(request.root, found, request.base_url, in_one_place=request.marks)
    if catalog is not None and request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=catalog.zone))
    folders = find_folders(request.root, found)
    if request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=UTC))
    lock = read_lock_file(request.root, request.now, found)
    if catalog is None or lock is None:
        with open_recordings() as recordings:
            for loaded, episodes in look_over(request.root, folders, lock, recordings, found):
                found += judge_series(loaded)
                for episode in episodes:
                    found += judge_episode(episode, loaded.series)
        found = unpromised(found, promised_media(lock) if lock else ())
        return report_of(request, found, (), {})
    task = Task(
        root=request.root, catalog=catalog, lock=lock, now=request.now, drafts=request.drafts,
        check=request.check, profiles=profiles_of(request, catalog), marks=request.marks,
    )  # fmt: skip
    output = Output(
        request.output, dry_run=request.dry_run, claims=not request.check, copies=request.copies
    )
    try:
        task = replace(task, embedding=embedding_of(request, catalog, output))
        state = Build(request, task, output, found, earlier)
        with open_recordings() as recordings:
            _take_in_catalog(state, recordings, folders)
            work: list[Lot] = []
            for folder in folders:
                work += begin(state, folder, recordings)
                series = state.series.get(folder.slug)
                if series and not series.waiting:  # before the entries of the next fill the memory
                    complete(state, series)
            state.known.append(recordings.files.known.packed())
        for made in prepare_all(task, work, output, open_recordings, progress):
            take_in(state, made)
        with open_recordings() as recordings:
            return _publish(state, recordings)
    finally:
        output.discard()


def _publish(state: Build, recordings: Recordings) -> Report:
    """What concerns all series, then, if nothing is wrong, everything into its place."""
    catalog, now = state.task.catalog, state.request.now
    across = _across(state)
    own = replace(catalog.series, guid=catalog_guid(state.task))
    for channel_rule in CHANNEL_RULES:
        state.found += channel_rule(own)
    gone = len(copies_gone(state.request.root, state.absent, state.bare))
    if gone:
        state.found.append(ME080.at(Place("media"), count=gone))
    if len(state.absent) > gone:
        state.found.append(ME052.at(Place("media"), count=len(state.absent) - gone))
    if others := sum(is_remote(one.media) for one in state.promises.values()):
        state.found.append(ME064.at(Place("feedtool.lock"), count=others))
    for source in sorted(state.copies.keys() & state.plain):
        state.found.append(ME063.at(Place("feedtool.yaml", ("embed",)), source=source))
    _keep_promises_of_shared(state, across)
    lock = _reconciled(state)
    promised = _promised_in_notes(state, lock)
    state.ignored["feedtool.yaml"] = catalog.keys.ignore
    found = {slug: series.findings for slug, series in state.series.items()}
    found[""], found[ACROSS] = state.found, across
    every_finding = [finding for group in found.values() for finding in group]
    report = report_of(state.request, every_finding, state.task.profiles, state.ignored)
    report = replace(
        report, language=catalog.series.language, zone=str(catalog.zone), known=tuple(state.known),
    )  # fmt: skip
    # an episode that was announced for another day binds from then on, wherever it is now
    dates = [promise.date for promise in (*state.promises.values(), *state.lock.episodes.values())]
    dates += [date for series in state.series.values() for date in series.corrected]
    report = replace(
        report,
        due_since=max((date for date in dates if date <= now), default=None),
        due_next=min((date for date in dates if date > now), default=None),
    )
    if state.request.check or has_errors(report.findings):
        return report
    whole = whole_of(state)
    task = replace(state.task, lock=lock)  # it has the facts of copies that were made now
    newest = render_catalog(task, whole, recordings, state.output)
    offer_media(state, lock)
    if not (state.request.dry_run or state.request.keeps_lock):
        write_lock_file(state.request.root / LOCK_FILE, lock)
    says_more = state.request.waits and not says(state.request.root / LOCK_FILE, lock)
    waits = word_of(lock_lines(lock)) if says_more else ""
    written = state.output.publish(waits=waits)
    if state.request.link and not state.request.dry_run and not waits:
        forget_others(
            state.request.root,
            {one.sha256 for one in lock.episodes.values() if one.bare is not None and one.sha256},
        )
    return replace(
        report,
        series=tuple(
            Built(series.slug, series.count, feeds_of(series.slug))
            for series in state.series.values()
            if series.count
        ),
        made=tuple(made_of(series) for series in state.series.values() if series.packed),
        linked=state.linked,
        folders=frozenset(state.output.folders),
        copies=state.output.copies,
        written=written,
        named=tuple(sorted(series_sources(catalog.series))),
        lasts=state.request.keeps_lock or not _speaks_of_new_series(state),
        waits=waits,
        lock=lock,
        memory=Memory(
            found={slug: list(map(plain_finding, group)) for slug, group in found.items()},
            ignored={
                file: [(one.code, one.why) for one in entries]
                for file, entries in state.ignored.items()
                if entries
            },
            newest=newest,
            updated={
                slug: series.updated.isoformat()
                for slug, series in state.series.items()
                if series.updated
            },
            latest={
                slug: series.latest.isoformat()
                for slug, series in state.series.items()
                if series.latest
            },
            shared=sorted(_shared(state)),
            promised=sorted(promised),
            simple=len(newest) == len(whole.newest)
            and all(not one.was and one.gone is None for one in lock.episodes.values()),
        ),
    )


def _across(state: Build) -> list[Finding]:
    """What is to be said of several episodes; what tells them apart is not needed any more."""
    identities = [one for series in state.series.values() for one in series.identities]
    identities.sort(key=lambda one: (one.series, one.slug))
    for series in state.series.values():
        series.identities = ()
    every = [series.loaded.series for series in state.series.values()]
    found = [finding for rule in CATALOG_RULES for finding in rule(every, identities)]
    own = catalog_guid(state.task)
    return found + [
        SE030.at(Place(one.file, ("guid",)), guid=own, other=state.task.catalog.series.file)
        for one in every
        if one.guid == own
    ]


def _speaks_of_new_series(state: Build) -> bool:
    """Was something said that is only said until the guid of a series is in the lock?"""
    return any(one.code is SE036 for series in state.series.values() for one in series.findings)


def _promised_in_notes(state: Build, lock: Lock) -> set[str]:
    """The recordings that notes name and that are promised: that they are not here is no fault.

    Promised by `lock`, which holds after this build: what the next one would say is said now.
    """
    sources = {source for one in state.series.values() for source in lacking(one.findings)}
    if not sources:
        return sources
    sources &= promised_media(lock)
    for series in state.series.values():
        series.findings = unpromised(series.findings, sources)
    return sources


def _shared(state: Build) -> set[str]:
    """The folders of media that other series read than the one they belong to, or the catalog."""
    sources = series_sources(state.task.catalog.series)
    own = {group_of(f"media/{source}") for source in sources if not is_remote(source)}
    return own | {
        group
        for slug, series in state.series.items()
        for reads in (series.context.reads, series.foreign)
        for path in reads
        if path.startswith("media/") and (group := group_of(path)) != f"media/{slug}"
    }


def _take_in_catalog(state: Build, recordings: Recordings, folders: Sequence[Folder]) -> None:
    """What feedtool.yaml says of the catalog's own feed."""
    own = state.task.catalog.series
    if own.image:
        recordings.files.picture(own.image, Place(own.file, ("image",)), state.found)
    measured_tags(recordings.files, own.podcast, state.found)
    state.published |= series_sources(own)
    for rule in TAG_RULES:
        state.found += rule(state.task.catalog.podcast)
    if has_errors(state.found):  # a folder or a file that must not be read is not gone, either
        read = {(folder.slug, slug) for folder in folders for slug in folder.episodes}
        state.promises |= {
            guid: promise
            for guid, promise in state.lock.episodes.items()
            if (promise.series, promise.slug) not in read and not promise.gone
        }


def _keep_promises_of_shared(state: Build, across: Sequence[Finding]) -> None:
    """Nobody knows which of two files with one guid is the episode, nor what became of others."""
    shared = [one for one in across if one.code is EP030]
    guids = {str(one.params["guid"]) for one in shared}
    names = {one.place.file.removeprefix("episodes/").removesuffix(".md") for one in shared}
    for guid, promise in state.lock.episodes.items() if shared else ():
        if promise.gone and guid in guids:
            state.promises.pop(guid, None)
        elif not promise.gone and (guid in guids or promise.name in names):
            state.promises[guid] = promise


def _reconciled(state: Build) -> Lock:
    """The lock as it would be after this build; promises that would break are findings."""
    request, catalog = state.request, state.task.catalog
    wanted = Lock(
        base_url=catalog.home.base_url,
        media_base_url=catalog.home.media_base_url,
        guid=catalog_guid(state.task),
        series={slug: one.loaded.series.guid for slug, one in state.series.items()},
        episodes=state.promises,
    )
    files = [
        f"{slug}/{stem}"
        for slug, one in state.series.items()
        for stem in one.loaded.folder.episodes
    ]
    lock, found = reconcile(
        state.lock, wanted, now=request.now, allow=request.allow, why=request.why, files=files
    )
    state.found += [_where_it_is_a_draft(finding, state) for finding in found]
    if request.locked and not has_errors(found):
        state.found += [
            LK050.at(Place(LOCK_FILE), change=change)
            for change in promise_changes(state.lock, lock)
        ]
    return lock


def _where_it_is_a_draft(finding: Finding, state: Build) -> Finding:
    """An episode that is gone although its file is there is gone by what the file says."""
    if finding.code is not LK018:
        return finding
    series, _, slug = str(finding.params["episode"]).partition("/")
    if series not in state.series or slug not in state.series[series].loaded.folder.episodes:
        return finding
    return replace(finding, place=Place(f"episodes/{series}/{slug}.md", ("status",)))
