"""Rules about a series: what it lacks, who answers for it, and what it says of its kind."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Identity, Series
from ..pattern import pattern
from .rule import Heard, catalog_rule, item_rule, series_rule, written

SE020 = Code(
    "SE020",
    Severity.WARNING,
    message=N_("the series has no category"),
    why=N_("directories sort podcasts by it; Apple refuses a feed without one"),
    mend=N_("add a line  categories: [Government]"),
    spec=("APPLE-08", "PSP-02", "SPOT-01"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)
SE021 = Code(
    "SE021",
    Severity.WARNING,
    message=N_("the series has no artwork"),
    why=N_("it is what people see in every app; Apple refuses a feed without it"),
    mend=N_("put a square picture, 1400 to 3000 pixels wide, below media/{series}/ and add a line  "
            "image: omslag.png"),
    spec=("APPLE-03", "PSP-02", "SPOT-01"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)  # fmt: skip
SE022 = Code(
    "SE022",
    Severity.NOTE,
    message=N_("the series has no author"),
    why=N_("apps show a blank line where the name of the maker stands"),
    mend=N_("add a line  author: ..."),
    spec=("APPLE-12", "PSP-03"),
    profiles={"apple": Severity.WARNING, "psp1": Severity.WARNING},
)
SE028 = Code(
    "SE028",
    Severity.OFF,
    message=N_("feedtool.yaml names nobody who answers for the feeds"),
    why=N_("YouTube sends a code to the e-mail address in the feed before it takes a podcast in"),
    mend=N_("add a line  owner: {{name: ..., email: ...}}  with a shared mailbox; it is public"),
    spec=("APPLE-14", "YT-03"),
    profiles={"youtube": Severity.WARNING},
)
SE033 = Code(
    "SE033",
    Severity.OFF,
    message=N_("nothing says whether other hosts may import the feed"),
    why=N_("without it anybody can move the podcast to another host and take its listeners along"),
    mend=N_("add a line  locked: true   (write false while you move the podcast yourself)"),
    spec=("PC20-03", "PSP-03"),
    profiles={"psp1": Severity.WARNING, "podcasting2": Severity.WARNING},
)
SE034 = Code(
    "SE034",
    Severity.OFF,
    message=N_("YouTube would take in nothing of {count} episodes: they are video"),
    why=N_("from a feed it takes sound only, and makes a video of it with the artwork"),
    mend=N_("upload the videos there yourself, and say so:  ignore: [{{code: SE034, why: ...}}]"),
    spec=("YT-01",),
    profiles={"youtube": Severity.WARNING},
)
SE035 = Code(
    "SE035",
    Severity.ERROR,
    message=N_("the guid {guid} is that of an example in the handbooks"),
    why=N_("it belongs to another podcast: directories would take the two for one"),
    mend=N_("delete the line  guid: ; the right one is made from the address of the feed"),
    spec=("PC20-19", "PC20-20"),
)
SE036 = Code(
    "SE036",
    Severity.OFF,
    message=N_("the guid {guid} was not made from the address of a feed"),
    why=N_("directories work it out from the address and would not find the series by it"),
    mend=N_("delete the line  guid: , unless directories know the series by it already; then "
            "leave it, and from the first publication on this is not told any more"),
    spec=("PC20-19",),
    profiles={"podcasting2": Severity.WARNING},
)  # fmt: skip
SE037 = Code(
    "SE037",
    Severity.OFF,
    message=N_("a series with  medium: film  has {count} episodes"),
    why=N_("a film is a feed of its own: apps show the first and hide the others"),
    mend=N_("write  medium: video  if these are several recordings"),
    spec=("PC20-26",),
    profiles={"podcasting2": Severity.WARNING},
)
SE046 = Code(
    "SE046",
    Severity.WARNING,
    message=N_("the hub {address} has no https"),
    why=N_("who reads along on the way could change what subscribers are told"),
    mend=N_("write  https://  if the hub has it; else leave the hub out"),
    spec=("PUSH-03",),
)
SE043 = Code(
    "SE043",
    Severity.WARNING,
    message=N_('"{other}" has the same title, {title}'),
    why=N_("people cannot tell the two apart when they search for one"),
    mend=N_("give one of them another  title:  in its series.yaml"),
    spec=("APPLE-01",),
)
SE044 = Code(
    "SE044",
    Severity.WARNING,
    message=N_("the category {name} is listed twice"),
    why=N_("directories look at the first ones only; the second place could be another shelf"),
    mend=N_("delete one of the two"),
    spec=("APPLE-08",),
)
SE047 = Code(
    "SE047",
    Severity.OFF,
    message=N_('Apple Podcasts does not know the language "{language}"'),
    why=N_("it knows the languages that have a code of two letters, and refuses other feeds"),
    mend=N_("to be in Apple Podcasts, write the language there that is nearest; else say why not:  "
            "ignore: [{{code: SE047, why: ...}}]"),
    spec=("LANG-02", "APPLE-07"),
    profiles={"apple": Severity.WARNING},
)  # fmt: skip
SE048 = Code(
    "SE048",
    Severity.OFF,
    message=N_("the publisher has no address"),
    why=N_("apps that do not know its guid cannot find its feed"),
    mend=N_("add the address of its feed:  publisher: {{guid: {guid}, url: https://...}}"),
    spec=("PC20-36",),
    profiles={"podcasting2": Severity.WARNING},
)
CF044 = Code(
    "CF044",
    Severity.WARNING,
    message=N_('"{text}" means {found}'),
    why=N_("directories sort by it, and screen readers choose a voice by it"),
    mend=N_("write {better} if it is in Swedish; else leave it and say so:  "
            "ignore: [{{code: CF044, why: ...}}]"),
    spec=("LANG-02", "APPLE-07"),
)  # fmt: skip
CF048 = Code(
    "CF048",
    Severity.WARNING,
    message=N_("{email} is an address of the handbooks, not one of yours"),
    why=N_("the code by which a directory makes sure that the feed is yours would get lost"),
    mend=N_("write the address of a shared mailbox that somebody reads"),
    spec=("APPLE-14", "YT-03"),
)

_EXAMPLES = frozenset(
    {"917393e3-1b1e-5cef-ace4-edaa54e1f810", "9b024349-ccf0-5f69-a609-6b82873eab3c"}
)
"""The guids in the documents of podcast:guid, and in ours."""

_SLIPS = {
    "se": (N_("Northern Sami"), "sv"),
    "se-SE": (N_("Northern Sami in Sweden"), "sv-SE"),
    "sv-SV": (N_("Swedish in El Salvador"), "sv-SE"),
}
"""Tags that exist, and that many take for Swedish."""

_SAMI = pattern("[áčđŋšŧž]|sami|sámi|sápmi", re.IGNORECASE)
"""Letters of Northern Sami that Swedish does not have, and words for it."""

_VIDEO = frozenset({".mp4", ".m4v", ".mov"})


@series_rule
def category_missing(series: Series) -> Iterator[Finding]:
    """Series on no shelf."""
    if not series.categories:
        yield SE020.at(Place(series.file))


@series_rule
def artwork_missing(series: Series) -> Iterator[Finding]:
    """Series without a picture."""
    if not series.image:
        yield SE021.at(Place(series.file), series=series.slug)


@series_rule
def author_missing(series: Series) -> Iterator[Finding]:
    """Series without a name behind it."""
    if not series.author:
        yield SE022.at(Place(series.file))


@catalog_rule
def owner_missing(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Catalogs without an address that directories can write to."""
    if series and series[0].owner is None:
        yield SE028.at(Place("feedtool.yaml"))


