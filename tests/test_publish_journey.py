"""From recordings to a subscriber: published to each kind of target, heard in a real app."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .catalogs import CATALOG, MEDIA, NOW, REPOSITORY, SERIES, Catalog, a_catalog
from .outside import program
from .servers import library
from .sites import KINDS, Site, site, web


@contextmanager
def published_at(kind: str, here: Path) -> Iterator[tuple[Catalog, Site, str]]:
    """A catalog with one episode, a place for it and the web address of that."""
    with site(kind, here) as place, web() as world:
        world.read = place.read
        public = f", public: '{world.url}'"
        where = f"targets: {{webb: {{url: '{place.address()}'{public}}}}}\n"
        text = CATALOG.replace("https://podd.example/", world.url)
        catalog = a_catalog(here / "catalog", text + where, SERIES + "image: omslag.png\n")
        catalog.recording("samtal/omslag.png", "cover.png")
        catalog.episode()
        yield catalog, place, world.url


def publish(catalog: Catalog, place: Site) -> None:
    run = catalog.run("publish", "--yes", "--now", NOW, env=place.env)
    assert run.code == 0, run.err


@pytest.fixture
def gpo(tmp_path: Path) -> Callable[..., str]:
    """gPodder's command line, with a library of its own: what it answers."""
    gpo = program("gpo", "apt-get install gpodder")
    env = {**os.environ, "GPODDER_HOME": str(tmp_path / "gpodder"), "LC_ALL": "C.UTF-8"}
    env.pop("PYTHONPATH", None)

    def ask(*words: str) -> str:
        done = subprocess.run(
            [gpo, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True,
            encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return ask


@pytest.mark.parametrize("kind", KINDS)
def test_a_subscriber_gets_what_is_published(
    kind: str, tmp_path: Path, gpo: Callable[..., str]
) -> None:
    with published_at(kind, tmp_path) as (catalog, place, url):
        publish(catalog, place)
        assert "Successfully added" in gpo("subscribe", f"{url}samtal/feed.xml")
        assert gpo("pending") == "# Samtal\n  Ett samtal\n1 new episode\n"
        assert "1 episodes downloaded." in gpo("download")

        catalog.episode("tva", date="2025-04-01", title="Ett till", fixture="vbr.mp3")
        publish(catalog, place)
        assert "1 new episode" in gpo("update")
        assert gpo("pending") == "# Samtal\n  Ett till\n1 new episode\n"
        assert "1 episodes downloaded." in gpo("download")
        assert "0 new episodes" in gpo("pending")
        heard = tmp_path / "gpodder/Downloads/Samtal"
        for name, fixture in (("ett.mp3", "cbr.mp3"), ("tva.mp3", "vbr.mp3")):
            assert (heard / name).read_bytes() == (MEDIA / fixture).read_bytes()

        publish(catalog, place)  # nothing changed
        assert "1 new episode" not in gpo("update")


def test_the_session_of_a_person_who_publishes(tmp_path: Path) -> None:
    """The plan, the question, what was sent, looked at, and where it is."""
    pexpect = library("pexpect", "pip install pexpect")
    with published_at("directory", tmp_path) as (catalog, _, url):

        def session() -> Any:
            return pexpect.spawn(
                sys.executable, ["-m", "feedtool", "publish", "webb", "--now", NOW],
                cwd=catalog.root, encoding="utf-8", timeout=60, dimensions=(60, 200),
                env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
            )  # fmt: skip

        child = session()
        child.expect(re.escape(f"Send to  {url}  (file://{tmp_path}/www)"))
        child.expect(r"new      media/samtal/ett\.mp3  \d+\.\d kB\r\n")
        child.expect(r"kept     0 files; nothing is deleted\r\n")
        child.expect(r"Subscribers of samtal will see\r\n  new:\r\n    Ett samtal\r\n")
        child.expect(r"Go ahead\? \[y/N\]: ")
        assert not list((tmp_path / "www").iterdir())
        child.sendline("y")
        child.expect(r"Sent: \d+ files\.\r\n")
        child.expect(r"Looked at as apps do: 8 addresses answer as they should\.\r\n")
        child.expect(re.escape(f"Live: {url}\r\n"))
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0

        child = session()
        child.expect("Nothing to send: .* is up to date")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
