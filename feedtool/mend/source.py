"""A file that is to be edited: text of which everything is kept that is not meant."""

from __future__ import annotations

import re

from ..declare import dataclass
from ..finding import Finding
from ..formats import without_forbidden_characters
from ..read.front_matter import front_matter
from ..read.yaml_tree import Tree, read_tree

Spot = tuple[int, int]
"""A line and a column of a file, counted from 0, in characters."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Source:
    """The text of feedtool.yaml, of a series or of an episode."""

    file: str  #: relative to the catalog's root
    text: str  #: with the line ends of the file and its byte order mark

    @classmethod
    def of(cls, file: str, raw: bytes) -> Source | None:
        """None when it is not text in UTF-8."""
        try:
            return cls(file, raw.decode())
        except UnicodeDecodeError:
            return None

    @property
    def raw(self) -> bytes:
        return self.text.encode()

    @property
    def plain(self) -> str:
        """The text as it is read: every character at the same line and column."""
        text = self.text.removeprefix(_BYTE_ORDER_MARK)
        return without_forbidden_characters(_LINE_END.sub("\n", text))

    @property
    def keys(self) -> tuple[str, int]:
        """The YAML in it, and the number of lines above; "" when there is none."""
        if not self.file.endswith(".md"):
            return self.plain, 0
        return front_matter(self.plain, self.file)[0] or "", 1

    @property
    def rest(self) -> str:
        """What follows the keys: the notes, as they stand there."""
        return self.text[self._offset((self.keys[1] + self.keys[0].count("\n"), 0)) :]

    @property
    def line_end(self) -> str:
        """The one of its first line."""
        found = _LINE_END.search(self.text)
        return found.group() if found else "\n"

    def read(self) -> tuple[dict[str, Tree] | None, list[Finding]]:
        """What feedtool reads from it."""
        if self.file.endswith(".md"):
            keys, _, _, found = front_matter(self.plain, self.file)
            if keys is None:
                return None, found
        text, above = self.keys
        return read_tree(text, self.file, above + 1)

    def line(self, number: int) -> str:
        """A line without its end; "" after the last one."""
        lines = self.plain.split("\n")
        return lines[number] if number < len(lines) else ""

    def with_text(self, start: Spot, end: Spot, new: str) -> Source:
        """Something else between two spots; "\\n" becomes the line end of this file."""
        before, after = self.text[: self._offset(start)], self.text[self._offset(end) :]
        return Source(self.file, before + new.replace("\n", self.line_end) + after)

    def without_lines(self, first: int, last: int) -> Source:
        return self.with_text((first, 0), (last + 1, 0), "")

    def _offset(self, spot: Spot) -> int:
        line, column = spot
        begin = len(self.text) - len(self.text.removeprefix(_BYTE_ORDER_MARK))
        for found in _LINE_END.finditer(self.text):
            if not line:
                break
            line, begin = line - 1, found.end()
        return min(begin + column, len(self.text))
