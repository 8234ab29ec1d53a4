"""Measuring: the truth about a recording, and what is said when the file tells something else.

The whole files are in `media/`; what is broken about a broken one is done to it here.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import mutagen
import mutagen.id3
import pytest
from PIL import Image, PngImagePlugin

from feedtool.cache import Cache
from feedtool.finding import CODES, Finding, Place, Severity
from feedtool.measure import (
    digest,
    flac,
    frames,
    is_placeholder,
    measure,
    measure_picture,
    mpeg,
    ogg,
)
from feedtool.media_files import MediaFiles, keep_known
from feedtool.model import Chapter, Inside, Measured, Picture

MEDIA = Path(__file__).parent / "media"
id3: Any = mutagen.id3  # its classes have no types


def ms(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)


def media(name: str) -> bytes:
    return (MEDIA / name).read_bytes()


def codes(path: Path) -> list[str]:
    return [fault.code.id for fault in measure(path)[1]]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Writes a file; gives its path."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


Write = Callable[[str, bytes], Path]


# --- whole files -------------------------------------------------------------------------------

WHOLE = [
    # file, milliseconds of sound that went in, type, milliseconds measured, height
    ("cbr.mp3", 3000, "audio/mpeg", 3000, None),
    ("cbr-48k.mp3", 2000, "audio/mpeg", 2000, None),
    ("abr.mp3", 2000, "audio/mpeg", 2000, None),
    ("vbr.mp3", 4000, "audio/mpeg", 4000, None),
    ("tagged.mp3", 2000, "audio/mpeg", 2000, None),
    # without LAME's header nobody knows how much silence was added: all frames count
    ("cbr-mpeg2.mp3", 3000, "audio/mpeg", 3056, None),  # 117 x 576 / 22050
    ("cbr-headerless.mp3", 2000, "audio/mpeg", 2064, None),  # 79 x 576 / 22050
    ("ffmpeg.mp3", 2000, "audio/mpeg", 2038, None),  # 78 x 1152 / 44100
    ("layer2.mp3", 1000, "audio/mpeg", 1019, None),  # 39 x 1152 / 44100
    # AAC begins with 1024 samples of silence
    ("sound.m4a", 3000, "audio/x-m4a", 3023, None),
    ("faststart.m4a", 3000, "audio/x-m4a", 3023, None),
    ("sound-isom.m4a", 2000, "audio/x-m4a", 2023, None),
    ("video.mp4", 2000, "video/mp4", 2023, 48),
    ("video.m4v", 2000, "video/x-m4v", 2023, 48),
    ("video.mov", 2000, "video/quicktime", 2023, 48),
    ("upright.mp4", 2000, "video/mp4", 2023, 64),
    ("silent.mp4", 2000, "video/mp4", 2000, 48),
    ("short-sound.mp4", 2000, "video/mp4", 2000, 48),
    ("vorbis.ogg", 3000, "audio/ogg", 3000, None),
    ("chain.ogg", 5000, "audio/ogg", 5000, None),
    ("opus.opus", 3000, "audio/opus", 3000, None),
    ("fixed.flac", 2000, "audio/flac", 2000, None),
    ("ffmpeg.flac", 1500, "audio/flac", 1500, None),
    ("pcm.wav", 1000, "audio/wav", 1000, None),
    ("adpcm.wav", 2000, "audio/wav", 2041, None),  # its last block is filled up
    ("chapters.mp3", 3000, "audio/mpeg", 3000, None),
    ("chapters.m4a", 3000, "audio/x-m4a", 3023, None),
    ("six-channels.m4a", 3000, "audio/x-m4a", 3023, None),
    ("lossless.m4a", 3000, "audio/x-m4a", 3023, None),
    ("dense.m4a", 250, "audio/x-m4a", 252, None),
    ("fast-video.mp4", 2000, "video/mp4", 2023, 48),
    ("hevc.mp4", 2000, "video/mp4", 2023, 48),
    ("telephone.mp3", 2880, "audio/mpeg", 2880, None),  # 40 x 576 / 8000
    ("thin-stereo.mp3", 1000, "audio/mpeg", 1045, None),  # 40 x 1152 / 44100
]


@pytest.mark.parametrize(
    ("name", "source", "type_", "duration", "height"), WHOLE, ids=[row[0] for row in WHOLE]
)
def test_whole_file_is_measured_without_a_fault(
    name: str, source: int, type_: str, duration: int, height: int | None
) -> None:
    expected = Measured(len(media(name)), type_, ms(duration), height is not None, height)
    assert measure(MEDIA / name) == (expected, ())
    assert source <= duration <= source + 70  # encoders add silence, nothing else


OURS = {"chain.ogg", "adpcm.wav", "short-sound.mp4", "thin-stereo.mp3"}
AGREED = [row[0] for row in WHOLE if row[0] not in OURS]


@pytest.mark.parametrize("name", AGREED)
def test_whole_file_is_as_long_as_mutagen_says(name: str) -> None:
    theirs = mutagen.File(MEDIA / name).info.length
    ours = measure(MEDIA / name)[0]
    assert ours
    assert abs(ours.duration.total_seconds() - theirs) < 0.001


def test_variable_bit_rate_without_header_is_counted_and_mentioned() -> None:
    found, faults = measure(MEDIA / "vbr-headerless.mp3")
    assert found == Measured(17136, "audio/mpeg", ms(4068))
    assert [(f.code.id, dict(f.params)) for f in faults] == [
        ("ME015", {"name": "vbr-headerless.mp3", "found": "0:04"})
    ]


def test_constant_bit_rate_is_believed_without_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpeg, "count", None)
    for name in ("cbr.mp3", "cbr-48k.mp3", "tagged.mp3"):
        assert codes(MEDIA / name) == []


# --- tags and padding around the sound ---------------------------------------------------------

ID3V1 = b"TAG" + bytes(125)


def id3v2(size: int, *, footer: bool = False) -> bytes:
    sizes = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    rest = b"\x04\x00" + (b"\x10" if footer else b"\x00") + sizes
    content = b"\xff\xfb\x90\x64" * (size // 4) + bytes(size % 4)  # looks like frames
    return b"ID3" + rest + content + (b"3DI" + rest if footer else b"")


def apev2(size: int, *, header: bool = True) -> bytes:
    flags = 0x80000000 if header else 0
    footer = b"APETAGEX" + struct.pack("<IIII8x", 2000, size + 32, 1, flags)
    return (footer if header else b"") + b"\xff" * size + footer


LYRICS3 = b"LYRICSBEGIN" + b"IND00002" + b"10" + b"%06d" % 21 + b"LYRICS200"

AROUND: dict[str, Callable[[bytes], bytes]] = {
    "ID3v2 before": lambda sound: id3v2(5000) + sound,
    "ID3v2 twice": lambda sound: id3v2(5000) + id3v2(301) + sound,
    "ID3v2 with footer": lambda sound: id3v2(5000, footer=True) + sound,
    "zeros before": lambda sound: bytes(3000) + sound,
    "ID3v1 behind": lambda sound: sound + ID3V1,
    "enhanced ID3v1 behind": lambda sound: sound + b"TAG+" + bytes(223) + ID3V1,
    "APEv2 behind": lambda sound: sound + apev2(900),
    "APEv2 without header behind": lambda sound: sound + apev2(900, header=False),
    "APEv2 and ID3v1 behind": lambda sound: sound + apev2(900) + ID3V1,
    "Lyrics3 and ID3v1 behind": lambda sound: sound + LYRICS3 + ID3V1,
    "ID3v2 behind": lambda sound: sound + id3v2(500, footer=True),
    "zeros behind": lambda sound: sound + bytes(2500),
    "zeros and ID3v1 behind": lambda sound: sound + bytes(2500) + ID3V1,
    "all of it": lambda sound: id3v2(900) + id3v2(9) + sound + bytes(7) + apev2(99) + ID3V1,
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("name", ["cbr.mp3", "cbr-headerless.mp3", "vbr.mp3"])
def test_tags_and_padding_change_nothing(
    name: str, around: Callable[[bytes], bytes], written: Write
) -> None:
    found, faults = measure(written(name, around(media(name))))
    whole = measure(MEDIA / name)[0]
    assert found
    assert whole
    assert (found.duration, faults) == (whole.duration, ())


def test_flac_behind_an_id3_tag(written: Write) -> None:
    path = written("a.flac", id3v2(500) + media("fixed.flac") + ID3V1)
    assert measure(path) == (Measured(14957 + 510 + 128, "audio/flac", ms(2000)), ())


# --- cut off -----------------------------------------------------------------------------------

TRUNCATED = [
    # file, bytes left, code, milliseconds left at least and at most
    ("cbr.mp3", 12000, "ME010", (1400, 1500)),
    ("cbr.mp3", 24449 - 209, "ME010", (2980, 3030)),  # a frame and a bit
    ("cbr.mp3", 24448, "ME010", (2980, 3030)),  # one byte
    ("vbr.mp3", 9000, "ME010", (1000, 3000)),
    ("abr.mp3", 9000, "ME010", (1000, 1700)),
    ("cbr-headerless.mp3", 5000, "ME011", (1200, 1280)),
    ("cbr-headerless.mp3", 8252, "ME011", (2030, 2050)),  # three bytes
    ("vbr-headerless.mp3", 9000, "ME011", (1000, 3000)),
    ("layer2.mp3", 4000, "ME011", (480, 510)),
    ("faststart.m4a", 7000, "ME010", (1000, 2000)),
    ("vorbis.ogg", 7000, "ME011", (1000, 2500)),
    ("vorbis.ogg", 8481, "ME011", (2500, 2999)),
    ("opus.opus", 4000, "ME011", (1000, 2000)),
    ("fixed.flac", 10000, "ME010", (500, 1700)),
    ("ffmpeg.flac", 17000, "ME010", (400, 1400)),
    ("pcm.wav", 4044, "ME010", (500, 500)),
    ("adpcm.wav", 4156, "ME010", (1000, 1050)),
]


@pytest.mark.parametrize(
    ("name", "left", "code", "between"), TRUNCATED, ids=[f"{r[0]}-{r[1]}" for r in TRUNCATED]
)
def test_what_breaks_off_is_an_error_with_the_length_that_is_there(
    name: str, left: int, code: str, between: tuple[int, int], written: Write
) -> None:
    found, faults = measure(written(name, media(name)[:left]))
    assert [fault.code.id for fault in faults] == [code]
    assert faults[0].code.severity is Severity.ERROR
    assert found
    assert found.bytes == left
    assert ms(between[0]) <= found.duration <= ms(between[1])


@pytest.mark.parametrize(
    ("name", "left"), [("sound.m4a", 7000), ("video.mp4", 5000), ("sound.m4a", 13500)]
)
def test_mp4_that_lost_its_index_cannot_be_measured(name: str, left: int, written: Write) -> None:
    path = written(name, media(name)[:left])
    assert measure(path)[0] is None
    assert codes(path) == ["ME012"]


NOTICED = [
    "cbr.mp3", "vbr.mp3", "abr.mp3", "ffmpeg.mp3", "sound.m4a", "faststart.m4a", "video.mov",
    "fixed.flac", "ffmpeg.flac", "pcm.wav", "adpcm.wav",
]  # fmt: skip


@pytest.mark.parametrize("name", NOTICED)
def test_no_cut_goes_unnoticed(name: str, written: Write) -> None:
    """Where the header or the index states the length; else a cut between two sounds can hide."""
    content = media(name)
    lengths = [*range(1, len(content), 97), *range(len(content) - 40, len(content))]
    for left in lengths:
        faults = measure(written(name, content[:left]))[1]
        assert any(fault.code.severity is Severity.ERROR for fault in faults), left


def test_ogg_cut_before_its_first_sound_lasts_no_time(written: Write) -> None:
    content = media("opus.opus")
    assert codes(written("a.opus", content[: content.index(b"OggS", 4)])) == ["ME017"]


def test_both_lengths_are_in_the_message(written: Write) -> None:
    fault = measure(written("cbr.mp3", media("cbr.mp3")[:12000]))[1][0]
    assert fault.code.message.format(**fault.params) == "cbr.mp3 breaks off: 0:01 of 0:03 is there"


def test_lengths_that_look_the_same_are_shown_to_the_millisecond(written: Write) -> None:
    fault = measure(written("cbr.mp3", media("cbr.mp3")[:-300]))[1][0]
    assert fault.params["stated"] == "00:00:03.000"


def test_file_whose_rest_never_arrived_breaks_off(written: Write) -> None:
    """Programs that load pieces in any order make the whole file first, of zeros."""
    sound = media("cbr.mp3")
    assert codes(written("cbr.mp3", sound[:15000] + bytes(len(sound) - 15000))) == ["ME010"]


def test_tags_behind_half_a_frame_show_that_nothing_was_cut_off(written: Write) -> None:
    assert codes(written("a.mp3", media("cbr-headerless.mp3")[:-40] + ID3V1)) == []


# --- headers that lie --------------------------------------------------------------------------


def with_xing(content: bytes, *, frames: float = 1, size: float = 1) -> bytes:
    """The same sound under a Xing or Info header with other figures."""
    at = next(at for at in (content.find(b"Xing"), content.find(b"Info")) if at > 0) + 8
    old = struct.unpack_from(">II", content, at)
    new = (min(int(old[0] * frames), 2**32 - 1), min(int(old[1] * size), 2**32 - 1))
    return content[:at] + struct.pack(">II", *new) + content[at + 8 :]


def with_vbri(sound: bytes, frames: int, size: int) -> bytes:
    """Fraunhofer's header in a frame of its own (MPEG-1 layer III, 64 kbit/s, 32 kHz)."""
    vbri = struct.pack(">4sHHHIIHHHH", b"VBRI", 1, 0, 75, size, frames, 1, 1, 2, frames) + bytes(2)
    frame = sound[:2] + b"\x58" + sound[3:4] + bytes(32) + vbri
    return frame.ljust(288, b"\0") + sound


