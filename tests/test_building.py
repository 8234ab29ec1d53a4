"""Building end to end: the same in gives the same out, and nothing else is touched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from feedtool import prepare, workers
from feedtool import side_by_side as side_by_side_module
from feedtool.errors import OutputError, ReadBackError, StoppedError, WriteError
from feedtool.kept import STATE

from .catalogs import MEDIA, NOW, REPOSITORY, Catalog, a_catalog, a_rich_catalog, times, tree

RECORDINGS = ("*.mp3", "*.m4a", "*.mp4")


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A rich catalog that was built once, to be copied; tests leave it as it is."""
    catalog = a_rich_catalog(tmp_path_factory.mktemp("pattern"))
    assert catalog.rebuilt().ok
    return catalog


@pytest.fixture
def built(pattern: Catalog, tmp_path: Path) -> Catalog:
    """A built catalog of one's own."""
    root = tmp_path / "catalog"
    shutil.copytree(pattern.root, root, ignore=shutil.ignore_patterns("public", STATE))
    catalog = Catalog(root)
    assert catalog.rebuilt().ok
    return catalog


def promised(catalog: Catalog) -> str:
    return (catalog.root / "feedtool.lock").read_text(encoding="utf-8")


def recordings(catalog: Catalog) -> list[Path]:
    """Those of episodes that are no drafts: what is promised in the lock."""
    files = [path for kind in RECORDINGS for path in (catalog.root / "media").rglob(kind)]
    return [path for path in files if path.stem != "fyra"]


def feeds_of(catalog: Catalog) -> dict[str, bytes]:
    """What is published besides media."""
    return {path: data for path, data in catalog.public().items() if not path.startswith("media/")}


# --- the same in, the same out ---------------------------------------------------------------


def test_a_second_build_changes_no_byte_and_no_time(pattern: Catalog, tmp_path: Path) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(pattern.root, root)
    catalog = Catalog(root)
    before = tree(root / "public"), times(root / "public"), promised(catalog)
    run = catalog.build()
    assert (run.code, run.json["written"], run.json["removed"]) == (0, [], [])
    assert (tree(root / "public"), times(root / "public"), promised(catalog)) == before


def test_without_the_cache_the_same_is_built(pattern: Catalog, built: Catalog) -> None:
    before = built.public(), promised(built)
    shutil.rmtree(built.root / STATE)
    shutil.rmtree(built.root / "public")
    assert built.rebuilt().ok
    assert (built.public(), promised(built)) == before


def test_a_copy_of_the_catalog_elsewhere_gives_the_same(pattern: Catalog, built: Catalog) -> None:
    assert (built.public(), promised(built)) == (pattern.public(), promised(pattern))


@pytest.mark.parametrize(
    "env",
    [
        {"TZ": "America/St_Johns", "LC_ALL": "sv_SE.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Kathmandu", "LANG": "de_DE", "LC_ALL": "de_DE.ISO8859-1"},
        {"TZ": "nonsense", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "4711"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "FEEDTOOL_LANG": "sv"},
    ],
    ids=["swedish", "german", "plain", "ascii"],
)
def test_the_machine_changes_no_byte(pattern: Catalog, tmp_path: Path, env: dict[str, str]) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(
        pattern.root, root, ignore=shutil.ignore_patterns("public", STATE, "feedtool.lock")
    )
    catalog = Catalog(root)
    run = catalog.build(env=env)
    assert run.code == 0, run.err
    assert (catalog.public(), promised(catalog)) == (pattern.public(), promised(pattern))


def test_another_working_directory_changes_no_byte(built: Catalog, tmp_path: Path) -> None:
    before = built.public()
    shutil.rmtree(built.root / "public")
    shutil.rmtree(built.root / STATE)
    done = subprocess.run(
        [sys.executable, "-m", "feedtool", "--root", "catalog", "build", "--now", NOW],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=True,
    )
    assert b"Traceback" not in done.stderr
    assert built.public() == before


@pytest.mark.parametrize("now", ["2025-06-01T00:00:00+02:00", "2027-03-31T23:59:59+02:00"])
def test_a_time_at_which_nothing_else_is_due_changes_no_byte(built: Catalog, now: str) -> None:
    before = built.public(), promised(built)
    shutil.rmtree(built.root / "public")
    shutil.rmtree(built.root / STATE)
    assert built.rebuilt(now=now).ok
    assert (built.public(), promised(built)) == before


