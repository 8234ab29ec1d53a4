"""The catalog: its addresses, its series, their episodes, and the feeds that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import NamedTuple

from ..declare import dataclass
from ..vocabulary import UNWRITTEN
from .media import (
    Alternate,
    Chapter,
    Enclosure,
    Picture,
    SideFile,
    Soundbite,
    Transcript,
)
from .stated import (
    Category,
    Claim,
    Credit,
    Exempt,
    Funding,
    License,
    Link,
    Location,
    Number,
    Owner,
    Publisher,
    Season,
    Tag,
    UpdateFrequency,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The addresses everything is published under; each ends with "/"."""

    base_url: str
    media_base_url: str
    media_prefix: str = ""  #: put before enclosure URLs, in RSS only

    def page(self, series: str, slug: str = "") -> str:
        """The page of a series or an episode; of the catalog for series ""."""
        if slug:
            return f"{self.base_url}{series}/{slug}/"
        return f"{self.base_url}{series}/" if series else self.base_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One feed's worth of episodes. The catalog's own feed is a series too, with slug ""."""

    slug: str
    title: str
    description: str
    language: str
    guid: str  #: podcast:guid
    author: str | None = None
    owner: Owner | None = None
    medium: str = "podcast"
    type: str = "episodic"
    explicit: bool = False
    categories: tuple[Category, ...] = ()
    image: str | None = None  #: a source
    artwork: Picture | None = None  #: what was found in `image`, when it is here
    image_alt: str | None = None
    people: tuple[Credit, ...] = ()
    links: tuple[Link, ...] = ()
    copyright: str | None = None
    license: License | None = None
    location: tuple[Location, ...] = ()
    locked: bool | None = None
    funding: tuple[Funding, ...] = ()
    new_feed_url: str | None = None
    complete: bool = False
    blocked: bool = False
    block_services: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()  #: slugs of the episodes that are offered as trailers
    update_frequency: UpdateFrequency | None = None
    publisher: Publisher | None = None
    hubs: tuple[str, ...] = ()
    podping: bool = False
    podcast: tuple[Tag, ...] = ()
    feed_url: str = ""  #: of its RSS feed, at the home address of the catalog
    announced: bool = False  #: its guid is promised in the lock
    file: str = ""  #: where it is written, relative to the root
    written: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The keys that are stated, each with the file that states it: its own, or feedtool.yaml."""
    catalog_language: str = ""  #: of what feedtool.yaml says; "" = the series' own

    def language_of(self, key: str) -> str:
        """The language of the text at `key`, which may be the catalog's."""
        inherited = self.written.get(key) == "feedtool.yaml"
        return (self.catalog_language if inherited else "") or self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What a person wrote about one episode, names and defaults resolved."""

    series: str
    slug: str
    guid: str
    title: str
    date: datetime
    media: str  #: a source
    updated: datetime | None = None
    claim: Claim | None = None
    summary: str | None = None
    notes: str = ""  #: HTML, sanitised, links absolute
    short_notes: str = ""  #: the same with the few tags podcast apps show
    named: tuple[str, ...] = ()  #: sources that the notes name by their public address
    people: tuple[Credit, ...] = ()  #: the series' included
    chapters: tuple[Chapter, ...] = ()
    transcripts: tuple[Transcript, ...] = ()
    season: Season | None = None
    number: Number | None = None
    type: str = "full"
    explicit: bool | None = None
    language: str | None = None
    image: str | None = None  #: a source
    artwork: Picture | None = None  #: what was found in `image`, when it is here
    image_alt: str | None = None
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    license: License | None = None
    location: tuple[Location, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    exempt: Exempt | None = None
    block: bool = False
    podcast: tuple[Tag, ...] = ()
    draft: bool = False
    file: str = ""  #: where it is written, relative to the root

    @property
    def name(self) -> str:
        """ "series/slug", as in `--allow`."""
        return f"{self.series}/{self.slug}"

    @property
    def changed(self) -> datetime:
        """When it was last changed in a way readers should notice (Atom updated)."""
        return self.updated or self.date

    def written_in(self, series: Series) -> str:
        """The language of its texts: its own if that can be written, else that of its series."""
        language = self.language
        if language is None or language.partition("-")[0].lower() in UNWRITTEN:
            return series.language
        return language


class Identity(NamedTuple):
    """What must tell an episode from all others. Ten thousand of them are compared at once."""

    file: str
    series: str
    slug: str
    guid: str
    media: str  #: a source
    date: datetime
    draft: bool
    season: int = 0  #: 0 = none
    season_name: str = ""
    number: str = ""  #: of a whole episode, no trailer and no bonus


@dataclass(frozen=True, slots=True)
class Item:
    """An episode with its enclosure: nothing unmeasured can be rendered."""

    episode: Episode
    enclosure: Enclosure
    alternates: tuple[Alternate, ...] = ()
    side_files: tuple[SideFile, ...] = ()  #: transcripts and captions as published
    home: str = ""  #: podcast:guid of the series that it was first published in; "" = where it is


@dataclass(frozen=True, slots=True)
class Trailer:
    """An episode that a series is announced with (podcast:trailer)."""

    title: str
    url: str
    date: datetime
    length: int
    type: str
    season: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What one feed carries: a series and its due items, in order (newest first)."""

    series: Series
    items: tuple[Item, ...]
    sources: Mapping[str, Series] = field(default_factory=dict)
    """Catalog feed only: the series each item comes from, by slug."""
    source_dates: Mapping[str, datetime] = field(default_factory=dict)
    """Catalog feed only: when the feed of each of these series last changed."""
    trailers: tuple[Trailer, ...] = ()
    changed: datetime | None = None
    """Its newest change, when only some of its items are at hand."""

    @property
    def updated(self) -> datetime:
        """The newest change of its items; a feed is never made without items."""
        return self.changed or max(item.episode.changed for item in self.items)
