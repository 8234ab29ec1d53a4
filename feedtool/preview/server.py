"""Serve an output folder on loopback, as a good web server would: parts, HEAD, conditions, types.

The only module that knows Starlette and uvicorn.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from ..publish.served import Rank, rank_of, type_of

HOST = "127.0.0.1"
FIRST_PORT = 8123
_TRIES = 100

NAMES = ["127.0.0.1", "localhost"]
"""Under other names a page of somebody else could read the preview through the browser."""

_RANGE = rb"\s*(?:\d{1,18}-\d{0,18}|-\d{1,18})\s*"
_RANGES = re.compile(rb"bytes=" + _RANGE + rb"(?:," + _RANGE + rb")*", re.IGNORECASE)

Banner = Callable[[], str]
"""HTML that stands on top of every page; "" = nothing to say."""


def address_of(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}/"


def free_socket(port: int | None) -> socket.socket:
    """Listening on the port, or on the next that is free from the usual one.

    Raises OSError when that very port was asked for and is taken.
    """
    for number in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + _TRIES):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
            listener.listen(128)
        except OSError:
            listener.close()
            if port is not None:
                raise
            continue
        return listener
    raise OSError("no free port")


class _Files(StaticFiles):
    """Files with the types they will be published with, and a banner on pages."""

    def __init__(self, folder: Path, banner: Banner) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._banner = banner

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        path = Path(full_path)
        folder = Path(str(self.directory)).resolve()
        name = path.resolve().relative_to(folder).as_posix()
        kind = type_of(name)
        # nothing may be kept: the next look may be at another version
        headers = {"Cache-Control": "no-cache"}
        # players need it; with the rest, a page of somebody else could read what is not published
        if rank_of(name) is Rank.SIDE:
            headers["Access-Control-Allow-Origin"] = "*"
        answer: Response
        if rank_of(name) is Rank.MEDIA:
            answer = FileResponse(
                full_path, status_code, headers, media_type=kind, stat_result=stat_result
            )
        else:
            answer = self._text(path, kind, headers, status_code)
        answer.headers["Content-Type"] = kind
        # Starlette refuses what must be ignored (RFC 9110 section 14.2)
        scope["headers"] = [
            (name, value)
            for name, value in scope["headers"]
            if name != b"range" or _is_range(value)
        ]
        if self.is_not_modified(answer.headers, Headers(scope=scope)):
            return NotModifiedResponse(answer.headers)
        return answer

    def _text(self, path: Path, kind: str, headers: dict[str, str], status: int) -> Response:
        """A page, a feed or a transcript, read at once: a build may put another in its place, and
        an answer that tells the size of the one and holds the other is cut off."""
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:  # it was there a moment ago
            raise HTTPException(404) from error
        banner = self._banner() if kind.startswith("text/html") else ""
        content = content.replace(b"<body>", b"<body>" + banner.encode(), 1)
        headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
        return Response(content, status, headers)


def _is_range(value: bytes) -> bool:
    """Does a Range header ask for bytes, none of them ending before they begin?"""
    within = re.findall(rb"(\d+)-(\d+)", value)
    return bool(_RANGES.fullmatch(value)) and all(int(one) <= int(two) for one, two in within)


def serve(
    folder: Path, listener: socket.socket, banner: Banner, as_in_an_app: Callable[[], str]
) -> None:
    """Answer until the process is interrupted. `as_in_an_app` makes the page /_preview."""

    def app_view(request: Request) -> Response:
        return HTMLResponse(as_in_an_app(), headers={"Cache-Control": "no-cache"})

    application = Starlette(
        routes=[
            Route("/_preview", app_view),
            Mount("/", _Files(folder, banner)),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=NAMES)],
    )
    config = uvicorn.Config(
        application, log_level="error", lifespan="off", server_header=False, timeout_keep_alive=2,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    # a player that still reads is cut off then, which is no news to who ended it
    logging.getLogger("uvicorn.error").addFilter(lambda record: not server.should_exit)
    server.run(sockets=[listener])
