"""The recording of an episode at its server, as players ask for it (HTTP-05, HTTP-06)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ..language import N_
from .aspect import NOT_PACKED, UNSTATED, Aspect, Check, Subject, as_it_is, words
from .feed import Item
from .serving import downgrades, way
from .web import Answer, Web, number

HEAD = Aspect(
    name="recording.head",
    severity="error",
    title="HEAD",
    expected="200",
    mend=N_("the recording must be there for everybody, and the server must answer HEAD: Apple asks"
            " so before it takes an episode"),
    spec=("HTTP-05", "APPLE-39"),
)  # fmt: skip
LENGTH = Aspect(
    name="recording.length",
    severity="error",
    title=N_("bytes"),
    expected=N_("{length} bytes, as the feed says"),
    mend=N_("the length in the feed and the Content-Length that the server tells, to HEAD as well,"
            " must be the bytes of the recording that was meant; apps break off downloads, or start"
            " them again and again"),
    spec=("HTTP-05",),
)  # fmt: skip
TYPE = Aspect(
    name="recording.type",
    severity="error",
    title="Content-Type",
    expected=N_("{type}, as the feed says"),
    mend=N_("teach the server the type of such files, or correct it in the feed; a web page instead"
            " is an error or login page"),
    spec=("HTTP-05", "PSP-08"),
)  # fmt: skip
RANGES = Aspect(
    name="recording.ranges",
    severity="error",
    title=N_("byte ranges"),
    expected=N_("206 and two bytes, when two bytes are asked for"),
    mend=N_("let the server answer Range requests, and proxies in between pass them on: without,"
            " nobody can seek, and iPhones do not play at all"),
    spec=("HTTP-06", "APPLE-39"),
)  # fmt: skip
RANGE_TOTAL = Aspect(
    name="recording.range-total",
    severity="error",
    title=N_("size in Content-Range"),
    expected=N_("bytes 0-1/{length}"),
    mend=N_("a proxy or a script between app and recording counts wrong: have it pass ranges on"),
    spec=("HTTP-06",),
)
PAST_END = Aspect(
    name="recording.past-end",
    severity="warning",
    title=N_("range after the end"),
    expected="416",
    mend=N_("apps that go on with a download ask so; the server should say that there is no more"),
    spec=("HTTP-06",),
)
ENCODING = Aspect(
    name="recording.compression",
    severity="error",
    title=N_("compression"),
    expected=N_("none: recordings are compressed already"),
    mend=N_("take audio/* and video/* out of the types that the server compresses: byte ranges and"
            " lengths are lost"),
    spec=("HTTP-06",),
)  # fmt: skip
REDIRECTS = Aspect(
    name="recording.redirects",
    severity="error",
    title=N_("redirects"),
    expected=N_("at most {most}"),
    mend=N_("leave out tracking prefixes from the address of the recording"),
    spec=("HTTP-01",),
)
SECURE = Aspect(
    name="recording.https",
    severity="warning",
    title="https",
    expected=N_("https on the whole way"),
    mend=N_("name the recording with an https address; phones refuse to load others"),
    spec=("URI-02",),
)

_TOTAL = re.compile(r"bytes\s+0-1/(\d+)", re.I)
_SPELLINGS = (
    # what apps take for the same
    {"audio/x-m4a", "audio/m4a", "audio/mp4"},
    {"video/x-m4v", "video/m4v", "video/mp4"},
    {"audio/mpeg", "audio/mp3", "audio/mpeg3", "audio/x-mpeg"},
    {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"},
    {"audio/ogg", "audio/opus", "application/ogg", "audio/vorbis"},
    {"audio/flac", "audio/x-flac"},
)
_RECORDINGS = ("audio/", "video/")
_PACKED = {"Accept-Encoding": "gzip"}
_PLAIN = {"Accept-Encoding": "identity"}
_TWO_BYTES = {"Range": "bytes=0-1"}


def recording(subject: Subject, item: Item, web: Web) -> Iterator[Check]:
    """All checks of one recording; two bytes of it are fetched."""
    head = web.ask("HEAD", item.url, _PACKED)
    packed = _packing(head)
    if packed:  # how long it is, is only told of what is not compressed
        head = web.ask("HEAD", item.url, _PLAIN)
    failed = head.failure
    if failed and failed.kind == "redirects":
        yield REDIRECTS.of(subject, False, failed.why, most=web.limits.redirects)
        return
    yield HEAD.of(subject, head.status == 200 and not failed, head.told)
    if failed and failed.kind != "network":
        return
    part = web.ask("GET", item.url, _TWO_BYTES | _PACKED, most=2, decode=False)
    if _packing(part):  # some servers compress only what they also send
        packed = packed or _packing(part)
        part = web.ask("GET", item.url, _TWO_BYTES | _PLAIN, most=2, decode=False)
    facts = head if head.status == 200 else part
    if facts.failure or facts.status not in (200, 206):
        return  # it is not there: once is enough
    yield REDIRECTS.of(subject, True, way(facts), most=web.limits.redirects)
    yield from _secure(subject, facts, web)
    yield from _facts(subject, item, facts)
    yield ENCODING.of(subject, not packed, as_it_is(packed) if packed else NOT_PACKED)
    yield from _ranges(subject, item, _told(facts), part, web)


def _secure(subject: Subject, answer: Answer, web: Web) -> Iterator[Check]:
    ways = [*(hop.url for hop in answer.hops), answer.url]
    secure = all(urlsplit(url).scheme == "https" for url in ways)
    if (not web.on_this_machine and not secure) or downgrades(answer):
        plain = next((url for url in ways if urlsplit(url).scheme != "https"), "")
        yield SECURE.of(subject, False, as_it_is("http://" + (urlsplit(plain).hostname or "")))


def _told(facts: Answer) -> int | None:
    """Bytes, as the server says."""
    return _total(facts) if facts.status == 206 else facts.length


def _facts(subject: Subject, item: Item, facts: Answer) -> Iterator[Check]:
    total = _told(facts)
    got = words(N_("{length} bytes"), length=total) if total is not None else UNSTATED
    if promised := number(item.length):  # else the feed knows none, which is told once, of the feed
        yield LENGTH.of(subject, total == promised, got, length=as_it_is(item.length))
    got = as_it_is(facts.type) if facts.type else UNSTATED
    if item.type or not facts.type.startswith(_RECORDINGS):  # the same with a type
        yield TYPE.of(subject, alike(facts.type, item.type), got, type=as_it_is(item.type or "?"))


def _ranges(
    subject: Subject, item: Item, length: int | None, part: Answer, web: Web
) -> Iterator[Check]:
    """`length` is what the server said when it was asked for all of it."""
    if part.status == 206 and not part.failure:
        ok, got = True, part.told
    elif part.status == 200:
        ok, got = False, words(N_("200: the whole recording"))
    else:
        ok, got = False, part.told
    yield RANGES.of(subject, ok, got)
    if not ok:
        return
    given = part.headers.get("Content-Range", "")
    total = _total(part)
    # that the feed says another length, or HEAD alone does, is told of the length
    known = [one for one in (length, number(item.length) or None) if one is not None]
    yield RANGE_TOTAL.of(
        subject, total is not None and (not known or total in known),
        as_it_is(given) if given else UNSTATED,
        length=as_it_is(str(known[0]) if known else "?"),
    )  # fmt: skip
    if total:
        past = {"Range": f"bytes={total}-", **_PLAIN}
        answer = web.ask("GET", item.url, past, most=0, decode=False)
        yield PAST_END.of(subject, answer.status == 416, answer.told)


def _packing(answer: Answer) -> str:
    """How the answer is compressed; "" = not at all."""
    given = answer.headers.get("Content-Encoding", "").strip().lower()
    return "" if given == "identity" else given


def _total(answer: Answer) -> int | None:
    found = _TOTAL.fullmatch(answer.headers.get("Content-Range", "").strip())
    return number(found[1]) if found else None


def alike(one: str, other: str) -> bool:
    """Do apps take both types for the same? M4A alone is spelt in three ways."""
    return one == other or any({one, other} <= names for names in _SPELLINGS)
