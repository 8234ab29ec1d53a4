"""Rules about how often episodes come, and whether more will (`update_frequency:`)."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import N_, Code, Finding, Severity
from ..model import Series, UpdateFrequency
from ..pattern import pattern
from .rule import series_rule, written

_RAISED = {"podcasting2": Severity.ERROR}

SE015 = Code(
    "SE015",
    Severity.WARNING,
    message=N_('"{text}" in the rrule is not understood'),
    why=N_("apps would not show when the next episode comes"),
    mend=N_("write a rule such as  FREQ=WEEKLY;BYDAY=TU  or, for every second week, "
            " FREQ=WEEKLY;INTERVAL=2"),
    spec=("PC20-38",),
    profiles=_RAISED,
)  # fmt: skip
SE038 = Code(
    "SE038",
    Severity.WARNING,
    message=N_("the rrule counts the episodes, but nothing says from when on"),
    why=N_("apps cannot tell how many are left"),
    mend=N_("add the day of the first one:  dtstart: 2026-01-13"),
    spec=("PC20-38",),
    profiles=_RAISED,
)
SE039 = Code(
    "SE039",
    Severity.WARNING,
    message=N_("the rrule says how many episodes come and until when"),
    why=N_("the two may disagree, and apps refuse a rule with both"),
    mend=N_("keep either COUNT=... or UNTIL=..."),
    spec=("PC20-38",),
    profiles=_RAISED,
)
SE041 = Code(
    "SE041",
    Severity.WARNING,
    message=N_('"complete: {series}" says something else than "complete: {often}" in '
               "update_frequency"),
    why=N_("some apps would wait for more episodes, and others stop looking for them"),
    mend=N_("write the same in both, or delete  update_frequency:  when no more episodes come"),
    spec=("PC20-38",),
)  # fmt: skip
SE049 = Code(
    "SE049",
    Severity.WARNING,
    message=N_("the rrule ends with {until}, but dtstart is {start}"),
    why=N_("both must be days, or both days with a time, and the end must come after the start"),
    mend=N_("correct one of them, as in  dtstart: 2026-01-13  and  UNTIL=20261231"),
    spec=("PC20-38",),
    profiles=_RAISED,
)

_FREQUENCIES = frozenset({"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DAYS = pattern(r"[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)(?:,[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU))*")
_NUMBERS = pattern(r"[+-]?\d{1,3}(?:,[+-]?\d{1,3})*")
_PARTS = {
    "FREQ": pattern("|".join(sorted(_FREQUENCIES))),
    "UNTIL": pattern(r"\d{8}(?:T\d{6}Z?)?|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z?)?"),
    "COUNT": pattern(r"[1-9]\d{0,5}"),
    "INTERVAL": pattern(r"[1-9]\d{0,3}"),
    "BYDAY": _DAYS,
    "WKST": pattern("MO|TU|WE|TH|FR|SA|SU"),
} | dict.fromkeys(
    (
        "BYSECOND", "BYMINUTE", "BYHOUR", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH",
        "BYSETPOS",
    ),
    _NUMBERS,
)  # fmt: skip
"""The parts of a rule (RFC 5545, 3.3.10) and what they may say."""


def _rule(often: UpdateFrequency) -> list[tuple[str, str]]:
    text = (often.rrule or "").removeprefix("RRULE:")
    pairs = (part.partition("=") for part in text.split(";") if part)
    return [(name, value) for name, _, value in pairs]


@series_rule
def rule_not_understood(series: Series) -> Iterator[Finding]:
    """Words that no calendar knows, and parts that stand twice."""
    if (often := series.update_frequency) and often.rrule:
        seen = set()
        for name, value in _rule(often):
            shape = _PARTS.get(name)
            if shape is None or name in seen or not shape.fullmatch(value):
                where = written(series, "update_frequency", "rrule")
                yield SE015.at(where, text=f"{name}={value}" if value else name)
            seen.add(name)


@series_rule
def rule_without_beginning(series: Series) -> Iterator[Finding]:
    """A number of episodes from nobody knows when."""
    often = series.update_frequency
    if often and not often.start and "COUNT" in dict(_rule(often)):
        yield SE038.at(written(series, "update_frequency", "rrule"))


@series_rule
def rule_with_two_ends(series: Series) -> Iterator[Finding]:
    """An end by number and by date."""
    often = series.update_frequency
    if often and {"COUNT", "UNTIL"} <= dict(_rule(often)).keys():
        yield SE039.at(written(series, "update_frequency", "rrule"))


@series_rule
def end_and_beginning_differ(series: Series) -> Iterator[Finding]:
    """An end before the beginning, or only one of them with a time of day."""
    if (often := series.update_frequency) and often.rrule and often.start:
        until = dict(_rule(often)).get("UNTIL", "")
        if not _PARTS["UNTIL"].fullmatch(until):
            return
        same_kind = ("T" in until) == ("T" in often.start)
        days = [text.replace("-", "")[:8] for text in (often.start, until)]
        if not same_kind or days[1] < days[0]:
            where = written(series, "update_frequency", "rrule")
            yield SE049.at(where, until=until, start=often.start)


@series_rule
def ends_and_goes_on(series: Series) -> Iterator[Finding]:
    """Complete in one way, and not in the other."""
    often = series.update_frequency
    if often and often.complete != series.complete:
        yield SE041.at(
            written(series, "update_frequency"),
            series=str(series.complete).lower(), often=str(often.complete).lower(),
        )  # fmt: skip
