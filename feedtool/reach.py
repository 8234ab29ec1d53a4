"""Which addresses may be asked: none further inside a network than the one the user gave.

A feed is a stranger's file. It must not make this machine ask the router at home, a service of the
cloud or a program on loopback (server-side request forgery). Who names such an address as that of
the feed may look at it, and at what it leads to.

The door to connections: `verify` and `import` ask servers through it.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse


class Depth(IntEnum):
    """Where an address is, from this machine outwards."""

    HERE = 0  #: loopback
    INSIDE = 1  #: private networks, link-local, and everything else that is not for all
    PUBLIC = 2


_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses in networks that only have IPv6 (RFC 6052)."""


def depth(address: str) -> Depth:
    """Where an address is, as numbers."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        found = _inner(found)
    if found.is_loopback or found.is_unspecified:
        return Depth.HERE
    return Depth.PUBLIC if found.is_global and not found.is_multicast else Depth.INSIDE


def _inner(address: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class InsideError(ValueError):
    """An address that is further inside than the one the user gave."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} is {address}")
        self.address = address


class Scope:
    """How far inside one audit or import may go; settled by the first address, or before."""

    def __init__(self, patience: float, least: Depth | None = None) -> None:
        self.patience = patience  #: seconds until an answer must have begun
        self.least = least
        self._used: WeakSet[HTTPConnection] = WeakSet()
        self._using = threading.Lock()

    def admit(self, host: str, address: str) -> None:
        """Raises InsideError for an address that may not be asked."""
        found = depth(address)
        if self.least is None:
            self.least = found
        elif found < self.least:
            raise InsideError(host, address)

    def use(self, connection: HTTPConnection) -> None:
        """Remember a connection for `break_off`."""
        with self._using:
            self._used.add(connection)

    def break_off(self) -> None:
        """Wake whoever waits for an answer: the user does not want it any more."""
        with self._using:
            used = list(self._used)
        for connection in used:
            _wake(connection)

    def admit_by_proxy(self, host: str) -> None:
        """A proxy looks the name up itself: only what is seen of the name can be judged."""
        try:
            address = "127.0.0.1" if host == "localhost" else str(ip_address(host))
        except ValueError:  # a name
            self.least = Depth.PUBLIC if self.least is None else self.least
        else:
            self.admit(host, address)


def _wake(connection: HTTPConnection) -> None:
    """End the waiting for this connection, in whichever thread it is."""
    with suppress(OSError, AttributeError):  # it may be closed by now
        connection.sock.shutdown(socket.SHUT_RDWR)


class Adapter(HTTPAdapter):
    """Connections whose address was admitted."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, **more)
        scope = self._scope

        class Plain(_Guarded, HTTPConnection):
            _scope = scope

        class Secure(_Guarded, HTTPSConnection):
            _scope = scope

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        # not for proxies, which have classes of their own: they may well be inside
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class _Guarded(HTTPConnection):
    """Resolves the name once: the address that is admitted is the one that is asked.

    Looked up a second time, a name could lead elsewhere (DNS rebinding).
    """

    _scope: Scope

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """The answer, once its headers are there.

        Each piece of them may be in time, and the last one never come.
        """
        late = threading.Event()

        def wake() -> None:
            late.set()
            _wake(self)

        watch = threading.Timer(self._scope.patience, wake)
        watch.daemon = True
        watch.start()
        try:
            answer = super().getresponse()
        finally:
            watch.cancel()
        if late.is_set():
            answer.close()
            raise TimeoutError
        return answer

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            found = socket.getaddrinfo(name, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            gone = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(name, self, gone) from error
        failure: Exception = NewConnectionError(self, "no address")
        for *_, place in found:
            address = str(place[0])
            self._scope.admit(name, address)
            self._dns_host = address
            try:
                made = super()._new_conn()
                self._scope.use(self)
                return made
            except (NewConnectionError, ConnectTimeoutError) as error:
                failure = error
            finally:
                self._dns_host = name  # certificates are for the name
        raise failure
