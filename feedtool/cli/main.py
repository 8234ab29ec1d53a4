"""The `feedtool` command: finds the command, and turns errors into exit codes in one place."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from itertools import pairwise
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from ..errors import EXIT_INTERRUPTED, FeedtoolError, StoppedError, UsageError, WriteError
from ..language import N_
from . import streams
from .options import Settings, global_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "init": "start a catalog",
    "new": "make an episode from a recording",
    "check": "all that is wrong, and how to mend it",
    "build": "check the catalog and build its feeds into public/",
    "preview": "the pages and feeds on this machine, drafts too",
    "publish": "check, build, show what subscribers will see, and send it",
    "login": "sign in at a service that holds the episodes too",
    "sync": "make SoundCloud or another host have what is due here",
    "verify": "look at a live feed as podcast apps do",
    "import": "an existing feed into episode files, guids kept",
    "status": "what is published, scheduled and in draft",
    "explain": "what a finding means",
    "schema": "JSON Schemas of the files you write, for editors",
    "a11y-report": "the list of recordings for the accessibility statement",
    "doctor": "what is installed and configured, and what is not",
    "completion": "the script by which a shell completes what you type",
}
"""Every command with its one line of help: the module is imported only when it is called."""


_MODULES = {"a11y-report": "a11y_report", "import": "adopt"}
"""Commands whose names no module can have."""

_COMPLETE = "_FEEDTOOL_COMPLETE"
"""By which the script of a shell asks for proposals (completion.py)."""


class Commands(click.Group):
    """Commands by name, imported when needed: `--help` needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f".{_MODULES.get(name, name)}", __package__)
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Click's own would import every command to see whether it is hidden."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=help)
            for name, help in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


def _tell_version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    from ..console import Console

    console = Console(as_json=_wants_json())  # the settings are not read yet
    number = version("feedtool")
    console.result(f"{ctx.find_root().info_name}, version {number}")
    console.document(ok=True, more={"feedtool": number})
    ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version and exit.",
)
@global_options
def feedtool() -> None:
    """Turn episode files and recordings into feeds that every podcast app accepts.

    \b
    Example:
      feedtool build            check the catalog here, then build public/
      feedtool explain EP020    what a finding means, and how to mend it
    """


class Terminated(BaseException):
    """Somebody asked the process to end; whatever is half done is put away first."""


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated


def main() -> NoReturn:
    """Run the command line and exit with the code of what came of it."""
    # a command makes few circles and ends soon: looking for them among all that was imported and
    # read takes 8 % of a small build
    gc.set_threshold(100_000)
    signal.signal(signal.SIGTERM, _terminate)
    streams.make_sure()
    settings = Settings()
    code = _run(settings)
    if reason := streams.lost():
        code = _say_lost(settings, reason)
    gc.freeze()  # nor are they looked for at the end: 2 % of a build, changed or not
    sys.exit(code)


def _run(settings: Settings) -> int:
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # so while this was imported
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if os.environ.get(_COMPLETE, "").startswith("powershell"):
            importlib.import_module(".completion", __package__)  # it declares the shell
        result = feedtool.main(standalone_mode=False, obj=settings, complete_var=_COMPLETE)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as wish:
        return wish.exit_code
    except click.UsageError as error:
        if not _wants_json():
            error.show()
        else:
            from ..console import Console

            Console(as_json=True).error(UsageError(error.format_message(), N_("see --help")))
        return UsageError.exit_code
    except click.ClickException as error:
        settings.console().error(FeedtoolError(error.format_message()))
        return error.exit_code
    except FeedtoolError as error:
        settings.console().error(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        settings.console().error(StoppedError())
        return EXIT_INTERRUPTED
    except Terminated:
        settings.console().error(StoppedError())
        return 143
    except OSError as error:
        if error.filename is None:  # no file of anybody's: a fault of feedtool
            raise
        return _say_unwritten(settings, error.filename2 or error.filename, error)


def _say_lost(settings: Settings, reason: OSError) -> int:
    """The work is done, but its result stands nowhere: in words on stderr, `--json` or not."""
    settings.json = False
    return _say_unwritten(settings, "stdout", reason)


def _say_unwritten(settings: Settings, path: object, reason: OSError) -> int:
    """The system does not let us at a file: it is not looked for at each of a thousand places."""
    settings.console().error(
        WriteError(
            N_("{path} could not be written or read: {reason}"),
            N_("make room, or put the permissions right; then run the same command again"),
            path=path,
            reason=reason.strerror or str(reason),
        )
    )
    return WriteError.exit_code


def _wants_json() -> bool:
    """A faulty command line is not parsed to its end: look for the option as it stands."""
    words = sys.argv[1:]
    return "--json" in words or "--format=json" in words or ("--format", "json") in pairwise(words)
