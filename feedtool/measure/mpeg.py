"""MPEG audio (MP3): what its header says, and how many frames there really are.

mutagen finds the first frame, reads the Xing, Info, VBRI and LAME headers and explains frame
headers. The count of frames is ours: a header may state any number, and without one every
player guesses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from mutagen.mp3 import BitrateMode, HeaderNotFoundError, MPEGFrame, MPEGInfo
from mutagen.mp3._util import VBRIHeader, VBRIHeaderError, XingHeader, XingHeaderError

from ..finding import Fault
from . import faults, tags
from .faults import NotMeasuredError, Reading, disagree, spoken, two_times

CHUNK = 1 << 20
"""Bytes read at once when frames are counted; a frame has at most 2881."""

SPOTS = 8
"""Frame headers looked at, spread over a file of constant bit rate."""

TYPE = "audio/mpeg"


class Frame(NamedTuple):
    """What the four bytes of a frame header say."""

    length: int  #: bytes, header included
    samples: int
    rate: int  #: samples per second
    bitrate: int  #: bits per second
    kind: tuple[Any, ...]  #: the same for all frames of a recording

    @property
    def mean_length(self) -> float:
        """Bytes per frame at this bit rate; single frames are rounded up or down."""
        return self.samples * self.bitrate / self.rate / 8

    def seconds(self, frames: int, silence: int = 0) -> float:
        return max(0, frames * self.samples - silence) / self.rate


class Stated(NamedTuple):
    """What the header in the first frame states; None = nothing."""

    frames: int | None  #: without the frame that holds the header
    bytes: int | None  #: with that frame
    silence: int = 0  #: samples that the encoder says it added at both ends (LAME)
    constant: bool = False  #: all frames are said to have one bit rate


@dataclass(slots=True)
class Walk:
    """What there is between the first frame and the end of the sound."""

    frames: int = 0  #: whole ones
    last: int = 0  #: offset where the last whole frame ends
    noise: int = 0  #: bytes between frames that belong to none
    behind: int = 0  #: bytes behind the last frame that are no padding
    broken: bool = False  #: another frame begins behind the last whole one


def read(file: BinaryIO, size: int, path: Path) -> Reading:
    """Playing time; on a truthful file the same as mutagen's, gapless information included."""
    begin = tags.sound_begins(file)
    if begin >= size:  # the tag lies about its size: look right behind its header
        begin = tags.ID3_HEADER
    end = tags.sound_ends(file, begin, size)
    try:
        info: Any = MPEGInfo(file, begin)
    except HeaderNotFoundError:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=path.name)) from None
    first: int = info.frame_offset
    file.seek(first)
    frame = _frame(file.read(4))
    if frame is None:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=path.name))
    stated = _stated(file, info)
    if stated and _is_constant(file, first, end, frame, stated):
        return Reading(TYPE, frame.seconds(stated.frames or 0, stated.silence))

    walk = _walk(file, first, end, frame)
    noise = first - begin + walk.noise + walk.behind
    if noise > walk.last - first - walk.noise:
        # more noise than sound: the pattern of eleven bits turned up by chance
        raise NotMeasuredError(faults.UNREADABLE.fault(name=path.name))
    present = walk.last - first
    walk.broken &= end == size  # tags behind a broken frame show that the end of the file is here
    if stated is None:
        seconds, found = _without_header(path.name, frame, walk, present)
    else:
        walk.frames -= 1  # the frame that holds the header has no sound
        seconds, found = _against_header(path.name, frame, walk, present, stated)
    if walk.noise > frame.mean_length:
        found = (*found, faults.DAMAGED.fault(name=path.name, bytes=walk.noise))
    return Reading(TYPE, seconds, found)


# --- the verdict -------------------------------------------------------------------------------


