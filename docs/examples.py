"""The examples of the README and of docs/: found, run in order, and brought up to date.

A page is one story. Its examples are carried out from top to bottom in an empty folder:

    ```yaml       first line `# some/file.yaml`: the whole file
                  first line `# in some/file.md`: these keys, in the file that is there already
    ```markdown   `---`, then a line `# some/file.md`: the whole file
    ```vtt        a line `NOTE some/file.vtt`: the whole file
    ```text       first line `# some/file`: the whole file
    ```console    `$ command`, then all it prints; a line `...` stands for any lines. The code of
                  a command is 0 unless `$ echo $?` follows and tells another.
    ```sh         commands that set up a machine: not run
    ```           a picture in text: not run

Comments, which no reader sees, give a page what it needs:

    <!-- have: media/talks/one.mp3 = tests/media/cbr.mp3 -->     a file of this repository
    <!-- start: README.md -->             the files of that page; with ", built" they are built

`python -m docs.examples` writes what the commands print now into the pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(
        path.relative_to(REPOSITORY).as_posix()
        for path in REPOSITORY.glob("docs/**/*.md")
        if path.parent.name != "reference"
    ),
]
"""Everything that people write; docs/reference/ is made by reference.py."""

NOW = "1767225600"
"""All examples happen on 1 January 2026."""

_FENCE = re.compile(r"```(\w*)")
_COMMENT = re.compile(r"<!-- (have|start): (.*) -->")
_NAMED = re.compile(r"(?:#|NOTE) (in )?(\S+)")
_NAMED_AT = {"yaml": 0, "text": 0, "markdown": 1, "vtt": 2}
_FEEDTOOL = """\
#!{python}
import sys
sys.path.insert(0, {repository!r})
sys.argv[0] = "feedtool"
from feedtool.cli import main
main()
"""


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to carry out: "file", "part", "console", "sh", "have" or "start"."""

    kind: str
    name: str  #: of the file; what a comment says
    lines: tuple[str, ...]  #: inside the fence
    line: int  #: of the first of them, counted from 0


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what it prints: as the page says, or as it did."""

    command: str
    printed: tuple[str, ...]


def examples(text: str) -> list[Example]:
    """The examples of a page, in order. Raises ValueError for a block that names no file."""
    found: list[Example] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        if comment := _COMMENT.fullmatch(lines[at]):
            found.append(Example(comment[1], comment[2], (), at))
        elif fence := _FENCE.fullmatch(lines[at]):
            end = lines.index("```", at + 1)
            if example := _block(fence[1], tuple(lines[at + 1 : end]), at + 1):
                found.append(example)
            at = end
        at += 1
    return found


def _block(language: str, lines: tuple[str, ...], at: int) -> Example | None:
    if language in ("console", "sh"):
        return Example(language, "", lines, at)
    if not language:
        return None
    place = _NAMED_AT.get(language)
    if place is None or place >= len(lines) or not (named := _NAMED.fullmatch(lines[place])):
        raise ValueError(f"line {at + 1}: the {language} block names no file")
    return Example("part" if named[1] else "file", named[2], lines, at)


def steps(lines: Sequence[str]) -> list[Step]:
    """The commands of a console block, each with the lines below it."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return [Step(command, tuple(printed)) for command, printed in found]


