"""One file from its server into the catalog: whole under its name, or not there at all.

A connection that breaks is taken up where it broke, as long as the server says that the file is
still the same (RFC 9110, 13.1.5 and 14); else all is fetched anew. Nothing is believed: lengths and
ranges are compared with what came, types with the content.
"""

from __future__ import annotations

import errno
import shutil
import time
from pathlib import Path

from ..declare import dataclass
from ..errors import RemoteError, WriteError
from ..language import N_
from .content import ENOUGH, Kind, stranger, type_of
from .partial import Partial
from .present import other_file, same_file, there
from .ranges import Told, goes_on
from .web import Stream, Web, late, plain


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


class FullError(WriteError):
    """The disk is full: for this file, and for all others."""


class Fetch:
    """The way of one file into its place. `folder` keeps what is not whole."""

    def __init__(self, wanted: Wanted, folder: Path, web: Web, bounds: Bounds) -> None:
        self._wanted = wanted
        self._folder = folder
        self._web = web
        self._bounds = bounds
        self._ended: tuple[int, str] | None = None
        """Size and SHA-256 of what ended, but may have been cut off."""
        self._part: Partial | None = None
        self._present = 0  #: bytes of a file that was there
        self._over = False

    @property
    def have(self) -> int:
        """Bytes that are here by now."""
        return self._present or (self._part.have if self._part else 0)

    @property
    def total(self) -> int:
        """Bytes that there will be, as far as anybody says."""
        if self._over:
            return self.have
        told = self._part.total if self._part else None
        return max(self.have, told if told is not None else self._wanted.length or 0)

    def run(self) -> Downloaded:
        """Raises RemoteError and AccessError; WriteError when the disk or a file is in the way,
        FullError when no file can be written any more.
        """
        wanted = self._wanted
        try:
            part = self._part = Partial(self._folder, wanted.url, wanted.path)
            try:
                present = there(wanted.path, wanted.url, wanted.length, wanted.sha256,
                                part.finished, self._web)  # fmt: skip
                if present is None:
                    self._all(part)
                    return self._placed(part)
            finally:
                part.close()
            self._present = present.size
            if part.finished is None:
                part.forget()
                part.note_finished(wanted.path, present.sha256)
            return self._in_place(present.size, present.sha256, present.head, part, fetched=False)
        except OSError as error:
            raise _unwritten(error, wanted.path) from error
        finally:
            self._over = True

    # asking until all is here

    def _all(self, part: Partial) -> None:
        in_vain = 0
        for _ in range(self._bounds.attempts):
            before = part.have
            try:
                try:
                    if part.have == 0 or part.have != part.total:
                        self._attempt(part)
                    if self._is_whole(part):
                        return
                finally:
                    part.keep()
            except RemoteError as error:
                in_vain = 0 if part.have - before >= self._bounds.progress else in_vain + 1
                last = error
                if in_vain >= self._web.limits.tries:
                    raise
                if not self._web.rest(self._wanted.url, error, in_vain):
                    raise
        raise last

    def _attempt(self, part: Partial) -> None:
        """One request; raises RemoteError when not all came."""
        url = self._wanted.url
        headers = {"Accept-Encoding": "identity"}  # lengths and ranges are of what is stored
        if part.have and part.validator:
            headers |= {"Range": f"bytes={part.have}-", "If-Range": part.validator}
        with self._web.open(url, headers=headers, fine=(304, 416)) as stream:
            told = Told(stream.headers)
            if stream.status == 200:
                part.begin(told.validator, told.length, told.type)
            elif "Range" not in headers:
                raise _strange(url, N_("it gives no file"))
            elif not goes_on(part.have, part.total, part.validator, stream.status, told):
                part.forget()
                raise _strange(url, N_("it gives another part than the one asked for"))
            else:
                part.total = told.whole
                if stream.status == 416:
                    return  # there is no more
            self._check_room(part)
            self._take(part, stream)
            if part.total is None and told.ends_surely:
                part.total = part.have
        if part.total is not None and part.have != part.total:
            if part.have > part.total:
                part.forget()
            raise _strange(url, N_("the answer breaks off"))

    def _take(self, part: Partial, stream: Stream) -> None:
        """The body, as it comes."""
        bounds = self._bounds
        most = self._most(part)
        since, slow, room = time.monotonic(), part.have, part.have
        while piece := stream.read(_PIECE):
            unjudged = part.have < ENOUGH
            part.add(piece)
            if unjudged and part.have >= ENOUGH:
                self._judge(part)
            if part.have > most:
                part.forget()
                raise RemoteError(
                    N_("{url} gives more than {most}, and no end is in sight"),
                    N_("look at what is there; fetch it by hand if it is right"),
                    url=plain(self._wanted.url),
                    most=amount(most),
                )
            now = time.monotonic()
            if now - since > bounds.minute:
                if part.have - slow < bounds.slowest * (now - since):
                    raise late(self._wanted.url, bounds.minute)
                since, slow = now, part.have
            if part.have - room > _LOOK:
                room = part.have
                if shutil.disk_usage(self._folder).free < bounds.room:
                    raise full(self._wanted.path)

    def _is_whole(self, part: Partial) -> bool:
        """Is this the end? A server may tell too short a length, or none and break off."""
        told = self._wanted.length
        sure = part.total is not None
        if part.have == told or (sure and (told is None or part.have > told)):
            self._judge(part)
            return True
        if part.have and part.validator:
            more = self._more(part)
            if more:
                part.total = more
                return False
            sure = sure or more == 0
        if not sure:
            ended = part.have, part.sha256
            if ended != self._ended:
                self._ended = ended
                part.validator = ""  # it cannot go on there: all anew, and compare
                part.total = None
                return False
        self._judge(part)
        return True

    def _more(self, part: Partial) -> int | None:
        """How long the file is if it is longer; 0 = it is not; None = nobody can say."""
        headers = {
            "Accept-Encoding": "identity",
            "Range": f"bytes={part.have}-",
            "If-Range": part.validator,
        }
        try:
            with self._web.open(self._wanted.url, headers=headers, fine=(304, 416)) as stream:
                told = Told(stream.headers)
                if not goes_on(part.have, None, part.validator, stream.status, told):
                    return None
                return 0 if stream.status == 416 else told.whole
        except RemoteError:
            return None

    # is it what we want?

    def _judge(self, part: Partial) -> None:
        """Forgets what is no such file, and raises RemoteError."""
        wanted = self._wanted
        found = stranger(wanted.kind, part.head, part.type) if part.have else ""
        if found is None:
            return
        part.forget()
        if not found:
            raise RemoteError(
                N_("{url} gives an empty file"), _OWNER, url=plain(wanted.url)
            )  # fmt: skip
        raise RemoteError(
            _NO[wanted.kind], N_("open it in a browser and see what it says"),
            url=plain(wanted.url), found=found,
        )  # fmt: skip

    def _most(self, part: Partial) -> int:
        """Bytes after which the server is not heard any more; RemoteError if it announces more."""
        told = self._wanted.length or 0
        most = max(self._bounds.most, 2 * told)
        if part.total is None:
            return min(most, max(self._bounds.unsaid, 2 * told)) if told else most
        if part.total > most:
            size = part.total
            part.forget()
            raise RemoteError(
                N_("{url} is larger than anything that is fetched: {size}"),
                N_("look at what is there; fetch it by hand if it is right"),
                url=plain(self._wanted.url),
                size=amount(size),
            )
        return part.total

    def _check_room(self, part: Partial) -> None:
        self._most(part)
        if part.total is None:
            return
        free = shutil.disk_usage(self._folder).free
        needed = part.total - part.have
        if needed + self._bounds.room > free:
            raise WriteError(
                N_("{path} needs {needed}, and {free} are free on this disk"),
                N_("make room, then run the same command again"),
                path=self._wanted.path,
                needed=amount(needed),
                free=amount(free),
            )

    # into its place

    def _placed(self, part: Partial) -> Downloaded:
        wanted = self._wanted
        if wanted.sha256 and part.sha256 != wanted.sha256.lower():
            part.forget()
            raise RemoteError(
                N_("{url} gives another file than the one that is known: its SHA-256 differs"),
                _OWNER,
                url=plain(wanted.url),
            )
        fetched = True
        try:
            part.give_to(wanted.path)
        except FileExistsError:
            if not same_file(wanted.path, part.have, part.sha256):
                raise other_file(wanted.path, wanted.url) from None
            part.note_finished(wanted.path, part.sha256)
            fetched = False
        return self._in_place(part.have, part.sha256, part.head, part, fetched=fetched)

    def _in_place(
        self, size: int, sha256: str, head: bytes, part: Partial, *, fetched: bool
    ) -> Downloaded:
        wanted = self._wanted
        return Downloaded(
            url=wanted.url, path=wanted.path, bytes=size, sha256=sha256,
            type=type_of(wanted.kind, head, part.type), fetched=fetched,
        )  # fmt: skip


