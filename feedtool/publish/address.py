"""From the address of a target to the target; what is wrong with an address, in words.

An adapter, and the library that it needs, is imported when its kind of address is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from urllib.request import url2pathname

from ..errors import UsageError
from ..language import N_
from . import refusals
from .directory import Directory
from .secrets import Secrets
from .target import Target

_FORMS = {
    "file": N_("write file:///folder"),
    "sftp": N_("write sftp://user@host/folder, with :port after the host if it is not 22"),
    "s3": N_("write s3://bucket/prefix, with ?endpoint=https://host if it is not at AWS"),
    "dav": N_("write dav://host/folder, or better davs://host/folder"),
    "davs": N_("write davs://host/folder, with user@ before the host if it needs one"),
}


def open_target(url: str, secrets: Secrets) -> Target:
    """The target at an address. It is first asked for something when something is asked of it.

    Raises UsageError when the address cannot be followed, or what it needs is not installed.
    """
    try:
        parts = urlsplit(url)
        scheme, _ = parts.scheme, parts.port
    except ValueError as error:
        # what is wrong may be anywhere, so that nothing of it is shown: there may be a password
        raise UsageError(
            N_("the address of the target cannot be read"),
            N_("write it as scheme://user@host:port/folder"),
        ) from error
    if scheme not in _OPEN:
        raise UsageError(
            N_("{url} is not the address of a target"),
            N_(
                "write file:///folder, sftp://user@host/folder, s3://bucket/prefix"
                " or davs://host/folder"
            ),
            url=_shown(parts),
        )
    if parts.password is not None:
        raise UsageError(
            N_("a password in an address is read by everybody who sees it: {url}"),
            N_("remove it there, and set {variables}_PASSWORD"),
            url=_shown(parts),
            variables=secrets.variables,
        )
    if parts.fragment or (parts.query and scheme != "s3"):
        raise UsageError(
            N_("{url} has something after a question mark or a number sign"),
            N_("write %3F for a question mark in a name, and %23 for a number sign"),
            url=_shown(parts),
        )
    return _OPEN[scheme](parts, secrets)


def _open_directory(parts: SplitResult, _: Secrets) -> Target:
    folder = Path(url2pathname(parts.path))
    if parts.netloc not in {"", "localhost"} or not folder.name or not folder.is_absolute():
        raise _wrong(parts)
    return Directory(folder)


def _open_sftp(parts: SplitResult, secrets: Secrets) -> Target:
    folder = unquote(parts.path)
    if not parts.hostname or not folder:
        raise _wrong(parts)
    with _needs("SFTP", "sftp"):
        from .sftp import Sftp
        from .ssh import SftpAddress
    if folder.startswith("/~"):  # as other programs write the home folder in an address
        if folder[2:3] not in {"", "/"}:
            raise _wrong(parts)
        folder = folder[3:]
    user = unquote(parts.username) if parts.username else None
    address = SftpAddress(parts.hostname, folder.rstrip("/") or folder, parts.port or 22, user)
    return Sftp(address, secrets)


def _open_s3(parts: SplitResult, _: Secrets) -> Target:
    options = parse_qsl(parts.query, keep_blank_values=True)
    stated = dict(options)
    if not parts.netloc or {"@", ":"} & set(parts.netloc) or len(stated) < len(options):
        raise _wrong(parts)
    if unknown := sorted(stated.keys() - {"endpoint", "region"}):
        raise UsageError(
            N_("{option} is nothing that the address of an object store can say"),
            N_("write ?endpoint=https://host, &region=name, or leave it out"),
            option=unknown[0],
        )
    if "endpoint" in stated and not _is_endpoint(stated["endpoint"]):
        raise _wrong(parts)
    with _needs("S3", "s3"):
        from .s3 import S3
        from .store import S3Address
    return S3(
        S3Address(
            parts.netloc,
            unquote(parts.path).strip("/"),
            stated.get("endpoint"),
            stated.get("region") or None,
        )
    )


def _open_dav(parts: SplitResult, secrets: Secrets) -> Target:
    if not parts.hostname:
        raise _wrong(parts)
    from .dav import DavAddress
    from .webdav import WebDav

    return WebDav(
        DavAddress(
            parts.hostname,
            unquote(parts.path) or "/",
            parts.scheme == "davs",
            parts.port,
            unquote(parts.username or ""),
        ),
        secrets,
    )


_OPEN: dict[str, Callable[[SplitResult, Secrets], Target]] = {
    "file": _open_directory,
    "sftp": _open_sftp,
    "s3": _open_s3,
    "dav": _open_dav,
    "davs": _open_dav,
}


def _is_endpoint(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def _wrong(parts: SplitResult) -> UsageError:
    return UsageError(
        N_("{url} is not the address of a target"), _FORMS[parts.scheme], url=_shown(parts)
    )


def _shown(parts: SplitResult) -> str:
    """The address without what may be a secret."""
    user, at, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}{at}{host}"
    return parts._replace(netloc=netloc, query="", fragment="").geturl()


@contextmanager
def _needs(what: str, extra: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise refusals.not_installed(what, extra) from error
