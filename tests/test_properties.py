"""What holds for any text, any date and any bytes. FEEDTOOL_FUZZ=long looks much longer."""

from __future__ import annotations

import json
import os
import string
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from feedtool.finding import Place, has_errors
from feedtool.formats import (
    ClockChange,
    ascii_address,
    forbidden_character,
    is_media_name,
    is_slug,
    is_web_address,
    parse_claim,
    parse_clock,
    parse_date,
    rfc3339,
)
from feedtool.read.chapter_file import read_chapters
from feedtool.read.cues import read_words
from feedtool.read.front_matter import front_matter
from feedtool.read.kinds import KINDS
from feedtool.read.schema import salvage, validate
from feedtool.read.text import read_text
from feedtool.read.values import better_name, better_slug
from feedtool.read.yaml_tree import positions, read_tree

from .catalogs import CATALOG, SERIES, Catalog, a_catalog, is_steady

LONG = os.environ.get("FEEDTOOL_FUZZ") == "long"


def bounded(examples: int) -> settings:
    """So many examples; fifty times as many when somebody has time."""
    return settings(
        max_examples=examples * (50 if LONG else 1),
        database=None,
        suppress_health_check=list(HealthCheck),
    )


# Letters of all kinds, and what has a meaning in YAML, Markdown, HTML or XML.
SIGNS = st.sampled_from(
    [*"\"'\\&<>#:-|>*!%@`{}[]?,~=\n\t\x00\x07\x7f\x85\xa0\u2028\u200b\ufeff\ufffe“”🎙",
     "]]>", "<!--", "&amp;", "---\n", "e\u0301"]
)  # fmt: skip
TEXTS = st.text(max_size=40) | st.lists(SIGNS | st.text(max_size=3), max_size=12).map("".join)


@pytest.fixture(scope="module")
def catalog() -> Iterator[Catalog]:
    with tempfile.TemporaryDirectory() as folder:
        made = a_catalog(Path(folder))
        made.recording("samtal/ett.mp3", "cbr-headerless.mp3")
        yield made


def quoted(text: str) -> str:
    """The text as a double-quoted scalar, which can say everything."""
    return json.dumps(text, ensure_ascii=False)


def meant(text: str) -> str:
    """What a text of one line says: no line ends, no spaces around it."""
    for sign in "\x85\u2028\u2029":
        text = text.replace(sign, " ")
    return " ".join(line.strip() for line in text.strip().split("\n"))


@bounded(40)
@given(texts=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS))
@example(texts=("A]]>B", "&amp;lt;", "<b>", "a,b", "<script>x</script>"))
@example(texts=("a\rb", "a\tb", "\U0001f399", "\xad", "&#0; &#x1f;"))
@example(texts=("\u2028a", "a\n\nb", "e\u0301", "'", "---\n"))
def test_texts_are_read_back_as_written_or_refused(
    catalog: Catalog, texts: tuple[str, str, str, str, str]
) -> None:
    title, summary, name, tag, notes = texts
    catalog.write(
        "episodes/samtal/ett.md",
        f"---\ntitle: {quoted(title)}\nsummary: {quoted(summary)}\ndate: 2025-03-01\n"
        f"guid: 11111111-1111-4111-8111-111111111111\nmedia: ett.mp3\ntags: [{quoted(tag)}]\n"
        f"people: [{{name: {quoted(name)}, role: host}}]\n---\n{notes}\n",
    )
    outcome = catalog.rebuilt()
    errors = {finding.code for finding in outcome.findings if finding.severity == "error"}
    assert outcome.ok is not bool(errors)
    if errors:
        assert errors <= {"CF002", "CF004", "CF034", "CF035", "CF107"}
        return
    rss = etree.fromstring(catalog.read("samtal/feed.xml"))
    atom = etree.fromstring(catalog.read("samtal/atom.xml"))
    (item,) = json.loads(catalog.read("samtal/feed.json"))["items"]
    person = "{https://podcastindex.org/namespace/1.0}person"
    assert rss.findtext("channel/item/title") == meant(title)
    assert atom.findtext("{*}entry/{*}title") == meant(title)
    assert item["title"] == meant(title)
    assert rss.findtext(f"channel/item/{person}") == meant(name)
    assert item["tags"] == [meant(tag)]
    assert "<script" not in item["content_html"]


ZONES = sorted(available_timezones())
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 30)).map(
    lambda moment: moment.replace(microsecond=0)
)


