"""feedtool import: feeds of others become episodes, and come out of a build as they went in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .adoption import adopt, built, empty_catalog, in_order, serve
from .catalogs import Catalog
from .feeds_of_others import ITUNES, ODD, PROGRAMS, Shape
from .live_feed import Live, live


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


EVERY = PROGRAMS | ODD


@pytest.mark.parametrize("shape", EVERY.values(), ids=EVERY.keys())
def test_guid_date_title_and_enclosure_come_out_as_they_went_in(
    catalog: Catalog, server: Live, shape: Shape
) -> None:
    _, outcome = adopt(catalog, serve(server, shape.document(server.base)))
    assert built(catalog) == shape.says(server.base)
    assert outcome.proof.same == len(shape.told), outcome.proof.differences


COUNT = 5000 if os.environ.get("FEEDTOOL_LONG") else 300
"""Episodes of a long feed; FEEDTOOL_LONG=1 makes it as long as they come."""


def test_a_long_feed_comes_out_as_it_went_in(catalog: Catalog, tmp_path: Path) -> None:
    start = datetime(2010, 1, 1, tzinfo=UTC)
    items = "".join(
        f'<item><title>Avsnitt {n % 97} &amp; {n}</title><guid isPermaLink="false">g/{n}</guid>'
        f"<pubDate>{start + timedelta(hours=11 * n):%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f'<enclosure url="https://old.example/{n}.mp3" length="{n + 1}"'
        f' type="audio/mpeg"/><description><![CDATA[<p>Om <b>{n}</b></p>]]></description>'
        "<itunes:duration>11:04</itunes:duration></item>"
        for n in reversed(range(COUNT))
    )
    path = tmp_path / "feed.xml"
    path.write_text(
        f'<rss version="2.0" {ITUNES}><channel><title>Lång</title><language>sv</language>'
        f"<description>x</description>{items}</channel></rss>"
    )
    _, outcome = adopt(catalog, str(path))
    assert outcome.proof.same == COUNT
    assert built(catalog)
    assert [one.guid for one in in_order(catalog)] == [f"g/{n}" for n in reversed(range(COUNT))]
    assert [one.length for one in in_order(catalog)] == [n + 1 for n in reversed(range(COUNT))]
