"""Rules about the pictures that stand for a series or an episode.

Other pictures (of people, of chapters, of `podcast:`) may have any shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..finding import N_, Code, Fault, Finding, Severity
from ..formats import is_remote
from ..model import Picture, Series
from .rule import Heard, item_rule, series_rule, written

_RAISED = {"apple": Severity.ERROR, "psp1": Severity.ERROR}
_EXPORT = N_("export the picture again as JPEG or PNG, 3000 x 3000 pixels, in RGB colours")

AR007 = Code(
    "AR007",
    Severity.WARNING,
    message=N_("the artwork media/{source} lies on its side or head, with a mark to turn it"),
    why=N_("cameras save pictures so; many apps do not heed the mark and show it lying"),
    mend=N_("open it in a picture editor, turn it upright and save it again"),
    spec=("APPLE-04",),
)
AR011 = Code(
    "AR011",
    Severity.WARNING,
    message=N_("the artwork media/{source} is not square: {width} x {height} pixels"),
    why=N_("apps show it in a square: they cut it off or leave bars, and Apple refuses it"),
    mend=N_("crop it to a square and save it with 1400 to 3000 pixels each way; best is "
            "3000 x 3000"),
    spec=("APPLE-04", "APPLE-05", "PSP-11", "SPOT-01", "SPOT-04"),
    profiles=_RAISED,
)  # fmt: skip
AR012 = Code(
    "AR012",
    Severity.WARNING,
    message=N_("the artwork media/{source} is too small: {width} x {height} pixels"),
    why=N_("it would look blurred, and Apple refuses artwork of less than 1400 x 1400 pixels"),
    mend=N_("export the original at 3000 x 3000 pixels; enlarging the small picture does not make "
            "it sharper"),
    spec=("APPLE-04", "APPLE-05", "PSP-11"),
    profiles=_RAISED,
)  # fmt: skip
AR013 = Code(
    "AR013",
    Severity.OFF,
    message=N_("the artwork media/{source} is too large: {width} x {height} pixels"),
    why=N_("Apple refuses artwork of more than 3000 x 3000 pixels"),
    mend=N_("save it with 3000 x 3000 pixels"),
    spec=("APPLE-04", "APPLE-05", "PSP-11"),
    profiles=_RAISED,
)
AR014 = Code(
    "AR014",
    Severity.WARNING,
    message=N_("the artwork media/{source} is {type}, neither JPEG nor PNG"),
    why=N_("many apps and all directories show only JPEG and PNG"),
    mend=_EXPORT,
    spec=("APPLE-03", "APPLE-04", "APPLE-05", "PSP-11", "SPOT-01"),
    profiles=_RAISED,
)
AR015 = Code(
    "AR015",
    Severity.WARNING,
    message=N_("the artwork media/{source} has the colours of a printing press ({mode})"),
    why=N_("screens show them falsely or not at all, and Apple refuses them"),
    mend=_EXPORT,
    spec=("APPLE-04", "APPLE-05", "PSP-11"),
    profiles=_RAISED,
)
AR016 = Code(
    "AR016",
    Severity.OFF,
    message=N_("the artwork media/{source} is saved in shades of grey ({mode}), without colours"),
    why=N_("Apple asks for RGB, also for a picture that looks black and white"),
    mend=_EXPORT,
    spec=("APPLE-04", "APPLE-05", "PSP-11"),
    profiles=_RAISED,
)
AR017 = Code(
    "AR017",
    Severity.OFF,
    message=N_("the artwork media/{source} can have transparent parts (an alpha channel)"),
    why=N_("apps put black or white behind them, and Apple refuses such pictures"),
    mend=N_("export it with a background and without transparency; a JPEG never has any"),
    spec=("APPLE-04", "APPLE-05", "PSP-11"),
    profiles=_RAISED,
)
AR018 = Code(
    "AR018",
    Severity.OFF,
    message=N_("the artwork media/{source} has {size} kB; {limit} kB are the aim"),
    why=N_("Spotify is slow to take in heavier pictures"),
    mend=N_("save it as JPEG of medium or high quality"),
    spec=("SPOT-04",),
    profiles={"spotify": Severity.WARNING},
)
AR019 = Code(
    "AR019",
    Severity.WARNING,
    message=N_("the artwork media/{source} has {size} kB"),
    why=N_("every listener's phone downloads it; over a slow network it stays a blank square"),
    mend=N_("save it as JPEG of high quality: 3000 x 3000 pixels then have less than 2000 kB"),
    spec=("SPOT-04",),
)
AR020 = Code(
    "AR020",
    Severity.OFF,
    message=N_("the name of the artwork media/{source} ends with .jpeg"),
    why=N_("Apple's guide names the endings .jpg and .png only"),
    mend=N_("rename the file so that it ends with .jpg, and correct the name here"),
    spec=("APPLE-03",),
    profiles={"apple": Severity.WARNING},
)
AR021 = Code(
    "AR021",
    Severity.OFF,
    message=N_("the address of the artwork does not end with .jpg or .png:  {source}"),
    why=N_("Apple tells by the ending that it is a picture"),
    mend=N_("put the picture into the folder of the series below media/ and write its name here"),
    spec=("APPLE-03",),
    profiles={"apple": Severity.ERROR},
)

SMALLEST, LARGEST = 1400, 3000
"""Pixels, each way."""

AIM, HEAVY = 512 * 1024, 5_000_000
"""Bytes."""

_ENDINGS = (".jpg", ".jpeg", ".png")
_GREY = frozenset({"1", "L", "LA", "La"})
_ALPHA = frozenset({"RGBA", "RGBa", "LA", "La", "PA"})
_SHOWN = frozenset({"image/jpeg", "image/png"})

PictureRule = Callable[[Picture, str], Iterator[Fault]]
"""Looks at one picture and its source."""

PICTURE_RULES: list[PictureRule] = []


def picture_rule(rule: PictureRule) -> PictureRule:
    PICTURE_RULES.append(rule)
    return rule


@series_rule
def artwork_of_series(series: Series) -> Iterator[Finding]:
    """Whatever is wrong with the artwork of a series."""
    if series.artwork and series.image:
        for rule in PICTURE_RULES:
            for fault in rule(series.artwork, series.image):
                yield fault.at(written(series, "image"))


@item_rule
def artwork_of_episode(heard: Heard) -> Iterator[Finding]:
    """Whatever is wrong with the artwork of an episode, unless it is the series' own."""
    episode = heard.item.episode
    if episode.artwork and episode.image and episode.image != heard.series.image:
        for rule in PICTURE_RULES:
            for fault in rule(episode.artwork, episode.image):
                yield fault.at(heard.place("image"))


