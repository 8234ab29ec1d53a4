"""What pages say themselves: in the language of the series if it is Swedish or English.

Dates, lengths and sizes as people read them. Rounded: the exact values stand in the markup.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from ...finding import N_
from ...formats import whole_seconds

_LOCALES = Path(__file__).parent.parent.parent / "locale"
_SPOKEN = ("sv", "en")

_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_LANGUAGES = {
    "am": N_("Amharic"), "ar": N_("Arabic"), "bs": N_("Bosnian"), "ckb": N_("Central Kurdish"),
    "da": N_("Danish"), "de": N_("German"), "en": N_("English"), "es": N_("Spanish"),
    "et": N_("Estonian"), "fa": N_("Persian"), "fi": N_("Finnish"), "fit": N_("Meänkieli"),
    "fr": N_("French"), "hr": N_("Croatian"), "is": N_("Icelandic"), "it": N_("Italian"),
    "kmr": N_("Northern Kurdish"), "ku": N_("Kurdish"), "nb": N_("Norwegian (Bokmål)"),
    "nn": N_("Norwegian (Nynorsk)"), "no": N_("Norwegian"), "pl": N_("Polish"),
    "rom": N_("Romani"), "ru": N_("Russian"), "se": N_("Northern Sami"), "sma": N_("Southern Sami"),
    "smj": N_("Lule Sami"), "so": N_("Somali"), "sq": N_("Albanian"), "sr": N_("Serbian"),
    "sv": N_("Swedish"), "swl": N_("Swedish Sign Language"), "ti": N_("Tigrinya"),
    "tr": N_("Turkish"), "uk": N_("Ukrainian"), "yi": N_("Yiddish"), "zh": N_("Chinese"),
}  # fmt: skip
"""What public bodies of Sweden speak to people in: the national minorities' languages, the sign
language, and the largest others."""

_TYPES = {
    "audio/mpeg": "MP3", "audio/x-m4a": "M4A", "audio/mp4": "M4A", "audio/ogg": "Ogg",
    "audio/opus": "Opus", "audio/flac": "FLAC", "audio/x-flac": "FLAC", "audio/wav": "WAV",
    "audio/x-wav": "WAV", "video/mp4": "MP4", "video/x-m4v": "M4V", "video/quicktime": "MOV",
    "text/vtt": "WebVTT", "application/x-subrip": "SubRip", "application/x-mpegURL": "HLS",
    "application/vnd.apple.mpegurl": "HLS",
    "text/plain": "TXT",
}  # fmt: skip


_RIGHT_TO_LEFT = frozenset({
    "ar", "arc", "azb", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "nqo", "pnb", "ps", "sd",
    "syr", "ug", "ur", "yi",
    "arab", "hebr", "nkoo", "syrc", "thaa",
})  # fmt: skip
"""Languages that are written from right to left, and scripts (RFC 5646 section 2.2.3)."""


class Speech:
    """The words of pages whose content is in one language."""

    def __init__(self, language: str) -> None:
        primary = language.partition("-")[0].lower()
        self.code = primary if primary in _SPOKEN else "en"
        self.text: Callable[[str], str] = gettext.translation(
            "feedtool", _LOCALES, [self.code], fallback=True
        ).gettext
        self._months = [self.text(month) for month in _MONTHS]
        self._lengths: dict[int, str] = {}
        #: attributes of an element with these words
        self.ui = lang(self.code, language) if primary != self.code else Markup()
        self._around = self.code if self.ui else language

    def within(self, language: str) -> Markup:
        """Attributes of an element with words in `language` inside one with words of ours."""
        return lang(language, self._around)

    def date(self, day: date) -> str:
        """ "22 June 2021"."""
        return f"{day.day} {self._months[day.month - 1]} {day.year}"

    def length(self, time: timedelta) -> str:
        """ "1 hour 5 minutes", "11 minutes", "40 seconds"."""
        seconds = whole_seconds(time)
        known = self._lengths.get(seconds)
        if known is None:
            known = self._lengths[seconds] = self._length(seconds)
        return known

    def _length(self, seconds: int) -> str:
        if seconds < 60:
            return self._count(seconds, N_("{count} second"), N_("{count} seconds"))
        hours, minutes = divmod((seconds + 30) // 60, 60)
        parts = []
        if hours:
            parts.append(self._count(hours, N_("{count} hour"), N_("{count} hours")))
        if minutes:
            parts.append(self._count(minutes, N_("{count} minute"), N_("{count} minutes")))
        return " ".join(parts)

    def _count(self, count: int, one: str, many: str) -> str:
        return self.text(one if count == 1 else many).format(count=count)

    def size(self, bytes: int) -> str:
        """ "8.0 MB", in units of a thousand as hosts and disks count."""
        if bytes < 1_000_000:
            return f"{max(1, round(bytes / 1000))} kB"
        number, unit = (bytes / 1e9, "GB") if bytes >= 999_950_000 else (bytes / 1e6, "MB")
        whole, _, tenths = f"{number:.1f}".partition(".")
        # the sign between whole and tenths differs by language
        return self.text(N_("{whole}.{tenths} {unit}")).format(
            whole=whole, tenths=tenths, unit=unit
        )

    def language(self, tag: str, beside: Iterable[str] = ()) -> str:
        """The name of a language, or its tag; both if another `beside` it has the same name."""
        primary = tag.partition("-")[0].lower()
        name = _LANGUAGES.get(primary)
        if not name:
            return tag
        alike = any(one != tag and one.partition("-")[0].lower() == primary for one in beside)
        return f"{self.text(name)} ({tag})" if alike else self.text(name)


@lru_cache(maxsize=256)
def lang(language: str, around: str) -> Markup:
    """The language of a part whose surroundings are in the language `around`, as attributes.

    HTML does not know the direction from the language ("The dir attribute").
    """
    if language == around:
        return Markup()
    said = Markup(' lang="{}"').format(language)
    way, before = _direction(language), _direction(around)
    return said if way == before else said + Markup(' dir="{}"').format(way)


def _direction(language: str) -> str:
    """Where lines of a language end: "ltr" or "rtl"."""
    primary, *others = language.lower().split("-")
    script = next((one for one in others if len(one) == 4 and one.isalpha()), primary)
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=64)
def speech(language: str) -> Speech:
    """The words of pages in `language`, a BCP 47 tag."""
    return Speech(language)


def type_name(type: str) -> str:
    """A file type as people know it."""
    return _TYPES.get(type) or type.partition("/")[2].removeprefix("x-").upper() or type


@lru_cache(maxsize=4096)
def exact_length(seconds: int) -> str:
    """A duration for `<time datetime>` (HTML, "valid duration string")."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + "".join(f"{count}{unit}" for count, unit in parts if count)
