"""Show notes as plain text, for hosts that show no HTML."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from lxml.etree import HTMLParser, fromstring, iterwalk

from ..language import LANGUAGES, N_
from ..model import Episode, Series

_LOCALES = Path(__file__).parent.parent / "locale"
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"td", "th"})
_BLOCKS = _LISTS | {"p", "h2", "h3", "h4", "pre", "blockquote", "table"}
_SPACE = re.compile(r" [ \t\n\r\f]+|[\t\n\r\f][ \t\n\r\f]*")
"""What is written as one space: not one space, which stands between most words."""
_GAP = re.compile(r"\n{3,}")
_START = re.compile(r"\d{1,9}")
"""Numbers of lists may be as long in Markdown, and are of any length in HTML."""


def description(episode: Episode, series: Series, page: str) -> str:
    """The notes, else the summary, and the address of the page, where text versions are.

    `page` may be "". Paragraphs are divided by an empty line.
    """
    text = plain_text(episode.notes) or (episode.summary or "").strip()
    if not page:
        return text
    language = episode.written_in(series).partition("-")[0].lower()
    link = _translated(language, N_("Text version and links: {page}")).format(page=page)
    return f"{text}\n\n{link}" if text else link


def _translated(language: str, text: str) -> str:
    return _catalogue(language if language in LANGUAGES else "en").gettext(text)


@lru_cache(maxsize=4)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("feedtool", _LOCALES, [language], fallback=True)


def plain_text(html: str) -> str:
    """Sanitised HTML as text: links as "words (address)", items of lists after a sign."""
    if not html:
        return ""
    reader = _Reader()
    # the <div> keeps libxml2 from making a paragraph of words that stand in none; "huge" is depth
    root = fromstring(f"<div>{html}</div>", HTMLParser(huge_tree=True))
    for event, element in iterwalk(root, ("start", "end")):
        if event == "start":
            reader.begin(element.tag, element.attrib)
            words = element.text
        else:
            reader.end(element.tag)
            words = element.tail
        if words:
            reader.read(words)
    return as_lines("".join(reader.parts))


def as_lines(text: str) -> str:
    """With line ends "\\n", nothing before them, and at most one empty line at a time.

    Both what is sent and what comes back is written so: hosts change line ends and what cannot be
    seen.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join([line.rstrip() for line in text.split("\n")])
    return (_GAP.sub("\n\n", text) if "\n\n\n" in text else text).strip()


class _Reader:
    """Reads what the sanitiser wrote: well-formed, and with few tags (read/notes.py)."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.gap = 0  #: line ends before the next words
        self.fresh = True  #: nothing stands in this item yet, but its sign
        self.link = ""  #: the address of the link that is open
        self.words = 0  #: the part that its words begin with
        self.lists: list[int] = []  #: open lists: the number of the next item; 0 = not numbered
        self.cells = 0
        self.literal = False  #: inside <pre>

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        if tag in _BLOCKS:
            self._edge(tag)
        if tag in _LISTS:
            start = _START.fullmatch(given.get("start", ""))
            self.lists.append(int(start[0]) if start else 1 if tag == "ol" else 0)
        elif tag == "li":
            self._item()
        elif tag == "a":
            self.link, self.words = given.get("href", ""), len(self.parts)
        elif tag == "img":
            self._say(given.get("alt", ""))
        elif tag == "br":
            self._break(self.gap + 1)
        elif tag == "hr":
            self._break(2)
        elif tag == "tr":
            self._break(1)
            self.cells = 0
        elif tag in _CELLS:
            self._say(" – " if self.cells else "")
            self.cells += 1
        if tag == "pre":
            self.literal = True

    def end(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        if tag in _LISTS and self.lists:
            self.lists.pop()
        if tag in _BLOCKS:
            self._edge(tag)
        if tag == "pre":
            self.literal = False

    def read(self, data: str) -> None:
        if not self.literal:
            data = _SPACE.sub(" ", data)
            if self.gap or not self.parts or self.parts[-1].endswith((" ", "\n")):
                data = data.lstrip(" ")
        self._say(data)

    def _say(self, words: str) -> None:
        if words:
            if self.gap and self.parts:
                self.parts.append("\n" * self.gap)
            self.gap, self.fresh = 0, False
            self.parts.append(words)

    def _edge(self, tag: str) -> None:
        """A block begins or ends."""
        self._break(1 if tag in _LISTS and self.lists else 2)

    def _break(self, lines: int) -> None:
        if not self.fresh:  # a paragraph in an item stands beside the sign of the item
            self.gap = min(2, max(self.gap, lines))

    def _item(self) -> None:
        self.fresh = False
        self.gap = max(self.gap, 1)
        number = self.lists[-1] if self.lists else 0
        if number:
            self.lists[-1] += 1
        indent = "  " * min(len(self.lists) - 1, 8) if self.lists else ""
        self._say(f"{indent}{f'{number}.' if number else '•'} ")
        self.fresh = True

    def _end_link(self) -> None:
        address = self.link.removeprefix("mailto:")
        words = "".join(self.parts[self.words :]).strip()
        if address and words != address:
            self._say(f" ({address})" if words else address)
        self.link = ""
