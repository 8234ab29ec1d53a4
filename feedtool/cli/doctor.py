"""feedtool doctor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import EXIT_FINDINGS, NoCatalogError
from ..finding import N_, in_words
from .clock import parse_now
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..console import Console
    from ..doctor import Check

_WORDS = {
    "ok": N_("ok"),
    "missing": N_("missing"),
    "warning": N_("warning"),
    "skipped": N_("skipped"),
    "error": N_("error"),
}
_COLOURS = {"ok": "green", "missing": "cyan", "warning": "yellow", "error": "red"}


@click.command("doctor")
@global_options
@click.pass_obj
def command(settings: Settings) -> int:
    """Say what is installed and configured, and what is not.

    Nothing is changed or sent. The home folder, e-mail addresses and secrets are not shown, so that
    the answer can be put into a letter.

    \b
    Examples:
      feedtool doctor
      feedtool doctor --json
    """
    from ..doctor import examine

    root: Path | None = None
    try:
        root = settings.find_root()
    except NoCatalogError:
        if settings.root:
            raise
    console = settings.console()
    width = max(len(console.text(word)) for word in _WORDS.values())
    checks = []
    for check in examine(root, os.environ, parse_now(None)):
        told = _told(console, check)
        checks.append(told)
        word = click.style(
            console.text(_WORDS[check.status]).ljust(width), fg=_COLOURS.get(check.status)
        )
        mend = "  " + console.text(N_("mend")) + f": {told['mend']}" if told["mend"] else ""
        console.result(f"{word}  {told['detail']}{mend}")
    ok = not any(check["status"] == "error" for check in checks)
    console.document(ok=ok, more={"checks": checks})
    return 0 if ok else EXIT_FINDINGS


def _told(console: Console, check: Check) -> dict[str, str]:
    from ..doctor import masked

    params = in_words(check.params, console.text)
    home = Path.home()
    return {
        "name": check.name,
        "status": check.status,
        "detail": masked(console.text(check.detail, **params), home),
        "mend": masked(console.text(check.mend, **params), home),
    }
