"""The table of Podcasting 2.0 tags: the only place that says what each of them may be.

Source: the namespace of podcastindex.org, one page a tag; the ids of rules stand with each tag.
Live items are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType

from ..declare import dataclass
from ..formats import is_remote
from ..model import Tag
from ..vocabulary import (
    BLOCK_SERVICES,
    CHAT_PROTOCOLS,
    LICENSES,
    LISTS,
    MEDIUMS,
    PAYMENTS,
    ROLES,
    SOCIAL_PROTOCOLS,
    TRANSCRIPT_TYPES,
)
from . import kinds as k

CHANNEL, ITEM = "channel", "item"


class Need(StrEnum):
    """Must an attribute be there?"""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


R, S, O = Need.REQUIRED, Need.RECOMMENDED, Need.OPTIONAL  # noqa: E741


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a tag."""

    name: str
    kind: k.Kind
    need: Need = O
    about: str = ""
    default: str | None = None  #: always written, so that readers need not know it
    unless: tuple[str, str] | None = None  #: not needed when another attribute says this
    file: bool = False  #: the name of a file below media/ will do
    measured: bool = False  #: found in that file, and need not be written
    follows: tuple[str, ...] = ()  #: from these attributes, where all are stated


@dataclass(frozen=True, slots=True)
class Count:
    """How often a tag stands in one parent."""

    least: int = 0
    most: int | None = None  #: None = as often as you like


