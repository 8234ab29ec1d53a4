"""An episode as Funkwhale takes it and tells it: names, limits, and the same value both ways.

Values only; nobody is asked. The limits are those of its serializers (1.4): a field that is too
long there is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..language import N_
from ..model import Category, Episode, License, Series
from .host import Held, HostError, Marker, State, Value, Wanted
from .plain_text import description as notes_of

TITLE = 500
DESCRIPTION = 5000
COPYRIGHT = 500
TAG = 100
TAGS = 30
"""Characters, and tags: more of them are left out there without a word."""
NAME = 200
CHANNEL_COPYRIGHT = 255

CHANGES = frozenset({"title", "description", "position", "tags", "license", "copyright", "artwork"})
"""What the edit of a track can change (TrackMutationSerializer)."""

_REFERENCE = "feedtool:"
_SUM = 16
"""Digits of the SHA-256: with the key, 50 characters, which is all that import_reference holds."""

_STATES = {
    "draft": State.READY,
    "pending": State.PROCESSING,
    "finished": State.READY,
    "errored": State.FAILED,
    "skipped": State.FAILED,
}
_COMMONS = re.compile(
    r"(?:.*creativecommons\.org/licenses/|cc-)(by(?:-nc)?(?:-nd|-sa)?)[-/](\d\.\d)/?.*", re.I
)
_ZERO = re.compile(r"(?:.*creativecommons\.org/publicdomain/zero/|cc0?-?(?:zero-)?)1\.0/?.*", re.I)


# --- what is sent ---------------------------------------------------------------------------------


def wanted(episode: Episode, series: Series, page: str) -> Wanted:
    """The fields of an episode. A title and a description that are too long are shortened."""
    cut: list[str] = []
    title = _within(one_line(episode.title), TITLE)
    if title != one_line(episode.title):
        cut.append("title")
    text, shortened = _description(episode, series, page)
    if shortened:
        cut.append("description")
    fields: dict[str, Value] = {
        "title": title,
        "description": text,
        # without one, its feed says 1
        "position": _whole(episode.number.value if episode.number else "") or 1,
        "tags": tags_of(episode.tags),
        "license": license_of(episode.license or series.license),
        "copyright": _within(one_line(series.copyright or ""), COPYRIGHT) or None,
    }
    if episode.image and "://" not in episode.image:
        fields["artwork"] = episode.image
    return Wanted(fields=fields, cut=tuple(cut))


def reference_of(marker: Marker) -> str:
    """The marker as import_reference has room for it."""
    return f"{_REFERENCE}{marker.key}:{marker.sha256[:_SUM]}"


def marker_of(reference: object) -> Marker | None:
    key, colon, sum = str(reference or "").removeprefix(_REFERENCE).partition(":")
    if not str(reference).startswith(_REFERENCE) or not colon or not key:
        return None
    return Marker(key, sum)


def metadata_of(fields: Mapping[str, Value], cover: str | None) -> dict[str, Any]:
    """import_metadata: always whole, it is not merged."""
    made = {name: _json(value) for name, value in fields.items() if name != "artwork"}
    made = {name: value for name, value in made.items() if value is not None}
    return made | ({"cover": cover} if cover else {})


def payload_of(
    fields: Mapping[str, Value], cover: str | None, spelled: tuple[str, ...]
) -> dict[str, Any]:
    """The payload of an edit. `spelled` are the tags of the track as they are written there.

    Funkwhale compares tags letter by letter and removes them whatever their case: "ai" for an
    "AI" would end as no tag.
    """
    made = {name: _json(value) for name, value in fields.items() if name in CHANGES}
    made.pop("artwork", None)
    if "description" in made:
        # what the import makes of its description, too
        made["description"] = {"text": made["description"], "content_type": "text/markdown"}
    if "tags" in made:
        known = {tag.lower(): tag for tag in spelled}
        made["tags"] = [known.get(tag, tag) for tag in made["tags"]]
    return made | ({"cover": cover} if cover else {})


def username_of(series: str) -> str:
    """The name of a channel: ASCII letters, digits and _ only; it can never change."""
    return series.replace("-", "_")[:NAME]


def channel_of(series: Series, username: str, cover: str | None) -> dict[str, Any]:
    """The body that makes a channel. Raises HostError without a category."""
    category = _category(series.categories)
    return {
        "name": _within(one_line(series.title), NAME),
        "username": username,
        "description": {
            "text": _within(_marked(series.description.strip()), DESCRIPTION),
            "content_type": "text/markdown",
        },
        "tags": [],
        "content_category": "podcast",
        "metadata": {
            "itunes_category": category.name,
            "itunes_subcategory": category.sub,
            "language": series.language.partition("-")[0].lower(),
            "explicit": series.explicit,
            "owner_name": _within(_owner(series), CHANNEL_COPYRIGHT) or None,
            "owner_email": series.owner.email if series.owner else None,
            "copyright": _within(one_line(series.copyright or ""), CHANNEL_COPYRIGHT) or None,
        },
        **({"cover": cover} if cover else {}),
    }


def tags_of(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Only letters, digits and _ may stand in a tag; case is not told apart there."""
    words = {re.sub(r"\W+", "_", tag.lower()).strip("_")[:TAG] for tag in tags}
    return tuple(sorted(words - {""})[:TAGS])


def license_of(license: License | None) -> str | None:
    """Its code there: Creative Commons only. None for all others, and for all rights reserved."""
    for text in (license.name, license.url or "") if license else ():
        if found := _COMMONS.fullmatch(text.strip()):
            return f"cc-{found[1].lower()}-{found[2]}"
        if _ZERO.fullmatch(text.strip()):
            return "cc0-1.0"
    return None


