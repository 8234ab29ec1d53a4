"""Recordings into media/, a few at a time: a server must not take an import for an attack.

One import of a catalog at a time downloads; whoever calls holds the lock of the catalog.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from ..declare import dataclass
from ..errors import FeedtoolError
from .fetch import Fetch
from .refusals import FullError
from .wanted import Bounds, Downloaded, Wanted
from .web import Web

AT_ONCE = 4
_OF_ONE_SERVER = 2
_LOOK = 0.2
"""Seconds between two looks at the progress."""
_FAREWELL = 5.0
"""Seconds that downloads have to make safe what is there, when they are to end at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """One file that is not there, and why."""

    url: str
    path: Path
    error: FeedtoolError


def download(
    wanted: Sequence[Wanted],
    partial: Path,
    web: Web,
    progress: Callable[[int, int], None],
    *,
    bounds: Bounds = Bounds(),  # noqa: B008 - it is frozen
) -> Iterator[Downloaded | Failed]:
    """Each file in its place or why not, as they are done. What is there already is done.

    `partial` is the folder, below .feedtool/, of what is not whole: the next call goes on there.
    `progress` is told bytes, those that are here and those that there will be. Raises WriteError
    when the disk is full. Ended early, it makes safe what came.
    """
    if len({one.path for one in wanted}) < len(wanted):
        raise ValueError("two files of one name")
    crew = _Crew(wanted, partial, web, bounds)
    left, told = len(wanted), time.monotonic()
    try:
        while left:
            came: Downloaded | Failed | BaseException | None = None
            with suppress(Empty):
                came = crew.results.get(timeout=_LOOK)
            if isinstance(came, BaseException):
                raise came
            left -= came is not None
            # not for each of ten thousand small ones: all are counted
            if left == 0 or time.monotonic() - told > _LOOK:
                progress(*crew.moved())
                told = time.monotonic()
            if came is not None:
                yield came
    finally:
        crew.end(at_once=left > 0)


class _Crew:
    """Threads that fetch, and what is still to be fetched."""

    def __init__(self, wanted: Sequence[Wanted], folder: Path, web: Web, bounds: Bounds) -> None:
        self.results: SimpleQueue[Downloaded | Failed | BaseException] = SimpleQueue()
        self._web = web
        self._fetches = [Fetch(one, folder, web, bounds) for one in wanted]
        self._waiting = deque(zip(wanted, self._fetches, strict=True))
        self._busy: Counter[str] = Counter()
        self._turn = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, daemon=True)
            for _ in range(min(AT_ONCE, len(wanted)))
        ]
        for thread in self._threads:
            thread.start()

    def moved(self) -> tuple[int, int]:
        """Bytes that are here, and that there will be."""
        return sum(one.have for one in self._fetches), sum(one.total for one in self._fetches)

    def end(self, *, at_once: bool) -> None:
        with self._turn:
            self._waiting.clear()
            self._turn.notify_all()
        if at_once:
            self._web.stop()
        for thread in self._threads:
            thread.join(_FAREWELL)

    def _work(self) -> None:
        while one := self._next():
            wanted, fetch = one
            try:
                self.results.put(self._fetched(wanted, fetch))
            except BaseException as error:
                self.results.put(error)
            finally:
                with self._turn:
                    self._busy[_server(wanted)] -= 1
                    self._turn.notify_all()

    def _next(self) -> tuple[Wanted, Fetch] | None:
        """The first whose server has a hand free; None = there is nothing left."""
        with self._turn:
            while self._waiting:
                for one in self._waiting:
                    server = _server(one[0])
                    if self._busy[server] < _OF_ONE_SERVER:
                        self._busy[server] += 1
                        self._waiting.remove(one)
                        return one
                self._turn.wait()
        return None

    def _fetched(self, wanted: Wanted, fetch: Fetch) -> Downloaded | Failed:
        try:
            return fetch.run()
        except FullError:
            raise
        except FeedtoolError as error:
            return Failed(url=wanted.url, path=wanted.path, error=error)


def _server(wanted: Wanted) -> str:
    with suppress(ValueError):
        return urlsplit(wanted.url).netloc.rpartition("@")[2].lower()
    return ""
