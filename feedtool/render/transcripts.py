"""Transcripts as WebVTT and SubRip, either from the other."""

from __future__ import annotations

from html import escape

from ..formats import normal_play_time
from ..model import Cue, Words


def render_transcript(words: Words, format: str) -> bytes:
    """The transcript in `format`: the producer's own text if it has that format already."""
    if words.format == format:
        return (words.text.strip("\n") + "\n").encode()
    return {"vtt": _vtt, "srt": _srt}[format](words.cues).encode()


def _vtt(cues: tuple[Cue, ...]) -> str:
    blocks = [
        f"{_times(cue)}\n{_voice(cue)}{escape(body, quote=False)}\n"
        for cue in cues
        if (body := _body(cue))
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _voice(cue: Cue) -> str:
    """Who speaks (WebVTT section 4.2.2); SubRip has no field for it, JSON has."""
    name = " ".join((cue.speaker or "").split()).replace("-->", "→")
    return f"<v {escape(name, quote=False)}>" if name else ""


def _srt(cues: tuple[Cue, ...]) -> str:
    """Without tags; the speaker is named where it changes, as SubRip has no field for it."""
    blocks: list[str] = []
    speaking = None
    for cue in cues:
        if not (body := _body(cue)):
            continue
        named = f"{cue.speaker}: " if cue.speaker and cue.speaker != speaking else ""
        speaking = cue.speaker
        times = _times(cue).replace(".", ",")
        blocks.append(f"{len(blocks) + 1}\n{times}\n{named}{body}\n")
    return "\n".join(blocks)


def _body(cue: Cue) -> str:
    """A blank line or an arrow inside a cue would end it (WebVTT section 4.1)."""
    text = cue.text.replace("-->", "→")
    if "\n" not in text:
        return text.strip()
    return "\n".join(line for part in text.split("\n") if (line := part.strip()))


def _times(cue: Cue) -> str:
    return f"{normal_play_time(cue.start)} --> {normal_play_time(cue.end)}"
