"""Whatever stands in the files of a catalog, a check ends soon and says what is wrong.

Where it says that nothing is, the catalog can be built. FEEDTOOL_FUZZ=long looks much longer.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedtool.podcast.table import TABLE
from feedtool.read.written import CatalogKeys, EpisodeKeys, SeriesKeys
from feedtool.recheck import recheck

from .case_files import FAULTLESS, NOW
from .catalogs import Catalog, is_steady
from .test_measure_fuzz import PICTURES, RECORDINGS, mutations

LONG = os.environ.get("FEEDTOOL_FUZZ") == "long"
SECONDS = 3.0
"""For one check of one episode; it usually takes a hundredth of one."""

EPISODE, SERIES, CATALOG = (
    "episodes/samtal/ett.md", "episodes/samtal/series.yaml", "feedtool.yaml",
)  # fmt: skip
GUID = "0b8f6f0e-6f2f-4c8e-9d0a-3f5d6f0f7a10"
HEAD = {
    EPISODE: f"title: A\ndate: 2025-03-01 09:00\nguid: {GUID}\nmedia: ett.mp3\n",
    SERIES: "title: A\n",
    CATALOG: "title: A\nbase_url: https://podd.example/\nlanguage: sv\n",
}


def bounded(examples: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=examples * (100 if LONG else 1),
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    root = tmp_path_factory.mktemp("fuzz") / "catalog"
    shutil.copytree(FAULTLESS, root)
    return Catalog(root)


def checked(catalog: Catalog, files: dict[str, str | bytes]) -> None:
    """A check of the catalog with these files in it ends well; they are put back after."""
    before = {path: (catalog.root / path).read_bytes() for path in files if _there(catalog, path)}
    try:
        for path, content in files.items():
            data = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
            catalog.write(path, data)
        _examined(catalog)
    finally:
        for path in files:
            (catalog.root / path).unlink()
        for path, data in before.items():
            catalog.write(path, data)


def _there(catalog: Catalog, path: str) -> bool:
    return (catalog.root / path).exists()


def _examined(catalog: Catalog) -> None:
    begin = time.monotonic()
    found = recheck(catalog.root, NOW, time.time_ns(), lambda done, total: None).findings
    assert time.monotonic() - begin < SECONDS
    for one in found:
        shown, place = one.shown(), one.place
        texts = [shown.text(part) for part in ("message", "why", "mend")]
        assert all(map(is_steady, texts)), texts
        json.dumps([shown.params, *texts], ensure_ascii=False).encode()
        file = catalog.root / place.file
        if place.line is not None and file.is_file():
            lines = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
            assert 1 <= place.line <= lines + 1, one
    if not any(one.severity == "error" for one in found):
        outcome = catalog.rebuilt(dry_run=True)
        assert outcome.ok, outcome.findings


# --- what may stand in a file of YAML ----------------------------------------------------------

WORDS = st.sampled_from([
    "", "x", "å" * 300, "true", "no", "null", "~", "0", "-1", "3.5", "9" * 400, "1e999", "NaN",
    "00:00", "99:59:59", "9999:59:59.999", "1:75", "11 min", "99999 min", "0 h", "2025-03-01",
    "9999-12-31 23:59", "1900-01-01", "0001-01-01", "2025-03-30 02:30", "2025-10-26 02:30",
    "9999-12-31 23:59-14:00", "1900-01-01 00:00+14:00", "2025-03-01 09:00+24:00", "sv", "en-GB",
    "x-private", "sv-" + "a" * 200, "https://a.example/", "https://å.example/ö?ä#å", "http://[::1",
    "https://" + "a" * 300, "https://a.example:99999/", "https://xn--a.example/", "//a", "C:\\a",
    "../a", "/a", "a/../b", "a" * 500, "ett.mp3", "ett.vtt", "omslag.png", "nej.json", "a\x00b",
    "\ud800", "\u202ea", "\ufeff", "{a}", "%s", "{0}", "host", "guest", "full", "serial", "draft",
    "Government", "CC-BY-4.0", "apple", "EP021", "CF060", "audio/mpeg", GUID, "a@b.se",
    "00:00 A", "00:00", "geo:1,1", "geo:1e99,1", "Europe/Stockholm", "Etc", "R1", "publisher",
    "ett", "tva", "title: A", "- a", "<b>", "]]>", "&amp;", "[a](javascript:b)",
])  # fmt: skip
SMALL_KEYS = st.sampled_from([
    "", "<<", "name", "role", "id", "url", "title", "start", "end", "duration", "file", "language",
    "rel", "uris", "uri", "type", "default", "number", "display", "reason", "code", "why", "tag",
    "text", "children", "image", "email", "guid", "all", "services", "rrule", "dtstart", "{0}",
])  # fmt: skip
VALUES = st.recursive(
    WORDS | st.text(max_size=20) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(SMALL_KEYS | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)
TAG_NAMES = st.sampled_from(sorted(TABLE))
TAG_VALUES = st.sampled_from(["1", "100", "1/1", "16/9", "node", "irc", "disabled", "yes"]) | WORDS
CHILDREN = st.lists(st.fixed_dictionaries({"tag": TAG_NAMES}), max_size=2)


@st.composite
def tags(draw: st.DrawFn) -> dict[str, Any]:
    """An entry of `podcast:` that says what such a tag may say, in words of its own."""
    name = draw(TAG_NAMES)
    known = [*[one.name for one in TABLE[name].attributes], "text", "children"]
    stated = draw(st.dictionaries(st.sampled_from(known), TAG_VALUES | CHILDREN, max_size=5))
    return {**stated, "tag": name}


def keys_of(kind: type) -> st.SearchStrategy[dict[str, Any]]:
    names = [entry.name for entry in fields(kind)]
    some = st.dictionaries(st.sampled_from(names) | SMALL_KEYS, VALUES, max_size=4)
    return st.tuples(some, st.none() | st.lists(tags(), max_size=3)).map(
        lambda both: both[0] | ({"podcast": both[1]} if both[1] else {})
    )


def written(path: str, keys: dict[str, Any]) -> str:
    """The keys as YAML, which JSON is, with what a file of that kind must say before them."""
    head = [line for line in HEAD[path].splitlines() if line.partition(":")[0] not in keys]
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in keys.items()]
    text = "\n".join([*head, *lines]) + "\n"
    return f"---\n{text}---\nText.\n" if path.endswith(".md") else text


@bounded(40)
@given(keys=keys_of(EpisodeKeys))
def test_any_keys_of_an_episode(catalog: Catalog, keys: dict[str, Any]) -> None:
    checked(catalog, {EPISODE: written(EPISODE, keys)})


@bounded(30)
@given(keys=keys_of(SeriesKeys))
def test_any_keys_of_a_series(catalog: Catalog, keys: dict[str, Any]) -> None:
    checked(catalog, {SERIES: written(SERIES, keys)})


@bounded(30)
@given(keys=keys_of(CatalogKeys))
def test_any_keys_of_the_catalog(catalog: Catalog, keys: dict[str, Any]) -> None:
    checked(catalog, {CATALOG: written(CATALOG, keys)})


# --- texts that somebody went over with a heavy hand -------------------------------------------

PIECES = st.sampled_from([
    *"\t\n :-[]{}'\"&*!|>%@`#,?“”\\\x00\x07\x85\u2028\ufeff", "---\n", "...\n", "\n  ", "- ", ": ",
    "? ", "<<: ", "!!", "&a ", "*a", "|2-\n", "title: ", "\r", "å", "\n\n", "-->", "<v ", "{{", "%",
])  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A text with lines moved, doubled, indented or gone, and signs where none belong."""
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        column = draw(st.integers(0, len(lines[at])))
        match draw(st.integers(0, 6)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(draw(st.integers(0, len(lines))), lines[at])
            case 2:
                lines[at] = draw(st.sampled_from([" ", "  ", "\t", "- "])) + lines[at]
            case 3:
                lines[at] = lines[at][:column] + lines[at][column + draw(st.integers(1, 9)) :]
            case 4:
                del lines[at + 1 :]
            case _:
                piece = draw(PIECES | WORDS)
                lines[at] = lines[at][:column] + piece + lines[at][column:]
        text = "\n".join(lines)
    return text


RICH = f"""---
title: "Vattnet i kranen"
date: 2025-03-01 09:00
guid: {GUID}
media: ett.mp3
duration: "0:03"
summary: >-
  Var kommer vattnet
  ifrån?
people:
  - {{name: 'Bo Ek', role: guest}}
  - name: Åsa
    role: host
chapters: ["00:00 Sjön", {{start: "0:01", title: Kranen, end: "0:02"}}]
transcripts: [ett.vtt]
soundbites: [{{start: "0:01", duration: "0:01"}}]
alternates:
  - {{type: application/x-mpegURL, uris: ["https://strom.example/ett.m3u8"]}}
podcast:
  - {{tag: socialInteract, protocol: disabled}}
ignore: [{{code: EP023, why: Så är det.}}]
---
Vi följer *vattnet*.
"""


@bounded(60)
@given(text=damaged(RICH))
def test_a_damaged_episode(catalog: Catalog, text: str) -> None:
    checked(catalog, {EPISODE: text})


@bounded(30)
@given(text=damaged((FAULTLESS / SERIES).read_text("utf-8")))
def test_a_damaged_series(catalog: Catalog, text: str) -> None:
    checked(catalog, {SERIES: text})


@bounded(30)
@given(text=damaged((FAULTLESS / CATALOG).read_text("utf-8")))
def test_a_damaged_catalog(catalog: Catalog, text: str) -> None:
    checked(catalog, {CATALOG: text})


# --- transcripts and chapters ------------------------------------------------------------------

TIMES = st.sampled_from([
    "00:00.000", "00:00:01.000", "00:00:00,500", "1:2:3,4", "99999999999999999999:00:00.000",
    "00:61.000", "-00:01.000", "٠٠:٠٠.٠٠٠", "00:00:00", "00:00:00.0000", "596523:14:07.999", "x",
])  # fmt: skip
CUES = st.tuples(TIMES, TIMES, st.sampled_from(["", " line:0", " align:start x", " position:x%"]))
LINES = st.sampled_from([
    "WEBVTT", "WEBVTT å", "", "1", "99999", "NOTE", "NOTE -->", "STYLE", "REGION", "::cue { x }",
    "id:a", "<v Åsa>Hej", "<v>", "<v.a.b Bo", "<00:00:00.500>", "</i>", "<b><b>", "&lt;&#x0;&",
    "-->", "Hej\x00", "\ufeff", "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000", "a --> b",
]) | CUES.map(lambda cue: f"{cue[0]} --> {cue[1]}{cue[2]}")  # fmt: skip
TIMED = st.lists(LINES, max_size=14).map("\n".join)


@bounded(60)
@given(text=TIMED | damaged("WEBVTT\n\n00:00.000 --> 00:01.000\n<v Åsa>Hej\n\nNOTE a\n"))
def test_any_webvtt(catalog: Catalog, text: str) -> None:
    checked(catalog, {"media/samtal/ett.vtt": text})


@bounded(40)
@given(text=TIMED | damaged("1\n00:00:00,000 --> 00:00:01,000\nHej\n\n2\n00:00:01,000 --> x\n"))
def test_any_subrip(catalog: Catalog, text: str) -> None:
    episode = (FAULTLESS / EPISODE).read_text("utf-8").replace("ett.vtt", "ett.srt")
    checked(catalog, {EPISODE: episode, "media/samtal/ett.srt": text})


NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -0.0, 1e308, 2**63, 1e-320])
CHAPTERS = st.dictionaries(
    st.sampled_from(["startTime", "title", "endTime", "toc", "url", "img", "location", "x"]),
    NUMBERS | WORDS | st.none() | st.booleans() | st.lists(WORDS, max_size=2),
    max_size=5,
)
DOCUMENTS = st.fixed_dictionaries(
    {"version": st.just("1.2.0"), "chapters": st.lists(CHAPTERS, max_size=4) | VALUES}
)


