"""The door to feedparser: which encoding a feed is in, and dates in anybody's words.

feedparser has met the feeds of twenty years. Of podcasts it keeps too little (one podcast:person of
many, no offset of a date), so that the elements are read without it (document.py).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any

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
