"""What may be written in the three kinds of file: every key, its type and its meaning.

One declaration serves checking, the JSON Schemas for editors and the reference. Every scalar
arrives as text (yaml_tree.py) and is typed here, in objects.py and in values.py; shape.py makes
pydantic's validator of it. Annotations are not put off, as in objects.py.
"""

from dataclasses import field
from typing import Annotated, Literal

from ..declare import dataclass
from ..pattern import pattern
from ..vocabulary import MEDIUMS, PROFILES
from .marks import After, Before, Either, Refused, Said, Within
from .objects import (
    AlternateKeys,
    BlockKeys,
    ChannelTag,
    ChapterLine,
    CreditKeys,
    ExemptKeys,
    FrequencyKeys,
    FundingKeys,
    HostKeys,
    IgnoreKeys,
    ItemTag,
    Keys,
    LicenseKeys,
    LinkKeys,
    LocationKeys,
    NumberKeys,
    OwnerKeys,
    PersonKeys,
    PublisherKeys,
    SeasonKeys,
    SoundbiteKeys,
    TargetKeys,
    TranscriptLine,
    whole_block,
)
from .values import (
    CF037,
    Address,
    CategoryName,
    Duration,
    FileName,
    Guid,
    Label,
    Language,
    Line,
    PublicAddress,
    Source,
    Text,
    Uuid,
    better_slug,
    is_name,
    one_of,
    short,
)

_HOST_NAME = r"(?![Ff][Ee][Ee][Dd][Tt][Oo][Oo][Ll]$)[A-Za-z0-9][A-Za-z0-9_-]*"
"""A file is called by it, so it leads nowhere, and is not that of our own lock."""
_HOST = pattern(_HOST_NAME)
_TARGET_NAME = r"[!-.0-\[\]-~]+"
"""ASCII without spaces and slashes: variables of the environment are called by it."""
_TARGET = pattern(_TARGET_NAME)


def _host_name(text: str) -> str:
    """A name for <host>.lock, for the password store and for variables of the environment."""
    if _HOST.fullmatch(text):
        return text
    better = better_slug(text)
    raise Refused(CF037.fault(text=text, example=better if _HOST.match(better) else f"{better}-2"))


def _target_name(text: str) -> str:
    if _TARGET.fullmatch(text):
        return text
    raise Refused(CF037.fault(text=text, example=better_slug(text)))


