"""Measure a recording: choose the container by content, ask it, and compare with the name."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import BinaryIO, cast

from ..finding import Fault, Severity
from ..model import Measured
from ..vocabulary import EXTENSIONS
from . import faults, sniff, tags
from .faults import NotMeasuredError, Reading
from .files import POINTER_SIZE, ending, is_pointer, no_file
from .sniff import Container

Reader = Callable[[BinaryIO, int, str], Reading]
"""A container's `read(file, size, name)`. Raises NotMeasuredError; anything on broken content."""

_MODULES = {
    Container.MPEG: "mpeg",
    Container.MP4: "mp4",
    Container.OGG: "ogg",
    Container.FLAC: "flac",
    Container.WAV: "wav",
}

_BUFFER = 8192
"""Bytes; the head of most recordings in one reading: a short tag and the first four frames. Stating
it also spares the question whether the file is a terminal."""

_IMPLAUSIBLE = 10 * 365 * 86400
"""Seconds; a recording of ten years is a broken header."""


def measure(
    path: str | os.PathLike[str], status: os.stat_result | None = None
) -> tuple[Measured | None, tuple[Fault, ...]]:
    """What the file is, and what is wrong with it. None when there is nothing to measure.

    Content never raises. The place of the faults is the caller's to say. `status` spares asking
    the system once more.
    """
    name = os.path.basename(path)
    try:
        status = status or os.stat(path)
        # opening a pipe would wait for ever, and a folder has an error of its own on each system
        if not stat.S_ISREG(status.st_mode):
            return None, (faults.CLOSED.fault(name=name, reason=no_file(status.st_mode)),)
        size = status.st_size
        with open(path, "rb", _BUFFER) as file:
            reading = _read(file, size, name)
    except (FileNotFoundError, NotADirectoryError):
        return None, (faults.MISSING.fault(name=name),)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, (faults.CLOSED.fault(name=name, reason=reason),)
    except NotMeasuredError as error:
        return None, (error.fault,)

    milliseconds = round(reading.seconds * 1000)
    if milliseconds <= 0:
        errors = tuple(f for f in reading.faults if f.code.severity is Severity.ERROR)
        return None, errors or (faults.NO_TIME.fault(name=name),)
    measured = Measured(
        bytes=size,
        type=reading.type,
        duration=timedelta(milliseconds=milliseconds),
        video=reading.video,
        height=reading.height,
        inside=reading.inside,
    )
    return measured, reading.faults + _name_against_content(name, reading.type)


def _read(file: BinaryIO, size: int, name: str) -> Reading:
    if size == 0:
        raise NotMeasuredError(faults.EMPTY.fault(name=name))
    head = file.read(sniff.HEAD)
    if size < POINTER_SIZE and is_pointer(head):
        raise NotMeasuredError(faults.POINTER.fault(name=name))
    try:
        container = _container(file, head, name)
        reading = _reader(container)(file, size, name)
        if not 0 <= reading.seconds < _IMPLAUSIBLE:  # not-a-number included
            raise NotMeasuredError(faults.UNREADABLE.fault(name=name))
    except NotMeasuredError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # EINVAL: a seek too far
            raise
        # The door to mutagen. It raises its own errors for most broken files, but also
        # struct.error, IndexError, OverflowError, RecursionError... for others: all of them say
        # the same about the content.
        raise NotMeasuredError(faults.UNREADABLE.fault(name=name)) from error
    return reading


def _container(file: BinaryIO, head: bytes, name: str) -> Container:
    """The container, looked for behind ID3 tags, which programs put before anything.

    MPEG audio has no signature: it is tried on whatever has no signature of another kind.
    """
    tagged = head[:3] == b"ID3"
    if tagged:
        file.seek(tags.sound_begins(file))
        head = file.read(sniff.HEAD)
    found = sniff.container(head)
    if found is not None:
        return found
    if format_ := sniff.other_media(head):
        raise NotMeasuredError(faults.OTHER_FORMAT.fault(name=name, found=format_))
    if not tagged and (format_ := sniff.no_media(head)):
        raise NotMeasuredError(faults.NO_RECORDING.fault(name=name, found=format_))
    return Container.MPEG


@cache
def _reader(container: Container) -> Reader:
    """The module for a container, imported when the first such file comes: mutagen is slow."""
    return cast(Reader, import_module(f".{_MODULES[container]}", __package__).read)


def _name_against_content(name: str, type_: str) -> tuple[Fault, ...]:
    extension = ending(name)
    fitting = EXTENSIONS[type_]
    if extension.lower() in fitting:
        return ()
    return (
        faults.MISLABELLED.fault(
            name=name, extension=extension or "-", type=type_, right=fitting[0]
        ),
    )
