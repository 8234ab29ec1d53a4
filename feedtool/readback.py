"""Feeds are read back before they are shown: by other code than wrote them.

Shares nothing with render/, and expat reads what libxml2 wrote. What a feed says of each item, and
their order, must be what was meant; anything else is a fault of feedtool and stops the build.

Of a feed, only the piece that is being read is in memory: it may have ten thousand items.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from .errors import ReadBackError
from .finding import N_

_PIECE = 1 << 18
"""Bytes that are read at a time."""


class Said(NamedTuple):
    """What a feed says of one item."""

    id: str
    title: str
    date: str  #: ISO 8601, in seconds and with an offset
    url: str
    length: int
    type: str


def check_feed(name: str, data: bytes | Path, meant: Iterable[Said]) -> None:
    """Raise ReadBackError when the feed called `name` says anything but what is meant."""
    reader = {"feed.xml": _rss, "atom.xml": _atom, "feed.json": _json}[name.rpartition("/")[2]]
    try:
        with io.BytesIO(data) if isinstance(data, bytes) else data.open("rb") as file:
            for one, other in zip_longest(reader(file), meant):
                if one != other:
                    raise ReadBackError(
                        N_("{name} says {said}, not {meant}"), MEND,
                        name=name, said=one, meant=other,
                    )  # fmt: skip
    except (expat.ExpatError, ValueError, LookupError, TypeError) as error:
        raise ReadBackError(
            N_("{name} cannot be read back: {error}"), MEND, name=name, error=error
        ) from error


MEND = N_("nothing was changed; please report this with the episode's file")


# --- XML -------------------------------------------------------------------------------------


class _Text(NamedTuple):
    attributes: dict[str, str]
    pieces: list[str]

    def __str__(self) -> str:
        return "".join(self.pieces)


_Item = tuple[dict[str, _Text], list[dict[str, str]]]
"""The texts that were asked for, the first of each name; the attributes of all links."""


def _items(file: BinaryIO, tag: str, texts: frozenset[str], link: str) -> Iterator[_Item]:
    """The items of a feed, elements with this tag. Names are written "namespace name".

    Only the texts that are wanted are listened to: expat alone passes over the notes, most of a
    feed. That takes 81 µs for an item in RSS and Atom; with trees of lxml it was 120.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    items: list[_Item] = []
    said: dict[str, _Text] = {}
    links: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal said, links
        if name in texts:
            text = _Text(attributes, [])
            said.setdefault(name, text)
            parser.CharacterDataHandler = text.pieces.append
            parser.EndElementHandler = end
        elif name == link:
            links.append(attributes)
        elif name == tag:
            said, links = {}, []
            items.append((said, links))

    def end(_name: str) -> None:
        parser.CharacterDataHandler = parser.EndElementHandler = None

    def refuse(*_declared: object) -> None:
        raise ValueError("a document type")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        for piece in iter(partial(file.read, _PIECE), b""):
            parser.Parse(piece)
            yield from items[:-1]  # the rest of the last may be in the next piece
            del items[:-1]
        parser.Parse(b"", True)
        yield from items
    finally:  # these functions hold the parser, and it holds them: 0.4 MiB that would stay
        parser.StartElementHandler = parser.StartDoctypeDeclHandler = None
        parser.EndElementHandler = parser.CharacterDataHandler = None


_RSS_TEXTS = frozenset({"title", "guid", "pubDate"})


def _rss(file: BinaryIO) -> Iterator[Said]:
    for said, links in _items(file, "item", _RSS_TEXTS, "enclosure"):
        (enclosure,) = links
        if said["guid"].attributes.get("isPermaLink") != "false":
            raise ValueError("a guid that claims to be an address")
        yield Said(
            str(said["guid"]),
            str(said["title"]),
            _iso(str(said["pubDate"])),
            enclosure["url"],
            int(enclosure["length"]),
            enclosure["type"],
        )


def _iso(text: str) -> str:
    """ "Sat, 01 Mar 2025 09:00:00 +0100" as ISO 8601; email.utils takes 8 µs to read it."""
    name, day, month, year, time, offset = text.split(" ")
    days = f"{year}-{_MONTHS.index(month) + 1:02}-{day}"
    if name != _DAYS[date.fromisoformat(days).weekday()]:
        raise ValueError(f"{text}: another day of the week")
    return f"{days}T{time}{offset[:3]}:{offset[3:]}"


_DAYS = ("Mon,", "Tue,", "Wed,", "Thu,", "Fri,", "Sat,", "Sun,")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

_ATOM = "http://www.w3.org/2005/Atom "
_ID, _TITLE, _PUBLISHED = (_ATOM + name for name in ("id", "title", "published"))
_ATOM_TEXTS = frozenset({_ID, _TITLE, _PUBLISHED})


def _atom(file: BinaryIO) -> Iterator[Said]:
    """In the catalog's feed, the id and the title of an entry's series stand behind its own."""
    for said, links in _items(file, _ATOM + "entry", _ATOM_TEXTS, _ATOM + "link"):
        (enclosure,) = [link for link in links if link.get("rel") == "enclosure"]
        yield Said(
            str(said[_ID]),
            str(said[_TITLE]),
            str(said[_PUBLISHED]),
            enclosure["href"],
            int(enclosure["length"]),
            enclosure["type"],
        )


# --- JSON ------------------------------------------------------------------------------------


def _json(file: BinaryIO) -> Iterator[Said]:
    """One item at a time: all of a large feed at once would fill the memory."""
    pieces = codecs.iterdecode(iter(partial(file.read, _PIECE), b""), "utf-8")
    decode = json.JSONDecoder().raw_decode
    text, start = "", 0

    def more() -> bool:
        """Let go of what was read, take in the next piece."""
        nonlocal text, start
        piece = next(pieces, "")
        text, start = text[start:] + piece, 0
        return bool(piece)

    while _ITEMS not in text and more():
        pass
    start = text.index(_ITEMS) + len(_ITEMS)
    head = text[:start]
    while not text.startswith("]", start):
        try:
            item, start = decode(text, start)
        except ValueError:  # half an item
            if more():
                continue
            raise
        (attachment,) = item["attachments"]
        yield Said(
            item["id"],
            item["title"],
            item["date_published"],
            attachment["url"],
            attachment["size_in_bytes"],
            attachment["mime_type"],
        )
        while len(text) < start + len(_BETWEEN) and more():
            pass
        if text.startswith(_BETWEEN, start):
            start += len(_BETWEEN)
    tail = text[start:] + "".join(pieces)
    if json.loads(head + tail)["items"] or tail.strip() != "]}":
        raise ValueError("something behind the items")


_ITEMS = '"items":['
_BETWEEN = ","
