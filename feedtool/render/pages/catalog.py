"""The front page: all series, and the newest episodes of any."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from ...finding import N_
from ...model import Series, Site
from .addresses import address, web
from .frame import frame
from .series import elsewhere, lent
from .speech import lang, speech
from .templates import render

NEWEST_ROWS = 10
"""Episodes on the front page."""


class Listed(NamedTuple):
    """A series on the front page."""

    series: Series
    episodes: int  #: that are due
    newest: datetime  #: the date of its newest episode, whatever was corrected since


class _Shelf(NamedTuple):
    series: Series
    spoken: Markup  #: the lang attribute of the series
    ours: Markup  #: the lang attribute of the page's own words inside
    lead: Markup  #: that of its description
    episodes: str
    newest: str


class _Row(NamedTuple):
    series: Series
    spoken: Markup
    row: Markup


def catalog_page(
    own: Series, series: Iterable[Listed], newest: Iterable[tuple[Series, str]], site: Site
) -> bytes:
    """The catalog's page.

    `newest` has the rows of its newest episodes with the series of each, newest first.
    """
    say = speech(own.language)
    values = {
        **frame(own, site, site.page(""), title=own.title, root="", feeds="", image=own.image),
        "image": address(site, "", own.image) if own.image else None,
        "all": [
            _Shelf(
                one.series,
                lang(one.series.language, own.language),
                lang(say.code, one.series.language),
                lent(one.series)["description"],
                say.text(N_("Episodes: {count}")).format(count=one.episodes),
                say.text(N_("newest {date}")).format(date=say.date(one.newest)),
            )
            for one in series
        ],
        "links": [(link.title or link.url, web(link.url)) for link in own.links],
        "funding": [(one.text, web(one.url)) for one in own.funding],
        "lent": lent(own),
        "rows": (
            _Row(one, lang(one.language, own.language), elsewhere(row, f"{one.slug}/"))
            for one, row in newest
        ),
    }
    return render("catalog.html", say, values).encode()
