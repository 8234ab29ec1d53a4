"""What an MP4 says besides its sound, pictures and chapters, made into nothing.

Phones write where they were and when, programs who works with them: into user data (`udta`) of the
whole and of tracks, lists of tags (`meta`), boxes of makers (`uuid`), tracks of positions. The
boxes become `free` ones of the same length, filled with zeros, so all else stays in its place. The
moments in headers become zero, which means that nobody knows them.
ISO/IEC 14496-12 (ISO base media file format) has the names.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

_ZEROS = bytes(1 << 20)
_TELLING = {b"meta", b"fdsc"}
"""Kinds of tracks of what a camera measures: positions, turns (12.3; the second is GoPro's)."""
_FILE = {b"ftyp", b"moov", b"mdat"}
_INDEX = {b"mvhd", b"iods", b"trak", b"mvex"}
_DATED = {b"mvhd", b"tkhd", b"mdhd"}
_CHAPTERS, _LIST = b"chpl", b"meta"
_LIST_PARTS = {b"hdlr", b"ilst"}
_NOT_OF_A_TRACK = {b"udta", b"meta", b"free", b"skip"}
_SPHERICAL = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")
"""The `uuid` that says to players that a picture goes all around (Spherical Video, version 1)."""


class _Box(NamedTuple):
    name: bytes
    start: int
    begin: int  #: of its content
    end: int


def blank_out(path: Path) -> None:
    """Leave of a file what is heard and seen, its chapters, and the place of its tags.

    Raises ValueError or struct.error when that cannot be done.
    """
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        top = list(_boxes(file, 0, size))
        index = next((box for box in top if box.name == b"moov"), None)
        if index is None:
            raise ValueError("no index")
        inside = list(_boxes(file, index.begin, index.end))
        tracks = [box for box in inside if box.name == b"trak"]
        telling = [track for track in tracks if _kind(file, track) in _TELLING]
        for track in telling:
            for start, end in _samples(file, track):
                _wipe(file, start, min(end, size))
        chunks = sorted(at for track in tracks for at in _chunks(file, track))
        _keep_of_file(file, top, size, chunks)
        kept = [box for box in inside if box.name in _INDEX and box not in telling]
        data = next((box for box in inside if box.name == b"udta"), None)
        if data and _keep_of_list(file, data):
            kept.append(data)
        _keep(file, index.begin, index.end, kept)
        _forget_moments(file, inside)
        for track in tracks:
            if track not in telling:
                _keep_of_track(file, track)


def _keep_of_file(file: BinaryIO, top: list[_Box], size: int, chunks: Sequence[int]) -> None:
    """Also what sound begins in though its name does not say so. What is no box is cut off."""

    def sounds(start: int, end: int) -> bool:
        at = bisect_left(chunks, start)
        return at < len(chunks) and chunks[at] < end

    end = top[-1].end
    if end < size and not sounds(end, size):
        file.truncate(end)
    _keep(
        file, 0, end,
        [box for box in top if box.name in _FILE or sounds(box.start, box.end)],
    )  # fmt: skip


def _keep_of_list(file: BinaryIO, udta: _Box) -> bool:
    """Keep the chapters and the list of tags that mutagen replaces; False when it is no place for
    such a list."""
    kept = []
    for box in _boxes(file, udta.begin, udta.end):
        if box.name == _CHAPTERS:
            kept.append(box)
        elif box.name == _LIST and all(one.name != _LIST for one in kept):
            parts = list(_boxes(file, box.begin + 4, box.end))
            handler = next((part for part in parts if part.name == b"hdlr"), None)
            if handler and _read(file, handler)[8:12] == b"mdir":
                wanted = [part for part in parts if part.name in _LIST_PARTS]
                if _keep(file, box.begin + 4, box.end, wanted):
                    kept.append(box)
    return _keep(file, udta.begin, udta.end, kept)


def _forget_moments(file: BinaryIO, boxes: Iterable[_Box]) -> None:
    """When it was made and changed last: the first two numbers of these headers (8.2.2, 8.3.2)."""
    for box in boxes:
        if box.name in _DATED:
            wide = _read(file, box, 1) == b"\1"
            _wipe(file, box.begin + 4, min(box.begin + (20 if wide else 12), box.end))


def _keep_of_track(file: BinaryIO, track: _Box) -> None:
    for part in (track, *(box for box in _inside(file, track) if box.name == b"mdia")):
        _forget_moments(file, _inside(file, part))
        _keep(file, part.begin, part.end, [
            box for box in _inside(file, part)
            if box.name not in _NOT_OF_A_TRACK
            and (box.name != b"uuid" or _read(file, box, 16) == _SPHERICAL)
        ])  # fmt: skip


def _keep(file: BinaryIO, start: int, end: int, kept: Sequence[_Box]) -> bool:
    """Make what lies between and around these boxes free.

    False when there is too little room somewhere to say that it is.
    """
    kept = sorted(kept, key=lambda box: box.start)
    begins = [start, *(box.end for box in kept)]
    ends = [*(box.start for box in kept), end]
    whole = True
    for begin, behind in zip(begins, ends, strict=True):
        length = behind - begin
        header = struct.pack(">I4s", length, b"free") if length < 1 << 32 else b""
        header = header or struct.pack(">I4sQ", 1, b"free", length)
        if 0 < length < len(header):
            whole, header = False, b""
        if length:
            file.seek(begin)
            file.write(header)
            _wipe(file, begin + len(header), behind)
    return whole


def _wipe(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    for at in range(start, end, len(_ZEROS)):
        file.write(_ZEROS[: end - at])


# --- reading -----------------------------------------------------------------------------------


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    """The boxes between two places, as far as there are some."""
    at = start
    while at + 8 <= end:
        file.seek(at)
        head = file.read(16)
        length, name = struct.unpack_from(">I4s", head)
        header = 8
        if length == 1 and len(head) == 16:
            length, header = struct.unpack_from(">Q", head, 8)[0], 16
        elif length == 0 and start == 0:  # to the end of the file (section 4.2)
            length = end - at
        if length < header or at + length > end:
            return
        yield _Box(name, at, at + header, at + length)
        at += length


def _inside(file: BinaryIO, box: _Box) -> Iterator[_Box]:
    return _boxes(file, box.begin, box.end)


def _down(file: BinaryIO, box: _Box, *names: bytes) -> _Box | None:
    found: _Box | None = box
    for name in names:
        found = found and next((one for one in _inside(file, found) if one.name == name), None)
    return found


def _read(file: BinaryIO, box: _Box, most: int = -1) -> bytes:
    file.seek(box.begin)
    length = box.end - box.begin
    return file.read(length if most < 0 else min(most, length))


def _kind(file: BinaryIO, track: _Box) -> bytes:
    handler = _down(file, track, b"mdia", b"hdlr")
    return _read(file, handler, 12)[8:] if handler else b""


def _table(file: BinaryIO, track: _Box, name: bytes) -> bytes:
    """The content of a table of samples; empty when it is not there."""
    box = _down(file, track, b"mdia", b"minf", b"stbl", name)
    return _read(file, box) if box else b""


def _numbers(data: bytes, code: str, start: int) -> array[int]:
    numbers = array(code)
    numbers.frombytes(data[start : len(data) - (len(data) - start) % numbers.itemsize])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _chunks(file: BinaryIO, track: _Box) -> array[int]:
    """Where its groups of samples begin in the file (8.7.5)."""
    if data := _table(file, track, b"co64"):
        return _numbers(data, "Q", 8)
    return _numbers(_table(file, track, b"stco"), "I", 8)


def _samples(file: BinaryIO, track: _Box) -> Iterator[tuple[int, int]]:
    """From where to where each group of samples goes (8.7.3, 8.7.4)."""
    sizes = _table(file, track, b"stsz")
    same = struct.unpack_from(">I", sizes, 4)[0]
    each = _numbers(sizes, "I", 12)
    runs = _numbers(_table(file, track, b"stsc"), "I", 8)
    many = dict(zip(runs[::3], runs[1::3], strict=False))  # from which group on: so many in each
    now = at = 0
    for number, start in enumerate(_chunks(file, track), 1):
        now = many.get(number, now)
        yield start, start + (now * same or sum(each[at : at + now]))
        at += now
