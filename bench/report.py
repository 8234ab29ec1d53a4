"""What a bench found: for the terminal, for docs/explanation/speed.md, for other programs."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator, Sequence

from bench.figures import RATIOS, ROWS, Figures

PYTHON = f"Python {platform.python_version()}, {os.cpu_count()} processors"

PER_EPISODE = 1.2
"""How much longer an episode may take in a catalog ten times as large."""

_HEAD = f"{'':36}{'median s':>10}{'min - max':>18}{'cpu s':>10}{'peak MiB':>10}"
_RATIOS = f"{'ratios of pairs':36}{'median':>10}{'min - max':>18}{'of cpu':>10}{'target':>10}"


def title(figures: Figures) -> str:
    return f"{figures.series} series of {figures.episodes:,} episodes"


def report(every: Sequence[Figures]) -> str:
    """The figures as tables for people."""
    return "\n\n".join(["\n".join(_table(figures)) for figures in every] + _per_episode(every))


def _table(figures: Figures) -> Iterator[str]:
    yield f"{title(figures)}, {figures.media_mib} MiB of recordings; {PYTHON}"
    yield _HEAD
    for name, label in ROWS.items():
        if name in figures.runs:
            seconds = figures.seconds(name)
            spread = f"{min(seconds):.3f} - {max(seconds):.3f}"
            yield (
                f"{label:36}{statistics.median(seconds):10.3f}{spread:>18}"
                f"{figures.cpu(name):10.3f}{figures.peak(name):10.0f}"
            )
    pairs = {name: figures.pairs(one) for name, one in RATIOS.items()}
    if any(pairs.values()):
        yield _RATIOS
    for name, ratio in RATIOS.items():
        if pairs[name]:
            spread = f"{min(pairs[name]):.3f} - {max(pairs[name]):.3f}"
            cpu = figures.cpu_of(ratio)
            aim = f"<= {ratio.aim}" if ratio.aim else ""
            yield (
                f"{name:36}{statistics.median(pairs[name]):10.3f}{spread:>18}"
                f"{cpu:10.3f}{aim:>10}".rstrip()
            )
    if figures.memory:
        name = "peak memory of a process, MiB"
        yield f"{name:36}{figures.peak('cold'):10.0f}{f'<= {figures.memory:.0f}':>38}"


def _per_episode(every: Sequence[Figures]) -> list[str]:
    """The time of an episode in the largest catalog, against that in the first."""
    return [
        f"{'an episode of ' + title(large):36} takes {ratio:.3f} x the time of one of"
        f" {title(every[0])} (<= {PER_EPISODE})"
        for large, ratio in _larger(every)
    ]


def _larger(every: Sequence[Figures]) -> Iterator[tuple[Figures, float]]:
    first = every[0]
    for figures in every[1:]:
        if figures.series * figures.episodes > first.series * first.episodes:
            yield figures, statistics.median(figures.each) / statistics.median(first.each)


def document(every: Sequence[Figures]) -> dict[str, object]:
    """The figures for other programs."""
    catalogs = []
    for figures in every:
        ratios = {}
        for name, ratio in RATIOS.items():
            if pairs := figures.pairs(ratio):
                median, cpu = statistics.median(pairs), figures.cpu_of(ratio)
                ratios[name] = {"median": median, "pairs": pairs, "cpu": cpu, "target": ratio.aim}
        runs = {
            name: [
                {"seconds": run.seconds, "cpu": run.cpu, "peak_mib": run.peak}
                for runs in rows
                for run in runs
            ]
            for name, rows in figures.runs.items()
        }
        catalogs.append({
            "series": figures.series, "episodes": figures.episodes,
            "media_mib": figures.media_mib, "runs": runs, "ratios": ratios,
        })  # fmt: skip
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "catalogs": catalogs,
        "per_episode": {title(large): ratio for large, ratio in _larger(every)},
    }


EXPLAINED = """\
# Speed

Written by `make bench` from one run on one machine ({machine}). Seconds differ
from machine to machine, and from one minute to the next where a machine is shared; ratios of runs
that stood side by side differ less. A ratio is the median of pairs; the smallest and the largest
stand behind it.

**The script** is what one would write instead (`bench/naive.py`): python-frontmatter, Markdown,
mutagen and feedgen; RSS and Atom, nothing checked. feedtool reads the same files, makes RSS, Atom
and JSON Feed, chapters and transcripts, measures every recording, checks everything, keeps the lock
and reads its feeds back. **The floor** reads every input and writes as many bytes to as many files;
it does nothing else.
"""


def explained(every: Sequence[Figures]) -> str:
    """The page docs/explanation/speed.md."""
    parts = [EXPLAINED.format(machine=PYTHON)]
    for figures in every:
        parts.append("\n".join(_section(figures)))
    for large, ratio in _larger(every):
        parts.append(
            f"An episode of {title(large)} takes {ratio:.2f} times as long as one of"
            f" {title(every[0])};\nit should be at most {PER_EPISODE} times.\n"
        )
    return "\n".join(parts)


def _section(figures: Figures) -> Iterator[str]:
    yield f"## {title(figures)}\n"
    yield f"{figures.media_mib:,} MiB of recordings.\n"
    yield "| | seconds | from - to | peak MiB |\n|---|---|---|---|"
    for name, label in ROWS.items():
        if name in figures.runs:
            seconds = figures.seconds(name)
            yield (
                f"| {label} | {statistics.median(seconds):.3g}"
                f" | {min(seconds):.3g} - {max(seconds):.3g} | {figures.peak(name):.0f} |"
            )
    yield ""
    if figures.memory:
        yield f"No process of a build should need more than {figures.memory:.0f} MiB.\n"
    if not any(figures.pairs(one) for one in RATIOS.values()):
        return
    yield "| ratio | median | from - to | aim |\n|---|---|---|---|"
    for name, ratio in RATIOS.items():
        if pairs := figures.pairs(ratio):
            aim = f"<= {ratio.aim}" if ratio.aim else ""
            yield (
                f"| {name} | {statistics.median(pairs):.3f}"
                f" | {min(pairs):.3f} - {max(pairs):.3f} | {aim} |"
            )
    yield ""
