"""Feeds whose elements are not closed: each entry keeps what is its own, and gets nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedtool.adopt.chain import read_document
from feedtool.adopt.notes import plain_text
from feedtool.adopt.record import Entry, Source

from .adoption import adopt, built, empty_catalog, serve
from .catalogs import Catalog
from .feeds_of_others import ITUNES, PODCAST
from .live_feed import Live, live


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


def entry(number: int, description: str = "Ord", guid: str = "") -> str:
    return (
        f"<item><title>Avsnitt {number}</title><link>https://old.example/{number}</link>"
        f"<description>{description}</description>{guid or f'<guid>g{number}</guid>'}"
        f"<pubDate>Tue, 0{number} Jun 2021 09:00:00 +0200</pubDate>"
        f'<enclosure url="https://old.example/{number}.mp3" length="100" type="audio/mpeg"/>'
        f"<itunes:explicit>true</itunes:explicit><itunes:season>{number}</itunes:season>"
        f'<podcast:person role="guest">Eva Ek {number}</podcast:person>'
        f'<itunes:image href="https://old.example/{number}.jpg"/></item>'
    )


def document(*entries: str) -> bytes:
    return (
        f'<rss version="2.0" {ITUNES} {PODCAST}><channel><title>Prov</title>'
        f"<description>x</description><itunes:explicit>false</itunes:explicit>"
        f"{''.join(entries)}</channel></rss>"
    ).encode()


def read(*entries: str) -> Source:
    return read_document(document(*entries), "feed.xml")


WHOLE: tuple[Entry, ...] = read(entry(3), entry(2), entry(1)).entries

BROKEN = {
    "a bare br": entry(2, "Rad ett<br>rad två"),
    "tags that are never closed": entry(2, "<p>öppen <b>fet"),
    "tags that close nothing": entry(2, "ord</p></b></description>"),
    "a tag of no format": entry(2, "a <o:p>b</o:p> <unknown>c"),
    "a description without an end": entry(2).replace("</description>", ""),
    "an end without an s": entry(2).replace("</title>", "</Title>"),
    "an entry without an end": entry(2).replace("</item>", ""),
    "two ends": entry(2) + "</item>",
    "an end of the channel": entry(2) + "</channel>",
    "an end of it all": entry(2) + "</channel></rss>",
    "a section without an end": entry(2, "<![CDATA[<p>Ord"),
    "a comment without an end": entry(2, "Ord <!-- mer"),
    "a smaller sign": entry(2, "1 < 2 <3"),
    "an attribute without an end": entry(2, '<a href="https://x.example/>Ord</a>'),
    "an attribute twice": entry(2).replace('role="guest"', "role=guest role=x role"),
    "an element without an end": entry(2).replace('2.jpg"/>', '2.jpg">'),
    "and before others": entry(2, guid='<foo a="1"><guid>g2</guid>'),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_entry_changes_no_other_and_keeps_what_is_its_own(broken: str) -> None:
    source = read(entry(3), broken, entry(1))
    assert source.repaired
    assert (source.entries[0], source.entries[2]) == (WHOLE[0], WHOLE[2])
    own = source.entries[1]
    assert (own.guid, own.date_text) == ("g2", WHOLE[1].date_text)
    assert (own.tree, own.people, own.enclosure, own.image, own.link) == (
        WHOLE[1].tree, WHOLE[1].people, WHOLE[1].enclosure, WHOLE[1].image, WHOLE[1].link
    )  # fmt: skip


@pytest.mark.parametrize(
    ("description", "notes"),
    [
        ("Rad ett<br>rad två", "Rad ett<br>rad två"),
        ("<p>öppen <b>fet", "<p>öppen <b>fet"),
        ('<A HREF="/?a=1&amp;b=2">1 &lt; 2</A>', '<A HREF="/?a=1&b=2">1 < 2</A>'),
    ],
)
def test_html_that_is_not_escaped_is_that_of_the_notes(description: str, notes: str) -> None:
    document = read(entry(2, f"{description}<br>"), entry(1))
    assert document.entries[0].notes == f"{notes}<br>"


def test_an_episode_that_is_explicit_stays_so(catalog: Catalog, server: Live) -> None:
    _, outcome = adopt(catalog, serve(server, document(entry(2, "a<br>b"), entry(1))))
    assert len(built(catalog)) == 2
    feed = catalog.read("samtal/feed.xml")
    assert feed.count(b"<itunes:explicit>true</itunes:explicit>") == 2
    assert outcome.unfit == ()


def test_xhtml_in_atom_stays_what_it_is() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A<b></title><entry><id>1</id>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Om <em>det</em>.</p>'
        "</div></content></entry></feed>"
    )
    (one,) = read_document(feed.encode(), "feed.xml").entries
    assert plain_text(one.notes) == "Om det."
    assert "<em>" in one.notes


@pytest.mark.parametrize("sign", ["<!-- ", "<![CDATA[ ", "<? ", "<br> ", "< ", "& "])
def test_what_is_begun_without_end_is_read_at_once(sign: str) -> None:
    """With each looked for to the end of the document, 100,000 take minutes."""
    (read_one,) = read(entry(1, sign * 100_000)).entries
    assert read_one.guid == "g1"
