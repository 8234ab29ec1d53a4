"""WAV (RIFF): the chunk of samples, against the file it stands in.

Read without mutagen: that divides whatever size is stated by the size of a sample, which is
wrong for compressed sound, and it gives up on the sizes that programs write when they stream.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

from . import faults
from .faults import NotMeasuredError, Reading, disagree, spoken, two_times

TYPE = "audio/wav"

_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_STREAMED = 0x7FFF0000
"""From this size on it is not a size but "unknown": 0xFFFFFFFF (ffmpeg), 0x7FFFF000 (sox)..."""

_SAMPLE_BY_SAMPLE = {1, 3, 6, 7, 0xFFFE}  # PCM, floating point, A-law, mu-law, extensible
_ONE_BYTE = {6, 7}  # A-law and mu-law, whatever is stated
_MP3 = 0x55

_ROUNDED = 0.05
"""The share by which the stated bytes per second of compressed sound may be rounded."""

_RECORDINGS = {b"RIFF", b"RF64"}
"""What another recording begins with."""

_MOST = 10_000
"""Chunks; a recording has about five."""


class Format(NamedTuple):
    """The chunk `fmt `."""

    code: int
    channels: int
    frequency: int
    rate: int  #: bytes per second; of uncompressed sound often wrong, and nobody reads it
    block: int  #: bytes of one sample of all channels, or of a piece of compressed sound
    bits: int  #: of one sample

    def said(self) -> int:
        """Bytes per second as most programs read the header; 0 = not stated."""
        return self.frequency * self.block if self.code in _SAMPLE_BY_SAMPLE else self.rate

    def true(self) -> int:
        """The same by what a sample of this kind must have."""
        least = self.channels * (1 if self.code in _ONE_BYTE else (self.bits + 7) // 8)
        # a larger block is right where samples of 24 bits stand in 32
        wrong = self.block < least or self.rate == self.frequency * least
        if self.code in _SAMPLE_BY_SAMPLE and self.block and least and wrong:
            return self.frequency * least
        return self.said()


def read(file: BinaryIO, size: int, name: str) -> Reading:
    """Playing time by the bytes that are there."""
    format_ = Format(0, 0, 0, 0, 0, 0)
    samples = 0
    at = 12
    for _ in range(_MOST):
        file.seek(at)
        kind, length = _CHUNK.unpack(file.read(_CHUNK.size))
        at += _CHUNK.size
        if kind == b"fmt ":
            format_ = Format(*_FORMAT.unpack(file.read(_FORMAT.size)))
        elif kind == b"data":
            return _measured(file, name, size, at, length, format_, samples)
        elif kind == b"fact":
            samples = struct.unpack("<I", file.read(4))[0]
        at += length + length % 2
    raise ValueError("no data chunk")


def _measured(
    file: BinaryIO, name: str, size: int, at: int, stated: int, format_: Format, samples: int
) -> Reading:
    """The verdict on `stated` bytes of sound that begin at `at`."""
    there = size - at
    if there <= 0:
        raise NotMeasuredError(faults.NO_TIME.fault(name=name))
    said: float = format_.said()
    rate: float = format_.true()
    if format_.code == _MP3:
        rate = _rate_by_frames(file, at, min(size, at + (stated or there))) or rate
    elif format_.code not in _SAMPLE_BY_SAMPLE and samples and stated < _STREAMED:
        # ffmpeg states twice the bytes per second for ADPCM, and the right number of samples
        said = rate = stated * format_.frequency / samples
    claim, seconds = stated / rate, there / rate
    if stated >= _STREAMED > there or not stated:
        return Reading(TYPE, seconds, (faults.NO_LENGTH.fault(name=name, found=spoken(seconds)),))
    if stated > there:
        return Reading(
            TYPE, seconds, (faults.CUT_OFF.fault(name=name, **two_times(claim, seconds)),)
        )
    behind = _chunk_behind(file, at + stated, size)
    if not disagree(claim, seconds) or behind:
        # what else is there is no sound, or too little to matter
        seconds = claim
        if abs(said - rate) > _ROUNDED * rate:
            claim = stated / (said or rate)
    if disagree(claim, seconds):
        wrong = faults.WRONG_LENGTH.fault(name=name, **two_times(claim, seconds))
        return Reading(TYPE, seconds, (wrong,))
    if behind in _RECORDINGS:  # joined to this one; players end before it
        return Reading(TYPE, seconds, (faults.DAMAGED.fault(name=name, bytes=there - stated),))
    return Reading(TYPE, seconds)


def _chunk_behind(file: BinaryIO, end: int, size: int) -> bytes:
    """The name of the chunk that begins where the sound is said to end; none = the sound goes on.

    A recorder that loses its power leaves the size it wrote some time before.
    """
    file.seek(end)
    data = file.read(_CHUNK.size + 1)
    for skip in (0, 1):  # a byte fills up an odd length; some programs leave it out
        if len(data) - skip < _CHUNK.size:
            break
        kind, length = _CHUNK.unpack_from(data, skip)
        fits = end + skip + _CHUNK.size + length <= size
        if fits and all(0x20 <= byte < 0x7F for byte in kind):  # ASCII (RIFF, "Chunks")
            return bytes(kind)
    return b""


def _rate_by_frames(file: BinaryIO, begin: int, end: int) -> float:
    """Bytes per second of MP3 by its frames; 0 = there are none."""
    from .frames import count, explain  # and with them mutagen: such files are rare

    file.seek(begin)
    head = explain(file.read(4))
    if head is None:
        return 0
    walk = count(file, begin, end, head)
    seconds = head.seconds(walk.frames) + walk.others
    return (walk.last - begin) / seconds if seconds else 0
