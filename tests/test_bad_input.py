"""Bad input: a finding that names the place, and nothing else happens."""

from __future__ import annotations

import os
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest

from feedtool.finding import Shown

from .catalogs import CATALOG, MEDIA, SERIES, Catalog, a_catalog, tree

Change = Callable[[Catalog], object]

EPISODE = "episodes/samtal/tva.md"
GUID = "guid: 22222222-2222-4222-8222-222222222222\n"
HEAD = f"title: Två\ndate: 2025-03-02 09:00\n{GUID}media: tva.mp3\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with one good episode, built; a second recording waits for its episode."""
    catalog = a_catalog(tmp_path_factory.mktemp("built") / "catalog")
    catalog.episode("ett")
    assert catalog.rebuilt().ok
    catalog.recording("samtal/tva.mp3", "cbr-48k.mp3")
    return catalog.root


@pytest.fixture
def catalog(built: Path, tmp_path: Path) -> Catalog:
    shutil.copytree(built, tmp_path / "catalog", symlinks=True)
    return Catalog(tmp_path / "catalog")


def front(text: str, notes: str = "Om samtalet.\n") -> Change:
    """The second episode, with this between its lines of ---; it begins on line 2."""
    return lambda catalog: catalog.write(EPISODE, f"---\n{text}---\n{notes}")


def more(text: str) -> Change:
    """The second episode, right but for these lines, which begin on line 6."""
    return front(HEAD + text)


def file(path: str, content: str | bytes) -> Change:
    return lambda catalog: catalog.write(path, content)


def each(*changes: Change) -> Change:
    return lambda catalog: [change(catalog) for change in changes]


def link(path: str, target: str) -> Change:
    def change(catalog: Catalog) -> None:
        place = catalog.root / path
        if place.is_dir():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    return change


def removed(path: str) -> Change:
    return lambda catalog: (catalog.root / path).unlink()


def cut(path: str, fixture: str, size: int) -> Change:
    """A recording of which only the beginning is there."""
    return file(path, (MEDIA / fixture).read_bytes()[:size])


def errors(findings: tuple[Shown, ...]) -> list[tuple[str, int | None, int | None, str]]:
    return [
        (one.file, one.line, one.column, one.code) for one in findings if one.severity == "error"
    ]


# Each: what somebody did, and the only error: file, line, column, code.
BROKEN_YAML = {
    "a colon in a text": ("title: Frågor: del två\n", 2, 14, "CF024"),
    "a colon in a text further down": (HEAD + "summary: Ett: två\n", 6, 13, "CF024"),
    "no space after a colon": (f"{HEAD}summary:Ett\n", 6, 8, "CF025"),
    "no space after the first colon": ("title:Ett\ndate: 2025-01-01\n", 2, 6, "CF025"),
    "a line without a colon": (f"{HEAD}summary: Ett\nbara ord\n", 7, 1, "CF029"),
    "a quote that is not closed": (f'title: "Frågor\n{GUID}', 2, 8, "CF019"),
    "a single quote that is not closed": (f"{HEAD}summary: 'Frågor\n", 6, 10, "CF019"),
    "a quote closed by a later one": (f'title: "Frågor\nsummary: "Ett"\n{GUID}', 2, 8, "CF019"),
    "text after a closing quote": ('title: "Nej" sa hon\n', 2, 8, "CF027"),
    "an apostrophe in single quotes": ("title: 'it's'\n", 2, 8, "CF027"),
    "a backslash in double quotes": ('title: "C:\\xy"\n', 2, 8, "CF009"),
    "an at sign": ("title: @kommun\n", 2, 8, "CF027"),
    "a percent sign": ("title: %kommun\n", 2, 8, "CF027"),
    "a backtick": ("title: `kommun`\n", 2, 8, "CF027"),
    "stars": ("title: **viktigt**\n", 2, 8, "CF027"),
    "brackets before a text": ("title: [kommun] nu\n", 2, 8, "CF027"),
    "braces before a text": ("title: {kommun} nu\n", 2, 8, "CF027"),
    "a greater-than sign": ("title: > nu\n", 2, 8, "CF027"),
    "a hyphen": ("title: - nu\n", 2, 8, "CF027"),
    "a question mark": ("title: ? nu\n", 2, 8, "CF027"),
    "a # in the last entry of a list": (
        f"tags: [a]\n{HEAD}links:\n  - {{url: https://a.se/, title: #x}}\n", 8, 5, "CF028"),
    "a list that is not closed": (f"tags: [a, b\n{HEAD}", 2, 7, "CF028"),
    "a group that is not closed": (
        f"people: [{{name: A, role: host]\n{HEAD}", 2, 10, "CF028"),
    "a line too far to the right": ("title: Ett\n  date: 2025-01-01\n", 3, 3, "CF026"),
    "a line too far to the left": (" title: Ett\ndate: 2025-01-01\n", 3, 1, "CF026"),
    "a tab before a key": (f"{HEAD}\tsummary: Ett\n", 6, 1, "CF065"),
    "a tab before a key below an open one": (f"{HEAD}license:\n\tname: A\n", 7, 1, "CF011"),
    "a tab before the first key": (f"\t{HEAD}", 2, 1, "CF065"),
    "a tab before an entry": (f"{HEAD}people:\n\t- name: A\n", 7, 1, "CF011"),
    "quotes of a word processor": (f"{HEAD}summary: ”Frågor”\n", 6, 10, "CF012"),
    "quotes of a word processor and a colon": ("title: “Frågor: ett”\n", 2, 8, "CF012"),
    "one quote of a word processor": (f'title: "Frågor”\n{GUID}', 2, 8, "CF012"),
    "an anchor": (f"{HEAD}summary: &a Ett\n", 6, 10, "CF014"),
    "an alias": (f"{HEAD}summary: *a\n", 6, 10, "CF014"),
    "a tag": (f"{HEAD}summary: !!str Ett\n", 6, 10, "CF014"),
    "an anchor before a list": (f"{HEAD}tags: &a [b]\n", 6, 7, "CF014"),
    "a merge key": (f"{HEAD}season: {{number: 1, <<: {{name: B}}}}\n", 6, 21, "CF014"),
    "a key twice": (f"{HEAD}title: Igen\n", 6, 1, "CF013"),
    "a key twice inside": (f"{HEAD}links:\n- url: https://a.se/\n  url: https://b.se/\n",
                           8, 3, "CF013"),
    "deep nesting": (f"{HEAD}tags: {'[' * 5000}\n", 6, 23, "CF015"),
    "deep nesting in lines": (f"{HEAD}tags:\n" + "".join(
        f"{' ' * n}-\n" for n in range(30)), 23, 17, "CF015"),
    "a list instead of keys": ("- Ett\n", 2, 1, "CF017"),
    "a text instead of keys": ("Ett\n", 2, 1, "CF017"),
    "a second document": (f"{HEAD}--- Mera\n", 6, 1, "CF010"),
    "a control character": (f"{HEAD}summary: Ett\x07\n", 6, 13, "CF004"),
    "a deleted character": (f"{HEAD}summary: Ett\x7f\n", 6, 13, "CF004"),
    "a control character as an escape": (f'{HEAD}summary: "Ett\\x07"\n', 6, 10, "CF004"),
    "half a character as an escape": (f'{HEAD}summary: "Ett\\ud800"\n', 6, 10, "CF009"),
}  # fmt: skip

