"""`check --fix` changes no promise, takes no name that is not free, and may be interrupted."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from feedtool.errors import WriteError
from feedtool.mend import Edited, Plan, carry_out

from .case_files import cases, found_in
from .mending import before_and_after, mend, spaced_catalog, tree_of

HEADER = '{"lock":1,"base_url":"https://podd.example/","media_base_url":""}\n'
LINE = (
    '{"guid":"%s","series":"samtal","slug":"%s","date":"%s","media":"samtal/%s",'
    '"bytes":24449,"duration_ms":3000,"type":"audio/mpeg"}\n'
)
OWN, BEFORE = "0b8f6f0e-6f2f-4c8e-9d0a-3f5d6f0f7a10", "2025-03-01T09:00:00+01:00"


@pytest.fixture
def spaced(tmp_path: Path) -> Path:
    return spaced_catalog(tmp_path / "spaced")


def test_a_name_with_spaces_is_mended_in_both_places(spaced: Path) -> None:
    (done,) = mend(spaced).done
    assert (done.code, done.line) == ("CF033", 5)
    assert done.change == "media/samtal/Vatten på burk.mp3 → media/samtal/vatten-pa-burk.mp3"
    assert "media: vatten-pa-burk.mp3\n" in (spaced / "episodes/samtal/ett.md").read_text()
    assert (spaced / "media/samtal/vatten-pa-burk.mp3").exists()
    assert not (spaced / "media/samtal/Vatten på burk.mp3").exists()
    assert found_in(spaced) == []


def test_a_name_of_apple_s_file_system_is_the_same_name(spaced: Path) -> None:
    media = spaced / "media/samtal"
    apple = unicodedata.normalize("NFD", "Vatten på burk.mp3")
    (media / "Vatten på burk.mp3").rename(media / apple)
    assert mend(spaced).done
    assert [path.name for path in sorted(media.glob("*.mp3"))] == ["vatten-pa-burk.mp3"]


@pytest.mark.parametrize(
    "taken",
    [
        pytest.param(LINE % (OWN, "ett", BEFORE, "vatten-pa-burk.mp3"), id="the new name"),
        pytest.param(LINE % (OWN, "ett", BEFORE, "Vatten på burk.mp3"), id="the old name"),
        pytest.param(
            LINE % (OWN, "ett", "2027-03-01T09:00:00+01:00", "Vatten på burk.mp3"), id="not yet"
        ),
        pytest.param(LINE.replace("%s", "annat", 2) % (BEFORE, "vatten-pa-burk.mp3"), id="other"),
        pytest.param("what is this?\n", id="nobody knows"),
    ],
)
def test_what_the_lock_promises_is_not_renamed(spaced: Path, taken: str) -> None:
    (spaced / "feedtool.lock").write_text(HEADER + taken)
    before = tree_of(spaced)
    assert not mend(spaced).done
    assert tree_of(spaced) == before


def test_a_name_that_another_file_has_is_not_taken(spaced: Path) -> None:
    (spaced / "media/samtal/VATTEN-pa-burk.mp3").write_bytes(b"another")
    assert not mend(spaced).done


def test_a_name_that_another_episode_waits_for_is_not_taken(spaced: Path) -> None:
    draft = "---\ntitle: Burken\nmedia: vatten-pa-burk.mp3\nstatus: draft\n---\n"
    (spaced / "episodes/samtal/burken.md").write_text(draft)
    assert not mend(spaced).done


def test_two_files_do_not_get_one_name(spaced: Path) -> None:
    media = spaced / "media/samtal"
    (media / "Vatten pä burk.vtt").write_bytes((media / "ett.vtt").read_bytes())
    (media / "Vatten på burk.vtt").write_bytes((media / "ett.vtt").read_bytes())
    episode = spaced / "episodes/samtal/ett.md"
    names = "[Vatten pä burk.vtt, {file: Vatten på burk.vtt, language: en}]"
    episode.write_text(episode.read_text().replace("[ett.vtt]", names))
    assert [one.code for one in mend(spaced).done] == ["CF033"]  # the recording
    assert (media / "Vatten pä burk.vtt").exists()
    assert names in episode.read_text()


def test_a_file_that_is_not_there_leaves_the_line(spaced: Path) -> None:
    (spaced / "media/samtal/Vatten på burk.mp3").unlink()
    assert not mend(spaced).done


def test_notes_of_another_episode_get_the_better_name(spaced: Path) -> None:
    other = spaced / "episodes/samtal/tva.md"
    notes = "[vattnet](../../media/samtal/Vatten%20p%C3%A5%20burk.mp3)\n"
    keys = "title: Burken\ndate: 2025-04-01\nguid: burken\nmedia: tva.mp3\nstatus: draft\n"
    other.write_text(f"---\n{keys}summary: Om en burk.\n---\n{notes}")
    mend(spaced)
    assert other.read_text().endswith("[vattnet](../../media/samtal/vatten-pa-burk.mp3)\n")
    assert (spaced / "media/samtal/vatten-pa-burk.mp3").exists()


def test_a_file_that_notes_name_in_a_way_nobody_knows_keeps_its_name(spaced: Path) -> None:
    episode = spaced / "episodes/samtal/ett.md"
    with episode.open("a") as stream:
        stream.write("[v](../../media/samtal/Vatten%20p&#229;%20burk.mp3)\n")
    before = tree_of(spaced)
    assert not mend(spaced).done
    assert tree_of(spaced) == before


def test_a_published_episode_keeps_its_promises(tmp_path: Path) -> None:
    """Whatever is mended, the lock still agrees."""
    for number, path in enumerate(cases("mend")):
        root = before_and_after(path, tmp_path / str(number))[0]
        if (root / "feedtool.lock").exists():
            continue
        media = root / "media/samtal/ett.mp3"
        line = LINE % (OWN, "ett", BEFORE, "ett.mp3")
        if media.exists():
            line = line.replace("24449", str(media.stat().st_size))
        (root / "feedtool.lock").write_text(HEADER + line)
        mend(root)
        lock = [one for one in found_in(root) if "LK" in one]
        assert lock == [], path


# --- interrupted ---------------------------------------------------------------------------------


class Killed(BaseException):
    pass


@pytest.mark.parametrize("call", ["write", "copymode", "replace"])
def test_killed_between_file_and_line_the_next_run_ends_it(
    spaced: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object, **more: object) -> None:
        raise Killed

    name = {"write": "_write", "copymode": "shutil.copymode", "replace": "Path.replace"}[call]
    with monkeypatch.context() as patch:
        patch.setattr(f"feedtool.mend.write.{name}", killed)
        with pytest.raises(Killed):
            mend(spaced)
    assert "media: Vatten på burk.mp3\n" in (spaced / "episodes/samtal/ett.md").read_text()
    assert (spaced / "media/samtal/vatten-pa-burk.mp3").exists()
    assert not list((spaced / "episodes/samtal").glob(".*"))
    assert [one.change for one in mend(spaced).done] == ["Vatten på burk.mp3 → vatten-pa-burk.mp3"]
    assert found_in(spaced) == []


def test_a_line_that_cannot_be_written_leaves_the_name(
    spaced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device", "ett.md")

    before = tree_of(spaced)
    monkeypatch.setattr("feedtool.mend.write.os.fsync", full)
    with pytest.raises(WriteError):
        mend(spaced)
    assert tree_of(spaced) == before


def test_a_file_that_is_written_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "ett.md"
    path.write_text("new\n")
    carry_out(tmp_path, Plan(edited=(Edited("ett.md", b"old\n", b"mended\n"),)))
    assert path.read_text() == "new\n"


def test_the_permissions_of_a_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "ett.md"
    path.write_text("old\n")
    path.chmod(0o640)
    carry_out(tmp_path, Plan(edited=(Edited("ett.md", b"old\n", b"mended\n"),)))
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("mended\n", 0o640)
