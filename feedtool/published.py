"""Which episode files were published from here, and where: to tell what changed since.

A small file in .feedtool/, so it knows only of this checkout; what others published is told by a
plan.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from .kept import STATE

Marks = Mapping[str, str]
"""By "series/slug": what tells one state of an episode file from another."""


def published(root: Path) -> Mapping[str, Marks]:
    """Each target that was published to from here, and what it has."""
    try:
        kept = json.loads(_file(root).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    everything = kept.items() if isinstance(kept, dict) else ()
    return {target: marks for target, marks in everything if isinstance(marks, dict)}


def keep_published(root: Path, target: str, marks: Marks, address: str = "") -> None:
    """Remember that a target has these episodes, as their files were when they were read.

    What was kept by the target's `address`, when it had no name yet, is let go. What cannot be kept
    is only not told later.
    """
    kept = {name: one for name, one in published(root).items() if name != address}
    kept[target] = marks
    staged = _file(root).with_suffix(".tmp")
    try:
        staged.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n", "utf-8")
        staged.replace(_file(root))
    except OSError:
        return


def marks_of(root: Path, names: Iterable[str]) -> Marks:
    """The files as they are now; one that cannot be read has none."""
    marks = {}
    for name in names:
        try:
            with open(f"{root}{os.sep}episodes/{name}.md", "rb") as file:
                marks[name] = sha256(file.read()).hexdigest()[:16]
        except OSError:
            continue
    return marks


def _file(root: Path) -> Path:
    return root / STATE / "published.json"