WRONG_VALUES = {
    "an unknown key": ("sumary: Ett\n", 6, 1, "CF020"),
    "an unknown key inside": ("links: [{url: https://a.se/, titel: A}]\n", 6, 30, "CF020"),
    "a key without what it needs": ("links:\n- title: A\n", 7, 3, "CF021"),
    "a list instead of a text": ("summary: [a, b]\n", 6, 1, "CF022"),
    "a text instead of a list": ("tags: skola\n", 6, 1, "CF022"),
    "an empty entry": ("tags:\n- skola\n-\n", 8, 2, "CF008"),
    "an empty text": ("tags: [skola, '']\n", 6, 15, "CF035"),
    "a text nobody can see": ('summary: "\\u200b"\n', 6, 1, "CF035"),
    "a text that is too long": (f"tags: [{'a' * 200}]\n", 6, 8, "CF034"),
    "neither yes nor no": ("explicit: kanske\n", 6, 1, "CF022"),
    "an unknown status": ("status: utkast\n", 6, 1, "CF023"),
    "a season that is no number": ("season: två\n", 6, 1, "CF022"),
    "season 0": ("season: 0\n", 6, 1, "CF022"),
    "an episode number in words": ("episode: två\n", 6, 1, "CF037"),
    "digits of another script": ("episode: '٣'\n", 6, 1, "CF037"),
    "an unknown language": ("language: svenska\n", 6, 1, "CF032"),
    "three letters where there are two": ("language: swe\n", 6, 1, "CF032"),
    "a file as an address": ("links: [{url: 'file:///etc/passwd'}]\n", 6, 10, "CF030"),
    "a script as an address": ("links:\n- {url: 'javascript:alert(1)'}\n", 7, 4, "CF030"),
    "a space in an address": ("links:\n- url: https://a.se/b c\n", 7, 3, "CF030"),
    "an address without https": ("links:\n- url: www.a.se\n", 7, 3, "CF030"),
    "a port that is none": ("links:\n- url: https://a.se:x/\n", 7, 3, "CF030"),
    "a broken escape in an address": ("links:\n- url: https://a.se/%zz\n", 7, 3, "CF030"),
    "a bare number as a duration": ("duration: 11\n", 6, 1, "EP010"),
    "a duration in other words": ("duration: elva minuter\n", 6, 1, "EP010"),
    "another duration than measured": ("duration: 11 min\n", 6, 1, "EP020"),
    "a date that does not exist": ("updated: 2025-02-30\n", 6, 1, "EP003"),
    "a time that does not exist": ("updated: 2025-03-02 25:00\n", 6, 1, "EP003"),
    "a first day that does not exist": (
        "exempt: {reason: a, first_published: 2019-13-45}\n", 6, 21, "EP003"),
    "a first day before all recordings": (
        "exempt:\n  reason: a\n  first_published: 1019\n", 8, 3, "EP003"),
    "a date in words": ("updated: 2 mars 2025\n", 6, 1, "EP002"),
    "a time that the clocks skip": ("updated: 2025-03-30 02:30\n", 6, 1, "EP004"),
    "a time that comes twice": ("updated: 2025-10-26 02:30\n", 6, 1, "EP005"),
    "an unknown role": ("people:\n- {name: A, role: gäst}\n", 7, 13, "CF036"),
    "an unknown person": ("people:\n- {id: kjell, role: host}\n", 7, 4, "EP006"),
    "a person without a name": ("people:\n- role: host\n", 7, 3, "EP007"),
    "a person with name and id": ("people:\n- {id: a, name: A, role: host}\n", 7, 3, "EP007"),
    "a chapter without a title": ('chapters: ["00:00"]\n', 6, 12, "CH001"),
    "a chapter without a time": ("chapters:\n- 00:00 A\n- Slut\n", 8, 3, "CH001"),
    "a chapter with a colon": ("chapters:\n- 00:00 A\n- 00:01 B: c\n", 8, 3, "CH018"),
    "a chapter with two colons": ("chapters:\n- 00:00 A\n- 00:01 B: c: d\n", 8, 13, "CF024"),
    "a chapter past the end": ("chapters:\n- 00:00 A\n- 11:00 B\n", 8, 3, "EP021"),
    "chapters out of order": ("chapters: [00:00 A, 00:01 B, 00:00 C]\n", 6, 30, "CH003"),
    "a chapter that ends before it starts": (
        "chapters:\n- {start: '0:01', title: A, end: '0:00'}\n", 7, 3, "CH005"),
    "a soundbite past the end": (
        "soundbites:\n- {start: '0:01', duration: '1:00'}\n", 7, 3, "EP022"),
    "an unknown licence": ("license: MIT\n", 6, 1, "SE011"),
    "a rendition without anything": ("alternates:\n- title: A\n", 7, 3, "ME055"),
    "a rendition elsewhere that is a script": (
        "alternates:\n- {type: audio/mpeg, uris: ['javascript:1']}\n", 7, 29, "CF030"),
    "a picture that is not there": ("image: nej.png\n", 6, 1, "ME050"),
    "a transcript that is not there": ("transcripts: [a.vtt]\n", 6, 15, "ME050"),
    "captions that are not there": ("captions:\n- a.vtt\n", 7, 3, "ME050"),
    "chapters that are not there": ("chapters: a.json\n", 6, 1, "ME050"),
    "a transcript of another kind": ("transcripts: [tva.mp3]\n", 6, 15, "TR006"),
    "a media path upwards": ("alternates: [{file: ../../x.mp3}]\n", 6, 15, "CF038"),
    "an image path upwards": ("image: ../x.png\n", 6, 1, "CF038"),
    "an absolute image path": ("image: /etc/passwd\n", 6, 1, "CF038"),
    "a Windows image path": ("image: 'C:\\Users\\x.png'\n", 6, 1, "CF038"),
    "a network path": ("image: '\\\\server\\x.png'\n", 6, 1, "CF038"),
    "a transcript path upwards": ("transcripts:\n- file: ../x.vtt\n", 7, 3, "CF038"),
    "an absolute transcript path": ("transcripts: [/etc/x.vtt]\n", 6, 15, "CF038"),
    "a captions path upwards": ("captions: [a/../../x.vtt]\n", 6, 12, "CF038"),
    "a chapters path upwards": ("chapters: ../../x.json\n", 6, 1, "CF038"),
    "a chapter image path upwards": (
        "chapters:\n- {start: '0:00', title: A, image: ../x.png}\n", 7, 29, "CF038"),
    "a person image path upwards": (
        "people:\n- {name: A, role: host, image: ../x.png}\n", 7, 25, "CF038"),
    "a name with Swedish letters": ("transcripts: [möte.vtt]\n", 6, 15, "CF033"),
}  # fmt: skip

