"""What all doubles of hosts share: a server on loopback whose failures are planned by the test.

Every request has a number, from 1. At its boundaries a `hook` is called, in which a test may kill
the client; faults stand in for an answer, before or after the request has done its work.

A double in a process of its own is told by requests below /_double/, which have no number.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from .forms import BadForm, Form, Gone, read_form

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
_PAGE = b"<html><head><title>Oops</title></head><body>could not process in time</body></html>"


class Boundary(NamedTuple):
    """A moment of a request: "before" anything, in the middle of its "body", when it is "made",
    "after" its answer."""

    when: str
    number: int
    method: str
    path: str


@dataclass
class Request:
    """What was asked, without what opens the host."""

    number: int
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  #: Authorization is only its kind, and the beginning of a sum
    form: Form = field(default_factory=dict)
    json: Any = None
    status: int | None = None  #: of the answer; 0 = the connection was reset, None = none yet
    authorization: str = field(default="", repr=False)

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Reply:
    status: int
    body: bytes = b""
    type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, value: Any, **headers: str) -> Reply:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(value).encode(), JSON, named)


@dataclass
class Fault:
    """An answer instead of the real one."""

    status: int | None = None  #: 0 = the connection is reset; None = only slow
    made: bool = False  #: after the request has done its work
    early: bool = False  #: before its body is read
    at: int | None = None  #: the number of the request; None = the next that fits
    method: str = ""
    path: str = ""  #: a regular expression for the beginning of the path
    times: int = 1
    body: str = _PAGE.decode()
    type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  #: seconds

    def fits(self, request: Request) -> bool:
        return (
            self.times > 0
            and self.at in (None, request.number)
            and self.method in ("", request.method)
            and re.match(self.path, request.path) is not None
        )


FAULTS: Mapping[str, Mapping[str, Any]] = {
    "502 before": {"status": 502},
    "502 after": {"status": 502, "made": True},
    "504 after": {"status": 504, "made": True},
    "reset before": {"status": 0, "early": True},
    "reset after": {"status": 0, "made": True},
    "500 json": {"status": 500, "type": JSON, "body": '{"code": 500, "message": ""}'},
    "403 html": {"status": 403, "body": "<html><body>Request blocked.</body></html>"},
    "404 html": {"status": 404, "body": "<html><body>Not here.</body></html>"},
    "429": {"status": 429, "type": JSON, "body": '{"code": 429, "message": "slow down"}'},
    "401 json": {"status": 401, "type": JSON, "body": '{"code": 401, "message": "invalid token"}'},
    "200 html": {"status": 200, "body": "<html><body>Welcome!</body></html>"},
    "cut off": {"status": 200, "type": JSON, "body": '{"collection": [', "made": True},
    "slow": {"delay": 1.0},
}
"""What goes wrong at hosts, by name."""


class Double:
    """A host. What it holds is changed by one request at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder  #: for the beginnings of what is uploaded
        self.folder.mkdir(parents=True, exist_ok=True)
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.hook: Callable[[Boundary], object] | None = None
        """Is called at every boundary; the connection is reset when it gives something true."""
        self.ahead = timedelta()  #: of the clock of the host
        self.url = ""
        self.lock = threading.RLock()
        self._over = threading.Event()

    def answer(self, request: Request) -> Reply:
        """What the host does, and says."""
        raise NotImplementedError

    def control(self, name: str, given: Mapping[str, Any]) -> Any:
        """What a test in another process wants: "fault", "advance", "requests", or an attribute."""
        if name == "fault":
            self.fault(str(given["name"]), **{k: v for k, v in given.items() if k != "name"})
        elif name == "advance":
            self.advance(given["seconds"])
        elif name == "set":
            for attribute, value in given.items():
                assert hasattr(self, attribute), attribute
                setattr(self, attribute, value)
        elif name == "requests":
            return [[one.method, one.path, one.status] for one in self.requests]
        else:
            raise KeyError(name)
        return None

    def fault(self, name: str, **more: Any) -> Fault:
        """Plan a failure: one of FAULTS, with some of it otherwise."""
        fault = Fault(**{**FAULTS[name], **more})
        self.faults.append(fault)
        return fault

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return (datetime.now(UTC) + self.ahead).replace(microsecond=0)

    def asked(self, method: str = "", path: str = "") -> list[Request]:
        """The requests so far, of one method, and whose path begins with a regular expression."""
        return [
            one
            for one in self.requests
            if method in ("", one.method) and re.match(path, one.path) is not None
        ]

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[None]:
        """Serve until the end of the block."""
        server = _Server(("127.0.0.1", port), _Handler)
        server.double = self
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def begin(self, request: Request) -> Fault | None:
        """Give a request its number, and the fault that is planned for it."""
        with self.lock:
            self.requests.append(request)
            request.number = len(self.requests)
            fault = next((one for one in self.faults if one.fits(request)), None)
            if fault:
                fault.times -= 1
            return fault

    def reach(self, when: str, request: Request) -> None:
        """A boundary. Raises Gone when the connection is to be reset."""
        boundary = Boundary(when, request.number, request.method, request.path)
        if self.hook is not None and self.hook(boundary):
            raise Gone

    def pause(self, seconds: float) -> None:
        self._over.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: Double

    def handle_error(self, *_: object) -> None:
        """A client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for its body
    server: _Server

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        where = urlsplit(self.path)
        if where.path.startswith("/_double/"):
            self._control(where.path.removeprefix("/_double/"))
            return
        request = Request(
            number=0,
            method=self.command,
            path=unquote(where.path),
            query=dict(parse_qsl(where.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
        )
        _hide(request)
        double = self.server.double
        fault = double.begin(request)
        try:
            self._serve(double, request, fault)
        except Gone:
            self._reset(request)

    def _serve(self, double: Double, request: Request, fault: Fault | None) -> None:
        double.reach("before", request)
        if fault and fault.delay:
            double.pause(fault.delay)
        if fault and fault.early:
            self._fail(request, fault)
            return
        try:
            self._read(request)
        except BadForm as error:
            self._send(request, Reply.of(400, {"code": 400, "message": f"invalid: {error}"}))
            return
        if fault and fault.status is not None and not fault.made:
            self._fail(request, fault)
            return
        with double.lock:
            reply = double.answer(request)
        double.reach("made", request)
        if fault and fault.status is not None:
            self._fail(request, fault)
        else:
            self._send(request, reply)
        double.reach("after", request)

    def _read(self, request: Request) -> None:
        """The body, with a boundary in its middle."""
        double = self.server.double
        if "chunked" in request.headers.get("transfer-encoding", ""):
            raise BadForm("a length is needed")
        left = length = int(request.headers.get("content-length") or 0)
        half = length // 2
        passed = not length

        def read(most: int) -> bytes:
            nonlocal left, passed
            data = self.rfile.read(min(most, left))
            if left and not data:
                raise Gone
            left -= len(data)
            if not passed and length - left > half:
                passed = True
                double.reach("body", request)
            return data

        if request.type == "multipart/form-data":
            request.form = read_form(read, request.headers["content-type"], double.folder)
            return
        pieces = []
        while data := read(65536):
            pieces.append(data)
        body = b"".join(pieces)
        if request.type == "application/json":
            with suppress(ValueError):
                request.json = json.loads(body)
        elif request.type == "application/x-www-form-urlencoded":
            request.form = dict(parse_qsl(body.decode(), keep_blank_values=True))

    def _fail(self, request: Request, fault: Fault) -> None:
        if fault.status == 0:
            raise Gone
        assert fault.status is not None
        reply = Reply(fault.status, fault.body.encode(), fault.type, fault.headers)
        if fault.early:
            self.close_connection = True
        self._send(request, reply)

    def _send(self, request: Request, reply: Reply) -> None:
        request.status = reply.status
        self._write(reply)

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        headers = {"Content-Type": reply.type, **reply.headers}
        for name, value in {**headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def _reset(self, request: Request) -> None:
        """End the connection as a machine does that breaks down: without a word."""
        request.status = 0
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _control(self, name: str) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        double = self.server.double
        with double.lock:
            said = double.control(name, json.loads(data) if data else {})
        self._write(Reply.of(200, said))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one_request  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def _hide(request: Request) -> None:
    """Keep of a token only what tells it from another one."""
    authorization = request.headers.get("authorization", "")
    request.authorization = authorization
    if authorization:
        kind, _, token = authorization.partition(" ")
        sum = hashlib.sha256(token.encode()).hexdigest()
        request.headers["authorization"] = f"{kind} #{sum[:8]}"
