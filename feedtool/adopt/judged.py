"""What stops a build, and can be put right without a person: it is put right, and told.

Other programs let chapters stand in any order and count episodes from 0; apps made do with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import cast

from ..check.chapters import CH003, CH005
from ..check.episode import EP022, EP026, EP027
from ..check.numbering import EP062
from ..finding import Fault
from ..formats import clock
from ..read.objects import ChapterKeys
from ..read.written import EpisodeKeys
from .record import Tree

Judged = tuple[str, object, Fault]
"""A key, what is left out of it, and why."""


def put_right(tree: Tree, keys: EpisodeKeys) -> Iterator[Judged]:
    """Change the tree of an episode; `keys` is what it says. Gives what is left out."""
    yield from _number(tree, keys)
    yield from _chapters(tree, keys)
    yield from _soundbites(tree, keys)
    yield from _renditions(tree, keys)


def _number(tree: Tree, keys: EpisodeKeys) -> Iterator[Judged]:
    if keys.episode and Decimal(str(keys.episode.number)) < 1:
        number = str(keys.episode.number)
        yield "episode", tree.pop("episode"), EP062.fault(number=number)


def _chapters(tree: Tree, keys: EpisodeKeys) -> Iterator[Judged]:
    """In the order of their times, each time once, none with an end before its start."""
    written: list[Tree] = tree.get("chapters", [])
    chapters = cast("tuple[ChapterKeys, ...]", keys.chapters)  # a text would name a file
    order = sorted(range(len(written)), key=lambda index: chapters[index].start)
    kept: list[Tree] = []
    last = timedelta(-1)
    for index in order:
        chapter, one = chapters[index], written[index]
        if chapter.start <= last:
            yield "chapters", one, CH003.fault(title=chapter.title, start=clock(chapter.start))
            continue
        last = chapter.start
        if chapter.end is not None and chapter.end <= chapter.start:
            yield "chapters", one, CH005.fault(title=chapter.title, end=clock(chapter.end))
            one = _without(one, "end")
        kept.append(one)
    if kept:
        tree["chapters"] = kept


def _soundbites(tree: Tree, keys: EpisodeKeys) -> Iterator[Judged]:
    kept: list[object] = []
    for bite, written in zip(keys.soundbites, tree.get("soundbites", ()), strict=True):
        if bite.duration:
            kept.append(written)
        else:
            at = clock(bite.start)
            yield "soundbites", written, EP022.fault(start=at, end=at, measured="?")
    tree["soundbites"] = kept
    if not kept:
        del tree["soundbites"]


def _renditions(tree: Tree, keys: EpisodeKeys) -> Iterator[Judged]:
    """Only the recording itself can be the default rendition."""
    found = False
    kept: list[Tree] = []
    for rendition, written in zip(keys.alternates, tree.get("alternates", ()), strict=True):
        if rendition.default:
            same = keys.media in {copy.uri for copy in rendition.uris}
            if found or not same:
                fault = EP026.fault() if found else EP027.fault(media=keys.media or "")
                yield "alternates", "default: true", fault
                kept.append(_without(written, "default"))
                continue
            found = True
        kept.append(written)
    if kept:
        tree["alternates"] = kept


def _without(tree: Tree, key: str) -> Tree:
    return {name: value for name, value in tree.items() if name != key}
