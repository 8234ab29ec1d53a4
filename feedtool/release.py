"""One publish: what is built, compared with what is at the target, sent, looked at and told.

In steps, so that a person sees the plan between `prepare` and `carry_out`. Nothing at the target
changes before the second.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from hashlib import sha256
from pathlib import Path

from .artifacts import Sums, artifacts_named, artifacts_of
from .declare import dataclass
from .errors import FeedtoolError, TargetError
from .finding import N_
from .publish.effects import Effects, Heard, changes, effects
from .publish.feeds import heard, hubs_of, show_of
from .publish.live import Problem, Seen, Web, look_at_feeds, look_at_media, session
from .publish.notify import Services, Told, tell
from .publish.send import Delivery, Publisher
from .publish.served import Rank, rank_of
from .publish.target import Artifact, Plan, Target, plan

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
    copies: Mapping[str, Path] = field(default_factory=dict)
    """Files that go out instead of those below media/, by source; they need not be there."""
    theirs: frozenset[str] = frozenset()
    """Addresses of recordings at servers of others, as feeds have them; what the lock says of these
    was taken over, and not measured."""
    base_url: str = ""  #: the catalog's address, as its feeds have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is published."""

    target: Target
    name: str  #: its address, as a person knows it
    key: str = ""  #: its name in feedtool.yaml; "" = it has none there
    public: str = ""  #: its web address, ending with "/"; "" = it has none
    tells: bool = True  #: it is the address that feeds give as their own: hubs know them by it
    holds_media: bool = True  #: recordings are not published in some other place


@dataclass(slots=True)
class Result:
    """What a publish did."""

    sent: list[str] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    begun: bool = False  #: others are kept out, and the lock is written
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Prepared:
    """A plan, and all that is needed to carry it out."""

    place: Place
    delivery: Delivery
    plan: Plan
    effects: dict[str, Effects]
    """By series, "" for the feed of all of them; only those in which anything happens."""
    before: dict[str, bytes | None]  #: the feeds at the target that will be replaced
    appearing: tuple[Heard, ...]  #: items whose recording subscribers have not been told of
    theirs: frozenset[str]  #: addresses of recordings at servers of others
    titles: Mapping[str, str]  #: by guid, of the items that something happens to
    unreadable: tuple[str, ...]  #: feeds at the target that no app can read
    alike: frozenset[str]
    """Guids of items that get another recording of the same size, which the lock cannot tell."""
    unnamed: tuple[str, ...]
    """Files below media/ that get other bytes of the same size, and that no item has."""
    left: tuple[str, ...]
    """Feeds that we sent and do not make any more: nothing is deleted, so subscribers keep them."""
    heirs: Mapping[str, str]
    """Those of them that go on elsewhere, and the feed that has their podcast:guid now."""
    owed: tuple[Artifact, ...]
    """Feeds that an earlier publish sent and of which somebody is still to be told."""
    result: Result

    @property
    def nothing(self) -> bool:
        """There is nothing to send, and nothing to tell."""
        return not self.plan.send and not self.delivery.state.owed


class LiveError(FeedtoolError):
    """What is published is not what apps get; the feeds are the old ones."""

    exit_code = TargetError.exit_code
    code = "live"


