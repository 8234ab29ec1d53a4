"""Reading what producers write: odd but right input means what it seems to mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feedtool.finding import Finding, Place
from feedtool.formats import is_media_name, is_slug, is_web_address
from feedtool.read.front_matter import front_matter
from feedtool.read.schema import validate
from feedtool.read.text import read_text
from feedtool.read.values import better_name, better_slug
from feedtool.read.written import CatalogKeys, EpisodeKeys
from feedtool.read.yaml_tree import positions, read_tree

from .catalogs import Catalog, a_catalog

HEAD = "date: 2025-03-01 09:00\nguid: 11111111-1111-4111-8111-111111111111\nmedia: ett.mp3\n"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = a_catalog(tmp_path)
    catalog.recording("samtal/ett.mp3", "cbr.mp3")
    return catalog


def built(catalog: Catalog, text: str | bytes) -> dict[str, Any]:
    """The item of a catalog with this one episode file, which must give no error."""
    catalog.write("episodes/samtal/ett.md", text)
    outcome = catalog.rebuilt()
    # artwork, and what the texts would look like
    told = [one for one in outcome.findings if one.code not in {"SE021", "EP041", "EP043", "EP044"}]
    assert (outcome.ok, told) == (True, [])
    (item,) = json.loads(catalog.read("samtal/feed.json"))["items"]
    return dict(item)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Räksmörgås & <b> \"citat\" ' 🎙", "Räksmörgås & <b> \"citat\" ' 🎙"),
        ("'Frågor: del två'", "Frågor: del två"),
        ('"Frågor: \\"del\\" två"', 'Frågor: "del" två'),
        ("'”Varför jag?”'", "”Varför jag?”"),
        ('"“Why” me"', "“Why” me"),
        ("“Why” me", "“Why” me"),
        ("It’s “fine”", "It’s “fine”"),
        ("'It''s'", "It's"),
        ("no", "no"),
        ("'no'", "no"),
        ("Yes", "Yes"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("06:26", "06:26"),
        ("2021-06-22", "2021-06-22"),
        ("3.10", "3.10"),
        ("'null'", "null"),
        ('"~"', "~"),
        ("nullpunkt", "nullpunkt"),
        ("true", "true"),
        (".inf", ".inf"),
        ("a#b", "a#b"),
        ("a # en kommentar", "a"),
        ("'a # b'", "a # b"),
        ("100 % & mer", "100 % & mer"),
        ("http://a.se: en sida", None),
        ("kl 9:30-10:15", "kl 9:30-10:15"),
        ("A\\tB", "A\\tB"),
        ("A\u00a0B", "A\u00a0B"),
        ("A\u2028B", "A B"),
        ("e\u0301", "e\u0301"),
        ("|\n  Rad ett", "Rad ett"),
        (">-\n  Rad ett\n  och två", "Rad ett och två"),
        ("|\n  Rad ett\n  och två", "Rad ett och två"),
        ("Rad ett\n  och två", "Rad ett och två"),
        ('"Rad ett\n  och två"', "Rad ett och två"),
        ("!", None),
        ("-1", "-1"),
        ("-", None),
        ("?!", "?!"),
        ("(ett)", "(ett)"),
        ("ett, två", "ett, två"),
    ],
)  # fmt: skip
def test_a_title_means_what_it_seems_to_mean(
    catalog: Catalog, written: str, title: str | None
) -> None:
    text = f"---\ntitle: {written}\n{HEAD}---\n"
    if title is None:  # it does not: then it is an error, not a guess
        catalog.write("episodes/samtal/ett.md", text)
        assert not catalog.rebuilt().ok
    else:
        assert built(catalog, text)["title"] == title


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"\ufeff---\ntitle: Å\n{HEAD}---\nText.\n", id="byte order mark"),
        pytest.param(f"---\ntitle: Å\n{HEAD}---\nText.\n".replace("\n", "\r\n"), id="CRLF"),
        pytest.param(f"---\ntitle: Å\n{HEAD}---\nText.\n".replace("\n", "\r"), id="CR"),
        pytest.param(
            f"\ufeff---\ntitle: Å\n{HEAD}---\nText.\n".replace("\n", "\r\n"), id="both"
        ),
        pytest.param(f"---\ntitle: Å\n{HEAD}...\nText.\n", id="dots at the end"),
        pytest.param(f"---  \ntitle: Å\n{HEAD}---\t\nText.\n", id="spaces after the hyphens"),
        pytest.param(
            f"---\n# om\n\ntitle:   Å   # namn\n\n{HEAD}# slut\n---\nText.\n", id="comments"),
        pytest.param(f"---\n\"title\": 'Å'\n{HEAD}---\nText.", id="quotes, no line end"),
        pytest.param(f"---\ntitle:\tÅ\t\n{HEAD}---\nText.\n", id="tabs between words"),
        pytest.param(f"---\ntitle: Å\nsummary:\ntags: ~\n{HEAD}---\nText.\n", id="empty keys"),
        pytest.param(
            "---\n{title: Å, date: '2025-03-01 09:00', media: ett.mp3, "
            "guid: 11111111-1111-4111-8111-111111111111}\n---\nText.\n", id="flow style"),
        pytest.param(
            '---\n{"title": "Å", "date": "2025-03-01 09:00", "media": "ett.mp3",\n'
            ' "guid": "11111111-1111-4111-8111-111111111111"}\n---\nText.\n', id="JSON"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_file_give_the_same_feeds(catalog: Catalog, text: str) -> None:
    built(catalog, f"---\ntitle: Å\n{HEAD}---\nText.\n")
    plain = catalog.public()
    built(catalog, text)
    assert catalog.public() == plain


def test_hyphens_and_colons_belong_to_the_notes(catalog: Catalog) -> None:
    item = built(catalog, f"---\ntitle: Å\n{HEAD}---\nEtt: två\n\n---\n\nTre: @fyra\n")
    assert item["content_html"] == "<p>Ett: två</p>\n<hr>\n<p>Tre: @fyra</p>"


def test_long_notes_are_whole(catalog: Catalog) -> None:
    item = built(catalog, f"---\ntitle: Å\n{HEAD}---\n" + "Ett ord till. \n" * 20_000)
    assert item["content_html"].count("Ett ord till.") == 20_000


@pytest.mark.parametrize(
    "media", [pytest.param("‘ett.mp3’", id="quotes"), pytest.param("ett .mp3", id="a space")]
)
def test_a_better_name_is_one_that_may_be_written(catalog: Catalog, media: str) -> None:
    catalog.write("episodes/samtal/ett.md", f"---\ntitle: Å\n{HEAD}image: '{media}'\n---\n")
    (finding,) = [one for one in catalog.rebuilt().findings if one.severity == "error"]
    assert is_media_name(str(finding.params["better"]))


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("Åsas möte.mp3", "asas-mote.mp3"),
        ("2025-01-01 Möte.MP3", "2025-01-01-mote.mp3"),
        ("mapp/Åsa.vtt", "mapp/asa.vtt"),
        ("...", "name"),
        ("", "name"),
        ("möte", "mote"),
        ("möte.mp3?dl=1", "mote.mp3"),
    ],
)
def test_better_names_of_files(name: str, better: str) -> None:
    assert better_name(name) == better


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("2021-06-22 Åsas möte", "asas-mote"),
        ("2021-06-22-2021-06-23-x", "x"),
        ("2021-06-22", "name"),
        ("a.b", "a-b"),
        ("x" * 90, "x" * 80),
        ("x" * 79 + " y", "x" * 79),
        ("!!!", "name"),
    ],
)
def test_better_names_of_episodes(name: str, better: str) -> None:
    assert better_slug(name) == better
    assert is_slug(better)


@pytest.mark.parametrize(
    "url",
    ["https://a.se", "http://a.se:8080/b?c=d#e", "https://räksmörgås.se/å", "https://[::1]/",
     "HTTPS://A.SE/", "https://a.se/%C3%A5", "https://u:p@a.se/", "https://a.se./",
     f"https://{'a' * 63}.se/", "https://[::ffff:1.2.3.4]:80/"],
)  # fmt: skip
def test_web_addresses(url: str) -> None:
    assert is_web_address(url)


@pytest.mark.parametrize(
    "url",
    ["", "a.se", "//a.se/", "ftp://a.se/", "file:///a", "javascript:alert(1)", "https://",
     "https:///a", "https://a.se/b c", "https://a.se/\x00", "https://a.se/\x7f", "https://a.se:x/",
     "https://a.se:70000/", "https://[a/", "https://a.se/%", "https://a.se/<b>", "mailto:a@b.se",
     "data:text/html,a", "https://a.se/\u00a0", "https://a..se/", "https://.a.se/",
     f"https://{'a' * 64}.se/", "https://a.se:0/"],
)  # fmt: skip
def test_no_web_addresses(url: str) -> None:
    assert not is_web_address(url)


def test_a_text_keeps_its_places_when_control_characters_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"a\x01b\r\nc\x02\n")
    text, findings = read_text(path, "a.md")
    assert text == "a?b\nc?\n"
    assert [one.place for one in findings] == [
        Place("a.md", line=1, column=2),
        Place("a.md", line=2, column=2),
    ]


def test_the_notes_begin_after_the_second_hyphens() -> None:
    assert front_matter("---\na: b\n---\nText\n", "a.md") == ("a: b\n", "Text\n", 4, [])


def test_scalars_stay_text() -> None:
    tree, findings = read_tree("a: no\nb: 06:26\nc: [1, 2.0, null]\nd: {e: ~}\nf: 'null'\n", "a")
    assert tree == {"a": "no", "b": "06:26", "c": ["1", "2.0", None], "d": {"e": None}, "f": "null"}
    assert findings == []


def test_positions_are_those_of_keys_and_entries() -> None:
    where = positions("a: b\nc:\n  - d\n  - e: f\n    g: [h, i]\n", first_line=2)
    assert where == {
        (): (2, 1),
        ("a",): (2, 1),
        ("c",): (3, 1),
        ("c", 0): (4, 5),
        ("c", 1): (5, 5),
        ("c", 1, "e"): (5, 5),
        ("c", 1, "g"): (6, 5),
        ("c", 1, "g", 0): (6, 9),
        ("c", 1, "g", 1): (6, 12),
    }


@pytest.mark.parametrize(
    ("key", "value", "example"),
    [
        ("people", "Elin Berg", "people: [{name: Elin Berg, role: guest}]"),
        ("people", ["Elin Berg"], "people: [{name: Elin Berg, role: guest}]"),
        ("people", ["Elin: hej"], 'people: [{name: "Elin: hej", role: guest}]'),
        ("people", ["Elin Berg: Co-Host"], "people: [{name: Elin Berg, role: co-host}]"),
        ("people", "Elin Berg: gäst", "people: [{name: Elin Berg, role: guest}]"),
        ("people", ["Elin: del 2: värd"], 'people: [{name: "Elin: del 2", role: host}]'),
        ("people", {"name": "Elin", "role": "host"}, "people: [{name: Elin, role: host}]"),
        ("people", {"Elin": "host"}, "people: [{name: Elin Wihlborg, role: guest}]"),
        ("people", ["Elin " * 40], "people: [{name: Elin Wihlborg, role: guest}]"),
        ("ignore", ["A11Y03"], "ignore: [{code: A11Y03, why: ...}]"),
        ("links", ["www.a.se"], 'links: [{url: "https://www.a.se", title: Läs mer}]'),
        ("links", "https://a.se/b?c", 'links: [{url: "https://a.se/b?c", title: Läs mer}]'),
        ("links", ["Om A"], 'links: [{url: "https://www.example.org/", title: Om A}]'),
        ("transcripts", "skolan.vtt", "transcripts: [skolan.vtt]"),
        ("captions", {"file": "a.vtt"}, "captions: [{file: a.vtt}]"),
        ("alternates", ["skolan.mp4"], "alternates: [{file: skolan.mp4}]"),
        ("soundbites", ["1:10"], 'soundbites: [{start: "1:10", duration: "0:30"}]'),
        ("exempt", "gammal", "exempt: {reason: gammal}"),
        ("tags", "skola", "tags: [skola]"),
        ("tags", "skola, vägar", "tags: [skola, vägar]"),
        ("summary", ["a"], "summary: a"),
        ("summary", ["a", "b"], "summary: ..."),
        ("media", ["skolan.mp3"], "media: skolan.mp3"),
        ("explicit", "kanske", "explicit: true"),
        ("season", "ett", "season: 2"),
        ("chapters", {"00:00": "A", "2:10": "B"}, 'chapters: ["00:00 A", "2:10 B"]'),
        ("chapters", "00:00 A\n2:10 B\n", 'chapters: ["00:00 A", "2:10 B"]'),
        ("chapters", "00:00 A 2:10 B", 'chapters: ["00:00 A", "2:10 B"]'),
        ("chapters", "00:00 A, b, 2:10 B", 'chapters: ["00:00 A, b", "2:10 B"]'),
        ("chapters", "0.00 A 1.10 B", 'chapters: ["0:00 A", "1:10 B"]'),
        ("chapters", "00:00", 'chapters: ["00:00 Inledning", "02:10 Kundtjänsten"]'),
        ("chapters", "\n", 'chapters: ["00:00 Inledning", "02:10 Kundtjänsten"]'),
    ],
)
def test_a_wrong_shape_is_told_with_a_right_one(key: str, value: object, example: str) -> None:
    _, (finding,) = validate({"title": "A", key: value}, EpisodeKeys, Place("a.md"))
    assert (finding.code.id, finding.params["example"]) == ("CF022", example)
    if ": ..." not in example:
        tree, _ = read_tree(example, "a")
        assert validate({"title": "A", **(tree or {})}, EpisodeKeys, Place("a.md"))[1] == []


@pytest.mark.parametrize(
    ("key", "value", "example"),
    [
        ("people", {"elin": {"title": "rektor"}}, "name: Elin Wihlborg"),
        ("owner", {"email": "podd@nordvik.example"}, "name: Nordviks kommun"),
        ("license", {"url": "https://nordvik.example/licens"}, "name: CC BY-SA 4.0"),
        ("location", [{"country": "SE"}], "name: Nordvik"),
        ("location", {"country": "SE"}, "name: Nordvik"),
        ("targets", {"webb": {}}, "url: sftp://podd@www.example.org/podd"),
    ],
)
def test_what_is_missing_is_told_with_what_it_could_say_there(
    key: str, value: object, example: str
) -> None:
    tree = {"base_url": "https://a.example/", key: value}
    _, (finding,) = validate(tree, CatalogKeys, Place("feedtool.yaml"))
    said = f"{finding.params['key']}: {finding.params['example']}"
    assert (finding.code.id, said) == ("CF021", example)


@pytest.mark.parametrize(
    ("role", "choices"),
    [("Gäst", "guest"), ("värd", "host"), ("hosts", "host, co-host, guest host, guest")],
)
def test_an_unknown_role_is_told_as_it_stands_with_what_is_meant(role: str, choices: str) -> None:
    people = [{"name": "Elin", "role": role}]
    _, (finding,) = validate({"title": "A", "people": people}, EpisodeKeys, Place("a.md"))
    assert (finding.code.id, finding.params) == ("CF036", {"text": role, "choices": choices})


def test_an_entry_among_good_ones_is_told_alone() -> None:
    people = ["Elin Berg", {"id": "kjell", "role": "host", "organisation": "Nordviks kommun " * 7}]
    _, (finding,) = validate({"title": "A", "people": people}, EpisodeKeys, Place("a.md"))
    assert finding.params["example"] == "{name: Elin Berg, role: guest}"


@pytest.mark.parametrize(
    ("value", "example"),
    [
        ("Elin Berg", "people: {elin-berg: {name: Elin Berg}}"),
        (["Elin Berg", "Åsa"], "people: {elin-berg: {name: Elin Berg}, asa: {name: Åsa}}"),
        ([{"name": "Elin"}], "people: {elin-wihlborg: {name: Elin Wihlborg}}"),
        ({"elin": "Elin Berg"}, "elin: {name: Elin Berg}"),
    ],
)
def test_a_person_of_the_catalog_is_told_with_an_id(value: object, example: str) -> None:
    tree = {"base_url": "https://a.example/", "people": value}
    _, (finding,) = validate(tree, CatalogKeys, Place("feedtool.yaml"))
    assert (finding.code.id, finding.params["example"]) == ("CF022", example)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("titel", "title"), ("sumary", "summary"), ("Media", "media"), ("chapter", "chapters"),
     ("transcript", "transcripts"), ("tag", "tags"), ("episodetype", "episode_type")],
)  # fmt: skip
def test_the_nearest_key_is_named(typed: str, meant: str) -> None:
    _, (finding,) = validate({"title": "A", typed: "x"}, EpisodeKeys, Place("a.md"))
    assert str(finding.params["nearest"]).split(", ")[0] == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("embargo", "date"), ("publiceras", "date"), ("fil", "media"), ("bild", "image"),
     ("description", "summary"), ("medverkande", "people"), ("ljud", "media"),
     ("kapitel", "chapters"), ("länkar", "links")],
)  # fmt: skip
def test_a_word_of_the_same_meaning_is_named_and_no_other(typed: str, meant: str) -> None:
    _, (finding,) = validate({"title": "A", typed: "x"}, EpisodeKeys, Place("a.md"))
    assert finding.params["nearest"] == meant


@pytest.mark.parametrize("typed", ["zxqw", "telefonnummer"])
def test_where_nothing_is_near_the_first_keys_are_named(typed: str) -> None:
    _, (finding,) = validate({"title": "A", typed: "x"}, EpisodeKeys, Place("a.md"))
    assert finding.params["nearest"] == "title, date, guid, media, duration, summary"


@pytest.mark.parametrize(
    ("entry", "code", "line"),
    [
        ({"name": "E", "role": "guest", "Title:chef": None}, "CF025", "title: chef"),
        ({"name": "E", "role": "guest", "tel:112": None}, "CF025", "tel: 112"),
        ({"name": "E", "docent": None, "role": "guest"}, "CF101", 'name: "E, docent"'),
        ({"name": "E", "a": None, "b": None, "role": "guest"}, "CF101", 'name: "E, a, b"'),
        ("name:Elin Berg role:guest", "CF025", "name: Elin Berg"),
        ({"name": "E", "\u200brole": "guest"}, "CF100", "role: guest"),
        ({"name": "E", "role:\u00a0guest": None}, "CF100", "role: guest"),
        ({"name": "E", "role:\u200bguest": None}, "CF100", "role: guest"),
    ],
)
def test_an_entry_written_wrongly_is_told_with_what_to_write(
    entry: object, code: str, line: str
) -> None:
    _, findings = validate({"title": "A", "people": [entry]}, EpisodeKeys, Place("a.md"))
    assert {(one.code.id, one.params["line"]) for one in findings} == {(code, line)}


@pytest.mark.parametrize(
    ("line", "meant"),
    [("season 2", "season: 2"), ("summary = Om vatten", "summary: Om vatten"),
     ("Season  2", "season: 2"), ("och kranen", "summary: och kranen"),
     ("summary", "summary: summary")],
)  # fmt: skip
def test_a_line_without_a_colon_is_told_with_one(line: str, meant: str) -> None:
    _, (finding,) = read_tree(f"title: A\n{line}\ndate: 2025-01-01\n", "episodes/a/b.md")
    assert (finding.code.id, finding.params["line"]) == ("CF029", meant)


@pytest.mark.parametrize(
    ("written", "code", "line"),
    [
        ("title: A: b  # c", "CF024", "title: 'A: b'  # c"),
        ("title: A: b #1", "CF024", "title: 'A: b #1'"),
        ("title: @ b # c", "CF027", "title: '@ b' # c"),
        ('title: "C:\\skola # 1"', "CF009", "title: 'C:\\skola # 1'"),
        ('title: "C:\\skola"  # c', "CF009", "title: 'C:\\skola'  # c"),
        ("title: A: b\n  c: d", "CF106", "title: 'A: b c: d'"),
        ("title: A\n\n   b c: d\n   e", "CF106", "title: 'A b c: d e'"),
    ],
)
def test_a_text_is_told_in_quotes_with_all_its_lines_and_no_remark(
    written: str, code: str, line: str
) -> None:
    _, (finding,) = read_tree(f"{written}\ndate: 2025-01-01\n", "episodes/a/b.md")
    assert (finding.code.id, finding.params["line"]) == (code, line)
    assert read_tree(line, "")[0] is not None


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("summary: #metoo i skolan", "summary: '#metoo i skolan'"),
        ("image_alt:   #x  # y", "image_alt: '#x  # y'"),
        ("people:\n- name: #ju's", """- name: "#ju's\""""),
        ("tags:\n  - #skola", "- '#skola'"),
    ],
)
def test_a_text_that_begins_with_a_number_sign_is_told_in_quotes(written: str, line: str) -> None:
    _, (finding,) = read_tree(f"{written}\n", "a")
    assert (finding.code.id, finding.params["line"]) == ("CF108", line)


