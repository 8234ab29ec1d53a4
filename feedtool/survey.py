"""What stands in a catalog: due, scheduled, draft. Files are read; recordings are not opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from .check.policy import judge
from .declare import dataclass
from .finding import Finding, Place, in_order
from .folders import find_folders
from .load import load_catalog, read_keys
from .placing import located
from .published import marks_of, published
from .read.catalog import Catalog
from .read.dates import resolve_date
from .sync.journal import load_host_lock
from .sync.standing import HostStanding, standing


@dataclass(frozen=True, slots=True)
class Standing:
    """One episode and where it stands: "due", "scheduled" or "draft"."""

    slug: str
    title: str
    state: str
    date: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetStanding:
    """What a target that was published to from here does not have as it is now: "series/slug"."""

    name: str
    new: tuple[str, ...]
    changed: tuple[str, ...]  #: the file is another one; what its recording is, is not looked at
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """The episodes of each series, the next date first to come last."""

    language: str
    series: tuple[tuple[str, tuple[Standing, ...]], ...]
    findings: tuple[Finding, ...]
    hosts: tuple[tuple[str, HostStanding], ...] = ()
    """By the last sync with each host of feedtool.yaml; nobody is asked."""
    targets: tuple[TargetStanding, ...] = ()


def survey(root: Path, now: datetime) -> Survey:
    """Where every episode stands at `now` (without an offset: in the catalog's zone)."""
    found: list[Finding] = []
    catalog = load_catalog(root, found)
    series = []
    for folder in find_folders(root, found) if catalog else ():
        assert catalog is not None
        standings = [
            standing
            for stem in folder.episodes
            if (standing := _standing(root, folder.slug, stem, catalog, now, found))
        ]
        standings.sort(key=lambda one: (one.date is None, one.date and one.date.timestamp()))
        series.append((folder.slug, tuple(standings)))
    profiles = catalog.keys.profiles if catalog else ()
    due = {f"{slug}/{one.slug}" for slug, all in series for one in all if one.state == "due"}
    return Survey(
        catalog.series.language if catalog else "",
        tuple(series),
        tuple(in_order(located(root, judge(found, profiles, {})))),
        tuple(_hosts(root, catalog, due)),
        tuple(_targets(root, due)),
    )


def _targets(root: Path, due: set[str]) -> Iterator[TargetStanding]:
    kept = published(root)
    now = marks_of(root, due) if kept else {}
    for name, there in sorted(kept.items()):
        yield TargetStanding(
            name=name,
            new=tuple(sorted(due - there.keys())),
            changed=tuple(sorted(one for one in now if one in there and now[one] != there[one])),
            gone=tuple(sorted(there.keys() - due)),
        )


def _hosts(
    root: Path, catalog: Catalog | None, due: set[str]
) -> Iterator[tuple[str, HostStanding]]:
    for name in catalog.keys.hosts if catalog else ():
        yield name, standing(load_host_lock(root / f"{name}.lock"), due)


def _standing(
    root: Path, series: str, stem: str, catalog: Catalog, now: datetime, found: list[Finding]
) -> Standing | None:
    read = read_keys(root, series, stem, found)
    if read is None:
        return None
    keys, _ = read
    file = f"episodes/{series}/{stem}.md"
    date = resolve_date(keys.date, catalog.zone, Place(file, ("date",)), found)
    if keys.status == "draft" or date is None:
        return Standing(stem, keys.title, "draft", date)
    zoned = now if now.tzinfo else now.replace(tzinfo=catalog.zone)
    return Standing(stem, keys.title, "due" if date <= zoned else "scheduled", date)
