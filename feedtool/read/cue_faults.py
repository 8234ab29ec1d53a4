"""What is wrong with the lines of timed transcripts, WebVTT and SubRip, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import normal_play_time
from ..model import Cue
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
            "WEBVTT  and an empty one"),
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

TR021 = Code(
    "TR021",
    Severity.ERROR,
    message=N_('no times stand above "{words}"'),
    why=N_(
        "an empty line ends what is shown at a time: players and feedtool leave these words out"
    ),
    mend=N_("delete the empty line above them, or put a line of times there"),
    spec=("TRANS-04",),
)

TR022 = Code(
    "TR022",
    Severity.WARNING,
    message=N_('"{setting}" is no place for words that players know'),
    why=N_("they leave it out of account and show the words where they always do"),
    mend=N_("delete it here and wherever else it stands; what older programs write as align:middle "
            "is now  align:center"),
    spec=("TRANS-03",),
)  # fmt: skip

# so many digits only: int() refuses thousands
_TIME = r"(?:(\d{1,20}):)?(\d{1,20}):(\d{1,20})[.,](\d+)"
_TIMES = pattern(rf"\s*{_TIME}\s*-->\s*{_TIME}(?=\s|$)", re.ASCII)
_VTT, _SRT = r"(?:\d\d+:)?\d\d:\d\d\.\d{3}", r"\d+:\d\d?:\d\d?[,.]\d+"
_STRICT = {
    "vtt": pattern(rf"\s*{_VTT}\s*-->\s*{_VTT}(?=\s|$)", re.ASCII),
    "srt": pattern(rf"\s*{_SRT}\s*-->\s*{_SRT}", re.ASCII),
}
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
_NO_NUMBER = N_("no number stands above these times")


def no_words(file: str) -> Finding:
    return TR004.at(Place(file, line=1, column=1))


def wrong_times(text: str, format: str, file: str) -> list[Finding]:
    """Lines that should say from when to when, and do not: their words would be left out."""
    strict, other = _STRICT[format].match, _OTHER_ARROW.match
    wrong = (
        TR001.at(Place(file, line=number, column=1), format=format.upper(), problem=line[:80])
        for number, line in enumerate(text.split("\n"), 1)
        if (not strict(line) if "-->" in line else other(line))
    )
    return list(islice(wrong, SHOWN))


def without_number(text: str, file: str) -> list[Finding]:
    """Times of SubRip without a number above: players and webvtt-py leave their words out."""
    return list(islice(_unnumbered(text, file), SHOWN))


def _unnumbered(text: str, file: str) -> Iterator[Finding]:
    before, block = list[str](), list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            before, block = block or before, []
            continue
        # an empty line may part the number from its times, if it is all that stands there
        above = block or (before if len(before) == 1 else [])
        if "-->" in line and not (above and above[-1].strip().isdigit()):
            place = Place(file, line=number, column=1)
            yield TR001.at(place, format="SRT", problem=_NO_NUMBER)
        block.append(line)


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


def other_beginning(text: str, format: str, file: str, wrong: list[Finding]) -> list[Finding]:
    """A file that begins otherwise than it should; `wrong` are its lines of times that are."""
    if format == "srt" and text.split(maxsplit=1)[0].isdecimal():
        return wrong or [_no_times(text, file)]
    top = Place(file, line=1, column=1)
    return [TR001.at(top, format=format.upper(), problem=_START[format])]


def _no_times(text: str, file: str) -> Finding:
    """SubRip that begins with a number as it should, and does not go on with times and words."""
    above, below, _ = text.partition(text.split(maxsplit=1)[0])
    _, more, rest = text[len(above) + len(below) :].partition("\n")
    line = rest.partition("\n")[0]
    if _STRICT["srt"].match(line):
        return no_words(file)
    place = Place(file, line=above.count("\n") + len(more) + 1, column=1)
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


def without_times(text: str, file: str) -> list[Finding]:
    """Words of WebVTT that an empty line parts from their times (section 4.1: it ends a cue)."""
    arrow = text.find("-->")
    if 0 <= text.find("\n\n") < arrow and text.count("\n\n") <= text.count("-->"):
        return []  # a heading, and times for each block below it
    lost = (found for found in _BLOCK.finditer(text, arrow) if "-->" not in found[0])
    return [
        TR021.at(Place(file, line=text.count("\n", 0, found.start(1)) + 1, column=1), words=words)
        for found in islice(lost, SHOWN)
        if (words := found[1].strip()[:80])
    ]


_BLOCK = pattern(r"(?<=\n\n)(?!(?:NOTE|STYLE|REGION)\b|\d+(?:\n\n|\s*\Z))(.+)(?:\n.+)*", re.A)
"""Whatever stands between empty lines and is no note; a number alone belongs to what follows."""


def after_times(line: str) -> int:
    """Where in a line of times of WebVTT the settings begin."""
    times = _STRICT["vtt"].match(line)
    return times.end() if times else len(line)


def malformed(error: Exception, text: str, format: str, file: str) -> list[Finding]:
    """What the library cannot read: "Invalid timestamp '00:99.000'", with the line it is on."""
    if crowded := list(islice(_crowded(text, file), SHOWN)):
        return crowded
    time = str(error).partition("'")[2].rpartition("'")[0]
    at = text.find(time)
    if at < 0:  # "Region block after a cue ['REGION', ...]"
        at = text.find("\nREGION", text.find("-->")) + 1
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    place = Place(file, line=text.count("\n", 0, at) + 1, column=1)
    return [TR001.at(place, format=format.upper(), problem=line[:80])]


def oddities(text: str, format: str, file: str) -> list[Finding]:
    """What a file says that is right otherwise, and some players stumble over."""
    return list(_ODDITIES[format](text, file))


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
_ODDITIES = {"vtt": _oddities_of_vtt, "srt": _numbers_astray}


def disorder(cues: tuple[Cue, ...], text: str, file: str) -> list[Finding]:
    """Cues that end before they begin, or begin before others that stand above them."""
    return list(islice(_disordered(cues, text, file), SHOWN))


def _disordered(cues: tuple[Cue, ...], text: str, file: str) -> Iterator[Finding]:
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
