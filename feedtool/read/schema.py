"""Validate a tree against the declared keys, and give the JSON Schemas for editors."""

from __future__ import annotations

import difflib
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from ..finding import Code, Finding, N_, Place, Severity
from .written import CatalogKeys, EpisodeKeys, Refused, SeriesKeys
from .yaml_tree import Tree

CF020 = Code(
    "CF020",
    Severity.ERROR,
    message=N_('there is no key "{key}" here'),
    why=N_("what it says would reach no listener"),
    mend=N_("did you mean {nearest}? Else remove the line"),
)
CF021 = Code(
    "CF021",
    Severity.ERROR,
    message=N_('"{key}" is missing'),
    why=N_("nothing can be published without it"),
    mend=N_("add a line  {key}: ..."),
    spec=("RSS-02", "APPLE-21", "PSP-05"),
)
CF022 = Code(
    "CF022",
    Severity.ERROR,
    message=N_('"{key}" should be {expected}'),
    why=N_("it could not be understood otherwise"),
    mend=N_("write {example}"),
)
CF023 = Code(
    "CF023",
    Severity.ERROR,
    message=N_('"{text}" is not one of the values of "{key}"'),
    why=N_("apps know only these"),
    mend=N_("write one of: {choices}"),
)

KINDS: dict[str, type] = {
    "feedtool.yaml": CatalogKeys,
    "series.yaml": SeriesKeys,
    "episode": EpisodeKeys,
}
"""The three kinds of file, by the names `feedtool schema` uses."""

_SHAPES = {
    "list_type": (N_("a list"), "[...]"),
    "tuple_type": (N_("a list"), "[one, two]"),
    "dict_type": (N_("keys with values"), "{key: value}"),
    "dataclass_type": (N_("keys with values"), "{key: value}"),
    "mapping_type": (N_("keys with values"), "{key: value}"),
    "string_type": (N_("a text"), N_("a text on one line")),
    "bool_parsing": (N_("true or false"), "true / false"),
    "bool_type": (N_("true or false"), "true / false"),
    "int_parsing": (N_("a whole number"), "3"),
    "int_type": (N_("a whole number"), "3"),
    "greater_than_equal": (N_("a whole number from 1 on"), "1"),
    "less_than_equal": (N_("a smaller number"), "12"),
}


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def validate(tree: dict[str, Tree], kind: type, place: Place) -> tuple[Any, list[Finding]]:
    """The keys of one file as `kind`, or None and a finding for every fault."""
    try:
        return _adapter(kind).validate_python(_stated(tree)), []
    except ValidationError as error:
        findings: dict[tuple[Any, ...], Finding] = {}
        for fault in error.errors(include_url=False):
            keys = _keys(fault["loc"], tree)
            finding = _finding(fault, kind, place.down(*keys), keys)
            findings.setdefault((keys, finding.code.id), finding)
        return None, list(findings.values())


def _stated(tree: Tree) -> Tree:
    """Without the keys that have no value: `summary:` means that there is none."""
    if isinstance(tree, dict):
        return {key: _stated(value) for key, value in tree.items() if value is not None}
    if isinstance(tree, list):
        return [_stated(value) for value in tree if value is not None]
    return tree


def _keys(location: tuple[int | str, ...], tree: Tree) -> tuple[int | str, ...]:
    """Pydantic's location without the names of types and alternatives that it adds."""
    keys: list[int | str] = []
    for part in location:
        if isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        elif isinstance(tree, dict) and part in tree:
            tree = tree[part]
        elif isinstance(tree, (list, str)) or part != location[-1]:
            continue  # "tuple[...]", a class name, or inside a short form
        keys.append(part)
    return tuple(keys)


def _finding(fault: Any, kind: type, place: Place, keys: tuple[int | str, ...]) -> Finding:
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, Refused):
        return error.fault.at(place)
    name = next((str(key) for key in reversed(keys) if isinstance(key, str)), "")
    if fault["type"] == "unexpected_keyword_argument":
        known = _known_keys(kind, keys[:-1])
        near = difflib.get_close_matches(name.lower(), known, 3, 0.5) or known[:6]
        return CF020.at(place, key=name, nearest=", ".join(near))
    if fault["type"] == "missing":
        return CF021.at(place, key=name)
    if fault["type"] == "literal_error":
        choices = str(fault["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return CF023.at(place, key=name, text=str(fault["input"]), choices=choices)
    expected, example = _SHAPES.get(fault["type"], (fault["msg"], N_("another value")))
    return CF022.at(place, key=name, expected=expected, example=example)


def _known_keys(kind: type, keys: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand in the mapping at `keys`."""
    for key in keys:
        if isinstance(key, int) or not is_dataclass(kind):
            continue
        hints = get_type_hints(kind)
        kind = next(iter(_mappings(hints.get(key))), kind)
    return [entry.name for entry in fields(kind)] if is_dataclass(kind) else []


def _mappings(hint: Any) -> list[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        return [hint]
    return [found for part in get_args(hint) for found in _mappings(part)]


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of file, for editors."""
    schema = _adapter(KINDS[name]).json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": schema.pop("$schema"), **schema}
