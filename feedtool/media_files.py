"""The files below media/: found, measured, and known again in the next run.

What a file holds is measured or found in the cache; nothing is believed that a person typed.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import astuple, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from .cache import NO_STAMP, Cache, Stamp, as_bytes, as_text, from_text, stamp_of
from .declare import dataclass
from .finding import CODES, N_, Code, Fault, Finding, Place, Severity
from .formats import is_remote
from .measure import digest, is_placeholder, measure, measure_picture
from .misnamed import (
    in_another,
    left_behind,
    left_folders,
    nearest,
    same_but_letters,
    series_folders,
    without_folder,
)
from .model import Chapter, Inside, Measured, Picture
from .pattern import pattern

ME050 = Code(
    "ME050",
    Severity.ERROR,
    message=N_("there is no file media/{source}"),
    why=N_("apps would offer what is not there"),
    mend=N_("put the file there, or correct the name{nearest}"),
    spec=("FILE-08", "HTTP-05"),
)
ME065 = Code(
    "ME065",
    Severity.ERROR,
    message=N_("there is no file media/{source}, but there is media/{left}/{name}"),
    why=N_("episodes/{left}/ is gone, and a series looks for its files below media/ by its name"),
    mend=N_(
        "if the series is now called {series}, copy what is in media/{left}/ to media/{series}/, as"
        " what was published must stay where it is; else give the folder in episodes/ its name"
        " {left} again"
    ),
    spec=("FILE-08", "HTTP-05"),
)
ME066 = Code(
    "ME066",
    Severity.ERROR,
    message=N_("there is no file media/{source}, but there is media/{left}/{name}"),
    why=N_("a series and its episodes name only files in media/{series}/"),
    mend=N_(
        "copy it to media/{series}/, as what was published must stay where it is; if another file"
        " is meant, correct the name"
    ),
    spec=("FILE-08", "HTTP-05"),
)
CF057 = Code(
    "CF057",
    Severity.ERROR,
    message=N_("the file media/{source} is called {better}, with other large or small letters"),
    why=N_("to most web servers these are two names: apps would be offered what is not there"),
    mend=N_("write it as the file is called:  {better}"),
    spec=("FILE-08", "HTTP-05"),
    fixable=True,
)
CF064 = Code(
    "CF064",
    Severity.ERROR,
    message=N_("there is no file media/{source}: the folder goes before the name by itself"),
    why=N_("apps would offer what is not there"),
    mend=N_("write the name without the folder:  {better}"),
    spec=("FILE-08", "HTTP-05"),
    fixable=True,
)
ME053 = Code(
    "ME053",
    Severity.ERROR,
    message=N_("media/{source} is not here, only a stand-in of Git LFS or git-annex for it"),
    why=N_("only recordings that were built before can be done without"),
    mend=N_("fetch it:  git lfs pull   or  git annex get media/{source}"),
    spec=("FILE-08",),
)
ME054 = Code(
    "ME054",
    Severity.ERROR,
    message=N_("media/{source} is a link that leads out of the catalog"),
    why=N_("files from elsewhere on the machine could be published by mistake"),
    mend=N_("delete the link and put the file itself there"),
)

ME062 = Code(
    "ME062",
    Severity.ERROR,
    message=N_("the file is called {right}, not media/{source}"),
    why=N_(
        "this computer takes large and small letters for the same; web servers and other "
        "computers do not, and find no file"
    ),
    mend=N_("write its name as it is, or rename the file; letters count one by one"),
    spec=("FILE-08", "HTTP-05"),
    fixable=True,
)

_MILLISECOND = timedelta(milliseconds=1)

_ANNEXED = pattern(r"/\.git/(?:modules/.+/)?annex/objects/")
"""Where git-annex keeps what its links lead to: also of a repository within another one."""


@dataclass(slots=True)
class Known:
    """What was learnt of the files below media/."""

    absent: dict[str, int] = field(default_factory=dict)
    """The recordings that are not here but promised in the lock, with their bytes."""
    facts: dict[tuple[str, str], str] = field(default_factory=dict)
    """What the cache holds or should hold, by kind and source; JSON."""
    fresh: dict[tuple[str, str], str] = field(default_factory=dict)
    """Of these facts, those found out now, with the file's stamp; JSON too."""

    def packed(self) -> bytes:
        """Facts that only wait to be kept, in a tenth of the room: 10,000 take 0.4 MiB, not 4.5."""
        rows = [(*key, self.fresh.get(key), self.facts[key]) for key in sorted(self.facts)]
        return zlib.compress(as_bytes(rows), 1) if rows else b""