@pytest.mark.parametrize("name", ["cbr.mp3", "vbr.mp3"])
@pytest.mark.parametrize("factor", [0.5, 2, 1e9])
def test_wrong_count_over_whole_frames_is_a_warning(
    name: str, factor: float, written: Write
) -> None:
    found, faults = measure(written(name, with_xing(media(name), frames=factor)))
    whole = measure(MEDIA / name)[0]
    assert [(f.code.id, f.code.severity) for f in faults] == [("ME014", Severity.WARNING)]
    assert found
    assert whole
    assert whole.duration <= found.duration <= whole.duration + ms(70)


def test_header_that_promises_more_bytes_and_frames_means_cut_off(written: Write) -> None:
    assert codes(written("a.mp3", with_xing(media("vbr.mp3"), frames=2, size=2))) == ["ME010"]


def test_joined_files_last_as_long_as_both(written: Write) -> None:
    path = written("a.mp3", media("cbr.mp3") + ID3V1 + id3v2(2000) + media("cbr.mp3"))
    found, faults = measure(path)
    assert found
    assert ms(6000) <= found.duration <= ms(6100)
    assert [fault.code.id for fault in faults] == ["ME014"]


JOINED = [
    # files one behind the other, seconds of all, codes
    (("cbr.mp3", "cbr-48k.mp3"), 5.118, ["ME014"]),
    (("cbr-48k.mp3", "cbr.mp3"), 5.12, ["ME014"]),
    (("vbr.mp3", "telephone.mp3"), 6.948, ["ME014"]),
    (("cbr-48k.mp3", "cbr.mp3", "cbr-48k.mp3"), 7.208, ["ME014"]),
    (("cbr-headerless.mp3", "cbr-48k.mp3"), 4.152, ["ME015"]),
    (("cbr-headerless.mp3", "layer2.mp3"), 3.082, ["ME015"]),
]


