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


WITHOUT_CASE = {
    "AR003": "the file was there when it was looked for: it went meanwhile",
    "AR004": "needs a file that may not be read, which root always may",
    "EP090": "needs --drafts, which a check has not",
    "LK030": "needs --allow, which a check has not",
    "LK050": "needs --locked, which a check has not",
    "ME001": "the file was there when it was looked for: it went meanwhile",
    "ME002": "stands for another file: a check says ME053",
    "ME004": "needs a file that may not be read, which root always may",
    "ME062": "needs a computer that takes large and small letters of names for the same",
}
"""Codes that no case can show, and why. All but those of options have tests of measuring."""


def test_every_code_has_a_case() -> None:
    shown = {line.split()[-1] for path in cases("broken") for line in read_case(path).expected}
    every = {code.id for code in every_code()}
    assert every - shown == set(WITHOUT_CASE)
    assert not shown - every


TEXTS = (".md", ".yaml", ".yml", ".vtt", ".srt", ".txt", ".json", ".markdown", ".lock")


def test_every_fault_in_a_text_is_told_with_its_line() -> None:
    """What is missing, with that of the first key; what is wrong with a whole file, with line 1."""
    for path in cases("broken"):
        for line in read_case(path).expected:
            file, _, number = line.rpartition(" ")[0].partition(":")
            assert bool(number) == file.endswith(TEXTS), f"{name_of(path)}: {line}"