@catalog_rule
def owner_of_the_handbook(
    series: Sequence[Series], episodes: Sequence[Identity]
) -> Iterator[Finding]:
    """Addresses that were copied from an example."""
    owner = series[0].owner if series else None
    if owner and owner.email.lower().endswith(("@example.org", "@example.com", "@example.net")):
        yield CF048.at(Place("feedtool.yaml", ("owner", "email")), email=owner.email)


@catalog_rule
def lock_missing(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Feeds that do not say whether they may be moved; told once if no series says it."""
    missing = [one for one in series if one.locked is None]
    if missing and len(missing) == len(series):
        yield SE033.at(Place("feedtool.yaml"))
    else:
        yield from (SE033.at(Place(one.file)) for one in missing)


@catalog_rule
def title_shared(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Two series that are called the same."""
    known: dict[str, Series] = {}
    for one in series:
        other = known.setdefault(one.title.casefold(), one)
        if other is not one:
            yield SE043.at(Place(one.file, ("title",)), other=other.file, title=one.title)


@catalog_rule
def video_for_youtube(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Series of which YouTube takes in nothing, or not all."""
    counts = Counter(
        one.series for one in episodes if one.media[-4:].lower() in _VIDEO and not one.draft
    )
    for one in series if counts else ():
        if counts[one.slug]:
            yield SE034.at(written(one, "medium"), count=counts[one.slug])


@catalog_rule
def film_of_several(series: Sequence[Series], episodes: Sequence[Identity]) -> Iterator[Finding]:
    """Films in more than one part; trailers do not count."""
    films = {one.slug: one for one in series if one.medium == "film"}
    if not films:
        return
    parts: dict[str, int] = defaultdict(int)
    for episode in episodes:
        if episode.series in films and not episode.draft:
            parts[episode.series] += episode.slug not in films[episode.series].trailers
    for slug, count in parts.items():
        if count > 1:
            yield SE037.at(written(films[slug], "medium"), count=count)


@series_rule
def guid_of_the_handbook(series: Series) -> Iterator[Finding]:
    """The guid of an example, copied."""
    if series.guid in _EXAMPLES:
        yield SE035.at(written(series, "guid"), guid=series.guid)


@series_rule
def guid_of_another_kind(series: Series) -> Iterator[Finding]:
    """A stated guid that is no UUID of version 5, before it is promised to anybody."""
    if "guid" in series.written and not series.announced and series.guid[14] != "5":
        yield SE036.at(written(series, "guid"), guid=series.guid)


@series_rule
def category_twice(series: Series) -> Iterator[Finding]:
    """The same shelf named again."""
    if len(set(series.categories)) < len(series.categories):
        seen = set()
        for index, one in enumerate(series.categories):
            if one in seen:
                name = f"{one.name} > {one.sub}" if one.sub else one.name
                yield SE044.at(written(series, "categories", index), name=name)
            seen.add(one)


@series_rule
def language_confused(series: Series) -> Iterator[Finding]:
    """Another language than Swedish, in a text that does not look like it."""
    if series.language in _SLIPS:
        where = written(series, "language")
        yield from _confused(series.language, series.title + series.description, where)


@item_rule
def language_of_episode_confused(heard: Heard) -> Iterator[Finding]:
    """The same for an episode."""
    episode = heard.item.episode
    if episode.language and episode.language in _SLIPS:
        text = episode.title + (episode.summary or "") + episode.notes
        yield from _confused(episode.language, text, heard.place("language"))


def _confused(tag: str, text: str, where: Place) -> Iterator[Finding]:
    found, better = _SLIPS[tag]
    if not (tag.startswith("se") and _SAMI.search(text)):
        yield CF044.at(where, text=tag, found=found, better=better)


@series_rule
def language_unknown_to_apple(series: Series) -> Iterator[Finding]:
    """Languages without a code of two letters, such as Meänkieli."""
    if len(series.language.partition("-")[0]) != 2:
        yield SE047.at(written(series, "language"), language=series.language)


@series_rule
def publisher_without_address(series: Series) -> Iterator[Finding]:
    """Publishers that can only be found by those who know them."""
    if series.publisher and not series.publisher.url:
        yield SE048.at(written(series, "publisher"), guid=series.publisher.guid)


@series_rule
def hub_without_https(series: Series) -> Iterator[Finding]:
    """Hubs whose messages anybody on the way can read. One on this machine is for trying out."""
    for index, hub in enumerate(series.hubs):
        if hub.startswith("http://") and not hub.startswith(_ON_THIS_MACHINE):
            yield SE046.at(written(series, "hubs", index), address=hub)


_ON_THIS_MACHINE = ("http://127.0.0.1", "http://localhost", "http://[::1]")
