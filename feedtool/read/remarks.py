"""Texts of which a # takes away a part or all, because YAML begins a remark with it.

"Avsnitt #12" is read as "Avsnitt", "#metoo" as nothing. A # with a space behind it is a remark, and
nothing is said of it.
"""

from __future__ import annotations

from typing import Any

from ..finding import N_, Code, Finding, Place, Severity
from ..pattern import pattern
from .yaml_faults import in_quotes

CF059 = Code(
    "CF059",
    Severity.WARNING,
    message=N_('only "{text}" is read: what follows from # on is left out'),
    why=N_("a space and # begin a remark that nobody else sees"),
    mend=N_(
        "put the whole text in straight quotes:  '{text} {rest}' ; if it is a remark, write a "
        "space after #"
    ),
)
CF108 = Code(
    "CF108",
    Severity.WARNING,
    message=N_('nothing of "{text}" is read: what begins with # is left out'),
    why=N_("a space and # begin a remark that nobody else sees"),
    mend=N_("put the text in straight quotes:  {line} ; if it is a remark, write a space after #"),
)

HASH = pattern(r" #\w")
"""What a file must have to be looked at."""

_REMARK = pattern(r"[ \t]+(#\w.*?)[ \t]*")


def cut_off(lines: list[str], file: str, first_line: int, end: Any, text: str) -> Finding | None:
    """The finding for a text or nothing, up to a mark of libyaml, if such a remark follows it."""
    line = lines[end.line]
    rest = _REMARK.fullmatch(line, end.column)
    if not rest:
        return None
    place = Place(file, line=end.line + first_line, column=rest.start(1) + 1)
    if text:
        return CF059.at(place, text=text, rest=rest[1])
    mended = f"{line[: end.column].strip()} {in_quotes(rest[1])}"
    return CF108.at(place, text=rest[1], line=mended)
