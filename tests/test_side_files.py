"""What stands beside an episode's page: chapters as JSON, transcripts as WebVTT and SubRip."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import webvtt

from feedtool.model import Chapter, Cue, Words
from feedtool.read.chapter_file import read_chapters
from feedtool.read.cues import read_words
from feedtool.read.text import read_text
from feedtool.render.chapters import render_chapters
from feedtool.render.transcripts import render_transcript

from .cases import SITE, a_case, an_item
from .catalogs import Catalog, a_catalog


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    catalog = a_case("every-key", tmp_path_factory.mktemp("side"))
    assert catalog.rebuilt().ok
    return catalog


def words(text: str, format: str) -> Words:
    """A transcript in which nothing is wrong."""
    read, wrong = read_words(text, format, f"media/samtal/ett.{format}")
    assert [finding.code.id for finding in wrong] == []
    return read


def converted(text: str, format: str) -> str:
    other = {"vtt": "srt", "srt": "vtt"}[format]
    return render_transcript(words(text, format), other).decode()


def strictly(text: str) -> list[tuple[str, str, str]]:
    """What webvtt-py reads in strict mode: start, end, raw text."""
    return [
        (one.start, one.end, one.raw_text)
        for one in webvtt.WebVTT.from_string(text, strict=True).captions
    ]


def as_srt(text: str) -> list[tuple[str, str, str]]:
    captions = webvtt.WebVTT.from_buffer(io.StringIO(text), format="srt").captions
    return [(one.start, one.end, one.raw_text) for one in captions]


# --- chapters --------------------------------------------------------------------------------


def chapters(*written: Chapter) -> Any:
    return json.loads(render_chapters(an_item(title="A & å", chapters=written).episode, SITE))


def test_chapters_of_an_episode_with_every_key(case: Catalog) -> None:
    assert json.loads(case.read("samtal/ett/chapters.json")) == {
        "version": "1.2.0",
        "title": 'Å, "ä" & <ö>: it\'s 😀',
        "chapters": [
            {"startTime": 0, "title": "Å & ä"},
            {
                "startTime": 0.5,
                "title": 'Om "ö" <här>',
                "url": "https://nordvik.example/k?a=1&b=2",
                "img": "https://podd.example/media/samtal/kapitel.jpg",
            },
            {"startTime": 1, "endTime": 1.25, "title": "Gömd", "toc": False},
            {"startTime": 2, "endTime": 3, "title": "Slut"},
        ],
    }


def test_a_file_of_chapters_comes_back_as_it_was(case: Catalog) -> None:
    written = json.loads((case.root / "media/samtal/tva.json").read_bytes())["chapters"]
    written[1]["img"] = "https://podd.example/media/samtal/kapitel.jpg"
    assert json.loads(case.read("samtal/tva/chapters.json"))["chapters"] == written


@pytest.mark.parametrize(
    ("time", "number"),
    [(0, "0"), (1, "1"), (0.5, "0.5"), (3723.25, "3723.25"), (0.001, "0.001"), (360000, "360000")],
)
def test_times_are_numbers_of_seconds(time: float, number: str) -> None:
    data = render_chapters(an_item(chapters=(Chapter(timedelta(seconds=time), "A"),)).episode, SITE)
    assert f'"startTime":{number},' in data.decode()


def test_an_end_that_is_stated_is_written() -> None:
    chapter = Chapter(timedelta(), "A", end=timedelta(seconds=2))
    assert chapters(chapter)["chapters"] == [{"startTime": 0, "endTime": 2, "title": "A"}]


def test_a_chapter_that_is_not_listed_needs_no_title() -> None:
    silent = Chapter(timedelta(), "", image="bild.png", toc=False)
    assert chapters(silent)["chapters"] == [
        {"startTime": 0, "img": "https://podd.example/media/bild.png", "toc": False}
    ]


def test_lines_of_time_and_title_are_chapters() -> None:
    text = "00:00 Början\n\n1:02:03.5 Slut & å\n"
    read, wrong = read_chapters(text, "samtal/k.txt", "samtal", "k")
    assert wrong == []
    assert read == (
        Chapter(timedelta(), "Början"),
        Chapter(timedelta(hours=1, minutes=2, seconds=3.5), "Slut & å"),
    )


@pytest.mark.parametrize("space", ["\t", "\u00a0", "  ", " \t"])
def test_whatever_looks_like_a_space_parts_time_and_title(space: str) -> None:
    read, wrong = read_chapters(f"00:00{space}En ny skola \n", "samtal/k.txt", "samtal", "k")
    assert (read, wrong) == ((Chapter(timedelta(), "En ny skola"),), [])


def test_the_ending_of_a_file_of_json_may_have_large_letters() -> None:
    document = json.dumps({"version": "1.2.0", "chapters": [{"startTime": 0, "title": "A"}]})
    read, wrong = read_chapters(document, "samtal/K.JSON", "samtal", "k")
    assert (read, wrong) == ((Chapter(timedelta(), "A"),), [])


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{}",
        '"chapters"',
        '{"chapters": {}}',
        '{"chapters": [7]}',
        '{"chapters": [{"title": "A"}]}',
        '{"chapters": [{"startTime": "snart", "title": "A"}]}',
        '{"chapters": [{"startTime": null, "title": "A"}]}',
        '{"chapters": [{"startTime": -1, "title": "A"}]}',
        '{"chapters": [{"startTime": true, "title": "A"}]}',
        '{"chapters": [{"startTime": 0, "title": ["A"]}]}',
        '{"chapters": [{"startTime": 0, "title": {"sv": "A"}}]}',
        '{"chapters": [{"startTime": Infinity, "title": "A"}]}',
        '{"chapters": [{"startTime": NaN, "title": "A"}]}',
        '{"chapters": [{"startTime": 1e400, "title": "A"}]}',
        '{"chapters": [{"startTime": 0, "title": "A\\u0001"}]}',
        '{"chapters": [{"startTime": 0, "title": "\\ud800"}]}',
        '{"chapters": [{"startTime": 0, "title": "A", "url": "javascript:alert(1)"}]}',
        '{"chapters": [{"startTime": 0, "title": "A", "img": "../../hemlig.png"}]}',
        '{"chapters": ' + "[" * 100_000,
    ],
)
def test_json_without_usable_chapters_is_a_finding(document: str) -> None:
    read, wrong = read_chapters(document, "samtal/k.json", "samtal", "media/samtal/k.json")
    assert read == ()
    assert wrong


@pytest.mark.parametrize(
    ("entry", "chapter"),
    [
        (
            {"startTime": 12.3456, "toc": False},
            Chapter(timedelta(seconds=12.346), "", toc=False),
        ),
        ({"startTime": "7", "title": "A"}, Chapter(timedelta(seconds=7), "A")),
        ({"startTime": 1, "title": "A", "endTime": None}, Chapter(timedelta(seconds=1), "A")),
        (
            {"startTime": 1, "title": "A", "endTime": 2, "toc": False, "img": "b.png"},
            Chapter(timedelta(seconds=1), "A", None, "samtal/b.png", False, timedelta(seconds=2)),
        ),
        ({"startTime": 0, "title": "A", "geo": "geo:1,2"}, Chapter(timedelta(), "A")),
    ],
    ids=["rounded", "text", "null", "whole", "more"],
)
def test_json_chapters_of_other_tools_are_understood(
    entry: dict[str, object], chapter: Chapter
) -> None:
    document = json.dumps({"version": "1.2.0", "chapters": [entry]})
    assert read_chapters(document, "samtal/k.json", "samtal", "k") == ((chapter,), [])


# --- WebVTT to SubRip ------------------------------------------------------------------------

HEAD = "WEBVTT\n\n00:00.000 --> 00:01.000\n"


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("Hej", "Hej"),
        ("A &amp; B &lt;c&gt; &quot;d&quot; &#229; &nbsp;e", 'A & B <c> "d" å \xa0e'),
        ("&amp;amp;", "&amp;"),
        ("<v Åsa Ek>Hej", "Åsa Ek: Hej"),
        ("<v.högt.snabbt Åsa &amp; Co>Hej</v>", "Åsa & Co: Hej"),
        ("<i>A</i> <b>b</b> <c.gul>c</c> <00:00:00.500>d <lang en>e</lang>", "A b c d e"),
        ("En rad\n- två rader", "En rad\n- två rader"),
        ("<v A>En\n<v B>Två", "A: En\nB: Två"),
        ("Först\n<v B>Sen", "Först\nB: Sen"),
        ("<v A>En</v> <v B>Två</v>", "A: En\nB: Två"),
        ("2019", "2019"),
        ("😀", "😀"),
    ],
    ids=[
        "plain", "escapes", "escaped-escape", "voice", "class", "tags", "lines", "two-voices",
        "voice-below", "two-in-a-line", "digits", "emoji",
    ],
)  # fmt: skip
def test_vtt_becomes_srt(cue: str, text: str) -> None:
    srt = converted(f"{HEAD}{cue}\n", "vtt")
    assert srt == f"1\n00:00:00,000 --> 00:00:01,000\n{text}\n"
    assert as_srt(srt) == [("00:00:00.000", "00:00:01.000", text)]


def test_an_arrow_in_escaped_text_does_not_look_like_a_time() -> None:
    assert converted(f"{HEAD}a --&gt; b\n", "vtt").endswith("\na → b\n")


def test_a_voice_is_named_where_it_changes() -> None:
    text = "WEBVTT\n\n" + "\n\n".join(
        f"00:0{number}.000 --> 00:0{number + 1}.000\n{cue}"
        for number, cue in enumerate(["<v A>1", "<v A>2", "<v B>3", "4", "<v B>5", "<v A>6"])
    )
    said = [text for _, _, text in as_srt(converted(text, "vtt"))]
    assert said == ["A: 1", "2", "B: 3", "4", "B: 5", "A: 6"]


def test_a_voice_is_named_again_after_several_at_once() -> None:
    text = f"{HEAD}<v A>1\n<v B>2\n\n00:01.000 --> 00:02.000\n<v A>3\n"
    said = [text for _, _, text in as_srt(converted(text, "vtt"))]
    assert said == ["A: 1\nB: 2", "A: 3"]


def test_cues_without_words_are_left_out_and_the_rest_counted_on() -> None:
    text = f"{HEAD}Ett\n\n00:01.000 --> 00:02.000\n<i></i>\n\n00:02.000 --> 00:03.000\nTre\n"
    assert converted(text, "vtt") == (
        "1\n00:00:00,000 --> 00:00:01,000\nEtt\n\n2\n00:00:02,000 --> 00:00:03,000\nTre\n"
    )


def test_notes_styles_and_settings_are_left_out() -> None:
    text = (
        "WEBVTT Rubrik\nKind: captions\n\nNOTE hemligt\n\nSTYLE\n::cue { color: red }\n\n"
        "namn\n00:00.000 --> 00:01.000 align:start line:0\nHej\n\nNOTE mer\n"
    )
    assert converted(text, "vtt") == "1\n00:00:00,000 --> 00:00:01,000\nHej\n"


@pytest.mark.parametrize("hours", [1, 99, 100, 1234])
def test_many_hours_are_kept_both_ways(hours: int) -> None:
    vtt = f"WEBVTT\n\n{hours:02}:59:59.999 --> {hours + 1:02}:00:00.000\nHej\n"
    srt = converted(vtt, "vtt")
    assert srt.splitlines()[1] == f"{hours:02}:59:59,999 --> {hours + 1:02}:00:00,000"
    assert converted(srt, "srt") == vtt


# --- SubRip to WebVTT ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Hej", "Hej"),
        ("R&D <i>nu</i> & sen", "R&amp;D nu &amp; sen"),
        ('<font color="#ff0000">röd</font>', "röd"),
        ("Till <anna@podd.example> och <Bo>", "Till &lt;anna@podd.example&gt; och &lt;Bo&gt;"),
        (r"{\an8}Hej {\i1}där{\i0}", "Hej där"),
        (r"{Hej} {a\b} \{", r"{Hej} {a\b} \{"),
        ("a < b och c > d", "a &lt; b och c &gt; d"),
        ("&amp;", "&amp;amp;"),
        ("En\nTvå", "En\nTvå"),
        ("Åsa: Hej", "Åsa: Hej"),
        ("NOTE x", "NOTE x"),
        ("2019", "2019"),
    ],
    ids=[
        "plain", "tags", "font", "in-angle-brackets", "places", "braces", "signs", "no-escape",
        "lines", "name", "note", "digits",
    ],
)  # fmt: skip
def test_srt_becomes_vtt(text: str, cue: str) -> None:
    vtt = converted(f"1\n00:00:00,000 --> 00:00:01,500\n{text}\n", "srt")
    assert vtt == f"WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n{cue}\n"
    assert strictly(vtt) == [("00:00:00.000", "00:00:01.500", cue)]


@pytest.mark.parametrize(
    "text",
    [
        "\n\n1\n00:00:00,000 --> 00:00:01,000\nA\n\n2\n00:00:01,000 --> 00:00:02,000\nB\n",
        "1 \n00:00:00,000 --> 00:00:01,000 \nA \n \n2 \n00:00:01,000 --> 00:00:02,000 \nB \n",
        " 1\n 00:00:00,000 --> 00:00:01,000\n A\n\n 2\n 00:00:01,000 --> 00:00:02,000\n B\n",
    ],
    ids=["empty-lines-first", "spaces-behind", "spaces-before"],
)
def test_space_around_the_lines_of_subrip_means_nothing(text: str) -> None:
    found, wrong = read_words(text, "srt", "a.srt")
    assert [(cue.start, cue.text.strip()) for cue in found.cues] == [
        (timedelta(), "A"), (timedelta(seconds=1), "B"),
    ]  # fmt: skip
    assert wrong == []


def test_empty_lines_above_the_producers_own_subrip_are_left_out() -> None:
    own = "1\n00:00:00,000 --> 00:00:01,000\nA\n"
    assert render_transcript(words("\n\n" + own, "srt"), "srt").decode() == own


def test_codes_for_places_stay_in_the_producers_own_subrip(tmp_path: Path) -> None:
    own = "1\n00:00:00,000 --> 00:00:01,000\n{\\an8}Hej\n"
    catalog = a_catalog(tmp_path)
    catalog.episode(more="transcripts: [ett.srt]\n")
    (catalog.root / "media/samtal/ett.srt").write_text(own, "utf-8")
    assert catalog.rebuilt().ok
    assert catalog.read("samtal/ett/transcript.srt").decode() == own
    for file in ("samtal/ett/transcript.vtt", "samtal/ett/index.html"):
        assert b"Hej" in catalog.read(file)
        assert b"an8" not in catalog.read(file)


def test_several_cues_stay_apart() -> None:
    srt = "1\n00:00:00,000 --> 00:00:01,000\nA\n\n2\n00:00:01,000 --> 00:00:02,000\nB\n"
    assert [text for _, _, text in strictly(converted(srt, "srt"))] == ["A", "B"]


@pytest.mark.parametrize(
    "text", ["a --> b", "-->", "a\n\nb", "<", "&", "&lt;", "a\r", " \n ", "<v A>", "WEBVTT", "1"]
)
def test_whatever_a_cue_says_it_is_read_back_as_one(text: str) -> None:
    cue = Cue(timedelta(), timedelta(seconds=1), f"x {text}")
    last = Cue(timedelta(seconds=1), timedelta(seconds=2), "y")
    vtt = render_transcript(Words("", "srt", (cue, last)), "vtt").decode()
    assert [start for start, _, _ in strictly(vtt)] == ["00:00:00.000", "00:00:01.000"]
    srt = render_transcript(Words("", "vtt", (cue, last)), "srt").decode()
    assert [start for start, _, _ in as_srt(srt)] == ["00:00:00.000", "00:00:01.000"]


# --- times that cannot be read ---------------------------------------------------------------


def told(text: str, format: str) -> list[tuple[str, int | None]]:
    return [(one.code.id, one.place.line) for one in read_words(text, format, "a")[1]]


@pytest.mark.parametrize("format", ["vtt", "srt"])
@pytest.mark.parametrize(
    "arrow", ["-", "--", "->", "\u2013", "\u2014", "\u2014>", "\u2192", "--&gt;", "to", "till", ""]
)
def test_a_line_of_times_with_another_arrow_is_no_spoken_word(arrow: str, format: str) -> None:
    srt = "1\n00:00:00,000 --> 00:00:01,500\nHej.\n\n2\n00:00:01,500 {} 00:00:03,000\nVatten.\n"
    text, line = srt.format(arrow), 6
    if format == "vtt":
        text, line = "WEBVTT\n\n" + text.replace(",", "."), 8
    assert told(text, format) == [("TR001", line)]


@pytest.mark.parametrize(
    "said", ["00:01.5 och 00:03.0", "1:45,32 1:44,98", "09:00 - 10:30", "Kl. 9:00.0 - 9:30.0"]
)
def test_times_that_are_spoken_of_are_words(said: str) -> None:
    assert told(f"{HEAD}{said}\n", "vtt") == []


def test_subrip_that_begins_with_a_number_is_told_what_is_wrong_below_it() -> None:
    assert told("1\n00:00:00,000 :: 00:00:01,500\nHej\n", "srt") == [("TR001", 2)]
    assert told("\n0\n00:00:00,000 -- 00:00:01,500\nHej\n", "srt") == [("TR001", 3)]
    assert told("1\n\n00:00:00,000 --> 00:00:01,500\nHej\n", "srt") == [("TR001", 2)]
    assert told("1\n00:00:00,000 --> 00:00:01,500\n", "srt") == [("TR004", 1)]


TWO = "1\n00:00:00,000 --> 00:00:01,000\nA\n\n{}00:00:01,000 --> 00:00:02,000\nB\n"


@pytest.mark.parametrize("above", ["", "B:\n", "2.\n", "nr 2\n\n", "A\n2\n\n"])
def test_times_of_subrip_without_a_number_are_told_for_their_words_are_left_out(above: str) -> None:
    """TRANS-06. Last: the number is the end of what is said before it."""
    line = 5 + above.count("\n")
    assert told(TWO.format(above), "srt") == [("TR001", line)]


@pytest.mark.parametrize("above", ["2\n", " 2 \n", "2\n\n", "2\n \n \n"])
@pytest.mark.parametrize("first", ["1\n", "1 \n", " 1\t\n", "\n\n1\n", " \n1\n"])
def test_what_is_empty_beside_a_number_of_subrip_is_nothing(first: str, above: str) -> None:
    text = TWO.format(above).replace("1\n", first, 1)
    words, found = read_words(text, "srt", "a")
    assert found == []
    assert [cue.text for cue in words.cues or ()] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{}Hej\n00:01.000 --> 00:02.000\nVatten\n", 5),
        ("{}Hej\n \n00:01.000 --> 00:02.000\nVatten\n", 6),
        ("{}00:01.000 --> 00:02.000\nVatten\n", 4),
        ("{}Hej\n\nNOTE mer\nom det\n00:01.000 --> 00:02.000\nVatten\n", 8),
    ],
    ids=["words", "spaces", "times", "note"],
)
def test_times_of_vtt_that_no_empty_line_parts_from_others_are_told(text: str, line: int) -> None:
    assert told(text.format(HEAD), "vtt") == [("TR020", line)]


def test_the_empty_line_is_missing_above_the_number_of_the_words() -> None:
    text = "WEBVTT\n\n1\n00:00.000 --> 00:01.000\nHej\n2\n00:01.000 --> 00:02.000\nVatten\n"
    assert told(text, "vtt") == [("TR020", 6)]
    lines = text.split("\n")
    assert told("\n".join([*lines[:5], "", *lines[5:]]), "vtt") == []


@pytest.mark.parametrize(
    ("below", "lines"),
    [
        ("Hej och\n\nborttappade ord\n\n00:01.000 --> 00:02.000\nslut\n", [6]),
        ("Hej\n\n\n\nborttappade\nord\n", [8]),
        ("Hej\n\nett\n\ntv\u00e5\n\n", [6, 8]),
        ("\nHej\n", [5]),
    ],
    ids=["between", "last", "twice", "right below its times"],
)
def test_words_of_vtt_below_an_empty_line_are_told(below: str, lines: list[int]) -> None:
    told_of = [one for one in told(f"{HEAD}{below}", "vtt") if one[0] != "TR004"]
    assert told_of == [("TR021", line) for line in lines]


@pytest.mark.parametrize(
    "block",
    ["\n\n", "NOTE\n\n", "NOTE om\ndet\n\n", "NOTE a\n\nNOTE b\n\n", "STYLE\n::cue {}\n\n", "a\n",
     "1\n\n", " \n\n"],
)  # fmt: skip
def test_what_needs_no_times_in_vtt_is_not_taken_for_words(block: str) -> None:
    assert told(f"{HEAD}Hej\n\n{block}00:01.000 --> 00:02.000\nslut\n", "vtt") == []


def test_what_stands_above_the_first_words_of_vtt_is_a_heading() -> None:
    above = "WEBVTT\n\nom filen\n\nREGION\nid:a\n"
    assert told(HEAD.replace("WEBVTT\n", above) + "Hej\n", "vtt") == []


@pytest.mark.parametrize(
    ("format", "said"),
    [("vtt", "<v Bo>"), ("vtt", "<c> </c>"), ("vtt", "&nbsp;"), ("srt", "<i> </i>")],
)
def test_a_transcript_of_tags_alone_has_no_words(format: str, said: str) -> None:
    head = "WEBVTT\n" if format == "vtt" else "1"
    times = "00:00:00.000 --> 00:00:01.000".replace(".", "." if format == "vtt" else ",")
    assert told(f"{head}\n{times}\n{said}\n", format) == [("TR004", 1)]
    assert told(f"{head}\n{times}\n{said}Hej\n", format) == []


@pytest.mark.parametrize(
    "setting", ["align:middle", "position:10", "line:90%,middle", "L:90%", "align:start align:end"]
)
def test_words_of_vtt_are_read_whatever_is_said_of_their_place(setting: str) -> None:
    text = f"{HEAD}Hej\n\n00:02.000 --> 00:03.000 line:0 {setting}\n<v Bo>Vatten\n"
    found, wrong = read_words(text, "vtt", "a.vtt")
    assert [(cue.text, cue.speaker) for cue in found.cues] == [("Hej", None), ("Vatten", "Bo")]
    assert [(one.code.id, one.place.line) for one in wrong] == [("TR022", 6)]
    assert render_transcript(found, "vtt").decode() == text


def test_a_place_that_means_nothing_hides_no_other_fault() -> None:
    text = f"{HEAD}Hej\n\n00:03.000 --> 00:03.000 align:middle\nVatten\n"
    assert told(text, "vtt") == [("TR022", 6), ("TR002", 6)]


# --- the producer's own text -----------------------------------------------------------------


@pytest.mark.parametrize("format", ["vtt", "srt", "txt"])
def test_the_producers_own_text_is_published_as_it_is(case: Catalog, format: str) -> None:
    source = {"vtt": "ett.vtt", "srt": "ett-en.srt", "txt": "ett.txt"}[format]
    name = {"vtt": "transcript.vtt", "srt": "transcript.en.srt", "txt": "transcript.txt"}[format]
    own = (case.root / "media/samtal" / source).read_bytes()
    expected = own.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    assert case.read(f"samtal/ett/{name}") == expected


def test_the_fixture_has_a_byte_order_mark_and_windows_lines(case: Catalog) -> None:
    own = (case.root / "media/samtal/ett-en.srt").read_bytes()
    assert own.startswith(b"\xef\xbb\xbf1\r\n")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_are_made_alike(tmp_path: Any, ends: str) -> None:
    path = tmp_path / "a.vtt"
    path.write_bytes(("\ufeff" + f"{HEAD}Hej\ndär\n".replace("\n", ends)).encode())
    text, wrong = read_text(path, "a.vtt")
    assert wrong == []
    assert render_transcript(words(text or "", "vtt"), "vtt").decode() == f"{HEAD}Hej\ndär\n"


@pytest.mark.parametrize("name", ["transcript.vtt", "transcript.en.vtt", "captions.vtt"])
def test_every_published_vtt_is_read_in_strict_mode(case: Catalog, name: str) -> None:
    assert strictly(case.read(f"samtal/ett/{name}").decode())


def test_the_text_of_another_language_is_converted_too(case: Catalog) -> None:
    assert strictly(case.read("samtal/ett/transcript.en.vtt").decode()) == [
        ("00:00:00.000", "00:00:01.500", "Hello &amp; welcome\na &lt; b"),
        ("00:00:01.500", "00:00:03.000", "Bye"),
    ]


def test_voices_and_escapes_reach_the_other_format(case: Catalog) -> None:
    assert as_srt(case.read("samtal/ett/transcript.srt").decode()) == [
        ("00:00:00.000", "00:00:01.000", "Elin Åberg: Å & ä <ö>\nandra raden"),
        ("00:00:01.000", "00:00:02.000", "Kjell: Ja"),
        ("00:00:02.000", "00:00:03.000", "Nej 😀"),
    ]


def test_captions_are_for_the_picture_and_stay_webvtt(case: Catalog) -> None:
    names = sorted(path.name for path in (case.root / "public/samtal/ett").glob("captions*"))
    assert names == ["captions.fi.vtt", "captions.vtt"]


def test_a_text_of_a_recording_in_sign_language_is_in_that_of_the_series(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode(more="language: swl\ntranscripts: [ett.vtt]\n")
    catalog.write("media/samtal/ett.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n")
    assert catalog.rebuilt().ok
    (item,) = json.loads(catalog.read("samtal/feed.json"))["items"]
    assert "language" not in item
    assert [(one["url"][-14:], one["language"]) for one in item["_podcast"]["transcripts"]] == [
        ("transcript.vtt", "sv"),
        ("transcript.srt", "sv"),
    ]


def test_two_transcripts_of_one_language_and_format_are_a_fault(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode(more="transcripts: [ett.vtt, tva.vtt]\n")
    for name in ("ett", "tva"):
        catalog.write(f"media/samtal/{name}.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n")
    finding = catalog.build().finding("TR007")
    assert (finding["line"], finding["params"]) == (6, {"name": "tva.vtt"})
