"""Has anything changed since the last build? Answered by looking at files, not into them.

Looked at in groups: a series' episodes, a folder of recordings, a series' output. What changed in
one group does not concern the others. Imports nothing that a build needs.
"""

from __future__ import annotations

import hashlib
import os
import stat
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .cache import NO_STAMP, Cache, Stamp, stamp_of

Stamps = dict[str, Stamp]
"""Files by their path relative to the root."""


class Files(NamedTuple):
    """Some files with their stamps, in a fifth of the room: 20,000 take 1.5 MiB, not 7."""

    names: str  #: sorted, with a NUL between two
    numbers: Sequence[int]  #: four for each file

    @classmethod
    def of(cls, stamps: Mapping[str, Stamp]) -> Files:
        names = sorted(stamps)
        return cls.each(names, (number for name in names for number in stamps[name]))

    @classmethod
    def each(cls, names: Sequence[str], numbers: Iterable[int]) -> Files:
        """Files by their names, sorted, and four numbers for each."""
        kept = list(numbers)
        try:
            return cls("\0".join(names), array("q", kept))
        except OverflowError:  # some file systems have inodes of 64 bits
            return cls("\0".join(names), kept)

    def stamps(self) -> Stamps:
        numbers = iter(self.numbers)
        each = zip(numbers, numbers, numbers, numbers, strict=True)
        return dict(zip(self.names.split("\0"), each, strict=True)) if self.names else {}

    def newest(self) -> Stamp:
        """The newest times of any of them."""
        changed, touched = self.numbers[1::4], self.numbers[2::4]
        return (0, max(changed, default=0), max(touched, default=0), 0)

    def digest(self) -> str:
        """One text for all of them; another text means that something changed."""
        sum = hashlib.blake2b(self.names.encode("utf-8", "surrogateescape"), digest_size=16)
        numbers = self.numbers
        sum.update(numbers.tobytes() if isinstance(numbers, array) else repr(numbers).encode())
        return sum.hexdigest()


Groups = dict[str, Files]
"""By "episodes/<series>" and "media/<folder>"; "" has feedtool.yaml, the lock and loose files."""


def source_stamps(root: Path) -> Groups:
    """Every source file with its stamp."""
    loose: Stamps = {}
    groups: dict[str, Stamps] = {"": loose}
    for name in ("feedtool.yaml", "feedtool.lock"):
        try:
            loose[name] = stamp_of(os.stat(root / name))
        except OSError:
            continue
    for top in ("episodes", "media"):
        _collect(root, str(root / top), top, loose, (), groups)
    return {name: Files.of(stamps) for name, stamps in groups.items()}


NESTED = 3
"""Links to folders, one behind the other, that are followed: a few folders that all hold links to
each other have millions of names for each file."""


def _collect(
    root: Path,
    folder: str,
    name: str,
    stamps: Stamps,
    links: tuple[str, ...],
    groups: dict[str, Stamps] | None,
) -> None:
    """The files of a folder, under every name that links to folders of the catalog give them.

    `links` are the folders that links led to on the way here: none is entered from inside itself.
    With `groups`, each folder inside begins a group.
    """
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in entries:
            inside = f"{name}/{entry.name}"
            try:
                if entry.is_dir(follow_symlinks=False):
                    group = stamps if groups is None else groups.setdefault(inside, {})
                    _collect(root, entry.path, inside, group, links, None)
                    continue
                status = entry.stat()
                stamps[inside] = (
                    status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
                )  # fmt: skip
                if not entry.is_symlink():
                    continue
                stamps[inside] = _through_link(status, entry.stat(follow_symlinks=False))
                if len(links) < NESTED and entry.is_dir():
                    target = os.path.realpath(entry.path)
                    if target not in links and Path(target).is_relative_to(root.resolve()):
                        group = stamps if groups is None else groups.setdefault(inside, {})
                        _collect(root, target, inside, group, (*links, target), None)
            except OSError:  # a dangling link
                stamps[inside] = NO_STAMP


def source_stamp(path: str) -> Stamp:
    """The stamp of one source file, as `source_stamps` has it."""
    own = os.lstat(path)
    return _through_link(os.stat(path), own) if stat.S_ISLNK(own.st_mode) else stamp_of(own)


