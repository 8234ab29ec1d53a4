"""feedtool preview: on this machine only, as a good web server, drafts marked, up to date."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from docs.reference import ANSWERS

from .case_files import FAULTLESS
from .catalogs import CATALOG, REPOSITORY, Catalog, a_catalog

pytest.importorskip("starlette", reason='pip install "feedtool[preview]"')

from starlette.exceptions import HTTPException

from feedtool.errors import OutputError
from feedtool.order import Outcome
from feedtool.preview.server import _Files, address_of, free_socket
from feedtool.preview.show import Preview

EPISODE = "episodes/samtal/ett.md"
PATIENCE = 20.0


@dataclass
class Shown:
    """A preview at work."""

    catalog: Catalog
    process: subprocess.Popen[str]
    address: str
    first: str  #: what it names first

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.address + path, headers=headers, timeout=10)

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.1)

    def edit(self, old: str, new: str, path: str = EPISODE) -> None:
        text = (self.catalog.root / path).read_text("utf-8")
        assert old in text
        self.catalog.write(path, text.replace(old, new))


def start(catalog: Catalog, *arguments: str) -> Shown:
    process = subprocess.Popen(
        [sys.executable, "-m", "feedtool", "preview", *arguments],
        cwd=catalog.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en",
             "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"(page|feed)\s+(http://127\.0\.0\.1:\d+/)", line)
        if found:
            break
    else:
        raise AssertionError("it did not start")
    shown = Shown(catalog, process, found[2], found[1])
    shown.until(lambda: _answers(shown.address))
    return shown


def document_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The document that is on stdout by now; the process may go on."""
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line == "}\n":
            break
    document: dict[str, Any] = json.loads(text)
    return document


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}feed.xml", timeout=5).ok
    except requests.RequestException:
        return False


