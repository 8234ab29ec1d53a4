"""feedtool check."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import EXIT_FINDINGS, UsageError
from ..finding import N_, Shown
from ..vocabulary import PROFILES
from .clock import now_option, parse_now
from .completing import complete_codes, complete_episodes
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..console import Console
    from ..recheck import Checked


@click.command("check")
@click.argument(
    "paths",
    nargs=-1,
    metavar="[PATH]...",
    type=click.Path(path_type=Path, readable=False),  # what cannot be read is a finding
    shell_complete=complete_episodes,
)
@click.option("--fix", is_flag=True, help="Mend what has exactly one right answer.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; write nothing.")
@click.option(
    "--select",
    multiple=True,
    metavar="CODE",
    shell_complete=complete_codes,
    help="Show only these: EP020, or EP for all that begin so. Repeatable.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODE",
    shell_complete=complete_codes,
    help="Leave these out. Repeatable.",
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice(PROFILES),
    help="Weigh by this instead of the catalog's profiles:. Repeatable.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="text; json, as --json; github, notes beside the lines of a pull request.",
)
@now_option
@global_options
@click.pass_obj
def command(
    settings: Settings,
    paths: tuple[Path, ...],
    fix: bool,
    diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    profiles: tuple[str, ...],
    strict: bool,
    form: str,
    now: str | None,
) -> int:
    """Say everything that is wrong, and how to mend it; without --fix, nothing is changed.

    With PATH, only what is wrong in these files and folders, and in the recordings and transcripts
    that these episodes name. The whole catalog is read all the same: a guid, for example, must
    differ from all others.

    \b
    Examples:
      feedtool check
      feedtool check episodes/samtal/maj.md --strict
      feedtool check --diff
      feedtool check --select EP --select A11Y --format github
    """  # fmt: skip
    from ..recheck import concerning, recheck

    settings.json = settings.json or form == "json"
    form = "json" if settings.json else form  # one document, and nothing beside it
    root = settings.find_root()
    console = settings.console()
    wanted = _inside(root, paths)
    _known(select, "--select")
    _known(ignore, "--ignore")
    moment = parse_now(now)

    def look() -> Checked:
        with console.progress(N_("Checking")) as progress:
            return recheck(root, moment, time.time_ns(), progress, profiles=profiles or None)

    def chosen(found: Sequence[tuple[str, str]]) -> list[bool]:
        meant = concerning(root, wanted, {file for _, file in found}) if paths else None
        return [
            _chosen(code, select, ignore) and (meant is None or file in meant)
            for code, file in found
        ]

    checked = look()
    console.speak(checked.language)
    mending = None
    if fix or diff or console.as_json:
        from .mending import Mending

        mender = Mending(root, moment, look, chosen, other_profiles=bool(profiles), diff=diff)
        mending = mender if fix or diff else None
        checked = mending.carry_out(checked) if mending else mender.marked(checked)
    meant = chosen([(one.code, one.file) for one in checked.shown])
    findings = list(compress(checked.shown, meant))
    weights = ("error", "warning") if strict else ("error",)
    ok = not any(finding.severity in weights for finding in findings)
    console.document(ok=ok, findings=findings, more=mending.document() if mending else None)
    if mending and form == "text":
        mending.tell(console)
    if not diff or form != "text":
        console.report(findings, github=_in_repository(root) if form == "github" else None)
    if form == "text" and not diff:
        _sum_up(console, findings, mended=len(mending.done) if mending else 0)
    return 0 if ok else EXIT_FINDINGS


def _sum_up(console: Console, findings: Sequence[Shown], *, mended: int) -> None:
    counts = {
        f"{severity}s": sum(one.severity == severity for one in findings)
        for severity in ("error", "warning", "note")
    }
    text = N_("Errors: {errors}, warnings: {warnings}, notes: {notes}. Nothing was changed.")
    if mended:
        text = N_(
            "Mended: {mended}. Left to you: errors: {errors}, warnings: {warnings}, notes: {notes}."
        )
    console.result(console.text(text, mended=mended, **counts))


def _chosen(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """By whole codes or their beginnings."""
    begins = code.startswith
    return (not select or any(begins(one.upper()) for one in select)) and not any(
        begins(one.upper()) for one in ignore
    )


def _known(codes: Sequence[str], option: str) -> None:
    """Refuse what begins no code: a slip of the finger would hide everything, or nothing."""
    if not codes:
        return
    from ..codes import every_code

    every = [one.id for one in every_code()]
    for code in codes:
        if not code or not any(one.startswith(code.upper()) for one in every):
            raise UsageError(
                N_('{option}: no finding is called "{code}" or begins so'),
                N_("feedtool explain  lists all"),
                option=option,
                code=code,
            )


def _in_repository(root: Path) -> str:
    """The folders between the repository and the catalog: GitHub names files from the top."""
    root = root.resolve()
    for folder in (root, *root.parents):
        if os.path.exists(folder / ".git"):
            return f"{root.relative_to(folder).as_posix()}/".removeprefix("./")
    return ""


def _inside(root: Path, paths: Sequence[Path]) -> tuple[str, ...]:
    """The paths as findings have them: relative to the root, with "/"."""
    inside = []
    for path in paths:
        place = next((one for one in (path, root / path) if os.path.lexists(one)), None)
        name = _name_of(root, place) if place else None
        if name is None:
            raise UsageError(
                N_("there is no {path} in the catalog"),
                N_("name files or folders below {root}"),
                path=path,
                root=root,
            )
        inside.append(name)
    return tuple(inside)


def _name_of(root: Path, place: Path) -> str | None:
    """What findings call a file: a link by its own name. None = it is not in the catalog."""
    written = Path(os.path.normpath(Path.cwd() / place))
    for above in (written, *written.parents):
        # Path.exists() raises where nobody may look
        if os.path.exists(above) and above.samefile(root):
            return written.relative_to(above).as_posix()
    real, home = Path(os.path.realpath(place)), Path(os.path.realpath(root))
    return real.relative_to(home).as_posix() if real.is_relative_to(home) else None
