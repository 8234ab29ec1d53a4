"""Show notes of others as Markdown that says the same."""

# ruff: noqa: E501 - HTML has long lines

from __future__ import annotations

import pytest

from feedtool.adopt.notes import markdown_of
from feedtool.read.notes import render_notes

PAGE = "https://old.example/ett/"

SAME = {
    "paragraphs": "<p>Ett</p><p>Två<br>tre</p>",
    "marks of Markdown": "<p>* ett _två_ tre_fyra # fem `sex` [sju](åtta) 1. nio > tio | ~~elva~~</p>",
    "lines that look like lists": "<p>1. Ett<br>2. Två<br>- Tre<br># Fyra<br>+ Fem</p>",
    "entities": "<p>a &lt;b&gt; &amp;amp; c &nbsp; d</p>",
    "links": '<p>Se <a href="https://x.example/a_(b)?q=1&amp;r=[2]">här [nu]</a> och <a href="/rel">där</a></p>',
    "lists in lists": "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>",
    "a table": "<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td><td>3</td></tr></table>",
    "a list in a table": "<table><tr><td><ul><li>a</li><li>b</li></ul></td><td><p>c</p><p>d</p></td></tr></table>",
    "code": "<pre><code>if a &lt; b:\n\n    x = '*'</code></pre>",
    "a quotation": "<blockquote><p>a</p><p>b</p></blockquote>",
    "headings": "<h1>A</h1><h3>B</h3><p>c</p>",
    "emphasis inside words": "<p>o<b>tro</b>ligt <i> viktigt </i><strong><em>x</em></strong></p>",
    "a picture": '<p><img src="https://x.example/i.png" alt="En bild"></p>',
    "no tags at all": "Bara text",
    "blocks that may not stay": "<div>Ett</div><section>Två</section><dl><dt>a</dt><dd>b</dd></dl>",
    "stars that end words": "<p>**ett** *två* __tre__</p>",
    "letters of any language in addresses": '<p>Om <b>fet</b> <a href="https://sv.wikipedia.org/wiki/Åre">Åre</a> <a href="https://åre.example/x y">b</a></p>',
    "letters of any language in a plain address": "<p>Om https://sv.wikipedia.org/wiki/Åre och https://åre.example/x</p>",
    "an address with line ends": '<p>Ett <b>fet</b> <a href=" https://x.example/&#10;å ">a</a></p>',
    "words of no block": 'Ett *två* <b>tre</b> <a href="https://x.example/?q=*&amp;r=å b">fyra</a>',
    "an address in words": "<p>https://x.example/a_b_c och a@b.example</p>",
}  # fmt: skip


@pytest.mark.parametrize("html", SAME.values(), ids=SAME.keys())
def test_words_and_links_stay_what_they_are(html: str) -> None:
    markdown, lost = markdown_of(html, plain=False, page=PAGE)
    assert not lost, markdown


def test_an_address_with_letters_stays_readable() -> None:
    html = '<p>Om <a href="https://sv.wikipedia.org/wiki/Åre">Åre</a></p>'
    assert markdown_of(html, plain=False, page=PAGE)[0] == (
        "Om [Åre](https://sv.wikipedia.org/wiki/Åre)\n"
    )


def test_what_cannot_be_kept_takes_nothing_else_with_it() -> None:
    html = (
        '<p>Ett <b>fet</b></p><a href="https://x.example/"><p>a</p><p>b</p></a>'
        '<p><a href="https://y.example/">slut</a></p>'
    )
    markdown, lost = markdown_of(html, plain=False, page=PAGE)
    assert markdown == "Ett **fet**\n\na b\n\n[slut](https://y.example/)\n"
    assert lost == "a b"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p onclick='x()'>Hej</p>",
        '<p>Hej</p><a href="javascript:alert(1)"></a>',
        '<p>Hej</p><iframe src="https://evil.example"></iframe><style>p{}</style>',
        '<p>Hej</p><object data="x"></object><form action="x"><input></form>',
        '<p>Hej <img src="data:image/png;base64,AA" onerror="x"></p>',
        "<p>Hej</p><svg><script>alert(1)</script></svg><math><mtext><script>x</script></mtext></math>",
    ],
)
def test_nothing_hostile_is_left(html: str) -> None:
    markdown, _ = markdown_of(html, plain=False, page=PAGE)
    html = render_notes(markdown, PAGE)[0]
    assert "Hej" in html
    for word in ("script", "onclick", "javascript", "iframe", "data:", "onerror", "style", "alert"):
        assert word not in html + markdown


def test_addresses_in_plain_text_become_links() -> None:
    text = "Rad ett\nrad två: Q&A\n\nhttps://nordvik.example/las_mer?a=1&b=2."
    markdown, lost = markdown_of(text, plain=True, page=PAGE)
    assert not lost
    html = render_notes(markdown, PAGE)[0]
    assert 'href="https://nordvik.example/las_mer?a=1&amp;b=2"' in html
    assert html.count("<p>") == 2
    assert "<br>" in html


def test_html_that_never_ends_is_no_trouble() -> None:
    markdown, _ = markdown_of("<div>" * 3000 + "Hej" + "<b>" * 3000, plain=False, page=PAGE)
    assert "Hej" in markdown
