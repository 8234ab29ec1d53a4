"""Tell when somebody changed a file of a catalog. The only module that knows watchfiles."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR

from watchfiles import Change, watch

_PAUSE = 1_000
"""Milliseconds after which the files below are looked at: editors replace a file, so that watching
it alone would lose it, and watching all of its folder would see the output change."""

_FILES = ("feedtool.yaml", "feedtool.lock")
"""The lock changes when a promise is given up with --allow, and an error is gone then."""


def changes(root: Path, stop: threading.Event) -> Iterator[None]:
    """One item for each time that something changed below episodes/ or media/, or in one of the
    files beside them.

    Several changes at once are one. The first item comes when the watch has begun, for what changed
    before. Ends when `stop` is set.
    """
    seen, missed = _stamps(root), True
    while not stop.is_set():
        folders = _folders(root)
        for changed in watch(
            *folders,
            stop_event=stop,
            rust_timeout=_PAUSE,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            gone = any(kind is Change.deleted and Path(path) in folders for kind, path in changed)
            if gone or _folders(root) != folders:
                missed = True
                break  # a watch ends with its folder, even if another has the name now
            now = _stamps(root)
            if changed or missed or now != seen:
                seen, missed = now, False
                yield


def _folders(root: Path) -> dict[Path, int]:
    """The folders that there are, with what tells one from another of the same name."""
    found = {}
    for folder in (root / "episodes", root / "media"):
        with suppress(OSError):
            status = folder.stat()
            if S_ISDIR(status.st_mode):
                found[folder] = status.st_ino
    return found


def _stamps(root: Path) -> list[tuple[int, int]]:
    return [_stamp(root / name) for name in _FILES]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
