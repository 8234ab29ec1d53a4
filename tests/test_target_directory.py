"""A folder as a target."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedtool.errors import AccessError, TargetError
from feedtool.publish.directory import Directory

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
