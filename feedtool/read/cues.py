"""Timed transcripts, WebVTT and SubRip. The door to webvtt-py."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape

from ..finding import Code, Fault, N_, Severity
from ..model import Cue, Words

TR001 = Code(
    "TR001",
    Severity.ERROR,
    message=N_("the transcript cannot be read as {format}: {problem}"),
    why=N_("apps would show no text, and who cannot hear the recording would get nothing"),
    mend=N_("export it again as WebVTT (.vtt) or SubRip (.srt), or check the place named here"),
    spec=("TRANS-01", "TRANS-02", "TRANS-06"),
)
TR002 = Code(
    "TR002",
    Severity.ERROR,
    message=N_("the words at {start} end at {end}, before they begin"),
    why=N_("apps drop them, or the whole transcript"),
    mend=N_("correct the two times of this cue"),
    spec=("TRANS-03",),
)
TR003 = Code(
    "TR003",
    Severity.ERROR,
    message=N_("the words at {start} stand after words that begin later"),
    why=N_("apps would jump back and forth in the text"),
    mend=N_("put the cues in the order of their start times"),
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

_BROKEN = re.compile(r"Invalid cue block \[(.*)\]", re.DOTALL)


def read_words(text: str, format: str) -> tuple[Words, list[Fault]]:
    """A transcript and what is wrong with it; `format` is "vtt", "srt" or "txt"."""
    if format == "txt":
        return Words(text, format), [] if text.strip() else [TR004.fault()]
    import webvtt

    try:
        if format == "vtt":
            found = webvtt.WebVTT.from_string(text, strict=True)
        else:
            found = webvtt.WebVTT.from_buffer(io.StringIO(text), format="srt")
    except webvtt.MalformedFileError:
        problem = 'it does not begin with "WEBVTT"' if format == "vtt" else "no cue at its start"
        return Words(text, format), [TR001.fault(format=format.upper(), problem=problem)]
    except webvtt.MalformedCaptionError as error:
        block = _BROKEN.search(str(error))
        problem = block.group(1)[:80] if block else str(error)[:80]
        return Words(text, format), [TR001.fault(format=format.upper(), problem=problem)]
    cues = tuple(_cue(caption, format) for caption in found.captions)
    faults = [] if cues else [TR004.fault()]
    latest = timedelta()
    for cue, caption in zip(cues, found.captions, strict=True):
        if cue.end <= cue.start:
            faults.append(TR002.fault(start=caption.start, end=caption.end))
        if cue.start < latest:
            faults.append(TR003.fault(start=caption.start))
        latest = max(latest, cue.start)
    return Words(text, format, cues), faults


def _cue(caption: object, format: str) -> Cue:
    start, end = (
        timedelta(milliseconds=at.in_milliseconds())
        for at in (caption.start_time, caption.end_time)  # type: ignore[attr-defined]
    )
    text: str = caption.text  # type: ignore[attr-defined]  # without tags
    if format == "vtt":
        text = unescape(text)
    return Cue(start, end, text, caption.voice if format == "vtt" else None)  # type: ignore[attr-defined]
