"""Feeds are read back before they are shown: by other code than wrote them.

Shares nothing with render/. What a feed says of each item, and their order, must be what was
meant; anything else is a fault of feedtool and stops the build.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from .errors import ReadBackError
from .finding import N_

_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a feed says of one item."""

    id: str
    title: str
    date: datetime
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
                        N_("{name} says {said}, not {meant}"), _MEND,
                        name=name, said=one, meant=other,
                    )  # fmt: skip
    except (etree.XMLSyntaxError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ReadBackError(
            N_("{name} cannot be read back: {error}"), _MEND, name=name, error=error
        ) from error


_MEND = N_("nothing was changed; please report this with the episode's file")


def _elements(file: BinaryIO, tag: str) -> Iterator[Any]:
    parsed = etree.iterparse(file, tag=tag, resolve_entities=False, no_network=True, huge_tree=True)
    for _, element in parsed:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _rss(file: BinaryIO) -> Iterator[Said]:
    for item in _elements(file, "item"):
        (enclosure,) = item.findall("enclosure")
        guid = item.find("guid")
        if guid.get("isPermaLink") != "false":
            raise ValueError("a guid that claims to be an address")
        yield Said(
            guid.text,
            item.findtext("title"),
            parsedate_to_datetime(item.findtext("pubDate")),
            enclosure.get("url"),
            int(enclosure.get("length")),
            enclosure.get("type"),
        )


def _atom(file: BinaryIO) -> Iterator[Said]:
    for entry in _elements(file, _ATOM + "entry"):
        links = entry.findall(_ATOM + "link")
        (enclosure,) = [link for link in links if link.get("rel") == "enclosure"]
        yield Said(
            entry.findtext(_ATOM + "id"),
            entry.findtext(_ATOM + "title"),
            datetime.fromisoformat(entry.findtext(_ATOM + "published")),
            enclosure.get("href"),
            int(enclosure.get("length")),
            enclosure.get("type"),
        )


def _json(file: BinaryIO) -> Iterator[Said]:
    """One item at a time: all of a large feed at once would fill the memory."""
    text = file.read().decode()
    decode = json.JSONDecoder().raw_decode
    start = text.index(_ITEMS) + len(_ITEMS)
    outside = json.loads(text[:start] + text[text.rindex("]") :])
    if outside["items"]:
        raise ValueError("items that are none")
    while text[start] != "]":
        item, start = decode(text, start)
        if text[start : start + 2] == ", ":
            start += 2
        (attachment,) = item["attachments"]
        yield Said(
            item["id"],
            item["title"],
            datetime.fromisoformat(item["date_published"]),
            attachment["url"],
            attachment["size_in_bytes"],
            attachment["mime_type"],
        )
    if text[start:].strip() != "]}":
        raise ValueError("something behind the items")


_ITEMS = '"items": ['
