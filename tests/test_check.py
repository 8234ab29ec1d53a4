"""feedtool check: what it says, to whom, in which form; and that it changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedtool.cli.main import feedtool
from feedtool.cli.options import Settings
from feedtool.recheck import Checked, recheck

from .case_files import FAULTLESS, MEDIA, NOW
from .catalogs import Catalog

EPISODE = "episodes/samtal/ett.md"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The faultless catalog."""
    shutil.copytree(FAULTLESS, tmp_path, dirs_exist_ok=True)
    return Catalog(tmp_path)


@pytest.fixture
def faulty(catalog: Catalog) -> Catalog:
    """An error in line 7 of an episode, a warning in the same line, and another in line 8."""
    more = 'chapters: ["00:01 Sjön", "12:30 Kranen"]\ntags: [vatten]\n'
    text = (catalog.root / EPISODE).read_text(encoding="utf-8")
    catalog.write(EPISODE, text.replace("transcripts:", f"{more}transcripts:"))
    return catalog


def check(catalog: Catalog, *arguments: str) -> list[str]:
    run = catalog.run("check", "--json", "--now", "2026-01-01T00:00:00Z", *arguments)
    return [f"{one['severity']} {one['code']} {one['line']}" for one in run.json["findings"]]


def settled(catalog: Catalog) -> Checked:
    """A check in this process, as if no file had been changed for an hour."""
    started = time.time_ns() + 3_600_000_000_000
    return recheck(catalog.root, NOW, started, lambda done, total: None)


def files_of(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file() and ".feedtool" not in path.parts
    }


def test_nothing_wrong_is_said_and_exits_with_0(catalog: Catalog) -> None:
    run = catalog.run("check")
    assert run.code == 0
    assert run.out == "Errors: 0, warnings: 0, notes: 0. Nothing was changed.\n"
    assert run.err == ""


def test_a_finding_has_five_parts_on_stdout(faulty: Catalog) -> None:
    run = faulty.run("check", "--select", "EP021")
    assert run.code == 1
    assert run.err == ""
    assert run.out.splitlines() == [
        "episodes/samtal/ett.md:7:26  error EP021",
        '  the chapter "Kranen" starts at 12:30, the recording ends at 0:03',
        "  why   apps drop the whole list of chapters when one lies outside",
        "  mend  change 12:30 to a time before 0:03, or remove the line",
        "",
        "Errors: 1, warnings: 0, notes: 0. Nothing was changed.",
    ]


def test_what_stands_in_no_file_begins_with_its_weight(catalog: Catalog) -> None:
    catalog.episode()
    run = catalog.run("build", "--allow", "date:samtal/tva", "--lang", "en")
    assert "warning LK030" in run.err.splitlines()


def test_it_speaks_swedish(faulty: Catalog) -> None:
    run = faulty.run("check", "--lang", "sv")
    assert "episodes/samtal/ett.md:7:26  fel EP021" in run.out
    assert "  åtgärd  ändra 12:30 till en tid före 0:03, eller ta bort raden" in run.out


def test_a_check_writes_nothing_but_its_cache(faulty: Catalog) -> None:
    before = files_of(faulty.root)
    faulty.run("check")
    assert files_of(faulty.root) == before
    assert not (faulty.root / "public").exists()
    assert not (faulty.root / "feedtool.lock").exists()


def test_a_foreign_public_folder_does_not_matter(catalog: Catalog) -> None:
    catalog.write("public/somebody.txt", "hello")
    assert catalog.run("check").code == 0


def test_warnings_exit_with_0_unless_strict(faulty: Catalog) -> None:
    arguments = ("check", "--json", "--select", "CH004")
    assert (faulty.run(*arguments).code, faulty.run(*arguments).json["ok"]) == (0, True)
    strict = faulty.run(*arguments, "--strict")
    assert (strict.code, strict.json["ok"]) == (1, False)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((), ["warning CH004 7", "error EP021 7"]),
        (("--select", "CH"), ["warning CH004 7"]),
        (("--select", "ch004", "--select", "EP"), ["warning CH004 7", "error EP021 7"]),
        (("--ignore", "EP021"), ["warning CH004 7"]),
        (("--select", "CH", "--ignore", "CH004"), []),
    ],
)
def test_codes_are_chosen_by_their_beginnings(
    arguments: tuple[str, ...], found: list[str], faulty: Catalog
) -> None:
    assert check(faulty, *arguments) == found