def _without_header(
    name: str, frame: Frame, walk: Walk, present: int
) -> tuple[float, tuple[Fault, ...]]:
    seconds = frame.seconds(walk.frames)
    if walk.broken:
        return seconds, (faults.CUT_OFF_END.fault(name=name, found=spoken(seconds)),)
    guess = (present - walk.noise) * 8 / frame.bitrate  # all that a player can do
    if disagree(guess, seconds):
        return seconds, (faults.NO_LENGTH.fault(name=name, found=spoken(seconds)),)
    return seconds, ()


def _against_header(
    name: str, frame: Frame, walk: Walk, present: int, stated: Stated
) -> tuple[float, tuple[Fault, ...]]:
    """Too few frames and too few bytes: cut off. Another count over whole frames: a lie.

    One frame more or less is no lie: some encoders count the frame that holds the header.
    """
    if stated.frames is None:
        return _without_header(name, frame, walk, present)
    missing = stated.frames - walk.frames
    true = frame.seconds(walk.frames)
    claim = frame.seconds(stated.frames, stated.silence)
    bytes_missing = missing > 1 if stated.bytes is None else stated.bytes > present
    if missing > 0 and (walk.broken or bytes_missing):
        return true, (faults.CUT_OFF.fault(name=name, **two_times(claim, true)),)
    if abs(missing) <= 1:
        return claim, ()
    if disagree(claim, true):
        return true, (faults.WRONG_LENGTH.fault(name=name, **two_times(claim, true)),)
    return true, ()


# --- headers -----------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 14)
def _frame(header: bytes) -> Frame | None:
    """A frame header explained by mutagen; None if it is none. A file repeats a few of them."""
    stream = BytesIO(header)
    try:
        frame: Any = MPEGFrame(stream)  # type: ignore[no-untyped-call]
    except HeaderNotFoundError:
        return None
    if frame.layer == 1:
        samples = 384
    elif frame.layer == 3 and frame.version >= 2:
        samples = 576
    else:
        samples = 1152
    # mutagen leaves the stream where the next frame begins
    kind = (frame.version, frame.layer, frame.sample_rate)
    return Frame(stream.tell(), samples, frame.sample_rate, frame.bitrate, kind)


def _stated(file: BinaryIO, info: Any) -> Stated | None:
    """The Xing, Info or VBRI header in the first frame: mutagen keeps the length it makes of it."""
    if info.layer != 3:
        return None
    file.seek(info.frame_offset + XingHeader.get_offset(info))  # type: ignore[no-untyped-call]
    try:
        xing: Any = XingHeader(file)  # type: ignore[no-untyped-call]
    except XingHeaderError:
        pass
    else:
        lame = xing.lame_header
        return Stated(
            frames=xing.frames if xing.frames > 0 else None,
            bytes=xing.bytes if xing.bytes > 0 else None,
            silence=lame.encoder_delay_start + lame.encoder_padding_end if lame else 0,
            constant=info.bitrate_mode == BitrateMode.CBR,
        )
    file.seek(info.frame_offset + VBRIHeader.get_offset(info))  # type: ignore[no-untyped-call]
    try:
        vbri: Any = VBRIHeader(file)  # type: ignore[no-untyped-call]
    except VBRIHeaderError:
        return None
    return Stated(frames=vbri.frames or None, bytes=vbri.bytes or None)


# --- frames ------------------------------------------------------------------------------------


