"""A password store for tests, in a file that the environment names. Never that of the system.

Chosen with PYTHON_KEYRING_BACKEND=tests.hosts.ring.Ring; it takes what the narrowest one does.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

FILE = "FEEDTOOL_TESTS_RING"
MOST = 1280
"""Letters of one entry, as on Windows."""


def environment(folder: Path) -> dict[str, str]:
    """What makes a process use the store in this folder, and keep its locks there too."""
    return {
        "PYTHON_KEYRING_BACKEND": "tests.hosts.ring.Ring",
        FILE: str(folder / "ring.json"),
        "XDG_STATE_HOME": str(folder / "state"),
    }


class Ring(KeyringBackend):
    """Entries of one JSON file."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own

    def get_password(self, service: str, username: str) -> str | None:
        entry: str | None = entries().get(f"{service} {username}")
        return entry

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password) > MOST:
            raise PasswordSetError(f"too long: {password}")
        _write(entries() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = entries()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("not there")
        _write(kept)


class Locked(Ring):
    """A store that its owner does not open."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("the door is locked")


def entries() -> dict[str, str]:
    path = Path(os.environ[FILE])
    kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return kept


def _write(kept: dict[str, str]) -> None:
    path = Path(os.environ[FILE])
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps(kept), "utf-8")
    new.replace(path)
