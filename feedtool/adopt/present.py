"""A file that has the name already: is it the one that is wanted? Nothing is written over it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ..declare import dataclass
from ..errors import WriteError
from ..language import N_
from ..measure.files import digest
from .content import ENOUGH
from .ranges import Told
from .refusals import plain
from .web import Web


@dataclass(frozen=True, slots=True)
class Present:
    """What is there."""

    size: int  #: bytes
    sha256: str
    head: bytes


def there(
    path: Path,
    url: str,
    length: int | None,
    sha256: str,
    finished: tuple[int, int, str] | None,
    web: Web,
) -> Present | None:
    """The file that is wanted, if it is there; None = no file is.

    `length` is what the feed says, `finished` what was noted when it was fetched: size, time of
    change in ns and SHA-256. Where neither settles it, the server is asked. Raises WriteError for
    another file, and for what is none.
    """
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(status.st_mode):
        try:
            status = path.stat()
        except OSError:
            raise WriteError(
                N_("{path} is a link that leads nowhere"),
                N_("fetch what it stands for, or remove it; then run the same command again"),
                path=path,
            ) from None
    if not stat.S_ISREG(status.st_mode):
        raise other_file(path, url)
    size = status.st_size
    noted = finished[2] if finished and finished[:2] == (size, status.st_mtime_ns) else ""
    if not noted and not sha256 and size != length and not _is_at(url, path, web):
        raise other_file(path, url)
    found = noted or digest(path).hex()
    if sha256 and found != sha256.lower():
        raise other_file(path, url)
    with path.open("rb") as file:
        return Present(size, found, file.read(ENOUGH))


def same_file(path: Path, size: int, sha256: str) -> bool:
    """Does the file hold these bytes?"""
    try:
        return path.stat().st_size == size and digest(path).hex() == sha256
    except OSError:
        return False


def other_file(path: Path, url: str) -> WriteError:
    """Another file has the name."""
    return WriteError(
        N_("{path} is there already, and is not what is at {url}"),
        N_("move it away or give it another name, then run the same command again"),
        path=path,
        url=plain(url),
    )


def _is_at(url: str, path: Path, web: Web) -> bool:
    """Is this file at the address? Compared byte by byte where the server tells no length."""
    with web.open(url, headers={"Accept-Encoding": "identity"}) as stream, path.open("rb") as file:
        length = Told(stream.headers).length
        if length is not None:
            return length == os.fstat(file.fileno()).st_size
        while piece := stream.read():
            if file.read(len(piece)) != piece:
                return False
        return not file.read(1)
