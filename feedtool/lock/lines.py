"""The lock as a file: JSON Lines, read as a union and written in one order.

Whatever a merge leaves is read: lines in any order, repeated lines, conflict markers. Nothing is
lost in silence: a line that cannot be understood is a finding.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from ..finding import N_, Code, Finding, Place, Severity
from .promises import LOCK_FILE, NO_LOCK, Lock, Promise
from .records import (
    VERSION,
    Record,
    RecordError,
    episode_of,
    episode_record,
    header_record,
    series_record,
    text_of,
    was_of,
)
from .union import Line, differences, settle, supersedes

LK001 = Code(
    "LK001",
    Severity.ERROR,
    message=N_('this line of the lock cannot be understood: "{text}"'),
    why=N_("it remembers what subscribers were told; without it an episode could change unseen"),
    mend=N_("put the line back as it was in the last version, for example with git"),
)
LK002 = Code(
    "LK002",
    Severity.ERROR,
    message=N_('this line of the lock lacks "{key}"'),
    why=N_("it remembers what subscribers were told; without it an episode could change unseen"),
    mend=N_("put the line back as it was in the last version, for example with git"),
)
LK003 = Code(
    "LK003",
    Severity.ERROR,
    message=N_('"{key}" in this line of the lock cannot be {value}'),
    why=N_("it remembers what subscribers were told; without it an episode could change unseen"),
    mend=N_("put the line back as it was in the last version, for example with git"),
)
LK004 = Code(
    "LK004",
    Severity.ERROR,
    message=N_(
        "the lock was written by a later feedtool (format {version}, this one knows {known})"
    ),
    why=N_("what this feedtool does not understand it could break"),
    mend=N_("install that version, or a later one, here too"),
)
LK005 = Code(
    "LK005",
    Severity.ERROR,
    message=N_(
        "lines {first} and {second} of the lock disagree about the addresses: {differences}"
    ),
    why=N_("only one of them is where subscribers look for the feeds"),
    mend=N_("keep the line with the address that is in use, and delete the other"),
)
LK006 = Code(
    "LK006",
    Severity.ERROR,
    message=N_('lines {first} and {second} of the lock disagree about "{series}": {differences}'),
    why=N_("apps know a series by this guid; only one of them is what subscribers have"),
    mend=N_("keep the line with the guid that was published, and delete the other"),
)
LK007 = Code(
    "LK007",
    Severity.ERROR,
    message=N_('lines {first} and {second} of the lock disagree about "{episode}": {differences}'),
    why=N_("it was published in one of two ways; only one of them is what subscribers have"),
    mend=N_(
        "keep the line that says what was published, and delete the other; if the episode is to be"
        " as that one says, the next build says what to add to the command"
    ),
)
LK008 = Code(
    "LK008",
    Severity.ERROR,
    message=N_("the lock has no first line with the addresses ({keys})"),
    why=N_("without it the feeds could move to another address unseen"),
    mend=N_("put the line back as it was in the last version, for example with git"),
)

_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")  # git, the common ancestor included


_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def read_lock(text: str, *, now: datetime, file: str = LOCK_FILE) -> tuple[Lock, list[Finding]]:
    """The promises in a lock, and what is wrong with it. NO_LOCK for an empty text.

    Where two lines disagree, the lock holds one of them.
    """
    headers: list[Line] = []
    series: dict[str, list[Line]] = {}
    episodes: dict[str, list[tuple[int, Promise]]] = {}
    findings: list[Finding] = []
    for number, content in _lines(text):
        place = Place(file, line=number)
        record = _parsed(content)
        try:
            if record is None:
                findings.append(LK001.at(place, text=_short(content)))
            elif "lock" in record:
                if type(version := record["lock"]) is int and version > VERSION:
                    return NO_LOCK, [LK004.at(place, version=version, known=VERSION)]
                headers.append(Line(number, _header(record)))
            elif "slug" in record:
                promise = episode_of(record)
                episodes.setdefault(promise.guid, []).append((number, promise))
            elif "series" in record:
                slug = text_of(record, "series")
                line = Line(number, series_record(slug, text_of(record, "guid"), was_of(record)))
                series.setdefault(slug, []).append(line)
            else:
                findings.append(LK001.at(place, text=_short(content)))
        except RecordError as bad:
            if bad.missing:
                findings.append(LK002.at(place, key=bad.key))
            else:
                value = _short(json.dumps(bad.value, ensure_ascii=False))
                findings.append(LK003.at(place, key=bad.key, value=value))

    if (series or episodes) and not headers and not findings:
        findings.append(LK008.at(Place(file, line=1), keys="base_url, media_base_url"))
    header = _one(headers, findings, LK005, file) if headers else {}
    named = {
        slug: _one(lines, findings, LK006, file, series=slug) for slug, lines in series.items()
    }
    promises = {
        guid: found[0][1] if len(found) == 1 else _one_promise(found, findings, now, file)
        for guid, found in episodes.items()
    }
    _leave_out_former_guids(promises)
    lock = Lock(
        base_url=text_of(header, "base_url", empty=True) if header else "",
        media_base_url=text_of(header, "media_base_url", empty=True) if header else "",
        guid=text_of(header, "guid") if "guid" in header else "",
        series={slug: text_of(record, "guid") for slug, record in named.items()},
        episodes=promises,
        was=was_of(header),
        series_was={slug: was for slug, record in named.items() if (was := was_of(record))},
    )
    return lock, findings


def lines_of_episodes(text: str) -> Iterator[tuple[str, int]]:
    """The guid of each episode of a lock, and its line, counted from 1."""
    for number, content in _lines(text):
        record = _parsed(content) if '"slug"' in content else None
        if record and isinstance(guid := record.get("guid"), str):
            yield guid, number


def write_lock(lock: Lock) -> str:
    """The lock as text: the same promises give the same bytes."""
    return "".join(lock_lines(lock))


def lock_lines(lock: Lock) -> Iterator[str]:
    """The same line by line: there may be a hundred thousand."""
    for record in _records(lock):
        yield _WRITE(record) + "\n"


def _records(lock: Lock) -> Iterator[Record]:
    yield header_record(lock.base_url, lock.media_base_url, lock.guid, lock.was)
    for slug in sorted(lock.series):
        yield series_record(slug, lock.series[slug], lock.series_was.get(slug, ()))
    for guid in sorted(lock.episodes):
        yield episode_record(lock.episodes[guid])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, counted from 1 as editors count."""
    # not splitlines(): a text inside a line may hold U+2028 and its kind
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(unix.split("\n"), 1):
        content = line.strip(" \t\ufeff")
        if content and not content.startswith(_MARKERS):
            yield number, content


