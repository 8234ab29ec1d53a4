"""JSON chapters 1.2 (Podcasting 2.0, jsonChapters)."""

from __future__ import annotations

from typing import Any

import orjson

from ..formats import decimal_seconds, source_url
from ..model import Episode, Site


def render_chapters(episode: Episode, site: Site) -> bytes:
    """The chapters file of one episode."""
    document = {
        "version": "1.2.0",
        "title": episode.title,
        "chapters": [
            _stated(
                {
                    "startTime": decimal_seconds(chapter.start),
                    "endTime": decimal_seconds(chapter.end) if chapter.end else None,
                    "title": chapter.title or None,
                    "url": chapter.url,
                    "img": source_url(site, chapter.image) if chapter.image else None,
                    "toc": None if chapter.toc else False,
                }
            )
            for chapter in episode.chapters
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
