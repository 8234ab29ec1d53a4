"""A preview: everything built with drafts and scheduled episodes, served, and built anew.

What is not published yet is marked in its title, so that pages and apps show it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from html import escape
from pathlib import Path

from ..declare import dataclass
from ..errors import FeedtoolError, OutputError
from ..finding import Shown
from ..kept import STATE
from ..language import N_
from ..order import Order, Outcome
from ..rebuild import rebuild
from .server import serve
from .watch import changes

FOLDER = "preview"
Text = Callable[..., str]

_LINES = 5
"""Errors in the banner; the terminal has them all."""


@dataclass(slots=True)
class Preview:
    """What is shown of one catalog while the process runs."""

    root: Path
    listener: socket.socket
    address: str  #: where it listens, also when it does no longer and a last build ends
    now: Callable[[], datetime]
    time_ns: Callable[[], int]  #: by the clock that stamps files
    text: Text  #: a message in the user's language
    language: Callable[[], str]  #: that language
    told: Callable[[Outcome, float], None]  #: each build, with the seconds it took
    failed: Callable[[FeedtoolError], None]  #: a build that could not be made
    findings: tuple[Shown, ...] = field(default=())  #: errors that stopped the last build
    failure: FeedtoolError | None = field(default=None)  #: what else kept it from being made

    @property
    def folder(self) -> Path:
        return self.root / STATE / FOLDER

    @property
    def feeds(self) -> list[Path]:
        """The feeds of the series that are shown; none before the first build without errors."""
        return sorted(self.folder.glob("*/feed.xml"))

    def build(self, *, again: bool = False) -> None:
        """Build what changed; errors leave what is shown as it was, with a banner.

        `again` is a look at whether anything changed, of which nothing is told if nothing did.
        """
        begun = time.monotonic()
        order = Order(
            root=self.root, output=self.folder, base_url=self.address, now=self.now(),
            drafts=True, marks=True, started_ns=self.time_ns(),
        )  # fmt: skip
        try:
            outcome = rebuild(order, lambda done, total: None)
        except OutputError as error:  # it speaks of --output, which a preview does not have
            error.mend = N_("delete  {folder}  and everything in it: it is made anew")
            raise
        findings = tuple(
            one for one in outcome.findings if not outcome.ok and one.severity == "error"
        )
        if again and not outcome.written and findings == self.findings:
            return
        self.findings = findings
        self.failure = None
        self.told(outcome, time.monotonic() - begun)

    def run(self) -> None:
        """Serve, and build whenever something changes, until the process is interrupted."""
        stop = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(stop,), daemon=True)
        watcher.start()
        try:
            serve(self.folder, self.listener, self._banner, self._as_in_an_app)
        finally:
            stop.set()
            watcher.join(timeout=3)

    def _watch(self, stop: threading.Event) -> None:
        for count, _ in enumerate(changes(self.root, stop)):
            try:
                self.build(again=not count)  # somebody may have saved while the first was made
            except FeedtoolError as error:  # the disk is full, a long build is at work
                self.failure = error  # and the next change may be shown again
                self.failed(error)

    def _banner(self) -> str:
        if self.failure:
            told = self.text(N_("The last change is not shown yet:"))
            lines = [self.text(self.failure.message, **self.failure.params)]
        elif self.findings:
            told = self.text(N_("The last change is not shown yet, for it has errors:"))
            lines = [
                f"{one.file}:{one.line or 1}  " + one.text("message", self.text)
                for one in self.findings[:_LINES]
            ]
        else:
            return ""
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        # the policy of the page allows no style of our own
        return f'<div role="alert"><p><strong>{escape(told)}</strong></p><ul>{items}</ul><hr></div>'

    def _as_in_an_app(self) -> str:
        """A page with what a podcast app would list."""
        from ..publish.feeds import heard

        title = escape(self.text(N_("As in an app")))
        parts = [
            f'<!DOCTYPE html><html lang="{escape(self.language())}"><meta charset="utf-8">'
            f"<title>{title}</title><h1>{title}</h1>"
        ]
        for feed in self.feeds:
            series = feed.parent.name
            address = f"{self.address}{series}/feed.xml"
            parts.append(f"<h2>{escape(series)}</h2>")
            parts.append(f'<p><a href="{address}">{escape(address)}</a></p><ol>')
            parts += [
                f"<li>{escape(item.title)} <small>{escape(item.date)}</small><br>"
                f'<audio controls preload="none" src="{escape(item.url, quote=True)}"></audio></li>'
                for item in heard(feed.read_bytes())
            ]
            parts.append("</ol>")
        return "\n".join(parts)
