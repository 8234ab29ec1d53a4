"""Hosts: services that hold episodes under ids of their own.

A host is one file of this folder: a class with the methods of `Host`, made by its `open_host`.
What to do there is decided in plan.py and carried out by apply.py, once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Protocol

from ..declare import dataclass
from ..errors import TargetError
from ..model import Episode, Series

Value = str | int | bool | None | tuple[str, ...]
"""What a field of a host says. Tuples are sets: a host may give them back in another order."""

Progress = Callable[[int, int], None]
"""Is told bytes that were sent, and all bytes."""


class HostError(TargetError):
    """The host failed, or refused one thing; nothing is half done. Other episodes go on."""

    code = "host"


class UnknownOutcomeError(HostError):
    """A connection broke, or 5xx came, while something was made: it may be there or not."""


class HostDownError(HostError):
    """Nothing more can be done at this host now: the run ends."""


class State(StrEnum):
    """How far the host is with the recording of an item."""

    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a host can do. The plan promises nothing else."""

    deletes: bool = True
    changes: frozenset[str] = frozenset()  #: fields that can be changed after an item is public
    marks_later: bool = False  #: our marker can be put on an item that somebody else made
    hides: bool = True  #: somebody can hide there what was public
    most_bytes: int | None = None  #: of one recording
    longest: timedelta | None = None  #: recording
    types: frozenset[str] | None = None  #: MIME types that are taken; None = any
    has_channels: bool = False  #: items stand in channels, one for each series


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom the credentials belong to, and what room is left."""

    id: str  #: as the host knows it, for ever
    name: str  #: as a person knows it
    seconds_left: float | None = None  #: of recordings; None = no limit is told
    bytes_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A recording to be sent."""

    file: Path
    bytes: int
    sha256: str  #: hexadecimal
    type: str  #: MIME type
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Marker:
    """Planted on every item that we make: by it a lost <host>.lock is rebuilt."""

    key: str  #: of the episode: `key_of(guid)`
    sha256: str = ""  #: of the recording, or its beginning; "" = not told

    def is_of(self, sum: str) -> bool:
        """Does it tell of a recording with this SHA-256?"""
        return bool(self.sha256) and sum.startswith(self.sha256)


def key_of(guid: str) -> str:
    """A guid as it is planted: short, of hexadecimal digits, and telling nothing."""
    return sha256(guid.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An item as the host has it."""

    remote: str  #: its id there
    marker: Marker | None = None  #: None = not made by us
    state: State = State.READY
    public: bool = True
    fields: Mapping[str, Value] = field(default_factory=dict)
    """By the names of `wanted`; a field that the host does not tell is missing. "artwork" is the
    SHA-256 of the picture as we sent it, hexadecimal, where that can be told."""
    title: str = ""
    url: str = ""  #: of its page
    duration: timedelta | None = None
    created: datetime | None = None
    guids: tuple[str, ...] = ()  #: that feeds of the host have or had for it
    why: str = ""  #: of a failure, in the host's words
    channel: str = ""  #: the slug of its series, where the host has channels; "" = unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an episode is to be at a host, but for its recording."""

    fields: Mapping[str, Value]
    """By name, as the host takes them. "artwork" is a source: a path below media/."""
    cut: tuple[str, ...] = ()  #: fields that are too long for the host, and were shortened


class Host(Protocol):
    """A service that holds episodes.

    Every method raises AccessError when the host does not let us in, HostDownError when nothing
    more can be done now, UnknownOutcomeError when it is not known whether something was made,
    HostError for everything else; all say what to do, and never name a secret. Waits as long as
    the host asks for when there are too many requests, if that is not too long.
    """

    abilities: Abilities
    notes: ClassVar[tuple[str, ...]]  #: what a plan that uploads says, to be translated

    def account(self) -> Account:
        """Who we are. The first request of a run."""
        ...

    def items(self) -> Iterator[Held]:
        """All items of the account, of any state, in any order; each of them once."""
        ...

    def find(self, marker: Marker, since: datetime) -> list[Held]:
        """The items with the key of a marker that were made at `since` or later, by asking anew.

        An older one may be among them where the host's clock is not needed to know the recording.
        """
        ...

    def get(self, remote: str) -> Held | None:
        """One item as it is now; None = there is none."""
        ...

    def wanted(self, episode: Episode, series: Series, page: str) -> Wanted:
        """The fields of an episode, within the limits of the host. Asks nobody.

        `page` is the address of its page, with which the description ends.
        """
        ...

    def channel(self, series: Series) -> str | None:
        """The channel that holds the items of a series; None = there is none yet."""
        ...

    def make_channel(self, series: Series, picture: Path | None) -> str:
        """Make the channel of a series, or take the one that an earlier run made."""
        ...

    def create(
        self, sound: Sound, marker: Marker, wanted: Wanted, channel: str | None,
        pictures: Path, progress: Progress,
    ) -> Held:  # fmt: skip
        """Make an item that nobody else can see yet. Streams the recording.

        `pictures` is the folder that sources of pictures are in. What comes back may still be
        processing, and is told by `get` later.
        """
        ...

    def update(
        self, held: Held, fields: Mapping[str, Value], marker: Marker, pictures: Path
    ) -> Held:
        """Change some fields, and plant the marker where it lacks; comes back as read again."""
        ...

    def reveal(self, held: Held) -> Held:
        """Make a ready item public; comes back as read again."""
        ...

    def delete(self, remote: str) -> None:
        """Remove an item; one that is not there is no error."""
        ...

    def warnings(self) -> Sequence[tuple[str, Mapping[str, object]]]:
        """What is to be said at the end of a run: messages with their parameters."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...
