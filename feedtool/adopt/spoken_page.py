"""A transcript that is a web page, as text: a line for each paragraph, the speaker's name first.

The form of podcast:transcript has <cite> for the name, <time> and <p>; others have a whole page.
"""

from __future__ import annotations

import re
from typing import Any

from lxml.etree import (
    Comment,
    HTMLParser,
    LxmlError,
    ProcessingInstruction,
    fromstring,
    iterwalk,
    strip_elements,
)

_UNSAID = ("head", "script", "style", "template", "time")
_WITHIN = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
})  # fmt: skip
"""Elements inside a line; all others begin one."""
_SPACE = re.compile(r"\s+")
_NAMED = "\0"
"""Stands behind a name, where the words go on in the same line; no page has this sign."""
_BEHIND_A_NAME = re.compile(rf"\s*{_NAMED}\s*")


def spoken(html: str) -> str:
    """The words of the page, with an empty line between paragraphs; "" = there are none."""
    try:
        root = fromstring(html.encode(), HTMLParser(encoding="utf-8", huge_tree=True))
    except LxmlError:
        return ""
    strip_elements(root, *_UNSAID, Comment, ProcessingInstruction, with_tail=False)
    parts: list[str] = []
    for event, element in iterwalk(root, ("start", "end")):
        begins = event == "start"
        if _is_name(element):
            parts.append("\n" if begins else _NAMED)
        elif element.tag not in _WITHIN:
            parts.append("\n")
        parts.append(_SPACE.sub(" ", (element.text if begins else element.tail) or ""))
    lines = _BEHIND_A_NAME.sub(" ", "".join(parts)).split("\n")
    return "\n\n".join(line.strip() for line in lines if line.strip())


def _is_name(element: Any) -> bool:
    """Within a sentence it is the title of a book."""
    return bool(element.tag == "cite" and element.getparent().tag != "p")
