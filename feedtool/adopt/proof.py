"""The proof of an import: the feed that a build makes of it, entry by entry against the source.

The feed is rendered as a build renders it, and read as the source was read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ..declare import dataclass
from ..finding import Finding, Severity
from ..folders import find_folders
from ..formats import is_remote
from ..judging import judge_episode, judge_series
from ..kept import kept_of
from ..language import N_
from ..load import load_series, read_episodes, with_recording
from ..lock import Lock
from ..model import Feed, Item
from ..prepare import newest_first
from ..read.catalog import Catalog
from ..render.rss import render_rss
from .chain import read_document
from .dates import read_dates
from .kinds import type_of
from .plan import Planned
from .record import Entry, Why, one_line


@dataclass(frozen=True, slots=True)
class Difference:
    """What an entry says otherwise in the built feed."""

    guid: str
    fact: str  #: "guid", "date", "title", "url", "length", "type" or "order"
    source: str
    built: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of the comparison."""

    compared: int  #: entries of the source that were looked for
    same: int  #: of them, those that the built feed says alike
    differences: tuple[Difference, ...]
    faulty: tuple[tuple[str, Finding], ...]  #: an error of each episode that has some, by slug


MISSING = N_("a build leaves it out: see what is wrong with  feedtool check")
DRAFT = N_("it is a draft; why is told above")
MEASURED = N_("it was measured; the feed said otherwise")
ALTERED = N_("it could not be kept as it was")
ORDER = N_("they have one date; such go by season, number and the name of the file here")
EDITED = N_("its file was here before, and is left as it is")


def prove(
    root: Path,
    series: str,
    episodes: Sequence[tuple[str, Planned]],
    catalog: Catalog,
    lock: Lock,
    *,
    before: Collection[str],
) -> Proof:
    """Compare; `episodes` are those of the source that are in the catalog now, with their slugs.
    They are in the order of the source.

    `before` are the guids of those that were there before the import.
    """
    planned = {one.guid: (slug, one) for slug, one in episodes}
    items, faulty = _items(root, series, {slug for slug, _ in episodes}, catalog, lock)
    built: dict[str, Entry] = {}
    if items:
        loaded = items[0][0]
        feed = replace(loaded, items=tuple(item for _, item in items))
        read = read_document(render_rss(feed, catalog.home), "feed.xml")
        dates = read_dates(entry.date_text for entry in read.entries)
        built = {
            entry.guid: replace(entry, date=dates.get(entry.date_text)) for entry in read.entries
        }
    differences: list[Difference] = []
    same = 0
    remote = {item.episode.guid for _, item in items if is_remote(item.enclosure.source)}
    for guid, (_, one) in planned.items():
        found = [*_compared(one, built.get(guid), guid in remote)]
        if guid in before:
            found = [
                replace(other, why=Why(EDITED)) if other.why.template == ALTERED else other
                for other in found
            ]
        same += not found
        differences += found
    differences += _order([*built], planned)
    return Proof(
        compared=len(planned), same=same, differences=tuple(differences), faulty=tuple(faulty)
    )


def _order(
    built: Sequence[str], planned: Mapping[str, tuple[str, Planned]]
) -> Iterator[Difference]:
    """Entries of one date that stand in another order, in which apps may show them.

    Guids in the order of the built feed, and episodes by guid in that of the source.
    """
    both: dict[datetime, tuple[list[str], list[str]]] = {}
    known = {*built}
    for side, guids in enumerate((planned, built)):
        for guid in guids:
            date = planned[guid][1].entry.date if guid in planned and guid in known else None
            if date:
                both.setdefault(date, ([], []))[side].append(guid)
    for source, now in both.values():
        if source != now:
            was, becomes = (", ".join(planned[one][0] for one in side) for side in (source, now))
            yield Difference(now[0], "order", was, becomes, Why(ORDER))


def _items(
    root: Path, series: str, slugs: set[str], catalog: Catalog, lock: Lock
) -> tuple[list[tuple[Feed, Item]], list[tuple[str, Finding]]]:
    """The episodes as a build has them, newest first, and what would stop it."""
    found: list[Finding] = []
    faulty: list[tuple[str, Finding]] = []
    items: list[Item] = []
    folder = next(iter(find_folders(root, [], {series})), None)
    with kept_of(root, 0).recordings() as recordings:
        loaded = folder and load_series(root, folder, catalog, lock, recordings, found)
        if not folder or not loaded:
            return [], [("series.yaml", one) for one in found[:1]]
        more: list[Finding] = [*found, *judge_series(loaded)]
        faulty += [("series.yaml", one) for one in _errors(more, catalog)]
        stems = [stem for stem in folder.episodes if stem in slugs]
        for stem, written in zip(
            stems, read_episodes(root, stems, loaded.series, catalog), strict=True
        ):
            more = []
            episode = with_recording(written, loaded.series, lock, recordings, more)
            if episode is not None:
                more += judge_episode(episode, loaded.series)
            faulty += [(stem, one) for one in _errors(more, catalog)[:1]]
            if episode and episode.item and episode.sound and not episode.episode.draft:
                items.append(episode.item)
    items.sort(key=lambda item: newest_first(item.episode))
    return [(Feed(loaded.series, ()), item) for item in items], faulty


def _errors(found: list[Finding], catalog: Catalog) -> list[Finding]:
    weighed = [one.under(catalog.keys.profiles) for one in found]
    return [one for one in weighed if one.severity is Severity.ERROR]


def _compared(planned: Planned, built: Entry | None, remote: bool) -> Iterator[Difference]:
    entry, guid = planned.entry, planned.guid
    if built is None or built.enclosure is None:
        why = Why(DRAFT if planned.draft else MISSING)
        yield Difference(guid, "guid", guid, "", why)
        return
    if entry.date is not None and built.date != entry.date:
        yield Difference(guid, "date", entry.date_text, built.date_text, Why(ALTERED))
    title = one_line(entry.title)
    if title != one_line(built.title):
        yield Difference(guid, "title", title, built.title, Why(ALTERED))
    source = entry.enclosure
    assert source is not None, "there is no episode without one"
    if not remote:
        if source.length and source.length != built.enclosure.length:
            length = str(built.enclosure.length)
            yield Difference(guid, "length", str(source.length), length, Why(MEASURED))
        if source.type and source.type != built.enclosure.type:
            yield Difference(guid, "type", source.type, built.enclosure.type, Why(MEASURED))
        return
    for fact in ("url", "length", "type"):
        said, says = getattr(source, fact), getattr(built.enclosure, fact)
        if said and said != says and not (fact == "type" and says == type_of(source)):
            yield Difference(guid, fact, str(said), str(says), Why(ALTERED))
