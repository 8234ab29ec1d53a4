"""OPML 2.0: all series of a catalog, for subscribing to them at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from ..model import Series, Site
from .identity import feed_url
from .podcast_ns import XML_DECLARATION


def render_opml(catalog: Series, series: Iterable[Series], updated: datetime, site: Site) -> bytes:
    """One outline for each series, in the given order; `updated` is the newest item's."""
    from email.utils import format_datetime  # takes 5 ms; most builds change nothing here

    opml = etree.Element("opml", version="2.0")
    head = etree.SubElement(opml, "head")
    _text(head, "title", catalog.title)
    _text(head, "dateModified", format_datetime(updated))
    if catalog.owner:
        _text(head, "ownerName", catalog.owner.name)
        _text(head, "ownerEmail", catalog.owner.email)
    _text(head, "docs", "http://opml.org/spec2.opml")
    body = etree.SubElement(opml, "body")
    for one in series:
        etree.SubElement(
            body, "outline",
            type="rss", version="RSS2", text=one.title, title=one.title,
            description=one.description, language=one.language,
            xmlUrl=feed_url(site, one.slug, "rss"), htmlUrl=site.page(one.slug),
        )  # fmt: skip
    document: bytes = etree.tostring(opml, pretty_print=True, encoding="UTF-8")
    return XML_DECLARATION + document


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text
