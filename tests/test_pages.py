"""Pages: what stands on them, in which language, and that a text stays a text."""

from __future__ import annotations

import re
from configparser import ConfigParser
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from feedtool.model import (
    Alternate,
    Chapter,
    Copy,
    Credit,
    Cue,
    Item,
    License,
    Link,
    Number,
    Person,
    Season,
    SideFile,
    Site,
    Words,
)
from feedtool.read.notes import render_notes
from feedtool.render.pages import (
    STYLESHEET,
    compile_for,
    episode_page,
    series_frame,
    series_page,
    series_row,
    stylesheet,
)
from feedtool.render.pages.people import _ROLES
from feedtool.render.pages.speech import exact_length, speech
from feedtool.render.pages.templates import template
from feedtool.render.pages.transcript import paragraphs
from feedtool.vocabulary import ROLES

from .cases import SITE, STOCKHOLM, a_case, a_series, an_item
from .catalogs import CATALOG, REPOSITORY, Catalog, a_catalog, a_rich_catalog, times
from .html import Element, addresses, language, outline, parsed, texts, words
from .pages_catalog import PAGES, a_catalog_of_pages, a_hostile_item, hostile_pages

ELSEWHERE = Site(base_url="https://podd.example/", media_base_url="https://cdn.example/m/")


