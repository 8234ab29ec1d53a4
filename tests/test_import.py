"""feedtool import: feeds of others become episodes, and come out of a build as they went in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .adoption import adopt, built, empty_catalog, serve
from .catalogs import Catalog
from .feeds_of_others import ODD, PROGRAMS, Shape
from .live_feed import Live, live


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return empty_catalog(tmp_path)


@pytest.fixture
def server() -> Iterator[Live]:
    with live() as started:
        yield started


EVERY = PROGRAMS | ODD


@pytest.mark.parametrize("shape", EVERY.values(), ids=EVERY.keys())
def test_guid_date_title_and_enclosure_come_out_as_they_went_in(
    catalog: Catalog, server: Live, shape: Shape
) -> None:
    _, outcome = adopt(catalog, serve(server, shape.document(server.base)))
    assert built(catalog) == shape.says(server.base)
    assert outcome.proof.same == len(shape.told), outcome.proof.differences
