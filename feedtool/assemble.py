"""The feeds of one series, put together from the parts of its entries, and read back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from .declare import dataclass
from .entry import Entry, Part, newest_change
from .model import Feed, Series, Site, Trailer
from .output import Output, Staged
from .prepare import FORMATS
from .readback import Said as Read
from .readback import check_feed, check_side_by_side
from .render.fragments import cut_feed
from .render.identity import FEED_NAMES

_BUFFER = 1 << 18
"""Bytes of a feed that are written at once. Parts are read from all over a file, so that buffers
for reading would only be filled in vain: 8.5 µs for each part with common buffers, 4.8 so."""

LARGE = 200
"""Entries. Below, starting a second process costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The feeds of a series, and its entries: those that are due come first, in their order.

    The parts of the due ones are now those in the feeds.
    """

    feeds: tuple[Staged, ...]
    entries: tuple[Entry, ...]


def assemble(
    series: Series, entries: Sequence[Entry], site: Site, output: Output, *, spare: bool = False
) -> Assembled:
    """Stage the feeds of a series that has due entries. Raises ReadBackError.

    With `spare`, there is a processor that has nothing else to do.
    """
    due = sorted((entry for entry in entries if entry.due), key=lambda entry: entry.order or ())
    feed = Feed(series, (), trailers=tuple(_trailers(series, due)), changed=newest_change(due))
    feeds, places, checks = [], [], []
    with ExitStack() as stack:
        sources: dict[str, BinaryIO] = {}
        for index, format in enumerate(FORMATS):
            path = f"{series.slug}/{FEED_NAMES[format]}"
            for spool in {entry.spool for entry in due}:
                # the parts of earlier entries are in the feed that was published
                name = spool or str(output.folder / path)
                sources[spool] = stack.enter_context(open(name, "rb", buffering=0))
            frame = cut_feed(format, feed, site)
            staged = output.reserve(path)
            with open(staged.file, "wb", buffering=_BUFFER) as file:
                places.append(
                    _write(file, frame.head, frame.between, frame.tail, due, index, sources)
                )
            checks.append(partial(check_feed, path, Path(staged.file), _meant(due, format, site)))
            feeds.append(staged)
    if spare and len(due) >= LARGE and hasattr(os, "fork"):
        check_side_by_side(checks)
    else:
        for check in checks:
            check()
    placed = [
        entry._replace(spool="", parts=parts)
        for entry, parts in zip(due, zip(*places, strict=True), strict=True)
    ]
    others = [entry for entry in entries if not entry.due]
    return Assembled(tuple(map(output.settle, feeds)), (*placed, *others))


def _write(
    file: BinaryIO,
    head: bytes,
    between: bytes,
    tail: bytes,
    due: Sequence[Entry],
    index: int,
    sources: dict[str, BinaryIO],
) -> list[Part]:
    """One feed; gives where each entry's part is in it."""
    places = []
    file.write(head)
    end = len(head)
    for number, entry in enumerate(due):
        if number and between:
            file.write(between)
            end += len(between)
        offset, length = entry.parts[index]
        source = sources[entry.spool]
        source.seek(offset)
        file.write(source.read(length))
        places.append(Part(end, length))
        end += length
    file.write(tail)
    return places


def _trailers(series: Series, due: Sequence[Entry]) -> Iterator[Trailer]:
    for entry in due:
        if entry.slug in series.trailers and (said := entry.said):
            date = datetime.fromisoformat(entry.date)
            yield Trailer(said.title, said.url, date, said.length, said.type, said.season)


def _meant(due: Sequence[Entry], format: str, site: Site) -> Iterator[Read]:
    """What the feed should say of each item."""
    prefix = site.media_prefix if format == "rss" else ""
    for entry in due:
        said = entry.said
        assert said is not None
        yield Read(
            said.atom_id if format == "atom" else entry.guid,
            said.title,
            entry.date,
            prefix + said.url,
            said.length,
            said.type,
        )
