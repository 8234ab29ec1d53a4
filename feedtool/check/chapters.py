"""Rules about the chapters of an episode."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from ..finding import N_, Code, Finding, Severity
from ..formats import clock, clocks, normal_play_time
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

CH009 = Code(
    "CH009",
    Severity.WARNING,
    message=N_('the chapter "{title}" at {start} is over in less than a second'),
    why=N_("nobody can choose it or read its title"),
    mend=N_("correct its time or that of the next one, or remove it"),
    spec=("CHAP-03",),
)
CH010 = Code(
    "CH010",
    Severity.WARNING,
    message=N_("none of the chapters is shown: all of them say  toc: false"),
    why=N_("apps would show an empty list"),
    mend=N_("remove  toc: false  from the chapters that listeners should see"),
    spec=("CHAP-05", "PSC-02"),
)
CH011 = Code(
    "CH011",
    Severity.WARNING,
    message=N_(
        'the chapter "{title}" ends at {end}, when "{following}" has begun already ({start})'
    ),
    why=N_("apps cannot tell which of the two is playing"),
    mend=N_("remove its end: a chapter lasts until the next one"),
    spec=("CHAP-06",),
)
CH012 = Code(
    "CH012",
    Severity.WARNING,
    message=N_("the picture of a chapter is not encrypted: {address} (http:, not https:)"),
    why=N_("apps and browsers refuse to show it"),
    mend=N_("write https: at its beginning, or put the picture below media/ and name it here"),
    spec=("CHAP-04", "URI-02"),
)
CH013 = Code(
    "CH013",
    Severity.OFF,
    message=N_("the link of a chapter is not encrypted: {address} (http:, not https:)"),
    why=N_("apps warn of it or do not open it"),
    mend=N_("write https: at its beginning, if that leads to the same page"),
    spec=("CHAP-04", "URI-02"),
    profiles={"podcasting2": Severity.WARNING},
)

CH017 = Code(
    "CH017",
    Severity.WARNING,
    message=N_('the title of a chapter begins with a sign: "{title}"'),
    why=N_("apps show it with the sign; it divided time and title where they were copied from"),
    mend=N_("remove the sign between time and title:  {start} {better}"),
    spec=("CHAP-04", "PSC-04"),
)

_TOLERANCE = timedelta(seconds=1)
_SIGNS = frozenset("-\u2013\u2014|:\u00b7\u2022")
_ROUNDED = timedelta(milliseconds=100)
"""Programs round the end of one chapter and the beginning of the next differently."""


@item_rule
def chapter_after_end(heard: Heard) -> Iterator[Finding]:
    """Chapters that start after the recording ends, or when it does: nothing would be in them."""
    end = heard.item.enclosure.end
    for index, chapter in enumerate(heard.item.episode.chapters):
        if chapter.start >= end:
            start, over = clocks(chapter.start, end)
            place = heard.place("chapters", index)
            yield EP021.at(place, title=chapter.title, start=start, end=over)


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
    first = min((chapter.start for chapter in chapters), default=None)  # in whatever order
    if first and "chapters" not in heard.faulty:
        yield CH004.at(heard.place("chapters", 0), start=clock(first))


@item_rule
def chapter_ends_wrongly(heard: Heard) -> Iterator[Finding]:
    """Chapters that end before they start, or after the recording."""
    end = heard.item.enclosure.end
    for index, chapter in enumerate(heard.item.episode.chapters):
        if chapter.end is not None and not chapter.start < chapter.end <= end + _TOLERANCE:
            yield CH005.at(
                heard.place("chapters", index), title=chapter.title, end=clock(chapter.end)
            )


@item_rule
def chapter_over_at_once(heard: Heard) -> Iterator[Finding]:
    """Chapters with no room before the next one; silent ones may change a picture so fast."""
    chapters = heard.item.episode.chapters
    for index, (chapter, following) in enumerate(pairwise(chapters)):
        if following.start - chapter.start >= _TOLERANCE or following.start <= chapter.start:
            continue
        if chapter.toc and following.toc:
            yield CH009.at(
                heard.place("chapters", index),
                title=chapter.title, start=normal_play_time(chapter.start),
            )  # fmt: skip


@item_rule
def chapters_all_silent(heard: Heard) -> Iterator[Finding]:
    """Lists of which nothing is shown."""
    chapters = heard.item.episode.chapters
    if chapters and not chapters[0].toc and not any(chapter.toc for chapter in chapters):
        yield CH010.at(heard.place("chapters"))


@item_rule
def chapters_overlap(heard: Heard) -> Iterator[Finding]:
    """Chapters that end after the next one has begun. A silent one may lie inside another."""
    chapters = heard.item.episode.chapters
    for index, chapter in enumerate(chapters):
        if chapter.end is None or not chapter.toc:
            continue
        following = next((one for one in chapters[index + 1 :] if one.toc), None)
        if following and chapter.start < following.start < chapter.end - _ROUNDED:
            yield CH011.at(
                heard.place("chapters", index),
                title=chapter.title, end=clock(chapter.end), following=following.title,
                start=clock(following.start),
            )  # fmt: skip


@item_rule
def chapter_unencrypted(heard: Heard) -> Iterator[Finding]:
    """Pictures and links of chapters without https."""
    for index, chapter in enumerate(heard.item.episode.chapters):
        if chapter.image and chapter.image[:5].lower() == "http:":
            yield CH012.at(heard.place("chapters", index, "image"), address=chapter.image)
        if chapter.url and chapter.url[:5].lower() == "http:":
            yield CH013.at(heard.place("chapters", index, "url"), address=chapter.url)


@item_rule
def chapter_begins_with_a_sign(heard: Heard) -> Iterator[Finding]:
    """Lines such as "00:00 - Inledning". A title may begin with a minus: "-20 grader"."""
    for index, chapter in enumerate(heard.item.episode.chapters):
        title = chapter.title
        if title[:1] in _SIGNS and title[1:2] == " ":
            yield CH017.at(
                heard.place("chapters", index),
                title=title, start=clock(chapter.start), better=title[1:].strip(),
            )  # fmt: skip
