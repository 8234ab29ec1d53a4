"""feedtool build."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from ..console import Console
from ..errors import EXIT_FINDINGS, UsageError
from ..finding import N_
from ..order import Order, Outcome
from ..rebuild import rebuild
from .clock import now_option, parse_now
from .options import Settings, global_options


@click.command("build")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Build into this folder instead of public/; the lock is not written then.",
)
@click.option("--base-url", metavar="URL", help="Use this address instead of base_url:.")
@now_option
@click.option(
    "--drafts", is_flag=True, help="Build drafts and scheduled episodes too (needs --output)."
)
@click.option("--locked", is_flag=True, help="Fail rather than change feedtool.lock (for CI).")
@click.option(
    "--allow",
    multiple=True,
    metavar="FACT:NAME",
    help="Break one promise by name, such as  media:series/episode.",
)
@click.option("--why", default="", metavar="TEXT", help="The reason for --allow, kept.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be.")
@global_options
@click.pass_obj
def command(
    settings: Settings,
    output: Path | None,
    base_url: str | None,
    now: str | None,
    drafts: bool,
    locked: bool,
    allow: tuple[str, ...],
    why: str,
    dry_run: bool,
) -> int:
    """Check the catalog, then build its feeds and files into public/.

    Errors stop the build and leave public/ as it was.

    \b
    Examples:
      feedtool build
      feedtool build --dry-run --json
      feedtool build --output ../look --drafts --base-url http://localhost:8000/
      feedtool build --allow media:samtal/maj --why "ny mastring"
    """  # fmt: skip
    if drafts and output is None:
        raise UsageError(
            N_("--drafts needs --output"), N_("add  --output DIR : public/ has no drafts")
        )
    root = settings.find_root()
    if drafts and output and os.path.realpath(output) == os.path.realpath(root / "public"):
        raise UsageError(
            N_("{folder} is what goes out: it has no drafts"),
            N_("name another folder with --output"),
            folder=output,
        )
    console = settings.console()
    order = Order(
        root=root,
        output=output,
        base_url=_address(base_url),
        now=parse_now(now),
        drafts=drafts,
        locked=locked,
        allow=allowances(allow),
        why=why,
        dry_run=dry_run,
        started_ns=time.time_ns(),
    )
    with console.progress(N_("Building")) as progress:
        outcome = rebuild(order, progress)
    console.speak(outcome.language)
    _show(console, order, outcome)
    return 0 if outcome.ok else EXIT_FINDINGS


def _show(console: Console, order: Order, outcome: Outcome) -> None:
    try:
        folder = os.path.relpath(order.folder, order.root)
    except ValueError:  # on another drive of Windows
        folder = str(order.folder)
    folder = folder.replace(os.sep, "/")

    def path(name: str) -> str:
        return f"{folder}/{name}"

    console.findings(outcome.findings)
    console.document(
        ok=outcome.ok,
        findings=outcome.findings,
        more={
            "series": [
                {"slug": slug, "episodes": count, "feeds": [path(feed) for feed in feeds]}
                for slug, count, feeds in outcome.series
            ],
            "written": [path(name) for name in outcome.written],
            "unchanged": outcome.unchanged,
            "removed": [path(name) for name in outcome.removed],
        },
    )
    if not outcome.ok:
        errors = sum(finding.severity == "error" for finding in outcome.findings)
        warnings = sum(finding.severity == "warning" for finding in outcome.findings)
        console.say(
            console.text(
                N_("Errors: {errors}, warnings: {warnings}. Nothing was changed."),
                errors=errors, warnings=warnings,
            )
        )  # fmt: skip
        return
    for slug, count, feeds in outcome.series:
        console.result(console.text(N_("{slug} (episodes: {count})"), slug=slug, count=count))
        for feed in feeds:
            console.result(f"  {path(feed)}")
    if outcome.series:
        console.result(console.text(N_("all series")))
        for feed in ("feed.xml", "atom.xml", "feed.json", "feeds.opml"):
            console.result(f"  {path(feed)}")
    summary = (
        N_("{written} files would be written, {unchanged} are unchanged, {removed} removed.")
        if order.dry_run
        else N_("{written} files written, {unchanged} unchanged, {removed} removed.")
    )
    console.result(
        console.text(
            summary,
            written=len(outcome.written), unchanged=outcome.unchanged,
            removed=len(outcome.removed),
        )
    )  # fmt: skip


def _address(text: str | None) -> str | None:
    if text is None:
        return None
    from urllib.parse import urlsplit

    from ..formats import is_web_address

    if is_web_address(text) and "@" in urlsplit(text).netloc:
        raise UsageError(
            N_("--base-url has a name or a password before the @, which every feed would show"),
            N_("leave out the @ and everything between // and it"),
        )
    if not is_web_address(text) or "?" in text or "#" in text:
        raise UsageError(
            N_('--base-url: "{text}" is not a web address'),
            N_("write it as https://www.example.org/"),
            text=text,
        )
    return text


def allowances(texts: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    if not texts:
        return frozenset()
    from ..lock import parse_allow

    return frozenset(parse_allow(text) for text in texts)
