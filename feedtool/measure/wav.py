"""WAV (RIFF): the chunk of samples, against the file it stands in.

Read without mutagen: that divides whatever size is stated by the size of a sample, which is
wrong for compressed sound, and it gives up on the sizes that programs write when they stream.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from ..finding import Fault
from . import faults
from .faults import NotMeasuredError, Reading, spoken, two_times

TYPE = "audio/wav"

_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_STREAMED = 0x7FFF0000
"""From this size on it is not a size but "unknown": 0xFFFFFFFF (ffmpeg), 0x7FFFF000 (sox)..."""

_UNCOMPRESSED = {1, 3, 0xFFFE}  # PCM, floating point, extensible

_MOST = 10_000
"""Chunks; a recording has about five."""


def read(file: BinaryIO, size: int, name: str) -> Reading:
    """Playing time by the bytes that are there."""
    code = frequency = samples = 0
    rate: float = 0  # bytes per second
    at = 12
    for _ in range(_MOST):
        file.seek(at)
        kind, length = _CHUNK.unpack(file.read(_CHUNK.size))
        at += _CHUNK.size
        if kind == b"fmt ":
            code, _, frequency, rate, block, _ = _FORMAT.unpack(file.read(_FORMAT.size))
            if code in _UNCOMPRESSED:
                rate = frequency * block  # the stated rate is often wrong, and nobody reads it
        elif kind == b"data":
            if code not in _UNCOMPRESSED and samples and length < _STREAMED:
                rate = length * frequency / samples
            return _measured(name, size - at, length, rate)
        elif kind == b"fact":
            samples = struct.unpack("<I", file.read(4))[0]
        at += length + length % 2
    raise ValueError("no data chunk")


def _measured(name: str, there: int, stated: int, rate: float) -> Reading:
    if there <= 0:
        raise NotMeasuredError(faults.NO_TIME.fault(name=name))
    found: tuple[Fault, ...] = ()
    if stated >= _STREAMED > there or not stated:
        seconds = there / rate
        found = (faults.NO_LENGTH.fault(name=name, found=spoken(seconds)),)
    elif stated > there:
        seconds = there / rate
        found = (faults.CUT_OFF.fault(name=name, **two_times(stated / rate, seconds)),)
    else:
        seconds = stated / rate
    return Reading(TYPE, seconds, found)