ALIAS = "people:\n  kjell: {name: Kjell, image: ../kjell.png}\n"
AGAIN = "guid: 11111111-1111-4111-8111-111111111111\n"
LOCK_LINE = '{"lock":1,"base_url":"https://podd.example/","media_base_url":'

FILES: dict[str, tuple[Change, tuple[str, int | None, int | None, str]]] = {
    "no first hyphens": (file(EPISODE, HEAD), (EPISODE, 1, 1, "CF016")),
    "hyphens of a word processor": (
        file(EPISODE, f"–––\n{HEAD}–––\n"), (EPISODE, 1, 1, "CF103")),
    "no second hyphens": (file(EPISODE, f"---\n{HEAD}\nText.\n"), (EPISODE, 6, 1, "CF018")),
    "an empty file": (file(EPISODE, ""), (EPISODE, 1, 1, "CF016")),
    "only hyphens": (file(EPISODE, "---\n"), (EPISODE, 1, 1, "CF018")),
    "another encoding": (
        file(EPISODE, f"---\n{HEAD}".encode("latin-1")), (EPISODE, 2, 10, "CF002")),
    "two bytes a letter": (
        file(EPISODE, f"---\n{HEAD}".encode("utf-16")), (EPISODE, 1, 1, "CF002")),
    "two bytes a letter, no mark": (
        file(EPISODE, "---\ntitle: A\n---\n".encode("utf-16-le")), (EPISODE, 1, 2, "CF002")),
    "any bytes": (file(EPISODE, bytes(range(128, 256))), (EPISODE, 1, 1, "CF002")),
    "a control character in the notes": (
        front(HEAD, "Ett.\n\nTvå\x0b.\n"), (EPISODE, 9, 4, "CF004")),
    "a folder called like an episode": (
        lambda catalog: (catalog.root / EPISODE).mkdir(), (EPISODE, 1, 1, "CF001")),
    "a pipe called like an episode": (
        lambda catalog: os.mkfifo(catalog.root / EPISODE), (EPISODE, 1, 1, "CF001")),
    "an episode linked from elsewhere": (
        link(EPISODE, "/etc/hostname"), (EPISODE, 1, 1, "CF053")),
    "a series linked from elsewhere": (
        link("episodes/annat", "/etc"), ("episodes/annat", None, None, "CF053")),
    "all episodes linked from elsewhere": (
        link("episodes", "/etc"), ("episodes", None, None, "CF053")),
    "a folder of series that is a link to itself": (
        link("episodes", "episodes"), ("episodes", None, None, "CF001")),
    "capital letters in a name": (
        file("episodes/samtal/Ett.md", "x"), ("episodes/samtal/Ett.md", 1, 1, "CF051")),
    "Swedish letters in a name": (
        file("episodes/samtal/möte.md", "x"), ("episodes/samtal/möte.md", 1, 1, "CF051")),
    "Swedish letters in two parts": (
        file("episodes/samtal/mo\u0308te.md", "x"), ("episodes/samtal/möte.md", 1, 1, "CF051")),
    "a date in a name": (
        file("episodes/samtal/2025-01-01-ett.md", "x"),
        ("episodes/samtal/2025-01-01-ett.md", 1, 1, "CF051")),
    "a name that is too long": (
        file(f"episodes/samtal/{'a' * 81}.md", "x"),
        (f"episodes/samtal/{'a' * 81}.md", 1, 1, "CF051")),
    "spaces in a series": (
        file("episodes/Mitt samtal/a.md", "x"), ("episodes/Mitt samtal", None, None, "CF051")),
    "a reserved series": (
        file("episodes/media/a.md", "x"), ("episodes/media", None, None, "CF052")),
    "no series.yaml": (
        file("episodes/annat/a.md", "x"), ("episodes/annat", None, None, "SE003")),
    "a broken series.yaml": (
        file("episodes/samtal/series.yaml", "title: Ett: två\n"),
        ("episodes/samtal/series.yaml", 1, 11, "CF024")),
    "a category of one's own": (
        file("episodes/samtal/series.yaml", "title: A\ncategories: [Kommuner]\n"),
        ("episodes/samtal/series.yaml", 2, 14, "SE010")),
    "a series image upwards": (
        file("episodes/samtal/series.yaml", f"{SERIES}image: ../../a.png\n"),
        ("episodes/samtal/series.yaml", 4, 1, "CF038")),
    "a trailer that is not there": (
        file("episodes/samtal/series.yaml", f"{SERIES}trailer: [ett, tva]\n"),
        ("episodes/samtal/series.yaml", 4, 16, "SE004")),
    "a control character as an escape in a series": (
        file("episodes/samtal/series.yaml", f'{SERIES}author: "Ett\\x07"\n'),
        ("episodes/samtal/series.yaml", 4, 9, "CF004")),
    "no character as an escape in feedtool.yaml": (
        file("feedtool.yaml", f'{CATALOG}author: "Ett\\uFFFE"\n'),
        ("feedtool.yaml", 7, 9, "CF004")),
    "an unknown series key": (
        file("episodes/samtal/series.yaml", f"{SERIES}guid: abc\n"),
        ("episodes/samtal/series.yaml", 4, 1, "CF037")),
    "a broken feedtool.yaml": (
        file("feedtool.yaml", f"{CATALOG}owner\n"), ("feedtool.yaml", 7, 1, "CF029")),
    "a mail address that is none": (
        file("feedtool.yaml", CATALOG.replace("podd@nordvik.example", "Nordvik")),
        ("feedtool.yaml", 6, 24, "CF031")),
    "a mail address with a dot too many": (
        file("feedtool.yaml", CATALOG.replace("podd@nordvik.example", "podd@nordvik..example")),
        ("feedtool.yaml", 6, 24, "CF031")),
    "a mail address with a dot at the end of the name": (
        file("feedtool.yaml", CATALOG.replace("podd@nordvik.example", "podd.@nordvik.example")),
        ("feedtool.yaml", 6, 24, "CF031")),
    "an unknown time zone": (
        file("feedtool.yaml", CATALOG.replace("Europe/Stockholm", "Europe/Stokholm")),
        ("feedtool.yaml", 5, 1, "CF040")),
    "a time zone that is a path": (
        file("feedtool.yaml", CATALOG.replace("Europe/Stockholm", "../../etc/passwd")),
        ("feedtool.yaml", 5, 1, "CF040")),
    "an address with a query": (
        file("feedtool.yaml", CATALOG.replace("podd.example/", "podd.example/?a")),
        ("feedtool.yaml", 3, 1, "CF042")),
    "an unknown profile": (
        file("feedtool.yaml", f"{CATALOG}profiles: [apple, appel]\n"),
        ("feedtool.yaml", 7, 19, "CF036")),
    "a listed person with an image upwards": (
        file("feedtool.yaml", CATALOG + ALIAS), ("feedtool.yaml", 8, 24, "CF038")),
    "a lock that is none": (
        file("feedtool.lock", f'{LOCK_LINE}"https://podd.example/media/"}}\nhej\n'),
        ("feedtool.lock", 2, None, "LK001")),
    "a lock of other bytes": (file("feedtool.lock", b"\xff\xfe"), ("feedtool.lock", 1, 1, "CF002")),
    "a recording that is not there": (
        each(more(""), removed("media/samtal/tva.mp3")), (EPISODE, 5, 1, "ME050")),
    "an empty recording": (
        each(more(""), file("media/samtal/tva.mp3", b"")), (EPISODE, 5, 1, "ME003")),
    "a text called .mp3": (
        each(more(""), file("media/samtal/tva.mp3", "Hej!\n")), (EPISODE, 5, 1, "ME005")),
    "a truncated recording": (
        each(front(HEAD.replace("tva.mp3", "tva.m4a")),
             cut("media/samtal/tva.m4a", "faststart.m4a", 9000)),
        (EPISODE, 5, 1, "ME010")),
    "a mislabelled recording": (
        each(more(""), lambda catalog: catalog.recording("samtal/tva.mp3", "sound.m4a")),
        (EPISODE, 5, 1, "ME008")),
    "a recording linked from elsewhere": (
        each(more(""), link("media/samtal/tva.mp3", "/etc/hostname")), (EPISODE, 5, 1, "ME054")),
    "a pipe called like a recording": (
        each(more(""), removed("media/samtal/tva.mp3"),
             lambda catalog: os.mkfifo(catalog.root / "media/samtal/tva.mp3")),
        (EPISODE, 5, 1, "ME050")),
    "a recording elsewhere that nobody measured": (
        front(HEAD.replace("tva.mp3", "https://a.example/tva.mp3")), (EPISODE, 5, 1, "ME051")),
    "a path upwards as the recording": (
        front(HEAD.replace("tva.mp3", "../../../etc/passwd")), (EPISODE, 5, 1, "CF038")),
    "an absolute path as the recording": (
        front(HEAD.replace("tva.mp3", "/etc/passwd")), (EPISODE, 5, 1, "CF038")),
    "a Windows path as the recording": (
        front(HEAD.replace("tva.mp3", "C:\\ljud\\tva.mp3")), (EPISODE, 5, 1, "CF038")),
    "a file address as the recording": (
        front(HEAD.replace("tva.mp3", "file:///etc/passwd")), (EPISODE, 5, 1, "CF030")),
    "a picture that is none": (
        each(more("image: a.png\n"), file("media/samtal/a.png", "text")), (EPISODE, 6, 1, "AR001")),
    "an empty picture": (
        each(more("image: a.png\n"), file("media/samtal/a.png", "")), (EPISODE, 6, 1, "AR001")),
    "a picture of a person that is none": (
        each(more("people: [{name: A, role: host, image: a.png}]\n"), file("media/a.png", "text")),
        (EPISODE, 6, 32, "AR001")),
    "a picture of a listed person that is none": (
        each(file("feedtool.yaml", CATALOG + ALIAS.replace("../", "")),
             file("media/kjell.png", "text"), more("people: [{id: kjell, role: host}]\n")),
        ("feedtool.yaml", 8, 24, "AR001")),
    "a picture of a chapter that is none": (
        each(more("chapters:\n- {start: '0:00', title: A, image: a.png}\n"),
             file("media/samtal/a.png", "text")),
        (EPISODE, 7, 29, "AR001")),
    "chapters that are no JSON": (
        each(more("chapters: a.json\n"), file("media/samtal/a.json", '{"chapters": [\n{]}')),
        ("media/samtal/a.json", 2, 2, "CH002")),
    "JSON that holds no chapters": (
        each(more("chapters: a.json\n"), file("media/samtal/a.json", "[]")),
        ("media/samtal/a.json", 1, 1, "CH002")),
    "a chapter of JSON with a script": (
        each(more("chapters: a.json\n"), file(
            "media/samtal/a.json", '{"chapters": [\n{"startTime": 0, "title": "A"},\n'
            '{"startTime": 1, "title": "B", "url": "javascript:1"}]}')),
        ("media/samtal/a.json", 3, 1, "CF030")),
    "a line of chapters without a time": (
        each(more("chapters: a.txt\n"), file("media/samtal/a.txt", "0:00 A\n\nSlut\n")),
        ("media/samtal/a.txt", 3, 1, "CH001")),
    "a file of chapters without any": (
        each(more("chapters: a.txt\n"), file("media/samtal/a.txt", "\n")),
        ("media/samtal/a.txt", 1, 1, "CH002")),
    "a transcript that is none": (
        each(more("transcripts: [a.vtt]\n"), file("media/samtal/a.vtt", "Hej!\n")),
        ("media/samtal/a.vtt", 1, 1, "TR001")),
    "a transcript without words": (
        each(more("transcripts: [a.vtt]\n"), file("media/samtal/a.vtt", "")),
        ("media/samtal/a.vtt", 1, 1, "TR004")),
    "a transcript with a wrong time": (
        each(more("transcripts: [a.vtt]\n"), file(
            "media/samtal/a.vtt",
            "WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n\n0:1 --> 00:02.000\nDå\n")),
        ("media/samtal/a.vtt", 6, 1, "TR001")),
    "a wrong time that would be left out": (
        each(more("transcripts: [a.srt]\n"), file(
            "media/samtal/a.srt",
            "1\n00:00:00,000 --> 00:00:01,000\nHej\n\n2\n00:01 --> 00:02\nDå\n")),
        ("media/samtal/a.srt", 6, 1, "TR001")),
    "words that end before they begin": (
        each(more("transcripts: [a.vtt]\n"), file(
            "media/samtal/a.vtt", "WEBVTT\n\n00:01.000 --> 00:00.500\nHej\n")),
        ("media/samtal/a.vtt", 3, 1, "TR002")),
    "words out of order": (
        each(more("transcripts: [a.srt]\n"), file(
            "media/samtal/a.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nHej\n\n2\n00:00:00,500 --> 00:00:01,000\nDå\n")),
        ("media/samtal/a.srt", 6, 1, "TR003")),
    "a transcript of other bytes": (
        each(more("transcripts: [a.vtt]\n"), file("media/samtal/a.vtt", b"WEBVTT\n\n\xff")),
        ("media/samtal/a.vtt", 3, 1, "CF002")),
}  # fmt: skip

