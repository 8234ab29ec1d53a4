"""When nothing changed nothing is done; whatever did change is noticed."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from feedtool import idle, rebuild, recheck, remember
from feedtool.cache import Stamp, stamp_of
from feedtool.kept import STATE
from feedtool.order import Outcome
from feedtool.output import media as output_media

from .catalogs import (
    CATALOG,
    MEDIA,
    NOW,
    REPOSITORY,
    SERIES,
    Catalog,
    a_catalog,
    a_rich_catalog,
    times,
    tree,
)

HEAVY = {
    "pydantic",
    "pydantic_core",
    "lxml",
    "feedgen",
    "mutagen",
    "yaml",
    "rich",
    "PIL",
    "nh3",
    "pyromark",
}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A catalog that was built, and has been left alone since."""
    made = a_rich_catalog(tmp_path / "catalog")
    assert made.rebuilt().ok
    assert is_idle(made)
    return made


def is_idle(catalog: Catalog, now: str = NOW) -> bool:
    """Does a build do nothing, not even look into a file?"""
    before = times(catalog.root)
    outcome = catalog.rebuilt(now=now)
    return outcome.ok and times(catalog.root) == before


def restored(catalog: Catalog) -> Outcome:
    """A build, and whether the output is the one of a build from nothing."""
    outcome = catalog.rebuilt()
    cold = Catalog(catalog.root.parent / "cold")
    shutil.copytree(
        catalog.root, cold.root, symlinks=True, ignore=shutil.ignore_patterns("public", STATE)
    )
    assert cold.rebuilt().ok == outcome.ok
    if outcome.ok:
        assert catalog.public() == cold.public()
    return outcome


# --- nothing changed -------------------------------------------------------------------------


def test_an_idle_build_writes_nothing_at_all(catalog: Catalog) -> None:
    before = tree(catalog.root), times(catalog.root)
    outcome = catalog.rebuilt()
    assert (outcome.written, outcome.removed, outcome.unchanged) == ((), (), 27)
    assert (tree(catalog.root), times(catalog.root)) == before


def test_an_idle_build_says_the_same_as_the_one_before(catalog: Catalog) -> None:
    again, before = catalog.rebuilt(), catalog.rebuilt(settled=False)
    assert [one.code for one in again.findings] == ["SE021"]
    assert again == before


def test_the_command_is_idle_too_and_warns_again(tmp_path: Path) -> None:
    """With the real clock: files rest until they are no longer young."""
    catalog = a_rich_catalog(tmp_path)
    time.sleep(2.2)
    first, second = catalog.build().json, None
    before = tree(tmp_path), times(tmp_path)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "feedtool", "build", "--json", "--now", NOW],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert imported & HEAVY == set()
    second = json.loads(done.stdout)
    assert second["findings"] == first["findings"] != []
    assert (second["written"], second["unchanged"]) == ([], len(first["written"]))
    assert (tree(tmp_path), times(tmp_path)) == before


@pytest.mark.parametrize(
    "now", ["2025-06-01T00:00:00+02:00", "2027-03-31T23:59:59+02:00"], ids=["earliest", "latest"]
)
def test_a_time_at_which_the_same_is_due_is_idle(catalog: Catalog, now: str) -> None:
    assert is_idle(catalog, now)


def test_an_idle_dry_run_says_that_nothing_would_be_done(catalog: Catalog) -> None:
    outcome = catalog.rebuilt(dry_run=True)
    assert (outcome.ok, outcome.written, outcome.unchanged) == (True, (), 27)


# --- sources ---------------------------------------------------------------------------------


def edit_an_episode(root: Path) -> None:
    path = root / "episodes/samtal/ett.md"
    path.write_bytes(path.read_bytes().replace(b"Om ett samtal", b"Om tre samtal"))


def add_an_episode(root: Path) -> None:
    Catalog(root).episode("ny", date="2025-07-01")


def edit_a_series(root: Path) -> None:
    path = root / "episodes/samtal/series.yaml"
    path.write_bytes(path.read_bytes().replace(b"Samtal i", b"Prat om"))


def edit_the_catalog(root: Path) -> None:
    path = root / "feedtool.yaml"
    path.write_bytes(path.read_bytes().replace(b"Nordviks kommun", b"Nordvik"))


def edit_a_transcript(root: Path) -> None:
    path = root / "media/samtal/ett.vtt"
    path.write_bytes(path.read_bytes().replace(b"Hej", b"Hoj"))


