"""What subscribers will see of a publish, by comparing the feed they have with the new one.

Apps know an episode by its guid: another guid is another episode, a missing one is gone. They sort
by date, and they have stored the file of an address: other bytes there, or another address, may be
downloaded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import NamedTuple

from ..declare import dataclass


class Heard(NamedTuple):
    """What a feed says of one item, as far as subscribers notice it at once."""

    guid: str
    title: str
    date: str  #: ISO 8601 with an offset
    url: str  #: of the recording
    length: int  #: bytes
    type: str  #: MIME type
    content: str  #: something that is another text when anything else of the item is another


class Change(NamedTuple):
    """Something that a feed says of the show itself, as it was and as it will be; "" = nothing."""

    name: str  #: as in series.yaml: "title"
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Guids, by what happens to them; one may be in several. And what happens to the show."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  #: title, notes, chapters ...; nothing below
    moved: tuple[str, ...] = ()  #: the same recording at another address
    redated: tuple[str, ...] = ()
    redownload: tuple[str, ...] = ()  #: other bytes
    gone: tuple[str, ...] = ()
    show: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new) or self.but_new

    @property
    def but_new(self) -> bool:
        """Does anything happen beside new episodes?"""
        return bool(self.show) or any(getattr(self, name) for name in NAMES if name != "new")


NAMES = tuple(one.name for one in fields(Effects) if one.name != "show")
"""Of all effects on episodes, in the order in which they are told."""


def effects(
    before: Iterable[Heard], after: Iterable[Heard], replaced: tuple[str, ...] = ()
) -> Effects:
    """What changes for those who have the feed `before`; guids are in the order of the feeds.

    `replaced` are ends of addresses that get other bytes of the same size, which no feed tells.
    """
    old = {item.guid: item for item in before}
    new = {item.guid: item for item in after}
    both = [(old[guid], item) for guid, item in new.items() if guid in old]
    moved = tuple(b.guid for a, b in both if a.url != b.url and a.length == b.length)
    redated = tuple(b.guid for a, b in both if a.date != b.date)
    redownload = tuple(b.guid for a, b in both if a.length != b.length or b.url.endswith(replaced))
    told = {*moved, *redated, *redownload}
    return Effects(
        new=tuple(guid for guid in new if guid not in old),
        changed=tuple(b.guid for a, b in both if a != b and b.guid not in told),
        moved=moved,
        redated=redated,
        redownload=redownload,
        gone=tuple(guid for guid in old if guid not in new),
    )


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """What a feed says of its show in another way, in the order of `after`."""
    names = dict.fromkeys([*after, *before])
    each = (Change(name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(one for one in each if one.before != one.after)


def stops(
    happens: Mapping[str, Effects], names: Mapping[str, str], allow: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """What nobody allowed: series, guid, and the fact that would have to be allowed.

    `names` gives "series/slug" for a guid; an override names that, the guid or the series. What
    is gone from one series may be in another: it may be called by its name in either.
    """
    allowed = set(allow)
    for series, guid, fact, overrides in _painful(happens, names):
        if allowed.isdisjoint(overrides):
            yield series, guid, fact


def needed(
    happens: Mapping[str, Effects], names: Mapping[str, str], allow: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those overrides without which something would stop."""
    asked = {each for _, _, _, overrides in _painful(happens, names) for each in overrides}
    return asked.intersection(allow)


def _painful(
    happens: Mapping[str, Effects], names: Mapping[str, str]
) -> Iterator[tuple[str, str, str, set[tuple[str, str]]]]:
    """What subscribers should be spared: series, guid, fact, and the overrides that permit it."""
    for series, one in happens.items():
        for fact, guids in (
            ("date", one.redated),
            ("media", one.redownload),
            ("gone", one.gone),
        ):
            for guid in guids:
                name = names.get(guid, guid)
                here = f"{series}/{name.rpartition('/')[2]}"
                yield series, guid, fact, {(fact, each) for each in (name, here, guid, series)}
