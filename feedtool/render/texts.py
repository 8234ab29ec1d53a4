"""Which text an item shows where: the notes, or what stands in for them."""

from __future__ import annotations

from html import escape

from ..model import Item, Site

DESCRIPTION_LIMIT = 4000
"""UTF-8 bytes, markup included (Apple's guide, PSP-1)."""


def description(item: Item, site: Site) -> str:
    """HTML for RSS `description`: the notes, or the summary and a link if they are too long."""
    episode = item.episode
    notes = episode.short_notes
    if notes and len(notes.encode()) <= DESCRIPTION_LIMIT:
        return notes
    summary = f"<p>{escape(episode.summary or episode.title, quote=False)}</p>"
    if not notes:
        return summary
    page = escape(site.page(episode.series, episode.slug))
    link = f'<p><a href="{page}">{escape(episode.title, quote=False)}</a></p>'
    together = summary + link
    return together if len(together.encode()) <= DESCRIPTION_LIMIT else link


def content(item: Item) -> str:
    """HTML of the whole notes, never empty."""
    episode = item.episode
    return episode.notes or f"<p>{escape(episode.summary or episode.title, quote=False)}</p>"
