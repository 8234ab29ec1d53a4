"""The figures of a bench: runs, ratios of runs that stood side by side, and what they should be."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

ROWS = {
    "naive": "naive script",
    "cold": "feedtool build, cold",
    "second": "feedtool build, second",
    "idle": "feedtool build, nothing changed",
    "changed": "feedtool build, one episode changed",
    "checked": "feedtool check, cold",
    "rechecked": "feedtool check, nothing changed",
    "paged": "feedtool build, cold, with pages",
    "paged idle": "the same, nothing changed",
    "plan folder": "publish of it, folder, nothing new",
    "plan sftp": "publish of it, SFTP, nothing new",
    "plan s3": "publish of it, S3, nothing new",
    "sync": "sync of it, SoundCloud, without the host's own time",
    "first sync": "the same, for the first time",
    "floor": "floor: read all, write as much",
    "help": "feedtool --help",
    "click": "one-command Click program --help",
}


class Ratio(NamedTuple):
    """What is divided by what, and how much it may be."""

    above: str
    below: str
    aim: float | None
    more: bool = False  #: seconds that the first takes more, not a ratio
    work: bool = False  #: of seconds of work: a server is at work on the same machine

    def of(self, above: float, below: float) -> float:
        return above - below if self.more else above / below


RATIOS = {
    "cold / naive": Ratio("cold", "naive", 0.2),
    "with pages / naive": Ratio("paged", "naive", 0.4),
    "nothing changed / naive": Ratio("idle", "naive", 0.015),
    "one changed / nothing changed": Ratio("changed", "idle", 2.5),
    "cold check / cold build": Ratio("checked", "cold", 1.3),
    "idle check - idle build, s": Ratio("rechecked", "idle", 0.3, more=True),
    "folder - idle build, s of work": Ratio("plan folder", "paged idle", 2.0, True, True),
    "SFTP - idle build, s of work": Ratio("plan sftp", "paged idle", 2.0, True, True),
    "S3 - idle build, s of work": Ratio("plan s3", "paged idle", 2.0, True, True),
    "sync - idle build, s": Ratio("sync", "paged idle", 3.0, more=True),
    "first sync - idle build, s": Ratio("first sync", "paged idle", 3.0, more=True),
    "cold / floor": Ratio("cold", "floor", None),
    "--help / Click": Ratio("help", "click", 1.3),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end."""

    seconds: float  #: on the wall
    cpu: float  #: seconds of work, its children included
    peak: float  #: MiB of the largest process, its children included


@dataclass(slots=True)
class Figures:
    """All runs on one catalog: for each row a list per repetition."""

    series: int
    episodes: int  #: of each series
    media_mib: int = 0
    memory: float | None = None  #: MiB that no process of a build should exceed
    runs: dict[str, list[list[Run]]] = field(default_factory=dict)

    def add(self, name: str, *runs: Run) -> None:
        self.runs.setdefault(name, []).append(list(runs))

    def seconds(self, name: str) -> list[float]:
        return [run.seconds for runs in self.runs[name] for run in runs]

    def peak(self, name: str) -> float:
        return max(run.peak for runs in self.runs[name] for run in runs)

    def cpu(self, name: str) -> float:
        return statistics.median(run.cpu for runs in self.runs[name] for run in runs)

    def pairs(self, ratio: Ratio) -> list[float]:
        """One figure a repetition: of the median seconds of what ran side by side."""
        if ratio.above not in self.runs or ratio.below not in self.runs:
            return []
        sides = zip(self.runs[ratio.above], self.runs[ratio.below], strict=True)
        median = _median_work if ratio.work else _median
        return [ratio.of(median(one), median(other)) for one, other in sides]

    def cpu_of(self, ratio: Ratio) -> float:
        """The same of the seconds of work, their medians."""
        return ratio.of(self.cpu(ratio.above), self.cpu(ratio.below))

    @property
    def each(self) -> list[float]:
        """Wall seconds of a cold build for one episode, a figure a run."""
        return [seconds / (self.series * self.episodes) for seconds in self.seconds("cold")]


def _median(runs: Sequence[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def _median_work(runs: Sequence[Run]) -> float:
    return statistics.median(run.cpu for run in runs)
