"""What the requests to a host are sent with: fixed, or renewed when it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ..errors import AccessError
from ..language import N_
from ..read.objects import HostKeys
from ..secret import Secret
from ..sync.api import Bearer
from .keep import FileStore, Store
from .kinds import Kind, auth_url_of, kind_of
from .oauth import Endpoint
from .ring import RingStore
from .secrets import App, HostSecrets
from .tokens import Tokens, is_sendable

_YOUNG = timedelta(minutes=5)
"""A token of this age is not refused for its age: another one would be refused too."""


class FixedBearer:
    """A token that somebody looks after elsewhere."""

    def __init__(self, scheme: str, token: Secret) -> None:
        self._scheme = scheme
        self._token = token

    def header(self) -> str:
        return f"{self._scheme} {self._token}"

    def renew(self) -> bool:
        return False


class KeptBearer:
    """Tokens of a store. A refresh token is good for one use, so renewal is done by one process.

    New tokens are kept before they are used. A crash between the answer of the host and that
    moment loses them: then a person has to sign in again, which cannot be helped.
    """

    def __init__(
        self, name: str, scheme: str, store: Store,
        endpoint: Callable[[], Endpoint], clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._name = name
        self._scheme = scheme
        self._store = store
        self._endpoint = endpoint
        self._clock = clock
        self._tokens: Tokens | None = None
        self._renewed: datetime | None = None

    def header(self) -> str:
        tokens = self._tokens or self._kept()
        if tokens.expired(self._clock()):
            # another process may have renewed them since they were read
            tokens = self._renewal(tokens) or self._ended()
        self._tokens = tokens
        return f"{self._scheme} {tokens.access}"

    def renew(self) -> bool:
        now = self._clock()
        if self._renewed and now - self._renewed < _YOUNG:
            return False
        renewed = self._renewal(self._tokens or self._kept())
        if renewed is None:
            return False
        self._tokens, self._renewed = renewed, now
        return True

    def _kept(self) -> Tokens:
        tokens = self._store.read()
        if tokens is None:
            raise AccessError(
                N_("nobody is signed in at {host}"), N_("feedtool login {host}"), host=self._name
            )
        return tokens

    def _ended(self) -> Tokens:
        raise AccessError(
            N_("the sign-in at {host} is no longer valid"),
            N_("sign in again:  feedtool login {host}"),
            host=self._name,
        )

    def _renewal(self, old: Tokens) -> Tokens | None:
        """Tokens in place of the old ones; None = there is no way to get any."""
        if not old.refresh and self._kept().access == old.access:
            return None  # made on a web page: its file need not be one that can be written
        with self._store.lock():
            kept = self._kept()
            if kept.access != old.access and not kept.expired(self._clock()):
                return kept  # renewed by another process
            if not kept.refresh:
                return None
            endpoint = self._endpoint()
            # What comes back is lost if it cannot be kept: on a full disk, in a folder that may
            # not be written in. So the old ones are written first, in the same way.
            self._store.write(kept)
            new = endpoint.refresh(kept)
            self._store.write(new)
            return new


def store_of(name: str, keys: HostKeys, secrets: HostSecrets) -> FileStore | RingStore:
    """What keeps the tokens of this host: the file that the environment names, or the key ring."""
    if secrets.token_file:
        return FileStore(secrets.token_file, secrets)
    return RingStore(name, keys.url, kind_of(name, keys).called, secrets)


def app_of(name: str, keys: HostKeys, secrets: HostSecrets) -> App | None:
    """What the host knows this feedtool by: of the environment, or the key ring."""
    if secrets.app:
        return secrets.app
    ring = RingStore(name, keys.url, kind_of(name, keys).called, secrets)
    return ring.app() if ring.usable() else None


def endpoint_of(
    name: str, kind: Kind, keys: HostKeys, app: App, clock: Callable[[], datetime]
) -> Endpoint:
    """Where this host gives tokens out."""
    base = auth_url_of(kind, keys)
    return Endpoint(name, kind.called, f"{base}{kind.authorize}", f"{base}{kind.token}", app, clock)


def bearer_of(
    name: str, keys: HostKeys, secrets: HostSecrets, clock: Callable[[], datetime]
) -> Bearer:
    """What opens the host with this name: a token of the environment, or what login kept.

    Raises UsageError for an unknown kind, AccessError for a token that cannot be sent. Whether
    somebody is signed in shows with the first request.
    """
    kind = kind_of(name, keys)
    if secrets.token:
        if not is_sendable(secrets.token):
            raise AccessError(
                N_("{variables}_TOKEN holds no token"),
                N_("set it to the token alone: letters, digits and signs of one line"),
                variables=secrets.variables,
            )
        return FixedBearer(kind.scheme, secrets.token)

    def endpoint() -> Endpoint:
        app = app_of(name, keys, secrets)
        if app is None or not kind.token:
            raise AccessError(
                N_("the sign-in at {host} cannot be renewed: the id of the app is not known"),
                N_("set {variables}_CLIENT_ID and {variables}_CLIENT_SECRET, or sign in again:"
                   "  feedtool login {host}"),
                host=name, variables=secrets.variables,
            )  # fmt: skip
        return endpoint_of(name, kind, keys, app, clock)

    return KeptBearer(name, kind.scheme, store_of(name, keys, secrets), endpoint, clock)
