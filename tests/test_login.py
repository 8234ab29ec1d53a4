"""feedtool login: in the browser, with a pasted address, with a token; and signing out."""

from __future__ import annotations

import http.client
import json
import logging
import os
import signal
import socket
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from feedtool.errors import AccessError, FeedtoolError
from feedtool.login.bearer import bearer_of
from feedtool.login.oauth import Begun
from feedtool.login.redirect import Redirect, listening, redirect_of
from feedtool.login.secrets import read_host_secrets
from feedtool.read.objects import HostKeys
from feedtool.secret import Secret
from feedtool.sync.api import Api

from .catalogs import CATALOG, REPOSITORY, Run, a_catalog, tree
from .hosts import ring
from .hosts.oauth_double import HTML, MARK, Double, a_host
from .hosts.soundcloud_double import SoundCloudDouble
from .servers import free_port, until
from .terminal import Session, converse

POSIX = pytest.mark.skipif(os.name != "posix", reason="no pseudo-terminal")


@dataclass
class Desk:
    """A person with a catalog, a browser and a password store, and a host to sign in at."""

    folder: Path
    host: Double
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.host.redirect = redirect_of(self.port)
        hosts = "".join(
            f"  {name}: {{kind: {kind}, url: '{self.host.url}'}}\n"
            for name, kind in (("soundcloud", "soundcloud"), ("our-music", "funkwhale"))
        )
        self.catalog = a_catalog(self.folder / "catalog", f"{CATALOG}hosts:\n{hosts}")
        self.environment |= {
            **ring.environment(self.folder),
            "BROWSER": f"{sys.executable} -m tests.hosts.browser {self.page} %s",
            "FEEDTOOL_SOUNDCLOUD_CLIENT_ID": self.host.client,
            "FEEDTOOL_SOUNDCLOUD_CLIENT_SECRET": self.host.secret,
        }

    @property
    def page(self) -> Path:
        """What the browser showed in the end."""
        return self.folder / "page.html"

    @property
    def process(self) -> dict[str, str]:
        """The environment of a process of feedtool that a test starts by itself."""
        told = {"PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en", "LC_ALL": "C.UTF-8"}
        return {**os.environ, **told, **self.environment}

    def without_app(self) -> None:
        for name in ("CLIENT_ID", "CLIENT_SECRET"):
            del self.environment[f"FEEDTOOL_SOUNDCLOUD_{name}"]

    def login(self, *more: str, name: str = "soundcloud", **environment: str) -> Run:
        port = ("--port", str(self.port))
        return self.catalog.run("login", name, *port, *more, env=self.environment | environment)

    def talk(self, *more: str, answers: list[tuple[str, str]], name: str = "soundcloud") -> Session:
        arguments = ["login", name, "--port", str(self.port), *more]
        return converse(self.catalog.root, arguments, answers, self.environment)

    @property
    def entries(self) -> dict[str, Any]:
        """What the password store holds, by user."""
        path = self.folder / "ring.json"
        kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return {name.removeprefix("feedtool "): json.loads(text) for name, text in kept.items()}

    @property
    def tokens(self) -> dict[str, Any]:
        tokens: dict[str, Any] = self.entries[f"soundcloud@{self.host.url}"]
        return tokens


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_host() as host:
        yield Desk(tmp_path, host, free_port())


# --- in the browser ----------------------------------------------------------------------------


def test_the_sixth_journey_begins(desk: Desk) -> None:
    run = desk.login()
    assert run.code == 0, run.err
    assert run.out.splitlines() == [
        "Signed in as nordvik.",
        "The key is kept in the password store of this system.",
    ]
    assert "Say yes to feedtool at SoundCloud, in the browser." in run.err
    assert desk.host.requests == ["/authorize", "/oauth/token", "/me"]
    assert desk.tokens["access_token"] in desk.host.access
    assert desk.tokens["refresh_token"] in desk.host.refresh


def test_the_browser_says_that_it_may_be_closed(desk: Desk) -> None:
    run = desk.login("--lang", "sv")
    assert run.code == 0, run.err
    page = desk.page.read_text("utf-8")
    assert page.startswith("200 http://127.0.0.1:")
    assert '<html lang="sv">' in page


def test_every_sign_in_has_a_state_and_a_verifier_of_its_own(desk: Desk) -> None:
    for _ in range(2):
        assert desk.login().code == 0
    asked = [said for _, path, said in desk.host.asked if path == "/authorize"]
    for name in ("state", "code_challenge"):
        assert len({said[name] for said in asked}) == 2
        assert all(len(said[name]) >= 32 for said in asked)


