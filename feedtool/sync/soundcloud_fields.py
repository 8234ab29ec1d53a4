"""An episode in SoundCloud's words, and back. Pure: nothing is asked.

Both ways end in the same spelling, so that what the host kept equals what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ..model import Episode, License, Series
from .host import Held, Marker, State, Value, Wanted
from .plain_text import as_lines, description

CHANGES = frozenset(
    {
        "title", "description", "tags", "license", "release_date", "downloadable", "commentable",
        "artwork",
    }
)  # fmt: skip
"""All but the permalink: it is an address, and addresses are promises."""

PICTURES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
}  # fmt: skip
"""What the host takes as artwork."""

RECORDINGS = {
    "audio/mpeg": "mp3", "audio/x-m4a": "m4a", "audio/mp4": "m4a", "audio/aac": "aac",
    "audio/ogg": "ogg", "audio/opus": "opus", "audio/flac": "flac", "audio/wav": "wav",
    "audio/aiff": "aiff",
}  # fmt: skip
"""The recordings that it takes: type -> what the name of the file ends with."""

SIMPLE = ("title", "description", "license", "release_date", "permalink")
"""Fields that are sent as they are."""

DEFAULTS: Mapping[str, bool] = {"downloadable": True, "commentable": True}
"""What a track has when nothing is said of it, so something always is."""

_TRACK = "soundcloud:tracks:"
_KEY, _SUM, _ART = "feedtool:ep=", "feedtool:sha=", "feedtool:art="
"""What we plant: the key of the episode, and the SHA-256 of its recording and of its picture."""
_SUM_LENGTH = 16
_MACHINE = re.compile(r"[^\s:=]+:[^\s:=]+=.*")
"""A tag that listeners do not see: namespace:key=value."""
_TAG = re.compile(r'(?:"[^"]*"|[^\s"]+)+')
_QUOTES = str.maketrans("", "", '"“”„‟')
"""A tag cannot hold the first of them, and the vendor's own example is written with others."""
_CREATIVE = re.compile(r"(?:cc-?|creativecommons\.org/licenses/)(by(?:-nc)?(?:-nd|-sa)?)(?![a-z])")
_FREE = re.compile(r"cc-?0|cc-?zero|public-?domain|publicdomain/zero")


def wanted(episode: Episode, series: Series, page: str) -> Wanted:
    license = license_of(episode.license or series.license)
    fields: dict[str, Value] = {
        "title": _line(episode.title),
        "description": as_lines(description(episode, series, page)),
        "tags": _visible(map(_tag, episode.tags)),
        "license": license,
        "release_date": episode.date.date().isoformat(),
        # a copy is offered there where everybody may make copies
        "downloadable": license != "all-rights-reserved",
        "commentable": True,
        "permalink": episode.slug,
    }
    picture = next((one for one in (episode.image, series.image) if one and _is_sent(one)), None)
    if picture:
        fields["artwork"] = picture
    return Wanted(fields=fields)


def held(track: Mapping[str, Any]) -> Held:
    """A track as the host tells it. Raises ValueError for what is no track."""
    tags = tags_of(track.get("tag_list"))
    milliseconds = _number(track.get("duration"))
    title = _line(_text(track.get("title")))
    fields: dict[str, Value] = {
        "title": title,
        "description": as_lines(_text(track.get("description"))),
        "tags": _visible(tags),
    }
    for name in ("license", "downloadable", "commentable"):
        if isinstance(track.get(name), str | bool):
            fields[name] = track[name]
    if "release_year" in track:
        fields["release_date"] = _release_date(track)
    planted = _planted(tags)
    if planted.get(_ART) and track.get("artwork_url"):
        # its address says nothing: pictures are made smaller there
        fields["artwork"] = planted[_ART]
    key = planted.get(_KEY)
    public = track.get("sharing") != "private"
    remote = urn(track.get("urn") or track.get("id"))
    return Held(
        remote=remote,
        marker=Marker(key, planted.get(_SUM, "")) if key else None,
        state=_state(track, milliseconds, public),
        public=public,
        fields=fields,
        title=title,
        url=_text(track.get("permalink_url")),
        duration=timedelta(milliseconds=milliseconds) if milliseconds else None,
        created=created_at(track.get("created_at")),
        # the guid in the feeds of the host, before and after URNs came
        guids=(f"tag:soundcloud,2010:tracks/{remote.rpartition(':')[2]}",),
        why=_text(track.get("state")) if track.get("state") == "failed" else "",
    )


