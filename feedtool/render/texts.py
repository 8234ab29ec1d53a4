"""Which text an item shows where: the notes, or what stands in for them."""

from __future__ import annotations

from html import escape

from ..model import Item, Site

DESCRIPTION_LIMIT = 4000
"""UTF-8 bytes, markup included (Apple's guide, PSP-1)."""


def description(item: Item, site: Site) -> str:
    """HTML for RSS `description`: the notes, or the summary and a link if they are too long."""
    episode = item.episode
    if _fits(episode.short_notes):
        return episode.short_notes
    summary = paragraph(episode.summary or episode.title)
    if not episode.notes and _fits(summary):
        return summary
    page = escape(site.page(episode.series, episode.slug))
    link = f'<p><a href="{page}">{escape(episode.title, quote=False)}</a></p>'
    return summary + link if _fits(summary + link) else link


def _fits(html: str) -> bool:
    return 0 < len(html.encode()) <= DESCRIPTION_LIMIT


def content(item: Item) -> str:
    """HTML of the whole notes, never empty."""
    episode = item.episode
    return episode.notes or paragraph(episode.summary or episode.title)


def paragraph(text: str) -> str:
    """A plain text as one paragraph of HTML."""
    return f"<p>{escape(text, quote=False)}</p>"
