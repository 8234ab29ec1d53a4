"""`feedtool check --fix` and `--diff`: mend, or show how, and tell it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..errors import WriteError
from ..finding import N_, Finding

if TYPE_CHECKING:
    from ..console import Console
    from ..mend import Chapters, Mended, Plan
    from ..recheck import Checked

_ROUNDS = 5
"""A file that could not be read may show further faults once it can; this many times."""


@dataclass
class Mending:
    """What is mended of a catalog in one run, or with `diff` would be."""

    root: Path
    now: datetime
    look: Callable[[], Checked]  #: what is found now
    chosen: Callable[[Sequence[tuple[str, str]]], list[bool]]
    """Is the command about these, each a code and a file?"""
    other_profiles: bool  #: the catalog is weighed by others than its own
    diff: bool
    mint: Callable[[], str] = lambda: str(uuid4())  #: a guid
    done: list[Mended] = field(default_factory=list)
    plan: Plan | None = None  #: with `diff`

    def carry_out(self, checked: Checked) -> Checked:
        """Mend until nothing more can be; what is found then. `checked` is what is found so far."""
        from ..mend import carry_out

        findings = checked.findings
        if self.diff:
            self.plan = self._planned(findings)
            self.done += self.plan.mended
            return _marked(checked, findings, self.plan)
        for _ in range(_ROUNDS):
            plan = self._planned(findings)
            if not plan.mended:
                break
            try:
                carry_out(self.root, plan)
            except OSError as error:
                raise WriteError(
                    N_("{path} could not be written or read: {reason}"),
                    N_("make room, or put the permissions right; then run the same command again"),
                    path=error.filename2 or error.filename or self.root,
                    reason=error.strerror or str(error),
                ) from error
            self.done += plan.mended
            checked = self.look()
            findings = checked.findings
        return _marked(checked, findings, plan)

    def marked(self, checked: Checked) -> Checked:
        """The same, of which only what would be mended is marked so."""
        if not any(one.fixable for one in checked.shown):
            return checked
        findings = checked.findings
        return _marked(checked, findings, self._planned(findings))

    def _planned(self, findings: Sequence[Finding]) -> Plan:
        from ..lock_file import read_lock_file
        from ..mend import Known, plan

        found: list[Finding] = []
        now = self.now if self.now.tzinfo else self.now.replace(tzinfo=UTC)
        lock = read_lock_file(self.root, now, found)
        known = Known(findings, None if found else lock, self.mint, self._chapters)
        return plan(self.root, known, self._wanted)

    def _chapters(self, source: str) -> Chapters:
        """Those in a recording that an episode can have."""
        from ..check.parity import listed_inside
        from ..measure import measure

        path = self.root / "media" / source
        measured, _ = measure(str(path), path.stat())
        if measured is None:
            return []
        found = listed_inside(measured.inside, measured.duration)
        return [(one.start, one.title) for one in found]

    def _wanted(self, findings: Sequence[Finding]) -> list[Finding]:
        meant = self.chosen([(one.code.id, one.place.file) for one in findings])
        wanted = list(compress(findings, meant))
        if self.other_profiles:  # what they do not find, those of the catalog may
            wanted = [one for one in wanted if one.code.id != "CF060"]
        return wanted

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "fixed": [
                {"code": one.code, "file": one.file, "line": one.line, "change": one.change}
                for one in self.done
            ]
        }

    def tell(self, console: Console) -> None:
        """A line for each fault that is mended; with `diff` the difference."""
        if self.plan:
            from ..mend import unified

            for line in unified(self.plan):
                console.result(line)
            if not self.done:
                console.say(console.text(N_("Nothing here has exactly one right answer.")))
            return
        for one in self.done:
            console.result(f"{one.file}:{one.line}  {one.code}  {one.change}")
        if self.done:
            console.result()


def _marked(checked: Checked, findings: Sequence[Finding], plan: Plan) -> Checked:
    mended = {id(one) for one in plan.findings}
    shown = (
        replace(one, fixable=one.fixable and id(finding) in mended)
        for one, finding in zip(checked.shown, findings, strict=True)
    )
    return replace(checked, shown=tuple(shown))
