"""Chapters inside a recording: `new`, `check` and `check --fix` take the same of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedtool.read.yaml_tree import read_tree

from .catalogs import CATALOG, Catalog, a_catalog
from .interviews import an_interview, new, written
from .mending import mend

EPISODE = "episodes/samtal/ett.md"
UNTITLED = {0: "Inledning", 1000: "", 2000: "Slut"}


def with_chapters(folder: Path, chapters: dict[int, str], more: str = "") -> Catalog:
    """An episode whose recording has these chapters, by milliseconds."""
    catalog = a_catalog(folder)
    catalog.episode(more=more)
    an_interview(catalog.root / "media/samtal/ett.mp3", chapters=chapters)
    return catalog


def of_chapters(catalog: Catalog) -> list[str]:
    return [code for code in catalog.run("check", "--json").codes if code.startswith("CH")]


@pytest.mark.parametrize("late", ["", "Slut"], ids=["without a title", "after the end"])
def test_what_new_takes_is_all_that_check_wants(late: str, tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "podd")
    catalog.write("feedtool.yaml", CATALOG)
    chapters = {0: "Inledning", 1000: "Mitt", 9000 if late else 2000: late}
    made = an_interview(tmp_path / "a.mp3", chapters=chapters)
    assert new(catalog, made, "--summary", "").code == 0
    text = written(catalog, "episodes/nordviks-kommun/intervju-med-rektorn.md")
    assert 'chapters:\n  - "00:00 Inledning"\n  - "00:01 Mitt"\n' in text
    assert not {"CH006", "CH007", "CH008"} & {*of_chapters(catalog)}


def test_a_chapter_without_a_title_is_not_asked_for(tmp_path: Path) -> None:
    catalog = with_chapters(tmp_path, UNTITLED)
    assert of_chapters(catalog) == ["CH006"]
    assert catalog.run("check", "--json").finding("CH006")["params"]["count"] == 2


def test_one_with_a_title_alone_is_not_asked_for(tmp_path: Path) -> None:
    assert of_chapters(with_chapters(tmp_path, {0: "", 1000: "Mitt"})) == []


def test_a_chapter_without_a_title_is_not_missed(tmp_path: Path) -> None:
    catalog = with_chapters(tmp_path, UNTITLED, 'chapters: ["00:00 Inledning", "00:02 Slut"]\n')
    assert of_chapters(catalog) == []


def test_a_title_that_the_recording_lacks_is_a_difference(tmp_path: Path) -> None:
    listed = 'chapters: ["00:00 Inledning", "00:01 Mitt", "00:02 Slut"]\n'
    assert of_chapters(with_chapters(tmp_path, UNTITLED, listed)) == ["CH008"]


@pytest.mark.parametrize(
    ("chapters", "lines"),
    [
        pytest.param(UNTITLED, ["00:00 Inledning", "00:02 Slut"], id="without a title"),
        pytest.param({0: "a" * 300, 1000: "b"}, ["00:00 " + "a" * 255, "00:01 b"], id="long"),
        pytest.param(
            {0: "a", 1000: "b", 1900: "c"},
            ["00:00:00.000 a", "00:00:01.000 b", "00:00:01.900 c"],
            id="in one second",
        ),
    ],
)
def test_they_are_written_down(chapters: dict[int, str], lines: list[str], tmp_path: Path) -> None:
    catalog = with_chapters(tmp_path, chapters)
    assert [one.code for one in mend(catalog.root).done] == ["CH006"]
    listed = "".join(f'  - "{line}"\n' for line in lines)
    assert f"chapters:\n{listed}" in written(catalog, EPISODE)
    assert "CH006" not in of_chapters(catalog)


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
