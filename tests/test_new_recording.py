"""The recording of an episode: found, known again, copied whole; whatever happens meanwhile."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen import File

from feedtool.errors import WriteError
from feedtool.lock import NO_LOCK
from feedtool.measure.titles import title_inside
from feedtool.scaffold import copies
from feedtool.scaffold.dropped import dropped_path
from feedtool.scaffold.episode import Made, make_episode

from .catalogs import CATALOG, MEDIA, Catalog, tree
from .interviews import FILE, STOCKHOLM, a_wish, an_interview, as_is, keys_of, new, written
from .terminal import converse
from .test_properties import bounded


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A catalog without series, in a folder beside the recordings of a producer."""
    made = Catalog(tmp_path / "podd")
    made.write("feedtool.yaml", CATALOG)
    return made


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """An interview with a title and two chapters inside."""
    return an_interview(tmp_path / FILE, chapters={1500: 'Läsning: "nu" # här', 0: "Inledning"})


# --- the recording --------------------------------------------------------------------------------


def test_the_same_recording_again_is_told_with_its_episode(
    catalog: Catalog, recording: Path
) -> None:
    new(catalog, recording, "--summary", "")
    before = tree(catalog.root)
    renamed = recording.rename(recording.with_name("annat namn.mp3"))
    run = new(catalog, renamed, "--title", "Annat", "--summary", "")
    assert run.code == 1
    assert '"nordviks-kommun/intervju-med-rektorn" has this recording' in run.err
    assert tree(catalog.root) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_among_the_episodes_does_not_keep_it_waiting(
    catalog: Catalog, recording: Path
) -> None:
    new(catalog, recording, "--summary", "")
    os.mkfifo(catalog.root / "episodes/nordviks-kommun/a.md")
    run = new(catalog, recording, "--title", "Annat", "--summary", "")
    assert '"nordviks-kommun/intervju-med-rektorn" has this recording' in run.err


def test_a_recording_that_lies_in_the_catalog_stays_where_it_is(catalog: Catalog) -> None:
    catalog.series()
    path = catalog.recording("samtal/Rektorn.mp3", "cbr.mp3")
    run = new(catalog, path, "--title", "Ett", "--summary", "", "--json")
    assert run.json["episodes"][0]["copied"] == []
    assert keys_of(written(catalog, "episodes/samtal/ett.md")).media == "Rektorn.mp3"


def test_a_recording_with_a_name_that_cannot_be_published_is_copied(catalog: Catalog) -> None:
    catalog.series()
    path = catalog.recording("samtal/Rektorn åk 3.mp3", "cbr.mp3")
    new(catalog, path, "--title", "Ett", "--summary", "")
    assert keys_of(written(catalog, "episodes/samtal/ett.md")).media == "ett.mp3"


def test_recordings_that_are_elsewhere_are_known_by_the_lock(catalog: Catalog) -> None:
    catalog.series()
    catalog.episode("ett")
    catalog.build()
    lock = (catalog.root / "feedtool.lock").read_text("utf-8")
    digest = hashlib.sha256((MEDIA / "cbr.mp3").read_bytes()).hexdigest()
    told = lock.replace('"type":"audio/mpeg"', f'"type":"audio/mpeg","sha256":"{digest}"')
    catalog.write("feedtool.lock", told)
    (catalog.root / "media/samtal/ett.mp3").unlink()
    run = new(catalog, MEDIA / "cbr.mp3", "--title", "Ett till", "--summary", "")
    assert (run.code, '"samtal/ett" has this recording' in run.err) == (1, True)


