"""One thing that was looked at, and how it is."""

from __future__ import annotations

from collections.abc import Mapping

from ..declare import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `detail` and `mend` are templates with the named `params`."""

    name: str
    status: str  #: ok, missing, warning, skipped or error
    detail: str
    mend: str
    params: Mapping[str, str | int]


def checked(name: str, status: str, detail: str, mend: str = "", /, **params: str | int) -> Check:
    return Check(name, status, detail, mend, params)
