"""public/ while a publish waits for a person's word: it never runs ahead of the lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from feedtool.before import BEFORE
from feedtool.order import Order, Outcome
from feedtool.rebuild import rebuild

from .catalogs import CATALOG, NOW, SERIES, Catalog, a_catalog, tree

GONE = "gone:samtal/tva"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Two series, published to a folder."""
    targets = f"targets: {{webb: {{url: 'file://{tmp_path / 'www'}'}}}}\n"
    made = a_catalog(tmp_path / "catalog", CATALOG + targets)
    made.series("prat", SERIES)
    made.episode("ett")
    made.episode("tva", title="Ett till", date="2025-04-01 09:00")
    made.write("media/prat/ett.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHej.\n")
    made.episode("ett", "transcripts: [ett.vtt]\n", series="prat")
    assert made.run("publish", "--now", NOW, "--yes").code == 0
    return made


def publish(catalog: Catalog, *arguments: str) -> int:
    return catalog.run("publish", "--now", NOW, *arguments).code


def lock(catalog: Catalog) -> bytes:
    return (catalog.root / "feedtool.lock").read_bytes()


def remove(catalog: Catalog) -> None:
    (catalog.root / "episodes/samtal/tva.md").unlink()


def times(folder: Path) -> dict[str, int]:
    return {path: (folder / path).stat().st_mtime_ns for path in tree(folder)}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--dry-run"], 0),
        (["--markdown"], 0),
        ([], 2),
        (["--at-due"], 1),
        (["nowhere"], 2),
    ],
    ids=["dry-run", "markdown", "nobody-asked", "at-due", "no-such-target"],
)
def test_what_nobody_agreed_to_is_not_in_public(
    catalog: Catalog, arguments: list[str], code: int
) -> None:
    before, then, promised = catalog.public(), times(catalog.root / "public"), lock(catalog)
    remove(catalog)
    catalog.episode("tre", date="2025-05-01 09:00", fixture="vbr.mp3")
    assert publish(catalog, *arguments, "--allow", GONE) == code
    assert (catalog.public(), lock(catalog)) == (before, promised)
    assert times(catalog.root / "public") == then
    assert not (catalog.root / "public" / BEFORE).exists()


def test_what_was_agreed_to_is(catalog: Catalog) -> None:
    remove(catalog)
    assert publish(catalog, "--yes", "--allow", GONE) == 0
    assert "samtal/tva/index.html" not in catalog.public()
    assert not (catalog.root / "public" / BEFORE).exists()
    public = catalog.public()
    assert catalog.rebuilt().ok
    assert catalog.public() == public


def test_a_first_plan_leaves_nothing(tmp_path: Path) -> None:
    made = a_catalog(tmp_path / "catalog")
    made.episode("ett")
    assert publish(made, f"file://{tmp_path / 'www'}", "--dry-run") == 0
    assert set(made.public()) <= {".feedtool-output"}


def test_a_build_after_a_plan_makes_what_a_cold_one_makes(catalog: Catalog) -> None:
    """Also of a series whose feed says nothing of what changed in it."""
    catalog.episode("tre", date="2025-05-01 09:00", fixture="vbr.mp3")
    catalog.write("media/prat/ett.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nNej.\n")
    plan = catalog.rebuilt(defers_lock=True)
    assert plan.lock
    assert b"Nej." in catalog.read("prat/ett/transcript.vtt")
    plan.lock.drop()
    assert b"Hej." in catalog.read("prat/ett/transcript.vtt")
    assert catalog.rebuilt().ok
    assert b"Nej." in catalog.read("prat/ett/transcript.vtt")
    warm = catalog.public()
    for folder in (".feedtool", "public"):
        (catalog.root / folder).rename(catalog.root.parent / f"old{folder}")
    assert catalog.rebuilt().ok
    assert catalog.public() == warm


# another build, or the end of this one, in between


