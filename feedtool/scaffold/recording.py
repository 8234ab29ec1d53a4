"""The recording an episode is made from: what it is, and whether the catalog has it already."""

from __future__ import annotations

import filecmp
import os
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from ..check.episode import EP023, PLAYABLE
from ..check.parity import listed_inside
from ..declare import dataclass
from ..errors import UsageError
from ..finding import N_, Fault, Finding, Place, Severity
from ..folders import find_folders
from ..load import read_keys
from ..lock import Lock
from ..measure import digest, measure
from ..measure.faults import MISLABELLED
from ..measure.titles import title_inside
from ..model import Chapter, Measured
from ..vocabulary import ENDINGS, EXTENSIONS, SHOWN_AS


@dataclass(frozen=True, slots=True)
class Recording:
    """A file that can be an episode."""

    path: Path
    measured: Measured
    title: str | None  #: as a program wrote it; None = no title inside

    @property
    def ending(self) -> str:
        """By the content: a copy gets a name that tells the truth, and that apps know."""
        known = EXTENSIONS[self.measured.type]
        own = self.path.suffix.lower()
        return SHOWN_AS.get(own, own) if own in known else known[0]

    @property
    def chapters(self) -> Sequence[Chapter]:
        """Those inside it that an episode can have, by start."""
        return listed_inside(self.measured.inside, self.measured.duration)


@dataclass(frozen=True, slots=True)
class Twin:
    """The same content, in the catalog already."""

    source: str  #: path below media/
    episode: str | None  #: "series/slug" of the episode that has it; None = no episode names it


def look_at(path: Path) -> tuple[Recording | None, list[Finding]]:
    """What the recording is, and what is wrong with it; None when it cannot be an episode.

    Raises UsageError for a folder.
    """
    if os.path.isdir(path):  # noqa: PTH112 - is_dir() raises for a name that is too long
        raise _folder(path)
    measured, faults = measure(path)
    faults = tuple(fault for fault in faults if fault.code is not MISLABELLED)
    findings = [fault.at(Place(path.name)) for fault in faults]
    if measured is None or _hinder(faults):
        return None, findings
    if measured.type not in PLAYABLE:  # publish would be the first to say so, and refuse
        findings.append(EP023.at(Place(path.name), type=measured.type))
    return Recording(path, measured, title_inside(path)), findings


def _folder(path: Path) -> UsageError:
    endings = tuple(ENDINGS)
    inside = (one for one in sorted(_listed(path)) if one.lower().endswith(endings))
    name = next(inside, "recording.mp3")
    return UsageError(
        N_("{path} is a folder"),
        N_("name the recordings in it, for example:  feedtool new {file}"),
        path=path,
        file=shlex.quote(str(path / name)),
    )


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _hinder(faults: tuple[Fault, ...]) -> bool:
    return any(fault.code.severity is Severity.ERROR for fault in faults)


def find_twin(root: Path, recording: Recording, lock: Lock, now: datetime) -> Twin | None:
    """The same bytes below media/, or in the lock while the recordings are elsewhere.

    A file without an episode is what an interrupted `new` leaves, or what a person put there;
    that of an episode which was published and is no more can be no other's.
    """
    media, found = root / "media", None
    published = {one.media for one in lock.episodes.values() if one.binds(now)}
    for path in _files_of_size(media, recording.measured.bytes):
        if path.samefile(recording.path) or filecmp.cmp(path, recording.path, shallow=False):
            source = path.relative_to(media).as_posix()
            twin = Twin(source, episode_with(root, source))
            if twin.episode:
                return twin
            if source not in published:
                found = twin
    return found or _promised(recording, lock)


def _files_of_size(folder: Path, size: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir():
                yield from _files_of_size(Path(entry.path), size)
            elif not entry.name.startswith(".") and entry.stat().st_size == size:
                yield Path(entry.path)
        except OSError:  # a link into the void
            continue


def episode_with(root: Path, source: str) -> str | None:
    """The episode, "series/slug", whose `media:` this is."""
    series, _, name = source.partition("/")
    for folder in find_folders(root, [], {series}):
        for slug in folder.episodes:
            path = root / f"episodes/{series}/{slug}.md"
            # most files need not be read as YAML, and a named pipe would keep us waiting
            if path.is_file() and name.encode() in path.read_bytes():
                keys = read_keys(root, series, slug, [])
                if keys and keys[0].media == name:
                    return f"{series}/{slug}"
    return None


def _promised(recording: Recording, lock: Lock) -> Twin | None:
    same = [
        promise
        for promise in lock.episodes.values()
        if promise.bytes == recording.measured.bytes and promise.sha256 and not promise.gone
    ]
    if same:
        own = digest(recording.path).hex()
        for promise in same:
            if promise.sha256 == own:
                return Twin(promise.media, promise.name)
    return None
