"""What a sync would do, of all episodes. Pure: everything is asked before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ..declare import dataclass
from ..errors import FeedtoolError
from ..finding import N_
from .decide import refreshed, step_of
from .host import Abilities, Account, Held, HostDownError
from .present import Present
from .record import HostLock, Record
from .step import Action, Asked, Step, Why, Wish

_FEW = 3
_PART = 0.1
"""Of the items at a host that one `--delete` may remove: a few, or a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The lines, in the order in which they are carried out, and how many episodes stay."""

    steps: tuple[Step, ...] = ()
    unchanged: int = 0
    agreed: tuple[Record, ...] = ()
    """Records that are behind: files and host say the same, and the last run did not see it."""
    refusal: FeedtoolError | None = None  #: why it cannot be carried out

    @property
    def nothing(self) -> bool:
        return not any(step.does for step in self.steps)


def plan(
    wishes: Sequence[Wish],
    lock: HostLock,
    held: Iterable[Held],
    abilities: Abilities,
    account: Account,
    asked: Asked,
) -> Plan:
    """What would be done. `held` is everything at the host, in any order."""
    present = Present(held, lock, wishes)
    steps: list[Step] = []
    agreed: list[Record] = []
    unchanged = 0
    for wish in sorted(wishes, key=lambda one: (one.date, one.name)):
        if asked.series and wish.series not in asked.series:
            present.pass_over(wish)
            continue
        step = step_of(wish, present, abilities, asked)
        steps += present.doubles(wish)
        if step is None:
            unchanged += 1
            agreed += refreshed(wish, present)
        else:
            steps.append(step)
    steps += _gone(lock, wishes, present, abilities, asked)
    steps += present.foreign()
    refusal = _over_quota(steps, account) or _too_many_deleted(steps, lock, wishes)
    return Plan(steps=tuple(steps), unchanged=unchanged, agreed=tuple(agreed), refusal=refusal)


def _gone(
    lock: HostLock,
    wishes: Sequence[Wish],
    present: Present,
    abilities: Abilities,
    asked: Asked,
) -> Iterator[Step]:
    """What we once made, and is no longer wanted."""
    wanted = {wish.guid for wish in wishes}
    for guid, record in sorted(lock.records.items()):
        series = record.episode.partition("/")[0]
        held = present.recorded(record)
        if guid in wanted or (asked.series and series not in asked.series) or held is None:
            continue
        if present.is_used(held):  # its guid is another one now
            continue
        present.use(held)
        if not record.sha256 or not abilities.deletes:
            why = Why(N_("it is no longer due here; it was there before feedtool, and stays"))
            yield Step(action=Action.SKIP, held=held, record=record, why=why)
        elif asked.delete:
            why = Why(N_("it is no longer among the episodes that are due"))
            yield Step(action=Action.DELETE, held=held, record=record, why=why)
        else:
            why = Why(N_("it is no longer due here; to remove it there, add  --delete"))
            yield Step(action=Action.SKIP, held=held, record=record, why=why)


def _over_quota(steps: Collection[Step], account: Account) -> FeedtoolError | None:
    new = [step.wish for step in steps if step.uploads and step.wish]
    seconds = sum(wish.duration.total_seconds() for wish in new)
    size = sum(wish.bytes for wish in new)
    if account.seconds_left is not None and seconds > account.seconds_left:
        return HostDownError(
            N_("{need} minutes would be uploaded, and the host has room for {left}"),
            N_("sync fewer series at a time, remove something there, or ask the host for more"),
            need=int(seconds // 60) + 1, left=int(account.seconds_left // 60),
        )  # fmt: skip
    if account.bytes_left is not None and size > account.bytes_left:
        return HostDownError(
            N_("{need} MB would be uploaded, and the host has room for {left}"),
            N_("sync fewer series at a time, remove something there, or ask the host for more"),
            need=size // 1_000_000 + 1, left=account.bytes_left // 1_000_000,
        )  # fmt: skip
    return None


def _too_many_deleted(
    steps: Collection[Step], lock: HostLock, wishes: Sequence[Wish]
) -> FeedtoolError | None:
    count = sum(step.action is Action.DELETE for step in steps)
    most = max(_FEW, int(len(lock.records) * _PART))
    if count and (count > most or not wishes):
        return FeedtoolError(
            N_("{count} of {all} items would be removed there: that looks like an accident"),
            N_("look whether files are missing here; more than {most} in one run are removed on its"
               " web site only"),
            count=count, all=len(lock.records), most=most,
        )  # fmt: skip
    return None
