"""Episodes, ready to be published: loaded, checked and rendered, a lot at a time.

What is left of an episode is an `Entry`; its parts of the feeds wait in a file.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from .declare import dataclass
from .embedding import Embedding
from .entry import Entry, Order, Part, Said, plain_finding
from .finding import N_, Finding, silent_under
from .judging import judge_episodes, told_where_set_aside
from .load import (
    LoadedEpisode,
    LoadedSeries,
    not_shown,
    read_episodes,
    with_recording,
)
from .lock import Lock, Promise, Rendition, episode_record, home_of
from .media_files import Known
from .model import Episode, Feed, Item, Series, Site
from .output import Output, Staged
from .placing import located
from .podcast.table import files_of
from .read.catalog import Catalog
from .recordings import Recordings
from .render.chapters import render_chapters
from .render.fragments import cut_feed
from .render.identity import FEED_NAMES, atom_id, enclosure_url
from .render.transcripts import render_transcript

LOT = 100
"""Episodes that are in memory at the same time."""

WORDS = 1_000_000
"""Characters of transcripts that are in memory at the same time, and those of one more episode;
with their cues they take about five times as many bytes."""

FORMATS = tuple(FEED_NAMES)

Tick = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the preparation of a series goes by."""

    root: Path
    catalog: Catalog
    lock: Lock
    now: datetime  #: aware
    drafts: bool = False  #: drafts and scheduled episodes count as due
    check: bool = False  #: nothing is made of what is read
    profiles: tuple[str, ...] = ()  #: what findings are weighed by
    marks: bool = False  #: what is not due is marked in its title
    embedding: Embedding | None = None  #: None = recordings are published as they are

    def is_due(self, draft: bool, date: datetime) -> bool:
        """Does an episode belong into this output?"""
        return self.drafts or (not draft and date <= self.now)


class Lot(NamedTuple):
    """Some episodes of one series, prepared by one process."""

    series: LoadedSeries
    stems: tuple[str, ...]


@dataclass(slots=True)
class Prepared:
    """What came of a lot."""

    slug: str  #: of the series
    count: int  #: of episodes, those included of which nothing can be used
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)  #: of files of which nothing can be used
    staged: list[Staged] = field(default_factory=list)
    known: bytes = b""  #: of the files below media/, packed


class Spool:
    """A file of one process for the parts of feeds; nobody else writes into one of this name."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = str(folder / f"parts-{name}")
        self._end = 0

    def add_all(self, feed: Feed, site: Site) -> list[tuple[tuple[bytes, ...], tuple[Part, ...]]]:
        """Each item's part of each feed, in the order of FORMATS, and where it is now."""
        cuts = [cut_feed(format, feed, site).items for format in FORMATS]
        places = [self.add(fragments) for fragments in cuts]
        each = zip(*cuts, strict=True), zip(*places, strict=True)
        return list(zip(*each, strict=True))

    def add(self, fragments: Sequence[bytes]) -> list[Part]:
        parts = []
        for fragment in fragments:
            parts.append(Part(self._end, len(fragment)))
            self._end += len(fragment)
        with open(self.name, "ab") as file:
            file.writelines(fragments)
        return parts


@dataclass(slots=True)
class _Work:
    """An episode on its way through the steps of its preparation."""

    loaded: LoadedEpisode
    found: list[Finding]
    reads: list[str]  #: sources that were looked for
    absent: tuple[tuple[str, int], ...]  #: of them, recordings that are not here; bytes


