"""What the rules say of series and episodes, those with faults in their files included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .check import every as _every_rule  # noqa: F401
from .check.rule import ITEM_RULES, SERIES_RULES, Heard
from .finding import Finding, Place, Severity
from .load import LoadedEpisode, LoadedSeries
from .model import Series


def judge_series(loaded: LoadedSeries) -> Iterator[Finding]:
    """What the rules say of a series. What is missing in a file with errors may be in them."""
    for rule in SERIES_RULES:
        for finding in rule(loaded.series):
            if loaded.sound or finding.place.keys:
                yield finding


def judge_episode(loaded: LoadedEpisode, series: Series) -> list[Finding]:
    """What the rules say of one episode; the same holds for a file with errors."""
    (found,) = judge_episodes([loaded], series)
    return found


def judge_episodes(episodes: Sequence[LoadedEpisode], series: Series) -> list[list[Finding]]:
    """The same of several, each rule for all of them before the next."""
    found: list[list[Finding]] = [[] for _ in episodes]
    heard = [
        (Heard(loaded.item, series, loaded.words, loaded.faulty.keys), own)
        for loaded, own in zip(episodes, found, strict=True)
        if loaded.item is not None
    ]
    for rule in ITEM_RULES:
        for one, own in heard:
            own.extend(rule(one))
    return [
        own if loaded.sound else _as_written(own, loaded)
        for loaded, own in zip(episodes, found, strict=True)
    ]


def told_where_set_aside(found: Sequence[Finding], loaded: LoadedEpisode) -> list[Finding]:
    """What its transcripts and chapters give, at the entry of the episode that is about it.

    Files below media/ have no `ignore:` of their own. Errors stay where they are mended.
    """
    entries = {entry.code: index for index, entry in enumerate(loaded.ignored)}
    return [
        replace(one, place=Place(loaded.episode.file, ("ignore", entries[one.code.id])))
        if one.code.id in entries
        and one.severity is not Severity.ERROR
        and one.place.file.startswith("media/")
        else one
        for one in found
    ]


def _as_written(found: Iterable[Finding], loaded: LoadedEpisode) -> list[Finding]:
    """What holds although the file has errors, at the places that it has in the file."""
    unread = loaded.faulty.keys - loaded.faulty.left.keys()  # something stands in for what they say
    return [
        loaded.faulty.as_written(finding)
        for finding in found
        if finding.place.keys and finding.place.keys[0] not in unread
    ]
