"""Episodes, against what was promised of them: guid, name, date, and that they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime

from ..declare import dataclass
from ..finding import N_, Code, Place, Severity
from .allow import Review
from .promises import LOCK_FILE, Gone, Promise, because
from .recordings import alternates_go, held_alternates, held_recording, moves_along, rewritten
from .records import episode_record
from .taken import taken

LK010 = Code(
    "LK010",
    Severity.ERROR,
    message=N_('the guid of "{episode}" changed from "{old}" to "{new}"'),
    why=N_(
        "apps know an episode by its guid: subscribers would get it a second time, as a new one,"
        " and lose where they stopped listening"
    ),
    mend=N_(
        "write guid: {old} again; if the new one is meant, run: feedtool build --allow {allow}"
    ),
    spec=("RSS-25", "APPLE-25"),
)
LK011 = Code(
    "LK011",
    Severity.ERROR,
    message=N_('"{old}" was published and is now called "{new}"'),
    why=N_("its page would move to another address, and every link to the old one would break"),
    mend=N_(
        "move the file back to episodes/{old}.md; if the new name is meant, run:"
        " feedtool build --allow {allow}"
    ),
)
LK031 = Code(
    "LK031",
    Severity.ERROR,
    message=N_('"{old}" was published and is now called "{new}"; another file has its name'),
    why=N_("its page would move to another address, and links to the old one would lead astray"),
    mend=N_(
        "give the file episodes/{old}.md another name first, then move this one back there; if the"
        " new name is meant, run: feedtool build --allow {allow}"
    ),
)
LK034 = Code(
    "LK034",
    Severity.ERROR,
    message=N_('"{old}" was published and is in another series now, as "{new}"'),
    why=N_(
        "it would vanish for subscribers of the old series and be new for those of the other; its"
        " page would move to another address, and every link to the old one would break"
    ),
    mend=N_(
        "move the file back to episodes/{old}.md, and the recording to media/{media} if it is not"
        " there any more; if the move is meant, leave the old recording there as well and run:"
        " feedtool build --allow {allow}"
    ),
)
LK032 = Code(
    "LK032",
    Severity.ERROR,
    message=N_('"{new}" has the guid that "{old}" was published with'),
    why=N_("apps know an episode by its guid: they would take this one for that one"),
    mend=N_("delete the line  guid:  here, and write  guid: {guid}  in episodes/{old}.md"),
    spec=("RSS-25", "APPLE-25"),
)
LK033 = Code(
    "LK033",
    Severity.ERROR,
    message=N_('the guid "{guid}" belongs to "{other}", which is gone since {on}'),
    why=N_("apps know an episode by its guid: they would show this one in the place of that one"),
    mend=N_(
        "delete the line  guid: ; if it is the same episode that comes back, give the file its"
        " name {other} again"
    ),
    spec=("RSS-25", "APPLE-25"),
)
LK012 = Code(
    "LK012",
    Severity.ERROR,
    message=N_('the date of "{episode}" changed from {old} to {new}'),
    why=N_("subscribers would see it at another place in the list, or announced once more"),
    mend=N_(
        "write  date: {old}  again; if the episode was corrected since, say when in a line of its"
        " own:  updated: {updated}  ; if the new date is meant, run: feedtool build --allow {allow}"
    ),
)
LK018 = Code(
    "LK018",
    Severity.ERROR,
    message=N_('"{episode}" was published and is not any more: it is a draft, or its file is gone'),
    why=N_("it would vanish for subscribers, and links to it would break"),
    mend=N_(
        "bring the file back, without status: draft; if the episode must go, run:"
        " feedtool build --allow {allow}  (gone:{series} for the whole series)"
    ),
)
LK019 = Code(
    "LK019",
    Severity.ERROR,
    message=N_('"{episode}" was published on {old} and now has a date to come, {new}'),
    why=N_("until then it would vanish for subscribers, and links to it would break"),
    mend=N_(
        "write date: {old} again; if the episode must go until then, run:"
        " feedtool build --allow {allow}"
    ),
)

_RECORDING = {"media", "bytes", "duration_ms", "type", "sha256", "bare", "from"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the promises are compared under."""

    review: Review
    now: datetime
    why: str  #: a person's reason for the overrides
    files: frozenset[str] = frozenset()  #: "series/slug" of every file, drafts included
    moved: Mapping[str, str] = field(default_factory=dict)
    """Series that are said to have another name by now: old and new."""


def reconcile_episodes(
    locked: Mapping[str, Promise], wanted: Mapping[str, Promise], under: Comparison
) -> dict[str, Promise]:
    """The promises that hold from now on, by guid; only of use if nothing was found."""
    held: dict[str, Promise] = {}
    renamed = _absent(locked, wanted, held, under)
    continued: dict[str, list[Promise]] = {}
    for new in wanted.values():
        old = locked.get(new.guid)
        before = renamed.get(new.guid, [])
        if old is not None and (old.binds(under.now) or old.was or not before):
            before = [old, *before]
        if not before or (before == [new] and before[0].date.tzinfo == new.date.tzinfo):
            held[new.guid] = new  # the common case, without building it up again
        else:
            held[new.guid] = _continued(before, new, under)
        if before:
            continued[new.guid] = before
    for finding in taken(held, wanted, continued, under.now):
        under.review.note(finding)
    return held


