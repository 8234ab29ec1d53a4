"""Check a catalog and build what it publishes: feeds, chapters, transcripts, media.

One series at a time: loaded, checked, rendered into the staging folder, forgotten. Only when
everything is right, the lock is written and the output moved in.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from .check.policy import judge
from .check.rule import CATALOG_RULES
from .finding import N_, Code, Finding, Place, Severity, has_errors, in_order
from .formats import is_media_name
from .load import LOCK_FILE, Folder, find_folders, load_catalog, located, look_over
from .lock import NO_LOCK, Lock, Promise, promise_changes, read_lock, reconcile, write_lock
from .media_files import Known
from .model import Feed, Identity, Series
from .output import Output, Written
from .prepare import NEWEST, Prepared, Task, judgements, render_feed
from .read.resolve import podcast_guid
from .read.text import read_text
from .read.written import IgnoreKeys
from .recordings import ME052, Recordings
from .render.identity import FEED_NAMES
from .render.opml import render_opml
from .workers import OpenRecordings, prepare_all

LK050 = Code(
    "LK050",
    Severity.ERROR,
    message=N_("feedtool.lock would have to change: {change}"),
    why=N_("--locked was given, so that only what somebody saw is published"),
    mend=N_("run  feedtool build  without --locked, and commit feedtool.lock"),
)

LOCK_LIMIT = 256 * 1024 * 1024
"""Bytes of feedtool.lock that are read: some 800,000 episodes."""

Progress = Callable[[int, int], None]
"""Told how many of how many episodes are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a build is asked for.

    `now` decides what is due and is written nowhere; without an offset it is in the catalog's zone.
    """

    root: Path
    output: Path
    now: datetime
    base_url: str | None = None
    drafts: bool = False
    locked: bool = False
    allow: frozenset[tuple[str, str]] = frozenset()
    why: str = ""
    dry_run: bool = False
    keeps_lock: bool = False  #: never write the lock (another output or address)
    link: bool = True  #: may media be hard links


@dataclass(frozen=True, slots=True)
class Built:
    """One series as built."""

    slug: str
    episodes: int
    feeds: tuple[str, ...]  #: relative to the output folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build found and did. `written` is None when errors stopped it."""

    findings: tuple[Finding, ...]
    series: tuple[Built, ...] = ()
    written: Written | None = None
    language: str = ""  #: of the catalog
    zone: str = "UTC"  #: of the catalog
    known: Known = field(default_factory=Known)  #: of the files below media/
    due_since: datetime | None = None  #: the newest date that is due
    due_next: datetime | None = None  #: the next date that will be


@dataclass(slots=True)
class _Build:
    """The state of one build while it goes through the series."""

    request: Request
    task: Task
    output: Output
    found: list[Finding]
    known: Known  #: of the files below media/
    made: list[Prepared] = field(default_factory=list)
    ignored: dict[str, tuple[IgnoreKeys, ...]] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)  #: sources that what is due names

    @property
    def lock(self) -> Lock:
        return self.task.lock

    @property
    def series(self) -> list[Series]:
        return [made.series for made in self.made if made.series]

    @property
    def identities(self) -> list[Identity]:
        return [identity for made in self.made for identity in made.identities]


def build(request: Request, open_recordings: OpenRecordings, progress: Progress) -> Report:
    """Build the catalog; findings with errors leave output and lock as they were.

    `open_recordings` gives a way to the files below media/ to whoever looks at them, and closes it.
    """
    found: list[Finding] = []
    catalog = load_catalog(request.root, found, request.base_url)
    if catalog is not None and request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=catalog.zone))
    folders = find_folders(request.root, found)
    if request.now.tzinfo is None:
        request = replace(request, now=request.now.replace(tzinfo=UTC))
    lock = _read_lock(request, found)
    if catalog is None or lock is None:
        with open_recordings() as recordings:
            for loaded in look_over(request.root, folders, lock, recordings, found):
                found += judgements(loaded)
        return _report(request, found, (), {})
    task = Task(
        root=request.root, catalog=catalog, lock=lock, now=request.now, drafts=request.drafts
    )
    output = Output(request.output, dry_run=request.dry_run)
    try:
        with open_recordings() as recordings:
            state = _Build(request, task, output, found, recordings.files.known)
            _take_in_catalog(state, recordings, folders)
        for made in prepare_all(task, folders, open_recordings, progress):
            _take_in(state, made)
        return _publish(state)
    finally:
        output.discard()


def _publish(state: _Build) -> Report:
    """What concerns all series, then, if nothing is wrong, everything into its place."""
    catalog, now = state.task.catalog, state.request.now
    state.made.sort(key=lambda made: made.folder.slug)
    for rule in CATALOG_RULES:
        state.found += rule(state.series, state.identities)
    if state.known.absent:
        state.found.append(ME052.at(Place("media"), count=len(state.known.absent)))
    lock = _reconciled(state)
    state.ignored["feedtool.yaml"] = catalog.keys.ignore
    report = _report(state.request, state.found, catalog.keys.profiles, state.ignored)
    report = replace(
        report, language=catalog.series.language, zone=str(catalog.zone), known=state.known
    )
    if has_errors(report.findings):
        return report
    _render_catalog(state)
    _offer_media(state, lock)
    text = write_lock(lock)
    if not (state.request.dry_run or state.request.keeps_lock):
        _write_lock(state.request.root / LOCK_FILE, text)
    written = state.output.publish()
    # an episode that was announced for another day binds from then on, wherever it is now
    dates = [promise.date for promise in (*state.promises.values(), *state.lock.episodes.values())]
    return replace(
        report,
        series=tuple(_built(made) for made in state.made if made.due),
        written=written,
        due_since=max((date for date in dates if date <= now), default=None),
        due_next=min((date for date in dates if date > now), default=None),
    )


