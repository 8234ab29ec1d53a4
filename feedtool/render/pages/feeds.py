"""The feeds that a page names."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ...model import Series, Site
from ..identity import FEED_NAMES, FEED_TYPES, feed_url

_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


class FeedLink(NamedTuple):
    name: str
    type: str  #: MIME type
    href: str  #: from the page
    url: str  #: to be copied into an app


def feed_links(series: Series, site: Site, way: str) -> tuple[FeedLink, ...]:
    """All formats of a series' feed; `way` leads from the page to their folder."""
    return _feed_links(series.slug, site, way)


@lru_cache(maxsize=256)
def _feed_links(slug: str, site: Site, way: str) -> tuple[FeedLink, ...]:
    return tuple(
        FeedLink(_NAMES[format], FEED_TYPES[format], way + name, feed_url(site, slug, format))
        for format, name in FEED_NAMES.items()
    )
