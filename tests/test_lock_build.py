"""Promises through the real command: kept, broken by name, merged by git."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedtool.kept import STATE
from feedtool.order import Outcome

from .catalogs import CATALOG, SERIES, Catalog, Run, a_catalog

LATER = "2027-01-01T00:00:00+00:00"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Two published episodes and a scheduled one."""
    made = a_catalog(tmp_path / "catalog")
    made.episode("ett", "chapters: ['00:00 Början']\n")
    made.episode("tva", date="2025-04-01 09:00", fixture="vbr.mp3")
    made.episode("tre", date="2026-06-01 09:00", fixture="abr.mp3")
    assert made.rebuilt().ok
    return made


def lock(catalog: Catalog) -> bytes:
    return (catalog.root / "feedtool.lock").read_bytes()


def lines(catalog: Catalog) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lock(catalog).splitlines()]


def line_of(catalog: Catalog, slug: str) -> dict[str, Any]:
    (line,) = [one for one in lines(catalog) if one.get("slug") == slug]
    return line


def allowed(*texts: str) -> frozenset[tuple[str, str]]:
    return frozenset((fact, name) for fact, _, name in (text.partition(":") for text in texts))


def edit(catalog: Catalog, slug: str, old: str, new: str) -> None:
    path = catalog.root / f"episodes/samtal/{slug}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def errors(run: Run) -> list[str]:
    return [one["code"] for one in run.json["findings"] if one["severity"] == "error"]


def promises_of(outcome: Outcome) -> list[str]:
    """The codes of findings about promises."""
    return [one.code for one in outcome.findings if one.code.startswith("LK")]


# --- every fact ------------------------------------------------------------------------------


def another_guid(catalog: Catalog) -> None:
    edit(catalog, "ett", "guid: ", "guid: new-")


def another_date(catalog: Catalog) -> None:
    edit(catalog, "ett", "2025-03-01 09:00", "2025-03-02 09:00")


def another_slug(catalog: Catalog) -> None:
    folder = catalog.root / "episodes/samtal"
    (folder / "ett.md").rename(folder / "fem.md")


def another_recording(catalog: Catalog) -> None:
    catalog.recording("samtal/ett-v2.mp3", "cbr-48k.mp3")
    edit(catalog, "ett", "media: ett.mp3", "media: ett-v2.mp3")


def other_bytes(catalog: Catalog) -> None:
    (catalog.root / "media/samtal/ett.mp3").unlink()
    catalog.recording("samtal/ett.mp3", "cbr-48k.mp3")


def removed(catalog: Catalog) -> None:
    (catalog.root / "episodes/samtal/ett.md").unlink()


def a_draft_again(catalog: Catalog) -> None:
    edit(catalog, "ett", "media: ett.mp3\n", "media: ett.mp3\nstatus: draft\n")


def a_draft_that_says_little(catalog: Catalog) -> None:
    catalog.write("episodes/samtal/ett.md", "---\ntitle: Ett samtal\nstatus: draft\n---\n")


def moved_into_the_future(catalog: Catalog) -> None:
    edit(catalog, "ett", "2025-03-01 09:00", "2026-03-01 09:00")


