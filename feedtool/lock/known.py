"""What the lock knows of an episode whose file does not say all of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .promises import Lock


def known_keys(lock: Lock, series: str, slug: str, media: str) -> Mapping[str, str]:
    """What the one episode with this name, or else with this recording, has to say.

    As its file writes it; nothing when there is no such episode, or more than one.
    """
    promises = lock.episodes.values()
    own = [one for one in promises if one.slug == slug and one.series == series]
    own = own or [one for one in promises if one.media == media]
    if len(own) != 1:
        return {}
    (promise,) = own
    return {
        "guid": promise.guid,
        "date": promise.date.isoformat(" "),
        "media": promise.media.removeprefix(f"{series}/"),
    }


def home_of(lock: Lock, guid: str, series: str, now: datetime) -> str:
    """The podcast:guid of the series that an episode was published in before it moved to `series`.

    "" when it did not move: ids that are made of it must stay (RFC 4287 section 4.2.6).
    """
    promise = lock.episodes.get(guid)
    if promise is None or not promise.binds(now):
        return ""
    first = next((fact["series"] for fact in promise.was if "series" in fact), promise.series)
    return "" if first == series else lock.series.get(str(first), "")
