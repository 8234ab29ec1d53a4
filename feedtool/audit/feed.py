"""A feed as podcast apps read it: only what is compared with the servers, or told.

Any RSS feed, ours or not. Entities are not expanded and nothing is fetched while reading.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from lxml import etree

from ..declare import dataclass

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_ATOM = "{http://www.w3.org/2005/Atom}"
_ITUNES = f"{{{ITUNES}}}"
_PODCAST = (
    "{https://podcastindex.org/namespace/1.0}",
    # the address before 2021, still in use
    "{https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md}",
)

_DEMANDED = {
    **{name: name for name in ("title", "description", "link", "language")},
    "itunes:explicit": f"{_ITUNES}explicit",
}
WEB_PAGE = "HTML"
_KINDS = {
    "rss": "RSS",
    "html": WEB_PAGE,
    "{http://www.w3.org/1999/xhtml}html": WEB_PAGE,
    "{http://www.w3.org/2005/Atom}feed": "Atom",
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF": "RSS 1.0",
    "opml": "OPML",
}
RSS = _KINDS["rss"]

_DECLARATION = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# (?>...): a comment is read in one way only, else a hundred of them are never done with
_WEB_PAGE = re.compile(
    rb"\s*(?>(?:<!--.{0,2000}?-->|<\?.{0,200}?\?>)\s*)*<(!doctype\s+html|html)", re.I | re.S
)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SideFile:
    """A transcript or a list of chapters."""

    url: str
    type: str  #: as the feed has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a feed says of one episode. A text is "" where nothing is said."""

    title: str
    guid: str  #: the first
    guids: int
    date_text: str
    date: datetime | None  #: to sort by, as far as it can be read; None = not stated, or no date
    enclosures: int  #: how many; what follows is of the first
    url: str  #: where it is
    stated_url: str  #: as the feed has it
    length: str
    type: str  #: in small letters, without parameters
    image: str
    side_files: tuple[SideFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says."""

    kind: str  #: RSS, or what it is instead
    version: str  #: of RSS
    doctype: bool
    title: str
    demanded: Mapping[str, tuple[str, ...]]  #: what directories demand of a channel, by its tag
    categories: tuple[
        tuple[str, ...], ...
    ]  #: each with those that it is below: ("News", "Politics")
    misspelt: str  #: what the feed says in the place of ITUNES: apps see none of those tags
    image: str  #: where it is
    self_links: tuple[str, ...]  #: as the feed has them
    hubs: tuple[str, ...]  #: the same
    guid: str  #: podcast:guid
    medium: str  #: podcast:medium; "" = a podcast
    new_feed_url: str
    items: tuple[Item, ...]

    def newest(self, most: int | None) -> tuple[Item, ...]:
        """The episodes that apps show first; those without a date come last."""
        order = sorted(
            (one for one in self.items if one.url),
            key=lambda one: one.date.timestamp() if one.date else float("-inf"),
            reverse=True,
        )
        return tuple(order[:most])


def declared_encoding(data: bytes) -> str:
    """The encoding that the XML declaration names; UTF-8 when it names none (XML 1.0, 4.3.3)."""
    found = _DECLARATION.match(data.removeprefix(_BOM))
    return found[1].decode() if found else "UTF-8"


def has_mark(data: bytes) -> bool:
    """Does it begin with a byte order mark?"""
    return data.startswith(_BOM)


def is_web_page(data: bytes) -> bool:
    """A login or an error page is seldom well-formed XML: known by how it begins."""
    return _WEB_PAGE.match(data[:4096].removeprefix(_BOM)) is not None


def read_feed(data: bytes, base: str) -> Feed:
    """The feed; relative addresses are resolved against `base`.

    Raises ValueError when it is not well-formed.
    """
    items = []
    events = etree.iterparse(
        io.BytesIO(data), tag="item", resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, found in events:
            parent = found.getparent()
            if parent is not None and parent.tag == "channel":
                items.append(_item(found, base))
                found.clear()
    except etree.XMLSyntaxError as error:
        # of an entity that nobody defined only the log says what and where it is
        last = events.error_log.last_error
        if last is not None and not error.lineno:
            raise ValueError(f"{last.message}, line {last.line}, column {last.column}") from error
        raise ValueError(error.msg or "XML") from error
    root = events.root
    if root is None:
        raise ValueError("XML")
    channel = root.find("channel") if root.tag == "rss" else None
    channel = etree.Element("channel") if channel is None else channel
    links = [
        (one.get("rel", ""), str(one.get("href", "")).strip())
        for one in channel.findall(f"{_ATOM}link")
    ]
    # RSS 2.0 has the picture in image/url; apps take it where itunes:image is not
    plain = channel.find("image/url")
    other = "" if plain is None else _absolute(plain.text or "", plain, base)
    return Feed(
        kind=_KINDS.get(str(root.tag), str(root.tag)),
        version=str(root.get("version", "")).strip(),
        doctype=root.getroottree().docinfo.internalDTD is not None,
        title=_text(channel, "title"),
        demanded=_demanded(channel),
        categories=tuple(_categories(channel)),
        misspelt=_misspelt(channel),
        image=_image(channel, base) or other,
        self_links=tuple(url for rel, url in links if url and rel == "self"),
        hubs=tuple(url for rel, url in links if url and rel == "hub"),
        guid=_podcast_text(channel, "guid"),
        medium=_podcast_text(channel, "medium"),
        new_feed_url=_text(channel, f"{_ITUNES}new-feed-url"),
        items=tuple(items),
    )


def _item(found: etree._Element, base: str) -> Item:
    enclosures = found.findall("enclosure")
    if len(enclosures) == 1 and _type(str(enclosures[0].get("type", ""))).startswith("image/"):
        enclosures = []  # of a blog, whose programs enclose the picture of a post
    given = {str(k): str(v).strip() for k, v in enclosures[0].items()} if enclosures else {}
    date_text = _text(found, "pubDate")
    side_files = [
        SideFile(_address(one, "url", base), _type(str(one.get("type", ""))))
        for space in _PODCAST
        for name in ("transcript", "chapters")
        for one in found.findall(space + name)
    ]
    guids = [text for one in found.findall("guid") if (text := (one.text or "").strip())]
    return Item(
        title=_text(found, "title") or _text(found, f"{_ITUNES}title"),
        guid=guids[0] if guids else "",
        guids=len(guids),
        date_text=date_text,
        date=_instant(date_text),
        enclosures=len(enclosures),
        url=_address(enclosures[0], "url", base) if enclosures else "",
        stated_url=given.get("url", ""),
        length=given.get("length", ""),
        type=_type(given.get("type", "")),
        image=_image(found, base),
        side_files=tuple(one for one in side_files if one.url),
    )


def _demanded(channel: etree._Element) -> dict[str, tuple[str, ...]]:
    """What is there of APPLE-01 to 10 and PSP-02, but for the categories."""
    found = {
        name: [(one.text or "").strip() for one in channel.findall(tag)]
        for name, tag in _DEMANDED.items()
    }
    image = channel.find(f"{_ITUNES}image")
    found["itunes:image"] = [] if image is None else [str(image.get("href", "")).strip()]
    return {name: tuple(filter(None, texts)) for name, texts in found.items()}


def _categories(element: etree._Element) -> Iterator[tuple[str, ...]]:
    """The way to every shelf: ("Education", "Courses")."""
    for one in element.findall(f"{_ITUNES}category"):
        name = str(one.get("text", ""))
        yield from [(name, *below) for below in _categories(one)] or [(name,)]


def _misspelt(channel: etree._Element) -> str:
    """The address of a tag in a namespace that is iTunes' but for a few signs (XML-05); or ""."""
    spaces = (str(etree.QName(one).namespace or "") for one in channel.iterchildren("*"))
    return next((one for one in spaces if one != ITUNES and _plain(one) == _plain(ITUNES)), "")


def _plain(space: str) -> str:
    """A namespace without what is often written otherwise."""
    return space.lower().strip().rstrip("/").removeprefix("https:").removeprefix("http:")


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _podcast_text(element: etree._Element, name: str) -> str:
    return next(filter(None, (_text(element, space + name) for space in _PODCAST)), "")


def _image(element: etree._Element, base: str) -> str:
    image = element.find(f"{_ITUNES}image")
    return "" if image is None else _address(image, "href", base)


def _type(text: str) -> str:
    """Without its parameters, as servers' types are compared."""
    return text.partition(";")[0].strip().lower()


def _address(element: etree._Element, name: str, base: str) -> str:
    """What the attribute names, absolute (RFC 3986, 5, and XML Base); "" stays."""
    return _absolute(str(element.get(name, "")), element, base)


def _absolute(text: str, element: etree._Element, base: str) -> str:
    """What cannot be resolved is told as it is, where it is looked at."""
    text = text.strip()
    try:
        return urljoin(urljoin(base, element.base or ""), text) if text else ""
    except ValueError:
        return text


def _instant(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
