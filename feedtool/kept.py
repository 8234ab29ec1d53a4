"""What a catalog keeps on this machine, in its folder `.feedtool/`, and how it is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .cache import Cache, stamp_of
from .declare import dataclass
from .idle import Stamps, digest

if TYPE_CHECKING:
    from .recordings import Recordings

STATE = ".feedtool"

_MAKERS = (
    "feedgen", "lxml", "mutagen", "nh3", "pyromark", "webvtt", "PIL", "yaml", "pydantic_core",
    "jinja2", "markupsafe", "orjson",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What one catalog keeps, as one run sees it."""

    root: Path
    started_ns: int  #: when the run began, by the clock that stamps files
    versions: str  #: another text when anything that makes the output is another

    @property
    def cache_file(self) -> Path:
        return self.root / STATE / "cache.sqlite"

    def cache(self, *, read_only: bool) -> Cache:
        """What was found out earlier. To be closed; without that, nothing new of it is kept."""
        return Cache(self.cache_file, self.versions, self.started_ns, read_only=read_only)

    @contextmanager
    def looked_into(self) -> Iterator[Cache]:
        """The cache, to be read."""
        cache = self.cache(read_only=True)
        try:
            yield cache
        finally:
            cache.close()

    @contextmanager
    def recordings(self) -> Iterator[Recordings]:
        """A way to the files below media/."""
        from .recordings import Recordings

        with self.looked_into() as cache:
            yield Recordings(self.root, cache)


def kept_of(root: Path, started_ns: int) -> Kept:
    """What the catalog keeps, for this run."""
    return Kept(root, started_ns, _versions())


def _versions() -> str:
    """Everything that makes the output: when one of its files is another, all is built anew.

    Files are looked at instead of version numbers: reading those costs 30 ms more.
    """
    stamps: Stamps = {}
    for name in _MAKERS:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            stamps[name] = stamp_of(os.stat(spec.origin))
    own = Path(__file__).parent
    for folder, _, names in os.walk(own):
        for name in names:
            if name.endswith((".py", ".html", ".css", ".mo")):
                path = f"{folder}/{name}"
                stamps[path] = stamp_of(os.stat(path))
    return digest(stamps)
