"""Access for everybody: what is demanded of whom, and the list for the accessibility statement."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedtool.check.access import Age, Lack, age_of, lacks
from feedtool.check.access_words import link_says_nothing
from feedtool.check.rule import Heard
from feedtool.finding import CODES, Severity, Shown
from feedtool.model import (
    Alternate,
    Copy,
    Enclosure,
    Episode,
    Exempt,
    Item,
    Series,
    Transcript,
)
from feedtool.statement import Statement, as_markdown, counts, offer_of

from .case_files import FAULTLESS, MEDIA
from .catalogs import CATALOG, REPOSITORY, Catalog, Run, a_catalog

EPISODE = "episodes/samtal/ett.md"
SERIES = Series(slug="samtal", title="Samtal", description="Samtal.", language="sv", guid="g")


def an_item(*transcripts: Transcript, type: str = "audio/mpeg", **more: Any) -> Item:
    alternates = more.pop("alternates", ())
    episode = Episode(
        series="samtal", slug="ett", guid="g", title="Vattnet", media="samtal/ett.mp3",
        date=datetime(2025, 3, 1, tzinfo=UTC), transcripts=transcripts, **more,
    )  # fmt: skip
    return Item(episode, Enclosure("samtal/ett.mp3", 1, type, timedelta(3)), alternates)


def text(name: str = "ett.vtt", language: str | None = None, captions: bool = False) -> Transcript:
    return Transcript(f"samtal/{name}", language, captions)


def described(**names: str) -> Alternate:
    return Alternate((Copy("samtal/ett-2.mp4"),), "video/mp4", **names)  # type: ignore[arg-type]


# --- what is demanded --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "age"),
    [
        (None, Age.UNSAID),
        ("2019", Age.BEFORE), ("2020-08", Age.BEFORE), ("2020-09-22", Age.BEFORE),
        ("2020", Age.UNCLEAR), ("2020-09", Age.UNCLEAR),
        ("2020-09-23", Age.SINCE), ("2020-10", Age.SINCE), ("2021", Age.SINCE),
    ],
)  # fmt: skip
def test_what_is_exempt_for_its_age(first: str | None, age: Age) -> None:
    assert age_of(Exempt("det är gammalt", first)) is age


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        (an_item(), (Lack.TEXT,)),
        (an_item(text("ett.txt")), ()),
        (an_item(text(language="sv-FI")), ()),
        (an_item(text(language="en")), (Lack.TEXT,)),
        (an_item(text(language="en"), language="en-GB"), ()),
        (an_item(text(language="sv"), language="swl"), ()),
        (an_item(language="zxx"), ()),
        (an_item(language="zxx", type="video/mp4"), (Lack.DESCRIPTION,)),
        (an_item(type="video/mp4"), (Lack.CAPTIONS, Lack.DESCRIPTION)),
        (an_item(text("ett.txt"), type="video/mp4"), (Lack.CAPTIONS, Lack.DESCRIPTION)),
        (an_item(text("ett.srt"), type="video/x-m4v"), (Lack.DESCRIPTION,)),
        (
            an_item(text(), type="video/mp4", alternates=(described(rel="audio-description"),)),
            (),
        ),
        (an_item(text(), type="video/mp4", alternates=(described(title="Med syntolkning"),)), ()),
        (
            an_item(text(), type="video/mp4", alternates=(described(title="Hög upplösning"),)),
            (Lack.DESCRIPTION,),
        ),
        (an_item(text("ett.txt"), alternates=(described(),)), (Lack.CAPTIONS, Lack.DESCRIPTION)),
    ],
)
def test_what_a_recording_lacks(item: Item, missing: tuple[Lack, ...]) -> None:
    assert lacks(item, SERIES) == missing


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("här", ["A11Y30"]),
        ("Klicka här!", ["A11Y30"]),
        ("Läs mer »", ["A11Y30"]),
        ("Läs mer &gt;&gt;", ["A11Y30"]),
        ("<strong>here</strong>", ["A11Y30"]),
        ("Read more…", ["A11Y30"]),
        ("https://nordvik.example/a?b=1&amp;c=2", ["A11Y31"]),
        ("", ["A11Y31"]),
        (" <em> </em>&nbsp;", ["A11Y31"]),
        ('<img src="a.png" alt="Planen">', []),
        ('<img src="a.png" alt="">', []),
        ("Läs mer om skolan", []),
        ("Här ska skolan stå", []),
        ("www.nordvik.example", []),
        ("podd@nordvik.example", []),
    ],
)
def test_which_links_say_nothing(link: str, found: list[str]) -> None:
    notes = f'<p>Se <a href="https://nordvik.example/">{link}</a> och <a href="#">planen</a>.</p>'
    heard = Heard(an_item(notes=notes), SERIES, {})
    assert [one.code.id for one in link_says_nothing(heard)] == found


def test_nothing_is_said_to_those_who_are_no_public_body() -> None:
    ours = [code for id, code in CODES.items() if id.startswith("A11Y")]
    assert {code.severity_under(["apple", "psp1", "spotify"]) for code in ours} == {Severity.OFF}


def test_what_the_law_demands_is_an_error_for_a_public_body() -> None:
    ours = {id: code for id, code in CODES.items() if id.startswith("A11Y")}
    errors = {
        id for id, code in ours.items() if code.severity_under(["public-sector-se"]) == "error"
    }
    assert errors == {"A11Y01", "A11Y02", "A11Y04", "A11Y05", "A11Y20", "A11Y21"}


# --- the list ----------------------------------------------------------------------------------


def listed(item: Item, **ignored: str) -> list[str]:
    """What the list says of one recording."""
    statement = Statement("Nordvik", ((SERIES, (offer_of(item, SERIES, ignored),)),))
    lines = list(as_markdown(statement, lambda text, **params: text.format(**params)))
    return lines[lines.index("## Samtal") + 2 :]


def test_a_recording_with_a_text_is_listed_with_it() -> None:
    assert listed(an_item(text(), text("ett.en.vtt", "en"))) == [
        "- **Vattnet** (2025-03-01, audio)",
        "  - text version: ett.vtt",
        "  - in other languages: ett.en.vtt",
    ]


def test_a_video_is_listed_with_captions_and_the_decision_on_description() -> None:
    item = an_item(text(), text("ett.txt"), type="video/mp4")
    assert listed(item, A11Y03="allt viktigt sägs") == [
        "- **Vattnet** (2025-03-01, video)",
        "  - text version: ett.vtt, ett.txt",
        "  - captions: ett.vtt",
        "  - audio description: not needed (allt viktigt sägs)",
    ]


@pytest.mark.parametrize(
    ("captions", "listed_as"),
    [
        (text("en.vtt", "en", captions=True), "ett.vtt"),
        (text("film.vtt", captions=True), "film.vtt"),
    ],
)
def test_captions_are_listed_as_players_show_them(captions: Transcript, listed_as: str) -> None:
    lines = listed(an_item(text(), captions, type="video/mp4"))
    assert f"  - captions: {listed_as}" in lines


def test_an_exempt_recording_is_listed_with_reason_date_and_evidence() -> None:
    exempt = Exempt("publicerad före lagen", "2019-05", "https://nordvik.example/2019")
    assert listed(an_item(exempt=exempt))[1:] == [
        "  - text version: no",
        "  - exempt: publicerad före lagen; first published 2019-05; <https://nordvik.example/2019>",
    ]


def test_an_exemption_that_does_not_cover_says_so() -> None:
    (line,) = listed(an_item(exempt=Exempt("gammal", "2021")))[2:]
    assert line.endswith("does not cover it: not published before 23 September 2020")


def test_markdown_in_a_title_stays_text() -> None:
    item = an_item(text())
    item = replace(item, episode=replace(item.episode, title="1 * 2 <b> [x](y) _z_ &amp;"))
    assert listed(item)[0] == r"- **1 \* 2 \<b> \[x\](y) \_z\_ \&amp;** (2025-03-01, audio)"


def test_recordings_are_counted_by_how_they_stand() -> None:
    items = [
        an_item(text()),
        an_item(),
        an_item(exempt=Exempt("gammal", "2019")),
        an_item(exempt=Exempt("gammal", "2021")),
    ]
    offers = [offer_of(item, SERIES, {}) for item in items]
    assert counts(offers) == {"all": 4, "complete": 1, "exempt": 1, "lacking": 2}


# --- the command -------------------------------------------------------------------------------


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The faultless catalog."""
    shutil.copytree(FAULTLESS, tmp_path, dirs_exist_ok=True)
    return Catalog(tmp_path)


