"""A folder as a target: a mounted web space, a checkout that something else publishes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import AccessError, ChangedError, TargetError
from ..language import N_
from .target import ABSENT, Artifact, Remote

_HALF = ".feedtool-half-"
"""Begins the names of files that are not whole; they are told by nobody and removed."""


class Directory:
    """`file:///path`: files below a folder, which is made when it is not there."""

    compares = False  # another process can slip in between the look and the rename

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.conditions: bool | None = False

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        found: dict[str, Remote] = {}
        with _told(self._folder):
            _walk(str(self._folder), prefix.rpartition("/")[0], found)
        return {path: remote for path, remote in found.items() if path.startswith(prefix)}

    def read(self, path: str) -> bytes | None:
        with _told(self._folder / path):
            try:
                return (self._folder / path).read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                return None

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        target = self._folder / path
        assert artifact.file is not None
        with _told(target):
            if if_unchanged is not None and self._remote(target) != if_unchanged:
                raise ChangedError(
                    N_("{path} was changed at the target meanwhile"),
                    N_("see who else is publishing there, then run the same command again"),
                    path=path,
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, half = tempfile.mkstemp(prefix=_HALF, dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as to, artifact.file.open("rb") as from_:
                    shutil.copyfileobj(from_, to, 1 << 20)
                    to.flush()
                    os.fsync(to.fileno())
                Path(half).chmod(0o644)
                Path(half).replace(target)
            except BaseException:
                Path(half).unlink(missing_ok=True)
                raise

    def delete(self, path: str) -> None:
        with _told(self._folder / path):
            (self._folder / path).unlink(missing_ok=True)

    def close(self) -> None:
        """There is nothing to end."""

    def _remote(self, path: Path) -> Remote:
        try:
            return _remote(path.stat())
        except FileNotFoundError:
            return ABSENT


def _remote(status: os.stat_result) -> Remote:
    return Remote(status.st_size, str(status.st_mtime_ns))


def _walk(folder: str, inside: str, found: dict[str, Remote]) -> None:
    try:
        entries = os.scandir(f"{folder}/{inside}")
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            path = f"{inside}/{entry.name}".lstrip("/")
            if entry.name.startswith(_HALF):
                continue
            if entry.is_dir(follow_symlinks=False):
                _walk(folder, path, found)
            else:
                found[path] = _remote(entry.stat())


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