def edit_chapters(root: Path) -> None:
    path = root / "media/samtal/tva.json"
    path.write_bytes(path.read_bytes().replace("Början".encode(), b"Anfang!"))


def replace_artwork(root: Path) -> None:
    shutil.copyfile(MEDIA / "alpha.png", root / "media/samtal/omslag.png")


def rename_a_transcript(root: Path) -> None:
    (root / "media/samtal/ett.vtt").rename(root / "media/samtal/nytt.vtt")
    path = root / "episodes/samtal/ett.md"
    path.write_bytes(path.read_bytes().replace(b"ett.vtt", b"nytt.vtt"))


def remove_a_scheduled_episode(root: Path) -> None:
    (root / "episodes/samtal/tre.md").unlink()


def add_a_series(root: Path) -> None:
    catalog = Catalog(root)
    catalog.series("nytt", "title: Nytt\ndescription: Nytt.\ncategories: [Government]\n")
    catalog.episode(series="nytt", date="2025-07-01")


def publish_a_draft(root: Path) -> None:
    path = root / "episodes/samtal/fyra.md"
    path.write_bytes(path.read_bytes().replace(b"status: draft\n", b""))


def same_size_and_time(root: Path) -> None:
    """As rsync and cp -p do: only the ctime and the inode tell."""
    path = root / "episodes/samtal/ett.md"
    status = path.stat()
    new = path.with_suffix(".new")
    new.write_bytes(path.read_bytes().replace(b"Om ett", b"Om tre"))
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.replace(path)


def behind_a_link(root: Path) -> None:
    path = root / "recordings/ett.vtt"
    path.write_bytes(path.read_bytes().replace(b"Hej", b"Hoj"))


CHANGES: list[Callable[[Path], None]] = [
    edit_an_episode, add_an_episode, edit_a_series, edit_the_catalog, edit_a_transcript,
    edit_chapters, replace_artwork, remove_a_scheduled_episode, add_a_series,
    publish_a_draft, same_size_and_time,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.__name__))
def test_a_changed_source_is_noticed(catalog: Catalog, change: Callable[[Path], None]) -> None:
    before = catalog.public(), (catalog.root / "feedtool.lock").read_bytes()
    change(catalog.root)
    restored(catalog)
    assert (catalog.public(), (catalog.root / "feedtool.lock").read_bytes()) != before
    assert is_idle(catalog)


def test_a_renamed_source_is_noticed(catalog: Catalog) -> None:
    """The output is the same, for it says nothing of the producer's names of transcripts."""
    rename_a_transcript(catalog.root)
    assert not is_idle(catalog)
    assert restored(catalog).ok


def test_a_change_behind_a_link_to_a_folder_is_noticed(catalog: Catalog) -> None:
    media = catalog.root / "media/samtal"
    media.rename(catalog.root / "recordings")
    media.symlink_to("../recordings")
    assert catalog.rebuilt().ok
    assert is_idle(catalog)
    behind_a_link(catalog.root)
    assert set(restored(catalog).written) == {
        "samtal/ett/index.html",
        "samtal/ett/transcript.srt",
        "samtal/ett/transcript.vtt",
    }


@pytest.mark.parametrize("folder", ["", "gemensamt/"], ids=["series", "inside"])
def test_a_change_behind_two_links_to_one_folder_is_noticed_for_both(
    catalog: Catalog, folder: str
) -> None:
    shared = catalog.write("media/lager/text.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n")
    for series in ("norr", "soder"):
        link = catalog.root / f"media/{series}/{folder}".rstrip("/")
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(os.path.relpath(catalog.root / "media/lager", link.parent))
        catalog.series(series)
        catalog.episode(
            "sju", f"transcripts: [{folder}text.vtt]\n", series=series,
            media=f"{folder}{series}.mp3",
        )  # fmt: skip
    assert catalog.rebuilt().ok
    shared.write_bytes(shared.read_bytes().replace(b"Hej", b"Hoj"))
    assert restored(catalog).ok
    catalog.recording("lager/norr.mp3", "cbr-48k.mp3")
    assert "LK014" in {one.code for one in catalog.rebuilt().findings}


def test_links_in_a_circle_end(catalog: Catalog) -> None:
    (catalog.root / "media/again").symlink_to(".")
    (catalog.root / "episodes/samtal/again").symlink_to("..")
    for number in range(7):  # 7! ways through all of them
        (catalog.root / f"media/{number}").mkdir()
        for other in range(7):
            (catalog.root / f"media/{number}/{other}").symlink_to(f"../{other}")
    assert catalog.rebuilt().ok
    assert is_idle(catalog)


