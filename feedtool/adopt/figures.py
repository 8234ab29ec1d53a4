"""Numbers, times and answers as feeds write them."""

from __future__ import annotations

import re
from datetime import timedelta

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(?:(\d{1,4}):)?(\d{1,6})(?:[.,](\d)\d*)?", re.ASCII)
_YES = frozenset({"yes", "true", "explicit", "1"})
_NO = frozenset({"no", "false", "clean", "0", "notexplicit"})


def number_of(digits: str) -> int | None:
    """Bytes; None for what is no number of them."""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None


def answer(text: str) -> str | None:
    """ "true" or "false" from any of the words that directories have asked for."""
    word = text.strip().lower()
    return "true" if word in _YES else "false" if word in _NO else None


def duration_of(text: str) -> timedelta | None:
    """From "SS", "MM:SS" or "HH:MM:SS"; None for anything else, and for nothing at all.

    Whole seconds, as in our feeds: rounded, half of one up.
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    one, two, seconds, tenths = (int(part) if part else None for part in found.groups())
    seconds = (seconds or 0) + ((tenths or 0) >= 5)
    hours, minutes = (one, two) if two is not None else (0, one)
    time = timedelta(hours=hours or 0, minutes=minutes or 0, seconds=seconds)
    return time if timedelta(0) < time < timedelta(days=30) else None


def clock_of(text: str) -> str:
    """A time inside a recording as our files have it, from seconds or a clock; else as it is."""
    parts = text.strip().split(":")
    try:
        if not 0 < len(parts) < 4 or any(float(part) < 0 for part in parts):
            return text
        seconds = 0.0
        for part in parts:
            seconds = seconds * 60 + float(part)
        milliseconds = round(seconds * 1000)
    except (ValueError, OverflowError):
        return text
    if milliseconds >= 10**10:
        return text
    whole, rest = divmod(milliseconds, 1000)
    hours, minutes = whole // 3600, whole % 3600 // 60
    clock = f"{hours}:{minutes:02}" if hours else f"{minutes:02}"
    return f"{clock}:{whole % 60:02}" + (f".{rest:03}" if rest else "")
