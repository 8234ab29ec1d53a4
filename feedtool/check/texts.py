"""Rules about summaries, notes and the other texts of an episode that listeners read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from ..finding import N_, Code, Finding, Severity
from ..model import Episode
from ..pattern import pattern
from ..read.notes_faults import EP048, FORMATTING, REFERENCE
from .rule import Heard, item_rule
from .series_texts import LIMIT

EP041 = Code(
    "EP041",
    Severity.WARNING,
    message=N_('"{text}" would be shown as it stands here'),
    why=N_("this is plain text: apps show the signs instead of what they mean on a web page"),
    mend=N_("write the letters themselves (& for &amp;) and leave out tags such as <b>; lists and "
            "links have their place in the notes, below the second ---"),
    spec=("PROF-02", "XML-10", "YT-02"),
)  # fmt: skip
EP042 = Code(
    "EP042",
    Severity.WARNING,
    message=N_('"{text}" would be shown as it stands here'),
    why=N_("this is plain text: only in the notes do ** and [...](...) become bold words and "
           "links"),
    mend=N_("write it without these signs, or move it into the notes, below the second ---"),
    spec=("PROF-02",),
)  # fmt: skip
EP043 = Code(
    "EP043",
    Severity.WARNING,
    message=N_("the episode has neither a summary nor notes"),
    why=N_("people read them to decide whether to listen, and searches look there; apps would show "
           "the title twice"),
    mend=N_("add a line  summary: ...  of one or two sentences"),
    spec=("PSP-06", "SPOT-02", "APPLE-27", "RSS-18"),
)  # fmt: skip
EP044 = Code(
    "EP044",
    Severity.WARNING,
    message=N_("the notes are too long for podcast apps ({size} bytes, at most {limit}), and there "
               "is no summary to take their place"),
    why=N_("apps would show only the title and a link to the page"),
    mend=N_("add a line  summary: ...  of one or two sentences; the notes stay whole on the page "
            "and in apps that take more"),
    spec=("APPLE-27", "PSP-09"),
)  # fmt: skip
EP045 = Code(
    "EP045",
    Severity.WARNING,
    message=N_("the summary is too long for podcast apps ({size} bytes, at most {limit})"),
    why=N_("apps would show only the title and a link to the page"),
    mend=N_("shorten it to a few sentences, and move the rest into the notes, below the second "
            "---; a letter such as å counts as two bytes"),
    spec=("APPLE-27", "PSP-09"),
)  # fmt: skip
EP046 = Code(
    "EP046",
    Severity.NOTE,
    message=N_("the summary has {size} characters"),
    why=N_("it stands in lists, where there is room for one or two sentences"),
    mend=N_("keep the sentences that say what it is about, and move the rest into the notes, below "
            "the second ---"),
)  # fmt: skip
EP047 = Code(
    "EP047",
    Severity.NOTE,
    message=N_("the summary only repeats the title"),
    why=N_("apps would show the same words twice"),
    mend=N_("say in one or two sentences what it is about, or delete the line"),
)
EP049 = Code(
    "EP049",
    Severity.WARNING,
    message=N_('the summary is cut off: it ends with "{end}"'),
    why=N_("listeners would read half a text, with nothing to click on"),
    mend=N_("end it with a whole sentence"),
)

LONG = 1000
"""Characters of a summary; it is meant to be one or two sentences."""

_PARAGRAPH = len("<p></p>")
_MARKUP = pattern(rf"<{FORMATTING}>|&{REFERENCE};", re.IGNORECASE)
_MARKDOWN = pattern(r"\*\*\w[^*\n]*\*\*|\[[^\[\]\n]+\]\((?:https?:|mailto:|www\.|\.)[^)\n]*\)")
_FILLING = pattern(r"[Ll]orem ipsum|\b(?:TODO|TBD)\b(?!-)")
_EMPTY_WORDS = frozenset((
    "...", "…", "titel", "title", "untitled", "namnlös", "rubrik", "summary", "sammanfattning",
    "beskrivning",
))  # fmt: skip
_LONGEST_WORD = max(map(len, _EMPTY_WORDS))
_CUT = ("[…]", "[...]", "(…)", "(...)")
SHOWN = 60


@item_rule
def markup_in_plain_text(heard: Heard) -> Iterator[Finding]:
    """Tags and references of HTML, or signs of Markdown, where neither means anything."""
    episode = heard.item.episode
    whole = "\n".join((episode.title, episode.summary or "", *episode.tags))
    if episode.chapters:
        whole += "\n".join([chapter.title for chapter in episode.chapters])
    if "<" not in whole and "&" not in whole and "**" not in whole and "](" not in whole:
        return
    for keys, text in _plain_texts(episode):
        if found := _markup(text):
            yield EP041.at(heard.place(*keys), text=found)
        elif match := _MARKDOWN.search(text):
            yield EP042.at(heard.place(*keys), text=match.group()[:SHOWN])


def _plain_texts(episode: Episode) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("title",), episode.title
    if episode.summary:
        yield ("summary",), episode.summary
    for index, tag in enumerate(episode.tags):
        yield ("tags", index), tag
    for index, chapter in enumerate(episode.chapters):
        yield ("chapters", index), chapter.title


def _markup(text: str) -> str:
    """The first tag, or the first reference that HTML knows: "AT&T;" is none."""
    for match in _MARKUP.finditer(text):
        found = match.group()
        if found[0] == "<" or found[1] == "#" or found[1:] in html5:
            return found[:SHOWN]
    return ""


@item_rule
def nothing_to_read(heard: Heard) -> Iterator[Finding]:
    """Episodes that say nothing but their title; a draft may."""
    episode = heard.item.episode
    if not episode.summary and not episode.notes and not episode.draft:
        yield EP043.at(heard.place())


@item_rule
def too_long_for_apps(heard: Heard) -> Iterator[Finding]:
    """Texts of which nothing fits into the description that podcast apps show."""
    episode = heard.item.episode
    summary = episode.summary
    if (summary and _summary_fits(summary)) or _notes_fit(episode):
        return
    if not summary:
        size = len(episode.short_notes.encode())
        yield EP044.at(heard.place("notes"), size=size, limit=LIMIT)
    else:
        size = len(summary.encode()) + _PARAGRAPH
        yield EP045.at(heard.place("summary"), size=size, limit=LIMIT)


def _notes_fit(episode: Episode) -> bool:
    """So they are shown, or there are none and nothing is."""
    notes = episode.short_notes
    if notes:
        return len(notes) <= LIMIT // 4 or len(notes.encode()) <= LIMIT
    return not episode.summary


def _summary_fits(summary: str) -> bool:
    return len(summary) < LIMIT // 4 or len(summary.encode()) + _PARAGRAPH <= LIMIT


@item_rule
def summary_is_no_summary(heard: Heard) -> Iterator[Finding]:
    """Summaries that are a whole text, the title again, or half of a text."""
    summary, title = heard.item.episode.summary, heard.item.episode.title
    if not summary:
        return
    if len(summary) > LONG and (_summary_fits(summary) or _notes_fit(heard.item.episode)):
        yield EP046.at(heard.place("summary"), size=len(summary))
    elif len(summary) <= len(title) + 1 and _bare(summary) == _bare(title):
        yield EP047.at(heard.place("summary"))
    if summary.endswith(_CUT):
        end = next(cut for cut in _CUT if summary.endswith(cut))
        yield EP049.at(heard.place("summary"), end=end)


def _bare(text: str) -> str:
    return text.rstrip(".!").casefold()


@item_rule
def filling_left(heard: Heard) -> Iterator[Finding]:
    """Stand-ins for a text that was to be written later; those in notes are found with them."""
    episode = heard.item.episode
    title, summary = episode.title, episode.summary or ""
    both = f"{title}\n{summary}"
    if (
        len(title) > _LONGEST_WORD < len(summary)
        and "TODO" not in both
        and "TBD" not in both
        and "orem ipsum" not in both
    ) or episode.draft:
        return
    for key, text in (("title", title), ("summary", summary)):
        if text.lower() in _EMPTY_WORDS:
            yield EP048.at(heard.place(key), text=text)
        elif match := _FILLING.search(text):
            yield EP048.at(heard.place(key), text=match.group())
