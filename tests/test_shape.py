"""The validators that builds use are those that pydantic itself would make of the declarations."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from feedtool.read.kinds import KINDS
from feedtool.read.objects import ChaptersKeys
from feedtool.read.shape import Shapes

IDLE = {"ref", "metadata", "json_schema_input_schema", "title", "default_factory_takes_data"}
"""What only JSON Schemas or errors of pydantic's own show."""

DEFAULTS = {
    "frozen": False, "post_init": False, "init": True, "computed_fields": [],
    "collect_init_only": False,
}  # fmt: skip


def plain(schema: Any, shared: dict[str, Any]) -> Any:
    """A schema of pydantic-core without what does not change what it accepts and gives."""
    if isinstance(schema, list):
        return [plain(one, shared) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "definitions":
        shared |= {one["ref"]: one for one in schema["definitions"]}
        return plain(schema["schema"], shared)
    if schema.get("type") == "definition-ref":
        return plain(shared[schema["schema_ref"]], shared)
    return {
        key: plain(value, shared)
        for key, value in schema.items()
        if key not in IDLE and (key not in DEFAULTS or value != DEFAULTS[key])
    }


@pytest.mark.parametrize("kind", [*KINDS.values(), ChaptersKeys], ids=lambda kind: kind.__name__)
def test_our_schema_is_pydantics(kind: type) -> None:
    theirs = TypeAdapter(kind).core_schema
    assert plain(Shapes().of(kind), {}) == plain(theirs, {})
