"""What is published of the whole catalog: its own feed, the list of feeds, its page, media."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from .artwork import measured_tags
from .assemble import join
from .declare import dataclass
from .embedding import folder_of
from .entry import Entry, newest_change
from .finding import Place
from .formats import is_media_name, is_remote
from .gather import Build
from .load import WrittenEpisode, read_episodes, with_recording
from .lock import (
    Lock,
)
from .model import Feed, Item, Series, Site
from .output import Origin, Output
from .prepare import Spool, Task, as_due, at_home
from .read.channel import podcast_guid
from .recordings import Recordings
from .render.identity import FEED_NAMES
from .render.opml import render_opml

ROWS = 10
"""Of them, those on the catalog's page."""


Newest = list[tuple[str, Entry]]
"""The items of the catalog's feed, newest first: the series of each and its entry there. Only the
first have the rows of the catalog's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What the catalog's own feed and page are made of: the series that have due episodes."""

    series: dict[str, Series]  #: by slug
    updated: dict[str, datetime]  #: when the feed of each changed
    latest: dict[str, datetime]  #: the date of the newest episode of each
    due: dict[str, int]  #: episodes of each
    newest: Newest


def whole_of(state: Build) -> Whole:
    """The whole catalog, for what is published of all of it."""
    due = {slug: one for slug, one in state.series.items() if one.count}
    return Whole(
        series={slug: one.loaded.series for slug, one in due.items()},
        updated={slug: one.updated for slug, one in due.items() if one.updated},
        latest={slug: one.latest for slug, one in due.items() if one.latest},
        due={slug: one.count for slug, one in due.items()},
        newest=bare(state.newest),
    )


def bare(newest: Newest) -> Newest:
    """What the catalog's feed and page need of its items."""
    return [
        (
            slug,
            entry._replace(
                reads=(), findings=(), ignored=(), promise=None, published=(), digest="",
                row=entry.row if at < ROWS else "",
            ),
        )
        for at, (slug, entry) in enumerate(newest)
    ]  # fmt: skip


def render_catalog(task: Task, whole: Whole, recordings: Recordings, output: Output) -> Newest:
    """The catalog's own feed, of its newest items, the list of all feeds, the first page.

    Gives the items with their parts in this feed.
    """
    if not whole.series:
        return []
    names = {(slug, entry.slug) for slug, entry in whole.newest}
    newest = render_newest(
        task, whole.newest, names, whole.series, whole.updated, recordings, output
    )
    render_front(task, whole, recordings, output)
    return newest


def render_newest(
    task: Task,
    newest: Newest,
    changed: set[tuple[str, str]],
    series: Mapping[str, Series],
    updated: Mapping[str, datetime],
    recordings: Recordings,
    output: Output,
) -> Newest:
    """The catalog's own feed. Those items that did not change are taken from the published one.

    `series` are those of changed items, `updated` is when the feed of each series changed. Gives
    the items with their parts in this feed.
    """
    if task.embedding:  # what is published is known by now
        recordings.embedding = replace(task.embedding, makes=False)
    site, own = task.catalog.site, _own(task, recordings)
    names = [(slug, entry.slug) for slug, entry in newest if (slug, entry.slug) in changed]
    written = _read(task, names, series)
    items = {}
    for slug, stem in names:
        loaded = with_recording(written[slug, stem], series[slug], task.lock, recordings, [])
        if loaded and (item := at_home(loaded, task).item):
            items[slug, stem] = item
    spool = Spool(output.room, "newest")
    made = spool.add_all(Feed(own, tuple(items.values()), series, updated), site) if items else []
    parts = dict(zip(items, (places for _, places in made), strict=True))
    placed = [
        (
            slug,
            _anew(entry, items[slug, entry.slug], series[slug], site)._replace(
                spool=spool.name, parts=parts[slug, entry.slug]
            ),
        )
        if (slug, entry.slug) in items
        else (slug, entry)
        for slug, entry in newest
        if (slug, entry.slug) in items or (slug, entry.slug) not in changed
    ]
    entries = [entry for _, entry in placed]
    if not entries:  # all that was due has been deleted since it was read
        return []
    frame = Feed(own, (), series, updated, changed=newest_change(entries))
    joined = join(frame, entries, "", site, output)
    for feed in joined.feeds:
        output.accept(feed, feed=True)
    return list(zip((slug for slug, _ in placed), joined.entries, strict=True))