class Story:
    """One page in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "catalog"
        self.root.mkdir()
        self._here = self.root
        self._bin = folder / "bin"
        self._bin.mkdir()
        command = self._bin / "feedtool"
        command.write_text(_FEEDTOOL.format(python=sys.executable, repository=str(REPOSITORY)))
        command.chmod(0o755)

    def tell(self, text: str) -> Iterator[tuple[Example, list[Step]]]:
        """Carry out a page; of each console block, what its commands printed."""
        for example in examples(text):
            if example.kind == "console":
                yield example, self._console(example)
            else:
                self._prepare(example)

    def _prepare(self, example: Example) -> None:
        if example.kind == "have":
            name, _, source = example.name.partition(" = ")
            self._path(name).write_bytes((REPOSITORY / source).read_bytes())
        elif example.kind == "file":
            self._path(example.name).write_text("\n".join(example.lines) + "\n", encoding="utf-8")
        elif example.kind == "part":
            path = self._path(example.name)
            path.write_text(with_keys(path.read_text("utf-8"), example.lines[1:]), encoding="utf-8")
        elif example.kind == "start":
            page, _, built = example.name.partition(", ")
            for one in examples((REPOSITORY / page).read_text("utf-8")):
                if one.kind in ("have", "file"):
                    self._prepare(one)
            if built:
                self._run("feedtool build", 0)

    def _path(self, name: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _console(self, example: Example) -> list[Step]:
        done: list[Step] = []
        code = 0
        for step in steps(example.lines):
            if code and step.command != "echo $?":
                raise AssertionError(f"exit {code} is not told: {done[-1]}")
            printed, code = self._run(step.command, code)
            done.append(Step(step.command, tuple(printed.splitlines())))
        if code:
            raise AssertionError(f"exit {code} is not told: {done[-1]}")
        return done

    def _run(self, command: str, before: int) -> tuple[str, int]:
        """What a command prints, and its code; `before` is that of the one before it."""
        told = self._bin / "here"
        script = f"(exit {before})\n{command}\ncode=$?\npwd > '{told}'\nexit $code\n"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("FEEDTOOL_")
        }
        told_to = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80", "SOURCE_DATE_EPOCH": NOW}
        path = f"{self._bin}{os.pathsep}{os.environ.get('PATH', '')}"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self._here,
            env={**kept, **told_to, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        self._here = Path(told.read_text("utf-8").strip())
        return done.stdout, done.returncode


def with_keys(text: str, lines: Sequence[str]) -> str:
    """A YAML or episode file with these keys instead of, or after, its own."""
    inside, notes = text, ""
    if text.startswith("---\n"):
        inside, _, notes = text.removeprefix("---\n").partition("\n---\n")
        inside += "\n"
    own, new = _keys(inside.splitlines()), _keys(lines)
    merged = "\n".join(line for part in {**own, **new}.values() for line in part)
    return f"---\n{merged}\n---\n{notes}" if text.startswith("---\n") else merged + "\n"


def _keys(lines: Sequence[str]) -> dict[str, list[str]]:
    """Top-level keys with all their lines; comments between them by themselves."""
    keys: dict[str, list[str]] = {}
    last: list[str] = []
    for line in lines:
        if re.match(r"[\w#]", line):
            key = line if line.startswith("#") else line.partition(":")[0]
            last = keys[key] = [line]
        else:
            last.append(line)
    return keys


def agree(printed: Sequence[str], claimed: Sequence[str]) -> bool:
    """Are these the claimed lines, where a claimed "..." stands for any?"""
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line) + r"\n" for line in claimed
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def disagreements(text: str, folder: Path) -> list[tuple[Example, list[Step], list[Step]]]:
    """The console blocks of a page that claim something else: with claimed and real steps."""
    found = []
    for example, real in Story(folder).tell(text):
        claimed = steps(example.lines)
        if not all(agree(r.printed, c.printed) for r, c in zip(real, claimed, strict=True)):
            found.append((example, claimed, real))
    return found


def updated(text: str, folder: Path) -> str:
    """The page with what its commands print now; what agrees stays as it is written."""
    lines = text.splitlines()
    for example, claimed, real in reversed(disagreements(text, folder)):
        block: list[str] = []
        for told, done in zip(claimed, real, strict=True):
            shown = told.printed if agree(done.printed, told.printed) else done.printed
            block += [f"$ {done.command}", *shown]
        lines[example.line : example.line + len(example.lines)] = block
    return "\n".join(lines) + "\n"


def main() -> None:
    """Bring the named pages, or all, up to date."""
    for page in sys.argv[1:] or PAGES:
        path = REPOSITORY / page
        text = path.read_text("utf-8")
        folder = Path(tempfile.mkdtemp())
        try:
            new = updated(text, folder)
        finally:
            shutil.rmtree(folder)
        if new != text:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{page}: brought up to date\n")


if __name__ == "__main__":
    main()
