"""Why no answer came, in words that somebody who runs a podcast understands."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Literal

import requests
from urllib3.exceptions import DecodeError, IncompleteRead, ProtocolError

from ..declare import dataclass
from ..language import N_
from .aspect import Words, as_it_is, words
from .reach import InsideError

_CERTIFICATE = {
    # X509_V_ERR_... of OpenSSL
    9: N_("the certificate is not valid yet"),
    10: N_("the certificate has expired"),
    18: N_("the certificate is signed by itself: nobody vouches for it"),
    19: N_("the certificate is signed by somebody whom apps do not know"),
    20: N_("the intermediate certificate is missing, or apps do not know who signed it"),
    21: N_("the intermediate certificate is missing, or apps do not know who signed it"),
    62: N_("the certificate is for another name"),
    64: N_("the certificate is for another name"),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, or none that may be used."""

    kind: Literal["certificate", "redirects", "address", "network"]
    why: Words


def failure(error: Exception, seconds: float) -> Failure:
    """What an error of the network means; `seconds` is how long was waited."""
    for one in _causes(error):
        if isinstance(one, InsideError):
            told = N_("it leads into a private network ({address}): it is not asked")
            return Failure("address", words(told, address=one.address))
        if isinstance(one, ssl.SSLCertVerificationError):
            known = _CERTIFICATE.get(one.verify_code)
            return Failure("certificate", words(known) if known else as_it_is(one.verify_message))
        if isinstance(one, ssl.SSLError):
            told = N_("no secure connection comes about: {reason}")
            return Failure("certificate", words(told, reason=one.reason or "TLS"))
    for one in _causes(error):
        if why := _network(one, seconds):
            return Failure("network", why)
    if isinstance(error, ValueError):  # also requests.InvalidURL
        return Failure("address", words(N_("this is no address on the web")))
    return Failure("network", words(N_("no connection")))


def _network(one: BaseException, seconds: float) -> Words | None:
    if isinstance(one, socket.gaierror):
        return words(N_("the name of the server is not known"))
    if isinstance(one, ConnectionRefusedError):
        return words(N_("no server listens there: the connection is refused"))
    if isinstance(one, TimeoutError) or "Timeout" in type(one).__name__:
        return words(N_("no answer within {seconds} seconds"), seconds=f"{seconds:g}")
    if isinstance(one, DecodeError | requests.exceptions.ContentDecodingError):
        return words(N_("it is said to be compressed, but it is not"))
    if isinstance(one, IncompleteRead):
        return words(N_("the answer breaks off"))
    if isinstance(one, ConnectionError | ProtocolError):
        return words(N_("the server breaks off the connection"))
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What is inside of an error, the innermost first."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or following.__context__
    return reversed(chain)
