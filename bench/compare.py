"""Did both make the same feeds? Nobody wins by doing nothing.

    python bench/compare.py NAIVE FEEDTOOL EPISODES

Reads the feeds of both output folders with lxml: every series has so many items in RSS and so many
entries in Atom, and each item the same guid, enclosure address, length and duration in both.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from lxml import etree

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
ATOM = "{http://www.w3.org/2005/Atom}"


class Heard(NamedTuple):
    """What an app goes by."""

    guid: str
    address: str
    length: int
    seconds: int


def items(path: Path) -> list[Heard]:
    found = []
    for _, item in etree.iterparse(str(path), tag="item", resolve_entities=False):
        enclosure = item.find("enclosure")
        assert enclosure is not None, f"{path}: an item without a recording"
        length, duration = enclosure.get("length"), item.findtext(f"{ITUNES}duration")
        assert length is not None, f"{path}: no length"
        assert duration is not None, f"{path}: no duration"
        found.append(
            Heard(
                guid=item.findtext("guid") or "",
                address=enclosure.get("url") or "",
                length=int(length),
                seconds=int(duration),
            )
        )
        item.clear()
    return sorted(found)


def entries(path: Path) -> int:
    count = 0
    for _, entry in etree.iterparse(str(path), tag=f"{ATOM}entry", resolve_entities=False):
        count += 1
        entry.clear()
    return count


def differences(naive: Path, feedtool: Path, episodes: int) -> list[str]:
    said = []
    names = sorted(folder.name for folder in naive.iterdir())
    for name in names:
        one, other = items(naive / name / "feed.xml"), items(feedtool / name / "feed.xml")
        for maker, count in (
            ("the script's RSS", len(one)),
            ("feedtool's RSS", len(other)),
            ("the script's Atom", entries(naive / name / "atom.xml")),
            ("feedtool's Atom", entries(feedtool / name / "atom.xml")),
        ):
            if count != episodes:
                said.append(f"{name}: {maker} has {count} of {episodes} episodes")
        said += (f"{name}: {a} is not {b}" for a, b in zip(one, other, strict=False) if a != b)
    return said


def main() -> int:
    naive, feedtool, episodes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    said = differences(naive, feedtool, episodes)
    for line in said[:10]:
        print(line, file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
