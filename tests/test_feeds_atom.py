"""Atom as others read it, and as RFC 4287 wants it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import feedparser
import pytest
from lxml import etree

from feedtool.model import Chapter, License, Owner
from feedtool.render.atom import render_atom
from feedtool.render.identity import atom_id
from feedtool.render.rss import render_rss

from .cases import NAMESPACES, SITE, STOCKHOLM, a_case, a_feed, an_item, find, xml
from .catalogs import Catalog

FEEDS = ("samtal/atom.xml", "moten/atom.xml", "atom.xml")
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    catalog = a_case("every-key", tmp_path_factory.mktemp("atom"))
    assert catalog.rebuilt().ok
    return catalog


@pytest.fixture(scope="module", params=FEEDS)
def feed(case: Catalog, request: pytest.FixtureRequest) -> bytes:
    """Each Atom feed of the case in turn."""
    return case.read(request.param)


@pytest.fixture(scope="module")
def parsed(case: Catalog) -> Any:
    return feedparser.parse(case.read("samtal/atom.xml"))


# --- what the files say comes back -----------------------------------------------------------


def test_feedparser_finds_nothing_wrong(parsed: Any) -> None:
    assert (parsed.bozo, parsed.version) == (False, "atom10")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "urn:uuid:5c0b7a9e-3f0d-5e0b-9a51-7d1f2f3e4a5b"),
        ("title", 'Samtal om "å, ä & ö" <på plats>'),
        ("subtitle", "Ett samtal < två & tre.\nAndra raden."),
        ("updated", "2025-08-02T10:00:00+02:00"),
        ("rights", "Nordviks kommun"),
        ("author", "Åsa & Örjan"),
        ("icon", "https://podd.example/media/samtal/omslag.jpg"),
        ("link", "https://podd.example/samtal/"),
    ],
)
def test_feedparser_reads_the_series(parsed: Any, key: str, value: str) -> None:
    assert parsed.feed[key] == value


def test_feedparser_reads_every_episode_newest_first(parsed: Any) -> None:
    assert [(one.id, one.title, one.published, one.updated) for one in parsed.entries] == [
        (
            "urn:uuid:5F3C0D2E-8a51-4b8e-9d0f-2f6b8c1d7e90", 'Å, "ä" & <ö>: it\'s 😀',
            "2025-07-01T09:00:07+02:00", "2025-08-02T10:00:00+02:00",
        ),
        (
            "https://podd.example/gamla?id=2&x=ö", "Två",
            "2025-03-01T09:00:00+01:00", "2025-03-01T09:00:00+01:00",
        ),
        (
            f"urn:uuid:{uuid5(UUID('5c0b7a9e-3f0d-5e0b-9a51-7d1f2f3e4a5b'), 'trailer nr 1 å')}",
            "Snart börjar det & det blir bra",
            "2025-02-01T01:00:00+01:00", "2025-02-01T01:00:00+01:00",
        ),
        (
            "urn:uuid:0b1d5e0a-3c1f-4a53-8f0e-2d7c5d1b9a11", "Bonus",
            "2025-01-01T00:00:00+01:00", "2025-01-01T00:00:00+01:00",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("summary", 'Kort: å < ä & "ö" 😀'),
        (
            "contributors",
            [
                {"name": "Elin Åberg & Co", "href": "https://nordvik.example/elin"},
                {"name": 'Bo "Bosse" Ek'},
                {"name": "Kjell", "href": "https://kjell.example/"},
            ],
        ),
    ],
)
def test_feedparser_reads_an_episode(parsed: Any, key: str, value: Any) -> None:
    assert parsed.entries[0][key] == value


def test_feedparser_reads_links_with_what_they_are(case: Catalog, parsed: Any) -> None:
    size = str((case.root / "media/samtal/ett.mp3").stat().st_size)
    assert [dict(link) for link in parsed.entries[0].links] == [
        {"rel": "alternate", "type": "text/html", "href": "https://podd.example/samtal/ett/"},
        {
            "rel": "enclosure", "type": "audio/mpeg", "length": size,
            "href": "https://podd.example/media/samtal/ett.mp3",
        },
        {
            "rel": "related", "type": "text/html", "title": "Läs mer",
            "href": "https://nordvik.example/ett",
        },
        {"rel": "license", "type": "text/html", "href": "https://nordvik.example/licens"},
    ]  # fmt: skip


def test_feedparser_reads_tags(parsed: Any) -> None:
    assert [tag.term for tag in parsed.entries[0].tags] == ["AI & etik", "kommun"]


def test_feedparser_reads_chapters(parsed: Any) -> None:
    chapters = parsed.entries[0].psc_chapters["chapters"]
    assert [(one["start_parsed"], one["title"]) for one in chapters] == [
        (timedelta(), "Å & ä"),
        (timedelta(seconds=0.5), 'Om "ö" <här>'),
        (timedelta(seconds=2), "Slut"),
    ]


def test_feedparser_reads_the_notes_whole(parsed: Any) -> None:
    (trailer,) = [one for one in parsed.entries if one.title.startswith("Snart")]
    assert trailer.content[0].value.startswith("<h2>Rubrik</h2>\n<table>")


def test_an_entry_in_another_language_says_so(case: Catalog) -> None:
    root = xml(case.read("samtal/atom.xml"))
    languages = [one.get(LANGUAGE) for one in [root, *root.iter(ATOM + "entry")]]
    assert languages == ["sv", "sv-FI", None, None, None]


def test_the_feed_names_its_hubs(case: Catalog) -> None:
    hubs = find(case.read("samtal/atom.xml"), "atom:link[@rel='hub']/@href")
    assert hubs == ["https://hub.example/", "https://nav.example/"]


# --- what every feed must be -----------------------------------------------------------------


def test_the_declaration_is_the_first_bytes(feed: bytes) -> None:
    assert feed.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<feed ')


def test_there_is_neither_doctype_nor_cdata(feed: bytes) -> None:
    assert b"<!" not in feed


def test_every_element_is_of_atom_or_a_chapter(feed: bytes) -> None:
    spaces = {etree.QName(one).namespace for one in xml(feed).iter()}
    assert spaces <= {NAMESPACES["atom"], NAMESPACES["psc"]}


ONCE = {"id", "title", "updated", "generator", "icon", "logo", "rights", "subtitle", "content",
        "published", "source", "summary"}  # fmt: skip


def test_what_may_stand_once_stands_once(feed: bytes) -> None:
    root = xml(feed)
    for parent in [root, *root.iter(ATOM + "entry", ATOM + "source")]:
        names = [etree.QName(one).localname for one in parent]
        assert {name for name in names if names.count(name) > 1}.isdisjoint(ONCE)


@pytest.mark.parametrize("name", ["id", "title", "updated"])
def test_feed_and_entries_have_what_they_must_have(feed: bytes, name: str) -> None:
    root = xml(feed)
    for parent in [root, *root.iter(ATOM + "entry", ATOM + "source")]:
        assert parent.findtext(ATOM + name)


def test_somebody_answers_for_the_feed(feed: bytes) -> None:
    assert find(feed, "atom:author/atom:name/text()")


@pytest.mark.parametrize("path", FEEDS)
def test_the_feed_says_where_it_stands(case: Catalog, path: str) -> None:
    assert find(case.read(path), "atom:link[@rel='self']") == [
        (
            None,
            {"href": f"https://podd.example/{path}", "rel": "self", "type": "application/atom+xml"},
        )
    ]


def test_no_two_alternates_are_alike(feed: bytes) -> None:
    root = xml(feed)
    for parent in [root, *root.iter(ATOM + "entry")]:
        links = [one for one in parent.findall(ATOM + "link") if one.get("rel") == "alternate"]
        assert [one.get("type") for one in links] == ["text/html"]


def test_every_link_says_what_it_is(feed: bytes) -> None:
    assert find(feed, "//atom:link[not(@rel)]") == []


def test_every_entry_has_one_recording_with_type_and_length(feed: bytes) -> None:
    for entry in xml(feed).iter(ATOM + "entry"):
        (link,) = [one for one in entry.findall(ATOM + "link") if one.get("rel") == "enclosure"]
        assert re.fullmatch(r"(audio|video)/[\w-]+", link.get("type") or "")
        assert int(link.get("length") or 0) > 0


def test_content_is_html_without_elements_of_its_own(feed: bytes) -> None:
    for content in xml(feed).iter(ATOM + "content"):
        assert (content.get("type"), len(content), bool(content.text)) == ("html", 0, True)


DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def test_dates_are_written_as_atom_wants_them(feed: bytes) -> None:
    dates = find(feed, "//atom:updated/text() | //atom:published/text()")
    assert [date for date in dates if not DATE.fullmatch(date)] == []


def test_the_feed_is_as_new_as_its_newest_entry(feed: bytes) -> None:
    (updated,) = map(datetime.fromisoformat, find(feed, "atom:updated/text()"))
    assert updated == max(map(datetime.fromisoformat, find(feed, "atom:entry/atom:updated/text()")))


def test_ids_are_absolute_and_unique(feed: bytes) -> None:
    ids = find(feed, "atom:entry/atom:id/text()")
    assert all(urlsplit(one).scheme and not re.search(r"\s", one) for one in ids)
    assert len(set(ids)) == len(ids)


def test_every_address_is_absolute(feed: bytes) -> None:
    addresses = find(feed, "//@href | //@image | //atom:icon/text() | //atom:uri/text()")
    assert {urlsplit(one).scheme for one in addresses} == {"https"}


def test_nothing_begins_or_ends_with_a_space(feed: bytes) -> None:
    texts = [one.text or "" for one in xml(feed).iter() if not len(one)]
    assert [text for text in texts if text != text.strip()] == []
    exact = find(feed, "//atom:id/text() | //atom:uri/text() | //atom:icon/text() | //@href")
    assert [text for text in exact if re.search(r"\s", text)] == []


def test_a_person_has_one_name_and_at_most_one_of_each_address(feed: bytes) -> None:
    persons = list(xml(feed).iter(ATOM + "author", ATOM + "contributor"))
    assert persons
    for person in persons:
        names = [etree.QName(one).localname for one in person]
        assert names in (["name"], ["name", "uri"], ["name", "email"])
        assert all(one.text for one in person)


def test_texts_are_plain_or_html(feed: bytes) -> None:
    tags = [ATOM + name for name in ("title", "subtitle", "rights", "summary", "content")]
    assert {one.get("type") for one in xml(feed).iter(*tags)} <= {None, "text", "html"}


def test_every_entry_has_its_content_in_the_feed(feed: bytes) -> None:
    for entry in xml(feed).iter(ATOM + "entry"):
        (content,) = entry.findall(ATOM + "content")
        assert (content.get("src"), bool(content.text)) == (None, True)


RELATIONS = {"alternate", "enclosure", "hub", "license", "related", "self"}
"""Of those that IANA has registered."""


def test_links_are_made_of_what_atom_knows(feed: bytes) -> None:
    for link in xml(feed).iter(ATOM + "link"):
        assert set(link.attrib) <= {"href", "rel", "type", "hreflang", "title", "length"}
        assert link.get("href")
        assert link.get("rel") in RELATIONS
        assert re.fullmatch(r"[a-z]+/[\w.+-]+", link.get("type", "text/html"))
        assert re.fullmatch("[0-9]+", link.get("length", "0"))


def test_every_category_has_its_term(feed: bytes) -> None:
    categories = list(xml(feed).iter(ATOM + "category"))
    assert all(one.get("term") for one in categories)


# --- single values ---------------------------------------------------------------------------

SERIES = "5c0b7a9e-3f0d-5e0b-9a51-7d1f2f3e4a5b"


@pytest.mark.parametrize(
    ("guid", "id"),
    [
        (
            "5f3c0d2e-8a51-4b8e-9d0f-2f6b8c1d7e90",
            "urn:uuid:5f3c0d2e-8a51-4b8e-9d0f-2f6b8c1d7e90",
        ),
        ("https://a.example/1?b=2&c=ö#d", "https://a.example/1?b=2&c=ö#d"),
        ("tag:a.example,2025:ljud/1", "tag:a.example,2025:ljud/1"),
        ("urn:isbn:1", "urn:isbn:1"),
        ("Avsnitt 1", f"urn:uuid:{uuid5(UUID(SERIES), 'Avsnitt 1')}"),
        ("Avsnitt: 1", f"urn:uuid:{uuid5(UUID(SERIES), 'Avsnitt: 1')}"),
        ("12:30", f"urn:uuid:{uuid5(UUID(SERIES), '12:30')}"),
        ("http:", f"urn:uuid:{uuid5(UUID(SERIES), 'http:')}"),
        ("å:b", f"urn:uuid:{uuid5(UUID(SERIES), 'å:b')}"),
        ("https://a.example/<1>", f"urn:uuid:{uuid5(UUID(SERIES), 'https://a.example/<1>')}"),
        ("123", f"urn:uuid:{uuid5(UUID(SERIES), '123')}"),
        ("https://a.example/?p=1#b", "https://a.example/?p=1#b"),
        ("https://a.example/#b#c", f"urn:uuid:{uuid5(UUID(SERIES), 'https://a.example/#b#c')}"),
        ("https://a.example/a[1]", f"urn:uuid:{uuid5(UUID(SERIES), 'https://a.example/a[1]')}"),
        ("https://a.example/%zz", f"urn:uuid:{uuid5(UUID(SERIES), 'https://a.example/%zz')}"),
        ("https://a.example/%C3%A5", "https://a.example/%C3%A5"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("urn:uuid:not", f"urn:uuid:{uuid5(UUID(SERIES), 'urn:uuid:not')}"),
        (
            "urn:uuid:5f3c0d2e-8a51-4b8e-9d0f-2f6b8c1d7e90",
            "urn:uuid:5f3c0d2e-8a51-4b8e-9d0f-2f6b8c1d7e90",
        ),
    ],
)
def test_every_guid_makes_an_id(guid: str, id: str) -> None:
    assert atom_id(guid, SERIES) == id


def test_the_title_is_nothing_an_id_depends_on() -> None:
    ids = [
        find(render_atom(a_feed(an_item(title=title)), SITE), "//atom:entry/atom:id/text()")
        for title in ("Ett", "Två")
    ]
    assert ids[0] == ids[1]


def test_without_author_and_owner_the_series_answers_for_itself() -> None:
    assert find(render_atom(a_feed(), SITE), "atom:author/atom:name/text()") == ["Samtal"]


@pytest.mark.parametrize(
    ("author", "mail"),
    [("Nordvik", ["podd@nordvik.example"]), (None, ["podd@nordvik.example"]), ("Åsa", [])],
)
def test_the_address_of_the_owner_is_not_given_to_somebody_else(
    author: str | None, mail: list[str]
) -> None:
    feed = a_feed(author=author, owner=Owner("Nordvik", "podd@nordvik.example"))
    assert find(render_atom(feed, SITE), "atom:author/atom:email/text()") == mail


def test_a_licence_with_an_address_is_a_link() -> None:
    feed = a_feed(license=License("Egen", "https://a.example/licens"))
    links = find(render_atom(feed, SITE), "atom:link[@rel='license']/@href")
    assert links == ["https://a.example/licens"]


def test_a_correction_is_new_and_keeps_its_day() -> None:
    item = an_item(updated=datetime(2025, 4, 1, tzinfo=STOCKHOLM))
    data = render_atom(a_feed(item), SITE)
    assert find(data, "//atom:entry/atom:published/text()") == ["2025-03-01T09:00:00+01:00"]
    assert find(data, "//atom:updated/text()") == ["2025-04-01T00:00:00+02:00"] * 2


def test_hidden_chapters_are_left_out() -> None:
    chapters = (Chapter(timedelta(), "A"), Chapter(timedelta(seconds=1), "B", toc=False))
    data = render_atom(a_feed(an_item(chapters=chapters)), SITE)
    assert find(data, "//psc:chapter/@title") == ["A"]


def test_the_same_feed_gives_the_same_bytes() -> None:
    assert render_atom(a_feed(), SITE) == render_atom(a_feed(), SITE)


@pytest.mark.parametrize("guid", ["5f3c0d2e-8a51-4b8e-9d0f-2f6b8c1d7e90", "Avsnitt 1"])
def test_rss_carries_the_guid_as_it_is_written(guid: str) -> None:
    assert find(render_rss(a_feed(an_item(guid=guid)), SITE), "//guid/text()") == [guid]
