"""What opens a host: where tokens come from, how they are renewed; none is lost or shown."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedtool.errors import AccessError, FeedtoolError, UsageError, WriteError
from feedtool.login import keep, oauth
from feedtool.login.bearer import bearer_of, store_of
from feedtool.login.keep import FileStore
from feedtool.login.kinds import KINDS, auth_url_of, site_of
from feedtool.login.secrets import App, HostSecrets, read_host_secrets
from feedtool.login.tokens import Tokens, as_json, from_json, given_tokens
from feedtool.read.objects import HostKeys
from feedtool.secret import Secret
from feedtool.sync.api import Api, Bearer
from feedtool.sync.host import HostDownError

from .catalogs import REPOSITORY
from .hosts import ring
from .hosts.oauth_double import HTML, MARK, Double, Handler, a_host

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows keeps files of a user private")


@pytest.fixture
def host() -> Iterator[Double]:
    with a_host() as double:
        yield double


@pytest.fixture
def store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], dict[str, str]]]:
    """A password store of its own: what it holds."""
    for name, value in ring.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    before = keyring.get_keyring()
    keyring.set_keyring(ring.Ring())
    yield ring.entries
    keyring.set_keyring(before)


@dataclass
class Signed:
    """Somebody who is signed in with a token file, and whose clock can be set."""

    host: Double
    file: Path
    now: datetime = NOON
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment |= {
            "FEEDTOOL_SC_TOKEN_FILE": str(self.file),
            "FEEDTOOL_SC_CLIENT_ID": self.host.client,
            "FEEDTOOL_SC_CLIENT_SECRET": self.host.secret,
        }

    def keep(self, **more: Any) -> dict[str, Any]:
        """Tokens of the host in the file, good for an hour."""
        pair = self.host.pair()
        kept = {
            "access_token": pair["access_token"], "refresh_token": pair["refresh_token"],
            "expires_at": int(self.now.timestamp()) + 3600, **more,
        }  # fmt: skip
        self.write(json.dumps(kept))
        return kept

    def write(self, text: str | bytes) -> None:
        self.file.write_bytes(text.encode() if isinstance(text, str) else text)
        self.file.chmod(0o600)

    @property
    def kept(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.file.read_text("utf-8"))
        return document

    @property
    def keys(self) -> HostKeys:
        return HostKeys(kind="soundcloud", url=self.host.url, auth_url=self.host.url)

    def bearer(self, **environment: str) -> Bearer:
        secrets = read_host_secrets("sc", self.environment | environment)
        return bearer_of("sc", self.keys, secrets, lambda: self.now)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def signed(host: Double, tmp_path: Path) -> Signed:
    return Signed(host, tmp_path / "tokens.json")


def shown(error: FeedtoolError) -> str:
    """All that a person may see of an error."""
    return (
        f"{error} {error.mend.format(**error.params)} {error!r} {error.__cause__!r} {error.params}"
    )


# --- where a token comes from ------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "scheme"), [("soundcloud", "OAuth"), ("funkwhale", "Bearer")])
def test_each_kind_has_its_own_word_before_the_token(kind: str, scheme: str) -> None:
    keys = HostKeys(kind=kind, url="https://api.host.example")
    secrets = read_host_secrets("my-host", {"FEEDTOOL_MY_HOST_TOKEN": " abc\n"})
    bearer = bearer_of("my-host", keys, secrets, lambda: NOON)
    assert bearer.header() == f"{scheme} abc"
    assert not bearer.renew()


def test_a_token_of_the_environment_goes_before_the_file(signed: Signed) -> None:
    signed.keep()
    assert signed.bearer(FEEDTOOL_SC_TOKEN="abc").header() == "OAuth abc"


def test_the_file_goes_before_the_key_ring(
    signed: Signed, store: Callable[[], dict[str, str]]
) -> None:
    kept = signed.keep()
    store_of("sc", signed.keys, read_host_secrets("sc", {})).write(Tokens(access=Secret("other")))
    assert signed.bearer().header() == f"OAuth {kept['access_token']}"
    assert signed.bearer(FEEDTOOL_SC_TOKEN_FILE="").header() == "OAuth other"


def test_without_a_login_it_is_said_how_to_get_one(
    signed: Signed, store: Callable[[], dict[str, str]]
) -> None:
    for bearer in (signed.bearer(), signed.bearer(FEEDTOOL_SC_TOKEN_FILE="")):
        with pytest.raises(AccessError) as caught:
            bearer.header()
        assert caught.value.exit_code == 4
        assert "feedtool login sc" in shown(caught.value)


@pytest.mark.parametrize("token", ["two words", "å", "line\nline", f"{MARK}\x00"])
def test_a_token_that_cannot_stand_in_a_header_is_refused_unseen(
    signed: Signed, token: str
) -> None:
    with pytest.raises(AccessError) as caught:
        signed.bearer(FEEDTOOL_SC_TOKEN=token)
    assert token not in shown(caught.value)


def test_an_unknown_kind_is_told_with_those_there_are() -> None:
    keys = HostKeys(kind="soundclod", url="https://host.example")
    with pytest.raises(UsageError, match=r"sc: there is no kind .soundclod") as caught:
        bearer_of("sc", keys, read_host_secrets("sc", {}), lambda: NOON)
    assert "soundcloud, funkwhale" in shown(caught.value)


@pytest.mark.parametrize(
    ("url", "auth_url", "asked"),
    [
        ("https://api.soundcloud.com", None, "https://secure.soundcloud.com"),
        ("https://api.soundcloud.com/", "https://login.example/", "https://login.example"),
        ("http://127.0.0.1:9/", None, "http://127.0.0.1:9"),
        ("https://notsoundcloud.com", None, "https://notsoundcloud.com"),
    ],
)
def test_only_soundcloud_itself_is_signed_in_at_soundcloud(
    url: str, auth_url: str | None, asked: str
) -> None:
    keys = HostKeys(kind="soundcloud", url=url, auth_url=auth_url)
    assert auth_url_of(KINDS["soundcloud"], keys) == asked


def test_the_address_of_an_api_is_that_of_its_server() -> None:
    assert site_of("https://music.example/api/v1/") == "https://music.example"


# --- the file ----------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o777])
def test_a_file_that_others_may_open_is_refused(signed: Signed, mode: int) -> None:
    signed.keep()
    signed.file.chmod(mode)
    with pytest.raises(AccessError) as caught:
        signed.bearer().header()
    assert f"chmod 600 {signed.file}" in shown(caught.value)


ODD = {
    "text": f"{MARK}-bare",
    "cut": '{"access_token": "tell-tale-cut',
    "list": '["tell-tale"]',
    "nothing in it": "{}",
    "number": '{"access_token": 5}',
    "no date": '{"access_token": "tell-tale", "expires_at": "tomorrow"}',
    "no offset": '{"access_token": "tell-tale", "expires_at": "2026-03-01T12:00:00"}',
    "endless": '{"access_token": "tell-tale", "expires_at": Infinity}',
    "lines": '{"access_token": "tell-tale\\nX-Other: 1"}',
    "no text": b"\xff\xfe\x00",
    "deep": "[" * 100_000,
    "large": '{"access_token": "' + "tell-tale" * 200_000 + '"}',
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_file_that_cannot_be_read_is_told_without_its_content(
    signed: Signed, text: str | bytes
) -> None:
    signed.write(text)
    with pytest.raises(AccessError) as caught:
        signed.bearer().header()
    assert "JSON file with access_token" in shown(caught.value)
    assert MARK not in shown(caught.value)


@POSIX
def test_what_is_no_file_is_not_waited_for(signed: Signed) -> None:
    os.mkfifo(signed.file, 0o600)
    with pytest.raises(AccessError):
        signed.bearer().header()


@POSIX
def test_what_is_no_file_is_not_removed_or_replaced(signed: Signed) -> None:
    os.mkfifo(signed.file, 0o600)
    store = FileStore(signed.file, HostSecrets(variables="FEEDTOOL_SOUNDCLOUD"))
    for harm in (store.check, store.forget):
        with pytest.raises(AccessError, match="is no file"):
            harm()
    assert signed.file.is_fifo()


@POSIX
def test_a_link_that_leads_to_itself_is_told(signed: Signed) -> None:
    signed.file.symlink_to(signed.file)
    with pytest.raises(WriteError, match="links"):
        signed.bearer().header()


def test_a_home_of_nobody_is_a_folder_that_is_not_there() -> None:
    named = {"FEEDTOOL_LJUD_TOKEN_FILE": "~nobody-of-this-name/token.json"}
    secrets = read_host_secrets("ljud", named)
    assert secrets.token_file is not None
    with pytest.raises(WriteError, match="No such file"):
        FileStore(secrets.token_file, secrets).check()


def test_an_empty_file_is_nobody_signed_in(signed: Signed) -> None:
    signed.write("")
    with pytest.raises(AccessError, match="nobody is signed in"):
        signed.bearer().header()


def test_a_link_stays_a_link(signed: Signed, tmp_path: Path) -> None:
    signed.keep(expires_at=0)
    real = tmp_path / "real.json"
    signed.file.rename(real)
    signed.file.symlink_to(real)
    signed.bearer().header()
    assert signed.file.is_symlink()
    assert json.loads(real.read_text("utf-8"))["refresh_token"] in signed.host.refresh


# --- renewal -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "renewals"), [(3600, 0), (61, 0), (60, 1), (0, 1), (-9999, 1)])
def test_tokens_are_renewed_a_minute_ahead(signed: Signed, left: int, renewals: int) -> None:
    signed.keep(expires_at=int(signed.now.timestamp()) + left)
    token = signed.bearer().header().removeprefix("OAuth ")
    assert signed.host.refreshed == renewals
    assert token in signed.host.access


def test_new_tokens_are_kept_with_their_end(signed: Signed) -> None:
    signed.keep(expires_at=0)
    sent = signed.bearer().header()
    assert sent == f"OAuth {signed.kept['access_token']}"
    assert signed.kept["refresh_token"] in signed.host.refresh
    assert signed.kept["expires_at"] == NOON.timestamp() + 3600
    if os.name == "posix":
        assert stat.S_IMODE(signed.file.stat().st_mode) == 0o600
    left = {path.name for path in signed.file.parent.iterdir()}
    assert left <= {"tokens.json", "tokens.json.lock"}


def test_a_long_run_renews_as_often_as_it_must(signed: Signed) -> None:
    signed.keep()
    bearer, sent = signed.bearer(), set()
    for _ in range(6):
        sent.add(bearer.header())
        signed.later(minutes=30)
    assert signed.host.refreshed == len(sent) - 1 == 2


def test_tokens_without_an_end_are_used_until_they_are_refused(signed: Signed) -> None:
    signed.host.lifetime = None
    signed.keep(expires_at=None)
    bearer = signed.bearer()
    bearer.header()
    signed.host.access.clear()  # taken back by the host
    api = Api(signed.host.url, bearer, "sc", lambda seconds: None)
    assert api.ask("GET", "/me").status == 200
    api.close()
    assert signed.host.requests == ["/me", "/oauth/token", "/me"]


def test_a_refusal_that_a_new_token_does_not_mend_is_not_asked_away(signed: Signed) -> None:
    signed.keep()
    bearer = signed.bearer()
    bearer.header()
    assert bearer.renew()
    assert not bearer.renew()
    assert signed.host.refreshed == 1
    signed.later(minutes=6)
    assert bearer.renew()


def test_what_another_process_renewed_is_used(signed: Signed) -> None:
    signed.keep()
    first, second = signed.bearer(), signed.bearer()
    first.header(), second.header()
    signed.later(hours=2)
    assert first.header() == second.header()
    assert signed.host.refreshed == 1
    assert second.renew()  # refused all the same: the host has taken it back
    assert first.renew()
    assert first.header() == second.header()
    assert signed.host.refreshed == 2


def test_a_token_made_on_a_web_page_needs_no_file_that_can_be_written(signed: Signed) -> None:
    signed.write('{"access_token": "abc"}')
    bearer = signed.bearer()
    assert bearer.header() == "OAuth abc"
    assert not bearer.renew()
    assert list(signed.file.parent.iterdir()) == [signed.file]


def test_tokens_that_have_ended_and_cannot_be_renewed(signed: Signed) -> None:
    signed.keep(expires_at=0, refresh_token=None)
    with pytest.raises(AccessError, match="no longer valid"):
        signed.bearer().header()


def test_without_the_id_of_the_app_nothing_can_be_renewed(
    signed: Signed, store: Callable[[], dict[str, str]]
) -> None:
    before = signed.keep(expires_at=0)
    with pytest.raises(AccessError) as caught:
        signed.bearer(FEEDTOOL_SC_CLIENT_ID="").header()
    assert "FEEDTOOL_SC_CLIENT_ID" in shown(caught.value)
    assert signed.kept == before


def test_nothing_is_asked_for_that_could_not_be_kept(signed: Signed) -> None:
    before = signed.keep(expires_at=0)
    signed.file.with_name("tokens.json.new").mkdir()  # as good as a full disk
    with pytest.raises(WriteError) as caught:
        signed.bearer().header()
    assert caught.value.exit_code == 5
    assert signed.host.requests == []
    assert before["refresh_token"] in signed.host.refresh


def test_a_spent_refresh_token_means_to_sign_in_again(signed: Signed) -> None:
    signed.keep(expires_at=0)
    signed.host.refresh.clear()
    with pytest.raises(AccessError) as caught:
        signed.bearer().header()
    assert "feedtool login sc" in shown(caught.value)
    assert MARK not in shown(caught.value)


def test_a_wrong_client_secret_is_told_without_it(signed: Signed) -> None:
    signed.keep(expires_at=0)
    with pytest.raises(AccessError, match="invalid_client") as caught:
        signed.bearer(FEEDTOOL_SC_CLIENT_SECRET=f"{MARK}-wrong").header()
    assert MARK not in shown(caught.value)


FAILURES: dict[str, Callable[[Handler], None]] = {
    "a page": lambda one: one.answer(200, HTML, "<p>could not process in time"),
    "a page that says no": lambda one: one.answer(403, HTML, "<p>blocked"),
    "502": lambda one: one.answer(502, HTML, "<p>bad gateway"),
    "503 as JSON": lambda one: one.json(503, {"error": "temporarily_unavailable"}),
    "too many": lambda one: one.json(429, {"error": "slow_down"}),
    "nothing": lambda one: one.answer(200, "application/json", ""),
    "a list": lambda one: one.json(200, [1]),
    "no token": lambda one: one.json(200, {"access_token": None}),
    "a token of two lines": lambda one: one.json(200, {"access_token": "a\nb"}),
    "endless": lambda one: one.answer(200, "application/json", '{"a": "' + "x" * 3_000_000),
    "deep": lambda one: one.answer(200, "application/json", "[" * 100_000),
    "sent on": lambda one: one.redirect("http://127.0.0.1:1/oauth/token"),
    "hung up": lambda one: one.hang_up(),
    "not HTTP": lambda one: one.babble(),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_a_host_that_fails_leaves_what_is_kept(
    signed: Signed, failure: Callable[[Handler], None]
) -> None:
    before = signed.keep(expires_at=0)
    signed.host.fails.append(failure)
    bearer = signed.bearer()
    with pytest.raises(HostDownError) as caught:
        bearer.header()
    assert caught.value.exit_code == 5
    assert MARK not in shown(caught.value)
    assert signed.kept == before
    assert bearer.header()  # it was a moment


def test_a_host_that_does_not_answer_is_told(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed.keep(expires_at=0)
    signed.host.slow = 2.0
    monkeypatch.setattr(oauth, "_TIMEOUT", (0.2, 0.2))
    with pytest.raises(HostDownError, match="does not answer"):
        signed.bearer().header()


def test_who_waits_too_long_for_another_process_says_so(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed.keep(expires_at=0)
    monkeypatch.setattr(keep, "WAIT", 0.1)
    store = store_of("sc", signed.keys, read_host_secrets("sc", signed.environment))
    with store.lock(), pytest.raises(FeedtoolError, match="another feedtool") as caught:
        signed.bearer().header()
    assert caught.value.exit_code == 5


def test_tokens_of_an_app_at_funkwhale_are_renewed_too(signed: Signed) -> None:
    signed.keep(expires_at="2026-03-01T12:00:30Z")
    secrets = read_host_secrets("sc", signed.environment)
    keys = HostKeys(kind="funkwhale", url=f"{signed.host.url}/api/v1")
    sent = bearer_of("sc", keys, secrets, lambda: NOON).header()
    assert sent == f"Bearer {signed.kept['access_token']}"
    assert signed.host.requests == ["/api/v1/oauth/token/"]


# --- several processes, killed ones ------------------------------------------------------------


def renewing(signed: Signed) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.hosts.renewing", str(signed.file), signed.host.url,
         signed.host.client, signed.host.secret],
        cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip


@POSIX
def test_of_processes_that_renew_at_once_one_does(signed: Signed) -> None:
    signed.keep(expires_at=0)
    signed.host.slow = 0.3
    processes = [renewing(signed) for _ in range(3)]
    told = {process.communicate("0\n", 60)[0] for process in processes}
    assert told == {f"OAuth {signed.kept['access_token']}\n"}
    assert signed.host.refreshed == 1


@POSIX
def test_killed_at_any_moment_tokens_are_whole(signed: Signed) -> None:
    """Only between the answer of the host and the new file can a pair be lost, and that is told."""
    process = renewing(signed)
    asking, telling = process.stdin, process.stdout
    assert asking
    assert telling
    lost = []

    def run(moment: int) -> str:
        asking.write(f"{moment}\n")
        asking.flush()
        return telling.readline().strip()

    for moment in range(1, 100):
        old = signed.keep(expires_at=0)
        if run(moment) != "ended by -9":
            break
        kept = signed.kept  # whole, whatever happened
        spent = old["refresh_token"] not in signed.host.refresh
        lost.append(spent and kept == old)
        assert spent or kept == old
        after = run(0)
        if lost[-1]:
            assert "no longer valid" in after
        else:
            assert after == f"OAuth {signed.kept['access_token']}"
            assert signed.kept["refresh_token"] in signed.host.refresh
    process.communicate(timeout=10)
    assert len(lost) > 20
    first, count = lost.index(True), sum(lost)
    assert all(lost[first : first + count])  # one stretch: from the answer to the new file
    assert not lost[-1]


# --- the key ring ------------------------------------------------------------------------------


@dataclass
class Ringed:
    """Somebody whose tokens are in the password store."""

    signed: Signed
    entries: Callable[[], dict[str, str]]

    def bearer(self) -> Bearer:
        return self.signed.bearer(FEEDTOOL_SC_TOKEN_FILE="")

    def keep(self, seconds: int = 3600) -> Tokens:
        tokens = given_tokens(self.signed.host.pair() | {"expires_in": seconds}, self.signed.now)
        store_of("sc", self.signed.keys, read_host_secrets("sc", {})).write(tokens)
        return tokens


@pytest.fixture
def ringed(signed: Signed, store: Callable[[], dict[str, str]]) -> Ringed:
    return Ringed(signed, store)


@pytest.mark.parametrize("long", [0, 1100, 1300, 5000])
def test_tokens_of_any_length_are_kept_and_renewed_in_the_key_ring(
    ringed: Ringed, long: int
) -> None:
    ringed.signed.host.long = long
    tokens = ringed.keep()
    assert ringed.bearer().header() == f"OAuth {tokens.access}"
    ringed.signed.later(hours=2)
    sent = ringed.bearer().header()
    assert sent.removeprefix("OAuth ") in ringed.signed.host.access
    assert ringed.signed.host.refreshed == 1
    assert ringed.bearer().header() == sent


def test_a_short_token_leaves_nothing_of_a_long_one(ringed: Ringed) -> None:
    ringed.signed.host.long = 5000
    ringed.keep()
    ringed.signed.host.long = 0
    ringed.keep()
    assert len(ringed.entries()) == 1


def test_a_long_token_that_was_not_written_whole_is_renewed(
    ringed: Ringed, monkeypatch: pytest.MonkeyPatch
) -> None:
    ringed.signed.host.long = 3000
    ringed.keep()
    kept = ringed.entries()
    tokens = ringed.keep()
    half = ringed.entries() | {name: text for name, text in kept.items() if name.endswith("#1")}
    half = {name: text.replace("x", "y") if "#1" in name else text for name, text in half.items()}
    (ringed.signed.file.parent / "ring.json").write_text(json.dumps(half), "utf-8")
    assert ringed.bearer().header() != f"OAuth {tokens.access}"
    assert ringed.signed.host.refreshed == 1


def test_the_id_of_the_app_comes_from_the_key_ring_too(ringed: Ringed) -> None:
    signed = ringed.signed
    ringed.keep(0)
    store = store_of("sc", signed.keys, read_host_secrets("sc", {}))
    store.keep_app(App(id=signed.host.client, secret=Secret(signed.host.secret)))  # type: ignore[union-attr]
    del signed.environment["FEEDTOOL_SC_CLIENT_ID"]
    assert ringed.bearer().header()


def test_two_accounts_at_one_host_do_not_mix(ringed: Ringed) -> None:
    ringed.keep()
    other = bearer_of("sc2", ringed.signed.keys, read_host_secrets("sc2", {}), lambda: NOON)
    with pytest.raises(AccessError, match="nobody is signed in at sc2"):
        other.header()


@pytest.mark.parametrize("backend", ["fail", "null"])
def test_without_a_password_store_it_is_said_what_else_there_is(
    ringed: Ringed, backend: str
) -> None:
    from keyring.backends import fail, null

    backends: dict[str, Any] = {"fail": fail.Keyring, "null": null.Keyring}
    keyring.set_keyring(backends[backend]())
    with pytest.raises(AccessError, match="no password store") as caught:
        ringed.bearer().header()
    assert "FEEDTOOL_SC_TOKEN_FILE" in shown(caught.value)


def test_a_password_store_that_fails_is_told_without_what_it_says(ringed: Ringed) -> None:
    keyring.set_keyring(ring.Locked())
    with pytest.raises(AccessError, match="RuntimeError") as caught:
        ringed.bearer().header()
    assert "door" not in shown(caught.value)
    keyring.set_keyring(ring.Ring())
    store = store_of("sc", ringed.signed.keys, read_host_secrets("sc", {}))
    with pytest.raises(AccessError, match="PasswordSetError") as caught:
        store.write(Tokens(access=Secret(MARK * 1000)))  # too long, and nothing to renew it with
    assert MARK not in shown(caught.value)


@pytest.mark.parametrize("text", [text for text in ODD.values() if len(text) < 10_000])
def test_an_entry_of_another_program_is_nobody_signed_in(ringed: Ringed, text: str | bytes) -> None:
    text = text if isinstance(text, str) else text.decode("latin-1")
    entry = {f"feedtool sc@{ringed.signed.host.url}": text}
    (ringed.signed.file.parent / "ring.json").write_text(json.dumps(entry), "utf-8")
    with pytest.raises(AccessError, match="nobody is signed in"):
        ringed.bearer().header()


# --- values ------------------------------------------------------------------------------------


def test_no_value_shows_a_secret() -> None:
    tokens = Tokens(access=Secret(MARK), refresh=Secret(MARK))
    secrets = read_host_secrets(
        "x", {f"FEEDTOOL_X_{one}": MARK for one in ("TOKEN", "CLIENT_SECRET")} | {
            "FEEDTOOL_X_CLIENT_ID": "id"}
    )  # fmt: skip
    assert MARK not in f"{tokens!r} {tokens} {secrets!r}"
    assert secrets.app == App(id="id", secret=Secret(MARK))


TOKEN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1)


@given(TOKEN, st.text(), st.none() | st.integers())
def test_tokens_come_back_as_they_were(access: str, refresh: str, ends: int | None) -> None:
    tokens = Tokens(access=Secret(access), refresh=Secret(refresh), expires_at=ends)
    assert from_json(as_json(tokens)) == tokens


JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "access_token": JSONS | TOKEN,
            "refresh_token": JSONS,
            "expires_in": JSONS,
            "expires_at": JSONS,
        },
    )
)
def test_any_answer_is_tokens_or_a_value_error(said: dict[str, Any]) -> None:
    readings: list[Callable[[], Tokens]] = [
        lambda: given_tokens(said, NOON), lambda: from_json(json.dumps(said))
    ]  # fmt: skip
    for reading in readings:
        try:
            tokens = reading()
        except ValueError:
            continue
        assert tokens.expired(NOON) in (True, False)
