"""The output folder: everything is made in a folder of its own first, then moved in, feeds last.

The only place that writes to public/. Killed at any point, every file there is whole and every
feed names only what is there: side files and media come before the feeds that name them; what is
no longer named goes after, feeds before what they name.

What changes under its old name (chapters, or a recording whose new bytes somebody allowed) is new
a moment before the feed that describes it. That is the better order: who reads the new feed never
gets the old file.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .before import BEFORE, keep
from .declare import dataclass
from .errors import OutputError
from .finding import N_

MARKER = ".feedtool-output"
"""Says that a folder is ours; without it a folder with files in it is left alone."""

STAGING = ".tmp"
_TREE = "tree"
_KEPT = frozenset({MARKER, STAGING, BEFORE, ".git", ".well-known", "CNAME"})
_MARKER_TEXT = "This folder is written by feedtool: what it does not make is removed from it.\n"


@dataclass(frozen=True, slots=True)
class Written:
    """What a build changed; paths are relative to the output folder, with "/"."""

    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]


class Staged(NamedTuple):
    """A file on its way into the output."""

    path: str  #: in the output
    file: str  #: where it waits; "" = it is in its place with the same content


class Origin(NamedTuple):
    """Where media files are taken from."""

    root: str  #: they have the same paths there as in the output
    link: bool  #: may be hard links


Copies = dict[str, tuple[int, int]]
"""The inodes of a media file's origin and of the copy of it in the output, by its path there."""


