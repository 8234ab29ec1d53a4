"""XML of others that closes no element where it should: put where it would close.

Most of it is HTML that stands unescaped in a text, such as a bare <br>. libxml2 would close other
elements instead and lose what comes after, in other entries too. No element of a feed that holds a
text holds elements: each ends where the next begins, at the latest. No entry holds another.
"""

from __future__ import annotations

import re
from collections import Counter

from ..podcast.table import CHILDREN

_TOKEN = re.compile(
    r"""<!\[CDATA\[(?:(?P<section>(?:[^<\]]++|<(?!!\[CDATA\[)|\](?!\]>))*+)\]\]>)?"""
    r"""|<!--(?:[^<-]++|-(?!->)|<(?!!--))*+-->|<\?(?:[^<?]++|\?(?!>)|<(?!\?))*+\?>"""
    r"""|<(?P<end>/?)(?P<name>[^\W\d][\w.-]*+(?::[^\W\d][\w.-]*+)?)(?=[\s/>])"""
    r"""(?P<said>(?:[^<>"']|"(?:[^"<]|<(?![\w/!?]))*+"|'(?:[^'<]|<(?![\w/!?]))*+')*+)>|<"""
)
"""A section that is not closed before the next begins has no end: its words are like others."""
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'])([^\W\d][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))"""
)
_XHTML = re.compile(r"""\stype\s*=\s*["']xhtml""")
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)\s*=")

_ENTRIES = frozenset({"item", "entry", "atom:entry"})
_AROUND = frozenset({"channel", "rss", "feed", "atom:feed", "rdf:RDF", "RDF"})
_TEXTS = frozenset({
    "title", "link", "description", "guid", "pubDate", "lastBuildDate", "comments", "category",
    "enclosure", "language", "copyright", "generator", "id", "published", "updated", "summary",
    "content", "subtitle", "rights", "url", "name", "email", "uri", "content:encoded",
})  # fmt: skip
"""What holds no elements. "author", "source" and "image" are other things in other formats."""
_PLAIN = _TEXTS | _ENTRIES | _AROUND | {"author", "source", "image", "ttl", "docs", "cloud"}
"""What has no prefix; any other such element is HTML, in a text."""
_HOLD = frozenset({"itunes:owner", "itunes:category"})
_INSIDE = frozenset({"itunes:name", "itunes:email", "itunes:category"})
"""Apple's elements that stand in others of Apple."""
_OF_ENTRIES = frozenset({"guid", "pubDate", "enclosure"})
_PREFIXES = frozenset({"itunes", "podcast", "content", "dc", "psc", "media", "atom", "googleplay"})
"""Those that mean the same in all feeds, declared or not."""
_HTML = frozenset({
    "a", "abbr", "article", "aside", "b", "big", "blockquote", "br", "center", "cite", "code", "dd",
    "del", "div", "dl", "dt", "em", "embed", "figure", "font", "footer", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "i", "iframe", "img", "ins", "li", "main", "mark", "ol", "p", "pre",
    "q", "s", "script", "section", "small", "span", "strike", "strong", "style", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
})  # fmt: skip
"""What is no element of a feed, wherever it stands."""


def closed(text: str) -> str:
    """The document with every element closed, and HTML in its texts as a part of them.

    Well-formed, but for namespaces that it does not declare. Every "&" must be already.
    """
    html, plain = _HTML, _PLAIN
    if _XHTML.search(text):  # then HTML is elements, as it is in Atom
        html, plain = frozenset(), _PLAIN | _HTML
    prefixes = _PREFIXES | {*_DECLARED.findall(text)}
    made: list[str] = []
    opened: list[str] = []
    depth = Counter[str]()
    at = 0

    def close(name: str) -> None:
        """And all inside of it. The first element is closed at the end, whatever comes before."""
        while len(opened) > 1:
            last = opened.pop()
            depth[last] -= 1
            made.append(f"</{last}>")
            if last == name:
                return

    def in_words(name: str) -> bool:
        if name.lower() in html:
            return True
        prefix, colon, _ = name.partition(":")
        known = prefix in prefixes if colon else name in plain
        return not known and bool(opened) and _holds_text(opened[-1])

    for found in _TOKEN.finditer(text):
        made.append(_words(text[at : found.start()]))
        at = found.end()
        name = found["name"]
        if found["section"] is not None:
            made.append(f"<![CDATA[{found['section']}]]>")
        elif found.group() == "<" or (name and in_words(name)):
            made.append(_words(found.group()))
        elif name is None:
            continue  # a comment, an instruction, or the beginning of a section without an end
        elif found["end"]:
            if depth[name]:  # of an element that is open
                close(name)
        else:
            around = _around(name)
            while around and len(opened) > 1 and opened[-1] not in around:
                close(opened[-1])
            if opened and _holds_text(opened[-1]) and name not in _HTML:
                close(opened[-1])
            empty = found["said"].endswith("/") and bool(opened)
            made.append(f"<{name}{_attributes(found['said'])}{'/' * empty}>")
            if not empty:
                opened.append(name)
                depth[name] += 1
    made.append(_words(text[at:]))
    made += [f"</{name}>" for name in reversed(opened)]
    return "".join(made)


def _around(name: str) -> frozenset[str]:
    """In which elements alone one stands; none = it is not known."""
    if name in _ENTRIES:
        return _AROUND
    if name in _OF_ENTRIES or (name.startswith("itunes:") and name not in _INSIDE):
        return _AROUND | _ENTRIES | {"podcast:liveItem"}
    return frozenset()


def _holds_text(name: str) -> bool:
    prefix, _, local = name.rpartition(":")
    if prefix == "podcast":
        return not CHILDREN.get(local)
    return name in _TEXTS or prefix == "dc" or (prefix == "itunes" and name not in _HOLD)


def _attributes(said: str) -> str:
    """Each once, in quotes."""
    kept: dict[str, str] = {}
    for name, one, other, bare in _ATTRIBUTE.findall(said):
        kept.setdefault(name, one or other or bare.removesuffix("/"))
    return "".join(f' {name}="{_words(value)}"' for name, value in kept.items())


def _words(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