def _through_link(status: os.stat_result, link: os.stat_result) -> Stamp:
    """The stamp of a file behind a link, with the newer ctime of the two: a link that leads to
    another place may lead to another name of the same file, and that may be out of the catalog."""
    size, changed, touched, inode = stamp_of(status)
    return (size, changed, max(touched, link.st_ctime_ns), inode)


Contents = dict[str, str]
"""A text for what each of some files says; another text means that it says something else."""

MOST, LARGEST = 200, 64 << 20
"""Young files, and bytes of all of them, that are read only to know them again."""


def digests(sources: Groups) -> list[tuple[str, str]]:
    """A text for each group; another text means that something in it changed.

    A folder below episodes/ without files is a series that lacks its own; below media/ it is
    nothing.
    """
    return [
        (group, files.digest())
        for group, files in sorted(sources.items())
        if files.names or group.startswith("episodes/")
    ]


def youth(cache: Cache) -> Callable[[Stamp, bool], bool]:
    """Tells files that could still change unseen. Linking a recording changes its ctime only."""

    def is_young(stamp: Stamp, recording: bool) -> bool:
        return cache.is_young(stamp[1], 0 if recording else stamp[2])

    return is_young


def young_contents(
    root: Path, groups: Groups, is_young: Callable[[Stamp, bool], bool], *, but: str = ""
) -> Contents | None:
    """What those files say that could change again within the clock's grain, unseen by their stamp.

    To be asked before anything reads them. `is_young` is told which are recordings. None = too
    much to read in passing. A build leaves out the lock, which it writes itself.
    """
    young = {
        name: stamp
        for group, files in groups.items()
        if not group or is_young(files.newest(), group.startswith("media/"))
        for name, stamp in files.stamps().items()
        if is_young(stamp, name.startswith("media/")) and name != but
    }
    if len(young) > MOST or sum(size for size, *_ in young.values()) > LARGEST:
        return None
    return {name: _content(f"{root}/{name}") for name in sorted(young)}


def _content(path: str) -> str:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would never end
            return ""
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    except OSError:
        return ""


def changed_since(run: Mapping[str, Any], root: Path, sources: Groups) -> set[str]:
    """The groups of sources that are not as they were when a run was kept."""
    before, now = dict(run["sources"]), dict(digests(sources))
    changed = {group for group in before.keys() | now if before.get(group) != now.get(group)}
    young: Contents = run["young"]
    return changed | {group_of(name) for name in young if _content(f"{root}/{name}") != young[name]}


def group_of(path: str) -> str:
    """The group of a source file."""
    end = path.find("/", path.find("/") + 1)
    return path[:end] if end > 0 else ""


def output_digest(folder: Path, files: Iterable[str], folders: Iterable[str]) -> str:
    """One text for files and folders of the output, named by their paths in it.

    Of a folder, only what is added to it or removed makes another text, not what a file says.
    """
    inside = frozenset(folders)

    def numbers(name: str) -> Stamp:
        size, changed, touched, inode = _stamp(f"{folder}/{name}")
        return (0, changed, 0, inode) if name in inside else (size, changed, touched, inode)

    names = sorted({*files, *inside})
    return Files.each(names, (number for name in names for number in numbers(name))).digest()


def stamps_of(folder: Path, files: Iterable[str]) -> Stamps:
    """Some files of a folder, there or not."""
    return {file: _stamp(f"{folder}/{file}") for file in files}


def _stamp(path: str) -> Stamp:
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return NO_STAMP


def zone_file(zone: str) -> str:
    """Where this machine has the rules of a time zone; "" for nowhere."""
    from importlib.util import find_spec
    from zoneinfo import TZPATH

    for folder in TZPATH:
        if os.path.isfile(f"{folder}/{zone}"):
            return f"{folder}/{zone}"
    package = find_spec("tzdata")
    return (
        str(Path(package.origin).parent / "zoneinfo" / zone) if package and package.origin else ""
    )


def clock_of(zone_file: str) -> list[str | int]:
    """The file with the rules of a time zone and its stamp: with others, dates have other offsets.

    JSON can hold it. That rules are looked for elsewhere now is not seen: to ask where takes 10 ms.
    """
    return [zone_file, *_stamp(zone_file)]


def digest(stamps: Mapping[str, Stamp]) -> str:
    """One text for all of them; another text means that something changed."""
    return Files.of(stamps).digest()
