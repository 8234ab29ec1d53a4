"""The files of an output as they are to be published, each with its SHA-256.

A file is read only once: its sum is kept with its size, time and inode. Linking it elsewhere
changes none of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path

from .before import BEFORE
from .cache import Cache
from .output import MARKER, STAGING
from .publish.target import Artifact

_KIND = "sums"
_OURS_ALONE = frozenset({MARKER, STAGING, BEFORE, ".git", ".well-known", "CNAME"})

_Seen = tuple[int, int, int]
"""Size, mtime_ns and inode."""


class Sums:
    """The SHA-256 of files, as far as they are known; what is new is read.

    `of_what` keeps those apart that are asked in different runs.
    """

    def __init__(self, cache: Cache, of_what: str = "") -> None:
        self._of_what = of_what
        text = cache.get(_KIND, of_what, "")
        self._kept: dict[str, list[int | str]] = text if isinstance(text, dict) else {}
        self._now: dict[str, list[int | str]] = {}
        self._cache = cache
        self.read = 0  #: files that had to be read

    def of(self, file: str, status: os.stat_result) -> str:
        """The sum of a file with this status."""
        seen: _Seen = (status.st_size, status.st_mtime_ns, status.st_ino)
        kept = self._now.get(file) or self._kept.get(file)
        if kept is not None and tuple(kept[:3]) == seen:
            self._now[file] = kept
            return str(kept[3])
        with open(file, "rb") as opened:
            sum = file_digest(opened, "sha256").hexdigest()
        self.read += 1
        if not self._cache.is_young(status.st_mtime_ns):
            self._now[file] = [*seen, sum]
        return sum

    def keep(self, cache: Cache) -> None:
        """Put what is known now into the cache, what is not there any more left out."""
        cache.put(_KIND, self._of_what, "", self._now)


def artifacts_of(folder: Path, sums: Sums) -> Iterator[Artifact]:
    """Everything below an output folder that is to be published, in no order."""
    yield from _below(f"{folder}", "", sums)


def artifacts_named(
    media: Path,
    sources: Mapping[str, int],
    sums: Sums,
    copies: Mapping[str, Path],
    *,
    prefix: str = "media/",
) -> Iterator[Artifact]:
    """Files below media/ by their sources, with the size that those have that are not here.

    Where there is a copy of one, that goes out. What lies in the place of one that is not here is
    a pointer of Git LFS or git-annex, which nobody could play.
    """
    for source, size in sorted(sources.items()):
        if size and source not in copies:
            yield Artifact(prefix + source, size, "", None)
            continue
        file = str(copies[source]) if source in copies else f"{media}/{source}"
        try:
            status = os.stat(file)
        except OSError:
            yield Artifact(prefix + source, size, "", None)
            continue
        yield Artifact(prefix + source, status.st_size, sums.of(file, status), file)


def _below(folder: str, inside: str, sums: Sums) -> Iterator[Artifact]:
    with os.scandir(f"{folder}/{inside}" if inside else folder) as entries:
        for entry in entries:
            path = f"{inside}/{entry.name}" if inside else entry.name
            if path in _OURS_ALONE:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(folder, path, sums)
            else:
                status = entry.stat()
                yield Artifact(path, status.st_size, sums.of(entry.path, status), entry.path)
