"""What may be written in the three kinds of file: every key, its type and its meaning.

One declaration serves checking, the JSON Schemas for editors and the reference. The door to
pydantic, which gives all faults of a file at once; imported only when something must be read.
Every scalar arrives as text (yaml_tree.py) and is typed here, in objects.py and in values.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field
from pydantic import Tag as Kind

from ..vocabulary import MEDIUMS, PROFILES
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
    Address,
    CategoryName,
    Duration,
    FileName,
    Guid,
    Label,
    Language,
    Line,
    Source,
    Text,
    Uuid,
    one_of,
    short,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKeys(Keys):
    """Keys of a series; in feedtool.yaml they describe the catalog, as every series' default."""

    title: Annotated[Line | None, Field(description="The name apps show.")] = None
    description: Annotated[Text | None, Field(description="What it is about; plain text.")] = None
    author: Annotated[Line | None, Field(description="Who makes it, as listeners see it.")] = None
    language: Annotated[Language | None, Field(description="sv, en, sv-FI, ...")] = None
    guid: Annotated[Uuid | None, Field(description="podcast:guid of an existing feed.")] = None
    medium: Annotated[
        Annotated[str, one_of(MEDIUMS)] | None,
        Field(
            description="podcast, video, course, ...", json_schema_extra={"enum": [*MEDIUMS, None]}
        ),
    ] = None
    type: Annotated[
        Literal["episodic", "serial"] | None,
        Field(description="episodic: newest first; serial: to be heard from the first on."),
    ] = None
    explicit: Annotated[bool | None, Field(description="Not for children?")] = None
    categories: Annotated[
        tuple[CategoryName, ...],
        Field(description='Apple\'s: "Government", "Society & Culture > Documentary".'),
    ] = ()
    image: Annotated[
        Source | None, Field(description="Square artwork below media/<series>/, or an address.")
    ] = None
    image_alt: Annotated[Line | None, Field(description="What the picture shows.")] = None
    people: Annotated[
        tuple[CreditKeys, ...], Field(description="Who takes part in every episode.")
    ] = ()
    links: Annotated[tuple[LinkKeys, ...], Field(description="Pages that belong to it.")] = ()
    copyright: Annotated[Line | None, Field(description="The holder, without the sign.")] = None
    license: Annotated[
        LicenseKeys | None,
        BeforeValidator(short("name"), json_schema_input_type=str | LicenseKeys | None),
    ] = None
    location: Annotated[
        tuple[LocationKeys, ...],
        BeforeValidator(
            short("name", many=True),
            json_schema_input_type=str | LocationKeys | list[str | LocationKeys],
        ),
    ] = ()
    locked: Annotated[bool | None, Field(description="May no other host import it?")] = None
    funding: Annotated[tuple[FundingKeys, ...], Field(description="Where to give money.")] = ()
    new_feed_url: Annotated[Address | None, Field(description="Where the feed moved.")] = None
    complete: Annotated[bool | None, Field(description="No more episodes will come.")] = None
    block: Annotated[
        BlockKeys | None,
        BeforeValidator(whole_block, json_schema_input_type=bool | list[str] | BlockKeys | None),
        Field(description="Hide from directories: true, or a list of services."),
    ] = None
    trailer: Annotated[
        tuple[str, ...],
        BeforeValidator(
            lambda value: value if isinstance(value, list) else [value],
            json_schema_input_type=str | list[str],
        ),
        Field(description="The slug of the episode that is offered as a trailer."),
    ] = ()
    update_frequency: Annotated[
        FrequencyKeys | None,
        BeforeValidator(short("text"), json_schema_input_type=str | FrequencyKeys | None),
    ] = None
    publisher: Annotated[
        PublisherKeys | None, Field(description="The publisher feed of the organisation.")
    ] = None
    hubs: Annotated[tuple[Address, ...], Field(description="WebSub hubs.")] = ()
    podcast: Annotated[
        tuple[ChannelTag, ...],
        Field(description="Further tags of Podcasting 2.0: [{tag: chat, ...}]"),
    ] = ()
    ignore: Annotated[
        tuple[IgnoreKeys, ...],
        Field(description="Warnings of this file that are right as they are."),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKeys(ChannelKeys):
    """episodes/<series>/series.yaml: one series, one feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogKeys(ChannelKeys):
    """feedtool.yaml: the catalog, its address, its people, and every series' defaults."""

    base_url: Annotated[Address, Field(description="The web address of public/.")]
    media_base_url: Annotated[
        Address | None,
        Field(description="Where recordings are, if not below base_url; they are not built then."),
    ] = None
    media_prefix: Annotated[
        Address | None, Field(description="Put before the addresses of recordings, in RSS only.")
    ] = None
    timezone: Annotated[
        str | None, Field(description="Of dates without one, as Europe/Stockholm.")
    ] = None
    owner: OwnerKeys | None = None
    profiles: Annotated[
        tuple[Annotated[str, one_of(PROFILES)], ...],
        Field(description="Rules to be checked against: apple, psp1, ..."),
    ] = ()
    # Credits fill a series' `people`; in this file the key lists who there is.
    people: Annotated[
        dict[str, PersonKeys],
        Field(  # type: ignore[assignment]
            default_factory=dict, description="Everybody who recurs, by id."
        ),
    ]
    podping: Annotated[bool, Field(description="Are changes told by Podping?")] = False
    pubnotify: Annotated[bool, Field(description="Are changes told to Podcast Index?")] = False
    pages: Annotated[bool, Field(description="Are web pages built?")] = True
    targets: Annotated[
        dict[str, TargetKeys],
        Field(default_factory=dict, description="Places that hold the built files."),
    ]
    hosts: Annotated[
        dict[str, HostKeys],
        Field(default_factory=dict, description="Services that hold the episodes too."),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeKeys(Keys):
    """The keys between the two lines of --- in episodes/<series>/<slug>.md."""

    title: Annotated[Line, Field(description="The name of the episode, without number.")]
    date: Annotated[str | None, Field(description="When it is published: 2021-06-22 09:00")] = None
    guid: Annotated[Guid | None, Field(description="Never change it after publishing.")] = None
    media: Annotated[
        Source | None, Field(description="The recording below media/<series>/, or its address.")
    ] = None
    duration: Annotated[
        Duration | None,
        Field(description="As announced, to be compared with the recording: 11 min, 11:04"),
    ] = None
    summary: Annotated[Text | None, Field(description="One or two sentences, plain text.")] = None
    people: tuple[CreditKeys, ...] = ()
    people_only: Annotated[bool, Field(description="Leave out the series' people.")] = False
    chapters: Annotated[
        Annotated[tuple[ChapterLine, ...], Kind("list")] | Annotated[FileName, Kind("file")],
        Discriminator(lambda value: "file" if isinstance(value, str) else "list"),
        Field(description='"02:10 Kundtjänsten", or objects, or the name of a file.'),
    ] = ()
    transcripts: Annotated[
        tuple[TranscriptLine, ...],
        Field(description="Text versions below media/<series>/: .vtt, .srt or .txt."),
    ] = ()
    captions: Annotated[
        tuple[TranscriptLine, ...],
        Field(description="For video, where they differ from the transcript."),
    ] = ()
    season: Annotated[
        SeasonKeys | None,
        BeforeValidator(short("number"), json_schema_input_type=int | SeasonKeys | None),
    ] = None
    episode: Annotated[
        NumberKeys | None,
        BeforeValidator(short("number"), json_schema_input_type=float | NumberKeys | None),
    ] = None
    episode_type: Literal["full", "trailer", "bonus"] = "full"
    explicit: bool | None = None
    language: Language | None = None
    image: Source | None = None
    image_alt: Annotated[Line | None, Field(description="What the picture shows.")] = None
    tags: tuple[Label, ...] = ()
    links: tuple[LinkKeys, ...] = ()
    license: Annotated[
        LicenseKeys | None,
        BeforeValidator(short("name"), json_schema_input_type=str | LicenseKeys | None),
    ] = None
    location: Annotated[
        tuple[LocationKeys, ...],
        BeforeValidator(
            short("name", many=True),
            json_schema_input_type=str | LocationKeys | list[str | LocationKeys],
        ),
    ] = ()
    soundbites: tuple[SoundbiteKeys, ...] = ()
    alternates: tuple[AlternateKeys, ...] = ()
    exempt: Annotated[ExemptKeys | None, Field(description="Why it needs no text version.")] = None
    updated: Annotated[str | None, Field(description="When it was last corrected.")] = None
    status: Annotated[Literal["draft", "published"], Field(description="draft: not built.")] = (
        "published"
    )
    block: Annotated[bool, Field(description="Hide from directories.")] = False
    podcast: Annotated[
        tuple[ItemTag, ...],
        Field(description="Further tags of Podcasting 2.0: [{tag: chat, ...}]"),
    ] = ()
    ignore: tuple[IgnoreKeys, ...] = ()