def test_the_time_of_the_build_is_written_nowhere(built: Catalog) -> None:
    before = built.public()
    shutil.rmtree(built.root / "public")
    assert built.rebuilt(now="2026-05-17T13:37:42+00:00").ok
    assert built.public() == before


# --- checkouts without the recordings --------------------------------------------------------


def lfs_pointer(path: Path) -> None:
    size = path.stat().st_size
    path.unlink()
    oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
    path.write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n")


def annex_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("../../.git/annex/objects/zZ/5K/SHA256E-s24449--abc/SHA256E-s24449--abc")


def annex_pointer(path: Path) -> None:
    path.unlink()
    path.write_text("/annex/objects/SHA256E-s24449--abc.mp3\n")


ABSENT: list[Callable[[Path], None]] = [Path.unlink, lfs_pointer, annex_link, annex_pointer]
KINDS = ["deleted", "git-lfs", "git-annex", "git-annex-unlocked"]


@pytest.mark.parametrize("replace", ABSENT, ids=KINDS)
@pytest.mark.parametrize("fresh", [False, True], ids=["warm", "fresh-clone"])
def test_without_the_recordings_the_feeds_are_the_same(
    built: Catalog, replace: Callable[[Path], None], fresh: bool
) -> None:
    before = feeds_of(built), promised(built)
    for path in recordings(built):
        replace(path)
    if fresh:
        shutil.rmtree(built.root / STATE)
        shutil.rmtree(built.root / "public")
    outcome = built.rebuilt()
    assert outcome.ok, outcome.findings
    assert (feeds_of(built), promised(built)) == before
    notes = [one.params for one in outcome.findings if one.code == "ME052"]
    assert notes == [{"count": 5}]  # the scheduled one and the rendition too


def test_the_command_says_with_one_note_that_recordings_are_not_here(built: Catalog) -> None:
    for path in recordings(built):
        path.unlink()
    run = built.build()
    assert (run.code, run.json["counts"]["note"], run.finding("ME052")["severity"]) == (
        0,
        1,
        "note",
    )


def test_recordings_that_are_published_stay_when_their_sources_are_not_here(
    built: Catalog,
) -> None:
    before = built.public()
    for path in recordings(built):
        path.unlink()
    assert built.rebuilt().removed == ()
    assert built.public() == before


@pytest.mark.parametrize(
    ("replace", "code"),
    list(zip(ABSENT, ["ME050", "ME053", "ME053", "ME053"], strict=True)),
    ids=KINDS,
)
def test_a_recording_that_is_not_here_and_not_locked_is_an_error(
    built: Catalog, replace: Callable[[Path], None], code: str
) -> None:
    built.episode("ny", date="2025-07-01")
    replace(built.root / "media/samtal/ny.mp3")
    outcome = built.rebuilt()
    assert not outcome.ok
    assert [(one.code, one.file) for one in outcome.findings if one.severity == "error"] == [
        (code, "episodes/samtal/ny.md")
    ]


@pytest.mark.parametrize("artwork", ["samtal/omslag.png", "samtal/ett.vtt"])
def test_artwork_and_transcripts_must_be_here(built: Catalog, artwork: str) -> None:
    (built.root / "media" / artwork).unlink()
    outcome = built.rebuilt()
    assert [one.code for one in outcome.findings if one.severity == "error"] == ["ME050"]


def with_duration(catalog: Catalog, change: int) -> None:
    """The lock says another playing time of episode "ett" (3 s)."""
    path = catalog.root / "feedtool.lock"
    lines = promised(catalog).splitlines(keepends=True)
    path.write_text(
        "".join(
            line.replace('"duration_ms":3000', f'"duration_ms":{3000 + change}')
            if '"slug":"ett"' in line
            else line
            for line in lines
        ),
        encoding="utf-8",
    )


@pytest.mark.parametrize("change", [-600, 400, 999])
def test_the_locked_duration_stands_while_the_bytes_are_the_same(
    built: Catalog, change: int
) -> None:
    with_duration(built, change)
    said = promised(built)
    assert built.rebuilt().ok
    seconds = int((3000 + change) / 1000 + 0.5)
    feed = ElementTree.fromstring(built.read("samtal/feed.xml"))
    durations = [
        item.findtext("{http://www.itunes.com/dtds/podcast-1.0.dtd}duration")
        for item in feed.iter("item")
        if item.findtext("title") == "Ett & <två> åäö"
    ]
    assert durations == [str(seconds)]
    assert promised(built) == said


