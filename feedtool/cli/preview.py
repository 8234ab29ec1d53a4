"""feedtool preview."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ..errors import EXIT_FINDINGS, EXIT_INTERRUPTED, FeedtoolError, UsageError
from ..finding import N_
from ..kept import STATE
from ..process_lock import only_preview
from .clock import clock
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..console import Console
    from ..order import Outcome
    from ..preview.show import Preview


@click.command("preview")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 8123, or the next free one.")
@global_options
@click.pass_obj
def command(settings: Settings, port: int | None) -> int:
    """Show pages and feeds on this machine only, drafts and scheduled episodes too.

    Rebuilds when you save a file. An app on the same machine can subscribe to the feeds.

    \b
    Examples:
      feedtool preview
      feedtool preview --port 9000
    """
    try:
        from ..preview.server import address_of, free_socket
        from ..preview.show import Preview
    except ImportError as error:
        raise UsageError(
            N_("a preview needs what is not installed: {module}"),
            N_('run  pip install "feedtool[preview]"'),
            module=error.name,
        ) from error
    root = settings.find_root()
    console = settings.console()
    try:
        listener = free_socket(port)
    except OSError as error:
        raise UsageError(
            N_("port {port} is taken"), N_("leave out --port: the next free one is used"), port=port
        ) from error

    def say_where(outcome: Outcome) -> None:
        feeds = [f"{preview.address}{feed.parent.name}/feed.xml" for feed in preview.feeds]
        more = {"address": preview.address, "feeds": feeds}
        console.document(ok=outcome.ok, findings=outcome.findings, more=more)
        settings.json = False  # it is the one document, whatever comes after the first build

    def failed(error: FeedtoolError) -> None:
        if not console.as_json:
            console.error(error)

    def told(outcome: Outcome, seconds: float) -> None:
        console.speak(outcome.language)
        if settings.json:
            say_where(outcome)
        console.findings(outcome.findings)
        at = datetime.now().astimezone().strftime("%H:%M:%S")  # for people who look at a clock
        if not outcome.ok:
            stays = N_("{at}  errors; what is shown is as it was before")
            text = stays if preview.feeds else N_("{at}  errors; there is nothing to show yet")
            console.result(console.text(text, at=at))
            return
        episodes = sum(count for _, count, _ in outcome.series)
        text = N_("{at}  {episodes} episodes, {written} files made in {seconds} s")
        console.result(
            console.text(
                text, at=at, episodes=episodes, written=len(outcome.written),
                seconds=f"{seconds:.1f}",
            )
        )  # fmt: skip

    preview = Preview(
        root,
        listener,
        address_of(listener),
        clock,
        time.time_ns,
        console.text,
        lambda: console.language,
        told,
        failed,
    )
    with only_preview(root / STATE):
        return _shown(preview, console)


def _shown(preview: Preview, console: Console) -> int:
    preview.build()
    feeds = preview.feeds
    if preview.findings and not feeds:
        return EXIT_FINDINGS
    # feedtool.yaml may say  pages: false
    shown = [(N_("page"), "")] if (preview.folder / "index.html").exists() else []
    shown += [(N_("feed"), f"{feed.parent.name}/feed.xml") for feed in feeds]
    shown.append((N_("as in an app"), "_preview"))
    for what, path in shown:
        console.result(f"  {console.text(what)}  {preview.address}{path}")
    console.result(console.text(N_("Looking for changes; Ctrl+C ends it.")))
    try:
        preview.run()
    except KeyboardInterrupt:  # the way to end it
        return EXIT_INTERRUPTED
    return 0
