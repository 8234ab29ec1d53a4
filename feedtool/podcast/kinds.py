"""What the values of Podcasting 2.0 tags may look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Any

from ..declare import dataclass
from ..finding import N_
from ..formats import ascii_address, ascii_host, is_blank, is_web_address
from ..pattern import pattern


def _one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value: how it is told from others, and how to say what is expected."""

    name: str  #: what should stand there, in words; translated where it is shown
    example: str
    test: Callable[[str], bool]
    tidy: Callable[[str], str] = _one_line  #: to the form that feeds carry
    choices: tuple[str, ...] = ()  #: the only words there are
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


def _like(
    name: str,
    example: str,
    form: str,
    type: str = "string",
    tidy: Callable[[str], str] = _one_line,
) -> Kind:
    shape = pattern(form, re.ASCII)
    schema: dict[str, Any] = {"type": type}
    if type == "string":
        schema["pattern"] = rf"^\s*({form})\s*$"  # what stands around it is taken away
    return Kind(name, example, lambda text: bool(shape.fullmatch(text)), tidy, schema=schema)


def _number(name: str, example: str, least: float, most: float | None = None) -> Kind:
    """A decimal number as XML has it: no exponent, no comma."""

    def test(text: str) -> bool:
        if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?", text, re.ASCII):
            return False
        return least <= float(text) and (most is None or float(text) <= most)

    schema: dict[str, Any] = {"type": "number", "minimum": least}
    return Kind(name, example, test, schema=schema | ({} if most is None else {"maximum": most}))


def _whole(name: str, example: str, least: int) -> Kind:
    def test(text: str) -> bool:
        return bool(re.fullmatch(r"\d{1,15}", text, re.ASCII)) and int(text) >= least

    return Kind(name, example, test, schema={"type": "integer", "minimum": least})


def text_of(limit: int, example: str, *, lines: bool = False) -> Kind:
    """A text with something to read in it, of at most `limit` characters."""
    name = _LIMITS[limit]
    schema = {"type": "string", "minLength": 1, "maxLength": limit}
    tidy = str.strip if lines else _one_line
    return Kind(
        name, example, lambda text: len(text) <= limit and not is_blank(text), tidy, schema=schema
    )


_LIMITS = {
    32: N_("a text of at most 32 characters"),
    128: N_("a text of at most 128 characters"),
    255: N_("a text of at most 255 characters"),
    4000: N_("a text of at most 4000 characters"),
}


def one_of(choices: tuple[str, ...], *, fold: bool = False) -> Kind:
    """One of some words; with `fold`, in any case, and spelled as in the list."""
    folded = {word.lower(): word for word in choices}

    def tidy(text: str) -> str:
        text = text.strip()
        return folded.get(text.lower(), text) if fold else text

    return Kind(
        N_("a word of the list"), choices[0], choices.__contains__, tidy, choices,
        {"enum": list(choices)},
    )  # fmt: skip


def _address(text: str) -> str:
    try:
        return ascii_address(text.strip()) if is_web_address(text.strip()) else text.strip()
    except (ValueError, UnicodeError):  # a host that no name server can have
        return text.strip()


def _host(text: str) -> str:
    """A name with letters as å in the form that name servers have (IDNA)."""
    text = _one_line(text)
    try:
        return text if text.isascii() else ascii_host(text)
    except UnicodeError:  # a name that no name server can have
        return text


def _is_https(text: str) -> bool:
    return text.startswith("https://") and text.isascii() and is_web_address(text)


_LOCAL = ("javascript:", "vbscript:", "data:", "blob:", "file:", "about:")
"""What runs or shows something in the app itself; no service is reached by it."""


def _is_uri(text: str) -> bool:
    """Any scheme of a service but http, which apps block as mixed content.

    Only web addresses have a host.
    """
    if text.startswith(("http:", "https:")):
        return _is_https(text)
    return not text.startswith(_LOCAL) and bool(
        re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-;=?-\[\]_a-z~#]+", text, re.ASCII)
    )


def _is_sources(text: str) -> bool:
    """HTML's srcset with widths: "https://... 1500w, https://... 600w"."""
    parts = [part.split() for part in text.split(",")]
    return all(
        len(part) == 2 and _is_https(part[0]) and re.fullmatch(r"[1-9]\d*w", part[1], re.ASCII)
        for part in parts
    )


def _is_geo(text: str) -> bool:
    number = r"(-?\d+(?:\.\d+)?)"
    form = rf"geo:{number},{number}(?:,{number})?(?:;u=\d+(?:\.\d+)?)?"
    match = re.fullmatch(form, text, re.ASCII)
    return match is not None and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180


def _is_mail_date(text: str) -> bool:
    from email.utils import parsedate_to_datetime  # takes 8 ms; few feeds have such a date

    try:
        return parsedate_to_datetime(text).tzinfo is not None
    except ValueError:
        return False


