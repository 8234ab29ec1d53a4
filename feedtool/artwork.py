"""Pictures that a series or an episode names: opened, and measured where a feed says their size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .finding import N_, Code, Finding, Place, Severity
from .formats import ending_of, is_remote
from .media_files import MediaFiles
from .model import Credit, Tag
from .podcast.table import TABLE
from .read.objects import CreditKeys

AR010 = Code(
    "AR010",
    Severity.ERROR,
    message=N_('"{key}:" says {stated}, but media/{source} has {measured}'),
    why=N_("apps choose a picture by its shape and size, and would choose a wrong one"),
    mend=N_('remove the line  "{key}:" ; what is measured stands in the feed then'),
    spec=("PC20-41",),
)

AR022 = Code(
    "AR022",
    Severity.ERROR,
    message=N_(
        "media/{source} is a video; of what is below media/, feedtool measures pictures only"
    ),
    why=N_("apps choose it by its type, shape and size, and nobody would know them"),
    mend=N_(
        "put it on a web server and write its address:  href: https://...   with  type: "
        "video/mp4 ,  width:  and  height:"
    ),
    spec=("PC20-41",),
)

_FAMILIAR = ("image/jpeg", "image/png")
"""Types that need not be said (podcast:image)."""
_VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".webm"})


def portraits(
    files: MediaFiles,
    people: Iterable[Credit],
    written: Sequence[CreditKeys],
    place: Place,
    found: list[Finding],
) -> None:
    """Open the pictures of people, each where it is written: here, or in feedtool.yaml.

    `people` may have others, whose pictures are written elsewhere and are looked at there.
    """
    here = {entry.image: index for index, entry in enumerate(written) if entry.image}
    for person in (credit.person for credit in people):
        if person.image and "image" in person.lent:
            listed = Place("feedtool.yaml", ("people", person.id or "", "image"))
            files.picture(person.image, listed, found)
        elif person.image and person.image in here:
            files.picture(person.image, place.down(here[person.image], "image"), found)


def measured_tags(
    files: MediaFiles, tags: tuple[Tag, ...], found: list[Finding]
) -> tuple[Tag, ...]:
    """The tags, those that name a file below media/ with what was found in it.

    What somebody wrote instead and the file says otherwise is a finding.
    """
    return tuple(_measured(files, tag, found) for tag in tags)


def _measured(files: MediaFiles, tag: Tag, found: list[Finding]) -> Tag:
    stated, place = dict(tag.attributes), Place(tag.file, tag.keys)
    rule = TABLE[tag.name]
    for one in rule.attributes:
        source = stated.get(one.name)
        if not one.file or source is None or is_remote(source):
            continue
        if ending_of(source) in _VIDEOS:  # the namespace allows video/mp4
            found.append(AR022.at(place.down(one.name), source=source))
            continue
        picture = files.picture(source, place.down(one.name), found)
        if picture is None:
            continue
        facts = {
            "width": str(picture.width), "height": str(picture.height), "type": picture.type,
        }  # fmt: skip
        for key, measured in facts.items():
            if stated.get(key, measured) != measured:
                found.append(
                    AR010.at(
                        place.down(key), key=key, stated=stated[key], source=source,
                        measured=measured,
                    )
                )  # fmt: skip
        if picture.type in _FAMILIAR and "type" not in stated:
            del facts["type"]
        stated = {"aspect-ratio": picture.ratio} | stated | facts
    attributes = [(one.name, stated[one.name]) for one in rule.attributes if one.name in stated]
    return replace(tag, attributes=tuple(attributes))
