"""feedtool verify."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from ..errors import EXIT_AGAIN, EXIT_FINDINGS, NoCatalogError, UsageError
from ..finding import N_
from .clock import parse_now
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..audit.aspect import Check, Words
    from ..audit.visit import Visit
    from ..console import Console

NEWEST = 10


@click.command("verify")
@click.argument("url", metavar="URL")
@click.option(
    "--episodes", type=click.IntRange(min=0), default=NEWEST, show_default=True, metavar="N",
    help="Look at so many of the newest episodes.",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Look at all episodes.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.1, max=300), default=15.0, show_default=True,
    metavar="SECONDS", help="Wait so long for each answer.",
)  # fmt: skip
@global_options
@click.pass_obj
def command(settings: Settings, url: str, episodes: int, every: bool, timeout: float) -> int:
    """Look at a live feed as podcast apps do, and say what stands in their way.

    Any podcast feed, also one that feedtool did not make: how it is served, what it says, and the
    recordings, pictures, transcripts and chapters that it names. Nothing is changed, and only two
    bytes of a recording are fetched.

    \b
    Examples:
      feedtool verify https://podcast.municipality.example/town-hall/feed.xml
      feedtool verify http://127.0.0.1:8000/town-hall/feed.xml --all
    """  # fmt: skip
    _must_be_of_the_web(url)
    from ..audit.visit import visit
    from ..audit.web import Limits, Web
    from ..session import shown

    with suppress(NoCatalogError):  # only for its language
        settings.find_root()
    console = settings.console()
    most = None if every else episodes
    limits = Limits(timeout=timeout, patience=8 * timeout)
    with Web(limits) as web, console.progress(N_("Looking")) as progress:
        came = visit(url, web, most=most, now=parse_now(None), progress=progress)
    ok = not came.errors
    counts = {"error": came.errors, "warning": came.warnings, "note": 0}
    checks = [_plain(console, one) for one in came.checks]
    console.document(ok=ok, more={"counts": counts, "url": shown(url), "checks": checks})
    show = console.say if settings.quiet and not settings.json else console.result
    for line in _told(console, came, shown(url), settings.quiet):
        show(line)
    if came.silent:
        return EXIT_AGAIN
    return 0 if ok else EXIT_FINDINGS


def _must_be_of_the_web(url: str) -> None:
    from ..session import shown, without_password

    try:
        url.encode()  # raises for bytes that are no UTF-8
        where = urlsplit(url)
        good = where.scheme in ("http", "https") and bool(where.hostname) and (where.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise UsageError(
            N_('"{url}" is no address of a feed'),
            N_("give the whole address, such as  https://podcast.municipality.example/feed.xml"),
            url=shown(without_password(url)),
        )


def _words(console: Console, said: Words) -> str:
    params = {
        name: value if isinstance(value, str | int) else _words(console, value)
        for name, value in said.params.items()
    }
    return console.text(said.text, **params)


def _plain(console: Console, one: Check) -> dict[str, Any]:
    from ..session import shown

    return {
        "name": one.aspect.name,
        "ok": one.ok,
        "severity": one.aspect.severity,
        "about": shown(one.subject.url),
        "title": one.subject.title,
        "expected": _words(console, one.expected),
        "got": _words(console, one.got),
        "mend": "" if one.ok else _words(console, one.mend),
        "spec": list(one.aspect.spec),
    }


# --- in words ------------------------------------------------------------------------------------

_SHOWN = 5
"""Addresses in a row with the same fault."""


def _told(console: Console, came: Visit, url: str, quiet: bool) -> Iterator[str]:
    """Part by part, what is the same for several addresses once."""
    from ..audit.aspect import Part

    if not quiet:
        yield url
    for part, some in groupby(came.checks, key=lambda one: one.subject.part):
        checks = list(some)
        several = part is not Part.FEED
        lines = [
            line
            for alike in _alike(console, checks)
            if not quiet or _weight(alike[0]) == "error"
            for line in _one(console, alike, several)
        ]
        if lines:
            yield from ("", console.text(part.value), *lines)
    if not quiet:
        yield ""
        yield from _summed_up(console, came)


def _weight(one: Check) -> str:
    return "ok" if one.ok else one.aspect.severity


def _alike(console: Console, checks: list[Check]) -> list[list[Check]]:
    """Checks with the same answer, in the order of their aspects; what is right, by aspect."""
    groups: dict[tuple[str, ...], list[Check]] = {}
    for one in checks:
        key: tuple[str, ...] = (one.aspect.name, _weight(one))
        if not one.ok:
            key += (_words(console, one.expected), _words(console, one.got))
        groups.setdefault(key, []).append(one)
    order = list(dict.fromkeys(one.aspect.name for one in checks))
    return sorted(groups.values(), key=lambda some: order.index(some[0].aspect.name))


def _one(console: Console, alike: list[Check], several: bool) -> Iterator[str]:
    """One answer: of the feed, or of several recordings, pictures or files."""
    one = alike[0]
    got = list(dict.fromkeys(_words(console, each.got) for each in alike))
    line = f"  {console.text(_weight(one)):9}{console.text(one.aspect.title)}"
    if len(got) <= _GOT:
        line += ": " + "; ".join(got)
    yield line + (f"  ({len(alike)})" if several else "")
    if one.ok:
        return
    labels = {name: console.text(name) for name in (N_("expected"), N_("mend"))}
    width = max(map(len, labels.values())) + 2
    for name, said in (("expected", one.expected), ("mend", one.mend)):
        yield from _wrapped(_words(console, said), f"{'':11}{labels[name]:{width}}")
    if several:
        yield from (f"{'':11}{line}" for line in _addresses(console, alike))


_GOT = 3
"""Different answers that are told in one line."""


def _addresses(console: Console, alike: list[Check]) -> Iterator[str]:
    from ..audit.aspect import as_it_is
    from ..session import shown

    for one in alike[:_SHOWN]:
        title = _words(console, as_it_is(one.subject.title))
        yield f"- {title}  {shown(one.subject.url)}" if title else f"- {shown(one.subject.url)}"
    if len(alike) > _SHOWN:
        yield "- " + console.text(N_("and {count} more"), count=len(alike) - _SHOWN)


def _wrapped(text: str, begin: str) -> list[str]:
    """The lines of an advice; one where nobody looks: another program may search for it."""
    if not sys.stdout.isatty():
        return [begin + text]
    width = max(shutil.get_terminal_size().columns, 40)
    return textwrap.wrap(
        text, width, initial_indent=begin, subsequent_indent=" " * len(begin),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _summed_up(console: Console, came: Visit) -> Iterator[str]:
    if came.silent:
        yield console.text(N_("There was no answer to look at."))
        return
    if came.episodes:
        yield console.text(
            N_("Looked at {looked_at} of {episodes} episodes."),
            looked_at=came.looked_at, episodes=came.episodes,
        )  # fmt: skip
    yield console.text(
        N_("Checks: {checks}, errors: {errors}, warnings: {warnings}."),
        checks=len(came.checks), errors=came.errors, warnings=came.warnings,
    )  # fmt: skip
