"""Imports in this process, and what a built feed says, read by other code."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

from feedtool.adopt.carry import Outcome, alone, carry_out, catalog_of, prepared
from feedtool.adopt.chain import is_address, read_source
from feedtool.adopt.plan import Plan
from feedtool.adopt.web import Limits, Web

from .catalogs import Catalog
from .feeds_of_others import Told
from .live_feed import File, Live

QUICK = Limits(timeout=5, patience=10, tries=2, wait=0.1, pause=0.01)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def text(message: str, **params: object) -> str:
    return message.format(**params) if params else message


def no_progress(name: str) -> Callable[[int, int], None]:
    return lambda done, total: None


def empty_catalog(folder: Path) -> Catalog:
    made = Catalog(folder)
    made.write(
        "feedtool.yaml",
        "title: Nordvik\ndescription: Allt.\nbase_url: https://podd.example/\nlanguage: sv\n"
        "timezone: Europe/Stockholm\n"
        "owner: {name: Nordvik, email: podd@nordvik.example}\ncategories: [Government]\n",
    )
    return made


def adopt(
    catalog: Catalog, place: str, *, series: str = "samtal", media: bool = False
) -> tuple[Plan, Outcome]:
    """`feedtool import PLACE --yes`."""
    with Web(limits=QUICK, public=not is_address(place)) as web, alone(catalog.root):
        whole = read_source(place, web, lambda done, total: None)
        loaded = catalog_of(catalog.root)
        work = prepared(catalog.root, NOW, loaded, whole, series, web, media=media)
        return work.plan, carry_out(work, text, no_progress)


def serve(live: Live, document: bytes, path: str = "/feed.xml", type: str = "") -> str:
    """Put a feed on the server; gives its address."""
    live.files[path] = File(document, type or "application/rss+xml")
    return live.base + path


def built(catalog: Catalog, series: str = "samtal") -> set[Told]:
    """Build, and read what subscribers get."""
    outcome = catalog.rebuilt()
    errors = [one for one in outcome.findings if one.severity == "error"]
    assert outcome.ok, [one.text("message") for one in errors]
    return {*in_order(catalog, series)}


def in_order(catalog: Catalog, series: str = "samtal") -> list[Told]:
    """What the built feed says, in its order."""
    root = ElementTree.fromstring(catalog.read(f"{series}/feed.xml"))
    found = []
    for item in root.iter("item"):
        enclosure = item.find("enclosure")
        assert enclosure is not None
        date = parsedate_to_datetime(item.findtext("pubDate", ""))
        found.append(
            Told(
                item.findtext("guid", ""), item.findtext("title", ""),
                date.astimezone(UTC).isoformat(), enclosure.get("url", ""),
                int(enclosure.get("length", "")), enclosure.get("type", ""),
            )
        )  # fmt: skip
    return found


def stamp() -> int:
    return time.time_ns()
