"""Names and addresses of recordings that subscribers know from another episode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from ..finding import N_, Code, Finding, Place, Severity
from .promises import LOCK_FILE, Promise
from .recordings import earlier_recordings, suggestion

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
    by_address = _by_address(wanted.values())
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
        for media, size in _sizes(other).items():
            for new, key, bytes in by_address.get(media, ()):
                if key == "media" and other.gone and media == other.media:
                    continue  # LK025 says it
                if bytes != size and not _own(other, new, key, continued, now, media):
                    yield LK026.at(
                        Place(new.file or LOCK_FILE, (key,)),
                        media=media,
                        other=other.name,
                        old=size,
                        new=bytes,
                        suggestion=suggestion(media),
                    )


def _own(
    other: Promise,
    new: Promise,
    fact: str,
    continued: Mapping[str, Sequence[Promise]],
    now: datetime,
    address: str = "",
) -> bool:
    """Whether an episode has had its name or address itself, whoever else had it.

    Of its further recordings (`alternates`) it is this one.
    """
    if new.guid == other.guid:
        return True
    return any(
        line.guid == other.guid
        or (
            any(each.media == address for each in line.alternates)
            if fact == "alternates"
            else getattr(line, fact) == getattr(new, fact)
        )
        for line in continued.get(new.guid, ())
        if line.binds(now) or line.was  # only what was published is overridden
    )


def _by_address(
    promises: Iterable[Promise],
) -> Mapping[str, Sequence[tuple[Promise, str, int]]]:
    """Who has a recording at an address, by which key, and how many bytes it has."""
    found = defaultdict(list)
    for each in promises:
        found[each.media].append((each, "media", each.bytes))
        for one in each.alternates:
            found[one.media].append((each, "alternates", one.bytes))
    return found


def _sizes(promise: Promise) -> Mapping[str, int]:
    """The bytes at each address that an episode was published with and does not have any more."""
    sizes = {each.media: each.bytes for each in earlier_recordings(promise)}
    now = {each.media: each.bytes for each in promise.alternates} | {promise.media: promise.bytes}
    if promise.gone is not None:
        return sizes | now
    return {media: size for media, size in sizes.items() if media not in now}