@pytest.mark.parametrize("change", [-2000, 5000])
def test_a_duration_far_from_the_locked_one_is_an_error(built: Catalog, change: int) -> None:
    with_duration(built, change)
    outcome = built.rebuilt()
    assert [one.code for one in outcome.findings if one.severity == "error"] == ["LK015"]


# --- what is in the output folder ------------------------------------------------------------


@pytest.mark.parametrize("path", [".git/config", ".well-known/apple-app-site-association", "CNAME"])
def test_what_belongs_to_the_host_survives(built: Catalog, path: str) -> None:
    built.write(f"public/{path}", "kept")
    built.episode("ny", date="2025-07-01")
    assert built.rebuilt().removed == ()
    assert built.read(path) == b"kept"


def test_stray_files_are_removed_and_named(built: Catalog) -> None:
    for path in ("robots.txt", "samtal/old.xml", "gone/deep/file.txt", "samtal/CNAME"):
        built.write(f"public/{path}", "stray")
    run = built.build()
    assert run.json["removed"] == [
        "public/gone/deep/file.txt",
        "public/robots.txt",
        "public/samtal/CNAME",
        "public/samtal/old.xml",
    ]
    assert not (built.root / "public/gone").exists()


def a_file_for_a_folder(public: Path) -> None:
    shutil.rmtree(public / "samtal")
    (public / "samtal").write_text("stray")


def a_folder_for_a_feed(public: Path) -> None:
    (public / "samtal/feed.xml").unlink()
    (public / "samtal/feed.xml/deep").mkdir(parents=True)
    (public / "samtal/feed.xml/deep/file").write_text("stray")


def a_dangling_link_for_a_folder(public: Path) -> None:
    shutil.rmtree(public / "moten")
    (public / "moten").symlink_to("nowhere")


@pytest.mark.parametrize(
    "spoil", [a_file_for_a_folder, a_folder_for_a_feed, a_dangling_link_for_a_folder]
)
def test_what_stands_in_the_way_of_the_output_is_replaced(
    built: Catalog, spoil: Callable[[Path], None]
) -> None:
    before = built.public()
    spoil(built.root / "public")
    assert built.rebuilt().ok
    assert built.public() == before


def test_media_may_be_kept_on_another_disk(built: Catalog, tmp_path: Path) -> None:
    before = built.public()
    public = built.root / "public"
    shutil.move(public / "media", tmp_path / "disk")
    (public / "media").symlink_to(tmp_path / "disk")
    assert built.rebuilt().ok
    assert (public / "media").is_symlink()
    assert built.public() | tree(tmp_path / "disk") == {
        path.removeprefix("media/") if path.startswith("media/") else path: data
        for path, data in before.items()
    }


def test_a_folder_of_somebody_else_is_refused(built: Catalog, tmp_path: Path) -> None:
    other = tmp_path / "home"
    other.mkdir()
    (other / "thesis.txt").write_text("the only copy")
    run = built.build("--output", str(other))
    assert (run.code, run.json["error"]["code"]) == (2, "output")
    assert tree(other) == {"thesis.txt": b"the only copy"}


@pytest.mark.parametrize("output", [".", "..", "media", "episodes/samtal", ".git/x"])
def test_the_catalog_itself_is_never_the_output(built: Catalog, output: str) -> None:
    before = tree(built.root)
    with pytest.raises(OutputError):
        built.rebuilt(output=built.root / output)
    assert tree(built.root) == before


def test_media_in_public_are_hard_links(built: Catalog) -> None:
    for name in ("samtal/ett.mp3", "samtal/omslag.png", "moten/fem.mp4"):
        here, there = (built.root / folder / name for folder in ("media", "public/media"))
        assert here.stat().st_ino == there.stat().st_ino


def test_media_elsewhere_are_copies(built: Catalog, tmp_path: Path) -> None:
    assert built.rebuilt(output=tmp_path / "site").ok
    for name in ("samtal/ett.mp3", "samtal/omslag.png", "moten/fem.mp4"):
        here, there = built.root / "media" / name, tmp_path / "site/media" / name
        assert here.read_bytes() == there.read_bytes()
        assert here.stat().st_ino != there.stat().st_ino


