"""RSS as others read it: feedparser, podcastparser, and lxml for what these do not know."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import langcodes
import podcastparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from mutagen import id3

from feedtool.formats import rfc2822
from feedtool.model import (
    Category,
    Chapter,
    Enclosure,
    Number,
    Trailer,
)
from feedtool.read.channel import podcast_guid
from feedtool.read.notes import render_notes
from feedtool.render.rss import render_rss

from .cases import NAMESPACES, SITE, STOCKHOLM, a_case, a_feed, an_item, find, xml
from .catalogs import CATALOG, SERIES, Catalog, a_catalog

FEEDS = ("samtal/feed.xml", "moten/feed.xml", "feed.xml")
EVERY_KEY = "5F3C0D2E-8a51-4b8e-9d0f-2f6b8c1d7e90"
"""guid of the episode that uses every key."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    catalog = a_case("every-key", tmp_path_factory.mktemp("rss"))
    assert catalog.rebuilt().ok
    return catalog


@pytest.fixture(scope="module", params=FEEDS)
def feed(case: Catalog, request: pytest.FixtureRequest) -> bytes:
    """Each RSS feed of the case in turn."""
    return case.read(request.param)


@pytest.fixture(scope="module")
def parsed(case: Catalog) -> Any:
    return feedparser.parse(case.read("samtal/feed.xml"))


@pytest.fixture(scope="module")
def podcast(case: Catalog) -> Any:
    data = io.BytesIO(case.read("samtal/feed.xml"))
    return podcastparser.parse("https://podd.example/samtal/feed.xml", data)


def rendered(*items: Any, **series: Any) -> bytes:
    return render_rss(a_feed(*items, **series), SITE)


# --- what the files say comes back -----------------------------------------------------------


def test_feedparser_finds_nothing_wrong(parsed: Any) -> None:
    assert (parsed.bozo, parsed.version) == (False, "rss20")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", 'Samtal om "å, ä & ö" <på plats>'),
        ("subtitle", "Ett samtal < två & tre.\nAndra raden."),
        ("link", "https://podd.example/samtal/"),
        ("language", "sv"),
        ("rights", "Nordviks kommun"),
        ("generator", "feedtool"),
        ("updated", "Sat, 02 Aug 2025 10:00:00 +0200"),
        ("image", {"href": "https://podd.example/media/samtal/omslag.jpg"}),
        ("publisher_detail", {"name": "Nordvik", "email": "podd@nordvik.example"}),
        ("podcast_guid", "5c0b7a9e-3f0d-5e0b-9a51-7d1f2f3e4a5b"),
    ],
)
def test_feedparser_reads_the_series(parsed: Any, key: str, value: Any) -> None:
    assert parsed.feed[key] == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", 'Samtal om "å, ä & ö" <på plats>'),
        ("itunes_author", "Åsa & Örjan"),
        ("itunes_owner", {"name": "Nordvik", "email": "podd@nordvik.example"}),
        ("explicit", True),
        ("type", "serial"),
        ("new_url", "https://ny.example/samtal/feed.xml"),
        ("cover_url", "https://podd.example/media/samtal/omslag.jpg"),
        (
            "itunes_categories",
            [
                ["Society & Culture", "Documentary"],
                ["Education", "Courses", "How To"],
                ["Government"],
            ],
        ),
    ],
)
def test_podcastparser_reads_the_series(podcast: Any, key: str, value: Any) -> None:
    assert podcast[key] == value


def test_feedparser_reads_title_guid_and_date_of_every_episode_newest_first(parsed: Any) -> None:
    assert [(one.title, one.id, one.guidislink, one.published) for one in parsed.entries] == [
        ('Å, "ä" & <ö>: it\'s 😀', EVERY_KEY, False, "Tue, 01 Jul 2025 09:00:07 +0200"),
        ("Två", "https://podd.example/gamla?id=2&x=ö", False, "Sat, 01 Mar 2025 09:00:00 +0100"),
        (
            "Snart börjar det & det blir bra", "trailer nr 1 å", False,
            "Sat, 01 Feb 2025 01:00:00 +0100",
        ),
        (
            "Bonus", "0b1d5e0a-3c1f-4a53-8f0e-2d7c5d1b9a11", False,
            "Wed, 01 Jan 2025 00:00:00 +0100",
        ),
    ]  # fmt: skip


