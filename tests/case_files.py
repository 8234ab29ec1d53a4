"""Case files: a catalog that differs from a faultless one in one thing, and what is found in it.

    episodes/samtal/ett.md:9 EP021        what must be found, a line each: file:line and code
                                          (file alone where a finding has no line)
    === episodes/samtal/ett.md            a file, until the next such line
    ---
    title: Ett samtal
    ...
    === media/samtal/ett.mp3 < cbr.mp3    a copy of a file of tests/media
    === media/samtal/omslag.png < -       no such file
    === feedtool.yaml ~ /title: .*/title: ""/      the faultless file, one text in it replaced

The faultless catalog is tests/cases/faultless. Lines before the first `===` that begin with # are
for the reader.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from feedtool.recheck import recheck

HERE = Path(__file__).parent
FAULTLESS = HERE / "cases" / "faultless"
MEDIA = HERE / "media"
NOW = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_HEAD = re.compile(r"^=== (\S+)(?: (<|~) (.+))?$")


@dataclass
class Case:
    """One case file."""

    path: Path
    expected: list[str] = field(default_factory=list)
    files: list[tuple[str, str, str]] = field(default_factory=list)  #: name, sign and what follows


def read_case(path: Path) -> Case:
    return parse_case(path, path.read_text(encoding="utf-8"))


def parse_case(path: Path, text: str) -> Case:
    case = Case(path)
    body: list[str] | None = None
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head and head[2]:
            case.files.append((head[1], head[2], head[3]))
            body = None
        elif head:
            body = []
            case.files.append((head[1], "", ""))
        elif body is not None:
            name, sign, text = case.files[-1]
            case.files[-1] = (name, sign, text + line + "\n")
        elif line.strip() and not line.startswith("#"):
            case.expected.append(" ".join(line.split()))
    return case


def lay_out(case: Case, root: Path) -> None:
    """The catalog of a case, below `root`."""
    shutil.copytree(FAULTLESS, root, dirs_exist_ok=True)
    for name, sign, rest in case.files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if sign == "<" and rest == "-":
            path.unlink()
        elif sign == "<":
            path.unlink(missing_ok=True)
            shutil.copyfile(MEDIA / rest, path)
        elif sign == "~":
            divider = rest[0]
            pattern, replacement = rest[1:].removesuffix(divider).split(divider)
            text = path.read_bytes().decode()
            new, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
            assert count, f"{case.path}: {pattern} is not in {name}"
            path.write_bytes(new.encode())
        else:
            path.write_bytes(rest.encode())


def found_in(root: Path, profiles: Iterable[str] | None = None) -> list[str]:
    """What a check finds, written as case files have it."""
    checked = recheck(
        root, NOW, time.time_ns(), lambda done, total: None,
        profiles=None if profiles is None else list(profiles),
    )  # fmt: skip
    return [
        f"{one.place.file}{f':{one.place.line}' if one.place.line else ''} {one.code.id}"
        for one in checked.findings
    ]


def cases(folder: str) -> list[Path]:
    return sorted((HERE / folder).rglob("*.case"))


def name_of(path: Path) -> str:
    return os.fspath(path.relative_to(HERE)).removesuffix(".case")
