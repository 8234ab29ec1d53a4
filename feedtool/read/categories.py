"""Categories of Apple Podcasts, as producers write them: with old names, or in other letters."""

from __future__ import annotations

import difflib
from functools import cache

from ..finding import N_, Code, Fault, Severity
from ..model import Category
from ..pattern import pattern
from ..vocabulary import CATEGORIES, OLD_CATEGORIES, TRANSLATED_CATEGORIES
from .marks import Refused

SE010 = Code(
    "SE010",
    Severity.ERROR,
    message=N_('"{text}" is not a category of Apple Podcasts'),
    why=N_("directories would put the series on no shelf, or refuse the feed"),
    mend=N_("write it exactly as in the list, for example {nearest}"),
    spec=("APPLE-08",),
)
SE012 = Code(
    "SE012",
    Severity.ERROR,
    message=N_('"{text}" was a category of Apple Podcasts until 2019; it is {better} now'),
    why=N_("directories ignore the old name and put the series on no shelf"),
    mend=N_('write  "{better}"  instead'),
    spec=("APPLE-08", "APPLE-09"),
    fixable=True,
)
SE013 = Code(
    "SE013",
    Severity.ERROR,
    message=N_('"{text}" was a category of Apple Podcasts until 2019, and is none any more'),
    why=N_("directories ignore the old name and put the series on no shelf"),
    mend=N_("write the one of these that fits:  {choices}"),
    spec=("APPLE-08", "APPLE-09"),
)
SE014 = Code(
    "SE014",
    Severity.ERROR,
    message=N_('the category "{text}" is written {better} at Apple Podcasts'),
    why=N_("directories compare every letter and sign, and put the series on no shelf otherwise"),
    mend=N_('write  "{better}"  instead'),
    spec=("APPLE-08", "XML-06"),
    fixable=True,
)

_DIVIDER = pattern(r"\s*(?:>|&gt;|/|:|›|»|\|)\s*")
_AND = pattern(r"\s*(?:&amp;|&|\+|\b(?:and|och)\b)\s*")


def category(text: str) -> Category:
    """The category with this name, "Top" or "Top > Below". Raises Refused."""
    name, _, sub = (part.strip() for part in text.partition(">"))
    if name in CATEGORIES and (not sub or sub in CATEGORIES[name]):
        return Category(name, sub or None)
    raise Refused(_fault(text))


def _fault(text: str) -> Fault:
    """What to say of a name that is not in the list."""
    current, old = _tables()
    plain = _plain(text)
    if plain in current:
        return SE014.fault(text=text, better=current[plain])
    successors = old.get(plain, ())
    if len(successors) == 1:
        return SE012.fault(text=text, better=successors[0])
    if successors:
        return SE013.fault(text=text, choices='"' + '", "'.join(successors) + '"')
    guess = TRANSLATED_CATEGORIES.get(plain.replace("&", "och"))
    near = difflib.get_close_matches(text[:100], current.values(), 1, 0.4)
    return SE010.fault(text=text, nearest=guess or (near[0] if near else "Government"))


def _plain(text: str) -> str:
    """A name without what people write in different ways: case, spaces, signs."""
    parts = (_AND.sub(" & ", part).strip() for part in _DIVIDER.split(text.casefold()))
    return " > ".join(" ".join(part.split()) for part in parts if part)


@cache
def _tables() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Names of today and of before 2019 by their plain forms; a lower shelf also by itself."""
    pairs = [(top, low) for top, below in CATEGORIES.items() for low in below]
    current = {_plain(low): f"{top} > {low}" for top, low in pairs}
    current |= {_plain(f"{top} > {low}"): f"{top} > {low}" for top, low in pairs}
    current |= {_plain(top): top for top in CATEGORIES}
    return current, {_plain(name): new for name, new in OLD_CATEGORIES.items()}