def _absent(
    locked: Mapping[str, Promise],
    wanted: Mapping[str, Promise],
    held: dict[str, Promise],
    under: Comparison,
) -> dict[str, list[Promise]]:
    """Fills in the promises whose guid no file has; gives those whose file has another guid."""
    by_name = {each.name: each for each in wanted.values()}
    renamed: dict[str, list[Promise]] = {}
    for old in locked.values():
        if old.guid in wanted:
            continue
        if old.gone is not None:
            held[old.guid] = old
        elif not old.binds(under.now):
            if old.was:  # what was overridden is never forgotten
                held[old.guid] = old
        elif heir := by_name.get(old.name):
            renamed.setdefault(heir.guid, []).append(old)
        elif under.review.permits(
            LK018,
            Place(LOCK_FILE, (old.guid,)),
            "gone",
            (old.name, old.series, old.guid),
            episode=old.name,
            series=old.series,
        ):
            held[old.guid] = _gone(old, under)
    return renamed


def _continued(before: list[Promise], new: Promise, under: Comparison) -> Promise:
    """The line that carries on what was promised, under this guid and others, of one file."""
    old, *others = before
    line = _held(old, new, under) if old.binds(under.now) else rewritten(old, new)
    for other in others:
        if _guid_permitted(other, new, under):
            line = _joined(other, line, under.why)
    return line


def _held(old: Promise, new: Promise, under: Comparison) -> Promise:
    """A promise that binds, with what a person overrode now."""
    if _is_another(old, new, under):
        return old
    review, names = under.review, _names(new, old)
    line, overridden = old, set[str]()
    same = old.guid == new.guid
    if not same and _guid_permitted(old, new, under):
        same = True
        line = replace(line, guid=new.guid)
        overridden.add("guid")
    stays = old.name == new.name
    named = not stays and _name_permitted(old, new, under)
    if named:
        line = replace(line, series=new.series, slug=new.slug)
        overridden |= {"series", "slug"}
    if stays or named or not moves_along(old, new):  # else that finding says it already
        line, corrected = held_recording(line, new, names, review)
        if corrected:
            overridden |= _RECORDING
    alternates, corrected = held_alternates(line, new, names, review)
    if corrected or alternates_go(old, new):  # whoever knows the address may still ask for it
        overridden.add("alternates")

    to_come = new.date > under.now
    redated = old.date != new.date
    leaves = False
    if old.gone is not None:
        if not to_come:  # the same episode comes back, on a day of its own
            line = replace(line, gone=None, date=new.date if redated else old.date)
            overridden |= {"gone", "date"} if redated else {"gone"}
    elif to_come:
        leaves = same and _date_permitted(LK019, "gone", old, new, review)
    elif redated and _date_permitted(LK012, "date", old, new, review):
        line = replace(line, date=new.date)
        overridden.add("date")

    was = old.was
    if overridden:
        if old.gone is not None:
            overridden.add("gone")
        before = episode_record(old).items()
        facts = {key: value for key, value in before if key in overridden}
        was = (*was, because(facts, under.why))
    line = replace(line, alternates=alternates, was=was, file=new.file)
    return _gone(line, under) if leaves else line


def _joined(other: Promise, line: Promise, why: str) -> Promise:
    """One episode from two promises: it was promised a second time under another guid.

    The other one becomes the beginning of the history, told in full: before it there is only
    its own.
    """
    facts = {
        key: value
        for key, value in episode_record(other).items()
        if key not in ("was", "alternates", "gone")
    }
    return replace(line, was=(*other.was, because(facts, why), *line.was))


def _is_another(old: Promise, new: Promise, under: Comparison) -> bool:
    """Does another episode have this guid by mistake? Then nothing else can be compared."""
    if old.guid != new.guid or old.name == new.name or _is_told(old, new, under):
        return False
    place = Place(new.file or LOCK_FILE, ("guid",))
    if old.gone is not None:
        finding = LK033.at(place, guid=old.guid, other=old.name, on=old.gone.on)
        under.review.note(finding)
        return True
    if old.name not in under.files or old.media == new.media:
        return False
    names = _names(new, old)
    return not under.review.permits(
        LK032, place, "slug", names, old=old.name, new=new.name, guid=old.guid
    )


def _is_told(old: Promise, new: Promise, under: Comparison) -> bool:
    """Has all of the series another name by now?"""
    return under.moved.get(old.series) == new.series and old.slug == new.slug


def _name_permitted(old: Promise, new: Promise, under: Comparison) -> bool:
    names = _names(new, old)
    if _is_told(old, new, under):
        return under.review.allows("slug", names)
    code, along = LK011, list[str]()
    if old.series != new.series:  # who subscribes to the one loses it
        code = LK034
        along = ["media", "gone"] if moves_along(old, new) else ["gone"]
    if old.name in under.files:
        code = LK031
    return under.review.permits(
        code,
        Place(new.file or LOCK_FILE),
        "slug",
        names,
        along,
        old=old.name,
        new=new.name,
        media=old.media,
    )


def _guid_permitted(old: Promise, new: Promise, under: Comparison) -> bool:
    return under.review.permits(
        LK010,
        Place(new.file or LOCK_FILE, ("guid",)),
        "guid",
        _names(new, old),
        episode=new.name,
        old=old.guid,
        new=new.guid,
    )


def _date_permitted(code: Code, fact: str, old: Promise, new: Promise, review: Review) -> bool:
    return review.permits(
        code,
        Place(new.file or LOCK_FILE, ("date",)),
        fact,
        _names(new, old),
        episode=new.name,
        old=old.date.isoformat(" "),
        new=new.date.isoformat(" "),
        updated=max(old.date, new.date).isoformat(" "),  # never before the first day
    )


def _gone(promise: Promise, under: Comparison) -> Promise:
    return replace(promise, gone=Gone(under.now.date().isoformat(), under.why))


def _names(new: Promise, old: Promise) -> tuple[str, ...]:
    """How a person may call an episode; the one to propose first."""
    return (new.name, new.series, new.guid, old.name, old.series, old.guid)
