"""Classes declared by declare.py are dataclasses in every way that the standard ones are."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from feedtool import declare

Decorator = Callable[..., Callable[[type], type]]


def classes(dataclass: Decorator) -> dict[str, type]:
    @dataclass(frozen=True, slots=True)
    class Plain:
        one: int
        two: str = "zwei"
        three: tuple[int, ...] = field(default=(), compare=False)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        """With words of its own."""

        one: int
        two: dict[str, int] = field(default_factory=dict)

    class Grown(Named):
        __slots__ = ()

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Inherits(Grown):
        three: int = 3

    @dataclass(frozen=True, slots=True)
    class Judged:
        one: int

        def __post_init__(self) -> None:
            object.__setattr__(self, "one", self.one + 1)

    @dataclass(frozen=True, slots=True, eq=False)
    class Single:
        one: int

    @dataclass(slots=True)
    class Open:
        one: int
        two: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    return {one.__name__: one for one in (Plain, Named, Inherits, Judged, Single, Open, Empty)}


OURS, STANDARD = classes(declare.dataclass), classes(dataclasses.dataclass)
NAMES = sorted(OURS)
for _name, _kind in OURS.items():  # pickle looks for them here
    _kind.__qualname__ = _name
globals().update(OURS)

CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}), ((1,), {}), ((), {"one": 1}), ((1, "x"), {}), ((1, "x", (2,)), {}), ((1, [2]), {}),
    ((), {"one": 1, "two": {"a": 2}}), ((), {"one": 1, "three": 4}), ((), {"one": 1, "four": 4}),
    ((1, 2, 3, 4), {}), ((1,), {"one": 1}),
]  # fmt: skip


def told(act: Callable[[], Any]) -> Any:
    """What comes of it: a text of the value, or that it is refused."""
    try:
        return repr(act()).replace("classes.<locals>.", "")
    except (TypeError, AttributeError):  # the standard one mixes them up where there are slots
        return "refused"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_class_is_called_as_the_standard_one(name: str, call: Any) -> None:
    assert told(lambda: OURS[name](*call[0], **call[1])) == told(
        lambda: STANDARD[name](*call[0], **call[1])
    )


@pytest.mark.parametrize("name", NAMES)
def test_instances_behave_as_those_of_the_standard_one(name: str) -> None:
    def facts(kind: Any) -> list[Any]:
        one = kind() if name == "Empty" else kind(one=1)
        other = kind() if name == "Empty" else kind(one=2)
        same = kind() if name == "Empty" else kind(one=1)
        return [
            one == same, one == other, one == object(), one != same,
            told(lambda: hash(one) == hash(same)),
            told(lambda: setattr(one, "one", 1)), told(lambda: delattr(other, "one")),
            told(lambda: setattr(one, "none", 1)), hasattr(one, "__dict__"),
            told(lambda: dataclasses.replace(one, one=5)), dataclasses.asdict(one),
            [(f.name, f.default, f.kw_only, f.compare) for f in dataclasses.fields(one)],
            kind.__match_args__, told(lambda: copy.copy(one)), told(lambda: copy.deepcopy(one)),
        ]  # fmt: skip

    assert facts(OURS[name]) == facts(STANDARD[name])


@pytest.mark.parametrize("name", NAMES)
def test_instances_go_to_other_processes(name: str) -> None:
    one = OURS[name]() if name == "Empty" else OURS[name](one=1)
    assert repr(pickle.loads(pickle.dumps(one))) == repr(one)


def test_what_is_not_compared_does_not_count() -> None:
    kind = OURS["Plain"]
    assert kind(1, three=(1,)) == kind(1, three=(2,))
    assert hash(kind(1, three=(1,))) == hash(kind(1, three=(2,)))


def test_a_subclass_is_not_equal() -> None:
    assert OURS["Inherits"](one=1) != OURS["Named"](one=1)
