"""An episode joined with its recording, renditions, transcripts, chapters and pictures.

A recording is measured, or, when it is not here, promised in the lock. Nothing embedded in it is
published.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePosixPath

from .artwork import measured_tags, portraits
from .cache import Cache
from .embedding import Embedding
from .finding import N_, Code, Finding, Place, Severity
from .formats import ending_of, is_media_name, is_remote
from .lock import Lock, Promise
from .media_files import ME054, Absent, MediaFiles
from .model import (
    Alternate,
    Chapter,
    Copy,
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
from .read.objects import AlternateKeys
from .read.text import read_text
from .read.values import better_name
from .read.written import EpisodeKeys
from .vocabulary import ENDINGS, SPELLINGS

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

ME057 = Code(
    "ME057",
    Severity.WARNING,
    message=N_("type: says {stated}, but the content of media/{source} is {type}"),
    why=N_("apps are told what was found, so it may be another file than you meant"),
    mend=N_("check that it is the right file, and remove the line  type:  (it is found out)"),
    spec=("PC20-14", "FILE-08"),
)

ME064 = Code(
    "ME064",
    Severity.NOTE,
    message=N_(
        "{count} recordings are at addresses of others; what the feed they came with says of "
        "them is used"
    ),
    why=N_("nobody measured them here, and they are gone when the other server is"),
    mend=N_(
        "nothing to do now; before the other server is switched off, save each recording below "
        "media/, write its name at  media:  and run: feedtool build --allow media:series/episode"
    ),
)

ME069 = Code(
    "ME069",
    Severity.WARNING,
    message=N_("the notes name media/{source}, and there is no such file"),
    why=N_("a picture would be missing, or a link would lead nowhere"),
    mend=N_("put the file there, or correct the address in the notes"),
    spec=("PROF-03", "HTTP-05"),
)

ME076 = Code(
    "ME076",
    Severity.WARNING,
    message=N_("the notes name media/{source}, and no file can be published under such a name"),
    why=N_("a picture would be missing, or a link would lead nowhere"),
    mend=N_("rename the file to media/{better} and write that name in the notes"),
    spec=("PROF-03", "URI-03"),
    fixable=True,
)

TR006 = Code(
    "TR006",
    Severity.ERROR,
    message=N_("media/{source} is not called like a transcript"),
    why=N_("apps show WebVTT and SubRip files, and plain text"),
    mend=N_("export the text as WebVTT and give it a name that ends with .vtt  (or .srt, .txt)"),
    spec=("TRANS-01",),
)

TR007 = Code(
    "TR007",
    Severity.ERROR,
    message=N_("there are two transcripts in the same language and format"),
    why=N_("only one of them would reach the listeners"),
    mend=N_(
        "remove the line of one of them; if it is in another language, write"
        "  {{file: {name}, language: en}}"
    ),
    spec=("PC20-01", "APPLE-34"),
)


def lacking(findings: Iterable[Finding]) -> set[str]:
    """The files that notes name and that are not there, whether or not somebody promised them."""
    return {str(one.params["source"]) for one in findings if one.code is ME069}


def unpromised(findings: Iterable[Finding], promised: Container[str]) -> list[Finding]:
    """The findings without ME069 about recordings that are promised: they are only not here.

    What another episode promises is known when all are: an episode that asked for it by itself
    would have to be prepared again with every change of the lock.
    """
    return [
        one for one in findings if one.code is not ME069 or one.params["source"] not in promised
    ]


_SAME = timedelta(seconds=1)
"""A fresh measurement this near to the promised duration leaves the promise as it is."""


class Recordings:
    """Joins episodes with what is known of their files below media/."""

    def __init__(self, root: Path, cache: Cache) -> None:
        self.files = MediaFiles(root, cache)
        self.embedding: Embedding | None = None  #: None = recordings are published as they are

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
        portraits(self.files, episode.people, keys.people, place.down("people"), found)
        for index, chapter in enumerate(episode.chapters):
            if chapter.image:
                self.files.picture(chapter.image, place.down("chapters", index, "image"), found)
        if episode.image:
            artwork = self.files.picture(episode.image, place.down("image"), found)
            episode = replace(episode, artwork=artwork)
        if episode.podcast:
            episode = replace(episode, podcast=measured_tags(self.files, episode.podcast, found))
        if episode.named:
            episode = replace(episode, named=self._in_notes(episode, place, found))
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
        item = Item(episode, enclosure, alternates, side_files)
        if self.embedding is not None:
            published = self.embedding.published(item, series, promise, self.files)
            item = replace(item, enclosure=published)
        return episode, item

    def _in_notes(self, episode: Episode, place: Place, found: list[Finding]) -> tuple[str, ...]:
        """Of the files that the notes name, those that are there.

        Others are ME069, of which `unpromised` leaves those that are no recordings of others.
        """
        there = []
        for source in episode.named:
            problems: list[Finding] = []
            where = place.down("notes", source)
            if not is_media_name(source):
                found.append(ME076.at(where, source=source, better=better_name(source)))
            elif self.files.find(source, where, problems):
                if self.embedding is None or ending_of(source) not in ENDINGS:
                    there.append(source)  # else its tagged copy is published by its own episode
            elif any(problem.code is ME054 for problem in problems):
                found += problems
            elif source != episode.media:
                found.append(ME069.at(where, source=source))
        return tuple(there)

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
        measured = self.files.measured(source, promise is not None or draft, place, found)
        if isinstance(measured, Absent):
            if promise is None:
                return None
            self.files.known.absent[source] = promise.bytes
            return _promised(source, promise)
        if measured is None:
            return None
        duration, type = measured.duration, measured.type
        as_promised = promise is not None and measured.bytes == (promise.bare or promise.bytes)
        if promise and as_promised and _near(promise.duration, duration):
            duration, type = promise.duration, promise.type
        return Enclosure(source, measured.bytes, type, duration, inside=measured.inside)

    def _alternate(
        self,
        wish: AlternateKeys,
        episode: Episode,
        promise: Promise | None,
        place: Place,
        found: list[Finding],
    ) -> Alternate | None:
        """A rendition: its file measured and hashed, or a stream as described."""
        others = tuple(Copy(entry.uri, entry.type) for entry in wish.uris)
        if wish.file is None or is_remote(wish.file):
            if wish.file:
                others = (Copy(wish.file), *others)
            if not others or not wish.type:
                found.append(ME055.at(place))
                return None
            return Alternate(
                others, wish.type, None, None, None, wish.language, wish.title, wish.rel,
                wish.codecs, wish.default,
            )  # fmt: skip
        source = f"{episode.series}/{wish.file}"
        earlier = next(
            (one for one in (promise.alternates if promise else ()) if one.media == source),
            None,
        )
        excused = earlier is not None and earlier.duration is not None and bool(earlier.sha256)
        measured = self.files.measured(source, excused, place.down("file"), found)
        if wish.type and isinstance(measured, Measured) and not _same(wish.type, measured.type):
            found.append(
                ME057.at(place.down("type"), stated=wish.type, source=source, type=measured.type)
            )
        if measured is None or earlier is None:
            if not isinstance(measured, Measured):
                return None
            sha256 = self.files.sha256(source)
        elif isinstance(measured, Absent):
            if earlier.duration is None or earlier.sha256 is None:
                return None
            self.files.known.absent[source] = earlier.bytes
            measured = Measured(
                earlier.bytes, earlier.type, earlier.duration, height=earlier.height
            )
            sha256 = earlier.sha256
        else:
            promised = earlier.duration or measured.duration
            if earlier.bytes == measured.bytes and _near(promised, measured.duration):
                measured = replace(measured, duration=promised)
            sha256 = self.files.sha256(source)
        return Alternate(
            copies=(Copy(source), *others),
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
            inside=measured.inside,
        )

    def _chapters(
        self, name: str, episode: Episode, place: Place, found: list[Finding]
    ) -> tuple[Chapter, ...]:
        source = f"{episode.series}/{name}"
        file = self.files.find(source, place, found)
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
        delivered: set[str] = set()
        spoken, written = episode.language or series.language, episode.written_in(series)
        places = [place.down("transcripts", index) for index in range(len(keys.transcripts))]
        places += [place.down("captions", index) for index in range(len(keys.captions))]
        for transcript, where in zip(episode.transcripts, places, strict=True):
            if transcript.format not in _TYPES:
                found.append(TR006.at(where, source=transcript.source))
                continue
            file = self.files.find(transcript.source, where, found)
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
            language = transcript.language or written
            stem = "captions" if transcript.captions else "transcript"
            middle = "" if transcript.language in {None, spoken} else f".{language}"
            own = f"{stem}{middle}.{transcript.format}"
            if own in delivered:
                file_name = transcript.source.partition("/")[2]
                found.append(TR007.at(where, name=file_name))
            delivered.add(own)
            for format in formats:
                name = f"{stem}{middle}.{format}"
                side = SideFile(
                    transcript.source, name, _TYPES[format], language, transcript.captions
                )
                # a format that the producer delivered is better than one made from another
                if name not in files or format == transcript.format:
                    files[name] = side
        return tuple(sorted(files.values(), key=lambda side: _preference(side, written)))


_TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}


def _preference(side: SideFile, own: str) -> tuple[object, ...]:
    """The recording's own words first, as WebVTT: apps take the first transcript they can read."""
    kind = [".vtt", ".srt", ".txt"].index(PurePosixPath(side.name).suffix)
    return side.captions, side.language != own, kind, side.name


def _promised(source: str, promise: Promise) -> Enclosure:
    return Enclosure(
        source, promise.bytes, promise.type, promise.duration, present=False, bare=promise.bare,
        sha256=promise.sha256 if promise.bare is not None else None,
    )  # fmt: skip


_SPELLINGS = {**SPELLINGS, "audio/aac": "audio/x-m4a"}
_KIN = frozenset({"video/mp4", "video/x-m4v"}), frozenset({"audio/ogg", "audio/opus"})


def _same(stated: str, type: str) -> bool:
    """Does a typed type mean what was found? Several have more than one name."""
    stated = stated.partition(";")[0].strip().lower()
    stated = _SPELLINGS.get(stated, stated)
    return stated == type or {stated, type} in _KIN


def _near(promised: timedelta, measured: timedelta) -> bool:
    return abs(promised - measured) <= _SAME
