"""feedtool check --fix and --diff: what is said, and what they are limited to."""

from __future__ import annotations

import os
import re
from pathlib import Path
from uuid import UUID

import pytest

from feedtool.check.chapters import EP021
from feedtool.finding import Place
from feedtool.lock import NO_LOCK
from feedtool.mend import Known, Plan, plan
from feedtool.read.text import CF001
from feedtool.read.values import CF033, CF058

from .case_files import FAULTLESS, Case, found_in, lay_out
from .catalogs import Catalog
from .mending import GUID, spaced_catalog, tree_of

EPISODE = "episodes/samtal/ett.md"


@pytest.fixture
def spaced(tmp_path: Path) -> Path:
    return spaced_catalog(tmp_path / "spaced")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A word in large letters in the series and in the episode, and an error that stays."""
    lay_out(Case(FAULTLESS), tmp_path)
    catalog = Catalog(tmp_path)
    more = 'episode_type: Full\nchapters: ["00:00 Sjön", "12:30 Kranen"]\ntranscripts:'
    text = (tmp_path / EPISODE).read_text(encoding="utf-8")
    catalog.write(EPISODE, text.replace("transcripts:", more))
    series = (tmp_path / "episodes/samtal/series.yaml").read_text(encoding="utf-8")
    catalog.write("episodes/samtal/series.yaml", series + "type: Episodic\n")
    return catalog


def test_what_was_changed_is_told_and_then_what_remains(catalog: Catalog) -> None:
    run = catalog.run("check", "--fix")
    assert run.code == 1
    assert run.out.splitlines() == [
        "episodes/samtal/ett.md:7  CF058  Full → full",
        "episodes/samtal/series.yaml:7  CF058  Episodic → episodic",
        "",
        "episodes/samtal/ett.md:8:26  error EP021",
        '  the chapter "Kranen" starts at 12:30, the recording ends at 0:03',
        "  why   apps drop the whole list of chapters when one lies outside",
        "  mend  change 12:30 to a time before 0:03, or remove the line",
        "",
        "Mended: 2. Left to you: errors: 1, warnings: 0, notes: 0.",
    ]
    again = catalog.run("check", "--fix")
    assert again.out.endswith("Errors: 1, warnings: 0, notes: 0. Nothing was changed.\n")


def test_json_lists_what_was_changed(catalog: Catalog) -> None:
    run = catalog.run("check", "--fix", "--json")
    assert [one["code"] for one in run.json["findings"]] == ["EP021"]
    assert run.json["fixed"] == [
        {"code": "CF058", "file": EPISODE, "line": 7, "change": "Full → full"},
        {
            "code": "CF058", "file": "episodes/samtal/series.yaml", "line": 7,
            "change": "Episodic → episodic",
        },
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", [["--diff"], ["--diff", "--fix"], ["--diff", "--json"]])
def test_a_diff_writes_nothing_and_exits_as_the_check(
    catalog: Catalog, arguments: list[str]
) -> None:
    before = tree_of(catalog.root)
    run = catalog.run("check", *arguments)
    assert run.code == 1
    assert tree_of(catalog.root) == before


def test_a_diff_is_a_patch(catalog: Catalog) -> None:
    run = catalog.run("check", "--diff", "--select", "CF", EPISODE)
    assert run.code == 1
    assert run.out.splitlines() == [
        "diff --git a/episodes/samtal/ett.md b/episodes/samtal/ett.md",
        "--- a/episodes/samtal/ett.md",
        "+++ b/episodes/samtal/ett.md",
        "@@ -4,7 +4,7 @@",
        " guid: 0b8f6f0e-6f2f-4c8e-9d0a-3f5d6f0f7a10",
        " media: ett.mp3",
        " summary: Var kommer vattnet i kranen ifrån?",
        "-episode_type: Full",
        "+episode_type: full",
        ' chapters: ["00:00 Sjön", "12:30 Kranen"]',
        " transcripts: [ett.vtt]",
        " ---",
    ]


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (["episodes/samtal/series.yaml"], ["episodes/samtal/series.yaml"]),
        (["--select", "CF058"], [EPISODE, "episodes/samtal/series.yaml"]),
        (["--select", "EP"], []),
        (["--ignore", "CF058"], []),
    ],
)
def test_only_what_is_asked_for_is_mended(
    catalog: Catalog, arguments: list[str], changed: list[str]
) -> None:
    before = tree_of(catalog.root)
    catalog.run("check", "--fix", *arguments)
    after = tree_of(catalog.root)
    assert [file for file in after if after[file] != before[file]] == changed


def test_a_name_is_mended_everywhere_or_not_at_all(spaced: Path) -> None:
    series = spaced / "episodes/samtal/series.yaml"
    (spaced / "media/samtal/omslag.png").rename(spaced / "media/samtal/omslag å.png")
    series.write_text(series.read_text().replace("omslag.png", "omslag å.png"))
    episode = spaced / EPISODE
    episode.write_text(
        episode.read_text().replace("media:", "image: omslag å.png\nimage_alt: En burk\nmedia:")
    )
    before = tree_of(spaced)
    Catalog(spaced).run("check", "--fix", "episodes/samtal/series.yaml")
    assert tree_of(spaced) == before
    Catalog(spaced).run("check", "--fix")
    assert found_in(spaced) == []
    assert (spaced / "media/samtal/omslag-a.png").exists()


def test_what_other_profiles_do_not_find_stays_ignored(catalog: Catalog) -> None:
    entry = "ignore: [{code: A11Y001, why: x}]\n"
    catalog.write(EPISODE, (catalog.root / EPISODE).read_text().replace("guid:", entry + "guid:"))
    catalog.run("check", "--fix", "--profile", "apple")
    assert entry in (catalog.root / EPISODE).read_text()


def test_a_new_guid_is_like_no_other(catalog: Catalog) -> None:
    text = (catalog.root / EPISODE).read_text()
    catalog.write(EPISODE, re.sub("guid: .*\n", "", text))
    catalog.run("check", "--fix")
    found = re.search("guid: (.*)\n", (catalog.root / EPISODE).read_text())
    assert found
    assert UUID(found[1]).version == 4


def test_files_below_media_are_never_written(catalog: Catalog) -> None:
    finding = CF058.at(Place("media/samtal/ett.yaml", ("type",), 1, 1), text="A", better="a")
    (catalog.root / "media/samtal/ett.yaml").write_text("type: A\n")
    assert plan(catalog.root, Known([finding], NO_LOCK, lambda: GUID), list) == Plan()


def test_what_is_not_to_be_mended_is_not_read(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recordings are large."""
    read: list[str] = []

    def read_bytes(path: Path) -> bytes:
        read.append(path.name)
        return b""

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    findings = [
        EP021.at(Place(EPISODE, ("chapters", 1), 8, 26), title="a", start="1:00", end="0:03"),
        CF001.at(Place("media/samtal/ett.mp3"), reason=""),
        CF033.at(Place("media/samtal/två.mp3"), better="tva.mp3"),
    ]
    assert plan(catalog.root, Known(findings, NO_LOCK, lambda: GUID), list) == Plan()
    assert read == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("file", ["ror.md", "series.yaml"])
