"""Sessions in a pseudo-terminal: the real command line, questions and answers."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

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
    interrupt_at: str = "",
) -> Session:
    """`feedtool ARGUMENTS`: each question awaited, then answered; Ctrl+C at the one named."""
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
    end = monotonic() + 30
    try:
        shown = []
        for question, answer in answers:
            child.expect_exact(question)
            shown += [child.before, child.after]
            child.sendline(answer)
        if interrupt_at:
            child.expect_exact(interrupt_at)
            shown += [child.before, child.after]
            # as a person does, who reads the question first, and presses again: readline loses a
            # Ctrl+C that comes with an answer or in the moment in which it begins to wait
            sleep(0.5)
            child.sendintr()
        while child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=5) == 1:
            assert monotonic() < end, "it does not end"
            if interrupt_at:
                child.sendintr()
        shown.append(child.before)
    finally:
        child.close(force=True)
    text = _COLOUR.sub("", "".join(shown)).replace("\r\n", "\n")
    return Session(child.exitstatus if child.exitstatus is not None else -1, text)
