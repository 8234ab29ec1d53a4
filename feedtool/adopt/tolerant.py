"""The door to feedparser: which encoding a feed is in, and dates in anybody's words.

feedparser has met the feeds of twenty years. Of podcasts it keeps too little (one podcast:person of
many, no offset of a date), so that the elements are read beside it (document.py).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any

from .figures import duration_of, number_of
from .record import Enclosed, Entry


def entries_of(data: bytes) -> tuple[Entry, ...]:
    """The entries of a document that is not well-formed, with what feedparser keeps of each."""
    import feedparser

    try:
        read = feedparser.parse(
            data, sanitize_html=False, resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )  # fmt: skip
    except (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return ()  # version 6.0 stumbles over a psc:chapter without a start, among others
    return tuple(_entry(one) for one in read.entries)


def _entry(one: Any) -> Entry:
    enclosures = [link for link in one.get("enclosures", ()) if link.get("href")]
    content = next((part.get("value") for part in one.get("content", ()) if part), "")
    notes = content or one.get("summary") or ""
    return Entry(
        guid=one.get("id") or "",
        title=unescape(one.get("title") or ""),  # it escapes what is no HTML
        date=None,
        date_text=one.get("published") or one.get("updated") or "",
        enclosure=Enclosed(
            enclosures[0]["href"],
            number_of(enclosures[0].get("length") or ""),
            enclosures[0].get("type") or "",
        )
        if enclosures
        else None,
        link=one.get("link") or "",
        duration=duration_of(one.get("itunes_duration") or ""),
        notes=notes,
        plain="<" not in notes,
    )


_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def as_utf8(data: bytes) -> bytes:
    """The document in UTF-8, whatever it is in and whatever it claims."""
    head = data[:200].lstrip()
    if b"encoding" not in head or b"utf-8" in head.lower():
        bare = data.lstrip().removeprefix(_BOMS[0])
        try:
            bare.decode()
        except UnicodeDecodeError:
            pass
        else:
            return bare
    from feedparser.encodings import convert_to_utf8

    result: dict[str, Any] = {}
    trimmed = data if data.startswith(_BOMS) else data.lstrip()
    try:
        converted: bytes = convert_to_utf8({}, trimmed, result)
    except (ValueError, LookupError):  # it claims an encoding whose name is nonsense
        return trimmed.decode("utf-8", "replace").encode()
    return converted


def dates_of(texts: Iterable[str]) -> dict[str, datetime]:
    """The instants that some texts mean, of those that feedparser can read."""
    import feedparser

    texts = list(texts)
    items = "".join(f"<item><pubDate>{escape(text)}</pubDate></item>" for text in texts)
    stub = f'<rss version="2.0"><channel>{items}</channel></rss>'
    entries = feedparser.parse(stub.encode()).entries
    return {
        text: datetime.fromtimestamp(calendar.timegm(read), UTC)
        for text, entry in zip(texts, entries, strict=False)
        if (read := entry.get("published_parsed")) is not None
    }