@bounded(300)
@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_date_with_its_offset_is_the_same_second_in_every_zone(
    moment: datetime, zone: str
) -> None:
    shown = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    if shown.utcoffset() is None or shown.utcoffset() % timedelta(minutes=1):  # type: ignore[operator]
        return
    read = parse_date(shown.isoformat(), ZoneInfo("Europe/Stockholm"))
    assert read.timestamp() == shown.timestamp()
    assert datetime.fromisoformat(rfc3339(read)).timestamp() == shown.timestamp()


@bounded(300)
@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_local_date_shows_the_time_that_was_written_or_is_refused(
    moment: datetime, zone: str
) -> None:
    written = moment.isoformat(" ")
    texts = {written}
    try:
        parse_date(written, ZoneInfo(zone))
    except ClockChange as change:
        texts = set() if change.skipped else {change.before, change.after}
    for text in texts:
        read = parse_date(text, ZoneInfo(zone))
        assert read.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == moment


@bounded(300)
@given(text=st.text(max_size=30) | st.from_regex(r"\A[\d:. hmin-]{1,14}\Z"))
@pytest.mark.parametrize("parse", [parse_clock, parse_claim, lambda text: parse_date(text, UTC)])
def test_a_time_is_read_or_refused(parse: Callable[[str], object], text: str) -> None:
    try:
        parse(text)
    except (ValueError, OverflowError):
        return
    assert text.isascii()


@bounded(300)
@given(text=TEXTS | st.text(string.printable, max_size=30).map("https://a.se/".__add__))
def test_an_address_is_refused_or_made_ascii(text: str) -> None:
    if is_web_address(text):
        try:
            url = ascii_address(text)
        except UnicodeError:
            return  # a host that no name server can look up
        assert url.isascii()
        assert is_web_address(url)
        assert ascii_address(url) == url


@bounded(300)
@given(text=TEXTS)
def test_a_proposed_name_can_be_taken(text: str) -> None:
    assert is_slug(better_slug(text))
    assert is_media_name(better_name(text))
    assert better_slug(better_slug(text)) == better_slug(text)


YAML = st.lists(
    st.sampled_from(
        ["title", "people", ":", ": ", "- ", "\n", "\n  ", "\n- ", "  ", "\t", "{", "}", "[", "]",
         ",", ", ", "'", '"', "&a ", "*a", "!!x ", "<<", "#", " #", "|", ">", "|2-\n", "? ", "---",
         "\n---\n", "...", "%YAML 9\n", "@", "`", "\\", "\\x", "”", "\ufeff", "\x85", "\u2028",
         "\x00", "~", "x", "å", "1"]
    )
    | st.text(max_size=2),
    max_size=25,
).map("".join)  # fmt: skip


@bounded(500)
@given(text=YAML | st.text(max_size=60))
def test_any_text_is_read_as_yaml_or_refused_at_a_place_inside_it(text: str) -> None:
    tree, findings = read_tree(text, "a.yaml")
    assert tree is not None or findings
    lines = text.split("\n")
    for place in (finding.place for finding in findings):
        assert place.line is not None
        assert place.column is not None
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    positions(text)


@bounded(300)
@given(text=YAML)
def test_front_matter_and_notes_are_the_whole_file(text: str) -> None:
    written, notes, _, findings = front_matter(f"---\n{text}", "a.md")
    if written is None:
        assert [finding.code.id for finding in findings] in (["CF018"], ["CF103"])
    else:
        between = text.removeprefix(written).removesuffix(notes)
        assert between.strip() in {"---", "..."}
        assert written + between + notes == text


