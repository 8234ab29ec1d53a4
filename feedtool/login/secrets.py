"""What opens a host, as it stands in the environment.

Read at the door in `cli/`, which hands the environment in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..declare import dataclass
from ..secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a host knows this feedtool by: its owner has registered it there."""

    id: str
    secret: Secret = Secret()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSecrets:
    """For one host. What is not said here may stand in the key ring."""

    variables: str  #: how the names of its variables begin, to be told
    token: Secret = Secret()  #: cannot be renewed
    token_file: Path | None = None  #: private and writable: renewed tokens are kept there
    app: App | None = None


def read_host_secrets(name: str, environment: Mapping[str, str]) -> HostSecrets:
    """The secrets of the host with this name under `hosts:`."""
    variables = f"FEEDTOOL_{name.upper().replace('-', '_')}"

    def value(what: str) -> str:
        return environment.get(f"{variables}_{what}", "").strip()

    app = App(id=value("CLIENT_ID"), secret=Secret(value("CLIENT_SECRET")))
    file = value("TOKEN_FILE")
    return HostSecrets(
        variables=variables,
        token=Secret(value("TOKEN")),
        # a home of nobody stays as it is written: pathlib would raise
        token_file=Path(os.path.expanduser(file)) if file else None,  # noqa: PTH111
        app=app if app.id else None,
    )
