"""The languages of feedtool, the mark on texts that are translated, and sizes in words.

Every module that says something imports this one, so it imports nothing: a start must not wait.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = ("sv", "en")


def N_(text: str) -> str:  # noqa: N802 - the name gettext users know
    """Mark a text for translation where it is declared; it is translated where it is shown."""
    return text


class Size(int):
    """Bytes, for people to read. A message may have one as a parameter."""

    def told(self, text: Callable[[str], str]) -> str:
        """ "8.0 MB", in steps of 1,000 as file managers have it, translated by `text`."""
        if self < 1000:
            return f"{int(self)} B"
        number, units = self / 1000, ["kB", "MB", "GB"]
        while number >= 999.95 and len(units) > 1:
            number /= 1000
            del units[0]
        # the sign between whole and tenths differs by language
        whole, _, tenths = f"{number:.1f}".partition(".")
        return text(N_("{whole}.{tenths} {unit}")).format(whole=whole, tenths=tenths, unit=units[0])

    def __str__(self) -> str:
        return self.told(str)

    __format__ = object.__format__
