"""Start a catalog: its settings, what git and editors must know, its empty folders.

feedtool.yaml is written last: until it is there, it can be begun again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from ..declare import dataclass
from ..errors import HasCatalogError, UsageError
from ..finding import N_, Place, has_errors
from ..formats import is_web_address
from ..measure import measure_picture
from ..measure.pictures import MISLABELLED
from ..read.catalog import resolve_catalog
from ..read.languages import usual_tag
from ..read.schema import json_schema, validate
from ..read.values import better_name
from ..read.written import CatalogKeys
from ..read.yaml_tree import read_tree
from .copies import copy_in, failed, write_new
from .refused import accept, refuse
from .yaml_lines import tidy, yaml_line

CATALOG_FILE = "feedtool.yaml"
SCHEMAS = {
    ".schemas/catalog.json": "feedtool.yaml",
    ".schemas/series.json": "series.yaml",
    ".schemas/episode.json": "episode",
}
"""Where editors find the keys of each kind of file."""

_GIT = {
    ".gitattributes": (
        "*.lock merge=union", "*.mp3 binary", "*.m4a binary", "*.mp4 binary", "*.png binary",
        "*.jpg binary",
    ),
    ".gitignore": ("/public/", "/.feedtool/"),
}  # fmt: skip

SMALLEST, LARGEST = 1400, 3000
"""Pixels on each side of a cover (Apple)."""

Text = Callable[..., str]
"""Console.text: a message in the user's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is known of a catalog that is to be started."""

    folder: Path
    title: str
    base_url: str  #: ends with "/"
    language: str
    timezone: str
    email: str
    description: str
    category: str
    cover: Path | None = None
    image_alt: str = ""  #: what the cover shows, in the catalog's language


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What is there now; paths below the folder, folders with "/" at the end."""

    made: tuple[str, ...]
    changed: tuple[str, ...]  #: files that were there, and have a line more


def refuse_catalog(folder: Path, *, above: bool) -> None:
    """Raises HasCatalogError where a catalog is already; `above` looks in the folders above too."""
    for one in (folder, *(folder.parents if above else ())):
        if os.path.exists(one / CATALOG_FILE):  # Path.exists() raises where nobody may look
            raise HasCatalogError(
                N_("there is a catalog in {folder} already; nothing was changed"),
                N_("make an episode:  feedtool new PATH-TO-AUDIO  , or start a catalog elsewhere:  "
                   "feedtool init DIR"),
                folder=one,
            )  # fmt: skip


def address(text: str) -> str:
    """The address with https:// before and "/" behind it. Raises UsageError."""
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    if not is_web_address(text) or "?" in text or "#" in text:
        raise UsageError(
            N_('"{text}" is not a web address'),
            N_("write it as https://www.example.org/"),
            text=text,
        )
    text = text.rstrip("/") + "/"
    accept(CatalogKeys, base_url=text)
    return text


def cover(path: Path) -> Path:
    """A picture that apps and directories take. Raises UsageError for another."""
    picture, faults = measure_picture(path)
    # its copy gets the ending that is right
    refuse(fault.at(Place(path.name)) for fault in faults if fault.code is not MISLABELLED)
    assert picture is not None
    if picture.type not in _ENDINGS:
        raise UsageError(
            N_("{path} is neither JPEG nor PNG"),
            N_("export the picture as JPEG or PNG, square, 1400 to 3000 pixels wide"),
            path=path.name,
        )
    if picture.width != picture.height or not SMALLEST <= picture.width <= LARGEST:
        raise UsageError(
            N_("{path} has {width} x {height} pixels"),
            N_("export it as a square of 1400 to 3000 pixels"),
            path=path.name,
            width=picture.width,
            height=picture.height,
        )
    return path


_ENDINGS = {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}


def begin_catalog(wanted: Beginning, text: Text) -> Begun:
    """Everything but what is there already. Raises HasCatalogError, UsageError, WriteError."""
    root = wanted.folder
    refuse_catalog(root, above=False)
    image = _image_name(wanted.cover) if wanted.cover else ""
    settings = _settings(wanted, image, text)
    _read_again(settings)
    try:
        return _begun(wanted, image, settings)
    except OSError as error:  # no folder can be made there, or a file has the name of one
        raise failed(error, root) from error


