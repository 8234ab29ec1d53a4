"""Several lines about one thing, as git leaves them after a merge: which of them stands.

A line that a person overrode carries what it said before (`was`), so its whole history can be
told from it. A line stands above another if the other is one of its earlier states. Records are
expected to be right (records.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ..declare import dataclass
from .promises import Fact
from .records import Record, instant

KEYS = (
    "base_url",
    "media_base_url",
    "guid",
    "series",
    "slug",
    "date",
    "media",
    "bytes",
    "duration_ms",
    "type",
    "sha256",
    "bare",
    "from",
    "alternates",
    "gone",
)
"""What a line can say, in the order it is told; a key that one line lacks is no disagreement."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record, and where it stands in the file (counted from 1)."""

    number: int
    record: Record


def settle(lines: Sequence[Line]) -> list[Line]:
    """The lines that stand: one if they agree, each merged from all that say the same.

    The order of the lines does not matter, but for those that disagree.
    """
    standing: list[Line] = []
    # the longest history first: what it does not explain is a second opinion
    for line in sorted(lines, key=_age):
        for at, other in enumerate(standing):
            if not _differing(other.record, line.record):
                standing[at] = Line(min(line.number, other.number), _merged(other, line))
                break
            if supersedes(other.record, line.record):
                break
        else:
            standing.append(line)
    return sorted(standing, key=lambda line: line.number)


def supersedes(record: Record, other: Record) -> bool:
    """The other is what this record said before it was overridden."""
    past = _was(other)
    return any(
        len(past) <= len(_was(state))
        and all(entry in _was(state) for entry in past)
        and not set(_differing(state, other)) - {"alternates"}
        for state in earlier_states(record)
    )


def earlier_states(record: Record) -> Iterator[Record]:
    """What the record said before each override, the latest first."""
    state = dict(record)
    while True:
        if "gone" in state:
            del state["gone"]
        elif was := _was(state):
            entry = was[-1]
            if "media" in entry:
                state.pop("sha256", None)
                state.pop("bare", None)
                state.pop("from", None)
            state |= {key: value for key, value in entry.items() if key in KEYS}
            state["was"] = was[:-1]
        else:
            return
        yield dict(state)


def differences(one: Record, other: Record) -> str:
    """What two records do not agree about, both values shown."""
    return "; ".join(
        f"{key}: {_shown(one.get(key))} / {_shown(other.get(key))}"
        for key in _differing(one, other)
    )


def _differing(one: Record, other: Record) -> list[str]:
    return [key for key in KEYS if not _agree(key, one.get(key), other.get(key))]


def _agree(key: str, one: object, other: object) -> bool:
    if key == "gone":
        return (one is None) == (other is None)  # two branches may each say why
    if one is None or other is None or one == other:
        return True
    if key == "date":
        return instant(one) == instant(other)
    if key == "alternates" and isinstance(one, list) and isinstance(other, list):
        known = {each["media"]: each for each in one}
        return not any(
            _differing(known[each["media"]], each) for each in other if each["media"] in known
        )
    return False


def _merged(one: Line, other: Line) -> Record:
    """Two lines that agree, as one: what only one of them knows is kept."""
    first, second = (line.record for line in sorted((one, other), key=_age))
    merged = {**second, **first}
    if was := [*_was(first), *(entry for entry in _was(second) if entry not in _was(first))]:
        merged["was"] = was
    if alternates := _all_alternates(first, second):
        merged["alternates"] = alternates
    if "gone" in first:
        merged["gone"] = min(first["gone"], second["gone"], key=_day)
    return merged


def _all_alternates(first: Record, second: Record) -> list[Record]:
    known: dict[object, Record] = {}
    for record in (first, second):
        alternates = record.get("alternates")
        for each in alternates if isinstance(alternates, list) else ():
            known[each["media"]] = {**each, **known.get(each["media"], {})}
    return list(known.values())


def _day(gone: object) -> tuple[str, str]:
    return (str(gone["on"]), str(gone.get("why"))) if isinstance(gone, dict) else ("", "")


def _was(record: Record) -> list[Fact]:
    was = record.get("was")
    return was if isinstance(was, list) else []


def _age(line: Line) -> tuple[int, bool, str]:
    """Sorts the longest history first, then by content: two files in any order give the same."""
    record = line.record
    return (-len(_was(record)), "gone" not in record, json.dumps(record, sort_keys=True))


def _shown(value: object) -> str:
    return str(value) if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
