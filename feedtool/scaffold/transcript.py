"""The text of a recording, before it is taken in: one of three kinds, and readable."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import UsageError
from ..finding import N_, Finding
from ..read.cues import read_words
from ..read.text import SPOKEN_LIMIT, read_text

ENDINGS = (".vtt", ".srt", ".txt")


def look_at_transcript(path: Path) -> list[Finding]:
    """What is wrong with it. Raises UsageError when it is no such file at all."""
    ending = path.suffix.lower()
    if not os.path.isfile(path):  # Path.is_file() raises for a name that is too long
        raise UsageError(
            N_("there is no file {path}"), N_("check its name and its folder"), path=path
        )
    if ending not in ENDINGS:
        raise UsageError(
            N_("{path} is no transcript that apps can show"),
            N_("export it as WebVTT (.vtt), SubRip (.srt) or plain text (.txt)"),
            path=path,
        )
    text, found = read_text(path, path.name, SPOKEN_LIMIT)
    if text is not None:
        found += read_words(text, ending[1:], path.name)[1]
    return found
