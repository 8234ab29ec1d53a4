"""feedtool new: from a recording to an episode file, asking only what is missing."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from .catalogs import CATALOG, MEDIA, Catalog, tree
from .interviews import FILE, an_interview, keys_of, new, written
from .terminal import converse


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A catalog without series, in a folder beside the recordings of a producer."""
    made = Catalog(tmp_path / "podd")
    made.write("feedtool.yaml", CATALOG)
    return made


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """An interview with a title and two chapters inside."""
    return an_interview(tmp_path / FILE, chapters={1500: 'Läsning: "nu" # här', 0: "Inledning"})


# --- the journey ----------------------------------------------------------------------------------


def test_the_second_journey(catalog: Catalog, recording: Path) -> None:
    before = recording.read_bytes()
    session = converse(
        catalog.root,
        ["new", str(recording)],
        [
            ("Title [Intervju med rektorn]: ", ""),
            ("One-sentence summary", "Rektorn berättar om skolans nya läsprojekt."),
            ("Publish when? [now]: ", "tomorrow 07:00"),
            ("Transcript file (.vtt, .srt, .txt; Enter if not ready): ", ""),
        ],
    )
    assert session.code == 0, session.shown
    told = session.lines
    assert told[0] == (
        'Read the file: MP3, 3 s, mono, 65 kbit/s, 25.7 kB, title tag "Intervju med rektorn",'
        " 2 chapters"
    )
    assert "  = Tuesday 24 November 2026 07:00 (Europe/Stockholm)" in told
    assert told[-5:] == [
        "  copied  media/nordviks-kommun/intervju-med-rektorn.mp3",
        "  made    episodes/nordviks-kommun/series.yaml",
        "  made    episodes/nordviks-kommun/intervju-med-rektorn.md",
        "note  no transcript yet: who cannot hear gets nothing of it, and public bodies must have"
        " one (see: feedtool explain A11Y01)",
        "Next: write the show notes in the file, then feedtool publish",
    ]
    assert recording.read_bytes() == before
    text = written(catalog, "episodes/nordviks-kommun/intervju-med-rektorn.md")
    assert (
        re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "GUID", text)
        == """\
---
title: Intervju med rektorn
date: 2026-11-24 07:00
guid: GUID  # never change after publishing
media: intervju-med-rektorn.mp3
summary: Rektorn berättar om skolans nya läsprojekt.
chapters:
  - "00:00 Inledning"
  - "00:01.500 Läsning: \\"nu\\" # här"
# transcripts: [intervju-med-rektorn.vtt]
---
<!-- Write the show notes here, in Markdown, instead of this line. -->
"""
    )


def test_options_spare_every_question(catalog: Catalog, recording: Path, tmp_path: Path) -> None:
    words = tmp_path / "utskrift.VTT"
    words.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n", "utf-8")
    run = new(
        catalog, recording, "--title", "Ett samtal", "--summary", "Om läsning.",
        "--date", "2026-12-01 09:00", "--transcript", words, "--person", "Åsa Berg: guest",
    )  # fmt: skip
    assert run.code == 0, run.err
    keys = keys_of(written(catalog, "episodes/nordviks-kommun/ett-samtal.md"))
    assert (keys.title, keys.summary, keys.date) == (
        "Ett samtal", "Om läsning.", "2026-12-01 09:00",
    )  # fmt: skip
    assert [(one.name, one.role) for one in keys.people] == [("Åsa Berg", "guest")]
    assert [one.file for one in keys.transcripts] == ["ett-samtal.vtt"]
    media = catalog.root / "media/nordviks-kommun"
    assert sorted(path.name for path in media.iterdir()) == ["ett-samtal.mp3", "ett-samtal.vtt"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [((), "--title"), (("--title", "Ett samtal"), "--summary")],
    ids=["title", "summary"],
)
def test_what_is_missing_is_named_where_nobody_can_be_asked(
    catalog: Catalog, given: tuple[str, ...], missing: str
) -> None:
    run = new(catalog, MEDIA / "cbr.mp3", *given)
    assert (run.code, missing in run.err) == (2, True)
    assert set(tree(catalog.root)) == {"feedtool.yaml"}


def test_a_title_that_is_empty_is_told_as_missing(catalog: Catalog, recording: Path) -> None:
    run = new(catalog, recording, "--title", " ", "--summary", "", "--date", "now")
    assert (run.code, "error  --title is missing" in run.err) == (2, True)


