"""Files and other builds that change while a build is at work: nothing of it stays."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from feedtool import build, process_lock, rebuild, touched, whole
from feedtool.kept import STATE

from .catalogs import Catalog, a_catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Eight episodes, built."""
    made = a_catalog(tmp_path / "catalog")
    for number in range(8):
        made.episode(
            f"e{number}", f"summary: Kort text {number}\n", title=f"Samtal {number}",
            date=f"2025-03-0{number + 1} 09:00",
        )  # fmt: skip
    assert made.rebuilt().ok
    return made


def edit(catalog: Catalog, slug: str, old: str, new: str) -> None:
    path = catalog.root / f"episodes/samtal/{slug}.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def as_cold(catalog: Catalog) -> bool:
    """Is the output that of a build from nothing?"""
    cold = Catalog(catalog.root.parent / "cold")
    shutil.copytree(catalog.root, cold.root, ignore=shutil.ignore_patterns("public", STATE))
    assert cold.rebuilt().ok
    same = cold.public() == catalog.public()
    shutil.rmtree(cold.root)
    return same


# --- another build ---------------------------------------------------------------------------


@pytest.mark.parametrize("order", [{}, {"drafts": True}], ids=["the-same", "with-drafts"])
def test_a_build_that_waited_for_another_looks_again(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, order: dict[str, Any]
) -> None:
    """It knew where items stand in feeds that the other one has replaced."""
    alone = process_lock.alone
    edit(catalog, "e3", "Kort text 3", "En mycket längre text")

    @contextmanager
    def racing(state: Path, dry_run: bool) -> Iterator[None]:
        monkeypatch.setattr(rebuild, "alone", alone)
        assert catalog.rebuilt(**order).ok
        with alone(state, dry_run):
            yield

    monkeypatch.setattr(rebuild, "alone", racing)
    assert catalog.rebuilt().ok
    assert as_cold(catalog)
    for number in (0, 3, 7):
        edit(catalog, f"e{number}", f"title: Samtal {number}", f"title: Prat nummer {number}")
        assert catalog.rebuilt().ok
        assert as_cold(catalog)


# --- the same episode, read twice ------------------------------------------------------------


def another_date(catalog: Catalog) -> None:
    edit(catalog, "e7", "2025-03-08 09:00", "2025-03-02 10:00")


def another_title(catalog: Catalog) -> None:
    edit(catalog, "e7", "Samtal 7", "Ett annat")


def another_recording(catalog: Catalog) -> None:
    catalog.recording("samtal/ny.mp3", "vbr.mp3")
    edit(catalog, "e7", "e7.mp3", "ny.mp3")


def a_fault(catalog: Catalog) -> None:
    edit(catalog, "e7", "title: ", "title: [")


def no_file(catalog: Catalog) -> None:
    (catalog.root / "episodes/samtal/e7.md").unlink()


@pytest.mark.parametrize(
    "change", [another_date, another_title, another_recording, a_fault, no_file]
)
def test_an_edit_between_the_series_and_the_catalogs_feed_stops_nothing(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, change: Callable[[Catalog], None]
) -> None:
    path = catalog.root / "episodes/samtal/e7.md"
    before, whole_of = path.read_bytes(), whole.whole_of

    def late(state: Any) -> Any:
        change(catalog)
        return whole_of(state)

    shutil.rmtree(catalog.root / "public")
    monkeypatch.setattr(build, "whole_of", late)
    assert catalog.rebuilt().ok
    monkeypatch.setattr(build, "whole_of", whole_of)
    path.write_bytes(before)
    assert catalog.rebuilt().ok
    assert as_cold(catalog)


def test_an_edit_that_was_undone_leaves_nothing_in_the_catalogs_feed(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalog's feed is made after those of the series."""
    render = whole.render_newest
    edit(catalog, "e2", "Kort text 2", "Text 2")

    def late(*arguments: Any) -> Any:
        edit(catalog, "e2", "Text 2", "Hemligt")
        return render(*arguments)

    monkeypatch.setattr(touched, "render_newest", late)
    assert catalog.rebuilt().ok
    monkeypatch.setattr(touched, "render_newest", render)
    assert b"Hemligt" in catalog.read("feed.json")
    edit(catalog, "e2", "Hemligt", "Text 2")
    assert catalog.rebuilt().ok
    assert as_cold(catalog)


def test_the_only_episode_may_vanish_while_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett")
    whole_of = whole.whole_of

    def late(state: Any) -> Any:
        (tmp_path / "episodes/samtal/ett.md").unlink()
        return whole_of(state)

    monkeypatch.setattr(build, "whole_of", late)
    assert catalog.rebuilt().ok


# --- what is no file, and no number ----------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("folder", ["media/samtal", "episodes/samtal"])
def test_a_pipe_among_the_sources_is_not_waited_for(catalog: Catalog, folder: str) -> None:
    os.mkfifo(catalog.root / folder / "ror.txt")
    catalog.build()  # in another process, which may be ended


@pytest.mark.parametrize(("bytes", "ok"), [(2**63 - 1, True), (2**63, False), (10**30, False)])
def test_a_number_in_the_lock_that_no_file_can_have_is_a_finding(
    catalog: Catalog, bytes: int, ok: bool
) -> None:
    (catalog.root / "media/samtal/e1.mp3").unlink()
    lock = catalog.root / "feedtool.lock"
    text, count = re.subn(r'("slug":"e1".*?"bytes":)\d+', rf"\g<1>{bytes}", lock.read_text("utf-8"))
    assert count == 1
    lock.write_text(text, "utf-8")
    outcome = catalog.rebuilt()
    assert ("LK003" in [one.code for one in outcome.findings]) is not ok
