"""Names of imported files: from the address, else the title; never more than a name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedtool.adopt.names import safe_media_name, unique
from feedtool.formats import is_media_name

TITLE = "Åsas möte"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("kjell-ringer.mp3", "kjell-ringer.mp3"),
        ("Kjell_Ringer.v2.MP3", "Kjell_Ringer.v2.mp3"),
        ("a/b/c/kjell.m4a?updated=1&sig=abc#t=5", "kjell.m4a"),
        ("kjell%20ringer.mp3", "kjell-ringer.mp3"),
        ("%C3%85sas%20m%C3%B6te.mp3", "asas-mote.mp3"),
        ("åsas möte.mp3", "asas-mote.mp3"),
        ("A%CC%8Asa.mp3", "asa.mp3"),
        ("%E5sa.mp3", "sa.mp3"),
        ("..%2F..%2Fetc%2Fpasswd", "passwd.mp3"),
        ("..%5C..%5Cwindows%5Cwin.ini", "win.ini.mp3"),
        ("%2e%2e", "asas-mote.mp3"),
        ("..", "asas-mote.mp3"),
        (".mp3", "asas-mote.mp3"),
        (".hidden.mp3", "hidden.mp3"),
        ("-rf.mp3", "rf.mp3"),
        ("a%00b.mp3", "a-b.mp3"),
        ("a%0Ab%1b[2J.mp3", "a-b-2j.mp3"),
        ("con.mp3", "file-con.mp3"),
        ("LPT1.mp3", "file-LPT1.mp3"),
        ("", "asas-mote.mp3"),
        ("podcast/stream", "asas-mote.mp3"),
        ("default_tc.mp3", "asas-mote.mp3"),
        ("media.mp3", "asas-mote.mp3"),
        ("get.php?id=7", "get.mp3"),
        ("kjell.mp3/", "kjell.mp3"),
        ("e/https%3A%2F%2Fcdn.example%2F2021%2Fkjell-1.m4a", "kjell-1.m4a"),
        ("stream/1234-nordvik-kjell.mp3", "1234-nordvik-kjell.mp3"),
        ("kjell.webm", "kjell.webm"),
        ("kjell.2021", "kjell.2021.mp3"),
        ("kjell.mpga", "kjell.mp3"),
        ("kjell.M4B", "kjell.m4a"),
        ("kjell.qt", "kjell.mov"),
        ("x" * 300 + ".mp3", "x" * 80 + ".mp3"),
        ("日本語.mp3", "ri-ben-yu.mp3"),
        ("%F0%9F%8E%99.mp3", "asas-mote.mp3"),
    ],
)
def test_the_name_is_the_last_of_the_address(path: str, name: str) -> None:
    assert safe_media_name(f"https://podd.example/{path}", TITLE, "audio/mpeg") == name


@pytest.mark.parametrize(
    ("type_", "name"),
    [("audio/mpeg", "kjell.mp3"), ("audio/mp3", "kjell.mp3"), ("audio/x-m4a", "kjell.m4a"),
     ("audio/mp4", "kjell.m4a"), ("video/mp4", "kjell.mp4"), ("video/x-m4v", "kjell.m4v"),
     ("Audio/OGG; codecs=opus", "kjell.ogg"), ("audio/opus", "kjell.opus"),
     ("audio/x-flac", "kjell.flac"), ("audio/wav", "kjell.wav"), ("image/png", "kjell.png"),
     ("image/jpg", "kjell.jpg"), ("text/vtt", "kjell.vtt"), ("application/x-subrip", "kjell.srt"),
     ("application/json+chapters", "kjell.json"), ("", "kjell.mp3"), ("nonsense", "kjell.mp3")],
)  # fmt: skip
def test_an_ending_that_lacks_is_that_of_the_type(type_: str, name: str) -> None:
    assert safe_media_name("https://podd.example/kjell", TITLE, type_) == name


def test_without_any_words_it_is_a_recording() -> None:
    assert safe_media_name("https://podd.example/", "", "") == "recording.mp3"
    assert safe_media_name("https://podd.example/stream", "  ", "") == "stream.mp3"
    assert safe_media_name("https://podd.example/media.mp3", "?!", "") == "recording.mp3"


def test_a_long_title_is_cut() -> None:
    name = safe_media_name("https://podd.example/", "Möte i Nordvik " * 50, "")
    assert len(name) <= 84
    assert is_media_name(name)


@given(url=st.text(), title=st.text(), type_=st.text())
def test_whatever_a_feed_says_the_name_can_be_published(url: str, title: str, type_: str) -> None:
    for one in (url, f"https://podd.example/{url}"):
        name = safe_media_name(one, title, type_)
        assert is_media_name(name)
        assert "/" not in name
        assert len(name) < 100
        assert re.search(r"\.[a-z0-9]{2,5}$", name)


@pytest.mark.parametrize(
    ("name", "taken", "new"),
    [
        ("a.mp3", [], "a.mp3"),
        ("a.mp3", ["b.mp3", "a.m4a"], "a.mp3"),
        ("a.mp3", ["a.mp3"], "a-2.mp3"),
        ("a.mp3", ["A.MP3", "a-2.mp3"], "a-3.mp3"),
        ("A.mp3", ["a.mp3"], "A-2.mp3"),
        ("a.b.mp3", ["a.b.mp3"], "a.b-2.mp3"),
        ("a", ["a"], "a-2"),
    ],
)
def test_of_two_with_one_name_the_second_gets_a_number(
    name: str, taken: list[str], new: str
) -> None:
    assert unique(name, taken) == new
