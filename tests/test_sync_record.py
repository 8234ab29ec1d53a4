"""<host>.lock: what survives a crash, a merge and a hand that slips."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from pathlib import Path

import pytest

from feedtool.errors import FeedtoolError
from feedtool.sync.journal import Journal, load_host_lock
from feedtool.sync.record import HostLock, Record, host_lock_lines, read_host_lock, record_line

START = datetime(2026, 1, 1, tzinfo=UTC)
AT = START.isoformat()


def record(guid: str, remote: str = "1") -> Record:
    return Record(
        guid=guid, episode=f"samtal/{guid}", remote=remote, media=f"samtal/{guid}.mp3", bytes=7,
        sha256="0" * 64, public=True, sent={"title": "a"}, seen={"title": "b"},
    )  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    seconds = count()
    lock = HostLock(url="https://host.example", account="17")
    return Journal(tmp_path / "host.lock", lock, lambda: START + timedelta(seconds=next(seconds)))


def test_what_was_kept_is_read_again(journal: Journal) -> None:
    journal.keep(record("a"))
    journal.begin("b", "1" * 64)
    read = load_host_lock(journal.path)
    assert (read.url, read.account) == ("https://host.example", "17")
    assert read.records == journal.lock.records
    assert read.intents == journal.lock.intents
    journal.tidy()
    assert load_host_lock(journal.path) == read


def test_what_ended_is_no_longer_begun(journal: Journal) -> None:
    journal.begin("a", "1" * 64)
    journal.begin("b", "1" * 64)
    journal.begin("c", "1" * 64)
    journal.keep(record("a"))
    journal.drop("b")
    assert set(load_host_lock(journal.path).intents) == {"c"}


def test_a_line_that_was_cut_off_is_as_if_it_had_not_been(journal: Journal) -> None:
    journal.keep(record("a"))
    journal.begin("b", "1" * 64)
    whole = journal.path.read_bytes()
    for length in range(len(whole) - 20, len(whole)):
        journal.path.write_bytes(whole[:length])
        assert set(load_host_lock(journal.path).records) == {"a"}
    journal.path.write_bytes(whole[:-5])
    seconds = count(100)
    clock = lambda: START + timedelta(seconds=next(seconds))  # noqa: E731
    again = Journal(journal.path, load_host_lock(journal.path), clock)
    again.note(record("x"))
    again.begin("c", "2" * 64)
    assert set(load_host_lock(journal.path).intents) == {"c"}
    assert set(load_host_lock(journal.path).records) == {"a", "x"}


def test_lines_are_a_union_in_any_order(journal: Journal) -> None:
    journal.keep(record("a", "1"))
    journal.begin("a", "1" * 64)
    journal.keep(record("a", "2"))
    journal.begin("a", "2" * 64)
    head, *lines = journal.path.read_text("utf-8").splitlines()
    for order in permutations(lines):
        read = read_host_lock("\n".join(["<<<<<<< HEAD", head, *order, ">>>>>>> x", ""]), "x")
        assert read.records["a"].remote == "2"
        assert read.intents["a"].sha256 == "2" * 64


def test_what_was_removed_does_not_come_back_from_an_older_branch(journal: Journal) -> None:
    journal.keep(record("a"))
    journal.drop("a", forgotten=True)
    lines = journal.path.read_text("utf-8").splitlines()
    assert read_host_lock("\n".join([*reversed(lines), ""]), "x").records == {}
    journal.keep(record("a", "3"))
    assert load_host_lock(journal.path).records["a"].remote == "3"


def test_what_was_removed_does_not_come_back_by_an_upload_that_came_to_nothing(
    journal: Journal,
) -> None:
    journal.keep(record("a"))
    journal.drop("a", forgotten=True)
    journal.begin("a", "1" * 64)
    journal.drop("a")
    assert load_host_lock(journal.path).records == {}


def test_it_is_sorted_and_written_only_when_it_differs(journal: Journal) -> None:
    for guid in "cab":
        journal.keep(record(guid))
    journal.tidy()
    lines = journal.path.read_text("utf-8")
    assert [line[9] for line in lines.splitlines()[1:]] == ["a", "b", "c"]
    assert lines == "".join(host_lock_lines(journal.lock))
    before = journal.path.stat().st_mtime_ns
    journal.tidy()
    assert journal.path.stat().st_mtime_ns == before


WRONG: dict[str, object] = {
    "remote": 5, "episode": None, "media": [], "bytes": "7", "sha256": 0, "public": "ja",
    "sent": [], "seen": {"title": 5}, "replaces": 5, "at": "skräp", "guid": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", '{"guid": "a"}', '{"guid": "a", "remote": 1}', "x",
        *(
            json.dumps({**json.loads(record_line(replace(record("a"), at=AT))), name: value})
            for name, value in WRONG.items()
        ),
        '{"guid":"a","begun":5,"at":"2026-01-01T00:00:00+00:00"}',
        '{"guid":"a","begun":"0","at":"2026-01-01T00:00:00"}',
        '{"guid":"a","at":5}',
        '{"guid":"a","begun":"0","at":"0001-01-01T00:00:00+00:00"}',
        '{"guid":"\\ud800","begun":"0","at":"2026-01-01T00:00:00+00:00"}',
        pytest.param("[" * 100_000, id="deep"), pytest.param('{"a":' * 100_000, id="deep keys"),
        '["remote"]', '"remote"', '["lock"]', "7",
    ],
)  # fmt: skip
def test_a_line_that_is_none_of_ours_is_told_by_its_number(line: str) -> None:
    with pytest.raises(FeedtoolError, match=r"host\.lock, line 2"):
        read_host_lock(f'{{"lock":1,"url":"","account":""}}\n{line}\n\n', "host.lock")


def test_a_record_that_says_more_is_of_a_newer_version() -> None:
    more = {**json.loads(record_line(replace(record("a"), at=AT))), "hidden": True}
    for end in ("", "\n"):
        with pytest.raises(FeedtoolError, match="newer"):
            read_host_lock(f'{{"lock":1,"url":"","account":""}}\n{json.dumps(more)}{end}', "x")


def test_a_newer_version_is_not_guessed_at() -> None:
    with pytest.raises(FeedtoolError, match="newer"):
        read_host_lock('{"lock":2,"url":"","account":""}\n', "host.lock")