def edit(catalog: Catalog, old: str, new: str) -> None:
    text = (catalog.root / EPISODE).read_text(encoding="utf-8")
    assert old in text
    catalog.write(EPISODE, text.replace(old, new))


def report(catalog: Catalog, *arguments: str) -> Run:
    return catalog.run("a11y-report", "--json", *arguments)


def test_a_faultless_catalog_has_a_list_and_no_finding(catalog: Catalog) -> None:
    run = report(catalog)
    (series,) = run.json["series"]
    (episode,) = series["episodes"]
    assert (run.code, run.json["ok"], run.codes) == (0, True, [])
    assert run.json["recordings"] == {"all": 1, "complete": 1, "exempt": 0, "lacking": 0}
    assert episode == {
        "episode": "samtal/ett", "title": "Vattnet i kranen", "date": "2025-03-01",
        "kind": "audio", "state": "complete",
        "text": [{"file": "media/samtal/ett.vtt", "language": None}],
        "captions": [], "translations": [], "audio_description": None, "exempt": None,
        "lacking": [],
    }  # fmt: skip


def test_what_is_demanded_and_missing_gives_exit_code_1(catalog: Catalog) -> None:
    edit(catalog, "transcripts: [ett.vtt]\n", "")
    run = report(catalog)
    assert (run.code, run.json["ok"], run.codes) == (1, False, ["A11Y01"])
    assert run.finding("A11Y01")["line"] == 5


