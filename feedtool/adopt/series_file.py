"""series.yaml from what a feed says of itself."""

from __future__ import annotations

import re

from ..language import N_
from ..read.resolve import Catalog
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
_SCHEMA = "# yaml-language-server: $schema=../../.schemas/series.json\n"


def series_keys(
    whole: Whole, catalog: Catalog, image: str, trailers: tuple[str, ...]
) -> tuple[Tree, list[Unfit]]:
    """The keys of series.yaml, and what had to be left out. `image` is a name or an address."""
    source = whole.source
    tree: Tree = dict(source.tree)
    tree["title"] = one_line(source.title) or "…"
    tree["description"] = plain_text(source.description) or None
    if said := tree.get("copyright"):
        tree["copyright"] = _SIGN.sub("", said)
    if not tree.get("guid"):
        tree["guid"] = whole.guid
    tree["image"] = image or None
    tree["people"] = list(source.people) or None
    tree["trailer"] = list(trailers) or None
    keys, left = fit_series({key: tree[key] for key in _ORDER if tree.get(key)})
    for key in tree.keys() - set(_ORDER):
        left.append(Unfit(key, str(tree[key])[:100], Why(N_("a series has no such key"))))
    if lost := _owner(whole, catalog):
        left.append(lost)
    return keys, left


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
