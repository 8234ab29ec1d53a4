r"""Backslashes in double quotes that libyaml reads without complaint, as something nobody sees.

"Mapp C:\nytt" goes on with a new line and "ytt", "\Lagen" begins with a line end of Unicode, and
"\bilder" with a control character.
"""

from __future__ import annotations

import re
from typing import Any

from ..finding import N_, Code, Finding, Place, Severity
from ..pattern import pattern
from .yaml_faults import KEY, in_quotes

CF107 = Code(
    "CF107",
    Severity.ERROR,
    message=N_("{sign} stands in double quotes, where it means {expected}"),
    why=N_("listeners would see a gap, and not what is written here"),
    mend=N_("write single quotes around the text:  {line}"),
)

_LINE, _CONTROL = N_("a new line"), N_("a control character")
_MEANING = {
    "n": _LINE, "r": _LINE, "N": _LINE, "L": _LINE, "P": _LINE, "t": N_("a tab"),
    "_": N_("a space"), **dict.fromkeys("0abefv", _CONTROL),
}  # fmt: skip

_ESCAPE = pattern(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_SEVERAL_LINES = pattern(r"(?:summary|description):[ ]*")
"""Before texts that may have more than one line, so that "\\n" may be meant."""
_TEXT = pattern(r"(?:.*[\s{,])?text:[ ]*", re.DOTALL)
_ENTRY_BEGINS = pattern(r"\{|^ *- ", re.MULTILINE)
_ENTRY_ENDS = pattern(r"\}|\n(?= *- |\S)")
_IS_TXT = pattern(r"""(?:^|[\s{,])tag:[ ]*["']?txt["']?[ ]*(?:[,}#\n]|$)""")
"""Among the keys of an entry of `podcast:`: the tag whose text may have several lines, too."""
_DISK = pattern(r"(?:.*[^A-Za-z])?[A-Za-z]:", re.DOTALL)
"""Before a backslash that can only be part of a way to a file."""


def escaped(
    lines: list[str], file: str, first_line: int, start: Any, end: Any
) -> tuple[Finding, str] | None:
    """The finding for the text in double quotes between two marks of libyaml, if there is one.

    With it comes the text on one line, as it was meant.
    """
    before = lines[start.line][: start.column]
    last = lines[end.line][: end.column]
    written = "\n".join([*lines[start.line : end.line], last])[start.column :]
    for found in _ESCAPE.finditer(written):
        meaning = _MEANING.get(found[1])
        if meaning is None or (
            found[1] == "n"
            and (_SEVERAL_LINES.fullmatch(before) or _is_txt(lines, start, end))
            and not _DISK.fullmatch(written[1 : found.start()])
        ):
            continue
        meant = " ".join(_ESCAPE.sub(_read, written[1:-1]).split())
        text = in_quotes(meant)
        one_line = start.line == end.line
        key = KEY.match(before + written) if one_line else None
        line = f"{key[2]}: {text}" if key and key.end() == start.column else text
        column = start.column + (found.start() if one_line else 0)
        place = Place(file, line=start.line + first_line, column=column + 1)
        return CF107.at(place, sign=found[0], expected=meaning, line=line), meant
    return None


def _is_txt(lines: list[str], start: Any, end: Any) -> bool:
    """Does the text between two marks stand at `text:` of the tag txt?"""
    before = "\n".join([*lines[: start.line], lines[start.line][: start.column]])
    if not _TEXT.fullmatch(before):
        return False
    after = "\n".join([lines[end.line][end.column :], *lines[end.line + 1 :]])
    entry = _ENTRY_BEGINS.split(before)[-1] + _ENTRY_ENDS.split(after)[0]
    return bool(_IS_TXT.search(entry))


def _read(found: re.Match[str]) -> str:
    """An escape that means a sign as that sign, any other as it stands there."""
    sign = found[1]
    if len(sign) > 1:
        return chr(int(sign[1:], 16))
    return sign if sign in '\\"/ \n' else found[0]
