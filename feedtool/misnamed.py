"""A file below media/ that is not there: what else is, and how its name would be written.

Looks at names only; no file is opened.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from .finding import Place
from .formats import is_media_name, is_slug
from .measure.pictures import ENDINGS
from .vocabulary import ENDINGS as RECORDINGS

_MANY = 20_000
"""Files of one folder that are looked through for a similar name."""

_TEXTS = frozenset({".vtt", ".srt", ".txt"})
_FITTING = {
    "media": RECORDINGS, "alternates": RECORDINGS, "transcripts": _TEXTS, "captions": _TEXTS,
    "chapters": frozenset({".json", ".txt"}),
}  # fmt: skip
"""The endings of what a key can name; all others name pictures."""


def same_but_letters(media: Path, source: str) -> str | None:
    """The name of the one file that differs only in large and small letters."""
    wanted = PurePosixPath(source)
    folded = wanted.name.casefold()
    same = [
        name
        for name in _names(media / wanted.parent)
        if name.casefold() == folded and name != wanted.name
    ]
    return same[0] if len(same) == 1 and is_media_name(same[0]) else None


def without_folder(media: Path, source: str, place: Place) -> str | None:
    """The name of a file that is there, written without the folders that go before it anyway."""
    folder = _folder(place)
    written = source.removeprefix(folder)
    for before in (f"media/{folder}", "media/", folder):
        name = written.removeprefix(before)
        if name != written and is_media_name(name) and _is_file(media / folder / name):
            return name
    return None


def left_behind(media: Path, source: str, left: Iterable[str]) -> str | None:
    """The folder, of those that were `left`, which has the file of a source of another series."""
    name = source.partition("/")[2]
    return next((one for one in left if name and _is_file(media / one / name)), None)


def in_another(media: Path, source: str, folders: Iterable[str], place: Place) -> str | None:
    """The one folder of these which has the file that is looked for in that of its series."""
    series, _, name = source.partition("/")
    if _folder(place) != f"{series}/":
        return None
    having = [one for one in folders if one != series and _is_file(media / one / name)]
    return having[0] if len(having) == 1 else None


def series_folders(media: Path) -> tuple[str, ...]:
    """The folders below media/ that can be those of a series."""
    names = sorted(_names(media))
    return tuple(name for name in names if is_slug(name) and (media / name).is_dir())


def left_folders(media: Path, folders: Iterable[str]) -> tuple[str, ...]:
    """Those without one of that name below episodes/: the series was renamed, or is no more."""
    written = media.parent / "episodes"
    return tuple(name for name in folders if not (written / name).exists())


def nearest(media: Path, source: str, place: Place) -> str:
    """Words that name the most similar file that can stand at this place, or nothing."""
    wanted, fitting = PurePosixPath(source), _endings(place)
    names = [
        name
        for name in _names(media / wanted.parent)
        if name != wanted.name and PurePosixPath(name).suffix.lower() in fitting
    ]
    near = difflib.get_close_matches(wanted.name, names, 1, 0.6)
    return f": {str(wanted.with_name(near[0])).removeprefix(_folder(place))}?" if near else ""


def _folder(place: Place) -> str:
    """Below media/, where the names of a file are looked for: "samtal/"; those of people in it."""
    if place.keys[:1] == ("people",) or not place.file.startswith("episodes/"):
        return ""
    return place.file.split("/")[1] + "/"


def _endings(place: Place) -> frozenset[str]:
    if "image" in place.keys or not place.keys:
        return ENDINGS
    return _FITTING.get(str(place.keys[0]), ENDINGS)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long to ask for
        return False


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)[:_MANY]
    except OSError:
        return []