def keep_known(cache: Cache, known: Iterable[bytes], relinked: Mapping[str, Stamp]) -> None:
    """Put into the cache what was found out now.

    `relinked` are sources that are known again, by their new stamps, after a hard link to them was
    made: that changes the ctime.
    """
    for packed in filter(None, known):
        rows = from_text(zlib.decompress(packed))
        cache.put_raw(
            (kind, source, as_text(relinked[source]) if source in relinked else stamp, fact)
            for kind, source, stamp, fact in rows
            if source in relinked or stamp is not None
        )


class MediaFiles:
    """The files below media/ of one catalog, and what becomes `known` of them.

    The cache is only read.
    """

    folds_case = sys.platform in {"darwin", "win32"}
    """Does the system find a file by its name in other letters, large or small?"""

    def __init__(self, root: Path, cache: Cache) -> None:
        self._listed: dict[str, frozenset[str]] = {}
        self._folders: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._media = root / "media"
        self._folder = str(self._media)
        self._linked_folders: dict[str, bool] = {}
        self._root = root.resolve()
        self._cache = cache
        self._ahead: dict[str, tuple[Stamp, Measured | None, tuple[Fault, ...]]] = {}
        self.known = Known()
        self.asked: list[str] = []  #: every source that was looked for, there or not

    def measured(
        self, source: str, excused: bool, place: Place, found: list[Finding]
    ) -> Measured | Absent | None:
        """A recording's facts; None when it cannot be measured, Absent when it is not here.

        With `excused` it is no fault that it is not here.
        """
        problems: list[Finding] = []
        file = self._find(source, place, problems)
        if file is None:
            away = all(problem.code in _AWAY for problem in problems)
            found += [] if away and excused else problems
            return Absent() if away else None
        path, status = file
        kept = self._kept("media", source, status)
        if kept is not None:
            found += [fault.at(place) for fault in _faults(kept["faults"])]
            facts = kept["facts"]
            return facts and Measured(
                facts["bytes"], facts["type"], timedelta(milliseconds=facts["ms"]),
                facts["video"], facts["height"], _inside(facts.get("inside")),
            )  # fmt: skip
        if is_placeholder(path, status):
            if not excused:
                found.append(ME053.at(place, source=source))
            return Absent()
        stamp, measured, faults = self._ahead.pop(source, _NOT_AHEAD)
        if stamp != stamp_of(status):
            measured, faults = measure(path, status)
        facts = measured and {
            "bytes": measured.bytes, "type": measured.type,
            "ms": measured.duration // _MILLISECOND,
            "video": measured.video, "height": measured.height,
            "inside": _plain_inside(measured.inside),
        }  # fmt: skip
        self._keep("media", source, status, {"facts": facts, "faults": _plain(faults)})
        found += [fault.at(place) for fault in faults]
        return measured

    def measure_ahead(self, sources: Iterable[str]) -> None:
        """Measure recordings that will be asked for, those of one kind after the other.

        What is odd is left to `measured`.
        """
        self._ahead.clear()
        for source in sorted(sources, key=lambda source: source[-4:]):
            path = f"{self._folder}/{source}"
            try:
                status = os.lstat(path)
            except (OSError, ValueError):
                continue
            stamp = stamp_of(status)
            if stat.S_ISREG(status.st_mode) and self._cache.raw("media", source, stamp) is None:
                self._ahead[source] = (stamp, *measure(path, status))

    def picture(self, source: str, place: Place, found: list[Finding]) -> Picture | None:
        """Open a picture below media/, to be published; what is wrong with it is a finding.

        None when it is elsewhere, or no picture.
        """
        if is_remote(source):
            return None
        file = self.find(source, place, found)
        if file is None:
            return None
        path, status = file
        kept = self._kept("picture", source, status)
        if kept:
            picture, faults = kept["facts"] and Picture(*kept["facts"]), _faults(kept["faults"])
        else:
            picture, measured = measure_picture(path)
            faults = list(measured)
            facts = picture and astuple(picture)
            self._keep("picture", source, status, {"facts": facts, "faults": _plain(faults)})
        found += [fault.at(place) for fault in faults]
        return picture

    def sha256(self, source: str) -> str:
        path = self._media / source
        status = path.stat()
        kept = self._kept("sha256", source, status)
        if kept is None:
            kept = digest(path).hex()
            self._keep("sha256", source, status, kept)
        return str(kept)

    def stamped(self, source: str) -> os.stat_result:
        """The status of a file that is there, for what will be found out about it."""
        return os.stat(self._media / source)

    def recalled(self, kind: str, source: str) -> Any:
        """What was found out about a file that is there, if it is the same still."""
        return self._kept(kind, source, self.stamped(source))

    def remember(self, kind: str, source: str, status: os.stat_result, value: object) -> None:
        """Keep what was found out about a file that had this status before; JSON can hold it."""
        self._keep(kind, source, status, value)

    def find(
        self, source: str, place: Place, found: list[Finding]
    ) -> tuple[Path, os.stat_result] | None:
        """The file of a source and its status; missing, or a link out of the catalog: a finding.

        What Git LFS or git-annex did not fetch is ME053.
        """
        file = self._find(source, place, found)
        if file and is_placeholder(*file):  # else its few lines would be published for the file
            found.append(ME053.at(place, source=source))
            return None
        return file and (Path(file[0]), file[1])

    def _find(
        self, source: str, place: Place, found: list[Finding]
    ) -> tuple[str, os.stat_result] | None:
        """`find` with a path as text: recordings are many, and a Path is a tenth of all this."""
        self.asked.append(source)
        text = f"{self._folder}/{source}"
        try:
            status = os.lstat(text)
        except OSError:
            status = None
        if (status and stat.S_ISLNK(status.st_mode)) or self._has_linked_folder(source):
            target = Path(os.path.realpath(text))  # resolve() fails where links go in a circle
            if not target.is_relative_to(self._root) and not _ANNEXED.search(target.as_posix()):
                found.append(ME054.at(place, source=source))
                return None
            try:
                status = target.stat()
            except OSError:
                found.append(ME053.at(place, source=source))
                return None
        if status is None or not stat.S_ISREG(status.st_mode):
            found.append(self._missing(source, place))
            return None
        if self.folds_case:
            folder, _, name = source.rpartition("/")
            names = self._names(folder)
            if name not in names:
                right = next((one for one in names if one.lower() == name.lower()), name)
                found.append(ME062.at(place, source=source, right=right))
        return text, status

    def _missing(self, source: str, place: Place) -> Finding:
        if same := same_but_letters(self._media, source):
            return CF057.at(place, source=source, better=same)
        if name := without_folder(self._media, source, place):
            return CF064.at(place, source=source, better=name)
        series, _, name = source.partition("/")
        folders = self._series_folders()
        if left := left_behind(self._media, source, folders[1]):
            return ME065.at(place, source=source, left=left, name=name, series=series)
        if left := in_another(self._media, source, folders[0], place):
            return ME066.at(place, source=source, left=left, name=name, series=series)
        return ME050.at(place, source=source, nearest=nearest(self._media, source, place))

    def _names(self, folder: str) -> frozenset[str]:
        """The names in a folder below media/ as they are written."""
        names = self._listed.get(folder)
        if names is None:
            names = self._listed[folder] = frozenset(os.listdir(self._media / folder))
        return names

    def _has_linked_folder(self, source: str) -> bool:
        """Is media/ or a folder on the way to the source a link?"""
        folder = source.rpartition("/")[0]
        linked = self._linked_folders.get(folder)
        if linked is None:
            linked = (self._media / folder).is_symlink()
            linked = linked or (folder != "" and self._has_linked_folder(folder))
            self._linked_folders[folder] = linked
        return linked

    def _series_folders(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Those below media/, and of them those that a series left."""
        if self._folders is None:
            every = series_folders(self._media)
            self._folders = every, left_folders(self._media, every)
        return self._folders

    def _kept(self, kind: str, source: str, status: os.stat_result) -> Any:
        text = self._cache.raw(kind, source, stamp_of(status))
        if not isinstance(text, str):
            return None
        self.known.facts[kind, source] = text
        return from_text(text)

    def _keep(self, kind: str, source: str, status: os.stat_result, value: object) -> None:
        self.known.facts[kind, source] = json.dumps(value)
        if not self._cache.is_young(status.st_mtime_ns, status.st_ctime_ns):
            self.known.fresh[kind, source] = as_text(stamp_of(status))


_AWAY = frozenset({ME050, ME053, ME065, ME066, CF057, CF064})
"""What is said of a recording that is not here, or not under its name."""

_NOT_AHEAD: tuple[Stamp, Measured | None, tuple[Fault, ...]] = (NO_STAMP, None, ())


class Absent:
    """What is known of a recording that is not here."""


def _plain_inside(inside: Inside | None) -> list[object] | None:
    if inside is None:
        return None
    return [
        inside.rate, inside.channels, inside.bitrate, inside.sound, inside.picture, inside.late,
        [[chapter.start // _MILLISECOND, chapter.title] for chapter in inside.chapters],
    ]  # fmt: skip


def _inside(plain: list[Any] | None) -> Inside | None:
    if plain is None:
        return None
    rate, channels, bitrate, sound, picture, late, chapters = plain
    return Inside(
        rate, channels, bitrate, sound, picture, late,
        tuple(Chapter(start * _MILLISECOND, title) for start, title in chapters),
    )  # fmt: skip


def _plain(faults: Iterable[Fault]) -> list[list[object]]:
    return [[fault.code.id, dict(fault.params)] for fault in faults]


def _faults(plain: list[tuple[str, dict[str, str | int]]]) -> list[Fault]:
    return [Fault(CODES[id], params) for id, params in plain]
