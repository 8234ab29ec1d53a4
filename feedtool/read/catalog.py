"""feedtool.yaml, resolved: addresses, the time zone, people by id, what series take from it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from ..declare import dataclass
from ..finding import N_, Code, Finding, Place, Severity
from ..model import (
    Person,
    Series,
    Site,
    Tag,
)
from .channel import channel_of
from .elsewhere import places_elsewhere
from .podcast import resolve_tags
from .written import CatalogKeys

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
CF109 = Code(
    "CF109",
    Severity.ERROR,
    message=N_("{text} ends without / or =, and the address of each recording is put behind it"),
    why=N_("the two would run into each other, and no app could play anything"),
    mend=N_("copy the whole address from the counting service, most likely:  {key}: {better}"),
    spec=("RSS-22",),
)

SE001 = Code(
    "SE001",
    Severity.ERROR,
    message=N_('feedtool.yaml has no "{key}:"'),
    why=N_("apps and directories need it to show a series at all"),
    mend=N_("add  {key}: {example}"),
    spec=("RSS-02", "LANG-02", "APPLE-01", "APPLE-07"),
)

CF067 = Code(
    "CF067",
    Severity.WARNING,
    message=N_("a trailer belongs to one series; here the line does nothing"),
    why=N_("the feed of the whole catalog offers none, and no series takes it from here"),
    mend=N_("move the line into the series.yaml of the series that has the episode"),
)

CF095 = Code(
    "CF095",
    Severity.WARNING,
    message=N_("this txt proves whose a feed is, and no series takes it from here"),
    why=N_("it stands in the feed of the whole catalog only, which directories do not list"),
    mend=N_("move the entry into the series.yaml of the series whose feed is meant"),
    spec=("PC20-33",),
)

_CLAIMS = (None, "verify", "applepodcastsverify")
"""Purposes of a txt by which a directory knows whose a feed is (podcast namespace, txt)."""


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
    if keys.media_prefix and not keys.media_prefix.endswith(("/", "=")):
        key, text = "media_prefix", keys.media_prefix
        better = text + ("=" if "?" in text else "/")
        findings.append(CF109.at(place.down(key), key=key, text=text, better=better))
    zone: tzinfo = UTC
    if keys.timezone is None and "timezone" in faulty:
        pass
    elif keys.timezone is None:
        findings.append(CF041.at(place))
    else:
        try:
            zone = _zone(keys.timezone)
        except (KeyError, OSError, ValueError):  # unknown, a folder, or no name at all
            nearest = _nearest_zone(keys.timezone)
            findings.append(CF040.at(place.down("timezone"), text=keys.timezone, nearest=nearest))
    people = {
        unicodedata.normalize("NFC", name): Person(
            person.name, name, person.title, person.organisation, person.url,
            person.image, ("title", "organisation", "url", "image"),
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
    findings += [
        CF095.at(Place(tag.file, tag.keys))
        for tag in tags
        if tag.name == "txt" and tag.get("purpose") in _CLAIMS
    ]
    findings += places_elsewhere(keys, place)
    own = channel_of("", keys, keys, {"podcast": tags}, place)
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


_LOCAL_ZONES = {"Factory", "localtime", "posixrules"}
"""What the machine is set to: on another one, every date would be another."""


def _zone(name: str) -> ZoneInfo:
    """A zone that is the same everywhere. Raises KeyError, OSError or ValueError for none."""
    if name in _LOCAL_ZONES or name.startswith(("posix/", "right/")):  # folders of some systems
        raise KeyError(name)
    return ZoneInfo(name)


def _nearest_zone(text: str) -> str:
    # "GMT+1" is next to "GMT+0", which would be an hour off
    places = [one for one in available_timezones() if "/" in one and not one.startswith("Etc/")]
    near = difflib.get_close_matches(text[:100], sorted(places), 1, 0.5)
    return near[0] if near else "Europe/Stockholm"


def _site(keys: CatalogKeys, base_url: str) -> Site:
    return Site(
        base_url=_folder(base_url),
        media_base_url=_folder(keys.media_base_url or _folder(base_url) + "media/"),
        media_prefix=keys.media_prefix or "",
    )


def _folder(url: str) -> str:
    return url if url.endswith("/") else url + "/"