def prepare(
    place: Place, publisher: Publisher, goods: Goods, sums: Sums, services: Services
) -> Prepared:
    """Compare what is to be published with what is at the target. Only reads.

    Raises TargetError, AccessError.
    """
    delivery = Delivery(place.target, publisher)
    present = delivery.look()
    wanted = {one.path: one for one in artifacts_of(goods.output, sums)}
    if delivery.state.owed:  # nothing is owed to whom no feed names any more
        known = set(services.owed(_topics(place, wanted.values())))
        still = tuple(one for one in delivery.state.owed if one in known)
        delivery.state = replace(delivery.state, owed=still)
    state = delivery.state
    for sources in (goods.ahead, goods.due):
        left = {one: size for one, size in sources.items() if f"media/{one}" not in wanted}
        for one in artifacts_named(goods.media, left, sums, goods.copies):
            wanted[one.path] = one
    planned = plan(wanted.values(), present, delivery.known(wanted))
    before: dict[str, bytes | None] = {}
    happens: dict[str, Effects] = {}
    unreadable, appearing, titles = [], list[Heard](), dict[str, str]()
    alike, named = set[str](), set[str]()
    stay = tuple(one for one in planned.extra if _is_topic(one) and one in state.known())
    heirs, former = _heirs(place, stay, wanted)
    ends = tuple(path.removeprefix("media") for path in planned.replaced)
    silent = {f"{path.split('/')[1]}/feed.xml" for path in planned.replaced}
    silent &= wanted.keys() - set(planned.feeds)  # they stay as they are
    for path in (*planned.feeds, *sorted(silent)):
        if path not in silent:
            before[path] = place.target.read(path) if path in present else None
        series, _, name = path.rpartition("/")
        if name != "feed.xml":
            continue
        artifact = wanted[path]
        assert artifact.file is not None
        data = artifact.file.read_bytes()
        new, show = heard(data), show_of(data)
        old, was = list[Heard](), show  # a show that nobody has heard of does not change
        if there := before.get(path, data) or former.get(path):
            try:
                old, was = heard(there), show_of(there)
            except ValueError:
                unreadable.append(path)
        if not series and (path in state.known() or was.get("guid") == show.get("guid")):
            old, new = [], []  # of its episodes those of the series tell
        found = replace(effects(old, new, ends), show=changes(was, show))
        if found:
            happens[series] = found
        titles |= {item.guid: item.title for item in (*old, *new)}
        again = [item for item in new if item.url.endswith(ends)]
        alike.update(item.guid for item in again)
        named.update(end for end in ends if any(item.url.endswith(end) for item in again))
        untold = {*found.new, *found.moved, *found.redownload} if series else set()
        appearing += [_at(place, goods, item) for item in new if item.guid in untold]
    owed = {one.feed.removeprefix(place.public) for one in state.owed}
    return Prepared(
        place=place,
        delivery=delivery,
        plan=planned,
        effects=happens,
        before=before,
        appearing=tuple(appearing),
        theirs=goods.theirs,
        titles=titles,
        unreadable=tuple(unreadable),
        alike=frozenset(alike),
        unnamed=tuple(f"media{end}" for end in ends if end not in named),
        left=stay,
        heirs=heirs,
        owed=tuple(wanted[path] for path in sorted(owed & wanted.keys() - before.keys())),
        result=Result(),
    )


