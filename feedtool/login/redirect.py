"""The answer that the browser brings: one request to a server on this machine.

Answers nobody but the browser that the host sent: the address, the name of the server and the
state have to be right. Everything else is turned away and waited out.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from time import monotonic
from typing import Any

from ..errors import AccessError, UsageError
from ..language import N_
from .oauth import Begun, OtherAnswerError

PATH = "/feedtool"
PATIENCE = 300.0
"""Seconds for a person to say yes."""
_MOMENT = 0.25
"""Seconds after which Ctrl+C is heard on Windows."""
_SILENCE = 10.0
"""Seconds for a browser that has connected to say something: some connect ahead."""

_PAGE = """\
<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>feedtool</title>
<h1>feedtool</h1>
<p>{text}</p>
</html>
"""
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address holds the code
    "Cache-Control": "no-store",
    "Connection": "close",
}


def redirect_of(port: int) -> str:
    """The address to be registered at the host."""
    return f"http://127.0.0.1:{port}{PATH}"


class Redirect:
    """Waits for the browser at `redirect_of(port)`; `told` has the words of the pages."""

    def __init__(self, port: int, language: str, done: str, wrong: str) -> None:
        self.port = port
        self._language = language
        self._done = done
        self._wrong = wrong
        self._begun: Begun | None = None
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._over = False

    def expect(self, begun: Begun) -> None:
        """From now on, the answer to this is taken."""
        self._begun = begun

    def wait(self, patience: float = PATIENCE) -> str:
        """The address that the browser was sent to. Raises AccessError when none comes."""
        end = monotonic() + patience
        while True:
            left = end - monotonic()
            try:
                return self._answers.get(timeout=max(0.001, min(left, _MOMENT)))
            except queue.Empty:
                if left <= 0:
                    raise AccessError(
                        N_("nobody said yes in the browser within {minutes} minutes"),
                        N_("run the same command again; add  --no-browser  if the browser is on"
                           " another machine"),
                        minutes=max(1, round(patience / 60)),
                    ) from None  # fmt: skip

    def page(self, handler: BaseHTTPRequestHandler) -> tuple[int, str]:
        """The status and the text for a request; 200 for a right one, once."""
        named = handler.headers.get_all("Host") or []
        if named != [f"127.0.0.1:{self.port}"]:  # another site that leads here (DNS rebinding)
            return 403, self._wrong
        if handler.path.partition("?")[0] != PATH:
            return 404, self._wrong
        with self._lock:
            if self._begun is None or self._over:
                return 410, self._wrong
            try:
                self._begun.code(handler.path)
            except OtherAnswerError:
                return 400, self._wrong
            except AccessError:
                pass  # no is an answer too: it is told by who waits
            self._over = True
        return 200, self._done

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """End the waiting with the answer that a request brought."""
        self._answers.put(redirect_of(self.port) + handler.path.removeprefix(PATH))

    def write(self, handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
        body = _PAGE.format(language=self._language, text=escape(text)).encode()
        handler.send_response(status)
        for name, value in _HEADERS.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)


def _handler_of(redirect: Redirect) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _SILENCE
        server_version = "feedtool"
        sys_version = ""

        def do_GET(self) -> None:
            status, text = redirect.page(self)
            try:
                redirect.write(self, status, text)
            finally:
                if status == 200:  # not before: who waits for it may end the process
                    redirect.take(self)

        def do_HEAD(self) -> None:
            # looked at ahead, which uses nothing up
            redirect.write(self, 405, "")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the address holds the code."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser may keep a connection on which it says nothing
    # on Windows it would let another program listen at the same port
    allow_reuse_address = os.name == "posix"

    def server_bind(self) -> None:
        """Without looking up the name of this machine, which takes seconds on some."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that goes away is no matter."""


@contextmanager
def listening(port: int, language: str, done: str, wrong: str) -> Iterator[Redirect]:
    """A server for the browser, to the end of the block. Raises UsageError for a port in use."""
    redirect = Redirect(port, language, done, wrong)
    try:
        server = _Server(("127.0.0.1", port), _handler_of(redirect))
    except OSError as error:
        raise UsageError(
            N_("port {port} of this machine cannot be used: {reason}"),
            N_("end the program that uses it, or name another one with  --port , which the app"
               " must be registered with too:  {redirect}"),
            port=port, reason=error.strerror or type(error).__name__,
            redirect=redirect_of(port),
        ) from error  # fmt: skip
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield redirect
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
