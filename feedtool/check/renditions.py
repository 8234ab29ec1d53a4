"""Rules about other renditions of a recording (podcast:alternateEnclosure)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from ..finding import N_, Code, Finding, Severity
from ..formats import clock
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
