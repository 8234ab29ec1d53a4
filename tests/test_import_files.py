"""Recordings, pictures, transcripts and chapters that a feed names: fetched into the catalog."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .adoption import adopt, built, empty_catalog, in_order, serve
from .cases import find
from .catalogs import MEDIA, Catalog
from .feeds_of_others import BUZZSPROUT, CASTOPOD, LIBSYN, PODCAST, PODLOVE, Told
from .live_feed import COVER, SOUND, File, Live, live, picture
from .test_import_skipped import feed, item

VTT = b"WEBVTT\n\n00:00.000 --> 00:00.900\n<v Elin>Hej d\xc3\xa4r\n"
SRT = b"1\n00:00:00,000 --> 00:00:00,900\nHej\n"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


def put(server: Live, path: str, body: bytes, type: str) -> None:
    server.files[path] = File(body, type)


def text_of(catalog: Catalog, name: str) -> str:
    return (catalog.root / f"episodes/samtal/{name}.md").read_text("utf-8")


def test_recordings_are_downloaded_and_measured(catalog: Catalog, server: Live) -> None:
    address = serve(server, LIBSYN.document(server.base))
    put(server, "/vatten.mp3?dest-id=1234&cnt=5", SOUND, "audio/mpeg")
    put(server, "/snart.mp3?dest-id=1234", (MEDIA / "cbr-48k.mp3").read_bytes(), "audio/mpeg")
    put(server, "/cover.png", COVER, "image/png")
    _, outcome = adopt(catalog, address, media=True)
    assert outcome.failed == ()
    assert [(one.path.name, one.bytes, one.sha256) for one in outcome.media] == [
        ("snart.mp3", len((MEDIA / "cbr-48k.mp3").read_bytes()),
         hashlib.sha256((MEDIA / "cbr-48k.mp3").read_bytes()).hexdigest()),
        ("vatten.mp3", len(SOUND), hashlib.sha256(SOUND).hexdigest()),
    ]  # fmt: skip
    assert not (catalog.root / "feedtool.lock").exists()  # a build measures and promises
    assert {one.fact for one in outcome.proof.differences} == {"length"}  # the feed lied
    assert [(one.guid, one.url, one.length) for one in in_order_after_build(catalog)] == [
        ("a81d3c7e5b1f4a0b9d3e", "https://podd.example/media/samtal/vatten.mp3", len(SOUND)),
        ("b81d3c7e5b1f4a0b9d3e", "https://podd.example/media/samtal/snart.mp3",
         len((MEDIA / "cbr-48k.mp3").read_bytes())),
    ]  # fmt: skip
    assert "image: cover.png" in (catalog.root / "episodes/samtal/series.yaml").read_text("utf-8")


def in_order_after_build(catalog: Catalog) -> list[Told]:
    built(catalog)
    return [*in_order(catalog)]


def test_a_recording_that_is_gone_is_missing_and_the_others_are_there(
    catalog: Catalog, server: Live
) -> None:
    address = serve(server, LIBSYN.document(server.base))
    put(server, "/vatten.mp3?dest-id=1234&cnt=5", SOUND, "audio/mpeg")
    _, outcome = adopt(catalog, address, media=True)
    assert [one.guid for one, _ in outcome.failed] == ["b81d3c7e5b1f4a0b9d3e"]
    assert outcome.made == ("episodes/samtal/2-vatten.md",)
    put(server, "/snart.mp3?dest-id=1234", SOUND, "audio/mpeg")
    plan, outcome = adopt(catalog, address, media=True)
    assert outcome.made == ("episodes/samtal/kommer-snart.md",)
    assert len(plan.there) == 1
    assert len(built(catalog)) == 2


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/../../../../etc/ett.mp3", "ett.mp3"),
        ("/%2e%2e%2f%2e%2e%2fett.mp3", "ett.mp3"),
        ("/a\\..\\ett.mp3", "ett.mp3"),
        ("/ÅTTA spår.mp3", "atta-spar.mp3"),
        ("/.mp3", "ett.mp3"),
        ("/play?id=1", "ett.mp3"),
        ("/CON.mp3", "file-CON.mp3"),
    ],
)
def test_names_of_recordings_lead_nowhere_else(
    catalog: Catalog, server: Live, url: str, name: str
) -> None:
    class Every(dict[str, File]):
        def get(self, path: str, other: object = None) -> File:
            return dict.get(self, path) or File(SOUND, "audio/mpeg")

    server.files = Every()
    _, outcome = adopt(catalog, feed(server, item(url="{base}" + url)), media=True)
    assert [one.path.relative_to(catalog.root).as_posix() for one in outcome.media] == [
        f"media/samtal/{name}"
    ]
    assert len(built(catalog)) == 1


def test_recordings_that_differ_in_large_letters_only_get_two_names(
    catalog: Catalog, server: Live
) -> None:
    put(server, "/A.mp3", SOUND, "audio/mpeg")
    put(server, "/a.mp3", (MEDIA / "cbr-48k.mp3").read_bytes(), "audio/mpeg")
    adopt(catalog, feed(
        server, item("g1", title="Ett", url="{base}/A.mp3"),
        item("g2", title="Två", url="{base}/a.mp3"),
    ), media=True)  # fmt: skip
    names = sorted(path.name.lower() for path in (catalog.root / "media/samtal").iterdir())
    assert names == ["a-2.mp3", "a.mp3"]
    assert len(built(catalog)) == 2


def test_a_file_of_somebody_else_is_not_written_over(catalog: Catalog, server: Live) -> None:
    catalog.write("media/samtal/ett.mp3", b"somebody's own")
    put(server, "/ett.mp3", SOUND, "audio/mpeg")
    adopt(catalog, feed(server, item()), media=True)
    assert (catalog.root / "media/samtal/ett.mp3").read_bytes() == b"somebody's own"
    assert "media: ett-2.mp3" in text_of(catalog, "ett")


def test_html_instead_of_a_recording_is_no_episode(catalog: Catalog, server: Live) -> None:
    put(server, "/ett.mp3", b"<!DOCTYPE html><html><body>Logga in", "audio/mpeg")
    _, outcome = adopt(catalog, feed(server, item()), media=True)
    assert len(outcome.failed) == 1
    assert not (catalog.root / "episodes/samtal/ett.md").exists()
    assert not list((catalog.root / "media").rglob("*.mp3"))


def test_every_element_of_podcasting_2_that_has_a_key_is_kept(
    catalog: Catalog, server: Live
) -> None:
    put(server, "/torget.vtt", VTT, "text/vtt")
    put(server, "/torget.json", b'{"segments": []}', "application/json")
    chapters = {"version": "1.2.0", "chapters": [
        {"startTime": 0, "title": "Inledning"},
        {"startTime": 61.5, "title": "Torget: då", "url": "https://roster.example/da",
         "toc": False},
    ]}  # fmt: skip
    put(server, "/kapitel.json", json.dumps(chapters).encode(), "application/json+chapters")
    _, outcome = adopt(catalog, serve(server, CASTOPOD.document(server.base)))
    text = text_of(catalog, "torget")
    for line in (
        "season: {number: 2, name: Hösten}",
        "episode: {number: 3, display: Del 3}",
        "people:\n- {name: Kjell Ek, role: guest}\n",  # the host is the series'
        "chapters:\n- 00:00 Inledning\n- {start: '01:01.500', title: 'Torget: då', "
        "url: 'https://roster.example/da', toc: false}",
        "transcripts:\n- torget.vtt\n",
        "soundbites:\n- {start: '00:10.500', duration: '00:30', title: Det viktigaste}",
        "alternates:\n- {uris: [{uri: 'https://roster.example/torget.opus'}], type: audio/opus, "
        "title: Liten}",
        "podcast:\n- {tag: socialInteract, ",
    ):
        assert line in text, (line, text)
    series = (catalog.root / "episodes/samtal/series.yaml").read_text("utf-8")
    for line in (
        "guid: 8a3c2b1d-0000-5000-8000-0123456789ab",
        "copyright: Röster",
        "license: {name: CC-BY-4.0, url: 'https://creativecommons.org/licenses/by/4.0/'}",
        "- {name: Elin Åberg, role: host, url: 'https://roster.example/elin', "
        "image: 'https://roster.example/elin.jpg'}",
        "location:\n- {name: Stockholm, geo: 'geo:59.3293,18.0686', osm: R398021}",
        "funding:\n- {url: 'https://roster.example/stod', text: Stöd oss}",
        "categories:\n- Society & Culture > Documentary",
        "locked: false",
        "{tag: txt, purpose: verify, text: abc123}",
        "{tag: value, ",
    ):
        assert line in series, (line, series)
    assert (catalog.root / "media/samtal/torget.vtt").read_bytes() == VTT
    assert {(one.key, one.text.rpartition("/")[2]) for _, one in outcome.unfit} == {
        ("transcript", "torget.json"),  # the same text, in a lesser form
    }
    assert len(built(catalog)) == 1


def test_a_frequency_as_the_namespace_writes_it_is_kept(catalog: Catalog, server: Live) -> None:
    """Its own sample is no rule of RFC 5545; what is built from it is one."""
    often = (
        f'<podcast:updateFrequency {PODCAST} dtstart="2023-01-02T00:00:00.000-0600"'
        ' rrule="FREQ=WEEKLY;UNTIL=2023-12-31T00:00:00.000Z">Varje vecka</podcast:updateFrequency>'
    )
    adopt(catalog, feed(server, item(), channel=often))
    assert built(catalog)
    assert find(catalog.read("samtal/feed.xml"), "channel/podcast:updateFrequency") == [
        ("Varje vecka", {
            "dtstart": "2023-01-02T00:00:00-06:00", "rrule": "FREQ=WEEKLY;UNTIL=20231231T000000Z",
        }),
    ]  # fmt: skip


def test_a_transcript_in_json_becomes_webvtt(catalog: Catalog, server: Live) -> None:
    segments = [{"speaker": "Elin", "startTime": 0, "endTime": 0.9, "body": "Hej <du>"}]
    put(server, "/ett.json", json.dumps({"segments": segments}).encode(), "application/json")
    more = '<podcast:transcript url="{base}/ett.json" type="application/json"/>'
    adopt(catalog, feed(server, item(more=more)))
    text = (catalog.root / "media/samtal/ett.vtt").read_text("utf-8")
    assert "00:00:00.000 --> 00:00:00.900\n<v Elin>Hej &lt;du&gt;\n" in text
    assert "transcripts:\n- ett.vtt\n" in text_of(catalog, "ett")
    assert len(built(catalog)) == 1


def test_segments_in_json_need_no_ends_and_no_order(catalog: Catalog, server: Live) -> None:
    segments = [
        {"startTime": 1.5, "body": "Tre", "speaker": "R&D > vi"},
        {"startTime": 0, "body": "Ett"},
        {"startTime": 0.5, "endTime": 0.5, "body": "Två"},
        {"startTime": 1.5, "endTime": None, "body": "Fyra", "speaker": " "},
    ]
    put(server, "/ett.json", json.dumps({"segments": segments}).encode(), "application/json")
    more = '<podcast:transcript url="{base}/ett.json" type="application/json"/>'
    adopt(catalog, feed(server, item(more=more)))
    assert (catalog.root / "media/samtal/ett.vtt").read_text("utf-8") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nEtt\n\n00:00:00.500 --> 00:00:01.500\nTvå\n\n"
        "00:00:01.500 --> 00:00:02.500\n<v R&amp;D &gt; vi>Tre\n\n"
        "00:00:01.500 --> 00:00:02.500\nFyra\n"
    )
    assert len(built(catalog)) == 1


HTML = {
    "fragment": (
        "<cite>Anna:</cite>\n<time>0:00</time>\n<p>Hej &amp; v&auml;lkommen\n<b>hit</b>.</p>"
        "<cite>Bo:</cite><p>Tack.</p><p>In <cite>Röda rummet</cite> står det.</p>",
        "Anna: Hej & välkommen hit.\n\nBo: Tack.\n\nIn Röda rummet står det.\n",
    ),
    "page": (
        "<!DOCTYPE html><html><head><title>Avsnitt 1</title><style>p {}</style></head><body>"
        "<script>var a</script><!-- b --><h1>Text</h1><p>Ett</p><p>Två<br>Tre</p></body></html>",
        "Text\n\nEtt\n\nTvå\n\nTre\n",
    ),
}


@pytest.mark.parametrize(("html", "text"), HTML.values(), ids=HTML)
def test_a_transcript_in_html_becomes_text_with_its_paragraphs(
    catalog: Catalog, server: Live, html: str, text: str
) -> None:
    put(server, "/ett.html", html.encode(), "text/html")
    more = '<podcast:transcript url="{base}/ett.html" type="text/html"/>'
    adopt(catalog, feed(server, item(more=more)))
    assert (catalog.root / "media/samtal/ett.txt").read_text("utf-8") == text
    assert len(built(catalog)) == 1


@pytest.mark.parametrize("type", ["text/vtt", "text/plain", "application/octet-stream"])
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("1\n00:00:00,000 --> 00:00:01,000\nHej\n", "ett.srt"),
        ('{"segments": [{"startTime": 0, "body": "Hej"}]}', "ett.vtt"),
    ],
    ids=["srt", "json"],
)
def test_a_transcript_is_what_it_holds_whatever_the_feed_says(
    catalog: Catalog, server: Live, type: str, words: str, name: str
) -> None:
    put(server, "/ett", words.encode(), type)
    adopt(
        catalog, feed(server, item(more=f'<podcast:transcript url="{{base}}/ett" type="{type}"/>'))
    )
    assert f"transcripts:\n- {name}\n" in text_of(catalog, "ett")
    assert len(built(catalog)) == 1


@pytest.mark.parametrize(
    "segments",
    [[], [{"startTime": 0, "body": " "}], [{"startTime": -1, "body": "Hej"}], [{"body": "Hej"}]],
    ids=["none", "without words", "before the beginning", "without times"],
)
def test_json_that_is_no_transcript_is_told(
    catalog: Catalog, server: Live, segments: list[dict[str, object]]
) -> None:
    put(server, "/ett.json", json.dumps({"segments": segments}).encode(), "application/json")
    more = '<podcast:transcript url="{base}/ett.json" type="application/json"/>'
    _, outcome = adopt(catalog, feed(server, item(more=more)))
    assert [one.key for _, one in outcome.unfit] == ["transcript"]


def test_a_transcript_in_subrip_stays_what_it_is(catalog: Catalog, server: Live) -> None:
    put(server, "/123456.srt", SRT, "application/x-subrip")
    adopt(catalog, serve(server, BUZZSPROUT.document(server.base)))
    assert (catalog.root / "media/samtal/lektion-ett.srt").read_bytes() == SRT


@pytest.mark.parametrize(
    ("encoding", "type"),
    [
        ("cp1252", "application/x-subrip"),
        ("cp1252", "text/srt; charset=utf-8"),
        ("cp1252", "text/srt; charset=no-such"),
        ("cp1252", "text/srt; charset=iso-8859-1"),
        ("iso-8859-15", 'text/srt; charset="ISO-8859-15"'),
        ("utf-16", "application/x-subrip"),
        ("utf-8-sig", "text/srt; charset=iso-8859-1"),
    ],
)
def test_a_transcript_is_read_in_the_encoding_it_has(
    catalog: Catalog, server: Live, encoding: str, type: str
) -> None:
    words = "1\n00:00:00,000 --> 00:00:02,000\nRäksmörgås: 5 € är gott\n"
    put(server, "/ett.srt", words.encode(encoding), type)
    more = '<podcast:transcript url="{base}/ett.srt" type="application/x-subrip"/>'
    adopt(catalog, feed(server, item(more=more)))
    assert (catalog.root / "media/samtal/ett.srt").read_text("utf-8") == words


def test_chapters_are_read_in_the_encoding_they_have(catalog: Catalog, server: Live) -> None:
    chapters = '{"version":"1.2.0","chapters":[{"startTime":0,"title":"Början"}]}'
    put(server, "/ett.json", chapters.encode("cp1252"), "application/json")
    adopt(catalog, feed(server, item(
        more='<podcast:chapters url="{base}/ett.json" type="application/json+chapters"/>'
    )))  # fmt: skip
    assert "chapters:\n- 00:00 Början\n" in text_of(catalog, "ett")


@pytest.mark.parametrize(
    "body",
    [b"<html><body>404</body></html>", b"", b"WEBVTT\n", b"\x00\x01\x02", b"not a transcript"],
    ids=["a web page", "nothing", "no words", "no text", "other words"],
)
def test_a_transcript_that_is_none_is_told(catalog: Catalog, server: Live, body: bytes) -> None:
    put(server, "/ett.vtt", body, "text/vtt")
    more = '<podcast:transcript url="{base}/ett.vtt" type="text/vtt"/>'
    _, outcome = adopt(catalog, feed(server, item(more=more)))
    assert [one.key for _, one in outcome.unfit] == ["transcript"]
    assert "transcripts" not in text_of(catalog, "ett")
    assert len(built(catalog)) == 1


def test_chapters_of_podlove_are_kept(catalog: Catalog, server: Live) -> None:
    adopt(catalog, serve(server, PODLOVE.document(server.base)))
    assert (
        "chapters:\n- 00:00 Intro\n- {start: '02:10.500', title: Historia, "
        "url: 'https://teknik.example/h'}\n"
    ) in text_of(catalog, "te001-borjan")


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"chapters": [{"title": "x"}]}', None])
def test_chapters_that_are_none_are_told(
    catalog: Catalog, server: Live, body: bytes | None
) -> None:
    if body is not None:
        put(server, "/ett.json", body, "application/json")
    more = '<podcast:chapters url="{base}/ett.json" type="application/json+chapters"/>'
    _, outcome = adopt(catalog, feed(server, item(more=more)))
    assert [one.key for _, one in outcome.unfit] == ["chapters"]


def test_a_picture_that_all_episodes_have_is_fetched_once(catalog: Catalog, server: Live) -> None:
    put(server, "/ett.mp3", SOUND, "audio/mpeg")
    put(server, "/bild.jpg", picture(kind="PNG"), "image/jpeg")  # it is none
    image = '<itunes:image href="{base}/bild.jpg"/>'
    adopt(catalog, feed(
        server, item("g1", title="Ett", more=image), item("g2", title="Två", more=image)
    ), media=True)  # fmt: skip
    assert [one.path for one in server.asked].count("/bild.jpg") == 1
    assert "image: bild.png" in text_of(catalog, "ett")
    assert "image: bild.png" in text_of(catalog, "tva")


def test_a_picture_that_cannot_be_fetched_stays_where_it_is(catalog: Catalog, server: Live) -> None:
    put(server, "/ett.mp3", SOUND, "audio/mpeg")
    image = '<itunes:image href="{base}/bild.jpg"/>'
    _, outcome = adopt(catalog, feed(server, item(more=image)), media=True)
    assert f"image: {server.base}/bild.jpg" in text_of(catalog, "ett").replace("'", "")
    assert [one.key for _, one in outcome.unfit] == ["image"]


def test_a_feed_that_is_a_file_does_not_make_this_machine_ask_itself(
    catalog: Catalog, server: Live
) -> None:
    """Nobody vouches for the addresses in a stranger's file."""
    put(server, "/ett.mp3", SOUND, "audio/mpeg")
    feed(server, item())
    body = server.files["/feed.xml"].body
    assert isinstance(body, bytes)
    _, outcome = adopt(catalog, str(catalog.write("feed.xml", body)), media=True)
    assert [one.guid for one, _ in outcome.failed] == ["ett"]
    assert server.asked == []
