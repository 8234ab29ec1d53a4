"""Sign-in at a double: OAuth 2.1 with PKCE, and refresh tokens that work once."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from .double import Reply, Request


@dataclass
class Grant:
    """A pair of tokens."""

    user: str  #: "" = of the app itself (client_credentials)
    access: str
    refresh: str
    ends: datetime
    family: int  #: the sign-in that it comes from


@dataclass
class _Code:
    user: str
    redirect: str
    challenge: str
    ends: datetime


@dataclass
class SignIn:
    """Who may ask, as whom, and until when."""

    now: Callable[[], datetime]
    client: str = "the-client"
    secret: str = "the-secret"
    redirects: re.Pattern[str] = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?/.*")
    life: int = 3600  #: seconds, of an access token
    consents: bool = True  #: does the person on the page for it say yes?
    user: str = "nordvik"  #: who that person is
    reuse_revokes: bool = True  #: an old refresh token ends the whole sign-in (OAuth 2.1, 4.3.1)
    grants: list[Grant] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)  #: all secrets that were given out
    refreshed: int = 0
    _codes: dict[str, _Code] = field(default_factory=dict)
    _old: dict[str, int] = field(default_factory=dict)
    _families: int = 0

    def grant(self, user: str, family: int | None = None) -> Grant:
        """A new pair of tokens, as after signing in."""
        if family is None:
            self._families += 1
            family = self._families
        # long, as they are since they became JWTs
        made = Grant(
            user, f"eyJ{secrets.token_urlsafe(600)}", secrets.token_urlsafe(32),
            self.now() + timedelta(seconds=self.life), family,
        )  # fmt: skip
        self.grants.append(made)
        self.ever |= {made.access, made.refresh}
        return made

    def revoke(self) -> None:
        """End every sign-in."""
        self.grants.clear()

    def whose(self, authorization: str, kind: str) -> str | None:
        """The user of a token; "" = an app's, None = it opens nothing (any more)."""
        given, _, token = authorization.partition(" ")
        for grant in self.grants:
            if given == kind and grant.access == token and grant.ends > self.now():
                return grant.user
        return None

    def authorize(self, request: Request) -> Reply:
        """The page on which a person says yes or no, and what follows from that."""
        asked = request.query
        redirect, client = asked.get("redirect_uri", ""), asked.get("client_id")
        if client != self.client or not self.redirects.fullmatch(redirect):
            return Reply(400, b"<html>unknown client, or address to return to</html>", "text/html")
        answer = {"state": asked["state"]} if "state" in asked else {}
        challenge = asked.get("code_challenge", "")
        method = asked.get("response_type"), asked.get("code_challenge_method")
        if method != ("code", "S256") or not re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge):
            answer["error"] = "invalid_request"
        elif not self.consents:
            answer["error"] = "access_denied"
        else:
            code = secrets.token_urlsafe(24)
            ends = self.now() + timedelta(minutes=1)
            self._codes[code] = _Code(self.user, redirect, challenge, ends)
            self.ever.add(code)
            answer["code"] = code
        joint = "&" if "?" in redirect else "?"
        return Reply(302, b"", "text/html", {"Location": redirect + joint + urlencode(answer)})

    def token(self, request: Request) -> Reply:
        """The token endpoint. What was said there is not kept: the names stay, the values go."""
        form = {name: str(value) for name, value in request.form.items()}
        request.form = {
            name: value if name == "grant_type" else "***" for name, value in form.items()
        }
        kind = form.get("grant_type")
        if kind == "client_credentials":
            basic = base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
            if request.authorization != f"Basic {basic}":
                return _error("invalid_client", 401)
            return self._pair(self.grant(""))
        if (form.get("client_id"), form.get("client_secret")) != (self.client, self.secret):
            return _error("invalid_client", 401)
        if kind == "authorization_code":
            return self._exchange(form)
        if kind == "refresh_token":
            return self._refresh(form.get("refresh_token", ""))
        return _error("unsupported_grant_type")

    def sign_out(self, request: Request) -> Reply:
        token = request.authorization.partition(" ")[2]
        self.grants = [one for one in self.grants if one.access != token]
        return Reply.of(200, {})

    def _exchange(self, form: Mapping[str, str]) -> Reply:
        code = self._codes.pop(form.get("code", ""), None)  # it works once
        verifier = form.get("code_verifier", "")
        sum = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(sum).rstrip(b"=").decode()
        if (
            code is None
            or code.ends < self.now()
            or code.redirect != form.get("redirect_uri")
            or code.challenge != challenge
            or not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier)
        ):
            return _error("invalid_grant")
        return self._pair(self.grant(code.user))

    def _refresh(self, token: str) -> Reply:
        known = next((one for one in self.grants if one.refresh and one.refresh == token), None)
        if known is None:
            if token in self._old and self.reuse_revokes:
                family = self._old[token]
                self.grants = [one for one in self.grants if one.family != family]
            return _error("invalid_grant")
        self._old[token] = known.family
        self.grants.remove(known)
        self.refreshed += 1
        return self._pair(self.grant(known.user, known.family))

    def _pair(self, grant: Grant) -> Reply:
        said = {
            "access_token": grant.access, "token_type": "Bearer", "expires_in": self.life,
            "scope": "",
        }  # fmt: skip
        if grant.user:
            said["refresh_token"] = grant.refresh
        return Reply.of(200, said, Cache_Control="no-store")


def _error(name: str, status: int = 400) -> Reply:
    return Reply.of(status, {"error": name, "error_description": "not this one"})
