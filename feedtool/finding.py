"""Findings: what is wrong with a catalog, said so that its owner can mend it.

A finding is an answer about the content; an exception (errors.py) means that we could not find
out. A module declares its codes beside the code that raises them; `feedtool explain`, the docs
and the translations are made from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields, replace
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from operator import eq
from typing import Any

from .declare import dataclass
from .language import N_ as N_  # noqa: PLC0414 - who declares a finding marks its texts


class Severity(StrEnum):
    """How much a finding matters: an error stops the build, a warning and a note do not.

    What is off concerns only catalogs with a profile that raises it.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OFF = "off"


_WEIGHT = {Severity.OFF: 0, Severity.NOTE: 1, Severity.WARNING: 2, Severity.ERROR: 3}

Param = str | int
"""What a message may carry; JSON can hold it as it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault stands: a file and, inside it, a key or a position."""

    file: str  #: relative to the catalog's root, with "/"; "" = the catalog as a whole
    keys: tuple[str | int, ...] = ()  #: the way to the value, e.g. ("chapters", 2, "start")
    line: int | None = None  #: counted from 1; None = not looked up yet, or not a text file
    column: int | None = None  #: counted from 1, in characters

    def down(self, *keys: str | int) -> Place:
        """The place of a value inside this one."""
        return Place(self.file, self.keys + keys, self.line, self.column)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, before anybody said where."""

    code: Code
    params: Mapping[str, Param]

    def at(self, place: Place) -> Finding:
        return Finding(self.code, place, self.params, self.code.severity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, at one place."""

    code: Code
    place: Place
    params: Mapping[str, Param]
    severity: Severity

    def under(self, profiles: Iterable[str]) -> Finding:
        """The same finding, weighed by the profiles of the catalog: the highest severity wins."""
        return replace(self, severity=self.code.severity_under(profiles))

    def shown(self) -> Shown:
        """The finding as it is shown and kept: with its texts, without its declaration."""
        code, place = self.code, self.place
        return Shown(
            code.id, str(self.severity), place.file, place.line, place.column,
            code.message, code.why, code.mend, dict(self.params), code.fixable,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding ready for a person or a program; JSON can hold its fields as they are."""

    code: str
    severity: str
    file: str
    line: int | None
    column: int | None
    message: str
    why: str
    mend: str
    params: Mapping[str, Param]
    fixable: bool

    def text(self, part: str, translate: Callable[[str], str] = str) -> str:
        """The `message`, `why` or `mend` in the language of `translate`, parameters filled in."""
        params = {
            name: visible(value) if isinstance(value, str) else value
            for name, value in in_words(self.params, translate).items()
        }
        return translate(getattr(self, part)).format_map(_Params(params))


_WORDS = {"example", "expected", "folder", "found", "known", "problem", "reason", "service"}
"""Parameters that may carry words of feedtool. Others are what a person wrote, who may well call
a key "note" or "error": they are never translated."""


def nearest_codes(text: str, likeness: float) -> list[str]:
    """Three codes at most that a text with a slip may mean: "EP02O" is EP020, with a letter O."""
    from difflib import get_close_matches  # seldom needed

    text = text[:20].upper()
    digits = text[:-3] + text[-3:].translate(_DIGITS)
    if digits in CODES:
        return [digits]
    near = get_close_matches(text, CODES, len(CODES), likeness)

    def alike(code: str) -> int:
        """Signs before the first that differs: a slip is seldom at the beginning."""
        return sum(1 for _ in takewhile(bool, map(eq, text, code)))

    return sorted(near, key=alike, reverse=True)[:3]


_DIGITS = str.maketrans("OIL", "011")


def in_words(params: Mapping[str, Any], translate: Callable[[str], str]) -> dict[str, Any]:
    """Parameters of a message, those that are words in the language of `translate`."""
    return {
        name: translate(value) if name in _WORDS and isinstance(value, str) and value else value
        for name, value in params.items()
    }


def visible(text: str) -> str:
    """On one line and without control characters: what others wrote can move the cursor."""
    if text.isprintable():
        return text
    flat = " ".join(text.split())
    return "".join(c if c.isprintable() or c in _JOINERS else "\ufffd" for c in flat)


_JOINERS = "\u00ad\u200c\u200d"
"""Of emoji, and inside words: they move nothing."""


class _Params(dict[str, Param]):
    def __missing__(self, key: str) -> str:  # a translation must never break an error message
        return "{" + key + "}"


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """One kind of finding. A code is never used again for something else.

    `message`, `why` and `mend` are templates with named parameters; `spec` names the rows of the
    requirements that this code enforces; `profiles` raises the severity for some directories.
    """

    id: str
    severity: Severity
    message: str
    why: str
    mend: str
    spec: tuple[str, ...] = ()
    profiles: Mapping[str, Severity] = field(default_factory=dict)
    fixable: bool = False

    def __post_init__(self) -> None:
        if self.id in CODES:
            raise ValueError(f"{self.id} is declared twice")
        CODES[self.id] = self

    def __reduce__(self) -> tuple[Callable[..., Code], tuple[object, ...]]:
        """A code that comes from another process is the one that is declared here, if it is."""
        return _declared, tuple(getattr(self, entry.name) for entry in fields(self))

    def fault(self, **params: Param) -> Fault:
        return Fault(self, params)

    def at(self, place: Place, **params: Param) -> Finding:
        return Finding(self, place, params, self.severity)

    def text(self, part: str, translate: Callable[[str], str] = str) -> str:
        """The `message`, `why` or `mend` with the names of its parameters, for `explain`."""
        return translate(getattr(self, part)).format_map(_Params())

    def severity_under(self, profiles: Iterable[str]) -> Severity:
        """The highest of the base severity and those of the given profiles."""
        raised = [self.profiles[name] for name in profiles if name in self.profiles]
        return max([self.severity, *raised], key=_WEIGHT.__getitem__)


@lru_cache(maxsize=8)
def silent_under(profiles: tuple[str, ...]) -> frozenset[Code]:
    """The codes that nobody asked for who goes by these profiles."""
    return frozenset(
        code for code in CODES.values() if code.severity_under(profiles) is Severity.OFF
    )


def _declared(id: str, *declaration: Any) -> Code:
    return CODES.get(id) or Code(id, *declaration)


CODES: dict[str, Code] = {}
"""Every declared code, by its id; complete once the modules that declare codes are imported."""


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By file, position and code, each once: the same catalog gives the same list."""
    unique = {
        (f.place.file, f.place.line or 0, f.place.column or 0, f.code.id, str(f.params)): f
        for f in findings
    }
    return [unique[key] for key in sorted(unique)]
