"""Which file is published of a recording: itself, or a copy with tags (`embed: true`).

The facts of a published copy stand in the lock, so another title changes none of its bytes. Copies
are kept in `.feedtool/embedded/`, each below its SHA-256. One that is neither there nor in the
output, nor comes out the same again, is treated like a recording that is not here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from .declare import dataclass
from .entry import Entry
from .finding import N_, Code, Severity
from .lock import Promise
from .measure import digest
from .media_files import MediaFiles
from .model import Copied, Enclosure, Episode, Item, Series
from .read.languages import three_letters
from .tagged import PICTURES, TYPES, Mark, Tags, write_tagged

EMBEDDED = ".feedtool/embedded"
_MEDIA = "media/"

ME063 = Code(
    "ME063",
    Severity.ERROR,
    message=N_("media/{source} is the recording of an episode, and something else names it too"),
    why=N_("with  embed: true  a copy with tags has that address, and two files cannot have it"),
    mend=N_("save the file a second time under another name, and name that one there"),
)

ME080 = Code(
    "ME080",
    Severity.NOTE,
    message=N_("{count} recordings were published as copies with tags, and these are gone"),
    why=N_(
        "what the episodes say has changed since, so the same copies cannot be made again; those "
        "that were published stay, and feeds speak of them"
    ),
    mend=N_(
        "nothing to do; to publish to another place one day, bring media/ over from the old one, "
        "and keep .feedtool/ or public/ next time"
    ),
)


def folder_of(root: Path, copied: Copied) -> str:
    """Where a copy lies, with the path that it has in the output."""
    return f"{root}/{EMBEDDED}/{copied.sha256}"


def file_of(root: Path, copied: Copied, source: str) -> Path:
    return Path(f"{folder_of(root, copied)}/{_MEDIA}{source}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """How recordings are published by one build."""

    root: Path
    on: bool
    now: datetime  #: aware
    output: Path
    room: Path | None = None  #: where copies are made of which only the facts are needed
    makes: bool = True  #: False: only what the lock knows; nothing is written

    def published(
        self, item: Item, series: Series, promise: Promise | None, files: MediaFiles
    ) -> Enclosure:
        """The enclosure as subscribers get it; `promise` is the lock's line of the episode.

        A published recording stays what it was, bare or copied, whatever `embed:` says now.
        """
        bare = item.enclosure
        if promise is not None and promise.media != bare.source:
            promise = None
        if not bare.present:
            if promise and promise.bare is not None and self._kept(promise):
                files.known.absent.pop(bare.source, None)
                return replace(bare, present=True)
            return bare
        binds = promise is not None and promise.binds(self.now)
        if item.episode.draft or (promise.bare is None if promise and binds else not self.on):
            return bare
        if (
            promise
            and (promise.bare, promise.duration) == (bare.length, bare.duration)
            and (binds or not self.makes)
        ):
            return self._as_promised(item, series, promise, files)
        if not (self.on and self.makes) or bare.type not in TYPES or _is_alternate(item):
            return bare
        copied = self._made(item, series, files)
        if copied is None:
            return bare
        return replace(bare, length=copied.bytes, sha256=copied.sha256, bare=bare.length)

    def _as_promised(
        self, item: Item, series: Series, promise: Promise, files: MediaFiles
    ) -> Enclosure:
        """The copy that subscribers know, here or not."""
        wanted = _of(promise)
        here = (
            not self.makes
            or self._kept(promise)
            or self._made(item, series, files, wanted) == wanted
        )
        if not here:
            files.known.absent[promise.media] = promise.bytes
        return replace(
            item.enclosure, length=promise.bytes, type=promise.type, present=here,
            bare=promise.bare, sha256=promise.sha256,
        )  # fmt: skip

    def _kept(self, promise: Promise) -> bool:
        """Is the published copy still here? What the output holds of it is taken in again."""
        copied = _of(promise)
        file = file_of(self.root, copied, promise.media)
        if _size(file) == copied.bytes:
            return True
        there = self.output / _MEDIA / promise.media
        if _size(there) != copied.bytes or digest(there).hex() != copied.sha256:
            return False
        if self.makes and self.room is None:
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(there, file)
            except OSError:  # another file system
                _copy_whole(there, file)
        return True

    def _made(
        self, item: Item, series: Series, files: MediaFiles, wanted: Copied | None = None
    ) -> Copied | None:
        """The copy as it would be made today, kept unless another one is `wanted`.

        None when the recording can have no tags.
        """
        source = item.enclosure.source
        tags = _tags(item, series, files, self.root)
        known = files.recalled("copy", source)
        if known and known[0] == tags.digest:
            if known[1] is None:
                return None
            copied = Copied(*known[1])
            if self.room or (wanted and copied != wanted):
                return copied
            if _size(file_of(self.root, copied, source)) == copied.bytes:
                return copied
        stamped = files.stamped(source)
        folder = self.room or self.root / EMBEDDED
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f"half-{os.getpid()}"
        half.unlink(missing_ok=True)
        try:
            made = None
            if write_tagged(self.root / _MEDIA / source, half, item.enclosure.type, tags):
                made = Copied(digest(half).hex(), half.stat().st_size)
                if not self.room and wanted in (None, made):
                    file = file_of(self.root, made, source)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    half.replace(file)
        finally:
            half.unlink(missing_ok=True)
        files.remember("copy", source, stamped, [tags.digest, made])
        return made


def is_copy_here(root: Path, entry: Entry) -> bool:
    """Is what an entry of the last build publishes still in its place, or known not to be here?"""
    copied = entry.copied
    return (
        copied is None
        or any(source == entry.media for source, _ in entry.absent)
        or _size(file_of(root, copied, entry.media)) == copied.bytes
    )


def copies_gone(root: Path, absent: Iterable[str], bare: Mapping[str, int]) -> list[str]:
    """Those of the sources that are here, while the copies that were published of them are not.

    `bare` has the bytes of each recording that was copied.
    """
    return [one for one in absent if one in bare and _size(root / _MEDIA / one) == bare[one]]


def forget_others(root: Path, named: Collection[str]) -> None:
    """Remove the copies that no promise names by its SHA-256 any more."""
    with contextlib.suppress(FileNotFoundError), os.scandir(root / EMBEDDED) as entries:
        for entry in entries:
            if entry.name not in named:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)


def _of(promise: Promise) -> Copied:
    return Copied(promise.sha256 or "", promise.bytes)


def _is_alternate(item: Item) -> bool:
    """Is the recording offered as it is, too, with a sum of its own?"""
    return any(copy.uri == item.enclosure.source for one in item.alternates for copy in one.copies)


def _tags(item: Item, series: Series, files: MediaFiles, root: Path) -> Tags:
    episode = item.episode
    number = episode.number.value if episode.number and episode.type == "full" else ""
    picture, found = episode.image, episode.artwork
    if picture is None:
        picture, found = series.image, series.artwork
    shown = picture if picture and found and found.type in PICTURES else None
    return Tags(
        title=episode.title,
        album=series.title,
        artist=series.author,
        track=number if number.isdecimal() else None,
        date=episode.date.date(),
        comment=episode.summary,
        language=three_letters(episode.language or series.language),
        chapters=_marks(episode, item.enclosure.duration),
        picture_type=found.type if shown and found else "",
        picture_sum=files.sha256(shown) if shown else "",
        picture=root / _MEDIA / shown if shown else None,
    )


def _marks(episode: Episode, duration: timedelta) -> tuple[Mark, ...]:
    """Each chapter until its end, or the next one."""
    chapters = episode.chapters
    ends = [*(chapter.start for chapter in chapters[1:]), duration][: len(chapters)]
    return tuple(
        Mark(
            _milliseconds(one.start),
            _milliseconds(one.end or end),
            one.title,
            one.url if one.url and one.url.isascii() else None,
            one.toc,
        )
        for one, end in zip(chapters, ends, strict=True)
    )


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return -1


def _copy_whole(source: Path, target: Path) -> None:
    half = target.with_name(f"half-{os.getpid()}")
    shutil.copyfile(source, half)
    half.replace(target)
