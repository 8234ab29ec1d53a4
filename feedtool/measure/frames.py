"""Frames of MPEG audio: one explained, and all of a file counted.

mutagen explains the four bytes of a frame header. To count, what it says of all headers of one
kind is made into a pattern, which follows a row of such frames.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from mutagen.mp3 import HeaderNotFoundError, MPEGFrame
from mutagen.mp3._util import VBRIHeader, XingHeader

from ..declare import dataclass
from . import sniff, tags

CHUNK = 1 << 20
"""Bytes read at once when frames are counted; a frame has at most 2881."""


class Frame(NamedTuple):
    """What the four bytes of a frame header say."""

    header: bytes
    length: int  #: bytes, header included
    samples: int
    rate: int  #: samples per second
    bitrate: int  #: bits per second
    channels: int
    kind: tuple[Any, ...]  #: the same for all frames of a recording
    xing: int  #: where in it a Xing or Info header would begin; 0 = this layer has none
    vbri: int  #: the same of a VBRI header

    @property
    def mean_length(self) -> float:
        """Bytes per frame at this bit rate; single frames are rounded up or down."""
        return self.samples * self.bitrate / self.rate / 8

    def seconds(self, frames: int, silence: int = 0) -> float:
        return max(0, frames * self.samples - silence) / self.rate


@lru_cache(maxsize=1 << 14)
def explain(header: bytes) -> Frame | None:
    """A frame header explained by mutagen; None if it is none. A file repeats a few of them."""
    stream = BytesIO(header)
    try:
        frame: Any = MPEGFrame(stream)  # type: ignore[no-untyped-call]
    except HeaderNotFoundError:
        return None
    xing = vbri = 0
    if frame.layer == 3:
        xing = XingHeader.get_offset(frame)  # type: ignore[no-untyped-call]
        vbri = VBRIHeader.get_offset(frame)  # type: ignore[no-untyped-call]
    if frame.layer == 1:
        samples = 384
    elif frame.layer == 3 and frame.version >= 2:
        samples = 576
    else:
        samples = 1152
    # mutagen leaves the stream where the next frame begins
    kind = (frame.version, frame.layer, frame.sample_rate)
    return Frame(
        header, stream.tell(), samples, frame.sample_rate, frame.bitrate, frame.channels, kind,
        xing, vbri,
    )  # fmt: skip


class _Row:
    """Frames of one kind, one behind the other."""

    def __init__(self, second: int, rate: int) -> None:
        """`second` is the second byte of their headers, `rate` has the bits of the third one."""
        self._kind: tuple[Any, ...] = ()
        self._lengths = [0] * 256  #: of frames, by the third byte of their headers
        by_length: dict[int, bytes] = {}
        for third in range(256):
            known = explain(bytes((0xFF, second, third, 0))) if third & _RATE == rate else None
            if known is not None:
                self._kind = known.kind
                self._lengths[third] = known.length
                same = by_length.get(known.length, b"")
                by_length[known.length] = same + re.escape(bytes((third,)))
        sync = b"\xff[%b]" % re.escape(bytes((second & ~_NO_CHECKSUM, second | _NO_CHECKSUM)))
        bodies = (b"[%b].{%d}" % (thirds, length - 3) for length, thirds in by_length.items())
        frame = b"(?s:%b(?:%b))" % (sync, b"|".join(bodies))
        self.sync = re.compile(sync)
        # not possessive (*+): Python 3.11.2 sees a whole frame in one that is cut off
        self._frames = re.compile(frame + b"*")
        self._many = re.compile(frame + b"{%d}" % _MANY)

    def length(self, header: bytes) -> int:
        """The bytes of the frame with this header; 0 = it is no such frame."""
        frame = explain(header) if header[:1] == b"\xff" else None
        return frame.length if frame is not None and frame.kind == self._kind else 0

    def follow(self, chunk: bytes, at: int) -> tuple[int, int, int]:
        """The number of frames from here on, and where the last one ends.

        If that is behind the chunk, also the length of this frame, else 0. The patterns take 40 ns
        a frame; to look up each header took 200.
        """
        frames = 0
        while found := self._many.match(chunk, at):
            frames += _MANY
            at = found.end()
        rest = self._frames.match(chunk, at)  # fewer, down to none
        end = rest.end() if rest else at
        while at < end:
            at += self._lengths[chunk[at + 2]]
            frames += 1
        cut = self.length(chunk[at : at + 4])
        return (frames + 1, at + cut, cut) if cut else (frames, at, 0)


_MANY = 64
"""Frames counted at once."""

_NO_CHECKSUM = 0x01  # in the second byte
_RATE = 0x0C  # in the third byte: samples per second

_row = lru_cache(maxsize=64)(_Row)


def _row_of(frame: Frame) -> _Row:
    return _row(frame.header[1] | _NO_CHECKSUM, frame.header[2] & _RATE)


_ENOUGH = 3
"""Frames of one kind in a row that are no accident, where another kind was before."""
_ROOM = _ENOUGH * 2881

_ANY_FRAME = re.compile(rb"\xff[\xe2-\xff]")

_RUBBISH = 1 << 16
"""Bytes. Encoders and hosts leave a few kB behind the sound, which nobody hears of."""


@dataclass(slots=True)
class Walk:
    """What there is between the first frame and the end of the sound."""

    head: Frame  #: the first one
    frames: int = 0  #: whole ones of its kind
    others: float = 0  #: seconds of whole frames of other kinds, of files that were joined to it
    last: int = 0  #: offset where the last whole frame ends
    noise: int = 0  #: bytes between frames that belong to none
    behind: int = 0  #: bytes behind the last frame that are no padding
    stray: int = 0  #: those of them that are more than rubbish: somebody's sound, it seems
    broken: bool = False  #: another frame begins behind the last whole one

    def add(self, frames: int, like: Frame) -> None:
        if like.kind == self.head.kind:
            self.frames += frames
        else:
            self.others += frames * like.samples / like.rate


def count(file: BinaryIO, first: int, end: int, head: Frame) -> Walk:
    """Count the frames from `first` to `end`: of the same kind as the first one, `head`, and of
    other kinds that follow directly or behind a tag.
    """
    like, row = head, _row_of(head)
    walk = Walk(head, last=first)
    lost = None  # where the row of frames broke off
    cut = 0
    position = first
    while position + 4 <= end:
        file.seek(position)
        chunk = file.read(min(CHUNK, end - position))
        top = len(chunk) - 4
        if top < 0:  # the file became shorter while we read it
            break
        at = 0
        while at <= top:
            begin = at
            frames, at, length = row.follow(chunk, at)
            if frames:
                walk.add(frames, like)
                walk.last = position + at
                cut = length
                if lost is not None:
                    walk.noise += position + begin - lost
                    lost = None
            if at <= top:
                tag = tags.length(chunk[at : at + tags.LONGEST_HEADER])
                if 0 < tag <= end - position - at:  # a file was joined to another, tags and all
                    at += tag
                elif 0 < at > len(chunk) - _ROOM and position + len(chunk) < end:
                    break  # to see more of what follows
                elif other := _other_kind(chunk, at):  # joined as well, but made otherwise
                    like, row = other, _row_of(other)
                else:
                    lost = position + at if lost is None else lost
                    at = _next_frame(chunk, at + 1, row, end - position)
        position += at
    if walk.last > end:
        walk.add(-1, like)
        walk.last -= cut
        walk.broken = True
    elif walk.last < end:
        _look_behind(file, walk, end, lost or walk.last)
    return walk


def _other_kind(chunk: bytes, at: int) -> Frame | None:
    """The frame that begins here when more of its kind follow it, whichever kind that is."""
    head = explain(chunk[at : at + 4])
    frame = head
    for _ in range(_ENOUGH - 1):
        if head is None or frame is None or frame.kind != head.kind:
            return None
        at += frame.length
        frame = explain(chunk[at : at + 4])
    return head if frame and head and frame.kind == head.kind else None


def _next_frame(chunk: bytes, at: int, row: _Row, end: int) -> int:
    """Where the next frame begins that another frame or the end follows; else behind the chunk."""
    top = len(chunk) - 4
    for match in row.sync.finditer(chunk, at):
        begin = match.start()
        length = row.length(chunk[begin : begin + 4])
        following = begin + length
        if not length:
            continue
        if following <= top:
            if row.length(chunk[following : following + 4]):
                return begin
        elif following == end or end > len(chunk):
            return begin
    return top + 1


def _look_behind(file: BinaryIO, walk: Walk, end: int, begin: int) -> None:
    """Judge the bytes behind the last frame: the stub of a header, padding, or something else.

    `begin` is where they stop being tags.
    """
    position = begin
    while position < end:
        file.seek(position)
        chunk = file.read(min(CHUNK, end - position))
        if position == walk.last and len(chunk) < 4 and chunk[:1] == b"\xff":
            walk.broken = True
        if not chunk or chunk.strip(b"\0"):
            walk.behind = end - begin
            if walk.behind > _RUBBISH or _is_sound(chunk) or _is_sound(chunk.lstrip(b"\0")):
                walk.stray = walk.behind
            return
        position += len(chunk)


def _is_sound(data: bytes) -> bool:
    """Do these bytes begin like a recording, or hold frames of any kind?"""
    container = sniff.container(data)
    if container not in (None, sniff.Container.MPEG) or sniff.other_media(data):
        return True
    return any(_other_kind(data, match.start()) for match in _ANY_FRAME.finditer(data))