ALL: dict[str, tuple[Change, tuple[str, int | None, int | None, str]]] = {
    **{
        name: (front(text), (EPISODE, line, column, code))
        for name, (text, line, column, code) in BROKEN_YAML.items()
    },
    **{
        name: (more(text), (EPISODE, line, column, code))
        for name, (text, line, column, code) in WRONG_VALUES.items()
    },
    **FILES,
}


@pytest.mark.parametrize(("change", "expected"), ALL.values(), ids=ALL.keys())
def test_bad_input_is_one_finding_at_its_place_and_changes_nothing(
    catalog: Catalog, change: Change, expected: tuple[str, int | None, int | None, str]
) -> None:
    before = tree(catalog.root / "public")
    change(catalog)
    lock = (catalog.root / "feedtool.lock").read_bytes()
    outcome = catalog.rebuilt()
    assert (outcome.ok, errors(outcome.findings)) == (False, [expected])
    assert tree(catalog.root / "public") == before
    assert (catalog.root / "feedtool.lock").read_bytes() == lock


@pytest.mark.parametrize("change", [change for change, _ in ALL.values()], ids=ALL.keys())
def test_a_finding_says_what_and_why_and_how_to_mend(catalog: Catalog, change: Change) -> None:
    change(catalog)
    for finding in catalog.rebuilt().findings:
        for part in ("message", "why", "mend"):
            template, said = getattr(finding, part), finding.text(part)
            wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
            assert wanted <= finding.params.keys()
            assert said.isprintable()
            assert 0 < len(said) < 500


