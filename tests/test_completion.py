"""feedtool completion: scripts for shells, and what they are offered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .catalogs import REPOSITORY, Catalog, a_catalog
from .outside import program


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    made = a_catalog(tmp_path)
    made.episode("ett")
    made.episode("tva")
    made.series("moten")
    return made


def offered(catalog: Catalog, *words: str) -> list[str]:
    """What bash would be told, without the kind."""
    told = catalog.run(env={
        "_FEEDTOOL_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["feedtool", *words]),
        "COMP_CWORD": str(len(words)),
    })  # fmt: skip
    assert told.err == ""
    return [line.partition(",")[2] for line in told.out.splitlines() if line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_gets_a_script_and_is_told_where_to_put_it(
    catalog: Catalog, shell: str
) -> None:
    run = catalog.run("completion", shell)
    assert run.code == 0
    assert f"{shell}_complete" in run.out
    assert f"feedtool completion {shell} >" in run.err


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_new_account_has_no_folder_for_scripts_yet(catalog: Catalog, shell: str) -> None:
    told = catalog.run("completion", shell).err
    line = told.partition("every shell:")[2]
    folder = line.partition("mkdir -p ")[2].partition(" && ")[0]
    assert folder
    assert f" > {folder}/feedtool" in line


def test_commands_are_offered(catalog: Catalog) -> None:
    assert offered(catalog, "do") == ["doctor"]
    assert {"init", "new", "check", "build"} <= set(offered(catalog, ""))


def test_options_are_offered(catalog: Catalog) -> None:
    assert offered(catalog, "new", "--su") == ["--summary"]


def test_codes_of_findings_are_offered(catalog: Catalog) -> None:
    assert "EP020" in offered(catalog, "explain", "ep02")
    assert "EP020" in offered(catalog, "check", "--select", "EP02")


def test_series_are_offered(catalog: Catalog) -> None:
    assert offered(catalog, "new", "--series", "s") == ["samtal"]


def test_people_are_offered(catalog: Catalog) -> None:
    with (catalog.root / "feedtool.yaml").open("a", encoding="utf-8") as file:
        file.write("people: {elin-berg: {name: Elin Berg}}\n")
    assert offered(catalog, "new", "--person", "el") == ["elin-berg:guest", "elin-berg:host"]


@pytest.mark.parametrize("begun", ["episodes/sam", "samtal/"])
def test_episodes_are_offered(catalog: Catalog, begun: str) -> None:
    assert offered(catalog, "check", begun) == ["episodes/samtal/ett.md", "episodes/samtal/tva.md"]


def test_outside_of_a_catalog_there_is_nothing_to_offer(tmp_path: Path) -> None:
    assert offered(Catalog(tmp_path), "new", "--series", "") == []


def test_bash_completes(catalog: Catalog, tmp_path: Path) -> None:
    bash = program("bash", "apt-get install bash")
    command = tmp_path / "feedtool"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedtool "$@"\n', "utf-8")
    command.chmod(0o755)
    script = (
        'eval "$(feedtool completion bash 2>/dev/null)"\n'
        "COMP_WORDS=(feedtool check episodes/samtal/e); COMP_CWORD=2\n"
        "_feedtool_completion feedtool\n"
        'echo "${COMPREPLY[@]}"\n'
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [bash, "-c", script],
        cwd=catalog.root,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["episodes/samtal/ett.md"]


def test_powershell_is_told_value_and_help(catalog: Catalog) -> None:
    told = catalog.run(env={
        "_FEEDTOOL_COMPLETE": "powershell_complete",
        "COMP_LINE": "feedtool expl",
        "COMP_WORD": "expl",
    })  # fmt: skip
    assert told.out == "explain\twhat a finding means\n"


def test_little_is_imported_to_offer_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "feedtool"],
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "_FEEDTOOL_COMPLETE": "bash_complete",
            "COMP_WORDS": "feedtool d",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "feedtool.cli.main" in imported
    assert not {"pydantic_core", "mutagen", "yaml", "feedtool.cli.build"} & imported
