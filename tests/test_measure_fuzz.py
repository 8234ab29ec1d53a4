"""Broken media of every kind: measuring answers, whatever the bytes are.

FEEDTOOL_FUZZ=long looks for longer, an hour or so.
"""

from __future__ import annotations

import os
import struct
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedtool.measure import is_placeholder, measure, measure_picture

MEDIA = Path(__file__).parent / "media"
SEEDS = {path.name: path.read_bytes() for path in sorted(MEDIA.iterdir()) if path.suffix != ".py"}
PICTURES = [name for name in SEEDS if name.endswith((".jpg", ".png", ".gif", ".webp"))]
RECORDINGS = [name for name in SEEDS if name not in PICTURES]

LONG = os.environ.get("FEEDTOOL_FUZZ") == "long"
SECONDS = 2.0
"""No file of a few kilobytes may take longer; the usual is a thousandth of a second."""

fuzz = settings(
    max_examples=200_000 if LONG else 600,
    database=None,
    suppress_health_check=list(HealthCheck),
)

NUMBERS = st.one_of(
    st.sampled_from([0, 1, 7, 8, 16, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1]),
    st.integers(0, 2**64 - 1),
)
SIGNATURES = [
    b"OggS", b"fLaC", b"RIFF", b"WAVE", b"data", b"fmt ", b"ID3\x04\0\x10", b"TAG", b"APETAGEX",
    b"Xing", b"Info", b"VBRI", b"LAME3.100", b"moov", b"mdat", b"trak", b"mdhd", b"stts", b"stco",
    b"stsd", b"elst", b"ftyp", b"\xff\xfb\x90\x64", b"LYRICSEND", b"OpusHead", b"\x01vorbis",
    b"3DI", b"\x89PNG", b"IDAT", b"\xff\xd8\xff", b"\xff\xd9",
]  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn, names: list[str]) -> bytes:
    """A whole file with up to eight things done to it, mostly near its beginning or its end."""
    data = bytearray(SEEDS[draw(st.sampled_from(names))])
    for _ in range(draw(st.integers(1, 8))):
        near = draw(st.integers(0, min(len(data), 600)))
        at = draw(st.sampled_from([near, len(data) - near, draw(st.integers(0, len(data)))]))
        match draw(st.integers(0, 6)):
            case 0:
                del data[at:]
            case 1:
                data[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case 2:
                number = struct.pack(">Q", draw(NUMBERS))[-draw(st.sampled_from([2, 4, 8])) :]
                if draw(st.booleans()):
                    number = number[::-1]
                data[at : at + len(number)] = number
            case 3:
                data[at:at] = draw(st.binary(max_size=40))
            case 4:
                del data[at : at + draw(st.integers(1, 2000))]
            case 5:
                other = SEEDS[draw(st.sampled_from(names))]
                begin = draw(st.integers(0, len(other)))
                data[at:at] = other[begin : begin + draw(st.integers(1, 4000))]
            case _:
                signature = draw(st.sampled_from(SIGNATURES))
                data[at : at + len(signature)] = signature
    return bytes(data)


def answer(content: bytes, name: str) -> None:
    """The file is measured, or it is said why not, the same each time and without delay."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        begin = time.monotonic()
        found, faults = measure(path)
        assert time.monotonic() - begin < SECONDS
        assert found or faults
        assert found is None or (found.bytes == len(content) and found.duration.total_seconds() > 0)
        assert measure(path) == (found, faults)
        for fault in faults:
            for part in (fault.code.message, fault.code.why, fault.code.mend):
                assert "{" not in part.format(**fault.params)
        picture, picture_faults = measure_picture(path)
        assert picture or picture_faults
        is_placeholder(path)


@fuzz
@given(mutations(RECORDINGS), st.sampled_from(["a.mp3", "a.m4a", "a.ogg", "a"]))
def test_broken_recordings_are_answered(content: bytes, name: str) -> None:
    answer(content, name)


@fuzz
@given(mutations(PICTURES))
def test_broken_pictures_are_answered(content: bytes) -> None:
    answer(content, "a.png")


@fuzz
@given(st.sampled_from([b"", *SIGNATURES]), st.binary(max_size=3000))
def test_any_bytes_are_answered(begin: bytes, content: bytes) -> None:
    answer(begin + content, "a.mp3")


@pytest.mark.parametrize("name", SEEDS)
def test_any_length_left_is_answered(name: str) -> None:
    content = SEEDS[name]
    step = 1 if LONG else max(1, len(content) // 60)
    for left in range(1, len(content), step):
        answer(content[:left], name)


TINY_PARTS = {
    "atoms": b"\0\0\0\x10ftypM4A \0\0\0\0\0\x1f\xff\xf8moov" + b"\0\0\0\x08free" * 262142,
    "nested atoms": b"".join(struct.pack(">I4s", 2**21 - 8 * n, b"moov") for n in range(2**18)),
    "chunks": b"RIFF\xff\xff\xff\x7fWAVE" + b"LIST\0\0\0\0" * 262144,
    "ID3 tags": b"ID3\x04\0\0\0\0\0\1x" * 200000,
    "half headers": b"\xff\xfb" * 2**20,
    "headers": b"\xff\xfb\x90\x64" * 2**19,
    "lone frames": (b"\xff\xfb\x90\x64" + bytes(450)) * 5000,
    "pages": b"OggS\0\2" + bytes(21) + (b"OggS" + bytes(23)) * 70000,
    "blocks": b"fLaC" + b"\1\0\0\0" * 2**19,
    "FLAC frames": SEEDS["fixed.flac"][:42] + b"\xff\xf8\xff\xf8\x19\x08" * 2**18,
    "zeros": bytes(2**21),
}  # fmt: skip


@pytest.mark.parametrize("content", TINY_PARTS.values(), ids=TINY_PARTS)
def test_two_megabytes_of_tiny_parts_neither_hang_nor_fill_the_memory(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    begin = time.monotonic()
    assert measure(path)[1]
    assert time.monotonic() - begin < 10 * SECONDS
