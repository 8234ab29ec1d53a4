"""RSS of any version, from 0.9 to 2.0, as podcasts use it."""

from __future__ import annotations

from collections.abc import Iterator

from ..podcast.table import CHANNEL, ITEM
from .document import Element, name_of
from .elements import Gathered, attribute, children, text_of
from .record import Enclosed, Entry, Source

_MADE_ANEW = frozenset({
    "generator", "docs", "lastBuildDate", "pubDate", "atom:link", "items", "ttl", "link",
    "itunes:episodeType", "podcast:podping",
})  # fmt: skip
"""What a build writes itself. Its absence is no loss."""

_SOUND = ("audio/", "video/")


def read_rss(root: Element) -> Source:
    """What the document says; dates are still texts (chain.py reads those of all pages at once)."""
    channel = next((one for one in root.iter() if name_of(one) == "channel"), root)
    gathered, said = Gathered(CHANNEL), dict[str, str]()
    address = following = ""
    items = []
    for name, element in [*children(channel), *_beside(root, channel)]:
        if name == "item":
            items.append(_item(element))
        elif name == "atom:link":
            rel, href = attribute(element, "rel"), attribute(element, "href")
            if rel == "self":
                address = address or href
            elif rel in {"next", "prev-archive"}:
                following = following or href
            elif rel == "hub":
                gathered.lose("atom:link rel=hub")
            elif rel not in {"alternate", "first", "last", "previous", "current", "next-archive"}:
                gathered.lose(f"atom:link rel={rel}")
        elif name == "image":
            inner = {one: text_of(child) for one, child in children(element)}
            said.setdefault("image", inner.get("url", "") or text_of(element))
        elif name == "category":
            said.setdefault(name, text_of(element))
            gathered.lose(name)
        elif name in _TEXTS:
            if text := text_of(element):
                said.setdefault(name, text)
        elif name not in _MADE_ANEW and not gathered.take(name, element):
            gathered.lose(name)
        if name == "link":
            gathered.add("links", _link(text_of(element)))
    tree = gathered.tree
    for key, names in _CHANNEL.items():
        if value := next((said[name] for name in names if name in said), ""):
            tree.setdefault(key, value)
    description = next((said[name] for name in _ABOUT if name in said), "")
    for name in _ABOUT:
        if said.get(name, description) != description:
            gathered.lose(name)
    return Source(
        format="RSS",
        title=said.get("title") or said.get("itunes:title", ""),
        description=description,
        tree=tree,
        people=tuple(gathered.people),
        image=gathered.image or said.get("image", ""),
        owner=gathered.owner,
        locked=gathered.locked,
        trailers=tuple(gathered.trailers),
        entries=tuple(items),
        lost=tuple(gathered.lost),
        address=address,
        next=following,
    )


_TEXTS = frozenset({
    "title", "description", "language", "copyright", "itunes:title", "itunes:summary",
    "itunes:subtitle", "dc:language", "dc:rights", "tagline",
})  # fmt: skip
_CHANNEL = {
    "language": ("language", "dc:language"),
    "copyright": ("copyright", "dc:rights"),
}
_ABOUT = ("description", "itunes:summary", "itunes:subtitle")


def _link(url: str) -> dict[str, str]:
    return {"url": url} if url else {}


def _beside(root: Element, channel: Element) -> Iterator[tuple[str, Element]]:
    """In RSS 0.9 and 1.0 the items stand beside the channel."""
    if channel is not root:
        parent = channel.getparent()
        for name, element in children(root if parent is None else parent):
            if name in {"item", "image"}:
                yield name, element


def _item(element: Element) -> Entry:
    gathered, said = Gathered(ITEM), dict[str, str]()
    enclosures, others = [], []
    guid = attribute(element, "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    permalink = False
    for name, child in children(element):
        match name:
            case "enclosure":
                enclosures.append(_enclosed(child, "url", "length"))
            case "media:content" | "media:group":
                for one in child.iter():
                    if name_of(one) == "media:content":
                        others.append(_enclosed(one, "url", "fileSize"))
            case "guid":
                guid = guid or text_of(child)
                permalink = attribute(child, "isPermaLink").lower() != "false"
            case "category":
                gathered.tag(text_of(child))
            case "source" | "comments" | "author":
                gathered.lose(name)
            case "atom:link":
                if attribute(child, "rel") not in {"", "self", "alternate"}:
                    gathered.lose(f"atom:link rel={attribute(child, 'rel')}")
            case _ if name in _ITEM_TEXTS:
                if text := text_of(child):
                    said.setdefault(name, text)
            case _:
                if not gathered.take(name, child) and name not in _MADE_ANEW - {"pubDate"}:
                    gathered.lose(name)
    enclosure = next((one for one in enclosures if one.url), None)
    if enclosure is None:
        enclosure = next((one for one in others if one.type.startswith(_SOUND)), None)
    for one in enclosures:
        if enclosure is not None and one.url and one.url != enclosure.url:
            gathered.lose(f"enclosure {one.url}")
    link = said.get("link", "") or (guid if permalink and guid.startswith("http") else "")
    full = next((said[name] for name in _NOTES if name in said), "")
    summary = _summary(said, full, gathered)
    own = said.get("itunes:title", "")
    title = said.get("title", "") or own
    if own and own != title:
        gathered.lose("itunes:title")
    for name in ("itunes:author", "dc:creator"):
        if name in said:
            gathered.tree["author"] = gathered.tree.get("author") or said[name]
    if gathered.chapters:
        gathered.tree["chapters"] = gathered.chapters
    return Entry(
        guid=guid,
        title=title,
        date=None,
        date_text=said.get("pubDate", "") or said.get("dc:date", ""),
        enclosure=enclosure,
        link=link,
        duration=gathered.duration,
        notes=full,
        plain="<" not in full,
        summary=summary,
        chapters_url=gathered.chapters_url,
        texts=tuple(gathered.texts),
        people=tuple(gathered.people),
        image=gathered.image,
        tree=gathered.tree,
        lost=tuple(gathered.lost),
    )


_NOTES = ("content:encoded", "description", "itunes:summary", "googleplay:description")
_ITEM_TEXTS = frozenset({
    "title", "link", "pubDate", "dc:date", "itunes:title", "itunes:subtitle", "itunes:author",
    "dc:creator", *_NOTES,
})  # fmt: skip


def _summary(said: dict[str, str], full: str, gathered: Gathered) -> str:
    """One or two sentences, where the feed has them beside the notes."""
    summary = ""
    for name in ("itunes:subtitle", "description", "itunes:summary", "googleplay:description"):
        text = said.get(name, "")
        if not text or text == full or _plain(text) in _plain(full):
            continue
        if not summary and _plain(full):
            summary = text
        elif text != summary:
            gathered.lose(name)
    return summary


def _plain(text: str) -> str:
    """For comparing: the letters alone, without tags; a text that was cut off ends before."""
    letters, inside = [], False
    for sign in text:
        if sign == "<":
            inside = True
        elif sign == ">":
            inside = False
        elif not inside and sign.isalnum():
            letters.append(sign)
    return "".join(letters)


def _enclosed(element: Element, url: str, length: str) -> Enclosed:
    digits = attribute(element, length)
    return Enclosed(
        attribute(element, url),
        int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None,
        attribute(element, "type"),
    )
