"""From what was written to the model: defaults, dates in the catalog's zone, people by id.

Everything here is a function of values. What cannot be resolved is a finding at its key.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, available_timezones

from ..declare import dataclass
from ..finding import N_, Code, Finding, Place, Severity
from ..formats import is_remote
from ..model import (
    Chapter,
    Episode,
    Exempt,
    Funding,
    License,
    Link,
    Location,
    Number,
    Owner,
    Person,
    Publisher,
    Season,
    Series,
    Site,
    Soundbite,
    Tag,
    Transcript,
    UpdateFrequency,
)
from ..vocabulary import LICENSES
from .dates import resolve_date
from .notes import sources_in
from .objects import UNTITLED, ChapterKeys, LinkKeys
from .people import merged, resolve_people
from .podcast import inherited, resolve_tags
from .written import CatalogKeys, ChannelKeys, EpisodeKeys, SeriesKeys

CF040 = Code(
    "CF040",
    Severity.ERROR,
    message=N_('there is no time zone "{text}"'),
    why=N_("dates without an offset are read in this zone"),
    mend=N_("write the continent and the city, as in {nearest}"),
    spec=("DATE-03",),
)
CF041 = Code(
    "CF041",
    Severity.WARNING,
    message=N_("no time zone is stated: dates are read as UTC"),
    why=N_("an episode meant for 09:00 in Stockholm would be published at 10:00 or 11:00"),
    mend=N_("add a line  timezone: Europe/Stockholm"),
    spec=("DATE-03",),
)
CF042 = Code(
    "CF042",
    Severity.ERROR,
    message=N_('"{text}" cannot be the address of the catalog: it has a ? or a #'),
    why=N_("the addresses of feeds and recordings are made by adding to it"),
    mend=N_("leave out the ? or # and everything after it"),
    spec=("URI-01",),
)
CF043 = Code(
    "CF043",
    Severity.WARNING,
    message=N_("the address {text} begins with http://, not with https://"),
    why=N_("anybody on the way could change what listeners get, and apps that only load secure "
           "addresses show nothing"),
    mend=N_("write  {key}: {better}   once the web server answers there; before the first "
            "publication, for addresses are kept for ever"),
    spec=("URI-02", "HTTP-01", "RSS-03"),
)  # fmt: skip
CF046 = Code(
    "CF046",
    Severity.WARNING,
    message=N_("{text} is an address of the handbooks, not one of yours"),
    why=N_(
        "example.org, example.com and example.net lead nowhere, and addresses are kept for ever"
    ),
    mend=N_("write the address under which public/ will be found, with https:// before it"),
    spec=("HTTP-01",),
)
EP001 = Code(
    "EP001",
    Severity.ERROR,
    message=N_('the episode has no "{key}:"'),
    why=N_("apps know an episode by its guid, sort by its date and play its recording"),
    mend=N_("add  {key}: {example}   or, while it is not finished,  status: draft"),
    spec=("RSS-21", "RSS-25", "APPLE-25", "APPLE-26", "PSP-05"),
    fixable=True,
)
EP008 = Code(
    "EP008",
    Severity.ERROR,
    message=N_('nothing is written at "{key}:"'),
    why=N_("apps know an episode by its guid, sort by its date and play its recording"),
    mend=N_("complete the line:  {key}: {example}   or, while it is not finished, add  status: "
            "draft"),
    spec=("RSS-21", "RSS-25", "APPLE-25", "APPLE-26", "PSP-05"),
    fixable=True,
)  # fmt: skip
SE001 = Code(
    "SE001",
    Severity.ERROR,
    message=N_('feedtool.yaml has no "{key}:"'),
    why=N_("apps and directories need it to show a series at all"),
    mend=N_("add  {key}: {example}"),
    spec=("RSS-02", "LANG-02", "APPLE-01", "APPLE-07"),
)
SE002 = Code(
    "SE002",
    Severity.WARNING,
    message=N_("the series has no description; its title is used"),
    why=N_("it is what people read before they subscribe"),
    mend=N_("add a line  description: ...  of one to three sentences"),
    spec=("RSS-04", "APPLE-02", "PSP-02"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)

_A_DATE = N_("2021-06-22 09:00  (your own day and time)")

_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an episode whose date cannot be read; it counts as a draft."""

PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (Podcasting 2.0, tag guid)."""

CF067 = Code(
    "CF067",
    Severity.WARNING,
    message=N_("a trailer belongs to one series; here the line does nothing"),
    why=N_("the feed of the whole catalog offers none, and no series takes it from here"),
    mend=N_("move the line into the series.yaml of the series that has the episode"),
)

_INHERITED = (
    "title", "description", "author", "language", "medium", "type", "explicit", "categories",
    "image", "image_alt", "copyright", "license", "location", "locked", "funding", "complete",
    "block", "update_frequency", "publisher", "hubs",
)  # fmt: skip
"""What a series takes from feedtool.yaml when it does not say it. Identity, moves, trailers, links
and people belong to one feed alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """feedtool.yaml, resolved; `series` is the catalog's own feed."""

    keys: CatalogKeys
    site: Site  #: the addresses of this build
    home: Site  #: the addresses of the catalog, which identities and the lock go by
    zone: tzinfo
    people: Mapping[str, Person]
    series: Series
    podcast: tuple[Tag, ...] = ()  #: as every series' default

    def in_one_place(self) -> Catalog:
        """The same with its media below its own address, where nobody counts who plays them."""
        address = self.site.base_url
        site = Site(base_url=address, media_base_url=address + "media/")
        keys = replace(self.keys, media_base_url=None, media_prefix=None)
        return replace(self, site=site, keys=keys)


def podcast_guid(feed_url: str) -> str:
    """The podcast:guid of a feed that has none yet: a UUIDv5 of its address without the scheme."""
    return str(uuid5(PODCAST_NAMESPACE, feed_url.partition("://")[2].rstrip("/")))


def resolve_catalog(
    keys: CatalogKeys,
    place: Place,
    base_url: str | None = None,
    faulty: Collection[str] = (),
) -> tuple[Catalog, list[Finding]]:
    """The catalog, its addresses ending with "/"; `base_url` stands in for this build's.

    With errors it is good enough to look for further faults. `faulty` keys are known to be wrong
    and are not missed.
    """
    findings: list[Finding] = []
    home = _site(keys, keys.base_url)
    for key in ("base_url", "media_base_url"):
        if (text := getattr(keys, key)) and ("?" in text or "#" in text):
            findings.append(CF042.at(place.down(key), text=text))
        if text and not _is_private(text):
            findings += _doubtful_address(text, key, place.down(key))
    zone: tzinfo = UTC
    if keys.timezone is None and "timezone" in faulty:
        pass
    elif keys.timezone is None:
        findings.append(CF041.at(place))
    else:
        try:
            zone = ZoneInfo(keys.timezone)
        except (KeyError, OSError, ValueError):  # unknown, a folder, or no name at all
            nearest = _nearest_zone(keys.timezone)
            findings.append(CF040.at(place.down("timezone"), text=keys.timezone, nearest=nearest))
    people = {
        unicodedata.normalize("NFC", name): Person(
            person.name, name, person.title, person.organisation, person.url,
            person.image,
        )
        for name, person in keys.people.items()
    }  # fmt: skip
    for key, example in (("title", "Vår podd"), ("language", "sv")):
        if not getattr(keys, key):
            if key not in faulty:
                findings.append(SE001.at(place, key=key, example=example))
            stand_in: Any = {key: example}
            keys = replace(keys, **stand_in)
    if keys.trailer:
        findings.append(CF067.at(place.down("trailer")))
    tags = resolve_tags(keys.podcast, "channel", place.down("podcast"), findings)
    # a feed of everything is hidden from all directories, whatever else is said of blocking:
    # "no" for one of them would let it in there (podcast namespace, block)
    hidden = tuple(
        tag for tag in tags if tag.name != "block" or (tag.attributes and tag.text == "yes")
    )
    own = replace(_series("", keys, keys, {"podcast": hidden}, place), blocked=True)
    site = _site(keys, base_url) if base_url else home
    return Catalog(
        keys=keys, site=site, home=home, zone=zone, people=people, series=own, podcast=tags
    ), findings


