"""Transcripts and chapters at their server, as apps and players in web pages load them."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import N_
from .aspect import UNSTATED, Aspect, Check, Subject, as_it_is
from .feed import SideFile
from .web import Web

ANSWERS = Aspect(
    name="side-file.answers",
    severity="warning",
    title=N_("answer"),
    expected="200",
    mend=N_("put the file there, or take it out of the feed"),
    spec=("HTTP-08",),
)
TYPE = Aspect(
    name="side-file.type",
    severity="warning",
    title="Content-Type",
    expected=N_("{type}, as the feed says"),
    mend=N_("teach the server the type of such files, or correct it in the feed"),
    spec=("HTTP-08", "PC20-02"),
)
OPEN = Aspect(
    name="side-file.cors",
    severity="warning",
    title=N_("open to players in web pages"),
    expected="Access-Control-Allow-Origin: *",
    mend=N_("let the server send  Access-Control-Allow-Origin: *  with transcripts and chapters"),
    spec=("HTTP-08", "PC20-02"),
)

_ELSEWHERE = "https://player.example"
"""Some servers only say whom they allow when asked from another page."""

_SPELLINGS = (
    {"application/x-subrip", "application/srt", "text/srt"},
    {"application/json", "application/json+chapters"},
)


def side_file(subject: Subject, file: SideFile, web: Web) -> Iterator[Check]:
    """All checks of one file; it is not read."""
    answer = web.ask("GET", subject.url, {"Origin": _ELSEWHERE}, decode=False)
    ok = answer.status == 200 and not answer.failure
    yield ANSWERS.of(subject, ok, answer.told)
    if not ok:
        return
    same = answer.type == file.type or any({answer.type, file.type} <= s for s in _SPELLINGS)
    got = as_it_is(answer.type) if answer.type else UNSTATED
    yield TYPE.of(subject, same, got, type=as_it_is(file.type or "?"))
    allowed = answer.headers.get("Access-Control-Allow-Origin", "")
    got = as_it_is(allowed) if allowed else UNSTATED
    yield OPEN.of(subject, allowed.strip() in ("*", _ELSEWHERE), got)
