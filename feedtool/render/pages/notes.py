"""Show notes on a page: their headings below the page's own, and nothing loaded from elsewhere.

The notes are HTML that a sanitiser wrote, and are read as it writes it: names in lower case,
values in double quotes and without any inside, and no "<" but those of tags.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from ...formats import UNSEEN
from ...model import Site
from .addresses import host

_ATTRIBUTES = '(?: [a-z]+="[^"]*")*'
_HEADING = re.compile(f"<(/?)h([2-4])({_ATTRIBUTES})>")
_LINK_OR_PICTURE = re.compile(f"<(/?)(a|img)({_ATTRIBUTES}) ?/?>")
_SCROLLED = '<div class="scrolled" tabindex="0" role="group" aria-labelledby="about">'
_GAP = rf"(?:[\s{UNSEEN}]|&nbsp;|<br>)"
_EMPTY = re.compile(rf"<(a|b|i|em|strong|code|h[2-4]){_ATTRIBUTES}>({_GAP}*)</\1>")
_TABLE = re.compile(f"<table{_ATTRIBUTES}>")
_EMPTY_HEADER = re.compile(f"<th{_ATTRIBUTES}>{_GAP}*</th>")
_LINK = re.compile(f"<a({_ATTRIBUTES})>(.*?)</a>", re.DOTALL)
_TAG = re.compile(f"</?[a-z0-9]+{_ATTRIBUTES} ?/?>")
_NOTHING = re.compile(rf"(?:{_GAP}|</?(?!img|br>)[a-z0-9]+{_ATTRIBUTES}>)*\Z")
_ATTRIBUTE = re.compile(' ([a-z]+)="([^"]*)"')


def on_page(notes: str, site: Site, root: str, level: int) -> Markup:
    """The notes below a heading of `level`; `root` is the way to the site's address. Nothing, where
    there is nothing to see.

    Addresses below the site become relative. A picture becomes a link, unless it is below the site
    or where the site's media are. A link of which a picture without words is all goes by the name
    of its host (WCAG 2.4.4).
    Headings follow each other without a gap, wherever those of the notes begin. A table scrolls by
    itself, also by keys (WCAG 1.4.10, 2.1.1); "about" is the heading that the notes stand under.
    """
    if _NOTHING.match(notes):
        return Markup()
    html = notes
    if "<a" in html and "<img" in html:
        html = _LINK.sub(_named, html)
    if "<a" in html or "<img" in html:
        html = _below(site.base_url).sub(lambda found: _relative(found, root), html)
    if "<img" in html:
        html = _with_own_pictures(html, (root, str(escape(site.media_base_url))))
    while _EMPTY.search(html):  # a link or a heading without words says nothing
        html = _EMPTY.sub(_left, html)
    if "<h" in html:
        html = _with_headings_below(html, level)
    if "<table" in html:
        html = _EMPTY_HEADER.sub("<td></td>", html)  # the corner of a table is above nothing
        html = _TABLE.sub(rf"{_SCROLLED}\g<0>", html).replace("</table>", "</table></div>")
    return Markup(html)


@lru_cache(maxsize=64)
def _below(base_url: str) -> re.Pattern[str]:
    """An address below the site that can stand alone: "//host" or "a:b" would lead elsewhere."""
    base = re.escape(str(escape(base_url)))
    return re.compile(
        rf'(<(?:a|img)(?: [a-z]+="[^"]*")*? (?:href|src)="){base}(?!/|[^/":]*:)([^"]*)"'
    )


def _relative(found: re.Match[str], root: str) -> str:
    tag, rest = found.groups()
    return f'{tag}{root + rest or "./"}"'


def _with_headings_below(html: str, level: int) -> str:
    headings: list[int] = []
    latest = level

    def put(found: re.Match[str]) -> str:
        nonlocal latest
        end, own, attributes = found.groups()
        if end:
            return f"</h{headings.pop()}>" if headings else ""
        latest = min(level + int(own) - 1, latest + 1)
        headings.append(latest)
        return f"<h{latest}{attributes}>"

    return _HEADING.sub(put, html)


def _left(empty: re.Match[str]) -> str:
    """What stays of an element without words: where a line ends in it, unless a heading does."""
    tag, inside = empty.groups()
    return "<br>" if "<br>" in inside and tag not in {"h2", "h3", "h4"} else " "


def _read(attributes: str) -> dict[str, str]:
    """Attributes by name, each as it is written: a title may look like one, too."""
    return dict(_ATTRIBUTE.findall(attributes))


def _named(link: re.Match[str]) -> str:
    """The link, with words for its first picture if there are none in it."""
    attributes, inside = link.groups()
    own, found = _read(attributes), list(_LINK_OR_PICTURE.finditer(inside))
    pictures = [_read(one.group(3)) for one in found]
    alts = [one.get("alt", "") for one in pictures]
    said = "".join([*alts, _TAG.sub("", inside)]).replace("&nbsp;", " ")
    href, title = own.get("href"), own.get("title", "")
    if said.strip() or not found or not href or title.strip():
        return link.group()
    start, end = found[0].span()
    rest = "".join(f' {name}="{value}"' for name, value in pictures[0].items() if name != "alt")
    picture = f'<img alt="{host(href)}"{rest}>'
    return f"<a{attributes}>{inside[:start]}{picture}{inside[end:]}</a>"


def _with_own_pictures(html: str, own: tuple[str, ...]) -> str:
    """The notes with links in the place of pictures whose address does not begin as our `own`.

    A browser goes elsewhere by "https:a.example" and "https:\\\\a.example", too.
    """
    in_link = False

    def put(found: re.Match[str]) -> str:
        nonlocal in_link
        end, tag, attributes = found.groups()
        if tag == "img":
            return _picture(attributes, in_link, own)
        in_link = not end
        return found.group()

    return _LINK_OR_PICTURE.sub(put, html)


def _picture(attributes: str, in_link: bool, own: tuple[str, ...]) -> str:
    read = _read(attributes)
    words, url = read.get("alt", ""), read.get("src")
    if url is None:
        return words
    if url.startswith(own):
        return f"<img{attributes}>" if "alt" in read else f'<img{attributes} alt="">'
    words = words if words.strip() else url
    return words if in_link else f'<a href="{url}">{words}</a>'
