"""What a double of Funkwhale holds, and what its worker does with it between two requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from .double import Double, Request
from .forms import Upload as Sent
from .funkwhale_rules import import_faults
from .sign_in import Grant, SignIn

_PRUNED = timedelta(days=1)


@dataclass
class User:
    name: str
    number: int
    password: str = "hemligt"
    megabytes: float = 1000.0  #: of room in all
    may_edit: bool = True  #: has its token the scope write:edits?


@dataclass
class Attachment:
    owner: str
    type: str
    bytes: int
    sha256: str
    created: datetime
    uuid: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class Channel:
    owner: str
    username: str
    said: dict[str, Any]  #: what it was made or changed with
    created: datetime
    uuid: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class Track:
    number: int
    channel: str  #: uuid
    fields: dict[str, Any]  #: title position license copyright description cover
    tags: set[str] = field(default_factory=set)  #: in lower case


@dataclass
class Upload:
    channel: str  #: uuid
    status: str
    reference: str
    source: str
    metadata: dict[str, Any]
    created: datetime
    sound: Sent | None
    seconds: float | None = None  #: None = it is no recording
    left: int = 0  #: looks until the worker is done
    fails: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    track: Track | None = None
    uuid: str = field(default_factory=lambda: str(uuid4()))

    @property
    def bytes(self) -> int:
        return self.sound.bytes if self.sound else 1000

    @property
    def public(self) -> bool:
        return self.status == "finished"


@dataclass
class Edit:
    track: Track
    payload: dict[str, Any]
    left: int
    applied: bool = False
    uuid: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class _Settings:
    processing: int = 0  #: looks at uploads until the worker is done with a new one
    editing: int = 1  #: looks at the track until an edit is made
    edits_told: bool = True  #: may the token look at edits?
    longest_title: int = 500  #: of an edit; what is longer is cut
    fail_next: int = 0  #: so many of the next recordings are taken, and fail later
    one_track_per_title: bool = False
    """A second upload with title and number of another is skipped: so do the sources (1.2)."""
    licenses_known: bool = False  #: a new server knows them when somebody has looked at them
    open_to_all: bool = False  #: "API requires authentication" was turned off
    most_channels: int = 20
    most_per_page: int = 50
    elsewhere: str = ""  #: the address the server believes it has; "" = the right one
    before_page: Callable[[int], object] | None = field(default=None, repr=False)
    """Called before each page of a list with its number, from 1: the list may shift."""


class FunkwhaleStore(Double, _Settings):
    """A Funkwhale with one user, "nordvik", and others if `users` gets them."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        Double.__init__(self, folder)
        _Settings.__init__(self, **settings)
        self.sign_in = SignIn(self.now, life=36_000)
        self.users = {"nordvik": User("nordvik", 7)}
        self.channels: dict[str, Channel] = {}
        self.attachments: dict[str, Attachment] = {}
        self.uploads: dict[str, Upload] = {}
        self.tracks: dict[int, Track] = {}
        self.made = 0  #: recordings that were ever taken
        self.edits: list[Edit] = []
        self.spelled: dict[str, str] = {}  # tags are shared by all, in the case they first had

    # what a test asks for

    def grant(self, user: str = "nordvik") -> Grant:
        return self.sign_in.grant(user)

    def secrets(self) -> set[str]:
        """Everything that may be told to nobody."""
        passwords = {one.password for one in self.users.values()}
        return {*self.sign_in.ever, self.sign_in.secret, *passwords}

    def make_channel(self, username: str, owner: str = "nordvik") -> Channel:
        """A channel that somebody has made on the web site."""
        said: dict[str, Any]
        said = {"name": username, "description": None, "tags": [], "content_category": "podcast",
                "metadata": {"language": "sv", "itunes_category": "Arts"}}  # fmt: skip
        made = Channel(owner, username, said, self.now())
        self.channels[made.uuid] = made
        return made

    def make(self, channel: str, status: str = "finished", **metadata: Any) -> Upload:
        """An upload that somebody has made on the web site, in the channel with this uuid."""
        made = Upload(
            channel, status, str(uuid4()), "upload://inspelning.mp3",
            {"title": "Utan titel", **metadata}, self.now(), None, 61.0,
        )  # fmt: skip
        self.uploads[made.uuid] = made
        if status == "finished":
            made.track = self._new_track(made)
        return made

    def finish(self) -> None:
        """Let the worker do all that waits."""
        for upload in self.uploads.values():
            upload.left = 0
        for edit in self.edits:
            edit.left = 0
        self.work(None)

    # what goes on by itself

    def prune(self) -> None:
        """What nothing is attached to goes. A draft does not attach the cover that it names."""
        used = {one.fields.get("cover") for one in self.tracks.values()}
        used |= {one.said.get("cover") for one in self.channels.values()}
        for one in [*self.attachments.values()]:
            if one.uuid not in used and one.created + _PRUNED < self.now():
                del self.attachments[one.uuid]

    def import_faults(self, metadata: Any, user: User) -> dict[str, Any]:
        covers = {one.uuid for one in self.attachments.values() if one.owner == user.name}
        return import_faults(metadata, covers, self.licenses_known)

    def work(self, request: Request | None) -> None:
        """What the worker does between two requests."""
        looks = request is not None and request.method == "GET"
        for upload in [*self.uploads.values()]:
            if upload.status == "pending" and upload.left <= 0:
                self._import(upload)
            elif upload.status == "pending" and looks:
                upload.left -= 1
        for edit in self.edits:
            if edit.applied:
                continue
            if edit.left <= 0:
                edit.applied = True
                self._apply(edit.track, edit.payload)
            elif looks:
                edit.left -= 1

    def _import(self, upload: Upload) -> None:
        user = self.users[self.channels[upload.channel].owner]
        if wrong := self.import_faults(upload.metadata, user):
            upload.status = "errored"
            upload.details = {"error_code": "invalid_metadata", "detail": wrong}
            return
        if upload.seconds is None or upload.fails:
            upload.status = "errored"
            upload.details = {"error_code": "unknown_error", "detail": "cannot read the file"}
            return
        track = self._same_track(upload) if self.one_track_per_title else None
        others = [one for one in self.uploads.values() if track and one.track is track]
        upload.track = track or self._new_track(upload)
        if others:
            upload.status = "skipped"
            upload.details = {
                "code": "already_imported_in_owned_libraries", "duplicates": others[0].uuid,
            }  # fmt: skip
            return
        upload.status = "finished"

    def _same_track(self, upload: Upload) -> Track | None:
        wanted = upload.metadata
        for one in self.tracks.values():
            there = str(one.fields["title"]).lower(), one.fields["position"]
            if one.channel == upload.channel and there == (
                str(wanted["title"]).strip().lower(), wanted.get("position", 1),
            ):  # fmt: skip
                return one
        return None

    def _new_track(self, upload: Upload) -> Track:
        said = upload.metadata
        text = str(said.get("description") or "").strip()
        fields = {
            "title": str(said["title"]).strip(), "position": said.get("position", 1),
            "license": said.get("license"), "copyright": said.get("copyright"),
            "description": {"text": text, "content_type": "text/markdown"} if text else None,
            "cover": said.get("cover"),
        }  # fmt: skip
        track = Track(len(self.tracks) + 41, upload.channel, fields)
        self.tracks[track.number] = track
        self._add_tags(track, said.get("tags") or [])
        return track

    def _apply(self, track: Track, payload: dict[str, Any]) -> None:
        for name, value in payload.items():
            if name == "tags":
                self._set_tags(track, set(value))
            elif name == "description":
                track.fields[name] = {**value, "text": value["text"].strip()}
            else:
                track.fields[name] = value.strip() if isinstance(value, str) else value
        track.fields["title"] = track.fields["title"][: self.longest_title]

    def _add_tags(self, track: Track, tags: list[str]) -> None:
        for tag in tags[:30]:
            self.spelled.setdefault(tag.lower(), tag)
            track.tags.add(tag.lower())

    def _set_tags(self, track: Track, tags: set[str]) -> None:
        """As set_tags does: compared letter by letter, removed whatever their case."""
        there = {self.spelled[tag] for tag in track.tags}
        found = tags & there
        self._add_tags(track, [*(tags - found)])
        for tag in there - tags:
            track.tags.discard(tag.lower())
