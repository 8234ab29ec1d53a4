"""Who takes part, each person once with all roles, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from markupsafe import Markup

from ...finding import N_
from ...model import Credit, Person, Series
from .addresses import web
from .speech import lang, speech
from .templates import render


def people(credits: Iterable[Credit], series: Series) -> Markup:
    """The people in the order of their first role, as parts of a list on a page of `series`."""
    roles: dict[str, list[str]] = {}
    persons: dict[str, Person] = {}
    for credit in credits:
        person = persons.setdefault(credit.person.key, credit.person)
        roles.setdefault(person.key, []).append(credit.role)
    spoken, lent = series.language, series.catalog_language
    shown = [_shown(person, tuple(roles[key]), spoken, lent) for key, person in persons.items()]
    return Markup("".join(shown))


@lru_cache(maxsize=1024)
def _shown(person: Person, roles: tuple[str, ...], language: str, lent: str) -> str:
    """Cached: who leads a series is on each of its pages, and most guests come again.

    `lent` is the language of what feedtool.yaml says of the person; "" = the page's.
    """
    say, other = speech(language), lang(lent or language, language)
    about = [
        (text, other if key in person.lent else Markup())
        for key, text in (("title", person.title), ("organisation", person.organisation))
        if text
    ]
    values = {
        "name": person.name,
        "about": [
            (", ".join(text for text, _ in alike), mark)
            for mark, alike in groupby(about, key=itemgetter(1))
        ],
        "roles": ", ".join(say.text(_ROLES.get(role, role)) for role in roles),
        "url": web(person.url),
    }
    return render("person.html", say, values)


_ROLES = {
    role.lower(): role
    for role in (
        N_("Director"), N_("Assistant director"), N_("Executive producer"), N_("Senior producer"),
        N_("Producer"), N_("Associate producer"), N_("Development producer"),
        N_("Creative director"), N_("Host"), N_("Co-host"), N_("Guest host"), N_("Guest"),
        N_("Voice actor"), N_("Narrator"), N_("Announcer"), N_("Reporter"), N_("Author"),
        N_("Editorial director"), N_("Co-writer"), N_("Writer"), N_("Songwriter"),
        N_("Guest writer"), N_("Story editor"), N_("Managing editor"), N_("Script editor"),
        N_("Script coordinator"), N_("Researcher"), N_("Editor"), N_("Fact checker"),
        N_("Translator"), N_("Transcriber"), N_("Logger"), N_("Studio coordinator"),
        N_("Technical director"), N_("Technical manager"), N_("Audio engineer"),
        N_("Remote recording engineer"), N_("Post production engineer"), N_("Audio editor"),
        N_("Sound designer"), N_("Foley artist"), N_("Composer"), N_("Theme music"),
        N_("Music production"), N_("Music contributor"), N_("Production coordinator"),
        N_("Booking coordinator"), N_("Production assistant"), N_("Content manager"),
        N_("Marketing manager"), N_("Sales representative"), N_("Sales manager"),
        N_("Graphic designer"), N_("Cover art designer"), N_("Social media manager"),
        N_("Consultant"), N_("Intern"), N_("Camera operator"), N_("Lighting designer"),
        N_("Camera grip"), N_("Assistant camera"), N_("Assistant editor"),
    )
}  # fmt: skip
"""The roles of the podcast taxonomy as a page says them."""
