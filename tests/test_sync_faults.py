"""A sync in which one request fails, each of them in turn, in every way that hosts fail.

At no moment is an item public that is not whole, or an episode public twice; the next sync ends
where an undisturbed one does, and no recording is there twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from .hosts.double import FAULTS
from .test_sync_killed import Stage, stage

__all__ = ["stage"]

EVERY = 1 if os.environ.get("FEEDTOOL_KILLS") else 12
"""Of the requests, with each fault."""
STATES = {0, 4, 5}
"""How a command may end that met a fault: done, let in by nobody, to be run again."""


def faulty(stage: Stage, name: str, at: int, **more: Any) -> bool:
    """A sync whose request with this number fails; False = it has fewer requests."""
    stage.reset()
    stage.double.faults.clear()
    fault = stage.double.fault(name, at=at, **more)
    last = stage.kind.made(stage.double)
    where = f"{name} at request {at}"
    run = stage.sync()
    if fault.times:
        return False
    assert run.code in STATES, (where, run.out, run.err)
    assert "Traceback" not in run.err, where
    assert run.code == 0 or run.json["error"] or not all(one["ok"] for one in run.json["done"])
    check(stage, where)
    again = stage.sync()
    assert again.code == 0, (where, again.out, again.err)
    check(stage, where)
    expected = [("April igen", True, True), ("Juni", True, True), ("Maj igen", True, True)]
    assert sorted(stage.kind.items(stage.double)) == expected, where
    made = stage.kind.made(stage.double) - last
    assert made == 2, f"uploaded again; {where}: {made}"
    assert stage.sync().json["plan"] == [], where
    return True


def check(stage: Stage, where: str) -> None:
    now = stage.kind.items(stage.double)
    assert all(whole for _, public, whole in now if public), where
    public = [title.split()[0] for title, public, _ in now if public]
    assert len(public) == len(set(public)), where


@pytest.fixture(autouse=True)
def without_faults(stage: Stage) -> Iterator[None]:
    yield
    stage.double.faults.clear()


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "slow"])
def test_one_failure_anywhere_is_mended_by_the_next_sync(name: str, stage: Stage) -> None:
    at = 1 + sorted(FAULTS).index(name) % EVERY
    while faulty(stage, name, at):
        at += EVERY
    assert at > 12
