"""One line of the lock as JSON: values into records and back, every value checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from ..pattern import pattern
from .promises import Fact, Gone, Promise, Rendition

VERSION = 1  #: of the file format; a higher one was written by a later feedtool

Record = Mapping[str, object]

_MILLISECOND = timedelta(milliseconds=1)
_LONGEST = 10**12  # milliseconds, 31 years: `timedelta` has a limit, and JSON has none
_SUM = pattern("[0-9a-f]{64}")
_SURROGATE = pattern("[\ud800-\udfff]")  # JSON can carry halves of characters; UTF-8 cannot


class RecordError(ValueError):
    """A key of a record is absent (`missing`) or holds something that cannot be right."""

    def __init__(self, key: str, value: object = None, *, missing: bool = False) -> None:
        super().__init__(key)
        self.key = key
        self.value = value
        self.missing = missing


# --- into records ----------------------------------------------------------------------------


def header_record(
    base_url: str, media_base_url: str, guid: str, was: tuple[Fact, ...]
) -> dict[str, object]:
    """The first line: the catalog's addresses, and the guid of the feed of all of it."""
    record: dict[str, object] = {
        "lock": VERSION,
        "base_url": base_url,
        "media_base_url": media_base_url,
    }
    if guid:
        record["guid"] = guid
    if was:
        record["was"] = list(was)
    return record


def series_record(slug: str, guid: str, was: tuple[Fact, ...]) -> dict[str, object]:
    """The line of a series: its podcast:guid."""
    record: dict[str, object] = {"series": slug, "guid": guid}
    if was:
        record["was"] = list(was)
    return record


def episode_record(promise: Promise) -> dict[str, object]:
    """The line of an episode; keys in the order they are written."""
    record: dict[str, object] = {
        "guid": promise.guid,
        "series": promise.series,
        "slug": promise.slug,
        "date": promise.date.isoformat(),
        "media": promise.media,
        "bytes": promise.bytes,
        "duration_ms": promise.duration // _MILLISECOND,
        "type": promise.type,
    }
    if promise.sha256 is not None:
        record["sha256"] = promise.sha256
    if promise.bare is not None:
        record["bare"] = promise.bare
    if promise.origin is not None:
        record["from"] = promise.origin
    if promise.was:
        record["was"] = list(promise.was)
    if promise.alternates:
        record["alternates"] = [_rendition(each) for each in promise.alternates]
    if promise.gone is not None:
        record["gone"] = _gone(promise.gone)
    return record


def _rendition(rendition: Rendition) -> dict[str, object]:
    record: dict[str, object] = {
        "media": rendition.media,
        "bytes": rendition.bytes,
        "type": rendition.type,
    }
    if rendition.sha256 is not None:
        record["sha256"] = rendition.sha256
    if rendition.duration is not None:
        record["duration_ms"] = rendition.duration // _MILLISECOND
    if rendition.height is not None:
        record["height"] = rendition.height
    return record


def _gone(gone: Gone) -> dict[str, object]:
    return {"on": gone.on, "why": gone.why}


# --- and back --------------------------------------------------------------------------------


def episode_of(record: Record, file: str = "") -> Promise:
    """The promise in a record. Raises RecordError for the first key that is not right."""
    return Promise(
        guid=text_of(record, "guid"),
        series=_common(text_of(record, "series")),
        slug=text_of(record, "slug"),
        date=instant(record.get("date")),
        media=text_of(record, "media"),
        bytes=_count(record, "bytes"),
        duration=_duration(record),
        type=_common(text_of(record, "type")),
        sha256=_sum(record) if {"sha256", "bare"} & record.keys() else None,
        bare=_count(record, "bare") if "bare" in record else None,
        origin=text_of(record, "from") if "from" in record else None,
        was=was_of(record),
        alternates=_alternates(record) if "alternates" in record else (),
        gone=_gone_of(record) if "gone" in record else None,
        file=file,
    )


def was_of(record: Record) -> tuple[Fact, ...]:
    """The overridden facts of a record; what they hold is as sure as the record itself."""
    entries = record.get("was", [])
    if not isinstance(entries, list):
        raise RecordError("was", entries)
    return tuple(_fact(entry) for entry in entries)


