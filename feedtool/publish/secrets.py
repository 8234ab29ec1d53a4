"""What opens a target, as it stands in the environment.

Read at the door in `cli/`, which hands the environment in. A key ring would be another function
that gives `Secrets`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..declare import dataclass
from ..secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """For one target. Object stores have their own way, the chain of AWS."""

    variables: str = "FEEDTOOL_TARGET"  #: how the names of its variables begin, to be told
    password: Secret = Secret()  #: or the passphrase of the key file
    token: Secret = Secret()
    key_file: Path | None = None  #: a private key
    known_hosts: Path | None = None  #: keys of servers; None = those of the user and the system


def read_secrets(name: str, environment: Mapping[str, str]) -> Secrets:
    """The secrets of the target with this name; a bare address has the name "target"."""
    variables = f"FEEDTOOL_{name.upper().replace('-', '_')}"

    def value(what: str) -> str:
        return environment.get(f"{variables}_{what}", "")

    def path(what: str) -> Path | None:
        # a home of nobody stays as it is written: pathlib would raise
        return Path(os.path.expanduser(value(what))) if value(what) else None  # noqa: PTH111

    return Secrets(
        variables=variables,
        password=Secret(value("PASSWORD")),
        token=Secret(value("TOKEN")),
        key_file=path("KEY_FILE"),
        known_hosts=path("KNOWN_HOSTS"),
    )
