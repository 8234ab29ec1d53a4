"""Raw HTML in notes, nested as pages and feeds may have it (HTML, section 4: content models).

A sanitiser keeps tags, wherever they stand: an item without its list, a list between two items, a
paragraph in bold. Browsers show that, each in its own way; no two readers need agree.
"""

from __future__ import annotations

from html import unescape
from typing import NamedTuple

from ..pattern import pattern

_IMAGE = pattern(r'<img((?: [a-z]+="[^"]*")*)>')
_PART = pattern(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)>|[^<]+')
_ATTRIBUTE = pattern(r' ([a-z]+)="([^"]*)"')
_NUMBER = pattern(r"-?[0-9]+")

_INLINE = frozenset({"a", "b", "i", "strong", "em", "code"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WORDS_ONLY = _HEADINGS | {"p", "pre"}
_LISTS = frozenset({"ul", "ol"})


def has_lost_picture(html: str) -> bool:
    """Is there a picture whose address may not stay?"""
    return any(' src="' not in found[1] for found in _IMAGE.finditer(html))


def well_nested(html: str) -> str:
    """Sanitised HTML with each element where it may stand; the same words in the same order.

    `html` is as nh3 writes it: every element has its end tag, and "<" only begins tags.
    """
    nesting = _Nesting()
    for found in _PART.finditer(html):
        slash, tag, attributes = found.groups()
        if tag is None:
            nesting.words(found.group())
        elif tag == "img":
            nesting.picture(attributes)
        elif tag == "br":
            nesting.phrase("<br>")
        elif tag == "hr":
            nesting.rule()
        elif slash:
            nesting.end(tag)
        else:
            nesting.start(tag, _numbered(attributes) if tag == "ol" else attributes)
    return "".join(nesting.parts)


def _numbered(attributes: str) -> str:
    """Of an ordered list, which begins with a whole number or does not say."""
    start = dict(_ATTRIBUTE.findall(attributes)).get("start", "")
    return f' start="{start}"' if _NUMBER.fullmatch(start) else ""


class _Open(NamedTuple):
    tag: str
    ours: bool  #: it is not in the source
    written: bool = True  #: else only its words stay


class _Nesting:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self._open: list[_Open] = []  #: blocks
        self._inline: dict[str, str] = {}  #: attributes of what is inside of blocks, by tag
        self._counts: list[bool] = []  #: of all that is: is it in there, or was it already?
        self._begun = 0  #: so many of them are written in this block
        self._flat = 0  #: blocks inside of one that may hold words only, with that one

    def words(self, text: str) -> None:
        if text.isspace():
            self.parts.append(text)
        else:
            self.phrase(text)

    def phrase(self, html: str) -> None:
        """Words, or what may stand between them."""
        if self._open and self._open[-1].tag in _LISTS and not self._flat:
            if self._open[-1].ours:
                self._close()
            else:
                self._push("li", "", ours=True)
        for tag, attributes in [*self._inline.items()][self._begun :]:
            self.parts.append(f"<{tag}{attributes}>")
        self._begun = len(self._inline)
        self.parts.append(html)

    def picture(self, attributes: str) -> None:
        said = dict(_ATTRIBUTE.findall(attributes))
        if "src" in said:
            self.phrase(f"<img{attributes}>" if "alt" in said else f'<img{attributes} alt="">')
        elif said.get("alt", "").strip():
            self.phrase(unescape(said["alt"]).replace("&", "&amp;").replace("<", "&lt;"))

    def rule(self) -> None:
        self._leave_words()
        if not self._flat:
            self._make_room("hr")
            self.parts.append("<hr>")

    def start(self, tag: str, attributes: str) -> None:
        if tag in _INLINE:
            self._counts.append(tag not in self._inline)
            self._inline.setdefault(tag, attributes)
            return
        self._leave_words()
        if self._flat:
            self._flat += 1
            self._open.append(_Open(tag, ours=False, written=False))
            self.parts.append("\n")
            return
        self._make_room(tag)
        self._push(self._fitting(tag), attributes)
        self._flat = int(tag in _WORDS_ONLY)

    def end(self, tag: str) -> None:
        if tag in _INLINE:
            if self._counts.pop():
                del self._inline[tag]
                if self._begun > len(self._inline):
                    self._begun -= 1
                    self.parts.append(f"</{tag}>")
            return
        self._leave_words()
        while self._open[-1].ours:
            self._close()
        self._close()
        if tag == "tr":
            self._leave_out_empty_row()
        self._flat = max(0, self._flat - 1)

    def _leave_words(self) -> None:
        """What is inside of blocks ends with them, and goes on in the next one."""
        begun, self._begun = [*self._inline][: self._begun], 0
        self.parts += [f"</{tag}>" for tag in reversed(begun)]

    def _make_room(self, tag: str) -> None:
        """For a block: an item needs a list, and a list holds nothing but items."""
        top = self._open[-1] if self._open else None
        if tag == "li":
            if top and top.ours and top.tag == "li":
                self._close()
            elif not (top and top.tag in _LISTS):
                self._push("ul", "", ours=True)
        elif top and top.tag in _LISTS:
            if top.ours:
                self._close()
            elif not (tag in _LISTS and self._goes_on()):
                self._push("li", "", ours=True)

    def _leave_out_empty_row(self) -> None:
        start = len(self.parts) - 2
        while self.parts[start].isspace():
            start -= 1
        if self.parts[start] == "<tr>":
            del self.parts[start:]

    def _fitting(self, tag: str) -> str:
        """Of the tables, what there is at most once, and what a heading cell may hold."""
        if tag == "thead" and self.parts[-1:] != ["<table>"]:
            return "tbody"
        return "p" if tag in _HEADINGS and any(one.tag == "th" for one in self._open) else tag

    def _goes_on(self) -> bool:
        """A list between two items belongs to the item before it, as far as there is one."""
        for index in range(len(self.parts) - 1, -1, -1):
            if self.parts[index] == "</li>":
                del self.parts[index]
                self._open.append(_Open("li", ours=True))
                return True
            if not self.parts[index].isspace():
                break
        return False

    def _push(self, tag: str, attributes: str, *, ours: bool = False) -> None:
        self.parts.append(f"<{tag}{attributes}>")
        self._open.append(_Open(tag, ours))

    def _close(self) -> None:
        block = self._open.pop()
        if block.written:
            self.parts.append(f"</{block.tag}>")
