"""Whatever feedtool says to a person, it says in Swedish too."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog as Texts
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import feedtool.errors
from feedtool.cli.options import Settings
from feedtool.codes import every_code
from feedtool.console import FOREIGN, Console
from feedtool.errors import FeedtoolError, WriteError
from feedtool.finding import Code, Finding, Place, Severity
from feedtool.language import LANGUAGES
from feedtool.lock.allow import parse_allow
from feedtool.read.text import CF001
from feedtool.read.unfit import CF022
from feedtool.read.unknown import CF020
from feedtool.read.yaml_faults import CF010

from .catalogs import CATALOG, Catalog, a_catalog

PACKAGE = Path(feedtool.errors.__file__).parent
SWEDISH = PACKAGE / "locale" / "sv" / "LC_MESSAGES"

ERRORS = {
    name
    for name, kind in vars(feedtool.errors).items()
    if isinstance(kind, type) and issubclass(kind, FeedtoolError)
}
SHOWN = {"text", "progress"}  # of the console: their first argument is translated


@cache
def extracted() -> frozenset[str]:
    """Every text that the sources mark with N_, and templates with _."""
    with (PACKAGE.parent / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        str(PACKAGE), methods, options, keywords={"N_": None, "_": None}, comment_tags=()
    )
    return frozenset(str(message) for _, _, message, _, _ in found)


@cache
def translated() -> dict[str, str]:
    """The Swedish of every text, as feedtool.po says it; unsure entries left out."""
    with (SWEDISH / "feedtool.po").open("rb") as file:
        return plain(read_po(file, locale="sv"))


def plain(texts: Texts) -> dict[str, str]:
    return {
        str(one.id): str(one.string) for one in texts if one.id and one.string and not one.fuzzy
    }


def names(template: str) -> set[str]:
    """The placeholders of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@cache
def marked() -> frozenset[str]:
    """Every text in a call of N_, wherever it stands: Babel does not look into f"..."."""
    trees = (ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return frozenset(
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "N_"
    )


# --- the files ---------------------------------------------------------------------------------


def test_every_mark_is_where_babel_finds_it() -> None:
    assert marked() - extracted() == set()


def test_the_template_holds_every_marked_text() -> None:
    with (PACKAGE / "locale" / "feedtool.pot").open("rb") as file:
        assert {str(one.id) for one in read_po(file) if one.id} == extracted()


def test_every_marked_text_has_a_swedish_translation() -> None:
    assert set(translated()) == extracted()


def test_the_compiled_texts_are_those_of_the_po_file() -> None:
    with (SWEDISH / "feedtool.po").open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file, locale="sv"))
    compiled.seek(0)
    with (SWEDISH / "feedtool.mo").open("rb") as file:
        assert plain(read_mo(file)) == plain(read_mo(compiled))


# --- the texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", every_code(), ids=lambda code: code.id)
@pytest.mark.parametrize("part", ["message", "why", "mend"])
def test_every_finding_is_translated(code: Code, part: str) -> None:
    assert getattr(code, part) in translated()


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = {
        text: other
        for text, other in translated().items()
        if text not in FOREIGN and names(text) != names(other)
    }
    assert wrong == {}


@pytest.mark.parametrize("braces", ["{{", "}}"])
def test_doubled_braces_stay_doubled(braces: str) -> None:
    wrong = {
        text: other
        for text, other in translated().items()
        if text.count(braces) != other.count(braces)
    }
    assert wrong == {}


def test_options_files_and_folders_keep_their_names() -> None:
    kept = re.compile(
        r"--[a-z][a-z-]*|feedtool (?:build|explain)\b|\b(?:feedtool\.yaml|series\.yaml"
        r"|feedtool\.lock|SOURCE_DATE_EPOCH)\b|\b(?:public|episodes|media)/"
    )
    wrong = {
        text: other
        for text, other in translated().items()
        if sorted(kept.findall(text)) != sorted(kept.findall(other))
    }
    assert wrong == {}


def test_keys_to_write_keep_their_names() -> None:
    """Two spaces set off what is to be typed: a key there is the same in every language."""
    typed = re.compile(r"  ([a-z_]+:)")
    wrong = {
        text: other
        for text, other in translated().items()
        if sorted(typed.findall(text)) != sorted(typed.findall(other))
    }
    assert wrong == {}


# --- nothing is said unmarked ------------------------------------------------------------------