def test_with_json_nothing_is_asked(catalog: Catalog, recording: Path) -> None:
    session = converse(catalog.root, ["new", str(recording), "--json"])
    assert session.code == 2
    assert "--summary" in session.shown


def test_what_was_made_is_told_as_json(catalog: Catalog, recording: Path) -> None:
    (made,) = new(catalog, recording, "--summary", "", "--json").json["episodes"]
    assert made | {"guid": ""} == {
        "episode": "nordviks-kommun/intervju-med-rektorn",
        "guid": "",
        "file": "episodes/nordviks-kommun/intervju-med-rektorn.md",
        "media": "media/nordviks-kommun/intervju-med-rektorn.mp3",
        "copied": ["media/nordviks-kommun/intervju-med-rektorn.mp3"],
    }


def test_the_editor_opens_what_was_made(catalog: Catalog, recording: Path) -> None:
    run = catalog.run("new", "--no-input", str(recording), "--summary", "", "--edit",
                      env={"VISUAL": "sed -i s/^---$/#/", "EDITOR": "false"})  # fmt: skip
    assert run.code == 0
    assert (
        "---"
        not in written(catalog, "episodes/nordviks-kommun/intervju-med-rektorn.md").splitlines()
    )


def test_public_bodies_are_told_of_the_law(catalog: Catalog, recording: Path) -> None:
    catalog.write("feedtool.yaml", CATALOG + "profiles: [public-sector-se]\n")
    run = new(catalog, recording, "--summary", "")
    assert "note  no transcript yet: the law asks for a text version" in run.err


# --- dates ----------------------------------------------------------------------------------------


def test_a_time_that_comes_twice_is_asked_about(catalog: Catalog, recording: Path) -> None:
    session = converse(
        catalog.root,
        ["new", str(recording), "--summary", ""],
        [
            ("Title", ""),
            ("Publish when? [now]: ", "2027-10-31 02:30"),
            ("Publish when? [now]: ", "2027-10-31 02:30 +01:00"),
            ("Transcript", ""),
        ],
    )
    assert session.code == 0, session.shown
    text = written(catalog, "episodes/nordviks-kommun/intervju-med-rektorn.md")
    assert keys_of(text).date == "2027-10-31 02:30 +01:00"
    assert "2027-10-31 02:30 +02:00  or  2027-10-31 02:30 +01:00" in session.shown


@pytest.mark.parametrize(
    ("date", "told"),
    [("2027-10-31 02:30", "2027-10-31 02:30 +02:00"), ("2027-03-28 02:30", "put forward")],
    ids=["twice", "never"],
)
def test_without_a_terminal_a_clock_change_is_an_error_that_tells_what_to_write(
    catalog: Catalog, recording: Path, date: str, told: str
) -> None:
    run = new(catalog, recording, "--summary", "", "--date", date)
    assert (run.code, told in run.err) == (2, True), run.err
    assert set(tree(catalog.root)) == {"feedtool.yaml"}


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Åsas möte – del 2", "asas-mote-del-2"),
        (unicodedata.normalize("NFD", "Åsas möte"), "asas-mote"),
        ("2026-11-24 Budgeten", "budgeten"),
        ("Bok " * 40, ("bok-" * 20)[:80].rstrip("-")),
        ("中文", "zhong-wen"),
        ("!!!", "name"),
    ],
    ids=["letters", "nfd", "date first", "long", "chinese", "no letters"],
)
def test_the_slug_comes_from_the_title(catalog: Catalog, title: str, slug: str) -> None:
    run = new(catalog, MEDIA / "cbr.mp3", "--title", title, "--summary", "", "--json")
    assert run.code == 0, run.out
    assert run.json["episodes"][0]["episode"] == f"nordviks-kommun/{slug}"


def test_a_name_that_is_taken_gets_a_number(catalog: Catalog) -> None:
    catalog.series()
    catalog.episode("ett")
    catalog.build()
    (catalog.root / "episodes/samtal/ett.md").unlink()
    catalog.write("episodes/samtal/ETT-2.md", "x")
    catalog.write("media/samtal/ett-3.mp3", "x")
    run = new(catalog, MEDIA / "vbr.mp3", "--title", "Ett", "--summary", "", "--json")
    assert run.json["episodes"][0]["episode"] == "samtal/ett-4"


