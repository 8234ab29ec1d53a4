"""Files below media/ that the notes of an episode name: pictures, documents."""

from __future__ import annotations

from collections.abc import Container, Iterable

from .finding import N_, Code, Finding, Place, Severity
from .formats import ending_of, is_media_name
from .media_files import ME054, MediaFiles
from .model import Episode
from .read.values import better_name
from .vocabulary import ENDINGS

ME069 = Code(
    "ME069",
    Severity.WARNING,
    message=N_("the notes name media/{source}, and this file is not here"),
    why=N_("a picture would be missing, or a link would lead nowhere"),
    mend=N_(
        "put the file there, or correct the address in the notes; if Git LFS or git-annex keeps it,"
        " fetch it"
    ),
    spec=("PROF-03", "HTTP-05"),
)

ME076 = Code(
    "ME076",
    Severity.WARNING,
    message=N_("the notes name media/{source}, and no file can be published under such a name"),
    why=N_("a picture would be missing, or a link would lead nowhere"),
    mend=N_("rename the file to media/{better} and write that name in the notes"),
    spec=("PROF-03", "URI-03"),
    fixable=True,
)


def files_in_notes(
    files: MediaFiles, episode: Episode, place: Place, found: list[Finding], *, tagged: bool
) -> tuple[str, ...]:
    """Of the files that the notes name, those that are there; `tagged` is whether recordings are
    published as copies.

    Others are ME069, of which `unpromised` leaves those that are no recordings of others.
    """
    there = []
    for source in episode.named:
        problems: list[Finding] = []
        where = place.down("notes", source)
        if not is_media_name(source):
            found.append(ME076.at(where, source=source, better=better_name(source)))
        elif files.find(source, where, problems):
            if not tagged or ending_of(source) not in ENDINGS:
                there.append(source)  # else its tagged copy is published by its own episode
        elif any(problem.code is ME054 for problem in problems):
            found += problems
        elif source != episode.media:
            found.append(ME069.at(where, source=source))
    return tuple(there)


def lacking(findings: Iterable[Finding]) -> set[str]:
    """The files that notes name and that are not there, whether or not somebody promised them."""
    return {str(one.params["source"]) for one in findings if one.code is ME069}


def unpromised(findings: Iterable[Finding], promised: Container[str]) -> list[Finding]:
    """The findings without ME069 about recordings that are promised: they are only not here.

    What another episode promises is known when all are: an episode that asked for it by itself
    would have to be prepared again with every change of the lock.
    """
    return [
        one for one in findings if one.code is not ME069 or one.params["source"] not in promised
    ]
