"""The door to feedparser: which encoding a feed is in, and dates in anybody's words.

feedparser has met the feeds of twenty years. Of podcasts it keeps too little (one podcast:person of
many, no offset of a date), so that the elements are read without it (document.py).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any

_CLAIMED = re.compile(rb"""encoding\s*=\s*["']([\w.:-]+)""")
_LATIN_1 = frozenset({
    b"iso-8859-1", b"iso8859-1", b"iso88591", b"iso_8859-1", b"latin1", b"latin-1", b"l1",
    b"cp819", b"windows-1252", b"cp1252", b"x-cp1252",
})  # fmt: skip
"""Names that mean windows-1252 (Encoding Standard, 4.2); "us-ascii" often says nothing."""
_CONTROL = re.compile("[\x80-\x9f]")
_LETTERS = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # these five mean nothing
}
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def as_utf8(data: bytes) -> bytes:
    """The document in UTF-8, whatever it is in and whatever it claims."""
    head = data[:200].lstrip()
    claimed = _CLAIMED.search(head)
    if claimed and claimed[1].lower() in _LATIN_1 and not head.startswith(_BOMS):
        return as_windows_1252(data.lstrip().decode("latin-1")).encode()
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


def as_windows_1252(text: str) -> str:
    """A text whose controls U+0080 to U+009F are what programs mean by them.

    Browsers read ISO-8859-1 so (Encoding Standard, 4.2), and "&#150;" (HTML, 13.2.5.84).
    """
    return text.translate(_LETTERS) if _CONTROL.search(text) else text


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
