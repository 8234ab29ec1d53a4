"""What stands in braces, or indented below a key: people, chapters, renditions, licences.

Used by written.py, which says which keys there are. Annotations are not put off here: shape.py
would have to evaluate each of them again.
"""

from dataclasses import field
from typing import Annotated, Any, ClassVar, Literal

from ..declare import dataclass
from ..finding import N_
from ..formats import parse_clock
from ..podcast import kinds
from ..vocabulary import BLOCK_SERVICES, LICENSES
from .marks import After, Before, Refused, Said, SaidBy, Within
from .reshaped import quoted, spelled
from .values import (
    CH001,
    CH018,
    SE011,
    Address,
    Brief,
    Clock,
    FileName,
    Label,
    Language,
    Line,
    Mail,
    MimeType,
    Number,
    Partial,
    Role,
    Source,
    Uri,
    Uuid,
    like,
    of_kind,
    one_of,
    short,
)


class Keys:
    """A mapping in a file; a key that is not declared is a finding."""

    __slots__ = ()
    __pydantic_config__: ClassVar = {"extra": "forbid"}  # for the JSON Schemas


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerKeys(Keys):
    name: Annotated[Line, Said("Told to directories; the contact on every page.")]
    email: Annotated[Mail, Said("A shared mailbox; public in feeds and on pages.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKeys(Keys):
    name: Annotated[Label, Said("The name as listeners see it.")]
    title: Annotated[Line | None, Said("Office or profession.")] = None
    organisation: Line | None = None
    url: Annotated[Address | None, Said("A page about the person.")] = None
    image: Annotated[Source | None, Said("A file below media/, or an address.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditKeys(Keys):
    role: Annotated[Role, Said("A role of the podcast taxonomy: host, guest, ...")]
    id: Annotated[str | None, Said("A person of feedtool.yaml.")] = None
    name: Annotated[Label | None, Said("Or the name of somebody not listed.")] = None
    title: Line | None = None
    organisation: Line | None = None
    url: Address | None = None
    image: Annotated[Source | None, Said("A file below media/, or an address.")] = None


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
    name: Annotated[Label, Said("CC-BY-4.0, ARR, ... or a name of your own.")]
    url: Annotated[Address | None, Said("Needed for a licence of your own.")] = None

    def __post_init__(self) -> None:
        if self.url is None and self.name.upper() not in {slug.upper() for slug in LICENSES}:
            choices = ", ".join(LICENSES)
            raise Refused(SE011.fault(text=self.name, choices=choices, name=spelled(self.name)))


_COUNTRY = N_("SE for Sweden, NO for Norway, FI for Finland")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationKeys(Keys):
    name: Label
    rel: Literal["subject", "creator"] | None = None
    geo: Annotated[str, of_kind(kinds.GEO)] | None = None
    osm: Annotated[str, of_kind(kinds.OSM)] | None = None
    country: Annotated[str, of_kind(kinds.COUNTRY, _COUNTRY)] | None = None


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
    image: Annotated[Source | None, Said("A file below media/<series>/, or an address.")] = None
    toc: bool = True
    end: Clock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentChapterKeys(Keys):
    """A chapter that only changes picture or link."""

    start: Clock
    toc: Literal[False]
    url: Address | None = None
    image: Annotated[Source | None, Said("A file below media/<series>/, or an address.")] = None
    end: Clock | None = None


UNTITLED = "…"
"""The title of a chapter that has none."""
_NO = frozenset({"false", "no", "off", "n", "f", "0"})
"""What pydantic takes for false."""


def _chapter(value: object) -> object:
    if isinstance(value, dict) and len(value) == 1:
        ((key, title),) = value.items()
        if str(key)[:1].isdigit():  # a colon too many makes a group of it: 02:10: Kundtjänsten
            if " " in key and isinstance(title, str):
                raise Refused(CH018.fault(line=f"- {quoted(f'{key}: {title}')}"))
            raise Refused(CH001.fault(text=f"{key}: {title}"))
    # only what is in the list of chapters needs a title (JSON chapters 1.2)
    if isinstance(value, dict) and "title" not in value and str(value.get("toc")).lower() in _NO:
        return {**value, "title": UNTITLED}
    if not isinstance(value, str):
        return value
    start, *title = value.split(maxsplit=1) or [value]  # by whatever looks like a space
    try:
        time = parse_clock(start)
    except ValueError as error:
        raise Refused(CH001.fault(text=value)) from error
    if not title:
        raise Refused(CH001.fault(text=value))
    return {"start": time, "title": title[0].rstrip()}


ChapterLine = Annotated[ChapterKeys, Before(_chapter, str | ChapterKeys | SilentChapterKeys)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaptersKeys(Keys):
    """A file of chapters."""

    chapters: tuple[ChapterLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptKeys(Keys):
    file: Annotated[FileName, Said("Below media/<series>/: .vtt, .srt or .txt.")]
    language: Language | None = None
    rel: Literal["captions"] | None = None


TranscriptLine = Annotated[TranscriptKeys, Before(short("file"), str | TranscriptKeys)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyKeys(Keys):
    uri: Annotated[Uri, Said("https:, ipfs:, ipns: or magnet:")]
    type: Annotated[MimeType | None, Said("Of what comes from there, such as a torrent.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternateKeys(Keys):
    file: Annotated[Source | None, Said("Measured, hashed and published.")] = None
    uris: Annotated[
        tuple[
            Annotated[CopyKeys, Before(short("uri"), str | CopyKeys)],
            ...,
        ],
        Said("Further addresses of the same file."),
    ] = ()
    type: Annotated[MimeType | None, Said("MIME type, for a stream.")] = None
    title: Brief | None = None
    rel: Brief | None = None
    language: Language | None = None
    codecs: Line | None = None
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonKeys(Keys):
    number: Annotated[int, Within(1, 99999)]
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


def _tag_schema(parent: str) -> dict[str, Any]:
    from ..podcast.editors import tag_schema

    return tag_schema(parent)


ChannelTag = Annotated[dict[str, Any], SaidBy(lambda: _tag_schema("channel"))]
ItemTag = Annotated[dict[str, Any], SaidBy(lambda: _tag_schema("item"))]
"""An entry of `podcast:`; podcast.py reads it by the table."""


def _capitals(text: str) -> str:
    """A code as it is shown; `feedtool explain` takes small letters, too."""
    return text.strip().upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreKeys(Keys):
    code: Annotated[str, After(_capitals), Said("A warning or note, such as EP021.")]
    why: Annotated[Line, Said("Why it is right as it is.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyKeys(Keys):
    text: Annotated[Label, Said('In words: "every second Tuesday".')]
    rrule: Annotated[str, of_kind(kinds.RECUR)] | None = None
    dtstart: Annotated[str, of_kind(kinds.WHEN)] | None = None
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


def whole_block(value: object) -> object:
    if isinstance(value, list):
        return {"services": value}
    return {"all": value} if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetKeys(Keys):
    url: Annotated[str, Said("file:, sftp:, s3:, dav: or davs: address.")]
    public: Annotated[Address | None, Said("Its web address.")] = None
    media: Annotated[str | None, Said("Another target for recordings.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKeys(Keys):
    kind: str
    url: Address
    auth_url: Address | None = None
    channels: Annotated[
        dict[str, Annotated[str, like(r"[A-Za-z0-9_]{1,200}", "vinterpodden")]],
        Said("Funkwhale: the name of a series' channel; else its slug, with _ for -."),
    ] = field(default_factory=dict)
