"""Tell the world that a feed changed: WebSub hubs, Podping, Podcast Index.

Only after the feed is live, and only of feeds that changed. What could not be told is owed, and
told the next time; it never fails a publish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from ..declare import dataclass
from ..reach import Scope
from ..reasons import reason
from ..session import NoPassword, Session, judge_proxy, session
from .state import Owed

PUBNOTIFY = "https://api.podcastindex.org/api/1.0/hub/pubnotify"
PODPING = "https://podping.cloud/"
_WAIT = 15.0
"""Seconds for each."""
_MOVED = frozenset({301, 302, 307, 308})
"""Answers of one that is elsewhere. 303 is none: what it leads to is to be read, not told."""
_MOST_MOVES = 5


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
            for to in dict.fromkeys((*hubs, self.podping, self.pubnotify))
            if to
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one notification."""

    owed: Owed
    status: int  #: of HTTP; 0 = no answer
    reason: str = ""  #: a template with the named `params`, where there is no answer
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def tell(services: Services, owed: Iterable[Owed]) -> list[Told]:
    """Give each notification once, in order."""
    return [_tell(services, one) for one in owed]


def _tell(services: Services, one: Owed) -> Told:
    url, method, form, headers = one.to, "GET", None, {}
    if one.to == services.podping:
        # the front end reads the address from the query, and knows who asks by the token
        query = urlencode({"url": one.feed, "reason": "update", "medium": "podcast"})
        url, headers = f"{one.to}?{query}", {"Authorization": services.podping_token}
    elif one.to == services.pubnotify:
        url = f"{one.to}?{urlencode({'url': one.feed})}"
    else:
        # WebSub leaves the call open (section 6): old hubs read hub.url, others hub.topic
        method = "POST"
        form = {"hub.mode": "publish", "hub.url": one.feed, "hub.topic": one.feed}
    # a hub may be inside a network, but it leads nowhere further inside
    scope = Scope(_WAIT)
    try:
        with session(scope, "publish") as web:
            answer = _asked(web, scope, method, url, form, headers)
    except (requests.RequestException, ValueError) as error:
        why = reason(error, _WAIT)
        return Told(one, 0, why.text, why.params)
    return Told(one, answer.status_code)


def _asked(
    web: Session,
    scope: Scope,
    method: str,
    url: str,
    form: Mapping[str, str] | None,
    headers: Mapping[str, str],
) -> requests.Response:
    """The answer of the service, wherever it has moved to.

    It is asked there as it was here. Browsers, and requests, make a GET without the form of a POST
    that is answered 301 or 302 (RFC 9110, 15.4.2): the hub would answer, and know of nothing.
    """
    seen = {url}
    while True:
        judge_proxy(web, scope, url)
        with web.request(
            method, url, data=form, headers=headers, auth=NoPassword(), timeout=_WAIT, stream=True,
            allow_redirects=False,
        ) as answer:  # fmt: skip
            to = web.leads_to(answer) if answer.status_code in _MOVED else None
        to = urljoin(url, to) if to else url
        where, before = urlsplit(to), urlsplit(url)
        if to in seen or len(seen) > _MOST_MOVES or where.scheme not in {"http", "https"}:
            return answer
        if (where.scheme, where.netloc) != (before.scheme, before.netloc):
            headers = {}  # a token is for the server it was meant for
        seen.add(to)
        url = to
