"""Ask a server over WebDAV: who we are, how long, and what its refusals mean in words.

Certificates are always verified, and nothing is sent on to where a server points.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import ip_address
from typing import BinaryIO
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3 import Retry
from urllib3.response import BaseHTTPResponse

from ..declare import dataclass
from ..errors import FeedtoolError, TargetError, UsageError
from ..language import N_
from ..session import Session
from . import refusals
from .half import is_half
from .secrets import Secrets

CONNECT, ANSWER = 15.0, 60.0
"""Seconds."""
ELSEWHERE = frozenset({301, 302, 303, 307, 308})
"""What a server answers when it sends us on."""


@dataclass(frozen=True, slots=True)
class DavAddress:
    """Where the files are."""

    host: str
    folder: str  #: begins with "/"
    tls: bool = True
    port: int | None = None
    user: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    reason: str
    body: bytes
    type: str
    location: str


class Dav:
    """A folder of a server."""

    def __init__(self, address: DavAddress, secrets: Secrets) -> None:
        self._address = address
        self._secrets = secrets
        self._session = Session()
        self._session.headers["User-Agent"] = "feedtool"
        self._session.auth = self._auth()
        adapter = HTTPAdapter(max_retries=_RETRY)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    @property
    def host(self) -> str:
        port = f":{self._address.port}" if self._address.port else ""
        host = self._address.host
        return f"[{host}]{port}" if ":" in host else f"{host}{port}"

    @property
    def folder(self) -> str:
        """The path of the address, which begins with "/" and does not end with one."""
        return self._address.folder.rstrip("/")

    def url(self, path: str) -> str:
        scheme = "https" if self._address.tls else "http"
        return f"{scheme}://{self.host}{quote(self.folder)}/{quote(path)}"

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: BinaryIO | bytes | None = None,
        fine: Collection[int] = (),
    ) -> Answer:
        """One request; a refusal is raised, unless its status is `fine`."""
        answer = self._ask(method, path, headers, data)
        if answer is None:
            # many servers of one's own take the password only so, and say it by refusing
            self._session.auth = HTTPDigestAuth(self._address.user, self._secrets.password)
            if data is not None and not isinstance(data, bytes):
                data.seek(0)
            answer = self._ask(method, path, headers, data)
            assert answer is not None
        good = 200 <= answer.status < 300 and (answer.status != 207 or method == "PROPFIND")
        if good or answer.status in fine:
            return answer
        raise self.refusal(method, path, answer)

    def close(self) -> None:
        self._session.close()

    def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        data: BinaryIO | bytes | None,
    ) -> Answer | None:
        """None = with another kind of login."""
        try:
            with self._session.request(
                method, self.url(path), headers=headers, data=data,
                timeout=(CONNECT, ANSWER), allow_redirects=False,
            ) as got:  # fmt: skip
                digest = "digest" in got.headers.get("WWW-Authenticate", "").lower()
                if got.status_code == 401 and digest and self._may_digest:
                    return None
                return Answer(
                    got.status_code,
                    got.reason or "",
                    got.content,
                    got.headers.get("Content-Type", ""),
                    got.headers.get("Location", ""),
                )
        except requests.RequestException as error:
            raise refusals.unreachable(self.host, error) from error

    # logging in

    def _auth(self) -> AuthBase:
        password, token, user = self._secrets.password, self._secrets.token, self._address.user
        plain = not self._address.tls and not _is_here(self._address.host)
        if token:
            if plain:
                raise UsageError(
                    N_("{place} would get the token where others can read it"),
                    N_("write davs:// instead of dav:// in the address of the target"),
                    place=self.host,
                )
            return _Bearer(token)
        if not password:
            return _Nobody()
        # without TLS only in a way that does not tell the password
        if plain:
            return HTTPDigestAuth(user, password)
        return HTTPBasicAuth(user.encode(), password.encode())

    @property
    def _may_digest(self) -> bool:
        return isinstance(self._session.auth, HTTPBasicAuth)

    # refusals

    def refusal(self, method: str, path: str, answer: Answer) -> FeedtoolError:
        """What an answer means, in words."""
        status, reason = answer.status, f"{answer.status} {answer.reason}".strip()
        if is_half(path):  # of its name nobody has heard
            path = path.rpartition("/")[0]
        if status == 401:
            if isinstance(self._session.auth, HTTPDigestAuth) and not self._address.tls:
                mend = N_("check the user and {variables}_PASSWORD; some need davs:// instead")
            else:
                mend = N_("check the user in the address, and {variables}_PASSWORD or _TOKEN")
            return refusals.not_let_in(self.host, mend, variables=self._secrets.variables)
        if status == 403:
            return refusals.forbidden(path or self.folder or "/", reason)
        if status in ELSEWHERE:
            return TargetError(
                N_("{place} sends us on to {other}"),
                N_("if that is right, write it in the address of the target"),
                place=self.host,
                other=urlsplit(answer.location)._replace(query="", fragment="").geturl(),
            )
        if status == 409 or (status == 404 and method in {"PUT", "MOVE", "MKCOL"}):
            parent = f"{self.folder}/{path}".rstrip("/").rpartition("/")[0]
            return refusals.no_folder(self.host, parent or "/")
        if status == 413:
            return TargetError(
                N_("{path} is too large for {place}"),
                N_("the owner of the server can raise its limit"),
                path=path,
                place=self.host,
            )
        if status == 423:
            return TargetError(
                N_("{path} at {place} is locked by somebody"),
                N_("wait until it is closed there, or remove the lock; then run the same command"
                   " again"),
                path=path or self.folder or "/", place=self.host,
            )  # fmt: skip
        if status == 507:
            return refusals.full(self.host)
        if status in {405, 501}:
            return TargetError(
                N_("{place} does not know {method}, which WebDAV needs"),
                N_("check the address of the target; the owner of the server can switch it on"),
                place=self.host,
                method=method,
            )
        return refusals.failed(self.host, reason)


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Nobody(AuthBase):
    """Nothing, where requests would look into ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Retry(Retry):
    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds that a server asks for; nobody waits for an hour in front of a screen."""
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, ANSWER)


_RETRY = _Retry(
    total=2,
    backoff_factor=0.5,
    status_forcelist={429, 502, 503, 504},
    allowed_methods={"GET", "PUT", "PROPFIND"},  # done twice they are as done once
    raise_on_status=False,
)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
