"""RSS of any version, from 0.9 to 2.0, as podcasts use it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..podcast.table import CHANNEL, ITEM
from .document import Element, name_of
from .elements import take
from .figures import number_of
from .gathered import Gathered, attribute, attributes, children, identity_of, text_of
from .kinds import the_recording
from .record import Enclosed, Entry, Source

_MADE_ANEW = frozenset({
    "generator", "docs", "lastBuildDate", "pubDate", "items", "ttl", "podcast:podping",
})  # fmt: skip
"""What a build writes itself, or means nothing to apps. Its absence is no loss."""

_PAGES = frozenset({"", "alternate", "first", "last", "previous", "current", "next-archive"})
_SOUND = ("audio/", "video/")
_ABOUT_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def read_rss(root: Element) -> Source:
    """What the document says; dates are still texts (chain.py reads those of all pages at once)."""
    channel = next((one for one in root.iter() if name_of(one) == "channel"), root)
    reader = _Channel()
    for name, element in [*children(channel), *_beside(root, channel)]:
        reader.take(name, element)
    return reader.source()


def _beside(root: Element, channel: Element) -> Iterator[tuple[str, Element]]:
    """In RSS 0.9 and 1.0 the items stand beside the channel."""
    if channel is not root:
        for name, element in children(root):
            if name in {"item", "image"}:
                yield name, element


class _Channel:
    _TEXTS = frozenset({
        "title", "description", "language", "copyright", "itunes:title", "itunes:summary",
        "itunes:subtitle", "dc:language", "dc:rights", "tagline",
    })  # fmt: skip
    _ABOUT = ("description", "itunes:summary", "itunes:subtitle", "tagline")

    def __init__(self) -> None:
        self._into = Gathered(CHANNEL)
        self._said: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._address = self._next = ""

    def take(self, name: str, element: Element) -> None:
        match name:
            case "item":
                self._entries.append(_Item(element).entry())
            case "atom:link" if attribute(element, "rel") == "related":
                self._into.related(element)
            case "atom:link":
                self._link(attribute(element, "rel"), attribute(element, "href"))
            case "link":
                if url := text_of(element):
                    self._into.add("links", {"url": url})
            case "image":
                inner = {one: text_of(child) for one, child in children(element)}
                self._said.setdefault("image", inner.get("url", "") or text_of(element))
            case _ if name in self._TEXTS:
                if text := text_of(element):
                    self._said.setdefault(name, text)
            case _:
                if not take(name, element, self._into) and name not in _MADE_ANEW:
                    self._into.lose(name)

    def _link(self, rel: str, url: str) -> None:
        if rel == "self":
            self._address = self._address or url
        elif rel in {"next", "prev-archive"}:
            self._next = self._next or url
        elif rel not in _PAGES:
            self._into.lose(f"atom:link rel={rel}")

    def source(self) -> Source:
        into, said = self._into, self._said
        for key, other in (("language", "dc:language"), ("copyright", "dc:rights")):
            into.put(key, said.get(key) or said.get(other))
        about = next((said[name] for name in self._ABOUT if name in said), "")
        for name in self._ABOUT:
            if said.get(name, about) != about:
                into.lose(name)
        return Source(
            format="RSS",
            title=said.get("title") or said.get("itunes:title", ""),
            description=about,
            tree=into.tree,
            people=tuple(into.people),
            image=into.artwork(into.image or said.get("image", "")),
            owner=into.owner,
            locked=into.locked,
            trailers=tuple(into.trailers),
            entries=tuple(self._entries),
            lost=tuple(into.lost),
            address=self._address,
            next=self._next,
        )


class _Item:
    _NOTES = ("content:encoded", "description", "itunes:summary", "googleplay:description")
    _TEXTS = frozenset({
        "title", "link", "pubDate", "dc:date", "itunes:title", "itunes:subtitle", "itunes:author",
        "dc:creator", *_NOTES,
    })  # fmt: skip
    _SHORT = ("itunes:subtitle", "description", "itunes:summary", "googleplay:description")
    _LOST = frozenset({"source", "comments", "author"})

    def __init__(self, element: Element) -> None:
        self._into = Gathered(ITEM)
        self._said: dict[str, str] = {}
        self._enclosures: list[Enclosed] = []
        self._others: list[Enclosed] = []
        self._guid = attribute(element, _ABOUT_RDF)
        self._permalink = False
        for name, child in children(element):
            self._take(name, child)

    def _take(self, name: str, element: Element) -> None:
        match name:
            case "enclosure":
                self._enclosures.append(_enclosed(element, "length"))
            case "media:content" | "media:group":
                for one in element.iter():
                    if name_of(one) == "media:content":
                        self._others.append(_enclosed(one, "fileSize"))
            case "guid":
                self._guid = self._guid or identity_of(element)
                self._permalink = attribute(element, "isPermaLink").lower() != "false"
            case "category":
                self._into.tag(text_of(element))
            case "atom:link":
                self._linked(attribute(element, "rel"), element)
            case _ if name in self._TEXTS:
                if text := text_of(element):
                    self._said.setdefault(name, text)
            case _:
                if name in self._LOST or not take(name, element, self._into):
                    self._into.lose(name)

    def _linked(self, rel: str, element: Element) -> None:
        if rel == "related":
            self._into.related(element)
        elif rel not in {"self", *_PAGES}:
            self._into.lose(f"atom:link rel={rel}")

    def entry(self) -> Entry:
        into, said = self._into, self._said
        guid = self._guid
        link = said.get("link", "")
        if not link and self._permalink and guid.startswith(("http://", "https://")):
            link = guid
        notes = next((said[name] for name in self._NOTES if name in said), "")
        own = said.get("itunes:title", "")
        title = said.get("title", "") or own
        if own and own != title:
            into.lose("itunes:title")
        into.put("author", said.get("itunes:author") or said.get("dc:creator"))
        return Entry(
            guid=guid,
            title=title,
            date=None,
            date_text=said.get("pubDate", "") or said.get("dc:date", ""),
            enclosure=self._enclosure(),
            link=link,
            duration=into.duration,
            notes=notes,
            plain=not _TAG.search(notes),
            summary=self._summary(notes),
            chapters_url=into.chapters_url,
            texts=tuple(into.texts),
            people=tuple(into.people),
            image=into.artwork(into.image),
            tree=into.tree,
            lost=tuple(into.lost),
        )

    def _enclosure(self) -> Enclosed | None:
        """RSS has only one (and Media RSS is another way to say the same)."""
        enclosure = the_recording(self._enclosures) or next(
            (one for one in self._others if one.type.startswith(_SOUND)), None
        )
        kept = {enclosure.url if enclosure else "", self._into.image, ""}
        for one in self._enclosures:
            if one.url not in kept:
                self._into.lose(f"enclosure {one.url}")
        for one in self._others:  # pictures, mostly
            if one.url not in kept:
                what = one.url if one.type.startswith(_SOUND) else one.type
                self._into.lose(f"media:content {what}".rstrip())
        return enclosure

    def _summary(self, notes: str) -> str:
        """One or two sentences, where the feed has them beside the notes."""
        summary, letters = "", _letters(notes)
        for name in self._SHORT:
            text = self._said.get(name, "")
            # a text that was cut off, or the beginning once more, says nothing new
            if not text or text == notes or _letters(text) in letters:
                continue
            if not summary and letters:
                summary = text
            elif text != summary:
                self._into.lose(name)
        return summary


_TAG = re.compile(r"<[A-Za-z/!][^<>]*>")
"""Without any, "<" is a sign like others: "I <3 you"."""


def _letters(text: str) -> str:
    """For comparing: the letters alone, without tags."""
    letters, inside = [], False
    for sign in text:
        if sign == "<":
            inside = True
        elif sign == ">":
            inside = False
        elif not inside and sign.isalnum():
            letters.append(sign)
    return "".join(letters)


def _enclosed(element: Element, length: str) -> Enclosed:
    said = attributes(element)  # without their namespaces, which RSS 1.0 has for each
    url = said.get("url") or said.get("resource", "")
    return Enclosed(url, number_of(said.get(length, "")), said.get("type", ""))
