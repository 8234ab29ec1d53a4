"""What is to be mended, as values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import timedelta

from ..declare import dataclass
from ..finding import Finding
from ..lock import Lock
from ..read.yaml_tree import Tree
from .outline import Outline
from .source import Source


@dataclass(frozen=True, slots=True)
class Mended:
    """One fault that is mended, or would be."""

    code: str
    file: str
    line: int  #: counted from 1, in the file as it is afterwards
    change: str  #: "Full → full"; in no language


@dataclass(frozen=True, slots=True)
class Edited:
    """A file before and after."""

    file: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Rename:
    """A file that gets another name in its folder; both relative to the root."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be done. Files are renamed before the lines that name them are changed."""

    edited: tuple[Edited, ...] = ()
    renames: tuple[Rename, ...] = ()
    mended: tuple[Mended, ...] = ()
    findings: tuple[Finding, ...] = ()  #: that are mended by it, those that were asked about


Chapters = Sequence[tuple[timedelta, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a fix may ask for that does not stand in the file."""

    findings: Sequence[Finding]  #: all there are, also those that nobody wants mended
    lock: Lock | None  #: None when it cannot be read
    mint: Callable[[], str]  #: a guid that nothing has
    chapters: Callable[[str], Chapters] = lambda source: ()  #: in a recording below media/


@dataclass(frozen=True, slots=True)
class Work:
    """A file with a fault, on its way."""

    finding: Finding
    source: Source
    tree: Tree  #: what it says; None when that cannot be read
    outline: Outline
    known: Known


@dataclass(frozen=True, slots=True)
class Edit:
    """What a fix made of the file. Believed when the file then says `tree`, and nothing else."""

    source: Source
    tree: Tree  #: None when nothing of the file could be read before
    line: int  #: counted from 0
    change: str
    renames: tuple[Rename, ...] = field(default=())
    in_notes: bool = False  #: it is the notes that are changed, not the keys


Fix = Callable[[Work], Edit | None]
"""None: it has more than one right answer, or none that is known."""
