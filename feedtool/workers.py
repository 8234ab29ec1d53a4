"""Series prepared side by side, in two processes where a catalog is large.

A worker has its share of the series from the start, sends each when it is ready, and ends. It
writes nothing; when the build is killed, it finds nobody to send to and ends as well.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection, wait

from .errors import StoppedError
from .load import Folder
from .prepare import Prepared, Task, prepare
from .recordings import Recordings

WORKERS = 2
LARGE = 400
"""Episodes. Below, starting a second process costs more than it saves."""

OpenRecordings = Callable[[], AbstractContextManager[Recordings]]
Progress = Callable[[int, int], None]


def prepare_all(
    task: Task, folders: Sequence[Folder], open_recordings: OpenRecordings, progress: Progress
) -> Iterator[Prepared]:
    """Every series, in no particular order. `progress` is told how many of how many are done.

    Raises what `prepare` raises, whichever process it came from.
    """
    total = sum(len(folder.episodes) for folder in folders)
    forks = "fork" in multiprocessing.get_all_start_methods()
    if forks and total >= LARGE and len(folders) > 1:
        yield from _side_by_side(task, folders, open_recordings, progress, total)
        return
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    for folder in folders:
        with open_recordings() as recordings:
            made = prepare(task, folder, recordings, tick)
        yield made


def _side_by_side(
    task: Task,
    folders: Sequence[Folder],
    open_recordings: OpenRecordings,
    progress: Progress,
    total: int,
) -> Iterator[Prepared]:
    # fork: the catalog and the lock need not be sent, and every module is imported already
    context = multiprocessing.get_context("fork")
    readers: list[Connection] = []
    workers = []
    done = 0
    try:
        for share in _shares(folders):
            reader, writer = context.Pipe(duplex=False)
            arguments = (task, share, open_recordings, writer, [*readers, reader])
            worker = context.Process(target=_work, args=arguments, daemon=True)
            worker.start()
            writer.close()
            readers.append(reader)
            workers.append(worker)
        pending = list(readers)
        while pending:
            for ready in wait(pending):
                assert isinstance(ready, Connection)
                try:
                    made = ready.recv()
                except EOFError:
                    pending.remove(ready)
                    continue
                if isinstance(made, int):
                    done += made
                    progress(done, total)
                elif isinstance(made, BaseException):
                    raise made
                else:
                    yield made
        for worker in workers:
            worker.join()
            if worker.exitcode:
                raise StoppedError  # by the system, which may have run out of memory
    finally:
        for worker in workers:
            worker.kill()
        for reader in readers:
            reader.close()


def _shares(folders: Sequence[Folder]) -> list[list[Folder]]:
    """The series in two lots of about as many episodes."""
    shares: list[list[Folder]] = [[] for _ in range(WORKERS)]
    for folder in sorted(folders, key=lambda folder: -len(folder.episodes)):
        min(shares, key=lambda share: sum(len(one.episodes) for one in share)).append(folder)
    return shares


_TICKS = 25
"""Episodes between two words about progress."""


def _work(
    task: Task,
    folders: Sequence[Folder],
    open_recordings: OpenRecordings,
    writer: Connection,
    others: Sequence[Connection],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group: the parent acts
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # what is here from the parent stays; what a series is made of goes with its last use, and
    # looking for circles in it costs 3 %
    gc.freeze()
    gc.set_threshold(100_000)
    for connection in others:  # ends of the parent: only then does a dead parent break the pipe
        connection.close()
    since = 0

    def tick() -> None:
        nonlocal since
        since += 1
        if since == _TICKS:
            writer.send(since)
            since = 0

    try:
        for folder in folders:
            with open_recordings() as recordings:
                made = prepare(task, folder, recordings, tick)
            writer.send(made)
        writer.send(since)
    except BrokenPipeError:  # the build is gone
        return
    except Exception as error:  # goes on in the parent, as if there were no worker
        writer.send(error)
