"""Dates, clock changes, offsets and declared durations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedtool.finding import Finding, Place
from feedtool.formats import (
    ClockChange,
    DateShape,
    clock,
    clocks,
    normal_play_time,
    parse_claim,
    parse_clock,
    parse_date,
    rfc3339,
    whole_seconds,
)
from feedtool.read.dates import resolve_date

from .catalogs import CATALOG, Catalog, a_catalog

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2021-06-22 09:00", "2021-06-22T09:00:00+02:00"),
        ("2021-01-22 09:00", "2021-01-22T09:00:00+01:00"),
        ("2021-06-22T09:00", "2021-06-22T09:00:00+02:00"),
        ("2021-06-22 09:00:07", "2021-06-22T09:00:07+02:00"),
        ("2021-06-22", "2021-06-22T00:00:00+02:00"),
        ("2021-06-22T07:00:00Z", "2021-06-22T09:00:00+02:00"),
        ("2021-06-22 07:00 Z", "2021-06-22T09:00:00+02:00"),
        ("2021-06-22 09:00+02:00", "2021-06-22T09:00:00+02:00"),
        ("2021-06-22 09:00 +0200", "2021-06-22T09:00:00+02:00"),
        ("2021-06-22 03:00 -04:00", "2021-06-22T09:00:00+02:00"),
        ("2024-02-29", "2024-02-29T00:00:00+01:00"),
        ("2025-03-30 01:59", "2025-03-30T01:59:00+01:00"),
        ("2025-03-30 03:00", "2025-03-30T03:00:00+02:00"),
        ("2025-10-26 01:59", "2025-10-26T01:59:00+02:00"),
        ("2025-10-26 03:00", "2025-10-26T03:00:00+01:00"),
        ("2025-10-26 02:30 +02:00", "2025-10-26T02:30:00+02:00"),
        ("2025-10-26 02:30 +01:00", "2025-10-26T02:30:00+01:00"),
        ("2025-03-30 02:30 +01:00", "2025-03-30T03:30:00+02:00"),
        ("1955-07-01 12:00", "1955-07-01T12:00:00+01:00"),
    ],
)
def test_a_date_is_an_instant_in_the_zone(text: str, shown: str) -> None:
    assert rfc3339(parse_date(text, STOCKHOLM)) == shown


@pytest.mark.parametrize(
    "text",
    ["", "22 juni 2021", "2021-6-22", "21-06-22", "2021/06/22", "22.6.2021", "2021-06-22 9:00",
     "2021-06-22 09", "2021-06-22T", "2021-06-22 09:00 CEST", "2021-06-22  09:00", "20210622",
     "2021-06-22 09:00:00.5", "٢٠٢١-06-22", "2021-06-22 ", "2021-06-22 09:00\n"],
)  # fmt: skip
def test_what_is_not_written_as_a_date(text: str) -> None:
    with pytest.raises(DateShape):
        parse_date(text, STOCKHOLM)


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("2025-03-03 7:00", "2025-03-03 07:00"),
        ("2025-3-3", "2025-03-03"),
        ("2025/03/03 07.00", "2025-03-03 07:00"),
        ("2025-03-03  07:00", "2025-03-03 07:00"),
        ("2025.3.3, kl. 7.05", "2025-03-03 07:05"),
        ("2025-03-03T7:00:05+0100", "2025-03-03 07:00:05 +0100"),
        ("2025-03-03T07:00:00.000Z", "2025-03-03 07:00:00 Z"),
        ("2025-03-03t07:00:00z", "2025-03-03 07:00:00 Z"),
        ("2025-03-03 07.00.00,0", "2025-03-03 07:00:00"),
    ],
)
def test_a_date_in_the_right_order_is_told_as_it_should_be_written(text: str, better: str) -> None:
    found: list[Finding] = []
    assert resolve_date(text, STOCKHOLM, Place("a"), found) is None
    assert [(one.code.id, one.params) for one in found] == [
        ("EP009", {"text": text, "better": better})
    ]
    assert parse_date(better, STOCKHOLM)


@pytest.mark.parametrize(
    "text",
    [
        "3.3.2025 7:00",
        "2025-03-03 7",
        "2025-03-03T07:00:00.500Z",
        "2025-13-03 7:00",
        "2025-03-33",
        "2025-03-30 2:30",
        "25-3-3",
    ],
)
def test_a_date_that_could_be_another_is_not_guessed(text: str) -> None:
    found: list[Finding] = []
    resolve_date(text, STOCKHOLM, Place("a"), found)
    assert [one.code.id for one in found if one.code.id == "EP009"] == []
    assert len(found) == 1


@pytest.mark.parametrize(
    "text",
    ["2021-02-29", "2021-13-01", "2021-00-10", "2021-04-31", "0000-01-01", "1899-12-31",
     "2021-06-22 24:00", "2021-06-22 09:60", "2021-06-22 09:00:60", "2021-06-22 09:00 +24:00"],
)  # fmt: skip
def test_dates_that_no_calendar_has(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_date(text, STOCKHOLM)
    assert not isinstance(caught.value, (DateShape, ClockChange))


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Stockholm", "2025-03-30 02:00"),
        ("Europe/Stockholm", "2025-03-30 02:59:59"),
        ("America/New_York", "2025-03-09 02:30"),
        ("Asia/Beirut", "2025-03-30"),
        ("Pacific/Apia", "2011-12-30 12:00"),
    ],
)
def test_times_that_the_clocks_skip(zone: str, text: str) -> None:
    with pytest.raises(ClockChange) as caught:
        parse_date(text, ZoneInfo(zone))
    assert caught.value.skipped


@pytest.mark.parametrize(
    ("zone", "text", "before", "after"),
    [
        ("Europe/Stockholm", "2025-10-26 02:00",
         "2025-10-26 02:00 +02:00", "2025-10-26 02:00 +01:00"),
        ("Europe/Stockholm", "2025-10-26 02:59:59",
         "2025-10-26 02:59:59 +02:00", "2025-10-26 02:59:59 +01:00"),
        ("America/New_York", "2025-11-02 01:30",
         "2025-11-02 01:30 -04:00", "2025-11-02 01:30 -05:00"),
        ("America/Havana", "2025-11-02", "2025-11-02 00:00 -04:00", "2025-11-02 00:00 -05:00"),
    ],
)  # fmt: skip
def test_times_that_come_twice_are_told_with_both_readings(
    zone: str, text: str, before: str, after: str
) -> None:
    with pytest.raises(ClockChange) as caught:
        parse_date(text, ZoneInfo(zone))
    change = caught.value
    assert (change.skipped, change.before, change.after) == (False, before, after)
    first, second = (parse_date(one, ZoneInfo(zone)) for one in (before, after))
    assert second - first == timedelta(0)  # the same hands of the clock ...
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)  # ... an hour later


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]
)
def test_zones_without_a_whole_hour(zone: str) -> None:
    date = parse_date("2025-06-22 09:00", ZoneInfo(zone))
    assert datetime.fromisoformat(rfc3339(date)) == date
    assert rfc3339(date).startswith("2025-06-22T09:00:00")


def test_an_offset_with_seconds_becomes_utc() -> None:
    date = parse_date("1936-01-01 12:00", ZoneInfo("Europe/Amsterdam"))
    assert rfc3339(date)[-6:] in {"+00:00", "+00:19", "+00:20"}
    assert datetime.fromisoformat(rfc3339(date)) == date


def test_without_a_zone_dates_are_utc(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path, CATALOG.replace("timezone: Europe/Stockholm\n", ""))
    catalog.episode(date="2025-06-22 09:00")
    assert "CF041" in [one.code for one in catalog.rebuilt().findings]
    assert b"<published>2025-06-22T09:00:00+00:00</published>" in catalog.read("samtal/atom.xml")


@pytest.mark.parametrize(
    ("text", "seconds", "precision"),
    [
        ("11 min", 660, 30),
        ("11min", 660, 30),
        ("1 h", 3600, 30),
        ("1 h 5 min", 3900, 30),
        ("1h5min", 3900, 30),
        ("90 min", 5400, 30),
        ("0:30", 30, 1),
        ("11:04", 664, 1),
        ("1:02:03", 3723, 1),
        ("01:02:03", 3723, 1),
        ("61:00", 3660, 1),
    ],
)
def test_a_declared_duration_has_the_precision_of_its_form(
    text: str, seconds: int, precision: int
) -> None:
    claim = parse_claim(text)
    assert claim.duration == timedelta(seconds=seconds)
    assert claim.precision == timedelta(seconds=precision)


@pytest.mark.parametrize(
    "text", ["", "11", "11.5", "11 m", "11 minuter", "h", " min", "1:75", "1:60:00", "-1:00", "1:2",
             "1:2:3", "11:04 min", "PT11M", "٣ min", "99999 h"],
)  # fmt: skip
def test_what_says_no_duration(text: str) -> None:
    with pytest.raises(ValueError):
        parse_claim(text)


@pytest.mark.parametrize(
    ("claim", "measured", "admitted"),
    [
        ("11 min", 630.0, True),
        ("11 min", 690.0, True),
        ("11 min", 629.999, False),
        ("11 min", 690.001, False),
        ("11:00", 659.0, True),
        ("11:00", 661.0, True),
        ("11:00", 658.999, False),
        ("11:00", 661.001, False),
    ],
)
def test_a_claim_admits_what_lies_within_its_precision(
    claim: str, measured: float, admitted: bool
) -> None:
    assert parse_claim(claim).admits(timedelta(seconds=measured)) is admitted


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return a_catalog(tmp_path)


@pytest.mark.parametrize(
    ("declared", "fine"),
    [("0:03", True), ("0:02", True), ("0:04", True), ("0:01", False), ("0:05", False),
     ("0 min", True), ("1 min", False)],
)  # fmt: skip
def test_a_declared_duration_is_compared_with_the_recording(
    catalog: Catalog, declared: str, fine: bool
) -> None:
    catalog.episode(more=f"duration: {declared}\n")  # three seconds and some hundredths
    assert catalog.rebuilt().ok is fine


def test_both_durations_are_shown(catalog: Catalog) -> None:
    catalog.episode(more="duration: 11 min\n")
    (finding,) = [one for one in catalog.rebuilt().findings if one.code == "EP020"]
    assert (finding.params["claim"], finding.params["measured"]) == ("11 min", "0:03")


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("0:00", 0), ("2:10", 130_000), ("02:10.5", 130_500), ("1:02:10.125", 3_730_125),
     ("100:00", 6_000_000)],
)  # fmt: skip
def test_times_inside_a_recording(text: str, milliseconds: int) -> None:
    assert parse_clock(text) == timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize("text", ["", "10", "2:1", "2:60", "1:60:00", "2:10.1234", "a:10", "2:１0"])
def test_no_times_inside_a_recording(text: str) -> None:
    with pytest.raises(ValueError):
        parse_clock(text)


@pytest.mark.parametrize(
    ("milliseconds", "seconds"), [(0, 1), (1, 1), (499, 1), (1499, 1), (1500, 2), (2500, 3)]
)
def test_feeds_carry_whole_seconds_rounded_half_up_and_at_least_one(
    milliseconds: int, seconds: int
) -> None:
    assert whole_seconds(timedelta(milliseconds=milliseconds)) == seconds


def test_how_times_are_shown() -> None:
    time = timedelta(hours=1, minutes=2, seconds=3, milliseconds=500)
    assert (clock(time), normal_play_time(time)) == ("1:02:04", "01:02:03.500")


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (3000, 2988, ("0:03", "0:02.988")),
        (3000, 3000, ("0:03", "0:03")),
        (2988, 2988, ("0:03", "0:03")),
        (3600400, 3599500, ("1:00:00.400", "59:59.500")),
        (2400, 9000, ("0:02", "0:09")),
    ],
)
def test_two_times_that_differ_look_different(
    first: int, second: int, shown: tuple[str, str]
) -> None:
    assert clocks(timedelta(milliseconds=first), timedelta(milliseconds=second)) == shown
