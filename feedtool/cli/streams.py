"""stdin, stdout and stderr, so that every command can count on them: there, and in UTF-8.

Writing to them never fails: a command goes on to its end, with its own exit code, though nobody
reads what it says. `lost` tells the command line what there is to tell of it.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def make_sure() -> None:
    """Put something in the place of what is closed, and take care of what may break."""
    # in this order: a file takes the lowest free number, and others would take these for stdout
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            setattr(sys, name, _calm(stream))


def lost() -> OSError | None:
    """Why the result could not be written: a full disk. Readers who had enough are no reason."""
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    failure = raw.failure if isinstance(raw, _Calm) else None
    # Windows says "invalid argument" of a pipe whose reader is gone
    gone = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)
    return None if failure is None or failure.errno in gone else failure


def _calm(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(_Calm(stream)),
        encoding="utf-8",  # Windows and LANG=C know less
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


class _Calm(io.RawIOBase):
    """Fails once, without a word; from then on everything is taken, and goes nowhere."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream  # it would close the file when nobody held it
        self._raw: Any = getattr(stream.buffer, "raw", stream.buffer)  # unbuffered: the same
        self.failure: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int | None:
        if self.failure is None:
            try:
                written: int | None = self._raw.write(data)
                return written
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        number: int = self._raw.fileno()
        return number

    def isatty(self) -> bool:
        return bool(self._raw.isatty())
