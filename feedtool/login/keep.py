"""Where tokens are kept: a private file that a person named, replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from errno import ENOENT
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from ..errors import AccessError, BusyError, WriteError
from ..language import N_
from .secrets import HostSecrets
from .tokens import Tokens, as_json, from_json

WAIT = 120.0
"""Seconds for another feedtool to end its renewal: longer than a host takes to answer."""
_MOST = 1024 * 1024
"""Bytes of a file with tokens."""


class Store(Protocol):
    """What keeps the tokens of one host on this machine.

    Every method raises AccessError when what it finds cannot be used, WriteError when the system
    refuses; neither tells a token.
    """

    place: str  #: "file" or "keyring"

    def check(self) -> None:
        """Can something be kept here? Asked before a person is troubled."""
        ...

    def read(self) -> Tokens | None:
        """What is kept; None = nothing."""
        ...

    def write(self, tokens: Tokens) -> None:
        """Keep these tokens in place of others: after a crash, either these or those are whole."""
        ...

    def forget(self) -> bool:
        """Remove them; False = there were none."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Alone among all processes of this user that renew or change them.

        Raises BusyError when another one takes too long.
        """
        ...


class FileStore:
    """FEEDTOOL_<NAME>_TOKEN_FILE."""

    place = "file"

    def __init__(self, path: Path, secrets: HostSecrets) -> None:
        self._named = path
        # else a link would be replaced, not what it leads to; a loop shows when it is opened
        self._path = Path(os.path.realpath(path))
        self._variables = secrets.variables

    @property
    def path(self) -> Path:
        """As it is named in the environment."""
        return self._named

    def check(self) -> None:
        if not self._path.parent.is_dir():
            raise self._failed(FileNotFoundError(ENOENT, os.strerror(ENOENT)))
        self._is_ours()
        with self.lock():
            pass

    def read(self) -> Tokens | None:
        try:
            status = self._path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise self._unusable(N_("{path} is no file"))
            if os.name == "posix" and status.st_mode & 0o077:
                raise AccessError(
                    N_("others may read {path}, which holds what opens the host"),
                    N_("make it private:  chmod 600 {path}"),
                    path=self._named,
                )
            with self._path.open("rb") as stream:
                content = stream.read(_MOST)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._failed(error) from error
        if not content.strip():  # made empty to be private before something is in it
            return None
        try:
            return from_json(content)
        except (ValueError, RecursionError):
            # not "from error": JSON errors hold the text that they are about
            raise self._unusable(N_("{path} holds no tokens that can be read")) from None

    def write(self, tokens: Tokens) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            with suppress(FileNotFoundError):
                new.unlink()  # of a run that was killed
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(as_json(tokens))
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(new, self._path)
            self._settle()
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise self._failed(error) from error

    def forget(self) -> bool:
        self._is_ours()
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._failed(error) from error
        return True

    @contextmanager
    def lock(self) -> Iterator[None]:
        with locked(self._path.with_name(f"{self._path.name}.lock")):
            yield

    def _is_ours(self) -> None:
        """Raises AccessError for a device or a folder, which is not to be removed or replaced."""
        if self._path.exists() and not self._path.is_file():
            raise self._unusable(N_("{path} is no file"))

    def _settle(self) -> None:
        """A new name is in the folder only when the folder is on the disk too."""
        if os.name != "posix":
            return
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _unusable(self, message: str) -> AccessError:
        return AccessError(
            message,
            N_("{variables}_TOKEN_FILE is a JSON file with access_token, refresh_token and "
               "expires_at;  feedtool login  writes it"),
            path=self._named, variables=self._variables,
        )  # fmt: skip

    def _failed(self, error: OSError) -> WriteError:
        return WriteError(
            N_("{path} could not be written or read: {reason}"),
            N_("{variables}_TOKEN_FILE must be a file of your own in a folder that you may write"
               " in: tokens are renewed there"),
            path=self._named, reason=error.strerror or type(error).__name__,
            variables=self._variables,
        )  # fmt: skip


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among all processes that lock this file; it stays, empty."""
    lock = FileLock(path, timeout=WAIT, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            N_("another feedtool renews the sign-in"),
            N_("wait until it has ended, then try again"),
        ) from error
    except OSError as error:
        raise WriteError(
            N_("{path} could not be written or read: {reason}"),
            N_("make room, or put the permissions right; then run the same command again"),
            path=path, reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    try:
        yield
    finally:
        lock.release()
