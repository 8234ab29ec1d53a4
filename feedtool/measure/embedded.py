"""Chapters inside a recording: frames of an ID3 tag, or the list that Nero put into MP4 files.

They are compared and copied into an episode's file, never published. Only files that hold some
are read by mutagen; tags.py and atoms.py find out which.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any, BinaryIO

from mutagen.id3 import ID3
from mutagen.mp4 import MP4Chapters
from mutagen.mp4._atom import Atom as Described

from ..finding import N_
from ..formats import forbidden_character
from ..model import Chapter, Inside
from . import faults
from .faults import Reading

_DAMAGED = N_("they cannot be read")
_NO_TABLE = N_("their table of contents is missing")
_TORN_TABLE = N_("their table of contents names one that is not there")
_BACKWARDS = N_("one ends before it begins")
_BEHIND = N_("one begins after the end of the recording")


def with_chapters(file: BinaryIO, name: str, reading: Reading) -> Reading:
    """The reading of an MP3, with the chapters of its ID3 tag and what is wrong with them."""
    try:
        file.seek(0)
        tag: Any = ID3(file)  # type: ignore[no-untyped-call]
        frames = sorted(tag.getall("CHAP"), key=lambda frame: frame.start_time)
        tables = tag.getall("CTOC")
        chapters = tuple(
            _chapter(frame.start_time / 1000, str(frame.sub_frames.get("TIT2", "")))
            for frame in _listed(frames, tables)
        )
        problems = list(_of_frames(frames, tables))
    except Exception as error:
        # as in media.py: mutagen raises many things, and all say the same of the tag. The sound
        # was read, so nothing else is said.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        return _put(reading, (), [_DAMAGED], name)
    return _put(reading, chapters, problems, name)


def with_nero_chapters(content: bytes, name: str, reading: Reading) -> Reading:
    """The reading of an MP4, with the chapters of its atom `chpl`."""
    stream = BytesIO(struct.pack(">I4s", 8 + len(content), b"chpl") + content)
    found: Any = MP4Chapters()  # type: ignore[no-untyped-call]
    try:
        found._parse_chpl(Described(stream), stream)
        chapters = tuple(_chapter(chapter.start, chapter.title) for chapter in found)
    except Exception:  # as above; no file is read here
        return _put(reading, (), [_DAMAGED], name)
    return _put(reading, chapters, [], name)


def _chapter(seconds: float, title: str) -> Chapter:
    """Its title on one line, without what cannot be shown."""
    shown = "".join(" " if forbidden_character(sign) else sign for sign in title)
    return Chapter(timedelta(milliseconds=round(seconds * 1000)), " ".join(shown.split()))


def _listed(frames: Sequence[Any], tables: Sequence[Any]) -> Sequence[Any]:
    """The chapters that players list: one outside of all tables only changes picture or link."""
    if not tables or _is_torn(frames, tables):
        return frames
    children = {child for table in tables for child in table.child_element_ids}
    return [frame for frame in frames if frame.element_id in children]


def _is_torn(frames: Sequence[Any], tables: Sequence[Any]) -> bool:
    known = {frame.element_id for frame in [*frames, *tables]}
    return any(child not in known for table in tables for child in table.child_element_ids)


def _of_frames(frames: Sequence[Any], tables: Sequence[Any]) -> Iterator[str]:
    """What is wrong with the frames CHAP and CTOC of a tag (ID3v2 Chapter Frame Addendum)."""
    if frames and not tables:
        yield _NO_TABLE
    if _is_torn(frames, tables):
        yield _TORN_TABLE
    if any(frame.end_time < frame.start_time for frame in frames):
        yield _BACKWARDS


def _put(
    reading: Reading, chapters: tuple[Chapter, ...], problems: list[str], name: str
) -> Reading:
    if any(chapter.start.total_seconds() > reading.seconds for chapter in chapters):
        problems = [*problems, _BEHIND]
    wrong = tuple(faults.BROKEN_CHAPTERS.fault(name=name, problem=one) for one in problems[:1])
    inside = replace(reading.inside or Inside(), chapters=chapters)
    return reading._replace(faults=reading.faults + wrong, inside=inside)
