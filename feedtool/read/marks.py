"""What a declaration says beyond its type: what is made of a value, and what editors are told.

Two read these marks. Every build makes a validator of them (shape.py). For the JSON Schemas
pydantic reads them itself, by the methods it asks for in marks that are not its own; with those, a
build waited 60 ms longer for imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..finding import Fault

Schema = dict[str, Any]
"""Of pydantic-core, or of JSON."""


class Refused(ValueError):
    """A value that cannot be meant; says which code it is a finding of."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code.id)
        self.fault = fault


class Mark:
    """Stands beside a type in `Annotated`."""

    __slots__ = ()

    def around(self, schema: Schema) -> Schema:
        """The schema of pydantic-core for what bears the mark."""
        return schema

    def of(self, hint: Any, schema_of: Callable[[Any], Schema]) -> Schema:
        """The same for a type that has no other mark yet."""
        return self.around(schema_of(hint))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Schema:
        return self.of(source, handler)


class After(Mark):
    """The value goes through a function that may refuse it, once it has the type."""

    __slots__ = ("check",)

    def __init__(self, check: Callable[[Any], Any]) -> None:
        self.check = check

    def around(self, schema: Schema) -> Schema:
        return {"type": "function-after", "function": _plain(self.check), "schema": schema}


class Before(Mark):
    """The value goes through a function before it is looked at; `written` may stand in a file."""

    __slots__ = ("convert", "written")

    def __init__(self, convert: Callable[[Any], Any], written: Any = None) -> None:
        self.convert = convert
        self.written = written

    def around(self, schema: Schema) -> Schema:
        return {"type": "function-before", "function": _plain(self.convert), "schema": schema}

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Schema:
        schema = self.around(handler(source))
        if self.written is not None:
            schema["json_schema_input_schema"] = handler.generate_schema(self.written)
        return schema


class Made(Mark):
    """The function makes the value, of a text that has this pattern."""

    __slots__ = ("make", "pattern")

    def __init__(self, make: Callable[[Any], Any], pattern: str) -> None:
        self.make = make
        self.pattern = pattern

    def of(self, hint: Any, schema_of: Callable[[Any], Schema]) -> Schema:
        written = {"type": "str", "pattern": self.pattern}
        return {
            "type": "function-plain",
            "function": _plain(self.make),
            "json_schema_input_schema": written,
        }


class Either(Mark):
    """One of several types, by the name that a function gives for what is written."""

    __slots__ = ("choices", "name")

    def __init__(self, name: Callable[[Any], str], **choices: Any) -> None:
        self.name = name
        self.choices = choices

    def of(self, hint: Any, schema_of: Callable[[Any], Schema]) -> Schema:
        choices = {name: schema_of(hint) for name, hint in self.choices.items()}
        return {"type": "tagged-union", "choices": choices, "discriminator": self.name}

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Schema:
        return self.of(source, handler.generate_schema)


class Within(Mark):
    """A whole number within bounds, these included."""

    __slots__ = ("least", "most")

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def around(self, schema: Schema) -> Schema:
        return {**schema, "ge": self.least, "le": self.most}


class Said(Mark):
    """What editors are told: a description, and other words of JSON Schema."""

    __slots__ = ("words",)

    def __init__(self, description: str = "", **words: Any) -> None:
        self.words: Mapping[str, Any] = {"description": description} if description else {}
        self.words = {**self.words, **words}

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Schema:
        return {**handler(schema), **self.words}


class SaidBy(Said):
    """The same, all of it told by a function that is called when somebody asks."""

    __slots__ = ("tell",)

    def __init__(self, tell: Callable[[], Schema]) -> None:
        super().__init__()
        self.tell = tell

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Schema:
        return self.tell()


def _plain(function: Callable[[Any], Any]) -> Schema:
    return {"type": "no-info", "function": function}
