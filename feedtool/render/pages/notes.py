"""Show notes on a page: their headings below the page's own, and nothing loaded from elsewhere.

The notes are HTML that a sanitiser wrote, and are read as it writes it: names in lower case,
values in double quotes and without any inside, and no "<" but those of tags.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from ...model import Site
from .addresses import host

_ATTRIBUTES = '(?: [a-z]+="[^"]*")*'
_HEADING = re.compile(f"<(/?)h([2-4]){_ATTRIBUTES}>")
_LINK_OR_PICTURE = re.compile(f"<(/?)(a|img)({_ATTRIBUTES}) ?/?>")
_SCROLLED = '<div class="scrolled" tabindex="0" role="group" aria-labelledby="about">'
_EMPTY = re.compile(rf"<(a|b|i|em|strong|code|h[2-4]){_ATTRIBUTES}>(?:\s|&nbsp;)*</\1>")
_LINK = re.compile(f"<a({_ATTRIBUTES})>(.*?)</a>", re.DOTALL)
_NAME = re.compile(r' title="[^"]*[^"\s]')
_HREF = re.compile(r' href="([^"]+)"')
_SOURCE = re.compile(r' src="([^"]*)"')
_TAG = re.compile(f"</?[a-z0-9]+{_ATTRIBUTES} ?/?>")
_ALT = re.compile(r' alt="([^"]*)"')


def on_page(notes: str, site: Site, root: str, level: int) -> Markup:
    """The notes below a heading of `level`; `root` is the way to the site's address.

    Addresses below the site become relative. A picture becomes a link, unless it is below the site
    or where the site's media are. A link of which a picture without words is all goes by the name
    of its host (WCAG 2.4.4).
    Headings follow each other without a gap, wherever those of the notes begin. A table scrolls by
    itself, also by keys (WCAG 1.4.10, 2.1.1); "about" is the heading that the notes stand under.
    """
    html = notes
    if "<a" in html and "<img" in html:
        html = _LINK.sub(_named, html)
    if "<a" in html or "<img" in html:
        html = _below(site.base_url).sub(lambda found: _relative(found, root), html)
    if "<img" in html:
        html = _with_own_pictures(html, str(escape(site.media_base_url)))
    while _EMPTY.search(html):  # a link or a heading without words says nothing
        html = _EMPTY.sub(" ", html)
    if "<h" in html:
        html = _with_headings_below(html, level)
    if "<table>" in html:
        html = html.replace("<table>", _SCROLLED + "<table>").replace("</table>", "</table></div>")
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
        end, own = found.groups()
        if end:
            return f"</h{headings.pop()}>" if headings else ""
        latest = min(level + int(own) - 1, latest + 1)
        headings.append(latest)
        return f"<h{latest}>"

    return _HEADING.sub(put, html)


def _named(link: re.Match[str]) -> str:
    """The link, with words for its first picture if there are none in it."""
    attributes, inside = link.groups()
    href, pictures = _HREF.search(attributes), list(_LINK_OR_PICTURE.finditer(inside))
    alts = [alt.group(1) for one in pictures if (alt := _ALT.search(one.group(3)))]
    said = "".join([*alts, _TAG.sub("", inside)]).replace("&nbsp;", " ")
    if said.strip() or not pictures or not href or _NAME.search(attributes):
        return link.group()
    start, end = pictures[0].span()
    picture = f'<img alt="{host(href.group(1))}"{_ALT.sub("", pictures[0].group(3))}>'
    return f"<a{attributes}>{inside[:start]}{picture}{inside[end:]}</a>"


def _with_own_pictures(html: str, media: str) -> str:
    in_link = False

    def put(found: re.Match[str]) -> str:
        nonlocal in_link
        end, tag, attributes = found.groups()
        if tag == "img":
            return _picture(attributes, in_link, media)
        in_link = not end
        return found.group()

    return _LINK_OR_PICTURE.sub(put, html)


def _picture(attributes: str, in_link: bool, media: str) -> str:
    alt = _ALT.search(attributes)
    words = alt.group(1) if alt else ""
    found = _SOURCE.search(attributes)
    if not found:
        return words
    url = found.group(1)
    if url.startswith(media) or ("://" not in url and not url.startswith("//")):
        return f"<img{attributes}>" if alt else f'<img{attributes} alt="">'
    words = words if words.strip() else url
    return words if in_link else f'<a href="{url}">{words}</a>'
