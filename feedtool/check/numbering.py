"""Rules about seasons and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Identity, Series
from .rule import Heard, catalog_rule, item_rule

EP060 = Code(
    "EP060",
    Severity.WARNING,
    message=N_("{other} has the number {number} too"),
    why=N_("apps show two episodes with the same number, and in a serial either may come first"),
    mend=N_("correct one of the two; where numbers begin anew each year or season, add a line  "
            "season: 2"),
    spec=("APPLE-30", "PC20-11"),
)  # fmt: skip
EP061 = Code(
    "EP061",
    Severity.WARNING,
    message=N_('season {season} is called "{name}" here and "{other_name}" in {other}'),
    why=N_("apps show one season as two, or one of the names at random"),
    mend=N_("write the same name in all episodes of the season; it is enough to write it in one"),
    spec=("PC20-10",),
)
EP062 = Code(
    "EP062",
    Severity.WARNING,
    message=N_("the episode has the number {number}, and numbers begin with 1"),
    why=N_("Apple counts from 1 on: the episode would stand among the others without a number"),
    mend=N_("number it from 1 on; an introduction is  episode_type: trailer  and needs no number"),
    spec=("APPLE-30", "PSP-07"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)


@item_rule
def number_before_one(heard: Heard) -> Iterator[Finding]:
    """Episodes with the number 0, or one between 0 and 1."""
    number = heard.item.episode.number
    if number and number.value[0] == "0" and Decimal(number.value) < 1:
        yield EP062.at(heard.place("episode"), number=number.value)


@catalog_rule
def number_shared(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Two episodes of one season with the same number; the later one is told."""
    first: dict[tuple[str, int, Decimal], Identity] = {}
    numbered = [one for one in episodes if one.number and not one.draft]
    for episode in sorted(numbered, key=lambda one: one.date):
        key = (episode.series, episode.season, Decimal(episode.number))
        other = first.setdefault(key, episode)
        if other is not episode:
            place = Place(episode.file, ("episode",))
            yield EP060.at(place, number=episode.number, other=other.file)


@catalog_rule
def season_with_two_names(
    series: Sequence[Series], episodes: Sequence[Identity]
) -> Iterator[Finding]:
    """Seasons whose name is not the same in all their episodes; the later one is told."""
    first: dict[tuple[str, int], Identity] = {}
    named = [one for one in episodes if one.season_name and not one.draft]
    for episode in sorted(named, key=lambda one: one.date):
        other = first.setdefault((episode.series, episode.season), episode)
        if other.season_name != episode.season_name:
            yield EP061.at(
                Place(episode.file, ("season", "name")),
                season=episode.season, name=episode.season_name,
                other_name=other.season_name, other=other.file,
            )  # fmt: skip