def test_a_link_to_another_name_of_the_same_file_out_of_the_catalog_is_noticed(
    catalog: Catalog, tmp_path: Path
) -> None:
    link, inside, outside = catalog.root / "media/elin.jpg", catalog.root / "elin", tmp_path / "ute"
    link.rename(inside)
    link.symlink_to(inside)
    os.link(inside, outside)
    assert catalog.rebuilt().ok
    assert is_idle(catalog)
    link.unlink()
    link.symlink_to(outside)
    assert "ME054" in [one.code for one in restored(catalog).findings]


@pytest.mark.parametrize(("name", "code"), [("ny", "SE003"), ("Ny Serie", "CF051")])
def test_a_new_folder_without_files_is_a_series_with_a_fault(
    catalog: Catalog, name: str, code: str
) -> None:
    (catalog.root / "episodes" / name).mkdir()
    assert code in [one.code for one in restored(catalog).findings]
    shutil.rmtree(catalog.root.parent / "cold")
    (catalog.root / "episodes" / name).rmdir()
    assert restored(catalog).ok


def test_a_new_folder_for_recordings_is_nothing_before_it_holds_some(catalog: Catalog) -> None:
    (catalog.root / "media/nytt").mkdir()
    assert is_idle(catalog)


@pytest.mark.parametrize("path", ["episodes/samtal/ett.md", "media/samtal/ett.mp3"])
def test_a_removed_source_is_noticed(catalog: Catalog, path: str) -> None:
    (catalog.root / path).unlink()
    outcome = catalog.rebuilt()
    assert {one.code for one in outcome.findings} & {"LK018", "ME052"}


