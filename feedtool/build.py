"""Check a catalog and build what it publishes: feeds, chapters, transcripts, media.

One series at a time: loaded, checked, rendered into the staging folder, forgotten. Only when
everything is right, the lock is written and the output moved in.
"""

from __future__ import annotations

import contextlib
import os
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

# the modules with rules add themselves to the lists of rule.py
from .check import episode as _episode_rules  # noqa: F401
from .check import identity as _identity_rules  # noqa: F401
from .check import series as _series_rules  # noqa: F401
from .check.policy import judge
from .check.rule import CATALOG_RULES, ITEM_RULES, SERIES_RULES, Heard
from .finding import N_, Code, Finding, Place, Severity, has_errors, in_order
from .formats import is_media_name
from .load import (
    LOCK_FILE,
    Folder,
    LoadedSeries,
    find_folders,
    load_catalog,
    load_series,
    located,
    look_over,
)
from .lock import (
    NO_LOCK,
    Lock,
    Promise,
    Rendition,
    promise_changes,
    read_lock,
    reconcile,
    write_lock,
)
from .model import Episode, Feed, Item, Series, Site, Words
from .output import Output, Written
from .read.resolve import Catalog, podcast_guid
from .read.text import read_text
from .read.written import IgnoreKeys
from .readback import Said, check_feed
from .recordings import ME052, Recordings
from .render.atom import render_atom
from .render.chapters import render_chapters
from .render.identity import FEED_NAMES, atom_id, enclosure_url
from .render.jsonfeed import render_json
from .render.opml import render_opml
from .render.rss import render_rss
from .render.transcripts import render_transcript

SE040 = Code(
    "SE040",
    Severity.WARNING,
    message=N_("no episode of this series is due yet: it gets no feed"),
    why=N_("a feed without episodes is refused by directories"),
    mend=N_("nothing to do if the first date lies ahead; else check dates and  status: draft"),
    spec=("APPLE-40",),
)
LK050 = Code(
    "LK050",
    Severity.ERROR,
    message=N_("feedtool.lock would have to change: {change}"),
    why=N_("--locked was given, so that only what somebody saw is published"),
    mend=N_("run  feedtool build  without --locked, and commit feedtool.lock"),
)

NEWEST = 100
"""Items of the catalog's own feed."""

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
    due_since: datetime | None = None  #: the newest date that is due
    due_next: datetime | None = None  #: the next date that will be


@dataclass(slots=True)
class _Build:
    """The state of one build while it goes through the series."""

    request: Request
    catalog: Catalog
    lock: Lock
    recordings: Recordings
    output: Output
    found: list[Finding]
    ignored: dict[str, tuple[IgnoreKeys, ...]] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    promises: dict[str, Promise] = field(default_factory=dict)
    built: list[Built] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)  #: with the newest items only
    dates: list[datetime] = field(default_factory=list)
    published: set[str] = field(default_factory=set)  #: sources that what is due names

    def is_due(self, episode: Episode) -> bool:
        """Does the episode belong into this output?"""
        return self.request.drafts or (not episode.draft and episode.date <= self.request.now)


def build(request: Request, recordings: Recordings, progress: Progress) -> Report:
    """Build the catalog; findings with errors leave output and lock as they were."""
    found: list[Finding] = []
    catalog = load_catalog(request.root, found, request.base_url)
    if catalog is not None and request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=catalog.zone))
    folders = find_folders(request.root, found)
    if request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=UTC))
    lock = _read_lock(request, found)
    if catalog is None or lock is None:
        for loaded in look_over(request.root, folders, lock, recordings, found):
            found += _judgements(loaded)
        return _report(request, found, (), {})
    output = Output(request.output, dry_run=request.dry_run)
    try:
        return _build(_Build(request, catalog, lock, recordings, output, found), folders, progress)
    finally:
        output.discard()