def settings(fields: Mapping[str, Value]) -> dict[str, bool]:
    """What is said of a track whenever anything is."""
    return {name: bool(fields.get(name, default)) for name, default in DEFAULTS.items()}


def visible(fields: Mapping[str, Value]) -> tuple[str, ...]:
    """The tags among some fields."""
    tags = fields.get("tags") or ()
    assert isinstance(tags, tuple)
    return tags


def urn(id: object) -> str:
    """A URN from itself, or from the number that it was before 2025. Raises ValueError."""
    if isinstance(id, int) and not isinstance(id, bool):
        return f"{_TRACK}{id}"
    if isinstance(id, str) and id.isascii() and id:
        return f"{_TRACK}{id}" if id.isdecimal() else id
    raise ValueError(f"no id of a track: {id!r}")


def license_of(license: License | None) -> str:
    """One of the host's licences. What it does not have gives nobody a right there."""
    if license is None:
        return "all-rights-reserved"
    said = f"{license.name} {license.url or ''}".lower()
    if _FREE.search(said):
        return "no-rights-reserved"
    found = _CREATIVE.search(said)
    return f"cc-{found[1]}" if found else "all-rights-reserved"


def tags_of(tag_list: object) -> tuple[str, ...]:
    """The tags of a tag_list, machine tags too: divided by spaces, unless they are quoted."""
    found = _TAG.findall(_text(tag_list))
    return tuple(tag for one in found if (tag := _tag(one)))


def tag_list(seen: Iterable[str], machine: Iterable[str]) -> str:
    """Tags as they are sent. The hidden ones first: should the host cut the list, not those."""
    return " ".join(f'"{tag}"' if " " in tag else tag for tag in (*machine, *seen))


def machine_tags(marker: Marker, there: Iterable[str] = (), picture: str = "") -> tuple[str, ...]:
    """Our marker and the sum of the picture, and what others have planted.

    `there` are all tags of the track now: what is not told anew stays.
    """
    hidden = [tag for tag in there if _MACHINE.fullmatch(tag)]
    planted = _planted(hidden)
    sum = marker.sha256[:_SUM_LENGTH] or planted.get(_SUM, "")
    picture = picture or planted.get(_ART, "")
    ours = ((_KEY, marker.key), (_SUM, sum), (_ART, picture))
    others = [tag for tag in hidden if not tag.startswith((_KEY, _SUM, _ART))]
    return (*(f"{name}{value}" for name, value in ours if value), *others)


def created_at(text: object) -> datetime | None:
    """An instant from "2019/01/15 15:40:49 +0000", or from ISO 8601."""
    plain = _text(text).replace("/", "-").replace(" +", "+").replace(" -", "-")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _planted(tags: Iterable[str]) -> dict[str, str]:
    """What our own tags say."""
    found: dict[str, str] = {}
    for tag in tags:
        if tag.startswith("feedtool:"):
            name, _, value = tag.partition("=")
            found.setdefault(f"{name}=", value)
    return found


def _state(track: Mapping[str, Any], milliseconds: int, public: bool) -> State:
    """How far it is: told in words until 2025, and by its duration and access since then."""
    told = track.get("state")
    if told == "failed":
        return State.FAILED
    if told == "processing" or milliseconds <= 0:
        return State.PROCESSING
    if told == "finished" or public or track.get("access", "playable") == "playable":
        return State.READY
    return State.PROCESSING


def _visible(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags that listeners see, each once, whatever the case of its letters."""
    found: dict[str, str] = {}
    for tag in tags:
        if tag and not (":" in tag and _MACHINE.fullmatch(tag)):
            found.setdefault(tag.casefold(), tag)
    return tuple(sorted(found.values()))


def _tag(text: str) -> str:
    """A tag without what it cannot hold."""
    return _line(text if text.isalnum() else text.translate(_QUOTES))


def _release_date(track: Mapping[str, Any]) -> str | None:
    parts = [_number(track.get(f"release_{name}")) for name in ("year", "month", "day")]
    return "{:04}-{:02}-{:02}".format(*parts) if all(parts) else None


def _is_sent(source: str) -> bool:
    """Is it a file of ours, and of a kind that the host takes?"""
    ending = source[source.rfind(".") :].lower()
    return "://" not in source and ending in PICTURES


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and 0 < value < 1e12 else 0
