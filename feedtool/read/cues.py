"""Timed transcripts, WebVTT and SubRip. The door to webvtt-py."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from html import unescape
from itertools import islice

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import normal_play_time
from ..model import Cue, Words
from ..pattern import pattern
from .text import SHOWN

TR001 = Code(
    "TR001",
    Severity.ERROR,
    message=N_("this cannot be read as a {format} transcript: {problem}"),
    why=N_("apps would show no text, and who cannot hear the recording would get nothing"),
    mend=N_("export the transcript again as WebVTT (.vtt) or SubRip (.srt), or correct the line; "
            "times look like  00:01:02.500 --> 00:01:04.000  (in .srt with a comma)"),
    spec=("TRANS-01", "TRANS-02", "TRANS-06"),
)  # fmt: skip
TR002 = Code(
    "TR002",
    Severity.ERROR,
    message=N_("the words at {start} end at {end}, before they begin"),
    why=N_("apps drop them, or the whole transcript"),
    mend=N_("correct the two times in this line"),
    spec=("TRANS-03",),
)
TR003 = Code(
    "TR003",
    Severity.ERROR,
    message=N_("the words at {start} stand after words that begin later"),
    why=N_("apps would jump back and forth in the text"),
    mend=N_("move them, with the line of their times, to where they belong"),
    spec=("TRANS-03",),
)
TR004 = Code(
    "TR004",
    Severity.ERROR,
    message=N_("the transcript has no words"),
    why=N_("apps would offer a text and show nothing"),
    mend=N_("check that the right file is named; export it again"),
    spec=("TRANS-10",),
)

TR008 = Code(
    "TR008",
    Severity.WARNING,
    message=N_('two groups of words have the same name, "{name}"'),
    why=N_("players that jump to words by their name find only one of the two"),
    mend=N_("delete the line with the name above the line of times, or change it"),
    spec=("TRANS-04",),
)
TR016 = Code(
    "TR016",
    Severity.WARNING,
    message=N_("number {number} stands here, where {expected} should"),
    why=N_("some players stop where the numbers do not go on; parts may be missing"),
    mend=N_("check that nothing is missing here, and save the file anew in a subtitle editor"),
    spec=("TRANS-06",),
)

TR018 = Code(
    "TR018",
    Severity.WARNING,
    message=N_("in SubRip, times have a comma: {better}, not {written}"),
    why=N_("some players find no words then"),
    mend=N_("save the file anew in a subtitle editor, or name it .vtt and begin it with a line  "
            "WEBVTT"),
    spec=("TRANS-06",),
)  # fmt: skip

TR019 = Code(
    "TR019",
    Severity.WARNING,
    message=N_("an empty line is missing between WEBVTT and the first words"),
    why=N_("some apps take the words for a part of the heading, or refuse the file"),
    mend=N_("put an empty line above this one"),
    spec=("TRANS-01",),
)

TR020 = Code(
    "TR020",
    Severity.ERROR,
    message=N_("an empty line is missing above these times"),
    why=N_("some apps show the times as words, or refuse the file"),
    mend=N_("put an empty line above this one; one with spaces in it is not empty"),
    spec=("TRANS-01",),
)

# no part of these can match in two ways, and none reaches past the next "<": a line of a million
# signs takes no longer than it must
_VOICE = pattern(r"<v(?:\.[^\s<>.]*)*[ \t]+([^\s<>][^<>\n]*)>")
_VTT_TAG = pattern(r"<[^<>\n]*>")
_SRT_TAG = pattern(r"</?[A-Za-z][^<>\n]*>|\{\\[^{}\n]*\}")
"""What players take for a tag; "a < b" is text, as SubRip has no escapes. Subtitle editors also
write places and slants as SubStation Alpha does: {\\an8}, {\\i1}."""

# so many digits only: int() refuses thousands
_TIME = r"(?:(\d{1,20}):)?(\d{1,20}):(\d{1,20})[.,](\d+)"
_TIMES = pattern(rf"\s*{_TIME}\s*-->\s*{_TIME}(?=\s|$)", re.ASCII)
_VTT, _SRT = r"(?:\d\d+:)?\d\d:\d\d\.\d{3}", r"\d+:\d\d?:\d\d?[,.]\d+"
_STRICT = {
    "vtt": pattern(rf"\s*{_VTT}\s*-->\s*{_VTT}(?=\s|$)", re.ASCII),
    "srt": pattern(rf"\s*{_SRT}\s*-->\s*{_SRT}", re.ASCII),
}
_CLOCK = pattern(r"\d{1,10}:[0-5]?\d:[0-5]?\d[,.]\d{3}", re.ASCII)
"""A time of SubRip that says the same in WebVTT: others carry over, and ",5" is 5 ms there."""
_OTHER_ARROW = pattern(
    rf"[ \t]*{_TIME}[ \t]*"
    r"(?:(?:[^\w\s:.,]| (?=>)|&gt;){1,6}|to|till|(?<=[ \t])(?=\d\d:\d\d:\d\d[.,]\d{3}))"
    rf"[ \t]*{_TIME}(?:[ \t]+\w+:\S+)*[ \t]*$",
    re.ASCII,
)
"""Two times and what word processors and people write for -->, or nothing where nobody would speak
of times. Lines that are this alone are no words."""
_UNIT = timedelta(milliseconds=1)
_START = {"vtt": N_("it does not begin with a line WEBVTT"), "srt": N_("it does not begin with 1")}
_NO_TIMES = N_("no times stand below the first number")


_Caption = tuple[timedelta, timedelta, str]
"""From when to when, and the words with their tags."""


def read_words(text: str, format: str, file: str) -> tuple[Words, list[Finding]]:
    """A transcript and what is wrong with it; `format` is "vtt", "srt" or "txt"."""
    top = Place(file, line=1, column=1)
    if not text.strip():
        return Words(text, format), [TR004.at(top)]
    if format == "txt":
        return Words(text, format), []
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    wrong = _wrong_times(text, format, file)
    try:
        captions = None if wrong or "\r" in text else _PLAIN[format](text)
        if captions is None:
            captions = _captions(text, format)
    except MalformedFileError:
        if format == "srt" and text.split(maxsplit=1)[0].isdecimal():
            return Words(text, format), wrong or [_no_times(text, file)]
        return Words(text, format), [TR001.at(top, format=format.upper(), problem=_START[format])]
    except MalformedCaptionError as error:
        wrong = wrong or list(islice(_crowded(text, file), SHOWN))
        return Words(text, format), wrong or [_malformed(error, text, format, file)]
    cue = _srt_cue if format == "srt" else _vtt_cue
    cues = tuple([cue(*caption) for caption in captions])
    faults = wrong or ([] if cues else [TR004.at(top)])
    faults += islice(_disorder(cues, text, file), SHOWN)
    return Words(text, format, cues), faults or list(_NAMED[format](text, file))


def _no_times(text: str, file: str) -> Finding:
    """SubRip that begins with a number as it should, and does not go on with times and words."""
    above, below, _ = text.partition(text.split(maxsplit=1)[0])
    line = text[len(above) + len(below) :].partition("\n")[2].partition("\n")[0]
    if _STRICT["srt"].match(line):
        return TR004.at(Place(file, line=1, column=1))
    place = Place(file, line=above.count("\n") + 2, column=1)
    return TR001.at(place, format="SRT", problem=line[:80].strip() or _NO_TIMES)


def _crowded(text: str, file: str) -> Iterator[Finding]:
    """Times of WebVTT, or the numbers above them, that no empty line parts from other words."""
    heading, block = True, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            heading, block = False, []
            continue
        if "-->" in line and not heading and (len(block) > 1 or "-->" in "".join(block)):
            numbered = block[0].isdecimal() and block[-1].isdecimal() and len(block) > 2
            yield TR020.at(Place(file, line=number - numbered, column=1))
            block = []
        heading = heading and "-->" not in line
        block.append(line)


def _malformed(error: Exception, text: str, format: str, file: str) -> Finding:
    """What the library cannot read: "Invalid timestamp '00:99.000'", with the line it is on."""
    time = str(error).partition("'")[2].rpartition("'")[0]
    at = max(text.find(time), 0)
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    place = Place(file, line=text.count("\n", 0, at) + 1, column=1)
    return TR001.at(place, format=format.upper(), problem=line[:80])


def _numbers_astray(text: str, file: str) -> Iterator[Finding]:
    """The first number of SubRip that is not the next one, and times of WebVTT."""
    arrow = text.find("-->")  # all of a file are alike
    written = text[text.rfind("\n", 0, arrow) + 1 : arrow].strip()
    if "." in written:
        place = Place(file, line=text.count("\n", 0, arrow) + 1, column=1)
        yield TR018.at(place, better=written.replace(".", ","), written=written)
    for expected, found in enumerate(_NUMBER.finditer("\n" + text), 1):
        number = found[1]
        if number != str(expected) and int(number) != expected:
            line = text.count("\n", 0, found.start(1) - 1) + 1
            place = Place(file, line=line, column=1)
            yield TR016.at(place, number=number, expected=str(expected))
            return


def _oddities_of_vtt(text: str, file: str) -> Iterator[Finding]:
    """Words in the first block, which is the heading's alone (WebVTT, section 4.1), and names."""
    arrow, heading = text.find("-->"), text.find("\n\n")
    if 0 <= arrow < heading or (heading < 0 and arrow >= 0):
        yield TR019.at(Place(file, line=text.count("\n", 0, arrow) + 1, column=1))
    yield from _names_shared(text, file)