def _heirs(
    place: Place, left: Sequence[str], wanted: Mapping[str, Artifact]
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Feeds that are not made any more, each with the one that goes on with its show, by the
    podcast:guid; and by that, what subscribers of the old one have."""
    heirs: dict[str, str] = {}
    former: dict[str, bytes] = {}
    now = {
        guid: path
        for path, one in (wanted.items() if left else ())
        if _is_topic(path) and one.file and (guid := show_of(one.file.read_bytes()).get("guid"))
    }
    for path in left:
        data = place.target.read(path)
        try:
            guid = show_of(data).get("guid") if data else None
        except ValueError:
            continue
        if data and guid in now:
            heirs[path] = now[guid]
            former[now[guid]] = data
    return heirs, former


def _at(place: Place, goods: Goods, item: Heard) -> Heard:
    """The item with the address that its recording has at this place."""
    if goods.base_url and item.url.startswith(goods.base_url):
        return item._replace(url=place.public + item.url.removeprefix(goods.base_url))
    return item


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
    feeds at the target are then the old ones, and everything there is whole. What was done until
    then is in `prepared.result`, and told by the error.
    """
    try:
        return _carried_out(prepared, services, progress, wait, go)
    except FeedtoolError as error:
        error.done = _done(prepared)
        raise


def _done(prepared: Prepared) -> tuple[str, Mapping[str, object]]:
    sent, all = prepared.result.sent, prepared.plan.send
    if not prepared.result.begun:
        told = N_("nothing was sent: what is there is as it was")
    elif any(rank_of(path) is Rank.FEED for path in sent):
        told = N_("{sent} of {all} files were sent; some feeds are new, and all that they name is"
                  " there")  # fmt: skip
    else:
        told = N_("{sent} of {all} files were sent; the feeds are as they were")
    return told, {"sent": len(sent), "all": len(all)}


def _carried_out(
    prepared: Prepared,
    services: Services,
    progress: Progress,
    wait: Callable[[float], None],
    go: Callable[[], None],
) -> Result:
    place, delivery, result = prepared.place, prepared.delivery, prepared.result
    web = session()
    send = prepared.plan.send
    feeds = [one for one in send if one.rank is Rank.FEED]
    first = [one for one in send if one.rank is not Rank.FEED]
    before = delivery.state.owed
    if send:
        if place.public:
            delivery.state = delivery.state.replacing(_sums(feeds, prepared.before))
        # a publish that is killed between the feed and the last note owes them to the next
        delivery.begin(send, services.owed(_topics(place, feeds)))

        def sent(artifact: Artifact) -> None:
            result.sent.append(artifact.path)
            progress(artifact)

    try:
        result.begun = True
        go()
        if send:
            delivery.send(first, sent)
            if place.public:
                _look_at_media(web, prepared, result)
            delivery.send(feeds, sent)
        stale = _look_at_feeds(web, prepared, feeds, wait) if place.public else set()
    except BaseException:
        if send:
            live = {place.public + path for path in result.sent}
            due = [one for one in delivery.state.owed if one in before or one.feed in live]
            with contextlib.suppress(FeedtoolError):  # the first message matters more
                delivery.give_up(due)
        raise
    owed = delivery.state.owed
    result.told = tell(services, [one for one in owed if one.feed not in stale])
    later = {one.owed for one in result.told if not one.ok}
    later |= {one for one in owed if one.feed in stale}
    left = tuple(one for one in owed if one in later)
    if send or left != owed:
        seen = {url.removeprefix(place.public) for url in result.verified}
        delivery.end(replace(delivery.state.seen(seen), owed=left), prepared.plan.held)
    return result


def _sums(
    feeds: Iterable[Artifact], before: Mapping[str, bytes | None]
) -> dict[str, tuple[str, ...]]:
    """By path, the SHA-256 of each feed and of what is there before it."""
    return {
        one.path: (one.sha256, sha256(there).hexdigest())
        if (there := before[one.path])
        else (one.sha256,)
        for one in feeds
    }


def _topics(place: Place, feeds: Iterable[Artifact]) -> dict[str, Sequence[str]]:
    """The feeds that somebody is told of, by address, with the hubs that they name."""
    return {
        place.public + one.path: hubs_of(one.file.read_bytes())
        for one in feeds
        if place.public and place.tells and one.file and _is_topic(one.path)
    }


def _is_topic(path: str) -> bool:
    """Do hubs and directories know a feed by this file? Atom and JSON have other readers."""
    return path.endswith("feed.xml")


def _look_at_media(web: Web, prepared: Prepared, result: Result) -> None:
    """What a feed will name is looked at before the feed is sent, several at a time.

    Nobody here can put right what is only odd at the server of somebody else.
    """
    appearing, theirs = prepared.appearing, prepared.theirs

    def look(item: Heard) -> Problem | None:
        return look_at_media(web, item.url, item.length, item.type)

    with ThreadPoolExecutor(LOOKS) as pool:
        for item, problem in zip(appearing, pool.map(look, appearing), strict=True):
            if problem is None:
                result.verified.append(item.url)
            elif problem.plays and item.url in theirs:
                result.warnings.append(problem)
            else:
                pool.shutdown(cancel_futures=True)
                raise LiveError(
                    problem.message, _MEND_THEIRS if item.url in theirs else _MEND, **problem.params
                )


_MEND = N_("the feeds were left as they were; put the server right, and publish again")
_MEND_THEIRS = N_(
    "the feeds were left as they were; that server is one of others: save the recording below"
    " media/, write its name at  media:  and publish again with  --allow media:series/episode"
)


def _look_at_feeds(
    web: Web,
    prepared: Prepared,
    feeds: Sequence[Artifact],
    wait: Callable[[float], None],
) -> set[str]:
    """The addresses of feeds that are not live yet, as far as anybody is to be told of them.

    A wrong or failing feed is put back to what it was, all others of this publish with it. One
    that an earlier publish sent is only not to be told of yet.
    """
    result, public = prepared.result, prepared.place.public
    copies = prepared.delivery.state.copies
    now, earlier = (
        {
            public + one.path: (one.file.read_bytes(), copies.get(one.path, ()))
            for one in some
            if one.file
        }
        for some in (feeds, prepared.owed)
    )
    stale = set()
    for url, look in look_at_feeds(web, {**earlier, **now}, wait).items():
        problem = look.problem
        if problem is None:
            result.verified.append(url)
        elif look.seen is Seen.OLD or url not in now:
            stale.add(url)
            result.warnings.append(problem)
        else:
            for one in feeds:
                prepared.delivery.put_back(one.path, prepared.before[one.path])
                result.sent.remove(one.path)
            result.verified = [one for one in result.verified if one not in now]
            raise LiveError(
                problem.message,
                N_("the feeds were put back to what they were; put the server right, and publish"
                   " again"),
                **problem.params,
            )  # fmt: skip
    return stale
