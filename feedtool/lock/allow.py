"""What a person overrides by name (`--allow FACT:NAME`), and what is an error until then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import UsageError
from ..finding import N_, Code, Finding, Param, Place, Severity, in_order

FACTS = ("guid", "date", "slug", "media", "gone", "base-url")
"""What can be overridden, as `--allow` calls it."""

LK030 = Code(
    "LK030",
    Severity.WARNING,
    message=N_("--allow {allow} was not needed: nothing called that has changed in this way"),
    why=N_("a misspelt name allows nothing, and one left in a script allows the next accident"),
    mend=N_("leave it out, or check the name: series/slug, a series or a guid"),
)


def parse_allow(text: str) -> tuple[str, str]:
    """The fact and the name in "FACT:NAME". Raises UsageError for anything else."""
    fact, _, name = (part.strip() for part in text.partition(":"))
    if fact in FACTS and name:
        return fact, name
    raise UsageError(
        N_('--allow: "{fact}" needs a name after it')
        if fact in FACTS
        else N_('--allow: "{text}" overrides nothing'),
        N_(
            "write FACT:NAME, for example  --allow media:my-series/my-episode ; FACT is one of"
            " guid, date, slug, media, gone, base-url; NAME is series/slug, a series or a guid"
        ),
        fact=fact,
        text=text,
    )


class Review:
    """One comparison of promises with files: the overrides given, and what was found."""

    def __init__(self, allow: Iterable[tuple[str, str]]) -> None:
        self._allow = frozenset(allow)
        self._needed: set[tuple[str, str]] = set()
        self._findings: list[Finding] = []

    def permits(
        self,
        code: Code,
        place: Place,
        fact: str,
        names: Sequence[str],
        along: Sequence[str] = (),
        /,
        **params: Param,
    ) -> bool:
        """Whether a person overrode this fact under one of the names; if not, it is a finding.

        So it is with the facts that change `along` with it: one finding proposes all. The first
        name is the one to propose.
        """
        facts = (fact, *along)
        given = [self.allows(each, names) for each in facts]  # each of them counts as needed
        if not all(given):
            allow = " --allow ".join(f"{each}:{names[0]}" for each in facts)
            self.note(code.at(place, allow=allow, **params))
        return all(given)

    def allows(self, fact: str, names: Sequence[str]) -> bool:
        """The same where another finding says it already."""
        if fact == "base-url":  # there is only one catalog, whatever it is called
            given = frozenset(each for each in self._allow if each[0] == fact)
        else:
            given = self._allow & {(fact, name) for name in names}
        self._needed |= given
        return bool(given)

    def note(self, finding: Finding) -> None:
        """Add what no override can permit."""
        self._findings.append(finding)

    def findings(self) -> list[Finding]:
        """All that was found; an override that nothing needed is the last."""
        unused = sorted(f"{fact}:{name}" for fact, name in self._allow - self._needed)
        return [*in_order(self._findings), *(LK030.at(Place(""), allow=allow) for allow in unused)]
