"""A recording and a date, told to the person who makes an episode of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ..finding import N_
from ..language import Size
from ..scaffold.recording import Recording

Text = Callable[..., str]
"""Console.text: a message in the user's language."""

_KINDS = {
    "audio/mpeg": "MP3",
    "audio/x-m4a": "M4A",
    "video/mp4": "MP4",
    "video/x-m4v": "M4V",
    "video/quicktime": "QuickTime",
    "audio/ogg": "Ogg Vorbis",
    "audio/opus": "Opus",
    "audio/flac": "FLAC",
    "audio/wav": "WAV",
}
_DAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"),
    N_("Sunday"),
)  # fmt: skip
_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def told_recording(recording: Recording, text: Text) -> str:
    """'MP3, 11 min 04 s, mono, 96 kbit/s, 8.0 MB, title tag "Intervju"'."""
    measured = recording.measured
    parts = [_KINDS[measured.type], _length(measured.duration)]
    channels = measured.inside.channels if measured.inside else None
    if channels:
        words = {1: N_("mono"), 2: N_("stereo")}
        word = words.get(channels)
        parts.append(text(word) if word else text(N_("{count} channels"), count=channels))
    if not measured.video:
        steady = measured.inside.bitrate if measured.inside else None
        average = measured.bytes * 8 / measured.duration.total_seconds()
        parts.append(f"{round((steady or average) / 1000)} kbit/s")
    parts.append(Size(measured.bytes).told(text))
    if recording.title:
        parts.append(text(N_('title tag "{title}"'), title=recording.title))
    if recording.chapters:
        parts.append(text(N_("{count} chapters"), count=len(recording.chapters)))
    return ", ".join(parts)


def _length(time: timedelta) -> str:
    """ "11 min 04 s", "1 h 02 min 03 s"."""
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min {seconds:02} s"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def told_date(date: datetime, text: Text) -> str:
    """ "Tuesday 24 November 2026 07:00 (Europe/Stockholm)"."""
    day, month = text(_DAYS[date.weekday()]), text(_MONTHS[date.month - 1])
    return f"{day} {date.day} {month} {date.year} {date:%H:%M} ({date.tzinfo})"
