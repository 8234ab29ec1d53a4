"""What is at a host by the last sync, without asking it."""

from __future__ import annotations

from collections.abc import Collection

from ..declare import dataclass
from .record import HostLock


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStanding:
    """Episodes as "series/slug", in order."""

    public: int
    hidden: tuple[str, ...]  #: there, and not yet shown
    waiting: tuple[str, ...]  #: due, and not there
    unclear: int  #: uploads of which only the host knows whether they came through


def standing(lock: HostLock, due: Collection[str]) -> HostStanding:
    """Where the due episodes stand at a host."""
    records = {record.episode: record for record in lock.records.values()}
    return HostStanding(
        public=sum(record.public for name, record in records.items() if name in due),
        hidden=tuple(sorted(name for name, one in records.items() if not one.public)),
        waiting=tuple(sorted(set(due) - records.keys())),
        unclear=len(lock.intents),
    )
