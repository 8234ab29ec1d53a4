"""Where a publish goes, and who is told of it: from the catalog, a word and the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..finding import N_

if TYPE_CHECKING:
    from ..order import Order
    from ..publish.notify import Services
    from ..publish.target import Target
    from ..read.catalog import Catalog
    from ..release import Place


_NO_TARGETS = N_(
    "write an address such as sftp://user@host/folder, or name it in feedtool.yaml:"
    "  targets: {{web: {{url: ...}}}}"
)


def place_of(catalog: Catalog, order: Order, wanted: str | None) -> Place:
    """The target that is meant, opened.

    Raises UsageError when it is none, several could be meant, or it is the catalog itself.
    """
    from ..publish.address import open_target
    from ..publish.secrets import read_secrets
    from ..publish.split import Split
    from ..read.objects import TargetKeys
    from ..release import Place

    targets = catalog.keys.targets
    if wanted is None and len(targets) == 1:
        (wanted,) = targets
    if wanted is None:
        raise UsageError(
            N_("it is not said where to publish"),
            N_("name one of {names}, or write an address such as sftp://user@host/folder")
            if targets
            else _NO_TARGETS,
            names=", ".join(targets),
        )
    keys = targets.get(wanted)
    name = wanted if keys else "target"
    if keys is None and ":" not in wanted:
        raise UsageError(
            N_('there is no target "{name}" in feedtool.yaml'),
            _instead(wanted, len(targets)),
            name=wanted,
            names=", ".join(targets),
            # resolve() raises for a name that is too long
            address=Path(os.path.abspath(wanted)).as_uri(),  # noqa: PTH100
        )
    key = wanted if keys else ""
    keys = keys or TargetKeys(url=wanted)
    target = open_target(keys.url, read_secrets(name, os.environ))
    _keep_apart(target, order)
    if keys.media:
        media = open_target(keys.media, read_secrets(f"{name}-media", os.environ))
        _keep_apart(media, order)
        target = Split(target, media)
    public = keys.public or ("" if keys.url.startswith("file:") else catalog.home.base_url)
    public = f"{public.rstrip('/')}/" if public else ""
    here = bool(keys.media) or not catalog.keys.media_base_url
    return Place(
        target=target,
        name=keys.url,
        key=key,
        public=public,
        tells=public.lower() == catalog.home.base_url.lower(),
        holds_media=here,
    )


def _keep_apart(target: Target, order: Order) -> None:
    from ..kept import STATE
    from ..publish.apart import keep_apart
    from ..publish.directory import Directory

    if isinstance(target, Directory):
        root, episodes = order.root, order.root / "episodes"
        series = [one.name for one in episodes.iterdir() if one.is_dir()]
        sources = (episodes, root / "media", root / STATE, order.folder)
        keep_apart(target.folder, root, sources, ("media", *series))


def _instead(wanted: str, targets: int) -> str:
    """What to write in the place of a word that names no target."""
    there = os.path.isdir(wanted)  # noqa: PTH112 - is_dir() raises for a name that is too long
    if Path(wanted).is_absolute() or wanted.startswith(".") or there:
        return N_("for a folder write its address:  {address}")
    if not targets:
        return _NO_TARGETS
    if targets == 1:
        return N_("name {names}, or write an address such as sftp://user@host/folder")
    return N_("name one of {names}, or write an address such as sftp://user@host/folder")


def services_of(catalog: Catalog) -> Services:
    """Who is told of feeds beside the hubs that they name."""
    from ..publish.notify import PODPING, PUBNOTIFY, Services

    environment = os.environ.get
    return Services(
        podping=environment("FEEDTOOL_PODPING_URL", PODPING) if catalog.keys.podping else "",
        podping_token=environment("FEEDTOOL_PODPING_TOKEN", ""),
        pubnotify=environment("FEEDTOOL_PUBNOTIFY_URL", PUBNOTIFY)
        if catalog.keys.pubnotify
        else "",
    )
