"""What is proposed for a file that is not there: only what may stand at that key."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedtool.finding import Place
from feedtool.misnamed import in_another, nearest, without_folder

EPISODE = "episodes/samtal/skolan.md"
KEYS: dict[str, tuple[str | int, ...]] = {
    "media": ("media",), "alternates": ("alternates", 0, "file"), "image": ("image",),
    "chapters": ("chapters",), "a chapter's picture": ("chapters", 0, "image"),
    "transcripts": ("transcripts", 0), "captions": ("captions", 0),
}  # fmt: skip


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """One file of each kind, alike but for their endings; a portrait above the series."""
    (tmp_path / "samtal/vt").mkdir(parents=True)
    for name in ("skolan.mp3", "skolan.vtt", "skolan.png", "skolan.json", "vt/skolan.mp3"):
        (tmp_path / "samtal" / name).touch()
    (tmp_path / "elin.png").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("key", "proposed"),
    [
        ("media", ": skolan.mp3?"),
        ("alternates", ": skolan.mp3?"),
        ("image", ": skolan.png?"),
        ("chapters", ": skolan.json?"),
        ("a chapter's picture", ": skolan.png?"),
        ("transcripts", ": skolan.vtt?"),
        ("captions", ": skolan.vtt?"),
    ],
)
@pytest.mark.parametrize("written", ["skola.mp3", "skola.vtt", "skola.png", "skola.json"])
def test_a_similar_name_is_proposed_where_it_can_stand(
    key: str, proposed: str, written: str, media: Path
) -> None:
    assert nearest(media, f"samtal/{written}", Place(EPISODE, KEYS[key])) == proposed


def test_nothing_is_proposed_that_cannot_stand_there(media: Path) -> None:
    (media / "samtal/skolan.mp3").unlink()
    assert nearest(media, "samtal/skola.mp3", Place(EPISODE, ("media",))) == ""


def test_a_name_in_a_folder_is_proposed_with_the_folder(media: Path) -> None:
    written = "samtal/vt/skola.mp3"
    assert nearest(media, written, Place(EPISODE, ("media",))) == ": vt/skolan.mp3?"


@pytest.mark.parametrize(
    ("having", "keys", "other"),
    [
        (["hus"], "media", "hus"),
        (["hus"], "transcripts", "hus"),
        (["hus", "liv"], "media", None),  # nobody knows which is meant
        ([], "media", None),
    ],
)
def test_a_file_that_lies_in_the_folder_of_one_other_series_is_found(
    having: list[str], keys: str, other: str | None, media: Path
) -> None:
    for folder in having:
        (media / folder).mkdir()
        (media / folder / "huset.mp3").touch()
    place = Place(EPISODE, KEYS[keys])
    assert in_another(media, "samtal/huset.mp3", ["hus", "liv", "samtal"], place) == other


def test_portraits_belong_to_no_series(media: Path) -> None:
    place = Place(EPISODE, ("people", 0, "image"))
    (media / "hus").mkdir()
    (media / "hus/elin.png").touch()
    assert in_another(media, "samtal/elin.png", ["hus"], place) is None


@pytest.mark.parametrize(
    ("file", "keys", "source", "meant"),
    [
        (EPISODE, ("media",), "samtal/samtal/skolan.mp3", "skolan.mp3"),
        (EPISODE, ("media",), "samtal/media/samtal/skolan.mp3", "skolan.mp3"),
        (EPISODE, ("media",), "samtal/media/skolan.mp3", "skolan.mp3"),
        (EPISODE, ("media",), "samtal/samtal/vt/skolan.mp3", "vt/skolan.mp3"),
        (EPISODE, ("media",), "samtal/samtal/vt", None),
        (EPISODE, ("media",), "samtal/prat/skolan.mp3", None),
        (EPISODE, ("media",), "samtal/samtal/" + "skolan" * 50, None),
        (EPISODE, ("people", 0, "image"), "media/elin.png", "elin.png"),
        (EPISODE, ("people", 0, "image"), "samtal/samtal/skolan.png", None),
        ("feedtool.yaml", ("image",), "media/elin.png", "elin.png"),
        ("feedtool.yaml", ("image",), "media/samtal/skolan.png", "samtal/skolan.png"),
    ],
)
def test_the_folders_that_go_before_a_name_are_left_out(
    file: str, keys: tuple[str | int, ...], source: str, meant: str | None, media: Path
) -> None:
    assert without_folder(media, source, Place(file, keys)) == meant