def _fact(entry: object) -> Fact:
    if not isinstance(entry, dict):
        raise RecordError("was", entry)
    try:
        for key in entry:
            match key:
                case "date":
                    instant(entry[key])
                case "bytes" | "bare":
                    _count(entry, key)
                case "duration_ms":
                    _duration(entry)
                case "gone":
                    _gone_of(entry)
                case "alternates":
                    _alternates(entry)
                case _:
                    text_of(entry, key, empty=True)
    except RecordError as fault:
        raise RecordError("was", entry) from fault
    return entry


def renditions_of(fact: Fact) -> Iterator[Rendition]:
    """The recordings that an overridden fact tells of."""
    if {"media", "bytes", "type"} <= fact.keys():
        yield _rendition_of(fact)
    if "alternates" in fact:
        yield from _alternates(fact)


def text_of(record: Record, key: str, *, empty: bool = False) -> str:
    """The text under a key, not empty unless allowed. Raises RecordError for anything else."""
    value = record.get(key)
    if isinstance(value, str) and (value or empty):
        if value.isascii() or not _SURROGATE.search(value):
            return value
        raise RecordError(key, _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value))
    raise _bad(record, key)


def instant(value: object) -> datetime:
    """The instant in an ISO 8601 text with an offset."""
    if value is None:
        raise RecordError("date", missing=True)
    try:
        if isinstance(value, str):
            date = datetime.fromisoformat(value)
            if (offset := date.utcoffset()) is not None:
                return date.replace(tzinfo=_zone(offset))
    except ValueError:
        pass
    raise RecordError("date", value)


@lru_cache(maxsize=1000)
def _zone(offset: timedelta) -> timezone:
    """One for all dates, so that not each has its own."""
    return timezone(offset)


@lru_cache(maxsize=1000)
def _common(text: str) -> str:
    """One for all promises that say the same."""
    return text


_MOST = 2**63 - 1
"""No file system has larger files."""


def _count(record: Record, key: str) -> int:
    value = record.get(key)
    if type(value) is int and 0 <= value <= _MOST:  # a bool is an int, too
        return value
    raise _bad(record, key)


def _sum(record: Record) -> str:
    """The sum of a file; a copy is known by it alone, and kept in a folder of this name."""
    text = text_of(record, "sha256")
    if "bare" in record and not _SUM.fullmatch(text):
        raise _bad(record, "sha256")
    return text


def _duration(record: Record) -> timedelta:
    milliseconds = _count(record, "duration_ms")
    if milliseconds > _LONGEST:
        raise _bad(record, "duration_ms")
    return timedelta(milliseconds=milliseconds)


def _alternates(record: Record) -> tuple[Rendition, ...]:
    entries = record.get("alternates")
    if not isinstance(entries, list):
        raise RecordError("alternates", entries)
    return tuple(_rendition_of(entry) for entry in entries)


def _rendition_of(entry: object) -> Rendition:
    if not isinstance(entry, dict):
        raise RecordError("alternates", entry)
    try:
        return Rendition(
            media=text_of(entry, "media"),
            bytes=_count(entry, "bytes"),
            type=text_of(entry, "type"),
            sha256=text_of(entry, "sha256") if "sha256" in entry else None,
            duration=_duration(entry) if "duration_ms" in entry else None,
            height=_count(entry, "height") if "height" in entry else None,
        )
    except RecordError as fault:
        raise RecordError("alternates", entry) from fault


def _gone_of(record: Record) -> Gone:
    value = record.get("gone")
    if not isinstance(value, dict):
        raise RecordError("gone", value)
    try:
        date.fromisoformat(on := text_of(value, "on"))
        return Gone(on, text_of(value, "why", empty=True) if "why" in value else "")
    except ValueError as fault:  # a RecordError is one, too
        raise RecordError("gone", value) from fault


def _bad(record: Record, key: str) -> RecordError:
    return RecordError(key, record.get(key), missing=key not in record)
