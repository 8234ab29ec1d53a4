"""Transcripts, captions and chapters that stand in files of their own beside a recording."""

from __future__ import annotations

from pathlib import PurePosixPath

from .finding import N_, Code, Finding, Place, Severity
from .media_files import MediaFiles
from .model import Chapter, Episode, Series, SideFile, Words
from .read.chapter_file import read_chapters
from .read.cues import read_words
from .read.text import SPOKEN_LIMIT, read_text
from .read.written import EpisodeKeys

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


def chapters_of(
    files: MediaFiles, name: str, episode: Episode, place: Place, found: list[Finding]
) -> tuple[Chapter, ...]:
    """The chapters of a file; `name` is as the episode writes it."""
    source = f"{episode.series}/{name}"
    file = files.find(source, place, found)
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


def transcripts_of(
    files: MediaFiles,
    episode: Episode,
    keys: EpisodeKeys,
    series: Series,
    words: dict[str, Words],
    place: Place,
    found: list[Finding],
) -> tuple[SideFile, ...]:
    """The transcripts as they will be published, a timed one in both formats."""
    sides: dict[str, SideFile] = {}
    delivered: set[str] = set()
    spoken, written = episode.language or series.language, episode.written_in(series)
    places = [place.down("transcripts", index) for index in range(len(keys.transcripts))]
    places += [place.down("captions", index) for index in range(len(keys.captions))]
    for transcript, where in zip(episode.transcripts, places, strict=True):
        if transcript.format not in _TYPES:
            found.append(TR006.at(where, source=transcript.source))
            continue
        file = files.find(transcript.source, where, found)
        if file is None:
            continue
        if transcript.source not in words:
            text, faults = read_text(file[0], f"media/{transcript.source}", SPOKEN_LIMIT)
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
            side = SideFile(transcript.source, name, _TYPES[format], language, transcript.captions)
            # a format that the producer delivered is better than one made from another
            if name not in sides or format == transcript.format:
                sides[name] = side
    return tuple(sorted(sides.values(), key=lambda side: _preference(side, written)))


_TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}


def _preference(side: SideFile, own: str) -> tuple[object, ...]:
    """The recording's own words first, as WebVTT: apps take the first transcript they can read."""
    kind = [".vtt", ".srt", ".txt"].index(PurePosixPath(side.name).suffix)
    return side.captions, side.language != own, kind, side.name