def another_address(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", CATALOG.replace("podd.example", "ny.example"))


def another_media_address(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", CATALOG + "media_base_url: https://cdn.example/\n")


def another_guid_of_the_series(catalog: Catalog) -> None:
    catalog.series(text=SERIES + "guid: 11111111-2222-5333-8444-555555555555\n")


def another_guid_of_the_catalog(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", CATALOG + "guid: 11111111-2222-5333-8444-555555555555\n")


FACTS: list[tuple[Callable[[Catalog], None], str, str]] = [
    (another_guid, "LK010", "guid:samtal/ett"),
    (another_slug, "LK011", "slug:samtal/fem"),
    (another_date, "LK012", "date:samtal/ett"),
    (another_recording, "LK013", "media:samtal/ett"),
    (other_bytes, "LK014", "media:samtal/ett"),
    (removed, "LK018", "gone:samtal/ett"),
    (a_draft_again, "LK018", "gone:samtal/ett"),
    (a_draft_that_says_little, "LK018", "gone:samtal/ett"),
    (moved_into_the_future, "LK019", "gone:samtal/ett"),
    (another_address, "LK020", "base-url:https://ny.example/"),
    (another_media_address, "LK021", "base-url:https://cdn.example/"),
    (another_guid_of_the_series, "LK022", "guid:samtal"),
    (another_guid_of_the_catalog, "LK023", "guid:catalog"),
]
NAMES = [breaking.__name__ for breaking, _, _ in FACTS]


@pytest.mark.parametrize(("breaking", "code", "allow"), FACTS, ids=NAMES)
def test_a_promise_is_kept_until_a_person_names_it(
    catalog: Catalog, breaking: Callable[[Catalog], None], code: str, allow: str
) -> None:
    before = catalog.public(), lock(catalog)
    breaking(catalog)
    refused = catalog.build()
    assert (refused.code, errors(refused)) == (1, [code])
    assert f"feedtool build --allow {allow}" in refused.finding(code)["mend"]
    assert (catalog.public(), lock(catalog)) == before


@pytest.mark.parametrize(("breaking", "code", "allow"), FACTS, ids=NAMES)
def test_what_the_finding_proposes_is_enough_and_needed_once(
    catalog: Catalog, breaking: Callable[[Catalog], None], code: str, allow: str
) -> None:
    breaking(catalog)
    outcome = catalog.rebuilt(allow=allowed(allow), why="Därför.")
    assert (outcome.ok, [one.code for one in outcome.findings if one.code == code]) == (True, [])
    assert "Därför." in lock(catalog).decode()
    held = lock(catalog)
    assert catalog.rebuilt().ok
    assert lock(catalog) == held


@pytest.mark.parametrize("slug", ["ett", "fem"], ids=["by its name", "by its recording"])
@pytest.mark.parametrize(("left", "code"), [("", "EP001"), ("guid:\n", "EP008")])
def test_a_guid_that_is_missing_is_told_as_subscribers_know_it(
    slug: str, left: str, code: str, catalog: Catalog
) -> None:
    guid = line_of(catalog, "ett")["guid"]
    edit(catalog, "ett", f"guid: {guid}\n", left)
    folder = catalog.root / "episodes/samtal"
    (folder / "ett.md").rename(folder / f"{slug}.md")
    assert f"  guid: {guid} " in catalog.build().finding(code)["mend"]


@pytest.mark.parametrize(
    ("key", "value"), [("date", "2025-03-01 09:00:00+01:00"), ("media", "ett-v1.mp3")]
)
def test_a_key_that_is_missing_is_told_as_it_was_published(
    key: str, value: str, tmp_path: Path
) -> None:
    catalog = a_catalog(tmp_path)
    path = catalog.episode("ett", media="ett-v1.mp3")
    assert catalog.rebuilt().ok
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(rf"^{key}:.*\n", "", text, flags=re.M), encoding="utf-8")
    mend = catalog.build().finding("EP001")["mend"]
    assert mend.startswith(f"add  {key}: {value}  ")
    text = re.sub(rf"^{key}:.*", f"{key}: {value}", text, flags=re.M)
    path.write_text(text, encoding="utf-8")
    assert catalog.rebuilt().ok


def test_another_recording_is_mended_with_the_line_that_the_finding_gives(catalog: Catalog) -> None:
    another_recording(catalog)
    mend = catalog.build().finding("LK013")["mend"]
    line = mend.removeprefix("write  ").partition("  again")[0]
    assert line == "media: ett.mp3"
    edit(catalog, "ett", "media: ett-v2.mp3", line)
    assert catalog.rebuilt().ok


def test_another_date_is_mended_with_the_lines_that_the_finding_gives(catalog: Catalog) -> None:
    another_date(catalog)
    mend = catalog.build().finding("LK012")["mend"]
    date, updated = mend.split("  ")[1], mend.split("  ")[3]
    assert (date[:6], updated) == ("date: ", "updated: 2025-03-02 09:00:00+01:00")
    edit(catalog, "ett", "date: 2025-03-02 09:00", f"{date}\n{updated}")
    assert catalog.rebuilt().ok


def test_a_recording_that_moved_with_its_episode_is_moved_back_with_it(catalog: Catalog) -> None:
    catalog.series("prat")
    for folder, ending in (("episodes", "md"), ("media", "mp3")):
        (catalog.root / "media/prat").mkdir(exist_ok=True)
        path = catalog.root / folder / f"samtal/ett.{ending}"
        path.rename(catalog.root / folder / f"prat/ett.{ending}")
    refused = catalog.build()
    assert set(errors(refused)) == {"LK034"}
    mend = refused.finding("LK034")["mend"]
    assert "back to episodes/samtal/ett.md, and the recording to media/samtal/ett.mp3" in mend
    assert catalog.rebuilt(allow=allowed("slug:prat", "media:prat", "gone:samtal/ett")).ok


def test_the_command_takes_an_override_and_its_reason(catalog: Catalog) -> None:
    another_date(catalog)
    run = catalog.build("--allow", "date:samtal/ett", "--why", "Fel dag i filen.")
    assert run.code == 0
    line = line_of(catalog, "ett")
    assert line["date"] == "2025-03-02T09:00:00+01:00"
    assert line["was"] == [{"date": "2025-03-01T09:00:00+01:00", "why": "Fel dag i filen."}]


def test_one_override_does_not_cover_another_fact(catalog: Catalog) -> None:
    another_date(catalog)
    other_bytes(catalog)
    outcome = catalog.rebuilt(allow=allowed("date:samtal/ett"))
    assert [one.code for one in outcome.findings if one.severity == "error"] == ["LK014"]
    assert "was" not in line_of(catalog, "ett"), "an override is kept only when all is well"


def test_text_of_a_published_episode_is_free_to_change(catalog: Catalog) -> None:
    before = lock(catalog)
    edit(catalog, "ett", "title: Ett samtal", "title: Ett annat samtal")
    edit(catalog, "ett", "chapters: ['00:00 Början']", "summary: Kort.")
    assert catalog.rebuilt().ok
    assert lock(catalog) == before


def test_a_renamed_series_would_be_another_feed_of_another_show(catalog: Catalog) -> None:
    guid = json.loads(lock(catalog).splitlines()[1])["guid"]
    before = catalog.public()
    for top in ("episodes", "media"):
        (catalog.root / top / "samtal").rename(catalog.root / top / "prat")
    refused = catalog.build()
    assert set(errors(refused)) == {"LK022", "LK028"}
    mend = refused.finding("LK028")["mend"]
    assert "feedtool build --allow slug:prat --allow media:prat" in mend
    assert f"write guid: {guid}" in refused.finding("LK022")["mend"]
    assert catalog.public() == before

    catalog.series("prat", f"{SERIES}guid: {guid}\n")
    allow = allowed("slug:prat", "media:prat")
    assert catalog.rebuilt(allow=allow, why="Nytt namn.").ok
    assert guid in catalog.read("prat/feed.xml").decode()
    held = lock(catalog)
    assert catalog.rebuilt().ok
    assert lock(catalog) == held


def test_the_old_folder_of_a_renamed_series_is_for_no_other_show(catalog: Catalog) -> None:
    guid = lines(catalog)[1]["guid"]
    for top in ("episodes", "media"):
        shutil.copytree(catalog.root / top / "samtal", catalog.root / top / "prat")
    shutil.rmtree(catalog.root / "episodes/samtal")
    catalog.series("prat", f"{SERIES}guid: {guid}\n")
    assert catalog.rebuilt(allow=allowed("slug:prat", "media:prat")).ok
    catalog.episode("ny", date="2025-05-01 09:00", guid="e7a3b1f0")
    catalog.series("samtal", SERIES)
    (error,) = [one for one in catalog.rebuilt().findings if one.severity == "error"]
    assert (error.code, error.file) == ("SE030", "episodes/samtal/series.yaml")
    assert "give its folder another name" in error.mend
    for top in ("episodes", "media"):
        (catalog.root / top / "samtal").rename(catalog.root / top / "nytt")
    assert catalog.rebuilt().ok


def test_a_renamed_series_without_its_recordings_is_not_gone(catalog: Catalog) -> None:
    (catalog.root / "episodes/samtal").rename(catalog.root / "episodes/prat")
    refused = catalog.build()
    assert set(errors(refused)) == {"LK022", "LK028", "ME065"}
    left = next(one for one in refused.json["findings"] if one["code"] == "ME065")
    assert "but there is media/samtal/" in left["message"]
    assert "copy what is in media/samtal/ to media/prat/" in left["mend"]
    shutil.copytree(catalog.root / "media/samtal", catalog.root / "media/prat")
    assert set(errors(catalog.build())) == {"LK022", "LK028"}
    published = catalog.read("media/samtal/ett.mp3")
    assert catalog.rebuilt(allow=allowed("slug:prat", "media:prat", "guid:prat")).ok
    assert catalog.read("media/samtal/ett.mp3") == catalog.read("media/prat/ett.mp3") == published


def test_a_draft_with_a_fault_in_a_renamed_series_is_gone(catalog: Catalog) -> None:
    (catalog.root / "episodes/samtal").rename(catalog.root / "episodes/prat")
    path = catalog.root / "episodes/prat/ett.md"
    path.write_text(path.read_text("utf-8").replace("guid:", "status: draft\nguid:"), "utf-8")
    assert "samtal/ett" in catalog.build().finding("LK018")["message"]


def test_a_published_episode_that_is_copied_with_a_fault_keeps_its_place(catalog: Catalog) -> None:
    text = (catalog.root / "episodes/samtal/ett.md").read_text("utf-8")
    catalog.write("episodes/samtal/kopia.md", text.replace("ett.mp3", "borta.mp3"))
    assert "LK011" not in errors(catalog.build())


@pytest.mark.parametrize("copy", ["a", "z"])
@pytest.mark.parametrize("first", ["", "status: draft\nguid"], ids=["due", "draft"])
def test_a_copy_with_its_guid_is_told_of_that_alone(
    catalog: Catalog, copy: str, first: str
) -> None:
    text = (catalog.root / "episodes/samtal/ett.md").read_text("utf-8")
    catalog.recording(f"samtal/{copy}.mp3", "abr.mp3")
    changed = text.replace("ett.mp3", f"{copy}.mp3").replace("2025-03-01", "2025-08-01")
    catalog.write(f"episodes/samtal/{copy}.md", changed)
    edit(catalog, "ett", "guid", first or "guid")
    assert errors(catalog.build()) == ["EP030", "EP030"]


def test_a_guid_pasted_over_that_of_another_episode_does_not_make_it_gone(
    catalog: Catalog,
) -> None:
    edit(catalog, "tva", line_of(catalog, "tva")["guid"], line_of(catalog, "ett")["guid"])
    assert errors(catalog.build()) == ["EP030", "EP030"]


def test_episodes_that_move_into_another_series_leave_its_guid_alone(catalog: Catalog) -> None:
    catalog.series("prat")
    catalog.episode("annat", series="prat")
    assert catalog.rebuilt().ok
    for path in (catalog.root / "episodes/samtal").glob("*.md"):
        path.rename(catalog.root / "episodes/prat" / path.name)
    shutil.rmtree(catalog.root / "episodes/samtal")
    shutil.copytree(catalog.root / "media/samtal", catalog.root / "media/prat", dirs_exist_ok=True)
    codes = set(errors(catalog.build()))
    assert "LK028" in codes
    assert "LK022" not in codes


# --- corrected recordings --------------------------------------------------------------------


def test_a_corrected_recording_keeps_the_guid_and_the_old_file(catalog: Catalog) -> None:
    guid, old = line_of(catalog, "ett")["guid"], catalog.read("media/samtal/ett.mp3")
    another_recording(catalog)
    assert catalog.rebuilt(allow=allowed("media:samtal/ett")).ok
    feed = catalog.read("samtal/feed.xml").decode()
    assert (guid in feed, "ett-v2.mp3" in feed, "samtal/ett.mp3" in feed) == (True, True, False)
    assert catalog.read("media/samtal/ett.mp3") == old
    assert catalog.read("media/samtal/ett-v2.mp3")


def test_the_old_file_of_a_corrected_recording_stays_without_its_source(catalog: Catalog) -> None:
    another_recording(catalog)
    assert catalog.rebuilt(allow=allowed("media:samtal/ett")).ok
    old = catalog.read("media/samtal/ett.mp3")
    (catalog.root / "media/samtal/ett.mp3").unlink()
    assert catalog.rebuilt().removed == ()
    assert catalog.read("media/samtal/ett.mp3") == old


def test_other_bytes_are_never_published_under_the_old_name(catalog: Catalog) -> None:
    another_recording(catalog)
    assert catalog.rebuilt(allow=allowed("media:samtal/ett")).ok
    old = catalog.read("media/samtal/ett.mp3")
    other_bytes(catalog)
    assert catalog.rebuilt().ok
    assert catalog.read("media/samtal/ett.mp3") == old


@pytest.mark.parametrize("media", ["../secret.mp3", "/etc/hostname", "samtal/../../secret.mp3"])
def test_a_lock_cannot_publish_a_file_from_elsewhere(catalog: Catalog, media: str) -> None:
    catalog.write("secret.mp3", b"secret")
    text = lock(catalog).decode().splitlines()
    at = next(number for number, line in enumerate(text) if '"slug":"ett"' in line)
    text[at] = text[at][:-1] + f',"was":[{{"media":"{media}","bytes":6}}]}}'
    catalog.write("feedtool.lock", "\n".join(text) + "\n")
    assert catalog.rebuilt().ok
    assert b"secret" not in catalog.public().values()


def test_guids_that_differ_in_the_case_of_a_letter_are_two(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett", guid="aBcDeFgH1234")
    catalog.episode("tva", guid="abcdefgh1234", date="2025-04-01", fixture="vbr.mp3")
    assert catalog.rebuilt().ok
    assert [one["guid"] for one in lines(catalog)[-2:]] == ["aBcDeFgH1234", "abcdefgh1234"]
    edit(catalog, "tva", "guid: abcdefgh1234", "guid: aBcDeFgH1234")
    assert "EP030" in errors(catalog.build())


# --- gone ------------------------------------------------------------------------------------


def test_a_gone_episode_becomes_a_tombstone(catalog: Catalog) -> None:
    removed(catalog)
    assert catalog.rebuilt(allow=allowed("gone:samtal/ett"), why="Fel gäst.").ok
    assert line_of(catalog, "ett")["gone"] == {"on": "2026-01-01", "why": "Fel gäst."}


def test_nobody_else_gets_what_a_gone_episode_had(catalog: Catalog) -> None:
    removed(catalog)
    assert catalog.rebuilt(allow=allowed("gone:samtal/ett")).ok
    catalog.episode("ett", date="2025-08-01", guid="another-one")
    found = catalog.rebuilt().findings
    assert {one.code for one in found if one.severity == "error"} == {"LK024", "LK025"}


def test_a_whole_series_goes_under_its_name(catalog: Catalog) -> None:
    catalog.series("kvar")
    catalog.episode(series="kvar", date="2025-05-01")
    assert catalog.rebuilt().ok
    shutil.rmtree(catalog.root / "episodes/samtal")
    assert catalog.rebuilt(allow=allowed("gone:samtal")).ok
    gone = [one["slug"] for one in lines(catalog) if "gone" in one]
    assert sorted(gone) == ["ett", "tva"]  # nobody was told of the scheduled one


@pytest.mark.parametrize(
    "spoil",
    [
        "---\ntitle: [\n---\n",
        "no front matter",
        b"\xff\xfe\x00",
        "---\ntitle: Ett samtal\ntitel: x\n---\n",
        "---\ntitle: Ett samtal\ndate: 2025-02-30\nguid: x\nmedia: ett.mp3\n---\n",
        "---\ntitle: Ett samtal\nmedia: ett.mp3\n---\n",
    ],
    ids=["yaml", "text", "bytes", "key", "date", "keys-missing"],
)
def test_an_episode_that_cannot_be_read_is_not_called_gone(
    catalog: Catalog, spoil: str | bytes
) -> None:
    before = catalog.public(), lock(catalog)
    catalog.write("episodes/samtal/ett.md", spoil)
    outcome = catalog.rebuilt()
    found = {one.code for one in outcome.findings if one.severity == "error"}
    assert found
    assert not any(code.startswith("LK") for code in found)
    assert (catalog.public(), lock(catalog)) == before


@pytest.mark.parametrize("spoil", ["title: [\n", None], ids=["broken", "missing"])
def test_episodes_of_a_series_that_cannot_be_read_are_not_called_gone(
    catalog: Catalog, spoil: str | None
) -> None:
    path = catalog.root / "episodes/samtal/series.yaml"
    path.unlink() if spoil is None else path.write_text(spoil)
    found = {one.code for one in catalog.rebuilt().findings if one.severity == "error"}
    assert found
    assert not any(code.startswith("LK") for code in found)


def test_a_recording_that_cannot_be_measured_does_not_make_its_episode_gone(
    catalog: Catalog,
) -> None:
    catalog.write("media/samtal/ett.mp3", "no sound")
    found = [one for one in catalog.rebuilt().findings if one.severity == "error"]
    assert found
    assert {one.file for one in found} == {"episodes/samtal/ett.md"}
    assert "LK018" not in {one.code for one in found}


# --- before the date -------------------------------------------------------------------------


def test_a_scheduled_episode_is_rewritten_in_silence(catalog: Catalog) -> None:
    folder = catalog.root / "episodes/samtal"
    (folder / "tre.md").unlink()
    catalog.episode("tre-ny", date="2026-07-01", guid="a-new-guid", fixture="cbr-48k.mp3")
    outcome = catalog.rebuilt()
    assert (outcome.ok, promises_of(outcome), outcome.written) == (True, [], ())
    assert [one["slug"] for one in lines(catalog) if one.get("guid") == "a-new-guid"] == ["tre-ny"]
    assert not [one for one in lines(catalog) if one.get("slug") == "tre"]


def test_a_scheduled_episode_binds_from_its_date(catalog: Catalog) -> None:
    (catalog.root / "episodes/samtal/tre.md").unlink()
    found = catalog.rebuilt(now=LATER).findings
    assert [one.code for one in found if one.severity == "error"] == ["LK018"]


# --- the file --------------------------------------------------------------------------------


def test_the_lock_is_written_before_the_feeds(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.episode("ny", date="2025-09-01")
    moved: list[str] = []

    def watched(move: Callable[[str, str], None]) -> Callable[[str, str], None]:
        def told(path: str, target: str) -> None:
            move(path, target)
            moved.append(Path(target).relative_to(catalog.root).as_posix())

        return told

    for way in ("replace", "rename", "link"):
        monkeypatch.setattr(os, way, watched(getattr(os, way)))
    assert catalog.rebuilt().ok
    assert moved == [
        "feedtool.lock",
        "public/samtal/ny",
        "public/samtal/index.html",
        "public/index.html",
        "public/media/samtal/ny.mp3",
        "public/samtal/feed.xml",
        "public/samtal/atom.xml",
        "public/samtal/feed.json",
        "public/feed.xml",
        "public/atom.xml",
        "public/feed.json",
        "public/feeds.opml",
    ]


@pytest.mark.parametrize("order", ["--dry-run", "--output=site", "--base-url=https://x.example/"])
def test_some_builds_never_write_the_lock(catalog: Catalog, order: str) -> None:
    catalog.episode("ny", date="2025-09-01")
    before = lock(catalog)
    assert catalog.build(order).code == 0
    assert lock(catalog) == before


def test_a_build_that_never_writes_the_lock_does_not_spare_others_it(catalog: Catalog) -> None:
    """Also where both make the same folder."""
    catalog.episode("ny", date="2025-09-01")
    before = lock(catalog)
    assert catalog.rebuilt(output=catalog.root / "public").ok
    assert lock(catalog) == before
    assert catalog.rebuilt().ok
    assert line_of(catalog, "ny")["date"].startswith("2025-09-01")


def test_a_build_that_fails_does_not_write_the_lock(catalog: Catalog) -> None:
    before = lock(catalog)
    catalog.episode("ny", date="2025-09-01")
    catalog.episode("fel", "titel: x\n", date="2025-09-02")
    assert not catalog.rebuilt().ok
    assert lock(catalog) == before


def test_conflict_markers_are_read_and_written_away(catalog: Catalog) -> None:
    before = lock(catalog)
    head, *rest = lock(catalog).decode().splitlines()
    marked = [head, "<<<<<<< HEAD", *rest, "=======", *rest[::-1], ">>>>>>> branch"]
    catalog.write("feedtool.lock", "\r\n".join(marked) + "\r\n")
    assert catalog.rebuilt().ok
    assert lock(catalog) == before


def test_a_lock_of_a_later_version_stops_the_build(catalog: Catalog) -> None:
    catalog.write("feedtool.lock", lock(catalog).replace(b'{"lock":1', b'{"lock":2'))
    before = catalog.public()
    run = catalog.build()
    assert (run.code, errors(run)) == (1, ["LK004"])
    assert catalog.public() == before


# --- git -------------------------------------------------------------------------------------

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def git(catalog: Catalog, *arguments: str) -> str:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
        cwd=catalog.root,
        env={**os.environ, **quiet},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def on_a_branch(catalog: Catalog, branch: str, change: Callable[[], object]) -> None:
    """A change, built and committed on a branch of its own."""
    git(catalog, "checkout", "--quiet", "-b", branch, "main")
    change()
    assert catalog.rebuilt().ok
    git(catalog, "add", "--all")
    git(catalog, "commit", "--quiet", "-m", branch)


@pytest.fixture
def repository(catalog: Catalog) -> Catalog:
    catalog.write(".gitattributes", "*.lock merge=union\n")
    catalog.write(".gitignore", f"/public/\n/{STATE}/\n")
    git(catalog, "init", "--quiet", "--initial-branch", "main")
    git(catalog, "add", "--all")
    git(catalog, "commit", "--quiet", "-m", "begin")
    return catalog


@needs_git
@pytest.mark.parametrize("guids", [("aaa-1", "aaa-2"), ("zzz-1", "000-1")], ids=["next", "far"])
def test_branches_that_each_add_an_episode_merge(
    repository: Catalog, guids: tuple[str, str]
) -> None:
    first, second = guids
    on_a_branch(repository, "one", lambda: repository.episode("fem", date="2025-05-01", guid=first))
    on_a_branch(
        repository, "two", lambda: repository.episode("sex", date="2025-06-01", guid=second)
    )
    git(repository, "merge", "--quiet", "one", "-m", "merge")
    run = repository.build()
    assert (run.code, run.codes) == (0, ["SE021"])  # it has no artwork
    feed = repository.read("samtal/feed.xml").decode()
    assert all(f"samtal/{slug}.mp3" in feed for slug in ("ett", "tva", "fem", "sex"))
    assert repository.build("--locked").code == 0


@needs_git
def test_branches_that_each_begin_a_series_merge(repository: Catalog) -> None:
    def begin(series: str, month: int) -> Callable[[], object]:
        def change() -> None:
            repository.series(series)
            repository.episode(series=series, date=f"2025-0{month}-01")

        return change

    on_a_branch(repository, "one", begin("alfa", 5))
    on_a_branch(repository, "two", begin("beta", 6))
    git(repository, "merge", "--quiet", "one", "-m", "merge")
    outcome = repository.rebuilt()
    assert (outcome.ok, promises_of(outcome)) == (True, [])
    assert [slug for slug, _, _ in outcome.series] == ["alfa", "beta", "samtal"]


@needs_git
def test_a_built_catalog_leaves_nothing_for_git(repository: Catalog) -> None:
    shutil.rmtree(repository.root / "public")
    assert repository.rebuilt().ok
    assert git(repository, "status", "--porcelain") == ""


def test_an_episode_that_moved_keeps_its_id_in_atom(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.series("prat")
    catalog.episode("ett", guid="avsnitt-1")
    catalog.episode("annat", series="prat")
    assert catalog.rebuilt().ok
    (first,) = ids(catalog, "samtal/atom.xml")
    assert first in ids(catalog, "atom.xml")
    (catalog.root / "media/samtal/ett.mp3").rename(catalog.root / "media/prat/ett.mp3")
    (catalog.root / "episodes/samtal/ett.md").rename(catalog.root / "episodes/prat/ett.md")
    assert catalog.rebuilt(allow=allowed("slug:prat/ett", "media:prat/ett", "gone:samtal/ett")).ok
    assert first in ids(catalog, "prat/atom.xml")
    assert first in ids(catalog, "atom.xml")
    before = catalog.public()
    shutil.rmtree(catalog.root / STATE)
    assert catalog.rebuilt().ok
    assert catalog.public() == before

    text = lock(catalog).decode()
    (catalog.root / "feedtool.lock").write_text(re.sub(r',"was":\[[^]]*\]', "", text), "utf-8")
    assert catalog.rebuilt().ok
    assert first not in ids(catalog, "prat/atom.xml"), "nobody knows any more where it was"


def ids(catalog: Catalog, feed: str) -> list[str]:
    """Those of the entries of an Atom feed."""
    return re.findall(r"<entry.*?<id>([^<]*)</id>", catalog.read(feed).decode(), re.DOTALL)
