"""Entries that become no episode, or one with a difference: each told with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedtool.adopt.plan import LEAP

from .adoption import adopt, built, empty_catalog, serve
from .catalogs import Catalog
from .feeds_of_others import ITUNES
from .live_feed import Live, live


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


def item(
    guid: str = "ett",
    *,
    title: str = "Ett",
    date: str = "Tue, 22 Jun 2021 09:00:00 +0200",
    url: str = "{base}/ett.mp3",
    length: str = "100",
    more: str = "<itunes:duration>1:00</itunes:duration>",
) -> str:
    enclosure = f'<enclosure url="{url}" length="{length}" type="audio/mpeg"/>' if url else ""
    return (
        f"<item><title>{title}</title>{f'<guid>{guid}</guid>' if guid else ''}"
        f"{f'<pubDate>{date}</pubDate>' if date else ''}{enclosure}{more}</item>"
    )


def feed(server: Live, *items: str, channel: str = "") -> str:
    text = (
        f'<rss version="2.0" {ITUNES}><channel><title>Prov</title><description>x</description>'
        f"<language>sv</language>{channel}{''.join(items)}</channel></rss>"
    )
    return serve(server, text.replace("{base}", server.base).encode())


def test_a_text_of_a_blog_is_left_out(catalog: Catalog, server: Live) -> None:
    plan, _ = adopt(catalog, feed(server, item(), item("två", url="")))
    assert [(one.guid, "no recording" in one.why.english) for one in plan.skipped] == [
        ("två", True)
    ]


def test_of_several_enclosures_the_recording_is_taken(catalog: Catalog, server: Live) -> None:
    """Weblogs enclose pictures, too."""
    picture = '<enclosure url="https://a.example/ett.jpg" length="5" type="image/jpeg"/>'
    plan, outcome = adopt(
        catalog,
        feed(
            server,
            item().replace("<enclosure", picture + "<enclosure", 1),
            item("två", title="Två", url="").replace("</item>", f"{picture}</item>"),
        ),
    )
    assert [one.enclosure.type for one in plan.new] == ["audio/mpeg"]
    assert [(one.guid, "is no recording" in one.why.english) for one in plan.skipped] == [
        ("två", True)
    ]
    assert outcome.proof.same == 1


@pytest.mark.parametrize(
    ("said", "name", "type"),
    [("audio/mp3", "ett.mp3", "audio/mpeg"), ("mp3", "ett.mp3", "audio/mpeg"),
     ("audio/mpeg; charset=binary", "ett.mp3", "audio/mpeg"), ("audio/mp4", "ett", "audio/x-m4a"),
     ("application/octet-stream", "ett.m4a", "audio/x-m4a"), ("text/html", "x.mp3", "audio/mpeg"),
     ("audio/ogg", "ett.ogg", "audio/ogg"), ("audio/opus", "ett.ogg", "audio/opus"),
     ("audio/mpeg", "ett.ogg", "audio/ogg"), ("audio/mpeg", "ett.wav", "audio/wav"),
     ("audio/mp4", "ett.m4a?y=1", "audio/x-m4a"), ("video/mp4", "ett.m4v", "video/x-m4v"),
     ("audio/ogg", "ett.php", "audio/ogg")],
)  # fmt: skip
def test_kinds_of_recordings_have_the_names_that_apps_know(
    catalog: Catalog, server: Live, said: str, name: str, type: str
) -> None:
    entry = item(url="{base}/" + name).replace("audio/mpeg", said)
    plan, outcome = adopt(catalog, feed(server, entry))
    told = [one.english for one in plan.new[0].told]
    assert any("apps know it as" in one for one in told) == (said != type)
    assert {one.type for one in built(catalog)} == {type}
    assert outcome.proof.same == 1


@pytest.mark.parametrize("name", ["ett.mp3", "ett.ogg", "ett.wav?x=1", "ett.m4a", "ett.mp4", "ett"])
def test_a_check_agrees_with_the_kinds_that_an_import_chose(
    catalog: Catalog, server: Live, name: str
) -> None:
    adopt(catalog, feed(server, item(url="{base}/" + name)))
    found = {one["code"] for one in catalog.run("check", "--json").json["findings"]}
    assert "ME072" not in found
    assert ("ME071" in found) == (name == "ett")


def test_two_entries_with_one_recording_are_an_episode_and_a_draft(
    catalog: Catalog, server: Live
) -> None:
    """Apps show only one of the two, and a build refuses them."""
    again = item("två", title="I repris", date="Wed, 23 Jun 2021 09:00:00 +0200")
    plan, outcome = adopt(catalog, feed(server, again, item()))
    assert [one.draft for one in plan.new] == [False, True]
    assert "status: draft" in (catalog.root / "episodes/samtal/i-repris.md").read_text("utf-8")
    assert [one.guid for one in outcome.proof.differences] == ["två"]
    assert {one.guid for one in built(catalog)} == {"ett"}


def test_two_entries_with_one_guid_are_one_episode(catalog: Catalog, server: Live) -> None:
    address = feed(server, item(title="Nyare", url="{base}/b.mp3"), item(title="Äldre"))
    plan, outcome = adopt(catalog, address)
    assert [one.title for one in plan.new] == ["Äldre"]
    assert [(one.guid, one.title) for one in plan.skipped] == [("ett", "Nyare")]
    assert outcome.proof.same == 1


@pytest.mark.parametrize(
    ("titles", "differs"), [(("B", "A", "C"), True), (("A", "B", "C"), False)], ids=str
)
def test_another_order_of_entries_with_one_date_is_told(
    catalog: Catalog, server: Live, titles: tuple[str, ...], differs: bool
) -> None:
    entries = [
        item(f"g{n}", title=title, url=f"{{base}}/{n}.mp3") for n, title in enumerate(titles)
    ]
    new = item("ny", title="Ny", url="{base}/ny.mp3", date="Wed, 23 Jun 2021 09:00:00 +0200")
    _, outcome = adopt(catalog, feed(server, new, *entries))
    assert outcome.proof.same == 4
    assert [(one.fact, one.source, one.built) for one in outcome.proof.differences] == (
        [("order", "b, a, c", "a, b, c")] if differs else []
    )
    report = (catalog.root / "import-report.md").read_text("utf-8")
    assert ("`b, a, c` → `a, b, c`" in report) == differs


@pytest.mark.parametrize(
    "date", ["", "igår", "2021-06-31"], ids=["no date", "no readable date", "no day of a calendar"]
)
def test_without_a_date_it_is_a_draft(catalog: Catalog, server: Live, date: str) -> None:
    plan, outcome = adopt(catalog, feed(server, item(), item("två", title="Två", date=date)))
    text = (catalog.root / "episodes/samtal/tva.md").read_text()
    assert "status: draft" in text
    assert "date:" not in text
    assert "draft" in plan.new[-1].told[0].english
    assert [(one.guid, "draft" in one.why.english) for one in outcome.proof.differences] == [
        ("två", True)
    ]
    assert {one.guid for one in built(catalog)} == {"ett"}


def test_what_an_entry_has_beside_its_recording_is_told(catalog: Catalog, server: Live) -> None:
    more = "".join(
        f'<media:content xmlns:media="http://search.yahoo.com/mrss/" url="{url}" type="{type}"/>'
        for url, type in (
            ("{base}/ett.mp3", "audio/mpeg"), ("https://a.example/ett.mp4", "video/mp4"),
            ("https://a.example/ett.jpg", "image/jpeg"), ("https://a.example/b.png", "image/png"),
        )
    ) + '<itunes:image href="https://a.example/ett.jpg"/>'  # fmt: skip
    plan, _ = adopt(catalog, feed(server, item(more=more)))
    assert plan.new[0].entry.lost == (
        "media:content https://a.example/ett.mp4", "media:content image/png",
    )  # fmt: skip


def test_a_second_that_few_apps_read_is_told(catalog: Catalog, server: Live) -> None:
    plan, outcome = adopt(catalog, feed(server, item(date="Tue, 22 Jun 2021 09:00:60 +0200")))
    assert [why.template for why in plan.new[0].told] == [LEAP]
    assert outcome.proof.same == 1
    (one,) = built(catalog)
    assert one.date == "2021-06-22T07:00:59+00:00"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://old.example/a.mp3",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "http://[x/",
    ],
)
def test_an_address_that_is_none_is_told(catalog: Catalog, server: Live, url: str) -> None:
    plan, _ = adopt(catalog, feed(server, item(), item("två", url=url)))
    assert [one.guid for one in plan.skipped] == ["två"]


def test_an_address_with_spaces_is_put_right_and_told(catalog: Catalog, server: Live) -> None:
    plan, _ = adopt(catalog, feed(server, item(url="{base}/åtta spår.mp3")))
    assert plan.new[0].media == f"{server.base}/%C3%A5tta%20sp%C3%A5r.mp3"
    assert "proper" in plan.new[0].told[0].template
    assert len(built(catalog)) == 1


def test_what_a_feed_does_not_say_of_a_recording_is_not_made_up(
    catalog: Catalog, server: Live
) -> None:
    plan, _ = adopt(catalog, feed(server, item(length="", more="")))
    assert len(plan.new[0].told) == 2
    (one,) = built(catalog)
    assert one.length == 0
    for name in ("feed.xml", "feed.json", "atom.xml"):
        assert b"duration" not in catalog.read(f"samtal/{name}"), name
    assert catalog.read("samtal/ett/index.html").count(b"<time") == 1


@pytest.mark.parametrize(
    "title", ["", "   ", "🎧", "../../../etc/passwd", "-", "CON", "x" * 300, "<b>Fet</b>", "---"]
)
def test_any_title_gives_a_name_that_is_safe(catalog: Catalog, server: Live, title: str) -> None:
    escaped = title.replace("<", "&lt;")
    adopt(catalog, feed(server, item(title=escaped)))
    files = [path.name for path in (catalog.root / "episodes/samtal").iterdir()]
    assert len(files) == 2
    assert len(built(catalog)) == 1
    outside = {path.name for path in catalog.root.iterdir()}
    assert outside <= {"episodes", "feedtool.yaml", "feedtool.lock", ".feedtool", "public",
                       "import-report.md"}  # fmt: skip


def test_titles_that_are_alike_get_numbers_from_the_oldest_on(
    catalog: Catalog, server: Live
) -> None:
    dates = [f"Tue, {day} Jun 2021 09:00:00 +0200" for day in ("22", "15", "08")]
    adopt(catalog, feed(server, *(
        item(f"g{n}", url=f"{{base}}/{n}.mp3", date=date) for n, date in enumerate(dates)
    )))  # fmt: skip
    guids = {
        path.stem: path.read_text().split("guid: ")[1].split("\n")[0]
        for path in (catalog.root / "episodes/samtal").glob("*.md")
    }
    assert guids == {"ett": "g2", "ett-2": "g1", "ett-3": "g0"}


def test_guids_may_be_any_text(catalog: Catalog, server: Live) -> None:
    guids = [
        "no", "12", "2021-06-22", "a: b # c", "'x'", '"', "- a", "&amp;lt;", "{a}", "%", "@x",
        "https://x.example/?a=1&amp;b=ä", "x" * 900, "tag:x,2010:1", "\uff21\uff22", "e\u0301",
    ]  # fmt: skip
    adopt(catalog, feed(server, *(
        item(guid, title=f"T{n}", url=f"{{base}}/{n}.mp3") for n, guid in enumerate(guids)
    )))  # fmt: skip
    assert {one.guid for one in built(catalog)} == {guid.replace("&amp;", "&") for guid in guids}


def test_a_guid_that_a_file_cannot_hold_is_told(catalog: Catalog, server: Live) -> None:
    odd = ["a&#9;b", "a&#133;b", "a\u2028b", "a\u2029b", "a&#10;b"]
    address = feed(server, item(), *(
        item(guid, title=f"T{n}", url=f"{{base}}/{n}.mp3") for n, guid in enumerate(odd)
    ))  # fmt: skip
    plan, _ = adopt(catalog, address)
    assert {"guid has line breaks" in one.why.english for one in plan.skipped} == {True}
    assert len(plan.skipped) == len(odd)
    assert {one.guid for one in built(catalog)} == {"ett"}
    assert adopt(catalog, address)[0].new == ()


def test_what_does_not_fit_is_told_and_the_rest_kept(catalog: Catalog, server: Live) -> None:
    more = (
        '<podcast:person role="kung">Karl</podcast:person><podcast:person>Elin</podcast:person>'
        "<itunes:season>0</itunes:season><itunes:episode>fyra</itunes:episode><itunes:order>3"
        '</itunes:order><podcast:license>egen</podcast:license><podcast:okänd x="1"/>'
        '<podcast:chat server="x" protocol="fax"/><media:thumbnail url="x"/>'
    )
    space = ('xmlns:podcast="https://podcastindex.org/namespace/1.0" '
             'xmlns:media="http://search.yahoo.com/mrss/"')  # fmt: skip
    address = feed(server, item(more=more))
    body = server.files["/feed.xml"].body
    assert isinstance(body, bytes)
    server.files["/feed.xml"].body = body.replace(b"<rss ", b"<rss " + space.encode() + b" ")
    plan, outcome = adopt(catalog, address)
    assert {one.key for _, one in outcome.unfit} == {
        "people", "season", "episode", "license", "podcast"
    }  # fmt: skip
    lost = set(plan.new[0].entry.lost)
    assert {"itunes:order", "podcast:okänd", "media:thumbnail"} <= lost
    text = (catalog.root / "episodes/samtal/ett.md").read_text()
    assert "Elin" in text
    assert "Karl" not in text
    said = (catalog.root / "import-report.md").read_text()
    for word in ("itunes:order", "podcast:okänd", "media:thumbnail", "kung", "fyra", "egen", "fax"):
        assert word in said, word
    assert len(built(catalog)) == 1
