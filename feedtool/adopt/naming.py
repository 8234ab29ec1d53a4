"""Slugs for what is imported, from titles; each once, and the same in every run."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

from ..formats import numbered
from ..read.values import better_slug


def free_slug(title: str, taken: Container[str]) -> str:
    """The slug of a title, with a number if another episode has it."""
    stem = better_slug(unicodedata.normalize("NFC", title))
    return next(one for one in numbered(stem) if one not in taken)
