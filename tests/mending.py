"""What the tests of `check --fix` share: a catalog before and after, mended with a known guid."""

from __future__ import annotations

import time
from pathlib import Path

from feedtool.cli.mending import Mending
from feedtool.recheck import Checked, recheck

from .case_files import FAULTLESS, NOW, Case, lay_out, parse_case

GUID = "11111111-2222-4333-8444-555555555555"

Tree = dict[str, bytes]


def tree_of(root: Path) -> Tree:
    """Every file of a catalog."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".feedtool" not in path.parts and ".git" not in path.parts
    }


def look(root: Path) -> Checked:
    return recheck(root, NOW, time.time_ns(), lambda done, total: None)


def mending(root: Path, *, diff: bool = False) -> Mending:
    return Mending(
        root, NOW, lambda: look(root), lambda found: [True] * len(found),
        other_profiles=False, diff=diff, mint=lambda: GUID,
    )  # fmt: skip


def mend(root: Path) -> Mending:
    run = mending(root)
    run.carry_out(look(root))
    return run


def before_and_after(path: Path, tmp_path: Path) -> tuple[Path, Case, Path, Case]:
    before, mark, after = path.read_text(encoding="utf-8").partition("\n>>> after\n")
    first = parse_case(path, before.partition("\n>>> nothing")[0] + "\n")
    second = parse_case(path, after) if mark else first
    if mark:
        named = {name for name, _, _ in second.files}
        second.files = [one for one in first.files if one[0] not in named] + [
            one for one in second.files if one[1:] != ("<", "-") or (FAULTLESS / one[0]).exists()
        ]
    lay_out(first, tmp_path / "before")
    lay_out(second, tmp_path / "after")
    return tmp_path / "before", first, tmp_path / "after", second


def spaced_catalog(root: Path) -> Path:
    """A recording with spaces and å in its name, as they come from a recorder."""
    lay_out(Case(FAULTLESS), root)
    media = root / "media/samtal"
    (media / "ett.mp3").rename(media / "Vatten på burk.mp3")
    episode = root / "episodes/samtal/ett.md"
    episode.write_text(episode.read_text().replace("ett.mp3", "Vatten på burk.mp3"))
    return root