def test_an_exception_for_a_recording_that_is_not_here_may_be_needed(catalog: Catalog) -> None:
    assert catalog.rebuilt().ok
    ignored = "ignore:\n- {code: ME021, why: gammal}\n- {code: TR011, why: gammal}\n"
    text = (catalog.root / EPISODE).read_text(encoding="utf-8")
    catalog.write(EPISODE, text.replace("transcripts:", f"{ignored}transcripts:"))
    assert check(catalog) == ["warning CF060 8", "warning CF060 9"]
    (catalog.root / "media/samtal/ett.mp3").unlink()
    assert check(catalog) == ["warning CF060 9", "note ME052 None"]


def test_a_code_is_ignored_in_small_letters_too(faulty: Catalog) -> None:
    before = check(faulty)
    text = (faulty.root / EPISODE).read_text(encoding="utf-8")
    faulty.write(EPISODE, text.replace("\n---\n", "\nignore: [{code: ch004, why: a}]\n---\n"))
    assert check(faulty) == [one for one in before if "CH004" not in one]


TWICE = "WEBVTT\n\nA\n00:00.000 --> 00:01.000\nHej.\n\nA\n00:01.000 --> 00:02.000\nDå.\n"


def test_an_episode_sets_aside_what_its_transcripts_and_chapters_give(catalog: Catalog) -> None:
    """They have no `ignore:` of their own."""
    catalog.write("media/samtal/ett.vtt", TWICE)
    catalog.write("media/samtal/ett.json", '{"chapters": [\n{"startTime": 0}]}')
    text = (catalog.root / EPISODE).read_text(encoding="utf-8")
    named = "\nchapters: ett.json\n---\n"
    catalog.write(EPISODE, text.replace("\n---\n", named))
    assert check(catalog) == ["warning CH014 2", "warning TR008 7"]
    ignored = "\nignore: [{code: CH014, why: a}, {code: TR008, why: a}]"
    catalog.write(EPISODE, text.replace("\n---\n", ignored + named))
    assert check(catalog) == []
    assert check(catalog, "--fix") == []
    catalog.write("media/samtal/ett.vtt", "WEBVTT\n\n00:01.000 --> 00:00.500\nHej.\n")
    assert check(catalog) == ["warning CF060 8", "error TR002 3"]


@pytest.mark.parametrize(("typed", "near"), [("CH04", "CH004"), ("ep-21", "EP021")])
def test_the_nearest_codes_are_named_for_one_that_is_none(
    typed: str, near: str, catalog: Catalog
) -> None:
    text = (catalog.root / EPISODE).read_text(encoding="utf-8")
    ignored = f"\nignore: [{{code: {typed}, why: a}}]\n---\n"
    catalog.write(EPISODE, text.replace("\n---\n", ignored))
    (found,) = catalog.run("check", "--json").json["findings"]
    assert (found["code"], found["params"]["code"]) == ("CF110", typed.upper())
    assert near in found["params"]["near"].split(", ")


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("code", ["EP9999", ""])
def test_a_code_that_is_none_is_refused(code: str, option: str, faulty: Catalog) -> None:
    """Also none at all, as of a variable that is not set: all codes begin with it."""
    run = faulty.run("check", option, code)
    assert run.code == 2
    assert f'"{code}"' in run.err


def test_profiles_of_the_command_line_stand_for_those_of_the_catalog(catalog: Catalog) -> None:
    yaml = (catalog.root / "feedtool.yaml").read_text(encoding="utf-8")
    yaml = yaml.replace("categories: [Government]\n", "")
    catalog.write("feedtool.yaml", yaml.replace("[apple, spotify", "[spotify"))
    assert check(catalog, "--profile", "apple") == ["error SE020 1"]
    assert check(catalog, "--profile", "spotify") == ["warning SE020 1"]


