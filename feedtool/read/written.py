"""What may be written in the three kinds of file: every key, its type and its meaning.

One declaration serves checking, the JSON Schemas for editors and the reference. The door to
pydantic, which gives all faults of a file at once; imported only when something must be read.
Every scalar arrives as text (yaml_tree.py) and is typed here and in values.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from ..formats import parse_clock
from ..vocabulary import BLOCK_SERVICES, LICENSES, MEDIUMS, PROFILES
from .values import (
    CH001,
    SE011,
    Address,
    Brief,
    CategoryName,
    Clock,
    Duration,
    FileName,
    Guid,
    Label,
    Language,
    Line,
    Mail,
    MimeType,
    Number,
    Partial,
    Refused,
    Role,
    Source,
    Text,
    Uuid,
    like,
    one_of,
    short,
)


class Keys:
    """A mapping in a file; a key that is not declared is a finding."""

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerKeys(Keys):
    name: Annotated[Line, Field(description="Shown to directories, not to listeners.")]
    email: Annotated[Mail, Field(description="A shared mailbox; it is public in the feed.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKeys(Keys):
    name: Annotated[Label, Field(description="The name as listeners see it.")]
    title: Annotated[Line | None, Field(description="Office or profession.")] = None
    organisation: Line | None = None
    url: Annotated[Address | None, Field(description="A page about the person.")] = None
    image: Annotated[Source | None, Field(description="A file below media/, or an address.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditKeys(Keys):
    role: Annotated[Role, Field(description="A role of the podcast taxonomy: host, guest, ...")]
    id: Annotated[str | None, Field(description="A person of feedtool.yaml.")] = None
    name: Annotated[Label | None, Field(description="Or the name of somebody not listed.")] = None
    title: Line | None = None
    organisation: Line | None = None
    url: Address | None = None
    image: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkKeys(Keys):
    url: Address
    title: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingKeys(Keys):
    url: Address
    text: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseKeys(Keys):
    name: Annotated[Label, Field(description="CC-BY-4.0, ARR, ... or a name of your own.")]
    url: Annotated[Address | None, Field(description="Needed for a licence of your own.")] = None

    def __post_init__(self) -> None:
        if self.url is None and self.name.upper() not in {slug.upper() for slug in LICENSES}:
            raise Refused(SE011.fault(text=self.name, choices=", ".join(LICENSES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationKeys(Keys):
    name: Label
    rel: Literal["subject", "creator"] | None = None
    geo: Annotated[
        str, like(r"geo:-?\d+(\.\d+)?,-?\d+(\.\d+)?(,-?\d+(\.\d+)?)?(;u=\d+(\.\d+)?)?",
                   "geo:59.33,18.06"),
    ] | None = None  # fmt: skip
    osm: Annotated[str, like(r"[NWR]\d+(#\d+)?", "R113314")] | None = None
    country: Annotated[str, like(r"[A-Z]{2}", "SE")] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundbiteKeys(Keys):
    start: Clock
    duration: Clock
    title: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterKeys(Keys):
    start: Clock
    title: Line
    url: Address | None = None
    image: Source | None = None
    toc: bool = True
    end: Clock | None = None


def _chapter(value: object) -> object:
    if not isinstance(value, str):
        return value
    start, _, title = value.strip().partition(" ")
    try:
        parse_clock(start)
    except ValueError as error:
        raise Refused(CH001.fault(text=value)) from error
    if not title.strip():
        raise Refused(CH001.fault(text=value))
    return {"start": start, "title": title}


ChapterLine = Annotated[
    ChapterKeys, BeforeValidator(_chapter, json_schema_input_type=str | ChapterKeys)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaptersKeys(Keys):
    """A file of chapters."""

    chapters: tuple[ChapterLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptKeys(Keys):
    file: Annotated[FileName, Field(description="Below media/<series>/: .vtt, .srt or .txt.")]
    language: Language | None = None
    rel: Literal["captions"] | None = None


TranscriptLine = Annotated[
    TranscriptKeys, BeforeValidator(short("file"), json_schema_input_type=str | TranscriptKeys)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternateKeys(Keys):
    file: Annotated[Source | None, Field(description="Measured, hashed and published.")] = None
    uris: Annotated[
        tuple[Address, ...], Field(description="Further addresses of the same file.")
    ] = ()
    type: Annotated[MimeType | None, Field(description="MIME type, for a stream.")] = None
    title: Brief | None = None
    rel: Brief | None = None
    language: Language | None = None
    codecs: Line | None = None
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonKeys(Keys):
    number: Annotated[int, Field(ge=1, le=99999)]
    name: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberKeys(Keys):
    number: Number
    display: Brief | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptKeys(Keys):
    reason: Line
    first_published: Partial | None = None
    evidence_url: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreKeys(Keys):
    code: Annotated[str, Field(description="A warning or note, such as EP021.")]
    why: Annotated[Line, Field(description="Why it is right as it is.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyKeys(Keys):
    text: Annotated[Label, Field(description='In words: "every second Tuesday".')]
    rrule: Annotated[str, like(r"(?=.*FREQ=)[A-Z0-9=,;:+TZ-]+", "FREQ=WEEKLY")] | None = None
    dtstart: Annotated[
        str, like(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?",
                   "2021-06-22T09:00:00+02:00"),
    ] | None = None  # fmt: skip
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherKeys(Keys):
    guid: Uuid
    url: Address | None = None
    title: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKeys(Keys):
    all: bool = False
    services: tuple[Annotated[str, one_of(tuple(sorted(BLOCK_SERVICES)))], ...] = ()


def _block(value: object) -> object:
    if isinstance(value, list):
        return {"services": value}
    return {"all": value} if isinstance(value, str) else value


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
        BeforeValidator(_block, json_schema_input_type=bool | list[str] | BlockKeys | None),
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
    ignore: Annotated[
        tuple[IgnoreKeys, ...],
        Field(description="Warnings of this file that are right as they are."),
    ] = ()


# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKeys(ChannelKeys):
    """episodes/<series>/series.yaml: one series, one feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetKeys(Keys):
    url: Annotated[str, Field(description="file:, sftp:, s3:, dav: or davs: address.")]
    public: Annotated[Address | None, Field(description="Its web address.")] = None
    media: Annotated[str | None, Field(description="Another target for recordings.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKeys(Keys):
    kind: str
    url: Address
    auth_url: Address | None = None


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
        Annotated[tuple[ChapterLine, ...], Tag("list")] | Annotated[FileName, Tag("file")],
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
    ignore: tuple[IgnoreKeys, ...] = ()
