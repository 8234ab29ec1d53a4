"""The door to YAML: text in, a plain tree out, in which every scalar is still text.

libyaml's events are read directly: constructors cost two to five times as much and guess types
(`no` is not False, `06:26` not a number). Anchors, aliases, tags and merge keys are refused.
What every value means is said by written.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

try:
    from yaml.cyaml import CParser as Parser
except ImportError:  # PyYAML built without libyaml: the same events, twenty times slower
    from yaml import BaseLoader as Parser  # type: ignore[assignment]

from ..finding import Code, Finding, N_, Place, Severity
from ..formats import forbidden_character

Tree = Any
"""dict, list, str, or None for a key without a value."""

DEPTH = 16
"""Lists within lists; the deepest key there is has five levels."""

CF010 = Code(
    "CF010",
    Severity.ERROR,
    message=N_("the file is not valid YAML: {problem}"),
    why=N_("from this line on nothing can be read"),
    mend=N_(
        "compare the line with its neighbours; a text with a colon, or one that starts with "
        "a quote or another sign, must stand in straight quotes:  title: 'Frågor: del två'"
    ),
)
CF011 = Code(
    "CF011",
    Severity.ERROR,
    message=N_("a tab stands where only spaces may stand"),
    why=N_("YAML shows what belongs together by spaces at the start of a line"),
    mend=N_("replace the tab by spaces"),
)
CF012 = Code(
    "CF012",
    Severity.ERROR,
    message=N_("quotes of a word processor stand around {text}"),
    why=N_("only straight quotes are quotes here: listeners would see these"),
    mend=N_("leave the quotes out, or write straight ones (' or \") around them"),
)
CF013 = Code(
    "CF013",
    Severity.ERROR,
    message=N_('the key "{key}" is written twice'),
    why=N_("only one of the two can be meant"),
    mend=N_("keep one of the lines (the other is line {other})"),
)
CF014 = Code(
    "CF014",
    Severity.ERROR,
    message=N_("{sign} has a special meaning in YAML that is not used here"),
    why=N_("anchors, aliases, tags and merge keys make a file say other than it seems to say"),
    mend=N_("write the value out, or put it in quotes if the sign belongs to the text"),
)
CF015 = Code(
    "CF015",
    Severity.ERROR,
    message=N_("values are nested more than {depth} levels deep"),
    why=N_("no key needs that, so something went wrong"),
    mend=N_("look for a stray [ or { or wrong spaces at the start of a line"),
)
CF016 = Code(
    "CF016",
    Severity.ERROR,
    message=N_("the file does not begin with keys between two lines of ---"),
    why=N_("title, date and recording of an episode stand between these lines"),
    mend=N_("begin the file with ---, then the keys, then --- again, then the notes"),
)
CF017 = Code(
    "CF017",
    Severity.ERROR,
    message=N_("the file holds no keys but {found}"),
    why=N_("nothing can be read from it"),
    mend=N_("write keys with values, one a line:  title: Vår podd"),
)

_OPENING = "“”„«»‘’‚"
_CURLY_PAIR = re.compile(f"[{_OPENING}][^{_OPENING}]*[{_OPENING}]")
_EMPTY = {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class _Reader:
    file: str
    first_line: int
    positions: dict[tuple[str | int, ...], tuple[int, int]] | None
    findings: list[Finding] = field(default_factory=list)

    def place(self, mark: Any) -> Place:
        return Place(self.file, line=mark.line + self.first_line, column=mark.column + 1)

    def node(self, parser: Any, event: Any, keys: tuple[str | int, ...], depth: int) -> Tree:
        if self.positions is not None:
            mark = event.start_mark
            self.positions.setdefault(keys, (mark.line + self.first_line, mark.column + 1))
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.AliasEvent):
            self.findings.append(CF014.at(self.place(event.start_mark), sign="*" + event.anchor))
            return ""
        if event.anchor or event.tag:
            sign = "&" + event.anchor if event.anchor else event.tag
            self.findings.append(CF014.at(self.place(event.start_mark), sign=sign))
        if depth > DEPTH:
            raise _TooDeep(event.start_mark)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Tree] = []
            while not isinstance(item := parser.get_event(), yaml.SequenceEndEvent):
                items.append(self.node(parser, item, (*keys, len(items)), depth + 1))
            return items
        return self.mapping(parser, keys, depth)

    def mapping(self, parser: Any, keys: tuple[str | int, ...], depth: int) -> Tree:
        found: dict[str, Tree] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := parser.get_event(), yaml.MappingEndEvent):
            mark = event.start_mark
            key = self.node(parser, event, (*keys, "?"), depth + 1)
            if not isinstance(key, str):
                key = "" if key is None else str(key)
            inside = (*keys, key)
            if self.positions is not None:
                self.positions.pop((*keys, "?"), None)
                self.positions[inside] = (mark.line + self.first_line, mark.column + 1)
            value = self.node(parser, parser.get_event(), inside, depth + 1)
            if key == "<<":
                self.findings.append(CF014.at(self.place(mark), sign="<<"))
            elif key in lines:
                self.findings.append(CF013.at(self.place(mark), key=key, other=lines[key]))
            else:
                found[key] = value
            lines.setdefault(key, mark.line + self.first_line)
        return found

    def scalar(self, event: Any) -> str | None:
        text: str = event.value
        if event.anchor or event.tag:
            sign = "&" + event.anchor if event.anchor else event.tag
            self.findings.append(CF014.at(self.place(event.start_mark), sign=sign))
        if event.style is None or event.style == "":  # plain
            if text in _EMPTY:
                return None
            if text[0] in _OPENING and _CURLY_PAIR.fullmatch(text):
                self.findings.append(CF012.at(self.place(event.start_mark), text=text))
        elif event.style == '"' and (bad := forbidden_character(text)):
            # an escape such as "\x07" makes the character only here
            from .text import CF004

            code = f"U+{ord(bad.group()):04X}"
            self.findings.append(CF004.at(self.place(event.start_mark), code=code))
        return text


class _TooDeep(Exception):
    def __init__(self, mark: Any) -> None:
        self.mark = mark


def read_tree(
    text: str, file: str, first_line: int = 1
) -> tuple[dict[str, Tree] | None, list[Finding]]:
    """The keys and values of a YAML text; None when nothing of it can be read.

    `first_line` is the line of the file on which `text` begins.
    """
    return _read(text, _Reader(file, first_line, None))


def positions(text: str, first_line: int = 1) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Where each key and each item of a list stands: (line, column), counted from 1.

    Reads the text again; called only for a file that has a finding.
    """
    where: dict[tuple[str | int, ...], tuple[int, int]] = {}
    _read(text, _Reader("", first_line, where))
    return where


