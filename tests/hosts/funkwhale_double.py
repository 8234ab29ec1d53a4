"""A double of Funkwhale 1.4: what its API does, as far as feedtool asks it, traps included.

Runs in a test (`with double.serving(): ...`), or in a process of its own:
`python -m tests.hosts.funkwhale_double FOLDER [PORT]`, which prints its address.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import mutagen

from .double import Reply, Request
from .forms import Upload as Sent
from .funkwhale_rules import Invalid, channel_faults, picture_type, rss, track_faults
from .funkwhale_store import Attachment, Channel, Edit, FunkwhaleStore, Track, Upload, User

API = "/api/v1"
_MEGABYTE = 1_000_000


class Refused(Exception):
    def __init__(self, status: int, said: Any) -> None:
        super().__init__(status)
        self.reply = Reply.of(status, said)


NOT_FOUND = {"detail": "Not found."}

_ROUTES: Mapping[str, tuple[str, ...]] = {
    r"/users/me": ("GET",),
    r"/rate-limit": ("GET",),
    r"/instance/nodeinfo/2\.0": ("GET",),
    r"/oauth/apps/": ("POST",),
    r"/oauth/token/": ("POST",),
    r"/licenses/": ("GET",),
    r"/attachments/": ("POST",),
    r"/attachments/(?P<attachment>[0-9a-f-]{36})/": ("GET",),
    r"/channels/": ("GET", "POST"),
    r"/channels/(?P<channel>\w[\w-]*)": ("GET",),
    r"/channels/(?P<changed>\w[\w-]*)/": ("PATCH",),
    r"/channels/(?P<feed>\w[\w-]*)/rss": ("GET",),
    r"/uploads/": ("GET", "POST"),
    r"/uploads/action/": ("POST",),
    r"/uploads/(?P<upload>[0-9a-f-]{36})/": ("GET", "PATCH", "DELETE"),
    r"/tracks/(?P<track>\d+)/": ("GET",),
    r"/tracks/(?P<edited>\d+)/mutations/": ("POST",),
    r"/mutations/(?P<edit>[0-9a-f-]{36})/": ("GET",),
}
"""Addresses as they are to be written, slash by slash."""


class FunkwhaleDouble(FunkwhaleStore):
    """Answers requests as Funkwhale does."""

    def control(self, name: str, given: Mapping[str, Any]) -> Any:
        if name == "grant":
            grant = self.grant(given.get("user", "nordvik"))
            return {"access_token": grant.access, "refresh_token": grant.refresh}
        if name == "make":
            return self.make(**given).uuid
        if name == "make_channel":
            return self.make_channel(**given).uuid
        if name == "finish":
            return self.finish()
        if name == "user":
            for attribute, value in given.items():
                setattr(self.users["nordvik"], attribute, value)
            return None
        if name == "uploads":
            return [
                {**self._told(one), "sha256": one.sound.sha256 if one.sound else ""}
                for one in self.uploads.values()
            ]
        if name == "channels":
            return [self._told_channel(one) for one in self.channels.values()]
        return super().control(name, given)

    # what clients ask for

    def answer(self, request: Request) -> Reply:
        if request.method == "GET" and request.path == "/authorize":
            return self.sign_in.authorize(request)
        self.prune()
        try:
            route, found = _route(request)
            self.work(request)
            return self._answer(request, route, found)
        except Refused as refused:
            return refused.reply
        except Invalid as invalid:
            return Reply.of(400, invalid.faults)

    def _answer(self, request: Request, route: str, found: Mapping[str, str]) -> Reply:
        if route == "/oauth/token/":
            return self.sign_in.token(request)
        user = self._user(request)
        if route == "/oauth/apps/":
            app = {"client_id": self.sign_in.client, "client_secret": self.sign_in.secret}
            token = {"token": self.grant(user.name).access} if user else {}
            return Reply.of(201, {**app, **token, "name": "feedtool", "scopes": "read"})
        if user is None and not (self.open_to_all and request.method == "GET"):
            raise Refused(401, {"detail": "Authentication credentials were not provided."})
        if "feed" in found:
            return self._feed(self._channel(found["feed"]))
        if "channel" in found:
            return Reply.of(200, self._told_channel(self._channel(found["channel"])))
        if "track" in found:
            return Reply.of(200, self._told_track(self._track(found["track"]), closely=True))
        if route == "/instance/nodeinfo/2\\.0":
            return Reply.of(200, {"software": {"name": "funkwhale", "version": "1.4.0"}})
        if route == "/rate-limit":
            return Reply.of(200, {"enabled": True, "scopes": []})
        if route == "/licenses/":
            self.licenses_known = True
            return Reply.of(200, {"count": 0, "next": None, "previous": None, "results": []})
        if user is None:
            raise Refused(401, {"detail": "Authentication credentials were not provided."})
        return self._for_user(request, route, found, user)

    def _for_user(
        self, request: Request, route: str, found: Mapping[str, str], user: User
    ) -> Reply:
        if route == "/users/me":
            return Reply.of(200, self._me(user))
        if route == "/attachments/":
            return self._attach(request, user)
        if "attachment" in found:
            if found["attachment"] not in self.attachments:
                raise Refused(404, NOT_FOUND)
            return Reply.of(200, self._told_attachment(found["attachment"]))
        if route == "/channels/" and request.method == "POST":
            return self._create_channel(_object(request), user)
        if route == "/channels/":
            whose = user.name if request.query.get("scope") == "me" else None
            return self._page(request, lambda: self._channels_of(whose), self._told_channel)
        if "changed" in found:
            return self._change_channel(self._channel(found["changed"]), _object(request), user)
        if route == "/uploads/" and request.method == "POST":
            return self._upload(request, user)
        if route == "/uploads/":
            return self._page(request, lambda: self._filtered(request, user), self._told)
        if route == "/uploads/action/":
            return self._act(_object(request), user)
        if "upload" in found:
            return self._one(request, self._own(found["upload"], user))
        if "edit" in found:
            return self._edit(found["edit"])
        return self._mutate(self._track(found["edited"]), _object(request), user)

    def _user(self, request: Request) -> User | None:
        kind, _, token = request.authorization.partition(" ")
        if not kind:
            return None
        if kind == "Basic":
            name, _, password = base64.b64decode(token).decode().partition(":")
            if name in self.users and self.users[name].password == password:
                return self.users[name]
            raise Refused(401, {"detail": "Invalid username/password."})
        whose = self.sign_in.whose(request.authorization, "Bearer")
        if not whose:
            raise Refused(401, {"detail": "Invalid token."})
        return self.users[whose]

    def _me(self, user: User) -> dict[str, Any]:
        used = dict.fromkeys(("draft", "pending", "skipped", "errored", "finished"), 0.0)
        for one in self.uploads.values():
            if self.channels[one.channel].owner == user.name:
                used[one.status] += one.bytes / _MEGABYTE
        left = max(0.0, user.megabytes - sum(used.values()))
        quota = {"max": user.megabytes, "remaining": left, "current": sum(used.values()), **used}
        return {
            "id": user.number, "username": user.name, "full_username": f"{user.name}@pod.example",
            "name": "", "quota_status": quota,
        }  # fmt: skip

    # attachments and channels

    def _attach(self, request: Request, user: User) -> Reply:
        file = request.form.get("file")
        if not isinstance(file, Sent):
            raise Invalid(file=["No file was submitted."])
        type = picture_type(file.file)
        if type is None:
            raise Invalid(file=["Upload a valid image."])
        made = Attachment(user.name, type, file.bytes - 1, file.sha256, self.now())  # no Exif
        self.attachments[made.uuid] = made
        return Reply.of(201, self._told_attachment(made.uuid))

    def _create_channel(self, said: dict[str, Any], user: User) -> Reply:
        taken = {one.username.lower() for one in self.channels.values()} | set(self.users)
        faults = channel_faults(said, taken)
        if faults:
            raise Invalid(**faults)
        mine = [one for one in self.channels.values() if one.owner == user.name]
        if len(mine) >= self.most_channels:
            raise Invalid(
                non_field_errors=["You have reached the maximum amount of allowed channels"]
            )
        self._is_ours(said.get("cover"), user)
        made = Channel(user.name, said["username"], said, self.now())
        self.channels[made.uuid] = made
        return Reply.of(201, self._told_channel(made))

    def _change_channel(self, channel: Channel, said: dict[str, Any], user: User) -> Reply:
        if channel.owner != user.name:
            raise Refused(403, {"detail": "You do not have permission to perform this action."})
        faults = channel_faults({**said, "username": channel.username}, set())
        if faults:
            raise Invalid(**faults)
        channel.said = {**channel.said, **said, "username": channel.username}
        return Reply.of(200, self._told_channel(channel))

    def _channels_of(self, user: str | None) -> list[Channel]:
        return [one for one in self.channels.values() if user in (None, one.owner)]

    def _channel(self, name: str) -> Channel:
        for one in self.channels.values():
            if name.lower() in (one.uuid, one.username.lower()):
                return one
        raise Refused(404, NOT_FOUND)

    def _is_ours(self, cover: object, user: User) -> None:
        attachment = self.attachments.get(str(cover)) if cover else None
        if cover and (attachment is None or attachment.owner != user.name):
            raise Invalid(cover=[f"Object with uuid={cover} does not exist."])

    # uploads

    def _upload(self, request: Request, user: User) -> Reply:
        form = {name: value for name, value in request.form.items() if isinstance(value, str)}
        sound = request.form.get("audio_file")
        channel = self.channels.get(form.get("channel", ""))
        faults: dict[str, Any] = {}
        if channel is None or channel.owner != user.name:
            faults["channel"] = [f"Object with uuid={form.get('channel')} does not exist."]
        if form.get("import_status", "pending") not in ("draft", "pending"):
            faults["import_status"] = [f'"{form["import_status"]}" is not a valid choice.']
        if len(form.get("import_reference", "")) > 50:
            faults["import_reference"] = ["Ensure this field has no more than 50 characters."]
        if not isinstance(sound, Sent):
            faults["audio_file"] = ["No file was submitted."]
        elif not sound.bytes:
            faults["audio_file"] = ["The submitted file is empty."]
        try:
            metadata = json.loads(form.get("import_metadata", "{}"))
        except ValueError:
            metadata, faults["import_metadata"] = {}, ["Value must be valid JSON."]
        if not faults and (wrong := self.import_faults(metadata, user)):
            faults["import_metadata"] = wrong
        if faults:
            raise Invalid(**faults)
        assert isinstance(sound, Sent)
        assert channel is not None
        if sound.bytes / _MEGABYTE > self._me(user)["quota_status"]["remaining"]:
            raise Invalid(non_field_errors=["upload_quota_reached"])
        made = Upload(
            channel.uuid, form.get("import_status", "pending"),
            form.get("import_reference") or str(uuid4()), form.get("source", ""), metadata,
            self.now(), sound, _seconds(sound), self.processing,
        )  # fmt: skip
        self.made += 1
        if self.fail_next:
            self.fail_next -= 1
            made.fails = True
        self.uploads[made.uuid] = made
        return Reply.of(201, self._told(made))

    def _filtered(self, request: Request, user: User) -> list[Upload]:
        query = request.query
        mine = [
            one
            for one in self.uploads.values()
            if self.channels[one.channel].owner == user.name
            and query.get("import_reference", one.reference) == one.reference
            and query.get("channel", one.channel) == one.channel
            and query.get("import_status", one.status) == one.status
            and (query.get("include_channels") == "true" or one.track is None)
        ]
        numbers = {uuid: number for number, uuid in enumerate(self.uploads)}
        rising = query.get("ordering") == "creation_date"
        return sorted(mine, key=lambda one: (one.created, numbers[one.uuid]), reverse=not rising)

    def _own(self, uuid: str, user: User) -> Upload:
        one = self.uploads.get(uuid)
        if one is None or self.channels[one.channel].owner != user.name:
            raise Refused(404, NOT_FOUND)
        return one

    def _one(self, request: Request, upload: Upload) -> Reply:
        shown = request.query.get("include_channels") == "true" or upload.track is None
        if request.method == "GET" and upload.status == "finished" and shown:
            return Reply.of(200, self._told(upload))
        if request.method == "PATCH" and upload.status == "draft":
            said = _object(request)
            if "import_metadata" in said:
                user = self.users[self.channels[upload.channel].owner]
                if wrong := self.import_faults(said["import_metadata"], user):
                    raise Invalid(import_metadata=wrong)
                upload.metadata = said["import_metadata"]  # whole, not merged
            return Reply.of(200, self._told(upload))
        if request.method == "DELETE" and shown:
            del self.uploads[upload.uuid]
            return Reply(204)
        raise Refused(404, NOT_FOUND)

    def _act(self, said: dict[str, Any], user: User) -> Reply:
        action, objects = said.get("action"), said.get("objects")
        if action not in ("publish", "delete", "relaunch_import"):
            raise Invalid(action=[f"{action} is not a valid action."])
        if not isinstance(objects, list):
            raise Invalid(objects=[f"{objects} is not a valid value for objects."])
        mine = [
            one
            for one in self.uploads.values()
            if one.uuid in objects and self.channels[one.channel].owner == user.name
        ]
        if not mine:
            raise Invalid(non_field_errors=["No object matching your request"])
        begins = {"publish": {"draft"}, "relaunch_import": {"pending", "skipped", "errored"}}
        for one in mine:
            if action == "delete":
                del self.uploads[one.uuid]
            elif one.status in begins[str(action)]:
                one.status, one.left, one.details = "pending", self.processing, {}
        return Reply.of(200, {"updated": len(mine), "action": action, "result": None})

    # tracks

    def _track(self, number: str) -> Track:
        track = self.tracks.get(int(number))
        if track is None:
            raise Refused(404, NOT_FOUND)
        return track

    def _mutate(self, track: Track, said: dict[str, Any], user: User) -> Reply:
        if not user.may_edit or self.channels[track.channel].owner != user.name:
            raise Refused(403, {"detail": "You do not have permission to perform this action."})
        if said.get("type") != "update":
            raise Invalid(type=[f"Invalid mutation type {said.get('type')}"])
        payload = said.get("payload")
        covers = {one.uuid for one in self.attachments.values() if one.owner == user.name}
        if faults := track_faults(payload, covers, self.licenses_known):
            raise Invalid(**faults)
        assert isinstance(payload, dict)
        edit = Edit(track, payload, self.editing)
        if said.get("is_approved"):  # else it is only a wish
            self.edits.append(edit)
        return Reply.of(
            201, {"uuid": edit.uuid, "is_approved": said.get("is_approved"), "is_applied": None}
        )

    def _edit(self, uuid: str) -> Reply:
        if not self.edits_told:
            raise Refused(403, {"detail": "You do not have permission to perform this action."})
        for one in self.edits:
            if one.uuid == uuid:
                return Reply.of(200, {"uuid": uuid, "is_applied": one.applied or None})
        raise Refused(404, NOT_FOUND)

    # what it tells

    def _page(
        self, request: Request, listed: Callable[[], list[Any]], told: Callable[[Any], Any]
    ) -> Reply:
        number = int(request.query.get("page", "1"))
        size = min(int(request.query.get("page_size", "25")), self.most_per_page)
        if self.before_page:
            self.before_page(number)
        every = listed()
        start = (number - 1) * size
        if number < 1 or (start >= len(every) and number > 1):
            raise Refused(404, {"detail": "Invalid page."})
        following = None
        if start + size < len(every):
            query = urlencode({**request.query, "page": number + 1})
            following = f"{self.elsewhere or self.url}{request.path}?{query}"
        return Reply.of(
            200,
            {
                "count": len(every), "next": following, "previous": None,
                "results": [told(one) for one in every[start : start + size]],
            },
        )  # fmt: skip

    def _told(self, upload: Upload) -> dict[str, Any]:
        channel = self.channels[upload.channel]
        return {
            "uuid": upload.uuid, "creation_date": _date(upload.created), "mimetype": "audio/mpeg",
            "track": self._told_track(upload.track) if upload.track else None,
            "library": {"uuid": f"library-of-{channel.uuid}", "name": channel.username},
            "duration": int(upload.seconds or 0) or None, "bitrate": 128_000, "size": upload.bytes,
            "import_date": None, "import_status": upload.status,
            "import_details": upload.details, "import_metadata": upload.metadata,
            "import_reference": upload.reference, "metadata": {}, "source": upload.source,
        }  # fmt: skip

    def _told_track(self, track: Track, *, closely: bool = False) -> dict[str, Any]:
        fields = dict(track.fields)
        description = fields.pop("description")
        if closely:
            html = f"<p>{description['text']}</p>" if description else ""
            fields["description"] = {**description, "html": html} if description else None
        cover = self._told_attachment(fields["cover"]) if fields["cover"] else None
        # the view of uploads does not fetch them: the sources (1.2) tell none there
        tags = [self.spelled[tag] for tag in track.tags] if closely else []
        return {"id": track.number, **fields, "cover": cover, "tags": tags, "disc_number": None}

    def _told_attachment(self, uuid: str) -> dict[str, Any]:
        one = self.attachments[uuid]
        urls = {"original": f"{self.url}/media/attachments/{uuid}"}
        return {"uuid": uuid, "size": one.bytes, "mimetype": one.type, "urls": urls}

    def _told_channel(self, channel: Channel) -> dict[str, Any]:
        said = channel.said
        return {
            "uuid": channel.uuid, "creation_date": _date(channel.created),
            "artist": {"id": 1, "name": said["name"], "description": said.get("description")},
            "actor": {"preferred_username": channel.username, "domain": "pod.example"},
            "attributed_to": {"preferred_username": channel.owner},
            "metadata": said.get("metadata"),
            "rss_url": f"{self.elsewhere or self.url}{API}/channels/{channel.username}/rss",
        }  # fmt: skip

    def _feed(self, channel: Channel) -> Reply:
        """At most 50 items, however many there are."""
        public = [one for one in self.uploads.values() if one.public]
        here = [one for one in public if one.channel == channel.uuid]
        newest = sorted(here, key=lambda one: one.created, reverse=True)[:50]
        items: Iterator[dict[str, Any]] = (
            {"guid": one.uuid, "date": one.created, "bytes": one.bytes, **one.track.fields}
            for one in newest
            if one.track
        )
        body = rss(str(channel.said["name"]), self.url, items)
        return Reply(200, body, "application/rss+xml")


def _route(request: Request) -> tuple[str, dict[str, str]]:
    """Which address it is. One with a slash too few or too many is another one."""
    path = request.path.removeprefix(API)
    for known in (path, path.removesuffix("/") if path.endswith("/") else f"{path}/"):
        for route, methods in _ROUTES.items():
            found = re.fullmatch(route, known)
            if not found or request.method not in methods or not request.path.startswith(API):
                continue
            if known != path and request.method == "GET":
                raise _Moved(f"{API}{known}?{urlencode(request.query)}")
            if known == path:
                return route, {name: text for name, text in found.groupdict().items() if text}
    raise Refused(404, NOT_FOUND)


class _Moved(Refused):
    def __init__(self, where: str) -> None:
        super().__init__(301, {})
        self.reply = Reply(301, b"", "text/html", {"Location": where})


def _object(request: Request) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise Refused(400, {"detail": "JSON parse error"})
    return request.json


def _date(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


def _seconds(sound: Sent) -> float | None:
    """How long it is; None = it is no recording."""
    try:
        found = mutagen.File(sound.file)
    except mutagen.MutagenError:
        return None
    if found is None or not found.info.length:
        return None
    whole = sound.bytes / max(1, sound.file.stat().st_size)  # only its beginning is kept
    return float(found.info.length * whole)


def main(folder: str, port: str = "0") -> None:
    double = FunkwhaleDouble(Path(folder))
    with double.serving(int(port)):
        print(json.dumps({"url": double.url}), flush=True)
        sys.stdin.read()  # until whoever started it ends, or closes the pipe


if __name__ == "__main__":
    main(*sys.argv[1:])
