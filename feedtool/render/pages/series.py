"""The page of a series: what it is about, where its feeds are, its episodes."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from ...formats import rfc3339, shortened, whole_seconds
from ...model import Item, Series, Site
from .addresses import address, web
from .frame import frame
from .people import people
from .speech import exact_length, lang, speech
from .templates import render

SUMMARY = 240
"""Characters of a summary in a list."""

_MARK = "\x00"
"""Where the rows come; no text on a page has it."""


def series_row(item: Item, series: Series, site: Site) -> str:
    """An episode in the list of its series: heading, date, length and summary.

    Stands on the page as it is here; `elsewhere` makes it fit another.
    """
    episode = item.episode
    say = speech(series.language)
    language = episode.written_in(series)
    values = {
        "href": f"{episode.slug}/",
        "episode": episode,
        "spoken": lang(language, series.language),
        "within": say.within(language),
        "numbered": episode.season or episode.number or episode.type != "full",
        "date": rfc3339(episode.date),
        "day": say.date(episode.date),
        "exact": exact_length(whole_seconds(item.enclosure.duration)),
        "length": say.length(item.enclosure.duration) if item.enclosure.duration else "",
        "summary": _short(episode.summary),
    }
    return render("row.html", say, values)


def _short(summary: str | None) -> str | None:
    if summary is None or len(summary) <= SUMMARY:
        return summary
    return shortened(summary, SUMMARY, " …")


def elsewhere(row: str, way: str) -> Markup:
    """What a row says, for a page from which `way` leads to the page of its series."""
    inside = row.removeprefix("<li>\n").removesuffix("</li>\n")
    # a text cannot look like this: its quotes are escaped
    return Markup(inside.replace('href="', f'href="{way}'))


def series_page(series: Series, rows: Iterable[str], site: Site) -> bytes:
    """The page of a series; `rows` are its due episodes, newest first."""
    head, tail = series_frame(series, site)
    return b"".join([head, *(row.encode() for row in rows), tail])


def lent(series: Series) -> dict[str, Markup]:
    """The lang attributes of texts that may be the catalog's, in its language (WCAG 3.1.2)."""
    keys = ("description", "funding", "image_alt", "license")
    return {key: lang(series.language_of(key), series.language) for key in keys}


def series_frame(series: Series, site: Site) -> tuple[bytes, bytes]:
    """The page of a series: what stands before its rows, and behind."""
    say = speech(series.language)
    values = {
        **frame(
            series,
            site,
            site.page(series.slug),
            title=series.title,
            root="../",
            feeds="",
            image=series.image,
        ),
        "image": address(site, "../", series.image) if series.image else None,
        "people": people(series.people, series),
        "links": [(link.title or link.url, web(link.url)) for link in series.links],
        "funding": [(one.text, web(one.url)) for one in series.funding],
        "lent": lent(series),
        "rows": _MARK,
    }
    head, _, tail = render("series.html", say, values).partition(_MARK)
    return head.encode(), tail.encode()
