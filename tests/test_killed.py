"""A build that ends too early: killed, ended or interrupted, at any point.

Every file in public/ is whole, every feed names only what is there, the lock is whole, and the
next build ends as if nothing had happened.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest

from feedtool.kept import STATE

from .catalogs import NOW, REPOSITORY, Catalog, a_rich_catalog, tree

ALLOW = ["media:samtal/tva", "gone:samtal/sex", "gone:gamla/sju"]
KILLS = int(os.environ.get("FEEDTOOL_KILLS", "20"))


@dataclass(frozen=True)
class Change:
    """A catalog that was built and then changed in many ways; both outputs as they should be."""

    catalog: Catalog
    old: dict[str, bytes]
    new: dict[str, bytes]
    old_lock: bytes
    root: dict[str, bytes]  #: every file of the catalog after an undisturbed build
    seconds: float  #: that an undisturbed build takes


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> Change:
    catalog = a_rich_catalog(tmp_path_factory.mktemp("killed") / "catalog")
    catalog.write("media/samtal/sex.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nAdjö\n")
    catalog.episode("sex", "chapters: ['00:00 Allt']\ntranscripts: [sex.vtt]\n", date="2025-06-06")
    catalog.series("gamla", "title: Gamla\ndescription: Arkiv.\ncategories: [Government]\n")
    catalog.episode("sju", "chapters: ['00:00 Allt']\n", series="gamla", date="2025-07-07")
    assert catalog.rebuilt().ok
    old, old_lock = catalog.public(), (catalog.root / "feedtool.lock").read_bytes()
    make_changes(catalog)
    undisturbed = copied(catalog, catalog.root.parent / "undisturbed")
    begun = time.monotonic()
    run = undisturbed.build(*allowing())
    seconds = time.monotonic() - begun
    assert run.code == 0, run.out
    return Change(
        catalog, old, undisturbed.public(), old_lock, sources_and_output(undisturbed), seconds
    )


def make_changes(catalog: Catalog) -> None:
    """One of each kind: new, changed, renamed, removed; text, media, an episode, a series."""
    catalog.episode("nio", "chapters: ['00:00 Nytt']\n", date="2025-09-09")
    catalog.episode(
        "ett",
        'chapters: ["00:00 Inledning", "00:02 Slut"]\n'
        "transcripts: [{file: nytt.vtt, language: sv}]\n"
        "image: nytt.png\n"
        "alternates: [{file: liten.mp3, title: Liten}]\n",
        title="Ett nytt namn",
    )
    media = catalog.root / "media/samtal"
    (media / "ett.vtt").rename(media / "nytt.vtt")
    catalog.recording("samtal/nytt.png", "grey.png")
    (media / "tva.m4a").unlink()  # other bytes under the same name
    catalog.recording("samtal/tva.m4a", "faststart.m4a")
    (catalog.root / "episodes/samtal/sex.md").unlink()
    shutil.rmtree(catalog.root / "episodes/gamla")
    catalog.write("public/stray.txt", "stray")


def allowing() -> list[str]:
    return [argument for allow in ALLOW for argument in ("--allow", allow)]


def rebuilt(catalog: Catalog) -> None:
    allow = frozenset((fact, name) for fact, _, name in (one.partition(":") for one in ALLOW))
    outcome = catalog.rebuilt(allow=allow)
    assert outcome.ok, outcome.findings


def copied(catalog: Catalog, root: Path) -> Catalog:
    """A copy in which the output is linked to the sources as in the original."""
    shutil.copytree(catalog.root, root)
    for there in (root / "public/media").rglob("*"):
        name = there.relative_to(root / "public")
        if there.is_file() and (catalog.root / name).exists():
            original = catalog.root / "public" / name
            if original.stat().st_ino == (catalog.root / name).stat().st_ino:
                there.unlink()
                os.link(root / name, there)
    return Catalog(root)


def sources_and_output(catalog: Catalog) -> dict[str, bytes]:
    return {path: data for path, data in tree(catalog.root).items() if not path.startswith(STATE)}


def named_in(feed: bytes) -> Iterator[str]:
    """What a feed or a list of feeds names below the catalog's address; pages left out."""
    for url in re.findall(r'https://podd\.example/([^"<>\s]*)', feed.decode()):
        if url and not url.endswith("/"):
            yield url


def assert_whole(catalog: Catalog, change: Change) -> None:
    public = {path: data for path, data in catalog.public().items() if not path.startswith(".tmp/")}
    for path, data in public.items():
        versions = {change.old.get(path), change.new.get(path)}
        assert data in versions or path == "stray.txt", f"{path} is neither old nor new"
    for path, data in public.items():
        if path.endswith((".xml", ".opml")):
            ElementTree.fromstring(data)
        elif path.endswith("feed.json"):
            json.loads(data)
        else:
            continue
        missing = {name for name in named_in(data) if name not in public}
        assert not missing, f"{path} names what is not there"
    lock = (catalog.root / "feedtool.lock").read_bytes()
    assert lock in {change.old_lock, change.root["feedtool.lock"]}


def assert_next_build_mends(catalog: Catalog, change: Change) -> None:
    rebuilt(catalog)
    assert sources_and_output(catalog) == change.root


def test_the_feeds_name_side_files_media_and_artwork(change: Change) -> None:
    """What the other tests rely on."""
    named = {name for data in (change.new["samtal/feed.xml"],) for name in named_in(data)}
    assert named >= {
        "media/samtal/ett.mp3",
        "media/samtal/nytt.png",
        "media/samtal/liten.mp3",
        "media/elin.jpg",
        "samtal/ett/chapters.json",
        "samtal/ett/transcript.vtt",
    }


