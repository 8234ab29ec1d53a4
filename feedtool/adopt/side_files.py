"""Transcripts and chapters of episodes: fetched, looked at, told what came of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import FeedtoolError
from ..finding import has_errors
from ..formats import normal_play_time
from ..language import N_
from ..model import Cue, Words
from ..read.chapter_file import read_chapters
from ..read.cues import read_words
from ..read.text import SPOKEN_LIMIT
from ..render.transcripts import render_transcript
from .episode_file import SideFiles
from .fitting import Unfit
from .names import unique
from .pictures import put_free
from .plan import Planned
from .record import Text, Tree, Why
from .spoken_page import spoken
from .tolerant import as_windows_1252
from .web import Page, Web

_AT_ONCE = 4
_SUBRIP = re.compile(r"\s*\d+[ \t]*\n\s*\d+:\d\d?:\d\d?[,.]\d+[ \t]*-->")
"""How it begins, whatever the feed says that it is."""
_A_WORD = timedelta(seconds=1)
"""How long words are shown of which nobody says when they end; a check allows as much."""
_KINDS = {
    "text/vtt": "vtt", "application/x-subrip": "srt", "application/srt": "srt", "text/srt": "srt",
    "application/x-subtitle": "srt", "text/plain": "txt", "application/json": "json",
    "text/html": "html",
}  # fmt: skip
_BEST = ("vtt", "srt", "json", "txt", "html")

UNREADABLE = N_("it cannot be read as a transcript")
OTHER_FORM = N_("the same text is there in a better form")


def fetch_texts(
    planned: tuple[Planned, ...],
    folder: Path,
    web: Web,
    spoken: str,
    progress: Callable[[int, int], None],
) -> dict[str, SideFiles]:
    """Transcripts and chapters, by guid of their episode. Transcripts go into `folder`.

    `spoken` is the language of the series. What cannot be fetched is told with its episode.
    Raises OSError when the disk does.
    """
    wanted = [one for one in planned if one.entry.texts or one.entry.chapters_url]
    found: dict[str, SideFiles] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        came = pool.map(lambda one: _of(one, folder, web, spoken), wanted)
        for number, (one, side) in enumerate(zip(wanted, came, strict=True), 1):
            found[one.guid] = side
            progress(number, len(wanted))
    return found


def _of(planned: Planned, folder: Path, web: Web, spoken: str) -> SideFiles:
    unfit: list[Unfit] = []
    chapters: tuple[Tree, ...] = ()
    if url := planned.entry.chapters_url:
        try:
            chapters = _chapters(url, planned, web)
        except FeedtoolError as error:
            unfit.append(Unfit("chapters", url, _why(error)))
    transcripts = tuple(_transcripts(planned, folder, web, spoken, unfit))
    return SideFiles(chapters=chapters, transcripts=transcripts, unfit=tuple(unfit))


def _why(error: FeedtoolError) -> Why:
    return Why(error.message, error.params)


_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.I)


def _decoded(page: Page) -> str:
    """The text in UTF-8 if it can be that, else in what the server says, else as Windows writes.

    Programs that make SubRip files often write them in windows-1252, and few servers say so.
    """
    claimed = _CHARSET.search(page.headers.get("Content-Type", ""))
    wide = page.body.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16" if wide else "utf-8-sig", claimed[1] if claimed else "", "cp1252"):
        try:
            return as_windows_1252(page.body.decode(encoding))
        except (UnicodeError, LookupError):
            continue
    return page.body.decode("utf-8-sig", "replace")


# --- chapters --------------------------------------------------------------------------------


def _chapters(url: str, planned: Planned, web: Web) -> tuple[Tree, ...]:
    text = _decoded(web.get(url, most=SPOKEN_LIMIT))
    chapters, found = read_chapters(text, "chapters.json", "", "chapters.json")
    if has_errors(found):
        params: dict[str, Any] = dict(found[0].params)
        raise FeedtoolError(found[0].code.message, **params)
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


def _transcripts(
    planned: Planned, folder: Path, web: Web, spoken: str, unfit: list[Unfit]
) -> Iterator[Tree]:
    """The best form of each language; captions beside it. "" is the language that is spoken."""
    spoken = (planned.entry.tree.get("language") or spoken).lower()
    best: dict[tuple[str, bool], list[Text]] = {}
    for text in sorted(planned.entry.texts, key=lambda one: _rank(_kind(one))):
        language = "" if _is_same(text.language, spoken) else text.language
        best.setdefault((language, text.captions), []).append(text)
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
            middle = ".captions" if captions else ""
            middle += f".{language.lower()}" if language else ""
            name = unique(f"{planned.slug}{middle}.{ending}", names)
            name = put_free(folder, name, data)
            names.add(name)
            done = True
            yield (
                {"file": name}
                | ({"language": language} if language else {})
                | ({"rel": "captions"} if captions else {})
            )


def _is_same(language: str, spoken: str) -> bool:
    """Is it the language that is spoken? "sv" is that of "sv-se", too."""
    return language.lower() in {spoken, spoken.partition("-")[0]}


def _kind(text: Text) -> str:
    kind = _KINDS.get(text.type.partition(";")[0].strip().lower(), "")
    return kind or PurePosixPath(text.url.partition("?")[0]).suffix.lower().lstrip(".")


def _rank(kind: str) -> int:
    return _BEST.index(kind) if kind in _BEST else len(_BEST)


def _words(text: Text, web: Web) -> tuple[str, bytes]:
    """The ending and the bytes of a transcript that we can publish. Raises FeedtoolError."""
    page = web.get(text.url, most=SPOKEN_LIMIT)
    if not page.whole:
        raise FeedtoolError(UNREADABLE)
    written = _decoded(page).replace("\r\n", "\n").replace("\r", "\n")
    kind = _kind(text)
    if written.lstrip().startswith("WEBVTT"):
        kind = "vtt"
    elif _SUBRIP.match(written) and kind != "json":
        kind = "srt"
    elif written.lstrip()[:1] == "{" and _segments(written):
        kind = "json"
    elif written.lstrip()[:1] == "<":  # an error page, or the text as HTML
        kind = "html" if kind in {"html", "txt"} else ""
    if kind == "json":
        cues = _segments(written)
        if not any(cue.text.strip() for cue in cues):
            raise FeedtoolError(UNREADABLE)
        return "vtt", render_transcript(Words("", "json", cues), "vtt")
    if kind == "html":
        lines = spoken(written)
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
    """The JSON form of podcast:transcript: one cue a segment, in the order of their times."""
    try:
        said = sorted(
            ((timedelta(seconds=float(one["startTime"])), one)
             for one in json.loads(written)["segments"]),
            key=lambda timed: timed[0],
        )  # fmt: skip
        if said and said[0][0] < timedelta():
            return ()
        following = [start for start, _ in said[1:]]
        return tuple(
            Cue(
                start,
                _end(start, one.get("endTime"), after),
                str(one["body"]),
                str(one["speaker"]) if one.get("speaker") else None,
            )
            for (start, one), after in zip_longest(said, following)
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return ()


def _end(start: timedelta, stated: Any, following: timedelta | None) -> timedelta:
    """When the words end. It may be left out, and programs state the beginning once more."""
    if stated is not None and (end := timedelta(seconds=float(stated))) > start:
        return end
    return following if following and following > start else start + _A_WORD
