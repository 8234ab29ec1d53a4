"""Build, unless nothing changed since the last time; one build of a catalog at a time.

The answer "nothing changed" needs neither YAML, mutagen nor feedgen: they are imported only when
there is something to build.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .before import settle, waits
from .cache import stamp_of
from .errors import BusyError, OutputError, WriteError
from .finding import N_, Shown
from .idle import (
    Groups,
    Stamps,
    changed_since,
    clock_of,
    output_digest,
    source_stamps,
    stamps_of,
    young_contents,
    youth,
)
from .kept import STATE, Kept, kept_of
from .order import Deferred, Order, Outcome
from .process_lock import alone
from .remember import copies_of, linked_since, remember

if TYPE_CHECKING:
    from .lock import Lock
    from .request import Report


def rebuild(order: Order, progress: Callable[[int, int], None]) -> Outcome:
    """Build what is not up to date.

    Raises OutputError for an output folder that is not ours, BusyError when another build does
    not end, WriteError when the disk is full or may not be written, ReadBackError when a feed came
    out wrong.
    """
    try:
        return _rebuilt(order, progress)
    except OSError as error:
        raise WriteError(
            N_("{path} could not be written or read: {reason}"),
            N_("make room, or put the permissions right; then run the same command again"),
            path=error.filename2 or error.filename or order.folder,
            reason=error.strerror or str(error),
        ) from error


def _rebuilt(order: Order, progress: Callable[[int, int], None]) -> Outcome:
    _refuse_output_inside_sources(order)
    kept = kept_of(order.root, order.started_ns)
    sources = source_stamps(order.root)
    run = None
    before = _ended(order)
    if not order.allow:
        with kept.looked_into() as cache:
            run = cache.get("run", order.key, "")
    if run is not None and not _stands(order, run):
        run = None
    changed = changed_since(run, order.root, sources) if run is not None else set()
    if run is not None and not changed:
        if run["young"] and not order.dry_run:
            _settle(order, kept, run, sources)
        return _kept(run)
    last = (run, _touched(run, changed)) if run is not None else None
    feeds = _feeds(order, run)
    with alone(order.root / STATE, order.dry_run):
        if (_ended(order), _feeds(order, run)) != (before, feeds):  # another build was here
            last = None
        if order.output is None and not order.dry_run:
            settle(order.folder, order.root / "feedtool.lock")  # of one that was killed
        return _built(order, sources, last, kept, progress)


def _ended(order: Order) -> Stamps:
    """What another build of this catalog changes when it ends."""
    return stamps_of(order.root / STATE, ["cache.sqlite"])


def _feeds(order: Order, run: dict[str, Any] | None) -> Stamps:
    """The feeds of the last build: one that was killed has changed them, too."""
    return stamps_of(order.folder, run["feeds"]) if run is not None else {}


def _stands(order: Order, run: dict[str, Any]) -> bool:
    """Is the same due as in the last build, and the output as that build left it?"""
    if not same_is_due(run, order.now):
        return False
    there = output_digest(order.folder, run["feeds"], run["folders"])
    return bool(there == run["output"])


def same_is_due(run: dict[str, Any], now: datetime) -> bool:
    """Is the same due at `now` as in the run that is kept, by the same rules of its time zone?"""
    if run["clock"] != clock_of(run["clock"][0]):
        return False
    if now.tzinfo is None:
        from zoneinfo import ZoneInfo

        now = now.replace(tzinfo=UTC if run["zone"] == "UTC" else ZoneInfo(run["zone"]))
    since, until = (date and datetime.fromisoformat(date) for date in run["due"])
    return not ((since and now < since) or (until and now >= until))


def _kept(run: dict[str, Any]) -> Outcome:
    """The outcome of the last build, which is that of this one."""
    return Outcome(
        ok=True,
        language=run["language"],
        findings=tuple(Shown(**finding) for finding in run["findings"]),
        series=tuple((slug, count, tuple(feeds)) for slug, count, feeds in run["series"]),
        unchanged=run["files"],
    )


def _touched(run: dict[str, Any], changed: set[str]) -> frozenset[str]:
    """The series with changed files, when nothing else changed; else none."""
    series = {slug for slug, _, _ in run["series"]}
    touched = frozenset(group.partition("/")[2] for group in changed)
    alone = run["memory"]["simple"] and changed.isdisjoint(run["memory"]["shared"])
    return touched if alone and touched <= series else frozenset()


def _settle(order: Order, kept: Kept, run: dict[str, Any], sources: Groups) -> None:
    """Files that have rested since the last build need not be read any more."""
    cache = kept.cache(read_only=False)
    young = young_contents(order.root, sources, youth(cache), but="feedtool.lock")
    if young == {} and cache.get("run", order.key, "") == run:  # no other build has ended since
        cache.put("run", order.key, "", run | {"young": {}})
    cache.close()


def _built(
    order: Order,
    sources: Groups,
    last: tuple[dict[str, Any], frozenset[str]] | None,
    kept: Kept,
    progress: Callable[[int, int], None],
) -> Outcome:
    from .build import build
    from .earlier import Earlier, Sources, last_of
    from .media_files import keep_known
    from .request import Request
    from .touched import build_touched

    with kept.looked_into() as cache:
        request = Request(
            root=order.root,
            output=order.folder,
            now=order.now,
            base_url=order.base_url,
            drafts=order.drafts,
            locked=order.locked,
            allow=order.allow,
            why=order.why,
            dry_run=order.dry_run,
            keeps_lock=order.drafts
            or order.output is not None
            or order.base_url is not None
            or order.defers_lock,
            waits=order.defers_lock,
            link=order.output is None or order.marks,
            copies=copies_of(cache, order),
            marks=order.marks,
        )
        stands = last is not None and bool(last[1]) and _lock_stands(order, sources)
        young = young_contents(order.root, sources, youth(cache), but="feedtool.lock")
        now = Sources(sources, youth(cache))
        earlier = Earlier(cache, order.key, now, stands=stands)
        report = None
        if last is not None and stands:
            report = build_touched(request, kept.recordings, earlier, last_of(*last), progress)
        if report is None:
            report = build(request, kept.recordings, earlier, progress)
    lock = _later(order, report, sources) if order.defers_lock else None
    if not order.dry_run:
        cache = kept.cache(read_only=False)
        linked: Stamps = {}
        if report.written is not None:
            before = Sources(sources, youth(cache))
            linked, lost = linked_since(order, before, report)
            if lock is not None or lost or not report.lasts:
                young = None
            remember(order, cache, before, linked, lost, report, young)
        sure = {
            name.removeprefix("media/"): stamp
            for name, stamp in linked.items()
            if not cache.is_young(stamp[1])
        }
        keep_known(cache, report.known, sure)
        cache.close()
    findings = tuple(finding.shown() for finding in report.findings)
    if report.written is None:
        return Outcome(ok=False, language=report.language, findings=findings)
    return Outcome(
        ok=True,
        language=report.language,
        findings=findings,
        series=tuple((one.slug, one.episodes, one.feeds) for one in report.series),
        written=report.written.written,
        unchanged=report.written.unchanged,
        removed=report.written.removed,
        lock=lock,
    )


def _later(order: Order, report: Report, sources: Groups) -> Deferred | None:
    """The lock of a build, if it is not written like this already."""
    from .lock import overridden

    lock = report.lock
    if lock is None or not report.waits:
        return None
    names = {guid: promise.name for guid, promise in lock.episodes.items()}
    return Deferred(
        write=partial(_write, order, lock, report.waits, sources),
        drop=partial(_drop, order, report.waits),
        names=names,
        allowed=frozenset(overridden(lock)),
    )


def _write(order: Order, lock: Lock, word: str, sources: Groups) -> None:
    """Write the lock that the output waits for. Raises BusyError when another build was here, or
    somebody else wrote to the lock: a pull brings the promises of others."""
    from .lock_file import write_lock_file

    path = order.root / "feedtool.lock"
    with alone(order.root / STATE, dry_run=False):
        if not waits(order.folder, word):
            raise BusyError(
                N_("another feedtool has built the catalog meanwhile"),
                N_("run the same command again, and look at the plan"),
            )
        if not _lock_stands(order, sources):
            raise BusyError(
                N_("feedtool.lock was changed meanwhile"),
                N_("run the same command again, and look at the plan"),
            )
        write_lock_file(path, lock)
        settle(order.folder, path)


def _drop(order: Order, word: str) -> None:
    with suppress(BusyError), alone(order.root / STATE, dry_run=False):  # else the next build does
        if waits(order.folder, word):
            settle(order.folder, order.root / "feedtool.lock")


@contextmanager
def agreed(outcome: Outcome) -> Iterator[None]:
    """While somebody may agree: if the lock is not written at its end, nobody did."""
    try:
        yield
    finally:
        if outcome.lock:
            outcome.lock.drop()


def _lock_stands(order: Order, sources: Groups) -> bool:
    """Is the lock what it was when we looked, before we waited for another build?"""
    path = order.root / "feedtool.lock"
    now = stamp_of(os.stat(path)) if path.exists() else None
    return now == sources[""].stamps().get("feedtool.lock")


def _refuse_output_inside_sources(order: Order) -> None:
    # not resolve(), which raises for links in a circle
    root, output = (Path(os.path.realpath(one)) for one in (order.root, order.folder))
    sources = [root / "episodes", root / "media", root / STATE / "cache.sqlite", root / ".git"]
    if root.is_relative_to(output) or any(output.is_relative_to(source) for source in sources):
        raise OutputError(
            N_("{folder} holds the catalog itself; the output would overwrite it"),
            N_("name another folder with --output"),
            folder=order.folder,
        )
