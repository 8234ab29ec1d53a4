"""Make an episode: a name that is free, the recording below media/, the file a person goes on with.

The recording comes first and the file last, so that whatever interrupts it leaves no episode
without its recording. Run again, it goes on with the recording that is there.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from uuid import uuid4

from ..declare import dataclass
from ..errors import FeedtoolError, UsageError
from ..finding import N_, Finding, Place
from ..formats import RESERVED_SERIES, DateShape, is_media_name, normal_play_time, numbered
from ..lock import Lock
from ..model import Chapter
from ..read.catalog import Catalog
from ..read.dates import EP009, resolve_date
from ..read.front_matter import front_matter
from ..read.schema import validate
from ..read.values import better_slug
from ..read.written import EpisodeKeys
from ..read.yaml_tree import read_tree
from .copies import Progress, copy_in, failed, write_new
from .moments import in_numbers, written
from .recording import Recording
from .refused import accept, refuse
from .yaml_lines import tidy, yaml_item, yaml_line

Text = Callable[..., str]
"""Console.text: a message in the user's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of an episode that is to be made."""

    series: str
    title: str
    date: datetime
    recording: Recording
    summary: str = ""  #: "" = not written yet
    people: tuple[Mapping[str, str], ...] = ()  #: as the file has them
    transcript: Path | None = None
    there: str | None = None  #: the recording is below media/<series>/ already, under this name


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An episode that was made; paths are relative to the root, with "/"."""

    name: str  #: "series/slug"
    guid: str
    file: str
    media: str
    copied: tuple[str, ...]  #: recording and transcript, as far as they were not there


def when(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant that is meant. Raises UsageError for what no calendar or clock has."""
    try:
        numbers = in_numbers(text, now, zone)
    except DateShape:
        numbers = ""
    found: list[Finding] = []
    date = resolve_date(numbers, zone, Place(""), found)
    if found and found[0].code is EP009:  # it has one right answer, and the file gets that
        return when(str(found[0].params["better"]), now, zone)
    if date is None and (not numbers or not numbers[0].isdigit()):
        raise UsageError(
            N_('it is unclear when "{text}" is'),
            N_("write  now, today 15:00, tomorrow 07:00, monday 07:00  or  2026-11-24 07:00"),
            text=text,
        )
    refuse(found)
    assert date is not None
    return date


def credit(text: str, catalog: Catalog) -> dict[str, str]:
    """A person and a role from "Name: role" or "id: role". Raises UsageError."""
    name, _, role = (tidy(part) for part in text.rpartition(":"))
    if not name or not role:
        raise UsageError(
            N_('"{text}" does not say who it is and in which role'),
            N_('write the name, a colon and the role:  --person "Elin Wihlborg: guest"'),
            text=text,
        )
    listed = {name: name for name in catalog.people}
    listed |= {person.name: id for id, person in catalog.people.items()}
    who = {"id": listed[name]} if name in listed else {"name": name}
    accept(EpisodeKeys, people=[{**who, "role": role}])
    return {**who, "role": role}


def first_series(title: str) -> str:
    """The folder of a series with this title."""
    slug = better_slug(unicodedata.normalize("NFC", title))
    return f"{slug}-2" if slug in RESERVED_SERIES else slug


def begin_series(root: Path, slug: str, title: str, text: Text) -> str:
    """Write series.yaml for a series that has none; gives its path.

    Its description is that of feedtool.yaml until it has one of its own.
    """
    file = f"episodes/{slug}/series.yaml"
    why = text(N_("what people read before they subscribe: one to three sentences"))
    lines = [
        "# yaml-language-server: $schema=../../.schemas/series.json",
        yaml_line("title", title),
        _hint(f"description: ...  # {why}"),
    ]
    try:
        write_new(root / file, "\n".join(lines) + "\n")
    except FileExistsError as error:  # a link that leads nowhere
        raise failed(error, root / file) from error
    return file


def make_episode(
    root: Path, wanted: Wanted, zone: tzinfo, lock: Lock, text: Text, progress: Progress
) -> Made:
    """Everything the episode needs, its own file last.

    Raises UsageError for values that feedtool would not read again, WriteError when the disk is
    full, FeedtoolError when somebody took the name meanwhile.
    """
    slug, media, transcript = _names(root, wanted, lock)
    guid = str(uuid4())
    content = episode_text(wanted, guid, media, transcript, zone, text)
    _read_again(content)
    folder = f"media/{wanted.series}"
    copied = []
    file = f"episodes/{wanted.series}/{slug}.md"
    try:
        if wanted.there is None:
            copy_in(wanted.recording.path, root / folder / media, progress)
            copied.append(f"{folder}/{media}")
        words = wanted.transcript
        if words is not None and not _same(words, root / folder / transcript):
            copy_in(words, root / folder / transcript, progress)
            copied.append(f"{folder}/{transcript}")
        write_new(root / file, content)
    except FileExistsError as error:
        raise FeedtoolError(
            N_("{path} is there already"),
            N_("somebody else made it meanwhile; run the same command again"),
            path=error.filename2 or error.filename,
        ) from error
    return Made(
        name=f"{wanted.series}/{slug}",
        guid=guid,
        file=file,
        media=f"{folder}/{media}",
        copied=tuple(copied),
    )