def _names_shared(text: str, file: str) -> Iterator[Finding]:
    """The first name of WebVTT that was there before."""
    if text.count("\n\n0") == text.count("-->"):  # times follow each blank line: no names
        return
    names = _NAME.findall(text)
    if len(set(names)) == len(names):
        return
    seen = set()
    for found in _NAME.finditer(text):
        if found[1] in seen:
            line = text.count("\n", 0, found.start(1)) + 1
            yield TR008.at(Place(file, line=line, column=1), name=found[1])
            return
        seen.add(found[1])


_NUMBER = pattern(r"\n[ \t]*(\d{1,9})[ \t]*\n(?=[ \t]*\d+:\d\d?:\d\d?[,.]\d+[ \t]*-->)", re.A)
_NAME = pattern(r"\n\n(.+)\n(?=(?:\d\d+:)?\d\d:\d\d\.\d{3}[ \t]+-->)", re.A)
_NAMED = {"vtt": _oddities_of_vtt, "srt": _numbers_astray}


def _disorder(cues: tuple[Cue, ...], text: str, file: str) -> Iterator[Finding]:
    latest = timedelta()
    for cue in cues:
        start, end = cue.start, cue.end
        if end <= start:
            place = _place(text, cue, file)
            yield TR002.at(place, start=normal_play_time(start), end=normal_play_time(end))
        if start < latest:
            yield TR003.at(_place(text, cue, file), start=normal_play_time(start))
        else:
            latest = start


