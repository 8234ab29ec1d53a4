"""The addresses of the catalog and the guids of its feeds, against what was promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from ..finding import N_, Code, Place, Severity
from .allow import Review
from .promises import Fact, Lock, because
from .recordings import moves_along

CATALOG_FILE = "feedtool.yaml"
CATALOG = "catalog"  #: what `--allow guid:` calls the feed of the whole catalog

LK020 = Code(
    "LK020",
    Severity.ERROR,
    message=N_("the address of the catalog changed from {old} to {new}"),
    why=N_("apps ask the old address for new episodes; they find none if nothing answers there"),
    mend=N_(
        "write base_url: {old} again; or, if the catalog moves and the old address will lead to"
        " the new one, run: feedtool build --allow {allow}"
    ),
)
LK021 = Code(
    "LK021",
    Severity.ERROR,
    message=N_("the address of the recordings changed from {old} to {new}"),
    why=N_("apps see a new address as a new recording: subscribers would download all again"),
    mend=N_(
        "write media_base_url: {old} again; or, if the recordings move and stay at the old address"
        " as well, run: feedtool build --allow {allow}"
    ),
)
LK022 = Code(
    "LK022",
    Severity.ERROR,
    message=N_('the guid of the series "{series}" changed from {old} to {new}'),
    why=N_("apps know a series by it: subscribers would see another series with the same episodes"),
    mend=N_(
        "write guid: {old} in the series file again; if the new one is meant, run:"
        " feedtool build --allow {allow}"
    ),
    spec=("PC20-19",),
)
LK023 = Code(
    "LK023",
    Severity.ERROR,
    message=N_("the guid of the feed of the whole catalog changed from {old} to {new}"),
    why=N_("apps know the feed by it: subscribers would see another one with the same episodes"),
    mend=N_(
        "write guid: {old} in the catalog file again; if the new one is meant, run:"
        " feedtool build --allow {allow}"
    ),
    spec=("PC20-19",),
)
LK028 = Code(
    "LK028",
    Severity.ERROR,
    message=N_('the series "{old}" was published and is now called "{new}"'),
    why=N_("its feeds would stand at other addresses: who subscribes to the old ones gets no more"),
    mend=N_(
        "move the folder back to episodes/{old}; if the new name is meant, let the old addresses"
        " lead to the new ones and run: feedtool build --allow {allow}"
    ),
)


_CATALOG_FACTS = (
    ("base_url", LK020, "base-url"),
    ("media_base_url", LK021, "base-url"),
    ("guid", LK023, "guid"),
)


def reconcile_addresses(
    lock: Lock, wanted: Lock, review: Review, now: datetime, why: str
) -> tuple[Lock, Mapping[str, str]]:
    """The lock with the addresses and guids that hold from now on; "" is not stated.

    And the series that have another name by now, old and new.
    """
    held: dict[str, str] = {}
    former: dict[str, str] = {}
    for key, code, fact in _CATALOG_FACTS:
        old, new = getattr(lock, key), getattr(wanted, key)
        if not _changed(old, new):
            held[key] = old or new
            continue
        if key == "media_base_url" and _moves_along(lock, wanted):
            permitted = held["base_url"] == wanted.base_url
        else:
            names = (CATALOG, new, old) if fact == "guid" else (new,)
            place = Place(CATALOG_FILE, (key,))
            permitted = review.permits(code, place, fact, names, old=old, new=new)
        held[key] = new if permitted else old
        if permitted:
            former[key] = old
    renamed = _renamed(lock, wanted, now)
    series, series_was = _series(lock, wanted, renamed, review, now, why)
    held_lock = Lock(
        base_url=held["base_url"],
        media_base_url=held["media_base_url"],
        guid=held["guid"],
        was=(*lock.was, because(former, why)) if former else lock.was,
        series=series,
        series_was=series_was,
        episodes=lock.episodes,
    )
    return held_lock, renamed


def _series(
    lock: Lock,
    wanted: Lock,
    renamed: Mapping[str, str],
    review: Review,
    now: datetime,
    why: str,
) -> tuple[dict[str, str], dict[str, tuple[Fact, ...]]]:
    guids = dict(lock.series)
    was = dict(lock.series_was)
    for slug, new in wanted.series.items():
        old = guids.get(slug, "")
        if not _changed(old, new):
            if new and not old:
                guids[slug] = new
            continue
        place = Place(f"episodes/{slug}/series.yaml", ("guid",))
        names = (slug, new, old)
        if review.permits(LK022, place, "guid", names, series=slug, old=old, new=new):
            guids[slug] = new
            was[slug] = (*was.get(slug, ()), because({"guid": old}, why))
    for slug, heir in renamed.items():
        file = f"episodes/{heir}/series.yaml"
        review.permits(
            LK028,
            Place(file),
            "slug",
            (heir, slug),
            ["media"] if _recordings_move(lock, wanted, slug, heir, now) else [],
            old=slug,
            new=heir,
        )
        old, new = lock.series[slug], wanted.series.get(heir, "")
        if heir not in lock.series and _changed(old, new):
            names = (heir, new, old)
            review.permits(
                LK022, Place(file, ("guid",)), "guid", names, series=heir, old=old, new=new
            )
    return guids, was


def _renamed(lock: Lock, wanted: Lock, now: datetime) -> Mapping[str, str]:
    """Series that are no more while their published episodes are in another: old and new slug."""
    lost = lock.series.keys() - wanted.series.keys()
    if not lost:
        return {}
    moved: dict[str, Counter[str]] = {}
    for guid, old in lock.episodes.items():
        new = wanted.episodes.get(guid)
        if new and old.series in lost and new.series != old.series and old.binds(now):
            moved.setdefault(old.series, Counter())[new.series] += 1
    return {slug: max(sorted(there), key=there.__getitem__) for slug, there in moved.items()}


def _recordings_move(lock: Lock, wanted: Lock, slug: str, heir: str, now: datetime) -> bool:
    """Have recordings of a series moved to the folder of its new name?"""
    return any(
        old.series == slug and new.series == heir and old.binds(now) and moves_along(old, new)
        for guid, old in lock.episodes.items()
        if (new := wanted.episodes.get(guid))
    )


def _changed(old: str, new: str) -> bool:
    """Both are stated, and they differ."""
    return bool(old and new and old != new)


def _moves_along(lock: Lock, wanted: Lock) -> bool:
    """The recordings stay at the same place below an address that changes."""
    if not _changed(lock.base_url, wanted.base_url):
        return False
    below = lock.media_base_url.removeprefix(lock.base_url)
    return wanted.media_base_url == wanted.base_url + below
