"""What a build keeps for the next: what it saw, what it made, and what that says."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from .cache import Cache, stamp_of
from .idle import (
    Contents,
    Files,
    Groups,
    Stamps,
    clock_of,
    digests,
    group_of,
    output_digest,
    source_stamp,
    zone_file,
)
from .order import Order

if TYPE_CHECKING:
    from .earlier import Sources
    from .output import Copies
    from .request import Report


def copies_of(cache: Cache, order: Order) -> Copies:
    """What is known of the media in this output, whichever order they were made for."""
    kept = cache.get("copies", str(order.folder.absolute()), "") or {}
    return {path: (source, copy) for path, (source, copy) in kept.items()}


def linked_since(order: Order, before: Sources, report: Report) -> tuple[Stamps, set[str]]:
    """The sources that were linked into the output, as they are since; those that changed.

    Linking changes a file's ctime; nothing else of it may differ.
    """
    stamps: Stamps = {}
    lost = set()
    for name in sorted(report.linked):
        was, now = before.stamp(name), source_stamp(f"{order.root}/{name}")
        if was is None or (was[0], was[1], was[3]) != (now[0], now[1], now[3]):
            lost.add(name)
        else:
            stamps[name] = now
    return stamps, lost


def remember(
    order: Order,
    cache: Cache,
    before: Sources,
    linked: Stamps,
    lost: set[str],
    report: Report,
    young: Contents | None,
) -> None:
    """Keep what the next run must see unchanged to have nothing to do, and what it need not make.

    The stamps are those from `before` anything was read, but of what was `linked` into the output,
    and of the lock, which this build wrote; `young` is what the files said then that could still
    change unseen. None = there will be something to do, whatever is seen.
    """
    from .earlier import keep_series
    from .entry import plain_finding

    assert report.written is not None
    assert report.memory is not None
    cache.put("run", order.key, "", None)  # until all is well
    cache.put("copies", str(order.folder.absolute()), "", report.copies)
    after = _after(before, linked)
    for one in report.made:
        keep_series(cache, order.key, one, before, after, lost, order.folder)
    cache.put("named", order.key, "", report.named)
    if young is None or order.allow:  # findings that speak of what was allowed this once
        return
    after[""] = _with_lock(order, after[""])
    feeds = [feed for one in report.series for feed in one.feeds]
    if feeds:
        feeds += ["feed.xml", "atom.xml", "feed.json", "feeds.opml"]
    folders = sorted(report.folders)
    run = {
        "language": report.language,
        "zone": report.zone,
        "clock": clock_of(zone_file(report.zone)),
        "findings": [asdict(finding.shown()) for finding in report.findings],
        "judged": list(map(plain_finding, report.findings)),
        "series": [(one.slug, one.episodes, one.feeds) for one in report.series],
        "files": len(report.written.written) + report.written.unchanged,
        "feeds": feeds,
        "folders": folders,
        "due": [date and date.isoformat() for date in (report.due_since, report.due_next)],
        "output": output_digest(order.folder, feeds, folders),
        "sources": digests(after),
        "young": young,
        "memory": {one.name: getattr(report.memory, one.name) for one in fields(report.memory)},
    }
    cache.put("run", order.key, "", run)


def _after(before: Sources, linked: Stamps) -> Groups:
    groups: dict[str, Stamps] = {}
    for name, stamp in linked.items():
        groups.setdefault(group_of(name), {})[name] = stamp
    changed = {
        group: Files.of(before.groups[group].stamps() | stamps) for group, stamps in groups.items()
    }
    return before.groups | changed


def _with_lock(order: Order, files: Files) -> Files:
    """The same files, with the lock as it is now."""
    stamps = files.stamps()
    stamps.pop("feedtool.lock", None)
    with suppress(OSError):
        stamps["feedtool.lock"] = stamp_of(os.stat(order.root / "feedtool.lock"))
    return Files.of(stamps)