def _captions(text: str, format: str) -> list[_Caption]:
    """What webvtt-py reads in a file."""
    import webvtt

    if format == "vtt":
        found = webvtt.WebVTT.from_string(text, strict=True)
    else:
        found = webvtt.WebVTT.from_buffer(io.StringIO(text), format="srt")
    return [
        (
            timedelta(milliseconds=caption.start_time.in_milliseconds()),
            timedelta(milliseconds=caption.end_time.in_milliseconds()),
            caption.raw_text,
        )
        for caption in found.captions
    ]


def _plain_vtt(text: str) -> list[_Caption] | None:
    """The same for WebVTT in which every block is what it should be, else None.

    Needs a text without wrong times. The times are webvtt-py's, too: of its 20 us for a cue most
    are spent on six settings that are seldom there. This takes 7.
    """
    from webvtt.models import CueSettings
    from webvtt.vtt import WebVTTCueBlock

    header, *blocks = text.split("\n\n")
    if not header.startswith("WEBVTT") or "-->" in header:
        return None
    captions = []
    for block in blocks:
        lines = block.strip("\n").split("\n")
        arrows = block.count("-->")
        if arrows == 0 and not lines[0].startswith("REGION"):
            continue  # notes, styles
        at = 0 if "-->" in lines[0] else 1  # a name may come first
        if arrows != 1 or "-->" not in lines[at]:
            return None
        cue = WebVTTCueBlock.from_lines([lines[at]])
        if cue.settings:
            CueSettings.from_string(cue.settings, strict=True)
        captions.append((_moment(cue.start), _moment(cue.end), "\n".join(lines[at + 1 :])))
    return captions


