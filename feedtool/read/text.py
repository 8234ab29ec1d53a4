"""Text files, read with care: size, encoding, characters that no feed can carry.

The only place where files of producers are opened as text.
"""

from __future__ import annotations

from pathlib import Path

from ..finding import Code, Finding, N_, Place, Severity
from ..formats import forbidden_character

LIMIT = 4 * 1024 * 1024
"""Bytes. A season of show notes fits into a tenth of it; more is a file in the wrong place."""

CF001 = Code(
    "CF001",
    Severity.ERROR,
    message=N_("the file cannot be read: {reason}"),
    why=N_("nothing is known of what it says"),
    mend=N_("check that the file exists and that you may read it"),
)
CF002 = Code(
    "CF002",
    Severity.ERROR,
    message=N_("the file is not text in UTF-8"),
    why=N_("letters such as å, ä and ö would be shown wrongly to listeners"),
    mend=N_('save the file again with the encoding "UTF-8"'),
    spec=("XML-02",),
)
CF003 = Code(
    "CF003",
    Severity.ERROR,
    message=N_("the file has {size} bytes; at most {limit} are read"),
    why=N_("a text of that size is not something a person wrote for an episode"),
    mend=N_("look whether another file was saved under this name"),
)
CF004 = Code(
    "CF004",
    Severity.ERROR,
    message=N_("a character that cannot be shown (code {code}) stands in the text"),
    why=N_("XML cannot carry control characters: every app would refuse the whole feed"),
    mend=N_("delete the character; it often comes with text pasted from a PDF or a chat"),
    spec=("XML-04",),
)


def read_text(path: Path, file: str, limit: int = LIMIT) -> tuple[str | None, list[Finding]]:
    """The text of a file with "\\n" line ends and no byte order mark, or what is wrong with it.

    `file` is the name findings carry. A text with control characters is still returned, so that
    the rest of it can be checked too.
    """
    place = Place(file)
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
            size = len(raw) if len(raw) <= limit else path.stat().st_size
    except OSError as error:
        return None, [CF001.at(place, reason=error.strerror or str(error))]
    if size > limit:
        return None, [CF003.at(place, size=size, limit=limit)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [CF002.at(Place(file, line=line, column=1))]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, forbidden(text, file)


def forbidden(text: str, file: str) -> list[Finding]:
    """A finding for the first character of `text` that XML cannot carry."""
    found = forbidden_character(text)
    if not found:
        return []
    at = found.start()
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    code = f"U+{ord(found.group()):04X}"
    return [CF004.at(Place(file, line=line, column=column), code=code)]
