"""Lots of episodes prepared side by side, in two processes where there are many.

A worker takes the next lot that nobody has, sends it when it is ready, and ends after the last:
where others use the machine, too, one of them may need much longer for as many lots. It writes only
into the folder that ends with the build; when the build is killed, it finds nobody to send to and
ends as well.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from .errors import StoppedError
from .output import Output
from .prepare import Lot, Prepared, Spool, Task, prepare
from .recordings import Recordings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WORKERS = 2
LARGE = 400
"""Episodes. Below, starting a second process costs more than it saves."""

PIPE = 1 << 20
"""Bytes of a pipe; the most that Linux gives to everybody."""

OpenRecordings = Callable[[], AbstractContextManager[Recordings]]
Progress = Callable[[int, int], None]


def prepare_all(
    task: Task,
    lots: Sequence[Lot],
    output: Output,
    open_recordings: OpenRecordings,
    progress: Progress,
) -> Iterator[Prepared]:
    """Every lot, in no particular order. `progress` is told how many of how many are done.

    Raises what `prepare` raises, whichever process it came from.
    """
    total = sum(len(lot.stems) for lot in lots)
    if hasattr(os, "fork") and total >= LARGE:
        yield from _side_by_side(task, lots, output, open_recordings, progress, total)
        return
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    spool = Spool(output.room, str(os.getpid()))
    with open_recordings() as recordings:
        for lot in lots:
            yield prepare(task, lot, recordings, output, spool, tick)


def _side_by_side(
    task: Task,
    lots: Sequence[Lot],
    output: Output,
    open_recordings: OpenRecordings,
    progress: Progress,
    total: int,
) -> Iterator[Prepared]:
    import multiprocessing
    from multiprocessing.connection import Connection, wait

    # fork: the catalog and the lock need not be sent, and every module is imported already
    context = multiprocessing.get_context("fork")
    if task.catalog.keys.pages:
        from .render.pages import compile_for

        for language in {lot.series.series.language for lot in lots}:
            compile_for(language)  # with Jinja2 it takes each process 70 ms
    readers: list[Connection] = []
    workers = []
    done = 0
    tickets = _tickets(len(lots), output.room)
    try:
        for _ in range(WORKERS):
            reader, writer = context.Pipe(duplex=False)
            _widen(writer)
            arguments = (task, lots, tickets, output, open_recordings, writer, [*readers, reader])
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
                if isinstance(made, BaseException):
                    raise made
                done += made.count
                progress(done, total)
                yield made
        for worker in workers:
            worker.join()
            if worker.exitcode:
                raise StoppedError  # by the system, which may have run out of memory
    finally:
        for worker in workers:
            worker.kill()
        tickets.close()
        for reader in readers:
            reader.close()


_TICKET = 4
"""Bytes; the number of a lot."""


def _tickets(count: int, room: Path) -> BinaryIO:
    """A file with a ticket for each lot: who reads one makes that lot.

    Processes that come from this one share its place in the file, and the system gives a ticket to
    one of them only. A pipe would do the same, but holds no more than the system likes.
    """
    file = open(room / "tickets", "w+b", 0)
    file.write(b"".join(number.to_bytes(_TICKET, "big") for number in range(count)))
    file.seek(0)
    return file


def _widen(writer: Connection) -> None:
    """Room for several lots in a pipe: while a feed is put together nobody takes them out, and
    with the usual 64 kB, less than one lot, both workers would wait."""
    with contextlib.suppress(ImportError, AttributeError, OSError):  # other systems than Linux
        import fcntl

        fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE)


def _work(
    task: Task,
    lots: Sequence[Lot],
    tickets: BinaryIO,
    output: Output,
    open_recordings: OpenRecordings,
    writer: Connection,
    others: Sequence[Connection],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group: the parent acts
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # what is here from the parent stays; what an episode is made of goes with its last use, and
    # looking for circles in it costs 3 %
    gc.freeze()
    gc.set_threshold(100_000)
    for connection in others:  # ends of the parent: only then does a dead parent break the pipe
        connection.close()
    spool = Spool(output.room, str(os.getpid()))
    try:
        with open_recordings() as recordings:
            while ticket := tickets.read(_TICKET):
                lot = lots[int.from_bytes(ticket, "big")]
                writer.send(prepare(task, lot, recordings, output, spool, lambda: None))
    except BrokenPipeError:  # the build is gone
        return
    except Exception as error:  # goes on in the parent, as if there were no worker
        writer.send(error)