class Output:
    """One build's way into the output folder.

    Files are offered in any order; `publish` moves in what differs from what is there. With
    `dry_run` nothing is written anywhere, and `publish` tells what would be. Without `claim` the
    folder may be anybody's: nothing will be published. `copies` are those of the last build.
    """

    def __init__(
        self,
        folder: Path,
        *,
        dry_run: bool = False,
        claim: bool = True,
        copies: Copies | None = None,
    ) -> None:
        self.folder = folder
        self._dry_run = dry_run
        self._staging = folder / STAGING
        # ten thousand paths: texts cost a tenth of Path objects
        self._prefix = f"{folder}/"
        self._staged: dict[str, str] = {}
        self._in_folders: set[str] = set()  #: files in the tree, which go in with theirs
        self._made: set[str] = set()  #: folders that are there now
        self._missing: dict[str, bool] = {}
        self._grown: set[str] = set()  #: folders of the tree that are there now
        self._links: dict[str, Origin] = {}
        self._changed: list[str] = []
        self._feeds: set[str] = set()
        self._wanted: set[str] = set()
        self._count = 0
        self.linked: list[str] = []  #: media that were linked or copied in
        self.copies: Copies = dict(copies or {})  #: as they are when all is moved in
        if claim:
            _claim(folder, dry_run)
        if dry_run:
            import tempfile  # with all that it imports, 5 ms

            self._staging = Path(tempfile.mkdtemp(prefix="feedtool-"))
        else:
            self.discard()
            self._staging.mkdir()
        self._staging_prefix = f"{self._staging}/"
        self._tree = f"{self._staging}/{_TREE}/"

    @property
    def room(self) -> Path:
        """A folder for what is only needed until the build ends."""
        return self._staging

    def offer(self, path: str, data: bytes, *, feed: bool = False) -> None:
        """A file with this content; feeds are moved in after everything else."""
        self.accept(self.stage(path, data), feed=feed)

    def stage(self, path: str, data: bytes) -> Staged:
        """A file with this content, written unless it is there already; not yet offered.

        Another process may do this; what comes of it is then accepted by this one.
        """
        if self._is_there(path, data):
            return Staged(path, "")
        staged = Staged(path, self._in_tree(path)) if path.count("/") > 1 else self.reserve(path)
        _write(staged.file, data)
        return staged

    def _is_there(self, path: str, data: bytes) -> bool:
        series, _, inside = path.partition("/")
        if inside and self._is_empty(series):
            return False
        try:
            if os.stat(self._prefix + path).st_size != len(data):
                return False
            with open(self._prefix + path, "rb") as file:
                return file.read() == data
        except OSError:
            return False

    def _in_tree(self, path: str) -> str:
        """Where a file of an episode waits: beside the others, so that they can go in together."""
        folder = path.rpartition("/")[0]
        if folder not in self._grown:
            try:
                os.mkdir(self._tree + folder)
            except OSError:  # the first of its series, or there already
                os.makedirs(self._tree + folder, exist_ok=True)
            self._grown.add(folder)
        return self._tree + path

    def reserve(self, path: str) -> Staged:
        """A file that the caller will write, and settle then."""
        self._count += 1
        return Staged(path, f"{self._staging_prefix}{os.getpid()}-{self._count}")

    def settle(self, staged: Staged) -> Staged:
        """A file that was written, or that it is there already."""
        try:
            if filecmp.cmp(self._prefix + staged.path, staged.file, shallow=False):
                os.unlink(staged.file)
                return Staged(staged.path, "")
        except OSError:
            pass  # not there yet
        return staged

    def accept(self, staged: Staged, *, feed: bool = False) -> None:
        """Offer what was staged."""
        self._wanted.add(staged.path)
        if feed:
            self._feeds.add(staged.path)
        if staged.file:
            self._changed.append(staged.path)
            if staged.file == self._tree + staged.path:
                self._in_folders.add(staged.path)
            else:
                self._staged[staged.path] = staged.file

    def retain(self, paths: Iterable[str]) -> None:
        """Files that are there already and stay as they are."""
        self._wanted.update(paths)

    def offer_copy(self, path: str, origin: Origin) -> None:
        """A media file, as a hard link to its origin where that is possible."""
        self._wanted.add(path)
        source = f"{origin.root}/{path}"
        if not self._is_empty(path.rpartition("/")[0]) and self._is_same(path, source, origin.link):
            return
        self._changed.append(path)
        self._links[path] = origin

    def _is_same(self, path: str, source: str, link: bool) -> bool:
        """Is the published file still the source's content?

        A copy has size and time of its source, and so may another file that was put in its place,
        or whose tags were edited by a program that keeps times. What was copied is known by its
        inode, and the ctime tells whether it changed since; links to it change that, too. Without
        one of the two the copy is read once, and gets a newer ctime when it is the same.
        """
        try:
            there, here = os.stat(self._prefix + path), os.stat(source)
        except OSError:
            return False
        if (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino):
            self.copies.pop(path, None)
            return link
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

    def _is_empty(self, folder: str) -> bool:
        """Is a folder of the output not there yet? Asked once, for all of its files."""
        if folder not in self._missing:
            self._missing[folder] = not (self.folder / folder).is_dir()
        return self._missing[folder]

    def keep(self, path: str, size: int) -> bool:
        """Leave a media file whose source is not here, if it is there with that size."""
        try:
            if (self.folder / path).stat().st_size != size:
                return False
        except OSError:
            return False
        self._wanted.add(path)
        return True

    @property
    def folders(self) -> set[str]:
        """Every folder that holds what is wanted; "" is the output itself."""
        return {"", *_folders_of(self._wanted)}

    def publish(self, *, within: Sequence[str] = ("",), waits: str = "") -> Written:
        """Move everything in: side files and media, feeds; then remove what nothing names.

        Only what is `within` some folders is removed. What `waits` for a lock with this word is
        kept as it was: see before.py.
        """
        unchanged = len(self._wanted) - len(self._changed)
        first = [path for path in self._changed if path not in self._feeds]
        last = [path for path in self._changed if path in self._feeds]
        strays = self._strays(within)
        removed = sorted(path for path, is_folder in strays if not is_folder)
        if not self._dry_run:
            if waits:
                keep(self.folder, (*first, *last), removed, waits)
            together = self._move_in_folders()
            for path in [*first, *last]:
                if path not in together:
                    self._move_in(path)
            for path, is_folder in strays:
                _remove(self.folder / path, is_folder)
        if within == ("",):
            self.copies = {path: one for path, one in self.copies.items() if path in self._wanted}
        self.discard()
        return Written((*first, *last), unchanged, tuple(removed))

    def discard(self) -> None:
        """Forget what was staged; the output stays as it was."""
        shutil.rmtree(self._staging, ignore_errors=True)

    def _move_in_folders(self) -> set[str]:
        """Move in whole folders of series and episodes that are not in the output yet.

        A rename for all files of a series instead of one for each, and a folder for each episode.
        The files that went in.
        """
        moved: set[str] = set()
        pending = [""]
        while pending:
            inside = pending.pop()
            for name in _folders_in(self._tree + inside):
                folder = f"{inside}{name}"
                files = list(_files_in(self._tree, folder))
                if os.path.lexists(self._prefix + folder) or not self._in_folders.issuperset(files):
                    pending += [] if inside else [f"{folder}/"]
                    continue
                self._make_folder(inside.rstrip("/"))
                os.rename(self._tree + folder, self._prefix + folder)
                moved.update(files)
        return moved

    def _move_in(self, path: str) -> None:
        self._make_folder(path.rpartition("/")[0])
        if path in self._links:
            root, link = self._links[path]
            source = f"{root}/{path}"
            self.linked.append(path)
            self.copies.pop(path, None)
            if link and _linked(source, self._prefix + path):
                return
            staged = self._staging_prefix + "media"
            if not (link and _linked(source, staged)):
                self.copies[path] = _copy(source, staged)
        else:
            staged = self._staged.get(path) or self._tree + path
        try:
            os.replace(staged, self._prefix + path)
        except OSError:
            if not (self.folder / path).is_dir():
                raise
            shutil.rmtree(self.folder / path)  # a stray folder that has the name of a file of ours
            os.replace(staged, self._prefix + path)

    def _make_folder(self, folder: str) -> None:
        """Make a folder of the output; a stray file that has its name goes."""
        if not folder or folder in self._made:
            return
        self._make_folder(folder.rpartition("/")[0])
        path = self.folder / folder
        if not path.is_dir():
            path.unlink(missing_ok=True)
            path.mkdir()
        self._made.add(folder)

    def _strays(self, within: Sequence[str]) -> list[tuple[str, bool]]:
        """What this build does not make, in the order to remove it, and whether it is a folder.

        Files near the top come first: there are the feeds, which name what lies below. Folders
        come in the opposite order. A link to a folder where one of ours is wanted may stay: some
        keep large files on another disk.
        """
        if not within:
            return []
        wanted_folders = _folders_of(self._wanted)
        files, folders = [], []
        for path, is_folder in _walk(self.folder, within):
            if path in wanted_folders and (is_folder or (self.folder / path).is_dir()):
                continue
            if is_folder:
                folders.append((-path.count("/"), path))
            elif path not in self._wanted:
                files.append((path.count("/"), path))
        return [
            *((path, False) for _, path in sorted(files)),
            *((path, True) for _, path in sorted(folders)),
        ]


