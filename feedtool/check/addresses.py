"""Rules about the address of a recording: what apps read from it before they play anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ..finding import N_, Code, Finding, Severity
from ..formats import ending_of, is_remote
from ..vocabulary import EXTENSIONS, SHOWN_AS
from .rule import Heard, item_rule

ME070 = Code(
    "ME070",
    Severity.WARNING,
    message=N_("the recording ends in {ending}, which podcast apps do not know"),
    why=N_(
        "Apple hides episodes whose recording does not end in .mp3, .m4a, .mp4, .m4v or .mov; the "
        "others follow its rules"
    ),
    mend=N_("rename the file to {better} and write that name at  media:"),
    spec=("APPLE-22", "PSP-08"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)


@item_rule
def ending_hidden(heard: Heard) -> Iterator[Finding]:
    """Recordings that apps would play, if they were called otherwise."""
    source, type = heard.item.episode.media, heard.item.enclosure.type
    if is_remote(source):
        return
    ending = ending_of(source)
    # what has a wrong ending is ME008
    if ending in SHOWN_AS and ending in EXTENSIONS.get(type, ()):
        better = PurePosixPath(source.partition("/")[2]).with_suffix(SHOWN_AS[ending])
        yield ME070.at(heard.place("media"), ending=ending, better=str(better))
