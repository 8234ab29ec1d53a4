"""A server over WebDAV: WsgiDAV, which keeps conditions, rclone and nginx, which ignore them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from feedtool.errors import AccessError, ChangedError, FeedtoolError, TargetError, UsageError
from feedtool.publish.dav import DavAddress
from feedtool.publish.half import halves_of
from feedtool.publish.secrets import Secrets
from feedtool.publish.target import ABSENT, STATE_FILE
from feedtool.publish.webdav import WebDav
from feedtool.secret import Secret

from .delivery_contract import *  # noqa: F403
from .outside import missing, program
from .servers import answering, free_port, library, rclone, running
from .sites import proxy
from .target_contract import *  # noqa: F403
from .target_contract import Make, Place


@dataclass
class Server:
    """A server with a folder, and what opens it."""

    address: DavAddress
    folder: Path
    secrets: Secrets = field(default_factory=Secrets)
    keeps: bool = False  #: conditions
    log: Callable[[], str] = lambda: ""

    def open(self) -> WebDav:
        return WebDav(self.address, self.secrets)


@contextmanager
def wsgidav_server(here: Path, infinity: str = "kept", **settings: Any) -> Iterator[Server]:
    wsgi = library("cheroot.wsgi", "pip install cheroot")
    WsgiDAVApp = library("wsgidav.wsgidav_app", "pip install wsgidav").WsgiDAVApp  # noqa: N806
    folder = here / "www"
    folder.mkdir()
    asked: list[str] = []
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/dav": str(folder)},
            "simple_dc": {"user_mapping": {"*": True}},
            "logging": {"enable": False},
            "verbose": 0,
            **settings,
        }
    )

    def noted(environ: dict[str, Any], start: Any) -> Any:
        asked.append(f"{environ['REQUEST_METHOD']} {environ.get('HTTP_DEPTH', '')}".strip())
        if environ.get("HTTP_DEPTH") == "infinity" and infinity == "refused":
            start("403 Forbidden", [("Content-Length", "0")])
            return [b""]
        if environ.get("HTTP_DEPTH") == "infinity" and infinity == "one level":
            environ["HTTP_DEPTH"] = "1"
        return app(environ, start)

    server = wsgi.Server(("127.0.0.1", 0), noted)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        address = DavAddress("127.0.0.1", "/dav", False, server.bind_addr[1])
        yield Server(address, folder, keeps=True, log=lambda: "\n".join(asked))
    finally:
        server.stop()
        thread.join()


@contextmanager
def rclone_server(here: Path) -> Iterator[Server]:
    folder, port = here / "www", free_port()
    folder.mkdir()
    command = [
        rclone(), "serve", "webdav", folder, "--addr", f"127.0.0.1:{port}", "--config",
        here / "none", "--user", "podd", "--pass", "rätt",
    ]  # fmt: skip
    with running(command, port, here / "log"):
        yield Server(
            DavAddress("127.0.0.1", "/", False, port, "podd"),
            folder,
            Secrets(password=Secret("rätt"), variables="FEEDTOOL_WEBB"),
        )


NGINX = """
load_module {modules}/ngx_http_dav_ext_module.so;
daemon off; master_process off; pid {here}/pid; error_log {here}/log; {user}
events {{ }}
http {{
  log_format asked '$request_method $http_depth'; access_log {here}/access asked;
  client_body_temp_path {here}/body;
  proxy_temp_path {here}/a; fastcgi_temp_path {here}/b; uwsgi_temp_path {here}/c;
  scgi_temp_path {here}/d; client_max_body_size 30m;
  server {{
    listen 127.0.0.1:{port}; root {here}/www;
    location / {{
      dav_methods PUT DELETE MKCOL COPY MOVE; dav_ext_methods PROPFIND OPTIONS;
      dav_access user:rw group:r all:r;
    }}
  }}
}}
"""


@contextmanager
def nginx_server(here: Path) -> Iterator[Server]:
    how = "apt-get install nginx libnginx-mod-http-dav-ext"
    nginx = "/usr/sbin/nginx"  # Debian does not put it into the PATH of people
    if not Path(nginx).exists():
        nginx = program("nginx", how)
    modules = Path("/usr/lib/nginx/modules")
    if not (modules / "ngx_http_dav_ext_module.so").exists():
        missing("nginx' dav-ext module", how)
    folder, port = here / "www", free_port()
    folder.mkdir()
    config = here / "config"
    user = "user root;" if here.owner() == "root" else ""
    config.write_text(NGINX.format(modules=modules, here=here, port=port, user=user), "utf-8")
    with running([nginx, "-c", config, "-e", here / "log"], port, here / "out"):
        yield Server(
            DavAddress("127.0.0.1", "/", False, port),
            folder,
            log=lambda: (here / "access").read_text("utf-8"),
        )


SERVERS = {"WsgiDAV": wsgidav_server, "rclone": rclone_server, "nginx": nginx_server}


@pytest.fixture(params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with SERVERS[request.param](tmp_path) as server:
        yield server


@pytest.fixture
def place(site: Server) -> Iterator[Place]:
    target = site.open()
    yield Place(target, site.open)
    target.close()


@pytest.fixture
def wsgidav(tmp_path: Path) -> Iterator[Server]:
    with wsgidav_server(tmp_path) as server:
        yield server


# conditions


def test_conditions_are_tried_once_and_nothing_is_left(site: Server) -> None:
    target = site.open()
    assert target.compares is site.keeps
    assert list(site.folder.iterdir()) == []
    assert target.conditions is site.keeps


def test_a_changed_file_is_noticed_also_where_conditions_are_ignored(
    site: Server, artifact: Make
) -> None:
    target = site.open()
    target.put("state.json", artifact(b"one"))
    with pytest.raises(ChangedError):
        target.put("state.json", artifact(b"twotwo"), if_unchanged=ABSENT)
    assert target.read("state.json") == b"one"
    assert [one.name for one in site.folder.iterdir()] == ["state.json"]


# halves


def test_the_half_of_a_killed_publish_is_removed(site: Server, artifact: Make) -> None:
    half = site.folder / f"{halves_of('feed.xml')}0"
    half.write_bytes(b"longer than the whole")
    target = site.open()
    assert dict(target.list()) == {}
    target.put("feed.xml", artifact(b"<rss/>"))
    assert target.read("feed.xml") == b"<rss/>"
    assert [one.name for one in site.folder.iterdir()] == ["feed.xml"]


# listings


def test_one_question_for_everything(wsgidav: Server, artifact: Make) -> None:
    target = wsgidav.open()
    for path in ("a/b/c.txt", "a/d.txt", "e/f/g/h.txt", STATE_FILE):
        target.put(path, artifact(path.encode()))
    before = wsgidav.log().count("PROPFIND")
    assert len(wsgidav.open().list()) == 4
    assert wsgidav.log().count("PROPFIND") == before + 1


@pytest.mark.parametrize("infinity", ["refused", "one level"])
def test_where_it_is_not_answered_folders_are_walked(
    infinity: str, tmp_path: Path, artifact: Make
) -> None:
    with wsgidav_server(tmp_path, infinity) as server:
        target = server.open()
        paths = [STATE_FILE, "a/b/c.txt", "a/d.txt", "e.txt"]
        for path in paths:
            target.put(path, artifact(path.encode()))
        (server.folder / "empty").mkdir()
        assert sorted(target.list()) == paths
        assert sorted(target.list("a/")) == ["a/b/c.txt", "a/d.txt"]
        before = server.log().count("PROPFIND")
        target.list()
        assert server.log().count("PROPFIND") - before == 4  # one for each folder


def test_the_state_is_listed_where_names_with_a_dot_are_not(site: Server, artifact: Make) -> None:
    target = site.open()
    target.put(STATE_FILE, artifact(b"{}"), if_unchanged=ABSENT)
    seen = target.list()[STATE_FILE]
    assert target.list(STATE_FILE) == {STATE_FILE: seen}
    target.put(STATE_FILE, artifact(b"{ }"), if_unchanged=seen)
    assert target.read(STATE_FILE) == b"{ }"


def test_the_state_is_looked_for_in_its_folder_alone(wsgidav: Server, artifact: Make) -> None:
    target = wsgidav.open()
    target.put("media/er.mp3", artifact(b"x"))
    target.put(STATE_FILE, artifact(b"{}"))
    before = wsgidav.log()
    assert list(target.list(STATE_FILE)) == [STATE_FILE]
    assert wsgidav.log()[len(before) :].split() == ["PROPFIND", "1"]


# logging in


def fault(
    target: WebDav, does: Callable[[WebDav], object] = lambda target: target.list()
) -> FeedtoolError:
    with pytest.raises(FeedtoolError) as caught:
        does(target)
    told = f"{caught.value} {caught.value.mend.format(**caught.value.params)}"
    assert "rätt" not in told
    assert "right" not in told.replace("if that is right", "")
    assert "\n" not in told
    return caught.value


@pytest.mark.parametrize("password", ["fel", ""])
def test_a_wrong_password(password: str, tmp_path: Path) -> None:
    with rclone_server(tmp_path) as server:
        error = fault(replace(server, secrets=Secrets(password=Secret(password))).open())
    assert isinstance(error, AccessError)
    assert "FEEDTOOL_TARGET_PASSWORD" in error.mend.format(**error.params)


def test_a_server_that_takes_the_password_as_a_digest_only(tmp_path: Path, artifact: Make) -> None:
    settings: dict[str, Any] = {
        "simple_dc": {"user_mapping": {"*": {"podd": {"password": "right"}}}},
        "http_authenticator": {
            "accept_basic": False, "accept_digest": True, "default_to_digest": True,
        },
    }  # fmt: skip
    with wsgidav_server(tmp_path, **settings) as server:
        server.address = replace(server.address, user="podd")
        right = WebDav(server.address, Secrets(password=Secret("right")))
        right.put("feed.xml", artifact(b"<rss/>"))
        assert right.read("feed.xml") == b"<rss/>"
        wrong = WebDav(server.address, Secrets(password=Secret("fel")))
        assert isinstance(fault(wrong), AccessError)


def test_a_password_is_not_told_where_others_can_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def send(_self: object, request: Any, **_: object) -> Any:
        sent.append(request.headers.get("Authorization", ""))
        raise requests.ConnectionError("there is no network in a test")

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    address = DavAddress("www.example", "/", False, None, "podd")
    fault(WebDav(address, Secrets(password=Secret("right"))))
    assert sent == [""]
    with pytest.raises(UsageError) as caught:
        WebDav(address, Secrets(token=Secret("right")))
    assert "davs://" in caught.value.mend


def test_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(404) as (port, _):
        address = DavAddress("127.0.0.1", "/", False, port)
        target = WebDav(address, Secrets(token=Secret("right")))
        seen: list[str] = []
        target._dav._session.hooks["response"].append(
            lambda got, **_: seen.append(got.request.headers["Authorization"])
        )
        target.list()
        assert set(seen) == {"Bearer right"}


# what goes wrong


@contextmanager
def at(port: int, tls: bool = False, host: str = "127.0.0.1") -> Iterator[WebDav]:
    target = WebDav(DavAddress(host, "/dav", tls, port), Secrets())
    yield target
    target.close()


LISTED = (
    b'<multistatus xmlns="DAV:"><response><href>/other/feed.xml</href><propstat><prop/></propstat>'
    b"</response></multistatus>"
)


@pytest.mark.parametrize(
    ("status", "body", "kind", "text"),
    [
        (401, b"", AccessError, "does not let us in"),
        (403, b"", AccessError, "403"),
        (405, b"", TargetError, "which WebDAV needs"),
        (501, b"", TargetError, "which WebDAV needs"),
        (409, b"", TargetError, "there is no folder"),
        (413, b"", TargetError, "too large"),
        (500, b"", TargetError, "failed: 500"),
        (503, b"", TargetError, "failed: 503"),
        (507, b"", TargetError, "has no room left"),
        (200, b"<html>Welcome", TargetError, "which WebDAV needs"),
        (423, b"", TargetError, "is locked by somebody"),
        (207, b"<html>Welcome", TargetError, "does not list what it has"),
        (207, b"<D:multi", TargetError, "does not list what it has"),
        (207, LISTED, TargetError, "outside of the address"),
    ],
)
def test_what_a_server_refuses(
    status: int, body: bytes, kind: type, text: str, artifact: Make
) -> None:
    with answering(status, body) as (port, _), at(port) as target:
        errors = [fault(target), fault(target, lambda one: one.put("feed.xml", artifact(b"x")))]
    for error in errors:
        assert isinstance(error, kind), error
        assert text in str(error)


def test_what_is_safe_is_asked_three_times_where_the_server_is_busy() -> None:
    with answering(503) as (port, asked), at(port) as target:
        fault(target)
        assert asked == ["PROPFIND /dav/"] * 3
        asked.clear()
        fault(target, lambda one: one.delete("feed.xml"))
        assert asked == ["DELETE /dav/feed.xml"]


def test_nothing_is_sent_on_to_another_server(artifact: Make) -> None:
    with answering(201) as (other, elsewhere):
        away = {"Location": f"http://127.0.0.1:{other}/dav/?secret=1"}
        for status in (301, 302, 307, 308):
            with answering(status, b"", away) as (port, _), at(port) as target:
                error = fault(target, lambda one: one._send("feed.xml", artifact(b"x")))
            assert f"sends us on to http://127.0.0.1:{other}/dav/" in str(error)
            assert "secret" not in str(error)
        assert elsewhere == []


def test_nobody_answers_there() -> None:
    with at(free_port()) as target:
        assert "refuses the connection" in str(fault(target))


def test_a_connection_that_breaks_off_is_told_in_plain_words() -> None:
    with proxy(free_port()) as gate, at(gate.port) as target:
        assert str(fault(target)) == f"127.0.0.1:{gate.port} broke off the connection"


def test_a_name_that_nobody_has() -> None:
    with at(80, host="nowhere.invalid") as target:
        assert "is not found" in str(fault(target))


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedtool.publish.dav.ANSWER", 0.2)
    with answering(0) as (port, _), at(port) as target:
        assert "does not answer in time" in str(fault(target))


def test_tls_where_there_is_none() -> None:
    with answering(200) as (port, _), at(port, tls=True) as target:
        assert "TLS" in str(fault(target))


def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    with answering(200, tls=tmp_path) as (port, _), at(port, tls=True) as target:
        assert "certificate" in str(fault(target))


def test_a_certificate_for_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(404, tls=tmp_path, name="www.example") as (port, _):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
        with at(port, tls=True) as target:
            error = fault(target)
    assert isinstance(error, TargetError)
    assert "127.0.0.1" in str(error)
    assert "is not valid" in str(error)


def test_a_certificate_of_an_authority_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(404, tls=tmp_path) as (port, _):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
        with at(port, tls=True) as target:
            assert dict(target.list()) == {}


def test_a_folder_in_a_folder_that_is_not_there(site: Server, artifact: Make) -> None:
    folder = f"{site.address.folder.rstrip('/')}/nothing/here"
    target = replace(site, address=replace(site.address, folder=folder)).open()
    assert dict(target.list()) == {}
    error = fault(target, lambda one: one.put("feed.xml", artifact(b"x")))
    assert isinstance(error, TargetError)
    assert f"there is no folder {folder.removesuffix('/here')} at" in str(error)


def test_a_file_that_changes_while_it_is_sent_never_appears(site: Server, artifact: Make) -> None:
    one = replace(artifact(b"long enough"), size=4)
    error = fault(site.open(), lambda target: target.put("feed.xml", one))
    assert "was changed here" in str(error)
    assert dict(site.open().list()) == {}


def test_a_server_with_a_limit(tmp_path: Path, artifact: Make) -> None:
    with nginx_server(tmp_path) as server:
        one = artifact(b"\0" * (31 << 20), "er.mp3")
        error = fault(server.open(), lambda target: target.put("er.mp3", one))
    assert isinstance(error, TargetError)
