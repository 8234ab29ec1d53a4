"""What a build gathers, series by series: findings, promises, feeds, sources to publish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import partial

from .assemble import assemble
from .check.policy import judge
from .check.rule import written
from .declare import dataclass
from .earlier import Context, Earlier, Made
from .embedding import Embedding, is_copy_here
from .entry import Entry, findings_of, newest_change, packed
from .finding import N_, Code, Finding, Place, Severity, has_errors, in_order
from .folders import Folder
from .idle import clock_of, zone_file
from .judging import judge_series
from .load import (
    LoadedSeries,
    load_series,
)
from .lock import (
    Lock,
    Promise,
    episode_of,
    home_of,
)
from .model import Copied, Identity, Series
from .output import Output, Staged
from .placing import located
from .prepare import Lot, Prepared, Task, lots, series_sources
from .read.catalog import Catalog
from .read.objects import IgnoreKeys
from .recordings import ME052, Recordings
from .render.identity import FEED_NAMES, atom_id
from .request import Report, Request

SE040 = Code(
    "SE040",
    Severity.WARNING,
    message=N_("no episode of this series is due yet: it gets no feed"),
    why=N_("a feed without episodes is refused by directories"),
    mend=N_("nothing to do if the first date lies ahead; else check dates and  status: draft"),
    spec=("APPLE-40",),
)
SE032 = Code(
    "SE032",
    Severity.WARNING,
    message=N_('the series is complete, but "{episode}" is still to come'),
    why=N_("apps stop looking for new episodes of a complete series: nobody would get it"),
    mend=N_("write  complete: false  until it is published, or make the episode a draft"),
    spec=("APPLE-20", "PSP-12"),
)


EP067 = Code(
    "EP067",
    Severity.WARNING,
    message=N_("the correction is dated {date}, which is still to come"),
    why=N_("a feed is as new as its newest item: until then, apps see no later correction as new"),
    mend=N_("write the day of the correction at  updated: , or delete the line"),
    spec=("PROF-09",),
)

NEWEST = 100
"""Items of the catalog's own feed."""


@dataclass(slots=True)
class SeriesBuild:
    """One series while its episodes are prepared, and after."""

    loaded: LoadedSeries
    context: Context
    entries: dict[str, Entry]
    waiting: int  #: episodes that are not prepared yet
    whole: bool  #: nothing of it changed since the last build
    before: tuple[Entry, ...]  #: as the last build made them
    findings: list[Finding] = field(default_factory=list)
    # from here on: when it is complete
    count: int = 0  #: of due episodes
    updated: datetime | None = None  #: of its feed
    latest: datetime | None = None  #: the date of its newest due episode
    corrected: tuple[datetime, ...] = ()  #: the last correction of its due ones, the next to come
    identities: tuple[Identity, ...] = ()  #: of all its episodes
    foreign: frozenset[str] = frozenset()  #: files outside its own folders that its entries read
    packed: bytes = b""  #: its entries, to be kept for the next build

    @property
    def slug(self) -> str:
        return self.loaded.folder.slug


@dataclass(slots=True)
class Build:
    """The state of one build while it goes through the series."""

    request: Request
    task: Task
    output: Output
    found: list[Finding]
    earlier: Earlier
    series: dict[str, SeriesBuild] = field(default_factory=dict)
    known: list[bytes] = field(default_factory=list)  #: of the files below media/, packed
    ignored: dict[str, tuple[IgnoreKeys, ...]] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)  #: sources that what is due names
    absent: dict[str, int] = field(default_factory=dict)  #: recordings not here; bytes
    copies: dict[str, Copied] = field(default_factory=dict)  #: published instead, by source
    bare: dict[str, int] = field(default_factory=dict)  #: bytes of those that were copied
    plain: set[str] = field(default_factory=set)  #: sources that are published as they are
    faulty: bool = False  #: an error was found
    newest: list[tuple[str, Entry]] = field(default_factory=list)  #: due ones, with their series
    alone: bool = False  #: only what changed is built, and the whole catalog is not asked

    @property
    def lock(self) -> Lock:
        return self.task.lock

    @property
    def linked(self) -> frozenset[str]:
        """The files below media/ that were themselves linked into the output."""
        copies = {f"media/{source}" for source in self.copies}
        return frozenset(self.output.linked) - copies


def embedding_of(request: Request, catalog: Catalog, output: Output) -> Embedding:
    """How this build publishes recordings."""
    return Embedding(
        root=request.root,
        on=catalog.keys.embed,
        now=request.now,
        output=request.output,
        room=output.room if request.dry_run else None,
    )


