"""What a Funkwhale server is asked: objects, lists that shift, tracks, pictures.

Knows its addresses and its refusals; what an episode is stands in funkwhale.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from ..errors import AccessError
from ..language import N_
from . import funkwhale_fields as fields_there
from .api import Answer, Api, Form, Part
from .host import HostDownError, HostError, Progress, UnknownOutcomeError, Value

API = "/api/v1"
CHANNELS_TOO: Mapping[str, str] = {"include_channels": "true"}
"""Without it, finished uploads of channels are hidden: lists are empty, details are 404."""
PAGE = "50"
_PASSES = 3
"""Times that a list is read when it shifts meanwhile."""
_EDIT = 60.0
"""Seconds that the worker there is waited for."""
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}

Row = dict[str, Any]


class Server:
    """A Funkwhale server. Raises as the methods of `Host` do."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.site = api.base.removesuffix(API)
        self._licenses = False

    def ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None,
        body: Any = None, form: Form | None = None, progress: Progress | None = None,
        makes: bool = False, anonymous: bool = False,
    ) -> Answer:  # fmt: skip
        return self.api.ask(
            method, f"{self.site}{API}{path}", params=params, body=body, form=form,
            progress=progress, makes=makes, anonymous=anonymous,
        )  # fmt: skip

    def object(self, answer: Answer) -> Row:
        """The object that a request was answered with."""
        if not answer.ok:
            raise self.refused(answer)
        if not isinstance(answer.json, dict):
            raise self.strange()
        return dict(answer.json)

    def thing(self, answer: Answer, *, makes: bool = False) -> Row:
        """The same, of something with a uuid."""
        if not answer.ok:
            raise self.refused(answer)
        if not isinstance(answer.json, dict) or not _is_id(answer.json.get("uuid")):
            raise self.strange(makes=makes)
        return dict(answer.json)

    def strange(self, *, makes: bool = False) -> HostError:
        """The error for an answer that cannot be. With `makes` something may have been made."""
        if makes:
            return UnknownOutcomeError(
                N_("{host} answered with something else than it should"),
                N_("run the same command again: it looks first what is there"),
                host=self.api.name,
            )
        return HostDownError(
            N_("{host} answered with something else than it should"),
            N_("look at  url:  of the host in feedtool.yaml, or try again later"),
            host=self.api.name,
        )

    def refused(self, answer: Answer) -> HostError | AccessError:
        words = self.api.shown(fields_there.words_of(answer.json))
        if "upload_quota_reached" in words:
            return HostDownError(
                N_("there is no room left at {host}"),
                N_("ask who runs it for more room, or delete something there"),
                host=self.api.name,
            )
        if answer.status == 403 and answer.json is not None:
            # a token without a scope is refused so
            return AccessError(
                N_("the login may not do this at {host}: {words}"),
                N_("sign in again, with all rights:  feedtool login {host}"),
                host=self.api.name, words=words,
            )  # fmt: skip
        return self.api.refused(answer, words)

    def is_missing(self, answer: Answer) -> bool:
        """Does it say itself that there is no such thing? A page of HTML comes from elsewhere."""
        return answer.status == 404 and answer.json is not None

    def gone(self) -> HostError:
        return HostError(
            N_("it is no longer at {host}"),
            N_("run the same command again: it looks first what is there"),
            host=self.api.name,
        )

    def page(self, path: str, params: Mapping[str, str]) -> Row | None:
        """A page of a list; None behind the last one, which was there a moment ago."""
        answer = self.ask("GET", path, params=params)
        if self.is_missing(answer) and "page" in params:
            return None
        page = self.object(answer)
        rows, count, following = page.get("results"), page.get("count"), page.get("next")
        if not (
            isinstance(rows, list)
            and all(isinstance(row, dict) and _is_id(row.get("uuid")) for row in rows)
            and isinstance(count, int | None)
            and (following is None or (isinstance(following, str) and following.isascii()))
        ):
            raise self.strange()
        return {**page, "count": count or 0}

    def listed(
        self, path: str, params: Mapping[str, str], first: Row | None = None
    ) -> Iterator[Row]:
        """All that is in a list, each once, although pages shift while they are read."""
        seen: set[str] = set()
        for _ in range(_PASSES):
            counts: set[int] = set()
            told: set[str] = set()
            for page in self._pages(path, params, first):
                counts.add(page["count"])
                for row in page["results"]:
                    uuid = str(row["uuid"])
                    told.add(uuid)
                    if uuid not in seen:
                        seen.add(uuid)
                        yield row
            if len(counts) == 1 and len(told) >= counts.pop():
                return
            first = None

    def _pages(self, path: str, params: Mapping[str, str], first: Row | None) -> Iterator[Row]:
        asked: list[Mapping[str, str]] = []
        page = first if first is not None else self.page(path, params)
        while page is not None:
            yield page
            if not page.get("next"):
                return
            # its address may be the one the server knows itself by: only the query is taken
            query = dict(parse_qsl(page["next"].partition("?")[2]))
            if query in asked or not page["results"]:
                raise HostDownError(
                    N_("{host} repeats the pages of a list"),
                    N_("run the same command again later"),
                    host=self.api.name,
                )
            asked.append(query)
            page = self.page(path, query)

    def track(self, row: Row) -> Row | None:
        """The track of a finished upload, with its description; None = there is none."""
        inner = row.get("track")
        if row.get("import_status") != "finished" or not isinstance(inner, dict):
            return None
        if not _is_id(inner.get("id")):
            raise self.strange()
        answer = self.ask("GET", f"/tracks/{quote(str(inner['id']))}/")
        return None if self.is_missing(answer) else {"id": inner["id"], **self.object(answer)}

    def edit(
        self, row: Row, fields: Mapping[str, Value], cover: str | None, most: float = _EDIT
    ) -> None:
        """Change a track, and wait until that is made: a worker does it, after the answer.

        What is made of it may be other than what was sent: some servers tidy or cut texts.
        """
        track = self.track(row)
        if track is None:
            raise self.gone()
        payload = fields_there.payload_of(fields, cover, fields_there.told_tags(track))
        if not payload:
            return
        body = {"type": "update", "payload": payload, "summary": "feedtool", "is_approved": True}
        path = f"/tracks/{quote(str(track['id']))}/mutations/"
        made = self.object(self.ask("POST", path, body=body)).get("uuid")
        before = fields_there.fields_of(track)
        meant = {name: value for name, value in fields.items() if name != "artwork"}
        if cover:
            meant["artwork"] = cover
        for seconds in pauses(most):
            there = fields_there.fields_of(self.track(row) or {})
            if all(there.get(name) == value for name, value in meant.items()):
                return
            applied = self._is_applied(made)
            if applied is None:  # all of it is changed at once, or nothing
                applied = any(there.get(name) != before.get(name) for name in meant)
            if applied:
                return
            self.api.wait(seconds)
        raise HostError(
            N_("{host} has taken the change, but not made it yet"),
            N_("run the same command again later"),
            host=self.api.name,
        )

    def _is_applied(self, mutation: Any) -> bool | None:
        """Is an edit made? None = it is not told: not every token may look at edits."""
        if not _is_id(mutation):
            return None
        answer = self.ask("GET", f"/mutations/{quote(str(mutation))}/")
        told = answer.json if answer.ok else None
        return told.get("is_applied") is True if isinstance(told, dict) else None

    def attach(self, picture: Path) -> str:
        """The uuid of a picture that was just sent."""
        type = _PICTURES.get(picture.suffix.lower())
        if type is None:
            raise HostError(
                N_("{host} takes no pictures such as {file}"),
                N_("use a PNG or JPEG file"),
                host=self.api.name, file=picture.name,
            )  # fmt: skip
        form = {"file": Part(picture, f"cover.{'png' if type == 'image/png' else 'jpg'}", type)}
        # nothing sees one that is sent twice, and it is pruned
        answer = self.ask("POST", "/attachments/", form=form)
        return str(self.thing(answer)["uuid"])

    def know_licenses(self, fields: Mapping[str, Value]) -> None:
        """A new server knows no licence until somebody has looked at them."""
        if fields.get("license") and not self._licenses:
            self.ask("GET", "/licenses/")
            self._licenses = True


def _is_id(value: object) -> bool:
    """Can it stand in an address, and be told from others?"""
    return isinstance(value, int) or (
        isinstance(value, str) and value != "" and value.isascii() and value.isprintable()
    )


def pauses(most: float) -> Iterator[float]:
    """Seconds between looks: short ones first, `most` in all."""
    seconds, spent = 0.2, 0.0
    while spent < most:
        yield seconds
        spent += seconds
        seconds = min(seconds * 1.5, 10.0)
