"""Targets: places that hold files. What is to be sent there, and in which order.

A target is one file of this folder: a class with the four methods of `Target`. What to send is
decided here, once for all of them, from values alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Protocol, runtime_checkable

from ..declare import dataclass
from .served import Rank, cache_control_of, rank_of, type_of

STATE_FILE = ".feedtool-state.json"
"""What the last publish left at the target beside the files: see state.py."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file at the target, as a listing tells it."""

    size: int  #: bytes
    tag: str = ""  #: another one when the file is another: an ETag, or a time; "" = not told


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file to be published."""

    path: str  #: below the address of the target, with "/"
    size: int  #: bytes
    sha256: str  #: hexadecimal
    where: Path | str | None = None  #: its bytes; None = not on this machine

    @property
    def file(self) -> Path | None:
        """The file with its bytes; made when it is asked for, as most are never sent."""
        return None if self.where is None else Path(self.where)

    @property
    def rank(self) -> Rank:
        return rank_of(self.path)

    @property
    def type(self) -> str:
        """Content-Type."""
        return type_of(self.path)

    @property
    def cache_control(self) -> str:
        return cache_control_of(self.path)


class Target(Protocol):
    """A place that holds files.

    Every method raises TargetError when the place fails or refuses, AccessError when it does not
    let us in; both say what to do. Paths are relative to the target's address, with "/".
    """

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        """Every file whose path begins with `prefix`; {} when there is none."""
        ...

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when there is none."""
        ...

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        """Make or replace a file: at every moment there is the old one, the new one, or none.

        With `if_unchanged` only if the file still is what a listing told; ChangedError if it is
        not, and `ABSENT` stands for no file. A target that cannot tell ignores it and says so by
        `compares`. What was sent of a large file before an interruption is not sent again.
        """
        ...

    def delete(self, path: str) -> None:
        """Remove a file; one that is not there is no error."""
        ...

    @property
    def compares(self) -> bool:
        """Does the place itself keep `if_unchanged`, with nobody able to slip in between?"""
        ...

    conditions: bool | None
    """The same, as far as it is known without asking; a place is tried only once."""

    def close(self) -> None:
        """End the connection; nothing is asked of the target after."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder at a target that holds these files and nothing else."""

    time: int
    """When something in it came, went or got a name; seconds, by the clock of the target. A file
    that is written to where it is does not change it."""
    files: Mapping[str, int]  #: bytes, by path


@runtime_checkable
class KnowsFolders(Protocol):
    """A target that has to list every folder by itself, and can tell which of them changed."""

    def list_since(self, folders: Mapping[str, Folder]) -> Mapping[str, Remote]:
        """Every file, as `list`; of these folders, those that have the same time are not listed."""
        ...

    def folders(self) -> Mapping[str, Folder]:
        """Folders that will have another time when they hold anything else than now.

        Those of the last listing, and those that something was put into. None that changed so
        shortly before it was looked at that the next change could fall into the same second.
        """
        ...


@runtime_checkable
class IsHere(Protocol):
    """A target whose files this machine can read whole without asking anybody for them."""

    def sha256(self, path: str) -> str:
        """Of the bytes of a file that a listing told, hexadecimal."""
        ...


ABSENT = Remote(-1)
"""For `if_unchanged`: there must be no such file yet."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publish would do. Paths; `send` is in the order in which they are sent."""

    send: tuple[Artifact, ...] = ()
    new: frozenset[str] = frozenset()  #: of those that are sent, those that are not there yet
    replaced: tuple[str, ...] = ()
    """Recordings and pictures of those that are sent, which are there with other bytes of the same
    size: no feed tells that."""
    unchanged: int = 0
    extra: tuple[str, ...] = ()  #: there, and not ours or no longer; they stay
    missing: tuple[str, ...] = ()  #: neither there nor on this machine
    feeds: tuple[str, ...] = ()  #: of those that are sent
    held: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Size and SHA-256 of what is there already, by path."""

    @property
    def bytes(self) -> int:
        return sum(artifact.size for artifact in self.send)


def plan(
    wanted: Iterable[Artifact],
    present: Mapping[str, Remote],
    known: Mapping[str, tuple[int, str]],
) -> Plan:
    """What has to be sent so that the target holds what is wanted.

    `present` is the target's own listing; `known` are size and SHA-256 of what was sent there
    before, as far as it is remembered and not in doubt. A file is unchanged when it is there with
    its size and is known to have these bytes; one whose bytes are elsewhere is, when it is there
    with its size.
    """
    send, new, replaced, missing, unchanged = [], set(), list[str](), list[str](), 0
    held: dict[str, tuple[int, str]] = {}
    paths = set()
    for artifact in wanted:
        paths.add(artifact.path)
        there = present.get(artifact.path)
        same_size = there is not None and there.size == artifact.size
        if artifact.where is None:
            if same_size:
                unchanged += 1
            else:
                missing.append(artifact.path)
        elif same_size and known.get(artifact.path) == (artifact.size, artifact.sha256):
            unchanged += 1
            held[artifact.path] = (artifact.size, artifact.sha256)
        else:
            send.append(artifact)
            size, sha256 = known.get(artifact.path, (0, ""))
            if there is None:
                new.add(artifact.path)
            elif same_size and size == artifact.size and sha256 and artifact.rank is Rank.MEDIA:
                replaced.append(artifact.path)
    send.sort(key=_turn)
    return Plan(
        send=tuple(send),
        new=frozenset(new),
        replaced=tuple(sorted(replaced)),
        unchanged=unchanged,
        extra=tuple(sorted(present.keys() - paths - {STATE_FILE})),
        missing=tuple(sorted(missing)),
        feeds=tuple(one.path for one in send if one.rank is Rank.FEED),
        held=held,
    )


def _turn(artifact: Artifact) -> tuple[Rank, int, str]:
    """When it is sent. The catalog's feeds name those of the series, which therefore come first."""
    feed = artifact.rank is Rank.FEED
    return artifact.rank, -artifact.path.count("/") if feed else 0, artifact.path
