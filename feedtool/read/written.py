"""What may be written in the three kinds of file: every key, its type and its meaning.

One declaration serves checking, the JSON Schemas for editors and the reference. The door to
pydantic, which gives all faults of a file at once; imported only when something must be read.
Every scalar arrives as text (yaml_tree.py) and is typed here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from ..finding import Code, Fault, N_, Severity
from ..formats import ascii_address, is_media_name, is_web_address, parse_claim, parse_clock
from ..model import Category, Claim
from ..vocabulary import BLOCK_SERVICES, CATEGORIES, LICENSES, MEDIUMS, PROFILES, ROLES

CF030 = Code(
    "CF030",
    Severity.ERROR,
    message=N_('"{text}" is not a web address'),
    why=N_("a link that leads nowhere is shown to every listener"),
    mend=N_("write the whole address, with https:// first and %20 for a space"),
    spec=("URI-01", "RSS-03", "RSS-20"),
)
CF031 = Code(
    "CF031",
    Severity.ERROR,
    message=N_('"{text}" is not an e-mail address'),
    why=N_("directories write to it to check that the feed is yours"),
    mend=N_("write one address of a shared mailbox, such as podd@example.org"),
    spec=("APPLE-14",),
)
CF032 = Code(
    "CF032",
    Severity.ERROR,
    message=N_('"{text}" is not a language tag'),
    why=N_("directories sort by it, and screen readers choose a voice by it"),
    mend=N_("write sv for Swedish, en for English, sv-FI for Swedish in Finland"),
    spec=("LANG-01", "LANG-02", "APPLE-07"),
)
CF033 = Code(
    "CF033",
    Severity.ERROR,
    message=N_('"{text}" cannot be the name of a published file'),
    why=N_("not every app can fetch names with spaces, å, ä, ö or signs; and a name never "
           "leads out of its folder"),
    mend=N_("rename the file to {better} and write that name here"),
    spec=("URI-03", "RSS-22"),
)  # fmt: skip
CF034 = Code(
    "CF034",
    Severity.ERROR,
    message=N_("the text is longer than {limit} characters"),
    why=N_("apps and directories cut it off or refuse the feed"),
    mend=N_("shorten it"),
    spec=("XML-08",),
)
CF035 = Code(
    "CF035",
    Severity.ERROR,
    message=N_("the text is empty"),
    why=N_("apps would show a blank line"),
    mend=N_("write something, or remove the line"),
)
CF036 = Code(
    "CF036",
    Severity.ERROR,
    message=N_('"{text}" is not one of the values there are'),
    why=N_("apps and directories know only these"),
    mend=N_("write, for example: {choices}"),
)
CF037 = Code(
    "CF037",
    Severity.ERROR,
    message=N_('"{text}" is written wrongly'),
    why=N_("apps would not understand it"),
    mend=N_("write it like this: {example}"),
)
EP010 = Code(
    "EP010",
    Severity.ERROR,
    message=N_('"{text}" does not say a duration'),
    why=N_("it is compared with the recording, to notice a wrong file"),
    mend=N_("write 11 min, 1 h 5 min or 11:04; a bare number could mean minutes or seconds"),
    spec=("DUR-02",),
)
EP011 = Code(
    "EP011",
    Severity.ERROR,
    message=N_('"{text}" is not a time inside a recording'),
    why=N_("apps jump to it"),
    mend=N_("write minutes and seconds, 2:10, or hours too, 1:02:10"),
    spec=("CHAP-03", "PSC-03"),
)
CH001 = Code(
    "CH001",
    Severity.ERROR,
    message=N_('"{text}" does not say a chapter'),
    why=N_("a chapter is a time and a title"),
    mend=N_('write the time first, then the title:  "02:10 Kundtjänsten"'),
    spec=("PSC-03", "PSC-04"),
)
SE010 = Code(
    "SE010",
    Severity.ERROR,
    message=N_('"{text}" is not a category of Apple Podcasts'),
    why=N_("directories would put the series on no shelf, or refuse the feed"),
    mend=N_("write it exactly as in the list, for example {nearest}"),
    spec=("APPLE-08",),
)
SE011 = Code(
    "SE011",
    Severity.ERROR,
    message=N_('the licence "{text}" is not one that apps know by its name'),
    why=N_("listeners could not find out what it allows"),
    mend=N_("write one of {choices}, or say where it stands:  {{name: {text}, url: https://...}}"),
    spec=("PC20-13",),
)


class Refused(ValueError):
    """A value that cannot be meant; says which code it is a finding of."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code.id)
        self.fault = fault


def _check(test: Callable[[str], bool], code: Code) -> AfterValidator:
    def check(text: str) -> str:
        if not test(text):
            raise Refused(code.fault(text=text))
        return text

    return AfterValidator(check)


