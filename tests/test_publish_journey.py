"""From recordings to a subscriber: published to each kind of target, heard in a real app."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .catalogs import MEDIA, NOW, REPOSITORY, Catalog
from .outside import program
from .servers import library
from .sites import KINDS, Site, site, web


@contextmanager
def published_at(kind: str, here: Path) -> Iterator[tuple[Catalog, Site, str]]:
    """A catalog from nothing with one episode, a place for it and the web address of that."""
    with site(kind, here) as place, web() as world:
        world.read = place.read
        catalog = Catalog(here / "catalog")
        catalog.root.mkdir()
        shutil.copyfile(MEDIA / "cover.png", here / "omslag.png")
        made = catalog.run(
            "init", "--title", "Samtal", "--base-url", world.url, "--language", "sv",
            "--email", "podd@nordvik.example", "--description", "Samtal i Nordvik.",
            "--cover", str(here / "omslag.png"), "--category", "Government", "--no-input",
        )  # fmt: skip
        assert made.code == 0, made.err
        settings = catalog.root / "feedtool.yaml"
        where = f"targets: {{webb: {{url: '{place.address()}', public: '{world.url}'}}}}\n"
        settings.write_text(settings.read_text("utf-8") + where, "utf-8")
        new(catalog, "ett", "Ett samtal", "2025-03-01 09:00", "cbr.mp3")
        yield catalog, place, world.url


def new(catalog: Catalog, name: str, title: str, date: str, fixture: str) -> None:
    """An episode from a recording that somebody has on the desktop."""
    recording = catalog.root.parent / f"{name}.mp3"
    shutil.copyfile(MEDIA / fixture, recording)
    made = catalog.run(
        "new", str(recording), "--title", title, "--summary", "Vi talar.", "--date", date,
        "--no-input", env={"SOURCE_DATE_EPOCH": "1767225600"},
    )  # fmt: skip
    assert made.code == 0, made.err


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

        new(catalog, "tva", "Ett till", "2025-04-01", "vbr.mp3")
        publish(catalog, place)
        assert "1 new episode" in gpo("update")
        assert gpo("pending") == "# Samtal\n  Ett till\n1 new episode\n"
        assert "1 episodes downloaded." in gpo("download")
        assert "0 new episodes" in gpo("pending")
        heard = tmp_path / "gpodder/Downloads/Samtal"
        for name, fixture in (("ett-samtal.mp3", "cbr.mp3"), ("ett-till.mp3", "vbr.mp3")):
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
        child.expect(r"new      media/samtal/ett-samtal\.mp3  \d+\.\d kB\r\n")
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