# --- what is told ---------------------------------------------------------------------------------


def held(
    upload: Mapping[str, Any], track: Mapping[str, Any] | None, channel: str, site: str
) -> Held:
    """An upload as it is told. `track` says more than the one inside it: description and tags."""
    status = str(upload.get("import_status") or "")
    inner = upload.get("track") if status == "finished" else None
    seen = track or (inner if isinstance(inner, dict) else None)
    told = seen if seen is not None else planned(upload)
    uuid = str(upload.get("uuid"))
    fields = fields_of(told)
    if track is None and seen is not None and not fields["tags"]:
        del fields["tags"]  # lists of uploads do not ask for them: there are none in any
    return Held(
        remote=uuid,
        marker=marker_of(upload.get("import_reference")),
        state=_STATES.get(status, State.PROCESSING),
        public=status == "finished",
        fields=fields,
        title=str(fields.get("title") or ""),
        url=f"{site}/library/tracks/{seen['id']}" if seen and "id" in seen else "",
        duration=_seconds(upload.get("duration")),
        created=_when(upload.get("creation_date")),
        guids=(uuid,),
        why=why(upload) if _STATES.get(status) is State.FAILED else "",
        channel=channel,
    )


def planned(upload: Mapping[str, Any]) -> dict[str, Any]:
    """What an upload is to become, while it is a draft."""
    metadata = upload.get("import_metadata")
    return dict(metadata) if isinstance(metadata, dict) else {}


def told_tags(track: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags of a track, as they are written there."""
    tags = track.get("tags")
    return tuple(map(str, tags)) if isinstance(tags, list) else ()


def fields_of(told: Mapping[str, Any]) -> dict[str, Value]:
    """The fields of a track or of import_metadata, as `wanted` has them. What is not told lacks."""
    fields: dict[str, Value] = {"title": one_line(str(told.get("title") or ""))}
    if "description" in told:
        text = told["description"]
        text = text.get("text") if isinstance(text, dict) else text
        fields["description"] = str(text or "").replace("\r\n", "\n").strip()
    position = told.get("position")
    fields["position"] = position if isinstance(position, int) and position > 0 else 1
    fields["tags"] = tuple(sorted({tag.lower() for tag in told_tags(told)}))
    fields["license"] = str(told.get("license") or "") or None
    fields["copyright"] = one_line(str(told.get("copyright") or "")) or None
    cover = told.get("cover")
    fields["artwork"] = str((cover.get("uuid") if isinstance(cover, dict) else cover) or "") or None
    return fields


def why(upload: Mapping[str, Any]) -> str:
    """Why an import failed, in the words of the host."""
    details = upload.get("import_details")
    details = details if isinstance(details, dict) else {}
    if upload.get("import_status") == "skipped":
        return str(details.get("code") or "skipped")
    said = [str(details.get("error_code") or "errored"), words_of(details.get("detail"))]
    return ": ".join(part for part in said if part)


def words_of(said: Any, deep: int = 20) -> str:
    """The words of a validation error, whatever their nesting: "username: already taken"."""
    if not deep:
        return ""
    if isinstance(said, dict):
        parts = [
            words if name in ("detail", "non_field_errors") else f"{name}: {words}"
            for name, value in said.items()
            if (words := words_of(value, deep - 1))
        ]
        return "; ".join(parts)
    if isinstance(said, list):
        return ", ".join(words for one in said if (words := words_of(one, deep - 1)))
    return "" if said is None else str(said)


def one_line(text: str) -> str:
    return " ".join(text.split())


# --- helpers --------------------------------------------------------------------------------------


def _description(episode: Episode, series: Series, page: str) -> tuple[str, bool]:
    """As Markdown, which the import takes it for; the link to the page is never cut off."""
    text = _marked(notes_of(episode, series, page))
    if len(text) <= DESCRIPTION or not page:
        return _within(text, DESCRIPTION), len(text) > DESCRIPTION
    text, _, link = text.rpartition("\n\n")
    return f"{_within(text, DESCRIPTION - len(link) - 2)}\n\n{link}", True


def _marked(text: str) -> str:
    """Plain text as Markdown that reads the same.

    Lines of a paragraph get a hard break: Funkwhale joins them without even a space.
    """
    text = re.sub(r"([\\`*<]|(?<!\w)_|_(?!\w)|(?<=\])\()", r"\\\1", text)
    text = re.sub(r"(?m)^(\s*)([#>+-]|\d+(?=[.)]))", _literal, text)
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "  \n", text)


def _literal(found: re.Match[str]) -> str:
    if found[2].isdecimal():
        return f"{found[1]}{found[2]}\\"
    return f"{found[1]}\\{found[2]}"


def _within(text: str, most: int) -> str:
    """The text, or as many whole words of it as fit, and an ellipsis."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    words = head[: max(head.rfind(" "), head.rfind("\n"))] if re.search(r"\s", head) else head
    return words.rstrip(" \n\\") + "…"


def _json(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _whole(number: str) -> int | None:
    """Numbers such as 100.5 are none there."""
    return int(number) if number.isdecimal() and 0 < int(number) < 2**31 else None


def _category(categories: tuple[Category, ...]) -> Category:
    if not categories:
        raise HostError(
            N_("a channel needs a category"),
            N_("set  categories: [Government]  or another in series.yaml"),
        )
    return categories[0]


def _owner(series: Series) -> str:
    return one_line(series.owner.name if series.owner else series.author or "")


def _seconds(value: object) -> timedelta | None:
    if isinstance(value, (int, float)) and 0 < value < 1e9:
        return timedelta(seconds=value)
    return None


def _when(value: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return when if when.tzinfo else None
