"""The catalog in this repository: four real series with stand-in recordings."""

from __future__ import annotations

import json
import shutil
from typing import Any

import feedparser
import pytest

from feedtool.order import Outcome

from .cases import NAMESPACES, find, xml
from .catalogs import REPOSITORY, Catalog

SERIES = {
    "det-politiska-uppdraget": "Digitalisering och det politiska uppdraget",
    "digitalt-kompetenslyft": "Digitalt kompetenslyft för förtroendevalda och tjänstepersoner",
    "fem-perspektiv": "Fem perspektiv på utmaningar och ledarskap",
    "jakten-pa-den-perfekta-digitaliseringen": "Jakten på den perfekta digitaliseringen",
}
PODCAST, LECTURES = "jakten-pa-den-perfekta-digitaliseringen", "det-politiska-uppdraget"
INTERVIEWS, WEBINAR = "fem-perspektiv", "digitalt-kompetenslyft"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalog, Outcome]:
    root = tmp_path_factory.mktemp("shipped")
    for folder in ("episodes", "media"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    for file in ("feedtool.yaml", "feedtool.lock"):
        if (REPOSITORY / file).exists():
            shutil.copyfile(REPOSITORY / file, root / file)
    catalog = Catalog(root)
    return catalog, catalog.rebuilt()


@pytest.fixture(scope="module")
def catalog(built: tuple[Catalog, Outcome]) -> Catalog:
    return built[0]


def said(catalog: Catalog, series: str, path: str) -> list[Any]:
    """What the RSS feed of a series says."""
    return find(catalog.read(f"{series}/feed.xml"), path)


def test_it_builds_without_errors(built: tuple[Catalog, Outcome]) -> None:
    outcome = built[1]
    severe = [finding for finding in outcome.findings if finding.severity == "error"]
    assert (outcome.ok, severe) == (True, [])


@pytest.mark.parametrize("slug", SERIES)
def test_the_series_are_those_of_the_page(catalog: Catalog, slug: str) -> None:
    assert feedparser.parse(catalog.read(f"{slug}/feed.xml")).feed.title == SERIES[slug]


def test_there_are_no_more_series(catalog: Catalog) -> None:
    outlines = xml(catalog.read("feeds.opml")).findall("body/outline")
    assert sorted(str(one.get("text")) for one in outlines) == sorted(SERIES.values())


@pytest.mark.parametrize(
    ("slug", "episodes"), [(PODCAST, 1), (LECTURES, 2), (INTERVIEWS, 5), (WEBINAR, 2)]
)
def test_every_series_has_its_episodes_in_every_format(
    catalog: Catalog, slug: str, episodes: int
) -> None:
    counts = [
        len(feedparser.parse(catalog.read(f"{slug}/feed.xml")).entries),
        len(feedparser.parse(catalog.read(f"{slug}/atom.xml")).entries),
        len(json.loads(catalog.read(f"{slug}/feed.json"))["items"]),
    ]
    assert counts == [episodes] * 3


def test_dates_are_those_of_the_page_in_its_order(catalog: Catalog) -> None:
    dates = [one.published for one in feedparser.parse(catalog.read("atom.xml")).entries]
    assert dates == [f"2021-06-22T09:{minute:02}:00+02:00" for minute in range(45, -1, -5)]


@pytest.mark.parametrize(
    ("slug", "title", "seconds"),
    [
        (PODCAST, "Kjell ringer en digitaliseringsdirektör", "660"),
        (LECTURES, "Att styra demokratiskt i en föränderlig tid", "480"),
        (LECTURES, "Hur det digitala samhället byggs och blir legitimt", "720"),
    ],
    ids=["podcast", "first-lecture", "second-lecture"],
)
def test_recordings_last_as_long_as_the_page_says(
    catalog: Catalog, slug: str, title: str, seconds: str
) -> None:
    path = f"//item[title='{title}']/itunes:duration/text()"
    assert said(catalog, slug, path) == [seconds]


@pytest.mark.parametrize(
    ("slug", "people"),
    [
        (PODCAST, {("Kjell", "host"), ("Jörgen Sandström", "guest")}),
        (LECTURES, {("Elin Wihlborg", "host")}),
        (
            INTERVIEWS,
            {
                (name, "guest")
                for name in (
                    "Vesna Jovic", "Peder Björk", "Marie Larsson", "Mikael Lindfors",
                    "Kerstin Westerberg",
                )
            },
        ),
        (
            WEBINAR,
            {
                (name, "guest")
                for name in ("Anders Knape", "Vesna Jovic", "Jörgen Sandström", "Elin Wihlborg")
            },
        ),
    ],
    ids=["podcast", "lectures", "interviews", "webinar"],
)  # fmt: skip
def test_people_are_those_of_the_page(
    catalog: Catalog, slug: str, people: set[tuple[str, str]]
) -> None:
    root = xml(catalog.read(f"{slug}/feed.xml"))
    found = root.iterfind("channel/item/podcast:person", NAMESPACES)
    assert {(str(one.text), str(one.get("role"))) for one in found} == people


@pytest.mark.parametrize(
    ("slug", "types"),
    [
        (PODCAST, {"audio/mpeg"}),
        (LECTURES, {"video/mp4"}),
        (INTERVIEWS, {"audio/mpeg", "audio/x-m4a"}),
        (WEBINAR, {"video/mp4"}),
    ],
    ids=["podcast", "lectures", "interviews", "webinar"],
)
def test_recordings_are_sound_or_picture(catalog: Catalog, slug: str, types: set[str]) -> None:
    assert set(said(catalog, slug, "//enclosure/@type")) == types


@pytest.mark.parametrize("slug", SERIES)
def test_enclosures_have_the_bytes_that_are_published(catalog: Catalog, slug: str) -> None:
    for _, enclosure in said(catalog, slug, "//enclosure"):
        path = enclosure["url"].removeprefix("https://media.skr.example/")
        assert len(catalog.read(path)) == int(enclosure["length"])


@pytest.mark.parametrize("slug", SERIES)
def test_every_episode_has_a_text_version(catalog: Catalog, slug: str) -> None:
    kinds = "podcast:transcript[@type='text/vtt'] and podcast:transcript[@language='sv']"
    assert said(catalog, slug, f"//item[not({kinds})]") == []


@pytest.mark.parametrize("slug", SERIES)
def test_every_address_of_ours_is_published(catalog: Catalog, slug: str) -> None:
    addresses = said(catalog, slug, "//item/podcast:*/@url | //@href[contains(., '/media/')]")
    public = set(catalog.public())
    here = [one.removeprefix("https://media.skr.example/") for one in addresses]
    assert [one for one in here if "://" not in one and one not in public] == []


@pytest.mark.parametrize("slug", [LECTURES, WEBINAR])
def test_a_serial_is_numbered_from_one(catalog: Catalog, slug: str) -> None:
    assert said(catalog, slug, "channel/itunes:type/text()") == ["serial"]
    assert sorted(said(catalog, slug, "//itunes:episode/text()")) == ["1", "2"]


PSP_CHANNEL = [
    "atom:link[@rel='self'][@type='application/rss+xml']/@href", "title/text()",
    "description/text()", "link/text()", "language/text()", "itunes:category/@text",
    "itunes:explicit/text()", "itunes:image/@href", "podcast:locked/text()",
    "podcast:guid/text()", "itunes:author/text()",
]  # fmt: skip
PSP_ITEM = [
    "title/text()", "enclosure/@url", "enclosure/@length", "enclosure/@type", "guid/text()",
    "link/text()", "pubDate/text()", "description/text()", "itunes:duration/text()",
    "itunes:explicit/text()", "podcast:transcript/@url",
]  # fmt: skip


@pytest.mark.parametrize("slug", SERIES)
@pytest.mark.parametrize("path", PSP_CHANNEL)
def test_channels_have_what_psp_1_asks_for(catalog: Catalog, slug: str, path: str) -> None:
    assert all(said(catalog, slug, f"channel/{path}"))
    assert said(catalog, slug, f"channel/{path}")


@pytest.mark.parametrize("slug", SERIES)
@pytest.mark.parametrize("path", PSP_ITEM)
def test_items_have_what_psp_1_asks_for(catalog: Catalog, slug: str, path: str) -> None:
    items = said(catalog, slug, "channel/item")
    element, _, value = path.rpartition("/")
    assert len(said(catalog, slug, f"channel/item[{element}[{value}]]")) == len(items)


@pytest.mark.parametrize("slug", SERIES)
def test_descriptions_fit(catalog: Catalog, slug: str) -> None:
    texts = said(catalog, slug, "//description/text()")
    assert max(len(text.encode()) for text in texts) <= 4000


def test_all_media_together_are_small() -> None:
    files = (path for path in (REPOSITORY / "media").rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) < 12_000_000


def test_every_address_uses_a_reserved_name(catalog: Catalog) -> None:
    public = {path: data for path, data in catalog.public().items() if path.endswith(".xml")}
    for data in public.values():
        for url in xml(data).xpath("//@url | //@href | //link/text()"):
            assert url.split("/")[2].endswith(".example")