def _build(state: _Build, folders: Sequence[Folder], progress: Progress) -> Report:
    total = sum(len(folder.episodes) for folder in folders)
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    own = state.catalog.series
    if own.image:
        state.recordings.picture(own.image, Place(own.file, ("image",)), state.found)
        state.published.add(own.image)
    if has_errors(state.found):  # a folder or a file that must not be read is not gone, either
        read = {(folder.slug, slug) for folder in folders for slug in folder.episodes}
        state.promises |= {
            guid: promise
            for guid, promise in state.lock.episodes.items()
            if (promise.series, promise.slug) not in read and not promise.gone
        }
    for folder in folders:
        loaded = load_series(
            state.request.root, folder, state.catalog, state.lock, state.recordings, state.found,
            tick,
        )  # fmt: skip
        _keep_promises_of_unreadable(state, folder, loaded)
        if loaded is not None:
            _take_in(state, loaded)
    for rule in CATALOG_RULES:
        state.found += rule(state.series, state.episodes)
    if state.recordings.absent:
        state.found.append(ME052.at(Place("media"), count=len(state.recordings.absent)))
    lock = _reconciled(state)
    state.ignored["feedtool.yaml"] = state.catalog.keys.ignore
    findings = _judged(state)
    if has_errors(findings):
        return Report(findings=findings, language=state.catalog.series.language)
    _render_catalog(state)
    _offer_media(state, lock)
    text = write_lock(lock)
    if not (state.request.dry_run or state.request.keeps_lock):
        _write_lock(state.request.root / LOCK_FILE, text)
    written = state.output.publish()
    now = state.request.now
    # an episode that was announced for another day binds from then on, wherever it is now
    dates = [*state.dates, *(promise.date for promise in state.lock.episodes.values())]
    return Report(
        findings=findings,
        series=tuple(state.built),
        written=written,
        language=state.catalog.series.language,
        zone=str(state.catalog.zone),
        due_since=max((date for date in dates if date <= now), default=None),
        due_next=min((date for date in dates if date > now), default=None),
    )


def _report(
    request: Request,
    found: list[Finding],
    profiles: Sequence[str],
    ignored: dict[str, tuple[IgnoreKeys, ...]],
) -> Report:
    judged = judge(found, profiles, ignored)
    return Report(findings=tuple(in_order(located(request.root, judged))))


def _judged(state: _Build) -> tuple[Finding, ...]:
    profiles = state.catalog.keys.profiles
    return _report(state.request, state.found, profiles, state.ignored).findings


def _take_in(state: _Build, loaded: LoadedSeries) -> None:
    """Check one series and render its feeds; keep of it what the whole catalog needs."""
    series = loaded.series
    state.series.append(series)
    state.episodes += [_without_texts(episode) for episode in loaded.episodes]
    state.episodes += [_without_texts(one.episode) for one in loaded.doubtful]
    state.ignored |= loaded.ignored
    state.found += _judgements(loaded)
    for item in loaded.items:
        if not item.episode.draft:
            state.promises[item.episode.guid] = _promise(item)
            state.dates.append(item.episode.date)
    due = sorted((item for item in loaded.items if state.is_due(item.episode)), key=_newest_first)
    if not due:
        if loaded.episodes and len(loaded.items) == len(loaded.episodes) and not loaded.doubtful:
            state.found.append(SE040.at(Place(series.file)))
        return
    state.published |= _sources(series, due)
    feed = Feed(series, tuple(due))
    state.feeds.append(Feed(series, feed.items[:NEWEST]))
    feeds = tuple(f"{series.slug}/{name}" for name in FEED_NAMES.values())
    state.built.append(Built(series.slug, len(due), feeds))
    if not has_errors(finding.under(state.catalog.keys.profiles) for finding in state.found):
        _render_feed(state, feed)
        _render_side_files(state, feed, loaded.words)


def _judgements(loaded: LoadedSeries) -> Iterator[Finding]:
    """What the rules say of one series. What is missing in a file with errors may be in them."""
    for series_rule in SERIES_RULES:
        for finding in series_rule(loaded.series):
            if loaded.sound or finding.place.keys:
                yield finding
    for item in loaded.items:
        heard = Heard(item, loaded.series, loaded.words)
        for item_rule in ITEM_RULES:
            yield from item_rule(heard)
    for one in loaded.doubtful:
        if one.item is not None:
            heard = Heard(one.item, loaded.series, loaded.words)
            for item_rule in ITEM_RULES:
                for finding in item_rule(heard):
                    if finding.place.keys:
                        yield one.faulty.as_written(finding)


def _without_texts(episode: Episode) -> Episode:
    """What rules over all episodes look at; ten thousand notes would fill the memory."""
    return replace(episode, notes="", short_notes="", chapters=(), transcripts=())


def _newest_first(item: Item) -> tuple[float, int, float, str, str]:
    """Date, season and episode descending, then slug."""
    episode = item.episode
    return (
        -episode.date.timestamp(),
        -(episode.season.number if episode.season else 0),
        -float(episode.number.value if episode.number else 0),
        episode.slug,
        episode.series,
    )


