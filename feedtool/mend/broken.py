"""Lines that YAML cannot read, or reads with quotes that are none."""

from __future__ import annotations

import re
from dataclasses import fields

from ..read.values import CH018
from ..read.yaml_faults import CF011, CF012, CF024, CF025, CF027, CF065, CURLY
from ..read.yaml_tree import Tree, read_tree
from .edits import spelled
from .fixes import mends, replaced, value_at, with_value_at
from .source import Source, kind_of
from .state import Edit, Work

_QUOTED = re.compile(
    f'([ ]*(?:-[ ]+)*[\\w-]+:[ ]+)(?:[{CURLY}]([^{CURLY}"]*)[{CURLY}]|"([^{CURLY}"]*)[“”„])[ ]*'
)
"""A key and a text in quotes of a word processor, at least behind it, and nothing more."""

_TEXT = re.compile(
    r"([ ]*)((?:title|summary|description|author|copyright|image_alt):[ ]+)(\S.*?)[ ]*"
)
_SIGN = re.compile(r"([ ]*)((?:-[ ]+)*[\w-]+:[ ]+)([@`%].*?)[ ]*")

_WIDTHS = range(1, 9)
"""Spaces that a tab may stand for."""


@mends(CF012)
def quotes_of_a_word_processor(work: Work) -> Edit | None:
    """Straight quotes in the place of those around a whole text."""
    line, column = work.finding.place.line, work.finding.place.column
    if line is None or column is None:
        return None
    if work.tree is None:
        return _straight(work, line - 1)
    part = work.outline.at(line, column)
    if part is None or part.style != "":
        return None
    inside = str(value_at(work.tree, part.keys) or "")  # read without these quotes
    written = spelled(inside, "'" if "'" not in inside else '"')
    edit = replaced(work, part.keys, inside)
    if not inside or written is None or edit is None or part.start[0] != part.end[0]:
        return None
    source = work.source.with_text(part.start, part.end, written)
    before = work.finding.params["text"]
    return Edit(source, edit.tree, part.start[0], f"{before} → {written}")


def _straight(work: Work, line: int) -> Edit | None:
    """The same for a line that nothing can be read from."""
    text = work.source.line(line)
    found = _QUOTED.fullmatch(text)
    if not found:
        return None
    inside = (found[2] if found[2] is not None else found[3]).strip()
    written = spelled(inside, "'" if "'" not in inside else '"')
    if not inside or written is None:
        return None
    source = work.source.with_text((line, found.end(1)), (line, len(text)), written)
    return Edit(source, None, line, f"{text[found.end(1) :].strip()} → {written}")


@mends(CF024)
def colon_in_a_text(work: Work) -> Edit | None:
    """Quotes around a text with a colon, where nothing but a text can stand."""
    return _in_quotes(work, _TEXT)


@mends(CF027)
def sign_before_a_text(work: Work) -> Edit | None:
    """Quotes around a text that begins with a sign with which nothing can begin in YAML."""
    return _in_quotes(work, _SIGN)


def _in_quotes(work: Work, pattern: re.Pattern[str]) -> Edit | None:
    line = (work.finding.place.line or 1) - 1
    text = work.source.line(line)
    found = pattern.fullmatch(text)
    if not found or " #" in text or "\t" in text or found[3][0] in "'\"[{|>&*!":
        return None
    written = spelled(found[3], '"' if "'" in found[3] and not set(found[3]) & set('"\\') else "'")
    if written is None:
        return None
    source = work.source.with_text((line, found.end(2)), (line, len(text)), written)
    return Edit(source, None, line, f"{found[3]} → {written}")


@mends(CH018)
def colon_in_a_chapter(work: Work) -> Edit | None:
    """Quotes around a time and a title that YAML took for a key and its value."""
    keys = work.finding.place.keys
    part, group = work.outline.parts.get(keys), value_at(work.tree, keys)
    if part is None or part.brackets or part.start[0] != part.end[0]:
        return None
    (text,) = (f"{key}: {title}" for key, title in group.items())
    line, written = work.source.line(part.start[0]), spelled(text, '"')
    if written is None or line[part.start[1] :].rstrip() != text:  # quotes inside, a comment
        return None
    source = work.source.with_text(part.start, (part.start[0], len(line)), written)
    tree = with_value_at(work.tree, keys, text)
    return Edit(source, tree, part.start[0], f"{text} → {written}")


@mends(CF025)
def space_after_the_colon(work: Work) -> Edit | None:
    """A space between each key there is and its value."""
    known = {entry.name for entry in fields(kind_of(work.source.file))}
    text, above = work.source.keys
    source, changes = work.source, []
    for at, line in enumerate(text.split("\n"), above):
        key, colon, value = line.partition(":")
        if key in known and colon and value[:1].strip():
            source = source.with_text((at, len(key) + 1), (at, len(key) + 1), " ")
            changes.append((at, f"{line} → {key}: {value}"))
    if not changes:
        return None
    return Edit(source, None, changes[0][0], ", ".join(change for _, change in changes))


@mends(CF011)
def tabs_at_the_start(work: Work) -> Edit | None:
    """Spaces for tabs, if the file says the same however wide a tab is."""
    text, above = work.source.keys
    lines = text.split("\n")
    tabbed = [at for at, line in enumerate(lines) if "\t" in _margin(line)]
    answers: list[tuple[int, Tree]] = []
    for width in _WIDTHS if tabbed else ():
        tree, found = read_tree("\n".join(_spaced(line, width) for line in lines), "")
        if tree is not None and not found:
            answers.append((width, tree))
    if not answers or any(tree != answers[0][1] for _, tree in answers):
        return None
    width = 2 if 2 in dict(answers) else answers[0][0]
    source = work.source
    for at in tabbed:
        margin = _margin(lines[at])
        spaces = margin.replace("\t", " " * width)
        source = source.with_text((at + above, 0), (at + above, len(margin)), spaces)
    return Edit(source, answers[0][1], tabbed[0] + above, "tab → " + "␣" * width)


@mends(CF065)
def tab_before_a_word(work: Work) -> Edit | None:
    """Nothing before a word that can only be one of the file itself."""
    at = (work.finding.place.line or 1) - 1
    line = work.source.line(at)
    source = work.source.with_text((at, 0), (at, len(_margin(line))), "")
    return Edit(source, None, at, f"tab → {line.strip()}")


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _spaced(line: str, width: int) -> str:
    margin = _margin(line)
    return margin.replace("\t", " " * width) + line[len(margin) :]


def is_nearer(before: Source, after: Source) -> bool:
    """Can more of the file be read than before? Its first fault lies further down, or nowhere."""
    old, new = before.read(), after.read()
    if new[0] is not None:
        return True
    first_old = min((one.place.line or 0 for one in old[1]), default=0)
    first_new = min((one.place.line or 0 for one in new[1]), default=0)
    return first_new > first_old
