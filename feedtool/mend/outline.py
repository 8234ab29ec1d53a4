"""The door to ruamel.yaml: where each value of a file begins and ends, and how it is quoted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from ..declare import dataclass
from .source import Source, Spot

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A value of the file."""

    keys: Keys  #: the way to it
    begin: Spot  #: of its key, or of itself
    start: Spot
    end: Spot  #: behind its last character
    style: str | None  #: the quote of a text, "|" or ">"; "" = no quotes; None = no text
    inside_brackets: bool  #: signs such as "," have a meaning there
    brackets: bool  #: it is a list or a group in brackets itself
    size: int  #: how many entries it has


class Outline:
    """The values of a file, by the way to them. Empty when it cannot be read."""

    def __init__(self, source: Source) -> None:
        text, self._above = source.keys
        self._text = text
        for sign in "\x85\u2028\u2029\t":  # spaces, as feedtool reads it; ruamel.yaml does not
            text = text.replace(sign, " ")
        self.parts: dict[Keys, Part] = {}
        try:
            root = YAML(typ="rt").compose(text)
        except (YAMLError, ValueError, NotImplementedError):
            return
        if root is not None:
            for part in self._parts(root, (), root, False):
                self.parts.setdefault(part.keys, part)

    def at(self, line: int, column: int) -> Part | None:
        """The text that begins at a line and column, both counted from 1."""
        spot = (line - 1, column - 1)
        parts = self.parts.values()
        return next((one for one in parts if one.start == spot and one.style is not None), None)

    def _parts(self, node: Any, keys: Keys, first: Any, inside: bool) -> Iterator[Part]:
        is_text = isinstance(node, ScalarNode)
        brackets = not is_text and bool(node.flow_style)
        yield Part(
            keys=keys,
            begin=self._spot(first.start_mark),
            start=self._spot(node.start_mark),
            end=self._end(node),
            style=(node.style or "") if is_text else None,
            inside_brackets=inside,
            brackets=brackets,
            size=0 if is_text else len(node.value),
        )
        if isinstance(node, MappingNode):
            for key, value in node.value:
                yield from self._parts(value, (*keys, self._name(key)), key, inside or brackets)
        elif not is_text:
            for index, entry in enumerate(node.value):
                yield from self._parts(entry, (*keys, index), entry, inside or brackets)

    def _name(self, key: Any) -> str:
        if not isinstance(key, ScalarNode):
            return ""
        text = self._text[key.start_mark.index : key.end_mark.index]  # with its tabs, if it has any
        return str(key.value) if key.style else text

    def _end(self, node: Any) -> Spot:
        """Of what is written; a list that is set in ends, by its own account, at the next line."""
        while not isinstance(node, ScalarNode) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        return self._spot(node.end_mark)

    def _spot(self, mark: Any) -> Spot:
        return mark.line + self._above, mark.column
