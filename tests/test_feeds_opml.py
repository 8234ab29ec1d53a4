"""OPML 2.0: all series of a catalog at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feedtool.model import Owner
from feedtool.render.opml import render_opml

from .cases import SITE, STOCKHOLM, a_series, xml
from .catalogs import a_catalog

UPDATED = datetime(2025, 7, 1, 9, tzinfo=STOCKHOLM)
CATALOG = a_series("", title='Nordvik & <"å">')


def opml(*series: Any, catalog: Any = CATALOG) -> Any:
    return xml(render_opml(catalog, series or (a_series(),), UPDATED, SITE))


def test_the_declaration_is_the_first_bytes() -> None:
    data = render_opml(CATALOG, [a_series()], UPDATED, SITE)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">')


def test_it_has_one_head_and_one_body() -> None:
    root = opml()
    assert (root.tag, dict(root.attrib)) == ("opml", {"version": "2.0"})
    assert [one.tag for one in root] == ["head", "body"]


def test_the_head_names_the_catalog_and_its_newest_change() -> None:
    catalog = a_series("", title='Nordvik & <"å">', owner=Owner("Åsa", "asa@nordvik.example"))
    assert [(one.tag, one.text) for one in opml(catalog=catalog)[0]] == [
        ("title", 'Nordvik & <"å">'),
        ("dateModified", "Tue, 01 Jul 2025 09:00:00 +0200"),
        ("ownerName", "Åsa"),
        ("ownerEmail", "asa@nordvik.example"),
        ("docs", "http://opml.org/spec2.opml"),
    ]


def test_an_outline_says_what_to_subscribe_to() -> None:
    series = a_series("moten", title='A & <b> "å"', description="Rad\ntvå", language="en")
    (outline,) = opml(series)[1]
    assert dict(outline.attrib) == {
        "type": "rss",
        "version": "RSS2",
        "text": 'A & <b> "å"',
        "title": 'A & <b> "å"',
        "description": "Rad\ntvå",
        "language": "en",
        "xmlUrl": "https://podd.example/moten/feed.xml",
        "htmlUrl": "https://podd.example/moten/",
    }


@pytest.mark.parametrize("slugs", [("a", "b"), ("b", "a")])
def test_series_keep_their_order(slugs: tuple[str, ...]) -> None:
    urls = [one.get("xmlUrl") for one in opml(*(a_series(slug) for slug in slugs))[1]]
    assert urls == [f"https://podd.example/{slug}/feed.xml" for slug in slugs]


def test_a_built_list_has_an_outline_with_text_for_each_series(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode()
    catalog.series("moten", "title: Möten & <annat>\ndescription: Fullmäktige.\n")
    catalog.episode("tva", series="moten")
    assert catalog.rebuilt().ok
    outlines = xml(catalog.read("feeds.opml")).findall("body/outline")
    assert [(one.get("type"), one.get("text")) for one in outlines] == [
        ("rss", "Möten & <annat>"),
        ("rss", "Samtal"),
    ]
