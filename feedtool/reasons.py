"""Why no answer came, in words that somebody who runs a podcast understands."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Literal

import requests
from urllib3.exceptions import DecodeError, IncompleteRead, ProtocolError

from .declare import dataclass
from .language import N_
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


INSIDE = N_("it leads into a private network ({address}): it is not asked")
INSECURE = N_("no secure connection comes about: {reason}")
LATE = N_("no answer within {seconds} seconds")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no answer, or none that may be used."""

    kind: Literal["certificate", "address", "network"]
    text: str  #: a template, translated where it is shown
    params: Mapping[str, str]


def reason(error: Exception, seconds: float) -> Reason:
    """What an error of the network means; `seconds` is how long was waited."""
    for one in _causes(error):
        if isinstance(one, InsideError):
            return Reason("address", INSIDE, {"address": one.address})
        if isinstance(one, ssl.SSLCertVerificationError):
            known = _CERTIFICATE.get(one.verify_code)
            told = known or one.verify_message.replace("{", "(").replace("}", ")")
            return Reason("certificate", told, {})
        if isinstance(one, ssl.SSLError):
            return Reason("certificate", INSECURE, {"reason": one.reason or "TLS"})
    for one in _causes(error):
        if isinstance(one, TimeoutError) or "Timeout" in type(one).__name__:
            return Reason("network", LATE, {"seconds": f"{seconds:g}"})
        if why := _network(one):
            return Reason("network", why, {})
    if isinstance(error, ValueError):  # also requests.InvalidURL
        return Reason("address", N_("this is no address on the web"), {})
    return Reason("network", N_("no connection"), {})


def _network(one: BaseException) -> str | None:
    if isinstance(one, socket.gaierror):
        return N_("the name of the server is not known")
    if isinstance(one, ConnectionRefusedError):
        return N_("no server listens there: the connection is refused")
    if isinstance(one, DecodeError | requests.exceptions.ContentDecodingError):
        return N_("it is said to be compressed, but it is not")
    if isinstance(one, IncompleteRead):
        return N_("the answer breaks off")
    if isinstance(one, ConnectionError | ProtocolError):
        return N_("the server breaks off the connection")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What is inside of an error, the innermost first."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or following.__context__
    return reversed(chain)
