"""One publish: what is built, compared with what is at the target, sent, looked at and told.

In steps, so that a person sees the plan between `prepare` and `carry_out`. Nothing at the target
changes before the second.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from pathlib import Path

from .artifacts import Sums, artifacts_named, artifacts_of
from .declare import dataclass
from .errors import FeedtoolError, TargetError
from .finding import N_
from .publish.effects import Effects, Heard, effects
from .publish.feeds import heard, hubs_of
from .publish.live import Problem, Seen, Web, look_at_feed, look_at_media, session
from .publish.notify import Services, Told, tell
from .publish.send import Delivery, Publisher
from .publish.served import Rank
from .publish.state import State
from .publish.target import Artifact, Plan, Remote, Target, plan

Progress = Callable[[Artifact], None]

LOOKS = 8
"""Recordings that are looked at at the same time: an archive has thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What is to be published."""

    output: Path
    media: Path  #: the folder of recordings
    ahead: Mapping[str, int] = field(default_factory=dict)
    """Sources below media/ of episodes that are not due yet, and their bytes."""
    due: Mapping[str, int] = field(default_factory=dict)
    """The same of those that are due; they may be in the output too, or not on this machine."""
    base_url: str = ""  #: the catalog's address, as its feeds have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is published."""

    target: Target
    name: str  #: as a person knows it
    public: str = ""  #: its web address, ending with "/"; "" = it has none


@dataclass(slots=True)
class Prepared:
    """A plan, and all that is needed to carry it out."""

    place: Place
    delivery: Delivery
    plan: Plan
    effects: dict[str, Effects]  #: by series; only those in which anything happens
    before: dict[str, bytes | None]  #: the feeds at the target that will be replaced
    appearing: tuple[Heard, ...]  #: items whose recording subscribers have not been told of
    titles: Mapping[str, str]  #: by guid, of the items that something happens to
    unreadable: tuple[str, ...] = ()  #: feeds at the target that no app can read

    @property
    def nothing(self) -> bool:
        """There is nothing to send, and nothing to tell."""
        return not self.plan.send and not self.delivery.state.owed


@dataclass(slots=True)
class Result:
    """What a publish did."""

    sent: list[str] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class LiveError(FeedtoolError):
    """What is published is not what apps get; the feeds are the old ones."""

    exit_code = TargetError.exit_code
    code = "live"


def prepare(place: Place, publisher: Publisher, goods: Goods, sums: Sums) -> Prepared:
    """Compare what is to be published with what is at the target. Only reads.

    Raises TargetError, AccessError.
    """
    present = place.target.list()
    delivery = Delivery(place.target, publisher)
    state = delivery.look(present)
    wanted = {one.path: one for one in artifacts_of(goods.output, sums)}
    for sources in (goods.ahead, goods.due):
        for one in artifacts_named(goods.media, sources, sums):
            wanted.setdefault(one.path, one)
    known = _known(place.target, state, present, wanted)
    planned = plan(wanted.values(), present, known)
    before: dict[str, bytes | None] = {}
    happens: dict[str, Effects] = {}
    unreadable, appearing, titles = [], list[Heard](), dict[str, str]()
    for path in planned.feeds:
        before[path] = place.target.read(path) if path in present else None
        series, _, name = path.rpartition("/")
        if name != "feed.xml" or not series:
            continue
        artifact = wanted[path]
        assert artifact.file is not None
        try:
            old = heard(before[path] or b"<rss/>")
        except ValueError:
            unreadable.append(path)
            old = []
        new = heard(artifact.file.read_bytes())
        found = effects(old, new)
        if found:
            happens[series] = found
        titles |= {item.guid: item.title for item in (*old, *new)}
        untold = {*found.new, *found.moved, *found.redownload}
        appearing += [_at(place, goods, item) for item in new if item.guid in untold]
    return Prepared(
        place, delivery, planned, happens, before, tuple(appearing), titles, tuple(unreadable)
    )


def _at(place: Place, goods: Goods, item: Heard) -> Heard:
    """The item with the address that its recording has at this place."""
    if goods.base_url and item.url.startswith(goods.base_url):
        return item._replace(url=place.public + item.url.removeprefix(goods.base_url))
    return item


def _known(
    target: Target,
    state: State,
    present: Mapping[str, Remote],
    wanted: Mapping[str, Artifact],
) -> dict[str, tuple[int, str]]:
    """What is known of the files at the target; where a killed publish left doubt, they are read.

    Only small ones: a recording in doubt is sent again.
    """
    known = state.known()
    doubtful = set(state.uncertain())
    if not state.files:  # the state was lost, or another program published
        doubtful |= {path for path in present.keys() & wanted.keys() if path not in known}
    for path in doubtful:
        known.pop(path, None)
        artifact, there = wanted.get(path), present.get(path)
        if artifact is None or there is None or there.size != artifact.size:
            continue
        if artifact.rank is not Rank.MEDIA or not artifact.file:
            data = target.read(path)
            if data is not None:
                known[path] = (len(data), hashlib.sha256(data).hexdigest())
    return known


