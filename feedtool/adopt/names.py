"""Names for files below media/ from what a feed says: only data, whatever stands in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ..formats import is_media_name
from ..read.values import better_name
from ..vocabulary import EXTENSIONS, SHOWN_AS, SPELLINGS

_LONGEST = 80
"""Letters of a name before its ending."""

_OTHER = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "text/vtt": (".vtt",),
    "application/x-subrip": (".srt",),
    "application/srt": (".srt",),
    "text/srt": (".srt",),
    "text/plain": (".txt",),
    "text/html": (".html",),
    "application/json": (".json",),
    "application/json+chapters": (".json",),
    "application/pdf": (".pdf",),
}
_SPELLINGS = {
    **SPELLINGS,
    "audio/aac": "audio/x-m4a",
    "audio/x-aac": "audio/x-m4a",
    "application/ogg": "audio/ogg",
    "image/jpg": "image/jpeg",
}
"""What feeds write for types that have another name here."""

_KNOWN = {one for many in (*EXTENSIONS.values(), *_OTHER.values()) for one in many} | {
    ".aac", ".aif", ".aiff", ".mka", ".mkv", ".mpg", ".oga", ".ogv", ".webm", ".wma",
}  # fmt: skip
_SAYS_NOTHING = re.compile(
    r"(audio|default(_tc)?|download|enclosure|episode|file|index|item|listen|media|original|play"
    r"|playback|podcast|recording|redirect|stream|track|video)?",
    re.IGNORECASE,
)
"""Names that hosts give to every episode."""
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Windows has no files of such names, whatever their ending."""


def safe_media_name(url: str, title: str, type: str) -> str:
    """A name that may be published, from the address, else the title: "kjell-ringer.mp3".

    No folder, no query, ASCII. The ending is that of the address if recordings, pictures or texts
    have it, else the usual one of the type; without any it is .mp3. One that apps hide becomes the
    one that they know.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    # some hosts put a whole address, encoded, into the last part of theirs
    last = re.split(r"[/\\]", unquote(path).rstrip("/\\"))[-1]
    stem, ending = _parted(last)
    if _SAYS_NOTHING.fullmatch(stem.strip()) and title.strip():
        stem = title
    stem = _letters(stem) or _letters(title) or "recording"
    return f"{stem}{SHOWN_AS.get(ending, ending) or _ending(type)}"


def unique(name: str, taken: Collection[str]) -> str:
    """The name, or "name-2.mp3": small and large letters are the same on many disks."""
    known = {one.casefold() for one in taken}
    path, number, new = PurePosixPath(name), 1, name
    while new.casefold() in known:
        number += 1
        new = f"{path.stem}-{number}{path.suffix}"
    return new


def _parted(name: str) -> tuple[str, str]:
    """A name and its ending; "" when it has none that a file here can have."""
    stem, dot, suffix = name.strip().rpartition(".")
    ending = f".{suffix.lower()}"
    if dot and ending in _KNOWN:
        return stem, ending
    if dot and re.fullmatch(r"(aspx?|php\d?|cgi|jsp|s?html?|ashx)", suffix, re.IGNORECASE):
        return stem, ""
    return name, ""


def _letters(text: str) -> str:
    if not is_media_name(text) or "/" in text:
        # a dot would be taken for the beginning of an ending
        text = better_name(text.replace("/", " ").replace(".", " ")) if text.strip() else ""
        text = "" if text == "name" else text
    text = text[:_LONGEST].rstrip("-._")
    return f"file-{text}" if _DEVICE.fullmatch(text.partition(".")[0]) else text


def _ending(type_: str) -> str:
    told = type_.partition(";")[0].strip().lower()
    told = _SPELLINGS.get(told, told)
    return (EXTENSIONS.get(told) or _OTHER.get(told) or (".mp3",))[0]
