"""Quick ways of measuring against the slow ones: mutagen's, and what the frames were made of."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen.mp3 import BitrateMode, MPEGInfo
from mutagen.mp4 import MP4Info
from mutagen.mp4._atom import Atoms

from feedtool.measure import frames, is_placeholder, measure, mpeg
from feedtool.measure.atoms import header_of, index_of

MEDIA = Path(__file__).parent / "media"
bounded = settings(max_examples=300, suppress_health_check=list(HealthCheck))


# --- the index of an MP4 -----------------------------------------------------------------------


def index(name: str) -> bytes:
    """The atom `moov` of a file, without tags: those are left out by ours."""
    content = (MEDIA / name).read_bytes()
    at = content.index(b"moov") - 4
    moov = content[at : at + struct.unpack_from(">I", content, at)[0]]
    tags = moov.find(b"udta") - 4
    if tags > 0:
        moov = moov[:tags] + moov[tags + struct.unpack_from(">I", moov, tags)[0] :]
    return struct.pack(">I", len(moov)) + moov[4:]


INDEXES = [index(p.name) for p in sorted(MEDIA.iterdir()) if p.suffix in {".m4a", ".mp4", ".mov"}]


def length_by_mutagen(moov: bytes) -> float:
    file = BytesIO(moov)
    info: Any = MP4Info(Atoms(file), file)  # type: ignore[no-untyped-call]
    return float(info.length)


def answer(length: Callable[[bytes], float], moov: bytes) -> float | None:
    try:
        return length(moov)
    except Exception:  # of any kind, ours and theirs: `measure` says the same of all
        return None


@bounded
@given(
    st.sampled_from(INDEXES),
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([b"\0", b"\1", b"\x10", b"\xff", b"\0\0\0\1"])),
        max_size=3,
    ),
)
def test_length_in_a_header_is_what_mutagen_reads(
    moov: bytes, changes: list[tuple[float, bytes]]
) -> None:
    changed = bytearray(moov)
    for where, new in changes:
        at = 8 + int(where * (len(moov) - 12))
        changed[at : at + len(new)] = new
    ours = answer(lambda data: header_of(index_of(data)).length, bytes(changed))
    assert ours == answer(length_by_mutagen, bytes(changed))


def test_tags_that_end_with_a_zero_are_no_damage(tmp_path: Path) -> None:
    """As QuickTime's may (QuickTime File Format, "User data atoms"); mutagen refuses them."""
    content = (MEDIA / "sound.m4a").read_bytes()
    moov, tags = content.index(b"moov") - 4, content.index(b"udta") - 4
    length, longer = struct.unpack_from(">I", content, moov)[0], struct.pack(">I4s4x", 12, b"udta")
    end = tags + struct.unpack_from(">I", content, tags)[0]
    path = tmp_path / "sound.m4a"
    size = struct.pack(">I", length - (end - tags) + len(longer))
    path.write_bytes(content[:moov] + size + content[moov + 4 : tags] + longer + content[end:])
    whole = measure(MEDIA / "sound.m4a")[0]
    found, faults = measure(path)
    assert found
    assert whole
    assert (found.duration, faults) == (whole.duration, ())


# --- frames of MPEG audio ----------------------------------------------------------------------


def frame(second: int, third: int, fourth: int) -> bytes:
    header = bytes((0xFF, second, third, fourth))
    known = frames.explain(header)
    assert known
    return header.ljust(known.length, b"\0")


THIRDS = [bits | rate for bits in range(0x10, 0xF0, 0x10) for rate in range(4)]  # private, padding


@bounded
@given(
    st.sampled_from([0xFB, 0xF3, 0xE3, 0xFD]),  # versions 1, 2 and 2.5 of layer III, layer II
    st.sampled_from([0x00, 0x04, 0x08]),  # sample rates
    st.lists(st.tuples(st.sampled_from(THIRDS), st.booleans(), st.integers(0, 255)), min_size=1),
    st.sampled_from([1, 1, 63, 64, 65]),
    st.integers(0, 20),
    st.sampled_from([3000, 1 << 20]),
)
def test_every_frame_is_counted(
    second: int, rate: int, made: list[tuple[int, bool, int]], times: int, cut: int, chunk: int
) -> None:
    row = [frame(second & ~checked, third | rate, fourth) for third, checked, fourth in made]
    row *= times
    sound = b"".join(row)
    sound = sound[: len(sound) - cut]
    whole, last = (len(row) - 1, len(sound) + cut - len(row[-1])) if cut else (len(row), len(sound))
    head = frames.explain(row[0][:4])
    assert head
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "CHUNK", chunk)
        walk = frames.count(BytesIO(b"tag" + sound), 3, 3 + len(sound), head)
    assert (walk.frames, walk.last, walk.noise) == (whole, 3 + last, 0)
    assert walk.broken == (cut > 0)


HEADS = [p.read_bytes()[:9000] for p in sorted(MEDIA.iterdir()) if p.suffix == ".mp3"]


@bounded
@given(
    st.sampled_from(HEADS),
    st.lists(st.tuples(st.integers(0, 6000), st.binary(min_size=1, max_size=4)), max_size=3),
    st.integers(4, 9000),
)
def test_first_frame_is_the_one_that_mutagen_finds(
    head: bytes, changes: list[tuple[int, bytes]], left: int
) -> None:
    changed = bytearray(head[:left])
    for at, new in changes:
        changed[at : at + len(new)] = new
    start = mpeg._at_once(BytesIO(changed), 0)
    if start is None:  # it is left to mutagen
        return
    first, known, stated = start
    info: Any = MPEGInfo(BytesIO(changed), 0)
    assert (first, known.kind) == (0, (info.version, info.layer, info.sample_rate))
    assert info.frame_offset == 0
    assert (stated is not None and stated.constant) == (info.bitrate_mode == BitrateMode.CBR)


# --- a status that is known --------------------------------------------------------------------


def test_known_status_changes_nothing(tmp_path: Path) -> None:
    for path in [*MEDIA.glob("*.m4a"), MEDIA]:
        assert measure(str(path), path.stat()) == measure(path)
    pointer = tmp_path / "a.mp3"
    pointer.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    assert is_placeholder(str(pointer), pointer.stat())
