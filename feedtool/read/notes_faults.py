"""What is wrong with notes as a person wrote them: what the sanitiser takes away, links that lead
nowhere. Told at the line where it stands; good notes cost a few searches for a text.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from html import unescape
from html.entities import html5
from itertools import islice

from ..finding import N_, Code, Fault, Finding, Place, Severity
from ..pattern import pattern
from .notes import Piece, pieces
from .text import position

EP048 = Code(
    "EP048",
    Severity.WARNING,
    message=N_('"{text}" stands where the real text should be'),
    why=N_("listeners would read it in every app"),
    mend=N_("write the text, or  status: draft  while it is not finished"),
)
EP050 = Code(
    "EP050",
    Severity.WARNING,
    message=N_("<{tag}> is removed from the notes"),
    why=N_("podcast apps run no code and show no forms or players of other services in a text"),
    mend=N_("delete it; in the place of a player write a link:  [Se filmen](https://...)"),
    spec=("PROF-04", "APPLE-27", "PSP-09", "SPOT-10"),
)
EP051 = Code(
    "EP051",
    Severity.WARNING,
    message=N_('the link to "{address}" is removed from the notes'),
    why=N_("apps follow only links to web pages and e-mail addresses"),
    mend=N_("write an address that begins with https:// or mailto: ; a telephone number is best "
            "written as words"),
    spec=("PROF-04", "APPLE-27"),
)  # fmt: skip
EP052 = Code(
    "EP052",
    Severity.WARNING,
    message=N_('the link to "{address}" leads nowhere'),
    why=N_("whoever clicks on it gets an error message"),
    mend=N_("write the whole address:  {better}"),
    spec=("PROF-03", "URI-01"),
)
EP056 = Code(
    "EP056",
    Severity.WARNING,
    message=N_('the picture "{address}" is not on the web'),
    why=N_("apps show an empty frame in its place: they have only the text"),
    mend=N_("write where the picture is:  {better}"),
    spec=("PROF-03", "URI-01"),
)
EP091 = Code(
    "EP091",
    Severity.WARNING,
    message=N_('the link to "{address}" leads to no place in the notes'),
    why=N_(
        "names of places (id) are removed from notes, so a click only shows the page's beginning"
    ),
    mend=N_("delete the link and keep its words; to the text version leads  #text"),
    spec=("PROF-03",),
)
EP053 = Code(
    "EP053",
    Severity.WARNING,
    message=N_('"{text}" would be shown in the notes, not what it means'),
    why=N_("the text was made for a web page and then once more: listeners would read the signs"),
    mend=N_("write the letters themselves in the file, such as & or <b>; a text about such signs "
            "writes them as code: `&amp;`"),
    spec=("XML-10",),
)  # fmt: skip

SHOWN = 60
"""Characters of what was written that a message repeats."""

MOST = 20
"""Faults that are told one by one."""

_LOREM = "orem ipsum dolor sit amet"  # a long text is found faster than a short one

_REMOVED = (
    "script", "style", "iframe", "object", "embed", "video", "audio", "svg", "canvas", "form",
    "input", "button", "select", "textarea", "applet",
)  # fmt: skip
_REMOVED_TAG = pattern(rf"<({'|'.join(_REMOVED)})(?=[\s/>])", re.IGNORECASE)
_LINK_TAG = pattern(
    r"""<(a|img)\s[^<>]*?(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE
)
_COMMENT = pattern("<!--.*?(?:-->|$)", re.DOTALL)

FORMATTING = (
    r"/?(?:p|br|b|i|u|em|strong|a|ul|ol|li|div|span|h[1-6]|img|font|sup|sub|small|center"
    r"|blockquote|hr|table|tr|td)(?:\s[^<>]*)?/?"
)
"""What stands between < and > of the tags that people meet."""

REFERENCE = r"(?:[A-Za-z][A-Za-z0-9]{1,31}|\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6})"
"""What stands between & and ; of a character."""

_TWICE = pattern(
    rf"&lt;{FORMATTING.replace('[^<>]', '[^<>&]')}&gt;|&amp;{REFERENCE};", re.IGNORECASE
)

_GOOD = pattern(
    r"https?://(?!127\.)[A-Za-z0-9åäö-]+(?:\.[A-Za-z0-9åäö-]+)+[/)?#: ]"
    r"|mailto:[^@\s()]+@[A-Za-z0-9]|/|\.{1,2}/(?!media/)|#(?:text|top)?\)"
)
"""How most addresses begin; only others are looked at closely."""

_FROM_THE_CATALOG = pattern(r"(?:\.{1,2}/)?(?=media/)")
"""How files below media/ are named wrongly: from the page of an episode, ../../media/ is there."""

_PLACES = {"#", "#top", "#text"}
"""What a link can lead to on a page of an episode: its beginning, and the text version."""

