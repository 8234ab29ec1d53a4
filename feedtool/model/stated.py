"""What people say of a series or an episode: who, where, under which licence, which number."""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta
from decimal import Decimal

from ..declare import dataclass


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
