"""What a build is asked for on the command line, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from .declare import dataclass
from .finding import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person asked for on the command line."""

    root: Path
    output: Path | None = None  #: None = public/ below the root
    base_url: str | None = None
    now: datetime  #: without an offset it is in the catalog's zone
    drafts: bool = False
    marks: bool = False  #: as in request.Request
    locked: bool = False
    allow: frozenset[tuple[str, str]] = frozenset()
    why: str = ""
    dry_run: bool = False
    defers_lock: bool = False  #: the lock is written later, by `Outcome.lock`
    started_ns: int = 0  #: when the run began, by the clock that stamps files; tells young files

    @property
    def folder(self) -> Path:
        return self.output or self.root / "public"

    @property
    def key(self) -> str:
        """Orders with the same key make the same output, or findings, from the same sources.

        And the same lock: one that names public/ itself leaves the lock alone, and copies what
        others link. One that defers its lock is only remembered when there is none to write.
        """
        seen = (self.drafts, self.marks, self.locked, self.output is None)
        return repr((str(self.folder.absolute()), self.base_url, *seen))


@dataclass(frozen=True, slots=True)
class Deferred:
    """A lock that is to be written later."""

    write: Callable[[], None]
    drop: Callable[[], None]  #: nobody agreed: the output is again what it was, unless written
    names: Mapping[str, str]  #: "series/slug" by guid, of every episode in it
    allowed: frozenset[tuple[str, str]]  #: guid and fact of what a person overrode, now or earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it; paths are relative to the output folder. Without `ok` nothing changed."""

    ok: bool
    language: str
    findings: tuple[Shown, ...]
    series: tuple[tuple[str, int, tuple[str, ...]], ...] = ()  #: slug, episodes, feeds
    written: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    lock: Deferred | None = None  #: of an order that defers it; None = it stands as it is
