"""The only printer: results on stdout, everything else on stderr, in the user's language."""

from __future__ import annotations

import gettext
import locale
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from .errors import FeedtoolError
from .language import LANGUAGES, N_, Size

if TYPE_CHECKING:
    from .finding import Shown

_LOCALES = Path(__file__).parent / "locale"
_MOMENT = 0.7
"""Seconds after which a person wonders whether something is going on."""

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_WORDS = {
    "error": N_("error"),
    "warning": N_("warning"),
    "note": N_("note"),
    "off": N_("off"),
    "why": N_("why"),
    "mend": N_("mend"),
}

FOREIGN = (
    # libyaml: the problems that yaml_faults.py knows no better words for
    N_("block sequence entries are not allowed in this context"),
    N_("could not find expected ':'"),
    N_("could not find expected directive name"),
    N_("did not find URI escaped octet"),
    N_("did not find expected '!'"),
    N_("did not find expected ',' or ']'"),
    N_("did not find expected ',' or '}'"),
    N_("did not find expected '-' indicator"),
    N_("did not find expected <document start>"),
    N_("did not find expected alphabetic or numeric character"),
    N_("did not find expected comment or line break"),
    N_("did not find expected key"),
    N_("did not find expected node content"),
    N_("did not find expected tag URI"),
    N_("did not find expected whitespace or line break"),
    N_("found a tab character that violates indentation"),
    N_("found a tab character where an indentation space is expected"),
    N_("found an indentation indicator equal to 0"),
    N_("found character that cannot start any token"),
    N_("found undefined tag handle"),
    N_("found unexpected ':'"),
    N_("found unexpected document indicator"),
    N_("found unexpected end of stream"),
    N_("found unknown directive name"),
    N_("found unknown escape character"),
    N_("mapping keys are not allowed in this context"),
    N_("mapping values are not allowed in this context"),
    # the system: why a file cannot be read or written
    N_("Device or resource busy"),
    N_("Disk quota exceeded"),
    N_("File exists"),
    N_("File name too long"),
    N_("Input/output error"),
    N_("Invalid argument"),
    N_("Is a directory"),
    N_("No space left on device"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Operation not permitted"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("Too many levels of symbolic links"),
    N_("Too many open files"),
)
"""Words of others that reach a person as a parameter, listed to be translated."""


class Console:
    """How one run of a command speaks."""

    def __init__(
        self,
        *,
        language: str | None = None,
        as_json: bool = False,
        quiet: bool = False,
        plain: bool = False,
    ) -> None:
        self.as_json = as_json
        self._quiet = quiet
        self._plain = plain
        self._chosen = language or os.environ.get("FEEDTOOL_LANG") or None
        self._translate: Callable[[str], str] | None = None
        self._catalog_language = ""

    def speak(self, catalog_language: str) -> None:
        """Use the catalog's language, unless the user chose one."""
        self._catalog_language = catalog_language or self._catalog_language
        self._translate = None

    @property
    def language(self) -> str:
        """What `text` is in: one of LANGUAGES."""
        chosen = _primary(self._chosen or self._catalog_language or _system())
        return chosen if chosen in LANGUAGES else "en"

    def text(self, message: str, **params: object) -> str:
        """A message in the user's language, its parameters filled in."""
        if not message:  # gettext would give the header of its catalogue
            return message
        if self._translate is None:
            self._translate = _translator(self.language)
        translated = self._translate(message)
        if not params:
            return translated
        said = {
            name: value.told(self.text) if isinstance(value, Size) else value
            for name, value in params.items()
        }
        return translated.format(**said)

    # --- stdout ------------------------------------------------------------------------------

    def result(self, line: str = "") -> None:
        """A line of the result; left out when the result is JSON or nobody wants to read."""
        if not self.as_json and not self._quiet:
            click.echo(line, color=False if os.environ.get("NO_COLOR") else None)

    def document(
        self,
        ok: bool,
        findings: Iterable[Shown] = (),
        error: FeedtoolError | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """The one JSON document of a command; nothing without `--json`."""
        if not self.as_json:
            return
        import json

        listed = [self._plain_finding(finding) for finding in findings]
        counts = {
            severity: sum(1 for finding in listed if finding["severity"] == severity)
            for severity in ("error", "warning", "note")
        }
        told = error and {
            "code": error.code,
            "message": self._told(error.message, error),
            "mend": self._told(error.mend, error),
            **({"done": self._done(error)} if error.done else {}),
        }
        document = {"version": 1, "ok": ok, "counts": counts, "findings": listed, "error": told}
        click.echo(json.dumps(document | dict(more or {}), ensure_ascii=False, indent=2))

    def _plain_finding(self, finding: Shown) -> dict[str, Any]:
        return {
            "code": finding.code,
            "severity": finding.severity,
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "message": finding.text("message", self.text),
            "why": finding.text("why", self.text),
            "mend": finding.text("mend", self.text),
            "params": dict(finding.params),
            "fixable": finding.fixable,
        }

    def report(self, findings: Iterable[Shown], *, github: str | None = None) -> None:
        """Findings as the result of a command; as notes beside the lines of a change when `github`
        says where the catalog lies in its repository: "podcast/", or "" for all of it."""
        if github is not None:
            for finding in findings:
                click.echo(self._annotation(finding, github))
            return
        for line in self._told_findings(findings, sys.stdout):
            click.echo(line, color=False if os.environ.get("NO_COLOR") else None)

    def _annotation(self, finding: Shown, folder: str) -> str:
        """A workflow command of GitHub Actions; what would end a value early is percent-encoded."""
        level = "notice" if finding.severity == "note" else finding.severity
        file = finding.file and folder + finding.file
        place = {"file": file, "line": finding.line, "col": finding.column}
        told = [f"{self.text(_WORDS[part])}: {finding.text(part, self.text)}"
                for part in ("why", "mend")]  # fmt: skip
        text = "\n".join([finding.text("message", self.text), *told])
        values = {**{name: value for name, value in place.items() if value}, "title": finding.code}
        properties = ",".join(f"{name}={_encoded(value, ':,')}" for name, value in values.items())
        return f"::{level} {properties}::{_encoded(text)}"

    # --- stderr ------------------------------------------------------------------------------

    def findings(self, findings: Iterable[Shown]) -> None:
        """Every finding in words, beside the result."""
        for line in self._told_findings(findings, sys.stderr):
            self.say(line)

    def _told_findings(self, findings: Iterable[Shown], stream: TextIO) -> Iterator[str]:
        """Every finding in words; colour only helps."""
        if self.as_json:
            return
        labels = {part: self.text(_WORDS[part]) for part in ("why", "mend")}
        margin = max(map(len, labels.values())) + 4
        width = _width(stream)
        for finding in findings:
            if self._quiet and finding.severity != "error":
                continue
            where = ":".join(str(p) for p in (finding.file, finding.line, finding.column) if p)
            word = self.text(_WORDS[finding.severity])
            word = click.style(word, fg=_COLOURS[finding.severity], bold=True)
            yield f"{where}  {word} {finding.code}" if where else f"{word} {finding.code}"
            yield from _wrapped(finding.text("message", self.text), "  ", 2, width)
            for part, label in labels.items():
                begin = f"  {label}".ljust(margin)
                yield from _wrapped(finding.text(part, self.text), begin, margin, width)
            yield ""

    def say(self, line: str = "") -> None:
        """A line beside the result."""
        click.echo(line, err=True, color=False if os.environ.get("NO_COLOR") else None)

    def aside(self, line: str) -> None:
        """A line beside the result that only people at a terminal need."""
        if not self.as_json and not self._quiet:
            self.say(line)

    def note(self, message: str, **params: object) -> None:
        """What is good to know, beside the result."""
        word = click.style(self.text(_WORDS["note"]), fg=_COLOURS["note"], bold=True)
        self.aside(f"{word}  {self.text(message, **params)}")

    def error(self, error: FeedtoolError) -> None:
        """What went wrong and what to do, in words and in JSON."""
        self.document(ok=False, findings=error.findings, error=error, more=error.answer)
        if not self.as_json:
            word = click.style(self.text(_WORDS["error"]), fg="red", bold=True)
            self.say(f"{word}  {self._told(error.message, error)}")
            if error.done:
                self.say(f"  {self._done(error)}")
            if error.mend:
                self.say(f"  {self.text(_WORDS['mend'])}  {self._told(error.mend, error)}")

    def _done(self, error: FeedtoolError) -> str:
        assert error.done is not None
        template, params = error.done
        return self.text(template, **params)

    def _told(self, template: str, error: FeedtoolError) -> str:
        from .finding import in_words

        return self.text(template, **in_words(error.params, self.text))

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on a terminal for work that takes longer than a moment; else nothing."""
        if self._quiet or self._plain or self.as_json or not sys.stderr.isatty():
            yield lambda done, total: None
            return
        bar = _Bar(self.text(label))
        try:
            yield bar.advance
        finally:
            bar.stop()


def _width(stream: TextIO) -> int | None:
    """Columns to fill; None where nobody looks: another program, which may search for a text."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def _wrapped(text: str, begin: str, margin: int, width: int | None) -> list[str]:
    """The lines of a paragraph, those after the first set in by `margin`."""
    if width is None or len(begin) + len(text) <= width:
        return [begin + text]
    return textwrap.wrap(
        text, max(width, 40), initial_indent=begin, subsequent_indent=" " * margin,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _encoded(value: object, more: str = "") -> str:
    """For a workflow command: percent signs, line ends and `more` would be read as its own."""
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + more else sign for sign in str(value))


class _Bar:
    """rich's bar, which is imported and shown only after a moment."""

    def __init__(self, label: str) -> None:
        import time

        self._clock = time.monotonic
        self._label = label
        self._begun = self._clock()
        self._progress: Any = None
        self._task: Any = None

    def advance(self, done: int, total: int) -> None:
        if self._progress is None:
            if self._clock() - self._begun < _MOMENT:
                return
            from rich.console import Console as RichConsole
            from rich.markup import escape
            from rich.progress import Progress

            self._progress = Progress(console=RichConsole(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task(escape(self._label), total=total)
        self._progress.update(self._task, completed=done, total=total)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _translator(language: str) -> Callable[[str], str]:
    return gettext.translation("feedtool", _LOCALES, [_primary(language)], fallback=True).gettext


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def tag_of(locale_name: str) -> str:
    """ "sv" for sv_SE.UTF-8, for sv-FI and for "Swedish_Sweden", as Windows says; "c" for C."""
    begin = locale_name.replace("-", "_").replace(".", "_").replace("@", "_").partition("_")[0]
    return locale.normalize(begin).partition("_")[0].lower()


def _system() -> str:
    """What programs on this system shall speak; "" = nothing says it.

    The variables are read as they stand: Python knows only locales that are installed, and servers
    and containers seldom have any.
    """
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if name := os.environ.get(variable):
            return tag_of(name)
    try:
        return tag_of(locale.getlocale()[0] or "")
    except ValueError:
        return ""