def _built(made: Prepared) -> Built:
    slug = made.folder.slug
    return Built(slug, made.due, tuple(f"{slug}/{name}" for name in FEED_NAMES.values()))


def _report(
    request: Request,
    found: list[Finding],
    profiles: Sequence[str],
    ignored: dict[str, tuple[IgnoreKeys, ...]],
) -> Report:
    judged = judge(found, profiles, ignored)
    return Report(findings=tuple(in_order(located(request.root, judged))))


def _take_in_catalog(state: _Build, recordings: Recordings, folders: Sequence[Folder]) -> None:
    """What feedtool.yaml says of the catalog's own feed."""
    own = state.task.catalog.series
    if own.image:
        recordings.files.picture(own.image, Place(own.file, ("image",)), state.found)
        state.published.add(own.image)
    if has_errors(state.found):  # a folder or a file that must not be read is not gone, either
        read = {(folder.slug, slug) for folder in folders for slug in folder.episodes}
        state.promises |= {
            guid: promise
            for guid, promise in state.lock.episodes.items()
            if (promise.series, promise.slug) not in read and not promise.gone
        }


def _take_in(state: _Build, made: Prepared) -> None:
    """Stage the files of one series; keep of it what the whole catalog needs."""
    for file in made.files:
        state.output.offer(file.path, file.data, feed=file.feed)
    made.files = ()
    _keep_promises_of_unreadable(state, made)
    state.found += made.findings
    state.ignored |= made.ignored
    state.promises |= {promise.guid: promise for promise in made.promises}
    state.published |= made.published
    state.known.add(made.known)
    state.made.append(made)


def _keep_promises_of_unreadable(state: _Build, made: Prepared) -> None:
    """An episode whose file has a fault is not gone: that finding would only confuse."""
    folder = made.folder
    missing = set(folder.episodes) - made.measured
    if made.series is not None and missing:  # without a fault: drafts, which may be gone
        faulty = {one.place.file for one in made.findings if one.severity is Severity.ERROR}
        missing = {slug for slug in missing if f"episodes/{folder.slug}/{slug}.md" in faulty}
    if missing:
        state.promises |= {
            guid: promise
            for guid, promise in state.lock.episodes.items()
            if promise.series == folder.slug and promise.slug in missing and not promise.gone
        }


# --- the lock --------------------------------------------------------------------------------


def _read_lock(request: Request, found: list[Finding]) -> Lock | None:
    path = request.root / LOCK_FILE
    if not path.exists():
        return NO_LOCK
    text, faults = read_text(path, LOCK_FILE, LOCK_LIMIT)
    found += faults
    if text is None:
        return None
    lock, faults = read_lock(text, now=request.now, file=LOCK_FILE)
    found += faults
    return lock


def _reconciled(state: _Build) -> Lock:
    """The lock as it would be after this build; promises that would break are findings."""
    request, catalog = state.request, state.task.catalog
    wanted = Lock(
        base_url=catalog.home.base_url,
        media_base_url=catalog.home.media_base_url,
        guid=_catalog_guid(state),
        series={series.slug: series.guid for series in state.series},
        episodes=state.promises,
    )
    lock, found = reconcile(
        state.lock, wanted, now=request.now, allow=request.allow, why=request.why
    )
    state.found += found
    if request.locked and not has_errors(found):
        state.found += [
            LK050.at(Place(LOCK_FILE), change=change)
            for change in promise_changes(state.lock, lock)
        ]
    return lock


def _catalog_guid(state: _Build) -> str:
    stated = state.task.catalog.keys.guid or state.lock.guid
    return stated or podcast_guid(state.task.catalog.home.base_url + FEED_NAMES["rss"])


def _write_lock(path: Path, text: str) -> None:
    """Replace the lock at once and for good: it must survive a cut of power too."""
    data = text.encode()
    staged = path.with_name(f".{path.name}.tmp")
    staged.unlink(missing_ok=True)  # of a build that was killed
    with contextlib.suppress(OSError):
        if path.read_bytes() == data:
            return
    try:
        with staged.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


# --- what is published -----------------------------------------------------------------------


def _render_catalog(state: _Build) -> None:
    """The catalog's own feed, of its newest items, and the list of all feeds."""
    catalog = state.task.catalog
    series = {made.series.slug: made.series for made in state.made if made.series and made.due}
    dates = {made.folder.slug: made.updated for made in state.made if made.updated}
    if not series:
        return
    newest = sorted(candidate for made in state.made for candidate in made.newest)
    own = replace(catalog.series, guid=_catalog_guid(state))
    items = tuple(candidate.item() for candidate in newest[:NEWEST])
    feed = Feed(own, items, series, dates)
    for file in render_feed(feed, catalog.site):
        state.output.offer(file.path, file.data, feed=True)
    opml = render_opml(own, series.values(), max(dates.values()), catalog.site)
    state.output.offer("feeds.opml", opml, feed=True)


def _offer_media(state: _Build, lock: Lock) -> None:
    """Recordings, artwork and the like, unless they are published elsewhere."""
    if state.task.catalog.keys.media_base_url:
        return
    for source in sorted(state.published):
        if found := state.known.named.get(source):
            state.output.offer_copy(f"media/{source}", Path(found), link=state.request.link)
        elif source in state.known.absent:
            state.output.keep(f"media/{source}", state.known.absent[source])
    for source, size in sorted(_former_recordings(state, lock)):
        path = state.request.root / "media" / source
        if _is_inside(path, state.request.root, size):
            state.output.offer_copy(f"media/{source}", path, link=state.request.link)
        else:
            state.output.keep(f"media/{source}", size)


def _former_recordings(state: _Build, lock: Lock) -> set[tuple[str, int]]:
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
