"""A host that lets people in: consent, tokens, renewal, and who is signed in.

Modelled on SoundCloud: codes and refresh tokens are good for one use, PKCE is demanded, the
redirect address has to be the registered one, to the letter. A personal token opens it as Funkwhale
does. Tokens can be recognised: all begin with "tell-tale".
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

MARK = "tell-tale"
"""With which every secret of this host begins."""
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass
class Double:
    """The host, and what a test says of it. `url` serves as `url:` and as `auth_url:`."""

    redirect: str = ""  #: the registered address
    client: str = "an-app"
    secret: str = f"{MARK}-client-secret"
    lifetime: int | None = 3600  #: of an access token, in seconds; None = it is not told
    long: int = 0  #: letters that access tokens have besides
    personal: str = f"{MARK}-personal"
    consent: str = "yes"  #: "no", or "odd": the browser comes back with the state of another
    name: str = "nordvik"
    fails: list[Callable[[Handler], None]] = field(default_factory=list)
    """What is answered to the next requests for tokens in place of them; each of them once."""
    lost: bool = False  #: tokens are given out, and the answer never arrives
    url: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Requests to the host: method, path, and what was sent in the form or address."""
    refreshed: int = 0  #: tokens that were renewed
    access: set[str] = field(default_factory=set)  #: tokens that open it
    refresh: set[str] = field(default_factory=set)  #: tokens that were not used yet
    given: list[str] = field(default_factory=list)  #: every secret there ever was
    slow: float = 0.0  #: seconds that a renewal takes
    _codes: dict[str, str] = field(default_factory=dict)  #: with the challenge of each
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pair(self) -> dict[str, Any]:
        """Tokens for somebody who is signed in already."""
        number = len(self.given) + 1
        access = f"{MARK}-access-{number}" + "x" * self.long
        refresh = f"{MARK}-refresh-{number}"
        self.access.add(access)
        self.refresh.add(refresh)
        self.given += [access, refresh]
        pair: dict[str, Any] = {
            "access_token": access, "refresh_token": refresh, "token_type": "bearer", "scope": "",
        }  # fmt: skip
        return pair if self.lifetime is None else pair | {"expires_in": self.lifetime}

    @property
    def requests(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def authorize(self, handler: Handler, said: dict[str, str]) -> None:
        if said.get("redirect_uri") != self.redirect or said.get("client_id") != self.client:
            handler.answer(400, HTML, "<p>this app is not registered like that")
            return
        if said.get("code_challenge_method") != "S256" or said.get("response_type") != "code":
            handler.answer(400, HTML, "<p>PKCE is demanded")
            return
        if self.consent == "no":
            back = {"error": "access_denied", "error_description": "no", "state": said["state"]}
        else:
            code = f"{MARK}-code-{len(self.given)}"
            self.given.append(code)
            self._codes[code] = said["code_challenge"]
            state = said["state"] if self.consent == "yes" else "another"
            back = {"code": code, "state": state}
        handler.redirect(f"{self.redirect}?{urlencode(back)}")

    def token(self, handler: Handler, said: dict[str, str]) -> None:
        if self.fails:
            self.fails.pop(0)(handler)
            return
        if (said.get("client_id"), said.get("client_secret")) != (self.client, self.secret):
            handler.json(401, {"error": "invalid_client", "error_description": f"{said}"})
            return
        time.sleep(self.slow)
        with self._lock:
            if said.get("grant_type") == "authorization_code":
                good = self._is_good(said)
            else:
                good = said.get("refresh_token") in self.refresh
                self.refresh.discard(said.get("refresh_token", ""))
                self.refreshed += good
            pair = self.pair() if good else {}
        if not good:
            handler.json(400, {"error": "invalid_grant", "error_description": f'of "{said}"'})
        elif self.lost:
            handler.hang_up()
        else:
            handler.json(200, pair)

    def _is_good(self, said: dict[str, str]) -> bool:
        verifier = said.get("code_verifier", "")
        self.given.append(verifier)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = self._codes.pop(said.get("code", ""), None) == challenge
        return right and said.get("redirect_uri") == self.redirect and 43 <= len(verifier) <= 128

    def me(self, handler: Handler, scheme: str) -> None:
        given, _, token = (handler.headers.get("Authorization") or "").partition(" ")
        known = self.access if scheme == "OAuth" else {self.personal}
        if given != scheme or token not in known:
            handler.json(401, {"code": 401, "message": f"not {token}", "errors": []})
        else:
            handler.json(200, {"username": self.name, "urn": "soundcloud:users:1"})


class Handler(BaseHTTPRequestHandler):
    double: Double

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        said = dict(parse_qsl(where.query))
        self.double.asked.append(("GET", where.path, said))
        if where.path == "/authorize":
            self.double.authorize(self, said)
        elif where.path in ("/me", "/api/v1/users/me"):
            self.double.me(self, "OAuth" if where.path == "/me" else "Bearer")
        else:
            self.answer(404, HTML, "<p>nothing")

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        said = dict(parse_qsl(form))
        self.double.asked.append(("POST", self.path, said))
        if self.path in ("/oauth/token", "/api/v1/oauth/token/"):
            self.double.token(self, said)
        elif self.path == "/sign-out":
            self.double.access.discard(self.headers["Authorization"].removeprefix("OAuth "))
            self.json(200, {})
        else:
            self.answer(404, HTML, "<p>nothing")

    def answer(self, status: int, type: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def json(self, status: int, document: Any) -> None:
        self.answer(status, JSON, json.dumps(document))

    def redirect(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def hang_up(self) -> None:
        self.close_connection = True

    def babble(self) -> None:
        """What is no HTTP."""
        self.wfile.write(b"garbage\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients are killed in these tests."""


@contextmanager
def a_host(**said: Any) -> Iterator[Double]:
    """A host on a free port of this machine, to the end of the block."""
    double = Double(**said)
    double.given += [double.secret, double.personal]
    handler = type("OneHandler", (Handler,), {"double": double})
    server = Server(("127.0.0.1", 0), handler)
    double.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
