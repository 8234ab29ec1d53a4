"""feedtool doctor: what is installed and configured, told without secrets."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedtool.doctor import Check, examine, masked

from .catalogs import CATALOG, Catalog, Run, a_catalog, tree
from .hosts import ring

NOW = datetime.now(UTC)


def checks(
    root: Path | None, environment: dict[str, str] | None = None, now: datetime = NOW
) -> dict[str, Check]:
    return {check.name: check for check in examine(root, environment or {}, now)}


def status(root: Path, name: str, **environment: str) -> str:
    return checks(root, environment)[name].status


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    made = a_catalog(tmp_path)
    made.episode()
    return made


def test_the_eighth_journey(catalog: Catalog) -> None:
    catalog.build()
    run = catalog.run("doctor", "--lang", "en")
    assert run.code == 0
    told = run.out.splitlines()
    assert told[0].startswith("ok       Python 3")
    assert told[1].endswith("feedtool.yaml")
    assert "ok       time zone Europe/Stockholm" in told
    assert "ok       media/ is on this machine" in told
    assert "ok       feedtool.lock, with 1 episodes" in told


def test_nothing_is_written(catalog: Catalog) -> None:
    before = tree(catalog.root)
    catalog.run("doctor")
    assert tree(catalog.root) == before


def test_outside_of_a_catalog_the_machine_is_looked_at(tmp_path: Path) -> None:
    run = Catalog(tmp_path).run("doctor", "--json")
    assert run.code == 0
    told = {check["name"]: check for check in run.json["checks"]}
    assert told["settings"]["status"] == "missing"
    assert "feedtool init" in told["settings"]["mend"]
    assert "media" not in told


def test_settings_that_cannot_be_read_are_an_error(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", CATALOG.replace("language: sv", "langage: sv"))
    run = catalog.run("doctor", "--json")
    assert run.code == 1
    assert run.json["ok"] is False


def test_a_broken_lock_is_an_error(catalog: Catalog) -> None:
    catalog.write("feedtool.lock", "{")
    assert status(catalog.root, "lock") == "error"


def test_an_extra_that_is_not_installed_comes_with_its_line(
    monkeypatch: pytest.MonkeyPatch, catalog: Catalog
) -> None:
    extras = {"sftp": ("publishing", ("no_such_module",))}
    monkeypatch.setattr("feedtool.doctor.machine.EXTRAS", extras)
    check = checks(catalog.root)["extra sftp"]
    assert (check.status, check.mend) == ("missing", 'pip install "feedtool[sftp]"')


def test_a_clock_behind_the_files_is_told(catalog: Catalog) -> None:
    assert checks(catalog.root)["clock"].status == "ok"
    assert checks(catalog.root, now=NOW - timedelta(days=400))["clock"].status == "warning"
    assert status(catalog.root, "clock", SOURCE_DATE_EPOCH="1") == "skipped"


# --- the folder ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("OneDrive - Nordviks kommun", "OneDrive"),
        ("Dropbox", "Dropbox"),
        ("com~apple~CloudDocs", None),
        ("Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("iCloudDrive", "iCloud"),
    ],
)
def test_a_folder_of_a_service_is_known(tmp_path: Path, folder: str, service: str | None) -> None:
    catalog = a_catalog(tmp_path / folder)
    catalog.episode()
    check = checks(catalog.root)["media"]
    assert (check.status, check.params.get("service")) == ("ok", service)


def test_files_that_a_service_has_not_sent_are_counted(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path / "OneDrive")
    catalog.episode()
    catalog.write("media/samtal/.tva.mp3.icloud", b"bplist")
    with (catalog.root / "media/samtal/tre.mp3").open("wb") as file:
        file.truncate(1_000_000)
    check = checks(catalog.root)["media"]
    assert (check.status, check.params["count"]) == ("warning", 2)


def test_recordings_that_git_has_not_fetched_are_counted(catalog: Catalog) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    catalog.write("media/samtal/tva.mp3", pointer)
    (catalog.root / "media/samtal/tre.mp3").symlink_to("../.git/annex/objects/x")
    check = checks(catalog.root)["media"]
    assert (check.status, check.params["count"]) == ("warning", 2)
    assert "git lfs pull" in check.mend


def test_git_must_know_how_to_merge_the_lock(catalog: Catalog) -> None:
    assert status(catalog.root, "git") == "skipped"
    subprocess.run(["git", "init", "-q", catalog.root], check=True)
    assert status(catalog.root, "git") == "warning"
    catalog.write(".gitattributes", "*.lock merge=union\n")
    assert status(catalog.root, "git") == "ok"


def test_a_folder_that_is_a_link_to_itself_is_no_reason_to_stop(catalog: Catalog) -> None:
    shutil.rmtree(catalog.root / "media", ignore_errors=True)
    (catalog.root / "media").symlink_to("media")
    assert status(catalog.root, "disk") == "ok"


def test_little_room_is_told(monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> None:
    monkeypatch.setattr("feedtool.doctor.folder.LITTLE_ROOM", 1 << 62)
    assert status(catalog.root, "disk") == "warning"


def test_the_room_is_told_with_the_sign_of_the_language(catalog: Catalog) -> None:
    run = catalog.run("doctor", "--json", "--lang", "sv")
    (told,) = [one["detail"] for one in run.json["checks"] if one["name"] == "disk"]
    assert re.fullmatch(r"\d+,\d (GB|MB) ledigt på disken", told)


# --- targets ---------------------------------------------------------------------------------

TARGETS = """\
targets:
  webb: {url: "sftp://podd@www.nordvik.se/media"}
  lager: {url: "s3://podd/x"}
  moln: {url: "davs://moln.nordvik.se/podd"}
  mapp: {url: "file:///srv/podd"}
