"""Rules about who takes part."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import N_, Code, Finding, Severity
from .rule import Heard, item_rule

EP071 = Code(
    "EP071",
    Severity.WARNING,
    message=N_('"{name}" is named twice as {role}'),
    why=N_("apps take the two for different people and show both"),
    mend=N_("name the person once, by  id: {id} ; or not at all here if series.yaml does already"),
    spec=("PC20-07",),
)
EP072 = Code(
    "EP072",
    Severity.NOTE,
    message=N_("people_only leaves out {name}, and no host is named here"),
    why=N_("apps show no host for this episode"),
    mend=N_("that is right if nobody of the series takes part; else delete the line  people_only:"),
    spec=("PC20-08",),
)
EP073 = Code(
    "EP073",
    Severity.WARNING,
    message=N_("people_only leaves out everybody of the series, and nobody is named here"),
    why=N_("apps then show the people of the series all the same: an episode without people has "
           "those of its feed"),
    mend=N_("name somebody who takes part:  people: [{{name: ..., role: guest}}] , or delete the "
            "line  people_only:"),
    spec=("PC20-08",),
)  # fmt: skip

HOSTS = frozenset({"host", "co-host", "guest host", "narrator", "reporter", "announcer"})
"""Roles of those who lead through an episode."""


@item_rule
def person_named_in_two_ways(heard: Heard) -> Iterator[Finding]:
    """The same name in the same role, once by its id and once in full."""
    people = heard.item.episode.people
    if len(people) < 2:
        return
    known: dict[tuple[str, str], str | None] = {}
    for credit in people:
        person = credit.person
        key = (person.name, credit.role)
        if key not in known:
            known[key] = person.id
        # two who are listed may well have the same name; series.yaml is told by nobody here
        elif not (person.id and known[key]) and credit not in heard.series.people:
            id = person.id or known[key] or "..."
            yield EP071.at(heard.place("people"), name=person.name, role=credit.role, id=id)


@item_rule
def hosts_left_out(heard: Heard) -> Iterator[Finding]:
    """Episodes without the people of their series, and without others in their place."""
    every, here = heard.series.people, heard.item.episode.people
    if not every or every[0] in here:
        return
    own = {credit.person.key for credit in here}
    if any(credit.person.key in own for credit in every):
        return
    if not here:
        yield EP073.at(heard.place("people_only"))
        return
    hosts = [credit.person.name for credit in every if credit.role in HOSTS]
    if hosts and not any(credit.role in HOSTS for credit in here):
        yield EP072.at(heard.place("people_only"), name=", ".join(hosts[:3]))