@pytest.mark.parametrize(("parts", "seconds", "expected"), JOINED, ids=str)
@pytest.mark.parametrize("chunk", [3000, 20000, frames.CHUNK])
def test_joined_files_that_were_made_otherwise_last_as_long_as_all(
    parts: tuple[str, ...], seconds: float, expected: list[str], chunk: int,
    written: Write, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(frames, "CHUNK", chunk)
    found, faults = measure(written("a.mp3", b"".join(map(media, parts))))
    assert found
    assert (found.duration, [f.code.id for f in faults]) == (ms(round(seconds * 1000)), expected)


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("sound.m4a", "sound.m4a", "a.m4a"),
        ("faststart.m4a", "video.mp4", "a.m4a"),
        ("video.mov", "video.mov", "a.mov"),
        ("pcm.wav", "pcm.wav", "a.wav"),
        ("adpcm.wav", "pcm.wav", "a.wav"),
    ],
)
def test_a_file_joined_to_one_that_states_its_end_is_never_played(
    first: str, second: str, name: str, written: Write
) -> None:
    found, faults = measure(written(name, media(first) + media(second)))
    alone = measure(MEDIA / first)[0]
    assert found
    assert alone
    assert found.duration == alone.duration
    assert [(f.code.id, f.params["bytes"]) for f in faults] == [("ME013", len(media(second)))]


def test_second_of_joined_files_breaks_off(written: Write) -> None:
    content = media("cbr.mp3") + media("cbr-48k.mp3")[:12000]
    assert codes(written("a.mp3", content)) == ["ME011"]


BEHIND = {
    "M4A": (media("sound.m4a"), 13524),
    "WAV behind a tag": (ID3V1 + media("pcm.wav"), 8044),
    "MP3 behind half a frame": (media("cbr.mp3")[209:300] + media("cbr-48k.mp3")[:9000], 9000),
    "much of no use": (b"\x55" * 70_000, 70_000),
}


@pytest.mark.parametrize(("behind", "least"), BEHIND.values(), ids=BEHIND)
def test_what_is_behind_the_sound_and_no_rubbish_is_a_warning(
    behind: bytes, least: int, written: Write
) -> None:
    sound = media("cbr-headerless.mp3") * 9
    found, faults = measure(written("a.mp3", sound + behind))
    assert found
    assert ms(18500) <= found.duration <= ms(18600)
    assert [fault.code.id for fault in faults] == ["ME013"]
    assert int(faults[0].params["bytes"]) >= least


def test_rubbish_that_encoders_leave_behind_the_sound_is_not_heard(written: Write) -> None:
    rubbish = bytes(n * n * 7919 % 251 for n in range(5000))
    for name in ("cbr.mp3", "cbr-headerless.mp3", "vbr.mp3"):
        assert codes(written("a.mp3", media(name) + rubbish)) == []


