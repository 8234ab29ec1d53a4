"""Carry out a plan: one publish at a time, what a feed names before the feed.

Killed at any point, every file at the target is whole and every feed there names only what is
there. The next publish finds in the state what was about to be sent, and sends only what is not
there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from ..declare import dataclass
from ..errors import BusyError, ChangedError
from ..language import N_
from .state import Lease, State, read_state, write_state
from .target import ABSENT, STATE_FILE, Artifact, Remote, Target

LEASE = timedelta(minutes=15)
"""How long a publish that was killed keeps others out; one at work renews it in time."""

Sent = Callable[[Artifact], None]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, as others are told.

    `token` is the same for every run from one checkout: only one of them is at work at a time, so
    a lease with it is of a run that was killed.
    """

    name: str
    token: str
    clock: Callable[[], datetime]  #: aware; asked before anything is sent


class Delivery:
    """One publish to one target, from the lease to the last note in the state."""

    def __init__(self, target: Target, publisher: Publisher) -> None:
        self._target = target
        self._publisher = publisher
        self._seen: Remote = ABSENT
        self.state = State()
        self._sent: dict[str, tuple[int, str]] = {}

    def look(self, present: Mapping[str, Remote]) -> State:
        """The state at the target, whose listing is `present`."""
        self._seen = present.get(STATE_FILE, ABSENT)
        self.state = read_state(self._target.read(STATE_FILE))
        if self.state.conditions is not None:
            self._target.conditions = self.state.conditions
        return self.state

    def begin(self, send: Iterable[Artifact]) -> None:
        """Keep others out, and say what is about to be sent.

        Raises BusyError when somebody else is publishing there.
        """
        now = self._publisher.clock()
        lease = self.state.lease
        if lease and lease.holds(now) and lease.token != self._publisher.token:
            raise BusyError(
                N_("{owner} is publishing there, until {until} at most"),
                N_("wait until it is done, then run the same command again"),
                owner=lease.owner,
                until=lease.until,
            )
        sending = {one.path: (one.size, one.sha256) for one in send}
        self._write(
            replace(
                self.state,
                serial=self.state.serial + 1,
                sending={**self.state.sending, **sending},
                conditions=self._target.compares,
                lease=self._lease(now),
            )
        )
        if not self._target.compares:
            # somebody may have looked at the same moment: who wrote last is the one
            read = read_state(self._target.read(STATE_FILE))
            if read.lease is None or read.lease.token != self._publisher.token:
                raise BusyError(
                    N_("somebody else began to publish there at the same moment"),
                    N_("wait until it is done, then run the same command again"),
                )

    def send(self, artifacts: Iterable[Artifact], sent: Sent) -> None:
        """Send files in this order; `sent` is told of each."""
        for artifact in artifacts:
            self._renew()
            self._target.put(artifact.path, artifact)
            self._sent[artifact.path] = (artifact.size, artifact.sha256)
            sent(artifact)

    def end(self, state: State, held: Mapping[str, tuple[int, str]]) -> None:
        """Let others in again, and remember what is there: what was `held` before, and was sent.

        `state` carries what else changed.
        """
        self._write(state.settled({**held, **self._sent}))

    def give_up(self) -> None:
        """The same after a failure: what was sent is remembered, the rest is still to be sent."""
        rest = {path: one for path, one in self.state.sending.items() if path not in self._sent}
        files = {**self.state.files, **self._sent}
        self._write(replace(self.state, files=files, sending=rest, lease=None))

    def forget(self, path: str) -> None:
        """A file that was put back to what it was."""
        self._sent.pop(path, None)

    def _lease(self, now: datetime) -> Lease:
        until = (now + LEASE).isoformat(timespec="seconds")
        return Lease(self._publisher.name, until, self._publisher.token)

    def _renew(self) -> None:
        lease = self.state.lease
        now = self._publisher.clock()
        if lease and datetime.fromisoformat(lease.until) - now < LEASE / 2:
            self._write(replace(self.state, lease=self._lease(now)))

    def _write(self, state: State) -> None:
        data = write_state(state)
        with tempfile.NamedTemporaryFile(prefix="feedtool-") as file:
            file.write(data)
            file.flush()
            artifact = Artifact(STATE_FILE, len(data), sha256(data).hexdigest(), Path(file.name))
            try:
                self._target.put(STATE_FILE, artifact, if_unchanged=self._seen)
            except ChangedError as error:
                raise BusyError(
                    N_("somebody else is publishing there"),
                    N_("wait until it is done, then run the same command again"),
                ) from error
        self._seen = self._target.list(STATE_FILE).get(STATE_FILE, ABSENT)
        self.state = state
