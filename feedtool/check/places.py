"""Rules about places on the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Location
from .rule import Heard, item_rule

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

_LATITUDES, _LONGITUDES = (55.0, 69.5), (10.5, 24.5)
"""Of Sweden, its waters included."""


@item_rule
def place_of_episode(heard: Heard) -> Iterator[Finding]:
    """Places of an episode that are somewhere else."""
    if places := heard.item.episode.location:
        yield from _misplaced(places, heard.place("location"))


def _misplaced(places: Sequence[Location], place: Place) -> Iterator[Finding]:
    for index, one in enumerate(places):
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
