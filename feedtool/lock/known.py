"""What the lock knows of an episode whose file does not say all of it."""

from __future__ import annotations

from collections.abc import Mapping

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
