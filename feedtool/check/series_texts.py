"""Rules about the words of a series: its title, its description, its holder, its addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..finding import N_, Code, Finding, Severity
from ..model import Series
from ..pattern import pattern
from ..read.reshaped import spelled
from .rule import series_rule, written

SE023 = Code(
    "SE023",
    Severity.WARNING,
    message=N_("the description has {size} bytes; apps show at most {limit}"),
    why=N_("directories cut it off or refuse the feed"),
    mend=N_("shorten it; a letter such as å counts as two"),
    spec=("APPLE-02", "PSP-09"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)
SE025 = Code(
    "SE025",
    Severity.OFF,
    message=N_('the title looks like a list of search words: "{title}"'),
    why=N_("Apple removes podcasts whose titles are stuffed with words to be found by"),
    mend=N_("keep the name alone as  title: ; what it is about belongs into  description:"),
    spec=("APPLE-01",),
    profiles={"apple": Severity.WARNING},
)
SE026 = Code(
    "SE026",
    Severity.WARNING,
    message=N_('"{key}:" holds signs for web pages: {text}'),
    why=N_("many apps show them as they stand, in the middle of the text"),
    mend=N_("write plain text here: the letters themselves, no tags in <>; & is written as &"),
    spec=("PROF-02", "XML-10", "APPLE-01"),
)
SE027 = Code(
    "SE027",
    Severity.OFF,
    message=N_('"{key}:" has a {sign} in it'),
    why=N_("YouTube takes no title or description with < or >, and none of the episodes then"),
    mend=N_("write it in words, such as  under 6 år  instead of  < 6 år"),
    spec=("YT-02",),
    profiles={"youtube": Severity.ERROR},
)
SE029 = Code(
    "SE029",
    Severity.OFF,
    message=N_('"copyright:" has more than the name of the holder: {text}'),
    why=N_("apps write the word and the sign themselves, so that they would stand there twice"),
    mend=N_("write the holder alone:  copyright: {better}"),
    spec=("APPLE-17", "PSP-04"),
    profiles={"psp1": Severity.NOTE},
)
SE031 = Code(
    "SE031",
    Severity.WARNING,
    message=N_("new_feed_url leads to {url}, which is not the feed of this series"),
    why=N_("apps would follow it and find no podcast there: the subscribers would be lost"),
    mend=N_("write  new_feed_url: {better}  or delete the line"),
    spec=("APPLE-18",),
)
SE042 = Code(
    "SE042",
    Severity.WARNING,
    message=N_("the description only repeats the title"),
    why=N_("it is what people read before they subscribe"),
    mend=N_("write one to three sentences: what it is about, for whom, who talks"),
    spec=("APPLE-02", "RSS-04"),
)
SE045 = Code(
    "SE045",
    Severity.WARNING,
    message=N_('"{key}:" still has a text to be replaced: {text}'),
    why=N_("listeners would read it in every app"),
    mend=N_("write what should stand there"),
    spec=("APPLE-01", "APPLE-02"),
)

LIMIT = 4000
MARKS = 3
"""Commas, bars and slashes that the name of a series may have."""

_LISTS = pattern(r"[,|/]")
_MARKUP = pattern(
    r"</?(?:p|br|b|i|em|strong|a|ul|ol|li|div|span|h[1-6]|img)(?:\s[^<>]*)?/?>"
    r"|&(?:amp|lt|gt|quot|apos|nbsp|[aA]ring|[aAoO]uml|eacute|#\d{1,6}|#x[0-9a-fA-F]{1,5});"
)
_COPYRIGHT = pattern(
    r"^(?:(?:copyright|upphovsrätt|all rights reserved)\b|©|\(c\)|℗|[\s,.:–-]"
    r"|(?:19|20)\d\d(?:\s?[–-]\s?(?:19|20)?\d\d)?\b)+",
    re.IGNORECASE,
)
_LEFT = pattern(
    r"\b(?:TODO|FIXME|TBD)\b|[Ll]orem ipsum|\bxxx+\b|\bX{4,}\b|^\W+$"
    r"|^(?i:title|titel|description|beskrivning|min podd|my podcast|untitled|namnlös|podcast title"
    r"|podcast name|poddens namn|ny serie|new series)\.?$"
)

_TEXTS = ("title", "description", "author", "copyright")


@series_rule
def description_too_long(series: Series) -> Iterator[Finding]:
    """Descriptions over the limit in UTF-8 bytes."""
    size = len(series.description.encode())
    if size > LIMIT:
        yield SE023.at(written(series, "description"), size=size, limit=LIMIT)


@series_rule
def title_of_search_words(series: Series) -> Iterator[Finding]:
    """Titles that are lists."""
    if len(_LISTS.findall(series.title)) > MARKS:
        yield SE025.at(written(series, "title"), title=series.title)


@series_rule
def markup_in_plain_text(series: Series) -> Iterator[Finding]:
    """HTML, or what is left of it, where text is shown as it is."""
    for key in _TEXTS:
        if match := _MARKUP.search(getattr(series, key) or ""):
            yield SE026.at(written(series, key), key=key, text=match[0])


@series_rule
def bracket_for_youtube(series: Series) -> Iterator[Finding]:
    """The two signs that YouTube refuses; tags have them too."""
    for key in ("title", "description"):
        text = getattr(series, key)
        found = "<" if "<" in text else ">" if ">" in text else ""
        if found and not _MARKUP.search(text):
            yield SE027.at(written(series, key), key=key, sign=found)


@series_rule
def copyright_twice(series: Series) -> Iterator[Finding]:
    """A sign, a word or a year before the holder."""
    text = series.copyright
    if text and (match := _COPYRIGHT.match(text)) and (holder := text[match.end() :].strip()):
        yield SE029.at(written(series, "copyright"), text=match[0].strip(), better=spelled(holder))


@series_rule
def move_to_no_feed(series: Series) -> Iterator[Finding]:
    """A move to this catalog, but not to the feed that is there."""
    url = series.new_feed_url
    if url and url != series.feed_url and series.feed_url:
        own = series.feed_url.removesuffix(f"{series.slug}/feed.xml")
        if _without_scheme(url + "/").startswith(_without_scheme(own)):
            yield SE031.at(written(series, "new_feed_url"), url=url, better=series.feed_url)


@series_rule
def description_repeats_title(series: Series) -> Iterator[Finding]:
    """Descriptions that say nothing new; one that is missing is told elsewhere."""
    said = series.description.strip(" .!").casefold()
    if said == series.title.strip(" .!").casefold() and "description" in series.written:
        yield SE042.at(written(series, "description"))


@series_rule
def text_to_be_replaced(series: Series) -> Iterator[Finding]:
    """What was meant to be written later."""
    for key in _TEXTS:
        if match := _LEFT.search(getattr(series, key) or ""):
            yield SE045.at(written(series, key), key=key, text=match[0])


def _without_scheme(url: str) -> str:
    return url.partition("://")[2].lower()
