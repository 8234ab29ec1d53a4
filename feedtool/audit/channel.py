"""What directories demand of a channel: tags that are missing, or say what nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from ..declare import dataclass
from ..formats import is_web_address
from ..language import N_
from ..read.categories import category
from ..read.languages import language
from ..read.marks import Refused
from ..session import shown
from ..vocabulary import CATEGORIES
from .aspect import Words, as_it_is, words
from .feed import ITUNES, Feed

_LINK = N_("link, a whole address such as  https://podcast.municipality.example/")
_IMAGE = N_("itunes:image, a whole address such as  https://podcast.municipality.example/cover.jpg")
_LANGUAGE = N_("language, such as {better}")
_CATEGORY = N_("itunes:category, written as in Apple's list, such as {better}")
_EXPLICIT = N_("itunes:explicit, true or false")
_NAMESPACE = N_('the namespace  xmlns:itunes="{right}" , letter for letter')

_MOST = 20
"""Told at once: a feed could have a hundred thousand categories."""
_ONCE = ("title", "description", "link", "language")
"""RSS-02 to 05. Of the others apps take the first."""
_EXPLICIT_FORMS = {
    "true": "true", "yes": "true", "explicit": "true",
    "false": "false", "no": "false", "clean": "false",
}  # fmt: skip
"""What Apple had before, which many hosts still write, and what it has now."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One tag that is otherwise than directories want it."""

    got: Words
    mend: Words  #: its name, and what it should say


def refused(feed: Feed) -> tuple[Demand, ...]:
    """What of APPLE-01 to 10 and PSP-02 is missing, or there in vain."""
    told = (
        demand
        for name, judge in _DEMANDED.items()
        if not (feed.misspelt and name.startswith("itunes:"))  # they are there, for nobody
        for demand in judge(feed, name)
    )
    return tuple(islice(chain(_namespace(feed), told), _MOST))


def unknown_to_apple(feed: Feed) -> str:
    """The language, if it is one without a code of two letters, such as Meänkieli; else "" ."""
    stated = feed.demanded["language"][:1]
    known = all(_better_language(one) or len(one.partition("-")[0]) == 2 for one in stated)
    return "" if known else stated[0]


def old_explicit(feed: Feed) -> tuple[str, str]:
    """What the feed says in an old form or in other letters, and today's; "" = it does not."""
    stated = next(iter(feed.demanded["itunes:explicit"]), "")
    today = _EXPLICIT_FORMS.get(stated.lower(), "")
    return (stated, today) if today and stated != today else ("", "")


def listed(several: Sequence[Words]) -> Words:
    """One after the other, as a text."""
    first, *rest = several or [words("")]
    for one in rest:
        first = words("{first}; {one}", first=first, one=one)
    return first


def _namespace(feed: Feed) -> Iterator[Demand]:
    if feed.misspelt:
        yield _wrong("xmlns:itunes", feed.misspelt, words(_NAMESPACE, right=ITUNES))


def _text(feed: Feed, name: str) -> Iterator[Demand]:
    yield from _number(feed, name, as_it_is(name))


def _link(feed: Feed, name: str) -> Iterator[Demand]:
    advice = words(_LINK if name == "link" else _IMAGE)
    yield from _number(feed, name, advice)
    yield from (
        _wrong(name, shown(one), advice)
        for one in feed.demanded[name][:1]
        if not is_web_address(one)
    )


def _language(feed: Feed, name: str) -> Iterator[Demand]:
    yield from _number(feed, name, words(_LANGUAGE, better="sv"))
    for one in feed.demanded[name][:1]:
        if better := _better_language(one):
            yield _wrong(name, one, words(_LANGUAGE, better=better))


def _better_language(tag: str) -> str:
    """What is meant by what is no language tag; "" = it is one (LANG-01)."""
    try:
        usual = language(tag[:100])
    except Refused as error:
        return str(error.fault.params["better"])
    return usual if "_" in tag else ""


def _category(feed: Feed, name: str) -> Iterator[Demand]:
    if not any(map(any, feed.categories)):
        yield _missing(name, words(_CATEGORY, better="Government"))
        return
    for way in feed.categories:
        top, *below = way
        if top in CATEGORIES and len(below) < 2 and set(below) <= set(CATEGORIES[top]):
            continue
        better = _better_category(" > ".join(way))
        yield _wrong(name, " > ".join(way), words(_CATEGORY, better=better))


def _better_category(text: str) -> str:
    """What is meant by what is no category."""
    try:
        category(text)
    except Refused as error:
        params = error.fault.params
        return next(str(params[one]) for one in ("better", "nearest", "choices") if one in params)
    return text.partition(">")[0].strip()  # both levels in one text, or a space too many


def _explicit(feed: Feed, name: str) -> Iterator[Demand]:
    yield from _number(feed, name, words(_EXPLICIT))
    for one in feed.demanded[name][:1]:
        if one.lower() not in _EXPLICIT_FORMS:
            yield _wrong(name, one, words(_EXPLICIT))


def _number(feed: Feed, name: str, advice: Words) -> Iterator[Demand]:
    count = len(feed.demanded[name])
    if not count:
        yield _missing(name, advice)
    elif count > 1 and name in _ONCE:
        yield Demand(words(N_("{name} {count} times"), name=name, count=count), advice)


def _missing(name: str, advice: Words) -> Demand:
    return Demand(words(N_("without {names}"), names=name), advice)


def _wrong(name: str, value: str, advice: Words) -> Demand:
    return Demand(as_it_is(f'{name} "{value}"'), advice)


_DEMANDED: dict[str, Callable[[Feed, str], Iterator[Demand]]] = {
    "title": _text,
    "description": _text,
    "link": _link,
    "language": _language,
    "itunes:category": _category,
    "itunes:explicit": _explicit,
    "itunes:image": _link,
}
