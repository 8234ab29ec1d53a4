"""Requests against a vendor's OpenAPI 3.0 file, which whoever runs the tests has.

Stricter than the standard asks for: what the file does not name may not be sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from ..servers import library
from .double import Request
from .forms import Upload


class Description:
    """What an OpenAPI file says of requests."""

    def __init__(self, file: Path) -> None:
        self._all = yaml.safe_load(file.read_text("utf-8"))
        how = "pip install openapi-schema-validator"
        self._validator = library("openapi_schema_validator", how).OAS30Validator

    def faults(self, request: Request) -> list[str]:
        """What is wrong with a request."""
        for template, item in self._all["paths"].items():
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, request.path) and request.method.lower() in item:
                operation = item[request.method.lower()]
                wrong = [*self._query(request, operation), *self._body(request, operation)]
                return [f"{request.method} {request.path}: {one}" for one in wrong]
        return [f"{request.method} {request.path}: no such operation"]

    def answer_faults(self, method: str, template: str, status: int, said: Any) -> list[str]:
        """What is wrong with an answer."""
        answers = self._all["paths"][template][method.lower()]["responses"]
        answer = self._resolved(answers.get(str(status), {}))
        schema: Any = next((one["schema"] for one in answer.get("content", {}).values()), {})
        if str(status) not in answers:
            return [f"{status} is not listed"]
        return self._wrong(said, self._resolved(schema))

    def _query(self, request: Request, operation: Mapping[str, Any]) -> Iterable[str]:
        named = map(self._resolved, operation.get("parameters", ()))
        declared = {one["name"]: one for one in named if one["in"] == "query"}
        for name, text in request.query.items():
            if name == "cursor":  # of an address that the host gave
                continue
            if name not in declared:
                yield f"?{name}= is not declared"
                continue
            if declared[name].get("deprecated"):
                yield f"?{name}= is deprecated"
            schema = self._resolved(declared[name]["schema"])
            yield from self._wrong(_typed(text, schema), schema)
        for name, one in declared.items():
            if one.get("required") and name not in request.query:
                yield f"?{name}= is missing"

    def _body(self, request: Request, operation: Mapping[str, Any]) -> Iterable[str]:
        content = self._resolved(operation.get("requestBody", {})).get("content", {})
        if not content:
            if request.form or request.json is not None:
                yield "a body"
            return
        if request.type not in content:
            yield f"a body of the type {request.type}"
            return
        schema = self._resolved(content[request.type]["schema"])
        value = request.json
        if request.form:
            value = {
                name: self._part(part, schema.get("properties", {}).get(name, {}))
                for name, part in request.form.items()
            }
        yield from self._wrong(value, schema)
        yield from _unknown(value, schema)

    def _part(self, part: str | Upload, schema: Mapping[str, Any]) -> Any:
        is_file = schema.get("format") == "binary"
        if isinstance(part, Upload):
            return "bytes" if is_file else part  # a file is no value of any other type
        return None if is_file else _typed(part, schema)

    def _wrong(self, value: Any, schema: Mapping[str, Any]) -> list[str]:
        return [error.message for error in self._validator(schema).iter_errors(value)]

    def _resolved(self, value: Any) -> Any:
        """With what references name, and the parts of an `allOf` as one."""
        if isinstance(value, list):
            return [self._resolved(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            found = self._all
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            return self._resolved(found)
        plain = {name: self._resolved(one) for name, one in value.items() if name != "examples"}
        for part in plain.pop("allOf", ()):
            plain["properties"] = {**part.get("properties", {}), **plain.get("properties", {})}
            plain["required"] = [*plain.get("required", []), *part.get("required", [])]
            plain = {**part, **plain}
        if not plain.get("required", True):
            del plain["required"]
        return plain


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    """A text of a query or a form as the value that it stands for."""
    if schema.get("type") == "integer" and text.isdecimal():
        return int(text)
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _unknown(value: Any, schema: Mapping[str, Any]) -> Iterable[str]:
    declared = schema.get("properties", {})
    for name, one in value.items() if isinstance(value, dict) else ():
        if name not in declared:
            yield f"{name} is not declared"
        else:
            yield from _unknown(one, declared[name])
