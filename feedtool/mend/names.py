"""Names of files below media/: one that may be published, or the one that the file has.

A file is renamed only when it is promised to nobody and the better name is free; whatever names it
is corrected too, or nothing is.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from ..declare import dataclass
from ..finding import Finding
from ..lock import NO_LOCK, Lock, Promise
from ..media_files import CF057, CF064, ME062
from ..model import Site
from ..noted import ME076
from ..read.values import CF033, better_name
from ..read.yaml_tree import Tree
from .fixes import mends, replaced, value_at
from .notes import with_name_in_notes
from .outline import Keys
from .source import Source
from .state import Edit, Rename, Work

NAMES = (CF033, ME076)
"""What is found of names that cannot be published: in the keys, in the notes."""

_FILES = {"media", "image", "chapters", "transcripts", "captions", "alternates"}
"""Keys that name files below media/<series>/."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that cannot be published, at one of the places where it is written."""

    finding: Finding
    old: str  #: below media/, as written, in NFC
    new: str  #: below media/
    guid: str  #: of the episode that names it, "" if none


def name_of(finding: Finding, tree: Tree) -> Name | None:
    """What is written there and would be better; None when it is no plain name of a file."""
    keys = finding.place.keys
    if finding.code not in NAMES or not keys or tree is None:
        return None
    guid = str(tree.get("guid") or "")
    if finding.code is ME076:
        old, new = (str(finding.params[key]) for key in ("source", "better"))
        fits = PurePosixPath(old).parent == PurePosixPath(new).parent and old != new
        return Name(finding, old, new, guid) if fits else None
    if keys[0] not in _FILES:
        return None
    written = _text(tree, keys)
    if written is None:
        return None
    old = unicodedata.normalize("NFC", written.strip())
    new = better_name(old)
    if PurePosixPath(old).parent != PurePosixPath(new).parent or old == new:
        return None
    folder = folder_of(finding.place.file)
    return Name(finding, folder + old, folder + new, guid)


def folder_of(file: str) -> str:
    """Below media/, where a file's names are looked for: "samtal/"."""
    return f"{file.split('/')[1]}/" if file.startswith("episodes/") else ""


class Names:
    """Which names may be mended, and what is to be renamed for it."""

    def __init__(self, root: Path, names: Sequence[Name], lock: Lock | None) -> None:
        self._root = root
        self._lock = lock or NO_LOCK
        self._promised = promised(lock) if lock is not None else None
        pairs = {(name.old, name.new) for name in names}
        self._wanted = Counter(new.casefold() for _, new in pairs)

    def rename(self, name: Name) -> tuple[Rename, ...] | None:
        """What to rename first, () when the file has the better name already; None: leave it."""
        if self._promised is None or self._wanted[name.new.casefold()] > 1:
            return None
        is_media = name.finding.place.keys[0] == "media"
        if is_media and _own(self._lock, name.finding.place.file, name.guid):
            return None  # subscribers know another recording by this episode
        if {name.old.casefold(), name.new.casefold()} & self._promised:
            return None
        new = PurePosixPath(name.new)
        there = _files(self._root / "media" / new.parent)
        old = [
            one
            for one in there
            if unicodedata.normalize("NFC", one) == PurePosixPath(name.old).name
        ]
        taken = [one for one in there if one not in old and one.casefold() == new.name.casefold()]
        if not old:
            fits = taken == [new.name] and not (is_media and self._is_named(name))
            return () if fits else None
        if len(old) > 1 or taken or self._is_named(name):
            return None
        folder = PurePosixPath("media") / new.parent
        return (Rename(str(folder / old[0]), str(folder / new.name)),)

    def _is_named(self, name: Name) -> bool:
        """Do the keys of a file of the series speak of the better name already?"""
        series = {folder_of(name.finding.place.file), f"{name.new.partition('/')[0]}/"}
        sought = re.compile(r"(?<![\w.-])" + re.escape(PurePosixPath(name.new).name))
        return any(
            sought.search(_keys_in(path))
            for one in series
            for path in _texts(self._root / "episodes" / one)
        )


def _own(lock: Lock, file: str, guid: str) -> list[Promise]:
    """What is promised of the episode of a file, by its name or its guid."""
    name = file.removeprefix("episodes/").removesuffix(".md")
    own = {one.guid: one for one in lock.episodes.values() if one.name == name}
    return list((own | {guid: lock.episodes[guid]} if guid in lock.episodes else own).values())


def promised(lock: Lock) -> set[str]:
    """Every path below media/ that subscribers may know, or will: in one case of letters."""
    found = set()
    for promise in lock.episodes.values():
        found |= {promise.media, *(one.media for one in promise.alternates)}
        found |= {str(fact["media"]) for fact in promise.was if "media" in fact}
    return {media.casefold() for media in found}


def _texts(folder: Path) -> Iterator[Path]:
    """The files of a series, or of all."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".md", ".yaml"} and path.is_file():
            yield path


def _keys_in(path: Path) -> str:
    """What stands above the notes."""
    source = Source(path.name, path.read_text(encoding="utf-8", errors="replace"))
    return source.keys[0] or source.text


def _files(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [one.name for one in entries if one.is_file(follow_symlinks=False)]
    except OSError:
        return []


def _text(tree: Tree, keys: Keys) -> str | None:
    try:
        value = value_at(tree, keys)
    except (KeyError, IndexError, TypeError):
        return None
    return value if isinstance(value, str) else None


@mends(CF057)
@mends(ME062)
def letters_of_the_file(work: Work) -> Edit | None:
    """The name with the letters that the file has, large or small."""
    params = work.finding.params
    written = _text(work.tree, work.finding.place.keys)
    better = str(params.get("better", params.get("right")))
    if written is None:
        return None
    path = PurePosixPath(unicodedata.normalize("NFC", written.strip()))
    if path.name.casefold() != better.casefold():
        return None
    return _renamed_to(work, str(path.with_name(better)))


@mends(CF064)
def name_without_its_folder(work: Work) -> Edit | None:
    """The name without the folders that go before it anyway."""
    written = _text(work.tree, work.finding.place.keys)
    better = str(work.finding.params["better"])
    if written is None or not written.strip().endswith(f"/{better}"):
        return None
    return _renamed_to(work, better)


def _renamed_to(work: Work, new: str) -> Edit | None:
    """The line that names a file which is there, unless it is promised to somebody else."""
    place, lock = work.finding.place, work.known.lock
    if lock is None or place.keys[0] not in _FILES:
        return None
    folder = folder_of(place.file)
    own = _own(lock, place.file, str(work.tree.get("guid") or ""))
    known = {one.media for one in own if not one.gone}
    if folder + new in known:
        return replaced(work, place.keys, new)
    if (place.keys[0] == "media" and own) or (folder + new).casefold() in promised(lock):
        return None
    return replaced(work, place.keys, new)


def renamed(work: Work, name: Name, renames: tuple[Rename, ...], site: Site | None) -> Edit | None:
    """The line that names a file which gets a better name, or has it; or such lines of the notes.

    Without the `site`, notes cannot be told to lead to the file.
    """
    if name.finding.code is ME076:
        source = with_name_in_notes(work.source, name.old, name.new, site) if site else None
        if source is None:
            return None
        line, change = (work.finding.place.line or 1) - 1, f"{name.old} → {name.new}"
        return Edit(source, work.tree, line, change, renames, in_notes=True)
    new = name.new.removeprefix(folder_of(work.finding.place.file))
    edit = replaced(work, work.finding.place.keys, new)
    return edit and Edit(edit.source, edit.tree, edit.line, edit.change, renames)
