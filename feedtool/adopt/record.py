"""What a feed says, whatever its format: values that the readers make and the writers take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ..declare import dataclass

Tree = dict[str, Any]
"""Keys as our files have them, every scalar a text (read/yaml_tree.py)."""


XML_SPACE = " \t\r\n"

_SPACE = re.compile(r"[ \t\r\n\f]+")


def one_line(text: str) -> str:
    """As apps show a title: line ends are spaces. Other spaces, such as U+00A0, stay."""
    return _SPACE.sub(" ", text).strip(" ")


class Why(NamedTuple):
    """A reason in words: a template and its parameters."""

    template: str
    params: Mapping[str, object] = {}

    @property
    def english(self) -> str:
        return self.template.format(**self.params) if self.params else self.template


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The media file of an entry, as the feed describes it."""

    url: str  #: as written
    length: int | None  #: bytes; None = not stated, or no number
    type: str  #: MIME type, "" = not stated


@dataclass(frozen=True, slots=True)
class Text:
    """A transcript at another address (podcast:transcript)."""

    url: str
    type: str
    language: str = ""
    captions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One episode of a feed. "" stands for what is not stated."""

    guid: str  #: exactly as it stands, without spaces and line ends around it
    title: str
    date: datetime | None  #: aware; None = not stated, or not readable
    date_text: str
    enclosure: Enclosed | None
    link: str = ""
    duration: timedelta | None = None
    notes: str = ""  #: HTML, as found
    plain: bool = False  #: the notes are text and no HTML
    summary: str = ""  #: HTML, of which the words are taken
    chapters_url: str = ""
    texts: tuple[Text, ...] = ()
    people: tuple[Tree, ...] = ()
    image: str = ""
    tree: Tree = field(default_factory=dict)  #: everything else, as an episode file has it
    lost: tuple[str, ...] = ()  #: what has no place in our files, by the names of the format


class Trailer(NamedTuple):
    """A recording that announces the series (podcast:trailer). "" stands for what is not stated."""

    url: str
    title: str
    season: str
    date_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document of a feed: a page of it, or all."""

    format: str  #: "RSS", "Atom", "JSON Feed"
    title: str
    description: str  #: HTML, of which the words are taken
    tree: Tree  #: everything else, as series.yaml has it
    people: tuple[Tree, ...] = ()
    image: str = ""
    owner: tuple[str, str] = ("", "")  #: name and e-mail
    locked: bool = False  #: the other host asks not to be imported
    trailers: tuple[Trailer, ...] = ()
    entries: tuple[Entry, ...]
    lost: tuple[str, ...] = ()
    address: str = ""  #: its own, as it says itself
    next: str = ""  #: of the next page, or of the archive before this one (RFC 5005)
    repaired: bool = False  #: it is not well-formed; what could be read was
