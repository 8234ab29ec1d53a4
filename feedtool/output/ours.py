"""Whose an output folder is, and what in it a build does not make any more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from ..before import BEFORE
from ..errors import OutputError, WriteError
from ..finding import N_

MARKER = ".feedtool-output"
"""Says that a folder is ours; without it a folder with files in it is left alone."""

STAGING = ".tmp"
"""Where a build makes what it moves in."""

_KEPT = frozenset({MARKER, STAGING, BEFORE, ".git", ".well-known", "CNAME"})
_MARKER_TEXT = "This folder is written by feedtool: what it does not make is removed from it.\n"


def claim(folder: Path, dry_run: bool) -> None:
    """Make the folder ours, or refuse it."""
    marker = folder / MARKER
    if marker.is_file():
        if dry_run or marker.stat().st_size:
            return  # without content: a build was killed when it wrote the marker
    elif folder.exists():
        if not folder.is_dir():
            raise OutputError(
                N_("{folder} is not a folder"),
                N_("name another folder with --output"),
                folder=folder,
            )
        if any(folder.iterdir()):
            raise OutputError(
                N_("{folder} holds files that feedtool did not make"),
                N_("name a new or empty folder with --output, or empty this one"),
                folder=folder,
            )
    elif folder.is_symlink():
        raise WriteError(
            N_("{path} is a link that leads nowhere"),
            N_("fetch what it stands for, or remove it; then run the same command again"),
            path=folder,
        )
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        marker.write_text(_MARKER_TEXT, encoding="utf-8")


def strays(folder: Path, wanted: Set[str], within: Sequence[str]) -> list[tuple[str, bool]]:
    """What a build does not make, in the order to remove it, and whether it is a folder.

    Files near the top come first: there are the feeds, which name what lies below. Folders
    come in the opposite order. A link to a folder where one of ours is wanted may stay: some
    keep large files on another disk.
    """
    if not within:
        return []
    wanted_folders = folders_of(wanted)
    files, folders = [], []
    for path, is_folder in _walk(folder, within):
        if path in wanted_folders and (is_folder or (folder / path).is_dir()):
            continue
        if is_folder:
            folders.append((-path.count("/"), path))
        elif path not in wanted:
            files.append((path.count("/"), path))
    return [
        *((path, False) for _, path in sorted(files)),
        *((path, True) for _, path in sorted(folders)),
    ]


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder that is above one of these files, but the output itself."""
    folders: set[str] = set()
    above = {path.rpartition("/")[0] for path in paths}
    while above:
        folders |= above
        above = {folder.rpartition("/")[0] for folder in above} - folders
    return folders - {""}


def _walk(folder: Path, within: Sequence[str]) -> Iterable[tuple[str, bool]]:
    """Files and folders below the output, without what is never touched."""
    pending = [inside for inside in within if (folder / inside).is_dir()]
    while pending:
        inside = pending.pop()
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                if not inside and entry.name in _KEPT:
                    continue
                path = f"{inside}/{entry.name}" if inside else entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                yield path, is_folder
                if is_folder:
                    pending.append(path)


def remove(stray: Path, is_folder: bool) -> None:
    """Remove what was found here, unless it stood in the way and was replaced by our own."""
    if os.path.lexists(stray) and is_folder == (stray.is_dir() and not stray.is_symlink()):
        stray.rmdir() if is_folder else stray.unlink()