_MOMENT = pattern(
    r"\d{4}-?\d\d-?\d\d(?:T\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
"""ISO 8601 with all signs, some or none, as calendars and feeds have it."""


def _moment(text: str) -> datetime | None:
    """When it is; None = it is no date, or one that no calendar has."""
    try:
        return datetime.fromisoformat(text.upper()) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def _when(text: str) -> str:
    """A date, or a time as in RFC 3339: feeds of others have -0600 and .000 in it."""
    text = text.strip()
    moment = _moment(text)
    if moment is None:
        return text
    return moment.isoformat() if "T" in text.upper() else moment.date().isoformat()


def _is_when(text: str) -> bool:
    moment = _moment(text)
    return moment is not None and ("T" not in text or moment.tzinfo is not None)


def _recur(text: str) -> str:
    """A rule as in RFC 5545, section 3.3.10: the value alone, and no signs in its end."""
    text = text.strip().upper().removeprefix("RRULE:")
    return ";".join(_part(part) for part in text.split(";") if part)


def _part(part: str) -> str:
    """One part of a rule. The namespace writes UNTIL=2023-12-31T00:00:00.000Z."""
    name, _, value = part.partition("=")
    moment = _moment(value) if name == "UNTIL" else None
    if moment is None:
        return part
    if "T" not in value:
        return f"UNTIL={moment.date().isoformat()}".replace("-", "")
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:  # in the year 1 or 9999
            return part
    end = moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return "UNTIL=" + end.replace("-", "").replace(":", "") + ("Z" if moment.tzinfo else "")


URI = Kind(
    N_("an address that begins with https:// or with the name of another service"),
    "https://social.example.org/@nordvik/1", _is_uri, _address,
    schema={"type": "string", "format": "uri"},
)  # fmt: skip
HTTPS = Kind(
    N_("an address that begins with https://"), "https://www.example.org/", _is_https, _address,
    schema={"type": "string", "format": "uri", "pattern": r"^\s*https://"},
)  # fmt: skip
SOURCES = Kind(
    N_("addresses with their widths"),
    "https://www.example.org/stor.jpg 1500w, https://www.example.org/liten.jpg 600w", _is_sources,
)  # fmt: skip
UUID = Kind(
    N_("a UUID"), "917393e3-1b1e-5cef-ace4-edaa54e1f810",
    lambda text: bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)),
    lambda text: text.strip().lower(),
    schema={"type": "string", "format": "uuid"},
)  # fmt: skip
GEO = Kind(N_("a geo: address with latitude and longitude"), "geo:59.33,18.06", _is_geo)
MAIL_DATE = Kind(
    N_("a date as in e-mails"), "Tue, 22 Jun 2021 09:00:00 +0200", _is_mail_date
)  # fmt: skip
OSM = _like(N_("an object of OpenStreetMap"), "R113314", r"[NWR]\d+(#\d+)?")
COUNTRY = _like(
    N_("a country in two capital letters"), "SE", "[A-Z]{2}", tidy=lambda text: text.strip().upper()
)
LANGUAGE = _like(N_("a language tag"), "sv", r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
MAIL = _like(N_("an e-mail address"), "podd@example.org", r"[^@\s]+@[^@\s]+\.[^@\s]+")
MIME = _like(
    N_("a media type"), "image/jpeg",
    r"(application|audio|font|image|message|model|multipart|text|video)/[A-Za-z0-9][A-Za-z0-9.+-]*",
)  # fmt: skip
_HOST = (
    r"(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}"
    r"[A-Za-z0-9]"
)
_WRITTEN_HOST = _HOST.replace("a-z", r"a-z\u0080-\uffff")
HOST = replace(
    _like(
        N_("the name of a server, without https:// and path"), "irc.example.org", _HOST, tidy=_host
    ),
    schema={"type": "string", "pattern": rf"^\s*({_WRITTEN_HOST})\s*$"},
)
RATIO = _like(
    N_("width and height with a slash between them"), "16/9", r"[1-9]\d{0,4}/[1-9]\d{0,4}"
)  # fmt: skip
WORDS = replace(
    _like(
        N_("words with spaces between them, at most 128 characters"), "artwork social",
        r"(?=.{1,128}$)[^\s,]+( [^\s,]+)*",
    ),
    schema={"type": "string", "pattern": r"^\s*[^\s,]+(\s+[^\s,]+)*\s*$"},
)  # fmt: skip
WHEN = Kind(
    N_("a date, or a date and a time with its offset"), "2021-06-22T09:00:00+02:00", _is_when,
    _when,
)  # fmt: skip
RECUR = Kind(
    N_("a rule of RFC 5545"), "FREQ=WEEKLY",
    lambda text: bool(re.fullmatch(r"(?=(.*;)?FREQ=)[A-Z0-9=,;:+-]+", text)), _recur,
)  # fmt: skip
NUMERAL = _like(N_("a number such as 3 or 100.5"), "3", r"\d+(\.\d+)?", "number")
HASH = _like(
    N_("a hash or a signature"), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    r"(sha(256|384|512)-)?[A-Za-z0-9+/]+={0,2}",
)  # fmt: skip
CODECS = text_of(255, "avc1.42E01E, mp4a.40.2")
SECONDS = _number(N_("seconds, 0 or more"), "60", 0)
LENGTH = _number(N_("seconds, more than 0"), "237.5", 0.001)
PERCENT = _number(N_("a number from 0 to 100"), "95", 0, 100)
AMOUNT = _number(N_("a number, 0 or more"), "0.00000005", 0)
BYTES = _whole(N_("a whole number, 0 or more"), "24449", 0)
SHARES = _whole(N_("a whole number, 0 or more"), "95", 0)
COUNT = _whole(N_("a whole number from 1 on"), "1", 1)
ORDER = _whole(N_("a whole number, 0 or more"), "1", 0)
PIXELS = _whole(N_("a whole number from 1 on"), "1500", 1)
RATE = _number(N_("a number, more than 0"), "128000", 0.001)
TRUE_FALSE = Kind(
    N_("true or false"), "true", ("true", "false").__contains__,
    lambda text: text.strip().lower(), ("true", "false"), {"type": "boolean"},
)  # fmt: skip
YES_NO = Kind(
    N_("yes or no"), "yes", ("yes", "no").__contains__,
    lambda text: text.strip().lower(), ("yes", "no"), {"enum": ["yes", "no"]},
)  # fmt: skip
