"""MP4, M4A, M4V and QuickTime: what the index says, against its tables and the file.

mutagen reads the length in the header and the description of the sound. The second opinion are the
tables that players follow: how long each sample lasts, and where in the file the samples are.
ISO/IEC 14496-12 (ISO base media file format) has the names.
"""

from __future__ import annotations

import struct
import sys
from array import array
from typing import BinaryIO, NamedTuple

from ..declare import dataclass
from ..finding import Fault
from ..model import Inside
from . import faults
from .atoms import ATOMS, Atom, Header, header_of, index_of
from .embedded import with_nero_chapters
from .faults import SLACK, NotMeasuredError, Reading, disagree, spoken, two_times
from .files import ending

M4A, MP4, M4V, MOV = "audio/x-m4a", "video/mp4", "video/x-m4v", "video/quicktime"

_LARGEST_INDEX = 1 << 28
"""Bytes; a day of video has about a third of this."""

_MAIN = (b"moov", b"mdat")
_SOUND, _PICTURE = b"soun", b"vide"
_STILLS = {b"jpeg", b"png "}
"""Codecs of pictures that stand still: covers and chapter pictures of an audio file."""


class Part(NamedTuple):
    """One atom at the top of the file."""

    name: bytes
    start: int
    end: int  #: as stated; may lie behind the end of the file
    begin: bytes  #: four bytes of its content
    open: bool = False  #: says "to the end of the file", wherever that is (section 4.2)


@dataclass(slots=True)
class Track:
    """One track of sound or pictures."""

    kind: bytes
    stated: float | None  #: seconds by its header; None = not stated
    sampled: float  #: seconds by its samples
    pause: float  #: seconds before it begins, by the edit list
    played: float | None  #: seconds of it that the edit list plays; None = all
    chunks: array[int]  #: where its groups of samples begin
    height: int | None
    codec: str  #: what it is stored as, e.g. "avc1"
    table: Atom  #: of its samples

    @property
    def seconds(self) -> float:
        """What players play of it.

        Edit lists also hide the silence that encoders add. That is no reason to differ from the
        header, which other programs show.
        """
        played = self.sampled if self.played is None else min(self.sampled, self.played)
        whole = self.pause + played
        return whole if disagree(self.sampled, whole) else self.sampled


def read(file: BinaryIO, size: int, name: str) -> Reading:
    """Playing time by the samples, type by brand and tracks."""
    parts = _parts(file, size)
    moov = next((part for part in parts if part.name == b"moov"), None)
    if moov is None or moov.end > size:
        raise NotMeasuredError(faults.CUT_OFF_INDEX.fault(name=name))
    if moov.end - moov.start > _LARGEST_INDEX:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    file.seek(moov.start)
    atoms = index_of(file.read(moov.end - moov.start))
    tracks = _tracks(atoms)
    if not tracks:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    type_, shown = _type(_brand(parts), tracks, name)

    longest = max(tracks, key=lambda track: track.seconds)
    if _in_fragments(atoms, parts):
        raise NotMeasuredError(faults.IN_FRAGMENTS.fault(name=name))
    main = next((track for track in tracks if track.kind == _SOUND), longest)
    header = header_of(atoms)
    seconds, found = _judge(name, main, longest, header.length)
    cut = _cut_off(tracks, parts, size)
    if cut is not None:
        there = seconds * cut
        found = (faults.CUT_OFF.fault(name=name, **two_times(seconds, there)),)
        seconds = there
    elif unplayed := _joined(parts, size):
        found = (*found, faults.DAMAGED.fault(name=name, bytes=unplayed))
    inside = _inside(header, atoms, parts, shown, seconds)
    height = shown.height if shown else None
    reading = Reading(type_, seconds, found, shown is not None, height, inside)
    chapters = atoms.down(b"udta").content_of(b"chpl")
    return with_nero_chapters(chapters, name, reading) if chapters else reading


def _inside(
    header: Header, moov: Atom, parts: list[Part], shown: Track | None, seconds: float
) -> Inside:
    content = [part for part in parts if part.name == b"mdat"]
    late = bool(content) and next(p.name for p in parts if p.name in _MAIN) == b"mdat"
    bitrate = None
    if shown is None and seconds and len(moov.findall(b"trak")) == 1:  # sound and nothing else
        bitrate = round(sum(part.end - part.start for part in content) * 8 / seconds)
    _, codec, channels, rate = header
    return Inside(rate, channels, bitrate, codec, shown.codec if shown else None, late)