def test_feedparser_reads_the_recording_of_every_episode(case: Catalog, parsed: Any) -> None:
    def size(name: str) -> str:
        return str((case.root / "media/samtal" / name).stat().st_size)

    prefix = "https://count.example/e/https://podd.example/media/samtal/"
    assert [
        [(one.href, one.type, one.length) for one in entry.enclosures] for entry in parsed.entries
    ] == [
        [(prefix + "ett.mp3", "audio/mpeg", size("ett.mp3"))],
        [(prefix + "tva.m4a", "audio/x-m4a", size("tva.m4a"))],
        [(prefix + "trailer.mp4", "video/mp4", size("trailer.mp4"))],
        [(prefix + "bonus.mp3", "audio/mpeg", size("bonus.mp3"))],
    ]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("total_time", [3, 3, 2, 4]),
        ("published", [1751353207, 1740816000, 1738368000, 1735686000]),
        ("season", [2, 1, 1, None]),
        ("number", [3, None, None, None]),
        ("type", ["full", "full", "trailer", "bonus"]),
        ("explicit", [False, True, True, True]),
        ("episode_art_url", ["https://podd.example/media/samtal/ett.jpg", None, None, None]),
        ("link", [f"https://podd.example/samtal/{n}/" for n in ("ett", "tva", "trailer", "bonus")]),
    ],
)
def test_podcastparser_reads_every_episode(podcast: Any, key: str, values: list[Any]) -> None:
    newest_first = sorted(podcast["episodes"], key=lambda one: -one["published"])
    assert [one.get(key) for one in newest_first] == values


def test_feedparser_reads_chapters_to_the_millisecond(parsed: Any) -> None:
    chapters = parsed.entries[0].psc_chapters
    assert chapters["version"] == "1.2"
    assert [
        (one["start_parsed"], one["title"], one.get("href"), one.get("image"))
        for one in chapters["chapters"]
    ] == [
        (timedelta(), "Å & ä", None, None),
        (
            timedelta(seconds=0.5), 'Om "ö" <här>', "https://nordvik.example/k?a=1&b=2",
            "https://podd.example/media/samtal/kapitel.jpg",
        ),
        (timedelta(seconds=2), "Slut", None, None),
    ]  # fmt: skip


def test_podcastparser_reads_chapters_that_stand_in_a_file(podcast: Any) -> None:
    (episode,) = [one for one in podcast["episodes"] if one["title"] == "Två"]
    assert episode["chapters"] == [{"start": 0, "title": "Början & å"}]


def test_feedparser_reads_tags(parsed: Any) -> None:
    assert [tag.term for tag in parsed.entries[0].tags] == ["AI & etik", "kommun"]


def test_feedparser_reads_links(parsed: Any) -> None:
    links = [(one.href, one.title) for one in parsed.entries[0].links if one.rel == "related"]
    assert links == [("https://nordvik.example/ett", "Läs mer")]


def test_feedparser_reads_links_of_the_series(parsed: Any) -> None:
    links = [(one.href, one.get("title")) for one in parsed.feed.links if one.rel == "related"]
    assert links == [
        ("https://nordvik.example/samtal?a=1&b=2", "Om samtalen & sånt"),
        ("https://nordvik.example/", None),
    ]


def test_feedparser_reads_the_notes_with_every_letter(parsed: Any) -> None:
    assert parsed.entries[0].summary == (
        '<p>Hej <strong>å</strong>, "ä" &amp; &lt;ö&gt;.</p>\n<p>Se '
        '<a href="https://podd.example/samtal/tva/">nästa</a>, '
        '<a href="https://podd.example/samtal/ett/bild.png">bilden</a> och '
        '<a href="https://podd.example/moten/">roten</a>.</p>'
    )


# --- Podcasting 2.0, which only lxml shows whole ---------------------------------------------

ELIN = {
    "img": "https://podd.example/media/elin.jpg",
    "href": "https://nordvik.example/elin",
    "group": "cast",
}
PAGE = "https://podd.example/samtal/ett/"


