"""What a target remembers: its manifest, who is publishing to it, and what is still to be told.

One JSON file at the target, `.feedtool-state.json`. It may be lost: what it says is then found out
again, or done once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, field, replace
from datetime import datetime
from typing import Any

from ..declare import dataclass
from ..errors import TargetError
from ..language import N_

VERSION = 1


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
        return replace(self, files=files | before, sending={**self.sending, **send})

    def uncertain(self) -> frozenset[str]:
        """Paths whose file may still be the one before, of the same size."""
        return frozenset(
            path
            for path, (size, sha256) in self.sending.items()
            if (before := self.files.get(path)) and before[0] == size and before[1] != sha256
        )

    def settled(self, there: Mapping[str, tuple[int, str]]) -> State:
        """After a publish, with what is known to be there."""
        return replace(self, files={**self.files, **there}, sending={}, lease=None)


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
    except (ValueError, LookupError, TypeError, AttributeError):
        return State()
    raise TargetError(
        N_("the target was published to by a later feedtool (format {version})"),
        N_("install that version, or a later one, here too"),
        version=version,
    )


def _state_of(plain: dict[str, Any]) -> State:
    lease = plain.get("lease")
    return State(
        serial=int(plain["serial"]),
        files={path: (int(size), str(sha)) for path, (size, sha) in plain["files"].items()},
        sending={path: (int(size), str(sha)) for path, (size, sha) in plain["sending"].items()},
        owed=tuple(Owed(**one) for one in plain["owed"]),
        lease=Lease(**lease) if lease else None,
        conditions=plain.get("conditions"),
    )


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
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
