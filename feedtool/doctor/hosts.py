"""Hosts: is somebody signed in? Shown by where the key is kept, never the key; nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from ..errors import FeedtoolError
from ..finding import N_
from ..login.bearer import store_of
from ..login.kinds import kind_of
from ..login.ring import RingStore, ring_name
from ..login.secrets import HostSecrets, read_host_secrets
from ..login.tokens import Tokens, is_sendable
from ..read.objects import HostKeys
from .check import Check, checked


def look_at_hosts(
    root: Path, hosts: Mapping[str, HostKeys], environment: Mapping[str, str], now: datetime
) -> Iterator[Check]:
    """The password store, if a host may use it, and each host."""
    every = [(name, keys, read_host_secrets(name, environment)) for name, keys in hosts.items()]
    if any(not (secrets.token or secrets.token_file) for _, _, secrets in every):
        yield _ring()
    for name, keys, secrets in every:
        try:
            yield _host(name, keys, secrets, root, now)
        except FeedtoolError as error:
            params = {key: str(value) for key, value in error.params.items()}
            yield Check(f"host {name}", "error", error.message, error.mend, params)


def _ring() -> Check:
    try:
        name = ring_name()
    except FeedtoolError as error:
        params = {key: str(value) for key, value in error.params.items()}
        return Check("password store", "missing", error.message, error.mend, params)
    if not name:
        return checked(
            "password store", "missing", N_("this system has no password store"),
            N_("name private files in FEEDTOOL_<HOST>_TOKEN_FILE instead"),
        )  # fmt: skip
    return checked("password store", "ok", N_("password store: {name}"), name=name)


def _host(name: str, keys: HostKeys, secrets: HostSecrets, root: Path, now: datetime) -> Check:
    title, params = f"host {name}", {"name": name, "place": kind_of(name, keys).called}
    variables = secrets.variables
    if secrets.token:
        if not is_sendable(secrets.token):
            return checked(
                title, "error", N_("{variables}_TOKEN holds no token"),
                N_("set it to the token alone: letters, digits and signs of one line"),
                variables=variables,
            )  # fmt: skip
        return checked(
            title, "ok", N_("host {name}: {place}, opened with {variables}_TOKEN"),
            variables=variables, **params,
        )  # fmt: skip
    store = store_of(name, keys, secrets)
    if isinstance(store, RingStore) and not _is_there(store):
        return checked(
            title, "missing", N_("host {name}: {place}, nobody is signed in"),
            N_("name a private file in {variables}_TOKEN_FILE, then:  feedtool login {name}"),
            variables=variables, **params,
        )  # fmt: skip
    tokens = store.read()
    if tokens is None:
        return checked(
            title, "missing", N_("host {name}: {place}, nobody is signed in"),
            "feedtool login {name}", **params,
        )  # fmt: skip
    if not tokens.refresh and tokens.expired(now):
        return checked(
            title, "warning", N_("host {name}: {place}, the sign-in has ended"),
            "feedtool login {name}", **params,
        )  # fmt: skip
    return _signed_in(title, tokens, secrets, root, params)


def _signed_in(
    title: str, tokens: Tokens, secrets: HostSecrets, root: Path, params: Mapping[str, str]
) -> Check:
    file = secrets.token_file
    if file is None:
        return checked(title, "ok", N_("host {name}: {place}, signed in"), **params)
    if file.resolve().is_relative_to(root.resolve()):
        return checked(
            title, "warning", N_("host {name}: the key is in a file of the catalog: {path}"),
            N_("move it elsewhere, else it goes where the catalog goes; then set"
               " {variables}_TOKEN_FILE"),
            path=str(file), variables=secrets.variables, **params,
        )  # fmt: skip
    if tokens.refresh and secrets.app is None:
        return checked(
            title, "warning", N_("host {name}: {place}, signed in, but nothing can renew it"),
            N_("set {variables}_CLIENT_ID and {variables}_CLIENT_SECRET"),
            variables=secrets.variables, **params,
        )  # fmt: skip
    return checked(
        title, "ok", N_("host {name}: {place}, signed in with {variables}_TOKEN_FILE"),
        variables=secrets.variables, **params,
    )  # fmt: skip


def _is_there(store: RingStore) -> bool:
    try:
        return store.usable()
    except FeedtoolError:  # its library is not installed, which is told already
        return False
