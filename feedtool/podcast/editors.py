"""What editors know of the entries of `podcast:`: their part of the JSON Schemas."""

from __future__ import annotations

import re
from typing import Any

from .kinds import Kind
from .table import Need, Rule, listed_in


def tag_schema(parent: str) -> dict[str, Any]:
    """What editors know of the entries of `podcast:` in a parent: all that the table says."""
    return {"type": "object", "oneOf": [_entry_schema(rule) for rule in listed_in(parent)]}


def _entry_schema(rule: Rule) -> dict[str, Any]:
    stated = {
        one.name: {
            **({"type": "string"} if one.file else _as_written(one.kind)),
            "description": one.about,
        }
        for one in rule.attributes
    }
    needed = [one.name for one in rule.attributes if one.need is Need.REQUIRED and not one.unless]
    if rule.text:
        stated["text"] = _as_written(rule.text)
        needed += ["text"] if rule.text_need is Need.REQUIRED else []
    if inside := listed_in(rule.name):
        entries = {"type": "object", "oneOf": [_entry_schema(child) for child in inside]}
        least = max(one.parents[rule.name].least for one in inside)
        stated["children"] = {"type": "array", "items": entries, "minItems": least}
        needed += ["children"] if least else []
    return {
        "type": "object",
        "title": rule.name,
        "description": rule.about,
        "properties": {"tag": {"const": rule.name}, **stated},
        "required": ["tag", *needed],
        "additionalProperties": False,
    }


def _as_written(kind: Kind) -> dict[str, Any]:
    """The values of a kind, and those that are made into one: other letters, spaces around it."""
    if not kind.choices:
        return dict(kind.schema)
    folds = kind.tidy(kind.choices[0].upper()) in kind.choices
    words = in_any_case(*kind.choices) if folds else "|".join(kind.choices)
    return {"anyOf": [dict(kind.schema), {"type": "string", "pattern": rf"^\s*({words})\s*$"}]}


def in_any_case(*words: str) -> str:
    """A pattern for some words; JSON Schema has no case-insensitive texts."""
    return "|".join(
        "".join(f"[{sign.upper()}{sign}]" if sign.isalpha() else re.escape(sign) for sign in word)
        for word in words
    )
