"""The channels of a Funkwhale: one for each series, under a name that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from ..language import N_
from ..model import Series
from . import funkwhale_fields as fields_there
from .funkwhale_server import API, PAGE, Server
from .host import HostError, UnknownOutcomeError

Warned = tuple[str, Mapping[str, object]]
"""A template and its parameters."""


class Channels:
    """The channels of one account. `named` are names for series that have not their own."""

    def __init__(self, server: Server, named: Mapping[str, str]) -> None:
        self._server = server
        self._named = named
        self._series = {name.lower(): series for series, name in named.items()}
        self._mine: dict[str, str] | None = None
        self._used: set[str] = set()

    def mine(self, *, anew: bool = False) -> Mapping[str, str]:
        """The uuids of all, by name in lower case."""
        if self._mine is None or anew:
            mine = {}
            for row in self._server.listed("/channels/", {"scope": "me", "page_size": PAGE}):
                actor = row.get("actor")
                name = actor.get("preferred_username") if isinstance(actor, dict) else None
                if name:
                    mine[str(name).lower()] = str(row["uuid"])
            self._mine = mine
        return self._mine

    def find(self, series: Series) -> str | None:
        """The uuid of that of a series; None = there is none. Raises HostError for a shared one."""
        name = self._name_for(series).lower()
        other = self._series.get(name, series.slug)
        if other != series.slug:  # who follows the one would get the other, for ever
            raise HostError(
                N_("{series} and {other} would have one channel at {host}: {name}"),
                N_("choose another for {series}, under  channels:  of the host in feedtool.yaml"),
                series=series.slug, other=other, host=self._server.api.name, name=name,
            )  # fmt: skip
        uuid = self.mine().get(name)
        if uuid:
            self._used.add(name)
        return uuid

    def make(self, series: Series, picture: Path | None) -> str:
        """Make that of a series, or take the one that is there. Raises as `Host.make_channel`."""
        if there := self._find_anew(series):  # somebody may have made it since
            return there
        name = self._name_for(series)
        cover = self._server.attach(picture) if picture else None
        body = fields_there.channel_of(series, name, cover)
        try:
            answer = self._server.ask("POST", "/channels/", body=body, makes=True)
        except UnknownOutcomeError:
            # its name is unique there, so it can only be the one that was just asked for
            if there := self._find_anew(series):
                return there
            raise
        said = answer.json if isinstance(answer.json, dict) else {}
        if answer.status == 400 and "username" in said:
            if there := self._find_anew(series):
                return there
            raise HostError(
                N_("the name {name} is taken at {host} ({words})"),
                N_("choose another for {series}, under  channels:  of the host in feedtool.yaml"),
                name=name, host=self._server.api.name, series=series.slug,
                words=fields_there.words_of(said["username"]),
            )  # fmt: skip
        uuid = str(self._server.thing(answer, makes=True)["uuid"])
        self._mine = {**self.mine(), name.lower(): uuid}
        self._used.add(name.lower())
        return uuid

    def series_of(self, name: str) -> str:
        """The slug of the series that has the channel with this name."""
        return self._series.get(name) or name.replace("_", "-")

    def unreadable(self) -> list[Warned]:
        """Feeds of this run that podcast apps cannot read: asked as they do."""
        told: list[Warned] = []
        for name in sorted(self._used):
            path = f"/channels/{quote(name)}/rss"
            if self._server.ask("GET", path, anonymous=True).status in (401, 403):
                url = f"{self._server.site}{API}{path}"
                told.append((_SHUT, {"host": self._server.api.name, "url": url}))
        return told

    def _name_for(self, series: Series) -> str:
        return self._named.get(series.slug) or fields_there.username_of(series.slug)

    def _find_anew(self, series: Series) -> str | None:
        self.mine(anew=True)
        return self.find(series)


_SHUT = N_(
    "{host} demands sign-in for {url}: podcast apps cannot read it until its administrator turns"
    ' off "API requires authentication"'
)
