"""Every requirement of docs/requirements.yaml is accounted for: rules, tests, or a reason."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import pytest

from docs.requirements import LEVELS, LIST, SOURCES, Requirement, requirements
from feedtool.codes import every_code
from feedtool.finding import Code, Severity
from feedtool.podcast.table import TABLE
from feedtool.vocabulary import PROFILES

EVERY = requirements()
BY_ID = {one.id: one for one in EVERY}


def id_of(one: Requirement | Code) -> str:
    return one.id


@lru_cache(maxsize=64)
def functions_of(file: str) -> frozenset[str]:
    """The names of the test functions in a file of tests/."""
    tree = ast.parse((Path(__file__).parent / file).read_text(encoding="utf-8"))
    names = (one.name for one in tree.body if isinstance(one, ast.FunctionDef))
    return frozenset(name for name in names if name.startswith("test_"))


def test_every_requirement_is_accounted_for() -> None:
    """By rules, by tests, or with a reason."""
    assert [one.id for one in EVERY if not one.is_kept] == []


@pytest.mark.parametrize("code", [code for code in every_code() if code.spec], ids=id_of)
def test_rules_name_requirements_of_the_list(code: Code) -> None:
    assert [id for id in code.spec if id not in BY_ID] == []
    assert len(set(code.spec)) == len(code.spec)


def test_tags_name_requirements_of_the_list() -> None:
    assert {id for rule in TABLE.values() for id in rule.spec} <= set(BY_ID)


@pytest.mark.parametrize("one", [one for one in EVERY if one.tests], ids=id_of)
def test_named_tests_exist(one: Requirement) -> None:
    for test in one.tests:
        file, _, function = test.partition("::")
        assert function in functions_of(file), test


UNSURE = [
    code for code in every_code() if code.spec and all(BY_ID[id].unsure for id in code.spec)
]  # fmt: skip


def test_what_is_not_sure_is_never_an_error() -> None:
    errors = [code.id for code in UNSURE if code.severity_under(PROFILES) is Severity.ERROR]
    assert errors == []


AREAS = {
    "apple": "APPLE", "psp1": "PSP", "podcasting2": "PC20", "public-sector-se": "WCAG",
    "spotify": "SPOT", "youtube": "YT",
}  # fmt: skip
"""The requirements that are a profile's own."""


@pytest.mark.parametrize("code", [code for code in every_code() if code.profiles], ids=id_of)
def test_a_profile_makes_no_error_of_what_it_only_recommends(code: Code) -> None:
    """What is optional must be right where it is used."""
    for profile, severity in code.profiles.items():
        if severity is Severity.ERROR:
            others = set(AREAS.values()) - {AREAS[profile]}
            own = [BY_ID[id] for id in code.spec if BY_ID[id].area not in others]
            strict = [one for one in own if not {"R", "opt"}.isdisjoint(one.level)]
            assert [one for one in strict if not one.unsure], profile


def test_every_profile_has_requirements_of_its_own() -> None:
    assert set(AREAS) == set(PROFILES)


# --- the list ----------------------------------------------------------------------------------


def test_every_requirement_stands_once() -> None:
    ids = re.findall(r"^(\S+):$", LIST.read_text(encoding="utf-8"), re.MULTILINE)
    assert ids == [one.id for one in EVERY]


@pytest.mark.parametrize("area", sorted(set(SOURCES) - {"WCAG"}))
def test_requirements_are_numbered_without_a_gap(area: str) -> None:
    ids = [one.id for one in EVERY if one.area == area]
    assert ids == [f"{area}-{number:02}" for number in range(1, len(ids) + 1)]


def test_requirements_of_one_source_stand_together() -> None:
    areas = [area for area, _ in groupby(EVERY, lambda one: one.area)]
    assert sorted(areas) == sorted(SOURCES)


@pytest.mark.parametrize("one", EVERY, ids=id_of)
def test_a_requirement_has_a_level_and_a_subject(one: Requirement) -> None:
    assert one.level
    assert set(one.level) <= set(LEVELS)
    assert one.about
