"""series.yaml from what a feed says of itself."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from html import unescape
from uuid import UUID

from ..language import N_
from ..read.catalog import Catalog
from ..scaffold.yaml_lines import yaml_lines
from .chain import Whole
from .fitting import Unfit, fit_series
from .notes import plain_text
from .record import Tree, Why, one_line

_ORDER = (
    "title", "description", "author", "language", "guid", "medium", "type", "explicit",
    "categories", "image", "image_alt", "people", "links", "copyright", "license", "location",
    "locked", "funding", "complete", "block", "trailer", "update_frequency", "publisher",
    "podcast",
)  # fmt: skip
_SIGN = re.compile(r"^(?:copyright|\(c\)|©|℗|&copy;|&#169;|&#xa9;|\s)+", re.I)
_HREF = re.compile(r"""<a\s[^>]*?\bhref\s*=\s*["']?\s*([^\s"'>]+)""", re.I)
_SCHEMA = "# yaml-language-server: $schema=../../.schemas/series.json\n"


def series_keys(
    whole: Whole, catalog: Catalog, image: str, trailers: tuple[str, ...]
) -> tuple[Tree, list[Unfit]]:
    """The keys of series.yaml, and what had to be left out. `image` is a name or an address."""
    source = whole.source
    tree: Tree = dict(source.tree)
    left: list[Unfit] = []
    tree["title"] = one_line(source.title) or "…"
    words = plain_text(source.description)
    tree["description"] = words or None
    left += _links(source.description, words, {one["url"] for one in tree.get("links", ())})
    if said := tree.get("copyright"):
        tree["copyright"] = _SIGN.sub("", said)
    tree["guid"] = _guid(tree.get("guid", ""), left) or whole.guid
    tree["image"] = image or None
    tree["people"] = list(source.people) or None
    tree["trailer"] = list(trailers) or None
    keys, unfit = fit_series({key: tree[key] for key in _ORDER if tree.get(key)})
    left += unfit
    for key in tree.keys() - set(_ORDER):
        left.append(Unfit(key, str(tree[key])[:100], Why(N_("a series has no such key"))))
    if lost := _owner(whole, catalog):
        left.append(lost)
    return keys, left


def _guid(said: str, left: list[Unfit]) -> str:
    """The podcast:guid in its only form, without braces or capitals; "" for what is no UUID."""
    try:
        guid = str(UUID(said))
    except ValueError:
        if said:
            left.append(Unfit("podcast:guid", said[:100], Why(
                N_("it is no UUID; directories know such a feed by one made of its address")
            )))  # fmt: skip
        return ""
    if guid != said.lower():
        left.append(Unfit("podcast:guid", said, Why(
            N_("the same UUID, as all apps write it, is {guid}"), {"guid": guid}
        )))  # fmt: skip
    return guid


def _links(html: str, words: str, listed: Container[str]) -> Iterator[Unfit]:
    """Links of a description whose addresses stand nowhere else."""
    for found in dict.fromkeys(_HREF.findall(html)):
        url = unescape(found)
        if url not in words and url not in listed:
            yield Unfit("description", url[:100], Why(
                N_("the description of a series is words alone: name the page in links:")
            ))  # fmt: skip


def _owner(whole: Whole, catalog: Catalog) -> Unfit | None:
    """The owner stands in feedtool.yaml, for all series."""
    name, mail = whole.source.owner
    own = catalog.keys.owner
    if not (name or mail) or (own and (own.name, own.email) == (name, mail)):
        return None
    return Unfit("itunes:owner", f"{name} <{mail}>", Why(
        N_("feedtool.yaml says who answers for all series (owner:)")
    ))  # fmt: skip


def series_text(keys: Tree) -> str:
    """The file."""
    return _SCHEMA + yaml_lines(keys)
