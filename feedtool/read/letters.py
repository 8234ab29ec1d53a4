"""Letters that were broken on their way into a file: "VÃ¤gen", "V�gen".

The file itself is good UTF-8; a program read the text it came from in another encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ..finding import N_, Code, Fault, Finding, Severity
from ..pattern import pattern
from .text import position

CF062 = Code(
    "CF062",
    Severity.WARNING,
    message=N_('"{word}" should probably be "{better}"'),
    why=N_("listeners would see these signs in every app; a program took the letters å, ä and ö "
           "for others when the text was copied or exported"),
    mend=N_('write "{better}", and look through the rest of the text'),
)  # fmt: skip
CF063 = Code(
    "CF063",
    Severity.WARNING,
    message=N_('a letter is lost in "{word}"'),
    why=N_("listeners would see a question mark in a box; a program could not read the letter when "
           "the text was copied or exported"),
    mend=N_("write the word again"),
)  # fmt: skip

SHOWN = 5
"""Words that are told one by one; whoever sees so many looks through the rest."""

_SIGNS = ("Ã", "Â", "â€", "\ufffd")
"""What å, é, – and their like become; the last stands for a letter that is lost."""

_SIGN = pattern("[ÃÂ][\x80-\uffff]|â€|\ufffd")
_APART = pattern(r"""[\s"'()\[\]{}<>,]""")
"""What words do not hold."""

LONGEST = 40
"""Characters before and after the broken letter that are told with it."""


def broken_letters(text: str, file: str) -> list[Finding]:
    """The first broken words of a file."""
    if text.isascii() or not any(sign in text for sign in _SIGNS):
        return []
    return [fault.at(position(text, at, file)) for at, fault in islice(_broken_words(text), SHOWN)]


def _broken_words(text: str) -> Iterator[tuple[int, Fault]]:
    end = 0
    for match in _SIGN.finditer(text):
        if match.start() < end:
            continue  # in the same word
        at = max(end, match.start() - LONGEST)
        before = _APART.split(text[at : match.start()])[-1]
        after = _APART.split(text[match.end() : match.end() + LONGEST], maxsplit=1)[0]
        word = (before + match.group() + after).rstrip(".:;!?")
        end = match.end() + len(after)
        if "\ufffd" in word:
            yield match.start() - len(before), CF063.fault(word=word)
        elif (better := _mended(word)) != word:
            yield match.start() - len(before), CF062.fault(word=word, better=better)


def _mended(word: str) -> str:
    """Read again as what it was; a word such as "SÃO" cannot have been anything else."""
    return _RUN.sub(_read_again, word)


_RUN = pattern(
    "[ÂÃ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a"
    "\u20ac\u2122]|â€[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]"
)


def _read_again(match: re.Match[str]) -> str:
    signs = match.group()
    try:
        raw = b"".join(_byte(sign) for sign in signs)
        return raw.decode()
    except UnicodeError:
        return signs


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeError:
        return sign.encode("latin-1")  # five bytes that Windows leaves out
