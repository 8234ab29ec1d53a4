"""Read a feed as an app that subscribes to it: what it says of the show, and of each item.

Any RSS feed, ours or not: the one at the target may be of another program, or of an earlier
version.
"""

from __future__ import annotations

import io
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import blake2b

from lxml import etree

from .effects import Heard


def heard(data: bytes) -> list[Heard]:
    """The items of an RSS feed, in its order. Raises ValueError when no app could read it.

    An item without a guid is known by its address, as apps do (RSS 2.0, guid).
    """
    items = []
    try:
        for _, item in etree.iterparse(
            io.BytesIO(data), tag="item", resolve_entities=False, no_network=True
        ):
            enclosure = item.find("enclosure")
            content = blake2b(_written(item), digest_size=16).hexdigest()
            url, length, type = "", 0, ""
            if enclosure is not None:
                url = str(enclosure.get("url", ""))
                length = _number(str(enclosure.get("length", "")))
                type = str(enclosure.get("type", ""))
            items.append(
                Heard(
                    guid=_text(item, "guid") or _text(item, "link") or url,
                    title=_text(item, "title"),
                    date=_instant(_text(item, "pubDate")),
                    url=url,
                    length=length,
                    type=type,
                    content=content,
                )
            )
            item.clear()
            while item.getprevious() is not None:  # what was read is not needed any more
                del item.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    return items


def show_of(data: bytes) -> dict[str, str]:
    """What an RSS feed says of its show, by the names of series.yaml; what it does not say is not
    there. Raises ValueError when no app could read it.
    """
    said: dict[str, str] = {}
    events = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True
    )
    way: list[object] = []
    try:
        for event, element in events:
            if element.tag == "item":  # what follows is about episodes
                break
            if event == "start":
                way.append(element.tag)
                continue
            way.pop()
            name = _SHOW.get(str(element.tag))
            if name and way == ["rss", "channel"]:
                value = element.get("href") or element.get("text") or element.text or ""
                others = [said[name]] if name == "categories" and name in said else []
                said[name] = ", ".join([*others, " ".join(value.split())])
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    return {
        name: said[name]
        for name in _SHOW.values()
        if name in said and said[name].lower() not in _UNSAID
    }


_UNSAID = frozenset({"", "no", "false"})
"""What apps think of a feed that does not say it."""

_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
_SHOW = {
    "title": "title",
    "description": "description",
    "language": "language",
    f"{_ITUNES}author": "author",
    f"{_ITUNES}image": "image",
    f"{_ITUNES}category": "categories",
    f"{_ITUNES}explicit": "explicit",
    f"{_ITUNES}block": "block",
    f"{_ITUNES}complete": "complete",
    f"{_ITUNES}new-feed-url": "new_feed_url",
    "{https://podcastindex.org/namespace/1.0}guid": "guid",
}
"""What subscribers and directories notice, by tag."""


def hubs_of(data: bytes) -> tuple[str, ...]:
    """The WebSub hubs that a feed names, which are told when it changes (WebSub section 4)."""
    hubs = []
    events = etree.iterparse(
        io.BytesIO(data), events=("start",), resolve_entities=False, no_network=True
    )
    for _, element in events:
        if element.tag == "item":  # what follows is about episodes
            break
        if element.tag == _ATOM_LINK and element.get("rel") == "hub":
            hubs.append(str(element.get("href")))
    return tuple(hubs)


_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"


def _written(item: etree._Element) -> bytes:
    """The item, however its attributes are ordered."""
    try:
        return etree.tostring(item, method="c14n")
    except etree.C14NError:  # entities of a document type, names of namespaces that are no address
        return etree.tostring(item)


def _text(item: etree._Element, name: str) -> str:
    return (item.findtext(name) or "").strip()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _instant(text: str) -> str:
    """The moment, however its zone is written; the text itself when it is no date."""
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, TypeError, OverflowError):
        return text
