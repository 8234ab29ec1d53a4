"""Rules about the chapters of an episode."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from ..finding import N_, Code, Finding, Severity
from ..formats import clock
from .rule import Heard, item_rule

EP021 = Code(
    "EP021",
    Severity.ERROR,
    message=N_('the chapter "{title}" starts at {start}, the recording ends at {end}'),
    why=N_("apps drop the whole list of chapters when one lies outside"),
    mend=N_("change {start} to a time before {end}, or remove the line"),
    spec=("CHAP-03", "PSC-03"),
)
CH003 = Code(
    "CH003",
    Severity.ERROR,
    message=N_('the chapter "{title}" starts at {start}, not after the one before it'),
    why=N_("apps show chapters in a wrong order or drop them"),
    mend=N_("put the chapters in the order of their times, each time once"),
    spec=("CHAP-03", "PSC-03"),
)
CH004 = Code(
    "CH004",
    Severity.WARNING,
    message=N_("the first chapter starts at {start}"),
    why=N_("the part before it has no name; some apps show no chapters then"),
    mend=N_('add a first chapter at 00:00, such as "00:00 Inledning"'),
    spec=("CHAP-03",),
)
CH005 = Code(
    "CH005",
    Severity.ERROR,
    message=N_('the chapter "{title}" ends at {end}, which cannot be'),
    why=N_("a chapter ends after its start and before the recording does"),
    mend=N_("correct its end, or remove it: a chapter lasts until the next one"),
    spec=("CHAP-06",),
)

_TOLERANCE = timedelta(seconds=1)


@item_rule
def chapter_after_end(heard: Heard) -> Iterator[Finding]:
    """Chapters that start after the recording ends."""
    end = heard.item.enclosure.duration
    for index, chapter in enumerate(heard.item.episode.chapters):
        if chapter.start >= end:
            yield EP021.at(
                heard.place("chapters", index),
                title=chapter.title, start=clock(chapter.start), end=clock(end),
            )  # fmt: skip


@item_rule
def chapters_out_of_order(heard: Heard) -> Iterator[Finding]:
    """Chapters that start before or with the one above them."""
    chapters = heard.item.episode.chapters
    for index, (before, chapter) in enumerate(pairwise(chapters), 1):
        if chapter.start <= before.start:
            yield CH003.at(
                heard.place("chapters", index), title=chapter.title, start=clock(chapter.start)
            )


@item_rule
def chapters_begin_late(heard: Heard) -> Iterator[Finding]:
    """Lists of chapters that leave the beginning without a name."""
    chapters = heard.item.episode.chapters
    if chapters and chapters[0].start:
        yield CH004.at(heard.place("chapters", 0), start=clock(chapters[0].start))


@item_rule
def chapter_ends_wrongly(heard: Heard) -> Iterator[Finding]:
    """Chapters that end before they start, or after the recording."""
    end = heard.item.enclosure.duration
    for index, chapter in enumerate(heard.item.episode.chapters):
        if chapter.end is not None and not chapter.start < chapter.end <= end + _TOLERANCE:
            yield CH005.at(
                heard.place("chapters", index), title=chapter.title, end=clock(chapter.end)
            )
