"""Show notes on a page: their headings below the page's own, and nothing loaded from elsewhere.

The notes are HTML that a sanitiser wrote, and are read as it writes it: names in lower case,
values in double quotes and without any inside.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from ...model import Site

_TAG = re.compile(r'<(/?)(h[2-4]|a|img|ol)((?: [a-z]+="[^"]*")*) ?/?>')
_EMPTY = re.compile(r'<(a|h[3-6])(?: [a-z]+="[^"]*")*></\1>')
_ADDRESS = re.compile(r' (href|src)="([^"]*)"')
_ALT = re.compile(r' alt="([^"]*)"')


def on_page(notes: str, site: Site, root: str, level: int) -> Markup:
    """The notes below a heading of `level`; `root` is the way to the site's address.

    Addresses below the site become relative. A picture from elsewhere becomes a link to it.
    Headings follow each other without a gap, wherever those of the notes begin.
    """
    if not any(sign in notes for sign in ("<h", "<a", "<img")):
        return Markup(notes)
    headings: list[int] = []
    latest, in_link = level, False

    def put(match: re.Match[str]) -> str:
        nonlocal latest, in_link
        end, tag, attributes = match.groups()
        if tag == "ol":
            return match.group()
        if tag == "a":
            in_link = not end
            return match.group() if end else f"<a{_relative(attributes, site, root)}>"
        if tag == "img":
            return _picture(_relative(attributes, site, root), in_link)
        if end:
            return f"</h{headings.pop()}>" if headings else ""
        latest = min(level + int(tag[1]) - 1, latest + 1)
        headings.append(latest)
        return f"<h{latest}>"

    html = _TAG.sub(put, notes)
    if "></a>" in html or "></h" in html:  # a link or a heading without words says nothing
        html = _EMPTY.sub("", html)
    return Markup(html)


def _escaped(text: str) -> str:
    return str(escape(text))


def _relative(attributes: str, site: Site, root: str) -> str:
    base = _escaped(site.base_url)
    if base not in attributes:
        return attributes

    def shortened(match: re.Match[str]) -> str:
        name, url = match.groups()
        rest = url.removeprefix(base)
        # "//host" or "a:b" would lead elsewhere once it stands alone
        if rest == url or rest.startswith("/") or ":" in rest.partition("/")[0]:
            return match.group()
        return f' {name}="{root}{rest}"' if root + rest else f' {name}="./"'

    return _ADDRESS.sub(shortened, attributes)


def _picture(attributes: str, in_link: bool) -> str:
    alt = _ALT.search(attributes)
    words = alt.group(1) if alt else ""
    found = _ADDRESS.search(attributes)
    if not found:
        return words
    url = found.group(2)
    if "://" not in url and not url.startswith("//"):
        return f"<img{attributes}>" if alt else f'<img{attributes} alt="">'
    words = words if words.strip() else url
    return words if in_link else f'<a href="{url}">{words}</a>'
