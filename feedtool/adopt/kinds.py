"""What kind of file a feed encloses: recordings have many names, and not all are recordings."""

from __future__ import annotations

import re
from mimetypes import guess_type
from urllib.parse import urlsplit

from ..formats import ending_of
from ..vocabulary import EXTENSIONS, SPELLINGS
from .record import Enclosed

_OTHER = re.compile(
    r"(image|text|font|model)/|application/(atom|epub|json|msword|pdf|rss|vnd\.|x-bittorrent"
    r"|x-shockwave|xml|zip)"
)
"""Beginnings of types that cannot be heard: weblogs enclose pictures, some shows their papers."""


def type_of(enclosed: Enclosed) -> str:
    """The MIME type as apps know it; "" = neither the feed nor the address says one.

    Where they disagree it is that of the address: apps choose their player by it, and servers of
    files make their own type of it.
    """
    said = enclosed.type.partition(";")[0].strip().lower()
    said = SPELLINGS.get(said, said)
    named = _types_by_name(enclosed.url)
    if named and said not in named:
        return named[0]
    return said if said.startswith(("audio/", "video/")) else ""


def may_be_heard(enclosed: Enclosed) -> bool:
    """Can it be a recording, by its address and its type?"""
    if _types_by_name(enclosed.url):
        return True
    said = enclosed.type.strip().lower() or guess_type(_path(enclosed.url))[0] or ""
    return not _OTHER.match(said)


def the_recording(enclosures: list[Enclosed]) -> Enclosed | None:
    """The first of an entry that can be heard; where none can, the first; None = it has none."""
    named = [one for one in enclosures if one.url]
    return next((one for one in named if may_be_heard(one)), named[0] if named else None)


def _types_by_name(url: str) -> list[str]:
    """The MIME types of recordings whose addresses end so; none = of none."""
    try:
        ending = ending_of(url)
    except ValueError:
        return []
    return [type for type, endings in EXTENSIONS.items() if ending in endings]


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
