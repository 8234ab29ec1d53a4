"""Texts in the files of an import: as a person would have written them, and read back the same."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from ruamel.yaml import YAML

from feedtool.adopt.chain import read_document
from feedtool.adopt.figures import duration_of
from feedtool.adopt.notes import plain_text
from feedtool.adopt.record import Enclosed, Entry
from feedtool.read.yaml_tree import read_tree
from feedtool.scaffold.yaml_lines import yaml_lines

from .adoption import adopt, built, empty_catalog
from .cases import find
from .catalogs import CATALOG, SERIES, a_catalog
from .feeds_of_others import ITUNES, PODCAST


@pytest.mark.parametrize(
    "title",
    ["null", "Null", "~", "yes", "12", "2021-06-22", "---",
     "#1: \"två\" 's - {x} [y] | z > ! % @ `",
     "C:\\katalog", "slut:", "Avsnitt 🎧 ett", "🎧", "\u05e9\u05dc\u05d5\u05dd", "a\u200bb"],
)  # fmt: skip
def test_titles_are_read_as_they_were_written(title: str) -> None:
    tree, found = read_tree(yaml_lines({"title": title, "guid": "x"}), "ett.md")
    assert tree == {"title": title, "guid": "x"}
    assert found == []


def test_emoji_stay_emoji() -> None:
    assert yaml_lines({"title": "Avsnitt 🎧 ett"}) == "title: Avsnitt 🎧 ett\n"


@pytest.mark.parametrize("guid", ["1", "0017", "1e5", "0x1F", "-3.5", "no", "true"])
def test_a_guid_is_a_text_for_every_reader_of_yaml(guid: str) -> None:
    text = yaml_lines({"title": guid, "guid": guid, "season": "2"})
    assert YAML(typ="safe", pure=True).load(text) == {"title": guid, "guid": guid, "season": 2}
    assert yaml.safe_load(text)["guid"] == guid
    assert read_tree(text, "ett.md")[0] == {"title": guid, "guid": guid, "season": "2"}


def test_a_guid_that_only_begins_as_a_number_has_no_quotes() -> None:
    guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert yaml_lines({"guid": guid}) == f"guid: {guid}\n"


LAID_OUT = "\n      Rad ett\n\t\trad två\n    "
"""As programs write XML that people shall read."""


def test_a_text_on_several_lines_is_one_line(tmp_path: Path) -> None:
    catalog = empty_catalog(tmp_path)
    item = (
        f"<item><title>{LAID_OUT}</title><guid>ett-avsnitt</guid>"
        "<pubDate>Tue, 22 Jun 2021 09:00:00 +0200</pubDate><itunes:duration>7</itunes:duration>"
        '<enclosure url="https://x.example/1.mp3" length="9" type="audio/mpeg"/>'
        f"<podcast:person>{LAID_OUT}</podcast:person>"
        f"<podcast:location>{LAID_OUT}</podcast:location>"
        '<podcast:season name="a&#9;b">1</podcast:season><podcast:chat server="x.example"'
        ' protocol="irc" space="a&#10;b"/>'
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters">'
        '<psc:chapter start="0:00" title="c&#10;d"/></psc:chapters></item>'
    )
    feed = (
        f'<rss version="2.0" {ITUNES} {PODCAST}><channel><title>Prov</title><description>x'
        f"</description><language>sv</language><itunes:author>{LAID_OUT}</itunes:author>"
        f"<copyright>{LAID_OUT}</copyright><podcast:txt>{LAID_OUT}</podcast:txt>"
        f'<podcast:funding url="https://x.example/">{LAID_OUT}</podcast:funding>'
        f"{item}</channel></rss>"
    )
    (tmp_path / "old.xml").write_text(feed, encoding="utf-8")
    adopt(catalog, str(tmp_path / "old.xml"))
    built(catalog)
    root = ElementTree.fromstring(catalog.read("samtal/feed.xml"))
    said = [text for one in root.iter() if "Rad ett" in (text := one.text or "")]
    assert sorted(said) == sorted([
        "Rad ett\nrad två",  # the one text that may have lines: podcast:txt
        "<p>Rad ett rad två</p>",  # it has no notes
        *["Rad ett rad två"] * 6,
    ])  # fmt: skip
    assert b'<podcast:season name="a b">' in catalog.read("samtal/feed.xml")
    written = (tmp_path / "episodes/samtal/rad-ett-rad-tva.md").read_text("utf-8")
    assert "- 00:00 c d\n" in written
    assert "space: a b" in written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("61", 61), ("01:01", 61), ("1:01:01", 3661), ("122.5", 123), ("0:59.49", 59), ("1,9", 2),
     ("0", None), ("", None), ("11 min", None), ("-5", None)],
)  # fmt: skip
def test_playing_times_as_programs_write_them(text: str, seconds: int | None) -> None:
    time = duration_of(text)
    assert (time and time.total_seconds()) == seconds


def test_a_sign_is_no_tag() -> None:
    feed = (
        "<rss><channel><item><description>I &lt;3 you\nand you</description></item></channel></rss>"
    )
    assert read_document(feed.encode(), "feed.xml").entries[0].plain


@pytest.mark.parametrize(
    ("said", "kept", "lost"),
    [
        ("<itunes:explicit>yes</itunes:explicit>", {"explicit": "true"}, ()),
        ("<itunes:explicit>kanske</itunes:explicit>", {}, ("itunes:explicit kanske",)),
        ("<itunes:explicit/>", {}, ()),
        ("<itunes:block>no</itunes:block>", {}, ()),
        ("<itunes:block>google</itunes:block>", {}, ("itunes:block google",)),
        ("<itunes:episodeType>Full</itunes:episodeType>", {}, ()),
        ("<itunes:episodeType>extra</itunes:episodeType>", {}, ("itunes:episodeType extra",)),
        (
            '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter title="a"/>'
            "</psc:chapters>", {}, ("psc:chapter start=",),
        ),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_told(
    said: str, kept: dict[str, str], lost: tuple[str, ...]
) -> None:
    feed = f'<rss version="2.0" {ITUNES}><channel><item>{said}</item></channel></rss>'
    (entry,) = read_document(feed.encode(), "feed.xml").entries
    assert (entry.tree, entry.lost) == (kept, lost)


@pytest.mark.parametrize("key", ["season", "episode"])
@pytest.mark.parametrize("itunes_first", [True, False])
@pytest.mark.parametrize("itunes", ["2", "3"])
def test_of_two_numbers_that_differ_one_is_told(key: str, itunes_first: bool, itunes: str) -> None:
    said = [f"<itunes:{key}>{itunes}</itunes:{key}>", f"<podcast:{key}>3</podcast:{key}>"]
    inside = "".join(said if itunes_first else reversed(said))
    feed = f'<rss version="2.0" {ITUNES} {PODCAST}><channel><item>{inside}</item></channel></rss>'
    (entry,) = read_document(feed.encode(), "feed.xml").entries
    assert entry.tree == {key: {"number": "3"}}
    assert entry.lost == (() if itunes == "3" else (f"itunes:{key} 2",))


def test_the_enclosures_of_rss_1_are_recordings() -> None:
    feed = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:e="http://purl.oclc.org/net/rss_2.0/enc#">'
        '<item rdf:about="https://x.example/1"><title>Ett</title><e:enclosure'
        ' rdf:resource="https://x.example/1.mp3" e:length="9" e:type="audio/mpeg"/></item>'
        "</rdf:RDF>"
    )
    (entry,) = read_document(feed.encode(), "feed.xml").entries
    assert entry.enclosure == Enclosed("https://x.example/1.mp3", 9, "audio/mpeg")
    assert (entry.guid, entry.lost) == ("https://x.example/1", ())


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ('role="Editor" group="Writing"', ()),
        ('role="Editor"', ()),
        ('group="Cast"', ()),
        ('role="Editor" group="Video Post-Production"',
         ("podcast:person group=Video Post-Production role=editor",)),
    ],
)  # fmt: skip
def test_a_group_that_is_not_that_of_the_role_is_told(said: str, lost: tuple[str, ...]) -> None:
    person = f"<podcast:person {PODCAST} {said}>Eva</podcast:person>"
    feed = f"<rss><channel><item>{person}</item></channel></rss>"
    assert read_document(feed.encode(), "feed.xml").entries[0].lost == lost


def atom_entry(elements: str) -> Entry:
    entry = f'<entry><title type="text">a &lt;b&gt; c</title><id>1</id>{elements}</entry>'
    document = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{entry}</feed>'
    return read_document(document.encode(), "feed.xml").entries[0]


@pytest.mark.parametrize(
    ("type", "summary"),
    [(' type="text"', "S <b>"), ("", "S"), (' type="html"', "S")],
    ids=["text", "no type", "HTML"],
)
def test_what_atom_calls_text_has_no_tags(type: str, summary: str) -> None:
    short = f"<summary{type}>S &lt;b&gt;</summary>"
    entry = atom_entry(f'<content type="html">&lt;p&gt;Mer&lt;/p&gt;</content>{short}')
    assert plain_text(entry.summary) == summary
    assert entry.title == "a <b> c"
    alone = atom_entry(short)
    assert (alone.notes, alone.plain) == ("S <b>", summary == "S <b>")


def test_a_json_feed_of_our_own_keeps_the_guid_of_its_series(tmp_path: Path) -> None:
    made = a_catalog(tmp_path, CATALOG, f"{SERIES}medium: course\n")
    made.episode()
    assert made.rebuilt().ok
    source = read_document((made.root / "public/samtal/feed.json").read_bytes(), "feed.json")
    assert [source.tree["guid"]] == find(made.read("samtal/feed.xml"), "//podcast:guid/text()")
    assert source.tree["medium"] == "course"
    assert "_podcast" not in source.lost
