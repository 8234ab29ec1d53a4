"""The catalog's own feed: the newest of all series; and what is not due is nowhere."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree

from feedtool.model import Credit, Feed, License, Location, Owner, Person, Series
from feedtool.render.atom import render_atom
from feedtool.render.jsonfeed import render_json
from feedtool.render.rss import render_rss

from .cases import NAMESPACES, SITE, STOCKHOLM, a_case, a_series, an_item, find, xml
from .catalogs import CATALOG, SERIES, Catalog, a_catalog

NEWEST_FIRST = [
    "5F3C0D2E-8a51-4b8e-9d0f-2f6b8c1d7e90",
    "https://podd.example/gamla?id=2&x=ö",
    "trailer nr 1 å",
    "0b1d5e0a-3c1f-4a53-8f0e-2d7c5d1b9a11",
    "TAG-1",
]
TITLES = {"samtal": 'Samtal om "å, ä & ö" <på plats>', "moten": "Möten"}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    catalog = a_case("every-key", tmp_path_factory.mktemp("catalog"))
    assert catalog.rebuilt().ok
    return catalog


# --- its own identity ------------------------------------------------------------------------


def test_it_has_a_podcast_guid_of_its_own(case: Catalog) -> None:
    paths = ("feed.xml", "samtal/feed.xml", "moten/feed.xml")
    guids = [find(case.read(path), "channel/podcast:guid/text()")[0] for path in paths]
    assert len(set(guids)) == 3


def test_it_keeps_out_of_directories(case: Catalog) -> None:
    data = case.read("feed.xml")
    assert find(data, "channel/itunes:block/text()") == ["Yes"]
    assert find(data, "channel/podcast:block[not(@id)]/text()") == ["yes"]


def test_it_is_titled_as_the_catalog(case: Catalog) -> None:
    assert feedparser.parse(case.read("atom.xml")).feed.title == "Nordviks kommun & vänner"


# --- its items -------------------------------------------------------------------------------


def test_items_keep_their_guids_newest_first(case: Catalog) -> None:
    assert find(case.read("feed.xml"), "//guid/text()") == NEWEST_FIRST


def test_json_has_the_same(case: Catalog) -> None:
    assert [item["id"] for item in json.loads(case.read("feed.json"))["items"]] == NEWEST_FIRST


def test_atom_ids_are_those_of_the_series_feeds(case: Catalog) -> None:
    path = "//atom:entry/atom:id/text()"
    of_series = find(case.read("samtal/atom.xml"), path) + find(case.read("moten/atom.xml"), path)
    assert find(case.read("atom.xml"), path) == of_series


def test_rss_items_name_their_source(case: Catalog) -> None:
    root = xml(case.read("feed.xml"))
    sources = {(str(one.text), str(one.get("url"))) for one in root.iterfind("channel/item/source")}
    assert sources == {
        (title, f"https://podd.example/{slug}/feed.xml") for slug, title in TITLES.items()
    }


def test_items_of_a_series_feed_name_no_source(case: Catalog) -> None:
    assert find(case.read("samtal/feed.xml"), "//source") == []
    assert find(case.read("samtal/atom.xml"), "//atom:source") == []


def test_atom_entries_carry_their_source(case: Catalog) -> None:
    root = xml(case.read("atom.xml"))
    found = root.xpath("atom:entry[last()]/atom:source/*", namespaces=NAMESPACES)
    (guid,) = find(case.read("moten/feed.xml"), "channel/podcast:guid/text()")
    assert [(etree.QName(one).localname, one.text, dict(one.attrib)) for one in found] == [
        ("id", f"urn:uuid:{guid}", {}),
        ("title", "Möten", {}),
        ("updated", "2024-12-24T18:30:15+01:00", {}),
        (
            "link",
            None,
            {
                "rel": "self",
                "type": "application/atom+xml",
                "href": "https://podd.example/moten/atom.xml",
            },
        ),
    ]


def test_json_items_name_their_source(case: Catalog) -> None:
    item = json.loads(case.read("feed.json"))["items"][-1]
    source = {"title": "Möten", "url": "https://podd.example/moten/feed.json"}
    assert item["_podcast"]["source"] == source


def test_items_say_when_they_are_in_another_language(case: Catalog) -> None:
    languages = [item.get("language") for item in json.loads(case.read("feed.json"))["items"]]
    assert languages == ["sv-FI", None, None, None, "en"]


def test_items_are_as_explicit_as_their_series(case: Catalog) -> None:
    data = case.read("feed.xml")
    assert find(data, "//item/itunes:explicit/text()") == ["false", "true", "true", "true", "false"]


def test_the_source_is_as_new_as_its_newest_change() -> None:
    changed = datetime(2025, 5, 1, tzinfo=STOCKHOLM)
    items = (an_item("ny"), an_item("gammal", updated=changed), an_item("x", series="moten"))
    sources = {slug: a_series(slug) for slug in ("samtal", "moten")}
    dates = {"samtal": changed, "moten": items[2].episode.date}
    data = render_atom(Feed(a_series(""), items, sources, dates), SITE)
    assert find(data, "//atom:source/atom:updated/text()") == [
        "2025-05-01T00:00:00+02:00", "2025-05-01T00:00:00+02:00", "2025-03-01T09:00:00+01:00",
    ]  # fmt: skip


@pytest.mark.parametrize("render", [render_rss, render_atom, render_json])
def test_pages_of_items_stand_in_their_series(render: Any) -> None:
    feed = Feed(a_series(""), (an_item(),), {"samtal": a_series()})
    assert b"https://podd.example/samtal/ett/" in render(feed, SITE)


def of_the_catalog(**more: Any) -> Series:
    stated: dict[str, Any] = {
        "title": "Nordviks kommun",
        "author": "Nordvik",
        "copyright": "Nordviks kommun",
        "license": License("CC-BY-4.0", "https://nordvik.example/licens"),
        "location": (Location("Nordvik", country="SE"),),
    }
    return a_series("", **stated | more)


SYDVIK: dict[str, Any] = {
    "author": "Sydvik",
    "copyright": "Region Sydvik",
    "license": License("ARR", "https://sydvik.example/licens"),
    "location": (Location("Sydvik", country="FI"),),
}
RIGHTS = (
    "itunes:author | podcast:license | podcast:location | atom:link[@rel='license']"
    " | atom:author | atom:source/atom:author/* | atom:source/atom:rights"
)


def rights(data: bytes) -> list[Any]:
    """What an RSS or Atom feed says about the rights to its one item."""
    (item,) = xml(data).xpath("//item | //atom:entry", namespaces=NAMESPACES)
    return [
        (etree.QName(one).localname, one.text, *one.attrib.values())
        for one in item.xpath(RIGHTS, namespaces=NAMESPACES)
    ]


def test_items_of_others_say_whose_they_are() -> None:
    """Else the licence, the place and the author of the catalog's channel would be theirs."""
    series = a_series("t", **SYDVIK, owner=Owner("Sydvik", "podd@sydvik.example"))
    feed = Feed(of_the_catalog(), (an_item(series="t"),), {"t": series})
    assert rights(render_rss(feed, SITE)) == [
        ("author", "Sydvik"),
        ("license", "ARR", "https://sydvik.example/licens"),
        ("location", "Sydvik", "FI"),
    ]
    assert rights(render_atom(feed, SITE)) == [
        ("link", None, "license", "https://sydvik.example/licens"),
        ("name", "Sydvik"),
        ("email", "podd@sydvik.example"),
        ("rights", "Region Sydvik"),
    ]
    (item,) = json.loads(render_json(feed, SITE))["items"]
    assert item["authors"] == [{"name": "Sydvik"}]


