"""Rules about how often episodes come, and whether more will (`update_frequency:`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

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
_WEEKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
_NUMBER = pattern(r"([+-]?)(\d{1,3})")
_COUNT = pattern(r"[1-9]\d{0,5}")
_UNTIL = pattern(r"\d{8}(?:T\d{6}Z?)?")


def _count(text: str) -> bool:
    return bool(_COUNT.fullmatch(text))


def _numbers(least: int, most: int, *, signed: bool = False) -> Callable[[str], bool]:
    """Numbers with commas between them; `signed` ones may be counted from the end."""

    def one(text: str) -> bool:
        number = _NUMBER.fullmatch(text)
        if number is None or (number[1] and not signed):
            return False
        return least <= int(number[2]) <= most

    return lambda text: all(map(one, text.split(",")))


_which = _numbers(1, 53, signed=True)


def _days(text: str) -> bool:
    """Days of the week, with or without the number of the week: "TU,-1FR"."""
    return all(
        day[-2:] in _WEEKDAYS and (len(day) == 2 or _which(day[:-2])) for day in text.split(",")
    )


def _end(text: str) -> datetime | None:
    """When UNTIL is; None for a date that no calendar has."""
    try:
        return datetime.fromisoformat(text) if _UNTIL.fullmatch(text) else None
    except ValueError:
        return None


_PARTS: Mapping[str, Callable[[str], object]] = {
    "FREQ": _FREQUENCIES.__contains__,
    "UNTIL": _end,
    "COUNT": _count,
    "INTERVAL": _count,
    "BYSECOND": _numbers(0, 60),
    "BYMINUTE": _numbers(0, 59),
    "BYHOUR": _numbers(0, 23),
    "BYDAY": _days,
    "BYMONTHDAY": _numbers(1, 31, signed=True),
    "BYYEARDAY": _numbers(1, 366, signed=True),
    "BYWEEKNO": _numbers(1, 53, signed=True),
    "BYMONTH": _numbers(1, 12),
    "BYSETPOS": _numbers(1, 366, signed=True),
    "WKST": _WEEKDAYS.__contains__,
}
"""The parts of a rule (RFC 5545, 3.3.10) and what they may say."""


def _rule(often: UpdateFrequency) -> list[tuple[str, str]]:
    pairs = (part.partition("=") for part in (often.rrule or "").split(";"))
    return [(name, value) for name, _, value in pairs]


@series_rule
def rule_not_understood(series: Series) -> Iterator[Finding]:
    """Words that no calendar knows, and parts that stand twice."""
    if (often := series.update_frequency) and often.rrule:
        seen = set()
        for name, value in _rule(often):
            is_right = _PARTS.get(name)
            if is_right is None or name in seen or not is_right(value):
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
        end, start = _end(until), datetime.fromisoformat(often.start)
        if end is None:
            return
        same_kind = ("T" in until) == ("T" in often.start)
        timed = start.tzinfo is not None and end.tzinfo is not None  # else the day has to do
        late = start > end if timed else start.date() > end.date()
        if not same_kind or late:
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
