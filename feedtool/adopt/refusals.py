"""What servers and disks refuse during an import, in words. Each function gives the error to raise.

None tells a secret: the address of a private feed is shown without its passwords and its query.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from urllib3 import Retry
from urllib3.exceptions import InvalidHeader

from ..errors import AccessError, FeedtoolError, RemoteError, WriteError
from ..language import N_, Size
from ..reasons import INSECURE, INSIDE, LATE, reason
from ..session import shown

OWNER = N_("check the address, or ask whoever runs the server")
_AGAIN = {429, 500, 502, 503, 504}
"""What may be otherwise in a moment."""


class FullError(WriteError):
    """The disk is full: for this file, and for all others."""


def plain(url: str) -> str:
    """An address for messages: without passwords, and what may be the key of a private feed."""
    url = shown(url).partition("#")[0]
    path, mark, _ = url.partition("?")
    return f"{path}?…" if mark else path


def public(url: str) -> str:
    """An address for files, which others read: of its query only what names a format."""
    url = without_login(url).partition("#")[0]
    path, _, query = url.partition("?")
    parts = query.split("&") if query else []
    kept = [one for one in parts if _FORMAT.fullmatch(one)]
    if len(kept) < len(parts):
        kept.append("…")
    return f"{path}?{'&'.join(kept)}" if kept else path


def without_login(url: str) -> str:
    """An address without a name and a password."""
    try:
        where = urlsplit(url)
        return urlunsplit(where._replace(netloc=where.netloc.rpartition("@")[2]))
    except ValueError:
        return url


_FORMAT = re.compile(
    "[a-z_]{1,20}=(?:rss|rss2|rdf|atom|xml|json|feed|podcast|audio|video|mp3|m4a|mp4)", re.I
)
"""What can be no key. A number can: most name a feed, some a listener."""


# --- no answer -------------------------------------------------------------------------------


def unanswered(url: str, error: Exception, seconds: float) -> RemoteError:
    """No answer came, and so many seconds were waited."""
    why = reason(error, seconds)
    where = plain(url)
    if why.text == LATE:
        return late(url, seconds)
    if why.text == INSIDE:
        return RemoteError(
            N_("{url} leads into a private network ({address}): it is not asked"),
            N_("if you trust it, give that address itself"),
            url=where,
            **why.params,
        )
    if why.text == INSECURE:
        return RemoteError(
            N_("no secure connection to {url} comes about: {reason}"),
            OWNER,
            url=where,
            **why.params,
        )
    if why.kind == "network":
        return passing(
            N_("{url} gives no answer: {reason}"),
            N_("check the address and that you are connected, then run the same command again"),
            url=where,
            reason=why.text,
        )
    return RemoteError(N_("{url} is not asked: {reason}"), OWNER, url=where, reason=why.text)


def late(url: str, seconds: float) -> RemoteError:
    """A server that takes too long."""
    return passing(
        N_("{url} does not give its answer within {seconds} seconds"),
        N_("check that you are connected, then run the same command again"),
        url=plain(url),
        seconds=f"{seconds:g}",
    )


def passing(message: str, mend: str, **params: object) -> RemoteError:
    """An error that may be gone in a moment."""
    error = RemoteError(message, mend, **params)
    error.passing = True
    return error


def no_address(asked: str, url: str) -> RemoteError:
    """Neither http nor https; `asked` is where it began."""
    if asked == url:
        return RemoteError(
            N_("{url} is no address on the web"),
            N_("give one that begins with https:// or http://"),
            url=plain(url),
        )
    return RemoteError(
        N_("{url} leads to {other}, which is no address on the web: it is not followed"),
        OWNER,
        url=plain(asked),
        other=plain(url)[:200],
    )


# --- an answer that says no ------------------------------------------------------------------


def refused(
    url: str, status: int, headers: Mapping[str, str], *, wait: float, busy: float
) -> FeedtoolError:
    """What a status of HTTP means.

    Of pauses, in seconds: `wait` is the longest that is granted, `busy` that for a server that is
    asked too much and names none.
    """
    where, said = plain(url), _said(status)
    if status in (401, 403):
        mend = N_("check the address; a private feed has its key in it")
        if "@" in urlsplit(url).netloc:
            mend = N_("check the name and the password in the address")
        return AccessError(N_("{url} does not let us in: {status}"), mend, url=where, status=said)
    if status in (404, 410):
        return RemoteError(
            N_("there is nothing at {url}: {status}"),
            N_("check the address; it may have moved"),
            url=where,
            status=said,
        )
    if status not in _AGAIN:
        return RemoteError(N_("{url} fails: {status}"), OWNER, url=where, status=said)
    pause = _pause(headers.get("Retry-After", ""))
    if pause is not None and pause > wait:
        return RemoteError(
            N_("{url} asks to be left alone for {seconds} seconds: {status}"),
            N_("wait for so long, then run the same command again"),
            url=where,
            seconds=f"{pause:.0f}",
            status=said,
        )
    error = passing(
        N_("{url} fails: {status}"),
        N_("wait a while, then run the same command again"),
        url=where,
        status=said,
    )
    error.pause = busy if pause is None and status == 429 else pause
    return error


def _pause(text: str) -> float | None:
    """Seconds from Retry-After, a number or a date (RFC 9110, 10.2.3); None = not stated."""
    if not text:
        return None
    try:
        return max(0.0, Retry().parse_retry_after(text))
    except (InvalidHeader, OverflowError, ValueError):
        return None


def _said(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


# --- an answer that is not what it should be -------------------------------------------------


def strange(url: str, reason: str) -> RemoteError:
    """It answers, but not as the protocol has it."""
    return passing(
        N_("{url} fails: {reason}"),
        N_("wait a while, then run the same command again: it goes on where it stopped"),
        url=plain(url),
        reason=reason,
    )


def too_large(url: str, size: int) -> RemoteError:
    """So many bytes are announced."""
    return RemoteError(
        N_("{url} is larger than anything that is fetched: {size}"),
        N_("look at what is there; fetch it by hand if it is right"),
        url=plain(url),
        size=Size(size),
    )


def endless(url: str, most: int) -> RemoteError:
    """More came than ever could be."""
    return RemoteError(
        N_("{url} gives more than {most}, and no end is in sight"),
        N_("look at what is there; fetch it by hand if it is right"),
        url=plain(url),
        most=Size(most),
    )


# --- the disk --------------------------------------------------------------------------------


def no_room(path: Path, needed: int, free: int) -> WriteError:
    """It would not fit."""
    return WriteError(
        N_("{path} needs {needed}, and {free} are free on this disk"),
        N_("make room, then run the same command again"),
        path=path,
        needed=Size(needed),
        free=Size(free),
    )


def full(path: Path) -> FullError:
    """No room at all."""
    return FullError(
        N_("the disk is full: {path} could not be written"),
        N_("make room, then run the same command again: it goes on where it stopped"),
        path=path,
    )


def unwritten(error: OSError, path: Path) -> WriteError:
    """What the system refuses."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(path)
    return WriteError(
        N_("{path} could not be written or read: {reason}"),
        N_("make room, or put the permissions right; then run the same command again"),
        path=error.filename2 or error.filename or path,
        reason=error.strerror or str(error),
    )
