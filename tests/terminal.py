"""Sessions in a pseudo-terminal: the real command line, questions and answers."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect

from .catalogs import REPOSITORY

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
NOW = "1795417200"
"""Monday 23 November 2026, 08:00 in Stockholm."""


@dataclass(frozen=True)
class Session:
    """What stood on the terminal in the end, and the exit code."""

    code: int
    shown: str

    @property
    def lines(self) -> list[str]:
        return self.shown.splitlines()


def converse(
    folder: Path,
    arguments: Sequence[str],
    answers: Sequence[tuple[str, str]] = (),
    env: dict[str, str] | None = None,
    *,
    interrupt: bool = False,
) -> Session:
    """`feedtool ARGUMENTS`: each question awaited, then answered; Ctrl+C after the last one."""
    told = {
        "PYTHONPATH": str(REPOSITORY),
        "FEEDTOOL_LANG": "en",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": NOW,
        "TERM": "dumb",
    }
    child = pexpect.spawn(
        sys.executable,
        ["-m", "feedtool", *arguments],
        cwd=folder,
        env={**os.environ, **told, **(env or {})},
        encoding="utf-8",
        timeout=30,
        dimensions=(50, 250),
    )
    try:
        shown = []
        for question, answer in answers:
            child.expect_exact(question)
            shown += [child.before, child.after]
            child.sendline(answer)
        if interrupt:
            child.sendintr()
        child.expect(pexpect.EOF)
        shown.append(child.before)
    finally:
        child.close(force=True)
    text = _COLOUR.sub("", "".join(shown)).replace("\r\n", "\n")
    return Session(child.exitstatus if child.exitstatus is not None else -1, text)
