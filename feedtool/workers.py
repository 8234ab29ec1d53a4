"""Lots of episodes prepared, side by side where there are many.

A worker writes only into the folder that ends with the build.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from .output import Output
from .prepare import Lot, Prepared, Spool, Task, prepare
from .recordings import Recordings
from .side_by_side import pays, side_by_side

OpenRecordings = Callable[[], AbstractContextManager[Recordings]]
Progress = Callable[[int, int], None]


def prepare_all(
    task: Task,
    lots: Sequence[Lot],
    output: Output,
    open_recordings: OpenRecordings,
    progress: Progress,
) -> Iterator[Prepared]:
    """Every lot, in no particular order. `progress` is told how many of how many are done.

    Raises what `prepare` raises, whichever process it came from.
    """
    total = sum(len(lot.stems) for lot in lots)
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    @contextmanager
    def opened(tick: Callable[[], None] = lambda: None) -> Iterator[Callable[[int], Prepared]]:
        spool = Spool(output.room, str(os.getpid()))
        with open_recordings() as recordings:
            yield lambda number: prepare(task, lots[number], recordings, output, spool, tick)

    if pays(total):
        _compile(task, lots)
        for made in side_by_side(len(lots), opened, output.room):
            done += made.count
            progress(done, total)
            yield made
        return
    with opened(tick) as work:
        for number in range(len(lots)):
            yield work(number)


def _compile(task: Task, lots: Sequence[Lot]) -> None:
    """The templates of pages, once for all: with Jinja2 it takes each process 70 ms."""
    if task.catalog.keys.pages:
        from .render.pages import compile_for

        for language in {lot.series.series.language for lot in lots}:
            compile_for(language)
