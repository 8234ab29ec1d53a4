"""Timed transcripts, WebVTT and SubRip. The door to webvtt-py."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from html import unescape

from ..finding import Finding, Place
from ..model import Cue, Words
from ..pattern import pattern
from .cue_faults import (
    TR022,
    after_times,
    disorder,
    malformed,
    no_words,
    oddities,
    other_beginning,
    without_number,
    without_times,
    wrong_times,
)

# no part of these can match in two ways, and none reaches past the next "<": a line of a million
# signs takes no longer than it must
_VOICE = pattern(r"<v(?:\.[^\s<>.]*)*[ \t]+([^\s<>][^<>\n]*)>")
_VTT_TAG = pattern(r"<[^<>\n]*>")
_SRT_TAG = pattern(
    r"</?(?:[bius]|font|c|v|lang|ruby|rt)(?=[\s.>])[^<>\n]*>|\{\\[^{}\n]*\}", re.IGNORECASE
)
"""Tags of SubRip and of WebVTT; "a < b" and <anna@example.org> are text, as SubRip has no escapes.
Subtitle editors also write places and slants as SubStation Alpha does: {\\an8}, {\\i1}."""

_CLOCK = pattern(r"\d{1,10}:[0-5]?\d:[0-5]?\d[,.]\d{3}", re.ASCII)
"""A time of SubRip that says the same in WebVTT: others carry over, and ",5" is 5 ms there."""


_Caption = tuple[timedelta, timedelta, str]
"""From when to when, and the words with their tags."""


def read_words(text: str, format: str, file: str) -> tuple[Words, list[Finding]]:
    """A transcript and what is wrong with it; `format` is "vtt", "srt" or "txt"."""
    if not text.strip():
        return Words(text, format), [no_words(file)]
    if format == "txt":
        return Words(text, format), []
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    wrong = wrong_times(text, format, file)
    lines = _from_the_first_number(text) if format == "srt" else text
    try:
        captions = None if wrong or "\r" in text else _PLAIN[format](lines)
        if captions is None:
            captions = _captions(lines, format)
            wrong = wrong or (without_number(text, file) if format == "srt" else [])
    except MalformedFileError:
        return Words(text, format), other_beginning(text, format, file, wrong)
    except MalformedCaptionError as error:
        if not wrong and (plain := _without_odd_settings(text, file)):
            read, found = read_words(plain[0], format, file)
            return replace(read, text=text), [*plain[1], *found]
        return Words(text, format), wrong or malformed(error, text, format, file)
    cue = _srt_cue if format == "srt" else _vtt_cue
    cues = tuple([cue(*caption) for caption in captions])
    faults = wrong or ([] if any(cue.text.strip() for cue in cues) else [no_words(file)])
    if format == "vtt" and cues and not wrong:
        faults += without_times(text, file)
    faults += disorder(cues, text, file)
    return Words(text, format, cues), faults or oddities(text, format, file)


def _from_the_first_number(text: str) -> str:
    """SubRip without what is empty before its first number and beside it, as webvtt-py wants it."""
    number, end, rest = text.lstrip().partition("\n")
    return number.rstrip() + end + rest


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


def _without_odd_settings(text: str, file: str) -> tuple[str, list[Finding]] | None:
    """The text without settings that mean nothing, and what is said of the first one; None if all
    mean something. Players read on as if they were not there (WebVTT, section 6.3)."""
    from webvtt.errors import MalformedCaptionError
    from webvtt.models import CueSettings

    lines = text.split("\n")
    found: list[Finding] = []
    for number, line in enumerate(lines, 1):
        if "-->" in line:
            begin = after_times(line)
            try:
                CueSettings.from_string(line[begin:], strict=True)
            except MalformedCaptionError as error:  # "Invalid setting 'align:middle'"
                setting = str(error).partition("'")[2].rpartition("'")[0]
                lines[number - 1] = line[:begin]
                found.append(TR022.at(Place(file, line=number, column=1), setting=setting))
    return ("\n".join(lines), found[:1]) if found else None


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