def carry_out(
    prepared: Prepared,
    services: Services,
    *,
    progress: Progress,
    wait: Callable[[float], None],
    go: Callable[[], None],
) -> Result:
    """Send what was planned: recordings, side files, pages, feeds; look at them; tell the world.

    `go` is called when others are kept out and nothing is sent yet. Raises TargetError and its
    kind when the target fails, LiveError when apps would get something else than was sent; the
    feeds at the target are then the old ones, and everything there is whole.
    """
    place, delivery = prepared.place, prepared.delivery
    result = Result()
    web = session()
    send = prepared.plan.send
    state = delivery.state
    if send:
        delivery.begin(send)
    try:
        go()
        feeds = [one for one in send if one.rank is Rank.FEED]
        first = [one for one in send if one.rank is not Rank.FEED]

        def sent(artifact: Artifact) -> None:
            result.sent.append(artifact.path)
            progress(artifact)

        delivery.send(first, sent)
        if place.public:
            _look_at_media(web, prepared.appearing, result)
        delivery.send(feeds, sent)
        stale = _look_at_feeds(web, prepared, feeds, result, wait) if place.public else set()
    except BaseException:
        if send:
            with contextlib.suppress(FeedtoolError):  # the first message matters more
                delivery.give_up()
        raise
    changed = {
        place.public + one.path: hubs_of(one.file.read_bytes())
        for one in feeds
        if place.public and one.file and _is_topic(one.path)
    }
    owed = [*state.owed, *(one for one in services.owed(changed) if one not in state.owed)]
    later = [one for one in owed if one.feed in stale]
    result.told = tell(services, [one for one in owed if one.feed not in stale], web)
    later += [one.owed for one in result.told if not one.ok]
    if send or tuple(later) != state.owed:
        delivery.end(replace(delivery.state, owed=tuple(later)), prepared.plan.held)
    return result


def _is_topic(path: str) -> bool:
    """Do hubs and directories know a feed by this file? Atom and JSON have other readers."""
    return path.endswith("feed.xml")


def _look_at_media(web: Web, appearing: Sequence[Heard], result: Result) -> None:
    """What a feed will name is looked at before the feed is sent, several at a time."""

    def look(item: Heard) -> Problem | None:
        return look_at_media(web, item.url, item.length, item.type)

    with ThreadPoolExecutor(LOOKS) as pool:
        for item, problem in zip(appearing, pool.map(look, appearing), strict=True):
            if problem:
                pool.shutdown(cancel_futures=True)
                raise LiveError(
                    problem.message,
                    N_("the feeds were left as they were; put the server right, and publish again"),
                    **problem.params,
                )
            result.verified.append(item.url)


def _look_at_feeds(
    web: Web,
    prepared: Prepared,
    feeds: Sequence[Artifact],
    result: Result,
    wait: Callable[[float], None],
) -> set[str]:
    """The addresses of feeds that a cache still gives in their old form.

    A wrong or failing feed is put back to what it was, all others of this publish with it.
    """
    stale = set()
    for artifact in feeds:
        url = prepared.place.public + artifact.path
        assert artifact.file is not None
        new, old = artifact.file.read_bytes(), prepared.before[artifact.path]
        look = look_at_feed(web, url, new, old, wait)
        if look.seen is Seen.NEW:
            result.verified.append(url)
        elif look.seen is Seen.OLD:
            stale.add(url)
            result.warnings += [look.problem] if look.problem else []
        else:
            _roll_back(prepared, feeds)
            problem = look.problem
            assert problem is not None
            raise LiveError(
                problem.message,
                N_("the feeds were put back to what they were; put the server right, and publish"
                   " again"),
                **problem.params,
            )  # fmt: skip
    return stale


def _roll_back(prepared: Prepared, feeds: Sequence[Artifact]) -> None:
    for artifact in feeds:
        old = prepared.before[artifact.path]
        if old is None:
            prepared.place.target.delete(artifact.path)
            prepared.delivery.forget(artifact.path)
            continue
        with tempfile.NamedTemporaryFile(prefix="feedtool-") as file:
            file.write(old)
            file.flush()
            sum = hashlib.sha256(old).hexdigest()
            back = Artifact(artifact.path, len(old), sum, Path(file.name))
            prepared.place.target.put(artifact.path, back)
            prepared.delivery.forget(artifact.path)


def stops(
    happens: Mapping[str, Effects], names: Mapping[str, str], allow: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """What nobody allowed: series, guid, and the fact that would have to be allowed.

    `names` gives "series/slug" for a guid; an override names that, the guid or the series.
    """
    allowed = set(allow)
    for series, one in happens.items():
        for fact, guids in (
            ("date", one.redated),
            ("media", one.redownload),
            ("gone", one.gone),
        ):
            for guid in guids:
                given = {(fact, name) for name in (names.get(guid, guid), guid, series)}
                if given.isdisjoint(allowed):
                    yield series, guid, fact
