"""The text version of a recording as paragraphs, one for each turn of a speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from ...model import Words

LONG = 600
"""Characters after which a paragraph ends with the next sentence."""
TOO_LONG = 1500
"""Characters after which it ends anyway."""

_SENTENCE_END = (".", "!", "?", "…", ".”", '."', "?”", '?"', "!”", '!"', ":")
_TURN = re.compile(r"\n(?=[-–—]\s|[^\s:][^:\n]{0,60}: )")
"""A line of a cue in which another person speaks; other line ends only fit the screen."""


class Paragraph(NamedTuple):
    """Some words of one speaker; without times if the transcript has none."""

    text: str
    speaker: str | None = None  #: only where it changes
    start: timedelta | None = None


def paragraphs(words: Words) -> Iterator[Paragraph]:
    """A transcript in reading order. The words are those of the cues, nothing added."""
    if not words.cues:
        for text in re.split(r"\n\s*\n", words.text):
            if text.strip():
                yield Paragraph(text.strip())
        return
    said: list[str] = []
    length, start, speaker, named = 0, timedelta(), None, None

    def turn() -> Paragraph:
        return Paragraph(" ".join(said), speaker if speaker != named else None, start)

    for cue in words.cues:
        text = _in_lines(cue.text)
        if not text:
            continue
        ended = length > LONG and (length > TOO_LONG or said[-1].endswith(_SENTENCE_END))
        if said and (ended or cue.speaker != speaker):
            yield turn()
            named, said, length = speaker, [], 0
        if not said:
            start, speaker = cue.start, cue.speaker
        said.append(text)
        length += len(text)
    if said:
        yield turn()


def _in_lines(text: str) -> str:
    """A cue's words, on one line for each person who speaks."""
    if "\n" not in text:
        return text.strip()
    return "\n".join(" ".join(line.split()) for line in _TURN.split(text)).strip()
