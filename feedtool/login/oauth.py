"""The door to authlib: OAuth 2.1, code flow with PKCE, and renewal.

Tells a refusal, which a person has to mend, from a failure, after which it is safe to try again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import requests
from urllib3.exceptions import HTTPError

from ..declare import dataclass
from ..errors import AccessError, FeedtoolError
from ..language import N_
from ..publish.refusals import not_installed
from ..secret import Secret
from ..sync.host import HostDownError
from .secrets import App
from .tokens import Tokens, given_tokens

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

_TIMEOUT = (15, 60)
"""Seconds to connect, and between two pieces of an answer."""
_MOST = 256 * 1024
"""Bytes of an answer with tokens."""
_WORDS = 300
"""Letters that a host may say about a refusal."""
_LIKE_A_SECRET = re.compile(r"[\w.~+%=-]{24,}")


class OtherAnswerError(AccessError):
    """An address that is the answer to another question, or to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that a person is asked for."""

    url: str  #: to be opened in a browser
    redirect: str  #: where the browser is sent afterwards
    state: Secret  #: comes back with the answer to this question, and to no other
    verifier: Secret  #: shows that who began it also ends it (RFC 7636)

    def code(self, answer: str) -> Secret:
        """The code in the address that the browser was sent to.

        Raises OtherAnswerError when it is not the answer to this, AccessError when that is no.
        """
        try:
            said = dict(parse_qsl(urlsplit(answer).query))
        except ValueError:
            said = {}
        # the state may lack only where nothing is won by it
        if said.get("state", self.state if "error" in said else None) != self.state:
            raise OtherAnswerError(
                N_("the address is not the answer to this sign-in"),
                N_("copy the whole address from the browser, right after you said yes"),
            )
        if said.get("error") == "access_denied":
            raise AccessError(
                N_("it was not allowed in the browser"), N_("sign in again, and allow it there")
            )
        if "error" in said or not said.get("code"):
            raise AccessError(
                N_("the sign-in was refused: {words}"),
                N_("see whether the app is registered with the address {redirect}"),
                words=_clean(f"{said.get('error', '')} {said.get('error_description', '')}", ())
                or "-",
                redirect=self.redirect,
            )
        return Secret(said["code"])


class Endpoint:
    """Where a host gives tokens out. `base` is its `auth_url`, without "/" at its end."""

    def __init__(
        self, host: str, called: str, authorize: str, token: str, app: App,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._host = host
        self._called = called
        self._authorize = authorize
        self._token = token
        self._app = app
        self._clock = clock
        self._status = 0  #: of the last answer

    def begin(self, redirect: str) -> Begun:
        """Ask for the consent of a person. Nothing is sent yet."""
        with self._session() as session:
            from authlib.common.security import generate_token

            verifier = Secret(generate_token(64))
            session.redirect_uri = redirect
            url, state = session.create_authorization_url(
                self._authorize, state=generate_token(32), code_verifier=verifier
            )
        return Begun(url=url, redirect=redirect, state=Secret(state), verifier=verifier)

    def exchange(self, begun: Begun, code: Secret) -> Tokens:
        """The tokens for a code, which is good for one use.

        Raises AccessError when the host refuses, HostDownError when it fails.
        """
        asked = self._clock()
        with self._session() as session, self._told(code, begun.verifier, self._app.secret):
            answer = session.fetch_token(
                self._token, grant_type="authorization_code", code=code,
                redirect_uri=begun.redirect, code_verifier=begun.verifier,
                timeout=_TIMEOUT, allow_redirects=False, stream=True,
            )  # fmt: skip
            return self._given(answer, asked)

    def refresh(self, tokens: Tokens) -> Tokens:
        """New tokens for old ones, whose refresh token is spent by it.

        Raises AccessError when the host refuses, HostDownError when it fails: then it is not known
        whether the old one is spent.
        """
        asked = self._clock()
        with self._session() as session, self._told(tokens.refresh, self._app.secret):
            answer = session.refresh_token(
                self._token, refresh_token=tokens.refresh,
                timeout=_TIMEOUT, allow_redirects=False, stream=True,
            )  # fmt: skip
            return self._given(answer, asked)

    def _session(self) -> OAuth2Session:
        try:
            from authlib.integrations.requests_client import OAuth2Session
        except ImportError as error:
            raise not_installed(self._called, "hosts") from error
        session = OAuth2Session(
            self._app.id, self._app.secret or None,
            # SoundCloud and Funkwhale want it in the form; without a secret, the id is enough
            token_endpoint_auth_method="client_secret_post" if self._app.secret else "none",
            code_challenge_method="S256",
        )  # fmt: skip
        session.headers["User-Agent"] = f"feedtool/{version('feedtool')}"
        for moment in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(moment, self._bounded)
        return session

    def _bounded(self, response: requests.Response) -> requests.Response:
        """The answer with no more in it than tokens take."""
        body = response.raw.read(_MOST, decode_content=True)
        response.raw.release_conn()
        response.raw = io.BytesIO(body)
        self._status = response.status_code
        return response

    def _given(self, answer: Any, asked: datetime) -> Tokens:
        try:
            return given_tokens(answer, asked)
        except ValueError as error:
            if 400 <= self._status < 500 and self._status != 429:
                raise self._refused(f"{self._status}") from error
            raise self._down(N_("its answer holds no token")) from error

    @contextmanager
    def _told(self, *secrets: Secret) -> Iterator[None]:
        """Errors of libraries as ours; the words of the host without any of the secrets."""
        from authlib.integrations.base_client import OAuthError

        self._status = 0
        try:
            yield
        except FeedtoolError:
            raise
        except OAuthError as error:
            # "from error" would show what the host says, which may hold what we sent
            raise self._said(str(error.error), str(error.description or ""), secrets) from None
        except requests.HTTPError as error:
            raise self._down(f"HTTP {self._status}") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            reason = (
                N_("it does not answer")
                if isinstance(error, requests.Timeout)
                else type(error).__name__
            )
            raise self._down(reason) from error
        except (ValueError, RecursionError) as error:  # no JSON, or none that makes sense
            raise self._down(N_("its answer holds no token")) from error

    def _said(self, code: str, more: str, secrets: tuple[Secret, ...]) -> FeedtoolError:
        """What an OAuth error means (RFC 6749, 5.2 and 4.1.2.1)."""
        words = _clean(f"{code} {more}" if more else code, secrets)
        if self._status >= 500 or self._status == 429:
            return self._down(words)
        if code in ("temporarily_unavailable", "server_error"):
            return self._down(words)
        if code == "invalid_grant":
            return AccessError(
                N_("the sign-in at {host} is no longer valid"),
                N_("sign in again:  feedtool login {host}"),
                host=self._host,
            )
        return self._refused(words)

    def _refused(self, words: str) -> AccessError:
        return AccessError(
            N_("{host} refuses the sign-in: {words}"),
            N_("see whether the client id and the client secret are those of the app, then sign in"
               " again:  feedtool login {host}"),
            host=self._host, words=words,
        )  # fmt: skip

    def _down(self, reason: str) -> HostDownError:
        return HostDownError(
            N_("nobody can sign in at {host} now: {reason}"),
            N_("look at the network and at  auth_url:  of the host, then try again"),
            host=self._host, reason=reason,
        )  # fmt: skip


def _clean(words: str, secrets: tuple[Secret, ...]) -> str:
    """What a host says, in one line: without what was sent to it, or looks as if it was."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    words = _LIKE_A_SECRET.sub("***", words)
    return re.sub(r"\s+|[^\w .,:;/()'*-]", " ", words).strip()[:_WORDS]
