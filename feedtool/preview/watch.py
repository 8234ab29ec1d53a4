"""Tell when somebody changed a file of a catalog. The only module that knows watchfiles."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

_PAUSE = 1_000
"""Milliseconds after which feedtool.yaml is looked at: editors replace a file, so that watching it
alone would lose it, and watching all of its folder would see the output change."""


def changes(root: Path, stop: threading.Event) -> Iterator[None]:
    """One item for each time that something changed below episodes/ or media/, or the catalog.

    Several changes at once are one. Ends when `stop` is set.
    """
    folders = [root / name for name in ("episodes", "media")]
    catalog, seen = root / "feedtool.yaml", _stamp(root / "feedtool.yaml")
    for changed in watch(
        *(folder for folder in folders if folder.is_dir()),
        stop_event=stop,
        rust_timeout=_PAUSE,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        now = _stamp(catalog)
        if changed or now != seen:
            seen = now
            yield


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
