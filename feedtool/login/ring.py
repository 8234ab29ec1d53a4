"""The door to keyring: tokens in the password store of the system.

Some stores take no more than 1,280 letters in one entry (Windows), and an access token can be
longer. So a long one stands in entries of its own, written after the entry of the refresh token:
a run that is killed in between leaves a pair that only has to be renewed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import AccessError, WriteError
from ..language import N_
from ..publish.refusals import not_installed
from ..secret import Secret
from .keep import locked
from .secrets import App, HostSecrets
from .tokens import Tokens, as_json, from_json

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "feedtool"
_PIECE = 1200
"""Letters of one entry."""
_PIECES = 100
T = TypeVar("T")


class RingStore:
    """Entries of the service "feedtool" for a user "<name>@<url>"."""

    place = "keyring"

    def __init__(self, name: str, url: str, called: str, secrets: HostSecrets) -> None:
        self._user = f"{name}@{url}"
        self._name = name
        self._called = called
        self._variables = secrets.variables

    def check(self) -> None:
        self._ring()

    def read(self) -> Tokens | None:
        text = self._get(self._user)
        if not text:
            return None
        try:
            tokens = from_json(text)
            mark = json.loads(text).get("long")
        except (ValueError, RecursionError):
            return None  # of another program, or cut: to sign in again mends it
        if mark is None:
            return tokens
        access = "".join(self._pieces())
        whole = sha256(access.encode()).hexdigest() == mark
        return replace(tokens, access=Secret(access if whole else ""))

    def write(self, tokens: Tokens) -> None:
        text = as_json(tokens)
        if len(text) <= _PIECE or not tokens.refresh:
            self._set(self._user, text)
            self._drop(0)
            return
        short = json.loads(as_json(replace(tokens, access=Secret())))
        short["long"] = sha256(tokens.access.encode()).hexdigest()
        self._set(self._user, json.dumps(short))
        pieces = [
            tokens.access[start : start + _PIECE] for start in range(0, len(tokens.access), _PIECE)
        ]
        for number, piece in enumerate(pieces):
            self._set(f"{self._user}#{number}", piece)
        self._drop(len(pieces))

    def forget(self) -> bool:
        had = self._delete(self._user)
        self._drop(0)
        return had

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Beside no catalog: two checkouts share what is in the key ring."""
        from platformdirs import user_state_path

        folder = user_state_path("feedtool", appauthor=False)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise WriteError(
                N_("{path} could not be written or read: {reason}"),
                N_("make room, or put the permissions right; then run the same command again"),
                path=folder, reason=error.strerror or type(error).__name__,
            ) from error  # fmt: skip
        with locked(folder / f"login-{sha256(self._user.encode()).hexdigest()[:16]}.lock"):
            yield

    # --- the app that its owner registered -----------------------------------------------------

    def app(self) -> App | None:
        """What `keep_app` kept."""
        try:
            kept = json.loads(self._get(f"{self._user} app") or "null")
            return App(id=str(kept["id"]), secret=Secret(kept["secret"])) if kept else None
        except (ValueError, TypeError, KeyError, RecursionError):
            return None

    def keep_app(self, app: App) -> None:
        self._set(f"{self._user} app", json.dumps({"id": app.id, "secret": app.secret}))

    def forget_app(self) -> bool:
        return self._delete(f"{self._user} app")

    # --- entries --------------------------------------------------------------------------------

    def usable(self) -> bool:
        """Is there a store at all? Raises UsageError when its library is not installed."""
        with suppress(AccessError):
            self._ring()
            return True
        return False

    def _ring(self) -> KeyringBackend:
        keyring = _library(self._called)
        ring: KeyringBackend = self._try(keyring.get_keyring)
        if not self._try(lambda: _is_a_store(ring)):
            raise self._none()
        return ring

    def _get(self, user: str) -> str | None:
        ring = self._ring()
        return self._try(lambda: ring.get_password(SERVICE, user))

    def _set(self, user: str, text: str) -> None:
        ring = self._ring()
        self._try(lambda: ring.set_password(SERVICE, user, text))

    def _delete(self, user: str) -> bool:
        from keyring.errors import PasswordDeleteError

        ring = self._ring()
        if self._try(lambda: ring.get_password(SERVICE, user)) is None:
            return False
        with suppress(PasswordDeleteError):
            self._try(lambda: ring.delete_password(SERVICE, user), passed=PasswordDeleteError)
        return True

    def _pieces(self) -> Iterator[str]:
        for number in range(_PIECES):
            piece = self._get(f"{self._user}#{number}")
            if piece is None:
                return
            yield piece

    def _drop(self, begin: int) -> None:
        """Remove pieces of a longer token, from this number on."""
        for number in range(begin, _PIECES):
            if not self._delete(f"{self._user}#{number}"):
                return

    def _try(self, call: Callable[[], T], passed: type[Exception] | None = None) -> T:
        try:
            return call()
        except Exception as error:  # stores are plug-ins, which raise what their system raises
            if passed and isinstance(error, passed):
                raise
            # not "from error": what some raise holds the text that was to be kept
            raise self._none(type(error).__name__) from None

    def _none(self, reason: str = "") -> AccessError:
        return AccessError(
            N_("the password store of this system cannot be used ({reason})")
            if reason
            else N_("this system has no password store"),
            N_("set {variables}_TOKEN_FILE to the name of a private file, then sign in:"
               "  feedtool login {host}"),
            reason=reason, variables=self._variables, host=self._name,
        )  # fmt: skip


def ring_name() -> str:
    """What the password store of this system is called; "" = there is none.

    Raises UsageError when the library that knows it is not installed.
    """
    keyring = _library("feedtool login")
    try:
        ring = keyring.get_keyring()
        return str(ring.name) if _is_a_store(ring) else ""
    except Exception:  # as in _try
        return ""


def _library(what: str) -> Any:
    try:
        import keyring
    except ImportError as error:
        raise not_installed(what, "hosts") from error
    return keyring


def _is_a_store(ring: KeyringBackend) -> bool:
    """ "fail" says that there is none, "null" forgets: neither has a priority."""
    return float(ring.priority) > 0