def _plain_srt(text: str) -> list[_Caption] | None:
    """The same for SubRip in which every block is a number, times and words, else None."""
    from webvtt.srt import SRTCueBlock
    from webvtt.utils import iter_blocks_of_lines

    lines = text.split("\n")
    if not lines[0].isdigit():
        return None
    captions = []
    for block in iter_blocks_of_lines(lines):
        arrows = [number for number, line in enumerate(block) if "-->" in line]
        if arrows != [1] or len(block) < 3 or not block[0].strip().isdigit():
            return None
        cue = SRTCueBlock.from_lines(block)
        if not _CLOCK.fullmatch(cue.start) or not _CLOCK.fullmatch(cue.end):
            return None
        start, end = cue.start.replace(",", "."), cue.end.replace(",", ".")
        captions.append((_moment(start), _moment(end), "\n".join(cue.payload)))
    return captions


_PLAIN = {"vtt": _plain_vtt, "srt": _plain_srt}


@lru_cache(maxsize=16)
def _moment(written: str) -> timedelta:
    """Cached, as most cues begin when the one before them ends."""
    from webvtt.models import Timestamp

    return timedelta(0, 0, 0, Timestamp.from_string(written).in_milliseconds())


def _wrong_times(text: str, format: str, file: str) -> list[Finding]:
    """Lines that should say from when to when, and do not: their words would be left out."""
    strict, other = _STRICT[format].match, _OTHER_ARROW.match
    wrong = (
        TR001.at(Place(file, line=number, column=1), format=format.upper(), problem=line[:80])
        for number, line in enumerate(text.split("\n"), 1)
        if (not strict(line) if "-->" in line else other(line))
    )
    return list(islice(wrong, SHOWN))


def _place(text: str, cue: Cue, file: str) -> Place:
    """Where the times of a cue stand."""
    for number, line in enumerate(text.split("\n"), 1):
        if "-->" in line and (times := _TIMES.match(line)):
            parts = times.groups()
            if (_time(*parts[:4]), _time(*parts[4:])) == (cue.start // _UNIT, cue.end // _UNIT):
                return Place(file, line=number, column=1)
    return Place(file, line=1, column=1)


def _time(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    """In milliseconds: a timedelta could not hold whatever a wrong line says."""
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(fraction[:3].ljust(3, "0"))


def _srt_cue(start: timedelta, end: timedelta, text: str) -> Cue:
    return Cue(start, end, _SRT_TAG.sub("", text))


def _vtt_cue(start: timedelta, end: timedelta, text: str) -> Cue:
    before, *spoken = _VOICE.split(text)
    if len(spoken) == 2 and not before.strip():
        return Cue(start, end, _plain(spoken[1]), _plain(spoken[0]))
    # several voices at once: the text must say which words are whose
    said = zip(map(_plain, spoken[::2]), map(_plain, spoken[1::2]), strict=True)
    lines = [_plain(before), *(f"{voice}: {text.strip()}" for voice, text in said)]
    return Cue(start, end, "\n".join(line for line in lines if line.strip()))


def _plain(text: str) -> str:
    """Cue text without tags and escapes (WebVTT section 3.3)."""
    return unescape(_VTT_TAG.sub("", text) if "<" in text else text)
