"""Rules about chapters that stand in several places: the list, the recording, the notes.

Nothing inside a recording is published, and apps differ in which of the three they look at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import pairwise

from ..finding import N_, Code, Finding, Severity
from ..formats import clock, parse_clock
from ..model import Chapter, Inside
from ..pattern import pattern
from .rule import Heard, item_rule

CH006 = Code(
    "CH006",
    Severity.WARNING,
    message=N_("there are {count} chapters inside the recording, and none here"),
    why=N_("only the few apps that look into the recording show them; websites never do"),
    mend=N_('write them here, too:  chapters: ["{start} {title}", ...]'),
    spec=("PSC-07",),
    fixable=True,
)
CH007 = Code(
    "CH007",
    Severity.WARNING,
    message=N_("there are {count} chapters here, but {inside} inside the recording"),
    why=N_("some apps look into the recording, so listeners would see different lists"),
    mend=N_("compare the two lists; correct this one, or save the recording anew without chapters"),
    spec=("PSC-07",),
)
CH008 = Code(
    "CH008",
    Severity.WARNING,
    message=N_('here it says "{start} {title}", inside the recording "{other} {named}"'),
    why=N_("some apps look into the recording, so listeners would see different lists"),
    mend=N_(
        "listen which of the two is right; correct this line, or save the recording anew without "
        "chapters"
    ),
    spec=("PSC-07",),
)
CH016 = Code(
    "CH016",
    Severity.NOTE,
    message=N_("the notes list {count} times with titles, but there are no chapters"),
    why=N_("most apps show chapters, and jump to them, only if they are written as such"),
    mend=N_('write them in the upper part, too:  chapters: ["00:00 {title}", ...]'),
    spec=("PSC-07", "APPLE-35"),
)

_NEAR = timedelta(seconds=1)
_FEW = 3
"""Times in the notes from which on it is a list of chapters (APPLE-36)."""

_LINE = pattern(
    r"(?:^|>)[^\w<>\n]{0,9}((?:[0-9]{1,2}:[0-5][0-9]|[0-9]{1,3}):[0-5][0-9])(?![\w:])"
    r"(?:</\w+>)?[^\w<\n]{0,9}([^<\n]*)",
    re.MULTILINE,
)
"""A time at the beginning of a line, and what follows it; in HTML, where each line has a tag."""


def listed_inside(inside: Inside | None, end: timedelta) -> list[Chapter]:
    """Those of the chapters inside a recording that a list of an episode can have."""
    found: list[Chapter] = []
    for chapter in inside.chapters if inside else ():
        late = chapter.start >= end or (found and chapter.start == found[-1].start)
        if chapter.title and not late:
            found.append(chapter)
    return found


@item_rule
def inside_only(heard: Heard) -> Iterator[Finding]:
    """Recordings with chapters that their episode lacks. A single one is made by some programs."""
    chapters = listed_inside(heard.item.enclosure.inside, heard.item.enclosure.end)
    if len(chapters) > 1 and not heard.item.episode.chapters:
        start, title = clock(chapters[0].start), _in_quotes(chapters[0].title)
        yield CH006.at(heard.place(), count=len(chapters), start=start, title=title)


@item_rule
def inside_differs(heard: Heard) -> Iterator[Finding]:
    """Recordings whose chapters are not those of the episode: the first difference is told."""
    inside = heard.item.enclosure.inside
    if not inside or len(inside.chapters) < 2 or not heard.item.episode.chapters:
        return
    shown = [pair for pair in enumerate(heard.item.episode.chapters) if pair[1].toc]
    others = listed_inside(inside, heard.item.enclosure.end)
    if len(shown) == len(inside.chapters):
        others = list(inside.chapters)
    if len(shown) != len(others):
        yield CH007.at(heard.place("chapters"), count=len(shown), inside=len(others))
        return
    for (index, chapter), other in zip(shown, others, strict=True):
        if abs(chapter.start - other.start) > _NEAR or not _alike(chapter.title, other.title):
            yield CH008.at(
                heard.place("chapters", index),
                start=clock(chapter.start), title=chapter.title, other=clock(other.start),
                named=other.title,
            )  # fmt: skip
            return


@item_rule
def in_the_notes_only(heard: Heard) -> Iterator[Finding]:
    """Notes with a list of times that would be the chapters. notes.py judges the times."""
    notes = heard.item.episode.notes
    if heard.item.episode.chapters or "0:00" not in notes:  # such a list begins there
        return
    listed = _LINE.findall(notes)
    if len(listed) < _FEW:
        return
    times = [parse_clock(written) for written, _ in listed]
    if times[0] or times[-1] >= heard.item.enclosure.end:
        return
    if all(before < time for before, time in pairwise(times)):  # else scores of a match...
        title = _in_quotes(unescape(listed[0][1]).strip())
        yield CH016.at(heard.place(), count=len(times), title=title)


def _in_quotes(text: str) -> str:
    """As it is written between double quotes in YAML."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _alike(title: str, other: str) -> bool:
    """Are they the same to a reader? Lists inside recordings may have cut titles off."""
    if title == other:
        return True
    one, two = _plain(title), _plain(other)
    return one == two or (len(two) >= _CUT and one.startswith(two))


_CUT = 25
"""Letters from which on a title may have been cut off."""


def _plain(title: str) -> str:
    title = unicodedata.normalize("NFKC", title).casefold()
    return "".join(sign for sign in title if sign.isalnum())
