"""What a build is asked for, and what it says of what it did."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from .declare import dataclass
from .earlier import Made, Memory
from .finding import Finding
from .lock import Lock
from .output import Copies, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a build is asked for.

    `now` decides what is due and is written nowhere; without an offset it is in the catalog's zone.
    """

    root: Path
    output: Path
    now: datetime
    base_url: str | None = None
    drafts: bool = False
    locked: bool = False
    allow: frozenset[tuple[str, str]] = frozenset()
    why: str = ""
    dry_run: bool = False
    keeps_lock: bool = False  #: never write the lock (another output or address)
    waits: bool = False  #: a person is still to agree to what the lock does not say yet
    link: bool = True  #: may media be hard links
    copies: Copies | None = None  #: media in the output that are none, as the last build left them
    check: bool = False  #: only say what is wrong; make nothing
    profiles: tuple[str, ...] | None = None  #: instead of the catalog's
    marks: bool = False
    """What is not due is marked in its title, and media are in the output wherever else they are
    published: the output is for our own eyes."""


@dataclass(frozen=True, slots=True)
class Built:
    """One series as built."""

    slug: str
    episodes: int
    feeds: tuple[str, ...]  #: relative to the output folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build found and did. `written` is None when errors stopped it."""

    findings: tuple[Finding, ...]
    series: tuple[Built, ...] = ()
    written: Written | None = None
    language: str = ""  #: of the catalog
    zone: str = "UTC"  #: of the catalog
    known: tuple[bytes, ...] = ()  #: of the files below media/, packed
    due_since: datetime | None = None  #: the newest date that is due
    due_next: datetime | None = None  #: the next date that will be
    made: tuple[Made, ...] = ()  #: to be kept for the next build
    linked: frozenset[str] = frozenset()  #: files that were linked into the output
    folders: frozenset[str] = frozenset()  #: of the output
    copies: Copies | None = None  #: media in the output that are no hard links
    memory: Memory | None = None  #: for the next build
    named: tuple[str, ...] = ()  #: sources that the catalog's own feed names
    lasts: bool = True  #: with the lock as it is now, the next build finds the same
    waits: str = ""  #: the word of the lock that is to be written later; "" = it says this already
    lock: Lock | None = None  #: what feedtool.lock says, or should say; None = errors stopped it
