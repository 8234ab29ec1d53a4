"""One sync: who does it, what the host has, the plan, and its way there.

In steps, so that a person sees the plan between `prepare` and `carry_out`. Nothing at the host
changes before the second.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from .declare import dataclass
from .errors import AccessError, BusyError, WriteError
from .finding import N_
from .load import LoadedSeries
from .login.kinds import site_of
from .mirror import Mirror
from .publisher import name_of_person
from .sync.apply import Done, Sync, Watcher
from .sync.host import Account, Host
from .sync.journal import Journal, load_host_lock
from .sync.look import look
from .sync.plan import Plan, plan
from .sync.record import HostLock
from .sync.step import Asked, Wish


@contextmanager
def alone(state: Path, host: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """Only one sync of a catalog with a host at a time.

    Raises BusyError that says who is at work, and since when; WriteError when nothing can be
    written there.
    """
    lock = FileLock(state / f"sync-{host}.lock", timeout=0)
    owner = state / f"sync-{host}.owner"
    with ExitStack() as held:
        try:
            state.mkdir(exist_ok=True)
            lock.acquire()
            held.callback(lock.release)
            since = clock().isoformat(timespec="seconds")
            owner.write_text(json.dumps([name_of_person(), os.getpid(), since]) + "\n", "utf-8")
            held.callback(owner.unlink, missing_ok=True)
        except Timeout as error:
            raise _busy(host, owner) from error
        except OSError as error:
            raise not_written(error, state.name) from error
        yield


def not_written(error: OSError, name: str) -> WriteError:
    """What is told when the disk is full or permissions lack; `name` is of what it may be about."""
    return WriteError(
        N_("{path} could not be written or read: {reason}"),
        N_("make room, or put the permissions right; then run the same command again"),
        path=Path(error.filename).name if isinstance(error.filename, str) else name,
        reason=error.strerror or str(error),
    )


def _busy(host: str, owner: Path) -> BusyError:
    mend = N_("wait until it has ended, then try again")
    try:
        name, process, since = json.loads(owner.read_text("utf-8"))
    except (OSError, ValueError):
        return BusyError(N_("another feedtool is syncing with {host} from here"), mend, host=host)
    return BusyError(
        N_("{name} is syncing with {host} from here since {since} (process {process})"), mend,
        host=host, name=name, since=since, process=process,
    )  # fmt: skip


@dataclass(slots=True)
class Prepared:
    """A plan, and all that is needed to carry it out."""

    plan: Plan
    account: Account
    host: Host
    lock: HostLock
    series: dict[str, LoadedSeries]
    began: datetime


def prepare(
    host: Host,
    path: Path,
    url: str,
    mirror: Mirror,
    asked: Asked,
    clock: Callable[[], datetime],
) -> Prepared:
    """Compare the episodes with what the host has. `path` is that of <host>.lock.

    Raises AccessError when the address, or the login, is of another account than the items that
    are recorded: there nothing of them would be found.
    """
    lock = load_host_lock(path)
    if lock.url and lock.records and _place(lock.url) != _place(url):
        raise AccessError(
            N_("{host} is at {url} by feedtool.yaml, but {file} is about {other}"),
            N_("put  url:  in feedtool.yaml right; if the same host has moved, put its new address"
               " into the first line of {file}"),
            host=path.stem, url=url, file=path.name, other=lock.url,
        )  # fmt: skip
    began = clock()
    account = host.account()
    if lock.account and lock.records and lock.account != account.id:
        raise AccessError(
            N_("this is the account {name}, but {file} is about another one ({other})"),
            N_("sign in with the other account:  feedtool login {host}"),
            name=account.name, file=path.name, other=lock.account, host=path.stem,
        )  # fmt: skip
    lock.url, lock.account = url, account.id
    held = look(host, lock)
    wishes = list(mirror.wishes())
    planned = plan(wishes, lock, held, host.abilities, account, asked)
    return Prepared(planned, account, host, lock, mirror.series, began)


def _place(url: str) -> str:
    """What tells the address of a host from that of another one."""
    return site_of(url).partition("://")[2].casefold()


def carry_out(
    prepared: Prepared,
    path: Path,
    media: Path,
    *,
    clock: Callable[[], datetime],
    wait: Callable[[float], None],
    watcher: Watcher,
) -> Iterator[Done]:
    """Do what is planned; what was done is recorded whatever happens."""
    journal = Journal(path, prepared.lock, clock)
    channels = Channels(prepared, media)
    sync = Sync(
        host=prepared.host, journal=journal, media=media, channels=channels.of, wait=wait,
        began=prepared.began,
    )  # fmt: skip
    try:
        for record in prepared.plan.agreed:
            journal.note(record)
        yield from sync.carry_out(prepared.plan.steps, watcher)
    finally:
        if journal.changed or path.exists():
            journal.tidy()


class Channels:
    """Where the items of each series stand; asked and made only when one is needed."""

    def __init__(self, prepared: Prepared, media: Path) -> None:
        self._prepared, self._media = prepared, media
        self._known: dict[str, str] = {}

    def of(self, wish: Wish) -> str | None:
        host = self._prepared.host
        if not host.abilities.has_channels:
            return None
        if wish.series not in self._known:
            series = self._prepared.series[wish.series].series
            picture = self._media / series.image if series.image else None
            self._known[wish.series] = host.channel(series) or host.make_channel(series, picture)
        return self._known[wish.series]
