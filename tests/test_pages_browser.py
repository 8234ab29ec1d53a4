"""Pages in a real browser: accessible, readable, silent, and proof against hostile texts.

Chromium by Playwright, axe-core, the checker of the W3C (vnu). Where one of them is missing, see
tests/outside.py.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from lxml import etree
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from .catalogs import CATALOG, Catalog, a_catalog
from .html import addresses, parsed
from .outside import chromium, node_package, program
from .pages_catalog import PAGES, VECTORS, a_catalog_of_pages, write_hostile_site

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice",
]  # fmt: skip
BASE = "https://podd.example/"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing; what no page can name is not there."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on a server of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["sv", "en"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Catalog, str]]:
    """A built catalog and where it is served, which is not where it will be published."""
    catalog = a_catalog_of_pages(tmp_path_factory.mktemp("browser"), request.param)
    assert catalog.rebuilt().ok
    with served(catalog.root / "public") as address:
        yield catalog, address


class Watched:
    """A tab, and what it asked for and complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.failed: list[str] = []
        self.said: list[str] = []
        page.on("request", self._ask)
        page.on("requestfailed", lambda one: self.failed.append(one.url))
        page.on("console", lambda one: self.said.append(one.text))
        page.on("pageerror", lambda one: self.said.append(str(one)))
        page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def _ask(self, request: Request) -> None:
        if not request.url.endswith("/favicon.ico"):
            self.asked.append(request.url)


