"""JSON Feed, versions 1 and 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from ..language import N_
from .document import NoFeedError
from .kinds import the_recording
from .record import XML_SPACE, Enclosed, Entry, Source, Tree

_MADE_ANEW = frozenset({"version", "feed_url", "next_url"})


def read_json(data: bytes, name: str) -> Source:
    """What the document says; dates are still texts. Raises NoFeedError."""
    try:
        document = json.loads(data.decode("utf-8-sig", "replace").strip())
    except (ValueError, RecursionError) as error:
        raise _no_feed(name) from error
    if not isinstance(document, dict) or "jsonfeed.org" not in str(document.get("version")):
        raise _no_feed(name)
    said = dict(document)
    items = said.pop("items", [])
    tree: Tree = {}
    for key, other in (("language", "language"), ("complete", "expired")):
        value = said.pop(other, None)
        if value not in (None, False, ""):
            tree[key] = str(value).lower() if value is True else str(value)
    if page := _text(said.pop("home_page_url", "")):
        tree["links"] = [{"url": page}]
    if author := _author(said):
        tree["author"] = author
    if isinstance(extension := said.pop("_podcast", None), dict):  # our own: by it apps know a feed
        for key in ("guid", "medium"):
            if text := _text(extension.get(key)):
                tree[key] = text
    title, about = _text(said.pop("title", "")), _text(said.pop("description", ""))
    image = _text(said.pop("icon", "")) or _text(said.get("favicon"))
    address, following = _text(said.get("feed_url")), _text(said.get("next_url"))
    return Source(
        format="JSON Feed",
        title=title,
        description=about,
        tree=tree,
        image=image,
        entries=tuple(_item(item) for item in items if isinstance(item, dict))
        if isinstance(items, list)
        else (),
        lost=tuple(key for key in said if key not in _MADE_ANEW and said[key]),
        address=address,
        next=following,
    )


def _no_feed(name: str) -> NoFeedError:
    return NoFeedError(
        N_("{name} is no feed that can be read"),
        N_("look at the address in a browser: it should show the feed; then run it again"),
        name=name,
    )


def _item(item: Mapping[str, Any]) -> Entry:
    said = dict(item)
    attached = dict(_attachments(said.pop("attachments", [])))
    enclosure = the_recording([*attached])
    lost = [f"attachment {one.url}" for one in attached if one is not enclosure]
    html, words = _text(said.pop("content_html", "")), _text(said.pop("content_text", ""))
    tree: Tree = {}
    if tags := [text for tag in _list(said.pop("tags", [])) if (text := _text(tag))]:
        tree["tags"] = list(dict.fromkeys(tags))
    if language := _text(said.pop("language", "")):
        tree["language"] = language
    if author := _author(said):
        tree["author"] = author
    image, banner = _text(said.pop("image", "")), _text(said.pop("banner_image", ""))
    updated = _text(said.pop("date_modified", ""))
    date = _text(said.pop("date_published", ""))
    guid, title = _exact(said.pop("id", "")).strip(XML_SPACE), _text(said.pop("title", ""))
    link, summary = _text(said.pop("url", "")), _text(said.pop("summary", ""))
    if external := _text(said.pop("external_url", "")):
        tree["links"] = [{"url": external}]
    return Entry(
        guid=guid,
        title=title,
        date=None,
        date_text=date or updated,
        enclosure=enclosure,
        link=link,
        duration=attached[enclosure] if enclosure else None,
        notes=html or words,
        plain=not html,
        summary=summary,
        image=image or banner,
        tree=tree,
        lost=(*lost, *(key for key in said if said[key])),
    )


def _attachments(written: Any) -> Iterator[tuple[Enclosed, timedelta | None]]:
    for one in _list(written):
        if not isinstance(one, dict) or not (url := _text(one.get("url"))):
            continue
        size, seconds = one.get("size_in_bytes"), one.get("duration_in_seconds")
        length = int(size) if isinstance(size, int | float) and 0 <= size < 1e15 else None
        time = None
        if isinstance(seconds, int | float) and 0 < seconds < 30 * 86400:
            time = timedelta(seconds=round(seconds))
        yield Enclosed(url, length, _text(one.get("mime_type"))), time


def _author(said: dict[str, Any]) -> str:
    """Of version 1.1, a list, or of version 1, one."""
    authors = [*_list(said.pop("authors", [])), said.pop("author", None)]
    names = [_text(one.get("name")) for one in authors if isinstance(one, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return _exact(value).strip()


def _exact(value: Any) -> str:
    """Ids are numbers in some feeds, against the specification ("id", JSON Feed 1.1)."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    return ""