def test_copies_may_be_read_by_whom_feeds_may_be_read(built: Catalog, tmp_path: Path) -> None:
    (built.root / "media/samtal/ett.mp3").chmod(0o600)
    assert built.rebuilt(output=tmp_path / "site").ok
    feed, copy = tmp_path / "site/samtal/feed.xml", tmp_path / "site/media/samtal/ett.mp3"
    assert copy.stat().st_mode == feed.stat().st_mode


def test_pictures_and_files_that_the_notes_name_are_published(built: Catalog) -> None:
    notes = "![Karta](../../media/samtal/karta.png) [Plan](/media/plan%2D1.pdf?v=2#s3)\n"
    built.recording("samtal/karta.png", "wide.png")
    built.write("media/plan-1.pdf", b"%PDF")
    built.episode("karta", notes=notes, date="2025-08-01")
    assert built.rebuilt().ok
    public = built.public()
    assert public["media/samtal/karta.png"] == (MEDIA / "wide.png").read_bytes()
    assert public["media/plan-1.pdf"] == b"%PDF"
    built.recording("samtal/karta.png", "cover.png")
    assert built.rebuilt().ok
    assert built.public()["media/samtal/karta.png"] == (MEDIA / "cover.png").read_bytes()
    (built.root / "media/samtal/karta.png").unlink()
    outcome = built.rebuilt()
    assert [one.code for one in outcome.findings if one.file.endswith("karta.md")] == ["ME069"]
    assert "media/samtal/karta.png" not in built.public()


@pytest.mark.parametrize("git", ["", "modules/podd/", "modules/delar/modules/podd/"])
def test_recordings_of_git_annex_may_lie_beside_the_catalog(built: Catalog, git: str) -> None:
    kept = built.root.parent / ".git" / git / "annex/objects/x/ny.mp3"
    kept.parent.mkdir(parents=True)
    built.episode("ny", date="2025-07-01")
    here = built.root / "media/samtal/ny.mp3"
    here.rename(kept)
    here.symlink_to(kept)
    assert built.rebuilt().ok
    assert built.public()["media/samtal/ny.mp3"] == kept.read_bytes()


@pytest.mark.parametrize("stand_in", ABSENT[1:], ids=KINDS[1:])
def test_a_stand_in_is_never_published_for_a_text_or_a_picture(
    built: Catalog, stand_in: Callable[[Path], None]
) -> None:
    files = {
        "ny.txt": b"Hej", "kapitel.txt": b"00:00 Start", "omslag.png": b"", "karta.png": b"",
    }  # fmt: skip
    for name, content in files.items():
        built.write(f"media/samtal/{name}", content or (MEDIA / "cover.png").read_bytes())
    built.episode(
        "ny", date="2025-07-01", notes="![Karta](../../media/samtal/karta.png)\n",
        more="transcripts: [ny.txt]\nchapters: kapitel.txt\nimage: omslag.png\nimage_alt: A\n",
    )  # fmt: skip
    assert built.rebuilt().ok
    before = built.public()
    for name in files:
        stand_in(built.root / "media/samtal" / name)
    found = [one for one in built.rebuilt().findings if one.file.endswith("ny.md")]
    assert sorted((one.code, one.params.get("source")) for one in found) == [
        ("ME053", "samtal/kapitel.txt"), ("ME053", "samtal/ny.txt"),
        ("ME053", "samtal/omslag.png"), ("ME069", "samtal/karta.png"),
    ]  # fmt: skip
    for name, content in files.items():
        (built.root / "media/samtal" / name).unlink()
        built.write(f"media/samtal/{name}", content or (MEDIA / "cover.png").read_bytes())
    assert built.rebuilt().ok
    assert built.public() == before


def test_a_stand_in_is_not_published_for_a_recording_that_the_notes_name(built: Catalog) -> None:
    """In a checkout without large files it would go over the file itself at a target."""
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9\n"
    built.write("media/samtal/karta.pdf", pointer)
    built.write("media/samtal/ett.mp3", pointer)
    notes = "[Karta](/media/samtal/karta.pdf), [lyssna](/media/samtal/ett.mp3)\n"
    built.episode("karta", notes=notes, date="2025-05-01")
    outcome = built.rebuilt()
    found = [one for one in outcome.findings if one.file.endswith("karta.md")]
    assert [(one.code, one.params["source"]) for one in found] == [("ME069", "samtal/karta.pdf")]
    assert not {"media/samtal/karta.pdf", "media/samtal/ett.mp3"} & built.public().keys()


