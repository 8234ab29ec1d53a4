"""The whole catalog in hand: files found, read, measured and joined into items.

One series at a time, so that a large catalog needs little memory. Nothing stops at the first
fault: whatever cannot be read or measured is a finding, and the rest goes on.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from .finding import N_, Code, Finding, Place, Severity, has_errors
from .formats import RESERVED_SERIES, is_slug
from .lock import NO_LOCK, Lock
from .media_files import ME050, ME053
from .model import Episode, Item, Series, Words
from .read.resolve import (
    EP006,
    SE002,
    Catalog,
    podcast_guid,
    resolve_catalog,
    resolve_episode,
    resolve_series,
)
from .read.schema import Faulty, salvage, validate
from .read.text import read_text
from .read.values import better_slug
from .read.written import CatalogKeys, EpisodeKeys, IgnoreKeys, SeriesKeys
from .read.yaml_tree import Tree, front_matter, positions, read_tree
from .recordings import ME051, Recordings

CATALOG_FILE = "feedtool.yaml"
LOCK_FILE = "feedtool.lock"

CF050 = Code(
    "CF050",
    Severity.ERROR,
    message=N_("there are no episodes yet"),
    why=N_("a feed without episodes is refused by every directory"),
    mend=N_("make a folder for the series below episodes/, and in it the file series.yaml and one "
            "file for each episode:  episodes/my-series/my-episode.md"),
    spec=("APPLE-40",),
)  # fmt: skip
CF051 = Code(
    "CF051",
    Severity.ERROR,
    message=N_('"{name}" cannot be part of a web address'),
    why=N_("the name becomes the address of a page: small letters a-z, digits and single hyphens, "
           "80 at most, and no date first"),
    mend=N_("rename it to  {better}"),
    spec=("URI-03",),
)  # fmt: skip
CF052 = Code(
    "CF052",
    Severity.ERROR,
    message=N_('a series cannot be called "{name}"'),
    why=N_("a folder of that name holds something else on the web site"),
    mend=N_("give the folder another name, for example  {better}"),
)
CF053 = Code(
    "CF053",
    Severity.ERROR,
    message=N_("a link leads out of the catalog"),
    why=N_("files from elsewhere on the machine could be published by mistake"),
    mend=N_("delete the link and put the file or folder itself there"),
)
CF054 = Code(
    "CF054",
    Severity.WARNING,
    message=N_('"{name}" is not read'),
    why=N_("only series.yaml and files that end with .md are"),
    mend=N_("rename it to  {better}  , or move it out of episodes/"),
)
CF055 = Code(
    "CF055",
    Severity.WARNING,
    message=N_('"{name}" is not read here'),
    why=N_("an episode is read only if it stands in the folder of its series, and not in a folder "
           "inside that"),
    mend=N_("move it to  episodes/{folder}/{name}"),
)  # fmt: skip
SE003 = Code(
    "SE003",
    Severity.ERROR,
    message=N_("the folder has no series.yaml"),
    why=N_("title and description of the series are unknown"),
    mend=N_("make the file {file} with two lines:  title: ...  and  description: ..."),
)


SE005 = Code(
    "SE005",
    Severity.WARNING,
    message=N_("the file says nothing"),
    why=N_("the series gets the title and the description of feedtool.yaml"),
    mend=N_("write two lines:  title: ...  and  description: ..."),
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


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An episode whose file has errors: checked as far as it is known, and never built."""

    episode: Episode
    item: Item | None
    faulty: Faulty


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSeries:
    """A series with all its items: due, scheduled and drafts, in the order of their files."""

    series: Series
    items: tuple[Item, ...]
    episodes: tuple[Episode, ...]  #: also those whose recording could not be measured
    doubtful: tuple[Doubtful, ...]
    sound: bool = True  #: series.yaml has no errors
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


def load_catalog(root: Path, found: list[Finding], base_url: str | None = None) -> Catalog | None:
    """feedtool.yaml, resolved; `base_url` stands in for the catalog's own in this build."""
    wrong: list[Finding] = []
    catalog, _ = _catalog(root, wrong, base_url)
    found += wrong
    return None if has_errors(wrong) else catalog


