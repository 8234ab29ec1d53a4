"""Who publishes from this checkout, and that only one does at a time."""

from __future__ import annotations

import getpass
import hashlib
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import BusyError
from .finding import N_
from .publish.send import Publisher


@contextmanager
def publisher_of(state: Path, clock: Callable[[], datetime]) -> Iterator[Publisher]:
    """The publisher of the checkout whose folder `.feedtool/` this is, alone at work.

    Raises BusyError while another process publishes from here.
    """
    state.mkdir(exist_ok=True)
    lock = FileLock(state / "publish.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            N_("another feedtool is publishing from here"),
            N_("wait until it has ended, then try again"),
        ) from error
    try:
        yield Publisher(name_of_person(), _token(state), clock)
    finally:
        lock.release()


def name_of_person() -> str:
    """Who is at work here, and on which machine."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError):  # a user without a name, as in containers
        return socket.gethostname()


def _token(state: Path) -> str:
    """The same for every run from here: by it, a run knows what an earlier one left half done.

    What is made once is kept in .feedtool/, which CI may copy to several machines at work at the
    same time: so the machine and the folder belong to it.
    """
    path = state / "publisher"
    try:
        made = path.read_text("utf-8").strip() or _new_token(path)
    except (OSError, ValueError):
        made = _new_token(path)
    here = "\0".join([made, socket.gethostname(), str(state.resolve())])
    return hashlib.sha256(here.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _new_token(path: Path) -> str:
    token = uuid.uuid4().hex
    path.write_text(token + "\n", "utf-8")
    return token