def test_another_recording_of_the_same_size_and_time_is_noticed(catalog: Catalog) -> None:
    path = catalog.root / "media/samtal/ett.mp3"
    status = path.stat()
    (catalog.root / "public/media/samtal/ett.mp3").unlink()
    path.write_bytes(b"\0" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not catalog.rebuilt().ok


@pytest.mark.parametrize("output", [None, "site"])
def test_another_picture_of_the_same_size_and_time_is_published(
    catalog: Catalog, tmp_path: Path, output: str | None
) -> None:
    folder = tmp_path / output if output else None
    assert catalog.rebuilt(output=folder).ok
    path = catalog.root / "media/samtal/omslag.png"
    status = path.stat()
    new = path.with_suffix(".new")
    new.write_bytes(path.read_bytes()[:-1] + b"\0")
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.replace(path)
    assert catalog.rebuilt(output=folder).written == ("media/samtal/omslag.png",)
    public = folder or catalog.root / "public"
    assert (public / "media/samtal/omslag.png").read_bytes() == path.read_bytes()


def with_other_bytes(path: Path) -> None:
    """Of the same size and time."""
    status = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("output", [None, "site"])
@pytest.mark.parametrize("way", ["folder", "link"])
def test_an_older_file_of_the_same_size_and_time_is_published(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, output: str | None
) -> None:
    """It changed long before the copy was made, but was not at this path then."""
    monkeypatch.setattr(output_media, "_GRAIN", 0)
    media, other = catalog.root / "media/samtal", catalog.root / "ny"
    shutil.copytree(media, other)
    with_other_bytes(other / "omslag.png")
    picture = media / "omslag.png"
    if way == "link":
        shutil.copytree(media, catalog.root / "gammal")
        picture.unlink()
        picture.symlink_to("../../gammal/omslag.png")
    folder = tmp_path / output if output else None
    shutil.rmtree(catalog.root / "public")
    assert catalog.rebuilt(output=folder).ok
    if way == "link":
        picture.unlink()
        picture.symlink_to("../../ny/omslag.png")
    else:
        media.rename(catalog.root / "gammal")
        other.rename(media)
    assert catalog.rebuilt(output=folder).written == ("media/samtal/omslag.png",)
    public = folder or catalog.root / "public"
    assert (public / "media/samtal/omslag.png").read_bytes() == picture.read_bytes()


def test_copies_that_are_known_are_not_read_again(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_media, "_GRAIN", 0)
    read: list[str] = []

    def compare(one: str, other: str, shallow: bool) -> bool:
        read.append(one)
        return original(one, other, shallow)

    original = filecmp.cmp
    monkeypatch.setattr(filecmp, "cmp", compare)
    site = tmp_path / "site"
    assert catalog.rebuilt(output=site).ok
    for title in (b"Ett samtal", b"Ett annat samtal"):
        edit_a_series(catalog.root)
        path = catalog.root / "episodes/samtal/tva.md"
        path.write_bytes(path.read_bytes().replace(title, title + b" till"))
        assert catalog.rebuilt(output=site).ok
    assert [path for path in read if path.startswith(f"{site}/media/")] == []
    shutil.rmtree(catalog.root / STATE)
    assert catalog.rebuilt(output=site).ok
    assert f"{site}/media/samtal/ett.mp3" in read, "nobody knows what it is a copy of"


def coarse(stamp: Stamp) -> Stamp:
    """Of a disk that tells neither when a file changed nor which it is: tests cannot set that."""
    return (*stamp[:2], 0, 0)


def coarse_stamps(root: Path) -> idle.Groups:
    return {
        group: idle.Files.of({name: coarse(stamp) for name, stamp in files.stamps().items()})
        for group, files in idle.source_stamps(root).items()
    }


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("episodes/samtal/ett.md", "Om ett samtal"),
        ("episodes/samtal/series.yaml", "Samtal i "),
        ("feedtool.yaml", "Elin "),
        ("media/samtal/ett.vtt", "Hej "),
    ],
)
def test_a_file_that_was_edited_just_after_a_build_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str
) -> None:
    """Same size, and the same time as the clock of the disk tells it."""
    monkeypatch.setattr(rebuild, "source_stamps", coarse_stamps)
    for module in (rebuild, remember):
        monkeypatch.setattr(module, "stamp_of", lambda status: coarse(stamp_of(status)))
    monkeypatch.setattr(remember, "source_stamp", lambda path: coarse(idle.source_stamp(path)))
    catalog = a_rich_catalog(tmp_path / "catalog")
    path = catalog.root / file
    if file.endswith(".vtt"):
        catalog.write(file, "WEBVTT\n\n00:00.000 --> 00:01.000\nHej du\n")
    catalog.age()  # all other files have rested
    for letter in "xyz":
        os.utime(path)
        assert catalog.rebuilt(settled=False).ok
        before, stamp = catalog.public(), path.stat().st_mtime_ns
        words = path.read_text(encoding="utf-8")
        other = text[:-2] + letter + text[-1]
        assert text in words
        path.write_text(words.replace(text, other), encoding="utf-8")
        os.utime(path, ns=(stamp, stamp))
        text = other
        restored(catalog)
        assert catalog.public() != before
        shutil.rmtree(tmp_path / "cold")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("episodes/samtal/ett.md", "2025-03-01 ", "2025-33-01 "),
        ("feedtool.lock", '"bytes":24449', '"bytes":-4449'),
    ],
)
def test_a_check_sees_what_was_edited_just_after_the_last(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    monkeypatch.setattr(recheck, "source_stamps", coarse_stamps)

    def errors() -> int:
        found = recheck.recheck(
            catalog.root, datetime.fromisoformat(NOW), time.time_ns(), lambda done, total: None
        )
        return [one.severity for one in found.shown].count("error")

    catalog.age()
    path = catalog.root / file
    os.utime(path)
    text, stamp = path.read_text("utf-8"), path.stat().st_mtime_ns
    assert old in text
    assert errors() == 0
    path.write_text(text.replace(old, new, 1), "utf-8")
    os.utime(path, ns=(stamp, stamp))
    assert errors() == 1


def test_after_an_edit_the_second_build_has_nothing_to_do(tmp_path: Path) -> None:
    """It reads the file again, which could have changed within the clock's grain, and no other."""
    catalog = a_rich_catalog(tmp_path)
    assert catalog.rebuilt(settled=False).ok
    before = times(catalog.root)
    assert catalog.rebuilt(settled=False).written == ()
    assert times(catalog.root) == before
    catalog.rebuilt()
    assert times(catalog.root) != before, "the files have rested: that is written down"
    assert is_idle(catalog)


def test_a_file_whose_name_is_no_text_is_known_again(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    (tmp_path / "media/samtal" / os.fsdecode(b"utkast-\xe5.txt")).write_bytes(b"Hej")
    assert catalog.rebuilt(settled=False).ok
    before = times(catalog.root)
    assert catalog.rebuilt(settled=False).ok
    assert times(catalog.root) == before


@pytest.mark.parametrize(("limit", "most"), [("MOST", 3), ("LARGEST", 1000)])
def test_of_many_young_files_none_is_read_for_this(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    catalog = a_rich_catalog(tmp_path)
    monkeypatch.setattr(idle, limit, most)
    assert catalog.rebuilt(settled=False).ok
    before = times(catalog.root)
    assert catalog.rebuilt(settled=False).written == ()
    assert times(catalog.root) != before, "the build looked again"


# --- the clock -------------------------------------------------------------------------------


def test_the_clock_passing_a_scheduled_date_is_noticed(catalog: Catalog) -> None:
    outcome = catalog.rebuilt(now="2027-04-01T00:00:00+02:00")
    assert "media/samtal/tre.mp3" in outcome.written
    assert is_idle(catalog, "2030-01-01T00:00:00+00:00")


def test_the_clock_going_back_is_noticed(catalog: Catalog) -> None:
    before = catalog.public()
    outcome = catalog.rebuilt(now="2025-03-30T00:00:00+00:00")
    assert "media/samtal/tva.m4a" in outcome.removed
    assert catalog.rebuilt().ok
    assert catalog.public() == before


def test_a_time_without_an_offset_is_the_catalogs(catalog: Catalog) -> None:
    assert is_idle(catalog, "2027-03-31T23:59:59")
    assert "samtal/feed.xml" in catalog.rebuilt(now="2027-04-01T00:00:00").written


def test_the_day_a_moved_episode_was_announced_for_is_noticed(
    catalog: Catalog, tmp_path: Path
) -> None:
    """The lock, which this build does not write, still says the old date."""
    path = catalog.root / "episodes/samtal/tre.md"
    path.write_bytes(path.read_bytes().replace(b"2027-04-01", b"2027-05-01"))
    assert catalog.rebuilt(output=tmp_path / "site").ok
    outcome = catalog.rebuilt(output=tmp_path / "site", now="2027-04-15T00:00:00+00:00")
    assert [one.code for one in outcome.findings if one.severity == "error"] == ["LK019"]


def test_other_rules_of_the_time_zone_are_noticed(tmp_path: Path) -> None:
    """As of a new release of the database of time zones; here one that nobody would make."""
    made = a_catalog(tmp_path / "catalog")
    made.episode()
    zone = tmp_path / "zones/Europe/Stockholm"
    zone.parent.mkdir(parents=True)
    env = {"PYTHONTZPATH": str(tmp_path / "zones")}
    shutil.copyfile(idle.zone_file("Europe/Stockholm"), zone)
    assert made.build(env=env).code == 0
    assert made.build(env=env).json["written"] == []
    shutil.copyfile(idle.zone_file("Asia/Tokyo"), zone)
    assert "LK012" in made.run("check", "--json", "--now", NOW, env=env).codes
    assert "LK012" in made.build(env=env).codes


# --- the output ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "samtal/feed.xml",
        "feed.json",
        "feeds.opml",
        "samtal/ett/chapters.json",
        "media/samtal/ett.mp3",
        "media/elin.jpg",
        ".feedtool-output",
    ],
)
def test_a_deleted_file_is_restored(catalog: Catalog, path: str) -> None:
    before = catalog.public()
    (catalog.root / "public" / path).unlink()
    if path == ".feedtool-output":
        shutil.rmtree(catalog.root / "public")
    assert catalog.rebuilt().ok
    assert catalog.public() == before


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "stray.txt").write_text("stray")


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("path", ["samtal/ett/index.html", "samtal/index.html", "samtal/feed.xml",
                                  "index.html", "media/samtal/ett.mp3"])  # fmt: skip
