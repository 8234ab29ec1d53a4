"""One line of a plan: what is to be done about an episode, or to be said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from ..declare import dataclass
from ..finding import N_
from .host import Held, Wanted
from .record import Record


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    REVEAL = "reveal"
    ADOPT = "adopt"
    REPLACE = "replace"
    DELETE = "delete"
    DRIFT = "drift"
    MISSING = "missing"
    FOREIGN = "foreign"
    SKIP = "skip"


DOING = {
    Action.CREATE, Action.UPDATE, Action.REVEAL, Action.ADOPT, Action.REPLACE, Action.DELETE,
}  # fmt: skip
"""The others only say something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A due episode, as it should be at the host."""

    guid: str
    name: str  #: "series/slug"
    title: str
    date: datetime
    media: str  #: a source: below media/, or an address
    bytes: int
    type: str
    duration: timedelta
    here: bool  #: the recording is on this machine
    marks: Mapping[str, str]  #: of its fields
    wanted: Callable[[], Wanted]  #: the fields themselves
    sum: Callable[[], str]  #: SHA-256 of the recording; reads it if that is not known

    @property
    def series(self) -> str:
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Why:
    """A reason, to be translated."""

    message: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


NO_REASON = Why()
_HIDDEN = Why(N_("it was hidden there; it is left so"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a plan."""

    action: Action
    wish: Wish | None = None
    held: Held | None = None  #: as it was when the plan was made
    record: Record | None = None
    fields: tuple[str, ...] = ()  #: that will be changed, or that differ
    why: Why = NO_REASON
    hidden: bool = False  #: somebody hid it there after it was public, and it stays so

    @property
    def reasons(self) -> tuple[Why, ...]:
        """All that is told of it."""
        told = (self.why, _HIDDEN if self.hidden else NO_REASON)
        return tuple(why for why in told if why.message)

    @property
    def does(self) -> bool:
        return self.action in DOING

    @property
    def name(self) -> str:
        """ "series/slug"; "" for what is no episode of ours."""
        return self.wish.name if self.wish else self.record.episode if self.record else ""

    @property
    def title(self) -> str:
        return self.wish.title if self.wish else self.held.title if self.held else self.name

    @property
    def remote(self) -> str:
        return self.held.remote if self.held else self.record.remote if self.record else ""

    @property
    def uploads(self) -> bool:
        return self.action in (Action.CREATE, Action.REPLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person allows on the command line."""

    replace: bool = False
    adopt: bool = False
    delete: bool = False
    series: frozenset[str] = frozenset()  #: only these; empty = all
