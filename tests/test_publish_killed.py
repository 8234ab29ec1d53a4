"""A publish that is killed, at points chosen over its run, to each kind of target.

At no moment does a feed there name a file that is not wholly there, and the next publish finishes
without sending again what was whole.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from feedtool.publish.feeds import heard
from feedtool.publish.half import HALF

from .catalogs import MEDIA, NOW, REPOSITORY, Catalog, a_rich_catalog
from .servers import until
from .sites import KINDS, Site, Web, proxy, site, web
from .test_killed import named_in

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")

POINTS = int(os.environ.get("FEEDTOOL_KILLS", "2"))
"""For each kind of target; by turns of a first publish and of one that changes much."""
GOLDEN = 0.618034
"""Of its multiples the fractions lie everywhere in between, however many there are."""
LARGE = 40_000_000

KILLS_ITSELF = """\
import os, signal, sys
left = {changes}
def hook(event, arguments):
    global left
    if event == "open":
        path, changes = arguments[0], arguments[2] & (os.O_WRONLY | os.O_RDWR)
    else:
        path, changes = arguments and arguments[0], event in {{"os.rename", "os.mkdir", "os.chmod"}}
    if changes and not isinstance(path, int) and os.fsdecode(path).startswith({folder!r}):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if {count!r}:
            with open({count!r}, "a") as file:
                file.write("x")