def test_a_wrong_ending_is_put_right(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "samtal.mp3"
    shutil.copyfile(MEDIA / "sound.m4a", path)
    run = new(catalog, path, "--title", "Ett", "--summary", "", "--json")
    assert run.json["episodes"][0]["media"] == "media/nordviks-kommun/ett.m4a"


def test_an_ending_that_apps_hide_becomes_one_that_they_show(
    catalog: Catalog, tmp_path: Path
) -> None:
    path = tmp_path / "samtal.m4b"
    shutil.copyfile(MEDIA / "sound.m4a", path)
    run = new(catalog, path, "--title", "Ett", "--summary", "", "--json")
    assert run.json["episodes"][0]["media"] == "media/nordviks-kommun/ett.m4a"


# --- series ---------------------------------------------------------------------------------------


def test_the_only_series_is_the_one_that_is_meant(catalog: Catalog) -> None:
    catalog.series("samtal")
    new(catalog, MEDIA / "cbr.mp3", "--title", "Ett", "--summary", "")
    assert (catalog.root / "episodes/samtal/ett.md").is_file()


def test_of_several_series_one_is_named_or_asked_for(catalog: Catalog, recording: Path) -> None:
    catalog.series("samtal")
    catalog.series("moten")
    run = new(catalog, recording, "--summary", "")
    assert (run.code, "--series" in run.err) == (2, True)
    session = converse(
        catalog.root,
        ["new", str(recording), "--summary", "", "--date", "now", "--title", "Ett"],
        [
            ("Series (moten, samtal): ", "mote"),
            ("Series (moten, samtal): ", "moten"),
            ("Transcript", ""),
        ],
    )
    assert session.code == 0, session.shown
    assert (catalog.root / "episodes/moten/ett.md").is_file()


def test_a_misspelt_series_is_not_begun(catalog: Catalog, recording: Path) -> None:
    catalog.series("samtal")
    run = new(catalog, recording, "--summary", "", "--series", "samtl")
    assert (run.code, "samtal" in run.err) == (2, True)
    assert not (catalog.root / "episodes/samtl").exists()


def test_the_first_series_says_what_the_catalog_says(catalog: Catalog, recording: Path) -> None:
    new(catalog, recording, "--summary", "", "--date", "2025-01-01 07:00")
    assert catalog.build().code == 0
    feed = catalog.read("nordviks-kommun/feed.xml").decode()
    assert "<title>Nordviks kommun</title>" in feed
    assert "<description>Allt som spelas in.</description>" in feed


def test_another_series_is_begun_with_its_title(catalog: Catalog, recording: Path) -> None:
    catalog.series("samtal")
    run = new(catalog, recording, "--summary", "", "--series-title", "Möten: 2026")
    assert run.code == 0, run.err
    assert "title: 'Möten: 2026'" in written(catalog, "episodes/moten-2026/series.yaml")


# --- people and transcripts -----------------------------------------------------------------------


@pytest.mark.parametrize("said", ["elin: guest", "Elin Åberg: Guest"])
def test_people_of_the_catalog_are_named_by_id(
    catalog: Catalog, recording: Path, said: str
) -> None:
    catalog.write("feedtool.yaml", CATALOG + "people: {elin: {name: Elin Åberg}}\n")
    new(catalog, recording, "--summary", "", "--person", said)
    keys = keys_of(written(catalog, "episodes/nordviks-kommun/intervju-med-rektorn.md"))
    assert [(one.id, one.role) for one in keys.people] == [("elin", "guest")]


@pytest.mark.parametrize("said", ["Elin", "Elin: gäst", ": guest", "Elin:"])
def test_a_person_without_a_known_role_is_refused(
    catalog: Catalog, recording: Path, said: str
) -> None:
    assert new(catalog, recording, "--summary", "", "--person", said).code == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.vtt", b"no transcript"),
        ("a.srt", b"1\n00:00:00,000 --> 00:00:01,000\n\xe5\n"),
        ("a.docx", b"PK"),
        ("a.txt", b""),
    ],
)
def test_a_transcript_that_apps_could_not_show_is_refused(
    catalog: Catalog, recording: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    run = new(catalog, recording, "--summary", "", "--transcript", tmp_path / name)
    assert run.code == 2
    assert set(tree(catalog.root)) == {"feedtool.yaml"}
