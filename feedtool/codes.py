"""Every finding there is: importing this module imports all that declare one."""

from __future__ import annotations

from . import artwork, build, folders, gather, load, lock, measure, media_files, recordings  # noqa: F401
from .check import every  # noqa: F401
from .finding import CODES, Code
from .measure import pictures  # noqa: F401
from .read import (  # noqa: F401
    catalog,
    chapter_file,
    cues,
    episode,
    front_matter,
    schema,
    series,
    text,
    written,
    yaml_tree,
)


def every_code() -> list[Code]:
    """All codes, by their ids."""
    return [CODES[id] for id in sorted(CODES)]
