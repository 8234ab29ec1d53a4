"""A folder to publish to is not the catalog: nothing is sent over what people wrote there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import UsageError
from ..language import N_


def keep_apart(folder: Path, root: Path, sources: Iterable[Path], sent: Iterable[str]) -> None:
    """Raises UsageError when the catalog in `root` and what is to be in `folder` would mix.

    `sources` are folders of the catalog that have no place for anything else; `sent` are names
    that the files which are sent begin with. Links are followed, in all of them.
    """
    is_catalog = _is_same(folder, root)
    in_sources = any(_is_in(folder, one) for one in sources)
    over_it = any(
        _is_in(root, folder / name) or any(_is_in(folder / name, one) for one in sources)
        for name in sent
    )
    if is_catalog or in_sources or over_it:
        raise UsageError(
            N_("{folder} is where the catalog has its own files: what is published there would"
               " mix with them, or be written over them"),
            N_("write the address of another folder, such as  {address}"),
            folder=folder, address=root.with_name(f"{root.name}-www").as_uri(),
        )  # fmt: skip


def _is_in(inner: Path, outer: Path) -> bool:
    real = inner.resolve()
    return any(_is_same(one, outer) for one in (real, *real.parents))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there yet
        return one.resolve() == other.resolve()
