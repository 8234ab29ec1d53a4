"""`feedtool import`, the command: what it says, asks, writes and gives back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .adoption import empty_catalog, serve
from .catalogs import Catalog
from .feeds_of_others import BUZZSPROUT, LIBSYN, WORDPRESS
from .live_feed import COVER, SOUND, File, Live, live
from .terminal import converse
from .test_import_skipped import feed, item


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        started.files["/vatten.mp3?dest-id=1234&cnt=5"] = File(SOUND, "audio/mpeg")
        started.files["/snart.mp3?dest-id=1234"] = File(SOUND, "audio/mpeg")
        started.files["/cover.png"] = File(COVER, "image/png")
        yield started


def test_a_whole_import_in_words(catalog: Catalog, server: Live) -> None:
    run = catalog.run(
        "import", serve(server, LIBSYN.document(server.base)), "--series", "samtal", "--yes"
    )
    assert run.code == 0, run.err
    assert "Entries found: 2, 2019, language sv: Samtal i Nordvik" in run.err
    assert "2 first published before 23 September 2020 without a text version" in run.err
    assert "Episodes made in episodes/samtal/: 2" in run.out
    assert "Next: feedtool check" in run.out
    report = (catalog.root / "import-report.md").read_text("utf-8")
    assert "Compared: 2." in report


def test_the_document(catalog: Catalog, server: Live) -> None:
    run = catalog.run(
        "import", serve(server, LIBSYN.document(server.base)), "--series", "samtal", "--yes",
        "--json",
    )  # fmt: skip
    assert run.code == 0
    said = run.json
    assert said["series"] == "samtal"
    assert said["episodes"] == ["episodes/samtal/2-vatten.md", "episodes/samtal/kommer-snart.md"]
    assert [one["path"] for one in said["media"]] == [
        "media/samtal/snart.mp3", "media/samtal/vatten.mp3"
    ]  # fmt: skip
    assert {one["bytes"] for one in said["media"]} == {len(SOUND)}
    assert said["skipped"] == []
    assert said["proof"]["compared"] == 2


def test_a_dry_run_writes_nothing(catalog: Catalog, server: Live) -> None:
    before = sorted(catalog.root.rglob("*"))
    run = catalog.run(
        "import", serve(server, LIBSYN.document(server.base)), "--series", "samtal", "--dry-run",
        "--json",
    )  # fmt: skip
    assert run.code == 0
    assert len(run.json["episodes"]) == 2
    assert run.json["media"][0]["sha256"] is None
    assert sorted(catalog.root.rglob("*")) == before
    assert [one.path for one in server.asked] == ["/feed.xml"]


def test_who_cannot_be_asked_is_told_the_option(catalog: Catalog, server: Live) -> None:
    run = catalog.run("import", serve(server, LIBSYN.document(server.base)), "--series", "samtal")
    assert run.code == 2
    assert "--yes" in run.err
    assert not (catalog.root / "episodes").exists()


@pytest.mark.parametrize(("answer", "made"), [("y", 3), ("n", 0)])
def test_it_asks_before_it_downloads(
    catalog: Catalog, server: Live, answer: str, made: int
) -> None:
    address = serve(server, LIBSYN.document(server.base))
    question = "Download 2 recordings, 21.2 MB? [y/N]:"
    session = converse(
        catalog.root, ["import", address, "--series", "samtal"], [(question, answer)]
    )
    assert session.code == (0 if made else 130), session.shown
    assert len(list(catalog.root.glob("episodes/samtal/*"))) == made


def test_without_media_nothing_is_asked_or_downloaded(catalog: Catalog, server: Live) -> None:
    address = serve(server, WORDPRESS.document(server.base))
    run = catalog.run("import", address, "--series", "samtal", "--no-media")
    assert run.code == 0
    assert [one.path for one in server.asked] == ["/feed.xml"]
    assert not (catalog.root / "media").exists()
    lock = (catalog.root / "feedtool.lock").read_text("utf-8")
    assert f'"from":"{address}"' in lock
    assert catalog.build().code == 0


def test_the_series_is_named_after_the_feed(catalog: Catalog, server: Live) -> None:
    address = serve(server, WORDPRESS.document(server.base))
    assert catalog.run("import", address, "--no-media", "--json").json["series"] == "nordviks-podd"


@pytest.mark.parametrize("series", ["Samtal", "../x", "media", "", "å"])
def test_a_series_needs_a_name_that_can_be_one(catalog: Catalog, server: Live, series: str) -> None:
    run = catalog.run("import", server.feed, "--series", series)
    assert run.code == 2
    assert server.asked == []


def test_what_went_missing_gives_five(catalog: Catalog, server: Live) -> None:
    del server.files["/snart.mp3?dest-id=1234"]
    address = serve(server, LIBSYN.document(server.base))
    run = catalog.run("import", address, "--series", "samtal", "--yes", "--json")
    assert run.code == 5
    assert not run.json["ok"]
    assert [one["guid"] for one in run.json["skipped"]] == ["b81d3c7e5b1f4a0b9d3e"]
    assert "404" in run.json["skipped"][0]["why"]


@pytest.mark.parametrize(
    ("body", "status", "code", "word"),
    [
        (b"<html><body>Sorry", 200, 5, "web page"),
        (b"", 404, 5, "404"),
        (b"", 401, 4, "401"),
        (b"<rss><channel><title>x</title></channel></rss>", 200, 5, "nothing in it"),
    ],
    ids=["a web page", "gone", "a login", "an empty feed"],
)
def test_no_feed_gives_one_sentence(
    catalog: Catalog, server: Live, body: bytes, status: int, code: int, word: str
) -> None:
    server.files["/feed.xml"] = File(body, "text/html", status=status)
    run = catalog.run("import", server.feed, "--series", "samtal", "--yes")
    assert (run.code, run.out) == (code, "")
    assert word in run.err
    assert "Traceback" not in run.err
    assert not (catalog.root / "episodes").exists()


def test_a_feed_of_texts_alone_is_no_success(catalog: Catalog, server: Live) -> None:
    run = catalog.run("import", feed(server, item(url="")), "--series", "samtal", "--json")
    assert run.code == 1
    assert len(run.json["skipped"]) == 1
    assert not (catalog.root / "episodes").exists()
    said = catalog.run("import", feed(server, item(url="")), "--series", "samtal").out
    assert "no entry" in said
    assert "redirect" not in said


def test_a_report_of_somebody_else_is_left_alone(catalog: Catalog, server: Live) -> None:
    catalog.write("import-report.md", "Min egen\n")
    address = serve(server, WORDPRESS.document(server.base))
    run = catalog.run("import", address, "--series", "samtal", "--no-media")
    assert "of your own" in run.err
    assert (catalog.root / "import-report.md").read_text("utf-8") == "Min egen\n"


def test_the_report_is_markdown_whatever_the_feed_says(catalog: Catalog, server: Live) -> None:
    title = "&lt;script&gt;alert(1)&lt;/script&gt; `[x](javascript:1)`"
    channel = "<itunes:owner><itunes:name>a`b</itunes:name></itunes:owner>"
    run = catalog.run(
        "import", feed(server, item(title=title, url="", guid="`x`"), item(), channel=channel),
        "--series", "samtal", "--no-media",
    )  # fmt: skip
    assert run.code == 0
    from feedtool.read.notes import render_notes

    report = (catalog.root / "import-report.md").read_text("utf-8")
    html = render_notes(report, "https://x.example/")[0]
    assert html.count("<a ") == 1  # the address of the feed
    assert "alert(1)" not in html


def test_a_catalog_with_errors_is_not_imported_into(catalog: Catalog, server: Live) -> None:
    catalog.write("feedtool.yaml", "title: x\nokänd: y\n")
    run = catalog.run("import", server.feed, "--series", "samtal")
    assert run.code == 1
    assert server.asked == []


@pytest.mark.skipif(os.name != "posix", reason="who may write is said otherwise there")
def test_a_disk_that_cannot_be_written_is_told(catalog: Catalog, server: Live) -> None:
    catalog.write("episodes", "no folder")
    address = serve(server, BUZZSPROUT.document(server.base))
    run = catalog.run("import", address, "--series", "samtal", "--no-media")
    assert run.code == 5
    assert "Traceback" not in run.err
