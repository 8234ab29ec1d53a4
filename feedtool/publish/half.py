"""Names of files that are not whole yet, and of what else is not to be seen at a target.

A file gets its own name only when it is whole. Until then its name begins so that no listing tells
it; from the name the next publish knows whose half it is.
"""

from __future__ import annotations

from hashlib import sha256

from .target import Artifact

HALF = ".feedtool-half-"


def half_of(path: str, artifact: Artifact) -> str:
    """The name of the half of these bytes, in the folder of `path`."""
    return f"{halves_of(path)}{artifact.sha256[:16]}"


def halves_of(path: str) -> str:
    """How the names of all halves of this file begin, in its folder."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{HALF}{sha256(name.encode()).hexdigest()[:8]}-"


def is_half(path: str) -> bool:
    return path.rpartition("/")[2].startswith(HALF)


def may_hold(folder: str, prefix: str) -> bool:
    """Can a path in this folder begin with `prefix`?"""
    inside = f"{folder}/" if folder else ""
    return inside.startswith(prefix) or prefix.startswith(inside)
