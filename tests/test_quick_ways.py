"""Where most files go a quicker way through a library: it gives what the long one gives."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import feedtool
from feedtool.load import load_catalog, read_episodes
from feedtool.pattern import pattern
from feedtool.read import cues, notes
from feedtool.read import text as texts
from feedtool.read.yaml_tree import Tree, positions, read_tree

from .catalogs import a_catalog
from .test_properties import YAML, bounded

TAGS = ["p", "ul", "ol", "li", "a", "b", "em", "code", "h1", "h2", "h3", "pre", "blockquote", "br",
        "hr", "table", "td", "img", "div", "button", "svg", "select", "script"]  # fmt: skip
MARKUP = st.lists(
    st.sampled_from([f"<{slash}{tag}>" for tag in TAGS for slash in ("", "/")])
    | st.sampled_from(
        ['<a href="https://a.se/?a=1&b=<h2>">', "<a href=x>", '<a href="//a b/">', "<h2 title=a>",
         '<ol start=3 title="<p>">', "<li lang=sv>", "<a href=https://a.se title='&#13;&#34;'>",
         "x", "y & z", "&nbsp;", "&#13;", "&#1;", "&#xFEFF;", "\ufeff", "\n", "\n\n", "- a\n",
         "> b\n", "## c\n", "1. d\n", "`e`", "**f**", "[g](https://a.se)", "[h](../b/)",
         "[å](https://å.se/'?a=1&b=2)", '<a href="https://a%41.se/&quot;&lt;\'&#xE5;">',
         "    i\n", "---\n", "```\n"]
    ),
    max_size=16,
).map("".join)  # fmt: skip


@bounded(1500)
@given(markdown=MARKUP)
@example(markdown="<li><blockquote><li>a")
@example(markdown="<h2><b><h3>a")
@example(markdown="<a href=https://a.se><object><a href=https://b.se>a</a></object></a> `b`")
@example(markdown="<!-- -->\ufeff<h2>a</h2>")
def test_the_short_notes_are_what_the_sanitiser_makes_of_the_long_ones(markdown: str) -> None:
    quick = notes.render_notes(markdown, "https://a.se/b/")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notes, "_swapped", lambda html: None)
        assert quick == notes.render_notes(markdown, "https://a.se/b/")


TIMES = st.sampled_from(
    ["00:00:00.000 --> 00:00:01.000", "00:00:01.000 --> 00:00:02.500"] * 4
    + ["00:05.000 --> 00:04.000", "00:00.000 --> 00:01.000 align:start", "0:0:1.5 --> 0:0:2.5",
       "00:00.000 --> 00:01.000 line:0 a", "00:01:99.000 --> 00:02:99.000", "a --> b", "",
       "00000000001:00:00.000 --> 00000000002:00:00.000"]
)  # fmt: skip
BLOCKS = st.tuples(
    st.sampled_from(["", "1\n", "2\n", "a\n", "NOTE\n", "REGION\n", "STYLE\n", " \n"]),
    TIMES,
    st.sampled_from(["\n<v A>a &amp; <i>b</i>", "\na\nb", "\n1", "", "\n \na"]),
    st.sampled_from(["\n\n", "\n\n", "\n", "\n\n\n", "\n \n\n"]),
).map("".join)


@bounded(1500)
@given(head=st.sampled_from(["WEBVTT\n\n", "WEBVTT\n", ""]), blocks=st.lists(BLOCKS, max_size=4))
@example(head="WEBVTT\n\n", blocks=["REGION\na"])
@example(head="", blocks=[" 1\n00:00:00.000 --> 00:00:01.000\na"])
@example(head="", blocks=["1\n0:0:0.000 --> 0:0:1.000\na\n\n", "b\n0:0:2.000 --> 0:0:3.000\nc"])
def test_a_transcript_of_plain_blocks_is_read_as_any_other(head: str, blocks: list[str]) -> None:
    text = head + "".join(blocks)
    format = "vtt" if head else "srt"
    text = text if head else text.replace(".", ",")
    quick = cues.read_words(text, format, "a")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(cues._PLAIN, format, lambda text: None)
        assert quick == cues.read_words(text, format, "a")


BYTES = st.lists(
    st.sampled_from(["a", "\n", "\r\n", "\t", "\0", "\x07", "\x7f", "\x85", "\xa0", "å", "\u2028",
                     "\ufeff", "\ufffe", "\uffff", "\uf000", "🎙"]).map(str.encode)
    | st.sampled_from([b"\xed\xa0\x80", b"\xc3", b"\xff"]),
    max_size=6,
).map(b"".join)  # fmt: skip


@bounded(500)
@given(raw=BYTES)
def test_a_text_of_ordinary_bytes_is_what_a_search_makes_of_it(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "ordinary.md"
    path.write_bytes(raw)
    quick = texts.read_text(path, "a.md")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_ORDINARY", b"")
        assert quick == texts.read_text(path, "a.md")


def keys_of(tree: Tree, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield above
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree or ())
    for key, value in entries if isinstance(tree, dict | list) else ():
        yield from keys_of(value, (*above, key))


@bounded(500)
@given(text=YAML)
@example(text="a: {b: [c, {d: e}]}\n? [f]\n: g\n<<: {h: i}\n")
def test_all_that_is_read_has_a_position(text: str) -> None:
    tree, _ = read_tree(text, "a.yaml")
    if tree:
        assert set(keys_of(tree)) <= positions(text).keys()


def test_files_that_are_read_together_say_what_each_says_alone(tmp_path: Path) -> None:
    made = a_catalog(tmp_path)
    said = {
        "en": "---\ntitle: A\ndate: 2025-03-01\nguid: a\nmedia: a.mp3\n---\nHej\n",
        "fel": "---\ntitle: [A]\ndate: 2025-13-01\n---\n",
        "ingen": "title: A\n",
        "trasig": "---\ntitle: 'A\n---\n",
        "utkast": "---\ntitle: A\nstatus: draft\n---\n",
    }
    for stem, text in said.items():
        made.write(f"episodes/samtal/{stem}.md", text)
    stems = [*said, "saknas"]
    catalog = load_catalog(tmp_path, [])
    assert catalog
    series = replace(catalog.series, slug="samtal")
    alone = [read_episodes(tmp_path, [stem], series, catalog)[0] for stem in stems]
    assert read_episodes(tmp_path, stems, series, catalog) == alone
    assert [one.episode is None for one in alone] == [False, False, True, False, True, True]


def test_a_pattern_is_compiled_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile = re.compile
    monkeypatch.setattr(re, "compile", lambda *of: compiled.append(of[0]) or compile(*of))  # type: ignore[func-returns-value]
    word = pattern("[a-z]+", re.IGNORECASE)
    assert compiled == []
    found = word.search("1 Ett")
    assert found
    assert (found[0], word.sub("-", "a1b"), word.pattern, word.flags & re.I) == (
        "Ett", "-1-", "[a-z]+", re.I,
    )  # fmt: skip
    assert compiled == ["[a-z]+"]


def test_every_pattern_can_be_compiled() -> None:
    """A mistake in one shows only when it is used."""
    made = 0
    for found in pkgutil.walk_packages(feedtool.__path__, "feedtool."):
        if found.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(found.name)).values():
            if isinstance(value, pattern):  # type: ignore[arg-type]
                assert isinstance(value.pattern, str | bytes)
                made += 1
    assert made > 80
