"""Show notes: Markdown in, sanitised HTML out. The door to pyromark and nh3.

Raw HTML in the notes is allowed and goes through the sanitiser like everything else.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from urllib.parse import urljoin

import nh3
import pyromark

SHORT_TAGS = {"p", "ul", "ol", "li", "a", "b", "i", "strong", "em"}
"""What a description may hold: Apple's guide and PSP-1."""

FULL_TAGS = SHORT_TAGS | {
    "h2", "h3", "h4", "img", "code", "pre", "blockquote", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH


@lru_cache(maxsize=4)
def _cleaner(tags: frozenset[str], page: str) -> nh3.Cleaner:
    """A cleaner that makes relative links absolute; `page` is the address they start from."""
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        url_schemes=_SCHEMES,
        link_rel=None,
        url_relative=lambda url: urljoin(page, url),
    )


_SHORT, _FULL = frozenset(SHORT_TAGS), frozenset(FULL_TAGS)


def render_notes(markdown: str, page: str) -> tuple[str, str]:
    """The notes as HTML, whole and with the few tags podcast apps show; links are absolute.

    `page` is the address of the episode's page. Both are "" for empty notes.
    """
    if not markdown.strip():
        return "", ""
    html = pyromark.html(markdown, options=_OPTIONS)
    full = _cleaner(_FULL, page).clean(html).strip()
    return full, _cleaner(_SHORT, page).clean(full).strip()


def paragraph(text: str) -> str:
    """A plain text as one paragraph of HTML."""
    return f"<p>{escape(text, quote=False)}</p>"
