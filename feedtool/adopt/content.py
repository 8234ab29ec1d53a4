"""What came from a server, by its first bytes: a recording, or a web page that says sorry.

Servers send error and login pages with status 200 and any type. The header is asked only where the
content says nothing.
"""

from __future__ import annotations

from typing import Literal

from ..measure import sniff
from ..measure.sniff import Container

Kind = Literal["recording", "picture", "text"]

ENOUGH = sniff.HEAD
"""Bytes from the beginning that are needed to tell."""

_PICTURES = {"JPEG", "PNG", "GIF", "WebP", "BMP", "TIFF", "HEIC/AVIF"}
_TEXTS = {"XML", "text"}
_SPOKEN = ("text/", "application/json", "application/problem", "application/xml",
           "application/xhtml")  # fmt: skip
_TYPES = {
    Container.MPEG: "audio/mpeg",
    Container.OGG: "audio/ogg",
    Container.FLAC: "audio/flac",
    Container.WAV: "audio/wav",
}
_BRANDS = {b"M4A ": "audio/x-m4a", b"M4B ": "audio/x-m4a", b"M4V ": "video/x-m4v"}


def stranger(kind: Kind, head: bytes, told: str) -> str | None:
    """The name of what it is instead: "HTML", "PDF", "text"; None = it may well be what we want.

    `told` is the Content-Type.
    """
    if kind == "text":
        found = sniff.no_media(head)
        return None if found in _TEXTS or (found == "HTML" and told == "text/html") else (
            found or sniff.other_media(head) or "?"
        )  # fmt: skip
    if kind == "picture":
        found = sniff.no_media(head)
        return None if found in _PICTURES else found or sniff.other_media(head) or "?"
    if head[:3] == b"ID3" or sniff.container(head) or sniff.other_media(head):
        return None
    found = sniff.no_media(head)
    if found is None and told.startswith(_SPOKEN):
        return told
    return found


def type_of(kind: Kind, head: bytes, told: str) -> str:
    """The MIME type: what the server told, if it can be; else what the content says; else ""."""
    if told.startswith(("audio/", "video/") if kind == "recording" else ("image/", "text/")):
        return told
    if kind != "recording":
        return (
            told if told.startswith("application/") and told != "application/octet-stream" else ""
        )
    container = Container.MPEG if head[:3] == b"ID3" else sniff.container(head)
    if container is Container.MP4:  # there may be sound or pictures in it
        return _BRANDS.get(head[8:12], "")
    return _TYPES[container] if container else ""
