"""Rules about one episode and its recording."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ..finding import N_, Code, Finding, Severity
from ..formats import clock, clocks
from ..model import Enclosure
from ..read.reshaped import spelled
from .rule import Heard, item_rule

EP020 = Code(
    "EP020",
    Severity.ERROR,
    message=N_("{claim} was announced, but the recording lasts {measured}: wrong recording?"),
    why=N_("listeners would get another recording, or one that is not finished"),
    mend=N_("check that media/{media} is the right file; if it is, correct it to  "
            "duration: {measured}"),
    spec=("DUR-02",),
)  # fmt: skip
EP022 = Code(
    "EP022",
    Severity.ERROR,
    message=N_("the soundbite from {start} to {end} lies outside the recording ({measured})"),
    why=N_("apps would play silence or nothing"),
    mend=N_("correct its start and duration"),
    spec=("PC20-06",),
)
EP023 = Code(
    "EP023",
    Severity.WARNING,
    message=N_("podcast apps cannot be sure to play {type}"),
    why=N_("Apple hides episodes that are not MP3, M4A or MP4; the others follow its rules"),
    mend=N_("export the recording as MP3 and write the name of that file at  media: ; this one can "
            "be offered as well:  alternates: [{{file: {name}}}]"),
    spec=("APPLE-22", "APPLE-23", "PSP-08"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)  # fmt: skip
EP024 = Code(
    "EP024",
    Severity.WARNING,
    message=N_("an episode of a serial has no whole number"),
    why=N_("apps show the parts of a serial in the order of their numbers: 1, 2, 3"),
    mend=N_("write  episode: 1   (2, 3, ...)"),
    spec=("APPLE-30", "PSP-07"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)
EP025 = Code(
    "EP025",
    Severity.WARNING,
    message=N_("it was updated before it was published"),
    why=N_("readers would show it as older than it is"),
    mend=N_("correct the line  updated:  or remove it"),
    spec=("ATOM-03",),
)
EP026 = Code(
    "EP026",
    Severity.ERROR,
    message=N_("two renditions are the default"),
    why=N_("apps play the default one, and it is unclear which is meant"),
    mend=N_("keep  default: true  in one of them"),
    spec=("PC20-14",),
)
EP027 = Code(
    "EP027",
    Severity.ERROR,
    message=N_("the default rendition is not the recording itself"),
    why=N_("apps that know renditions would play another one than the rest"),
    mend=N_("write  file: {media}  beside  default: true , or remove  default: true"),
    spec=("PC20-16",),
)
EP028 = Code(
    "EP028",
    Severity.OFF,
    message=N_("only Apple takes {type}"),
    why=N_("PSP-1, which the other directories go by, has MP3, M4A, MP4 and M4V"),
    mend=N_(
        "export the video as MP4 and write the name of that file at  media: ; this one can be "
        "offered as well:  alternates: [{{file: {name}}}]"
    ),
    spec=("PSP-08",),
    profiles={"psp1": Severity.ERROR},
)
EP075 = Code(
    "EP075",
    Severity.OFF,
    message=N_("the soundbite from {start} lasts {duration}"),
    why=N_("apps that share soundbites expect 15 seconds to 2 minutes: enough to make curious"),
    mend=N_("choose a duration from 0:15 to 2:00"),
    spec=("PC20-06",),
    profiles={"podcasting2": Severity.WARNING},
)
EP076 = Code(
    "EP076",
    Severity.OFF,
    message=N_("the episode is marked as not for children, the series is not"),
    why=N_("Apple asks for the mark on the whole podcast when parts of it need one; where such "
           "podcasts are not allowed the episode is missing"),
    mend=N_("write  explicit: true  in series.yaml too, or delete it here if children may listen"),
    spec=("APPLE-11",),
    profiles={"apple": Severity.WARNING},
)  # fmt: skip
EP077 = Code(
    "EP077",
    Severity.NOTE,
    message=N_('"{tag}" is one tag with a comma in it'),
    why=N_("nobody searches for these words together"),
    mend=N_("write each tag on its own:  tags: [{tags}]"),
    spec=("RSS-09",),
)

SHORTEST, LONGEST = timedelta(seconds=15), timedelta(seconds=120)
"""Of a soundbite (Podcasting 2.0, tag soundbite)."""

PLAYABLE = frozenset({
    "audio/mpeg", "audio/x-m4a", "audio/mp4", "video/mp4", "video/x-m4v", "video/quicktime",
})  # fmt: skip
"""Types of Apple's guide that feedtool measures, and the registered name of its audio/x-m4a (RFC
4337), which imported feeds have."""


@item_rule
def duration_outside_claim(heard: Heard) -> Iterator[Finding]:
    """Recordings that last longer or shorter than somebody announced."""
    claim, measured = heard.item.episode.claim, heard.item.enclosure.duration
    if claim and measured and not claim.admits(measured):
        yield EP020.at(
            heard.place("duration"),
            claim=claim.text, measured=clock(measured), media=heard.item.episode.media,
        )  # fmt: skip


@item_rule
def soundbite_outside(heard: Heard) -> Iterator[Finding]:
    """Soundbites without length, or beyond the end."""
    measured = heard.item.enclosure.end
    for index, bite in enumerate(heard.item.episode.soundbites):
        end = bite.start + bite.duration
        if not bite.duration or end > measured:
            last, over = clocks(end, measured)
            place = heard.place("soundbites", index)
            yield EP022.at(place, start=clock(bite.start), end=last, measured=over)


@item_rule
def defaults_compete(heard: Heard) -> Iterator[Finding]:
    """Several renditions that want to be played first."""
    defaults = [index for index, one in enumerate(heard.item.alternates) if one.default]
    for index in defaults[1:]:
        yield EP026.at(heard.place("alternates", index, "default"))


@item_rule
def default_is_another(heard: Heard) -> Iterator[Finding]:
    """A default rendition with other bytes than the enclosure."""
    source = heard.item.enclosure.source
    for index, one in enumerate(heard.item.alternates):
        if one.default and source not in {copy.uri for copy in one.copies}:
            media = source.partition("/")[2]
            yield EP027.at(heard.place("alternates", index, "default"), media=media)


@item_rule
def type_not_playable(heard: Heard) -> Iterator[Finding]:
    """Recordings in a format that podcast apps hide."""
    if heard.item.enclosure.type not in PLAYABLE:
        enclosure = heard.item.enclosure
        yield EP023.at(heard.place("media"), type=enclosure.type, name=_named(enclosure))


@item_rule
def type_of_apple_alone(heard: Heard) -> Iterator[Finding]:
    """QuickTime, which Apple's guide lists and PSP-1 does not."""
    if heard.item.enclosure.type == "video/quicktime":
        enclosure = heard.item.enclosure
        yield EP028.at(heard.place("media"), type=enclosure.type, name=_named(enclosure))