@pytest.mark.parametrize(
    "written",
    [
        "summary:  # not yet",
        "summary: #",
        "summary:\n  #metoo",
        "summary: ''  #metoo",
        "summary: ~",
    ],
)
def test_a_remark_after_nothing_is_none_to_tell(written: str) -> None:
    assert read_tree(f"{written}\ntitle: Ett #x\n", "a")[1][1:] == []


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (r'title: "Mapp C:\nytt\test"', r"title: 'Mapp C:\nytt\test'"),
        (r'title: "\Lagen är \"ny\""', r"""title: '\Lagen är "ny"'"""),
        (r'summary: "Mapp C:\nytt"', r"summary: 'Mapp C:\nytt'"),
        (r'summary: "Vi\ttalar"', r"summary: 'Vi\ttalar'"),
        (r'people: [{name: "\Protokoll"}]', r"'\Protokoll'"),
        ('title: "Vi\n  \\_talar"', r"'Vi \_talar'"),
        (r'image: "C:\bilder\ny.png"', r"image: 'C:\bilder\ny.png'"),
        (r'title: "Mapp a\b"', r"title: 'Mapp a\b'"),
        (r'media: "avsnitt\film.mp4"', r"media: 'avsnitt\film.mp4'"),
    ],
)
def test_a_backslash_that_hides_a_letter_is_told(written: str, line: str) -> None:
    _, (finding,) = read_tree(written, "a")
    assert (finding.code.id, finding.params["line"]) == ("CF107", line)


