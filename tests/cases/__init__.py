"""Cases for tests of what is rendered: whole catalogs by folder, and small values of the model."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from lxml import etree

from feedtool.model import Enclosure, Episode, Feed, Item, Series, Site

from ..catalogs import Catalog

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SITE = Site(base_url="https://podd.example/", media_base_url="https://podd.example/media/")

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
"""As their specifications spell them; not taken from the code under test."""


def a_case(name: str, folder: Path) -> Catalog:
    """A copy of tests/cases/<name>; its recordings.txt says which fixture each recording is."""
    case = Path(__file__).parent / name
    root = folder / name
    shutil.copytree(case, root, ignore=shutil.ignore_patterns("recordings.txt"))
    catalog = Catalog(root)
    for line in (case / "recordings.txt").read_text(encoding="utf-8").splitlines():
        path, fixture = line.split()
        catalog.recording(path, fixture)
    return catalog


def xml(data: bytes) -> Any:
    """The root of a document."""
    return etree.fromstring(data)


def find(data: bytes, path: str) -> list[Any]:
    """What an XPath gives: texts and attributes as strings, elements as text and attributes."""
    return [
        str(one) if isinstance(one, str) else (one.text, dict(one.attrib))
        for one in xml(data).xpath(path, namespaces=NAMESPACES)
    ]


def a_series(slug: str = "samtal", **more: Any) -> Series:
    stated = {
        "title": "Samtal",
        "description": "Samtal i Nordvik.",
        "language": "sv",
        "guid": "5c0b7a9e-3f0d-5e0b-9a51-7d1f2f3e4a5b",
    }
    return Series(**{"slug": slug, **stated, **more})


def an_item(
    slug: str = "ett",
    *,
    series: str = "samtal",
    length: int = 24449,
    type: str = "audio/mpeg",
    duration: timedelta = timedelta(seconds=3),
    item: dict[str, Any] | None = None,
    **more: Any,
) -> Item:
    """An item; `more` are fields of the episode, `item` those of the item itself."""
    stated = {
        "guid": str(uuid5(NAMESPACE_URL, f"{series}/{slug}")),
        "title": "Ett samtal",
        "date": datetime(2025, 3, 1, 9, tzinfo=STOCKHOLM),
        "media": f"{series}/{slug}.mp3",
    }
    episode = Episode(**{"series": series, "slug": slug, **stated, **more})
    enclosure = Enclosure(episode.media, length, type, duration)
    return Item(episode, enclosure, **(item or {}))


def a_feed(*items: Item, **series: Any) -> Feed:
    return Feed(a_series(**series), items or (an_item(),))
