"""Texts in the files of an import: as a person would have written them, and read back the same."""

from __future__ import annotations

import pytest

from feedtool.read.yaml_tree import read_tree
from feedtool.scaffold.yaml_lines import yaml_lines


@pytest.mark.parametrize(
    "title",
    ["null", "Null", "~", "yes", "12", "2021-06-22", "---",
     "#1: \"två\" 's - {x} [y] | z > ! % @ `",
     "C:\\katalog", "slut:", "Avsnitt 🎧 ett", "🎧", "\u05e9\u05dc\u05d5\u05dd", "a\u200bb"],
)  # fmt: skip
def test_titles_are_read_as_they_were_written(title: str) -> None:
    tree, found = read_tree(yaml_lines({"title": title, "guid": "x"}), "ett.md")
    assert tree == {"title": title, "guid": "x"}
    assert found == []


def test_emoji_stay_emoji() -> None:
    assert yaml_lines({"title": "Avsnitt 🎧 ett"}) == "title: Avsnitt 🎧 ett\n"
