"""What is installed and configured here, and what is not, for who wonders why something fails.

Looks only: nothing is written, sent or fetched, and no secret is shown.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from .declare import dataclass
from .finding import N_, Finding, has_errors
from .load import CATALOG_FILE, load_catalog
from .lock_file import read_lock_file
from .measure import is_placeholder
from .publish.secrets import Secrets, read_secrets
from .read.resolve import Catalog

EXTRAS = {
    "preview": (N_("looking at pages and feeds before they are published"),
                ("starlette", "uvicorn", "watchfiles")),
    "sftp": (N_("publishing to a server over SFTP"), ("paramiko",)),
    "s3": (N_("publishing to an object store"), ("boto3",)),
}  # fmt: skip
"""What can be installed beside feedtool: what for, and the modules it brings."""

LITTLE_ROOM = 1_000_000_000
"""Bytes; one recorded meeting may need as much."""

_CLOUDS = {
    "onedrive": "OneDrive", "icloud": "iCloud", "mobile documents": "iCloud", "dropbox": "Dropbox",
    "googledrive": "Google Drive", "google drive": "Google Drive",
}  # fmt: skip
"""How the folders of services begin that keep files elsewhere until somebody opens them."""

_ELSEWHERE = 0x1000 | 0x40000 | 0x400000
"""Windows: OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS."""

_DATALESS = 0x40000000
"""macOS: SF_DATALESS."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `detail` and `mend` are templates with the named `params`."""

    name: str
    status: str  #: ok, missing, warning, skipped or error
    detail: str
    mend: str
    params: Mapping[str, str | int]


def examine(root: Path | None, environment: Mapping[str, str], now: datetime) -> Iterator[Check]:
    """Everything, one after the other; without a catalog, what can be said of the machine."""
    yield _check(
        "versions", "ok", N_("Python {python}, feedtool {feedtool}"),
        python=platform.python_version(), feedtool=importlib.metadata.version("feedtool"),
    )  # fmt: skip
    found: list[Finding] = []
    catalog = load_catalog(root, found) if root else None
    yield _settings(root, catalog, found)
    yield _zone(catalog)
    yield _clock(root, environment, now)
    yield from _extras()
    if root is None:
        return
    yield _media(root)
    yield _room(root)
    yield _git(root)
    yield _lock(root, now)
    yield _cache(root)
    for name, target in (catalog.keys.targets if catalog else {}).items():
        yield _target(name, target.url, read_secrets(name, environment), environment)


def masked(text: str, home: Path) -> str:
    """The text as it can be sent to others: without the home folder and e-mail addresses."""
    if len(home.parts) > 1:
        text = text.replace(str(home), "~")
    return re.sub(r"[^\s@/:\"'<>]+@[^\s@/:\"'<>]+\.\w+", "***@***", text)


def _check(name: str, status: str, detail: str, mend: str = "", /, **params: str | int) -> Check:
    return Check(name, status, detail, mend, params)


def _settings(root: Path | None, catalog: Catalog | None, found: list[Finding]) -> Check:
    if root is None:
        return _check(
            "settings", "missing", N_("there is no {file} here"),
            N_("go to the folder of your catalog, or start one:  feedtool init"),
            file=CATALOG_FILE,
        )  # fmt: skip
    errors = sum(has_errors([finding]) for finding in found)
    if catalog is None:
        return _check(
            "settings", "error", N_("{file} has errors: {count}"), "feedtool check",
            file=str(root / CATALOG_FILE), count=errors,
        )  # fmt: skip
    return _check("settings", "ok", N_("settings {file}"), file=str(root / CATALOG_FILE))


def _zone(catalog: Catalog | None) -> Check:
    if not available_timezones():
        return _check(
            "time zones", "error", N_("the system knows no time zones"), "pip install tzdata"
        )
    if catalog is None:
        return _check("time zones", "ok", N_("time zones are known"))
    return _check("time zones", "ok", N_("time zone {zone}"), zone=str(catalog.zone))


