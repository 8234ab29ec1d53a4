"""What a build left to be published: the output, and recordings that are not in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .artifacts import Sums
from .cache import Cache
from .earlier import sources_of
from .embedding import file_of
from .formats import is_remote
from .model import Copied
from .rebuild import STATE, Order, versions_of_makers
from .release import Goods


def goods_of(order: Order, base_url: str, *, media: bool, ahead: bool) -> Goods:
    """The goods of the build that was just made for an order.

    With `media`, recordings and pictures are among them; with `ahead`, those of scheduled episodes
    too.
    """
    cache = Cache(
        order.root / STATE / "cache.sqlite", versions_of_makers(), order.started_ns, read_only=True
    )
    try:
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
    finally:
        cache.close()
    return Goods(
        output=order.folder,
        media=order.root / "media",
        ahead={
            one: absent.get(one, 0) for one in later - due if media and ahead and not is_remote(one)
        },
        due={one: absent.get(one, 0) for one in due if media and not is_remote(one)},
        copies={one: file_of(order.root, copied, one) for one, copied in copies.items()},
        base_url=base_url,
    )


@contextmanager
def sums_of(order: Order) -> Iterator[Sums]:
    """What is known of the bytes of files, and kept for the next time."""

    def open_cache(*, read_only: bool) -> Cache:
        path = order.root / STATE / "cache.sqlite"
        return Cache(path, versions_of_makers(), order.started_ns, read_only=read_only)

    cache = open_cache(read_only=True)
    sums = Sums(cache)
    try:
        yield sums
    finally:
        cache.close()
    if sums.read:
        cache = open_cache(read_only=False)
        sums.keep(cache)
        cache.close()
