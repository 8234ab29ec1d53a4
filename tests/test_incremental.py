"""Incremental equals cold: whatever was built before, the output is that of a first build."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedtool import load, whole, workers
from feedtool import prepare as prepare_module
from feedtool.kept import STATE
from feedtool.load import WrittenEpisode
from feedtool.order import Outcome
from feedtool.prepare import Lot, Prepared, Task

from .catalogs import CATALOG, MEDIA, Catalog, a_catalog

EXAMPLES = 300 if os.environ.get("FEEDTOOL_FUZZ") == "long" else 25
SERIES = ("samtal", "moten")
SLUGS = ("ett", "tva", "tre")
RECORDINGS = ("cbr.mp3", "vbr.mp3", "sound.m4a", "cbr-48k.mp3")
TIMES = ("2024-06-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00", "2027-06-01T00:00:00+00:00")

POINTER = "version https://git-lfs.github.com/spec/v1\n"

Edit = Callable[[Catalog], None]

names = st.tuples(st.sampled_from(SERIES), st.sampled_from(SLUGS))


def dated(number: int, year: int) -> str:
    return f"{year}-0{number + 1}-01 09:00"


@st.composite
def an_episode(draw: st.DrawFn) -> Edit:
    """A new or another episode, with or without chapters, transcript and picture."""
    series, slug = draw(names)
    year = draw(st.sampled_from([2024, 2025, 2027]))
    fixture = draw(st.sampled_from(RECORDINGS))
    title = draw(st.sampled_from(["Ett samtal", "Å & Ö", "<b>"]))
    extras = [
        ("chapters: ['00:00 Inledning']\n", ""),
        ("transcripts: [text.vtt]\n", ""),
        ("image: bild.png\n", ""),
        ("status: draft\n", ""),
        ("alternates: [{file: liten.mp3}]\n", ""),
        ("podcast: [{tag: image, href: bild.png, alt: Bild}]\n", ""),
    ]
    more = "".join(draw(st.sampled_from(pair)) for pair in extras)
    media = f"{slug}.{fixture.rpartition('.')[2]}"

    def edit(catalog: Catalog) -> None:
        date = dated(SLUGS.index(slug), year)
        if (catalog.root / "episodes" / series).is_dir():
            catalog.episode(
                slug, more, series=series, title=title, date=date, media=media, fixture=fixture
            )

    return edit


@st.composite
def a_removed_file(draw: st.DrawFn) -> Edit:
    series, slug = draw(names)
    path = draw(
        st.sampled_from(
            [
                f"episodes/{series}/{slug}.md",
                f"media/{series}/{slug}.mp3",
                f"episodes/{series}",
                f"public/{series}/feed.xml",
                f"public/{series}/{slug}",
                f"public/media/{series}/{slug}.mp3",
                "public",
                "public/feeds.opml",
                STATE,
            ]
        )
    )

    def edit(catalog: Catalog) -> None:
        target = catalog.root / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)

    return edit


@st.composite
def a_written_file(draw: st.DrawFn) -> Edit:
    series = draw(st.sampled_from(SERIES))
    word = draw(st.sampled_from(["Hej", "Hoj", "Adjö"]))
    path, text = draw(
        st.sampled_from(
            [
                (
                    f"episodes/{series}/series.yaml",
                    f"title: {word}\ndescription: x\ncategories: [Government]\n",
                ),
                (
                    f"episodes/{series}/series.yaml",
                    f"title: {series}\ndescription: x\ncategories: [Government]\n"
                    f"podcast: [{{tag: txt, text: {word}}}, {{tag: image, href: bild.png}}]\n",
                ),
                (
                    "feedtool.yaml",
                    f"{CATALOG}podcast: [{{tag: txt, text: {word}}}, {{tag: chat, protocol: irc,"
                    " server: a.example}, {tag: image, href: samtal/bild.png}]\n",
                ),
                (f"media/{series}/text.vtt", f"WEBVTT\n\n00:00.000 --> 00:01.000\n{word}\n"),
                (f"public/{series}/feed.xml", word),
                (f"public/{series}/stray/{word}.txt", word),
                (f"media/{series}/tva.mp3", POINTER),
            ]
        )
    )

    def edit(catalog: Catalog) -> None:
        target = catalog.root / path
        if target.parent.is_dir() or path.startswith("public"):
            target.unlink(missing_ok=True)
            catalog.write(path, text)

    return edit


@st.composite
def a_renamed_episode(draw: st.DrawFn) -> Edit:
    series, slug = draw(names)
    other = draw(st.sampled_from([*SLUGS, "fyra"]))

    def edit(catalog: Catalog) -> None:
        file = catalog.root / "episodes" / series / f"{slug}.md"
        if file.exists():
            file.replace(file.with_stem(other))

    return edit


@st.composite
def a_replaced_picture(draw: st.DrawFn) -> Edit:
    series = draw(st.sampled_from(SERIES))
    fixture = draw(st.sampled_from(["grey.png", "alpha.png"]))

    def edit(catalog: Catalog) -> None:
        shutil.copyfile(MEDIA / fixture, catalog.root / "media" / series / "bild.png")

    return edit


edits = st.one_of(
    an_episode(),
    an_episode(),
    a_removed_file(),
    a_written_file(),
    a_replaced_picture(),
    a_renamed_episode(),
)


def begin(root: Path) -> Catalog:
    catalog = a_catalog(root)
    for series in SERIES:
        catalog.series(series, f"title: {series}\ndescription: x\ncategories: [Government]\n")
        catalog.write(f"media/{series}/text.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n")
        catalog.recording(f"{series}/bild.png", "grey.png")
        catalog.recording(f"{series}/liten.mp3", "cbr-48k.mp3")
        for number, slug in enumerate(SLUGS):
            catalog.episode(slug, series=series, date=dated(number, 2025))
    return catalog


EVERYTHING = frozenset(
    (fact, name) for fact in ("date", "slug", "media", "gone", "guid") for name in SERIES
)


def outcome_of(catalog: Catalog, now: str) -> tuple[object, ...]:
    outcome = catalog.rebuilt(now=now, allow=EVERYTHING)
    findings = [one for one in outcome.findings if one.code != "LK030"]
    lock = catalog.root / "feedtool.lock"
    return outcome.ok, findings, outcome.series, lock.read_bytes() if lock.exists() else b""


@settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == 25,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(edits, st.sampled_from(TIMES)), min_size=1, max_size=6))
def test_incremental_equals_cold(steps: list[tuple[Edit, str]]) -> None:
    with TemporaryDirectory() as folder:
        warm = begin(Path(folder) / "warm")
        warm.rebuilt()
        for number, (edit, now) in enumerate(steps):
            edit(warm)
            cold = Catalog(Path(folder) / str(number))
            shutil.copytree(warm.root, cold.root, ignore=shutil.ignore_patterns("public", STATE))
            found = outcome_of(warm, now)
            assert found == outcome_of(cold, now)
            if found[0]:
                assert without_absent(warm) == without_absent(cold)
                assert warm.rebuilt(now=now).written == ()


def without_absent(catalog: Catalog) -> dict[str, bytes]:
    """What was built. A recording that is not here any more stays where it was published."""
    return {
        path: data
        for path, data in catalog.public().items()
        if not path.startswith("media/") or is_here(catalog.root / path)
    }


def is_here(path: Path) -> bool:
    return path.is_file() and not path.read_bytes().startswith(POINTER.encode())


def test_a_lost_lock_excuses_no_recording_any_more(tmp_path: Path) -> None:
    built = begin(tmp_path)
    built.rebuilt()
    edited(built, EPISODE, "title:", "status: draft\ntitle:")
    allow = frozenset({("gone", "samtal/tva")})
    assert built.rebuilt(allow=allow).ok
    (built.root / "media/samtal/tva.mp3").unlink()
    assert "ME052" in {one.code for one in built.rebuilt().findings}
    (built.root / "feedtool.lock").unlink()
    assert "ME052" not in {one.code for one in built.rebuilt().findings}


# --- recordings that notes name and that are not here -----------------------------------------


def codes(outcome: Outcome) -> list[str]:
    return sorted({"ME052", "ME069"} & {one.code for one in outcome.findings})


def codes_when_cold(catalog: Catalog) -> list[str]:
    """What a build from nothing says."""
    cold = Catalog(catalog.root.with_name("cold"))
    shutil.copytree(catalog.root, cold.root, ignore=shutil.ignore_patterns("public", STATE))
    found = codes(cold.rebuilt())
    shutil.rmtree(cold.root)
    return found


@pytest.fixture
def naming(tmp_path: Path) -> Catalog:
    """A catalog in which the notes of an episode name two recordings of another series."""
    catalog = begin(tmp_path / "warm")
    catalog.episode(
        "tva", date=dated(1, 2025),
        notes="Om ett samtal: [ett](../../media/moten/ett.mp3) [fyra](../../media/moten/fyra.mp3)",
    )  # fmt: skip
    return catalog


def test_a_promised_recording_that_is_not_here_is_no_fault_of_notes(naming: Catalog) -> None:
    naming.episode("fyra", series="moten", date="2025-04-01")
    assert codes(naming.rebuilt()) == []
    (naming.root / "media/moten/ett.mp3").unlink()
    assert codes(naming.rebuilt()) == codes_when_cold(naming) == ["ME052"]
    edited(naming, EPISODE, "Om ett samtal", "Om två samtal")
    assert codes(naming.rebuilt()) == codes_when_cold(naming) == ["ME052"]
    edited(naming, EPISODE, "fyra.mp3", "fem.mp3")
    assert codes(naming.rebuilt()) == codes_when_cold(naming) == ["ME052", "ME069"]
    edited(naming, EPISODE, "Om två samtal", "Om tre samtal")
    assert codes(naming.rebuilt()) == codes_when_cold(naming) == ["ME052", "ME069"]


def test_a_recording_that_another_checkout_promised_is_no_fault_of_notes(naming: Catalog) -> None:
    assert codes(naming.rebuilt()) == ["ME069"]
    other = Catalog(naming.root.with_name("other"))
    shutil.copytree(naming.root, other.root)
    other.episode("fyra", series="moten", date="2025-04-01")
    assert other.rebuilt().ok
    for file in ("feedtool.lock", "episodes/moten/fyra.md"):
        shutil.copy(other.root / file, naming.root / file)
    assert codes(naming.rebuilt()) == codes_when_cold(naming) == ["ME052"]


def test_a_recording_that_nobody_promises_any_more_is_a_fault_of_notes(naming: Catalog) -> None:
    naming.episode("fyra", series="moten", date="2027-04-01")
    assert codes(naming.rebuilt()) == []
    (naming.root / "episodes/moten/fyra.md").unlink()
    (naming.root / "media/moten/fyra.mp3").unlink()
    assert codes_when_cold(naming) == codes(naming.rebuilt()) == ["ME069"]
    assert codes_when_cold(naming) == codes(naming.rebuilt()) == ["ME069"]


def test_a_rendition_of_another_episode_is_no_fault_of_notes(naming: Catalog) -> None:
    more = "alternates: [{file: fyra.mp3}]\n"
    naming.recording("moten/fyra.mp3", "cbr-48k.mp3")
    naming.episode("ett", more, series="moten", date=dated(0, 2025))
    assert codes(naming.rebuilt()) == []
    (naming.root / "media/moten/fyra.mp3").unlink()
    assert codes(naming.rebuilt()) == codes_when_cold(naming) == ["ME052"]


# --- only what changed is made again ---------------------------------------------------------


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The episodes that are prepared from now on."""
    names: list[str] = []

    def prepare(task: Task, lot: Lot, *others: Any) -> Prepared:
        names.extend(f"{lot.series.folder.slug}/{stem}" for stem in lot.stems)
        return original(task, lot, *others)

    original = prepare_module.prepare
    monkeypatch.setattr(workers, "prepare", prepare)
    return names


