"""What was found out earlier, kept in `.feedtool/`. Makes things fast; its loss changes nothing.

A value is found again only while the file it came from has the same size, times and inode. A file
younger than two seconds is read again: it could have changed since within the clock's grain.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

YOUNG = 2_000_000_000
"""Nanoseconds."""

_VERSIONS = "SELECT value FROM known WHERE (kind, key, stamp, sum) = ('versions', '', '', 0)"

Stamp = tuple[int, int, int, int]
"""Size, mtime_ns, ctime_ns and inode of a file."""


NO_STAMP: Stamp = (0, 0, 0, 0)
"""Of a file that is not there."""


def stamp_of(status: os.stat_result) -> Stamp:
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def as_bytes(value: object) -> bytes:
    """A value as JSON; what it holds of tuples and the like becomes lists."""
    try:
        return orjson.dumps(value, default=tuple)
    except TypeError:  # the name of a file that is no Unicode
        import json  # orjson takes half of its time

        return json.dumps(value).encode()


def as_text(value: object) -> str:
    """A value, a stamp among them, as it is kept."""
    return as_bytes(value).decode()


def from_text(text: str | bytes) -> Any:
    """The value again; what was a tuple is a list."""
    try:
        return orjson.loads(text)
    except ValueError:
        import json

        return json.loads(text)


_FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""A message about what is damaged may be damaged itself."""

_ROW = "SELECT value, sum FROM known WHERE kind = ? AND key = ?"


def _sum(kind: str, key: str, value: str | bytes) -> int:
    data = value.encode() if isinstance(value, str) else value
    return zlib.crc32(data, zlib.crc32(f"{kind}\0{key}".encode()))


class Cache:
    """A small table of values by kind and key, in one SQLite file.

    `versions` names everything that makes the values; another text empties the cache. A value that
    is not what was put is none: SQLite does not notice when a disk damages what it holds.
    `started_ns` is the time of this run, by which young files are told. With `read_only` nothing
    is put, and the file is not made.
    """

    def __init__(
        self, path: Path, versions: str, started_ns: int, *, read_only: bool = False
    ) -> None:
        self._path = path
        self._started = started_ns
        self._database: sqlite3.Connection | None = None
        self._read_only = read_only
        if read_only:
            with contextlib.suppress(*_FAILURES):
                self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            if self._execute(_VERSIONS) != (versions,):
                self.close()
            return
        try:
            self._database = self._open(path, versions)
        except _FAILURES:  # damaged, or of another program: begin anew
            with contextlib.suppress(OSError, *_FAILURES):
                path.unlink()
                self._database = self._open(path, versions)
        except OSError:
            return  # a read-only checkout builds without

    def _open(self, path: Path, versions: str) -> sqlite3.Connection:
        path.parent.mkdir(exist_ok=True)
        database = sqlite3.connect(path, isolation_level=None)
        try:
            # a lost cache costs a second, a sync of the disk at every build costs more
            database.execute("PRAGMA synchronous = OFF")
            database.execute(
                # rows of a table WITHOUT ROWID are compared whole: one of 200 kB makes each look-up
                # next to it twenty times slower
                "CREATE TABLE IF NOT EXISTS known (kind TEXT, key TEXT, stamp TEXT, value BLOB,"
                " sum INTEGER, PRIMARY KEY (kind, key))"
            )
            database.execute("BEGIN")
            if database.execute(_VERSIONS).fetchone() != (versions,):
                database.execute("DELETE FROM known")
                database.execute("INSERT INTO known VALUES ('versions', '', '', ?, 0)", (versions,))
        except _FAILURES:
            database.close()
            raise
        return database

    def get(self, kind: str, key: str, stamp: object) -> Any:
        """The value kept for a file that has this stamp still, else None."""
        value = self.raw(kind, key, stamp)
        return None if value is None else from_text(value)

    def raw(self, kind: str, key: str, stamp: object) -> Any:
        """The same, as it was kept: a text or bytes."""
        if self._database is None:
            return None
        return self._whole(f"{_ROW} AND stamp = ?", kind, key, as_text(stamp))

    def latest(self, kind: str, key: str) -> Any:
        """What was kept last, whatever the file is like now."""
        return self._whole(_ROW, kind, key)

    def put(self, kind: str, key: str, stamp: object, value: Any) -> None:
        """Keep a value that JSON can hold."""
        self.put_raw([(kind, key, as_text(stamp), as_text(value))])

    def put_raw(self, rows: Iterable[tuple[str, str, str, str | bytes]]) -> None:
        """Keep texts and bytes as they are: kind, key, the stamp as JSON, value."""
        if not self._read_only:
            summed = ((*row, _sum(row[0], row[1], row[3])) for row in rows)
            self._execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?)", many=summed)

    def _whole(self, statement: str, kind: str, key: str, *values: str) -> Any:
        """The value in a row, if it is what was put there."""
        value, sum = self._execute(statement, kind, key, *values) or (None, None)
        if not isinstance(value, str | bytes) or _sum(kind, key, value) != sum:
            return None
        return value

    def _execute(
        self, statement: str, *values: str, many: Iterable[tuple[object, ...]] | None = None
    ) -> Any:
        """The first row; None too when the file fails: what it holds can be found out again."""
        if self._database is None:
            return None
        try:
            if many is not None:
                return self._database.executemany(statement, many) and None
            return self._database.execute(statement, values).fetchone()
        except _FAILURES as error:
            self._database.close()
            self._database = None
            if not self._read_only and not isinstance(error, sqlite3.OperationalError):
                self._path.unlink(missing_ok=True)  # damaged, not just locked or the disk full
            return None

    def is_young(self, *times_ns: int) -> bool:
        """May a file with these times still change without anyone being able to tell?"""
        return any(time > self._started - YOUNG for time in times_ns)

    def close(self) -> None:
        """Keep what was put; without this call nothing of this run is kept."""
        if not self._read_only:
            self._execute("COMMIT")
        if self._database is not None:
            self._database.close()
            self._database = None
