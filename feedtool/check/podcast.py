"""Rules about the tags of `podcast:`: what they must be together, beyond the table's word on each.

The table (podcast/table.py) says where a tag may stand and what it may say; that is checked when a
file is read. Here is what takes more than one value to see: shares, overlaps, shapes, twins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import clock
from ..model import Series, Tag
from ..pattern import pattern
from .rule import TAG_RULES, Heard, channel_rule, item_rule, series_rule, tag_rule

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
CF086 = Code(
    "CF086",
    Severity.ERROR,
    message=N_("protocol: disabled  stands beside something else"),
    why=N_("it says that no comments are wanted; with more beside it, apps show comments anyway"),
    mend=N_("keep only  {{tag: socialInteract, protocol: disabled}}  or delete it"),
    spec=("PC20-31",),
)
CF087 = Code(
    "CF087",
    Severity.ERROR,
    message=N_("there are several socialInteract, and this one has no priority of its own"),
    why=N_("apps show the one with the lowest number first"),
    mend=N_("give each a number:  priority: 1   (2, 3, ...), each of them once"),
    spec=("PC20-31",),
)
CF088 = Code(
    "CF088",
    Severity.ERROR,
    message=N_("{service} is blocked or let in twice"),
    why=N_("services take one of the two, and it is unclear which"),
    mend=N_("keep one of the lines; the key  block:  says the same as the tag"),
    spec=("PC20-32",),
)
CF089 = Code(
    "CF089",
    Severity.WARNING,
    message=N_("the podroll recommends the same feed twice"),
    why=N_("apps would show it twice"),
    mend=N_("keep one of the two"),
    spec=("PC20-35",),
)
CF090 = Code(
    "CF090",
    Severity.WARNING,
    message=N_("the podroll recommends the feed in which it stands"),
    why=N_("listeners know it already"),
    mend=N_("delete the remoteItem with the guid of this feed"),
    spec=("PC20-35",),
)
CF091 = Code(
    "CF091",
    Severity.ERROR,
    message=N_("width {width} and height {height} do not make the shape {ratio}"),
    why=N_("apps choose a picture by its shape, and would cut this one wrongly"),
    mend=N_("correct  aspect-ratio:  or the measures"),
    spec=("PC20-41",),
)
CF092 = Code(
    "CF092",
    Severity.ERROR,
    message=N_('a txt with the purpose ai-content says true or false, not "{text}"'),
    why=N_("apps look for these two words only"),
    mend=N_("write  text: true  if the episodes were made by a machine, else  text: false"),
    spec=("PC20-33",),
)
CF096 = Code(
    "CF096",
    Severity.WARNING,
    message=N_("the tag says  usesPodping: {said} , but feedtool goes by  podping: {key}"),
    why=N_("apps would wait for messages that never come, or go on asking though they are told"),
    mend=N_(
        "delete the tag, or write  podping: {said}  in feedtool.yaml; if others send the messages "
        "for you, leave it and say so under  ignore:"
    ),
    spec=("PUSH-07",),
)
SE024 = Code(
    "SE024",
    Severity.ERROR,
    message=N_("the feed of a publisher names no series"),
    why=N_("apps ignore a publisher that does not say what it publishes"),
    mend=N_("add below  podcast:  a line  - {{tag: remoteItem, feedGuid: ..., feedUrl: ...}}  for "
            "each series"),
    spec=("PC20-37",),
)  # fmt: skip

_NODE = pattern(r"0[23][0-9a-f]{64}")
_LNADDRESS = pattern(r"[a-z0-9_.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_ROUNDED = Decimal("0.01")
"""Pictures are whole pixels wide and high: shapes agree to a hundredth."""


def _place(tag: Tag, *keys: str | int) -> Place:
    return Place(tag.file, (*tag.keys, *keys))


def _named(tags: Iterable[Tag], name: str) -> list[Tag]:
    return [tag for tag in tags if tag.name == name]


def _seconds(tag: Tag, name: str) -> Decimal:
    return Decimal(tag.get(name) or 0)


def _clock(seconds: Decimal) -> str:
    return clock(timedelta(seconds=float(seconds)))


def _end(split: Tag) -> Decimal:
    return _seconds(split, "startTime") + _seconds(split, "duration")


def _paid(tags: Iterable[Tag]) -> Iterator[Tag]:
    """Every tag whose children get money."""
    for value in _named(tags, "value"):
        yield value
        yield from value.all("valueTimeSplit")


@series_rule
def tags_of_series(series: Series) -> Iterator[Finding]:
    """Whatever is wrong with the list of a series; its defaults are looked at in feedtool.yaml."""
    own = [tag for tag in series.podcast if tag.file == series.file]
    for rule in TAG_RULES if own else ():
        yield from rule(own)


@item_rule
def tags_of_episode(heard: Heard) -> Iterator[Finding]:
    """Whatever is wrong with the list of an episode."""
    if tags := heard.item.episode.podcast:
        for rule in TAG_RULES:
            yield from rule(tags)


@tag_rule
def address_of_no_wallet(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Payments to an address that cannot be."""
    for parent in _paid(tags):
        for one in parent.all("valueRecipient"):
            type, address = one.get("type") or "", one.get("address") or ""
            shape = _NODE if type == "node" else _LNADDRESS
            if not shape.fullmatch(address):
                yield CF080.at(_place(one, "address"), address=address, type=type)