def edited(catalog: Catalog, path: str, old: str, new: str) -> None:
    file = catalog.root / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8", newline="\n")


EPISODE = "episodes/samtal/tva.md"


@pytest.mark.parametrize(
    ("path", "old", "new", "names"),
    [
        (EPISODE, "Om ett samtal", "Om två samtal", ["samtal/tva"]),
        (EPISODE, "title: Ett", "title: Två", ["samtal/tva"]),
        ("episodes/samtal/series.yaml", "title: samtal", "title: Samtal",
         ["samtal/ett", "samtal/tre", "samtal/tva"]),
        ("feedtool.yaml", "Nordviks kommun", "Nordvik",
         ["moten/ett", "moten/tre", "moten/tva", "samtal/ett", "samtal/tre", "samtal/tva"]),
        ("media/samtal/text.vtt", "Hej", "Hoj", []),
    ],
    ids=["notes", "title", "series", "catalog", "unnamed-file"],
)  # fmt: skip
def test_only_what_changed_is_prepared(
    tmp_path: Path, prepared: list[str], path: str, old: str, new: str, names: list[str]
) -> None:
    catalog = begin(tmp_path / "warm")
    catalog.rebuilt()
    prepared.clear()
    edited(catalog, path, old, new)
    outcome = catalog.rebuilt()
    assert prepared == names
    cold = Catalog(tmp_path / "cold")
    shutil.copytree(catalog.root, cold.root, ignore=shutil.ignore_patterns("public", STATE))
    assert cold.rebuilt().findings == outcome.findings
    assert cold.public() == catalog.public()
    assert catalog.rebuilt().written == ()


