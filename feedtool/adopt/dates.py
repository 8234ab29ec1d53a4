"""Dates as feeds have them: RFC 2822 and ISO 8601, well or badly written. Offsets are kept.

A date binds once it is published, so one that no calendar or clock has is not read at all: parsers
would make 2 March of 30 February.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

from ..formats import MONTHS
from .tolerant import dates_of

_ZONES = {
    "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2, "WET": 0, "WEST": 1, "BST": 1,
    "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "JST": 9, "KST": 9, "AWST": 8, "ACST": 9.5,
    "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "AKST": -9, "AKDT": -8,
    "HST": -10,
}  # fmt: skip
"""Names in hours; RFC 2822 knows those of the American mainland, and takes all others for UTC."""

_MONTHS = {
    "maj": "May", "mai": "May", "okt": "Oct", "dez": "Dec", "mär": "Mar", "mars": "Mar",
    "juni": "Jun", "juli": "Jul", "sept": "Sep", "augusti": "Aug", "januari": "Jan",
    "februari": "Feb", "oktober": "Oct",
}  # fmt: skip
"""What programs write that run in another language than English, as far as it is not alike."""

_YEAR_FIRST = re.compile(
    r"(?:[^\W\d_]+\.?,\s*)?(\d{4})([-/.])(\d\d?)\2(\d\d?)(?:[T,\s]+(?=\d)|(?!\d))", re.IGNORECASE
)
_ZULU = re.compile(r"(?<=\d)Z$", re.IGNORECASE)
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d+")
_LEAP = re.compile(r"(?<=\d:\d\d:)60(?!\d)")
_IN_FIGURES = re.compile(r"\s*(?:-|\d\d-?\d|\d+$)|.*\d[-/]\d\d?[-/]\d")
"""What feedparser would read figure by figure: it counts on from the 31st of June, and where it
finds no month it takes that of today."""
_WORD = re.compile(r"[^\W\d_]+")
_OFFSET = re.compile(
    r"(:\d\d)\s*(?:UTC|GMT|UT)?\s*([+-])(\d\d?)(?::?(\d\d))?(?:\s*\([^()]*\))?$", re.IGNORECASE
)
"""What stands at the end: "+02:00", "GMT+2", "UTC+01:00", and "GMT+0200 (CEST)" as browsers do."""
_NAMED = re.compile(r"(:\d\d)\s*\(([A-Za-z]{1,5})\)$")
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?)\s*([AaPp])\.?[Mm]\.?\b")
_DASHES = re.compile(r"(\d{1,2})-([^\W\d_]{3,9})-(\d{2,4})")
_SECONDS = re.compile(r"1?\d{9}")
_DAY = re.compile(r"\d{8}")
_NO_YEAR = re.compile(r"(?<![+\-:\d])0\d{3}(?![:\d])")
"""The year 1 is what programs write that know none; parsers take it for 2001."""
_YEARS = range(1900, 2100)
"""Those that an episode file can have; archives publish recordings under the dates of old."""
_LIKELY = range(1990, 2100)
"""When podcasts can have been published; a number misread for a date lies outside, mostly."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""What programs write that know no date and count in seconds."""


def read_dates(texts: Iterable[str]) -> dict[str, datetime]:
    """The instants of these texts, of those that can be read; without an offset they are in UTC.

    Whole seconds: no feed format of ours carries less.
    """
    found: dict[str, datetime] = {}
    odd: list[str] = []
    guessed: set[str] = set()
    for text in {*texts} - {""}:
        if _NO_YEAR.search(text):
            continue
        try:
            whole = _LEAP.sub("59", text)
            date = _iso(whole) or _mail(_by_day(whole))
        except (ValueError, OverflowError):
            continue
        if date is not None:
            found[text] = date
            if text.isdecimal():
                guessed.add(text)
        elif not _IN_FIGURES.match(text):
            odd.append(text)
    if odd:
        found |= dates_of(sorted(odd))
        guessed.update(odd)
    return {
        text: date.replace(microsecond=0)
        for text, date in found.items()
        if date.year in (_LIKELY if text in guessed else _YEARS) and date != _NEVER
    }


def leaps(text: str) -> bool:
    """Has the date a second 60, as RFC 5322 (3.3) allows? It is read as the second before it."""
    return bool(_LEAP.search(text))


def _iso(text: str) -> datetime | None:
    if _SECONDS.fullmatch(text):  # since 1970
        return datetime.fromtimestamp(int(text), UTC)
    if len(text) < 10 and not _DAY.fullmatch(text):  # "2021-W25" is no day
        return None
    try:
        date = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _by_day(text: str) -> str:
    """ "2021/6/22 9:00" as "22 Jun 2021 9:00", as RFC 2822 has it. Raises ValueError."""
    found = _YEAR_FIRST.match(text)
    if found is None:
        return text
    year, _, month, day = found.groups()
    if not 1 <= int(month) <= len(MONTHS):
        raise ValueError(text)
    time = text[found.end() :]
    if not time[:1].isdigit():
        time = f"00:00 {time}"
    time = _ZULU.sub(" Z", time)
    return f"{day} {MONTHS[int(month) - 1]} {year} {time}"


def _mail(text: str) -> datetime | None:
    """None = it is written otherwise. Raises ValueError or OverflowError for no instant at all."""
    if not text.isascii() or _WORD.search(text):
        text = _WORD.sub(lambda word: _MONTHS.get(word.group().lower(), word.group()), text)
    text = _NAMED.sub(r"\1 \2", _OFFSET.sub(_offset, _FRACTION.sub("", text)))
    text = _DASHES.sub(r"\1 \2 \3", text)
    text = _HALF_DAY.sub(_whole_day, text)
    read = parsedate_tz(text)
    if read is None:
        return None
    year, month, day, hour, minute, second = read[:6]
    end_of_day = (hour, minute, second) == (24, 0, 0)  # as ISO 8601 calls the next midnight
    date = datetime(year, month, day, 0 if end_of_day else hour, minute, second)
    date += timedelta(days=end_of_day)
    return date.replace(tzinfo=_zone(text.rsplit(None, 1)[-1], read[9]))


def _offset(found: re.Match[str]) -> str:
    """As in RFC 2822: "+0200"."""
    return f"{found[1]} {found[2]}{int(found[3]):02}{found[4] or '00'}"


def _whole_day(found: re.Match[str]) -> str:
    """ "9:00 PM" as "21:00"."""
    hour = int(found[1]) % 12 + (12 if found[3] in "Pp" else 0)
    return f"{hour}{found[2]}"


def _zone(name: str, offset: int | None) -> tzinfo:
    if name.upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.upper()]))
    if "/" in name:
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            return UTC
    return timezone(timedelta(seconds=offset)) if offset else UTC
