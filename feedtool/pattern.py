"""Regular expressions that are compiled when they are first used.

A build knows 145 of them and uses 35; to compile them all takes 27 ms, a fifth of what a build
imports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:  # noqa: N801 - it stands where re.compile stood
        """What `re.compile` gives; a mistake in it shows at its first use."""

        def __init__(self, text: str | bytes, flags: int = 0) -> None:
            self._made = lambda: re.compile(text, flags)

        def __getattr__(self, name: str) -> Any:
            made = self._made()
            for method in _METHODS:  # from now on they are found without this detour
                setattr(self, method, getattr(made, method))
            return getattr(made, name)

    _METHODS = (
        "search",
        "match",
        "fullmatch",
        "finditer",
        "findall",
        "split",
        "sub",
        "subn",
        "pattern",
        "flags",
    )


__all__ = ["pattern"]
