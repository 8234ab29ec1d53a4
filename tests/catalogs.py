"""Small catalogs for tests, on disk, with real recordings of a second or so.

A test says only what it is about; everything else has a good default.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from feedtool.order import Order, Outcome
from feedtool.rebuild import rebuild

MEDIA = Path(__file__).parent / "media"
REPOSITORY = Path(__file__).parent.parent
NOW = "2026-01-01T00:00:00+00:00"

CATALOG = """\
title: Nordviks kommun
description: Allt som spelas in.
base_url: https://podd.example/
language: sv
timezone: Europe/Stockholm
owner: {name: Nordvik, email: podd@nordvik.example}
"""

SERIES = """\
title: Samtal
description: Samtal i Nordvik.
categories: [Government]
"""


@dataclass(frozen=True)
class Run:
    """What one call of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def codes(self) -> list[str]:
        """The codes of the findings, in order (needs --json)."""
        return [finding["code"] for finding in self.json["findings"]]

    def finding(self, code: str) -> dict[str, Any]:
        """The one finding with this code (needs --json)."""
        (finding,) = [one for one in self.json["findings"] if one["code"] == code]
        return dict(finding)


@dataclass(frozen=True)
class Catalog:
    """A catalog in a folder of its own."""

    root: Path

    def write(self, path: str, text: str | bytes) -> Path:
        """A file below the root, its folders made."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def series(self, slug: str = "samtal", text: str = SERIES) -> None:
        self.write(f"episodes/{slug}/series.yaml", text)

    def recording(self, path: str, fixture: str) -> Path:
        """A copy of tests/media/<fixture> below media/."""
        target = self.root / "media" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MEDIA / fixture, target)
        return target

    def episode(
        self,
        slug: str = "ett",
        more: str = "",
        *,
        series: str = "samtal",
        title: str = "Ett samtal",
        date: str = "2025-03-01 09:00",
        guid: str | None = None,
        media: str | None = None,
        fixture: str | None = None,
        notes: str = "Om ett samtal.\n",
    ) -> Path:
        """An episode and its recording; `more` are further lines of front matter."""
        guid = guid or str(uuid5(NAMESPACE_URL, f"{series}/{slug}"))
        media = media or f"{slug}.mp3"
        if fixture is None:
            fixture = default_fixture()
        if fixture:
            self.recording(f"{series}/{media}", fixture)
        head = f"title: {title}\ndate: {date}\nguid: {guid}\nmedia: {media}\n{more}"
        return self.write(f"episodes/{series}/{slug}.md", f"---\n{head.rstrip()}\n---\n{notes}")

    def age(self, seconds: float = 10) -> None:
        """Make every source older, so that the next build can be idle."""
        for folder in (self.root / "episodes", self.root / "media", self.root):
            for path in folder.rglob("*") if folder != self.root else folder.glob("*.yaml"):
                if path.is_file() and not path.is_symlink():
                    status = path.stat()
                    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - int(seconds * 1e9)))

    def build(
        self, *arguments: str, now: str | None = NOW, env: dict[str, str] | None = None
    ) -> Run:
        """`feedtool build --json` in this catalog, in a process of its own."""
        times = [] if now is None else ["--now", now]
        return self.run("build", "--json", *times, *arguments, env=env)

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> Run:
        """Any command in this catalog."""
        done = subprocess.run(
            [sys.executable, "-m", "feedtool", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en", **(env or {})},
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def rebuilt(self, *, now: str = NOW, settled: bool = True, **order: Any) -> Outcome:
        """A build in this process; `settled` as if no file had been changed for an hour."""
        started = time.time_ns() + (3_600_000_000_000 if settled else 0)
        when = datetime.fromisoformat(now)
        return rebuild(
            Order(root=self.root, now=when, started_ns=started, **order), lambda done, total: None
        )

    def read(self, path: str) -> bytes:
        """A file of public/."""
        return (self.root / "public" / path).read_bytes()

    def public(self) -> dict[str, bytes]:
        """Every file of public/ with its content."""
        folder = self.root / "public"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


def is_steady(text: str) -> bool:
    """No sign of it moves the cursor; those that only join letters may stand in it."""
    return text.translate(dict.fromkeys(map(ord, "\u00ad\u200c\u200d"))).isprintable()


def default_fixture() -> str:
    return "cbr.mp3"


def a_catalog(folder: Path, catalog: str = CATALOG, series: str = SERIES) -> Catalog:
    """An empty catalog with one series, "samtal"."""
    made = Catalog(folder)
    made.write("feedtool.yaml", catalog)
    made.series(text=series)
    return made


def a_rich_catalog(folder: Path) -> Catalog:
    """Two series with a little of everything that leaves a file or a line in the output."""
    made = a_catalog(
        folder,
        CATALOG + 'people: {elin: {name: Elin Åberg, image: "elin.jpg"}}\n',
        SERIES + "image: omslag.png\npeople: [{id: elin, role: host}]\n",
    )
    made.recording("elin.jpg", "rgb.jpg")
    made.recording("samtal/omslag.png", "cover.png")
    made.recording("samtal/liten.mp3", "cbr-48k.mp3")
    made.write("media/samtal/ett.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Elin>Hej där\n")
    made.write("media/samtal/tva.json", '{"chapters": [{"startTime": 0, "title": "Början"}]}')
    made.episode(
        "ett",
        'chapters: ["00:00 Inledning", "00:01 Mitt"]\ntranscripts: [ett.vtt]\n'
        "alternates: [{file: liten.mp3, title: Liten}]\n",
        title="Ett & <två> åäö",
    )
    made.episode(
        "tva", "chapters: tva.json\n", date="2025-04-01", media="tva.m4a", fixture="faststart.m4a"
    )
    made.episode("tre", date="2027-04-01")
    made.episode("fyra", "status: draft\n", date="2025-05-01")
    made.series("moten", "title: Möten\ndescription: Fullmäktige.\ncategories: [Government]\n")
    made.episode(
        "fem", series="moten", date="2025-06-01", media="fem.mp4", fixture="fast-video.mp4"
    )
    return made


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, whoever made it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def times(folder: Path) -> dict[str, int]:
    """When every file and folder below a folder was last changed."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in sorted(folder.rglob("*"))
    }
