"""Rules about the addresses in Podcasting 2.0 tags, which have to be https."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Person, Series
from .rule import Heard, item_rule, series_rule, written

CF047 = Code(
    "CF047",
    Severity.OFF,
    message=N_("the address {text} begins with http://"),
    why=N_("apps that load secure addresses only do not open it"),
    mend=N_("write  {better}  after trying in a browser whether it answers"),
    spec=("URI-02",),
    profiles={"podcasting2": Severity.WARNING},
)


@series_rule
def address_of_series_not_secure(series: Series) -> Iterator[Finding]:
    """Money, rights, the publisher, the artwork, and who takes part in every episode."""
    for index, funding in enumerate(series.funding):
        yield from _insecure(funding.url, written(series, "funding", index, "url"))
    for key, named in (("license", series.license), ("publisher", series.publisher)):
        yield from _insecure(named.url if named else None, written(series, key, "url"))
    yield from _insecure(series.image, written(series, "image"))
    for index, credit in enumerate(series.people):
        if _has_insecure(credit.person):
            yield from _of_person(credit.person, Place(series.file, ("people", index)))


@item_rule
def address_of_episode_not_secure(heard: Heard) -> Iterator[Finding]:
    """Rights, the picture, and who takes part; those of the series are told there."""
    episode = heard.item.episode
    if episode.license:
        yield from _insecure(episode.license.url, heard.place("license", "url"))
    if episode.image:
        yield from _insecure(episode.image, heard.place("image"))
    for credit in episode.people:
        # most have no such address: whose they are is looked at last
        if _has_insecure(credit.person) and credit not in heard.series.people:
            yield from _of_person(credit.person, heard.place("people"))


def _has_insecure(person: Person) -> bool:
    return _is_insecure(person.url) or _is_insecure(person.image)


def _of_person(person: Person, place: Place) -> Iterator[Finding]:
    """Told at `place`, or where the person is listed if the address stands there."""
    for key in ("url", "image"):
        listed = Place("feedtool.yaml", ("people", person.id or "", key))
        yield from _insecure(getattr(person, key), listed if key in person.lent else place)


def _insecure(address: str | None, place: Place) -> Iterator[Finding]:
    if address and _is_insecure(address):
        yield CF047.at(place, text=address, better="https:" + address[len("http:") :])


def _is_insecure(address: str | None) -> bool:
    return address is not None and address[:5].lower() == "http:"
