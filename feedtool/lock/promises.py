"""What the lock holds: promises about episodes, series and addresses. Values only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta, timezone

from ..declare import dataclass

LOCK_FILE = "feedtool.lock"
LOCK_LIMIT = 256 * 1024 * 1024
"""Bytes of feedtool.lock that are read: some 800,000 episodes."""

Fact = Mapping[str, object]
"""Facts that stood in a line before a person overrode them, as JSON, with the "why"."""


def because(facts: Fact, why: str) -> Fact:
    """The facts that a person overrode, with the reason if one was given."""
    return {**facts, "why": why} if why else dict(facts)


_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Gone:
    """Why an episode is no longer published."""

    on: str  #: ISO 8601 date
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """Another recording of an episode that was published beside the main one."""

    media: str  #: path below media/, or an absolute URL
    bytes: int
    type: str  #: MIME type
    sha256: str | None = None  #: hexadecimal; None = not needed so far
    duration: timedelta | None = None  #: to the millisecond; None = not measured
    height: int | None = None  #: of the picture, in pixels; None = no picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What subscribers were told about one episode; for them it stays like this for ever.

    The date is kept with a plain offset instead of a zone, so that two dates are equal exactly
    when they are the same instant.
    """

    guid: str
    series: str
    slug: str
    date: datetime  #: aware
    media: str  #: path below media/, or an absolute URL
    bytes: int
    duration: timedelta  #: to the millisecond
    type: str  #: MIME type
    sha256: str | None = None  #: hexadecimal; None = not needed so far
    bare: int | None = None  #: bytes of the recording that it is a tagged copy of; None = itself
    origin: str | None = None  #: the feed the facts were taken over from; None = measured
    was: tuple[Fact, ...] = ()  #: what a person overrode, oldest first
    alternates: tuple[Rendition, ...] = ()
    gone: Gone | None = None  #: no longer published; its guid, slug and address stay taken
    file: str = field(default="", compare=False)  #: where it is written; not part of the lock

    def __post_init__(self) -> None:
        if not isinstance(self.date.tzinfo, timezone):
            offset = self.date.utcoffset()
            if offset is None:
                raise ValueError("a date without an offset is no instant")
            object.__setattr__(self, "date", self.date.replace(tzinfo=timezone(offset), fold=0))
        if self.duration.microseconds % 1000:
            duration = round(self.duration / _MILLISECOND) * _MILLISECOND
            object.__setattr__(self, "duration", duration)

    @property
    def name(self) -> str:
        """ "series/slug", as in `--allow`."""
        return f"{self.series}/{self.slug}"

    def binds(self, now: datetime) -> bool:
        """Subscribers may know it: its own date has come, or it is gone since."""
        return self.gone is not None or self.date <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Everything that was promised. "" stands for what is not known yet."""

    base_url: str = ""
    media_base_url: str = ""
    guid: str = ""  #: podcast:guid of the feed of the whole catalog
    series: Mapping[str, str] = field(default_factory=dict)  #: podcast:guid by slug
    episodes: Mapping[str, Promise] = field(default_factory=dict)  #: by guid
    was: tuple[Fact, ...] = ()  #: addresses and guid of the catalog that a person overrode
    series_was: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)  #: the same, by slug


def overridden(lock: Lock) -> Iterator[tuple[str, str]]:
    """What a person has allowed to change for subscribers so far: guid, and fact as in `--allow`.

    An episode that has another guid or another series since is gone where it was.
    """
    for guid, promise in lock.episodes.items():
        if promise.gone:
            yield guid, "gone"
        for facts in promise.was:
            if "date" in facts:
                yield guid, "date"
            if "media" in facts or "bytes" in facts:
                yield guid, "media"
            if facts.get("series", promise.series) != promise.series:
                yield guid, "gone"
            if "guid" in facts:
                yield str(facts["guid"]), "gone"


def promised_media(lock: Lock) -> set[str]:
    """Every recording of an episode, and its renditions: paths below media/, or absolute URLs."""
    media = {promise.media for promise in lock.episodes.values()}
    return media | {
        rendition.media for promise in lock.episodes.values() for rendition in promise.alternates
    }


NO_LOCK = Lock()


_SAME = timedelta(seconds=1)


def is_as_promised(promised: timedelta, measured: timedelta) -> bool:
    """Is a fresh measurement so near to the promised duration that the promise stays as it is?"""
    return abs(promised - measured) <= _SAME
