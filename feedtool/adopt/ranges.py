"""What the headers of an answer say of a file and of a part of it (RFC 9110, 8.8, 13.1.5, 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PART = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII | re.IGNORECASE)
_NONE = re.compile(r"bytes\s+\*/(\d{1,18})", re.ASCII | re.IGNORECASE)


class Told:
    """The headers, understood."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        packing = headers.get("Content-Encoding", "").strip().lower()
        self.packed = packing not in ("", "identity")
        self.type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        self.etag = headers.get("ETag", "").strip()
        self.modified = headers.get("Last-Modified", "").strip()
        self.length = None if self.packed else _number(headers.get("Content-Length", ""))
        """Bytes of this answer; None = not told, or not those of the file."""
        chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
        self.ends_surely = chunked or _number(headers.get("Content-Length", "")) is not None
        """Is the end of the answer told from a broken connection?"""
        range_ = headers.get("Content-Range", "").strip()
        part, none = _PART.fullmatch(range_), _NONE.fullmatch(range_)
        self.first = int(part[1]) if part else None
        self.last = int(part[2]) if part else None
        self.whole: int | None = None
        """Bytes of the whole file, from Content-Range."""
        if part or none:
            self.whole = _number(part[3] if part else none[1] if none else "")

    @property
    def validator(self) -> str:
        """By what a server knows these bytes again; "" = it does not.

        Of ETags only strong ones: weak ones are for what means the same. A date stands for bytes
        where there is no ETag: two versions of a recording in one second are unheard of.
        """
        if self.packed or (self.etag and not self.etag.startswith('"')):
            return ""
        found = self.etag or self.modified
        return found if can_be_asked(found) else ""


def can_be_asked(validator: str) -> bool:
    """May it stand in a request?"""
    return validator.isascii() and validator.isprintable()


def goes_on(have: int, total: int | None, validator: str, status: int, told: Told) -> bool:
    """Does an answer go on where we are: with the next byte (206), or the end (416)?"""
    if told.packed:
        return False
    if status == 416:
        return told.whole == have
    if status != 206 or told.first != have or told.last is None or told.last < have:
        return False
    if told.whole is not None and (
        told.last >= told.whole or (total is not None and total != told.whole)
    ):
        return False
    # some servers ignore If-Range
    now = told.etag if validator.startswith('"') else told.modified
    return not now or now == validator


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
