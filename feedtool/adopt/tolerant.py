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

    read = feedparser.parse(
        data, sanitize_html=False, resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )  # fmt: skip
    return tuple(_entry(one) for one in read.entries)


def _entry(one: Any) -> Entry:
    enclosures = [link for link in one.get("enclosures", ()) if link.get("href")]
    content = next((part.get("value") for part in one.get("content", ()) if part), "")
    summary = one.get("summary", "")
    return Entry(
        guid=one.get("id", ""),
        title=unescape(one.get("title", "")),  # it escapes what is no HTML
        date=None,
        date_text=one.get("published", "") or one.get("updated", ""),
        enclosure=Enclosed(
            enclosures[0]["href"],
            number_of(enclosures[0].get("length", "")),
            enclosures[0].get("type", ""),
        )
        if enclosures
        else None,
        link=one.get("link", ""),
        duration=duration_of(one.get("itunes_duration", "")),
        notes=content or summary,
        plain="<" not in (content or summary),
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
    converted: bytes = convert_to_utf8({}, trimmed, result)
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