def _read(text: str, reader: _Reader) -> tuple[dict[str, Tree] | None, list[Finding]]:
    try:
        parser = Parser(text)
    except (yaml.YAMLError, UnicodeEncodeError):  # already a finding: a forbidden character
        return None, reader.findings
    try:
        parser.get_event()  # stream start
        if isinstance(parser.get_event(), yaml.StreamEndEvent):  # else document start
            reader.findings.append(CF017.at(Place(reader.file, line=1, column=1), found="nothing"))
            return None, reader.findings
        tree = reader.node(parser, parser.get_event(), (), 0)
        parser.get_event()  # document end
        if not isinstance(extra := parser.get_event(), yaml.StreamEndEvent):
            problem = "a second document begins (---)"
            reader.findings.append(CF010.at(reader.place(extra.start_mark), problem=problem))
    except _TooDeep as error:
        reader.findings.append(CF015.at(reader.place(error.mark), depth=DEPTH))
        return None, reader.findings
    except yaml.YAMLError as error:
        reader.findings.append(_broken(error, text, reader))
        return None, reader.findings
    finally:
        parser.dispose()
    if not isinstance(tree, dict):
        found = "a list" if isinstance(tree, list) else "a single text"
        place = Place(reader.file, line=reader.first_line, column=1)
        reader.findings.append(CF017.at(place, found=found))
        return None, reader.findings
    return tree, reader.findings


def _broken(error: yaml.YAMLError, text: str, reader: _Reader) -> Finding:
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # libyaml's reader: a character it refuses
        found = forbidden_character(text)
        at = found.start() if found else 0
        line = text.count("\n", 0, at) + reader.first_line
        place = Place(reader.file, line=line, column=at - text.rfind("\n", 0, at))
        return CF010.at(place, problem=str(getattr(error, "reason", error)))
    lines = text.split("\n")
    place = reader.place(mark)
    line_text = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line_text[: mark.column + 1]:
        return CF011.at(place)
    if curly := _CURLY_PAIR.search(line_text):
        return CF012.at(place, text=curly.group())
    return CF010.at(place, problem=getattr(error, "problem", None) or str(error))


_FENCE = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def front_matter(text: str, file: str) -> tuple[str | None, str, int, list[Finding]]:
    """The YAML between the two lines of ---, the notes after it, the notes' first line, faults."""
    match = _FENCE.match(text)
    if not match:
        return None, "", 1, [CF016.at(Place(file, line=1, column=1))]
    return match.group(1), text[match.end() :], text.count("\n", 0, match.end()) + 1, []
