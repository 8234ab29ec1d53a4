"""What `feedtool new` writes: dates from words, and a file that reads back as what was said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedtool.errors import UsageError
from feedtool.scaffold.episode import episode_text, when
from feedtool.scaffold.yaml_lines import tidy

from .interviews import MONDAY, STOCKHOLM, a_wish, as_is, keys_of
from .test_properties import bounded

# --- dates in words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("now", "2026-11-23 08:00"),
        ("nu", "2026-11-23 08:00"),
        ("today 15:00", "2026-11-23 15:00"),
        ("i dag 15.00", "2026-11-23 15:00"),
        ("Tomorrow 07:00", "2026-11-24 07:00"),
        ("imorgon 7", "2026-11-24 07:00"),
        ("i morgon kl. 07.00", "2026-11-24 07:00"),
        ("i övermorgon 07:00", "2026-11-25 07:00"),
        ("i o\u0308vermorgon 07:00", "2026-11-25 07:00"),
        ("monday 07:00", "2026-11-30 07:00"),
        ("monday 09:00", "2026-11-23 09:00"),
        ("på fredag kl 9", "2026-11-27 09:00"),
        ("söndag 12:00", "2026-11-29 12:00"),
        ("2026-12-24 15:00", "2026-12-24 15:00"),
        ("2026-12-24", "2026-12-24 00:00"),
        ("2026-10-25 02:30 +01:00", "2026-10-25 02:30"),
        ("2026-12-24 7:00", "2026-12-24 07:00"),
        ("2026/12/4, kl. 7.05", "2026-12-04 07:05"),
        ("2026-12-24 kl 7", "2026-12-24 07:00"),
        ("2026-12-24 at 7", "2026-12-24 07:00"),
        ("2026-12-24T7:00+0200", "2026-12-24 06:00"),
    ],
)
def test_dates_in_words(words: str, means: str) -> None:
    assert f"{when(words, MONDAY, STOCKHOLM):%Y-%m-%d %H:%M}" == means


@pytest.mark.parametrize(
    "words",
    ["", "soon", "tomorrow", "7", "07:00", "tomorrow 25:00", "2026-02-30 09:00", "24/12", "24/12 7",
     "2026 7", "2026-02-30 7:00", "2026-12-24 25"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(UsageError) as refused:
        when(words, MONDAY, STOCKHOLM)
    assert refused.value.mend


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)))
@bounded(200)
def test_every_instant_is_written_so_that_it_reads_back(local: datetime) -> None:
    date = local.replace(tzinfo=UTC, microsecond=0).astimezone(STOCKHOLM)
    text = episode_text(a_wish(date=date), "guid", "a.mp3", "", STOCKHOLM, as_is)
    assert when(keys_of(text).date or "", MONDAY, STOCKHOLM).astimezone(UTC) == date.astimezone(UTC)


# --- the file -------------------------------------------------------------------------------------

LINE = st.text(max_size=200).map(tidy).filter(lambda text: any(map(str.isalnum, text)))
ODD = st.sampled_from(
    [
        "no", "~", "null", "2026", "0x1f", "1e3", "- a", "? a", "a: b", "a #b", "#b", "'", '"',
        "[a]", "{a}", "*a", "&a", "!a", "%a", "@a", "`a`", "---", "...", "<<", "=", "a\\n", "😀",
        "|", ">", "a:", ": a", "“a”", "06:26",
    ]
)  # fmt: skip


@given(LINE | ODD, LINE | ODD, LINE | ODD)
@bounded(300)
def test_whatever_is_said_reads_back_the_same(title: str, summary: str, name: str) -> None:
    people = ({"name": name[:128].strip(), "role": "guest"},)
    wanted = a_wish(title=title, summary=summary, people=people)
    keys = keys_of(episode_text(wanted, "guid", "a.mp3", "a.vtt", STOCKHOLM, as_is))
    assert (keys.title, keys.summary, keys.people[0].name) == (title, summary, people[0]["name"])
    assert [one.file for one in keys.transcripts] == ["a.vtt"]


def test_hints_show_what_can_be_added() -> None:
    text = episode_text(a_wish(), "guid", "a.mp3", "", STOCKHOLM, as_is)
    hints = [line for line in text.splitlines() if line.startswith("# ")]
    added = text.replace("# ", "", len(hints) + 1).replace("never", "# never")
    keys = keys_of(added.replace("guid:  # ", "guid: "))
    assert (keys.summary, len(keys.chapters), len(keys.transcripts)) == ("...", 1, 1)
