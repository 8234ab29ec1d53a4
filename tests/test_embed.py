"""Embedding (`embed: true`): copies with tags go out, and what was published never changes."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mutagen
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from mutagen.id3 import CTOCFlags
from mutagen.mp4._atom import Atoms

from feedtool.embedding import EMBEDDED
from feedtool.kept import STATE
from feedtool.measure import measure
from feedtool.measure.tags import sound_begins, sound_ends
from feedtool.tagged import TYPES, Mark, Tags, write_tagged

from .catalogs import CATALOG, MEDIA, SERIES, Catalog, a_catalog, tree
from .test_incremental import (
    EXAMPLES,
    SLUGS,
    TIMES,
    Edit,
    begin,
    edited,
    edits,
    is_here,
    outcome_of,
)
from .test_incremental import SERIES as SLUGS_OF_SERIES

EMBED = CATALOG + "embed: true\nauthor: Nordviks kommun\n"
FILE = "media/samtal/ett.mp3"
EPISODE = "episodes/samtal/ett.md"

TAGS = Tags(
    title="Ett & <två> åäö 🎙", album="Samtal", artist="Nordvik", track="3", date=date(2025, 3, 1),
    comment="Om ett samtal.", language="swe", picture=MEDIA / "cover.jpg",
    picture_type="image/jpeg", picture_sum="x",
    chapters=(Mark(0, 400, "Början", "https://a.example/"), Mark(400, 900, "Slut", None, False)),
)  # fmt: skip


def recordings() -> list[Path]:
    """Our recordings of the kinds that get tags."""
    found = [(path, measure(path)[0]) for path in sorted(MEDIA.iterdir())]
    return [path for path, measured in found if measured and measured.type in TYPES]


def tagged(source: Path, folder: Path, tags: Tags = TAGS) -> Path:
    measured, _ = measure(source)
    assert measured
    target = folder / source.name
    assert write_tagged(source, target, measured.type, tags)
    return target


# --- a copy ----------------------------------------------------------------------------------


def sound(path: Path) -> bytes:
    """The MPEG frames of a file."""
    with path.open("rb") as file:
        start = sound_begins(file)
        end = sound_ends(file, start, path.stat().st_size)
        file.seek(start)
        return file.read(end - start)


def content(path: Path) -> list[bytes]:
    """The content of an MP4, and the first bytes at every place where its index says there is
    some."""
    data = path.read_bytes()
    with path.open("rb") as file:
        atoms = Atoms(file)
    found = [
        data[atom.offset : atom.offset + atom.length]
        for atom in atoms.atoms
        if atom.name == b"mdat"
    ]
    for track in atoms[b"moov"].findall(b"trak"):
        (table,) = track[b"mdia", b"minf", b"stbl"].findall(b"stco")
        at = table.offset + 16
        for _ in range(int.from_bytes(data[at - 4 : at], "big")):
            place = int.from_bytes(data[at : at + 4], "big")
            found.append(data[place : place + 16])
            at += 4
    return found


@pytest.mark.parametrize("source", recordings(), ids=lambda path: path.name)
def test_the_sound_of_a_copy_is_the_same_to_the_byte(source: Path, tmp_path: Path) -> None:
    copy = tagged(source, tmp_path)
    taken = sound if source.suffix == ".mp3" else content
    assert taken(copy) == taken(source)
    before, after = measure(source)[0], measure(copy)[0]
    assert before
    assert after
    assert (after.type, after.duration) == (before.type, before.duration)


@pytest.mark.parametrize("fixture", ["tagged.mp3", "chapters.m4a", "video.mp4"])
def test_a_copy_is_the_same_each_time(fixture: str, tmp_path: Path) -> None:
    first = tagged(MEDIA / fixture, tmp_path).read_bytes()
    (tmp_path / "again").mkdir()
    assert tagged(MEDIA / fixture, tmp_path / "again").read_bytes() == first


def test_an_mp3_has_a_tag_that_older_players_read(tmp_path: Path) -> None:
    tag: Any = mutagen.File(tagged(MEDIA / "tagged.mp3", tmp_path)).tags
    assert tag.version == (2, 3, 0)
    texts = {key: str(tag[key]) for key in tag if key[0] == "T" or key[:4] == "COMM"}
    assert texts == {
        "TIT2": TAGS.title, "TPE1": "Nordvik", "TALB": "Samtal", "TRCK": "3", "TCON": "Podcast",
        "TDRC": "2025-03-01", "TLAN": "swe", "COMM::swe": "Om ett samtal.",
    }  # fmt: skip
    (picture,) = tag.getall("APIC")
    assert (picture.mime, picture.type) == ("image/jpeg", 3)
    assert picture.data == (MEDIA / "cover.jpg").read_bytes()


def test_an_mp3_has_chapters(tmp_path: Path) -> None:
    tag: Any = mutagen.File(tagged(MEDIA / "cbr.mp3", tmp_path)).tags
    chapters = sorted(tag.getall("CHAP"), key=lambda one: one.start_time)
    assert [(one.start_time, one.end_time, str(one.sub_frames["TIT2"])) for one in chapters] == [
        (0, 400, "Början"),
        (400, 900, "Slut"),
    ]
    assert chapters[0].sub_frames["WXXX:"].url == "https://a.example/"
    (table,) = tag.getall("CTOC")
    assert table.child_element_ids == ["chp0"]  # the other is kept out of the list
    assert table.flags == CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED


def test_more_chapters_than_a_table_can_hold_are_left_out(tmp_path: Path) -> None:
    marks = tuple(Mark(at, at + 1, "x") for at in range(256))
    tags = Tags(title="x", album="y", date=date(2025, 3, 1), language="swe", chapters=marks)
    tag: Any = mutagen.File(tagged(MEDIA / "cbr.mp3", tmp_path, tags)).tags
    assert not tag.getall("CHAP")


def test_an_mp4_has_tags_and_artwork(tmp_path: Path) -> None:
    tags: Any = mutagen.File(tagged(MEDIA / "chapters.m4a", tmp_path)).tags
    (picture,) = tags.pop("covr")
    assert bytes(picture) == (MEDIA / "cover.jpg").read_bytes()
    (language,) = tags.pop("----:com.apple.iTunes:LANGUAGE")
    assert bytes(language) == b"swe"
    assert dict(tags) == {
        "\xa9nam": [TAGS.title], "\xa9ART": ["Nordvik"], "\xa9alb": ["Samtal"], "trkn": [(3, 0)],
        "\xa9gen": ["Podcast"], "\xa9day": ["2025-03-01"], "\xa9cmt": ["Om ett samtal."],
    }  # fmt: skip


def test_what_cannot_be_tagged_gives_no_copy(tmp_path: Path) -> None:
    target = tmp_path / "x.m4a"
    assert not write_tagged(MEDIA / "cbr.mp3", target, "audio/x-m4a", TAGS)
    assert not target.exists()


# --- a build ---------------------------------------------------------------------------------


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """One published episode with chapters and artwork, not built yet."""
    made = a_catalog(tmp_path / "catalog", EMBED, SERIES + "image: omslag.png\n")
    made.recording("samtal/omslag.png", "cover.png")
    made.episode(
        more='episode: 7\nsummary: Om det.\nchapters: ["00:00 Inledning", "00:01 Mitt"]\n',
        title="Ett",
    )
    return made


def built(catalog: Catalog, **order: Any) -> dict[str, bytes]:
    outcome = catalog.rebuilt(**order)
    assert outcome.ok, outcome.findings
    return catalog.public()


def promise_of(catalog: Catalog, slug: str = "ett") -> dict[str, Any]:
    lines = map(json.loads, (catalog.root / "feedtool.lock").read_text("utf-8").splitlines())
    (line,) = [line for line in lines if line.get("slug") == slug]
    return dict(line)


def enclosure_of(catalog: Catalog, feed: str = "samtal/feed.xml") -> tuple[str, int, str]:
    (found,) = etree.fromstring(catalog.read(feed)).iterfind(".//enclosure")
    return found.get("url", ""), int(found.get("length", "")), found.get("type", "")


def cold(catalog: Catalog, name: str = "cold") -> Catalog:
    """A checkout of the catalog: without what was built."""
    copy = Catalog(catalog.root.parent / name)
    shutil.copytree(catalog.root, copy.root, ignore=shutil.ignore_patterns("public", STATE))
    return copy


def test_nothing_is_embedded_unless_asked_for(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", CATALOG)
    assert built(catalog)[FILE] == (catalog.root / FILE).read_bytes()
    assert (catalog.root / "public" / FILE).samefile(catalog.root / FILE)
    assert not (catalog.root / EMBEDDED).exists()
    assert "bare" not in promise_of(catalog)


def test_the_copy_says_what_the_feed_says(catalog: Catalog) -> None:
    built(catalog)
    tag: Any = mutagen.File(catalog.root / "public" / FILE).tags
    assert {key: str(tag[key]) for key in ("TIT2", "TPE1", "TALB", "TRCK", "TLAN")} == {
        "TIT2": "Ett", "TPE1": "Nordviks kommun", "TALB": "Samtal", "TRCK": "7", "TLAN": "swe",
    }  # fmt: skip
    assert tag["APIC:"].data == (MEDIA / "cover.png").read_bytes()
    assert [(one.start_time, one.end_time) for one in tag.getall("CHAP")].count((0, 1000)) == 1


def test_the_producers_file_is_never_touched(catalog: Catalog) -> None:
    before = tree(catalog.root)
    stamp = (catalog.root / FILE).stat()
    built(catalog)
    after = (catalog.root / FILE).stat()
    assert {path: data for path, data in tree(catalog.root).items() if path in before} == before
    assert (after.st_mtime_ns, after.st_ino, after.st_ctime_ns) == (
        stamp.st_mtime_ns, stamp.st_ino, stamp.st_ctime_ns,
    )  # fmt: skip


def test_every_feed_and_the_lock_have_the_facts_of_the_copy(catalog: Catalog) -> None:
    copy = built(catalog)[FILE]
    for feed in ("samtal/feed.xml", "feed.xml"):
        assert enclosure_of(catalog, feed)[1:] == (len(copy), "audio/mpeg")
    for feed in ("samtal/feed.json", "feed.json"):
        (item,) = json.loads(catalog.read(feed))["items"]
        assert item["attachments"][0]["size_in_bytes"] == len(copy)
    for feed in ("samtal/atom.xml", "atom.xml"):
        assert f'length="{len(copy)}"'.encode() in catalog.read(feed)
    promise = promise_of(catalog)
    assert promise["bytes"] == len(copy)
    assert promise["sha256"] == sha256(copy).hexdigest()
    assert promise["bare"] == (catalog.root / FILE).stat().st_size


def test_a_second_build_has_nothing_to_do(catalog: Catalog) -> None:
    built(catalog)
    assert catalog.rebuilt().written == ()
    shutil.rmtree(catalog.root / STATE)
    assert catalog.rebuilt().written == ()
    edited(catalog, EPISODE, "Om ett samtal", "Om två samtal")
    assert FILE not in catalog.rebuilt().written


def test_other_formats_go_out_as_they_are(catalog: Catalog) -> None:
    catalog.episode(media="ett.opus", fixture="opus.opus")
    assert built(catalog)["media/samtal/ett.opus"] == (MEDIA / "opus.opus").read_bytes()
    assert "bare" not in promise_of(catalog)


def test_a_rendition_is_never_embedded(catalog: Catalog) -> None:
    """Its sum stands in the feed."""
    catalog.recording("samtal/liten.mp3", "cbr-48k.mp3")
    catalog.episode("tva", "alternates: [{file: liten.mp3}]\n", date="2025-04-01")
    public = built(catalog)
    plain = (MEDIA / "cbr-48k.mp3").read_bytes()
    assert public["media/samtal/liten.mp3"] == plain
    assert b64encode(sha256(plain).digest()) in public["samtal/feed.xml"]
    assert public["media/samtal/tva.mp3"] != (MEDIA / "cbr.mp3").read_bytes()


def test_a_recording_that_is_offered_plain_too_is_not_embedded(catalog: Catalog) -> None:
    catalog.episode(more="alternates: [{file: ett.mp3}]\n")
    assert built(catalog)[FILE] == (MEDIA / "cbr.mp3").read_bytes()


def test_a_published_copy_that_is_offered_as_a_rendition_too_is_told_as_it_is(
    catalog: Catalog,
) -> None:
    copy = built(catalog)[FILE]
    catalog.episode(more="alternates: [{file: ett.mp3, default: true}]\n")
    assert catalog.rebuilt().ok
    assert catalog.read(FILE) == copy
    feed = etree.fromstring(catalog.read("samtal/feed.xml"))
    (rendition,) = feed.iter("{https://podcastindex.org/namespace/1.0}alternateEnclosure")
    (integrity,) = rendition.iter("{https://podcastindex.org/namespace/1.0}integrity")
    assert rendition.get("length") == str(len(copy))
    assert integrity.get("value") == f"sha256-{b64encode(sha256(copy).digest()).decode()}"
    (promised,) = promise_of(catalog)["alternates"]
    assert (promised["bytes"], promised["sha256"]) == (len(copy), sha256(copy).hexdigest())
    before = catalog.public()
    (catalog.root / FILE).unlink()
    shutil.rmtree(catalog.root / STATE)
    assert catalog.rebuilt(locked=True).ok
    assert catalog.public() == before


def test_two_files_at_one_address_are_a_fault(catalog: Catalog) -> None:
    catalog.episode("tva", "alternates: [{file: ett.mp3}]\n", date="2025-04-01")
    outcome = catalog.rebuilt()
    assert [one.code for one in outcome.findings if one.severity == "error"] == ["ME063"]


def test_a_draft_is_not_copied_each_time_it_is_saved(catalog: Catalog) -> None:
    catalog.episode(more="status: draft\n")
    output = catalog.root / "preview"
    assert catalog.rebuilt(drafts=True, output=output).ok
    assert (output / FILE).read_bytes() == (MEDIA / "cbr.mp3").read_bytes()


def test_a_dry_run_and_a_check_write_nothing(catalog: Catalog) -> None:
    before = tree(catalog.root)
    assert FILE in catalog.rebuilt(dry_run=True).written
    assert tree(catalog.root) == before
    assert catalog.run("check").code == 0
    assert not (catalog.root / EMBEDDED).exists()


def test_a_check_finds_what_a_build_finds(catalog: Catalog) -> None:
    """Here, where the copy is kept, and where it can be made no more."""
    built(catalog)
    edited(catalog, EPISODE, "title: Ett", "title: Tre")
    for place, found in ((catalog, []), (cold(catalog), ["ME080"])):
        assert place.run("check", "--json").codes == found
        assert place.build("--dry-run").codes == found


# --- what was published stays ----------------------------------------------------------------


def test_another_title_changes_no_byte_of_what_is_published(catalog: Catalog) -> None:
    before = built(catalog)
    lock = (catalog.root / "feedtool.lock").read_bytes()
    edited(catalog, EPISODE, "title: Ett", "title: Tre")  # as long: only its sum could tell
    after = built(catalog)
    assert after[FILE] == before[FILE]
    assert b"<title>Tre</title>" in after["samtal/feed.xml"]
    assert (catalog.root / "feedtool.lock").read_bytes() == lock
    assert catalog.rebuilt().written == ()


def test_the_output_alone_keeps_what_is_published(catalog: Catalog) -> None:
    before = built(catalog)
    shutil.rmtree(catalog.root / STATE)
    edited(catalog, EPISODE, "title: Ett", "title: Tre")
    assert built(catalog)[FILE] == before[FILE]
    assert FILE not in catalog.rebuilt().written


@pytest.mark.parametrize("title", ["Tre", "En längre titel"])
def test_a_checkout_that_cannot_make_the_copy_again_builds_the_same_feeds(
    catalog: Catalog, title: str
) -> None:
    built(catalog)
    edited(catalog, EPISODE, "title: Ett", f"title: {title}")
    checkout = cold(catalog)
    public = built(catalog)
    found = checkout.rebuilt(locked=True)
    notes = [one for one in found.findings if one.severity == "note"]
    assert [(one.code, one.params) for one in notes] == [("ME080", {"count": 1})]
    assert checkout.public() == {p: data for p, data in public.items() if p != FILE}


def test_a_checkout_makes_the_same_copy_again(catalog: Catalog) -> None:
    public = built(catalog)
    checkout = cold(catalog)
    assert built(checkout, locked=True) == public


def test_without_the_recording_the_facts_of_the_copy_stand(catalog: Catalog) -> None:
    public = built(catalog)
    checkout = cold(catalog)
    (checkout.root / FILE).unlink()
    assert built(checkout) == {path: data for path, data in public.items() if path != FILE}
    (catalog.root / FILE).unlink()
    assert built(catalog) == public


def test_a_lost_recording_and_a_lost_copy_are_told_apart(catalog: Catalog) -> None:
    catalog.recording("samtal/tva.mp3", "vbr.mp3")
    catalog.episode("tva", title="Två", media="tva.mp3")
    built(catalog)
    edited(catalog, EPISODE, "title: Ett", "title: Tre")
    checkout = cold(catalog)
    (checkout.root / "media/samtal/tva.mp3").unlink()
    notes = [one for one in checkout.rebuilt(locked=True).findings if one.severity == "note"]
    assert [(one.code, one.params["count"]) for one in notes] == [("ME052", 1), ("ME080", 1)]


def test_a_kept_copy_goes_into_a_new_output_without_the_recording(catalog: Catalog) -> None:
    before = built(catalog)
    (catalog.root / FILE).unlink()
    shutil.rmtree(catalog.root / "public")
    assert built(catalog)[FILE] == before[FILE]


def test_what_was_published_bare_stays_bare(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", CATALOG)
    before = built(catalog)
    catalog.write("feedtool.yaml", EMBED)
    catalog.episode("tva", date="2025-04-01")
    after = built(catalog)
    assert after[FILE] == before[FILE]
    assert "bare" in promise_of(catalog, "tva")


def test_what_was_published_with_tags_keeps_them(catalog: Catalog) -> None:
    before = built(catalog)
    catalog.write("feedtool.yaml", EMBED.replace("embed: true", "embed: false"))
    catalog.episode("tva", date="2025-04-01")
    after = built(catalog)
    assert after[FILE] == before[FILE]
    assert after["media/samtal/tva.mp3"] == (MEDIA / "cbr.mp3").read_bytes()
    assert "bare" not in promise_of(catalog, "tva")


@pytest.mark.parametrize("embed", ["true", "false"])
def test_another_recording_under_a_published_name_is_an_error(catalog: Catalog, embed: str) -> None:
    before = built(catalog)
    catalog.write("feedtool.yaml", EMBED.replace("embed: true", f"embed: {embed}"))
    catalog.recording("samtal/ett.mp3", "vbr.mp3")
    outcome = catalog.rebuilt()
    assert [one.code for one in outcome.findings if one.severity == "error"] == ["LK014"]
    assert catalog.public() == before


def test_a_corrected_recording_is_a_new_copy_beside_the_old_one(catalog: Catalog) -> None:
    before = built(catalog)
    catalog.recording("samtal/ett-v2.mp3", "vbr.mp3")
    edited(catalog, EPISODE, "media: ett.mp3", "media: ett-v2.mp3")
    after = built(catalog, allow=frozenset({("media", "samtal/ett")}))
    assert after[FILE] == before[FILE]
    promise = promise_of(catalog)
    assert promise["bytes"] == len(after["media/samtal/ett-v2.mp3"])
    assert promise["was"][0]["bare"] == (MEDIA / "cbr.mp3").stat().st_size
    assert catalog.rebuilt().written == ()


def test_a_scheduled_episode_gets_the_title_it_is_published_with(catalog: Catalog) -> None:
    early, late = "2025-01-01T00:00:00+00:00", "2025-06-01T00:00:00+00:00"
    catalog.episode("nu", date="2024-01-01")
    built(catalog, now=early)
    first = promise_of(catalog)
    edited(catalog, EPISODE, "title: Ett", "title: Tre")
    built(catalog, now=early)
    assert promise_of(catalog)["sha256"] != first["sha256"]
    copy = built(catalog, now=late)[FILE]
    assert sha256(copy).hexdigest() == promise_of(catalog)["sha256"]
    tag: Any = mutagen.File(catalog.root / "public" / FILE).tags
    assert str(tag["TIT2"]) == "Tre"


def test_copies_that_nothing_names_are_removed(catalog: Catalog) -> None:
    early = "2025-01-01T00:00:00+00:00"
    catalog.episode("nu", date="2024-01-01")
    for title in ("Två", "Tre", "Fyra"):
        catalog.episode(title=title)
        built(catalog, now=early)
    named = {promise_of(catalog, slug)["sha256"] for slug in ("ett", "nu")}
    assert {path.name for path in (catalog.root / EMBEDDED).iterdir()} == named


def test_a_lost_copy_is_made_again(catalog: Catalog) -> None:
    before = built(catalog)
    shutil.rmtree(catalog.root / EMBEDDED)
    shutil.rmtree(catalog.root / "public/media")
    edited(catalog, EPISODE, "Om ett samtal", "Om två samtal")
    assert built(catalog)[FILE] == before[FILE]


names = st.tuples(st.sampled_from(SLUGS_OF_SERIES), st.sampled_from(SLUGS))


@st.composite
def a_new_title(draw: st.DrawFn) -> Edit:
    series, slug = draw(names)
    title = draw(st.sampled_from(["Ett samtal", "Två samtal", "En helt annan titel"]))

    def edit(catalog: Catalog) -> None:
        file = catalog.root / f"episodes/{series}/{slug}.md"
        if file.exists():
            lines = file.read_text("utf-8").split("\n")
            file.write_text("\n".join([lines[0], f"title: {title}", *lines[2:]]), "utf-8")

    return edit


@st.composite
def a_switch(draw: st.DrawFn) -> Edit:
    text = draw(st.sampled_from([CATALOG, EMBED]))

    def edit(catalog: Catalog) -> None:
        catalog.write("feedtool.yaml", text)

    return edit


@settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == 25,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.one_of(a_new_title(), a_switch(), edits), st.sampled_from(TIMES)),
        min_size=1,
        max_size=6,
    )
)
def test_incremental_equals_cold_with_embedding(steps: list[tuple[Edit, str]]) -> None:
    with TemporaryDirectory() as folder:
        warm = begin(Path(folder) / "warm")
        warm.write("feedtool.yaml", EMBED)
        warm.rebuilt()
        for number, (edit, now) in enumerate(steps):
            edit(warm)
            checkout = cold(warm, str(number))
            found, other = outcome_of(warm, now), outcome_of(checkout, now)
            assert but_absent(found) == but_absent(other)
            if found[0]:
                assert built_of(warm) == built_of(checkout)
                for each in (warm, checkout):
                    assert_feeds_are_true(each)
                    assert each.rebuilt(now=now).written == ()


def but_absent(outcome: tuple[object, ...]) -> tuple[object, ...]:
    """What came of a build. Which copies are still there is the only thing that may differ."""
    ok, findings, *rest = outcome
    assert isinstance(findings, list)
    return ok, [one for one in findings if one.code not in {"ME052", "ME080"}], *rest


def built_of(catalog: Catalog) -> dict[str, bytes]:
    return {path: data for path, data in catalog.public().items() if not path.startswith("media/")}


def assert_feeds_are_true(catalog: Catalog) -> None:
    """Every recording of a feed that is in the output has the length that the feed says, and the
    sum that the lock says."""
    for feed in (catalog.root / "public").rglob("feed.xml"):
        for one in etree.fromstring(feed.read_bytes()).iterfind(".//enclosure"):
            path = one.get("url", "").removeprefix("https://podd.example/")
            file = catalog.root / "public" / path
            if file.is_file() and is_here(catalog.root / path):
                assert file.stat().st_size == int(one.get("length", "")), path
    for line in (catalog.root / "feedtool.lock").read_text("utf-8").splitlines():
        promise = json.loads(line)
        file = catalog.root / "public/media" / promise.get("media", "")
        if "bare" in promise and file.is_file():
            assert sha256(file.read_bytes()).hexdigest() == promise["sha256"]


def test_what_another_branch_published_is_not_replaced_by_our_copy(catalog: Catalog) -> None:
    """The lock that comes with a merge knows a copy of the same size with other tags."""
    other = cold(catalog, "other")
    edited(other, EPISODE, "title: Ett", "title: Tre")
    theirs = built(other)
    built(catalog)
    shutil.copyfile(other.root / "feedtool.lock", catalog.root / "feedtool.lock")
    public = built(catalog)
    assert promise_of(catalog)["sha256"] == sha256(theirs[FILE]).hexdigest()
    assert FILE not in public
    shutil.copyfile(other.root / EPISODE, catalog.root / EPISODE)
    assert built(catalog)[FILE] == theirs[FILE]


@pytest.mark.parametrize("sum", ['"../../../../etc"', '""', "7", None])
def test_a_line_of_the_lock_knows_its_copy_by_a_sum(catalog: Catalog, sum: str | None) -> None:
    built(catalog)
    path, true = catalog.root / "feedtool.lock", promise_of(catalog)["sha256"]
    text = path.read_text("utf-8")
    old, new = (f'"sha256":"{true}"', f'"sha256":{sum}') if sum else (f'"sha256":"{true}",', "")
    path.write_text(text.replace(old, new), "utf-8")
    assert not catalog.rebuilt().ok


# --- publishing ------------------------------------------------------------------------------


def published(catalog: Catalog, target: Path, now: str = "2026-01-01") -> dict[str, Any]:
    run = catalog.run("publish", target.as_uri(), "--yes", "--json", "--now", now)
    assert run.code == 0, run.out + run.err
    return run.json


def test_the_copy_is_what_is_published(catalog: Catalog, tmp_path: Path) -> None:
    www = tmp_path / "www"
    published(catalog, www)
    assert (www / FILE).read_bytes() == catalog.read(FILE) != (MEDIA / "cbr.mp3").read_bytes()
    assert published(catalog, www)["sent"] == []


def test_a_published_copy_is_never_sent_again(catalog: Catalog, tmp_path: Path) -> None:
    www = tmp_path / "www"
    published(catalog, www)
    before = (www / FILE).read_bytes()
    edited(catalog, EPISODE, "title: Ett", "title: En annan titel")
    checkout = cold(catalog)
    for each in (checkout, catalog):
        done = published(each, www)
        assert FILE not in done["sent"]
        assert done["subscribers"].get("samtal", {}).get("redownload", []) == []
        assert (www / FILE).read_bytes() == before


def test_the_copy_of_a_scheduled_episode_goes_ahead(catalog: Catalog, tmp_path: Path) -> None:
    www = tmp_path / "www"
    catalog.episode("nu", date="2024-01-01")
    published(catalog, www, now="2025-01-01")
    ahead = (www / FILE).read_bytes()
    assert sha256(ahead).hexdigest() == promise_of(catalog)["sha256"]
    checkout = cold(catalog)
    assert FILE not in published(checkout, www)["sent"]
    assert (www / FILE).read_bytes() == ahead


def test_copies_go_out_where_recordings_are_elsewhere(catalog: Catalog, tmp_path: Path) -> None:
    www, files = tmp_path / "www", tmp_path / "files"
    targets = f"targets: {{webb: {{url: '{www.as_uri()}', media: '{files.as_uri()}'}}}}\n"
    catalog.write("feedtool.yaml", f"{EMBED}media_base_url: https://filer.example/\n{targets}")
    assert catalog.run("publish", "webb", "--yes", "--now", "2026-01-01").code == 0
    assert not (catalog.root / "public/media").exists()
    copy = (files / "samtal/ett.mp3").read_bytes()
    assert len(copy) == enclosure_of(catalog)[1]
    assert sha256(copy).hexdigest() == promise_of(catalog)["sha256"]
