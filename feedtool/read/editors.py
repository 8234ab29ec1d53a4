"""What editors are told of the files, made of what is declared: values as their YAML has them.

For feedtool every value is a text first. An editor reads numbers and answers where nobody meant
any, in `title: 2025` or `language: no`, and must not mark what a check accepts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..podcast.editors import in_any_case

Schema = dict[str, Any]
"""Of JSON."""

_NO = in_any_case("false", "no", "off", "n", "f")
_ANSWER = f"{in_any_case('true', 'yes', 'on', 'y', 't')}|{_NO}"
"""What pydantic takes for true or false, and 1 and 0."""
_ONLY_NO = {
    "type": ["boolean", "string", "integer"], "pattern": f"^({_NO}|0)$", "minimum": 0, "maximum": 0,
    "not": {"const": True},
}  # fmt: skip
_NUMBERS = {"integer": r"^\s*\d+\s*$", "number": r"^\s*\d+(\.\d+)?\s*$"}


def as_editors_read(schema: Mapping[str, Any], *, in_tag: bool = False) -> Schema:
    """A schema that accepts a value however YAML 1.1 or 1.2 reads what a check accepts.

    Answers inside an entry of `podcast:` are those of XML: true and false.
    """
    made = dict(schema)
    if made.get("const") is False:
        del made["const"]
        return made | _ONLY_NO
    if "properties" in made:
        needed = made.get("required", ())
        in_tag = in_tag or "tag" in made["properties"]
        made["properties"] = {
            key: one if key in needed else _or_nothing(one)
            for key, value in made["properties"].items()
            for one in [as_editors_read(value, in_tag=in_tag)]
        }
    if "$defs" in made:
        made["$defs"] = {name: as_editors_read(one) for name, one in made["$defs"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), dict):
            made[key] = as_editors_read(made[key], in_tag=in_tag)
    for key in ("anyOf", "oneOf"):
        if key in made:
            made[key] = [as_editors_read(one, in_tag=in_tag) for one in made[key]]
    return made | _scalar(made, in_tag=in_tag)


def _scalar(said: Schema, *, in_tag: bool) -> Schema:
    """What is otherwise of a single value."""
    if words := said.get("enum"):
        return {"enum": [*words, True, False]} if {"yes", "no"} <= {*words} else {}
    match said.get("type"):
        case "string" if "const" not in said and "format" not in said:
            shape = said.get("pattern", "")
            also = [name for name, word in (("number", "1"), ("boolean", "true"))
                    if re.search(shape, word)]  # fmt: skip
            return {"type": ["string", *also]} if also else {}
        case "boolean" if in_tag:
            return {"type": ["boolean", "string"], "pattern": "^(true|false)$"}
        case "boolean":
            return {
                "type": ["boolean", "string", "integer"], "pattern": f"^({_ANSWER}|[01])$",
                "minimum": 0, "maximum": 1,
            }  # fmt: skip
        case "integer" | "number" as name:
            return {"type": [name, "string"], "pattern": _NUMBERS[name]}
    return {}


def _or_nothing(said: Schema) -> Schema:
    """A key that needs not be there may have no value."""
    if "enum" in said and None not in said["enum"]:
        said = said | {"enum": [*said["enum"], None]}
    for key in ("anyOf", "oneOf"):
        if key in said:
            nothing = {"type": "null"}
            return said if nothing in said[key] else said | {key: [*said[key], nothing]}
    if "$ref" in said or "const" in said:
        about = {key: said[key] for key in ("description", "default") if key in said}
        return about | {"anyOf": [said, {"type": "null"}]}
    if "type" in said:
        kinds = said["type"] if isinstance(said["type"], list) else [said["type"]]
        return said | {"type": [*kinds, "null"]}
    return said
