"""Pages made of hostile or immense input: a text stays a text, a page no larger than its words."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from feedtool.model import Chapter, Cue, SideFile, Words
from feedtool.render.pages import episode_page

from .cases import SITE, a_series, an_item
from .catalogs import a_catalog
from .html import addresses, parsed, texts
from .pages_catalog import ADDRESSES, VECTORS, a_hostile_item, hostile_pages

KNOWN = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "nav", "main", "img", "div",
    "h1", "h2", "h3", "h4", "h5", "p", "time", "span", "audio", "video", "source", "track", "ul",
    "ol", "li", "section", "dl", "dt", "dd", "strong", "footer", "em", "code", "pre", "br", "hr",
    "blockquote", "table", "thead", "tbody", "tr", "th", "td", "b", "i", "bdi",
}  # fmt: skip
ATTRIBUTES = {
    "alt", "aria-labelledby", "charset", "class", "content", "controls", "datetime", "download",
    "height", "href", "http-equiv", "id", "kind", "label", "lang", "name", "preload", "rel", "role",
    "src", "srclang", "start", "tabindex", "title", "type", "width",
}  # fmt: skip

TIMED = {"side_files": (SideFile("a", "transcript.vtt", "text/vtt", "sv"),)}


def as_read(text: str) -> str:
    """A text as a reader sees it."""
    return " ".join(text.split())


# --- texts stay texts --------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_a_hostile_text_is_shown_and_nothing_else(number: int) -> None:
    case = a_hostile_item(VECTORS[number], ADDRESSES[number % len(ADDRESSES)], video=number % 2 > 0)
    shown = as_read(VECTORS[number])
    for data in hostile_pages(case).values():
        page = parsed(data, strict=False)
        assert {one.tag for one in page.iter("*")} <= KNOWN
        assert {name for one in page.iter("*") for name in one.attrib} <= ATTRIBUTES
        assert texts(page, "//h1") == [shown]
        assert shown in texts(page, "//title")[0]
        assert texts(page, "//footer/p[last()]")[0].endswith(shown)


FIELDS = {
    "title of the series": "//nav/a[2]",
    "summary": "//p[@class='lead']",
    "season": "//p[@class='facts']/span[1]/span",
    "chapter": "//ol[@class='chapters']/li[2]//span[@class='time']/following-sibling::span",
    "person": "//ul[@class='people']/li[1]",
    "link": "//dt[2]/following-sibling::dd[1]",
    "place": "//dt[3]/following-sibling::dd[1]",
    "licence": "//dl/dd[last()]",
    "speaker": "//section[@id='text']//strong",
    "words": "//section[@id='text']/div/p[2]",
    "text without times": "//section[@class='transcript'][2]/div/p[1]",
    "rendition": "//ul[@class='downloads']/li[last()]/a",
    "owner": "//footer/p[1]",
}
"""Fields of an episode and its series, and where their texts stand on the episode's page."""


@pytest.mark.parametrize("path", FIELDS.values(), ids=FIELDS)
def test_every_field_is_shown_as_text(path: str) -> None:
    for text in VECTORS:
        page = parsed(hostile_pages(a_hostile_item(text, ADDRESSES[0]))["episode"], strict=False)
        assert as_read(text) in texts(page, path)[0], text


@pytest.mark.parametrize("url", ADDRESSES)
def test_only_the_web_and_mail_can_be_reached(url: str) -> None:
    followed = re.compile(
        r"https?://[^/]|mailto:|(\.\./)*(\./|[a-z0-9][A-Za-z0-9./%-]*)?(#[a-z=0-9]+)?$"
    )
    for data in hostile_pages(a_hostile_item("text", url)).values():
        for _, _, value in addresses(parsed(data, strict=False)):
            assert followed.match(value), value


@pytest.mark.parametrize("url", ADDRESSES)
def test_no_address_widens_the_policy(url: str) -> None:
    for data in hostile_pages(a_hostile_item("text", url)).values():
        (policy,) = parsed(data, strict=False).xpath("//meta[@http-equiv]/@content")
        assert re.fullmatch(
            r"default-src 'none'; style-src 'self'; img-src 'self'( https:)?; "
            r"media-src 'self'; base-uri 'none'; form-action 'none'",
            policy,
        )


@pytest.mark.parametrize("url", ADDRESSES)
def test_no_recording_widens_the_policy(url: str) -> None:
    page = parsed(episode_page(an_item(media=url), a_series(), {}, SITE), strict=False)
    (policy,) = page.xpath("//meta[@http-equiv]/@content")
    assert re.search(r"; media-src 'self'( https:)?; base-uri 'none'; ", policy)


def test_hostile_texts_of_a_catalog_reach_its_pages_as_texts(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    given = [text for text in VECTORS if text.isprintable()]
    assert len(given) >= 50
    for number, text in enumerate(given):
        quoted = json.dumps(text)
        chapters = f"chapters: [{{start: '0:00', title: {quoted}}}]"
        more = f"summary: {quoted}\ntags: [{quoted}]\n{chapters}\n"
        catalog.episode(f"nr{number}", more, title=quoted, notes=text)
    outcome = catalog.rebuilt()
    assert outcome.ok, outcome.findings
    for number, text in enumerate(given):
        page = parsed(catalog.read(f"samtal/nr{number}/index.html"), strict=False)
        found = texts(page, "//h1 | //p[@class='lead'] | //ol[@class='chapters']//a/span[2] | //dd")
        assert found == [as_read(text)] * 4
        assert {one.tag for one in page.iter("*")} <= KNOWN
        assert {name for one in page.iter("*") for name in one.attrib} <= ATTRIBUTES


# --- size --------------------------------------------------------------------------------------


def size_of(cues: tuple[Cue, ...]) -> int:
    words = {"a": Words("", "vtt", cues)}
    return len(episode_page(an_item(item=TIMED), a_series(), words, SITE))


def test_a_page_grows_with_its_transcript_and_no_faster() -> None:
    cues = tuple(
        Cue(timedelta(seconds=at), timedelta(seconds=at + 1), "Some words. " * 4, f"P{at % 2}")
        for at in range(40_000)
    )
    empty, half, whole = size_of(()), size_of(cues[:20_000]), size_of(cues)  # 2 MB of words
    assert 40_000 * 47 < whole < 40_000 * 47 * 5
    assert (whole - empty) / (half - empty) == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize("format", ["vtt", "txt"])
def test_a_transcript_of_one_turn_is_one_paragraph(format: str) -> None:
    text = "word " * 400_000
    cue = Cue(timedelta(), timedelta(seconds=1), text)
    words = {"a": Words(text, format, (cue,) if format == "vtt" else ())}
    page = episode_page(an_item(item=TIMED), a_series(), words, SITE)
    assert len(text) <= len(page) < len(text) + 10_000


def test_a_megabyte_of_line_ends_stays_a_page() -> None:
    words = {"a": Words("a\n" * 500_000 + "\n" * 500_000, "txt")}
    page = episode_page(an_item(item=TIMED), a_series(), words, SITE)
    assert 1_000_000 <= len(page) < 1_010_000


def test_five_thousand_chapters_are_all_there() -> None:
    chapters = tuple(Chapter(timedelta(seconds=at), f"Chapter {at}") for at in range(5000))
    data = episode_page(an_item(chapters=chapters), a_series(), {}, SITE)
    assert data.count(b"#t=") == 5000
    assert len(data) < 5000 * 200
