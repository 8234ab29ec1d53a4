"""What every feed says of itself, a series' or the catalog's own: keys and where they come from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID, uuid5

from ..finding import Place
from ..formats import is_remote
from ..model import (
    Funding,
    License,
    Link,
    Location,
    Owner,
    Publisher,
    Series,
    UpdateFrequency,
)
from ..vocabulary import LICENSES
from .objects import LinkKeys
from .written import CatalogKeys, ChannelKeys

PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (Podcasting 2.0, tag guid)."""

_INHERITED = (
    "title", "description", "author", "language", "medium", "type", "explicit", "categories",
    "image", "image_alt", "copyright", "license", "location", "locked", "funding", "complete",
    "block", "update_frequency", "publisher", "hubs",
)  # fmt: skip
"""What a series takes from feedtool.yaml when it does not say it. Identity, moves, trailers, links
and people belong to one feed alone."""


def podcast_guid(feed_url: str) -> str:
    """The podcast:guid of a feed that has none yet: a UUIDv5 of its address without the scheme."""
    return str(uuid5(PODCAST_NAMESPACE, feed_url.partition("://")[2].rstrip("/")))


def channel_of(
    slug: str,
    keys: ChannelKeys,
    defaults: CatalogKeys,
    more: dict[str, Any],
    place: Place,
    emptied: Collection[str] = (),
) -> Series:
    def stated(key: str) -> Any:
        if _states(keys, key) or key in emptied or key not in _INHERITED:
            return getattr(keys, key)
        return getattr(defaults, key)

    def own_or_default_source(key: str) -> str | None:
        own = getattr(keys, key)
        return source_of(own, slug) if own else source_of(getattr(defaults, key), "")

    block, often, publisher = stated("block"), stated("update_frequency"), stated("publisher")
    medium = stated("medium")
    if medium == "publisher" and keys is not defaults:
        medium = keys.medium  # what it publishes stands with it, and is no default (PC20-37)
    title = stated("title")
    return Series(
        slug=slug,
        title=title,
        description=stated("description") or title,
        language=stated("language"),
        guid=keys.guid or "",
        author=stated("author") or (defaults.owner.name if defaults.owner else None),
        owner=Owner(defaults.owner.name, defaults.owner.email) if defaults.owner else None,
        medium=medium or "podcast",
        type=stated("type") or "episodic",
        explicit=bool(stated("explicit")),
        categories=stated("categories"),
        image=own_or_default_source("image"),
        image_alt=stated("image_alt") if keys.image_alt or not keys.image else None,
        links=links_of(keys.links),
        copyright=stated("copyright"),
        license=license_of(stated("license")),
        location=locations_of(stated("location")),
        locked=stated("locked"),
        funding=tuple(Funding(entry.url, entry.text) for entry in stated("funding")),
        new_feed_url=keys.new_feed_url,
        complete=bool(stated("complete")),
        blocked=bool(block and block.all),
        block_services=tuple(dict.fromkeys(block.services)) if block else (),
        trailers=keys.trailer,
        update_frequency=often
        and UpdateFrequency(often.text, often.rrule, often.dtstart, often.complete),
        publisher=publisher and Publisher(publisher.guid, publisher.url, publisher.title),
        hubs=stated("hubs"),
        podping=defaults.podping,
        file=place.file,
        written=_written(keys, defaults, place),
        catalog_language=defaults.language or "",
        **more,
    )


def _written(keys: ChannelKeys, defaults: CatalogKeys, place: Place) -> dict[str, str]:
    """The file of each key that is stated, in the series' own file or in feedtool.yaml."""
    own = {one.name: place.file for one in fields(ChannelKeys) if _states(keys, one.name)}
    if keys is defaults:
        return own
    return {name: "feedtool.yaml" for name in _INHERITED if _states(defaults, name)} | own


def _states(keys: ChannelKeys, name: str) -> bool:
    return getattr(keys, name) not in (None, ())


def links_of(written: Iterable[LinkKeys]) -> tuple[Link, ...]:
    """What stands at `links:`, of a channel or an episode."""
    return tuple([Link(link.url, link.title) for link in written])


def license_of(written: Any) -> License | None:
    """With the slug spelled as in the list, whatever its case (podcast:license)."""
    if written is None:
        return None
    listed = {slug.upper(): slug for slug in LICENSES}
    return License(listed.get(written.name.upper(), written.name), written.url)


def locations_of(written: Iterable[Any]) -> tuple[Location, ...]:
    """What stands at `location:`, of a channel or an episode."""
    return tuple(
        [Location(entry.name, entry.rel, entry.geo, entry.osm, entry.country) for entry in written]
    )


def source_of(written: str | None, series: str) -> str | None:
    """A name below media/<series>/ as a path below media/; an address as it is."""
    if written is None or is_remote(written) or not series:
        return written
    return f"{series}/{written}"