def test_what_the_notes_name_is_where_the_media_are(built: Catalog) -> None:
    built.recording("samtal/karta.png", "wide.png")
    built.episode(
        "karta",
        notes="![Karta](../../media/samtal/karta.png) [Plan](https://podd.example/media/p.pdf)\n",
        date="2025-08-01",
    )
    built.write("media/p.pdf", b"%PDF")
    assert built.rebuilt().ok
    text = (built.root / "feedtool.yaml").read_text()
    built.write("feedtool.yaml", text + "media_base_url: https://files.example/m/\n")
    assert built.rebuilt(allow=frozenset({("base-url", "media_base_url")})).ok
    public = built.public()
    assert not any(path.startswith("media/") for path in public)
    for path in ("samtal/feed.xml", "samtal/atom.xml", "samtal/feed.json"):
        text = public[path].decode()
        assert "https://files.example/m/samtal/karta.png" in text
        assert "https://files.example/m/p.pdf" in text
        assert "https://podd.example/media/" not in text
    page = public["samtal/karta/index.html"].decode()
    assert '<img src="https://files.example/m/samtal/karta.png" alt="Karta">' in page
    assert '<a href="https://files.example/m/p.pdf">' in page
    assert "img-src 'self' https:;" in page


def test_only_files_that_something_due_names_are_published(built: Catalog) -> None:
    published = {path for path in built.public() if path.startswith("media/")}
    assert published == {
        "media/elin.jpg",
        "media/moten/fem.mp4",
        "media/samtal/ett.mp3",
        "media/samtal/liten.mp3",
        "media/samtal/omslag.png",
        "media/samtal/tva.m4a",
    }