def test_the_list_is_the_result_and_findings_stand_beside_it(catalog: Catalog) -> None:
    edit(catalog, "transcripts: [ett.vtt]\n", "")
    run = catalog.run("a11y-report")
    assert run.out.startswith("# Accessibility of the recordings: Nordviks kommun\n")
    assert "A11Y01" in run.err
    assert "A11Y01" not in run.out


def test_the_profile_need_not_be_named_in_the_catalog(catalog: Catalog) -> None:
    file = catalog.root / "feedtool.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "profiles" not in line), encoding="utf-8")
    edit(catalog, "transcripts: [ett.vtt]\n", "")
    assert report(catalog).codes == ["A11Y01"]


def test_faults_of_another_kind_are_not_told(catalog: Catalog) -> None:
    edit(catalog, "transcripts:", 'chapters: ["12:30 Kranen"]\ntranscripts:')
    assert (report(catalog).code, report(catalog).codes) == (0, [])


def test_a_file_that_cannot_be_read_is_told_because_the_list_lacks_it(catalog: Catalog) -> None:
    edit(catalog, "title:", "titel:")
    run = report(catalog)
    assert run.code == 1
    assert run.json["recordings"]["all"] == 0
    assert {one["file"] for one in run.json["findings"]} == {EPISODE}