@bounded(60)
@given(document=DOCUMENTS | VALUES, name=st.sampled_from(["ett.json", "ett.txt", "ett.vtt"]))
def test_any_chapters(catalog: Catalog, document: Any, name: str) -> None:
    content = json.dumps(document)
    episode = RICH.replace(
        RICH[RICH.index("chapters:") : RICH.index("transcripts:")], f"chapters: k/{name}\n"
    )
    checked(catalog, {EPISODE: episode, f"media/samtal/k/{name}": content})


# --- recordings, pictures, the lock ------------------------------------------------------------


@bounded(60)
@given(content=mutations(RECORDINGS), name=st.sampled_from(["a.mp3", "a.m4a", "a.ogg", "a"]))
def test_any_recording(catalog: Catalog, content: bytes, name: str) -> None:
    episode = RICH.replace("ett.mp3", f"a/{name}")
    episode = episode.replace("alternates:", f"alternates:\n  - {{file: a/{name}}}")
    checked(catalog, {EPISODE: episode, f"media/samtal/a/{name}": content})


@bounded(40)
@given(content=mutations(PICTURES), name=st.sampled_from(["a.png", "a.jpg", "a.gif"]))
def test_any_picture(catalog: Catalog, content: bytes, name: str) -> None:
    series = (FAULTLESS / SERIES).read_text("utf-8").replace("omslag.png", f"a/{name}")
    tags = f"podcast: [{{tag: image, href: a/{name}, alt: A}}]\n"
    checked(catalog, {SERIES: series + tags, f"media/samtal/a/{name}": content})


