"""Feeds in several documents, and documents that are no feed."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedtool.adopt.chain import KEY, Whole, read_document, read_source
from feedtool.adopt.document import NoFeedError
from feedtool.adopt.web import Web
from feedtool.errors import FeedtoolError, UsageError
from feedtool.read.channel import podcast_guid

from .adoption import QUICK, adopt, empty_catalog, serve
from .feeds_of_others import ATOM, BUZZSPROUT, ITUNES, PODCAST, soundcloud_page
from .live_feed import File, Live, live


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


def read(place: str) -> Whole:
    with Web(limits=QUICK) as web:
        return read_source(place, web, lambda done, total: None)


def soundcloud(server: Live, pages: list[range]) -> str:
    """A feed in pages, newest first."""
    for number, numbers in enumerate(pages):
        path = "/feed.xml" if number == 0 else f"/feed.xml?before={number}"
        following = f"/feed.xml?before={number + 1}" if number + 1 < len(pages) else ""
        serve(server, soundcloud_page(server.base, numbers, following), path)
    return server.feed


def test_the_pages_of_soundcloud_are_one_feed(server: Live) -> None:
    whole = read(soundcloud(server, [range(100, 120), range(50, 100), range(1, 50)]))
    guids = [entry.guid for entry in whole.source.entries]
    assert guids == [f"tag:soundcloud,2010:tracks/{n}" for n in range(119, 0, -1)]
    assert (whole.documents, whole.told) == (3, ())


def test_what_shifts_to_the_next_page_while_reading_is_there_once(server: Live) -> None:
    whole = read(soundcloud(server, [range(10, 21), range(1, 11)]))
    assert len(whole.source.entries) == 20


def test_archives_before_this_one_are_read(server: Live) -> None:
    old = soundcloud_page(server.base, range(1, 5), "").replace(b"<channel>", b"<channel>", 1)
    new = soundcloud_page(server.base, range(5, 9), "/old.xml").replace(
        b'rel="next"', b'rel="prev-archive"'
    )
    serve(server, old, "/old.xml")
    assert len(read(serve(server, new)).source.entries) == 8


def test_pages_in_a_circle_are_read_once(server: Live) -> None:
    serve(server, soundcloud_page(server.base, range(1, 5), "/feed.xml"), "/b.xml")
    whole = read(serve(server, soundcloud_page(server.base, range(5, 9), "/b.xml")))
    assert len(whole.source.entries) == 8
    assert "circle" in whole.told[0].template


def test_pages_that_bring_nothing_new_are_not_followed_for_ever(server: Live) -> None:
    served = 0

    class Endless(dict[str, File]):
        def get(self, path: str, other: object = None) -> File:
            nonlocal served
            served += 1
            body = soundcloud_page(server.base, range(1, 5), f"/page{served}.xml")
            return File(body, "application/rss+xml")

    server.files = Endless()
    whole = read(server.feed)
    assert len(whole.source.entries) == 4
    assert served < 4
    assert "nothing new" in whole.told[0].template


def test_a_page_that_cannot_be_read_stops_it(server: Live) -> None:
    """Half of a feed would look like a whole one."""
    with pytest.raises(FeedtoolError):
        read(serve(server, soundcloud_page(server.base, range(5, 9), "/gone.xml")))


def test_addresses_that_say_a_part_begin_at_that_of_the_feed(server: Live) -> None:
    feed = (
        f'<rss version="2.0" {ITUNES} {PODCAST}><channel><title>x</title><link>/</link>'
        '<itunes:image href="bild.png"/><podcast:person href="om" img="//b.example/e.jpg">E'
        "</podcast:person><item><guid>ett</guid><link>1</link>"
        '<enclosure url="ljud/1.mp3"/></item></channel></rss>'
    )
    server.files["/podd/feed.xml"] = File(feed.encode(), "text/xml")
    source = read(f"{server.base}/podd/feed.xml").source
    assert source.image == f"{server.base}/podd/bild.png"
    assert source.tree["links"] == [{"url": f"{server.base}/"}]
    assert source.people[0]["url"] == f"{server.base}/podd/om"
    assert source.people[0]["image"] == "http://b.example/e.jpg"
    entry = source.entries[0]
    assert (entry.guid, entry.link) == ("ett", f"{server.base}/podd/1")
    assert entry.enclosure is not None
    assert entry.enclosure.url == f"{server.base}/podd/ljud/1.mp3"


def test_or_where_the_feed_says_that_they_begin() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/podd/"><entry'
        ' xml:base="ljud/"><id>1.mp3</id><link rel="enclosure" href="1.mp3"/></entry></feed>'
    )
    entry = read_document(feed.encode(), "feed.xml", "https://b.example/feed.xml").entries[0]
    assert entry.guid == "1.mp3"
    assert entry.enclosure is not None
    assert entry.enclosure.url == "https://a.example/podd/ljud/1.mp3"


def test_a_file_will_do(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(BUZZSPROUT.document("https://old.example"))
    whole = read(str(path))
    assert whole.address == "https://old.example/feed.xml"  # as it says itself
    assert whole.source.entries[0].guid == "Buzzsprout-123456"


OPENED_BY = {
    "a password": "http://nordvik:hemligt@{host}/feed.xml",
    "a key": "http://{host}/feed.xml?format=rss&token=hemligt",
    "a key without a name": "http://{host}/feed.xml?hemligt#hemligt",
}


@pytest.mark.parametrize("address", OPENED_BY.values(), ids=OPENED_BY.keys())
def test_what_opens_a_private_feed_is_kept_nowhere(
    server: Live, tmp_path: Path, address: str
) -> None:
    address = address.format(host=server.base.partition("://")[2])
    serve(server, BUZZSPROUT.document(server.base))
    path = "/" + address.partition("#")[0].rpartition("/")[2]
    server.files[path] = server.files["/feed.xml"]
    catalog = empty_catalog(tmp_path)
    adopt(catalog, address)
    before = (catalog.root / "feedtool.lock").read_bytes()
    assert b'"from":"http://127' in before
    plan, _ = adopt(catalog, address)
    assert (plan.new, len(plan.there)) == ((), 1)
    assert (catalog.root / "feedtool.lock").read_bytes() == before
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"hemligt" not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("?format=rss", "?format=rss"),
        ("?feed=podcast&post_type=audio", "?feed=podcast&post_type=audio"),
        ("?id=123", "?…"),
        ("?format=rss&key=x&y", "?format=rss&…"),
        ("?format=0f3a9c&rss", "?…"),
    ],
)
def test_of_a_query_only_names_of_formats_are_kept(server: Live, query: str, kept: str) -> None:
    whole = read(serve(server, BUZZSPROUT.document(server.base), f"/feed.xml{query}"))
    assert whole.address == f"{server.base}/feed.xml{kept}"
    assert [(why.template, why.params) for why in whole.told] == (
        [(KEY, {"url": whole.address})] if "…" in kept else []
    )


@pytest.mark.parametrize(
    ("statuses", "at"), [((301, 308), 2), ((301, 302, 301), 1), ((307,), 0)], ids=str
)
def test_the_guid_of_a_show_is_that_of_the_address_it_moved_to_for_ever(
    server: Live, statuses: tuple[int, ...], at: int
) -> None:
    for number, status in enumerate(statuses):
        server.files[f"/{number}.xml"] = File(
            b"", "text/html", status=status, headers={"Location": f"/{number + 1}.xml"}
        )
    serve(server, BUZZSPROUT.document(server.base), f"/{len(statuses)}.xml")
    whole = read(f"{server.base}/0.xml")
    assert whole.guid == podcast_guid(f"{server.base}/{at}.xml")
    assert whole.address == f"{server.base}/0.xml"


NO_FEED = {
    "nothing": b"",
    "a web page": b"<!DOCTYPE html><html><head><title>Logga in</title></head><body><p>x",
    "a web page in XHTML": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    "a sentence": b"404 not found",
    "a list of feeds": b'<?xml version="1.0"?><opml version="2.0"><body/></opml>',
    "JSON of something else": b'{"items": []}',
    "broken JSON": b'{"version": "https://jsonfeed.org/version/1", ',
    "deep JSON": b"[" * 100_000,
    "deep XML": b"<rss>" + b"<a>" * 100_000,
    "zeros": bytes(5000),
    "an MP3": b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" * 500,
}


@pytest.mark.parametrize("data", NO_FEED.values(), ids=NO_FEED.keys())
def test_what_is_no_feed_is_told_in_one_sentence(data: bytes) -> None:
    if data.startswith(b"<rss>"):  # it is one, and has nothing in it
        assert read_document(data, "feed.xml").entries == ()
        return
    with pytest.raises(NoFeedError, match=r"feed\.xml") as raised:
        read_document(data, "feed.xml")
    assert raised.value.exit_code == 5


BOMBS = {
    "a billion laughs": '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    ),
    "one long entity, many times": f'<!ENTITY j "{"ha" * 50_000}">',
    "a file": '<!ENTITY j SYSTEM "file:///etc/passwd">',
    "a parameter": '<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;',
    "a markup": "<!ENTITY j '<item/>'>",
}  # fmt: skip


@pytest.mark.parametrize("declared", BOMBS.values(), ids=BOMBS.keys())
def test_entities_that_could_fill_the_memory_are_refused(declared: str) -> None:
    data = f"<!DOCTYPE rss [{declared}]><rss><channel><title>&j;</title></channel></rss>"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NoFeedError, match="entities"):
        read_document(data.encode(), "feed.xml")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(str(tmp_path / "feed.xml"))


def test_a_hub_is_told_and_not_kept(server: Live) -> None:
    feed = f'<rss version="2.0" {ATOM}><channel><atom:link rel="hub" href="x"/></channel></rss>'
    assert read_document(feed.encode(), "x").lost == ("atom:link rel=hub",)