TREES = st.recursive(
    st.none() | TEXTS | st.sampled_from(["1", "true", "00:00 A", "host", "https://a.se/", "a.mp3"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "id", "role", "url", "start", "title", "file", "number", "text"]
            )
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = [(kind, entry.name) for kind in KINDS.values() for entry in fields(kind)]


@bounded(1000)
@given(at=st.sampled_from(KEYS), value=TREES, other=TREES)
def test_any_value_of_any_key_is_taken_or_refused_at_its_place(
    at: tuple[type, str], value: object, other: object
) -> None:
    kind, key = at
    tree = {"title": "A", "base_url": "https://a.se/", key: value, "okänd": other}
    keys, findings = validate(tree, kind, Place("a"))
    assert keys is None
    assert ("okänd",) in {finding.place.keys[:1] for finding in findings}
    for finding in findings:
        assert _reaches(tree, finding.place.keys[:-1])
        assert is_steady(finding.shown().text("message"))
        assert len(finding.shown().text("mend")) < 1000
    salvaged, faulty = salvage(tree, kind, findings)
    assert isinstance(salvaged, kind)
    assert faulty.keys <= tree.keys()


def _reaches(tree: Any, keys: tuple[str | int, ...]) -> bool:
    for key in keys:
        try:
            tree = tree[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


@bounded(400)
@given(text=st.text(max_size=80) | YAML, source=st.sampled_from(["a.txt", "a.json"]))
@example(text="[" * 100_000, source="a.json")
@example(text='{"chapters": [{"startTime": 1e999}]}', source="a.json")
@example(text='{"chapters": [{"startTime": NaN, "title": {}}]}', source="a.json")
def test_any_text_is_a_file_of_chapters_or_refused(text: str, source: str) -> None:
    chapters, findings = read_chapters(text, source, "samtal", source)
    assert bool(chapters) is not bool(findings)
    assert all(finding.place.line for finding in findings)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["chapters", "startTime", "endTime", "title", "toc", "url", "img"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@bounded(400)
@given(document=JSON, entries=st.lists(JSON, max_size=3))
def test_any_json_is_a_file_of_chapters_or_refused(document: object, entries: object) -> None:
    for value in (document, {"chapters": entries}, {"chapters": [{"startTime": document}]}):
        chapters, findings = read_chapters(json.dumps(value), "a.json", "samtal", "a.json")
        assert bool(chapters) is not has_errors(findings)


CUES = st.lists(
    st.sampled_from(
        ["WEBVTT", "\n", "\n\n", "1", "00:00.000", "00:01.000", "00:00:02,000", " --> ", "-->",
         "NOTE", "STYLE", "<v A>", "</v>", "&amp;", "&#0;", " align:start", "Hej", "99:99.999"]
    )
    | st.text(max_size=3),
    max_size=25,
).map("".join)  # fmt: skip


@bounded(400)
@given(text=CUES | CUES.map("WEBVTT\n\n00:00.000 --> 00:01.000\nA\n\n".__add__),
       format=st.sampled_from(["vtt", "srt", "txt"]))  # fmt: skip
@example(
    text="1\n99999999999:00:00,000 --> 99999999999:00:00,000\nA\n\n"
    "2\n00:00:09,000 --> 00:00:04,000\nB\n",
    format="srt",
)
def test_any_text_is_a_transcript_or_refused(text: str, format: str) -> None:
    words, findings = read_words(text, format, "a")
    assert findings or words.cues or format == "txt"
    assert all(finding.place.line for finding in findings)


@bounded(200)
@given(data=st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.md"
        path.write_bytes(data)
        text, findings = read_text(path, "a.md")
    assert text is not None or findings
    assert text is None or forbidden_character(text) is None


FILES = {
    "feedtool.yaml": CATALOG.encode(),
    "episodes/samtal/series.yaml": SERIES.encode(),
    "episodes/samtal/ett.md": b"---\ntitle: A\ndate: 2025-03-01\nguid: b\nmedia: ett.mp3\n"
    b"transcripts: [ett.vtt]\nchapters: ett.json\npeople: [{name: A, role: host}]\n---\n",
    "media/samtal/ett.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n",
    "media/samtal/ett.json": b'{"chapters": [{"startTime": 0, "title": "A"}]}',
}


@bounded(12)
@given(junk=st.binary(max_size=12) | TEXTS.map(str.encode), at=st.floats(0, 1), cut=st.booleans())
@pytest.mark.parametrize("path", FILES)
def test_a_damaged_file_never_breaks_the_build(
    tmp_path_factory: pytest.TempPathFactory, path: str, junk: bytes, at: float, cut: bool
) -> None:
    catalog = Catalog(tmp_path_factory.getbasetemp() / f"damaged-{Path(path).name}")
    catalog.recording("samtal/ett.mp3", "cbr-headerless.mp3")
    for name, content in FILES.items():
        catalog.write(name, content)
    assert catalog.rebuilt().ok
    content = FILES[path]
    where = round(at * len(content))
    catalog.write(path, content[:where] + junk + (b"" if cut else content[where:]))
    before = catalog.public()
    outcome = catalog.rebuilt()
    assert outcome.ok or catalog.public() == before
    assert outcome.ok or any(finding.severity == "error" for finding in outcome.findings)
