"""<host>.lock: which item at a host is which episode, and how both were when they last agreed.

JSON Lines, committed like feedtool.lock and read as a union too: of two lines about one episode
the younger counts, in whatever order git left them. A line with "begun" says that an upload may
have happened: only the host knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import field, fields
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from ..declare import dataclass
from ..errors import FeedtoolError
from ..finding import N_
from .host import Value

VERSION = 1
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An episode and its item."""

    guid: str
    episode: str  #: "series/slug", to be read by people
    remote: str  #: id of the item
    media: str  #: the recording that was sent, below media/; "" = not known which
    bytes: int
    sha256: str = ""  #: hexadecimal, or its beginning; "" = it was there before us
    public: bool = False  #: it was public once: one that is hidden now was hidden by somebody
    sent: Mapping[str, str] = field(default_factory=dict)  #: marks of what we wanted, by field
    seen: Mapping[str, str] = field(default_factory=dict)  #: marks of what the host made of it
    replaces: str = ""  #: id of an item that is to go before this one is revealed
    at: str = ""  #: when this line was written, ISO 8601 in UTC


_KEYS = frozenset(key.name for key in fields(Record))
"""What a record may say. More is of a newer feedtool: nobody makes up such a line by accident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """An upload that was begun."""

    guid: str
    sha256: str
    at: str  #: when, ISO 8601 in UTC

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(slots=True)
class HostLock:
    """What is known of a host. `url` and `account` are "" before the first sync."""

    url: str = ""
    account: str = ""
    records: dict[str, Record] = field(default_factory=dict)  #: by guid
    intents: dict[str, Intent] = field(default_factory=dict)  #: by guid; the open ones


_encode = json.JSONEncoder(ensure_ascii=False).encode
"""Of ten thousand episodes there are 150,000 marks, and json.dumps makes an encoder for each."""


@lru_cache(maxsize=500, typed=True)
def mark(value: Value) -> str:
    """A short text that is another one for another value. The order of tuples does not count.

    Most are asked for again soon: of a licence by the next episode, of notes by the next step.
    """
    plain = sorted(value) if isinstance(value, tuple) else value
    # a host may tell halves of characters, which UTF-8 has not
    return sha256(_encode(plain).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def marks(fields: Mapping[str, Value]) -> dict[str, str]:
    return {name: mark(value) for name, value in sorted(fields.items())}


def read_host_lock(text: str, file: str) -> HostLock:
    """Raises FeedtoolError for a line that is none of ours, and for a newer version."""
    lock, lines, read = HostLock(), text.split("\n"), _Read()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(_CONFLICT):
            continue
        try:
            plain = json.loads(line)
            if "\\u" in line:  # half a character could not be written again
                _line(plain).encode()
            if "lock" in plain:
                _check_version(plain, file)
                lock.url, lock.account = _text(plain["url"]), _text(plain["account"])
            elif "remote" in plain and plain.keys() - _KEYS:
                raise _newer(file)
            else:
                read.take(plain)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            if number == len(lines):  # of a run that was killed while it wrote: nothing was done
                continue
            raise FeedtoolError(
                N_("{file}, line {line}, cannot be read"),
                N_("put the file back as git has it"),
                file=file, line=number,
            ) from error  # fmt: skip
    for guid, record in read.records.items():
        if record.at >= read.forgotten.get(guid, ""):
            lock.records[guid] = record
    for guid, intent in read.intents.items():
        kept = read.records[guid].at if guid in read.records else ""
        if intent.at > max(kept, read.ended.get(guid, "")):
            lock.intents[guid] = intent
    return lock


@dataclass(slots=True)
class _Read:
    """The youngest line of each kind, by guid."""

    records: dict[str, Record] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)  #: when
    forgotten: dict[str, str] = field(default_factory=dict)  #: those of them that say so: when

    def take(self, plain: dict[str, Any]) -> None:
        guid, at = _text(plain["guid"]), _instant(plain["at"])
        if "remote" in plain:
            if guid not in self.records or at >= self.records[guid].at:
                self.records[guid] = _record(plain)
        elif "begun" in plain:
            if guid not in self.intents or at >= self.intents[guid].at:
                self.intents[guid] = Intent(guid=guid, sha256=_text(plain["begun"]), at=at)
        else:
            for lines in (self.ended, self.forgotten)[: 1 + bool(plain.get("forgotten"))]:
                lines[guid] = max(at, lines.get(guid, ""))


def _record(plain: dict[str, Any]) -> Record:
    """A record of a line that may have been written by hand. Raises TypeError for another type."""
    record = Record(**plain)
    for text in (record.episode, record.remote, record.media, record.sha256, record.replaces):
        _text(text)
    if type(record.bytes) is not int or type(record.public) is not bool:
        raise TypeError
    for known in (record.sent, record.seen):
        if not isinstance(known, dict) or not all(type(sum) is str for sum in known.values()):
            raise TypeError
    return record


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _instant(value: object) -> str:
    """When a line was written. Raises ValueError for what cannot be compared with others."""
    when = datetime.fromisoformat(_text(value))
    if when.tzinfo is None or not 1970 <= when.year < 9999:  # at the ends of time nothing is added
        raise ValueError
    return str(value)


def _check_version(plain: dict[str, Any], file: str) -> None:
    if plain["lock"] != VERSION:
        raise _newer(file)


def _newer(file: str) -> FeedtoolError:
    return FeedtoolError(
        N_("{file} was written by a newer feedtool"),
        N_("install that version, or a later one, here too"),
        file=file,
    )


def host_lock_lines(lock: HostLock) -> Iterator[str]:
    """Sorted by guid: branches seldom touch the same lines."""
    yield header_line(lock)
    for guid in sorted(lock.records.keys() | lock.intents.keys()):
        if guid in lock.records:
            yield record_line(lock.records[guid])
        if guid in lock.intents:
            yield intent_line(lock.intents[guid])


def header_line(lock: HostLock) -> str:
    return _line({"lock": VERSION, "url": lock.url, "account": lock.account})


def record_line(record: Record) -> str:
    plain: dict[str, Any] = {
        "guid": record.guid, "episode": record.episode, "remote": record.remote,
        "media": record.media, "bytes": record.bytes, "sha256": record.sha256,
        "public": record.public, "sent": dict(record.sent), "seen": dict(record.seen),
    }  # fmt: skip
    if record.replaces:
        plain["replaces"] = record.replaces
    return _line({**plain, "at": record.at})


def intent_line(intent: Intent) -> str:
    return _line({"guid": intent.guid, "begun": intent.sha256, "at": intent.at})


def closed_line(guid: str, at: str, *, forgotten: bool = False) -> str:
    """What was begun came to nothing; with `forgotten`, the item itself is gone."""
    return _line({"guid": guid, **({"forgotten": True} if forgotten else {}), "at": at})


def _line(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"
