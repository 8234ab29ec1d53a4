"""What every page has around its content: addresses, feeds, whom to ask."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from ...model import Owner, Series, Site
from ..identity import FEED_NAMES, FEED_TYPES, feed_url
from .addresses import mail, policy
from .speech import lang, speech
from .templates import render

_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_MARKS = ("©", "(c)", "copyright")


class _Feed(NamedTuple):
    name: str
    type: str  #: MIME type
    href: str  #: from the page
    url: str  #: to be copied into an app


def frame(
    series: Series,
    site: Site,
    page: str,
    *,
    title: str,
    root: str,
    feeds: str,
    image: str | None,
    media: str | None = None,
) -> dict[str, Any]:
    """Values of head.html, and the footer. `root` and `feeds` lead from the page to the site's
    address and to the feeds of the series; the page at the address `page` shows the source `image`
    and plays `media`.
    """
    links, footer = _around(
        series.slug,
        series.title,
        series.language,
        series.catalog_language or series.language,
        series.owner,
        series.copyright,
        series.language_of("copyright"),
        site,
        feeds,
    )
    return {
        "series": series,
        "language": lang(series.language, ""),
        "title": title,
        "root": root,
        "canonical": page,
        "policy": policy(site, image, media),
        "feed_links": links,
        "footer": footer,
    }


@lru_cache(maxsize=256)
def _around(
    slug: str,
    title: str,
    language: str,
    catalog_language: str,
    owner: Owner | None,
    copyright: str | None,
    copyright_language: str,
    site: Site,
    way: str,
) -> tuple[Markup, Markup]:
    """The links to feeds in the head and the footer: a third of a page, alike on all of a series.

    `way` leads from the page to the feeds.
    """
    feeds = [
        _Feed(_FORMATS[format], FEED_TYPES[format], way + name, feed_url(site, slug, format))
        for format, name in FEED_NAMES.items()
    ]
    say = speech(language)
    values = {
        "title": title,
        "feeds": feeds,
        "contact": (owner.name, mail(owner.email), lang(catalog_language, say.code))
        if owner
        else None,
        "rights": (_rights(copyright), lang(copyright_language, language)) if copyright else None,
        "all": not slug,
    }
    return Markup(render("feed_links.html", say, values)), Markup(
        render("footer.html", say, values)
    )


def _rights(copyright: str) -> str:
    said = any(mark in copyright.lower() for mark in _MARKS)
    return copyright if said else f"© {copyright}"
