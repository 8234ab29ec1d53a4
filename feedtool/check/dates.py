"""Rules about dates that cannot be meant. No clock is asked: the other episodes say what is odd."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Identity, Series
from .rule import Heard, catalog_rule, item_rule

EP065 = Code(
    "EP065",
    Severity.WARNING,
    message=N_("the year {year} is far ahead"),
    why=N_("the episode would not be published in our lifetime"),
    mend=N_("check the digits of the year"),
    spec=("PROF-09",),
)
EP066 = Code(
    "EP066",
    Severity.WARNING,
    message=N_("the year {year} is far from all other episodes of the series, which are from "
               "{first} to {last}"),
    why=N_("with a year in the future it is not published; with one long ago it stands at the end "
           "of every list, and nobody is told that it is new"),
    mend=N_("check the digits of the year; if it is right, say why:  "
            "ignore: [{{code: EP066, why: ...}}]"),
    spec=("PROF-09",),
)  # fmt: skip

FAR = 2100
"""A year that is a slip of the finger."""

GAP = 10
"""Years that no series that goes on was silent."""

FEW = 3
"""Episodes; fewer do not say what is usual."""

PODCASTS = 1995
"""Nothing was published for the first time on the web before."""


@item_rule
def year_far_ahead(heard: Heard) -> Iterator[Finding]:
    """Years such as 2205."""
    episode = heard.item.episode
    if episode.date.year >= FAR:
        yield EP065.at(heard.place("date"), year=episode.date.year)
    if episode.updated and episode.updated.year >= FAR:
        yield EP065.at(heard.place("updated"), year=episode.updated.year)


@catalog_rule
def year_unlike_the_others(
    series: Sequence[Series], episodes: Sequence[Identity]
) -> Iterator[Finding]:
    """One episode decades before or after all others of its series."""
    groups: dict[str, list[Identity]] = defaultdict(list)
    for one in episodes:
        if not one.draft and one.date.year < FAR:
            groups[one.series].append(one)
    for group in groups.values():
        if len(group) <= FEW:
            continue
        group.sort(key=lambda one: one.date)
        oldest, second, *_, before, newest = group
        if newest.date.year - before.date.year > GAP:
            yield _unlike(newest, oldest, before)
        if oldest.date.year < PODCASTS and second.date.year - oldest.date.year > GAP:
            yield _unlike(oldest, second, newest)


def _unlike(one: Identity, first: Identity, last: Identity) -> Finding:
    years = {"first": first.date.year, "last": last.date.year}
    return EP066.at(Place(one.file, ("date",)), year=one.date.year, **years)
