"""Transcripts, chapters and pictures of episodes: fetched, looked at, told what came of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path, PurePosixPath

from ..errors import FeedtoolError
from ..finding import has_errors
from ..formats import normal_play_time
from ..language import N_
from ..model import Cue, Words
from ..read.chapter_file import read_chapters
from ..read.cues import read_words
from ..render.transcripts import render_transcript
from ..scaffold.copies import put_whole
from .episode_file import SideFiles
from .fitting import Unfit
from .names import safe_media_name, unique
from .notes import plain_text
from .plan import Planned
from .record import Text, Tree, Why
from .web import Web

_LARGEST = 20_000_000
"""Bytes of a transcript or a picture."""
_AT_ONCE = 4
_KINDS = {
    "text/vtt": "vtt", "application/x-subrip": "srt", "application/srt": "srt", "text/srt": "srt",
    "application/x-subtitle": "srt", "text/plain": "txt", "application/json": "json",
    "text/html": "html",
}  # fmt: skip
_BEST = ("vtt", "srt", "json", "txt", "html")

UNREADABLE = N_("it cannot be read as a transcript")
OTHER_FORM = N_("the same text is there in a better form")
NO_PICTURE = N_("it is no picture that apps show (JPEG or PNG)")


def fetch_all(
    planned: tuple[Planned, ...],
    folder: Path,
    web: Web,
    *,
    pictures: bool,
    series_image: str,
    taken: set[str],
    progress: Callable[[int, int], None],
) -> tuple[dict[str, SideFiles], str]:
    """What belongs to each episode, by guid; and the picture of the series.

    Files go into `folder`, media/<series>/. What cannot be fetched is told with its episode.
    Pictures are only fetched when asked for; else their addresses stay.
    """
    wanted = [one for one in planned if one.entry.texts or one.entry.chapters_url]
    images = dict.fromkeys(one.entry.image for one in planned if one.entry.image)
    images = {url: url for url in images if url != series_image}
    faults: dict[str, Unfit] = {}
    if series_image and pictures:
        images = {series_image: series_image, **images}
    if pictures:
        names = {}
        for url in images:
            names[url] = unique(safe_media_name(url, "cover", "image/jpeg"), taken)
            taken.add(names[url].lower())
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for url, came in zip(
                images, pool.map(lambda url: _picture(url, folder, names[url], web), images),
                strict=True,
            ):  # fmt: skip
                if isinstance(came, Unfit):
                    faults[url] = came
                else:
                    images[url] = came
    found: dict[str, SideFiles] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        texts = zip(wanted, pool.map(lambda one: _of(one, folder, web), wanted), strict=True)
        for number, (one, side) in enumerate(texts, 1):
            found[one.guid] = side
            progress(number, len(wanted))
    for one in planned:
        url = one.entry.image
        if url and url != series_image:
            side = found.get(one.guid, SideFiles())
            unfit = (*side.unfit, faults[url]) if url in faults else side.unfit
            found[one.guid] = SideFiles(
                chapters=side.chapters, transcripts=side.transcripts,
                image=images.get(url, url), unfit=unfit,
            )  # fmt: skip
    return found, images.get(series_image, series_image)


def _of(planned: Planned, folder: Path, web: Web) -> SideFiles:
    unfit: list[Unfit] = []
    chapters: tuple[Tree, ...] = ()
    if url := planned.entry.chapters_url:
        try:
            chapters = _chapters(url, planned, web)
        except FeedtoolError as error:
            unfit.append(Unfit("chapters", url, _why(error)))
    transcripts = tuple(_transcripts(planned, folder, web, unfit))
    return SideFiles(chapters=chapters, transcripts=transcripts, unfit=tuple(unfit))


def _why(error: FeedtoolError) -> Why:
    return Why(error.message, error.params)


# --- chapters --------------------------------------------------------------------------------


def _chapters(url: str, planned: Planned, web: Web) -> tuple[Tree, ...]:
    text = web.get(url, most=_LARGEST).body.decode("utf-8-sig", "replace")
    chapters, found = read_chapters(text, "chapters.json", "", "chapters.json")
    if has_errors(found):
        raise FeedtoolError(found[0].code.message, **found[0].params)
    return tuple(
        {
            key: value
            for key, value in {
                "start": _clock(one.start),
                "title": one.title,
                "url": one.url,
                "image": one.image,
                "toc": None if one.toc else "false",
                "end": one.end and _clock(one.end),
            }.items()
            if value
        }
        for one in chapters
    )


def _clock(time: timedelta) -> str:
    return normal_play_time(time).removeprefix("00:").removesuffix(".000")


# --- transcripts -----------------------------------------------------------------------------


def _transcripts(planned: Planned, folder: Path, web: Web, unfit: list[Unfit]) -> Iterator[Tree]:
    """The best form of each language; captions beside it."""
    best: dict[tuple[str, bool], list[Text]] = {}
    for text in sorted(planned.entry.texts, key=lambda one: _rank(_kind(one))):
        best.setdefault((text.language, text.captions), []).append(text)
    names: set[str] = set()
    for (language, captions), texts in best.items():
        done = False
        for text in texts:
            if done:
                unfit.append(Unfit("transcript", text.url, Why(OTHER_FORM)))
                continue
            try:
                ending, data = _words(text, web)
            except FeedtoolError as error:
                unfit.append(Unfit("transcript", text.url, _why(error)))
                continue
            stem = PurePosixPath(planned.media).stem if ":" not in planned.media else planned.slug
            middle = ".captions" if captions else ""
            middle += f".{language.lower()}" if language and len(best) > 1 else ""
            name = unique(f"{stem}{middle}.{ending}", names)
            name = _put(folder, name, data)
            names.add(name)
            done = True
            yield (
                {"file": name}
                | ({"language": language} if language else {})
                | ({"rel": "captions"} if captions else {})
            )


def _kind(text: Text) -> str:
    kind = _KINDS.get(text.type.partition(";")[0].strip().lower(), "")
    return kind or PurePosixPath(text.url.partition("?")[0]).suffix.lower().lstrip(".")


def _rank(kind: str) -> int:
    return _BEST.index(kind) if kind in _BEST else len(_BEST)


def _words(text: Text, web: Web) -> tuple[str, bytes]:
    """The ending and the bytes of a transcript that we can publish. Raises FeedtoolError."""
    page = web.get(text.url, most=_LARGEST)
    if not page.whole:
        raise FeedtoolError(UNREADABLE)
    written = page.body.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    kind = _kind(text)
    if written.lstrip().startswith("WEBVTT"):
        kind = "vtt"
    elif written.lstrip()[:1] == "<":  # an error page, or the text as HTML
        kind = "html" if kind in {"html", "txt"} else ""
    if kind == "json":
        cues = _segments(written)
        if not cues:
            raise FeedtoolError(UNREADABLE)
        return "vtt", render_transcript(Words("", "json", cues), "vtt")
    if kind == "html":
        lines = plain_text(written)
        if not lines:
            raise FeedtoolError(UNREADABLE)
        return "txt", (lines + "\n").encode()
    if kind not in {"vtt", "srt", "txt"}:
        raise FeedtoolError(UNREADABLE)
    words, found = read_words(written, kind, "transcript")
    if has_errors(found) or (kind != "txt" and not words.cues) or not written.strip():
        raise FeedtoolError(UNREADABLE)
    return kind, written.encode()


def _segments(written: str) -> tuple[Cue, ...]:
    """The JSON form of podcast:transcript: one cue a segment."""
    try:
        document = json.loads(written)
        return tuple(
            Cue(
                timedelta(seconds=float(one["startTime"])),
                timedelta(seconds=float(one["endTime"])),
                str(one["body"]),
                str(one["speaker"]) if one.get("speaker") else None,
            )
            for one in document["segments"]
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return ()


# --- pictures --------------------------------------------------------------------------------

_PICTURES: Mapping[bytes, str] = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n": ".png"}


def _picture(url: str, folder: Path, name: str, web: Web) -> str | Unfit:
    """The name of the picture; with the ending of what it is."""
    try:
        page = web.get(url, most=_LARGEST)
    except FeedtoolError as error:
        return Unfit("image", url, _why(error))
    ending = next((e for head, e in _PICTURES.items() if page.body.startswith(head)), "")
    if not ending or not page.whole:
        return Unfit("image", url, Why(NO_PICTURE))
    stem = name.rpartition(".")[0]
    own = "." + name.rpartition(".")[2]
    return _put(folder, stem + (own if own == ".jpeg" and ending == ".jpg" else ending), page.body)


def _put(folder: Path, name: str, data: bytes) -> str:
    """Write the file, whole, under this name or, if another has it, one with a number."""
    taken: set[str] = set()
    while True:
        free = unique(name, taken)
        try:
            put_whole(folder / free, lambda to: to.write(data))
            return free
        except FileExistsError:
            if (folder / free).is_file() and (folder / free).read_bytes() == data:
                return free  # of an import that was interrupted
            taken.add(free)
