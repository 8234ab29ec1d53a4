"""Rules about what was found in a recording: how it sounds, and who can play it.

They are silent about a recording that is not here: nobody knows then how it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ..finding import N_, Code, Finding, Severity
from ..formats import clock
from .rule import Heard, item_rule

ME019 = Code(
    "ME019",
    Severity.WARNING,
    message=N_("the sound ({kind}) has {rate} kbit/s, less than {least}"),
    why=N_("listeners hear it: s and t hiss and gurgle, and voices sound as if under water"),
    mend=N_(
        "export the recording again from the original: MP3, mono, 96 kbit/s for speech; making "
        "this file larger does not bring back what is lost"
    ),
    spec=("FILE-09", "APPLE-38"),
)
ME020 = Code(
    "ME020",
    Severity.WARNING,
    message=N_("the sound has {rate} kbit/s, more than {most}"),
    why=N_("nobody hears the difference, but everybody downloads it, often on a phone"),
    mend=N_("export the recording at 128 kbit/s (speech) or 192 kbit/s (music)"),
    spec=("FILE-09",),
)
ME021 = Code(
    "ME021",
    Severity.WARNING,
    message=N_("the sound was recorded or exported like a telephone call, with {rate} Hz"),
    why=N_("s, f and t are hard to tell apart, above all for those who hear badly"),
    mend=N_("export it from the original with 44100 or 48000 Hz, and record like that next time"),
    spec=("FILE-09", "APPLE-38"),
)
ME022 = Code(
    "ME022",
    Severity.OFF,
    message=N_("the sound has {rate} Hz; directories ask for 44100 or 48000 Hz"),
    why=N_("it sounds duller than other podcasts"),
    mend=N_("export it from the original with 44100 or 48000 Hz"),
    spec=("FILE-09", "APPLE-38"),
    profiles={"apple": Severity.WARNING},
)
ME023 = Code(
    "ME023",
    Severity.WARNING,
    message=N_("the sound has {channels} channels; podcast apps play one or two"),
    why=N_("some apps play only the first two, and who speaks on another is not heard"),
    mend=N_("mix it down to mono or stereo in an audio editor and export it again"),
    spec=("FILE-09",),
)
ME024 = Code(
    "ME024",
    Severity.OFF,
    message=N_("the recording lasts {measured}, longer than {hours} hours"),
    why=N_("Spotify and YouTube refuse recordings that long"),
    mend=N_("divide it into several episodes"),
    spec=("SPOT-03", "YT-07"),
    profiles={"spotify": Severity.WARNING, "youtube": Severity.WARNING},
)
ME025 = Code(
    "ME025",
    Severity.WARNING,
    message=N_("media/{source} has its table of contents at the end"),
    why=N_(
        "players need it first: listeners wait longer before anything starts, in some apps until "
        "everything is downloaded"
    ),
    mend=N_(
        'export it again with the setting "fast start" or "web optimized", or run  ffmpeg -i '
        "media/{source} -c copy -movflags +faststart new-name.{ending}   and name the new file here"
    ),
    spec=("FILE-06",),
)
ME026 = Code(
    "ME026",
    Severity.WARNING,
    message=N_("the sound is stored as {kind}, which many apps and browsers cannot play"),
    why=N_("their listeners would hear nothing"),
    mend=N_("export it again with AAC sound, or as MP3"),
    spec=("FILE-06", "APPLE-38", "SPOT-03"),
)
ME027 = Code(
    "ME027",
    Severity.WARNING,
    message=N_("the picture is stored as {kind}, which many apps and browsers cannot show"),
    why=N_("their viewers would see nothing, or get an error"),
    mend=N_(
        "export the video again as MP4 with H.264 (iPhone: Settings, Camera, Formats, Most "
        "Compatible)"
    ),
    spec=("FILE-06",),
)
ME028 = Code(
    "ME028",
    Severity.WARNING,
    message=N_("the video has no sound"),
    why=N_("in apps that play with the screen off there is nothing at all"),
    mend=N_("check that the sound was exported with it, and that it is the right file"),
    spec=("FILE-08",),
)

_LEAST = {1: 32, 2: 64}
_MOST = 320
_SLACK = 0.95
"""Programs round: 64 kbit/s can be 63.6."""

_FRUGAL = frozenset({"mp4a.40.5", "mp4a.40.29"})
"""HE-AAC, made for low bit rates."""

_USUAL_RATES = frozenset({None, 32000, 44100, 48000})
"""With 32000 Hz, common in recorded meetings, nobody misses anything of a voice."""
_TELEPHONE = 22050  # samples a second; less carries less than 11 kHz
_LONGEST = timedelta(hours=12)

_SHOWN = frozenset({"avc1", "avc2", "avc3", "avc4"})
_KINDS = {
    "alac": "Apple Lossless (ALAC)", "ac-3": "Dolby Digital (AC-3)",
    "ec-3": "Dolby Digital Plus (E-AC-3)", "hvc1": "H.265 (HEVC)", "hev1": "H.265 (HEVC)",
    "dvh1": "H.265 (Dolby Vision)", "dvhe": "H.265 (Dolby Vision)", "av01": "AV1", "vp09": "VP9",
    "mp4v": "MPEG-4 Visual", "apcn": "ProRes", "apch": "ProRes", "lpcm": "PCM", "sowt": "PCM",
    "twos": "PCM", "samr": "AMR", "mp1": "MPEG layer I", "mp2": "MPEG layer II (MP2)",
    "drms": "AAC (FairPlay)",
}  # fmt: skip

LONG_WAIT = 20_000_000
"""Bytes. Nobody notices that a smaller file is fetched to its end first."""


@item_rule
def bit_rate_odd(heard: Heard) -> Iterator[Finding]:
    """So few bits that one hears it, or so many that nobody does."""
    inside = heard.item.enclosure.inside
    if inside is None or inside.bitrate is None or inside.channels is None:
        return
    rate, least = inside.bitrate / 1000, _LEAST.get(inside.channels, 0)
    if rate < least * _SLACK and inside.sound not in _FRUGAL:
        kind = "mono" if inside.channels == 1 else "stereo"
        yield ME019.at(heard.place("media"), rate=round(rate), kind=kind, least=least)
    elif rate * _SLACK > _MOST and inside.sound != "alac":
        yield ME020.at(heard.place("media"), rate=round(rate), most=_MOST)


@item_rule
def sample_rate_odd(heard: Heard) -> Iterator[Finding]:
    """Sound that lacks its high tones, or that directories convert."""
    inside = heard.item.enclosure.inside
    if inside is None or inside.rate in _USUAL_RATES or inside.rate is None:
        return
    code = ME021 if inside.rate < _TELEPHONE else ME022
    yield code.at(heard.place("media"), rate=inside.rate)


@item_rule
def channels_many(heard: Heard) -> Iterator[Finding]:
    """Recordings with a channel for each microphone, or surround sound."""
    inside = heard.item.enclosure.inside
    if inside and inside.channels and inside.channels > 2:
        yield ME023.at(heard.place("media"), channels=inside.channels)


@item_rule
def too_long(heard: Heard) -> Iterator[Finding]:
    """Recordings that hosts refuse for their length."""
    measured = heard.item.enclosure.duration
    if measured > _LONGEST:
        hours = _LONGEST // timedelta(hours=1)
        yield ME024.at(heard.place("media"), measured=clock(measured), hours=hours)


@item_rule
def starts_slowly(heard: Heard) -> Iterator[Finding]:
    """Large MP4 files whose index comes last."""
    enclosure = heard.item.enclosure
    if enclosure.inside and enclosure.inside.late and enclosure.length >= LONG_WAIT:
        yield ME025.at(
            heard.place("media"),
            source=enclosure.source, ending=enclosure.source.rpartition(".")[2],
        )  # fmt: skip


@item_rule
def stored_unusually(heard: Heard) -> Iterator[Finding]:
    """MP4 files with sound or pictures that only some players understand."""
    inside = heard.item.enclosure.inside
    if inside is None:
        return
    sound, picture = inside.sound, inside.picture
    if sound and not sound.startswith("mp4a") and "mp3" not in sound:
        yield ME026.at(heard.place("media"), kind=_KINDS.get(sound, sound))
    if picture and picture not in _SHOWN:
        yield ME027.at(heard.place("media"), kind=_KINDS.get(picture, picture))


@item_rule
def video_without_sound(heard: Heard) -> Iterator[Finding]:
    """Videos that somebody forgot to export the sound with."""
    inside = heard.item.enclosure.inside
    if inside and inside.picture and not inside.sound:
        yield ME028.at(heard.place("media"))