_PIECE = 262_144
_LOOK = 32 * 1024**2
"""Bytes between two looks at the room that is left."""
_OWNER = N_("check the address, or ask whoever runs the server")
_NO = {
    "recording": N_("{url} gives no recording, but {found}"),
    "picture": N_("{url} gives no picture, but {found}"),
    "text": N_("{url} gives no text, but {found}"),
}


def _strange(url: str, reason: str) -> RemoteError:
    error = RemoteError(
        N_("{url} fails: {reason}"),
        N_("wait a while, then run the same command again: it goes on where it stopped"),
        url=plain(url),
        reason=reason,
    )
    error.passing = True
    return error


def full(path: Path) -> FullError:
    """No room at all."""
    return FullError(
        N_("the disk is full: {path} could not be written"),
        N_("make room, then run the same command again: it goes on where it stopped"),
        path=path,
    )


def _unwritten(error: OSError, path: Path) -> WriteError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(path)
    return WriteError(
        N_("{path} could not be written or read: {reason}"),
        N_("make room, or put the permissions right; then run the same command again"),
        path=error.filename2 or error.filename or path,
        reason=error.strerror or str(error),
    )


def amount(size: int) -> str:
    """Bytes for a person: "8.3 MB"."""
    for unit, one in (("GB", 1000**3), ("MB", 1000**2), ("kB", 1000)):
        if size >= one:
            return f"{size / one:.1f} {unit}"
    return f"{size} B"
