"""Work in two processes: every piece once, and nothing that goes wrong there is lost."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedtool import side_by_side as module
from feedtool.errors import FeedtoolError, StoppedError
from feedtool.load import load_catalog
from feedtool.mirror import mirror_of
from feedtool.order import Order
from feedtool.rebuild import rebuild
from feedtool.side_by_side import side_by_side
from feedtool.sync.api import Api
from feedtool.sync.soundcloud import SoundCloud

from .catalogs import Catalog, a_catalog
from .servers import until

COUNT = 500


def test_each_piece_is_done_once_by_one_of_two_processes(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()

    def work(number: int) -> tuple[int, int]:
        (here / str(os.getpid())).touch()
        # nobody does all before the other has begun
        until(lambda: len(list(here.iterdir())) == 2, "the other begins", 60)
        return number, os.getpid()

    made = list(side_by_side(COUNT, lambda: nullcontext(work), tmp_path))
    assert sorted(number for number, _ in made) == list(range(COUNT))
    assert len(Counter(process for _, process in made)) == 2
    assert os.getpid() not in {process for _, process in made}
    assert list(tmp_path.iterdir()) == [here]


def test_each_process_opens_for_itself_and_closes(tmp_path: Path) -> None:
    @contextmanager
    def opened() -> Iterator[Callable[[int], int]]:
        yield lambda number: number
        (tmp_path / f"closed-{os.getpid()}").touch()

    assert sorted(side_by_side(COUNT, opened, tmp_path)) == list(range(COUNT))
    assert len(list(tmp_path.iterdir())) == 2


def test_what_goes_wrong_there_is_raised_here(tmp_path: Path) -> None:
    def work(number: int) -> int:
        if number == COUNT // 2:
            raise FeedtoolError("{file} is wrong", "mend {file}", file="a.md")
        return number

    with pytest.raises(FeedtoolError, match=r"a\.md is wrong") as caught:
        list(side_by_side(COUNT, lambda: nullcontext(work), tmp_path))
    assert caught.value.mend == "mend {file}"


def test_a_process_that_the_system_ended_is_told(tmp_path: Path) -> None:
    def work(number: int) -> int:
        return number if number else os._exit(9)

    with pytest.raises(StoppedError):
        list(side_by_side(COUNT, lambda: nullcontext(work), tmp_path))


def test_who_has_seen_enough_leaves_no_process_behind(tmp_path: Path) -> None:
    made = side_by_side(COUNT, lambda: nullcontext(lambda number: os.getpid()), tmp_path)
    process = next(made)
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


# --- what episodes are to be at a host ---------------------------------------------------------


def marks_of(catalog: Catalog) -> dict[str, object]:
    """By guid, what each episode is to be at SoundCloud, of a catalog that nothing is kept of."""
    order = Order(root=catalog.root, now=datetime(2026, 1, 1, tzinfo=UTC), defers_lock=True)
    outcome = rebuild(order, lambda done, total: None)
    read = load_catalog(catalog.root, [])
    assert read is not None
    host = SoundCloud(Api("https://host.example", Nobody(), "soundcloud", time.sleep))
    counts = {slug: count for slug, count, _ in outcome.series}
    with mirror_of(order, read, host, "soundcloud", counts) as mirror:
        return {wish.guid: (wish.marks, wish.wanted().fields) for wish in mirror.wishes()}


class Nobody:
    """Has no login, and needs none: nothing is asked."""

    def header(self) -> str:
        return ""

    def renew(self) -> bool:
        return False


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = a_catalog(tmp_path / "catalog")
    for number in range(1, 8):
        catalog.episode(f"nr-{number}", title=f"Nummer {number}", date=f"2025-0{number}-01")
    catalog.series("moten")
    catalog.episode("ett", series="moten", title="Ett möte", date="2025-01-01")
    return catalog


def test_two_processes_find_what_one_finds(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = marks_of(catalog)
    assert len(alone) == 8
    monkeypatch.setattr(module, "LARGE", 0)
    monkeypatch.setattr("feedtool.mirror._LOT", 2)
    assert marks_of(catalog) == alone


def test_a_file_that_changes_while_it_is_read_there_is_told_here(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGE", 0)
    monkeypatch.setattr("feedtool.mirror.read_episodes", lambda *arguments: [])
    with pytest.raises(FeedtoolError, match="changed while they were read"):
        marks_of(catalog)
