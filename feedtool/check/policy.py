"""How findings are weighed: profiles raise them, `ignore:` sets warnings aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..finding import CODES, N_, Code, Finding, Place, Severity, nearest_codes
from ..read.objects import IgnoreKeys

CF060 = Code(
    "CF060",
    Severity.WARNING,
    message=N_("nothing here gives the finding {code} that is ignored"),
    why=N_("an exception nobody needs hides the next real fault"),
    mend=N_("remove the entry under  ignore:"),
    fixable=True,
)
CF061 = Code(
    "CF061",
    Severity.WARNING,
    message=N_("{code} is an error and cannot be ignored"),
    why=N_("errors are what listeners would notice, or what cannot be built"),
    mend=N_("mend it, and remove the entry under  ignore:"),
)
CF110 = Code(
    "CF110",
    Severity.WARNING,
    message=N_('there is no finding "{code}" that could be ignored'),
    why=N_("the entry sets nothing aside"),
    mend=N_("write the code that is meant, perhaps {near}; it stands beside each finding"),
)

_IN_RECORDINGS = ("ME", "CH006", "CH007", "CH008")
"""How codes begin of what is found by looking into recordings."""


def judge(
    findings: Iterable[Finding],
    profiles: Sequence[str],
    ignored: Mapping[str, Sequence[IgnoreKeys]],
    *,
    away: bool = False,
) -> list[Finding]:
    """The findings as this catalog wants them weighed; `ignored` are the entries of each file.

    `away`: there are recordings that are not here.
    """
    kept, used = [], set()
    wanted = {(file, entry.code) for file, entries in ignored.items() for entry in entries}
    for finding in findings:
        weighed = finding.under(profiles)
        entry = (finding.place.file, finding.code.id)
        if entry in wanted:
            used.add((entry, weighed.severity is Severity.ERROR))
        if weighed.severity is Severity.OFF:
            continue
        if entry not in wanted or weighed.severity is Severity.ERROR:
            kept.append(weighed)
    for file, entries in ignored.items():
        for index, one in enumerate(entries):
            place = Place(file, ("ignore", index))
            if one.code not in CODES:  # all are there: what a build needs declares them
                near = nearest_codes(one.code, 0)
                kept.append(CF110.at(place, code=one.code, near=", ".join(near)))
            elif ((file, one.code), True) in used:
                kept.append(CF061.at(place, code=one.code))
            elif away and one.code.startswith(_IN_RECORDINGS):
                continue  # it may be needed where the recordings are
            elif ((file, one.code), False) not in used and not _is_off(one.code, profiles):
                kept.append(CF060.at(place, code=one.code))
    return kept


def _is_off(code: str, profiles: Sequence[str]) -> bool:
    """Is it silent here? Under another profile the entry may be needed."""
    known = CODES.get(code)
    return known is not None and known.severity_under(profiles) is Severity.OFF
