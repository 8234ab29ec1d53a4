"""Values as lines of YAML that read back as the same values.

The door to ruamel.yaml, and to libyaml's emitter.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
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
    writer = YAML()
    writer.width = _WIDTH
    writer.allow_unicode = True
    stream = io.StringIO()
    writer.dump(value, stream)
    return stream.getvalue().rstrip("\n")


def yaml_lines(keys: Mapping[str, Value]) -> str:
    """Keys and their values, a line each; entries of lists below their key. Read back the same.

    By libyaml's emitter: for the ten keys of an imported episode ruamel takes 5 ms, this 0.2.
    """
    events: list[yaml.Event] = [
        yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False),
        yaml.MappingStartEvent(None, None, True, flow_style=False),
    ]  # fmt: skip
    for key, value in keys.items():
        events.append(_scalar(key))
        if isinstance(value, str):
            typed = key in _NAMES and _TYPED.fullmatch(value)
            events.append(yaml.ScalarEvent(None, None, (True, True), value, style="'")
                          if typed else _scalar(value))  # fmt: skip
        elif isinstance(value, Mapping):
            events += _flow_events(value)
        else:
            events.append(yaml.SequenceStartEvent(None, None, True, flow_style=False))
            for one in value:
                events += _flow_events(one)
            events.append(yaml.SequenceEndEvent())
    events += [yaml.MappingEndEvent(), yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    emitter = _Emitter
    if any(_ABOVE.search(one.value) for one in events if isinstance(one, yaml.ScalarEvent)):
        emitter = yaml.Dumper  # libyaml writes such letters as "\\U0001F3A7"
    written: str = yaml.emit(events, Dumper=emitter, allow_unicode=True, width=_WIDTH)
    return written.removesuffix("...\n")


_Emitter = getattr(yaml, "CDumper", yaml.Dumper)
_ABOVE = re.compile("[\U00010000-\U0010ffff]")
"""Letters such as emoji, which have four bytes in UTF-8."""


_NAMES = frozenset({"title", "guid"})
_TYPED = re.compile(
    r"[-+]?(?:0[xo][\da-f]+|[\d_]*\.?\d+(?:e[-+]?\d+)?|\d+\.)|true|false|yes|no|on|off", re.I
)
"""Names that other readers of YAML take for a number or an answer: 0017 would come out as 17."""


def _scalar(text: str, signs: str = "") -> yaml.Event:
    """Plain where it may be, in quotes else; a text of several lines as a block."""
    if "\n" in text:
        return yaml.ScalarEvent(None, None, (False, True), text, style='"')
    quoted = isinstance(_text(text, signs), SingleQuotedScalarString)
    style = "'" if quoted or _HASTY.search(text) else None
    return yaml.ScalarEvent(None, None, (True, True), text, style=style)


_HASTY = re.compile(r"[\"'“”‘’]|#|: |:$|^(?:null|Null|NULL)$")
"""What a hasty reader of YAML, or feedtool's own care for word processors, could misunderstand."""


def _flow_events(value: Value) -> list[yaml.Event]:
    if isinstance(value, str):
        return [_scalar(value, ",[]{}")]
    if isinstance(value, Mapping):
        events: list[yaml.Event] = [yaml.MappingStartEvent(None, None, True, flow_style=True)]
        for key, one in value.items():
            events += [_scalar(key), *_flow_events(one)]
        return [*events, yaml.MappingEndEvent()]
    events = [yaml.SequenceStartEvent(None, None, True, flow_style=True)]
    for one in value:
        events += _flow_events(one)
    return [*events, yaml.SequenceEndEvent()]