@pytest.mark.parametrize("option", ["--diff", "--fix"])
def test_a_named_pipe_does_not_keep_it_waiting(catalog: Catalog, option: str, file: str) -> None:
    path = catalog.root / "episodes/samtal" / file
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    run = catalog.run("check", option, "--json")
    assert f"episodes/samtal/{file}" in [one["file"] for one in run.json["findings"]]
    assert EPISODE in [one["file"] for one in run.json["fixed"]]


def test_a_diff_of_nothing_says_so_beside_the_result(catalog: Catalog) -> None:
    run = catalog.run("check", "--diff", "--select", "EP")
    assert (run.code, run.out) == (1, "")
    assert run.err == "Nothing here has exactly one right answer.\n"


@pytest.mark.parametrize("option", [None, "--diff", "--fix"])
def test_only_what_has_one_right_answer_here_is_marked_as_fixable(
    catalog: Catalog, option: str | None
) -> None:
    """A key that is there already is not filled, though the recording has chapters."""
    text = (catalog.root / EPISODE).read_text(encoding="utf-8")
    text = text.replace('chapters: ["00:00 Sjön", "12:30 Kranen"]', "chapters: []")
    catalog.write(EPISODE, text.replace("Full", "full"))
    catalog.recording("samtal/ett.mp3", "chapters.mp3")
    found = catalog.run("check", "--json", *([option] if option else [])).json["findings"]
    fixable = {} if option == "--fix" else {"CF058": True}
    assert {one["code"]: one["fixable"] for one in found} == {"CH006": False} | fixable
