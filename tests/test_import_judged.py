"""What a check would call an error, and other programs write: put right, told, and it builds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .adoption import adopt, built, empty_catalog, serve
from .cases import find
from .catalogs import Catalog
from .feeds_of_others import ITUNES, PODCAST
from .live_feed import File, Live, live

PODLOVE = 'xmlns:psc="http://podlove.org/simple-chapters"'


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    made = empty_catalog(tmp_path)
    settings = made.root / "feedtool.yaml"
    made.write("feedtool.yaml", settings.read_bytes() + b"profiles: [apple]\n")
    return made


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


def one_item(server: Live, more: str, *, channel: str = "") -> str:
    text = (
        f'<rss version="2.0" {ITUNES} {PODCAST} {PODLOVE}><channel><title>Prov</title>'
        "<description>x</description><language>sv</language>"
        f'<itunes:image href="https://bild.example/b?.jpg"/>{channel}'
        "<item><title>Ett</title><guid>ett</guid><pubDate>Tue, 22 Jun 2021 09:00:00 Z</pubDate>"
        '<enclosure url="{base}/ett.mp3" length="100" type="audio/mpeg"/>'
        f"<itunes:duration>10:00</itunes:duration>{more}</item></channel></rss>"
    )
    return serve(server, text.replace("{base}", server.base).encode())


def text_of(catalog: Catalog) -> str:
    return (catalog.root / "episodes/samtal/ett.md").read_text("utf-8")


def psc(*chapters: tuple[str, str]) -> str:
    inside = "".join(f'<psc:chapter start="{at}" title="{title}"/>' for at, title in chapters)
    return f"<psc:chapters>{inside}</psc:chapters>"


CASES = {
    "the number 0": ("<itunes:episode>0</itunes:episode>", "episode"),
    "a soundbite of no length": ('<podcast:soundbite startTime="1" duration="0"/>', "soundbites"),
    "two chapters at one time": (psc(("0:00", "A"), ("0:00", "B"), ("1:00", "C")), "chapters"),
    "a default that is another recording": (
        '<podcast:alternateEnclosure type="audio/opus" default="true">'
        '<podcast:source uri="https://a.example/ett.opus"/></podcast:alternateEnclosure>',
        "alternates",
    ),
}


@pytest.mark.parametrize(("more", "key"), CASES.values(), ids=CASES.keys())
def test_what_would_stop_a_build_is_left_out_and_told(
    catalog: Catalog, server: Live, more: str, key: str
) -> None:
    _, outcome = adopt(catalog, one_item(server, more))
    assert [one.key for _, one in outcome.unfit] == [key]
    assert len(built(catalog)) == 1


def test_chapters_in_another_order_are_put_in_order(catalog: Catalog, server: Live) -> None:
    _, outcome = adopt(catalog, one_item(server, psc(("5:00", "B"), ("0:00", "A"))))
    assert "chapters:\n- 00:00 A\n- 05:00 B\n" in text_of(catalog)
    assert outcome.unfit == ()
    assert len(built(catalog)) == 1


def test_so_are_those_of_a_file(catalog: Catalog, server: Live) -> None:
    chapters = [{"startTime": 60, "title": "B"}, {"startTime": 0, "title": "A", "endTime": 0}]
    server.files["/k.json"] = File(json.dumps({"chapters": chapters}).encode(), "application/json")
    more = f'<podcast:chapters url="{server.base}/k.json" type="application/json+chapters"/>'
    adopt(catalog, one_item(server, more))
    assert "chapters:\n- 00:00 A\n- 01:00 B\n" in text_of(catalog)
    assert len(built(catalog)) == 1


def test_a_default_that_is_the_recording_stays(catalog: Catalog, server: Live) -> None:
    more = (
        '<podcast:alternateEnclosure type="audio/mpeg" default="true">'
        f'<podcast:source uri="{server.base}/ett.mp3"/></podcast:alternateEnclosure>'
    )
    _, outcome = adopt(catalog, one_item(server, more))
    assert "default: true" in text_of(catalog)
    assert outcome.unfit == ()
    assert len(built(catalog)) == 1


def test_people_who_cannot_be_kept_do_not_take_away_the_hosts(
    catalog: Catalog, server: Live
) -> None:
    host = '<podcast:person role="host">Elin Åberg</podcast:person>'
    more = '<podcast:person role="nobody-knows">Kjell</podcast:person>'
    adopt(catalog, one_item(server, more, channel=host))
    assert "people_only" not in text_of(catalog)


def test_what_a_profile_makes_an_error_is_told_at_once(catalog: Catalog, server: Live) -> None:
    _, outcome = adopt(catalog, one_item(server, "", channel="<itunes:type>serial</itunes:type>"))
    assert [(slug, one.code.id) for slug, one in outcome.proof.faulty] == [("ett", "EP024")]


def test_so_is_what_the_series_lacks(catalog: Catalog, server: Live) -> None:
    address = one_item(server, "")
    body = server.files["/feed.xml"].body
    assert isinstance(body, bytes)
    server.files["/feed.xml"] = File(body.replace(b"<itunes:image", b"<itunes:no"), "text/xml")
    _, outcome = adopt(catalog, address)
    assert [(slug, one.code.id) for slug, one in outcome.proof.faulty] == [("series.yaml", "SE021")]


@pytest.mark.parametrize(
    ("type", "figures", "lost", "length"),
    [
        ("audio/opus", 'length="1234" bitrate="64000"', ["length", "bitrate"], None),
        ("application/x-mpegURL", 'length="0" height="720"', ["height"], "0"),
    ],
    ids=["a file", "a stream"],
)
def test_of_a_rendition_elsewhere_nothing_is_said_that_was_not_measured(
    catalog: Catalog, server: Live, type: str, figures: str, lost: list[str], length: str | None
) -> None:
    more = (
        f'<podcast:alternateEnclosure type="{type}" {figures}>'
        '<podcast:source uri="https://a.example/ett"/></podcast:alternateEnclosure>'
    )
    plan, _ = adopt(catalog, one_item(server, more))
    assert plan.new[0].entry.lost == tuple(f"podcast:alternateEnclosure {one}=" for one in lost)
    assert len(built(catalog)) == 1
    (rendition,) = find(catalog.read("samtal/feed.xml"), "//podcast:alternateEnclosure")
    assert rendition[1].get("length") == length