def test_media_that_are_published_elsewhere_are_left_out(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    text = (tmp_path / "feedtool.yaml").read_text(encoding="utf-8")
    catalog.write("feedtool.yaml", text + "media_base_url: https://cdn.example/m/\n")
    assert catalog.rebuilt().ok
    assert not any(path.startswith("media/") for path in catalog.public())
    assert b'url="https://cdn.example/m/samtal/ett.mp3"' in catalog.read("samtal/feed.xml")


def test_pages_of_removed_episodes_go(built: Catalog) -> None:
    (built.root / "episodes/samtal/ett.md").unlink()
    outcome = built.rebuilt(allow=frozenset({("gone", "samtal/ett")}))
    assert outcome.removed == (
        "media/samtal/ett.mp3",
        "media/samtal/liten.mp3",
        "samtal/ett/chapters.json",
        "samtal/ett/index.html",
        "samtal/ett/transcript.srt",
        "samtal/ett/transcript.vtt",
    )
    assert not (built.root / "public/samtal/ett").exists()


# --- other outputs, addresses and times ------------------------------------------------------


def test_another_output_leaves_lock_and_public_alone(built: Catalog, tmp_path: Path) -> None:
    built.episode("ny", date="2025-07-01")
    before = built.public(), promised(built)
    run = built.build("--output", str(tmp_path / "site"))
    assert (run.code, (built.public(), promised(built))) == (0, before)
    assert b"samtal/ny.mp3" in (tmp_path / "site/samtal/feed.xml").read_bytes()


def test_another_output_has_the_same_bytes(built: Catalog, tmp_path: Path) -> None:
    assert built.rebuilt(output=tmp_path / "site").ok
    assert tree(tmp_path / "site") == built.public()


def test_another_address_changes_urls_but_no_identity(built: Catalog) -> None:
    before, said = built.read("samtal/feed.xml"), promised(built)
    assert built.rebuilt(base_url="http://localhost:8000/").ok
    after = built.read("samtal/feed.xml")
    assert after == before.replace(b"https://podd.example/", b"http://localhost:8000/")
    assert promised(built) == said


def test_another_address_before_the_first_build_keeps_the_catalogs_guids(tmp_path: Path) -> None:
    """The guid of a series comes from its own address, not from a rehearsal's."""
    catalog = a_rich_catalog(tmp_path)
    assert catalog.rebuilt(base_url="http://localhost:8000/").ok
    rehearsed = catalog.read("samtal/feed.xml")
    assert catalog.rebuilt().ok
    assert rehearsed.replace(b"http://localhost:8000/", b"https://podd.example/") == catalog.read(
        "samtal/feed.xml"
    )


def test_drafts_need_another_output(built: Catalog) -> None:
    run = built.build("--drafts")
    assert (run.code, run.json["error"]["code"]) == (2, "usage")


@pytest.mark.parametrize("output", ["public", "episodes/../public/"])
def test_drafts_never_come_into_what_goes_out(built: Catalog, output: str) -> None:
    before = built.public()
    run = built.build("--drafts", "--output", output)
    assert (run.code, run.json["error"]["code"]) == (2, "usage")
    assert built.public() == before


def test_an_output_that_is_a_broken_link_is_told(tmp_path: Path) -> None:
    catalog = a_rich_catalog(tmp_path)
    (tmp_path / "public").symlink_to("nowhere")
    run = catalog.build()
    assert (run.code, run.json["error"]["code"]) == (5, "write")
    assert "leads nowhere" in run.json["error"]["message"]
    assert (tmp_path / "public").is_symlink()


def test_drafts_and_scheduled_episodes_are_shown_on_demand(built: Catalog, tmp_path: Path) -> None:
    said = promised(built)
    assert built.rebuilt(output=tmp_path / "look", drafts=True).ok
    feed = ElementTree.parse(tmp_path / "look/samtal/feed.xml")
    media = [
        (enclosure.get("url") or "").rpartition("/")[2] for enclosure in feed.iter("enclosure")
    ]
    assert media == ["tre.mp3", "fyra.mp3", "tva.m4a", "ett.mp3"]
    assert (tmp_path / "look/media/samtal/fyra.mp3").is_file()
    assert promised(built) == said


@pytest.mark.parametrize(
    ("head", "missing"),
    [
        ("", "date, media"),
        ("media: ett.mp3\n", "date"),
        ("date: 2025-05-01\n", "media"),
        ("date: 2025-05-01\nmedia: nej.mp3\n", "media/samtal/nej.mp3"),
        ("date: 2025-05-01\nmedia: ny.mp3\n", None),
    ],
)
def test_a_draft_that_cannot_be_shown_is_named(
    head: str, missing: str | None, tmp_path: Path
) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett")
    catalog.recording("samtal/ny.mp3", "vbr.mp3")
    catalog.write("episodes/samtal/ny.md", f"---\ntitle: Nytt\nstatus: draft\n{head}---\nHej.\n")
    for _ in range(2):  # the second has nothing to do, and says the same
        outcome = catalog.rebuilt(output=tmp_path / "look", drafts=True)
        said = [one.params["missing"] for one in outcome.findings if one.code == "EP090"]
        assert (outcome.ok, said) == (True, [missing] if missing else [])
    assert "EP090" not in [one.code for one in catalog.rebuilt().findings]


def test_drafts_and_scheduled_episodes_leave_nothing_in_public(built: Catalog) -> None:
    said = b"".join(built.public().values())
    assert [word for word in (b"fyra", b"tre.mp3") if word in said] == []


@pytest.mark.parametrize("prepared", [False, True], ids=["first", "later"])
def test_a_dry_run_writes_nothing_and_says_what_would_be(tmp_path: Path, prepared: bool) -> None:
    catalog = a_rich_catalog(tmp_path)
    if prepared:
        catalog.rebuilt()
        catalog.episode("ny", "chapters: ['00:00 Nytt']\n")
        catalog.write("public/stray.txt", "stray")
    before = tree(tmp_path), times(tmp_path)
    said = catalog.build("--dry-run").json
    assert (tree(tmp_path), times(tmp_path)) == before
    done = catalog.build().json
    assert {key: said[key] for key in ("series", "unchanged", "removed", "ok")} == {
        key: done[key] for key in ("series", "unchanged", "removed", "ok")
    }
    assert said["written"] == done["written"]


def test_a_locked_build_refuses_to_change_the_lock(built: Catalog) -> None:
    built.episode("ny", date="2025-07-01")
    before = built.public(), promised(built)
    run = built.build("--locked")
    assert (run.code, run.codes) == (1, ["SE021", "LK050"])
    assert run.finding("LK050")["params"] == {"change": "+ samtal/ny"}
    assert (built.public(), promised(built)) == before


def test_a_locked_build_works_when_the_lock_holds(built: Catalog) -> None:
    shutil.rmtree(built.root / "public")
    assert built.build("--locked").code == 0
    assert built.public()


def test_a_locked_build_is_not_answered_by_one_that_was_not(built: Catalog, tmp_path: Path) -> None:
    """A build into another folder keeps the lock as it is, so it may be out of date."""
    built.episode("ny", date="2025-07-01")
    assert built.rebuilt(output=tmp_path / "site").ok
    assert not built.rebuilt(output=tmp_path / "site", locked=True).ok


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_read_only_catalog_is_built_elsewhere(built: Catalog, tmp_path: Path) -> None:
    shutil.rmtree(built.root / "public")
    shutil.rmtree(built.root / STATE)
    folders = [built.root, *(path for path in built.root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        run = built.build("--output", str(tmp_path / "site"))
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert (run.code, run.err) == (0, "")
    assert not (built.root / STATE).exists()


# --- when the disk does not do what it should ------------------------------------------------


def test_a_full_disk_is_one_clear_message(built: Catalog) -> None:
    """A limit on the size of files stands for it: writing fails in the same way."""
    resource = pytest.importorskip("resource")
    built.episode("ny", notes="Mycket att läsa. " * 2_000)
    before = built.public(), promised(built)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-m", "feedtool", "--lang", "en", "build", "--now", NOW],
        cwd=built.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        preexec_fn=limited,
        check=False,
    )
    assert done.returncode == 5
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert (built.public(), promised(built)) == before
    assert not (built.root / "public/.tmp").exists()


@pytest.mark.parametrize(
    ("owner", "operation"),
    [(os, "replace"), (os, "rename"), (os, "mkdir"), (Path, "unlink")],
    ids=["replace", "rename", "mkdir", "unlink"],
)
def test_what_the_disk_refuses_can_be_run_again(
    built: Catalog, monkeypatch: pytest.MonkeyPatch, owner: object, operation: str
) -> None:
    built.episode("ny", date="2025-07-01", more="chapters: ['00:00 Nytt']\n")
    (built.root / "episodes/samtal/ett.md").unlink()
    allow = frozenset({("gone", "samtal/ett")})
    real = getattr(owner, operation)

    def refuse(*arguments: object, **options: object) -> object:
        path = Path(str(arguments[1 if operation in {"replace", "rename"} else 0]))
        if "public" in path.parts and path.name not in {".tmp", "media"}:
            raise PermissionError(13, "Permission denied", str(path))
        return real(*arguments, **options)

    with monkeypatch.context() as broken:
        broken.setattr(owner, operation, refuse)
        with pytest.raises(WriteError) as caught:
            built.rebuilt(allow=allow)
    assert "Permission denied" in str(caught.value)
    assert built.rebuilt(allow=allow).ok
    fresh = Catalog(built.root / "fresh")
    ignored = shutil.ignore_patterns("public", STATE, "fresh")
    shutil.copytree(built.root, fresh.root, ignore=ignored)
    assert fresh.rebuilt().ok
    assert (built.public(), promised(built)) == (fresh.public(), promised(fresh))


def test_a_lock_that_cannot_be_written_leaves_the_output_alone(built: Catalog) -> None:
    built.episode("ny", date="2025-07-01")
    (built.root / "feedtool.lock").unlink()
    (built.root / "feedtool.lock").mkdir()
    before = built.public()
    run = built.build()
    assert run.code != 0
    assert "Traceback" not in run.err
    assert built.public() == before


def test_a_state_that_is_no_folder_is_one_clear_message(built: Catalog) -> None:
    shutil.rmtree(built.root / STATE)
    (built.root / STATE).write_text("a file")
    run = built.build()
    assert (run.code, run.json["error"]["code"]) == (5, "write")


# --- JSON ------------------------------------------------------------------------------------

COMMON = {"version", "ok", "counts", "findings", "error"}
BUILD = COMMON | {"series", "written", "unchanged", "removed"}


def test_the_document_of_a_build_has_the_promised_keys(built: Catalog) -> None:
    document = built.build().json
    assert set(document) == BUILD
    assert set(document["series"][0]) == {"slug", "episodes", "feeds"}
    assert set(document["counts"]) == {"error", "warning", "note"}
    assert set(document["findings"][0]) == {
        "code", "severity", "file", "line", "column", "message", "why", "mend", "params", "fixable",
    }  # fmt: skip
    assert (document["version"], document["ok"], document["error"]) == (1, True, None)


def test_paths_in_the_document_are_relative_to_the_root(built: Catalog, tmp_path: Path) -> None:
    built.episode("ny", date="2025-07-01")
    built.write("public/samtal/stray.txt", "stray")
    document = built.build("--root", str(built.root)).json
    feeds = [feed for series in document["series"] for feed in series["feeds"]]
    for path in feeds + document["written"]:
        assert (built.root / path).is_file(), path
    assert document["removed"] == ["public/samtal/stray.txt"]
    assert [one["file"] for one in document["findings"]] == ["episodes/moten/series.yaml"]


def test_the_document_of_a_failed_build_says_that_nothing_was_done(built: Catalog) -> None:
    built.write("episodes/samtal/ny.md", "---\ntitle: x\n")
    run = built.build()
    document = run.json
    assert (run.code, set(document), document["ok"]) == (1, BUILD, False)
    assert (document["written"], document["removed"], document["series"]) == ([], [], [])
    assert document["counts"]["error"] == len(
        [one for one in document["findings"] if one["severity"] == "error"]
    )


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["--nonsense"], 2, "usage"),
        (["--now", "soon"], 2, "usage"),
        (["--allow", "everything"], 2, "usage"),
        (["--base-url", "ftp://x"], 2, "usage"),
        (["--output", "."], 2, "output"),
        (["--root", "media"], 3, "no-catalog"),
    ],
    ids=str,
)
def test_a_build_that_cannot_begin_gives_a_document_too(
    pattern: Catalog, arguments: list[str], code: int, kind: str
) -> None:
    run = pattern.build(*arguments, now=None)
    assert (run.code, run.json["error"]["code"], run.json["ok"]) == (code, kind, False)
    assert set(run.json) >= COMMON


