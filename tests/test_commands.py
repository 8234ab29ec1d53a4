"""explain, schema, status, and the habits all commands share."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from docs import reference

from .catalogs import REPOSITORY, Catalog, a_catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return a_catalog(tmp_path)


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


def test_explain_guesses_a_mistyped_code(catalog: Catalog) -> None:
    run = catalog.run("explain", "EP0200")
    assert run.code == 2
    assert "EP020" in run.err


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


def test_no_colour_reaches_a_pipe_or_a_terminal_with_no_color(catalog: Catalog) -> None:
    catalog.episode(more="titel: Fel\n")
    main, terminal = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "feedtool", "build", "--plain"],
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
