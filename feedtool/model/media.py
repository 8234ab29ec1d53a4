"""Recordings, pictures, chapters and texts: as delivered, as measured, as published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import timedelta
from math import gcd
from typing import NamedTuple, TypeVar

from ..declare import dataclass


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A part worth sharing (podcast:soundbite)."""

    start: timedelta
    duration: timedelta
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a recording, from `start` until `end` or the next chapter."""

    start: timedelta
    title: str  #: "" = it has none, and is not shown in the list of chapters
    url: str | None = None
    image: str | None = None  #: a source
    toc: bool = True  #: False = not shown in the list of chapters
    end: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A text version of a recording, as the producer delivered it."""

    source: str  #: path below media/
    language: str | None = None  #: None = the episode's
    captions: bool = False  #: timed for showing with the picture (rel="captions")

    @property
    def format(self) -> str:
        """ "vtt", "srt" or "txt"."""
        return self.source.rpartition(".")[2].lower()


@dataclass(frozen=True, slots=True)
class Cue:
    """Some words of a timed transcript."""

    start: timedelta
    end: timedelta
    text: str  #: plain text, lines divided by "\n"
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A transcript as read: the file's text, and its cues if it is timed."""

    text: str  #: of the whole file, line ends "\n"
    format: str  #: "vtt", "srt" or "txt"
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Inside:
    """How a recording was made, as far as that was found out. Compared, never published."""

    rate: int | None = None  #: samples a second
    channels: int | None = None
    bitrate: int | None = None  #: bits a second of the sound, when it is steady
    sound: str | None = None  #: what it is stored as: "mp4a.40.2", "alac", "mp2"... None = MP3
    picture: str | None = None  #: the same of the picture: "avc1", "hvc1"...
    late: bool = False  #: the index stands behind the content (MP4)
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in one media file."""

    bytes: int
    type: str  #: MIME type of the content, whatever the file is called
    duration: timedelta  #: playing time to the millisecond
    video: bool = False  #: it has a picture track
    height: int | None = None  #: of the picture, in pixels
    inside: Inside | None = field(default=None, compare=False)  #: None = not known


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found in one picture file."""

    bytes: int
    type: str  #: MIME type of the content, whatever the file is called
    width: int  #: pixels
    height: int  #: pixels
    mode: str  #: colours as Pillow names them: "RGB", "RGBA", "L" (grey), "CMYK", "P" (palette)...
    transparent: bool = False  #: one of its colours can be seen through; RGBA says so by itself
    turned: bool = False  #: stored on its side or head, with a mark to turn it (JPEG, Exif)

    @property
    def ratio(self) -> str:
        """Width and height without a common factor: "1/1", "16/9" (podcast:image)."""
        common = gcd(self.width, self.height)
        return f"{self.width // common}/{self.height // common}"


_NEVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What is known of an episode's media file (RSS 2.0 <enclosure>): measured, or taken over."""

    source: str
    length: int  #: bytes
    type: str  #: MIME type
    duration: timedelta  #: playing time; 0 = taken over from a feed that does not say it
    present: bool = True  #: the file is here; False = the facts are the lock's, or remote
    inside: Inside | None = field(default=None, compare=False)  #: None = not known
    bare: int | None = None  #: bytes of the file that was copied and tagged; None = itself
    sha256: str | None = None  #: of such a copy, hexadecimal

    @property
    def end(self) -> timedelta:
        """Where it ends, to be compared with what is said of its parts.

        Of a recording at another address nobody has measured it: no part is too late then.
        """
        return _NEVER if ":" in self.source else self.duration


class Copied(NamedTuple):
    """A tagged copy of a recording, by its content."""

    sha256: str  #: hexadecimal
    bytes: int


@dataclass(frozen=True, slots=True)
class Copy:
    """One place where a rendition can be had (podcast:source)."""

    uri: str  #: a source, or an address with a scheme such as ipfs: or magnet:
    type: str | None = None  #: MIME type of what comes from there, if not the rendition itself


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another rendition of an episode (podcast:alternateEnclosure): measured, or a stream."""

    copies: tuple[Copy, ...]  #: at least one; the first is the measured file, if it is one
    type: str
    length: int | None = None  #: bytes
    bitrate: int | None = None  #: bits per second
    height: int | None = None  #: pixels
    language: str | None = None
    title: str | None = None
    rel: str | None = None
    codecs: str | None = None
    default: bool = False
    integrity: str | None = None  #: Subresource Integrity, "sha256-..."
    duration: timedelta | None = None  #: None for a stream
    inside: Inside | None = field(default=None, compare=False)  #: None = not known


@dataclass(frozen=True, slots=True)
class SideFile:
    """A transcript as it is published, in one format."""

    source: str  #: the producer's file, a path below media/
    name: str  #: below the episode's folder, e.g. "transcript.en.vtt"
    type: str  #: MIME type
    language: str
    captions: bool = False


AnyText = TypeVar("AnyText", Transcript, SideFile)


def tracks(timed: Sequence[AnyText], own: str) -> tuple[AnyText, ...]:
    """What players show with moving pictures of some timed texts: the captions of each language,
    or, where it has none, its transcript. Texts that name no language are in `own`."""
    captioned = {one.language or own for one in timed if one.captions}
    return tuple(one for one in timed if one.captions or (one.language or own) not in captioned)
