"""Catalogs for the tests of pages: every kind of page, and texts that want to be more than text."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from feedtool.model import (
    Alternate,
    Chapter,
    Copy,
    Credit,
    Cue,
    Funding,
    Item,
    License,
    Link,
    Location,
    Number,
    Owner,
    Person,
    Season,
    Series,
    SideFile,
    Site,
    Words,
)
from feedtool.read.notes import render_notes
from feedtool.render.pages import (
    STYLESHEET,
    Listed,
    catalog_page,
    episode_page,
    series_page,
    series_row,
    stylesheet,
)

from .cases import SITE, STOCKHOLM, a_series, an_item
from .catalogs import Catalog

NOTES = """\
## Questions

- [The plan](https://nordvik.example/plan), [another talk](../two/) and **more**
- `code` and <https://nordvik.example/>

#### A heading too deep

> Quoted.

```
a line of code that is much too long for a narrow screen, and that nobody may have to scroll for
```

| When | What | Who | Where | How long |
|------|------|-----|-------|----------|
| nine | coffee | everybody | the canteen | a quarter of an hour |

| 2014 | 2015 | 2016 | 2017 | 2018 | 2019 | 2020 | 2021 | 2022 | 2023 | 2024 | 2025 |
|------|------|------|------|------|------|------|------|------|------|------|------|
| 120000 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 120000 |

![A table with cups](https://nordvik.example/cups.jpg)
![](../../media/talks/square.jpg)

## Answers

1. One
2. Two

<ul>What else
<li>Three</li>
<ol start="four"><li>Four</li></ol>
</ul>
<b><p>All in bold</p></b>
"""

CAPTIONS = """\
WEBVTT

00:00.000 --> 00:01.000
<v Elin Åberg>Hello and
welcome

00:01.000 --> 00:02.000
<v Kjell>Thanks & so on, a < b

00:02.000 --> 00:02.500
No voice here
"""

FEW = "\n\n".join(
    f"00:00.{at:03} --> 00:00.{at + 90:03}\n<v {speaker}>{'Words that go on and on. ' * 30}"
    for at, speaker in ((100, "Elin Åberg"), (200, "Elin Åberg"), (300, "Kjell"))
)


def a_catalog_of_pages(folder: Path, language: str, media_base_url: str = "") -> Catalog:
    """Three series in `language`, Swedish or English and Finnish, with all that a page can show."""
    other = {"sv": "en", "en": "sv"}[language]
    made = Catalog(folder)
    elsewhere = f"media_base_url: {media_base_url}\n" if media_base_url else ""
    made.write(
        "feedtool.yaml",
        f"title: Nordvik speaks\ndescription: Everything that is recorded.\nlanguage: {language}\n"
        f"base_url: https://podd.example/\ntimezone: Europe/Stockholm\n{elsewhere}"
        "owner: {name: Nordvik, email: podd@nordvik.example}\ncopyright: Nordvik\n"
        "image: square.jpg\nimage_alt: The arms of Nordvik\ncategories: [Government]\n"
        'links: [{url: "https://nordvik.example/", title: The municipality}]\n'
        'funding: [{url: "https://nordvik.example/give", text: Help us}]\n'
        "people:\n"
        "  elin: {name: Elin Åberg, title: mayor, organisation: Nordvik,"
        ' url: "https://nordvik.example/elin", image: square.jpg}\n'
        "  kjell: {name: Kjell}\n",
    )
    made.recording("square.jpg", "rgb.jpg")
    made.recording("talks/square.jpg", "rgb.jpg")
    made.series(
        "talks",
        "title: Talks\ndescription: |\n  Talks in Nordvik.\n  Every other week.\n"
        "image: square.jpg\nimage_alt: Two people at a table\ncategories: [Government]\n"
        "people: [{id: elin, role: host}, {id: kjell, role: producer}]\nlicense: CC-BY-4.0\n"
        'links: [{url: "https://nordvik.example/talks", title: About the talks}]\n',
    )
    made.write("media/talks/one.vtt", CAPTIONS)
    made.write("media/talks/one-other.vtt", f"WEBVTT\n\n{FEW}\n")
    made.write("media/talks/one.txt", "One line\nand another\n\nA second paragraph.\n")
    made.recording("talks/small.mp3", "cbr-48k.mp3")
    made.episode(
        "one",
        "summary: A short talk.\nupdated: 2025-03-04\n"
        'chapters: ["00:00 Beginning", {start: "0:01", title: More, url: "https://a.example/"}]\n'
        f"transcripts: [one.vtt, one.txt, {{file: one-other.vtt, language: {other}}}]\n"
        "people: [{id: kjell, role: guest}, {id: elin, role: researcher}]\n"
        "alternates: [{file: small.mp3, title: Small, language: fi}]\n"
        "season: {number: 2, name: Spring}\nepisode: {number: 3, display: Part three}\n"
        "tags: [school, democracy]\nlocation: The town hall\nexplicit: true\n"
        'links: [{url: "https://nordvik.example/one"}]\n'
        'license: {name: Our licence, url: "https://nordvik.example/licence"}\n',
        series="talks",
        title="One talk & <another>",
        notes=NOTES,
    )
    made.episode(
        "two", series="talks", date="2025-03-02", title="Nothing but a recording", notes=""
    )
    made.episode(
        "three", f"language: {other}\nepisode_type: bonus\nsummary: In another language.\n",
        series="talks", date="2025-03-03", title="In another language", notes="Words.\n",
    )  # fmt: skip
    made.series("films", f"title: Films\nlanguage: {other}\nmedium: video\nexplicit: true\n")
    made.write("media/films/one.vtt", CAPTIONS)
    made.write("media/films/one-fi.vtt", CAPTIONS)
    made.episode(
        "one", "captions: [one.vtt, {file: one-fi.vtt, language: fi}]\nepisode_type: trailer\n",
        series="films", title="A film", media="one.mp4", fixture="video.mp4",
    )  # fmt: skip
    made.episode(
        "two", "transcripts: [one.vtt]\n",
        series="films", title="A film without captions", media="two.m4v", fixture="video.m4v",
    )  # fmt: skip
    made.series("puhetta", "title: Puhetta\ndescription: Suomeksi.\nlanguage: fi\n")
    made.write("media/puhetta/yksi.vtt", CAPTIONS)
    made.episode(
        "yksi", 'transcripts: [yksi.vtt]\nchapters: ["00:00 Alku"]\nsummary: Lyhyesti.\n'
        "people: [{id: elin, role: host}]\nseason: {number: 1, name: Yksi}\n",
        series="puhetta", title="Yksi", media="yksi.m4a", fixture="sound.m4a", date="2025-05-05",
    )  # fmt: skip
    return made


PAGES = (
    "", "talks/", "films/", "puhetta/", "talks/one/", "talks/two/", "talks/three/", "films/one/",
    "films/two/", "puhetta/yksi/",
)  # fmt: skip
"""Where the pages of that catalog are."""


# --- texts that want to be more ----------------------------------------------------------------

RUN = "window.hacked=1;alert(1)"

VECTORS: tuple[str, ...] = tuple(
    text.replace("RUN", RUN)
    for text in (
        # elements that run
        "<script>RUN</script>",
        "<SCRIPT>RUN</SCRIPT>",
        "<scr<script>ipt>RUN</scr</script>ipt>",
        '"><script>RUN</script>',
        "'><script>RUN</script>",
        "</title><script>RUN</script>",
        "</textarea><script>RUN</script>",
        "</style><script>RUN</script>",
        "</script><script>RUN</script>",
        "--><script>RUN</script>",
        "]]><script>RUN</script>",
        "<script src=data:,RUN></script>",
        "<script\ttype=module>RUN</script>",
        "<svg><script>RUN</script></svg>",
        "<svg><script href=data:,RUN />",
        "<math><mtext></mtext><script>RUN</script></math>",
        "<noscript><p title='</noscript><img src=x onerror=RUN>'>",
        "<template><script>RUN</script></template>",
        # handlers
        "<img src=x onerror=RUN>",
        '<img src="x" onerror="RUN">',
        "<img/src=x/onerror=RUN>",
        "<img src=x onerror\n=RUN>",
        "<IMG SRC=x OnErRoR=RUN>",
        "<svg onload=RUN>",
        "<svg/onload=RUN>",
        "<body onload=RUN>",
        "<video><source onerror=RUN></video>",
        "<audio src=x onerror=RUN>",
        "<details open ontoggle=RUN>",
        "<input autofocus onfocus=RUN>",
        "<select autofocus onfocus=RUN>",
        "<marquee onstart=RUN>",
        "<p style=animation:x onanimationstart=RUN>",
        "<div onpointerover=RUN>over</div>",
        '" onmouseover="RUN',
        "' onmouseover='RUN",
        '" autofocus onfocus="RUN" x="',
        "` onerror=RUN `",
        "x onerror=RUN",
        # addresses
        '<a href="javascript:RUN">link</a>',
        "<a href=java&#09;script:RUN>link</a>",
        "<a href=&#106;avascript:RUN>link</a>",
        "[link](javascript:RUN)",
        "![picture](javascript:RUN)",
        "<javascript:RUN>",
        '<iframe src="javascript:RUN"></iframe>',
        "<iframe srcdoc='<script>RUN</script>'></iframe>",
        "<object data=javascript:RUN></object>",
        "<embed src=javascript:RUN>",
        "<form action=javascript:RUN><button>send</button></form>",
        '<meta http-equiv=refresh content="0;url=javascript:RUN">',
        "<base href=https://evil.example/>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<link rel=import href=https://evil.example/>",
        # other ways in
        "<style>*{background:url(https://evil.example/)}</style>",
        "<style>@import 'https://evil.example/x.css';</style>",
        "<p style=\"background:url('javascript:RUN')\">styled</p>",
        "<math><mi//xlink:href='data:x,<script>RUN</script>'>",
        "<svg><a xlink:href='javascript:RUN'><text>svg</text></a></svg>",
        "<svg><animate onbegin=RUN attributeName=x dur=1s>",
        "<svg><foreignObject><script>RUN</script></foreignObject></svg>",
        "<table background=javascript:RUN><td>cell",
        "<!--><img src=x onerror=RUN>-->",
        "<![CDATA[<script>RUN</script>]]>",
        "<?php RUN ?>",
        "{{ 7*7 }}{% raw %}{{ config }}",
        "${RUN}",
        "&lt;script&gt;RUN&lt;/script&gt;",
        "&#60;script&#62;RUN&#60;/script&#62;",
        "%3Cscript%3ERUN%3C/script%3E",
        "\u003cscript\u003eRUN\u003c/script\u003e",
        "\uff1cscript\uff1eRUN\uff1c/script\uff1e",
        "+ADw-script+AD4-RUN+ADw-/script+AD4-",
        "<a\u2028href=x\u2029onclick=RUN>lines</a>",
        "<plaintext>RUN",
        "<xmp><script>RUN</script></xmp>",
        "<frameset onload=RUN>",
        "</main></body></html><script>RUN</script>",
        '<h1 id="title">No</h1><img alt="<x" src=x title="/onerror=RUN">',
    )
)
"""Texts that run a script, load something or change the page where they are not shown as text."""

ADDRESSES: tuple[str, ...] = tuple(
    text.replace("RUN", RUN)
    for text in (
        "javascript:RUN",
        "JaVaScRiPt:RUN",
        " javascript:RUN",
        "java\tscript:RUN",
        "javascript://podd.example/%0aRUN",
        "javascript://%0aRUN//",
        "data:text/html,<script>RUN</script>",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "vbscript:RUN",
        "view-source:https://evil.example/",
        "blob:https://podd.example/1",
        "file:///etc/passwd",
        "//evil.example/x",
        "/\\evil.example/x",
        "\u00a0javascript:RUN",
        'https://podd.example/"onerror=RUN x="',
        "https://podd.example/'><script>RUN</script>",
        "https://evil.example;script-src 'unsafe-inline'/x",
        "https://evil.example, script-src 'unsafe-inline'/x",
        "http://[::1]:80@evil.example/<script>RUN</script>",
    )
)
"""Addresses that no reader of a catalog lets through, and that a page must not follow either."""


class Hostile(NamedTuple):
    """One text in every field, and what a page is made of it."""

    item: Item
    series: Series
    words: dict[str, Words]
    site: Site
    text: str  #: as pages should show it


def a_hostile_item(text: str, url: str, number: int = 0, video: bool = False) -> Hostile:
    """An item with `text` in each of its texts, and `url` in each of its addresses."""
    slug, start = f"v{number}", timedelta(seconds=1)
    person = Person(text, None, text, text, url, url)
    credits = (Credit(person, text, text), Credit(Person("Elin"), "host", "cast"))
    series = a_series(
        title=text, description=text + "\n" + text, author=text, owner=Owner(text, text + "@x"),
        image=url, image_alt=text, people=credits, links=(Link(url, text), Link(url)),
        copyright=text, license=License(text, url), funding=(Funding(url, text),),
    )  # fmt: skip
    name = f"samtal/{quote(slug)}.vtt"
    texts = {
        name: Words(text, "vtt", (Cue(start, start * 2, text, text), Cue(start, start, text))),
        "samtal/plain.txt": Words(text + "\n\n" + text, "txt"),
    }
    notes, short = render_notes(text + "\n\n" + text, SITE.page("samtal", slug))
    item = an_item(
        slug, title=text, summary=text, notes=notes, short_notes=short, people=credits,
        type="video/mp4" if video else "audio/mpeg", date=datetime(2025, 1, 1, tzinfo=STOCKHOLM),
        chapters=(Chapter(start, text, url, url), Chapter(start * 2, text)),
        season=Season(1, text), number=Number("1", text), image=url, image_alt=text,
        tags=(text, text), links=(Link(url, text), Link(url)), license=License(text, url),
        location=(Location(text),), updated=datetime(2025, 1, 2, tzinfo=STOCKHOLM),
        item={
            "alternates": (
                Alternate((Copy(url),), text, title=text, language=text, length=9),
                Alternate((Copy("samtal/a.mp3"),), "audio/mpeg", title=text),
            ),
            "side_files": (
                SideFile(name, "transcript.vtt", "text/vtt", "sv"),
                SideFile("samtal/plain.txt", "transcript.en.txt", "text/plain", "en"),
                SideFile(name, "captions.vtt", "text/vtt", "sv", captions=True),
            ),
        },
    )  # fmt: skip
    return Hostile(item, series, texts, SITE, text)


def hostile_pages(case: Hostile) -> dict[str, bytes]:
    """The three kinds of page, by kind."""
    item, series, words, site, _ = case
    row = series_row(item, series, site)
    return {
        "episode": episode_page(item, series, words, site),
        "series": series_page(series, [row], site),
        "catalog": catalog_page(
            a_series(**{field: getattr(series, field) for field in _OF_CHANNELS}, slug=""),
            [Listed(series, 1, item.episode.date)],
            [(series, row)],
            site,
        ),
    }


_OF_CHANNELS = (
    "title", "description", "owner", "image", "image_alt", "links", "funding", "copyright",
)  # fmt: skip


def write_hostile_site(folder: Path) -> list[str]:
    """Pages of every vector as files; gives their paths."""
    paths = []
    (folder / STYLESHEET).parent.mkdir(parents=True)
    (folder / STYLESHEET).write_bytes(stylesheet())
    for number, text in enumerate(VECTORS):
        url = ADDRESSES[number % len(ADDRESSES)]
        case = a_hostile_item(text, url, number, video=number % 2 == 0)
        for kind, page in hostile_pages(case).items():
            path = f"{kind}/{number}/index.html"
            (folder / path).parent.mkdir(parents=True)
            (folder / path).write_bytes(page)
            paths.append(path)
    return paths
