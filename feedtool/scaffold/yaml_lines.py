"""Values as lines of YAML that read back as the same values. The door to ruamel.yaml."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from ..formats import forbidden_characters

Value = str | Sequence["Value"] | Mapping[str, "Value"]

_WIDTH = 1 << 20
"""Longer than any line: a text that is folded is hard to change by hand."""


def tidy(text: str) -> str:
    """On one line, in NFC, without what no feed can carry: as a person would have typed it."""
    text = unicodedata.normalize("NFC", text)
    for found in reversed([*forbidden_characters(text)]):
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return " ".join(text.split())


def yaml_line(key: str, value: Value, comment: str = "") -> str:
    """`key: value`; lists and mappings in brackets and braces. Without an end of line."""
    line = _dumped({key: _text(value) if isinstance(value, str) else _flow(value)})
    return f"{line}  # {comment}" if comment else line


def yaml_item(value: Value) -> str:
    """`- value`, as an entry of a list below its key; a text in quotes."""
    text = DoubleQuotedScalarString(value) if isinstance(value, str) else _flow(value)
    return "  " + _dumped([text])


def _text(text: str, signs: str = "") -> str:
    """In quotes if it begins with a sign, or holds one of `signs`.

    ruamel quotes what YAML demands; but feedtool's reader minds the quotes of word processors, and
    ruamel leaves `: a` bare in braces, where libyaml takes it for an empty key.
    """
    bare = text[:1].isalnum() and not any(sign in text for sign in signs)
    return text if bare else SingleQuotedScalarString(text)


def _flow(value: Value) -> Any:
    if isinstance(value, str):
        return _text(value, ",:#[]{}")
    made: Any
    if isinstance(value, Mapping):
        made = CommentedMap((key, _flow(one)) for key, one in value.items())
    else:
        made = CommentedSeq(_flow(one) for one in value)
    made.fa.set_flow_style()
    return made


def _dumped(value: Any) -> str:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(value, stream)
    return stream.getvalue().rstrip("\n")
