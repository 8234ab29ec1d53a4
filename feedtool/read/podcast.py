"""The list `podcast:`: read and checked against the table of tags.

Whatever the table says is checked here, where the keys and their places are known: tags and their
parents, attributes, values, texts, children, how often. All faults are found at once.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Tag
from ..podcast.table import CHILDREN, TABLE, Attribute, Need, Rule, listed_in
from .marks import Refused
from .unfit import CF022
from .unknown import meant, short, unknown
from .values import CF036, file_name

CF070 = Code(
    "CF070",
    Severity.ERROR,
    message=N_('"{tag}" is not known as a tag of Podcasting 2.0'),
    why=N_("apps would ignore it"),
    mend=N_("write one of these instead: {nearest}; if none fits, delete the entry"),
    spec=("XML-06",),
)
CF071 = Code(
    "CF071",
    Severity.ERROR,
    message=N_('the tag "{tag}" does not belong here'),
    why=N_("apps look for it at its own place only"),
    mend=N_("write it {expected}"),
)
CF072 = Code(
    "CF072",
    Severity.ERROR,
    message=N_('the tag "{tag}" has a key of its own'),
    why=N_("feedtool measures, looks up or compares what that key says; here it could not"),
    mend=N_("write  {key}: {example}  {expected}, outside of  podcast:"),
)
CF073 = Code(
    "CF073",
    Severity.ERROR,
    message=N_('the tag "{tag}" needs "{key}:"'),
    why=N_("apps ignore the tag without it"),
    mend=N_("add  {key}: {example}"),
)
CF074 = Code(
    "CF074",
    Severity.NOTE,
    message=N_('the tag "{tag}" has no "{key}:"'),
    why=N_("it is recommended: apps that know it can show more"),
    mend=N_("add  {key}: {example}"),
    profiles={"podcasting2": Severity.WARNING},
)
CF075 = Code(
    "CF075",
    Severity.ERROR,
    message=N_('"{text}" cannot stand at "{key}:" of the tag "{tag}"'),
    why=N_("apps would ignore the tag or misunderstand it"),
    mend=N_("write {expected}:  {key}: {example}"),
    spec=("URI-01", "URI-02"),
)
CF076 = Code(
    "CF076",
    Severity.ERROR,
    message=N_('the tag "{tag}" has no "{child}" in it'),
    why=N_("apps ignore the tag without one"),
    mend=N_("add below it  children: [{example}]"),
)
CF077 = Code(
    "CF077",
    Severity.ERROR,
    message=N_('the tag "{tag}" stands here more than once'),
    why=N_("apps take one of them, and it is unclear which"),
    mend=N_("keep one and delete the others"),
)
CF078 = Code(
    "CF078",
    Severity.WARNING,
    message=N_('the tag "{tag}" is out of use'),
    why=N_("newer apps do not look for it any more"),
    mend=N_('write the tag "{other}" instead:  {example}'),
    spec=("PC20-42",),
)

_TEXT, _LIST, _GROUP = N_("a text"), N_("a list"), N_("words with a value each")
_SERIES, _EPISODE = N_("in series.yaml or feedtool.yaml"), N_("in the file of an episode")
PLACES: Mapping[frozenset[str], str] = {
    frozenset({"channel"}): _SERIES,
    frozenset({"item"}): _EPISODE,
    frozenset({"channel", "item"}): N_("in series.yaml, feedtool.yaml or the file of an episode"),
    frozenset({"podping"}): N_("below  children:  of a podping"),
    frozenset({"value"}): N_("below  children:  of a value"),
    frozenset({"value", "valueTimeSplit"}): N_(
        "below  children:  of a value or of a valueTimeSplit"
    ),
    frozenset({"channel", "podroll", "valueTimeSplit"}): N_(
        "in series.yaml or feedtool.yaml, or below  children:  of a podroll or a valueTimeSplit"
    ),
}
"""Where a tag may be written, in words, by its parents."""
_BUT_CATALOG: Mapping[frozenset[str], str] = {
    frozenset({"channel"}): N_("in series.yaml"),
    frozenset({"item"}): _EPISODE,
    frozenset({"channel", "item"}): N_("in series.yaml or the file of an episode"),
}
"""Where a key may be written that feedtool.yaml does not have in this meaning."""


def resolve_tags(
    written: Sequence[Mapping[str, Any]],
    parent: str,
    place: Place,
    findings: list[Finding],
    folder: str = "",
) -> tuple[Tag, ...]:
    """The tags of a list in a "channel" or an "item"; those that are wrong are left out.

    `folder` is the one below media/ in which names of files are meant.
    """
    tags = [
        _tag(entry, parent, place.down(index), findings, folder)
        for index, entry in enumerate(written)
    ]
    _count(written, parent, place, findings)
    return tuple(tag for tag in tags if tag)


def _tag(
    entry: object, parent: str, place: Place, findings: list[Finding], folder: str
) -> Tag | None:
    if not isinstance(entry, Mapping):
        example = "- {tag: " + listed_in(parent)[0].name + ", ...}"
        findings.append(CF022.at(place, key="children", expected=_GROUP, example=example))
        return None
    rule = _rule(entry, parent, place, findings)
    if rule is None:
        return None
    if rule.instead:
        other = TABLE[rule.instead]
        findings.append(
            CF078.at(place.down("tag"), tag=rule.name, other=other.name, example=other.example)
        )
    faults = len(findings)
    _unknown(entry, rule, place, findings)
    misspelt = {meant(one) for one in findings[faults:]}
    attributes = []
    names_file = any(one.file and _is_file(entry.get(one.name)) for one in rule.attributes)
    for one in rule.attributes:
        if one.measured and names_file and entry.get(one.name) is None:
            continue
        if place.down(one.name).keys in misspelt:
            continue
        value = _value(entry, rule, one, place, findings, folder)
        if value is not None:
            attributes.append((one.name, value))
    text = None
    if rule.text and place.down("text").keys not in misspelt:
        text = _value(
            entry, rule, Attribute("text", rule.text, rule.text_need), place, findings, folder
        )
    children: tuple[Tag, ...] = ()
    if place.down("children").keys not in misspelt:
        children = _children(entry, rule, place, findings, folder)
    if any(finding.severity is Severity.ERROR for finding in findings[faults:]):
        return None
    return Tag(rule.name, tuple(attributes), text, children, place.file, place.keys)


def _of_such(entry: Mapping[str, Any], parent: str) -> str:
    """The tag that has most of the keys of an entry, or "...".

    Not the first that there is: that one, block, takes the podcast out of directories.
    """

    def known(rule: Rule) -> tuple[int, bool]:
        attributes = sum(1 for key in entry if rule.attribute(key))
        return attributes, rule.text is not None and "text" in entry

    most = max(listed_in(parent), key=known)
    return most.name if known(most)[0] else "..."


def _rule(
    entry: Mapping[str, Any], parent: str, place: Place, findings: list[Finding]
) -> Rule | None:
    """What the table says of an entry; None and a finding when it cannot stand here."""
    name = entry.get("tag")
    possible = [rule.name for rule in listed_in(parent)]
    misspelt = next((key for key in entry if key.lower() == "tag" != key), None)
    if name is None and misspelt:
        findings.append(unknown(misspelt, entry, ["tag"], place.down(misspelt)))
        return None
    if not isinstance(name, str) or not name:
        findings.append(CF073.at(place, tag="?", key="tag", example=_of_such(entry, parent)))
        return None
    rule = TABLE.get(name)
    if rule is None:
        known = [one for one in TABLE if TABLE[one].listed or parent in TABLE[one].keys]
        near = _nearest(name.removeprefix("podcast:"), known)
        findings.append(CF070.at(place.down("tag"), tag=short(name), nearest=", ".join(near)))
    elif name in possible:
        return rule
    elif parent in rule.keys or not rule.listed:
        places = frozenset({parent} if parent in rule.keys else rule.keys) & {"channel", "item"}
        where = (_BUT_CATALOG if rule.differs else PLACES)[places or frozenset({"item"})]
        key = rule.keys.get(parent) or next(iter(rule.keys.values()))
        example = rule.key_example or rule.example
        findings.append(
            CF072.at(place.down("tag"), tag=name, key=key, example=example, expected=where)
        )
    else:
        expected = PLACES[frozenset(rule.parents).difference(rule.keys)]
        findings.append(CF071.at(place.down("tag"), tag=name, expected=expected))
    return None


def _unknown(entry: Mapping[str, Any], rule: Rule, place: Place, findings: list[Finding]) -> None:
    known = [one.name for one in rule.attributes]
    known += ["text"] if rule.text else []
    known += ["children"] if CHILDREN[rule.name] else []
    for key in entry:
        if key not in known and key != "tag":
            findings.append(unknown(key, entry, known, place.down(key)))


def _value(
    entry: Mapping[str, Any],
    rule: Rule,
    one: Attribute,
    place: Place,
    findings: list[Finding],
    folder: str,
) -> str | None:
    """What an attribute or the text of a tag says, as feeds carry it; None if nothing right."""
    kind, written = one.kind, entry.get(one.name)
    if written is None:
        needless = bool(one.follows) and all(name in entry for name in one.follows)
        if one.unless:
            other, word = one.unless
            needless = str(entry.get(other)).strip() == word
        if one.need is not Need.OPTIONAL and not needless:
            code = CF073 if one.need is Need.REQUIRED else CF074
            example = _quoted(kind.example)
            findings.append(code.at(place, tag=rule.name, key=one.name, example=example))
        return one.default
    inside = place.down(one.name)
    if not isinstance(written, str):
        example = f"{one.name}: {_quoted(kind.example)}"
        findings.append(CF022.at(inside, key=one.name, expected=_TEXT, example=example))
        return None
    value = kind.tidy(written)
    if kind.test(value):
        return value
    if one.file and _is_file(value):
        try:
            name = file_name(value)
        except Refused as refused:
            findings.append(refused.fault.at(inside))
            return None
        return f"{folder}/{name}" if folder else name
    if kind.choices:
        near = ", ".join(_nearest(value, kind.choices))
        findings.append(CF036.at(inside, text=short(written), choices=near))
    else:
        findings.append(
            CF075.at(
                inside, text=short(written), key=one.name, tag=rule.name, expected=kind.name,
                example=_quoted(kind.example),
            )
        )  # fmt: skip
    return None


def _is_file(written: object) -> bool:
    """Is it meant as the name of a file? Such names have no colon, addresses do."""
    return isinstance(written, str) and ":" not in written


def _children(
    entry: Mapping[str, Any], rule: Rule, place: Place, findings: list[Finding], folder: str
) -> tuple[Tag, ...]:
    possible = CHILDREN[rule.name]
    if not possible:
        return ()
    written = entry.get("children")
    if written is None:
        written = []
    inside = place.down("children")
    if not isinstance(written, list):
        example = f"children: [{TABLE[possible[0]].example}]"
        findings.append(CF022.at(inside, key="children", expected=_LIST, example=example))
        return ()
    names = [child.get("tag") for child in written if isinstance(child, Mapping)]
    for name in possible:
        if TABLE[name].parents[rule.name].least and name not in names:
            findings.append(CF076.at(place, tag=rule.name, child=name, example=TABLE[name].example))
    return resolve_tags(written, rule.name, inside, findings, folder)


def _count(written: Sequence[object], parent: str, place: Place, findings: list[Finding]) -> None:
    """Tags that may stand once, and stand again."""
    seen: Counter[str] = Counter()
    for index, entry in enumerate(written):
        name = entry.get("tag") if isinstance(entry, Mapping) else None
        if isinstance(name, str) and name in CHILDREN[parent]:
            seen[name] += 1
            most = TABLE[name].parents[parent].most
            if most is not None and seen[name] > most and parent not in TABLE[name].keys:
                findings.append(CF077.at(place.down(index, "tag"), tag=name))


def _nearest(text: str, known: Sequence[str]) -> Sequence[str]:
    folded = {one.lower(): one for one in known}
    near = difflib.get_close_matches(text.lower()[:100], folded, 4, 0.5)
    return [folded[one] for one in near] or known[:8]


def _quoted(example: str) -> str:
    """An example as YAML has it."""
    return f'"{example}"' if example[:1] in "@#" or ": " in example or "," in example else example


def inherited(own: Sequence[Tag], stated: set[str], defaults: Sequence[Tag]) -> tuple[Tag, ...]:
    """A series' tags: the defaults of feedtool.yaml that it does not say itself, and its own.

    `stated` are tags that it says with other keys.
    """
    stated = stated | {tag.name for tag in own}
    return (
        *(tag for tag in defaults if TABLE[tag.name].inherited and tag.name not in stated),
        *own,
    )
