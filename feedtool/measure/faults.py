"""What can be wrong with a recording, and what the containers' modules hand to `measure`."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from ..finding import N_, Code, Fault, Severity
from ..formats import clock, normal_play_time
from ..model import Inside

# --- it is not here ----------------------------------------------------------------------------

MISSING = Code(
    "ME001",
    Severity.ERROR,
    message=N_("the recording {name} is not there"),
    why=N_("an episode without its recording cannot be played"),
    mend=N_("put the file there, or correct its name; large and small letters differ"),
    spec=("RSS-21",),
)

POINTER = Code(
    "ME002",
    Severity.ERROR,
    message=N_("{name} only says where the recording is kept (Git LFS or git-annex)"),
    why=N_("the recording itself has not been fetched, so its length cannot be measured"),
    mend=N_('fetch it with "git lfs pull" or "git annex get"'),
)

EMPTY = Code(
    "ME003",
    Severity.ERROR,
    message=N_("{name} is empty: 0 bytes"),
    why=N_("copying or exporting it was broken off before it began"),
    mend=N_("copy or export the recording again"),
    spec=("FILE-08",),
)

CLOSED = Code(
    "ME004",
    Severity.ERROR,
    message=N_("{name} cannot be opened: {reason}"),
    why=N_("what cannot be read cannot be measured or published"),
    mend=N_("make it an ordinary file that you may read"),
)

# --- it is something else ----------------------------------------------------------------------

NO_RECORDING = Code(
    "ME005",
    Severity.ERROR,
    message=N_("{name} is no recording; what it holds is {found}"),
    why=N_("no app can play it, whatever its name says"),
    mend=N_(
        "put the recording itself there; if it was downloaded, look whether a page that only "
        "tells of an error was saved in its place"
    ),
    spec=("FILE-08",),
)

OTHER_FORMAT = Code(
    "ME006",
    Severity.ERROR,
    message=N_("{name} is in the format {found}, which podcast apps do not play"),
    why=N_("listeners would get an episode that does not start"),
    mend=N_("export it as MP3 or M4A (sound), or as MP4 (video)"),
    spec=("APPLE-22", "FILE-08"),
)

UNREADABLE = Code(
    "ME007",
    Severity.ERROR,
    message=N_("no sound or video can be found in {name}"),
    why=N_("the file is damaged, or of a kind that podcast apps do not know"),
    mend=N_("play it on your computer; if that fails too, export or copy it again"),
    spec=("FILE-08",),
)

MISLABELLED = Code(
    "ME008",
    Severity.ERROR,
    message=N_("{name} is called {extension} but its content is {type}"),
    why=N_("apps choose their player by the name and refuse what turns out to be something else"),
    mend=N_(
        "rename it so that it ends in {right} and write that name here, or export it again in the "
        "format you meant"
    ),
    spec=("APPLE-22", "APPLE-23", "FILE-08"),
)

IN_FRAGMENTS = Code(
    "ME009",
    Severity.ERROR,
    message=N_("{name} was saved in pieces (fragmented MP4) and does not say how long it is"),
    why=N_("this form is for live streaming; many apps show no length or cannot skip in it"),
    mend=N_(
        'export it as an ordinary MP4 file; in export settings look for "fast start" or '
        '"web optimized", not "fragmented"'
    ),
    spec=("FILE-06",),
)

# --- it is not whole ---------------------------------------------------------------------------

CUT_OFF = Code(
    "ME010",
    Severity.ERROR,
    message=N_("{name} breaks off: {found} of {stated} is there"),
    why=N_("copying or exporting it was interrupted; listeners would miss the end"),
    mend=N_("copy or export the whole recording again"),
    spec=("FILE-08",),
)

CUT_OFF_END = Code(
    "ME011",
    Severity.ERROR,
    message=N_("{name} breaks off in the middle of a sound, after {found}"),
    why=N_("a whole file ends after a whole sound: copying or exporting it was interrupted"),
    mend=N_(
        "compare the end with the original and copy it again; if nothing is missing, save the "
        "recording anew in an audio editor"
    ),
    spec=("FILE-08",),
)

CUT_OFF_INDEX = Code(
    "ME012",
    Severity.ERROR,
    message=N_("{name} breaks off before its table of contents"),
    why=N_(
        "recorders and cameras write it last: recording, exporting or copying was interrupted, and "
        "no player can find its way in the rest"
    ),
    mend=N_("copy or export the whole recording again"),
    spec=("FILE-06", "FILE-08"),
)

DAMAGED = Code(
    "ME013",
    Severity.WARNING,
    message=N_("{name} is damaged: {bytes} bytes between or behind its sounds are none"),
    why=N_("listeners hear a click or a gap there, and some players stop"),
    mend=N_("listen to the recording, and export or copy it again"),
    spec=("FILE-08",),
)

# --- it does not tell the truth ----------------------------------------------------------------

WRONG_LENGTH = Code(
    "ME014",
    Severity.WARNING,
    message=N_("{name} says that it lasts {stated}, but it lasts {found}"),
    why=N_(
        "players that believe the file show a wrong length and skip to wrong places; the feed says "
        "{found}"
    ),
    mend=N_("save the recording anew in the program it was made with"),
    spec=("DUR-02", "FILE-07"),
)

NO_LENGTH = Code(
    "ME015",
    Severity.WARNING,
    message=N_("{name} does not say how long it is; it lasts {found}"),
    why=N_("players have to guess: they show a wrong length and skip to wrong places"),
    mend=N_("save the recording anew; for an MP3 choose constant bit rate"),
    spec=("DUR-02", "FILE-07"),
)

NO_END = Code(
    "ME016",
    Severity.WARNING,
    message=N_("{name} does not mark its end; {found} is there"),
    why=N_("some programs leave the mark out, but a copy that was interrupted lacks it, too"),
    mend=N_("compare the end with the original; if nothing is missing, this can stay"),
    spec=("FILE-08",),
)

NO_TIME = Code(
    "ME017",
    Severity.ERROR,
    message=N_("{name} lasts 0 seconds"),
    why=N_("there is nothing in it to listen to"),
    mend=N_("export the recording again"),
    spec=("FILE-08",),
)

BROKEN_CHAPTERS = Code(
    "ME018",
    Severity.WARNING,
    message=N_("the chapters inside {name} are damaged: {problem}"),
    why=N_("players that look into the recording show none of them, or jump to wrong places"),
    mend=N_(
        "save the recording anew in the program its chapters were made with; the feed carries "
        "those under  chapters:  and is not affected"
    ),
    spec=("FILE-01", "FILE-02", "FILE-05"),
)

# --- what the containers say -------------------------------------------------------------------


class Reading(NamedTuple):
    """What a container's module found out about one file."""

    type: str  #: MIME type
    seconds: float  #: playing time
    faults: tuple[Fault, ...] = ()
    video: bool = False
    height: int | None = None  #: pixels
    inside: Inside | None = None


class NotMeasuredError(Exception):
    """There is nothing to measure in the file, and this is why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code.id)
        self.fault = fault


SLACK = 0.5
"""Seconds that two figures may differ before one of them is a lie.

Encoders fill their first and last frame with silence (up to about 0.15 s in HE-AAC), and programs
disagree on whether it belongs to the length. Feeds carry whole seconds.
"""

_LONGEST = 1e12
"""Seconds; anything above is shown as this, for `timedelta` has an end."""


def disagree(stated: float, found: float) -> bool:
    """Do two playing times, in seconds, differ by more than silence that encoders add?"""
    return abs(stated - found) > SLACK


def spoken(seconds: float) -> str:
    """A playing time for a message."""
    return clock(_time(seconds))


def two_times(stated: float, found: float) -> dict[str, str]:
    """Both as parameters of a message; with milliseconds where whole seconds look the same."""
    a, b = _time(stated), _time(found)
    show = normal_play_time if clock(a) == clock(b) else clock
    return {"stated": show(a), "found": show(b)}


def _time(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), _LONGEST))
