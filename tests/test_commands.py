"""explain, schema, status, and the habits all commands share."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from docs import reference
from feedtool.cli.main import COMMANDS, _run, feedtool
from feedtool.cli.options import Settings

from .catalogs import MEDIA, REPOSITORY, Catalog, Run, a_catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return a_catalog(tmp_path)


def test_options_of_every_command_are_taken_after_each() -> None:
    shared = {one.name for one in feedtool.params} - {"version"}
    for name in COMMANDS:
        command = feedtool.get_command(click.Context(feedtool), name)
        assert command is not None
        assert shared <= {one.name for one in command.params}
    assert "`--version` stands alone" in reference.pages()["commands.md"]


def test_explain_gives_message_reason_and_remedy(catalog: Catalog) -> None:
    run = catalog.run("explain", "ep020")
    assert run.code == 0
    assert run.out.startswith("EP020  error")
    assert "why" in run.out
    assert "mend" in run.out


def test_explain_without_a_code_lists_every_code(catalog: Catalog) -> None:
    from feedtool.codes import every_code

    run = catalog.run("explain")
    assert [line.split()[0] for line in run.out.splitlines()] == [c.id for c in every_code()]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("EP0200", "EP020"), ("ep02o", "EP020"), ("CHOO1", "CH001"), ("EP02", "EP02")],
)
def test_explain_guesses_a_mistyped_code(catalog: Catalog, typed: str, meant: str) -> None:
    run = catalog.run("explain", typed)
    assert run.code == 2
    assert f"did you mean {meant}" in run.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "a" * 300], 2),
        (["publish", "a" * 300, "--yes"], 2),
        (
            [
                "init",
                "a" * 300,
                "--title",
                "A",
                "--base-url",
                "a.example",
                "--email",
                "a@b.example",
            ],
            5,
        ),
    ],
    ids=["check", "publish", "init"],
)
def test_a_name_that_no_file_can_have_is_told(
    catalog: Catalog, arguments: list[str], code: int
) -> None:
    catalog.episode("ett")
    run = catalog.run(*arguments, "--json")
    assert (run.code, run.json["ok"], run.err) == (code, False, "")


def test_a_file_that_the_system_does_not_give_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "media/samtal")

    monkeypatch.setattr(feedtool, "main", refused)
    monkeypatch.setenv("FEEDTOOL_LANG", "en")
    assert _run(Settings()) == 5
    assert "media/samtal could not be written or read: Permission denied" in capsys.readouterr().err


def test_a_fault_of_feedtool_itself_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no file of anybody's")

    monkeypatch.setattr(feedtool, "main", broken)
    with pytest.raises(OSError, match="anybody"):
        _run(Settings())


def test_a_time_that_is_empty_is_told_as_it_is(catalog: Catalog) -> None:
    run = catalog.run("status", "--now", "")
    assert (run.code, '--now: "" is not a time' in run.err) == (2, True)


def test_nothing_slow_is_imported_before_ctrl_c_is_taken_care_of() -> None:
    program = "import sys; import feedtool.__main__; sys.exit('typing' in sys.modules)"
    run = subprocess.run([sys.executable, "-S", "-c", program], cwd=REPOSITORY, check=False)
    assert run.returncode == 0


@pytest.mark.parametrize("kind", ["feedtool.yaml", "series.yaml", "episode"])
def test_schema_prints_a_json_schema_of_each_kind(catalog: Catalog, kind: str) -> None:
    schema = json.loads(catalog.run("schema", kind).out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["additionalProperties"] is False
    assert schema["properties"]["title"]["description"]


def test_schema_without_a_kind_prints_all_three(catalog: Catalog) -> None:
    schemas = json.loads(catalog.run("schema").out)
    assert list(schemas) == ["feedtool.yaml", "series.yaml", "episode"]


def test_status_tells_due_scheduled_and_draft(catalog: Catalog) -> None:
    catalog.episode("ett", date="2025-01-01 09:00")
    catalog.episode("tva", date="2027-01-01 09:00")
    catalog.write("episodes/samtal/tre.md", "---\ntitle: Utkast\nstatus: draft\n---\n")
    run = catalog.run("status", "--json", "--now", "2026-01-01T00:00:00Z")
    (series,) = run.json["series"]
    assert [(e["episode"], e["state"], e["date"]) for e in series["episodes"]] == [
        ("samtal/ett", "due", "2025-01-01T09:00:00+01:00"),
        ("samtal/tva", "scheduled", "2027-01-01T09:00:00+01:00"),
        ("samtal/tre", "draft", None),
    ]


def test_status_needs_no_recordings(catalog: Catalog) -> None:
    catalog.episode("ett", fixture="")
    assert catalog.run("status").code == 0


@pytest.mark.parametrize("order", ["before", "after"])
def test_global_options_stand_before_or_after_the_command(catalog: Catalog, order: str) -> None:
    catalog.episode()
    arguments = ["--json", "status"] if order == "before" else ["status", "--json"]
    assert catalog.run(*arguments).json["ok"] is True


def test_the_catalog_is_found_from_a_folder_inside_it(catalog: Catalog) -> None:
    catalog.episode()
    inside = Catalog(catalog.root / "episodes" / "samtal")
    assert inside.run("status", "--json").code == 0


def test_no_catalog_gives_exit_3_and_says_where_it_looked(tmp_path: Path) -> None:
    run = Catalog(tmp_path).run("build", "--json")
    assert run.code == 3
    assert run.json["error"]["code"] == "no-catalog"
    assert str(tmp_path) in run.json["error"]["message"]
    assert "or start one:  feedtool init" in run.json["error"]["mend"]


@pytest.mark.parametrize("name", ["feedtool.yml", "Feedtool.yaml", "feedtool.yaml.txt"])
def test_a_catalog_under_a_name_that_is_not_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("title: Nordvik\n", "utf-8")
    (tmp_path / "episodes").mkdir()
    run = Catalog(tmp_path / "episodes").run("build", "--json")
    assert run.code == 3
    assert run.json["error"]["message"] == f'"{tmp_path / name}" is not read'
    assert run.json["error"]["mend"] == "rename it to  feedtool.yaml"


def test_a_wrong_command_line_gives_exit_2_and_one_json_document(catalog: Catalog) -> None:
    run = catalog.run("build", "--json", "--nonsense")
    assert run.code == 2
    assert run.json["error"]["code"] == "usage"


def test_help_begins_with_an_example(catalog: Catalog) -> None:
    for arguments in (["--help"], ["build", "--help"], ["status", "--help"]):
        run = catalog.run(*arguments)
        assert run.code == 0
        assert run.out.index("Example") < run.out.index("Options")


def test_help_imports_no_library_but_click(catalog: Catalog) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "feedtool", "--help"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & {
        "pydantic",
        "pydantic_core",
        "lxml",
        "feedgen",
        "mutagen",
        "yaml",
        "rich",
        "PIL",
    }


def test_findings_go_to_stderr_and_results_to_stdout(catalog: Catalog) -> None:
    catalog.episode(more="titel: Fel\n")
    run = catalog.run("build")
    assert run.code == 1
    assert run.out == ""
    assert 'episodes/samtal/ett.md:6:1  error CF020\n  "titel:" is not known here\n' in run.err


@pytest.mark.parametrize("command", ["build", "check", "doctor"])
def test_no_colour_reaches_a_pipe_or_a_terminal_with_no_color(
    command: str, catalog: Catalog
) -> None:
    catalog.episode(more="titel: Fel\n")
    main, terminal = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "feedtool", command, "--plain"],
            cwd=catalog.root,
            stderr=terminal,
            stdout=terminal,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"},
            check=False,
        )
        assert b"\x1b" not in os.read(main, 65536)
    finally:
        os.close(main)
        os.close(terminal)


def test_the_language_is_the_catalogs_unless_chosen(catalog: Catalog) -> None:
    catalog.episode(more="titel: Fel\n")
    swedish = catalog.run("build", env={"FEEDTOOL_LANG": ""})
    assert "fel CF020" in swedish.err
    english = catalog.run("build", "--lang", "en", env={"FEEDTOOL_LANG": ""})
    assert "error CF020" in english.err


def test_the_version_is_a_json_document_too(tmp_path: Path) -> None:
    number = version("feedtool")
    assert Catalog(tmp_path).run("--version").out.endswith(f", version {number}\n")
    for arguments in (["--json", "--version"], ["--version", "--json"]):
        document = Catalog(tmp_path).run(*arguments).json
        own = reference.ANSWERS["feedtool --version"]
        assert list(document) == [*reference.ANSWERS["Every command"], *own]
        assert (document["version"], document["ok"], document["feedtool"]) == (1, True, number)


# --- streams that are closed, or take nothing more -----------------------------------------------


def piped(catalog: Catalog, arguments: str, redirected: str) -> Run:
    """feedtool as a shell starts it, its streams redirected."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m feedtool {arguments} {redirected}', sys.executable],
        cwd=catalog.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("init neu", "error  --title is missing\n"),
        (f"new {MEDIA / 'vbr.mp3'} --series samtal", "error  --title is missing\n"),
        ("publish file://$PWD/www", "error  nobody can be asked whether to go ahead\n"),
    ],
    ids=["init", "new", "publish"],
)
def test_a_closed_stdin_is_as_no_terminal(catalog: Catalog, arguments: str, told: str) -> None:
    catalog.episode()
    run = piped(catalog, arguments, "<&-")
    assert told in run.err
    assert run.code == 2


