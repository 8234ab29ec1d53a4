"""Rules about recordings that some people would get nothing of: texts, captions, exemptions.

What the law on accessibility demands of public bodies in Sweden (lag 2018:1937, EN 301 549, WCAG
2.1), for those who ask for it with the profile `public-sector-se`. Pictures and links are in
access_words.py; the statement that the law demands is made by access_report.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from ..finding import N_, Code, Finding, Severity
from ..model import Alternate, Exempt, Item, Series, Transcript
from ..pattern import pattern
from ..vocabulary import SIGNED, UNCERTAIN, WORDLESS
from .rule import Heard, item_rule

DEMANDED = {"public-sector-se": Severity.ERROR}
ADVISED = {"public-sector-se": Severity.WARNING}
_LISTED = {"public-sector-se": Severity.NOTE}

A11Y01 = Code(
    "A11Y01",
    Severity.OFF,
    message=N_("new recording without a text version"),
    why=N_("who cannot hear gets nothing of it; the law demands the text of every recording that "
           "is published since 23 September 2020, also of one that was sent live"),
    mend=N_("put the text (.vtt, .srt or .txt) into media/{series}/ and write  "
            "transcripts: [{name}.vtt]"),
    spec=("WCAG-1.2.1",),
    profiles=DEMANDED,
)  # fmt: skip
A11Y02 = Code(
    "A11Y02",
    Severity.OFF,
    message=N_("video without captions"),
    why=N_("who cannot hear sees people talk and does not know what they say; the law demands "
           "captions, and a text without times (.txt) cannot be shown with the picture"),
    mend=N_("put the text with its times (.vtt or .srt) into media/{series}/ and write  "
            "transcripts: [{name}.vtt]"),
    spec=("WCAG-1.2.2",),
    profiles=DEMANDED,
)  # fmt: skip
A11Y03 = Code(
    "A11Y03",
    Severity.OFF,
    message=N_("nobody has decided whether the video needs audio description"),
    why=N_("who cannot see misses what is only shown: slides nobody reads aloud, names, what "
           "people do"),
    mend=N_("if everything important is said, write so:  ignore: [{{code: A11Y03, why: allt "
            "viktigt sägs}}] ; else offer a version with audio description:  alternates: "
            "[{{file: {name}-syntolkad.mp4, rel: audio-description, title: Med syntolkning}}]"),
    spec=("WCAG-1.2.5",),
    profiles=ADVISED,
)  # fmt: skip
A11Y04 = Code(
    "A11Y04",
    Severity.OFF,
    message=N_("the recording is in {spoken}, but its text only in {languages}"),
    why=N_("who cannot hear needs the words that are said; a translation is good to have as well"),
    mend=N_("add the text in {spoken} under  transcripts: ; if the recording is in another "
            "language, say which:  language: {first}"),
    spec=("WCAG-1.2.1", "WCAG-1.2.2"),
    profiles=DEMANDED,
)  # fmt: skip
A11Y05 = Code(
    "A11Y05",
    Severity.OFF,
    message=N_("recording from before 23 September 2020 without text or captions, and no word of "
               "why"),
    why=N_("such a recording is exempt where it has stood since then, and the accessibility "
           "statement must say so; moving it to a new address can end that"),
    mend=N_("add  exempt: {{reason: publicerad före 23 september 2020, first_published: {date}}} "
            " or, better, the text:  transcripts: [{name}.vtt]"),
    spec=("WCAG-1.2.1", "WCAG-1.2.2"),
    profiles=DEMANDED,
)  # fmt: skip
A11Y06 = Code(
    "A11Y06",
    Severity.OFF,
    message=N_("first published {first}: the exemption does not cover it"),
    why=N_("only what was published before 23 September 2020 is exempt for its age"),
    mend=N_("add the text and remove  exempt: ; if there is another reason than age, leave out "
            "the line  first_published:"),
    profiles=ADVISED,
)  # fmt: skip
A11Y07 = Code(
    "A11Y07",
    Severity.OFF,
    message=N_("first published {first}: that may be before or after 23 September 2020"),
    why=N_("only what was published before that day is exempt for its age"),
    mend=N_("write the day, such as  first_published: 2020-05-14"),
    profiles=ADVISED,
)
A11Y08 = Code(
    "A11Y08",
    Severity.OFF,
    message=N_("the recording is said to be exempt, but it has all it needs"),
    why=N_("the accessibility statement would excuse what needs no excuse"),
    mend=N_("remove  exempt:  and the lines that belong to it"),
    profiles=ADVISED,
)
A11Y09 = Code(
    "A11Y09",
    Severity.OFF,
    message=N_("exempt from the demands on recordings: {why_exempt}"),
    why=N_("the accessibility statement must name it; feedtool a11y-report lists it"),
    mend=N_("nothing to do"),
    profiles=_LISTED,
)
A11Y10 = Code(
    "A11Y10",
    Severity.OFF,
    message=N_("exempt as first published {first}, but published here {date}: "
               "{why_exempt}"),
    why=N_("what is published again, at a new address, may no longer be exempt; the accessibility "
           "statement must name it"),
    mend=N_("plan what is missing: {expected}; until then  evidence_url:  can name the place where "
            "it stood before"),
    profiles=_LISTED,
)  # fmt: skip

CUT_OFF = date(2020, 9, 23)
"""Recordings that were published before are exempt (lag 2018:1937; directive 2016/2102, 1.4)."""


class Lack(StrEnum):
    """What a recording has not."""

    TEXT = N_("text version")
    CAPTIONS = N_("captions")
    DESCRIPTION = N_("audio description")


_TOGETHER = N_("captions and audio description")


class Age(StrEnum):
    """When an exempt recording was first published."""

    BEFORE = "before"  #: the day from which on nothing is exempt
    SINCE = "since"
    UNCLEAR = "unclear"  #: the year or the month of that day
    UNSAID = "unsaid"  #: it is exempt for another reason, or nobody knows


_DESCRIBED = pattern(r"syntolk|audio[ -]?descri|described", re.IGNORECASE)


def is_video(item: Item) -> bool:
    """Has it, or one of its renditions, moving pictures?"""
    if item.enclosure.type.startswith("video/"):
        return True
    return bool(item.alternates) and any(one.type.startswith("video/") for one in item.alternates)


def spoken_in(item: Item, series: Series) -> str:
    return item.episode.language or series.language


def texts_of(item: Item, series: Series, *, timed: bool) -> list[Transcript]:
    """Its texts in the language of the recording; with `timed` those that can be captions."""
    spoken = _primary(spoken_in(item, series))
    return [
        one
        for one in item.episode.transcripts
        if (not timed or one.format != "txt")
        and (
            one.language is None
            or spoken in SIGNED  # any text is the text of these
            or spoken in UNCERTAIN
            or _primary(one.language) == spoken
        )
    ]


def described_in(alternates: Iterable[Alternate]) -> Alternate | None:
    """The rendition with audio description."""
    for one in alternates:
        if _DESCRIBED.search(f"{one.rel} {one.title}"):
            return one
    return None


def lacks(item: Item, series: Series) -> tuple[Lack, ...]:
    """What is missing for everybody to get something of it, whether it must be there or not."""
    if not is_video(item):
        return () if _has_text(item, series, timed=False) else (Lack.TEXT,)
    missing = () if _has_text(item, series, timed=True) else (Lack.CAPTIONS,)
    return missing if described_in(item.alternates) else (*missing, Lack.DESCRIPTION)


def _has_text(item: Item, series: Series, *, timed: bool) -> bool:
    for one in item.episode.transcripts:  # nearly every recording is done here
        if one.language is None and (not timed or one.format != "txt"):
            return True
    return spoken_in(item, series) == WORDLESS or bool(texts_of(item, series, timed=timed))


def age_of(exempt: Exempt) -> Age:
    """The parts of a date that are known are compared: 2019, 2020-05 or 2020-09-22."""
    first = exempt.first_published
    if first is None:
        return Age.UNSAID
    border = CUT_OFF.isoformat()[: len(first)]
    if first == border and len(first) < len(CUT_OFF.isoformat()):
        return Age.UNCLEAR
    return Age.BEFORE if first < border else Age.SINCE


def is_covered(exempt: Exempt | None) -> bool:
    """May it lack something? A claim that may be right counts."""
    return exempt is not None and age_of(exempt) is not Age.SINCE


def _primary(language: str) -> str:
    """ "sv" of "sv-FI"."""
    return language.partition("-")[0].lower()


@item_rule
def not_for_everybody(heard: Heard) -> Iterator[Finding]:
    """Recordings without the text, the captions or the decision that they need."""
    item, episode = heard.item, heard.item.episode
    missing = lacks(item, heard.series)
    if not missing or episode.draft or is_covered(episode.exempt) or _unsure(heard):
        return
    place, name = heard.place("media"), _stem(episode.media)
    if missing[0] is Lack.DESCRIPTION:
        yield A11Y03.at(place, name=name)
        return
    old = episode.exempt is None and episode.date.date() < CUT_OFF
    others = [
        one.language
        for one in episode.transcripts
        if one.language and (missing[0] is Lack.TEXT or one.format != "txt")
    ]
    if others:
        spoken, languages = spoken_in(item, heard.series), ", ".join(dict.fromkeys(others))
        where = heard.place("captions" if episode.transcripts[0].captions else "transcripts")
        yield A11Y04.at(where, spoken=spoken, languages=languages, first=others[0])
    elif old:
        yield A11Y05.at(place, name=name, date=episode.date.date().isoformat())
        return
    else:
        code = A11Y01 if missing[0] is Lack.TEXT else A11Y02
        yield code.at(place, series=episode.series, name=name)
    if len(missing) > 1:
        yield A11Y03.at(place, name=name)


@item_rule
def exempted(heard: Heard) -> Iterator[Finding]:
    """Recordings that are said to be exempt: with reason, without, or without need."""
    episode, exempt = heard.item.episode, heard.item.episode.exempt
    if exempt is None or episode.draft or _unsure(heard):
        return
    missing, age, first = lacks(heard.item, heard.series), age_of(exempt), exempt.first_published
    if not missing:
        yield A11Y08.at(heard.place("exempt"))
    elif age is Age.SINCE:
        yield A11Y06.at(heard.place("exempt", "first_published"), first=first or "")
    elif age is Age.UNCLEAR:
        yield A11Y07.at(heard.place("exempt", "first_published"), first=first or "")
    elif age is Age.BEFORE and episode.date.date() >= CUT_OFF:
        yield A11Y10.at(
            heard.place("exempt"), first=first or "", date=episode.date.date().isoformat(),
            why_exempt=exempt.reason, expected=_TOGETHER if len(missing) > 1 else missing[0],
        )  # fmt: skip
    else:
        yield A11Y09.at(heard.place("exempt"), why_exempt=exempt.reason)


def _unsure(heard: Heard) -> bool:
    """Are the keys that could help faulty themselves?"""
    return bool(heard.faulty) and not heard.faulty.isdisjoint(
        ("transcripts", "captions", "alternates", "exempt", "language")
    )


def _stem(source: str) -> str:
    """The name of a recording without folder and ending."""
    return source.rpartition("/")[2].rpartition(".")[0] or source
