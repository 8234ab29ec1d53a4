"""Recordings, against what was promised of them: address, bytes, playing time and type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePosixPath

from ..finding import N_, Code, Param, Place, Severity
from ..formats import is_remote, normal_play_time
from ..pattern import pattern
from .allow import Review
from .promises import LOCK_FILE, Promise, Rendition
from .records import renditions_of

LK013 = Code(
    "LK013",
    Severity.ERROR,
    message=N_('the recording of "{episode}" changed from {old} to {new}'),
    why=N_(
        "apps see a new address as a new recording: subscribers would download it again, and"
        " players and links that know the old address need it to stay"
    ),
    mend=N_(
        "write  media: {again}  again; if the new recording is meant, leave the old file where it"
        " is and run: feedtool build --allow {allow}"
    ),
)
LK029 = Code(
    "LK029",
    Severity.ERROR,
    message=N_('the recording of "{episode}" moved from {old} to {new}'),
    why=N_(
        "apps see a new address as a new recording: subscribers would download it again, and"
        " players and links that know the old address need it to stay"
    ),
    mend=N_(
        "an episode names only files of its own series: move it back to episodes/{series}/, and the"
        " recording to media/{old} if it is not there any more; if the new address is meant, leave"
        " the old file there as well and run: feedtool build --allow {allow}"
    ),
)
LK014 = Code(
    "LK014",
    Severity.ERROR,
    message=N_("{media} was published with {old} bytes and has {new} now"),
    why=N_(
        "who has it already would never get the new recording, and a download that was interrupted"
        " would go on in the middle of another file"
    ),
    mend=N_(
        "put the published file back; to correct the recording, save the new one beside it under"
        " another name, such as {suggestion}, name that one in the episode and run:"
        " feedtool build --allow {allow}  (which accepts new bytes under the old name, too)"
    ),
)
LK015 = Code(
    "LK015",
    Severity.ERROR,
    message=N_("{media} was published with a playing time of {old} and has {new} now"),
    why=N_("its size is the same: the file was damaged or replaced after it was published"),
    mend=N_(
        "put the published file back; to correct the recording, save the new one beside it under"
        " another name, such as {suggestion}, name that one in the episode and run:"
        " feedtool build --allow {allow}  (which accepts the change under the old name, too)"
    ),
)
LK016 = Code(
    "LK016",
    Severity.ERROR,
    message=N_("{media} was published as {old} and is {new} now"),
    why=N_("its size is the same: the file was damaged or replaced after it was published"),
    mend=N_(
        "put the published file back; to correct the recording, save the new one beside it under"
        " another name, such as {suggestion}, name that one in the episode and run:"
        " feedtool build --allow {allow}  (which accepts the change under the old name, too)"
    ),
)
LK017 = Code(
    "LK017",
    Severity.ERROR,
    message=N_("{media} has the size it was published with, but not the same content"),
    why=N_("who has it already would never get the new recording (SHA-256 {old}, now {new})"),
    mend=N_(
        "put the published file back; to correct the recording, save the new one beside it under"
        " another name, such as {suggestion}, name that one in the episode and run:"
        " feedtool build --allow {allow}  (which accepts the change under the old name, too)"
    ),
)

_TOLERANCE = timedelta(seconds=1)  #: two versions of a library may measure one file so

_NUMBERED = pattern(r"(.+-v)(\d{1,3})")


def held_recording(
    old: Promise, new: Promise, names: Sequence[str], review: Review
) -> tuple[Promise, bool]:
    """The old promise with the recording that holds, and whether it was overridden.

    As long as the file is the one that was promised, the locked playing time stands.
    """
    moved: list[_Fault] = [(LK029 if moves_along(old, new) else LK013, old.media, new.media)]
    faults = moved if old.media != new.media else _faults(old, new)
    if not faults:
        held = replace(old, sha256=old.sha256 or new.sha256, origin=old.origin or new.origin)
        return held, False
    if not _permits(faults, old.media, new, names, review):
        return old, False
    held = replace(
        old,
        media=new.media,
        bytes=new.bytes,
        duration=new.duration,
        type=new.type,
        sha256=new.sha256,
        bare=new.bare,
        origin=new.origin,
    )
    return held, True


def held_alternates(
    old: Promise, new: Promise, names: Sequence[str], review: Review
) -> tuple[tuple[Rendition, ...], bool]:
    """The further recordings that hold, and whether one was overridden.

    They come and go freely; only the bytes at an address are promised, also of one that went.
    """
    main = Rendition(
        media=old.media, bytes=old.bytes, type=old.type, sha256=old.sha256, duration=old.duration
    )
    every = (*earlier_recordings(old), *old.alternates, main)
    promised = {each.media: each for each in every}
    held: list[Rendition] = []
    overridden = False
    for each in new.alternates:
        before = promised.get(each.media)
        if before is None:
            held.append(each)
        elif not (faults := _faults(before, each)):
            held.append(_with_knowledge(before, each))
        elif _permits(faults, each.media, new, names, review, key="alternates"):
            held.append(each)
            overridden = True
        else:
            held.append(before)
    return tuple(held), overridden


def alternates_go(old: Promise, new: Promise) -> bool:
    """Does an address go that the history does not tell of yet?"""
    stay = {new.media, *(each.media for each in new.alternates)}
    told = {(each.media, each.bytes) for each in earlier_recordings(old)} if old.was else ()
    return any(
        each.media not in stay and (each.media, each.bytes) not in told for each in old.alternates
    )


def earlier_recordings(promise: Promise) -> Iterator[Rendition]:
    """What an episode was published with before, the oldest first."""
    for fact in promise.was:
        yield from renditions_of(fact)


def rewritten(old: Promise, new: Promise) -> Promise:
    """The new promise in the place of one that nobody was told of yet.

    What is known of a file that stayed the same is kept, so that a library that measures a
    little differently changes nothing.
    """
    promised = {each.media: each for each in old.alternates}
    new = replace(
        new,
        was=old.was,
        gone=None,
        alternates=tuple(
            _with_knowledge(promised[each.media], each) if each.media in promised else each
            for each in new.alternates
        ),
    )
    if old.media != new.media or old.bare != new.bare or _faults(old, new):
        return new
    return replace(
        new,
        duration=old.duration,
        sha256=old.sha256 or new.sha256,
        origin=new.origin or old.origin,
    )


def suggestion(media: str) -> str:
    """Another name for a corrected recording: "talk.mp3" gives "talk-v2.mp3"."""
    name = PurePosixPath(media.partition("?")[0].rstrip("/").rpartition("/")[2] or "recording")
    if numbered := _NUMBERED.fullmatch(name.stem):
        return f"{numbered[1]}{int(numbered[2]) + 1}{name.suffix}"
    return f"{name.stem}-v2{name.suffix}"


_Fault = tuple[Code, Param, Param]  # with the old and the new value


def moves_along(old: Promise, new: Promise) -> bool:
    """Has the recording another address because the series has another folder?

    An episode cannot name a recording below the folder of another series.
    """
    here = is_remote(old.media) or old.media.startswith(f"{new.series}/")
    return old.media != new.media and not here


def _faults(old: Promise | Rendition, new: Promise | Rendition) -> list[_Fault]:
    """How the file at one address is not the one that was promised."""
    if old.bytes != new.bytes:
        return [(LK014, old.bytes, new.bytes)]
    if old.sha256 and new.sha256 and old.sha256 != new.sha256:
        return [(LK017, old.sha256[:12], new.sha256[:12])]
    faults: list[_Fault] = []
    before, now = old.duration, new.duration
    if before is not None and now is not None and abs(before - now) > _TOLERANCE:
        faults.append((LK015, normal_play_time(before), normal_play_time(now)))
    if old.type != new.type:
        faults.append((LK016, old.type, new.type))
    return faults


def _permits(
    faults: Sequence[_Fault],
    media: str,
    new: Promise,
    names: Sequence[str],
    review: Review,
    *,
    key: str = "media",
) -> bool:
    place = Place(new.file or LOCK_FILE, (key,))
    about: dict[str, Param] = {
        "episode": new.name,
        "media": media,
        "again": media.removeprefix(f"{new.series}/"),
        "series": media.partition("/")[0],
        "suggestion": suggestion(media),
    }
    answers = [
        review.permits(code, place, "media", names, old=before, new=now, **about)
        for code, before, now in faults
    ]
    return all(answers)


def _with_knowledge(old: Rendition, new: Rendition) -> Rendition:
    """The new one, with what the lock knows of the same file."""
    if _faults(old, new):
        return new
    return replace(
        new,
        duration=new.duration if old.duration is None else old.duration,
        height=new.height if old.height is None else old.height,
        sha256=old.sha256 or new.sha256,
    )
