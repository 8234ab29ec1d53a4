"""What feedgen lacks or gets wrong, as registered feedgen extensions.

RSS: Podcasting 2.0, Podlove Simple Chapters, the iTunes values that feedgen refuses, dates of items
that leave the locale alone, and the atom links besides "self". Atom: chapters, the hubs, and the
attributes that feedgen drops from links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement

from ..formats import (
    decimal_seconds,
    normal_play_time,
    rfc2822,
    shortened,
    source_url,
    whole_seconds,
)
from ..model import (
    Alternate,
    Chapter,
    Credit,
    Episode,
    Feed,
    Item,
    License,
    Location,
    Series,
    Site,
    Tag,
)
from ..podcast.table import TABLE
from ..vocabulary import PLAYLISTS
from .identity import feed_author, feed_url

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
PSC = "http://podlove.org/simple-chapters"

XML_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
"""In double quotes, which lxml does not write: some readers look for these very bytes."""

CHAPTERS_TYPE = "application/json+chapters"

_ITUNES, _PODCAST, _ATOM, _PSC = (f"{{{uri}}}" for uri in (ITUNES, PODCAST, ATOM, PSC))
"""Before the name of a tag, as lxml wants it."""


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str | None) -> Any:
    """A child element; attributes without a value are left out.

    They are set one by one: given to SubElement as a dict, two cost 2.8 instead of 2.4 µs.
    """
    child = SubElement(parent, tag)
    if text is not None:
        child.text = text
    for name, value in attributes.items():
        if value is not None:
            child.set(name, value)
    return child


class ChannelTags(BaseExtension):  # type: ignore[misc]
    """Channel elements of RSS; `feed` and `site` are set before rendering."""

    feed: Feed
    site: Site

    def extend_ns(self) -> dict[str, str]:
        return {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "psc": PSC}

    def extend_rss(self, rss: Any) -> Any:
        channel, series = rss[0], self.feed.series
        for hub in series.hubs:
            _add(channel, f"{_ATOM}link", rel="hub", href=hub)
        for link in series.links:
            _add(channel, f"{_ATOM}link", rel=link.rel, href=link.url, title=link.title)
        _picture(channel, self.site, series)
        _add(channel, f"{_ITUNES}explicit", str(series.explicit).lower())
        if series.complete:
            _add(channel, f"{_ITUNES}complete", "Yes")
        if series.blocked:
            _add(channel, f"{_ITUNES}block", "Yes")
            _add(channel, f"{_PODCAST}block", "yes")
        for service in series.block_services:
            _add(channel, f"{_PODCAST}block", "yes", id=service)
        _add(channel, f"{_PODCAST}guid", series.guid)
        _add(channel, f"{_PODCAST}medium", series.medium)
        if series.locked is not None:
            owner = series.owner.email if series.owner else None
            _add(channel, f"{_PODCAST}locked", "yes" if series.locked else "no", owner=owner)
        for funding in series.funding:
            _add(channel, f"{_PODCAST}funding", funding.text, url=funding.url)
        _people(channel, self.site, series.people)
        _license(channel, series.license)
        _places(channel, series.location)
        self._announcements(channel, series)
        return rss

    def _announcements(self, channel: Any, series: Series) -> None:
        for trailer in self.feed.trailers:
            _add(
                channel, f"{_PODCAST}trailer", shortened(trailer.title, 128, "…"),
                url=trailer.url, pubdate=rfc2822(trailer.date),
                length=str(trailer.length), type=trailer.type,
                season=str(trailer.season) if trailer.season else None,
            )  # fmt: skip
        if often := series.update_frequency:
            _add(
                channel, f"{_PODCAST}updateFrequency", often.text,
                complete="true" if often.complete else None,
                dtstart=often.start, rrule=often.rrule,
            )  # fmt: skip
        if series.publisher:
            publisher = _add(channel, f"{_PODCAST}publisher")
            _add(
                publisher, f"{_PODCAST}remoteItem", medium="publisher",
                feedGuid=series.publisher.guid, feedUrl=series.publisher.url,
                title=series.publisher.title,
            )  # fmt: skip
        if series.podping and not any(tag.name == "podping" for tag in series.podcast):
            _add(channel, f"{_PODCAST}podping", usesPodping="true")
        _tags(channel, self.site, _listed(self.site, series))


class ItemTags(BaseEntryExtension):  # type: ignore[misc]
    """Item elements of RSS; all of these are set before rendering."""

    feed: Feed
    item: Item
    source: Series  #: the series it comes from
    site: Site

    def extend_rss(self, element: Any) -> Any:
        item, episode, site = self.item, self.item.episode, self.site
        self._date_and_origin(element)
        self._numbers(element)
        for link in episode.links:
            _add(element, f"{_ATOM}link", rel=link.rel, href=link.url, title=link.title)
        explicit = self.source.explicit if episode.explicit is None else episode.explicit
        _add(element, f"{_ITUNES}explicit", str(explicit).lower())
        channel, source = self.feed.series, self.source
        if author := _said(None, source.author, channel.author):
            _add(element, f"{_ITUNES}author", author)
        _picture(element, site, episode)
        if episode.block:
            _add(element, f"{_ITUNES}block", "Yes")
        if episode.season:
            _add(element, f"{_PODCAST}season", str(episode.season.number), name=episode.season.name)
        if episode.number:
            _add(
                element, f"{_PODCAST}episode", episode.number.value, display=episode.number.display
            )
        for side in item.side_files:
            _add(
                element, f"{_PODCAST}transcript",
                url=site.page(episode.series, episode.slug) + side.name,
                type=side.type, language=side.language,
                rel="captions" if side.captions else None,
            )  # fmt: skip
        if episode.chapters:
            url = site.page(episode.series, episode.slug) + "chapters.json"
            _add(element, f"{_PODCAST}chapters", url=url, type=CHAPTERS_TYPE)
            _simple_chapters(element, site, episode.chapters)
        for bite in episode.soundbites:
            _add(
                element, f"{_PODCAST}soundbite", bite.title,
                startTime=str(decimal_seconds(bite.start)),
                duration=str(decimal_seconds(bite.duration)),
            )  # fmt: skip
        _people(element, site, episode.people)
        _license(element, _said(episode.license, source.license, channel.license))
        _places(element, _of_item(episode.location, source.location, channel.location))
        self._alternates(element)
        _tags(element, site, (*_listed(site, episode), *self._of_origin()))
        return element

    def _date_and_origin(self, element: Any) -> None:
        """feedgen sets the locale of the whole process three times to write a date.

        That takes 10 of the 35 µs of an item, and is not safe beside other threads.
        """
        _add(element, "pubDate", rfc2822(self.item.episode.date))
        if self._is_of_another_series:  # stands behind the date
            source = self.source
            _add(element, "source", source.title, url=feed_url(self.site, source.slug, "rss"))

    def _numbers(self, element: Any) -> None:
        """Here with the other iTunes values of an item: feedgen's extension takes twice as long."""
        episode = self.item.episode
        if duration := self.item.enclosure.duration:  # else the feed it is from does not say
            _add(element, f"{_ITUNES}duration", str(whole_seconds(duration)))
        if episode.season:
            _add(element, f"{_ITUNES}season", str(episode.season.number))
        if episode.number and (whole := episode.number.whole):
            # 100.5 would be a second 100; podcast:episode has it
            _add(element, f"{_ITUNES}episode", str(whole))
        _add(element, f"{_ITUNES}episodeType", episode.type)

    @property
    def _is_of_another_series(self) -> bool:
        """Is this in the catalog's feed?"""
        return self.source.slug != self.feed.series.slug

    def _of_origin(self) -> Iterator[Tag]:
        """What an item of the catalog's feed would get from the channel of its own series.

        The catalog's channel says something else: its payments would go to somebody else.
        """
        if self._is_of_another_series:
            said = {tag.name for tag in self.item.episode.podcast}
            for tag in self.source.podcast:
                if TABLE[tag.name].overrides and tag.name not in said:
                    yield tag

    def _alternates(self, element: Any) -> None:
        for alternate in self.item.alternates:
            rendition = _add(
                element, f"{_PODCAST}alternateEnclosure",
                type=alternate.type,
                length=_length(alternate),
                bitrate=None if alternate.bitrate is None else str(alternate.bitrate),
                height=None if alternate.height is None else str(alternate.height),
                lang=alternate.language, title=alternate.title, rel=alternate.rel,
                codecs=alternate.codecs, default="true" if alternate.default else None,
            )  # fmt: skip
            for copy in alternate.copies:
                uri = source_url(self.site, copy.uri)
                _add(rendition, f"{_PODCAST}source", uri=uri, contentType=copy.type)
            if alternate.integrity:
                _add(rendition, f"{_PODCAST}integrity", type="sri", value=alternate.integrity)


