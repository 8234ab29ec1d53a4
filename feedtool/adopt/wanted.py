"""What is to be fetched, how much is taken of it, and what came of it."""

from __future__ import annotations

from pathlib import Path

from ..declare import dataclass
from .content import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is taken from a server that does not stop."""

    most: int = 4 * 1024**3  #: bytes of any file, unless the feed says that it is larger
    unsaid: int = 256 * 1024**2  #: bytes, when only the feed says how many there are, and says less
    room: int = 64 * 1024**2  #: bytes that stay free on the disk
    slowest: int = 1000  #: bytes a second, in the mean of a minute
    minute: float = 60.0  #: seconds
    progress: int = 1024**2  #: bytes with which an attempt was not in vain
    attempts: int = 200  #: in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One file that a feed names."""

    url: str
    path: Path  #: where it belongs, absolute: below media/<series>/
    length: int | None = None  #: bytes, as the feed says; often wrong
    sha256: str = ""  #: if it is known
    kind: Kind = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """One file that is in its place."""

    url: str
    path: Path
    bytes: int
    sha256: str
    type: str  #: MIME type, from the server and the content; "" = neither knows
    fetched: bool = True  #: False = it was there already
