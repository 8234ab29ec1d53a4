"""Atom (RFC 4287), as podcasts use it."""

from __future__ import annotations

from ..podcast.table import CHANNEL, ITEM
from .document import Element, name_of
from .elements import Gathered, attribute, children, text_of
from .record import Enclosed, Entry, Source

_MADE_ANEW = frozenset({"atom:id", "atom:updated", "atom:generator"})


def read_atom(root: Element) -> Source:
    """What the document says; dates are still texts."""
    gathered, said = Gathered(CHANNEL), dict[str, str]()
    address = following = image = ""
    entries = []
    for name, element in children(root):
        match name:
            case "atom:entry":
                entries.append(_entry(element))
            case "atom:link":
                rel, href = attribute(element, "rel") or "alternate", attribute(element, "href")
                if rel == "self":
                    address = address or href
                elif rel in {"next", "prev-archive"}:
                    following = following or href
                elif rel == "alternate":
                    gathered.add("links", {"url": href} if href else {})
                elif rel not in {"first", "last", "previous", "current", "next-archive"}:
                    gathered.lose(f"link rel={rel}")
            case "atom:title" | "atom:subtitle" | "atom:rights" | "atom:tagline":
                said.setdefault(name, _words(element))
            case "atom:author":
                gathered.put("author", _person(element))
            case "atom:logo" | "atom:icon":
                image = text_of(element) if name == "atom:logo" or not image else image
            case _ if name not in _MADE_ANEW:
                if not gathered.take(name, element):
                    gathered.lose(name.removeprefix("atom:"))
    tree = gathered.tree
    language = attribute(root, "{http://www.w3.org/XML/1998/namespace}lang")
    for key, value in (("language", language), ("copyright", said.get("atom:rights", ""))):
        if value:
            tree.setdefault(key, value)
    return Source(
        format="Atom",
        title=said.get("atom:title", ""),
        description=said.get("atom:subtitle", "") or said.get("atom:tagline", ""),
        tree=tree,
        people=tuple(gathered.people),
        image=gathered.image or image,
        owner=gathered.owner,
        locked=gathered.locked,
        trailers=tuple(gathered.trailers),
        entries=tuple(entries),
        lost=tuple(gathered.lost),
        address=address,
        next=following,
    )


def _entry(element: Element) -> Entry:
    gathered, said = Gathered(ITEM), dict[str, str]()
    enclosure, link, notes, plain = None, "", "", False
    for name, child in children(element):
        match name:
            case "atom:link":
                rel, href = attribute(child, "rel") or "alternate", attribute(child, "href")
                if rel == "enclosure":
                    if enclosure is None:
                        enclosure = _enclosed(child)
                    else:
                        gathered.lose(f"link rel=enclosure {href}")
                elif rel == "alternate":
                    link = link or href
                elif rel != "self":
                    gathered.lose(f"link rel={rel}")
            case "atom:content":
                if not attribute(child, "src"):
                    notes, plain = _html(child)
            case "atom:summary":
                said[name], said["plain"] = _html(child)[0], str(_html(child)[1])
            case "atom:id" | "atom:title" | "atom:published" | "atom:updated" | "atom:issued":
                said.setdefault(name, _words(child) if name == "atom:title" else text_of(child))
            case "atom:category":
                gathered.tag(attribute(child, "label") or attribute(child, "term"))
            case "atom:author":
                gathered.tree.setdefault("author", _person(child))
            case "itunes:author" | "itunes:title" | "itunes:subtitle" | "itunes:summary":
                if name == "itunes:summary" and not notes:
                    said.setdefault("atom:summary", text_of(child))
                else:
                    gathered.lose(name)
            case _ if name not in _MADE_ANEW:
                if not gathered.take(name, child):
                    gathered.lose(name.removeprefix("atom:"))
    summary = said.get("atom:summary", "")
    if not notes:
        notes, summary, plain = summary, "", said.get("plain") == "True"
    if gathered.chapters:
        gathered.tree["chapters"] = gathered.chapters
    published = said.get("atom:published") or said.get("atom:issued", "")
    return Entry(
        guid=said.get("atom:id", ""),
        title=said.get("atom:title", ""),
        date=None,
        date_text=published or said.get("atom:updated", ""),
        enclosure=enclosure,
        link=link,
        duration=gathered.duration,
        notes=notes,
        plain=plain,
        summary=summary,
        chapters_url=gathered.chapters_url,
        texts=tuple(gathered.texts),
        people=tuple(gathered.people),
        image=gathered.image,
        tree=gathered.tree,
        lost=tuple(gathered.lost),
    )


def _enclosed(element: Element) -> Enclosed:
    digits = attribute(element, "length")
    length = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None
    return Enclosed(attribute(element, "href"), length, attribute(element, "type"))


def _person(element: Element) -> str:
    return next((text_of(child) for name, child in children(element) if name == "atom:name"), "")


def _words(element: Element) -> str:
    """A text construct as plain text (RFC 4287 section 3.1)."""
    html, plain = _html(element)
    if plain:
        return html
    from .notes import plain_text

    return plain_text(html)


def _html(element: Element) -> tuple[str, bool]:
    """A text construct, and whether it is plain text and no HTML."""
    kind = attribute(element, "type").lower() or "text"
    if kind == "xhtml":
        from lxml import etree

        inner = next((child for child in element if name_of(child) == "xhtml:div"), element)
        words = [inner.text or ""]
        words += [etree.tostring(child, encoding="unicode", method="html") for child in inner]
        return "".join(words).strip(), False
    if kind in {"html", "text/html"}:
        return text_of(element), False
    return text_of(element), kind.startswith("text")
