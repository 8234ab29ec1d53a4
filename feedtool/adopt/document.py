"""XML of others: bytes in, a tree out, however broken it came.

Most of the feeds that are not well-formed have one of four faults: another encoding than they say,
something before their first line, a bare "&", or an entity of HTML that XML does not know. Those
are put right, so that guids and addresses stay what they are, to the letter: tolerant parsers lose
or add characters there. Then come elements that are not closed (unclosed.py).
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import NamedTuple

from lxml import etree

from ..errors import FeedtoolError
from ..language import N_
from .tolerant import as_utf8
from .unclosed import closed

Element = etree._Element

_NAMESPACES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss2": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.oclc.org/net/rss_2.0/enc#": "",  # mod_enclosure of RSS 1.0
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://podlove.org/simple-chapters": "psc",
    "http://search.yahoo.com/mrss": "media",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_ITUNES = "dtds/podcast-1.0.dtd"
"""How the address of Apple's namespace ends; what comes before is misspelt in many ways."""

_SIMPLE = 100
"""Characters of the longest entity that a feed may declare."""


class NoFeedError(FeedtoolError):
    """What came is no feed that can be read."""

    exit_code = 5
    code = "no-feed"


def name_of(element: Element) -> str:
    """ "itunes:duration" for the element of that namespace, whatever prefix the feed has for it.

    Atom's own names have "atom:", RSS's have none. A prefix that is not declared is kept: libxml2
    leaves it in the name.
    """
    tag = element.tag
    if not isinstance(tag, str):  # a comment, an instruction, an entity
        return ""
    if tag[0] != "{":
        return tag
    space, _, local = tag[1:].partition("}")
    prefix = _prefix(space)
    if prefix is None:
        prefix = element.prefix or space
    return f"{prefix}:{local}" if prefix else local


def _prefix(space: str) -> str | None:
    space = space.strip().lower().rstrip("/")
    return "itunes" if space.endswith(_ITUNES) else _NAMESPACES.get(space)


class Read(NamedTuple):
    """A document."""

    root: Element
    repaired: bool  #: something had to be put right


def read_xml(data: bytes, name: str) -> Read:
    """The document, as far as it can be read. Raises NoFeedError.

    Nothing is fetched, no entity is expanded.
    """
    data = as_utf8(data).lstrip()
    if not _FIRST.match(data) and (first := _FIRST.search(data[:_PROLOG])):
        data = data[first.start() :]  # a program complained before it wrote the feed, maybe in HTML
    root = _strict(data)
    repaired = root is None
    if root is None:
        entities = _declared(data, name)
        data = _DOCTYPE.sub(b"", data, 1)
        text = _mended(data.decode("utf-8", "replace"), entities)
        root = _strict(text.encode())
        if root is None:
            root = _recovered(closed(text).encode())
    if root is None:
        raise NoFeedError(
            N_("{name} is no feed that can be read"),
            N_("look at the address in a browser: it should show XML; then run it again"),
            name=name,
        )
    return Read(root, repaired)


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover,
        encoding="utf-8", remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _strict(data: bytes) -> Element | None:
    """The tree of a well-formed document without entities of its own."""
    if b"<!ENTITY" in data[:_PROLOG]:
        return None
    try:
        return etree.fromstring(data, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _recovered(data: bytes) -> Element | None:
    try:
        return etree.fromstring(data, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


# --- entities --------------------------------------------------------------------------------

_PROLOG = 65536
_FIRST = re.compile(rb"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF)[\s>]")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,1000}(?:\[.{0,60000}?\]\s*)?>", re.I | re.S)
_ENTITY = re.compile(rb"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"<&%]*)"|'([^'<&%]*)')\s*>""")
_CHARACTER = re.compile(rb"&#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6});")


def _declared(data: bytes, name: str) -> dict[str, str]:
    """The entities that a document declares. Raises NoFeedError for any but a few letters.

    One that is made of others can grow to gigabytes, one from elsewhere reads files.
    """
    prolog = data[:_PROLOG]
    declared = {
        key.decode("utf-8", "replace"): (one or other).decode("utf-8", "replace")
        for key, one, other in _ENTITY.findall(_CHARACTER.sub(_letter, prolog))
    }
    if prolog.count(b"<!ENTITY") != len(declared) or any(
        len(text) > _SIMPLE for text in declared.values()
    ):
        raise NoFeedError(
            N_("{name} declares entities of its own, which could fill this machine's memory"),
            N_("no podcast app reads such a feed either; ask its host for one without <!ENTITY"),
            name=name,
        )
    return declared


def _letter(found: re.Match[bytes]) -> bytes:
    digits = found.group()[2:-1]
    number = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    letter = chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else " "
    return b" " if letter in "<&%\"'" else letter.encode()


_SECTION = re.compile(r"<!\[CDATA\[|<!--|<\?")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


def _mended(text: str, entities: dict[str, str]) -> str:
    """Every "&" outside of CDATA as XML wants it, and no character that XML cannot carry."""

    def mend(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "&amp;"
        if name in _XML:
            return found.group()
        if name[0] == "#":
            number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
            return found.group() if _is_character(number) else ""
        letters = entities.get(name) or html5.get(f"{name};")
        if letters is None:
            return f"&amp;{name};"
        return letters.replace("&", "&amp;").replace("<", "&lt;")

    parts = _sections(_NOT_XML.sub("", text))
    parts[::2] = [_AMPERSAND.sub(mend, part) for part in parts[::2]]
    return "".join(parts)


def _sections(text: str) -> list[str]:
    """Text, CDATA or the like, text, and so on. One pattern for all would look to the end of the
    document again for each that never ends."""
    parts, start, endless = [], 0, set[str]()
    at = 0
    while found := _SECTION.search(text, at):
        begin = found.group()
        end = -1 if begin in endless else text.find(_ENDS[begin], found.end())
        if end < 0:
            endless.add(begin)
            at = found.end()
            continue
        at = end + len(_ENDS[begin])
        parts += [text[start : found.start()], text[found.start() : at]]
        start = at
    return [*parts, text[start:]]


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _is_character(number: int) -> bool:
    return number < 0x110000 and (number in (9, 10, 13) or number >= 32) and not (
        0xD800 <= number < 0xE000 or number in (0xFFFE, 0xFFFF)
    )  # fmt: skip
