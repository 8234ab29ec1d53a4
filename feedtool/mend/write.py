"""A plan carried out: each file whole, before or after, whenever it is interrupted.

A recording is renamed before the line that names it: interrupted in between, its old name is
nowhere and the new one is there, and the next run corrects the line.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .state import Edited, Plan


def carry_out(root: Path, plan: Plan) -> None:
    """Rename, then write. Raises OSError; what was renamed for nothing has its old name again."""
    done: list[tuple[Path, Path]] = []
    try:
        for rename in plan.renames:
            old, new = root / rename.old, root / rename.new
            if os.path.lexists(new):
                raise FileExistsError(17, os.strerror(17), str(new))
            old.rename(new)
            done.append((new, old))
        for edited in plan.edited:
            _write(root / edited.file, edited)
            done = []
    except OSError:
        for new, old in reversed(done):
            new.rename(old)
        raise


def _write(path: Path, edited: Edited) -> None:
    path = path.resolve()  # a link stays a link
    staged = path.with_name(f".{path.name}.tmp")
    try:
        with staged.open("wb") as stream:
            stream.write(edited.after)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(path, staged)
        if path.read_bytes() == edited.before:  # else somebody wrote in it just now
            staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
