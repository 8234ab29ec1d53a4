"""The whole vocabulary of Podcasting 2.0: from `podcast:` and the keys to the feed, and what is
refused on the way. tests/cases/every-tag uses every tag and attribute; the table says which.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from feedtool.finding import Finding, Place, Severity
from feedtool.model import Tag
from feedtool.podcast.kinds import Kind
from feedtool.podcast.table import CHANNEL, CHILDREN, ITEM, TABLE, Attribute, Need, Rule
from feedtool.read.kinds import KINDS
from feedtool.read.podcast import resolve_tags
from feedtool.read.schema import validate
from feedtool.read.yaml_tree import read_tree

from .cases import NAMESPACES, a_case, find, xml
from .catalogs import CATALOG, SERIES, Catalog, a_catalog
from .outside import NODE, node_package, program

PODCAST = f"{{{NAMESPACES['podcast']}}}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    catalog = a_case("every-tag", tmp_path_factory.mktemp("tags"))
    run = catalog.build()
    assert run.code == 0, run.err
    assert set(run.codes) == {"CF074", "CF078"}, "what is out of use, and what is recommended"
    return catalog


def places(feed: bytes) -> Iterator[tuple[str, Any]]:
    """Every element of the namespace with the name of its parent, as the table has it."""
    for element in xml(feed).iter(f"{PODCAST}*"):
        yield element.getparent().tag.removeprefix(PODCAST), element


def name_of(element: Any) -> str:
    return str(element.tag.removeprefix(PODCAST))


# --- the feed against the table ----------------------------------------------------------------


PARENTS = [(rule, parent) for rule in TABLE.values() for parent in rule.parents]
ATTRIBUTES = [(rule, one) for rule in TABLE.values() for one in rule.attributes]


def ids(value: Rule | Attribute | str) -> str:
    return value if isinstance(value, str) else value.name


@pytest.mark.parametrize(("rule", "parent"), PARENTS, ids=ids)
def test_every_tag_is_in_a_feed_below_each_of_its_parents(
    rule: Rule, parent: str, built: Catalog
) -> None:
    feed = built.read("samtal/feed.xml")
    assert [one for above, one in places(feed) if (above, name_of(one)) == (parent, rule.name)]


@pytest.mark.parametrize(("rule", "one"), ATTRIBUTES, ids=ids)
def test_every_attribute_is_in_a_feed(rule: Rule, one: Attribute, built: Catalog) -> None:
    elements = xml(built.read("samtal/feed.xml")).iter(PODCAST + rule.name)
    values = [element.get(one.name) for element in elements]
    assert any(values)


@pytest.mark.parametrize("path", ["samtal/feed.xml", "moten/feed.xml", "feed.xml"])
def test_nothing_in_a_feed_is_outside_the_table(path: str, built: Catalog) -> None:
    for parent, element in places(built.read(path)):
        rule = TABLE[name_of(element)]
        assert parent in rule.parents, rule.name
        siblings = element.getparent().findall(element.tag)
        count = rule.parents[parent]
        assert len(siblings) <= (count.most or len(siblings)), rule.name
        for child in CHILDREN[rule.name]:
            there = len(element.findall(PODCAST + child))
            assert there >= TABLE[child].parents[rule.name].least, rule.name
        _attributes_are_right(element, rule)
        text = (element.text or "").strip()
        assert bool(text) <= bool(rule.text), rule.name
        if rule.text and (text or rule.text_need is Need.REQUIRED):
            assert rule.text.test(text), rule.name


def _attributes_are_right(element: Any, rule: Rule) -> None:
    stated = dict(element.attrib)
    for one in rule.attributes:
        value = stated.pop(one.name, None)
        if value is not None:
            assert one.kind.test(value), (rule.name, one.name, value)
        elif one.need is Need.REQUIRED:
            assert one.unless, (rule.name, one.name)
            assert element.get(one.unless[0]) == one.unless[1], (rule.name, one.name)
    assert stated == {}


def test_the_table_is_the_namespace() -> None:
    """Every tag of requirements.md section 7; live items are not part of it."""
    assert set(TABLE) == {
        "transcript", "locked", "funding", "chapters", "soundbite", "person", "location", "season",
        "episode", "trailer", "license", "alternateEnclosure", "source", "integrity", "guid",
        "value", "valueRecipient", "valueTimeSplit", "medium", "contentLink", "socialInteract",
        "block", "txt", "remoteItem", "podroll", "publisher", "updateFrequency", "podping",
        "hiveAccount", "chat", "image", "images",
    }  # fmt: skip


# --- the feed as an app reads it ---------------------------------------------------------------


@pytest.fixture(scope="module")
def heard(built: Catalog) -> Any:
    """What partytime, the parser of several apps, makes of the feed."""
    node_package("podcast-partytime/package.json")
    done = subprocess.run(
        [program("node", "apt-get install nodejs"), str(NODE / "partytime.js")],
        input=built.read("samtal/feed.xml"),
        capture_output=True,
        env={"LOG": "silent", "PATH": "/usr/bin:/bin"},
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def test_an_app_finds_every_tag_it_knows(heard: Any) -> None:
    assert heard["pc20support"] == {
        "1": ["locked", "funding", "transcript", "chapters", "soundbite"],
        "2": ["person", "location", "season", "episode"],
        "3": ["trailer", "license", "guid", "alternateEnclosure"],
        "4": ["value", "medium", "images"],
        "5": ["block"],
        "6": ["txt", "remoteItem", "podroll"],
        "7": ["chat", "publisher"],
    }


def test_an_app_understands_the_channel(heard: Any) -> None:
    assert (heard["guid"], heard["medium"]) == ("5c0b7a9e-3f0d-5e0b-9a51-7d1f2f3e4a5b", "video")
    assert (heard["locked"], heard["podcastOwner"]) == (True, "podd@nordvik.example")
    assert heard["podcastFunding"] == [
        {"message": "Stöd samtalen", "url": "https://nordvik.example/stod"}
    ]
    assert heard["podcastLocation"] == {
        "name": "Nordvik", "osm": "R113314", "geo": "geo:59.33,18.06"
    }  # fmt: skip
    assert heard["trailers"] == [
        {
            "title": "Snart börjar det", "url": "https://podd.example/media/samtal/trailer.mp4",
            "pubdate": "2025-02-01T08:00:00.000Z", "type": "video/mp4", "length": 11380,
            "season": 2,
        }
    ]  # fmt: skip
    assert heard["podcastBlocked"] == "yes"
    assert heard["podcastBlockedPlatforms"] == {"youtube": False}
    assert heard["podcastTxt"] == [
        {"value": "05124-x", "purpose": "applepodcastsverify"},
        {"value": "Ett & två < tre"},
    ]
    assert [one["feedGuid"][:8] for one in heard["podroll"]] == ["29cdca4a", "396d9ae0"]
    assert heard["podcastRemoteItems"][0]["itemGuid"] == "samtal 1"
    assert heard["podcastPublisher"]["feedUrl"] == "https://nordvik.example/utgivare.xml"
    assert heard["chat"] == {
        "phase": "7", "protocol": "matrix", "server": "matrix.nordvik.example",
        "accountId": "@podd", "space": "#samtal",
    }  # fmt: skip


def test_an_app_pays_who_is_named(heard: Any) -> None:
    assert (heard["value"]["method"], heard["value"]["suggested"]) == ("keysend", 5e-08)
    receivers = heard["value"]["recipients"]
    assert [(one["name"], one["split"], one["fee"]) for one in receivers] == [
        ("Nordvik & co", 95, False),
        ("Värden", 5, True),
    ]
    remote, local = heard["items"][0]["value"]["valueTimeSplits"]
    assert (remote["remoteStartTime"], remote["remotePercentage"]) == (174, 95)
    assert remote["remoteItem"]["itemGuid"] == "sang-1"
    assert (local["startTime"], local["duration"]) == (1, 1.5)
    assert local["recipients"][0]["address"] == "kjell@nordvik.example"


def test_an_app_understands_the_item(heard: Any) -> None:
    item = heard["items"][0]
    assert [(one["name"], one["role"]) for one in item["podcastPeople"]] == [
        ("Elin Åberg", "Host"),
        ("Kjell", "Guest"),
    ]
    assert item["podcastSeason"] == {"number": 2, "name": "Våren"}
    assert item["podcastEpisode"] == {"number": 3, "display": "Del tre"}
    assert item["podcastSoundbites"] == [{"startTime": 0.5, "duration": 1, "title": "Bäst & först"}]
    assert item["podcastTranscripts"][-1] == {
        "url": "https://podd.example/samtal/ett/captions.fi.vtt", "type": "text/vtt",
        "language": "fi", "rel": "captions",
    }  # fmt: skip
    small = item["alternativeEnclosures"][0]
    assert (small["length"], small["title"], small["lang"]) == (16704, "Liten", "sv")
    assert small["integrity"]["value"].startswith("sha256-")
    assert item["chat"]["space"] == "#ett"


# --- parents, multiplicity, attributes ---------------------------------------------------------


def read(entries: str, parent: str = CHANNEL) -> tuple[tuple[Tag, ...], list[Finding]]:
    """The tags of a list in YAML, and what is wrong with it."""
    tree, wrong = read_tree(f"podcast: [{entries}]", "x.md")
    assert tree is not None
    assert not wrong
    found: list[Finding] = []
    tags = resolve_tags(tree["podcast"], parent, Place("x.md", ("podcast",)), found, "samtal")
    return tags, found


def faults(entries: str, parent: str = CHANNEL) -> list[tuple[str, tuple[str | int, ...]]]:
    _, found = read(entries, parent)
    return [(one.code.id, one.place.keys[1:]) for one in found]


LISTED = [rule for rule in TABLE.values() if rule.listed]
IN_TAGS = sorted(name for name in CHILDREN if CHILDREN[name] and name in TABLE)


def below(parent: str, entries: str) -> tuple[str, str, tuple[str | int, ...]]:
    """Entries at their place: the list to read, whose it is, and the way to them."""
    if parent in (CHANNEL, ITEM):
        return entries, parent, ()
    top = next(iter(TABLE[parent].parents))
    if top in (CHANNEL, ITEM):
        attributes = "".join(
            f", {one.name}: {quoted(one.kind.example)}" for one in TABLE[parent].attributes
        )
        return f"{{tag: {parent}{attributes}, children: [{entries}]}}", top, (0, "children")
    attributes = "".join(
        f", {one.name}: {quoted(one.kind.example)}" for one in TABLE[parent].attributes
    )
    whole, owner, way = below(top, f"{{tag: {parent}{attributes}, children: [{entries}]}}")
    return whole, owner, (*way, 0, "children")


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize("rule", LISTED, ids=ids)
def test_the_example_of_every_tag_is_right(rule: Rule) -> None:
    for parent in rule.parents:
        if parent not in rule.keys:
            entries, owner, way = below(parent, rule.example)
            allowed = {"CF078"} if rule.instead else set()
            # an entry around it may lack what is not looked at here
            here = [
                code for code, where in faults(entries, owner) if where[: len(way) + 1] == (*way, 0)
            ]
            assert set(here) <= allowed


WRONG_PARENTS = [
    (rule, parent)
    for rule in TABLE.values()
    for parent in (CHANNEL, ITEM, *IN_TAGS)
    if parent not in rule.parents and (parent in (CHANNEL, ITEM) or TABLE[parent].listed)
]


@pytest.mark.parametrize(("rule", "parent"), WRONG_PARENTS, ids=ids)
def test_a_tag_below_another_parent_is_refused(rule: Rule, parent: str) -> None:
    example = rule.example if rule.listed else f"{{tag: {rule.name}}}"
    entries, owner, way = below(parent, example)
    code = "CF071" if rule.listed else "CF072"
    assert (code, (*way, 0, "tag")) in faults(entries, owner)


@pytest.mark.parametrize(
    ("rule", "parent"), [pair for pair in PARENTS if pair[1] in pair[0].keys], ids=ids
)
def test_a_tag_with_a_key_of_its_own_is_refused_in_the_list(rule: Rule, parent: str) -> None:
    if parent in (CHANNEL, ITEM):
        assert faults(f"{{tag: {rule.name}}}", parent) == [("CF072", (0, "tag"))]


KEYS = [
    (rule, parent, kind)
    for rule, parent in PARENTS
    if parent in rule.keys
    for kind in KINDS
    if parent == {"episode": ITEM}.get(kind, CHANNEL)
]


@pytest.mark.parametrize(("rule", "parent", "kind"), KEYS, ids=ids)
def test_the_key_that_is_named_instead_is_right_where_it_is_said_to_belong(
    rule: Rule, parent: str, kind: str
) -> None:
    found: list[Finding] = []
    resolve_tags([{"tag": rule.name}], parent, Place(kind, ("podcast",)), found)
    said = {key: str(value) for key, value in found[0].params.items()}
    if kind in said["expected"]:
        tree, _ = read_tree(f"{said['key']}: {said['example']}", kind)
        assert tree is not None
        _, wrong = validate(tree, KINDS[kind], Place(kind))
        assert [one.code.id for one in wrong if one.place.keys[:1] == (said["key"],)] == []
    else:
        assert (rule.name, kind) in {("person", "feedtool.yaml"), ("trailer", "feedtool.yaml")}


ONCE = [pair for pair in PARENTS if pair[0].parents[pair[1]].most == 1]


@pytest.mark.parametrize(
    ("rule", "parent"), [pair for pair in ONCE if pair[1] not in pair[0].keys], ids=ids
)
def test_a_tag_that_stands_once_is_refused_the_second_time(rule: Rule, parent: str) -> None:
    entries, owner, way = below(parent, f"{rule.example}, {rule.example}")
    assert ("CF077", (*way, 1, "tag")) in faults(entries, owner)


@pytest.mark.parametrize(
    "key",
    sorted({rule.keys[parent] for rule, parent in ONCE if parent in (CHANNEL, ITEM) and
            parent in rule.keys}),
)  # fmt: skip
def test_a_key_that_stands_once_is_refused_the_second_time(key: str) -> None:
    _, wrong = read_tree(f"{key}: 1\n{key}: 2\n", "x.md")
    assert [(one.code.id, one.place.line) for one in wrong] == [("CF013", 2)]


NEEDED_CHILDREN = [
    (parent, child)
    for parent in IN_TAGS
    for child in CHILDREN[parent]
    if TABLE[child].parents[parent].least and TABLE[parent].listed
]


@pytest.mark.parametrize(("parent", "child"), NEEDED_CHILDREN)
def test_a_tag_without_the_children_it_needs_is_refused(parent: str, child: str) -> None:
    entries, owner, _ = below(parent, "")
    assert ("CF076", (0,)) in faults(entries, owner)
    assert ("CF076", (0,)) in faults(entries.replace(", children: []", ""), owner)


def test_a_rendition_without_a_source_is_refused(tmp_path: Path) -> None:
    assert codes_of(tmp_path, "alternates: [{title: Liten}]") == [("ME055", 6)]


def _kind(rule: Rule, name: str) -> Kind:
    attribute = rule.attribute(name)
    assert attribute
    return attribute.kind


def entry(rule: Rule, without: str = "", **other: str) -> str:
    """An entry with all attributes of a rule, but one."""
    stated = {one.name: one.kind.example for one in rule.attributes}
    if rule.text:
        stated["text"] = rule.text.example
    for one in rule.attributes:
        if one.unless:  # the example of an entry in which it is needed
            stated[one.unless[0]] = next(
                word for word in _kind(rule, one.unless[0]).choices if word != one.unless[1]
            )
        if one.name == without and one.follows:
            stated.pop(one.follows[-1])
    stated |= other
    stated.pop(without, None)
    inside = [TABLE[child].example for child in CHILDREN[rule.name]
              if TABLE[child].parents[rule.name].least]  # fmt: skip
    children = f", children: [{', '.join(inside)}]" if inside else ""
    attributes = "".join(f", {name}: {quoted(value)}" for name, value in stated.items())
    return f"{{tag: {rule.name}{attributes}{children}}}"


def at_home(rule: Rule, written: str) -> tuple[str, str, tuple[str | int, ...]]:
    parent = next(parent for parent in rule.parents if parent not in rule.keys)
    return below(parent, written)


LISTED_ATTRIBUTES = [(rule, one) for rule in LISTED for one in rule.attributes]
LISTED_TEXTS = [
    (rule, Attribute("text", rule.text, rule.text_need)) for rule in LISTED if rule.text
]


@pytest.mark.parametrize(("rule", "one"), LISTED_ATTRIBUTES + LISTED_TEXTS, ids=ids)
def test_what_is_missing_is_told(rule: Rule, one: Attribute) -> None:
    entries, owner, way = at_home(rule, entry(rule, without=one.name))
    code = {Need.REQUIRED: "CF073", Need.RECOMMENDED: "CF074"}.get(one.need)
    found = [(code, where) for code, where in faults(entries, owner) if code != "CF078"]
    assert [one for one in found if one[1] == (*way, 0)] == ([(code, (*way, 0))] if code else [])


BAD = {"uri": "ftp", "url": "http://nordvik.example/"}


@pytest.mark.parametrize(("rule", "one"), LISTED_ATTRIBUTES + LISTED_TEXTS, ids=ids)
def test_what_cannot_stand_there_is_told(rule: Rule, one: Attribute) -> None:
    # what is free text is only too long or empty; a name of a file may be anything but a path
    free = one.kind.name.startswith(("a text of", "words with"))
    wrong = "x" * 5000 if free else "? /../?"
    entries, owner, way = at_home(rule, entry(rule, **{one.name: wrong}))
    found = [code for code, where in faults(entries, owner) if where == (*way, 0, one.name)]
    assert found in (["CF075"], ["CF036"], ["CF038"])


@pytest.mark.parametrize("rule", LISTED, ids=ids)
def test_an_attribute_that_is_not_known_is_told(rule: Rule) -> None:
    entries, owner, way = at_home(rule, entry(rule).replace("{tag:", "{extra: 1, tag:", 1))
    assert ("CF020", (*way, 0, "extra")) in faults(entries, owner)


@pytest.mark.parametrize(
    ("entries", "code", "keys"),
    [
        ("{server: a.example}", "CF073", (0,)),
        ("{tag: chatt}", "CF070", (0, "tag")),
        ("{tag: liveItem}", "CF070", (0, "tag")),
        ("{tag: txt, text: [a]}", "CF022", (0, "text")),
        ("{tag: txt, text: {a: b}}", "CF022", (0, "text")),
        ("{tag: podroll, children: yes}", "CF022", (0, "children")),
        ("{tag: podroll, children: [a]}", "CF022", (0, "children", 0)),
        ("{tag: txt, text: a, children: []}", "CF020", (0, "children")),
        ('{tag: txt, text: ""}', "CF075", (0, "text")),
        ('{tag: txt, text: "\\u200b \\u202e"}', "CF075", (0, "text")),
    ],
)
def test_what_is_no_entry_is_told(entries: str, code: str, keys: tuple[str | int, ...]) -> None:
    assert (code, keys) in faults(entries)


@pytest.mark.parametrize(
    ("entries", "keys"),
    [
        ("{Tag: txt, text: a}", (0, "Tag")),
        ("{tag: txt, Text: a}", (0, "Text")),
        (f"{{tag: podroll, childern: [{TABLE['remoteItem'].example}]}}", (0, "childern")),
    ],
)
def test_a_misspelt_key_is_one_fault(entries: str, keys: tuple[str | int, ...]) -> None:
    assert faults(entries) == [("CF020", keys)]


@pytest.mark.parametrize(
    "scheme", ["javascript", "vbscript", "data", "blob", "file", "about", "JavaScript"]
)
def test_an_address_that_reaches_no_service_is_refused(scheme: str) -> None:
    link = f"{{tag: contentLink, href: '{scheme}:alert(1)', text: a}}"
    assert faults(link, ITEM) == [("CF075", (0, "href"))]
    assert faults(link.replace(scheme, "mumble"), ITEM) == []


def test_a_misspelt_tag_is_told_with_the_nearest() -> None:
    _, found = read("{tag: socialinteract}")
    assert str(found[0].params["nearest"]).split(", ")[0] == "socialInteract"


def test_a_tag_with_the_prefix_of_feeds_is_told_without_it() -> None:
    _, found = read("{tag: 'podcast:txt', text: x}")
    assert str(found[0].params["nearest"]).split(", ")[0] == "txt"


def test_values_are_taken_as_they_were_meant() -> None:
    """YAML 1.1 would make a number, a truth and a time of these."""
    tags, found = read(
        "{tag: txt, text: 05124}, {tag: block, text: no}, {tag: txt, text: 06:26},"
        " {tag: podping, usesPodping: TRUE}, {tag: txt, text: ' a  b '}"
    )
    assert not found
    assert [tag.text or tag.get("usesPodping") for tag in tags] == [
        "05124", "no", "06:26", "true", "a  b",
    ]  # fmt: skip


def test_an_address_is_written_as_feeds_carry_it() -> None:
    tags, _ = read("{tag: funding, url: 'https://räksmörgås.example/å', text: Stöd}", ITEM)
    assert tags[0].get("url") == "https://xn--rksmrgs-5wao1o.example/%C3%A5"


def test_a_server_with_other_letters_is_written_as_name_servers_have_it() -> None:
    tags, found = read("{tag: chat, server: irc.åre.example, protocol: irc, accountId: a}", ITEM)
    assert (tags[0].get("server"), found) == ("irc.xn--re-xia.example", [])
    _, found = read("{tag: chat, server: irc.å re.example, protocol: irc, accountId: a}", ITEM)
    assert [one.code.id for one in found] == ["CF075"]


# --- what tags must be together ----------------------------------------------------------------


def codes_of(
    folder: Path, episode: str = "", series: str = "", catalog: str = ""
) -> list[tuple[str, int]]:
    """The findings of a catalog with these lines added, and the lines they stand in."""
    found = _written(folder, episode, series, catalog).rebuilt().findings
    return [(one.code, one.line or 0) for one in found]


def _written(folder: Path, episode: str = "", series: str = "", catalog: str = "") -> Catalog:
    made = a_catalog(
        folder, CATALOG + catalog, SERIES + "image: omslag.jpg\nauthor: Nordvik\n" + series
    )
    made.recording("samtal/omslag.jpg", "cover.jpg")
    made.recording("samtal/bred.png", "wide.png")
    made.recording("samtal/liten.mp3", "cbr-48k.mp3")
    made.episode(more=episode)
    return made


NODE_ADDRESS = "02d5c1bf8b940dc9cadca86d1b0a3c37fbe39cee4c7e839e33bef9174531d27f52"
RECEIVER = "{tag: valueRecipient, type: lnaddress, address: a@b.example, split: 1, name: A}"
GUID = "29cdca4a-32d8-56ba-b48b-09a011c5daa9"
REMOTE = f"{{tag: remoteItem, feedGuid: {GUID}}}"


def value(*children: str) -> str:
    return f"{{tag: value, type: lightning, method: keysend, children: [{', '.join(children)}]}}"


def receiver(**other: str) -> str:
    stated = {
        "type": "node", "address": NODE_ADDRESS, "split": "1", "name": "A",
    } | other  # fmt: skip
    return f"{{tag: valueRecipient, {', '.join(f'{k}: {quoted(v)}' for k, v in stated.items())}}}"


def split(start: str, duration: str, *children: str) -> str:
    inside = ", ".join(children or (REMOTE,))
    return (
        f"{{tag: valueTimeSplit, startTime: {start}, duration: {duration}, children: [{inside}]}}"
    )


def social(**stated: str) -> str:
    return f"{{tag: socialInteract, {', '.join(f'{k}: {quoted(v)}' for k, v in stated.items())}}}"


POST = {"protocol": "activitypub", "uri": "https://a.example/1", "accountId": "@a"}
IMAGE = (
    "{tag: image, href: 'https://a.example/b.jpg', alt: B, width: %s, height: %s, aspect-ratio: %s}"
)

TOGETHER = {
    # name: (wrong, code, right)
    "a node with a short key": (
        value(receiver(address=NODE_ADDRESS[:-1])), "CF080", value(receiver())),
    "a node with a wrong beginning": (
        value(receiver(address="05" + NODE_ADDRESS[2:])), "CF080", value(receiver())),
    "an lnaddress without a host": (
        value(receiver(type="lnaddress", address="elin")), "CF080", value(RECEIVER)),
    "nobody gets a share": (
        value(receiver(split="0")), "CF081", value(receiver(split="0"), receiver())),
    "only fees": (
        value(receiver(fee="true")), "CF081", value(receiver(fee="true"), receiver(fee="false"))),
    "a key without its value": (
        value(receiver(customKey="1")), "CF082", value(receiver(customKey="1", customValue="2"))),
    "a value without its key": (
        value(receiver(customValue="1")), "CF082", value(receiver())),
    "a time split for nobody": (
        value(RECEIVER, split("0", "1", "")), "CF083", value(RECEIVER, split("0", "1"))),
    "a time split for both": (
        value(RECEIVER, split("0", "1", REMOTE, RECEIVER)), "CF083",
        value(RECEIVER, split("0", "1", RECEIVER, RECEIVER))),
    "time splits that overlap": (
        value(RECEIVER, split("1", "1"), split("0", "1.5")), "CF084",
        value(RECEIVER, split("1", "1"), split("0", "1"))),
    "comments wanted and not": (
        social(protocol="disabled") + ", " + social(**POST), "CF086", social(protocol="disabled")),
    "no comments, and where": (
        social(protocol="disabled", priority="1"), "CF086", social(**POST)),
    "comments without order": (
        social(**POST) + ", " + social(**POST, priority="1"), "CF087",
        social(**POST, priority="2") + ", " + social(**POST, priority="1")),
    "comments with one order": (
        social(**POST, priority="1") + ", " + social(**POST, priority="1"), "CF087",
        social(**POST, priority="1")),
    "blocked and let in": (
        "{tag: block, id: apple, text: no}, {tag: block, id: apple, text: yes}", "CF088",
        "{tag: block, id: apple, text: no}, {tag: block, text: yes}"),
    "blocked by all twice": (
        "{tag: block, text: no}, {tag: block, text: yes}", "CF088",
        "{tag: block, text: no}, {tag: block, id: apple, text: yes}"),
    "recommended twice": (
        f"{{tag: podroll, children: [{REMOTE}, {REMOTE}]}}", "CF089",
        f"{{tag: podroll, children: [{REMOTE}]}}"),
    "a shape that is another": (
        IMAGE % (1600, 1600, "16/9"), "CF091", IMAGE % (1601, 900, "16/9")),
    "who made it, in other words": (
        "{tag: txt, purpose: ai-content, text: no}", "CF092",
        "{tag: txt, purpose: ai-content, text: false}"),
}  # fmt: skip


LINES = {"series": 6, "catalog": 7, "episode": 6}
WRITTEN_IN = [
    (name, file)
    for name, (wrong, _, _) in TOGETHER.items()
    for file in LINES
    if file != "episode" or ITEM in TABLE[wrong.partition("tag: ")[2].partition(",")[0]].parents
]


@pytest.mark.parametrize(("name", "file"), WRITTEN_IN)
def test_what_does_not_fit_together_is_told_once(name: str, file: str, tmp_path: Path) -> None:
    wrong, code, right = TOGETHER[name]
    found = codes_of(tmp_path / "wrong", **{file: f"podcast: [{wrong}]\n"})
    assert found == [(code, LINES[file])]
    assert codes_of(tmp_path / "right", **{file: f"podcast: [{right}]\n"}) == []


def test_spaces_around_a_word_change_nothing_of_what_is_needed(tmp_path: Path) -> None:
    entry = '{tag: socialInteract, protocol: " disabled "}'
    assert codes_of(tmp_path, f"podcast: [{entry}]") == []


def test_a_time_split_beyond_the_end_is_told(tmp_path: Path) -> None:
    written = value(RECEIVER, split("2", "4"))
    assert codes_of(tmp_path / "wrong", f"podcast: [{written}]") == [("CF085", 6)]
    written = value(RECEIVER, split("2", "1.5"))
    assert codes_of(tmp_path / "right", f"podcast: [{written}]") == []


def test_what_the_key_and_the_tag_say_of_blocking_is_told(tmp_path: Path) -> None:
    wrong = "block: [apple]\npodcast: [{tag: block, id: apple, text: no}]\n"
    assert codes_of(tmp_path / "wrong", series=wrong) == [("CF088", 7)]
    right = "block: [spotify]\npodcast: [{tag: block, id: apple, text: no}]\n"
    assert codes_of(tmp_path / "right", series=right) == []


def test_a_series_lets_in_what_feedtool_yaml_blocks_as_it_is_told_to(tmp_path: Path) -> None:
    blocked, tag = "block: [apple]\n", "podcast: [{tag: block, id: apple, text: no}]\n"
    (told,) = _written(tmp_path / "wrong", catalog=blocked, series=tag).rebuilt().findings
    assert (told.code, told.file, told.line) == ("CF088", "episodes/samtal/series.yaml", 6)
    assert told.text("mend").endswith("lets in with  block: false")
    made = _written(tmp_path / "right", catalog=blocked, series="block: false\n")
    assert made.rebuilt().findings == ()
    assert find(made.read("samtal/feed.xml"), "channel/podcast:block") == []


@pytest.mark.parametrize(
    ("key", "tag"),
    [("block: [apple]", "{tag: block, id: apple, text: no}"),
     ("block: [apple]", "{tag: block, id: apple, text: yes}"),
     ("block: true", "{tag: block, text: no}")],
)  # fmt: skip
def test_what_feedtool_yaml_says_twice_of_blocking_is_told_there(
    key: str, tag: str, tmp_path: Path
) -> None:
    found = _written(tmp_path, catalog=f"{key}\npodcast: [{tag}]\n").rebuilt().findings
    assert [(one.file, one.line, one.code) for one in found] == [("feedtool.yaml", 8, "CF088")]


def test_a_service_that_is_blocked_twice_is_blocked_once(tmp_path: Path) -> None:
    catalog = _written(tmp_path, series="block: [apple, apple]\n")
    assert catalog.rebuilt().ok
    feed = catalog.read("samtal/feed.xml")
    assert find(feed, "channel/podcast:block/@id") == ["apple"]


def test_the_feed_of_the_catalog_is_hidden_whatever_feedtool_yaml_lets_in(tmp_path: Path) -> None:
    tags = "{tag: block, text: no}, {tag: block, id: apple, text: no}"
    catalog = _written(tmp_path, catalog=f"podcast: [{tags}]\n")
    assert catalog.rebuilt().ok
    assert find(catalog.read("feed.xml"), "channel/podcast:block/text()") == ["yes"]
    assert find(catalog.read("samtal/feed.xml"), "channel/podcast:block/text()") == ["no", "no"]


def test_a_series_that_recommends_itself_is_told(tmp_path: Path) -> None:
    written = f"guid: {GUID}\npodcast: [{{tag: podroll, children: [{REMOTE}]}}]\n"
    assert codes_of(tmp_path, series=written) == [("CF090", 7)]


def test_a_catalog_that_recommends_itself_is_told(tmp_path: Path) -> None:
    written = f"guid: {GUID}\npodcast: [{{tag: podroll, children: [{REMOTE}]}}]\n"
    assert codes_of(tmp_path, catalog=written) == [("CF090", 8)]


@pytest.mark.parametrize(("said", "key"), [("true", ""), ("false", "podping: true\n")])
def test_a_podping_that_is_not_as_feedtool_does_it_is_told(
    said: str, key: str, tmp_path: Path
) -> None:
    tag = f"podcast: [{{tag: podping, usesPodping: {said}}}]\n"
    assert codes_of(tmp_path / "series", series=tag, catalog=key) == [("CF096", 6)]
    lines = 8 if key else 7
    assert codes_of(tmp_path / "catalog", catalog=key + tag) == [("CF096", lines)]
    right = "" if key else "podping: true\n"
    assert codes_of(tmp_path / "right", series=tag, catalog=right) == []


def test_a_publisher_without_series_is_told(tmp_path: Path) -> None:
    wrong = "medium: publisher\n"
    assert codes_of(tmp_path / "wrong", series=wrong) == [("SE024", 6)]
    right = f"medium: publisher\npodcast: [{REMOTE}]\n"
    assert codes_of(tmp_path / "right", series=right) == []


def test_a_list_of_others_episodes_is_no_series(tmp_path: Path) -> None:
    assert codes_of(tmp_path, series="medium: podcastL\n") == [("CF036", 6)]


# --- renditions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("renditions", "codes"),
    [
        ("{file: ett.mp3, default: true}, {file: liten.mp3}", []),
        ("{file: liten.mp3, default: true}", ["EP027"]),
        ("{file: ett.mp3, default: true}, {file: ett.mp3, default: true}", ["EP026"]),
        ("{type: audio/flac, uris: ['ipfs://bafy', {uri: 'magnet:?xt=1', type: a/b}]}", []),
        ("{type: audio/flac, uris: ['gopher://a.example/']}", ["CF030"]),
        ("{type: audio/flac, uris: [{uri: 'ipfs://bafy', type: torrent}]}", ["CF037"]),
    ],
)
def test_renditions(renditions: str, codes: list[str], tmp_path: Path) -> None:
    found = codes_of(tmp_path, f"alternates: [{renditions}]")
    assert found == [(code, 6) for code in codes]


STORED = {
    "ett.opus": "opus.opus", "ett.ogg": "vorbis.ogg", "ett.flac": "fixed.flac",
    "ett.m4a": "sound.m4a", "hel.m4a": "lossless.m4a", "lager.mp3": "layer2.mp3",
    "ett.mp4": "video.mp4", "ny.mp4": "hevc.mp4", "tyst.mp4": "silent.mp4", "ett.mov": "video.mov",
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("liten.mp3", "mp3|mp4a.6B|mp4a.69|mp4a.40.34", "mp4a.40.2|opus|avc1.640028, mp4a.6B"),
        ("lager.mp3", "mp4a.6B|mp4a.40.33", "mp3|mp4a.40.2"),
        ("ett.opus", "opus|Opus|mp4a.ad", "mp4a.40.2|vorbis|fLaC"),
        ("ett.ogg", "vorbis", "opus"),
        ("ett.flac", "flac|fLaC", "alac|mp4a.40.2"),
        ("ett.m4a", "mp4a.40.2|mp4a.40.02|mp4a.40.5|mp4a.40.29|mp4a.67|mp4a.40|mp4a",
         "mp3|mp4a.40.34|mp4a.6B|Opus|avc1.640028, mp4a.40.2"),
        ("hel.m4a", "alac", "mp4a.40.2"),
        ("ett.mp4", "avc1.640028, mp4a.40.2|avc3.640028,mp4a.40.5|mp4a.40.2|avc1.42E01E",
         "hvc1.1.6.L93.B0, mp4a.40.2|avc1.640028, Opus|vp9, opus"),
        ("ny.mp4", "hvc1.1.6.L93.B0, mp4a.40.2|hev1.1.6.L93.B0", "av01.0.04M.08|avc1.640028"),
        ("tyst.mp4", "avc1.640028|avc1.640028, mp4a.40.2", ""),
        ("ett.mov", "avc1.640028, mp4a.40.2", "avc1.640028, Opus"),
        ("ett.m4a", "wvtt|mp4a.40.2, ac-4|mp4a.40.2, ec-3", ""),
    ],
)  # fmt: skip
def test_what_a_rendition_is_said_to_be_stored_as_is_compared(
    file: str, right: str, wrong: str, tmp_path: Path
) -> None:
    made = _written(tmp_path)
    for name, recording in STORED.items():
        made.recording(f"samtal/{name}", recording)

    def told(codecs: str) -> bool:
        made.episode(more=f"alternates: [{{file: {file}, codecs: '{codecs}', rel: other}}]")
        return "ME077" in {one.code for one in made.rebuilt().findings}

    assert [codecs for codecs in right.split("|") if told(codecs)] == []
    assert [codecs for codecs in wrong.split("|") if codecs and not told(codecs)] == []


@pytest.mark.parametrize(
    ("location", "codes"),
    [("geo:90,180", []), ("geo:91,18", ["CF037"]), ("geo:59,181", ["CF037"]), ("59,18", ["CF037"]),
     ("geo:٥٩,١٨", ["CF037"])],
)  # fmt: skip
def test_a_place_is_on_the_globe(location: str, codes: list[str], tmp_path: Path) -> None:
    found = codes_of(tmp_path, f"location: {{name: A, geo: '{location}'}}")
    assert found == [(code, 6) for code in codes]


# --- pictures ----------------------------------------------------------------------------------


def test_a_picture_of_a_tag_is_measured_and_published(built: Catalog) -> None:
    feed = built.read("samtal/feed.xml")
    (wide,) = find(feed, "//item/podcast:image[contains(@href, 'bred')]")
    assert wide[1] == {
        "href": "https://podd.example/media/samtal/ett-bred.png", "alt": "Bordet",
        "aspect-ratio": "16/9", "width": "1600", "height": "900", "purpose": "canvas",
    }  # fmt: skip
    for name in ("bred.png", "samtal/bred.png", "samtal/ett-bred.png"):
        assert (built.root / "public/media" / name).is_file()


@pytest.mark.parametrize(("file", "parent"), [("series", "channel"), ("episode", "item")])
def test_a_tag_of_the_artwork_itself_stands_instead_of_the_usual_one(
    file: str, parent: str, tmp_path: Path
) -> None:
    written = "podcast: [{tag: image, href: omslag.jpg, alt: Torget, purpose: artwork social}]\n"
    image = "image: omslag.jpg\n" if file == "episode" else ""
    files = {"episode": "", "series": "", "catalog": "", file: image + written}
    assert _written(tmp_path, **files).build().code == 0
    ((_, said),) = find(Catalog(tmp_path).read("samtal/feed.xml"), f"//{parent}/podcast:image")
    assert (said["alt"], said["purpose"]) == ("Torget", "artwork social")


@pytest.mark.parametrize(("file", "parent"), [("series", "channel"), ("episode", "item")])
def test_a_tag_of_the_artwork_takes_over_what_image_alt_says(
    file: str, parent: str, tmp_path: Path
) -> None:
    written = "podcast: [{tag: image, href: omslag.jpg, purpose: artwork}]\nimage_alt: Torget\n"
    image = "image: omslag.jpg\n" if file == "episode" else ""
    made = _written(tmp_path, **{file: image + written})
    assert made.rebuilt().ok
    ((_, said),) = find(made.read("samtal/feed.xml"), f"//{parent}/podcast:image")
    assert (said["alt"], said["purpose"]) == ("Torget", "artwork")


@pytest.mark.parametrize(
    ("stated", "codes"),
    [
        ("width: 1600, height: 900, aspect-ratio: 16/9, type: image/png", []),
        ("width: 1500", ["AR010"]),
        ("height: 1600", ["AR010"]),
        ("type: image/jpeg", ["AR010"]),
        ("aspect-ratio: 1/1", ["CF091"]),
    ],
)
@pytest.mark.parametrize("file", ["series", "episode"])
def test_what_a_picture_is_said_to_be_is_compared(
    stated: str, codes: list[str], file: str, tmp_path: Path
) -> None:
    written = f"podcast: [{{tag: image, href: bred.png, alt: Salen, {stated}}}]\n"
    assert codes_of(tmp_path, **{file: written}) == [(code, 6) for code in codes]


@pytest.mark.parametrize("file", ["series", "episode", "catalog"])
def test_a_picture_that_is_not_there_is_told(file: str, tmp_path: Path) -> None:
    written = "podcast: [{tag: image, href: borta.png, alt: Salen}]\n"
    line = 7 if file == "catalog" else 6
    assert codes_of(tmp_path, **{file: written}) == [("ME050", line)]


def test_another_picture_is_measured_anew(tmp_path: Path) -> None:
    made = a_catalog(tmp_path, series=SERIES + "podcast: [{tag: image, href: b.png, alt: B}]\n")
    made.recording("samtal/b.png", "wide.png")
    made.episode(more="podcast: [{tag: image, href: b.png, alt: B}]\n")
    assert made.rebuilt().ok
    made.recording("samtal/b.png", "grey.png")
    assert made.rebuilt().ok
    assert find(made.read("samtal/feed.xml"), "//podcast:image/@width") == ["60", "60"]


def test_another_picture_of_the_catalog_is_measured_anew(tmp_path: Path) -> None:
    """Though it lies in the folder of a series that says something of its own."""
    tags = "podcast: [{{tag: image, href: {}, alt: B}}]\n".format
    made = a_catalog(tmp_path, CATALOG + tags("samtal/b.png"), SERIES + tags("a.png"))
    made.recording("samtal/a.png", "wide.png")
    made.recording("samtal/b.png", "wide.png")
    made.episode()
    assert made.rebuilt().ok
    made.recording("samtal/b.png", "grey.png")
    assert made.rebuilt().ok
    assert find(made.read("feed.xml"), "channel/podcast:image/@width") == ["60"]


# --- defaults of the catalog -------------------------------------------------------------------


def test_a_series_takes_the_catalogs_tags_that_it_does_not_write(built: Catalog) -> None:
    def tags(path: str) -> set[tuple[str, str]]:
        channel = xml(built.read(path)).find("channel")
        return {
            (name_of(one), one.get("server") or one.get("id") or "")
            for one in channel.iterfind(f"{PODCAST}*")
            if name_of(one) in ("chat", "block", "txt", "remoteItem")
        }

    assert tags("moten/feed.xml") == {("chat", "xmpp.nordvik.example"), ("block", "spotify")}
    assert ("block", "spotify") not in tags("samtal/feed.xml")
    assert tags("feed.xml") == {
        ("chat", "irc.nordvik.example"), ("block", ""), ("txt", ""), ("remoteItem", ""),
    }  # fmt: skip


def test_items_of_the_catalog_keep_what_their_series_says(built: Catalog) -> None:
    """The catalog's own chat and payments are not those of the episode's series."""
    feed = built.read("feed.xml")
    servers = find(feed, "//item/podcast:chat/@server")
    assert servers == ["irc.nordvik.example", "matrix.nordvik.example", "xmpp.nordvik.example"]
    names = find(feed, "//item[1]/podcast:value/podcast:valueRecipient/@name")
    assert names == ["Elin"]
    names = find(feed, "//item[2]/podcast:value/podcast:valueRecipient/@name")
    assert names == ["Nordvik & co", "Värden"]


def test_no_tag_reaches_atom_or_json_by_accident(built: Catalog) -> None:
    assert NAMESPACES["podcast"].encode() not in built.read("samtal/atom.xml")
    assert etree.fromstring(built.read("samtal/atom.xml")) is not None
    assert b"socialInteract" not in built.read("samtal/feed.json")


def test_severities_stand_as_declared() -> None:
    _, found = read("{tag: chat, server: a.example, protocol: irc}")
    assert [one.severity for one in found] == [Severity.NOTE]
    assert [one.under(["podcasting2"]).severity for one in found] == [Severity.WARNING]
