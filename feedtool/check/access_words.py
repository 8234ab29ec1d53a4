"""Rules about words that stand for a picture, and words that say where a link goes.

Whoever listens to a page hears them instead of, or apart from, what is around them (WCAG 2.1,
1.1.1 and 2.4.4). For those who ask for it with the profile `public-sector-se`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Link, Series
from ..pattern import pattern
from .access import ADVISED, DEMANDED
from .rule import Heard, channel_rule, item_rule

A11Y20 = Code(
    "A11Y20",
    Severity.OFF,
    message=N_("nothing says what the artwork shows"),
    why=N_("who cannot see the picture hears its address, or nothing"),
    mend=N_("add a line  image_alt:  with what the picture shows, such as  image_alt: Stadshuset "
            "i kvällssol"),
    spec=("WCAG-1.1.1",),
    profiles=DEMANDED,
)  # fmt: skip
A11Y21 = Code(
    "A11Y21",
    Severity.OFF,
    message=N_("nothing says what the picture of the episode shows"),
    why=N_("who cannot see the picture hears its address, or nothing"),
    mend=N_("add a line  image_alt:  with what the picture shows, such as  image_alt: Rektorn vid "
            "tavlan"),
    spec=("WCAG-1.1.1",),
    profiles=DEMANDED,
)  # fmt: skip
A11Y22 = Code(
    "A11Y22",
    Severity.OFF,
    message=N_("nothing says what the picture {picture} in the notes shows"),
    why=N_("who cannot see the picture hears its address, or nothing"),
    mend=N_("write it between the brackets:  ![Karta över den nya skolan](...{picture})"),
    spec=("WCAG-1.1.1",),
    profiles=ADVISED,
)
A11Y23 = Code(
    "A11Y23",
    Severity.OFF,
    message=N_('"{text}" is the name of a file, not what the picture shows'),
    why=N_("who cannot see the picture hears this name read aloud"),
    mend=N_("write what the picture shows, as you would say it on the telephone"),
    spec=("WCAG-1.1.1",),
    profiles=ADVISED,
)
A11Y30 = Code(
    "A11Y30",
    Severity.OFF,
    message=N_('the link "{text}" does not say where it goes'),
    why=N_("who listens to a page goes from link to link, and hears only their words"),
    mend=N_("make a link of the words that name the page, such as  [Planen för den nya skolan]"
            "(https://...)"),
    spec=("WCAG-2.4.4",),
    profiles=ADVISED,
)  # fmt: skip
A11Y31 = Code(
    "A11Y31",
    Severity.OFF,
    message=N_("the link {address} has no words"),
    why=N_("who listens to a page hears the address spelled out, sign by sign"),
    mend=N_("give it words:  [Planen för den nya skolan]({address})"),
    spec=("WCAG-2.4.4",),
    profiles=ADVISED,
)
A11Y32 = Code(
    "A11Y32",
    Severity.OFF,
    message=N_("the link to {address} has no title"),
    why=N_("who listens to a page hears the address spelled out, sign by sign"),
    mend=N_("say what the page is called:  {{url: {shown}, title: ...}}"),
    spec=("WCAG-2.4.4",),
    profiles=ADVISED,
)

_PICTURE = pattern(r"<img([^>]*)>")
_ATTRIBUTE = pattern(r' (alt|src|href)="([^"]*)"')
_FILE_NAME = pattern(r"\S+\.(?:jpe?g|png|gif|webp|svg|tiff?|heic)|(?:IMG|DSC)[-_]?\d+", re.I)

_EMPTY_WORDS = "|".join(
    (
        r"(?:klicka|tryck|läs|se|lyssna|titta|ladda ner|hämta)?(?: mer| vidare)? ?(?:här|hit)",
        r"(?:läs|se|hör|visa) mer", r"mer(?: info(?:rmation)?)?", r"länk(?:en)?",
        r"(?:den här|denna) (?:länken|sidan|länk|sida)",
        r"(?:click|press|read|see|listen|watch|download)?(?: more)? ?here",
        r"(?:read|see|learn|show) more", r"more(?: info(?:rmation)?)?", r"(?:this )?(?:link|page)",
    )
)  # fmt: skip
_SAYS_NOTHING = pattern(_EMPTY_WORDS)
_ENDS = (
    "här", "hit", "mer", "info", "information", "länk", "länken", "sidan", "sida",
    "here", "more", "link", "page",
)  # fmt: skip
"""What these words end with: nearly all other links are told by it in half the time."""
_ARROWS = " .!:…›»→>"

_TAGS = pattern(r"<[^>]*>")

_SHOWN = 80
"""Characters of an address that is written once more."""


@channel_rule
def artwork_without_words(series: Series) -> Iterator[Finding]:
    """Artwork nobody describes; that of the catalog is told once, there."""
    image, alt = series.image, series.image_alt
    if not image:
        return
    own = not series.slug or "://" in image or image.startswith(f"{series.slug}/")
    place = Place(series.file if own else "feedtool.yaml")
    if not alt:
        yield A11Y20.at(place.down("image"))
    elif _FILE_NAME.fullmatch(alt):
        yield A11Y23.at(place.down("image_alt"), text=alt)


@item_rule
def picture_without_words(heard: Heard) -> Iterator[Finding]:
    """Pictures of an episode that nobody describes."""
    episode = heard.item.episode
    if not episode.image or episode.draft:
        return
    if not episode.image_alt:
        if "image_alt" not in heard.faulty:
            yield A11Y21.at(heard.place("image"))
    elif _FILE_NAME.fullmatch(episode.image_alt):
        yield A11Y23.at(heard.place("image_alt"), text=episode.image_alt)


@item_rule
def picture_in_notes_without_words(heard: Heard) -> Iterator[Finding]:
    """Pictures in the notes that nobody describes."""
    episode = heard.item.episode
    if "<img" not in episode.notes or episode.draft:
        return
    for attributes in _PICTURE.findall(episode.notes):
        said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        alt, name = said.get("alt", "").strip(), unquote(said.get("src", "").rpartition("/")[2])
        if not alt:
            yield A11Y22.at(heard.place("notes", name), picture=name)
        elif _FILE_NAME.fullmatch(alt):
            yield A11Y23.at(heard.place("notes", alt), text=alt)


@item_rule
def link_says_nothing(heard: Heard) -> Iterator[Finding]:
    """Links in the notes that are called "here", or by their address."""
    episode = heard.item.episode
    if "<a " not in episode.notes or episode.draft:
        return
    for before in episode.notes.split("</a>")[:-1]:
        text = before[before.rfind(">") + 1 :]
        if not text or text.isspace():  # there are tags in the link
            text = _TAGS.sub("", before[before.rfind("<a ") :])
        words = (unescape(text) if "&" in text else text).strip()
        address = words if words.startswith(("http://", "https://")) else ""
        if not words:  # a picture may say it, and is told if it does not
            address = _address_of_nothing(before[before.rfind("<a ") :])
        if address:
            yield A11Y31.at(heard.place("notes", address), address=address)
            continue
        bare = words.rstrip(_ARROWS).lower()
        if bare.endswith(_ENDS) and _SAYS_NOTHING.fullmatch(bare):
            yield A11Y30.at(heard.place("notes", words), text=words)


def _address_of_nothing(link: str) -> str:
    """Where a link leads that holds nothing at all; "" if there is a picture in it."""
    said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(link)}
    return "" if "<img" in link else said.get("href", "")


@channel_rule
def link_of_series_without_title(series: Series) -> Iterator[Finding]:
    """Links of a series that pages can only show by their address."""
    yield from _untitled(series.links, Place(series.file, ("links",)))


@item_rule
def link_without_title(heard: Heard) -> Iterator[Finding]:
    """Links of an episode that pages can only show by their address."""
    episode = heard.item.episode
    if episode.links and not episode.draft:
        yield from _untitled(episode.links, heard.place("links"))


def _written(address: str) -> str:
    return f'"{address}"' if len(address) <= _SHOWN else "..."


def _untitled(links: tuple[Link, ...], place: Place) -> Iterator[Finding]:
    for index, link in enumerate(links):
        if not link.title:
            yield A11Y32.at(place.down(index), address=link.url, shown=_written(link.url))
