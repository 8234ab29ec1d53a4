"""A server over SFTP: a web hotel, a machine of one's own.

A file is sent to a half beside it, which the next publish continues, and then renamed over the old
one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import BinaryIO

import paramiko

from . import refusals
from .half import half_of, halves_of
from .secrets import Secrets
from .sending import bytes_of
from .served import OPEN
from .sftp_folders import Folders, remote_of
from .ssh import Connection, SftpAddress
from .target import ABSENT, Artifact, Folder, Remote

_BLOCK = 1 << 20
_COMPARED = 1 << 16
"""Bytes at the end of a half that must be those of the file."""
_OLD = 24 * 60 * 60
"""Seconds after which nobody is writing to a half any more."""


class Sftp:
    """`sftp://user@host:port/folder`."""

    compares = False  # SFTP knows "only if there is none", but not "only if it is the same"

    def __init__(self, address: SftpAddress, secrets: Secrets) -> None:
        self._address = address
        self._connection = Connection(address, secrets)
        self.conditions: bool | None = False
        self._folders = Folders(self._connection, address.folder)

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        with self._connection.told(prefix):
            return self._folders.walk(prefix, {})

    def list_since(self, folders: Mapping[str, Folder]) -> Mapping[str, Remote]:
        if folders:
            self._folders.trust()  # else none would be remembered
        with self._connection.told(""):
            return self._folders.walk("", folders)

    def folders(self) -> Mapping[str, Folder]:
        with self._connection.told(""):
            return self._folders.sure()

    def read(self, path: str) -> bytes | None:
        with self._connection.told(path):
            there = self._folders.status(path)
            if there is None or S_ISDIR(there.st_mode or 0):
                return None
            data = BytesIO()
            self._sftp.getfo(self._at(path), data)
            return data.getvalue()

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        with self._connection.told(path):
            if if_unchanged is not None and self._remote(path) != if_unchanged:
                raise refusals.changed(path)
            self._prepare(path.rpartition("/")[0])
            self._folders.touch(path)
            half = half_of(path, artifact)
            with bytes_of(artifact) as data:
                self._fill(half, artifact, data)
            self._finish(half, path)

    def delete(self, path: str) -> None:
        self._folders.touch(path)
        with self._connection.told(path), suppress(FileNotFoundError):
            self._sftp.remove(self._at(path))

    def close(self) -> None:
        self._connection.close()

    # sending

    def _fill(self, half: str, artifact: Artifact, data: BinaryIO) -> None:
        """Bring the half to the size of the whole, from where it is."""
        begun = self._begun(half, artifact, data)
        data.seek(begun)
        rest = artifact.size - begun
        with self._sftp.open(self._at(half), "r+" if begun else "w") as to:
            to.seek(begun)
            to.set_pipelined(True)  # else every 32 KiB wait for an answer
            while rest > 0:
                if rest <= _BLOCK:
                    # paramiko forgets what the answers to the last of pipelined writes were; one
                    # that is not waits for all of them
                    to.set_pipelined(False)
                block = data.read(min(rest, _BLOCK))
                if not block:
                    break
                to.write(block)
                rest -= len(block)
            size = to.stat().st_size
        if rest:
            raise refusals.shrunk(artifact.path)
        if size != artifact.size:
            raise refusals.full(self._address.host)

    def _begun(self, half: str, artifact: Artifact, data: BinaryIO) -> int:
        """How many bytes of the file are in its half, from an earlier publish."""
        there = self._folders.status(half)
        size = (there.st_size or 0) if there else 0
        if not 0 < size <= artifact.size:
            return 0
        start = max(0, size - _COMPARED)
        with self._sftp.open(self._at(half), "r") as from_:
            from_.seek(start)
            last = from_.read(size - start)
        data.seek(start)
        return size if last == data.read(size - start) else 0

    def _finish(self, half: str, path: str) -> None:
        """Give a whole file its name."""
        at, to = self._at(half), self._at(path)
        with suppress(OSError):
            self._sftp.chmod(at, 0o644)  # web servers run as another user
        new, old = self._sftp.stat(at), self._folders.status(path)
        self._folders.written(new)
        if old and old.st_mtime == new.st_mtime and new.st_mtime is not None:
            # SFTP tells whole seconds, and another file must be seen to be another
            self._sftp.utime(at, (new.st_mtime + 1, new.st_mtime + 1))
        try:
            self._sftp.posix_rename(at, to)
        except OSError as error:
            if error.errno is not None or "nsupported" not in str(error):
                raise
            # an extension of OpenSSH; elsewhere a file is never renamed over another
            with suppress(FileNotFoundError):
                self._sftp.remove(to)
            self._sftp.rename(at, to)
        halves = self._folders.halves[path.rpartition("/")[0]]
        halves.pop(half, None)
        for name, time in list(halves.items()):
            if name.startswith(halves_of(path)) or time < (new.st_mtime or 0) - _OLD:
                self.delete(name)
                del halves[name]

    def _prepare(self, folder: str) -> None:
        """Make a folder, or see which halves of killed publishes are in it."""
        if self._folders.is_there(folder):
            return
        if folder:
            self._prepare(folder.rpartition("/")[0])
        try:
            self._sftp.mkdir(self._at(folder))
        except FileNotFoundError as error:
            parent = self._at(folder).rpartition("/")[0] or "/"
            raise refusals.no_folder(self._address.host, parent) from error
        with suppress(OSError):
            mode = S_IMODE(self._sftp.stat(self._at(folder)).st_mode or OPEN)
            if mode | OPEN != mode:
                self._sftp.chmod(self._at(folder), mode | OPEN)
        self._folders.halves[folder] = {}

    # looking

    @property
    def _sftp(self) -> paramiko.SFTPClient:
        return self._connection.sftp

    def _at(self, path: str) -> str:
        return self._folders.at(path)

    def _remote(self, path: str) -> Remote:
        status = self._folders.status(path)
        # a folder is no file, as listings tell
        return remote_of(status) if status and S_ISREG(status.st_mode or 0) else ABSENT
