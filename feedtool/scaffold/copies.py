"""Files into the catalog: whole under their name, or not there at all. Never over another file."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ..errors import FeedtoolError, WriteError
from ..language import N_

Progress = Callable[[int, int], None]

_PIECE = 8 * 1024 * 1024
"""Bytes between two looks at the progress."""


def copy_in(source: Path, target: Path, progress: Progress) -> None:
    """A copy of the source; where the disk can, the two share their bytes.

    Raises WriteError when the disk is full or the source changes meanwhile, FileExistsError when
    another file has the name.
    """
    try:
        with source.open("rb") as from_:
            put_whole(target, lambda to: _copy(from_, to, progress))
    except FileExistsError:
        raise
    except OSError as error:
        raise failed(error, target) from error


def write_new(target: Path, text: str) -> None:
    """A new text file; the errors of `copy_in`."""
    try:
        put_whole(target, lambda to: to.write(text.encode()))
    except FileExistsError:
        raise
    except OSError as error:
        raise failed(error, target) from error


def put_whole(target: Path, write: Callable[[BinaryIO], object]) -> None:
    """Written under another name, then given its own; what was interrupted is written anew."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # of what has the name of the folder, not of the target
        reason = os.strerror(errno.ENOTDIR)
        raise NotADirectoryError(errno.ENOTDIR, reason, error.filename) from error
    half = target.with_name(f".{target.name}.half")
    try:
        with half.open("wb") as to:
            write(to)
            to.flush()
            os.fsync(to.fileno())
        give_name(half, target)
    finally:
        half.unlink(missing_ok=True)


def give_name(half: Path, target: Path) -> None:
    """Rename, but not over a file that somebody made meanwhile."""
    try:
        os.link(half, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        half.rename(target)


def _copy(from_: BinaryIO, to: BinaryIO, progress: Progress) -> None:
    size = os.fstat(from_.fileno()).st_size
    done = _shared(from_, to, size, progress)
    from_.seek(done)
    to.seek(done)
    while piece := from_.read(_PIECE):
        to.write(piece)
        done += len(piece)
        progress(min(done, size), size)
    if done != size:
        raise WriteError(
            N_("{path} changed while it was copied"),
            N_("wait until the program that writes it is done, then run the same command again"),
            path=from_.name,
        )


def _shared(from_: BinaryIO, to: BinaryIO, size: int, progress: Progress) -> int:
    """Let the system copy: on btrfs, XFS and their like it takes no time and no room.

    Gives how much is copied; the rest is for others.
    """
    done = 0
    if hasattr(os, "copy_file_range"):
        with suppress(OSError):  # between two disks, or a disk that cannot
            while done < size:
                count = os.copy_file_range(from_.fileno(), to.fileno(), _PIECE, done, done)
                if not count:
                    break
                done += count
                progress(done, size)
    return done


def failed(error: OSError, target: Path) -> FeedtoolError:
    """The same in words for people; `target` is what was to be written."""
    return WriteError(
        N_("{path} could not be written or read: {reason}"),
        N_("make room, or put the permissions right; then run the same command again"),
        path=error.filename2 or error.filename or target,
        reason=error.strerror or str(error),
    )
