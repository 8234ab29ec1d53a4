"""The promises compared with what the files say now: what changes, and what must not.

Pure: the caller says what the files hold and what time it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ..finding import N_, Code, Finding, Severity, has_errors
from .addresses import reconcile_addresses
from .allow import Review
from .episodes import Comparison, reconcile_episodes
from .promises import Lock
from .records import Record, episode_record, header_record, series_record

LK050 = Code(
    "LK050",
    Severity.ERROR,
    message=N_("feedtool.lock would have to change: {change}"),
    why=N_("--locked was given, so that only what somebody saw is published"),
    mend=N_("run  feedtool build  without --locked, and commit feedtool.lock"),
)


def reconcile(
    lock: Lock,
    wanted: Lock,
    *,
    now: datetime,
    allow: frozenset[tuple[str, str]] = frozenset(),
    why: str = "",
    files: Collection[str] = (),
) -> tuple[Lock, list[Finding]]:
    """The lock that holds from now on, and every promise that the files would break.

    `wanted` says what the files hold: all episodes that are no drafts, scheduled ones included;
    `files` are the names ("series/slug") of further ones.
    As long as a promise would break that nobody overrode (`allow`), the lock stays as it is.
    Reconciled once more with the same `wanted`, the result stays the same.
    """
    review = Review(allow)
    addresses, moved = reconcile_addresses(lock, wanted, review, now, why)
    names = frozenset(files).union(one.name for one in wanted.episodes.values())
    under = Comparison(review, now, why, names, moved)
    episodes = reconcile_episodes(lock.episodes, wanted.episodes, under)
    findings = review.findings()
    return lock if has_errors(findings) else replace(addresses, episodes=episodes), findings


def promise_changes(old: Lock, new: Lock) -> list[str]:
    """What differs between two locks, a line each; empty exactly if they are written alike.

    "+" stands for a promise that is new, "-" for one that is left out, "~" for one that changes.
    """
    lines = list(_changed("", _header(old), _header(new)))
    for slug in sorted({*old.series, *new.series}):
        lines += _changed(slug, _series(old, slug), _series(new, slug))
    for guid in sorted({*old.episodes, *new.episodes}):
        before, after = old.episodes.get(guid), new.episodes.get(guid)
        if before == after and (before and before.date.tzinfo) == (after and after.date.tzinfo):
            continue  # the common case, without writing both
        name = (after or before).name  # type: ignore[union-attr]  # one of them has the guid
        lines += _changed(
            name,
            episode_record(before) if before else None,
            episode_record(after) if after else None,
        )
    return lines


def _header(lock: Lock) -> Record:
    return header_record(lock.base_url, lock.media_base_url, lock.guid, lock.was)


def _series(lock: Lock, slug: str) -> Record | None:
    if slug not in lock.series:
        return None
    return series_record(slug, lock.series[slug], lock.series_was.get(slug, ()))


def _changed(name: str, before: Record | None, after: Record | None) -> Iterator[str]:
    if before is None:
        yield f"+ {name}"
    elif after is None:
        yield f"- {name}"
    elif facts := [
        _fact(key, before, after)
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]:
        yield f"~ {name}: {', '.join(facts)}" if name else f"~ {', '.join(facts)}"


def _fact(key: str, before: Mapping[str, object], after: Mapping[str, object]) -> str:
    old, new = before.get(key, "-"), after.get(key, "-")
    if isinstance(old, str | int) and isinstance(new, str | int):
        return f"{key} {old} -> {new}"
    return key