@pytest.mark.parametrize(
    ("tag", "elements"),
    [
        ("guid", [("5c0b7a9e-3f0d-5e0b-9a51-7d1f2f3e4a5b", {})]),
        ("medium", [("course", {})]),
        ("locked", [("no", {"owner": "podd@nordvik.example"})]),
        ("license", [("CC-BY-4.0", {})]),
        ("podping", [(None, {"usesPodping": "true"})]),
        (
            "image",
            [
                (
                    None,
                    {
                        "href": "https://podd.example/media/samtal/omslag.jpg",
                        "alt": 'Två "personer" & ett bord',
                        "aspect-ratio": "1/1",
                    },
                )
            ],
        ),
        (
            "block",
            [("yes", {}), ("yes", {"id": "spotify"}), ("yes", {"id": "youtube"})],
        ),
        (
            "funding",
            [
                ("Stöd oss & tack", {"url": "https://nordvik.example/stod"}),
                ("Mer", {"url": "https://nordvik.example/mer"}),
            ],
        ),
        (
            "person",
            [
                ("Elin Åberg & Co", {"role": "host", **ELIN}),
                ('Bo "Bosse" Ek', {"role": "producer", "group": "creative direction"}),
            ],
        ),
        (
            "location",
            [
                (
                    "Nordvik",
                    {"rel": "subject", "geo": "geo:59.33,18.06", "osm": "R113314", "country": "SE"},
                ),
                ("Åbo", {"rel": "creator"}),
            ],
        ),
        (
            "trailer",
            [
                (
                    "Snart börjar det & det blir bra",
                    {
                        "url": "https://podd.example/media/samtal/trailer.mp4",
                        "pubdate": "Sat, 01 Feb 2025 01:00:00 +0100",
                        "length": "11380",
                        "type": "video/mp4",
                        "season": "1",
                    },
                )
            ],
        ),
        (
            "updateFrequency",
            [
                (
                    "varannan tisdag",
                    {
                        "complete": "true",
                        "dtstart": "2025-03-04T09:00:00+01:00",
                        "rrule": "FREQ=WEEKLY;INTERVAL=2",
                    },
                )
            ],
        ),
        (
            "publisher/podcast:remoteItem",
            [
                (
                    None,
                    {
                        "medium": "publisher",
                        "feedGuid": "9b024349-ccf0-5f69-a609-6b82873eab3c",
                        "feedUrl": "https://nordvik.example/utgivare.xml",
                        "title": "Nordvik",
                    },
                )
            ],
        ),
    ],
)
def test_the_channel_carries(case: Catalog, tag: str, elements: list[Any]) -> None:
    found = find(case.read("samtal/feed.xml"), f"channel/podcast:{tag}")
    if tag == "trailer":
        found[0][1]["length"] = "11380"  # that of another ffmpeg's file is as good
    assert found == elements


@pytest.mark.parametrize(
    ("tag", "elements"),
    [
        ("season", [("2", {"name": "Våren & hösten"})]),
        ("episode", [("3", {"display": "Del tre"})]),
        ("license", [("Nordviks licens", {"url": "https://nordvik.example/licens"})]),
        ("location", [("Rådhuset", {})]),
        (
            "chapters",
            [(None, {"url": PAGE + "chapters.json", "type": "application/json+chapters"})],
        ),
        (
            "image",
            [
                (
                    None,
                    {
                        "href": "https://podd.example/media/samtal/ett.jpg",
                        "alt": 'Ett "bord" & en stol',
                        "aspect-ratio": "1/1",
                    },
                )
            ],
        ),
        (
            "soundbite",
            [
                ("Bäst & först", {"startTime": "0.5", "duration": "1.25"}),
                (None, {"startTime": "1", "duration": "2"}),
            ],
        ),
        (
            "person",
            [
                ("Elin Åberg & Co", {"role": "host", **ELIN}),
                ('Bo "Bosse" Ek', {"role": "producer", "group": "creative direction"}),
                ("Elin Åberg & Co", {"role": "guest", **ELIN}),
                ("Kjell", {"role": "host", **ELIN, "href": "https://kjell.example/"}),
            ],
        ),
        (
            "transcript",
            [
                (None, {"url": PAGE + name, "type": type, "language": language, **rel})
                for name, type, language, rel in (
                    ("transcript.vtt", "text/vtt", "sv-FI", {}),
                    ("transcript.srt", "application/x-subrip", "sv-FI", {}),
                    ("transcript.txt", "text/plain", "sv-FI", {}),
                    ("transcript.en.vtt", "text/vtt", "en", {}),
                    ("transcript.en.srt", "application/x-subrip", "en", {}),
                    ("captions.vtt", "text/vtt", "sv-FI", {"rel": "captions"}),
                    ("captions.fi.vtt", "text/vtt", "fi", {"rel": "captions"}),
                )
            ],
        ),
        (
            "alternateEnclosure/podcast:source",
            [
                (None, {"uri": "https://podd.example/media/samtal/liten.mp3"}),
                (None, {"uri": "https://spegel.example/liten.mp3"}),
                (None, {"uri": "https://strom.example/ett.m3u8"}),
            ],
        ),
        (
            "alternateEnclosure/podcast:integrity",
            [
                (
                    None,
                    {
                        "type": "sri",
                        "value": "sha256-e2d3+Md9goKTyZixN85baPEIBPnM2DaIoB8qBlxvzUg=",
                    },
                )
            ],
        ),
    ],
)
def test_the_item_carries(case: Catalog, tag: str, elements: list[Any]) -> None:
    found = find(case.read("samtal/feed.xml"), f"channel/item[guid='{EVERY_KEY}']/podcast:{tag}")
    if tag.endswith("integrity"):
        digest = hash_of(case.root / "media/samtal/liten.mp3")
        elements = [(None, {"type": "sri", "value": digest})]
    assert found == elements


