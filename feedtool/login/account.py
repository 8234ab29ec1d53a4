"""Who is signed in, as the host sees it; and signing out there."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..errors import FeedtoolError
from ..language import N_
from ..read.objects import HostKeys
from ..sync.api import Api, Bearer
from ..sync.host import HostDownError
from .kinds import Kind, site_of

_LONGEST = 100
"""Letters of a name."""


def account_of(
    name: str, kind: Kind, keys: HostKeys, bearer: Bearer, wait: Callable[[float], None]
) -> str:
    """The name of the account. Raises AccessError when the host refuses, HostDownError."""
    api = Api(site_of(keys.url), bearer, name, wait)
    try:
        answer = api.ask("GET", kind.me)
        if not answer.ok:
            raise api.refused(answer)
        said = answer.json
    finally:
        api.close()
    if not isinstance(said, dict):
        raise HostDownError(
            N_("{host} does not say who is signed in"),
            N_("look at  url:  of the host in feedtool.yaml"),
            host=name,
        )
    names = (said.get(field) for field in kind.names)
    told = next((one for one in names if isinstance(one, str) and one), "?")
    return re.sub(r"[^ -~\w]|\s+", " ", told)[:_LONGEST]


def sign_out(
    name: str, kind: Kind, keys: HostKeys, bearer: Bearer, wait: Callable[[float], None]
) -> bool:
    """End the session at the host, where there is one; False = it may go on there."""
    if not kind.sign_out:
        return True
    api = Api(site_of(keys.url), bearer, name, wait)
    try:
        return api.ask("POST", kind.sign_out).ok
    except FeedtoolError:
        return False
    finally:
        api.close()
