"""What hosts show of an episode: notes as plain text, SoundCloud's fields. Nobody is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedtool.model import License
from feedtool.read.notes import render_notes
from feedtool.sync.host import Marker, State
from feedtool.sync.plain_text import as_lines, description, plain_text
from feedtool.sync.soundcloud_fields import (
    created_at,
    held,
    license_of,
    machine_tags,
    tag_list,
    tags_of,
    urn,
    wanted,
)

from .host_contract import PAGE, a_series, an_episode

# notes as plain text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Ett\nstycke.\n\nTvå.", "Ett stycke.\n\nTvå."),
        ("# Rubrik\ntext", "Rubrik\n\ntext"),
        ("rad  \nbryts", "rad\nbryts"),
        ("*ett* **två** `tre` &amp; 1 < 2", "ett två tre & 1 < 2"),
        ("[ord](https://a.example/)", "ord (https://a.example/)"),
        ("<https://a.example/>", "https://a.example/"),
        ("<podd@a.example>", "podd@a.example"),
        ("[](https://a.example/)", "https://a.example/"),
        ("[hit](om.html)", "hit (https://podd.example/samtal/ett/om.html)"),
        ("![En bild](x.png)", "En bild"),
        ('![A > "B" & <C>](x.png) efter', 'A > "B" & <C> efter'),
        ("- ett\n- två\n\nefter", "• ett\n• två\n\nefter"),
        ("före\n\n- ett\n\n- två", "före\n\n• ett\n\n• två"),
        ("3. tre\n4. fyra", "3. tre\n4. fyra"),
        (f'<ol start="{"9" * 5000}"><li>ett</li></ol>', "1. ett"),
        ("- ett\n  - inre\n- två", "• ett\n  • inre\n• två"),
        ("> citat", "citat"),
        ("    kod   här\n      in", "kod   här\n  in"),
        ("a\n\n---\n\nb", "a\n\nb"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a – b\n1 – 2"),
        ("ett " + "*" * 60 + " 👩‍👧 &lt;b&gt; &#8364;", "ett " + "*" * 60 + " 👩‍👧 <b> €"),
        ("> " * 40 + "djupt", "djupt"),
        ("", ""),
        ("<!-- nothing -->", ""),
    ],
)
def test_notes_as_plain_text(markdown: str, text: str) -> None:
    assert plain_text(render_notes(markdown, PAGE)[0]) == text


@pytest.mark.parametrize(
    ("language", "link"),
    [("sv", "Textversion och länkar"), ("sv-FI", "Textversion och länkar"), ("fi", "Text version")],
)
def test_a_description_ends_with_the_page(language: str, link: str) -> None:
    text = description(an_episode(), a_series(language=language), PAGE)
    assert text.startswith("Om ett samtal.\n\nMed å, ä & ö.\n\n")
    assert text.splitlines()[-1].startswith(link)
    assert text.endswith(f": {PAGE}")


def test_a_description_of_an_episode_in_another_language() -> None:
    episode = an_episode(language="en")
    assert "Text version and links: " in description(episode, a_series(), PAGE)


def test_a_summary_stands_in_for_notes() -> None:
    episode = an_episode(notes="", summary="Kort.", language="en")
    assert description(episode, a_series(), PAGE) == f"Kort.\n\nText version and links: {PAGE}"
    assert description(episode, a_series(), "") == "Kort."


@given(st.text())
def test_line_ends_and_spaces_at_them_make_no_difference(text: str) -> None:
    plain = as_lines(text)
    assert as_lines(plain) == plain
    assert as_lines(plain.replace("\n", "\r\n")) == plain


# tags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        (None, ()),
        ("a b", ("a", "b")),
        ('a "b c" d', ("a", "b c", "d")),
        ('"feedtool:ep=1" feedtool:sha="2"', ("feedtool:ep=1", "feedtool:sha=2")),
        ('"machine:tag=with space"', ("machine:tag=with space",)),
        ('  a   "b   c"  ', ("a", "b c")),
        ('a "b c', ("a", "b", "c")),  # a quote that never ends
        ('""', ()),
    ],
)
def test_tags_of_a_list(text: object, tags: tuple[str, ...]) -> None:
    assert tags_of(text) == tags


@given(st.lists(st.text(max_size=12), max_size=6))
def test_tags_come_back_as_they_were_sent(tags: list[str]) -> None:
    sent = wanted(an_episode(tags=tuple(tags)), a_series(), PAGE).fields["tags"]
    assert isinstance(sent, tuple)
    text = tag_list(sent, machine_tags(Marker("aa", "bb" * 32)))
    there = held({"urn": "soundcloud:tracks:1", "tag_list": text})
    assert there.fields["tags"] == sent
    assert there.marker == Marker("aa", "bb" * 8)
    assert not [tag for tag in sent if '"' in tag]


def test_tags_are_a_set() -> None:
    sent = wanted(an_episode(tags=("b", "A", "a", "x:y=z", 'say "so"')), a_series(), PAGE)
    assert sent.fields["tags"] == ("A", "b", "say so")


# other fields


@pytest.mark.parametrize(
    ("license", "theirs"),
    [
        (None, "all-rights-reserved"),
        (License("ARR"), "all-rights-reserved"),
        (License("CC-BY-4.0"), "cc-by"),
        (License("CC-BY-NC-4.0"), "cc-by-nc"),
        (License("CC-BY-NC-ND-4.0"), "cc-by-nc-nd"),
        (License("CC-BY-SA-3.0"), "cc-by-sa"),
        (License("Nordvik", "https://creativecommons.org/licenses/by-nd/4.0/"), "cc-by-nd"),
        (License("CC0-1.0"), "no-rights-reserved"),
        (License("x", "https://creativecommons.org/publicdomain/zero/1.0/"), "no-rights-reserved"),
        (License("POD-V4V-1.0"), "all-rights-reserved"),
        (License("Nordviks villkor", "https://nordvik.example/villkor"), "all-rights-reserved"),
        (License("acc-bypass"), "all-rights-reserved"),
    ],
)
def test_licences(license: License | None, theirs: str) -> None:
    assert license_of(license) == theirs


def test_the_licence_of_the_series_is_that_of_its_episodes() -> None:
    series = a_series(license=License("CC-BY-4.0"))
    assert wanted(an_episode(), series, PAGE).fields["license"] == "cc-by"
    own = an_episode(license=License("ARR"))
    assert wanted(own, series, PAGE).fields["license"] == "all-rights-reserved"


def test_what_all_may_copy_may_be_downloaded() -> None:
    series = a_series(license=License("CC-BY-4.0"))
    assert wanted(an_episode(), series, PAGE).fields["downloadable"] is True
    assert wanted(an_episode(), a_series(), PAGE).fields["downloadable"] is False


def test_the_date_is_the_day_where_it_was_written() -> None:
    date = datetime(2025, 3, 1, 0, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert wanted(an_episode(date=date), a_series(), PAGE).fields["release_date"] == "2025-03-01"


@pytest.mark.parametrize(
    ("image", "sent"),
    [
        ("samtal/egen.JPG", "samtal/egen.JPG"),
        (None, "samtal/cover.png"),
        ("https://bild.example/egen.png", "samtal/cover.png"),
        ("samtal/egen.webp", "samtal/cover.png"),
    ],
)
def test_the_picture_is_one_that_the_host_takes(image: str | None, sent: str) -> None:
    assert wanted(an_episode(image=image), a_series(), PAGE).fields["artwork"] == sent


def test_without_a_picture_nothing_is_said_of_it() -> None:
    assert "artwork" not in wanted(an_episode(), a_series(image=None), PAGE).fields


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2019/01/15 15:40:49 +0000", datetime(2019, 1, 15, 15, 40, 49, tzinfo=UTC)),
        ("2019-01-15T15:40:49Z", datetime(2019, 1, 15, 15, 40, 49, tzinfo=UTC)),
        (
            "2019/01/15 15:40:49 +0100",
            datetime(2019, 1, 15, 15, 40, 49, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("2019-01-15T15:40:49", None),
        ("yesterday", None),
        (None, None),
        (5, None),
    ],
)
def test_when_a_track_was_made(text: object, when: datetime | None) -> None:
    assert created_at(text) == when


@pytest.mark.parametrize(
    ("track", "state"),
    [
        ({"duration": 1000, "access": "playable", "sharing": "private"}, State.READY),
        ({"duration": 0, "access": "playable", "sharing": "private"}, State.PROCESSING),
        ({"duration": 1000, "access": "blocked", "sharing": "private"}, State.PROCESSING),
        ({"duration": 1000, "access": None, "sharing": "private"}, State.PROCESSING),
        ({"duration": 1000, "sharing": "private"}, State.READY),
        ({"duration": 1000, "access": "blocked", "sharing": "public"}, State.READY),
        ({}, State.PROCESSING),
        ({"state": "failed", "duration": 0}, State.FAILED),
        ({"state": "processing", "duration": 1000}, State.PROCESSING),
        ({"state": "finished", "duration": 1000, "sharing": "private"}, State.READY),
        ({"state": "finished", "duration": 0}, State.PROCESSING),
    ],
)
def test_how_far_a_track_is(track: dict[str, Any], state: State) -> None:
    assert held({"urn": "soundcloud:tracks:1", **track}).state is state


@pytest.mark.parametrize("id", [7, "7", "soundcloud:tracks:7"])
def test_ids_of_all_times(id: object) -> None:
    assert urn(id) == "soundcloud:tracks:7"


@pytest.mark.parametrize("id", [None, "", True, 1.5, [], "å"])
def test_what_is_no_id(id: object) -> None:
    with pytest.raises(ValueError):
        urn(id)


def test_durations_are_milliseconds() -> None:
    there = held({"id": 7, "duration": 61_500})
    assert there.duration == timedelta(seconds=61.5)


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ({"release_year": 2025, "release_month": 3, "release_day": 1}, "2025-03-01"),
        ({"release_year": None, "release_month": None, "release_day": None}, None),
    ],
)
def test_the_date_that_is_told_in_three_parts(told: dict[str, Any], date: str | None) -> None:
    assert held({"id": 7, **told}).fields["release_date"] == date
    assert "release_date" not in held({"id": 7}).fields
