"""Work in two processes, where there is much of it; what it is, they are told.

A worker takes the next piece that nobody has, sends what came of it, and ends after the last: where
others use the machine, too, one of them may need much longer for as many pieces. When the parent is
killed, a worker finds nobody to send to and ends as well.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from .errors import StoppedError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")

Opened = Callable[[], AbstractContextManager[Callable[[int], T]]]
"""What each process opens for itself; it gives what to do with a piece, by its number."""

WORKERS = 2
LARGE = 400
"""Episodes. Below, starting a second process costs more than it saves."""

PIPE = 1 << 20
"""Bytes of a pipe; the most that Linux gives to everybody."""


def pays(episodes: int) -> bool:
    """Are there two processes to be had, and enough episodes for them?"""
    return hasattr(os, "fork") and episodes >= LARGE


def side_by_side(count: int, opened: Opened[T], room: Path) -> Generator[T]:
    """What comes of the pieces 0 to `count` - 1, in no particular order.

    `room` is a folder for a file that both read.

    Raises what the work raises, whichever process it came from, and StoppedError when the system
    ended one of them.
    """
    import multiprocessing
    from multiprocessing.connection import Connection, wait

    # fork: what the work needs is not sent, and every module is imported already
    context = multiprocessing.get_context("fork")
    readers: list[Connection] = []
    workers = []
    tickets = _tickets(count, room)
    try:
        for _ in range(WORKERS):
            reader, writer = context.Pipe(duplex=False)
            _widen(writer)
            arguments = (tickets, opened, writer, [*readers, reader])
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
                yield made
        for worker in workers:
            worker.join()
            if worker.exitcode:
                raise StoppedError  # by the system, which may have run out of memory
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
        tickets.close()
        for reader in readers:
            reader.close()


_TICKET = 4
"""Bytes; the number of a piece."""


def _tickets(count: int, room: Path) -> BinaryIO:
    """A file with a ticket for each piece: who reads one does that piece.

    Processes that come from this one share its place in the file, and the system gives a ticket to
    one of them only. A pipe would do the same, but holds no more than the system likes.
    """
    path = room / f"tickets-{os.getpid()}"
    file = open(path, "w+b", 0)
    path.unlink()  # nobody else needs its name
    file.write(b"".join(number.to_bytes(_TICKET, "big") for number in range(count)))
    file.seek(0)
    return file


def _widen(writer: Connection) -> None:
    """Room for several pieces in a pipe: while a feed is put together nobody takes them out, and
    with the usual 64 kB, less than one lot of episodes, both workers would wait."""
    with contextlib.suppress(ImportError, AttributeError, OSError):  # other systems than Linux
        import fcntl

        fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE)


def _work(
    tickets: BinaryIO, opened: Opened[T], writer: Connection, others: Sequence[Connection]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group: the parent acts
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # what is here from the parent stays; what an episode is made of goes with its last use, and
    # looking for circles in it costs 3 %
    gc.freeze()
    gc.set_threshold(100_000)
    for connection in others:  # ends of the parent: only then does a dead parent break the pipe
        connection.close()
    try:
        with opened() as work:
            while ticket := tickets.read(_TICKET):
                writer.send(work(int.from_bytes(ticket, "big")))
    except BrokenPipeError:  # the parent is gone
        return
    except Exception as error:  # goes on in the parent, as if there were no worker
        writer.send(error)
