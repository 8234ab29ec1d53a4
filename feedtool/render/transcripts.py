"""Transcripts as WebVTT and SubRip, either from the other."""

from __future__ import annotations

from datetime import timedelta
from html import escape

from ..model import Cue, Words

TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}


def render_transcript(words: Words, format: str) -> bytes:
    """The transcript in `format`: the producer's own text if it has that format already."""
    if words.format == format:
        return (words.text.rstrip("\n") + "\n").encode()
    return {"vtt": _vtt, "srt": _srt}[format](words.cues).encode()


def _vtt(cues: tuple[Cue, ...]) -> str:
    blocks = [
        f"{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{escape(body, quote=False)}\n"
        for cue in cues
        if (body := _body(cue))
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _srt(cues: tuple[Cue, ...]) -> str:
    """Without tags; the speaker is named where it changes, as SubRip has no field for it."""
    blocks: list[str] = []
    speaking = None
    for cue in cues:
        if not (body := _body(cue)):
            continue
        named = f"{cue.speaker}: " if cue.speaker and cue.speaker != speaking else ""
        speaking = cue.speaker
        times = f"{_time(cue.start, ',')} --> {_time(cue.end, ',')}"
        blocks.append(f"{len(blocks) + 1}\n{times}\n{named}{body}\n")
    return "\n".join(blocks)


def _body(cue: Cue) -> str:
    """A blank line or an arrow inside a cue would end it (WebVTT section 4.1)."""
    lines = (line.strip() for line in cue.text.replace("-->", "→").split("\n"))
    return "\n".join(line for line in lines if line)


def _time(time: timedelta, point: str) -> str:
    seconds, milliseconds = divmod(time // timedelta(milliseconds=1), 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{point}{milliseconds:03}"