def _begun(wanted: Beginning, image: str, settings: str) -> Begun:
    root = wanted.folder
    made: list[str] = []
    changed: list[str] = []
    for folder in ("episodes", "media"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        made.append(f"{folder}/")
    if wanted.cover and not (root / "media" / image).exists():
        copy_in(wanted.cover, root / "media" / image, lambda done, total: None)
        made.append(f"media/{image}")
    for name, lines in _GIT.items():
        _with_lines(root, name, lines, made, changed)
    for name, kind in SCHEMAS.items():
        schema = json.dumps(json_schema(kind), ensure_ascii=False, indent=1) + "\n"
        if not (root / name).exists():
            write_new(root / name, schema)
    made.append(".schemas/")
    write_new(root / CATALOG_FILE, settings)
    return Begun(made=(CATALOG_FILE, *made), changed=tuple(changed))


def _image_name(path: Path) -> str:
    """A name that may be published, with the ending of what the picture is."""
    picture, _ = measure_picture(path)
    endings = _ENDINGS[picture.type] if picture else (".png",)
    stem = better_name(path.name).rpartition(".")[0] or "cover"
    own = path.suffix.lower()
    return stem + (own if own in endings else endings[0])


def _with_lines(
    root: Path, name: str, lines: tuple[str, ...], made: list[str], changed: list[str]
) -> None:
    """A file with these lines: made, or what it lacks of them put behind its own."""
    path = root / name
    if not path.exists():
        write_new(path, "\n".join(lines) + "\n")
        made.append(name)
        return
    there = path.read_text("utf-8", "surrogateescape")
    known = {line.strip().strip("/") for line in there.splitlines()}
    missing = [line for line in lines[:2] if line.strip("/") not in known and "binary" not in line]
    if missing:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write("" if there.endswith("\n") or not there else "\n")
            file.writelines(f"{line}\n" for line in missing)
        changed.append(name)


# --- feedtool.yaml ---------------------------------------------------------------------------


def _settings(wanted: Beginning, image: str, text: Text) -> str:
    title = wanted.title
    picture = (
        [
            yaml_line("image", image),
            yaml_line("image_alt", wanted.image_alt),
        ]
        if image
        else [text(N_("# image: cover.png  # below media/: square, 1400 to 3000 pixels"))]
    )
    lines = [
        "# yaml-language-server: $schema=.schemas/catalog.json",
        text(N_("# A series takes from here what its own series.yaml does not say.")),
        yaml_line("title", title),
        yaml_line(
            "description", wanted.description,
            text(N_("what people read before they subscribe: one to three sentences")),
        ),
        yaml_line(
            "base_url", wanted.base_url,
            text(N_("where public/ will be on the web; apps keep it for years")),
        ),
        yaml_line("language", wanted.language),
        yaml_line("timezone", wanted.timezone, text(N_("of dates without an offset"))),
        yaml_line("author", title),
        yaml_line(
            "owner", {"name": title, "email": wanted.email},
            text(N_("public in the feed; directories write to it")),
        ),
        yaml_line(
            "categories", [wanted.category],
            text(N_("the shelf in directories, such as Government or Education > Courses")),
        ),
        *picture,
        yaml_line(
            "profiles", ["apple"],
            text(N_("rules to be kept; public bodies in Sweden add public-sector-se")),
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _read_again(settings: str) -> None:
    """Would feedtool read the file? Raises UsageError with what it would say, else."""
    tree, found = read_tree(settings, CATALOG_FILE)
    keys = None
    if tree is not None:
        keys, more = validate(tree, CatalogKeys, Place(CATALOG_FILE))
        found += more
    if keys is not None and not has_errors(found):
        found += resolve_catalog(keys, Place(CATALOG_FILE))[1]
    refuse(found)


def text_line(text: str, key: str) -> str:
    """A text for a key of feedtool.yaml, on one line. Raises UsageError for one it cannot be."""
    text = tidy(text)
    accept(CatalogKeys, **{key: text})
    return usual_tag(text) if key == "language" else text
