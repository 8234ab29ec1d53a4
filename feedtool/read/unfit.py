"""Of a value that cannot stand there, what should: what pydantic says of it, as a finding."""

from __future__ import annotations

from typing import Any

from pydantic_core import ValidationError

from ..finding import N_, Code, Finding, Place, Severity
from .kinds import known_keys
from .marks import Refused
from .reshaped import entry, spelled, whole, with_ids
from .shape import validator_of
from .unknown import glued_line, short, unknown
from .values import CF058, other_letters
from .written import CatalogKeys, EpisodeKeys, SeriesKeys
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
    "url": "https://www.example.org/", "license.name": "CC BY-SA 4.0", "location.name": "Nordvik",
    "owner.name": "Nordviks kommun", "targets.url": "sftp://podd@www.example.org/podd",
    "hosts.kind": "soundcloud", "hosts.url": "https://api.soundcloud.com",
}  # fmt: skip
"""What a key that must be there could say; with the key of the file where it means another thing
than elsewhere."""

_WHOLE = {
    "alternates": "[{file: kjell-ringer.mp4}]",
    "captions": "[kjell-ringer.vtt]",
    "categories": "[Government]",
    "chapters": '["00:00 Inledning", "02:10 Kundtjänsten"]',
    "exempt": "{reason: inspelad före den 23 september 2020}",
    "funding": '[{url: "https://www.example.org/", text: Stöd oss}]',
    "hosts": '{soundcloud: {kind: soundcloud, url: "https://api.soundcloud.com"}}',
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
    "targets": '{webb: {url: "sftp://podd@www.example.org/podd"}}',
    "transcripts": "[kjell-ringer.vtt]",
}
"""What a key that holds more than a text could say."""

REQUIRED = {EpisodeKeys: {"title": "…"}, CatalogKeys: {"base_url": "https://catalog.invalid/"}}
"""Stand-ins for what a file must say, so that the rest of it can be looked at."""


def last_name(keys: tuple[int | str, ...]) -> str:
    """The key that a way leads to, or in whose list the entry is."""
    return next((str(key) for key in reversed(keys) if isinstance(key, str)), "")


def unfit(fault: Any, kind: type, place: Place, keys: tuple[int | str, ...], tree: Tree) -> Finding:
    """The finding for one fault that pydantic tells of a file of this kind.

    `keys` are the way to it in the tree, as the file has it; `place` is the same way.
    """
    name = last_name(keys)
    if fault["type"] == "unexpected_keyword_argument":
        known = known_keys(kind, keys[:-1])
        return unknown(name, _at(tree, keys[:-1]), known, place, _elsewhere(keys))
    if fault["type"] == "missing":
        if _is_empty(tree, keys):
            return CF007.at(place, key=name)
        example = _EXAMPLES.get(f"{keys[0]}.{name}") or _EXAMPLES.get(name, "...")
        return CF021.at(place, key=name, example=example)
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


def _elsewhere(keys: tuple[int | str, ...]) -> str | None:
    """In which file a key may stand that may not at the top of this one."""
    places = {
        SeriesKeys: N_("in series.yaml or feedtool.yaml"),
        CatalogKeys: N_("in feedtool.yaml"),
        EpisodeKeys: N_("in the file of an episode"),
    }
    known = (where for kind, where in places.items() if keys[0] in known_keys(kind, ()))
    return next(known, None) if len(keys) == 1 else None


def _of_value(
    fault: Any, kind: type, place: Place, keys: tuple[int | str, ...], tree: Tree
) -> Finding:
    """The finding for a value that is none of the words, or not of the shape, that may stand."""
    name = last_name(keys)
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
        expected = _LIST if name == "block" else expected  # true would block everywhere
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
        validator_of(kind)(REQUIRED.get(kind, {}) | (tree or {}))
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
