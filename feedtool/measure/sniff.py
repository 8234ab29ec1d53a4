"""What a file is, by its first bytes. The name of the file is not asked."""

from __future__ import annotations

import re
from enum import Enum, auto

from ..pattern import pattern


class Container(Enum):
    """The kinds of file that are measured."""

    MPEG = auto()
    MP4 = auto()
    OGG = auto()
    FLAC = auto()
    WAV = auto()


HEAD = 512
"""Bytes that `container` and `known` want to see."""

_MP4_ATOMS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}

_MPEG_FRAME = pattern(rb"\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd]")
"""Eleven bits of one, then version 2.5, 2 or 1, then layer III or II."""

_IMAGE_BRANDS = pattern(rb"(heic|heix|hevc|mif1|msf1|avif|avis)")

_OTHER_MEDIA: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (pattern(rb"\xff[\xf0\xf1\xf8\xf9]"), "AAC (ADTS)"),
    (pattern(rb"\x1aE\xdf\xa3"), "WebM/Matroska"),
    (pattern(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"), "Windows Media"),
    (pattern(rb"RIFF....AVI ", re.S), "AVI"),
    (pattern(rb"RF64....WAVE|BW64....WAVE", re.S), "WAV (RF64)"),
    (pattern(rb"FORM....AIF[FC]", re.S), "AIFF"),
    (pattern(rb"#!AMR"), "AMR"),
    (pattern(rb"FLV\x01"), "Flash Video"),
    (pattern(rb"caff\x00"), "Core Audio"),
    (pattern(rb"MAC "), "Monkey's Audio"),
    (pattern(rb"wvpk"), "WavPack"),
    (pattern(rb"MThd"), "MIDI"),
    (pattern(rb"\x00\x00\x01[\xb3\xba]"), "MPEG video"),
    (pattern(rb"G.{187}G.{187}G", re.S), "MPEG transport stream"),
    (pattern(rb"\.snd"), "Sun/NeXT audio (AU)"),
    (pattern(rb"riff\x2e\x91\xcf\x11"), "Wave64"),
    (pattern(rb"TTA[12]"), "True Audio"),
)

_NO_MEDIA: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (pattern(rb"\xff\xd8\xff"), "JPEG"),
    (pattern(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (pattern(rb"GIF8[79]a"), "GIF"),
    (pattern(rb"RIFF....WEBP", re.S), "WebP"),
    (pattern(rb"BM....\x00\x00\x00\x00", re.S), "BMP"),
    (pattern(rb"(II\*\x00|MM\x00\*)"), "TIFF"),
    (pattern(rb"....ftyp" + _IMAGE_BRANDS.pattern, re.S), "HEIC/AVIF"),
    (pattern(rb"%PDF-"), "PDF"),
    (pattern(rb"PK\x03\x04"), "ZIP"),
    (pattern(rb"(\xef\xbb\xbf)?\s*(<!doctype html|<html)", re.I), "HTML"),
    (pattern(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<svg", re.I), "SVG"),
    (pattern(rb"(\xef\xbb\xbf)?\s*<\?xml"), "XML"),
)


def container(head: bytes) -> Container | None:
    """The container that starts like this; None when no signature says so.

    MPEG audio has no signature, only a pattern of eleven bits: a None may still be an MP3.
    """
    if head[:4] == b"OggS":
        return Container.OGG
    if head[:4] == b"fLaC":
        return Container.FLAC
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Container.WAV
    if head[4:8] in _MP4_ATOMS and not _IMAGE_BRANDS.match(head, 8):
        return Container.MP4
    if _MPEG_FRAME.match(head):
        return Container.MPEG
    return None


def other_media(head: bytes) -> str | None:
    """The name of a format of recordings that is not measured, e.g. "AIFF"."""
    return _named(head, _OTHER_MEDIA)


def no_media(head: bytes) -> str | None:
    """The name of a format that is no recording, e.g. "JPEG" or "HTML"; "text" for plain text."""
    return _named(head, _NO_MEDIA) or ("text" if _is_text(head) else None)


def _named(head: bytes, formats: tuple[tuple[re.Pattern[bytes], str], ...]) -> str | None:
    return next((name for pattern, name in formats if pattern.match(head)), None)


def _is_text(head: bytes) -> bool:
    """Is it without control characters, and mostly ASCII? Whatever the encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
        head = head[2:].replace(b"\x00", b"")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head):
        return False
    return len(re.findall(rb"[\t-\r -~]", head)) > len(head) / 2
