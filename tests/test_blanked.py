"""What a recording says of itself does not go into the copy that is published (`embed: true`)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import mutagen
import pytest
from mutagen.mp4 import MP4

from feedtool.measure import measure
from feedtool.tagged import Tags, write_tagged

from .catalogs import MEDIA
from .test_embed import content, sound

WHERE = b"+59.3293+018.0686/"
LANGUAGE = "----:com.apple.iTunes:LANGUAGE"
TAGS = Tags(title="Ett", album="Samtal", date=date(2025, 3, 1), language="swe")


def box(name: bytes, *inside: bytes) -> bytes:
    whole = b"".join(inside)
    return struct.pack(">I4s", 8 + len(whole), name) + whole


def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """The name and the content of each."""
    found = []
    while data:
        length, name = struct.unpack_from(">I4s", data)
        found.append((name, data[8:length]))
        data = data[length:]
    return found


def with_box(data: bytes, way: Sequence[bytes], added: bytes) -> bytes:
    """One more at the end of the first box by this way down."""
    if not way:
        return data + added
    parts = []
    for name, inside in boxes(data):
        if way and name == way[0]:
            before = 4 if name == b"meta" else 0
            parts.append(box(name, inside[:before], with_box(inside[before:], way[1:], added)))
            way = ()
        else:
            parts.append(box(name, inside))
    return b"".join(parts)


def copied(data: bytes, folder: Path, name: str = "ett.mp4") -> Path:
    """A copy of this recording, with tags."""
    source, target = folder / name, folder / f"copy-{name}"
    source.write_bytes(data)
    measured, _ = measure(source)
    assert measured
    assert write_tagged(source, target, measured.type, TAGS)
    return target


# --- MP4 -------------------------------------------------------------------------------------

PLACE = box(b"\xa9xyz", struct.pack(">HH", len(WHERE), 0x15C7), WHERE)
HANDLER = box(b"hdlr", bytes(8), b"mdta", bytes(13))
KEY = b"com.apple.quicktime.location.ISO6709"
KEYS = box(b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", KEY))
VALUE = box(b"ilst", box(b"\0\0\0\1", box(b"data", struct.pack(">II", 1, 0), WHERE)))
QUICKTIME = box(b"meta", HANDLER, KEYS, VALUE)
ISO = box(b"meta", bytes(4), HANDLER, KEYS, VALUE)
XMP = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), b"<x:xmpmeta>", WHERE)

MOOV, TRAK = (b"moov",), (b"moov", b"trak")
UDTA = (b"moov", b"udta")
LIST = box(
    b"meta", bytes(4), box(b"hdlr", bytes(8), b"mdirappl", bytes(9)),
    box(b"ilst", box(b"\xa9nam", box(b"data", struct.pack(">II", 1, 0), WHERE))),
)  # fmt: skip

Way = Sequence[bytes]
everywhere = pytest.mark.parametrize(
    ("way", "added"),
    [
        pytest.param(UDTA, PLACE, id="beside the list of tags"),
        pytest.param(UDTA, PLACE + bytes(4), id="in user data that ends with a zero"),
        pytest.param(UDTA, LIST, id="in a second list of tags"),
        pytest.param(UDTA, ISO, id="in user data under keys"),
        pytest.param((*UDTA, b"meta"), box(b"xml ", bytes(4), WHERE), id="in the list, as XML"),
        pytest.param(MOOV, box(b"udta", PLACE), id="in second user data"),
        pytest.param(MOOV, QUICKTIME, id="under the keys of QuickTime"),
        pytest.param(MOOV, ISO, id="under keys"),
        pytest.param(MOOV, XMP, id="as XMP in the index"),
        pytest.param(MOOV, box(b"gps ", WHERE), id="in a box of a maker in the index"),
        pytest.param(MOOV, box(b"free", WHERE), id="in free space of the index"),
        pytest.param(TRAK, box(b"udta", box(b"name", WHERE)), id="as the name of a track"),
        pytest.param(TRAK, box(b"meta", bytes(4), HANDLER, KEYS, VALUE), id="in a track"),
        pytest.param(TRAK, XMP, id="as XMP in a track"),
        pytest.param((*TRAK, b"mdia"), box(b"udta", PLACE), id="in the media of a track"),
        pytest.param((), XMP, id="as XMP"),
        pytest.param((), ISO, id="in a list of the file"),
        pytest.param((), box(b"free", WHERE), id="in free space"),
        pytest.param((), box(b"sefd", WHERE), id="in a box of a maker"),
        pytest.param((), b"\0\0\0\7SEFT" + WHERE, id="behind the last box"),
    ],
)


@everywhere
@pytest.mark.parametrize("fixture", ["video.mp4", "sound.m4a"])
def test_where_it_was_recorded_is_not_in_the_copy(
    fixture: str, way: Way, added: bytes, tmp_path: Path
) -> None:
    """The index stands at the end of these recordings: what is added there moves no sound."""
    data = with_box((MEDIA / fixture).read_bytes(), way, added)
    copy = copied(data, tmp_path, fixture)
    assert WHERE in data
    assert WHERE not in copy.read_bytes()
    assert KEY not in copy.read_bytes()
    assert content(copy) == content(MEDIA / fixture)
    tags: Any = mutagen.File(copy).tags
    assert sorted(tags) == [LANGUAGE, "\xa9alb", "\xa9day", "\xa9gen", "\xa9nam"]
    assert tags["\xa9nam"] == ["Ett"]


@everywhere
def test_such_a_copy_is_the_same_each_time(way: Way, added: bytes, tmp_path: Path) -> None:
    data = with_box((MEDIA / "video.mp4").read_bytes(), way, added)
    (tmp_path / "again").mkdir()
    assert copied(data, tmp_path).read_bytes() == copied(data, tmp_path / "again").read_bytes()


WHEN = b"WHEN"
"""A moment in September 1950, in seconds since 1904."""


def dated(data: bytes, wide: bool) -> bytes:
    """The same with a moment in all headers; those of version 1 have moments of 64 bits."""
    parts = []
    for name, inside in boxes(data):
        made = inside
        if name in (b"moov", b"trak", b"mdia"):
            made = dated(inside, wide)
        elif name in (b"mvhd", b"tkhd", b"mdhd") and not wide:
            made = inside[:4] + WHEN * 2 + inside[12:]
        elif name in (b"mvhd", b"tkhd", b"mdhd"):
            length = 20 if name == b"tkhd" else 16  # where it stands
            made = b"\1" + inside[1:4] + (bytes(4) + WHEN) * 2 + inside[12:length]
            made += bytes(4) + inside[length:]
        parts.append(box(name, made))
    return b"".join(parts)


@pytest.mark.parametrize("wide", [False, True], ids=["32 bits", "64 bits"])
@pytest.mark.parametrize("fixture", ["video.mp4", "sound.m4a"])
def test_when_it_was_recorded_is_not_in_the_copy(fixture: str, wide: bool, tmp_path: Path) -> None:
    data = dated((MEDIA / fixture).read_bytes(), wide)
    assert data.count(WHEN) == 2 + 4 * data.count(b"trak")
    copy = copied(data, tmp_path, fixture)
    assert WHEN not in copy.read_bytes()
    assert content(copy) == content(MEDIA / fixture)
    assert mutagen.File(copy).info.length == mutagen.File(MEDIA / fixture).info.length


def test_chapters_stay_beside_what_goes(tmp_path: Path) -> None:
    chapters = box(b"chpl", b"\1", bytes(3), bytes(4), b"\1", bytes(8), b"\5Sj\xc3\xb6n")
    data = with_box((MEDIA / "sound.m4a").read_bytes(), UDTA, PLACE + chapters + PLACE)
    copy = copied(data, tmp_path, "ett.m4a")
    assert WHERE not in copy.read_bytes()
    found: Any = MP4(copy).chapters  # type: ignore[no-untyped-call]
    assert [(one.start, one.title) for one in found] == [(0, "Sjön")]


def test_a_picture_all_around_stays_one(tmp_path: Path) -> None:
    around = box(b"uuid", bytes.fromhex("ffcc8263f8554a938814587a02521fdd"), b"<GSpherical/>")
    data = with_box((MEDIA / "video.mp4").read_bytes(), TRAK, around + XMP)
    copy = copied(data, tmp_path).read_bytes()
    assert around in copy
    assert WHERE not in copy


def test_sound_in_a_box_of_another_name_stays(tmp_path: Path) -> None:
    """Players go by the index only."""
    data = (MEDIA / "video.mp4").read_bytes().replace(b"mdat", b"free")
    copy = copied(data, tmp_path).read_bytes()
    assert dict(boxes(data))[b"free"] in copy


@pytest.mark.parametrize("same", [True, False], ids=["of one size", "of several sizes"])
def test_positions_that_a_camera_wrote_all_along_are_not_in_the_copy(
    same: bool, tmp_path: Path
) -> None:
    video = (MEDIA / "video.mp4").read_bytes()
    sizes = [len(WHERE)] * 3 if same else [len(WHERE) - 4, len(WHERE) + 8, len(WHERE) - 4]
    first, second = len(video) + 8, len(video) + 8 + sum(sizes[:2]) + 4  # "...." lies between

    def table(name: bytes, *numbers: int) -> bytes:
        return box(name, struct.pack(f">{len(numbers) + 1}I", 0, *numbers))

    track = box(
        b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"meta", bytes(13)),
            box(b"minf", box(b"stbl",
                table(b"stsd", 0), table(b"stts", 0), table(b"stsc", 2, 1, 2, 1, 2, 1, 1),
                table(b"stsz", sizes[0], 3) if same else table(b"stsz", 0, 3, *sizes),
                table(b"stco", 2, first, second),
            )),
        ),
    )  # fmt: skip
    positions = WHERE * 3
    cut = sum(sizes[:2])
    added = box(b"mdat", positions[:cut], b"....", positions[cut:])
    index = dict(boxes(video))[b"moov"]
    at = video.index(b"moov") - 4
    whole = video[:at] + box(b"free", bytes(len(index))) + added
    data = whole + box(b"moov", index, track)
    assert len(whole) == len(video) + len(added)
    copy = copied(data, tmp_path)
    assert WHERE[:8] not in copy.read_bytes()
    assert WHERE[-8:] not in copy.read_bytes()
    assert b"...." in copy.read_bytes()
    before, after = content(tmp_path / "ett.mp4"), content(copy)
    assert before[0] == after[0]


# --- MP3 -------------------------------------------------------------------------------------


def id3v2(text: bytes) -> bytes:
    frame = b"TIT2" + struct.pack(">I", 1 + len(text)) + b"\0\0\0" + text
    return b"ID3\3\0\0\0\0" + bytes(divmod(len(frame), 128)) + frame


def apev2(text: bytes) -> bytes:
    item = struct.pack("<II", len(text), 0) + b"Title\0" + text

    def edge(flags: int) -> bytes:
        return b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, flags) + bytes(8)

    return edge(0xA0000000) + item + edge(0x80000000)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        pytest.param(id3v2(WHERE), b"", id="ID3v2"),
        pytest.param(id3v2(b"x") + id3v2(WHERE), b"", id="a second ID3v2"),
        pytest.param(b"", apev2(WHERE), id="APEv2 at the end"),
        pytest.param(apev2(WHERE), b"", id="APEv2 at the beginning"),
        pytest.param(id3v2(b"x") + apev2(WHERE), b"", id="APEv2 behind ID3v2"),
        pytest.param(b"", b"TAG" + WHERE.ljust(125, b"\0"), id="ID3v1"),
        pytest.param(b"", apev2(b"x") + b"TAG" + WHERE.ljust(125, b"\0"), id="both at the end"),
    ],
)
def test_what_an_mp3_says_is_not_in_the_copy(before: bytes, behind: bytes, tmp_path: Path) -> None:
    data = (MEDIA / "cbr.mp3").read_bytes()
    copy = copied(before + data + behind, tmp_path, "ett.mp3")
    assert WHERE not in copy.read_bytes()
    assert sound(copy) == data
