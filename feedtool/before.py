"""What an output was before a build that waits for a person's word; without it, it is so again.

People copy public/: what nobody has agreed to yet, and the lock does not say, must not stay in it.
What the build will change is kept beside it first, as links, with a journal that says what the
lock will be. Killed at any point, the next build sees by the lock which of both holds.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

BEFORE = ".before"
"""In the output folder."""

_JOURNAL = "journal"


def word_of(lines: Iterable[str]) -> str:
    """One text for what a lock says."""
    sum = sha256()
    for line in lines:
        sum.update(line.encode())
    return sum.hexdigest()


def keep(folder: Path, changed: Sequence[str], removed: Sequence[str], word: str) -> None:
    """Keep what a build is about to change and remove; `word` is of the lock that it waits for."""
    before = folder / BEFORE
    shutil.rmtree(before, ignore_errors=True)
    kept = [path for path in (*changed, *removed) if _kept(folder, path)]
    new = sorted(set(changed) - set(kept))
    before.mkdir(exist_ok=True)
    staged = before / f"{_JOURNAL}.tmp"
    staged.write_text(json.dumps({"lock": word, "kept": kept, "new": new}), "utf-8")
    staged.replace(before / _JOURNAL)


def waits(folder: Path, word: str) -> bool:
    """Does the build still wait that this lock was to be written for?"""
    journal = _journal(folder)
    return journal is not None and journal[0] == word


def settle(folder: Path, lock: Path) -> None:
    """The lock says it: what a build made stays. It does not: what was there comes back."""
    journal = _journal(folder)
    if journal is None:
        return
    word, kept, new = journal
    try:
        said = sha256(lock.read_bytes()).hexdigest()
    except OSError:
        said = ""
    if said != word:
        _put_back(folder, kept, new)
    (folder / BEFORE / _JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(folder / BEFORE, ignore_errors=True)


def _kept(folder: Path, path: str) -> bool:
    """Keep a file, if there is one: a link costs nothing, and leaves no moment without it."""
    file, copy = folder / path, folder / BEFORE / "files" / path
    if not file.is_file() and not file.is_symlink():
        return False
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, copy, follow_symlinks=False)
    except OSError:  # a file system without hard links
        shutil.copy2(file, copy, follow_symlinks=False)
    return True


def _journal(folder: Path) -> tuple[str, list[str], list[str]] | None:
    """None, too, for one that the disk lost, or that names files which are not in the output."""
    try:
        plain = json.loads((folder / BEFORE / _JOURNAL).read_text("utf-8"))
        word, kept, new = plain["lock"], plain["kept"], plain["new"]
        if all(_is_inside(path) for path in (*kept, *new)):
            return word, kept, new
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass  # none, or the build was killed before it changed anything
    return None


def _is_inside(path: str) -> bool:
    return not Path(path).is_absolute() and ".." not in Path(path).parts


def _put_back(folder: Path, kept: Sequence[str], new: Sequence[str]) -> None:
    """Side files come back before the feeds that name them; new feeds go before new side files.

    What cannot be put back is made right by the next build.
    """
    for path in sorted(kept, key=_depth, reverse=True):
        with suppress(OSError):  # put back already, by one that was killed
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / BEFORE / "files" / path).replace(folder / path)
    for path in sorted(new, key=_depth):
        with suppress(OSError):
            (folder / path).unlink()
    folders = {path.rpartition("/")[0] for path in new}
    folders |= {inside.rpartition("/")[0] for inside in folders}
    for inside in sorted(folders - {""}, key=_depth, reverse=True):
        with suppress(OSError):  # there is something else in it
            (folder / inside).rmdir()
    for series in {path.partition("/")[0] for path in (*kept, *new) if "/" in path}:
        _renew(folder, f"{series}/feed.xml")


def _depth(path: str) -> int:
    return path.count("/")


def _renew(folder: Path, feed: str) -> None:
    """Another inode: a build takes the files of a series for its own while its feeds are the ones
    that it left."""
    staged = folder / BEFORE / "feed"
    with suppress(OSError):
        shutil.copy2(folder / feed, staged)
        staged.replace(folder / feed)
