"""Check a catalog and build what it publishes: feeds, chapters, transcripts, media.

One series at a time: loaded, checked, rendered into the staging folder, forgotten. Only when
everything is right, the lock is written and the output moved in.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from .assemble import assemble
from .check.policy import judge
from .check.rule import CATALOG_RULES
from .earlier import Context, Earlier, Last, Made, Memory, Sources
from .entry import Entry, findings_of, newest_change, plain_finding
from .finding import N_, Code, Finding, Place, Severity, has_errors, in_order
from .folders import Folder, find_folders
from .formats import is_media_name, is_remote
from .load import (
    LOCK_FILE,
    LoadedSeries,
    load_catalog,
    load_episode,
    load_series,
    located,
    look_over,
)
from .lock import (
    NO_LOCK,
    Lock,
    Promise,
    episode_of,
    promise_changes,
    read_lock,
    reconcile,
    write_lock,
)
from .media_files import Known
from .model import Feed, Series, Site
from .output import Output, Written
from .prepare import Lot, Prepared, Task, judge_episode, judge_series, lots, series_sources
from .read.resolve import podcast_guid
from .read.text import read_text
from .read.written import IgnoreKeys
from .readback import Said, check_feed
from .recordings import ME052, Recordings
from .render.fragments import cut_feed
from .render.identity import FEED_NAMES, atom_id, enclosure_url
from .render.opml import render_opml
from .workers import OpenRecordings, prepare_all

SE040 = Code(
    "SE040",
    Severity.WARNING,
    message=N_("no episode of this series is due yet: it gets no feed"),
    why=N_("a feed without episodes is refused by directories"),
    mend=N_("nothing to do if the first date lies ahead; else check dates and  status: draft"),
    spec=("APPLE-40",),
)
NEWEST = 100
"""Items of the catalog's own feed."""
ROWS = 10
"""Of them, those on the catalog's page."""

LK050 = Code(
    "LK050",
    Severity.ERROR,
    message=N_("feedtool.lock would have to change: {change}"),
    why=N_("--locked was given, so that only what somebody saw is published"),
    mend=N_("run  feedtool build  without --locked, and commit feedtool.lock"),
)

LOCK_LIMIT = 256 * 1024 * 1024
"""Bytes of feedtool.lock that are read: some 800,000 episodes."""

Progress = Callable[[int, int], None]
"""Told how many of how many episodes are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a build is asked for.

    `now` decides what is due and is written nowhere; without an offset it is in the catalog's zone.
    """

    root: Path
    output: Path
    now: datetime
    base_url: str | None = None
    drafts: bool = False
    locked: bool = False
    allow: frozenset[tuple[str, str]] = frozenset()
    why: str = ""
    dry_run: bool = False
    keeps_lock: bool = False  #: never write the lock (another output or address)
    link: bool = True  #: may media be hard links


@dataclass(frozen=True, slots=True)
class Built:
    """One series as built."""

    slug: str
    episodes: int
    feeds: tuple[str, ...]  #: relative to the output folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build found and did. `written` is None when errors stopped it."""

    findings: tuple[Finding, ...]
    series: tuple[Built, ...] = ()
    written: Written | None = None
    language: str = ""  #: of the catalog
    zone: str = "UTC"  #: of the catalog
    known: Known = field(default_factory=Known)  #: of the files below media/
    due_since: datetime | None = None  #: the newest date that is due
    due_next: datetime | None = None  #: the next date that will be
    made: tuple[Made, ...] = ()  #: to be kept for the next build
    linked: frozenset[Path] = frozenset()  #: sources that were linked into the output
    memory: Memory | None = None  #: for the next build


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What the catalog's own feed and page are made of: the series that have due episodes."""

    series: dict[str, Series]  #: by slug
    updated: dict[str, datetime]  #: when the feed of each changed
    due: dict[str, int]  #: episodes of each
    newest: list[tuple[str, str]]  #: series and slug, newest first
    rows: list[str]  #: of the first of them


@dataclass(slots=True)
class _Series:
    """One series while its episodes are prepared, and after."""

    loaded: LoadedSeries
    context: Context
    entries: dict[str, Entry]
    waiting: int  #: episodes that are not prepared yet
    whole: bool  #: nothing of it changed since the last build
    before: tuple[Entry, ...]  #: as the last build made them
    findings: list[Finding] = field(default_factory=list)
    due: tuple[Entry, ...] = ()  #: in the order of the feed, when it is complete
    updated: datetime | None = None  #: of its feed

    @property
    def slug(self) -> str:
        return self.loaded.folder.slug


