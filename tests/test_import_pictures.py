"""The artwork of a feed and the words for it: one picture, said once, for eyes and for ears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from feedtool.adopt.chain import read_document
from feedtool.adopt.record import Entry, Source

from .adoption import adopt, built, empty_catalog
from .cases import find
from .catalogs import CATALOG, SERIES, a_catalog
from .feeds_of_others import DECLARED, ITUNES, PODCAST

ARTWORK = '<itunes:image href="https://old.example/c.jpg"/>'
WORDS = '<podcast:image href="https://old.example/c.jpg" alt="Torget om våren"/>'
WIDE = '<podcast:image href="https://old.example/bred.jpg" alt="Salen"/>'


def rss(elements: str) -> bytes:
    return (
        f'{DECLARED}<rss version="2.0" {ITUNES} {PODCAST}><channel><title>Prov</title>'
        f"<description>x</description><language>sv</language>{elements}<item><title>Ett</title>"
        "<guid>ett</guid><pubDate>Tue, 22 Jun 2021 09:00:00 GMT</pubDate>"
        '<enclosure url="https://old.example/ett.mp3" length="1" type="audio/mpeg"/>'
        f"{elements.replace('c.jpg', 'ett.jpg')}</item></channel></rss>"
    ).encode()


def atom(elements: str) -> bytes:
    return (
        f'{DECLARED}<feed xmlns="http://www.w3.org/2005/Atom" {ITUNES} {PODCAST}>'
        f"<title>Prov</title>{elements}<entry><title>Ett</title><id>ett</id>"
        f"{elements.replace('c.jpg', 'ett.jpg')}</entry></feed>"
    ).encode()


@pytest.mark.parametrize("feed", [rss, atom], ids=["RSS", "Atom"])
@pytest.mark.parametrize(
    "elements", [ARTWORK + WORDS, WORDS + WIDE + ARTWORK], ids=["after it", "before it"]
)
def test_a_podcast_image_of_the_artwork_is_what_the_artwork_shows(
    feed: Callable[[str], bytes], elements: str
) -> None:
    source = read_document(feed(elements), "feed.xml")
    one: Source | Entry
    for one in (source, source.entries[0]):
        assert one.tree["image_alt"] == "Torget om våren"
        assert [tag["alt"] for tag in one.tree.get("podcast", ())] == ["Salen"] * (WIDE in elements)


def _for(purpose: str) -> str:
    return WORDS.replace("/>", f' purpose="{purpose}"/>')


def test_what_it_is_for_besides_is_told() -> None:
    source = read_document(rss(ARTWORK + _for("artwork social")), "feed.xml")
    assert source.lost == ("podcast:image purpose=artwork social",)
    source = read_document(rss(ARTWORK + _for("artwork")), "feed.xml")
    assert source.lost == ()


def test_an_episode_with_the_picture_of_its_series_has_no_words_of_its_own(tmp_path: Path) -> None:
    catalog, path = empty_catalog(tmp_path), tmp_path / "feed.xml"
    path.write_bytes(rss(ARTWORK + WORDS).replace(b"ett.jpg", b"c.jpg"))
    adopt(catalog, str(path))
    assert "image" not in (catalog.root / "episodes/samtal/ett.md").read_text("utf-8")


def test_a_feed_of_our_own_keeps_its_pictures_and_their_words(tmp_path: Path) -> None:
    made = a_catalog(tmp_path / "made", CATALOG, SERIES + "image: c.png\nimage_alt: Torget\n")
    made.recording("samtal/c.png", "cover.png")
    made.recording("samtal/d.png", "cover.png")
    made.episode(more="image: d.png\nimage_alt: Rektorn\n")
    assert made.rebuilt().ok
    (tmp_path / "again").mkdir()
    again = empty_catalog(tmp_path / "again")
    adopt(again, str(made.root / "public/samtal/feed.xml"))
    assert built(again)
    for parent in ("channel", "item"):
        pictures = f"//{parent}/podcast:image"
        ((_, first),) = find(made.read("samtal/feed.xml"), pictures)
        ((_, second),) = find(again.read("samtal/feed.xml"), pictures)
        assert first.pop("aspect-ratio") == "1/1"  # at its address nobody has measured it
        assert second == first
