"""RSS 2.0 with iTunes, Podcasting 2.0, content, atom links and Podlove Simple Chapters."""

from __future__ import annotations

from typing import Any

from feedgen.feed import FeedGenerator

from ..formats import source_url
from ..model import Feed, Item, Series, Site
from .identity import FEED_TYPES, enclosure_url, feed_url
from .podcast_ns import XML_DECLARATION, ChannelTags, ItemTags
from .texts import content, description


def render_rss(feed: Feed, site: Site) -> bytes:
    """The feed for podcast apps. Dates come from the items; the clock is not asked."""
    series = feed.series
    rss = FeedGenerator()
    rss.load_extension("podcast")
    rss.register_extension("tags", ChannelTags, ItemTags, atom=False)
    rss.tags.feed, rss.tags.site = feed, site
    rss.title(series.title)
    rss.link(href=feed_url(site, series.slug, "rss"), rel="self", type=FEED_TYPES["rss"])
    # feedgen takes the last link for the channel's own
    rss.link(href=site.page(series.slug), rel="alternate")
    rss.description(series.description)
    rss.language(series.language)
    rss.copyright(series.copyright)
    rss.generator("feedtool")
    rss.docs("https://www.rssboard.org/rss-specification")
    rss.lastBuildDate(feed.updated)
    if series.image:
        rss.image(url=source_url(site, series.image), title=series.title)
    _itunes(rss.podcast, series)
    for item in feed.items:
        _item(rss.add_entry(order="append"), item, feed, site)
    document: bytes = rss.rss_str(pretty=True, xml_declaration=False)
    return XML_DECLARATION + document


def _itunes(podcast: Any, series: Series) -> None:
    podcast.itunes_author(series.author)
    podcast.itunes_type(series.type)
    podcast.itunes_new_feed_url(series.new_feed_url)
    if series.owner:
        podcast.itunes_owner(name=series.owner.name, email=series.owner.email)
    for category in series.categories:
        names = {"cat": category.name} | ({"sub": category.sub} if category.sub else {})
        podcast.itunes_category(names)


def _item(entry: Any, item: Item, feed: Feed, site: Site) -> None:
    episode = item.episode
    origin = feed.sources.get(episode.series)
    entry.title(episode.title)
    entry.guid(episode.guid, permalink=False)
    # all links at once, all tags at once: feedgen looks at those it has again with each call
    entry.link(
        [
            {"href": site.page(episode.series, episode.slug), "rel": "alternate"},
            {
                "href": site.media_prefix + enclosure_url(site, item),
                "rel": "enclosure",
                "type": item.enclosure.type,
                "length": str(item.enclosure.length),
            },
        ]
    )
    short, full = description(item, site), content(item)
    entry.description(short)
    if full != short:
        entry.content(full)
    entry.category([{"term": tag} for tag in episode.tags])
    tags = entry.tags
    tags.feed, tags.item, tags.source, tags.site = feed, item, origin or feed.series, site