def _clock(root: Path | None, environment: Mapping[str, str], now: datetime) -> Check:
    """Files are not written in the future: a clock that is behind them is wrong."""
    if environment.get("SOURCE_DATE_EPOCH"):
        return _check(
            "clock", "skipped", N_("SOURCE_DATE_EPOCH says what time it is, not the clock")
        )
    files = [Path(__file__), *([root / CATALOG_FILE] if root else [])]
    newest = max(
        (datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files if path.exists()),
        default=now,
    )
    if now + timedelta(days=1) < newest:
        return _check(
            "clock", "warning", N_("the clock says {now}, but files were written on {newest}"),
            N_("set the clock: it decides which episodes are due"),
            now=f"{now:%Y-%m-%d}", newest=f"{newest:%Y-%m-%d}",
        )  # fmt: skip
    return _check("clock", "ok", N_("clock {now} UTC"), now=f"{now.astimezone(UTC):%Y-%m-%d %H:%M}")


def _extras() -> Iterator[Check]:
    for extra, (purpose, modules) in EXTRAS.items():
        absent = [name for name in modules if importlib.util.find_spec(name) is None]
        if absent:
            yield _check(
                f"extra {extra}", "missing", N_("extra {extra}: {known}"),
                f'pip install "feedtool[{extra}]"', extra=extra, known=purpose,
            )  # fmt: skip
        else:
            yield _check(
                f"extra {extra}", "ok", N_("extra {extra}: {known}"), extra=extra, known=purpose
            )


# --- the folder ------------------------------------------------------------------------------


def _media(root: Path) -> Check:
    media = root / "media"
    cloud = _cloud(media)
    absent = sum(map(_is_elsewhere, media.rglob("*"))) if media.is_dir() else 0
    if cloud and absent:
        return _check(
            "media", "warning",
            N_("media/ is inside {service}; {count} files are not downloaded"),
            N_("choose in its menu that the folder is always kept on this device"),
            service=cloud, count=absent,
        )  # fmt: skip
    if absent:
        return _check(
            "media", "warning", N_("{count} files of media/ are not here, only what stands for "
                                   "them"),
            N_('fetch them: "git lfs pull" or "git annex get"'), count=absent,
        )  # fmt: skip
    if cloud:
        return _check(
            "media", "ok", N_("media/ is inside {service}; all files are downloaded"), service=cloud
        )
    return _check("media", "ok", N_("media/ is on this machine"))


def _cloud(folder: Path) -> str | None:
    for part in folder.resolve().parts:
        name = part.lower()
        for begin, service in _CLOUDS.items():
            if name.startswith(begin) or (name.startswith("com~") and begin in name):
                return service
    return None


def _is_elsewhere(path: Path) -> bool:
    """Does the file only stand for one that is at a service, or in another part of git?"""
    if path.name.startswith("."):
        return path.suffix == ".icloud"  # iCloud before macOS 14: .name.mp3.icloud
    try:
        status = path.lstat() if path.is_symlink() else path.stat()
    except OSError:
        return False
    if path.is_dir():
        return False
    if getattr(status, "st_file_attributes", 0) & _ELSEWHERE:
        return True
    if getattr(status, "st_flags", 0) & _DATALESS:
        return True
    # services on Linux show the size, and take no room yet
    empty = getattr(status, "st_blocks", 1) == 0 and status.st_size > 4096
    return empty or is_placeholder(path)


