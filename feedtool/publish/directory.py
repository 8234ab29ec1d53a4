"""A folder as a target: a mounted web space, a checkout that something else publishes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISREG

from ..errors import AccessError, ChangedError, TargetError
from ..language import N_
from .half import half_of, halves_of, is_half, may_hold
from .sending import bytes_of
from .served import OPEN
from .target import ABSENT, Artifact, Remote


class Directory:
    """`file:///path`: files below a folder, which is made when it is not there."""

    compares = False  # another process can slip in between the look and the rename

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.conditions: bool | None = False
        self._halves: set[str] = set()  # of killed publishes, as far as listings told them

    @property
    def folder(self) -> Path:
        return self._folder

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        found: dict[str, Remote] = {}
        with _told(self._folder):
            self._walk(
                prefix.rpartition("/")[0],
                prefix,
                found,
                frozenset({os.path.realpath(self._folder)}),
            )
        return found

    def read(self, path: str) -> bytes | None:
        with _told(self._folder / path):
            try:
                return (self._folder / path).read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                return None

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        target = self._folder / path
        with _told(target):
            if if_unchanged is not None and self._remote(target) != if_unchanged:
                raise ChangedError(
                    N_("{path} was changed at the target meanwhile"),
                    N_("see who else is publishing there, then run the same command again"),
                    path=path,
                )
            self._make(target.parent)
            half = self._folder / half_of(path, artifact)
            try:
                with half.open("wb") as to, bytes_of(artifact) as from_:
                    shutil.copyfileobj(from_, to, 1 << 20)
                    to.flush()
                    os.fsync(to.fileno())
                with suppress(OSError):  # some mounted web spaces know no permissions
                    half.chmod(0o644)
                half.replace(target)
            except BaseException:
                with suppress(OSError):
                    half.unlink(missing_ok=True)
                raise
            for left in [one for one in self._halves if one.startswith(halves_of(path))]:
                (self._folder / left).unlink(missing_ok=True)
                self._halves.discard(left)

    def delete(self, path: str) -> None:
        with _told(self._folder / path):
            (self._folder / path).unlink(missing_ok=True)

    def sha256(self, path: str) -> str:
        with _told(self._folder / path), (self._folder / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def close(self) -> None:
        """There is nothing to end."""

    def _make(self, folder: Path) -> None:
        """Make a folder, and those that it is in: web servers run as another user."""
        if folder.is_dir():
            return
        if folder == self._folder:
            folder.parent.mkdir(parents=True, exist_ok=True)
        else:
            self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        with suppress(OSError):
            folder.chmod(S_IMODE(folder.stat().st_mode) | OPEN)

    def _walk(
        self, folder: str, prefix: str, found: dict[str, Remote], links: frozenset[str]
    ) -> None:
        try:
            entries = os.scandir(f"{self._folder}/{folder}")
        except (FileNotFoundError, NotADirectoryError):
            return
        with entries:
            for entry in entries:
                path = f"{folder}/{entry.name}".lstrip("/")
                if is_half(path):
                    self._halves.add(path)
                elif entry.is_dir():
                    # recordings often lie on another disk; a link to a folder above has no end
                    real = os.path.realpath(entry.path) if entry.is_symlink() else ""
                    if may_hold(path, prefix) and real not in links:
                        self._walk(path, prefix, found, links | {real} if real else links)
                elif path.startswith(prefix):
                    with suppress(FileNotFoundError):  # a link to nothing, or gone meanwhile
                        status = entry.stat()
                        if S_ISREG(status.st_mode):  # a pipe would never end
                            found[path] = _remote(status)

    def _remote(self, path: Path) -> Remote:
        try:
            status = path.stat()
        except FileNotFoundError:
            return ABSENT
        return _remote(status) if S_ISREG(status.st_mode) else ABSENT  # as listings tell


def _remote(status: os.stat_result) -> Remote:
    return Remote(status.st_size, str(status.st_mtime_ns))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses, in words."""
    try:
        yield
    except PermissionError as error:
        raise AccessError(
            N_("{path}: {reason}"), N_("check that you may write there"),
            path=path, reason=error.strerror,
        ) from error  # fmt: skip
    except OSError as error:
        raise TargetError(
            N_("{path}: {reason}"), N_("put it right, then run the same command again"),
            path=path, reason=error.strerror or str(error),
        ) from error  # fmt: skip
