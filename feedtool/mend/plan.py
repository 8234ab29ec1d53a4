"""What is to be mended in a catalog, worked out in memory.

Every edit is read again before it is believed: the file must say the same as before, but for the
one thing that was meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..finding import Finding, Place
from ..model import Site
from ..read.kinds import kind_of
from ..read.schema import validate
from . import hyphens  # noqa: F401 - its fixes are found by their codes
from .broken import is_nearer
from .fixes import FIXES, better_value
from .names import NAMES, Name, Names, name_of, renamed
from .notes import site_of
from .outline import Outline
from .source import Source
from .state import Edit, Edited, Known, Mended, Plan, Rename, Work

Choice = Callable[[Sequence[Finding]], Sequence[Finding]]
"""Those of the findings that are to be mended."""


def plan(root: Path, known: Known, choose: Choice) -> Plan:
    """How to mend those of the findings that are wanted and have one right answer."""
    chosen = [one for one in choose(known.findings) if one.code.fixable and _is_ours(one)]
    desk = _Desk(root, known)
    desk.names(chosen)
    for finding in _last_first(chosen):
        fault: Finding | None = finding
        while fault and desk.mend(fault):
            fault = desk.next_fault(fault, choose)
    return desk.plan()


def _is_ours(finding: Finding) -> bool:
    """Does it speak of a file that may be written? Those below media/ are as they came."""
    return finding.place.file.startswith(("episodes/", "feedtool.yaml"))


def _last_first(findings: Iterable[Finding]) -> list[Finding]:
    """So that a line that is added or removed leaves what is still to be mended where it is."""
    return sorted(
        findings, key=lambda one: (one.place.file, -(one.place.line or 0), -(one.place.column or 0))
    )


class _Desk:
    """The files that are being edited."""

    def __init__(self, root: Path, known: Known) -> None:
        self._root = root
        self._known = known
        self._before: dict[str, Source | None] = {}
        self._now: dict[str, Source] = {}
        self._mended: list[Mended] = []
        self._findings: list[Finding] = []
        self._renames: dict[Rename, None] = {}

    def names(self, chosen: Sequence[Finding]) -> None:
        """Names of files: all places that name a file, or none."""
        names = [name for one in self._known.findings if (name := self._name(one))]
        rules = Names(self._root, names, self._known.lock)
        for old in sorted({name.old for name in names}):
            group = [name for name in names if name.old == old]
            if all(any(name.finding is one for one in chosen) for name in group):
                self._rename(group, rules)

    def _name(self, finding: Finding) -> Name | None:
        if finding.code not in NAMES or not _is_ours(finding):
            return None
        source = self._source(finding.place.file)
        return name_of(finding, source.read()[0]) if source else None

    def _rename(self, group: Sequence[Name], rules: Names) -> None:
        site = self._site()
        now, edits = dict(self._now), []
        for name in group:
            renames = rules.rename(name)
            work = self._work(name.finding)
            edit = renamed(work, name, renames, site) if work and renames is not None else None
            if work is None or edit is None or not _is_believed(work.source, edit):
                self._now = now
                return
            self._now[name.finding.place.file] = edit.source
            edits.append((name.finding, work.source, edit))
        for finding, source, edit in edits:
            self._keep(finding, source, edit)

    def mend(self, finding: Finding) -> bool:
        """Mend one finding, if its fix has an answer that can be believed."""
        work = self._work(finding)
        if work is None or finding.code in NAMES:  # several places together: see names()
            return False
        if finding.code.id in FIXES:
            edit = FIXES[finding.code.id](work)
        else:
            edit = better_value(work) if work.tree is not None else None
        if edit and _is_believed(work.source, edit):
            self._keep(finding, work.source, edit)
            return True
        return False

    def next_fault(self, mended: Finding, choose: Choice) -> Finding | None:
        """What shows once a line is mended that nothing could be read after."""
        tree, found = self._now[mended.place.file].read()
        further = [one for one in choose(found) if one.code.fixable]
        return further[-1] if tree is None and further else None

    def _keep(self, finding: Finding, before: Source, edit: Edit) -> None:
        file = finding.place.file
        more = edit.source.text.count("\n") - before.text.count("\n")
        self._mended = [
            Mended(one.code, one.file, one.line + more, one.change)
            if one.file == file and one.line > edit.line + 1
            else one
            for one in self._mended
        ]
        self._now[file] = edit.source
        self._renames |= dict.fromkeys(edit.renames)
        for rename in edit.renames:
            edit = replace(edit, change=f"{rename.old} → {rename.new}")
        self._findings.append(finding)
        self._mended.append(Mended(finding.code.id, file, edit.line + 1, edit.change))

    def _work(self, finding: Finding) -> Work | None:
        source = self._source(finding.place.file)
        if source is None:
            return None
        return Work(finding, source, source.read()[0], Outline(source), self._known)

    def _site(self) -> Site | None:
        source = self._source("feedtool.yaml")
        return site_of(source.read()[0]) if source else None

    def _source(self, file: str) -> Source | None:
        """The file as it is by now."""
        if file not in self._before:
            path = self._root / file
            try:  # a named pipe would keep us waiting
                raw = path.read_bytes() if path.is_file() else b""
            except OSError:
                raw = b""
            self._before[file] = source = Source.of(file, raw) if raw else None
            if source:
                self._now[file] = source
        return self._now.get(file)

    def plan(self) -> Plan:
        edited = [
            Edited(file, before.raw, self._now[file].raw)
            for file, before in sorted(self._before.items())
            if before and self._now[file] != before
        ]
        mended = sorted(self._mended, key=lambda one: (one.file, one.line))
        return Plan(tuple(edited), tuple(self._renames), tuple(mended), tuple(self._findings))


def _is_believed(before: Source, edit: Edit) -> bool:
    """Does the file say what was meant, all else the same, and is no new fault in it?"""
    after = edit.source
    if after == before or _has_same_notes(before, after) is edit.in_notes:
        return False
    if edit.tree is None:
        return is_nearer(before, after)
    if after.read()[0] != edit.tree:
        return False
    return before.read()[0] is None or _faults(after) <= _faults(before)


def _has_same_notes(before: Source, after: Source) -> bool:
    if before.file.endswith(".md") and not before.keys[0]:  # where they begin was not known
        return before.text.endswith(after.rest.lstrip("-"))
    return after.rest == before.rest


def _faults(source: Source) -> Counter[str]:
    """What is wrong with the keys of a file, by the codes."""
    tree, found = source.read()
    if tree is not None:
        found = [*found, *validate(tree, kind_of(source.file), Place(source.file))[1]]
    return Counter(one.code.id for one in found)
