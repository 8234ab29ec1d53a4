"""Addresses on pages: relative where they stay below the site, and never of another scheme.

The policy of a page lets it ask other hosts only for its own recording and pictures.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from ...formats import is_remote, source_url
from ...model import Site

_HOST = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?"
_LOGIN = r"(?:[A-Za-z0-9._~%!$&'()*+,;=:-]+@)?"  # RFC 3986, section 3.2.1
_WEB = re.compile(rf"https?://{_LOGIN}{_HOST}(?:[/?#]|$)", re.I)


def web(url: str | None) -> str | None:
    """The address if it leads to a host of the web; None for anything else."""
    return url if url is not None and _WEB.match(url) else None


def host(url: str) -> str:
    """Whom a web address leads to, as people name it."""
    authority = re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0]
    return authority.rpartition("@")[2].removeprefix("www.") or url


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
    own = [] if site.media_base_url.startswith(site.base_url) else _scheme(site.media_base_url)
    images = " ".join(dict.fromkeys(["'self'", *own, *_scheme(image)]))
    players = " ".join(dict.fromkeys(["'self'", *own, *_scheme(media)]))
    # no character of these would mean anything else in an attribute in double quotes
    return Markup(
        f"default-src 'none'; style-src 'self'; img-src {images}; media-src {players}; "
        "base-uri 'none'; form-action 'none'"
    )


def _scheme(url: str) -> list[str]:
    """What a policy allows so that an address can be asked: its scheme. A host may send on to
    another, whose name nobody knows beforehand, and a policy is asked again then
    (Content Security Policy Level 3, section 4.1.2)."""
    return [url.partition("://")[0].lower() + ":"] if web(url) else []