@pytest.mark.parametrize("put", [a_folder, a_link_to_nowhere, a_pipe])
def test_what_stands_in_the_place_of_a_file_goes(
    catalog: Catalog, path: str, put: Callable[[Path], None]
) -> None:
    before = catalog.public()
    (catalog.root / "public" / path).unlink()
    put(catalog.root / "public" / path)
    assert catalog.rebuilt().ok
    assert catalog.public() == before


@pytest.mark.parametrize("path", ["samtal/feed.xml", "moten/feed.json", "atom.xml", "feeds.opml"])
def test_a_feed_edited_by_hand_is_restored(catalog: Catalog, path: str) -> None:
    before = catalog.public()
    target = catalog.root / "public" / path
    target.write_bytes(target.read_bytes().replace(b"podd.example", b"podd.invalid"))
    assert catalog.rebuilt().written == (path,)
    assert catalog.public() == before


def test_a_stray_file_is_noticed(catalog: Catalog) -> None:
    catalog.write("public/samtal/ett/notes.txt", "stray")
    assert catalog.rebuilt().removed == ("samtal/ett/notes.txt",)


def test_a_public_folder_that_is_gone_is_made_again(catalog: Catalog) -> None:
    before = catalog.public()
    shutil.rmtree(catalog.root / "public")
    assert catalog.rebuilt().ok
    assert catalog.public() == before


