"""One thing that is looked at, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal

from ..declare import dataclass
from ..language import N_


@dataclass(frozen=True, slots=True)
class Words:
    """A text that is translated where it is shown; a parameter may be such a text itself."""

    text: str
    params: Mapping[str, str | int | Words]


def words(text: str, /, **params: str | int | Words) -> Words:
    """A template with its parameters."""
    return Words(text, params)


def as_it_is(text: str, most: int = 100) -> Words:
    """What a server or a feed said, in its own words: short, on one line, never translated."""
    flat = " ".join(text.split())
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in flat)
    return Words("{said}", {"said": plain if len(plain) <= most else plain[: most - 1] + "…"})


NONE = words(N_("none"))
UNSTATED = words(N_("not stated"))
NOT_PACKED = words(N_("not compressed"))


class Part(Enum):
    """What is looked at, in the order in which it is told. The value is the heading."""

    FEED = N_("The feed")
    EPISODE = N_("Episodes")
    ARTWORK = N_("Artwork")
    SIDE_FILE = N_("Transcripts and chapters")


@dataclass(frozen=True, slots=True)
class Subject:
    """One address that is looked at."""

    part: Part
    url: str
    title: str  #: for a person: of the episode, of the series


@dataclass(frozen=True, slots=True)
class Check:
    """An aspect of one subject: is it as it should be?"""

    aspect: Aspect
    subject: Subject
    ok: bool
    expected: Words
    got: Words
    mend: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One kind of check: what apps expect, why, and what to do when it is otherwise.

    `expected` and `mend` are templates; their parameters are given with each check.
    """

    name: str  #: in `--json`, for ever
    severity: Literal["error", "warning"]  #: when it is not as expected
    title: str
    expected: str
    mend: str
    spec: tuple[str, ...]  #: rows of the requirements

    def __post_init__(self) -> None:
        if self.name in ASPECTS:
            raise ValueError(f"{self.name} is declared twice")
        ASPECTS[self.name] = self

    def of(self, subject: Subject, ok: bool, got: Words, **params: str | int | Words) -> Check:
        """What came of looking at it."""
        return Check(self, subject, ok, Words(self.expected, params), got, Words(self.mend, params))


ASPECTS: dict[str, Aspect] = {}
"""Every aspect by its name, in the order of declaration."""
