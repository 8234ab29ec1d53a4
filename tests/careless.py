"""A server on loopback that does with each request what a test says, also what no server should."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """One request, and the means to answer it."""

    path: str
    headers: Message  #: names in any case
    number: int  #: which one it is for this path: 1, 2...
    handler: BaseHTTPRequestHandler
    over: threading.Event  #: the test is done

    def answer(
        self, status: int, body: bytes = b"", *, cut: int | None = None, **headers: Any
    ) -> None:
        """A whole answer; with `cut`, only so many bytes of the body, and then the line is dead.

        Headers are written with "_" for "-"; None leaves out one that would be sent.
        """
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        sent = {"Content-Length": str(len(body)), **named}
        self.handler.send_response(status)
        for name, text in sent.items():
            if text is not None:
                self.handler.send_header(name, text)
        self.handler.end_headers()
        self.handler.wfile.write(body if cut is None else body[:cut])
        if cut is not None or sent["Content-Length"] is None:
            self.hang_up()

    def say(self, data: bytes) -> None:
        """As it is."""
        self.handler.wfile.write(data)

    def reset(self) -> None:
        """Hang up as a machine does that lost its mind: what was sent may be lost as well."""
        linger = struct.pack("ii", 1, 0)
        self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.handler.close_connection = True

    def hang_up(self) -> None:
        self.handler.wfile.flush()
        self.handler.close_connection = True
        self.handler.connection.shutdown(socket.SHUT_RDWR)


@dataclass
class Careless:
    """The server, and what it was asked."""

    base: str
    asked: list[Request] = field(default_factory=list)
    most_at_once: int = 0
    connections: int = 0

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


@contextmanager
def careless(serve: Callable[[Request], None], host: str = "127.0.0.1") -> Iterator[Careless]:
    """From when it listens to the end of the block."""
    over, lock, asked = threading.Event(), threading.Lock(), Counter[str]()
    now = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers would wait for the body

        def setup(self) -> None:
            super().setup()
            made.connections += 1

        def do_GET(self) -> None:
            nonlocal now
            with lock:
                asked[self.path] += 1
                request = Request(self.path, self.headers, asked[self.path], self, over)
                made.asked.append(request)
                now += 1
                made.most_at_once = max(made.most_at_once, now)
            try:
                serve(request)
            finally:
                with lock:
                    now -= 1

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: object) -> None:
            """A client that went away."""

    server = Server((host, 0), Handler)
    made = Careless(f"http://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


_RANGE = re.compile(r"bytes=(\d+)-")


def serve_file(
    request: Request,
    body: bytes,
    *,
    etag: str | None = '"one"',
    modified: str | None = None,
    cut: int | None = None,
    type: str = "audio/mpeg",
) -> None:
    """As a server that knows ranges does it; `cut` = the line is dead after so many bytes."""
    known = {"ETag": etag, "Last_Modified": modified}
    about: dict[str, Any] = {name: text for name, text in known.items() if text}
    about["Content_Type"] = type
    wanted = _RANGE.fullmatch(request.headers.get("Range") or "")
    same = request.headers.get("If-Range") in (etag, modified, None)
    if not wanted or not same:
        request.answer(200, body, cut=cut, **about)
        return
    first = int(wanted[1])
    if first >= len(body):
        request.answer(416, b"", Content_Range=f"bytes */{len(body)}", **about)
        return
    range_ = f"bytes {first}-{len(body) - 1}/{len(body)}"
    request.answer(206, body[first:], cut=cut, Content_Range=range_, **about)
