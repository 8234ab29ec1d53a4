"""What is required of feeds and their files, and how it is kept: by rules, by tests, or not at all.

The list is docs/requirements.yaml. Which rules keep a requirement is not written there: it follows
from the `spec` of every code, and of every tag in the table of Podcasting 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from feedtool.codes import every_code
from feedtool.podcast.table import TABLE

LIST = Path(__file__).with_name("requirements.yaml")

LEVELS = {
    "R": "required",
    "rec": "recommended",
    "opt": "optional",
    "S": "stricter than the source asks",
    "info": "good to know",
}
"""How much a requirement matters, as the list has it."""

SOURCES = {
    "APPLE": "Apple Podcasts, requirements and RSS guide",
    "ATOM": "Atom, RFC 4287",
    "CHAP": "JSON chapters (Podcasting 2.0)",
    "DATE": "dates: RFC 822 as RSS uses it, RFC 3339",
    "DUR": "durations: itunes:duration",
    "FILE": "recordings and their metadata",
    "HTTP": "how files are served",
    "JSONF": "JSON Feed 1.1",
    "LANG": "language tags, BCP 47",
    "MRSS": "Media RSS 1.5.1",
    "NS": "further namespaces: Dublin Core, content, syndication",
    "OPML": "OPML 2.0",
    "PAGE": "feeds in pages and archives, RFC 5005",
    "PC20": "the Podcasting 2.0 namespace",
    "PROF": "the profile of the RSS Advisory Board, and the validator of the W3C",
    "PSC": "Podlove Simple Chapters 1.2",
    "PSP": "PSP-1, the Podcast RSS Standard",
    "PUSH": "telling of changes: WebSub, Podping",
    "RSS": "RSS 2.0",
    "SPOT": "Spotify",
    "TRANS": "transcripts: WebVTT, SubRip",
    "URI": "addresses, RFC 3986",
    "WCAG": "accessibility: WCAG 2.1, which the law for public bodies refers to",
    "XML": "XML 1.0",
    "YT": "YouTube",
}
"""Where requirements come from, by the letters they begin with."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement, and how it is kept."""

    id: str
    level: tuple[str, ...]  #: of LEVELS; several where it depends
    about: str
    unsure: bool = False  #: the source was not read in the original: never an error
    tests: tuple[str, ...] = ()  #: "file::function", below tests/
    reason: str = ""  #: why there is nothing to keep, or nothing more
    missing: str = ""  #: the part that nothing keeps yet
    codes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  #: in whose place in the list `podcast:` the table keeps it

    @property
    def area(self) -> str:
        return self.id.partition("-")[0]

    @property
    def is_demanded(self) -> bool:
        """Required or recommended, at least in some cases."""
        return not {"R", "rec"}.isdisjoint(self.level)

    @property
    def is_kept(self) -> bool:
        """By anything, and whole."""
        return bool(self.codes or self.tags or self.tests or self.reason) and not self.missing


@lru_cache(maxsize=1)
def requirements() -> tuple[Requirement, ...]:
    """All of them, in the order of the list."""
    codes = _named((code.id, code.spec) for code in every_code())
    tags = _named((rule.name, rule.spec) for rule in TABLE.values() if rule.listed)
    stated: Mapping[str, dict[str, Any]] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return tuple(
        _requirement(id, one, codes.get(id, ()), tags.get(id, ())) for id, one in stated.items()
    )


def _requirement(
    id: str, stated: dict[str, Any], codes: tuple[str, ...], tags: tuple[str, ...]
) -> Requirement:
    lists: dict[str, Any] = {key: tuple(stated.get(key, ())) for key in ("level", "tests")}
    return Requirement(id=id, codes=codes, tags=tags, **stated | lists)


def _named(declared: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    """Who names a requirement, by its id."""
    found: dict[str, tuple[str, ...]] = {}
    for name, ids in declared:
        for id in ids:
            found[id] = (*found.get(id, ()), name)
    return found


def page() -> str:
    """The text of docs/reference/requirements.md."""
    every = requirements()
    parts = [
        "# Requirements\n",
        "What the formats and the directories ask of a feed and its files, and how feedtool keeps"
        " it:\n",
        "- by **rules**: a [finding](findings.md) tells the producer; for"
        " [tags of Podcasting 2.0](tags.md)\n  the rules follow from one table",
        "- by **tests**: what producers cannot break, because it is always written right, is proved"
        " with\n  readers that are not feedtool's own",
        "- or not: the reason is given\n",
        f"Levels: {', '.join(f'{letters} {words}' for letters, words in LEVELS.items())};\nseveral"
        " where it depends. With a question mark the source could not be read in the original:\nit"
        " never makes an error.\n",
        _counts(every),
    ]
    for area, members in groupby(every, lambda one: one.area):
        parts.append(f"\n## {area}\n\n{SOURCES[area][0].upper()}{SOURCES[area][1:]}.\n")
        parts += ["| id | level | about | kept by |", "| --- | --- | --- | --- |"]
        parts += [
            f"| {one.id} | {_level(one)} | {_plain(one.about)} | {'<br>'.join(_kept(one))} |"
            for one in members
        ]
    return "\n".join(parts)


def _counts(every: Iterable[Requirement]) -> str:
    lines = [
        "| | rules | tests | only a reason | not yet, or in part |",
        "| --- | --- | --- | --- | --- |",
    ]
    for words, demanded in (("required, recommended", True), ("all others", False)):
        some = [one for one in every if one.is_demanded is demanded]
        ruled = [one for one in some if one.codes or one.tags]
        tested = [one for one in some if one.tests]
        excused = [one for one in some if one.is_kept and one not in ruled and one not in tested]
        lost = [one for one in some if not one.is_kept]
        row = (f"{words}: {len(some)}", *map(len, (ruled, tested, excused, lost)))
        lines.append(f"| {' | '.join(map(str, row))} |")
    return "\n".join([*lines, "\nMany are kept in more than one way."])


def _level(one: Requirement) -> str:
    return ", ".join(one.level) + (" ?" if one.unsure else "")


def _kept(one: Requirement) -> Iterator[str]:
    """Each way in which it is kept."""
    rules = [f"[{code}](findings.md#{code.lower()})" for code in one.codes]
    rules += [f"tag [{tag}](tags.md#{tag.lower()})" for tag in one.tags]
    if rules:
        yield ", ".join(rules)
    for test in one.tests:
        file, _, function = test.partition("::")
        yield f"[{_words(function)}](../../tests/{file})"
    if one.reason:
        yield _plain(one.reason)
    if one.missing:
        yield f"*not yet:* {_plain(one.missing)}"
    elif not one.is_kept:
        yield "*not yet*"


def _words(function: str) -> str:
    """The name of a test as a sentence."""
    return function.removeprefix("test_").replace("_", " ")


def _plain(text: str) -> str:
    """A text inside a cell of a table."""
    return text.replace("<", r"\<").replace(">", r"\>").replace("|", r"\|")
