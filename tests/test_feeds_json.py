"""JSON Feed 1.1, and that all three formats say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import pytest

from feedtool import readback
from feedtool.errors import ReadBackError
from feedtool.readback import Said, check_feed
from feedtool.render.jsonfeed import render_json

from .cases import SITE, a_case, a_feed, an_item, xml
from .catalogs import Catalog

FEEDS = ("samtal/", "moten/", "")
MEDIA = "https://podd.example/media/"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    catalog = a_case("every-key", tmp_path_factory.mktemp("json"))
    assert catalog.rebuilt().ok
    return catalog


@pytest.fixture(scope="module")
def document(case: Catalog) -> dict[str, Any]:
    return dict(json.loads(case.read("samtal/feed.json")))


def test_the_version_is_the_first_key(document: dict[str, Any]) -> None:
    assert next(iter(document.items())) == ("version", "https://jsonfeed.org/version/1.1")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", 'Samtal om "å, ä & ö" <på plats>'),
        ("description", "Ett samtal < två & tre.\nAndra raden."),
        ("home_page_url", "https://podd.example/samtal/"),
        ("feed_url", "https://podd.example/samtal/feed.json"),
        ("icon", MEDIA + "samtal/omslag.jpg"),
        ("authors", [{"name": "Åsa & Örjan"}]),
        ("language", "sv"),
        ("expired", True),
        (
            "hubs",
            [
                {"type": "WebSub", "url": "https://hub.example/"},
                {"type": "WebSub", "url": "https://nav.example/"},
            ],
        ),
    ],
)
def test_the_series(document: dict[str, Any], key: str, value: Any) -> None:
    assert document[key] == value


def test_an_item_with_everything(case: Catalog, document: dict[str, Any]) -> None:
    page = "https://podd.example/samtal/ett/"
    elin = {"url": "https://nordvik.example/elin", "avatar": MEDIA + "elin.jpg"}
    transcripts = [
        ("transcript.vtt", "text/vtt", "sv-FI", {}),
        ("transcript.srt", "application/x-subrip", "sv-FI", {}),
        ("transcript.txt", "text/plain", "sv-FI", {}),
        ("transcript.en.vtt", "text/vtt", "en", {}),
        ("transcript.en.srt", "application/x-subrip", "en", {}),
        ("captions.vtt", "text/vtt", "sv-FI", {"rel": "captions"}),
        ("captions.fi.vtt", "text/vtt", "fi", {"rel": "captions"}),
    ]
    assert document["items"][0] == {
        "id": "5F3C0D2E-8a51-4b8e-9d0f-2f6b8c1d7e90",
        "url": page,
        "title": 'Å, "ä" & <ö>: it\'s 😀',
        "summary": 'Kort: å < ä & "ö" 😀',
        "content_html": '<p>Hej <strong>å</strong>, "ä" &amp; &lt;ö&gt;.</p>\n<p>Se '
        '<a href="https://podd.example/samtal/tva/">nästa</a>, '
        '<a href="https://podd.example/samtal/ett/bild.png">bilden</a> och '
        '<a href="https://podd.example/moten/">roten</a>.</p>',
        "image": MEDIA + "samtal/ett.jpg",
        "date_published": "2025-07-01T09:00:07+02:00",
        "date_modified": "2025-08-02T10:00:00+02:00",
        "authors": [
            {"name": "Elin Åberg & Co", **elin},
            {"name": 'Bo "Bosse" Ek'},
            {"name": "Kjell", "url": "https://kjell.example/", "avatar": MEDIA + "elin.jpg"},
        ],
        "tags": ["AI & etik", "kommun"],
        "language": "sv-FI",
        "attachments": [
            {
                "url": MEDIA + "samtal/ett.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": (case.root / "media/samtal/ett.mp3").stat().st_size,
                "duration_in_seconds": 3,
            }
        ],
        "_podcast": {
            "season": 2,
            "episode": "3",
            "chapters": page + "chapters.json",
            "transcripts": [
                {"url": page + name, "type": type, "language": language, **rel}
                for name, type, language, rel in transcripts
            ],
        },
    }


def test_what_is_not_stated_is_not_there() -> None:
    (item,) = json.loads(render_json(a_feed(), SITE))["items"]
    assert set(item) == {
        "id", "url", "title", "content_html", "date_published", "date_modified", "attachments",
    }  # fmt: skip


@pytest.mark.parametrize("folder", FEEDS)
def test_nothing_is_null(case: Catalog, folder: str) -> None:
    def nulls(value: object) -> bool:
        inner: Any = value.values() if isinstance(value, dict) else value
        return value is None or (isinstance(value, dict | list) and any(map(nulls, inner)))

    assert not nulls(json.loads(case.read(folder + "feed.json")))


@pytest.mark.parametrize("folder", FEEDS)
def test_names_of_extensions_have_an_underscore_and_no_dot(case: Catalog, folder: str) -> None:
    document = json.loads(case.read(folder + "feed.json"))
    known = {
        "version", "title", "home_page_url", "feed_url", "description", "icon", "authors",
        "language", "expired", "hubs", "items",
    }  # fmt: skip
    assert set(document) - known == {"_podcast"}


DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


@pytest.mark.parametrize("folder", FEEDS)
def test_dates_are_written_as_json_feed_wants_them(case: Catalog, folder: str) -> None:
    for item in json.loads(case.read(folder + "feed.json"))["items"]:
        assert DATE.fullmatch(item["date_published"])
        assert DATE.fullmatch(item["date_modified"])


@pytest.mark.parametrize("folder", FEEDS)
def test_every_item_has_what_json_feed_demands(case: Catalog, folder: str) -> None:
    items = json.loads(case.read(folder + "feed.json"))["items"]
    for item in items:
        assert item["id"]
        assert isinstance(item["id"], str)
        assert isinstance(item["content_html"], str)
        (recording,) = item["attachments"]
        assert re.fullmatch(r"(audio|video)/[\w-]+", recording["mime_type"])
        assert type(recording["size_in_bytes"]) is type(recording["duration_in_seconds"]) is int
    assert len({item["id"] for item in items}) == len(items)


@pytest.mark.parametrize("folder", FEEDS)
def test_every_address_is_absolute_and_ascii(case: Catalog, folder: str) -> None:
    keys = {"url", "home_page_url", "feed_url", "icon", "image", "avatar", "about", "chapters"}

    def addresses(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (one for key, one in value.items() if key in keys)
        if isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                yield from addresses(one)

    found = list(addresses(json.loads(case.read(folder + "feed.json"))))
    assert len(found) > 5
    assert [one for one in found if not re.fullmatch(r"https://[!-~]+", one)] == []


def test_letters_are_written_as_they_are(case: Catalog) -> None:
    assert "Å".encode() in case.read("samtal/feed.json")


# --- one truth, three formats ----------------------------------------------------------------


def said_in_rss(data: bytes) -> list[Any]:
    return [
        (
            item.findtext("title"),
            item.findtext("guid"),
            parsedate_to_datetime(item.findtext("pubDate")),
            item.find("enclosure").get("url").removeprefix("https://count.example/e/"),
            int(item.find("enclosure").get("length")),
            item.find("enclosure").get("type"),
        )
        for item in xml(data).iter("item")
    ]


def said_in_json(data: bytes) -> list[Any]:
    return [
        (
            item["title"],
            item["id"],
            datetime.fromisoformat(item["date_published"]),
            item["attachments"][0]["url"],
            item["attachments"][0]["size_in_bytes"],
            item["attachments"][0]["mime_type"],
        )
        for item in json.loads(data)["items"]
    ]


def said_in_atom(data: bytes) -> list[Any]:
    return [
        (
            entry.title,
            datetime.fromisoformat(entry.published),
            entry.enclosures[0].href,
            int(entry.enclosures[0].length),
            entry.enclosures[0].type,
        )
        for entry in feedparser.parse(data).entries
    ]


@pytest.mark.parametrize("folder", FEEDS)
def test_rss_and_json_agree(case: Catalog, folder: str) -> None:
    rss = said_in_rss(case.read(folder + "feed.xml"))
    assert rss == said_in_json(case.read(folder + "feed.json"))
    assert len(rss) == {"samtal/": 4, "moten/": 1, "": 5}[folder]


@pytest.mark.parametrize("folder", FEEDS)
def test_rss_and_atom_agree(case: Catalog, folder: str) -> None:
    rss = [(one[0], *one[2:]) for one in said_in_rss(case.read(folder + "feed.xml"))]
    assert rss == said_in_atom(case.read(folder + "atom.xml"))


# --- feeds are read back before they are shown -----------------------------------------------

MEANT = Said(
    "g", "Ett samtal", "2025-03-01T09:00:00+01:00",
    "https://podd.example/media/samtal/ett.mp3", 24449, "audio/mpeg",
)  # fmt: skip


def test_a_feed_that_says_what_is_meant_passes() -> None:
    check_feed("feed.json", render_json(a_feed(an_item(guid="g")), SITE), [MEANT])


@pytest.mark.parametrize("piece", [1, 7, 1000])
@pytest.mark.parametrize("name", ["feed.xml", "atom.xml", "feed.json"])
@pytest.mark.parametrize("folder", FEEDS)
def test_a_feed_may_be_read_in_pieces_of_any_size(
    case: Catalog, monkeypatch: pytest.MonkeyPatch, folder: str, name: str, piece: int
) -> None:
    monkeypatch.setattr(readback, "_PIECE", piece)
    ids = [entry.id for entry in feedparser.parse(case.read(folder + "atom.xml")).entries]
    prefix = "https://count.example/e/" if name == "feed.xml" else ""
    meant = [
        Said(
            atom_id if name == "atom.xml" else guid,
            title, date.isoformat(), prefix + url, length, type,
        )
        for atom_id, (title, guid, date, url, length, type) in zip(
            ids, said_in_json(case.read(folder + "feed.json")), strict=True
        )
    ]  # fmt: skip
    check_feed(folder + name, case.read(folder + name), meant)
    with pytest.raises(ReadBackError):
        check_feed(folder + name, case.read(folder + name), meant[:-1])


RSS = b"""<rss><channel><item><title>Ett samtal</title><guid isPermaLink="false">g</guid>
<pubDate>Sat, 01 Mar 2025 09:00:00 +0100</pubDate>
<enclosure url="https://podd.example/media/samtal/ett.mp3" length="24449" type="audio/mpeg"/>
</item></channel></rss>"""


def test_reading_back_knows_rss() -> None:
    check_feed("samtal/feed.xml", RSS, [MEANT])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Ett samtal", b"Ett annat"),
        (b">g<", b">h<"),
        (b'isPermaLink="false"', b""),
        (b"09:00:00", b"09:00:01"),
        (b"+0100", b"+0200"),
        (b"Sat,", b"Sun,"),
        (b"24449", b"24448"),
        (b"24449", b"stor"),
        (b"audio/mpeg", b"audio/mp3"),
        (b"ett.mp3", b"tva.mp3"),
        (b"guid", b"other"),
        (b"</item>", b"</item><item/>"),
        (
            b"<rss><channel><item><title>Ett samtal",
            b"<!DOCTYPE rss [<!ENTITY x 'Ett samtal'>]><rss><channel><item><title>&x;",
        ),
        (b"</rss>", b""),
        (b"<enclosure", b"<enclosure/><enclosure"),
        (b"<pubDate>Sat, 01 Mar 2025 09:00:00 +0100</pubDate>", b""),
    ],
    ids=[
        "title", "guid", "permalink", "date", "offset", "weekday", "length", "no-number",
        "type", "address", "no-guid", "one-more", "entity", "cut-off", "two-recordings", "no-date",
    ],
)  # fmt: skip
def test_a_feed_that_says_anything_else_is_refused(old: bytes, new: bytes) -> None:
    broken = RSS.replace(old, new)
    assert broken != RSS
    with pytest.raises(ReadBackError):
        check_feed("samtal/feed.xml", broken, [MEANT])


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"}]}", b"}]}}"), (b"}]}", b"}], 1}"), (b"}]}", b"}, {}]}"), (b"}]}", b"}"), (b"{", b"{,")],
    ids=["behind", "no-key", "one-more", "cut-off", "before"],
)
def test_json_with_anything_else_in_it_is_refused(old: bytes, new: bytes) -> None:
    data = render_json(a_feed(an_item(guid="g")), SITE)
    assert data.count(b"}]}\n") == 1
    broken = new.join(data.rsplit(old, 1) if old == b"}]}" else data.split(old, 1))
    with pytest.raises(ReadBackError):
        check_feed("feed.json", broken, [MEANT])


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"items": [{}]}', b'{"items": 3}', b"\xff"])
def test_json_that_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(ReadBackError):
        check_feed("feed.json", data, [MEANT])
