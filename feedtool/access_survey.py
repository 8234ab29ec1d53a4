"""How accessible a catalog is: its episodes read for the list of statement.py, and judged.

Recordings are opened only when neither the lock nor the cache knows what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from .check import access, access_words
from .check.policy import CF060, CF061, CF110, judge
from .check.rule import CHANNEL_RULES, ITEM_RULES, Heard
from .declare import dataclass
from .finding import Finding, Place, Severity, has_errors, in_order
from .folders import Folder, find_folders
from .formats import is_remote
from .kept import kept_of
from .load import (
    CATALOG_FILE,
    LoadedSeries,
    WrittenEpisode,
    load_catalog,
    load_series,
    read_episodes,
)
from .lock import NO_LOCK, Lock, Promise
from .lock_file import read_lock_file
from .model import Alternate, Copy, Enclosure, Episode, Item, Measured, Series
from .placing import located
from .read.catalog import Catalog
from .read.objects import AlternateKeys, IgnoreKeys
from .recordings import Recordings
from .statement import Offer, Statement, offer_of

PROFILE = "public-sector-se"
"""Whoever asks for the list wants to know what this profile says."""

_LOT = 50
"""Episodes that are read together, which is quicker."""

_OURS = (access.__name__, access_words.__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """The list, and what is wrong: with access, or with files that it leaves out therefore."""

    language: str  #: of the catalog
    statement: Statement
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Hand:
    """What all series are read with."""

    root: Path
    catalog: Catalog
    lock: Lock
    recordings: Recordings
    found: list[Finding]
    ignored: dict[str, tuple[IgnoreKeys, ...]]  #: what each file sets aside of access


def survey_access(
    root: Path, now: datetime, started_ns: int, progress: Callable[[int, int], None]
) -> Surveyed:
    """Every recording that is not a draft's; nothing is written.

    `now` decides which promises of the lock bind, nothing else: what is scheduled is in the list.
    """
    found: list[Finding] = []
    catalog = load_catalog(root, found)
    if catalog is None:
        return Surveyed(language="", statement=Statement("", ()), findings=_told(root, found))
    zoned = now if now.tzinfo else now.replace(tzinfo=catalog.zone)
    lock = read_lock_file(root, zoned, found) or NO_LOCK
    with kept_of(root, started_ns).recordings() as recordings:
        hand = _Hand(root, catalog, lock, recordings, found, {})
        _set_aside(hand, CATALOG_FILE, catalog.keys.ignore)
        found += _of_channel(catalog.series)
        folders = find_folders(root, found)
        total, series, done = sum(len(one.episodes) for one in folders), [], 0
        for folder in folders:
            loaded = _series(hand, folder)
            offers = []
            for offer in _offers(hand, folder, loaded) if loaded else ():
                offers.append(offer)
                progress(done + len(offers), total)
            done += len(folder.episodes)
            if loaded:
                offers.sort(key=lambda one: (one.date, one.episode))
                series.append((loaded.series, tuple(offers)))
    judged = judge(found, [*catalog.keys.profiles, PROFILE], hand.ignored)
    return Surveyed(
        language=catalog.series.language,
        statement=Statement(catalog.series.title, tuple(series)),
        findings=_told(root, judged),
    )


def _told(root: Path, judged: list[Finding]) -> tuple[Finding, ...]:
    """What concerns access, and errors, at their lines."""
    ours = [
        one
        for one in judged
        if one.severity is Severity.ERROR
        or one.code.id.startswith("A11Y")
        or one.code in (CF060, CF061, CF110)
    ]
    return tuple(in_order(located(root, ours)))


def _set_aside(hand: _Hand, file: str, entries: Iterable[IgnoreKeys]) -> None:
    hand.ignored[file] = tuple(one for one in entries if one.code.startswith("A11Y"))


def _of_channel(series: Series) -> Iterator[Finding]:
    for rule in CHANNEL_RULES:
        if rule.__module__ in _OURS:
            yield from rule(series)


def _series(hand: _Hand, folder: Folder) -> LoadedSeries | None:
    """A series; what is wrong with its file matters if it could not be read because of it."""
    more: list[Finding] = []
    loaded = load_series(hand.root, folder, hand.catalog, hand.lock, hand.recordings, more)
    if loaded is None or not loaded.sound:
        hand.found.extend(more)
    if loaded:
        _set_aside(hand, loaded.series.file, loaded.ignored)
        hand.found.extend(_of_channel(loaded.series))
    return loaded


def _offers(hand: _Hand, folder: Folder, loaded: LoadedSeries) -> Iterator[Offer]:
    for written in _written(hand, folder, loaded.series):
        episode = written.episode
        if has_errors(written.found):
            hand.found.extend(written.found)
        elif episode and not episode.draft and (item := _item(hand, episode, written)):
            _set_aside(hand, episode.file, written.keys.ignore)
            heard = Heard(item, loaded.series, {})
            for rule in ITEM_RULES:
                if rule.__module__ in _OURS:
                    hand.found.extend(rule(heard))
            ignored = {one.code: one.why for one in written.keys.ignore}
            yield offer_of(item, loaded.series, ignored)


def _written(hand: _Hand, folder: Folder, series: Series) -> Iterator[WrittenEpisode]:
    for start in range(0, len(folder.episodes), _LOT):
        stems = folder.episodes[start : start + _LOT]
        yield from read_episodes(hand.root, stems, series, hand.catalog)


def _item(hand: _Hand, episode: Episode, written: WrittenEpisode) -> Item | None:
    """The episode with what is known of its recording; for that the lock is enough."""
    promise = hand.lock.episodes.get(episode.guid)
    enclosure: Enclosure | None
    if promise and promise.media == episode.media:
        enclosure = Enclosure(episode.media, promise.bytes, promise.type, promise.duration, False)
    else:
        place = Place(episode.file, ("media",))
        enclosure = hand.recordings.enclosure(episode.media, promise, place, hand.found)
    if enclosure is None:
        return None
    alternates = [_rendition(hand, wish, episode, promise) for wish in written.keys.alternates]
    return Item(episode, enclosure, tuple(alternates))


def _rendition(
    hand: _Hand, wish: AlternateKeys, episode: Episode, promise: Promise | None
) -> Alternate:
    """A rendition as far as it matters here: of which type, and what it is called."""
    remote = wish.file is None or is_remote(wish.file)
    source = wish.file or "" if remote else f"{episode.series}/{wish.file}"
    promised = {one.media: one.type for one in promise.alternates} if promise else {}
    type = promised.get(source) or wish.type
    if type is None and not remote:
        measured = hand.recordings.files.measured(source, True, Place(episode.file), [])
        type = measured.type if isinstance(measured, Measured) else None
    return Alternate((Copy(source),), type or "", title=wish.title, rel=wish.rel)
