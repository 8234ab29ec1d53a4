"""Files that are far too large, too deep or of another kind: told soon and in little memory.

FEEDTOOL_FUZZ=long tries more of them.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .case_files import FAULTLESS
from .catalogs import NOW, REPOSITORY, Catalog

SECONDS = 10
"""Of the processor, with all that Python needs to begin. A square of the length takes minutes."""

MEMORY = 1 << 30
"""Bytes of addresses; a check of one episode takes a fifth."""

EPISODE, TRANSCRIPT, CHAPTERS = (
    "episodes/samtal/ett.md", "media/samtal/ett.vtt", "media/samtal/k.json",
)  # fmt: skip
LAUGHS = "a: &a [ha, ha]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CUE = "WEBVTT\n\n00:00.000 --> 00:01.000\n"


def keys(more: str) -> dict[str, str]:
    return {
        EPISODE: (FAULTLESS / EPISODE).read_text("utf-8").replace("---\nVi", f"{more}\n---\nVi")
    }


def notes(text: str) -> dict[str, str]:
    return {EPISODE: (FAULTLESS / EPISODE).read_text("utf-8") + text}


def cues(numbers: range) -> dict[str, str]:
    lines = [
        f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000 --> {n // 3600:02}:{n // 60 % 60:02}:"
        f"{n % 60:02}.900\nHej och välkommen hit\n\n"
        for n in numbers
    ]
    return {TRANSCRIPT: "WEBVTT\n\n" + "".join(lines)}


def chapters(**more: object) -> dict[str, str]:
    entries = [{"startTime": n / 20_000, "title": "K", **more} for n in range(50_000)]
    return keys("chapters: k.json") | {CHAPTERS: json.dumps({"chapters": entries})}


LARGE: dict[str, tuple[dict[str, str], str]] = {
    "brackets in brackets": (keys("tags: " + "[" * 100_000), "CF015"),
    "brackets that close": (keys("tags: " + "[" * 100_000 + "]" * 100_000), "CF015"),
    "hyphens behind hyphens": (keys("tags:\n  " + "- " * 100_000 + "a"), "CF015"),
    "braces in braces": (keys("tags: " + "{a: " * 100_000), "CF015"),
    "a line of 50 MB": (keys("tags: " + "a" * 50_000_000), "CF003"),
    "a line of 4 MB": (keys("language: " + "a-" * 2_000_000), "CF032"),
    "a billion laughs": (keys(LAUGHS), "CF014"),
    "5,000 unknown keys": (keys("".join(f"k{n}: a\n" for n in range(5000))), "CF020"),
    "50,000 people without roles": (keys("people:\n" + "- {name: A}\n" * 50_000), "CF021"),
    "50,000 empty entries": (keys("tags:\n" + "-\n" * 50_000), "CF008"),
    "50,000 chapters": (keys("chapters:\n" + "- 00:00 A\n" * 50_000), "CH003"),
    "50,000 chapters in JSON": (chapters(), "CH003"),
    "50,000 chapters with wrong addresses": (chapters(url="x"), "CF030"),
    "a book for chapters": (
        keys("chapters: k.txt") | {"media/samtal/k.txt": "Det var en gång\n" * 200_000}, "CH001"),
    "lists in lists in JSON": (
        keys("chapters: k.json") | {CHAPTERS: '{"chapters": ' + "[" * 1_000_000}, "CH002"),
    "a number of a million digits": (
        keys("chapters: k.json") | {CHAPTERS: f'{{"chapters": [{{"startTime": {"9" * 10**6}}}]}}'},
        "CH002"),
    "2 MB of WebVTT": (cues(range(34_000)), "TR005"),
    "6 MB of WebVTT": (cues(range(100_000)), "TR005"),
    "14 MB of WebVTT": (cues(range(240_000)), "CF003"),
    "2 MB of WebVTT backwards": (cues(range(34_000, 0, -1)), "TR003"),
    "100,000 wrong times": ({TRANSCRIPT: "WEBVTT\n\n" + "1 --> 2\nA\n\n" * 100_000}, "TR001"),
    "a million signs that open a tag": ({TRANSCRIPT: CUE + "<" * 1_000_000}, ""),
    "a million voices that do not end": ({TRANSCRIPT: CUE + "<v.a" * 250_000}, ""),
    "a voice of dots": ({TRANSCRIPT: CUE + "<v" + "." * 1_000_000}, ""),
    "a voice of spaces": ({TRANSCRIPT: CUE + "<v" + " " * 1_000_000}, ""),
    "a lock that is deep": ({"feedtool.lock": '{"lock": ' + "[" * 1_000_000}, "LK001"),
    "a lock with a long number": ({"feedtool.lock": '{"lock": ' + "9" * 1_000_000}, "LK001"),
    "notes of brackets": (notes("![[" * 300_000), ""),
    "notes of stars": (notes("*a **b " * 150_000), ""),
    "notes of open tags": (notes("<b>" * 300_000), ""),
    "notes of quotes in quotes": (notes("\n\n" + ">" * 5000 + "a"), ""),
}  # fmt: skip
"""Files, and the finding that there must be; "" is for those in which nothing is wrong."""

ALWAYS = {
    "brackets in brackets", "a line of 50 MB", "a billion laughs", "50,000 people without roles",
    "50,000 chapters in JSON", "50,000 chapters with wrong addresses", "a book for chapters",
    "a number of a million digits", "2 MB of WebVTT backwards", "100,000 wrong times",
    "a million signs that open a tag", "a voice of dots", "a lock that is deep",
}  # fmt: skip
"""Those that were slow once, and one of each kind; the rest when somebody has time."""

LONG = os.environ.get("FEEDTOOL_FUZZ") == "long"
CHOSEN = {name: case for name, case in LARGE.items() if LONG or name in ALWAYS}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit memory in other ways")
@pytest.mark.parametrize(("files", "code"), CHOSEN.values(), ids=CHOSEN)
def test_a_monster_is_told_soon(files: dict[str, str], code: str, tmp_path: Path) -> None:
    shutil.copytree(FAULTLESS, tmp_path / "catalog")
    catalog = Catalog(tmp_path / "catalog")
    for path, content in files.items():
        catalog.write(path, content)
    done = subprocess.run(
        [sys.executable, "-m", "feedtool", "check", "--json", "--now", NOW],
        cwd=catalog.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
        capture_output=True,
        encoding="utf-8",
        preexec_fn=_limit,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    codes = {one["code"] for one in json.loads(done.stdout)["findings"]}
    assert code in codes if code else not codes
