"""Where tests publish to: a place of each kind, and a web server that shows what is there.

Every place can be reached through a proxy that counts, so that a publish can be ended at any
moment of its talk with the place.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from getpass import getuser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from feedtool.publish.half import HALF
from feedtool.publish.served import type_of
from feedtool.publish.target import STATE_FILE

from .catalogs import tree
from .servers import library

KINDS = ("directory", "sftp", "s3", "webdav")


@dataclass
class Site:
    """A place, what opens it, and ways around it."""

    url: str  #: with {port}, when there is one
    env: dict[str, str]
    everything: Callable[[], dict[str, bytes]]
    reset: Callable[[Mapping[str, bytes]], None]  #: to hold exactly these files
    read: Callable[[str], bytes | None]
    port: int = 0  #: of the place itself; 0 = a folder here
    knows: Callable[[int], None] = lambda port: None  #: makes it known at another port

    def address(self, port: int = 0) -> str:
        """For the command line; through another port, if one is given."""
        self.knows(port or self.port)
        return self.url.format(port=port or self.port)

    def files(self) -> dict[str, bytes]:
        """What there is for the world."""
        return {
            path: data
            for path, data in self.everything().items()
            if HALF not in path and path != STATE_FILE  # a folder of ours, too
        }


@contextmanager
def site(kind: str, here: Path) -> Iterator[Site]:
    """An empty place of this kind."""
    with ExitStack() as stack:
        if kind == "s3":
            yield stack.enter_context(_s3(here))
            return
        folder = here / "www"
        folder.mkdir(exist_ok=True)

        def read(path: str) -> bytes | None:
            return (folder / path).read_bytes() if (folder / path).is_file() else None

        made = Site(
            f"file://{folder}", {}, lambda: tree(folder), lambda new: _refill(folder, new), read
        )
        if kind == "webdav":
            made = _webdav(made, stack, here)
        elif kind == "sftp":
            made = _sftp(made, stack, here, folder)
        yield made


def _refill(folder: Path, files: Mapping[str, bytes]) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _webdav(made: Site, stack: ExitStack, here: Path) -> Site:
    from .test_target_webdav import wsgidav_server

    (here / "www").rmdir()  # it makes its own
    server = stack.enter_context(wsgidav_server(here))
    assert server.address.port
    return replace(made, url="dav://127.0.0.1:{port}/dav", port=server.address.port)


def _sftp(made: Site, stack: ExitStack, here: Path, folder: Path) -> Site:
    from .test_target_sftp import openssh_server

    server = stack.enter_context(openssh_server(here))
    key, hosts = server.secrets.key_file, server.secrets.known_hosts
    assert hosts
    kind, text = hosts.read_text("ascii").split()[1:]

    def knows(port: int) -> None:
        with hosts.open("a", encoding="ascii") as file:
            file.write(f"[127.0.0.1]:{port} {kind} {text}\n")

    env = {"FEEDTOOL_TARGET_KEY_FILE": str(key), "FEEDTOOL_TARGET_KNOWN_HOSTS": str(hosts)}
    env |= {name.replace("TARGET", "WEBB"): value for name, value in env.items()}
    url = f"sftp://{getuser()}@127.0.0.1:{{port}}{folder}"
    return replace(made, url=url, env=env, port=server.address.port, knows=knows)


AWS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}


@contextmanager
def _s3(here: Path) -> Iterator[Site]:
    boto3 = library("boto3", 'pip install "feedtool[s3]"')
    server = library("moto.server", "pip install moto[s3]")
    thread = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    thread.start()
    _, port = thread.get_host_and_port()
    client = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
        aws_access_key_id="key", aws_secret_access_key="secret",
    )  # fmt: skip
    bucket = f"podd-{here.name.replace('_', '-').lower()}"[:60].rstrip("-")
    client.create_bucket(Bucket=bucket)

    def objects() -> dict[str, bytes]:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        names = [one["Key"] for page in pages for one in page.get("Contents", ())]
        return {name: client.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}

    def read(path: str) -> bytes | None:
        try:
            data: bytes = client.get_object(Bucket=bucket, Key=path)["Body"].read()
        except client.exceptions.NoSuchKey:
            return None
        return data

    def reset(files: Mapping[str, bytes]) -> None:
        for name in objects():
            client.delete_object(Bucket=bucket, Key=name)
        for name, data in files.items():
            client.put_object(Bucket=bucket, Key=name, Body=data)

    try:
        yield Site(
            f"s3://{bucket}?endpoint=http://127.0.0.1:{{port}}", AWS, objects, reset, read, port
        )
    finally:
        client.close()
        thread.stop()


# --- between a publish and its place ---------------------------------------------------------


@dataclass
class Proxy:
    """Hands on what both sides say. `heard` is called before what the client says is handed on."""

    port: int
    heard: Callable[[bytes], bool | bytes] = lambda data: True
    """False = the connection breaks; bytes = the answer, which is not the place's."""
    pieces: int = 0  #: that the client said
    size: int = 0  #: bytes of them