def _write(path: str, data: bytes) -> None:
    """A new file; a file object takes twice the time, and an episode may have five of them."""
    descriptor = os.open(path, _NEW, 0o666)
    try:
        written = os.write(descriptor, data)
        while written < len(data):  # a disk that is nearly full
            written += os.write(descriptor, data[written:])
    finally:
        os.close(descriptor)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def _folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder that is above one of these files, but the output itself."""
    folders: set[str] = set()
    above = {path.rpartition("/")[0] for path in paths}
    while above:
        folders |= above
        above = {folder.rpartition("/")[0] for folder in above} - folders
    return folders - {""}


def _claim(folder: Path, dry_run: bool) -> None:
    """Make the folder ours, or refuse it."""
    marker = folder / MARKER
    if marker.is_file():
        if dry_run or marker.stat().st_size:
            return  # without content: a build was killed when it wrote the marker
    elif folder.exists():
        if not folder.is_dir():
            raise OutputError(
                N_("{folder} is not a folder"),
                N_("name another folder with --output"),
                folder=folder,
            )
        if any(folder.iterdir()):
            raise OutputError(
                N_("{folder} holds files that feedtool did not make"),
                N_("name a new or empty folder with --output, or empty this one"),
                folder=folder,
            )
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        marker.write_text(_MARKER_TEXT, encoding="utf-8")


def _walk(folder: Path, within: Sequence[str]) -> Iterable[tuple[str, bool]]:
    """Files and folders below the output, without what is never touched."""
    pending = [inside for inside in within if (folder / inside).is_dir()]
    while pending:
        inside = pending.pop()
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                if not inside and entry.name in _KEPT:
                    continue
                path = f"{inside}/{entry.name}" if inside else entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                yield path, is_folder
                if is_folder:
                    pending.append(path)


def _remove(stray: Path, is_folder: bool) -> None:
    """Remove what was found here, unless it stood in the way and was replaced by our own."""
    if os.path.lexists(stray) and is_folder == (stray.is_dir() and not stray.is_symlink()):
        stray.rmdir() if is_folder else stray.unlink()


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


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def _files_in(root: str, folder: str) -> Iterator[str]:
    """Every file below a folder, by its path below the root."""
    with os.scandir(root + folder) as entries:
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _files_in(root, path)
            else:
                yield path
