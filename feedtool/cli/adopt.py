"""feedtool import."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from ..errors import EXIT_AGAIN, EXIT_FINDINGS, EXIT_INTERRUPTED, FeedtoolError, UsageError
from ..finding import N_
from ..language import Size
from .asking import agrees
from .clock import parse_now
from .completing import complete_series
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..adopt.carry import Import, Outcome
    from ..adopt.chain import Whole
    from ..adopt.record import Why
    from ..console import Console


@click.command("import")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--series",
    metavar="SLUG",
    shell_complete=complete_series,
    help="The series it becomes (default: named after the feed).",
)
@click.option("--no-media", is_flag=True, help="Leave recordings and pictures where they are.")
@click.option("--dry-run", is_flag=True, help="Show what would be imported; write nothing.")
@click.option("--yes", is_flag=True, help="Download without asking.")
@global_options
@click.pass_obj
def command(
    settings: Settings, source: str, series: str | None, no_media: bool, dry_run: bool, yes: bool
) -> int:
    """Make episode files from an existing feed; guids and dates stay what they are.

    SOURCE is the address of a feed (RSS, Atom or JSON Feed), or a file. Recordings, pictures,
    transcripts and chapters are fetched. Episodes that are here already are left as they are, so
    it can be run again, and goes on after an interruption.

    \b
    Examples:
      feedtool import https://old.example/feed.rss --series samtal
      feedtool import https://old.example/feed.rss --series samtal --dry-run
      feedtool import feed.xml --series samtal --no-media
    """  # fmt: skip
    from ..adopt.carry import alone, carry_out, catalog_of, prepared
    from ..adopt.chain import is_address, read_source
    from ..adopt.web import Web

    root = settings.find_root()
    console = settings.console()
    now = parse_now(None)
    catalog = catalog_of(root)
    console.speak(catalog.series.language)
    if series is not None:
        _accept(series)
    with ExitStack() as stack:
        web = stack.enter_context(Web(waiting=_waiting(console), public=not is_address(source)))
        with console.progress(N_("Reading the feed")) as progress:
            whole = read_source(source, web, progress)
        if not whole.source.entries:
            raise _empty(whole)
        slug = series or _slug(whole)
        if not dry_run:
            stack.enter_context(alone(root))
        work = prepared(root, now, catalog, whole, slug, web, media=not no_media)
        _show(console, work)
        if dry_run:
            return _document(console, work, None)
        if work.plan.media and work.plan.new and not (yes or _is_wanted(console, settings, work)):
            console.result(console.text(N_("Nothing was imported.")))
            return EXIT_INTERRUPTED
        outcome = carry_out(work, console.text, _stages(console, stack))
    _tell(console, work, outcome)
    return _document(console, work, outcome)


def _accept(series: str) -> None:
    from ..formats import RESERVED_SERIES, is_slug
    from ..read.values import better_slug

    if is_slug(series) and series not in RESERVED_SERIES:
        return
    better = better_slug(series)
    raise UsageError(
        N_('"{series}" cannot be the name of a series'),
        N_("write small letters, digits and hyphens:  --series {better}"),
        series=series,
        better=f"{better}-2" if better in RESERVED_SERIES else better,
    )


def _slug(whole: Whole) -> str:
    from ..scaffold.episode import first_series

    return first_series(whole.source.title or whole.address)


def _empty(whole: Whole) -> FeedtoolError:
    from ..adopt.document import NoFeedError

    return NoFeedError(
        N_("{name} is a feed, but there is nothing in it"),
        N_("look at it in a podcast app; a host may hide its episodes"),
        name=whole.address,
    )


def _waiting(console: Console) -> Callable[[str, float], None]:
    def told(server: str, seconds: float) -> None:
        console.note(
            N_("{server} asks for a pause of {seconds} seconds"),
            server=server, seconds=f"{seconds:.0f}",
        )  # fmt: skip

    return told


def _stages(console: Console, stack: ExitStack) -> Callable[[str], Callable[[int, int], None]]:
    """A bar for each stage; the one before it ends."""
    current = stack.enter_context(ExitStack())

    def begin(name: str) -> Callable[[int, int], None]:
        current.close()
        return current.enter_context(console.progress(name))

    return begin


def _show(console: Console, work: Import) -> None:
    """The plan in words."""
    if console.as_json:
        return
    plan, source = work.plan, work.plan.whole.source
    years = sorted(entry.date.year for entry in source.entries if entry.date)
    console.say(
        console.text(
            N_("Entries found: {count}, {years}, language {language}: {title}"),
            count=len(source.entries),
            years="–".join(dict.fromkeys(map(str, (years[0], years[-1])))) if years else "?",
            language=source.tree.get("language", "?"),
            title=" ".join(source.title.split()),
        )
    )
    rows = [
        (N_("new"), len(plan.new)),
        (N_("there already"), len(plan.there)),
        (N_("left out"), len(plan.skipped)),
    ]
    for word, count in rows:
        if count:
            console.say(f"  {count:6}  {console.text(word)}")
    for skipped in plan.skipped[:_SHOWN]:
        console.say(f"          {_visible(skipped.title or skipped.guid)}: "
                    f"{_told(console, skipped.why)}")  # fmt: skip
    for why in plan.whole.told:
        console.note(why.template, **why.params)
    if source.locked:
        console.note(N_("the feed says that no other host may import it (podcast:locked): make "
                        "sure that it is yours"))  # fmt: skip
    _show_old(console, work)


_SHOWN = 10
"""Entries that are named; all are in the report."""


def _show_old(console: Console, work: Import) -> None:
    from ..adopt.report import old_without_text

    if count := old_without_text(work.plan):
        console.note(
            N_("{count} first published before 23 September 2020 without a text version; moving "
               "them to a new address can count as publishing again: plan text versions"),
            count=count,
        )  # fmt: skip


def _is_wanted(console: Console, settings: Settings, work: Import) -> bool:
    if settings.no_input or settings.json or not sys.stdin.isatty():
        raise UsageError(
            N_("nobody can be asked whether to download"),
            N_("add  --yes , or  --no-media  to leave the recordings where they are"),
        )
    plan = work.plan
    question = console.text(
        N_("Download {count} recordings, {size}?"), count=len(plan.new), size=Size(plan.bytes)
    )
    return agrees(console, question)


def _tell(console: Console, work: Import, outcome: Outcome) -> None:
    if work.plan.new or work.plan.there:
        _tell_made(console, work, outcome)
    else:
        console.result(console.text(N_("Nothing was imported: no entry of the feed can be an "
                                       "episode.")))  # fmt: skip
    if outcome.report:
        console.result(console.text(N_("What differs, and why: {file}"), file=outcome.report))
    else:
        console.note(N_("there is a file import-report.md of your own; no report was written"))
    if outcome.failed:
        console.result(
            console.text(N_("{count} are missing; run the same command again"),
                         count=len(outcome.failed))
        )  # fmt: skip
    elif work.plan.new or work.plan.there:
        console.result(
            console.text(N_("Next: feedtool check, then ask the old host to redirect (301) the "
                            "feed to the new address"))
        )  # fmt: skip


def _tell_made(console: Console, work: Import, outcome: Outcome) -> None:
    proof = outcome.proof
    for planned, error in outcome.failed[:_SHOWN]:
        console.say(f"  {_visible(planned.title)}: {console.text(error.message, **error.params)}")
    console.result(
        console.text(
            N_("Episodes made in episodes/{series}/: {count}"),
            count=len(outcome.made), series=work.plan.series,
        )
    )  # fmt: skip
    console.result(
        console.text(
            N_("Proof: {same} of {compared} are alike in the built feed and in the source (guid, "
               "date, title, recording)."),
            same=proof.same, compared=proof.compared,
        )
    )  # fmt: skip
    if proof.faulty:
        console.say(
            console.text(N_("With errors that a build would stop at: {count}"),
                         count=len(proof.faulty))
        )  # fmt: skip


def _told(console: Console, why: Why) -> str:
    return console.text(why.template, **why.params)


def _visible(text: str) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text if len(text) < 80 else text[:79] + "…"


def _document(console: Console, work: Import, outcome: Outcome | None) -> int:
    plan = work.plan
    folder = f"episodes/{plan.series}"
    skipped = [{"guid": one.guid, "why": _told(console, one.why)} for one in plan.skipped]
    more: dict[str, Any] = {
        "series": plan.series,
        "episodes": [f"{folder}/{one.slug}.md" for one in plan.new],
        "media": [],
        "skipped": skipped,
        "unchanged": sorted(f"episodes/{name}.md" for name in plan.there.values()),
    }
    code = 0
    if outcome is None:
        more["media"] = [
            {"path": f"media/{plan.series}/{one.media}", "bytes": one.enclosure.length,
             "sha256": None}
            for one in plan.new
            if plan.media
        ]  # fmt: skip
    else:
        root = work.root
        more["episodes"] = list(outcome.made)
        more["media"] = [
            {"path": one.path.relative_to(root).as_posix(), "bytes": one.bytes,
             "sha256": one.sha256}
            for one in outcome.media
        ]  # fmt: skip
        skipped += [
            {"guid": one.guid, "why": console.text(error.message, **error.params)}
            for one, error in outcome.failed
        ]
        more["report"] = outcome.report
        more["proof"] = {
            "compared": outcome.proof.compared,
            "same": outcome.proof.same,
            "differences": [
                {"guid": one.guid, "fact": one.fact, "source": one.source, "built": one.built,
                 "why": _told(console, one.why)}
                for one in outcome.proof.differences
            ],
        }  # fmt: skip
        if outcome.failed:
            code = EXIT_AGAIN
    if not plan.new and not plan.there:
        code = EXIT_FINDINGS
    console.document(ok=code == 0, more=more)
    return code
