"""MPEG audio (MP3): what its header says, and how many frames there really are.

mutagen reads the Xing, Info, VBRI and LAME headers, explains frame headers, and finds the first
frame where it is hidden. The count of frames is ours: a header may state any number, and without
one every player guesses.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from mutagen.mp3 import BitrateMode, HeaderNotFoundError, MPEGInfo
from mutagen.mp3 import _guess_xing_bitrate_mode as bit_rate_mode
from mutagen.mp3._util import VBRIHeader, VBRIHeaderError, XingHeader, XingHeaderError

from ..finding import Fault
from ..model import Inside
from . import faults, tags
from .embedded import with_chapters
from .faults import NotMeasuredError, Reading, disagree, spoken, two_times
from .frames import Frame, Walk, count, explain

SPOTS = 8
"""Frame headers looked at, spread over a file of constant bit rate."""

TYPE = "audio/mpeg"


class Stated(NamedTuple):
    """What the header in the first frame states; None = nothing."""

    frames: int | None  #: without the frame that holds the header
    bytes: int | None  #: with that frame
    silence: int = 0  #: samples that the encoder says it added at both ends (LAME)
    constant: bool = False  #: all frames are said to have one bit rate


def read(file: BinaryIO, size: int, name: str) -> Reading:
    """Playing time; on a truthful file the same as mutagen's, gapless information included."""
    begin = tags.sound_begins(file)
    chaptered = 0 < begin < size and tags.has_chapters(file)
    if begin >= size:  # the tag lies about its size: look right behind its header
        begin = tags.ID3_HEADER
    first, frame, stated = _at_once(file, begin) or _searched(file, begin, name)
    end = tags.sound_ends(file, begin, size)
    if stated and _is_constant(file, first, end, frame, stated):
        seconds = frame.seconds(stated.frames or 0, stated.silence)
        reading = Reading(TYPE, seconds, inside=_inside(frame, end - first, seconds))
        return with_chapters(file, name, reading) if chaptered else reading

    walk = count(file, first, end, frame)
    noise = first - begin + walk.noise + walk.behind
    if noise > walk.last - first - walk.noise:
        # more noise than sound: the pattern of eleven bits turned up by chance
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    present = walk.last - first
    walk.broken &= end == size  # tags behind a broken frame show that the end of the file is here
    if stated is None:
        seconds, found = _without_header(name, frame, walk, present)
    else:
        walk.frames -= 1  # the frame that holds the header has no sound
        seconds, found = _against_header(name, frame, walk, present, stated)
    if walk.noise > frame.mean_length or walk.stray:
        found = (*found, faults.DAMAGED.fault(name=name, bytes=walk.noise + walk.stray))
    guess = present * 8 / frame.bitrate
    steady = stated.constant if stated else not disagree(guess, seconds)
    reading = Reading(TYPE, seconds, found, inside=_inside(frame, steady * present, seconds))
    return with_chapters(file, name, reading) if chaptered else reading


def _inside(frame: Frame, sound: int, seconds: float) -> Inside:
    """`sound` is its bytes; 0 = they say nothing, as the bit rate varies."""
    bitrate = round(sound * 8 / seconds) if sound and seconds else None
    layer = frame.kind[1]
    return Inside(frame.rate, frame.channels, bitrate, None if layer == 3 else f"mp{layer}")


# --- the verdict -------------------------------------------------------------------------------


def _without_header(
    name: str, frame: Frame, walk: Walk, present: int
) -> tuple[float, tuple[Fault, ...]]:
    seconds = frame.seconds(walk.frames) + walk.others
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
    true = frame.seconds(walk.frames) + walk.others
    claim = frame.seconds(stated.frames, stated.silence)
    bytes_missing = missing > 1 if stated.bytes is None else stated.bytes > present
    if missing > 0 and (walk.broken or bytes_missing):
        return true, (faults.CUT_OFF.fault(name=name, **two_times(claim, true)),)
    if walk.broken and walk.others:  # the header knows nothing of what was joined to it
        return true, (faults.CUT_OFF_END.fault(name=name, found=spoken(true)),)
    if abs(missing) <= 1 and not walk.others:
        return claim, ()
    if disagree(claim, true):
        return true, (faults.WRONG_LENGTH.fault(name=name, **two_times(claim, true)),)
    return true, ()


# --- headers -----------------------------------------------------------------------------------


_FOUR_FRAMES = 6144
"""Bytes, enough for four frames of layer III: 1441 each."""

Start = tuple[int, Frame, Stated | None]
"""The first frame's offset, its header, and the header in its place for sound."""


def _at_once(file: BinaryIO, begin: int) -> Start | None:
    """What `_searched` would find when the sound is where it should be; None = search.

    MPEGInfo explains each frame anew; `explain` knows the frames of an archive after some files.
    """
    file.seek(begin)
    data = file.read(_FOUR_FRAMES)
    first = explain(data[:4])
    if first is None:
        return None
    if _has_header(data, 0, first):
        stated = _stated(BytesIO(data), 0, first)
        return stated and (begin, first, stated)
    at = first.length
    for _ in range(3):  # with as many behind it, MPEGInfo believes in the first one
        frame = explain(data[at : at + 4])
        if frame is None or _has_header(data, at, frame):
            return None
        at += frame.length
    return begin, first, None


def _has_header(data: bytes, at: int, frame: Frame) -> bool:
    """Is a header in this frame, or something that begins like one?"""
    xing, vbri = at + frame.xing, at + frame.vbri
    return frame.xing > 0 and (
        data[xing : xing + 4] in (b"Xing", b"Info") or data[vbri : vbri + 4] == b"VBRI"
    )


def _searched(file: BinaryIO, begin: int, name: str) -> Start:
    """The first frame behind `begin` that is no accident, as mutagen finds it."""
    try:
        info: Any = MPEGInfo(file, begin)
    except HeaderNotFoundError:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name)) from None
    first: int = info.frame_offset
    file.seek(first)
    frame = explain(file.read(4))
    if frame is None:
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    return first, frame, _stated(file, first, frame)


def _stated(file: BinaryIO, first: int, frame: Frame) -> Stated | None:
    """The Xing, Info or VBRI header in the first frame; MPEGInfo only keeps what it makes of it."""
    if not frame.xing:
        return None
    file.seek(first + frame.xing)
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
            constant=bit_rate_mode(xing) == BitrateMode.CBR,  # type: ignore[no-untyped-call]
        )
    file.seek(first + frame.vbri)
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
    frame = explain(file.read(4))
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
        (frame := explain(window[at : at + 4])) is not None
        and frame.bitrate == like.bitrate
        and frame.kind == like.kind
        and (not end or spot - 2 + at + frame.length == end)
        for at in range(5)
        if window[at : at + 1] == b"\xff"
    )
