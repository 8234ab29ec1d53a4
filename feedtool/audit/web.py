"""The door to the network: asks servers as podcast apps do, and never more than it may.

Only http and https, at most five redirects, no cookies, no passwords from this machine, few bytes,
little time. What goes wrong is part of the answer; nothing is raised.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import DecodeError, HTTPError

from ..declare import dataclass
from ..formats import ascii_address
from ..language import N_
from ..reach import Depth, Scope
from ..reasons import reason
from ..session import judge_proxy, login, session
from .aspect import Words, as_it_is, words

_PIECE = 65536
_WAIT = 10
"""Seconds that are waited, once, for a server that wants a pause."""
_DIGITS = 18
"""Of the largest number that is taken for one: Python refuses to read thousands of digits."""
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is enough for any feed that apps can read."""

    timeout: float = 15.0  #: seconds to connect, and between two pieces of an answer
    patience: float = 120.0  #: seconds for one whole answer
    feed: int = 50_000_000  #: bytes
    picture: int = 20_000_000  #: bytes
    redirects: int = 5
    pause: float = 1.1  #: seconds before the second look: a time in the feed may be of this second


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way."""

    status: int
    url: str  #: that was left
    to: str

    @property
    def permanent(self) -> bool:
        return self.status in _PERMANENT


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, or none that may be used."""

    kind: Literal["certificate", "redirects", "address", "network", "compression"]
    why: Words


def _failure(error: Exception, seconds: float) -> Failure:
    """What an error of the network means; `seconds` is how long was waited."""
    why = reason(error, seconds)
    # an answer came nevertheless: to ask again is of no use
    kind = "compression" if isinstance(error, DecodeError) else why.kind
    return Failure(kind, Words(why.text, why.params))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said in the end, and the way there."""

    url: str  #: that was asked last
    status: int = 0  #: of HTTP; 0 = none came
    headers: Mapping[str, str]  #: names in any case
    body: bytes = b""  #: as far as it was read
    whole: bool = True  #: was the body read to its end?
    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    certificate_ends: datetime | None = None

    @property
    def type(self) -> str:
        """The Content-Type without its parameters; "" = not stated."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def length(self) -> int | None:
        """The Content-Length; None = not stated, or no length that a file can have."""
        return number(self.headers.get("Content-Length", ""))

    @property
    def told(self) -> Words:
        """The status, or why there is none, in words."""
        if self.failure:
            return self.failure.why
        try:
            return as_it_is(f"{self.status} {HTTPStatus(self.status).phrase}")
        except ValueError:
            return as_it_is(str(self.status))


