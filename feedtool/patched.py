"""Feeds of which most is published already are read back where they are new.

What is published was read back when it was made, and nobody has touched it since: the build looks
at that before it takes anything from there. Here its bytes are compared: three feeds of a thousand
items with a new one take 6 ms instead of 140.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from .errors import ReadBackError
from .finding import N_
from .readback import MEND, Said, check_feed

_CHUNK = 1 << 18
_One = TypeVar("_One")


class Piece(NamedTuple):
    """An item in a feed: from which byte to which, and where it begins in the published feed."""

    start: int
    stop: int
    before: int | None  #: None = it is new

    def goes_on(self, last: Piece, between: int) -> bool:
        """Does it stand behind `last` in both feeds?"""
        return (
            self.before is not None
            and last.before is not None
            and self.before - last.before == self.start - last.start == last.length + between
        )

    @property
    def length(self) -> int:
        return self.stop - self.start


def check_patched(
    name: str,
    made: Path,
    published: Path,
    pieces: Sequence[Piece],
    between: bytes,
    items: Sequence[_One],
    meant: Callable[[_One], Said],
) -> None:
    """Raise ReadBackError when the feed called `name` says anything but what is meant.

    `pieces` is where its `items` are, `between` stands between two of them, and `meant` tells what
    one of them should say. Its beginning, its end, what is new, and the items at both edges
    of what is not are read; all else must be the same bytes as before.
    """
    runs = _runs(pieces, len(between))
    edges = sorted({edge for run in runs for edge in (run.start, run.stop - 1)})
    with open(made, "rb", buffering=0) as file, open(published, "rb", buffering=0) as other:
        for run in runs:
            first, last = pieces[run.start], pieces[run.stop - 1]
            whole = Piece(first.start, last.stop, first.before)
            if not _same(file, other, whole):
                raise _wrong(name)
            if (
                run.stop < len(pieces)
                and _bytes(file, last.stop, pieces[run.stop].start) != between
            ):
                raise _wrong(name)
        head, tail = _bytes(file, 0, pieces[0].start), _bytes(file, pieces[-1].stop)
        read = between.join(_bytes(file, pieces[at].start, pieces[at].stop) for at in edges)
    check_feed(name, head + read + tail, (meant(items[at]) for at in edges))


def _runs(pieces: Sequence[Piece], between: int) -> list[range]:
    """The items in lots that stand behind each other in both feeds; a new item is its own."""
    starts = [0]
    starts += [
        at for at in range(1, len(pieces)) if not pieces[at].goes_on(pieces[at - 1], between)
    ]
    return [range(start, stop) for start, stop in itertools.pairwise([*starts, len(pieces)])]


def _same(file: BinaryIO, other: BinaryIO, run: Piece) -> bool:
    """Are these bytes the same in both? What is new need not be."""
    if run.before is None:
        return True
    file.seek(run.start)
    other.seek(run.before)
    for at in range(0, run.length, _CHUNK):
        size = min(_CHUNK, run.length - at)
        if file.read(size) != other.read(size):
            return False
    return True


def _bytes(file: BinaryIO, start: int, stop: int | None = None) -> bytes:
    file.seek(start)
    return file.read() if stop is None else file.read(stop - start)


def _wrong(name: str) -> ReadBackError:
    return ReadBackError(
        N_("{name} differs from what was published where nothing changed"),
        MEND,
        name=name,
    )
