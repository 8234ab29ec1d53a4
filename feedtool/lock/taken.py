"""Names and addresses of recordings that subscribers know from another episode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from ..finding import N_, Code, Finding, Place, Severity
from .promises import LOCK_FILE, Promise, Rendition
from .recordings import suggestion

LK024 = Code(
    "LK024",
    Severity.ERROR,
    message=N_('the name "{episode}" belongs to an episode that is gone since {on}'),
    why=N_("links to that episode would lead to this one"),
    mend=N_(
        "give the file another name; if it is the same episode that comes back, write"
        " guid: {guid} again"
    ),
)
LK025 = Code(
    "LK025",
    Severity.ERROR,
    message=N_('{media} was published as the recording of "{other}", which is gone since {on}'),
    why=N_("apps that know the address would take this episode for that one"),
    mend=N_(
        "save the recording under another name, such as {suggestion}; if it is the same episode"
        " that comes back, call its file episodes/{other}.md again, and write guid: {guid} in it"
    ),
)
LK026 = Code(
    "LK026",
    Severity.ERROR,
    message=N_('{media} was published with {old} bytes as an earlier recording of "{other}"'),
    why=N_("who asks that address would get another recording, {new} bytes long"),
    mend=N_("save the recording under another name, such as {suggestion}"),
)

LK027 = Code(
    "LK027",
    Severity.ERROR,
    message=N_('the guid "{guid}" was published for "{other}", before that one got another guid'),
    why=N_("apps would show this episode in the place of that one"),
    mend=N_("delete the line; the next build says what to write there"),
    spec=("RSS-25", "APPLE-25"),
)


def taken(
    promises: Mapping[str, Promise],
    wanted: Mapping[str, Promise],
    continued: Mapping[str, Sequence[Promise]],
    now: datetime,
) -> Iterator[Finding]:
    """What the wanted episodes use that belongs to another one.

    `continued` holds the lines of the lock that each wanted episode carries on: a name or an
    address that was promised to the episode itself is its own.
    """
    remembered = [each for each in promises.values() if each.gone is not None or each.was]
    if not remembered:
        return
    by_name = {each.name: each for each in wanted.values()}
    by_media = {each.media: each for each in wanted.values()}
    further = _further(wanted)
    for other in remembered:
        if other.gone is not None:
            on = other.gone.on
            new = by_name.get(other.name)
            if new and not _own(other, new, "name", continued, now):
                params = {"episode": new.name, "guid": other.guid, "on": on}
                yield LK024.at(Place(new.file or LOCK_FILE, ("guid",)), **params)
            new = by_media.get(other.media)
            if new and not _own(other, new, "media", continued, now):
                params = {"media": new.media, "other": other.name, "guid": other.guid, "on": on}
                place = Place(new.file or LOCK_FILE, ("media",))
                yield LK025.at(place, suggestion=suggestion(new.media), **params)
        for guid in {str(fact["guid"]) for fact in other.was if "guid" in fact}:
            new = wanted.get(guid)
            if new and not _own(other, new, "guid", continued, now):
                place = Place(new.file or LOCK_FILE, ("guid",))
                yield LK027.at(place, guid=guid, other=other.name)
        for media, size in _earlier_recordings(other):
            new = by_media.get(media)
            if new and new.bytes != size and not _own(other, new, "media", continued, now):
                yield _other_bytes(other, new, media, "media", size, new.bytes)
            for new, one in further.get(media, ()):
                # one that the lock knows is compared with what it says
                if one.bytes != size and not _has_offered(continued.get(new.guid, ()), media):
                    yield _other_bytes(other, new, media, "alternates", size, one.bytes)


def _further(wanted: Mapping[str, Promise]) -> dict[str, list[tuple[Promise, Rendition]]]:
    """Who offers what beside the main recording, by its address."""
    further: dict[str, list[tuple[Promise, Rendition]]] = {}
    for each in wanted.values():
        for one in each.alternates:
            further.setdefault(one.media, []).append((each, one))
    return further


def _other_bytes(
    other: Promise, new: Promise, media: str, key: str, size: int, now: int
) -> Finding:
    return LK026.at(
        Place(new.file or LOCK_FILE, (key,)),
        media=media, other=other.name, old=size, new=now, suggestion=suggestion(media),
    )  # fmt: skip


def _has_offered(lines: Sequence[Promise], media: str) -> bool:
    return any(one.media == media for line in lines for one in line.alternates)


def _own(
    other: Promise,
    new: Promise,
    fact: str,
    continued: Mapping[str, Sequence[Promise]],
    now: datetime,
) -> bool:
    """Whether an episode has had its name or address itself, whoever else had it."""
    if new.guid == other.guid:
        return True
    return any(
        line.guid == other.guid or getattr(line, fact) == getattr(new, fact)
        for line in continued.get(new.guid, ())
        if line.binds(now) or line.was  # only what was published is overridden
    )


def _earlier_recordings(promise: Promise) -> Iterator[tuple[str, int]]:
    for fact in promise.was:
        media, size = fact.get("media"), fact.get("bytes")
        if isinstance(media, str) and isinstance(size, int):
            yield media, size
