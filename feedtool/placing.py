"""Where in its file a finding stands: line and column, for editors and for eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from .finding import Finding
from .lock import LOCK_FILE, LOCK_LIMIT, lines_of_episodes
from .read.episode import EP008
from .read.front_matter import front_matter
from .read.remarks import CF108
from .read.schema import CF008
from .read.text import LIMIT, read_text
from .read.unfit import CF007
from .read.yaml_tree import positions


def located(root: Path, findings: list[Finding]) -> list[Finding]:
    """The findings with the line and column of the keys they speak of.

    Reads again only the files that have such findings.
    """
    where: dict[str, Mapping[tuple[str | int, ...], tuple[int, int]]] = {}
    placed = [
        _at_line(root, finding, where)
        if finding.place.line is None and finding.place.file.endswith((".md", ".yaml", LOCK_FILE))
        else finding
        for finding in findings
    ]
    if not any(one.code is CF108 for one in placed):
        return placed
    # a value that begins with # and must not be missing is one fault, and not two
    told = {_line(one) for one in placed if one.code in (CF007, CF008, EP008)}
    return [one for one in placed if one.code is not CF108 or _line(one) not in told]


def _line(finding: Finding) -> tuple[str, int | None]:
    return finding.place.file, finding.place.line


def _at_line(
    root: Path,
    finding: Finding,
    where: dict[str, Mapping[tuple[str | int, ...], tuple[int, int]]],
) -> Finding:
    place = finding.place
    if len(place.keys) == 2 and place.keys[0] == "notes":
        return _in_notes(root, finding, str(place.keys[1]))
    if place.file not in where:
        where[place.file] = _positions(root, place.file)
    keys = place.keys
    if keys[1:2] == (0,) and keys[:2] not in where[place.file]:
        keys = (keys[0], *keys[2:])  # an entry that stands for a list of one: `location:`
    while keys and keys not in where[place.file]:
        keys = keys[:-1]
    line, column = where[place.file].get(keys, (1, 1))
    return replace(finding, place=replace(place, line=line, column=column))


def _in_notes(root: Path, finding: Finding, words: str) -> Finding:
    """A finding about some words of the notes: where they stand, best in brackets as links do."""
    place = finding.place
    text, _ = read_text(root / place.file, place.file)
    if text is None:
        return replace(finding, place=replace(place, line=1, column=1))
    _, notes, first_line, _ = front_matter(text, place.file)
    shapes = (f"[{words}]", f"[{words}", words, quote(words))
    at = next((at for shape in shapes if (at := notes.find(shape)) >= 0), 0)
    line = first_line + notes.count("\n", 0, at)
    column = at - notes.rfind("\n", 0, at)
    return replace(finding, place=replace(place, line=line, column=column))


def _positions(root: Path, file: str) -> Mapping[tuple[str | int, ...], tuple[int, int]]:
    text, _ = read_text(root / file, file, LOCK_LIMIT if file == LOCK_FILE else LIMIT)
    if text is None:
        return {}
    if file == LOCK_FILE:
        return {(guid,): (line, 1) for guid, line in lines_of_episodes(text)}
    if file.endswith(".md"):
        keys, _, notes_line, _ = front_matter(text, file)
        return {("notes",): (notes_line, 1)} | (positions(keys, 2) if keys else {})
    return positions(text)
