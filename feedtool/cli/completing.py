"""What a shell offers when Tab is pressed: names in the catalog. Imports little, reads folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from ..errors import FeedtoolError
from .options import Settings


def _root(ctx: click.Context) -> Path | None:
    """The catalog that the command would work in."""
    settings = ctx.find_object(Settings) or Settings()
    for context in (ctx, ctx.parent):
        given = context.params.get("root") if context else None
        settings.root = Path(given) if given else settings.root
    with suppress(FeedtoolError):
        return settings.find_root()
    return None


def _names(folder: Path, ending: str = "") -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if ending and entry.name.endswith(ending):
                yield entry.name.removesuffix(ending)
            elif not ending and entry.is_dir() and not entry.name.startswith("."):
                yield entry.name


def complete_series(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Series, by their folders."""
    root = _root(ctx)
    names = _names(root / "episodes") if root else ()
    return [name for name in names if name.startswith(incomplete)]


def complete_episodes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Episode files, as a path from where one is."""
    root = _root(ctx)
    if root is None:
        return []
    found = []
    for series in _names(root / "episodes"):
        for slug in _names(root / "episodes" / series, ".md"):
            path = os.path.relpath(root / "episodes" / series / f"{slug}.md")
            name = f"{series}/{slug}"
            found += [path] if path.startswith(incomplete) or name.startswith(incomplete) else []
    return found


def complete_people(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """People of feedtool.yaml, by id; the role follows after a colon."""
    from ..read.text import read_text
    from ..read.yaml_tree import read_tree

    root = _root(ctx)
    text = read_text(root / "feedtool.yaml", "feedtool.yaml")[0] if root else None
    tree = read_tree(text, "feedtool.yaml")[0] if text else None
    people = tree.get("people") if tree else None
    names = people if isinstance(people, dict) else {}
    return [f"{name}: " for name in names if name.startswith(incomplete)]


def complete_codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Codes of findings."""
    from ..codes import every_code

    return [one.id for one in every_code() if one.id.startswith(incomplete.upper())]
