"""Answers and options against the keys they are for: what feedtool would not read is refused."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import UsageError
from ..finding import Finding, Place, Severity
from ..read.schema import validate
from ..read.written import CatalogKeys, EpisodeKeys
from ..read.yaml_tree import Tree

_NEEDED: dict[type, dict[str, Tree]] = {
    EpisodeKeys: {"title": "-"},
    CatalogKeys: {"base_url": "https://catalog.invalid/"},
}


def accept(kind: type[EpisodeKeys | CatalogKeys], **values: Tree) -> None:
    """Raises UsageError, in the words of the finding, for what cannot stand at these keys."""
    _, found = validate(_NEEDED[kind] | values, kind, Place(""))
    refuse(found)


def refuse(findings: Iterable[Finding]) -> None:
    """Raises UsageError for the first error among the findings."""
    for finding in findings:
        if finding.severity is Severity.ERROR:
            code = finding.code
            raise UsageError(code.message, code.mend, **finding.params)