# --- many at once ----------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["!!str", "!ord"])
def test_a_tag_is_told_as_it_is_written(tag: str, catalog: Catalog) -> None:
    front(f"{HEAD}summary: {tag} Ett\n")(catalog)
    assert catalog.build().finding("CF014")["params"] == {"sign": tag}


def test_every_fault_of_a_file_is_told_at_once(catalog: Catalog) -> None:
    catalog.write(
        EPISODE,
        f"---\ntitle: Två\ndate: 2025-02-30 09:00\n{GUID}media: nej.mp3\nsumary: Ett\n"
        "duration: 11\npeople:\n- {id: kjell, role: host}\n- {name: A, role: gäst}\n"
        "transcripts: [../a.vtt]\nimage: b.png\n---\nText\x01.\n",
    )
    assert errors(catalog.rebuilt().findings) == [
        (EPISODE, 3, 1, "EP003"),
        (EPISODE, 5, 1, "ME050"),
        (EPISODE, 6, 1, "CF020"),
        (EPISODE, 7, 1, "EP010"),
        (EPISODE, 9, 4, "EP006"),
        (EPISODE, 10, 13, "CF036"),
        (EPISODE, 11, 15, "CF038"),
        (EPISODE, 12, 1, "ME050"),
        (EPISODE, 14, 5, "CF004"),
    ]


