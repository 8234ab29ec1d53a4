"""An import that is run again: new episodes come, what is there stays as somebody made it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedtool.adopt.proof import EDITED

from .adoption import adopt, built, empty_catalog, serve
from .catalogs import REPOSITORY, Catalog
from .feeds_of_others import soundcloud_page
from .live_feed import SOUND, File, Live, live
from .test_import_skipped import feed, item


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


def sources(catalog: Catalog) -> dict[str, bytes]:
    """Every file that a person sees, with its content."""
    return {
        path.relative_to(catalog.root).as_posix(): path.read_bytes()
        for path in sorted(catalog.root.rglob("*"))
        if path.is_file() and not {".feedtool", "public"} & set(path.parts)
    }


def numbered(count: int) -> list[str]:
    """Entries, newest first."""
    return [
        item(
            f"g{n}", title=f"Titel {n % 3}", url=f"{{base}}/{n}.mp3",
            date=f"Tue, 22 Jun {2000 + n} 09:00:00 +0200",
        )
        for n in reversed(range(count))
    ]  # fmt: skip


def test_a_second_import_changes_nothing(catalog: Catalog, server: Live) -> None:
    address = feed(server, *numbered(7))
    adopt(catalog, address)
    before = sources(catalog)
    plan, outcome = adopt(catalog, address)
    assert (plan.new, outcome.made, len(plan.there)) == ((), (), 7)
    after = sources(catalog)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {"import-report.md"}
    assert outcome.proof.same == 7


ODD = (
    "<itunes:order>3</itunes:order><itunes:episode>fyra</itunes:episode>"
    "<itunes:duration>1:00</itunes:duration>"
)
"""An element that has no place, and a value that does not fit."""


def told(catalog: Catalog) -> set[str]:
    """The lines of the report, without the counts at its beginning."""
    report = (catalog.root / "import-report.md").read_text("utf-8")
    return {*report.partition("\n## ")[2].splitlines()}


def test_a_second_import_tells_all_that_the_first_did(catalog: Catalog, server: Live) -> None:
    address = feed(
        server, item("ett", more=ODD), item("", title="Två", url="{base}/2.mp3"),
        channel="<itunes:owner><itunes:name>x</itunes:name></itunes:owner><cloud/>",
    )  # fmt: skip
    adopt(catalog, address)
    first = told(catalog)
    assert "- `itunes:order`: in 1 episodes" in first
    assert any("itunes:owner" in line for line in first)
    assert any("it has no guid" in line for line in first)
    adopt(catalog, address)
    assert told(catalog) == first


def test_when_what_was_missing_comes_later_the_report_tells_of_all(
    catalog: Catalog, server: Live
) -> None:
    address = feed(
        server, item("ett", more=ODD), item("två", title="Två", url="{base}/två.mp3", more=ODD)
    )
    server.files["/ett.mp3"] = File(SOUND, "audio/mpeg")
    adopt(catalog, address, media=True)
    server.files["/tv%C3%A5.mp3"] = File(SOUND + bytes(9), "audio/mpeg")
    _, outcome = adopt(catalog, address, media=True)
    assert outcome.made == ("episodes/samtal/tva.md",)
    assert {"- `itunes:order`: in 2 episodes"} <= told(catalog)
    odd = {line.partition(":")[0] for line in told(catalog) if "fyra" in line}
    assert odd == {"- ett", "- tva"}


def test_what_a_person_edited_stays(catalog: Catalog, server: Live) -> None:
    adopt(catalog, feed(server, *numbered(3)))
    path = catalog.root / "episodes/samtal/titel-0.md"
    edited = path.read_text("utf-8").replace("title: Titel 0", "title: Eget namn") + "Mer.\n"
    path.write_text(edited, "utf-8")
    series = catalog.root / "episodes/samtal/series.yaml"
    series.write_text(series.read_text("utf-8").replace("title: Prov", "title: Vår"), "utf-8")
    path.rename(path.with_name("eget-namn.md"))
    changed = feed(server, *(text.replace("Titel", "Nytt") for text in numbered(4)))
    plan, outcome = adopt(catalog, changed)
    assert outcome.made == ("episodes/samtal/nytt-0.md",)
    assert plan.there["g0"] == "samtal/eget-namn"
    assert path.with_name("eget-namn.md").read_text("utf-8") == edited
    assert not path.exists()
    assert "title: Vår" in series.read_text("utf-8")
    assert {one.why.template for one in outcome.proof.differences} == {EDITED}


def test_an_episode_whose_file_is_broken_is_not_made_twice(catalog: Catalog, server: Live) -> None:
    address = feed(server, *numbered(2))
    adopt(catalog, address)
    path = catalog.root / "episodes/samtal/titel-0.md"
    path.write_text(path.read_text("utf-8").replace("title:", "title"), "utf-8")
    plan, _ = adopt(catalog, address)
    assert plan.new == ()


def test_what_was_taken_away_does_not_come_back(catalog: Catalog, server: Live) -> None:
    address = feed(server, *numbered(3))
    adopt(catalog, address)
    built(catalog)
    (catalog.root / "episodes/samtal/titel-1.md").unlink()
    assert catalog.rebuilt(allow=frozenset({("gone", "samtal/titel-1")})).ok
    plan, _ = adopt(catalog, address)
    assert [(one.guid, "taken away" in one.why.english) for one in plan.skipped] == [("g1", True)]


def test_the_name_that_the_lock_promises_is_used_again(catalog: Catalog, server: Live) -> None:
    address = feed(server, *numbered(2))
    adopt(catalog, address)
    built(catalog)
    path = catalog.root / "episodes/samtal/titel-1.md"
    text = path.read_text("utf-8")
    path.unlink()
    adopt(catalog, feed(server, *(one.replace("Titel", "Nytt") for one in numbered(2))))
    assert path.read_text("utf-8") == text.replace("Titel", "Nytt")
    assert len(built(catalog)) == 2


def test_a_lock_that_was_lost_is_completed(catalog: Catalog, server: Live) -> None:
    """As after an import that was killed before it wrote the lock."""
    address = feed(server, *numbered(3))
    adopt(catalog, address)
    before = (catalog.root / "feedtool.lock").read_bytes()
    (catalog.root / "feedtool.lock").unlink()
    adopt(catalog, address)
    assert (catalog.root / "feedtool.lock").read_bytes() == before


HOOK = """
import os, signal, sys
sys.path.insert(0, {repository!r})
count = 0
def hooked(event, arguments):
    global count
    if event in ("os.link", "os.rename", "os.remove") or (
        event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike))
        and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        and {root!r} in os.fsdecode(arguments[0])
    ):
        count += 1
        if count == {moment}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hooked)
