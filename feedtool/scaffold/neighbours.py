"""The episodes that a new one comes beside: when they are published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from ..finding import Place
from ..folders import find_folders
from ..load import read_keys
from ..read.dates import resolve_date


def dates_near(root: Path, series: str, date: datetime, zone: tzinfo) -> set[datetime]:
    """When the episodes of a series are published, in UTC; of those far away some are left out."""
    days = list(_days(date))
    dates: set[datetime] = set()
    for folder in find_folders(root, [], {series}):
        for slug in folder.episodes:
            path = root / f"episodes/{series}/{slug}.md"
            # few files need to be read as YAML, and a named pipe would keep us waiting
            if not path.is_file() or not _has_any(path.read_bytes(), days):
                continue
            keys = read_keys(root, series, slug, [])
            if keys and keys[0].status != "draft":
                other = resolve_date(keys[0].date, zone, Place(""), [])
                dates |= {other.astimezone(UTC)} if other else set()
    return dates


def _days(date: datetime) -> Iterator[bytes]:
    """As a file would have it; an offset may put a date on the day before or after."""
    for away in (-1, 0, 1):
        with suppress(OverflowError):  # at the end of the calendar
            yield f"{date + timedelta(days=away):%Y-%m-%d}".encode()


def _has_any(content: bytes, days: Iterable[bytes]) -> bool:
    return any(day in content for day in days)