@pytest.fixture(scope="module", params=["sv", "en"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    catalog = a_catalog_of_pages(tmp_path_factory.mktemp("pages"), request.param)
    assert catalog.rebuilt().ok
    return catalog


def page_of(catalog: Catalog, path: str) -> Element:
    return parsed(catalog.read(path + "index.html"))


def episode(item: Item | None = None, /, site: Site = SITE, **more: Any) -> Element:
    """The page of an episode; `more` are fields of it."""
    return parsed(episode_page(item or an_item(**more), a_series(), {}, site))


# --- every page --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_valid_html(path: str, built: Catalog) -> None:
    page = page_of(built, path)  # strictly
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_headings_follow_each_other(path: str, built: Catalog) -> None:
    levels = outline(page_of(built, path))
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_or_a_style_of_its_own(path: str, built: Catalog) -> None:
    page = page_of(built, path)
    assert page.xpath("//script | //style | //@style | //iframe | //object | //form") == []
    assert [one for one in page.xpath("//@*/..") for name in one.attrib if name[:2] == "on"] == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_elsewhere(path: str, built: Catalog) -> None:
    page = page_of(built, path)
    loaded = page.xpath("//@src | //@poster | //link[@rel='stylesheet']/@href")
    assert loaded
    assert [one for one in loaded if ":" in one or one.startswith("/")] == []
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_address_below_the_site_is_there(path: str, built: Catalog) -> None:
    public = (built.root / "public").resolve()
    lost = []
    for _, _, url in addresses(page_of(built, path)):
        if ":" in url or url.startswith("#"):
            continue
        target = (public / path / url.partition("#")[0]).resolve()
        there = target / "index.html" if target.is_dir() else target
        if not there.is_file() or not there.is_relative_to(public):
            lost.append(url)
    # a picture that the notes name, and that nobody published
    assert lost == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_where_it_is(path: str, built: Catalog) -> None:
    page = page_of(built, path)
    assert page.xpath("//link[@rel='canonical']/@href") == [f"https://podd.example/{path}"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_its_feeds(path: str, built: Catalog) -> None:
    page = page_of(built, path)
    feeds = page.xpath("//link[@rel='alternate']")
    way = "../" if path.count("/") == 2 else ""
    assert [(one.get("type"), one.get("href")) for one in feeds] == [
        ("application/rss+xml", f"{way}feed.xml"),
        ("application/atom+xml", f"{way}atom.xml"),
        ("application/feed+json", f"{way}feed.json"),
    ]
    assert {f"{way}feed.xml", f"{way}atom.xml", f"{way}feed.json"} <= set(page.xpath("//a/@href"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_in_the_language_of_its_series(path: str, built: Catalog) -> None:
    own = "sv" if "language: sv" in (built.root / "feedtool.yaml").read_text() else "en"
    other = {"sv": "en", "en": "sv"}[own]
    page = page_of(built, path)
    expected = {"films": other, "puhetta": "fi"}.get(path.partition("/")[0], own)
    assert page.get("lang") == expected
    spoken = expected if expected in ("sv", "en") else "en"
    skip = page.xpath("//a[@class='skip']")[0]
    assert words(skip) == {"sv": "Hoppa till innehållet", "en": "Skip to the content"}[spoken]
    assert language(skip) == spoken


# --- an episode --------------------------------------------------------------------------------


def test_an_episode_says_what_it_is(built: Catalog) -> None:
    page = page_of(built, "talks/one/")
    swedish = page.get("lang") == "sv"
    assert texts(page, "//h1") == ["One talk & <another>"]
    assert texts(page, "//title") == ["One talk & <another> – Talks"]
    assert texts(page, "//main/header//p[@class='facts']/*") == (
        ["1 mars 2025", "3 sekunder", "Säsong 2: Spring", "Avsnitt Part three", "Stötande innehåll"]
        if swedish
        else ["1 March 2025", "3 seconds", "Season 2: Spring", "Episode Part three",
              "Explicit content"]
    )  # fmt: skip
    assert page.xpath("//main/header//time/@datetime") == ["2025-03-01T09:00:00+01:00", "PT3S"]
    assert texts(page, "//p[@class='lead']") == ["A short talk."]
    (picture,) = page.xpath("//main/header//img")
    assert picture.get("alt") == "Two people at a table"
    assert picture.get("src") == "../../media/talks/square.jpg"


def test_an_episode_is_played_and_downloaded(built: Catalog) -> None:
    page = page_of(built, "talks/one/")
    (player,) = page.xpath("//audio")
    assert dict(player.attrib) == {"controls": "", "preload": "none", "aria-labelledby": "title"}
    (source,) = player
    assert dict(source.attrib) == {"src": "../../media/talks/one.mp3", "type": "audio/mpeg"}
    word = {"sv": "Ladda ner", "en": "Download"}[page.get("lang")]
    assert texts(page, "//ul[@class='downloads']/li")[0] == f"{word} MP3, 24 kB"
    (link,) = page.xpath("//a[@download]")
    assert (link.get("href"), link.get("type")) == ("../../media/talks/one.mp3", "audio/mpeg")


def test_other_versions_are_offered(built: Catalog) -> None:
    page = page_of(built, "talks/one/")
    small = page.xpath("//ul[@class='downloads']/li")[2]
    finnish = {"sv": "finska", "en": "Finnish"}[page.get("lang")]
    size = {"sv": "18 kB", "en": "18 kB"}[page.get("lang")]
    assert re.sub(r"\d+ kB", size, words(small)) == f"Small MP3, {size}, {finnish}"
    assert small.xpath("a/@href") == ["../../media/talks/small.mp3"]


def test_chapters_lead_into_the_recording(built: Catalog) -> None:
    page = page_of(built, "talks/one/")
    assert texts(page, "//ol[@class='chapters']/li/a[1]") == ["0:00 Beginning", "0:01 More"]
    assert page.xpath("//ol[@class='chapters']//a/@href") == [
        "../../media/talks/one.mp3#t=0",
        "../../media/talks/one.mp3#t=1",
        "https://a.example/",
    ]


def test_chapters_outside_the_table_of_contents_are_left_out() -> None:
    hidden = Chapter(timedelta(), "Hidden", toc=False)
    assert texts(episode(chapters=(hidden,)), "//ol") == []


def test_a_chapter_begins_at_its_millisecond() -> None:
    page = episode(chapters=(Chapter(timedelta(seconds=3723.25), "A"),))
    assert page.xpath("//ol//a/@href") == ["../../media/samtal/ett.mp3#t=3723.25"]
    assert texts(page, "//ol//a") == ["1:02:03 A"]


def test_people_have_all_their_roles_once(built: Catalog) -> None:
    page = page_of(built, "talks/one/")
    roles = {
        "sv": ("Programledare, Researcher", "Producent, Gäst"),
        "en": ("Host, Researcher", "Producer, Guest"),
    }[page.get("lang")]
    assert texts(page, "//ul[@class='people']/li") == [
        f"Elin Åberg, mayor, Nordvik {roles[0]}",
        f"Kjell {roles[1]}",
    ]
    assert page.xpath("//ul[@class='people']//a/@href") == ["https://nordvik.example/elin"]


def test_every_role_of_the_taxonomy_has_words() -> None:
    assert _ROLES.keys() == ROLES.keys()


def test_the_transcript_is_text_with_speakers_and_times(built: Catalog) -> None:
    page = page_of(built, "talks/one/")
    said = page.xpath("//section[@class='transcript'][1]//div/p")
    assert [words(one) for one in said] == [
        "0:00 Elin Åberg Hello and welcome",
        "0:01 Kjell Thanks & so on, a < b",
        "0:02 No voice here",
    ]
    assert texts(page, "//section[@class='transcript'][1]//strong") == ["Elin Åberg", "Kjell"]
    assert page.xpath("//section[@id='text']//div/p/a/@href")[1] == "../../media/talks/one.mp3#t=1"


def test_a_transcript_in_another_language_says_so(built: Catalog) -> None:
    page = page_of(built, "talks/one/")
    own, other = page.get("lang"), {"sv": "en", "en": "sv"}[page.get("lang")]
    assert (
        texts(page, "//section[@class='transcript']/h2")
        == {
            "sv": ["Textversion", "Textversion (engelska)"],
            "en": ["Transcript", "Transcript (Swedish)"],
        }[own]
    )
    parts = page.xpath("//section[@class='transcript']/div")
    assert [language(one) for one in parts] == [own, other]
    assert page.xpath("//section[@class='transcript'][2]/p/a/@href") == [
        f"transcript.{other}.vtt", f"transcript.{other}.srt",
    ]  # fmt: skip


@pytest.mark.parametrize("captions", [False, True])
def test_the_text_in_the_language_of_the_recording_comes_first(captions: bool) -> None:
    sides = (
        SideFile("en", "transcript.en.txt", "text/plain", "en"),
        SideFile("sv", "transcript.txt", "text/plain", "sv", captions=captions),
    )
    texts_of = {"en": Words("Hello", "txt"), "sv": Words("Hej", "txt")}
    page = parsed(episode_page(an_item(item={"side_files": sides}), a_series(), texts_of, SITE))
    assert texts(page, "//section[@id='text']/div") == ["Hej"]
    assert texts(page, "//section[@class='transcript']/div") == ["Hej", "Hello"]


def test_a_transcript_without_times_is_paragraphs() -> None:
    item = an_item(item={"side_files": (SideFile("a.txt", "transcript.txt", "text/plain", "sv"),)})
    texts_read = {"a.txt": Words("One\ntwo\n\n \n\nThree\n", "txt")}
    page = parsed(episode_page(item, a_series(), texts_read, SITE))
    assert texts(page, "//section[@class='transcript']/div/p") == ["One two", "Three"]


@pytest.mark.parametrize(
    ("cues", "shown"),
    [
        ([("A", "One"), ("A", "two."), ("B", "Three.")], ["A One two.", "B Three."]),
        ([(None, "One line\nand the next.")], ["One line and the next."]),
        # several in a cue
        (
            [("A", "One."), (None, "A: Two?\nB: Three."), (None, "Four."), ("A", "Five.")],
            ["A One.", "A: Two?\nB: Three.", "Four.", "A Five."],
        ),
        (
            [(None, "- One\nmore?\n- Two."), (None, "- Three.\n-Four."), (None, "Five.")],
            ["- One more?\n- Two.", "- Three.\n-Four.", "Five."],
        ),
        # as SubRip names them
        (
            [(None, "Elin: One"), (None, "two."), (None, "Kjell: Three.")],
            ["Elin: One two.", "Kjell: Three."],
        ),
        # no turns
        ([(None, "Then she"), (None, "said: go home.")], ["Then she said: go home."]),
        ([(None, "It was"), (None, "-5 degrees.")], ["It was -5 degrees."]),
    ],
)
def test_nobodys_words_stand_on_the_line_of_another(
    cues: list[tuple[str | None, str]], shown: list[str]
) -> None:
    spoken = tuple(
        Cue(timedelta(seconds=at), timedelta(seconds=at + 1), text, speaker)
        for at, (speaker, text) in enumerate(cues)
    )
    said = [
        f"{one.speaker} {one.text}" if one.speaker else one.text
        for one in paragraphs(Words("", "vtt", spoken))
    ]
    assert said == shown


def test_long_turns_are_divided_at_sentences() -> None:
    cues = tuple(
        Cue(timedelta(seconds=at), timedelta(seconds=at + 1), "Words and more words.", "A")
        for at in range(100)
    )
    item = an_item(item={"side_files": (SideFile("a", "transcript.vtt", "text/vtt", "sv"),)})
    page = parsed(episode_page(item, a_series(), {"a": Words("", "vtt", cues)}, SITE))
    said = texts(page, "//section[@class='transcript']/div/p")
    assert len(said) == 4
    assert sum(one.count("Words") for one in said) == 100
    assert all(one.endswith(".") for one in said)
    assert texts(page, "//section[@class='transcript']//strong") == ["A"]


def test_a_film_has_its_captions(built: Catalog) -> None:
    page = page_of(built, "films/one/")
    (film,) = page.xpath("//video")
    tracks = [dict(one.attrib) for one in film.xpath("track")]
    names = {"sv": ("svenska", "finska"), "en": ("English", "Finnish")}[page.get("lang")]
    own = page.get("lang")
    assert tracks == [
        {"kind": "captions", "src": "captions.vtt", "srclang": own, "label": names[0].capitalize()
         if own == "en" else names[0]},
        {"kind": "subtitles", "src": "captions.fi.vtt", "srclang": "fi", "label": names[1]},
    ]  # fmt: skip
    assert len(texts(page, "//section[@class='transcript']")) == 2


def test_a_timed_transcript_serves_as_captions(built: Catalog) -> None:
    page = page_of(built, "films/two/")
    assert page.xpath("//video/track/@src") == ["transcript.vtt"]
    assert page.xpath("//video/source/@type") == ["video/mp4"]  # browsers know no video/x-m4v


def test_captions_in_another_language_leave_the_recordings_own() -> None:
    sides = (
        SideFile("sv.vtt", "transcript.vtt", "text/vtt", "sv"),
        SideFile("sv.vtt", "transcript.srt", "application/x-subrip", "sv"),
        SideFile("en.vtt", "captions.en.vtt", "text/vtt", "en", captions=True),
    )
    film = an_item(type="video/mp4")
    page = episode(replace(film, side_files=sides))
    assert [(one.get("kind"), one.get("src")) for one in page.iter("track")] == [
        ("captions", "transcript.vtt"),
        ("subtitles", "captions.en.vtt"),
    ]


def test_two_kinds_of_a_language_are_told_apart() -> None:
    sides = tuple(
        SideFile(f"{tag}.vtt", f"captions.{tag}.vtt", "text/vtt", tag, captions=True)
        for tag in ("en-GB", "en-US", "fi")
    )
    words_read = {f"{tag}.vtt": Words("Hello.", "txt") for tag in ("en-GB", "en-US", "fi")}
    film = replace(an_item(type="video/mp4"), side_files=sides)
    page = parsed(episode_page(film, a_series(), words_read, SITE))
    told = ["engelska (en-GB)", "engelska (en-US)", "finska"]
    assert page.xpath("//track/@label") == told
    assert texts(page, "//section[@class='transcript']/h2") == [
        f"Textversion ({one})" for one in told
    ]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("fit", "meänkieli"),
        ("rom", "romani"),
        ("rmf", "rmf"),  # no word of ours
        ("smj", "lulesamiska"),
        ("swl", "svenskt teckenspråk"),
        ("yi", "jiddisch"),
    ],
)
def test_the_languages_of_minorities_have_their_names(language: str, name: str) -> None:
    assert speech("sv").language(language) == name


@pytest.mark.parametrize(
    ("type", "played_as"),
    [
        ("audio/mpeg", "audio/mpeg"),
        ("audio/x-m4a", "audio/mp4"),
        ("audio/opus", "audio/ogg; codecs=opus"),
        ("audio/x-flac", "audio/flac"),
        ("video/quicktime", "video/mp4"),
    ],
)
def test_a_recording_has_the_type_that_browsers_play(type: str, played_as: str) -> None:
    page = episode(an_item(type=type))
    assert page.xpath("//source/@type") == [played_as]
    assert page.xpath("//a[@download]/@type") == [type]


def test_an_episode_in_another_language_says_so(built: Catalog) -> None:
    page = page_of(built, "talks/three/")
    other = {"sv": "en", "en": "sv"}[page.get("lang")]
    spoken = page.xpath("//h1 | //p[@class='lead'] | //section[@class='notes']//p")
    assert [language(one) for one in spoken] == [other] * 3
    assert language(page.xpath("//h2")[0]) == page.get("lang")
    row = page_of(built, "talks/").xpath("//h3/a[@href='three/']")[0]
    assert language(row) == other


@pytest.mark.parametrize("spoken", ["swl", "zxx", "mul", "sgn-SE"])
def test_texts_about_signs_or_music_are_in_the_language_of_the_series(spoken: str) -> None:
    item = an_item(language=spoken, summary="Kort.", notes="<p>Mer.</p>")
    page = parsed(episode_page(item, a_series(), {}, SITE))
    assert {one.get("lang") for one in page.iter("*")} == {None, "sv"}
    assert "lang=" not in series_row(item, a_series(), SITE)


def test_words_of_ours_on_a_foreign_page_say_their_language(built: Catalog) -> None:
    page = page_of(built, "puhetta/yksi/")
    english = page.xpath(
        "//h2 | //p[@class='facts']/* | //a[@download] | //ul[@class='people']//span"
    )
    assert len(english) > 6
    assert {language(one) for one in english} == {"en"}
    finnish = page.xpath("//h1 | //p[@class='lead'] | //nav/a[2] | //p[@class='facts']/span/span"
                         " | //ol[@class='chapters']/li/a")  # fmt: skip
    assert {language(one) for one in finnish} == {"fi"}


def test_what_a_series_has_from_the_catalog_is_in_the_language_of_the_catalog(
    tmp_path: Path,
) -> None:
    catalog = a_catalog(tmp_path)
    lent = (
        "image: square.jpg\nfunding: [{url: 'https://a.example/', text: Stöd oss}]\n"
        "image_alt: Ett vapen\ncategories: [Government]\n"
    )
    catalog.write("feedtool.yaml", CATALOG + lent)
    catalog.recording("square.jpg", "rgb.jpg")
    catalog.series("talks", "title: Talks\nlanguage: en\n")
    catalog.episode("one", series="talks", title="One")
    assert catalog.rebuilt().ok
    page = page_of(catalog, "talks/")
    assert page.get("lang") == "en"
    (lead,), (alt,) = page.xpath("//p[@class='lead']"), page.xpath("//header//img")
    (funding,) = page.xpath("//li/a[@href='https://a.example/']")
    assert [one.get("lang") for one in (lead, alt, funding)] == ["sv"] * 3
    assert page_of(catalog, "talks/one/").xpath("//img/@lang") == ["sv"]
    (row,) = page_of(catalog, "").xpath("//li[h3/a/@href='talks/']")
    assert (row.get("lang"), row.xpath("p[2]/@lang")) == ("en", ["sv"])
    assert page_of(catalog, "").xpath("//p[@class='lead']/@lang") == []


def test_people_licence_and_rights_of_the_catalog_are_in_its_language(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    lent = (
        "copyright: Nordvik och medborgarna\nlicense: {name: Egen, url: 'https://a.example/'}\n"
        "people: {elin: {name: Elin, title: professor, organisation: Universitetet}}\n"
    )
    catalog.write("feedtool.yaml", CATALOG + lent)
    catalog.series("talks", "title: Talks\nlanguage: en\npeople: [{id: elin, role: host}]\n")
    own = "people: [{id: elin, role: guest, title: mayor}]\npeople_only: true\n"
    catalog.episode("one", series="talks", title="One", more=own)
    assert catalog.rebuilt().ok
    page = page_of(catalog, "talks/")
    swedish = page.xpath("//ul[@class='people']//bdi | //footer/p/*")
    assert [words(one) for one in swedish if one.get("lang") == "sv"] == [
        "professor, Universitetet",
        "Nordvik",
        "© Nordvik och medborgarna",
    ]
    page = page_of(catalog, "talks/one/")
    assert texts(page, "//ul[@class='people']/li") == ["Elin, mayor, Universitetet Guest"]
    assert texts(page, "//ul[@class='people']//*[@lang='sv']") == ["Universitetet"]
    assert texts(page, "//dd[@lang='sv']") == ["Egen"]


def test_what_reads_from_right_to_left_says_so() -> None:
    arabic = an_item(language="ar", notes="<p>مرحبا.</p>")
    inside = parsed(episode_page(arabic, a_series(), {}, SITE))
    assert inside.get("dir") is None
    assert inside.xpath("//h1/@dir") == ["rtl"]
    assert set(inside.xpath("//*[@lang='ar']/@dir")) == {"rtl"}
    around = parsed(episode_page(an_item(), a_series(language="fa-IR"), {}, SITE))
    assert around.get("dir") == "rtl"
    assert set(around.xpath("//*[@lang='en']/@dir")) == {"ltr"}


@pytest.mark.parametrize("around", ["sv", "fi", "ar", "en"])
def test_what_is_written_inside_our_words_says_how_it_reads(around: str) -> None:
    """Also where it runs as the series does, and our words between them do not."""
    item = an_item(
        language="he", season=Season(1, "\u05d0\u05d1"), number=Number("2", "\u05e9\u05ea"),
        item={"alternates": (Alternate((Copy("a.mp3"),), "audio/mpeg", title="\u05d6"),)},
    )  # fmt: skip
    series = a_series(language=around)
    page = parsed(episode_page(item, series, {}, SITE))
    row = parsed(series_row(item, series, SITE).encode(), strict=False)
    inside = page.xpath("//p[@class='facts']/span/span | //ul[@class='downloads']/li[last()]/a")
    inside += row.xpath("//p[@class='facts']/span/span")
    assert [(one.get("lang"), one.get("dir")) for one in inside] == [("he", "rtl")] * 5


@pytest.mark.parametrize(
    ("language", "way"),
    [("sv", None), ("he", "rtl"), ("ku-Arab-IQ", "rtl"), ("uz-Latn-AF", None), ("ar-Latn", None)],
)
def test_the_script_says_more_than_the_language(language: str, way: str | None) -> None:
    page = parsed(episode_page(an_item(), a_series(language=language), {}, SITE))
    assert (page.get("lang"), page.get("dir")) == (language, way)


@pytest.mark.parametrize(
    ("type", "swedish"), [("full", []), ("trailer", ["Trailer"]), ("bonus", ["Bonusavsnitt"])]
)
def test_trailers_and_bonus_episodes_are_told_apart(type: str, swedish: list[str]) -> None:
    item = an_item()
    item = replace(item, episode=replace(item.episode, type=type))
    assert texts(episode(item), "//p[@class='facts']/span") == swedish


def test_an_address_with_a_user_leads_to_its_host_and_is_named_for_it() -> None:
    url = "https://podd.example@www.a.example:81/b"
    page = episode(links=(Link(url),), chapters=(Chapter(timedelta(), "A", url=url),))
    assert page.xpath("//dd/a/@href") == [url]
    (link,) = page.xpath("//ol//a[@href=$url]", url=url)
    assert words(link) == "a.example:81"


def test_a_rendition_is_offered_at_its_first_address_of_the_web() -> None:
    copies = (
        Copy("magnet:?xt=urn:btih:1"),
        Copy("https://a.example/b.torrent", "application/x-bittorrent"),
        Copy("https://b.example/b.mp3"),
    )
    item = replace(an_item(), alternates=(Alternate(copies, "audio/mpeg"),))
    (link,) = episode(item).xpath("//ul[@class='downloads']/li[2]/a")
    assert (link.get("href"), link.get("type")) == (copies[1].uri, "application/x-bittorrent")
    unreachable = replace(an_item(), alternates=(Alternate(copies[:1], "audio/mpeg"),))
    assert len(episode(unreachable).xpath("//ul[@class='downloads']/li")) == 1


def test_a_size_that_nobody_knows_is_not_shown() -> None:
    page = episode(media="https://host.example/a.mp3", length=0)
    assert texts(page, "//ul[@class='downloads']/li") == ["Ladda ner MP3"]


def test_what_is_not_stated_is_not_shown() -> None:
    page = episode()
    assert page.xpath("//main//section | //main//img | //dl | //p[@class='lead']") == []


def test_a_recording_elsewhere_is_played_from_there() -> None:
    source = "https://host.example/a b.mp3?x=1&y=2#z"
    page = episode(media=source, chapters=(Chapter(timedelta(), "A"),))
    assert page.xpath("//source/@src") == [source]
    assert page.xpath("//ol//a/@href") == ["https://host.example/a b.mp3?x=1&y=2#t=0"]
    (policy,) = page.xpath("//meta[@http-equiv]/@content")
    assert "media-src 'self' https:;" in policy  # it may redirect, nobody knows where


def test_media_in_another_place_may_be_sent_on_by_their_host() -> None:
    page = episode(image="samtal/a.jpg", site=ELSEWHERE)
    assert page.xpath("//img/@src") == ["https://cdn.example/m/samtal/a.jpg"]
    assert page.xpath("//source/@src") == ["https://cdn.example/m/samtal/ett.mp3"]
    (policy,) = page.xpath("//meta[@http-equiv]/@content")
    assert policy == (
        "default-src 'none'; style-src 'self'; img-src 'self' https:; "
        "media-src 'self' https:; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("host", ["a.example:8443", "my_bucket.example", "[2001:db8::1]"])
def test_a_picture_elsewhere_may_be_sent_on_by_its_host(host: str) -> None:
    page = episode(image=f"https://{host}/b.jpg")
    (policy,) = page.xpath("//meta[@http-equiv]/@content")
    assert "img-src 'self' https:; media-src 'self';" in policy


def test_a_licence_that_is_known_has_its_address() -> None:
    page = episode(license=License("CC-BY-4.0"))
    assert page.xpath("//dd/a/@href") == ["https://creativecommons.org/licenses/by/4.0/"]


@pytest.mark.parametrize(
    ("copyright", "shown"), [("SKR", "© SKR"), ("© 2025 SKR", "© 2025 SKR"), ("(c) A", "(c) A")]
)
def test_the_sign_of_copyright_comes_once(copyright: str, shown: str) -> None:
    page = parsed(episode_page(an_item(), a_series(copyright=copyright), {}, SITE))
    assert texts(page, "//footer/p") == [shown]


# --- show notes --------------------------------------------------------------------------------


def notes(markdown: str) -> Element:
    html, _ = render_notes(markdown, SITE.page("samtal", "ett"))
    page = episode(notes=html)
    (part,) = page.xpath("//section[@class='notes']/div")
    return part


@pytest.mark.parametrize(
    ("markdown", "levels"),
    [
        ("# A\n\n## B\n\n### C", ["h3", "h3", "h4"]),
        ("#### A\n\n#### B", ["h3", "h4"]),
        ("## A\n\n#### B\n\n## C", ["h3", "h4", "h3"]),
        ("<h2>A</h2><h3>B</h3><h4>C</h4>", ["h3", "h4", "h5"]),
        ("##\n\n### A", ["h3"]),  # without words, and so without a level
        ("## [](https://a.example/)\n\n#### A", ["h3"]),
        ("<h2><b> </b></h2><h3>&nbsp;</h3><h4>A</h4>", ["h3"]),
        ("<h2><br></h2><h3>&#8203;</h3><h4>A</h4>", ["h3"]),
    ],
)
def test_headings_of_notes_stand_below_the_pages_own(markdown: str, levels: list[str]) -> None:
    assert [one.tag for one in notes(markdown) if one.tag[0] == "h"] == levels


def test_links_below_the_site_become_relative() -> None:
    part = notes("[a](../tva/) [b](/) [c](https://podd.example/samtal/) [d](https://a.example/)")
    assert part.xpath(".//a/@href") == [
        "../../samtal/tva/", "../../", "../../samtal/", "https://a.example/",
    ]  # fmt: skip


def test_an_address_in_a_text_stays_as_it_is() -> None:
    part = notes('Write `<a href="https://podd.example/x">` or href="https://podd.example/y".')
    assert (
        words(part) == 'Write <a href="https://podd.example/x"> or href="https://podd.example/y".'
    )


@pytest.mark.parametrize("url", ["https://podd.example//evil.example/", "https://podd.example/a:b"])
def test_an_address_that_would_change_stays_absolute(url: str) -> None:
    assert notes(f"[a]({url})").xpath(".//a/@href") == [url]


def test_a_picture_of_the_site_is_shown() -> None:
    assert [dict(one.attrib) for one in notes("![A cup](/media/cup.jpg)").iter("img")] == [
        {"src": "../../media/cup.jpg", "alt": "A cup"}
    ]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("![A cup](https://a.example/cup.jpg)", '<a href="https://a.example/cup.jpg">A cup</a>'),
        ("![](https://a.example/c)", '<a href="https://a.example/c">https://a.example/c</a>'),
        ("[![A cup](https://a.example/c)](https://b.example/)",
         '<a href="https://b.example/">A cup</a>'),
        ('<img src="https://a.example/c" alt="&lt;h2&gt;">',
         '<a href="https://a.example/c">&lt;h2&gt;</a>'),
    ],
)  # fmt: skip
def test_a_picture_from_elsewhere_is_a_link(markdown: str, shown: str) -> None:
    html, _ = render_notes(markdown, SITE.page("samtal", "ett"))
    assert shown in episode_page(an_item(notes=html), a_series(), {}, SITE).decode()


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https:a.example/c", ""),
        ("https:\\\\a.example/c", ""),
        ("https:/a.example/c", ""),
        ("https://a.example/c", " src="),
        ("https://a.example/c", " src=../../"),
    ],
)
@pytest.mark.parametrize("name", ["title", "alt"])
def test_no_picture_from_elsewhere_looks_like_one_of_the_site(
    address: str, title: str, name: str
) -> None:
    part = notes(f'<img {name}="{title}" src="{address}">')
    assert part.xpath(".//img") == []
    assert part.xpath(".//a/@href") == [address]


def test_a_title_that_looks_like_an_attribute_is_none() -> None:
    (picture,) = notes('<img title=" alt=" src="/a.jpg" alt="A cup">').iter("img")
    assert dict(picture.attrib) == {"title": " alt=", "src": "../../a.jpg", "alt": "A cup"}


@pytest.mark.parametrize(
    "markdown", ["#", "<p>&nbsp;</p>", "<b><br></b>\n\n***", "[](/a)", "&#8203;", "<br>" * 9_000]
)
def test_notes_without_anything_to_see_have_no_heading(markdown: str) -> None:
    html, _ = render_notes(markdown, SITE.page("samtal", "ett"))
    assert html
    assert texts(episode(notes=html), "//h2") == ["Prenumerera"]
    assert notes(f"{markdown}\n\nA").xpath("p[last()]")[0].text == "A"
    assert notes(f"{markdown}\n\n![](/a.jpg)").xpath(".//img")


def test_headings_and_tables_of_notes_keep_their_language() -> None:
    table = "<table{}><tr><th{}></th><td>A</td></tr></table>"
    part = notes(
        f"<h2 lang='en'>One</h2>{table.format(' lang=en', ' lang=en')}{table.format('', '')}"
    )
    assert [one.get("lang") for one in part.xpath(".//h3 | .//table")] == ["en", "en", None]
    assert [one.get("class") for one in part.xpath(".//table/..")] == ["scrolled"] * 2
    assert part.xpath(".//th") == []


def test_where_a_line_ends_stays() -> None:
    part = notes("One<b><br></b>two<a href='/x'><br></a>three")
    assert [one.tag for one in part.iter()] == ["div", "p", "br", "br"]


def test_the_empty_corner_of_a_table_is_no_heading() -> None:
    part = notes("|   | Nine |\n|---|---|\n| Room | Hall |\n")
    assert [(one.tag, one.text) for one in part.xpath(".//tr[1]/*")][:2] == [
        ("td", None), ("th", "Nine"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "markdown",
    ["[](https://a.example/)", "##", "<a href='/x'><h2></h2></a>", "<a href='/x'><br></a>"],
)
def test_what_has_no_words_is_left_out(markdown: str) -> None:
    part = notes(f"{markdown}\n\nWords.")
    assert part.xpath(".//a | .//h3 | .//h4") == []
    assert words(part) == "Words."


def test_a_picture_without_words_is_no_riddle() -> None:
    assert notes('<img src="/a.jpg">').xpath(".//img/@alt") == [""]


@pytest.mark.parametrize(
    ("markdown", "alts"),
    [
        ("[![](/a.jpg)](https://b.example/c?d)", ["b.example"]),
        ("[![](/a.jpg)](../tva/)", ["podd.example"]),
        ("<a href='https://b.example/'> <b><img src='/a.jpg'></b>&nbsp;<img src='/c.jpg'></a>",
         ["b.example", ""]),
        ("[![](/a.jpg 'a > b')](https://b.example/)", ["b.example"]),
        ("[![](/a.jpg) here](https://b.example/)", [""]),
        ("[![A cup](/a.jpg)![](/c.jpg)](https://b.example/)", ["A cup", ""]),
        ("[![](/a.jpg)](https://b.example/ 'Cups')", [""]),
        ("[a](https://b.example/) ![](/a.jpg) [c](https://b.example/)", [""]),
    ],
)  # fmt: skip
def test_a_link_around_a_picture_without_words_is_called_by_its_host(
    markdown: str, alts: list[str]
) -> None:
    assert notes(markdown).xpath(".//img/@alt") == alts


def test_a_link_around_a_picture_from_elsewhere_is_called_by_where_it_leads() -> None:
    (link,) = notes("[![](https://a.example/c.jpg)](https://b.example/)").xpath(".//a")
    assert (words(link), link.get("href")) == ("b.example", "https://b.example/")


# --- series and catalog ------------------------------------------------------------------------


def test_a_series_lists_its_episodes_newest_first(built: Catalog) -> None:
    page = page_of(built, "talks/")
    assert page.xpath("//ul[@class='rows']//h3/a/@href") == ["three/", "two/", "one/"]
    assert texts(page, "//ul[@class='rows']/li[2]//time") == {
        "sv": ["2 mars 2025", "3 sekunder"], "en": ["2 March 2025", "3 seconds"],
    }[page.get("lang")]  # fmt: skip
    assert texts(page, "//ul[@class='rows']/li[3]/p[not(@class)]") == ["A short talk."]


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("ord " * 60, ("ord " * 60).strip()),
        ("ord " * 90, "ord " * 59 + "…"),
        ("字" * 300, "字" * 238 + " …"),
        ("Se https://podd.example/" + "x" * 300, "Se https://podd.example/" + "x" * 214 + " …"),
        ("x" * 237 + "a\u0308" * 9, "x" * 237 + " …"),
    ],
    ids=["just-short-enough", "words", "no-spaces", "an-address", "dots-of-a-letter"],
)
def test_a_long_summary_is_shortened_in_a_list(summary: str, shown: str) -> None:
    row = parsed(
        f"<title>x</title>{series_row(an_item(summary=summary), a_series(), SITE)}".encode(),
        strict=False,
    )
    assert texts(row, "//li/p[not(@class)]") == [shown]


