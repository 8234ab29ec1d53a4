"""What a mend says to type can be typed as it stands, and then the finding is gone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from feedtool.finding import Finding
from feedtool.recheck import recheck

from .case_files import FAULTLESS, HERE, MEDIA, NOW, Case, found_in, lay_out, read_case

EPISODE, SERIES, CATALOG = "episodes/samtal/ett.md", "episodes/samtal/series.yaml", "feedtool.yaml"
NOTES = "Vi följer vattnet från sjön till kranen."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_out(Case(FAULTLESS), tmp_path)
    return tmp_path


def findings(root: Path) -> list[Finding]:
    return list(recheck(root, NOW, time.time_ns(), lambda done, total: None).findings)


def mend(finding: Finding) -> str:
    return finding.shown().text("mend")


def write(root: Path, file: str, line: str) -> None:
    """A line among the keys of a file, instead of the one with its key."""
    path = root / file
    text, key = path.read_text("utf-8"), line.partition(":")[0]
    new, count = re.subn(rf"^{key}:.*", lambda _: line, text, count=1, flags=re.MULTILINE)
    if not count:
        at = text.index("\n---\n") + 1 if file.endswith(".md") else len(text)
        new = f"{text[:at]}{line}\n{text[at:]}"
    path.write_text(new, "utf-8")


def typed(text: str) -> str:
    """What stands behind two spaces, where it ends: at two more, at a semicolon or at the end."""
    found = re.search(r"  (\S.*?)(?: ;|  |$)", text)
    assert found, text
    return found[1]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        pytest.param(
            EPISODE, "title: 'Samtal i Nordvik: Han sa \"hej\" igen'", id="a title with quotes"
        ),
        pytest.param(EPISODE, r"title: 'Samtal i Nordvik: C:\temp'", id="a title with a backslash"),
        pytest.param(EPISODE, 'tags: ["#vatten, #avlopp"]', id="tags with a number sign"),
        pytest.param(EPISODE, 'tags: ["vatten: del 1, avlopp"]', id="tags with a colon"),
        pytest.param(SERIES, 'copyright: "© 2021 Nordvik: kommunen"', id="a holder with a colon"),
        pytest.param(CATALOG, "targets: sftp://podd@www.nordvik.example/podd", id="a target"),
        pytest.param(CATALOG, "hosts: soundcloud", id="a host"),
        pytest.param(SERIES, "language: se", id="a language that is meant so"),
        pytest.param(EPISODE, "episode: Avsnitt 2", id="a number after a word"),
        pytest.param(EPISODE, "episode: 2,5", id="a number with a comma"),
    ],
)
def test_the_line_of_a_mend_mends(root: Path, file: str, line: str) -> None:
    write(root, file, line)
    [finding] = findings(root)
    key, advice = line.partition(":")[0], typed(mend(finding))
    write(root, file, advice if ":" in advice else f"{key}: {advice}")
    assert found_in(root) == []


BROKEN = [
    pytest.param(
        "keys/comma-that-cuts-off-a-rule", SERIES, r"rrule: [^}]*", id="a rule cut off by a comma"
    ),
    pytest.param("chapters/file-with-a-line-without-a-time", "media/samtal/ett.txt", "^Kranen",
                 id="a line in a file of chapters"),
    pytest.param(
        "notes/picture-named-from-the-catalog", EPISODE, r"media/samtal/omslag\.png", id="a picture"
    ),
    pytest.param("dates/year-long-after-the-others", "episodes/samtal/fem.md", "^(?=media:)",
                 id="a year that is right"),
    pytest.param("identity/guid-in-other-letters", "episodes/samtal/tva.md", "^(?=media:)",
                 id="guids that are alike"),
    pytest.param("episodes/guid-of-one-digit", EPISODE, "^(?=media:)", id="a short guid"),
    pytest.param("series/videos-for-youtube", SERIES, "^(?=title:)", id="videos"),
    pytest.param("languages/meankieli-in-apple-podcasts", SERIES, "^(?=title:)", id="Meänkieli"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "file", "instead_of"), BROKEN)
def test_what_a_mend_shows_mends(case: str, file: str, instead_of: str, tmp_path: Path) -> None:
    lay_out(read_case(HERE / "broken" / f"{case}.case"), tmp_path)
    advice = {typed(mend(one)) for one in findings(tmp_path) if one.place.file == file}
    [line] = [one if "?=" not in instead_of else f"{one}\n" for one in advice]
    line = line.replace("02:10", "00:02")  # the recording of the example is longer
    text = (tmp_path / file).read_text("utf-8")
    new, count = re.subn(instead_of, lambda _: line, text, count=1, flags=re.MULTILINE)
    assert count
    (tmp_path / file).write_text(new, "utf-8")
    assert found_in(tmp_path) == []


def test_a_picture_beside_the_recording_is_named_from_the_page(root: Path) -> None:
    (root / "media/samtal/karta.png").write_bytes((root / "media/omslag.png").read_bytes())
    path = root / EPISODE
    text = path.read_text("utf-8")
    path.write_text(text.replace(NOTES, "![Sjön](karta.png)"), "utf-8")
    [finding] = findings(root)
    path.write_text(text.replace(NOTES, f"![Sjön]({typed(mend(finding))})"), "utf-8")
    assert found_in(root) == []


def test_a_format_for_few_apps_can_be_offered_as_well(tmp_path: Path) -> None:
    lay_out(read_case(HERE / "broken/episodes/recording-in-ogg.case"), tmp_path)
    [finding] = findings(tmp_path)
    (tmp_path / "media/samtal/ett.mp3").write_bytes((MEDIA / "cbr.mp3").read_bytes())
    write(tmp_path, EPISODE, "media: ett.mp3")
    write(tmp_path, EPISODE, mend(finding).rpartition("  ")[2])
    assert found_in(tmp_path) == []


@pytest.mark.parametrize(
    ("entry", "tag"),
    [
        pytest.param("{server: irc.nordvik.example, protocol: irc}", "chat", id="attributes"),
        pytest.param("{purpose: applepodcastsverify, text: 05124}", "txt", id="one, and a text"),
        pytest.param("{text: ja}", "...", id="a text alone, as block has it"),
        pytest.param("{}", "...", id="nothing"),
    ],
)
def test_the_tag_proposed_has_what_the_entry_says(root: Path, entry: str, tag: str) -> None:
    """Never block, the first of the list: it would take the podcast out of directories."""
    write(root, SERIES, f"podcast: [{entry}]")
    [finding] = findings(root)
    assert mend(finding) == f"add  tag: {tag}"


@pytest.mark.parametrize(
    ("file", "line", "where"),
    [
        pytest.param(EPISODE, "categories: [Arts]", "in series.yaml or feedtool.yaml", id="series"),
        pytest.param(SERIES, "profiles: [apple]", "in feedtool.yaml", id="catalog"),
        pytest.param(SERIES, "media: ett.mp3", "in the file of an episode", id="episode"),
        pytest.param(CATALOG, "season: 2", "in the file of an episode", id="of a catalog"),
    ],
)
def test_a_key_of_another_file_is_told_with_its_file(
    root: Path, file: str, line: str, where: str
) -> None:
    write(root, file, line)
    assert [(one.code.id, mend(one)) for one in findings(root)] == [
        ("CF120", f"write it {where}, and delete the line here")
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("tags:\n  -skola\n  -vatten", "tags: [skola, vatten]", id="hyphens"),
        pytest.param("tags:\n  • skola\n  • vatten", "tags: [skola, vatten]", id="bullets"),
        pytest.param(
            "chapters:\n  -00:00 Sjön\n  -00:02 Kranen",
            'chapters: ["00:00 Sjön", "00:02 Kranen"]',
            id="chapters, which are no name of a file",
        ),
        pytest.param("transcripts:\n  -ett.vtt", "transcripts: [ett.vtt]", id="names of files"),
        pytest.param("tags:\n-skola", "- skola", id="at the margin"),
        pytest.param("tags:\n  * skola", "- skola", id="stars"),
        pytest.param("people:\n  -name: Åsa\n   role: guest", "- name: Åsa", id="keys"),
    ],
)
def test_an_entry_without_a_space_behind_its_hyphen_is_understood(
    root: Path, written: str, meant: str
) -> None:
    write(root, EPISODE, "transcripts: []" if "ett.vtt" in written else "season: 1")
    path = root / EPISODE
    text = path.read_text("utf-8").replace("transcripts: []\n", "")
    path.write_text(text.replace("\n---\n", f"\n{written}\n---\n", 1), "utf-8")
    assert typed(mend(findings(root)[-1])) == meant


@pytest.mark.parametrize(
    ("file", "line", "meant"),
    [
        pytest.param(SERIES, "block: spotify", "block: [spotify]", id="not in every directory"),
        pytest.param(SERIES, "block: Spotify, YouTube", "block: [spotify, youtube]", id="in two"),
        pytest.param(
            EPISODE,
            "ignore: EP047, EP033",
            "ignore: [{code: EP047, why: ...}, {code: EP033, why: ...}]",
            id="two codes",
        ),
        pytest.param(
            EPISODE,
            "location: {name: Göteborg, geo: '57.70, 11.97'}",
            "geo:57.70,11.97",
            id="two numbers of a map",
        ),
        pytest.param(EPISODE, "people: [{name: Åsa, role: moderator}]", "host", id="a moderator"),
    ],
)
def test_what_is_meant_is_proposed(root: Path, file: str, line: str, meant: str) -> None:
    write(root, file, line)
    [finding] = findings(root)
    assert mend(finding).endswith(meant)


def test_a_text_without_its_key_is_proposed_for_what_the_file_lacks(root: Path) -> None:
    path = root / EPISODE
    path.write_text(path.read_text("utf-8").replace("title: Vattnet", "Vattnet"), "utf-8")
    [finding] = findings(root)
    path.write_text(
        path.read_text("utf-8").replace("Vattnet i kranen\n", f"{typed(mend(finding))}\n", 1),
        "utf-8",
    )
    assert found_in(root) == []


def test_a_word_for_a_key_of_this_file_goes_before_a_key_of_another(root: Path) -> None:
    write(root, EPISODE, "description: Vatten")
    [finding] = findings(root)
    assert (finding.code.id, finding.params["nearest"]) == ("CF020", "summary")


@pytest.mark.parametrize("word", ["url", "adress", "webbplats"])
def test_the_address_of_the_catalog_under_another_name_is_not_missing_too(
    root: Path, word: str
) -> None:
    path = root / CATALOG
    path.write_text(path.read_text("utf-8").replace("base_url:", f"{word}:"), "utf-8")
    [finding] = findings(root)
    assert str(finding.params["nearest"]).startswith("base_url")


def test_a_country_in_words_is_told_as_it_is_written(root: Path) -> None:
    write(root, SERIES, "location: {name: Oslo, country: Norge}")
    [finding] = findings(root)
    assert finding.params["text"] == "Norge"
    assert "NO for Norway" in mend(finding)


def test_a_guid_of_an_earlier_time_is_deleted_and_the_next_build_makes_one(tmp_path: Path) -> None:
    lay_out(read_case(HERE / "broken/lock/guid-that-another-had-before.case"), tmp_path)
    [finding] = findings(tmp_path)
    assert mend(finding) == "delete the line; the next build says what to write there"
    path = tmp_path / EPISODE
    path.write_text(re.sub(r"guid: .*\n", "", path.read_text("utf-8")), "utf-8")
    [finding] = findings(tmp_path)
    write(tmp_path, EPISODE, typed(mend(finding)))
    assert found_in(tmp_path) == []


def test_subrip_with_full_stops_becomes_webvtt(tmp_path: Path) -> None:
    lay_out(read_case(HERE / "broken/transcripts/subrip-with-full-stops.case"), tmp_path)
    [finding] = findings(tmp_path)
    assert mend(finding).endswith("begin it with a line  WEBVTT  and an empty one")
    media = tmp_path / "media/samtal"
    text = (media / "ett.srt").read_text("utf-8")
    (media / "ett.vtt").write_text(f"WEBVTT\n\n{text}", "utf-8")
    write(tmp_path, EPISODE, "transcripts: [ett.vtt]")
    assert found_in(tmp_path) == []


def test_a_person_named_in_two_ways_is_named_once_by_the_id(tmp_path: Path) -> None:
    lay_out(read_case(HERE / "broken/people/by-id-and-by-name.case"), tmp_path)
    [finding] = findings(tmp_path)
    assert typed(mend(finding)) == "id: kim"
    write(tmp_path, EPISODE, "people: [{id: kim, role: guest}]")
    assert found_in(tmp_path) == []