@pytest.mark.parametrize("end", [r"\x0D\x0A", r"\x09", "\t", " \t ", r"\u2028", r" \x0A "])
def test_a_title_is_one_line_however_its_lines_ended(end: str) -> None:
    tree, _ = read_tree(f'title: "Ett{end}två"\nguid: "a\\x09b"\n', "a.md")
    keys, findings = validate(tree or {}, EpisodeKeys, Place("a.md"))
    assert findings == []
    assert (keys.title, keys.guid) == ("Ett två", "a\tb")


@pytest.mark.parametrize(
    "text",
    [r"Rad\nrad", r"C:\\nytt", r"\"ja\" \u00e5 \xe5 \/", "rad\n\n  rad", "lång \\\n  rad", "a\tb"],
)
def test_a_backslash_that_hides_nothing_is_none_to_tell(text: str) -> None:
    assert read_tree(f'summary: "{text}"', "a")[1] == []


@pytest.mark.parametrize(
    "entry",
    [r'podcast: [{tag: txt, text: "a\nb"}]', r'podcast: [{text: "a\nb", tag: txt}, {tag: block}]',
     'podcast:\n- purpose: x\n  text: "a\\nb"\n  tag: txt\n- tag: block\n',
     'podcast:\n  - tag: "txt"  # lines\n    text: "a\\nb"'],
)  # fmt: skip
def test_a_txt_may_have_lines(entry: str) -> None:
    assert read_tree(entry, "a")[1] == []


