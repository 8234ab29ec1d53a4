"""Elements that RSS and Atom share: those of Apple, of Podcasting 2.0 and of Podlove.

One element in, its key of our files out; what has no key is remembered by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from ..podcast.table import CHANNEL, CHILDREN, ITEM, TABLE
from .document import Element, name_of
from .record import Text, Tree

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(?:(\d{1,4}):)?(\d{1,6})(?:[.,]\d+)?", re.ASCII)
_YES = frozenset({"yes", "true", "explicit", "1"})
_NO = frozenset({"no", "false", "clean", "0", "notexplicit"})


def text_of(element: Element) -> str:
    """All words inside, without white space around them."""
    return "".join(element.itertext()).strip()


def attribute(element: Element, name: str) -> str:
    return (element.get(name) or "").strip()


def duration_of(text: str) -> timedelta | None:
    """From "SS", "MM:SS" or "HH:MM:SS"; None for anything else, and for nothing at all."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    one, two, seconds = (int(part) if part else None for part in found.groups())
    hours, minutes = (one, two) if two is not None else (0, one)
    time = timedelta(hours=hours or 0, minutes=minutes or 0, seconds=seconds or 0)
    return time if timedelta(0) < time < timedelta(days=30) else None


def answer(text: str) -> str | None:
    """ "true" or "false" from any of the words that directories have asked for."""
    word = text.strip().lower()
    return "true" if word in _YES else "false" if word in _NO else None