@picture_rule
def not_square(picture: Picture, source: str) -> Iterator[Fault]:
    """Pictures that are wider than high, or higher than wide."""
    if picture.width != picture.height:
        yield AR011.fault(source=source, width=picture.width, height=picture.height)


@picture_rule
def too_small(picture: Picture, source: str) -> Iterator[Fault]:
    """Pictures that would be blurred, however they are cropped."""
    if max(picture.width, picture.height) < SMALLEST:
        yield AR012.fault(source=source, width=picture.width, height=picture.height)


@picture_rule
def too_large(picture: Picture, source: str) -> Iterator[Fault]:
    """Square pictures that are larger than asked for; others are to be cropped anyway."""
    if picture.width == picture.height > LARGEST:
        yield AR013.fault(source=source, width=picture.width, height=picture.height)


@picture_rule
def format_not_shown(picture: Picture, source: str) -> Iterator[Fault]:
    """Formats that browsers know and podcast apps do not."""
    if picture.type not in _SHOWN:
        type = picture.type.partition("/")[2].upper()
        yield AR014.fault(source=source, type=type)


@picture_rule
def colours_of_print(picture: Picture, source: str) -> Iterator[Fault]:
    """Pictures that come from the printed leaflet."""
    if picture.mode in {"CMYK", "LAB"}:
        yield AR015.fault(source=source, mode=picture.mode)


@picture_rule
def without_colours(picture: Picture, source: str) -> Iterator[Fault]:
    """Pictures in shades of grey."""
    if picture.type in _SHOWN and (picture.mode in _GREY or picture.mode.startswith("I")):
        yield AR016.fault(source=source, mode=picture.mode)


@picture_rule
def seen_through(picture: Picture, source: str) -> Iterator[Fault]:
    """Pictures that need not cover what is behind them."""
    if picture.type in _SHOWN and (picture.transparent or picture.mode in _ALPHA):
        yield AR017.fault(source=source)


@picture_rule
def too_heavy(picture: Picture, source: str) -> Iterator[Fault]:
    """Pictures that take long to fetch."""
    if picture.bytes > HEAVY:
        yield AR019.fault(source=source, size=picture.bytes // 1024)
    elif picture.bytes > AIM:
        yield AR018.fault(source=source, size=picture.bytes // 1024, limit=AIM // 1024)


@picture_rule
def lies_on_its_side(picture: Picture, source: str) -> Iterator[Fault]:
    """Pictures that only some apps turn upright."""
    if picture.turned:
        yield AR007.fault(source=source)


@picture_rule
def longer_ending(picture: Picture, source: str) -> Iterator[Fault]:
    """JPEG files with the ending that Apple's guide leaves out."""
    if source.lower().endswith(".jpeg"):
        yield AR020.fault(source=source)


@series_rule
def address_without_ending(series: Series) -> Iterator[Finding]:
    """Artwork elsewhere, at an address that does not say that it is a picture."""
    if series.image and _is_vague(series.image):
        yield AR021.at(written(series, "image"), source=series.image)


@item_rule
def address_of_episode_without_ending(heard: Heard) -> Iterator[Finding]:
    """The same for the artwork of an episode."""
    image = heard.item.episode.image
    if image and image != heard.series.image and _is_vague(image):
        yield AR021.at(heard.place("image"), source=image)


def _is_vague(source: str) -> bool:
    address = source.partition("#")[0].lower()
    # some hosts write "/abc?.jpg", for readers that look at the end of all
    ends = (address, address.partition("?")[0])
    return is_remote(source) and not any(one.endswith(_ENDINGS) for one in ends)
