"""One file from its server into the catalog: whole under its name, or not there at all.

A connection that breaks is taken up where it broke, as long as the server says that the file is
still the same (RFC 9110, 13.1.5 and 14); else all is fetched anew. Nothing is believed: lengths and
ranges are compared with what came, types with the content.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection
from pathlib import Path

from ..errors import AccessError, RemoteError
from ..language import N_
from . import refusals
from .content import ENOUGH, stranger, type_of
from .partial import Partial
from .present import other_file, same_file, there
from .ranges import Told, goes_on
from .wanted import Bounds, Downloaded, Wanted
from .web import Stream, Web


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
            raise refusals.unwritten(error, wanted.path) from error
        finally:
            self._over = True

    # asking until all is here

    def _all(self, part: Partial) -> None:
        in_vain, last = 0, refusals.strange(self._wanted.url, BROKEN)
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
                in_vain = 0 if self._came_far(part.have - before, part.total) else in_vain + 1
                last = error
                if in_vain >= self._web.limits.tries:
                    raise
                if not self._web.rest(self._wanted.url, error, in_vain):
                    raise
        raise last

    def _came_far(self, came: int, total: int | None) -> bool:
        """Was it worth the while? Of a small file an eighth is."""
        enough = self._bounds.progress
        return came >= (enough if total is None else min(enough, max(1, total // 8)))

    def _attempt(self, part: Partial) -> None:
        """One request; raises RemoteError when not all came."""
        url = self._wanted.url
        headers = {"Accept-Encoding": "identity"}  # lengths and ranges are of what is stored
        fine: Collection[int] = ()
        if part.have and part.validator:
            headers |= {"Range": f"bytes={part.have}-", "If-Range": part.validator}
            fine = _NO_RANGES
        with self._web.open(url, headers=headers, fine=fine) as stream:
            told = Told(stream.headers)
            begins = stream.status in (200, 203)
            if begins:
                part.begin(told.validator, told.length, told.type)
            elif "Range" not in headers:
                raise refusals.strange(url, N_("it gives no file"))
            elif not goes_on(part.have, part.total, part.validator, stream.status, told):
                part.forget()
                raise refusals.strange(url, N_("it gives another part than the one asked for"))
            else:
                part.total = told.whole or part.total
                if stream.status == 416:
                    return  # there is no more
            self._check_room(part)
            self._take(part, stream)
            if part.total is None and begins and told.ends_surely:
                part.total = part.have
        if part.total is not None and part.have != part.total:
            if part.have > part.total:
                part.forget()
            raise refusals.strange(url, BROKEN)

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
                raise refusals.endless(self._wanted.url, most)
            now = time.monotonic()
            if now - since > bounds.minute:
                if part.have - slow < bounds.slowest * (now - since):
                    raise refusals.late(self._wanted.url, bounds.minute)
                since, slow = now, part.have
            if part.have - room > _LOOK:
                room = part.have
                if shutil.disk_usage(self._folder).free < bounds.room:
                    raise refusals.full(self._wanted.path)

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
            with self._web.open(self._wanted.url, headers=headers, fine=_NO_RANGES) as stream:
                told = Told(stream.headers)
                if not goes_on(part.have, None, part.validator, stream.status, told):
                    return None
                return 0 if stream.status == 416 else told.whole
        except (RemoteError, AccessError):
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
                N_("{url} gives an empty file"), refusals.OWNER, url=refusals.plain(wanted.url)
            )  # fmt: skip
        raise RemoteError(
            _NO[wanted.kind], N_("open it in a browser and see what it says"),
            url=refusals.plain(wanted.url), found=found,
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
            raise refusals.too_large(self._wanted.url, size)
        return part.total

    def _check_room(self, part: Partial) -> None:
        self._most(part)
        if part.total is None:
            return
        free = shutil.disk_usage(self._folder).free
        needed = part.total - part.have
        if needed + self._bounds.room > free:
            raise refusals.no_room(self._wanted.path, needed, free)

    # into its place

    def _placed(self, part: Partial) -> Downloaded:
        wanted = self._wanted
        if wanted.sha256 and part.sha256 != wanted.sha256.lower():
            part.forget()
            raise RemoteError(
                N_("{url} gives another file than the one that is known: its SHA-256 differs"),
                refusals.OWNER,
                url=refusals.plain(wanted.url),
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


_NO_RANGES = (400, 412, 416, 501)
"""There is no more; or the server cannot do ranges, but whole files perhaps."""
BROKEN = N_("the answer breaks off")
_PIECE = 262_144
_LOOK = 32 * 1024**2
"""Bytes between two looks at the room that is left."""
_NO = {
    "recording": N_("{url} gives no recording, but {found}"),
    "picture": N_("{url} gives no picture, but {found}"),
    "text": N_("{url} gives no text, but {found}"),
}
