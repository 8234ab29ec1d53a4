"""The trailers of a series (podcast:trailer): episodes whose recordings they name."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import N_
from .dates import read_dates
from .fitting import Unfit
from .plan import Plan, Planned
from .record import Trailer, Why, one_line


def trailers_of(plan: Plan) -> tuple[tuple[str, ...], list[Unfit]]:
    """The slugs of the episodes, and what trailers say that those do not."""
    by_address = {one.enclosure.url: one for one in plan.new}
    slugs: dict[str, None] = {}
    left: list[Unfit] = []
    for trailer in plan.whole.source.trailers:
        if episode := by_address.get(trailer.url):
            slugs[episode.slug] = None
            left += _otherwise(trailer, episode)
        else:
            left.append(Unfit("podcast:trailer", trailer.url, Why(
                N_("a trailer is an episode of the series, and none has this recording")
            )))  # fmt: skip
    return tuple(slugs), left


def _otherwise(trailer: Trailer, episode: Planned) -> Iterator[Unfit]:
    """What differs. Both are one in our files, so that the episode speaks for the trailer."""
    season = episode.entry.tree.get("season", {}).get("number", "")
    date = read_dates([trailer.date_text]).get(trailer.date_text, trailer.date_text)
    for name, said, own, same in (
        ("", trailer.title, episode.title, one_line(trailer.title) == episode.title),
        (" season", trailer.season, season, trailer.season == season),
        (" pubdate", trailer.date_text, episode.entry.date_text, date == episode.entry.date),
    ):
        if said and not same:
            yield Unfit(f"podcast:trailer{name}", said[:100], Why(
                N_("a trailer is an episode, and its episode says {own}"), {"own": own or "–"}
            ))  # fmt: skip