def prepare(
    task: Task, lot: Lot, recordings: Recordings, output: Output, spool: Spool, tick: Tick
) -> Prepared:
    """Everything about some episodes. `tick` is called before each.

    Each step is done for all of them before the next, as in `read_episodes`, unless their
    transcripts would fill the memory.
    """
    recordings.files.known = Known()
    recordings.embedding = task.embedding
    made = Prepared(lot.series.folder.slug, len(lot.stems))
    series = lot.series.series
    due: list[tuple[int, Item]] = []
    work: list[_Work] = []
    words = 0
    written = read_episodes(task.root, lot.stems, series, task.catalog)
    recordings.files.measure_ahead(
        [read.episode.media for read in written if read.episode and read.keys.media]
    )
    for stem, read in zip(lot.stems, written, strict=True):
        tick()
        found: list[Finding] = []
        recordings.files.asked.clear()
        loaded = with_recording(read, series, task.lock, recordings, found)
        if task.drafts:
            found += not_shown(read, loaded, series.slug, stem)
        if loaded is None:
            made.findings += located(task.root, found)
            continue
        loaded = at_home(loaded, task)
        reads, away = sorted(set(recordings.files.asked)), recordings.files.known.absent
        absent = tuple((source, away[source]) for source in reads if source in away)
        work.append(_Work(loaded, found, reads, absent))
        words += sum(len(one.text) for one in loaded.words.values())
        if words > WORDS:
            due += _finish(task, series, work, made, output)
            words, work = 0, []
    due += _finish(task, series, work, made, output)
    _render(made, due, Feed(series, tuple(item for _, item in due)), task.catalog.site, spool)
    made.known = recordings.files.known.packed()
    return made


def at_home(loaded: LoadedEpisode, task: Task) -> LoadedEpisode:
    """The episode; if it was published in another series before, its item says in which."""
    episode, item = loaded.episode, loaded.item
    home = home_of(task.lock, episode.guid, episode.series, task.now) if item else ""
    return replace(loaded, item=replace(item, home=home)) if item and home else loaded


def _finish(
    task: Task,
    series: Series,
    work: Sequence[_Work],
    made: Prepared,
    output: Output,
) -> list[tuple[int, Item]]:
    """Check episodes and write the files beside them; those that are due, with their index."""
    silent = silent_under(task.profiles)
    for one, found in zip(work, judge_episodes([one.loaded for one in work], series), strict=True):
        one.found += found
        if one.loaded.ignored:
            one.found = told_where_set_aside(one.found, one.loaded)
        if one.found:  # an archive may have ten thousand of a kind that nobody asked for
            one.found = [finding for finding in one.found if finding.code not in silent]
    shown: list[tuple[int, _Work, Item]] = []
    for one in work:
        entry = _entry(one, task)
        loaded, item = one.loaded, one.loaded.item
        if entry.measured and task.is_due(entry.draft, loaded.episode.date):
            assert item is not None
            item = _marked(item, series, task.now) if task.marks else item
            entry = as_due(entry, item, series, task.catalog.site)
            shown.append((len(made.entries), one, item))
        elif entry.measured and not entry.draft:  # its recordings may be published ahead of it
            assert item is not None
            entry = entry._replace(published=tuple(sorted(_sources(item))))
        made.entries.append(entry)
    if task.check:
        return []
    for _, one, _ in shown:
        for name, data in _side_files(one.loaded, task.catalog.site):
            made.staged.append(output.stage(f"{one.loaded.episode.name}/{name}", data))
    if task.catalog.keys.pages:
        from .render.pages import episode_page, series_row

        for index, one, item in shown:
            page = episode_page(item, series, one.loaded.words, task.catalog.site)
            made.staged.append(output.stage(f"{one.loaded.episode.name}/index.html", page))
            row = series_row(item, series, task.catalog.site)
            entry = made.entries[index]
            made.entries[index] = entry._replace(files=(*entry.files, "index.html"), row=row)
    return [(index, item) for index, _, item in shown]


def _render(
    made: Prepared, due: list[tuple[int, Item]], feed: Feed, site: Site, spool: Spool
) -> None:
    """Each item's part of each feed, into the spool."""
    if not due:
        return
    for (index, _), (fragments, parts) in zip(due, spool.add_all(feed, site), strict=True):
        sum = sha256()
        for fragment in fragments:
            sum.update(fragment)
        made.entries[index] = made.entries[index]._replace(
            digest=sum.hexdigest(), spool=spool.name, parts=parts
        )


def _entry(work: _Work, task: Task) -> Entry:
    loaded, found = work.loaded, work.found
    episode, item = loaded.episode, loaded.item
    measured = item is not None and loaded.sound
    promise = episode_record(_promise(item)) if item and measured and not episode.draft else None
    date = episode.date.isoformat()
    return Entry(
        slug=episode.slug,
        date=date,
        changed=episode.changed.isoformat() if episode.updated else date,
        guid=episode.guid,
        media=episode.media,
        draft=episode.draft,
        sound=loaded.sound,
        measured=measured,
        reads=tuple(f"media/{source}" for source in work.reads),
        findings=tuple(map(plain_finding, located(task.root, found))) if found else (),
        ignored=tuple((one.code, one.why) for one in loaded.ignored),
        promise=promise,
        absent=work.absent,
        numbers=_numbers(episode),
    )


