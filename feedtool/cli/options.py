"""Options of every command, accepted before and after its name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import NoCatalogError
from ..language import LANGUAGES, N_
from ..pattern import pattern

if TYPE_CHECKING:
    from ..console import Console

CATALOG_FILE = "feedtool.yaml"
F = TypeVar("F", bound=Callable[..., Any])


class Settings:
    """What the global options say. No dataclass: making one costs a tenth of `--help`."""

    def __init__(self) -> None:
        self.root: Path | None = None
        self.lang: str | None = None
        self.json = False
        self.quiet = False
        self.plain = False
        self.no_input = False
        self._catalog_language = ""

    def speak(self, language: str) -> None:
        """Use this as the catalog's language, for errors too."""
        self._catalog_language = language

    def console(self) -> Console:
        """In the language chosen, else the catalog's once it is found."""
        from ..console import Console

        console = Console(language=self.lang, as_json=self.json, quiet=self.quiet, plain=self.plain)
        console.speak(self._catalog_language)
        return console

    def find_root(self) -> Path:
        """The folder of feedtool.yaml: `--root`, else the nearest one from here up.

        Raises NoCatalogError when there is none that can be read.
        """
        start = self.root or Path.cwd()
        folders = [start] if self.root else [start, *start.parents]
        for folder in folders:
            path = folder / CATALOG_FILE
            if os.path.isfile(path):  # Path.is_file() raises where nobody may look
                try:
                    with path.open("rb") as file:
                        self._catalog_language = _language(file.read(_BEGINNING))
                except OSError as error:
                    raise NoCatalogError(
                        "{path}: {reason}", N_("check that you may read the file"),
                        path=path, reason=error.strerror,
                    ) from error  # fmt: skip
                return folder
        for folder in folders:
            if other := _called_otherwise(folder):
                raise NoCatalogError(
                    N_('"{name}" is not read'), N_("rename it to  {better}"),
                    name=other, better=CATALOG_FILE,
                )  # fmt: skip
        raise NoCatalogError(
            N_("there is no {file} in {folder}")
            if self.root
            else N_("there is no {file} in {folder} or above it"),
            N_("go to the folder of your catalog, or name it with --root, or start one:  "
               "feedtool init"),
            file=CATALOG_FILE,
            folder=start,
        )  # fmt: skip


_LIKE_IT = {CATALOG_FILE, "feedtool.yml", "feedtool.yaml.txt", "feedtool.yml.txt"}


def _called_otherwise(folder: Path) -> Path | None:
    """The file that was meant to be feedtool.yaml. Editors put ".txt" behind a whole name."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return None
    like = (name for name in names if name.lower() in _LIKE_IT and name != CATALOG_FILE)
    return next((folder / name for name in like), None)


_BEGINNING = 65536
_LANGUAGE = pattern(rb"""^(?:\xef\xbb\xbf)?language:[ \t]*["']?([A-Za-z-]+)""", re.MULTILINE)


def _language(catalog: bytes) -> str:
    """The catalog's language at a glance: errors speak it too, before YAML is read."""
    found = _LANGUAGE.search(catalog)
    return found[1].decode() if found else ""


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Put a given option into the settings; one that is not given changes nothing there."""
    settings = ctx.ensure_object(Settings)
    if value and option.name:
        setattr(settings, option.name, value)


_OPTIONS = [
    click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True),
                 metavar="DIR", help="The folder of feedtool.yaml (default: from here up)."),
    click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages."),
    click.option("--json", is_flag=True, help="One JSON document on stdout."),
    click.option("--quiet", is_flag=True, help="Errors only."),
    click.option("--plain", is_flag=True, help="No progress bars."),
    click.option("--no-input", is_flag=True, help="Never ask."),
]  # fmt: skip


def global_options(command: F) -> F:
    """Add the options of every command."""
    for option in reversed(_OPTIONS):
        name = option
        command = name(command)
    for parameter in getattr(command, "__click_params__", []):
        if parameter.name in {"root", "lang", "json", "quiet", "plain", "no_input"}:
            parameter.expose_value = False
            parameter.callback = _keep
    return command
