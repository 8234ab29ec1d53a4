"""Chapters inside a recording, and in the notes: the line to be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedtool.read.yaml_tree import read_tree

from .catalogs import Catalog, a_catalog
from .interviews import an_interview


def with_chapters(folder: Path, chapters: dict[int, str], more: str = "") -> Catalog:
    """An episode whose recording has these chapters, by milliseconds."""
    catalog = a_catalog(folder)
    catalog.episode(more=more)
    an_interview(catalog.root / "media/samtal/ett.mp3", chapters=chapters)
    return catalog


TITLES = pytest.mark.parametrize("title", ['Hon sa "nej"', r"C:\ny", 'Om "', "Ja & nej, <nu>"])


def pasted(mend_text: str) -> str:
    """The first line of the list that the finding tells people to write."""
    tree, found = read_tree(mend_text[mend_text.index("chapters: [") :], "")
    assert not found
    assert tree
    return str(tree["chapters"][0])


@TITLES
def test_the_line_that_is_told_can_be_pasted(title: str, tmp_path: Path) -> None:
    catalog = with_chapters(tmp_path, {0: title, 1000: "b"})
    told = catalog.run("check", "--json").finding("CH006")["mend"]
    assert pasted(told) == f"0:00 {title}"


@TITLES
def test_so_can_that_of_a_list_in_the_notes(title: str, tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    escaped = title.replace("\\", "\\\\").replace("<", "\\<")
    catalog.episode(notes=f"00:00 {escaped}  \n00:01 Mitt  \n00:02 Slut\n")
    told = catalog.run("check", "--json").finding("CH016")["mend"]
    assert pasted(told) == f"00:00 {title}"