def _numbers(episode: Episode) -> tuple[int, str, str]:
    """Season, its name and the number, of an episode that counts."""
    season, number = episode.season, episode.number
    return (
        season.number if season else 0,
        (season and season.name) or "",
        number.value if number and episode.type == "full" else "",
    )


def _marked(item: Item, series: Series, now: datetime) -> Item:
    """The item, its title saying that it is not published yet."""
    from .render.pages.speech import speech

    episode = item.episode
    if not episode.draft and episode.date <= now:
        return item
    text = speech(series.language).text
    when = f"{episode.date:%Y-%m-%d %H:%M}"
    mark = text(N_("draft")) if episode.draft else text(N_("scheduled")) + f" {when}"
    return replace(item, episode=replace(episode, title=f"[{mark}] {episode.title}"))


def as_due(entry: Entry, item: Item, series: Series, site: Site) -> Entry:
    """The entry with what feeds say of its item."""
    episode, enclosure = item.episode, item.enclosure
    return entry._replace(
        order=newest_first(episode),
        said=Said(
            atom_id(episode.guid, item.home or series.guid),
            episode.title,
            enclosure_url(site, item),
            enclosure.length,
            enclosure.type,
            episode.season.number if episode.season else None,
        ),
        published=tuple(sorted(_sources(item))),
        files=tuple(_names(item)),
    )


def newest_first(episode: Episode) -> Order:
    """Date, season and episode descending, then slug."""
    return (
        -episode.date.timestamp(),
        -(episode.season.number if episode.season else 0),
        -float(episode.number.value if episode.number else 0),
        episode.slug,
        episode.series,
    )


def _promise(item: Item) -> Promise:
    episode, enclosure = item.episode, item.enclosure
    return Promise(
        guid=episode.guid,
        series=episode.series,
        slug=episode.slug,
        date=episode.date,
        media=enclosure.source,
        bytes=enclosure.length,
        duration=enclosure.duration,
        type=enclosure.type,
        sha256=enclosure.sha256,
        bare=enclosure.bare,
        alternates=tuple(
            Rendition(
                media=alternate.copies[0].uri,
                bytes=alternate.length,
                type=alternate.type,
                sha256=b64decode(alternate.integrity.partition("-")[2]).hex()
                if alternate.integrity
                else None,
                duration=alternate.duration,
                height=alternate.height,
            )
            for alternate in item.alternates
            if alternate.length is not None
        ),
    )


def _names(item: Item) -> list[str]:
    """The files that are published beside an item, below its folder."""
    chapters = ["chapters.json"] if item.episode.chapters else []
    return chapters + [side.name for side in item.side_files]


def _side_files(loaded: LoadedEpisode, site: Site) -> Iterator[tuple[str, bytes]]:
    assert loaded.item is not None
    if loaded.episode.chapters:
        yield "chapters.json", render_chapters(loaded.episode, site)
    for side in loaded.item.side_files:
        format = side.name.rpartition(".")[2]
        yield side.name, render_transcript(loaded.words[side.source], format)


def _sources(item: Item) -> set[str]:
    """Every source that an item names."""
    episode = item.episode
    named = {item.enclosure.source, episode.image, *episode.named}
    named |= {alternate.copies[0].uri for alternate in item.alternates}
    named |= {chapter.image for chapter in episode.chapters}
    named |= {credit.person.image for credit in episode.people}
    named |= set(files_of(episode.podcast)) if episode.podcast else set()
    return {source for source in named if source is not None}


def series_sources(series: Series) -> set[str]:
    """Every source that the channel of a series names."""
    named = {series.image, *(credit.person.image for credit in series.people)}
    named |= set(files_of(series.podcast))
    return {source for source in named if source is not None}


def lots(series: LoadedSeries, stems: Sequence[str]) -> Iterator[Lot]:
    """The episodes of a series in lots."""
    for start in range(0, len(stems), LOT):
        yield Lot(series, tuple(stems[start : start + LOT]))
