"""Rules about places on the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Location, Series
from ..vocabulary import COUNTRIES
from .rule import Heard, item_rule, series_rule, written

CF093 = Code(
    "CF093",
    Severity.WARNING,
    message=N_('"{geo}" is not in Sweden, and the country is SE'),
    why=N_("apps would show {name} in another part of the world"),
    mend=N_("write the latitude first, then the longitude, as for Stockholm:  geo:59.33,18.06"),
    spec=("PC20-09",),
)
CF094 = Code(
    "CF094",
    Severity.WARNING,
    message=N_('"{geo}" is a place in the ocean'),
    why=N_("0,0 is what maps say when they do not know a place"),
    mend=N_("find {name} on a map and copy its two numbers, or delete  geo:"),
    spec=("PC20-09",),
)
SE016 = Code(
    "SE016",
    Severity.WARNING,
    message=N_('there is no country "{country}"'),
    why=N_("apps that list podcasts by place would not find it"),
    mend=N_("write the two letters of the country: SE for Sweden, FI for Finland, GB for Great "
            "Britain"),
    spec=("PC20-09",),
    profiles={"podcasting2": Severity.ERROR},
)  # fmt: skip

_LATITUDES, _LONGITUDES = (55.0, 69.5), (10.5, 24.5)
"""Of Sweden, its waters included."""


@series_rule
def series_misplaced(series: Series) -> Iterator[Finding]:
    """Places of a series that are somewhere else."""
    if series.location:
        yield from _misplaced(series.location, written(series, "location"))


@item_rule
def place_of_episode(heard: Heard) -> Iterator[Finding]:
    """Places of an episode that are somewhere else."""
    if places := heard.item.episode.location:
        yield from _misplaced(places, heard.place("location"))


def _misplaced(places: Sequence[Location], place: Place) -> Iterator[Finding]:
    for index, one in enumerate(places):
        if one.country and one.country not in COUNTRIES:
            yield SE016.at(place.down(index, "country"), country=one.country)
        if not one.geo:
            continue
        latitude, longitude = map(float, one.geo[4:].partition(";")[0].split(",")[:2])
        where = place.down(index, "geo")
        if not latitude and not longitude:
            yield CF094.at(where, geo=one.geo, name=one.name)
        elif one.country == "SE" and not (
            _LATITUDES[0] <= latitude <= _LATITUDES[1]
            and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]
        ):
            yield CF093.at(where, geo=one.geo, name=one.name)
