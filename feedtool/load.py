"""The whole catalog in hand: files found, read, measured and joined into items.

One series at a time, so that a large catalog needs little memory. Nothing stops at the first
fault: whatever cannot be read or measured is a finding, and the rest goes on.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from .finding import Code, Finding, N_, Place, Severity
from .formats import RESERVED_SERIES, is_slug
from .lock import Lock
from .model import Episode, Item, Series, Words
from .read.resolve import (
    Catalog,
    podcast_guid,
    resolve_catalog,
    resolve_episode,
    resolve_series,
)
from .read.schema import validate
from .read.text import read_text
from .read.written import CatalogKeys, EpisodeKeys, IgnoreKeys, SeriesKeys, better_name
from .read.yaml_tree import Tree, front_matter, positions, read_tree
from .recordings import Recordings

CATALOG_FILE = "feedtool.yaml"
LOCK_FILE = "feedtool.lock"

CF050 = Code(
    "CF050",
    Severity.ERROR,
    message=N_("there are no episodes below episodes/"),
    why=N_("a feed without episodes is refused by every directory"),
    mend=N_("add episodes/<series>/series.yaml and episodes/<series>/<episode>.md"),
    spec=("APPLE-40",),
)
CF051 = Code(
    "CF051",
    Severity.ERROR,
    message=N_('"{name}" cannot be part of a web address'),
    why=N_("the name becomes the address of the page and must be safe everywhere: "
           "a-z, 0-9 and single hyphens, at most 80, no date first"),
    mend=N_("rename it to {better}"),
    spec=("URI-03",),
)  # fmt: skip
CF052 = Code(
    "CF052",
    Severity.ERROR,
    message=N_('a series cannot be called "{name}"'),
    why=N_("the output keeps that folder for something else"),
    mend=N_("give the folder another name"),
)
CF053 = Code(
    "CF053",
    Severity.ERROR,
    message=N_("a link leads out of the catalog"),
    why=N_("files from elsewhere on the machine could be published by mistake"),
    mend=N_("replace the link by the file itself"),
)
CF054 = Code(
    "CF054",
    Severity.WARNING,
    message=N_('"{name}" is not read'),
    why=N_("only series.yaml and files that end with .md are"),
    mend=N_("rename it to {better}, or remove it"),
)
SE003 = Code(
    "SE003",
    Severity.ERROR,
    message=N_("the series has no series.yaml"),
    why=N_("its title and description are unknown"),
    mend=N_("add {file} with  title: and description:"),
)


SE004 = Code(
    "SE004",
    Severity.ERROR,
    message=N_('there is no episode "{slug}" to be the trailer'),
    why=N_("apps would offer a trailer that cannot be played"),
    mend=N_("write the file name, without .md, of an episode of this series"),
    spec=("PC20-12",),
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Folder:
    """One series as found on disk, before anything is read."""

    slug: str
    episodes: tuple[str, ...]  #: file stems, sorted
    has_series_file: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSeries:
    """A series with all its items: due, scheduled and drafts, in the order of their files."""

    series: Series
    items: tuple[Item, ...]
    episodes: tuple[Episode, ...]  #: also those whose recording could not be measured
    words: Mapping[str, Words]  #: transcripts as read, by source
    ignored: Mapping[str, tuple[IgnoreKeys, ...]]  #: `ignore:` by file


def located(root: Path, findings: list[Finding]) -> list[Finding]:
    """The findings with the line and column of the keys they speak of.

    Reads again only the files that have such findings.
    """
    where: dict[str, Mapping[tuple[str | int, ...], tuple[int, int]]] = {}
    return [
        _at_line(root, finding, where)
        if finding.place.line is None and finding.place.file.endswith((".md", ".yaml"))
        else finding
        for finding in findings
    ]


def _at_line(
    root: Path,
    finding: Finding,
    where: dict[str, Mapping[tuple[str | int, ...], tuple[int, int]]],
) -> Finding:
    place = finding.place
    if place.file not in where:
        text, _ = read_text(root / place.file, place.file)
        first_line = 1
        if text is not None and place.file.endswith(".md"):
            text, first_line = front_matter(text, place.file)[0], 2
        where[place.file] = positions(text, first_line) if text else {}
    keys = place.keys
    while keys and keys not in where[place.file]:
        keys = keys[:-1]
    line, column = where[place.file].get(keys, (1, 1))
    return replace(finding, place=replace(place, line=line, column=column))


def load_catalog(
    root: Path, found: list[Finding], base_url: str | None = None
) -> Catalog | None:
    """feedtool.yaml, resolved; `base_url` stands in for the catalog's own in this build."""
    place = Place(CATALOG_FILE)
    keys = _keys_of(root, CATALOG_FILE, CatalogKeys, found)
    if keys is None:
        return None
    catalog, more = resolve_catalog(keys, place, base_url)
    found += more
    return catalog


