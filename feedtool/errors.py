"""Errors the user can mend. Shown without a traceback; each kind sets its exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from .language import N_

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_NO_CATALOG = 3
EXIT_ACCESS = 4
EXIT_AGAIN = 5
EXIT_INTERRUPTED = 130


class FeedtoolError(Exception):
    """We could not find out, or not do it: what happened, and what to do about it.

    `message` and `mend` are templates with the named `params`, so that they can be translated.
    """

    exit_code: ClassVar[int] = EXIT_FINDINGS
    code: ClassVar[str] = "failed"  #: names the kind in `--json`

    def __init__(self, message: str, mend: str = "", **params: object) -> None:
        super().__init__(message.format(**params) if params else message)
        self.message = message
        self.mend = mend
        self.params = params
        self.done: tuple[str, Mapping[str, object]] | None = None
        """What was done before, as a template and its parameters; None = nothing is to be told."""
        self.answer: Mapping[str, object] = {}
        """What the `--json` document of the command says besides."""
        self.findings: Iterable[Any] = ()
        """What the command had found in the catalog by then; for that document, too."""


class UsageError(FeedtoolError):
    """An option or argument that cannot be followed."""

    exit_code = EXIT_USAGE
    code = "usage"


class NoCatalogError(FeedtoolError):
    """There is no readable feedtool.yaml."""

    exit_code = EXIT_NO_CATALOG
    code = "no-catalog"


class HasCatalogError(FeedtoolError):
    """A catalog was to be started where there is one already."""

    exit_code = EXIT_USAGE
    code = "has-catalog"


class OutputError(FeedtoolError):
    """The output folder is not ours."""

    exit_code = EXIT_USAGE
    code = "output"


class WriteError(FeedtoolError):
    """A file could not be written, or read while writing: the disk is full, permissions lack."""

    exit_code = EXIT_AGAIN
    code = "write"


class BusyError(FeedtoolError):
    """Another feedtool is at work in this catalog."""

    exit_code = EXIT_AGAIN
    code = "busy"


class TargetError(FeedtoolError):
    """The place to publish to failed or refused; what was sent is whole."""

    exit_code = EXIT_AGAIN
    code = "target"


class RemoteError(FeedtoolError):
    """A server that was asked for something failed, or gave what cannot be used."""

    exit_code = EXIT_AGAIN
    code = "remote"
    passing = False  #: may it be otherwise in a moment?
    pause: float | None = None  #: seconds that the server asks for before that


class AccessError(FeedtoolError):
    """The place to publish to, or the source of an import, does not let us in."""

    exit_code = EXIT_ACCESS
    code = "access"


class ChangedError(TargetError):
    """A file at the target is not what it was a moment ago: somebody else is at work there."""

    code = "changed"


class StoppedError(FeedtoolError):
    """A part of the work was stopped from outside: the system may have run out of memory."""

    exit_code = EXIT_AGAIN
    code = "stopped"

    def __init__(self) -> None:
        super().__init__(
            N_("stopped before it was done; every file is whole"),
            N_("run the same command again"),
        )


class ReadBackError(FeedtoolError):
    """A feed that we wrote does not say what it should. A fault of feedtool: nothing is shown."""

    code = "read-back"
