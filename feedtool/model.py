"""The model: a catalog as it is meant, every default resolved. Values only; nothing is opened.

Words are those of the formats: series (RSS channel), episode (what a person wrote),
enclosure (what is known of its media file), item (episode + enclosure), feed (series + items).

A *source* is a text that says where media is: a path below media/ with "/", or an absolute
http(s) URL. Times inside a recording are `timedelta`; dates are aware `datetime`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from decimal import Decimal
from math import gcd
from typing import NamedTuple, TypeVar

from .declare import dataclass
from .vocabulary import UNWRITTEN


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part. Known by `id` when the catalog lists the person."""

    name: str
    id: str | None = None
    title: str | None = None
    organisation: str | None = None
    url: str | None = None
    image: str | None = None  #: a source
    lent: tuple[str, ...] = ()  #: what of it feedtool.yaml says: "title", "url", ...

    @property
    def key(self) -> str:
        """What makes two mentions the same person: the id, else the name."""
        return self.id or self.name


@dataclass(frozen=True, slots=True)
class Credit:
    """A person in a role of the podcast taxonomy; the group follows from the role."""

    person: Person
    role: str
    group: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a feed (itunes:owner)."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Category:
    """One shelf of Apple's directory."""

    name: str
    sub: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A page that belongs to a series or an episode."""

    url: str
    title: str | None = None
    rel: str = "related"


@dataclass(frozen=True, slots=True)
class Funding:
    """Where listeners can give money (podcast:funding)."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class License:
    """A licence by its slug, or a licence of one's own with its address (podcast:license)."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """What a recording is about, or where it was made (podcast:location)."""

    name: str
    rel: str | None = None  #: "subject" or "creator"
    geo: str | None = None  #: a geo: URI, RFC 5870
    osm: str | None = None  #: OpenStreetMap, e.g. "R113314"
    country: str | None = None  #: ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A part worth sharing (podcast:soundbite)."""

    start: timedelta
    duration: timedelta
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a recording, from `start` until `end` or the next chapter."""

    start: timedelta
    title: str  #: "" = it has none, and is not shown in the list of chapters
    url: str | None = None
    image: str | None = None  #: a source
    toc: bool = True  #: False = not shown in the list of chapters
    end: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A text version of a recording, as the producer delivered it."""

    source: str  #: path below media/
    language: str | None = None  #: None = the episode's
    captions: bool = False  #: timed for showing with the picture (rel="captions")

    @property
    def format(self) -> str:
        """ "vtt", "srt" or "txt"."""
        return self.source.rpartition(".")[2].lower()


@dataclass(frozen=True, slots=True)
class Cue:
    """Some words of a timed transcript."""

    start: timedelta
    end: timedelta
    text: str  #: plain text, lines divided by "\n"
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A transcript as read: the file's text, and its cues if it is timed."""

    text: str  #: of the whole file, line ends "\n"
    format: str  #: "vtt", "srt" or "txt"
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Season:
    number: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """An episode's place in its season; `value` is a decimal text such as "3" or "100.5"."""

    value: str
    display: str | None = None

    @property
    def whole(self) -> int | None:
        """The number as itunes:episode may have it, from 1 on; None if it is no such number."""
        number = Decimal(self.value)
        return int(number) if number >= 1 and number == int(number) else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A duration that a person declared, with the precision of the way it was written."""

    duration: timedelta
    precision: timedelta  #: the truth may lie this far to either side
    text: str  #: as written

    def admits(self, measured: timedelta) -> bool:
        return abs(measured - self.duration) <= self.precision


@dataclass(frozen=True, slots=True)
class Exempt:
    """Why a recording needs no text version (recorded before 23 September 2020, ...)."""

    reason: str
    first_published: str | None = None  #: a year, a month or a date
    evidence_url: str | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """How a recording was made, as far as that was found out. Compared, never published."""

    rate: int | None = None  #: samples a second
    channels: int | None = None
    bitrate: int | None = None  #: bits a second of the sound, when it is steady
    sound: str | None = None  #: what it is stored as: "mp4a.40.2", "alac", "mp2"... None = MP3
    picture: str | None = None  #: the same of the picture: "avc1", "hvc1"...
    late: bool = False  #: the index stands behind the content (MP4)
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in one media file."""

    bytes: int
    type: str  #: MIME type of the content, whatever the file is called
    duration: timedelta  #: playing time to the millisecond
    video: bool = False  #: it has a picture track
    height: int | None = None  #: of the picture, in pixels
    inside: Inside | None = field(default=None, compare=False)  #: None = not known


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found in one picture file."""

    bytes: int
    type: str  #: MIME type of the content, whatever the file is called
    width: int  #: pixels
    height: int  #: pixels
    mode: str  #: colours as Pillow names them: "RGB", "RGBA", "L" (grey), "CMYK", "P" (palette)...
    transparent: bool = False  #: one of its colours can be seen through; RGBA says so by itself
    turned: bool = False  #: stored on its side or head, with a mark to turn it (JPEG, Exif)

    @property
    def ratio(self) -> str:
        """Width and height without a common factor: "1/1", "16/9" (podcast:image)."""
        common = gcd(self.width, self.height)
        return f"{self.width // common}/{self.height // common}"


_NEVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What is known of an episode's media file (RSS 2.0 <enclosure>): measured, or taken over."""

    source: str
    length: int  #: bytes
    type: str  #: MIME type
    duration: timedelta  #: playing time; 0 = taken over from a feed that does not say it
    present: bool = True  #: the file is here; False = the facts are the lock's, or remote
    inside: Inside | None = field(default=None, compare=False)  #: None = not known
    bare: int | None = None  #: bytes of the file that was copied and tagged; None = itself
    sha256: str | None = None  #: of such a copy, hexadecimal

    @property
    def end(self) -> timedelta:
        """Where it ends, to be compared with what is said of its parts.

        Of a recording at another address nobody has measured it: no part is too late then.
        """
        return _NEVER if ":" in self.source else self.duration