def _keys_of(root: Path, file: str, kind: type[T], found: list[Finding]) -> T | None:
    """The keys of a YAML file, or None and what is wrong with it."""
    text, more = read_text(root / file, file)
    found += more
    if text is None:
        return None
    tree: dict[str, Tree] | None = {}
    if text.strip():
        tree, more = read_tree(text, file)
        found += more
    if tree is None:
        return None
    keys, more = validate(tree, kind, Place(file))
    found += more
    return keys  # type: ignore[no-any-return]


def find_folders(root: Path, found: list[Finding]) -> list[Folder]:
    """The series below episodes/, by name."""
    folders = []
    for entry in _entries(root / "episodes"):
        name = unicodedata.normalize("NFC", entry.name)
        if name.startswith(".") or not entry.is_dir():
            continue
        place = Place(f"episodes/{name}")
        if _leads_out(root, entry):
            found.append(CF053.at(place))
        elif name in RESERVED_SERIES:
            found.append(CF052.at(place, name=name))
        elif not is_slug(name):
            found.append(CF051.at(place, name=name, better=better_name(name)))
        else:
            folders.append(_folder(root, name, entry.path, found))
    if not any(folder.episodes for folder in folders) and not found:
        found.append(CF050.at(Place("episodes")))
    return folders


def _folder(root: Path, slug: str, path: str, found: list[Finding]) -> Folder:
    stems, has_series_file = [], False
    for entry in _entries(Path(path)):
        name = unicodedata.normalize("NFC", entry.name)
        stem, _, suffix = name.rpartition(".")
        place = Place(f"episodes/{slug}/{name}")
        if name.startswith(".") or name.endswith("~"):
            continue
        if name != "series.yaml" and suffix != "md":
            better = {"yml": "series.yaml"}.get(suffix.lower(), f"{stem}.md")
            if suffix.lower() in {"md", "markdown", "mdown", "txt", "yml", "yaml"}:
                found.append(CF054.at(place, name=name, better=better))
        elif _leads_out(root, entry):
            found.append(CF053.at(place))
        elif name == "series.yaml":
            has_series_file = True
        elif is_slug(stem):
            stems.append(stem)
        else:
            found.append(CF051.at(place, name=stem, better=better_name(stem)))
    return Folder(slug, tuple(stems), has_series_file)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _leads_out(root: Path, entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root.resolve())


def load_series(
    root: Path,
    folder: Folder,
    catalog: Catalog,
    lock: Lock,
    recordings: Recordings,
    found: list[Finding],
    tick: Callable[[], None],
) -> LoadedSeries | None:
    """One series with everything in it; None when nothing of it can be used.

    `tick` is called after each episode.
    """
    file = f"episodes/{folder.slug}/series.yaml"
    place = Place(file)
    if not folder.has_series_file:
        found.append(SE003.at(Place(f"episodes/{folder.slug}"), file=file))
        return None
    keys = _keys_of(root, file, SeriesKeys, found)
    series, more = resolve_series(folder.slug, keys, catalog, place) if keys else (None, [])
    found += more
    if keys is None or series is None:
        return None
    guid = series.guid or lock.series.get(folder.slug)
    feed = catalog.home.page(folder.slug) + "feed.xml"
    series = replace(series, guid=guid or podcast_guid(feed))
    if series.image:
        recordings.picture(series.image, place.down("image"), found)
    ignored = {file: keys.ignore}
    items, episodes = [], []
    words: dict[str, Words] = {}
    for stem in folder.episodes:
        tick()
        read = _read_episode(root, stem, series, catalog, found)
        if read is None:
            continue
        episode, written = read
        episode, item = recordings.item(
            episode, written, series, lock, words, Place(episode.file), found
        )
        episodes.append(episode)
        items += [item] if item else []
        ignored[episode.file] = written.ignore
    slugs = {episode.slug for episode in episodes}
    found += [
        SE004.at(place.down("trailer"), slug=slug)
        for slug in series.trailers
        if slug not in slugs and slug not in folder.episodes
    ]
    return LoadedSeries(
        series=series, items=tuple(items), episodes=tuple(episodes), words=words, ignored=ignored
    )


def _read_episode(
    root: Path, stem: str, series: Series, catalog: Catalog, found: list[Finding]
) -> tuple[Episode, EpisodeKeys] | None:
    """What one file says; None when it cannot be read, or is a draft that says too little."""
    file = f"episodes/{series.slug}/{stem}.md"
    text, more = read_text(root / file, file)
    found += more
    if text is None:
        return None
    written, notes, _, more = front_matter(text, file)
    found += more
    if written is None:
        return None
    tree, more = read_tree(written, file, first_line=2)
    found += more
    if tree is None:
        return None
    keys, more = validate(tree, EpisodeKeys, Place(file))
    found += more
    if keys is None:
        return None
    episode, more = resolve_episode(stem, keys, notes, series, catalog, Place(file))
    found += more
    return None if episode is None else (episode, keys)
