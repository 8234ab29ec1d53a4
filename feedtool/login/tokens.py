"""A pair of tokens as a value: what opens a host, and what renews it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..declare import dataclass
from ..secret import Secret

SLACK = 60
"""Seconds before its end from which a token counts as expired: a request takes its time."""
_IN_A_HEADER = re.compile(r"[\x21-\x7e]{1,16384}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a host gave."""

    access: Secret  #: "" = has to be renewed first
    refresh: Secret = Secret()  #: "" = cannot be renewed; good for one use
    expires_at: int | None = None  #: seconds since 1970; None = not told

    def expired(self, now: datetime) -> bool:
        ended = self.expires_at is not None and now.timestamp() >= self.expires_at - SLACK
        return ended or not self.access


def is_sendable(token: object) -> bool:
    """May it stand in a header? Line ends say something else there, and servers have a limit."""
    return isinstance(token, str) and _IN_A_HEADER.fullmatch(token) is not None


def given_tokens(answer: Mapping[str, Any], asked: datetime) -> Tokens:
    """The tokens of an answer to a question of this time. Raises ValueError when it has none.

    The lifetime counts from the question: from the answer it would be too long.
    """
    access, refresh = answer.get("access_token"), answer.get("refresh_token") or ""
    if not is_sendable(access) or not isinstance(refresh, str):
        raise ValueError("no token")
    lifetime = answer.get("expires_in")
    try:
        seconds = None if lifetime is None else int(float(lifetime))
    except (TypeError, ValueError, OverflowError):
        seconds = None
    return Tokens(
        access=Secret(access),
        refresh=Secret(refresh),
        expires_at=None if seconds is None else int(asked.timestamp()) + seconds,
    )


def as_json(tokens: Tokens) -> str:
    """One line of JSON: access_token, refresh_token, expires_at."""
    document: dict[str, str | int] = {"access_token": tokens.access}
    if tokens.refresh:
        document["refresh_token"] = tokens.refresh
    if tokens.expires_at is not None:
        document["expires_at"] = tokens.expires_at
    return json.dumps(document) + "\n"


def from_json(text: str | bytes) -> Tokens:
    """The tokens that `as_json` or a person wrote. Raises ValueError for anything else."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("no object")
    access, refresh = document.get("access_token") or "", document.get("refresh_token") or ""
    if not isinstance(refresh, str) or not (is_sendable(access) or (not access and refresh)):
        raise ValueError("no token")
    ends = _seconds(document.get("expires_at"))
    return Tokens(access=Secret(access), refresh=Secret(refresh), expires_at=ends)


def _seconds(ends: object) -> int | None:
    """A time as programs write it: seconds since 1970, or a date with its offset (ISO 8601).

    Raises ValueError for anything else.
    """
    if ends is None:
        return None
    if isinstance(ends, str):
        when = datetime.fromisoformat(ends)
        if when.tzinfo is None:
            raise ValueError("no offset")
        return int(when.timestamp())
    if isinstance(ends, bool) or not isinstance(ends, int | float):
        raise ValueError("no time")
    try:
        return int(ends)
    except OverflowError as error:  # JSON of Python knows Infinity
        raise ValueError("no time") from error
