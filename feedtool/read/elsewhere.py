"""What feedtool.yaml says of targets and hosts, as far as a look at it can tell what is wrong.

Whether anybody answers there is asked by `doctor`, `publish` and `sync`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from ..finding import N_, Code, Finding, Place, Severity
from ..vocabulary import HOST_KINDS, TARGET_SCHEMES
from .written import CatalogKeys

CF111 = Code(
    "CF111",
    Severity.WARNING,
    message=N_("this is not the address of a target"),
    why=N_("nothing could be published there"),
    mend=N_("write file:///folder, sftp://user@host/folder, s3://bucket/prefix or"
            " davs://host/folder"),
)  # fmt: skip
CF112 = Code(
    "CF112",
    Severity.WARNING,
    message=N_("there is a password in this address"),
    why=N_("everybody who sees the file could change what is published; publish refuses it"),
    mend=N_("remove it here and set {variable}; choose another one if the file was ever shared"),
)
CF113 = Code(
    "CF113",
    Severity.WARNING,
    message=N_('there is no kind of host "{kind}"'),
    why=N_("nothing could be synced with it"),
    mend=N_("write one of {kinds}"),
)
CF114 = Code(
    "CF114",
    Severity.WARNING,
    message=N_('"{name}" and "{other}" are opened by the same variables, {variables}_…'),
    why=N_("what opens the one would be sent to the other"),
    mend=N_("rename one of them, so that more than - and _ or the size of letters differs"),
)


_OPENED = ("sftp", "dav", "davs")
"""Kinds of targets that variables of their own open."""


def places_elsewhere(keys: CatalogKeys, place: Place) -> Iterator[Finding]:
    """Targets and hosts that could not be reached as they are written."""
    seen: dict[str, str] = {}
    for name, where in _opened(keys, place):
        variables = _variables(name)
        if variables in seen:
            yield CF114.at(where, name=name, other=seen[variables], variables=variables)
        seen.setdefault(variables, name)
    for name, target in keys.targets.items():
        for key, url in (("url", target.url), ("media", target.media)):
            if url is not None:
                of_it = name if key == "url" else f"{name}-media"
                yield from _of_target(url, of_it, place.down("targets", name, key))
    for name, host in keys.hosts.items():
        if host.kind not in HOST_KINDS:
            where = place.down("hosts", name, "kind")
            yield CF113.at(where, kind=host.kind, kinds=", ".join(HOST_KINDS))


def _opened(keys: CatalogKeys, place: Place) -> Iterator[tuple[str, Place]]:
    """By what name each place asks for what opens it, and where that is written."""
    for name, target in keys.targets.items():
        for key, url in ((name, target.url), (f"{name}-media", target.media or "")):
            if url.partition(":")[0].lower() in _OPENED:
                yield key, place.down("targets", name)
    for name in keys.hosts:
        yield name, place.down("hosts", name)


def _of_target(url: str, name: str, place: Place) -> Iterator[Finding]:
    """None of it is shown: it may hold a password."""
    parts = _split(url)
    if parts is None or parts.scheme not in TARGET_SCHEMES:
        yield CF111.at(place)
    elif parts.password is not None:
        yield CF112.at(place, variable=f"{_variables(name)}_PASSWORD")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _variables(name: str) -> str:
    """How the names of its variables in the environment begin."""
    return f"FEEDTOOL_{name.upper().replace('-', '_')}"
