"""The door to requests for hosts: one session, its failures told apart, its waits bounded.

A request that may have made something is never sent again from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import field
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from ..declare import dataclass
from ..errors import AccessError, UsageError
from ..language import N_
from ..reasons import LATE, Reason, reason
from ..secret import Secret
from ..session import Session
from .host import HostDownError, HostError, Progress, UnknownOutcomeError

_TIMEOUT = (15, 120)
"""Seconds to connect, and between two pieces of an answer: some think long after an upload."""
_MOST = 64 * 1024 * 1024
"""Bytes of one answer."""
_LOOKS = 3
"""Times that a reading request is sent when the server fails."""
_WORDS = 300
"""Characters of what a host says that are shown."""
_PATIENCE = 900.0
"""Seconds in all that a run waits for a host that wants fewer requests."""


_LONGEST = 1e7
"""Seconds of a wait that somebody is told of."""


class Bearer(Protocol):
    """What opens the host; another one after `renew`."""

    def header(self) -> str:
        """The value of Authorization. Raises AccessError without a login."""
        ...

    def renew(self) -> bool:
        """Get a new token, once; False = there is no way to."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a form. The host never sees its real name: some fail with other than ASCII."""

    file: Path
    name: str
    type: str  #: MIME type


Form = Mapping[str, str | Part]
"""multipart/form-data: its fields in order."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the host said, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> Any:
        """None when it is no JSON: hosts fail with pages of HTML."""
        if "json" not in self.type:
            return None
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_page(self) -> bool:
        """A page for people is of a gate on the way, also with 200 or 404: no host said it."""
        return self.type == "text/html" and self.body.lstrip().startswith(b"<")


@dataclass(slots=True)
class Api:
    """Requests to one host. `base` ends without "/"; `waiting` is told seconds."""

    base: str
    bearer: Bearer
    name: str  #: of the host, as a person knows it
    wait: Callable[[float], None]
    waiting: Callable[[float], None] = lambda seconds: None
    accept: str = "application/json; charset=utf-8"
    _session: requests.Session = field(default_factory=Session)
    _patience: float = _PATIENCE
    _untold: float = 30.0  #: seconds of the next wait whose length is not told
    _sent: Secret = Secret()  #: the last token that was sent

    def __post_init__(self) -> None:
        self._session.headers["User-Agent"] = f"feedtool/{version('feedtool')}"
        self._session.headers["Accept"] = self.accept
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def close(self) -> None:
        self._session.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        form: Form | None = None,
        progress: Progress | None = None,
        makes: bool = False,
        anonymous: bool = False,
    ) -> Answer:
        """The answer to one request, whatever its status but 429 and failures.

        `path` may be an address that the host gave: at the host itself only. `body` is sent as
        JSON; a `form` is streamed from its files. With `makes`, a failure that leaves it open
        whether something was made raises UnknownOutcomeError; without, the request is sent again
        some times. `anonymous` asks as everybody may, without the token.
        """
        url = self._inside(path)
        renewed = False
        looks = 1 if makes else _LOOKS
        while True:
            looks -= 1
            try:
                answer = self._once(method, url, params, body, form, progress, anonymous)
            except _Broken as error:
                if makes and error.sent:
                    raise UnknownOutcomeError(
                        N_("the connection to {host} broke before it had answered"),
                        N_("run the same command again: it looks first what is there"),
                        host=self.name,
                    ) from error
                if looks > 0:
                    self.wait(2.0)
                    continue
                raise self._unreached(error) from error
            if answer.status == 429:
                self._pause(answer)
                looks += 1
                continue
            # SoundCloud says "\n" when the app has no upload right: a new token has neither
            stale = answer.status == 401 and not (makes and answer.json is None)
            if stale and not anonymous and not renewed and self.bearer.renew():
                renewed, looks = True, looks + 1
                continue
            fails = answer.status >= 500 or (answer.is_page and answer.ok and not anonymous)
            if fails:
                if makes:
                    raise UnknownOutcomeError(
                        N_("{host} failed ({status}) before it had answered"),
                        N_("run the same command again: it looks first what is there"),
                        host=self.name, status=answer.status,
                    )  # fmt: skip
                if looks > 0:
                    self.wait(2.0)
                    continue
                raise self.refused(answer)
            return answer

    def refused(self, answer: Answer, words: str = "") -> HostError | AccessError:
        """The error for an answer that is not the wanted one. `words` are the host's own."""
        words = self.shown(words) or f"{answer.status}"
        if answer.status == 401:
            return AccessError(
                N_("{host} does not let us in"),
                N_("sign in again:  feedtool login {host}"),
                host=self.name,
            )
        if 300 <= answer.status < 400:  # not followed: the token is for nobody else
            return HostDownError(
                N_("{host} sends us to another address"),
                N_("look at  url:  of the host in feedtool.yaml"),
                host=self.name,
            )
        if answer.status >= 500 or (answer.is_page and answer.status in (200, 403, 404)):
            return HostDownError(
                N_("{host} fails or is blocked ({status})"),
                N_("run the same command again later"),
                host=self.name, status=answer.status,
            )  # fmt: skip
        return HostError(
            N_("{host} refused it: {words}"),
            N_("mend what it says, then run the same command again"),
            host=self.name, words=words,
        )  # fmt: skip

    def shown(self, words: str) -> str:
        """A host's own words: one line, for a terminal, and without what opens the host."""
        if self._sent:
            words = words.replace(self._sent, "***")
        words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        return words if len(words) <= _WORDS else f"{words[:_WORDS]}…"

    def _inside(self, path: str) -> str:
        """An address at the host; the token is for nobody else."""
        url = path if "://" in path else f"{self.base}/{path.lstrip('/')}"
        # libraries disagree on where "https://evil.example\@host.example/" leads
        if "\\" in url or _origin(url) != _origin(self.base):
            raise HostError(
                N_("{host} sends us to another address"),
                N_("look at  url:  of the host in feedtool.yaml"),
                host=self.name,
            )
        return urljoin(self.base, url)

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        body: Any,
        form: Form | None,
        progress: Progress | None,
        anonymous: bool,
    ) -> Answer:
        headers: dict[str, str] = {}
        if not anonymous:
            headers["Authorization"] = self.bearer.header()
            self._sent = Secret(headers["Authorization"].rpartition(" ")[2])
        sent = False
        with _encoded(form, progress, headers) as data:
            try:
                with self._session.request(
                    method, url, params=params, json=body, data=data, headers=headers,
                    auth=_Nothing(), allow_redirects=False, stream=True, timeout=_TIMEOUT,
                ) as given:  # fmt: skip
                    sent = True
                    content = given.raw.read(_MOST, decode_content=True)
                    return Answer(given.status_code, given.headers, content)
            except requests.exceptions.ConnectTimeout as error:
                raise _Broken(reason(error, _TIMEOUT[0]), sent=False) from error
            except (requests.RequestException, HTTPError, OSError) as error:
                # only a connection that was never made surely left nothing there
                made = sent or not _never_connected(error)
                raise _Broken(reason(error, _TIMEOUT[1]), sent=made) from error

    def _unreached(self, broken: _Broken) -> HostDownError:
        """The error for a host that does not answer, however often it is asked."""
        why, mend = broken.why, N_("look at the network and at  url:  of the host, then try again")
        if why.text == LATE:
            told = N_("{host} gives no answer within {seconds} seconds")
            return HostDownError(told, mend, host=self.name, **why.params)
        told = N_("{host} cannot be reached: {reason}")
        return HostDownError(told, mend, host=self.name, reason=why.text.format(**why.params))

    def _pause(self, answer: Answer) -> None:
        """Wait as long as it is asked for. Raises HostDownError when that is too long."""
        seconds = _seconds(answer.headers)
        if seconds is None:  # each upload that is refused so was sent whole
            seconds, self._untold = self._untold, self._untold * 2
        if seconds > self._patience:
            raise HostDownError(
                N_("{host} wants no requests for another {minutes} minutes"),
                N_("run the same command again then"),
                host=self.name, minutes=int(seconds // 60) + 1,
            )  # fmt: skip
        self._patience -= seconds
        self.waiting(seconds)
        self.wait(seconds)


class _Broken(Exception):
    """No answer came."""

    def __init__(self, why: Reason, *, sent: bool) -> None:
        super().__init__(why.text)
        self.why = why
        self.sent = sent  #: may the host have got the request?


class _Nothing(requests.auth.AuthBase):
    """Else requests would put the passwords of ~/.netrc in place of the token."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _never_connected(error: BaseException | None) -> bool:
    from urllib3.exceptions import NewConnectionError

    while error is not None:
        if isinstance(error, NewConnectionError):
            return True
        reason = getattr(error, "reason", None)
        inner = reason if isinstance(reason, BaseException) else None
        inner = inner or next((one for one in error.args if isinstance(one, BaseException)), None)
        error = inner
    return False


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        where = urlsplit(url)
        port = where.port or {"http": 80, "https": 443}.get(where.scheme)
    except ValueError:  # no address at all
        return "", None, None
    return where.scheme, where.hostname, port


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Retry-After: seconds, or a date by the host's clock (RFC 9110, 10.2.3); None = not told."""
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return min(max(1.0, float(text)), _LONGEST)
    try:
        until, now = parsedate_to_datetime(text), parsedate_to_datetime(headers.get("Date", ""))
        return min(max(1.0, (until - now).total_seconds()), _LONGEST)
    except (ValueError, TypeError):  # none, or one of them without a zone
        return None


@contextmanager
def _encoded(
    form: Form | None, progress: Progress | None, headers: dict[str, str]
) -> Iterator[Any]:
    """A form as requests streams it: a recording may be 4 GB."""
    if form is None:
        yield None
        return
    try:
        from requests_toolbelt import MultipartEncoder, MultipartEncoderMonitor
    except ImportError as error:
        raise UsageError(
            N_("{what} needs a library that is not installed"),
            N_('pip install "feedtool[{extra}]"'),
            what="sync", extra="hosts",
        ) from error  # fmt: skip

    with ExitStack() as files:
        encoder = MultipartEncoder(
            [
                (name, part)
                if isinstance(part, str)
                else (name, (part.name, files.enter_context(opened(part.file)), part.type))
                for name, part in form.items()
            ]
        )
        headers["Content-Type"] = encoder.content_type
        if progress is None:
            yield encoder
            return
        yield MultipartEncoderMonitor(
            encoder, lambda monitor: progress(monitor.bytes_read, monitor.len)
        )


def opened(file: Path) -> BufferedReader:
    """A file to be sent: one that is not there has not been sent, whatever else is unclear."""
    try:
        return file.open("rb")
    except OSError as error:
        raise HostError(
            N_("{file} cannot be read"), N_("look whether it is there, and may be read"),
            file=file.name,
        ) from error  # fmt: skip
