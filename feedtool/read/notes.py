"""Show notes: Markdown in, sanitised HTML out. The door to pyromark and nh3.

Raw HTML in the notes is allowed and goes through the sanitiser like everything else.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any, NamedTuple
from unicodedata import normalize
from urllib.parse import unquote, urljoin, urlsplit

import nh3
import pyromark

from ..formats import ascii_address, forbidden_character, is_media_name
from ..pattern import pattern
from .nesting import has_lost_picture, well_nested

SHORT_TAGS = frozenset({"p", "ul", "ol", "li", "a", "b", "i", "strong", "em"})
"""What a description may hold: Apple's guide and PSP-1."""

FULL_TAGS = SHORT_TAGS | {
    "h2", "h3", "h4", "img", "code", "pre", "blockquote", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
"""What content and pages may hold."""

_LEVELS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_KNOWN_TAGS = FULL_TAGS | frozenset(_LEVELS) | {
    "address", "article", "aside", "caption", "center", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "header", "main", "nav", "section", "summary", "tfoot",
}  # fmt: skip
"""What is told apart before it is reduced to the above: the words of two blocks are not one."""

_OPEN_INSIDE = frozenset({"applet", "button", "marquee", "object", "select"})
"""Tags that go, but inside which the end of a paragraph does not end one that began before (HTML,
"has an element in button scope", "in select")."""

_RAW = pattern(f"</?(?:{'|'.join(sorted(_KNOWN_TAGS | _OPEN_INSIDE))})[\\s/>]", re.IGNORECASE)
_INLINE = frozenset({"a", "b", "i", "strong", "em", "img", "code"})
_CELLS = frozenset({"td", "th"})
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_OPTIONS = pyromark.Options.ENABLE_TABLES


def render_notes(markdown: str, page: str) -> tuple[str, str]:
    """The notes as HTML, whole and with the few tags podcast apps show; links are absolute.

    `markdown` comes from a file that was checked for forbidden characters, `page` is the address
    of the episode's page. Both forms are "" for empty notes.
    """
    if not markdown.strip():
        return "", ""
    html = pyromark.html(markdown, options=_OPTIONS)
    _links.page, _links.used = page, False
    sanitised = html = _ascii_links(_cleaner(_KNOWN_TAGS).clean(html).strip())
    # a reference such as &#1; passes the check of the file and becomes its character here
    while "&#" in markdown and (found := forbidden_character(html)):
        html = html.replace(found.group(), "")
    # else nh3 may change what it reads again: links it has not seen as they are now, places where
    # a character was taken out, carriage returns, a byte order mark at the beginning
    stable = html is sanitised and not (_links.used or "\r" in html or "\ufeff" in html)
    # Markdown alone nests right, and so do most tags that nobody knows: they are gone already
    raw = _RAW.search(markdown) or has_lost_picture(html)
    if raw and (nested := well_nested(html)) != html:
        html, stable = _cleaner(_KNOWN_TAGS).clean(nested).strip(), False
    if stable and (short := _swapped(html)) is not None:
        return html, short
    full = _reduced(html, FULL_TAGS)
    if stable and (short := _swapped(full)) is not None:  # it had headings of other levels
        return full, short
    return full, _reduced(full, SHORT_TAGS)


def clean_notes(html: str, page: str) -> str:
    """HTML of others as notes may hold it; its relative links start at `page`."""
    _links.page = page
    return _reduced(_cleaner(_KNOWN_TAGS).clean(html).strip(), FULL_TAGS)


def with_media_at(html: str, media: str, base_url: str) -> str:
    """The notes with what they name below media/ where that is published: at the address `media`.

    Notes name such a file by its way from the page, which ends below `base_url`.
    """
    usual = _attribute(base_url + "media/")
    if f'="{usual}' not in html:
        return html
    there = _attribute(media)

    def moved(found: re.Match[str]) -> str:
        beginning, address = found.groups()
        if not address.startswith(usual) or address.startswith(there):
            return found.group()
        return beginning + there + address[len(usual) :]

    return _ADDRESS.sub(moved, html)


def sources_in(html: str, media: str) -> tuple[str, ...]:
    """The files below media/ that some notes name, as pictures or links; `media` is its address.

    In NFC; also names that cannot be published, but for those that lead out of the folder.
    """
    if media not in html:
        return ()
    addresses = (part.partition('"')[0] for part in html.split(f'="{media}')[1:])
    names = (unquote(re.split("[?#]", unescape(address))[0]) for address in addresses)
    return tuple(dict.fromkeys(normalize("NFC", name) for name in names if _is_below(name)))


def _is_below(name: str) -> bool:
    """Is it the name of a file, and no folder?"""
    if is_media_name(name):
        return True
    return name.isprintable() and {"", ".", ".."}.isdisjoint(re.split(r"[/\\]", name))


class Piece(NamedTuple):
    """A part of some notes that is more than words."""

    kind: str  #: "link", "picture", "code" or "html"
    text: str  #: of a link or a picture its address
    start: int  #: in characters of the Markdown
    end: int


def pieces(markdown: str) -> list[Piece]:
    """The links, the pictures, the code and the HTML in some notes."""
    data = markdown.encode()
    found = []
    event: Any
    at = before = 0  # the same position in bytes and in characters
    for event, range in pyromark.events_with_range(markdown, options=_OPTIONS):
        if not isinstance(event, dict):
            continue
        ((name, value),) = event.items()
        if name == "Start":
            value = value if isinstance(value, dict) else {value: {}}
            name = next(iter(value))
        if name == "Link" and value["Link"]["link_type"] == "Email":
            continue  # <podd@example.org> is right
        if name in _KINDS:
            start, end = range["start"], range["end"]  # in bytes
            leads = _KINDS[name] in {"link", "picture"}
            text = value[name]["dest_url"] if leads else data[start:end].decode()
            before += len(data[at:start].decode())
            at = start
            length = len(data[start:end].decode())
            found.append(Piece(_KINDS[name], text, before, before + length))
    return found


_KINDS = {
    "Link": "link", "Image": "picture", "Code": "code", "CodeBlock": "code",
    "HtmlBlock": "html", "InlineHtml": "html",
}  # fmt: skip


class _Links:
    """Makes relative links absolute. One for all notes: a cleaner costs as much as cleaning."""

    page = ""  #: the address they start from
    used = False  #: has there been one since this was set?

    def __call__(self, url: str) -> str | None:
        self.used = True
        try:
            return ascii_address(urljoin(self.page, url))
        except ValueError:  # such as "//[": no address at all
            return None


_links = _Links()

_UNFIT = pattern(r"""="(?<=[fc]=")(?:[A-Za-z]+://[^"/?#%]*+%|[^"\x80-\U0010ffff]*+[^"])""")
"""The beginning of an href or a src with "%" in its host or a letter beyond ASCII anywhere. What it
begins with is looked for as fast as a plain text; the whole takes 1 of the 100 µs of some notes."""

_ADDRESS = pattern(r"""(<(?:a|img)(?: (?:title|alt|lang)="[^"]*")* (?:href|src)=")([^"]*)""")
_HOST = pattern(r"[\w.-]+(?::\d+)?")


def _ascii_links(html: str) -> str:
    """Sanitised HTML with addresses as feeds must carry them (RFC 3986); nh3 asks for relative
    ones only, and pyromark writes "%" into hosts, where no name server looks for it."""
    if not _UNFIT.search(html):
        return html
    return _ADDRESS.sub(lambda found: found[1] + _attribute(in_ascii(unescape(found[2]))), html)


def _attribute(text: str) -> str:
    """As nh3 writes it."""
    return escape(text, quote=False).replace('"', "&quot;")


def in_ascii(url: str) -> str:
    """The address of a link in ASCII; as it stands if its host can be none."""
    try:
        parts = urlsplit(url)
        login, at, host = parts.netloc.rpartition("@")
        if "%" in host and _HOST.fullmatch(name := unquote(host)):
            parts = parts._replace(netloc=login + at + name)
        return ascii_address(parts.geturl())
    except ValueError:
        return url


@cache
def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        url_schemes=_SCHEMES,
        link_rel=None,
        url_relative=_links,
    )


