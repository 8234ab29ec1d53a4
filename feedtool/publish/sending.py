"""The bytes of a file on this machine, for those who send them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from .refusals import shrunk
from .target import Artifact


@contextmanager
def bytes_of(artifact: Artifact) -> Iterator[BinaryIO]:
    """The file, open. Raises TargetError when it is not the one that was looked at any more."""
    assert artifact.file is not None
    try:
        file = artifact.file.open("rb")
    except OSError as error:
        raise shrunk(artifact.path) from error
    with file:
        _check(file, artifact)
        yield file
        _check(file, artifact)


def _check(file: BinaryIO, artifact: Artifact) -> None:
    if os.fstat(file.fileno()).st_size != artifact.size:
        raise shrunk(artifact.path)
