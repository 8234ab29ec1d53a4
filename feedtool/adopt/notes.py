"""Show notes of others: HTML in, Markdown out that says the same. The door to markdownify.

What it made is read again as a build reads it. Where words or links would come out other than they
went in, the sanitised HTML itself becomes the notes, which they may be.
"""

from __future__ import annotations

import re
from html import escape, unescape

from ..formats import forbidden_characters
from ..read.notes import clean_notes, render_notes
from ..read.yaml_tree import front_matter

_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_TAG = re.compile("<[^>]*>")
_BREAKS = re.compile("</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|pre|blockquote|hr)[ >/]")
_HREF = re.compile('(?:href|src)="([^"]*)"')
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def markdown_of(notes: str, *, plain: bool, page: str) -> tuple[str, bool]:
    """The notes as Markdown, and whether nothing is lost; relative links start at `page`.

    What cannot be kept otherwise is kept as words alone.
    """
    for found in reversed([*forbidden_characters(notes)]):
        notes = notes[: found.start()] + notes[found.end() :]
    html = clean_notes(html_of_text(notes) if plain else notes, page)
    if not html:
        return "", not plain_text(notes)
    meant = _said(html)
    # in HTML an empty line would end it
    for made in (_markdown(html), _BLANK.sub("\n", html) + "\n"):
        if _is_read(made) and _said(render_notes(made, page)[0]) == meant:
            return made, True
    return _markdown(html_of_text(plain_text(html))), False


def _markdown(html: str) -> str:
    """The text as far as it can be converted; "" for what is nested too deep."""
    from markdownify import markdownify

    try:
        made: str = markdownify(
            html, heading_style="ATX", bullets="-", escape_misc=True, newline_style="BACKSLASH",
            bs4_options="lxml",
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
    return "".join(plain_text(html).split()), _HREF.findall(html)
