"""feedtool.lock on disk: read whole or for some episodes, and replaced at once."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

from .finding import Finding
from .lock import (
    LOCK_FILE,
    LOCK_LIMIT,
    NO_LOCK,
    Lock,
    lock_lines,
    read_lock,
)
from .pattern import pattern
from .read.text import read_text


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


def episode_names(root: Path) -> dict[str, str]:
    """ "series/slug" by guid, of every episode that the lock knows."""
    text = kept_lock(root) or ""
    return {found[1]: f"{found[2]}/{found[3]}" for found in _GUID.finditer(text)}


_GUID = pattern(r'"guid":"([^"]*)","series":"([^"]*)","slug":"([^"]*)"')


def kept_lock(root: Path) -> str | None:
    """The text of a lock that is ours and that nobody changed since the last build."""
    path = root / LOCK_FILE
    return read_text(path, LOCK_FILE, LOCK_LIMIT)[0] if path.exists() else ""


def part_of_lock(text: str, now: datetime, names: Collection[tuple[str, str]] = ()) -> Lock | None:
    """The lock as far as it is about some episodes, by series and slug, and about all series.

    To read 1,000 lines takes 20 ms; to find the one of an episode among 10,000, 1 ms.
    """
    lines = list(_shared_lines(text))
    for at in _places(text, names):
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        lines.append(text[start:end])
    lock, faults = read_lock("\n".join(lines), now=now, file=LOCK_FILE)
    return None if faults else lock


@lru_cache(maxsize=1)
def _shared_lines(text: str) -> tuple[str, ...]:
    """The lines that are not about an episode. A build asks twice."""
    return tuple(line for line in text.split("\n") if '"slug":"' not in line)


def _places(text: str, names: Collection[tuple[str, str]]) -> Iterator[int]:
    """Where the lines of some episodes are, as we write them."""
    if len(names) > _FEW:
        yield from (found.start() for found in _NAME.finditer(text) if found.groups() in names)
        return
    for series, slug in names:
        name, at = f'"series":"{series}","slug":"{slug}"', -1
        while (at := text.find(name, at + 1)) >= 0:
            yield at


_FEW = 10
"""Names. To look for one takes 1 ms, for any number of them at the same time 13."""

_NAME = pattern(r'"series":"([^"]*)","slug":"([^"]*)"')
"""Of an episode in a line; inside of a text the quotes would be escaped."""


def write_lock_file(path: Path, lock: Lock) -> None:
    """Replace the lock at once and for good: it must survive a cut of power too."""
    staged = path.with_name(f".{path.name}.tmp")
    staged.unlink(missing_ok=True)  # of a build that was killed
    if says(path, lock):
        return
    try:
        with staged.open("wb") as stream:
            stream.writelines(map(str.encode, lock_lines(lock)))
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def says(path: Path, lock: Lock) -> bool:
    """Does the file say this already, byte for byte?"""
    try:
        with path.open("rb") as stream:
            lines = map(str.encode, lock_lines(lock))
            return all(line == there for line, there in zip_longest(lines, stream))
    except OSError:
        return False