def _room(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    gigabytes = f"{free / 1e9:.1f} GB"
    if free < LITTLE_ROOM:
        return _check(
            "disk", "warning", N_("{size} free on the disk"),
            N_("make room: copies of recordings need as much as the recordings"), size=gigabytes,
        )  # fmt: skip
    return _check("disk", "ok", N_("{size} free on the disk"), size=gigabytes)


def _git(root: Path) -> Check:
    git = shutil.which("git")
    if git is None:
        return _check(
            "git", "missing", N_("git, which keeps every earlier version"),
            N_("install it from git-scm.com; feedtool works without it"),
        )  # fmt: skip

    def ask(*question: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [git, "-C", str(root), *question],
            capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=20,
        )  # fmt: skip

    if ask("rev-parse", "--is-inside-work-tree").returncode:
        return _check("git", "skipped", N_("the catalog is not kept in git"))
    if not ask("check-attr", "merge", "--", "feedtool.lock").stdout.strip().endswith("union"):
        return _check(
            "git", "warning", N_("git does not know how to merge feedtool.lock"),
            N_("add a line to .gitattributes:  *.lock merge=union"),
        )  # fmt: skip
    return _check("git", "ok", N_("git, and it knows how to merge feedtool.lock"))


def _lock(root: Path, now: datetime) -> Check:
    found: list[Finding] = []
    lock = read_lock_file(root, now, found)
    if lock is None or has_errors(found):
        return _check(
            "lock", "error", N_("feedtool.lock cannot be read as it is"), "feedtool check"
        )
    if not (root / "feedtool.lock").exists():
        return _check("lock", "ok", N_("no feedtool.lock yet: the first build makes it"))
    return _check(
        "lock", "ok", N_("feedtool.lock, with {count} episodes"), count=len(lock.episodes)
    )


def _cache(root: Path) -> Check:
    folder = root / ".feedtool"
    try:
        if folder.is_dir():
            with tempfile.TemporaryFile(dir=folder):
                pass
        elif not os.access(root, os.W_OK):
            raise PermissionError
    except OSError:
        return _check(
            "cache", "error", N_("nothing can be written in {folder}"),
            N_("put the permissions right; the folder can be deleted too"), folder=str(folder),
        )  # fmt: skip
    return _check("cache", "ok", N_("the cache can be written"))


# --- targets ---------------------------------------------------------------------------------


def _target(name: str, url: str, secrets: Secrets, environment: Mapping[str, str]) -> Check:
    """Is there what opens it? Shown by its name in the environment, never itself."""
    try:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.hostname or ''}"
    except ValueError:
        parts, place = None, "?"
    scheme = parts.scheme if parts else ""
    title, params = f"target {name}", {"name": name, "place": place}
    if scheme == "file":
        return _check(title, "ok", N_("target {name}: a folder"), name=name)
    if scheme == "s3":
        known = [one for one in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE") if environment.get(one)]
        if not known and (Path.home() / ".aws").is_dir():
            known = ["~/.aws"]
        wanted = "AWS_ACCESS_KEY_ID, AWS_PROFILE, ~/.aws"
    else:
        has = {
            "PASSWORD": bool(secrets.password), "TOKEN": bool(secrets.token),
            "KEY_FILE": secrets.key_file is not None,
        }  # fmt: skip
        useful = ("PASSWORD", "KEY_FILE") if scheme == "sftp" else ("PASSWORD", "TOKEN")
        known = [f"{secrets.variables}_{one}" for one in useful if has[one]]
        wanted = ", ".join(f"{secrets.variables}_{one}" for one in useful)
    if "KEY_FILE" in "".join(known) and secrets.key_file and not secrets.key_file.is_file():
        return _check(
            title, "error", N_("target {name}: there is no file {path}"),
            N_("check {variables}_KEY_FILE"),
            name=name, path=str(secrets.key_file), variables=secrets.variables,
        )  # fmt: skip
    if known:
        return _check(
            title, "ok", N_("target {name}: {place}, opened with {variables}"),
            variables=", ".join(known), **params,
        )  # fmt: skip
    mend = (
        N_("set one of {wanted}, unless the keys of your user open it")
        if scheme in ("sftp", "s3")
        else N_("set one of {wanted}, unless it is open to everybody")
    )
    return _check(
        title, "missing", N_("target {name}: {place}, no secret is set"), mend,
        wanted=wanted, **params,
    )  # fmt: skip