sys.argv[0] = "feedtool"
from feedtool.cli.main import main
main()
"""


def killed(catalog: Catalog, address: str, moment: int) -> int:
    """An import that is killed when it is about to change a file for the n-th time."""
    script = HOOK.format(repository=str(REPOSITORY), root=str(catalog.root), moment=moment)
    return subprocess.run(
        [sys.executable, "-c", script, "import", address, "--series", "samtal", "--yes"],
        cwd=catalog.root, capture_output=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    ).returncode  # fmt: skip


MOMENTS = range(1, 200) if os.environ.get("FEEDTOOL_KILLS") else (2, 5, 9, 14, 20, 27, 33, 40, 46)
"""All of them with FEEDTOOL_KILLS=1."""


def test_killed_at_any_moment_and_run_again_it_ends_in_the_same_state(
    tmp_path: Path, server: Live
) -> None:
    for n in range(4):
        server.files[f"/{n}.mp3"] = File(SOUND + bytes(n), "audio/mpeg")
        server.files[f"/{n}.vtt"] = File(b"WEBVTT\n\n00:00.000 --> 00:00.900\nHej\n", "text/vtt")
    entries = [
        text.replace(
            "</item>",
            f'<podcast:transcript url="{{base}}/{n}.vtt" type="text/vtt"/></item>',
        )
        for n, text in zip(reversed(range(4)), numbered(4), strict=True)
    ]
    address = feed(server, *entries)
    undisturbed = empty_catalog(tmp_path / "undisturbed")
    assert killed(undisturbed, address, 0) == 0
    expected = sources(undisturbed)
    assert len(expected) == 1 + 1 + 4 + 4 + 4 + 1
    for moment in MOMENTS:
        folder = tmp_path / "disturbed"
        shutil.rmtree(folder, ignore_errors=True)
        catalog = empty_catalog(folder)
        code = killed(catalog, address, moment)
        there = sources(catalog)
        whole = {n: data for n, data in there.items() if not n.rpartition("/")[2].startswith(".")}
        assert {n: expected[n] for n in whole if n != "import-report.md"} == {
            n: data for n, data in whole.items() if n != "import-report.md"
        }, moment
        if code == 0:
            break
        assert code == -signal.SIGKILL
        assert killed(catalog, address, 0) == 0
        after = sources(catalog)
        after.pop("import-report.md")
        assert after == {n: d for n, d in expected.items() if n != "import-report.md"}, moment


def test_two_imports_at_once_do_not_mix(catalog: Catalog, server: Live) -> None:
    from feedtool.adopt.carry import alone
    from feedtool.errors import BusyError

    with alone(catalog.root), pytest.raises(BusyError, match="importing"):
        adopt(catalog, feed(server, item()))
    assert not (catalog.root / "episodes").exists()


def test_a_catalog_in_which_nothing_can_be_written_is_told(catalog: Catalog, server: Live) -> None:
    from feedtool.errors import WriteError

    catalog.write(".feedtool", "a file with the name of the folder\n")
    with pytest.raises(WriteError, match=r"\.feedtool could not be written"):
        adopt(catalog, feed(server, item()))


def test_new_episodes_of_a_feed_in_pages_are_added(catalog: Catalog, server: Live) -> None:
    serve(server, soundcloud_page(server.base, range(1, 30), ""), "/old.xml")
    address = serve(server, soundcloud_page(server.base, range(30, 40), "/old.xml"))
    adopt(catalog, address)
    serve(server, soundcloud_page(server.base, range(33, 43), "/old.xml"))
    plan, outcome = adopt(catalog, address)
    assert (len(plan.new), len(plan.there)) == (3, 36)
    assert outcome.proof.same == 39
