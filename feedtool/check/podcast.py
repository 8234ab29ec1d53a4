"""Rules about the tags of `podcast:`: what they must be together, beyond the table's word on each.

The table (podcast/table.py) says where a tag may stand and what it may say; that is checked when a
file is read. Here is what takes more than one value to see: shapes, twins (payments.py: shares).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Series, Tag
from .rule import (
    TAG_RULES,
    Heard,
    at_tag,
    channel_rule,
    item_rule,
    named,
    series_rule,
    tag_rule,
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
    mend=N_("keep one of the lines; the key  block:  says the same as the tag. What feedtool.yaml "
            "blocks, a series lets in with  block: false"),
    spec=("PC20-32",),
)  # fmt: skip
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
        "for you, leave it and say so:  ignore: [{{code: CF096, why: ...}}]"
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

_ROUNDED = Decimal("0.01")
"""Pictures are whole pixels wide and high: shapes agree to a hundredth."""


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
def comments_wanted_and_not(tags: Sequence[Tag]) -> Iterator[Finding]:
    """No comments, please; and comments here."""
    places = named(tags, "socialInteract")
    for one in places:
        if one.get("protocol") == "disabled" and (len(places) > 1 or len(one.attributes) > 1):
            yield CF086.at(at_tag(one))


@tag_rule
def comments_without_order(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Several places for comments, and no order among them."""
    places = [one for one in named(tags, "socialInteract") if one.get("protocol") != "disabled"]
    seen: set[str | None] = {None}
    for one in places if len(places) > 1 else ():
        if one.get("priority") in seen:
            yield CF087.at(at_tag(one))
        seen.add(one.get("priority"))


@tag_rule
def blocked_twice(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Services of which two things are said."""
    seen = set()
    for one in named(tags, "block"):
        service = one.get("id")
        if service in seen:
            yield CF088.at(at_tag(one), service=service or N_("every service"))
        seen.add(service)


@channel_rule
def blocked_by_key_and_tag(series: Series) -> Iterator[Finding]:
    """Services that the key `block:` speaks of too; defaults are looked at in feedtool.yaml."""
    said = {*series.block_services, *([None] if series.blocked else [])}
    for one in named(series.podcast, "block"):
        if one.get("id") in said and one.file == series.file:
            yield CF088.at(at_tag(one), service=one.get("id") or N_("every service"))


@tag_rule
def recommended_twice(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Feeds that stand in a podroll twice."""
    for podroll in named(tags, "podroll"):
        seen = set()
        for one in podroll.all("remoteItem"):
            key = (one.get("feedGuid"), one.get("itemGuid"))
            if key in seen:
                yield CF089.at(at_tag(one, "feedGuid"))
            seen.add(key)


@channel_rule
def recommends_itself(series: Series) -> Iterator[Finding]:
    """Feeds that stand in their own podroll."""
    for podroll in named(series.podcast, "podroll"):
        for one in podroll.all("remoteItem"):
            if one.get("feedGuid") == series.guid:
                yield CF090.at(at_tag(one, "feedGuid"))


@tag_rule
def shape_against_measures(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Pictures whose width and height make another shape than is said."""
    for one in named(tags, "image"):
        width, height, ratio = one.get("width"), one.get("height"), one.get("aspect-ratio")
        if width and height and ratio:
            wide, high = map(Decimal, ratio.split("/"))
            said, shape = wide / high, Decimal(width) / Decimal(height)
            if abs(said - shape) > said * _ROUNDED:
                yield CF091.at(at_tag(one, "aspect-ratio"), width=width, height=height, ratio=ratio)


@tag_rule
def ai_content_unclear(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Whether a machine made it, in other words than true and false."""
    for one in named(tags, "txt"):
        if one.get("purpose") == "ai-content" and one.text not in {"true", "false"}:
            yield CF092.at(at_tag(one, "text"), text=one.text or "")


@channel_rule
def podping_said_otherwise(series: Series) -> Iterator[Finding]:
    """Tags that promise messages which feedtool does not send, or deny those that it sends."""
    for one in named(series.podcast, "podping"):
        said, key = one.get("usesPodping") or "", "true" if series.podping else "false"
        if said != key and one.file == series.file:
            yield CF096.at(at_tag(one, "usesPodping"), said=said, key=key)


@channel_rule
def publisher_of_nothing(series: Series) -> Iterator[Finding]:
    """Feeds of publishers that name no series."""
    if series.medium == "publisher" and not named(series.podcast, "remoteItem"):
        yield SE024.at(Place(series.file, ("medium",)))