def hash_of(path: Path) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def test_a_measured_rendition_says_what_was_measured(case: Catalog) -> None:
    (rendition, _) = find(case.read("samtal/feed.xml"), "//podcast:alternateEnclosure")
    size = (case.root / "media/samtal/liten.mp3").stat().st_size
    assert rendition[1] == {
        "type": "audio/mpeg", "length": str(size), "bitrate": str(size * 8 // 2),
        "lang": "sv", "title": "Liten", "rel": "låg", "codecs": "mp3",
    }  # fmt: skip


def test_a_stream_has_the_length_zero(case: Catalog) -> None:
    (_, stream) = find(case.read("samtal/feed.xml"), "//podcast:alternateEnclosure")
    assert stream[1] == {"type": "application/x-mpegURL", "length": "0", "title": "Ström"}


@pytest.mark.parametrize(
    ("type", "length"),
    [("audio/opus", []), ("video/mp4", []), ("application/x-mpegURL", ["0"]),
     ("application/vnd.apple.mpegurl", ["0"]), ("application/dash+xml", ["0"])],
)  # fmt: skip
def test_a_file_elsewhere_has_no_length_that_nobody_measured(
    type: str, length: list[str], tmp_path: Path
) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode(more=f"alternates: [{{type: {type}, uris: ['https://a.example/ett']}}]\n")
    assert catalog.rebuilt().ok
    path = "//podcast:alternateEnclosure/@length"
    assert find(catalog.read("samtal/feed.xml"), path) == length


def test_people_only_leaves_out_the_series_people(case: Catalog) -> None:
    people = find(case.read("samtal/feed.xml"), "channel/item[title='Två']/podcast:person")
    assert people == [("Ann <A>", {"role": "guest", "group": "cast"})]


LISTED = CATALOG + 'people: {elin: {name: Elin, url: "https://a.example/", image: elin.jpg}}\n'


def test_what_a_credit_says_beside_an_id_stands_before_what_is_listed(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.write("feedtool.yaml", LISTED)
    catalog.episode(more="people: [{id: elin, role: guest, image: elin-2025.jpg}]\n")
    catalog.recording("elin-2025.jpg", "rgb.jpg")  # the other need not be there: nobody shows it
    assert catalog.rebuilt().ok
    (person,) = find(catalog.read("samtal/feed.xml"), "channel/item/podcast:person")
    assert person[1]["img"] == "https://podd.example/media/elin-2025.jpg"
    assert person[1]["href"] == "https://a.example/"
    assert catalog.read("media/elin-2025.jpg")


def test_a_picture_beside_an_id_that_is_not_there_is_told_where_it_is_written(
    tmp_path: Path,
) -> None:
    catalog = a_catalog(tmp_path)
    catalog.write("feedtool.yaml", LISTED)
    catalog.series(text=f"{SERIES}people:\n- {{id: elin, role: host, image: ingen.jpg}}\n")
    catalog.episode()
    (fault,) = [one for one in catalog.rebuilt().findings if one.code == "ME050"]
    assert (fault.file, fault.line) == ("episodes/samtal/series.yaml", 5)


@pytest.mark.parametrize(
    ("number", "itunes", "podcast"),
    [
        ("3", ["3"], ["3"]),
        ("3.0", ["3"], ["3.0"]),
        ("100.5", [], ["100.5"]),
        ("0", [], ["0"]),
        ("0.5", [], ["0.5"]),
    ],
)
def test_a_number_that_is_not_whole_stands_where_apple_does_not_read_it(
    number: str, itunes: list[str], podcast: list[str]
) -> None:
    data = rendered(an_item(number=Number(number)))
    assert find(data, "//itunes:episode/text()") == itunes
    assert find(data, "//item/podcast:episode/text()") == podcast


@pytest.mark.parametrize(("title", "end"), [("ord " * 60, "ord…"), ("字" * 200, "字" * 127 + "…")])
def test_a_long_title_of_a_trailer_is_shortened_where_the_tag_has_a_limit(
    title: str, end: str
) -> None:
    date = datetime(2025, 3, 1, tzinfo=UTC)
    trailer = Trailer(title, "https://podd.example/t.mp3", date, 1, "audio/mpeg")
    data = render_rss(replace(a_feed(), trailers=(trailer,)), SITE)
    (text,) = find(data, "//podcast:trailer/text()")
    assert len(text) <= 128
    assert text.endswith(end)


# --- what every feed must be -----------------------------------------------------------------


def test_the_declaration_is_the_first_bytes(feed: bytes) -> None:
    assert feed.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<rss ')


def test_there_is_neither_doctype_nor_cdata(feed: bytes) -> None:
    assert b"<!" not in feed


def test_only_entities_of_xml_are_used(feed: bytes) -> None:
    names = set(re.findall(rb"&([^;]{1,10});", feed))
    assert names <= {b"amp", b"lt", b"gt", b"quot", b"apos", b"#10", b"#13", b"#9"}


def test_namespaces_are_declared_with_their_exact_addresses(feed: bytes) -> None:
    declared = {name: uri for name, uri in NAMESPACES.items() if name != "xml"}
    assert xml(feed).nsmap == declared


def test_there_is_one_channel_of_version_2(feed: bytes) -> None:
    root = xml(feed)
    assert (root.tag, root.get("version"), [one.tag for one in root]) == ("rss", "2.0", ["channel"])


PLAIN = {
    "channel": {"title", "link", "description", "copyright", "docs", "generator", "image",
                "language", "lastBuildDate", "item"},
    "item": {"title", "link", "description", "guid", "category", "enclosure", "pubDate", "source"},
}  # fmt: skip


@pytest.mark.parametrize("parent", ["channel", "item"])
def test_elements_without_namespace_are_those_of_rss(feed: bytes, parent: str) -> None:
    names = {one.tag for one in xml(feed).iterfind(f".//{parent}/*")}
    assert {name for name in names if not name.startswith("{")} <= PLAIN[parent]


REPEATED = {
    "channel": {"item", "atom:link", "itunes:category", "podcast:block", "podcast:funding",
                "podcast:person", "podcast:location", "podcast:trailer"},
    "item": {"category", "atom:link", "podcast:transcript", "podcast:person", "podcast:soundbite",
             "podcast:location", "podcast:alternateEnclosure"},
}  # fmt: skip


@pytest.mark.parametrize("parent", ["channel", "item"])
def test_what_may_stand_once_stands_once(feed: bytes, parent: str) -> None:
    prefixes = {uri: f"{prefix}:" for prefix, uri in NAMESPACES.items()}
    for element in xml(feed).iter(parent):
        names = [
            prefixes.get(etree.QName(one).namespace or "", "") + etree.QName(one).localname
            for one in element
        ]
        assert {name for name in names if names.count(name) > 1} <= REPEATED[parent]


@pytest.mark.parametrize(
    "tag",
    ["title", "link", "description", "language", "itunes:image/@href", "itunes:explicit",
     "itunes:category/@text", "itunes:type", "itunes:author", "podcast:guid",
     "atom:link[@rel='self']/@href", "lastBuildDate"],
)  # fmt: skip
def test_every_channel_has(feed: bytes, tag: str) -> None:
    assert all(find(feed, f"channel/{tag}"))
    assert find(feed, f"channel/{tag}")


@pytest.mark.parametrize(
    "tag",
    ["title", "link", "description", "guid", "pubDate", "enclosure/@url", "enclosure/@length",
     "enclosure/@type", "itunes:duration", "itunes:explicit", "itunes:episodeType"],
)  # fmt: skip
def test_every_item_has_one(feed: bytes, tag: str) -> None:
    for item in xml(feed).iter("item"):
        assert len(item.xpath(tag, namespaces=NAMESPACES)) == 1


def test_guids_say_that_they_are_no_addresses(feed: bytes) -> None:
    assert set(find(feed, "//guid/@isPermaLink")) == {"false"}


def test_guids_are_unique(feed: bytes) -> None:
    guids = find(feed, "//guid/text()")
    assert len(guids) == len(set(guids))


@pytest.mark.parametrize("tag", ["summary", "subtitle", "keywords", "order", "isClosedCaptioned"])
def test_tags_that_apple_dropped_are_absent(feed: bytes, tag: str) -> None:
    assert find(feed, f"//itunes:{tag}") == []


DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)


def test_dates_are_written_as_rss_wants_them(feed: bytes) -> None:
    dates = find(feed, "//pubDate/text() | //lastBuildDate/text() | //podcast:trailer/@pubdate")
    assert [date for date in dates if not DATE.fullmatch(date)] == []


def test_weekdays_are_those_of_the_dates(feed: bytes) -> None:
    for date in find(feed, "//pubDate/text() | //lastBuildDate/text()"):
        day, rest = date.split(", ")
        days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        assert days[datetime.strptime(rest, "%d %b %Y %H:%M:%S %z").weekday()] == day


def test_explicit_is_true_or_false(feed: bytes) -> None:
    assert set(find(feed, "//itunes:explicit/text()")) <= {"true", "false"}


def test_durations_are_whole_seconds_from_one_on(feed: bytes) -> None:
    assert all(re.fullmatch("[1-9][0-9]*", text) for text in find(feed, "//itunes:duration/text()"))


def test_nothing_begins_or_ends_with_a_space(feed: bytes) -> None:
    texts = [one.text for one in xml(feed).iter() if not len(one)]
    assert [text for text in texts if text is not None and text != text.strip()] == []


def test_plain_texts_are_at_most_255_characters(feed: bytes) -> None:
    long = {"description", f"{{{NAMESPACES['content']}}}encoded"}
    texts = [one.text or "" for one in xml(feed).iter() if one.tag not in long]
    assert [text for text in texts if len(text) > 255] == []


ADDRESSES = (
    "//link/text() | //image/url/text() | //@url | //@href | //@uri | //@img | //@image"
    " | //itunes:new-feed-url/text() | //@feedUrl"
)


def test_every_address_is_absolute_and_ascii(feed: bytes) -> None:
    for address in find(feed, ADDRESSES):
        parts = urlsplit(address)
        assert parts.scheme == "https", address
        assert parts.netloc
        assert address.isascii()
        assert not re.search(r"\s", address)


def test_languages_are_known_everywhere(feed: bytes) -> None:
    (channel,) = find(feed, "channel/language/text()")
    assert re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", channel)
    said = find(feed, "//podcast:*/@language | //@lang | //@xml:lang")
    assert [tag for tag in said if not langcodes.tag_is_valid(tag) or "_" in tag] == []


def test_no_text_of_a_recording_reaches_a_feed(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode()
    library: Any = id3  # which is not typed
    tags = library.ID3()
    for frame in (library.TIT2, library.TPE1, library.TALB):
        tags.add(frame(text="inspelat"))
    inside = [library.TIT2(text="inspelat kapitel")]
    tags.add(library.CTOC(element_id="toc", flags=3, child_element_ids=["a"], sub_frames=[]))
    tags.add(library.CHAP(element_id="a", start_time=0, end_time=1000, sub_frames=inside))
    tags.save(catalog.root / "media/samtal/ett.mp3")
    assert catalog.rebuilt().ok
    for path, data in catalog.public().items():
        assert path.endswith(".mp3") or b"inspelat" not in data
    assert find(catalog.read("samtal/feed.xml"), "//psc:chapters | //podcast:chapters") == []


def test_links_in_texts_are_absolute(feed: bytes) -> None:
    for text in find(feed, "//description/text() | //content:encoded/text()"):
        assert re.findall(r'(?:href|src)="(?!https?://|mailto:)', text) == []


def test_descriptions_keep_to_4000_bytes_and_the_tags_of_apple(feed: bytes) -> None:
    allowed = {"p", "ol", "ul", "li", "a", "b", "i", "strong", "em"}
    for text in find(feed, "//item/description/text()"):
        assert len(text.encode()) <= 4000
        assert set(re.findall(r"<([a-z0-9]+)", text)) <= allowed


def test_content_differs_from_the_description_before_it(feed: bytes) -> None:
    for item in xml(feed).iter("item"):
        names = [etree.QName(one).localname for one in item]
        if "encoded" in names:
            assert names.index("description") < names.index("encoded")
            assert item.findtext("description") != item.findtext(
                f"{{{NAMESPACES['content']}}}encoded"
            )


def test_the_artwork_in_the_channel_has_no_size_that_rss_forbids(feed: bytes) -> None:
    (image,) = xml(feed).findall("channel/image")
    assert [one.tag for one in image] == ["url", "title", "link"]


@pytest.mark.parametrize("path", FEEDS)
def test_the_feed_says_where_it_stands(case: Catalog, path: str) -> None:
    links = find(case.read(path), "channel/atom:link[@rel='self']")
    address = f"https://podd.example/{path}"
    assert links == [(None, {"href": address, "rel": "self", "type": "application/rss+xml"})]


def test_the_feed_names_its_hubs(case: Catalog) -> None:
    hubs = find(case.read("samtal/feed.xml"), "channel/atom:link[@rel='hub']/@href")
    assert hubs == ["https://hub.example/", "https://nav.example/"]


def test_the_build_date_is_the_newest_change(feed: bytes) -> None:
    form = "%a, %d %b %Y %H:%M:%S %z"
    (built,) = find(feed, "channel/lastBuildDate/text()")
    newest = max(datetime.strptime(text, form) for text in find(feed, "//pubDate/text()"))
    assert datetime.strptime(built, form) >= newest


def test_a_block_says_yes_as_apple_and_psp_read_it(case: Catalog) -> None:
    texts = find(case.read("samtal/feed.xml"), "//itunes:block/text() | //itunes:complete/text()")
    assert texts == ["Yes", "Yes", "Yes"]


def test_what_is_not_stated_is_not_there() -> None:
    tags = {etree.QName(one).localname for one in xml(rendered()).iter()}
    assert tags == {
        "rss", "channel", "title", "link", "description", "docs", "generator", "language",
        "lastBuildDate", "type", "explicit", "guid", "medium", "item", "enclosure", "pubDate",
        "duration", "episodeType",
    }  # fmt: skip


# --- single values ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.001, "1"), (0.499, "1"), (1.499, "1"), (1.5, "2"), (2.5, "3"), (659.6, "660"),
     (86400, "86400")],
)  # fmt: skip
def test_durations_are_rounded_half_up(seconds: float, written: str) -> None:
    data = rendered(an_item(duration=timedelta(seconds=seconds)))
    assert find(data, "//itunes:duration/text()") == [written]


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (datetime(2025, 7, 1, 9, tzinfo=STOCKHOLM), "Tue, 01 Jul 2025 09:00:00 +0200"),
        (datetime(2025, 1, 1, 9, tzinfo=STOCKHOLM), "Wed, 01 Jan 2025 09:00:00 +0100"),
        (datetime(2025, 10, 26, 2, 30, tzinfo=STOCKHOLM), "Sun, 26 Oct 2025 02:30:00 +0200"),
        (
            datetime(2025, 10, 26, 2, 30, tzinfo=STOCKHOLM, fold=1),
            "Sun, 26 Oct 2025 02:30:00 +0100",
        ),
        (datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC), "Thu, 29 Feb 2024 23:59:59 +0000"),
        (
            datetime(2025, 5, 5, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
            "Mon, 05 May 2025 00:00:00 -0330",
        ),
    ],
    ids=["summer", "winter", "before-the-change", "after-the-change", "utc", "half-hour"],
)
def test_dates_carry_the_offset_of_their_zone(date: datetime, written: str) -> None:
    assert find(rendered(an_item(date=date)), "//pubDate/text()") == [written]


