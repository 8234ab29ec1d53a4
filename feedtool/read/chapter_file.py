"""Chapters in a file of their own: JSON chapters (Podcasting 2.0), or lines of time and title."""

from __future__ import annotations

import json
from typing import Any

from ..finding import Code, Fault, N_, Place, Severity
from ..model import Chapter
from .resolve import chapter_of
from .schema import validate
from .written import ChaptersKeys

CH002 = Code(
    "CH002",
    Severity.ERROR,
    message=N_("the chapters in media/{source} cannot be read: {problem}"),
    why=N_("apps would show no chapters"),
    mend=N_("use a JSON chapters file (.json), or a text file (.txt) with lines such as "
            "02:10 Kundtjänsten"),
    spec=("CHAP-01",),
)  # fmt: skip


def read_chapters(
    text: str, source: str, series: str
) -> tuple[tuple[Chapter, ...], list[Fault]]:
    """The chapters of a file, in its order; `source` tells its format."""
    if source.endswith(".json"):
        try:
            written = _from_json(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            return (), [CH002.fault(source=source, problem=str(error)[:80])]
    else:
        written = [line for line in text.splitlines() if line.strip()]
    keys, findings = validate({"chapters": written}, ChaptersKeys, Place(""))
    if keys is None:
        return (), [
            CH002.fault(source=source, problem=finding.shown().text("message")) for finding in findings
        ]
    return tuple(chapter_of(chapter, series) for chapter in keys.chapters), []


def _from_json(document: Any) -> list[dict[str, str]]:
    """JSON chapters 1.2 in the spelling of episode files."""
    chapters = []
    for entry in document["chapters"]:
        chapter = {"start": _clock(entry["startTime"]), "title": str(entry.get("title") or "…")}
        if "endTime" in entry:
            chapter["end"] = _clock(entry["endTime"])
        if entry.get("toc") is False:
            chapter["toc"] = "false"
        chapter |= {key: str(entry[name]) for key, name in _NAMES.items() if entry.get(name)}
        chapters.append(chapter)
    return chapters


_NAMES = {"url": "url", "image": "img"}


def _clock(seconds: Any) -> str:
    milliseconds = round(float(seconds) * 1000)
    if not 0 <= milliseconds < 10**10:
        raise ValueError(f"startTime {seconds}")
    minutes, rest = divmod(milliseconds, 60_000)
    text = f"{minutes // 60}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
    return text