@contextmanager
def tab(browser: Browser, width: int = 1280, scheme: Any = "light") -> Iterator[Watched]:
    # bypass_csp would hide what the policy forbids: axe is run by the tool, not by the page
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        yield Watched(context.new_page())
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, with the element."""
    page.evaluate(node_package("axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    assert found["passes"], "axe looked at nothing"
    return [
        f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]
    ]


# --- accessible and readable -------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(
    site: tuple[Catalog, str], browser: Browser, width: int, scheme: str
) -> None:
    with tab(browser, width, scheme) as watched:
        for path in PAGES:
            watched.page.goto(site[1] + path)
            assert violations(watched.page) == [], path


@pytest.mark.parametrize("width", [320, 1280])
def test_nobody_scrolls_sideways(site: tuple[Catalog, str], browser: Browser, width: int) -> None:
    with tab(browser, width) as watched:
        for path in PAGES:
            watched.page.goto(site[1] + path)
            needed = watched.page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, path


def test_words_of_two_directions_have_one_edge(browser: Browser, tmp_path: Path) -> None:
    """What pages say in English stands at the right, where Arabic begins; the bullets do, too."""
    catalog = a_catalog(tmp_path)
    lent = "funding: [{url: 'https://a.example/', text: St\u00f6d oss}]\ncopyright: Nordvik\n"
    catalog.write("feedtool.yaml", CATALOG + lent)
    catalog.series("ar", "title: \u0643\u0644\u0627\u0645\nlanguage: ar\n")
    catalog.write("media/ar/one.txt", "\u0643\u0644\u0627\u0645\n")
    host = "people: [{name: Elin, role: host}]\ntranscripts: [one.txt]\n"
    catalog.episode("one", series="ar", more=f"{host}updated: 2025-03-05\n")
    assert catalog.rebuilt().ok
    with served(catalog.root / "public") as address, tab(browser, 320) as watched:
        for path in ("ar/", "ar/one/"):
            watched.page.goto(address + path)
            assert watched.page.evaluate("document.documentElement.scrollWidth") == 320
            edges = watched.page.evaluate(
                """[...document.querySelectorAll(
                    "h1, h2, .facts, .downloads li, .files, .people span, dt, dd, footer p, "
                    + "section > ul:not([class]) a"
                )].map(one => {
                    const words = document.createRange();
                    words.selectNodeContents(one);
                    const right = one => Math.round(one.getBoundingClientRect().right);
                    const around = one.closest("ul:not([class]), section, header, footer, main");
                    const inside = parseFloat(getComputedStyle(around).paddingInlineStart);
                    return [one.outerHTML, right(words), right(around) - inside];
                })"""
            )
            assert len(edges) > 6
            assert [html for html, words, edge in edges if words != edge] == []


def test_a_wide_table_is_scrolled_alone_and_keeps_its_numbers_whole(
    site: tuple[Catalog, str], browser: Browser
) -> None:
    with tab(browser, 320) as watched:
        page = watched.page
        page.goto(site[1] + "talks/one/")
        table = page.locator(".scrolled").nth(1)
        assert table.evaluate("one => one.scrollWidth > one.clientWidth")
        cells = table.locator("tbody td")
        heights = [box["height"] for one in cells.all() if (box := one.bounding_box())]
        assert len(set(heights)) == 1
        assert heights[0] < 50
        table.focus()
        page.evaluate(  # and does not wait for it
            "() => { window.moved = new Promise(done => document.activeElement.onscroll = done); }"
        )
        page.keyboard.press("ArrowRight")
        assert page.evaluate("window.moved.then(() => true)")


def test_words_of_a_link_that_may_not_be_followed_look_like_words(
    browser: Browser, tmp_path: Path
) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode(notes="One [word](javascript:x) and [a link](https://a.example/).\n")
    assert catalog.rebuilt().ok
    with served(catalog.root / "public") as address, tab(browser) as watched:
        watched.page.goto(f"{address}samtal/ett/")
        colours = [
            watched.page.evaluate(f"getComputedStyle(document.querySelector('{one}')).color")
            for one in (".notes p", ".notes a:first-child", ".notes a[href]")
        ]
        assert colours[0] == colours[1] != colours[2]


def test_nothing_of_notes_is_asked_of_another_host(browser: Browser, tmp_path: Path) -> None:
    """Where the policy lets artwork of another host in, it is no help."""
    catalog = a_catalog(tmp_path)
    catalog.write("feedtool.yaml", f"{CATALOG}media_base_url: https://cdn.example/\n")
    catalog.episode(
        notes='<img alt="a src=" src="https://evil.example/a"> <img src="https:evil.example/b">\n'
        '<img title=" src=" src="https:\\\\evil.example/c"> ![](//evil.example/d "e")\n'
    )
    assert catalog.rebuilt().ok
    with served(catalog.root / "public") as address, tab(browser) as watched:
        watched.page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        watched.page.goto(f"{address}samtal/ett/")
        watched.page.wait_for_load_state("networkidle")
        assert [url for url in watched.asked if not url.startswith(address)] == []
        assert watched.page.locator(".notes a").count() == 4


def test_the_scheme_of_the_system_is_followed(site: tuple[Catalog, str], browser: Browser) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        with tab(browser, scheme=scheme) as watched:
            watched.page.goto(site[1])
            grounds.append(watched.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(23, 25, 28)"]


def test_the_first_key_leads_to_the_content(site: tuple[Catalog, str], browser: Browser) -> None:
    with tab(browser, 320) as watched:
        page = watched.page
        page.goto(site[1] + "talks/one/")
        page.keyboard.press("Tab")
        box = page.locator(".skip").bounding_box()
        assert box
        assert box["y"] >= 0
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_a_bad_page_is_found_out(browser: Browser, tmp_path: Path) -> None:
    """The checks of this file find what they are for."""
    bad = (
        "<!DOCTYPE html><html><head><title></title></head><body style='width:600px'>"
        "<img src='http://elsewhere.example/a.png'><p style='color:#ccc;background:#ddd'>pale</p>"
        "<a href='#'></a><h1>One</h1><h3>Three</h3><input></body></html>"
    )
    (tmp_path / "index.html").write_text(bad, encoding="utf-8")
    with served(tmp_path) as address, tab(browser, 320) as watched:
        watched.page.goto(address)
        rules = {one.partition(":")[0] for one in violations(watched.page)}
        assert rules >= {
            "document-title", "html-has-lang", "image-alt", "color-contrast", "link-name", "label",
            "heading-order",
        }  # fmt: skip
        assert watched.page.evaluate("document.documentElement.scrollWidth") > 320
        assert not all(url.startswith(address) for url in watched.asked)
        assert watched.failed


# --- silent ------------------------------------------------------------------------------------


def test_nothing_is_asked_of_another_host_and_nothing_fails(
    site: tuple[Catalog, str], browser: Browser
) -> None:
    address = site[1]
    with tab(browser) as watched:
        for path in PAGES:
            watched.page.goto(address + path)
            watched.page.wait_for_load_state("networkidle")
    assert [url for url in watched.asked if not url.startswith(address)] == []
    assert watched.failed == []
    assert [one for one in watched.said if "favicon" not in one and "404" not in one] == []
    assert address + "assets/feedtool.css" in watched.asked


def test_pictures_are_shown_and_the_style_is_used(
    site: tuple[Catalog, str], browser: Browser
) -> None:
    with tab(browser) as watched:
        for path in ("", "talks/", "talks/one/"):
            watched.page.goto(site[1] + path)
            widths = watched.page.evaluate("[...document.images].map(one => one.naturalWidth)")
            assert widths, path
            assert all(widths), path


@pytest.mark.parametrize(("path", "element"), [("talks/one/", "audio"), ("films/one/", "video")])
def test_a_recording_can_be_loaded_under_the_policy(
    site: tuple[Catalog, str], browser: Browser, path: str, element: str
) -> None:
    with tab(browser) as watched:
        page = watched.page
        page.goto(site[1] + path)
        seconds = page.evaluate(
            """element => new Promise((resolve, reject) => {
                const player = document.querySelector(element);
                player.addEventListener("loadedmetadata", () => resolve(player.duration));
                player.querySelector("source").addEventListener("error", () => reject("refused"));
                player.preload = "metadata";
                player.load();
            })""",
            element,
        )
        assert seconds > 0.5


def test_captions_can_be_loaded_under_the_policy(
    site: tuple[Catalog, str], browser: Browser
) -> None:
    with tab(browser) as watched:
        watched.page.goto(site[1] + "films/one/")
        cues = watched.page.evaluate(
            """() => new Promise((resolve, reject) => {
                const track = document.querySelector("track");
                track.addEventListener("load", () => resolve(track.track.cues.length));
                track.addEventListener("error", () => reject("refused"));
                track.track.mode = "showing";
            })"""
        )
        assert cues == 3


def test_media_in_another_place_are_fetched_from_there(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "catalog") as media:
        catalog = a_catalog_of_pages(tmp_path / "catalog", "sv", f"{media}media/")
        assert catalog.rebuilt().ok
        assert not (catalog.root / "public/media").exists()
        with served(catalog.root / "public") as address, tab(browser) as watched:
            watched.page.goto(address + "talks/one/")
            watched.page.wait_for_load_state("networkidle")
            assert f"{media}media/talks/square.jpg" in watched.asked
            assert watched.page.evaluate("document.images[0].naturalWidth") > 0
            assert watched.failed == []


# --- every link leads somewhere ----------------------------------------------------------------


def status(url: str) -> int:
    try:
        with urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def links_of_feeds(catalog: Catalog) -> set[str]:
    """Every address that the feeds name, whatever for."""
    named: set[str] = set()
    for path, data in catalog.public().items():
        if path.endswith((".xml", ".opml")):
            for element in etree.fromstring(data).iter(etree.Element):
                named |= {str(value) for value in element.attrib.values()}
                if element.text and element.tag.rpartition("}")[2] in {"link", "url", "icon"}:
                    named.add(element.text.strip())
        elif path.endswith("feed.json"):
            named |= _texts(json.loads(data))
    return {one for one in named if one.startswith(BASE)}


def _texts(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for one in value.values() for text in _texts(one)}
    if isinstance(value, list):
        return {text for one in value for text in _texts(one)}
    return {value} if isinstance(value, str) else set()


def test_every_link_of_every_feed_answers(site: tuple[Catalog, str]) -> None:
    catalog, address = site
    links = links_of_feeds(catalog)
    some = ("", "talks/one/", "films/feed.xml", "media/talks/one.mp3", "talks/one/chapters.json")
    assert {BASE + path for path in some} <= links
    assert {url for url in links if status(address + url.removeprefix(BASE)) != 200} == set()


def test_every_link_of_every_page_answers(site: tuple[Catalog, str]) -> None:
    catalog, address = site
    links = set()
    for path in PAGES:
        for _, _, url in addresses(parsed(catalog.read(path + "index.html"))):
            if not url.startswith(("mailto:", "#")) and (":" not in url or url.startswith(BASE)):
                links.add(url if url.startswith(BASE) else f"{BASE}{path}{url}")
    assert len(links) > 50
    wrong = {url for url in links if status(address + url.removeprefix(BASE)) != 200}
    assert wrong == set()


# --- hostile texts -----------------------------------------------------------------------------


EVENTS = """() => {
    const events = ["pointerover", "mouseover", "focus", "load", "error", "toggle", "begin",
                    "animationstart", "start"];
    for (const element of document.querySelectorAll("*"))
        for (const event of events) element.dispatchEvent(new Event(event));
}"""
"""All that a handler could wait for, everywhere."""


def test_no_hostile_text_runs_or_loads_anything(browser: Browser, tmp_path: Path) -> None:
    paths = write_hostile_site(tmp_path)
    assert len(paths) == 3 * len(VECTORS)
    with served(tmp_path) as address, tab(browser) as watched:
        page = watched.page
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        for path in paths:
            page.goto(address + path.removesuffix("index.html"))
            text = VECTORS[int(path.split("/")[1])]
            assert page.evaluate("document.querySelector('h1').textContent") == text, path
            assert page.evaluate("window.hacked") is None, path
            page.evaluate(EVENTS)
            assert page.evaluate("window.hacked") is None, path
    # some of the addresses are artwork on a host that the producer named
    assert [url for url in watched.asked if not url.startswith((address, BASE))] == []
    refused = ("404", "net::")
    assert [one for one in watched.said if not any(sign in one for sign in refused)] == []


def test_a_text_that_is_not_escaped_is_found_out(browser: Browser, tmp_path: Path) -> None:
    """The marker that the test above looks for is set when a vector runs."""
    (tmp_path / "index.html").write_text(f"<!DOCTYPE html><h1>{VECTORS[18]}</h1>", "utf-8")
    with served(tmp_path) as address, tab(browser) as watched:
        watched.page.goto(address)
        watched.page.wait_for_load_state("networkidle")
        assert watched.page.evaluate("window.hacked") == 1
        assert watched.said


# --- valid -------------------------------------------------------------------------------------


def vnu(*pages: Path) -> list[str]:
    """What the checker of the W3C says about pages.

    It reads them as files, so that everything else seems to be elsewhere, and the policy in vain.
    """
    jar = node_package("vnu-jar/build/dist/vnu.jar")
    java = program("java", "apt-get install default-jre-headless")
    done = subprocess.run(
        [java, "-jar", str(jar), "--format", "json", *map(str, pages)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return [
        f"{one['url']}: {one['message']}"
        for one in json.loads(done.stderr)["messages"]
        if not one["message"].startswith("Resource violates Content Security Policy")
    ]


def test_the_checker_of_the_w3c_has_nothing_to_say(site: tuple[Catalog, str]) -> None:
    public = site[0].root / "public"
    assert vnu(*(public / path / "index.html" for path in PAGES)) == []


def test_the_checker_of_the_w3c_finds_faults(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<!DOCTYPE html><title>a</title><p><p id=a id=b>", "utf-8")
    assert vnu(page)
