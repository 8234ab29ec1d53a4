"""A key that is not declared where it stands: what it could be meant as."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from ..finding import N_, Code, Finding, Place, Severity
from .reshaped import quoted
from .unseen import CF100, unseen
from .yaml_faults import CF025, GLUED

CF020 = Code(
    "CF020",
    Severity.ERROR,
    message=N_('"{key}:" is not known here'),
    why=N_("feedtool would not understand it, and what it says would reach no listener"),
    mend=N_("write one of these words instead: {nearest}; if none fits, delete the line"),
)

CF101 = Code(
    "CF101",
    Severity.ERROR,
    message=N_('"{text}" stands here without a value, and is not a word that is known'),
    why=N_("a comma ends the value before it, so what follows the comma would reach no listener"),
    mend=N_(
        "write one of these words and a value instead: {nearest}; or delete it; if a comma cut it "
        "off from the text before it, put all of that in straight quotes:  {line}"
    ),
)

CF120 = Code(
    "CF120",
    Severity.ERROR,
    message=N_('"{key}:" does not belong in this file'),
    why=N_("feedtool looks for it elsewhere only, so what it says would reach no listener"),
    mend=N_("write it {expected}, and delete the line here"),
)

SHOWN = 120
"""Characters of a value that a message repeats."""

_ALIKE = 0.6
"""Of two words, for a guess; "bild" and "guid" are 0.5, "sumary" and "summary" 0.92."""
_SURELY = 0.7
"""To take one for the other; "okänd" and "locked" are 0.55."""

_TIGHT = {"geo", "rrule"}
"""Keys in whose values no space may follow a comma; what was written there is not known here."""

_MEANT = {
    "base_url": "adress address site_url url webb webbadress webbplats website",
    "media": "audio audiofile enclosure fil file inspelning ljud ljudfil mp3 recording video",
    "file": "fil filnamn filename media name src",
    "image": "artwork bild cover foto logo logotyp omslag photo picture portrait thumbnail",
    "summary": "abstract beskrivning description ingress sammanfattning subtitle",
    "description": "abstract beskrivning ingress sammanfattning subtitle summary",
    "date": "datum embargo publicerad publiceras publicering published publish_date pubdate"
    " release release_date tid",
    "people": "deltagare gäst gäster guest guests host hosts medverkande person personer persons"
    " speaker speakers talare",
    "title": "befattning headline namn name rubrik titel",
    "name": "namn person title",
    "role": "funktion roll",
    "organisation": "company förvaltning kommun organization org",
    "email": "e-post epost mail",
    "links": "länk länkar link url",
    "url": "adress address href länk link uri webb webbplats website",
    "chapters": "kapitel",
    "transcripts": "text textversion textversioner transkription transkript",
    "captions": "subtitles textning undertexter",
    "tags": "keywords nyckelord taggar ämnesord",
    "duration": "length längd speltid",
    "season": "säsong",
    "episode": "avsnitt avsnittsnummer nummer number",
    "language": "lang språk",
    "author": "avsändare författare",
    "owner": "ägare",
    "categories": "kategori kategorier",
    "license": "licence licens",
    "location": "place plats",
    "copyright": "rights upphovsrätt",
    "status": "draft utkast",
    "updated": "ändrad changed modified uppdaterad",
    "exempt": "undantag",
    "reason": "orsak skäl",
    "code": "kod",
    "why": "orsak reason skäl varför",
    "start": "starttid tid time",
    "end": "slut sluttid",
}
"""What people write for a key, in Swedish and English, where likeness would mislead or fail."""


def unknown(
    key: str,
    entry: Mapping[str, object],
    known: Sequence[str],
    place: Place,
    elsewhere: str | None = None,
) -> Finding:
    """The finding for a key of an entry that may not stand there, at its place.

    `elsewhere` = in which file it may. Without a value it may be a key and a value, "role:guest"
    without a space after the colon; or the end of the value before it, which a comma cut off.
    """
    value = entry[key]
    if fault := unseen(key, key if value is None and ":" in key else f"{key}: {_text(value)}"):
        return fault.at(place)
    if value is None and (glued := GLUED.fullmatch(key)):
        word = glued[1].strip()
        word = word.lower() if word.lower() in known else word
        return CF025.at(place, line=f"{word}: {glued[2].strip()}")
    if elsewhere and not _synonyms(key.lower(), known):
        return CF120.at(place, key=key, expected=elsewhere)
    near = _nearest(key.lower()[:100], known)
    if value is None and not near and len(place.keys) > 1 and (cut := _cut_off(key, entry)):
        first, line = cut
        place = replace(place, keys=(*place.keys[:-1], first))
        return CF101.at(place, text=short(first), line=line, nearest=", ".join(known[:6]))
    return CF020.at(place, key=short(key), nearest=", ".join(near or known[:6]))


def glued_line(value: object, known: Sequence[str]) -> str | None:
    """The first of the keys that a text consists of: "name:Elin role:guest" lacks two spaces."""
    glued = GLUED.match(value) if isinstance(value, str) else None
    if glued is None or glued[1] not in known:
        return None
    ends = (f" {name}:" for name in known)
    rest = glued[2]
    return f"{glued[1]}: {rest[: min(at for at in (*map(rest.find, ends), len(rest)) if at >= 0)]}"


def _cut_off(key: str, entry: Mapping[str, object]) -> tuple[str, str] | None:
    """What stands first after the text that goes on with this key, and all of that text."""
    names = list(entry)
    at = names.index(key)
    before = [name for name in names[:at] if entry[name] is not None]
    if not before or not isinstance(text := entry[before[-1]], str):
        return None
    after = names[names.index(before[-1]) + 1 :]
    rest = list(takewhile(lambda name: entry[name] is None, after))
    comma = "," if before[-1] in _TIGHT else ", "
    return rest[0], f"{before[-1]}: {quoted(comma.join([text, *rest]))}"


def _nearest(key: str, known: Sequence[str]) -> list[str]:
    said = _synonyms(key, known)
    folded = {one.lower(): one for one in known}
    alike = difflib.get_close_matches(key, folded, 3, _ALIKE)
    return said or [folded[one] for one in alike]


def _synonyms(key: str, known: Sequence[str]) -> list[str]:
    return [one for one, said in _MEANT.items() if one in known and key in said.split()]


def meant(finding: Finding) -> tuple[str | int, ...]:
    """The way to the key that surely was meant by an unknown one; () when that is not known."""
    if finding.code is CF020:
        key = str(finding.params["key"]).lower()
        better = str(finding.params["nearest"]).partition(",")[0]
        if not _synonyms(key, [better]) and not difflib.get_close_matches(
            key, [better], 1, _SURELY
        ):
            return ()
    elif finding.code in (CF025, CF100):
        better = str(finding.params["line"]).removeprefix("- ").partition(":")[0]
    else:
        return ()
    return (*finding.place.keys[:-1], better)


def _text(value: object) -> str:
    return short(value) if isinstance(value, str) else "..."


def short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
