"""One visit to a live feed: the feed first, then what it names, in the order it is told.

Few things at once: a server must not take an audit for an attack.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from functools import partial

from ..declare import dataclass
from .artwork import artwork
from .aspect import Check, Part, Subject
from .content import content, read
from .feed import Feed, SideFile
from .recordings import recording
from .serving import again, no_answer, serving
from .side_files import side_file
from .web import Web, as_sent

AT_ONCE = 4
_SIDE_FILES = 20
"""Of one episode: a feed could name ten thousand, to have somebody else asked for them."""

Looks = Callable[[], Iterator[Check]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of it."""

    checks: tuple[Check, ...]
    silent: bool = False  #: no answer at all came from the address
    title: str = ""  #: of the series
    looked_at: int = 0  #: episodes
    episodes: int = 0  #: in the feed, with a recording

    @property
    def errors(self) -> int:
        return self._failed("error")

    @property
    def warnings(self) -> int:
        return self._failed("warning")

    def _failed(self, severity: str) -> int:
        return sum(not one.ok and one.aspect.severity == severity for one in self.checks)


def visit(
    url: str,
    web: Web,
    *,
    most: int | None,
    now: datetime,
    progress: Callable[[int, int], None],
) -> Visit:
    """Look at the feed and at its newest `most` episodes; None = all of them."""
    url = as_sent(url)
    subject = Subject(Part.FEED, url, "")
    begun = time.monotonic()
    answer = web.ask("GET", url, most=web.limits.feed)
    if answer.failure or answer.status != 200:
        why = answer.failure
        silent = why is not None and why.kind == "network" and not answer.hops
        return Visit(checks=(no_answer(subject, answer, web),), silent=silent)
    checks = list(serving(subject, answer, web, now))
    feed, told = read(subject, answer)
    checks += told
    if feed is None:
        return Visit(checks=tuple(checks))
    checks += content(subject, answer, feed)
    newest = feed.newest(most)
    looks = list(_looks(feed, len(newest), web))
    found = _all(looks, web, progress)
    # last, so that a time in the feed has moved on if it moves at all
    time.sleep(max(0.0, web.limits.pause - (time.monotonic() - begun)))
    checks += again(subject, answer, web)
    return Visit(
        checks=(*checks, *found),
        title=feed.title,
        looked_at=len(newest),
        episodes=sum(bool(one.url) for one in feed.items),
    )


def _looks(feed: Feed, most: int, web: Web) -> Iterator[Looks]:
    """Everything that is to be asked, each address once."""
    newest = feed.newest(most)
    for item in newest:
        title = item.title or item.guid or item.url
        yield partial(recording, Subject(Part.EPISODE, item.url, title), item, web)
    pictures = {feed.image: feed.title} if feed.image else {}
    for item in newest:
        if item.image:
            pictures.setdefault(item.image, item.title)
    for url, title in pictures.items():
        yield partial(artwork, Subject(Part.ARTWORK, url, title), web)
    files: dict[str, tuple[str, SideFile]] = {}
    for item in newest:
        for file in item.side_files[:_SIDE_FILES]:
            files.setdefault(file.url, (item.title, file))
    for url, (title, file) in files.items():
        yield partial(side_file, Subject(Part.SIDE_FILE, url, title), file, web)


def _looked(look: Looks) -> list[Check]:
    return list(look())


def _all(looks: list[Looks], web: Web, progress: Callable[[int, int], None]) -> list[Check]:
    """A few at once, told in the order given."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        running = [pool.submit(_looked, look) for look in looks]
        for done, _ in enumerate(as_completed(running), 1):
            progress(done, len(running))
        return [check for one in running for check in one.result()]
    except BaseException:  # interrupted: what is under way may end, nothing new begins
        web.stop()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
