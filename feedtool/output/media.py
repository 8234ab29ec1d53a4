"""Media files of an output: hard links to their origins where that is possible, else copies."""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
from collections.abc import Set
from typing import NamedTuple


class Origin(NamedTuple):
    """Where media files are taken from."""

    root: str  #: they have the same paths there as in the output
    link: bool  #: may be hard links


Copies = dict[str, tuple[int, int]]
"""The inodes of a media file's origin and of the copy of it in the output, by its path there."""


class Media:
    """Those of one build. `copies` are those of the last one; none is touched in a `dry_run`."""

    def __init__(self, prefix: str, copies: Copies, *, dry_run: bool) -> None:
        self._prefix = prefix  #: before the paths of an output
        self._dry_run = dry_run
        self.copies: Copies = dict(copies)  #: as they are when all is moved in
        self.linked: list[str] = []  #: what was linked or copied in

    def is_same(self, path: str, origin: Origin) -> bool:
        """Is the published file still the source's content?

        A copy has size and time of its source, and so may another file that was put in its place,
        or whose tags were edited by a program that keeps times. What was copied is known by its
        inode, and the ctime tells whether it changed since; links to it change that, too. Without
        one of the two the copy is read once, and gets a newer ctime when it is the same.
        """
        source = f"{origin.root}/{path}"
        try:
            there, here = os.stat(self._prefix + path), os.stat(source)
        except OSError:
            return False
        if (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino):
            self.copies.pop(path, None)
            return origin.link
        if (there.st_size, there.st_mtime_ns) != (here.st_size, here.st_mtime_ns):
            return False
        rested = here.st_ctime_ns + _GRAIN < there.st_ctime_ns
        if rested and self.copies.get(path) == (here.st_ino, there.st_ino):
            return True
        filecmp.clear_cache()  # it goes by size and time
        if not filecmp.cmp(self._prefix + path, source, shallow=False):
            return False
        if not self._dry_run:
            with contextlib.suppress(OSError):  # the file of somebody else
                os.utime(self._prefix + path, ns=(there.st_atime_ns, there.st_mtime_ns))
        self.copies[path] = (here.st_ino, there.st_ino)
        return True

    def forget_all_but(self, wanted: Set[str]) -> None:
        """Forget the copies that an output does not have any more."""
        self.copies = {path: one for path, one in self.copies.items() if path in wanted}

    def move_in(self, path: str, origin: Origin, staged: str) -> bool:
        """Link a file in; False = something is in its place, or it had to be copied: what is to
        come there waits at `staged`."""
        source = f"{origin.root}/{path}"
        self.linked.append(path)
        self.copies.pop(path, None)
        if origin.link and _linked(source, self._prefix + path):
            return True
        if not (origin.link and _linked(source, staged)):
            self.copies[path] = _copy(source, staged)
        return False


_GRAIN = 2_000_000_000
"""Nanoseconds within which two changes may have the same time, as in cache.py."""


def _linked(source: str, target: str) -> bool:
    """Link a file to where nothing is; False when something is there, or it cannot be linked."""
    try:
        os.link(os.path.realpath(source) if os.path.islink(source) else source, target)
    except OSError:  # another file system, or one without hard links
        return False
    return True


def _copy(source: str, target: str) -> tuple[int, int]:
    """Copy a file to where nothing is; the inodes of both.

    The copy has the time of what it was made from, but the mode of a new file, as feeds have it:
    what only its owner may read is no less to be published.
    """
    before = os.stat(source)  # another time after the copy tells that it was changed meanwhile
    shutil.copyfile(source, target)
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    return before.st_ino, os.stat(target).st_ino