def test_a_series_says_what_it_is_about(built: Catalog) -> None:
    page = page_of(built, "talks/")
    assert texts(page, "//h1 | //p[@class='lead']") == [
        "Talks",
        "Talks in Nordvik. Every other week.",
    ]
    assert page.xpath("//main/header//img/@alt") == ["Two people at a table"]
    assert "https://nordvik.example/talks" in page.xpath("//main//a/@href")
    assert "mailto:podd@nordvik.example" in page.xpath("//footer//a/@href")
    assert len(texts(page, "//ul[@class='people']/li")) == 2


def test_a_corrected_episode_is_not_the_newest_of_its_series(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett", "updated: 2025-12-20 09:00\n", date="2024-03-01 09:00")
    catalog.episode("tva", date="2025-03-01 09:00")
    for title in ("Två", "Två till"):  # a build of everything, and one of what changed
        path = catalog.root / "episodes/samtal/tva.md"
        path.write_text(re.sub("title: .*", f"title: {title}", path.read_text("utf-8")), "utf-8")
        assert catalog.rebuilt().ok
        series, newest = page_of(catalog, "").xpath("//ul[@class='rows']")
        assert "senast 1 mars 2025" in words(series)
        assert title in words(newest)


def test_the_catalog_lists_series_and_newest_episodes(built: Catalog) -> None:
    page = page_of(built, "")
    series, newest = page.xpath("//ul[@class='rows']")
    assert series.xpath("li/h3/a/@href") == ["films/", "puhetta/", "talks/"]
    assert newest.xpath("li/h3/a/@href") == [
        "puhetta/yksi/", "talks/three/", "talks/two/", "talks/one/", "films/one/", "films/two/",
    ]  # fmt: skip
    assert newest.xpath("li[1]/p[last()]/a/@href") == ["puhetta/"]
    assert [language(one) for one in newest.xpath("li[1]//h3 | li[1]/p[1]/time")] == [
        "fi",
        "en",
        "en",
    ]
    assert page.xpath("//a[@href='feeds.opml']")
    assert texts(page, "//a[@href='https://nordvik.example/give']") == ["Help us"]


def test_a_long_summary_is_cut_in_lists_only() -> None:
    item = an_item(summary="word " * 200)
    row = series_row(item, a_series(), SITE)
    assert 200 < len(texts(parsed(b"<!DOCTYPE html><title>a</title><ul>" + row.encode() + b"</ul>"),
                           "//li/p[2]")[0]) <= 240  # fmt: skip
    assert len(texts(episode(item), "//p[@class='lead']")[0]) == 999


def test_a_page_of_a_series_is_its_frame_and_its_rows() -> None:
    series = a_series()
    rows = [series_row(an_item(slug), series, SITE) for slug in ("a", "b")]
    head, tail = series_frame(series, SITE)
    assert series_page(series, rows, SITE) == head + "".join(rows).encode() + tail


def test_only_ten_newest_episodes_are_on_the_front_page(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    for day in range(1, 13):
        catalog.episode(f"nr{day}", date=f"2025-03-{day:02}")
    assert catalog.rebuilt().ok
    page = page_of(catalog, "")
    assert len(page.xpath("//ul[@class='rows'][1]/../following-sibling::section[1]//li")) == 10


# --- words of ours -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "swedish", "english"),
    [
        (0.2, "1 sekund", "1 second"),
        (59.4, "59 sekunder", "59 seconds"),
        (60, "1 minut", "1 minute"),
        (664, "11 minuter", "11 minutes"),
        (3599, "1 timme", "1 hour"),
        (3660, "1 timme 1 minut", "1 hour 1 minute"),
        (7500, "2 timmar 5 minuter", "2 hours 5 minutes"),
    ],
)
def test_lengths_in_words(seconds: float, swedish: str, english: str) -> None:
    time = timedelta(seconds=seconds)
    assert (speech("sv").length(time), speech("en-GB").length(time)) == (swedish, english)


@pytest.mark.parametrize(
    ("bytes", "swedish", "english"),
    [
        (1, "1 kB", "1 kB"),
        (999_499, "999 kB", "999 kB"),
        (8_012_345, "8,0 MB", "8.0 MB"),
        (999_949_999, "999,9 MB", "999.9 MB"),
        (999_950_000, "1,0 GB", "1.0 GB"),
        (4_250_000_000, "4,2 GB", "4.2 GB"),
    ],
)
def test_sizes_in_words(bytes: int, swedish: str, english: str) -> None:
    assert (speech("sv-FI").size(bytes), speech("en").size(bytes)) == (swedish, english)


@pytest.mark.parametrize(
    ("seconds", "exact"), [(1, "PT1S"), (60, "PT1M"), (3661, "PT1H1M1S"), (36000, "PT10H")]
)
def test_lengths_for_machines(seconds: int, exact: str) -> None:
    assert exact_length(seconds) == exact


def test_dates_in_words() -> None:
    day = datetime(2021, 6, 22, tzinfo=STOCKHOLM)
    assert [speech(one).date(day) for one in ("sv", "en", "fi")] == [
        "22 juni 2021", "22 June 2021", "22 June 2021",
    ]  # fmt: skip


# --- sameness ---------------------------------------------------------------------------------


def test_the_same_values_give_the_same_page() -> None:
    case = a_hostile_item("<text>", "https://a.example/")
    assert hostile_pages(case) == hostile_pages(case)


def test_a_page_does_not_know_its_neighbours(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    catalog.age()
    assert catalog.rebuilt().ok
    before = catalog.read("samtal/ett/index.html")
    catalog.episode("sju", date="2025-03-02")
    assert catalog.rebuilt().ok
    assert catalog.read("samtal/ett/index.html") == before
    assert "sju/" in page_of(catalog, "samtal/").xpath("//h3/a/@href")


def test_unchanged_pages_keep_their_time(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    catalog.age()
    assert catalog.rebuilt().ok
    before = times(tmp_path / "public")
    catalog.episode("tva", date="2025-04-01", title="Nytt", media="tva.m4a", fixture="sound.m4a")
    assert catalog.rebuilt().ok
    changed = {
        path for path, time in times(tmp_path / "public").items()
        if before.get(path) != time and path.endswith((".html", ".css"))
    }  # fmt: skip
    assert changed == {"index.html", "samtal/index.html", "samtal/tva/index.html"}


def test_a_removed_episode_leaves_no_page(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    assert catalog.rebuilt().ok
    assert not (tmp_path / "public/samtal/tre").exists()  # scheduled
    assert not (tmp_path / "public/samtal/fyra").exists()  # a draft
    (tmp_path / "episodes/samtal/tva.md").unlink()
    assert catalog.rebuilt(allow=frozenset({("gone", "samtal/tva")})).ok
    assert not (tmp_path / "public/samtal/tva").exists()


def test_pages_can_be_left_out(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    assert catalog.rebuilt().ok
    assert (tmp_path / "public" / STYLESHEET).read_bytes() == stylesheet()
    settings = (tmp_path / "feedtool.yaml").read_text()
    catalog.write("feedtool.yaml", settings + "pages: false\n")
    assert catalog.rebuilt().ok
    left = {path for path in catalog.public() if path.endswith((".html", ".css"))}
    assert left == set()
    assert "samtal/feed.xml" in catalog.public()
    catalog.write("feedtool.yaml", settings)
    assert catalog.rebuilt().ok
    assert len([path for path in catalog.public() if path.endswith(".html")]) == 6


def test_every_key_that_has_an_effect_on_pages_is_valid_together(tmp_path: Path) -> None:
    catalog = a_case("every-key", tmp_path)
    assert catalog.rebuilt().ok
    for path in catalog.public():
        if path.endswith(".html"):
            parsed(catalog.read(path))


def test_templates_of_episodes_are_ready_before_workers_are_forked() -> None:
    compile_for("fi")
    ready = template.cache_info().misses
    item = an_item(people=(Credit(Person("Elin"), "host", "cast"),))
    series = replace(a_series(), language="fi")
    assert b"Elin" in episode_page(item, series, {}, SITE)
    assert "<li>" in series_row(item, series, SITE)
    assert template.cache_info().misses == ready


def test_a_person_has_the_roles_of_each_episode() -> None:
    elin = Person("Elin")
    pages = [episode(people=(Credit(elin, role, "cast"),)) for role in ("host", "guest")]
    shown = [words(page.xpath("//ul[@class='people']/li/span")[0]) for page in pages]
    assert shown == ["Programledare", "Gäst"]


def test_templates_and_style_are_part_of_the_package() -> None:
    setup = ConfigParser()
    setup.read(REPOSITORY / "setup.cfg", encoding="utf-8")
    listed = [one.strip() for one in setup["options.package_data"]["feedtool"].split(",")]
    package = REPOSITORY / "feedtool"
    files = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix in {".html", ".css", ".mo"}
    ]
    assert "render/templates/feedtool.css" in files
    assert [one for one in files if not any(fnmatch(one, like) for like in listed)] == []