# --- two at once -----------------------------------------------------------------------------


def test_two_builds_at_once_both_end_well(built: Catalog) -> None:
    for number in range(20):
        built.episode(f"ny-{number}", date=f"2025-07-{number + 1:02}")
    command = [sys.executable, "-m", "feedtool", "build", "--json", "--now", NOW]
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    running = [
        subprocess.Popen(
            command, cwd=built.root, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in running]
    assert ends == [(b"", 0)] * 3
    at_once = built.public(), promised(built)
    shutil.rmtree(built.root / "public")
    shutil.rmtree(built.root / STATE)
    assert built.rebuilt().ok
    assert at_once == (built.public(), promised(built))


# --- side by side ----------------------------------------------------------------------------


@pytest.fixture
def side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side_module, "LARGE", 0)
    monkeypatch.setattr(prepare, "LOT", 1)  # so that each process makes some


def from_nothing(catalog: Catalog) -> dict[str, bytes]:
    shutil.rmtree(catalog.root / STATE)
    shutil.rmtree(catalog.root / "public")
    (catalog.root / "feedtool.lock").unlink()
    assert catalog.rebuilt().ok
    return catalog.public() | {"lock": (catalog.root / "feedtool.lock").read_bytes()}


def test_two_processes_make_the_same_bytes_as_one(
    built: Catalog, request: pytest.FixtureRequest
) -> None:
    alone = from_nothing(built)
    request.getfixturevalue("side_by_side")
    assert from_nothing(built) == alone