@cache
def _opening(tags: frozenset[str]) -> re.Pattern[str]:
    """Finds the first of some tags."""
    first = "".join(sorted({tag[0] for tag in tags}))  # spares trying each of them at every tag
    return pattern(f"<(?=[{first}])(?:{'|'.join(sorted(tags))})[ >]")


def _reduced(html: str, tags: frozenset[str]) -> str:
    """Sanitised HTML with `tags` only; the words of other blocks stay, and stay apart."""
    if not _opening(_KNOWN_TAGS - tags).search(html):
        return html
    if not _opening(_KNOWN_TAGS - tags - _EASY_TAGS).search(html):
        for tag, plain in _EASY.items():
            if tag not in tags and f"<{tag}>" in html:
                other = _LEVELS.get(tag, "")
                opening, closing = (f"<{other}>", f"</{other}>") if other in tags else plain
                html = html.replace(f"<{tag}>", opening).replace(f"</{tag}>", closing)
        return _cleaner(tags).clean(html).strip()
    reducer = _Reducer(tags)
    reducer.feed(html)
    reducer.close()
    return _cleaner(tags).clean("".join(reducer.parts)).strip()


_EASY = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "pre"), ("<p>", "</p>")),
    **dict.fromkeys(("blockquote", "br", "hr"), ("\n", "\n")),
    "code": ("", ""),
}
_EASY_TAGS = frozenset(_EASY)
"""What becomes another tag, or a line break, wherever it stands. They are in most notes, and
parsing those in Python costs ten times as much as all the rest. The tags are nh3's own, without
attributes, and the result goes through nh3 again, or is such that nh3 would not change it."""

