"""The double of SoundCloud against the vendor's OpenAPI file: run by `make openapi` alone.

What feedtool asks is held against the same file in test_sync_soundcloud.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .hosts.double import Request
from .hosts.openapi import Description
from .hosts.soundcloud_double import SoundCloudDouble
from .test_hosts_doubles import Client


@pytest.fixture(scope="module")
def described() -> Description:
    return Description(Path(os.environ["FEEDTOOL_SOUNDCLOUD_OPENAPI"]))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    double = SoundCloudDouble(tmp_path / "uploads")
    with double.serving():
        yield Client(double)


def stated(value: Any) -> Any:
    """Without what is null: the vendor leaves it out, or says null where its file has no null."""
    if isinstance(value, dict):
        return {name: stated(one) for name, one in value.items() if one is not None}
    return [stated(one) for one in value] if isinstance(value, list) else value


def test_answers_are_as_the_vendor_describes_them(client: Client, described: Description) -> None:
    made = client.upload()
    path = f"/tracks/{made.json()['urn']}"
    one = "/tracks/{track_urn}"
    asked = [
        ("POST", "/tracks", made),
        ("GET", "/me", client.ask("GET", "/me")),
        ("GET", "/me/tracks", client.ask("GET", "/me/tracks?linked_partitioning=true")),
        ("GET", "/me/tracks", client.ask("GET", "/me/tracks")),
        ("GET", one, client.ask("GET", path)),
        ("PUT", one, client.ask("PUT", path, json={"track": {"title": "Två"}})),
        ("PUT", one, client.ask("PUT", path, json={"track": {"license": "other"}})),
        ("DELETE", one, client.ask("DELETE", path)),
        ("GET", one, client.ask("GET", path)),
        ("POST", "/tracks", client.upload(license="other")),
        ("GET", "/me", client.ask("GET", "/me", headers={"Authorization": "OAuth x"})),
    ]
    for method, template, said in asked:
        assert (
            described.answer_faults(method, template, said.status_code, stated(said.json())) == []
        )


def form(**fields: str) -> Request:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    return Request(1, "POST", "/tracks", {}, headers, dict(fields))


def test_faults_are_seen(described: Description) -> None:
    """Else a validator that passes everything would not be noticed."""

    def faults(method: str, path: str, json: Any = None, **query: str) -> list[str]:
        headers = {"content-type": "application/json"} if json is not None else {}
        return described.faults(Request(1, method, path, query, headers, json=json))

    assert faults("GET", "/me/tracks", limit="200", sort="asc") == []
    assert faults("GET", "/me/tracks", limit="201")
    assert faults("GET", "/me/tracks", sort="up")
    assert faults("GET", "/me/tracks", page="2")
    assert faults("GET", "/tracks", offset="2")
    assert faults("PATCH", "/tracks/1")
    assert faults("GET", "/me/track")
    assert faults("PUT", "/tracks/soundcloud:tracks:1", {"track": {"downloadable": True}}) == []
    assert faults("PUT", "/tracks/soundcloud:tracks:1", {"track": {"downloadable": "true"}})
    assert faults("PUT", "/tracks/soundcloud:tracks:1", {"track": {"license": "cc"}})
    assert faults("PUT", "/tracks/soundcloud:tracks:1", {"track": {"mood": "good"}})
    assert faults("GET", "/me", {"a": 1})
    missing = described.faults(form(**{"track[title]": "Ett"}))
    assert missing == ["POST /tracks: 'track[asset_data]' is a required property"]
    assert described.faults(form(**{"track[title]": "Ett", "track[asset_data]": "text"}))
    assert described.faults(form(**{"track[streamable]": "True"}))
