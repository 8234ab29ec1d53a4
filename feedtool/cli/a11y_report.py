"""feedtool a11y-report."""

from __future__ import annotations

import time

import click

from ..errors import EXIT_FINDINGS
from ..finding import N_
from .clock import parse_now
from .options import Settings, global_options


@click.command("a11y-report")
@global_options
@click.pass_obj
def command(settings: Settings) -> int:
    """List what each recording offers to those who cannot hear or see it.

    The list is for the accessibility statement of a public body. It is Markdown: read it as it
    is, or put it on a web page. Drafts are not in it.

    \b
    Examples:
      feedtool a11y-report
      feedtool a11y-report > inspelningar.md
      feedtool a11y-report --json
    """
    from ..access_survey import survey_access
    from ..statement import as_markdown, as_plain

    console = settings.console()
    root = settings.find_root()
    with console.progress(N_("Reading")) as progress:
        surveyed = survey_access(root, parse_now(None), time.time_ns(), progress)
    console.speak(surveyed.language)
    findings = [finding.shown() for finding in surveyed.findings]
    ok = not any(finding.severity == "error" for finding in findings)
    console.findings(findings)
    for line in as_markdown(surveyed.statement, console.text) if surveyed.language else ():
        console.result(line)
    console.document(ok=ok, findings=findings, more=as_plain(surveyed.statement))
    return 0 if ok else EXIT_FINDINGS