@settings(max_examples=200)
@given(
    st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 30)),
    st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_dates_are_those_of_the_standard_library(moment: datetime, zone: timezone) -> None:
    date = moment.replace(microsecond=0, tzinfo=zone)
    assert rfc2822(date) == format_datetime(date)


@pytest.mark.parametrize(
    "title",
    ["å ä ö", "A & B", "a < b > c", "\"citat\" och 'citat'", "😀", "\N{WOMAN}\u200d\N{GIRL}", "]]>",
     "&amp;", "x\u00a0y", "日本語"],
)  # fmt: skip
def test_titles_come_back_letter_for_letter(title: str) -> None:
    data = rendered(an_item(title=title), title=title, description=title)
    assert find(data, "//title/text()") == [title, title]
    assert feedparser.parse(data).entries[0].title == title


def test_rss_alone_has_the_prefix_of_recordings() -> None:
    data = render_rss(a_feed(), replace(SITE, media_prefix="https://count.example/"))
    assert find(data, "//enclosure/@url") == [
        "https://count.example/https://podd.example/media/samtal/ett.mp3"
    ]


def test_a_recording_elsewhere_keeps_its_address() -> None:
    item = an_item()
    away = Enclosure("https://annan.example/ett.mp3?x=1&y=2", 1, "audio/mpeg", timedelta(1))
    assert find(rendered(replace(item, enclosure=away)), "//enclosure/@url") == [away.source]


