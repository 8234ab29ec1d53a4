"""A publish that cannot go on: one clear message, what was and was not sent, the old feeds live.

Run again when the fault is mended, it sends what is left.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from feedtool.publish.target import STATE_FILE

from .catalogs import CATALOG, MEDIA, NOW, REPOSITORY, Catalog, Run, a_catalog, tree
from .servers import answering, free_port, until
from .sites import KINDS, Proxy, Site, proxy, site, web

OVER_NETWORK = [kind for kind in KINDS if kind != "directory"]
OVER_HTTP = ["s3", "webdav"]
FEEDS = ("samtal/feed.xml", "samtal/atom.xml", "samtal/feed.json", "feed.xml", "feeds.opml")

IMPATIENT = """\
import importlib, time
for name in ("dav", "ssh", "store"):
    module = importlib.import_module("feedtool.publish." + name)
    module.CONNECT = module.ANSWER = 1.0
time.sleep = lambda seconds: None
"""


@dataclass
class Case:
    """A catalog that was published to a place, and has a new episode since."""

    catalog: Catalog
    place: Site
    gate: Proxy
    before: dict[str, bytes]
    path: list[Path] = field(default_factory=list)

    def run(self, *arguments: str, catalog: Catalog | None = None, **env: str) -> Run:
        path = os.pathsep.join(map(str, [*self.path, REPOSITORY]))
        url = self.place.address(self.gate.port)
        return (catalog or self.catalog).run(
            "publish", url, "--yes", "--now", NOW, *arguments,
            env={**self.place.env, "PYTHONPATH": path, **env},
        )  # fmt: skip

    def refused(self, code: int = 5, done: str | None = None) -> str:
        """What a person is told."""
        run = self.run()
        assert run.code == code, run.out + run.err
        assert "Traceback" not in run.err
        error = run.err[run.err.index("error  ") :].splitlines()
        assert len(error) == 3, run.err  # what happened, what was done, what to do
        assert error[2].startswith("  mend  ")
        if done:
            assert error[1] == f"  {done}"
        assert self.feeds_are_old()
        return error[0].removeprefix("error  ")

    def feeds_are_old(self) -> bool:
        there = self.place.files()
        return all(there[path] == self.before[path] for path in FEEDS)

    def goes_on(self) -> None:
        """The fault is mended: the same command does what is left, and nothing twice."""
        self.gate.heard = lambda data: True
        there = self.place.files()
        run = self.run("--json")
        assert run.code == 0, run.out
        again = {path for path in run.json["sent"] if there.get(path) == self.place.read(path)}
        assert not again
        assert b"tva.mp3" in self.place.files()["samtal/feed.xml"]


@contextmanager
def a_case(kind: str, here: Path) -> Iterator[Case]:
    with site(kind, here) as place, proxy(place.port) as gate, web() as world:
        world.read = place.read
        text = CATALOG.replace("https://podd.example/", world.url)
        catalog = a_catalog(here / "catalog", text)
        catalog.episode()
        case = Case(catalog, place, gate, {})
        impatient = here / "impatient"
        impatient.mkdir()
        (impatient / "sitecustomize.py").write_text(IMPATIENT, "utf-8")
        case.path = [impatient]
        run = case.run("--json")
        assert run.code == 0, run.out
        case.before = place.files()
        catalog.episode("tva", date="2025-04-01", fixture="")
        frames = (MEDIA / "cbr.mp3").read_bytes()
        catalog.write("media/samtal/tva.mp3", frames * (400_000 // len(frames)))
        yield case


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    """Of the kind that the test says."""
    with a_case(request.param, tmp_path) as made:
        yield made


def kinds(some: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", some, indirect=True)


def after(size: int, then: Callable[[], bool | bytes]) -> Callable[[bytes], bool | bytes]:
    """What a proxy does when so many bytes were sent."""
    said = 0

    def heard(data: bytes) -> bool | bytes:
        nonlocal said
        said += len(data)
        return True if said < size else then()

    return heard


# the network


@kinds(OVER_NETWORK)
def test_the_network_vanishes(case: Case) -> None:
    case.gate.heard = after(200_000, lambda: False)
    assert "127.0.0.1" in case.refused()

    # and when much was sent
    def heard(data: bytes) -> bool:
        return data.startswith(b"DELETE ") or case.place.read("media/samtal/tva.mp3") is None

    case.gate.heard = heard
    run = case.run("--json")
    assert run.code == 5
    assert 0 < len(run.json["sent"]) < len(run.json["files"]["new"] + run.json["files"]["changed"])
    assert "media/samtal/tva.mp3" in run.json["sent"]
    assert case.feeds_are_old()
    case.goes_on()


@kinds(OVER_NETWORK)
def test_a_server_that_falls_asleep(case: Case) -> None:
    over = threading.Event()
    case.gate.heard = after(100_000, lambda: over.wait(30))
    try:
        assert "does not answer in time" in case.refused()
    finally:
        over.set()
    case.goes_on()


@kinds(OVER_NETWORK)
def test_nobody_is_there(case: Case) -> None:
    case.gate.port, port = free_port(), case.gate.port
    told = case.refused(done="nothing was sent: what is there is as it was")
    assert told == "127.0.0.1 refuses the connection" or told.endswith(" refuses the connection")
    case.gate.port = port
    case.goes_on()


# the server


def answer(status: str, body: bytes = b"") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def to_page(data: bytes) -> bool:
    """Is it about a page? They are sent before feeds."""
    return data.startswith((b"PUT ", b"MOVE ")) and b"samtal/tva/" in data.partition(b"\r\n")[0]


REFUSALS = {
    "500": (5, "500"), "403": (4, "403"), "401": (4, "does not let us in"),
    "507": (5, "has no room left"), "503": (5, "503"),
}  # fmt: skip


@kinds(OVER_HTTP)
def test_the_server_refuses(case: Case) -> None:
    for status, (code, words) in REFUSALS.items():
        refusal = answer(f"{status} Nej")
        case.gate.heard = partial(refusing, refusal)
        told = case.refused(code)
        assert words in told or status == "403"
    case.goes_on()


def refusing(refusal: bytes, data: bytes) -> bool | bytes:
    return refusal if to_page(data) else True


def test_a_wrong_password_for_webdav(tmp_path: Path) -> None:
    from .test_target_webdav import rclone_server

    catalog = a_catalog(tmp_path / "catalog")
    catalog.episode()
    with rclone_server(tmp_path) as server:
        url = f"dav://podd@127.0.0.1:{server.address.port}/"
        run = refused_at(catalog, url, 4, FEEDTOOL_TARGET_PASSWORD="hemligt")
    assert "does not let us in" in run.err
    assert "FEEDTOOL_TARGET_PASSWORD" in run.err


def test_a_wrong_password_for_sftp(tmp_path: Path) -> None:
    from .test_target_sftp import rclone_server

    catalog = a_catalog(tmp_path / "catalog")
    catalog.episode()
    with rclone_server(tmp_path) as server:
        url = f"sftp://podd@127.0.0.1:{server.address.port}/"
        run = refused_at(
            catalog, url, 4, FEEDTOOL_TARGET_PASSWORD="hemligt",
            FEEDTOOL_TARGET_KNOWN_HOSTS=str(server.secrets.known_hosts),
        )  # fmt: skip
    assert "does not let us in" in run.err


def refused_at(catalog: Catalog, url: str, code: int, **env: str) -> Run:
    run = catalog.run("publish", url, "--yes", "--now", NOW, env=env)
    assert run.code == code, run.out + run.err
    assert "Traceback" not in run.err
    assert "nothing was sent" in run.err
    assert "hemligt" not in run.out + run.err
    assert not (catalog.root / "feedtool.lock").exists()
    return run


@kinds(["sftp"])
def test_the_server_has_another_key(case: Case) -> None:
    file = Path(case.place.env["FEEDTOOL_TARGET_KNOWN_HOSTS"])
    known = file.read_text("ascii")
    other = case.catalog.root.parent / "own.pub"
    kind, text = other.read_text("ascii").split()[:2]
    file.write_text(f"[127.0.0.1]:{case.gate.port} {kind} {text}\n", "ascii")
    case.place.knows = lambda port: None
    run = case.run()
    assert run.code == 4
    assert "SHA256:" in run.err
    assert "Traceback" not in run.err
    assert case.feeds_are_old()
    file.write_text(known, "ascii")
    case.goes_on()


@kinds(["s3"])
def test_there_is_no_bucket(case: Case) -> None:
    case.place.url = case.place.url.replace("s3://", "s3://another-")
    assert "there is no bucket another-" in case.refused()


def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path / "catalog")
    catalog.episode()
    with answering(200, tls=tmp_path) as (port, asked):
        for url in (f"davs://127.0.0.1:{port}/", f"s3://podd?endpoint=https://127.0.0.1:{port}"):
            run = refused_at(
                catalog, url, 5, AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="hemligt"
            )
            assert "certificate" in run.err
    assert asked == []


# no room


def test_a_full_disk(tmp_path: Path) -> None:
    with a_case("directory", tmp_path) as case:
        command = [sys.executable, "-m", "feedtool", "publish", case.place.address(), "--yes"]
        run = subprocess.run(
            ["/bin/sh", "-c", 'ulimit -f 300; exec "$@"', "sh", *command, "--now", NOW],
            cwd=case.catalog.root, capture_output=True, encoding="utf-8", check=False,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
        )  # fmt: skip
        assert run.returncode == 5, run.stderr
        assert "media/samtal/tva.mp3: File too large" in run.stderr
        assert re.search(r"0 of \d+ files were sent; the feeds are as they were", run.stderr)
        assert "Traceback" not in run.stderr
        assert case.feeds_are_old()
        assert not [path for path in tree(tmp_path / "www") if "half" in path]
        case.goes_on()


# two at once


@contextmanager
def paused(case: Case) -> Iterator[subprocess.Popen[str]]:
    """A publish that stands still in the middle, until the end of the block."""
    go, stands = threading.Event(), threading.Event()

    def stop() -> bool:
        stands.set()
        return go.wait(60)

    case.gate.heard = after(200_000, stop)
    process = subprocess.Popen(
        [sys.executable, "-m", "feedtool", "publish", case.place.address(case.gate.port), "--yes",
         "--now", NOW],
        cwd=case.catalog.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **case.place.env, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
    )  # fmt: skip
    try:
        until(lambda: stands.is_set() or process.poll() is not None, "the middle of a publish")
        yield process
    finally:
        go.set()
        case.gate.heard = lambda data: True
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told


@kinds(OVER_NETWORK)
def test_somebody_else_is_publishing(case: Case, tmp_path: Path) -> None:
    other = Catalog(tmp_path / "other")
    # with .feedtool/, as CI keeps it between runs that may overlap
    shutil.copytree(case.catalog.root, other.root, ignore=shutil.ignore_patterns("public"))
    with paused(case):
        with proxy(case.place.port) as own:
            second = replace(case, gate=own)
            run = second.run("--json", catalog=other)
        assert (run.code, run.json["error"]["code"], run.json["sent"]) == (5, "busy", [])
        assert "is publishing there, until " in run.json["error"]["message"]
        assert "nothing was sent" in run.json["error"]["done"]
    case.goes_on()


@kinds(["sftp"])
def test_we_are_publishing_ourselves(case: Case) -> None:
    with paused(case):
        run = case.run("--json")
        assert (run.code, run.json["error"]["code"]) == (5, "busy")
        assert run.json["error"]["message"] == "another feedtool is publishing from here"
    case.goes_on()


def test_somebody_else_publishes_to_the_same_folder(tmp_path: Path) -> None:
    with a_case("directory", tmp_path) as case:
        file = tmp_path / "www" / STATE_FILE
        state: dict[str, Any] = json.loads(file.read_bytes())
        lease = {"owner": "anna@nordvik", "until": "2099-01-01T00:00:00+00:00", "token": "hers"}
        file.write_text(json.dumps({**state, "lease": lease}), "utf-8")
        told = case.refused(done="nothing was sent: what is there is as it was")
        assert told == "anna@nordvik is publishing there, until 2099-01-01T00:00:00+00:00 at most"
        file.write_text(json.dumps(state), "utf-8")
        case.goes_on()


@pytest.mark.parametrize("until", ["soon", "2099-01-01T00:00:00", 7])
def test_a_state_that_says_no_time_keeps_nobody_out(tmp_path: Path, until: object) -> None:
    with a_case("directory", tmp_path) as case:
        file = tmp_path / "www" / STATE_FILE
        state: dict[str, Any] = json.loads(file.read_bytes())
        lease = {"owner": "anna@nordvik", "until": until, "token": "hers"}
        file.write_text(json.dumps({**state, "lease": lease}), "utf-8")
        case.goes_on()
