"""Small edits of a file: a value, a line, an entry of a list. Everything else keeps its bytes.

Each gives None when what is written there is not of the simple kind that it can change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..read.yaml_tree import read_tree
from .outline import Outline, Part
from .source import Source

_BRACKETS = frozenset(",[]{}")
_NOTHING_MORE = re.compile(r"[ \t]*(?:#.*)?")


def spelled(text: str, style: str = "", inside_brackets: bool = False) -> str | None:
    """A text as it is written in YAML: with these quotes, or where none are needed without."""
    if "\n" in text or not text.isprintable():
        return None
    double = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if style == '"':
        return double
    if not style and not (inside_brackets and _BRACKETS & set(text)) and _is_plain(text):
        return text
    if not style and "'" in text and '"' not in text:
        return double
    return "'" + text.replace("'", "''") + "'"


def _is_plain(text: str) -> bool:
    tree, found = read_tree(f"- {text}", "")  # a list is no answer, but what stands in it is read
    if tree is not None or [one.code.id for one in found] != ["CF017"]:
        return False
    return read_tree(f"key: {text}", "")[0] == {"key": text}


def with_value(source: Source, part: Part, text: str) -> Source | None:
    """Another text in the place of one, in the same quotes."""
    if part.style not in {"", "'", '"'}:
        return None
    written = spelled(text, part.style, part.inside_brackets)
    if written is None:
        return None
    space = " " if part.start == part.end else ""  # nothing stands behind the colon
    return source.with_text(part.start, part.end, space + written)


def with_line_after(
    source: Source, outline: Outline, before: Sequence[str], lines: Sequence[str]
) -> tuple[Source, int] | None:
    """Lines more, behind the last of the keys `before` that is a text; and the first one's number.

    Keys whose value is a list or goes over several lines are no good neighbours: what follows
    them may be a comment that belongs to the next key.
    """
    top = outline.parts.get(())
    if top is None or top.brackets:
        return None
    ends = [
        part.end[0]
        for key in before
        if (part := outline.parts.get((key,))) and part.style in {"", "'", '"'}
    ]
    if not ends:
        return None
    indent, number = " " * top.start[1], max(ends) + 1
    text = "".join(f"{indent}{line}\n" for line in lines)
    return source.with_text((number, 0), (number, 0), text), number


def without_entry(source: Source, outline: Outline, key: str, index: int) -> Source | None:
    """One entry less in the list of a key; without its last one, the key goes as well."""
    whole, entry = outline.parts.get((key,)), outline.parts.get((key, index))
    if whole is None or entry is None:
        return None
    if whole.size == 1:
        return _without_key(source, outline, whole, entry)
    if not whole.brackets:
        return _without_item(source, entry)
    if index + 1 < whole.size:
        start, end = entry.start, outline.parts[key, index + 1].start
    else:
        start, end = outline.parts[key, index - 1].end, entry.end
    lines = [source.line(number) for number in range(start[0], end[0] + 1)]
    if len(lines) > 1 and any("#" in line for line in lines):  # a comment, of what stays
        return None
    return source.with_text(start, end, "")


def _without_item(source: Source, entry: Part) -> Source | None:
    """Without an entry with a hyphen of its own."""
    first, last = entry.start[0], _last_line(entry)
    if source.line(first)[: entry.start[1]].strip() != "-" or not _ends(source, entry):
        return None
    return source.without_lines(first, last)


def _without_key(source: Source, outline: Outline, whole: Part, entry: Part) -> Source | None:
    if outline.parts[()].size == 1 or outline.parts[()].brackets:
        return None
    line = whole.begin[0]
    if whole.brackets:
        fits = whole.start[0] == line and _ends(source, whole)
        return source.without_lines(line, _last_line(whole)) if fits else None
    colon = source.line(line)[whole.begin[1] :].partition(":")[2]
    if not _NOTHING_MORE.fullmatch(colon):
        return None
    rest = _without_item(source, entry)
    return rest and rest.without_lines(line, line)


def _ends(source: Source, part: Part) -> bool:
    """Does nothing but a comment follow on its last line?"""
    line, column = part.end
    return column == 0 or bool(_NOTHING_MORE.fullmatch(source.line(line)[column:]))


def _last_line(part: Part) -> int:
    line, column = part.end
    return line if column else line - 1