def _is_constant(file: BinaryIO, first: int, end: int, head: Frame, stated: Stated) -> bool:
    """Is the stated number of frames proved without counting them?

    With one bit rate, the bytes say how many frames there are. Proof enough: the bytes fit to
    within half a frame, frames with this bit rate begin where they should in several places, and
    the last one ends where the sound ends.
    """
    if not stated.constant or not stated.frames:
        return False
    start = first + head.length
    file.seek(start)
    frame = _frame(file.read(4))
    if frame is None or frame.kind != head.kind:
        return False
    step = frame.mean_length
    if abs(start + stated.frames * step - end) > step / 2:
        return False
    spots = (start + int(stated.frames * spot // SPOTS * step) for spot in range(1, SPOTS))
    if not all(_found_near(file, spot, frame) for spot in spots):
        return False
    return bool(_found_near(file, end - int(step), frame, end))


def _found_near(file: BinaryIO, spot: int, like: Frame, end: int = 0) -> bool:
    """Does a frame like this begin within two bytes of the spot, and end at `end` if given?"""
    file.seek(spot - 2)
    window = file.read(8)
    return any(
        (frame := _frame(window[at : at + 4])) is not None
        and frame.bitrate == like.bitrate
        and frame.kind == like.kind
        and (not end or spot - 2 + at + frame.length == end)
        for at in range(5)
        if window[at : at + 1] == b"\xff"
    )


class _Lengths:
    """Frame lengths by header, for one kind of frame."""

    def __init__(self, kind: tuple[Any, ...]) -> None:
        self.kind = kind
        self.known: dict[bytes, int] = {}

    def length(self, header: bytes) -> int:
        """The length of the frame with this header, known from now on; 0 = it is no such frame."""
        frame = _frame(header) if header[:1] == b"\xff" else None
        if frame is None or frame.kind != self.kind:
            return 0
        self.known[header] = frame.length
        return frame.length


def _walk(file: BinaryIO, first: int, end: int, head: Frame) -> Walk:
    """Count the frames from `first` to `end`. One dictionary look-up a frame, 1 MiB at a time."""
    lengths = _Lengths(head.kind)
    known = lengths.known
    sync = _sync_pattern(file, first)
    walk = Walk(last=first)
    lost = None  # where the row of frames broke off
    length = 0
    position = first
    while position + 4 <= end:
        file.seek(position)
        chunk = file.read(min(CHUNK, end - position))
        top = len(chunk) - 4
        if top < 0:  # the file became shorter while we read it
            break
        at = 0
        while at <= top:
            begin, frames, new = at, 0, 0
            try:
                while at <= top:
                    length = known[chunk[at : at + 4]]
                    at += length
                    frames += 1
            except KeyError:
                new = lengths.length(chunk[at : at + 4])
            if frames:
                walk.frames += frames
                walk.last = position + at
                if lost is not None:
                    walk.noise += position + begin - lost
                    lost = None
            if at <= top and not new:
                tag = tags.length(chunk[at : at + tags.LONGEST_HEADER])
                if 0 < tag <= end - position - at:  # a file was joined to another, tags and all
                    at += tag
                else:
                    lost = position + at if lost is None else lost
                    at = _next_frame(chunk, at + 1, sync, lengths, end - position)
        position += at
    if walk.last > end:
        walk.frames -= 1
        walk.last -= length
        walk.broken = True
    elif walk.last < end:
        _look_behind(file, walk, end)
    return walk


def _sync_pattern(file: BinaryIO, first: int) -> re.Pattern[bytes]:
    """The first two bytes of frames like the first one, with or without a checksum."""
    file.seek(first + 1)
    second = file.read(1)[0]
    return re.compile(b"\xff[" + re.escape(bytes((second & 0xFE, second | 1))) + b"]")


def _next_frame(chunk: bytes, at: int, sync: re.Pattern[bytes], lengths: _Lengths, end: int) -> int:
    """Where the next frame begins that another frame or the end follows; else behind the chunk."""
    top = len(chunk) - 4
    for match in sync.finditer(chunk, at):
        begin = match.start()
        length = lengths.length(chunk[begin : begin + 4])
        following = begin + length
        if not length:
            continue
        if following <= top:
            if lengths.length(chunk[following : following + 4]):
                return begin
        elif following == end or end > len(chunk):
            return begin
    return top + 1


def _look_behind(file: BinaryIO, walk: Walk, end: int) -> None:
    """Judge the bytes behind the last frame: the stub of a header, padding, or something else."""
    position = walk.last
    file.seek(position)
    while position < end:
        chunk = file.read(min(CHUNK, end - position))
        if position == walk.last and len(chunk) < 4 and chunk[:1] == b"\xff":
            walk.broken = True
        if not chunk or chunk.strip(b"\0"):
            walk.behind = end - walk.last
            return
        position += len(chunk)
