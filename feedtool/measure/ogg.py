"""Ogg (RFC 3533) with Vorbis or Opus: the position that the last whole page states.

mutagen reads the header of each stream. The pages are ours: mutagen takes the last page with
the right number for the end, whether or not the file goes on to break off in another one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from mutagen.oggopus import OggOpusInfo
from mutagen.oggvorbis import OggVorbisInfo

from ..declare import dataclass
from ..finding import Fault
from . import faults
from .faults import NotMeasuredError, Reading, spoken

_HEADER = struct.Struct("<4sBBqIIIB")
_LARGEST = 27 + 255 + 255 * 255  # a page, RFC 3533 section 6
_FIRST, _LAST = 0x02, 0x04  # flags
_BEGINNING = b"OggS\0\x02"
_UNFINISHED = -1  # granule of a page on which no packet ends

_OPUS_RATE = 48000  # granules per second, whatever the input was (RFC 7845 section 4)
# samples of a frame, by the five upper bits of a packet's first byte (RFC 6716 section 3.1)
_OPUS_FRAMES = 3 * (480, 960, 1920, 2880) + 2 * (480, 960) + 4 * (120, 240, 480, 960)

_SPOTS = (0.1, 0.3, 0.6)
"""Where in a large file pages are looked at; uneven, as copies of one file repeat evenly."""
_SPOT = 1 << 14
"""Bytes, enough for the beginning of a page; they have about 4 kB (Vorbis) or 1 s (Opus)."""

_OTHER = {
    b"\x80theora": "Ogg Theora",
    b"Speex   ": "Ogg Speex",
    b"\x7fFLAC": "Ogg FLAC",
    b"BBCD": "Ogg Dirac",
}


class Page(NamedTuple):
    start: int  #: offset in the file
    flags: int
    granule: int  #: position in the recording where its last packet ends
    serial: int  #: of its stream
    body: int  #: offset of the content
    end: int  #: offset behind it
    packets: int  #: that end on it


@dataclass(slots=True)
class Stream:
    """One logical stream; a file may have several, one behind the other (a chain)."""

    type: str
    rate: int  #: granules per second
    skip: int  #: samples at the beginning that are not played (Opus)
    packet: int  #: samples in each packet (Vorbis: at most); 0 = each packet says it (Opus)
    begin: int = 0  #: granule at which its sound begins
    last: int = 0  #: granule of the last page
    sounds: bool = False  #: a page with sound was seen

    @property
    def seconds(self) -> float:
        return max(0, self.last - self.begin - self.skip) / self.rate


def read(file: BinaryIO, size: int, name: str) -> Reading:
    """Playing time of all streams; faults when the last page is not whole or not the last."""
    streams, sound = _begin(file, name)
    if not streams:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    last, broken = _last_page(file, size)
    whole = len(streams) == 1 and last and last.serial in streams and last.granule != _UNFINISHED
    if last and whole and _in_order(file, sound, last):
        streams[last.serial].last = last.granule
        seconds = streams[last.serial].seconds
    else:  # a chain, several tracks, or a last page that only carries on a packet
        seconds, last, broken = _all_pages(file, name, size, broken)
    found: tuple[Fault, ...] = ()
    if broken:
        found = (faults.CUT_OFF_END.fault(name=name, found=spoken(seconds)),)
    elif last is None or not last.flags & _LAST:
        found = (faults.NO_END.fault(name=name, found=spoken(seconds)),)
    return Reading(next(iter(streams.values())).type, seconds, found)


def _begin(file: BinaryIO, name: str) -> tuple[dict[int, Stream], int]:
    """The streams that begin the file, by serial number, and where the first sound ends."""
    streams: dict[int, Stream] = {}
    end = 0
    for page in _pages(file, 0):
        end = page.end
        if page.flags & _FIRST:
            _open(file, page, streams, name)
        elif page.granule > 0:
            if page.serial in streams:
                _sounds(file, page, streams[page.serial])
            break
    return streams, end


def _sounds(file: BinaryIO, page: Page, stream: Stream) -> None:
    """Find out where the stream begins, by its first page with sound.

    A recording cut from a live stream does not begin at 0: it goes on counting from the beginning
    of the broadcast (RFC 7845 section 4.3, Vorbis I section A.2).
    """
    stream.sounds = True
    if stream.packet:
        samples = (page.packets - 1) * stream.packet  # the first one only prepares the next
    else:
        file.seek(page.body)
        samples = page.packets * _opus_samples(file.read(2))  # nearly always the same in all
        if page.granule > samples:
            samples = sum(map(_opus_samples, _packets(file, page)))
    stream.begin = max(0, page.granule - samples)


def _opus_samples(packet: bytes) -> int:
    """How much sound is in the packet that begins like this (RFC 6716 section 3.1)."""
    if not packet:
        return 0
    counted = packet[1] & 0x3F if len(packet) > 1 else 0
    return (1, 2, 2, counted)[packet[0] & 0x03] * _OPUS_FRAMES[packet[0] >> 3]


def _packets(file: BinaryIO, page: Page) -> Iterator[bytes]:
    """The first two bytes of each packet on a page."""
    file.seek(page.start + 27)
    content = file.read(page.end - page.start - 27)
    at = page.body - page.start - 27
    lacing = content[:at]
    begin = at
    for segment in lacing:
        at += segment
        if segment < 255:
            yield content[begin : begin + 2]
            begin = at


def _open(file: BinaryIO, page: Page, streams: dict[int, Stream], name: str) -> None:
    """Add the stream that begins on this page, if it is sound."""
    file.seek(page.start)
    content = file.read(page.end - page.start)
    packet = content[page.body - page.start :]
    if packet.startswith(b"OpusHead"):
        # refuses versions that it does not know
        OggOpusInfo(BytesIO(content))  # type: ignore[no-untyped-call]
        skip = struct.unpack_from("<H", packet, 10)[0]
        streams[page.serial] = Stream("audio/opus", _OPUS_RATE, skip, 0)
    elif packet.startswith(b"\x01vorbis"):
        info: Any = OggVorbisInfo(BytesIO(content))  # type: ignore[no-untyped-call]
        half = 1 << (packet[28] >> 4) - 1  # of the longer block (Vorbis I section 4.2.2)
        streams[page.serial] = Stream("audio/ogg", info.sample_rate, 0, half)
    else:
        for signature, format_ in _OTHER.items():
            if packet.startswith(signature):
                raise NotMeasuredError(faults.OTHER_FORMAT.fault(name=name, found=format_))


def _last_page(file: BinaryIO, size: int) -> tuple[Page | None, bool]:
    """The last whole page, and whether another one begins behind it."""
    window = max(0, size - 2 * _LARGEST)
    file.seek(window)
    data = file.read(size - window)
    at = len(data)
    broken = False
    while (at := data.rfind(b"OggS", 0, at)) >= 0:
        page = _page(data, at, window)
        if page is not None and page.end <= size:
            stub = data[page.end - window :][:4]
            return page, broken or (stub != b"" and b"OggS".startswith(stub))
        broken = True  # cut off in its content, or already in its header
    return None, broken


def _in_order(file: BinaryIO, sound: int, last: Page) -> bool:
    """Does one stream go on from the end of its first sound, `sound`, to the last page?

    Files are joined by putting one behind the other: the counting begins again, and the same
    jingle before and behind a recording has the same serial number. Of a large file only spots
    are asked; a jingle before the first one is missed if its serial number is that of the rest.
    """
    if last.start < 2 * _LARGEST:
        file.seek(sound)
        return _BEGINNING not in file.read(max(0, last.start - sound))
    granule = 0
    for spot in _SPOTS:
        at = sound + int((last.start - sound) * spot)
        file.seek(at)
        data = file.read(_SPOT)
        page = _page(data, data.find(b"OggS"), at) if b"OggS" in data else None
        if page is None or page.granule == _UNFINISHED:
            continue
        if page.serial != last.serial or page.granule < granule:
            return False
        granule = page.granule
    return granule <= last.granule


def _all_pages(
    file: BinaryIO, name: str, size: int, broken: bool
) -> tuple[float, Page | None, bool]:
    """Playing time, the last page, and whether another one begins behind it, by every page.

    Streams that begin together play together, later ones follow.
    """
    seconds: float = 0
    streams: dict[int, Stream] = {}
    last = None
    for page in _pages(file, 0):
        if page.end > size:
            broken = True
            break
        if page.flags & _FIRST:
            if any(stream.sounds for stream in streams.values()):
                seconds += max(stream.seconds for stream in streams.values())
                streams = {}
            _open(file, page, streams, name)
        if page.serial in streams and page.granule != _UNFINISHED:
            stream = streams[page.serial]
            if page.granule > 0 and not stream.sounds:
                _sounds(file, page, stream)
            stream.last = page.granule
            last = page
    seconds += max((stream.seconds for stream in streams.values()), default=0)
    return seconds, last, broken


def _pages(file: BinaryIO, start: int) -> Iterator[Page]:
    """The pages from an offset on, until something else comes."""
    while True:
        file.seek(start)
        page = _page(file.read(27 + 255), 0, start)
        if page is None:
            return
        yield page
        start = page.end


def _page(data: bytes, at: int, offset: int) -> Page | None:
    """The page whose header stands at `at` in data that begin at `offset`; None = no page."""
    if len(data) - at < _HEADER.size:
        return None
    capture, version, flags, granule, serial, _, _, segments = _HEADER.unpack_from(data, at)
    lacing = data[at + 27 : at + 27 + segments]
    if capture != b"OggS" or version != 0 or len(lacing) < segments:
        return None
    body = offset + at + 27 + segments
    packets = segments - lacing.count(255)
    return Page(offset + at, flags, granule, serial, body, body + sum(lacing), packets)