def test_json_says_who_and_where(desk: Desk) -> None:
    run = desk.login("--json")
    told = {key: run.json[key] for key in ("ok", "host", "account", "kept")}
    assert told == {"ok": True, "host": "soundcloud", "account": "nordvik", "kept": "keyring"}


def test_the_catalog_stays_as_it_was(desk: Desk) -> None:
    before = tree(desk.catalog.root)
    assert desk.login().code == 0
    assert tree(desk.catalog.root) == before


def test_a_no_is_exit_4(desk: Desk) -> None:
    desk.host.consent = "no"
    run = desk.login()
    assert run.code == 4
    assert "it was not allowed in the browser" in run.err
    assert desk.entries == {}
    assert desk.page.read_text("utf-8").startswith("200")  # the browser has done its part


def test_an_app_that_is_not_registered_like_that(desk: Desk) -> None:
    run = desk.login(FEEDTOOL_SOUNDCLOUD_CLIENT_SECRET="wrong")
    assert run.code == 4
    assert "invalid_client" in run.err
    assert "client secret" in run.err
    assert desk.entries == {}


def test_a_host_that_fails_after_the_yes_is_exit_5(desk: Desk) -> None:
    desk.host.fails.append(lambda one: one.answer(502, HTML, "<p>bad gateway"))
    run = desk.login()
    assert run.code == 5
    assert "HTTP 502" in run.err
    assert desk.entries == {}


def test_without_the_id_of_the_app_it_is_said_where_to_get_one(desk: Desk) -> None:
    desk.without_app()
    run = desk.login()
    assert run.code == 2
    assert "FEEDTOOL_SOUNDCLOUD_CLIENT_ID is not set" in run.err
    assert f"redirect address http://127.0.0.1:{desk.port}/feedtool" in run.err


