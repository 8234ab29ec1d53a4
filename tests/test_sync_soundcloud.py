"""SoundCloud, as its double knows it: each trap of the real one, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedtool.sync.api import Api
from feedtool.sync.host import Host
from feedtool.sync.soundcloud import SoundCloud

from .host_contract import *  # noqa: F403
from .host_contract import HostPlace
from .hosts.soundcloud_double import SoundCloudDouble


@dataclass
class Token:
    """What opens the double; `spare` tokens are what a renewal gives."""

    double: SoundCloudDouble
    now: str
    spare: bool = False
    renewed: int = 0

    def header(self) -> str:
        return f"OAuth {self.now}"

    def renew(self) -> bool:
        if not self.spare:
            return False
        self.now = self.double.grant().access
        self.renewed += 1
        return True


class Place(HostPlace):
    double: SoundCloudDouble
    token: Token


@pytest.fixture
def double(tmp_path: Path) -> Iterator[SoundCloudDouble]:
    double = SoundCloudDouble(tmp_path / "uploads")
    with double.serving():
        yield double


@pytest.fixture
def place(double: SoundCloudDouble) -> Iterator[Place]:
    token = Token(double, double.grant().access)
    waits: list[float] = []
    opened: list[Host] = []

    def opening() -> Host:
        host = SoundCloud(Api(double.url, token, "soundcloud", waits.append))
        opened.append(host)
        return host

    def fail() -> None:
        double.fail_next, double.state_told = 1, True

    found = Place(
        double=double,
        open=opening,
        foreign=lambda title: double.make(title=title).urn,
        sums=lambda: [one.sha256 for one in double.tracks.values()],
        shut=double.sign_in.revoke,
        makes="/tracks$",
        slow=lambda looks: setattr(double, "processing", looks),
        fail=fail,
        waits=waits,
    )
    found.token = token
    yield found
    for host in opened:
        host.close()
