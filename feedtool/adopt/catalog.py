"""What the catalog has already: an import adds to it, and changes nothing that is there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import field
from pathlib import Path

from ..declare import dataclass
from ..folders import find_folders
from ..load import read_keys
from ..lock import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """The episodes that are there, as far as an import must know them."""

    has_series_file: bool
    names: dict[str, str] = field(default_factory=dict)  #: "series/slug" by guid
    media: dict[str, str] = field(default_factory=dict)  #: what `media:` says, by guid
    gone: frozenset[str] = frozenset()  #: guids of episodes that somebody took away
    slugs: set[str] = field(default_factory=set)  #: of the series, the lock's included
    files: set[str] = field(default_factory=set)  #: below media/<series>/, named by an episode
    unread: dict[str, bytes] = field(default_factory=dict)
    """Files that cannot be read as episodes, with what is in them, by name."""

    def name_of(self, guid: str) -> str | None:
        """The episode, "series/slug", that has this guid; of a broken file, that speaks of it."""
        if name := self.names.get(guid):
            return name
        said = guid.encode("utf-8", "replace")
        return next((name for name, data in self.unread.items() if said in data), None)


def look(root: Path, series: str, lock: Lock) -> There:
    """What is there of the series; of others, what the lock says."""
    folders = find_folders(root, [], {series})
    there = There(
        has_series_file=any(folder.has_series_file for folder in folders),
        gone=frozenset(guid for guid, one in lock.episodes.items() if one.gone),
    )
    for guid, promise in lock.episodes.items():
        if promise.series == series:
            there.slugs.add(promise.slug)
            there.files.update(_files(promise.media, series))
        elif not promise.gone:
            there.names[guid] = promise.name
    for folder in folders:
        for slug in folder.episodes:
            name = f"{series}/{slug}"
            there.slugs.add(slug)
            read = read_keys(root, series, slug, [])
            if read is None or read[0].guid is None:
                there.unread[name] = _bytes(root / f"episodes/{name}.md")
                continue
            keys = read[0]
            there.names.setdefault(read[0].guid, name)
            there.media[read[0].guid] = keys.media or ""
            named: list[str | None] = [keys.media, keys.image]
            named += [text.file for text in (*keys.transcripts, *keys.captions)]
            for one in named:
                there.files.update(_files(f"{series}/{one or ''}", series))
    return there


def _files(source: str, series: str) -> Iterable[str]:
    """The name below media/<series>/; none for an address."""
    folder, _, name = source.partition("/")
    return [name.lower()] if name and folder == series and ":" not in source else []


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def names_in(folder: Path) -> set[str]:
    """The names in a folder, in small letters; none where it is not there."""
    try:
        return {name.lower() for name in os.listdir(folder)}
    except OSError:
        return set()