def test_a_removed_series_goes_whole(catalog: Catalog) -> None:
    shutil.rmtree(catalog.root / "episodes/moten")
    outcome = catalog.rebuilt(allow=frozenset({("gone", "moten")}))
    assert outcome.ok, outcome.findings
    assert not any(path.startswith(("moten/", "media/moten")) for path in catalog.public())
    assert b"moten" not in catalog.read("feeds.opml")


def test_the_last_episode_leaves_an_empty_output(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    outcome = catalog.rebuilt(now="2020-01-01T00:00:00+00:00")
    assert (outcome.ok, set(catalog.public())) == (True, {".feedtool-output"})


# --- what the lock changes -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ignore", "before", "after"),
    [("", ["SE036"], []), ("ignore: [{code: SE036, why: x}]\n", [], ["CF060"])],
)
def test_a_guid_is_spoken_of_until_the_lock_has_it(
    tmp_path: Path, ignore: str, before: list[str], after: list[str]
) -> None:
    guid = "guid: 6e6a1f1c-5b0a-4d53-9f0e-2d1c7a3f9b11\n"
    made = a_catalog(tmp_path, CATALOG + "profiles: [podcasting2]\n", SERIES + guid + ignore)
    made.episode()

    def told() -> list[str]:
        return [one.code for one in made.rebuilt().findings if one.code in ("SE036", "CF060")]

    assert told() == before
    assert told() == after
    assert is_idle(made)
    shutil.rmtree(tmp_path / STATE)
    assert told() == after


# --- what is remembered ----------------------------------------------------------------------


def test_an_override_that_was_not_needed_is_told_only_once(catalog: Catalog) -> None:
    told = catalog.rebuilt(allow=frozenset({("gone", "samtal/ett")}))
    assert "LK030" in [one.code for one in told.findings]
    assert [one.code for one in catalog.rebuilt().findings] == ["SE021"]


def test_each_output_is_remembered_by_itself(catalog: Catalog, tmp_path: Path) -> None:
    assert catalog.rebuilt(output=tmp_path / "site").ok
    assert is_idle(catalog)
    before = times(tmp_path / "site")
    assert catalog.rebuilt(output=tmp_path / "site").written == ()
    assert times(tmp_path / "site") == before


def test_another_address_is_not_answered_by_the_old_one(catalog: Catalog) -> None:
    assert "feed.xml" in catalog.rebuilt(base_url="http://localhost:8000/").written
    assert "feed.xml" in catalog.rebuilt().written


def damage_the_beginning(data: bytes) -> bytes:
    return b"\0" * 100 + data[100:]


def damage_the_pages(data: bytes) -> bytes:
    return data[:4096] + b"\xff" * (len(data) - 4096)


def damage_a_value(data: bytes) -> bytes:
    return data.replace(b'"language":"sv"', b'"language":sv""')


def cut_off(data: bytes) -> bytes:
    return data[: len(data) // 2]


def another_file(data: bytes) -> bytes:
    return b"not a database"


@pytest.mark.parametrize(
    "damage",
    [
        damage_the_beginning, damage_the_pages, damage_a_value, cut_off, another_file,
        bytes.upper,
    ],
)  # fmt: skip
def test_a_damaged_cache_changes_nothing(
    catalog: Catalog, damage: Callable[[bytes], bytes]
) -> None:
    before = catalog.public()
    path = catalog.root / STATE / "cache.sqlite"
    damaged = damage(path.read_bytes())
    assert damaged != path.read_bytes()
    path.write_bytes(damaged)
    shutil.rmtree(catalog.root / "public")
    assert catalog.rebuilt().ok
    assert catalog.public() == before
    catalog.rebuilt()
    assert is_idle(catalog), "the cache was made anew"


def test_what_is_damaged_in_the_cache_is_not_built_from(catalog: Catalog) -> None:
    path = catalog.root / STATE / "cache.sqlite"
    data = bytearray(path.read_bytes())
    begins = [index for index in range(len(data)) if data.startswith(b"x\x01", index)]  # zlib
    assert begins
    for index in begins:
        data[index + 20] ^= 1
    path.write_bytes(data)
    edit_an_episode(catalog.root)
    assert restored(catalog).ok
