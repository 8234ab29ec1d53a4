"""feedtool publish."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from ..errors import EXIT_FINDINGS, EXIT_INTERRUPTED, FeedtoolError
from ..finding import N_
from .asking import is_wanted
from .clock import clock, now_option, parse_now
from .options import Settings, global_options
from .publishing import Run, answer_of

if TYPE_CHECKING:
    from ..console import Console
    from ..order import Outcome


@click.command("publish")
@click.argument("target", required=False)
@click.option("--dry-run", is_flag=True, help="Show the plan; send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--allow",
    multiple=True,
    metavar="FACT:NAME",
    help="Break one promise by name, such as  media:series/episode.",
)
@click.option("--why", default="", metavar="TEXT", help="The reason for --allow, kept.")
@click.option("--at-due", is_flag=True, help="Only what has become due; for a scheduled job.")
@click.option("--no-ahead", is_flag=True, help="Not the recordings of scheduled episodes.")
@click.option("--markdown", is_flag=True, help="Only the plan, as a comment for a pull request.")
@now_option
@global_options
@click.pass_obj
def command(
    settings: Settings,
    target: str | None,
    dry_run: bool,
    yes: bool,
    allow: tuple[str, ...],
    why: str,
    at_due: bool,
    no_ahead: bool,
    markdown: bool,
    now: str | None,
) -> int:
    """Check, build, show what would change at the target, and send it: feeds last.

    TARGET is a name under targets: in feedtool.yaml, or an address: file:///dir,
    sftp://user@host/dir, s3://bucket/prefix, davs://host/dir. Without it, the only one.

    \b
    Examples:
      feedtool publish --dry-run
      feedtool publish webb
      feedtool publish webb --yes --allow date:samtal/maj --why "fel datum"
      feedtool publish --at-due --yes
    """  # fmt: skip
    from ..kept import STATE
    from ..load import load_catalog
    from ..order import Order
    from ..publisher import publisher_of
    from ..rebuild import agreed, rebuild
    from .build import allowances
    from .destination import place_of

    root = settings.find_root()
    console = settings.console()
    order = Order(
        root=root, now=parse_now(now), allow=allowances(allow), why=why, defers_lock=True,
        started_ns=time.time_ns(),
    )  # fmt: skip
    with console.progress(N_("Building")) as progress:
        outcome = rebuild(order, progress)
    console.speak(outcome.language)
    with agreed(outcome):
        catalog = load_catalog(root, []) if outcome.ok else None
        if catalog is None:
            return _stopped(console, outcome, target or "")
        try:
            place = place_of(catalog, order, target)
        except FeedtoolError as error:
            error.answer, error.findings = answer_of(target or ""), outcome.findings
            raise
        run = Run(console, order, outcome, catalog, place)
        try:
            with publisher_of(root / STATE, clock) as publisher:
                run.prepare(publisher, ahead=not no_ahead, sends=not (dry_run or markdown))
                if markdown:
                    return run.markdown()
                if at_due and not run.is_due():
                    return run.document()
                run.show(asks=not (yes or dry_run))
                run.refuse()
                if dry_run:
                    return run.document()
                if run.nothing:
                    run.keep_lock()
                    run.remember()
                    return run.document()
                if not yes and not is_wanted(console, settings):
                    console.result(console.text(N_("Nothing was sent.")))
                    return EXIT_INTERRUPTED
                run.carry_out()
                run.remember()
        except FeedtoolError as error:
            error.answer, error.findings = run.answer(), run.findings
            raise
        finally:
            place.target.close()
        return run.document()


def _stopped(console: Console, outcome: Outcome, target: str) -> int:
    """The catalog has errors: nothing was compared."""
    console.findings(outcome.findings)
    console.document(ok=False, findings=outcome.findings, more=answer_of(target))
    counts = {
        f"{severity}s": sum(one.severity == severity for one in outcome.findings)
        for severity in ("error", "warning")
    }
    told = N_("Errors: {errors}, warnings: {warnings}. Nothing was published.")
    console.say(console.text(told, **counts))
    return EXIT_FINDINGS
