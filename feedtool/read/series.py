"""series.yaml, resolved with what feedtool.yaml says for all series."""

from __future__ import annotations

from collections.abc import Collection

from ..finding import N_, Code, Finding, Place, Severity
from ..model import (
    Series,
)
from .catalog import Catalog
from .channel import channel_of
from .people import resolve_people
from .podcast import inherited, resolve_tags
from .written import SeriesKeys

SE002 = Code(
    "SE002",
    Severity.WARNING,
    message=N_("the series has no description; its title is used"),
    why=N_("it is what people read before they subscribe"),
    mend=N_("add a line  description: ...  of one to three sentences"),
    spec=("RSS-04", "APPLE-02", "PSP-02"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)


def resolve_series(
    slug: str,
    keys: SeriesKeys,
    catalog: Catalog,
    place: Place,
    faulty: Collection[str] = (),
    emptied: Collection[str] = (),
) -> tuple[Series, list[Finding]]:
    """A series with the catalog's defaults; its podcast:guid only if the file states it.

    `faulty` keys are known to be wrong and are not missed; `emptied` ones are lists that the file
    states to hold nothing.
    """
    findings: list[Finding] = []
    people = resolve_people(keys.people, catalog.people, place, findings)
    if not (keys.description or catalog.keys.description or "description" in faulty):
        findings.append(SE002.at(place))
    tags = resolve_tags(keys.podcast, "channel", place.down("podcast"), findings, slug)
    stated = {"block"} if keys.block else set()
    podcast = inherited(tags, stated, catalog.podcast)
    more = {"people": people, "podcast": podcast}
    series = channel_of(slug, keys, catalog.keys, more, place, emptied)
    return series, findings