class AtomFeedTags(BaseExtension):  # type: ignore[misc]
    """Hubs and further pages of an Atom feed. feedgen builds Atom without namespaces in its tree
    (xmlns is a plain attribute), so these elements have none either."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return {"psc": PSC}

    def extend_atom(self, element: Any) -> Any:
        series = self.feed.series
        for hub in series.hubs:
            _add(element, "link", rel="hub", href=hub)
        for link in series.links:
            _add(element, "link", rel=link.rel, href=link.url, title=link.title)
        if series.license and series.license.url:
            _add(element, "link", rel="license", href=series.license.url)
        return element


class AtomEntryTags(BaseEntryExtension):  # type: ignore[misc]
    """Chapters and origin of an Atom entry, and its links made whole.

    feedgen 1.0 writes an entry's links with their address only, so that an enclosure reads as a
    second page of the episode (RFC 4287 section 4.2.7 needs rel and type).
    """

    feed: Feed
    item: Item
    origin: Series | None  #: the series it comes from, in the catalog's feed
    updated: str  #: of the origin's feed
    language: str | None  #: None = the feed's
    site: Site
    links: list[dict[str, str]]  #: as given to feedgen, in order

    def extend_atom(self, entry: Any) -> Any:
        for element, link in zip(entry.iterchildren("link"), self.links, strict=True):
            element.attrib.update(link)
        if self.language is not None:
            entry.set("{http://www.w3.org/XML/1998/namespace}lang", self.language)
        license, channel = self.item.episode.license, self.feed.series
        if self.origin is not None:
            license = _said(license, self.origin.license, channel.license)
        if license and license.url:
            _add(entry, "link", rel="license", href=license.url)
        if self.origin is not None:
            self._source(entry, self.origin, channel)
        if self.item.episode.chapters:
            _simple_chapters(entry, self.site, self.item.episode.chapters)
        return entry

    def _source(self, entry: Any, origin: Series, channel: Series) -> None:
        """The feed it is from, and what that says otherwise than this one.

        The author of the source is the entry's, before that of the feed around it (RFC 4287
        section 4.2.1); rights should be kept (section 4.2.11).
        """
        source = _add(entry, "source")
        _add(source, "id", f"urn:uuid:{origin.guid}")
        _add(source, "title", origin.title)
        _add(source, "updated", self.updated)
        url = self.site.page(origin.slug) + "atom.xml"
        _add(source, "link", rel="self", type="application/atom+xml", href=url)
        if author := _said(None, feed_author(origin), feed_author(channel)):
            person = _add(source, "author")
            for name, value in author.items():
                _add(person, name, value)
        if rights := _said(None, origin.copyright, channel.copyright):
            _add(source, "rights", rights)


_T = TypeVar("_T")


def _said(own: _T, source: _T, channel: _T) -> _T:
    """What an item says of itself, else its own series, where the channel says something else.

    The catalog's feed has items of all series: its licence and its author would become theirs.
    """
    return source if not own and source != channel else own


def _of_item(
    own: tuple[Location, ...], source: tuple[Location, ...], channel: tuple[Location, ...]
) -> tuple[Location, ...]:
    """The same for places: an item's own stand for those of the same kind only (namespace,
    location): what it is about leaves open where it was made."""
    if source == channel:
        return own
    kinds = {one.rel or "subject" for one in own}
    others = (one for one in source if (one.rel or "subject") not in kinds)
    return own + tuple(one for one in others if not own or one not in channel)


def _picture(parent: Any, site: Site, of: Series | Episode) -> None:
    """The artwork; a tag of `podcast:` that is of the same picture says more of it.

    Of a picture elsewhere no shape is said: nobody has measured it (PC20-41).
    """
    if of.image is None:
        return
    url = source_url(site, of.image)
    _add(parent, f"{_ITUNES}image", href=url)
    if any(_is_artwork(tag, site, of) for tag in of.podcast):
        return
    shape = of.artwork.ratio if of.artwork else None
    _add(parent, f"{_PODCAST}image", href=url, alt=of.image_alt, **{"aspect-ratio": shape})


def _is_artwork(tag: Tag, site: Site, of: Series | Episode) -> bool:
    return (
        tag.name == "image"
        and of.image is not None
        and source_url(site, tag.get("href") or "") == source_url(site, of.image)
    )


def _listed(site: Site, of: Series | Episode) -> Iterator[Tag]:
    """The tags of its list; the one of its artwork says what `image_alt:` says, if it does not."""
    for tag in of.podcast:
        if of.image_alt and _is_artwork(tag, site, of) and tag.get("alt") is None:
            href, *others = tag.attributes
            yield replace(tag, attributes=(href, ("alt", of.image_alt), *others))
        else:
            yield tag


def _length(alternate: Alternate) -> str | None:
    """Bytes; 0 for a stream, and none for a file elsewhere: nobody has measured it (PC20-14)."""
    if alternate.length is not None:
        return str(alternate.length)
    return "0" if alternate.type.partition(";")[0].strip().lower() in PLAYLISTS else None


def _people(parent: Any, site: Site, credits: tuple[Credit, ...]) -> None:
    for credit in credits:
        image = credit.person.image
        _add(
            parent, f"{_PODCAST}person", credit.person.name, role=credit.role, group=credit.group,
            img=source_url(site, image) if image else None, href=credit.person.url,
        )  # fmt: skip


def _license(parent: Any, license: License | None) -> None:
    if license:
        _add(parent, f"{_PODCAST}license", license.name, url=license.url)


def _places(parent: Any, locations: tuple[Location, ...]) -> None:
    for place in locations:
        _add(
            parent, f"{_PODCAST}location", place.name, rel=place.rel, geo=place.geo, osm=place.osm,
            country=place.country,
        )  # fmt: skip


def _tags(parent: Any, site: Site, tags: Iterable[Tag]) -> None:
    """Tags of the list `podcast:`, as the table has them."""
    for tag in tags:
        files = {one.name for one in TABLE[tag.name].attributes if one.file}
        attributes = {
            name: source_url(site, value) if name in files else value
            for name, value in tag.attributes
        }
        _tags(_add(parent, _PODCAST + tag.name, tag.text, **attributes), site, tag.children)


def _simple_chapters(parent: Any, site: Site, chapters: tuple[Chapter, ...]) -> None:
    """Podlove Simple Chapters 1.2; chapters outside the table of contents are left out."""
    shown = [chapter for chapter in chapters if chapter.toc]
    if not shown:
        return
    whole = _add(parent, f"{_PSC}chapters", version="1.2")
    for chapter in shown:
        _add(
            whole, f"{_PSC}chapter",
            start=normal_play_time(chapter.start), title=chapter.title, href=chapter.url,
            image=source_url(site, chapter.image) if chapter.image else None,
        )  # fmt: skip
