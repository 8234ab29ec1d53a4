"""One file on its way: the bytes that came, and what is needed to go on another day.

Two files below .feedtool/: the bytes, and a note of where they are from and how many of them are
safe. Whatever was interrupted, the note never promises more than is on the disk. Of addresses only
a hash is kept: that of a private feed is a key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from ..scaffold.copies import give_name, put_whole
from .ranges import can_be_asked

_VERSION = 1
_SAFE = 32 * 1024 * 1024
"""Bytes between two notes: what a power cut may cost."""
_PIECE = 1024 * 1024


class Partial:
    """The bytes of one address on their way to one path. Raises OSError when the disk does."""

    def __init__(self, folder: Path, url: str, path: Path) -> None:
        key = hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
        self._bytes = folder / f"{key}.part"
        self._note = folder / f"{key}.json"
        self._url = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self.have = 0  #: bytes
        self._safe = 0
        self.validator = ""  #: an ETag or a date, by which the server knows these bytes; "" = none
        self.total: int | None = None  #: bytes, as the server told; None = not told
        self.type = ""  #: as the server told
        self.head = b""  #: the first bytes
        note = self._read_note()
        self.finished: tuple[int, int, str] | None = _finished(note)
        """Size, time of change in ns and SHA-256 of the file that was made of it."""
        if self.finished is None:
            self._revive(note)
        else:
            self.type = str(note.get("type", ""))

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _read_note(self) -> dict[str, Any]:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        known = isinstance(note, dict) and note.get("partial") == _VERSION
        return note if known and note.get("url") == self._url else {}

    def _revive(self, note: dict[str, Any]) -> None:
        safe, total, validator = note.get("safe"), note.get("total"), note.get("validator")
        if not isinstance(safe, int) or not isinstance(validator, str) or safe < 1:
            return
        if not validator or not can_be_asked(validator):
            return
        try:
            file = self._bytes.open("r+b")
        except OSError:
            return
        if os.fstat(file.fileno()).st_nlink > 1:  # it has its name already
            file.close()
            return
        digest = hashlib.sha256()
        head, left = b"", safe
        while left and (piece := file.read(min(_PIECE, left))):
            head = head or piece[:HEAD]
            digest.update(piece)
            left -= len(piece)
        if left:  # somebody shortened it
            file.close()
            return
        file.truncate(safe)
        self._file, self._digest, self.head = file, digest, head
        self.have = self._safe = safe
        self.validator, self.type = validator, str(note.get("type", ""))
        self.total = total if isinstance(total, int) else None

    def begin(self, validator: str, total: int | None, type_: str) -> None:
        """Anew: nothing of what came before is used."""
        self.close()
        self._bytes.parent.mkdir(parents=True, exist_ok=True)
        self.validator, self.total, self.type = validator, total, type_
        self.have = self._safe = 0
        self._digest, self.head, self.finished = hashlib.sha256(), b"", None
        self._note.unlink(missing_ok=True)  # it speaks of other bytes
        self._file = self._bytes.open("w+b", _PIECE)

    def forget(self) -> None:
        """Of these bytes nothing can be used."""
        self.close()
        self.have = self._safe = 0
        self.validator, self.total, self.head = "", None, b""
        self._digest = hashlib.sha256()
        for path in (self._note, self._bytes):
            path.unlink(missing_ok=True)

    def add(self, piece: bytes) -> None:
        assert self._file is not None, "begin comes first"
        self._file.write(piece)
        self._digest.update(piece)
        self.have += len(piece)
        if len(self.head) < HEAD:
            self.head += piece[: HEAD - len(self.head)]
        if self.have - self._safe >= _SAFE:
            self.keep()

    def keep(self) -> None:
        """Make safe what is there."""
        if self._file is None or self._file.closed or self.have == self._safe:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._safe = self.have
        self._write_note(safe=self.have)

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):  # a full disk: what the note promises is there
                self._file.close()

    def give_to(self, path: Path) -> None:
        """It is whole: its name is `path` now. FileExistsError when another file has that name."""
        self.keep()
        self.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            give_name(self._bytes, path)
        except FileExistsError:
            raise
        except OSError:  # media/ may be on another disk
            with self._bytes.open("rb") as from_:
                put_whole(path, _copier(from_))
        self._bytes.unlink(missing_ok=True)
        self.note_finished(path, self.sha256)

    def note_finished(self, path: Path, sha256: str) -> None:
        """Remember what was made of it, so that it need not be read again."""
        status = path.stat()
        self.finished = (status.st_size, status.st_mtime_ns, sha256)
        self._bytes.unlink(missing_ok=True)
        self._write_note(finished=list(self.finished))

    def _write_note(self, **more: object) -> None:
        note = {
            "partial": _VERSION, "url": self._url, "validator": self.validator,
            "total": self.total, "type": self.type, **more,
        }  # fmt: skip
        self._note.parent.mkdir(parents=True, exist_ok=True)
        new = self._note.with_suffix(".new")
        # not made safe itself: what a power cut leaves of a note is no note, and costs time only
        new.write_text(json.dumps(note), encoding="utf-8")
        new.replace(self._note)


HEAD = 4096
"""Of the first bytes so many are kept at hand: to see what they are."""


def _finished(note: dict[str, Any]) -> tuple[int, int, str] | None:
    match note.get("finished"):
        case [int(size), int(changed), str(sha256)]:
            return size, changed, sha256
    return None


def _copier(from_: BinaryIO) -> Callable[[BinaryIO], None]:
    def copy(to: BinaryIO) -> None:
        while piece := from_.read(_PIECE):
            to.write(piece)

    return copy
