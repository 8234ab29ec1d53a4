"""The folder of the catalog: recordings that are here, room, git, the lock, the cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from ..finding import N_, Finding, has_errors
from ..language import Size
from ..lock_file import read_lock_file
from ..measure import is_placeholder
from .check import Check, checked

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


def look_at_media(root: Path) -> Check:
    media = root / "media"
    cloud = _cloud(media)
    absent = sum(map(_is_elsewhere, media.rglob("*"))) if media.is_dir() else 0
    if cloud and absent:
        return checked(
            "media", "warning",
            N_("media/ is inside {service}; {count} files are not downloaded"),
            N_("choose in its menu that the folder is always kept on this device"),
            service=cloud, count=absent,
        )  # fmt: skip
    if absent:
        return checked(
            "media", "warning", N_("{count} files of media/ are not here, only what stands for "
                                   "them"),
            N_('fetch them: "git lfs pull" or "git annex get"'), count=absent,
        )  # fmt: skip
    if cloud:
        return checked(
            "media", "ok", N_("media/ is inside {service}; all files are downloaded"), service=cloud
        )
    return checked("media", "ok", N_("media/ is on this machine"))


def _cloud(folder: Path) -> str | None:
    for part in Path(os.path.realpath(folder)).parts:  # resolve() raises for a link to itself
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


def look_at_room(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    if free < LITTLE_ROOM:
        return checked(
            "disk", "warning", N_("{size} free on the disk"),
            N_("make room: copies of recordings need as much as the recordings"), size=Size(free),
        )  # fmt: skip
    return checked("disk", "ok", N_("{size} free on the disk"), size=Size(free))


def look_at_git(root: Path) -> Check:
    git = shutil.which("git")
    if git is None:
        return checked(
            "git", "missing", N_("git, which keeps every earlier version"),
            N_("install it from git-scm.com; feedtool works without it"),
        )  # fmt: skip

    def ask(*question: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [git, "-C", str(root), *question],
            capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=20,
        )  # fmt: skip

    if ask("rev-parse", "--is-inside-work-tree").returncode:
        return checked("git", "skipped", N_("the catalog is not kept in git"))
    if not ask("check-attr", "merge", "--", "feedtool.lock").stdout.strip().endswith("union"):
        return checked(
            "git", "warning", N_("git does not know how to merge feedtool.lock"),
            N_("add a line to .gitattributes:  *.lock merge=union"),
        )  # fmt: skip
    return checked("git", "ok", N_("git, and it knows how to merge feedtool.lock"))


def look_at_lock(root: Path, now: datetime) -> Check:
    found: list[Finding] = []
    lock = read_lock_file(root, now, found)
    if lock is None or has_errors(found):
        return checked(
            "lock", "error", N_("feedtool.lock cannot be read as it is"), "feedtool check"
        )
    if not (root / "feedtool.lock").exists():
        return checked("lock", "ok", N_("no feedtool.lock yet: the first build makes it"))
    return checked(
        "lock", "ok", N_("feedtool.lock, with {count} episodes"), count=len(lock.episodes)
    )


def look_at_cache(root: Path) -> Check:
    folder = root / ".feedtool"
    try:
        if folder.is_dir():
            with tempfile.TemporaryFile(dir=folder):
                pass
        elif not os.access(root, os.W_OK):
            raise PermissionError
    except OSError:
        return checked(
            "cache", "error", N_("nothing can be written in {folder}"),
            N_("put the permissions right; the folder can be deleted too"), folder=str(folder),
        )  # fmt: skip
    return checked("cache", "ok", N_("the cache can be written"))
