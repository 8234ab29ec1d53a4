"""All documents of a feed: the first, then the pages or archives that it names (RFC 5005).

SoundCloud's feeds have pages, with rel="next". A chain that repeats or never ends is left where it
brings nothing new.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from ..declare import dataclass
from ..errors import FeedtoolError, UsageError
from ..language import N_
from ..read.channel import podcast_guid
from .atom import read_atom
from .dates import read_dates
from .document import NoFeedError, name_of, read_xml
from .jsonfeed import read_json
from .record import Entry, Source, Why
from .refusals import plain, public, without_login
from .relative import make_whole
from .rss import read_rss
from .web import Page, Web

LARGEST = 200_000_000
"""Bytes of one document."""
_ALL = 1_000_000_000
"""Bytes of all documents of one feed."""
_PAGES = 5000
_ENTRIES = 200_000

KEY = N_(
    "what is left out of the address, {url}, may be the key of a private feed, and stands in no"
    " file; give the whole address when you import again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A feed with the entries of all its documents, in their order, each once."""

    source: Source  #: the first document, with the entries of all
    address: str  #: as it was asked for, without what opens it; the name of a file
    guid: str  #: the podcast:guid that directories make of its address; "" = it has none
    base: str  #: from which relative addresses start; "" for a file
    documents: int
    told: tuple[Why, ...]  #: what went wrong on the way


def read_source(place: str, web: Web, progress: Callable[[int, int], None]) -> Whole:
    """The feed at an address, or in a file.

    Raises UsageError for a place that there is not, RemoteError and AccessError for a server,
    NoFeedError for what is no feed.
    """
    if is_address(place):
        page = _page(place, web)
        first, base, size = _document(page, place), page.url, len(page.body)
        address, lasting = place, page.lasting  # directories go where it moved for ever
    else:
        first, base, size = _from_file(Path(place)), "", 0
        address = lasting = first.address if is_address(first.address) else ""
    entries = [_absolute(entry, base) for entry in first.entries]
    known = {_key(entry) for entry in entries}
    told: list[Why] = []
    if public(address).endswith("…"):
        told.append(Why(KEY, {"url": public(address)}))
    seen, documents, following = {base}, 1, _next(first, base)
    while following:
        url, following = following, ""
        if url in seen:
            told.append(Why(N_("the pages of the feed go in a circle: {url} came before"),
                            {"url": plain(url)}))  # fmt: skip
        elif documents >= _PAGES or size > _ALL or len(entries) > _ENTRIES:
            told.append(Why(N_("the feed has more than {count} pages; the rest was not read"),
                            {"count": documents}))  # fmt: skip
        else:
            page = _page(url, web)
            document, at = _document(page, url), page.url
            size, documents = size + len(page.body), documents + 1
            seen |= {url, at}
            new = [_absolute(entry, at) for entry in document.entries]
            fresh = [entry for entry in new if _key(entry) not in known]
            known |= {_key(entry) for entry in fresh}
            entries += fresh
            progress(documents, documents + 1)
            if fresh:
                following = _next(document, at)
            elif _next(document, at):
                told.append(Why(N_("the page {url} of the feed brings nothing new; those after it"
                                   " were not read"), {"url": plain(url)}))  # fmt: skip
    dates = read_dates(entry.date_text for entry in entries)
    return Whole(
        source=replace(
            first,
            entries=tuple(replace(one, date=dates.get(one.date_text)) for one in entries),
        ),
        address=public(address) or Path(place).name,
        guid=podcast_guid(without_login(lasting).partition("#")[0]) if lasting else "",
        base=base,
        documents=documents,
        told=tuple(told),
    )


def is_address(text: str) -> bool:
    """Is it meant for the web? C: is a disk."""
    return "://" in text


def read_document(data: bytes, name: str, base: str = "") -> Source:
    """One document of a feed in any format; `base` is where it came from. Raises NoFeedError."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in b"{[" and head:
        return read_json(data, name)
    if not head:
        raise NoFeedError(
            N_("{name} is empty"), N_("check the address of the feed; then run it again"), name=name
        )
    root, repaired = read_xml(data, name)
    kind = name_of(root)
    make_whole(root, base)
    if kind in {"rss", "rdf:RDF", "RDF", "channel", "atom:feed", "feed"}:
        source = read_atom(root) if kind.endswith("feed") else read_rss(root)
        return replace(source, repaired=repaired)
    if kind.lower().endswith("html"):
        raise NoFeedError(
            N_("{name} is a web page and no feed"),
            N_('look for the address of the feed on that page, often called "RSS"; a host shows it'
               " in its settings"),
            name=name,
        )  # fmt: skip
    raise NoFeedError(
        N_("{name} is XML, but no feed: it begins with <{tag}>"),
        N_("look for the address of the feed, often called RSS; then run it again"),
        name=name,
        tag=kind.removeprefix("atom:")[:40],
    )


def _page(url: str, web: Web) -> Page:
    page = web.get(url, most=LARGEST, headers={"Accept": _ACCEPT})
    if not page.whole:
        raise NoFeedError(
            N_("{name} is larger than {most} MB, more than any app reads"),
            N_("ask its host for the episodes in pages, or import a part of it from a file"),
            name=plain(url),
            most=LARGEST // 1_000_000,
        )
    return page


def _document(page: Page, url: str) -> Source:
    return read_document(page.body, plain(url), page.url)


_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " */*;q=0.8"
)


def _from_file(path: Path) -> Source:
    try:
        size = os.stat(path).st_size
        if size > LARGEST:
            raise NoFeedError(
                N_("{name} is larger than {most} MB, more than any app reads"),
                N_("ask its host for the episodes in pages, or import a part of it from a file"),
                name=path.name,
                most=LARGEST // 1_000_000,
            )
        data = path.read_bytes()
    except FeedtoolError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            N_("{path} cannot be read: {reason}"),
            N_("give the address of a feed, which begins with https://, or the name of a file"),
            path=path,
            reason=reason,
        ) from error
    return read_document(data, path.name)


def _next(source: Source, base: str) -> str:
    """The address of the next document; "" where a file says one that is none."""
    if not source.next:
        return ""
    try:
        url = urljoin(base, source.next)
    except ValueError:
        return ""
    return url if is_address(url) else ""


def _key(entry: Entry) -> tuple[str, str]:
    """What tells an entry from others: pages shift while they are read, and repeat some."""
    url = entry.enclosure.url if entry.enclosure else ""
    return (entry.guid, url if entry.guid else url or entry.link or entry.title)


def _absolute(entry: Entry, base: str) -> Entry:
    """The entry with absolute addresses. A guid is no address, whatever it looks like."""
    if not base:
        return entry
    enclosure = entry.enclosure
    if enclosure and not is_address(enclosure.url):
        enclosure = replace(enclosure, url=_joined(base, enclosure.url))
    return replace(
        entry,
        enclosure=enclosure,
        link=_joined(base, entry.link),
        image=_joined(base, entry.image),
        chapters_url=_joined(base, entry.chapters_url),
        texts=tuple(replace(text, url=_joined(base, text.url)) for text in entry.texts),
    )


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url) if url else ""
    except ValueError:
        return url