MANY, ONE, SOME, EXACTLY = Count(), Count(0, 1), Count(1), Count(1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one tag may be."""

    name: str
    about: str
    spec: tuple[str, ...]
    parents: Mapping[str, Count]  #: "channel", "item" or another tag
    attributes: tuple[Attribute, ...] = ()
    text: k.Kind | None = None  #: None = it has no text
    text_need: Need = R
    keys: Mapping[str, str] = field(default_factory=dict)
    """The key that says it all, by parent; there the tag is not written in the list."""
    key_example: str = ""  #: what stands at that key; "" = the example, which is none of a list
    differs: bool = False  #: in feedtool.yaml the key means something else, or nothing
    inherited: bool = True  #: in feedtool.yaml it is a default for every series
    overrides: bool = False  #: in an item it stands instead of the channel's
    instead: str | None = None  #: out of use; the tag to write today
    example: str = ""  #: an entry of the list

    def attribute(self, name: str) -> Attribute | None:
        return next((one for one in self.attributes if one.name == name), None)

    @property
    def listed(self) -> bool:
        """May it be written in a list at all?"""
        return any(parent not in self.keys for parent in self.parents)


def _a(
    name: str, kind: k.Kind, need: Need = O, about: str = "", default: str | None = None,
    unless: tuple[str, str] | None = None, *, file: bool = False, measured: bool = False,
    follows: tuple[str, ...] = (),
) -> Attribute:  # fmt: skip
    return Attribute(name, kind, need, about, default, unless, file, measured, follows)


_SERVICES = k.one_of(tuple(sorted(BLOCK_SERVICES)))
_ROLE = k.one_of(tuple(ROLES), fold=True)
_MEDIUM, _ANY_MEDIUM = k.one_of(MEDIUMS), k.one_of((*MEDIUMS, *LISTS))
_GROUP = k.one_of(tuple(dict.fromkeys(ROLES.values())), fold=True)
_PAYMENT = k.one_of(PAYMENTS)
_NODE = "02d5c1bf8b940dc9cadca86d1b0a3c37fbe39cee4c7e839e33bef9174531d27f52"
_FEED = "917393e3-1b1e-5cef-ace4-edaa54e1f810"

_RULES = (
    # --- tags that are written in the list ---
    Rule(
        name="block", spec=("PC20-32",), parents={CHANNEL: MANY},
        about="Keeps the feed out of all directories, or with id out of one; `no` lets one in.",
        attributes=(_a("id", _SERVICES, O, "the service that is meant; without it, all"),),
        text=k.YES_NO, example="{tag: block, id: spotify, text: no}",
    ),
    Rule(
        name="chat", spec=("PC20-40",), parents={CHANNEL: ONE, ITEM: ONE}, overrides=True,
        about="The official chat room, of the series or of one episode.",
        attributes=(
            _a("server", k.HOST, R, "the server to connect to"),
            _a("protocol", k.one_of(CHAT_PROTOCOLS), R, "how to talk to it"),
            _a("accountId", k.text_of(255, "@nordvik"), S, "your account there"),
            _a("space", k.text_of(255, "#nordvik"), O, "the room"),
        ),
        example="{tag: chat, server: irc.nordvik.example, protocol: irc,"
        ' accountId: "@nordvik", space: "#samtal"}',
    ),
    Rule(
        name="contentLink", spec=("PC20-30",), parents={ITEM: MANY},
        about="Where the episode can be had outside the app, too.",
        attributes=(_a("href", k.URI, R, "where it leads"),),
        text=k.text_of(255, "Se samtalet på webben"),
        example='{tag: contentLink, href: "https://video.nordvik.example/samtal/1",'
        " text: Se samtalet på webben}",
    ),
    Rule(
        name="funding", spec=("PC20-04",), parents={CHANNEL: MANY, ITEM: MANY},
        keys={CHANNEL: "funding"},
        about="Where listeners can give money.",
        attributes=(_a("url", k.HTTPS, R, "where to give"),),
        text=k.text_of(128, "Stöd samtalen"),
        key_example='[{url: "https://www.nordvik.example/stod", text: Stöd samtalen}]',
        example='{tag: funding, url: "https://www.nordvik.example/stod", text: Stöd samtalen}',
    ),
    Rule(
        name="hiveAccount", spec=("PC20-39",), parents={"podping": MANY},
        about="An account on Hive that tells of changes (of an older proposal).",
        attributes=(_a("account", k.text_of(32, "nordvik"), R, "its name"),),
        example="{tag: hiveAccount, account: nordvik}",
    ),
    Rule(
        name="image", spec=("PC20-41",), parents={CHANNEL: MANY, ITEM: MANY},
        about="A further picture, for another use than the square artwork of `image:`.",
        attributes=(
            _a("href", k.HTTPS, R, "the picture, below media/<series>/; of a video, its address",
               file=True),
            _a("alt", k.text_of(255, "Fullmäktiges sal, tom"), S, "what it shows"),
            _a("aspect-ratio", k.RATIO, S, "its shape; of a file, measured", measured=True,
               follows=("width", "height")),
            _a("width", k.PIXELS, S, "in pixels; of a file, measured", measured=True),
            _a("height", k.PIXELS, O, "in pixels; of a file, measured", measured=True),
            _a("type", k.MIME, O, "of another format than JPEG or PNG; of a file, measured",
               measured=True),
            _a("purpose", k.WORDS, O, "artwork social canvas banner publisher circular poster,"
               " or app/name"),
        ),
        example='{tag: image, href: "https://www.nordvik.example/bred.jpg", alt: Salen,'
        ' aspect-ratio: 16/9, width: 1600, height: 900, type: image/jpeg, purpose: banner social}',
    ),
    Rule(
        name="images", spec=("PC20-42",), parents={CHANNEL: ONE, ITEM: ONE}, instead="image",
        about="The same picture in several sizes.",
        attributes=(_a("srcset", k.SOURCES, R, "addresses, each with its width"),),
        example='{tag: images, srcset: "https://www.nordvik.example/stor.jpg 1500w,'
        ' https://www.nordvik.example/liten.jpg 600w"}',
    ),
    Rule(
        name="podping", spec=("PC20-39",), parents={CHANNEL: ONE},
        about="Says whether changes are told by Podping; it stands instead of what `podping:`"
        " writes.",
        attributes=(_a("usesPodping", k.TRUE_FALSE, R, "are they?"),),
        example="{tag: podping, usesPodping: true, children: [{tag: hiveAccount,"
        " account: nordvik}]}",
    ),
    Rule(
        name="podroll", spec=("PC20-35",), parents={CHANNEL: ONE}, inherited=False,
        about="Other podcasts that you recommend.",
        example=f'{{tag: podroll, children: [{{tag: remoteItem, feedGuid: "{_FEED}"}}]}}',
    ),
    Rule(
        name="remoteItem", spec=("PC20-34", "PC20-25"), inherited=False,
        parents={
            CHANNEL: MANY, "podroll": SOME, "valueTimeSplit": ONE, "publisher": EXACTLY,
        },
        keys={"publisher": "publisher"},
        about="A feed somewhere else, or one of its items.",
        attributes=(
            _a("feedGuid", k.UUID, R, "the podcast:guid of the feed"),
            _a("feedUrl", k.HTTPS, O, "its address"),
            _a("itemGuid", k.text_of(255, "samtal-1"), O, "the guid of the item"),
            _a("medium", _ANY_MEDIUM, O, "what the feed is, when it is no podcast"),
            _a("title", k.text_of(255, "Samtal i Sydvik"), O, "its name"),
        ),
        example=f'{{tag: remoteItem, feedGuid: "{_FEED}", feedUrl:'
        ' "https://podd.sydvik.example/feed.xml", itemGuid: samtal-1, medium: video,'
        " title: Samtal i Sydvik}",
    ),
    Rule(
        name="socialInteract", spec=("PC20-31",), parents={CHANNEL: MANY, ITEM: MANY},
        about="The post below which people comment; `protocol: disabled` asks for no comments.",
        attributes=(
            _a("protocol", k.one_of(SOCIAL_PROTOCOLS), R, "the kind of network"),
            _a("uri", k.URI, R, "of the post", unless=("protocol", "disabled")),
            _a("accountId", k.text_of(255, "@nordvik"), S, "who wrote it",
               unless=("protocol", "disabled")),
            _a("accountUrl", k.HTTPS, O, "a page about who wrote it"),
            _a("priority", k.ORDER, O, "the lowest is shown first; needed when there are several"),
        ),
        example='{tag: socialInteract, protocol: activitypub, uri:'
        ' "https://social.nordvik.example/@podd/1", accountId: "@podd", accountUrl:'
        ' "https://social.nordvik.example/@podd", priority: 1}',
    ),
    Rule(
        name="txt", spec=("PC20-33",), parents={CHANNEL: MANY, ITEM: MANY}, inherited=False,
        about="A text for one reader, such as the code by which Apple knows that a feed is yours.",
        attributes=(
            _a("purpose", k.text_of(128, "applepodcastsverify"), O, "who or what it is for"),
        ),
        text=k.text_of(4000, "naj3eEZaWVVY9a38uhX8FekACyhtqP4JN", lines=True),
        example="{tag: txt, purpose: applepodcastsverify, text: 05124}",
    ),
    Rule(
        name="value", spec=("PC20-21",), parents={CHANNEL: MANY, ITEM: MANY}, overrides=True,
        about="How listeners can pay while they listen, and who gets which share.",
        attributes=(
            _a("type", _PAYMENT, R, "the currency or network"),
            _a("method", _PAYMENT, R, "how it is sent"),
            _a("suggested", k.AMOUNT, O, "how much a minute, in the currency"),
        ),
        example="{tag: value, type: lightning, method: keysend, suggested: 0.00000005, children:"
        f' [{{tag: valueRecipient, type: node, address: "{_NODE}", split: 100, name: Nordvik}}]}}',
    ),
    Rule(
        name="valueRecipient", spec=("PC20-22",),
        parents={"value": SOME, "valueTimeSplit": MANY},
        about="Somebody who gets a share.",
        attributes=(
            _a("type", k.one_of(("node", "lnaddress")), R, "the kind of address"),
            _a("address", k.text_of(255, _NODE), R, "where the money goes"),
            _a("split", k.SHARES, R, "the number of shares"),
            _a("name", k.text_of(255, "Nordvik"), S, "who it is"),
            _a("customKey", k.text_of(255, "696969"), O, "goes with the payment, with its value"),
            _a("customValue", k.text_of(255, "eChoVKtO1KujpAA5HCoB"), O, "of customKey"),
            _a("fee", k.TRUE_FALSE, O, "taken before the rest is shared", default="false"),
        ),
        example='{tag: valueRecipient, type: lnaddress, address: "podd@nordvik.example",'
        ' split: 95, name: Nordvik, customKey: "696969", customValue: samtal, fee: false}',
    ),
    Rule(
        name="valueTimeSplit", spec=("PC20-23",), parents={"value": MANY},
        about="Other shares for a part of the recording.",
        attributes=(
            _a("startTime", k.SECONDS, R, "seconds from the beginning"),
            _a("duration", k.LENGTH, R, "seconds"),
            _a("remoteStartTime", k.SECONDS, O, "seconds from the beginning of the remote item"),
            _a("remotePercentage", k.PERCENT, O, "what the remote item gets"),
        ),
        example="{tag: valueTimeSplit, startTime: 60, duration: 237, remoteStartTime: 174,"
        f' remotePercentage: 95, children: [{{tag: remoteItem, feedGuid: "{_FEED}"}}]}}',
    ),
    # --- tags that have keys of their own ---
    Rule(
        name="alternateEnclosure", spec=("PC20-14", "PC20-15", "PC20-16"), parents={ITEM: MANY},
        keys={ITEM: "alternates"}, about="Another rendition of the recording.",
        attributes=(
            _a("type", k.MIME, R), _a("length", k.BYTES, S), _a("bitrate", k.RATE),
            _a("height", k.COUNT), _a("lang", k.LANGUAGE), _a("title", k.text_of(32, "Liten")),
            _a("rel", k.text_of(32, "teckenspråk")), _a("codecs", k.CODECS),
            _a("default", k.TRUE_FALSE),
        ),
        example="[{file: liten.mp3, title: Liten}]",
    ),
    Rule(
        name="chapters", spec=("PC20-05",), parents={ITEM: ONE}, keys={ITEM: "chapters"},
        about="The file of chapters.",
        attributes=(
            _a("url", k.HTTPS, R), _a("type", k.one_of(("application/json+chapters",)), R),
        ),
        example='["00:00 Inledning", "02:10 Kundtjänsten"]',
    ),
    Rule(
        name="episode", spec=("PC20-11",), parents={ITEM: ONE}, keys={ITEM: "episode"},
        about="The number of the episode.",
        attributes=(_a("display", k.text_of(32, "Del 3")),), text=k.NUMERAL, example="3",
    ),
    Rule(
        name="guid", spec=("PC20-19", "PC20-20"), parents={CHANNEL: ONE}, keys={CHANNEL: "guid"},
        about="What a feed is known by wherever it moves.", text=k.UUID, example=_FEED,
    ),
    Rule(
        name="integrity", spec=("PC20-18",), parents={"alternateEnclosure": ONE},
        keys={"alternateEnclosure": "alternates"},
        about="By which a rendition is known to be unharmed.",
        attributes=(
            _a("type", k.one_of(("sri", "pgp-signature")), R), _a("value", k.HASH, R),
        ),
        example="[{file: liten.mp3}]",
    ),
    Rule(
        name="license", spec=("PC20-13",), parents={CHANNEL: ONE, ITEM: ONE},
        keys={CHANNEL: "license", ITEM: "license"}, about="The licence.",
        attributes=(_a("url", k.HTTPS),),
        text=k.text_of(128, LICENSES[1]), example=LICENSES[1],
    ),
    Rule(
        name="location", spec=("PC20-09",), parents={CHANNEL: MANY, ITEM: MANY},
        keys={CHANNEL: "location", ITEM: "location"},
        about="What it is about, or where it was made.",
        attributes=(
            _a("rel", k.one_of(("subject", "creator")), S), _a("geo", k.GEO, S),
            _a("osm", k.OSM, S), _a("country", k.COUNTRY, S),
        ),
        text=k.text_of(128, "Nordvik"), example="{name: Nordvik, country: SE}",
    ),
    Rule(
        name="locked", spec=("PC20-03",), parents={CHANNEL: ONE}, keys={CHANNEL: "locked"},
        about="May other hosts import the feed?",
        attributes=(_a("owner", k.MAIL),), text=k.YES_NO, example="true",
    ),
    Rule(
        name="medium", spec=("PC20-24", "PC20-25", "PC20-26"), parents={CHANNEL: ONE},
        keys={CHANNEL: "medium"}, about="What the feed is.", text=_MEDIUM, example="video",
    ),
    Rule(
        name="person", spec=("PC20-07", "PC20-08"), parents={CHANNEL: MANY, ITEM: MANY},
        keys={CHANNEL: "people", ITEM: "people"}, differs=True, about="Somebody who takes part.",
        attributes=(
            _a("role", _ROLE), _a("group", _GROUP), _a("img", k.HTTPS), _a("href", k.HTTPS),
        ),
        text=k.text_of(128, "Elin Wihlborg"), example="[{name: Elin Wihlborg, role: guest}]",
    ),
    Rule(
        name="publisher", spec=("PC20-36", "PC20-37"), parents={CHANNEL: ONE},
        keys={CHANNEL: "publisher"}, about="The feed of the organisation behind it.",
        example=f'{{guid: "{_FEED}"}}',
    ),
    Rule(
        name="season", spec=("PC20-10",), parents={ITEM: ONE}, keys={ITEM: "season"},
        about="The season of the episode.",
        attributes=(_a("name", k.text_of(128, "Våren")),), text=k.COUNT, example="2",
    ),
    Rule(
        name="soundbite", spec=("PC20-06",), parents={ITEM: MANY}, keys={ITEM: "soundbites"},
        about="A part worth sharing.",
        attributes=(_a("startTime", k.SECONDS, R), _a("duration", k.LENGTH, R)),
        text=k.text_of(128, "Det viktigaste"), text_need=O,
        example='[{start: "1:10", duration: "0:30"}]',
    ),
    Rule(
        name="source", spec=("PC20-17",), parents={"alternateEnclosure": SOME},
        keys={"alternateEnclosure": "alternates"}, about="Where a rendition can be had.",
        attributes=(_a("uri", k.URI, R), _a("contentType", k.MIME)),
        example="[{file: liten.mp3}]",
    ),
    Rule(
        name="trailer", spec=("PC20-12",), parents={CHANNEL: MANY}, keys={CHANNEL: "trailer"},
        differs=True, about="An episode that the series is announced with.",
        attributes=(
            _a("url", k.HTTPS, R), _a("pubdate", k.MAIL_DATE, R), _a("length", k.BYTES, S),
            _a("type", k.MIME, S), _a("season", k.COUNT),
        ),
        text=k.text_of(128, "Det här är Samtal"), example="kommer-snart",
    ),
    Rule(
        name="transcript", spec=("PC20-01", "PC20-02"), parents={ITEM: MANY},
        keys={ITEM: "transcripts"}, about="A text version of the recording.",
        attributes=(
            _a("url", k.HTTPS, R), _a("type", k.one_of(TRANSCRIPT_TYPES), R),
            _a("language", k.LANGUAGE), _a("rel", k.one_of(("captions",))),
        ),
        example="[kjell-ringer.vtt]",
    ),
    Rule(
        name="updateFrequency", spec=("PC20-38",), parents={CHANNEL: ONE},
        keys={CHANNEL: "update_frequency"}, about="How often episodes come.",
        attributes=(
            _a("complete", k.TRUE_FALSE), _a("dtstart", k.WHEN), _a("rrule", k.RECUR, S),
        ),
        text=k.text_of(128, "Varje tisdag"), example="Varje tisdag",
    ),
)  # fmt: skip

TABLE: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _RULES})
"""Every tag, by name."""

CHILDREN: Mapping[str, tuple[str, ...]] = MappingProxyType({
    parent: tuple(rule.name for rule in _RULES if parent in rule.parents)
    for parent in (CHANNEL, ITEM, *TABLE)
})  # fmt: skip
"""The tags that may stand in a channel, in an item and in each tag."""


def files_of(tags: Iterable[Tag]) -> Iterator[str]:
    """The files below media/ that tags name, in themselves or in their children."""
    for tag in tags:
        for one in TABLE[tag.name].attributes:
            if one.file and (value := tag.get(one.name)) and not is_remote(value):
                yield value
        yield from files_of(tag.children)


def listed_in(parent: str) -> tuple[Rule, ...]:
    """The tags that are written in the list `podcast:` of a parent, or in a tag's `children:`."""
    return tuple(TABLE[name] for name in CHILDREN[parent] if parent not in TABLE[name].keys)