def _same(path: Path, target: Path) -> bool:
    """Is the transcript there already: the very file, or a copy of an interrupted run?"""
    return target.is_file() and target.read_bytes() == path.read_bytes()


def _names(root: Path, wanted: Wanted, lock: Lock) -> tuple[str, str, str]:
    """Slug, recording and transcript ("" = none), all of them free; the same words if can be."""
    series, words = wanted.series, wanted.transcript
    known = [one for one in lock.episodes.values() if one.series == series]
    slugs = {one.slug for one in known}
    slugs |= {name.rpartition(".")[0] for name in _listed(root / "episodes" / series)}
    sources = [one.media for one in known]
    sources += [other.media for one in known for other in one.alternates]
    names = {source.removeprefix(f"{series}/").lower() for source in sources}
    names |= _listed(root / "media" / series)
    for slug in numbered(better_slug(unicodedata.normalize("NFC", wanted.title))):
        media = wanted.there or f"{slug}{wanted.recording.ending}"
        stem = media.rpartition(".")[0]
        text = f"{stem}{words.suffix.lower()}" if words else ""
        if slug in slugs or (media in names and not wanted.there):
            continue
        if words and text.lower() in names and not _same(words, root / "media" / series / text):
            if not wanted.there:
                continue
            # the recording keeps its name, so its text needs another
            text = next(
                name
                for one in numbered(stem)
                if (name := f"{one}{words.suffix.lower()}").lower() not in names
            )
        return slug, media, text
    raise AssertionError("there is always another number")


def _listed(folder: Path) -> set[str]:
    """Names in small letters: disks of Windows and macOS hold A.mp3 and a.mp3 for the same."""
    try:
        return {name.lower() for name in os.listdir(folder)}
    except OSError:
        return set()


def usable_in_place(source: str, series: str, ending: str) -> str | None:
    """The name below media/<series>/ of a recording that may stay where it is."""
    name = source.removeprefix(f"{series}/")
    usable = name != source and is_media_name(name) and name.lower().endswith(ending)
    return name if usable else None


# --- the file --------------------------------------------------------------------------------


def episode_text(
    wanted: Wanted, guid: str, media: str, transcript: str, zone: tzinfo, text: Text
) -> str:
    """The episode file: keys, hints for what is missing, and room for the notes."""
    stem = media.rpartition(".")[0]
    lines = ["---", yaml_line("title", wanted.title), f"date: {written(wanted.date, zone)}"]
    lines.append(yaml_line("guid", guid, text(N_("never change after publishing"))))
    lines.append(yaml_line("media", media))
    lines.append(yaml_line("summary", wanted.summary) if wanted.summary else _hint("summary: ..."))
    if wanted.people:
        lines += ["people:", *(yaml_item(person) for person in wanted.people)]
    chapters = _chapter_lines(wanted.recording)
    if chapters:
        lines += ["chapters:", *(yaml_item(line) for line in chapters)]
    else:
        lines += [_hint("chapters:"), _hint('  - "00:00 ..."')]
    lines.append(
        yaml_line("transcripts", [transcript])
        if transcript
        else _hint(f"transcripts: [{stem}.vtt]")
    )
    notes = text(N_("Write the show notes here, in Markdown, instead of this line."))
    return "\n".join([*lines, "---", f"<!-- {notes} -->"]) + "\n"


def _hint(line: str) -> str:
    return f"# {line}"


def _chapter_lines(recording: Recording) -> list[str]:
    """The chapters that the recording brings along, those of them that apps would take."""
    return [f"{_clock(one)} {tidy(one.title)[:255].strip()}" for one in recording.chapters]


def _clock(chapter: Chapter) -> str:
    """ "00:00", with hours and milliseconds only where there are some."""
    return normal_play_time(chapter.start).removeprefix("00:").removesuffix(".000")


def _read_again(content: str) -> None:
    """Would feedtool read the file? Raises UsageError with what it would say, else."""
    inside, _, _, found = front_matter(content, "")
    if inside is not None:
        tree, more = read_tree(inside, "")
        found += more
        if tree is not None:
            found += validate(tree, EpisodeKeys, Place(""))[1]
    refuse(found)