def begin(state: Build, folder: Folder, recordings: Recordings) -> Iterator[Lot]:
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
    clock = clock_of(zone_file(str(task.catalog.zone)))
    words = (state.request.base_url or "", loaded.series.guid, str(clock))
    context = Context(tuple(reads), words)
    before, kept = state.earlier.entries(
        folder.slug, context, state.output.folder, lists_of(folder.slug), task.lock.episodes,
        lambda entry: task.is_due(entry.draft, datetime.fromisoformat(entry.date)),
        partial(_atom_id, task, loaded.series),
    )  # fmt: skip
    entries = {
        slug: kept[slug]
        for slug in folder.episodes
        if slug in kept and is_copy_here(task.root, kept[slug])
    }
    stems = [slug for slug in folder.episodes if slug not in entries]
    whole = not stems and len(before) == len(entries)
    state.series[folder.slug] = SeriesBuild(
        loaded, context, entries, len(stems), whole, before, found
    )
    state.ignored[loaded.series.file] = loaded.ignored
    for entry in entries.values():
        state.output.retain(f"{folder.slug}/{entry.slug}/{name}" for name in entry.files)
    yield from lots(loaded, stems)


def _atom_id(task: Task, series: Series, entry: Entry) -> str:
    """Which id it has to have in Atom, by the lock as it is now."""
    home = home_of(task.lock, entry.guid, series.slug, task.now)
    return atom_id(entry.guid, home or series.guid)


def take_in(state: Build, made: Prepared) -> None:
    """Some episodes that are prepared; the last of a series completes it."""
    series = state.series[made.slug]
    for staged in made.staged:
        state.output.accept(staged)
    series.entries |= {entry.slug: entry for entry in made.entries}
    series.findings += made.findings
    state.known.append(made.known)
    series.waiting -= made.count
    if not series.waiting:
        complete(state, series)


def complete(state: Build, series: SeriesBuild) -> None:
    """All episodes of a series are here: its feeds, and what the whole catalog needs of it."""
    feeds = _put_together(state, series)
    slug, entries = series.slug, series.entries.values()
    own = (f"episodes/{slug}/", f"media/{slug}/")
    series.foreign = frozenset(
        path for entry in entries for path in entry.reads if not path.startswith(own)
    )
    if entries and not series.whole:
        series.packed = packed(entries)
    if not state.alone:
        series.identities = tuple(
            entry.identity(slug, state.promises.get(entry.guid)) for entry in entries
        )
        series.entries, series.before = {}, ()
    for feed in feeds:
        state.output.accept(feed, feed=True)


def made_of(series: SeriesBuild) -> Made:
    """What the next build is told of a series."""
    named = tuple(sorted(series_sources(series.loaded.series)))
    return Made(
        series.slug, series.context, lists_of(series.slug), series.foreign, series.packed, named
    )


def _put_together(state: Build, series: SeriesBuild) -> tuple[Staged, ...]:
    """Gives its new feeds."""
    slug, loaded = series.slug, series.loaded
    entries = [series.entries[stem] for stem in loaded.folder.episodes if stem in series.entries]
    for entry in entries:
        if entry.findings:
            series.findings += findings_of(entry.findings)
        _note_files(state, entry)
        file = f"episodes/{slug}/{entry.slug}.md"
        if entry.ignored:
            state.ignored[file] = tuple(
                IgnoreKeys(code=code, why=why) for code, why in entry.ignored
            )
        if entry.promise and not state.alone:
            promise = _shared(episode_of(entry.promise, file), state.lock)
            state.promises[promise.guid] = promise
    due = [entry for entry in entries if entry.due]
    series.findings += _what_comes(loaded, entries)
    measured = frozenset(entry.slug for entry in entries if entry.measured)
    _keep_promises_of_unreadable(state, loaded.folder, measured, series.findings)
    _keep_promises_of_moved(state, slug, entries)
    profiles = state.task.profiles
    state.faulty |= has_errors(finding.under(profiles) for finding in series.findings)
    if not due:
        return ()
    series.findings += _ahead(series, due, state.request.now)
    series.updated = newest_change(due)
    newest = min(due, key=lambda entry: entry.order or ())
    series.latest = datetime.fromisoformat(newest.date)
    state.published |= series_sources(loaded.series)
    before = {entry.slug: entry for entry in series.before} if state.alone else {}
    for entry in due:
        if before.get(entry.slug) is not entry:
            state.published.update(entry.published)
    if state.task.catalog.keys.pages:
        state.output.retain([f"{slug}/index.html"])
    feeds: tuple[Staged, ...] = ()
    if series.whole:
        state.output.retain(feeds_of(slug))
        due.sort(key=lambda entry: entry.order or ())
    elif not state.faulty and not state.request.check:
        site = state.task.catalog.site
        made = assemble(loaded.series, entries, site, state.output)
        feeds = made.feeds
        series.entries = {entry.slug: entry for entry in made.entries}
        due = list(made.entries[: len(due)])
        if state.task.catalog.keys.pages:
            from .render.pages import series_page

            rows = (entry.row for entry in due)
            page = series_page(loaded.series, rows, state.task.catalog.site)
            state.output.offer(f"{slug}/index.html", page)
    series.count = len(due)
    state.newest += [(slug, entry) for entry in due[:NEWEST]]
    state.newest = sorted(state.newest, key=lambda one: one[1].order or ())[:NEWEST]
    return feeds


