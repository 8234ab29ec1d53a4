"""Look at what was published as an app would: over HTTP, at the public address.

A recording is looked at before the feed that names it; the feed after it was sent. A cache in
between may give the old feed for a while, which is no fault of the publish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from hashlib import sha256

import requests

from ..declare import dataclass
from ..language import N_
from ..session import NoPassword

TIMEOUT = (15.0, 30.0)
"""Seconds to connect, and between two pieces of an answer."""

PATIENCE = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each look at a feed: a minute in all."""

_TOTAL = re.compile(r"bytes 0-1/(\d+|\*)")
_AGENT = "feedtool (publisher)"


Web = requests.Session


def session() -> Web:
    """For all looks of one publish: as apps ask, which have no password of this machine."""
    made = Web()
    made.headers["User-Agent"] = _AGENT
    made.auth = NoPassword()
    return made


@dataclass(frozen=True, slots=True)
class Problem:
    """What an app would get instead. `message` is a template with the named `params`."""

    url: str
    message: str
    params: dict[str, str | int]
    plays: bool = False  #: the recording can be heard all the same


def look_at_media(web: requests.Session, url: str, size: int, type: str) -> Problem | None:
    """What is wrong with a recording or picture at its address; None when apps can play it.

    Two bytes are asked for, as players do when they seek (RFC 9110 section 14).
    """
    try:
        with web.get(url, headers={"Range": "bytes=0-1"}, timeout=TIMEOUT, stream=True) as answer:
            given = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            total = _TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
            length = total[1] if total else answer.headers.get("Content-Length", "")
            status = answer.status_code
    except (requests.RequestException, ValueError) as error:
        return Problem(url, N_("{url} cannot be reached: {reason}"), _params(url, reason(error)))
    plays = not given or given.startswith(_SOUND)
    if status == 200:
        return Problem(
            url,
            N_("{url} is given whole although only a part was asked for: listeners cannot seek"),
            {"url": url},
            plays,
        )
    if status != 206:
        return Problem(url, N_("{url} answers {status}"), {"url": url, "status": status})
    if length not in {str(size), "*"}:  # how long the whole is need not be told (RFC 9110, 14.4)
        return Problem(
            url, N_("{url} has {found} bytes, not {size}"),
            {"url": url, "found": length or "?", "size": size}, plays,
        )  # fmt: skip
    if given and not _alike(given, type):
        return Problem(
            url, N_("{url} is served as {found}, not {type}"),
            {"url": url, "found": given, "type": type}, plays,
        )  # fmt: skip
    return None


_SOUND = ("audio/", "video/", "application/ogg", "application/octet-stream")
"""How types begin under which a recording may be given; a page that says no has another."""
_SPELLINGS = (
    {"audio/x-m4a", "audio/m4a", "audio/mp4"},
    {"video/x-m4v", "video/m4v", "video/mp4"},
    {"audio/mpeg", "audio/mp3"},
    {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"},
    {"audio/ogg", "audio/opus", "application/ogg"},
    {"audio/flac", "audio/x-flac"},
)


def _alike(one: str, other: str) -> bool:
    """Do apps take both for the same? M4A alone is spelt in three ways."""
    return one == other or any({one, other} <= names for names in _SPELLINGS)


class Seen(Enum):
    """What an app that asks now would get."""

    NEW = "new"
    OLD = "old"  #: from a cache
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at a feed."""

    seen: Seen
    problem: Problem | None = None


def look_at_feeds(
    web: requests.Session,
    feeds: Mapping[str, tuple[bytes, Collection[str]]],
    wait: Callable[[float], None],
) -> dict[str, Look]:
    """Are the feeds at their addresses the new ones? `feeds` are, by address, the new one and the
    SHA-256 of those before it.

    Those that are not are asked for again, all together for a minute, as caches need one.
    """
    looks: dict[str, Look] = {}
    left = dict(feeds)
    for pause in PATIENCE:
        if not left:
            break
        wait(pause)
        for url, (new, old) in left.items():
            looks[url] = _look_once(web, url, new, old)
        left = {url: one for url, one in left.items() if looks[url].seen is not Seen.NEW}
    return looks


def _look_once(web: requests.Session, url: str, new: bytes, old: Collection[str]) -> Look:
    try:
        answer = web.get(url, headers={"Cache-Control": "no-cache"}, timeout=TIMEOUT)
        body, status = answer.content, answer.status_code
    except (requests.RequestException, ValueError) as error:
        problem = Problem(url, N_("{url} cannot be reached: {reason}"), _params(url, reason(error)))
        return Look(Seen.WRONG, problem)
    if status == 200 and body == new:
        return Look(Seen.NEW)
    if status == 200 and sha256(body).hexdigest() in old:
        message = N_("{url} is still the old one; a cache keeps it for a while")
        return Look(Seen.OLD, Problem(url, message, {"url": url}))
    message = N_("{url} answers {status}") if status != 200 else N_("{url} is another file")
    return Look(Seen.WRONG, Problem(url, message, {"url": url, "status": status}))


def _params(url: str, why: str) -> dict[str, str | int]:
    return {"url": url, "reason": why}


def reason(error: Exception) -> str:
    """Why no answer came, in a few words and without what libraries say of themselves."""
    if isinstance(error, requests.exceptions.SSLError):
        return N_("its certificate is not valid for this address")
    if isinstance(error, requests.Timeout):
        return N_("no answer in time")
    if isinstance(error, requests.TooManyRedirects):
        return N_("it leads from address to address without end")
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return N_("it is said to be compressed, but it is not")
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return N_("the answer breaks off")
    if isinstance(error, ValueError):  # also requests.InvalidURL and InvalidSchema
        return N_("it leads to what is no address on the web")
    return N_("no connection")