def test_without_a_readable_catalog_it_is_a_finding(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", "title: [\n")
    run = report(catalog)
    assert run.code == 1
    assert run.json["series"] == []


def test_a_decision_that_is_set_aside_is_in_the_list(catalog: Catalog) -> None:
    shutil.copyfile(MEDIA / "video.mp4", catalog.root / "media/samtal/ett.mp4")
    edit(catalog, "ett.mp3", "ett.mp4")
    edit(catalog, "transcripts:", "ignore: [{code: A11Y03, why: allt sägs}]\ntranscripts:")
    run = report(catalog)
    (episode,) = run.json["series"][0]["episodes"]
    assert (run.code, run.codes, episode["state"]) == (0, [], "complete")
    assert episode["audio_description"] == {"rendition": None, "not_needed": "allt sägs"}


def test_a_decision_set_aside_is_no_idle_exception_under_other_profiles(catalog: Catalog) -> None:
    shutil.copyfile(MEDIA / "video.mp4", catalog.root / "media/samtal/ett.mp4")
    edit(catalog, "ett.mp3", "ett.mp4")
    edit(catalog, "transcripts:", "ignore: [{code: A11Y03, why: allt sägs}]\ntranscripts:")
    codes = catalog.run("check", "--json", "--profile", "psp1").codes
    assert "CF060" not in codes


def test_drafts_are_not_in_the_list(catalog: Catalog) -> None:
    edit(catalog, "transcripts:", "status: draft\ntranscripts:")
    assert report(catalog).json["recordings"]["all"] == 0


def test_what_is_scheduled_is_in_the_list(catalog: Catalog) -> None:
    edit(catalog, "2025-03-01", "2125-03-01")
    assert report(catalog).json["recordings"]["all"] == 1


def test_a_recording_the_lock_knows_is_not_opened(catalog: Catalog) -> None:
    assert catalog.build().code == 0
    catalog.write("media/samtal/ett.mp3", b"no recording at all")
    run = report(catalog)
    assert (run.code, run.json["recordings"]["complete"]) == (0, 1)


def test_nothing_is_written(catalog: Catalog) -> None:
    before = sorted(catalog.root.rglob("*"))
    report(catalog)
    assert sorted(catalog.root.rglob("*")) == before


def test_the_shipped_catalog_has_no_error_and_lists_its_exemptions() -> None:
    run = report(Catalog(REPOSITORY))
    assert run.code == 0
    webinar = next(one for one in run.json["series"] if one["slug"] == "digitalt-kompetenslyft")
    assert [one["state"] for one in webinar["episodes"]] == ["exempt", "exempt"]
    assert {one["exempt"]["first_published"] for one in webinar["episodes"]} == {"2019"}


def test_what_other_profiles_raise_is_told_at_its_line(catalog: Catalog) -> None:
    file = catalog.root / "feedtool.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "profiles" not in line), encoding="utf-8")
    edit(catalog, "transcripts: [ett.vtt]\n", "")
    catalog.age()
    for _ in range(2):  # the second time from what the first one found
        run = catalog.run("check", "--json", "--profile", "public-sector-se")
        assert run.finding("A11Y01")["line"] == 5


@pytest.mark.parametrize(
    ("before", "written"),
    [("[", "{url: %s}]"), ("\n  - ", "url: %s"), ("\n  - ", "{url: %s}")],
    ids=["brackets", "block", "braces"],
)
def test_a_link_without_a_title_is_told_with_an_entry_that_fits_everywhere(
    before: str, written: str, tmp_path: Path
) -> None:
    address = '"https://a.example/b,c"'
    catalog = a_catalog(tmp_path, CATALOG + "profiles: [public-sector-se]\n")
    catalog.episode(more=f"links: {before}{written % address}\n")
    (told,) = untitled(catalog)
    entry = told.text("mend").removeprefix("say what the page is called:  ")
    catalog.episode(more=f"links: {before}{entry}{written.partition('}')[2]}\n")
    assert (entry, untitled(catalog)) == (f"{{url: {address}, title: ...}}", [])


def test_a_long_address_is_not_told_twice(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path, CATALOG + "profiles: [public-sector-se]\n")
    catalog.episode(more=f"links: [{{url: 'https://a.example/{'d' * 90}'}}]\n")
    (told,) = untitled(catalog)
    assert told.text("mend") == "say what the page is called:  {url: ..., title: ...}"


def untitled(catalog: Catalog) -> list[Shown]:
    return [one for one in catalog.rebuilt().findings if one.code == "A11Y32"]