def number(text: str) -> int | None:
    """What a server or a feed wrote in digits; None for others, and for more than can be meant."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


class Web:
    """For all requests of one audit; may be used by several threads once the feed was asked."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._scope = Scope(limits.patience)
        self._stopped = threading.Event()
        self._session = session(self._scope, "verify")

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    @property
    def on_this_machine(self) -> bool:
        """Is the feed at a loopback address, where nothing needs https?"""
        return self._scope.least is Depth.HERE

    def stop(self) -> None:
        """Ask nothing more, and wait for nothing."""
        self._stopped.set()
        self._scope.break_off()

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        most: int = 0,
        decode: bool = True,
    ) -> Answer:
        """The answer after all redirects, with at most `most` bytes of its body."""
        hops: list[Hop] = []
        patient = True
        end = time.monotonic() + self.limits.patience
        while True:
            answer = self._once(method, url, headers or {}, most, decode, end, tuple(hops))
            if patient and (pause := _asked_to_wait(answer)) is not None:
                patient = False
                self._stopped.wait(pause)
                continue
            to = _as_utf_8(answer.headers.get("Location", ""))
            if answer.failure or answer.status not in _REDIRECTS or not to:
                return answer
            try:
                url_next = as_sent(urljoin(url, to))
            except ValueError as error:
                return self._failed(url, hops, _failure(error, 0))
            hops.append(Hop(answer.status, url, url_next))
            if url_next in {hop.url for hop in hops}:
                why = words(N_("it redirects in a circle"))
                return self._failed(url, hops, Failure("redirects", why))
            if len(hops) > self.limits.redirects:
                why = words(N_("more than {most} redirects"), most=self.limits.redirects)
                return self._failed(url, hops, Failure("redirects", why))
            url = url_next

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], most: int, decode: bool,
        end: float, hops: tuple[Hop, ...],
    ) -> Answer:  # fmt: skip
        limit = self.limits.timeout
        try:
            where = urlsplit(url)
            if where.scheme not in ("http", "https") or not where.hostname:
                why = words(N_("this is no address on the web"))
                return self._failed(url, hops, Failure("address", why))
            self._judge_time(end)
            judge_proxy(self._session, self._scope, url)
            with self._session.request(
                method, url, headers=headers, auth=login(url), allow_redirects=False, stream=True,
                timeout=limit,
            ) as given:  # fmt: skip
                ends = _certificate_ends(given)
                redirects = given.status_code in _REDIRECTS
                body, whole = (b"", True) if redirects or method == "HEAD" else self._body(
                    given, most, decode, end
                )  # fmt: skip
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            # the door to requests, urllib3 and ssl; ValueError: addresses that they cannot read,
            # and those that `reach` refuses
            if time.monotonic() > end:  # whatever it is now: `_body` may have hung up
                late = _failure(TimeoutError(), self.limits.patience)
                return self._failed(url, hops, late)
            return self._failed(url, hops, _failure(error, limit))
        return Answer(
            url=url, status=given.status_code, headers=given.headers, body=body, whole=whole,
            hops=hops, certificate_ends=ends,
        )  # fmt: skip

    def _body(
        self, given: requests.Response, most: int, decode: bool, end: float
    ) -> tuple[bytes, bool]:
        """What `_read` gives; hangs up at `end`.

        Trailers without end, and what unpacks to nothing, are read in one go, for ever.
        """
        if given.raw.closed:
            return b"", True
        # of its own: that of the connection is not to be had when the server will close it
        with socket.fromfd(given.raw.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:

            def hang_up() -> None:
                with suppress(OSError):  # it may be closed by now
                    line.shutdown(socket.SHUT_RDWR)

            watch = threading.Timer(max(end - time.monotonic(), 0), hang_up)
            watch.daemon = True
            watch.start()
            try:
                return self._read(given, most, decode, end)
            finally:
                watch.cancel()

    def _read(
        self, given: requests.Response, most: int, decode: bool, end: float
    ) -> tuple[bytes, bool]:
        """At most so many bytes: what was sent may unpack to a thousand times as much."""
        body = bytearray()
        # as it comes: a server that drips would fill a whole piece for hours
        while piece := given.raw.read1(min(_PIECE, most + 1), decode_content=decode):
            body += piece
            if len(body) > most:
                return bytes(body[:most]), False
            self._judge_time(end)
        self._judge_time(end)
        return bytes(body), True

    def _judge_time(self, end: float) -> None:
        """Raises TimeoutError when nothing more is waited for."""
        if self._stopped.is_set() or time.monotonic() > end:
            raise TimeoutError

    def _failed(self, url: str, hops: tuple[Hop, ...] | list[Hop], why: Failure) -> Answer:
        return Answer(url=url, headers=CaseInsensitiveDict(), hops=tuple(hops), failure=why)


def as_sent(url: str) -> str:
    """An address as it is asked for, and as feeds must have it: å written with % and letters."""
    try:
        return ascii_address(url)
    except ValueError:  # no name that a server can have: told when it is asked
        return url


def _as_utf_8(text: str) -> str:
    """A header that is UTF-8, as browsers read it; Python takes all headers for Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _asked_to_wait(answer: Answer) -> float | None:
    """Seconds, from a server that is asked too much at once (RFC 6585, 4); None = it is not."""
    pause = number(answer.headers.get("Retry-After", ""))
    if answer.status not in (429, 503) or pause is None:
        return None
    return float(pause) if pause <= _WAIT else None


def _certificate_ends(given: requests.Response) -> datetime | None:
    """When the certificate of this connection expires; None = plain, or no longer known."""
    import ssl

    connection = getattr(given.raw, "connection", None)
    held = getattr(connection, "sock", None)
    if not isinstance(held, ssl.SSLSocket):
        return None
    certificate = held.getpeercert() or {}
    text = certificate.get("notAfter")
    if not isinstance(text, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