def test_only_the_named_files_are_told(faulty: Catalog) -> None:
    faulty.write("episodes/samtal/series.yaml", "title: Samtal\nokänd: ja\n")
    assert check(faulty, EPISODE) == ["warning CH004 7", "error EP021 7"]
    assert check(faulty, "episodes/samtal/series.yaml") == ["error CF020 2"]
    assert len(check(faulty, "episodes")) == len(check(faulty, ".")) == 3


def test_what_an_episode_names_below_media_belongs_to_it(catalog: Catalog) -> None:
    catalog.write("media/samtal/ett.vtt", "WEBVTT\n\n00:01.000 --> 00:00.500\nHej.\n")
    for path in (EPISODE, "episodes/samtal", "episodes"):
        assert check(catalog, path) == ["error TR002 3"]
    assert check(catalog, "episodes/samtal/series.yaml") == []


def test_what_episodes_of_another_series_name_does_not_belong_to_it(catalog: Catalog) -> None:
    faulty = "WEBVTT\n\n00:01.000 --> 00:00.500\nHej.\n"
    catalog.series("sam", "title: Sam\ndescription: Annat.\n")
    catalog.episode("ett", "transcripts: [ett.vtt]\n", series="sam", date="2025-04-01")
    catalog.write("media/sam/ett.vtt", faulty)
    assert "error TR002 3" in check(catalog, "episodes/sam")
    assert check(catalog, EPISODE) == []


def test_a_link_is_told_by_its_own_name(faulty: Catalog) -> None:
    (faulty.root / "episodes/samtal").rename(faulty.root / "samtal")
    (faulty.root / "episodes/samtal").symlink_to("../samtal")
    assert check(faulty, EPISODE) == ["warning CH004 7", "error EP021 7"]
    assert check(faulty, "episodes/samtal") == check(faulty)


