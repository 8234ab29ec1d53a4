"""One build's way into the output folder."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..before import keep
from ..declare import dataclass
from .media import Copies, Media, Origin
from .ours import STAGING, claim, folders_of, remove, strays

_TREE = "tree"


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


class Output:
    """One build's way into the output folder.

    Files are offered in any order; `publish` moves in what differs from what is there. With
    `dry_run` nothing is written anywhere, and `publish` tells what would be. Without `claims` the
    folder may be anybody's: nothing will be published. `copies` are those of the last build.
    """

    def __init__(
        self,
        folder: Path,
        *,
        dry_run: bool = False,
        claims: bool = True,
        copies: Copies | None = None,
    ) -> None:
        self.folder = folder
        self._dry_run = dry_run
        self._staging = folder / STAGING
        # ten thousand paths: texts cost a tenth of Path objects
        self._prefix = f"{folder}/"
        self._staged: dict[str, str] = {}  #: where files wait that are not in the tree
        self._made: set[str] = set()  #: folders that are there now
        self._missing: dict[str, bool] = {}
        self._grown: set[str] = set()  #: folders of the tree that are there now
        self._links: dict[str, Origin] = {}
        self._changed: list[str] = []
        self._feeds: set[str] = set()
        self._wanted: set[str] = set()
        self._count = 0
        self._media = Media(self._prefix, copies or {}, dry_run=dry_run)
        if claims:
            claim(folder, dry_run)
        if dry_run:
            import tempfile  # with all that it imports, 5 ms

            self._staging = Path(tempfile.mkdtemp(prefix="feedtool-"))
        else:
            self.discard()
            self._staging.mkdir()
        self._staging_prefix = f"{self._staging}/"
        self._tree = f"{self._staging}/{_TREE}/"

    @property
    def linked(self) -> Sequence[str]:
        """Media that were linked or copied in."""
        return self._media.linked

    @property
    def copies(self) -> Copies:
        """Those of media, as they are when all is moved in."""
        return self._media.copies

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
        folder = _folder_of(path)
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
            if staged.file != self._tree + staged.path:
                self._staged[staged.path] = staged.file

    def retain(self, paths: Iterable[str]) -> None:
        """Files that are there already and stay as they are."""
        self._wanted.update(paths)

    def offer_copy(self, path: str, origin: Origin) -> None:
        """A media file, as a hard link to its origin where that is possible."""
        self._wanted.add(path)
        if not self._is_empty(_folder_of(path)) and self._media.is_same(path, origin):
            return
        self._changed.append(path)
        self._links[path] = origin

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
        return {"", *folders_of(self._wanted)}

    def publish(self, *, within: Sequence[str] = ("",), waits: str = "") -> Written:
        """Move everything in: side files and media, feeds; then remove what nothing names.

        Only what is `within` some folders is removed. What `waits` for a lock with this word is
        kept as it was: see before.py.
        """
        unchanged = len(self._wanted) - len(self._changed)
        first = [path for path in self._changed if path not in self._feeds]
        last = [path for path in self._changed if path in self._feeds]
        gone = strays(self.folder, self._wanted, within)
        removed = sorted(path for path, is_folder in gone if not is_folder)
        if not self._dry_run:
            if waits:
                keep(self.folder, (*first, *last), removed, waits)
            together = self._move_in_folders()
            for path in [*first, *last]:
                if path not in together:
                    self._move_in(path)
            for path, is_folder in gone:
                remove(self.folder / path, is_folder)
        if within == ("",):
            self._media.forget_all_but(self._wanted)
        self.discard()
        return Written((*first, *last), unchanged, tuple(removed))

    def discard(self) -> None:
        """Forget what was staged; the output stays as it was."""
        shutil.rmtree(self._staging, ignore_errors=True)

    def _move_in_folders(self) -> set[str]:
        """Move in whole folders of series and episodes that are not in the output yet.

        A rename for all files of a series instead of one for each, and a folder for each episode.
        The files that went in. Whatever is in the tree was accepted: else a build does not end.
        """
        elsewhere = self._staged.keys() | self._links.keys()
        in_tree = [path for path in self._changed if path not in elsewhere]
        moved: set[str] = set()
        for series, files in _by_folder(in_tree, _series_of).items():
            episodes = {series: files}
            if os.path.lexists(self._prefix + series):
                episodes = _by_folder(files, _folder_of)
            for folder, inside in episodes.items():
                if not os.path.lexists(self._prefix + folder):
                    self._make_folder(_folder_of(folder))
                    os.rename(self._tree + folder, self._prefix + folder)
                    moved.update(inside)
        return moved

    def _move_in(self, path: str) -> None:
        self._make_folder(_folder_of(path))
        if path in self._links:
            staged = self._staging_prefix + "media"
            if self._media.move_in(path, self._links[path], staged):
                return
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
        self._make_folder(_folder_of(folder))
        path = self.folder / folder
        if not path.is_dir():
            path.unlink(missing_ok=True)
            path.mkdir()
        self._made.add(folder)


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


def _series_of(path: str) -> str:
    return path.partition("/")[0]


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _by_folder(paths: Iterable[str], folder_of: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(folder_of(path), []).append(path)
    return found