def test_a_hidden_chapter_is_not_in_the_list_that_is_shown() -> None:
    chapters = (Chapter(timedelta(), "A"), Chapter(timedelta(seconds=1), "B", toc=False))
    data = rendered(an_item(chapters=chapters))
    assert find(data, "//psc:chapter/@title") == ["A"]


def test_hidden_chapters_alone_make_no_empty_list() -> None:
    data = rendered(an_item(chapters=(Chapter(timedelta(), "A", toc=False),)))
    assert find(data, "//psc:chapters") == []


def test_a_series_without_author_has_none() -> None:
    assert find(rendered(author=None), "//itunes:author") == []


# --- texts -----------------------------------------------------------------------------------


def texts(**episode: Any) -> tuple[str, str | None]:
    """Description and content of an item."""
    if markdown := episode.pop("markdown", None):
        full, short = render_notes(markdown, "https://podd.example/samtal/ett/")
        episode |= {"notes": full, "short_notes": short}
    data = rendered(an_item(**episode))
    (description,) = find(data, "//item/description/text()")
    return description, next(iter(find(data, "//item/content:encoded/text()")), None)


LINK = '<p><a href="https://podd.example/samtal/ett/">Ett samtal</a></p>'


def test_short_notes_are_the_description_and_stand_once() -> None:
    assert texts(markdown="Hej *du*.", summary="Kort.") == ("<p>Hej <em>du</em>.</p>", None)


