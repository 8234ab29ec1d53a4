"""Rules about other renditions of a recording (podcast:alternateEnclosure)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import timedelta
from urllib.parse import urlsplit

from ..finding import N_, Code, Finding, Severity
from ..formats import clock
from ..model import Alternate
from ..pattern import pattern
from ..vocabulary import PLAYLISTS
from .rule import Heard, item_rule

ME056 = Code(
    "ME056",
    Severity.WARNING,
    message=N_("this rendition lasts {found}, the recording {measured}"),
    why=N_(
        "apps take it for the same content: chapters, transcript and the place where somebody "
        "stopped listening would not fit"
    ),
    mend=N_(
        "check that it is the right file; if it differs on purpose, say how:  rel: extended   (or "
        "another word of your own)"
    ),
    spec=("PC20-14",),
)
ME058 = Code(
    "ME058",
    Severity.WARNING,
    message=N_('"{codecs}" does not tell apps what the rendition is stored as'),
    why=N_("they choose the rendition that they can play by it"),
    mend=N_(
        "write  codecs: mp4a.40.2   for AAC, opus for Opus,  codecs: avc1.640028, mp4a.40.2   for "
        "H.264 with AAC, or remove the line"
    ),
    spec=("PC20-14",),
)
ME059 = Code(
    "ME059",
    Severity.WARNING,
    message=N_("{type} is not the type of a recording"),
    why=N_("apps cannot play it; a page with a player on it is no recording"),
    mend=N_(
        "write the type of the stream itself, such as audio/mpeg, video/mp4 or "
        "application/x-mpegURL; a page belongs under  links:"
    ),
    spec=("PC20-14",),
)
ME060 = Code(
    "ME060",
    Severity.WARNING,
    message=N_("{address} is not encrypted (http:, not https:)"),
    why=N_("web players and many apps refuse to fetch it"),
    mend=N_("write https: at its beginning, if the server knows it"),
    spec=("URI-02", "PC20-17"),
)
ME061 = Code(
    "ME061",
    Severity.WARNING,
    message=N_("two renditions are the same: {address}"),
    why=N_("apps would offer a choice between things that do not differ"),
    mend=N_("remove one of the two"),
    spec=("PC20-14",),
)
ME077 = Code(
    "ME077",
    Severity.WARNING,
    message=N_("codecs: says {stated}, but media/{source} is stored as {found}"),
    why=N_("apps choose the rendition that they can play by it, and would fail or pass it over"),
    mend=N_("check that it is the right file; then correct the line  codecs:  or remove it"),
    spec=("PC20-14",),
)

_FAR = timedelta(seconds=5)

_SAMPLES = r"[A-Za-z0-9]{4}(?:\.[A-Za-z0-9+_-]+)*|mp3|vp8|vp9|vorbis"
_CODECS = pattern(rf"(?:{_SAMPLES})(?:\s*,\s*(?:{_SAMPLES}))*")
_MISNAMED = frozenset({"h264", "h265", "hevc", "mpeg", "mpg4"})
"""Names that people know; four letters like a code, but none."""

_STREAMS = PLAYLISTS | frozenset({
    "application/x-bittorrent", "application/ogg", "application/mp4",
})  # fmt: skip


@item_rule
def rendition_differs(heard: Heard) -> Iterator[Finding]:
    """Renditions that should be the same content but are longer or shorter."""
    measured = heard.item.enclosure.duration
    for index, one in enumerate(heard.item.alternates):
        if measured and one.duration and not one.rel and abs(one.duration - measured) > _FAR:
            yield ME056.at(
                heard.place("alternates", index),
                found=clock(one.duration), measured=clock(measured),
            )  # fmt: skip


@item_rule
def rendition_misdescribed(heard: Heard) -> Iterator[Finding]:
    """Descriptions by which no app can tell whether it can play the rendition."""
    for index, one in enumerate(heard.item.alternates):
        if one.codecs and _is_no_codec(one.codecs):
            yield ME058.at(heard.place("alternates", index, "codecs"), codecs=one.codecs)
        type = one.type.partition(";")[0].strip().lower()
        if not type.startswith(("audio/", "video/")) and type not in _STREAMS:
            yield ME059.at(heard.place("alternates", index, "type"), type=one.type)


def _is_hidden_service(address: str) -> bool:
    """Of Tor, whose own connection is encrypted (podcast namespace, source: the example)."""
    return (urlsplit(address).hostname or "").endswith(".onion")


@item_rule
def rendition_stored_otherwise(heard: Heard) -> Iterator[Finding]:
    """Files that are stored otherwise than is said of them."""
    for index, one in enumerate(heard.item.alternates):
        found = _stored(one)
        if found and one.codecs and not _is_no_codec(one.codecs) and _denies(one.codecs, *found):
            yield ME077.at(
                heard.place("alternates", index, "codecs"),
                stated=one.codecs, source=one.copies[0].uri,
                found=", ".join(code for code in reversed(found) if code),
            )  # fmt: skip


def _stored(one: Alternate) -> tuple[str, str] | None:
    """The codes of sound and pictures in a file that was measured; "" = there is none."""
    if one.duration is None:
        return None
    if one.type in _ONLY:
        return _ONLY[one.type], ""
    if one.inside is None:
        return None
    if one.type == "audio/mpeg":
        return one.inside.sound or "mp3", ""
    return (one.inside.sound, one.inside.picture or "") if one.inside.sound else None


def _denies(codecs: str, sound: str, picture: str) -> bool:
    """Does it say something of sound or pictures that is not so?

    Codes that are not known here are passed over, and of several tracks one is enough: others than
    the first were not looked at.
    """
    said = [_families(code) for code in codecs.split(",")]
    for kind, code in ((_SOUNDS, sound), (_PICTURES, picture)):
        ours = [families & kind for families in said if families & kind]
        found = _families(code)
        if ours and (found or not code) and not any(families & found for families in ours):
            return True
    return False


_ONLY = {"audio/opus": "opus", "audio/ogg": "vorbis", "audio/flac": "flac"}
"""What is stored in files of these types, whatever else is known of them."""
_SOUNDS = frozenset({"aac", "alac", "flac", "mp2", "mp3", "opus", "vorbis", "ac-3"})
_PICTURES = frozenset({"av1", "avc", "hevc", "mpeg4", "vp8", "vp9"})
_CODES = {
    "alac": {"alac"}, "flac": {"flac"}, "mp2": {"mp2"}, "mp3": {"mp3"}, "opus": {"opus"},
    "vorbis": {"vorbis"}, "ac-3": {"ac-3"}, "ec-3": {"ac-3"},
    "av01": {"av1"}, "avc1": {"avc"}, "avc2": {"avc"}, "avc3": {"avc"}, "avc4": {"avc"},
    "hvc1": {"hevc"}, "hev1": {"hevc"}, "dvh1": {"hevc"}, "dvhe": {"hevc"}, "mp4v": {"mpeg4"},
    "vp8": {"vp8"}, "vp08": {"vp8"}, "vp9": {"vp9"}, "vp09": {"vp9"},
}  # fmt: skip
"""What the first part of a code stands for (RFC 6381 and the registry of mp4ra.org); that of
Matroska, too. Others say nothing that could be compared."""
_MPEG_SOUNDS = {
    "66": {"aac"}, "67": {"aac"}, "68": {"aac"}, "69": {"mp2", "mp3"}, "6b": {"mp2", "mp3"},
    "a5": {"ac-3"}, "a6": {"ac-3"}, "ad": {"opus"}, "dd": {"vorbis"},
}  # fmt: skip
"""The second part, behind mp4a: the kind of object, in hexadecimal (ISO/IEC 14496-1, 7.2.6.6)."""
_MPEG_4_SOUNDS = {"32": {"mp2"}, "33": {"mp2"}, "34": {"mp3"}, "36": set[str]()}
"""The third, behind mp4a.40: all others that are in use are kinds of AAC (14496-3, 1.5.1.1)."""


def _families(code: str) -> AbstractSet[str]:
    first, *rest = code.strip().lower().split(".")
    if first != "mp4a":
        return _CODES.get(first, frozenset())
    match rest:
        case [] | ["40"]:  # as QuickTime has it
            return {"aac", "mp2", "mp3"}
        case ["40", kind, *_]:
            return _MPEG_4_SOUNDS.get(kind.lstrip("0"), {"aac"})
        case [object, *_]:
            return _MPEG_SOUNDS.get(object, frozenset())
    return frozenset()


@item_rule
def rendition_unencrypted(heard: Heard) -> Iterator[Finding]:
    """Addresses of renditions without https."""
    for index, one in enumerate(heard.item.alternates):
        for copy in one.copies:
            if copy.uri[:5].lower() == "http:" and not _is_hidden_service(copy.uri):
                yield ME060.at(heard.place("alternates", index), address=copy.uri)


@item_rule
def rendition_repeated(heard: Heard) -> Iterator[Finding]:
    """One file or stream that is offered twice."""
    alternates = heard.item.alternates
    if len(alternates) < 2:
        return
    seen = set()
    for index, one in enumerate(alternates):
        address = one.copies[0].uri
        if address in seen and not one.default:  # else EP026
            yield ME061.at(heard.place("alternates", index), address=address)
        seen.add(address)


def _is_no_codec(text: str) -> bool:
    return not _CODECS.fullmatch(text.strip()) or not _MISNAMED.isdisjoint(
        part.strip().lower() for part in text.split(",")
    )
