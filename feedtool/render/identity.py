"""How feeds and items are named in each format, where they stand, in which language, by whom."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID, uuid5

from ..formats import source_url
from ..model import Feed, Item, Series, Site
from ..pattern import pattern

FEED_NAMES = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
FEED_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


def feed_url(site: Site, series: str, format: str) -> str:
    """The address of a feed; series "" is the catalog."""
    return site.page(series) + FEED_NAMES[format]


def enclosure_url(site: Site, item: Item) -> str:
    """The address of an item's recording, without any prefix."""
    return source_url(site, item.enclosure.source)


def feed_author(series: Series) -> dict[str, str]:
    """Whom an Atom feed is by: it must name somebody (RFC 4287 section 4.1.1)."""
    author = {"name": series.author or series.title}
    if series.owner and series.author in (None, series.owner.name):
        author["email"] = series.owner.email
    return author


def item_language(item: Item, feed: Feed) -> str | None:
    """The language of an item's texts, where it is not the feed's."""
    origin = feed.sources.get(item.episode.series, feed.series)
    language = item.episode.written_in(origin)
    return language if language != feed.series.language else None


_IRI = pattern(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?=[^#])(?://\[[^\s\]]*\])?"
    r"""(?:[^\s<>"{}|\\^`\[\]#%]|%[0-9A-Fa-f]{2})*"""
    r"""(?:#(?:[^\s<>"{}|\\^`\[\]#%]|%[0-9A-Fa-f]{2})*)?"""
)
"""RFC 3987, section 2.2, as far as its signs go; brackets are for addresses of machines only."""


@lru_cache(maxsize=65536)
def atom_id(guid: str, series_guid: str) -> str:
    """An absolute IRI for an item, the same for ever (RFC 4287 section 4.2.6).

    The guid itself if it is an absolute IRI, `urn:uuid:` before a UUID, else a UUID made of the
    feed's podcast:guid and the guid. `series_guid` is that of the series the item comes from.
    """
    if _is_uuid(guid):
        return f"urn:uuid:{guid}"
    urn = guid[:9].lower() == "urn:uuid:"
    if _is_uuid(guid[9:]) if urn else _IRI.fullmatch(guid):
        return guid
    return f"urn:uuid:{uuid5(UUID(series_guid), guid)}"


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text)) and len(text) == 36
    except ValueError:
        return False
