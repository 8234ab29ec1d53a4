"""Signs that nobody sees, at places where only a space may stand: "title:\\u00a0Vatten".

They come with text that was copied from a web page, a word processor or a chat.
"""

from __future__ import annotations

from ..finding import N_, Code, Fault, Severity
from ..formats import UNSEEN
from ..pattern import pattern

CF100 = Code(
    "CF100",
    Severity.ERROR,
    message=N_("a sign that nobody sees ({code}) stands where only a space may stand"),
    why=N_("words, values and what belongs together are told apart by ordinary spaces"),
    mend=N_("delete it and type this anew, with the space bar:  {line}"),
    fixable=True,
)

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"

UNUSUAL = pattern(f"[{_SPACES}{UNSEEN}]")
UNUSUAL_HEAD = pattern(f"[ ]*(?:- +)*(?:-|[\\w-]+:)?(?=[{_SPACES}{UNSEEN}])")
"""The beginning of a line, up to such a sign before a word, or right after a hyphen or colon."""

_SPACE, _NONE = pattern(f"[{_SPACES}]"), pattern(f"[{UNSEEN}]")

_AFTER_COLON = pattern(f"(?<=[^\\W\\d]:)[{UNSEEN}]+(?=\\S)")


def ordinary(text: str) -> str:
    """The same with ordinary spaces, and without what takes no room, but after a key."""
    return _NONE.sub("", _SPACE.sub(" ", _AFTER_COLON.sub(" ", text)))


def unseen(text: str, line: str) -> Fault | None:
    """The fault of a text with such a sign; `line` is what should be typed, with it or without."""
    found = UNUSUAL.search(text)
    if not found:
        return None
    return CF100.fault(code=f"U+{ord(found.group()):04X}", line=ordinary(line).strip())