@dataclass(slots=True)
class _Build:
    """The state of one build while it goes through the series."""

    request: Request
    task: Task
    output: Output
    found: list[Finding]
    earlier: Earlier
    series: dict[str, _Series] = field(default_factory=dict)
    known: Known = field(default_factory=Known)  #: what was learnt of files below media/
    ignored: dict[str, tuple[IgnoreKeys, ...]] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)  #: sources that what is due names
    absent: dict[str, int] = field(default_factory=dict)  #: recordings not here; bytes
    faulty: bool = False  #: an error was found

    @property
    def lock(self) -> Lock:
        return self.task.lock


def build(
    request: Request, open_recordings: OpenRecordings, earlier: Earlier, progress: Progress
) -> Report:
    """Build the catalog; findings with errors leave output and lock as they were.

    `open_recordings` gives a way to the files below media/ to whoever looks at them, and closes it.
    """
    found: list[Finding] = []
    catalog = load_catalog(request.root, found, request.base_url)
    if catalog is not None and request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=catalog.zone))
    folders = find_folders(request.root, found)
    if request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=UTC))
    lock = _read_lock(request, found)
    if catalog is None or lock is None:
        with open_recordings() as recordings:
            for loaded, episodes in look_over(request.root, folders, lock, recordings, found):
                found += judge_series(loaded)
                for episode in episodes:
                    found += judge_episode(episode, loaded.series)
        return _report(request, found, (), {})
    task = Task(
        root=request.root, catalog=catalog, lock=lock, now=request.now, drafts=request.drafts
    )
    output = Output(request.output, dry_run=request.dry_run)
    try:
        state = _Build(request, task, output, found, earlier)
        with open_recordings() as recordings:
            _take_in_catalog(state, recordings, folders)
            work = [lot for folder in folders for lot in _begin(state, folder, recordings)]
            state.known.add(recordings.files.known)
        for slug in [slug for slug, series in state.series.items() if not series.waiting]:
            _complete(state, state.series[slug])
        for made in prepare_all(task, work, output, open_recordings, progress):
            _take_in(state, made)
        with open_recordings() as recordings:
            return _publish(state, recordings)
    finally:
        output.discard()


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
    catalog = load_catalog(request.root, found, request.base_url)
    folders = find_folders(request.root, found, last.touched)
    lock = _lock_of(request, last.touched)
    if catalog is None or lock is None or {one.slug for one in folders} != last.touched:
        return None
    if request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=catalog.zone))
    task = Task(
        root=request.root, catalog=catalog, lock=lock, now=request.now, drafts=request.drafts
    )
    output = Output(request.output, dry_run=request.dry_run)
    try:
        state = _Build(request, task, output, found, earlier)
        with open_recordings() as recordings:
            work = [lot for folder in folders for lot in _begin(state, folder, recordings)]
            state.known.add(recordings.files.known)
        for series in [one for one in state.series.values() if not one.waiting]:
            _complete(state, series)
        for made in prepare_all(task, work, output, open_recordings, progress):
            _take_in(state, made)
        if state.faulty or not all(_stays_alone(one, last) for one in state.series.values()):
            return None
        return _publish_touched(state, last, _render_newest(state, last, open_recordings))
    finally:
        output.discard()


def _stays_alone(series: _Series, last: Last) -> bool:
    """Does nothing outside the series speak of what changed in it?"""
    before = {entry.slug: entry for entry in series.before}
    if before.keys() != series.entries.keys() or not series.due or not series.updated:
        return False
    if last.memory.updated.get(series.slug) != series.updated.isoformat():
        return False
    return all(entry.facts == before[slug].facts for slug, entry in series.entries.items())


