"""Episodes, against what was promised of them: guid, name, date, and that they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ..finding import N_, Code, Place, Severity
from .allow import Review
from .promises import LOCK_FILE, Gone, Promise, because
from .recordings import held_alternates, held_recording, rewritten
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
LK012 = Code(
    "LK012",
    Severity.ERROR,
    message=N_('the date of "{episode}" changed from {old} to {new}'),
    why=N_("subscribers would see it at another place in the list, or announced once more"),
    mend=N_(
        "write date: {old} again, and say what changed since with updated: instead; if the new"
        " date is meant, run: feedtool build --allow {allow}"
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

_RECORDING = {"media", "bytes", "duration_ms", "type", "sha256", "from"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the promises are compared under."""

    review: Review
    now: datetime
    why: str  #: a person's reason for the overrides


def reconcile_episodes(
    locked: Mapping[str, Promise], wanted: Mapping[str, Promise], under: Comparison
) -> dict[str, Promise]:
    """The promises that hold from now on, by guid."""
    held: dict[str, Promise] = {}
    renamed = _absent(locked, wanted, held, under)
    continued: dict[str, Promise] = {}
    for new in wanted.values():
        old = locked.get(new.guid)
        former = renamed.get(new.guid, [])
        if former and (old is None or not (old.binds(under.now) or old.was)):
            old, *former = former
        if old is not None:
            continued[new.guid] = old
        if old is None:
            line = new
        elif old.binds(under.now):
            line = _held(old, new, under)
        else:
            line = rewritten(old, new)
        for other in former:
            if _guid_permitted(other, new, under):
                line = _joined(other, line, under.why)
            else:
                held[other.guid] = other
        held[line.guid] = line
    for new, finding in list(taken(held, wanted, continued, under.now)):
        under.review.note(finding)
        held.pop(new.guid, None)
        if before := continued.get(new.guid):
            held[before.guid] = before
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
            Place(old.file or LOCK_FILE),
            "gone",
            (old.name, old.series, old.guid),
            episode=old.name,
            series=old.series,
        ):
            held[old.guid] = _gone(old, under)
        else:
            held[old.guid] = old
    return renamed


def _held(old: Promise, new: Promise, under: Comparison) -> Promise:
    """A promise that binds, with what a person overrode now."""
    review, place = under.review, Place(new.file or LOCK_FILE)
    names = _names(new, old)
    line, overridden = old, set[str]()
    same = old.guid == new.guid
    if not same and _guid_permitted(old, new, under):
        same = True
        line = replace(line, guid=new.guid)
        overridden.add("guid")
    if old.name != new.name and review.permits(
        LK011, place, "slug", names, old=old.name, new=new.name
    ):
        line = replace(line, series=new.series, slug=new.slug)
        overridden |= {"series", "slug"}
    line, corrected = held_recording(line, new, names, review)
    if corrected:
        overridden |= _RECORDING
    alternates, corrected = held_alternates(line, new, names, review)
    if corrected:
        overridden.add("alternates")

    to_come = new.date > under.now
    redated = old.date != new.date
    dates = {"old": old.date.isoformat(" "), "new": new.date.isoformat(" ")}
    leaves = False
    if old.gone is not None:
        if not to_come:  # the same episode comes back, on a day of its own
            line = replace(line, gone=None, date=new.date if redated else old.date)
            overridden |= {"gone", "date"} if redated else {"gone"}
    elif to_come:
        leaves = same and review.permits(
            LK019, place.down("date"), "gone", names, episode=new.name, **dates
        )
    elif redated and review.permits(
        LK012, place.down("date"), "date", names, episode=new.name, **dates
    ):
        line = replace(line, date=new.date)
        overridden.add("date")

    was = old.was
    if overridden:
        before = episode_record(old).items()
        facts = {key: value for key, value in before if key in overridden}
        was = (*was, because(facts, under.why))
    line = replace(line, alternates=alternates, was=was, file=new.file)
    return _gone(line, under) if leaves else line


def _joined(other: Promise, line: Promise, why: str) -> Promise:
    """One episode from two promises: it was promised a second time under another guid."""
    now = episode_record(line)
    facts = {
        key: value
        for key, value in episode_record(other).items()
        if key not in ("was", "alternates", "gone") and now.get(key) != value
    }
    earlier = (fact for fact in other.was if fact not in line.was)
    return replace(line, was=(*line.was, *earlier, because(facts, why)))


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


def _gone(promise: Promise, under: Comparison) -> Promise:
    return replace(promise, gone=Gone(under.now.date().isoformat(), under.why))


def _names(new: Promise, old: Promise) -> tuple[str, ...]:
    """How a person may call an episode; the one to propose first."""
    return (new.name, new.series, new.guid, old.name, old.series, old.guid)
