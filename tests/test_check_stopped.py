"""Ctrl+C while feedtool checks: it says so, ends with 130, and nothing is half written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from feedtool.kept import STATE

from .case_files import FAULTLESS
from .catalogs import NOW, REPOSITORY, Catalog, tree

STOPPED = """
import os, signal, sys
name, *sys.argv[1:] = sys.argv[1:]
def hook(event, arguments):
    global name
    if name and event in ("open", "sqlite3.connect") and str(arguments[0]).endswith(name):
        name = ""
        os.killpg(0, signal.SIGINT)  # as a terminal does: the workers get it, too
sys.addaudithook(hook)
from feedtool.cli.main import main
main()
"""
"""feedtool, which somebody stops when it opens a file."""


def stopped(catalog: Catalog, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", STOPPED, name, "check", "--json", "--now", NOW],
        cwd=catalog.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        start_new_session=True,
    )


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    shutil.copytree(FAULTLESS, tmp_path / "catalog")
    return Catalog(tmp_path / "catalog")


def assert_stopped_well(catalog: Catalog, name: str) -> None:
    def sources() -> dict[str, bytes]:
        files = tree(catalog.root)
        return {path: data for path, data in files.items() if not path.startswith(STATE)}

    before = sources()
    done = stopped(catalog, name)
    assert done.returncode == 130, done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "stopped"
    assert "Traceback" not in done.stderr
    assert sources() == before
    assert catalog.run("check", "--json", "--now", NOW).code == 0


@pytest.mark.parametrize("name", ["feedtool.yaml", "ett.md", "ett.mp3", "ett.vtt", "cache.sqlite"])
def test_ctrl_c_while_a_file_is_read(catalog: Catalog, name: str) -> None:
    assert_stopped_well(catalog, name)


def test_ctrl_c_while_two_processes_read(catalog: Catalog) -> None:
    episode = (FAULTLESS / "episodes/samtal/ett.md").read_text("utf-8")
    for number in range(450):
        day = f"{2000 + number // 300}-{number % 300 // 25 + 1:02}-{number % 25 + 1:02}"
        text = episode.replace("0b8f6f0e", f"{number:08x}").replace("2025-03-01", day)
        text = text.replace("ett.mp3", f"{number}.mp3").replace("title: ", f"title: Del {number} ")
        catalog.write(f"episodes/samtal/nr-{number}.md", text)
        os.link(catalog.root / "media/samtal/ett.mp3", catalog.root / f"media/samtal/{number}.mp3")
    assert_stopped_well(catalog, "nr-300.md")
