"""A feed of which most was published already is read back where it is new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from feedtool.errors import ReadBackError
from feedtool.model import Item
from feedtool.patched import Piece, check_patched
from feedtool.readback import Said
from feedtool.render.fragments import Cut, cut_feed
from feedtool.render.identity import FEED_NAMES, atom_id, enclosure_url

from .cases import SITE, a_feed, an_item

FORMATS = tuple(FEED_NAMES)
FEED = a_feed(*(an_item(guid=str(UUID(int=n)), title=f"Samtal {n}") for n in range(9)))
OTHER = an_item(guid=str(UUID(int=99)), title="Ett annat")


class Patched:
    """Nine items were published; `items` are in the feed now."""

    def __init__(self, folder: Path, format: str, items: Sequence[Item]) -> None:
        before = cut_feed(format, FEED, SITE)
        now = cut_feed(format, a_feed(*items), SITE)
        self.format, self.items, self.between = format, items, now.between
        self.made, self.published = folder / "made", folder / "published"
        self.made.write_bytes(document(now))
        self.published.write_bytes(document(before))
        old = dict(zip(before.items, starts(before), strict=True))
        self.pieces = [
            Piece(start, start + len(part), old.get(part))
            for part, start in zip(now.items, starts(now), strict=True)
        ]

    def said(self, item: Item) -> Said:
        episode, enclosure = item.episode, item.enclosure
        guid = episode.guid
        return Said(
            atom_id(guid, FEED.series.guid) if self.format == "atom" else guid,
            episode.title, episode.date.isoformat(), enclosure_url(SITE, item),
            enclosure.length, enclosure.type,
        )  # fmt: skip

    def check(self) -> None:
        check_patched(
            FEED_NAMES[self.format], self.made, self.published, self.pieces, self.between,
            self.items, self.said,
        )  # fmt: skip


def document(cut: Cut) -> bytes:
    return cut.head + cut.between.join(cut.items) + cut.tail


def starts(cut: Cut) -> list[int]:
    at, found = len(cut.head), []
    for item in cut.items:
        found.append(at)
        at += len(item) + len(cut.between)
    return found


NINE = FEED.items
CHANGES = {
    "one in the middle": (*NINE[:4], OTHER, *NINE[5:]),
    "one more at the top": (OTHER, *NINE),
    "one more at the end": (*NINE, OTHER),
    "one less": (*NINE[:3], *NINE[4:]),
    "the last one less": NINE[:-1],
    "another order": (*NINE[5:], *NINE[:5]),
    "nothing": NINE,
    "only one is left": (OTHER, NINE[3]),
}


@pytest.mark.parametrize("items", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("format", FORMATS)
def test_a_feed_that_says_what_is_meant_passes(
    tmp_path: Path, format: str, items: Sequence[Item]
) -> None:
    Patched(tmp_path, format, items).check()


@pytest.mark.parametrize("items", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("format", FORMATS)
def test_a_title_that_is_another_is_noticed(
    tmp_path: Path, format: str, items: Sequence[Item]
) -> None:
    """Whichever item it is of, a new one or one that was published."""
    patched = Patched(tmp_path, format, items)
    data = patched.made.read_bytes()
    titles = [item.episode.title.encode() for item in items]
    for title in titles:
        at = data.index(title)
        patched.made.write_bytes(data[:at] + b"?" + data[at + 1 :])
        with pytest.raises(ReadBackError):
            patched.check()
    patched.made.write_bytes(data)
    patched.check()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("move", [-1, 1, 7])
def test_a_place_that_is_wrong_is_noticed(tmp_path: Path, format: str, move: int) -> None:
    """Whichever item is taken from there."""
    for at in range(9):
        patched = Patched(tmp_path, format, CHANGES["one in the middle"])
        piece = patched.pieces[at]
        if piece.before is None:
            patched.pieces[at] = Piece(piece.start + move, piece.stop, None)
        else:
            patched.pieces[at] = piece._replace(before=piece.before + move)
        with pytest.raises(ReadBackError):
            patched.check()


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_new_must_say_what_is_meant(tmp_path: Path, format: str) -> None:
    patched = Patched(tmp_path, format, CHANGES["one in the middle"])
    patched.items = [*NINE[:4], an_item(guid=str(UUID(int=99)), title="Något"), *NINE[5:]]
    with pytest.raises(ReadBackError):
        patched.check()


@pytest.mark.parametrize("format", FORMATS)
def test_the_end_of_the_feed_is_read(tmp_path: Path, format: str) -> None:
    patched = Patched(tmp_path, format, CHANGES["one in the middle"])
    patched.made.write_bytes(patched.made.read_bytes()[:-4])
    with pytest.raises(ReadBackError):
        patched.check()


@pytest.mark.parametrize("format", FORMATS)
def test_of_nine_items_five_are_read(
    tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one, its neighbours, the first and the last."""
    patched = Patched(tmp_path, format, CHANGES["one in the middle"])
    read: list[str] = []

    def said(item: Item) -> Said:
        read.append(item.episode.title)
        return Patched.said(patched, item)

    monkeypatch.setattr(patched, "said", said)
    patched.check()
    assert read == ["Samtal 0", "Samtal 3", "Ett annat", "Samtal 5", "Samtal 8"]
