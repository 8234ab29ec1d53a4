"""What a shell offers when Tab is pressed: names in the catalog. Imports little, reads folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import FeedtoolError
from .options import Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


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


def complete_episodes(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Episode files, as a path from here, also found by "series/slug"; else any files."""
    from click.shell_completion import CompletionItem

    root = _root(ctx)
    found: list[CompletionItem] = []
    episodes = root / "episodes" if root else Path(os.devnull)
    for series in _names(episodes):
        for slug in _names(episodes / series, ".md"):
            path = os.path.relpath(episodes / series / f"{slug}.md")
            if any(one.startswith(incomplete) for one in (path, f"{series}/{slug}")):
                found.append(CompletionItem(path))
    return found or [CompletionItem(incomplete, type="file")]


def complete_people(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """People of feedtool.yaml by id, in the roles that most have."""
    begun = [name for name in _named(ctx, "people") if name.startswith(incomplete)]
    return [f"{name}:{role}" for name in begun for role in ("guest", "host")]


def complete_hosts(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Hosts of feedtool.yaml."""
    return [name for name in _named(ctx, "hosts") if name.startswith(incomplete)]


def _named(ctx: click.Context, key: str) -> Iterator[str]:
    """The names that a mapping of feedtool.yaml gives."""
    from ..read.text import read_text
    from ..read.yaml_tree import read_tree

    root = _root(ctx)
    text = read_text(root / "feedtool.yaml", "feedtool.yaml")[0] if root else None
    tree = read_tree(text, "feedtool.yaml")[0] if text else None
    named = tree.get(key) if tree else None
    yield from named if isinstance(named, dict) else ()


def complete_codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Codes of findings."""
    from ..codes import every_code

    return [one.id for one in every_code() if one.id.startswith(incomplete.upper())]
