"""A double of SoundCloud: what its API does, as far as feedtool asks it, traps included.

Runs in a test (`with double.serving(): ...`), or in a process of its own:
`python -m tests.hosts.soundcloud_double FOLDER [PORT]`, which prints its address.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import mutagen

from .double import Double, Reply, Request
from .forms import Upload
from .sign_in import Grant, SignIn

_WORDS = {"true": True, "false": False}
_ALLOWED: Mapping[str, Callable[[str], bool]] = {
    "title": lambda text: bool(text.strip()),
    "permalink": lambda text: re.fullmatch(r"[a-z0-9_-]{1,255}", text) is not None,
    "sharing": lambda text: text in ("public", "private"),
    "embeddable_by": lambda text: text in ("all", "me", "none"),
    "release_date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None,
    "license": lambda text: text in (
        "no-rights-reserved", "all-rights-reserved", "cc-by", "cc-by-nc", "cc-by-nd", "cc-by-sa",
        "cc-by-nc-nd", "cc-by-nc-sa",
    ),
    **dict.fromkeys(
        ("purchase_url", "description", "genre", "tag_list", "label_name", "release", "isrc"),
        lambda text: True,
    ),
}  # fmt: skip
_BOOLEANS = ("streamable", "downloadable", "commentable", "reveal_stats", "reveal_comments")
_DEFAULTS: Mapping[str, Any] = {
    "description": "", "genre": "", "tag_list": "", "sharing": "public", "embeddable_by": "all",
    "license": "all-rights-reserved", "streamable": True, "downloadable": True,
    "commentable": True, "reveal_stats": True, "reveal_comments": True,
}  # fmt: skip


@dataclass
class Track:
    """A track, and what is known of it besides what the API tells."""

    number: int
    owner: str
    fields: dict[str, Any]
    created: datetime
    sha256: str = ""
    bytes: int = 0
    milliseconds: int = 0
    artwork: str = ""  #: the SHA-256 of the picture
    reads_left: int = 0  #: until it is processed
    fails: bool = False  #: when it is processed

    @property
    def urn(self) -> str:
        return f"soundcloud:tracks:{self.number}"

    @property
    def public(self) -> bool:
        return bool(self.fields["sharing"] == "public")

    @property
    def tags(self) -> list[str]:
        return _tags(self.fields["tag_list"])


@dataclass
class User:
    name: str
    number: int
    seconds_left: int | None = 10_800  #: None = no limit
    may_upload: bool = True
    seconds_used: int = 0


@dataclass
class Refused(Exception):
    status: int
    message: str

    @property
    def reply(self) -> Reply:
        said = {
            "code": self.status, "message": self.message, "link": "https://docs.example/api",
            "status": f"{self.status} - Refused", "errors": [{"error_message": self.message}],
            "error": None,
        }  # fmt: skip
        return Reply.of(self.status, said)


@dataclass
class _Settings:
    processing: int = 0  #: reads of a new track until it is processed
    fail_next: int = 0  #: so many of the next uploads are taken, and fail later
    state_told: bool = False  #: is there a field `state`, as there was once?
    most_per_page: int = 200
    numbers: bool = False  #: are tracks found by their old numbers?
    put_forgets: bool = False  #: what a change does not say gets its default
    checks_audio: bool = True  #: what is no recording gets 422 at once
    late: int = 0  #: so many lists are asked before a new track stands in them
    before_page: Callable[[int], object] | None = field(default=None, repr=False)
    """Called before each page of a list with its number, from 0: the list may shift."""


class SoundCloudDouble(Double, _Settings):
    """A SoundCloud with one user, "nordvik", and others if `users` gets them."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        Double.__init__(self, folder)
        _Settings.__init__(self, **settings)
        self.sign_in = SignIn(self.now)
        self.users = {"nordvik": User("nordvik", 77)}
        self.tracks: dict[int, Track] = {}
        self._last = 308_946_187
        self._unseen: dict[int, int] = {}  # of tracks that are not in lists yet: lists left

    # what a test asks for

    def grant(self, user: str = "nordvik") -> Grant:
        return self.sign_in.grant(user)

    def secrets(self) -> set[str]:
        """Everything that may be told to nobody."""
        return {*self.sign_in.ever, self.sign_in.secret}

    def track(self, remote: str) -> Track:
        return self.tracks[int(remote.rpartition(":")[2])]

    def make(self, owner: str = "nordvik", **fields: Any) -> Track:
        """A track that somebody has made on the web site."""
        self._last += 1
        made = Track(
            self._last, owner, {**_DEFAULTS, "title": "Utan titel", **fields}, self.now(),
            milliseconds=61_000,
        )  # fmt: skip
        made.fields["permalink"] = self._permalink(made)
        self.tracks[made.number] = made
        return made

    def finish(self) -> None:
        """End all processing."""
        for track in self.tracks.values():
            track.reads_left = 0

    def control(self, name: str, given: Mapping[str, Any]) -> Any:
        if name == "grant":
            grant = self.grant(given.get("user", "nordvik"))
            return {"access_token": grant.access, "refresh_token": grant.refresh}
        if name == "make":
            return self.make(**given).urn
        if name == "finish":
            return self.finish()
        if name == "user":
            for attribute, value in given.items():
                setattr(self.users["nordvik"], attribute, value)
            return None
        if name == "tracks":
            return [
                {**one.fields, "urn": one.urn, "sha256": one.sha256, "bytes": one.bytes,
                 "artwork": one.artwork}
                for one in self.tracks.values()
            ]  # fmt: skip
        return super().control(name, given)

    # what clients ask for

    def answer(self, request: Request) -> Reply:
        route = request.method, request.path
        if route == ("GET", "/authorize"):
            return self.sign_in.authorize(request)
        if route == ("POST", "/oauth/token"):
            return self.sign_in.token(request)
        try:
            user = self._user(request)
            if route == ("POST", "/sign-out"):
                return self.sign_in.sign_out(request)
            if route == ("GET", "/me"):
                return Reply.of(200, self._me(user))
            if route == ("GET", "/me/tracks"):
                return self._list(user, request)
            if route == ("POST", "/tracks"):
                return self._upload(user, request)
            if request.path.startswith("/tracks/"):
                return self._one(user, request)
            raise Refused(404, "404 - Not Found")
        except Refused as refused:
            return refused.reply

    def _user(self, request: Request) -> User:
        name = self.sign_in.whose(request.authorization, "OAuth")
        if not name:  # also the token of an app alone: it has no /me
            raise Refused(401, "invalid token")
        return self.users[name]

    def _me(self, user: User) -> dict[str, Any]:
        mine = [one for one in self.tracks.values() if one.owner == user.name]
        return {
            "kind": "user", "urn": f"soundcloud:users:{user.number}", "username": user.name,
            "permalink": user.name, "plan": "Free", "track_count": sum(one.public for one in mine),
            "private_tracks_count": sum(not one.public for one in mine),
            "quota": {
                "unlimited_upload_quota": user.seconds_left is None,
                "upload_seconds_used": user.seconds_used,
                "upload_seconds_left": user.seconds_left,
            },
        }  # fmt: skip

    def _list(self, user: User, request: Request) -> Reply:
        query = request.query
        limit = query.get("limit", "50")
        sort = query.get("sort", "desc")
        if not limit.isdecimal() or not 1 <= int(limit) <= 200 or sort not in ("asc", "desc"):
            raise Refused(400, "invalid request")
        size, start = min(int(limit), self.most_per_page), int(query.get("cursor", "0"))
        if self.before_page:
            self.before_page(start // size)
        mine = [one for one in self.tracks.values() if one.owner == user.name]
        mine = [one for one in mine if not self._is_unseen(one.number)]
        mine.sort(key=lambda one: (one.created, one.number), reverse=sort == "desc")
        page = [self._told(one) for one in mine[start : start + size]]
        if query.get("linked_partitioning") != "true":
            return Reply.of(200, page)
        said: dict[str, Any] = {"collection": page}
        if start + size < len(mine):
            following = {**query, "cursor": str(start + size)}
            said["next_href"] = f"{self.url}/me/tracks?{urlencode(following)}"
        return Reply.of(200, said)

    def _is_unseen(self, number: int) -> bool:
        left = self._unseen.get(number, 0)
        self._unseen[number] = max(0, left - 1)
        return left > 0

    def _upload(self, user: User, request: Request) -> Reply:
        if not user.may_upload:
            return Reply(401, b"\n", "text/plain")
        if request.type != "multipart/form-data":
            raise Refused(400, "invalid request")
        fields, files = self._said(request, {"asset_data", "artwork_data"})
        if "title" not in fields or "asset_data" not in files:
            raise Refused(422, "title and asset_data are needed")
        sound = files["asset_data"]
        milliseconds = _milliseconds(sound)
        if milliseconds is None and self.checks_audio:
            raise Refused(422, "unable to process provided asset_data")
        seconds = (milliseconds or 0) // 1000
        if user.seconds_left is not None and seconds > user.seconds_left:
            raise Refused(400, "invalid request")
        user.seconds_used += seconds
        if user.seconds_left is not None:
            user.seconds_left -= seconds
        track = self.make(user.name, **fields)
        track.sha256, track.bytes = sound.sha256, sound.bytes
        track.milliseconds = milliseconds or 0
        track.artwork = files["artwork_data"].sha256 if "artwork_data" in files else ""
        track.reads_left = self.processing
        self._unseen[track.number] = self.late
        if self.fail_next or milliseconds is None:
            self.fail_next = max(0, self.fail_next - 1)
            track.fails = True
        return Reply.of(201, self._told(track))

    def _one(self, user: User, request: Request) -> Reply:
        found = re.fullmatch(r"/tracks/(soundcloud:tracks:)?(\d+)", request.path)
        track = self.tracks.get(int(found[2])) if found else None
        if not found or track is None or not (found[1] or self.numbers):
            raise Refused(404, "404 - Not Found")
        if track.owner != user.name and (request.method != "GET" or not track.public):
            raise Refused(404, "404 - Not Found")
        if request.method == "GET":
            track.reads_left = max(0, track.reads_left - 1)
            return Reply.of(200, self._told(track))
        if request.method == "PUT":
            return self._change(track, request)
        if request.method == "DELETE":
            del self.tracks[track.number]
            return Reply.of(200, {"status": "200 - OK"})
        raise Refused(405, "405 - Method Not Allowed")

    def _change(self, track: Track, request: Request) -> Reply:
        if request.type == "multipart/form-data":
            fields, files = self._said(request, {"artwork_data"})
            if "artwork_data" in files:
                track.artwork = files["artwork_data"].sha256
        elif request.type == "application/json":
            said = request.json.get("track") if isinstance(request.json, dict) else None
            if not isinstance(said, dict):
                raise Refused(400, "invalid request")
            fields = {name: _checked(name, value, words=False) for name, value in said.items()}
        else:
            raise Refused(400, "invalid request")
        forgotten = {"sharing": "public", "downloadable": True, "commentable": True}
        track.fields.update({**(forgotten if self.put_forgets else {}), **_kept(fields)})
        if "permalink" in fields:
            track.fields["permalink"] = self._permalink(track)
        # what was sent, not what is kept
        return Reply.of(200, {**self._told(track), **fields})

    def _said(self, request: Request, files: set[str]) -> tuple[dict[str, Any], dict[str, Upload]]:
        """The fields and the files of a form."""
        fields: dict[str, Any] = {}
        found: dict[str, Upload] = {}
        for name, value in request.form.items():
            bare = re.fullmatch(r"track\[(\w+)\]", name)
            if not bare:
                raise Refused(400, f"invalid request: {name}")
            if isinstance(value, str):
                fields[bare[1]] = _checked(bare[1], value, words=True)
            elif bare[1] not in files:
                raise Refused(400, f"invalid request: {name}")
            elif not value.name.isascii():
                raise Refused(500, "")
            else:
                found[bare[1]] = value
        if "artwork_data" in found and _picture_type(found["artwork_data"].file) is None:
            raise Refused(500, "")
        return _kept(fields), found

    def _permalink(self, track: Track) -> str:
        wanted = track.fields.get("permalink") or re.sub(
            r"[^a-z0-9]+", "-", track.fields["title"].lower()
        ).strip("-")
        others = {
            one.fields["permalink"]
            for one in self.tracks.values()
            if one.owner == track.owner and one is not track
        }
        names = [wanted, *(f"{wanted}-{number}" for number in range(1, len(others) + 2))]
        return next(name for name in names if name not in others)

    def _told(self, track: Track) -> dict[str, Any]:
        fields = {name: value for name, value in track.fields.items() if name != "release_date"}
        link = f"https://soundcloud.example/{track.owner}/{fields.pop('permalink')}"
        year, month, day = map(int, track.fields.get("release_date", "0-0-0").split("-"))
        ready = track.reads_left == 0 and not track.fails
        said = {
            "kind": "track", "urn": track.urn, **fields,
            "created_at": track.created.strftime("%Y/%m/%d %H:%M:%S +0000"),
            "duration": track.milliseconds if ready else 0,
            "access": "playable" if ready else None,
            "permalink_url": link, "uri": f"{self.url}/tracks/{track.urn}",
            "release_year": year or None, "release_month": month or None,
            "release_day": day or None,
            "artwork_url": f"https://i1.example/artworks-{track.artwork[:12]}-large.jpg"
            if track.artwork else None,
            "user": {"urn": "soundcloud:users:77", "username": track.owner},
        }  # fmt: skip
        if not track.public:
            said["secret_uri"] = f"{link}/s-{track.number}"
        if self.state_told:
            done = "failed" if track.fails else "finished"
            said["state"] = done if track.reads_left == 0 else "processing"
        return said


def _checked(name: str, value: Any, *, words: bool) -> Any:
    """A field as it may be said. Booleans are words in forms, and themselves in JSON."""
    if name in _BOOLEANS:
        if words:
            value = _WORDS.get(value)
        if not isinstance(value, bool):
            raise Refused(400, f"invalid request: {name}")
        return value
    if name not in _ALLOWED or not isinstance(value, str) or not _ALLOWED[name](value):
        raise Refused(400, f"invalid request: {name}")
    return value


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the host makes of it: other line ends, tags in another order and otherwise quoted."""
    kept = dict(fields)
    if "title" in kept:
        kept["title"] = kept["title"].strip()
    if "description" in kept:
        kept["description"] = kept["description"].replace("\r\n", "\n").replace("\n", "\r\n")
    if "tag_list" in kept:
        tags = dict.fromkeys(sorted(_tags(kept["tag_list"]), reverse=True))
        kept["tag_list"] = " ".join(f'"{tag}"' if " " in tag or ":" in tag else tag for tag in tags)
    return kept


def _tags(tag_list: str) -> list[str]:
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^\s"]+)', tag_list)]


def _milliseconds(sound: Upload) -> int | None:
    """How long it is; None = it is no recording."""
    try:
        found = mutagen.File(sound.file)
    except mutagen.MutagenError:
        return None
    if found is None or not found.info.length:
        return None
    whole = sound.bytes / max(1, sound.file.stat().st_size)  # only its beginning is kept
    return int(found.info.length * 1000 * whole)


def _picture_type(file: Path) -> str | None:
    with file.open("rb") as opened:
        head = opened.read(8)
    kinds = {b"GIF8": "gif", b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}
    return next((kind for begin, kind in kinds.items() if head.startswith(begin)), None)


def main(folder: str, port: str = "0") -> None:
    double = SoundCloudDouble(Path(folder))
    with double.serving(int(port)):
        print(json.dumps({"url": double.url}), flush=True)
        sys.stdin.read()  # until whoever started it ends, or closes the pipe


if __name__ == "__main__":
    main(*sys.argv[1:])