def test_a_port_in_use_is_told_before_anybody_is_troubled(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", desk.port)):
        run = desk.login()
    assert run.code == 2
    assert f"port {desk.port} of this machine cannot be used" in run.err
    assert desk.host.requests == []


def test_without_a_password_store_it_is_said_before_anybody_is_troubled(desk: Desk) -> None:
    run = desk.login(PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    assert run.code == 4
    assert "FEEDTOOL_SOUNDCLOUD_TOKEN_FILE" in run.err
    assert desk.host.requests == []


def test_a_machine_without_a_screen_gets_the_address(desk: Desk) -> None:
    screens = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in desk.process.items() if name not in screens}
    with subprocess.Popen(
        [sys.executable, "-m", "feedtool", "login", "soundcloud", "--port", str(desk.port)],
        cwd=desk.catalog.root, env=environment,
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stderr
        lines = iter(process.stderr.readline, "")
        url = next(line.strip() for line in lines if "/authorize?" in line)
        assert requests.get(url, timeout=20).status_code == 200
        assert process.wait(20) == 0


@POSIX
def test_ctrl_c_ends_the_waiting(desk: Desk) -> None:
    desk.environment["BROWSER"] = "true"
    with subprocess.Popen(
        [sys.executable, "-m", "feedtool", "login", "soundcloud", "--port", str(desk.port)],
        cwd=desk.catalog.root, env=desk.process,
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stderr
        until(lambda: "/authorize?" in process.stderr.readline(), "the address")  # type: ignore[union-attr]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    assert desk.entries == {}


# --- the answer of the browser -----------------------------------------------------------------


@dataclass
class Browser:
    """What reaches the address that the browser is sent to."""

    port: int

    def get(self, path: str, host: str = "", method: str = "GET") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status


@pytest.fixture
def waiting() -> Iterator[tuple[Redirect, Browser]]:
    port = free_port()
    with listening(port, "en", "done", "wrong") as redirect:
        redirect.expect(
            Begun(url="", redirect=redirect_of(port), state=Secret("st"), verifier=Secret("v"))
        )
        yield redirect, Browser(port)


RIGHT = "/feedtool?code=abc&state=st"


@pytest.mark.parametrize(
    ("path", "host", "method", "status"),
    [
        ("/feedtool?code=abc&state=other", "", "GET", 400),
        ("/feedtool?code=abc", "", "GET", 400),
        ("/feedtool", "", "GET", 400),
        ("/feedtool?error=access_denied&state=other", "", "GET", 400),
        ("/favicon.ico", "", "GET", 404),
        ("/feedtool/..?code=abc&state=st", "", "GET", 404),
        (RIGHT, "evil.example", "GET", 403),
        (RIGHT, "localhost:1", "GET", 403),
        (RIGHT, "", "HEAD", 405),
        (RIGHT, "", "POST", 501),
    ],
)
def test_what_is_not_the_answer_is_turned_away_and_waited_out(
    waiting: tuple[Redirect, Browser], path: str, host: str, method: str, status: int
) -> None:
    redirect, browser = waiting
    assert browser.get(path, host, method) == status
    assert browser.get(RIGHT) == 200
    assert redirect.wait().endswith(RIGHT)


def test_one_answer_is_taken(waiting: tuple[Redirect, Browser]) -> None:
    redirect, browser = waiting
    assert browser.get(RIGHT) == 200
    assert browser.get("/feedtool?code=second&state=st") == 410
    assert redirect.wait().endswith(RIGHT)


def test_the_answer_is_taken_when_the_browser_has_its_page(
    waiting: tuple[Redirect, Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    redirect, browser = waiting
    taken, write = [], Redirect.write

    def written(self: Redirect, *page: Any) -> None:
        with pytest.raises(AccessError, match="nobody said yes"):
            self.wait(0)
        taken.append("not yet")
        write(self, *page)

    monkeypatch.setattr(Redirect, "write", written)
    assert browser.get(RIGHT) == 200
    assert taken == ["not yet"]
    assert redirect.wait().endswith(RIGHT)


def test_a_browser_that_goes_away_has_brought_its_answer_all_the_same(
    waiting: tuple[Redirect, Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> None:
        raise ConnectionResetError

    redirect, browser = waiting
    monkeypatch.setattr(Redirect, "write", gone)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        browser.get(RIGHT)
    assert redirect.wait().endswith(RIGHT)


def test_a_browser_that_connects_ahead_and_says_nothing_is_no_matter(
    waiting: tuple[Redirect, Browser],
) -> None:
    redirect, browser = waiting
    with socket.create_connection(("127.0.0.1", browser.port)):
        assert browser.get(RIGHT) == 200
        assert redirect.wait()


def test_nobody_is_waited_for_for_ever(waiting: tuple[Redirect, Browser]) -> None:
    with pytest.raises(AccessError, match="nobody said yes") as caught:
        waiting[0].wait(0.1)
    assert "--no-browser" in caught.value.mend


def test_a_no_without_a_state_counts(waiting: tuple[Redirect, Browser]) -> None:
    redirect, browser = waiting
    assert browser.get("/feedtool?error=access_denied") == 200
    with pytest.raises(AccessError, match="not allowed"):
        Begun(url="", redirect="", state=Secret("st"), verifier=Secret()).code(redirect.wait())


@pytest.mark.parametrize("odd", ["%00", "%ff", "\x1b[2J", "x" * 5000, "a&code=b", "<script>"])
def test_what_a_host_says_of_a_refusal_is_one_harmless_line(odd: str) -> None:
    begun = Begun(url="", redirect="r", state=Secret("st"), verifier=Secret())
    with pytest.raises(AccessError) as caught:
        begun.code(f"http://127.0.0.1:1/feedtool?state=st&error=odd&error_description={odd}")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
    assert "<" not in str(caught.value)


# --- the browser is elsewhere ------------------------------------------------------------------


def answered(desk: Desk, shown: str) -> str:
    """The address that a browser elsewhere ends at, where nothing answers."""
    url = next(line for line in shown.splitlines() if "/authorize?" in line).strip()
    answer = requests.get(url, timeout=20, allow_redirects=False)
    return answer.headers["Location"]


@POSIX
def test_the_address_is_pasted(desk: Desk) -> None:
    import pexpect

    child = pexpect.spawn(
        sys.executable,
        ["-m", "feedtool", "login", "soundcloud", "--no-browser", "--port", str(desk.port)],
        cwd=desk.catalog.root, env=desk.process | {"TERM": "dumb"},
        encoding="utf-8", timeout=30, dimensions=(50, 400),
    )  # fmt: skip
    try:
        child.expect_exact("That address, or the code in it")
        address = answered(desk, child.before)
        child.sendline(address.replace("state=", "state=x"))
        child.expect_exact("is not the answer to this sign-in")
        child.expect_exact("That address, or the code in it")
        child.sendline(address)
        child.expect_exact("Signed in as nordvik.")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0
    assert desk.tokens["access_token"] in desk.host.access


@POSIX
def test_a_code_that_is_not_one_is_refused_by_the_host(desk: Desk) -> None:
    session = desk.talk("--no-browser", answers=[("That address, or the code in it", "abc")])
    assert session.code == 4
    assert "no longer valid" in session.shown


@POSIX
def test_the_app_is_asked_for_and_kept(desk: Desk) -> None:
    desk.without_app()
    answers = [("Client ID", desk.host.client), ("Client secret", desk.host.secret)]
    session = desk.talk(answers=answers)
    assert session.code == 0, session.shown
    assert "register an app at https://soundcloud.com/you/apps" in session.shown
    assert f"http://127.0.0.1:{desk.port}/feedtool" in session.shown
    assert desk.host.secret not in session.shown
    assert desk.login().code == 0  # not asked again


def test_nobody_to_paste_is_a_matter_of_usage(desk: Desk) -> None:
    for more in (["--no-browser"], ["--no-input"]):
        run = desk.login(*more)
        assert run.code == 2
    assert desk.host.requests == []


# --- a file instead of the key ring ------------------------------------------------------------


def test_the_file_that_is_named_is_written(desk: Desk) -> None:
    file = desk.folder / "key.json"
    file.write_text("")
    file.chmod(0o644)
    run = desk.login("--json", FEEDTOOL_SOUNDCLOUD_TOKEN_FILE=str(file))
    assert run.code == 0, run.out
    assert run.json["kept"] == "file"
    assert json.loads(file.read_text("utf-8"))["access_token"] in desk.host.access
    assert desk.entries == {}
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_inside_of_the_catalog_is_told(desk: Desk) -> None:
    run = desk.login(FEEDTOOL_SOUNDCLOUD_TOKEN_FILE=str(desk.catalog.root / "key.json"))
    assert "key.json is inside of the catalog" in run.err


def test_a_file_in_no_folder_is_told_before_anybody_is_troubled(desk: Desk) -> None:
    run = desk.login(FEEDTOOL_SOUNDCLOUD_TOKEN_FILE=str(desk.folder / "no" / "key.json"))
    assert run.code == 5
    assert "FEEDTOOL_SOUNDCLOUD_TOKEN_FILE" in run.err
    assert desk.host.requests == []


def test_a_token_of_the_environment_is_told_to_go_before(desk: Desk) -> None:
    run = desk.login(FEEDTOOL_SOUNDCLOUD_TOKEN="other")
    assert run.code == 0
    assert "FEEDTOOL_SOUNDCLOUD_TOKEN is set, and goes before what is kept" in run.err


# --- a token that a person makes ---------------------------------------------------------------


@POSIX
def test_a_token_is_pasted_unseen(desk: Desk) -> None:
    answers = [("Token: ", desk.host.personal)]
    session = desk.talk(name="our-music", answers=answers)
    assert session.code == 0, session.shown
    assert f"Make a token at {desk.host.url}/settings" in session.shown
    assert "write:libraries, write:edits" in session.shown
    assert "Signed in as nordvik." in session.shown
    assert desk.host.personal not in session.shown
    assert desk.entries[f"our-music@{desk.host.url}"] == {"access_token": desk.host.personal}


def piped(desk: Desk, token: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "feedtool", "login", "our-music"],
        cwd=desk.catalog.root, env=desk.process,
        input=token, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


def test_a_token_comes_through_a_pipe(desk: Desk) -> None:
    run = piped(desk, f"{desk.host.personal}\n")
    assert run.returncode == 0, run.stderr
    assert f"our-music@{desk.host.url}" in desk.entries


@pytest.mark.parametrize(
    ("token", "code"), [("", 2), ("two words", 2), (f"{MARK}-wrong", 4), ("x" * 100_000, 2)]
)
def test_a_wrong_token_is_not_kept(desk: Desk, token: str, code: int) -> None:
    run = piped(desk, f"{token}\n")
    assert run.returncode == code, run.stderr
    assert desk.entries == {}
    assert not token or token not in run.stderr


# --- signing out -------------------------------------------------------------------------------


def test_forget_signs_out_and_leaves_nothing(desk: Desk) -> None:
    desk.login()
    run = desk.login("--forget")
    assert run.code == 0
    assert run.out == "Nothing of soundcloud is kept here any more.\n"
    assert desk.entries == {}
    assert desk.host.access == set()
    again = desk.login("--forget")
    assert (again.code, again.out) == (0, "Nothing of soundcloud was kept here.\n")


def test_forget_works_when_the_host_does_not(desk: Desk) -> None:
    file = desk.folder / "key.json"
    file.write_text('{"access_token": "abc", "refresh_token": "def", "expires_at": 0}')
    file.chmod(0o600)
    run = desk.login("--forget", FEEDTOOL_SOUNDCLOUD_TOKEN_FILE=str(file))
    assert run.code == 0
    assert "could not be told" in run.err
    assert not file.exists()


def test_forget_removes_what_cannot_be_read(desk: Desk) -> None:
    file = desk.folder / "key.json"
    file.write_text("no JSON")
    file.chmod(0o600)
    assert desk.login("--forget", FEEDTOOL_SOUNDCLOUD_TOKEN_FILE=str(file)).code == 0
    assert not file.exists()


# --- names -------------------------------------------------------------------------------------


def test_an_unknown_host_is_told_with_those_there_are(desk: Desk) -> None:
    run = desk.login(name="soundclod")
    assert run.code == 2
    assert 'there is no host "soundclod"' in run.err
    assert "soundcloud, our-music" in run.err


def test_one_host_is_named_alone(tmp_path: Path) -> None:
    hosts = "hosts: {soundcloud: {kind: soundcloud, url: 'https://x.example'}}\n"
    run = a_catalog(tmp_path, CATALOG + hosts).run("login", "soundclod", "--json")
    assert run.json["error"]["mend"] == "name soundcloud"


def test_without_hosts_it_is_said_how_they_are_named(tmp_path: Path) -> None:
    run = a_catalog(tmp_path).run("login", "soundcloud")
    assert run.code == 2
    assert "hosts: {soundcloud: {kind: soundcloud, url:" in run.err


def test_an_unknown_kind_is_told_with_those_there_are(tmp_path: Path) -> None:
    hosts = "hosts: {x: {kind: castopod, url: 'https://x.example'}}\n"
    run = a_catalog(tmp_path, CATALOG + hosts).run("login", "x", "--json")
    assert run.code == 2
    assert run.json["error"]["mend"] == "write one of soundcloud, funkwhale"


def test_settings_with_errors_are_shown(tmp_path: Path) -> None:
    run = a_catalog(tmp_path, CATALOG + "hosts: {x: {kind: soundcloud}}\n").run("login", "x")
    assert run.code == 1
    assert "feedtool.yaml" in run.err


def test_without_the_extra_its_line_is_told(desk: Desk) -> None:
    code = (
        "import sys; sys.modules['authlib'] = sys.modules['keyring'] = None; "
        "from feedtool.cli import main; main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "login", "soundcloud", "--lang", "en"],
        cwd=desk.catalog.root, env=desk.process,
        capture_output=True, encoding="utf-8", check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert run.returncode == 2
    assert 'pip install "feedtool[hosts]"' in run.stderr


# --- and what it is for ------------------------------------------------------------------------


def test_who_has_signed_in_can_sync_and_stays_signed_in(tmp_path: Path) -> None:
    double = SoundCloudDouble(tmp_path / "host")
    with double.serving():
        environment = {
            **ring.environment(tmp_path),
            "BROWSER": f"{sys.executable} -m tests.hosts.browser {tmp_path / 'page.html'} %s",
            "FEEDTOOL_SC_CLIENT_ID": double.sign_in.client,
            "FEEDTOOL_SC_CLIENT_SECRET": double.sign_in.secret,
        }
        hosts = (
            f"hosts: {{sc: {{kind: soundcloud, url: '{double.url}', auth_url: '{double.url}'}}}}\n"
        )
        catalog = a_catalog(tmp_path / "catalog", CATALOG + hosts)
        catalog.episode()
        assert catalog.run("sync", "sc", "--dry-run", env=environment).code == 4
        login = catalog.run("login", "sc", "--port", str(free_port()), env=environment)
        assert login.out.startswith("Signed in as ")
        for renewed in (0, 1):
            run = catalog.run("sync", "sc", "--dry-run", "--json", env=environment)
            assert run.code == 0, run.out
            assert [one["action"] for one in run.json["plan"]] == ["create"]
            assert double.sign_in.refreshed == renewed
            double.sign_in.grants[-1].ends = datetime(2020, 1, 1, tzinfo=UTC)


# --- no secret anywhere ------------------------------------------------------------------------

_LOGGED = (
    "import logging; logging.basicConfig(level=logging.DEBUG); "
    "from feedtool.cli import main; main()"
)


def test_no_secret_is_in_any_output_or_file_of_the_catalog(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is logged, the host repeats in its errors what was sent to it, and all is kept."""
    told: list[str] = []

    def run(*arguments: str, **environment: str) -> None:
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", _LOGGED, *arguments, "--port", str(desk.port)]
            if arguments[0] == "login"
            else [sys.executable, "-X", "dev", "-c", _LOGGED, *arguments],
            cwd=desk.catalog.root,
            env=desk.process | environment,
            capture_output=True, encoding="utf-8", check=False, timeout=60,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        told.extend([f"{arguments} {done.returncode}", done.stdout, done.stderr])

    login, secret = ("login", "soundcloud"), "FEEDTOOL_SOUNDCLOUD_CLIENT_SECRET"
    for as_json in ([], ["--json"]):
        run(*login, *as_json)
        run(*login, *as_json, **{secret: f"{MARK}-wrong"})  # repeated by the host
        run("doctor", *as_json)
        desk.host.fails.append(lambda one: one.json(400, {"access_token": 1}))
        run(*login, *as_json)
    file = desk.folder / "key.json"
    monkeypatch.setattr(logging.root, "level", logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    keys = HostKeys(kind="soundcloud", url=desk.host.url, auth_url=desk.host.url)
    environment = desk.environment | {"FEEDTOOL_SOUNDCLOUD_TOKEN_FILE": str(file)}
    secrets = read_host_secrets("soundcloud", environment)

    def opened(spoil: Callable[[dict[str, Any]], Any], path: str = "/me") -> None:
        pair = desk.host.pair() | {"expires_at": 0}
        spoil(pair)
        file.write_text(json.dumps(pair))
        file.chmod(0o600)
        bearer = bearer_of("soundcloud", keys, secrets, lambda: datetime.now(UTC))
        api = Api(desk.host.url, bearer, "soundcloud", lambda seconds: None)
        try:
            answer = api.ask("GET", path)
            told.append(repr((api, bearer, vars(bearer))))
            if not answer.ok:
                raise api.refused(answer, answer.body.decode())
        except FeedtoolError as error:
            told.extend(traceback.format_exception(error))
            told.append(f"{error!r} {vars(error)}")
        finally:
            api.close()

    opened(lambda pair: None)
    opened(lambda pair: desk.host.refresh.clear())  # invalid_grant, with what was sent
    opened(lambda pair: desk.host.fails.append(lambda one: one.answer(502, HTML, "<p>")))
    opened(lambda pair: desk.host.fails.append(lambda one: one.answer(200, HTML, pair_of(pair))))
    opened(lambda pair: desk.host.fails.append(lambda one: one.hang_up()))
    opened(lambda pair: pair.update(expires_at=9_999_999_999, access_token=f"{MARK}-revoked"))
    file.write_text(f"{MARK} is no JSON")
    opened_badly(told, keys, secrets)
    run("login", "soundcloud", "--forget")

    told += [f"{one.getMessage()} {one.args}" for one in caplog.records]
    told += [f"{name} {content!r}" for name, content in tree(desk.catalog.root).items()]
    everything = "\n".join(told)
    assert len(desk.host.given) > 20
    assert "POST /oauth/token" in everything  # it was logged
    found = next((one for one in [*desk.host.given, MARK] if one in everything), None)
    assert not found, everything[max(0, everything.index(found) - 500) :][:1000]


def pair_of(pair: dict[str, Any]) -> str:
    return f"<p>{pair}"


def opened_badly(told: list[str], keys: HostKeys, secrets: Any) -> None:
    with pytest.raises(AccessError) as caught:
        bearer_of("soundcloud", keys, secrets, lambda: datetime.now(UTC)).header()
    told.extend(traceback.format_exception(caught.value))


@POSIX
def test_a_sync_offers_to_sign_in_first(desk: Desk) -> None:
    desk.catalog.series()
    desk.catalog.episode()
    desk.environment["SOURCE_DATE_EPOCH"] = "1767225600"
    session = converse(
        desk.catalog.root, ["sync", "our-music", "--dry-run"],
        [("Token: ", desk.host.personal)], desk.environment,
    )  # fmt: skip
    assert "Nobody has signed in at our-music yet." in session.shown
    assert "Signed in as nordvik." in session.shown