def _named(enclosure: Enclosure) -> str:
    """As an episode names it: the folder of the series goes before by itself."""
    source = enclosure.source
    return spelled(source if ":" in source else source.partition("/")[2])


@item_rule
def number_missing_in_serial(heard: Heard) -> Iterator[Finding]:
    """Parts of a serial whose place in it is not said."""
    episode = heard.item.episode
    if heard.series.type != "serial" or episode.type != "full":
        return
    if episode.number is None:
        yield EP024.at(heard.place())
    elif episode.number.whole is None:
        yield EP024.at(heard.place("episode"))


@item_rule
def updated_before_published(heard: Heard) -> Iterator[Finding]:
    """Corrections from before the first publication."""
    episode = heard.item.episode
    if episode.updated and episode.updated < episode.date:
        yield EP025.at(heard.place("updated"))


@item_rule
def soundbite_of_unusual_length(heard: Heard) -> Iterator[Finding]:
    """Soundbites that are over at once, or that are half of the episode."""
    for index, bite in enumerate(heard.item.episode.soundbites):
        if bite.duration and not SHORTEST <= bite.duration <= LONGEST:
            yield EP075.at(
                heard.place("soundbites", index, "duration"),
                start=clock(bite.start), duration=clock(bite.duration),
            )  # fmt: skip


@item_rule
def explicit_in_clean_series(heard: Heard) -> Iterator[Finding]:
    """Episodes not for children, in a series that says nothing of the kind."""
    if heard.item.episode.explicit and not heard.series.explicit:
        yield EP076.at(heard.place("explicit"))


@item_rule
def tags_run_together(heard: Heard) -> Iterator[Finding]:
    """Several tags in one pair of quotes."""
    for index, tag in enumerate(heard.item.episode.tags):
        if "," in tag:
            tags = ", ".join(spelled(word) for word in tag.split(",") if word.strip())
            yield EP077.at(heard.place("tags", index), tag=tag, tags=tags)
