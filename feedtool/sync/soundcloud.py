"""SoundCloud: https://developers.soundcloud.com/docs/api

Tracks are known by URNs. Nothing there can be sent again safely (no key against doubles), audio
cannot be replaced, and there is no checksum: hence the marker, in tags that listeners do not see.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from ..errors import AccessError
from ..finding import N_, visible
from ..model import Episode, Series
from ..read.objects import HostKeys
from . import soundcloud_fields as theirs
from .api import Answer, Api, Part, opened
from .host import (
    Abilities,
    Account,
    Held,
    HostDownError,
    HostError,
    Marker,
    Progress,
    Sound,
    UnknownOutcomeError,
    Value,
    Wanted,
)
from .soundcloud_answers import is_absent, words

_PAGE = "200"
"""Tracks of one page, the most there can be."""
_EMPTY = 20
"""Pages in a row without a new track, after which nothing more is expected."""
_MOST = 1e12
"""Seconds of room at most that a host is believed to have; JSON of others may have NaN."""


def open_host(api: Api, keys: HostKeys) -> SoundCloud:
    """The host behind an address; its keys of feedtool.yaml say nothing more."""
    return SoundCloud(api)


class SoundCloud:
    """The tracks of one account."""

    abilities = Abilities(
        changes=theirs.CHANGES,
        marks_later=True,
        most_bytes=4_000_000_000,
        longest=timedelta(hours=24),
        types=frozenset(theirs.RECORDINGS),
    )

    notes: ClassVar[tuple[str, ...]] = (
        N_("SoundCloud's own feed has other guids and dates: keep your subscribers with yours"),
    )

    def __init__(self, api: Api) -> None:
        self._api = api
        self._listed: dict[str, Held] = {}  #: by URN
        self._made: dict[str, list[str]] = defaultdict(list)  #: URNs of those by key
        self._searched = False

    def account(self) -> Account:
        me = self._object(self._api.ask("GET", "me"))
        quota = me.get("quota") if isinstance(me.get("quota"), dict) else {}
        left = (quota or me).get("upload_seconds_left")
        limited = not (quota or {}).get("unlimited_upload_quota")
        told = limited and isinstance(left, int | float) and abs(left) < _MOST
        id = me.get("urn") or me.get("id")
        if not id:
            raise HostDownError(
                N_("{host} does not say who is signed in"),
                N_("look at  url:  of the host in feedtool.yaml"),
                host=self._api.name,
            )
        return Account(
            id=f"soundcloud:users:{id}" if str(id).isdecimal() else str(id),
            name=visible(str(me.get("username") or me.get("permalink") or id)),
            seconds_left=float(left or 0) if told else None,
        )

    def items(self) -> Iterator[Held]:
        for page in self._pages("asc"):
            for one in page:
                self._listed[one.remote] = one
                if one.marker:
                    self._made[one.marker.key].append(one.remote)
                yield one

    def find(self, marker: Marker, since: datetime) -> list[Held]:
        """Not by `since`: our clock may be another one than the host's.

        What the list did not tell is new, and stands first. Only the first search reads on from
        there: a list that shifts while it is read by pages may have left something out.
        """
        found: dict[str, Held] = {}
        for page in self._pages("desc"):
            found |= {one.remote: one for one in page if self._may_be(one, marker)}
            if self._searched and page and all(one.remote in self._listed for one in page):
                break
        self._searched = True
        for remote in self._made[marker.key]:
            if remote not in found and self._may_be(self._listed[remote], marker):
                held = self.get(remote)
                found |= {remote: held} if held else {}
        return [*found.values()]

    def get(self, remote: str) -> Held | None:
        track = self._track(remote)
        return self._held(track) if track is not None else None

    def wanted(self, episode: Episode, series: Series, page: str) -> Wanted:
        return theirs.wanted(episode, series, page)

    def channel(self, series: Series) -> str | None:
        return None  # all tracks of an account stand in one row

    def make_channel(self, series: Series, picture: Path | None) -> str:
        return ""

    def create(
        self, sound: Sound, marker: Marker, wanted: Wanted, channel: str | None,
        pictures: Path, progress: Progress,
    ) -> Held:  # fmt: skip
        fields = wanted.fields
        artwork = _picture(pictures, fields)
        hidden = theirs.machine_tags(marker, picture=_sum(artwork))
        form = _form(
            {
                **{name: str(fields[name]) for name in theirs.SIMPLE if fields.get(name)},
                **theirs.settings(fields),
                "sharing": "private",
                "tag_list": theirs.tag_list(theirs.visible(fields), hidden),
                "asset_data": Part(
                    sound.file, f"episode.{theirs.RECORDINGS.get(sound.type, 'bin')}", sound.type
                ),
                **({"artwork_data": artwork} if artwork else {}),
            }
        )
        answer = self._api.ask("POST", "tracks", form=form, progress=progress, makes=True)
        if answer.ok:
            try:
                made = theirs.held(self._object(answer))
                if made.public:  # or who can see it is not told: nobody would reveal it
                    raise ValueError("it was to be private")
                return made
            except (HostError, ValueError) as error:
                raise UnknownOutcomeError(
                    N_("{host} took a recording, and did not say what became of it"),
                    N_("run the same command again: it looks first what is there"),
                    host=self._api.name,
                ) from error
        raise self._upload_refused(answer, sound)

    def update(
        self, held: Held, fields: Mapping[str, Value], marker: Marker, pictures: Path
    ) -> Held:
        track: dict[str, Value] = {
            name: fields[name] for name in theirs.SIMPLE if fields.get(name) is not None
        }
        always: dict[str, str | bool] = {
            **theirs.settings({**held.fields, **fields}),
            "sharing": "public" if held.public else "private",
        }
        artwork, seen = _picture(pictures, fields), theirs.visible({**held.fields, **fields})
        marked = held.marker is not None and held.marker.key == marker.key
        tags: tuple[str, ...] = ()
        if artwork or "tags" in fields or not marked:
            # others may have planted tags as well, which `held` does not tell
            tags = theirs.tags_of((self._track(held.remote) or {}).get("tag_list"))
        if "tags" in fields or not marked:
            track["tag_list"] = theirs.tag_list(seen, theirs.machine_tags(marker, tags))
        if track or fields.keys() & theirs.DEFAULTS.keys():
            self._put(held.remote, {**track, **always})
        if artwork:
            hidden = theirs.machine_tags(marker, tags, _sum(artwork))
            tagged = theirs.tag_list(seen, hidden)
            form = _form({**always, "tag_list": tagged, "artwork_data": artwork})
            self._checked(self._api.ask("PUT", _path(held.remote), form=form))
        return self._again(held.remote)

    def reveal(self, held: Held) -> Held:
        self._put(held.remote, {**theirs.settings(held.fields), "sharing": "public"})
        shown = self._again(held.remote)
        if not shown.public:
            raise HostError(
                N_("{host} did not make it public, and did not say why"),
                N_("look at the track there, then run the same command again"),
                host=self._api.name,
            )
        return shown

    def delete(self, remote: str) -> None:
        answer = self._api.ask("DELETE", _path(remote))
        if not is_absent(answer):
            self._checked(answer)

    def warnings(self) -> Sequence[tuple[str, Mapping[str, object]]]:
        return ()

    def close(self) -> None:
        self._api.close()

    def _may_be(self, one: Held, marker: Marker) -> bool:
        """Is it of this episode, and new, or of this recording?"""
        if one.marker is None or one.marker.key != marker.key:
            return False
        return one.remote not in self._listed or one.marker.is_of(marker.sha256)

    # requests

    def _pages(self, sort: str) -> Iterator[list[Held]]:
        """All tracks, each of them once, also when the list shifts while it is read."""
        answer = self._api.ask(
            "GET", "me/tracks", params={"linked_partitioning": "true", "limit": _PAGE, "sort": sort}
        )
        seen: set[str] = set()
        asked: set[str] = set()
        empty = 0
        while True:
            said = self._object(answer)
            tracks = said.get("collection")
            if not isinstance(tracks, list):
                raise self._strange()
            page = [one for one in map(self._held, tracks) if one.remote not in seen]
            seen.update(one.remote for one in page)
            yield page
            following = said.get("next_href")
            if following is None or following == "":
                return
            empty = 0 if page else empty + 1
            if not isinstance(following, str) or following in asked or empty > _EMPTY:
                raise HostDownError(
                    N_("the list of tracks of {host} does not end"),
                    N_("run the same command again later"),
                    host=self._api.name,
                )
            asked.add(following)
            answer = self._api.ask("GET", following)

    def _track(self, remote: str) -> dict[str, Any] | None:
        answer = self._api.ask("GET", _path(remote))
        return None if is_absent(answer) else self._object(answer)

    def _again(self, remote: str) -> Held:
        """A track after a change. What a change answers may be what was sent, not what is kept."""
        track = self._track(remote)
        if track is None:
            raise HostError(N_("it was removed there meanwhile"), N_("run the same command again"))
        return self._held(track)

    def _put(self, remote: str, track: Mapping[str, Value]) -> None:
        self._checked(self._api.ask("PUT", _path(remote), body={"track": dict(track)}))

    # answers

    def _checked(self, answer: Answer) -> Answer:
        if not answer.ok:
            raise self._refused(answer)
        return answer

    def _object(self, answer: Answer) -> dict[str, Any]:
        said = self._checked(answer).json
        if not isinstance(said, dict):
            raise self._strange()
        return said

    def _held(self, track: object) -> Held:
        try:
            if isinstance(track, dict):
                return theirs.held(track)
        except ValueError as error:
            raise self._strange() from error
        raise self._strange()

    def _refused(self, answer: Answer) -> HostError | AccessError:
        return self._api.refused(answer, words(answer))

    def _upload_refused(self, answer: Answer, sound: Sound) -> HostError | AccessError:
        """Why an upload was refused: its answer can be "\\n", or the same for several reasons."""
        if answer.status == 401 or (answer.status == 403 and answer.json is not None):
            self.account()  # raises if it is the login that is refused
            return AccessError(
                N_("the app has no upload right at {host}: it may read, and nothing else"),
                N_("ask {host} to let the app upload, or sign in with another one"),
                host=self._api.name,
            )
        if answer.status == 400:
            left = self.account().seconds_left
            if left is not None and left < sound.duration.total_seconds():
                return HostError(
                    N_("{host} has room for {left} more seconds, and this takes {need}"),
                    N_("remove something there, or ask the host for more"),
                    host=self._api.name, left=int(left), need=int(sound.duration.total_seconds()),
                )  # fmt: skip
        return self._refused(answer)

    def _strange(self) -> HostDownError:
        return HostDownError(
            N_("{host} answers with what is no list of tracks, and no track"),
            N_("look at  url:  of the host in feedtool.yaml, or try again later"),
            host=self._api.name,
        )


def _path(remote: str) -> str:
    return f"tracks/{quote(theirs.urn(remote), safe=':')}"


def _form(track: Mapping[str, str | bool | Part]) -> dict[str, str | Part]:
    """What a form says of a track. It has no booleans, but their words."""
    return {
        f"track[{name}]": str(value).lower() if isinstance(value, bool) else value
        for name, value in track.items()
    }


def _picture(pictures: Path, fields: Mapping[str, Value]) -> Part | None:
    """The picture among some fields."""
    source = fields.get("artwork")
    if not source:
        return None
    file = pictures / str(source)
    ending = file.suffix.lower()
    return Part(file, f"cover{ending}", theirs.PICTURES.get(ending, "application/octet-stream"))


def _sum(picture: Part | None) -> str:
    """The SHA-256 of a picture, hexadecimal; "" = none."""
    if picture is None:
        return ""
    with opened(picture.file) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