def _judge(
    name: str, main: Track, longest: Track, header: float
) -> tuple[float, tuple[Fault, ...]]:
    """The header's length when the samples agree, else theirs and a fault."""
    true = main.seconds
    found: tuple[Fault, ...] = ()
    if main.stated is None:
        found = (faults.NO_LENGTH.fault(name=name, found=spoken(true)),)
    elif disagree(main.stated, main.sampled):
        found = (faults.WRONG_LENGTH.fault(name=name, **two_times(main.stated, true)),)
    elif not disagree(header, true):
        true = header
    if longest.seconds > true + SLACK:  # pictures that go on when the sound has ended
        true = longest.seconds
    return true, found


# --- the file ----------------------------------------------------------------------------------


def _parts(file: BinaryIO, size: int) -> list[Part]:
    """The atoms at the top, as far as the file goes."""
    parts: list[Part] = []
    at = 0
    while at + 8 <= size and len(parts) < ATOMS:
        file.seek(at)
        head = file.read(16)
        length, name = struct.unpack_from(">I4s", head)
        open_ = length == 0
        if length == 1 and len(head) == 16:
            length = struct.unpack_from(">Q", head, 8)[0]
        elif open_:
            length = size - at
        if length < 8:  # bytes of something else behind the last atom
            break
        parts.append(Part(name, at, at + length, head[8:12], open_))
        at += length
    return parts


def _joined(parts: list[Part], size: int) -> int:
    """The bytes of other recordings behind this one, which players never come to; 0 = none.

    A file has one of each of these atoms (sections 4.3, 8.2.1).
    """
    for name in (b"ftyp", b"moov"):
        again = [part.start for part in parts if part.name == name][1:]
        if again:
            return size - again[0]
    return 0


def _brand(parts: list[Part]) -> bytes:
    """Whose kind of file it says to be, e.g. "M4A "; QuickTime's before brands were invented."""
    return next((part.begin for part in parts if part.name == b"ftyp"), b"qt  ")


def _type(brand: bytes, tracks: list[Track], name: str) -> tuple[str, Track | None]:
    """The MIME type, and the track that is shown, if it is a video.

    .mp4 and .m4v name the same format, and few programs write Apple's brand: between these two
    the name decides, for Apple wants the type that belongs to it (requirements, Appendix D).
    """
    shown = next((track for track in tracks if track.kind == _PICTURE), None)
    if brand == b"qt  ":
        return MOV, shown
    if shown is None:
        return M4A, None
    extension = ending(name).lower()
    if extension in {".mp4", ".m4v"}:
        return (M4V if extension == ".m4v" else MP4), shown
    return (M4V if brand[:3] == b"M4V" else MP4), shown


def _in_fragments(moov: Atom, parts: list[Part]) -> bool:
    """Are the samples listed in pieces all over the file (section 8.8)? The index has not all."""
    return any(part.name == b"moof" for part in parts) or bool(moov.findall(b"mvex"))


def _cut_off(tracks: list[Track], parts: list[Part], size: int) -> float | None:
    """The share of the recording that is there, about, 0 to 1; None when it is whole.

    Only sound and pictures count: what follows them may be cut off without harm.
    """
    chunks = max((track.chunks for track in tracks), key=len)
    if chunks and max(chunks) >= size:
        return sum(1 for chunk in chunks if chunk < size) / len(chunks)
    for part in parts:
        if part.name == b"mdat" and part.end > size:
            return (size - part.start) / (part.end - part.start)
    if not parts[-1].open:
        return None
    # its end fits into any file: that of the last sample must, too
    last = max(tracks, key=lambda track: track.chunks[-1] if track.chunks else 0)
    length = _last_chunk(last.table, len(last.chunks)) if last.chunks else 0
    there = size - last.chunks[-1] if length else 0
    if there < length:
        return (len(last.chunks) - 1 + there / length) / len(last.chunks)
    return None


# --- the tracks --------------------------------------------------------------------------------


