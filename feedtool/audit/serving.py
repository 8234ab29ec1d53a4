"""How the feed itself is served: what apps and directories need of its server (HTTP-01 to 11)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from itertools import zip_longest
from urllib.parse import urlsplit

from ..language import N_, Size
from .aspect import NONE, NOT_PACKED, UNSTATED, Aspect, Check, Subject, Words, as_it_is, words
from .feed import declared_encoding, has_mark
from .web import Answer, Web, number

REACHED = Aspect(
    name="feed.reached",
    severity="error",
    title=N_("connection"),
    expected=N_("an answer"),
    mend=N_(
        "check the address, that the server is running and that you are connected; then try again"
    ),
    spec=("HTTP-01",),
)
ANSWERS = Aspect(
    name="feed.answers",
    severity="error",
    title=N_("answer"),
    expected=N_("200, for everybody"),
    mend=N_("open the address in a private window of a browser: the feed must come there, without"
            " signing in"),
    spec=("HTTP-01", "APPLE-39"),
)  # fmt: skip
REDIRECTS = Aspect(
    name="feed.redirects",
    severity="error",
    title=N_("redirects"),
    expected=N_("at most {most}"),
    mend=N_("let the address lead to the feed directly"),
    spec=("HTTP-01", "HTTP-09"),
)
SECURE = Aspect(
    name="feed.https",
    severity="warning",
    title="https",
    expected=N_("an address that begins with https"),
    mend=N_("serve the feed over https and redirect the old address to it permanently (301)"),
    spec=("HTTP-01", "URI-02"),
)
DOWNGRADE = Aspect(
    name="feed.downgrade",
    severity="error",
    title=N_("secure on the whole way"),
    expected=N_("no redirect from https to http"),
    mend=N_("redirect to an address that begins with https; phones refuse to follow to http"),
    spec=("HTTP-01",),
)
CERTIFICATE = Aspect(
    name="feed.certificate",
    severity="error",
    title=N_("certificate"),
    expected=N_("a certificate that phones accept"),
    mend=N_("ask who runs the server to renew the certificate, with all intermediate certificates"
            " and for this very name"),
    spec=("HTTP-01",),
)  # fmt: skip
EXPIRES = Aspect(
    name="feed.certificate-days",
    severity="warning",
    title=N_("certificate is valid"),
    expected=N_("for {days} days or more"),
    mend=N_("see to it that the certificate is renewed in time, by itself if possible"),
    spec=("HTTP-01",),
)
TYPE = Aspect(
    name="feed.type",
    severity="warning",
    title="Content-Type",
    expected=N_("application/rss+xml, or application/xml"),
    mend=N_("let the server send  Content-Type: application/rss+xml; charset=utf-8  for the feed"),
    spec=("HTTP-02",),
)
CHARSET = Aspect(
    name="feed.charset",
    severity="warning",
    title=N_("encoding as stated by the server"),
    expected=N_("{encoding}, as the feed says itself, or nothing"),
    mend=N_("let the server send  charset={encoding} , or no charset"),
    spec=("HTTP-02",),
)
UTF_8 = Aspect(
    name="feed.utf-8",
    severity="error",
    title=N_("encoding"),
    expected="UTF-8",
    mend=N_("write the feed as UTF-8, and say so in its first line"),
    spec=("XML-02",),
)
MARK = Aspect(
    name="feed.bom",
    severity="warning",
    title=N_("first bytes"),
    expected="<?xml",
    mend=N_('save the feed as "UTF-8 without BOM": some readers stop at the mark'),
    spec=("XML-02",),
)
SIZE = Aspect(
    name="feed.size",
    severity="warning",
    title=N_("size"),
    expected=N_("at most {most}"),
    mend=N_("shorten the notes of old episodes: every app fetches the whole feed again and again"),
    spec=("HTTP-11",),
)
NOT_MODIFIED = Aspect(
    name="feed.not-modified",
    severity="warning",
    title=N_("asked again"),
    expected=N_("304, without the feed, as long as it did not change"),
    mend=N_("let the server send ETag or Last-Modified and answer 304 to who has the feed; else"
            " every app fetches all of it each time"),
    spec=("HTTP-03",),
)  # fmt: skip
STABLE = Aspect(
    name="feed.stable",
    severity="warning",
    title=N_("fetched twice"),
    expected=N_("the same bytes"),
    mend=N_("lastBuildDate and other texts may only change when the feed does"),
    spec=("HTTP-03",),
)
COMPRESSED = Aspect(
    name="feed.compression",
    severity="warning",
    title=N_("compression"),
    expected=N_("gzip for apps that take it"),
    mend=N_("switch compression on for application/rss+xml: a feed shrinks to a fifth"),
    spec=("HTTP-04",),
)
UNPACKED = Aspect(
    name="feed.unpacked",
    severity="error",
    title=N_("compression"),
    expected=N_("gzip for apps that take it"),
    mend=N_("let the server send Content-Encoding only with what it did compress; often a cache or"
            " a proxy in between unpacked the feed and kept the header"),
    spec=("HTTP-04",),
)  # fmt: skip
CACHING = Aspect(
    name="feed.caching",
    severity="warning",
    title="Cache-Control",
    expected=N_("max-age of a day at most"),
    mend=N_("let the server send  Cache-Control: max-age=300  for the feed: new episodes are seen"
            " within minutes"),
    spec=("HTTP-04",),
)  # fmt: skip

_TYPES = ("application/rss+xml", "application/xml", "text/xml")
_DAYS = 14
_MOST = 1_048_576
_SMALL = 1_400
"""Bytes that fit one packet: nobody compresses less."""
_A_DAY = 86_400
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d+)", re.I)


def no_answer(subject: Subject, answer: Answer, web: Web) -> Check:
    """The one check that tells why there is no feed to look at."""
    why = answer.failure
    if why and why.kind == "redirects":
        return REDIRECTS.of(subject, False, why.why, most=web.limits.redirects)
    if why and why.kind == "certificate":
        return CERTIFICATE.of(subject, False, why.why)
    if why and why.kind == "compression":
        return UNPACKED.of(subject, False, why.why)
    return (REACHED if why else ANSWERS).of(subject, False, answer.told)


def serving(subject: Subject, answer: Answer, web: Web, now: datetime) -> Iterator[Check]:
    """All that one answer with the feed shows."""
    yield ANSWERS.of(subject, True, answer.told)
    yield REDIRECTS.of(subject, True, way(answer), most=web.limits.redirects)
    yield from _secure(subject, answer, web, now)
    yield TYPE.of(
        subject, answer.type in _TYPES, as_it_is(answer.type) if answer.type else UNSTATED
    )
    yield from _encoding(subject, answer)
    yield SIZE.of(
        subject,
        len(answer.body) <= _MOST,
        words("{size}", size=Size(len(answer.body))),
        most=Size(_MOST),
    )
    given = answer.headers.get("Content-Encoding", "")
    compressed = given.lower() not in ("", "identity")
    if compressed or len(answer.body) > _SMALL:
        yield COMPRESSED.of(subject, compressed, as_it_is(given) if given else NOT_PACKED)
    yield _caching(subject, answer)


def way(answer: Answer) -> Words:
    """The redirects in words."""
    if not answer.hops:
        return NONE
    if all(hop.permanent for hop in answer.hops):
        told = N_("{count}, permanent ({statuses})")
    elif any(hop.permanent for hop in answer.hops):
        told = N_("{count}, partly temporary ({statuses})")
    else:
        told = N_("{count}, temporary ({statuses})")
    statuses = ", ".join(str(hop.status) for hop in answer.hops)
    return words(told, count=len(answer.hops), statuses=statuses)


def downgrades(answer: Answer) -> bool:
    """Does a redirect lead from https to http?"""
    return any(
        hop.url.lower().startswith("https:") and hop.to.lower().startswith("http:")
        for hop in answer.hops
    )


def _secure(subject: Subject, answer: Answer, web: Web, now: datetime) -> Iterator[Check]:
    secure = urlsplit(answer.url).scheme == "https"
    if downgrades(answer):
        yield DOWNGRADE.of(subject, False, words("http"))
    elif secure:
        yield CERTIFICATE.of(subject, True, words(N_("valid")))
    elif not web.on_this_machine:
        yield SECURE.of(subject, False, words("http"))
    if secure and answer.certificate_ends:
        left = answer.certificate_ends - now
        got = words(N_("until {day}"), day=answer.certificate_ends.date().isoformat())
        yield EXPIRES.of(subject, left >= timedelta(days=_DAYS), got, days=_DAYS)


def _encoding(subject: Subject, answer: Answer) -> Iterator[Check]:
    declared = declared_encoding(answer.body)
    found = re.search(
        r";\s*charset\s*=\s*\"?([^\s;\"]+)", answer.headers.get("Content-Type", ""), re.I
    )
    stated = found[1] if found else ""
    got = as_it_is(stated) if stated else UNSTATED
    yield CHARSET.of(subject, not stated or _same(stated, declared), got, encoding=declared)
    try:
        answer.body.decode("utf-8")
        readable = True
    except UnicodeDecodeError:
        readable = False
    if not _same(declared, "utf-8"):
        yield UTF_8.of(subject, False, as_it_is(declared))
    else:
        other = words(N_("bytes that are no UTF-8"))
        yield UTF_8.of(subject, readable, words("UTF-8") if readable else other)
    if has_mark(answer.body):
        yield MARK.of(subject, False, words(N_("a byte order mark")))


def _same(one: str, other: str) -> bool:
    try:
        return codecs.lookup(one).name == codecs.lookup(other).name
    except (LookupError, ValueError):
        return one.lower() == other.lower()


def _caching(subject: Subject, answer: Answer) -> Check:
    given = answer.headers.get("Cache-Control", "")
    stated = _MAX_AGE.search(given)
    age = number(stated[1]) if stated else None
    if "no-store" in given.lower():
        ok = False  # nobody may keep it, so nobody can ask whether it changed
    else:
        ok = "no-cache" in given.lower() or (age is not None and age <= _A_DAY)
    return CACHING.of(subject, ok, as_it_is(given) if given else UNSTATED)


def again(subject: Subject, first: Answer, web: Web) -> Iterator[Check]:
    """The feed asked for twice more: as somebody who has it, and as somebody new."""
    known = {
        asks: first.headers[says]
        for says, asks in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
        if says in first.headers
    }
    if known:
        answer = web.ask("GET", subject.url, known)
        yield NOT_MODIFIED.of(subject, answer.status == 304, answer.told)
    else:
        yield NOT_MODIFIED.of(subject, False, words(N_("neither ETag nor Last-Modified")))
    second = web.ask("GET", subject.url, most=web.limits.feed)
    if second.status != 200 or second.failure:
        yield STABLE.of(subject, False, second.told)
    else:
        same = second.body == first.body
        got = words(N_("the same bytes")) if same else _difference(first.body, second.body)
        yield STABLE.of(subject, same, got)


def _difference(first: bytes, second: bytes) -> Words:
    """The first place where two fetches differ: it tells what to look for."""
    # lines with their ends: a line break more may be all of it
    pairs = enumerate(zip_longest(BytesIO(first), BytesIO(second), fillvalue=b""), 1)
    line, before, after = next((n, one, other) for n, (one, other) in pairs if one != other)
    pairs_of_bytes = enumerate(zip(before, after, strict=False))
    shorter = min(len(before), len(after))
    at = next((n for n, (one, other) in pairs_of_bytes if one != other), shorter)
    begin = max(after.rfind(b"<", 0, at), at - 60, 0)  # a feed may be a single line
    text = after[begin : begin + 80].decode("utf-8", "replace")
    return words(N_("line {line} is another: {text}"), line=line, text=as_it_is(text))
