"""What the elements of one channel or item have said so far, in the keys of our files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from .document import Element, name_of
from .record import XML_SPACE, Text, Trailer, Tree
from .tolerant import as_windows_1252


class Gathered:
    """Filled element by element; what has no place is remembered by name."""

    def __init__(self, parent: str) -> None:
        self.parent = parent  #: "channel" or "item"
        self.tree: Tree = {}
        self.people: list[Tree] = []
        self.texts: list[Text] = []
        self.chapters_url = ""
        self.image = ""
        self.duration: timedelta | None = None
        self.owner = ("", "")
        self.locked = False
        self.trailers: list[Trailer] = []
        self.lost: list[str] = []

    def put(self, key: str, value: object) -> None:
        """The first that says something counts, as in apps."""
        if value and key not in self.tree:
            self.tree[key] = value

    def add(self, key: str, value: object) -> None:
        """One more entry of a list, if it says something new."""
        if value and value not in self.tree.get(key, ()):
            self.tree.setdefault(key, []).append(value)

    def tag(self, word: str) -> None:
        self.add("tags", " ".join(word.split()))

    def related(self, link: Element) -> None:
        """A page that belongs to it, as feedtool's own feeds name those of `links:`."""
        if url := attribute(link, "href"):
            self.add("links", {"url": url} | but_empty(title=attribute(link, "title")))

    def artwork(self, image: str) -> str:
        """The picture that stands for it all; a podcast:image of the same only says more of it."""
        listed = self.tree.pop("podcast", [])
        same = [one for one in listed if one["tag"] == "image" and one.get("href") == image]
        for one in same:
            self.put("image_alt", one.get("alt"))
            if (purpose := one.get("purpose", "artwork")) != "artwork":
                self.lose(f"podcast:image purpose={purpose}")
        self.tree |= but_empty(podcast=[one for one in listed if one not in same])
        return image

    def lose(self, name: str) -> None:
        if name and name not in self.lost:
            self.lost.append(name)


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """The elements inside, each with its name."""
    for child in element:
        if name := name_of(child):
            yield name, child


def text_of(element: Element) -> str:
    """All words inside, without white space around them."""
    return as_windows_1252("".join(map(str, element.itertext()))).strip()


def identity_of(element: Element) -> str:
    """A guid, to the letter: only what XML calls white space (2.3) is not a part of it."""
    return "".join(map(str, element.itertext())).strip(XML_SPACE)


def attribute(element: Element, name: str) -> str:
    return str(element.get(name) or "").strip()


def attributes(element: Element) -> dict[str, str]:
    """Those that say something; names without their namespaces."""
    said = {str(name).rpartition("}")[2]: str(value).strip() for name, value in element.items()}
    return {name: value for name, value in said.items() if value}


def but_empty(**values: object) -> Tree:
    return {key: value for key, value in values.items() if value}
