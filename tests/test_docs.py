"""The documentation tells the truth: examples are run, the reference is what the code says."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from docs import reference
from docs.examples import NOW, PAGES, REPOSITORY, agree, disagreements, examples, steps, with_keys
from feedtool.cli.main import COMMANDS, feedtool
from feedtool.cli.options import Settings
from feedtool.order import Order, Outcome
from feedtool.rebuild import rebuild

from .catalogs import CATALOG, Catalog, a_catalog
from .test_structure import FLOORS, PACKAGE

TEXTS = {page: (REPOSITORY / page).read_text("utf-8") for page in PAGES}
REFERENCE = {f"docs/reference/{name}": text for name, text in reference.pages().items()}
SETUP = ("python3 -m venv .venv", ". .venv/bin/activate", "pip install .")
"""Commands that need the network, or a shell of one's own."""


# --- the examples ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page, text in TEXTS.items() if "```console" in text])
def test_commands_print_what_the_page_says(page: str, tmp_path: Path) -> None:
    told = [
        "\n".join([f"$ {done.command}", *done.printed])
        for _, claimed, real in disagreements(TEXTS[page], tmp_path)
        for said, done in zip(claimed, real, strict=True)
        if not agree(done.printed, said.printed)
    ]
    assert not told, f"{page}: run `make reference`. Now:\n" + "\n".join(told)


@pytest.mark.parametrize("page", TEXTS)
def test_no_example_leaves_everything_open(page: str) -> None:
    claims = [
        step.printed
        for example in examples(TEXTS[page])
        if example.kind == "console"
        for step in steps(example.lines)
    ]
    assert ("...",) not in claims


def test_the_readme_names_every_command() -> None:
    table = TEXTS["README.md"].partition("## What it does today")[2].partition("\n## ")[0]
    named = set(re.findall(r"`feedtool ([a-z0-9-]+)", table))
    assert named >= set(COMMANDS)


def test_every_page_is_found_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(([\w/.-]+\.md)\)", TEXTS["README.md"]))
    assert linked >= {*PAGES, *REFERENCE} - {"README.md"}


@pytest.mark.parametrize("page", [*TEXTS, *REFERENCE])
def test_links_lead_somewhere(page: str) -> None:
    everything = TEXTS | REFERENCE
    lost = []
    for path, anchor in re.findall(r"\]\((?!https?:|mailto:|\.\./minutes)([^)#]*)#?([^)]*)\)",
                                   _without_examples(everything[page])):  # fmt: skip
        target = (REPOSITORY / page).parent.joinpath(path).resolve() if path else REPOSITORY / page
        name = target.relative_to(REPOSITORY).as_posix()
        if not target.exists() or (anchor and anchor not in _anchors(everything[name])):
            lost.append(f"{path}#{anchor}")
    assert not lost


def _without_examples(text: str) -> str:
    return re.sub(r"^```\w*\n.*?^```$", "", text, flags=re.M | re.S)


def _anchors(text: str) -> set[str]:
    """The anchors of headings, as web sites for git make them."""
    headings = re.findall(r"^#+ (.*)$", _without_examples(text), re.M)
    return {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}


def _commands_in_prose() -> list[str]:
    everything = "\n".join([*TEXTS.values(), *REFERENCE.values()])
    shown = re.findall(r"`(feedtool [^`\n]+)`", everything)
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", everything, re.M | re.S)
    pictures = "".join(text for language, text in blocks if not language)
    in_help = re.findall(r"^(feedtool (?!.*\[OPTIONS\]).+)$", pictures, re.M)
    return sorted({*shown, *in_help})


@pytest.mark.parametrize("line", _commands_in_prose())
def test_commands_in_prose_exist_with_their_options(line: str) -> None:
    name, *arguments = shlex.split(line.partition(" > ")[0])[1:]
    command = feedtool.get_command(click.Context(feedtool), name)
    assert command is not None
    command.make_context(name, arguments, obj=Settings())


def test_every_code_of_an_error_is_in_the_reference() -> None:
    sources = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    codes = set(re.findall(r'^    code(?:: ClassVar\[str\])? = "([a-z-]+)"', sources, re.M))
    told = set(re.findall(r"\| `([a-z-]+)` \|$", REFERENCE["docs/reference/answers.md"], re.M))
    assert told == codes


@pytest.mark.parametrize("page", [page for page, text in TEXTS.items() if "make " in text])
def test_make_has_the_named_targets(page: str) -> None:
    targets = set(re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"(?:^|`)make (\w+)(?:$|`)", TEXTS[page], re.M)) <= targets


@pytest.mark.parametrize("page", [page for page, text in TEXTS.items() if "```sh" in text])
def test_only_setting_up_is_not_run(page: str) -> None:
    lines = [line for one in examples(TEXTS[page]) if one.kind == "sh" for line in one.lines]
    assert not [line for line in lines if line not in SETUP and not line.startswith("make ")]


def _rooms_told() -> list[str]:
    page = TEXTS["docs/explanation/structure.md"]
    return re.findall(r"^(\w+(?:/|\.py))  ", page.partition("```\n")[2], re.M)


def test_the_structure_is_told_whole() -> None:
    rooms = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or any(path.glob("*.py"))
    }
    assert set(_rooms_told()) == rooms - {"__init__.py", "__main__.py"}


