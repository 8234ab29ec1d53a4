"""People by id or by name, with their roles."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Credit, Person
from ..vocabulary import ROLES
from .objects import CreditKeys

EP006 = Code(
    "EP006",
    Severity.ERROR,
    message=N_('no person in feedtool.yaml is called "{id}"'),
    why=N_("the person would not be shown"),
    mend=N_("known there: {known}. Correct the name, add {id} below  people:  in feedtool.yaml, "
            "or write  name: ...  here instead"),
    spec=("PC20-07",),
)  # fmt: skip
EP007 = Code(
    "EP007",
    Severity.ERROR,
    message=N_("a person here has neither id: nor name:, or has both"),
    why=N_("it is unclear who is meant"),
    mend=N_("write  id: ...  for a person who is listed in feedtool.yaml, else  name: ...  "
            "and not both"),
    spec=("PC20-07",),
)  # fmt: skip
EP070 = Code(
    "EP070",
    Severity.WARNING,
    message=N_("{name} is named twice as {role}"),
    why=N_("only one of the two is shown; was somebody else meant?"),
    mend=N_("write who was meant, or delete the line"),
    spec=("PC20-07",),
)


def resolve_people(
    written: Iterable[CreditKeys],
    known: Mapping[str, Person],
    place: Place,
    findings: list[Finding],
) -> tuple[Credit, ...]:
    """Credits with their persons; one who is not known is a finding at `people` in the place."""
    credits = []
    seen = set()
    for index, entry in enumerate(written):
        if (entry.id is None) == (entry.name is None):
            findings.append(EP007.at(place.down("people", index)))
            continue
        if entry.name is not None:
            person = Person(
                entry.name, None, entry.title, entry.organisation, entry.url,
                entry.image,
            )  # fmt: skip
        elif found := known.get(unicodedata.normalize("NFC", entry.id or "")):
            # offices and faces change over the years: what is said here holds for this recording
            person = found
            if entry.title or entry.organisation or entry.url or entry.image:
                keys = ("title", "organisation", "url", "image")
                own = {key: value for key in keys if (value := getattr(entry, key))}
                lent = tuple(key for key in found.lent if key not in own)
                person = replace(found, lent=lent, **own)
        else:
            near = difflib.get_close_matches((entry.id or "")[:100], known, 2, 0.4)
            there = ", ".join(near or list(known)[:3]) or N_("nobody yet")
            where = place.down("people", index, "id")
            findings.append(EP006.at(where, id=entry.id or "", known=there))
            continue
        if (person.key, entry.role) in seen:
            where = place.down("people", index)
            findings.append(EP070.at(where, name=person.name, role=entry.role))
        seen.add((person.key, entry.role))
        credits.append(Credit(person, entry.role, ROLES[entry.role]))
    return tuple(credits)


def merged(series: tuple[Credit, ...], own: tuple[Credit, ...]) -> tuple[Credit, ...]:
    """The series' people, then the episode's, each person once in a role.

    An app shows either the item's people or the channel's: without this the hosts would vanish
    from every episode with a guest (Podcasting 2.0, tag person).
    """
    return tuple({(credit.person.key, credit.role): credit for credit in series + own}.values())