class Copied(NamedTuple):
    """A tagged copy of a recording, by its content."""

    sha256: str  #: hexadecimal
    bytes: int


@dataclass(frozen=True, slots=True)
class Copy:
    """One place where a rendition can be had (podcast:source)."""

    uri: str  #: a source, or an address with a scheme such as ipfs: or magnet:
    type: str | None = None  #: MIME type of what comes from there, if not the rendition itself


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another rendition of an episode (podcast:alternateEnclosure): measured, or a stream."""

    copies: tuple[Copy, ...]  #: at least one; the first is the measured file, if it is one
    type: str
    length: int | None = None  #: bytes
    bitrate: int | None = None  #: bits per second
    height: int | None = None  #: pixels
    language: str | None = None
    title: str | None = None
    rel: str | None = None
    codecs: str | None = None
    default: bool = False
    integrity: str | None = None  #: Subresource Integrity, "sha256-..."
    duration: timedelta | None = None  #: None for a stream
    inside: Inside | None = field(default=None, compare=False)  #: None = not known


@dataclass(frozen=True, slots=True)
class UpdateFrequency:
    """How often episodes come (podcast:updateFrequency)."""

    text: str
    rrule: str | None = None  #: RFC 5545 RECUR
    start: str | None = None  #: a date, or a time as in RFC 3339
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A Podcasting 2.0 tag that has no key of its own (podcast/table.py knows them all)."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()  #: names and values, in the order of the table
    text: str | None = None
    children: tuple[Tag, ...] = ()
    file: str = field(default="", compare=False)  #: where it is written
    keys: tuple[str | int, ...] = field(default=(), compare=False)  #: and its place in there

    def get(self, name: str) -> str | None:
        """The value of an attribute."""
        return dict(self.attributes).get(name)

    def all(self, name: str) -> tuple[Tag, ...]:
        """The children with this name."""
        return tuple(child for child in self.children if child.name == name)


@dataclass(frozen=True, slots=True)
class Publisher:
    """The feed of the organisation behind a series (podcast:publisher)."""

    guid: str
    url: str | None = None
    title: str | None = None


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
class SideFile:
    """A transcript as it is published, in one format."""

    source: str  #: the producer's file, a path below media/
    name: str  #: below the episode's folder, e.g. "transcript.en.vtt"
    type: str  #: MIME type
    language: str
    captions: bool = False


AnyText = TypeVar("AnyText", Transcript, SideFile)


def tracks(timed: Sequence[AnyText], own: str) -> tuple[AnyText, ...]:
    """What players show with moving pictures of some timed texts: the captions of each language,
    or, where it has none, its transcript. Texts that name no language are in `own`."""
    captioned = {one.language or own for one in timed if one.captions}
    return tuple(one for one in timed if one.captions or (one.language or own) not in captioned)


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
