"""Atom (RFC 4287) with enclosures that say what they are, and Podlove Simple Chapters."""

from __future__ import annotations

from feedgen.feed import FeedGenerator

from ..formats import rfc3339, source_url
from ..model import Feed, Item, Site
from .identity import FEED_TYPES, atom_id, enclosure_url, feed_author, feed_url, item_language
from .podcast_ns import XML_DECLARATION, AtomEntryTags, AtomFeedTags
from .texts import content


def render_atom(feed: Feed, site: Site) -> bytes:
    """The feed for Atom readers: the same items in the same order as the RSS feed."""
    series = feed.series
    atom = FeedGenerator()
    atom.register_extension("tags", AtomFeedTags, AtomEntryTags, rss=False)
    atom.tags.feed = feed
    atom.id(f"urn:uuid:{series.guid}")
    atom.title(series.title)
    atom.subtitle(series.description)
    atom.language(series.language)
    atom.updated(feed.updated)
    atom.link(href=feed_url(site, series.slug, "atom"), rel="self", type=FEED_TYPES["atom"])
    atom.link(href=site.page(series.slug), rel="alternate", type="text/html")
    atom.author(feed_author(series))
    atom.rights(series.copyright)
    atom.generator("feedtool")
    if series.image:
        atom.icon(source_url(site, series.image))
    for item in feed.items:
        _entry(atom, item, feed, site)
    document: bytes = atom.atom_str(pretty=True, xml_declaration=False)
    return XML_DECLARATION + document


def _entry(atom: FeedGenerator, item: Item, feed: Feed, site: Site) -> None:
    episode = item.episode
    origin = feed.sources.get(episode.series)
    entry = atom.add_entry(order="append")
    entry.id(atom_id(episode.guid, item.home or (origin or feed.series).guid))
    entry.title(episode.title)
    entry.published(episode.date)
    entry.updated(episode.changed)
    links = [
        {"href": site.page(episode.series, episode.slug), "rel": "alternate", "type": "text/html"},
        {
            "href": enclosure_url(site, item),
            "rel": "enclosure",
            "type": item.enclosure.type,
            "length": str(item.enclosure.length),
        },
        *(
            {"href": link.url, "rel": link.rel} | ({"title": link.title} if link.title else {})
            for link in episode.links
        ),
    ]
    entry.link(links)
    entry.content(content(item), type="html")
    if episode.summary:
        entry.summary(episode.summary)
    entry.category([{"term": tag} for tag in episode.tags])
    # one contributor for each person, whatever number of roles
    people = {credit.person.key: credit.person for credit in episode.people}.values()
    entry.contributor(
        [
            {"name": person.name, "uri": person.url} if person.url else {"name": person.name}
            for person in people
        ]
    )
    tags = entry.tags
    tags.feed, tags.item, tags.site, tags.links, tags.origin = feed, item, site, links, origin
    tags.updated = rfc3339(feed.source_dates.get(episode.series, feed.updated)) if origin else ""
    tags.language = item_language(item, feed)
