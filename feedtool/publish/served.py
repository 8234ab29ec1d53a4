"""How published files are served: their type, how long they may be kept, and their rank.

The rank is the order in which files are sent: what a feed names is there before the feed.
"""

from __future__ import annotations

from enum import IntEnum

FEED_TYPES = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "feeds.opml": "text/x-opml; charset=utf-8",
}
_TYPES = {
    "chapters.json": "application/json+chapters",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".mpga": "audio/mpeg",
    ".mp2": "audio/mpeg",
    ".m4a": "audio/x-m4a",  # Apple's spelling, as in the feeds
    ".m4b": "audio/x-m4a",
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".qt": "video/quicktime",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".wave": "audio/wav",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".pdf": "application/pdf",
}

OPEN = 0o055
"""What a folder lacks that only its owner may enter: web servers run as another user."""

_FOR_EVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_SOON = "public, max-age=300"


class Rank(IntEnum):
    """Sent in this order."""

    MEDIA = 0
    SIDE = 1  #: chapters, transcripts
    PAGE = 2
    FEED = 3


def rank_of(path: str) -> Rank:
    """What kind of file is published at this path?"""
    if path.startswith("media/"):
        return Rank.MEDIA
    name = path.rpartition("/")[2]
    if name in FEED_TYPES:
        return Rank.FEED
    return Rank.PAGE if name.endswith((".html", ".css")) else Rank.SIDE


def type_of(path: str) -> str:
    """The Content-Type of what is published at this path."""
    name = path.rpartition("/")[2]
    if rank_of(path) is Rank.FEED:
        return FEED_TYPES[name]
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _TYPES.get(name) or _TYPES.get(ending) or "application/octet-stream"


def cache_control_of(path: str) -> str:
    """How long it may be kept (RFC 9111).

    A recording never gets other bytes under the same address. Artwork may, and apps ask for a
    feed every few minutes at most.
    """
    if rank_of(path) is not Rank.MEDIA:
        return _SOON
    return _FOR_EVER if type_of(path).startswith(("audio/", "video/")) else _A_DAY
