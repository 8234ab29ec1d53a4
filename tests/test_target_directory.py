"""A folder as a target."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedtool.errors import AccessError, TargetError
from feedtool.publish.directory import Directory
from feedtool.publish.half import halves_of
from feedtool.publish.target import ABSENT

from .target_contract import *  # noqa: F403
from .target_contract import Make, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "www"
    return Place(Directory(folder), lambda: Directory(folder))


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path, artifact: Make) -> None:
    if os.getuid() == 0:
        pytest.skip("root may write everywhere")
    folder = tmp_path / "www"
    folder.mkdir(mode=0o555)
    with pytest.raises(AccessError):
        Directory(folder).put("feed.xml", artifact(b"x"))


def test_a_file_in_the_way_is_told(tmp_path: Path, artifact: Make) -> None:
    (tmp_path / "www").write_text("in the way", "utf-8")
    with pytest.raises(TargetError):
        Directory(tmp_path / "www").put("samtal/feed.xml", artifact(b"x"))


def test_a_linked_folder_is_as_one(tmp_path: Path, artifact: Make) -> None:
    www = tmp_path / "www"
    (tmp_path / "disk").mkdir()
    www.mkdir()
    (www / "media").symlink_to(tmp_path / "disk")
    (www / "loop").symlink_to(www)
    (www / "nothing").symlink_to(www / "gone")
    Directory(www).put("media/a.mp3", artifact(b"x"))
    assert list(Directory(www).list()) == ["media/a.mp3"]


def test_what_is_no_file_is_replaced_by_one(tmp_path: Path, artifact: Make) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("the system has no pipes")
    (tmp_path / "www").mkdir()
    os.mkfifo(tmp_path / "www/feed.xml")
    target = Directory(tmp_path / "www")
    assert target.list() == {}
    target.put("feed.xml", artifact(b"x", "feed.xml"), if_unchanged=ABSENT)
    assert target.read("feed.xml") == b"x"


def test_halves_of_killed_publishes_go_with_the_next(tmp_path: Path, artifact: Make) -> None:
    one = artifact(b"x", "media/a.mp3")
    half = tmp_path / "www" / f"{halves_of('media/a.mp3')}{'0' * 16}"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"other")
    target = Directory(tmp_path / "www")
    assert not target.list()
    target.put("media/a.mp3", one)
    assert [path.name for path in half.parent.iterdir()] == ["a.mp3"]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such permissions")
@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o755), (0o002, 0o775)])
def test_what_is_made_can_be_read_by_a_web_server(
    tmp_path: Path, artifact: Make, mask: int, mode: int
) -> None:
    """And written to by a group that publishes together."""
    before = os.umask(mask)
    try:
        Directory(tmp_path / "www").put("samtal/ett/index.html", artifact(b"x"))
    finally:
        os.umask(before)
    for folder in ("www", "www/samtal", "www/samtal/ett"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == mode
    assert (tmp_path / "www/samtal/ett/index.html").stat().st_mode & 0o777 == 0o644


def test_a_disk_without_permissions_is_written_to(
    tmp_path: Path, artifact: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted", path)

    monkeypatch.setattr(Path, "chmod", refused)
    Directory(tmp_path / "www").put("samtal/feed.xml", artifact(b"x"))
    assert Directory(tmp_path / "www").read("samtal/feed.xml") == b"x"
