"""The lines of feedtool.lock for recordings that stay where they are: facts taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from ..declare import dataclass
from ..errors import FeedtoolError
from ..finding import Finding, has_errors
from ..kept import STATE
from ..language import N_
from ..lock import LOCK_FILE, Lock, Promise
from ..lock_file import read_lock_file, write_lock_file
from ..process_lock import alone
from .record import Enclosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a feed says of the recording of an episode."""

    guid: str
    slug: str
    date: datetime
    enclosure: Enclosed
    duration: timedelta | None


def promise_of(one: Taken, series: str, origin: str, zone: tzinfo) -> Promise:
    """What a build may say of the recording without measuring it."""
    return Promise(
        guid=one.guid,
        series=series,
        slug=one.slug,
        date=one.date.astimezone(zone),
        media=one.enclosure.url,
        bytes=one.enclosure.length or 0,
        duration=one.duration or timedelta(0),
        type=one.enclosure.type,
        origin=origin,
    )


def with_promises(lock: Lock, new: Iterable[Promise]) -> Lock:
    """The lock with further lines; what is promised already stays."""
    episodes: Mapping[str, Promise] = {one.guid: one for one in new}
    return replace(lock, episodes={**episodes, **lock.episodes})


def add_promises(root: Path, now: datetime, new: list[Promise]) -> bool:
    """Write the lines that the lock lacks; was there any?

    The lock is read again: a build may have written it since.
    """
    with alone(root / STATE, False):
        lock = read_lock(root, now)
        wider = with_promises(lock, new)
        if len(wider.episodes) == len(lock.episodes):
            return False
        write_lock_file(root / LOCK_FILE, wider)
        return True


def read_lock(root: Path, now: datetime) -> Lock:
    """The lock. Raises FeedtoolError for one that cannot be read."""
    found: list[Finding] = []
    lock = read_lock_file(root, now, found)
    if lock is None or has_errors(found):
        raise FeedtoolError(
            N_("feedtool.lock cannot be read; nothing was imported"),
            N_("see what is wrong with  feedtool check , then run the same command again"),
        )
    return lock