class Gathered:
    """What the elements of one channel or item have said so far."""

    def __init__(self, parent: str) -> None:
        self.parent = parent  #: "channel" or "item"
        self.tree: Tree = {}
        self.people: list[Tree] = []
        self.texts: list[Text] = []
        self.chapters_url = ""
        self.chapters: list[Tree] = []
        self.image = ""
        self.duration: timedelta | None = None
        self.owner = ("", "")
        self.locked = False
        self.trailers: list[str] = []
        self.lost: list[str] = []

    def put(self, key: str, value: object) -> None:
        """The first that says something counts, as in apps."""
        if value and key not in self.tree:
            self.tree[key] = value

    def add(self, key: str, value: object) -> None:
        if value:
            self.tree.setdefault(key, []).append(value)

    def lose(self, name: str) -> None:
        if name and name not in self.lost:
            self.lost.append(name)

    def take(self, name: str, element: Element) -> bool:
        """Take in an element of a shared namespace; False for one that is of none."""
        prefix, _, local = name.partition(":")
        if prefix == "itunes":
            return self._itunes(local, element)
        if prefix == "podcast":
            return self._podcast(local, element)
        if name == "psc:chapters":
            self._simple_chapters(element)
            return True
        return False

    # --- Apple ---------------------------------------------------------------------------

    def _itunes(self, local: str, element: Element) -> bool:
        text = text_of(element)
        match local:
            case "explicit":
                if said := answer(text):
                    self.put("explicit", said)
            case "image":
                self.image = attribute(element, "href") or text or self.image
            case "duration" if self.parent == ITEM:
                self.duration = duration_of(text)
                if text.strip(" 0:") and self.duration is None:
                    self.lose(f"itunes:duration {text[:20]}")
            case "season":
                self.put("season", {"number": text} if text else None)
            case "episode":
                self.put("episode", {"number": text} if text else None)
            case "episodeType":
                if text.lower() in {"trailer", "bonus"}:
                    self.put("episode_type", text.lower())
            case "keywords" if self.parent == ITEM:
                for word in re.split(r"[,;]", text):
                    self.tag(word)
            case "block":
                if text.lower() in {"yes", "true"}:
                    self.put("block", "true")
            case "author" if self.parent == CHANNEL:
                self.put("author", text)
            case "owner":
                said = {name_of(child): text_of(child) for child in element}
                self.owner = said.get("itunes:name", ""), said.get("itunes:email", "")
            case "type":
                self.put("type", text.lower())
            case "complete":
                if text.lower() == "yes":
                    self.put("complete", "true")
            case "category":
                self._category(element)
            case _:
                return False
        return True

    def tag(self, word: str) -> None:
        word = " ".join(word.split())
        if word and word not in self.tree.get("tags", ()):
            self.add("tags", word)

    def _category(self, element: Element) -> None:
        top = attribute(element, "text")
        below = [attribute(child, "text") for child in element.iter() if child is not element]
        for name in [f"{top} > {sub}" for sub in below if sub] or [top]:
            if name and name not in self.tree.get("categories", ()):
                self.add("categories", name)

    # --- Podcasting 2.0 ------------------------------------------------------------------

    def _podcast(self, local: str, element: Element) -> bool:
        rule = TABLE.get(local)
        if rule is None or self.parent not in rule.parents:
            return False
        text = text_of(element)
        said = {name: value.strip() for name, value in element.attrib.items()}
        known = {one.name for one in rule.attributes}
        for other in said.keys() - known:
            self.lose(f"podcast:{local} {_local(other)}=")
        said = {name: value for name, value in said.items() if name in known and value}
        match rule.keys.get(self.parent):
            case "people":
                person = {"name": text, "role": said.get("role", "host").lower()}
                person |= {"url": said["href"]} if "href" in said else {}
                person |= {"image": said["img"]} if "img" in said else {}
                self.people.append(person)
            case "transcripts":
                captions = said.get("rel") == "captions"
                self.texts.append(Text(
                    said.get("url", ""), said.get("type", ""), said.get("language", ""), captions
                ))  # fmt: skip
            case "chapters":
                self.chapters_url = said.get("url", "")
            case "season":
                # it may say more than itunes:season, which may have come first
                self.tree["season"] = _but_empty(number=text, name=said.get("name"))
            case "episode":
                self.tree["episode"] = _but_empty(number=text, display=said.get("display"))
            case "soundbites":
                self.add("soundbites", _but_empty(
                    start=_clock(said.get("startTime", "")),
                    duration=_clock(said.get("duration", "")), title=text,
                ))  # fmt: skip
            case "location":
                self.add("location", {"name": text, **said})
            case "license":
                self.put("license", {"name": text, **said})
            case "alternates":
                self.add("alternates", self._alternate(element, said))
            case "funding":
                self.add("funding", {"url": said.get("url", ""), "text": text or "…"})
            case "guid":
                self.put("guid", text)
            case "medium":
                self.put("medium", text)
            case "locked":
                self.locked = text.lower() == "yes"
                self.put("locked", answer(text))
            case "trailer":
                self.trailers.append(said.get("url", ""))
            case "update_frequency":
                self.put("update_frequency", {"text": text, **said})
            case "publisher":
                for item in element:
                    told = {name: value.strip() for name, value in item.attrib.items()}
                    self.put("publisher", _but_empty(
                        guid=told.get("feedGuid"), url=told.get("feedUrl"), title=told.get("title")
                    ))  # fmt: skip
            case _:
                self.add("podcast", self._listed(local, element, said))
        return True

    def _listed(self, local: str, element: Element, said: Tree) -> Tree:
        """An entry of the list `podcast:`."""
        entry: Tree = {"tag": local, **said}
        rule = TABLE[local]
        if rule.text is not None and (text := text_of(element)):
            entry["text"] = text
        children = []
        for child in element:
            prefix, _, inner = name_of(child).partition(":")
            if prefix != "podcast" or inner not in CHILDREN[local]:
                self.lose(f"podcast:{local} <{name_of(child)}>")
                continue
            known = {one.name for one in TABLE[inner].attributes}
            told = {key: one.strip() for key, one in child.attrib.items() if key in known}
            for other in child.attrib.keys() - known:
                self.lose(f"podcast:{inner} {_local(other)}=")
            children.append(self._listed(inner, child, told))
        if children:
            entry["children"] = children
        return entry

    def _alternate(self, element: Element, said: Tree) -> Tree:
        """A rendition stays where it is, as a stream does: its facts are the feed's."""
        uris = []
        for child in element:
            if name_of(child) == "podcast:source" and (uri := attribute(child, "uri")):
                uris.append(_but_empty(uri=uri, type=attribute(child, "contentType")))
            elif name_of(child):
                self.lose(f"podcast:alternateEnclosure <{name_of(child)}>")
        for name in ("length", "bitrate", "height"):
            if name in said:
                self.lose(f"podcast:alternateEnclosure {name}=")
        return _but_empty(
            uris=uris, type=said.get("type"), title=said.get("title"), rel=said.get("rel"),
            language=said.get("lang"), codecs=said.get("codecs"), default=said.get("default"),
        )  # fmt: skip

    # --- Podlove -------------------------------------------------------------------------

    def _simple_chapters(self, element: Element) -> None:
        for child in element:
            start = attribute(child, "start")
            if name_of(child) == "psc:chapter" and start:
                self.chapters.append(_but_empty(
                    start=_clock(start), title=attribute(child, "title") or "…",
                    url=attribute(child, "href"), image=attribute(child, "image"),
                ))  # fmt: skip


def _but_empty(**values: object) -> Tree:
    return {key: value for key, value in values.items() if value}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _clock(text: str) -> str:
    """A time inside a recording as our files have it, from seconds or a clock; else as it is."""
    parts = text.strip().split(":")
    try:
        if not 0 < len(parts) < 4 or any(float(part) < 0 for part in parts):
            return text
        seconds = 0.0
        for part in parts:
            seconds = seconds * 60 + float(part)
        milliseconds = round(seconds * 1000)
    except (ValueError, OverflowError):
        return text
    if milliseconds >= 10**10:
        return text
    whole, rest = divmod(milliseconds, 1000)
    hours, minutes = whole // 3600, whole % 3600 // 60
    clock = f"{hours}:{minutes:02}" if hours else f"{minutes:02}"
    return f"{clock}:{whole % 60:02}" + (f".{rest:03}" if rest else "")


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """The elements inside, each with its name."""
    for child in element:
        if name := name_of(child):
            yield name, child
