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
    from yaml.cyaml import CParser as Parser  # type: ignore[attr-defined]
except ImportError:  # PyYAML built without libyaml: the same events, twenty times slower
    from yaml import BaseLoader as Parser  # type: ignore[assignment]

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import forbidden_character
from .yaml_faults import CF010, CF012, CURLY, CURLY_PAIR, broken

Tree = Any
"""dict, list, str, or None for a key without a value."""

DEPTH = 16
"""Lists within lists; the deepest key there is has five levels."""

CF013 = Code(
    "CF013",
    Severity.ERROR,
    message=N_('"{key}:" is written twice; it stands in line {other} already'),
    why=N_("only one of the two can be meant"),
    mend=N_("keep one of the two lines and delete the other"),
)
CF014 = Code(
    "CF014",
    Severity.ERROR,
    message=N_("{sign} has a meaning of its own at this place, which is not used here"),
    why=N_(
        "in YAML, the language of these lines, &, *, ! and << at the beginning make a file say "
        "something other than it seems to say"
    ),
    mend=N_(
        "write out what you mean; if {sign} belongs to a text, put the text in straight quotes"
    ),
)
CF015 = Code(
    "CF015",
    Severity.ERROR,
    message=N_("lists stand in lists, more than {depth} levels deep"),
    why=N_("nothing here needs that, so something went wrong"),
    mend=N_("look for a [ or {{ that is not meant, or for wrong spaces at the start of the line"),
)
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
CF017 = Code(
    "CF017",
    Severity.ERROR,
    message=N_("a word, a colon, a space and a value are expected here, not {found}"),
    why=N_("nothing can be read from it"),
    mend=N_("write one such line for each thing there is to say:  title: Vår podd"),
)
CF018 = Code(
    "CF018",
    Severity.ERROR,
    message=N_("the second line of three hyphens (---) is missing"),
    why=N_("it ends the lines with title, date and recording; the notes begin after it"),
    mend=N_("write --- on a line of its own above the notes"),
)

_LINE_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line ends for YAML, but for no editor; they come with pasted text."""

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
            sign = f"*{event.anchor}"
            self.findings.append(CF014.at(self.place(event.start_mark), sign=sign))
            return sign
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
                self.positions.setdefault(inside, (mark.line + self.first_line, mark.column + 1))
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
            return text or str(sign)
        if event.style is None or event.style == "":  # plain
            if text in _EMPTY:
                return None
            if text[0] in CURLY and CURLY_PAIR.fullmatch(text):
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
    text = _LINE_BREAKS.sub(" ", text)
    parser = Parser(text)
    try:
        parser.get_event()  # stream start
        if isinstance(parser.get_event(), yaml.StreamEndEvent):  # else document start
            return {}, reader.findings
        tree = reader.node(parser, parser.get_event(), (), 0)
        parser.get_event()  # document end
        extra: Any = parser.get_event()
        if not isinstance(extra, yaml.StreamEndEvent):
            problem = N_("three hyphens (---) or dots end what can be said here")
            reader.findings.append(CF010.at(reader.place(extra.start_mark), problem=problem))
    except _TooDeep as error:
        reader.findings.append(CF015.at(reader.place(error.mark), depth=DEPTH))
        return None, reader.findings
    except yaml.YAMLError as error:
        reader.findings.append(broken(error, text, reader.file, reader.first_line))
        return None, reader.findings
    finally:
        parser.dispose()
    if not isinstance(tree, dict):
        found = N_("a list") if isinstance(tree, list) else N_("a text")
        place = Place(reader.file, line=reader.first_line, column=1)
        reader.findings.append(CF017.at(place, found=found))
        return None, reader.findings
    return tree, reader.findings


_FIRST = re.compile(r"---[ \t]*(?:\n|\Z)")
_SECOND = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)


def front_matter(text: str, file: str) -> tuple[str | None, str, int, list[Finding]]:
    """The YAML between the two lines of ---, the notes after it, the notes' first line, faults."""
    first = _FIRST.match(text)
    if not first:
        return None, "", 1, [CF016.at(Place(file, line=1, column=1))]
    second = _SECOND.search(text, first.end())
    if not second:
        return None, "", 1, [CF018.at(Place(file, line=_end_of_keys(text), column=1))]
    written, notes = text[first.end() : second.start()], text[second.end() :]
    return written, notes, text.count("\n", 0, second.end()) + 1, []


def _end_of_keys(text: str) -> int:
    """The line on which the second --- is missed: the first empty one, else the last."""
    lines = text.rstrip("\n").split("\n")
    return next((number for number, line in enumerate(lines, 1) if not line.strip()), len(lines))