@pytest.mark.parametrize(
    "entry",
    [r'podcast: [{tag: txt, text: a}, {tag: contentLink, text: "a\nb"}]',
     r'podcast: [{tag: contentLink, text: "a\nb"}, {tag: txt, text: a}]',
     r'podcast: [{tag: txt, purpose: "a\nb", text: a}]',
     r'podcast: [{tag: txt, text: "C:\nytt"}]', r'podcast: [{tag: txt, text: "a\tb"}]',
     'podcast:\n- tag: txt\n  text: a\n- text: "a\\nb"\n  tag: contentLink\n- tag: txt\n'],
)  # fmt: skip
def test_a_backslash_near_a_txt_is_told(entry: str) -> None:
    assert [one.code.id for one in read_tree(entry, "a")[1]] == ["CF107"]


def names_of(key: str, name: str) -> list[Finding]:
    """What is wrong with a name under `hosts:` or `targets:`."""
    value = {"kind": "soundcloud"} if key == "hosts" else {}
    tree = {"base_url": "https://a.example/", key: {name: {"url": "https://b.example/", **value}}}
    return validate(tree, CatalogKeys, Place("feedtool.yaml"))[1]


@pytest.mark.parametrize(
    "name", ["soundcloud", "SoundCloud", "sound-cloud-2", "my_host", "feedtool-2", "1"]
)
def test_names_that_a_host_may_have(name: str) -> None:
    assert names_of("hosts", name) == []


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("../outside", "outside"),
        ("a/b", "a-b"),
        ("feedtool", "feedtool-2"),
        ("A b", "a-b"),
        ("FeedTool", "feedtool-2"),
        ("-a", "a"),
        ("ü", "u"),
        ("..", "name"),
        ("", "name"),
        ("a\n", "a"),
    ],
)
def test_a_host_has_a_name_that_a_file_may_have(name: str, better: str) -> None:
    (wrong,) = names_of("hosts", name)
    assert (wrong.code.id, wrong.params["example"]) == ("CF037", better)
    assert wrong.place.keys == ("hosts", name)


@pytest.mark.parametrize("name", ["web", "Web_2", "my.site", "feedtool", "s3:a"])
def test_names_that_a_target_may_have(name: str) -> None:
    assert names_of("targets", name) == []


@pytest.mark.parametrize("name", ["my web", "a/b", "a\\b", "../a", "a\x1b", "a\n", "Åsa", ""])
def test_a_target_has_a_name_that_a_variable_may_have(name: str) -> None:
    (wrong,) = names_of("targets", name)
    assert (wrong.code.id, wrong.place.keys) == ("CF037", ("targets", name))
    assert names_of("targets", str(wrong.params["example"])) == []
