"""<host>.lock on disk: what is about to be done is there before it is done.

While a sync runs, lines are appended, each for good before the next request; at its end the file
is written anew, in order.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ..errors import FeedtoolError, WriteError
from ..finding import N_
from .record import (
    HostLock,
    Intent,
    Record,
    closed_line,
    header_line,
    host_lock_lines,
    intent_line,
    read_host_lock,
    record_line,
)


def load_host_lock(path: Path) -> HostLock:
    """What the file says; an empty one where there is none."""
    try:
        return read_host_lock(path.read_text("utf-8"), path.name)
    except FileNotFoundError:
        return HostLock()
    except (OSError, UnicodeDecodeError) as error:
        raise FeedtoolError(
            N_("{file} cannot be read"), N_("put the file back as git has it"), file=path.name
        ) from error


class Journal:
    """The lock of one run. `clock` gives the time for its lines."""

    def __init__(self, path: Path, lock: HostLock, clock: Callable[[], datetime]) -> None:
        self.path = path
        self.lock = lock
        self._clock = clock
        self.changed = False  #: something is not as the file said when it was read
        self._appended = False

    def now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def begin(self, guid: str, sum: str) -> Intent:
        """Say that an upload is about to be sent."""
        intent = Intent(guid=guid, sha256=sum, at=self.now().isoformat(timespec="microseconds"))
        self._append(intent_line(intent))
        self.lock.intents[guid] = intent
        return intent

    def keep(self, record: Record) -> Record:
        """Say how an item is now; what was begun for it has ended."""
        record = self._stamped(record)
        self._append(record_line(record))
        self.lock.records[record.guid] = record
        self.lock.intents.pop(record.guid, None)
        return record

    def note(self, record: Record) -> None:
        """The same for what nothing was done about: it can be found out again, and is only
        written by `tidy`."""
        record = self._stamped(record)
        self.lock.records[record.guid] = record
        self.lock.intents.pop(record.guid, None)
        self.changed = True

    def drop(self, guid: str, *, forgotten: bool = False) -> None:
        """Say that nothing came of an upload; with `forgotten`, that the item is gone."""
        at = self.now().isoformat(timespec="microseconds")
        self._append(closed_line(guid, at, forgotten=forgotten))
        self.lock.intents.pop(guid, None)
        if forgotten:
            self.lock.records.pop(guid, None)

    def tidy(self) -> None:
        """Write the file anew, in order, unless it is so already."""
        text = "".join(host_lock_lines(self.lock))
        try:
            if self.path.exists() and self.path.read_text("utf-8") == text:
                return
            staged = self.path.with_name(f".{self.path.name}.tmp")
            with staged.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            staged.replace(self.path)
        except OSError as error:
            raise self._failed(error) from error

    def _stamped(self, record: Record) -> Record:
        return replace(record, at=self.now().isoformat(timespec="microseconds"))

    def _append(self, line: str) -> None:
        try:
            if not self._appended:
                self._mend_end()
            with self.path.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(line)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise self._failed(error) from error
        self._appended = self.changed = True

    def _mend_end(self) -> None:
        """Begin on a line of its own: a run that was killed may have left half of one."""
        if not self.path.exists():
            with self.path.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(header_line(self.lock))
        elif not self.path.read_bytes().endswith(b"\n"):
            self.tidy()

    def _failed(self, error: OSError) -> WriteError:
        return WriteError(
            N_("{path} could not be written or read: {reason}"),
            N_("make room, or put the permissions right; then run the same command again"),
            path=self.path.name, reason=error.strerror or str(error),
        )  # fmt: skip
