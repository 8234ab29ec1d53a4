"""feedtool init: a catalog from a few answers, that editors and git understand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from feedtool.finding import Finding, has_errors
from feedtool.load import load_catalog

from .catalogs import MEDIA, Catalog, Run, tree
from .terminal import converse

ANSWERS = (
    ("Name of the podcast: ", "Nordviks kommun berättar"),
    ("Web address where it will live: ", "https://podd.nordvik.se"),
    ("Language [sv]: ", ""),
    ("Owner e-mail (shown publicly in the feed; use a shared mailbox): ", "podd@nordvik.se"),
)
REST = (("What it is about", ""), ("Category in directories [Society & Culture]: ", ""))
OPTIONS = (
    "--title", "Nordviks kommun berättar", "--base-url", "https://podd.nordvik.se",
    "--email", "podd@nordvik.se",
)  # fmt: skip


def a_cover(path: Path, size: tuple[int, int] = (1400, 1400)) -> Path:
    Image.new("RGB", size, "navy").save(path)
    return path


def init(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> Run:
    return Catalog(folder).run("init", *arguments, env=env)


def settings(folder: Path) -> dict[str, object]:
    found: list[Finding] = []
    catalog = load_catalog(folder, found)
    assert catalog is not None
    assert not has_errors(found)
    keys = catalog.keys
    return {name: getattr(keys, name) for name in ("title", "base_url", "language", "timezone")}


def test_the_first_journey(tmp_path: Path) -> None:
    a_cover(tmp_path / "Omslag.png")
    session = converse(
        tmp_path,
        ["init"],
        [*ANSWERS, ("Cover picture (JPG or PNG, square, 1400-3000 px; Enter to add later): ",
                    "Omslag.png"), *REST],
        {"LC_ALL": "sv_SE.UTF-8", "TZ": "Europe/Stockholm"},
    )  # fmt: skip
    assert session.code == 0
    assert session.lines[-1] == "Next: feedtool new PATH-TO-AUDIO"
    (made,) = [line for line in session.lines if line.startswith("  made")]
    assert {"feedtool.yaml", "episodes/", "media/", ".gitignore"} <= set(made.split())
    assert settings(tmp_path) == {
        "title": "Nordviks kommun berättar",
        "base_url": "https://podd.nordvik.se/",
        "language": "sv",
        "timezone": "Europe/Stockholm",
    }
    assert (tmp_path / "media/omslag.png").read_bytes() == (tmp_path / "Omslag.png").read_bytes()


def test_again_it_changes_nothing_and_says_so(tmp_path: Path) -> None:
    assert init(tmp_path, *OPTIONS).code == 0
    before = tree(tmp_path)
    run = init(tmp_path, *OPTIONS)
    assert run.code == 2
    assert "nothing was changed" in run.err
    assert tree(tmp_path) == before


def test_inside_a_catalog_it_starts_none(tmp_path: Path) -> None:
    init(tmp_path, *OPTIONS)
    assert init(tmp_path / "episodes", *OPTIONS).code == 2


def test_a_catalog_that_is_there_has_a_word_of_its_own_for_programs(tmp_path: Path) -> None:
    init(tmp_path, *OPTIONS)
    assert init(tmp_path, "--json", *OPTIONS).json["error"]["code"] == "has-catalog"


@pytest.mark.parametrize("option", ["--title", "--base-url", "--email"])
def test_a_missing_option_is_named_where_nobody_can_be_asked(tmp_path: Path, option: str) -> None:
    at = OPTIONS.index(option)
    run = init(tmp_path, "--no-input", *OPTIONS[:at], *OPTIONS[at + 2 :])
    assert run.code == 2
    assert option in run.err
    assert tree(tmp_path) == {}


def test_a_folder_can_be_named(tmp_path: Path) -> None:
    assert init(tmp_path, "podd", *OPTIONS).code == 0
    assert (tmp_path / "podd/feedtool.yaml").is_file()


def test_the_language_is_that_of_the_system(tmp_path: Path) -> None:
    assert init(tmp_path, *OPTIONS, env={"LC_ALL": "fi_FI.UTF-8"}).code == 0
    assert settings(tmp_path)["language"] == "fi"


@pytest.mark.parametrize(("typed", "written"), [("SV", "sv"), ("sv_fi", "sv-FI")])
def test_the_language_is_written_in_its_usual_letters(
    tmp_path: Path, typed: str, written: str
) -> None:
    assert init(tmp_path, *OPTIONS, "--language", typed).code == 0
    assert settings(tmp_path)["language"] == written


SPEECH = [
    (["--language", "sv"], {}, "sv"),
    (["--language", "en"], {"LC_ALL": "sv_SE.UTF-8"}, "en"),
    ([], {"LC_ALL": "sv_SE.UTF-8"}, "sv"),
    (["--language", "sv"], {"FEEDTOOL_LANG": "en"}, "en"),
    (["--language", "sv", "--lang", "en"], {}, "en"),
]


@pytest.mark.parametrize(
    ("arguments", "env", "spoken"),
    SPEECH,
    ids=["of the catalog", "not the system's", "the system's", "environment", "option"],
)
def test_what_is_said_and_written_is_in_the_language_of_the_catalog(
    tmp_path: Path, arguments: list[str], env: dict[str, str], spoken: str
) -> None:
    run = init(tmp_path, *OPTIONS, *arguments, env={"FEEDTOOL_LANG": "", **env})
    assert run.out.splitlines()[-1].startswith({"sv": "Härnäst:", "en": "Next:"}[spoken])
    comment = {"sv": "# det som folk läser innan", "en": "# what people read before"}[spoken]
    assert comment in (tmp_path / "feedtool.yaml").read_text("utf-8")


def test_a_refusal_is_in_the_language_of_the_catalog_to_be(tmp_path: Path) -> None:
    run = init(tmp_path, *OPTIONS, "--language", "sv", "--email", "podd", env={"FEEDTOOL_LANG": ""})
    assert run.err.startswith("fel  ")


def test_a_refusal_is_in_the_language_of_the_catalog_that_is_there(tmp_path: Path) -> None:
    init(tmp_path, *OPTIONS, "--language", "sv")
    assert init(tmp_path, *OPTIONS, env={"FEEDTOOL_LANG": ""}).err.startswith("fel  ")


@pytest.mark.parametrize("chosen", ["", "en"])
def test_pages_say_what_the_cover_shows_in_the_language_of_the_catalog(
    tmp_path: Path, chosen: str
) -> None:
    a_cover(tmp_path / "omslag.png")
    more = ["--language", "sv", "--cover", "omslag.png"]
    assert init(tmp_path, *OPTIONS, *more, env={"FEEDTOOL_LANG": chosen}).code == 0
    made = (tmp_path / "feedtool.yaml").read_text("utf-8")
    assert "image_alt: Omslaget till Nordviks kommun berättar\n" in made


def test_questions_are_in_the_language_of_the_system_and_then_of_the_catalog(
    tmp_path: Path,
) -> None:
    session = converse(
        tmp_path,
        ["init", *OPTIONS],
        [("Språk [sv]: ", "en"), ("Cover picture", ""), *REST],
        {"LC_ALL": "sv_SE.UTF-8", "FEEDTOOL_LANG": ""},
    )
    assert session.lines[-1] == "Next: feedtool new PATH-TO-AUDIO"


@pytest.mark.parametrize(
    ("option", "answer", "told"),
    [
        ("--base-url", "www nordvik", "is not a web address"),
        ("--base-url", "https://podd.nordvik.se/?p=1", "is not a web address"),
        ("--email", "podd", "is not an e-mail address"),
        ("--language", "svenska språket", "is not a language tag"),
        ("--category", "Kommun", "is not a category"),
        ("--title", " ", "--title is missing"),
        ("--cover", "no.png", "is not there"),
    ],
    ids=lambda value: value[:12],
)
def test_what_no_feed_can_carry_is_refused(
    tmp_path: Path, option: str, answer: str, told: str
) -> None:
    run = init(tmp_path, *OPTIONS, option, answer)
    assert (run.code, told in run.err) == (2, True), run.err
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("size", [(1399, 1399), (3001, 3001), (1500, 1400)], ids=str)
def test_a_cover_that_directories_refuse_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    a_cover(tmp_path / "omslag.png", size)
    run = init(tmp_path, "podd", *OPTIONS, "--cover", "omslag.png")
    assert run.code == 2
    assert "square of 1400 to 3000" in run.err


def test_a_cover_gets_a_name_that_can_be_published_and_tells_the_truth(tmp_path: Path) -> None:
    a_cover(tmp_path / "Omslag åäö (1).png").rename(tmp_path / "Omslag åäö (1).jpeg")
    assert init(tmp_path, "podd", *OPTIONS, "--cover", "Omslag åäö (1).jpeg").code == 0
    assert (tmp_path / "podd/media/omslag-aao-1.png").is_file()
    assert "image: omslag-aao-1.png" in (tmp_path / "podd/feedtool.yaml").read_text("utf-8")


def test_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    a_cover(tmp_path / "liten.png", (200, 200))
    session = converse(
        tmp_path,
        ["init", "podd"],
        [
            ("Name of the podcast: ", ""),
            *ANSWERS[:1],
            ("Web address", "inte en adress"),
            *ANSWERS[1:],
            ("Cover picture", "'liten.png'"),
            ("Cover picture", ""),
            *REST,
        ],
        {"LC_ALL": "sv_SE.UTF-8"},
    )
    assert session.code == 0
    assert "liten.png has 200 x 200 pixels" in session.shown


@pytest.mark.parametrize("name", ['"; rm -rf', "Nej: #1", "- 'å' & co", "no", "{title}", "2026"])
def test_any_name_reads_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    assert init(tmp_path, *OPTIONS, "--title", name).code == 0
    assert settings(tmp_path)["title"] == name


@pytest.mark.parametrize("name", ["podd", "podd/episodes", "podd/.gitignore/ett", "podd/.schemas"])
def test_a_place_where_nothing_can_be_made_is_told(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("")
    run = init(tmp_path, "podd", *OPTIONS)
    assert run.code == 5
    assert run.err.startswith("error  podd")
    assert "Traceback" not in run.err


def test_files_that_are_there_keep_what_they_say(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("node_modules/\npublic/", "utf-8")
    (tmp_path / ".gitattributes").write_text("*.lock merge=union\n", "utf-8")
    assert init(tmp_path, *OPTIONS).code == 0
    assert (tmp_path / ".gitignore").read_text("utf-8") == "node_modules/\npublic/\n/.feedtool/\n"
    assert (tmp_path / ".gitattributes").read_text("utf-8") == "*.lock merge=union\n"


def test_editors_find_the_keys(tmp_path: Path) -> None:
    init(tmp_path, *OPTIONS)
    first = (tmp_path / "feedtool.yaml").read_text("utf-8").splitlines()[0]
    schema = tmp_path / first.removeprefix("# yaml-language-server: $schema=")
    assert "base_url" in json.loads(schema.read_text("utf-8"))["properties"]
    assert {path.name for path in schema.parent.iterdir()} == {
        "catalog.json", "series.json", "episode.json",
    }  # fmt: skip


def test_what_was_made_is_told_as_json(tmp_path: Path) -> None:
    document = init(tmp_path, *OPTIONS, "--json").json
    assert document["ok"] is True
    assert "feedtool.yaml" in document["made"]
    assert document["changed"] == []


def test_interrupted_before_the_end_it_can_be_begun_again(tmp_path: Path) -> None:
    session = converse(tmp_path, ["init"], ANSWERS[:2], interrupt_at="Language")
    assert session.code == 130
    assert tree(tmp_path) == {}


def test_a_catalog_and_an_episode_make_a_feed_that_apple_takes(tmp_path: Path) -> None:
    a_cover(tmp_path / "omslag.png")
    init(
        tmp_path, *OPTIONS, "--cover", "omslag.png", "--description", "Samtal i Nordvik, för alla."
    )
    shutil.copyfile(MEDIA / "cbr.mp3", tmp_path / "intervju.mp3")
    catalog = Catalog(tmp_path)
    made = catalog.run(
        "new", "intervju.mp3", "--title", "Intervjun", "--summary", "Rektorn berättar.",
        "--date", "2026-01-01 07:00", "--no-input",
    )  # fmt: skip
    assert made.code == 0, made.err
    built = catalog.build(now="2026-02-01T00:00:00+00:00")
    assert built.code == 0
    assert built.codes == []
