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


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Guids, by what happens to them; one may be in several."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  #: title, notes, chapters ...; nothing below
    moved: tuple[str, ...] = ()  #: the same recording at another address
    redated: tuple[str, ...] = ()
    redownload: tuple[str, ...] = ()  #: other bytes
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in NAMES)

    @property
    def but_new(self) -> bool:
        """Does anything happen beside new episodes?"""
        return any(getattr(self, name) for name in NAMES if name != "new")


NAMES = tuple(one.name for one in fields(Effects))
"""Of all effects, in the order in which they are told."""


def effects(before: Iterable[Heard], after: Iterable[Heard]) -> Effects:
    """What changes for those who have the feed `before`; guids are in the order of the feeds."""
    old = {item.guid: item for item in before}
    new = {item.guid: item for item in after}
    both = [(old[guid], item) for guid, item in new.items() if guid in old]
    notable = {
        "moved": [b.guid for a, b in both if a.url != b.url and a.length == b.length],
        "redated": [b.guid for a, b in both if a.date != b.date],
        "redownload": [b.guid for a, b in both if a.length != b.length],
    }
    told = {guid for guids in notable.values() for guid in guids}
    return Effects(
        new=tuple(guid for guid in new if guid not in old),
        changed=tuple(b.guid for a, b in both if a != b and b.guid not in told),
        gone=tuple(guid for guid in old if guid not in new),
        **{name: tuple(guids) for name, guids in notable.items()},
    )


def stops(
    happens: Mapping[str, Effects], names: Mapping[str, str], allow: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """What nobody allowed: series, guid, and the fact that would have to be allowed.

    `names` gives "series/slug" for a guid; an override names that, the guid or the series.
    """
    allowed = set(allow)
    for series, one in happens.items():
        for fact, guids in (
            ("date", one.redated),
            ("media", one.redownload),
            ("gone", one.gone),
        ):
            for guid in guids:
                given = {(fact, name) for name in (names.get(guid, guid), guid, series)}
                if given.isdisjoint(allowed):
                    yield series, guid, fact
