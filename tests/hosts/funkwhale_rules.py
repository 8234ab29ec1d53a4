"""What Funkwhale 1.4 takes and refuses, in its words; and the feed it makes.

No code of feedtool.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from lxml import etree

LICENSES = {
    "cc0-1.0", "LAL-1.3",
    *(
        f"cc-{kind}-{version}"
        for kind in ("by", "by-sa", "by-nc", "by-nc-sa", "by-nc-nd", "by-nd")
        for version in ("1.0", "2.0", "2.5", "3.0", "4.0")
    ),
}  # fmt: skip
_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design"), "Business": ("Management", "Careers"), "Education": ("Courses",),
    "Government": (), "News": ("Politics",), "Technology": (),
    "Society & Culture": ("Documentary",),
}  # fmt: skip
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


class Invalid(Exception):
    """A validation error."""

    def __init__(self, **faults: Any) -> None:
        super().__init__()
        self.faults = faults


def channel_faults(said: Mapping[str, Any], taken: Collection[str]) -> dict[str, Any]:
    faults = {
        name: ["This field is required."]
        for name in ("name", "username", "description", "tags", "content_category")
        if name not in said
    }
    username = said.get("username")
    if not isinstance(username, str) or not re.fullmatch(r"\w+", username, re.A):
        faults["username"] = [
            "Enter a valid username. This value may contain only English letters, numbers, and _"
            " characters."
        ]
    elif username.lower() in taken:
        faults["username"] = ["This username is already taken"]
    if not _is_content(said.get("description")) and said.get("description") is not None:
        faults["description"] = ["Invalid value."]
    if said.get("content_category") not in ("podcast", "music", "other"):
        faults["content_category"] = ["This is not a valid choice."]
    metadata = said.get("metadata") or {}
    if said.get("content_category") == "podcast" and not faults:
        faults |= _metadata_faults(metadata)
    return faults


def _metadata_faults(metadata: Mapping[str, Any]) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    category, sub = str(metadata.get("itunes_category")), metadata.get("itunes_subcategory")
    for name in ("itunes_category", "language"):
        if name not in metadata:
            faults[name] = ["This field is required."]
    if category not in _CATEGORIES:
        faults["itunes_category"] = [f'"{category}" is not a valid choice.']
    elif sub and sub not in _CATEGORIES[category]:
        faults["non_field_errors"] = [f'"{sub}" is not a valid subcategory for "{category}"']
    if not re.fullmatch(r"[a-z]{2}", str(metadata.get("language"))):
        faults["language"] = [f'"{metadata.get("language")}" is not a valid choice.']
    return faults


def import_faults(metadata: Any, covers: Collection[str], licenses: bool) -> dict[str, Any]:
    """What is wrong with import_metadata (ImportMetadataSerializer)."""
    if not isinstance(metadata, dict):
        return {"non_field_errors": ["Invalid data. Expected a dictionary."]}
    faults = _track_faults(metadata, covers, licenses)
    title, description = metadata.get("title"), metadata.get("description")
    if not isinstance(title, str) or not title.strip():
        faults["title"] = ["This field is required."]
    elif len(title) > 500:
        faults["title"] = ["Ensure this field has no more than 500 characters."]
    if description is not None and not isinstance(description, str):
        faults["description"] = ["Not a valid string."]
    elif len(description or "") > 5000:
        faults["description"] = ["Ensure this field has no more than 5000 characters."]
    return faults


def track_faults(payload: Any, covers: Collection[str], licenses: bool) -> dict[str, Any]:
    """What is wrong with an edit (TrackMutationSerializer)."""
    known = {"license", "title", "position", "copyright", "tags", "description", "cover"}
    if not isinstance(payload, dict) or not set(payload) & known:
        return {"non_field_errors": ["You must update at least one field"]}
    faults = _track_faults(payload, covers, licenses)
    if "title" in payload and not str(payload["title"]).strip():
        faults["title"] = ["This field may not be blank."]
    if "description" in payload and not _is_content(payload["description"]):
        faults["description"] = ["Invalid data. Expected a dictionary."]
    if "cover" in payload and payload["cover"] is None:
        faults["cover"] = ["This field may not be null."]
    return faults


def _track_faults(
    said: Mapping[str, Any], covers: Collection[str], licenses: bool
) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    position = said.get("position")
    if position is not None and (not isinstance(position, int) or position < 1):
        faults["position"] = ["Ensure this value is greater than or equal to 1."]
    if len(str(said.get("copyright") or "")) > 500:
        faults["copyright"] = ["Ensure this field has no more than 500 characters."]
    for tag in said.get("tags") or []:
        if not re.fullmatch(r"\w+", str(tag)):
            faults["tags"] = {"0": [f'Invalid tag "{tag}"']}
    license = said.get("license")
    if license is not None and (license not in LICENSES or not licenses):
        faults["license"] = [f"Object with code={license} does not exist."]
    cover = said.get("cover")
    if cover is not None and cover not in covers:
        faults["cover"] = [f"Object with uuid={cover} does not exist."]
    return faults


def _is_content(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("text"), str)
        and len(value["text"]) <= 5000
        and value.get("content_type") in ("text/plain", "text/markdown", "text/html")
    )


def picture_type(file: Path) -> str | None:
    with file.open("rb") as opened:
        head = opened.read(8)
    kinds = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
    return next((kind for begin, kind in kinds.items() if head.startswith(begin)), None)


def rss(title: str, site: str, items: Iterable[Mapping[str, Any]]) -> bytes:
    """The feed of a channel."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"itunes": _ITUNES})
    channel = etree.SubElement(root, "channel")
    etree.SubElement(channel, "title").text = title
    for one in items:
        item = etree.SubElement(channel, "item")
        etree.SubElement(item, "title").text = one["title"]
        etree.SubElement(item, "guid", {"isPermaLink": "false"}).text = one["guid"]
        etree.SubElement(item, "pubDate").text = format_datetime(one["date"])
        etree.SubElement(item, f"{{{_ITUNES}}}season").text = "1"
        etree.SubElement(item, f"{{{_ITUNES}}}episode").text = str(one["position"] or 1)
        if one["description"]:
            etree.SubElement(item, "description").text = one["description"]["text"]
        stream = {
            "url": f"{site}/api/v1/stream/{one['guid']}.mp3", "length": str(one["bytes"]),
            "type": "audio/mpeg",
        }  # fmt: skip
        etree.SubElement(item, "enclosure", stream)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
