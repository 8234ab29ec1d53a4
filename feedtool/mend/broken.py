"""Lines that YAML cannot read, or reads with quotes that are none."""

from __future__ import annotations

import re
from dataclasses import fields

from ..read.kinds import every_key, kind_of
from ..read.unseen import CF100, UNUSUAL, UNUSUAL_HEAD, ordinary
from ..read.values import CH018
from ..read.yaml_faults import CF011, CF012, CF024, CF025, CF027, CF065, CF106, CURLY, GLUED
from ..read.yaml_tree import Tree, read_tree
from .edits import spelled
from .fixes import mends, replaced, value_at, with_value_at
from .source import Source
from .state import Edit, Work

_QUOTED = re.compile(
    f'([ ]*(?:-[ ]+)*[\\w-]+:[ ]+)(?:[{CURLY}]([^{CURLY}"]*)[{CURLY}]|"([^{CURLY}"]*)[“”„])[ ]*'
)
"""A key and a text in quotes of a word processor, at least behind it, and nothing more."""

_TEXT = re.compile(
    r"([ ]*)((?:title|summary|description|author|copyright|image_alt):[ ]+)(\S.*?)[ ]*"
)
_SIGN = re.compile(r"([ ]*)((?:-[ ]+)*[\w-]+:[ ]+)([@`%].*?)[ ]*")

_REMARK = re.compile(r"[ ]{2,}# .*")
"""What follows a text on its line; where less stands before it, it may belong to the text."""

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
    if not found or not _is_plain(found[3]) or _last_line(work.source, line) > line:
        return None
    remark = _REMARK.search(text)
    end = remark.start() if remark else len(text)
    said = text[found.end(2) : end].strip()
    written = spelled(said, '"' if "'" in said and not set(said) & set('"\\') else "'")
    if written is None or " #" in said:
        return None
    source = work.source.with_text((line, found.end(2)), (line, end), written)
    return Edit(source, None, line, f"{said} → {written}")


@mends(CF106)
def colon_in_a_text_of_several_lines(work: Work) -> Edit | None:
    """Quotes around all of it; its lines stay."""
    first = at = (work.finding.place.line or 1) - 1
    while first and not _TEXT.fullmatch(work.source.line(first)):
        first -= 1
    found, last = _TEXT.fullmatch(work.source.line(first)), _last_line(work.source, first)
    if found is None or not _is_plain(found[3]) or last < at:  # it is another text
        return None
    said = "\n".join(map(work.source.line, range(first, last + 1)))[found.end(2) :]
    if " #" in said or "\t" in said:
        return None
    written = "'" + said.rstrip(" ").replace("'", "''") + "'"
    end = (last, len(work.source.line(last)))
    source = work.source.with_text((first, found.end(2)), end, written)
    return Edit(source, None, first, f"{found[3]} … → '{found[3]} …'")


def _is_plain(text: str) -> bool:
    return "\t" not in text and text[0] not in "'\"[{|>&*!"


def _last_line(source: Source, first: int) -> int:
    """The last line of the text that begins on a line: those that begin further to the right."""
    margin, last = len(_margin(source.line(first))), first
    text, above = source.keys
    for at in range(first + 1, above + text.count("\n")):
        line = source.line(at)
        if line.strip() and len(_margin(line)) <= margin:
            break
        last = at if line.strip() else last
    return last


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
    if work.tree is not None:
        return _space_inside(work)
    kind = kind_of(work.source.file)
    known, inside = {entry.name for entry in fields(kind)}, every_key(kind)
    text, above = work.source.keys
    source, changes = work.source, []
    for at, line in enumerate(text.split("\n"), above):
        glued = GLUED.fullmatch(line)
        here = inside if at + 1 == work.finding.place.line else known
        if glued and glued[1].lstrip(" -" if here is inside else "") in here:
            source = source.with_text((at, glued.start(2)), (at, glued.start(2)), " ")
            changes.append((at, f"{line.strip()} → {glued[1].strip()}: {glued[2]}"))
    if not changes:
        return None
    return Edit(source, None, changes[0][0], ", ".join(change for _, change in changes))


def _space_inside(work: Work) -> Edit | None:
    """The same in a file that can be read: the colon belongs to a key, or to all of a text."""
    keys, source = work.finding.place.keys, work.source
    pairs: dict[str, Tree] = {}
    said, part = value_at(work.tree, keys), work.outline.parts.get(keys)
    if part is None or part.style != "" or (said is None and not keys):
        return None
    start, last = (part.begin, part.begin[0]) if said is None else (part.start, part.end[0])
    for at in range(start[0], last + 1):
        line = source.line(at)
        column = start[1] if at == start[0] else len(line) - len(line.lstrip(" "))
        written = line[column:].rstrip(" ") if said else str(keys[-1])
        glued = GLUED.fullmatch(written)
        if not glued or not line.startswith(written, column):
            return None
        pairs |= read_tree(f"{glued[1]}: {glued[2]}", "")[0] or {}
        source = source.with_text((at, column + glued.start(2)), (at, column + glued.start(2)), " ")
    change = ", ".join(f"{key}: {value}" for key, value in pairs.items())
    if said:
        return Edit(source, with_value_at(work.tree, keys, pairs), start[0], f"{said} → {change}")
    entry = value_at(work.tree, keys[:-1])
    entry = {key: value for key, value in entry.items() if key != keys[-1]} | pairs
    tree = with_value_at(work.tree, keys[:-1], entry)
    return Edit(source, tree, start[0], f"{keys[-1]} → {change}")


@mends(CF100)
def sign_that_nobody_sees(work: Work) -> Edit | None:
    """Ordinary spaces at the beginnings of lines; else in the place of what was found."""
    text, above = work.source.keys
    line, column = work.finding.place.line or 1, work.finding.place.column or 1
    lines = text.split("\n")
    heads = [(at, _head(one)) for at, one in enumerate(lines, above)]
    spots = [(at, 0, head) for at, head in heads if UNUSUAL.search(head)]
    if line - 1 not in [at for at, _, _ in spots]:
        rest = work.source.line(line - 1)[column - 1 :]
        found = UNUSUAL.search(rest)
        spots = [(line - 1, column - 1 + found.start(), found.group())] if found else []
    for instead in (ordinary, lambda signs: UNUSUAL.sub("", signs)):
        source = work.source
        for at, start, signs in spots:
            source = source.with_text((at, start), (at, start + len(signs)), instead(signs))
        tree = source.read()[0]
        if spots and (work.tree is None or _says_the_same(work.tree, tree)):
            change = f"{work.finding.params['code']} → ␣"
            return Edit(source, None if work.tree is None else tree, spots[0][0], change)
    return None


def _head(line: str) -> str:
    """The beginning of a line, if there is a sign in it that nobody sees: up to its value."""
    found = UNUSUAL_HEAD.match(line)
    end = found.end() if found else 0
    while found and end < len(line) and (line[end] in " -" or UNUSUAL.match(line, end)):
        end += 1
    return line[:end]


def _says_the_same(before: Tree, after: Tree) -> bool:
    """Every text of the file itself, but for those signs."""
    return after is not None and all(
        ordinary(after[key]) == ordinary(value)
        for key, value in before.items()
        if isinstance(value, str) and isinstance(after.get(key), str)
    )


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
