"""The door to the network of an import: asks servers for feeds and recordings, within limits.

Only http and https, at most five redirects, no cookies, no passwords from this machine, few bytes,
little time. A server that is busy is asked again later, a few times. Everything else that goes
wrong is raised, with what to do about it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import requests
from urllib3 import Retry
from urllib3.exceptions import HTTPError, InvalidHeader

from ..declare import dataclass
from ..errors import AccessError, FeedtoolError, RemoteError
from ..language import N_
from ..reach import Scope
from ..reasons import INSECURE, INSIDE, LATE, reason
from ..session import judge_proxy, login, session, shown

_PIECE = 65536
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_AGAIN = {429, 500, 502, 503, 504}
"""What may be otherwise in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is enough for servers that work."""

    timeout: float = 20.0  #: seconds to connect, and between two pieces of an answer
    patience: float = 180.0  #: seconds for one whole page; until an answer begins
    redirects: int = 5
    tries: int = 4  #: of a server that fails in a way that passes
    wait: float = 60.0  #: seconds, the longest that a server can have us wait
    pause: float = 0.5  #: seconds before the second try; twice that before the third...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a server gave."""

    url: str  #: after all redirects
    status: int  #: of HTTP: 2xx, or 304 for who asked so
    headers: Mapping[str, str]  #: names in any case
    body: bytes  #: unpacked
    whole: bool  #: was it read to its end? False = there is more than was wanted
    permanent: bool  #: were all redirects permanent?

    @property
    def type(self) -> str:
        """The Content-Type without its parameters; "" = not stated."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Stream:
    """An answer whose body is still to come. Its errors are those of `Web.open`."""

    def __init__(self, given: requests.Response, web: Web, asked: str, permanent: bool) -> None:
        self.url = given.url
        self.status = given.status_code
        self.headers: Mapping[str, str] = given.headers
        self.permanent = permanent
        self._given = given
        self._web = web
        self._asked = asked

    def read(self, most: int = _PIECE) -> bytes:
        """What has come by now, unpacked; b"" at the end."""
        # as it comes: a server that drips would fill a whole piece for hours
        with self._web.told(self._asked):
            piece: bytes = self._given.raw.read1(most, decode_content=True)
            return piece


class Web:
    """For all requests of one import; may be used by several threads once the feed was asked.

    The first address may be anywhere: a person gave it. From there nothing leads further inside.
    """

    def __init__(
        self,
        *,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        waiting: Callable[[str, float], None] = lambda server, seconds: None,
    ) -> None:
        """`waiting` is told when a server asks for a pause: its name, and seconds. Any thread."""
        self.limits = limits
        self._waiting = waiting
        self._scope = Scope(limits.patience)
        self._stopped = threading.Event()
        self._session = session(self._scope, "import")

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._session.close()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """Ask nothing more, and wait for nothing."""
        self._stopped.set()
        self._scope.break_off()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, most: int) -> Page:
        """A page with at most `most` bytes of its body. Raises RemoteError and AccessError."""
        for attempt in range(self.limits.tries):
            try:
                return self._page(url, headers or {}, most)
            except RemoteError as error:
                if attempt + 1 == self.limits.tries or not self.rest(url, error, attempt):
                    raise
        raise AssertionError("there is at least one try")

    def rest(self, url: str, error: RemoteError, attempt: int) -> bool:
        """Wait before another try; False = it would be in vain, or for too long."""
        if not error.passing or self.stopped:
            return False
        pause = self.limits.pause * 2**attempt
        if error.pause is not None:
            if error.pause > self.limits.wait:
                return False
            pause = max(pause, error.pause)
            self._waiting(_server(url), pause)
        return not self._stopped.wait(pause)

    def _page(self, url: str, headers: Mapping[str, str], most: int) -> Page:
        end = time.monotonic() + self.limits.patience
        with self.open(url, headers=headers) as stream:
            body = bytearray()
            while piece := stream.read(min(_PIECE, most + 1)):
                body += piece
                if len(body) > most:
                    break
                if time.monotonic() > end:
                    raise late(url, self.limits.patience)
            return Page(
                url=stream.url, status=stream.status, headers=stream.headers,
                body=bytes(body[:most]), whole=len(body) <= most, permanent=stream.permanent,
            )  # fmt: skip

    @contextmanager
    def open(
        self, url: str, *, headers: Mapping[str, str] | None = None, fine: Collection[int] = (304,)
    ) -> Iterator[Stream]:
        """An answer after all redirects, with its body to be read: of status 2xx or `fine`.

        Raises RemoteError, AccessError for a login; both with one try.
        """
        asked, permanent = url, True
        wanted = dict(headers or {})
        seen = {url}
        while True:
            with self._once(asked, url, wanted) as given:
                to = given.headers.get("Location", "")
                if given.status_code not in _REDIRECTS or not to:
                    self._judge(asked, given, fine)
                    yield Stream(given, self, asked, permanent)
                    return
                permanent = permanent and given.status_code in _PERMANENT
            with self.told(asked):
                to = urljoin(url, to)
            if to in seen:
                raise RemoteError(
                    N_("{url} redirects in a circle"), _OWNER, url=plain(asked),
                )  # fmt: skip
            if len(seen) > self.limits.redirects:
                raise RemoteError(
                    N_("{url} redirects more than {most} times"), _OWNER,
                    url=plain(asked), most=self.limits.redirects,
                )  # fmt: skip
            if _origin(to) != _origin(url):  # a login is for the server it was meant for
                wanted = {
                    name: value for name, value in wanted.items() if name.lower() not in _SECRET
                }
            seen.add(to)
            url = to

    @contextmanager
    def _once(
        self, asked: str, url: str, headers: Mapping[str, str]
    ) -> Iterator[requests.Response]:
        with self.told(asked):
            where = urlsplit(url)
            if where.scheme not in ("http", "https") or not where.hostname:
                raise _no_address(asked, url)
            judge_proxy(self._session, self._scope, url)
            if self.stopped:
                raise TimeoutError
            given = self._session.get(
                url, headers=headers, auth=login(url), allow_redirects=False, stream=True,
                timeout=self.limits.timeout,
            )  # fmt: skip
        try:
            yield given
        finally:
            given.close()

    @contextmanager
    def told(self, url: str) -> Iterator[None]:
        """The door to requests, urllib3 and ssl; ValueError: addresses that they cannot read."""
        try:
            yield
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise _failed(url, error, self.limits.timeout) from error

    def _judge(self, url: str, given: requests.Response, fine: Collection[int]) -> None:
        status = given.status_code
        if 200 <= status < 300 or status in fine:
            return
        where, said = plain(url), _said(status)
        if status in (401, 403):
            mend = N_("check the address; a private feed has its key in it")
            if "@" in urlsplit(url).netloc:
                mend = N_("check the name and the password in the address")
            raise AccessError(
                N_("{url} does not let us in: {status}"), mend, url=where, status=said
            )
        if status in (404, 410):
            raise RemoteError(
                N_("there is nothing at {url}: {status}"),
                N_("check the address; it may have moved"),
                url=where,
                status=said,
            )
        passing = status in _AGAIN
        pause = _pause(given.headers.get("Retry-After", "")) if passing else None
        if pause is not None and pause > self.limits.wait:
            raise RemoteError(
                N_("{url} asks to be left alone for {seconds} seconds: {status}"),
                N_("wait for so long, then run the same command again"),
                url=where, seconds=f"{pause:.0f}", status=said,
            )  # fmt: skip
        error = RemoteError(
            N_("{url} fails: {status}"),
            N_("wait a while, then run the same command again") if passing else _OWNER,
            url=where,
            status=said,
        )
        error.passing, error.pause = passing, pause
        raise error


_OWNER = N_("check the address, or ask whoever runs the server")
_SECRET = {"authorization", "cookie", "proxy-authorization"}


def late(url: str, seconds: float) -> RemoteError:
    """A server that takes too long."""
    return _passing(
        N_("{url} does not give its answer within {seconds} seconds"),
        N_("check that you are connected, then run the same command again"),
        url=plain(url),
        seconds=f"{seconds:g}",
    )


def plain(url: str) -> str:
    """An address for messages: without passwords, and what may be a key of a private feed."""
    url = shown(url).partition("#")[0]
    path, mark, _ = url.partition("?")
    return f"{path}?…" if mark else path


def _failed(url: str, error: Exception, seconds: float) -> FeedtoolError:
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
            _OWNER,
            url=where,
            **why.params,
        )
    if why.kind == "network":
        return _passing(
            N_("{url} gives no answer: {reason}"),
            N_("check the address and that you are connected, then run the same command again"),
            url=where,
            reason=why.text,
        )
    return RemoteError(N_("{url} is not asked: {reason}"), _OWNER, url=where, reason=why.text)


def _passing(message: str, mend: str, **params: object) -> RemoteError:
    error = RemoteError(message, mend, **params)
    error.passing = True
    return error


def _no_address(asked: str, url: str) -> RemoteError:
    if asked == url:
        return RemoteError(
            N_("{url} is no address on the web"),
            N_("give one that begins with https:// or http://"),
            url=plain(url),
        )
    return RemoteError(
        N_("{url} leads to {other}, which is no address on the web: it is not followed"),
        _OWNER,
        url=plain(asked),
        other=plain(url)[:200],
    )


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


def _server(url: str) -> str:
    return urlsplit(url).hostname or ""


def _origin(url: str) -> tuple[str, str]:
    where = urlsplit(url)
    return where.scheme, where.netloc.rpartition("@")[2].lower()