def _catalog(root: Path, found: list[Finding], base_url: str | None) -> tuple[Catalog, Faulty]:
    """The catalog as far as it is known, and the keys that are wrong."""
    text, more = read_text(root / CATALOG_FILE, CATALOG_FILE)
    found += more
    keys, faulty = _keys_of(text, CATALOG_FILE, CatalogKeys, found)
    catalog, more = resolve_catalog(keys, Place(CATALOG_FILE), base_url, faulty.keys)
    found += more
    return catalog, faulty


def _keys_of(
    text: str | None, file: str, kind: type[T], found: list[Finding], first_line: int = 1
) -> tuple[T, Faulty]:
    """The keys that a YAML text says rightly, and those that are wrong.

    None is a text that could not be read: all its keys are wrong.
    """
    tree: dict[str, Tree] | None = None
    more: list[Finding] = []
    if text is not None:
        tree, more = read_tree(text, file, first_line)
        found += more
    if tree is not None:
        keys, more = validate(tree, kind, Place(file))
        found += more
        if keys is not None:
            return keys, Faulty()
    return salvage(tree, kind, more)


_UNSURE = {"people": EP006, "description": SE002}
"""What could only seem to be wrong with a series while this key of feedtool.yaml is."""


def look_over(
    root: Path,
    folders: Iterable[Folder],
    lock: Lock | None,
    recordings: Recordings,
    found: list[Finding],
) -> Iterator[LoadedSeries]:
    """The series of a catalog that cannot be built, to find what else is wrong with them."""
    catalog, faulty = _catalog(root, [], None)
    unsure = {code for key, code in _UNSURE.items() if key in faulty.keys}
    unsure |= {ME050, ME051, ME053} if lock is None else set()  # it may know the recordings
    for folder in folders:
        more: list[Finding] = []
        loaded = load_series(root, folder, catalog, lock or NO_LOCK, recordings, more, lambda: None)
        found += [finding for finding in more if finding.code not in unsure]
        if loaded:
            yield loaded


def find_folders(root: Path, found: list[Finding]) -> list[Folder]:
    """The series below episodes/, by name."""
    folders: list[Folder] = []
    wrong: list[Finding] = []
    if _linked_away(root):
        found.append(CF053.at(Place("episodes")))
        return []
    for entry in _entries(root / "episodes"):
        name = unicodedata.normalize("NFC", entry.name)
        place = Place(f"episodes/{name}")
        if name.startswith("."):
            continue
        if not entry.is_dir():
            if name.endswith(".md"):
                top = replace(place, line=1, column=1)
                wrong.append(CF055.at(top, name=name, folder=N_("my-series")))
        elif _leads_out(root, entry):
            wrong.append(CF053.at(place))
        elif name in RESERVED_SERIES:
            wrong.append(CF052.at(place, name=name, better=f"{name}-2"))
        elif not is_slug(name):
            wrong.append(CF051.at(place, name=name, better=better_slug(name)))
        else:
            folders.append(_folder(root, name, entry.path, wrong))
    if not any(folder.episodes for folder in folders) and not has_errors(wrong):
        wrong.append(CF050.at(Place("episodes")))
    found += wrong
    return folders


def _linked_away(root: Path) -> bool:
    """Is episodes/ itself a link to another place?"""
    return not (root / "episodes").resolve().is_relative_to(root.resolve())


def _folder(root: Path, slug: str, path: str, found: list[Finding]) -> Folder:
    stems, has_series_file = [], False
    for entry in _entries(Path(path)):
        name = unicodedata.normalize("NFC", entry.name)
        stem, _, suffix = name.rpartition(".")
        place = Place(f"episodes/{slug}/{name}", line=1, column=1)  # the name, not what it says
        if name.startswith(".") or name.endswith("~"):
            continue
        if name != "series.yaml" and suffix != "md":
            if suffix.lower() in {"md", "markdown", "mdown", "txt", "yml", "yaml"}:
                better = "series.yaml" if stem.lower() == "series" else f"{better_slug(stem)}.md"
                found.append(CF054.at(place, name=name, better=better))
            elif entry.is_dir():
                found += _misplaced(entry, slug, name)
        elif _leads_out(root, entry):
            found.append(CF053.at(place))
        elif name == "series.yaml":
            has_series_file = True
        elif is_slug(stem):
            stems.append(stem)
        else:
            found.append(CF051.at(place, name=stem, better=f"{better_slug(stem)}.md"))
    return Folder(slug, tuple(stems), has_series_file)