def test_a_closed_stdout_keeps_the_exit_code(catalog: Catalog) -> None:
    catalog.episode()
    assert piped(catalog, "check", ">&-").code == 0
    assert piped(catalog, "check nope", ">&-").code == 2
    catalog.episode(more="titel: Fel\n")
    assert piped(catalog, "check", ">&-") == Run(1, "", "")


def test_a_closed_stderr_keeps_the_result(catalog: Catalog) -> None:
    catalog.episode()
    assert piped(catalog, "status", "2>&-").out == catalog.run("status").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("check", 0),
        ("build", 0),
        ("--help", 0),
        ("--version", 0),
        ("--json check", 0),
        ("--json check nope", 2),
        ("--json nope", 2),
        ("--json --root nowhere check", 2),
    ],
)
def test_a_reader_who_had_enough_changes_no_exit_code(
    catalog: Catalog, arguments: str, code: int
) -> None:
    catalog.episode()
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "feedtool", *arguments.split()],
            cwd=catalog.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
            stdout=writer,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_a_publish_goes_on_when_nobody_reads_what_it_says(catalog: Catalog) -> None:
    catalog.episode()
    piped(catalog, "publish file://$PWD/www --yes", "2>&1 | true")
    assert (catalog.root / "www/samtal/feed.xml").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("arguments", ["status", "--json status", "--json check nope", "--help"])
def test_a_result_that_finds_no_room_is_told_in_words(catalog: Catalog, arguments: str) -> None:
    catalog.episode()
    run = piped(catalog, arguments, ">/dev/full")
    assert run.code == 5
    assert "error  stdout could not be written or read: No space left on device\n" in run.err
    assert "Traceback" not in run.err
