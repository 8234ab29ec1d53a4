"""How rules are declared and run.

A rule is a generator of findings over one series, one item, one list of Podcasting 2.0 tags or all
episodes; it says beside its function which codes it may give. It is pure: no file, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

from ..declare import dataclass
from ..finding import Finding, Place
from ..model import Identity, Item, Series, Tag, Words


@dataclass(frozen=True, slots=True)
class Heard:
    """One item with everything that a rule about it may look at."""

    item: Item
    series: Series
    words: Mapping[str, Words]  #: transcripts as read, by source
    faulty: Set[str] = frozenset()  #: keys of its file that are wrong, and not known therefore

    def place(self, *keys: str | int) -> Place:
        """A place in the episode's file."""
        return Place(self.item.episode.file, keys)


def written(series: Series, key: str, *keys: str | int) -> Place:
    """Where a series gets a key from: its own file, or the one with the defaults."""
    return Place(series.written.get(key, series.file), (key, *keys))


SeriesRule = Callable[[Series], Iterator[Finding]]
ItemRule = Callable[[Heard], Iterator[Finding]]
TagRule = Callable[[Sequence[Tag]], Iterator[Finding]]
CatalogRule = Callable[[Sequence[Series], Sequence[Identity]], Iterator[Finding]]

SERIES_RULES: list[SeriesRule] = []
ITEM_RULES: list[ItemRule] = []
TAG_RULES: list[TagRule] = []
CHANNEL_RULES: list[SeriesRule] = []
CATALOG_RULES: list[CatalogRule] = []


def series_rule(rule: SeriesRule) -> SeriesRule:
    SERIES_RULES.append(rule)
    return rule


def channel_rule(rule: SeriesRule) -> SeriesRule:
    """A rule about every series, and about the feed of the whole catalog as well."""
    CHANNEL_RULES.append(rule)
    return series_rule(rule)


def item_rule(rule: ItemRule) -> ItemRule:
    ITEM_RULES.append(rule)
    return rule


def tag_rule(rule: TagRule) -> TagRule:
    """A rule about the list `podcast:` of a file."""
    TAG_RULES.append(rule)
    return rule


def catalog_rule(rule: CatalogRule) -> CatalogRule:
    CATALOG_RULES.append(rule)
    return rule


def at_tag(tag: Tag, *keys: str | int) -> Place:
    """Where an entry of `podcast:` stands, or one of its keys."""
    return Place(tag.file, (*tag.keys, *keys))


def named(tags: Iterable[Tag], name: str) -> list[Tag]:
    """The tags of one name."""
    return [tag for tag in tags if tag.name == name]
