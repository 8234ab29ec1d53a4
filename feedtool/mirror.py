"""What a build left to be held at a host: the due episodes, as the host is to have them.

What an episode is to be there is worked out again only when its part of the feeds is another one;
of the others only the marks of its fields are kept.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from .artifacts import Sums
from .cache import Cache
from .declare import dataclass
from .earlier import entries_of
from .entry import Entry
from .errors import FeedtoolError
from .finding import N_, Finding
from .folders import Folder, find_folders
from .kept import STATE, kept_of
from .load import LoadedSeries, load_series, read_episodes
from .lock import NO_LOCK
from .model import Episode
from .order import Order
from .read.catalog import Catalog
from .recordings import Recordings
from .side_by_side import pays, side_by_side
from .sync.host import Host, Wanted
from .sync.record import mark, marks
from .sync.step import Wish

_PICTURE = "artwork"
"""The field whose value is the name of a file, while what counts is in the file."""
_LOT = 50
"""Episodes that are read at a time."""


_Part = tuple[LoadedSeries, list[Entry]]
_Marked = tuple[int, list[list[Any]]]


@dataclass(slots=True)
class Mirror:
    """The wishes of one run. What it finds out is kept for the next by `keep`."""

    order: Order
    catalog: Catalog
    host: Host
    name: str  #: of the host in feedtool.yaml
    counts: Mapping[str, int]  #: due episodes by series, as the build told them
    _cache: Cache
    _sums: Sums
    _found: dict[str, tuple[str, dict[str, Any]]]  #: by series: what it stands for, and marks
    series: dict[str, LoadedSeries]
    _parts: list[_Part] = field(default_factory=list)  #: each series that has due episodes
    _lots: list[_Part] = field(default_factory=list)  #: those of which nothing is kept
    _made: Generator[_Marked] | None = None  #: what comes of the lots, from other processes

    def begin(self) -> None:
        """Find out what the episodes are to be; where there are many, while the host is asked."""
        self._parts = list(self._due())
        self._lots = self._unknown()
        work = self._work
        if pays(sum(len(lot) for _, lot in self._lots)):
            self._made = side_by_side(
                len(self._lots), lambda: nullcontext(work), self.order.root / STATE
            )
            self._take(next(self._made))  # now the processes are there

    def end(self) -> None:
        """Leave no process behind, whatever happened meanwhile."""
        if self._made:
            self._made.close()

    def wishes(self) -> Iterator[Wish]:
        """Every due episode, with the marks of what it is to be."""
        for made in self._made or map(self._work, range(len(self._lots))):
            self._take(made)
        for loaded, due in self._parts:
            _, known = self._found[loaded.folder.slug]
            for entry in due:
                yield self._wish(loaded, entry, known[entry.slug])

    def _due(self) -> Iterator[_Part]:
        """Each series that has due episodes, and these."""
        found: list[Finding] = []
        with kept_of(self.order.root, self.order.started_ns).recordings() as recordings:
            for folder in find_folders(self.order.root, found):
                entries = entries_of(self._cache, self.order.key, folder.slug)
                due = [entry for entry in entries if entry.due and entry.promise]
                if len(due) != self.counts.get(folder.slug, 0):
                    raise _changed()  # what is not known must not seem to be gone
                loaded = self._series(folder, recordings) if due else None
                if loaded is not None:
                    yield loaded, due

    def _series(self, folder: Folder, recordings: Recordings) -> LoadedSeries | None:
        loaded = load_series(self.order.root, folder, self.catalog, NO_LOCK, recordings, [])
        if loaded is not None:
            self.series[folder.slug] = loaded
        return loaded

    def _unknown(self) -> list[_Part]:
        """What is kept is known; in lots, the episodes that changed since, or are new."""
        lots: list[_Part] = []
        for loaded, due in self._parts:
            slug = loaded.folder.slug
            # the host's own limits are part of feedtool, and versions are the cache's business
            around = (type(self.host).__name__, loaded.series, self.catalog.site)
            stands_for = mark(repr((*around, self.catalog.keys.pages)))
            kept: dict[str, Any] = self._cache.get("marks", self._key(slug), stands_for) or {}
            known = {
                entry.slug: kept[entry.slug]
                for entry in due
                if entry.slug in kept and kept[entry.slug][0] == entry.digest
            }
            self._found[slug] = (stands_for, known)
            unknown = [entry for entry in due if entry.slug not in known]
            lots += [
                (loaded, unknown[start : start + _LOT]) for start in range(0, len(unknown), _LOT)
            ]
        return lots

    def _work(self, number: int) -> _Marked:
        return number, self._marks(*self._lots[number])

    def _take(self, made: _Marked) -> None:
        number, marked = made
        loaded, lot = self._lots[number]
        _, known = self._found[loaded.folder.slug]
        known |= zip((entry.slug for entry in lot), marked, strict=True)

    def _marks(self, loaded: LoadedSeries, lot: list[Entry]) -> list[list[Any]]:
        """Of each episode: what it was made of, the marks of its fields, and its picture."""
        found: list[list[Any]] = []
        for entry, episode in zip(lot, self._episodes(loaded, lot), strict=True):
            fields = self._wanted(episode, loaded).fields
            seen = marks({name: one for name, one in fields.items() if name != _PICTURE})
            found.append([entry.digest, seen, fields.get(_PICTURE)])
        return found

    def _key(self, slug: str) -> str:
        return f"{self.name}\0{slug}"

    def _episodes(self, loaded: LoadedSeries, entries: list[Entry]) -> list[Episode]:
        stems = [entry.slug for entry in entries]
        read = read_episodes(self.order.root, stems, loaded.series, self.catalog)
        episodes = [one.episode for one in read if one.episode is not None]
        if len(episodes) != len(stems):
            raise _changed()
        return episodes

    def _wanted(self, episode: Episode, loaded: LoadedSeries) -> Wanted:
        site = self.catalog.site
        page = site.page(episode.series, episode.slug) if self.catalog.keys.pages else ""
        return self.host.wanted(episode, loaded.series, page)

    def _wish(self, loaded: LoadedSeries, entry: Entry, known: list[Any]) -> Wish:
        promise = entry.promise
        assert promise is not None
        assert entry.said is not None
        slug = loaded.folder.slug
        _, there, picture = known
        here = dict(there)
        made: list[Wanted] = []
        if picture is not None:
            here[_PICTURE] = mark(self._sum(picture))

        def wanted() -> Wanted:
            if not made:  # it is asked for more than once, and of few
                (episode,) = self._episodes(loaded, [entry])
                made.append(self._wanted(episode, loaded))
            return made[0]

        return Wish(
            guid=entry.guid,
            name=f"{slug}/{entry.slug}",
            title=entry.said.title,
            date=datetime.fromisoformat(entry.date),
            media=entry.media,
            bytes=promise.get("bare", promise["bytes"]),
            type=promise["type"],
            duration=timedelta(milliseconds=promise["duration_ms"]),
            here="://" not in entry.media
            and all(source != entry.media for source, _ in entry.absent)
            and os.path.isfile(f"{self.order.root}/media/{entry.media}"),
            marks=here,
            wanted=wanted,
            sum=lambda: self._sum(entry.media),
        )

    def _sum(self, source: str) -> str:
        file = f"{self.order.root}/media/{source}"
        try:
            return self._sums.of(file, os.stat(file))
        except OSError as error:
            raise FeedtoolError(
                N_("{file} cannot be read"), N_("look whether it is there, and may be read"),
                file=f"media/{source}",
            ) from error  # fmt: skip

    def keep(self) -> None:
        """Keep what was found out."""
        cache = kept_of(self.order.root, self.order.started_ns).cache(read_only=False)
        for slug, (stands_for, known) in self._found.items():
            cache.put("marks", self._key(slug), stands_for, known)
        self._sums.keep(cache)
        cache.close()


def _changed() -> FeedtoolError:
    return FeedtoolError(
        N_("files were changed while they were read"), N_("run the same command again")
    )


@contextmanager
def mirror_of(
    order: Order, catalog: Catalog, host: Host, name: str, counts: Mapping[str, int]
) -> Iterator[Mirror]:
    """The wishes of the build that was just made for an order."""
    with kept_of(order.root, order.started_ns).looked_into() as cache:
        sums = Sums(cache, f"sync-{name}")
        mirror = Mirror(order, catalog, host, name, counts, cache, sums, {}, {})
        try:
            mirror.begin()
            yield mirror
        finally:
            mirror.end()
