"""feedtool.lock on disk: read whole or for some series, and replaced at once."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

from .finding import Finding
from .load import (
    LOCK_FILE,
)
from .lock import (
    NO_LOCK,
    Lock,
    read_lock,
)
from .read.text import read_text

LOCK_LIMIT = 256 * 1024 * 1024
"""Bytes of feedtool.lock that are read: some 800,000 episodes."""


def read_lock_file(root: Path, now: datetime, found: list[Finding]) -> Lock | None:
    path = root / LOCK_FILE
    if not path.exists():
        return NO_LOCK
    text, faults = read_text(path, LOCK_FILE, LOCK_LIMIT)
    found += faults
    if text is None:
        return None
    lock, faults = read_lock(text, now=now, file=LOCK_FILE)
    found += faults
    return lock


def read_lock_of(root: Path, now: datetime, slugs: frozenset[str]) -> Lock | None:
    """The lock as far as it is about some series. It is ours and nobody changed it since."""
    path = root / LOCK_FILE
    if not path.exists():
        return NO_LOCK
    text, _ = read_text(path, LOCK_FILE, LOCK_LIMIT)
    if text is None:
        return None
    marks = [f'"series":"{slug}"' for slug in sorted(slugs)]
    lines = [
        line
        for number, line in enumerate(text.split("\n"))
        if not number or any(mark in line for mark in marks)
    ]
    lock, faults = read_lock("\n".join(lines), now=now, file=LOCK_FILE)
    return None if faults else lock


def write_lock_file(path: Path, text: str) -> None:
    """Replace the lock at once and for good: it must survive a cut of power too."""
    data = text.encode()
    staged = path.with_name(f".{path.name}.tmp")
    staged.unlink(missing_ok=True)  # of a build that was killed
    with contextlib.suppress(OSError):
        if path.read_bytes() == data:
            return
    try:
        with staged.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
