"""feedtool new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..errors import EXIT_FINDINGS, FeedtoolError, UsageError
from ..finding import N_, Finding
from .asking import Asker
from .clock import parse_now
from .completing import complete_people, complete_series
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..console import Console
    from ..scaffold.episode import Made
    from .interview import Options


@click.command("new")
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path())
@click.option(
    "--series", metavar="SLUG", shell_complete=complete_series, help="The series it belongs to."
)
@click.option("--series-title", metavar="TITLE", help="Begin the series --series, with this title.")
@click.option("--title", metavar="TEXT", help="Instead of the title in the recording.")
@click.option("--summary", metavar="TEXT", help='One or two sentences; "" leaves it for later.')
@click.option(
    "--date",
    metavar="WHEN",
    help='"now", "tomorrow 07:00", "monday 07:00", "2026-11-24 07:00".',
)
@click.option(
    "--transcript", metavar="FILE", type=click.Path(), help="Its text: .vtt, .srt or .txt."
)
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar="NAME:ROLE",
    shell_complete=complete_people,
    help='Who takes part: "Elin Wihlborg: guest", or an id of feedtool.yaml. Repeatable.',
)
@click.option("--edit", is_flag=True, help="Open the file in your editor afterwards.")
@global_options
@click.pass_obj
def command(settings: Settings, /, files: tuple[str, ...], edit: bool, **options: Any) -> int:
    """Make an episode from a recording.

    The recording is read and copied into the catalog; what it does not say is asked. The original
    is not touched. Several recordings make several episodes.

    \b
    Examples:
      feedtool new interview.mp3
      feedtool new interview.mp3 --title "The new school" --date "tomorrow 07:00"
      feedtool new interview.mp3 --person "Elin Wihlborg: guest" --transcript interview.vtt
    """
    from ..load import load_catalog
    from ..lock_file import read_lock_file
    from ..scaffold.dropped import dropped_path
    from ..scaffold.recording import look_at
    from .interview import Interview, Options

    root = settings.find_root()
    console = settings.console()
    asker = Asker(settings, console)
    now = parse_now(None)
    found: list[Finding] = []
    catalog = load_catalog(root, found)
    lock = read_lock_file(root, now, found)
    if catalog is None or lock is None:
        return _stopped(console, found)
    asked = Options(**options)
    if len(files) > 1:
        _for_one(asked)
    interview = Interview(
        root, catalog, lock, now, console, asker, asked, several=len(files) > 1
    )  # fmt: skip
    made: list[Made] = []
    told: list[Finding] = []
    for file in files or [asker.ask(console.text(N_("Recording")), "FILE", None, str)]:
        try:
            recording, found = look_at(dropped_path(file))
            if recording is None:
                return _stopped(console, found, made)
            console.findings(finding.shown() for finding in found)
            made.append(interview.make(recording))
        except FeedtoolError as error:
            if not made:
                raise
            return _broken_off(console, error, made)
        told += found
    console.result(
        console.text(N_("Next: write the show notes in the file, then feedtool publish"))
    )
    console.document(
        ok=True,
        findings=[finding.shown() for finding in told],
        more={"episodes": _plain(made)},
    )
    if edit:
        for one in made:
            click.edit(filename=str(root / one.file))
    return 0


def _for_one(asked: Options) -> None:
    """Refuse options that cannot hold for several episodes."""
    for option, given in (
        ("--title", asked.title), ("--summary", asked.summary), ("--transcript", asked.transcript),
    ):  # fmt: skip
        if given:
            raise UsageError(
                N_("{option} cannot be the same for several episodes"),
                N_("make them one by one"),
                option=option,
            )


def _stopped(console: Console, found: Sequence[Finding], made: Sequence[Made] = ()) -> int:
    findings = [finding.shown() for finding in found]
    console.findings(findings)
    console.document(ok=False, findings=findings, more={"episodes": _plain(made)})
    return EXIT_FINDINGS


def _broken_off(console: Console, error: FeedtoolError, made: Sequence[Made]) -> int:
    """An error after some episodes were made: the document names them too."""
    if console.as_json:
        console.document(ok=False, error=error, more={"episodes": _plain(made)})
    else:
        console.error(error)
    return error.exit_code


def _plain(made: Sequence[Made]) -> list[dict[str, Any]]:
    return [
        {
            "episode": one.name,
            "guid": one.guid,
            "file": one.file,
            "media": one.media,
            "copied": list(one.copied),
        }
        for one in made
    ]
