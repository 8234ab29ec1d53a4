"""The catalog in hand: files read, measured and joined into items, one at a time.

Nothing stops at the first fault: whatever cannot be read or measured is a finding, and the rest
goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, replace
from pathlib import Path
from typing import TypeVar

from .artwork import measured_tags, portraits
from .declare import dataclass
from .finding import N_, Code, Finding, Place, Severity, has_errors
from .folders import Folder
from .lock import NO_LOCK, Lock, known_keys
from .media_files import ME050, ME053, ME065, ME066
from .model import Episode, Item, Series, Words
from .noted import ME069
from .read.catalog import Catalog, resolve_catalog
from .read.channel import podcast_guid
from .read.episode import EP001, EP008, resolve_episode
from .read.front_matter import front_matter
from .read.languages import unusual_languages
from .read.letters import broken_letters
from .read.notes import render_notes, with_media_at
from .read.notes_faults import notes_faults
from .read.objects import IgnoreKeys
from .read.people import EP006
from .read.schema import NO_FAULTS, Faulty, salvage, validate
from .read.series import SE002, resolve_series
from .read.text import read_text
from .read.written import CatalogKeys, ChannelKeys, EpisodeKeys, SeriesKeys
from .read.yaml_tree import Tree, read_tree
from .recordings import ME051, Recordings

CATALOG_FILE = "feedtool.yaml"
SE003 = Code(
    "SE003",
    Severity.ERROR,
    message=N_("the folder has no series.yaml"),
    why=N_("title and description of the series are unknown"),
    mend=N_("make the file {file} with two lines:  title: ...  and  description: ..."),
)


SE006 = Code(
    "SE006",
    Severity.ERROR,
    message=N_('"{name}" is not read'),
    why=N_("title and description of a series are read from series.yaml only"),
    mend=N_("rename it to  {better}"),
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
EP090 = Code(
    "EP090",
    Severity.NOTE,
    message=N_("the draft is not shown; missing: {missing}"),
    why=N_("there would be nothing to play, or no place in the list"),
    mend=N_("to look at it, write any date and name any recording that is in media/{series}/"),
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSeries:
    """What series.yaml says, resolved."""

    folder: Folder
    series: Series
    sound: bool = True  #: the file has no errors
    ignored: tuple[IgnoreKeys, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedEpisode:
    """An episode, joined with its recording if that is known.

    With errors in its file it is checked as far as it is known, and never built.
    """

    episode: Episode
    item: Item | None
    sound: bool  #: its file has no errors
    faulty: Faulty  #: the keys that are wrong
    words: Mapping[str, Words]  #: its transcripts as read, by source
    ignored: tuple[IgnoreKeys, ...]


@dataclass(frozen=True, slots=True)
class WrittenEpisode:
    """What the file of an episode says, before its recording is asked."""

    episode: Episode | None  #: None when it cannot be read, or is a draft that says too little
    keys: EpisodeKeys
    faulty: Faulty
    found: list[Finding]


def load_catalog(
    root: Path, found: list[Finding], base_url: str | None = None, *, in_one_place: bool = False
) -> Catalog | None:
    """feedtool.yaml, resolved; `base_url` stands in for the catalog's own in this build.

    `in_one_place`: media are there too, wherever else they are published.
    """
    wrong: list[Finding] = []
    catalog, _ = _catalog(root, wrong, base_url)
    found += wrong
    if has_errors(wrong):
        return None
    return catalog.in_one_place() if in_one_place else catalog


def _catalog(root: Path, found: list[Finding], base_url: str | None) -> tuple[Catalog, Faulty]:
    """The catalog as far as it is known, and the keys that are wrong."""
    tree = _tree(root, CATALOG_FILE, found)
    keys, faulty = _keys_of(tree, CATALOG_FILE, CatalogKeys, found)
    catalog, more = resolve_catalog(keys, Place(CATALOG_FILE), base_url, faulty.keys)
    found += more
    return catalog, faulty


def _tree(root: Path, file: str, found: list[Finding]) -> dict[str, Tree] | None:
    """What a file of YAML alone says, before it is looked at; None when it cannot be read."""
    text, more = read_text(root / file, file)
    found += more
    if text is None:
        return None
    if not more:
        found += broken_letters(text, file)
    tree, more = read_tree(text, file)
    found += more
    return tree


def _keys_of(
    tree: dict[str, Tree] | None, file: str, kind: type[T], found: list[Finding]
) -> tuple[T, Faulty]:
    """The keys that a tree says rightly, and those that are wrong.

    None is what could not be read: all its keys are wrong.
    """
    more: list[Finding] = []
    if tree is not None:
        found += unusual_languages(tree, file)
        keys, more = validate(tree, kind, Place(file))
        found += more
        if keys is not None:
            return keys, NO_FAULTS
    return salvage(tree, kind, more)


_NO_KEYS = EpisodeKeys(title="")
"""Of a file of which nothing can be read."""

_UNSURE = {"people": EP006, "description": SE002}
"""What could only seem to be wrong with a series while this key of feedtool.yaml is."""

_DEFAULTS = {entry.name for entry in fields(ChannelKeys)} | {"owner"}
"""Keys of feedtool.yaml from which a series takes what it does not say itself."""


def look_over(
    root: Path,
    folders: Iterable[Folder],
    lock: Lock | None,
    recordings: Recordings,
    found: list[Finding],
) -> Iterator[tuple[LoadedSeries, list[LoadedEpisode]]]:
    """The series of a catalog that cannot be built, to find what else is wrong with them."""
    catalog, faulty = _catalog(root, [], None)
    unsure = {code for key, code in _UNSURE.items() if key in faulty.keys}
    # the lock may know the recordings
    unsure |= {ME050, ME051, ME053, ME065, ME066, ME069} if lock is None else set()
    for folder in folders:
        more: list[Finding] = []
        loaded = load_series(root, folder, catalog, lock or NO_LOCK, recordings, more)
        episodes = [
            episode
            for stem in folder.episodes
            if loaded
            and (episode := load_episode(
                root, stem, loaded.series, catalog, lock or NO_LOCK, recordings, more
            ))
        ]  # fmt: skip
        found += [finding for finding in more if finding.code not in unsure]
        if loaded:
            sound = loaded.sound and _DEFAULTS.isdisjoint(faulty.keys)
            yield replace(loaded, sound=sound), episodes


def load_series(
    root: Path,
    folder: Folder,
    catalog: Catalog,
    lock: Lock,
    recordings: Recordings,
    found: list[Finding],
) -> LoadedSeries | None:
    """What series.yaml says; None when nothing of the series can be used."""
    file = f"episodes/{folder.slug}/series.yaml"
    place = Place(file)
    if not folder.has_series_file:
        if folder.instead:
            where = Place(f"episodes/{folder.slug}/{folder.instead}", line=1, column=1)
            found.append(SE006.at(where, name=folder.instead, better="series.yaml"))
        else:
            found.append(SE003.at(Place(f"episodes/{folder.slug}"), file=file))
        return None
    wrong: list[Finding] = []
    tree = _tree(root, file, wrong)
    keys, faulty = _keys_of(tree, file, SeriesKeys, wrong)
    emptied = {name for name, value in (tree or {}).items() if value == []}
    series, missing = resolve_series(folder.slug, keys, catalog, place, faulty.keys, emptied)
    found += wrong + [faulty.as_written(finding) for finding in missing]
    guid = series.guid or lock.series.get(folder.slug)
    feed = catalog.home.page(folder.slug) + "feed.xml"
    series = replace(
        series, guid=guid or podcast_guid(feed), feed_url=feed, announced=folder.slug in lock.series
    )
    if keys == SeriesKeys() and not faulty.keys:
        found.append(SE005.at(place))
    if series.image:
        # where it is written: a series without artwork has that of feedtool.yaml
        where = Place(series.written.get("image", file), ("image",))
        series = replace(series, artwork=recordings.files.picture(series.image, where, found))
    portraits(recordings.files, series.people, keys.people, place.down("people"), found)
    if series.podcast:
        podcast = measured_tags(recordings.files, series.podcast, found)
        series = replace(series, podcast=podcast)
    found += [
        SE004.at(place.down("trailer", index), slug=slug)
        for index, slug in enumerate(series.trailers)
        if slug not in folder.episodes
    ]
    return LoadedSeries(folder=folder, series=series, sound=not faulty.keys, ignored=keys.ignore)


def read_episodes(
    root: Path, stems: Sequence[str], series: Series, catalog: Catalog
) -> list[WrittenEpisode]:
    """What the files of some episodes of a series say, in the order of `stems`.

    Each step is done for all of them before the next: a step that finds its code and its tables
    still in the cache of the processor takes little more than half the time.
    """
    files = _read_files(root, series.slug, stems)
    pages = [catalog.site.page(series.slug, stem) for stem in stems]
    notes = [render_notes(file.notes, page) for file, page in zip(files, pages, strict=True)]
    base_url, media = catalog.site.base_url, catalog.site.media_base_url
    if media != base_url + "media/":
        notes = [
            (with_media_at(full, media, base_url), with_media_at(short, media, base_url))
            for full, short in notes
        ]
    written = [
        _resolved(file, stem, html, series, catalog)
        for file, stem, html in zip(files, stems, notes, strict=True)
    ]
    for file, one in zip(files, written, strict=True):
        if file.keys is not None:
            one.found.extend(
                notes_faults(
                    file.notes, file.line, file.name,
                    draft=file.keys.status == "draft", pages=catalog.keys.pages,
                )
            )  # fmt: skip
    return written


def _resolved(
    file: _File, stem: str, notes: tuple[str, str], series: Series, catalog: Catalog
) -> WrittenEpisode:
    if file.keys is None:
        return WrittenEpisode(None, _NO_KEYS, file.faulty, file.found)
    episode, more = resolve_episode(
        stem, file.keys, notes, series, catalog, Place(file.name), file.faulty.keys,
        file.tree or (),
    )  # fmt: skip
    found = file.found + [file.faulty.as_written(finding) for finding in more]
    return WrittenEpisode(episode, file.keys, file.faulty, found)


def load_episode(
    root: Path,
    stem: str,
    series: Series,
    catalog: Catalog,
    lock: Lock,
    recordings: Recordings,
    found: list[Finding],
) -> LoadedEpisode | None:
    """One episode of a series; None when nothing of it can be used."""
    (written,) = read_episodes(root, [stem], series, catalog)
    return with_recording(written, series, lock, recordings, found)


def with_recording(
    written: WrittenEpisode,
    series: Series,
    lock: Lock,
    recordings: Recordings,
    found: list[Finding],
) -> LoadedEpisode | None:
    """The same for an episode whose file has been read."""
    found += _as_known(written, lock)
    if written.episode is None:
        return None
    more: list[Finding] = []
    words: dict[str, Words] = {}
    episode, item = recordings.item(
        written.episode, written.keys, series, lock, words, Place(written.episode.file), more
    )
    found += map(written.faulty.as_written, more)
    return LoadedEpisode(
        episode=episode,
        item=item,
        sound=not has_errors(written.found),
        faulty=written.faulty,
        words=words,
        ignored=written.keys.ignore,
    )


def not_shown(
    written: WrittenEpisode, loaded: LoadedEpisode | None, series: str, stem: str
) -> Iterator[Finding]:
    """What is to be said of a draft that cannot be shown, where drafts are to be."""
    keys = written.keys
    if keys.status != "draft" or (loaded and loaded.item) or has_errors(written.found):
        return
    missing = [key for key in ("date", "media") if getattr(keys, key) is None]
    if loaded and not missing:
        missing = [f"media/{loaded.episode.media}"]
    place = Place(f"episodes/{series}/{stem}.md", ("status",))
    yield EP090.at(place, missing=", ".join(missing), series=series)


def _as_known(written: WrittenEpisode, lock: Lock) -> list[Finding]:
    """What was found; where a key is missing, with what subscribers were told."""
    episode, keys = written.episode, written.keys
    if episode is None or None not in (keys.guid, keys.date, keys.media):
        return written.found
    media = episode.media if keys.media else f"{episode.series}/{episode.slug}.mp3"
    known = known_keys(lock, episode.series, episode.slug, media)
    return [
        replace(one, params={**one.params, "example": known[str(one.params["key"])]})
        if known and one.code in (EP001, EP008)
        else one
        for one in written.found
    ]


def read_keys(
    root: Path, series: str, stem: str, found: list[Finding]
) -> tuple[EpisodeKeys, str] | None:
    """The keys of an episode file and its notes in Markdown; None when they are wrong."""
    (file,) = _read_files(root, series, [stem])
    found += file.found
    return None if file.keys is None or file.faulty.keys else (file.keys, file.notes)


@dataclass(slots=True)
class _File:
    """An episode file on its way from bytes to keys."""

    name: str
    found: list[Finding] = field(default_factory=list)
    text: str | None = None  #: of the keys; None when nothing can be read
    notes: str = ""  #: in Markdown
    line: int = 1  #: where they begin
    tree: dict[str, Tree] | None = None
    keys: EpisodeKeys | None = None
    faulty: Faulty = NO_FAULTS


def _read_files(root: Path, series: str, stems: Iterable[str]) -> list[_File]:
    files = [_File(f"episodes/{series}/{stem}.md") for stem in stems]
    for file in files:
        text, file.found = read_text(f"{root}/{file.name}", file.name)  # a path object costs 2 us
        if text is not None:
            if not file.found:
                file.found += broken_letters(text, file.name)
            file.text, file.notes, file.line, more = front_matter(text, file.name)
            file.found += more
    for file in files:
        if file.text is not None:
            file.tree, more = read_tree(file.text, file.name, 2)
            file.found += more
    for file in files:
        if file.text is not None:
            file.keys, file.faulty = _keys_of(file.tree, file.name, EpisodeKeys, file.found)
    return files
