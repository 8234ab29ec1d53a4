"""What a target remembers: its manifest, who is publishing to it, and what is still to be told.

One JSON file at the target, `.feedtool-state.json`. It may be lost: what it says is then found out
again, or done once more.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, field, replace
from datetime import datetime
from typing import Any

from ..declare import dataclass
from ..errors import TargetError
from ..language import N_
from .served import Rank, rank_of
from .target import Folder

VERSION = 1
_MOST_COPIES = 8
"""That caches may have of one feed: one that keeps a copy for an hour misses a few publishes."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Somebody is publishing; nobody else does until then."""

    owner: str  #: who, where: "anna@nordvik 4711"
    until: str  #: ISO 8601 with an offset
    token: str  #: tells two runs of the same owner apart

    def holds(self, now: datetime) -> bool:
        return datetime.fromisoformat(self.until) > now


@dataclass(frozen=True, slots=True)
class Owed:
    """A notification that could not be given yet."""

    feed: str  #: its public address
    to: str  #: the hub or service


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that the file says."""

    serial: int = 0  #: grows with each publish
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Size and SHA-256 of what was sent and is whole, by path."""
    sending: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """The same of what a publish that did not end was about to send."""
    owed: tuple[Owed, ...] = ()
    lease: Lease | None = None
    conditions: bool | None = None  #: are conditional writes kept here? None = not tried yet
    folders: Mapping[str, int] = field(default_factory=dict)
    """Times of folders that held exactly what `files` says; see `target.Folder`."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """How listings told feeds and recordings that are as we left them; see `target.Remote.tag`."""
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """SHA-256 of what was sent of a feed since the web last gave the newest, and of what was there
    before: caches may have them still."""

    def known(self) -> dict[str, tuple[int, str]]:
        """What the files at the target are known to hold, if they have that size.

        A file is whole whenever it is there, so one that was about to be sent and is there with
        its size was sent, unless the one before had the same size: those are told apart by
        `uncertain`.
        """
        return {**self.files, **self.sending}

    def begun(self, send: Mapping[str, tuple[int, str]], there: Mapping[str, int]) -> State:
        """With what is about to be sent; `there` are the bytes of those that are there already.

        What is there under such a path is another file: it must not be taken for the new one when
        it only has its size.
        """
        known, before = self.known(), {}
        for path, size in there.items():
            one = known.get(path)
            before[path] = one if one and one[0] == size and one != send[path] else (size, "")
        files = {path: one for path, one in self.files.items() if path not in send}
        touched = {_folder_of(path) for path in send}
        folders = {path: time for path, time in self.folders.items() if path not in touched}
        tags = {path: tag for path, tag in self.tags.items() if path not in send}
        sending = {**self.sending, **send}
        return replace(self, files=files | before, sending=sending, folders=folders, tags=tags)

    def replacing(self, feeds: Mapping[str, Sequence[str]]) -> State:
        """With feeds that are about to be replaced, by path: the SHA-256 of the new one and of
        what is there."""
        copies = {
            path: tuple(dict.fromkeys((*sums, *self.copies.get(path, ()))))[:_MOST_COPIES]
            for path, sums in feeds.items()
        }
        return replace(self, copies={**self.copies, **copies})

    def seen(self, feeds: Container[str]) -> State:
        """The web gives the newest of these feeds: what a cache had before is of no interest."""
        left = {path: sums for path, sums in self.copies.items() if path not in feeds}
        return replace(self, copies=left)

    def uncertain(self) -> frozenset[str]:
        """Paths whose file may still be the one before, of the same size."""
        return frozenset(
            path
            for path, (size, sha256) in self.sending.items()
            if (before := self.files.get(path)) and before[0] == size and before[1] != sha256
        )

    def settled(
        self,
        there: Mapping[str, tuple[int, str]],
        present: Container[str],
        folders: Mapping[str, Folder],
    ) -> State:
        """After a publish, with what is known to be there; `present` was there before it.

        Only folders of pages, and of what is beside them, are remembered. Recordings and feeds are
        listed every time: somebody may write to them where they are, which no folder tells.
        """
        files = {path: one for path, one in self.files.items() if path in present} | {**there}
        times = {
            path: one.time
            for path, one in folders.items()
            if all(rank_of(file) in {Rank.SIDE, Rank.PAGE} for file in one.files)
        }
        state = replace(self, files=files, sending={}, lease=None, folders=times)
        sure = state.remembered()
        times = {path: time for path, time in times.items() if folders[path] == sure[path]}
        return replace(state, folders=times)

    def remembered(self) -> dict[str, Folder]:
        """The folders, each with what was in it."""
        inside: dict[str, dict[str, int]] = {path: {} for path in self.folders}
        for path, (size, _) in self.files.items():
            if (files := inside.get(_folder_of(path))) is not None:
                files[path] = size
        return {path: Folder(self.folders[path], files) for path, files in inside.items()}


def read_state(data: bytes | None) -> State:
    """The state in these bytes; an empty one when there is none or it cannot be read.

    Raises TargetError when a later feedtool wrote it: what it says there might matter.
    """
    if data is None:
        return State()
    try:
        plain = json.loads(data)
        version = plain["version"]
        if version == VERSION:
            return _state_of(plain)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        return State()
    raise TargetError(
        N_("the target was published to by a later feedtool (format {version})"),
        N_("install that version, or a later one, here too"),
        version=version,
    )


def _state_of(plain: dict[str, Any]) -> State:
    return State(
        serial=int(plain["serial"]),
        files={path: (int(size), str(sha)) for path, (size, sha) in plain["files"].items()},
        sending={path: (int(size), str(sha)) for path, (size, sha) in plain["sending"].items()},
        owed=tuple(Owed(str(one["feed"]), str(one["to"])) for one in plain["owed"]),
        lease=_lease_of(plain.get("lease")),
        conditions=plain.get("conditions"),
        folders={path: int(time) for path, time in plain.get("folders", {}).items()},
        tags={path: str(tag) for path, tag in plain.get("tags", {}).items()},
        copies={path: tuple(map(str, sums)) for path, sums in plain.get("copies", {}).items()},
    )


def _lease_of(plain: dict[str, str] | None) -> Lease | None:
    """One that does not say until when keeps nobody out."""
    try:
        if plain and datetime.fromisoformat(plain["until"]).tzinfo:
            return Lease(**plain)
    except (ValueError, TypeError):
        pass
    return None


def write_state(state: State) -> bytes:
    """The bytes of the file; the same state gives the same bytes."""
    # not asdict of everything: it would copy 60,000 names
    plain = {
        "version": VERSION,
        "serial": state.serial,
        "files": state.files,
        "sending": state.sending,
        "owed": [asdict(one) for one in state.owed],
        "lease": asdict(state.lease) if state.lease else None,
        "conditions": state.conditions,
        "folders": state.folders,
        "tags": state.tags,
        "copies": state.copies,
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]
