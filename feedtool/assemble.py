"""The feeds of one series, put together from the parts of its entries, and read back."""

from __future__ import annotations

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
from .patched import Piece, check_patched
from .prepare import FORMATS
from .readback import Said, check_feed
from .render.fragments import Cut, cut_feed
from .render.identity import FEED_NAMES

_BUFFER = 1 << 18
"""Bytes of a feed that are written at once. Parts are read from all over a file, so that buffers
for reading would only be filled in vain: 8.5 µs for each part with common buffers, 4.8 so."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The feeds of a series, and its entries: those that are due come first, in their order.

    The parts of the due ones are now those in the feeds.
    """

    entries: tuple[Entry, ...]
    feeds: tuple[Staged, ...]


def assemble(series: Series, entries: Sequence[Entry], site: Site, output: Output) -> Assembled:
    """Make the feeds of a series that has due entries, and read them back. Raises ReadBackError."""
    due = sorted((entry for entry in entries if entry.due), key=lambda entry: entry.order or ())
    feed = Feed(series, (), trailers=tuple(_trailers(series, due)), changed=newest_change(due))
    made = join(feed, due, f"{series.slug}/", site, output)
    others = [entry for entry in entries if not entry.due]
    return Assembled((*made.entries, *others), made.feeds)


def join(feed: Feed, due: Sequence[Entry], folder: str, site: Site, output: Output) -> Assembled:
    """Make the feeds of a folder from the parts of entries, in this order, and read them back.

    `feed` has no items. Raises ReadBackError.
    """
    feeds, places = [], []
    with ExitStack() as stack:
        sources: dict[str, BinaryIO] = {}
        for index, format in enumerate(FORMATS):
            path = folder + FEED_NAMES[format]
            for spool in {entry.spool for entry in due}:
                # the parts of earlier entries are in the feed that was published
                name = spool or str(output.folder / path)
                sources[spool] = stack.enter_context(open(name, "rb", buffering=0))
            frame = cut_feed(format, feed, site)
            staged = output.reserve(path)
            with open(staged.file, "wb", buffering=_BUFFER) as file:
                places.append(_write(file, frame, due, index, sources))
            meant = partial(_meant, format=format, site=site)
            if 4 * sum(1 for entry in due if entry.spool) > len(due):  # little would be spared
                check_feed(path, Path(staged.file), map(meant, due))
            else:
                pieces = [_piece(*one, index) for one in zip(due, places[-1], strict=True)]
                published = output.folder / path
                check_patched(path, Path(staged.file), published, pieces, frame.between, due, meant)
            feeds.append(output.settle(staged))
    placed = [
        entry._replace(spool="", parts=parts)
        for entry, parts in zip(due, zip(*places, strict=True), strict=True)
    ]
    return Assembled(tuple(placed), tuple(feeds))


def _write(
    file: BinaryIO, frame: Cut, due: Sequence[Entry], index: int, sources: dict[str, BinaryIO]
) -> list[Part]:
    """One feed; gives where each entry's part is in it."""
    file.write(frame.head)
    for number, (spool, start, stop) in enumerate(_runs(due, index, frame.between)):
        if number:
            file.write(frame.between)
        source = sources[spool]
        source.seek(start)
        for at in range(start, stop, _BUFFER):
            file.write(source.read(min(_BUFFER, stop - at)))
    file.write(frame.tail)
    places = []
    end = len(frame.head)
    for entry in due:
        length = entry.parts[index].length
        places.append(Part(end, length))
        end += length + len(frame.between)
    return places


def _piece(entry: Entry, part: Part, index: int) -> Piece:
    """Where an entry's part is in a feed, and was in the published one."""
    before = None if entry.spool else entry.parts[index].offset
    return Piece(part.offset, part.offset + part.length, before)


def _runs(due: Sequence[Entry], index: int, between: bytes) -> Iterator[tuple[str, int, int]]:
    """What to copy: file, start, end. Parts that follow each other in their file go together."""
    spool, start, stop = "", 0, 0
    for entry in due:
        offset, length = entry.parts[index]
        # in a published feed, what stands between two items is there already
        together = not (spool and between)
        if together and stop and entry.spool == spool and offset == stop + len(between):
            stop = offset + length
            continue
        if stop:
            yield spool, start, stop
        spool, start, stop = entry.spool, offset, offset + length
    yield spool, start, stop


def _trailers(series: Series, due: Sequence[Entry]) -> Iterator[Trailer]:
    for entry in due:
        if entry.slug in series.trailers and (said := entry.said):
            date = datetime.fromisoformat(entry.date)
            yield Trailer(said.title, said.url, date, said.length, said.type, said.season)


def _meant(entry: Entry, format: str, site: Site) -> Said:
    """What the feed should say of an item."""
    said = entry.said
    assert said is not None
    prefix = site.media_prefix if format == "rss" else ""
    return Said(
        said.atom_id if format == "atom" else entry.guid,
        said.title,
        entry.date,
        prefix + said.url,
        said.length,
        said.type,
    )
