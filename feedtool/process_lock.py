"""One build of a catalog at a time, and one preview."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .errors import BusyError
from .finding import N_

_WAIT = 60.0
"""Seconds to wait for another build of the same catalog."""


@contextmanager
def alone(state: Path, dry_run: bool) -> Iterator[None]:
    """Hold the catalog's process lock; a lock of a killed process is free by itself."""
    if dry_run:
        yield
        return
    try:
        state.mkdir(exist_ok=True)
        release = _locked_at_once(state / "build.lock") or _locked(state / "build.lock")
    except OSError:  # a read-only checkout, built into another folder
        if os.access(state.parent, os.W_OK):
            raise
        yield
        return
    try:
        yield
    finally:
        release()


@contextmanager
def only_preview(state: Path) -> Iterator[None]:
    """Hold the lock of previews: the feeds of one name the address of its server.

    Raises BusyError when another is shown.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(state / "preview.lock", timeout=0)
    try:
        state.mkdir(exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            N_("a preview of this catalog is running already"),
            N_("look at that one, or end it with Ctrl+C and try again"),
        ) from error
    except OSError:
        pass  # the build tells what is wrong with the folder
    try:
        yield
    finally:
        lock.release()


def _locked_at_once(path: Path) -> Callable[[], None] | None:
    """The lock, if it is free, as filelock takes it on Unix, whose import takes 15 ms.

    None where anything is out of the ordinary. Gives the way to release it.
    """
    try:
        import fcntl
    except ImportError:
        return None
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held = os.fstat(lock).st_nlink > 0  # else somebody has deleted it since
    except OSError:
        held = False
    if not held:
        os.close(lock)
        return None
    return partial(os.close, lock)


def _locked(path: Path) -> Callable[[], None]:
    """The lock, as soon as it is free, on any system."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=_WAIT)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            N_("another feedtool is building this catalog"),
            N_("wait until it has ended, then try again"),
        ) from error
    return lock.release