def test_the_recording_of_an_episode_that_was_removed_is_copied_under_a_free_name(
    catalog: Catalog, recording: Path
) -> None:
    catalog.series()
    told = ("--title", "Ett", "--summary", "", "--date", "2025-03-01 09:00")
    new(catalog, recording, *told)
    catalog.build()
    (catalog.root / "episodes/samtal/ett.md").unlink()
    catalog.build("--allow", "gone:samtal/ett")
    for copied in (["media/samtal/ett-2.mp3"], []):  # an interrupted run leaves the copy
        (made,) = new(catalog, recording, *told, "--json").json["episodes"]
        assert (made["media"], made["copied"]) == ("media/samtal/ett-2.mp3", copied)
        assert "LK025" not in catalog.run("check", "--json").codes
        (catalog.root / made["file"]).unlink()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.mp3", None, "ME001"),
        ("empty.mp3", b"", "ME003"),
        ("page.mp3", b"<html>not found</html>", "ME005"),
        ("half.mp3", (MEDIA / "cbr.mp3").read_bytes()[:9000], "ME010"),
    ],
)
def test_what_is_no_whole_recording_is_refused(
    catalog: Catalog, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    run = new(catalog, tmp_path / name, "--title", "Ett", "--summary", "", "--json")
    assert (run.code, run.codes) == (1, [code])
    assert set(tree(catalog.root)) == {"feedtool.yaml"}


@pytest.mark.parametrize("name", ["vorbis.ogg", "opus.opus", "ffmpeg.flac", "sound.m4a"])
@pytest.mark.parametrize("key", ["title", "TITLE", "Title"])
def test_the_title_inside_is_read_in_every_format(tmp_path: Path, name: str, key: str) -> None:
    path = tmp_path / name
    shutil.copyfile(MEDIA / name, path)
    file: Any = File(path)
    file["\xa9nam" if name.endswith(".m4a") else key] = ["Räksmörgås  på\nskolan"]
    file.save()
    assert title_inside(path) == "Räksmörgås på skolan"


def test_a_recording_that_directories_refuse_is_made_with_a_warning(catalog: Catalog) -> None:
    run = new(catalog, MEDIA / "pcm.wav", "--title", "Ett", "--summary", "", "--json")
    assert (run.code, run.codes) == (0, ["EP023"])
    told = run.finding("EP023")
    assert told["severity"] == "warning"
    assert "export the recording as MP3 and write the name of that file at  media:" in told["mend"]
    assert new(catalog, MEDIA / "cbr.mp3", "--title", "Två", "--summary", "", "--json").codes == []


@pytest.mark.parametrize(
    ("inside", "proposed"),
    [(["anteckningar.txt", "Del 1.MP3", "del 2.mp3"], "Del 1.MP3"), ([], "recording.mp3")],
    ids=["with recordings", "empty"],
)
def test_a_folder_is_no_recording_but_may_hold_some(
    catalog: Catalog, tmp_path: Path, inside: list[str], proposed: str
) -> None:
    folder = tmp_path / "inspelningar"
    folder.mkdir()
    for name in inside:
        shutil.copyfile(MEDIA / "cbr.mp3", folder / name)
    run = new(catalog, folder, "--title", "Ett")
    assert run.code == 2
    assert f"{folder} is a folder" in run.err
    assert f"feedtool new {shlex.quote(str(folder / proposed))}" in run.err


def test_several_recordings_make_several_episodes(catalog: Catalog, tmp_path: Path) -> None:
    files = [an_interview(tmp_path / f"{number}.mp3", f"Del {number}") for number in range(3)]
    run = new(catalog, *files, "--summary", "", "--json")
    names = [made["episode"] for made in run.json["episodes"]]
    assert names == [f"nordviks-kommun/del-{number}" for number in range(3)]
    refused = new(catalog, *files, "--title", "Ett")
    assert (refused.code, "--title" in refused.err) == (2, True)


def test_one_of_several_that_has_no_title_is_named_with_what_to_do(
    catalog: Catalog, tmp_path: Path, recording: Path
) -> None:
    silent = tmp_path / "del två.mp3"
    shutil.copyfile(MEDIA / "cbr.mp3", silent)
    run = new(catalog, silent, recording, "--summary", "")
    assert run.code == 2
    assert "del två.mp3 has no title inside, and --title cannot be the same" in run.err
    assert f"feedtool new '{silent}' --title" in run.err
    assert "--title is missing" in new(catalog, silent, "--summary", "").err


def test_the_summaries_of_several_are_left_for_later(catalog: Catalog, tmp_path: Path) -> None:
    files = [an_interview(tmp_path / f"{number}.mp3", f"Del {number}") for number in range(2)]
    run = new(catalog, *files)
    assert (run.code, 'add  --summary ""' in run.err) == (2, True)
    assert set(tree(catalog.root)) == {"feedtool.yaml"}


@pytest.mark.parametrize(
    ("date", "times"),
    [
        ("now", ["2026-11-23 08:00", "2026-11-23 08:01", "2026-11-23 08:02"]),
        (
            "2026-10-25 02:59 +02:00",  # the clocks are put back
            ["2026-10-25 02:59 +02:00", "2026-10-25 02:00 +01:00", "2026-10-25 02:01 +01:00"],
        ),
    ],
)
def test_episodes_of_one_call_are_a_minute_apart(
    catalog: Catalog, tmp_path: Path, date: str, times: list[str]
) -> None:
    files = [an_interview(tmp_path / f"{number}.mp3", f"Del {number}") for number in range(3)]
    run = new(catalog, *files, "--summary", "", "--date", date, "--json")
    texts = [written(catalog, made["file"]) for made in run.json["episodes"]]
    assert [re.findall("^date: (.*)$", text, re.MULTILINE) for text in texts] == [
        [time] for time in times
    ]
    assert "EP032" not in catalog.run("check", "--json").codes


@pytest.mark.parametrize(
    ("there", "time"),
    [
        ("date: 2026-11-23 08:00", "2026-11-23 08:02"),
        ("date: 2026-11-23T01:01-06:00", "2026-11-23 08:00"),
        ("date: 2026-11-22T22:00:00-09:00", "2026-11-23 08:02"),
        ("date: 2026-11-23 08:00\nstatus: draft", "2026-11-23 08:00"),
        ("date: 2026-11-23 08:0", "2026-11-23 08:00"),
        ("datum: [", "2026-11-23 08:00"),
    ],
    ids=["taken", "free", "another offset", "draft", "no date", "cannot be read"],
)
def test_an_episode_is_a_minute_apart_from_those_of_its_series(
    catalog: Catalog, recording: Path, there: str, time: str
) -> None:
    for series in ("samtal", "prat"):
        catalog.series(series)
    catalog.write("episodes/samtal/ett.md", f"---\ntitle: Ett\nguid: a\n{there}\n---\n")
    catalog.episode("tva", date="2026-11-23 08:01")
    catalog.episode("tre", date="2026-11-23 08:00", series="prat")
    run = new(catalog, recording, "--summary", "", "--series", "samtal", "--json")
    assert f"\ndate: {time}\n" in written(catalog, run.json["episodes"][0]["file"])


def test_what_was_made_before_an_error_is_told(catalog: Catalog, recording: Path) -> None:
    run = new(catalog, recording, recording, "--summary", "", "--json")
    assert (run.code, run.json["error"]["code"]) == (1, "failed")
    assert len(run.json["episodes"]) == 1


# --- paths from a file manager --------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "{path}",
        " {path} ",
        "'{path}'",
        '"{path}"',
        "{escaped}",
        "file://{quoted}",
        "file://localhost{quoted}",
        "& '{path}'",
    ],
)
@pytest.mark.parametrize("decomposed", [False, True])
@pytest.mark.parametrize("name", ["Åsas intervju (2).mp3", "it's 100 % klart.mp3"])
def test_a_file_that_is_dropped_into_the_window_is_found(
    tmp_path: Path, typed: str, decomposed: bool, name: str
) -> None:
    from shlex import quote as shell
    from urllib.parse import quote

    real = tmp_path / "Inspelningar åäö" / unicodedata.normalize("NFC", name)
    real.parent.mkdir()
    real.write_bytes(b"")
    path = unicodedata.normalize("NFD" if decomposed else "NFC", str(real))
    escaped = "".join(f"\\{sign}" if sign in " ()'%" else sign for sign in path)
    text = typed.format(path=path, escaped=escaped, quoted=quote(path))
    if typed == "'{path}'":
        text = shell(path)  # it's becomes 'it'"'"'s' in Python's way, 'it'\\''s' in others'
        text = text.replace("'\"'\"'", "'\\''")
    assert dropped_path(text).samefile(real)