# --- at every file operation -----------------------------------------------------------------


class Killed(BaseException):
    """The process would not exist any more."""


class Killer:
    """Lets a build do so many changes to the disk, and none after, not even to clean up.

    A file that is opened to be written at that moment is left empty. Audit hooks see every way to
    change a file; one that raises prevents it.
    """

    _CHANGES = frozenset({"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link"})

    def __init__(self) -> None:
        self.left: int | None = None
        self._within = ""
        self._thread = 0
        sys.addaudithook(self._hook)

    def after(self, changes: int, root: Path) -> None:
        self._within, self._thread = str(root), threading.get_ident()
        self.left = changes

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.left is None or threading.get_ident() != self._thread:
            return
        opened = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if not opened and event not in self._CHANGES:
            return
        path = os.fsdecode(arguments[0]) if not isinstance(arguments[0], int) else ""
        if f"/{STATE}/" in f"{path}/":  # only makes things fast
            return
        if Path(path).is_absolute() and not path.startswith(self._within):
            return
        if self.left == 0:
            if opened:
                self.left = None
                Path(path).write_bytes(b"")
                self.left = 0
            raise Killed
        self.left -= 1


@pytest.fixture
def never_without_power(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some hundred builds need not wait for the disk."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture(scope="module")
def killer() -> Killer:
    return Killer()


def killed_after(catalog: Catalog, changes: int, killer: Killer) -> bool:
    """Was the build killed before it was done?"""
    killer.after(changes, catalog.root)
    try:
        rebuilt(catalog)
    except Killed:
        return True
    finally:
        killer.left = None
    return False


@pytest.mark.usefixtures("never_without_power")
@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_change_to_the_disk(
    change: Change, killer: Killer, tmp_path: Path, part: int
) -> None:
    for changes in itertools.count(part, 4):
        catalog = copied(change.catalog, tmp_path / str(changes))
        killed = killed_after(catalog, changes, killer)
        assert_whole(catalog, change)
        assert_next_build_mends(catalog, change)
        shutil.rmtree(catalog.root)
        if not killed:
            break
    assert changes > 40


@pytest.mark.usefixtures("never_without_power")
def test_killed_at_any_change_of_the_first_build(killer: Killer, tmp_path: Path) -> None:
    undisturbed = a_rich_catalog(tmp_path / "undisturbed")
    rebuilt(undisturbed)
    everything = sources_and_output(undisturbed)
    for changes in itertools.count():
        catalog = a_rich_catalog(tmp_path / str(changes))
        killed = killed_after(catalog, changes, killer)
        for path, data in catalog.public().items():
            # the marker says by its name that the folder is ours
            if not path.startswith(".tmp/") and (path, data) != (".feedtool-output", b""):
                assert data == everything[f"public/{path}"]
        rebuilt(catalog)
        assert sources_and_output(catalog) == everything
        shutil.rmtree(catalog.root)
        if not killed:
            break
    assert changes > 40


# --- at random moments -----------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
@pytest.mark.parametrize("moment", range(KILLS))
def test_killed_at_a_random_moment(change: Change, tmp_path: Path, moment: int) -> None:
    catalog = copied(change.catalog, tmp_path / "catalog")
    process = subprocess.Popen(
        [sys.executable, "-m", "feedtool", "build", "--now", NOW, *allowing()],
        cwd=catalog.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # most of the time goes into imports, in which nothing can be damaged
    time.sleep(Random(moment).uniform(0.4, 1.1) * change.seconds)
    process.kill()
    assert process.wait() in {-signal.SIGKILL, 0}
    assert_whole(catalog, change)
    assert_next_build_mends(catalog, change)


# --- asked to end ----------------------------------------------------------------------------

ASKING = """\
import os, signal, sys
left = {changes}
def hook(event, arguments):
    global left
    if event == "os.rename":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.{name})
sys.addaudithook(hook)
"""


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
@pytest.mark.parametrize("changes", [1, 3, 10], ids=["lock", "side-files", "feeds"])
def test_asked_to_end_it_cleans_up(
    change: Change, tmp_path: Path, name: str, code: int, changes: int
) -> None:
    catalog = copied(change.catalog, tmp_path / "catalog")
    (tmp_path / "sitecustomize.py").write_text(ASKING.format(changes=changes, name=name))
    path = os.pathsep.join([str(tmp_path), str(REPOSITORY)])
    run = catalog.build(*allowing(), env={"PYTHONPATH": path})
    assert (run.code, "Traceback" in run.err) == (code, False)
    assert not (catalog.root / "public/.tmp").exists()
    assert_whole(catalog, change)
    assert_next_build_mends(catalog, change)


EARLY = """
import os, signal, sys
from importlib.abc import MetaPathFinder


class Finder(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == MODULE:
            os.kill(os.getpid(), signal.SIGINT)


from feedtool.__main__ import main

sys.meta_path.insert(0, Finder())
MODULE = sys.argv.pop()
sys.argv = ["feedtool", "build"]
main()
"""


@pytest.mark.parametrize(
    ("module", "code"), [("click", -signal.SIGINT), ("feedtool.cli.build", 130)]
)
def test_ctrl_c_while_it_starts_shows_no_python(tmp_path: Path, module: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EARLY, module],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert "Traceback" not in done.stderr
