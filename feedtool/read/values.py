"""Single values as producers write them: names, addresses, languages, times, words of a list.

Text in, value out; what cannot be meant is refused with the code it is a finding of. The types
below are what written.py declares its keys with.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlsplit

from ..finding import N_, Code, Severity
from ..formats import (
    GUID_LENGTH,
    SLUG_LENGTH,
    ascii_address,
    is_blank,
    is_media_name,
    is_web_address,
    parse_claim,
    parse_clock,
)
from ..model import Category, Claim
from ..pattern import pattern
from ..podcast.kinds import GEO, Kind
from ..vocabulary import ROLES, ROLES_IN_SWEDISH
from .categories import SE010, category
from .dates import EP003
from .languages import language
from .marks import After, Before, Made, Refused, Said

CF030 = Code(
    "CF030",
    Severity.ERROR,
    message=N_('"{text}" is not a web address'),
    why=N_("listeners would get a link that leads nowhere"),
    mend=N_("copy the whole address from the browser; it begins with https:// and has no spaces"),
    spec=("URI-01", "RSS-03", "RSS-20"),
)
CF049 = Code(
    "CF049",
    Severity.ERROR,
    message=N_("the address of {host} has a name or a password before the @"),
    why=N_("it stands in every feed, where everybody reads it"),
    mend=N_("leave out the @ and everything between // and it; if it was published, change the "
            "password"),
)  # fmt: skip
CF031 = Code(
    "CF031",
    Severity.ERROR,
    message=N_('"{text}" is not an e-mail address'),
    why=N_("directories write to it to check that the feed is yours"),
    mend=N_("write one address of a shared mailbox, such as podd@example.org"),
    spec=("APPLE-14",),
)
CF033 = Code(
    "CF033",
    Severity.ERROR,
    message=N_('"{text}" cannot be the name of a published file'),
    why=N_("not every app can fetch a name with spaces, å, ä, ö or other signs"),
    mend=N_("rename the file to {better} and write that name here"),
    spec=("URI-03", "RSS-22"),
    fixable=True,
)
CF038 = Code(
    "CF038",
    Severity.ERROR,
    message=N_('"{text}" leads to a place outside the catalog'),
    why=N_("files from elsewhere on the machine could be published by mistake"),
    mend=N_("put the file below media/, where the others are, and write its name alone:  {better}"),
    spec=("URI-03",),
)
CF034 = Code(
    "CF034",
    Severity.ERROR,
    message=N_("the text has {size} characters; at most {limit} may stand here"),
    why=N_("apps and directories cut it off or refuse the feed"),
    mend=N_("shorten it; an episode has room for more in the notes, below the second ---"),
    spec=("XML-08",),
)
CF035 = Code(
    "CF035",
    Severity.ERROR,
    message=N_("there is nothing to read between the quotes here"),
    why=N_("apps would show a blank line"),
    mend=N_("write a text, or delete the line"),
)
CF036 = Code(
    "CF036",
    Severity.ERROR,
    message=N_('"{text}" is not known here'),
    why=N_("apps and directories know only the words of a list"),
    mend=N_("write one of the list, for example: {choices}"),
)
CF037 = Code(
    "CF037",
    Severity.ERROR,
    message=N_('"{text}" is written wrongly'),
    why=N_("apps would not understand it"),
    mend=N_("write it like this:  {example}"),
)
CF058 = Code(
    "CF058",
    Severity.ERROR,
    message=N_('"{text}" is written with other letters, large or small, than "{better}"'),
    why=N_("apps and directories know the words of a list letter for letter"),
    mend=N_("write  {better}"),
    fixable=True,
)
EP010 = Code(
    "EP010",
    Severity.ERROR,
    message=N_('"{text}" does not say how long the recording is'),
    why=N_("it is compared with the recording, to notice a wrong file"),
    mend=N_("write 11 min, 1 h 5 min or 11:04; a bare number could mean minutes or seconds"),
    spec=("DUR-02",),
)
EP011 = Code(
    "EP011",
    Severity.ERROR,
    message=N_('"{text}" is not a time inside a recording'),
    why=N_("apps jump to it"),
    mend=N_("write minutes and seconds, 2:10, or hours too, 1:02:10"),
    spec=("CHAP-03", "PSC-03"),
)
CH001 = Code(
    "CH001",
    Severity.ERROR,
    message=N_('"{text}" is not a chapter'),
    why=N_("a chapter is a time and a title"),
    mend=N_("write the time first, then the title:  02:10 Kundtjänsten"),
    spec=("PSC-03", "PSC-04"),
)
CH018 = Code(
    "CH018",
    Severity.ERROR,
    message=N_("a chapter with a colon and a space stands without quotes"),
    why=N_("what follows the colon is taken for a value of its own"),
    mend=N_("put the time and the title in straight quotes:  {line}"),
    spec=("PSC-03", "PSC-04"),
    fixable=True,
)
SE011 = Code(
    "SE011",
    Severity.ERROR,
    message=N_('the licence "{text}" is not one that apps know by its name'),
    why=N_("listeners could not find out what it allows"),
    mend=N_("write one of {choices}, or say where it stands:  {{name: {name}, url: https://...}}"),
    spec=("PC20-13",),
)


_DATE_FIRST = pattern(r"\d{4}-\d\d-\d\d(?:-|$)")
_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]+:")


def _check(test: Callable[[str], bool], code: Code) -> After:
    def check(text: str) -> str:
        if not test(text):
            raise Refused(code.fault(text=text))
        return text

    return After(check)


def _parsed(kind: type, parse: Callable[[str], Any], code: Code, pattern: str) -> Made:
    """A value that is made from text by `parse`; `pattern` is what editors check."""

    def convert(value: object) -> Any:
        if isinstance(value, kind):  # a file holds texts: taken from one already
            return value
        try:
            return parse(value.strip() if isinstance(value, str) else "")
        except Refused:
            raise
        except ValueError as error:
            raise Refused(code.fault(text=str(value))) from error

    return Made(convert, pattern)


_LINE_END = pattern(r"\s*\n\s*")
_BREAK = pattern(r"\s*[\t\n\v\f\r\u0085\u2028\u2029]\s*")
"""What no line of a list or a page can hold; a guid stays as it is, but for line ends."""


def _text(limit: int, lines: bool = False, space: str | None = None) -> After:
    """A text with something to read in it; on one line, unless `lines`; without `space` around it.

    `space` None = any white space.
    """

    def check(text: str) -> str:
        text = text.strip(space)
        if not lines and not text.isprintable():
            text = (_LINE_END if space else _BREAK).sub(" ", text)
        if is_blank(text):
            raise Refused(CF035.fault())
        if len(text) > limit:
            raise Refused(CF034.fault(size=len(text), limit=limit))
        return text

    return After(check)


def _address(text: str) -> str:
    try:
        if is_web_address(text):
            return ascii_address(text)
    except (ValueError, UnicodeError):
        pass
    raise Refused(CF030.fault(text=text))


def _address_for_all(text: str) -> str:
    """One that feeds have on every line: no secret, and no name either (RFC 9110, 4.2.4)."""
    address = _address(text)
    _, login, host = urlsplit(address).netloc.rpartition("@")
    if login:
        raise Refused(CF049.fault(host=host))
    return address


def _uri(text: str) -> str:
    """An address of the web, or of a network that podcast:source knows (PC20-17)."""
    if _ELSEWHERE.fullmatch(text.strip()):
        return text.strip()
    return _address(text)


_ELSEWHERE = pattern(r"(?:ipfs|ipns|magnet):[!#-;=?-\[\]_a-z~]+", re.ASCII)


def better_name(text: str) -> str:
    """The nearest name that may be published: "Åsas möte.mp3" -> "asas-mote.mp3"."""
    from slugify import slugify

    stem, dot, suffix = text.rpartition(".")
    suffix = re.split("[?#]", suffix)[0]  # copied from an address
    parts = [slugify(part) for part in (stem if dot else text).split("/")]
    better = "/".join(part for part in parts if part) or "name"
    return f"{better}.{suffix.lower()}" if dot and suffix.isalnum() and suffix.isascii() else better


def better_slug(text: str) -> str:
    """The nearest name that may be part of an address: "2021-06-22 Åsas möte" -> "asas-mote"."""
    from slugify import slugify

    slug = slugify(text)
    while _DATE_FIRST.match(slug):
        slug = _DATE_FIRST.sub("", slug)
    return slug[:SLUG_LENGTH].strip("-") or "name"


def file_name(text: str) -> str:
    """A name below media/, in NFC. Raises Refused."""
    if is_media_name(text):
        return text
    text = unicodedata.normalize("NFC", text.strip())
    parts = re.split(r"[/\\]", text)
    if ".." in parts or not parts[0] or "\\" in text or re.match("[A-Za-z]:", text):
        raise Refused(CF038.fault(text=text, better=better_name(parts[-1])))
    if not is_media_name(text):
        raise Refused(CF033.fault(text=text, better=better_name(text)))
    return text


def is_name(text: str) -> bool:
    """Is it meant as the name of a file of chapters, and not as the chapters themselves?"""
    return "\n" not in text and not _TIME_FIRST.match(text)


_TIME_FIRST = pattern(r"\s*[-–•]?\s*\d{1,3}[:.]\d\d(?:[:.]\d\d)?(?:\s|$)")


def _source(text: str) -> str:
    """The name of a file, or an address; C: is a disk."""
    return _address(text) if ":" in text and _SCHEME.match(text) else file_name(text)


def other_letters(text: str, choices: Iterable[str]) -> str | None:
    """The one choice that differs from the text only in large and small letters."""
    folded = text.strip().casefold()
    same = [choice for choice in choices if choice.casefold() == folded]
    return same[0] if len(same) == 1 else None


def one_of(
    choices: tuple[str, ...],
    spelling: Callable[[str], str] = str,
    meant: Mapping[str, str] = MappingProxyType({}),
) -> After:
    """One of the words, after `spelling` has made the usual one of it.

    `meant` has other words for some of them, which are told of.
    """
    known = frozenset(choices)

    def check(written: str) -> str:
        text = spelling(written)
        if text not in known:
            if better := other_letters(text, choices):
                raise Refused(CF058.fault(text=text, better=better))
            near = choices
            if len(choices) > 8:
                near = tuple(difflib.get_close_matches(text[:100], choices, 4, 0))
            if text in meant:
                near = (meant[text],)
            raise Refused(CF036.fault(text=written, choices=", ".join(near)))
        return text

    return After(check)


def like(form: str, example: str, nearest: Callable[[str], str] = lambda text: "") -> After:
    """A text of this form; `nearest` finds what may be meant by another one, or ""."""
    shape = pattern(form, re.ASCII)

    def check(text: str) -> str:
        if not shape.fullmatch(text):
            raise Refused(CF037.fault(text=text, example=nearest(text) or example))
        return text

    return After(check)


def _of_a_calendar(text: str) -> str:
    """A year, a month or a day that there is, since recordings are made (as in formats.py)."""
    try:
        if date.fromisoformat((text + "-01-01")[:10]).year >= 1900:
            return text
    except ValueError:
        pass
    raise Refused(EP003.fault(text=text))


def of_kind(kind: Kind, example: str = "") -> After:
    """A value that the table of Podcasting 2.0 tags knows (podcast/kinds.py)."""

    def check(written: str) -> str:
        text = kind.tidy(written)
        if not kind.test(text):
            near = _coordinates(written) if kind is GEO else ""
            raise Refused(CF037.fault(text=written, example=near or example or kind.example))
        return text

    return After(check)


def _coordinates(text: str) -> str:
    """The two numbers of "57.70, 11.97", as maps give them, or ""."""
    found = re.findall(r"-?\d+\.\d+", text, re.ASCII)
    better = f"geo:{','.join(found)}"
    return better if len(found) == 2 and GEO.test(better) else ""


def short(key: str, *, many: bool = False) -> Callable[[object], object]:
    """Let a text stand for an object with only `key`; with `many`, one for a list of one."""

    def full(value: object) -> object:
        return {key: value} if isinstance(value, str) else value

    def convert(value: object) -> object:
        return [full(item) for item in value] if isinstance(value, list) else [full(value)]

    return convert if many else full


def _only_number(text: str) -> str:
    """The number of "Avsnitt 2", "#2" and "2,5"; "" when there is none, or more than one."""
    found = re.findall(r"\d+(?:[.,]\d+)?", text, re.ASCII)
    number = found[0].replace(",", ".") if len(found) == 1 else ""
    return number if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", number) else ""


_ATOM = r"[^@\s<>(),;:\"\[\]\\.]+"
_MAIL = pattern(rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})+")
"""Words with a dot between them, never two (RFC 5322, 3.4.1)."""
Text = Annotated[str, _text(4000, lines=True)]
Line = Annotated[str, _text(255)]
Label = Annotated[str, _text(128)]
Brief = Annotated[str, _text(32)]
Address = Annotated[str, After(_address), Said(format="uri")]
PublicAddress = Annotated[str, After(_address_for_all), Said(format="uri")]
Uri = Annotated[str, After(_uri), Said(format="uri")]
Mail = Annotated[
    str, _check(lambda text: bool(_MAIL.fullmatch(text)), CF031),
    Said(format="email"),
]  # fmt: skip
Language = Annotated[str, After(language)]
FileName = Annotated[str, After(file_name)]
Source = Annotated[str, After(_source)]
Guid = Annotated[str, _text(GUID_LENGTH, space=" \t\r\n")]  # U+00A0 tells it from another
Uuid = Annotated[
    str,
    Before(lambda value: value.lower() if isinstance(value, str) else value),
    like(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
]
Clock = Annotated[
    timedelta, _parsed(timedelta, parse_clock, EP011, r"^(\d+:)?\d+:[0-5]\d(\.\d{1,3})?$")
]
Duration = Annotated[
    Claim, _parsed(Claim, parse_claim, EP010, r"^(\d+ ?h)?( ?\d+ ?min)?$|^(\d+:)?\d+:[0-5]\d$")
]
CategoryName = Annotated[Category, _parsed(Category, category, SE010, ".")]
Role = Annotated[
    str,
    one_of(tuple(sorted(ROLES)), lambda text: text.strip().lower(), ROLES_IN_SWEDISH),
    Said(examples=["host", "guest", "producer"]),
]
Number = Annotated[
    str, like(r"\d{1,6}(\.\d{1,3})?", "3", _only_number), Said(pattern=r"^\d+(\.\d+)?$")
]
MimeType = Annotated[str, like(r"[a-z]+/[A-Za-z0-9.+-]+", "application/x-mpegURL")]
Partial = Annotated[
    str, like(r"\d{4}(-\d\d(-\d\d)?)?", N_("2019, 2019-05 or 2019-05-21")), After(_of_a_calendar)
]