def test_a_file_in_the_spelling_of_macos_below_a_folder_in_another(tmp_path: Path) -> None:
    folder = tmp_path / unicodedata.normalize("NFC", "åäö")
    folder.mkdir()
    real = folder / unicodedata.normalize("NFD", "möte.mp3")
    real.write_bytes(b"")
    assert dropped_path(str(folder / "möte.mp3")).samefile(real)


@given(st.text() | st.sampled_from(["~nobody/x", "file://[", "'", "\\", "file:", "\0", "& "]))
@bounded(300)
def test_whatever_is_typed_is_a_path_or_none(text: str) -> None:
    assert isinstance(dropped_path(text), Path)


def test_the_recording_itself_can_be_asked_for(catalog: Catalog, recording: Path) -> None:
    session = converse(
        catalog.root,
        ["new", "--summary", "", "--date", "now", "--title", "Ett", "--transcript", ""],
        [("Recording: ", f"'{recording}'")],
    )
    assert session.code == 0, session.shown


# --- whatever happens meanwhile -------------------------------------------------------------------


class CutError(BaseException):
    """The machine stops here."""


def cutting(step: int, call: Any) -> Any:
    """The call, which stops the machine the `step`th time."""
    left = [step]

    def cut(*arguments: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise CutError
        return call(*arguments)

    return cut


@pytest.mark.parametrize("call", ["link", "fsync"])
@pytest.mark.parametrize("step", range(3))
def test_interrupted_anywhere_nothing_is_half_and_the_next_run_ends_it(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, call: str
) -> None:
    catalog.series()
    words = tmp_path / "a.vtt"
    words.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n", "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(os, call, cutting(step, getattr(os, call)))
        with pytest.raises(CutError):
            make(catalog, transcript=words)
    media = catalog.root / "media/samtal"
    there = "ett.mp3" if (media / "ett.mp3").exists() else None
    assert not (catalog.root / "episodes/samtal/ett.md").exists()
    assert make(catalog, transcript=words, there=there).name == "samtal/ett"
    assert sorted(path.name for path in media.iterdir()) == ["ett.mp3", "ett.vtt"]
    assert (media / "ett.mp3").read_bytes() == (MEDIA / "cbr.mp3").read_bytes()


def make(catalog: Catalog, **parts: Any) -> Made:
    return make_episode(
        catalog.root, a_wish(**parts), STOCKHOLM, NO_LOCK, as_is, lambda done, total: None
    )


def test_killed_after_the_copy_it_goes_on_with_what_is_there(
    catalog: Catalog, recording: Path
) -> None:
    catalog.series()
    shutil.copyfile(recording, catalog.recording("samtal/intervju-med-rektorn.mp3", "cbr.mp3"))
    catalog.write("media/samtal/.intervju-med-rektorn.mp3.half", b"half")
    run = new(catalog, recording, "--summary", "", "--json")
    assert run.json["episodes"][0]["copied"] == []
    assert run.json["episodes"][0]["media"] == "media/samtal/intervju-med-rektorn.mp3"


def test_a_full_disk_is_told_and_leaves_nothing(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError) as told:
        make(catalog)
    assert told.value.exit_code == 5
    assert set(tree(catalog.root)) == {"feedtool.yaml"}


@pytest.mark.parametrize("option", ["FILE", "--transcript"])
def test_a_text_that_is_no_name_of_a_file_is_told(
    catalog: Catalog, recording: Path, option: str
) -> None:
    pasted = "Hej och välkomna! " * 30
    files = [pasted] if option == "FILE" else [str(recording), "--transcript", pasted]
    run = new(catalog, *files, "--title", "Ett", "--summary", "", "--date", "now")
    assert run.code in {1, 2}
    assert "Traceback" not in run.err


@pytest.mark.parametrize("name", ["episodes", "media", "episodes/nordviks-kommun/series.yaml"])
def test_a_link_that_leads_nowhere_is_told(catalog: Catalog, recording: Path, name: str) -> None:
    place = catalog.root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        place.rmdir()
    place.symlink_to("nowhere")
    run = new(catalog, recording, "--title", "Ett", "--summary", "", "--date", "now")
    assert run.code in {1, 5}
    assert run.err.count("error  ") == 1
    assert "Traceback" not in run.err


def test_ctrl_c_at_a_question_leaves_nothing(catalog: Catalog, recording: Path) -> None:
    session = converse(
        catalog.root, ["new", str(recording)], [("Title", "")], interrupt_at="summary"
    )
    assert session.code == 130
    assert set(tree(catalog.root)) == {"feedtool.yaml"}


def test_a_large_copy_tells_how_far_it_is(tmp_path: Path) -> None:
    source = tmp_path / "a"
    source.write_bytes(bytes(20_000_000))
    steps: list[tuple[int, int]] = []
    copies.copy_in(source, tmp_path / "b", lambda done, total: steps.append((done, total)))
    assert len(steps) > 2
    assert steps[-1] == (20_000_000, 20_000_000)
    assert (tmp_path / "b").read_bytes() == source.read_bytes()
