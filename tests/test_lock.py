"""The lock: how it is read and written, and which promises may change."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedtool.errors import UsageError
from feedtool.finding import Finding, Severity, has_errors
from feedtool.lock import (
    FACTS,
    NO_LOCK,
    Gone,
    Lock,
    Promise,
    Rendition,
    episode_record,
    overridden,
    parse_allow,
    promise_changes,
    read_lock,
    reconcile,
    write_lock,
)
from feedtool.lock_file import part_of_lock

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
TOMORROW = NOW + timedelta(days=1)

BASE = "https://media.example/"
MEDIA = "https://media.example/media/"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


ELEVEN_MINUTES = minutes(11)


def a_promise(
    guid: str = "guid-1",
    *,
    series: str = "jakten",
    slug: str = "kjell-ringer",
    date: datetime = YESTERDAY,
    media: str = "jakten/kjell-ringer.mp3",
    size: int = 1000,
    duration: timedelta = ELEVEN_MINUTES,
    type: str = "audio/mpeg",
    sha256: str | None = None,
    origin: str | None = None,
    was: tuple[Mapping[str, object], ...] = (),
    alternates: tuple[Rendition, ...] = (),
    gone: Gone | None = None,
    file: str = "episodes/jakten/kjell-ringer.md",
) -> Promise:
    return Promise(
        guid=guid,
        series=series,
        slug=slug,
        date=date,
        media=media,
        bytes=size,
        duration=duration,
        type=type,
        sha256=sha256,
        origin=origin,
        was=was,
        alternates=alternates,
        gone=gone,
        file=file,
    )


def another(guid: str = "guid-2", slug: str = "lisa-svarar") -> Promise:
    return a_promise(guid, slug=slug, media=f"jakten/{slug}.mp3", file=f"episodes/jakten/{slug}.md")


def a_lock(*promises: Promise, series: Mapping[str, str] | None = None, guid: str = "c") -> Lock:
    return Lock(
        base_url=BASE,
        media_base_url=MEDIA,
        guid=guid,
        series={"jakten": "s"} if series is None else series,
        episodes={promise.guid: promise for promise in promises},
    )


def ids(findings: list[Finding]) -> list[str]:
    return [finding.code.id for finding in findings]


def shown(finding: Finding) -> str:
    return " ".join(told(finding, part) for part in ("message", "why", "mend"))


def told(finding: Finding, part: str) -> str:
    return finding.shown().text(part)


def allowing(*names: str) -> frozenset[tuple[str, str]]:
    return frozenset(parse_allow(name) for name in names)


def read(text: str, now: datetime = NOW) -> Lock:
    """A lock without faults."""
    lock, findings = read_lock(text, now=now)
    assert [shown(finding) for finding in findings] == []
    return lock


def faults(text: str, now: datetime = NOW) -> list[tuple[str, int | None]]:
    _, findings = read_lock(text, now=now)
    return [(finding.code.id, finding.place.line) for finding in findings]


def lines_of(*locks: Lock) -> list[str]:
    return [line for lock in locks for line in write_lock(lock).split("\n")[:-1]]


# --- the file --------------------------------------------------------------------------------


def test_a_lock_is_written_line_by_line_in_one_order() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    lock = Lock(
        base_url=BASE,
        media_base_url=MEDIA,
        guid="c",
        series={"jakten": "s2", "brytpunkt": "s1"},
        episodes={
            "b": a_promise("b", slug="å", date=datetime(2021, 6, 22, 9, tzinfo=stockholm)),
            "a": a_promise(
                "a",
                date=datetime(2021, 1, 1, tzinfo=UTC),
                sha256="ff",
                origin="https://old.example/feed",
                was=({"media": "old.mp3", "bytes": 1, "why": "noise"},),
                alternates=(
                    Rendition(media="jakten/v.mp4", bytes=5, type="video/mp4", sha256="ee"),
                    Rendition(
                        media="w.mp4", bytes=6, type="video/mp4", duration=minutes(1), height=720
                    ),
                ),
                gone=Gone("2024-01-01", "asked to"),
            ),
        },
    )
    assert write_lock(lock) == (
        '{"lock":1,"base_url":"https://media.example/",'
        '"media_base_url":"https://media.example/media/","guid":"c"}\n'
        '{"series":"brytpunkt","guid":"s1"}\n'
        '{"series":"jakten","guid":"s2"}\n'
        '{"guid":"a","series":"jakten","slug":"kjell-ringer","date":"2021-01-01T00:00:00+00:00",'
        '"media":"jakten/kjell-ringer.mp3","bytes":1000,"duration_ms":660000,"type":"audio/mpeg",'
        '"sha256":"ff","from":"https://old.example/feed",'
        '"was":[{"media":"old.mp3","bytes":1,"why":"noise"}],'
        '"alternates":[{"media":"jakten/v.mp4","bytes":5,"type":"video/mp4","sha256":"ee"},'
        '{"media":"w.mp4","bytes":6,"type":"video/mp4","duration_ms":60000,"height":720}],'
        '"gone":{"on":"2024-01-01","why":"asked to"}}\n'
        '{"guid":"b","series":"jakten","slug":"å","date":"2021-06-22T09:00:00+02:00",'
        '"media":"jakten/kjell-ringer.mp3","bytes":1000,"duration_ms":660000,"type":"audio/mpeg"}\n'
    )


def test_an_empty_lock_is_no_lock() -> None:
    assert read("") == NO_LOCK
    assert read("\ufeff\n  \n") == NO_LOCK


def test_a_date_is_read_as_it_was_written() -> None:
    promise = a_promise(date=datetime(2021, 6, 22, 9, tzinfo=timezone(timedelta(hours=2))))
    lock = read(write_lock(a_lock(promise)))
    assert lock.episodes["guid-1"].date.isoformat() == "2021-06-22T09:00:00+02:00"


def test_where_an_episode_is_written_is_no_part_of_the_lock() -> None:
    assert "episodes/" not in write_lock(a_lock(a_promise()))


def test_a_doubled_hour_is_one_instant() -> None:
    twice = datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Stockholm"), fold=1)
    assert a_promise(date=twice) == a_promise(date=datetime(2024, 10, 27, 1, 30, tzinfo=UTC))


def test_line_separators_inside_a_text_end_no_line() -> None:
    lock = a_lock(a_promise("a\u2028b\x85c"))
    assert read(write_lock(lock)) == lock


@pytest.mark.parametrize(
    "around",
    ["{}", "\ufeff{}", "\n\n{}\n\n", "<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n"],
    ids=["plain", "byte-order-mark", "blank-lines", "conflict"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
def test_what_editors_and_merges_leave_is_read(around: str, end: str) -> None:
    lock = a_lock(a_promise(), another())
    text = around.replace("{}", write_lock(lock)).replace("\n", end)
    assert read(text) == lock


def test_a_conflict_that_shows_its_common_ancestor_is_read() -> None:
    one, two = a_lock(a_promise("a")), a_lock(a_promise("b"))
    header, series, first = lines_of(one)
    second = lines_of(two)[-1]
    text = "\n".join(
        [header, series, "<<<<<<< ours", first, "||||||| 1a2b3c", "=======", second, ">>>>>>> b"]
    )
    assert set(read(text).episodes) == {"a", "b"}


def test_keys_of_a_later_version_are_ignored() -> None:
    text = write_lock(a_lock(a_promise())).replace('{"guid":"guid-1"', '{"new":[1],"guid":"guid-1"')
    assert read(text) == a_lock(a_promise())


# --- faults of the file ----------------------------------------------------------------------

HEADER = f'{{"lock":1,"base_url":"{BASE}","media_base_url":"{MEDIA}"}}'
EPISODE = lines_of(a_lock(a_promise()))[-1]


@pytest.mark.parametrize(
    "line",
    ["{", "[1]", "3", "null", "{}", '{"guid":"x"}', EPISODE[:50], "[" * 100_000, "\ud800"],
    ids=["cut", "list", "number", "null", "empty", "kindless", "half", "deep", "surrogate"],
)
def test_a_line_that_is_not_understood_is_named(line: str) -> None:
    assert faults(f"{HEADER}\n\n{line}\n") == [("LK001", 3)]


@pytest.mark.parametrize("key", ["guid", "series", "date", "media", "bytes", "duration_ms", "type"])
def test_a_key_that_an_episode_lacks_is_named(key: str) -> None:
    _, [finding] = read_lock(f"{HEADER}\n{EPISODE.replace(f'{key}', 'other', 1)}\n", now=NOW)
    assert (finding.code.id, finding.place.line, finding.params["key"]) == ("LK002", 2, key)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"guid-1"', "7", "guid"),
        ('"guid-1"', '""', "guid"),
        ('"guid-1"', '"\\ud800"', "guid"),
        (":1000", ":-1", "bytes"),
        (":1000", ":true", "bytes"),
        (":1000", ":1.5", "bytes"),
        (":660000", ":1e3", "duration_ms"),
        (":660000", ":99999999999999999999", "duration_ms"),
        ("+00:00", "", "date"),
        ("2024-04-30T", "2024-04-31T", "date"),
        ('"type":', '"sha256":1,"type":', "sha256"),
        ('"type":', '"from":null,"type":', "from"),
        ('"type":', '"was":{},"type":', "was"),
        ('"type":', '"was":[{"bytes":"many"}],"type":', "was"),
        ('"type":', '"was":[{"date":"today"}],"type":', "was"),
        ('"type":', '"was":[{"gone":{}}],"type":', "was"),
        ('"type":', '"alternates":[{"media":"a.mp4"}],"type":', "alternates"),
        ('"type":', '"alternates":7,"type":', "alternates"),
        ('"type":', '"gone":{"on":"some day"},"type":', "gone"),
        ('"type":', '"gone":true,"type":', "gone"),
    ],
)
def test_a_value_that_cannot_be_is_named(old: str, new: str, key: str) -> None:
    assert old in EPISODE
    _, [finding] = read_lock(f"{HEADER}\n{EPISODE.replace(old, new)}\n", now=NOW)
    assert (finding.code.id, finding.place.line, finding.params["key"]) == ("LK003", 2, key)


def test_a_broken_line_hides_no_other() -> None:
    text = "\n".join([HEADER, "{", EPISODE, '{"series":"jakten"}'])
    lock, findings = read_lock(text, now=NOW, file="other.lock")
    assert [(f.code.id, f.place.file, f.place.line) for f in findings] == [
        ("LK001", "other.lock", 2),
        ("LK002", "other.lock", 4),
    ]
    assert set(lock.episodes) == {"guid-1"}


def test_a_later_format_asks_for_a_later_feedtool() -> None:
    lock, [finding] = read_lock(HEADER.replace('"lock":1', '"lock":2') + "\n{", now=NOW)
    assert (lock, finding.code.id) == (NO_LOCK, "LK004")
    assert "a later one" in told(finding, "mend")


@pytest.mark.parametrize("version", ['"1"', "0", "null", "1.5"])
def test_a_format_that_never_was_is_a_fault(version: str) -> None:
    assert faults(HEADER.replace('"lock":1', f'"lock":{version}')) == [("LK003", 1)]


def test_a_lock_without_its_first_line_is_a_fault() -> None:
    assert faults(EPISODE) == [("LK008", 1)]


# --- a union of two branches -----------------------------------------------------------------


def test_two_first_lines_that_disagree_are_both_named() -> None:
    other = HEADER.replace(BASE, "https://other.example/", 1)
    _, [finding] = read_lock(f"{HEADER}\n{other}\n", now=NOW)
    assert finding.code.id == "LK005"
    assert (finding.params["first"], finding.params["second"]) == (1, 2)
    assert "base_url: https://media.example/ / https://other.example/" in told(finding, "message")


def test_two_lines_of_a_series_that_disagree_are_both_named() -> None:
    text = "\n".join([HEADER, '{"series":"jakten","guid":"a"}', '{"series":"jakten","guid":"b"}'])
    assert faults(text) == [("LK006", 3)]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (a_promise(date=YESTERDAY - timedelta(days=1)), "date"),
        (a_promise(media="x.mp3"), "media"),
        (a_promise(size=7), "bytes"),
        (a_promise(duration=minutes(12)), "duration_ms"),
        (a_promise(type="audio/ogg"), "type"),
        (a_promise(slug="x"), "slug"),
        (a_promise(series="x"), "series"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_two_bound_lines_that_disagree_are_both_named(changed: Promise, what: str) -> None:
    text = "\n".join([*lines_of(a_lock(a_promise())), lines_of(a_lock(changed))[-1]])
    _, [finding] = read_lock(text, now=NOW)
    assert finding.code.id == "LK007"
    assert (finding.params["first"], finding.params["second"]) == (3, 4)
    assert str(finding.params["differences"]).startswith(f"{what}: ")


def test_two_hashes_of_one_file_disagree() -> None:
    one, two = a_lock(a_promise(sha256="aa")), a_lock(a_promise(sha256="bb"))
    assert faults("\n".join([*lines_of(one), *lines_of(two)])) == [("LK007", 6)]


@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
def test_what_only_one_of_two_equal_lines_knows_is_kept(order: int) -> None:
    video = Rendition(media="v.mp4", bytes=1, type="video/mp4")
    one, two = a_lock(a_promise(sha256="aa")), a_lock(a_promise(alternates=(video,)), guid="")
    text = "\n".join([*lines_of(one), *lines_of(two)][::order])
    assert read(text) == a_lock(a_promise(sha256="aa", alternates=(video,)))


def test_the_same_instant_in_two_zones_is_no_disagreement() -> None:
    there = YESTERDAY.astimezone(timezone(timedelta(hours=2)))
    lock = read(
        "\n".join([*lines_of(a_lock(a_promise())), *lines_of(a_lock(a_promise(date=there)))])
    )
    assert lock == a_lock(a_promise())


def test_a_line_that_binds_wins_over_one_that_does_not() -> None:
    bound, later = a_promise(), a_promise(date=TOMORROW)
    for pair in ((bound, later), (later, bound)):
        assert read("\n".join(lines_of(*map(a_lock, pair)))).episodes["guid-1"] == bound


def test_of_two_lines_that_do_not_bind_the_later_in_the_file_is_taken() -> None:
    one, two = a_promise(date=TOMORROW), a_promise(date=TOMORROW, media="x.mp3")
    assert read("\n".join(lines_of(a_lock(one), a_lock(two)))).episodes["guid-1"] == two
    assert read("\n".join(lines_of(a_lock(two), a_lock(one)))).episodes["guid-1"] == one


def test_two_branches_may_each_say_why_an_episode_is_gone() -> None:
    one = a_promise(gone=Gone("2024-02-02", "asked to"))
    two = a_promise(gone=Gone("2024-01-01", "wrong"))
    for pair in ((one, two), (two, one)):
        gone = read("\n".join(lines_of(*map(a_lock, pair)))).episodes["guid-1"].gone
        assert gone == Gone("2024-01-01", "wrong")


OVERRIDES = {
    "guid:jakten/kjell-ringer": a_promise("guid-9"),
    "slug:jakten/kjell": a_promise(slug="kjell"),
    "date:jakten/kjell-ringer": a_promise(date=YESTERDAY - timedelta(days=9)),
    "media:jakten/kjell-ringer": a_promise(media="jakten/kjell-ringer-v2.mp3", size=7),
    "media:guid-1": a_promise(size=7),
}


@pytest.mark.parametrize("order", [1, -1], ids=["old-first", "new-first"])
@pytest.mark.parametrize("name", OVERRIDES)
def test_an_override_stands_above_the_line_of_a_branch_that_had_not_seen_it(
    name: str, order: int
) -> None:
    old = a_lock(a_promise(sha256="aa"))
    new, findings = reconcile(
        old, a_lock(OVERRIDES[name]), now=NOW, allow=allowing(name), why="a reason"
    )
    assert findings == []
    assert read("\n".join(lines_of(old, new)[::order])) == new


@pytest.mark.parametrize("order", [1, -1], ids=["old-first", "new-first"])
def test_the_whole_life_of_an_episode_can_be_merged(order: int) -> None:
    lock = a_lock(a_promise())
    lives = [lock]
    for wanted, name in [
        (a_promise(media="b.mp3"), "media:jakten"),
        (a_promise(media="b.mp3", slug="kjell"), "slug:jakten"),
        (None, "gone:jakten"),
        (a_promise(media="b.mp3", slug="kjell"), None),
        (a_promise(media="jakten/kjell-ringer.mp3", slug="kjell"), "media:jakten"),
        (a_promise(slug="kjell-ringer"), "slug:jakten"),
        (a_promise("guid-9"), "guid:jakten"),
        (a_promise("guid-1"), "guid:jakten"),
    ]:
        files = a_lock(wanted) if wanted else a_lock()
        allow = allowing(name) if name else frozenset()
        lock, findings = reconcile(lock, files, now=NOW, allow=allow)
        assert findings == []
        lives.append(lock)
    assert read("\n".join(lines_of(*lives)[::order])) == lock
    for one in lives:
        assert read("\n".join(lines_of(one, lock)[::order])) == lock


@pytest.mark.parametrize("order", [1, -1], ids=["old-first", "new-first"])
def test_a_tombstone_stands_above_its_own_line(order: int) -> None:
    old = a_lock(a_promise())
    new, _ = reconcile(old, a_lock(), now=NOW, allow=allowing("gone:jakten"))
    assert read("\n".join(lines_of(old, new)[::order])) == new


@pytest.mark.parametrize("order", [1, -1], ids=["old-first", "new-first"])
def test_new_addresses_stand_above_old_ones(order: int) -> None:
    old = a_lock(a_promise())
    files = replace(old, base_url="https://x/", media_base_url="https://x/media/", guid="d")
    files = replace(files, series={"jakten": "t"})
    new, findings = reconcile(
        old, files, now=NOW, allow=allowing("base-url:x", "guid:catalog", "guid:jakten")
    )
    assert findings == []
    assert read("\n".join(lines_of(old, new)[::order])) == new


def test_two_branches_that_override_one_episode_in_two_ways_disagree() -> None:
    old = a_lock(a_promise())
    one, _ = reconcile(
        old, a_lock(a_promise(media="b.mp3")), now=NOW, allow=allowing("media:jakten")
    )
    two, _ = reconcile(
        old, a_lock(a_promise(media="c.mp3")), now=NOW, allow=allowing("media:jakten")
    )
    assert faults("\n".join(lines_of(one, two))) == [("LK007", 6)]
    assert faults("\n".join(lines_of(old, one, two))) == [("LK007", 9)]


def test_two_branches_that_override_one_episode_alike_agree_and_keep_both_reasons() -> None:
    old, files = a_lock(a_promise()), a_lock(a_promise(media="b.mp3"))
    one, _ = reconcile(old, files, now=NOW, allow=allowing("media:jakten"), why="noise")
    two, _ = reconcile(old, files, now=NOW, allow=allowing("media:jakten"), why="a cough")
    was = read("\n".join(lines_of(one, two))).episodes["guid-1"].was
    assert sorted(str(fact["why"]) for fact in was) == ["a cough", "noise"]


# --- what binds ------------------------------------------------------------------------------


def test_the_first_build_promises_what_the_files_say() -> None:
    wanted = a_lock(a_promise(), replace(another(), date=TOMORROW))
    assert reconcile(NO_LOCK, wanted, now=NOW) == (wanted, [])


def test_nothing_changed_changes_nothing() -> None:
    lock = a_lock(a_promise(sha256="aa", origin="https://old.example/feed"))
    assert reconcile(lock, a_lock(a_promise()), now=NOW) == (lock, [])


@pytest.mark.parametrize(
    "changed",
    [
        a_promise(date=TOMORROW, media="b.mp3", size=1, duration=minutes(2), type="audio/ogg"),
        a_promise(date=YESTERDAY),
        a_promise(slug="other", date=TOMORROW),
        a_promise("guid-9", date=TOMORROW),
    ],
    ids=["media", "date", "slug", "guid"],
)
def test_before_its_date_an_episode_changes_in_silence(changed: Promise) -> None:
    lock = a_lock(a_promise(date=TOMORROW))
    assert reconcile(lock, a_lock(changed), now=NOW) == (a_lock(changed), [])


def test_before_its_date_an_episode_goes_in_silence() -> None:
    assert reconcile(a_lock(a_promise(date=TOMORROW)), a_lock(), now=NOW) == (a_lock(), [])


def test_before_its_date_a_library_that_measures_a_little_differently_changes_nothing() -> None:
    lock = a_lock(a_promise(date=TOMORROW, sha256="aa"))
    wanted = a_lock(a_promise(date=TOMORROW, duration=minutes(11) + timedelta(milliseconds=9)))
    assert reconcile(lock, wanted, now=NOW) == (lock, [])


def test_a_line_binds_from_the_second_of_its_date() -> None:
    lock = a_lock(a_promise(date=NOW))
    wanted = a_lock(a_promise(date=NOW, media="b.mp3"))
    assert ids(reconcile(lock, wanted, now=NOW)[1]) == ["LK013"]
    assert reconcile(lock, wanted, now=NOW - timedelta(seconds=1))[1] == []


BROKEN = {
    "guid": (a_promise("guid-9"), "LK010", "guid:jakten/kjell-ringer", ("guid-1", "guid-9")),
    "slug": (a_promise(slug="kjell"), "LK011", "slug:jakten/kjell", ("jakten/kjell-ringer",)),
    "series": (
        a_promise(series="x"),
        "LK034",
        "slug:x/kjell-ringer --allow gone:x/kjell-ringer",
        ("jakten/kjell-ringer",),
    ),
    "date": (
        a_promise(date=YESTERDAY - timedelta(days=1)),
        "LK012",
        "date:jakten/kjell-ringer",
        ("2024-04-30 12:00:00+00:00", "2024-04-29 12:00:00+00:00"),
    ),
    "media": (
        a_promise(media="jakten/b.mp3"),
        "LK013",
        "media:jakten/kjell-ringer",
        ("jakten/kjell-ringer.mp3", "jakten/b.mp3"),
    ),
    "bytes": (
        a_promise(size=7, duration=minutes(1), type="audio/ogg"),
        "LK014",
        "media:jakten/kjell-ringer",
        ("1000", "7", "kjell-ringer-v2.mp3"),
    ),
    "duration": (
        a_promise(duration=minutes(11) + timedelta(milliseconds=1001)),
        "LK015",
        "media:jakten/kjell-ringer",
        ("00:11:00.000", "00:11:01.001"),
    ),
    "type": (
        a_promise(type="audio/ogg"),
        "LK016",
        "media:jakten/kjell-ringer",
        ("audio/mpeg", "audio/ogg"),
    ),
    "content": (a_promise(sha256="bb"), "LK017", "media:jakten/kjell-ringer", ("aa", "bb")),
    "future": (a_promise(date=TOMORROW), "LK019", "gone:jakten/kjell-ringer", ("2024-05-02",)),
}


@pytest.mark.parametrize(("changed", "code", "allow", "values"), BROKEN.values(), ids=BROKEN)
def test_after_its_date_a_change_is_an_error_until_it_is_allowed(
    changed: Promise, code: str, allow: str, values: tuple[str, ...]
) -> None:
    lock = a_lock(a_promise(sha256="aa"))
    kept, [finding] = reconcile(lock, a_lock(changed), now=NOW)
    assert (kept, finding.code.id, finding.severity) == (lock, code, Severity.ERROR)
    assert finding.place.file == "episodes/jakten/kjell-ringer.md"
    assert all(text in shown(finding) for text in values)
    assert f"feedtool build --allow {allow}" in told(finding, "mend")

    allowed = allowing(*allow.split(" --allow "))
    new, findings = reconcile(lock, a_lock(changed), now=NOW, allow=allowed)
    assert findings == []
    assert new != lock
    assert reconcile(new, a_lock(changed), now=NOW) == (new, [])


MOVES = ["slug:x/kjell-ringer", "media:x/kjell-ringer", "gone:x/kjell-ringer"]


@pytest.mark.parametrize("given", [[], MOVES[:1], MOVES[:2], MOVES[1:]], ids=len)
def test_a_move_to_another_series_is_one_error_that_names_all_it_needs(given: list[str]) -> None:
    """Its recording moves along, and for subscribers of the old series it is gone."""
    lock = a_lock(a_promise(), another())
    wanted = a_lock(a_promise(series="x", media="x/kjell-ringer.mp3"), another())
    kept, [finding] = reconcile(lock, wanted, now=NOW, allow=allowing(*given))
    assert (kept, finding.code.id) == (lock, "LK034")
    assert f"feedtool build --allow {' --allow '.join(MOVES)}" in told(finding, "mend")
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing(*MOVES))
    assert findings == []
    assert set(overridden(new)) == {("guid-1", "media"), ("guid-1", "gone")}


@pytest.mark.parametrize("name", ["x/kjell-ringer", "x", "jakten/kjell-ringer", "jakten", "guid-1"])
def test_what_is_gone_by_a_move_has_the_name_of_either_series(name: str) -> None:
    lock = a_lock(a_promise(), another())
    wanted = a_lock(a_promise(series="x", media="x/kjell-ringer.mp3"), another())
    allow = allowing(*MOVES[:2], f"gone:{name}")
    assert reconcile(lock, wanted, now=NOW, allow=allow)[1] == []


@pytest.mark.parametrize("name", ["jakten/kjell-ringer", "jakten", "guid-1"])
def test_a_promise_is_overridden_by_name_series_or_guid(name: str) -> None:
    wanted = a_lock(a_promise(media="b.mp3"))
    _, findings = reconcile(a_lock(a_promise()), wanted, now=NOW, allow=allowing(f"media:{name}"))
    assert findings == []


def test_each_broken_promise_is_told() -> None:
    changed = a_promise(slug="b", date=YESTERDAY - timedelta(1), media="b.mp3")
    lock = a_lock(a_promise())
    _, findings = reconcile(lock, a_lock(changed), now=NOW)
    assert sorted(ids(findings)) == ["LK011", "LK012", "LK013"]
    kept, findings = reconcile(lock, a_lock(changed), now=NOW, allow=allowing("date:jakten"))
    assert sorted(ids(findings)) == ["LK011", "LK013"]
    assert kept == lock


def test_the_date_in_another_zone_is_the_same_date() -> None:
    there = YESTERDAY.astimezone(ZoneInfo("Europe/Stockholm"))
    lock = a_lock(a_promise())
    new, findings = reconcile(lock, a_lock(a_promise(date=there)), now=NOW)
    assert (write_lock(new), findings) == (write_lock(lock), [])


def test_a_little_difference_in_playing_time_leaves_the_locked_one() -> None:
    wanted = a_lock(a_promise(duration=minutes(11) + timedelta(seconds=1)))
    lock = a_lock(a_promise())
    assert reconcile(lock, wanted, now=NOW) == (lock, [])


def test_a_hash_is_added_when_it_is_known() -> None:
    new, findings = reconcile(a_lock(a_promise()), a_lock(a_promise(sha256="aa")), now=NOW)
    assert (new, findings) == (a_lock(a_promise(sha256="aa")), [])


# --- corrected recordings --------------------------------------------------------------------


def test_a_corrected_recording_keeps_the_episode_and_remembers_the_old_file() -> None:
    old = a_promise(sha256="aa", origin="https://old.example/feed", media="https://old.example/a")
    corrected = a_promise(media="jakten/b.mp3", size=7, duration=minutes(1), type="audio/ogg")
    new, findings = reconcile(
        a_lock(old), a_lock(corrected), now=NOW, allow=allowing("media:jakten"), why="a cough"
    )
    fact = {
        "media": "https://old.example/a",
        "bytes": 1000,
        "duration_ms": 660000,
        "type": "audio/mpeg",
        "sha256": "aa",
        "from": "https://old.example/feed",
        "why": "a cough",
    }
    assert (new, findings) == (a_lock(replace(corrected, was=(fact,))), [])


def test_the_bytes_of_a_further_recording_are_promised_too() -> None:
    video = Rendition(media="v.mp4", bytes=5, type="video/mp4", duration=minutes(1))
    other = replace(video, bytes=6)
    lock, wanted = a_lock(a_promise(alternates=(video,))), a_lock(a_promise(alternates=(other,)))
    kept, [finding] = reconcile(lock, wanted, now=NOW)
    assert (kept, finding.code.id, finding.place.keys) == (lock, "LK014", ("alternates",))
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing("media:jakten"))
    assert findings == []
    assert new.episodes["guid-1"].alternates == (other,)
    assert read("\n".join(lines_of(lock, new))) == new


def test_further_recordings_come_and_go() -> None:
    one = Rendition(media="v.mp4", bytes=5, type="video/mp4", sha256="aa")
    two = Rendition(media="w.mp4", bytes=6, type="video/mp4")
    lock = a_lock(a_promise(alternates=(one,)))
    more = a_lock(a_promise(alternates=(two, replace(one, sha256=None))))
    new, findings = reconcile(lock, more, now=NOW)
    assert (new, findings) == (a_lock(a_promise(alternates=(two, one))), [])
    less, findings = reconcile(new, a_lock(a_promise()), now=NOW)
    assert (less.episodes["guid-1"].alternates, findings) == ((), [])
    back, findings = reconcile(less, more, now=NOW)
    assert (back.episodes["guid-1"].alternates, findings) == ((two, one), [])
    again, _ = reconcile(back, a_lock(a_promise()), now=NOW)
    assert again == less  # what is remembered already is not written once more
    assert reconcile(less, a_lock(a_promise()), now=NOW) == (less, [])
    assert read("\n".join(lines_of(less))) == less
    main = Rendition(media=a_promise().media, bytes=1000, type="audio/mpeg")  # stays anyway
    lock = a_lock(a_promise(alternates=(main,)))
    assert reconcile(lock, a_lock(a_promise()), now=NOW) == (a_lock(a_promise()), [])


@pytest.mark.parametrize("media", ["v.mp4", "jakten/kjell-ringer.mp3"], ids=["further", "former"])
def test_a_recording_that_was_taken_out_does_not_come_back_with_other_bytes(media: str) -> None:
    one = Rendition(media="v.mp4", bytes=5, type="audio/mpeg")
    lock = a_lock(a_promise(alternates=(one,)))
    files = a_promise(media="jakten/b.mp3")
    lock, _ = reconcile(lock, a_lock(files), now=NOW, allow=allowing("media:jakten"))
    other = Rendition(media=media, bytes=7, type="audio/mpeg")
    files = replace(files, alternates=(other,))
    kept, [finding] = reconcile(lock, a_lock(files), now=NOW)
    assert (kept, finding.code.id, finding.place.keys) == (lock, "LK014", ("alternates",))
    new, findings = reconcile(lock, a_lock(files), now=NOW, allow=allowing("media:jakten"))
    assert (new.episodes["guid-1"].alternates, findings) == ((other,), [])


def test_no_episode_gets_the_former_address_of_another_with_other_bytes() -> None:
    lock, wanted = a_lock(a_promise()), a_lock(a_promise(media="jakten/b.mp3"))
    lock, _ = reconcile(lock, wanted, now=NOW, allow=allowing("media:jakten"))
    intruder = replace(another(), media="jakten/kjell-ringer.mp3", bytes=7)
    wanted = a_lock(a_promise(media="jakten/b.mp3"), intruder)
    new, [finding] = reconcile(lock, wanted, now=NOW)
    assert (new, finding.code.id) == (lock, "LK026")
    same = replace(intruder, bytes=1000)
    _, findings = reconcile(lock, a_lock(a_promise(media="jakten/b.mp3"), same), now=NOW)
    assert findings == []


@pytest.mark.parametrize(
    ("guid", "code"), [("guid-1", "LK014"), ("guid-2", "LK026")], ids=["its own", "of another"]
)
def test_a_rendition_gets_no_former_address_with_other_bytes(guid: str, code: str) -> None:
    corrected = a_promise(media="jakten/b.mp3")
    lock, _ = reconcile(
        a_lock(a_promise(), another()), a_lock(corrected, another()),
        now=NOW, allow=allowing("media:jakten"),
    )  # fmt: skip

    def offered(size: int) -> list[Finding]:
        one = Rendition(media="jakten/kjell-ringer.mp3", bytes=size, type="audio/mpeg")
        wanted = (
            replace(each, alternates=(one,) if each.guid == guid else ())
            for each in (corrected, another())
        )
        return reconcile(lock, a_lock(*wanted), now=NOW)[1]

    assert offered(1000) == []
    [finding] = offered(7)
    assert (finding.code.id, finding.place.keys) == (code, ("alternates",))


FURTHER = Rendition(media="jakten/v.mp4", bytes=5, type="video/mp4")


@pytest.mark.parametrize(
    "before",
    [
        a_promise(gone=Gone("2024-01-01"), alternates=(FURTHER,)),
        a_promise(media="jakten/b.mp3", was=({"alternates": [episode_record(a_promise())]},)),
    ],
    ids=["gone", "taken out"],
)
def test_no_further_recording_gets_the_address_of_another_with_other_bytes(before: Promise) -> None:
    lock = a_lock(before)
    file = () if before.gone else (before,)
    other = Rendition(media="jakten/kjell-ringer.mp3", bytes=7, type="audio/mpeg")
    wanted = a_lock(*file, replace(another(), alternates=(other,)))
    kept, [finding] = reconcile(lock, wanted, now=NOW)
    assert (kept, finding.code.id, finding.place.keys) == (lock, "LK026", ("alternates",))
    same = replace(other, bytes=1000)
    _, findings = reconcile(lock, a_lock(*file, replace(another(), alternates=(same,))), now=NOW)
    assert findings == []


def test_no_episode_gets_the_further_recording_of_a_gone_one_with_other_bytes() -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01"), alternates=(FURTHER,)))
    wanted = a_lock(replace(another(), media=FURTHER.media))
    kept, [finding] = reconcile(lock, wanted, now=NOW)
    assert (kept, finding.code.id, finding.place.keys) == (lock, "LK026", ("media",))


# --- gone, and back --------------------------------------------------------------------------


def test_a_published_episode_that_is_not_there_is_an_error() -> None:
    lock = a_lock(a_promise(file=""), another())
    kept, [finding] = reconcile(lock, a_lock(another()), now=NOW)
    assert (kept, finding.code.id, finding.place.file) == (lock, "LK018", "feedtool.lock")
    assert "feedtool build --allow gone:jakten/kjell-ringer" in told(finding, "mend")


@pytest.mark.parametrize("files", [(), (a_promise(date=TOMORROW),)], ids=["deleted", "future"])
def test_an_episode_that_may_go_leaves_a_tombstone(files: tuple[Promise, ...]) -> None:
    new, findings = reconcile(
        a_lock(a_promise()), a_lock(*files), now=NOW, allow=allowing("gone:jakten"), why="asked to"
    )
    assert findings == []
    assert new.episodes["guid-1"] == a_promise(gone=Gone("2024-05-01", "asked to"))


def test_a_tombstone_stays() -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01")), another())
    assert reconcile(lock, a_lock(another()), now=NOW) == (lock, [])


def test_a_series_whose_folder_is_gone_keeps_its_line_and_its_promises() -> None:
    lock = a_lock(a_promise(), series={"jakten": "s"})
    new, findings = reconcile(lock, a_lock(series={}), now=NOW)
    assert (new, ids(findings)) == (lock, ["LK018"])


@pytest.mark.parametrize("date", [YESTERDAY, TOMORROW], ids=["due", "scheduled"])
@pytest.mark.parametrize("allow", [(), ("guid:jakten", "media:jakten", "gone:jakten")])
def test_name_and_address_of_a_gone_episode_are_free_for_no_other(
    date: datetime, allow: tuple[str, ...]
) -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01")))
    wanted = a_lock(a_promise("guid-9", date=date))
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing(*allow))
    assert new == lock
    assert [f.code.id for f in findings if f.severity is Severity.ERROR] == ["LK024", "LK025"]
    assert all("guid-1" in told(finding, "mend") for finding in findings[:2])


def test_another_series_may_use_the_name_of_a_gone_episode() -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01")))
    _, findings = reconcile(
        lock, a_lock(a_promise("guid-9", series="x", media="x/kjell-ringer.mp3")), now=NOW
    )
    assert findings == []


@pytest.mark.parametrize("day", [0, 3], ids=["same-date", "new-date"])
def test_a_gone_episode_may_come_back(day: int) -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01", "asked to"), date=YESTERDAY - timedelta(9)))
    date = YESTERDAY - timedelta(9 - day)
    new, findings = reconcile(lock, a_lock(a_promise(date=date)), now=NOW)
    fact: dict[str, object] = {"gone": {"on": "2024-01-01", "why": "asked to"}}
    if day:
        fact = {"date": "2024-04-21T12:00:00+00:00", **fact}
    assert (new, findings) == (a_lock(a_promise(date=date, was=(fact,))), [])
    assert read("\n".join(lines_of(lock, new))) == new


@pytest.mark.parametrize("media", ["jakten/kjell-ringer.mp3", "jakten/b.mp3"])
@pytest.mark.parametrize("date", [YESTERDAY, TOMORROW], ids=["due", "scheduled"])
def test_the_guid_of_a_gone_episode_is_free_for_no_other_name(date: datetime, media: str) -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01")))
    wanted = a_lock(a_promise(slug="b", media=media, date=date))
    allow = allowing("slug:jakten", "media:jakten", "guid:jakten", "gone:jakten")
    for overrides in (frozenset(), allow):
        new, findings = reconcile(lock, wanted, now=NOW, allow=overrides)
        wrong = [one.code.id for one in findings if one.severity is Severity.ERROR]
        assert (new, wrong) == (lock, ["LK033"])


def test_a_gone_episode_goes_along_when_its_series_gets_another_name() -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01")), another(), series={"jakten": "s"})
    wanted = a_lock(
        a_promise(series="x", date=TOMORROW), replace(another(), series="x"), series={"x": "s"}
    )
    _, findings = reconcile(lock, wanted, now=NOW)
    assert ids(findings) == ["LK028"]
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing("slug:x"))
    assert (findings, {one.series for one in new.episodes.values()}) == ([], {"x"})


def test_a_gone_episode_with_a_date_to_come_stays_gone_until_then() -> None:
    lock, wanted = a_lock(a_promise(gone=Gone("2024-01-01"))), a_lock(a_promise(date=TOMORROW))
    assert reconcile(lock, wanted, now=NOW) == (lock, [])
    new, findings = reconcile(lock, wanted, now=TOMORROW)
    assert (new.episodes["guid-1"].gone, findings) == (None, [])


def test_a_gone_episode_comes_back_with_its_own_bytes() -> None:
    lock = a_lock(a_promise(gone=Gone("2024-01-01")))
    assert ids(reconcile(lock, a_lock(a_promise(size=7)), now=NOW)[1]) == ["LK014"]


# --- another guid ----------------------------------------------------------------------------


def test_another_guid_is_told_once_and_not_as_gone_and_new() -> None:
    wanted = a_lock(a_promise("guid-9", date=TOMORROW))
    _, findings = reconcile(a_lock(a_promise()), wanted, now=NOW)
    assert ids(findings) == ["LK010"]


def test_a_guid_that_may_change_takes_its_line_along() -> None:
    lock = a_lock(a_promise(sha256="aa"))
    new, findings = reconcile(
        lock, a_lock(a_promise("guid-9")), now=NOW, allow=allowing("guid:guid-1"), why="typo"
    )
    fact = {"guid": "guid-1", "why": "typo"}
    assert (new, findings) == (a_lock(a_promise("guid-9", sha256="aa", was=(fact,))), [])


def test_one_file_promised_under_two_guids_becomes_one_episode() -> None:
    """Two branches added the same file; the merge kept one of the two guids."""
    lock, wanted = a_lock(a_promise("a"), a_promise("b", size=7)), a_lock(a_promise("b", size=7))
    kept, findings = reconcile(lock, wanted, now=NOW)
    assert (kept, ids(findings)) == (lock, ["LK010"])
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing("guid:jakten/kjell-ringer"))
    assert findings == []
    [fact] = new.episodes["b"].was
    assert (fact["guid"], fact["bytes"]) == ("a", 1000)
    assert new == a_lock(a_promise("b", size=7, was=(fact,)))
    assert read("\n".join(lines_of(lock, new))) == new


def test_the_guid_that_was_given_up_may_be_taken_out_as_gone_as_well() -> None:
    lock = a_lock(a_promise("a", gone=Gone("2024-01-01")), a_promise("b"))
    assert reconcile(lock, a_lock(a_promise("b")), now=NOW) == (lock, [])


def test_a_guid_that_was_given_up_is_free_for_no_other_episode() -> None:
    lock, _ = reconcile(
        a_lock(a_promise()), a_lock(a_promise("guid-9")), now=NOW, allow=allowing("guid:jakten")
    )
    intruder = another("guid-1")
    kept, findings = reconcile(lock, a_lock(a_promise("guid-9"), intruder), now=NOW)
    assert (kept, ids(findings)) == (lock, ["LK027"])


def test_two_episodes_may_swap_their_names() -> None:
    one, two = a_promise(), another()
    swapped = replace(one, slug=two.slug), replace(two, slug=one.slug)
    lock, wanted = a_lock(one, two), a_lock(*swapped)
    assert ids(reconcile(lock, wanted, now=NOW)[1]) == ["LK031", "LK031"]
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing("slug:jakten"))
    assert findings == []
    assert [each.slug for each in new.episodes.values()] == [two.slug, one.slug]


def test_an_episode_is_not_told_to_move_to_where_another_file_is() -> None:
    lock, wanted = a_lock(a_promise()), a_lock(a_promise(slug="b"))
    _, [finding] = reconcile(lock, wanted, now=NOW, files=["jakten/kjell-ringer"])
    assert finding.code.id == "LK031"
    assert "kjell-ringer.md another name first" in told(finding, "mend")
    allow = allowing("slug:jakten/b")
    assert not reconcile(lock, wanted, now=NOW, files=["jakten/kjell-ringer"], allow=allow)[1]


def test_two_guids_that_were_swapped_are_told_where_they_belong() -> None:
    one, two = a_promise(), another()
    swapped = replace(one, guid=two.guid), replace(two, guid=one.guid)
    _, findings = reconcile(a_lock(one, two), a_lock(*swapped), now=NOW)
    assert ids(findings) == ["LK032", "LK032"]
    for finding, (episode, other) in zip(findings, [(one, two), (two, one)], strict=True):
        assert finding.place.file == episode.file
        assert f"guid: {other.guid}  in episodes/{other.name}.md" in told(finding, "mend")


# --- addresses and series --------------------------------------------------------------------


def test_a_catalog_that_moves_is_an_error_until_it_is_allowed() -> None:
    lock = a_lock(a_promise())
    wanted = replace(lock, base_url="https://new/", media_base_url="https://new/media/")
    kept, [finding] = reconcile(lock, wanted, now=NOW)
    assert (kept, finding.code.id, finding.place.keys) == (lock, "LK020", ("base_url",))
    assert finding.place.file == "feedtool.yaml"
    assert "feedtool build --allow base-url:https://new/" in told(finding, "mend")
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing("base-url:any"), why="moved")
    fact = {"base_url": BASE, "media_base_url": MEDIA, "why": "moved"}
    assert (new, findings) == (replace(wanted, was=(fact,)), [])


def test_recordings_that_move_are_an_error_until_it_is_allowed() -> None:
    lock = a_lock(a_promise())
    wanted = replace(lock, media_base_url="https://cdn.example/")
    kept, [finding] = reconcile(lock, wanted, now=NOW)
    assert (kept, finding.code.id, finding.place.keys) == (lock, "LK021", ("media_base_url",))
    allow = allowing("base-url:https://cdn.example/")
    new, findings = reconcile(lock, wanted, now=NOW, allow=allow)
    assert (new, findings) == (replace(wanted, was=({"media_base_url": MEDIA},)), [])


def test_the_guid_of_a_series_is_taken_from_the_lock_when_none_is_stated() -> None:
    lock = a_lock(a_promise())
    assert reconcile(lock, a_lock(a_promise(), series={"jakten": ""}, guid=""), now=NOW) == (
        lock,
        [],
    )


def test_another_guid_of_a_series_is_an_error_until_it_is_allowed() -> None:
    lock, wanted = a_lock(a_promise()), a_lock(a_promise(), series={"jakten": "t"})
    kept, [finding] = reconcile(lock, wanted, now=NOW)
    assert (kept, finding.code.id) == (lock, "LK022")
    assert finding.place.file == "episodes/jakten/series.yaml"
    assert "feedtool build --allow guid:jakten" in told(finding, "mend")
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing("guid:jakten"))
    assert (new, findings) == (replace(wanted, series_was={"jakten": ({"guid": "s"},)}), [])


@pytest.mark.parametrize("name", ["catalog", "c", "d"])
def test_another_guid_of_the_catalog_is_an_error_until_it_is_allowed(name: str) -> None:
    lock, wanted = a_lock(guid="c"), a_lock(guid="d")
    kept, [finding] = reconcile(lock, wanted, now=NOW)
    assert (kept, finding.code.id) == (lock, "LK023")
    new, findings = reconcile(lock, wanted, now=NOW, allow=allowing(f"guid:{name}"))
    assert (new, findings) == (replace(wanted, was=({"guid": "c"},)), [])


# --- --allow ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS)
def test_an_override_is_a_fact_and_a_name(fact: str) -> None:
    assert parse_allow(f"{fact}:jakten/kjell-ringer") == (fact, "jakten/kjell-ringer")


def test_a_name_may_hold_colons() -> None:
    assert parse_allow("base-url:https://x/") == ("base-url", "https://x/")


@pytest.mark.parametrize("text", ["", "media", "media:", ":x", "title:x", "jakten/kjell-ringer"])
def test_anything_else_is_refused_with_what_can_be_written(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_allow(text)
    assert all(fact in error.value.mend for fact in FACTS)
    assert "--allow media:" in error.value.mend


def test_an_override_that_nothing_needed_is_a_warning() -> None:
    lock = a_lock(a_promise())
    _, findings = reconcile(
        lock,
        a_lock(a_promise(media="b.mp3")),
        now=NOW,
        allow=allowing("media:jakten", "media:jakten/kjel", "base-url:x"),
    )
    assert [(f.code.id, f.params["allow"], f.severity) for f in findings] == [
        ("LK030", "base-url:x", Severity.WARNING),
        ("LK030", "media:jakten/kjel", Severity.WARNING),
    ]


# --- what would change -----------------------------------------------------------------------


def test_changes_are_listed_for_people() -> None:
    old = a_lock(a_promise(), another(), series={"jakten": "s"})
    new = Lock(
        base_url="https://new/",
        media_base_url=MEDIA,
        guid="c",
        series={"jakten": "s", "podd": "t"},
        episodes={
            "guid-1": a_promise(media="b.mp3", sha256="aa", gone=Gone("2024-01-01")),
            "guid-3": another("guid-3", "ny"),
        },
    )
    assert promise_changes(old, new) == [
        "~ base_url https://media.example/ -> https://new/",
        "+ podd",
        "~ jakten/kjell-ringer: media jakten/kjell-ringer.mp3 -> b.mp3, sha256 - -> aa, gone",
        "- jakten/lisa-svarar",
        "+ jakten/ny",
    ]


# --- whatever the lock holds -----------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
slugs = st.sampled_from(["a", "b", "c", "d"])
dates = st.datetimes(
    min_value=datetime(2024, 4, 20),
    max_value=datetime(2024, 5, 10),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=2)), ZoneInfo("Europe/Stockholm")]),
)
durations = st.integers(0, 10**8).map(lambda number: timedelta(milliseconds=number))
hashes = st.none() | st.text(string.hexdigits, min_size=1, max_size=4)
gone = st.builds(Gone, st.dates().map(str), st.text(string.printable, max_size=5))
renditions = st.builds(
    Rendition,
    media=words,
    bytes=st.integers(0, 10**12),
    type=words,
    sha256=hashes,
    duration=st.none() | durations,
    height=st.none() | st.integers(1, 5000),
)


@st.composite
def promises(
    draw: st.DrawFn, guid: st.SearchStrategy[str] = words, *, full: bool = True
) -> Promise:
    """Any promise; if not `full`, one as the files give it."""
    return Promise(
        guid=draw(guid),
        series=draw(slugs),
        slug=draw(slugs),
        date=draw(dates),
        media=draw(words if full else slugs),
        bytes=draw(st.integers(0, 10**12) if full else st.integers(1, 2)),
        duration=draw(durations if full else st.sampled_from([minutes(1), minutes(2)])),
        type=draw(words if full else st.sampled_from(["audio/mpeg", "audio/ogg"])),
        sha256=draw(hashes),
        origin=draw(st.none() | words),
        was=draw(
            st.lists(
                st.dictionaries(st.sampled_from(["media", "slug", "why"]), words, min_size=1),
                max_size=2,
            ).map(tuple)
            if full
            else st.just(())
        ),
        alternates=draw(
            st.lists(renditions, max_size=2, unique_by=lambda each: each.media).map(tuple)
        ),
        gone=draw(st.none() | gone) if full else None,
        file="x.md",
    )


def by_guid(promises: list[Promise]) -> dict[str, Promise]:
    return {each.guid: each for each in promises}


def as_files(promises: list[Promise]) -> dict[str, Promise]:
    """By guid; a folder holds a name once."""
    return by_guid(list({each.name: each for each in by_guid(promises).values()}.values()))


def locks(episodes: st.SearchStrategy[Promise], *, full: bool = True) -> st.SearchStrategy[Lock]:
    guid = words if full else st.sampled_from(["", "x", "y"])
    return st.builds(
        Lock,
        base_url=st.sampled_from(["https://a/", "https://b/"]),
        media_base_url=st.sampled_from(["https://a/media/", "https://b/media/"]),
        guid=guid,
        series=st.dictionaries(slugs, words if full else st.sampled_from(["x", "y"]), max_size=3),
        episodes=st.lists(episodes, max_size=5).map(by_guid if full else as_files),
    )


few = st.sampled_from(["g1", "g2", "g3", "g4"])
files = locks(promises(few, full=False), full=False)
overrides = st.frozensets(
    st.tuples(st.sampled_from(FACTS), slugs | few | st.just("catalog")), max_size=12
)


@given(locks(promises()))
def test_a_lock_is_read_as_it_was_written(lock: Lock) -> None:
    assert read(write_lock(lock)) == lock


@given(locks(promises()), st.randoms(use_true_random=False))
def test_a_part_of_a_lock_says_what_the_whole_says(lock: Lock, random: random.Random) -> None:
    wanted = {
        (one.series, one.slug)
        for one in lock.episodes.values()
        if random.random() < 0.5 and json.dumps(one.name, ensure_ascii=False) == f'"{one.name}"'
    }
    if any(one.was for one in lock.episodes.values()):  # then the whole lock is read
        return
    kept = {guid: one for guid, one in lock.episodes.items() if (one.series, one.slug) in wanted}
    assert part_of_lock(write_lock(lock), NOW, wanted) == replace(lock, episodes=kept)


@given(locks(promises()), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(lock: Lock, order: random.Random) -> None:
    lines = write_lock(lock).split("\n")[:-1]
    lines += order.choices(lines, k=3)
    order.shuffle(lines)
    assert read("\n".join(lines)) == lock


@given(st.text() | st.lists(st.sampled_from(EPISODE), max_size=20).map("".join))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_lock(text, now=NOW)


clocks = st.sampled_from([YESTERDAY, NOW, TOMORROW])


@given(files, st.lists(st.tuples(files, overrides, clocks), max_size=4))
def test_whatever_happens_the_lock_holds(
    first: Lock, steps: list[tuple[Lock, frozenset[tuple[str, str]], datetime]]
) -> None:
    lock, _ = reconcile(NO_LOCK, first, now=YESTERDAY)
    for wanted, allow, now in steps:
        before = lock
        lock, findings = reconcile(before, wanted, now=now, allow=allow, why="a reason")
        # it is a fixed point, and needs no override a second time
        again, rest = reconcile(lock, wanted, now=now)
        assert again == lock
        assert has_errors(rest) == has_errors(findings)
        # it can be read back, and beside the lock of a branch that has not seen it
        assert read(write_lock(lock), now) == lock
        if not has_errors(findings):
            union = read("\n".join(lines_of(before, lock)), now)
            assert reconcile(union, wanted, now=now) == (lock, [])
        # nothing that was overridden is forgotten
        kept = [fact for each in lock.episodes.values() for fact in each.was]
        assert all(fact in kept for each in before.episodes.values() for fact in each.was)
        # nothing changes in silence
        assert (write_lock(lock) == write_lock(before)) == (promise_changes(before, lock) == [])


@given(files, files, overrides)
def test_no_bound_promise_is_left_without_a_word(
    first: Lock, wanted: Lock, allow: frozenset[tuple[str, str]]
) -> None:
    before, _ = reconcile(NO_LOCK, first, now=YESTERDAY)
    after, findings = reconcile(before, wanted, now=NOW, allow=allow)
    former = {
        fact["guid"] for each in after.episodes.values() for fact in each.was if "guid" in fact
    }
    for old in before.episodes.values():
        if old.binds(NOW):
            assert old.guid in after.episodes or old.guid in former
    if not has_errors(findings):
        union = read("\n".join(lines_of(before, after)))
        assert reconcile(union, wanted, now=NOW) == (after, [])


@given(files, st.data())
def test_two_branches_that_touch_different_episodes_merge(first: Lock, data: st.DataObject) -> None:
    """Each branch overrides, adds or removes its own episodes; any order of lines will do."""
    base, _ = reconcile(NO_LOCK, first, now=NOW)
    everything = frozenset((fact, name) for fact in FACTS for name in (*"abcd", "ours", "theirs"))
    branches = []
    for guids, new in ((("g1", "g2"), "ours"), (("g3", "g4"), "theirs")):
        own = data.draw(st.lists(promises(st.sampled_from([*guids, new]), full=False), max_size=3))
        episodes = {guid: each for guid, each in first.episodes.items() if guid not in guids}
        names = {each.name for each in episodes.values()}
        episodes |= as_files([each for each in own if each.name not in names])
        branch, findings = reconcile(
            base, replace(first, episodes=episodes), now=NOW, allow=everything
        )
        if has_errors(findings):  # the address of a recording that is gone
            return
        branches.append(branch)
    lines = [*lines_of(base), *lines_of(*branches)]
    data.draw(st.randoms(use_true_random=False)).shuffle(lines)
    assert read_lock("\n".join(lines), now=NOW)[1] == []
