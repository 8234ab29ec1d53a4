"""What the feed says of a recording, before its server is asked (RSS-21 to 24, URI-03)."""

from __future__ import annotations

from ..formats import is_web_address
from ..language import N_
from ..pattern import pattern
from ..session import shown
from .aspect import Words, as_it_is, words
from .feed import Item
from .web import number

_TYPE = pattern(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")


def enclosure_fault(item: Item) -> Words | None:
    """The first thing that is wrong with it; None = nothing, or the episode has no recording."""
    if not item.enclosures:
        return None
    if item.enclosures > 1:
        return words(N_("{name} {count} times"), name="enclosure", count=item.enclosures)
    said = {"url": item.stated_url, "length": item.length, "type": item.type}
    if missing := [name for name, text in said.items() if not text]:
        return words(N_("without {names}"), names=", ".join(missing))
    right = {
        # Apple does not fetch å and spaces; %C3%A5 and %20 it does
        "url": item.stated_url.isascii() and is_web_address(item.stated_url),
        "length": number(item.length) is not None,
        "type": bool(_TYPE.fullmatch(item.type)),
    }
    said["url"] = shown(item.stated_url)
    wrong = [f'{name}="{said[name]}"' for name, ok in right.items() if not ok]
    return as_it_is(" ".join(wrong), 400) if wrong else None
