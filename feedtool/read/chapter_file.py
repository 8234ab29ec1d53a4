"""Chapters in a file of their own: JSON chapters (Podcasting 2.0), or lines of time and title."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import clock, forbidden_character
from ..model import Chapter
from .episode import chapter_of
from .objects import UNTITLED, ChaptersKeys
from .schema import validate
from .text import SHOWN

CH002 = Code(
    "CH002",
    Severity.ERROR,
    message=N_("the file of chapters cannot be read: {problem}"),
    why=N_("apps would show no chapters"),
    mend=N_("export the chapters again as JSON (.json), or name a text file (.txt) in which each "
            "line is a time and a title:  02:10 Kundtjänsten"),
    spec=("CHAP-01",),
)  # fmt: skip


CH014 = Code(
    "CH014",
    Severity.WARNING,
    message=N_("the chapter at {start} has no title"),
    why=N_("apps show an empty line in the list of chapters"),
    mend=N_('give it a "title", or write  "toc": false  if it only changes picture or link'),
    spec=("CHAP-04",),
)


CH019 = Code(
    "CH019",
    Severity.NOTE,
    message=N_("the file of chapters says {names}, which is not published"),
    why=N_("feedtool writes start, end, title, link, picture and whether a chapter is listed"),
    mend=N_("nothing to do, if the chapters are right without"),
    spec=("CHAP-07",),
)


class _NoChaptersError(ValueError):
    """Valid JSON, but no chapters; says what is wrong."""


def read_chapters(
    text: str, source: str, series: str, file: str
) -> tuple[tuple[Chapter, ...], list[Finding]]:
    """The chapters of a file, in its order; `source` tells its format."""
    top = Place(file, line=1, column=1)
    lines: list[int] = []
    written: list[str] | list[dict[str, str]]
    is_json = source.lower().endswith(".json")
    if is_json:
        try:
            document = json.loads(text, parse_int=str)  # of any length
            written = _from_json(document)
            each = [line.count('"startTime"') for line in text.split("\n")]
            lines = [number for number, count in enumerate(each, 1) for _ in range(count)]
        except json.JSONDecodeError as error:
            place = Place(file, line=error.lineno, column=error.colno)
            return (), [CH002.at(place, problem=N_("it is not valid JSON here"))]
        except RecursionError:
            return (), [CH002.at(top, problem=N_("it is not valid JSON here"))]
        except _NoChaptersError as error:
            return (), [CH002.at(top, problem=str(error))]
    else:
        numbered = list(_lines(text))
        lines, written = [n for n, _ in numbered], [line for _, line in numbered]
    if not written:
        return (), [CH002.at(top, problem=N_("it holds no chapters"))]
    keys, findings = validate({"chapters": written}, ChaptersKeys, Place(file))
    if keys is None:
        return (), [_located(finding, file, lines) for finding in findings]
    chapters = tuple(chapter_of(chapter, series) for chapter in keys.chapters)
    untitled = (
        CH014.at(Place(file, ("chapters", index)), start=clock(chapter.start))
        for index, chapter in enumerate(chapters)
        if chapter.title == UNTITLED
    )
    found = [_located(finding, file, lines) for finding in untitled]
    if is_json and (names := _left_out(document)):
        found.append(CH019.at(top, names=", ".join(names)))
    return chapters, found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a file of lines, with their numbers, until it is clear that it is none."""
    strange = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line
            strange += not line.lstrip()[0].isdigit()
            if strange == SHOWN:
                return


def _located(finding: Finding, file: str, lines: list[int]) -> Finding:
    """At the line of its chapter."""
    index = finding.place.keys[1] if len(finding.place.keys) > 1 else 0
    line = lines[index] if isinstance(index, int) and index < len(lines) else 1
    return finding.code.at(Place(file, line=line, column=1), **finding.params)


def _from_json(document: Any) -> list[dict[str, str]]:
    """JSON chapters 1.2 in the spelling of episode files."""
    entries = document.get("chapters") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise _NoChaptersError(N_('it has no list "chapters"'))
    return [_chapter(entry) for entry in entries]


_NAMES = {"url": "url", "image": "img"}


def _left_out(document: dict[str, Any]) -> list[str]:
    """What apps could show and feedtool does not publish."""
    names = ["waypoints"] if document.get("waypoints") else []
    located = any(entry.get("location") for entry in document["chapters"])
    return names + (["location"] if located else [])


def _chapter(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict) or "startTime" not in entry:
        raise _NoChaptersError(N_('a chapter has no "startTime"'))
    if isinstance(entry.get("title"), (list, dict)):
        raise _NoChaptersError(N_("a title is not a text"))
    chapter = {"start": _clock(entry["startTime"]), "title": str(entry.get("title") or UNTITLED)}
    if entry.get("endTime") is not None:
        chapter["end"] = _clock(entry["endTime"])
    if entry.get("toc") is False:
        chapter["toc"] = "false"
    chapter |= {key: str(entry[name]) for key, name in _NAMES.items() if entry.get(name)}
    # written as \u0001, so that the check of the file did not see it
    if any(forbidden_character(text) for text in chapter.values()):
        raise _NoChaptersError(N_("a text holds a character that cannot be shown"))
    return chapter


def _clock(seconds: Any) -> str:
    try:
        milliseconds = round(float(seconds) * 1000)
    except (ValueError, TypeError, OverflowError) as error:
        raise _NoChaptersError(N_("a time is not a number of seconds")) from error
    if isinstance(seconds, bool) or not 0 <= milliseconds < 10**10:
        raise _NoChaptersError(N_("a time is not a number of seconds"))
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
