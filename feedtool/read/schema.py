"""Validate a tree against the declared keys, and give the JSON Schemas for editors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, replace
from itertools import islice
from typing import Any, get_args, get_type_hints

from pydantic_core import ValidationError

from ..declare import dataclass
from ..finding import N_, Code, Finding, Place, Severity
from .kinds import KINDS, groups
from .shape import validator_of
from .unfit import CF021, REQUIRED, last_name, unfit
from .unknown import meant
from .yaml_tree import Tree

CF008 = Code(
    "CF008",
    Severity.ERROR,
    message=N_('an entry of "{key}:" is empty'),
    why=N_("it is unclear whether something is missing"),
    mend=N_(
        "write something after the hyphen, or delete the line; if it begins with #, put it in "
        "quotes:  - '#...'"
    ),
)

MOST = 100
"""Faults of one key that are told at once: with more, another list was put there."""


def validate(tree: dict[str, Tree], kind: type, place: Place) -> tuple[Any, list[Finding]]:
    """The keys of one file as `kind`, or None and a finding for every fault."""
    empty: list[Finding] = []
    stated = tree
    if _has_gaps(tree):
        entries = _empty_entries(tree, ())
        empty += [
            CF008.at(place.down(*keys), key=last_name(keys)) for keys in islice(entries, MOST)
        ]
        stated = _stated(tree, kind)
    try:
        keys = validator_of(kind)(stated)
        return None if empty else keys, empty
    except ValidationError as error:
        findings: dict[tuple[Any, ...], Finding] = {}
        told, there = Counter[Any](), dict[int, list[int]]()
        for fault in error.errors(include_url=False):
            top = fault["loc"][:1]
            told[top] += 1
            if told[top] > MOST:
                continue
            keys = _keys(fault["loc"], tree, fault["type"] == "missing", there)
            finding = unfit(fault, kind, place.down(*keys), keys, tree)
            findings.setdefault((keys, finding.code.id), finding)
        found = [*findings.values(), *empty]
        # a key that stands there under a misspelt name is one fault, and not two
        misspelt = {meant(one) for one in found}
        return None, [
            one for one in found if one.code is not CF021 or one.place.keys not in misspelt
        ]


def _meant(findings: Iterable[Finding], tree: Container[str]) -> frozenset[str]:
    """The keys of a file that stand in it only under a misspelt name."""
    ways = (meant(one) for one in findings)
    return frozenset(str(way[0]) for way in ways if len(way) == 1 and way[0] not in tree)


@dataclass(frozen=True, slots=True)
class Faulty:
    """What is wrong in a file: its keys, and which entries of its lists are left.

    A key is among them that stands there under a misspelt name.
    """

    keys: frozenset[str] = frozenset()
    left: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def as_written(self, finding: Finding) -> Finding:
        """The finding at the entry of the file, when it speaks of an entry of what is left."""
        keys = finding.place.keys
        if len(keys) > 1 and keys[0] in self.left and isinstance(keys[1], int):
            index = self.left[str(keys[0])][keys[1]]
            place = replace(finding.place, keys=(keys[0], index, *keys[2:]))
            return replace(finding, place=place)
        return finding


NO_FAULTS = Faulty()


def salvage(
    tree: dict[str, Tree] | None, kind: type, faults: Sequence[Finding]
) -> tuple[Any, Faulty]:
    """The keys of a file that has faults, without what is faulty; and what that is.

    Nothing is published from it, but what else is wrong can be said at the same time. `tree` is
    None when nothing could be read: then every key is faulty.
    """
    wrong = {fault.place.keys[:2] for fault in faults if fault.place.keys}
    if tree is None:
        tree, wrong = {}, {(entry.name,) for entry in fields(kind)}
    names = frozenset(str(keys[0]) for keys in wrong) | _meant(faults, tree)
    rest = {key: value for key, value in tree.items() if key not in names}
    left = {}
    for name in names:
        entries = tree.get(name)
        if isinstance(entries, list) and (name,) not in wrong:
            left[name] = tuple(i for i in range(len(entries)) if (name, i) not in wrong)
            rest[name] = [entries[i] for i in left[name]]
    keys, more = validate(REQUIRED.get(kind, {}) | rest, kind, Place(""))
    if keys is None:  # a list has more faults than were told: it is left out
        names |= {str(fault.place.keys[0]) for fault in more}
        rest = {key: value for key, value in rest.items() if key not in names}
        left = {name: indices for name, indices in left.items() if name in rest}
        keys, more = validate(REQUIRED.get(kind, {}) | rest, kind, Place(""))
    assert keys is not None, more
    return keys, Faulty(names, left)


def _has_gaps(tree: Tree) -> bool:
    """Has a key or an entry no value? Few files have such, and the rest is left as it is."""
    for value in tree.values() if isinstance(tree, dict) else tree:
        if not isinstance(value, str) and (value is None or _has_gaps(value)):
            return True
    return False


def _stated(tree: Tree, hint: Any) -> Tree:
    """Without the keys that have no value: `summary:` means that there is none.

    One that may not stand there stays, to be found.
    """
    if isinstance(tree, list):
        return [_stated(value, hint) for value in tree if value is not None]
    if not isinstance(tree, dict):
        return tree
    group = next(groups(hint), None)
    if isinstance(group, type):
        known = get_type_hints(group)
        return {
            key: _stated(value, known.get(key))
            for key, value in tree.items()
            if value is not None or key not in known
        }
    inside = Any if hint is Any else get_args(group)[1] if group else None
    return {
        key: _stated(value, inside)
        for key, value in tree.items()
        if value is not None or inside is Any  # what may stand in those is looked up later
    }


def _empty_entries(tree: Tree, keys: tuple[int | str, ...]) -> Iterator[tuple[int | str, ...]]:
    """Where a hyphen or a comma has nothing after it."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _empty_entries(value, (*keys, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            if value is None:
                yield (*keys, index)
            else:
                yield from _empty_entries(value, (*keys, index))


def _keys(
    location: tuple[int | str, ...], tree: Tree, missing: bool, stated: dict[int, list[int]]
) -> tuple[int | str, ...]:
    """Pydantic's location without the names of types and alternatives that it adds.

    The last part is kept if the key it names is missing. `stated` remembers which entries of each
    list say something.
    """
    keys: list[int | str] = []
    for at, part in enumerate(location):
        if isinstance(tree, list) and isinstance(part, int):
            there = stated.get(id(tree))
            if there is None:
                there = [index for index, value in enumerate(tree) if value is not None]
                stated[id(tree)] = there
            if part >= len(there):
                continue
            keys.append(there[part])
            tree = tree[there[part]]
        elif isinstance(tree, dict) and part in tree:
            keys.append(part)
            tree = tree[part]
        elif missing and at == len(location) - 1:
            keys.append(part)
    return tuple(keys)


def declared(name: str) -> dict[str, Any]:
    """One kind of file as it is declared, in the words of JSON Schema."""
    from pydantic import TypeAdapter  # takes 100 ms that no build should wait for

    return TypeAdapter(KINDS[name]).json_schema()


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of file, for editors."""
    from .editors import as_editors_read

    schema = as_editors_read(declared(name))
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **schema, "title": f"feedtool: {name}"}
