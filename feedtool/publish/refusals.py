"""What places refuse, in words: the same for every place that is asked over a network.

Each function gives the error to raise. None of them tells a secret: places are named by host and
path, reasons are of the system or the server.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException

from ..errors import AccessError, ChangedError, TargetError, UsageError
from ..language import N_

_AGAIN = N_("run the same command again")


def changed(path: str) -> ChangedError:
    """Somebody else was there."""
    return ChangedError(
        N_("{path} was changed at the target meanwhile"),
        N_("see who else is publishing there, then run the same command again"),
        path=path,
    )


def forbidden(path: str, reason: str) -> AccessError:
    """We are let in, but not to this."""
    return AccessError(
        N_("{path}: {reason}"), N_("check that you may write there"), path=path, reason=reason
    )


def not_let_in(place: str, mend: str, **params: object) -> AccessError:
    """Wrong name, password, key or token."""
    return AccessError(N_("{place} does not let us in"), mend, place=place, **params)


def full(place: str) -> TargetError:
    """There is no room."""
    return TargetError(
        N_("{place} has no room left"),
        N_("make room there, then run the same command again"),
        place=place,
    )


def failed(place: str, reason: str) -> TargetError:
    """The other side says that it cannot."""
    return TargetError(
        N_("{place} failed: {reason}"),
        N_("run the same command again; if it fails once more, ask the owner of the server"),
        place=place,
        reason=reason,
    )


def no_folder(place: str, path: str) -> TargetError:
    """The address names a folder in a folder that is not there: it may be misspelt."""
    return TargetError(
        N_("there is no folder {path} at {place}"),
        N_("correct the address of the target, or make the folder there"),
        place=place,
        path=path,
    )


def shrunk(path: str) -> TargetError:
    """The file here is not the one that was looked at."""
    return TargetError(
        N_("{path} was changed here while it was sent"),
        N_("wait until it is whole, then run the same command again"),
        path=path,
    )


def not_installed(what: str, extra: str) -> UsageError:
    """A library that only this kind of place needs."""
    return UsageError(
        N_("{what} needs a library that is not installed"),
        N_('pip install "feedtool[{extra}]"'),
        what=what,
        extra=extra,
    )


def unreachable(place: str, error: BaseException) -> TargetError:
    """Whatever the network did, from an error of any library."""
    for one in _causes(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            return TargetError(
                N_("the certificate of {place} is not valid: {reason}"),
                N_("check the address; the owner of the server must mend the certificate"),
                place=place,
                reason=one.verify_message or str(one),
            )
        if isinstance(one, ssl.SSLError):
            return TargetError(
                N_("{place} does not speak TLS as it should: {reason}"),
                N_("check the address and its port"),
                place=place,
                reason=one.reason or str(one),
            )
        if isinstance(one, socket.gaierror):
            return TargetError(
                N_("the name of {place} is not found"),
                N_("check the address of the target, and that you are connected"),
                place=place,
            )
        if isinstance(one, ConnectionRefusedError):
            return TargetError(
                N_("{place} refuses the connection"),
                N_("check the address and its port, and that the server is running"),
                place=place,
            )
        if isinstance(one, TimeoutError) or "Timeout" in type(one).__name__:
            return TargetError(N_("{place} does not answer in time"), _AGAIN, place=place)
        if isinstance(one, ConnectionError | EOFError | HTTPException):
            return TargetError(N_("{place} broke off the connection"), _AGAIN, place=place)
        if isinstance(one, OSError) and one.strerror:  # of the system, not of a library
            return _broke(place, one.strerror)
    return _broke(place, str(error) or type(error).__name__)


def _broke(place: str, reason: str) -> TargetError:
    return TargetError(
        N_("the connection to {place} broke: {reason}"), _AGAIN, place=place, reason=reason
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What is inside of an error, the innermost first."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        # urllib3 hands some over without raising them
        inside = (one for one in following.args if isinstance(one, BaseException))
        following = following.__cause__ or following.__context__ or next(inside, None)
    return reversed(chain)