StatedLicense = Annotated[LicenseKeys | None, Before(short("name"), str | LicenseKeys | None)]
Places = Annotated[
    tuple[LocationKeys, ...],
    Before(short("name", many=True), str | LocationKeys | list[str | LocationKeys]),
]
HostName = Annotated[str, After(_host_name)]
TargetName = Annotated[str, After(_target_name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKeys(Keys):
    """Keys of a series; in feedtool.yaml they describe the catalog, as every series' default."""

    title: Annotated[Line | None, Said("The name apps show.")] = None
    description: Annotated[Text | None, Said("What it is about; plain text.")] = None
    author: Annotated[Line | None, Said("Who makes it, as listeners see it.")] = None
    language: Annotated[Language | None, Said("sv, en, sv-FI, ...")] = None
    guid: Annotated[Uuid | None, Said("podcast:guid of an existing feed.")] = None
    medium: Annotated[
        Annotated[str, one_of(MEDIUMS)] | None,
        Said("podcast, video, course, ...", enum=[*MEDIUMS, None]),
    ] = None
    type: Annotated[
        Literal["episodic", "serial"] | None,
        Said("episodic: newest first; serial: to be heard from the first on."),
    ] = None
    explicit: Annotated[bool | None, Said("Not for children?")] = None
    categories: Annotated[
        tuple[CategoryName, ...],
        Said('Apple\'s: "Government", "Society & Culture > Documentary".'),
    ] = ()
    image: Annotated[
        Source | None, Said("Square artwork below media/<series>/, or an address.")
    ] = None
    image_alt: Annotated[Line | None, Said("What the picture shows.")] = None
    people: Annotated[tuple[CreditKeys, ...], Said("Who takes part in every episode.")] = ()
    links: Annotated[tuple[LinkKeys, ...], Said("Pages that belong to it.")] = ()
    copyright: Annotated[Line | None, Said("The holder, without the sign.")] = None
    license: StatedLicense = None
    location: Places = ()
    locked: Annotated[bool | None, Said("May no other host import it?")] = None
    funding: Annotated[tuple[FundingKeys, ...], Said("Where to give money.")] = ()
    new_feed_url: Annotated[Address | None, Said("Where the feed moved.")] = None
    complete: Annotated[bool | None, Said("No more episodes will come.")] = None
    block: Annotated[
        BlockKeys | None,
        Before(whole_block, bool | list[str] | BlockKeys | None),
        Said("Hide from directories: true, or a list of services."),
    ] = None
    trailer: Annotated[
        tuple[str, ...],
        Before(
            lambda value: value if isinstance(value, list) else [value],
            str | list[str],
        ),
        Said("The slug of the episode that is offered as a trailer."),
    ] = ()
    update_frequency: Annotated[
        FrequencyKeys | None,
        Before(short("text"), str | FrequencyKeys | None),
    ] = None
    publisher: Annotated[PublisherKeys | None, Said("The publisher feed of the organisation.")] = (
        None
    )
    hubs: Annotated[tuple[PublicAddress, ...], Said("WebSub hubs.")] = ()
    podcast: Annotated[
        tuple[ChannelTag, ...],
        Said("Further tags of Podcasting 2.0: [{tag: chat, ...}]"),
    ] = ()
    ignore: Annotated[
        tuple[IgnoreKeys, ...],
        Said("Warnings of this file that are right as they are."),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKeys(ChannelKeys):
    """episodes/<series>/series.yaml: one series, one feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogKeys(ChannelKeys):
    """feedtool.yaml: the catalog, its address, its people, and every series' defaults."""

    base_url: Annotated[PublicAddress, Said("The web address of public/.")]
    media_base_url: Annotated[
        PublicAddress | None,
        Said("Where recordings are, if not below base_url; they are not built then."),
    ] = None
    media_prefix: Annotated[
        PublicAddress | None, Said("Put before the addresses of recordings, in RSS only.")
    ] = None
    timezone: Annotated[str | None, Said("Of dates without one, as Europe/Stockholm.")] = None
    owner: OwnerKeys | None = None
    profiles: Annotated[
        tuple[Annotated[str, one_of(PROFILES)], ...],
        Said("Rules to be checked against: apple, psp1, ..."),
    ] = ()
    # A series finds its own in its folder; this one is the default of all.
    image: Annotated[Source | None, Said("Square artwork below media/, or an address.")] = None
    # Credits fill a series' `people`; in this file the key lists who there is.
    people: Annotated[dict[str, PersonKeys], Said("Everybody who recurs, by id.")] = field(  # type: ignore[assignment]
        default_factory=dict
    )
    embed: Annotated[
        bool, Said("Do copies of MP3 and MP4 recordings go out, with tags, artwork and chapters?")
    ] = False
    podping: Annotated[bool, Said("Are changes told by Podping?")] = False
    pubnotify: Annotated[bool, Said("Are changes told to Podcast Index?")] = False
    pages: Annotated[bool, Said("Are web pages built?")] = True
    targets: Annotated[
        dict[TargetName, TargetKeys],
        Said(
            "Places that hold the built files, by a name without spaces, slashes, å, ä and ö.",
            propertyNames={"pattern": f"^{_TARGET_NAME}$"},
        ),
    ] = field(default_factory=dict)
    hosts: Annotated[
        dict[HostName, HostKeys],
        Said(
            "Services that hold the episodes too, by a name of letters a to z, digits, - and _.",
            propertyNames={"pattern": f"^{_HOST_NAME}$"},
        ),
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeKeys(Keys):
    """The keys between the two lines of --- in episodes/<series>/<slug>.md."""

    title: Annotated[Line, Said("The name of the episode, without number.")]
    date: Annotated[str | None, Said("When it is published: 2021-06-22 09:00")] = None
    guid: Annotated[Guid | None, Said("Never change it after publishing.")] = None
    media: Annotated[
        Source | None, Said("The recording below media/<series>/, or its address.")
    ] = None
    duration: Annotated[
        Duration | None,
        Said("As announced, to be compared with the recording: 11 min, 11:04"),
    ] = None
    summary: Annotated[Text | None, Said("One or two sentences, plain text.")] = None
    people: tuple[CreditKeys, ...] = ()
    people_only: Annotated[bool, Said("Leave out the series' people.")] = False
    chapters: Annotated[
        tuple[ChapterLine, ...] | FileName,
        Either(
            lambda value: "file" if isinstance(value, str) and is_name(value) else "list",
            list=tuple[ChapterLine, ...],
            file=FileName,
        ),
        Said('"02:10 Kundtjänsten", or objects, or the name of a file.'),
    ] = ()
    transcripts: Annotated[
        tuple[TranscriptLine, ...],
        Said("Text versions below media/<series>/: .vtt, .srt or .txt."),
    ] = ()
    captions: Annotated[
        tuple[TranscriptLine, ...],
        Said("For video, where they differ from the transcript."),
    ] = ()
    season: Annotated[
        SeasonKeys | None,
        Before(short("number"), Annotated[int, Within(1, 99999)] | SeasonKeys | None),
    ] = None
    episode: Annotated[
        NumberKeys | None,
        Before(short("number"), float | NumberKeys | None),
    ] = None
    episode_type: Literal["full", "trailer", "bonus"] = "full"
    explicit: bool | None = None
    language: Language | None = None
    image: Annotated[
        Source | None, Said("Square artwork below media/<series>/, or an address.")
    ] = None
    image_alt: Annotated[Line | None, Said("What the picture shows.")] = None
    tags: tuple[Label, ...] = ()
    links: tuple[LinkKeys, ...] = ()
    license: StatedLicense = None
    location: Places = ()
    soundbites: tuple[SoundbiteKeys, ...] = ()
    alternates: tuple[AlternateKeys, ...] = ()
    exempt: Annotated[ExemptKeys | None, Said("Why it needs no text version.")] = None
    updated: Annotated[str | None, Said("When it was last corrected.")] = None
    status: Annotated[Literal["draft", "published"], Said("draft: not built.")] = "published"
    block: Annotated[bool, Said("Hide from directories.")] = False
    podcast: Annotated[
        tuple[ItemTag, ...],
        Said("Further tags of Podcasting 2.0: [{tag: chat, ...}]"),
    ] = ()
    ignore: tuple[IgnoreKeys, ...] = ()