_TAG = pattern("<([^ >]+ ?)")
"""Tags as nh3 writes them, with a space after the name if they have attributes. It escapes every
other "<", in attributes too."""

_SWAPS = {
    f"<{slash}{tag}>": words
    for tag, pair in _EASY.items()
    for slash, words in zip(("", "/"), pair, strict=True)
}
_SWAPPED = pattern(f"</?(?:{'|'.join(_EASY)})>")
_SIGNS = {
    written: sign
    for tags, signs in (
        (("p", "p ", "h2", "h3", "h4", "pre"), "Pp"),
        (("ul", "ul ", "ol", "ol "), "Ll"),
        (("li", "li "), "Ii"),
        (("a", "a "), "Aa"),
        (("b", "b ", "i", "i ", "strong", "strong ", "em", "em "), ("", "")),
        (("code", "blockquote", "br", "hr"), ("", "")),
    )
    for tag in tags
    for written, sign in ((tag, signs[0]), (f"/{tag}", signs[1]))
}
"""What the short form makes of a tag, for the rule below. What is put in the place of other tags
depends on what is around them."""

_MOVING = pattern("P[Aa]*[PLI]|(?:^|[Il])[PpAa]*I|A[^a]*A")
"""Where a parser of HTML would close something before its end tag: a block in a paragraph, an item
of no list, a link in a link. Any other nesting of these tags is written as it was read (HTML,
"The rules for parsing tokens in HTML content", "in body")."""


def _swapped(html: str) -> str | None:
    """The short form of `html` if exchanging tags is enough for it, else None.

    Most notes are such, and have no tags but those of the full form. It is what `_reduced` gives,
    in a fifth of the time: nh3 would read the result and write the same again.
    """
    try:
        shape = "".join([_SIGNS[tag] for tag in _TAG.findall(html)])
    except KeyError:
        return None
    if _MOVING.search(shape):
        return None
    return _SWAPPED.sub(lambda found: _SWAPS[found.group()], html).strip()


class _Reducer(HTMLParser):
    """Puts paragraphs in place of blocks that may not stay, and words in place of pictures.

    A sanitiser removes tags without a trace: "<td>a</td><td>b</td>" would become "ab".
    """

    def __init__(self, tags: frozenset[str]) -> None:
        super().__init__()
        self.tags = tags
        self.parts: list[str] = []
        self.loose = False  #: after the edge of such a block: words need a paragraph
        self.opened = False  #: a paragraph of ours is open
        self.cells = 0  #: before this one in the row

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and tag not in self.tags:
            self.handle_data(dict(attrs).get("alt") or "")
        elif tag in _INLINE:
            if tag in self.tags:
                self._inline(self.get_starttag_text() or "")
        elif _LEVELS.get(tag, tag) in self.tags:
            self._edge(loose=False)
            self.parts.append(
                f"<{_LEVELS[tag]}>" if tag in _LEVELS else self.get_starttag_text() or ""
            )
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _CELLS:
            self.handle_data(" – " if self.cells else "")
            self.cells += 1
        else:
            self.cells = 0
            self._edge(loose=True)

    def handle_endtag(self, tag: str) -> None:
        tag = _LEVELS.get(tag, tag)
        if tag in self.tags:
            if tag not in _INLINE:
                self._edge(loose=False)
            if tag == "p" and self.parts[-1:] == ["<p>"]:
                self.parts.pop()  # it held a picture without words
            else:
                self.parts.append(f"</{tag}>")
        elif tag not in _INLINE | _CELLS:
            self._edge(loose=True)

    def handle_data(self, data: str) -> None:
        if data.isspace() and not self.opened:
            self.parts.append(data)
        elif data:
            self._inline(escape(data, quote=False))

    def _inline(self, html: str) -> None:
        if self.loose and not self.opened:
            self.parts.append("<p>")
            self.opened = True
        self.parts.append(html)

    def _edge(self, *, loose: bool) -> None:
        """Of a block: a paragraph of ours ends here."""
        if self.opened:
            self.parts.append("</p>\n")
            self.opened = False
        self.loose = loose
