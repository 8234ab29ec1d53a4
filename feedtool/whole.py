"""What is published of the whole catalog: its own feed, the list of feeds, its page, media."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from .artwork import measured_tags
from .declare import dataclass
from .embedding import folder_of
from .formats import is_media_name, is_remote
from .gather import NEWEST, Build, Request
from .load import WrittenEpisode, read_episodes, with_recording
from .lock import (
    Lock,
)
from .model import Feed, Series, Site
from .output import Origin, Output
from .prepare import Task
from .read.resolve import podcast_guid
from .readback import Said, check_feed
from .recordings import Recordings
from .render.fragments import cut_feed
from .render.identity import FEED_NAMES, atom_id, enclosure_url
from .render.opml import render_opml

ROWS = 10
"""Of them, those on the catalog's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What the catalog's own feed and page are made of: the series that have due episodes."""

    series: dict[str, Series]  #: by slug
    updated: dict[str, datetime]  #: when the feed of each changed
    due: dict[str, int]  #: episodes of each
    newest: list[tuple[str, str]]  #: series and slug, newest first
    rows: list[str]  #: of the first of them


def whole_of(state: Build) -> Whole:
    """The whole catalog, for what is published of all of it."""
    due = {slug: one for slug, one in state.series.items() if one.count}
    newest = sorted(
        (order, slug, stem, row) for slug, one in due.items() for order, stem, row in one.newest
    )[:NEWEST]
    names = [(slug, stem) for _, slug, stem, _ in newest]
    return Whole(
        series={slug: one.loaded.series for slug, one in due.items()},
        updated={slug: one.updated for slug, one in due.items() if one.updated},
        due={slug: one.count for slug, one in due.items()},
        newest=names,
        rows=[row for *_, row in newest[:ROWS]],
    )


def render_catalog(
    request: Request, task: Task, whole: Whole, recordings: Recordings, output: Output
) -> None:
    """The catalog's own feed, of its newest items, the list of all feeds, the first page."""
    catalog, series = task.catalog, whole.series
    if not series:
        return
    items = []
    if task.embedding:  # what is published is known by now
        recordings.embedding = replace(task.embedding, makes=False)
    written = _read_newest(task, whole)
    for slug, stem in whole.newest:
        loaded = with_recording(written[slug, stem], series[slug], task.lock, recordings, [])
        if loaded and loaded.item:
            items.append(loaded.item)
    podcast = measured_tags(recordings.files, catalog.series.podcast, [])
    own = replace(catalog.series, guid=catalog_guid(task), podcast=podcast)
    feed = Feed(own, tuple(items), series, whole.updated)
    for format, name in FEED_NAMES.items():
        data = cut_feed(format, feed, catalog.site).document
        check_feed(name, data, _said(feed, catalog.site, format))
        output.offer(name, data, feed=True)
    opml = render_opml(own, series.values(), max(whole.updated.values()), catalog.site)
    output.offer("feeds.opml", opml, feed=True)
    if catalog.keys.pages:
        from .render.pages import STYLESHEET, Listed, catalog_page, stylesheet

        listed = [Listed(series[slug], whole.due[slug], whole.updated[slug]) for slug in series]
        rows = [
            (series[slug], row) for (slug, _), row in zip(whole.newest, whole.rows, strict=False)
        ]
        output.offer("index.html", catalog_page(own, listed, rows, catalog.site))
        output.offer(STYLESHEET, stylesheet())


def _read_newest(task: Task, whole: Whole) -> dict[tuple[str, str], WrittenEpisode]:
    """The files of the newest episodes, those of a series together."""
    stems: dict[str, list[str]] = {}
    for slug, stem in whole.newest:
        stems.setdefault(slug, []).append(stem)
    return {
        (slug, stem): written
        for slug, names in stems.items()
        for stem, written in zip(
            names, read_episodes(task.root, names, whole.series[slug], task.catalog), strict=True
        )
    }


def _said(feed: Feed, site: Site, format: str) -> Iterator[Said]:
    """What the catalog's feed should say."""
    prefix = site.media_prefix if format == "rss" else ""
    for item in feed.items:
        episode, enclosure = item.episode, item.enclosure
        guid = episode.guid
        yield Said(
            atom_id(guid, feed.sources[episode.series].guid) if format == "atom" else guid,
            episode.title,
            episode.date.isoformat(),
            prefix + enclosure_url(site, item),
            enclosure.length,
            enclosure.type,
        )


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
