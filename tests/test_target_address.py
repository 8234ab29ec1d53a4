"""Addresses of targets, and the secrets that open them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from feedtool.errors import UsageError
from feedtool.publish.address import open_target
from feedtool.publish.dav import DavAddress
from feedtool.publish.directory import Directory
from feedtool.publish.secrets import Secrets, read_secrets
from feedtool.publish.webdav import WebDav
from feedtool.secret import Secret

from .servers import library

library("paramiko", 'pip install "feedtool[sftp]"')
library("boto3", 'pip install "feedtool[s3]"')

from feedtool.publish.ssh import SftpAddress  # noqa: E402
from feedtool.publish.store import S3Address  # noqa: E402

NONE = Secrets()


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "på svenska").mkdir()
    (tmp_path / "på svenska" / "feed.xml").write_bytes(b"<rss/>")
    target = open_target((tmp_path / "på svenska").as_uri(), NONE)
    assert isinstance(target, Directory)
    assert target.read("feed.xml") == b"<rss/>"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "sftp://podd@www.skr.example/media",
            SftpAddress("www.skr.example", "/media", 22, "podd"),
        ),
        ("sftp://www.example:2222/", SftpAddress("www.example", "/", 2222)),
        ("sftp://www.example/a%20b/", SftpAddress("www.example", "/a b")),
        ("sftp://a%40b@www.example/~/www", SftpAddress("www.example", "www", 22, "a@b")),
        ("sftp://www.example/~", SftpAddress("www.example", "")),
        ("sftp://[::1]:2222/x", SftpAddress("::1", "/x", 2222)),
        ("s3://podd", S3Address("podd")),
        ("s3://podd/show/media/", S3Address("podd", "show/media")),
        (
            "s3://podd/show?endpoint=http://127.0.0.1:9000&region=eu-north-1",
            S3Address("podd", "show", "http://127.0.0.1:9000", "eu-north-1"),
        ),
        ("dav://www.example/dav", DavAddress("www.example", "/dav", tls=False)),
        (
            "davs://anna@www.example:8443/remote.php/dav/files/anna/podd",
            DavAddress("www.example", "/remote.php/dav/files/anna/podd", True, 8443, "anna"),
        ),
        ("davs://www.example", DavAddress("www.example", "/")),
    ],
)
def test_what_an_address_says(url: str, address: object, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    for kind in (
        "feedtool.publish.sftp.Sftp",
        "feedtool.publish.s3.S3",
        "feedtool.publish.webdav.WebDav",
    ):
        monkeypatch.setattr(kind, lambda address, *_: opened.append(address))
    open_target(url, NONE)
    assert opened == [address]


def told(url: str) -> str:
    with pytest.raises(UsageError) as caught:
        open_target(url, Secrets(variables="FEEDTOOL_WEBB"))
    assert caught.value.exit_code == 2
    return f"{caught.value}: {caught.value.mend.format(**caught.value.params)}"


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("/srv/www", "write file:///folder, sftp://user@host/folder"),
        ("C:\\www", "write file:///folder, sftp://user@host/folder"),
        ("webb", "write file:///folder, sftp://user@host/folder"),
        ("ftp://www.example/media", "write file:///folder, sftp://user@host/folder"),
        ("https://www.example/media", "or davs://host/folder"),
        ("file://srv/www", "write file:///folder"),
        ("file:///", "write file:///folder"),
        ("sftp://www.example", "write sftp://user@host/folder"),
        ("sftp:///media", "write sftp://user@host/folder"),
        ("sftp://www.example/~anna/www", "write sftp://user@host/folder"),
        ("sftp://www.example:ssh/media", "scheme://user@host:port/folder"),
        ("sftp://www.example:99999/media", "scheme://user@host:port/folder"),
        ("sftp://[::1/media", "scheme://user@host:port/folder"),
        ("sftp://www.example/what?for", "write %3F for a question mark"),
        ("sftp://www.example/no#1", "write %3F for a question mark"),
        ("s3:///podd", "write s3://bucket/prefix"),
        ("s3://key@podd", "write s3://bucket/prefix"),
        ("s3://podd?endpoint=www.example", "?endpoint=https://host"),
        ("s3://podd?endpoint=ftp://www.example", "?endpoint=https://host"),
        ("s3://podd?endpoint=http://a&endpoint=http://b", "?endpoint=https://host"),
        ("s3://podd?endpoint=http://a:b", "?endpoint=https://host"),
        ("s3://podd?acl=public", "write ?endpoint=https://host"),
        ("davs:///folder", "write davs://host/folder"),
        ("dav://", "or better davs://host/folder"),
    ],
)
def test_what_is_wrong_is_told_with_how_to_write_it(url: str, mend: str) -> None:
    assert mend in told(url)


@pytest.mark.parametrize(
    "url",
    [
        "sftp://anna:hemligt@www.example/media",
        "davs://anna:hemligt@www.example/media",
        "s3://key:hemligt@podd",
        "ftp://anna:hemligt@www.example/media",
        "sftp://anna:hemligt@www.example:port/media",
        "s3://podd?endpoint=https://key:hemligt@www.example",
        "s3://podd?secret=hemligt",
    ],
)
def test_a_password_in_an_address_is_not_shown(url: str) -> None:
    assert "hemligt" not in told(url)


def test_a_password_in_an_address_is_told_where_it_belongs() -> None:
    assert "set FEEDTOOL_WEBB_PASSWORD" in told("sftp://anna:x@www.example/media")


def test_nothing_is_asked_of_a_target_when_it_is_opened() -> None:
    target = open_target("davs://nowhere.invalid/podd", NONE)
    assert isinstance(target, WebDav)
    target.close()


@pytest.mark.parametrize(
    ("url", "others"),
    [
        ("file:///srv/www", ("paramiko", "boto3", "requests")),
        ("sftp://www.example/www", ("boto3", "requests")),
        ("davs://www.example/www", ("paramiko", "boto3")),
        ("s3://podd", ("paramiko",)),
    ],
)
def test_only_what_an_address_needs_is_imported(url: str, others: tuple[str, ...]) -> None:
    code = (
        "import sys; from feedtool.publish.address import open_target;"
        "from feedtool.publish.secrets import Secrets;"
        f"open_target({url!r}, Secrets()); print(*sorted({{*{others!r}}} & sys.modules.keys()))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == ""


@pytest.mark.parametrize(
    ("url", "library", "extra"),
    [("sftp://www.example/www", "paramiko", "sftp"), ("s3://podd", "boto3", "s3")],
)
def test_a_library_that_is_missing_is_told_with_how_to_get_it(
    url: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ssh", "sftp", "store", "s3"):
        monkeypatch.delitem(sys.modules, f"feedtool.publish.{module}", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    assert f'pip install "feedtool[{extra}]"' in told(url)


# secrets


def test_secrets_are_named_after_the_target(tmp_path: Path) -> None:
    environment = {
        "FEEDTOOL_MIN_WEBB_PASSWORD": "hemligt",
        "FEEDTOOL_MIN_WEBB_TOKEN": "biljett",
        "FEEDTOOL_MIN_WEBB_KEY_FILE": str(tmp_path / "key"),
        "FEEDTOOL_MIN_WEBB_KNOWN_HOSTS": str(tmp_path / "known"),
        "FEEDTOOL_WEBB_PASSWORD": "another",
    }
    assert read_secrets("min-webb", environment) == Secrets(
        variables="FEEDTOOL_MIN_WEBB",
        password=Secret("hemligt"),
        token=Secret("biljett"),
        key_file=tmp_path / "key",
        known_hosts=tmp_path / "known",
    )


def test_without_secrets_there_are_none() -> None:
    assert read_secrets("target", {}) == Secrets()


def test_a_home_of_nobody_is_taken_as_it_stands() -> None:
    named = {"FEEDTOOL_WEBB_KEY_FILE": "~nobody-of-this-name/id_ed25519"}
    assert read_secrets("webb", named).key_file == Path("~nobody-of-this-name/id_ed25519")


def test_secrets_do_not_show_themselves() -> None:
    secrets = Secrets(password=Secret("hemligt"), token=Secret("biljett"))
    assert "hemligt" not in repr(secrets)
    assert "biljett" not in f"{secrets}"
