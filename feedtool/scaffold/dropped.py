"""Paths as they come out of a file manager: quoted, escaped, as an address, in another spelling.

A file that is dragged into a terminal arrives as text, and each terminal writes that in its way.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname


def dropped_path(text: str) -> Path:
    """The file that is meant; the text as a path when there is no such file."""
    for spelling in _spellings(text):
        home = spelling.startswith(("~/", "~\\"))  # "~" may begin a name as well
        found = _there(Path(spelling).expanduser() if home else Path(spelling))
        if found is not None:
            return found
    return Path(text.strip())


def _spellings(text: str) -> Iterator[str]:
    """The text as it is goes first: a name may well hold quotes, or end with a space."""
    yield text
    text = text.strip()
    if text[:2] == "& ":  # PowerShell calls what is dragged into it
        text = text[2:]
    yield text
    for quote in ("'", '"'):
        if len(text) > 1 and text[0] == text[-1] == quote:
            text = text[1:-1]
            yield text
            # shells end the quotes to write one: 'it'\''s'
            yield text.replace("'\\''", "'")
            break
    if text.lower().startswith("file:"):
        yield _from_address(text)
    if os.sep == "/":
        yield _unescaped(text)


def _from_address(text: str) -> str:
    try:
        path = urlsplit(text).path
    except ValueError:
        return text
    return url2pathname(path) if os.sep == "\\" else unquote(path)


def _unescaped(text: str) -> str:
    """Without the backslashes that shells put before spaces and signs."""
    signs = iter(text)
    return "".join(next(signs, "") if sign == "\\" else sign for sign in signs)


def _there(path: Path) -> Path | None:
    """The path as the disk spells it: macOS writes å as a and a ring, others as one letter."""
    try:
        if path.is_file():
            return path
        for form in ("NFC", "NFD"):
            other = Path(unicodedata.normalize(form, str(path)))
            if other.is_file():
                return other
        # a folder in one spelling with a file in the other
        wanted = unicodedata.normalize("NFC", path.name)
        for entry in path.parent.iterdir() if not wanted.isascii() else ():
            if unicodedata.normalize("NFC", entry.name) == wanted and entry.is_file():
                return entry
    except (OSError, ValueError):  # too long, a NUL: no path at all
        pass
    return None
