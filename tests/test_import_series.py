"""series.yaml of an import: what a feed says of itself, and what of it is told instead of kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedtool.adopt.chain import read_document
from feedtool.read.channel import podcast_guid

from .adoption import adopt, empty_catalog, serve
from .catalogs import Catalog
from .feeds_of_others import ITUNES, PODCAST
from .live_feed import Live, live
from .test_import_skipped import item

GUID = "917393e3-1b1e-5cef-ace4-edaa54e1f810"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


def imported(
    catalog: Catalog, server: Live, channel: str, *items: str
) -> tuple[str, list[tuple[str, str]]]:
    """series.yaml, and what was left out of it."""
    text = (
        f'<rss version="2.0" {ITUNES} {PODCAST}><channel><title>Prov</title>{channel}'
        f"{''.join(items) or item()}</channel></rss>"
    )
    _, outcome = adopt(catalog, serve(server, text.replace("{base}", server.base).encode()))
    series = (catalog.root / "episodes/samtal/series.yaml").read_text("utf-8")
    return series, [(one.key, one.text) for slug, one in outcome.unfit if not slug]


@pytest.mark.parametrize(
    ("said", "told"), [(GUID, False), (GUID.upper(), False), (f"{{{GUID}}}", True),
                       (f"urn:uuid:{GUID}", True), (GUID.replace("-", ""), True)],
)  # fmt: skip
def test_a_podcast_guid_stays_in_whatever_form_it_came(
    catalog: Catalog, server: Live, said: str, told: bool
) -> None:
    series, left = imported(catalog, server, f"<podcast:guid>{said}</podcast:guid>")
    assert f"guid: {GUID}\n" in series
    assert left == ([("podcast:guid", said)] if told else [])


@pytest.mark.parametrize("said", ["", "skräp", f"{GUID}0"])
def test_without_a_podcast_guid_a_series_has_that_of_its_address(
    catalog: Catalog, server: Live, said: str
) -> None:
    series, left = imported(catalog, server, f"<podcast:guid>{said}</podcast:guid>")
    assert f"guid: {podcast_guid(server.feed)}\n" in series
    assert left == ([("podcast:guid", said)] if said else [])


def test_links_of_a_description_are_told(catalog: Catalog, server: Live) -> None:
    about = (
        '<p>Se <a href="https://a.example/?x=1&amp;y=2">sidan</a>, <A class="b"\n'
        'HREF=https://b.example/>https://b.example/</A> och <a href="https://c.example/">c</a></p>'
    )
    series, left = imported(
        catalog, server,
        f"<description><![CDATA[{about}]]></description><link>https://c.example/</link>",
    )  # fmt: skip
    assert "description: Se sidan, https://b.example/ och c\n" in series
    assert left == [("description", "https://a.example/?x=1&y=2")]


def test_what_a_trailer_says_otherwise_than_its_episode_is_told(
    catalog: Catalog, server: Live
) -> None:
    episode = item("t", title="Kommer snart", url="{base}/t.mp3")
    trailer = (
        '<podcast:trailer url="{{base}}/t.mp3" type="audio/mpeg" {more}>{title}</podcast:trailer>'
    )
    same = trailer.format(title="Kommer snart", more='pubdate="Tue, 22 Jun 2021 07:00:00 GMT"')
    other = trailer.format(
        title="Lyssna!", more='season="2" pubdate="Wed, 23 Jun 2021 07:00:00 GMT"'
    )
    series, left = imported(catalog, server, same + other, episode)
    assert "trailer:\n- kommer-snart\n" in series
    assert left == [
        ("podcast:trailer", "Lyssna!"),
        ("podcast:trailer season", "2"),
        ("podcast:trailer pubdate", "Wed, 23 Jun 2021 07:00:00 GMT"),
    ]


@pytest.mark.parametrize(
    "feed",
    [
        '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel>{0}<item>{0}</item>'
        "</channel></rss>",
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom">{0}<a:entry>{0}</a:entry></a:feed>',
    ],
    ids=["RSS", "Atom"],
)
def test_further_pages_are_links(feed: str) -> None:
    link = '<a:link rel="related" href="https://x.example/1" title="Kursen"/>'
    more = '<a:link rel="related" href="https://x.example/2"/><a:link rel="related"/>'
    source = read_document(feed.format(link + more).encode(), "feed.xml")
    wanted = [{"url": "https://x.example/1", "title": "Kursen"}, {"url": "https://x.example/2"}]
    (entry,) = source.entries
    assert (source.tree["links"], source.lost) == (wanted, ())
    assert (entry.tree["links"], entry.lost) == (wanted, ())