@contextmanager
def proxy(to: int) -> Iterator[Proxy]:
    """In front of a port of this machine."""
    server = socket.create_server(("127.0.0.1", 0))
    made = Proxy(server.getsockname()[1])
    lock = threading.Lock()
    open_: list[socket.socket] = [server]

    def hand_on(one: socket.socket, other: socket.socket, *, client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                if client:
                    with lock:
                        made.pieces += 1
                        made.size += len(data)
                    word = made.heard(data)
                    if isinstance(word, bytes):
                        one.sendall(word)
                        while one.recv(1 << 16):  # what it would still say
                            pass
                    if word is not True:
                        break
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def accept() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            try:
                place = socket.create_connection(("127.0.0.1", to))
            except OSError:
                client.close()
                continue
            open_.extend((client, place))
            for one, other, is_client in ((client, place, True), (place, client, False)):
                threading.Thread(
                    target=hand_on, args=(one, other), kwargs={"client": is_client}, daemon=True
                ).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        for one in open_:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        thread.join()


# --- the web ---------------------------------------------------------------------------------


@dataclass
class Answer:
    """What the web gives; a test changes it to be a faulty server."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Web:
    """A web server that knows ranges, and what it was asked."""

    port: int
    read: Callable[[str], bytes | None] = lambda path: None
    change: Callable[[str, Answer], Answer | None] = lambda path, answer: answer  #: None = no word
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)  #: method, path, body
    tokens: list[str] = field(default_factory=list)  #: with which it was asked

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def posted(self) -> list[dict[str, str]]:
        """The forms that were posted."""
        bodies = [body for method, _, body in self.asked if method == "POST"]
        return [dict(parse_qsl(body.decode())) for body in bodies]


_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@contextmanager
def web() -> Iterator[Web]:
    """A web server for what a place holds; it takes any POST, as a hub does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_HEAD(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.tokens += self.headers.get_all("Authorization", [])
            made.asked.append(("POST", self.path, body))
            self._give(made.change(self.path.lstrip("/"), Answer(202, b"", {})))

        def _answer(self) -> None:
            made.tokens += self.headers.get_all("Authorization", [])
            made.asked.append((self.command, self.path, b""))
            path = self.path.lstrip("/").partition("?")[0]
            data = made.read(path)
            if data is None:
                self._give(made.change(path, Answer(404, b"", {})))
                return
            headers = {"Content-Type": type_of(path), "Accept-Ranges": "bytes"}
            answer = Answer(200, data, headers)
            wanted = _RANGE.fullmatch(self.headers.get("Range", ""))
            if wanted:
                first, last = int(wanted[1]), int(wanted[2] or len(data) - 1)
                headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
                answer = Answer(206, data[first : last + 1], headers)
            self._give(made.change(path, answer))

        def _give(self, answer: Answer | None) -> None:
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that went away."""

    server = Server(("127.0.0.1", 0), Handler)
    made = Web(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
