"""What stops a publish: subscribers would lose episodes or get them again, and nobody allowed it.

It may have been allowed now, or earlier: the person who commits the lock says it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from shlex import quote

from ..finding import N_
from ..lock import overridden
from ..lock_file import read_lock_file
from ..order import Order, Outcome
from ..publish.effects import needed, stops
from ..release import Prepared

OVERWRITES = (
    N_(
        "{path} was published with other bytes: who has an earlier feed would get another recording"
    ),
    N_("put the published file back into media/; it is at the target still"),
)
WOULD_OVERWRITE = N_(
    "**It would stop here**: {path} was published with other bytes. Put the published file back"
    " into media/ before this is merged"
)


def stopped(
    plan: Prepared, names: Mapping[str, str], order: Order, outcome: Outcome, zone: tzinfo
) -> list[tuple[str, str]]:
    """Guid, and fact as in `--allow`; `names` gives "series/slug" for a guid.

    What passes is what the lock records, or will when this publish goes on: so it is the same
    whether a build was told first, or this publish.
    """
    found = [(guid, fact) for _, guid, fact in stops(plan.effects, names, order.allow)]
    if not found:
        return []
    if outcome.lock:
        allowed = set(outcome.lock.allowed)
    else:
        now = order.now if order.now.tzinfo else order.now.replace(tzinfo=zone)
        lock = read_lock_file(order.root, now, [])
        allowed = set(overridden(lock)) if lock else set()
    allowed -= {(guid, "media") for guid in plan.alike}
    return [one for one in found if one not in allowed]


def overwritten(plan: Prepared, order: Order, zone: tzinfo) -> list[str]:
    """Recordings that were corrected since, and would get other bytes of the same size.

    No feed has them any more; apps that know the old address still ask for it.
    """
    if not plan.unnamed:
        return []
    now = order.now if order.now.tzinfo else order.now.replace(tzinfo=zone)
    lock = read_lock_file(order.root, now, [])
    bound = [one for one in lock.episodes.values() if one.binds(now)] if lock else []
    promised = {one.media for one in bound} | {
        fact.get("media") for one in bound for fact in one.was
    }
    return [path for path in plan.unnamed if path.removeprefix("media/") in promised]


def in_words(
    stopped: list[tuple[str, str]], names: Mapping[str, str], titles: Mapping[str, str]
) -> dict[str, str]:
    """The episodes by their titles, and what would allow it."""
    # guids of other programs have signs that a shell takes for its own: https://.../?p=7&x=1
    wishes = (quote(f"{fact}:{names.get(guid, guid)}") for guid, fact in stopped)
    return {
        "titles": ", ".join(dict.fromkeys(titles.get(guid, guid) for guid, _ in stopped)),
        "wishes": " ".join(f"--allow {wish}" for wish in wishes),
    }


def without_needed(
    outcome: Outcome, plan: Prepared, names: Mapping[str, str], order: Order
) -> Outcome:
    """The outcome of the build: what the catalog did not need --allow for, the target may."""
    used = {f"{fact}:{name}" for fact, name in needed(plan.effects, names, order.allow)}
    findings = (
        one for one in outcome.findings if one.code != "LK030" or one.params["allow"] not in used
    )
    return replace(outcome, findings=tuple(findings))
