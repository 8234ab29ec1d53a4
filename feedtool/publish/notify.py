"""Tell the world that a feed changed: WebSub hubs, Podping, Podcast Index.

Only after the feed is live, and only of feeds that changed. What could not be told is owed, and
told the next time; it never fails a publish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

import requests

from ..declare import dataclass
from .state import Owed

PUBNOTIFY = "https://api.podcastindex.org/api/1.0/hub/pubnotify"
PODPING = "https://podping.cloud/"
_WAIT = 15.0
"""Seconds for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Who is told beside a feed's own WebSub hubs; off by default. They can be local servers."""

    podping: str = ""  #: address of its HTTP front end
    podping_token: str = ""
    pubnotify: str = ""  #: address of Podcast Index' call

    def owed(self, feeds: Mapping[str, Sequence[str]]) -> tuple[Owed, ...]:
        """What is to be told of these feeds: by their public addresses, with the hubs they name."""
        return tuple(
            Owed(feed, to)
            for feed, hubs in feeds.items()
            for to in (*hubs, self.podping, self.pubnotify)
            if to
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one notification."""

    owed: Owed
    status: int  #: of HTTP; 0 = no answer
    reason: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def tell(services: Services, owed: Iterable[Owed], session: requests.Session) -> list[Told]:
    """Give each notification once, in order."""
    return [_tell(services, one, session) for one in owed]


def _tell(services: Services, one: Owed, session: requests.Session) -> Told:
    try:
        if one.to == services.podping:
            # the front end reads the address from the query, and knows who asks by the token
            query = urlencode({"url": one.feed, "reason": "update", "medium": "podcast"})
            answer = session.get(
                f"{one.to}?{query}",
                headers={"Authorization": services.podping_token},
                timeout=_WAIT,
            )
        elif one.to == services.pubnotify:
            answer = session.get(f"{one.to}?{urlencode({'url': one.feed})}", timeout=_WAIT)
        else:
            # WebSub leaves the call open (section 6): old hubs read hub.url, others hub.topic
            form = {"hub.mode": "publish", "hub.url": one.feed, "hub.topic": one.feed}
            answer = session.post(one.to, data=form, timeout=_WAIT)
    except requests.RequestException as error:
        return Told(one, 0, type(error).__name__)
    return Told(one, answer.status_code, answer.reason or "")
