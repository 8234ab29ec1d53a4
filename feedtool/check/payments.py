"""Rules about payments (`podcast:value`): who gets what, from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from ..finding import N_, Code, Finding, Severity
from ..formats import clock
from ..model import Tag
from ..pattern import pattern
from .rule import Heard, at_tag, item_rule, named, tag_rule

CF080 = Code(
    "CF080",
    Severity.ERROR,
    message=N_('"{address}" cannot be the address of a {type}'),
    why=N_("listeners' money would go nowhere, or to somebody else"),
    mend=N_(
        "copy it again from the wallet: a node is 66 digits and letters a to f, beginning with 02 "
        "or 03; an lnaddress looks like  name@example.org , with small letters before the @"
    ),
    spec=("PC20-22",),
)
CF081 = Code(
    "CF081",
    Severity.ERROR,
    message=N_("nobody gets a share of the payments"),
    why=N_("fees are taken first, and the rest is divided by shares: here they add up to 0"),
    mend=N_("give at least one valueRecipient without a fee a  split: 100"),
    spec=("PC20-22",),
)
CF082 = Code(
    "CF082",
    Severity.ERROR,
    message=N_('"{key}:" stands without "{other}:"'),
    why=N_("the two go with the payment as a pair; the receiver needs both"),
    mend=N_("add  {other}: ...  or delete  {key}:"),
    spec=("PC20-22",),
)
CF083 = Code(
    "CF083",
    Severity.ERROR,
    message=N_("a valueTimeSplit needs either one remoteItem or valueRecipients, and not both"),
    why=N_("it says who is paid while a part is playing; apps cannot tell who is meant"),
    mend=N_("write below  children:  one remoteItem, or one valueRecipient or more"),
    spec=("PC20-23",),
)
CF084 = Code(
    "CF084",
    Severity.ERROR,
    message=N_("the valueTimeSplit from {start} overlaps the one that ends at {end}"),
    why=N_("apps would pay one of the two, and it is unclear which"),
    mend=N_("correct startTime or duration so that one ends before the next begins"),
    spec=("PC20-23",),
)
CF085 = Code(
    "CF085",
    Severity.ERROR,
    message=N_("the valueTimeSplit ends at {end}, the recording at {measured}"),
    why=N_("nobody is paid for what cannot be heard"),
    mend=N_("correct startTime or duration; they are seconds"),
    spec=("PC20-23",),
)

_NODE = pattern(r"0[23][0-9a-f]{64}")

_LNADDRESS = pattern(r"[a-z0-9_.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _seconds(tag: Tag, name: str) -> Decimal:
    return Decimal(tag.get(name) or 0)


def _clock(seconds: Decimal) -> str:
    return clock(timedelta(seconds=float(seconds)))


def _end(split: Tag) -> Decimal:
    return _seconds(split, "startTime") + _seconds(split, "duration")


def _paid(tags: Iterable[Tag]) -> Iterator[Tag]:
    """Every tag whose children get money."""
    for value in named(tags, "value"):
        yield value
        yield from value.all("valueTimeSplit")


@tag_rule
def address_of_no_wallet(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Payments to an address that cannot be."""
    for parent in _paid(tags):
        for one in parent.all("valueRecipient"):
            type, address = one.get("type") or "", one.get("address") or ""
            shape = _NODE if type == "node" else _LNADDRESS
            if not shape.fullmatch(address):
                yield CF080.at(at_tag(one, "address"), address=address, type=type)


@tag_rule
def shares_add_up_to_nothing(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Payments of which nobody gets anything."""
    for parent in _paid(tags):
        receivers = parent.all("valueRecipient")
        shares = [int(one.get("split") or 0) for one in receivers if one.get("fee") != "true"]
        if receivers and not sum(shares):
            yield CF081.at(at_tag(parent))


@tag_rule
def half_a_pair(tags: Sequence[Tag]) -> Iterator[Finding]:
    """A key without its value, or a value without its key."""
    for parent in _paid(tags):
        for one in parent.all("valueRecipient"):
            stated = [key for key in ("customKey", "customValue") if one.get(key) is not None]
            if len(stated) == 1:
                other = "customValue" if stated == ["customKey"] else "customKey"
                yield CF082.at(at_tag(one, stated[0]), key=stated[0], other=other)


@tag_rule
def time_split_for_nobody(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Parts of a recording that pay nobody, or two kinds of receivers."""
    for value in named(tags, "value"):
        for split in value.all("valueTimeSplit"):
            if bool(split.all("remoteItem")) == bool(split.all("valueRecipient")):
                yield CF083.at(at_tag(split))


@tag_rule
def time_splits_overlap(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Two parts that pay at the same time."""
    for value in named(tags, "value"):
        splits = sorted(value.all("valueTimeSplit"), key=lambda one: _seconds(one, "startTime"))
        for before, split in pairwise(splits):
            if _seconds(split, "startTime") < _end(before):
                start = _clock(_seconds(split, "startTime"))
                yield CF084.at(at_tag(split, "startTime"), start=start, end=_clock(_end(before)))


@item_rule
def time_split_after_end(heard: Heard) -> Iterator[Finding]:
    """Parts that end after the recording."""
    measured = heard.item.enclosure.end
    for value in named(heard.item.episode.podcast, "value"):
        for split in value.all("valueTimeSplit"):
            # producers round to whole seconds
            if _end(split) > Decimal(str(measured.total_seconds())) + 1:
                yield CF085.at(
                    at_tag(split, "duration"), end=_clock(_end(split)), measured=clock(measured)
                )
