"""One fault, one finding, at the line where it stands; and odd catalogs in which nothing is wrong.

tests/broken/ holds a file for each fault, tests/odd/ one for each shape that only looks wrong.
case_files.py says how they are written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from feedtool.codes import every_code
from feedtool.vocabulary import PROFILES

from .case_files import FAULTLESS, Case, cases, found_in, lay_out, name_of, read_case


def test_the_faultless_catalog_has_no_finding_under_any_profile(tmp_path: Path) -> None:
    lay_out(Case(FAULTLESS), tmp_path)
    assert found_in(tmp_path, PROFILES) == []


@pytest.mark.parametrize("path", cases("broken"), ids=name_of)
def test_exactly_the_fault_is_found(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    assert case.expected
    lay_out(case, tmp_path)
    assert found_in(tmp_path, now=case.now) == case.expected


@pytest.mark.parametrize("path", cases("odd"), ids=name_of)
def test_what_is_only_odd_gives_no_finding(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    assert case.expected == []
    lay_out(case, tmp_path)
    assert found_in(tmp_path, now=case.now) == []
