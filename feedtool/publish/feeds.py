"""Read a feed as an app that subscribes to it: what it says of each item.

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
            content = blake2b(etree.tostring(item, method="c14n"), digest_size=16).hexdigest()
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


def _text(item: etree._Element, name: str) -> str:
    return (item.findtext(name) or "").strip()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _instant(text: str) -> str:
    """The moment, however its zone is written; the text itself when it is no date."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return text
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