def test_the_structure_is_told_from_the_top() -> None:
    height = {name: floor for floor, names in enumerate(FLOORS) for name in names}
    told = [height[name.removesuffix(".py").rstrip("/")] for name in _rooms_told()]
    assert told == sorted(told, reverse=True)


# --- the reference ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", REFERENCE)
def test_the_reference_is_what_the_code_says(path: str) -> None:
    assert (REPOSITORY / path).read_text("utf-8") == REFERENCE[path], "run `make reference`"


def test_nothing_else_lies_in_the_reference() -> None:
    assert {path.name for path in reference.FOLDER.iterdir()} == set(reference.pages())


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A catalog with one warning: its series has no category."""
    catalog = a_catalog(tmp_path_factory.mktemp("faulty"), series="title: Samtal\n")
    catalog.episode()
    return catalog


@pytest.mark.parametrize("command", ["build", "explain", "schema", "status"])
def test_json_has_the_keys_of_the_reference(command: str, faulty: Catalog) -> None:
    document = faulty.run(command, "--json").json
    own = reference.ANSWERS[f"feedtool {command}"]
    assert list(document) == [*reference.ANSWERS["Every command"], *own]


def keys(text: str) -> list[str]:
    """Those of a table's cell: "list of {code, file}: ..."."""
    return text.partition("{")[2].partition("}")[0].split(", ")


def test_mending_and_publishing_tell_the_keys_of_the_reference(
    tmp_path: Path,
) -> None:
    mended = a_catalog(tmp_path / "catalog")
    mended.episode(more="language: sv_SE\n")
    document = mended.run("check", "--fix", "--json").json
    told = reference.ANSWERS["feedtool check"]
    assert list(document) == [*reference.ANSWERS["Every command"], *told]
    assert [list(one) for one in document["fixed"]] == [keys(told["fixed"])]
    target = f"file://{tmp_path / 'www'}"
    document = mended.run("publish", target, "--yes", "--json").json
    told = reference.ANSWERS["feedtool publish"]
    assert list(document) == [*reference.ANSWERS["Every command"], *told]
    assert list(document["files"]) == keys(told["files"])
    assert [list(one) for one in document["subscribers"].values()] == [keys(told["subscribers"])]


def test_findings_in_json_have_the_keys_of_the_reference(faulty: Catalog) -> None:
    findings = faulty.build("--dry-run").json["findings"]
    assert {tuple(one) for one in findings} == {tuple(reference.ANSWERS["A finding"])}


def test_errors_in_json_have_the_keys_of_the_reference(faulty: Catalog, tmp_path: Path) -> None:
    error = faulty.run("explain", "XX999", "--json").json["error"]
    assert list(error) == [key for key in reference.ANSWERS["An error"] if key != "done"]
    sound = a_catalog(tmp_path / "sound")
    sound.episode()
    target = f"file://{sound.write('file', '')}/below"
    error = sound.run("publish", target, "--yes", "--json").json["error"]
    assert list(error) == list(reference.ANSWERS["An error"])


def _build(root: Path) -> Outcome:
    now = datetime.fromtimestamp(int(NOW), UTC)
    return rebuild(Order(root=root, now=now), lambda done, total: None)


def _without_key(path: Path, key: str) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{key}:")]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), "utf-8")


@pytest.mark.parametrize(("kind", "key"), reference.NEEDED, ids=" ".join)
def test_needed_keys_are_needed(kind: str, key: str, tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    episode = catalog.episode()
    _without_key(tmp_path / "feedtool.yaml" if kind == "feedtool.yaml" else episode, key)
    assert not _build(tmp_path).ok


_NOT_BUILT_SAID = {
    "hosts": "hosts: {one: {kind: any, url: 'https://host.example/'}}\n",
    "pubnotify": "pubnotify: true\n",
    "targets": "targets: {one: {url: 'file:///srv/podd'}}\n",
}


@pytest.mark.parametrize("key", sorted(reference.NOT_BUILT))
def test_keys_of_other_commands_change_nothing_that_is_built(key: str, tmp_path: Path) -> None:
    built: list[dict[str, Any]] = []
    for name, said in (("without", ""), ("with", _NOT_BUILT_SAID[key])):
        catalog = a_catalog(tmp_path / name, catalog=CATALOG + said)
        catalog.episode()
        assert _build(catalog.root).ok
        built.append(catalog.public())
    assert built[0] == built[1]


# --- how examples are read -------------------------------------------------------------------


def test_a_block_that_names_no_file_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2: the yaml block names no file"):
        examples("```yaml\ntitle: One\n```\n")


def test_some_keys_replace_their_like_and_follow_the_others() -> None:
    text = "---\ntitle: One\npeople:\n  - {name: A}\ndate: 2025-01-01\n---\nNotes\n"
    assert with_keys(text, ["people: []", "tags: [x]"]) == (
        "---\ntitle: One\npeople: []\ndate: 2025-01-01\ntags: [x]\n---\nNotes\n"
    )


@pytest.mark.parametrize(
    ("claimed", "printed", "agrees"),
    [
        ("a b", "a b", True),
        ("a b", "a b c", False),
        ("a b", "a", False),
        ("a ... c", "a b b c", True),
        ("a ... c", "a c", True),
        ("a ... c", "a b", False),
        (".", "b", False),
    ],
)
def test_dots_stand_for_any_lines(claimed: str, printed: str, agrees: bool) -> None:
    assert agree(printed.split(), claimed.split()) is agrees