def _note_files(state: Build, entry: Entry) -> None:
    """What is known of the files that an episode names."""
    state.absent.update(entry.absent)
    if entry.promise and entry.copied:
        state.copies[entry.media] = entry.copied
        state.bare[entry.media] = entry.promise["bare"]
    if state.task.catalog.keys.embed:
        state.plain.update(
            one for one in entry.published if not (entry.copied and one == entry.media)
        )


def _shared(promise: Promise, lock: Lock) -> Promise:
    """The same promise; where the lock has it too, its values are there only once."""
    held = lock.episodes.get(promise.guid)
    if held == promise and held.date.tzinfo == promise.date.tzinfo:
        return replace(held, file=promise.file)
    return promise


def _what_comes(loaded: LoadedSeries, entries: Sequence[Entry]) -> Iterator[Finding]:
    """What is to be said of the episodes that are not due yet."""
    unread = loaded.folder.episodes and not entries
    if not unread and all(entry.measured and not entry.due for entry in entries):
        yield SE040.at(Place(loaded.series.file))
    if loaded.series.complete:
        place = written(loaded.series, "complete")
        for entry in entries:
            if entry.measured and not entry.due and not entry.draft:
                yield SE032.at(place, episode=entry.slug)


def _ahead(series: SeriesBuild, due: Sequence[Entry], now: datetime) -> Iterator[Finding]:
    """What is to be said of corrections that are dated in the future."""
    changes = [(datetime.fromisoformat(one.changed), one) for one in due if one.changed != one.date]
    last = max((date for date, _ in changes if date <= now), default=None)
    following = min((date for date, _ in changes if date > now), default=None)
    series.corrected = tuple(date for date in (last, following) if date)
    for date, entry in changes:
        if date > now:
            place = Place(f"episodes/{series.slug}/{entry.slug}.md", ("updated",))
            yield EP067.at(place, date=f"{date:%Y-%m-%d %H:%M}")


def _keep_promises_of_unreadable(
    state: Build, folder: Folder, measured: frozenset[str], findings: list[Finding] | None
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


def _keep_promises_of_moved(state: Build, series: str, entries: Sequence[Entry]) -> None:
    """An episode with a fault whose guid was published under another name is not gone, either.

    A series whose folder was renamed has lost its recordings until media/ is renamed too.
    """
    for entry in entries:
        old = state.lock.episodes.get(entry.guid)
        if old is None or old.gone or entry.measured or entry.draft or entry.guid in state.promises:
            continue
        file = f"episodes/{series}/{entry.slug}.md"
        state.promises[old.guid] = replace(old, series=series, slug=entry.slug, file=file)


def profiles_of(request: Request, catalog: Catalog) -> tuple[str, ...]:
    """What findings are weighed by."""
    return tuple(catalog.keys.profiles) if request.profiles is None else request.profiles


def report_of(
    request: Request,
    found: list[Finding],
    profiles: Sequence[str],
    ignored: dict[str, tuple[IgnoreKeys, ...]],
) -> Report:
    away = any(one.code is ME052 for one in found)
    judged = judge(found, profiles, ignored, away=away)
    return Report(findings=tuple(in_order(located(request.root, judged))))


def feeds_of(slug: str) -> tuple[str, ...]:
    return tuple(f"{slug}/{name}" for name in FEED_NAMES.values())


def lists_of(slug: str) -> tuple[str, ...]:
    """What is made of all episodes of a series."""
    return (*feeds_of(slug), f"{slug}/index.html")