def order(catalog: Catalog, **wishes: object) -> Order:
    return replace(Order(root=catalog.root, now=datetime.fromisoformat(NOW)), **wishes)  # type: ignore[arg-type]


def waiting(catalog: Catalog) -> Outcome:
    """A build whose lock nobody has written yet."""
    allow = frozenset([("gone", "samtal/tva")])
    return rebuild(order(catalog, allow=allow, defers_lock=True), lambda *_: None)


def test_after_a_publish_that_was_killed_the_next_build_brings_back_what_the_lock_says(
    catalog: Catalog,
) -> None:
    before = catalog.public()
    remove(catalog)
    waiting(catalog)
    assert "samtal/tva/index.html" not in catalog.public()
    assert not rebuild(order(catalog), lambda *_: None).ok
    assert catalog.public() == before


def test_killed_after_the_lock_was_written_all_stays(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove(catalog)
    outcome = waiting(catalog)
    after = {path: data for path, data in catalog.public().items() if BEFORE not in path}
    assert outcome.lock
    with monkeypatch.context() as patch:
        patch.setattr("feedtool.rebuild.settle", lambda *_: None)
        outcome.lock.write()
    assert rebuild(order(catalog), lambda *_: None).ok
    assert catalog.public() == after


@pytest.mark.parametrize("again", [0, 1, 2, 3, 5, 8])
def test_what_is_brought_back_may_be_interrupted(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, again: int
) -> None:
    before = catalog.public()
    remove(catalog)
    catalog.episode("tre", date="2025-05-01 09:00", fixture="vbr.mp3")
    outcome = waiting(catalog)
    left = again

    def failing(does: Callable[..., object]) -> Callable[..., object]:
        def now(*arguments: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return does(*arguments, **more)

        return now

    assert outcome.lock
    with monkeypatch.context() as patch:
        for name in ("replace", "unlink"):
            patch.setattr(Path, name, failing(getattr(Path, name)))
        with pytest.raises(KeyboardInterrupt):
            outcome.lock.drop()
    assert not rebuild(order(catalog), lambda *_: None).ok
    assert catalog.public() == before


@pytest.mark.parametrize(
    "journal",
    ["", "{", "[]", "[" * 100_000, '{"lock": "", "kept": [1], "new": []}',
     '{"lock": "", "kept": [], "new": ["../feedtool.yaml"]}'],
    ids=["empty", "cut-off", "list", "deep", "no-name", "outside"],
)  # fmt: skip
def test_a_journal_that_the_disk_lost_stops_no_build(catalog: Catalog, journal: str) -> None:
    before = {path: data for path, data in catalog.public().items() if BEFORE not in path}
    catalog.write(f"public/{BEFORE}/journal", journal)
    catalog.episode("ett", title="Ett annat")
    assert rebuild(order(catalog), lambda *_: None).ok
    after = {path: data for path, data in catalog.public().items() if BEFORE not in path}
    assert after.keys() == before.keys()
    assert (catalog.root / "feedtool.yaml").exists()


def test_a_build_in_between_stops_the_publish(catalog: Catalog) -> None:
    remove(catalog)
    outcome = waiting(catalog)
    assert not rebuild(order(catalog), lambda *_: None).ok
    promised = lock(catalog)
    assert outcome.lock
    with pytest.raises(Exception, match="meanwhile"):
        outcome.lock.write()
    assert lock(catalog) == promised


def test_a_lock_that_was_pulled_in_between_stops_the_publish(catalog: Catalog) -> None:
    """It has promises that others made: they are not to be written over."""
    catalog.episode("fyra", date="2025-06-01")
    outcome = waiting(catalog)
    pulled = lock(catalog) + b"\n"
    (catalog.root / "feedtool.lock").write_bytes(pulled)
    assert outcome.lock
    with pytest.raises(Exception, match="meanwhile"):
        outcome.lock.write()
    assert lock(catalog) == pulled