"""


@pytest.fixture
def targets(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setenv("HOME", str(catalog.root))
    catalog.write("feedtool.yaml", CATALOG + TARGETS)
    return catalog


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("webb", "FEEDTOOL_WEBB_PASSWORD"),
        ("moln", "FEEDTOOL_MOLN_TOKEN"),
        ("lager", "AWS_ACCESS_KEY_ID"),
    ],
)
def test_what_opens_a_target_is_told_by_its_name(
    targets: Catalog, name: str, variable: str
) -> None:
    missing = checks(targets.root)[f"target {name}"]
    assert missing.status == "missing"
    assert variable in str(missing.params["wanted"])
    there = checks(targets.root, {variable: "hemligt"})[f"target {name}"]
    assert (there.status, there.params["variables"]) == ("ok", variable)
    assert "hemligt" not in repr(there)


def test_a_key_file_that_is_not_there_is_an_error(targets: Catalog) -> None:
    assert status(targets.root, "target webb", FEEDTOOL_WEBB_KEY_FILE="/no/key") == "error"
    assert status(targets.root, "target mapp") == "ok"


def test_secrets_homes_and_addresses_are_not_shown(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path / "anna", catalog=CATALOG + TARGETS)
    run: Run = catalog.run(
        "doctor", "--json",
        env={"HOME": str(tmp_path / "anna"), "FEEDTOOL_WEBB_PASSWORD": "hemligt"},
    )  # fmt: skip
    assert str(tmp_path / "anna") not in run.out
    assert "hemligt" not in run.out
    assert "@" not in run.out
    assert "settings ~/feedtool.yaml" in run.out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/anna/podd: no", "~/podd: no"),
        ("ask anna.berg@nordvik.se", "ask ***@***"),
        ("nothing", "nothing"),
    ],
)
def test_masks(text: str, shown: str) -> None:
    assert masked(text, Path("/home/anna")) == shown
    assert masked("/srv/podd", Path("/")) == "/srv/podd"


# --- hosts -------------------------------------------------------------------------------------


@pytest.fixture
def hosts(tmp_path: Path) -> Catalog:
    """A catalog with a host; its key is kept in key.json beside the catalog."""
    made = a_catalog(
        tmp_path / "catalog",
        CATALOG + "hosts: {sc: {kind: soundcloud, url: 'https://api.soundcloud.com'}}\n",
    )
    made.episode()
    return made


def keep(path: Path, mode: int = 0o600, **tokens: object) -> dict[str, str]:
    """A token file; what names it."""
    path.write_text(json.dumps({"access_token": "tell-tale", **tokens}), "utf-8")
    path.chmod(mode)
    return {"FEEDTOOL_SC_TOKEN_FILE": str(path)}


def host(root: Path, environment: dict[str, str]) -> tuple[str, str, str]:
    """The status of the host, and what is said of it."""
    check = checks(root, environment)["host sc"]
    detail = check.detail.format(**check.params)
    assert "tell-tale" not in f"{check}"
    return check.status, detail, check.mend.format(**check.params)


def test_a_token_of_the_environment_is_told_by_its_variable(hosts: Catalog) -> None:
    told = host(hosts.root, {"FEEDTOOL_SC_TOKEN": "tell-tale"})
    assert told[:2] == ("ok", "host sc: SoundCloud, opened with FEEDTOOL_SC_TOKEN")
    assert host(hosts.root, {"FEEDTOOL_SC_TOKEN": "tell-tale and more"})[0] == "error"


def test_a_token_file_is_looked_at(hosts: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    app = {"FEEDTOOL_SC_CLIENT_ID": "id"}
    assert host(hosts.root, keep(file, refresh_token="tell-tale") | app)[0] == "ok"
    assert "nothing can renew it" in host(hosts.root, keep(file, refresh_token="tell-tale"))[1]
    assert host(hosts.root, keep(file, expires_at=1))[0] == "warning"
    inside = host(hosts.root, keep(hosts.root / "key.json"))
    assert inside[0] == "warning"
    assert "in a file of the catalog" in inside[1]
    file.write_text("tell-tale", "utf-8")
    assert host(hosts.root, {"FEEDTOOL_SC_TOKEN_FILE": str(file)})[0] == "error"
    file.unlink()
    absent = host(hosts.root, {"FEEDTOOL_SC_TOKEN_FILE": str(file)})
    assert absent == (
        "missing", "host sc: SoundCloud, nobody is signed in", "feedtool login sc",
    )  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps files of a user private")
def test_a_token_file_that_others_may_read_is_an_error(hosts: Catalog, tmp_path: Path) -> None:
    status, _, mend = host(hosts.root, keep(tmp_path / "key.json", 0o644))
    assert status == "error"
    assert mend.startswith("make it private:  chmod 600")


def test_the_password_store_is_named(hosts: Catalog, tmp_path: Path) -> None:
    run = hosts.run("doctor", "--json", env=ring.environment(tmp_path))
    told = {check["name"]: check for check in run.json["checks"]}
    assert told["extra hosts"]["status"] == "ok"
    assert told["password store"]["detail"] == "password store: ring Ring"
    assert told["host sc"]["status"] == "missing"
    without = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    run = hosts.run("doctor", "--json", env=without)
    told = {check["name"]: check for check in run.json["checks"]}
    assert told["password store"]["status"] == "missing"
    assert "FEEDTOOL_SC_TOKEN_FILE" in told["host sc"]["mend"]
    assert run.code == 0


def test_a_host_of_an_unknown_kind_is_an_error(hosts: Catalog) -> None:
    hosts.write("feedtool.yaml", CATALOG + "hosts: {sc: {kind: x, url: 'https://x.example'}}\n")
    assert host(hosts.root, {"FEEDTOOL_SC_TOKEN": "tell-tale"})[0] == "error"