def test_a_faulty_entry_of_a_list_hides_no_other(catalog: Catalog) -> None:
    more("chapters:\n- Inledning\n-\n- 00:00 A\n- 11:00 B\n")(catalog)
    assert errors(catalog.rebuilt().findings) == [
        (EPISODE, 7, 3, "CH001"),
        (EPISODE, 8, 2, "CF008"),
        (EPISODE, 10, 3, "EP021"),
    ]


def test_faults_of_several_files_are_told_at_once(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", CATALOG.replace("language: sv", "language: svenska"))
    catalog.write("episodes/samtal/series.yaml", f"{SERIES}titel: B\n")
    front(HEAD.replace("03-02", "02-30"))(catalog)
    catalog.write("episodes/samtal/tre.md", f"---\n{HEAD}summary: a: b\n---\n")
    catalog.write("episodes/annat/Ett.md", "")
    assert errors(catalog.rebuilt().findings) == [
        ("episodes/annat", None, None, "SE003"),
        ("episodes/annat/Ett.md", 1, 1, "CF051"),
        ("episodes/samtal/series.yaml", 4, 1, "CF020"),
        ("episodes/samtal/tre.md", 6, 11, "CF024"),
        (EPISODE, 3, 1, "EP003"),
        ("feedtool.yaml", 4, 1, "CF032"),
    ]


def test_a_broken_catalog_file_hides_no_fault_of_an_episode(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", "title: 'Nordvik\n")
    more("duration: 11 min\npeople: [{id: kjell, role: host}]\n")(catalog)
    assert errors(catalog.rebuilt().findings) == [
        (EPISODE, 6, 1, "EP020"),
        ("feedtool.yaml", 1, 8, "CF019"),
    ]


def test_everything_that_feedtool_yaml_lacks_is_told_at_once(catalog: Catalog) -> None:
    catalog.write("feedtool.yaml", "")
    told = [(one.code, one.params["key"]) for one in catalog.rebuilt().findings
            if one.severity == "error"]  # fmt: skip
    assert told == [("CF021", "base_url"), ("SE001", "language"), ("SE001", "title")]


def test_what_an_episode_lacks_is_told_with_what_to_write(catalog: Catalog) -> None:
    front("title: Två\n")(catalog)
    told = {one.params["key"]: one.params["example"] for one in catalog.rebuilt().findings
            if one.code == "EP001"}  # fmt: skip
    assert told.keys() == {"date", "guid", "media"}
    assert told["media"] == "tva.mp3"


def test_a_line_without_a_value_is_to_be_completed(catalog: Catalog) -> None:
    front(HEAD.replace("media: tva.mp3", "media:").replace("date: 2025-03-02 09:00", "date:"))(
        catalog
    )
    told = {one.params["key"]: one.text("mend") for one in catalog.rebuilt().findings
            if one.code == "EP008"}  # fmt: skip
    assert told["media"].startswith("complete the line:  media: tva.mp3 ")
    assert "date: 2021-06-22 09:00  (your own day and time) " in told["date"]


def test_a_key_without_a_value_is_not_said_to_be_missing(catalog: Catalog) -> None:
    front(HEAD.replace("title: Två", "title: #två"))(catalog)
    assert errors(catalog.rebuilt().findings) == [(EPISODE, 2, 1, "CF007")]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("GMT+1", "Europe/Stockholm"),
        ("UTC+1", "Europe/Stockholm"),
        ("CEST", "Europe/Stockholm"),
        ("Stockholm", "Europe/Stockholm"),
        ("Europa/Helsingfors", "Europe/Helsinki"),
    ],
)
def test_a_place_is_named_for_a_time_zone_that_is_none(
    typed: str, near: str, catalog: Catalog
) -> None:
    """An offset that looks alike would be hours off."""
    catalog.write("feedtool.yaml", CATALOG.replace("Europe/Stockholm", typed))
    assert catalog.run("check", "--json").finding("CF040")["params"]["nearest"] == near


def test_a_faulty_key_is_not_said_to_be_missing_too(catalog: Catalog) -> None:
    front(HEAD.replace("media: tva.mp3", "media: [tva.mp3]"))(catalog)
    assert errors(catalog.rebuilt().findings) == [(EPISODE, 5, 1, "CF022")]