sys.addaudithook(hook)
"""
"""Audit hooks see every change to a file before it is made."""


@dataclass
class Change:
    """A catalog before and after it was changed, and a place that has the first."""

    catalog: Catalog
    lock: bytes  #: before the second publish
    site: Site
    world: Web
    empty: dict[str, bytes]
    first: dict[str, bytes]  #: everything at the place after the first publish
    old: dict[str, bytes]  #: the files of it
    new: dict[str, bytes]
    old_catalog: Catalog  #: as it was then

    def begin(self, stage: str) -> Catalog:
        """The place and the catalog as before a publish."""
        self.site.reset(self.first if stage == "second" else {})
        catalog = self.catalog if stage == "second" else self.old_catalog
        lock = catalog.root / "feedtool.lock"
        if stage == "second":
            lock.write_bytes(self.lock)
        else:
            lock.unlink(missing_ok=True)
        self.world.asked.clear()
        return catalog

    def wanted(self, stage: str) -> dict[str, bytes]:
        return self.new if stage == "second" else self.old

    def known(self, stage: str) -> dict[str, bytes]:
        """Files that a place may still hold at that stage."""
        return self.old if stage == "second" else {}


def make_catalog(root: Path, base_url: str) -> Catalog:
    catalog = a_rich_catalog(root)
    text = (root / "feedtool.yaml").read_text("utf-8")
    text = text.replace("https://podd.example/", base_url)
    catalog.write("feedtool.yaml", text + f"hubs: ['{base_url}hub']\n")
    frames = (MEDIA / "cbr.mp3").read_bytes()
    catalog.episode("lang", date="2025-02-01", fixture="")
    catalog.write("media/samtal/lang.mp3", frames * (1_500_000 // len(frames)))
    return catalog


def change(catalog: Catalog) -> None:
    """A new episode, new text, new artwork, a recording that goes ahead."""
    catalog.episode("nio", "chapters: ['00:00 Nytt']\n", date="2025-09-09")
    catalog.episode("tio", date="2027-09-09", fixture="vbr.mp3")
    catalog.recording("samtal/omslag.png", "cover-palette.png")
    path = catalog.root / "episodes/samtal/ett.md"
    path.write_text(path.read_text("utf-8").replace("Ett & <två>", "Tre & <två>"), "utf-8")


def command(url: str) -> list[str]:
    return [sys.executable, "-m", "feedtool", "publish", url, "--yes", "--json", "--now", NOW]


def environment(place: Site, *folders: Path) -> dict[str, str]:
    path = os.pathsep.join(map(str, [*folders, REPOSITORY]))
    return {**os.environ, **place.env, "PYTHONPATH": path, "FEEDTOOL_LANG": "en"}


def published(catalog: Catalog, place: Site) -> dict[str, Any]:
    run = catalog.run(*command(place.address())[3:], env=place.env)
    assert run.code == 0, run.out + run.err
    return run.json


@pytest.fixture(scope="module", params=KINDS)
def changed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Change]:
    here = tmp_path_factory.mktemp(f"killed-{request.param}")
    with site(request.param, here) as place, web() as world:
        world.read = place.read
        if place.address().startswith("file:"):
            # a folder has no address by itself
            place.url = "webb"
        catalog = make_catalog(here / "catalog", world.url)
        if place.url == "webb":
            path = catalog.root / "feedtool.yaml"
            where = f"targets: {{webb: {{url: 'file://{here}/www', public: '{world.url}'}}}}\n"
            path.write_text(path.read_text("utf-8") + where, "utf-8")
        published(catalog, place)
        first, old = place.everything(), place.files()
        before = Catalog(here / "before")
        shutil.copytree(catalog.root, before.root)
        change(catalog)
        lock = (catalog.root / "feedtool.lock").read_bytes()
        published(catalog, place)
        yield Change(catalog, lock, place, world, {}, first, old, place.files(), before)


def assert_whole(made: Change, stage: str) -> dict[str, bytes]:
    """What is at the place: every file is an old or a new one, and a feed names only such."""
    there = made.site.files()
    for path, data in there.items():
        versions = {made.known(stage).get(path), made.wanted(stage)[path]}
        assert data in versions, f"{path} is neither old nor new"
    for path, data in there.items():
        if path.endswith((".xml", ".json", ".opml")) and "chapters" not in path:
            missing = {name for name in named(data, made.world.url) if name not in there}
            assert not missing, f"{path} names what is not there"
        if path.endswith("feed.xml"):
            for item in heard(data):
                assert len(there[item.url.removeprefix(made.world.url)]) == item.length
    return there


def named(feed: bytes, base_url: str) -> Iterator[str]:
    names = named_in(feed.replace(base_url.encode(), b"https://podd.example/"))
    return (name for name in names if name != "hub")


def assert_next_publish_finishes(
    made: Change, catalog: Catalog, stage: str, there: dict[str, bytes]
) -> None:
    wanted = made.wanted(stage)
    whole = {path for path, data in there.items() if wanted[path] == data}
    document = published(catalog, made.site)
    assert whole.isdisjoint(document["sent"]), "sent again"
    assert made.site.files() == wanted
    feeds = {one["hub.url"] for one in made.world.posted()}
    assert feeds == {
        made.world.url + path
        for path in wanted
        if path.endswith("feed.xml") and made.known(stage).get(path) != wanted[path]
    }, "who is subscribed was not told"
    told = len(made.world.posted())
    document = published(catalog, made.site)
    assert document["sent"] == document["notified"] == []
    assert len(made.world.posted()) == told
    left = [path for path in made.site.everything() if HALF in path]
    assert left == [], "something of the killed one stays for ever"


def killed_at(made: Change, catalog: Catalog, share: float, here: Path) -> int:
    """A publish that is killed when this share of its steps are done."""
    if made.site.url == "webb":
        return killed_by_itself(made, catalog, share, here)
    with proxy(made.site.port) as gate:
        point = max(1, round(share * steps(made, catalog, here)))
        started = threading.Event()
        process: subprocess.Popen[bytes] | None = None

        def said(data: bytes) -> bool:
            if gate.pieces < point:
                return True
            started.wait()
            assert process
            process.kill()
            return False

        gate.heard = said
        process = subprocess.Popen(
            command(made.site.address(gate.port)), cwd=catalog.root,
            env=environment(made.site), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        started.set()
        return process.wait(60)


STEPS: dict[tuple[str, str], int] = {}


def steps(made: Change, catalog: Catalog, here: Path) -> int:
    """How many steps a publish takes that is not killed; asked once."""
    key = (made.site.url, str(catalog.root))
    if key not in STEPS:
        state, lock = made.site.everything(), catalog.root / "feedtool.lock"
        before = lock.read_bytes() if lock.exists() else None
        if made.site.url == "webb":
            counter = here / "steps"
            run_hooked(made, catalog, here, 0, str(counter))
            STEPS[key] = len(counter.read_text())
        else:
            with proxy(made.site.port) as gate:
                done = subprocess.run(
                    command(made.site.address(gate.port)), cwd=catalog.root,
                    env=environment(made.site), capture_output=True, timeout=60, check=False,
                )  # fmt: skip
                assert done.returncode == 0, done.stdout
                STEPS[key] = gate.pieces
        made.site.reset(state)
        if before is None:
            lock.unlink()
        else:
            lock.write_bytes(before)
        made.world.asked.clear()
    return STEPS[key]


def run_hooked(made: Change, catalog: Catalog, here: Path, changes: int, count: str = "") -> int:
    folder = str(made.catalog.root.parent / "www")
    here.joinpath("sitecustomize.py").write_text(
        KILLS_ITSELF.format(changes=changes, folder=folder, count=count), "utf-8"
    )
    done = subprocess.run(
        command("webb"), cwd=catalog.root, env=environment(made.site, here),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode


def killed_by_itself(made: Change, catalog: Catalog, share: float, here: Path) -> int:
    point = max(1, round(share * steps(made, catalog, here)))
    return run_hooked(made, catalog, here, point)


@pytest.mark.parametrize("point", range(POINTS))
def test_killed_it_leaves_all_whole_and_goes_on(
    changed: Change, tmp_path: Path, point: int
) -> None:
    stage = ("first", "second")[point % 2]
    catalog = changed.begin(stage)
    share = 1 - (point + 1) * GOLDEN % 1
    code = killed_at(changed, catalog, share, tmp_path)
    # how the network cuts what is said into pieces is not quite the same every time
    assert code == -signal.SIGKILL or (code == 0 and share > 0.9)
    there = assert_whole(changed, stage)
    assert_next_publish_finishes(changed, catalog, stage, there)


@pytest.mark.parametrize("kind", ["sftp", "s3"])
def test_a_large_recording_goes_on_where_it_was(kind: str, tmp_path: Path) -> None:
    with site(kind, tmp_path) as place, proxy(place.port) as gate:
        catalog = make_catalog(tmp_path / "catalog", "http://127.0.0.1:9/")
        frames = (MEDIA / "cbr.mp3").read_bytes()
        catalog.write("media/samtal/lang.mp3", frames * (LARGE // len(frames)))
        half_way, killed = threading.Event(), threading.Event()

        def said(data: bytes) -> bool:
            if gate.size <= LARGE * 3 // 4:
                return True
            half_way.set()
            return not killed.wait(20)

        gate.heard = said
        words = [*command(place.address(gate.port))[3:], "--dry-run"]
        assert catalog.run(*words, env=place.env).code == 0
        process = subprocess.Popen(
            command(place.address(gate.port)), cwd=catalog.root, env=environment(place),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(lambda: half_way.is_set() or process.poll() is not None, "half of it")
        process.kill()
        killed.set()
        assert process.wait() == -signal.SIGKILL
        gate.heard, gate.size = lambda data: True, 0
        run = catalog.run(*command(place.address(gate.port))[3:], env=place.env)
        assert (run.code, run.json["error"]["code"]) == (5, "live")  # nobody serves it here
        assert "media/samtal/lang.mp3" in run.json["sent"]
        assert gate.size < LARGE * 3 // 4
        assert place.files()["media/samtal/lang.mp3"] == frames * (LARGE // len(frames))
