"""What the tests of `feedtool new` share: an interview to be published, and what is made of it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mutagen import id3

from feedtool.finding import Place
from feedtool.read.front_matter import front_matter
from feedtool.read.schema import validate
from feedtool.read.written import EpisodeKeys
from feedtool.read.yaml_tree import read_tree
from feedtool.scaffold.episode import Wanted
from feedtool.scaffold.recording import Recording, look_at

from .catalogs import MEDIA, Catalog, Run
from .terminal import NOW

FILE = "Intervju med rektorn åk 3.mp3"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = datetime.fromtimestamp(int(NOW), UTC)


def an_interview(
    path: Path, title: str = "Intervju med rektorn", chapters: dict[int, str] | None = None
) -> Path:
    """A recording with a title inside, and chapters by their milliseconds."""
    shutil.copyfile(MEDIA / "cbr.mp3", path)
    tag: Any = id3.ID3()  # type: ignore[no-untyped-call]
    frames: Any = id3
    tag.add(frames.TIT2(text=[title]))
    names = [str(start) for start in chapters or ()]
    if names:
        flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
        tag.add(frames.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[]))
    for start, text in (chapters or {}).items():
        tag.add(
            frames.CHAP(
                element_id=str(start), start_time=start, end_time=start + 1500,
                sub_frames=[frames.TIT2(text=[text])],
            )
        )  # fmt: skip
    tag.save(path)
    return path


def new(catalog: Catalog, *arguments: str | Path) -> Run:
    """`feedtool new --no-input`, on a Monday morning in November 2026."""
    texts = [str(one) for one in arguments]
    return catalog.run("new", "--no-input", *texts, env={"SOURCE_DATE_EPOCH": NOW})


def keys_of(text: str) -> EpisodeKeys:
    """What feedtool reads in an episode file."""
    inside, _, _, found = front_matter(text, "")
    assert inside is not None
    values, more = read_tree(inside, "")
    assert values is not None
    keys, wrong = validate(values, EpisodeKeys, Place(""))
    assert [*found, *more, *wrong] == []
    assert isinstance(keys, EpisodeKeys)
    return keys


def written(catalog: Catalog, path: str) -> str:
    return (catalog.root / path).read_text("utf-8")


def as_is(message: str, **params: object) -> str:
    """A message in English."""
    return message.format(**params) if params else message


def a_recording(path: Path = MEDIA / "cbr.mp3") -> Recording:
    recording, _ = look_at(path)
    assert recording is not None
    return recording


RECORDING = a_recording()


def a_wish(**parts: Any) -> Wanted:
    good: dict[str, Any] = {
        "series": "samtal",
        "title": "Ett",
        "date": MONDAY,
        "recording": RECORDING,
    }
    return Wanted(**{**good, **parts})