def stop(shown: Shown) -> int:
    shown.process.send_signal(signal.SIGINT)
    try:
        return shown.process.wait(timeout=PATIENCE)
    finally:
        shown.process.kill()
        assert shown.process.stdout is not None
        shown.process.stdout.close()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A faultless catalog with a draft and a scheduled episode beside what is published."""
    root = tmp_path_factory.mktemp("preview") / "catalog"
    shutil.copytree(FAULTLESS, root)
    catalog = Catalog(root)
    more = "transcripts: [ett.vtt]\nsummary: Om vägen.\n"
    catalog.episode("utkast", f"{more}status: draft\n", title="Vägen", date="2025-04-01")
    catalog.episode("sedan", more, title="Sjön", date="2999-01-01 09:00", fixture="vbr.mp3")
    made = start(catalog)
    yield made
    stop(made)


def test_pages_and_feeds_are_there_with_their_types(shown: Shown) -> None:
    assert shown.first == "page"
    types = {path: shown.get(path).headers["Content-Type"] for path in (
        "", "samtal/feed.xml", "samtal/atom.xml", "samtal/feed.json", "feeds.opml",
        "samtal/ett/transcript.vtt", "media/samtal/ett.mp3",
    )}  # fmt: skip
    assert types == {
        "": "text/html; charset=utf-8",
        "samtal/feed.xml": "application/rss+xml; charset=utf-8",
        "samtal/atom.xml": "application/atom+xml; charset=utf-8",
        "samtal/feed.json": "application/feed+json",
        "feeds.opml": "text/x-opml; charset=utf-8",
        "samtal/ett/transcript.vtt": "text/vtt; charset=utf-8",
        "media/samtal/ett.mp3": "audio/mpeg",
    }


def test_every_address_of_the_feed_is_at_the_preview(shown: Shown) -> None:
    addresses = re.findall(r'(?:url|href)="(http[^"]+)"', shown.get("samtal/feed.xml").text)
    assert addresses
    assert {address.startswith(shown.address) for address in addresses} == {True}
    assert {requests.head(address, timeout=10).status_code for address in addresses} == {200}


def test_players_can_seek(shown: Shown) -> None:
    whole = shown.get("media/samtal/ett.mp3").content
    part = shown.get("media/samtal/ett.mp3", Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert shown.get("media/samtal/ett.mp3", Range=f"bytes={len(whole)}-").status_code == 416


@pytest.mark.parametrize("range", ["items=0-1", "bytes=abc", "bytes=5-2", "bytes=0-1,9-3", "bytes"])
def test_a_range_that_is_none_is_ignored(range: str, shown: Shown) -> None:
    answer = shown.get("media/samtal/ett.mp3", Range=range)
    size = (shown.catalog.root / "media/samtal/ett.mp3").stat().st_size
    assert (answer.status_code, len(answer.content)) == (200, size)


def test_what_did_not_change_is_not_sent_again(shown: Shown) -> None:
    first = shown.get("samtal/feed.xml")
    again = shown.get("samtal/feed.xml", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_head_tells_the_length(shown: Shown) -> None:
    head = requests.head(shown.address + "media/samtal/ett.mp3", timeout=10)
    size = (shown.catalog.root / "media/samtal/ett.mp3").stat().st_size
    assert (head.headers["Content-Length"], head.content) == (str(size), b"")


def test_what_is_not_published_yet_is_marked(shown: Shown) -> None:
    feed = shown.get("samtal/feed.xml").text
    assert "<title>[utkast] Vägen</title>" in feed
    assert "<title>[schemalagt 2999-01-01 09:00] Sjön</title>" in feed
    assert "<title>Vattnet i kranen</title>" in feed
    assert "[utkast] Vägen" in shown.get("samtal/utkast/").text


def test_nothing_of_it_reaches_what_is_published(shown: Shown) -> None:
    assert not (shown.catalog.root / "public").exists()
    assert not (shown.catalog.root / "feedtool.lock").exists()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_names_are_refused(host: str, shown: Shown) -> None:
    assert shown.get("samtal/feed.xml", Host=host).status_code == 400


@pytest.mark.parametrize("path", ["", "feed.xml", "samtal/feed.json", "media/samtal/ett.mp3"])
def test_no_page_of_somebody_else_can_read_it(path: str, shown: Shown) -> None:
    answer = shown.get(path, Origin="https://evil.example")
    assert answer.ok
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_players_can_read_transcripts(shown: Shown) -> None:
    answer = shown.get("samtal/ett/transcript.vtt", Origin="https://player.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_no_path_leads_out(shown: Shown) -> None:
    for path in ("../feedtool.yaml", "%2e%2e/feedtool.yaml", "..%2ffeedtool.yaml", ".tmp/"):
        assert shown.get(path).status_code == 404


def test_there_is_a_page_as_an_app_shows_it(shown: Shown) -> None:
    page = shown.get("_preview").text
    assert "[utkast] Vägen" in page
    assert '<html lang="en">' in page
    assert f"{shown.address}samtal/feed.xml" in page


def test_recordings_are_played_from_here_wherever_they_are_published(tmp_path: Path) -> None:
    elsewhere = "media_base_url: https://cdn.example/m/\nmedia_prefix: https://count.example/\n"
    catalog = a_catalog(tmp_path, CATALOG + elsewhere)
    catalog.episode(notes="![Karta](../../media/samtal/karta.png)\n")
    catalog.recording("samtal/karta.png", "wide.png")
    folder, address = tmp_path / "look", "http://127.0.0.1:8123/"
    order: dict[str, Any] = {"output": folder, "base_url": address, "drafts": True, "marks": True}
    assert catalog.rebuilt(**order).ok
    written = {path.name: path for path in folder.rglob("*.*")}
    assert {"ett.mp3", "karta.png"} <= written.keys()
    for text in (written[name].read_text("utf-8") for name in ("feed.xml", "feed.json")):
        assert f"{address}media/samtal/ett.mp3" in text
        assert f"{address}media/samtal/karta.png" in text
        assert "cdn.example" not in text
        assert "count.example" not in text
    catalog.episode(title="Ett annat samtal")
    assert catalog.rebuilt(**order).ok
    assert "cdn.example" not in (folder / "samtal/feed.xml").read_text("utf-8")


def test_the_next_free_port_is_taken(shown: Shown, tmp_path: Path) -> None:
    shutil.copytree(FAULTLESS, tmp_path / "other")
    other = start(Catalog(tmp_path / "other"))
    try:
        assert other.address != shown.address
        assert other.get("samtal/feed.xml").ok
    finally:
        stop(other)


def test_a_port_that_was_asked_for_and_is_taken_is_told(shown: Shown) -> None:
    port = shown.address.rsplit(":", 1)[1].strip("/")
    run = shown.catalog.run("preview", "--port", port)
    assert run.code == 2
    assert port in run.err


def test_one_preview_of_a_catalog_runs_at_a_time(shown: Shown) -> None:
    """The feeds of the first would name the address of the second."""
    run = shown.catalog.run("preview")
    assert run.code == 5
    assert "a preview of this catalog is running already" in run.err
    assert f"{shown.address}media/samtal/ett.mp3" in shown.get("samtal/feed.xml").text


def test_a_change_is_shown_and_an_error_too(shown: Shown) -> None:
    shown.edit("Var kommer vattnet", "Hur kommer vattnet")
    shown.until(lambda: "Hur kommer vattnet" in shown.get("samtal/ett/").text)
    shown.edit("date: 2025-03-01 09:00", "date: igår")
    shown.until(lambda: 'role="alert"' in shown.get("samtal/ett/").text)
    page = shown.get("samtal/ett/").text
    assert "episodes/samtal/ett.md:3" in page
    assert "Hur kommer vattnet" in page
    shown.edit("date: igår", "date: 2025-03-01 09:00")
    shown.until(lambda: 'role="alert"' not in shown.get("samtal/ett/").text)


def test_feedtool_yaml_is_watched_too(shown: Shown) -> None:
    shown.edit("title: Nordviks kommun", "title: Nordviks nya kommun", "feedtool.yaml")
    shown.until(lambda: "Nordviks nya kommun" in shown.get("").text)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Shown]:
    """A preview that no other test looks at, of a catalog that is published."""
    shutil.copytree(FAULTLESS, tmp_path / "catalog")
    assert Catalog(tmp_path / "catalog").build().code == 0
    made = start(Catalog(tmp_path / "catalog"))
    yield made
    stop(made)


@pytest.mark.parametrize(
    ("folder", "path", "word"),
    [("episodes", EPISODE, "kommer"), ("media", "media/samtal/ett.vtt", "Välkommen")],
)
def test_a_folder_that_comes_back_is_watched_again(
    own: Shown, folder: str, path: str, word: str
) -> None:
    """As where a branch without it was looked at."""
    root = own.catalog.root
    shutil.copytree(root / folder, root / "kept")
    shutil.rmtree(root / folder)
    own.until(lambda: 'role="alert"' in own.get("").text)
    (root / "kept").rename(root / folder)
    own.until(lambda: 'role="alert"' not in own.get("").text)
    own.edit(word, "Nyord", path)
    own.until(lambda: "Nyord" in own.get("samtal/ett/").text)


def test_an_error_is_gone_with_the_promise_that_it_was_about(own: Shown) -> None:
    own.edit("date: 2025-03-01 09:00", "date: 2025-03-01 10:00")
    own.until(lambda: 'role="alert"' in own.get("").text)
    assert own.catalog.build("--allow", "date:samtal/ett", "--why", "fel").code == 0
    own.until(lambda: 'role="alert"' not in own.get("").text)


def test_a_build_that_fails_is_told_and_the_next_one_is_shown(own: Shown) -> None:
    marker = own.catalog.root / ".feedtool/preview/.feedtool-output"
    held = marker.read_bytes()
    marker.unlink()
    own.edit("Var kommer vattnet", "Hur kommer vattnet")
    own.until(lambda: 'role="alert"' in own.get("").text)
    assert "holds files that feedtool did not make" in own.get("").text
    marker.write_bytes(held)
    own.edit("Hur kommer vattnet", "Hit kommer vattnet")
    own.until(lambda: "Hit kommer vattnet" in own.get("samtal/ett/").text)
    own.until(lambda: 'role="alert"' not in own.get("").text)


def test_no_page_is_named_where_pages_are_left_out(tmp_path: Path) -> None:
    shutil.copytree(FAULTLESS, tmp_path / "catalog")
    catalog = Catalog(tmp_path / "catalog")
    text = (catalog.root / "feedtool.yaml").read_text("utf-8")
    catalog.write("feedtool.yaml", f"{text}pages: false\n")
    made = start(catalog)
    try:
        assert made.first == "feed"
        assert made.get("").status_code == 404
    finally:
        stop(made)


def test_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    shutil.copytree(FAULTLESS, tmp_path / "catalog")
    made = start(Catalog(tmp_path / "catalog"))
    assert made.process.stdout is not None
    # while somebody listens, and the rest of the recording waits to be read
    with (made.catalog.root / ".feedtool/preview/media/long.mp3").open("wb") as recording:
        recording.truncate(100_000_000)
    with requests.get(made.address + "media/long.mp3", stream=True, timeout=10) as answer:
        assert answer.raw.read(1000)
        made.process.send_signal(signal.SIGINT)
        assert made.process.wait(timeout=PATIENCE) == 130
    said = made.process.stdout.read()
    assert "Traceback" not in said
    assert "ERROR" not in said
    made.process.stdout.close()


def test_a_catalog_with_errors_is_not_shown(tmp_path: Path) -> None:
    shutil.copytree(FAULTLESS, tmp_path / "catalog")
    catalog = Catalog(tmp_path / "catalog")
    catalog.write("episodes/samtal/series.yaml", "titel: Samtal\n")
    run = catalog.run("preview")
    assert run.code == 1
    assert "CF020" in run.err
    assert "there is nothing to show yet" in run.out


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Preview, list[Outcome]]]:
    """A preview whose first build is made, and what it told of builds."""
    shutil.copytree(FAULTLESS, tmp_path / "catalog")
    told: list[Outcome] = []
    with free_socket(None) as listener:
        preview = Preview(
            tmp_path / "catalog", listener, address_of(listener), lambda: datetime.now(UTC),
            time.time_ns,
            lambda text, **params: text.format(**params), lambda: "en",
            lambda outcome, _: told.append(outcome),
            lambda error: pytest.fail(str(error)),
        )  # fmt: skip
        preview.build()
        yield preview, told


def test_what_is_saved_while_the_first_build_is_made_is_shown(
    begun: tuple[Preview, list[Outcome]],
) -> None:
    preview, told = begun
    episode = preview.root / EPISODE
    episode.write_text(episode.read_text("utf-8") + "\nOch mer om vatten.\n", "utf-8")
    ended = threading.Event()
    watcher = threading.Thread(target=preview._watch, args=(ended,))
    watcher.start()
    try:
        end = time.monotonic() + PATIENCE
        while len(told) < 2:
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.05)
    finally:
        ended.set()
        watcher.join()
    assert "Och mer om vatten" in (preview.folder / "samtal/ett/index.html").read_text("utf-8")


def test_a_look_that_finds_no_change_tells_nothing(
    begun: tuple[Preview, list[Outcome]],
) -> None:
    preview, told = begun
    preview.build(again=True)
    assert len(told) == 1


def test_a_folder_of_others_is_to_be_deleted(begun: tuple[Preview, list[Outcome]]) -> None:
    preview, _ = begun
    (preview.folder / ".feedtool-output").unlink()
    with pytest.raises(OutputError) as caught:
        preview.build()
    assert "--output" not in caught.value.mend
    shutil.rmtree(preview.folder)
    preview.build()
    assert preview.feeds


@pytest.mark.parametrize(
    ("signal_number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["int", "term"]
)
def test_json_says_where_it_is_shown_in_one_document(
    tmp_path: Path, signal_number: signal.Signals, code: int
) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett")
    process = a_json_preview(catalog)
    document = document_of(process)
    assert list(document) == [*ANSWERS["Every command"], *ANSWERS["feedtool preview"]]
    assert (document["ok"], document["error"]) == (True, None)
    (feed,) = document["feeds"]
    assert feed == f"{document['address']}samtal/feed.xml"
    end = time.monotonic() + PATIENCE
    while not _answers(document["address"]):
        assert time.monotonic() < end, "it is not shown"
        time.sleep(0.1)
    process.send_signal(signal_number)
    out, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (code, "")


def test_json_says_what_kept_the_preview_from_beginning(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett", "sumary: Ett\n")
    process = a_json_preview(catalog)
    document = document_of(process)
    assert (document["ok"], document["feeds"]) == (False, [])
    assert "CF020" in [one["code"] for one in document["findings"]]
    assert (process.communicate(timeout=PATIENCE), process.returncode) == (("", ""), 1)


def a_json_preview(catalog: Catalog) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "feedtool", "preview", "--json"],
        cwd=catalog.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.mark.parametrize("name", ["index.html", "samtal/feed.xml", "samtal/ett/transcript.vtt"])
def test_an_answer_is_whole_though_a_build_comes_between(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"before")
    status = path.stat()
    path.write_bytes(b"longer than before")
    files = _Files(tmp_path, lambda: "")
    answer = files.file_response(path, status, {"type": "http", "headers": []})
    assert answer.headers["Content-Length"] == str(len(b"longer than before"))
    path.unlink()
    with pytest.raises(HTTPException) as caught:
        files.file_response(path, status, {"type": "http", "headers": []})
    assert caught.value.status_code == 404
