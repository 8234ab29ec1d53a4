"""feedtool sync."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import EXIT_AGAIN, EXIT_FINDINGS, EXIT_INTERRUPTED, FeedtoolError, UsageError
from ..finding import N_, visible
from .asking import is_wanted
from .clock import clock, now_option, parse_now
from .completing import complete_hosts, complete_series
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..console import Console
    from ..order import Order, Outcome
    from ..read.catalog import Catalog
    from ..sync.apply import Done
    from ..sync.host import Host, Progress
    from ..sync.plan import Plan
    from ..sync.step import Asked, Step
    from ..syncing import Prepared


@click.command("sync")
@click.argument("host", shell_complete=complete_hosts)
@click.argument("series", nargs=-1, shell_complete=complete_series)
@click.option("--dry-run", is_flag=True, help="Show the plan; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--replace",
    is_flag=True,
    help="Upload changed recordings anew; the old items go, with their plays and comments.",
)
@click.option("--adopt", is_flag=True, help="Take over what is there and not made by feedtool.")
@click.option("--delete", is_flag=True, help="Remove there what is no longer here; at most some.")
@now_option
@global_options
@click.pass_obj
def command(
    settings: Settings,
    host: str,
    series: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    replace: bool,
    adopt: bool,
    delete: bool,
    now: str | None,
) -> int:
    """Make a host such as SoundCloud have what is due here: plan, show, and do it.

    HOST is a name under hosts: in feedtool.yaml. With SERIES, only these. Sign in first, with
    feedtool login HOST. What it did is kept in HOST.lock, which is to be committed.

    \b
    Examples:
      feedtool sync soundcloud --dry-run
      feedtool sync soundcloud
      feedtool sync soundcloud samtal --yes --replace
    """
    from ..order import Order
    from ..rebuild import agreed
    from ..sync.step import Asked
    from .host_of import host_of, named_host
    from .login import offer_login

    root, console = settings.find_root(), settings.console()
    order = Order(root=root, now=parse_now(now), defers_lock=True, started_ns=time.time_ns())
    built = _built(console, order, host)
    if built is None:
        return EXIT_FINDINGS
    outcome, catalog = built
    with agreed(outcome):
        _refuse_unknown(outcome, series)
        _refuse_channels(catalog, host, root)
        asked = Asked(replace=replace, adopt=adopt, delete=delete, series=frozenset(series))
        run = _Run(console, host, asks=not (yes or dry_run))
        offer_login(settings, console, named_host(catalog, host))
        opened = host_of(catalog, host, time.sleep, run.waiting)
        try:
            with run.prepare(order, outcome, catalog, opened, asked):
                if dry_run:
                    return run.document(ok=True)
                if not run.nothing:
                    if not yes and not is_wanted(console, settings):
                        console.result(console.text(N_("Nothing was changed there.")))
                        return EXIT_INTERRUPTED
                    _promise(outcome)
                run.carry_out(root / "media")
                return run.finish()
        except FeedtoolError as error:
            error.answer = run.answer()
            if run.succeeded:
                error.done = (N_("done before: {count}"), {"count": run.succeeded})
            raise
        finally:
            opened.close()


def _promise(outcome: Outcome) -> None:
    """Write feedtool.lock before anything leaves the machine."""
    from ..syncing import not_written

    try:
        if outcome.lock is not None:
            outcome.lock.write()
    except OSError as error:
        raise not_written(error, "feedtool.lock") from error


def _built(console: Console, order: Order, host: str) -> tuple[Outcome, Catalog] | None:
    """What is due, checked and built; None = there are errors, which were told."""
    from ..load import load_catalog
    from ..rebuild import rebuild

    with console.progress(N_("Building")) as progress:
        outcome = rebuild(order, progress)
    console.speak(outcome.language)
    catalog = load_catalog(order.root, []) if outcome.ok else None
    if catalog is None:
        console.findings(outcome.findings)
        more = {"host": host, "plan": [], "done": []}
        console.document(ok=False, findings=outcome.findings, more=more)
        console.say(console.text(N_("There are errors. Nothing was synced.")))
        return None
    return outcome, catalog


def _refuse_unknown(outcome: Outcome, series: tuple[str, ...]) -> None:
    known = [slug for slug, _, _ in outcome.series]
    unknown = set(series) - set(known)
    if unknown:
        raise UsageError(
            N_('there is no series "{name}" with due episodes'),
            N_("name one of {names}")
            if len(known) > 1
            else N_("name {names}")
            if known
            else N_("leave the name out; what is due is told by:  feedtool status"),
            name=min(unknown), names=", ".join(known),
        )  # fmt: skip


def _refuse_channels(catalog: Catalog, host: str, root: Path) -> None:
    """A channel is named for a series that is not here: another one would be made instead."""
    keys = catalog.keys.hosts.get(host)
    for slug in keys.channels if keys else ():
        if not (root / "episodes" / slug / "series.yaml").is_file():
            raise UsageError(
                N_('hosts: {name}: channels: there is no series "{series}"'),
                N_("write the name of a folder in episodes/, or delete the entry"),
                name=host, series=slug,
            )  # fmt: skip


class _Run:
    """One sync, and what is told of it."""

    def __init__(self, console: Console, host: str, *, asks: bool) -> None:
        self._console, self._host = console, host
        self._asks = asks  #: somebody is to agree to the plan, --quiet or not
        self._prepared: Prepared | None = None
        self._path = Path()  #: of <host>.lock
        self.done: list[Done] = []
        self._bar = ExitStack()

    @contextmanager
    def prepare(
        self, order: Order, outcome: Outcome, catalog: Catalog, opened: Host, asked: Asked
    ) -> Iterator[None]:
        """Compare with what is there, and show the plan; nobody else syncs meanwhile."""
        from ..kept import STATE
        from ..mirror import mirror_of
        from ..syncing import alone, prepare

        self._path = order.root / f"{self._host}.lock"
        counts = {slug: count for slug, count, _ in outcome.series}
        with (
            alone(order.root / STATE, self._host, clock),
            mirror_of(order, catalog, opened, self._host, counts) as mirror,
        ):
            url = catalog.keys.hosts[self._host].url
            with self._console.progress(N_("Comparing")):
                self._prepared = prepare(opened, self._path, url, mirror, asked, clock)
            mirror.keep()
            self._show()
            if self._plan.refusal:
                raise self._plan.refusal
            yield

    @property
    def _plan(self) -> Plan:
        assert self._prepared is not None
        return self._prepared.plan

    @property
    def nothing(self) -> bool:
        return self._plan.nothing

    @property
    def succeeded(self) -> int:
        """Steps that were done, without those that failed."""
        return sum(done.error is None for done in self.done)

    def carry_out(self, media: Path) -> None:
        """Do it, and remember what was done."""
        from ..syncing import carry_out

        assert self._prepared is not None
        with self._bar:
            for done in carry_out(
                self._prepared, self._path, media, clock=clock, wait=time.sleep, watcher=self
            ):
                self.done.append(done)

    def waiting(self, seconds: float) -> None:
        text = N_("{host} wants fewer requests: waiting {seconds} s")
        self._console.note(text, host=self._host, seconds=int(seconds))

    def _show(self) -> None:
        """The plan in words."""
        from .told_sync import told

        console, prepared = self._console, self._prepared
        assert prepared is not None
        if console.as_json:
            return
        say = console.say if self._asks else console.aside
        account = prepared.account.name
        say(console.text(N_("{host}, account {account}"), host=self._host, account=account))
        for line in told(prepared.plan, console.text):
            say(line)
        for message in (
            prepared.host.notes if any(step.uploads for step in prepared.plan.steps) else ()
        ):
            console.note(message)
        if self.nothing:
            text = N_("Nothing to do: {host} is up to date.")
            console.result(console.text(text, host=self._host))

    def begins(self, step: Step) -> Progress:
        """A line of work begins; uploads have a bar."""
        from .told_sync import WORDS

        label = f"{self._console.text(WORDS[step.action])}  {visible(step.title)}"
        return self._bar.enter_context(self._console.progress(label))

    def ended(self, done: Done) -> None:
        from .told_sync import WORDS, worded

        console, step = self._console, done.step
        self._bar.close()
        if done.error is not None:
            error = done.error
            reason = worded(console.text, error.message, error.params)
            console.say(console.text(N_("error")) + f"  {step.name}: {reason}")
            if error.mend:
                mend = worded(console.text, error.mend, error.params)
                console.say("  " + console.text(N_("mend")) + f"  {mend}")
            return
        where = done.held.url if done.held and done.held.public else ""
        told = f"{console.text(WORDS[step.action])}  {visible(step.title)}  ✓ {visible(where)}"
        console.aside(f"  {told}".rstrip())
        # what they are was worked out to be sent, so nothing is read for it
        cut = step.wish.wanted().cut if step.wish and step.fields else ()
        told = ", ".join(name for name in cut if name in step.fields)
        if told:
            text = N_("too long for {host}, and shortened: {fields}")
            console.note(text, host=self._host, fields=told)
        if done.waits:
            text = N_("{host} is still busy with it; later, the same command makes it public")
            console.note(text, host=self._host)

    def finish(self) -> int:
        from .told_sync import worded

        console = self._console
        count, failed = self.succeeded, len(self.done) - self.succeeded
        if failed:
            told = N_("Done: {count}, failed: {failed}; run the same command again.")
            console.result(console.text(told, count=count, failed=failed))
        elif count:
            console.result(console.text(N_("Done: {count}."), count=count))
        assert self._prepared is not None
        for message, params in self._prepared.host.warnings():
            told = worded(console.text, message, params)
            console.aside(console.text(N_("warning")) + f"  {told}")
        self.document(ok=not failed)
        return EXIT_AGAIN if failed else 0

    def document(self, *, ok: bool) -> int:
        self._console.document(ok=ok, more=self.answer())
        return 0

    def answer(self) -> Mapping[str, object]:
        """What `--json` says of a sync."""
        from .told_sync import plain

        steps = self._prepared.plan.steps if self._prepared else ()
        return {
            "host": self._host,
            "plan": [plain(step, self._console.text) for step in steps],
            "done": [self._plain(done) for done in self.done],
        }

    def _plain(self, done: Done) -> Mapping[str, object]:
        from .told_sync import plain, worded

        told = {**plain(done.step, self._console.text), "ok": done.error is None}
        if done.held:
            told["remote"] = done.held.remote
        if done.error:
            told["why"] = worded(self._console.text, done.error.message, done.error.params)
        return told
