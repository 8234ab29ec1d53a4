"""The JSON Schemas against files as editors read them: what a check accepts, no editor marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ruamel.yaml import YAML

from feedtool.finding import Finding, Place, has_errors
from feedtool.read.kinds import KINDS
from feedtool.read.podcast import resolve_tags
from feedtool.read.schema import json_schema, validate
from feedtool.read.yaml_tree import read_tree

from .case_files import HERE, cases, lay_out, name_of, read_case
from .catalogs import REPOSITORY

NAMES = {"feedtool.yaml": "feedtool.yaml", "series.yaml": "series.yaml"}
SCHEMAS = {kind: jsonschema.Draft202012Validator(json_schema(kind)) for kind in KINDS}


def in_1_2(text: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(text)


VERSIONS = pytest.mark.parametrize("read", [in_1_2, yaml.safe_load], ids=["YAML 1.2", "YAML 1.1"])
"""In 1.1 `no` is an answer; programs still read it so."""


def in_json(value: Any) -> Any:
    """A day is a text there, and so is every key."""
    if isinstance(value, dict):
        return {str(key): in_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [in_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def marks(root: Path, read: Callable[[str], Any]) -> Iterator[str]:
    """What an editor would mark in the files of a catalog."""
    for path in [root / "feedtool.yaml", *sorted(root.glob("episodes/*/*"))]:
        kind = "episode" if path.suffix == ".md" else NAMES.get(path.name)
        if kind is None or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8-sig", "replace")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if kind == "episode":
            text = text.partition("\n---")[0].removeprefix("---")
        for error in SCHEMAS[kind].iter_errors(in_json(read(text))):
            yield f"{path}: {[*error.path]} {error.message}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_of_json_schema(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(kind))


@VERSIONS
@pytest.mark.parametrize(
    "root", [REPOSITORY, *(HERE / "cases").glob("*/")], ids=lambda root: root.name
)
def test_the_shipped_catalog_has_no_marks(root: Path, read: Callable[[str], Any]) -> None:
    assert [*marks(root, read)] == []


SPLIT = "odd/series/twice-a-week"
"""An rrule with bare commas in braces: other readers of YAML end it there."""


@VERSIONS
@pytest.mark.parametrize(
    "path", [path for path in cases("odd") if name_of(path) != SPLIT], ids=name_of
)
def test_what_only_looks_wrong_has_no_marks(
    path: Path, read: Callable[[str], Any], tmp_path: Path
) -> None:
    lay_out(read_case(path), tmp_path)
    assert [*marks(tmp_path, read)] == []


HEAD = "title: Ett\ndate: 2025-03-01 09:00\nmedia: ett.mp3\n"


@VERSIONS
@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("guid: 1", True), ("guid: 0x1F", True), ("tags: [2024, 1.5, no, true]", True),
        ("summary: 2025", True), ("summary: yes", True), ("summary:", True), ("tags:", True),
        ("people_only:", True), ("status:", True), ("season:", True),
        ("exempt: {reason: a, first_published: 2019}", True),
        ("language: no", True), ("links: [{url: https://a.example/, title: 2025}]", True),
        ("chapters: [00:00 A]", True), ("chapters: 2024", True),
        *((f"explicit: {word}", True) for word in
          ("true", "True", "yes", "YES", "on", "y", "t", "1", "no", "Off", "n", "f", "0")),
        ("explicit: ja", False), ("explicit: 2", False), ("explicit: [true]", False),
        ("season: 3", True), ("season: '3'", True), ("season: {number: '3'}", True),
        ("season: ' 3 '", True), ("season: 99999", True), ("season: 100000", False),
        ("season: tre", False), ("episode: 3.5", True), ("episode: '3.5'", True),
        ("episode: {number: 3, display: 3}", True), ("episode: tre", False),
        ("duration: 11", False), ("duration: 11 min", True), ("status: 1", False),
        ("people: [{name: 50, role: guest}]", True), ("people: [{name: Elin}]", False),
        ("podcast: [{tag: txt, text: 2025}]", True), ("podcast: [{tag: txt, text: no}]", True),
        ("podcast: [{tag: chat, server: irc.example.org, protocol: irc, space: 12}]", True),
        ("podcast: [{tag: socialInteract, protocol: disabled, priority: '1'}]", True),
        *((f'chapters: [{{start: "0:01", toc: {word}}}]', True) for word in
          ("false", "False", "no", "OFF", "'false'", "n", "0")),
        *((f'chapters: [{{start: "0:01", toc: {word}}}]', False) for word in ("true", "yes", "1")),
        ("sumary: A", False), ("tags: skola", False), ("summary: [a]", False),
    ],
)  # fmt: skip
def test_an_editor_and_a_check_agree(line: str, right: bool, read: Callable[[str], Any]) -> None:
    text = HEAD + line
    tree, _ = read_tree(text, "ett.md")
    assert tree is not None
    keys, faults = validate(tree, KINDS["episode"], Place("ett.md"))
    assert (keys is not None) is right, faults
    assert SCHEMAS["episode"].is_valid(in_json(read(text))) is right


RECIPIENT = "{tag: valueRecipient, type: lnaddress, address: a@b.example, split: 1, name: A}"


@VERSIONS
@pytest.mark.parametrize(
    ("entry", "right"),
    [
        *((f"{{tag: block, text: {word}}}", True) for word in
          ("yes", "Yes", "YES", "no", "' No '")),
        ("{tag: block, text: ja}", False),
        ("{tag: block, id: ' apple ', text: no}", True),
        ("{tag: block, id: Apple, text: no}", False),
        ("{tag: podping, usesPodping: TRUE}", True),
        ("{tag: podping, usesPodping: ' True '}", True),
        ("{tag: podping, usesPodping: ja}", False),
        ("{tag: chat, server: ' irc.a.example ', protocol: ' irc ', accountId: a}", True),
        ("{tag: chat, server: irc.åre.example, protocol: irc, accountId: a}", True),
        ("{tag: chat, server: 'https://a.example', protocol: irc, accountId: a}", False),
        ("{tag: chat, server: irc_1.example, protocol: irc, accountId: a}", False),
        ("{tag: image, href: ' https://a.example/a.jpg', alt: a, width: 1, height: 1, purpose: "
         "'artwork  social '}", True),
        ("{tag: image, href: a.jpg, alt: a, purpose: 'artwork, social'}", False),
        ("{tag: podroll, children: []}", False),
        ("{tag: value, type: lightning, method: lnaddress, children: []}", False),
        (f"{{tag: value, type: lightning, method: lnaddress, children: [{RECIPIENT}]}}", True),
    ],
)  # fmt: skip
def test_an_editor_and_a_check_agree_on_tags(
    entry: str, right: bool, read: Callable[[str], Any]
) -> None:
    text = f"title: A\npodcast: [{entry}]"
    tree, _ = read_tree(text, "series.yaml")
    assert isinstance(tree, dict)
    found: list[Finding] = []
    resolve_tags(tree["podcast"], "channel", Place("series.yaml"), found)
    assert has_errors(found) is not right, found
    assert SCHEMAS["series.yaml"].is_valid(in_json(read(text))) is right


@pytest.mark.parametrize(
    ("kind", "where"),
    [("feedtool.yaml", "media/"), ("series.yaml", "media/<series>/"),
     ("episode", "media/<series>/")],
)  # fmt: skip
def test_artwork_is_told_to_be_where_it_is_read_from(kind: str, where: str) -> None:
    told = json_schema(kind)["properties"]["image"]["description"]
    assert told == f"Square artwork below {where}, or an address."