@pytest.mark.parametrize("slug", ["", "t"], ids=["the-catalog-says-the-same", "its-own-feed"])
def test_items_do_not_repeat_what_their_channel_says(slug: str) -> None:
    series = a_series("t", **SYDVIK)
    feed = Feed(of_the_catalog(**SYDVIK), (an_item(series="t"),), {"t": series})
    if slug:
        feed = Feed(series, feed.items)
    assert rights(render_rss(feed, SITE)) == rights(render_atom(feed, SITE)) == []
    (item,) = json.loads(render_json(feed, SITE))["items"]
    assert "authors" not in item


def test_what_an_item_says_itself_stands_in_the_catalogs_feed() -> None:
    own: dict[str, Any] = {
        "license": License("Egen", "https://a.example/egen"),
        "location": (Location("Åbo"),),
        "people": (Credit(Person("Elin"), "host", "cast"),),
    }
    feed = Feed(of_the_catalog(), (an_item(series="t", **own),), {"t": a_series("t", **SYDVIK)})
    assert rights(render_rss(feed, SITE)) == [
        ("author", "Sydvik"), ("license", "Egen", "https://a.example/egen"), ("location", "Åbo"),
    ]  # fmt: skip
    assert find(render_atom(feed, SITE), "//atom:entry/atom:link[@rel='license']/@href") == [
        "https://a.example/egen"
    ]
    (item,) = json.loads(render_json(feed, SITE))["items"]
    assert item["authors"] == [{"name": "Elin"}]


def test_a_place_of_an_item_leaves_that_of_another_kind_to_its_series() -> None:
    studio, topic = Location("Studion", "creator"), Location("Torget", "subject")
    series = a_series("t", **SYDVIK | {"location": (studio, topic)})
    item = an_item(series="t", location=(Location("Åbo"),))
    office = of_the_catalog(location=(Location("Kontoret", "creator"),))
    places = "//item/podcast:location/text()"
    feed = Feed(office, (item,), {"t": series})
    assert find(render_rss(feed, SITE), places) == ["Åbo", "Studion"]
    assert find(render_rss(Feed(series, (item,)), SITE), places) == ["Åbo"]