def test_notes_with_a_heading_stand_whole_in_the_content() -> None:
    assert texts(markdown="## A\n\nB") == ("<p>A</p>\n<p>B</p>", "<h2>A</h2>\n<p>B</p>")


def test_without_notes_the_summary_is_the_description() -> None:
    assert texts(summary='Kort & <bra> "så"') == ('<p>Kort &amp; &lt;bra&gt; "så"</p>', None)


def test_without_any_text_the_title_is_the_description() -> None:
    assert texts() == ("<p>Ett samtal</p>", None)


def test_notes_of_4000_bytes_are_the_description() -> None:
    notes = "å" * 1996 + "x"
    description, content = texts(markdown=notes)
    assert (len(description.encode()), content) == (4000, None)


def test_longer_notes_give_way_to_the_summary_and_a_link() -> None:
    notes = "å" * 1997
    assert texts(markdown=notes, summary="Kort & bra.") == (
        f"<p>Kort &amp; bra.</p>{LINK}",
        f"<p>{notes}</p>",
    )


def test_a_summary_that_is_too_long_gives_way_to_a_link() -> None:
    summary = "å" * 2500
    assert texts(summary=summary) == (LINK, f"<p>{summary}</p>")


def test_a_summary_that_fits_without_the_link_only_gives_way_to_it() -> None:
    notes, summary = "ord " * 1100, "x" * 3980
    assert texts(markdown=notes, summary=summary)[0] == LINK


def test_notes_of_a_picture_alone_are_in_the_content() -> None:
    description, content = texts(markdown="![](b.png)", summary="Kort.")
    assert description == f"<p>Kort.</p>{LINK}"
    assert content == '<p><img src="https://podd.example/samtal/ett/b.png" alt=""></p>'


# --- podcast:guid ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "guid"),
    [
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("http://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("https://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
    ],
)
def test_podcast_guids_are_those_of_the_specification(address: str, guid: str) -> None:
    assert podcast_guid(address) == guid


# --- many values at once ---------------------------------------------------------------------


def test_categories_are_nested_once_in_their_parent() -> None:
    data = rendered(categories=(Category("Education", "Courses"), Category("Education", "How To")))
    assert find(data, "channel/itunes:category/@text") == ["Education"]
    assert find(data, "channel/itunes:category/itunes:category/@text") == ["Courses", "How To"]
