"""How the date of an episode is written (DATE-01 to 03): what apps cannot read, or read wrongly.

Parsers forgive much and each of them something else: Python's takes "CET" for UTC.
"""

from __future__ import annotations

import re
from datetime import datetime

from ..formats import MONTHS, WEEKDAYS
from ..language import N_
from ..pattern import pattern
from .aspect import UNSTATED, Words, as_it_is, words

_DAY, _MONTH = "|".join(WEEKDAYS), "|".join(MONTHS)
_TODAY = pattern(
    rf"(?:(?P<weekday>{_DAY}), )?(?P<day>\d\d?) (?P<month>{_MONTH}) (?P<year>\d{{4}})"
    r" (?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r" (?:[+-](?:[01]\d|2[0-3])[0-5]\d|GMT|UT|[ECMP][SD]T)",
    re.ASCII,
)
# RFC 822, 5, and RFC 2822, 4.3: any case and space, two figures of a year, a letter for a zone, a
# comment at the end. Nobody defined UTC, and nobody takes it for anything else.
_OLD = pattern(
    rf"(?:(?P<weekday>{_DAY})\s*,\s*)?(?P<day>\d\d?)\s+(?P<month>{_MONTH})\s+(?P<year>\d\d(?:\d\d)?)"
    r"\s+(?P<hour>\d\d)\s*:\s*(?P<minute>\d\d)(?:\s*:\s*(?P<second>\d\d))?"
    r"\s+(?:[+-](?:[01]\d|2[0-3])[0-5]\d|GMT|UTC?|[ECMP][SD]T|[A-IK-Z])\s*(?:\([^()]*\))?",
    re.ASCII | re.IGNORECASE,
)
_FIGURES = ("day", "hour", "minute", "second")


def is_old(text: str) -> bool:
    """Is it a date in a form that was right once, or is read rightly by most?"""
    return not _TODAY.fullmatch(text) and bool(_OLD.fullmatch(text))


def date_fault(text: str) -> Words | None:
    """Why this is no date that apps can read, with the date; None = it is one."""
    if not text:
        return UNSTATED
    found = _TODAY.fullmatch(text) or _OLD.fullmatch(text)
    if found is None:
        return as_it_is(text)
    try:
        weekday = WEEKDAYS[_day(found).weekday()]
    except ValueError:  # 31 June
        return as_it_is(text)
    if (found["weekday"] or weekday).title() == weekday:
        return None
    return words(N_("{date} ({weekday} would be right)"), date=as_it_is(text), weekday=weekday)


def _day(found: re.Match[str]) -> datetime:
    """Raises ValueError for what no calendar or clock has."""
    year = int(found["year"])
    if len(found["year"]) == 2:  # RFC 2822, 4.3
        year += 2000 if year < 50 else 1900
    month = MONTHS.index(found["month"].title()) + 1
    day, hour, minute, second = (int(found[part] or 0) for part in _FIGURES)
    # a leap second, which datetime does not know
    return datetime(year, month, day, hour, minute, 59 if second == 60 else second)
