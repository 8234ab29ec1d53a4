"""A small live feed on loopback whose server does everything right, until a test says otherwise."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID, uuid5

from PIL import Image

from .catalogs import MEDIA
from .servers import certificate

SOUND = (MEDIA / "cbr.mp3").read_bytes()
GUID_OF = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


def picture(
    width: int = 1400, height: int = 1400, mode: str = "RGB", kind: str = "PNG", **how: object
) -> bytes:
    """Artwork of one colour; `how` it is saved."""
    made = io.BytesIO()
    Image.new(mode, (width, height)).save(made, kind, **how)
    return made.getvalue()


@dataclass
class File:
    """What stands at a path, and how it is served."""

    body: bytes | Callable[[], bytes]
    type: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    head: bool = True  #: is HEAD answered?
    ranges: bool = True
    past_end: int = 416
    length: int | None = None  #: as told; None = the truth
    known_by: str = "ETag Last-Modified"  #: validators
    packed: bool = False  #: with gzip, for who takes it
    drips: bool = False  #: never comes to an end
    hangs: bool = False  #: says nothing at all


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]


class Live:
    """The server: its files, and what it was asked."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.files: dict[str, File] = {}
        self.asked: list[Asked] = []
        self.over = threading.Event()

    @property
    def feed(self) -> str:
        return f"{self.base}/feed.xml"

    def publish(self, **channel: str) -> None:
        """A feed with two episodes and all that it names; `channel` replaces its parts."""
        text = rss(self.base, **channel)
        self.files = {
            "/feed.xml": File(
                text.encode(), "application/rss+xml; charset=utf-8",
                headers={"Cache-Control": "max-age=300"}, packed=True,
            ),
            "/one.mp3": File(SOUND, "audio/mpeg"),
            "/two.mp3": File(SOUND, "audio/mpeg"),
            "/cover.png": File(COVER, "image/png"),
            "/one.vtt": File(b"WEBVTT\n", "text/vtt", headers={"Access-Control-Allow-Origin": "*"}),
            "/one.json": File(
                b"{}", "application/json+chapters", headers={"Access-Control-Allow-Origin": "*"}
            ),
        }  # fmt: skip

    def change(self, path: str, **how: object) -> None:
        """Serve a file otherwise."""
        for name, value in how.items():
            assert hasattr(self.files[path], name)
            setattr(self.files[path], name, value)

    def rewrite(self, old: str, new: str) -> None:
        """The feed with another text in it, everywhere."""
        body = self.files["/feed.xml"].body
        assert isinstance(body, bytes)
        assert old.encode() in body, old
        self.files["/feed.xml"].body = body.replace(old.encode(), new.encode())


COVER = picture()

CHANNEL = {
    "own": '<atom:link rel="self" type="application/rss+xml" href="{base}/feed.xml"/>',
    "guid": "<podcast:guid>{guid}</podcast:guid>",
    "language": "<language>sv</language>",
    "more": "",
    "items": "",
}


def item(base: str, name: str, date: str, more: str = "") -> str:
    return (
        f"<item><title>{name}</title><guid isPermaLink='false'>guid-{name}</guid>"
        f"<pubDate>{date}</pubDate>"
        f'<enclosure url="{base}/{name}.mp3" length="{len(SOUND)}" type="audio/mpeg"/>{more}</item>'
    )


def rss(base: str, **channel: str) -> str:
    """A feed that is as it should be."""
    guid = uuid5(GUID_OF, f"{base}/feed.xml".partition("://")[2])
    parts = {
        name: channel.get(name, text).format(base=base, guid=guid) for name, text in CHANNEL.items()
    }
    side = (
        f'<podcast:transcript url="{base}/one.vtt" type="text/vtt"/>'
        f'<podcast:chapters url="{base}/one.json" type="application/json+chapters"/>'
    )
    items = parts.pop("items") or "".join(
        [
            item(base, "one", "Tue, 22 Jun 2021 09:00:00 +0200", side),
            item(base, "two", "Wed, 23 Jun 2021 09:00:00 GMT"),
        ]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        ' xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>\n'
        "<title>Samtal</title><link>https://podd.example/</link>\n"
        f"<description>Om allt. {'Samtal om Nordvik. ' * 90}</description>\n"
        '<itunes:category text="Government"/><itunes:explicit>false</itunes:explicit>\n'
        f'<itunes:image href="{base}/cover.png"/>\n' + "\n".join([*parts.values(), items])
        + "\n</channel></rss>\n"
    )  # fmt: skip


@contextmanager
def live(*, host: str = "127.0.0.1", tls: Path | None = None, name: str = "") -> Iterator[Live]:
    """A server for the length of a block; with `tls`, its certificate is for `name`."""
    servers: list[Live] = []

    class Handler(_Handler):
        @property
        def live(self) -> Live:
            return servers[0]

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that went away."""

    server = Server((host, 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(tls, name or host))
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "https" if tls else "http"
    servers.append(Live(f"{scheme}://{host}:{server.server_port}"))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield servers[0]
    finally:
        servers[0].over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def speaking(answer: bytes, drip: bytes = b"") -> Iterator[int]:
    """A server that says these bytes to whoever asks, and hangs up; with its port.

    With `drip` it does not hang up, and says that again and again.
    """
    over = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answer)
            while drip and not over.wait(0.02):
                self.wfile.write(drip)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that went away."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def live(self) -> Live:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.live.asked.append(Asked(self.command, self.path, dict(self.headers.items())))
        file = self.live.files.get(self.path)
        if file is None:
            self._answer(404, {"Content-Length": "0"}, b"")
        elif file.hangs:
            self.live.over.wait()
            self.close_connection = True
        elif self.command == "HEAD" and not file.head:
            self._answer(405, {"Content-Length": "0"}, b"")
        else:
            self._serve(file)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server wants

    def _serve(self, file: File) -> None:
        body = file.body if isinstance(file.body, bytes) else file.body()
        headers = {"Content-Type": file.type, **file.headers}
        validators = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:12]}"',
            "Last-Modified": "Tue, 22 Jun 2021 07:00:00 GMT",
        }
        validators = {name: value for name, value in validators.items() if name in file.known_by}
        status = file.status
        known = self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since")
        if known in validators.values():  # RFC 9110, 13.2.2: the first of them decides
            self._answer(304, validators, b"")
            return
        if file.packed and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted and file.ranges and status == 200:
            first, last = int(wanted[1]), int(wanted[2] or len(body) - 1)
            total = len(body) if file.length is None else file.length
            if first >= total:
                status, body = file.past_end, b""
            else:
                headers.setdefault("Content-Range", f"bytes {first}-{last}/{total}")
                status, body = 206, body[first : last + 1]
        told = len(body) if file.length is None or status != 200 else file.length
        self._answer(status, {"Content-Length": str(told), **headers, **validators}, body, file)

    def _answer(
        self, status: int, headers: dict[str, str], body: bytes, file: File | None = None
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(body)
        if file and headers["Content-Length"] != str(len(body)):
            self.close_connection = True
        while file and file.drips and not self.live.over.wait(0.02):
            self.wfile.write(b" ")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""
