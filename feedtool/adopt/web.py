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
from itertools import count
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from ..declare import dataclass
from ..errors import RemoteError
from ..language import N_
from ..reach import Depth, Scope
from ..session import judge_proxy, login, session
from . import refusals

_PIECE = 65536
_PERMANENT = {301, 308}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is enough for servers that work."""

    timeout: float = 20.0  #: seconds to connect, and between two pieces of an answer
    patience: float = 180.0  #: seconds for one whole page; until an answer begins
    redirects: int = 5
    tries: int = 4  #: of a server that fails in a way that passes
    wait: float = 60.0  #: seconds, the longest that a server can have us wait
    pause: float = 0.5  #: seconds before the second try; twice that before the third...
    busy: float = 5.0  #: seconds, for a server that is asked too much and does not say how long


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a server gave."""

    url: str  #: after all redirects
    status: int  #: of HTTP: 2xx, or 304 for who asked so
    headers: Mapping[str, str]  #: names in any case
    body: bytes  #: unpacked
    whole: bool  #: was it read to its end? False = there is more than was wanted
    lasting: str  #: the address that took its place: after the redirects that are for ever

    @property
    def type(self) -> str:
        """The Content-Type without its parameters; "" = not stated."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Stream:
    """An answer whose body is still to come. Its errors are those of `Web.open`."""

    def __init__(self, given: requests.Response, web: Web, asked: str, lasting: str) -> None:
        self.url = given.url
        self.status = given.status_code
        self.headers: Mapping[str, str] = given.headers
        self.lasting = lasting
        self._given = given
        self._web = web
        self._asked = asked

    def read(self, most: int = _PIECE) -> bytes:
        """What has come by now, unpacked; b"" at the end."""
        # as it comes: a server that drips would fill a whole piece for hours
        with self._web.told(self._asked):
            if self._web.stopped:
                raise TimeoutError
            piece: bytes = self._given.raw.read1(most, decode_content=True)
            return piece


class Web:
    """For all requests of one import; may be used by several threads once the feed was asked.

    The first address may be anywhere: a person gave it. From there nothing leads further inside.
    Where no person did, as for a feed that is a file, `public` is true, and all must be public.
    """

    def __init__(
        self,
        *,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        waiting: Callable[[str, float], None] = lambda server, seconds: None,
        public: bool = False,
    ) -> None:
        """`waiting` is told when a server asks for a pause: its name, and seconds. Any thread."""
        self.limits = limits
        self._waiting = waiting
        self._scope = Scope(limits.patience, Depth.PUBLIC if public else None)
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
        for attempt in count():
            try:
                return self._page(url, headers or {}, most)
            except RemoteError as error:
                # one that says nothing may not be there at all: a person waits to hear of it
                tries = self.limits.tries if error.pause is not None else 2
                if attempt + 1 >= tries or not self.rest(url, error, attempt):
                    raise
        raise AssertionError

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
                    raise refusals.late(url, self.limits.patience)
            return Page(
                url=stream.url, status=stream.status, headers=stream.headers,
                body=bytes(memoryview(body)[:most]), whole=len(body) <= most,
                lasting=stream.lasting,
            )  # fmt: skip

    @contextmanager
    def open(
        self, url: str, *, headers: Mapping[str, str] | None = None, fine: Collection[int] = (304,)
    ) -> Iterator[Stream]:
        """An answer after all redirects, with its body to be read: of status 2xx or `fine`.

        Raises RemoteError, AccessError for a login; both with one try.
        """
        asked, lasting, permanent = url, url, True
        wanted = dict(headers or {})
        seen = {url}
        while True:
            with self._once(asked, url, wanted) as given:
                with self.told(asked):
                    to = self._session.leads_to(given)
                if not to:
                    if not 200 <= given.status_code < 300 and given.status_code not in fine:
                        raise refusals.refused(
                            asked, given.status_code, given.headers,
                            wait=self.limits.wait, busy=self.limits.busy,
                        )  # fmt: skip
                    if packing := _unknown_packing(given):
                        raise RemoteError(
                            N_("{url} is packed in a way that was not asked for: {packing}"),
                            refusals.OWNER, url=refusals.plain(asked), packing=packing,
                        )  # fmt: skip
                    yield Stream(given, self, asked, lasting)
                    return
                permanent = permanent and given.status_code in _PERMANENT
                with self.told(asked):
                    given.raw.read1(_PIECE)  # then the connection can serve again
            with self.told(asked):
                to = urljoin(url, to)
            if to in seen:
                raise RemoteError(
                    N_("{url} redirects in a circle"), refusals.OWNER, url=refusals.plain(asked),
                )  # fmt: skip
            if len(seen) > self.limits.redirects:
                raise RemoteError(
                    N_("{url} redirects more than {most} times"), refusals.OWNER,
                    url=refusals.plain(asked), most=self.limits.redirects,
                )  # fmt: skip
            if _origin(to) != _origin(url):  # a login is for the server it was meant for
                wanted = {
                    name: value for name, value in wanted.items() if name.lower() not in _SECRET
                }
            seen.add(to)
            url = to
            if permanent:
                lasting = url

    @contextmanager
    def _once(
        self, asked: str, url: str, headers: Mapping[str, str]
    ) -> Iterator[requests.Response]:
        with self.told(asked):
            where = urlsplit(url)
            if where.scheme not in ("http", "https") or not where.hostname:
                raise refusals.no_address(asked, url)
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

    def _waited(self, since: float) -> float:
        """Seconds that were too long: for a piece, or for all that comes before the body."""
        late = time.monotonic() - since >= self.limits.patience
        return self.limits.patience if late else self.limits.timeout

    @contextmanager
    def told(self, url: str) -> Iterator[None]:
        """The door to requests, urllib3 and ssl; ValueError: addresses that they cannot read."""
        since = time.monotonic()
        try:
            yield
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise refusals.unanswered(url, error, self._waited(since)) from error


_SECRET = {"authorization", "cookie", "proxy-authorization"}


def _unknown_packing(given: requests.Response) -> str:
    """What nobody here can unpack; "" = nothing. It would be taken for the page itself."""
    names = {one.strip().lower() for one in given.headers.get("Content-Encoding", "").split(",")}
    return ", ".join(sorted(names - {"", "identity", *HTTPResponse.CONTENT_DECODERS}))[:40]


def _server(url: str) -> str:
    return urlsplit(url).hostname or ""


def _origin(url: str) -> tuple[str, str]:
    where = urlsplit(url)
    return where.scheme, where.netloc.rpartition("@")[2].lower()