def _doubtful_address(text: str, key: str, place: Place) -> Iterator[Finding]:
    """An address that works, but not for long or not for everybody."""
    host = urlsplit(text).hostname or ""
    if text.startswith("http:"):
        yield CF043.at(place, key=key, text=text, better="https:" + text[len("http:") :])
    if host.removeprefix("www.") in {"example.org", "example.com", "example.net"}:
        yield CF046.at(place, text=text)


def _is_private(address: str) -> bool:
    """This machine, or a name that can never be on the web: such catalogs are for trying out."""
    host = urlsplit(address).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.") or host.endswith(_NEVER)


_NEVER = (".example", ".invalid", ".localhost", ".test")


def _nearest_zone(text: str) -> str:
    near = difflib.get_close_matches(text[:100], sorted(available_timezones()), 1, 0.5)
    return near[0] if near else "Europe/Stockholm"


def _site(keys: CatalogKeys, base_url: str) -> Site:
    return Site(
        base_url=_folder(base_url),
        media_base_url=_folder(keys.media_base_url or _folder(base_url) + "media/"),
        media_prefix=keys.media_prefix or "",
    )


def resolve_series(
    slug: str,
    keys: SeriesKeys,
    catalog: Catalog,
    place: Place,
    faulty: Collection[str] = (),
    emptied: Collection[str] = (),
) -> tuple[Series, list[Finding]]:
    """A series with the catalog's defaults; its podcast:guid only if the file states it.

    `faulty` keys are known to be wrong and are not missed; `emptied` ones are lists that the file
    states to hold nothing.
    """
    findings: list[Finding] = []
    people = resolve_people(keys.people, catalog.people, place, findings)
    if not (keys.description or catalog.keys.description or "description" in faulty):
        findings.append(SE002.at(place))
    tags = resolve_tags(keys.podcast, "channel", place.down("podcast"), findings, slug)
    stated = {"block"} if keys.block else set()
    podcast = inherited(tags, stated, catalog.podcast)
    more = {"people": people, "podcast": podcast}
    series = _series(slug, keys, catalog.keys, more, place, emptied)
    return series, findings


