"""Rules about series at their borders, and words that a category or a language may be told by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedtool.check.schedule import end_and_beginning_differ, rule_not_understood
from feedtool.check.series import film_of_several, video_for_youtube
from feedtool.check.series_texts import (
    LIMIT,
    copyright_twice,
    description_too_long,
    markup_in_plain_text,
    move_to_no_feed,
    text_to_be_replaced,
)
from feedtool.finding import CODES
from feedtool.model import Category, Identity, Series, UpdateFrequency
from feedtool.podcast.kinds import RECUR, WHEN, Kind
from feedtool.read.categories import category
from feedtool.read.languages import language
from feedtool.read.marks import Refused
from feedtool.vocabulary import CATEGORIES, LANGUAGE_NAMES, OLD_CATEGORIES, TRANSLATED_CATEGORIES

from .cases import a_series


def refused(text: str) -> tuple[str, object]:
    """The code and the better value, or the values, for a category."""
    with pytest.raises(Refused) as told:
        category(text)
    params = told.value.fault.params
    wanted = params.get("better") or params.get("choices") or params.get("nearest")
    return told.value.fault.code.id, wanted


def known(text: str) -> bool:
    category(text)
    return True


@pytest.mark.parametrize(
    ("text", "code", "better"),
    [
        ("Society & Culture/History", "SE012", "History"),
        ("Technology > Podcasting", "SE012", "Technology"),
        ("Games & Hobbies", "SE012", "Leisure"),
        ("Games &amp; Hobbies", "SE012", "Leisure"),
        ("games and hobbies : video games", "SE012", "Leisure > Video Games"),
        ("Health", "SE012", "Health & Fitness"),
        ("Health > Self-Help", "SE012", "Education > Self-Improvement"),
        ("News & Politics", "SE013", '"News", "News > Politics"'),
        ("government", "SE014", "Government"),
        ("Documentary", "SE014", "Society & Culture > Documentary"),
        ("Tv & Film", "SE014", "TV & Film"),
        ("Society and Culture", "SE014", "Society & Culture"),
        ("Religion", "SE014", "Religion & Spirituality > Religion"),
        ("Samhälle & kultur", "SE010", "Society & Culture"),
        ("Kommuner", "SE010", "Government"),
        ("Goverment", "SE010", "Government"),
        ("Technology > News", "SE010", "News > Tech News"),
    ],
)
def test_a_category_is_told_what_it_should_be(text: str, code: str, better: str) -> None:
    told = refused(text)
    assert told[0] == code
    if code != "SE010" or better != "News > Tech News":
        assert told[1] == better


def test_every_category_of_the_list_is_taken_as_it_is() -> None:
    for top, below in CATEGORIES.items():
        assert category(top) == Category(top)
        for low in below:
            assert category(f"{top} > {low}") == Category(top, low)


def test_every_successor_and_every_guess_is_in_the_list() -> None:
    successors = [name for names in OLD_CATEGORIES.values() for name in names]
    assert all(known(name) for name in [*successors, *TRANSLATED_CATEGORIES.values()])


def test_no_old_name_is_a_name_of_today() -> None:
    for name in OLD_CATEGORIES:
        assert refused(name)[0] in {"SE012", "SE013"}, name


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("sv", "sv"), ("SV", "sv"), ("sv-se", "sv-SE"), ("sv_SE", "sv-SE"), ("sv-FI", "sv-FI"),
        ("zh-hans", "zh-Hans"), ("sv-Latn-SE", "sv-SE"), ("fit", "fit"), ("sma", "sma"),
        ("se", "se"), ("swl", "swl"), ("prs", "fa-AF"), ("tl", "fil"), ("iw", "he"),
    ],
)  # fmt: skip
def test_a_language_is_known_in_any_letters(text: str, tag: str) -> None:
    assert language(text) == tag


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("swe", "sv"), ("Svenska", "sv"), ("engelska", "en"), ("dk", "da"), ("en-UK", "en-GB"),
        ("en-EN", "en"), ("meänkieli", "fit"), ("x y", "sv"), ("?", "sv"), ("sme", "se"),
        ("sv-", "sv"), ("ger", "de"), ("eng", "en"),
    ],
)  # fmt: skip
def test_a_language_that_is_none_gets_a_guess(text: str, better: str) -> None:
    with pytest.raises(Refused) as told:
        language(text)
    assert (told.value.fault.code.id, told.value.fault.params["better"]) == ("CF032", better)


def test_every_guess_at_a_language_is_a_tag() -> None:
    assert [tag for tag in LANGUAGE_NAMES.values() if language(tag) != tag] == []


def test_what_can_be_mended_alone_says_the_right_value() -> None:
    for id in ("SE012", "SE014", "CF045"):
        assert CODES[id].fixable
        assert "{better}" in CODES[id].mend


def an_identity(slug: str, media: str, *, draft: bool = False) -> Identity:
    date = datetime(2025, 3, 1, tzinfo=UTC)
    return Identity(
        f"episodes/samtal/{slug}.md", "samtal", slug, slug, f"samtal/{media}", date, draft
    )


def test_videos_are_counted_for_youtube_without_drafts() -> None:
    series = a_series()
    episodes = [
        an_identity("ett", "ett.mp4"),
        an_identity("tva", "tva.MOV"),
        an_identity("tre", "tre.mp3"),
        an_identity("fyra", "fyra.m4v", draft=True),
    ]  # fmt: skip
    (found,) = video_for_youtube([series], episodes)
    assert (found.code.id, found.params) == ("SE034", {"count": 2})
    assert not list(video_for_youtube([series], episodes[2:]))


def test_a_film_has_one_episode_besides_its_trailers() -> None:
    film = a_series(medium="film", trailers=("tva",))
    episodes = [an_identity("ett", "ett.mp4"), an_identity("tva", "tva.mp4")]
    assert not list(film_of_several([film], episodes))
    (found,) = film_of_several([film], [*episodes, an_identity("tre", "tre.mp4")])
    assert found.params == {"count": 2}


def test_a_description_is_counted_in_bytes() -> None:
    assert not list(description_too_long(a_series(description="å" * (LIMIT // 2))))
    (found,) = description_too_long(a_series(description="å" * (LIMIT // 2) + "a"))
    assert found.params["size"] == LIMIT + 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Hej</p>", ["<p>"]), ('<a href="x">Hej', ['<a href="x">']), ("A &amp; B", ["&amp;"]),
        ("&#229;", ["&#229;"]), ("A & B", []), ("1 < 2 > 0", []), ("a<b", []), ("&co;", []),
    ],
)  # fmt: skip
def test_what_looks_like_a_web_page(text: str, found: list[str]) -> None:
    told = [one.params["text"] for one in markup_in_plain_text(a_series(description=text))]
    assert told == found


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("© SKR", ["SKR"]), ("Copyright 2019-2024 SKR", ["SKR"]), ("(c) 2024, SKR", ["SKR"]),
        ("2024 Nordviks kommun", ["Nordviks kommun"]), ("SKR", []), ("SKR 2024", []),
        ("2024", []), ("Copyrightgruppen AB", []), ("1177 Vårdguiden", []),
    ],
)  # fmt: skip
def test_what_stands_before_the_holder(text: str, better: list[str]) -> None:
    assert [one.params["better"] for one in copyright_twice(a_series(copyright=text))] == better


@pytest.mark.parametrize(
    "text", ["TODO", "Beskrivning", "...", "Lorem ipsum dolor", "xxx", "Text (TBD)", "Min podd"]
)
def test_texts_that_were_left(text: str) -> None:
    assert list(text_to_be_replaced(a_series(description=text)))


@pytest.mark.parametrize(
    "text",
    ["Beskrivning av en kommun", "Min podd om vatten", "Karl XXX", "Todo om listor", "Titel saknas",
     "Allt, men inte nu ...", "2024"],
)  # fmt: skip
def test_texts_that_only_look_left(text: str) -> None:
    assert not list(text_to_be_replaced(a_series(description=text)))


HERE = "https://podd.example/samtal/feed.xml"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (HERE, False), ("https://media.sydvik.example/feed.xml", False),
        ("http://podd.example/samtal/feed.xml", True), ("https://podd.example", True),
        ("https://podd.example/samtal/", True), ("https://podd.example/feed.xml", True),
        ("https://podd.example.org/samtal/feed.xml", False),
    ],
)  # fmt: skip
def test_a_move_within_the_catalog_ends_at_the_feed(url: str, told: bool) -> None:
    series = a_series(new_feed_url=url, feed_url=HERE)
    assert bool(list(move_to_no_feed(series))) == told


@pytest.mark.parametrize(
    ("rrule", "wrong"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,TH", []), ("FREQ=MONTHLY;BYDAY=-1FR", []),
        ("FREQ=YEARLY;BYMONTH=1,9;BYMONTHDAY=-1", []),
        ("FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO", []), ("FREQ=BIWEEKLY", ["FREQ=BIWEEKLY"]),
        ("FREQ=WEEKLY;DAY=TU", ["DAY=TU"]), ("FREQ=WEEKLY;FREQ=DAILY", ["FREQ=DAILY"]),
        ("FREQ=WEEKLY;BYDAY=TIS", ["BYDAY=TIS"]), ("FREQ=WEEKLY;COUNT=0", ["COUNT=0"]),
        ("FREQ=DAILY;UNTIL=20240229;BYDAY=53MO,-53SU;BYMONTHDAY=31,-31", []),
        ("FREQ=DAILY;UNTIL=20240229T235959Z;BYHOUR=0,23;BYMINUTE=59;BYSECOND=60", []),
        ("FREQ=DAILY;BYYEARDAY=-366;BYWEEKNO=+53;BYMONTH=12;BYSETPOS=366;INTERVAL=9999", []),
        *((f"FREQ=DAILY;{part}", [part]) for part in (
            "UNTIL=20239931", "UNTIL=20230229", "UNTIL=2023-12-31", "UNTIL=20231231T250000Z",
            "BYDAY=99MO", "BYDAY=0MO", "BYDAY=MO,,TU", "BYMONTHDAY=32", "BYMONTHDAY=0",
            "BYMONTHDAY=1,", "BYMONTH=13", "BYMONTH=-1", "BYHOUR=24", "BYMINUTE=60", "BYSECOND=61",
            "BYYEARDAY=367", "BYWEEKNO=54", "BYSETPOS=0", "BYSETPOS=1-", "COUNT=1,2", "INTERVAL=0",
        )),
    ],
)  # fmt: skip
def test_rules_of_recurrence(rrule: str, wrong: list[str]) -> None:
    series: Series = a_series(update_frequency=UpdateFrequency("varje vecka", rrule))
    assert [one.params["text"] for one in rule_not_understood(series)] == wrong


@pytest.mark.parametrize(
    ("until", "start", "told"),
    [
        ("20250304", "2025-03-04", False), ("20250303", "2025-03-04", True),
        ("20250304", "2025-03-04T09:00:00+01:00", True),
        ("20250304T080000Z", "2025-03-04T09:00:00+01:00", False),
        ("20250304T075959Z", "2025-03-04T09:00:00+01:00", True),
        ("20250304T230000", "2025-03-04T09:00:00+01:00", False),
    ],
)  # fmt: skip
def test_an_end_comes_after_the_beginning(until: str, start: str, told: bool) -> None:
    often = UpdateFrequency("varje vecka", f"FREQ=WEEKLY;UNTIL={until}", start)
    found = list(end_and_beginning_differ(a_series(update_frequency=often)))
    assert bool(found) == told


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        (RECUR, "FREQ=WEEKLY;UNTIL=2023-12-31T00:00:00.000Z", "FREQ=WEEKLY;UNTIL=20231231T000000Z"),
        (RECUR, "FREQ=WEEKLY;UNTIL=2023-12-31T00:30+01:00", "FREQ=WEEKLY;UNTIL=20231230T233000Z"),
        (RECUR, "FREQ=WEEKLY;UNTIL=2023-12-31T00:00:00", "FREQ=WEEKLY;UNTIL=20231231T000000"),
        (RECUR, "FREQ=WEEKLY;UNTIL=2023-12-31", "FREQ=WEEKLY;UNTIL=20231231"),
        (RECUR, "UNTIL=20231231T000000Z;FREQ=DAILY", "UNTIL=20231231T000000Z;FREQ=DAILY"),
        (RECUR, "FREQ=WEEKLY;UNTIL=20239931", "FREQ=WEEKLY;UNTIL=20239931"),
        (RECUR, "FREQ=DAILY;UNTIL=00010101T000000+0100", "FREQ=DAILY;UNTIL=00010101T000000+0100"),
        (RECUR, "RRULE:FREQ=WEEKLY", "FREQ=WEEKLY"),
        (RECUR, " rrule:freq=weekly;byday=tu; ", "FREQ=WEEKLY;BYDAY=TU"),
        (RECUR, "RRULE:", None),
        (RECUR, "BYDAY=TU", None),
        (RECUR, "NOFREQ=WEEKLY", None),
        (RECUR, "FREQ=WEEKLY; BYDAY=TU", None),
        (WHEN, "2026-01-13", "2026-01-13"),
        (WHEN, "20260113", "2026-01-13"),
        (WHEN, "2021-07-01T10:00:00.000-0600", "2021-07-01T10:00:00-06:00"),
        (WHEN, "2021-07-01T10:00Z", "2021-07-01T10:00:00+00:00"),
        (WHEN, "20210701T100000Z", "2021-07-01T10:00:00+00:00"),
        (WHEN, "2026-02-30", None),
        (WHEN, "2026-13-13", None),
        (WHEN, "2021-07-01T25:00:00Z", None),
        (WHEN, "2021-07-01T10:00:00", None),
        (WHEN, "tisdag", None),
    ],
)
def test_times_of_a_frequency_are_read_in_every_form(
    kind: Kind, written: str, read: str | None
) -> None:
    """Rules become those of RFC 5545, days and times those of RFC 3339; None = refused."""
    tidy = kind.tidy(written)
    assert (tidy if kind.test(tidy) else None) == read
    assert kind.tidy(tidy) == tidy