@tag_rule
def shares_add_up_to_nothing(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Payments of which nobody gets anything."""
    for parent in _paid(tags):
        receivers = parent.all("valueRecipient")
        shares = [int(one.get("split") or 0) for one in receivers if one.get("fee") != "true"]
        if receivers and not sum(shares):
            yield CF081.at(_place(parent))


@tag_rule
def half_a_pair(tags: Sequence[Tag]) -> Iterator[Finding]:
    """A key without its value, or a value without its key."""
    for parent in _paid(tags):
        for one in parent.all("valueRecipient"):
            stated = [key for key in ("customKey", "customValue") if one.get(key) is not None]
            if len(stated) == 1:
                other = "customValue" if stated == ["customKey"] else "customKey"
                yield CF082.at(_place(one, stated[0]), key=stated[0], other=other)


@tag_rule
def time_split_for_nobody(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Parts of a recording that pay nobody, or two kinds of receivers."""
    for value in _named(tags, "value"):
        for split in value.all("valueTimeSplit"):
            if bool(split.all("remoteItem")) == bool(split.all("valueRecipient")):
                yield CF083.at(_place(split))


@tag_rule
def time_splits_overlap(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Two parts that pay at the same time."""
    for value in _named(tags, "value"):
        splits = sorted(value.all("valueTimeSplit"), key=lambda one: _seconds(one, "startTime"))
        for before, split in pairwise(splits):
            if _seconds(split, "startTime") < _end(before):
                start = _clock(_seconds(split, "startTime"))
                yield CF084.at(_place(split, "startTime"), start=start, end=_clock(_end(before)))


@item_rule
def time_split_after_end(heard: Heard) -> Iterator[Finding]:
    """Parts that end after the recording."""
    measured = heard.item.enclosure.end
    for value in _named(heard.item.episode.podcast, "value"):
        for split in value.all("valueTimeSplit"):
            # producers round to whole seconds
            if _end(split) > Decimal(str(measured.total_seconds())) + 1:
                yield CF085.at(
                    _place(split, "duration"), end=_clock(_end(split)), measured=clock(measured)
                )


@tag_rule
def comments_wanted_and_not(tags: Sequence[Tag]) -> Iterator[Finding]:
    """No comments, please; and comments here."""
    places = _named(tags, "socialInteract")
    for one in places:
        if one.get("protocol") == "disabled" and (len(places) > 1 or len(one.attributes) > 1):
            yield CF086.at(_place(one))


@tag_rule
def comments_without_order(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Several places for comments, and no order among them."""
    places = [one for one in _named(tags, "socialInteract") if one.get("protocol") != "disabled"]
    seen: set[str | None] = {None}
    for one in places if len(places) > 1 else ():
        if one.get("priority") in seen:
            yield CF087.at(_place(one))
        seen.add(one.get("priority"))


@tag_rule
def blocked_twice(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Services of which two things are said."""
    seen = set()
    for one in _named(tags, "block"):
        service = one.get("id")
        if service in seen:
            yield CF088.at(_place(one), service=service or N_("every service"))
        seen.add(service)


@channel_rule
def blocked_by_key_and_tag(series: Series) -> Iterator[Finding]:
    """Services that the key `block:` speaks of too; defaults are looked at in feedtool.yaml."""
    said = {*series.block_services, *([None] if series.blocked else [])}
    for one in _named(series.podcast, "block"):
        if one.get("id") in said and one.file == series.file:
            yield CF088.at(_place(one), service=one.get("id") or N_("every service"))


@tag_rule
def recommended_twice(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Feeds that stand in a podroll twice."""
    for podroll in _named(tags, "podroll"):
        seen = set()
        for one in podroll.all("remoteItem"):
            key = (one.get("feedGuid"), one.get("itemGuid"))
            if key in seen:
                yield CF089.at(_place(one, "feedGuid"))
            seen.add(key)


@channel_rule
def recommends_itself(series: Series) -> Iterator[Finding]:
    """Feeds that stand in their own podroll."""
    for podroll in _named(series.podcast, "podroll"):
        for one in podroll.all("remoteItem"):
            if one.get("feedGuid") == series.guid:
                yield CF090.at(_place(one, "feedGuid"))


@tag_rule
def shape_against_measures(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Pictures whose width and height make another shape than is said."""
    for one in _named(tags, "image"):
        width, height, ratio = one.get("width"), one.get("height"), one.get("aspect-ratio")
        if width and height and ratio:
            wide, high = map(Decimal, ratio.split("/"))
            said, shape = wide / high, Decimal(width) / Decimal(height)
            if abs(said - shape) > said * _ROUNDED:
                yield CF091.at(_place(one, "aspect-ratio"), width=width, height=height, ratio=ratio)


@tag_rule
def ai_content_unclear(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Whether a machine made it, in other words than true and false."""
    for one in _named(tags, "txt"):
        if one.get("purpose") == "ai-content" and one.text not in {"true", "false"}:
            yield CF092.at(_place(one, "text"), text=one.text or "")


@channel_rule
def podping_said_otherwise(series: Series) -> Iterator[Finding]:
    """Tags that promise messages which feedtool does not send, or deny those that it sends."""
    for one in _named(series.podcast, "podping"):
        said, key = one.get("usesPodping") or "", "true" if series.podping else "false"
        if said != key and one.file == series.file:
            yield CF096.at(_place(one, "usesPodping"), said=said, key=key)


@channel_rule
def publisher_of_nothing(series: Series) -> Iterator[Finding]:
    """Feeds of publishers that name no series."""
    if series.medium == "publisher" and not _named(series.podcast, "remoteItem"):
        yield SE024.at(Place(series.file, ("medium",)))
