"""Why a YAML text cannot be read, said in words of those who write it.

libyaml says "did not find expected key", often some lines after the fault. What people do wrong is
always much the same: a colon or a quote inside a text, a tab, a space too many. Looked up in the
lines around the place it complains about.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from ..finding import N_, Code, Finding, Place, Severity
from ..pattern import pattern
from .kinds import every_key, kind_of
from .unseen import UNUSUAL_HEAD, unseen

CF010 = Code(
    "CF010",
    Severity.ERROR,
    message=N_("the line cannot be understood: {problem}"),
    why=N_("from here on nothing of the file can be read"),
    mend=N_(
        "compare it with the lines around it: each is a word, a colon, a space and a value; put a "
        "text with special signs in straight quotes:  title: 'Frågor: del två'"
    ),
)
CF011 = Code(
    "CF011",
    Severity.ERROR,
    message=N_("a tab stands where only spaces may stand"),
    why=N_("spaces at the start of a line show what belongs together; a tab has no fixed width"),
    mend=N_("delete the tab and type spaces instead, two for each step to the right"),
    fixable=True,
)
CF065 = Code(
    "CF065",
    Severity.ERROR,
    message=N_("a tab stands before a word that belongs at the start of the line"),
    why=N_("it cannot be told from here what the line belongs to"),
    mend=N_("delete the tab:  {line}"),
    fixable=True,
)
CF012 = Code(
    "CF012",
    Severity.ERROR,
    message=N_("quotes of a word processor stand around {text}"),
    why=N_("only straight quotes are quotes here: listeners would see these"),
    mend=N_("leave the quotes out, or write straight ones (' or \") around them"),
    fixable=True,
)
CF019 = Code(
    "CF019",
    Severity.ERROR,
    message=N_("the quote {sign} is opened here and not closed"),
    why=N_("everything after it is taken for one text"),
    mend=N_("write {sign} at the end of the text as well, or leave both out"),
)
CF024 = Code(
    "CF024",
    Severity.ERROR,
    message=N_("a text with a colon and a space stands without quotes"),
    why=N_("what follows the colon is taken for a value of its own"),
    mend=N_("put the text in straight quotes:  {line}"),
    fixable=True,
)
CF025 = Code(
    "CF025",
    Severity.ERROR,
    message=N_("a space is missing after the colon"),
    why=N_("word and value cannot be told apart without it"),
    mend=N_("write  {line}"),
    fixable=True,
)
CF026 = Code(
    "CF026",
    Severity.ERROR,
    message=N_("the line begins too far to the right or to the left"),
    why=N_("spaces at the start of a line show what belongs together"),
    mend=N_(
        "let the line begin exactly below the first letter of the lines it belongs with; delete "
        "or add spaces"
    ),
)
CF027 = Code(
    "CF027",
    Severity.ERROR,
    message=N_("the text begins with {sign}, which has a meaning of its own there"),
    why=N_("what follows cannot be understood as a text"),
    mend=N_("put the whole text in straight quotes:  {line}"),
    fixable=True,
)
CF028 = Code(
    "CF028",
    Severity.ERROR,
    message=N_("{sign} is opened here and not closed"),
    why=N_("it is unclear where the list ends"),
    mend=N_(
        "write {closing} at its end, and a comma between its parts; a text with a comma, a colon, "
        "a bracket or a # must stand in straight quotes"
    ),
)
CF029 = Code(
    "CF029",
    Severity.ERROR,
    message=N_("the line has no colon, so it does not say what it is about"),
    why=N_("each line is a word, a colon, a space and a value"),
    mend=N_(
        "write  {line}   if that is meant; if it goes on with the line above, begin it with two "
        "spaces"
    ),
)
CF121 = Code(
    "CF121",
    Severity.ERROR,
    message=N_("an entry of a list does not begin with a hyphen and a space"),
    why=N_("nothing else begins an entry, so the line is taken for something else"),
    mend=N_("write  {line}"),
)
CF006 = Code(
    "CF006",
    Severity.ERROR,
    message=N_("two versions of the same lines stand here, one below the other"),
    why=N_("two people changed them, and git could not know which version is meant"),
    mend=N_(
        "keep the lines that are right, and delete the others and the lines that begin with "
        "<<<<<<<, ======= and >>>>>>>"
    ),
)
CF009 = Code(
    "CF009",
    Severity.ERROR,
    message=N_("a backslash stands in double quotes"),
    why=N_("there it means that the next letter is a special sign"),
    mend=N_("write single quotes around the text:  {line}"),
)

CF103 = Code(
    "CF103",
    Severity.ERROR,
    message=N_('"{text}" stands where a line of three hyphens (---) belongs'),
    why=N_("title, date and recording of an episode stand between two such lines"),
    mend=N_("write --- in its place; if such a line follows below, delete this one"),
    fixable=True,
)
CF106 = Code(
    "CF106",
    Severity.ERROR,
    message=N_("a text of several lines with a colon and a space stands without quotes"),
    why=N_("what follows the colon is taken for a value of its own"),
    mend=N_("write all of it on one line, in straight quotes:  {line}"),
    fixable=True,
)
CF105 = Code(
    "CF105",
    Severity.ERROR,
    message=N_("a line of hyphens or dots stands in the file: {text}"),
    why=N_("only the files of episodes have such lines; what follows it here cannot be read"),
    mend=N_("delete the line"),
    fixable=True,
)
ALMOST_HYPHENS = pattern(r"[ \t]*(?!-[ \t]*$)[-\u2010-\u2015\u2212]+[ \t]*")
"""A line of hyphens, or of the dashes that word processors make of them."""

CONFLICT = pattern("^<{7} ", re.MULTILINE)
"""How git marks lines that it could not merge."""

CURLY = "“”„«»‘’‚"
CURLY_PAIR = pattern(f"[{CURLY}][^{CURLY}]*[{CURLY}]")

KEY = pattern(r"(\s*(?:- +)*)([\w-]+):[ ]+(?=\S)")
GLUED = pattern(r"(\s*(?:- +)*(?!\d+:\d)[\w-]+):((?![\s/]).+)")
"""A word and a value with nothing but a colon between them; no address and no time."""
_WORD = pattern(r"[\w-]+:(?=\s|$)")
_COMPLETE = pattern(r"[\w-]+:[ ]+(?![|>&!#\s])")
_ENTRY = pattern(r"\s*(?:- +)+(?=[\[{])")
"""Of a list, and itself in brackets."""
_OWN_LINE = pattern(r"- |#|([\w-]+):(?: |$)")
"""How a line begins that goes on with no text, if it is a key."""
_REMARK = pattern(r"[ ]+#(?: .*)?$")
_BULLET = pattern(r"[ ]*(?:-(?=[^\s-])|[–•][ \t]*|\*[ \t]+)(?=\S)")
"""What people write before an entry instead of a hyphen and a space."""

_SEPARATE = pattern(r"[ \t]*[=;\u2236\uff1a][ \t]*|[ \t]+")
_CHAPTER = pattern(r"\s*- +(?=\d+:\d\d)")
_CLOSING = {"[": "]", "{": "}"}


def broken(error: Exception, text: str, file: str, first_line: int) -> Finding:
    """The finding for what libyaml says about `text`, which begins on line `first_line`."""
    if conflict := CONFLICT.search(text):
        line = first_line + text.count("\n", 0, conflict.start())
        return CF006.at(Place(file, line=line, column=1))
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if mark is None:
        return CF010.at(Place(file, line=first_line, column=1), problem=problem)
    return _Broken(text.split("\n"), file, first_line).explain(error, mark, problem)


class _Broken:
    def __init__(self, lines: list[str], file: str, first_line: int) -> None:
        self._lines = lines
        self._file = file
        self._first = first_line

    def explain(self, error: Any, mark: Any, problem: str) -> Finding:
        """The first explanation that fits, each for one thing people do."""
        begin = getattr(error, "context_mark", None) or mark
        line = self.line(mark.line)
        if "\t" in line[: mark.column + 1]:
            place = self.place(mark.line, line.index("\t"))
            if self._is_outermost(mark.line):
                return CF065.at(place, line=line.strip())
            return CF011.at(place)
        if before := self._before(begin.line, mark.line, problem):
            return before
        context = str(getattr(error, "context", None))
        if "quoted scalar" in context:
            return self._in_quotes(problem, begin.line, begin.column)
        if "could not find expected ':'" in problem:
            return self._without_colon(begin.line)
        if curly := CURLY_PAIR.search(line):
            return CF012.at(self.place(mark.line, curly.start()), text=curly.group())
        if "flow" in context and (opened := self._bracket(begin.line, begin.column)):
            return opened
        if "mapping values" in problem:
            return self._second_colon(mark.line, mark.column)
        if opened := self._quote_above(mark.line, mark.column):
            return opened
        if not line[: mark.column].strip(" "):
            if "flow" in context and (opened := self._bracket_above(mark.line)):
                return opened
            entry = self._entry(mark.line, mark.line - 1)
            return entry or CF026.at(self.place(mark.line, mark.column))
        if key := KEY.match(line):
            place = self.place(mark.line, key.end())
            return CF027.at(place, sign=line[key.end()], line=_mended(line, key))
        return self._entry(mark.line) or CF010.at(
            self.place(mark.line, mark.column), problem=problem
        )

    def _before(self, begin: int, line: int, problem: str) -> Finding | None:
        """What stands before the place, and is no part of YAML or something else in it."""
        if "document start" in problem and self.line(line - 1).strip() == "...":
            return CF105.at(self.place(line - 1, 0), text="...")
        for near in range(max(begin - 1, 0), line + 1):
            found = UNUSUAL_HEAD.match(self.line(near))
            if found and (fault := unseen(self.line(near)[found.end() :], self.line(near))):
                return fault.at(self.place(near, found.end()))
        return None

    def _in_quotes(self, problem: str, line: int, column: int) -> Finding:
        """The text in quotes that begins here does not end, or has a wrong escape."""
        text, place = self.line(line), self.place(line, column)
        sign = text[column : column + 1]
        if "unexpected" not in problem:  # the quotes end, but an escape in between is none
            key = KEY.match(text)
            better = _mended(text, key) if key else "'...'"
            return CF009.at(place, line=better)
        if re.search("[“”„]", text):
            return CF012.at(place, text=text[column:])
        return CF019.at(place, sign=sign)

    def _without_colon(self, line: int) -> Finding:
        text = self.line(line)
        if glued := GLUED.match(text):
            return self._glued(line, glued)
        start = len(text) - len(text.lstrip())
        if ALMOST_HYPHENS.fullmatch(text):
            code = CF103 if self._file.endswith(".md") else CF105
            return code.at(self.place(line, 0), text=text.strip())
        if entry := self._entry(line):
            return entry
        return CF029.at(self.place(line, start), line=self._with_colon(text.strip()))

    def _entry(self, *lines: int) -> Finding | None:
        """The first of the lines that is meant as an entry of a list, and is none."""
        for line in lines:
            if found := _BULLET.match(self.line(line)):
                said = self.line(line)[found.end() :].strip()
                return CF121.at(self.place(line, found.start()), line=f"- {said}")
        return None

    def _with_colon(self, text: str) -> str:
        """The line as it was meant, when it begins with a key; else as a title or a summary."""
        word, rest = [*_SEPARATE.split(text, maxsplit=1), ""][:2]
        known = {entry.name for entry in fields(kind_of(self._file))}
        if word.lower() in known and rest:
            return f"{word.lower()}: {rest}"
        if not any(line.startswith("title:") for line in self._lines):
            return f"title: {text}"
        return f"{'summary' if 'summary' in known else 'description'}: {text}"

    def _second_colon(self, line: int, column: int) -> Finding:
        """A colon where none may stand: in a text, or in a line that is indented wrongly."""
        text = self.line(line)
        if whole := self._over_several_lines(line):
            return CF106.at(self.place(line, column), line=whole)
        key = KEY.match(text)
        if key and key.end() <= column:
            return CF024.at(self.place(line, column), line=_mended(text, key))
        if chapter := _CHAPTER.match(text):
            said, remark = _apart(text[chapter.end() :])
            return CF024.at(self.place(line, column), line=f"- {in_quotes(said)}{remark}")
        for above in range(line - 1, -1, -1):
            if self.line(above).strip():
                if glued := GLUED.match(self.line(above)):
                    return self._glued(above, glued)
                if self._is_bare(above):
                    return self._without_colon(above)
                break
        indent = len(text) - len(text.lstrip(" "))
        return self._entry(line, line - 1) or CF026.at(self.place(line, indent))

    def _is_bare(self, line: int) -> bool:
        """Is it a text at the margin, where each line begins with a key?"""
        text = self.line(line)
        return text[:1].isalpha() and ":" not in text

    def _over_several_lines(self, line: int) -> str | None:
        """The key and the text on one line, if this is one of several lines of a text."""
        first = line
        known = every_key(kind_of(self._file))
        while first and not ((key := KEY.match(self.line(first))) and key[2] in known):
            first -= 1
        key = KEY.match(self.line(first))
        if key is None or self.line(first)[key.end()] in "'\"[{|>&*!":
            return None
        last, indent = first, len(key[1])
        for at in range(first + 1, len(self._lines)):
            text = self.line(at).strip()
            if text and len(self.line(at)) - len(self.line(at).lstrip(" ")) <= indent:
                break
            own = _OWN_LINE.match(text)
            if own and (own[1] is None or own[1] in known):
                return None
            last = at if text else last
        lines = [part.strip() for part in self._lines[first : last + 1] if part.strip()]
        if last == first or last < line or any(" #" in part for part in lines[:-1]):
            return None
        whole = " ".join([self.line(first).rstrip(), *lines[1:]])
        return _mended(whole, key)

    def _glued(self, line: int, glued: re.Match[str]) -> Finding:
        better = f"{glued[1].strip()}: {glued[2].strip()}"
        return CF025.at(self.place(line, glued.start(2) - 1), line=better)

    def _quote_above(self, line: int, column: int) -> Finding | None:
        """What stands before the place ends a quote that was opened on an earlier line."""
        before = self.line(line)[:column].rstrip(" ")
        sign = before[-1:]
        if sign not in {"'", '"'} or before.count(sign) % 2 == 0:
            return None
        for above in range(line - 1, -1, -1):
            if self.line(above).count(sign) % 2:
                return CF019.at(self.place(above, self.line(above).rindex(sign)), sign=sign)
        return None

    def _bracket(self, line: int, column: int) -> Finding | None:
        sign = self.line(line)[column : column + 1]
        if sign not in _CLOSING:
            return None
        return CF028.at(self.place(line, column), sign=sign, closing=_CLOSING[sign])

    def _bracket_above(self, line: int) -> Finding | None:
        """What the file ends inside of, when the list is the last thing in it."""
        for above in range(line - 1, -1, -1):
            if begin := _ENTRY.match(self.line(above)) or KEY.match(self.line(above)):
                return self._bracket(above, begin.end())
        return None

    def _is_outermost(self, index: int) -> bool:
        """Can the word that begins this line only be one of the file itself?

        So it is below a line that begins with such a word and goes no further than its end.
        """
        if not _WORD.match(self.line(index).lstrip(" \t")):
            return False
        for above in map(self.line, range(index - 1, -1, -1)):
            if above.strip() and not above.lstrip().startswith("#"):
                return bool(_COMPLETE.match(above))
        return True

    def line(self, index: int) -> str:
        return self._lines[index] if index < len(self._lines) else ""

    def place(self, line: int, column: int) -> Place:
        if line >= len(self._lines):  # after the last line end
            line, column = len(self._lines) - 1, len(self._lines[-1])
        return Place(self._file, line=line + self._first, column=column + 1)


def _mended(line: str, key: re.Match[str]) -> str:
    """The line with its value in straight quotes that fit."""
    value, remark = _apart(line[key.end() :])
    if value[:1] in "'\"" and value[-1:] != value[:1]:  # the # stands in the quotes
        value, remark = line[key.end() :].strip(), ""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return f"{key[2]}: {in_quotes(value)}{remark}"


def _apart(value: str) -> tuple[str, str]:
    """A value, and the remark after it."""
    remark = _REMARK.search(value)
    return (value[: remark.start()].strip(), remark[0]) if remark else (value.strip(), "")


def in_quotes(text: str) -> str:
    """A text in straight quotes in which it needs no backslash."""
    if "'" in text and not set(text) & set('"\\'):
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"
