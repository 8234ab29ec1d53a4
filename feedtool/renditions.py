"""Renditions of an episode: other files and streams of the same, measured or promised."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from .finding import N_, Code, Finding, Place, Severity
from .formats import is_remote
from .lock import Promise, is_as_promised
from .media_files import Absent, MediaFiles
from .model import Alternate, Copy, Enclosure, Episode, Measured
from .read.objects import AlternateKeys
from .vocabulary import SPELLINGS

ME055 = Code(
    "ME055",
    Severity.ERROR,
    message=N_("a rendition needs a file, or a type and at least one address under uris"),
    why=N_("apps would have nothing to play"),
    mend=N_(
        "write  file: name.mp3   or, for a stream,  type: application/x-mpegURL   and "
        " uris: [https://...]"
    ),
    spec=("PC20-14", "PC20-15"),
)

ME057 = Code(
    "ME057",
    Severity.WARNING,
    message=N_("type: says {stated}, but the content of media/{source} is {type}"),
    why=N_("apps are told what was found, so it may be another file than you meant"),
    mend=N_("check that it is the right file, and remove the line  type:  (it is found out)"),
    spec=("PC20-14", "FILE-08"),
)


def rendition(
    files: MediaFiles,
    wish: AlternateKeys,
    episode: Episode,
    promise: Promise | None,
    place: Place,
    found: list[Finding],
) -> Alternate | None:
    """A rendition: its file measured and hashed, or a stream as described."""
    others = tuple(Copy(entry.uri, entry.type) for entry in wish.uris)
    if wish.file is None or is_remote(wish.file):
        if wish.file:
            others = (Copy(wish.file), *others)
        if not others or not wish.type:
            found.append(ME055.at(place))
            return None
        return Alternate(
            others, wish.type, None, None, None, wish.language, wish.title, wish.rel,
            wish.codecs, wish.default,
        )  # fmt: skip
    source = f"{episode.series}/{wish.file}"
    earlier = next(
        (one for one in (promise.alternates if promise else ()) if one.media == source),
        None,
    )
    excused = earlier is not None and earlier.duration is not None and bool(earlier.sha256)
    measured = files.measured(source, excused, place.down("file"), found)
    if wish.type and isinstance(measured, Measured) and not _same(wish.type, measured.type):
        found.append(
            ME057.at(place.down("type"), stated=wish.type, source=source, type=measured.type)
        )
    if measured is None or earlier is None:
        if not isinstance(measured, Measured):
            return None
        sha256 = files.sha256(source)
    elif isinstance(measured, Absent):
        if earlier.duration is None or earlier.sha256 is None:
            return None
        files.known.absent[source] = earlier.bytes
        measured = Measured(earlier.bytes, earlier.type, earlier.duration, height=earlier.height)
        sha256 = earlier.sha256
    else:
        promised = earlier.duration or measured.duration
        if earlier.bytes == measured.bytes and is_as_promised(promised, measured.duration):
            measured = replace(measured, duration=promised)
        sha256 = files.sha256(source)
    return Alternate(
        copies=(Copy(source), *others),
        type=measured.type,
        length=measured.bytes,
        bitrate=round(measured.bytes * 8 / measured.duration.total_seconds()),
        height=measured.height,
        language=wish.language,
        title=wish.title,
        rel=wish.rel,
        codecs=wish.codecs,
        default=wish.default,
        integrity=_integrity(sha256),
        duration=measured.duration,
        inside=measured.inside,
    )


def as_published(alternates: tuple[Alternate, ...], enclosure: Enclosure) -> tuple[Alternate, ...]:
    """The renditions; where one is the recording itself, a copy with tags may have its address."""
    if enclosure.bare is None or enclosure.sha256 is None:
        return alternates
    return tuple(
        _published(one, enclosure.length, enclosure.sha256)
        if one.copies[0].uri == enclosure.source
        else one
        for one in alternates
    )


def _published(alternate: Alternate, length: int, sha256: str) -> Alternate:
    seconds = alternate.duration.total_seconds() if alternate.duration else 0
    return replace(
        alternate,
        length=length,
        bitrate=round(length * 8 / seconds) if seconds else alternate.bitrate,
        integrity=_integrity(sha256),
    )


def _integrity(sha256: str) -> str:
    return "sha256-" + b64encode(bytes.fromhex(sha256)).decode()


_SPELLINGS = {**SPELLINGS, "audio/aac": "audio/x-m4a"}
_KIN = frozenset({"video/mp4", "video/x-m4v"}), frozenset({"audio/ogg", "audio/opus"})


def _same(stated: str, type: str) -> bool:
    """Does a typed type mean what was found? Several have more than one name."""
    stated = stated.partition(";")[0].strip().lower()
    stated = _SPELLINGS.get(stated, stated)
    return stated == type or {stated, type} in _KIN
