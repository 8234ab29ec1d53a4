"""What is to be done about one episode.

Three sides, not two: the file, what is recorded of the last sync, and what the host has. Where only
the file changed, the host follows; where only the host changed, that is shown and left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..finding import N_
from .host import Abilities, Held, State
from .present import Present
from .record import Record, marks
from .step import NO_REASON, Action, Asked, Step, Why, Wish


def step_of(wish: Wish, present: Present, abilities: Abilities, asked: Asked) -> Step | None:
    """What is to be done about an episode; None = nothing."""
    record = present.lock.records.get(wish.guid)
    held = present.recorded(record)
    if held is None:
        marked = present.marked(wish)
        if not marked and (old := present.replaced(record)):
            present.use(old)  # what was to take its place is gone
            return _other_recording(wish, old, None, abilities, asked, hidden=False)
        if record is not None and not marked:
            return _missing(wish, record, abilities, asked)
        if marked:
            return _found(wish, marked[0], present, abilities, asked)
        return _unknown(wish, present, abilities, asked)
    assert record is not None
    present.use(held)
    if present.replaced(record):
        return _half_replaced(wish, held, record, abilities, asked)
    if held.state is State.FAILED and not held.public and not record.public:
        return _again(wish, held, abilities)
    if held.state is State.FAILED:
        return _failed(wish, held, record, abilities, asked)
    if _is_other_recording(wish, record):
        hidden = record.public and not held.public
        return _other_recording(wish, held, record, abilities, asked, hidden=hidden)
    return _fields(wish, held, record, abilities)


def _missing(wish: Wish, record: Record, abilities: Abilities, asked: Asked) -> Step:
    if asked.replace:
        why = Why(N_("it was removed there"))
        return _create(wish, abilities, record=record, why=why)
    why = Why(N_("it was removed there; to upload it again, add  --replace"))
    return Step(action=Action.MISSING, wish=wish, record=record, why=why)


def _found(wish: Wish, held: Held, present: Present, abilities: Abilities, asked: Asked) -> Step:
    """An item that we made, and of which nothing is recorded."""
    present.use(held)
    if held.state is State.FAILED and not held.public:
        return _again(wish, held, abilities)
    if held.state is State.FAILED:
        return _failed(wish, held, None, abilities, asked)
    hidden = _is_kept_hidden(wish, held, present, abilities)
    if held.marker and held.marker.sha256 and wish.here and not held.marker.is_of(wish.sum()):
        return _other_recording(wish, held, None, abilities, asked, hidden=hidden)
    why = Why(N_("found there by its marker"))
    return Step(
        action=Action.ADOPT, wish=wish, held=held, hidden=hidden, why=why,
        fields=_different(wish, held, abilities, was_public=held.public or hidden),
    )  # fmt: skip


def _is_kept_hidden(wish: Wish, held: Held, present: Present, abilities: Abilities) -> bool:
    """Was it hidden by somebody? Not if it is of an upload that was broken off, to be finished."""
    if held.public or held.state is State.PROCESSING or not abilities.hides:
        return False
    record = present.lock.records.get(wish.guid)
    return wish.guid not in present.lock.intents and (record is None or record.public)


def _again(wish: Wish, held: Held, abilities: Abilities) -> Step:
    """After an upload that came to nothing, which nobody has ever heard."""
    why = Why(N_("the host could not process an earlier upload; that one is removed"))
    return _create(wish, abilities, held=held, why=why)


def _unknown(wish: Wish, present: Present, abilities: Abilities, asked: Asked) -> Step:
    alike = present.alike(wish)
    ours = present.under_another_guid(wish) if alike is None and wish.here else None
    alike = alike or ours
    if alike is None:
        return _create(wish, abilities)
    present.use(alike)
    if asked.adopt:
        why = Why(N_("it was there before") if alike.public else N_("it is made public"))
        return Step(
            action=Action.ADOPT, wish=wish, held=alike,
            fields=_different(wish, alike, abilities, was_public=alike.public), why=why,
        )  # fmt: skip
    why = Why(
        N_("its recording is there already, under another guid; to take it over, add --adopt")
        if ours
        else N_("it seems to be there already, not made by feedtool; to take it over, add --adopt")
    )
    return Step(action=Action.SKIP, wish=wish, held=alike, why=why)


def _create(
    wish: Wish,
    abilities: Abilities,
    *,
    action: Action = Action.CREATE,
    held: Held | None = None,
    record: Record | None = None,
    why: Why = NO_REASON,
) -> Step:
    """An upload, if there can be one."""
    hindrance = _hindrance(wish, abilities)
    if hindrance:
        return Step(action=Action.SKIP, wish=wish, held=held, record=record, why=hindrance)
    names = tuple(wish.marks)
    return Step(action=action, wish=wish, held=held, record=record, fields=names, why=why)


def _hindrance(wish: Wish, abilities: Abilities) -> Why | None:
    if "://" in wish.media:
        return Why(N_("its recording is at another address: import it, or put it into media/"))
    if not wish.here:
        return Why(N_("its recording is not on this machine"))
    if abilities.types is not None and wish.type not in abilities.types:
        return Why(N_("the host does not take recordings of the type {type}"), {"type": wish.type})
    if abilities.most_bytes is not None and wish.bytes > abilities.most_bytes:
        most = abilities.most_bytes // 1_000_000
        return Why(N_("the host takes recordings of at most {most} MB"), {"most": most})
    if abilities.longest is not None and wish.duration > abilities.longest:
        most = int(abilities.longest.total_seconds() // 3600)
        return Why(N_("the host takes recordings of at most {most} hours"), {"most": most})
    return None


def _is_other_recording(wish: Wish, record: Record) -> bool:
    """Is the recording another one than that which was sent? One that is the same is not read."""
    if not wish.here or "://" in record.media:
        return False  # what only the lock or a feed knows is believed
    if not record.sha256:
        return wish.bytes != record.bytes  # it was there before us: it had these when we took it
    if wish.media == record.media and wish.bytes == record.bytes:
        return False  # the bytes of a published address never change: feedtool.lock keeps it so
    return not wish.sum().startswith(record.sha256)


def _other_recording(
    wish: Wish, held: Held, record: Record | None, abilities: Abilities, asked: Asked, *,
    hidden: bool,
) -> Step:  # fmt: skip
    if hidden:  # the new one would be shown
        return Step(action=Action.DRIFT, wish=wish, held=held, record=record, hidden=True)
    if asked.replace and abilities.deletes:
        why = Why(
            N_("another recording: the old item is removed there, with its plays and comments")
        )
        return _create(wish, abilities, action=Action.REPLACE, held=held, record=record, why=why)
    why = Why(N_("the recording is another one, and the host cannot replace it; add  --replace"))
    return Step(action=Action.DRIFT, wish=wish, held=held, record=record, why=why)


def _half_replaced(
    wish: Wish, held: Held, record: Record, abilities: Abilities, asked: Asked
) -> Step:
    """An item that is to take the place of an older one, which is still there.

    The run that began it was allowed to remove the older one; this one is only if it says so too.
    """
    if not asked.replace:
        why = Why(
            N_("its new recording waits there; to show it and remove the old, add  --replace")
        )
        return Step(action=Action.DRIFT, wish=wish, held=held, record=record, why=why)
    why = Why(N_("the old item is removed there, with its plays and comments"))
    if held.state is State.FAILED or _is_other_recording(wish, record):
        return _create(wish, abilities, action=Action.REPLACE, held=held, record=record, why=why)
    step = _fields(wish, held, record, abilities)
    if step is None or not step.does:
        step = Step(action=Action.REVEAL, wish=wish, held=held, record=record)
    return replace(step, why=why)


def _failed(
    wish: Wish, held: Held, record: Record | None, abilities: Abilities, asked: Asked
) -> Step:
    if asked.replace and abilities.deletes:
        why = Why(N_("the host could not process it: {reason}"), {"reason": held.why or "?"})
        return _create(wish, abilities, action=Action.REPLACE, held=held, record=record, why=why)
    why = Why(
        N_("the host could not process it ({reason}); to upload it again, add  --replace"),
        {"reason": held.why or "?"},
    )
    return Step(action=Action.DRIFT, wish=wish, held=held, record=record, why=why)


def _different(
    wish: Wish, held: Held, abilities: Abilities, *, was_public: bool
) -> tuple[str, ...]:
    """Fields that are other than wanted, when nothing is recorded."""
    there = marks(held.fields)
    return tuple(
        name
        for name, wanted in wish.marks.items()
        if there.get(name) != wanted and (name in abilities.changes or not was_public)
    )


def _fields(wish: Wish, held: Held, record: Record, abilities: Abilities) -> Step | None:
    """A recorded item: what has changed since, and on which side."""
    there, hidden = marks(held.fields), record.public and not held.public
    ours, theirs, both = [], [], []
    for name, wanted in wish.marks.items():
        if there.get(name) == wanted:
            continue
        here = record.sent.get(name) != wanted
        away = name in there and name in record.seen and record.seen[name] != there[name]
        if here:
            ours.append(name)
            both += [name] if away else []
        elif away:
            theirs.append(name)
    kept = [name for name in ours if name not in abilities.changes]
    kept = kept if held.public or hidden else []
    ours = [name for name in ours if name not in kept]
    # an address that was only proposed, and is not told either: nobody could make it right
    fixed = [name for name in kept if name in there]
    if ours:
        told = N_("what was changed there is overwritten: {fields}")
        why = Why(told, {"fields": ", ".join(both)}) if both else NO_REASON
        return Step(
            action=Action.UPDATE, wish=wish, held=held, record=record, fields=tuple(ours), why=why,
            hidden=hidden,
        )  # fmt: skip
    if not held.public and not record.public:
        return Step(action=Action.REVEAL, wish=wish, held=held, record=record)
    if fixed:
        why = Why(N_("the host cannot change it after it was published"))
        return Step(
            action=Action.DRIFT, wish=wish, held=held, record=record, fields=tuple(fixed), why=why,
            hidden=hidden,
        )  # fmt: skip
    if theirs:
        why = Why(N_("it was changed there; change it back there, or write the same here"))
        return Step(
            action=Action.DRIFT, wish=wish, held=held, record=record, fields=tuple(theirs), why=why,
            hidden=hidden,
        )  # fmt: skip
    if held.channel and held.channel != wish.series:
        why = Why(
            N_("it stands in the channel of {series} there, which the host cannot change"),
            {"series": held.channel},
        )
        return Step(
            action=Action.DRIFT, wish=wish, held=held, record=record, why=why, hidden=hidden
        )
    if hidden:
        return Step(action=Action.DRIFT, wish=wish, held=held, record=record, hidden=True)
    return None


def refreshed(wish: Wish, present: Present) -> Iterator[Record]:
    """The record of an unchanged episode, when it does not say what both sides say now."""
    record = present.lock.records.get(wish.guid)
    held = present.recorded(record)
    if record is None or held is None:
        return
    seen = {name: there for name, there in marks(held.fields).items() if name in wish.marks}
    now = replace(
        record, episode=wish.name, sent=dict(wish.marks), seen={**record.seen, **seen},
        public=record.public or held.public,
        media=wish.media if wish.here else record.media,
        sha256=record.sha256 or (held.marker.sha256 if held.marker else ""),
    )  # fmt: skip
    if now != record or wish.guid in present.lock.intents:
        yield now
