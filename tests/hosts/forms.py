"""multipart/form-data, read as it comes in: a recording may be 4 GB. No code of feedtool."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

_PIECE = 65536
_MOST_TEXT = 1_000_000
_KEPT = 32 * 1024 * 1024
"""Bytes of a file that are kept; of the rest, the sum and the size."""


class Gone(Exception):
    """The client went away in the middle of its request."""


class BadForm(Exception):
    """It is no form."""


@dataclass
class Upload:
    """A file of a form."""

    name: str  #: as the client called it
    type: str
    bytes: int
    sha256: str
    file: Path  #: its beginning


Form = dict[str, str | Upload]


def read_form(read: Callable[[int], bytes], type: str, folder: Path) -> Form:
    """All parts. `read` gives at most so many bytes, and b"" at the end of the request."""
    head = BytesHeaderParser().parsebytes(f"Content-Type: {type}\n\n".encode())
    boundary = head.get_boundary()
    if not boundary:
        raise BadForm("no boundary")
    return _Reader(read, b"\r\n--" + boundary.encode(), folder).all()


class _Reader:
    def __init__(self, read: Callable[[int], bytes], mark: bytes, folder: Path) -> None:
        self._read = read
        self._mark = mark
        self._folder = folder
        self._buffer = b"\r\n"  # the first boundary has no line end before it

    def all(self) -> Form:
        form: Form = {}
        self._until(lambda _: None)
        while not self._buffer.startswith(b"--"):
            head = BytesHeaderParser().parsebytes(self._header())
            disposition = "Content-Disposition"
            name = head.get_param("name", header=disposition)
            if not isinstance(name, str):
                raise BadForm("a part without a name")
            file = head.get_filename()
            if name in form:
                raise BadForm(f"{name} twice")
            form[name] = self._text() if file is None else self._file(file, head.get_content_type())
        while self._more():
            pass
        return form

    def _header(self) -> bytes:
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                raise BadForm("a header without an end")
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head.lstrip(b"\r\n")

    def _text(self) -> str:
        pieces: list[bytes] = []
        self._until(pieces.append)
        data = b"".join(pieces)
        if len(data) > _MOST_TEXT:
            raise BadForm("a text of that length")
        return data.decode()

    def _file(self, name: str, type: str) -> Upload:
        sum, size = hashlib.sha256(), 0
        number = len(list(self._folder.iterdir()))
        path = self._folder / f"upload-{number}"
        with path.open("xb") as kept:

            def take(data: bytes) -> None:
                nonlocal size
                if size < _KEPT:
                    kept.write(data)
                sum.update(data)
                size += len(data)

            self._until(take)
        return Upload(name, type, size, sum.hexdigest(), path)

    def _until(self, take: Callable[[bytes], None]) -> None:
        """Give all that comes before the next boundary."""
        while (at := self._buffer.find(self._mark)) < 0:
            safe = max(0, len(self._buffer) - len(self._mark))
            if safe:
                take(self._buffer[:safe])
                self._buffer = self._buffer[safe:]
            if not self._more():
                raise BadForm("a part without an end")
        take(self._buffer[:at])
        self._buffer = self._buffer[at + len(self._mark) :]
        while len(self._buffer) < 2 and self._more():
            pass

    def _more(self) -> bool:
        data = self._read(_PIECE)
        self._buffer += data
        return bool(data)
