"""One series, ready to be published: loaded, checked, rendered and read back.

What the whole catalog needs of it is small, and can come from another process.
"""

from __future__ import annotations

import pickle
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

# the modules with rules add themselves to the lists of rule.py
from .check import episode as _episode_rules  # noqa: F401
from .check import identity as _identity_rules  # noqa: F401
from .check import series as _series_rules  # noqa: F401
from .check.rule import ITEM_RULES, SERIES_RULES, Heard
from .finding import N_, Code, Finding, Place, Severity, has_errors
from .load import Folder, LoadedSeries, load_series
from .lock import Lock, Promise, Rendition
from .media_files import Known
from .model import Episode, Feed, Identity, Item, Series, Site, Words
from .read.resolve import Catalog
from .read.written import IgnoreKeys
from .readback import Said, check_feed
from .recordings import Recordings
from .render.atom import render_atom
from .render.chapters import render_chapters
from .render.identity import FEED_NAMES, atom_id, enclosure_url
from .render.jsonfeed import render_json
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

NEWEST = 100
"""Items of the catalog's own feed: a series need not remember more."""

Tick = Callable[[], None]

Order = tuple[float, int, float, str, str]
"""Sorts items as feeds have them: date, season and episode descending, then slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the preparation of a series goes by."""

    root: Path
    catalog: Catalog
    lock: Lock
    now: datetime  #: aware
    drafts: bool = False  #: drafts and scheduled episodes count as due

    def is_due(self, episode: Episode) -> bool:
        """Does the episode belong into this output?"""
        return self.drafts or (not episode.draft and episode.date <= self.now)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file as it will be published; the path is relative to the output folder."""

    path: str
    data: bytes
    feed: bool = False


class Candidate(NamedTuple):
    """An item that may get into the catalog's feed. Of all of them only a hundred are unpacked:
    to take each apart and make it again for another process costs as much as reading its file."""

    order: Order
    packed: bytes

    def item(self) -> Item:
        item: Item = pickle.loads(self.packed)
        return item


@dataclass(slots=True, kw_only=True)
class Prepared:
    """What is known of one series after its preparation."""

    folder: Folder
    findings: list[Finding] = field(default_factory=list)
    ignored: Mapping[str, tuple[IgnoreKeys, ...]] = field(default_factory=dict)
    series: Series | None = None  #: None = series.yaml cannot be read
    identities: tuple[Identity, ...] = ()
    measured: frozenset[str] = frozenset()  #: slugs of the episodes that could be items
    promises: tuple[Promise, ...] = ()
    due: int = 0
    newest: tuple[Candidate, ...] = ()  #: of what is due
    updated: datetime | None = None  #: of its feed
    published: frozenset[str] = frozenset()  #: sources that what is due names
    files: tuple[Rendered, ...] = ()  #: none when there are errors
    known: Known = field(default_factory=Known)


def prepare(task: Task, folder: Folder, recordings: Recordings, tick: Tick) -> Prepared:
    """Everything about one series. `tick` is called after each episode.

    Raises ReadBackError when a feed came out wrong.
    """
    made = Prepared(folder=folder, known=recordings.files.known)
    loaded = load_series(
        task.root, folder, task.catalog, task.lock, recordings, made.findings, tick
    )
    if loaded is None:
        return made
    series = made.series = loaded.series
    made.ignored = loaded.ignored
    made.identities = tuple(
        _identity(episode)
        for episode in (*loaded.episodes, *(one.episode for one in loaded.doubtful))
    )
    made.findings += judgements(loaded)
    made.measured = frozenset(item.episode.slug for item in loaded.items)
    made.promises = tuple(_promise(item) for item in loaded.items if not item.episode.draft)
    items = [item for item in loaded.items if task.is_due(item.episode)]
    if not items:
        if loaded.episodes and len(loaded.items) == len(loaded.episodes) and not loaded.doubtful:
            made.findings.append(SE040.at(Place(series.file)))
        return made
    feed = Feed(series, tuple(sorted(items, key=newest_first)))
    made.due, made.updated = len(items), feed.updated
    made.newest = tuple(
        Candidate(newest_first(item), pickle.dumps(item)) for item in feed.items[:NEWEST]
    )
    made.published = frozenset(_sources(series, feed.items))
    profiles = task.catalog.keys.profiles
    if not has_errors(finding.under(profiles) for finding in made.findings):
        side_files = _render_side_files(feed, task.catalog.site, loaded.words)
        made.files = (*side_files, *render_feed(feed, task.catalog.site))
    return made


def judgements(loaded: LoadedSeries) -> Iterator[Finding]:
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


def _identity(episode: Episode) -> Identity:
    return Identity(
        episode.file, episode.series, episode.slug, episode.guid, episode.media, episode.date,
        episode.draft,
    )  # fmt: skip


def newest_first(item: Item) -> Order:
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


def render_feed(feed: Feed, site: Site) -> Iterator[Rendered]:
    """The three formats of a feed, each read back. Raises ReadBackError."""
    slug = feed.series.slug
    renderers = {"rss": render_rss, "atom": render_atom, "json": render_json}
    for format, render in renderers.items():
        path = f"{slug}/{FEED_NAMES[format]}" if slug else FEED_NAMES[format]
        data = render(feed, site)
        check_feed(path, data, [_said(item, feed, site, format) for item in feed.items])
        yield Rendered(path, data, feed=True)


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


def _render_side_files(feed: Feed, site: Site, words: Mapping[str, Words]) -> Iterator[Rendered]:
    for item in feed.items:
        episode = item.episode
        folder = f"{episode.series}/{episode.slug}/"
        if episode.chapters:
            yield Rendered(folder + "chapters.json", render_chapters(episode, site))
        for side in item.side_files:
            format = side.name.rpartition(".")[2]
            yield Rendered(folder + side.name, render_transcript(words[side.source], format))


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
