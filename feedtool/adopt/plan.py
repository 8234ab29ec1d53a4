"""What an import would do: which entries become which episodes, which do not, and why.

Pure but for what it is told of the catalog: the same feed and the same catalog give the same plan,
also after an import that was interrupted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from urllib.parse import quote

from ..declare import dataclass
from ..formats import GUID_LENGTH, ascii_address, forbidden_character, is_remote, is_web_address
from ..language import N_
from ..lock import Lock
from .catalog import There
from .chain import Whole
from .dates import leaps
from .kinds import may_be_heard, type_of
from .names import safe_media_name, unique
from .naming import free_slug
from .record import Enclosed, Entry, Why, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An entry that becomes an episode."""

    entry: Entry
    slug: str
    guid: str
    title: str
    enclosure: Enclosed  #: with an address that can be asked, and a type
    media: str  #: the name below media/<series>/, or the address; "" = it is another's
    draft: bool = False  #: a build leaves it out until somebody has looked at it
    told: tuple[Why, ...] = ()  #: what is not as the feed has it


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that becomes none."""

    guid: str  #: "" = it has none
    title: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All of it; episodes from the oldest on, so that later ones change no name."""

    series: str
    whole: Whole
    media: bool  #: are recordings downloaded?
    begins: bool  #: has the series no series.yaml yet?
    new: tuple[Planned, ...]
    there: Mapping[str, str]  #: "series/slug" by guid, of what is there and stays as it is
    skipped: tuple[Skipped, ...]

    @property
    def bytes(self) -> int:
        """Of all recordings that are to be downloaded, as far as the feed says."""
        return sum(one.enclosure.length or 0 for one in self.new) if self.media else 0


_BROKEN = re.compile("[\t\r\n\x85\u2028\u2029]")
"""What a text on one line of YAML cannot hold."""

NO_ENCLOSURE = N_("it has no recording: a text of a blog is no episode")
NOT_HEARD = N_("what it encloses, {url}, is no recording")
NO_ADDRESS = N_("the address of its recording, {url}, cannot be asked")
TWICE = N_("another entry of the feed has its guid, too; that one was taken")
GONE = N_("it was here before, and was taken away with --allow gone:")
ODD_GUID = N_("its guid has line breaks or control characters, or is longer than a page")
NO_GUID = N_("it has no guid; apps then go by the address of the recording, which is its guid now")
NO_DATE = N_('it has no date, so it is a draft: write  date:  and delete "status: draft"')
ODD_DATE = N_('its date "{text}" is none that can be read, so it is a draft')
LEAP = N_('its date "{text}" has a second 60, which few apps can read; it is 59 now')
SAME = N_(
    "its recording, {url}, is that of another entry, too; apps show only one of the two, so it is a"
    " draft without a recording"
)
NO_TITLE = N_("it has no title; the name of its recording stands for it")
MENDED = N_("the address of its recording was no proper one; it is {url} now")
NO_TYPE = N_("the feed does not say what kind of file its recording is; {type} is assumed")
OTHER_TYPE = N_("the feed calls the kind of its recording {said}; apps know it as {type}")
NO_LENGTH = N_("the feed does not say how large its recording is; 0 bytes stand for it")
NO_DURATION = N_("the feed does not say how long its recording is")


