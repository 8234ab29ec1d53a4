"""Addresses in a feed that say only a part: whole ones in their place (RFC 3986, 5; XML Base)."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from .document import Element, name_of

_ATTRIBUTES = ("url", "href", "img", "src", "uri", "image")
_TEXTS = frozenset({"link", "url", "itunes:image", "atom:logo", "atom:icon"})
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def make_whole(root: Element, base: str) -> None:
    """Change the tree of a document from `base`, "" for one without an address.

    A guid stays what it is, whatever it looks like.
    """
    if base:
        root.getroottree().docinfo.URL = base  # where `Element.base` begins
    for element in root.iter():
        for name in _ATTRIBUTES if element.attrib else ():
            if said := element.get(name):
                element.set(name, _whole(str(said).strip(), element))
        if element.text and name_of(element) in _TEXTS:
            element.text = _whole(element.text.strip(), element)


def _whole(url: str, element: Element) -> str:
    if not url or url.startswith("#") or _WHOLE.match(url):
        return url
    try:
        return urljoin(element.base or "", url)
    except ValueError:
        return url
