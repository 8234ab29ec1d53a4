"""A plan, carried out: what is begun is written down before, what is done after.

An item is made hidden, waited for, and only then revealed. What an unclear answer left is found by
asking the host, never by sending again. A failure of one item does not stop the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from ..declare import dataclass
from ..errors import AccessError, FeedtoolError
from ..finding import N_
from .host import (
    Abilities,
    Held,
    Host,
    HostDownError,
    HostError,
    Marker,
    Progress,
    Sound,
    State,
    UnknownOutcomeError,
    Wanted,
    key_of,
)
from .journal import Journal
from .present import preference
from .record import Intent, Record, marks
from .step import Action, Step, Wish

LOOKS: Sequence[float] = (2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds before each look for an item that may have been made: lists lag behind."""
PATIENCE: Sequence[float] = (1.0, 1.0, 2.0, 2.0, 4.0, 5.0, *[10.0] * 30)
"""Seconds before each look whether an item is ready: five minutes."""
_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one step."""

    step: Step
    error: FeedtoolError | None = None
    waits: bool = False  #: the host is still busy with it; it is hidden, and revealed next time
    held: Held | None = None


class Watcher(Protocol):
    """Is told what happens."""

    def begins(self, step: Step) -> Progress:
        """A step begins; what comes back is told bytes."""
        ...

    def ended(self, done: Done) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """One run: the host, what is recorded, and the folder that sources of pictures are in."""

    host: Host
    journal: Journal
    media: Path
    channels: Callable[[Wish], str | None]  #: the channel of its series; makes it if need be
    wait: Callable[[float], None]
    began: datetime  #: when the host was listed

    @property
    def abilities(self) -> Abilities:
        return self.host.abilities

    def carry_out(self, steps: Sequence[Step], watcher: Watcher) -> Iterator[Done]:
        """Each step that does something. Raises what ends a run, after the steps before it."""
        for step in steps:
            if not step.does:
                continue
            progress = watcher.begins(step)
            try:
                done = self._carry_out(step, progress)
            except (AccessError, HostDownError):
                raise
            except HostError as error:
                done = Done(step, error)
            watcher.ended(done)
            yield done

    def _carry_out(self, step: Step, progress: Progress) -> Done:
        if step.action is Action.DELETE:
            assert step.record is not None
            self.host.delete(step.remote)
            self.journal.drop(step.record.guid, forgotten=True)
            return Done(step)
        wish = step.wish
        assert wish is not None
        if step.uploads:
            return self._upload(step, wish, progress)
        theirs = step.held and step.held.marker and step.held.marker.key != key_of(wish.guid)
        adopts = step.action is Action.ADOPT
        stays = step.held is not None and (step.held.public or step.hidden)
        if adopts and not step.fields and step.held and stays and not theirs:
            self.journal.note(self._adopted(step, wish, step.held))  # the list has told all of it
            return Done(step, held=step.held)
        held = self._as_planned(step)
        if step.fields or (adopts and theirs):
            held = self._update(step, wish, held)
        record = self._keep(step, wish, held, step.fields)
        if adopts:
            self._forget_others(record)
        return self._reveal(step, record, held)

    def _forget_others(self, record: Record) -> None:
        """An episode that got another guid has one record, not two."""
        for guid, other in list(self.journal.lock.records.items()):
            if other.remote == record.remote and guid != record.guid:
                self.journal.drop(guid, forgotten=True)

    # uploads

    def _upload(self, step: Step, wish: Wish, progress: Progress) -> Done:
        sum, wanted = wish.sum(), wish.wanted()
        marker = Marker(key_of(wish.guid), sum)
        old = step.remote if step.action is Action.REPLACE else ""
        if old and step.record and step.record.replaces:  # it never took the place of that one
            self.host.delete(old)
            old = step.record.replaces
        held = self._made_before(wish, marker, step)
        if step.held is not None and not old:  # failed, and never public
            self._remove(wish.guid, step.held, forgotten=held is None)
        if held is None:
            held = self._create(wish, marker, wanted, step, progress)
        else:  # the file may have been changed since
            there = marks(held.fields)
            other = {name for name, one in wish.marks.items() if there.get(name) != one}
            fields = {name: one for name, one in wanted.fields.items() if name in other}
            held = self.host.update(held, fields, marker, self.media) if fields else held
        record = self.journal.keep(
            Record(
                guid=wish.guid, episode=wish.name, remote=held.remote, media=wish.media,
                bytes=wish.bytes, sha256=sum, sent=dict(wish.marks), replaces=old,
            )
        )  # fmt: skip
        return self._reveal(step, record, held)

    def _remove(self, guid: str, failed: Held, *, forgotten: bool) -> None:
        """Remove an item that came to nothing.

        It is `forgotten` first, if nothing else is known of the episode: should the run end here,
        or what follows be refused, nobody shall be told that somebody removed it there. Until it
        is gone, its marker tells of it.
        """
        if forgotten:
            self.journal.drop(guid, forgotten=True)
        self.host.delete(failed.remote)

    def _made_before(self, wish: Wish, marker: Marker, step: Step) -> Held | None:
        """What an earlier run, or somebody else since the plan, has made of this recording."""
        intent = self.journal.lock.intents.get(wish.guid)
        if intent is None:
            return self._find(marker, self.began - _SLACK, step)
        found = self._find(marker, intent.time - _SLACK, step)
        looks = iter(LOOKS)
        age = (self.journal.now() - intent.time).total_seconds()
        while found is None and (pause := next(looks, None)) is not None:
            age += pause
            if age > sum(LOOKS):  # the host has had the time
                break
            self.wait(pause)
            found = self._find(marker, intent.time - _SLACK, step)
        return found

    def _create(
        self, wish: Wish, marker: Marker, wanted: Wanted, step: Step, progress: Progress
    ) -> Held:
        channel = self.channels(wish)
        file = self.media / wish.media
        sound = Sound(
            file=file, bytes=wish.bytes, sha256=marker.sha256, type=wish.type,
            duration=wish.duration,
        )  # fmt: skip
        for last in (False, True):
            before = _stamp(file)
            if before[0] != wish.bytes:  # nobody has checked this one
                raise HostError(
                    N_("{file} was changed after the plan was made"),
                    N_("run the same command again"),
                    file=f"media/{wish.media}",
                )
            intent = self.journal.begin(wish.guid, marker.sha256)
            try:
                held = self.host.create(sound, marker, wanted, channel, self.media, progress)
            except UnknownOutcomeError:
                found = self._look_for(marker, intent, step)
                if found is not None:
                    return found
                if last:
                    raise
                continue  # it surely is not there
            except (FeedtoolError, OSError):
                self.journal.drop(wish.guid)
                raise
            if _stamp(file) != before:
                self.host.delete(held.remote)
                self.journal.drop(wish.guid)
                raise HostError(
                    N_("{file} was changed while it was sent"),
                    N_("run the same command again"),
                    file=f"media/{wish.media}",
                )
            return held
        raise AssertionError

    def _look_for(self, marker: Marker, intent: Intent, step: Step) -> Held | None:
        """What became of an upload with an unclear end."""
        for pause in LOOKS:
            self.wait(pause)
            found = self._find(marker, intent.time - _SLACK, step)
            if found is not None:
                return found
        return None

    def _find(self, marker: Marker, since: datetime, step: Step) -> Held | None:
        """The item of this recording; not the one that is to be replaced, and none that failed."""
        found = [
            one
            for one in self.host.find(marker, since)
            if one.remote != step.remote
            and one.state is not State.FAILED
            and (one.marker is None or not one.marker.sha256 or one.marker.is_of(marker.sha256))
        ]
        return min(found, key=preference, default=None)

    # what is there

    def _as_planned(self, step: Step) -> Held:
        """The item, unless it is not any more what the plan was made from."""
        held = self.host.get(step.remote)
        planned = step.held
        assert planned is not None
        if held is None:
            raise HostError(N_("it was removed there meanwhile"), N_("run the same command again"))
        changed = {
            name
            for name, there in marks(planned.fields).items()
            if marks(held.fields).get(name, there) != there
        }
        if changed or (planned.public and not held.public):
            raise HostError(N_("it was changed there meanwhile"), N_("run the same command again"))
        return held

    def _update(self, step: Step, wish: Wish, held: Held) -> Held:
        wanted = wish.wanted().fields
        if step.record:  # should this run end here, what the host has of them is not known
            sent = {name: sum for name, sum in step.record.sent.items() if name not in step.fields}
            self.journal.keep(replace(step.record, sent=sent))
        there = held.marker.sha256 if held.marker else step.record.sha256 if step.record else ""
        marker = Marker(key_of(wish.guid), there)
        fields = {name: wanted[name] for name in step.fields}
        return self.host.update(held, fields, marker, self.media)

    def _keep(self, step: Step, wish: Wish, held: Held, fields: Sequence[str]) -> Record:
        """Record how both sides are now, as far as this step has made them so."""
        there, before = marks(held.fields), step.record
        if before is None:
            return self.journal.keep(self._adopted(step, wish, held))
        sent = {**before.sent, **{name: wish.marks[name] for name in fields}}
        seen = {**before.seen, **{name: there[name] for name in fields if name in there}}
        media = wish.media if wish.here else before.media
        return self.journal.keep(
            replace(before, episode=wish.name, sent=sent, seen=seen, media=media)
        )

    def _adopted(self, step: Step, wish: Wish, held: Held) -> Record:
        # on what was there before us, the marker that we plant tells of no recording
        sum = held.marker.sha256 if held.marker else ""
        known = wish.here or not sum  # else it may be of another recording than feedtool.lock
        return Record(
            guid=wish.guid, episode=wish.name, remote=held.remote,
            media=wish.media if known else "", bytes=wish.bytes,
            sha256=wish.sum() if sum and wish.here else sum,
            public=held.public or step.hidden, sent=dict(wish.marks), seen=marks(held.fields),
        )  # fmt: skip

    def _reveal(self, step: Step, record: Record, held: Held) -> Done:
        """Wait until an item is ready, and show it to all, unless somebody hid it."""
        if record.public:
            return Done(step, held=held)
        ready = held if held.public else self._ready(held)
        if ready is None:
            return Done(step, waits=True, held=held)
        if ready.state is State.FAILED:
            self._remove(record.guid, held, forgotten=not record.replaces)
            if record.replaces:  # until here that one was known by it
                self.journal.drop(record.guid, forgotten=True)
            raise HostError(
                N_("the host could not process the recording: {reason}"),
                N_("play the file; if it is whole, run the same command again"),
                reason=ready.why or "?",
            )
        if record.replaces:
            self.host.delete(record.replaces)
            record = self.journal.keep(replace(record, replaces=""))
        shown = ready if ready.public else self.host.reveal(ready)
        self.journal.keep(replace(record, public=shown.public, seen=marks(shown.fields)))
        return Done(step, held=shown)

    def _ready(self, held: Held) -> Held | None:
        """The item when the host is done with it, well or not; None = it still is not."""
        now: Held | None = held
        for pause in (0.0, *PATIENCE):
            if pause:
                self.wait(pause)
                now = self.host.get(held.remote)
            if now is not None and now.state is not State.PROCESSING:
                return now
        return None


def _stamp(file: Path) -> tuple[int, int]:
    try:
        status = os.stat(file)
    except OSError as error:
        raise HostError(
            N_("{file} cannot be read"), N_("look whether it is there, and may be read"),
            file=f"media/{file.name}",
        ) from error  # fmt: skip
    return status.st_size, status.st_mtime_ns
