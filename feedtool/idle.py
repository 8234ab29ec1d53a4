"""Has anything changed since the last build? Answered by looking at files, not into them.

The sources are all files below episodes/ and media/, feedtool.yaml and the lock; of the output,
the feeds and every folder. Imports nothing that a build needs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from .cache import Stamp, stamp_of

Stamps = dict[str, Stamp]


def source_stamps(root: Path) -> Stamps:
    """Every source file with its stamp, by its path relative to the root."""
    stamps: Stamps = {}
    for name in ("feedtool.yaml", "feedtool.lock"):
        try:
            stamps[name] = stamp_of(os.stat(root / name))
        except OSError:
            continue
    linked: set[str] = set()
    for folder in ("episodes", "media"):
        _collect(root, str(root / folder), folder, stamps, linked)
    return stamps


def _collect(root: Path, folder: str, name: str, stamps: Stamps, linked: set[str]) -> None:
    """The files of a folder. A link to a folder of the catalog is followed, but only once."""
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in entries:
            inside = f"{name}/{entry.name}"
            try:
                if entry.is_dir(follow_symlinks=False):
                    _collect(root, entry.path, inside, stamps, linked)
                    continue
                stamps[inside] = stamp_of(entry.stat())
                if entry.is_symlink() and entry.is_dir():
                    target = os.path.realpath(entry.path)
                    if target not in linked and Path(target).is_relative_to(root.resolve()):
                        linked.add(target)
                        _collect(root, target, inside, stamps, linked)
            except OSError:  # a dangling link
                stamps[inside] = (0, 0, 0, 0)


def output_stamps(folder: Path, feeds: Iterable[str]) -> Stamps:
    """The feeds and folders of the output. A file changed inside a folder is not looked for."""
    stamps: Stamps = {}
    for feed in feeds:
        try:
            stamps[feed] = stamp_of(os.stat(folder / feed))
        except OSError:
            stamps[feed] = (0, 0, 0, 0)
    pending = [str(folder)]
    while pending:
        path = pending.pop()
        try:
            status = os.stat(path)
            stamps[path] = (0, status.st_mtime_ns, 0, status.st_ino)
            with os.scandir(path) as entries:
                pending += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            stamps[path] = (0, 0, 0, 0)
    return stamps


def digest(*stamps: Stamps) -> str:
    """One text for all of them; another text means that something changed."""
    sum = hashlib.blake2b(digest_size=20)
    for group in stamps:
        sum.update(repr(sorted(group.items())).encode("utf-8", "surrogateescape"))
    return sum.hexdigest()
