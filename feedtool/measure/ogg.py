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
_UNFINISHED = -1  # granule of a page on which no packet ends

_OPUS_RATE = 48000  # granules per second, whatever the input was (RFC 7845 section 4)
_OPUS_PACKET = 5760  # samples at most, 120 ms (RFC 6716 section 3.2)
_VORBIS_PACKET = 8192  # samples at most (Vorbis I section 4.2.2)

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


@dataclass(slots=True)
class Stream:
    """One logical stream; a file may have several, one behind the other (a chain)."""

    type: str
    rate: int  #: granules per second
    skip: int  #: samples at the beginning that are not played (Opus)
    most: int  #: samples that one packet can hold
    first: int = 0  #: granule of the first page with sound
    last: int = 0  #: granule of the last one

    @property
    def seconds(self) -> float:
        """Playing time. A recording cut from a live stream does not begin at 0.

        How much sound is on its first page only a decoder could say, so that is left out.
        """
        start = self.first if self.first > 255 * self.most else self.skip
        return max(0, self.last - start) / self.rate


def read(file: BinaryIO, size: int, name: str) -> Reading:
    """Playing time of all streams; faults when the last page is not whole or not the last."""
    streams = _begin(file, name)
    if not streams:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    beside = len(streams)
    last, broken = _last_page(file, size)
    if last and beside == 1 and last.serial in streams and last.granule != _UNFINISHED:
        streams[last.serial].last = last.granule
    else:  # a chain, several tracks, or a last page that only carries on a packet
        last, broken = _all_pages(file, name, size, streams, broken)
    # streams that begin together play together, a later one follows
    together = max(stream.seconds for stream in list(streams.values())[:beside])
    seconds = together + sum(stream.seconds for stream in list(streams.values())[beside:])
    found: tuple[Fault, ...] = ()
    if broken:
        found = (faults.CUT_OFF_END.fault(name=name, found=spoken(seconds)),)
    elif last is None or not last.flags & _LAST:
        found = (faults.NO_END.fault(name=name, found=spoken(seconds)),)
    return Reading(next(iter(streams.values())).type, seconds, found)


def _begin(file: BinaryIO, name: str) -> dict[int, Stream]:
    """The streams that begin the file, with their first page of sound looked up."""
    streams: dict[int, Stream] = {}
    for page in _pages(file, 0):
        if page.flags & _FIRST:
            _open(file, page, streams, name)
        elif page.granule > 0:
            if page.serial in streams:
                streams[page.serial].first = page.granule
            break
    return streams


def _open(file: BinaryIO, page: Page, streams: dict[int, Stream], name: str) -> None:
    """Add the stream that begins on this page, if it is sound."""
    file.seek(page.start)
    content = file.read(page.end - page.start)
    packet = content[page.body - page.start :]
    if packet.startswith(b"OpusHead"):
        # refuses versions that it does not know
        OggOpusInfo(BytesIO(content))  # type: ignore[no-untyped-call]
        skip = struct.unpack_from("<H", packet, 10)[0]
        streams[page.serial] = Stream("audio/opus", _OPUS_RATE, skip, _OPUS_PACKET)
    elif packet.startswith(b"\x01vorbis"):
        info: Any = OggVorbisInfo(BytesIO(content))  # type: ignore[no-untyped-call]
        streams[page.serial] = Stream("audio/ogg", info.sample_rate, 0, _VORBIS_PACKET)
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


def _all_pages(
    file: BinaryIO, name: str, size: int, streams: dict[int, Stream], broken: bool
) -> tuple[Page | None, bool]:
    """The same by reading every page; sets where each stream ends, later ones of a chain too."""
    last = None
    for page in _pages(file, 0):
        if page.end > size:
            return last, True
        if page.flags & _FIRST and page.serial not in streams:
            _open(file, page, streams, name)
        if page.serial in streams and page.granule != _UNFINISHED:
            streams[page.serial].last = page.granule
            last = page
    return last, broken


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
    return Page(offset + at, flags, granule, serial, body, body + sum(lacing))
