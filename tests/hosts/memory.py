"""A host in memory: it does what hosts do, and fails where a test wants it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from feedtool.model import Episode, Series
from feedtool.sync.host import (
    Abilities,
    Account,
    Held,
    Marker,
    Progress,
    Sound,
    State,
    Value,
    Wanted,
)

FIELDS = frozenset({"title", "description", "tags", "artwork", "license"})


class Killed(BaseException):
    """The process ends here, as by kill -9: nothing after it runs."""


@dataclass
class MemoryHost:
    """Items by id. `at` is called before ("before") and after ("after") every change, by number."""

    notes: ClassVar[tuple[str, ...]] = ()
    abilities: Abilities = field(
        default_factory=lambda: Abilities(changes=FIELDS, marks_later=True)
    )
    owner: Account = field(default_factory=lambda: Account(id="1", name="SKR"))
    at: Callable[[int, str], None] = lambda number, moment: None
    busy: int = 0  #: looks at a new item before it is ready
    items_there: dict[str, Held] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)  #: looks that an item is still busy for
    fails: set[str] = field(default_factory=set)  #: SHA-256 of recordings it cannot process
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    late: int = 0  #: looks for which a new item is in no list
    changes: int = 0  #: that were asked for
    looks: int = 0  #: `find` and `get`
    uploads: list[str] = field(default_factory=list)  #: keys, in order
    deleted: list[str] = field(default_factory=list)
    public_at_birth: list[str] = field(default_factory=list)

    def _change(self, do: Callable[[], str]) -> str:
        number = self.changes
        self.changes += 1
        self.at(number, "before")
        remote = do()
        self.at(number, "after")
        return remote

    def account(self) -> Account:
        return self.owner

    def items(self) -> Iterator[Held]:
        for remote in list(self.items_there):
            if not self._is_late(remote):
                yield self.items_there[remote]

    def find(self, marker: Marker, since: datetime) -> list[Held]:
        self.looks += 1
        return [
            one
            for one in self.items()
            if one.marker and one.marker.key == marker.key and (one.created or since) >= since
        ]

    def get(self, remote: str) -> Held | None:
        self.looks += 1
        held = self.items_there.get(remote)
        if held and held.state is State.PROCESSING:
            self.left[remote] -= 1
            if self.left[remote] <= 0:
                bad = held.marker is not None and held.marker.sha256 in self.fails
                state = State.FAILED if bad else State.READY
                held = self.items_there[remote] = replace(held, state=state, why="noise")
        return held

    def wanted(self, episode: Episode, series: Series, page: str) -> Wanted:
        return Wanted(fields={"title": episode.title, "tags": episode.tags})

    def channel(self, series: Series) -> str | None:
        return None

    def make_channel(self, series: Series, picture: Path | None) -> str:
        raise AssertionError("it has no channels")

    def create(
        self,
        sound: Sound,
        marker: Marker,
        wanted: Wanted,
        channel: str | None,
        pictures: Path,
        progress: Progress,
    ) -> Held:
        def do() -> str:
            remote = f"item-{len(self.uploads)}"
            self.uploads.append(marker.key)
            self.left[remote] = self.busy
            self.items_there[remote] = Held(
                remote=remote, marker=marker, state=State.PROCESSING if self.busy else State.READY,
                public=False, fields=self._as_kept(wanted.fields),
                title=str(wanted.fields["title"]), duration=sound.duration, created=self.now,
            )  # fmt: skip
            if not self.busy and sound.sha256 in self.fails:
                self.items_there[remote] = replace(
                    self.items_there[remote], state=State.FAILED, why="noise"
                )
            return remote

        progress(sound.bytes, sound.bytes)
        return self.items_there[self._change(do)]

    def update(
        self, held: Held, fields: Mapping[str, Value], marker: Marker, pictures: Path
    ) -> Held:
        def do() -> str:
            there = self.items_there[held.remote]
            self.items_there[held.remote] = replace(
                there, fields={**there.fields, **self._as_kept(fields)},
                marker=marker if self.abilities.marks_later else there.marker,
                title=str(fields.get("title", there.title)),
            )  # fmt: skip
            return held.remote

        return self.items_there[self._change(do)]

    def reveal(self, held: Held) -> Held:
        def do() -> str:
            assert self.items_there[held.remote].state is State.READY, "half-done, and public"
            self.items_there[held.remote] = replace(self.items_there[held.remote], public=True)
            return held.remote

        return self.items_there[self._change(do)]

    def delete(self, remote: str) -> None:
        def do() -> str:
            if self.items_there.pop(remote, None):
                self.deleted.append(remote)
            return remote

        self._change(do)

    def warnings(self) -> list[tuple[str, Mapping[str, object]]]:
        return []

    def close(self) -> None:
        pass

    # what tests do

    def somebody_uploads(
        self, title: str, duration: timedelta | None = None, guids: tuple[str, ...] = ()
    ) -> str:
        remote = f"foreign-{len(self.items_there)}"
        self.items_there[remote] = Held(
            remote=remote, title=title, duration=duration, guids=guids, created=self.now,
            fields={"title": title},
        )  # fmt: skip
        return remote

    def somebody_writes(self, remote: str, **fields: Value) -> None:
        there = self.items_there[remote]
        self.items_there[remote] = replace(there, fields={**there.fields, **fields})

    def _is_late(self, remote: str) -> bool:
        """A list lags behind for some looks, but not for longer than a minute."""
        created = self.items_there[remote].created
        young = created is not None and self.now - created < timedelta(minutes=1)
        if self.late and young and remote == f"item-{len(self.uploads) - 1}":
            self.late -= 1
            return True
        return False

    @staticmethod
    def _as_kept(fields: Mapping[str, Value]) -> dict[str, Value]:
        """Hosts tidy what they are given: artwork becomes an address, white space goes."""
        kept = dict(fields)
        if "artwork" in kept:
            kept["artwork"] = f"https://host.example/{kept['artwork']}"
        if isinstance(kept.get("description"), str):
            kept["description"] = str(kept["description"]).replace("\n", " ")
        return kept
