"""Show notes of others: HTML in, Markdown out that says the same. The door to markdownify.

What it made is read again as a build reads it. Where words or links would come out other than they
went in, the sanitised HTML itself becomes the notes, which they may be; else each of its blocks is
kept as well as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import quote

from ..formats import forbidden_characters
from ..read.front_matter import front_matter
from ..read.notes import FULL_TAGS, clean_notes, in_ascii, render_notes

_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_TAG = re.compile("<[^>]*>")
_BREAKS = re.compile("</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|pre|blockquote|hr)[ >/]")
_HREF = re.compile('(?:href|src)="([^"]*)"')
_ELEMENT = re.compile('<(/?)([a-z0-9]+)(?: [a-z]+="[^"]*")*>')
_OUTER = FULL_TAGS - {"a", "b", "i", "strong", "em", "img", "code", "br"}
_VOID = frozenset({"br", "hr", "img"})
_INVISIBLE = re.compile("[\t\r\n]")
_SIGNS = "%:/?#[]@!$&'()*+,;=~-._"
"""What may stand in an address (RFC 3986, 2.2 and 2.3)."""
_SPACED = re.compile(r'''(<(?:a|img)(?: (?:title|alt)="[^"]*")* (?:href|src)=")\s*([^"]*?)\s*"''')
"""An address, and the white space around it that browsers leave out."""
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def markdown_of(notes: str, *, plain: bool, page: str) -> tuple[str, str]:
    """The notes as Markdown, and the words of what cannot be kept; relative links start at `page`.

    Block by block, where the whole cannot be: one link takes nothing from the others. What cannot
    be kept otherwise is kept as words alone. "" = nothing is lost.
    """
    for found in reversed([*forbidden_characters(notes)]):
        notes = notes[: found.start()] + notes[found.end() :]
    html = clean_notes(html_of_text(notes) if plain else notes, page)
    html = _SPACED.sub(r'\1\2"', html)
    if not html:
        return "", plain_text(notes)
    if made := _kept(html, page):
        return made, ""
    parts, lost, meant = [], [], ""
    for block in filter(str.strip, _blocks(html)):
        made = _kept(block, page)
        if not made:
            made = _words(block, page)
            lost.append(plain_text(block))
        parts.append(made)
        meant += _said(render_notes(made, page)[0])[0]
    together = "\n".join(parts).lstrip("\n")
    if _is_read(together) and _said(render_notes(together, page)[0])[0] == meant:
        return together, " ".join(lost)
    return _words(html, page), plain_text(html)


def _kept(html: str, page: str) -> str:
    """Notes that are read as this HTML; "" if none is."""
    meant = _said(html)
    for made in _forms(html):
        if _is_read(made) and _said(render_notes(made, page)[0]) == meant:
            return made
    return ""


def _forms(html: str) -> Iterator[str]:
    yield _markdown(html)
    # in HTML an empty line would end it; words of no block would be read as Markdown
    raw = _BLANK.sub("\n", html).strip()
    yield f"{raw}\n"
    yield f"<p>{raw}</p>\n"


def _words(html: str, page: str) -> str:
    words = plain_text(html)
    return _kept(html_of_text(words), page) or f"<p>{escape(words, quote=False)}</p>\n"


def _blocks(html: str) -> Iterator[str]:
    """Sanitised HTML in its outermost elements; words beside them stay together."""
    depth = start = 0
    for found in _ELEMENT.finditer(html):
        closes, name = bool(found[1]), found[2]
        outer = name in _OUTER
        if outer and not closes and not depth:
            yield html[start : found.start()]
            start = found.start()
        if name not in _VOID:
            depth += -1 if closes else 1
        if outer and not depth:
            yield html[start : found.end()]
            start = found.end()
    yield html[start:]


def _markdown(html: str) -> str:
    """The text as far as it can be converted; "" for what is nested too deep."""
    from markdownify import markdownify

    try:
        made: str = markdownify(
            f"<body>{html}</body>",  # beautifulsoup warns of what is an address alone
            heading_style="ATX", bullets="-", escape_misc=True,
            newline_style="BACKSLASH", bs4_options="lxml",
        )  # fmt: skip
    except RecursionError:
        return ""
    return _BLANK.sub("\n\n", made).strip() + "\n"


def _is_read(notes: str) -> bool:
    """Would feedtool read these notes without an error?"""
    return bool(notes) and not front_matter(f"---\n---\n{notes}", "")[3]


def html_of_text(text: str) -> str:
    """Plain text as HTML: empty lines divide paragraphs, and addresses are links, as in apps."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "".join(
        f"<p>{'<br>'.join(_linked(line.strip()) for line in paragraph.splitlines())}</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )


def _linked(line: str) -> str:
    parts, at = [], 0
    # a text may have been escaped although it is no HTML: "Q&amp;A"
    line = unescape(line)
    for found in _ADDRESS.finditer(line):
        url = escape(found.group())
        parts += [escape(line[at : found.start()], quote=False), f'<a href="{url}">{url}</a>']
        at = found.end()
    return "".join([*parts, escape(line[at:], quote=False)])


def plain_text(html: str) -> str:
    """The words of some HTML on one line."""
    if "<" in html:
        html = _TAG.sub("", _BREAKS.sub(lambda found: " " + found.group(), html))
    return " ".join(unescape(html).split())


def _said(html: str) -> tuple[str, list[str]]:
    """Its letters and signs, and its addresses, in order."""
    return "".join(plain_text(html).split()), [*map(_address, _HREF.findall(html))]


def _address(written: str) -> str:
    """As a browser asks for it: Markdown writes the same address with other signs encoded."""
    return quote(in_ascii(_INVISIBLE.sub("", unescape(written))), safe=_SIGNS)
