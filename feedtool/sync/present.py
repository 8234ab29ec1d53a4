"""What a host has, by what it can be found with: id, marker, guid or title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from ..finding import N_
from .host import Held, State, key_of
from .record import HostLock, Record
from .step import Action, Step, Why, Wish

_NEAR = timedelta(seconds=1)
"""Hosts measure durations themselves."""


class Present:
    """What the host has, by what it can be found with."""

    def __init__(self, held: Iterable[Held], lock: HostLock, wishes: Iterable[Wish]) -> None:
        self._by_remote = {one.remote: one for one in held}
        self.lock = lock
        ours = {record.remote for record in lock.records.values()}
        ours |= {record.replaces for record in lock.records.values()}
        self._by_key: dict[str, list[Held]] = defaultdict(list)
        self._others: dict[str, Held] = {}
        self._by_title: dict[str, list[Held]] = defaultdict(list)
        self._by_guid: dict[str, Held] = {}
        here = {key_of(wish.guid) for wish in wishes}
        self._orphans: list[Held] = []  # that we made, for guids that are not here
        for one in self._by_remote.values():
            if one.marker and one.marker.key not in here and one.state is not State.FAILED:
                self._orphans.append(one)
            if one.marker:
                self._by_key[one.marker.key].append(one)
            elif one.remote not in ours:
                self._others[one.remote] = one
                self._by_title[_plain(one.title)].append(one)
                self._by_guid |= dict.fromkeys(one.guids, one)
        for guid, record in lock.records.items():  # markers may be lost, or cannot be planted
            known = self._by_remote.get(record.remote)
            if known and not known.marker:
                self._by_key[key_of(guid)].append(known)
        self._used: set[str] = set()

    def recorded(self, record: Record | None) -> Held | None:
        return self._by_remote.get(record.remote) if record else None

    def replaced(self, record: Record | None) -> Held | None:
        """The item whose place the recorded one is to take, if it is still there."""
        return self._by_remote.get(record.replaces) if record else None

    def marked(self, wish: Wish) -> list[Held]:
        """The items made for an episode, the one to be preferred first."""
        found = self._by_key.get(key_of(wish.guid), [])
        return sorted(found, key=preference)

    def use(self, held: Held) -> None:
        self._used.add(held.remote)
        self._others.pop(held.remote, None)

    def pass_over(self, wish: Wish) -> None:
        for one in self._by_key.get(key_of(wish.guid), []):
            self.use(one)

    def alike(self, wish: Wish) -> Held | None:
        """An item of somebody else that is this episode, by all that can be seen."""
        found = self._by_guid.get(wish.guid)
        if found is None:
            found = next(
                (one for one in self._by_title.get(_plain(wish.title), ()) if _is_near(one, wish)),
                None,
            )
        return found if found and found.remote in self._others else None

    def under_another_guid(self, wish: Wish) -> Held | None:
        """An item that we made of the same recording, for an episode that is not here.

        Only of what may be one the recording is read: an archive is large.
        """
        title = _plain(wish.title)
        return next(
            (
                one
                for one in self._orphans
                if one.remote not in self._used
                and (_plain(one.title) == title or _is_near(one, wish))
                and one.marker is not None
                and one.marker.is_of(wish.sum())
            ),
            None,
        )

    def is_used(self, held: Held) -> bool:
        """Does it stand for an episode already?"""
        return held.remote in self._used

    def doubles(self, wish: Wish) -> Iterator[Step]:
        """Further items of one episode."""
        record, intent = self.lock.records.get(wish.guid), self.lock.intents.get(wish.guid)
        for one in self._by_key.get(key_of(wish.guid), []):
            old = record is not None and one.remote == record.replaces
            begun = intent is not None and one.marker and one.marker.is_of(intent.sha256)
            if one.remote not in self._used and not old and not (begun and not one.public):
                self.use(one)
                why = Why(N_("there is another one of this episode; remove it there"))
                yield Step(action=Action.DRIFT, wish=wish, held=one, why=why)

    def foreign(self) -> Iterator[Step]:
        """What is not ours."""
        known = {key_of(guid) for guid in self.lock.records}
        recorded = {record.remote for record in self.lock.records.values()}
        for key, items in self._by_key.items():
            for one in items:
                if key not in known and one.remote not in self._used | recorded:
                    why = Why(N_("made by feedtool for an episode that is not here; left alone"))
                    yield Step(action=Action.FOREIGN, held=one, why=why)
        for one in self._others.values():
            why = Why(N_("exists there but not here; left alone"))
            yield Step(action=Action.FOREIGN, held=one, why=why)


def preference(one: Held) -> tuple[object, ...]:
    """Sorts items of the same episode: what listeners have comes first, then the oldest."""
    created = one.created.timestamp() if one.created else 0.0
    return one.state is State.FAILED, not one.public, created, one.remote


def _is_near(one: Held, wish: Wish) -> bool:
    return one.duration is None or abs(one.duration - wish.duration) <= _NEAR


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()
