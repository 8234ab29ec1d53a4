"""An episode after its preparation: its part of every feed, and what the whole catalog asks of it.

Small and plain, so that it can come from another process and be kept for the next build, when the
episode itself is forgotten. Everything in it is what JSON can hold.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from .cache import as_bytes, from_text
from .finding import CODES, Finding, Place, Severity
from .lock import Promise
from .model import Copied, Identity

Order = tuple[float, int, float, str, str]
"""Sorts items as feeds have them: date, season and episode descending, then slug."""

PlainFinding = tuple[str, str, str, list[str | int], int | None, int | None, dict[str, Any]]
"""Code, severity, file, keys, line, column, parameters."""


class Part(NamedTuple):
    """Some bytes of a file."""

    offset: int
    length: int


class Said(NamedTuple):
    """What feeds say of an item in the same words."""

    atom_id: str
    title: str
    url: str  #: of the recording, without any prefix
    length: int
    type: str
    season: int | None


class Entry(NamedTuple):
    """One episode, whatever its state."""

    slug: str
    date: str  #: ISO 8601 with an offset
    changed: str  #: the same, of its newest change
    guid: str
    media: str  #: a source
    draft: bool
    sound: bool  #: its file has no errors
    measured: bool  #: it could be an item
    reads: tuple[str, ...]  #: files it was made from besides its own, there or not
    findings: tuple[PlainFinding, ...]
    ignored: tuple[tuple[str, str], ...]  #: code and reason
    promise: dict[str, Any] | None  #: as a record of the lock; None for a draft
    absent: tuple[tuple[str, int], ...]  #: recordings that are not here but promised; bytes
    numbers: tuple[int, str, str] = (0, "", "")  #: season, its name, number; as in Identity
    order: Order | None = None  #: from here on: only of a due item
    said: Said | None = None
    published: tuple[str, ...] = ()  #: sources it names
    files: tuple[str, ...] = ()  #: below its folder in the output
    digest: str = ""  #: of its parts
    spool: str = ""  #: the file with its parts; "" = those that were published
    parts: tuple[Part, ...] = ()  #: of each feed, in the order of FORMATS
    row: str = ""  #: of the page of its series

    @property
    def copied(self) -> Copied | None:
        """The copy that is published of its recording; None = the recording itself."""
        promise = self.promise
        if promise is None or "bare" not in promise:
            return None
        return Copied(promise["sha256"], promise["bytes"])

    @property
    def due(self) -> bool:
        return self.order is not None

    @property
    def facts(self) -> tuple[object, ...]:
        """What others than its series' feeds go by."""
        return (
            self.date, self.guid, self.media, self.draft, self.sound, self.measured,
            self.promise, self.absent, self.numbers, self.order, self.published,
        )  # fmt: skip

    def identity(self, series: str, promise: Promise | None) -> Identity:
        """`promise` is one with the same guid: when it is of this episode, its values are used."""
        file = f"episodes/{series}/{self.slug}.md"
        if promise and promise.file == file:
            media = promise.media if promise.media == self.media else self.media
            return Identity(
                promise.file, series, promise.slug, promise.guid, media, promise.date, self.draft,
                *self.numbers,
            )  # fmt: skip
        date = datetime.fromisoformat(self.date)
        return Identity(
            file, series, self.slug, self.guid, self.media, date, self.draft, *self.numbers
        )


def packed(entries: Iterable[Entry]) -> bytes:
    """Entries in a tenth of the room that they take as values (10,000: 1.8 MiB, not 23)."""
    return zlib.compress(as_bytes(list(entries)), 1)


def unpacked(data: bytes) -> tuple[Entry, ...]:
    """The entries again."""
    return tuple(map(entry_of, from_text(zlib.decompress(data))))


def entry_of(plain: list[Any]) -> Entry:
    """JSON has lists for tuples; where they are compared or have names, they are tuples again."""
    plain[_ABSENT] = tuple((source, size) for source, size in plain[_ABSENT])
    plain[_NUMBERS] = tuple(plain[_NUMBERS])
    if plain[_ORDER]:
        plain[_ORDER] = tuple(plain[_ORDER])
        plain[_SAID] = Said._make(plain[_SAID])
        plain[_PUBLISHED] = tuple(plain[_PUBLISHED])
        plain[_PARTS] = tuple(map(Part._make, plain[_PARTS]))
    return Entry._make(plain)


_ABSENT, _NUMBERS, _ORDER, _SAID, _PUBLISHED, _PARTS = map(
    Entry._fields.index, ("absent", "numbers", "order", "said", "published", "parts")
)


def plain_finding(finding: Finding) -> PlainFinding:
    place = finding.place
    return (
        finding.code.id, str(finding.severity), place.file, list(place.keys), place.line,
        place.column, dict(finding.params),
    )  # fmt: skip


def findings_of(plain: Iterable[PlainFinding | list[Any]]) -> list[Finding]:
    """The findings themselves; their codes are declared by now."""
    return [
        Finding(CODES[code], Place(file, tuple(keys), line, column), params, Severity(severity))
        for code, severity, file, keys, line, column, params in plain
    ]


def newest_change(entries: Iterable[Entry]) -> datetime:
    """When a feed of these entries changed last."""
    changes = [(datetime.fromisoformat(text), text) for text in {one.changed for one in entries}]
    return max(changes)[0]