def test_vbri_header(written: Write) -> None:
    sound = media("vbr-headerless.mp3")
    frames, length = 113, 288 + len(sound)  # 4068 ms at 32 kHz
    assert codes(written("right.mp3", with_vbri(sound, frames, length))) == []
    assert codes(written("wrong.mp3", with_vbri(sound, frames // 2, length))) == ["ME014"]
    assert codes(written("cut.mp3", with_vbri(sound, frames, length)[:9000])) == ["ME010"]


def test_noise_between_frames_is_a_warning(written: Write) -> None:
    sound = media("cbr-headerless.mp3")
    found, faults = measure(written("a.mp3", sound[:4000] + b"\x55" * 3000 + sound[4000:]))
    assert [(f.code.id, f.code.severity) for f in faults] == [("ME013", Severity.WARNING)]
    assert found
    assert ms(2000) <= found.duration <= ms(2064)


def patched(name: str, atom: bytes, offset: int, new: bytes) -> bytes:
    """The file with other bytes in the first atom of this name, at an offset in its content."""
    content = media(name)
    at = content.index(atom) + 4 + offset
    return content[:at] + new + content[at + len(new) :]


def test_mp4_header_that_states_another_length_is_a_warning(written: Write) -> None:
    found, faults = measure(written("a.m4a", patched("sound.m4a", b"mdhd", 16, b"\0\xff\0\0")))
    assert found
    assert found.duration == ms(3023)
    assert [(f.code.id, f.code.severity) for f in faults] == [("ME014", Severity.WARNING)]
    assert faults[0].params["stated"] == "6:19"


@pytest.mark.parametrize("unknown", [b"\0\0\0\0", b"\xff\xff\xff\xff"], ids=["zero", "all ones"])
def test_mp4_header_that_states_no_length_is_a_warning(unknown: bytes, written: Write) -> None:
    found, faults = measure(written("a.m4a", patched("sound.m4a", b"mdhd", 16, unknown)))
    assert found
    assert found.duration == ms(3023)
    assert [fault.code.id for fault in faults] == ["ME015"]


def test_what_an_edit_list_hides_is_not_played(written: Write) -> None:
    """Phones trim a video by a note of what to play; all of it is still in the file."""
    one_second = struct.pack(">Ii", 1000, 88200)
    found, faults = measure(written("a.m4a", patched("sound.m4a", b"elst", 8, one_second)))
    assert found
    assert (found.duration, faults) == (ms(1000), ())


def test_a_pause_before_the_sound_is_played(written: Write) -> None:
    """Sound that begins five seconds later than the pictures has an entry that starts at -1."""
    five_seconds = struct.pack(">Ii", 5000, -1)
    found, faults = measure(written("a.m4a", patched("sound.m4a", b"elst", 8, five_seconds)))
    assert found
    assert (found.duration, faults) == (ms(8023), ())


def test_mdat_larger_than_the_file_is_an_error(written: Write) -> None:
    content = media("faststart.m4a")
    at = content.index(b"mdat") - 4
    size = struct.unpack_from(">I", content, at)[0]
    lie = content[:at] + struct.pack(">I", 2 * size) + content[at + 4 :]
    found, faults = measure(written("a.m4a", lie))
    assert [fault.code.id for fault in faults] == ["ME010"]
    assert found
    assert ms(1400) <= found.duration <= ms(1600)


def open_ended(content: bytes) -> bytes:
    at = content.index(b"mdat") - 4
    return content[:at] + bytes(4) + content[at + 4 :]


def test_mdat_of_64_bits_and_to_the_end_of_the_file(written: Write) -> None:
    content = media("faststart.m4a")
    assert codes(written("open.m4a", open_ended(content))) == []
    at = content.index(b"mdat") - 4
    size = struct.unpack_from(">I", content, at)[0]
    wide = content[:at] + struct.pack(">I4sQ", 1, b"mdat", size + 8) + content[at + 8 :]
    assert codes(written("wide.m4a", wide)) == []


@pytest.mark.parametrize("name", ["faststart.m4a", "fast-video.mp4"])
@pytest.mark.parametrize("lost", [0.5, 0.2, 1])
def test_mp4_whose_mdat_fits_into_any_file_is_cut_off_by_its_samples(
    name: str, lost: float, written: Write
) -> None:
    content = open_ended(media(name))
    cut = int((len(content) - content.index(b"mdat")) * lost) if lost < 1 else 1
    whole = measure(MEDIA / name)[0]
    found, faults = measure(written(name, content[:-cut]))
    assert [fault.code.id for fault in faults] == ["ME010"]
    assert found
    assert whole
    assert abs(found.duration / whole.duration - (1 - lost % 1)) < 0.1


def test_mp4_with_samples_of_one_size_is_cut_off_by_it(written: Write) -> None:
    content = open_ended(media("faststart.m4a"))
    at = content.index(b"stsz") + 8  # instead of a list of sizes, one for all
    lie = content[:at] + struct.pack(">I", 1000) + content[at + 4 :]
    assert codes(written("a.m4a", lie)) == ["ME010"]


def test_fragmented_mp4_is_an_error_with_the_way_out(written: Write) -> None:
    found, faults = measure(MEDIA / "fragmented.m4a")
    assert found is None
    assert [fault.code.id for fault in faults] == ["ME009"]
    assert "fast start" in faults[0].code.mend


def without_end_mark(content: bytes) -> bytes:
    at = content.rindex(b"OggS") + 5
    return content[:at] + bytes([content[at] & ~4]) + content[at + 1 :]


@pytest.mark.parametrize("name", ["vorbis.ogg", "opus.opus"])
def test_ogg_without_an_end_mark_is_a_warning(name: str, written: Write) -> None:
    found, faults = measure(written(name, without_end_mark(media(name))))
    assert found
    assert found.duration == ms(3000)
    assert [(f.code.id, f.code.severity) for f in faults] == [("ME016", Severity.WARNING)]


def later(content: bytes, seconds: int, rate: int) -> bytes:
    """The same pages counted from another beginning; nobody looks at their checksums."""
    changed = bytearray(content)
    at = changed.find(b"OggS")
    while at >= 0:
        granule = struct.unpack_from("<q", changed, at + 6)[0]
        if granule:
            struct.pack_into("<q", changed, at + 6, granule + rate * seconds)
        at = changed.find(b"OggS", at + 1)
    return bytes(changed)


@pytest.mark.parametrize(("name", "rate"), [("opus.opus", 48000), ("vorbis.ogg", 44100)])
@pytest.mark.parametrize("seconds", [1, 5, 28, 3600])
def test_ogg_taken_from_a_live_stream_begins_at_its_first_page(
    name: str, rate: int, seconds: int, written: Write
) -> None:
    """Its pages go on counting from the beginning of the broadcast (RFC 7845 section 4.3)."""
    found, faults = measure(written(name, later(media(name), seconds, rate)))
    assert found
    assert ms(3000) <= found.duration <= ms(3010)  # Vorbis does not say where a page begins
    assert faults == ()


def other_serial(content: bytes) -> bytes:
    pages = content.split(b"OggS")[1:]
    return b"".join(b"OggS" + page[:10] + b"\7" * 4 + page[14:] for page in pages)


@pytest.mark.parametrize("name", ["opus.opus", "vorbis.ogg"])
@pytest.mark.parametrize("largest", [400, ogg._LARGEST], ids=["by spots", "by the end"])
def test_ogg_files_that_were_joined_last_as_long_as_all(
    name: str, largest: int, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ogg, "_LARGEST", largest)
    one, other = media(name), other_serial(media(name))
    for content, seconds in [(one + one, 6), (one + other + one, 9), (one * 4, 12), (one * 7, 21)]:
        found, faults = measure(written(name, content))
        assert found
        assert (found.duration, faults) == (ms(seconds * 1000), ())


def test_ogg_in_one_piece_is_read_at_spots_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ogg, "_LARGEST", 400)
    monkeypatch.setattr(ogg, "_all_pages", None)
    for name in ("opus.opus", "vorbis.ogg"):
        assert codes(MEDIA / name) == []


def test_flac_whose_beginning_was_cut_away(written: Write) -> None:
    """Programs that copy frames as they are leave their numbers as well."""
    content = media("fixed.flac")
    first = content.index(b"\xff\xf8")
    behind = content.index(b"\xff\xf8", first + (len(content) - first) // 2)
    found, faults = measure(written("a.flac", content[:first] + content[behind:]))
    assert found
    assert found.duration == ms(2000 - 18 * 4096 // 48)
    assert [fault.code.id for fault in faults] == ["ME014"]


@pytest.mark.parametrize("name", ["fixed.flac", "ffmpeg.flac"])
def test_bytes_behind_the_last_frame_of_a_flac_do_not_make_it_break_off(
    name: str, written: Write
) -> None:
    rubbish = bytes(n * n * 7919 % 251 for n in range(3000))
    found, faults = measure(written("a.flac", media(name) + rubbish))
    whole = measure(MEDIA / name)[0]
    assert found
    assert whole
    assert (found.duration, faults) == (whole.duration, ())


def test_zeros_behind_a_flac_are_not_summed_up(
    written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    summed: list[int] = []
    original = flac._crc16

    def counting(data: bytes) -> int:
        summed.append(len(data))
        return original(data)

    monkeypatch.setattr(flac, "_crc16", counting)
    whole = measure(MEDIA / "fixed.flac")
    found = measure(written("a.flac", media("fixed.flac") + bytes(1_000_000)))
    assert found[0]
    assert whole[0]
    assert (found[0].duration, found[1]) == (whole[0].duration, whole[1])
    assert max(summed) < 100_000


def flac_with_total(samples: int) -> bytes:
    content = bytearray(media("fixed.flac"))
    at = 8 + 13  # the last 36 bits of this byte and the next four (RFC 9639 section 8.2)
    content[at : at + 5] = (content[at] >> 4 << 36 | samples).to_bytes(5, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("samples", "code"), [(0, "ME015"), (1000, "ME014"), (10**9, "ME010"), (2**36 - 1, "ME010")]
)
def test_flac_header_is_compared_with_the_last_frame(
    samples: int, code: str, written: Write
) -> None:
    found, faults = measure(written("a.flac", flac_with_total(samples)))
    assert found
    assert found.duration == ms(2000)
    assert [fault.code.id for fault in faults] == [code]


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_wav_that_was_streamed_states_no_size(size: int, written: Write) -> None:
    content = media("pcm.wav")
    at = content.index(b"data") + 4
    path = written("a.wav", content[:at] + struct.pack("<I", size) + content[at + 4 :])
    assert measure(path)[0] == Measured(8044, "audio/wav", ms(1000))
    assert codes(path) == ["ME015"]


def wav(
    *, code: int = 1, channels: int = 1, bits: int = 16, block: int = 2, rate: int = 16000,
    fact: int | None = None, stated: int | None = None, sound: bytes = b"\1\2" * 40_000,
    behind: bytes = b"",
) -> bytes:  # fmt: skip
    """A recording at 8000 Hz; the sound of it lasts five seconds unless said otherwise."""
    header = struct.pack("<HHIIHH", code, channels, 8000, rate, block, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", len(header)) + header
    if fact is not None:
        chunks += b"fact" + struct.pack("<II", 4, fact)
    chunks += b"data" + struct.pack("<I", len(sound) if stated is None else stated) + sound
    return b"RIFF" + struct.pack("<I", len(chunks + behind)) + chunks + behind


@pytest.mark.parametrize("stated", [1600, 40_000])
def test_wav_that_goes_on_behind_its_stated_end_is_a_warning(stated: int, written: Write) -> None:
    """A recorder that loses its power leaves the size it wrote some time before."""
    found, faults = measure(written("a.wav", wav(stated=stated)))
    assert found
    assert found.duration == ms(5000)
    assert [(f.code.id, f.code.severity) for f in faults] == [("ME014", Severity.WARNING)]


def chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content


WAV_BEHIND = {
    "LIST": chunk(b"LIST", bytes(20_000)),
    "several": chunk(b"bext", bytes(602)) + chunk(b"id3 ", bytes(90_000)),
    "rubbish": b"\xfe" * 3000,
}


@pytest.mark.parametrize("behind", WAV_BEHIND.values(), ids=WAV_BEHIND)
def test_what_follows_the_sound_of_a_wav_is_no_sound(behind: bytes, written: Write) -> None:
    for odd in (b"", b"\1", b"\1\0"):  # the byte that fills up an odd length may be left out
        content = wav(code=7, bits=8, block=1, rate=8000, sound=bytes(40_000) + odd[:1])
        found, faults = measure(written("a.wav", content + odd[1:] + behind))
        assert found
        assert (round(found.duration.total_seconds(), 3), faults) == (5, ())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (wav(channels=2, bits=16, block=4, rate=32_000, sound=bytes(160_000)), []),
        (wav(channels=2, bits=16, block=2, rate=16_000, sound=bytes(160_000)), ["ME014"]),
        (wav(channels=2, bits=16, block=8, rate=32_000, sound=bytes(160_000)), ["ME014"]),
        (wav(channels=2, bits=24, block=8, rate=64_000, sound=bytes(320_000)), []),
        (wav(rate=48_000), []),
        (wav(code=6, bits=8, block=1, rate=8000, sound=bytes(40_000), fact=80_000), []),
        (wav(code=6, bits=8, block=1, rate=16_000, sound=bytes(40_000)), []),
    ],
    ids=["right", "half a block", "two blocks", "24 in 32 bits", "rate", "A-law, number", "A-law"],
)
def test_wav_whose_header_contradicts_itself(
    content: bytes, expected: list[str], written: Write
) -> None:
    """The length is what players make of it; a warning where some of them are misled."""
    path = written("a.wav", content)
    found = measure(path)[0]
    assert found
    assert (found.duration, codes(path)) == (ms(5000), expected)


@pytest.mark.parametrize(("rate", "expected"), [(4000, []), (2000, ["ME014"])])
def test_mp3_in_a_wav_is_counted(rate: int, expected: list[str], written: Write) -> None:
    sound = media("cbr-headerless.mp3")
    path = written("a.wav", wav(code=0x55, bits=0, block=1, rate=rate, sound=sound))
    found = measure(path)[0]
    assert found
    assert (found.duration, codes(path)) == (ms(2064), expected)


# --- something else ----------------------------------------------------------------------------

NOT_RECORDINGS = {
    "text": (b"Hej! H\xc3\xa4r kommer avsnittet.\n", "text"),
    "text of Windows": (b"\xff\xfe" + "Hej!\r\n".encode("utf-16-le"), "text"),
    "page of an error": (b"\n<!DOCTYPE html><title>404</title>", "HTML"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500), "JPEG"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(500), "PNG"),
    "iPhone picture": (b"\x00\x00\x00\x18ftypheic" + bytes(500), "HEIC/AVIF"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "ZIP": (b"PK\x03\x04" + bytes(50), "ZIP"),
}


@pytest.mark.parametrize(("content", "what"), NOT_RECORDINGS.values(), ids=NOT_RECORDINGS)
@pytest.mark.parametrize("name", ["a.mp3", "a.m4a"])
def test_what_is_no_recording_is_named(
    name: str, content: bytes, what: str, written: Write
) -> None:
    found, faults = measure(written(name, content))
    assert found is None
    assert [(f.code.id, f.params["found"]) for f in faults] == [("ME005", what)]


OTHER_FORMATS = {
    "AIFF": b"FORM\0\0\0\0AIFFCOMM",
    "AAC (ADTS)": b"\xff\xf1\x50\x80" + bytes(50),
    "Windows Media": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
    "WebM/Matroska": b"\x1aE\xdf\xa3" + bytes(50),
    "AVI": b"RIFF\0\0\0\0AVI LIST",
    "MPEG transport stream": (b"G@\x11\x10" + bytes(184)) * 4,
    "Sun/NeXT audio (AU)": b".snd\0\0\0\x18" + bytes(50),
    "Wave64": b"riff\x2e\x91\xcf\x11" + bytes(50),
    "True Audio": b"TTA1" + bytes(50),
}


@pytest.mark.parametrize(("what", "content"), OTHER_FORMATS.items(), ids=OTHER_FORMATS)
def test_format_that_apps_do_not_play_is_named(what: str, content: bytes, written: Write) -> None:
    found, faults = measure(written("a.mp3", content))
    assert found is None
    assert [(f.code.id, f.params["found"]) for f in faults] == [("ME006", what)]


UNREADABLE = {
    "zeros": bytes(5000),
    "one byte": b"\xff",
    "only a tag": id3v2(100),
    "tag larger than the file": id3v2(9000)[:500],
    "noise": bytes(n * n * 7919 % 251 for n in range(20000)),
    "MP4 without anything": b"\0\0\0\x10ftypM4A \0\0\0\0" + b"\0\0\0\x08moov",
    "Ogg without a known stream": media("vorbis.ogg").replace(b"vorbis", b"sibrov"),
    "FLAC without a frame": media("fixed.flac")[:42],
    "WAV without sound": media("pcm.wav")[:36],
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_holds_no_sound_is_unreadable(content: bytes, written: Write) -> None:
    found, faults = measure(written("a.mp3", content))
    assert found is None
    assert [fault.code.id for fault in faults] == ["ME007"]


def test_header_over_no_sound_lasts_no_time(written: Write) -> None:
    content = media("pcm.wav")
    path = written("a.wav", content[: content.index(b"data") + 8])
    assert (measure(path)[0], codes(path)) == (None, ["ME017"])


MISLABELLED = [
    ("sound.m4a", "a.mp3", ".m4a"),
    ("sound.m4a", "a.mp4", ".m4a"),
    ("sound.m4a", "a", ".m4a"),
    ("cbr.mp3", "a.m4a", ".mp3"),
    ("video.mp4", "a.m4a", ".mp4"),
    ("video.mp4", "a.mov", ".mp4"),
    ("video.mov", "a.mp4", ".mov"),
    ("pcm.wav", "a.mp3", ".wav"),
    ("opus.opus", "a.mp3", ".opus"),
    ("vorbis.ogg", "a.opus", ".ogg"),
    ("fixed.flac", "a.wav", ".flac"),
]


@pytest.mark.parametrize(("source", "name", "right"), MISLABELLED)
def test_name_unlike_the_content_is_an_error_with_the_right_ending(
    source: str, name: str, right: str, written: Write
) -> None:
    found, faults = measure(written(name, media(source)))
    whole = measure(MEDIA / source)[0]
    assert found
    assert whole
    assert found.duration == whole.duration
    assert found.type == whole.type
    assert [(f.code.id, f.params["right"]) for f in faults] == [("ME008", right)]


@pytest.mark.parametrize("code", ["ME008", "AR002"])
def test_who_renames_a_file_is_told_to_write_the_name(code: str) -> None:
    assert "and write that name here" in CODES[code].mend


@pytest.mark.parametrize(
    ("source", "name", "type_"),
    [
        ("video.mp4", "a.m4v", "video/x-m4v"),
        ("video.m4v", "a.mp4", "video/mp4"),
        ("cbr.mp3", "A.MP3", "audio/mpeg"),
        ("opus.opus", "a.ogg", "audio/opus"),
    ],
)
def test_names_that_fit_as_well(source: str, name: str, type_: str, written: Write) -> None:
    found, faults = measure(written(name, media(source)))
    assert found
    assert (found.type, faults) == (type_, ())


# --- files that cannot be read, and those that stand for others --------------------------------

LFS = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
ANNEX = b"/annex/objects/SHA256E-s12345--4d7a214614ab2935.mp3\n"


def test_files_that_are_not_there_or_not_to_be_read(tmp_path: Path, written: Write) -> None:
    (tmp_path / "folder.mp3").mkdir()
    assert codes(tmp_path / "absent.mp3") == ["ME001"]
    assert codes(written("pointer.mp3", LFS)) == ["ME002"]
    assert codes(written("empty.mp3", b"")) == ["ME003"]
    assert codes(tmp_path / "folder.mp3") == ["ME004"]
    assert codes(tmp_path / "pointer.mp3" / "inside.mp3") == ["ME001"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp3")
    os.mkfifo(tmp_path / "a.jpg")
    assert codes(tmp_path / "a.mp3") == ["ME004"]
    assert measure_picture(tmp_path / "a.jpg")[1][0].code.id == "AR004"


def test_placeholders(tmp_path: Path, written: Write) -> None:
    assert is_placeholder(tmp_path / "absent.mp3")
    assert is_placeholder(written("lfs.mp3", LFS))
    assert is_placeholder(written("annex.mp3", ANNEX))
    link = tmp_path / "link.mp3"
    link.symlink_to("../.git/annex/objects/Gw/9k/SHA256E-s5--x.mp3/SHA256E-s5--x.mp3")
    assert is_placeholder(link)


def test_no_placeholders(tmp_path: Path, written: Write) -> None:
    assert not is_placeholder(MEDIA / "cbr.mp3")
    assert not is_placeholder(written("empty.mp3", b""))
    assert not is_placeholder(written("notes.mp3", b"version https://example.org/"))
    assert not is_placeholder(tmp_path)


def test_digest_is_sha_256(written: Write) -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert digest(written("abc", b"abc")).hex() == expected


# --- pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rgb.jpg", Picture(849, "image/jpeg", 60, 60, "RGB")),
        ("cmyk.jpg", Picture(681, "image/jpeg", 60, 60, "CMYK")),
        ("grey.png", Picture(125, "image/png", 60, 60, "L")),
        ("wide.png", Picture(255, "image/png", 1600, 900, "1")),
        ("alpha.png", Picture(185, "image/png", 60, 60, "RGBA")),
        ("plain.gif", Picture(1018, "image/gif", 60, 60, "P")),
        ("plain.webp", Picture(110, "image/webp", 60, 60, "RGB")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_picture_is_measured(name: str, expected: Picture) -> None:
    assert measure_picture(MEDIA / name) == (expected, ())


def picture_codes(path: Path) -> list[str]:
    return [fault.code.id for fault in measure_picture(path)[1]]


def test_what_is_no_picture(tmp_path: Path, written: Write) -> None:
    assert picture_codes(written("text.jpg", b"cover")) == ["AR001"]
    assert picture_codes(written("sound.jpg", media("cbr.mp3"))) == ["AR001"]
    assert picture_codes(written("empty.jpg", b"")) == ["AR001"]
    assert picture_codes(tmp_path / "absent.jpg") == ["AR003"]
    assert picture_codes(tmp_path) == ["AR004"]


def test_what_is_no_picture_is_named_or_said_to_be_unknown(written: Write) -> None:
    faults = [*measure_picture(written("a.jpg", b"text"))[1]]
    faults += measure_picture(written("b.jpg", media("cbr.mp3")))[1]
    assert [fault.params["found"] for fault in faults] == ["text", "unknown"]


def test_picture_under_the_name_of_another_format(written: Write) -> None:
    found, faults = measure_picture(written("cover.png", media("rgb.jpg")))
    assert found
    assert found.type == "image/jpeg"
    assert [(f.code.id, f.params["right"]) for f in faults] == [("AR002", ".jpg")]


@pytest.mark.parametrize("name", ["rgb.jpg", "grey.png", "alpha.png", "plain.gif", "plain.webp"])
@pytest.mark.parametrize("left", [30, 0.6, -20])
def test_picture_that_breaks_off(name: str, left: float, written: Write) -> None:
    content = media(name)
    cut = int(len(content) * left) if 0 < left < 1 else int(left)
    assert picture_codes(written(name, content[:cut])) == ["AR005"]


def part_of_png(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def made(format_: str, size: tuple[int, int] = (60, 60), **how: Any) -> bytes:
    """A picture of noise."""
    file = BytesIO()
    Image.effect_noise(size, 80).convert("P" if format_ == "GIF" else "RGB").save(
        file, format_, **how
    )
    return file.getvalue()


NOISE = made("PNG")
BROKEN_INSIDE = {
    "a byte of a PNG": NOISE[:3000] + bytes([NOISE[3000] ^ 1]) + NOISE[3001:],
    "a piece of a PNG": NOISE[:2000] + NOISE[3000:],
    "nearly all of a PNG": b"\x89PNG\r\n\x1a\n"
    + part_of_png(b"IHDR", struct.pack(">IIBBBBB", 1400, 1400, 8, 2, 0, 0, 0))
    + part_of_png(b"IDAT", zlib.compress(bytes(1000)))
    + part_of_png(b"IEND", b""),
    "the end of a GIF": made("GIF")[:2000] + b";",
}


@pytest.mark.parametrize("content", BROKEN_INSIDE.values(), ids=BROKEN_INSIDE)
def test_picture_with_a_right_end_that_lacks_something(content: bytes, written: Write) -> None:
    assert picture_codes(written("a.gif" if content[:3] == b"GIF" else "a.png", content)) == [
        "AR005"
    ]


def test_picture_may_hold_the_drawing_that_it_was_made_of(written: Write) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("mxfile", "<mxCell/>" * 300_000, zip=True)
    assert picture_codes(written("a.png", made("PNG", pnginfo=words))) == []


def test_picture_of_one_colour_may_have_few_bytes(written: Write) -> None:
    png = BytesIO()
    Image.new("RGB", (3000, 3000), "navy").save(png, "PNG", optimize=True)
    assert picture_codes(written("a.png", png.getvalue())) == []


def test_bytes_behind_a_whole_picture_do_no_harm(written: Write) -> None:
    assert picture_codes(written("a.png", NOISE + b"\x55" * 500)) == []


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("side", [0, 1, 2, 6, 8, 9])
def test_mark_to_turn_a_picture_is_seen(format_: str, side: int, written: Write) -> None:
    exif = Image.Exif()
    exif[0x0112] = side  # Exif 2.32, "Orientation"
    found = measure_picture(written("a", made(format_, exif=exif)))[0]
    assert found
    assert found.turned == (side in {2, 6, 8})


def test_picture_that_would_fill_the_memory(written: Write) -> None:
    png = BytesIO()
    Image.new("1", (9000, 9000)).save(png, "PNG")
    small = bytearray(png.getvalue())
    assert picture_codes(written("large.png", bytes(small))) == ["AR006"]
    huge = b"GIF89a" + struct.pack("<HH", 65535, 65535) + media("plain.gif")[10:]
    assert picture_codes(written("huge.gif", huge)) == ["AR006"]


# --- the door ----------------------------------------------------------------------------------


def test_libraries_are_loaded_when_they_are_needed() -> None:
    program = (
        "import sys, feedtool.measure; from pathlib import Path\n"
        "loaded = lambda: [name for name in ('mutagen', 'PIL') if name in sys.modules]\n"
        "print(loaded())\n"
        "feedtool.measure.measure(Path(sys.argv[1]))\n"
        "print(loaded())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, MEDIA / "cbr.mp3"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert result.stdout.splitlines() == ["[]", "['mutagen']"]


# --- how it was made ---------------------------------------------------------------------------

LISTED = (Chapter(ms(0), "Sjön"), Chapter(ms(1500), "Kranen"))
MADE = [
    ("cbr.mp3", Inside(44100, 1, 65197)),
    ("cbr-48k.mp3", Inside(24000, 2, 66816)),
    ("cbr-headerless.mp3", Inside(22050, 1, 32001)),
    ("vbr.mp3", Inside(32000, 1)),
    ("vbr-headerless.mp3", Inside(32000, 1)),
    ("thin-stereo.mp3", Inside(44100, 2, 31850)),
    ("layer2.mp3", Inside(44100, 1, 63998, "mp2")),
    ("sound.m4a", Inside(44100, 1, 32384, "mp4a.40.2", late=True)),
    ("faststart.m4a", Inside(44100, 1, 32384, "mp4a.40.2")),
    ("six-channels.m4a", Inside(44100, 6, 32384, "mp4a.40.2")),
    ("lossless.m4a", Inside(44100, 1, 32384, "alac")),
    ("video.mp4", Inside(44100, 1, None, "mp4a.40.2", "avc1", late=True)),
    ("hevc.mp4", Inside(44100, 1, None, "mp4a.40.2", "hvc1")),
    ("silent.mp4", Inside(picture="avc1", late=True)),
    ("chapters.mp3", Inside(44100, 1, 65197, chapters=LISTED)),
    ("chapters.m4a", Inside(44100, 1, 32384, "mp4a.40.2", chapters=LISTED)),
]


@pytest.mark.parametrize(("name", "made"), MADE, ids=[row[0] for row in MADE])
def test_it_is_found_out_how_a_recording_was_made(name: str, made: Inside) -> None:
    found = measure(MEDIA / name)[0]
    assert found
    assert found.inside == made


def inside(path: Path) -> tuple[Chapter, ...]:
    found = measure(path)[0]
    assert found
    assert found.inside
    return found.inside.chapters


def with_tag(frames: list[Any], version: int = 3) -> bytes:
    """cbr.mp3 with these frames in its tag."""
    tag, file = id3.ID3(), BytesIO(media("cbr.mp3"))
    for frame in frames:
        tag.add(frame)
    tag.save(file, v2_version=version)
    return file.getvalue()


def chap(name: str, start: int, end: int, title: str = "Kranen") -> Any:
    return id3.CHAP(
        element_id=name, start_time=start, end_time=end, sub_frames=[id3.TIT2(text=title)]
    )


def ctoc(*names: str) -> Any:
    return id3.CTOC(element_id="toc", flags=3, child_element_ids=list(names), sub_frames=[])


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("cover", [0, 100, 5_000, 2_200_000])
def test_chapters_are_found_behind_a_cover(written: Write, version: int, cover: int) -> None:
    frames = [ctoc("a"), id3.APIC(data=b"x" * cover), id3.TIT2(text="Å"), chap("a", 0, 3000)]
    path = written("a.mp3", with_tag(frames, version))
    assert inside(path) == (Chapter(ms(0), "Kranen"),)
    assert codes(path) == []


def test_chapters_are_found_in_an_unsynchronised_tag(written: Write) -> None:
    content = bytearray(with_tag([ctoc("a"), chap("a", 0, 2000)]))
    content[5] |= 0x80  # nothing in it needs to be written differently
    assert inside(written("a.mp3", bytes(content))) == (Chapter(ms(0), "Kranen"),)


def test_a_title_in_an_unsynchronised_tag_is_no_chapter(written: Write) -> None:
    content = bytearray(with_tag([id3.TIT2(encoding=0, text="CHAPTER ONE")]))
    content[5] |= 0x80
    path = written("a.mp3", bytes(content))
    assert inside(path) == ()
    assert codes(path) == []


def test_a_chapter_outside_of_the_table_is_not_listed_by_players(written: Write) -> None:
    frames = [ctoc("a", "c"), chap("a", 0, 500), chap("b", 500, 1000), chap("c", 1000, 2000)]
    path = written("a.mp3", with_tag(frames))
    assert [chapter.start for chapter in inside(path)] == [ms(0), ms(1000)]
    assert codes(path) == []


def test_a_chapter_is_listed_in_a_table_within_a_table(written: Write) -> None:
    part = id3.CTOC(element_id="part", flags=1, child_element_ids=["a"], sub_frames=[])
    path = written("a.mp3", with_tag([ctoc("part"), part, chap("a", 0, 500)]))
    assert inside(path) == (Chapter(ms(0), "Kranen"),)
    assert codes(path) == []


def test_a_torn_table_hides_no_chapter(written: Write) -> None:
    path = written("a.mp3", with_tag([ctoc("b"), chap("a", 0, 2000)]))
    assert inside(path) == (Chapter(ms(0), "Kranen"),)


def test_a_title_that_cannot_be_shown_is_made_one_that_can(written: Write) -> None:
    path = written("a.mp3", with_tag([ctoc("a"), chap("a", 0, 2000, "A\x01\n\t B")]))
    assert inside(path) == (Chapter(ms(0), "A B"),)


@pytest.mark.parametrize(
    ("frames", "problem"),
    [
        ([chap("a", 0, 2000)], "their table of contents is missing"),
        ([ctoc("a", "b"), chap("a", 0, 2000)],
         "their table of contents names one that is not there"),
        ([ctoc("a"), chap("a", 1000, 500)], "one ends before it begins"),
        ([ctoc("a"), chap("a", 4000, 5000)], "one begins after the end of the recording"),
    ],
    ids=["no-table", "torn-table", "backwards", "behind"],
)  # fmt: skip
def test_damaged_chapters_are_told(written: Write, frames: list[Any], problem: str) -> None:
    faults = measure(written("a.mp3", with_tag(frames)))[1]
    assert [(f.code.id, f.params["problem"]) for f in faults] == [("ME018", problem)]


def test_chapters_that_cannot_be_read_leave_the_sound_as_it_is(written: Write) -> None:
    content = media("chapters.m4a")
    at = content.index(b"chpl") + 12
    path = written("a.m4a", content[:at] + b"\xff" + content[at + 1 :])
    assert inside(path) == ()
    assert codes(path) == ["ME018"]


def test_a_tag_that_lies_about_its_size_has_no_chapters(written: Write) -> None:
    content = bytearray(media("chapters.mp3"))
    content[6:10] = b"\x7f\x7f\x7f\x7f"
    assert inside(written("a.mp3", bytes(content))) == ()


def test_chapters_without_table_are_in_a_file_of_their_own() -> None:
    assert codes(MEDIA / "chapters-without-table.mp3") == ["ME018"]


def test_how_a_recording_was_made_is_known_again(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.mp3").write_bytes(media("chapters.mp3"))
    later = time.time_ns() + 10**10
    found: list[Measured] = []
    for _ in range(2):
        cache = Cache(tmp_path / "cache", "1", later)
        files = MediaFiles(tmp_path, cache)
        measured = files.measured("a.mp3", False, Place("a.md"), [])
        assert isinstance(measured, Measured)
        found.append(measured)
        assert bool(files.known.fresh) == (len(found) == 1)
        keep_known(cache, [files.known.packed()], {})
        cache.close()
    assert found[0].inside == found[1].inside
    assert found[0].inside
    assert found[0].inside.chapters == LISTED


def test_a_name_in_other_letters_is_an_error_where_the_system_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "Ett.mp3").write_bytes(media("cbr.mp3"))
    monkeypatch.setattr(MediaFiles, "folds_case", True)
    monkeypatch.setattr(os, "listdir", lambda folder: ["ett.mp3", "tva.mp3"])
    files = MediaFiles(tmp_path, Cache(tmp_path / "cache", "1", 0))
    found: list[Finding] = []
    assert files.find("Ett.mp3", Place("a.md"), found)
    assert [(one.code.id, one.params["right"]) for one in found] == [("ME062", "ett.mp3")]


# --- the codes ---------------------------------------------------------------------------------


def test_codes_are_numbered_without_a_gap() -> None:
    own = (int(code[2:]) for code in CODES if code.startswith("ME"))
    numbers = sorted(number for number in own if number < 50)  # those above are not of content
    assert numbers == list(range(1, len(numbers) + 1))


def test_fixtures_are_all_used() -> None:
    files = [one for one in MEDIA.parent.rglob("*") if one.suffix in {".py", ".case", ".txt"}]
    used = "".join(one.read_text(encoding="utf-8") for one in files if one.name != "make.py")
    for path in MEDIA.iterdir():
        assert path.is_dir() or path.name == "make.py" or path.name in used, path.name
