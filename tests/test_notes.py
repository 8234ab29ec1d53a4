"""Show notes: Markdown and raw HTML in, sanitised HTML out."""

from __future__ import annotations

import random
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from feedtool.read.letters import broken_letters
from feedtool.read.notes import FULL_TAGS, SHORT_TAGS, render_notes, with_media_at
from feedtool.read.notes_faults import MOST, notes_faults

from . import html as pages
from .catalogs import a_catalog

PAGE = "https://podd.example/samtal/ett/"


class _Seen(HTMLParser):
    """What a browser would find in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.addresses: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]


# --- Markdown --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Hej *å*, **ä** & ö.", "<p>Hej <em>å</em>, <strong>ä</strong> &amp; ö.</p>"),
        ("- ett\n- två", "<ul>\n<li>ett</li>\n<li>två</li>\n</ul>"),
        ("3. tre\n4. fyra", '<ol start="3">\n<li>tre</li>\n<li>fyra</li>\n</ol>'),
        ('"ä" < 😀', '<p>"ä" &lt; 😀</p>'),
        ("&lt;b&gt; &amp;amp;", "<p>&lt;b&gt; &amp;amp;</p>"),
        ("R&D &copy; 2025", "<p>R&amp;D © 2025</p>"),
    ],
    ids=["emphasis", "list", "numbers", "emoji", "escapes", "entity"],
)
def test_what_apps_show_is_the_same_in_both_forms(markdown: str, html: str) -> None:
    assert render_notes(markdown, PAGE) == (html, html)


def test_a_table_and_a_code_block_survive_in_the_whole_form() -> None:
    full, _ = render_notes("| Tid | Sak |\n|-|-|\n| 9 | te |\n\n```\nif a < b:\n    c\n```", PAGE)
    assert full == (
        "<table><thead><tr><th>Tid</th><th>Sak</th></tr></thead><tbody>\n"
        "<tr><td>9</td><td>te</td></tr>\n</tbody></table>\n"
        "<pre><code>if a &lt; b:\n    c\n</code></pre>"
    )


@pytest.mark.parametrize(
    ("markdown", "level"),
    [("# A", "h2"), ("## A", "h2"), ("### A", "h3"), ("#### A", "h4"), ("##### A", "h4")],
)
def test_headings_keep_to_the_levels_a_page_has_room_for(markdown: str, level: str) -> None:
    assert render_notes(markdown, PAGE)[0] == f"<{level}>A</{level}>"


def test_struck_out_words_are_not_made_to_look_as_meant() -> None:
    assert render_notes("~~inte~~ gratis", PAGE)[1] == "<p>~~inte~~ gratis</p>"


@pytest.mark.parametrize(
    "markdown", ["", " \n\t\n", "<!-- bara en kommentar -->", "<script>x</script>"]
)
def test_notes_without_words_are_empty(markdown: str) -> None:
    assert render_notes(markdown, PAGE) == ("", "")


# --- files below media/ ----------------------------------------------------------------------

HOME = "https://podd.example/"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("![k](../../media/a/k.png)", '<p><img src="https://m.example/b/a/k.png" alt="k"></p>'),
        ('![k](/media/k.png "t")',
         '<p><img src="https://m.example/b/k.png" alt="k" title="t"></p>'),
        ("[p](https://podd.example/media/p.pdf#s2)",
         '<p><a href="https://m.example/b/p.pdf#s2">p</a></p>'),
        ("<a lang='en' href='/media/p.pdf'>p</a>",
         '<p><a lang="en" href="https://m.example/b/p.pdf">p</a></p>'),
        ("[p](../tva/)", '<p><a href="https://podd.example/samtal/tva/">p</a></p>'),
        ('`x="https://podd.example/media/"`',
         '<p><code>x="https://podd.example/media/"</code></p>'),
    ],
)  # fmt: skip
def test_files_that_notes_name_are_where_the_media_are(markdown: str, html: str) -> None:
    full, _ = render_notes(markdown, PAGE)
    assert with_media_at(full, "https://m.example/b/", HOME) == html


def test_an_address_of_the_media_below_the_usual_one_is_left() -> None:
    full, _ = render_notes("[k](/media/b/k.png)", PAGE)
    assert with_media_at(full, HOME + "media/b/", HOME) == full


# --- nesting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("<ul>A<li>B</li></ul>", "<ul><li>A</li><li>B</li></ul>"),
        (
            "<ul><li>A</li><ul><li>B</li></ul></ul>",
            "<ul><li>A<ul><li>B</li></ul></li></ul>",
        ),
        ("<ol><ol><li>A</li></ol></ol>", "<ol><li><ol><li>A</li></ol></li></ol>"),
        ("<ul><p>A</p><li>B</li></ul>", "<ul><li><p>A</p></li><li>B</li></ul>"),
        ("<blockquote><li>A</li>B</blockquote>", "<blockquote><ul><li>A</li></ul>B</blockquote>"),
        ("<div><b><p>A</p></b></div>", "<p><b>A</b></p>"),
        ("<h2><p>A</p></h2>", "<h2>\nA</h2>"),
        ('<ol start="x"><li>A</li></ol>', "<ol><li>A</li></ol>"),
        ('<ol start="3"><li>A</li></ol>', '<ol start="3"><li>A</li></ol>'),
        ('<p>A <img alt="B"></p>', "<p>A B</p>"),
        ("<p>![A &amp; B](javascript:1)</p>", "<p>![A &amp; B](javascript:1)</p>"),
        ("![A &amp; B](javascript:1)", "<p>A &amp; B</p>"),
        ("## A </p>B", "<h2>A \nB</h2>"),
        ("<table><tr></tr><tr><td>A</td></tr></table>", None),
    ],
)
def test_raw_html_is_put_where_it_may_stand(raw: str, html: str | None) -> None:
    full = render_notes(raw, PAGE)[0]
    assert full == (html or "<table><tbody><tr><td>A</td></tr></tbody></table>")


_TAGS = sorted(FULL_TAGS - {"br", "hr", "img"} | {"div", "dl", "dd", "caption", "h1", "details"})
_ALONE = ["A", "å &amp; ä", " ", "<br>", "<hr>", '<img src="a.png">', '<img alt="B">']


def _any_html(choose: random.Random, depth: int) -> str:
    parts = []
    for _ in range(choose.randint(1, 4)):
        if not depth or choose.random() < 0.3:
            parts.append(choose.choice(_ALONE))
        else:
            tag = choose.choice(_TAGS)
            parts.append(f"<{tag}>{_any_html(choose, depth - 1)}</{tag}>")
    return "".join(parts)


_WORDS = frozenset({"a", "b", "i", "strong", "em", "code", "br", "img"})
_MAY_HOLD = {
    "ul": {"li"}, "ol": {"li"}, "table": {"thead", "tbody"}, "thead": {"tr"}, "tbody": {"tr"},
    "tr": {"td", "th"},
    **dict.fromkeys(("p", "h2", "h3", "h4", "pre", "b", "i", "strong", "em", "code"), _WORDS),
}  # fmt: skip
"""By HTML, section 4; other elements may hold what begins a paragraph, too."""


@pytest.mark.parametrize("seed", range(150))
def test_no_raw_html_nests_as_it_may_not(seed: int) -> None:
    raw = f"<div>{_any_html(random.Random(seed), 4)}</div>"
    for form in render_notes(raw, PAGE):
        body = pages.parsed(f"<!DOCTYPE html><title>a</title>{form}".encode()).find("body")
        for element in body.iter():
            inside = {child.tag for child in element}
            assert inside <= _MAY_HOLD.get(element.tag, inside), raw
            if element.tag in {"ul", "ol", "table", "tbody", "tr"}:
                assert not (element.text or "").strip(), raw
            if element.tag == "li":
                assert element.getparent().tag in {"ul", "ol"}, raw
                assert not (element.tail or "").strip(), raw
            assert element.tag != "img" or {"src", "alt"} <= {*element.keys()}, raw
    words = "".join(render_notes(raw, PAGE)[0].replace("&amp;", "").split())
    assert words.count("A") == raw.count("A"), raw
    assert words.count("å") == raw.count("å"), raw


@pytest.mark.parametrize(
    "tag", ["applet", "button", "marquee", "math><mi", "object", "select", "svg><desc", "nobr"]
)
@pytest.mark.parametrize("around", ["A <{}>B", "<{}>\nA\n\nB", "- A <{}>B\n- C", "[A <{}>B](/c)"])
def test_a_tag_that_is_gone_and_has_no_end_leaves_no_paragraph_in_another(
    tag: str, around: str
) -> None:
    for form in render_notes(around.format(tag), PAGE):
        pages.parsed(f"<!DOCTYPE html><title>a</title>{form}".encode())


def test_bold_around_many_blocks_does_not_multiply() -> None:
    full = render_notes("<em>" * 2000 + "<p>A</p>" * 2000, PAGE)[0]
    assert full.count("<p><em>A</em></p>") == 2000
    assert len(full) < 50_000


# --- the short form --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "short"),
    [
        ("## A\nB", ["A", "B"]),
        ("| A | B |\n|-|-|\n| C | D |", ["A – B", "C – D"]),
        ("```\nA\n```\nB", ["A", "B"]),
        ("> A\n\nB", ["A", "B"]),
        ("A\n\n---\n\nB", ["A", "B"]),
        ("A  \nB", ["A", "B"]),
        ("- A\n\n  ## B\n- C", ["A", "B", "C"]),
        ("<h2>A</h2>B<h3>C</h3>", ["A", "B", "C"]),
        ("<div>A</div><div>B<div>C</div></div>D", ["A", "B", "C", "D"]),
        ("<p>A<br>B</p>", ["A", "B"]),
        ("<dl><dt>A</dt><dd>B</dd></dl>", ["A", "B"]),
        ("<blockquote>A</blockquote>B<hr>C", ["A", "B", "C"]),
        ("<table><caption>A</caption><tr><td>B</td></tr></table>", ["A", "B"]),
        ("![A](b.png)", ["A"]),
        ("Text ![A](b.png) `B`", ["Text A B"]),
    ],
    ids=[
        "heading", "table", "code", "quote", "rule", "break", "in-list", "raw-headings",
        "raw-divs", "raw-break", "raw-terms", "raw-quote", "raw-caption", "picture", "inline",
    ],
)  # fmt: skip
def test_words_of_two_blocks_stay_apart_in_the_short_form(markdown: str, short: list[str]) -> None:
    html = render_notes(markdown, PAGE)[1]
    for tag in ("p", "ul", "li"):
        html = html.replace(f"<{tag}>", "\n").replace(f"</{tag}>", "\n")
    assert [line.strip() for line in html.splitlines() if line.strip()] == short


def test_dropped_blocks_become_paragraphs() -> None:
    assert render_notes("## A\n\n- B", PAGE)[1] == "<p>A</p>\n<ul>\n<li>B</li>\n</ul>"


def test_a_picture_without_words_leaves_no_empty_paragraph() -> None:
    assert render_notes("![](b.png)", PAGE)[1] == ""


@pytest.mark.parametrize(
    "markdown",
    ["> " * 3000 + "x", "<div>" * 3000 + "x", "- " * 300 + "x", "<table><tr><td>" * 500 + "x"],
    ids=["quotes", "divs", "lists", "tables"],
)
def test_deep_nesting_loses_no_words(markdown: str) -> None:
    full, short = render_notes(markdown, PAGE)
    assert (full.count("x"), short.count("x")) == (1, 1)


def test_the_short_form_has_only_tags_that_apps_show() -> None:
    markdown = "# A\n\n> B `c`\n\n| D |\n|-|\n| E |\n\n---\n\n1. F\n\n![G](h.png)\n\n```\ni\n```"
    assert _Seen(render_notes(markdown, PAGE)[1]).tags <= SHORT_TAGS


# --- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("../tva/", "https://podd.example/samtal/tva/"),
        ("bild.png", "https://podd.example/samtal/ett/bild.png"),
        ("/moten/", "https://podd.example/moten/"),
        ("//annan.example/x", "https://annan.example/x"),
        ("#kapitel", "https://podd.example/samtal/ett/#kapitel"),
        ("?sida=2&b=ö", "https://podd.example/samtal/ett/?sida=2&b=%C3%B6"),
        ("möte.html", "https://podd.example/samtal/ett/m%C3%B6te.html"),
        ("https://annan.example/a?b=1&c=2", "https://annan.example/a?b=1&c=2"),
        ("mailto:podd@nordvik.example", "mailto:podd@nordvik.example"),
    ],
)
def test_links_start_from_the_page_of_the_episode(written: str, address: str) -> None:
    for markdown in (f"[x]({written})", f'<a href="{written}">x</a>'):
        for html in render_notes(markdown, PAGE):
            assert _Seen(html).addresses == [address]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://malmö.se/", "https://xn--malm-8qa.se/"),
        ("https://malm%C3%B6.se/", "https://xn--malm-8qa.se/"),
        ("https://å.große-straße.example/", "https://xn--5ca.xn--groe-strae-73ag.example/"),
        ("HTTPS://MALMÖ.se:8080/", "https://xn--malm-8qa.se:8080/"),
        ("https://räk.se/å?ä=1&ö=%20#é", "https://xn--rk-via.se/%C3%A5?%C3%A4=1&%C3%B6=%20#%C3%A9"),
        ("https://a.se/å'ä", "https://a.se/%C3%A5'%C3%A4"),
        ("//malmö.se/x", "https://xn--malm-8qa.se/x"),
        ("https://u%40:p@malmö.se/", "https://u%40:p@xn--malm-8qa.se/"),
        ("https://a.se/100%25/%C3%A5", "https://a.se/100%25/%C3%A5"),
    ],
)
def test_addresses_are_as_feeds_carry_them(written: str, address: str) -> None:
    """Hosts in IDNA, all else percent-encoded (RFC 3986), as in the key `links:`."""
    for markdown in (
        f'Å [x]({written} "Å")', f'Å <a title="Å" href="{written}">x</a>',
        f'Å <a lang="sv" href="{written}">x</a>',
    ):  # fmt: skip
        for html in render_notes(markdown, PAGE):
            assert _Seen(html).addresses == [address]
    full, _ = render_notes(f"![Å]({written})", PAGE)
    assert _Seen(full).addresses == [address]


@pytest.mark.parametrize("host", ["a%2Fb.se", "a..se", f"{'å' * 70}.se", "[::1]", "a%00.se"])
def test_a_host_that_can_be_none_is_not_made_another(host: str) -> None:
    full, _ = render_notes(f"[x](https://{host}/)", PAGE)
    assert _Seen(full).addresses in ([], [f"https://{quote(host, safe='%[:].')}/"])


def test_words_that_look_like_an_address_stay() -> None:
    written = 'href="https://å.se" `src="https://ö.se"`'
    full, _ = render_notes(written, PAGE)
    assert full == '<p>href="https://å.se" <code>src="https://ö.se"</code></p>'
    title = '<a title=\'x href="https://å.se/"\' href="https://a.se/">y</a>'
    full, _ = render_notes(title, PAGE)
    assert full == '<p><a title="x href=&quot;https://å.se/&quot;" href="https://a.se/">y</a></p>'


def test_pictures_start_from_the_page_of_the_episode() -> None:
    full, _ = render_notes("![Karta](../karta.png)", PAGE)
    assert _Seen(full).addresses == ["https://podd.example/samtal/karta.png"]


# --- what must not get through ---------------------------------------------------------------

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<iframe src=https://x.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x.swf></object><embed src=x.swf>",
    "<form action=https://x.example><input name=a><button>b</button></form>",
    "<img src=x onerror=alert(1)>",
    "<img src=x OnErRoR =alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='https://x.example' onclick=alert(1) style='position:fixed'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( data:text/html;base64,PHN2Zz4= )",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onmouseover=alert(1) \\" onclick=alert(1) x=\\"")',
    '![" onerror=alert(1) x="](https://a.example/b.png)',
    "<p style='background:url(javascript:alert(1))' id=a class=b>x</p>",
    "<style>@import 'https://x.example/x.css';</style>",
    "<link rel=stylesheet href=https://x.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://x.example'>",
    "<base href=https://x.example/>[x](y)",
    "<body onload=alert(1)>x",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    '```"onclick=alert(1)\n<script>alert(1)</script>\n```',
    "`<script>alert(1)</script>`",
    "<h2 onclick=alert(1)><h1><script>alert(1)</script>x</h1></h2>",
    "<td onclick=alert(1)><div onclick=alert(1)>x</div></td>",
    "[x](//[)",
    "<a href='http://[::1'>x</a>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_known_tags_attributes_and_addresses_only(attack: str) -> None:
    full, short = render_notes(attack, PAGE)
    for html, tags in ((full, FULL_TAGS), (short, SHORT_TAGS)):
        seen = _Seen(html)
        assert seen.tags <= tags
        assert seen.names <= {"href", "title", "src", "alt", "start"}
        assert all(one.startswith(("https://", "http://", "mailto:")) for one in seen.addresses)


@pytest.mark.parametrize("reference", ["&#1;", "&#x0B;", "&#12;", "&#xFFFE;", "&#xFFFF;", "&#x1F;"])
def test_a_reference_to_a_character_that_xml_cannot_carry_is_dropped(reference: str) -> None:
    assert render_notes(f"a{reference}b", PAGE) == ("<p>ab</p>", "<p>ab</p>")


@pytest.mark.parametrize("reference", ["&#0;", "&#xD800;", "&#x110000;"])
def test_a_reference_to_no_character_shows_that_one_is_missing(reference: str) -> None:
    assert render_notes(f"a{reference}b", PAGE)[0] == "<p>a\N{REPLACEMENT CHARACTER}b</p>"


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("[a](#not1)", ["EP091"]), ('<a href="#not1">a</a>', ["EP091"]),
        ("[a][b]\n\n[b]: #c", ["EP091"]),
        ("[a](#text)", []), ("[a](#)", []), ("[a](#top)", []), ("[a](../tva/#text)", []),
    ],
)  # fmt: skip
def test_a_link_to_a_place_that_the_page_has_not_is_told(link: str, found: list[str]) -> None:
    markdown = f'{link}\n\n<p id="not1">Not 1.</p>\n'
    assert [one.code.id for one in notes_faults(markdown, 1, "a.md")] == found
    assert notes_faults(markdown, 1, "a.md", pages=False) == []


@pytest.mark.parametrize(
    "part", ["<a ", "[a](x:) ", "`&amp;amp;` ", "<script ", "&lt;p ", "<!--", "[a](https://a", "Ã"]
)
def test_faults_of_endless_notes_are_found_at_once(part: str) -> None:
    markdown = part * (300_000 // len(part)) + "href"
    start = time.perf_counter()
    found = notes_faults(markdown, 1, "a.md") + broken_letters(markdown, "a.md")
    assert time.perf_counter() - start < 5
    assert len(found) <= 2 * MOST


def test_elements_that_are_never_closed_are_told_soon(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode(notes="Text.\n" + "<div>" * 100_000 + "\n")
    (finding,) = [one for one in catalog.rebuilt().findings if one.severity == "error"]
    assert (finding.code, finding.line) == ("CF066", 8)


def test_lists_without_ends_are_not_deep(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode(notes="<ul>\n" + "<li>text<br>\n" * 2_000 + "</ul>\n")
    assert "CF066" not in [one.code for one in catalog.rebuilt().findings]