def test_an_episode_whose_file_is_broken_is_not_said_to_be_gone(catalog: Catalog) -> None:
    catalog.write("episodes/samtal/ett.md", "---\ntitle: 'A\n---\n")
    assert errors(catalog.rebuilt().findings) == [("episodes/samtal/ett.md", 2, 8, "CF019")]


# --- between files ---------------------------------------------------------------------------


def test_two_episodes_with_one_guid_are_both_named(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett", guid="shared")
    catalog.episode("tva", guid="shared", date="2025-04-01")
    assert errors(catalog.rebuilt().findings) == [
        ("episodes/samtal/ett.md", 4, 1, "EP030"),
        ("episodes/samtal/tva.md", 4, 1, "EP030"),
    ]


@pytest.mark.parametrize("urn", ["urn:uuid:", "URN:UUID:"])
def test_one_uuid_bare_and_as_a_urn_is_one_guid(tmp_path: Path, urn: str) -> None:
    catalog = a_catalog(tmp_path)
    uuid = "5f3c0000-1111-4222-8333-444455556666"
    catalog.episode("ett", guid=uuid)
    catalog.episode("tva", guid=urn + uuid, date="2025-04-01")
    assert errors(catalog.rebuilt().findings) == [
        ("episodes/samtal/ett.md", 4, 1, "EP083"),
        ("episodes/samtal/tva.md", 4, 1, "EP083"),
    ]


@pytest.mark.parametrize("second", ["a.mp3", "A.mp3"], ids=["the same", "another case"])
def test_two_episodes_with_one_recording_are_both_named(tmp_path: Path, second: str) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett", media="a.mp3")
    catalog.episode("tva", media=second, date="2025-04-01")
    assert errors(catalog.rebuilt().findings) == [
        ("episodes/samtal/ett.md", 5, 1, "EP031"),
        ("episodes/samtal/tva.md", 5, 1, "EP031"),
    ]


def test_a_fault_elsewhere_in_the_file_does_not_hide_a_shared_guid(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode("ett", guid="shared")
    catalog.episode("tva", "sumary: A\n", guid="shared", date="2025-04-01")
    assert errors(catalog.rebuilt().findings) == [
        ("episodes/samtal/ett.md", 4, 1, "EP030"),
        ("episodes/samtal/tva.md", 4, 1, "EP030"),
        ("episodes/samtal/tva.md", 6, 1, "CF020"),
    ]


def test_a_catalog_without_episodes_is_an_error(tmp_path: Path) -> None:
    assert errors(a_catalog(tmp_path).rebuilt().findings) == [("episodes", None, None, "CF050")]


def test_a_warning_about_feedtool_yaml_does_not_hide_that_there_are_no_episodes(
    tmp_path: Path,
) -> None:
    catalog = a_catalog(tmp_path, CATALOG.replace("timezone: Europe/Stockholm\n", ""))
    assert {"CF041", "CF050"} <= {one.code for one in catalog.rebuilt().findings}


@pytest.mark.parametrize("folder", ["media", "media/samtal"])
def test_a_folder_of_recordings_linked_from_elsewhere_is_refused(
    catalog: Catalog, tmp_path: Path, folder: str
) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(catalog.root / folder, outside)
    link(folder, str(outside))(catalog)
    assert errors(catalog.rebuilt().findings) == [("episodes/samtal/ett.md", 5, 1, "ME054")]


def test_a_link_inside_the_catalog_is_followed(catalog: Catalog) -> None:
    more("")(catalog)
    (catalog.root / "media/samtal/tva.mp3").rename(catalog.root / "media/tva-2.mp3")
    link("media/samtal/tva.mp3", "../tva-2.mp3")(catalog)
    assert catalog.rebuilt().ok


@pytest.mark.parametrize(
    ("path", "better"),
    [
        ("episodes/ett.md", "episodes/my-series/ett.md"),
        ("episodes/samtal/gamla/ett.md", "episodes/samtal/ett.md"),
    ],
    ids=["beside the series", "below the series"],
)
def test_an_episode_in_the_wrong_folder_is_not_passed_over_in_silence(
    catalog: Catalog, path: str, better: str
) -> None:
    catalog.write(path, f"---\n{HEAD}---\n")
    (finding,) = [one for one in catalog.rebuilt().findings if one.code == "CF055"]
    assert (finding.severity, finding.file, finding.line) == ("warning", path, 1)
    assert finding.text("mend").endswith(better)


@pytest.mark.parametrize(
    ("name", "better"),
    [("tva.MD", "tva.md"), ("Två.txt", "tva.md"), ("Series.yaml", "series.yaml"),
     ("series.yml", "series.yaml")],
)  # fmt: skip
def test_a_file_with_another_ending_is_not_passed_over_in_silence(
    catalog: Catalog, name: str, better: str
) -> None:
    catalog.write(f"episodes/samtal/{name}", "x")
    (finding,) = [one for one in catalog.rebuilt().findings if one.code == "CF054"]
    assert (finding.severity, finding.params["better"]) == ("warning", better)


def test_an_empty_series_file_is_a_warning(catalog: Catalog) -> None:
    catalog.write("episodes/samtal/series.yaml", "# kommer snart\n")
    assert "SE005" in [one.code for one in catalog.rebuilt().findings]


# --- size ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [EPISODE, "feedtool.yaml", "episodes/samtal/series.yaml", "media/samtal/a.vtt",
             "media/samtal/a.json"]
)  # fmt: skip
def test_a_text_of_a_gigabyte_is_refused_without_reading_it(catalog: Catalog, path: str) -> None:
    more("transcripts: [a.vtt]\nchapters: a.json\n")(catalog)
    catalog.write("media/samtal/a.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n")
    catalog.write("media/samtal/a.json", '{"chapters": [{"startTime": 0, "title": "A"}]}')
    with (catalog.root / path).open("wb") as stream:
        stream.truncate(2**30)
    catalog.rebuilt(dry_run=True)  # everything that is needed is imported now
    tracemalloc.start()
    findings = catalog.rebuilt().findings
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(one.file, one.code) for one in findings if one.severity == "error"] == [
        (path, "CF003")
    ]
    assert peak < 32 * 2**20