@pytest.mark.usefixtures("side_by_side")
def test_two_processes_find_the_same_faults_as_one(built: Catalog) -> None:
    built.episode("nytt", more="titel: Fel\n", date="2025-07-01")
    built.episode("sju", more="chapters: ['01:00 Sent']\n", series="moten", date="2025-07-02")
    outcome = built.rebuilt()
    errors = [(one.code, one.file) for one in outcome.findings if one.severity == "error"]
    assert errors == [
        ("EP021", "episodes/moten/sju.md"),
        ("CF020", "episodes/samtal/nytt.md"),
    ]


@pytest.mark.usefixtures("side_by_side")
def test_a_fault_of_ours_in_another_process_stops_the_build(
    built: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built.public()
    built.episode("nytt", date="2025-07-01")

    def wrong(*arguments: object) -> None:
        raise ReadBackError("wrong", "report it")

    monkeypatch.setattr(prepare, "cut_feed", wrong)
    with pytest.raises(ReadBackError, match="wrong"):
        built.rebuilt()
    assert built.public() == before


@pytest.mark.usefixtures("side_by_side")
def test_a_process_that_the_system_ended_stops_the_build(
    built: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built.public()
    built.episode("nytt", date="2025-07-01")
    monkeypatch.setattr(workers, "prepare", lambda *arguments: os._exit(9))
    with pytest.raises(StoppedError):
        built.rebuilt()
    assert built.public() == before
