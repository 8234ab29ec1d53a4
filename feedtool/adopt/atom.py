"""Atom (RFC 4287), as podcasts use it."""

from __future__ import annotations

from html import escape

from lxml import etree

from ..podcast.table import CHANNEL, ITEM
from .document import Element, name_of
from .elements import take
from .figures import number_of
from .gathered import Gathered, attribute, children, identity_of, text_of
from .kinds import the_recording
from .notes import plain_text
from .record import Enclosed, Entry, Source

_MADE_ANEW = frozenset({"atom:id", "atom:updated", "atom:generator", "podcast:podping"})
_PAGES = frozenset({"first", "last", "previous", "current", "next-archive", "via"})
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_atom(root: Element) -> Source:
    """What the document says; dates are still texts."""
    reader = _Feed()
    for name, element in children(root):
        reader.take(name, element)
    return reader.source(attribute(root, _LANGUAGE))


class _Feed:
    _TEXTS = frozenset({"atom:title", "atom:rights"})

    def __init__(self) -> None:
        self._into = Gathered(CHANNEL)
        self._said: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._address = self._next = ""

    def take(self, name: str, element: Element) -> None:
        match name:
            case "atom:entry":
                self._entries.append(_Entry(element).entry())
            case "atom:link" if attribute(element, "rel") == "related":
                self._into.related(element)
            case "atom:link":
                self._link(attribute(element, "rel") or "alternate", attribute(element, "href"))
            case "atom:author":
                self._into.put("author", _person(element))
            case "atom:logo" | "atom:icon":
                self._said.setdefault(name, text_of(element))
            case "atom:subtitle" | "atom:tagline":
                html, plain = _html(element)
                self._said.setdefault(name, escape(html, quote=False) if plain else html)
            case _ if name in self._TEXTS:
                self._said.setdefault(name, _words(element))
            case _:
                if not take(name, element, self._into) and name not in _MADE_ANEW:
                    self._into.lose(name.removeprefix("atom:"))

    def _link(self, rel: str, url: str) -> None:
        if rel == "self":
            self._address = self._address or url
        elif rel in {"next", "prev-archive"}:
            self._next = self._next or url
        elif rel == "alternate":
            self._into.add("links", {"url": url} if url else None)
        elif rel not in _PAGES:
            self._into.lose(f"link rel={rel}")

    def source(self, language: str) -> Source:
        into, said = self._into, self._said
        into.put("language", language)
        into.put("copyright", said.get("atom:rights"))
        return Source(
            format="Atom",
            title=said.get("atom:title", ""),
            description=said.get("atom:subtitle", "") or said.get("atom:tagline", ""),
            tree=into.tree,
            people=tuple(into.people),
            image=into.artwork(
                into.image or said.get("atom:logo", "") or said.get("atom:icon", "")
            ),
            owner=into.owner,
            locked=into.locked,
            trailers=tuple(into.trailers),
            entries=tuple(self._entries),
            lost=tuple(into.lost),
            address=self._address,
            next=self._next,
        )


class _Entry:
    _DATES = ("atom:published", "atom:issued", "atom:updated", "atom:modified", "atom:created")

    def __init__(self, element: Element) -> None:
        self._into = Gathered(ITEM)
        self._said: dict[str, str] = {}
        self._notes: dict[str, tuple[str, bool]] = {}
        self._enclosures: list[Enclosed] = []
        self._link = ""
        for name, child in children(element):
            self._take(name, child)

    def _take(self, name: str, element: Element) -> None:
        match name:
            case "atom:link" if attribute(element, "rel") == "related":
                self._into.related(element)
            case "atom:link":
                self._linked(attribute(element, "rel") or "alternate", element)
            case "atom:content" | "atom:summary" | "itunes:summary":
                if not attribute(element, "src"):
                    self._notes.setdefault(name, _html(element))
            case "atom:title":
                self._said.setdefault(name, _words(element))
            case "atom:category":
                self._into.tag(attribute(element, "label") or attribute(element, "term"))
            case "atom:author":
                self._into.put("author", _person(element))
            case "atom:id":
                self._said.setdefault(name, identity_of(element))
            case _ if name in self._DATES:
                self._said.setdefault(name, text_of(element))
            case _:
                if not take(name, element, self._into) and name not in _MADE_ANEW:
                    self._into.lose(name.removeprefix("atom:"))

    def _linked(self, rel: str, element: Element) -> None:
        url = attribute(element, "href")
        if rel == "enclosure":
            length = number_of(attribute(element, "length"))
            self._enclosures.append(Enclosed(url, length, attribute(element, "type")))
        elif rel == "alternate":
            self._link = self._link or url
        elif rel not in {"self", *_PAGES}:
            self._into.lose(f"link rel={rel}")

    def entry(self) -> Entry:
        into, said = self._into, self._said
        texts = [
            self._notes[name]
            for name in ("atom:content", "atom:summary", "itunes:summary")
            if name in self._notes and self._notes[name][0]
        ]
        notes, plain = texts[0] if texts else ("", True)
        short, is_text = texts[1] if len(texts) > 1 else ("", True)
        short = escape(short, quote=False) if is_text else short
        known = plain_text(escape(notes, quote=False) if plain else notes)
        enclosure = the_recording(self._enclosures)
        for one in self._enclosures:
            if one is not enclosure:
                into.lose(f"link rel=enclosure {one.url}")
        return Entry(
            guid=said.get("atom:id", ""),
            title=said.get("atom:title", ""),
            date=None,
            date_text=next((said[name] for name in self._DATES if said.get(name)), ""),
            enclosure=enclosure,
            link=self._link,
            duration=into.duration,
            notes=notes,
            plain=plain,
            summary="" if plain_text(short) in known else short,
            chapters_url=into.chapters_url,
            texts=tuple(into.texts),
            people=tuple(into.people),
            image=into.artwork(into.image),
            tree=into.tree,
            lost=tuple(into.lost),
        )


def _person(element: Element) -> str:
    return next((text_of(child) for name, child in children(element) if name == "atom:name"), "")


def _words(element: Element) -> str:
    """A text construct as plain text (RFC 4287 section 3.1)."""
    html, plain = _html(element)
    return html if plain else plain_text(html)


def _html(element: Element) -> tuple[str, bool]:
    """A text construct, and whether it is plain text and no HTML."""
    kind = attribute(element, "type").lower() or "text"
    if kind == "xhtml":
        inner = next((child for child in element if name_of(child) == "xhtml:div"), element)
        words = [str(inner.text or "")]
        words += [etree.tostring(child, encoding="unicode", method="html") for child in inner]
        return "".join(words).strip(), False
    if kind in {"html", "text/html"}:
        return text_of(element), False
    # without a type it is text as well, and many programs write HTML there
    said = kind == attribute(element, "type").lower()
    return text_of(element), said or "<" not in text_of(element)
