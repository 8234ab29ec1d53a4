"""Case files: a catalog that differs from a faultless one in one thing, and what is found in it.

    now 2030-01-01T00:00:00+00:00         what time it is; without this line 2026 begins
    episodes/samtal/ett.md:9 EP021        what must be found, a line each: file:line and code
                                          (file alone where a finding has no line)
    === episodes/samtal/ett.md            a file, until the next such line; empty without lines
    ---
    title: Ett samtal
    ...
    === media/samtal/ett.vtt as cp1252 crlf     the same, in an encoding of Python or with these
                                                line ends; without lines, the file that is there
    === feedtool.yaml ~ /title: .*/title: ""/   the file that is there, one text in it replaced
    === episodes/samtal/ett.md +                these lines added to its keys
    season: 2
    === media/samtal/ett.mp3 < cbr.mp3          a copy of a file of tests/media
    === media/samtal/ett.mp3 < cbr.mp3[:900] 200 0xFFFB cbr.mp3[-900:]      parts of such, so many
                                                zeros, and other bytes
    === media/moten.png < media/omslag.png      a copy of a file of this catalog, or a part of it
    === media/moten < media/samtal/             or of a folder
    === media/samtal/omslag.png < -             no such file or folder
    === media/samtal/ett.mp3 -> sagt/ett.mp3    a link

What is there at first is tests/cases/faultless. Lines before the first `===` that begin with # are
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
_HEAD = re.compile(r"^=== (.+?)(?: (<|~|->|as) (.+)| (\+))?$")
_PART = re.compile(r"([\w./-]+?)(?:\[(-?\d*):(-?\d*)\])?")


@dataclass
class Case:
    """One case file."""

    path: Path
    now: datetime = NOW
    expected: list[str] = field(default_factory=list)
    files: list[tuple[str, str, str]] = field(default_factory=list)
    """The name of each, the sign, and what follows: the rest of the line, the lines below."""


def read_case(path: Path) -> Case:
    return parse_case(path, path.read_text(encoding="utf-8"))


def parse_case(path: Path, text: str) -> Case:
    case = Case(path)
    for line in text.splitlines():
        if head := _HEAD.match(line):
            case.files.append((head[1], head[2] or head[4] or "", head[3] or ""))
        elif case.files:
            name, sign, rest = case.files[-1]
            if sign in {"", "+", "as"}:
                rest += f"\n{line}" if sign == "as" else f"{line}\n"
                case.files[-1] = (name, sign, rest)
            assert not line or sign in {"", "+", "as"}, f"{path}: {line} belongs to nothing"
        elif line.startswith("now "):
            case.now = datetime.fromisoformat(line.removeprefix("now "))
        elif line.strip() and not line.startswith("#"):
            case.expected.append(" ".join(line.split()))
    return case


def lay_out(case: Case, root: Path) -> None:
    """The catalog of a case, below `root`."""
    shutil.copytree(FAULTLESS, root, dirs_exist_ok=True)
    for name, sign, rest in case.files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if sign == "<" and rest.endswith("/"):
            shutil.copytree(root / rest, path)
        elif sign == "~":
            path.write_bytes(_replaced(path.read_bytes().decode(), rest, case).encode())
        elif sign == "+":
            text = path.read_bytes().decode()
            at = text.index("\n---\n") + 1 if name.endswith(".md") else len(text)
            path.write_bytes((text[:at] + rest + text[at:]).encode())
        elif sign == "as":
            wishes, _, text = rest.partition("\n")
            text = f"{text}\n" if text else path.read_text("utf-8")
            path.write_bytes(_encoded(text, wishes.split()))
        else:
            _remove(path)
            if sign == "->":
                path.symlink_to(rest)
            elif sign == "":
                path.write_bytes(rest.encode())
            elif rest != "-":
                path.write_bytes(b"".join(_part(wish, root) for wish in rest.split()))


def _replaced(text: str, order: str, case: Case) -> str:
    pattern, replacement = order[1:].removesuffix(order[0]).split(order[0])
    new, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert count, f"{case.path}: there is no {pattern}"
    return new


def _encoded(text: str, wishes: list[str]) -> bytes:
    ends = {"crlf": "\r\n", "cr": "\r"}
    for wish in wishes:
        text = text.replace("\n", ends.get(wish, "\n"))
    encoding = next((wish for wish in wishes if wish not in ends), "utf-8")
    return text.encode(encoding)


def _part(wish: str, root: Path) -> bytes:
    if wish.isdecimal():
        return bytes(int(wish))
    if wish.startswith("0x"):
        return bytes.fromhex(wish[2:])
    part = _PART.fullmatch(wish)
    assert part, wish
    name, begin, end = part[1], *(int(edge) if edge else None for edge in part.groups()[1:])
    own = "/" in name and not name.startswith("../")
    return ((root if own else MEDIA) / name).read_bytes()[begin:end]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def found_in(root: Path, profiles: Iterable[str] | None = None, now: datetime = NOW) -> list[str]:
    """What a check finds, written as case files have it."""
    checked = recheck(
        root, now, time.time_ns(), lambda done, total: None,
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