def _render_newest(state: _Build, last: Last, open_recordings: OpenRecordings) -> Memory:
    """What is published of the whole catalog, if one of its newest items changed."""
    memory, names = last.memory, set(last.memory.newest)
    changed = {
        (series.slug, entry.slug)
        for series in state.series.values()
        for before in series.before
        if (entry := series.entries[before.slug])
        and (entry.digest, entry.row) != (before.digest, before.row)
    }
    if changed.isdisjoint(names):
        return memory
    found: list[Finding] = []
    lock = _read_lock(state.request, found)
    assert lock is not None
    task = replace(state.task, lock=lock)
    folders = [Folder(slug, ()) for slug, _, _ in last.series]
    with open_recordings() as recordings:
        series = {
            folder.slug: loaded.series
            for folder in folders
            if (loaded := load_series(
                task.root, folder, task.catalog, lock, recordings, found
            ))
        }  # fmt: skip
        rows = [
            state.series[slug].entries[stem].row if slug in state.series else row
            for (slug, stem), row in zip(memory.newest, memory.rows, strict=False)
        ]
        whole = Whole(
            series=series,
            updated={slug: datetime.fromisoformat(date) for slug, date in memory.updated.items()},
            due={slug: count for slug, count, _ in last.series},
            newest=memory.newest,
            rows=rows,
        )
        _render_catalog(state.request, task, whole, recordings, state.output)
    return replace(memory, rows=rows)


