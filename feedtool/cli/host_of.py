"""A host by its name under `hosts:`, and what opens it: from the catalog and the environment."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..declare import dataclass
from ..errors import UsageError
from ..finding import N_
from .clock import clock

if TYPE_CHECKING:
    from ..login.kinds import Kind
    from ..login.secrets import HostSecrets
    from ..read.catalog import Catalog
    from ..read.objects import HostKeys
    from ..sync.host import Host

ADAPTERS = {"soundcloud": "soundcloud", "funkwhale": "funkwhale"}
"""The file of feedtool/sync/ for each kind; it is imported when the first request is near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A host that feedtool.yaml names, with its secrets."""

    name: str
    keys: HostKeys
    kind: Kind
    secrets: HostSecrets


def named_host(catalog: Catalog, name: str) -> Named:
    """The host that is meant. Raises UsageError when there is none, or of no known kind."""
    from ..login.kinds import kind_of
    from ..login.secrets import read_host_secrets

    hosts = catalog.keys.hosts
    keys = hosts.get(name)
    if keys is None:
        raise UsageError(
            N_('there is no host "{name}" in feedtool.yaml'),
            N_("name one of {names}")
            if len(hosts) > 1
            else N_("name {names}")
            if hosts
            else N_(
                "name it there:  hosts: {{soundcloud: {{kind: soundcloud, url:"
                ' "https://api.soundcloud.com"}}}}'
            ),
            name=name,
            names=", ".join(hosts),
        )
    return Named(
        name=name, keys=keys, kind=kind_of(name, keys), secrets=read_host_secrets(name, os.environ)
    )


def host_of(
    catalog: Catalog,
    name: str,
    wait: Callable[[float], None],
    waiting: Callable[[float], None] = lambda seconds: None,
) -> Host:
    """The host with this name, opened; `waiting` is told seconds that the host asks for.

    Raises UsageError, also when what it needs is not installed, and AccessError.
    """
    from ..login.bearer import bearer_of
    from ..login.kinds import site_of
    from ..publish.refusals import not_installed

    host = named_host(catalog, name)
    needed = {module: importlib.util.find_spec(module) for module in _MODULES}
    if not all(needed.values()):
        raise not_installed(host.kind.called, "hosts")
    from ..sync.api import Api

    bearer = bearer_of(name, host.keys, host.secrets, clock)
    api = Api(site_of(host.keys.url), bearer, name, wait, waiting)
    adapter = importlib.import_module(f"..sync.{ADAPTERS[host.kind.name]}", __package__)
    opened: Host = adapter.open_host(api, host.keys)
    return opened


_MODULES = ("authlib", "keyring", "requests_toolbelt")
