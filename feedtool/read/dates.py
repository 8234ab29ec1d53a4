"""Dates as producers write them, in the catalog's zone."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from ..finding import N_, Code, Fault, Finding, Place, Severity
from ..formats import ClockChange, DateShape, parse_date
from ..pattern import pattern
from .unseen import ordinary, unseen

EP002 = Code(
    "EP002",
    Severity.ERROR,
    message=N_('"{text}" is not a date'),
    why=N_("the date decides when the episode is published and where apps show it"),
    mend=N_("write year-month-day and the time:  2021-06-22 09:00"),
    spec=("DATE-01", "DATE-04"),
)
EP003 = Code(
    "EP003",
    Severity.ERROR,
    message=N_('there is no date "{text}"'),
    why=N_("no calendar or clock has it, so apps would show another"),
    mend=N_("check the numbers of the year, the month, the day and the hour"),
    spec=("DATE-01", "DATE-04"),
)
EP004 = Code(
    "EP004",
    Severity.ERROR,
    message=N_("there is no {text} in {zone}: the clocks are put forward then"),
    why=N_("it would be published an hour earlier or later than meant"),
    mend=N_("choose a time an hour earlier or later"),
    spec=("DATE-03",),
)
EP005 = Code(
    "EP005",
    Severity.ERROR,
    message=N_("{text} comes twice in {zone}: the clocks are put back then"),
    why=N_("it is unclear which of the two is meant"),
    mend=N_("choose another time, or say which:  {first}  or  {second}"),
    spec=("DATE-03",),
)
EP009 = Code(
    "EP009",
    Severity.ERROR,
    message=N_('"{text}" is not written as dates are here'),
    why=N_("the date decides when the episode is published and where apps show it"),
    mend=N_("write  {better}"),
    spec=("DATE-01", "DATE-04"),
    fixable=True,
)

_ALMOST = pattern(
    r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})"
    r"(?:(?:[Tt]|,? +)(?:kl\.? *)?(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]0+)?)?"
    r" *([Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
"""Year, month and day in this order, and a time: only signs and zeros are others. Programs write
RFC 3339 with thousands of a second: "2025-03-03T07:00:00.000Z"."""


def resolve_date(
    text: str | None, zone: tzinfo, place: Place, findings: list[Finding], *keys: str
) -> datetime | None:
    """The instant a text means in a zone, or None and a finding at the keys inside the place."""
    if text is None:
        return None
    try:
        return parse_date(text, zone)
    except (ValueError, OverflowError) as error:
        fault = _fault(error, text, zone)
        if _is_date(ordinary(text), zone):
            fault = unseen(text, ": ".join([*keys[-1:], text])) or fault
        findings.append(fault.at(place.down(*keys)))
    return None


def _is_date(text: str, zone: tzinfo) -> bool:
    try:
        return bool(parse_date(text, zone))
    except (ValueError, OverflowError):
        return False


def _fault(error: Exception, text: str, zone: tzinfo) -> Fault:
    if isinstance(error, DateShape):
        better = _usual(text)
        if better and _is_date(better, zone):
            return EP009.fault(text=text, better=better)
        return EP002.fault(text=text)
    if not isinstance(error, ClockChange):
        return EP003.fault(text=text)
    if error.skipped:
        return EP004.fault(text=text, zone=str(zone))
    return EP005.fault(text=text, zone=str(zone), first=error.before, second=error.after)


def _usual(text: str) -> str | None:
    """The same date as it should be written: "2025-3-3 kl 7.00" is "2025-03-03 07:00"."""
    found = _ALMOST.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    date = f"{year}-{month:0>2}-{day:0>2}"
    if hour is None:
        return date
    clock = ":".join(part for part in (f"{hour:0>2}", minute, second) if part)
    return " ".join(part for part in (date, clock, offset and offset.upper()) if part)