def _publish_touched(state: _Build, last: Last, memory: Memory) -> Report:
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
    report = _report(request, every_finding, catalog.keys.profiles, ignored)
    _offer_media(state, state.task.lock)
    before = sum(len(entry.files) for series in state.series.values() for entry in series.before)
    after = sum(
        len(entry.files) for series in state.series.values() for entry in series.entries.values()
    )
    written = state.output.publish(within=tuple(state.series))
    count = last.files + after - before
    return replace(
        report,
        language=catalog.series.language,
        zone=str(catalog.zone),
        known=state.known,
        series=tuple(Built(slug, count, tuple(feeds)) for slug, count, feeds in last.series),
        made=tuple(
            Made(series.slug, series.context, _lists(series.slug), tuple(series.entries.values()))
            for series in state.series.values()
            if not series.whole
        ),
        linked=frozenset(state.output.linked),
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


def _lock_of(request: Request, slugs: frozenset[str]) -> Lock | None:
    """The lock as far as it is about some series. It is ours and nobody changed it since."""
    path = request.root / LOCK_FILE
    if not path.exists():
        return NO_LOCK
    text, _ = read_text(path, LOCK_FILE, LOCK_LIMIT)
    if text is None:
        return None
    marks = [f'"series":"{slug}"' for slug in sorted(slugs)]
    lines = [
        line
        for number, line in enumerate(text.split("\n"))
        if not number or any(mark in line for mark in marks)
    ]
    lock, faults = read_lock("\n".join(lines), now=request.now, file=LOCK_FILE)
    return None if faults else lock


def _begin(state: _Build, folder: Folder, recordings: Recordings) -> Iterator[Lot]:
    """Read a series file; what has to be prepared of its episodes."""
    task, found = state.task, list[Finding]()
    recordings.files.asked.clear()
    loaded = load_series(task.root, folder, task.catalog, task.lock, recordings, found)
    if loaded is None:
        state.found += found
        _keep_promises_of_unreadable(state, folder, frozenset(), None)
        return
    found += judge_series(loaded)
    reads = ["feedtool.yaml", loaded.series.file]
    reads += sorted({f"media/{source}" for source in recordings.files.asked})
    context = Context(tuple(reads), (state.request.base_url or "", loaded.series.guid))
    before, kept = state.earlier.entries(
        folder.slug, context, state.output.folder, _lists(folder.slug), task.lock.episodes,
        lambda entry: task.is_due(entry.draft, datetime.fromisoformat(entry.date)),
    )  # fmt: skip
    entries = {slug: kept[slug] for slug in folder.episodes if slug in kept}
    stems = [slug for slug in folder.episodes if slug not in entries]
    whole = not stems and len(before) == len(entries)
    state.series[folder.slug] = _Series(loaded, context, entries, len(stems), whole, before, found)
    state.ignored[loaded.series.file] = loaded.ignored
    for entry in entries.values():
        state.output.retain(f"{folder.slug}/{entry.slug}/{name}" for name in entry.files)
    yield from lots(loaded, stems)


def _take_in(state: _Build, made: Prepared) -> None:
    """Some episodes that are prepared; the last of a series completes it."""
    series = state.series[made.slug]
    for staged in made.staged:
        state.output.accept(staged)
    series.entries |= {entry.slug: entry for entry in made.entries}
    series.findings += made.findings
    state.known.add(made.known)
    series.waiting -= made.count
    if not series.waiting:
        _complete(state, series)


def _complete(state: _Build, series: _Series) -> None:
    """All episodes of a series are here: its feeds, and what the whole catalog needs of it."""
    slug, loaded = series.slug, series.loaded
    entries = [series.entries[stem] for stem in loaded.folder.episodes if stem in series.entries]
    for entry in entries:
        if entry.findings:
            series.findings += findings_of(entry.findings)
        state.absent.update(entry.absent)
        file = f"episodes/{slug}/{entry.slug}.md"
        if entry.ignored:
            state.ignored[file] = tuple(
                IgnoreKeys(code=code, why=why) for code, why in entry.ignored
            )
        if entry.promise:
            promise = episode_of(entry.promise, file)
            state.promises[promise.guid] = promise
    due = [entry for entry in entries if entry.due]
    if not due and entries and all(entry.measured for entry in entries):
        series.findings.append(SE040.at(Place(loaded.series.file)))
    measured = frozenset(entry.slug for entry in entries if entry.measured)
    _keep_promises_of_unreadable(state, loaded.folder, measured, series.findings)
    profiles = state.task.catalog.keys.profiles
    state.faulty |= has_errors(finding.under(profiles) for finding in series.findings)
    if not due:
        return
    series.updated = newest_change(due)
    state.published |= series_sources(loaded.series)
    for entry in due:
        state.published.update(entry.published)
    if state.task.catalog.keys.pages:
        state.output.retain([f"{slug}/index.html"])
    if series.whole:
        state.output.retain(_feeds(slug))
        series.due = tuple(sorted(due, key=lambda entry: entry.order or ()))
    elif not state.faulty:
        made = assemble(loaded.series, entries, state.task.catalog.site, state.output)
        for feed in made.feeds:
            state.output.accept(feed, feed=True)
        series.entries = {entry.slug: entry for entry in made.entries}
        series.due = made.entries[: len(due)]
        if state.task.catalog.keys.pages:
            from .render.pages import series_page

            rows = (entry.row for entry in series.due)
            page = series_page(loaded.series, rows, state.task.catalog.site)
            state.output.offer(f"{slug}/index.html", page)


def _publish(state: _Build, recordings: Recordings) -> Report:
    """What concerns all series, then, if nothing is wrong, everything into its place."""
    catalog, now = state.task.catalog, state.request.now
    identities = [
        entry.identity(series.slug)
        for series in state.series.values()
        for entry in series.entries.values()
    ]
    identities.sort(key=lambda one: (one.series, one.slug))
    every = [series.loaded.series for series in state.series.values()]
    for rule in CATALOG_RULES:
        state.found += rule(every, identities)
    if state.absent:
        state.found.append(ME052.at(Place("media"), count=len(state.absent)))
    lock = _reconciled(state)
    state.ignored["feedtool.yaml"] = catalog.keys.ignore
    found = {slug: series.findings for slug, series in state.series.items()}
    found[""] = state.found
    every_finding = [finding for group in found.values() for finding in group]
    report = _report(state.request, every_finding, catalog.keys.profiles, state.ignored)
    report = replace(
        report, language=catalog.series.language, zone=str(catalog.zone), known=state.known
    )
    if has_errors(report.findings):
        return report
    whole = _whole(state)
    _render_catalog(state.request, state.task, whole, recordings, state.output)
    _offer_media(state, lock)
    text = write_lock(lock)
    if not (state.request.dry_run or state.request.keeps_lock):
        _write_lock(state.request.root / LOCK_FILE, text)
    written = state.output.publish()
    # an episode that was announced for another day binds from then on, wherever it is now
    dates = [promise.date for promise in (*state.promises.values(), *state.lock.episodes.values())]
    return replace(
        report,
        series=tuple(
            Built(series.slug, len(series.due), _feeds(series.slug))
            for series in state.series.values()
            if series.due
        ),
        made=tuple(
            Made(series.slug, series.context, _lists(series.slug), tuple(series.entries.values()))
            for series in state.series.values()
            if series.due and not series.whole
        ),
        linked=frozenset(state.output.linked),
        written=written,
        due_since=max((date for date in dates if date <= now), default=None),
        due_next=min((date for date in dates if date > now), default=None),
        memory=Memory(
            found={slug: list(map(plain_finding, group)) for slug, group in found.items()},
            ignored={
                file: [(one.code, one.why) for one in entries]
                for file, entries in state.ignored.items()
                if entries
            },
            newest=whole.newest,
            rows=whole.rows,
            updated={
                slug: series.updated.isoformat()
                for slug, series in state.series.items()
                if series.updated
            },
            shared=sorted(_shared(state)),
            simple=all(not one.was and one.gone is None for one in lock.episodes.values()),
        ),
    )


def _shared(state: _Build) -> set[str]:
    """The folders of media that other series read than the one they belong to."""
    return {
        group
        for slug, series in state.series.items()
        for reads in (series.context.reads, *(one.reads for one in series.entries.values()))
        for path in reads
        if path.startswith("media/") and (group := Sources.group(path)) != f"media/{slug}"
    }


def _feeds(slug: str) -> tuple[str, ...]:
    return tuple(f"{slug}/{name}" for name in FEED_NAMES.values())


def _lists(slug: str) -> tuple[str, ...]:
    """What is made of all episodes of a series."""
    return (*_feeds(slug), f"{slug}/index.html")


def _report(
    request: Request,
    found: list[Finding],
    profiles: Sequence[str],
    ignored: dict[str, tuple[IgnoreKeys, ...]],
) -> Report:
    judged = judge(found, profiles, ignored)
    return Report(findings=tuple(in_order(located(request.root, judged))))


def _take_in_catalog(state: _Build, recordings: Recordings, folders: Sequence[Folder]) -> None:
    """What feedtool.yaml says of the catalog's own feed."""
    own = state.task.catalog.series
    if own.image:
        recordings.files.picture(own.image, Place(own.file, ("image",)), state.found)
        state.published.add(own.image)
    if has_errors(state.found):  # a folder or a file that must not be read is not gone, either
        read = {(folder.slug, slug) for folder in folders for slug in folder.episodes}
        state.promises |= {
            guid: promise
            for guid, promise in state.lock.episodes.items()
            if (promise.series, promise.slug) not in read and not promise.gone
        }


def _keep_promises_of_unreadable(
    state: _Build, folder: Folder, measured: frozenset[str], findings: list[Finding] | None
) -> None:
    """An episode whose file has a fault is not gone: that finding would only confuse.

    Without findings, nothing of the series could be read.
    """
    missing = set(folder.episodes) - measured
    if findings is not None and missing:  # without a fault: drafts, which may be gone
        faulty = {one.place.file for one in findings if one.severity is Severity.ERROR}
        missing = {slug for slug in missing if f"episodes/{folder.slug}/{slug}.md" in faulty}
    if missing:
        state.promises |= {
            guid: promise
            for guid, promise in state.lock.episodes.items()
            if promise.series == folder.slug and promise.slug in missing and not promise.gone
        }


# --- the lock --------------------------------------------------------------------------------


def _read_lock(request: Request, found: list[Finding]) -> Lock | None:
    path = request.root / LOCK_FILE
    if not path.exists():
        return NO_LOCK
    text, faults = read_text(path, LOCK_FILE, LOCK_LIMIT)
    found += faults
    if text is None:
        return None
    lock, faults = read_lock(text, now=request.now, file=LOCK_FILE)
    found += faults
    return lock


def _reconciled(state: _Build) -> Lock:
    """The lock as it would be after this build; promises that would break are findings."""
    request, catalog = state.request, state.task.catalog
    wanted = Lock(
        base_url=catalog.home.base_url,
        media_base_url=catalog.home.media_base_url,
        guid=_catalog_guid(state.task),
        series={slug: one.loaded.series.guid for slug, one in state.series.items()},
        episodes=state.promises,
    )
    lock, found = reconcile(
        state.lock, wanted, now=request.now, allow=request.allow, why=request.why
    )
    state.found += found
    if request.locked and not has_errors(found):
        state.found += [
            LK050.at(Place(LOCK_FILE), change=change)
            for change in promise_changes(state.lock, lock)
        ]
    return lock


def _catalog_guid(task: Task) -> str:
    stated = task.catalog.keys.guid or task.lock.guid
    return stated or podcast_guid(task.catalog.home.base_url + FEED_NAMES["rss"])


def _write_lock(path: Path, text: str) -> None:
    """Replace the lock at once and for good: it must survive a cut of power too."""
    data = text.encode()
    staged = path.with_name(f".{path.name}.tmp")
    staged.unlink(missing_ok=True)  # of a build that was killed
    with contextlib.suppress(OSError):
        if path.read_bytes() == data:
            return
    try:
        with staged.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


# --- what is published -----------------------------------------------------------------------


def _whole(state: _Build) -> Whole:
    """The whole catalog, for what is published of all of it."""
    due = {slug: one for slug, one in state.series.items() if one.due}
    newest = sorted(
        (entry.order, slug, entry.slug)
        for slug, one in due.items()
        for entry in one.due[:NEWEST]
        if entry.order
    )[:NEWEST]
    names = [(slug, stem) for _, slug, stem in newest]
    return Whole(
        series={slug: one.loaded.series for slug, one in due.items()},
        updated={slug: one.updated for slug, one in due.items() if one.updated},
        due={slug: len(one.due) for slug, one in due.items()},
        newest=names,
        rows=[due[slug].entries[stem].row for slug, stem in names[:ROWS]],
    )


def _render_catalog(
    request: Request, task: Task, whole: Whole, recordings: Recordings, output: Output
) -> None:
    """The catalog's own feed, of its newest items, the list of all feeds, the first page."""
    catalog, series = task.catalog, whole.series
    if not series:
        return
    items = []
    for slug, stem in whole.newest:
        loaded = load_episode(task.root, stem, series[slug], catalog, task.lock, recordings, [])
        if loaded and loaded.item:
            items.append(loaded.item)
    own = replace(catalog.series, guid=_catalog_guid(task))
    feed = Feed(own, tuple(items), series, whole.updated)
    for format, name in FEED_NAMES.items():
        data = cut_feed(format, feed, catalog.site).document
        check_feed(name, data, _said(feed, catalog.site, format))
        output.offer(name, data, feed=True)
    opml = render_opml(own, series.values(), max(whole.updated.values()), catalog.site)
    output.offer("feeds.opml", opml, feed=True)
    if catalog.keys.pages:
        from .render.pages import STYLESHEET, Listed, catalog_page, stylesheet

        listed = [Listed(series[slug], whole.due[slug], whole.updated[slug]) for slug in series]
        rows = [
            (series[slug], row) for (slug, _), row in zip(whole.newest, whole.rows, strict=False)
        ]
        output.offer("index.html", catalog_page(own, listed, rows, catalog.site))
        output.offer(STYLESHEET, stylesheet())


def _said(feed: Feed, site: Site, format: str) -> Iterator[Said]:
    """What the catalog's feed should say."""
    prefix = site.media_prefix if format == "rss" else ""
    for item in feed.items:
        episode, enclosure = item.episode, item.enclosure
        guid = episode.guid
        yield Said(
            atom_id(guid, feed.sources[episode.series].guid) if format == "atom" else guid,
            episode.title,
            episode.date,
            prefix + enclosure_url(site, item),
            enclosure.length,
            enclosure.type,
        )


def _offer_media(state: _Build, lock: Lock) -> None:
    """Recordings, artwork and the like, unless they are published elsewhere."""
    if state.task.catalog.keys.media_base_url:
        return
    for source in sorted(state.published):
        if source in state.absent:
            state.output.keep(f"media/{source}", state.absent[source])
        elif not is_remote(source):
            path = state.request.root / "media" / source
            state.output.offer_copy(f"media/{source}", path, link=state.request.link)
    for source, size in sorted(_former_recordings(state, lock)):
        path = state.request.root / "media" / source
        if _is_inside(path, state.request.root, size):
            state.output.offer_copy(f"media/{source}", path, link=state.request.link)
        else:
            state.output.keep(f"media/{source}", size)


def _former_recordings(state: _Build, lock: Lock) -> set[tuple[str, int]]:
    """Recordings that were corrected since: apps that know the old address still ask for it."""
    return {
        (media, size)
        for promise in lock.episodes.values()
        if promise.binds(state.request.now) and not promise.gone
        for fact in promise.was
        if isinstance(media := fact.get("media"), str)
        and isinstance(size := fact.get("bytes"), int)
        and media not in state.published
        and is_media_name(media)
    }


def _is_inside(path: Path, root: Path, size: int) -> bool:
    """Is this a file of the catalog, with that size?"""
    try:
        real = path.resolve(strict=True)
        return real.is_relative_to(root.resolve()) and real.stat().st_size == size
    except OSError:
        return False
