"""The folders of a server over SFTP: what is in them, and which need not be listed again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import NamedTuple

import paramiko

from .half import HALF, is_half, may_hold
from .sftp_listing import listed
from .ssh import Connection
from .target import Folder, Remote

_SURE = 3
"""Seconds between the last change of a folder and a look at it. SFTP tells whole ones, and the
clock of the server is not known better."""
_LONG_AGO = 1_000_000_000


class _Listed(NamedTuple):
    path: str
    entries: Mapping[str, paramiko.SFTPAttributes]  #: by path
    time: int | None


class Folders:
    """Those below a folder of the server. What is called is called inside of `told`."""

    def __init__(self, connection: Connection, base: str) -> None:
        self._connection = connection
        self._base = base
        self.halves: dict[str, dict[str, int]] = {}
        """Times of the halves that are in a folder, by path; a folder that is not named here was
        not looked into."""
        self._seen: dict[str, Folder] = {}  # by the last listing, and not touched since
        self._seen_at = 0.0  # on the clock of this machine
        self._touched: set[str] = set()
        self._clock: float | None = None  # what to add to that clock for the one of the server
        self._proven: bool | None = None  # does it tell every change of a folder?

    def at(self, path: str) -> str:
        """The path at the server."""
        base = self._base
        return (f"{base.rstrip('/')}/{path}" if base else path).rstrip("/") or base or "."

    def status(self, path: str) -> paramiko.SFTPAttributes | None:
        try:
            return self._sftp.stat(self.at(path))
        except FileNotFoundError:
            return None

    def is_there(self, folder: str) -> bool:
        """Looked into, if it was not yet."""
        return folder in self.halves or any(True for _ in self._listed([folder]))

    # every file

    def walk(self, prefix: str, known: Mapping[str, Folder]) -> dict[str, Remote]:
        """Every file whose path begins with `prefix`; `known` folders with their time are known."""
        found: dict[str, Remote] = {}
        seen: dict[str, Folder] = {}
        times: dict[str, int | None] = {}
        began = time.monotonic()
        # by folder, the real paths of links on the way: one to a folder above has no end
        todo: dict[str, frozenset[str]] = {prefix.rpartition("/")[0]: frozenset()}
        while todo:
            level, todo = todo, {}
            for one in self._listed(level):
                _remember(one, times.get(one.path), seen)
                for path, entry in one.entries.items():
                    mode = entry.st_mode or 0
                    if S_ISREG(mode):
                        if path.startswith(prefix) and not is_half(path):
                            found[path] = remote_of(entry)
                    elif not may_hold(path, prefix) or is_half(path):
                        continue
                    elif S_ISLNK(mode):
                        self._follow(path, level[one.path], todo, found)
                    elif S_ISDIR(mode):
                        times[path] = entry.st_mtime
                        if (before := known.get(path)) and before.time == entry.st_mtime:
                            seen[path] = before
                            self.halves[path] = {}
                            found |= {file: Remote(size) for file, size in before.files.items()}
                        else:
                            todo[path] = level[one.path]
        if not prefix:
            self._seen, self._seen_at, self._touched = seen, began, set()
        return found

    def _follow(
        self,
        path: str,
        links: frozenset[str],
        todo: dict[str, frozenset[str]],
        found: dict[str, Remote],
    ) -> None:
        """A link: recordings often lie on another disk."""
        status = self.status(path)
        if status is None:
            return
        if S_ISREG(status.st_mode or 0):
            found[path] = remote_of(status)
        elif S_ISDIR(status.st_mode or 0):
            real = self._sftp.normalize(self.at(path))
            if real not in links:
                todo[path] = links | {real}

    def _listed(self, folders: Iterable[str], *, timed: bool = False) -> Iterator[_Listed]:
        """What is in these folders; those that are not there are not told."""
        names = {self.at(folder): folder for folder in folders}
        for at, entries, changed in listed(self._sftp, names, timed=timed):
            if entries is None:
                continue
            folder = names[at]
            found = {f"{folder}/{entry.filename}".lstrip("/"): entry for entry in entries}
            self.halves[folder] = {
                path: entry.st_mtime or 0
                for path, entry in found.items()
                if is_half(path) and S_ISREG(entry.st_mode or 0)
            }
            yield _Listed(folder, found, changed)

    @property
    def _sftp(self) -> paramiko.SFTPClient:
        return self._connection.sftp

    # what need not be listed again

    def trust(self) -> None:
        """It was proven earlier that the server tells every change of a folder."""
        self._proven = True

    def touch(self, path: str) -> None:
        """What is in the folder of this file changes."""
        folder = path.rpartition("/")[0]
        self._seen.pop(folder, None)
        self._touched.add(folder)

    def written(self, status: paramiko.SFTPAttributes) -> None:
        """A file was written just now, or earlier: so late is it at the server at least."""
        if status.st_mtime is not None:
            clock = status.st_mtime - time.monotonic()
            self._clock = clock if self._clock is None else max(clock, self._clock)

    def sure(self) -> Mapping[str, Folder]:
        """See `KnowsFolders.folders`."""
        if self._proven is None:
            self._proven = self._probe()
        if not self._proven or self._clock is None:
            return {}
        sure = self._settled(self._seen, self._seen_at)
        now, again = time.monotonic(), dict[str, Folder]()
        for one in self._listed(self._touched, timed=True):
            _remember(one, one.time, again)
        return sure | self._settled(again, now)

    def _settled(self, folders: Mapping[str, Folder], at: float) -> dict[str, Folder]:
        """Of folders that were looked at then, those whose next change has another time."""
        assert self._clock is not None
        last = at + self._clock - _SURE
        return {path: one for path, one in folders.items() if one.time <= last}

    def _probe(self) -> bool:
        """Some servers make up the times of folders, and some disks do not change them."""
        folder = self.at(f"{HALF}probe")
        one, other = f"{folder}/1", f"{folder}/2"
        sftp = self._sftp
        with suppress(OSError):  # a publish that was killed has left it
            sftp.mkdir(folder)
        changes: tuple[Callable[[], object], ...] = (
            lambda: sftp.open(one, "w").close(),
            lambda: sftp.rename(one, other),
            lambda: sftp.remove(other),
        )
        try:
            return all(self._tells(folder, change) for change in changes)
        except OSError:
            return False
        finally:
            for remove, path in ((sftp.remove, one), (sftp.remove, other), (sftp.rmdir, folder)):
                with suppress(OSError):
                    remove(path)

    def _tells(self, folder: str, change: Callable[[], object]) -> bool:
        """Has a folder of long ago another time after this?"""
        self._sftp.utime(folder, (_LONG_AGO, _LONG_AGO))
        if self._sftp.stat(folder).st_mtime != _LONG_AGO:
            return False
        change()
        return self._sftp.stat(folder).st_mtime != _LONG_AGO


def remote_of(status: paramiko.SFTPAttributes) -> Remote:
    return Remote(status.st_size or 0, str(status.st_mtime or ""))


def _remember(one: _Listed, changed: int | None, folders: dict[str, Folder]) -> None:
    """A folder with this time, if there are only files in it."""
    if changed is None:
        return
    if all(S_ISREG(it.st_mode or 0) and not is_half(path) for path, it in one.entries.items()):
        files = {path: entry.st_size or 0 for path, entry in one.entries.items()}
        folders[one.path] = Folder(changed, files)
