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
_MARK = re.compile(r"[-–—](?:\s|[^\W\d])|[^\s:][^:\n]{0,60}: ")
"""What a line begins with where another person speaks: a dash, or a name."""


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
    length, start, speaker, named, several = 0, timedelta(), None, None, False

    def turn() -> Paragraph:
        return Paragraph(" ".join(said), speaker if speaker != named else None, start)

    for cue in words.cues:
        lines = _turns(cue.text)
        if not lines:
            continue
        ended = length > LONG and (length > TOO_LONG or said[-1].endswith(_SENTENCE_END))
        # after words of several people nobody knows whose the next ones are
        other = several or cue.speaker != speaker or _begins_turn(lines[0])
        if said and (ended or other):
            yield turn()
            named, said, length = speaker, [], 0
        if not said:
            start, speaker = cue.start, cue.speaker
        text = "\n".join(lines)
        said.append(text)
        length += len(text)
        several = len(lines) > 1
    if said:
        yield turn()


def _turns(text: str) -> list[str]:
    """A cue's words, one line for each person who speaks; other line ends only fit the screen."""
    turns: list[str] = []
    for line in (" ".join(line.split()) for line in text.split("\n")):
        if turns and not _begins_turn(line):
            turns[-1] = f"{turns[-1]} {line}".rstrip()
        elif line:
            turns.append(line)
    return turns


def _begins_turn(line: str) -> bool:
    # a small letter goes on with a sentence: "and this is what she said: go home"
    return bool(_MARK.match(line)) and not line[0].islower()
