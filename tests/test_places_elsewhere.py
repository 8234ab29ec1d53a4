"""What `check` knows of targets and hosts without asking them; each fault is in tests/broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedtool.login.kinds import KINDS
from feedtool.publish.address import _OPEN
from feedtool.vocabulary import HOST_KINDS, TARGET_SCHEMES

from .catalogs import CATALOG, a_catalog


def test_check_knows_every_kind_of_target_and_host() -> None:
    assert tuple(_OPEN) == TARGET_SCHEMES
    assert tuple(KINDS) == HOST_KINDS


@pytest.mark.parametrize(
    ("targets", "hosts", "told"),
    [
        ("{one: {url: 'sftp://h.example/f'}}", "{two: HOST}", ""),
        ("{one: {url: 'file:///f'}}", "{one: HOST}", ""),  # a folder needs no password
        ("{one: {url: 's3://f'}}", "{one: HOST}", ""),  # object stores have their own way
        ("{one: {url: 'sftp://h.example/f'}}", "{One: HOST}", "FEEDTOOL_ONE"),
        ("{o: {url: 'file:///f', media: 'dav://h.example/f'}}", "{o_media: HOST}", "FEEDTOOL_O_ME"),
        ("{}", "{a-b: HOST, a_b: HOST, A_B: HOST}", "FEEDTOOL_A_B"),
    ],
)
def test_who_shares_what_opens_them(tmp_path: Path, targets: str, hosts: str, told: str) -> None:
    hosts = hosts.replace("HOST", "{kind: funkwhale, url: 'https://h.example'}")
    catalog = a_catalog(tmp_path, CATALOG + f"targets: {targets}\nhosts: {hosts}\n")
    findings = [one for one in catalog.rebuilt().findings if one.code == "CF114"]
    assert bool(findings) is bool(told)
    assert all(str(one.params["variables"]).startswith(told) for one in findings)
