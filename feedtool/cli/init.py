"""feedtool init."""

from __future__ import annotations

import locale
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import NoCatalogError
from ..finding import N_
from .asking import Asker, missing
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..scaffold.begin import Beginning

_ZONEINFO = "zoneinfo/"


@click.command("init")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="The name of the podcast.")
@click.option("--base-url", metavar="URL", help="The web address where it will live.")
@click.option("--language", metavar="TAG", help="sv, en, ... (default: the system's).")
@click.option("--email", metavar="ADDRESS", help="Of its owner: public in the feed.")
@click.option(
    "--cover", metavar="FILE", type=click.Path(), help="JPG or PNG, square, 1400 to 3000 pixels."
)
@click.option("--category", metavar="NAME", help='Apple\'s: "Government", "Arts > Books".')
@click.option("--description", metavar="TEXT", help="What it is about, in one to three sentences.")
@global_options
@click.pass_obj
def command(settings: Settings, /, folder: Path | None, **options: Any) -> None:
    """Start a catalog in DIR, or here: its settings, and folders for episodes and recordings.

    What the options do not say is asked. In a folder that has a catalog nothing is changed.

    \b
    Examples:
      feedtool init
      feedtool init podcast --title "From the town hall" --base-url https://podcast.example.org/
    """
    from ..scaffold.begin import begin_catalog, refuse_catalog

    root = folder or settings.root or Path.cwd()
    settings.root = folder or settings.root
    with suppress(NoCatalogError):  # the refusal is in the language of the catalog
        settings.find_root()
    refuse_catalog(root.absolute(), above=settings.root is None)
    settings.speak(options["language"] or _system_language(settings.lang))
    wanted = _asked(settings, root, options)
    settings.speak(wanted.language)
    console = settings.console()
    begun = begin_catalog(wanted, console.text)
    for word, names in ((N_("made"), begun.made), (N_("changed"), begun.changed)):
        if names:
            console.result(f"  {console.text(word)}  {'  '.join(names)}")
    if wanted.description == wanted.title:
        console.note(N_("the description in feedtool.yaml only repeats the title: write your own "
                        "before you publish"))  # fmt: skip
    if wanted.cover is None:
        console.note(N_("without a cover picture directories refuse the podcast: put one into "
                        "media/ and name it in feedtool.yaml"))  # fmt: skip
    console.result(console.text(N_("Next: feedtool new PATH-TO-AUDIO")))
    console.document(ok=True, more={"made": list(begun.made), "changed": list(begun.changed)})


def _asked(settings: Settings, root: Path, options: dict[str, str | None]) -> Beginning:
    """The options, and answers in the place of those that are missing."""
    from ..console import Console
    from ..read.written import CatalogKeys
    from ..scaffold.begin import Beginning, address, cover, text_line
    from ..scaffold.dropped import dropped_path
    from ..scaffold.refused import accept

    console = settings.console()
    text, ask = console.text, Asker(settings, console).ask

    def name(answer: str) -> str:
        if not answer.strip():
            raise missing("--title")
        return text_line(answer, "title")

    def email(answer: str) -> str:
        accept(CatalogKeys, owner={"name": "-", "email": answer.strip()})
        return answer.strip()

    def category(answer: str) -> str:
        accept(CatalogKeys, categories=[answer.strip()])
        return answer.strip()

    title = ask(text(N_("Name of the podcast")), "--title", options["title"], name)
    base_url = ask(
        text(N_("Web address where it will live")), "--base-url", options["base_url"], address
    )
    language = ask(
        text(N_("Language")), "--language", options["language"],
        lambda answer: text_line(answer, "language"),
        default=_system_language(settings.lang),
    )  # fmt: skip
    console.speak(language)  # from here on; pages say in it what the cover shows
    owner = ask(
        text(N_("Owner e-mail (shown publicly in the feed; use a shared mailbox)")), "--email",
        options["email"], email,
    )  # fmt: skip
    picture = ask(
        text(N_("Cover picture (JPG or PNG, square, 1400-3000 px; Enter to add later)")),
        "--cover", options["cover"],
        lambda answer: cover(dropped_path(answer)) if answer else None,
        default="",
    )  # fmt: skip
    about = ask(
        text(N_("What it is about, in one sentence (Enter to write it later)")), "--description",
        options["description"],
        lambda answer: text_line(answer or title, "description"),
        default="",
    )  # fmt: skip
    shelf = ask(
        text(N_("Category in directories")), "--category", options["category"], category,
        default="Society & Culture",
    )  # fmt: skip
    return Beginning(
        folder=root,
        title=title,
        base_url=base_url,
        language=language,
        timezone=_zone(language),
        email=owner,
        description=about,
        category=shelf,
        cover=picture,
        image_alt=Console(language=language).text(N_("Cover of {title}"), title=title),
    )


def _system_language(chosen: str | None) -> str:
    """The language asked for, else that of the system: "sv" for sv_SE.UTF-8."""
    from ..console import tag_of

    names = [chosen, *(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))]
    with suppress(ValueError):
        names.append(locale.getlocale()[0])
    names.append(os.environ.get("FEEDTOOL_LANG"))
    for name in names:
        primary = tag_of(name or "")
        if len(primary) in (2, 3):
            return primary
    return "en"


def _zone(language: str) -> str:
    """The system's time zone by its name, else one that the language suggests."""
    try:
        link = str(Path("/etc/localtime").readlink())
    except OSError:
        link = ""
    named = [os.environ.get("TZ", "").lstrip(":"), link.partition(_ZONEINFO)[2]]
    zone = next((name for name in named if name), "")
    if _is_place(zone):
        return zone
    return "Europe/Stockholm" if language.partition("-")[0] == "sv" else "UTC"


def _is_place(zone: str) -> bool:
    """A continent and a city: "Etc/UTC" is where servers are, not people."""
    from zoneinfo import available_timezones

    return "/" in zone and not zone.startswith("Etc/") and zone in available_timezones()