def _anew(entry: Entry, item: Item, series: Series, site: Site) -> Entry:
    """The entry of an item that was read again: what its feed says is what was read now."""
    episode = item.episode
    date, changed = episode.date.isoformat(), episode.changed.isoformat()
    entry = entry._replace(guid=episode.guid, date=date, changed=changed, media=episode.media)
    return as_due(entry, item, series, site)


def render_front(task: Task, whole: Whole, recordings: Recordings, output: Output) -> None:
    """The list of all feeds, and the first page."""
    catalog, series = task.catalog, whole.series
    own = _own(task, recordings)
    opml = render_opml(own, series.values(), max(whole.updated.values()), catalog.site)
    output.offer("feeds.opml", opml, feed=True)
    if catalog.keys.pages:
        from .render.pages import STYLESHEET, Listed, catalog_page, stylesheet

        listed = [Listed(series[slug], whole.due[slug], whole.latest[slug]) for slug in series]
        rows = [(series[slug], entry.row) for slug, entry in whole.newest[:ROWS]]
        output.offer("index.html", catalog_page(own, listed, rows, catalog.site))
        output.offer(STYLESHEET, stylesheet())


def _own(task: Task, recordings: Recordings) -> Series:
    """The catalog as the series of its own feed."""
    own = task.catalog.series
    # a feed of everything is hidden from all directories, whatever else is said of blocking:
    # "no" for one of them would let it in there (podcast namespace, block)
    hidden = tuple(
        tag for tag in own.podcast if tag.name != "block" or (tag.attributes and tag.text == "yes")
    )
    podcast = measured_tags(recordings.files, hidden, [])
    place = Place(own.file, ("image",))
    artwork = recordings.files.picture(own.image, place, []) if own.image else None
    return replace(own, guid=catalog_guid(task), blocked=True, podcast=podcast, artwork=artwork)


def _read(
    task: Task, names: Iterable[tuple[str, str]], series: Mapping[str, Series]
) -> dict[tuple[str, str], WrittenEpisode]:
    """The files of some episodes, those of a series together."""
    stems: dict[str, list[str]] = {}
    for slug, stem in names:
        stems.setdefault(slug, []).append(stem)
    return {
        (slug, stem): written
        for slug, inside in stems.items()
        for stem, written in zip(
            inside, read_episodes(task.root, inside, series[slug], task.catalog), strict=True
        )
    }


def catalog_guid(task: Task) -> str:
    stated = task.catalog.keys.guid or task.lock.guid
    return stated or podcast_guid(task.catalog.home.base_url + FEED_NAMES["rss"])


def offer_media(state: Build, lock: Lock) -> None:
    """Recordings, artwork and the like, unless they are published elsewhere."""
    if state.task.catalog.keys.media_base_url:
        return
    origin = Origin(str(state.request.root), state.request.link)
    root, link = state.request.root, state.request.link
    for source in sorted(state.published):
        copied = state.copies.get(source)
        if copied and source in state.absent:
            continue  # what the output has there is another copy, or none
        if copied:
            state.output.offer_copy(f"media/{source}", Origin(folder_of(root, copied), link))
        elif source in state.absent:
            state.output.keep(f"media/{source}", state.absent[source])
        elif not is_remote(source):
            state.output.offer_copy(f"media/{source}", origin)
    for source, size in sorted(_former_recordings(state, lock)):
        if _is_inside(state.request.root / "media" / source, state.request.root, size):
            state.output.offer_copy(f"media/{source}", origin)
        else:
            state.output.keep(f"media/{source}", size)


def _former_recordings(state: Build, lock: Lock) -> set[tuple[str, int]]:
    """Recordings that were corrected since: apps that know the old address still ask for it."""
    return {
        (media, size)
        for promise in lock.episodes.values()
        if promise.binds(state.request.now) and not promise.gone
        for fact in promise.was
        if isinstance(media := fact.get("media"), str)
        and isinstance(size := fact.get("bytes"), int)
        and media not in state.published
        and is_media_name(media)
    }


def _is_inside(path: Path, root: Path, size: int) -> bool:
    """Is this a file of the catalog, with that size?"""
    try:
        real = path.resolve(strict=True)
        return real.is_relative_to(root.resolve()) and real.stat().st_size == size
    except OSError:
        return False
