"""The door to YAML: text in, a plain tree out, in which every scalar is still text.

libyaml's events are read directly: constructors cost two to five times as much and guess types
(`no` is not False, `06:26` not a number). Anchors, aliases, tags and merge keys are refused.
What every value means is said by written.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

try:
    from yaml.cyaml import CParser as Parser  # type: ignore[attr-defined]
except ImportError:  # PyYAML built without libyaml: the same events, twenty times slower
    from yaml import BaseLoader as Parser  # type: ignore[assignment]

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import forbidden_character, without_forbidden_characters
from .escapes import escaped
from .remarks import HASH, cut_off
from .yaml_faults import ALMOST_HYPHENS, CF010, CF012, CF105, CURLY, CURLY_PAIR, broken

Tree = Any
"""dict, list, str, or None for a key without a value."""

DEPTH = 16
"""Lists within lists; the deepest key there is has five levels."""

_YAML = "tag:yaml.org,2002:"
"""What `!!` stands for."""

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
CF017 = Code(
    "CF017",
    Severity.ERROR,
    message=N_("a word, a colon, a space and a value are expected here, not {found}"),
    why=N_("nothing can be read from it"),
    mend=N_("write one such line for each thing there is to say:  title: Vår podd"),
)

_EMPTY = {"", "~", "null", "Null", "NULL"}

# looked up once: a file gives forty events, and events have no subclasses
_Scalar, _Alias = yaml.ScalarEvent, yaml.AliasEvent
_Sequence, _SequenceEnd = yaml.SequenceStartEvent, yaml.SequenceEndEvent
_MappingEnd = yaml.MappingEndEvent


class _Reader:
    """Makes a tree of events; what is odd is a finding where its event begins."""

    def __init__(self, file: str, first_line: int) -> None:
        self._file = file
        self._first_line = first_line
        self._next: Callable[[], Any]
        self._text = ""
        self._lines: list[str] = []  #: of a text where something may be cut off at a #
        self.findings: list[Finding] = []

    def read(self, text: str) -> dict[str, Tree] | None:
        """The keys and values of the text; None when nothing of it can be read."""
        # line ends for YAML, but for no editor; they come with pasted text
        text = text.replace("\x85", " ").replace("\u2028", " ").replace("\u2029", " ")
        self._text = text
        self._lines = text.split("\n") if HASH.search(text) else []
        parser = Parser(text)
        self._next = parser.get_event
        try:
            tree = self.document()
        except _TooDeep as error:
            self.findings.append(CF015.at(self.place(error.mark), depth=DEPTH))
            return None
        except yaml.YAMLError as error:
            self.findings.append(broken(error, text, self._file, self._first_line))
            return None
        finally:
            parser.dispose()
        if not isinstance(tree, dict):
            found = N_("a list") if isinstance(tree, list) else N_("a text")
            place = Place(self._file, line=self._first_line, column=1)
            self.findings.append(CF017.at(place, found=found))
            return None
        return tree

    def document(self) -> Tree:
        self._next()  # stream start
        if type(self._next()) is yaml.StreamEndEvent:  # else document start
            return {}
        tree = self.node(self._next(), 0)
        self._next()  # document end
        extra = self._next()
        if type(extra) is not yaml.StreamEndEvent:
            self.findings.append(self.beyond(extra.start_mark))
        return tree

    def beyond(self, mark: Any) -> Finding:
        """What ends the keys, and is not the end of the file."""
        line = self._text.split("\n")[mark.line]
        if ALMOST_HYPHENS.fullmatch(line):
            return CF105.at(self.place(mark), text=line.strip())
        problem = N_("three hyphens (---) or dots end what can be said here")
        return CF010.at(self.place(mark), problem=problem)

    def place(self, mark: Any) -> Place:
        return Place(self._file, line=mark.line + self._first_line, column=mark.column + 1)

    def node(self, event: Any, depth: int) -> Tree:
        kind = type(event)
        if kind is _Scalar:
            return self.scalar(event)
        if kind is _Alias:
            return self.refused(f"*{event.anchor}", event)
        if event.anchor or event.tag:
            self.refused_property(event)
        if depth > DEPTH:
            raise _TooDeep(event.start_mark)
        return self.sequence(depth + 1) if kind is _Sequence else self.mapping(depth + 1)

    def sequence(self, depth: int) -> list[Tree]:
        following, scalar = self._next, self.scalar
        items: list[Tree] = []
        while (kind := type(event := following())) is not _SequenceEnd:
            items.append(scalar(event) if kind is _Scalar else self.node(event, depth))
        return items

    def mapping(self, depth: int) -> dict[str, Tree]:
        following, scalar = self._next, self.scalar
        found: dict[str, Tree] = {}
        marks: dict[str, Any] = {}
        while (kind := type(event := following())) is not _MappingEnd:
            key = scalar(event) if kind is _Scalar else str(self.node(event, depth))
            if key is None:
                key = ""
            value = following()
            tree = scalar(value) if type(value) is _Scalar else self.node(value, depth)
            if key == "<<":
                self.refused(key, event)
            elif key in found:
                other = marks[key].line + self._first_line
                self.findings.append(CF013.at(self.place(event.start_mark), key=key, other=other))
            else:
                found[key] = tree
                marks[key] = event.start_mark
        return found

    def scalar(self, event: Any) -> str | None:
        text: str = event.value
        if event.anchor or event.tag:
            sign = self.refused_property(event)
            return text or sign
        style = event.style
        if not style:  # plain
            if text in _EMPTY:
                if self._lines and not text:
                    self.cut_off(event)
                return None
            if text[0] in CURLY and CURLY_PAIR.fullmatch(text):
                self.findings.append(CF012.at(self.place(event.start_mark), text=text))
                return text[1:-1].strip() or None  # as if mended: one fault, one finding
            if self._lines:
                self.cut_off(event)
        elif style == '"' and not text.isprintable():
            return self.unprintable(event)
        return text

    def unprintable(self, event: Any) -> str:
        """A text in double quotes with what an escape made only here, such as "\\x07".

        Gives what is read of it, as if it was mended: one fault, one finding.
        """
        text: str = event.value
        lines = self._text.split("\n")
        marks = event.start_mark, event.end_mark
        if found := escaped(lines, self._file, self._first_line, *marks):
            self.findings.append(found[0])
            return found[1]
        if bad := forbidden_character(text):
            from .text import CF004

            code = f"U+{ord(bad.group()):04X}"
            self.findings.append(CF004.at(self.place(event.start_mark), code=code))
            return without_forbidden_characters(text)  # a build renders it before it stops
        return text

    def cut_off(self, event: Any) -> None:
        found = cut_off(self._lines, self._file, self._first_line, event.end_mark, event.value)
        if found:
            self.findings.append(found)

    def refused(self, sign: str, event: Any) -> str:
        self.findings.append(CF014.at(self.place(event.start_mark), sign=sign))
        return sign

    def refused_property(self, event: Any) -> str:
        tag = str(event.tag).replace(_YAML, "!!", 1)  # as it is written
        return self.refused("&" + event.anchor if event.anchor else tag, event)


class _Locator(_Reader):
    """Reads the same and keeps where each key and each entry begins."""

    def __init__(self, first_line: int) -> None:
        super().__init__("", first_line)
        self._keys: tuple[str | int, ...] = ()
        self.where: dict[tuple[str | int, ...], tuple[int, int]] = {}

    def node(self, event: Any, depth: int) -> Tree:
        self.note(event)
        return super().node(event, depth)

    def note(self, event: Any) -> None:
        mark = event.start_mark
        self.where.setdefault(self._keys, (mark.line + self._first_line, mark.column + 1))

    def sequence(self, depth: int) -> list[Tree]:
        above = self._keys
        items: list[Tree] = []
        while type(event := self._next()) is not _SequenceEnd:
            self._keys = (*above, len(items))
            items.append(self.node(event, depth))
        self._keys = above
        return items

    def mapping(self, depth: int) -> dict[str, Tree]:
        above = self._keys
        found: dict[str, Tree] = {}
        while type(event := self._next()) is not _MappingEnd:
            self._keys = (*above, "?")  # a key that is a list has entries, too
            key = super().node(event, depth)
            key = "" if key is None else str(key)
            self._keys = (*above, key)
            self.note(event)
            tree = self.node(self._next(), depth)
            if key != "<<":
                found.setdefault(key, tree)
        self._keys = above
        return found


class _TooDeep(Exception):
    def __init__(self, mark: Any) -> None:
        self.mark = mark


def read_tree(
    text: str, file: str, first_line: int = 1
) -> tuple[dict[str, Tree] | None, list[Finding]]:
    """The keys and values of a YAML text; None when nothing of it can be read.

    `first_line` is the line of the file on which `text` begins.
    """
    reader = _Reader(file, first_line)
    return reader.read(text), reader.findings


def positions(text: str, first_line: int = 1) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Where each key and each item of a list stands: (line, column), counted from 1.

    Reads the text again; called only for a file that has a finding.
    """
    locator = _Locator(first_line)
    locator.read(text)
    return locator.where
