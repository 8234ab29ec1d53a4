"""What every page has around its content: addresses, feeds, whom to ask."""

from __future__ import annotations

from typing import Any

from ...model import Series, Site
from .addresses import mail, policy
from .feeds import feed_links

_MARKS = ("©", "(c)", "copyright")


def frame(
    series: Series,
    site: Site,
    page: str,
    *,
    root: str,
    feeds: str,
    image: str | None,
    media: str | None = None,
) -> dict[str, Any]:
    """Values of page.html. `root` and `feeds` lead from the page to the site's address and to the
    feeds of the series; the page at the address `page` shows the source `image`, plays `media`.
    """
    owner = series.owner
    return {
        "series": series,
        "root": root,
        "canonical": page,
        "policy": policy(site, image, media),
        "feeds": feed_links(series, site, feeds),
        "contact": (owner.name, mail(owner.email)) if owner else None,
        "rights": _rights(series.copyright) if series.copyright else None,
    }


def _rights(copyright: str) -> str:
    said = any(mark in copyright.lower() for mark in _MARKS)
    return copyright if said else f"© {copyright}"