def _parsed(parse: Callable[[str], Any], code: Code, pattern: str) -> Any:
    """A value that is made from text by `parse`; `pattern` is what editors check."""

    def convert(value: object) -> Any:
        try:
            return parse(value if isinstance(value, str) else "")
        except ValueError as error:
            raise Refused(code.fault(text=str(value))) from error

    return BeforeValidator(convert, json_schema_input_type=Annotated[str, Field(pattern=pattern)])


def _text(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        text = text.strip()
        if not text:
            raise Refused(CF035.fault())
        if len(text) > limit:
            raise Refused(CF034.fault(limit=limit))
        return text

    return AfterValidator(check)


def _address(text: str) -> str:
    try:
        if is_web_address(text):
            return ascii_address(text)
    except (ValueError, UnicodeError):
        pass
    raise Refused(CF030.fault(text=text))


def better_name(text: str) -> str:
    """The nearest name that may be published: "Åsas möte.mp3" -> "asas-mote.mp3"."""
    from slugify import slugify

    stem, dot, suffix = text.rpartition(".")
    parts = [slugify(part) for part in (stem if dot else text).split("/")]
    better = "/".join(part for part in parts if part) or "recording"
    return f"{better}.{suffix.lower()}" if dot and suffix.isalnum() and suffix.isascii() else better


def _file_name(text: str) -> str:
    text = unicodedata.normalize("NFC", text.strip())
    if not is_media_name(text):
        raise Refused(CF033.fault(text=text, better=better_name(text)))
    return text


def _source(text: str) -> str:
    return _address(text) if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else _file_name(text)


@lru_cache(maxsize=256)
def _language(text: str) -> str:
    import langcodes

    if not re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", text) or not langcodes.tag_is_valid(text):
        raise Refused(CF032.fault(text=text))
    return langcodes.standardize_tag(text)


def _category(text: str) -> Category:
    import difflib

    name, _, sub = (part.strip() for part in text.partition(">"))
    if name in CATEGORIES and (not sub or sub in CATEGORIES[name]):
        return Category(name, sub or None)
    known = [*CATEGORIES, *(f"{top} > {low}" for top in CATEGORIES for low in CATEGORIES[top])]
    nearest = difflib.get_close_matches(text, known, 1, 0.4) or ["Government"]
    raise Refused(SE010.fault(text=text, nearest=nearest[0]))


def _one_of(choices: tuple[str, ...]) -> AfterValidator:
    def check(text: str) -> str:
        if text not in choices:
            import difflib

            near = choices if len(choices) <= 8 else difflib.get_close_matches(text, choices, 4, 0)
            raise Refused(CF036.fault(text=text, choices=", ".join(near)))
        return text

    return AfterValidator(check)


def _like(pattern: str, example: str) -> AfterValidator:
    shape = re.compile(pattern)

    def check(text: str) -> str:
        if not shape.fullmatch(text):
            raise Refused(CF037.fault(text=text, example=example))
        return text

    return AfterValidator(check)


def _short(key: str, *, many: bool = False) -> Callable[[object], object]:
    """Let a text stand for an object with only `key`; with `many`, one for a list of one."""

    def full(value: object) -> object:
        return {key: value} if isinstance(value, str) else value

    def convert(value: object) -> object:
        if not many:
            return full(value)
        return [full(item) for item in value] if isinstance(value, list) else [full(value)]

    return convert


_MAIL = re.compile(r"[^@\s<>(),;:\"\[\]]+@[^@\s<>(),;:\"\[\]]+\.[^@\s<>(),;:\"\[\].]+")
Text = Annotated[str, _text(4000)]
Line = Annotated[str, _text(255)]
Label = Annotated[str, _text(128)]
Brief = Annotated[str, _text(32)]
Address = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"format": "uri"})]
Mail = Annotated[
    str, _check(lambda text: bool(_MAIL.fullmatch(text)), CF031),
    Field(json_schema_extra={"format": "email"}),
]  # fmt: skip
Language = Annotated[str, AfterValidator(_language)]
FileName = Annotated[str, AfterValidator(_file_name)]
Source = Annotated[str, AfterValidator(_source)]
Guid = Annotated[str, _text(255), _like(r"\S(?:.*\S)?", "5f3c0d2e-8a51-4b8e-9d0f-2f6b8c1d7e90")]
Uuid = Annotated[
    str,
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
    _like(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
]
Clock = Annotated[timedelta, _parsed(parse_clock, EP011, r"^(\d+:)?\d+:[0-5]\d(\.\d{1,3})?$")]
Duration = Annotated[
    Claim, _parsed(parse_claim, EP010, r"^(\d+ ?h)?( ?\d+ ?min)?$|^(\d+:)?\d+:[0-5]\d$")
]
CategoryName = Annotated[Category, _parsed(_category, SE010, ".")]
Role = Annotated[
    str,
    BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value),
    _one_of(tuple(sorted(ROLES))),
    Field(json_schema_extra={"examples": ["host", "guest", "producer"]}),
]
Number = Annotated[
    str, _like(r"\d{1,6}(\.\d{1,3})?", "3"), Field(json_schema_extra={"pattern": r"^\d+(\.\d+)?$"})
]
Partial = Annotated[str, _like(r"\d{4}(-\d\d(-\d\d)?)?", "2019, 2019-05 or 2019-05-21")]


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
        str, _like(r"geo:-?\d+(\.\d+)?,-?\d+(\.\d+)?(,-?\d+(\.\d+)?)?(;u=\d+(\.\d+)?)?",
                   "geo:59.33,18.06"),
    ] | None = None  # fmt: skip
    osm: Annotated[str, _like(r"[NWR]\d+(#\d+)?", "R113314")] | None = None
    country: Annotated[str, _like(r"[A-Z]{2}", "SE")] | None = None


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
    TranscriptKeys, BeforeValidator(_short("file"), json_schema_input_type=str | TranscriptKeys)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternateKeys(Keys):
    file: Annotated[Source | None, Field(description="Measured, hashed and published.")] = None
    uris: Annotated[tuple[str, ...], Field(description="Further places of the same file.")] = ()
    type: Annotated[str | None, Field(description="MIME type, for a stream.")] = None
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
    rrule: Annotated[str, _like(r"(?=.*FREQ=)[A-Z0-9=,;:+TZ-]+", "FREQ=WEEKLY")] | None = None
    dtstart: Annotated[
        str, _like(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?",
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
    services: tuple[Annotated[str, _one_of(tuple(sorted(BLOCK_SERVICES)))], ...] = ()


def _block(value: object) -> object:
    if isinstance(value, list):
        return {"services": value}
    return {"all": value} if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKeys(Keys):
    """Keys of a series; in feedtool.yaml they describe the catalog and are every series' default."""

    title: Annotated[Line | None, Field(description="The name apps show.")] = None
    description: Annotated[Text | None, Field(description="What it is about; plain text.")] = None
    author: Annotated[Line | None, Field(description="Who makes it, as listeners see it.")] = None
    language: Annotated[Language | None, Field(description="sv, en, sv-FI, ...")] = None
    guid: Annotated[Uuid | None, Field(description="podcast:guid of an existing feed.")] = None
    medium: Annotated[Annotated[str, _one_of(MEDIUMS)] | None, Field(
        description="podcast, video, course, ...", json_schema_extra={"enum": [*MEDIUMS, None]}
    )] = None
    type: Annotated[Literal["episodic", "serial"] | None, Field(
        description="episodic: newest first; serial: to be heard from the first on.")] = None
    explicit: Annotated[bool | None, Field(description="Not for children?")] = None
    categories: Annotated[tuple[CategoryName, ...], Field(
        description='Apple\'s: "Government", "Society & Culture > Documentary".')] = ()
    image: Annotated[Source | None, Field(
        description="Square artwork below media/<series>/, or an address.")] = None
    image_alt: Annotated[Line | None, Field(description="What the picture shows.")] = None
    people: Annotated[tuple[CreditKeys, ...], Field(
        description="Who takes part in every episode.")] = ()
    links: Annotated[tuple[LinkKeys, ...], Field(description="Pages that belong to it.")] = ()
    copyright: Annotated[Line | None, Field(description="The holder, without the sign.")] = None
    license: Annotated[LicenseKeys | None, BeforeValidator(
        _short("name"), json_schema_input_type=str | LicenseKeys | None)] = None
    location: Annotated[tuple[LocationKeys, ...], BeforeValidator(
        _short("name", many=True),
        json_schema_input_type=str | LocationKeys | list[str | LocationKeys])] = ()
    locked: Annotated[bool | None, Field(description="May no other host import it?")] = None
    funding: Annotated[tuple[FundingKeys, ...], Field(description="Where to give money.")] = ()
    new_feed_url: Annotated[Address | None, Field(description="Where the feed moved.")] = None
    complete: Annotated[bool | None, Field(description="No more episodes will come.")] = None
    block: Annotated[BlockKeys | None, BeforeValidator(
        _block, json_schema_input_type=bool | list[str] | BlockKeys | None),
        Field(description="Hide from directories: true, or a list of services.")] = None
    trailer: Annotated[tuple[str, ...], BeforeValidator(
        lambda value: value if isinstance(value, list) else [value],
        json_schema_input_type=str | list[str]),
        Field(description="The slug of the episode that is offered as a trailer.")] = ()
    update_frequency: Annotated[FrequencyKeys | None, BeforeValidator(
        _short("text"), json_schema_input_type=str | FrequencyKeys | None)] = None
    publisher: Annotated[PublisherKeys | None, Field(
        description="The publisher feed of the organisation.")] = None
    hubs: Annotated[tuple[Address, ...], Field(description="WebSub hubs.")] = ()
    ignore: Annotated[tuple[IgnoreKeys, ...], Field(
        description="Warnings of this file that are right as they are.")] = ()
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
    media_base_url: Annotated[Address | None, Field(
        description="Where recordings are, if not below base_url; they are not built then.")] = None
    media_prefix: Annotated[Address | None, Field(
        description="Put before the addresses of recordings, in RSS only.")] = None
    timezone: Annotated[str | None, Field(description="Of dates without one, as Europe/Stockholm."
        )] = None
    owner: OwnerKeys | None = None
    profiles: Annotated[tuple[Annotated[str, _one_of(PROFILES)], ...], Field(
        description="Rules to be checked against: apple, psp1, ...")] = ()
    # Credits fill a series' `people`; in this file the key lists who there is.
    people: Annotated[dict[str, PersonKeys], Field(  # type: ignore[assignment]
        default_factory=dict, description="Everybody who recurs, by id.")]
    podping: Annotated[bool, Field(description="Are changes told by Podping?")] = False
    pubnotify: Annotated[bool, Field(description="Are changes told to Podcast Index?")] = False
    pages: Annotated[bool, Field(description="Are web pages built?")] = True
    targets: Annotated[dict[str, TargetKeys], Field(
        default_factory=dict, description="Places that hold the built files.")]
    hosts: Annotated[dict[str, HostKeys], Field(
        default_factory=dict, description="Services that hold the episodes too.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeKeys(Keys):
    """The keys between the two lines of --- in episodes/<series>/<slug>.md."""

    title: Annotated[Line, Field(description="The name of the episode, without number.")]
    date: Annotated[str | None, Field(description="When it is published: 2021-06-22 09:00")] = None
    guid: Annotated[Guid | None, Field(description="Never change it after publishing.")] = None
    media: Annotated[Source | None, Field(
        description="The recording below media/<series>/, or its address.")] = None
    duration: Annotated[Duration | None, Field(
        description="As announced, to be compared with the recording: 11 min, 11:04")] = None
    summary: Annotated[Text | None, Field(description="One or two sentences, plain text.")] = None
    people: tuple[CreditKeys, ...] = ()
    people_only: Annotated[bool, Field(description="Leave out the series' people.")] = False
    chapters: Annotated[
        Annotated[tuple[ChapterLine, ...], Tag("list")] | Annotated[FileName, Tag("file")],
        Discriminator(lambda value: "file" if isinstance(value, str) else "list"),
        Field(description='"02:10 Kundtjänsten", or objects, or the name of a file.')] = ()
    transcripts: Annotated[tuple[TranscriptLine, ...], Field(
        description="Text versions below media/<series>/: .vtt, .srt or .txt.")] = ()
    captions: Annotated[tuple[TranscriptLine, ...], Field(
        description="For video, where they differ from the transcript.")] = ()
    season: Annotated[SeasonKeys | None, BeforeValidator(
        _short("number"), json_schema_input_type=int | SeasonKeys | None)] = None
    episode: Annotated[NumberKeys | None, BeforeValidator(
        _short("number"), json_schema_input_type=float | NumberKeys | None)] = None
    episode_type: Literal["full", "trailer", "bonus"] = "full"
    explicit: bool | None = None
    language: Language | None = None
    image: Source | None = None
    image_alt: Annotated[Line | None, Field(description="What the picture shows.")] = None
    tags: tuple[Label, ...] = ()
    links: tuple[LinkKeys, ...] = ()
    license: Annotated[LicenseKeys | None, BeforeValidator(
        _short("name"), json_schema_input_type=str | LicenseKeys | None)] = None
    location: Annotated[tuple[LocationKeys, ...], BeforeValidator(
        _short("name", many=True),
        json_schema_input_type=str | LocationKeys | list[str | LocationKeys])] = ()
    soundbites: tuple[SoundbiteKeys, ...] = ()
    alternates: tuple[AlternateKeys, ...] = ()
    exempt: Annotated[ExemptKeys | None, Field(
        description="Why it needs no text version.")] = None
    updated: Annotated[str | None, Field(description="When it was last corrected.")] = None
    status: Annotated[Literal["draft", "published"], Field(
        description="draft: not built.")] = "published"
    block: Annotated[bool, Field(description="Hide from directories.")] = False
    ignore: tuple[IgnoreKeys, ...] = ()
