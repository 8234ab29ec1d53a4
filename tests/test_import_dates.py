"""Dates of feeds: the instant that was meant, with the offset it was written with."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from feedtool.adopt.dates import read_dates
from feedtool.adopt.plan import local_date

NINE = "2021-06-22T09:00:00+00:00"

WRITTEN = {
    "Tue, 22 Jun 2021 09:00:00 +0000": NINE,
    "Tue, 22 Jun 2021 09:00:00 GMT": NINE,
    "Tue, 22 Jun 2021 09:00:00 UT": NINE,
    "Tue, 22 Jun 2021 09:00:00 Z": NINE,
    "Tue, 22 Jun 2021 09:00:00 EDT": "2021-06-22T09:00:00-04:00",
    "Tue, 22 Jun 2021 09:00:00 CEST": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00 +02:00": "2021-06-22T09:00:00+02:00",
    "Tue, 22 June 2021 09:00:00 +0200": "2021-06-22T09:00:00+02:00",
    "Thu, 22 Jun 2021 09:00:00 +0200": "2021-06-22T09:00:00+02:00",  # it was a Tuesday
    "Tue,22 Jun 2021 09:00:00 +0200": "2021-06-22T09:00:00+02:00",
    "tis, 22 jun 2021 09:00:00 +0200": "2021-06-22T09:00:00+02:00",
    "lör, 1 maj 2021 09:00:00 +0200": "2021-05-01T09:00:00+02:00",
    "Tuesday, 22-Jun-21 09:00:00 GMT": NINE,
    "22 Jun 2021 09:00 GMT": NINE,
    "22 Jun 21 09:00 GMT": NINE,
    "Tue Jun 22 09:00:00 2021": NINE,
    "Tue, 22 Jun 2021 9:00:00 AM": NINE,
    "Tue, 22 Jun 2021 09:00:00 PM +0200": "2021-06-22T21:00:00+02:00",
    "Tue, 22 Jun 2021 12:00:00 AM GMT": "2021-06-22T00:00:00+00:00",
    "Tue, 22 Jun 2021 24:00:00 GMT": "2021-06-23T00:00:00+00:00",
    "Tue, 22 Jun 2021": "2021-06-22T00:00:00+00:00",
    "Tue, 22 Jun 2021 09:00:00 Europe/Stockholm": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00 +2": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00 GMT+2": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00 UTC-03:30": "2021-06-22T09:00:00-03:30",
    "Tue Jun 22 2021 09:00:00 GMT+0200 (CEST)": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00 GMT +0200": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00 AEST": "2021-06-22T09:00:00+10:00",
    "Tue, 22 Jun 2021 09:00:00 (CEST)": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00.123 +0200": "2021-06-22T09:00:00+02:00",
    "Tue, 22 Jun 2021 09:00:00,5 (CEST)": "2021-06-22T09:00:00+02:00",
    "Tue, 30 Jun 2015 23:59:60 GMT": "2015-06-30T23:59:59+00:00",  # a leap second
    "2015-06-30T23:59:60.5Z": "2015-06-30T23:59:59+00:00",
    "2021/06/22 09:00:60 +0200": "2021-06-22T09:00:59+02:00",
    "2021-06-22T09:00:00Z": NINE,
    "2021-06-22T11:00:00.250+02:00": "2021-06-22T11:00:00+02:00",
    "2021-06-22 09:00:00": NINE,
    "2021-06-22t09:00:00z": NINE,
    "2021-06-22T24:00:00Z": "2021-06-23T00:00:00+00:00",
    "2021-6-22 9:00": NINE,
    "2021/06/22 09:00:00.5 GMT": NINE,
    "2021.06.22 09:00 CEST": "2021-06-22T09:00:00+02:00",
    "Tue, 2021/06/22 09:00 PM": "2021-06-22T21:00:00+00:00",
    "2021/6/2": "2021-06-02T00:00:00+00:00",
    "2021-06-22": "2021-06-22T00:00:00+00:00",
    "20210622": "2021-06-22T00:00:00+00:00",
    "2021-W25-2": "2021-06-22T00:00:00+00:00",
    "1624352400": NINE,
    "Sun, 20 Jul 1969 20:17:00 GMT": "1969-07-20T20:17:00+00:00",
    "1969-07-20T21:17:00+01:00": "1969-07-20T21:17:00+01:00",
    "1925-01-01": "1925-01-01T00:00:00+00:00",
    "Thu, 01 Jan 1970 09:00:00 GMT": "1970-01-01T09:00:00+00:00",
}


@pytest.mark.parametrize(("text", "date"), WRITTEN.items(), ids=WRITTEN.keys())
def test_dates_as_programs_write_them(text: str, date: str) -> None:
    assert read_dates([text])[text].isoformat() == date


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "06/22/2021", "Tue, 31 Jun 2021 09:00:00 GMT",
     "Mon, 01 Jan 0001 00:00:00 GMT", "17", "Tue, 22 Jun 99999 09:00:00 GMT",
     "Thu, 01 Jan 1970 00:00:00 GMT", "1969-12-31T19:00:00-05:00", "123456789", "19690720",
     "Sat, 30 Dec 1899 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_dates([text]) == {}


@pytest.mark.parametrize(
    "text",
    ["2015-13-01", "2015-02-30", "2015-00-10", "2015-06-00", "2015-366", "20150631", "15-06-31",
     "2015/06/31", "2015.06.31", "2015-06-31 10:00", "2015-6-31T10:00:00Z", "31-06-2015",
     "20150631T100000Z", "Tue, 2015/06/31 08:19:53 EDT", "2015-06-30T25:00:00Z",
     "2015-06-30 10:60", "2015-06-30T23:59:61Z", "2015-06-30T10:00+25:00",
     "31 Jun 15 10:00 GMT", "Tue, 00 Jun 2015 10:00:00 GMT", "Tue, 30 Jun 2015 24:30:00 GMT",
     "Tue, 30 Jun 2015 25:00:00 GMT", "Tue, 30 Jun 2015 10:60:00 GMT",
     "Tue, 30 Jun 2015 23:59:61 GMT", "Tue, 30 Jun 2015 10:00:00 +9900"],
)  # fmt: skip
def test_what_no_calendar_or_clock_has_is_no_other_date(text: str) -> None:
    assert read_dates([text]) == {}


@pytest.mark.parametrize("text", ["2015", "2015-06", "2015-000", "2015-W54-1", "2004-július-13"])
def test_the_month_of_today_stands_for_none(text: str) -> None:
    assert read_dates([text]) == {}


@pytest.mark.parametrize(
    ("text", "in_file"),
    [
        ("Tue, 22 Jun 2021 09:00:00 +0200", "2021-06-22 09:00"),
        ("Tue, 22 Jun 2021 07:00:30 GMT", "2021-06-22 09:00:30"),
        ("Tue, 22 Jun 2021 03:00:00 -0400", "2021-06-22 03:00 -04:00"),
        ("Sun, 31 Oct 2021 00:30:00 GMT", "2021-10-31 02:30 +02:00"),  # it comes twice
        ("Sun, 20 Jul 1969 20:17:00 GMT", "1969-07-20 21:17"),
    ],
    ids=["local", "UTC", "another offset", "an hour that comes twice", "of old"],
)
def test_an_episode_file_says_the_same_instant(text: str, in_file: str) -> None:
    assert local_date(read_dates([text])[text], ZoneInfo("Europe/Stockholm")) == in_file
