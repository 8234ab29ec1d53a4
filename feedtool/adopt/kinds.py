"""What kind of file a feed encloses: recordings have many names, and not all are recordings."""

from __future__ import annotations

import re
from mimetypes import guess_type
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ..vocabulary import EXTENSIONS, SPELLINGS
from .record import Enclosed

_OTHER = re.compile(
    r"(image|text|font|model)/|application/(atom|epub|json|msword|pdf|rss|vnd\.|x-bittorrent"
    r"|x-shockwave|xml|zip)"
)
"""Beginnings of types that cannot be heard: weblogs enclose pictures, some shows their papers."""


def type_by_name(url: str) -> str:
    """The MIME type of recordings whose addresses end so; "" = of none."""
    ending = PurePosixPath(_path(url)).suffix.lower()
    return next((type for type, endings in EXTENSIONS.items() if ending in endings), "")


def type_of(enclosed: Enclosed) -> str:
    """The MIME type as apps know it; "" = neither the feed nor the address says one."""
    said = enclosed.type.partition(";")[0].strip().lower()
    if said.startswith(("audio/", "video/")):
        return SPELLINGS.get(said, said)
    return type_by_name(enclosed.url)


def may_be_heard(enclosed: Enclosed) -> bool:
    """Can it be a recording, by its address and its type?"""
    if type_by_name(enclosed.url):
        return True
    said = enclosed.type.strip().lower() or guess_type(_path(enclosed.url))[0] or ""
    return not _OTHER.match(said)


def the_recording(enclosures: list[Enclosed]) -> Enclosed | None:
    """The first of an entry that can be heard; where none can, the first; None = it has none."""
    named = [one for one in enclosures if one.url]
    return next((one for one in named if may_be_heard(one)), named[0] if named else None)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
