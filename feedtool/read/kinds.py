"""The three kinds of file, and which keys may stand where in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from .written import CatalogKeys, EpisodeKeys, SeriesKeys

KINDS: dict[str, type] = {
    "feedtool.yaml": CatalogKeys,
    "series.yaml": SeriesKeys,
    "episode": EpisodeKeys,
}
"""The three kinds of file, by the names `feedtool schema` uses."""


def kind_of(file: str) -> type:
    """The keys that may stand in a file."""
    return KINDS.get(file.rpartition("/")[2], EpisodeKeys)


def known_keys(kind: type, keys: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand in the mapping at `keys`."""
    for key in keys:
        if isinstance(key, int) or not is_dataclass(kind):
            continue
        hints = get_type_hints(kind)
        kind = next(mappings(hints[key]), NoneType) if key in hints else kind
    return [entry.name for entry in fields(kind)] if is_dataclass(kind) else []


@cache
def every_key(kind: type) -> frozenset[str]:
    """All that a file of this kind may say, and that may stand inside of it."""
    inside = [part for hint in get_type_hints(kind).values() for part in mappings(hint)]
    return frozenset(entry.name for entry in fields(kind)).union(*map(every_key, inside))


def groups(hint: Any) -> Iterator[Any]:
    """The kinds of mapping that a type allows: those with keys of their own, and dict."""
    if (isinstance(hint, type) and is_dataclass(hint)) or get_origin(hint) is dict:
        yield hint
    else:
        for part in get_args(hint):
            yield from groups(part)


def mappings(hint: Any) -> Iterator[type]:
    """Those with keys of their own, also inside a dict."""
    for group in groups(hint):
        if isinstance(group, type):
            yield group
        else:
            yield from mappings(get_args(group)[1])
