"""Text files, read with care: size, encoding, characters that no feed can carry.

The only place where files of producers are opened as text.
"""

from __future__ import annotations

import os
import stat
from itertools import islice

from ..finding import N_, Code, Finding, Place, Severity
from ..formats import forbidden_characters, without_forbidden_characters

SHOWN = 20
"""Faults of one kind that are told one by one: a file with more is not what it is taken for."""

LIMIT = 4 * 1024 * 1024
"""Bytes. A season of show notes fits into a tenth of it; more is a file in the wrong place."""

SPOKEN_LIMIT = 12_000_000
"""The same of a transcript: a meeting of a whole day, with the time of each word."""

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
    mend=N_('open it in your editor and save it with the encoding "UTF-8"; if it is no text at '
            "all, another file was saved under this name"),
    spec=("XML-02",),
)  # fmt: skip
CF003 = Code(
    "CF003",
    Severity.ERROR,
    message=N_("the file is far too large for a text: {size} bytes (at most {limit})"),
    why=N_("a text of that size is not something a person wrote for an episode"),
    mend=N_("look whether another file was saved under this name"),
)
CF004 = Code(
    "CF004",
    Severity.ERROR,
    message=N_("an invisible control character ({code}) stands in the text"),
    why=N_("feeds cannot carry control characters: every app would refuse the whole feed"),
    mend=N_("delete the character here, or delete the word and type it again; such characters "
            "come with text that was pasted from a PDF or a chat"),
    spec=("XML-04",),
)  # fmt: skip


_ORDINARY = bytes(set(range(0x20, 0x100)) - {0x7F, 0xC2, 0xEF} | {0x09, 0x0A})
"""What most files are made of. All that must be looked at holds one of the others: a control
character, CR, or the first byte of U+0080-U+009F, of U+FFFE and U+FFFF, of a byte order mark."""


def read_text(
    path: str | os.PathLike[str], file: str, limit: int = LIMIT
) -> tuple[str | None, list[Finding]]:
    """The text of a file with "\\n" line ends and no byte order mark, or what is wrong with it.

    `file` is the name findings carry. A text with control characters is still returned, with a
    sign in the place of each, so that the rest of it can be checked too.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # a pipe would never end
            return None, [CF001.at(Place(file), reason=N_("it is not an ordinary file"))]
        if status.st_size > limit:
            return None, [CF003.at(Place(file), size=status.st_size, limit=limit)]
        raw = _bytes(path, status.st_size)
    except OSError as error:
        return None, [CF001.at(Place(file), reason=error.strerror or str(error))]
    try:
        if not raw.translate(None, _ORDINARY):  # 1 us where searching the text takes 9
            return raw.decode(), []
        text = raw.decode("utf-8-sig")
        wrong = raw.find(b"\0")  # UTF-16, or no text at all
    except UnicodeDecodeError as error:
        wrong = len(raw) - len(error.object) + error.start
    if wrong >= 0:
        before = _unix(raw[:wrong].decode("utf-8-sig"))
        return None, [CF002.at(position(before, len(before), file))]
    text = _unix(text)
    found = forbidden(text, file)
    return without_forbidden_characters(text) if found else text, found


def _bytes(path: str | os.PathLike[str], size: int) -> bytes:
    """All of a file. A file object would ask the system seven times instead of three."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        raw = os.read(descriptor, size + 1)
        if len(raw) != size:  # it grows, or the system does not know its size
            while more := os.read(descriptor, LIMIT):
                raw += more
        return raw
    finally:
        os.close(descriptor)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def forbidden(text: str, file: str) -> list[Finding]:
    """A finding for each character of `text` that XML cannot carry, up to SHOWN."""
    return [
        CF004.at(position(text, found.start(), file), code=f"U+{ord(found.group()):04X}")
        for found in islice(forbidden_characters(text), SHOWN)
    ]


def position(text: str, at: int, file: str) -> Place:
    """The place of the character of `text` with the index `at`; lines end with "\\n"."""
    return Place(file, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at))