def test_an_edit_in_one_series_writes_nothing_of_another(tmp_path: Path) -> None:
    catalog = begin(tmp_path)
    catalog.rebuilt()
    edited(catalog, EPISODE, "Om ett samtal", "Om två samtal")
    written = catalog.rebuilt().written
    assert "samtal/feed.xml" in written
    assert [path for path in written if path.startswith("moten/")] == []


def test_an_edit_of_one_of_the_newest_reads_no_other_episode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other items of the catalog's feed are taken from where they stand."""
    catalog = begin(tmp_path)
    catalog.rebuilt()
    read: list[str] = []

    def read_episodes(root: Path, stems: Sequence[str], *others: Any) -> list[WrittenEpisode]:
        read.extend(stems)
        return load.read_episodes(root, stems, *others)

    monkeypatch.setattr(prepare_module, "read_episodes", read_episodes)
    monkeypatch.setattr(whole, "read_episodes", read_episodes)
    before = "Om ett samtal"
    for new in ("Om två samtal", "Om tre samtal"):
        edited(catalog, EPISODE, before, new)
        before = new
        assert "feed.xml" in catalog.rebuilt().written
        assert new.encode() in catalog.read("feed.xml")
        assert read == ["tva", "tva"], "once for its series, once for the catalog's feed"
        read.clear()