_SCHEME = pattern(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WEB = pattern(r"(?:h?t{1,3}ps?[:;]?/+|https?[:;]/*)+", re.IGNORECASE)
_HOST = pattern(
    r"(?:www\.|(?:[a-z0-9åäö-]+\.)+(?:se|nu|com|org|net|eu|info|gov|edu|fi|no|dk|io)(?=[/?#:]|$))",
    re.IGNORECASE,
)
_MAIL = pattern(r"[^@\s/?:]+@[^@\s/?:]+\.[^@\s/?:.]+")
_PUBLIC = pattern(
    r"https?://(?!localhost\b|127\.|0\.0\.0\.0)(?:[^\s/?#@]*@)?"
    r"(?:[^\s/?#.:@]+(?:\.[^\s/?#.:@]+)+\.?|\[[0-9a-f:.]+\])(?::\d*)?(?:[/?#]|$)",
    re.IGNORECASE,
)


def notes_faults(
    markdown: str, first: int, file: str, *, draft: bool = False, pages: bool = True
) -> list[Finding]:
    """What is wrong with the notes of a file; its line `first` is their first one.

    Without `pages` of ours nobody knows which places a page has.
    """
    filling = not draft and _LOREM in markdown
    if not filling and _is_fine(markdown):
        return []
    parts = pieces(markdown)
    series = file.rpartition("/")[0].rpartition("/")[2]
    faults = [*islice(_in_pieces(parts, series), MOST), *_made_twice(markdown, parts)]
    if filling:
        at = markdown.index(_LOREM) - 1
        faults.append((max(at, 0), EP048.fault(text="Lorem ipsum")))
    return [
        fault.at(_place(markdown, at, first, file))
        for at, fault in faults
        if pages or fault.code is not EP091
    ]


def _place(markdown: str, at: int, first: int, file: str) -> Place:
    place = position(markdown, at, file)
    return Place(file, (), (place.line or 1) + first - 1, place.column)


def _is_fine(markdown: str) -> bool:
    """Is there certainly nothing to say? So it is with nearly all notes."""
    if "<" in markdown and (
        "href" in markdown or "src" in markdown or _REMOVED_TAG.search(markdown)
    ):
        return False
    if "&" in markdown and ("&amp;" in markdown or "&lt;" in markdown):
        return False
    at = markdown.find("]")  # one character is found much faster than two
    while at >= 0:
        after = markdown[at + 1 : at + 2]
        if after == ":" or (after == "(" and not _GOOD.match(markdown, at + 2)):
            return False
        at = markdown.find("]", at + 1)
    return True


def _in_pieces(parts: Iterable[Piece], series: str) -> Iterator[tuple[int, Fault]]:
    for piece in parts:
        if piece.kind in {"link", "picture"}:
            for fault in _faults_of_link(piece.text, piece.kind == "picture", series):
                yield piece.start, fault
        elif piece.kind == "html":
            text = _COMMENT.sub(lambda match: " " * len(match.group()), piece.text)
            end = 0
            for match in _REMOVED_TAG.finditer(text):
                if match.start() >= end:  # not inside another
                    end = text.find(f"</{match[1]}", match.end())
                    yield piece.start + match.start(), EP050.fault(tag=match[1].lower())
            for match in _LINK_TAG.finditer(text):
                address = match[2] or match[3] or match[4] or ""
                for fault in _faults_of_link(address, match[1].lower() == "img", series):
                    yield piece.start + match.start(), fault


def _faults_of_link(address: str, is_picture: bool, series: str) -> Iterator[Fault]:
    """What keeps a link from leading anywhere, or a picture from being seen."""
    address = address.strip()
    shown = address[:SHOWN]
    nowhere = EP056 if is_picture else EP052
    if address.startswith("#"):
        if address not in _PLACES:
            yield EP091.fault(address=shown)
        return
    if away := _FROM_THE_CATALOG.match(address):
        yield nowhere.fault(address=shown, better=f"../../{address[away.end() :]}")
        return
    if _PUBLIC.match(address) or address.startswith(("/", ".", "?")):
        return
    if web := _WEB.match(address):
        rest = address[web.end() :]
        whole = f"https://{rest}"
        better = whole if _HOST.match(rest) and _PUBLIC.match(whole) else "https://www.example.org/"
        yield nowhere.fault(address=shown, better=better)
    elif address[:7].lower() == "mailto:":
        if not _MAIL.search(address, 7):
            yield nowhere.fault(address=shown, better="mailto:podd@example.org")
    elif _HOST.match(address):
        yield nowhere.fault(address=shown, better=f"https://{address}")
    elif _MAIL.fullmatch(address):
        yield nowhere.fault(address=shown, better=f"mailto:{address}")
    elif _SCHEME.match(address):
        yield EP051.fault(address=shown)
    elif not address:
        yield nowhere.fault(address="", better="https://www.example.org/")
    elif is_picture and "/" not in address:  # beside the page nothing but its own files is put
        yield nowhere.fault(address=shown, better=f"../../media/{series}/{shown}")


def _made_twice(markdown: str, parts: Iterable[Piece]) -> Iterator[tuple[int, Fault]]:
    """The first place where a reader would see a tag, or a character's name."""
    code = [one for one in parts if one.kind == "code"]
    for match in _TWICE.finditer(markdown):
        text = unescape(match.group())
        before = bisect(code, match.start(), key=lambda one: one.start)
        if before and match.start() < code[before - 1].end:
            continue
        if text[0] == "<" or text[1] == "#" or text[1:] in html5:
            yield match.start(), EP053.fault(text=text[:SHOWN])
            return
