"""Processes that renew the tokens of a file, one of them killed at any moment.

python -m tests.hosts.renewing FILE URL CLIENT SECRET: for each line of stdin, a process of its own
that opens the host once, and is killed at the moment of that number (0 = not killed). What it sends
is told, or the signal by which it ended.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests

from feedtool.errors import FeedtoolError
from feedtool.login.bearer import bearer_of
from feedtool.login.secrets import read_host_secrets
from feedtool.read.objects import HostKeys


def header(file: str, url: str, client: str, secret: str) -> str:
    """What a request would be sent with now, or what is said instead."""
    environment = {
        "FEEDTOOL_SC_TOKEN_FILE": file, "FEEDTOOL_SC_CLIENT_ID": client,
        "FEEDTOOL_SC_CLIENT_SECRET": secret,
    }  # fmt: skip
    keys = HostKeys(kind="soundcloud", url=url, auth_url=url)
    secrets = read_host_secrets("sc", environment)
    try:
        return bearer_of("sc", keys, secrets, lambda: datetime.now(UTC)).header()
    except FeedtoolError as error:
        return f"{type(error).__name__}: {error}"


def kill_at(moment: int) -> None:
    """From now on, count what touches the disk or the host, and end at this one."""
    passed = 0

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def one(*given: Any, **named: Any) -> Any:
            count()
            done = call(*given, **named)
            count()
            return done

        return one

    def count() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("open", "fsync", "replace", "unlink"):
        setattr(os, name, watched(getattr(os, name)))
    requests.Session.send = watched(requests.Session.send)  # type: ignore[method-assign]


def main(*given: str) -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            kill_at(int(line))
            told = header(*given)
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status):
            sys.stdout.write(f"ended by {os.waitstatus_to_exitcode(status)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