def _series(
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
        return _source(own, slug) if own else _source(getattr(defaults, key), "")

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
        links=_links(keys.links),
        copyright=stated("copyright"),
        license=_license(stated("license")),
        location=_locations(stated("location")),
        locked=stated("locked"),
        funding=tuple(Funding(entry.url, entry.text) for entry in stated("funding")),
        new_feed_url=keys.new_feed_url,
        complete=bool(stated("complete")),
        blocked=bool(block and block.all),
        block_services=block.services if block else (),
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


def resolve_episode(
    slug: str,
    keys: EpisodeKeys,
    notes: tuple[str, str],
    series: Series,
    catalog: Catalog,
    place: Place,
    faulty: Collection[str] = (),
    stated: Container[str] = (),
) -> tuple[Episode | None, list[Finding]]:
    """An episode of `series`; None for a draft without date or recording.

    `notes` are HTML already, as feeds carry them and with the few tags podcast apps show.
    `chapters:` that name a file are left out here; who reads the file adds them. With errors it is
    good enough to look for further faults; `faulty` keys are known to be wrong and are not missed.
    `stated` keys stand in the file, with a value or without one.
    """
    findings: list[Finding] = []
    draft = keys.status == "draft"
    date = resolve_date(keys.date, catalog.zone, place, findings, "date")
    updated = resolve_date(keys.updated, catalog.zone, place, findings, "updated")
    own = resolve_people(keys.people, catalog.people, place, findings)
    guid = keys.guid or suggested_guid(catalog, series.slug, slug)
    if None in (keys.guid, keys.date, keys.media):
        if draft and (keys.date is None or keys.media is None):
            return None, findings
        if not draft:
            examples = {"guid": guid, "date": _A_DATE, "media": f"{slug}.mp3"}
            findings += [
                EP008.at(place.down(key), key=key, example=example)
                if key in stated
                else EP001.at(place, key=key, example=example)
                for key, example in examples.items()
                if getattr(keys, key) is None and key not in faulty
            ]
    full, short = notes
    return Episode(
        series=series.slug,
        slug=slug,
        guid=guid,
        title=keys.title,
        date=date or _NO_DATE,
        media=_source(keys.media, series.slug) or f"{series.slug}/{slug}",
        updated=updated,
        claim=keys.duration,
        summary=keys.summary,
        notes=full,
        short_notes=short,
        named=sources_in(full, catalog.site.media_base_url),
        people=own if keys.people_only else merged(series.people, own),
        chapters=() if isinstance(keys.chapters, str) else _chapters(keys.chapters, series.slug),
        transcripts=_transcripts(keys, series.slug) if keys.transcripts or keys.captions else (),
        season=Season(keys.season.number, keys.season.name) if keys.season else None,
        number=Number(keys.episode.number, keys.episode.display) if keys.episode else None,
        type=keys.episode_type,
        explicit=keys.explicit,
        language=keys.language,
        image=_source(keys.image, series.slug),
        image_alt=keys.image_alt,
        tags=keys.tags,
        links=_links(keys.links),
        license=_license(keys.license),
        location=_locations(keys.location),
        soundbites=tuple(
            [Soundbite(entry.start, entry.duration, entry.title) for entry in keys.soundbites]
        ),
        exempt=Exempt(keys.exempt.reason, keys.exempt.first_published, keys.exempt.evidence_url)
        if keys.exempt
        else None,
        block=keys.block,
        podcast=resolve_tags(keys.podcast, "item", place.down("podcast"), findings, series.slug)
        if keys.podcast
        else (),
        draft=draft or date is None,
        file=place.file,
    ), findings


def suggested_guid(catalog: Catalog, series: str, slug: str) -> str:
    """A guid for an episode that has none: to be written into its file, then kept for ever."""
    return str(uuid5(PODCAST_NAMESPACE, f"{catalog.home.base_url}{series}/{slug}"))


def chapter_of(written: ChapterKeys, series: str) -> Chapter:
    title = "" if written.title == UNTITLED and not written.toc else written.title
    return Chapter(
        written.start, title, written.url, _source(written.image, series),
        written.toc, written.end,
    )  # fmt: skip


def _chapters(written: Iterable[ChapterKeys], series: str) -> tuple[Chapter, ...]:
    return tuple([chapter_of(chapter, series) for chapter in written])


def _transcripts(keys: EpisodeKeys, series: str) -> tuple[Transcript, ...]:
    written = [(entry, entry.rel == "captions") for entry in keys.transcripts]
    written += [(entry, True) for entry in keys.captions]
    return tuple(
        Transcript(f"{series}/{entry.file}", entry.language, captions)
        for entry, captions in written
    )


def _links(written: Iterable[LinkKeys]) -> tuple[Link, ...]:
    return tuple([Link(link.url, link.title) for link in written])


def _license(written: Any) -> License | None:
    """With the slug spelled as in the list, whatever its case (podcast:license)."""
    if written is None:
        return None
    listed = {slug.upper(): slug for slug in LICENSES}
    return License(listed.get(written.name.upper(), written.name), written.url)


def _locations(written: Iterable[Any]) -> tuple[Location, ...]:
    return tuple(
        [Location(entry.name, entry.rel, entry.geo, entry.osm, entry.country) for entry in written]
    )


def _source(written: str | None, series: str) -> str | None:
    """A name below media/<series>/ as a path below media/; an address as it is."""
    if written is None or is_remote(written) or not series:
        return written
    return f"{series}/{written}"


def _folder(url: str) -> str:
    return url if url.endswith("/") else url + "/"
