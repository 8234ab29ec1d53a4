"""Rules about the address of a recording: what apps read from it before they play anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ..finding import N_, Code, Finding, Param, Severity
from ..formats import ending_of, is_remote
from ..vocabulary import ENDINGS, EXTENSIONS, SHOWN, SHOWN_AS, SPELLINGS
from .rule import Heard, item_rule

ME070 = Code(
    "ME070",
    Severity.WARNING,
    message=N_("the recording ends in {ending}, which podcast apps do not know"),
    why=N_(
        "Apple hides episodes whose recording does not end in .mp3, .m4a, .mp4, .m4v or .mov; the "
        "others follow its rules"
    ),
    mend=N_("rename the file to {better} and write that name at  media:"),
    spec=("APPLE-22", "PSP-08"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)

ME071 = Code(
    "ME071",
    Severity.WARNING,
    message=N_("{source} does not end as podcast apps expect"),
    why=ME070.why,
    mend=N_(
        "save the recording below media/{series}/ under a name that ends as what it is (.mp3, .m4a,"
        " .mp4), write that name at  media:  and run: feedtool build --allow media:{episode}"
    ),
    spec=("APPLE-22", "PSP-08"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)
ME072 = Code(
    "ME072",
    Severity.WARNING,
    message=N_("{source} ends in {ending}, but the feed it came with calls it {type}"),
    why=N_("apps choose their player by the name and refuse what turns out to be something else"),
    mend=N_(
        "save the recording below media/{series}/, write its name at  media:  and run: feedtool"
        " build --allow media:{episode}"
    ),
    spec=("RSS-24", "APPLE-23"),
    profiles={"apple": Severity.ERROR},
)
ME073 = Code(
    "ME073",
    Severity.WARNING,
    message=N_("{source} is not encrypted (http:, not https:)"),
    why=N_("web players and many apps refuse to fetch it"),
    mend=ME072.mend,
    spec=("URI-02",),
)
ME074 = Code(
    "ME074",
    Severity.WARNING,
    message=N_("{source} has a # in it, and what follows never reaches its server"),
    why=N_("apps may take it for another recording than the one without, and some cannot load it"),
    mend=ME072.mend,
    spec=("RSS-22",),
)
ME075 = Code(
    "ME075",
    Severity.WARNING,
    message=N_("the feed that {source} came with does not say how many bytes it has"),
    why=N_("apps cannot show how large the download is, and take one that broke off for the whole"),
    mend=ME072.mend,
    spec=("RSS-23",),
)
ME079 = Code(
    "ME079",
    Severity.WARNING,
    message=N_("{source} has a name or a password before the @"),
    why=N_("every feed and page shows it to everybody, and some apps ask without it"),
    mend=ME072.mend,
)

_ON_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


@item_rule
def ending_hidden(heard: Heard) -> Iterator[Finding]:
    """Recordings that apps would play, if they were called otherwise."""
    source, type = heard.item.episode.media, heard.item.enclosure.type
    if is_remote(source):
        return
    ending = ending_of(source)
    # what has a wrong ending is ME008
    if ending in SHOWN_AS and ending in EXTENSIONS.get(type, ()):
        better = PurePosixPath(source.partition("/")[2]).with_suffix(SHOWN_AS[ending])
        yield ME070.at(heard.place("media"), ending=ending, better=str(better))


@item_rule
def ending_elsewhere_hidden(heard: Heard) -> Iterator[Finding]:
    """Addresses that do not say that there is a recording, or say so as only some apps know."""
    source, type = _elsewhere(heard)
    if not source:
        return
    ending = ending_of(source)
    # what is of another type than its address says is ME072, what apps do not play EP023
    usual, *others = EXTENSIONS.get(type, ("",))
    if usual in SHOWN and ending not in SHOWN and (ending in others or ending not in ENDINGS):
        yield _at(ME071, heard, source)


@item_rule
def ending_elsewhere_of_another_type(heard: Heard) -> Iterator[Finding]:
    """Addresses by which it is another kind of recording than the feed said."""
    source, type = _elsewhere(heard)
    ending = ending_of(source)
    if ending in ENDINGS and ending not in EXTENSIONS.get(type, ()):
        said = heard.item.enclosure.type
        yield _at(ME072, heard, source, ending=ending, type=said)


@item_rule
def address_unencrypted(heard: Heard) -> Iterator[Finding]:
    """Recordings elsewhere without https."""
    source, _ = _elsewhere(heard)
    if source[:5].lower() == "http:" and urlsplit(source).hostname not in _ON_THIS_MACHINE:
        yield _at(ME073, heard, source)


@item_rule
def address_with_fragment(heard: Heard) -> Iterator[Finding]:
    """Addresses of a place inside a recording."""
    source, _ = _elsewhere(heard)
    if "#" in source:
        yield _at(ME074, heard, source)


@item_rule
def address_with_login(heard: Heard) -> Iterator[Finding]:
    """Recordings elsewhere whose server asks who one is."""
    source, _ = _elsewhere(heard)
    if "@" in source and "@" in urlsplit(source).netloc:
        yield _at(ME079, heard, source)


@item_rule
def size_unknown(heard: Heard) -> Iterator[Finding]:
    """Recordings elsewhere of which no feed said how large they are."""
    source, _ = _elsewhere(heard)
    if source and not heard.item.enclosure.length:
        yield _at(ME075, heard, source)


def _elsewhere(heard: Heard) -> tuple[str, str]:
    """The address and the type of a recording that nobody measured; "" = it is here."""
    source, type = heard.item.enclosure.source, heard.item.enclosure.type
    return (source, SPELLINGS.get(type, type)) if is_remote(source) else ("", "")


def _at(code: Code, heard: Heard, source: str, **params: Param) -> Finding:
    one = heard.item.episode
    name = f"{one.series}/{one.slug}"
    return code.at(
        heard.place("media"), source=_shown(source), series=one.series, episode=name, **params
    )  # fmt: skip


def _shown(source: str) -> str:
    """An address without what opens it."""
    parts = urlsplit(source)
    if "@" not in parts.netloc:
        return source
    return parts._replace(netloc="…@" + parts.netloc.rpartition("@")[2]).geturl()
