"""Feeds in parts: what stands around the items, and each item by itself.

An item's fragment depends on the item and its series only, so that it can be kept for the next
build. feedgen writes all of it; here its documents are only cut, between items.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace

from ..declare import dataclass
from ..model import Feed, Site
from ..pattern import pattern
from .atom import render_atom
from .jsonfeed import render_json, render_json_items
from .rss import render_rss


@dataclass(frozen=True, slots=True)
class Cut:
    """One feed: the bytes before its items, of each item, between two items, and behind."""

    head: bytes
    items: tuple[bytes, ...]
    between: bytes
    tail: bytes


def cut_feed(format: str, feed: Feed, site: Site) -> Cut:
    """A feed in "rss", "atom" or "json", in parts; `feed` may have any items, or none."""
    return _CUTTERS[format](feed, site)


def _cut_xml(
    render: Callable[[Feed, Site], bytes], begins: re.Pattern[bytes], end: bytes
) -> Callable[[Feed, Site], Cut]:
    def cut(feed: Feed, site: Site) -> Cut:
        document = render(feed, site)
        # in a text, "<" is written "&lt;"; only CDATA could hold the look of an item
        if b"<![CDATA[" in document:
            raise ValueError("a feed with CDATA cannot be cut")
        tail = document.rindex(end)
        starts = [match.start() + 1 for match in begins.finditer(document, 0, tail)]
        edges = itertools.pairwise([*starts, tail])
        items = tuple(document[start:stop] for start, stop in edges)
        return Cut(document[: starts[0] if starts else tail], items, b"", document[tail:])

    return cut


def _cut_json(feed: Feed, site: Site) -> Cut:
    head, bracket, tail = render_json(replace(feed, items=()), site).rpartition(b"[]")
    items = tuple(render_json_items(feed, site))
    return Cut(head + bracket[:1], items, b",", bracket[1:] + tail)


_CUTTERS: dict[str, Callable[[Feed, Site], Cut]] = {
    "rss": _cut_xml(render_rss, pattern(rb"\n    <item>"), b"  </channel>\n</rss>"),
    "atom": _cut_xml(render_atom, pattern(rb"\n  <entry[ >]"), b"</feed>"),
    "json": _cut_json,
}
