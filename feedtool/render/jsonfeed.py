"""JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from ..formats import rfc3339, source_url, whole_seconds
from ..model import Feed, Item, Person, Site
from .identity import enclosure_url, feed_url, item_language
from .texts import content

NAMESPACE = "https://podcastindex.org/namespace/1.0"
"""Where the words of the `_podcast` extension are explained."""


def render_json(feed: Feed, site: Site) -> bytes:
    """The same items in the same order as the RSS feed."""
    series = feed.series
    channel: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": series.title,
        "home_page_url": site.page(series.slug),
        "feed_url": feed_url(site, series.slug, "json"),
        "description": series.description,
        "icon": source_url(site, series.image) if series.image else None,
        "authors": [{"name": series.author}] if series.author else None,
        "language": series.language,
        "expired": True if series.complete else None,
        "hubs": [{"type": "WebSub", "url": hub} for hub in series.hubs] or None,
        "_podcast": {"about": NAMESPACE, "guid": series.guid, "medium": series.medium},
    }
    document = _stated(channel) | {"items": [_item(item, feed, site) for item in feed.items]}
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def render_json_items(feed: Feed, site: Site) -> Iterator[bytes]:
    """Each of its items alone, as it stands in the feed."""
    return (orjson.dumps(_item(item, feed, site)) for item in feed.items)


def _item(item: Item, feed: Feed, site: Site) -> dict[str, Any]:
    episode = item.episode
    published = rfc3339(episode.date)
    page = site.page(episode.series, episode.slug)
    origin = feed.sources.get(episode.series)
    people = {credit.person.key: credit.person for credit in episode.people}.values()
    authors = [_author(person, site) for person in people]
    if origin and origin.author and not authors and origin.author != feed.series.author:
        authors = [{"name": origin.author}]  # else the feed's are the item's
    podcast = {
        "season": episode.season.number if episode.season else None,
        "episode": episode.number.value if episode.number else None,
        "episode_type": episode.type if episode.type != "full" else None,
        "chapters": page + "chapters.json" if episode.chapters else None,
        "transcripts": [
            {"url": page + side.name, "type": side.type, "language": side.language}
            | ({"rel": "captions"} if side.captions else {})
            for side in item.side_files
        ]
        or None,
        "source": {"title": origin.title, "url": feed_url(site, origin.slug, "json")}
        if origin
        else None,
    }
    return _stated(
        {
            "id": episode.guid,
            "url": page,
            "title": episode.title,
            "summary": episode.summary,
            "content_html": content(item),
            "image": source_url(site, episode.image) if episode.image else None,
            "date_published": published,
            "date_modified": rfc3339(episode.updated) if episode.updated else published,
            "authors": authors or None,
            "tags": list(episode.tags) or None,
            "language": item_language(item, feed),
            "attachments": [_attachment(item, site)],
            "_podcast": _stated(podcast) or None,
        }
    )


def _attachment(item: Item, site: Site) -> dict[str, Any]:
    enclosure = item.enclosure
    attachment: dict[str, Any] = {
        "url": enclosure_url(site, item),
        "mime_type": enclosure.type,
        "size_in_bytes": enclosure.length,
    }
    if enclosure.duration:  # else the feed it is from does not say
        attachment["duration_in_seconds"] = whole_seconds(enclosure.duration)
    return attachment


def _author(person: Person, site: Site) -> dict[str, str]:
    author = {"name": person.name}
    if person.url:
        author["url"] = person.url
    if person.image:
        author["avatar"] = source_url(site, person.image)
    return author


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not stated: JSON Feed has no null."""
    return {key: value for key, value in values.items() if value is not None}
