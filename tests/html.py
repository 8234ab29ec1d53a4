"""Pages as a parser of its own sees them: html5lib, as browsers do, and strictly where asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import html5lib
from lxml import etree

Element = Any  #: an lxml element; names without a namespace


def parsed(page: bytes, *, strict: bool = True) -> Element:
    """The tree of a page. Strictly, every parse error of the HTML standard is raised."""
    parser = html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=strict
    )
    return parser.parse(page, transport_encoding="utf-8").getroot()


def words(element: Element) -> str:
    """The text of an element, white space as a reader sees it."""
    return " ".join("".join(element.itertext()).split())


def texts(page: Element, path: str) -> list[str]:
    """The texts of the elements that an XPath finds."""
    return [words(one) for one in page.xpath(path)]


def addresses(page: Element) -> Iterator[tuple[str, str, str]]:
    """Every address that a page names: element, attribute, value."""
    for element in page.iter(etree.Element):
        for name in ("href", "src", "poster", "action", "data", "srcset", "cite", "background"):
            if (value := element.get(name)) is not None:
                yield element.tag, name, value


def outline(page: Element) -> list[int]:
    """The levels of all headings, in order."""
    return [
        int(element.tag[1])
        for element in page.iter(etree.Element)
        if re.fullmatch("h[1-6]", str(element.tag))
    ]


def language(element: Element) -> str:
    """The language an element is in."""
    found = element.xpath("ancestor-or-self::*[@lang][1]/@lang")
    return str(found[-1]) if found else ""
