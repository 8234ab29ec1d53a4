"""Dates in words: "now", "tomorrow 07:00", "imorgon 7", "måndag kl 07.00", "2026-11-24 kl 7".

Pure: what time it is now is told.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, tzinfo

from ..formats import ClockChange, DateShape, parse_date

_DAYS = {
    "today": 0, "idag": 0, "i dag": 0,
    "tomorrow": 1, "imorgon": 1, "i morgon": 1, "imorrn": 1, "imorron": 1,
    "day after tomorrow": 2, "the day after tomorrow": 2, "i övermorgon": 2, "övermorgon": 2,
}  # fmt: skip
_WEEKDAYS = (
    ("monday", "mon", "måndag", "mån"),
    ("tuesday", "tue", "tisdag", "tis"),
    ("wednesday", "wed", "onsdag", "ons"),
    ("thursday", "thu", "torsdag", "tors", "tor"),
    ("friday", "fri", "fredag", "fre"),
    ("saturday", "sat", "lördag", "lör"),
    ("sunday", "sun", "söndag", "sön"),
)
_NOW = ("now", "nu")
_WORDS = re.compile(
    r"(?:on |på )?(?P<day>[a-zåäö ]+?|[\d./-]+),?\s+(?:at |kl\.? ?)?"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?"
)


def in_numbers(text: str, now: datetime, zone: tzinfo) -> str:
    """What is meant, as year-month-day and time, local in `zone`; a day in numbers stays as it is.

    A weekday is the next one: today only while its time is still to come. Whether the date exists
    is for `parse_date` to say. Raises DateShape for what cannot be understood.
    """
    here = now.astimezone(zone)
    said = " ".join(unicodedata.normalize("NFC", text).lower().split())
    if said in _NOW:
        return written(here.replace(second=0, microsecond=0), zone)
    found = _WORDS.fullmatch(said)
    if found is None:
        return text.strip()
    day, clock = found["day"].strip(), (int(found["hour"]), int(found["minute"] or 0))
    time = f"{clock[0]:02}:{clock[1]:02}"
    if day[0].isdigit():
        return f"{day} {time}"
    days = _days_ahead(day, clock, here)
    if days is None:
        raise DateShape(text)
    return f"{here.date() + timedelta(days=days)} {time}"


def _days_ahead(day: str, clock: tuple[int, int], here: datetime) -> int | None:
    if day in _DAYS:
        return _DAYS[day]
    for number, names in enumerate(_WEEKDAYS):
        if day in names:
            ahead = (number - here.weekday()) % 7
            return ahead if ahead or clock > (here.hour, here.minute) else 7
    return None


def written(date: datetime, zone: tzinfo) -> str:
    """The date as episode files have it; with its offset in an hour that comes twice."""
    date = date.astimezone(zone)
    text = f"{date:%Y-%m-%d %H:%M:%S}" if date.second else f"{date:%Y-%m-%d %H:%M}"
    try:
        parse_date(text, zone)
    except ClockChange as change:
        return change.after if date.fold else change.before
    return text
