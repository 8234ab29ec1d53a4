"""Where most files go a quicker way through a library: it gives what the long one gives."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedtool.read import cues, notes

from .test_properties import bounded

TAGS = ["p", "ul", "ol", "li", "a", "b", "em", "code", "h1", "h2", "h3", "pre", "blockquote", "br",
        "hr", "table", "td", "img", "div", "button", "svg", "select", "script"]  # fmt: skip
MARKUP = st.lists(
    st.sampled_from([f"<{slash}{tag}>" for tag in TAGS for slash in ("", "/")])
    | st.sampled_from(
        ['<a href="https://a.se/?a=1&b=<h2>">', "<a href=x>", '<a href="//a b/">', "<h2 title=a>",
         '<ol start=3 title="<p>">', "<li lang=sv>", "<a href=https://a.se title='&#13;&#34;'>",
         "x", "y & z", "&nbsp;", "&#13;", "&#1;", "&#xFEFF;", "\ufeff", "\n", "\n\n", "- a\n",
         "> b\n", "## c\n", "1. d\n", "`e`", "**f**", "[g](https://a.se)", "[h](../b/)",
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
