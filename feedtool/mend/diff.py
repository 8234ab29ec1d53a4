"""A plan as a unified diff, with the renames as git writes them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from .state import Edited, Plan

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
"""Not splitlines(): a text may hold U+2028 and its kind."""


def unified(plan: Plan) -> Iterator[str]:
    """The lines, without their ends."""
    for rename in plan.renames:
        yield f"diff --git a/{rename.old} b/{rename.new}"
        yield "similarity index 100%"
        yield f"rename from {rename.old}"
        yield f"rename to {rename.new}"
    for edited in plan.edited:
        yield from _of(edited)


def _of(edited: Edited) -> Iterator[str]:
    yield f"diff --git a/{edited.file} b/{edited.file}"
    before, after = (_LINES.findall(text.decode()) for text in (edited.before, edited.after))
    for line in difflib.unified_diff(before, after, f"a/{edited.file}", f"b/{edited.file}"):
        yield line.rstrip("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"
