"""Rules about notes and the recording they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

from ..finding import N_, Code, Finding, Severity
from ..formats import clock, parse_clock
from ..pattern import pattern
from .rule import Heard, item_rule

EP054 = Code(
    "EP054",
    Severity.WARNING,
    message=N_('the notes say "{line}", the recording ends at {end}'),
    why=N_("apps make links of such times; this one leads nowhere, so the list may belong to "
           "another version of the recording"),
    mend=N_("correct the time, or remove the line"),
    spec=("APPLE-36", "CHAP-03"),
)  # fmt: skip
EP055 = Code(
    "EP055",
    Severity.WARNING,
    message=N_('the notes say "{line}", and no chapter begins there'),
    why=N_("some apps take the chapters from the notes, others from  chapters: ; listeners who "
           "tell each other a time would not find the same"),
    mend=N_("give both lists the same times, or keep only  chapters:"),
    spec=("PSC-07",),
)  # fmt: skip

_STAMP = pattern(
    r"(?:^|>|\n)\s*[\[(]?((?:\d{1,2}:)?\d{1,3}:[0-5]\d)[\])]?(?:\s*[–—:-])?\s([^<\n]*)"
)
_ENOUGH = 3
"""Times that make a list (Apple's guide to chapters)."""

_TOLERANCE = timedelta(seconds=1)
SHOWN = 60


@item_rule
def times_in_notes(heard: Heard) -> Iterator[Finding]:
    """Lists of times that lie outside the recording, or beside the chapters."""
    notes = heard.item.episode.notes
    if "0:00" not in notes:  # where such a list begins
        return
    stamps = _list_of_times(notes)
    if len(stamps) < _ENOUGH:
        return
    end = heard.item.enclosure.end
    starts = [chapter.start for chapter in heard.item.episode.chapters]
    for time, written, line in stamps:
        place = heard.place("notes", written)
        if time > end + _TOLERANCE:
            yield EP054.at(place, line=line, end=clock(end))
            return
        if starts and not any(abs(time - start) <= _TOLERANCE for start in starts):
            yield EP055.at(place, line=line)
            return


def _list_of_times(notes: str) -> list[tuple[timedelta, str, str]]:
    """Lines that begin with a time, from 0:00 on, as long as the times go up.

    Each with its time, and that as it is written.
    """
    stamps: list[tuple[timedelta, str, str]] = []
    for match in _STAMP.finditer(notes):
        time = _time(match[1])
        if time is None or bool(stamps) == (not time):  # not begun yet, or another list begins
            continue
        if stamps and time <= stamps[-1][0]:
            break
        line = f"{match[1]} {unescape(match[2])}"[:SHOWN].strip()
        stamps.append((time, match[1], line))
    return stamps


def _time(text: str) -> timedelta | None:
    try:
        return parse_clock(text)
    except ValueError:
        return None
