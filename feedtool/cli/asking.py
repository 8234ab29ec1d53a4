"""Questions, on a terminal only. Each has an option, which is named where nobody can answer."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import click

from ..console import Console
from ..errors import FeedtoolError, UsageError
from ..finding import N_
from .options import Settings

T = TypeVar("T")


class Asker:
    """What options do not say is asked, until the answer can be followed."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self._console = console
        seen = sys.stderr.isatty() or sys.stdout.isatty()
        self.may_ask = not settings.no_input and not settings.json and sys.stdin.isatty() and seen

    def ask(
        self,
        question: str,
        option: str,
        given: str | None,
        parse: Callable[[str], T],
        *,
        default: str | None = None,
        shown: bool = True,
    ) -> T:
        """What the option or the answer says, as `parse` takes it.

        `default` is the answer of who presses Enter, and of who cannot be asked; without one,
        there must be an answer. Raises UsageError that names the option.
        """
        if given is not None:
            return parse(given)
        if not self.may_ask:
            if default is None:
                raise missing(option)
            return parse(default)
        prompt = f"{question} [{default}]: " if default and shown else f"{question}: "
        while True:
            answer = self._line(prompt).strip() or default
            if answer is None:
                continue
            try:
                return parse(answer)
            except FeedtoolError as error:
                self._console.error(error)

    def _line(self, prompt: str) -> str:
        """What is typed. The question stays on the terminal when the result goes into a file."""
        try:
            if sys.stdout.isatty():
                _edit_lines()
                return input(prompt)
            click.echo(prompt, nl=False, err=True)
            line = _typed()
        except EOFError:
            raise click.Abort from None
        if not line:
            raise click.Abort
        return line


def missing(option: str) -> UsageError:
    """Nothing is said where something must be."""
    return UsageError(
        N_("{option} is missing"),
        N_("add it to the command, or run the command on a terminal, where it asks"),
        option=option,
    )


_YES = {"y", "yes", "j", "ja"}
_NO = {"", "n", "no", "nej"}


def agrees(console: Console, question: str) -> bool:
    """Does the person at the terminal say yes? In either language; Enter and Ctrl+C are no."""
    try:
        choice = console.text(N_("[y/N]"))
        while True:
            click.echo(f"{question} {choice}: ", nl=False, err=True)
            line = _typed()
            answer = line.strip().lower()
            if answer in _YES:
                return True
            if line and answer in _NO:
                return False
            if not line:
                break
            console.say(console.text(N_("Type y for yes, or n for no.")))
    except KeyboardInterrupt:
        pass
    console.say()
    return False


def _typed() -> str:
    """A line from the terminal; empty at its end.

    A Ctrl+C that comes between Python's last look for one and the system's read would not be seen
    before the next key. So nothing is read before there is something to read.
    """
    with suppress(OSError):  # Windows, which waits for connections only
        while not select.select([sys.stdin], [], [], _LOOK)[0]:
            pass
    return sys.stdin.readline()


_LOOK = 0.2
"""Seconds between two looks for Ctrl+C: a person takes it for at once."""


def _edit_lines() -> None:
    """Let arrows move in the line, where the system can."""
    with suppress(ImportError):
        import readline  # noqa: F401 - to import it is its effect


def is_wanted(console: Console, settings: Settings) -> bool:
    """Does the person at the terminal want to go ahead? Raises UsageError without one."""
    if settings.no_input or settings.json or not sys.stdin.isatty():
        raise UsageError(
            N_("nobody can be asked whether to go ahead"), N_("add  --yes  if the plan is right")
        )
    return agrees(console, console.text(N_("Go ahead?")))