def _parsed(content: str) -> Record | None:
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _header(record: Record) -> Record:
    if record["lock"] != VERSION:
        raise RecordError("lock", record["lock"])
    return header_record(
        text_of(record, "base_url", empty=True),
        text_of(record, "media_base_url", empty=True),
        text_of(record, "guid") if "guid" in record else "",
        was_of(record),
    )


def _one(
    lines: list[Line], findings: list[Finding], code: Code, file: str, **params: str
) -> Record:
    """What the lines say together; each that says something else is a finding."""
    first, *others = settle(lines) if len(lines) > 1 else lines
    findings += [
        code.at(
            Place(file, line=other.number),
            first=first.number,
            second=other.number,
            differences=differences(first.record, other.record),
            **params,
        )
        for other in others
    ]
    return first.record


def _one_promise(
    found: list[tuple[int, Promise]], findings: list[Finding], now: datetime, file: str
) -> Promise:
    if all(each == found[0][1] for _, each in found):
        return found[0][1]
    bound = [Line(number, episode_record(each)) for number, each in found if each.binds(now)]
    if bound:
        return episode_of(_one(bound, findings, LK007, file, episode=found[0][1].name))
    # nobody was told yet: any will do, the files decide
    return episode_of(
        settle([Line(number, episode_record(each)) for number, each in found])[-1].record
    )


def _leave_out_former_guids(promises: dict[str, Promise]) -> None:
    """An episode that got another guid stands above the line of its old one."""
    for promise in list(promises.values()):
        for guid in {str(fact["guid"]) for fact in promise.was if "guid" in fact}:
            former = promises.get(guid)
            if former is None or guid == promise.guid:
                continue
            if supersedes(episode_record(promise), episode_record(former)):
                del promises[guid]


def _short(text: str) -> str:
    """Enough of a line to find it; a line can be a whole file."""
    return text if len(text) <= 60 else text[:59] + "…"
