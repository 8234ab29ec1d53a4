"""What of a feed our files can hold: tried with the rules that read them.

What does not fit is taken out and told, with the reason that a check would give.
"""

from __future__ import annotations

import re
from typing import Any

from ..check import every  # noqa: F401 - it fills TAG_RULES
from ..check.rule import TAG_RULES
from ..declare import dataclass
from ..finding import Finding, Place, Severity
from ..formats import forbidden_characters
from ..podcast.table import CHANNEL, ITEM
from ..read.languages import language
from ..read.marks import Refused
from ..read.podcast import resolve_tags
from ..read.schema import validate
from ..read.written import EpisodeKeys, SeriesKeys
from .gathered import but_empty
from .judged import put_right
from .record import Tree, Why

_ROUNDS = 8
"""Each round takes out all that it finds; what is told hides other faults of the same entry."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A key, or an entry of its list, that is left out."""

    key: str
    text: str  #: what it said, in short
    why: Why


def fit_episode(tree: Tree) -> tuple[Tree, list[Unfit]]:
    """The keys that an episode file may have, and what was left out."""
    tree, left = _fit(tree, EpisodeKeys, ITEM)
    keys, _ = validate(tree, EpisodeKeys, Place(""))
    if keys is not None:
        for key, out, fault in put_right(tree, keys):
            left.append(Unfit(key, _short(out), Why(fault.code.message, dict(fault.params))))
    return tree, left


def fit_series(tree: Tree) -> tuple[Tree, list[Unfit]]:
    """The same for series.yaml."""
    return _fit(tree, SeriesKeys, CHANNEL)


def _fit(tree: Tree, kind: type, parent: str) -> tuple[Tree, list[Unfit]]:
    left: list[Unfit] = []
    tree = {key: _clean(value) for key, value in tree.items()}
    if said := tree.get("language"):
        tree["language"] = _language(said)
    for _ in range(_ROUNDS):
        keys, findings = validate(tree, kind, Place(""))
        if keys is None:
            _take_out(tree, findings, left)
            continue
        found: list[Finding] = []
        if keys.podcast:
            tags = resolve_tags(keys.podcast, parent, Place("", ("podcast",)), found, "")
            for rule in TAG_RULES:
                found += rule(tags)
        wrong = [one for one in found if one.severity is Severity.ERROR]
        if not wrong:
            return tree, left
        _take_out(tree, wrong, left)
    for key in tree.keys() - {"title"}:  # it cannot come to this; nothing is written unread
        left.append(Unfit(key, _short(tree.pop(key)), Why("…")))
    return tree, left


_BREAK = re.compile(r" *[\t\n\r\x85\u2028\u2029]\s*")
"""Where XML was laid out by hand, and everything else that YAML can only say with a backslash."""


def _clean(value: Any) -> Any:
    """On one line, as our files have it, without the characters that no feed may carry."""
    if isinstance(value, str):
        for found in reversed([*forbidden_characters(value)]):
            value = value[: found.start()] + value[found.end() :]
        return _BREAK.sub(" ", value)
    if isinstance(value, dict):
        if value.get("tag") == "txt":  # its text may have several lines
            lines = [_clean(line.strip()) for line in str(value.get("text", "")).splitlines()]
            return {**_clean({**value, "tag": ""}), "tag": "txt"} | but_empty(text="\n".join(lines))
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value]


def _take_out(tree: Tree, findings: list[Finding], left: list[Unfit]) -> None:
    """Remove what findings speak of: the entry of a list, else the whole key."""
    entries: dict[str, set[int]] = {}
    for finding in findings:
        keys = finding.place.keys
        key = str(keys[0])
        if key not in tree:
            continue
        value = tree[key]
        if len(keys) > 1 and isinstance(value, list) and isinstance(keys[1], int):
            if keys[1] not in entries.setdefault(key, set()):
                entries[key].add(keys[1])
                left.append(Unfit(key, _short(value[keys[1]]), _why(finding)))
        elif key == "title":
            tree[key] = tree[key][:200].rstrip() + "…"
            left.append(Unfit(key, _short(value), _why(finding)))
        else:
            entries.pop(key, None)
            del tree[key]
            left.append(Unfit(key, _short(value), _why(finding)))
    for key, indices in entries.items():
        if key in tree:
            tree[key] = [one for index, one in enumerate(tree[key]) if index not in indices]
            if not tree[key]:
                del tree[key]


def _why(finding: Finding) -> Why:
    return Why(finding.code.message, dict(finding.params))


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {_short(one)}" for key, one in value.items())
    elif isinstance(value, list):
        value = ", ".join(map(_short, value))
    text = " ".join(str(value).split())
    return text if len(text) < 100 else text[:99] + "…"


def _language(text: str) -> str:
    """The usual form of a tag, where it can only mean one: "swe" is "sv"."""
    try:
        return language(text)
    except Refused as refused:
        better = str(refused.fault.params.get("better", ""))
        same = better and text.lower().replace("_", "-").split("-")[0][:2] == better[:2]
        return better if same else text
