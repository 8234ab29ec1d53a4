"""Names of files below media/ in the notes of an episode: of what links and pictures lead to.

They are found as they may be written in Markdown or HTML; everything else keeps its bytes.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ..model import Site
from .source import Source

if TYPE_CHECKING:
    from ..read.yaml_tree import Tree

_FURTHEST = 500
"""Signs of an address before the name."""

_EDGE = re.compile(r"""[\s"'<>()\[\]=]""")
_END = r"""(?=$|[\s"'<>()\[\]?#])"""


def site_of(tree: Tree) -> Site | None:
    """The addresses that the keys of feedtool.yaml state; None when there are none."""
    base = tree.get("base_url") if isinstance(tree, dict) else None
    if not isinstance(base, str) or not base:
        return None
    base = base.rstrip("/") + "/"
    media = tree.get("media_base_url")
    media = media if isinstance(media, str) and media else base + "media/"
    return Site(base_url=base, media_base_url=media.rstrip("/") + "/")


def with_name_in_notes(source: Source, old: str, new: str, site: Site) -> Source | None:
    """The episode file with another name below media/ in its notes, wherever they lead to it.

    None when it is written there in no way that is known.
    """
    page = site.page(*source.file.removeprefix("episodes/").removesuffix(".md").split("/"))
    notes, at = source.rest, 0
    parts = [source.text[: len(source.text) - len(notes)]]
    for found in re.finditer(_spelled(old) + _END, notes):
        start = found.start()
        before = _EDGE.split(notes[max(at, start - _FURTHEST) : start])[-1]
        try:
            leads_there = urljoin(page, before + new) == site.media_base_url + new
        except ValueError:  # such as "//[": no address at all
            continue
        if leads_there:
            parts += [notes[at:start], new]
            at = found.end()
    return Source(source.file, "".join([*parts, notes[at:]])) if at else None


def _spelled(name: str) -> str:
    """A pattern for a name, its signs as addresses, Markdown and HTML may write them."""
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    return f"(?:{'|'.join(''.join(map(_sign, form)) for form in sorted(forms))})"


def _sign(sign: str) -> str:
    octets = "".join(f"%{octet:02x}" for octet in sign.encode())
    forms = {re.escape(sign), re.escape(escape(sign)), f"(?i:{octets})"}
    if not sign.isalnum():
        forms.add(rf"\\{re.escape(sign)}")
    return f"(?:{'|'.join(sorted(forms))})"
