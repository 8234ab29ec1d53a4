"""The double of SoundCloud itself: sign-in, what it keeps otherwise than sent, planned failures."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from .catalogs import MEDIA, REPOSITORY
from .hosts.double import Boundary
from .hosts.soundcloud_double import SoundCloudDouble
from .servers import until

REDIRECT = "http://127.0.0.1:8000/callback"


@pytest.fixture
def double(tmp_path: Path) -> Iterator[SoundCloudDouble]:
    double = SoundCloudDouble(tmp_path / "uploads")
    with double.serving():
        yield double


class Client:
    """Asks as any program does; no code of feedtool."""

    def __init__(self, double: SoundCloudDouble) -> None:
        self.double = double
        self.opens = {"Authorization": f"OAuth {double.grant().access}"}

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = self.opens | more.pop("headers", {})
        url = self.double.url + path
        return requests.request(method, url, headers=headers, timeout=10, **more)

    def upload(self, name: str = "episode.mp3", **fields: str) -> requests.Response:
        form = {"title": "Ett", "sharing": "private", **fields}
        return self.ask(
            "POST",
            "/tracks",
            data={f"track[{key}]": value for key, value in form.items()},
            files={"track[asset_data]": (name, (MEDIA / "cbr.mp3").read_bytes(), "audio/mpeg")},
        )


@pytest.fixture
def client(double: SoundCloudDouble) -> Client:
    return Client(double)


# sign-in


def authorized(double: SoundCloudDouble, **more: str) -> tuple[dict[str, str], str]:
    """What comes back from the page of consent, and the verifier."""
    verifier = secrets.token_urlsafe(48)
    sum = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": "the-client", "redirect_uri": REDIRECT, "response_type": "code",
        "code_challenge": base64.urlsafe_b64encode(sum).rstrip(b"=").decode(),
        "code_challenge_method": "S256", "state": "xyz", **more,
    }  # fmt: skip
    said = requests.get(f"{double.url}/authorize", params=asked, allow_redirects=False, timeout=10)
    assert said.status_code == 302
    back = said.headers["Location"]
    assert back.startswith(REDIRECT)
    return dict(parse_qsl(urlsplit(back).query)), verifier


def token(double: SoundCloudDouble, **form: str) -> requests.Response:
    whole = {"client_id": "the-client", "client_secret": "the-secret", **form}
    return requests.post(f"{double.url}/oauth/token", data=whole, timeout=10)


def exchanged(double: SoundCloudDouble, code: str, verifier: str) -> requests.Response:
    return token(
        double, grant_type="authorization_code", code=code, code_verifier=verifier,
        redirect_uri=REDIRECT,
    )  # fmt: skip


def test_a_code_is_exchanged_once(double: SoundCloudDouble) -> None:
    back, verifier = authorized(double)
    assert back["state"] == "xyz"
    said = exchanged(double, back["code"], verifier)
    assert said.status_code == 200
    opens = {"Authorization": f"OAuth {said.json()['access_token']}"}
    me = requests.get(f"{double.url}/me", headers=opens, timeout=10)
    assert me.json()["urn"] == "soundcloud:users:77"
    again = exchanged(double, back["code"], verifier)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_needs_its_verifier(double: SoundCloudDouble) -> None:
    back, _ = authorized(double)
    assert exchanged(double, back["code"], "x" * 64).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("more", [{"code_challenge_method": "plain"}, {"code_challenge": "short"}])
def test_a_challenge_is_needed(more: dict[str, str], double: SoundCloudDouble) -> None:
    assert authorized(double, **more)[0]["error"] == "invalid_request"


def test_a_person_may_say_no(double: SoundCloudDouble) -> None:
    double.sign_in.consents = False
    assert authorized(double)[0] == {"state": "xyz", "error": "access_denied"}


def test_a_refresh_token_works_once_and_then_ends_all(double: SoundCloudDouble) -> None:
    first = double.grant()
    said = token(double, grant_type="refresh_token", refresh_token=first.refresh)
    second = said.json()["access_token"]
    assert double.sign_in.whose(f"OAuth {first.access}", "OAuth") is None
    assert double.sign_in.whose(f"OAuth {second}", "OAuth") == "nordvik"
    again = token(double, grant_type="refresh_token", refresh_token=first.refresh)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert double.sign_in.whose(f"OAuth {second}", "OAuth") is None


def test_a_token_ends_after_an_hour(client: Client) -> None:
    assert client.ask("GET", "/me").status_code == 200
    client.double.advance(3600)
    assert client.ask("GET", "/me").status_code == 401


def test_only_the_documented_kind_of_authorization_opens(client: Client) -> None:
    bearer = {"Authorization": client.opens["Authorization"].replace("OAuth", "Bearer")}
    assert client.ask("GET", "/me", headers=bearer).status_code == 401


def test_an_app_alone_has_no_account(double: SoundCloudDouble) -> None:
    said = requests.post(
        f"{double.url}/oauth/token", data={"grant_type": "client_credentials"},
        auth=("the-client", "the-secret"), timeout=10,
    )  # fmt: skip
    opens = {"Authorization": f"OAuth {said.json()['access_token']}"}
    assert requests.get(f"{double.url}/me", headers=opens, timeout=10).status_code == 401


def test_no_secret_is_kept_in_the_log(double: SoundCloudDouble) -> None:
    back, verifier = authorized(double)
    exchanged(double, back["code"], verifier)
    Client(double).ask("GET", "/me")
    log = repr([one for one in double.requests if one.path != "/authorize"])
    assert not [one for one in double.secrets() if one in log]


# what it keeps


def test_fields_come_back_otherwise_than_sent(client: Client) -> None:
    said = client.upload(
        tag_list='b "ö a" feedtool:ep=1', description="ett\ntvå", release_date="2025-03-01"
    ).json()
    assert said["tag_list"] == '"ö a" "feedtool:ep=1" b'
    assert said["description"] == "ett\r\ntvå"
    assert "release_date" not in said
    assert (said["release_year"], said["release_month"], said["release_day"]) == (2025, 3, 1)
    assert not {"id", "state", "permalink"} & said.keys()


def test_what_is_not_said_is_public_and_downloadable(client: Client) -> None:
    files = {"track[asset_data]": ("a.mp3", (MEDIA / "cbr.mp3").read_bytes())}
    said = client.ask("POST", "/tracks", data={"track[title]": "Ett"}, files=files).json()
    assert (said["sharing"], said["downloadable"]) == ("public", True)


@pytest.mark.parametrize(
    ("fields", "name", "status"),
    [
        ({"downloadable": "True"}, "a.mp3", 400),
        ({"downloadable": "1"}, "a.mp3", 400),
        ({"license": "cc-by-4.0"}, "a.mp3", 400),
        ({"release_date": "2025-3-1"}, "a.mp3", 400),
        ({"unheard_of": "x"}, "a.mp3", 400),
        ({}, "intervju-å.mp3", 500),
        ({}, "a.mp3", 201),
    ],
)
def test_what_is_not_in_the_form_is_refused(
    fields: dict[str, str], name: str, status: int, client: Client
) -> None:
    assert client.upload(name, **fields).status_code == status


def test_the_same_again_is_another_track(client: Client) -> None:
    links = [client.upload(permalink="ett").json()["permalink_url"] for _ in range(3)]
    assert [link.rpartition("/")[2] for link in links] == ["ett", "ett-1", "ett-2"]


def test_processing_takes_reads_and_may_fail(client: Client) -> None:
    client.double.processing, client.double.fail_next = 2, 1
    client.double.state_told = True
    urn = client.upload().json()["urn"]
    states = [client.ask("GET", f"/tracks/{urn}").json()["state"] for _ in range(3)]
    assert states == ["processing", "failed", "failed"]
    urn = client.upload().json()["urn"]
    durations = [client.ask("GET", f"/tracks/{urn}").json()["duration"] for _ in range(2)]
    assert durations[0] == 0
    assert durations[1] > 0


def test_the_quota_is_counted(client: Client) -> None:
    client.double.users["nordvik"].seconds_left = 3
    client.upload()
    quota = client.ask("GET", "/me").json()["quota"]
    assert quota["upload_seconds_left"] < 3
    assert client.upload().status_code == 400


def test_other_peoples_tracks_are_not_changed(client: Client) -> None:
    theirs = client.double.make("grannen", title="Annat")
    assert client.ask("GET", f"/tracks/{theirs.urn}").status_code == 200
    assert client.ask("DELETE", f"/tracks/{theirs.urn}").status_code == 404
    assert client.ask("GET", "/me/tracks").json() == []


# planned failures


def test_boundaries_are_told_in_order(client: Client) -> None:
    told: list[Boundary] = []
    client.double.hook = told.append
    client.upload()
    until(lambda: len(told) == 4, "the end of the upload")  # told when the answer is on its way
    client.ask("GET", "/me")
    until(lambda: len(told) == 7, "the last boundary")
    assert [(one.when, one.number, one.method) for one in told] == [
        ("before", 1, "POST"), ("body", 1, "POST"), ("made", 1, "POST"), ("after", 1, "POST"),
        ("before", 2, "GET"), ("made", 2, "GET"), ("after", 2, "GET"),
    ]  # fmt: skip


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("body", 0), ("made", 1)])
def test_a_connection_is_reset_at_a_boundary(when: str, made: int, client: Client) -> None:
    client.double.hook = lambda boundary: boundary.when == when
    with pytest.raises(requests.ConnectionError):
        client.upload()
    assert len(client.double.tracks) == made


_UPLOADS = """\
import sys, requests
url, opens, file = sys.argv[1:]
data = open(file, "rb").read() * 1500
requests.post(
    url + "/tracks", headers={"Authorization": opens}, data={"track[title]": "Ett"},
    files={"track[asset_data]": ("a.mp3", data)},
)
"""


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("body", 0), ("made", 1), ("after", 1)])
def test_a_client_is_killed_at_a_boundary(when: str, made: int, client: Client) -> None:
    """Half of 36 MB are more than what is on the way when it dies."""
    double = client.double
    started: list[subprocess.Popen[bytes]] = []
    over: list[Boundary] = []

    def hook(boundary: Boundary) -> None:
        if boundary.when == when:
            until(lambda: bool(started), "the client's number")
            started[0].send_signal(signal.SIGKILL)
            started[0].wait()
            over.append(boundary)

    double.hook = hook
    words = [sys.executable, "-c", _UPLOADS, double.url, client.opens["Authorization"]]
    started.append(subprocess.Popen([*words, str(MEDIA / "cbr.mp3")]))
    started[0].wait(30)
    until(lambda: bool(over), "the boundary")
    assert started[0].returncode == -signal.SIGKILL
    double.hook = None
    client.ask("GET", "/me")
    assert len(double.tracks) == made


def test_a_fault_is_for_the_request_it_names(client: Client) -> None:
    client.double.fault("502 after", at=3)
    client.double.fault("429", method="GET", path="/me", headers={"Retry-After": "7"})
    first = client.ask("GET", "/me")
    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    assert client.ask("GET", "/me").status_code == 200
    third = client.upload()
    assert (third.status_code, third.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert len(client.double.tracks) == 1


def test_it_runs_as_a_process_and_is_told_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.hosts.soundcloud_double", str(tmp_path / "uploads")]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]

        def tell(what: str, **given: Any) -> Any:
            return requests.post(f"{url}/_double/{what}", json=given, timeout=10).json()

        opens = {"Authorization": f"OAuth {tell('grant')['access_token']}"}
        urn = tell("make", title="Höstmöte")
        tell("set", most_per_page=1)
        tell("fault", name="502 before", path="/me$")
        assert requests.get(f"{url}/me", headers=opens, timeout=10).status_code == 502
        assert [one["urn"] for one in tell("tracks")] == [urn]
        assert tell("requests") == [["GET", "/me", 502]]
        process.stdin.close()
        assert process.wait(10) == 0
