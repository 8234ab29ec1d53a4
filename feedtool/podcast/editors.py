"""What editors know of the entries of `podcast:`: their part of the JSON Schemas."""

from __future__ import annotations

from typing import Any

from .table import Need, Rule, listed_in


def tag_schema(parent: str) -> dict[str, Any]:
    """What editors know of the entries of `podcast:` in a parent: all that the table says."""
    return {"type": "object", "oneOf": [_entry_schema(rule) for rule in listed_in(parent)]}


def _entry_schema(rule: Rule) -> dict[str, Any]:
    stated = {
        one.name: {
            **({"type": "string"} if one.file else one.kind.schema),
            "description": one.about,
        }
        for one in rule.attributes
    }
    needed = [one.name for one in rule.attributes if one.need is Need.REQUIRED and not one.unless]
    if rule.text:
        stated["text"] = dict(rule.text.schema)
        needed += ["text"] if rule.text_need is Need.REQUIRED else []
    if inside := listed_in(rule.name):
        entries = {"type": "object", "oneOf": [_entry_schema(child) for child in inside]}
        stated["children"] = {"type": "array", "items": entries}
        needed += ["children"] if any(one.parents[rule.name].least for one in inside) else []
    return {
        "type": "object",
        "title": rule.name,
        "description": rule.about,
        "properties": {"tag": {"const": rule.name}, **stated},
        "required": ["tag", *needed],
        "additionalProperties": False,
    }
