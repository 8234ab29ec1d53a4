"""Questions about files that need no knowledge of media."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

POINTER_SIZE = 1024
"""Pointers are smaller than this (Git LFS specification, "The Pointer")."""

_LFS = b"version https://git-lfs.github.com/spec/v1"
_ANNEX = b"annex/objects/"


def is_placeholder(path: str | os.PathLike[str], status: os.stat_result | None = None) -> bool:
    """Is the recording somewhere else? True for an absent file and for what stands for one.

    Git LFS leaves a text file in its place, git-annex a link into the void, or a text file with
    the link's target where links cannot be made. `status` spares asking the system once more.
    """
    try:
        status = status or os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    if status.st_size >= POINTER_SIZE or not stat.S_ISREG(status.st_mode):
        return False
    try:
        with open(path, "rb") as file:
            return is_pointer(file.read(POINTER_SIZE))
    except OSError:
        return False


def is_pointer(content: bytes) -> bool:
    """Is this what Git LFS or git-annex leaves in place of a file?"""
    return content.startswith(_LFS) or (
        content.startswith((b"/" + _ANNEX, b".git/", b"../")) and _ANNEX in content
    )


def ending(name: str) -> str:
    """The ending of a file name as `Path.suffix` has it, without a Path: ".mp3", or nothing."""
    at = name.rfind(".")
    return name[at:] if 0 < at < len(name) - 1 else ""


def no_file(mode: int) -> str:
    """Why something that is no ordinary file cannot be read, in the words of the system."""
    return os.strerror(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL)


def digest(path: Path) -> bytes:
    """The sha-256 of the whole file. Reads all of it: for what needs it, never by default."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