def _tracks(moov: Atom) -> list[Track]:
    """The tracks of sound and moving pictures; chapters, covers and time codes do not count."""
    movie_scale = _scale_and_length(moov.down(b"mvhd").content)[0]
    tracks = []
    for trak in moov.findall(b"trak"):
        media = trak.down(b"mdia")
        table = media.down(b"minf", b"stbl")
        kind = media.down(b"hdlr").content[8:12]
        codec = table.down(b"stsd").content[12:16]
        if kind not in (_SOUND, _PICTURE) or codec in _STILLS:
            continue
        scale, length = _scale_and_length(media.down(b"mdhd").content)
        pause, played = _edited(trak.down(b"edts").content, movie_scale)
        tracks.append(
            Track(
                kind=kind,
                stated=length / scale if length else None,
                sampled=_sum_of_samples(table.down(b"stts").content) / scale,
                pause=pause,
                played=played,
                chunks=_chunks(table),
                height=_height(trak.down(b"tkhd").content),
                codec=codec.decode("latin-1"),
                table=table,
            )
        )
    return tracks


def _scale_and_length(header: bytes) -> tuple[int, int]:
    """Units per second and length in units of mvhd or mdhd (8.2.2, 8.4.2); length 0 = unknown."""
    wide = header[:1] == b"\1"
    scale, length = struct.unpack_from(">IQ" if wide else ">II", header, 20 if wide else 12)
    if not scale:
        raise ValueError("no time scale")
    unknown = length == (1 << (64 if wide else 32)) - 1
    return scale, 0 if unknown else length


def _numbers(data: bytes, code: str, start: int) -> array[int]:
    """Big-endian numbers from `start` on, as many as there are."""
    numbers = array(code)
    end = len(data) - (len(data) - start) % numbers.itemsize
    numbers.frombytes(data[start:end])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _sum_of_samples(stts: bytes) -> int:
    """The sum of how long each sample lasts, in units of the track (8.6.1.2)."""
    entries = struct.unpack_from(">I", stts, 4)[0] if len(stts) >= 8 else 0
    numbers = _numbers(stts[: 8 + 8 * entries], "I", 8)
    return sum(map(int.__mul__, numbers[::2], numbers[1::2]))


def _chunks(table: Atom) -> array[int]:
    """Where the chunks begin in the file (8.7.5)."""
    if data := table.down(b"co64").content:
        return _numbers(data, "Q", 8)
    return _numbers(table.down(b"stco").content, "I", 8)


def _last_chunk(table: Atom, chunks: int) -> int:
    """The bytes of its last chunk (8.7.3, 8.7.4); 0 = not stated."""
    lengths, groups = table.down(b"stsz"), table.down(b"stsc")
    head = lengths.part(4, 8)
    entries = int.from_bytes(groups.part(4, 4), "big")
    if len(head) < 8 or not entries:
        return 0
    each, samples = struct.unpack(">II", head)
    last = int.from_bytes(groups.part(8 + 12 * (entries - 1) + 4, 4), "big")
    if entries == 1:  # some programs do not say that the last chunk has fewer
        last = min(last, samples - last * (chunks - 1))
    last = max(0, min(last, samples))
    return (
        each * last
        if each
        else sum(_numbers(lengths.part(12 + 4 * (samples - last), 4 * last), "I", 0))
    )


def _edited(edts: bytes, scale: int) -> tuple[float, float | None]:
    """Seconds of pause, and of the track itself, by the edit list (8.6.6); None = no list.

    A pause is an entry that starts at -1: sound that begins later than the pictures has one.
    """
    elst = edts[8:]  # its only content
    if edts[4:8] != b"elst" or len(elst) < 8:
        return 0, None
    wide = elst[:1] == b"\1"
    entries = struct.unpack_from(">I", elst, 4)[0]
    entry = struct.Struct(">Qqi" if wide else ">Iii")
    body = elst[8 : 8 + entry.size * entries]
    body = body[: len(body) - len(body) % entry.size]
    pause = played = 0
    for length, start, _ in entry.iter_unpack(body):
        if start == -1:
            pause += length
        else:
            played += length
    return pause / scale, played / scale or None


def _height(tkhd: bytes) -> int | None:
    """The height in which the track is shown, turned as phones turn it (8.3.2)."""
    if len(tkhd) < 84:
        return None
    straight = struct.unpack_from(">i", tkhd, len(tkhd) - 44)[0]  # a of the matrix (a b u c d v...)
    width, height = struct.unpack_from(">II", tkhd, len(tkhd) - 8)
    return int((height if straight else width) >> 16) or None
