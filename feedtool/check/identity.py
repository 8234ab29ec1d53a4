"""Rules over all episodes: what must belong to one of them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Identity, Series
from ..pattern import pattern
from .rule import Heard, catalog_rule, item_rule

EP030 = Code(
    "EP030",
    Severity.ERROR,
    message=N_('the guid "{guid}" belongs to {other} too'),
    why=N_("apps know episodes by their guid: they would show only one of the two"),
    mend=N_(
        "delete the line  guid:  in the newer of the two; the next build says what to write there"
    ),
    spec=("RSS-25", "APPLE-25"),
)
EP031 = Code(
    "EP031",
    Severity.ERROR,
    message=N_("the recording {media} belongs to {other} too"),
    why=N_("apps drop the second episode with the same recording"),
    mend=N_(
        "check which recording is meant here and correct  media: ; names that differ only in large "
        "and small letters count as one"
    ),
    spec=("APPLE-24",),
)
EP032 = Code(
    "EP032",
    Severity.WARNING,
    message=N_("{other} has the same date"),
    why=N_("apps show the two in an order of their own"),
    mend=N_("let one of the two be published a minute later, in its line  date:"),
    spec=("APPLE-26",),
)
SE030 = Code(
    "SE030",
    Severity.ERROR,
    message=N_("the podcast:guid {guid} belongs to {other} too"),
    why=N_("directories would take the two series for one"),
    mend=N_(
        "remove the line  guid:  from the newer of the two; if it has none, the other series was in"
        " its folder before: give its folder another name"
    ),
    spec=("PC20-19",),
)
EP080 = Code(
    "EP080",
    Severity.WARNING,
    message=N_('the guid "{guid}" is too short to be like no other'),
    why=N_("apps know an episode by it, among those of all podcasts; a number such as 1 is taken"),
    mend=N_("if the episode was published with it, leave it and say so:  ignore: [{{code: EP080, "
            "why: ...}}] ; else delete the line, and the next build says what to write there"),
    spec=("PROF-06",),
)  # fmt: skip
EP081 = Code(
    "EP081",
    Severity.WARNING,
    message=N_('the guid "{guid}" is an example, not a guid'),
    why=N_("it can never be changed after publishing, and the next episode must have another"),
    mend=N_("delete the line; the next build says what to write there"),
    spec=("PROF-06", "RSS-25"),
)
EP082 = Code(
    "EP082",
    Severity.WARNING,
    message=N_('the guid "{guid}" is that of {other} but for large and small letters'),
    why=N_("to some apps and directories they are the same: they would show one of the two"),
    mend=N_("if both episodes were published so, leave them and say so:  ignore: [{{code: EP082, "
            "why: ...}}] ; else delete the line in the newer of the two, and the next build says "
            "what to write there"),
    spec=("RSS-25", "APPLE-25"),
)  # fmt: skip
EP083 = Code(
    "EP083",
    Severity.ERROR,
    message=N_('the guid "{guid}" is that of {other} but for "urn:uuid:"'),
    why=N_("in Atom feeds the two are one: apps would show only one of the episodes"),
    mend=N_(
        "delete the line  guid:  in the newer of the two; the next build says what to write there"
    ),
    spec=("ATOM-20",),
)

SHORT = 3
"""Characters of a guid that a person made up; those of databases are longer."""

T = TypeVar("T")


def _shared(things: Iterable[T], key: Callable[[T], object]) -> Iterator[tuple[T, T]]:
    """Each thing with the first one that has the same key, when that is another."""
    groups: dict[object, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    for group in groups.values():
        for thing in group[1:]:
            yield thing, group[0]


@catalog_rule
def guid_shared(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Two episodes with one guid."""
    for episode, other in _shared(episodes, lambda episode: episode.guid):
        for one, two in ((episode, other), (other, episode)):
            yield EP030.at(Place(one.file, ("guid",)), guid=one.guid, other=two.file)


@catalog_rule
def guid_in_other_letters(
    series: Sequence[Series], episodes: Sequence[Identity]
) -> Iterator[Finding]:
    """Two guids that differ only in the case of letters: they are two (RSS 2.0, "a string")."""
    for episode, other in _shared(episodes, lambda episode: episode.guid.casefold()):
        if episode.guid != other.guid:
            yield EP082.at(Place(episode.file, ("guid",)), guid=episode.guid, other=other.file)


@catalog_rule
def guid_with_and_without_urn(
    series: Sequence[Series], episodes: Sequence[Identity]
) -> Iterator[Finding]:
    """One UUID as the guid of two episodes, bare and as a URN (RFC 9562, section 4)."""
    for episode, other in _shared(episodes, lambda episode: _bare(episode.guid)):
        if episode.guid.casefold() != other.guid.casefold():
            for one, two in ((episode, other), (other, episode)):
                yield EP083.at(Place(one.file, ("guid",)), guid=one.guid, other=two.file)


def _bare(guid: str) -> str:
    folded = guid.casefold()
    return folded.removeprefix("urn:uuid:") if _URN.fullmatch(folded) else folded


_URN = pattern(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@catalog_rule
def recording_shared(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Two episodes with one recording, also when only the case differs."""
    for episode, other in _shared(episodes, lambda episode: episode.media.casefold()):
        for one, two in ((episode, other), (other, episode)):
            yield EP031.at(Place(one.file, ("media",)), media=one.media, other=two.file)


@catalog_rule
def date_shared(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Two episodes of a series published at the same moment."""
    published = (episode for episode in episodes if not episode.draft)
    for episode, other in _shared(
        published, lambda episode: (episode.series, episode.date.timestamp())
    ):
        yield EP032.at(Place(episode.file, ("date",)), other=other.file)


@catalog_rule
def podcast_guid_shared(
    series: Sequence[Series], episodes: Sequence[Identity]
) -> Iterator[Finding]:
    """Two series with one podcast:guid."""
    for one, other in _shared(series, lambda one: one.guid):
        yield SE030.at(Place(one.file, ("guid",)), guid=one.guid, other=other.file)


@item_rule
def guid_of_no_use(heard: Heard) -> Iterator[Finding]:
    """Guids such as 1, or copied from an example with its dots."""
    guid = heard.item.episode.guid
    if "..." in guid or "…" in guid:
        yield EP081.at(heard.place("guid"), guid=guid)
    elif len(guid) <= SHORT:
        yield EP080.at(heard.place("guid"), guid=guid)