# --- the whole command -----------------------------------------------------------------------


def test_the_command_tells_a_finding_as_json(catalog: Catalog) -> None:
    more("sumary: Ett\n")(catalog)
    run = catalog.build()
    assert run.code == 1
    assert "Traceback" not in run.err
    document = run.json
    assert (document["ok"], document["error"], document["counts"]["error"]) == (False, None, 1)
    finding = run.finding("CF020")
    assert (finding["file"], finding["line"], finding["column"]) == (EPISODE, 6, 1)
    assert "summary" in finding["mend"]


def test_the_command_tells_a_finding_in_words(catalog: Catalog) -> None:
    more("sumary: Ett\n")(catalog)
    run = catalog.run("build")
    assert (run.code, run.out) == (1, "")
    assert f"{EPISODE}:6:1  error CF020" in run.err
    assert "Traceback" not in run.err


def test_control_characters_of_a_file_do_not_reach_the_terminal(catalog: Catalog) -> None:
    more('"\\x1b[2Jtitel": A\n')(catalog)
    run = catalog.run("build")
    assert "\x1b" not in run.err
    assert f"{EPISODE}:6:1  error CF020" in run.err


def test_a_file_name_of_other_bytes_is_told_as_json(catalog: Catalog) -> None:
    (catalog.root / os.fsdecode(b"episodes/samtal/m\xf6te.md")).write_bytes(b"")
    run = catalog.build()
    assert (run.code, run.finding("CF051")["severity"]) == (1, "error")
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(removed("feedtool.yaml"), id="none"),
        pytest.param(
            each(
                removed("feedtool.yaml"),
                lambda catalog: (catalog.root / "feedtool.yaml").mkdir(),
            ),
            id="a folder",
        ),
        pytest.param(link("feedtool.yaml", "feedtool.yaml"), id="a link to itself"),
    ],
)
def test_without_a_readable_feedtool_yaml_it_ends_with_3(catalog: Catalog, prepare: Change) -> None:
    prepare(catalog)
    run = catalog.build("--root", str(catalog.root))
    assert (run.code, run.json["error"]["code"], run.err) == (3, "no-catalog", "")


@pytest.mark.parametrize(
    "line",
    [
        "base_url: {}podd.example/",
        "media_base_url: {}cdn.example/",
        "media_prefix: {}count.example/",
        "hubs: ['{}hub.example/']",
        "media_base_url: {}r\u00e4ksm\u00f6rg\u00e5s.example/",
    ],
    ids=lambda line: line.partition(":")[0],
)
@pytest.mark.parametrize("login", ["anna:hemligt@", "hemligt@", "hemligt%40:@"])
def test_a_password_in_an_address_of_the_catalog_is_an_error_that_does_not_show_it(
    catalog: Catalog, line: str, login: str
) -> None:
    key, _, value = line.partition(": ")
    kept = [one for one in CATALOG.splitlines() if not one.startswith(f"{key}:")]
    stated = f"{key}: {value.format('http://' + login)}"
    catalog.write("feedtool.yaml", "\n".join([*kept, stated, ""]))
    run = catalog.build()
    found = [one["code"] for one in run.json["findings"] if one["severity"] == "error"]
    assert (run.code, found) == (1, ["CF049"])
    assert "hemligt" not in run.out + run.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_without_leave_to_read_feedtool_yaml_it_ends_with_3(catalog: Catalog) -> None:
    (catalog.root / "feedtool.yaml").chmod(0)
    assert catalog.build().code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--drafts"],
        ["--now", "i morgon"],
        ["--now", ""],
        ["--allow", "media"],
        ["--allow", "title:samtal/ett"],
        ["--base-url", "www.example.org"],
        ["--base-url", "file:///tmp"],
        ["--base-url", "https://anna:hemligt@podd.example/"],
        ["--nonsense"],
        ["--lang", "klingon"],
        ["--root", "nowhere"],
        ["--output", "episodes/public"],
        ["--output", "."],
        ["--output", ".."],
        ["--output", "media"],
        ["extra"],
    ],
    ids=" ".join,
)
def test_a_call_that_cannot_be_followed_ends_with_2_and_changes_nothing(
    catalog: Catalog, arguments: list[str]
) -> None:
    before = tree(catalog.root)
    run = catalog.build(*arguments, now=None if "--now" in arguments else "2026-01-01T00:00Z")
    assert (run.code, run.json["ok"], run.err) == (2, False, "")
    assert run.json["error"]["message"]
    assert run.json["error"]["mend"]
    assert tree(catalog.root) == before


def test_an_output_folder_with_files_of_others_is_left_alone(catalog: Catalog) -> None:
    catalog.write("site/mine.txt", "mine")
    before = tree(catalog.root)
    run = catalog.build("--output", "site")
    assert (run.code, run.json["error"]["code"]) == (2, "output")
    assert tree(catalog.root) == before


@pytest.mark.parametrize("path", ["episodes/annat", "episodes/samtal/bilder"])
def test_a_folder_that_is_a_link_to_itself_keeps_nothing_from_being_built(
    catalog: Catalog, path: str
) -> None:
    link(path, Path(path).name)(catalog)
    assert catalog.rebuilt().ok


def test_an_output_folder_that_is_a_link_to_itself_is_told(catalog: Catalog) -> None:
    link("public", "public")(catalog)
    run = catalog.build()
    assert (run.code, run.json["error"]["code"]) == (5, "write")
