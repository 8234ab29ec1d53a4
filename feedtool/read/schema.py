"""Validate a tree against the declared keys, and give the JSON Schemas for editors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, replace
from functools import cache
from itertools import islice
from typing import Any, get_args, get_type_hints

from pydantic_core import ValidationError

from ..declare import dataclass
from ..finding import N_, Code, Finding, Place, Severity
from .kinds import KINDS, groups, known_keys
from .marks import Refused
from .reshaped import entry, spelled, whole, with_ids
from .shape import validator_of
from .unknown import glued_line, meant, short, unknown
from .values import CF058, other_letters
from .written import CatalogKeys, EpisodeKeys
from .yaml_faults import CF025
from .yaml_tree import Tree, read_tree

CF021 = Code(
    "CF021",
    Severity.ERROR,
    message=N_('"{key}:" is missing'),
    why=N_("nothing can be published without it"),
    mend=N_("add  {key}: {example}"),
    spec=("RSS-02", "APPLE-21", "PSP-05"),
)
CF022 = Code(
    "CF022",
    Severity.ERROR,
    message=N_('what stands at "{key}:" should be {expected}'),
    why=N_("it cannot be understood otherwise"),
    mend=N_("write it like this:  {example}"),
)
CF023 = Code(
    "CF023",
    Severity.ERROR,
    message=N_('"{text}" cannot stand at "{key}:"'),
    why=N_("apps know only a few words here"),
    mend=N_("write one of these: {choices}"),
)
CF056 = Code(
    "CF056",
    Severity.ERROR,
    message=N_('what stands at "{key}:" should be true or false, not "{text}"'),
    why=N_("apps know only these two answers"),
    mend=N_("write  {key}: {better}"),
    fixable=True,
)
CF007 = Code(
    "CF007",
    Severity.ERROR,
    message=N_('nothing is written at "{key}:"'),
    why=N_("nothing can be published without it"),
    mend=N_("write it after the colon; if it begins with #, put it in quotes:  {key}: '#...'"),
    spec=("RSS-02", "APPLE-21", "PSP-05"),
)
CF008 = Code(
    "CF008",
    Severity.ERROR,
    message=N_('an entry of "{key}:" is empty'),
    why=N_("it is unclear whether something is missing"),
    mend=N_("write something after the hyphen, or delete the line"),
)

_LIST, _GROUP = N_("a list"), N_("words with a value each")
_TEXT, _NUMBER = N_("a text"), N_("a whole number from 1 on")
_SHAPES = {
    "list_type": (_LIST, "{key}: [..., ...]"),
    "tuple_type": (_LIST, "{key}: [..., ...]"),
    "dict_type": (_GROUP, "{key}: {{{inside}: ...}}"),
    "dataclass_type": (_GROUP, "{key}: {{{inside}: ...}}"),
    "string_type": (_TEXT, "{key}: ..."),
    "string_unicode": (_TEXT, "{key}: ..."),
    "bool_parsing": (N_("true or false"), "{key}: true"),
    "bool_type": (N_("true or false"), "{key}: true"),
    "int_parsing": (_NUMBER, "{key}: 3"),
    "int_parsing_size": (_NUMBER, "{key}: 3"),
    "int_type": (_NUMBER, "{key}: 3"),
    "greater_than_equal": (_NUMBER, "{key}: 1"),
    "less_than_equal": (N_("a number up to 99999"), "{key}: 3"),
}
"""What pydantic calls a fault: what should stand there, and an example."""

_EXAMPLES = {
    "base_url": "https://www.example.org/podd/", "code": "EP021", "duration": "0:30",
    "email": "podd@example.org", "file": "kjell-ringer.vtt", "name": "Elin Wihlborg",
    "number": "1", "role": "guest", "start": "2:10", "title": "Kundtjänsten ringer",
    "url": "https://www.example.org/",
}  # fmt: skip
"""What a key that must be there could say."""

_WHOLE = {
    "alternates": "[{file: kjell-ringer.mp4}]",
    "captions": "[kjell-ringer.vtt]",
    "categories": "[Government]",
    "chapters": '["00:00 Inledning", "02:10 Kundtjänsten"]',
    "exempt": "{reason: inspelad före den 23 september 2020}",
    "funding": '[{url: "https://www.example.org/", text: Stöd oss}]',
    "hubs": '["https://hub.example.org/"]',
    "ignore": "[{code: EP021, why: ...}]",
    "links": '[{url: "https://www.example.org/", title: Läs mer}]',
    "owner": "{name: Nordviks kommun, email: podd@example.org}",
    "podcast": "[{tag: chat, server: irc.example.org, protocol: irc}]",
    "people": "[{name: Elin Wihlborg, role: guest}]",
    "profiles": "[apple]",
    "episode": "3",
    "license": "CC-BY-4.0",
    "location": "Nordvik",
    "season": "2",
    "soundbites": '[{start: "1:10", duration: "0:30"}]',
    "tags": "[skola, digitalisering]",
    "transcripts": "[kjell-ringer.vtt]",
}
"""What a key that holds more than a text could say."""

MOST = 100
"""Faults of one key that are told at once: with more, another list was put there."""

_REQUIRED = {EpisodeKeys: {"title": "…"}, CatalogKeys: {"base_url": "https://catalog.invalid/"}}
"""Stand-ins for what a file must say, so that the rest of it can be looked at."""


@cache
def _validator(kind: type) -> Callable[[Tree], Any]:
    return validator_of(kind)


def validate(tree: dict[str, Tree], kind: type, place: Place) -> tuple[Any, list[Finding]]:
    """The keys of one file as `kind`, or None and a finding for every fault."""
    empty: list[Finding] = []
    stated = tree
    if _has_gaps(tree):
        entries = _empty_entries(tree, ())
        empty += [
            CF008.at(place.down(*keys), key=_last_name(keys)) for keys in islice(entries, MOST)
        ]
        stated = _stated(tree, kind)
    try:
        keys = _validator(kind)(stated)
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
            finding = _finding(fault, kind, place.down(*keys), keys, tree)
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
    keys, more = validate(_REQUIRED.get(kind, {}) | rest, kind, Place(""))
    if keys is None:  # a list has more faults than were told: it is left out
        names |= {str(fault.place.keys[0]) for fault in more}
        rest = {key: value for key, value in rest.items() if key not in names}
        left = {name: indices for name, indices in left.items() if name in rest}
        keys, more = validate(_REQUIRED.get(kind, {}) | rest, kind, Place(""))
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


def _last_name(keys: tuple[int | str, ...]) -> str:
    return next((str(key) for key in reversed(keys) if isinstance(key, str)), "")


def _finding(
    fault: Any, kind: type, place: Place, keys: tuple[int | str, ...], tree: Tree
) -> Finding:
    name = _last_name(keys)
    if fault["type"] == "unexpected_keyword_argument":
        return unknown(name, _at(tree, keys[:-1]), known_keys(kind, keys[:-1]), place)
    if fault["type"] == "missing":
        if _is_empty(tree, keys):
            return CF007.at(place, key=name)
        return CF021.at(place, key=name, example=_EXAMPLES.get(name, "..."))
    if line := glued_line(_at(tree, keys), known_keys(kind, keys)):
        return CF025.at(place, line=line)
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, Refused):
        params = {
            key: short(value) if isinstance(value, str) else value
            for key, value in error.fault.params.items()
        }
        return error.fault.code.at(place, **params)
    return _of_value(fault, kind, place, keys, tree)


def _of_value(
    fault: Any, kind: type, place: Place, keys: tuple[int | str, ...], tree: Tree
) -> Finding:
    """The finding for a value that is none of the words, or not of the shape, that may stand."""
    name = _last_name(keys)
    if fault["type"] == "literal_error":
        choices = str(fault["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        text = str(fault["input"])
        if better := other_letters(text, choices.split(", ")):
            return CF058.at(place, text=short(text), better=better)
        return CF023.at(place, key=name, text=short(str(fault["input"])), choices=choices)
    if fault["type"] == "bool_parsing" and (better := _yes_or_no(name, str(fault["input"]))):
        return CF056.at(place, key=name, text=short(str(fault["input"])), better=better)
    expected, example = _SHAPES.get(fault["type"], (_TEXT, "{key}: ..."))
    inside = (known_keys(kind, keys)[:1] or ["..."])[0]
    made = _made_of(tree, kind, keys)
    if made is not None:
        example = made
    elif fault["type"] == "dict_type" and name == "people":
        example = f"{name}: {{elin-wihlborg: {{name: Elin Wihlborg}}}}"
    elif name in _WHOLE:
        example = f"{name}: {_WHOLE[name]}"
    elif isinstance(keys[-1], int):  # an entry of a list
        example = example.replace("{key}:", "-")
    else:
        example = example.format(key=short(name), inside=inside)
    return CF022.at(place, key=short(name), expected=expected, example=example)


def _made_of(tree: Tree, kind: type, keys: tuple[int | str, ...]) -> str | None:
    """What a key or an entry of its list should say, made of what it says; None if it cannot be.

    An entry stands alone, without a hyphen, when the list has others that cannot be shown.
    """
    key, *more = keys
    said = tree[key]
    if key == "people" and kind is CatalogKeys:
        if len(more) == 1 and isinstance(name := said[more[0]], str):
            return _sound(kind, f"{more[0]}: ", f"{{name: {spelled(name)}}}", "people: {", "}")
        return None if more else _sound(kind, "people: ", with_ids(said))
    if len(more) > 1 or (more and not isinstance(said, list)):
        return None
    made = _sound(kind, f"{key}: ", whole(str(key), said))
    if made is None and more:
        made = _sound(kind, "", entry(str(key), said[more[0]]), f"{key}: [", "]")
    return made


def _sound(
    kind: type, key: str, value: str | None, before: str = "", after: str = ""
) -> str | None:
    """The key with this value, if a file of this kind may say it."""
    if value is None:
        return None
    tree, found = read_tree(before + key + value + after, "")
    try:
        _validator(kind)(_REQUIRED.get(kind, {}) | (tree or {}))
    except ValidationError:
        return None
    return None if found else key + value


def _yes_or_no(key: str, text: str) -> str | None:
    """What a word that is no answer here can only mean; directories once asked for some."""
    words = _ANSWERS | (_OLD_ANSWERS if key == "explicit" else {})
    return words.get(text.strip().lower())


_ANSWERS = {"ja": "true", "sant": "true", "nej": "false", "falskt": "false"}
_OLD_ANSWERS = {"explicit": "true", "clean": "false"}  # of itunes:explicit until 2019


def _is_empty(tree: Tree, keys: tuple[int | str, ...]) -> bool:
    """Is the key there, without a value?"""
    inside = _at(tree, keys[:-1])
    return isinstance(inside, dict) and keys[-1] in inside


def _at(tree: Tree, keys: tuple[int | str, ...]) -> Tree:
    for key in keys:
        tree = tree[key]
    return tree


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
