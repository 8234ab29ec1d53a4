"""Lines of hyphens around the keys of an episode, and where none belong."""

from __future__ import annotations

from ..read.front_matter import CF102
from ..read.yaml_faults import CF103, CF105
from .fixes import mends
from .state import Edit, Work


@mends(CF102)
def empty_lines_above_the_first(work: Work) -> Edit | None:
    """Nothing above the first line of three hyphens."""
    text = work.source.plain
    empty = text[: len(text) - len(text.lstrip())].count("\n")
    source = work.source.without_lines(0, empty - 1)
    return Edit(source, None, 0, f"- {empty} ␤") if empty else None


@mends(CF103)
def almost_three_hyphens(work: Work) -> Edit | None:
    """Three of them; or nothing, right above the line that is right."""
    at = (work.finding.place.line or 1) - 1
    line = work.source.line(at)
    if work.source.keys[0]:
        source = work.source.without_lines(at, at)
        is_last = work.source.line(at + 1).rstrip() == "---"
        return Edit(source, None, at, f"- {line}") if is_last else None
    return Edit(work.source.with_text((at, 0), (at, len(line)), "---"), None, at, f"{line} → ---")


@mends(CF105)
def hyphens_around_all_keys(work: Work) -> Edit | None:
    """No line of hyphens at the end of a file that has nothing more."""
    at = (work.finding.place.line or 1) - 1
    source = work.source.without_lines(at, at)
    if work.tree is None or work.source.plain.split("\n", at + 1)[-1].strip():
        return None
    return Edit(source, work.tree, at, f"- {work.source.line(at)}")
