"""Rules about transcripts and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import clock
from ..model import Words
from ..pattern import pattern
from .rule import Heard, item_rule

TR005 = Code(
    "TR005",
    Severity.WARNING,
    message=N_("the last words of media/{source} end at {end}, the recording at {measured}"),
    why=N_("the text may belong to another version of the recording"),
    mend=N_("check that transcript and recording belong together"),
    spec=("TRANS-03",),
)

TR009 = Code(
    "TR009",
    Severity.WARNING,
    message=N_("the last words of media/{source} end at {end}, the recording only at {measured}"),
    why=N_("who cannot hear the recording gets less than half of it"),
    mend=N_("check that the transcript is finished and belongs to this recording"),
    spec=("TRANS-03",),
)
TR010 = Code(
    "TR010",
    Severity.WARNING,
    message=N_("media/{source} has {count} words for a recording of {measured}"),
    why=N_("people say that much in a few seconds: who cannot hear gets hardly anything"),
    mend=N_("check that the transcript is finished and that the right file is named"),
    spec=("TRANS-10",),
)
TR011 = Code(
    "TR011",
    Severity.OFF,
    message=N_("the only transcript is text without times"),
    why=N_("Apple and other apps show transcripts that follow the sound, and leave this one out"),
    mend=N_(
        "export the transcript as WebVTT as well and name it first:  transcripts: [{name}.vtt]"
    ),
    spec=("TRANS-10", "APPLE-34"),
    profiles={"apple": Severity.WARNING, "podcasting2": Severity.WARNING},
)
TR012 = Code(
    "TR012",
    Severity.ERROR,
    message=N_("captions need times, and media/{source} has none"),
    why=N_("players could not tell when to show which words"),
    mend=N_("export the captions as WebVTT (.vtt) or SubRip (.srt), or write the file under  "
            "transcripts:"),
    spec=("PC20-01",),
)  # fmt: skip
TR013 = Code(
    "TR013",
    Severity.WARNING,
    message=N_("media/{source} is marked as a draft"),
    why=N_("listeners would read what nobody has checked, names misheard and all"),
    mend=N_("read it while listening, correct it, and remove the mark from the file or its name"),
)
TR014 = Code(
    "TR014",
    Severity.ERROR,
    message=N_("media/{source} holds the codes of another program ({format}), not plain text"),
    why=N_("listeners would read the codes among the words"),
    mend=N_("open it in the program it was made with and save it as plain text (.txt); subtitles "
            "keep their times under a name that ends with .vtt or .srt"),
    spec=("TRANS-10",),
)  # fmt: skip
TR015 = Code(
    "TR015",
    Severity.WARNING,
    message=N_("å, ä or ö became other signs here: {text}"),
    why=N_("listeners would read it like this, and screen readers spell it out"),
    mend=N_("export the transcript again and choose UTF-8 where a character encoding is asked for"),
    spec=("TRANS-01", "TRANS-06"),
)
TR017 = Code(
    "TR017",
    Severity.WARNING,
    message=N_("media/{source} stands here twice, in two languages"),
    why=N_("one of the two languages is not true, and who chooses it gets the other"),
    mend=N_("name the file of each language, or remove one of the two"),
    spec=("PC20-01", "APPLE-34"),
)

_TOLERANCE = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)

_SPARSE = 10
"""Words a minute; speech has 100 to 180, an interview with much music 40."""
_SHORT = timedelta(minutes=3)
"""Up to here a recording may be a jingle."""

_DRAFT_NAME = pattern(r"(?<![a-z])(?:draft|utkast)(?![a-z])", re.IGNORECASE)
_DRAFT_NOTE = pattern(r"^NOTE[ \t\n]+(?:DRAFT|UTKAST)\b", re.IGNORECASE | re.MULTILINE)
_DRAFT_TEXT = pattern(r"\W*(?:DRAFT|UTKAST)\b[^\w\n]*(?:\n|$)", re.IGNORECASE)
"""As the whole first line of a text: "Utkast till lag" may begin a recording."""

_CODES = (
    (pattern(r"\{\\rtf"), "RTF"), (pattern(r"<(?:!doctype|html)"), "HTML"),
    (pattern(r"<\?xml"), "XML"), (pattern("webvtt"), "WebVTT"),
    (pattern(r"\d+\s+\d+:\d\d?:\d\d?[,.]\d+\s*-->"), "SubRip"),
)  # fmt: skip
"""How texts of other programs begin, in small letters."""

_MISREAD = pattern("[\u00c3][\u00a5\u00a4\u00b6\u2026\u201e\u2013\u0085\u0084\u0096\u00a9]|\ufffd")
"""UTF-8 read as Windows-1252 or Latin-1: å ä ö Å Ä Ö é. And the sign for what cannot be read."""


def _place(heard: Heard, index: int) -> Place:
    """Where the transcript with this number is named: captions are counted after transcripts."""
    transcripts = heard.item.episode.transcripts
    if not transcripts[index].captions:
        return heard.place("transcripts", index)
    return heard.place("captions", index - sum(not one.captions for one in transcripts))


@item_rule
def transcript_after_end(heard: Heard) -> Iterator[Finding]:
    """Transcripts that are longer than the recording."""
    measured = heard.item.enclosure.end
    for index, transcript in enumerate(heard.item.episode.transcripts):
        read = heard.words.get(transcript.source)
        if read and read.cues and (end := _end(read)) > measured + _TOLERANCE:
            yield TR005.at(
                _place(heard, index),
                source=transcript.source, end=clock(end), measured=clock(measured),
            )  # fmt: skip


def _end(read: Words) -> timedelta:
    """When the last words end: where people speak at once, not always those below all others."""
    return max(cue.end for cue in read.cues)


@item_rule
def transcript_unfinished(heard: Heard) -> Iterator[Finding]:
    """Transcripts that end in the first half of the recording, or hold a few words only."""
    measured = heard.item.enclosure.duration
    if heard.item.episode.draft:
        return
    for index, transcript in enumerate(heard.item.episode.transcripts):
        read = heard.words.get(transcript.source)
        if read is None:
            continue
        if read.cues:
            end = _end(read)
            if 2 * end < measured and measured - end > _MINUTE:
                yield TR009.at(
                    _place(heard, index),
                    source=transcript.source, end=clock(end), measured=clock(measured),
                )  # fmt: skip
        elif read.format == "txt" and measured > _SHORT:
            most = int(_SPARSE * (measured / _MINUTE))
            words = len(read.text.split(None, most))  # no more than needed
            if words < most:
                yield TR010.at(
                    _place(heard, index),
                    source=transcript.source, count=words, measured=clock(measured),
                )  # fmt: skip


@item_rule
def transcript_without_times(heard: Heard) -> Iterator[Finding]:
    """Plain text where apps want times: alone, or as captions."""
    transcripts = heard.item.episode.transcripts
    timed = False
    for index, one in enumerate(transcripts):
        if one.format != "txt":
            timed = True
        elif one.captions:
            yield TR012.at(_place(heard, index), source=one.source)
    if not timed and transcripts and not transcripts[0].captions:
        name = transcripts[0].source.partition("/")[2].rpartition(".")[0]
        yield TR011.at(heard.place("transcripts"), name=name)


@item_rule
def transcript_is_draft(heard: Heard) -> Iterator[Finding]:
    """Transcripts that say of themselves that nobody has checked them. So may those of drafts."""
    episode = heard.item.episode
    if episode.draft:
        return
    for index, one in enumerate(episode.transcripts):
        read = heard.words.get(one.source)
        marked = bool(_DRAFT_NAME.search(one.source.rpartition("/")[2]))
        # "utkast-till-lag.vtt" is only called like its episode
        marked = marked and not _DRAFT_NAME.search(episode.slug)
        if marked or (read and _says_draft(read)):
            yield TR013.at(_place(heard, index), source=one.source)


def _says_draft(read: Words) -> bool:
    if read.format == "vtt":
        # what stands before the first words; notes further down speak of single lines
        head = read.text.partition("-->")[0]
        return "NOTE" in head and bool(_DRAFT_NOTE.search(head))
    return read.format == "txt" and bool(_DRAFT_TEXT.match(read.text))


@item_rule
def transcript_garbled(heard: Heard) -> Iterator[Finding]:
    """Codes of other programs, and letters that were read in a wrong encoding."""
    for index, one in enumerate(heard.item.episode.transcripts):
        read = heard.words.get(one.source)
        if read is None:
            continue
        text = read.text
        if read.format == "txt":
            begin = text[:200].lstrip("\ufeff \t\n").lower()
            for sign, format in _CODES:
                if sign.match(begin):
                    yield TR014.at(_place(heard, index), source=one.source, format=format)
        if ("\u00c3" in text or "\ufffd" in text) and (found := _MISREAD.search(text)):
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            words = text[max(0, found.start() - 20) : found.end() + 20].split("\n")
            shown = next(part for part in words if _MISREAD.search(part)).strip()
            place = Place(f"media/{one.source}", line=line, column=column)
            yield TR015.at(place, text=shown)


@item_rule
def transcript_in_two_languages(heard: Heard) -> Iterator[Finding]:
    """One file that is said to be in several languages."""
    transcripts = heard.item.episode.transcripts
    if len(transcripts) < 2:
        return
    first: dict[str, str | None] = {}
    for index, one in enumerate(transcripts):
        language = one.language or heard.item.episode.written_in(heard.series)
        if first.setdefault(one.source, language) != language:
            yield TR017.at(_place(heard, index), source=one.source)
