"""A copy of a recording with tags of our own; the sound in it is the same to the byte.

The second door to mutagen: measure/ only reads. What stood in the recording's own tags does not go
into the copy: nothing is published that no file of the catalog says.
"""

from __future__ import annotations

import errno
import io
import shutil
from dataclasses import astuple, field
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

from .blanked import blank_out
from .declare import dataclass
from .measure import measure
from .measure.tags import LONGEST_HEADER, length, sound_begins, sound_ends

GENRE = "Podcast"

MOST_CHAPTERS = 255
"""Their number has one byte (ID3v2 Chapter Frame Addendum, section 3.2, "Entry count")."""

_UTF16 = 1  # ID3v2.3 has no UTF-8 (section 3.3, "Text encoding")
_FRONT_COVER = 3  # section 4.15, "Picture type"
_NO_OFFSET = 0xFFFFFFFF  # Chapter Frame Addendum, section 3.1: the times count
_MP4 = frozenset({"audio/x-m4a", "video/mp4", "video/x-m4v"})
_CHUNK = 1 << 20
_WAY = 3
"""Another number when copies become other ones: those that nobody has yet are made again."""

TYPES = _MP4 | {"audio/mpeg"}
"""MIME types of recordings that get tags. Others have none that podcast apps read."""

PICTURES = frozenset({"image/jpeg", "image/png"})
"""MIME types of artwork that players show."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter, in milliseconds."""

    start: int
    end: int
    title: str
    url: str | None = None
    listed: bool = True  #: in the table of contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What is written into a copy. None is not written."""

    title: str
    album: str  #: the series
    artist: str | None = None
    track: str | None = None  #: a whole number
    date: date
    comment: str | None = None
    language: str  #: three letters of ISO 639-2
    chapters: tuple[Mark, ...] = ()  #: in MP3 only
    picture_type: str = ""  #: MIME type
    picture_sum: str = ""  #: SHA-256; "" = no picture
    picture: Path | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        """Another text when anything of it is another."""
        said = repr((_WAY, *astuple(self)[:-1]))
        return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def write_tagged(source: Path, target: Path, type: str, tags: Tags) -> bool:
    """Make a copy with these tags where nothing is; the same bytes for the same recording and tags.

    False when it would not be the same recording to a player, or cannot be made; then there is
    none. Raises OSError when the disk fails.
    """
    try:
        if type in _MP4:
            _write_mp4(source, target, tags)
        else:
            _write_mp3(source, target, tags)
    except Exception as error:
        target.unlink(missing_ok=True)
        # mutagen hides what the disk says in errors of its own, and raises many others for files
        # that it does not understand
        for one in (error, error.__cause__, error.__context__):
            if isinstance(one, OSError) and one.errno not in (None, errno.EINVAL):
                raise one from error
        return False
    if _heard(source) == _heard(target):
        return True
    target.unlink()
    return False


def _heard(path: Path) -> tuple[object, ...]:
    """What a player makes of a file."""
    measured, _ = measure(path)
    return (measured.type, measured.duration, measured.height) if measured else ()


def _write_mp3(source: Path, target: Path, tags: Tags) -> None:
    """The tag, and the sound without the tags that programs put around it."""
    with source.open("rb") as read, target.open("xb") as write:
        write.write(_id3(tags))
        begin = _sound_begins(read)
        left = sound_ends(read, begin, source.stat().st_size) - begin
        read.seek(begin)
        while left > 0 and (part := read.read(min(left, _CHUNK))):
            write.write(part)
            left -= len(part)


def _sound_begins(file: BinaryIO) -> int:
    """Behind all tags at the beginning: an APEv2 tag may follow the others there, too."""
    begin = sound_begins(file)
    file.seek(begin)
    header = file.read(LONGEST_HEADER)
    return begin + length(header) if header[:8] == b"APETAGEX" else begin


def _id3(tags: Tags) -> bytes:
    """An ID3v2.3 tag: older players know no later one."""
    from mutagen import id3

    tag: Any = id3.ID3()  # type: ignore[no-untyped-call]

    def add(frame: str, **values: object) -> None:
        tag.add(getattr(id3, frame)(**values))

    def text(frame: str, *words: str) -> object:
        return getattr(id3, frame)(encoding=_UTF16, text=list(words))

    for name, value in (
        ("TIT2", tags.title),
        ("TPE1", tags.artist),
        ("TALB", tags.album),
        ("TRCK", tags.track),
        ("TCON", GENRE),
        ("TLAN", tags.language),
        ("TYER", f"{tags.date.year:04}"),
        ("TDAT", f"{tags.date.day:02}{tags.date.month:02}"),
    ):
        if value:
            tag.add(text(name, value))
    if tags.comment:
        add("COMM", encoding=_UTF16, lang=tags.language, desc="", text=[tags.comment])
    if tags.picture:
        add(
            "APIC", encoding=0, mime=tags.picture_type, type=_FRONT_COVER, desc="",
            data=tags.picture.read_bytes(),
        )  # fmt: skip
    if 0 < len(tags.chapters) <= MOST_CHAPTERS:
        for number, mark in enumerate(tags.chapters):
            inside = [text("TIT2", mark.title)]
            if mark.url:
                inside.append(id3.WXXX(encoding=0, desc="", url=mark.url))  # type: ignore[no-untyped-call]
            add(
                "CHAP", element_id=f"chp{number}", start_time=mark.start, end_time=mark.end,
                start_offset=_NO_OFFSET, end_offset=_NO_OFFSET, sub_frames=inside,
            )  # fmt: skip
        listed = [f"chp{number}" for number, mark in enumerate(tags.chapters) if mark.listed]
        flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
        add("CTOC", element_id="toc", flags=flags, child_element_ids=listed, sub_frames=[])
    written = io.BytesIO()
    tag.save(written, v1=0, v2_version=3, padding=_no_room)
    return written.getvalue()


def _write_mp4(source: Path, target: Path, tags: Tags) -> None:
    """The file with another list of tags in its index; mutagen can write no chapters there."""
    from mutagen import mp4

    with target.open("xb"):
        shutil.copyfile(source, target)
    blank_out(target)
    written: Any = mp4.MP4Tags()  # type: ignore[no-untyped-call]
    for key, value in (
        ("\xa9nam", tags.title),
        ("\xa9ART", tags.artist),
        ("\xa9alb", tags.album),
        ("\xa9gen", GENRE),
        ("\xa9day", tags.date.isoformat()),
        ("\xa9cmt", tags.comment),
    ):
        if value:
            written[key] = [value]
    if tags.track:
        written["trkn"] = [(int(tags.track), 0)]
    # MP4 has a language of tracks only; this is how other programs write that of the whole
    written["----:com.apple.iTunes:LANGUAGE"] = [mp4.MP4FreeForm(tags.language.encode())]  # type: ignore[no-untyped-call]
    if tags.picture:
        png = tags.picture_type == "image/png"
        format = mp4.MP4Cover.FORMAT_PNG if png else mp4.MP4Cover.FORMAT_JPEG
        written["covr"] = [mp4.MP4Cover(tags.picture.read_bytes(), format)]  # type: ignore[no-untyped-call]
    written.save(target, padding=_no_room)


def _no_room(_: object) -> int:
    """No space for further tags: they would change a published file."""
    return 0
