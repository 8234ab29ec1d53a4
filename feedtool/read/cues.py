"""Timed transcripts, WebVTT and SubRip. The door to webvtt-py."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Cue, Words

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

_VOICE = re.compile(r"<v(?:\.[^\s>]*)*[ \t]+([^>\n]+)>")
_VTT_TAG = re.compile(r"<[^>\n]*>")
_SRT_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
"""What players take for a tag; "a < b" is text, as SubRip has no escapes."""

_TIME = r"(?:(\d+):)?(\d+):(\d+)[.,](\d+)"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?=\s|$)", re.ASCII)
_VTT, _SRT = r"(?:\d\d+:)?\d\d:\d\d\.\d{3}", r"\d+:\d\d?:\d\d?[,.]\d+"
_STRICT = {
    "vtt": re.compile(rf"\s*{_VTT}\s*-->\s*{_VTT}(?=\s|$)", re.ASCII),
    "srt": re.compile(rf"\s*{_SRT}\s*-->\s*{_SRT}", re.ASCII),
}
_START = {"vtt": N_("it does not begin with a line WEBVTT"), "srt": N_("it does not begin with 1")}


def read_words(text: str, format: str, file: str) -> tuple[Words, list[Finding]]:
    """A transcript and what is wrong with it; `format` is "vtt", "srt" or "txt"."""
    top = Place(file, line=1, column=1)
    if not text.strip():
        return Words(text, format), [TR004.at(top)]
    if format == "txt":
        return Words(text, format), []
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    wrong = _wrong_times(text, format, file)
    try:
        if format == "vtt":
            found = webvtt.WebVTT.from_string(text, strict=True)
        else:
            found = webvtt.WebVTT.from_buffer(io.StringIO(text), format="srt")
    except MalformedFileError:
        return Words(text, format), [TR001.at(top, format=format.upper(), problem=_START[format])]
    except MalformedCaptionError as error:
        return Words(text, format), wrong or [
            TR001.at(top, format=format.upper(), problem=str(error)[:80])
        ]
    cues = tuple(_cue(caption, format) for caption in found.captions)
    faults = wrong or ([] if cues else [TR004.at(top)])
    latest = timedelta()
    for cue, caption in zip(cues, found.captions, strict=True):
        if cue.end <= cue.start:
            place = _place(text, cue, file)
            faults.append(TR002.at(place, start=caption.start, end=caption.end))
        if cue.start < latest:
            faults.append(TR003.at(_place(text, cue, file), start=caption.start))
        latest = max(latest, cue.start)
    return Words(text, format, cues), faults


def _wrong_times(text: str, format: str, file: str) -> list[Finding]:
    """Lines that should say from when to when, and do not: their words would be left out."""
    return [
        TR001.at(Place(file, line=number, column=1), format=format.upper(), problem=line[:80])
        for number, line in enumerate(text.split("\n"), 1)
        if "-->" in line and not _STRICT[format].match(line)
    ]


def _place(text: str, cue: Cue, file: str) -> Place:
    """Where the times of a cue stand."""
    for number, line in enumerate(text.split("\n"), 1):
        if "-->" in line and (times := _TIMES.match(line)):
            parts = times.groups()
            if (_time(*parts[:4]), _time(*parts[4:])) == (cue.start, cue.end):
                return Place(file, line=number, column=1)
    return Place(file, line=1, column=1)


def _time(hours: str | None, minutes: str, seconds: str, fraction: str) -> timedelta:
    return timedelta(
        hours=int(hours or 0),
        minutes=int(minutes),
        seconds=int(seconds),
        milliseconds=int(fraction[:3].ljust(3, "0")),
    )


def _cue(caption: Any, format: str) -> Cue:
    start, end = (
        timedelta(milliseconds=at.in_milliseconds())
        for at in (caption.start_time, caption.end_time)
    )
    if format == "srt":
        return Cue(start, end, _SRT_TAG.sub("", caption.raw_text))
    before, *spoken = _VOICE.split(caption.raw_text)
    voices, texts = map(_plain, spoken[::2]), map(_plain, spoken[1::2])
    said = list(zip(voices, texts, strict=True))
    if len(said) == 1 and not before.strip():
        return Cue(start, end, said[0][1], said[0][0])
    # several voices at once: the text must say which words are whose
    lines = [_plain(before), *(f"{voice}: {text.strip()}" for voice, text in said)]
    return Cue(start, end, "\n".join(line for line in lines if line.strip()))


def _plain(text: str) -> str:
    """Cue text without tags and escapes (WebVTT section 3.3)."""
    return unescape(_VTT_TAG.sub("", text))
