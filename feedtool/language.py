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


def tag_of(locale_name: str) -> str:
    """ "sv" for sv_SE.UTF-8, for sv-FI and for "Swedish_Sweden", as Windows says; "c" for C."""
    import locale
    import re

    begin = re.split("[_.@-]", locale_name)[0]
    return locale.normalize(begin).partition("_")[0].lower()


def system_language() -> str:
    """What programs on this system shall speak, as the variables of POSIX say; "" = nothing does.

    They are read as they stand: Python knows only locales that are installed, and servers and
    containers seldom have any.
    """
    import locale
    import os

    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if name := os.environ.get(variable):
            return tag_of(name)
    try:
        return tag_of(locale.getlocale()[0] or "")
    except ValueError:
        return ""


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
