"""Addresses on pages: relative where they stay below the site, and never of another scheme.

The policy of a page names the hosts that its own recording and artwork come from, and no other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from ...formats import is_remote, source_url
from ...model import Site

_HOST = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?"
_ORIGIN = re.compile(rf"(https?://{_HOST})(?:[/?#]|$)", re.I)


def web(url: str | None) -> str | None:
    """The address if it leads to a host of the web; None for anything else."""
    return url if url is not None and _ORIGIN.match(url) else None


def host(url: str) -> str:
    """Whom a web address leads to, as people name it."""
    return url.partition("://")[2].partition("/")[0].removeprefix("www.") or url


def address(site: Site, root: str, source: str) -> str | None:
    """Where a source is, seen from a page; `root` is the way from there to the site's address."""
    if ":" in source:  # never in the name of a file
        return web(source)
    url, base = source_url(site, source), site.base_url
    return root + url[len(base) :] if url.startswith(base) else url


def mail(address: str) -> str:
    """The link to an e-mail address (RFC 6068)."""
    return "mailto:" + quote(address, safe="@!$'*+-./^_`{|}~")


def policy(site: Site, image: str | None = None, media: str | None = None) -> Markup:
    """The Content-Security-Policy of a page that shows the source `image` and plays `media`.

    What a page does not need is forbidden.
    """
    return _policy(site, _elsewhere(image), _elsewhere(media))


def _elsewhere(source: str | None) -> str:
    return source if source and is_remote(source) else ""


@lru_cache(maxsize=1024)
def _policy(site: Site, image: str, media: str) -> Markup:
    own = [] if site.media_base_url.startswith(site.base_url) else _origin(site.media_base_url)
    images = " ".join(dict.fromkeys(["'self'", *own, *_origin(image)]))
    # a host may send players on to another, whose name nobody knows beforehand
    playable = [media.partition("://")[0].lower() + ":"] if _origin(media) else []
    players = " ".join(["'self'", *own, *playable])
    # no character of these would mean anything else in an attribute in double quotes
    return Markup(
        f"default-src 'none'; style-src 'self'; img-src {images}; media-src {players}; "
        "base-uri 'none'; form-action 'none'"
    )


def _origin(url: str) -> list[str]:
    """Scheme, host and port of an address; of an IPv6 host, which a policy cannot name, the scheme
    (Content Security Policy Level 3, section 2.3.1)."""
    found = _ORIGIN.match(url)
    if not found:
        return []
    origin = found.group(1)
    return [origin.partition("//")[0].lower() if "[" in origin else origin]
