"""The page about profiles: which findings each of them raises, and to what."""

from __future__ import annotations

from collections.abc import Sequence

from feedtool.finding import Code, Severity
from feedtool.vocabulary import PROFILES


def page(codes: Sequence[Code]) -> str:
    """The text of docs/reference/profiles.md."""
    parts = [
        "# Profiles\n",
        "A catalog names under `profiles:` where its feeds are to be found. A profile raises some"
        " findings,\nbecause a directory would refuse the feed, or show less of it. When several"
        " speak of one finding, the\nhighest counts. Whatever no profile raises is weighed as"
        " [Findings](findings.md) has it.",
    ]
    for profile in PROFILES:
        raised = [code for code in codes if code.severity_under([profile]) is not code.severity]
        parts.append(f"\n## {profile}\n")
        if not raised:
            parts.append("Raises no finding.")
            continue
        parts += ["| code | without it | with it | what is wrong |", "| --- | --- | --- | --- |"]
        parts += [
            f"| [{code.id}](findings.md#{code.id.lower()}) | {_weight(code.severity)}"
            f" | {code.severity_under([profile])} | {_plain(code.message)} |"
            for code in raised
        ]
    return "\n".join(parts)


def _weight(severity: Severity) -> str:
    return "" if severity is Severity.OFF else str(severity)


def _plain(template: str) -> str:
    """A message inside a cell of a table."""
    text = " ".join(template.replace("{{", "{").replace("}}", "}").split())
    for sign in "<>*|":
        text = text.replace(sign, f"\\{sign}")
    return text
