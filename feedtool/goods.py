"""What a build left to be published: the output, and recordings that are not in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .artifacts import Sums
from .earlier import entries_of, sources_of
from .embedding import file_of
from .formats import is_remote
from .kept import kept_of
from .model import Copied
from .order import Order
from .release import Goods


def goods_of(
    order: Order, base_url: str, *, media: bool, ahead: bool, media_prefix: str = ""
) -> Goods:
    """The goods of the build that was just made for an order.

    With `media`, recordings and pictures are among them; with `ahead`, those of scheduled episodes
    too. `media_prefix` is what feeds put before the addresses of recordings.
    """
    with kept_of(order.root, order.started_ns).looked_into() as cache:
        folder = order.root / "episodes"
        slugs = [entry.name for entry in sorted(folder.iterdir()) if entry.is_dir()]
        due = set(cache.get("named", order.key, "") or ())
        later, absent = set[str](), dict[str, int]()
        copies: dict[str, Copied] = {}
        for slug in slugs:
            now, then, away, copied = sources_of(cache, order.key, slug)
            due |= now
            later |= then
            absent |= away
            copies |= copied
    return Goods(
        output=order.folder,
        media=order.root / "media",
        ahead={
            one: absent.get(one, 0) for one in later - due if media and ahead and not is_remote(one)
        },
        due={one: absent.get(one, 0) for one in due if media and not is_remote(one)},
        copies={one: file_of(order.root, copied, one) for one, copied in copies.items()},
        theirs=frozenset(f"{media_prefix}{one}" for one in due if is_remote(one)),
        base_url=base_url,
    )


def due_episodes(order: Order) -> list[str]:
    """ "series/slug" of every episode in the feeds of the build that was just made."""
    with kept_of(order.root, order.started_ns).looked_into() as cache:
        return [
            f"{folder.name}/{entry.slug}"
            for folder in sorted((order.root / "episodes").iterdir())
            if folder.is_dir()
            for entry in entries_of(cache, order.key, folder.name)
            if entry.due
        ]


@contextmanager
def sums_of(order: Order) -> Iterator[Sums]:
    """What is known of the bytes of files, and kept for the next time."""
    kept = kept_of(order.root, order.started_ns)
    with kept.looked_into() as cache:
        sums = Sums(cache)
    yield sums
    if sums.read:
        cache = kept.cache(read_only=False)
        sums.keep(cache)
        cache.close()
