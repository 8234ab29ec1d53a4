"""A server over WebDAV: a cloud storage, a web server with its dav module.

A file is sent to a half beside it and moved over the old one. RFC 4918, as servers keep it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from itertools import count
from urllib.parse import unquote, urlsplit

from lxml import etree

from ..declare import dataclass
from ..errors import TargetError
from ..language import N_
from . import refusals
from .dav import ELSEWHERE, Answer, Dav, DavAddress
from .half import HALF, halves_of, is_half, may_hold
from .secrets import Secrets
from .sending import bytes_of
from .target import ABSENT, STATE_FILE, Artifact, Remote

_ASKED = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>'
    b"<resourcetype/><getcontentlength/><getetag/></prop></propfind>"
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a listing tells of one resource."""

    path: str  #: below the address; of a folder without "/" at its end
    folder: bool
    remote: Remote


class WebDav:
    """`davs://host/folder`, or `dav://` without TLS."""

    def __init__(self, address: DavAddress, secrets: Secrets) -> None:
        self._dav = Dav(address, secrets)
        self._folders: set[str] = set()  # that are there
        self._halves: set[str] = set()  # of killed publishes, as far as listings told them
        self.conditions: bool | None = None
        """Does it keep conditions? What is remembered can be told; else it is tried once."""
        self._deep = True  # until it refuses a listing of everything

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        found: dict[str, Remote] = {}
        queue = [prefix.rpartition("/")[0]]
        while queue:
            folder = queue.pop()
            inside = f"{folder}/" if folder else ""
            entries = self._entries(folder, deep=self._deep and inside.startswith(prefix))
            self._folders |= {one.path for one in entries if one.folder}
            for one in entries:
                if is_half(one.path):
                    self._halves.add(one.path)
                elif not one.folder and one.path.startswith(prefix):
                    found[one.path] = one.remote
            # some servers answer a question for everything with one level, and do not say so
            if not any("/" in one.path[len(inside) :] for one in entries):
                queue += [one.path for one in entries if one.folder and may_hold(one.path, prefix)]
        if STATE_FILE.startswith(prefix) and STATE_FILE not in found:
            # nginx tells of no name that begins with a dot
            there = self._remote(STATE_FILE)
            found |= {} if there == ABSENT else {STATE_FILE: there}
        return found

    def read(self, path: str) -> bytes | None:
        answer = self._dav.ask("GET", path, fine={404, *ELSEWHERE})
        if answer.status == 404:
            return None
        # of a folder some give a page, and some send us on to its name with "/"
        elsewhere = answer.status in ELSEWHERE
        if (elsewhere or "html" in answer.type) and self._is_folder(path):
            return None
        if elsewhere:
            raise self._dav.refusal("GET", path, answer)
        return answer.body

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        self._make(path.rpartition("/")[0])
        if if_unchanged is not None and not self.compares:
            if self._remote(path) != if_unchanged:
                raise refusals.changed(path)
            if_unchanged = None
        if "?" in path or ";" in path:
            # WsgiDAV takes them in an address to move to as the beginning of a query
            self._send(path, artifact)
            return
        left = {one for one in self._halves if one.startswith(halves_of(path))}
        # a server may still be at work on the half of a killed publish
        names = (f"{halves_of(path)}{number}" for number in count())
        half = next(name for name in names if name not in left)
        self._send(half, artifact)
        answer = self._move(half, path, if_unchanged)
        if answer.status == 412:
            self.delete(half)
            raise refusals.changed(path)
        for one in left:
            self.delete(one)
        self._halves -= left

    def delete(self, path: str) -> None:
        self._dav.ask("DELETE", path, fine={404})

    @property
    def compares(self) -> bool:
        if self.conditions is None:
            self._make("")
            self.conditions = self._probe()
        return self.conditions

    def close(self) -> None:
        self._dav.close()

    # sending

    def _send(self, path: str, artifact: Artifact) -> None:
        with bytes_of(artifact) as data:
            # requests sends an empty file in chunks, which not every server takes
            body = data if artifact.size else b""
            self._dav.ask("PUT", path, data=body, headers={"Content-Type": artifact.type})

    def _move(self, half: str, path: str, if_unchanged: Remote | None) -> Answer:
        """Answers 412 when the file is another; other refusals are raised."""
        to = self._dav.url(path)
        headers = {"Destination": to, "Overwrite": "F" if if_unchanged == ABSENT else "T"}
        if if_unchanged is not None and if_unchanged != ABSENT:
            tag = if_unchanged.tag
            tag = tag if tag.startswith(('"', "W/")) else f'"{tag}"'
            # a path or an address (RFC 4918, 10.4.2); WsgiDAV ignores conditions on the latter
            headers["If"] = f"<{urlsplit(to).path}> ([{tag}])"
        return self._dav.ask("MOVE", half, headers=headers, fine={412})

    def _make(self, folder: str) -> None:
        """Make a folder, and those that it is in; of the address itself only the last."""
        if folder in self._folders:
            return
        if not self._is_folder(folder):
            if folder:
                self._make(folder.rpartition("/")[0])
            answer = self._dav.ask("MKCOL", f"{folder}/" if folder else "", fine={405})
            if answer.status == 405 and not self._is_folder(folder):
                raise self._dav.refusal("MKCOL", folder, answer)
        self._folders.add(folder)

    # conditions

    def _probe(self) -> bool:
        """Some servers ignore conditions, and move; some refuse them even when they are met."""
        half, probe = f"{HALF}probe-0", f"{HALF}probe"

        def moved(expected: Remote | None, data: bytes) -> bool:
            self._dav.ask("PUT", half, data=data)
            return self._move(half, probe, expected).status != 412

        try:
            moved(None, b"1")
            seen = self._remote(probe)
            return (
                bool(seen.tag)
                and not moved(ABSENT, b"22")
                and not moved(Remote(1, '"other"'), b"333")
                and moved(seen, b"4444")
                and not moved(seen, b"55555")
            )
        except TargetError:
            return False  # what it does not know it refuses in many ways
        finally:
            self.delete(half)
            self.delete(probe)

    # looking

    def _is_folder(self, path: str) -> bool:
        return any(one.folder for one in self._found(f"{path}/" if path else "", "0") or ())

    def _remote(self, path: str) -> Remote:
        for one in self._found(path, "0") or ():
            if not one.folder:
                return one.remote
        return ABSENT

    def _entries(self, folder: str, *, deep: bool) -> tuple[_Entry, ...]:
        """What is in a folder: everything, if the server tells it, or what is directly there."""
        inside = f"{folder}/" if folder else ""
        found = None
        if deep:
            found = self._found(inside, "infinity")
            self._deep = found is not None
        if found is None:
            found = self._found(inside, "1")
        return tuple(one for one in found or () if one.path != folder)

    def _found(self, path: str, depth: str) -> tuple[_Entry, ...] | None:
        """What is told of a resource, and what is in it; () = it is not there, None = refused."""
        # RFC 4918, 9.1: 403 for everything at once; others say it in other ways
        fine = {404, 400, 403, 501} if depth == "infinity" else {404}
        headers = {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}
        answer = self._dav.ask("PROPFIND", path, headers=headers, data=_ASKED, fine=fine)
        if answer.status == 404:
            return ()
        if answer.status in fine:
            return None
        if answer.status != 207:  # a web server that takes any question for one for a page
            raise self._dav.refusal("PROPFIND", path, replace(answer, status=405))
        try:
            return tuple(self._read(answer.body))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise TargetError(
                N_("{place} does not list what it has as WebDAV servers do"),
                N_("check the address of the target: it may be one of a web site, or of a server"
                   " without WebDAV"),
                place=self._dav.host,
            ) from error  # fmt: skip

    def _read(self, body: bytes) -> Iterator[_Entry]:
        base = f"{self._dav.folder}/"
        for _, response in etree.iterparse(
            BytesIO(body), tag="{DAV:}response", resolve_entities=False, no_network=True
        ):
            # some give whole addresses, which may be those behind a proxy
            path = unquote(urlsplit(response.findtext("{DAV:}href", "").strip()).path)
            if not f"{path}/".startswith(base):
                raise TargetError(
                    N_("{place} tells of {path}, outside of the address of the target"),
                    N_("check that address; a proxy may change paths on the way"),
                    place=self._dav.host, path=path,
                )  # fmt: skip
            # what a server does not know comes in a part of its own, without values
            folder = response.find(".//{DAV:}resourcetype/{DAV:}collection") is not None
            size = response.findtext(".//{DAV:}getcontentlength") or "0"
            tag = response.findtext(".//{DAV:}getetag") or ""
            yield _Entry(path[len(base) :].strip("/"), folder, Remote(int(size), tag))
            response.clear()
