"""Where the sound of a file begins and ends, between the tags that programs put around it.

ID3v2 before it; ID3v1, APEv2, Lyrics3 and ID3v2.4 behind it. Tags are skipped, not read.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_MOST = 50
"""Tags on one side of a file; two or three are known from practice."""

ID3_HEADER = 10  # ID3v2.4 structure, section 3.1; the footer (3.4) is as long
_UNSYNCHRONISED, _EXTENDED = 0x80, 0x40  # flags, section 3.1
_HEAD = 4096
"""Bytes; all of most tags that have no cover."""
_MOST_TAG = 1 << 22
"""Bytes searched for a chapter in such a tag."""
_MOST_FRAMES = 10_000
"""Frames of one tag; a recording with a hundred chapters has about as many."""
_ID3V1 = 128
_ID3V1_ENHANCED = 227  # "TAG+", just before the ID3v1 tag
_APE_FOOTER = 32  # APEv2 specification: counted in its size, while the header is not
_LYRICS3V1 = 5120
LONGEST_HEADER = _APE_FOOTER


def id3_length(header: bytes) -> int:
    """The bytes of the ID3v2 tag with this header, header and footer included; 0 = none."""
    if len(header) < ID3_HEADER or header[:3] not in (b"ID3", b"3DI"):
        return 0
    size = 0
    for byte in header[6:10]:
        size = size << 7 | byte & 0x7F
    footer = ID3_HEADER if header[5] & 0x10 else 0
    return ID3_HEADER + size + footer


def length(header: bytes) -> int:
    """The bytes of the tag that begins like this, in whatever place; 0 = it is none."""
    if header[:3] == b"TAG":
        return _ID3V1
    if header[:8] == b"APETAGEX" and len(header) >= _APE_FOOTER:
        return int.from_bytes(header[12:16], "little") + _APE_FOOTER
    return id3_length(header)


def sound_begins(file: BinaryIO) -> int:
    """The offset behind all ID3v2 tags at the beginning; some programs write several.

    Raises ValueError when there is no end of them.
    """
    start = 0
    for _ in range(_MOST):
        file.seek(start)
        header = file.read(ID3_HEADER)
        tag = id3_length(header) if header[:3] == b"ID3" else 0
        if not tag:
            return start
        start += tag
        if header[5] & 0x10:  # a footer is promised: programs forget to write it
            file.seek(start - ID3_HEADER)
            if file.read(3) != b"3DI":
                start -= ID3_HEADER
    raise ValueError("too many tags")


def has_chapters(file: BinaryIO) -> bool:
    """Is there a chapter in the ID3v2 tag at the beginning? Frames are passed by, not read."""
    file.seek(0)
    head = file.read(_HEAD)
    end = id3_length(head)
    if end <= len(head) and b"CHAP" not in head:
        return False
    version, flags = head[3], head[5]
    if version not in (3, 4):  # ID3v2.2 has no chapters
        return False
    if flags & (_UNSYNCHRONISED | _EXTENDED):  # seldom: lengths of frames would lead astray
        file.seek(0)
        return b"CHAP" in file.read(min(end, _MOST_TAG))
    at = ID3_HEADER
    for _ in range(_MOST_FRAMES):
        if at + ID3_HEADER > end:
            break
        frame = head[at : at + ID3_HEADER]
        if len(frame) < ID3_HEADER:
            file.seek(at)
            frame = file.read(ID3_HEADER)
        if frame[:4] == b"CHAP":
            return True
        size = int.from_bytes(frame[4:8], "big")
        if version == 4 and size > 0x7F:  # seven bits to the byte
            size = size >> 3 & 0xFE00000 | size >> 2 & 0x1FC000 | size >> 1 & 0x3F80 | size & 0x7F
        if not size:  # padding
            break
        at += ID3_HEADER + size
    return False


def sound_ends(file: BinaryIO, start: int, size: int) -> int:
    """The offset where the tags at the end begin; `size` when there are none."""
    end = size
    for _ in range(_MOST):
        file.seek(max(start, end - _ID3V1))
        tail = file.read(end - max(start, end - _ID3V1))
        tag = _tag_before(file, tail, end)
        if not tag or end - tag < start:
            break
        end -= tag
    return end


def _tag_before(file: BinaryIO, tail: bytes, end: int) -> int:
    """The length of the tag that ends at `end`, whose last bytes are `tail`; 0 = none."""
    if tail[-32:-24] == b"APETAGEX":
        size, _, flags = struct.unpack("<III", tail[-20:-8])
        return int(size) + (_APE_FOOTER if flags & 0x80000000 else 0)
    if tail[:3] == b"TAG" and len(tail) == _ID3V1:
        file.seek(max(0, end - _ID3V1 - _ID3V1_ENHANCED))
        enhanced = file.read(4) == b"TAG+"
        return _ID3V1 + (_ID3V1_ENHANCED if enhanced else 0)
    if tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():
        return int(tail[-15:-9]) + 15
    if tail[-9:] == b"LYRICSEND":
        file.seek(max(0, end - _LYRICS3V1))
        begin = file.read(min(end, _LYRICS3V1)).rfind(b"LYRICSBEGIN")
        return min(end, _LYRICS3V1) - begin if begin >= 0 else 0
    if tail[-10:-7] == b"3DI":
        return id3_length(tail[-10:])
    return 0