def plan(whole: Whole, series: str, there: There, lock: Lock, *, media: bool) -> Plan:
    """Who becomes what. Names go from the oldest entry on."""
    new: list[Planned] = []
    skipped: list[Skipped] = []
    kept: dict[str, str] = {}
    seen: set[str] = set()
    slugs, files = set(there.slugs), set(there.files)
    remote = {url.casefold() for url in there.media.values() if is_remote(url)}
    for entry in _oldest_first(whole.source.entries):
        guid = guid_of(entry)
        if entry.enclosure is None:
            skipped.append(Skipped(entry.guid, entry.title, Why(NO_ENCLOSURE)))
            continue
        if not may_be_heard(entry.enclosure):
            why = Why(NOT_HEARD, {"url": entry.enclosure.url[:200]})
            skipped.append(Skipped(entry.guid, entry.title, why))
            continue
        if len(guid) > GUID_LENGTH or _BROKEN.search(guid) or forbidden_character(guid):
            skipped.append(Skipped(guid[:200], entry.title, Why(ODD_GUID)))
            continue
        if guid in seen:
            skipped.append(Skipped(guid, entry.title, Why(TWICE)))
            continue
        seen.add(guid)
        if name := there.name_of(guid):
            kept[guid] = name
            continue
        if guid in there.gone:
            skipped.append(Skipped(guid, entry.title, Why(GONE)))
            continue
        enclosure, told = _usable(entry.enclosure, media=media)
        if enclosure is None:
            why = Why(NO_ADDRESS, {"url": entry.enclosure.url[:200]})
            skipped.append(Skipped(guid, entry.title, why))
            continue
        title = one_line(entry.title)
        locked = lock.episodes.get(guid)
        promised = locked.slug if locked and locked.series == series else ""
        stand_in = safe_media_name(enclosure.url, "", enclosure.type)
        slug = promised or free_slug(title or stand_in.rpartition(".")[0], slugs)
        slugs.add(slug)
        name = enclosure.url
        same = not media and name.casefold() in remote
        remote.add(name.casefold())
        if same:  # two episodes with one recording stop a build, drafts too
            told.append(Why(SAME, {"url": name}))
            name = ""
        if media:
            name = unique(safe_media_name(enclosure.url, slug, enclosure.type), files)
            files.add(name.lower())
        new.append(
            Planned(
                entry=entry,
                slug=slug,
                guid=guid,
                title=title or stand_in,
                enclosure=enclosure,
                media=name,
                draft=same or entry.date is None,
                told=(*_told(entry, media=media), *told),
            )
        )
    return Plan(
        series=series,
        whole=whole,
        media=media,
        begins=not there.has_series_file,
        new=tuple(new),
        there=kept,
        skipped=tuple(skipped),
    )


def guid_of(entry: Entry) -> str:
    """As apps know it: by the address of its recording, if it has none."""
    return entry.guid or (entry.enclosure.url if entry.enclosure else "")


def _oldest_first(entries: tuple[Entry, ...]) -> list[Entry]:
    """By date, and in the order of the feed read from its end; those without a date come last."""
    order = list(reversed(entries))
    return sorted(order, key=lambda one: one.date.timestamp() if one.date else float("inf"))


def _told(entry: Entry, *, media: bool) -> Iterator[Why]:
    if not entry.guid:
        yield Why(NO_GUID)
    if not entry.title:
        yield Why(NO_TITLE)
    if entry.date is None and entry.date_text:
        yield Why(ODD_DATE, {"text": entry.date_text[:100]})
    elif entry.date is None:
        yield Why(NO_DATE)
    elif leaps(entry.date_text):
        yield Why(LEAP, {"text": entry.date_text[:100]})
    if not media and entry.duration is None:
        yield Why(NO_DURATION)


def _usable(enclosure: Enclosed, *, media: bool) -> tuple[Enclosed | None, list[Why]]:
    """The enclosure with an address as feeds carry it, and what had to be done for that."""
    told: list[Why] = []
    url = enclosure.url
    try:
        if not is_web_address(url):
            url = quote(url, safe="/?:@!$&'()*+,;=~-._%#[]")
        url = ascii_address(url)
        if not is_web_address(url):
            return None, told
    except (ValueError, UnicodeError):
        return None, told
    if url != enclosure.url:
        told.append(Why(MENDED, {"url": url}))
    type = type_of(enclosure) or "audio/mpeg"
    if not enclosure.type and not media:
        told.append(Why(NO_TYPE, {"type": type}))
    elif type != enclosure.type and not media:
        told.append(Why(OTHER_TYPE, {"said": enclosure.type, "type": type}))
    if not media and not enclosure.length:
        told.append(Why(NO_LENGTH))
    return replace(enclosure, url=url, type=type), told


def local_date(date: datetime, zone: tzinfo) -> str:
    """The date as episode files have it: local, or with its own offset if that is another.

    UTC is what most programs write, and says nothing of where a recording was published.
    """
    from ..scaffold.moments import written

    offset = date.utcoffset()
    if not offset or offset == date.astimezone(zone).utcoffset() or offset.seconds % 60:
        return written(date, zone)
    text = f"{date:%Y-%m-%d %H:%M:%S}" if date.second else f"{date:%Y-%m-%d %H:%M}"
    sign = f"{date:%z}"
    return f"{text} {sign[:3]}:{sign[3:5]}"