def _misplaced(folder: os.DirEntry[str], series: str, name: str) -> Iterator[Finding]:
    """Episodes in a folder inside the folder of a series."""
    for entry in _entries(Path(folder.path)):
        if entry.name.endswith(".md"):
            place = Place(f"episodes/{series}/{name}/{entry.name}", line=1, column=1)
            yield CF055.at(place, name=entry.name, folder=series)


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
    wrong: list[Finding] = []
    text, more = read_text(root / file, file)
    keys, faulty = _keys_of(text, file, SeriesKeys, wrong)
    series, missing = resolve_series(folder.slug, keys, catalog, place, faulty.keys)
    found += more + wrong + [faulty.as_written(finding) for finding in missing]
    guid = series.guid or lock.series.get(folder.slug)
    feed = catalog.home.page(folder.slug) + "feed.xml"
    series = replace(series, guid=guid or podcast_guid(feed))
    if keys == SeriesKeys() and not faulty.keys:
        found.append(SE005.at(place))
    if series.image:
        recordings.files.picture(series.image, place.down("image"), found)
    recordings.portraits(series.people, keys.people, place.down("people"), found)
    ignored = {file: keys.ignore}
    items, episodes, doubtful = [], [], []
    words: dict[str, Words] = {}
    for stem in folder.episodes:
        tick()
        wrong = []
        read = _read_episode(root, stem, series, catalog, wrong)
        found += wrong
        if read is None:
            continue
        episode, written, errors = read
        more = []
        episode, item = recordings.item(
            episode, written, series, lock, words, Place(episode.file), more
        )
        found += map(errors.as_written, more) if errors.left else more
        ignored[episode.file] = written.ignore
        if has_errors(wrong):
            doubtful.append(Doubtful(episode, item, errors))
            continue
        episodes.append(episode)
        items += [item] if item else []
    found += [
        SE004.at(place.down("trailer", index), slug=slug)
        for index, slug in enumerate(series.trailers)
        if slug not in folder.episodes
    ]
    return LoadedSeries(
        series=series,
        items=tuple(items),
        episodes=tuple(episodes),
        doubtful=tuple(doubtful),
        sound=not faulty.keys,
        words=words,
        ignored=ignored,
    )


def _read_episode(
    root: Path, stem: str, series: Series, catalog: Catalog, found: list[Finding]
) -> tuple[Episode, EpisodeKeys, Faulty] | None:
    """What one file says; None when it cannot be read, or is a draft that says too little."""
    read = _read_file(root, series.slug, stem, found)
    if read is None:
        return None
    keys, faulty, notes = read
    place = Place(f"episodes/{series.slug}/{stem}.md")
    episode, more = resolve_episode(stem, keys, notes, series, catalog, place, faulty.keys)
    found += map(faulty.as_written, more)
    return None if episode is None else (episode, keys, faulty)


def read_keys(
    root: Path, series: str, stem: str, found: list[Finding]
) -> tuple[EpisodeKeys, str] | None:
    """The keys of an episode file and its notes in Markdown; None when they are wrong."""
    read = _read_file(root, series, stem, found)
    return (read[0], read[2]) if read and not read[1].keys else None


def _read_file(
    root: Path, series: str, stem: str, found: list[Finding]
) -> tuple[EpisodeKeys, Faulty, str] | None:
    """The keys of an episode file, which of them are wrong, and the notes in Markdown.

    None when nothing can be read.
    """
    file = f"episodes/{series}/{stem}.md"
    text, more = read_text(root / file, file)
    found += more
    if text is None:
        return None
    written, notes, _, more = front_matter(text, file)
    found += more
    if written is None:
        return None
    keys, faulty = _keys_of(written, file, EpisodeKeys, found, first_line=2)
    return keys, faulty, notes
