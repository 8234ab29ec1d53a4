"""One publish after its build: the plan, the sending, and what is told of both."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import FeedtoolError
from ..finding import N_

if TYPE_CHECKING:
    from ..console import Console
    from ..finding import Shown
    from ..order import Order, Outcome
    from ..read.catalog import Catalog
    from ..release import Place, Prepared

SHOWN = 10
"""Findings before the plan, and warnings after the sending."""
NOTHING_DONE = (N_("nothing was sent: what is there is as it was"), dict[str, object]())


class Run:
    """One publish after the build, and what is told of it."""

    def __init__(
        self,
        console: Console,
        order: Order,
        outcome: Outcome,
        catalog: Catalog,
        place: Place,
    ) -> None:
        self._console = console
        self._order = order
        self._outcome = outcome
        self._catalog = catalog
        self._place = place
        self._prepared: Prepared | None = None
        self._marks: Mapping[str, str] = {}

    def prepare(self, publisher: Any, *, ahead: bool, sends: bool) -> None:
        """Compare with what is at the target."""
        from ..goods import due_episodes, goods_of, sums_of
        from ..published import marks_of
        from ..release import prepare
        from .destination import services_of
        from .stopped import without_needed

        if sends:  # now: files may be edited meanwhile
            self._marks = marks_of(self._order.root, due_episodes(self._order))
        media = self._place.holds_media
        goods = goods_of(
            self._order, self._catalog.site.base_url, media=media, ahead=ahead,
            media_prefix=self._catalog.keys.media_prefix or "",
        )  # fmt: skip
        try:
            with sums_of(self._order) as sums:
                services = services_of(self._catalog)
                self._prepared = prepare(self._place, publisher, goods, sums, services)
        except FeedtoolError as error:
            error.done = NOTHING_DONE
            raise
        self._outcome = without_needed(self._outcome, self._plan, self._names(), self._order)

    @property
    def _plan(self) -> Prepared:
        assert self._prepared is not None
        return self._prepared

    @property
    def nothing(self) -> bool:
        return self._plan.nothing

    def is_due(self) -> bool:
        """Has something become due since the last publish? Raises when there is more to it.

        What an interrupted one left to be sent or told is, too, if no subscriber sees more of it.
        """
        happens, plan = self._plan.effects.values(), self._plan
        if not happens:
            state = plan.delivery.state
            begun = all(
                state.sending.get(one.path) == (one.size, one.sha256) for one in plan.plan.send
            )
            return begun and bool(plan.plan.send or state.owed)
        if not any(one.new for one in happens):
            return False
        if any(one.but_new for one in happens):
            raise FeedtoolError(
                N_("more would change for subscribers than episodes that have become due"),
                N_("look at it with  feedtool publish --dry-run , and publish it without --at-due"),
            )
        return True

    def markdown(self) -> int:
        from .stopped import WOULD_OVERWRITE, in_words, overwritten
        from .told_plan import (
            as_markdown,
            plain,
            told_elsewhere,
            told_left,
            told_rewritten,
            told_unreadable,
        )

        plan, text = self._plan, self._console.text
        for line in as_markdown(
            plan.plan, plan.effects, plan.titles, self._place.name, self._console.text
        ):
            self._console.result(line)
        notes = (
            *told_left(plan.left, plan.heirs, text),
            *told_rewritten(plan.delivery, plan.plan, text),
            *told_unreadable(plan.unreadable, text),
        )
        if notes:
            self._console.result("")
        for line in notes:
            self._console.result(f"- {plain(line)}")
        if self._elsewhere:
            self._console.result("")
        for line in told_elsewhere(self._elsewhere, self._console.text, "- "):
            self._console.result(line)
        for path in plan.plan.missing[:1]:
            told = N_("**It would stop here**: {path} is neither on this machine nor at the target."
                      " Publish from a machine that has it before this is merged")  # fmt: skip
            self._console.result(self._console.text(told, path=path))
        for path in overwritten(plan, self._order, self._catalog.zone)[:1]:
            self._console.result(self._console.text(WOULD_OVERWRITE, path=path))
        if stopped := self._stopped():
            told = N_("**It would stop here**: subscribers would lose episodes, or get them again "
                      "({titles}). If it is meant, add  `{wishes}`")  # fmt: skip
            self._console.result(
                self._console.text(told, **in_words(stopped, self._names(), plan.titles))
            )
        return self.document()

    def show(self, *, asks: bool) -> None:
        """The plan in words; `asks` is whether somebody is to agree to it, --quiet or not."""
        from .told_plan import told, told_elsewhere, told_left, told_rewritten, told_unreadable

        console, plan = self._console, self._plan
        say = console.say if asks or console.as_json else console.aside
        self._show_findings()
        for line in told_left(plan.left, plan.heirs, console.text):
            say(line)
        for line in told_rewritten(plan.delivery, plan.plan, console.text):
            say(console.text(N_("warning")) + f"  {line}")
        if self.nothing:
            console.result(
                console.text(N_("Nothing to send: {target} is up to date."), target=self._where())
            )
            return
        if console.as_json:
            return
        say(console.text(N_("Send to  {target}"), target=self._where()))
        for line in told(plan.plan, plan.effects, plan.titles, console.text):
            say(line)
        for line in told_elsewhere(self._elsewhere, console.text):
            say(line)
        for line in told_unreadable(plan.unreadable, console.text):
            say(line)

    def _show_findings(self) -> None:
        """What the check found, unless the plan could not be seen for it."""
        console, findings = self._console, self._outcome.findings
        if len(findings) <= SHOWN:
            console.findings(findings)
        elif not console.as_json:
            told = N_("Warnings and notes: {count}; see them with  feedtool check")
            console.say(console.text(told, count=len(findings)))

    def _where(self) -> str:
        place = self._place
        return f"{place.public}  ({place.name})" if place.public else place.name

    def refuse(self) -> None:
        """Stop what nobody wants by accident."""
        from .stopped import OVERWRITES, in_words, overwritten

        plan = self._plan
        if plan.plan.missing:
            raise FeedtoolError(
                N_("{path} is neither on this machine nor at the target"),
                N_("publish from a machine that has the recordings"),
                path=plan.plan.missing[0],
            )
        for path in overwritten(plan, self._order, self._catalog.zone):
            raise FeedtoolError(*OVERWRITES, path=path)
        if stopped := self._stopped():
            names = self._names()
            of_others = any(fact == "gone" and guid not in names for guid, fact in stopped)
            raise FeedtoolError(
                N_("subscribers would lose episodes, or get them again: {titles}"),
                N_("the lock here does not know all of these: get what others committed (git pull),"
                   " or import that feed; if it is meant, add  {wishes}")
                if of_others
                else N_("put it right; if it is meant, add  {wishes}"),
                **in_words(stopped, names, plan.titles),
            )  # fmt: skip

    def _stopped(self) -> list[tuple[str, str]]:
        from .stopped import stopped

        plan, order = self._plan, self._order
        return stopped(plan, self._names(), order, self._outcome, self._catalog.zone)

    def _names(self) -> Mapping[str, str]:
        """ "series/slug" by guid."""
        from ..lock_file import episode_names

        lock = self._outcome.lock
        return lock.names if lock else episode_names(self._order.root)

    def carry_out(self) -> None:
        """Send, look, tell."""
        from ..release import carry_out
        from .destination import services_of

        console, plan = self._console, self._plan
        total, done = plan.plan.bytes, 0
        with console.progress(N_("Sending")) as progress:

            def sent(artifact: Any) -> None:
                nonlocal done
                done += artifact.size
                progress(done, total)

            result = carry_out(
                plan,
                services_of(self._catalog),
                progress=sent,
                wait=time.sleep,
                go=self.keep_lock,
            )
        console.result(console.text(N_("Sent: {count} files."), count=len(result.sent)))
        if result.verified:
            told = N_("Looked at as apps do: {count} addresses answer as they should.")
            console.result(console.text(told, count=len(result.verified)))
        for problem in result.warnings[:SHOWN]:
            told = console.text(problem.message, **problem.params)
            console.say(console.text(N_("warning")) + f"  {told}")
        if len(result.warnings) > SHOWN:
            told = console.text(N_("and {count} more"), count=len(result.warnings) - SHOWN)
            console.say(console.text(N_("warning")) + f"  {told}")
        for one in result.told:
            if not one.ok:
                text = N_("{service} could not be told ({status}); it will be told next time")
                status = one.status or console.text(one.reason, **one.params)
                console.say(console.text(text, service=one.owed.to, status=status))
        if self._place.public:
            console.result(console.text(N_("Live: {url}"), url=self._place.public))

    def remember(self) -> None:
        """For `status`: what is there now."""
        from ..published import keep_published

        place = self._place
        keep_published(self._order.root, place.key or place.name, self._marks, place.name)

    def keep_lock(self) -> None:
        """Write down what is promised now."""
        from ..errors import WriteError

        if self._outcome.lock is None:
            return
        try:
            self._outcome.lock.write()
        except OSError as error:
            raise WriteError(
                N_("{path} could not be written or read: {reason}"),
                N_("make room, or put the permissions right; then run the same command again"),
                path=error.filename or "feedtool.lock", reason=error.strerror or str(error),
            ) from error  # fmt: skip

    @property
    def findings(self) -> Sequence[Shown]:
        return self._outcome.findings

    def document(self) -> int:
        self._console.document(ok=True, findings=self.findings, more=self.answer())
        return 0

    def answer(self) -> Mapping[str, object]:
        return answer_of(self._place.key or self._place.name, self._prepared, self._elsewhere)

    @property
    def _elsewhere(self) -> tuple[str, ...]:
        """Addresses of recordings that are announced and that somebody else brings there."""
        if self._prepared is None or self._place.holds_media:
            return ()
        prefix = self._catalog.keys.media_prefix or ""  # of a counter: nothing is there itself
        urls = (item.url.removeprefix(prefix) for item in self._prepared.appearing)
        return tuple(dict.fromkeys(urls))


def answer_of(
    target: str, prepared: Prepared | None = None, elsewhere: tuple[str, ...] = ()
) -> Mapping[str, object]:
    """What `--json` says of a publish."""
    from ..publish.effects import NAMES

    plan = prepared.plan if prepared else None
    result = prepared.result if prepared else None
    send = plan.send if plan else ()
    new = plan.new if plan else frozenset()
    return {
        "target": target,
        "files": {
            "new": [one.path for one in send if one.path in new],
            "changed": [one.path for one in send if one.path not in new],
            "unchanged": plan.unchanged if plan else 0,
            "extra": list(plan.extra) if plan else [],
        },
        "elsewhere": list(elsewhere),
        "sent": result.sent if result else [],
        "verified": result.verified if result else [],
        "notified": [
            {"url": one.owed.to, "feed": one.owed.feed, "status": one.status}
            for one in (result.told if result else ())
        ],
        "subscribers": {
            series: {name: list(getattr(one, name)) for name in NAMES}
            | {"show": [change.name for change in one.show]}
            for series, one in (prepared.effects if prepared else {}).items()
        },
    }
