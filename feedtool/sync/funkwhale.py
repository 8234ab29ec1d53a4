"""Funkwhale: a channel for each series, an upload for each episode.

Where its documents are silent, its sources (1.2, AGPL) were read, never copied; what they do
otherwise than one expects stands beside the line that minds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from ..errors import AccessError
from ..finding import N_, visible
from ..model import Episode, Series
from . import funkwhale_fields as fields_there
from .api import Api, Form, Part
from .funkwhale_channels import Channels, Warned
from .funkwhale_server import CHANNELS_TOO, PAGE, Row, Server, pauses
from .host import (
    Abilities,
    Account,
    Held,
    HostDownError,
    HostError,
    Marker,
    Progress,
    Sound,
    Value,
    Wanted,
)

if TYPE_CHECKING:
    from ..read.objects import HostKeys

_CLOSELY = 100
"""So many uploads of a channel are each asked for their description when all are listed."""
_MOST = 1e12
"""MB of room at most that a server may be believed to have."""
_IMPORT = 300.0
_SETTLE = 10.0
"""Seconds that the worker there is waited for."""
_SLACK = timedelta(minutes=10)
"""Between the host's clock and ours."""

_FILES = {
    "audio/mpeg": "mp3", "audio/x-m4a": "m4a", "audio/mp4": "m4a", "audio/aac": "aac",
    "audio/ogg": "ogg", "audio/opus": "opus", "audio/flac": "flac", "audio/x-flac": "flac",
    "audio/aiff": "aiff", "audio/x-aiff": "aiff",
}  # fmt: skip
"""What it takes, with the end of a name that it knows it by."""


def open_host(api: Api, keys: HostKeys) -> Funkwhale:
    """The host behind an address; feedtool.yaml may give channels other names than their series."""
    return Funkwhale(api, keys.channels)


