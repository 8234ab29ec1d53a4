"""Carry out a plan: one publish at a time, what a feed names before the feed.

Killed at any point, every file at the target is whole and every feed there names only what is
there. The next publish finds in the state what was about to be sent, and sends only what is not
there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from ..declare import dataclass
from ..errors import BusyError, ChangedError, WriteError
from ..language import N_
from .refusals import shrunk
from .served import Rank, rank_of
from .state import Lease, Owed, State, read_state, write_state
from .target import ABSENT, STATE_FILE, Artifact, IsHere, KnowsFolders, Remote, Target

LEASE = timedelta(minutes=15)
"""How long a publish that was killed keeps others out; one at work renews it in time."""
_TAGGED = frozenset({Rank.FEED, Rank.MEDIA})
_SLOW = 250_000
"""Bytes a second of a slow line: nothing is renewed while one large file is sent."""

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
        self._present: Mapping[str, Remote] = {}
        self.state = State()
        self._sent: dict[str, tuple[int, str]] = {}
        self._changed: set[str] = set()  # by others, since they were planned
        self.rewritten: list[str] = []
        """Recordings that somebody wrote to since we did; perhaps they are what they were."""
        self.damaged: list[str] = []
        """Recordings that have other bytes than were sent."""

    def look(self) -> Mapping[str, Remote]:
        """What is at the target; its state among it."""
        target = self._target
        # before its bytes, so that one that is written in between is not taken for those
        listed = target.list(STATE_FILE if isinstance(target, KnowsFolders) else "")
        self._seen = listed.get(STATE_FILE, ABSENT)
        self.state = read_state(target.read(STATE_FILE))
        if self.state.conditions is not None:
            target.conditions = self.state.conditions
        if isinstance(target, KnowsFolders):
            listed = target.list_since(self.state.remembered())
        self._present = listed
        return listed

    def known(self, wanted: Mapping[str, Artifact]) -> dict[str, tuple[int, str]]:
        """What is known of the files at the target; where a killed publish left doubt, they are
        read.

        Only small ones: a recording in doubt is sent again.
        """
        known = self.state.known()
        doubtful = set(self.state.uncertain())
        if not self.state.files:  # the state was lost, or another program published
            doubtful |= {one for one in self._present.keys() & wanted.keys() if one not in known}
        doubtful |= self._rewritten(known, wanted)
        for path in doubtful:
            known.pop(path, None)
            artifact, there = wanted.get(path), self._present.get(path)
            if artifact is None or there is None or there.size != artifact.size:
                continue
            if artifact.rank is not Rank.MEDIA or not artifact.file:
                data = self._target.read(path)
                if data is not None:
                    known[path] = (len(data), sha256(data).hexdigest())
        return known

    def _rewritten(
        self, known: Mapping[str, tuple[int, str]], wanted: Mapping[str, Artifact]
    ) -> set[str]:
        """Feeds that somebody may have written to since we did, with as many bytes.

        They are small and read. Recordings are read only where that costs no request; they stay
        as they are, and are noted.
        """
        feeds = set()
        for path, tag in self.state.tags.items():
            there, artifact, one = self._present.get(path), wanted.get(path), known.get(path)
            if not there or not artifact or not one or there.size != one[0]:
                continue
            if not there.tag or _told_as(there) == tag:
                continue
            if artifact.rank is Rank.FEED:
                feeds.add(path)
            elif not isinstance(self._target, IsHere):
                self.rewritten.append(path)
            elif self._target.sha256(path) != one[1]:
                self.damaged.append(path)
        return feeds

    def begin(self, send: Iterable[Artifact], owed: Iterable[Owed] = ()) -> None:
        """Keep others out, and say what is about to be sent and will be owed then.

        Raises BusyError when somebody else is publishing there.
        """
        now = self._publisher.clock()
        lease = self.state.lease
        if lease and lease.holds(now) and lease.token != self._publisher.token:
            raise BusyError(
                N_("{owner} is publishing there, until {until} at most"),
                N_("wait until it is done, then run the same command again; if it surely runs no"
                   " more, delete {file} there"),
                owner=lease.owner, until=lease.until, file=STATE_FILE,
            )  # fmt: skip
        sending = {one.path: (one.size, one.sha256) for one in send}
        there = {path: self._present[path].size for path in sending if path in self._present}
        self._write(
            replace(
                self.state.begun(sending, there),
                serial=self.state.serial + 1,
                owed=(*self.state.owed, *(one for one in owed if one not in self.state.owed)),
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
        """Send files in this order; `sent` is told of each.

        Raises ChangedError when somebody wrote to a feed since the plan was made: what subscribers
        would see of it was not shown to anybody.
        """
        for artifact in artifacts:
            self._renew(timedelta(seconds=artifact.size / _SLOW))
            _check(artifact)
            try:
                self._target.put(artifact.path, artifact, if_unchanged=self._planned(artifact))
            except ChangedError as error:
                self._changed.add(artifact.path)
                raise ChangedError(
                    N_("somebody else wrote to {path} at the target after this was planned"),
                    N_("run the same command again: it looks at what is there now"),
                    path=artifact.path,
                ) from error
            self._sent[artifact.path] = (artifact.size, artifact.sha256)
            sent(artifact)

    def _planned(self, artifact: Artifact) -> Remote | None:
        """What a feed was when it was compared; of other files only the last one counts."""
        return self._present.get(artifact.path, ABSENT) if artifact.rank is Rank.FEED else None

    def end(self, state: State, held: Mapping[str, tuple[int, str]]) -> None:
        """Let others in again, and remember what is there: what was `held` before, and was sent.

        `state` carries what else changed.
        """
        folders = self._target.folders() if isinstance(self._target, KnowsFolders) else {}
        settled = state.settled({**held, **self._sent}, self._present, folders)
        self._write(replace(settled, tags=self._tags()))

    def _tags(self) -> dict[str, str]:
        """Of feeds and recordings as they are now.

        What was sent is asked for again: a feed by itself, recordings by folder, where there is
        nothing else. What somebody else wrote is told once; only what is surely damaged is told
        until it is mended.
        """
        there = dict(self._present)
        for path in self._sent:
            there.pop(path, None)
        sent = {path for path in self._sent if rank_of(path) in _TAGGED}
        for prefix in sorted({_asked_by(path) for path in sent}):
            listed = self._target.list(prefix)
            there |= {path: one for path, one in listed.items() if path in sent}
        tags = {path: _told_as(one) for path, one in there.items() if rank_of(path) in _TAGGED}
        tags |= {path: self.state.tags[path] for path in self.damaged if path not in sent}
        return {path: tag for path, tag in tags.items() if tag}

    def give_up(self, owed: Iterable[Owed]) -> None:
        """The same after a failure: what was sent is remembered, the rest is still to be sent."""
        over = self._sent.keys() | self._changed
        rest = {path: one for path, one in self.state.sending.items() if path not in over}
        files = {path: one for path, one in self.state.files.items() if path not in self._changed}
        files |= self._sent
        self._write(replace(self.state, files=files, sending=rest, owed=tuple(owed), lease=None))

    def put_back(self, path: str, old: bytes | None) -> None:
        """Make a file that was sent what it was; None = there was none."""
        if old is None:
            self._target.delete(path)
        else:
            with _on_disk(path, old) as back:
                self._target.put(path, back)
        self._sent.pop(path, None)

    def _lease(self, now: datetime, more: timedelta = timedelta()) -> Lease:
        until = (now + LEASE + more).isoformat(timespec="seconds")
        return Lease(self._publisher.name, until, self._publisher.token)

    def _renew(self, more: timedelta) -> None:
        """In time for something that takes so long."""
        lease = self.state.lease
        now = self._publisher.clock()
        if lease and datetime.fromisoformat(lease.until) - now < LEASE / 2 + more:
            self._write(replace(self.state, lease=self._lease(now, more)))

    def _write(self, state: State) -> None:
        with _on_disk(STATE_FILE, write_state(state)) as artifact:
            try:
                self._target.put(STATE_FILE, artifact, if_unchanged=self._seen)
            except ChangedError as error:
                raise BusyError(
                    N_("somebody else is publishing there"),
                    N_("wait until it is done, then run the same command again"),
                ) from error
        self._seen = self._target.list(STATE_FILE).get(STATE_FILE, ABSENT)
        self.state = state


def _told_as(remote: Remote) -> str:
    """Some servers tell a file of the last second with a weak ETag, and later with a strong one."""
    return remote.tag.removeprefix("W/")


def _asked_by(path: str) -> str:
    """What a listing has to begin with to tell this file, and not every page of a series."""
    return path.rpartition("/")[0] + "/" if rank_of(path) is Rank.MEDIA else path


def _check(artifact: Artifact) -> None:
    """Is the file still what was planned? Another build may have made it anew meanwhile.

    Recordings are too large to be read twice; their size is looked at by who sends them.
    """
    if artifact.rank is Rank.MEDIA or artifact.file is None:
        return
    try:
        data = artifact.file.read_bytes()
    except OSError as error:
        raise shrunk(artifact.path) from error
    if sha256(data).hexdigest() != artifact.sha256:
        raise shrunk(artifact.path)


@contextmanager
def _on_disk(path: str, data: bytes) -> Iterator[Artifact]:
    """Bytes as a file on this machine, for as long as they are sent."""
    try:
        handle, name = tempfile.mkstemp(prefix="feedtool-")
    except OSError as error:
        raise _no_room(tempfile.gettempdir(), error) from error
    try:
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        except OSError as error:
            raise _no_room(name, error) from error
        yield Artifact(path, len(data), sha256(data).hexdigest(), Path(name))
    finally:
        Path(name).unlink(missing_ok=True)


def _no_room(path: str, error: OSError) -> WriteError:
    return WriteError(
        N_("{path} could not be written or read: {reason}"),
        N_("make room, or put the permissions right; then run the same command again"),
        path=path, reason=error.strerror or str(error),
    )  # fmt: skip
