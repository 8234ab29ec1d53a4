"""FLAC (RFC 9639): the length in its first block, against the last frame.

mutagen reads STREAMINFO. That block states the number of samples, also when the rest of the
file never arrived; the header of the last frame says where the sound really ends.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from mutagen.flac import StreamInfo

from ..finding import Fault
from . import faults, tags
from .faults import NotMeasuredError, Reading, disagree, spoken, two_times

TYPE = "audio/flac"

_STREAMINFO = 0
_TAIL = 1 << 15
"""Bytes searched for the last frame at first; doubled until one is found. A frame of speech has
4 to 12 kB."""

_MOST_BLOCKS = 10_000
_MOST_TRIES = 100_000
"""Metadata blocks, and places that look like the beginning of a frame. There are about five, and
one in 64 kB; a file of nothing else would take minutes."""

_LONGEST_HEADER = 16  # bytes, RFC 9639 section 9.1
_BLOCK_SIZES = {1: 192, **{n: 144 << n for n in range(2, 6)}, **{n: 1 << n for n in range(8, 16)}}


def read(file: BinaryIO, size: int, name: str) -> Reading:
    """Playing time up to the end of the last whole frame."""
    info, begin = _stream_info(file, size)
    end = tags.sound_ends(file, begin, size)
    first, behind = _samples(file, begin, end, info)
    if behind <= first:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    seconds = (behind - first) / info.sample_rate
    stated = info.total_samples / info.sample_rate
    found: tuple[Fault, ...] = ()
    if not info.total_samples:
        found = (faults.NO_LENGTH.fault(name=name, found=spoken(seconds)),)
    elif info.total_samples > behind:
        found = (faults.CUT_OFF.fault(name=name, **two_times(stated, seconds)),)
    elif disagree(stated, seconds):
        found = (faults.WRONG_LENGTH.fault(name=name, **two_times(stated, seconds)),)
    return Reading(TYPE, seconds, found)


def _stream_info(file: BinaryIO, size: int) -> tuple[Any, int]:
    """STREAMINFO and the offset of the first frame, behind all metadata blocks."""
    info = None
    at = tags.sound_begins(file) + len(b"fLaC")
    last = False
    for _ in range(_MOST_BLOCKS):
        if last or at >= size:
            break
        file.seek(at)
        header = file.read(4)
        last, kind = bool(header[0] & 0x80), header[0] & 0x7F
        if kind == _STREAMINFO:
            info = StreamInfo(file.read(34))  # type: ignore[no-untyped-call]
        at += 4 + int.from_bytes(header[1:4], "big")
    if info is None:
        raise ValueError("no STREAMINFO")
    return info, at


def _samples(file: BinaryIO, begin: int, end: int, info: Any) -> tuple[int, int]:
    """The numbers of the first sample and of the one behind the last whole frame; (0, 0) = none.

    The first is not 0 where the beginning was cut away and the rest copied as it was.
    """
    file.seek(begin)
    head = file.read(_LONGEST_HEADER)
    like, sync = head[:4], head[:2]  # all frames have the same: fixed or variable block size
    if sync not in (b"\xff\xf8", b"\xff\xf9") or len(like) < 4:
        return 0, 0
    start, _ = _frame(head, like, info)
    window = min(_TAIL, end - begin)
    tries = 0
    while True:
        file.seek(end - window)
        data = file.read(window)
        at = len(data)
        while (at := data.rfind(sync, 0, at)) >= 0 and tries < _MOST_TRIES:
            tries += 1
            first, behind = _frame(data[at : at + _LONGEST_HEADER], like, info)
            if behind:
                # zeros behind it, a file's worth where a download took its room, say no more than
                # two: those that a checksum may end in
                rest = data[at : at + len(data[at:].rstrip(b"\0")) + 2]
                whole = not _crc16(rest) or (behind == info.total_samples and _ends_in(rest, info))
                return start, behind if whole else first
        if window >= end - begin or tries >= _MOST_TRIES:
            return 0, 0
        window = min(2 * window, end - begin)


def _frame(header: bytes, like: bytes, info: Any) -> tuple[int, int]:
    """The numbers of its first sample and of the one behind it; (0, 0) when it is no frame.

    The two bytes that begin a frame turn up in sound as well; the checksum, and what must be as
    in the first frame (`like`), tell them apart.
    """
    if len(header) < 6 or (header[3] ^ like[3]) & 0x0F or header[3] >> 4 > 10:  # bits per sample
        return 0, 0
    size_code, rate_code = header[2] >> 4, header[2] & 0x0F
    if not size_code or rate_code != like[2] & 0x0F:
        return 0, 0
    number, at = _coded_number(header, 4)
    extra = {6: 1, 7: 2}.get(size_code, 0)
    checksum = at + extra + {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if number is None or checksum >= len(header) or _crc8(header[:checksum]) != header[checksum]:
        return 0, 0
    samples = (
        int.from_bytes(header[at : at + extra], "big") + 1 if extra else _BLOCK_SIZES[size_code]
    )
    if samples > info.max_blocksize:
        return 0, 0
    if not header[1] & 1:  # fixed block size: frames are numbered instead of samples
        number *= info.max_blocksize
    return number, number + samples


def _coded_number(header: bytes, at: int) -> tuple[int | None, int]:
    """A number coded like UTF-8 but up to 36 bits (section 9.1.5), and the offset behind it."""
    first = header[at]
    length = next((n for n in range(8) if not first & (0x80 >> n)), 8)  # leading ones
    if length in {1, 8} or at + max(length, 1) > len(header):
        return None, at
    if not length:
        return first, at + 1
    number = first & (0x7F >> length)
    for byte in header[at + 1 : at + length]:
        if byte & 0xC0 != 0x80:
            return None, at
        number = number << 6 | byte & 0x3F
    return number, at + length


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    """What each byte does to a checksum of so many bits."""
    table = []
    for byte in range(256):
        crc = byte << bits - 8
        for _ in range(8):
            crc = crc << 1 ^ (polynomial if crc >> bits - 1 else 0)
        table.append(crc)
    return tuple(table)


_CRC8 = _table(0x107, 8)  # x^8 + x^2 + x + 1 (section 9.1.8)
_CRC16 = _table(0x18005, 16)  # x^16 + x^15 + x^2 + 1 (section 9.3)


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = _CRC8[crc ^ byte]
    return crc


def _crc16(frame: bytes) -> int:
    """0 for a whole frame, its checksum included, also with zeros behind it. 0.5 ms a frame."""
    crc, table = 0, _CRC16
    for byte in frame:
        crc = (crc << 8 & 0xFF00) ^ table[crc >> 8 ^ byte]
    return crc


def _ends_in(data: bytes, info: Any) -> bool:
    """Does the frame that begins here end before something else that somebody put behind it?

    By chance one of 65,536 places looks like an end; so it is asked of the last frame only, and
    the frame must be as long as STREAMINFO says that frames are (section 8.2).
    """
    crc, table = 0, _CRC16
    for length, byte in enumerate(data[: info.max_framesize], 1):
        crc = (crc << 8 & 0xFF00) ^ table[crc >> 8 ^ byte]
        if not crc and length >= info.min_framesize:
            return True
    return False