LOCK: list[dict[str, Any]] = [
    {"lock": 1, "base_url": "https://podd.example/",
     "media_base_url": "https://podd.example/media/"},
    {"series": "samtal", "guid": "f2b2e3e2-d756-59f3-a54c-d42f71225595"},
    {"guid": GUID, "series": "samtal", "slug": "ett", "date": "2025-03-01T09:00:00+01:00",
     "media": "samtal/ett.mp3", "bytes": 24449, "duration_ms": 3000, "type": "audio/mpeg"},
]  # fmt: skip
FACTS = st.dictionaries(
    st.sampled_from([*LOCK[2], *LOCK[0], "sha256", "from", "was", "alternates", "gone", "on"]),
    VALUES | NUMBERS,
    max_size=3,
)
PASTS = st.dictionaries(
    st.sampled_from(["was", "alternates", "gone"]),
    st.lists(FACTS, max_size=2) | FACTS | st.just({"on": "2025-05-05", "why": ""}),
    max_size=2,
)


@st.composite
def locks(draw: st.DrawFn) -> str:
    lines = []
    for record in [*LOCK, *draw(st.lists(st.sampled_from(LOCK), max_size=2))]:
        changed = record | draw(FACTS | st.just({})) | draw(PASTS | st.just({}))
        for key in draw(st.lists(st.sampled_from([*record]), max_size=1)):
            if draw(st.booleans()):
                del changed[key]
        lines.append(json.dumps(changed))
    return "\n".join(draw(st.permutations(lines)))


@bounded(60)
@given(text=locks() | locks().flatmap(damaged))
def test_any_lock(catalog: Catalog, text: str) -> None:
    checked(catalog, {"feedtool.lock": text})
