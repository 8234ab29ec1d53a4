"""The validator of a kind of file, made of its declaration: the door to pydantic's core.

pydantic would make the same one, which a test keeps true; for that it is imported and looks at
every annotation, which takes 120 ms. This takes 3, and a build of one episode waits for it.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic_core import SchemaValidator

from .marks import Mark, Schema

_SCALARS = {str: "str", bool: "bool", int: "int"}


@cache
def validator_of(kind: type) -> Callable[[Any], Any]:
    """Gives the `kind` that a tree says; raises pydantic's ValidationError with every fault."""
    return SchemaValidator(Shapes().of(kind)).validate_python


class Shapes:
    """Schemas of pydantic-core; that of a mapping is made once."""

    def __init__(self) -> None:
        self._mappings: dict[type, Schema] = {}

    def of(self, hint: Any) -> Schema:
        """The schema for a type as it is annotated."""
        if hint in _SCALARS:
            return {"type": _SCALARS[hint]}
        if isinstance(hint, type) and is_dataclass(hint):
            if hint not in self._mappings:
                self._mappings[hint] = self._mapping(hint)
            return self._mappings[hint]
        origin, inside = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._marked(*inside)
        if origin is Literal:
            return {"type": "literal", "expected": list(inside)}
        if origin in {Union, types.UnionType}:
            (stated,) = (one for one in inside if one is not types.NoneType)
            return {"type": "nullable", "schema": self.of(stated)}
        if origin is tuple:
            items = [self.of(inside[0])]
            return {"type": "tuple", "items_schema": items, "variadic_item_index": 0}
        if origin is dict:
            keys, values = map(self.of, inside)
            return {"type": "dict", "keys_schema": keys, "values_schema": values}
        assert hint is Any, hint
        return {"type": "any"}

    def _marked(self, hint: Any, first: Mark, *further: Mark) -> Schema:
        schema = first.of(hint, self.of)
        for mark in further:
            schema = mark.around(schema)
        return schema

    def _mapping(self, kind: type) -> Schema:
        """A dataclass whose fields are the keys; no other key may stand there."""
        keys, has_test = fields(kind), hasattr(kind, "__post_init__")
        return {
            "type": "dataclass",
            "cls": kind,
            "config": {"extra_fields_behavior": "forbid"},
            "fields": [key.name for key in keys],
            "post_init": has_test,
            "schema": {
                "type": "dataclass-args",
                "dataclass_name": kind.__name__,
                "fields": [self._key(key) for key in keys],
                "collect_init_only": has_test,
            },
            "slots": True,
        }

    def _key(self, key: Field[Any]) -> Schema:
        schema = self.of(key.type)
        if key.default is not MISSING:
            schema = {"type": "default", "schema": schema, "default": key.default}
        elif key.default_factory is not MISSING:
            schema = {"type": "default", "schema": schema, "default_factory": key.default_factory}
        return {"type": "dataclass-field", "name": key.name, "schema": schema}
