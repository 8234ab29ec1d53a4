"""Rules about the titles of episodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..finding import N_, Code, Finding, Severity
from ..model import Episode
from ..pattern import pattern
from ..read.reshaped import quoted
from .rule import Heard, item_rule

_DIRECTORIES = {"apple": Severity.WARNING, "psp1": Severity.WARNING}

EP033 = Code(
    "EP033",
    Severity.OFF,
    message=N_('the title begins with a number: "{start}"'),
    why=N_("apps show the number beside the title already, and cut long titles off at the end: "
           "the words that say what it is about are lost"),
    mend=N_('write the title without "{start}"; the number has lines of its own:  {lines}'),
    spec=("APPLE-21", "APPLE-15", "PSP-10"),
    profiles=_DIRECTORIES,
)  # fmt: skip
EP034 = Code(
    "EP034",
    Severity.OFF,
    message=N_('the title is a number and nothing else: "{title}"'),
    why=N_("nobody can see in a list of episodes, or find by searching, what it is about"),
    mend=N_("say in the title what it is about; the number has lines of its own:  {lines}"),
    spec=("APPLE-21", "APPLE-15", "PSP-10"),
    profiles=_DIRECTORIES,
)
EP035 = Code(
    "EP035",
    Severity.OFF,
    message=N_('the title repeats the name of the series, "{series}"'),
    why=N_("apps show the name of the series beside every episode; on a phone there may be no room "
           "left for what this one is about"),
    mend=N_("write only  title: {rest}"),
    spec=("APPLE-21", "APPLE-15"),
    profiles=_DIRECTORIES,
)  # fmt: skip
EP036 = Code(
    "EP036",
    Severity.NOTE,
    message=N_("the title is in capitals only"),
    why=N_("words in capitals are harder to read, and some screen readers spell them letter by "
           "letter"),
    mend=N_("write it as in a sentence: a capital first, then small letters"),
)  # fmt: skip
EP037 = Code(
    "EP037",
    Severity.WARNING,
    message=N_('the title is the name of a file: "{title}"'),
    why=N_("listeners see it in every app, and it does not say what the episode is about"),
    mend=N_("write in a few words what it is about"),
)
EP038 = Code(
    "EP038",
    Severity.WARNING,
    message=N_('an invisible character ({code}) stands in the title, after "{before}"'),
    why=N_("whoever searches for the word does not find the episode, and some apps show a hyphen "
           "or an empty box there, or turn what follows around"),
    mend=N_("delete the line and type the title again; such characters come with text that was "
            "pasted from a web page"),
    spec=("XML-07",),
)  # fmt: skip
EP039 = Code(
    "EP039",
    Severity.OFF,
    message=N_("the title has {size} characters; YouTube takes at most {limit}"),
    why=N_("YouTube cuts it off or leaves the episode out"),
    mend=N_("shorten it, the most important words first"),
    spec=("YT-07",),
    profiles={"youtube": Severity.WARNING},
)
EP040 = Code(
    "EP040",
    Severity.OFF,
    message=N_('"{sign}" stands in the title'),
    why=N_("YouTube takes no title with < or > in it and leaves the episode out"),
    mend=N_("write it in words"),
    spec=("YT-02",),
    profiles={"youtube": Severity.ERROR},
)

YOUTUBE_TITLE = 100
"""Characters; a limit of all of YouTube."""

_WORD = r"(?:avsnitt|avs|episode?|ep|del|part|nr)\b"
_NUMBER = pattern(
    r"(?P<season>s(?:äsong|easong?)?\s*\d{1,4}[\s,.:-]*(?:e|ep|avsnitt|avs|episode?|del)\.?\s*\d{1,4})\b"
    rf"|(?P<word>{_WORD}\.?)\s*(?P<named>\d{{1,4}})\b"
    r"|\#\s?(?P<hash>\d{1,4})\b"
    r"|(?P<bare>\d{1,4})(?=\s*[:.–—|-]\s)",
    re.IGNORECASE,
)
_AFTER = pattern(r"\s*(?P<sign>[:.,;–—|/)-]*)\s*")
_PARTS = frozenset({"del", "part", "nr"})
_OF = pattern(r"\s*(?:av|of|/)\s*\d", re.IGNORECASE)
"""What follows in "Del 1 av 2": that is the name of a part."""

_FIRST = frozenset("0123456789#aAeEdDpPnNsS")
"""What such a beginning begins with."""

_FILE = pattern(r"\S\.(?:mp3|m4a|m4v|mp4|mov|wav|aac|flac|ogg|opus|aiff?)$", re.IGNORECASE)
_INVISIBLE = pattern("[\u00ad\u200b\u2028\u2029\u202d\u202e\u2060-\u2064\ufeff]")
_TURNING = pattern("[\u202a-\u202c\u2066-\u2069]")
_ENDS = {"\u202a": "\u202c", "\u202b": "\u202c"} | dict.fromkeys("\u2066\u2067\u2068", "\u2069")
"""Signs for words that read the other way, and what must end each (UAX 9, sections 2.1 and 2.5).
Those that turn letters around, U+202D and U+202E, are in no title for a reason."""
_SHOUTED = pattern(r"[^\W\d_]{5,}")


@item_rule
def title_begins_with_number(heard: Heard) -> Iterator[Finding]:
    """Titles that say the number of the episode first."""
    episode = heard.item.episode
    if episode.title[0] not in _FIRST or not (match := _NUMBER.match(episode.title)):
        return
    after = _AFTER.match(episode.title, match.end())
    assert after is not None
    rest = episode.title[after.end() :]
    if not _is_number_of(episode, match, after["sign"], rest):
        return
    lines = _lines(match, episode)
    if rest:
        start = episode.title[: after.end()].strip()
        yield EP033.at(heard.place("title"), start=start, lines=lines)
    else:
        yield EP034.at(heard.place("title"), title=episode.title, lines=lines)


def _is_number_of(episode: Episode, match: re.Match[str], sign: str, rest: str) -> bool:
    """Is it the number of the episode, and not a name such as "1984", "10 frågor" or "1. maj"?"""
    if match["season"]:
        return True
    number = match["named"] or match["hash"] or match["bare"]
    stated = episode.number.value if episode.number else None
    same = stated is not None and float(stated) == float(number)
    if match["bare"] or 1900 <= int(number) <= 2100:
        return same
    apart = bool(sign) or not rest
    if match["hash"]:
        return same or apart or rest[0].isupper()
    if _OF.match(episode.title, match.end()):
        return False
    if match["word"].lower().rstrip(".") in _PARTS:
        # a second part with another number than the episode is the part of something else
        return apart and (same or stated is None)
    return same or apart or rest[0].isupper()


def _lines(match: re.Match[str], episode: Episode) -> str:
    """What should be written in the file instead."""
    numbers = re.findall(r"\d+", match.group())
    keys = ("season", "episode") if match["season"] else ("episode",)
    return "  ".join(f"{key}: {int(number)}" for key, number in zip(keys, numbers, strict=False))


@item_rule
def title_repeats_series(heard: Heard) -> Iterator[Finding]:
    """Titles with the name of the series before or after them."""
    title, name = heard.item.episode.title, heard.series.title
    if name not in title or len(title) == len(name) or heard.item.episode.type != "full":
        return
    before, _, after = title.partition(name)
    match = None
    if not before and " " in name:  # a single word may be the subject: "Skolan: vad händer nu?"
        match = _REST_AFTER.fullmatch(after)
    elif not after:
        match = _REST_BEFORE.fullmatch(before)
    if match:
        yield EP035.at(heard.place("title"), series=name, rest=quoted(match[1]))


_REST_AFTER = pattern(r"\s*[:|–—-]+\s+(\S.*)")
_REST_BEFORE = pattern(r"(.*\S)\s+[|–—-]+\s+")


@item_rule
def title_in_capitals(heard: Heard) -> Iterator[Finding]:
    """Titles that shout; two long words are no abbreviations any more."""
    title = heard.item.episode.title
    if title.isupper() and sum(map(str.isupper, _SHOUTED.findall(title))) > 1:
        yield EP036.at(heard.place("title"))


@item_rule
def title_is_file_name(heard: Heard) -> Iterator[Finding]:
    """Titles such as motet_final2.mp3."""
    title = heard.item.episode.title
    if "." in title[-5:] and _FILE.search(title):
        yield EP037.at(heard.place("title"), title=title)


@item_rule
def title_with_invisible_character(heard: Heard) -> Iterator[Finding]:
    """Titles with a soft hyphen or a space of no width in a word, or that turn an app's line."""
    title = heard.item.episode.title
    if not title.isascii() and (match := _INVISIBLE.search(title) or _unended(title)):
        code = f"U+{ord(match.group()):04X}"
        yield EP038.at(heard.place("title"), code=code, before=title[: match.start()])


def _unended(title: str) -> re.Match[str] | None:
    """The first sign for another direction that has no end, or ends nothing."""
    begun: list[re.Match[str]] = []
    for match in _TURNING.finditer(title):
        if match[0] in _ENDS:
            begun.append(match)
        elif not begun or _ENDS[begun.pop()[0]] != match[0]:
            return match
    return begun[0] if begun else None


@item_rule
def title_too_long_for_youtube(heard: Heard) -> Iterator[Finding]:
    """Titles over YouTube's limit."""
    size = len(heard.item.episode.title)
    if size > YOUTUBE_TITLE:
        yield EP039.at(heard.place("title"), size=size, limit=YOUTUBE_TITLE)


@item_rule
def title_with_angle_bracket(heard: Heard) -> Iterator[Finding]:
    """Titles that YouTube takes for markup."""
    title = heard.item.episode.title
    for sign in ("<", ">"):
        if sign in title:
            yield EP040.at(heard.place("title"), sign=sign)
            return