def test_findings_of_what_was_not_read_again_stay(tmp_path: Path) -> None:
    catalog = begin(tmp_path)
    catalog.episode("varning", "duration: 1 min\nignore: [{code: EP021, why: x}]\n", series="moten",
                    date="2025-08-01")  # fmt: skip
    before = catalog.rebuilt().findings
    edited(catalog, EPISODE, "Om ett samtal", "Om två samtal")
    assert catalog.rebuilt().findings == before


def test_findings_about_several_episodes_stay(tmp_path: Path) -> None:
    catalog = begin(tmp_path)
    catalog.episode("samma", date="2025-03-01 09:00", fixture="vbr.mp3")
    before = catalog.rebuilt().findings
    assert "EP032" in [one.code for one in before]
    for slug in ("samma", "tva"):
        edited(catalog, f"episodes/samtal/{slug}.md", "Om ett samtal", "Om två samtal")
        assert catalog.rebuilt().findings == before


def test_a_file_that_somebody_deleted_from_the_output_comes_back(tmp_path: Path) -> None:
    catalog = begin(tmp_path)
    catalog.rebuilt()
    (catalog.root / "public/moten/ett/index.html").unlink()
    edited(catalog, EPISODE, "Om ett samtal", "Om två samtal")
    assert "moten/ett/index.html" in catalog.rebuilt().written


def test_a_recording_with_other_bytes_is_measured_again(
    tmp_path: Path, prepared: list[str]
) -> None:
    catalog = begin(tmp_path)
    catalog.rebuilt(now="2024-01-01T00:00:00+00:00")
    prepared.clear()
    catalog.recording("samtal/tva.mp3", "cbr-48k.mp3")
    assert catalog.rebuilt(now="2024-01-01T00:00:00+00:00").ok
    assert prepared == ["samtal/tva"]


@pytest.mark.parametrize("fault", ["series.yaml", "name"])
def test_a_fault_of_a_series_stops_the_build_of_that_series_alone(
    tmp_path: Path, fault: str
) -> None:
    catalog = begin(tmp_path)
    catalog.rebuilt()
    before = catalog.public()
    folder = catalog.root / "episodes/samtal"
    if fault == "series.yaml":
        (folder / "series.yaml").unlink()
    else:
        shutil.copy(folder / "ett.md", folder / "Ett till.md")
    outcome = catalog.rebuilt()
    assert not outcome.ok
    assert any(finding.severity == "error" for finding in outcome.findings)
    assert catalog.public() == before
