"""Artwork: what is measured of a picture, and pictures too heavy to be kept among the tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from feedtool.check.artwork import AIM, HEAVY, PICTURE_RULES
from feedtool.measure import measure_picture
from feedtool.model import Picture

from .case_files import FAULTLESS, MEDIA, Case, found_in, lay_out
from .cases import find
from .catalogs import CATALOG, SERIES, Catalog, a_catalog


def codes(picture: Picture, source: str = "samtal/omslag.png") -> list[str]:
    return [fault.code.id for rule in PICTURE_RULES for fault in rule(picture, source)]


def a_picture(**more: object) -> Picture:
    stated = {"bytes": 9000, "type": "image/png", "width": 3000, "height": 3000, "mode": "RGB"}
    return Picture(**{**stated, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "transparent", "turned"),
    [
        ("cover.jpg", False, False),
        ("cover-turned.jpg", False, True),
        ("cover-palette.png", False, False),
        ("cover-clear.png", True, False),
    ],
)
def test_what_cannot_be_seen_at_a_glance_is_measured(
    name: str, transparent: bool, turned: bool
) -> None:
    picture, faults = measure_picture(MEDIA / name)
    assert picture is not None
    assert (picture.transparent, picture.turned, faults) == (transparent, turned, ())


@pytest.mark.parametrize(
    ("size", "expected"),
    [(AIM, []), (AIM + 1, ["AR018"]), (HEAVY, ["AR018"]), (HEAVY + 1, ["AR019"])],
)
def test_a_heavy_picture_is_told_once(size: int, expected: list[str]) -> None:
    assert codes(a_picture(bytes=size)) == expected


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1400, 1400, []),
        (3000, 3000, []),
        (1399, 1399, ["AR012"]),
        (3001, 3001, ["AR013"]),
        (3000, 2999, ["AR011"]),
        (4000, 2000, ["AR011"]),
        (600, 400, ["AR011", "AR012"]),
    ],
)
def test_the_borders_of_size_and_shape(width: int, height: int, expected: list[str]) -> None:
    assert codes(a_picture(width=width, height=height)) == expected


@pytest.mark.parametrize(
    ("mode", "type", "expected"),
    [
        ("RGB", "image/jpeg", []),
        ("P", "image/png", []),
        ("L", "image/jpeg", ["AR016"]),
        ("1", "image/png", ["AR016"]),
        ("I;16", "image/png", ["AR016"]),
        ("LA", "image/png", ["AR016", "AR017"]),
        ("RGBA", "image/png", ["AR017"]),
        ("CMYK", "image/jpeg", ["AR015"]),
        ("RGBA", "image/webp", ["AR014"]),
        ("P", "image/gif", ["AR014"]),
    ],
)
def test_the_colours_and_formats(mode: str, type: str, expected: list[str]) -> None:
    assert codes(a_picture(mode=mode, type=type)) == expected


@pytest.mark.parametrize(
    ("profiles", "expected"),
    [((), ["AR019"]), (("spotify",), ["AR019"]), (("apple",), ["AR019"])],
)
def test_a_heavy_picture_is_found_in_a_catalog(
    tmp_path: Path, profiles: tuple[str, ...], expected: list[str]
) -> None:
    assert FAULTLESS.is_dir()
    lay_out(Case(FAULTLESS), tmp_path)
    cover = Image.new("RGB", (1400, 1400))
    cover.save(tmp_path / "media/samtal/omslag.png", compress_level=0)
    found = found_in(tmp_path, profiles)
    assert found == [f"episodes/samtal/series.yaml:3 {code}" for code in expected]


# --- what a feed says of its shape -------------------------------------------------------------


def shapes(catalog: Catalog, path: str = "samtal/feed.xml") -> list[str | None]:
    """Of every podcast:image, the channel's first."""
    return [said.get("aspect-ratio") for _, said in find(catalog.read(path), "//podcast:image")]


def test_the_shape_of_artwork_is_the_measured_one(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path, series=SERIES + "image: bred.png\n")
    catalog.recording("samtal/bred.png", "wide.png")
    catalog.recording("samtal/ruta.png", "cover.png")
    catalog.episode("ett", "image: ruta.png\n", date="2025-03-02")
    catalog.episode("tva", "image: bred.png\n", date="2025-03-01")
    assert catalog.rebuilt().ok
    assert shapes(catalog) == ["16/9", "1/1", "16/9"]


def test_the_shape_of_artwork_elsewhere_is_not_said(tmp_path: Path) -> None:
    """Nobody has measured it."""
    catalog = a_catalog(tmp_path, series=SERIES + "image: https://a.example/a.jpg\n")
    catalog.episode(more="image: https://a.example/ett.jpg\n")
    assert catalog.rebuilt().ok
    assert shapes(catalog) == [None, None]


@pytest.mark.parametrize("parent", ["series", "episode", "catalog"])
def test_the_shape_of_another_picture_is_told_anew(parent: str, tmp_path: Path) -> None:
    line = "image: {}\n".format
    catalog = a_catalog(
        tmp_path,
        CATALOG + line("samtal/a.png") * (parent == "catalog"),
        SERIES + line("a.png" if parent == "series" else "b.png"),
    )
    catalog.recording("samtal/a.png", "cover.png")
    catalog.recording("samtal/b.png", "cover.png")
    catalog.episode(more=line("a.png" if parent == "episode" else "b.png"))
    path = "feed.xml" if parent == "catalog" else "samtal/feed.xml"
    assert catalog.rebuilt().ok
    assert shapes(catalog, path) == ["1/1", "1/1"]
    catalog.recording("samtal/a.png", "wide.png")
    assert catalog.rebuilt().ok
    assert sorted(map(str, shapes(catalog, path))) == ["1/1", "16/9"]
