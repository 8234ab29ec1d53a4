"""What is known of the files below media/: measured now, found in the cache, or promised earlier.

Nothing here is believed that a person typed, and nothing embedded in a recording is published.
"""

from __future__ import annotations

import difflib
import os
import stat
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from .cache import Cache, Stamp, stamp_of
from .finding import CODES, N_, Code, Fault, Finding, Place, Severity
from .formats import is_remote
from .lock import Lock, Promise
from .measure import digest, is_placeholder, measure, measure_picture
from .model import (
    Alternate,
    Chapter,
    Credit,
    Enclosure,
    Episode,
    Item,
    Measured,
    Series,
    SideFile,
    Words,
)
from .read.chapter_file import read_chapters
from .read.cues import read_words
from .read.text import read_text
from .read.written import AlternateKeys, CreditKeys, EpisodeKeys

ME050 = Code(
    "ME050",
    Severity.ERROR,
    message=N_("there is no file media/{source}"),
    why=N_("apps would offer an episode that cannot be played"),
    mend=N_("put the file there, or correct the name{nearest}"),
    spec=("FILE-08", "HTTP-05"),
)
ME051 = Code(
    "ME051",
    Severity.ERROR,
    message=N_("nothing is known of the recording at {source}"),
    why=N_("its length and size were neither measured here nor taken over from a feed"),
    mend=N_(
        "download the recording into the folder of the series below media/ and write its file "
        "name here instead of the address"
    ),
    spec=("RSS-23", "RSS-24"),
)
ME052 = Code(
    "ME052",
    Severity.NOTE,
    message=N_("{count} recordings are not here; what was measured earlier is used"),
    why=N_("this copy of the catalog came without them, which is fine for building feeds"),
    mend=N_("nothing to do; fetch the recordings to publish them from here"),
)
ME053 = Code(
    "ME053",
    Severity.ERROR,
    message=N_("the recording media/{source} is not here and was never measured"),
    why=N_("this is a stand-in of Git LFS or git-annex for a large file, not the file"),
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
ME055 = Code(
    "ME055",
    Severity.ERROR,
    message=N_("a rendition needs a file, or a type and at least one address under uris"),
    why=N_("apps would have nothing to play"),
    mend=N_(
        "write  file: name.mp3   or, for a stream,  type: application/x-mpegURL   and "
        " uris: [https://...]"
    ),
    spec=("PC20-14", "PC20-15"),
)

TR006 = Code(
    "TR006",
    Severity.ERROR,
    message=N_("media/{source} is not called like a transcript"),
    why=N_("apps show WebVTT and SubRip files, and plain text"),
    mend=N_("export the text as WebVTT and give it a name that ends with .vtt  (or .srt, .txt)"),
    spec=("TRANS-01",),
)

_SAME = timedelta(seconds=1)
"""A fresh measurement this near to the promised duration leaves the promise as it is."""

_MANY = 20_000
"""Files of one folder that are looked through for a similar name."""


@dataclass(slots=True)
class Known:
    """What was learnt of the files below media/."""

    named: dict[str, str] = field(default_factory=dict)
    """The files that something names and that are here: their paths, by source."""
    absent: dict[str, int] = field(default_factory=dict)
    """The recordings that are not here but promised in the lock, with their bytes."""
    facts: dict[tuple[str, str], object] = field(default_factory=dict)
    """What the cache holds or should hold, by kind and source."""
    fresh: list[tuple[str, str, Stamp]] = field(default_factory=list)
    """Of these facts, those found out now: kind, source and the file's stamp."""

    def add(self, other: Known) -> None:
        self.named |= other.named
        self.absent |= other.absent
        self.facts |= other.facts
        self.fresh += other.fresh

    def keep(self, cache: Cache) -> None:
        """Put into the cache what was found out now."""
        for kind, source, stamp in self.fresh:
            cache.put(kind, source, stamp, self.facts[kind, source])

    def relinked(self, source: str, stamp: Stamp, cache: Cache) -> None:
        """Know a file again after a hard link to it was made, which changes its ctime."""
        if cache.is_young(stamp[1]):
            return
        for kind in ("media", "picture", "sha256"):
            if (value := self.facts.get((kind, source))) is not None:
                cache.put(kind, source, stamp, value)


class Recordings:
    """The files below media/ of one catalog, and what becomes `known` of them.

    The cache is only read.
    """

    def __init__(self, root: Path, cache: Cache) -> None:
        self.media = root / "media"
        self._folder = str(self.media)
        self._linked_folders: dict[str, bool] = {}
        self._root = root.resolve()
        self._cache = cache
        self.known = Known()

    def item(
        self,
        episode: Episode,
        keys: EpisodeKeys,
        series: Series,
        lock: Lock,
        words: dict[str, Words],
        place: Place,
        found: list[Finding],
    ) -> tuple[Episode, Item | None]:
        """The episode with its chapters, and with its recordings as an item if they are known."""
        promise = lock.episodes.get(episode.guid)
        enclosure = None
        if keys.media is not None:
            inside, draft = place.down("media"), keys.status == "draft"
            enclosure = self.enclosure(episode.media, promise, inside, found, draft=draft)
        if isinstance(keys.chapters, str):
            chapters = self._chapters(keys.chapters, episode, place.down("chapters"), found)
            episode = replace(episode, chapters=chapters)
        self.portraits(episode.people, keys.people, place.down("people"), found)
        for index, chapter in enumerate(episode.chapters):
            if chapter.image:
                self.picture(chapter.image, place.down("chapters", index, "image"), found)
        if episode.image:
            self.picture(episode.image, place.down("image"), found)
        side_files = self._transcripts(episode, keys, series, words, place, found)
        alternates = tuple(
            alternate
            for index, wish in enumerate(keys.alternates)
            if (alternate := self._alternate(
                wish, episode, promise, place.down("alternates", index), found
            ))
        )  # fmt: skip
        if enclosure is None:
            return episode, None
        return episode, Item(episode, enclosure, alternates, side_files)

    def enclosure(
        self,
        source: str,
        promise: Promise | None,
        place: Place,
        found: list[Finding],
        *,
        draft: bool = False,
    ) -> Enclosure | None:
        """What is known of a recording; `promise` is the lock's line of its episode, if any.

        The recording of a draft need not be here yet.
        """
        if promise is not None and promise.media != source:
            promise = None
        if is_remote(source):
            if promise is None or promise.origin is None:
                found.append(ME051.at(place, source=source))
                return None
            return _promised(source, promise)
        measured = self._measured(source, promise is not None or draft, place, found)
        if isinstance(measured, _Absent):
            if promise is None:
                return None
            self.known.absent[source] = promise.bytes
            return _promised(source, promise)
        if measured is None:
            return None
        duration, type = measured.duration, measured.type
        if promise and promise.bytes == measured.bytes and _near(promise.duration, duration):
            duration, type = promise.duration, promise.type
        return Enclosure(source, measured.bytes, type, duration)

    def portraits(
        self,
        people: Iterable[Credit],
        written: Sequence[CreditKeys],
        place: Place,
        found: list[Finding],
    ) -> None:
        """Open the pictures of people, each where it is written: here, or in feedtool.yaml.

        `people` may have others, whose pictures are written elsewhere and are looked at there.
        """
        here = {entry.image: index for index, entry in enumerate(written) if entry.name}
        for person in (credit.person for credit in people):
            if person.image and person.id:
                listed = Place("feedtool.yaml", ("people", person.id, "image"))
                self.picture(person.image, listed, found)
            elif person.image and person.image in here:
                self.picture(person.image, place.down(here[person.image], "image"), found)

    def picture(self, source: str, place: Place, found: list[Finding]) -> None:
        """Open a picture below media/, to be published; what is wrong with it is a finding."""
        if is_remote(source):
            return
        file = self._path(source, place, found)
        if file is None:
            return
        path, status = file
        kept = self._kept("picture", source, status)
        faults = _faults(kept["faults"]) if kept else list(measure_picture(path)[1])
        if not kept:
            self._keep("picture", source, status, {"faults": _plain(faults)})
        found += [fault.at(place) for fault in faults]
        self.known.named[source] = str(path)

    def _measured(
        self, source: str, excused: bool, place: Place, found: list[Finding]
    ) -> Measured | _Absent | None:
        """A recording's facts; None when it cannot be measured, _Absent when it is not here.

        With `excused` it is no fault that it is not here.
        """
        problems: list[Finding] = []
        file = self._path(source, place, problems)
        if file is None:
            away = all(problem.code in (ME050, ME053) for problem in problems)
            found += [] if away and excused else problems
            return _Absent() if away else None
        path, status = file
        kept = self._kept("media", source, status)
        if kept is not None:
            found += [fault.at(place) for fault in _faults(kept["faults"])]
            self.known.named[source] = str(path)
            facts = kept["facts"]
            return facts and Measured(
                facts["bytes"], facts["type"], timedelta(milliseconds=facts["ms"]),
                facts["video"], facts["height"],
            )  # fmt: skip
        if is_placeholder(path):
            if not excused:
                found.append(ME053.at(place, source=source))
            return _Absent()
        measured, faults = measure(path)
        facts = measured and {
            "bytes": measured.bytes, "type": measured.type,
            "ms": measured.duration // timedelta(milliseconds=1),
            "video": measured.video, "height": measured.height,
        }  # fmt: skip
        self._keep("media", source, status, {"facts": facts, "faults": _plain(faults)})
        found += [fault.at(place) for fault in faults]
        self.known.named[source] = str(path)
        return measured

    def _alternate(
        self,
        wish: AlternateKeys,
        episode: Episode,
        promise: Promise | None,
        place: Place,
        found: list[Finding],
    ) -> Alternate | None:
        """A rendition: its file measured and hashed, or a stream as described."""
        if wish.file is None or is_remote(wish.file):
            addresses = (*([wish.file] if wish.file else []), *wish.uris)
            if not addresses or not wish.type:
                found.append(ME055.at(place))
                return None
            return Alternate(
                addresses, wish.type, None, None, None, wish.language, wish.title, wish.rel,
                wish.codecs, wish.default,
            )  # fmt: skip
        source = f"{episode.series}/{wish.file}"
        earlier = next(
            (one for one in (promise.alternates if promise else ()) if one.media == source),
            None,
        )
        excused = earlier is not None and earlier.duration is not None and bool(earlier.sha256)
        measured = self._measured(source, excused, place.down("file"), found)
        if measured is None or earlier is None:
            if not isinstance(measured, Measured):
                return None
            sha256 = self._sha256(source)
        elif isinstance(measured, _Absent):
            if earlier.duration is None or earlier.sha256 is None:
                return None
            self.known.absent[source] = earlier.bytes
            measured = Measured(
                earlier.bytes, earlier.type, earlier.duration, height=earlier.height
            )
            sha256 = earlier.sha256
        else:
            promised = earlier.duration or measured.duration
            if earlier.bytes == measured.bytes and _near(promised, measured.duration):
                measured = replace(measured, duration=promised)
            sha256 = self._sha256(source)
        return Alternate(
            sources=(source, *wish.uris),
            type=measured.type,
            length=measured.bytes,
            bitrate=round(measured.bytes * 8 / measured.duration.total_seconds()),
            height=measured.height,
            language=wish.language,
            title=wish.title,
            rel=wish.rel,
            codecs=wish.codecs,
            default=wish.default,
            integrity="sha256-" + b64encode(bytes.fromhex(sha256)).decode(),
            duration=measured.duration,
        )

    def _sha256(self, source: str) -> str:
        path = self.media / source
        status = path.stat()
        kept = self._kept("sha256", source, status)
        if kept is None:
            kept = digest(path).hex()
            self._keep("sha256", source, status, kept)
        return str(kept)

    def _chapters(
        self, name: str, episode: Episode, place: Place, found: list[Finding]
    ) -> tuple[Chapter, ...]:
        source = f"{episode.series}/{name}"
        file = self._path(source, place, found)
        if file is None:
            return ()
        path, _ = file
        text, faults = read_text(path, f"media/{source}")
        found += faults
        if text is None:
            return ()
        chapters, wrong = read_chapters(text, source, episode.series, f"media/{source}")
        found += wrong
        return chapters

    def _transcripts(
        self,
        episode: Episode,
        keys: EpisodeKeys,
        series: Series,
        words: dict[str, Words],
        place: Place,
        found: list[Finding],
    ) -> tuple[SideFile, ...]:
        """The transcripts as they will be published, a timed one in both formats."""
        files: dict[str, SideFile] = {}
        spoken = episode.language or series.language
        places = [place.down("transcripts", index) for index in range(len(keys.transcripts))]
        places += [place.down("captions", index) for index in range(len(keys.captions))]
        for transcript, where in zip(episode.transcripts, places, strict=True):
            if transcript.format not in _TYPES:
                found.append(TR006.at(where, source=transcript.source))
                continue
            file = self._path(transcript.source, where, found)
            if file is None:
                continue
            if transcript.source not in words:
                text, faults = read_text(file[0], f"media/{transcript.source}")
                found += faults
                if text is None:
                    continue
                read, wrong = read_words(text, transcript.format, f"media/{transcript.source}")
                found += wrong
                words[transcript.source] = read
            formats = [transcript.format]
            if words[transcript.source].cues and not transcript.captions:
                formats = ["vtt", "srt"]
            elif words[transcript.source].cues:
                formats = ["vtt"]
            language = transcript.language or spoken
            stem = "captions" if transcript.captions else "transcript"
            middle = "" if language == spoken else f".{language}"
            for format in formats:
                name = f"{stem}{middle}.{format}"
                side = SideFile(
                    transcript.source, name, _TYPES[format], language, transcript.captions
                )
                # a format that the producer delivered is better than one made from another
                if name not in files or format == transcript.format:
                    files[name] = side
        return tuple(sorted(files.values(), key=lambda side: _preference(side, spoken)))

    def _path(
        self, source: str, place: Place, found: list[Finding]
    ) -> tuple[Path, os.stat_result] | None:
        """The file of a source and its status; missing, or a link out of the catalog: a finding.

        A link to content that git-annex did not fetch is ME053.
        """
        text = f"{self._folder}/{source}"
        try:
            status = os.lstat(text)
        except OSError:
            status = None
        if (status and stat.S_ISLNK(status.st_mode)) or self._has_linked_folder(source):
            target = Path(text).resolve()
            if not target.is_relative_to(self._root) and ".git/annex/objects" not in str(target):
                found.append(ME054.at(place, source=source))
                return None
            try:
                status = target.stat()
            except OSError:
                found.append(ME053.at(place, source=source))
                return None
        if status is None or not stat.S_ISREG(status.st_mode):
            found.append(ME050.at(place, source=source, nearest=self._nearest(source)))
            return None
        return Path(text), status

    def _has_linked_folder(self, source: str) -> bool:
        """Is media/ or a folder on the way to the source a link?"""
        folder = source.rpartition("/")[0]
        linked = self._linked_folders.get(folder)
        if linked is None:
            linked = (self.media / folder).is_symlink()
            linked = linked or (folder != "" and self._has_linked_folder(folder))
            self._linked_folders[folder] = linked
        return linked

    def _nearest(self, source: str) -> str:
        """Words that name the most similar file there is, or nothing."""
        wanted = PurePosixPath(source)
        try:
            names = os.listdir(self.media / wanted.parent)[:_MANY]
        except OSError:
            return ""
        names = [name for name in names if name != wanted.name]
        near = difflib.get_close_matches(wanted.name, names, 1, 0.6)
        return f": {near[0]}?" if near else ""

    def _kept(self, kind: str, source: str, status: os.stat_result) -> Any:
        value = self._cache.get(kind, source, stamp_of(status))
        if value is not None:
            self.known.facts[kind, source] = value
        return value

    def _keep(self, kind: str, source: str, status: os.stat_result, value: object) -> None:
        self.known.facts[kind, source] = value
        if not self._cache.is_young(status.st_mtime_ns, status.st_ctime_ns):
            self.known.fresh.append((kind, source, stamp_of(status)))


class _Absent:
    """The recording is not here."""


_TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}


def _preference(side: SideFile, spoken: str) -> tuple[object, ...]:
    """The recording's own words first, as WebVTT: apps take the first transcript they can read."""
    kind = [".vtt", ".srt", ".txt"].index(PurePosixPath(side.name).suffix)
    return side.captions, side.language != spoken, kind, side.name


def _promised(source: str, promise: Promise) -> Enclosure:
    return Enclosure(source, promise.bytes, promise.type, promise.duration, present=False)


def _near(promised: timedelta, measured: timedelta) -> bool:
    return abs(promised - measured) <= _SAME


def _plain(faults: Iterable[Fault]) -> list[list[object]]:
    return [[fault.code.id, dict(fault.params)] for fault in faults]


def _faults(plain: list[tuple[str, dict[str, str | int]]]) -> list[Fault]:
    return [Fault(CODES[id], params) for id, params in plain]
