"""The folders and files below episodes/: which of them are series and episodes, by their names."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path

from .declare import dataclass
from .finding import N_, Code, Finding, Place, Severity, has_errors
from .formats import RESERVED_SERIES, is_slug
from .read.text import CF001
from .read.values import better_slug

CF050 = Code(
    "CF050",
    Severity.ERROR,
    message=N_("there are no episodes yet"),
    why=N_("a feed without episodes is refused by every directory"),
    mend=N_("make a folder for the series below episodes/, and in it the file series.yaml and one "
            "file for each episode:  episodes/my-series/my-episode.md"),
    spec=("APPLE-40",),
)  # fmt: skip
CF051 = Code(
    "CF051",
    Severity.ERROR,
    message=N_('"{name}" cannot be part of a web address'),
    why=N_("the name becomes the address of a page: small letters a-z, digits and single hyphens, "
           "80 at most, and no date first"),
    mend=N_("rename it to  {better}"),
    spec=("URI-03",),
)  # fmt: skip
CF052 = Code(
    "CF052",
    Severity.ERROR,
    message=N_('a series cannot be called "{name}"'),
    why=N_("a folder of that name holds something else on the web site"),
    mend=N_("give the folder another name, for example  {better}"),
)
CF053 = Code(
    "CF053",
    Severity.ERROR,
    message=N_("a link leads out of the catalog"),
    why=N_("files from elsewhere on the machine could be published by mistake"),
    mend=N_("delete the link and put the file or folder itself there"),
)
CF054 = Code(
    "CF054",
    Severity.WARNING,
    message=N_('"{name}" is not read'),
    why=N_("only series.yaml and files that end with .md are"),
    mend=N_("rename it to  {better}  , or move it out of episodes/"),
)
CF055 = Code(
    "CF055",
    Severity.WARNING,
    message=N_('"{name}" is not read here'),
    why=N_("an episode is read only if it stands in the folder of its series, and not in a folder "
           "inside that"),
    mend=N_("move it to  episodes/{folder}/{name}"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folder:
    """One series as found on disk, before anything is read."""

    slug: str
    episodes: tuple[str, ...]  #: file stems, sorted
    has_series_file: bool = True
    instead: str = ""  #: what there is for it, under a name that is not read


def find_folders(
    root: Path, found: list[Finding], only: Container[str] | None = None
) -> list[Folder]:
    """The series below episodes/, by name; with `only`, those of them."""
    folders: list[Folder] = []
    wrong: list[Finding] = []
    if _linked_away(root):
        found.append(CF053.at(Place("episodes")))
        return []
    if reason := _unreadable(root / "episodes"):
        found.append(CF001.at(Place("episodes"), reason=reason))
        return []
    for entry in _entries(root / "episodes"):
        name = unicodedata.normalize("NFC", entry.name)
        place = Place(f"episodes/{name}")
        if name.startswith(".") or (only is not None and name not in only):
            continue
        if not _is_folder(entry):
            if name.endswith(".md"):
                top = replace(place, line=1, column=1)
                wrong.append(CF055.at(top, name=name, folder=N_("my-series")))
        elif _leads_out(root, entry):
            wrong.append(CF053.at(place))
        elif name in RESERVED_SERIES:
            wrong.append(CF052.at(place, name=name, better=f"{name}-2"))
        elif not is_slug(name):
            wrong.append(CF051.at(place, name=name, better=better_slug(name)))
        elif reason := _unreadable(entry.path):
            wrong.append(CF001.at(place, reason=reason))
        else:
            folders.append(_folder(root, name, entry.path, wrong))
    if not any(folder.episodes for folder in folders) and not has_errors(wrong):
        wrong.append(CF050.at(Place("episodes")))
    found += wrong
    return folders


def _linked_away(root: Path) -> bool:
    """Is episodes/ itself a link to another place?"""
    return not Path(os.path.realpath(root / "episodes")).is_relative_to(root.resolve())


def _folder(root: Path, slug: str, path: str, found: list[Finding]) -> Folder:
    stems, has_series_file = [], False
    misnamed: dict[str, Finding] = {}
    for entry in _entries(Path(path)):
        name = unicodedata.normalize("NFC", entry.name)
        stem, _, suffix = name.rpartition(".")
        place = Place(f"episodes/{slug}/{name}", line=1, column=1)  # the name, not what it says
        if name.startswith(".") or name.endswith("~"):
            continue
        if name != "series.yaml" and suffix != "md":
            if suffix.lower() in {"md", "markdown", "mdown", "txt", "yml", "yaml"}:
                better = _read_name(stem)
                misnamed[name] = CF054.at(place, name=name, better=better)
            elif _is_folder(entry):
                found += _misplaced(entry, slug, name)
        elif _leads_out(root, entry):
            found.append(CF053.at(place))
        elif name == "series.yaml":
            has_series_file = True
        elif is_slug(stem):
            stems.append(stem)
        else:
            found.append(CF051.at(place, name=stem, better=f"{better_slug(stem)}.md"))
    meant = [name for name, one in misnamed.items() if one.params["better"] == "series.yaml"]
    instead = meant[0] if len(meant) == 1 and not has_series_file else ""
    found += [one for name, one in misnamed.items() if name != instead]  # it is an error elsewhere
    return Folder(slug, tuple(stems), has_series_file, instead)


def _read_name(stem: str) -> str:
    """The name under which a file is read. Editors put ".txt" behind a whole name."""
    stem = stem.removesuffix(".md").removesuffix(".yaml")
    return "series.yaml" if stem.lower() == "series" else f"{better_slug(stem)}.md"


def _misplaced(folder: os.DirEntry[str], series: str, name: str) -> Iterator[Finding]:
    """Episodes in a folder inside the folder of a series."""
    for entry in _entries(Path(folder.path)):
        if entry.name.endswith(".md"):
            place = Place(f"episodes/{series}/{name}/{entry.name}", line=1, column=1)
            yield CF055.at(place, name=entry.name, folder=series)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _unreadable(folder: str | Path) -> str | None:
    """Why this folder cannot be looked into, if it is there."""
    try:
        os.scandir(folder).close()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:  # permissions, or links in a circle
        return error.strerror
    return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _leads_out(root: Path, entry: os.DirEntry[str]) -> bool:
    """Or nowhere: links may go in a circle, where resolve() fails."""
    if not entry.is_symlink():  # to follow the path of each of 10,000 files takes 0.4 s
        return False
    return not Path(os.path.realpath(entry.path)).is_relative_to(root.resolve())
