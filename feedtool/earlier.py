"""What the last build made, as far as it is still true: entries and whole series.

Kept in the cache with the stamps that the files had before they were read. What any of them lacks
is simply made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from .cache import NO_STAMP, Cache, Stamp, as_text, stamp_of
from .declare import dataclass
from .entry import Entry, PlainFinding, entry_of, unpacked
from .idle import Groups, Stamps, digest, group_of
from .lock import Promise, episode_record
from .model import Copied

_PROMISED = (
    "series", "slug", "media", "bytes", "duration_ms", "type", "from", "alternates", "bare",
)  # fmt: skip


class Sources:
    """The source files as they were when the build began."""

    def __init__(self, groups: Groups, is_young: Callable[[Stamp, bool], bool]) -> None:
        self.groups = groups
        self._is_young = is_young
        self._rested: dict[str, bool] = {}
        self._open: dict[str, Stamps] = {}

    def stamp(self, path: str) -> Stamp | None:
        """None for a file that is not there."""
        return self._stamps(group_of(path)).get(path)

    def is_young(self, path: str) -> bool:
        """Could a file have changed again within the clock's grain, unseen by its stamp?"""
        group, recording = group_of(path), path.startswith("media/")
        if group and group not in self._rested:  # mostly all of a folder have
            files = self.groups.get(group)
            self._rested[group] = not files or not self._is_young(files.newest(), recording)
        if group and self._rested[group]:
            return False
        stamp = self.stamp(path)
        return stamp is not None and self._is_young(stamp, recording)

    def since(self, groups: Groups) -> Sources:
        """The same files as they are now."""
        return Sources(groups, self._is_young)

    def of(self, slug: str, reads: Iterable[str]) -> dict[str, Stamp | None]:
        """The files of a series, and others that it read."""
        stamps: dict[str, Stamp | None] = {}
        stamps |= self._stamps(f"episodes/{slug}")
        stamps |= self._stamps(f"media/{slug}")
        own = (f"episodes/{slug}/", f"media/{slug}/")
        stamps |= {path: self.stamp(path) for path in reads if not path.startswith(own)}
        return stamps

    def _stamps(self, group: str) -> Stamps:
        """One group by name of file. A few stay open: most questions are about the same series."""
        if group not in self._open:
            if len(self._open) == _OPEN:
                del self._open[next(iter(self._open))]
            self._open[group] = self.groups[group].stamps() if group in self.groups else {}
        return self._open[group]


_OPEN = 3
"""Groups: the catalog's own, and the episodes and recordings of a series."""


ACROSS = "*"
"""No series is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the whole catalog was like. JSON can hold it."""

    found: dict[str, list[PlainFinding]]
    """Findings by series; ACROSS has those about several episodes, "" all others."""
    ignored: dict[str, list[tuple[str, str]]]  #: code and reason, by file
    newest: list[tuple[str, Entry]]  #: series and entries of the items of the catalog's feed
    updated: dict[str, str]  #: when the feed of each series changed
    latest: dict[str, str]  #: the date of the newest episode of each series
    shared: list[str]  #: folders of media that others read than the series they belong to
    promised: list[str]  #: recordings that notes name and that are not here, by the lock's leave
    simple: bool
    """No promise was overridden, none is gone, and every item was there for the catalog's feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last build for the same order, and what changed since."""

    touched: frozenset[str]  #: series with changed files; nothing else changed
    files: int  #: in the output
    folders: frozenset[str]  #: of the output
    series: list[tuple[str, int, list[str]]]  #: slug, episodes, feeds
    due_since: datetime | None
    due_next: datetime | None
    memory: Memory


@dataclass(frozen=True, slots=True)
class Context:
    """What all entries of a series depend on."""

    reads: tuple[str, ...]  #: files
    words: tuple[str, ...]  #: everything else

    def under(self, sources: Sources) -> str:
        stamps = {path: sources.stamp(path) or NO_STAMP for path in self.reads}
        return "\n".join([digest(stamps), *self.words])


@dataclass(frozen=True, slots=True)
class Made:
    """One series as made now."""

    slug: str
    context: Context
    feeds: tuple[str, ...]  #: relative to the output folder
    foreign: frozenset[str]  #: files outside its own folders that its entries read
    entries: bytes  #: packed
    named: tuple[str, ...]  #: sources that its channel names