@pytest.mark.parametrize("target", ["feedtool.yaml", "nowhere.md"], ids=["there", "broken"])
def test_a_link_that_leads_out_is_told_when_it_is_named(
    target: str, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "feedtool.yaml").write_text("title: A\n")
    (catalog.root / "episodes/samtal/ut.md").symlink_to(outside / target)
    assert check(catalog, "episodes/samtal/ut.md") == ["error CF053 1"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_among_the_named_files_is_not_waited_for(catalog: Catalog) -> None:
    catalog.write("media/samtal/ett.vtt", "WEBVTT\n\n00:01.000 --> 00:00.500\nHej.\n")
    os.mkfifo(catalog.root / "episodes/samtal/ror.md")
    assert check(catalog, "episodes/samtal") == ["error CF001 1", "error TR002 3"]


@pytest.mark.parametrize("path", ["episodes/samtal/hemlig.md", "episodes/samtal"])
def test_a_file_that_nobody_may_read_is_told_as_a_finding(
    path: str, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog.write("media/samtal/ett.vtt", "WEBVTT\n\n00:01.000 --> 00:00.500\nHej.\n")
    catalog.write("episodes/samtal/hemlig.md", "---\ntitle: A\n---\n")

    def not_here(call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(file: Any, *rest: Any, **named: Any) -> Any:
            if str(file).endswith("hemlig.md"):
                raise PermissionError(13, "Permission denied", str(file))
            return call(file, *rest, **named)

        return guarded

    monkeypatch.setattr(Path, "read_bytes", not_here(Path.read_bytes))
    monkeypatch.setattr("builtins.open", not_here(open))
    monkeypatch.setattr(os, "open", not_here(os.open))
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.chdir(catalog.root)
    feedtool.main(["check", path, "--json"], standalone_mode=False, obj=Settings())
    found = json.loads(capsys.readouterr().out)["findings"]
    told = ["CF001"] if path.endswith(".md") else ["CF001", "TR002"]
    assert [one["code"] for one in found] == told


@pytest.mark.parametrize("path", ["episodes/nobody.md", ".."])
def test_a_path_outside_the_catalog_is_refused(path: str, catalog: Catalog) -> None:
    assert catalog.run("check", path).code == 2


def test_notes_for_pull_requests_are_workflow_commands(faulty: Catalog) -> None:
    run = faulty.run("check", "--format", "github", "--select", "EP021")
    assert run.out == (
        "::error file=episodes/samtal/ett.md,line=7,col=26,title=EP021::"
        'the chapter "Kranen" starts at 12:30, the recording ends at 0:03%0A'
        "why: apps drop the whole list of chapters when one lies outside%0A"
        "mend: change 12:30 to a time before 0:03, or remove the line\n"
    )


@pytest.mark.parametrize(
    ("repository", "file"),
    [(".", "episodes/samtal/ett.md"), ("..", "podd/episodes/samtal/ett.md")],
)
def test_notes_for_pull_requests_name_files_as_the_repository_does(
    tmp_path: Path, faulty: Catalog, repository: str, file: str
) -> None:
    """GitHub looks for them from the top of the repository, wherever the command was run."""
    root = tmp_path / "sajt" / "podd"
    shutil.copytree(faulty.root, root)
    (root / repository / ".git").mkdir()
    run = Catalog(root).run("check", "--format", "github", "--select", "EP021")
    assert run.out.startswith(f"::error file={file},line=7,")


def test_format_json_is_the_same_as_json(faulty: Catalog) -> None:
    now = ("--now", "2026-01-01T00:00:00Z")
    assert faulty.run("check", "--format", "json", *now) == faulty.run("check", "--json", *now)


@pytest.mark.parametrize("form", [["--format", "json"], ["--format=json"]], ids=" ".join)
def test_format_json_is_so_for_a_faulty_command_line_too(form: list[str], catalog: Catalog) -> None:
    run = catalog.run("check", *form, "--nope")
    assert run == catalog.run("check", "--json", "--nope")
    assert (run.code, run.json["error"]["code"], run.err) == (2, "usage", "")


@pytest.mark.parametrize("form", ["text", "github"])
def test_json_is_one_document_whatever_format_is_named(faulty: Catalog, form: str) -> None:
    run = faulty.run("check", "--json", "--format", form, "--diff")
    assert json.loads(run.out)["counts"]["error"]
    assert run.err == ""


def test_a_second_check_reads_nothing_again(
    faulty: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it was read again")

    first = settled(faulty)
    monkeypatch.setattr("feedtool.build.build", refuse)
    assert settled(faulty).shown == first.shown
    assert [one.code for one in first.shown] == ["CH004", "EP021"]
    assert [one.place.keys for one in first.findings] == [("chapters", 0), ("chapters", 1)]


def test_a_change_is_seen_by_the_next_check(faulty: Catalog) -> None:
    faulty.age()
    assert check(faulty) == ["warning CH004 7", "error EP021 7"]
    text = (faulty.root / EPISODE).read_text(encoding="utf-8")
    faulty.write(EPISODE, text.replace("12:30", "00:02").replace("00:01", "00:00"))
    assert check(faulty) == []


def test_a_new_recording_is_seen_by_the_next_check(catalog: Catalog) -> None:
    catalog.age()
    assert check(catalog) == []
    shutil.copyfile(MEDIA / "plain.gif", catalog.root / "media/samtal/ett.mp3")
    assert check(catalog) == ["error ME005 5"]


def test_what_a_build_found_needs_no_reading_again(catalog: Catalog) -> None:
    text = (catalog.root / EPISODE).read_text(encoding="utf-8")
    catalog.write(EPISODE, text.replace("transcripts:", 'chapters: ["00:01 Sjön"]\ntranscripts:'))
    catalog.age()
    assert catalog.build().code == 0
    assert check(catalog) == ["warning CH004 7"]


def test_the_clock_decides_what_is_found(catalog: Catalog) -> None:
    catalog.age()
    assert check(catalog) == []
    run = catalog.run("check", "--json", "--now", "2025-01-01T00:00:00Z")
    assert run.codes == ["SE040"]


def test_a_series_without_any_episode_is_told(catalog: Catalog) -> None:
    catalog.series("tom", "title: Tom\ndescription: Inget ännu.\nimage: omslag.png\n")
    shutil.copytree(catalog.root / "media/samtal", catalog.root / "media/tom")
    found = catalog.run("check", "--json", "--now", "2026-01-01T00:00:00Z").json["findings"]
    files = [one["file"] for one in found if one["code"] == "SE040"]
    assert files == ["episodes/tom/series.yaml"]
