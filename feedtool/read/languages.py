"""Language tags, as producers write them. The door to langcodes."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import Any

from ..finding import N_, Code, Finding, Place, Severity
from ..pattern import pattern
from ..vocabulary import LANGUAGE_NAMES
from .marks import Refused

CF032 = Code(
    "CF032",
    Severity.ERROR,
    message=N_('"{text}" is not a language tag'),
    why=N_("directories sort by it, and screen readers choose a voice by it"),
    mend=N_("write {better}; sv is Swedish, en English, fi Finnish, sv-FI Swedish in Finland"),
    spec=("LANG-01", "LANG-02", "APPLE-07"),
)
CF045 = Code(
    "CF045",
    Severity.WARNING,
    message=N_('the language tag "{text}" is usually written {better}'),
    why=N_("feeds get the usual form, but other programs that read this file may not know it"),
    mend=N_("write {better}"),
    spec=("LANG-01", "LANG-02"),
    fixable=True,
)

_SHAPE = pattern(r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")
_LISTS = ("transcripts", "captions", "alternates")
"""Keys of an episode whose entries may have a language of their own."""


@lru_cache(maxsize=256)
def language(text: str) -> str:
    """The tag in its usual form, whatever its letters: "sv_se" -> "sv-SE". Raises Refused."""
    if text in {"sv", "en"}:  # of most catalogs; the library takes 15 ms to be imported
        return text
    import langcodes

    tag = text.strip().replace("_", "-")
    if not _SHAPE.fullmatch(text.strip()) or not langcodes.tag_is_valid(tag):
        raise Refused(CF032.fault(text=text, better=_guess(tag)))
    usual = langcodes.standardize_tag(tag)
    if _is_no_subtag(tag.lower().split("-"), usual.lower().split("-")):
        raise Refused(CF032.fault(text=text, better=usual))
    return usual


def _is_no_subtag(written: list[str], usual: list[str]) -> bool:
    """Is a part replaced because it is in no register: "swe" for "sv", "UK" for "GB"?

    A tag that is out of use, or stands for one of several kindred languages ("prs"), may stay.
    """
    import langcodes

    if written[0] == usual[0]:  # a script that goes without saying is left out
        return not set(usual) <= set(written)
    language = langcodes.Language.get(usual[0])
    return written[0] in {language.to_alpha3(), language.to_alpha3(variant="B")}


def three_letters(tag: str) -> str:
    """The language of a tag as ISO 639-2 has it: "sv-SE" -> "swe"; "und" when it has no such."""
    usual = {"sv": "swe", "en": "eng"}.get(tag)
    if usual is None:
        import langcodes

        with suppress(LookupError):
            usual = langcodes.Language.get(tag).to_alpha3()
    return usual or "und"


def _guess(tag: str) -> str:
    """What could be meant by what is no tag: by its name, or by its first part."""
    import langcodes

    named = LANGUAGE_NAMES.get(tag.lower())
    first = tag.partition("-")[0].lower()
    if named or first in LANGUAGE_NAMES:
        return named or LANGUAGE_NAMES[first]
    if re.fullmatch("[a-z]{2,3}", first) and langcodes.tag_is_valid(first):
        return langcodes.standardize_tag(first)
    return "sv"


def unusual_languages(tree: dict[str, Any], file: str) -> list[Finding]:
    """Language tags of a file that are understood although their letters are unusual."""
    stated: list[tuple[object, tuple[str | int, ...]]] = []
    if "language" in tree:
        stated.append((tree["language"], ("language",)))
    for key in _LISTS:
        if key in tree and isinstance(tree[key], list):
            for index, entry in enumerate(tree[key]):
                if isinstance(entry, dict) and "language" in entry:
                    stated.append((entry["language"], (key, index, "language")))
    return [
        CF045.at(Place(file, keys), text=text, better=usual)
        for text, keys in stated
        if isinstance(text, str) and (usual := usual_tag(text)) != text
    ]


def usual_tag(text: str) -> str:
    """The tag in its usual letters; what is no tag, or another one in feeds, as it is."""
    try:
        usual = language(text)
    except Refused:
        return text  # told where the file is read
    return usual if text.lower().replace("_", "-") == usual.lower() else text
