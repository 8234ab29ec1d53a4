"""The file of an episode: the keys between two lines of ---, and the notes after them."""

from __future__ import annotations

import re

from ..finding import N_, Code, Finding, Place, Severity
from ..pattern import pattern
from .yaml_faults import ALMOST_HYPHENS, CF006, CF103, CONFLICT

CF016 = Code(
    "CF016",
    Severity.ERROR,
    message=N_("the file does not begin with a line of three hyphens (---)"),
    why=N_("title, date and recording of an episode stand between two such lines"),
    mend=N_(
        "write --- as the first line, then  title: ...  and the other lines, then --- again, then "
        "the notes"
    ),
)
CF018 = Code(
    "CF018",
    Severity.ERROR,
    message=N_("the second line of three hyphens (---) is missing"),
    why=N_("it ends the lines with title, date and recording; the notes begin after it"),
    mend=N_("write --- on a line of its own above the notes"),
)
CF102 = Code(
    "CF102",
    Severity.ERROR,
    message=N_("an empty line stands above the first line of three hyphens (---)"),
    why=N_("nothing of the file is read unless it begins with that line"),
    mend=N_("delete the empty lines above ---"),
    fixable=True,
)
CF104 = Code(
    "CF104",
    Severity.ERROR,
    message=N_("the notes begin with a second block of lines between ---"),
    why=N_("the notes are published as they stand there, and listeners would read these lines"),
    mend=N_("keep one of the two blocks at the top of the file, and delete the other"),
)
CF005 = Code(
    "CF005",
    Severity.ERROR,
    message=N_("a line of the notes begins with more than {depth} signs for quotes or lists"),
    why=N_("nothing here needs that, so something went wrong"),
    mend=N_("delete the signs > - * + or the numbers that are not meant"),
)

CF066 = Code(
    "CF066",
    Severity.ERROR,
    message=N_("more than {depth} HTML elements of the notes stand inside each other"),
    why=N_("nothing here needs that, so something went wrong"),
    mend=N_("close each element where it ends, such as  <div>...</div> , or delete them"),
)

_DEPTH_OF_NOTES = 100
_TOO_DEEP = pattern(rf"\n[ \t]*(?:>[ \t]*|(?:[-*+]|\d{{1,9}}[.)])[ \t]+){{{_DEPTH_OF_NOTES}}}")
"""Takes time by the square of the depth, which is minutes for a file of a hundred kilobytes. Begins
with a character, which is found in a third of the time that the beginning of a line takes."""

_FIRST = pattern(r"---[ \t]*(?:\n|\Z)")
_SECOND = pattern(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")  # with the end of the line above


def front_matter(text: str, file: str) -> tuple[str | None, str, int, list[Finding]]:
    """The YAML between the two lines of ---, the notes after it, the notes' first line, faults."""
    first = _FIRST.match(text)
    if not first:
        return None, "", 1, [_without_first(text, file)]
    second = _SECOND.search(text, first.end() - 1)
    if not second:
        return None, "", 1, [_without_second(text, file)]
    written, notes = text[first.end() : second.start() + 1], text[second.end() :]
    line = text.count("\n", 0, second.end()) + 1
    if "<<<<<<< " in notes and (conflict := CONFLICT.search(notes)):
        place = Place(file, line=line + notes.count("\n", 0, conflict.start()), column=1)
        return written, notes, line, [CF006.at(place)]
    # from the end of the line above
    if len(notes) > _DEPTH_OF_NOTES and (deep := _TOO_DEEP.search(text, second.end() - 1)):
        place = Place(file, line=text.count("\n", 0, deep.start() + 1) + 1, column=1)
        return written, "", line, [CF005.at(place, depth=_DEPTH_OF_NOTES)]
    if notes.count("<") > _DEPTH_OF_HTML and (at := _deep_html(notes)) is not None:
        place = Place(file, line=line + notes.count("\n", 0, at), column=1)
        return written, "", line, [CF066.at(place, depth=_DEPTH_OF_HTML)]
    if "---" in notes and (again := _second_block(notes)):
        return None, "", 1, [CF104.at(Place(file, line=line + again - 1, column=1))]
    return written, notes, line, []


_PROMISED = pattern(r"^(?:title|date|guid|media):", re.MULTILINE)


def _second_block(notes: str) -> int | None:
    """The line of the notes, counted from 1, on which keys begin that stand there once more."""
    text = notes.lstrip(" \t\n")
    first = _FIRST.match(text)
    second = _SECOND.search(text, first.end() - 1) if first else None
    if first and second and _PROMISED.search(text, first.end(), second.start()):
        return notes.count("\n", 0, len(notes) - len(text)) + 1
    return None


def _without_first(text: str, file: str) -> Finding:
    place = Place(file, line=1, column=1)
    if _FIRST.match(text.lstrip(" \t\n")):
        return CF102.at(place)
    line = text.partition("\n")[0]
    return CF103.at(place, text=line.strip()) if ALMOST_HYPHENS.fullmatch(line) else CF016.at(place)


def _without_second(text: str, file: str) -> Finding:
    end = _end_of_keys(text)
    lines = text.split("\n")[:end]
    for number, line in enumerate(lines[1:], 2):
        if ALMOST_HYPHENS.fullmatch(line):
            return CF103.at(Place(file, line=number, column=1), text=line.strip())
    return CF018.at(Place(file, line=end, column=1))


_DEPTH_OF_HTML = 500
_ELEMENT = pattern(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_CLOSED_BY_OTHERS = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "option", "br", "hr", "img", "wbr", "input", "col"}
)
"""Elements that need no end: many of them stand beside each other, not inside."""


def _deep_html(notes: str) -> int | None:
    """Where elements are too deep in each other: they too take time by the square of the depth."""
    depth = 0
    for found in _ELEMENT.finditer(notes):
        if found[2].lower() not in _CLOSED_BY_OTHERS:
            depth += -1 if found[1] else 1
            if depth > _DEPTH_OF_HTML:
                return found.start()
            depth = max(depth, 0)
    return None


def _end_of_keys(text: str) -> int:
    """The line on which the second --- is missed: the first empty one, else the last."""
    lines = text.rstrip("\n").split("\n")
    return next((number for number, line in enumerate(lines, 1) if not line.strip()), len(lines))
