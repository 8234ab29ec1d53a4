"""The title that a program wrote into a recording, to be offered to who makes an episode of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_NAMES = ("TIT2", "\xa9nam", "title")
"""The title in ID3v2, MP4 and Vorbis comments; mutagen gives the keys of the last in small letters,
and raises ValueError when it is asked for one that they cannot have."""


def title_inside(path: Path) -> str | None:
    """The title on one line; None when the recording says none. Content never raises."""
    import mutagen

    try:
        file: Any = mutagen.File(path)
        tags = (file.tags if file is not None else None) or {}
        said = set(tags.keys())
        found = next((tags[name] for name in _NAMES if name in said), None)
        texts = getattr(found, "text", found)  # a frame of ID3, else a list
        first = str(texts[0]) if isinstance(texts, list) and texts else ""
    except Exception:
        # The door to mutagen, as in media.py: what it cannot read is not there, and a person is
        # asked. The recording itself is measured all the same.
        return None
    return " ".join(_decoded(first).replace("\0", " ").split()) or None


def _decoded(text: str) -> str:
    """UTF-8 that a program wrote as Latin-1, put right: "RÃ¤ksmÃ¶rgÃ¥s".

    Real Latin-1 is hardly ever valid UTF-8: an "ä" would have to be followed by a sign such as "¤".
    """
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