class Earlier:
    """The series that were built for the same order. `sources` are the files now.

    With `stands`, lock and output are as the last build left them, and need no comparing.
    """

    def __init__(self, cache: Cache, key: str, sources: Sources, *, stands: bool) -> None:
        self._cache = cache
        self._key = key
        self.sources = sources
        self._stands = stands

    def entries(
        self,
        slug: str,
        context: Context,
        output: Path,
        feeds: Sequence[str],
        promises: Mapping[str, Promise],
        is_due: Callable[[Entry], bool],
        atom_id: Callable[[Entry], str],
    ) -> tuple[tuple[Entry, ...], dict[str, Entry]]:
        """The entries of a series as they were, and those that are still true, by slug.

        `context` names everything else they were made from; `feeds` are the files that hold
        their parts; `atom_id` is the id that an entry has to have in Atom.
        """
        key, under = f"{self._key}\0{slug}", context.under(self.sources)
        kept = self._cache.get("series", key, under)
        if kept is None or kept["feeds"] != feed_stamps(output, feeds):
            return (), {}
        data = self._cache.raw("entries", key, under)
        if not isinstance(data, bytes):
            return (), {}
        before = kept["sources"]
        now = self.sources.of(slug, before)
        changed = {path for path in before.keys() | now.keys() if not _same(before, now, path)}
        everything = unpacked(data)
        entries = {
            entry.slug: entry
            for entry in everything
            if f"episodes/{slug}/{entry.slug}.md" not in changed
            and changed.isdisjoint(entry.reads)
            and entry.due == (entry.measured and is_due(entry))
            and (
                self._stands
                or (
                    _promised_alike(entry, promises.get(entry.guid))
                    and (entry.said is None or entry.said.atom_id == atom_id(entry))
                    and all(
                        os.path.isfile(f"{output}/{slug}/{entry.slug}/{name}")
                        for name in entry.files
                    )
                )
            )
        }
        return everything, entries


def keep_series(
    cache: Cache,
    key: str,
    made: Made,
    before: Sources,
    after: Groups,
    lost: Container[str],
    output: Path,
) -> None:
    """Keep the entries of a series for the next build.

    `after` has the stamps that recordings got when they were linked into the output; `lost` are
    files that changed meanwhile.
    """
    if any(path in lost for path in made.context.reads):
        return
    now = before.since(after)
    own = now.of(made.slug, made.foreign)
    stamps = {
        path: own.get(path)
        for path in before.of(made.slug, made.foreign)
        # what may change again unseen is left out, and whatever read it is made again
        if path not in lost and not before.is_young(path)
    }
    feeds = feed_stamps(output, made.feeds)
    kept = {"feeds": feeds, "sources": stamps, "named": made.named}
    name, under = f"{key}\0{made.slug}", made.context.under(now)
    if any(before.is_young(path) for path in made.context.reads):
        under = _UNSURE
    cache.put("series", name, under, kept)
    cache.put_raw([("entries", name, as_text(under), made.entries)])


_UNSURE = "files could change unseen"
"""Under which a series is kept for those who ask what was made last, but never made from again."""


def entries_of(cache: Cache, key: str, slug: str) -> tuple[Entry, ...]:
    """The entries of a series, as the last build left them."""
    data = cache.latest("entries", f"{key}\0{slug}")
    return unpacked(data) if isinstance(data, bytes) else ()


def sources_of(
    cache: Cache, key: str, slug: str
) -> tuple[set[str], set[str], dict[str, int], dict[str, Copied]]:
    """What a series publishes, as the last build left it: sources of what is due, of what is
    scheduled, the bytes of those that are not here, and the copies that go out instead."""
    kept = cache.latest("series", f"{key}\0{slug}")
    entries = entries_of(cache, key, slug)
    due = {source for entry in entries if entry.due for source in entry.published}
    if due and isinstance(kept, str):
        due.update(json.loads(kept)["named"])
    ahead = {source for entry in entries if not entry.due for source in entry.published}
    away = {source: size for entry in entries for source, size in entry.absent}
    return due, ahead, away, {one.media: one.copied for one in entries if one.copied}


def feed_stamps(output: Path, feeds: Sequence[str]) -> list[list[int]]:
    stamps = []
    for feed in feeds:
        try:
            stamps.append(list(stamp_of((output / feed).stat())))
        except OSError:
            stamps.append([])
    return stamps


def _same(before: Mapping[str, Any], now: Mapping[str, Any], path: str) -> bool:
    if path not in before or path not in now:
        return False
    was, new = before[path], now[path]
    return (was is None) == (new is None) and (was is None or tuple(was) == tuple(new))


def _promised_alike(entry: Entry, promise: Promise | None) -> bool:
    """Does the lock promise what the entry says? A promise may have been made from it since.

    A draft has none, but what excused its recording for not being here was a tombstone.
    """
    if entry.promise is None or promise is None:
        return entry.promise is None and promise is None and not entry.absent
    record = episode_record(promise)
    keys = (*_PROMISED, "sha256") if "bare" in entry.promise else _PROMISED
    return all(record.get(key) == entry.promise.get(key) for key in keys)


def last_of(run: dict[str, Any], touched: frozenset[str]) -> Last:
    """The last build as it was kept."""
    since, until = (date and datetime.fromisoformat(date) for date in run["due"])
    memory = run["memory"]
    newest = [(slug, entry_of(plain)) for slug, plain in memory["newest"]]
    return Last(
        touched=touched,
        files=run["files"],
        folders=frozenset(run["folders"]),
        series=run["series"],
        due_since=since,
        due_next=until,
        memory=Memory(**{**memory, "newest": newest}),
    )