def _promise(item: Item) -> Promise:
    episode, enclosure = item.episode, item.enclosure
    return Promise(
        guid=episode.guid,
        series=episode.series,
        slug=episode.slug,
        date=episode.date,
        media=enclosure.source,
        bytes=enclosure.length,
        duration=enclosure.duration,
        type=enclosure.type,
        alternates=tuple(
            Rendition(
                media=alternate.sources[0],
                bytes=alternate.length,
                type=alternate.type,
                sha256=b64decode(alternate.integrity.partition("-")[2]).hex()
                if alternate.integrity
                else None,
                duration=alternate.duration,
                height=alternate.height,
            )
            for alternate in item.alternates
            if alternate.length is not None
        ),
        file=episode.file,
    )


def _keep_promises_of_unreadable(
    state: _Build, folder: Folder, loaded: LoadedSeries | None
) -> None:
    """An episode whose file has a fault is not gone: that finding would only confuse."""
    missing = set(folder.episodes)
    if loaded is not None:
        missing -= {item.episode.slug for item in loaded.items}
    if loaded is not None and missing:  # without a fault: drafts, which may be gone
        faulty = {one.place.file for one in state.found if one.severity is Severity.ERROR}
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
    request, catalog = state.request, state.catalog
    wanted = Lock(
        base_url=catalog.home.base_url,
        media_base_url=catalog.home.media_base_url,
        guid=_catalog_guid(state),
        series={series.slug: series.guid for series in state.series},
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


def _catalog_guid(state: _Build) -> str:
    stated = state.catalog.keys.guid or state.lock.guid
    return stated or podcast_guid(state.catalog.home.base_url + FEED_NAMES["rss"])


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


def _render_feed(state: _Build, feed: Feed) -> None:
    """The three formats of a feed, each read back before it is offered."""
    site, slug = state.catalog.site, feed.series.slug
    renderers = {"rss": render_rss, "atom": render_atom, "json": render_json}
    for format, render in renderers.items():
        path = f"{slug}/{FEED_NAMES[format]}" if slug else FEED_NAMES[format]
        data = render(feed, site)
        check_feed(path, data, [_said(item, feed, site, format) for item in feed.items])
        state.output.offer(path, data, feed=True)


def _said(item: Item, feed: Feed, site: Site, format: str) -> Said:
    episode, enclosure = item.episode, item.enclosure
    origin = feed.sources.get(episode.series, feed.series)
    prefix = site.media_prefix if format == "rss" else ""
    return Said(
        atom_id(episode.guid, origin.guid) if format == "atom" else episode.guid,
        episode.title,
        episode.date,
        prefix + enclosure_url(site, item),
        enclosure.length,
        enclosure.type,
    )


def _render_side_files(state: _Build, feed: Feed, words: Mapping[str, Words]) -> None:
    for item in feed.items:
        episode = item.episode
        folder = f"{episode.series}/{episode.slug}/"
        if episode.chapters:
            chapters = render_chapters(episode, state.catalog.site)
            state.output.offer(folder + "chapters.json", chapters)
        for side in item.side_files:
            format = side.name.rpartition(".")[2]
            state.output.offer(folder + side.name, render_transcript(words[side.source], format))


def _render_catalog(state: _Build) -> None:
    """The catalog's own feed, of its newest items, and the list of all feeds."""
    if not state.feeds:
        return
    newest = sorted((item for feed in state.feeds for item in feed.items), key=_newest_first)
    series = replace(state.catalog.series, guid=_catalog_guid(state))
    sources = {feed.series.slug: feed.series for feed in state.feeds}
    _render_feed(state, Feed(series, tuple(newest[:NEWEST]), sources))
    updated = max(feed.updated for feed in state.feeds)
    subscribed = [feed.series for feed in state.feeds]
    opml = render_opml(series, subscribed, updated, state.catalog.site)
    state.output.offer("feeds.opml", opml, feed=True)


def _offer_media(state: _Build, lock: Lock) -> None:
    """Recordings, artwork and the like, unless they are published elsewhere."""
    if state.catalog.keys.media_base_url:
        return
    for source in sorted(state.published):
        if path := state.recordings.named.get(source):
            state.output.offer_copy(f"media/{source}", path, link=state.request.link)
        elif source in state.recordings.absent:
            state.output.keep(f"media/{source}", state.recordings.absent[source])
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


def _sources(series: Series, items: Iterable[Item]) -> set[str]:
    """Every source that a feed's items and its channel name."""
    people = [credit.person for credit in series.people]
    named = {series.image}
    for item in items:
        people += [credit.person for credit in item.episode.people]
        named |= {item.enclosure.source, item.episode.image}
        named |= {alternate.sources[0] for alternate in item.alternates}
        named |= {chapter.image for chapter in item.episode.chapters}
    named |= {person.image for person in people}
    return {source for source in named if source is not None}