def test_the_author_of_a_series_without_one_is_its_title() -> None:
    """As in its own Atom feed, where somebody must be named."""
    feed = Feed(of_the_catalog(), (an_item(series="t"),), {"t": a_series("t", title="Möten")})
    path = "//atom:source/atom:author/atom:name/text()"
    assert find(render_atom(feed, SITE), path) == ["Möten"]
    assert find(render_rss(feed, SITE), "//item/itunes:author") == []


def test_a_licence_of_a_series_reaches_the_catalogs_feed(tmp_path: Any) -> None:
    """At once, whether it was there from the beginning or is added to what was built before."""
    said = "copyright: {0}\nlicense: {1}\nlocation: {{name: {2}, country: SE}}\n".format
    catalog = a_catalog(tmp_path, CATALOG + said("Nordvik", "CC-BY-4.0", "Nordvik"))
    catalog.episode("ett")
    catalog.rebuilt()
    assert find(catalog.read("feed.xml"), "//item/podcast:license") == []
    catalog.series(text=SERIES + "author: Sydvik\n" + said("Sydvik", "ARR", "Sydvik"))
    catalog.rebuilt()
    assert rights(catalog.read("feed.xml")) == [
        ("author", "Sydvik"), ("license", "ARR"), ("location", "Sydvik", "SE"),
    ]  # fmt: skip
    entry = feedparser.parse(catalog.read("atom.xml")).entries[0]
    assert (entry.source.author, entry.source.rights) == ("Sydvik", "Sydvik")


def test_only_the_newest_hundred_are_in_it(tmp_path: Any) -> None:
    catalog = a_catalog(tmp_path)
    catalog.series("moten")
    first = datetime(2025, 1, 1, 9)
    for number in range(104):
        catalog.episode(
            f"e{number}",
            series=("samtal", "moten")[number % 2],
            guid=f"nr-{number}",
            date=f"{first + timedelta(hours=number):%Y-%m-%d %H:%M}",
            media=f"e{number}.mp3",
            fixture="layer2.mp3",
        )
    catalog.rebuilt()
    newest = [f"nr-{number}" for number in range(103, 3, -1)]
    assert find(catalog.read("feed.xml"), "//guid/text()") == newest
    assert [item["id"] for item in json.loads(catalog.read("feed.json"))["items"]] == newest
    assert len(find(catalog.read("atom.xml"), "//atom:entry")) == 100
    assert len(find(catalog.read("samtal/feed.xml"), "//item")) == 52


# --- what is not due -------------------------------------------------------------------------


def test_drafts_and_scheduled_episodes_leave_nothing(case: Catalog) -> None:
    names = [path for path in case.public() if "utkast" in path or "framtid" in path]
    assert names == []


def test_nothing_published_speaks_of_them(case: Catalog) -> None:
    words = ("hemlig", "utkast", "framtid")
    said = [
        path
        for path, data in case.public().items()
        if not path.startswith("media/") and any(word.encode() in data.lower() for word in words)
    ]
    assert said == []


def test_what_becomes_due_is_published(case: Catalog, tmp_path: Any) -> None:
    later = a_case("every-key", tmp_path)
    assert later.rebuilt(now="2027-01-05T00:00:00+01:00").ok
    more = set(later.public()) - set(case.public())
    assert more == {
        "media/samtal/framtid.mp3",
        "samtal/framtid/chapters.json",
        "samtal/framtid/transcript.srt",
        "samtal/framtid/transcript.vtt",
    } | {path for path in more if path.endswith("index.html")}


@pytest.fixture(scope="module")
def sleeping(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A catalog with a second series of which nothing is due."""
    catalog = a_catalog(tmp_path_factory.mktemp("sleeping"))
    catalog.episode("ett")
    text = "title: Sover\ndescription: Kommer.\ncategories: [Government]\nimage: sover.jpg\n"
    catalog.series("sover", text)
    catalog.recording("sover/sover.jpg", "rgb.jpg")
    catalog.episode("sen", series="sover", date="2030-01-01")
    catalog.episode("skiss", "status: draft\n", series="sover", date="2020-01-01")
    outcome = catalog.rebuilt()
    assert outcome.ok
    assert "SE040" in [finding.code for finding in outcome.findings]
    return catalog


def test_a_series_without_due_episodes_has_no_files(sleeping: Catalog) -> None:
    assert [path for path in sleeping.public() if "sover" in path] == []


def test_a_series_without_due_episodes_is_named_nowhere(sleeping: Catalog) -> None:
    said = {path for path, data in sleeping.public().items() if b"sover" in data.lower()}
    assert said == set()


def test_a_catalog_of_which_nothing_is_due_has_no_feeds(tmp_path: Any) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("sen", date="2030-01-01")
    assert catalog.rebuilt().ok
    feeds = (".xml", "feed.json", ".opml")
    assert [path for path in catalog.public() if path.endswith(feeds)] == []