class Funkwhale:
    """A Funkwhale server, as one of its accounts sees it."""

    abilities = Abilities(
        changes=fields_there.CHANGES,
        hides=False,
        types=frozenset(_FILES),
        has_channels=True,
    )
    notes: ClassVar[tuple[str, ...]] = (
        N_("Funkwhale gives every episode a guid of its own, and the date of its upload"),
    )
    """What a plan should say once."""

    def __init__(self, api: Api, channels: Mapping[str, str]) -> None:
        self._server = Server(api)
        self._name = api.name
        self._channels = Channels(self._server, channels)
        self._references: dict[str, str] = {}  #: import_reference by uuid
        self._warned: list[Warned] = []

    # --- the methods of Host ---

    def account(self) -> Account:
        answer = self._server.ask("GET", "/users/me")
        me = answer.json
        if answer.status == 404 or (answer.ok and not isinstance(me, dict)):
            raise HostDownError(
                N_("there is no Funkwhale at {url}"),
                N_("look at  url:  of the host in feedtool.yaml"),
                url=self._server.site,
            )
        me = self._server.object(answer)
        name = str(me.get("full_username") or me.get("username") or "")
        id = str(me.get("id") or name)
        if not id:
            raise HostDownError(
                N_("{host} does not say who is signed in"),
                N_("look at  url:  of the host in feedtool.yaml"),
                host=self._name,
            )
        quota = me.get("quota_status")
        left = quota.get("remaining") if isinstance(quota, dict) else None
        room = None
        if isinstance(left, (int, float)) and abs(left) < _MOST:  # JSON of others may have NaN
            room = int(left * 1_000_000)
        return Account(id=id, name=visible(name), bytes_left=room)

    def items(self) -> Iterator[Held]:
        for name, uuid in self._channels.mine(anew=True).items():
            params = {**CHANNELS_TOO, "channel": uuid, "page_size": PAGE}
            first = self._server.page("/uploads/", params)
            closely = first is not None and first["count"] <= _CLOSELY
            for row in self._server.listed("/uploads/", params, first):
                yield self._held(row, name, closely=closely)

    def find(self, marker: Marker, since: datetime) -> list[Held]:
        found: dict[str, Row] = {}
        if marker.sha256:  # whenever it was made by the host's clock: it is this recording
            asked = {"import_reference": fields_there.reference_of(marker)}
            for row in self._server.listed("/uploads/", {**CHANNELS_TOO, **asked}):
                found[str(row["uuid"])] = row
        # newest first: one with another recording is found, too
        newest = {**CHANNELS_TOO, "ordering": "-creation_date", "page_size": PAGE}
        for row in self._server.listed("/uploads/", newest):
            one = self._held(row)
            if one.created and one.created < since - _SLACK:
                break
            found[one.remote] = row
        every = [self._held(row) for row in found.values()]
        return [one for one in every if one.marker and one.marker.key == marker.key]

    def get(self, remote: str) -> Held | None:
        row = self._row(remote)
        return None if row is None else self._held(row, closely=True)

    def wanted(self, episode: Episode, series: Series, page: str) -> Wanted:
        return fields_there.wanted(episode, series, page)

    def channel(self, series: Series) -> str | None:
        return self._channels.find(series)

    def make_channel(self, series: Series, picture: Path | None) -> str:
        return self._channels.make(series, picture)

    def create(
        self, sound: Sound, marker: Marker, wanted: Wanted, channel: str | None,
        pictures: Path, progress: Progress,
    ) -> Held:  # fmt: skip
        name = f"episode.{_FILES.get(sound.type, 'mp3')}"
        # not earlier: what nothing is attached to is pruned there
        cover = self._cover(wanted.fields, pictures)
        self._server.know_licenses(wanted.fields)
        form: Form = {
            "channel": channel or "",
            "import_status": "draft",
            "import_reference": fields_there.reference_of(marker),
            "source": f"upload://{name}",
            "import_metadata": json.dumps(fields_there.metadata_of(wanted.fields, cover)),
            "audio_file": Part(sound.file, name, sound.type),
        }
        answer = self._server.ask("POST", "/uploads/", form=form, progress=progress, makes=True)
        if answer.status == 413:
            raise HostError(
                N_("{host} takes no recording of this size"),
                N_("ask who runs it, or make the recording smaller"),
                host=self._name,
            )
        row = self._server.thing(answer, makes=True)
        mine = self._channels.mine().items()
        return self._held(row, next((name for name, uuid in mine if uuid == channel), ""))

    def update(
        self, held: Held, fields: Mapping[str, Value], marker: Marker, pictures: Path
    ) -> Held:
        row = self._there(held)
        status = row.get("import_status")
        self._server.know_licenses(fields)
        if status == "draft":
            planned = fields_there.planned(row)
            cover = self._cover(fields, pictures) or planned.get("cover")
            # whole, not merged: what is not sent again is gone
            planned |= fields_there.metadata_of(fields, cover)
            planned = {key: value for key, value in planned.items() if fields.get(key, value)}
            path = f"/uploads/{quote(held.remote)}/"
            answer = self._server.ask("PATCH", path, body={"import_metadata": planned})
            self._server.object(answer)
        elif status == "finished":
            self._server.edit(row, fields, self._cover(fields, pictures))
        else:
            raise HostError(
                N_("{host} has not finished its import of the recording ({state})"),
                N_("run the same command again later"),
                host=self._name, state=status,
            )  # fmt: skip
        return self._again(held)

    def reveal(self, held: Held) -> Held:
        row = self._imported(held)
        status = row.get("import_status")
        if status == "skipped":
            # one with the same title and number is the same track there
            raise HostError(
                N_("{host} takes it for another episode with the same title and number"),
                N_("give one of them another title, or number, then run the same command again"),
                host=self._name,
            )
        if status == "errored":
            raise HostError(
                N_("{host} could not process the recording: {reason}"),
                N_("play the file; if it is whole, run the same command again"),
                host=self._name, reason=fields_there.why(row),
            )  # fmt: skip
        if status == "finished":
            self._settle(row)
        return self._again(held)

    def delete(self, remote: str) -> None:
        path = f"/uploads/{quote(remote)}/"
        answer = self._server.ask("DELETE", path, params=CHANNELS_TOO)
        if not answer.ok and not self._server.is_missing(answer):
            raise self._server.refused(answer)
        self._references.pop(remote, None)

    def close(self) -> None:
        self._server.api.close()

    def warnings(self) -> list[Warned]:
        """What a run should say at its end. Asks for the feeds as podcast apps do."""
        return [*self._warned, *self._channels.unreadable()]

    # --- uploads ---

    def _held(self, row: Row, name: str = "", *, closely: bool = False) -> Held:
        uuid = str(row.get("uuid"))
        reference = str(row.get("import_reference") or "")
        self._references[uuid] = reference if reference.isascii() else ""  # it is asked for
        library = row.get("library")  # that of a channel has its name
        own = str(library.get("name") or "").lower() if isinstance(library, dict) else ""
        series = self._channels.series_of(own if own in self._channels.mine() else name)
        track = self._server.track(row) if closely else None
        return fields_there.held(row, track, series, self._server.site)

    def _row(self, uuid: str, marker: Marker | None = None) -> Row | None:
        """An upload as it is now. Its own address is 404 until its import is finished."""
        reference = self._references.get(uuid, "")
        if not reference and marker:
            reference = fields_there.reference_of(marker)
        if reference:
            asked = {**CHANNELS_TOO, "import_reference": reference}
            for row in self._server.listed("/uploads/", asked):
                if row.get("uuid") == uuid:
                    return row
        answer = self._server.ask("GET", f"/uploads/{quote(uuid)}/", params=CHANNELS_TOO)
        if not self._server.is_missing(answer):
            return self._server.thing(answer)
        if reference:
            return None
        for status in ("draft", "pending", "errored", "skipped"):
            asked = {**CHANNELS_TOO, "import_status": status, "page_size": PAGE}
            for row in self._server.listed("/uploads/", asked):
                if row.get("uuid") == uuid:
                    return row
        return None

    def _there(self, held: Held) -> Row:
        """An upload that must be there. Raises HostError."""
        row = self._row(held.remote, held.marker)
        if row is None:
            raise self._server.gone()
        return row

    def _again(self, held: Held) -> Held:
        return self._held(self._there(held), closely=True)

    def _imported(self, held: Held) -> Row:
        """Have a draft imported, and wait for the end of it; it may not come in time."""
        asked = False
        for seconds in pauses(_IMPORT):
            row = self._there(held)
            if row.get("import_status") == "draft" and not asked:
                self._drop_pruned(row)
                body = {"action": "publish", "objects": [held.remote]}
                answer = self._server.ask(
                    "POST", "/uploads/action/", params=CHANNELS_TOO, body=body
                )
                self._server.object(answer)
                asked = True
            elif row.get("import_status") in ("draft", "pending"):
                self._server.api.wait(seconds)
            else:
                return row
        return self._there(held)

    def _drop_pruned(self, row: Row) -> None:
        """Let a draft go without its picture when it waited so long that the server pruned it.

        It would fail for that otherwise, and a draft that failed can neither be changed nor read.
        """
        planned = fields_there.planned(row)
        cover = planned.pop("cover", None)
        if not cover:
            return
        attachment = f"/attachments/{quote(str(cover), errors='replace')}/"
        if not self._server.is_missing(self._server.ask("GET", attachment)):
            return
        path = f"/uploads/{quote(str(row.get('uuid')))}/"
        self._server.object(self._server.ask("PATCH", path, body={"import_metadata": planned}))
        self._warned.append(
            (
                N_('{host} removed the picture of "{title}" before it was published'),
                {"host": self._name, "title": str(planned.get("title"))},
            )
        )

    # --- tracks ---

    def _settle(self, row: Row) -> None:
        """Make the track say what was meant: that of an earlier upload may have been taken."""
        planned = fields_there.planned(row)
        if not planned:
            return
        meant = fields_there.fields_of(planned)
        there = fields_there.fields_of(self._server.track(row) or planned)
        wrong = {name: value for name, value in meant.items() if there.get(name, value) != value}
        cover = wrong.pop("artwork", None)
        if not wrong and not cover:
            return
        try:
            self._server.edit(row, wrong, str(cover) if cover else None, _SETTLE)
        except HostDownError:
            raise
        except (HostError, AccessError):  # it is public all the same
            names = ", ".join(sorted({*wrong, *(["artwork"] if cover else [])}))
            self._warned.append(
                (
                    N_('{host} did not take all of "{title}" as it was sent: {fields}'),
                    {"host": self._name, "title": meant["title"], "fields": names},
                )
            )

    def _cover(self, fields: Mapping[str, Value], pictures: Path) -> str | None:
        source = fields.get("artwork")
        return self._server.attach(pictures / str(source)) if source else None