def unmarked(node: ast.AST) -> Iterator[str]:
    """Words of a language in an expression that no N_ stands around."""
    if isinstance(node, ast.Call):
        return
    if isinstance(node, ast.JoinedStr):
        yield ast.unparse(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.search("[a-z]{2}", re.sub(r"\{.*?\}", "", node.value)):
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from unmarked(node.body)
        yield from unmarked(node.orelse)


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_errors_and_results_are_marked_for_translation(path: Path) -> None:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        if called in ERRORS:
            found += [words for argument in node.args for words in unmarked(argument)]
        elif called in SHOWN and ast.unparse(node.func).startswith("console."):
            found += unmarked(node.args[0])
    assert found == []


# --- what a person reads -----------------------------------------------------------------------


@pytest.mark.parametrize("severity", list(Severity))
def test_severities_have_a_swedish_word(severity: Severity) -> None:
    assert Console(language="sv").text(severity) == {
        "error": "fel", "warning": "varning", "note": "notis", "off": "av",
    }[severity]  # fmt: skip


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (CF022.at(Place(""), key="tags", expected="a list", example=""), "en lista"),
        (CF010.at(Place(""), problem="did not find expected key"), "ett nytt ord med ett kolon"),
        (CF001.at(Place(""), reason="Permission denied"), "åtkomst nekas"),
    ],
    ids=["ours", "of libyaml", "of the system"],
)
def test_words_inside_a_message_are_translated_too(finding: Finding, words: str) -> None:
    assert words in finding.shown().text("message", Console(language="sv").text)


def test_the_reason_of_an_error_is_translated(capsys: pytest.CaptureFixture[str]) -> None:
    error = WriteError("{path}: {reason}", path="a", reason="No space left on device")
    Console(language="sv").error(error)
    assert capsys.readouterr().err == "fel  a: disken är full\n"


@pytest.mark.parametrize("key", ["note", "error", "draft", "why"])
def test_what_a_person_wrote_is_never_translated(key: str) -> None:
    shown = CF020.at(Place(""), key=key, nearest="why").shown()
    told = shown.text("message", Console(language="sv").text)
    assert told.startswith(f'"{key}:" ')
    assert " why; " in shown.text("mend", Console(language="sv").text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["media", "nonsense"])
def test_errors_of_the_command_line_can_be_told(text: str, language: str) -> None:
    with pytest.raises(FeedtoolError) as caught:
        parse_allow(text)
    told = Console(language=language).text(caught.value.message, **caught.value.params)
    assert f'"{text}"' in told
    assert (told == str(caught.value)) == (language == "en")


# --- which language ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("catalog_language", "arguments", "chosen", "word"),
    [
        ("sv", [], "", "filer skrivna"),
        ("sv-FI", [], "", "filer skrivna"),
        ("en", [], "", "files written"),
        ("sv", ["--lang", "en"], "", "files written"),
        ("sv", [], "en", "files written"),
        ("en", ["--lang", "sv"], "en", "filer skrivna"),
    ],
    ids=["catalog", "region", "English catalog", "option", "environment", "option first"],
)
def test_build_speaks_the_language_chosen_or_the_catalogs(
    tmp_path: Path, catalog_language: str, arguments: list[str], chosen: str, word: str
) -> None:
    text = CATALOG.replace("language: sv", f"language: {catalog_language}")
    catalog = a_catalog(tmp_path, text)
    catalog.episode()
    run = catalog.run("build", *arguments, env={"FEEDTOOL_LANG": chosen})
    assert (run.code, word in run.out) == (0, True)


@pytest.mark.parametrize("command", ["explain", "status"])
def test_other_commands_speak_the_catalogs_language(tmp_path: Path, command: str) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode()
    run = catalog.run(command, env={"FEEDTOOL_LANG": ""})
    assert re.search("avsnitt|schemalagda", run.out)


@pytest.mark.parametrize(
    "text",
    ["language: sv\n", "title: A\nlanguage:   'sv'  # svenska\n", "\ufefflanguage: sv\n",
     "language: sv\r\ntitle: : broken\r\n"],
    ids=["first", "quoted", "with a byte order mark", "in a broken file"],
)  # fmt: skip
def test_errors_before_reading_speak_the_catalogs_language(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FEEDTOOL_LANG", raising=False)
    Catalog(tmp_path).write("feedtool.yaml", text)
    settings = Settings()
    settings.root = tmp_path
    settings.find_root()
    assert settings.console().text("error") == "fel"


def test_a_language_that_is_not_spoken_gives_english() -> None:
    assert Console(language="fi").text("error") == "error"


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "fel"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "sv_FI"}, "fel"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "C"}, "error"),
        ({"LANG": "Swedish_Sweden.1252"}, "fel"),
        ({"LANG": "C.UTF-8"}, "error"),
        ({}, "error"),
    ],
)
def test_the_system_says_the_language_where_nothing_else_does(
    variables: dict[str, str], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FEEDTOOL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))  # none of them is installed
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Console().text("error") == word


def test_windows_says_its_language_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FEEDTOOL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: ("Swedish_Sweden", "1252"))
    assert Console().text("error") == "fel"
