"""A plan carried out: nothing twice, nothing lost, nothing half, whatever fails on the way."""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedtool.errors import AccessError, FeedtoolError
from feedtool.sync.host import HostDownError, HostError, State, UnknownOutcomeError, key_of
from feedtool.sync.journal import load_host_lock
from feedtool.sync.step import Asked
from tests.hosts.memory import Killed, MemoryHost
from tests.syncs import Desk, failed


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, MemoryHost())
    desk.episode("april")
    desk.episode("maj")
    return desk


def once(number: int, moment: str, error: BaseException):  # type: ignore[no-untyped-def]
    """Raises the error at one moment, the first time."""
    left = [error]

    def at(now: int, what: str) -> None:
        if (now, what) == (number, moment) and left:
            raise left.pop()

    return at


def test_an_item_is_made_hidden_and_shown_when_it_is_ready(desk: Desk) -> None:
    desk.host.busy = 4
    assert failed(desk.sync()) == []
    assert desk.public() == ["April", "Maj"]


def test_one_that_stays_busy_is_no_failure_and_shown_next_time(desk: Desk) -> None:
    desk.host.busy = 1000
    done = desk.sync()
    assert [one.waits for one in done] == [True, True]
    assert desk.public() == []
    desk.host.left = dict.fromkeys(desk.host.left, 1)
    assert desk.told() == ["reveal samtal/april", "reveal samtal/maj"]
    assert failed(desk.sync()) == []
    assert desk.public() == ["April", "Maj"]
    assert len(desk.host.uploads) == 2


def test_one_that_cannot_be_processed_is_removed_and_told_and_others_go_on(desk: Desk) -> None:
    desk.host.busy = 2
    desk.host.fails = {desk.wishes["april"].sum()}
    (problem,) = failed(desk.sync())
    assert problem.startswith("samtal/april")
    assert desk.public() == ["Maj"]
    assert desk.host.deleted == ["item-0"]
    assert desk.told() == ["create samtal/april"]


def test_one_that_failed_unseen_is_uploaded_again(desk: Desk) -> None:
    desk.host.busy = 1000
    desk.sync()
    item = desk.host.items_there["item-0"]
    desk.host.items_there["item-0"] = replace(item, state=State.FAILED)
    assert desk.told() == ["create samtal/april", "reveal samtal/maj"]
    desk.host.busy = 0
    desk.host.left["item-1"] = 1
    assert failed(desk.sync()) == []
    assert desk.public() == ["April", "Maj"]
    assert desk.host.deleted == ["item-0"]


@pytest.fixture
def spoiled(desk: Desk) -> Desk:
    """The host took april, was busy with it when the run ended, and could not process it."""
    del desk.wishes["maj"]
    desk.host.busy = 1000
    desk.sync()
    desk.host.busy = desk.host.changes = 0
    item = desk.host.items_there["item-0"]
    desk.host.items_there["item-0"] = replace(item, state=State.FAILED)
    return desk


@pytest.mark.parametrize("number", range(3), ids=["removal", "upload", "reveal"])
@pytest.mark.parametrize(
    ("error", "moment"),
    [
        pytest.param(Killed(), "before", id="killed before"),
        pytest.param(Killed(), "after", id="killed after"),
        pytest.param(HostError("no"), "before", id="refused"),
        pytest.param(HostDownError("later"), "before", id="down"),
        pytest.param(UnknownOutcomeError("?"), "before", id="unclear before"),
        pytest.param(UnknownOutcomeError("?"), "after", id="unclear after"),
    ],
)
def test_what_failed_there_is_uploaded_again_whatever_else_fails(
    error: BaseException, moment: str, number: int, spoiled: Desk
) -> None:
    """Nobody removed it there: nobody has to say that it is to be uploaded again."""
    spoiled.host.at = once(number, moment, error)
    with suppress(Killed, HostDownError):
        spoiled.sync()
    holds(spoiled)
    assert failed(spoiled.sync()) == []
    assert (spoiled.public(), spoiled.host.deleted) == (["April"], ["item-0"])
    assert spoiled.told() == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_is_killed_when_it_removes_what_failed_loses_nothing(
    moment: str, spoiled: Desk
) -> None:
    spoiled.host.items_there["item-0"] = replace(
        spoiled.host.items_there["item-0"], state=State.PROCESSING
    )
    spoiled.host.left["item-0"] = 2
    spoiled.host.fails = {spoiled.wishes["april"].sum()}
    spoiled.host.at = once(0, moment, Killed())
    with pytest.raises(Killed):
        spoiled.sync()
    spoiled.host.fails = set()
    assert spoiled.told() == ["create samtal/april"]
    assert failed(spoiled.sync()) == []
    assert (spoiled.public(), spoiled.told()) == (["April"], [])


def test_an_unclear_answer_is_looked_up_and_not_sent_again(desk: Desk) -> None:
    desk.host.at = once(0, "after", UnknownOutcomeError("?"))
    assert failed(desk.sync()) == []
    assert desk.host.uploads == [key_of("guid-april"), key_of("guid-maj")]
    assert desk.public() == ["April", "Maj"]


def test_a_list_that_lags_behind_is_waited_for(desk: Desk) -> None:
    desk.host.late = 4
    desk.host.at = once(0, "after", UnknownOutcomeError("?"))
    assert failed(desk.sync()) == []
    assert len(desk.host.uploads) == 2


def test_what_is_surely_not_there_is_sent_again(desk: Desk) -> None:
    desk.host.at = once(0, "before", UnknownOutcomeError("?"))
    assert failed(desk.sync()) == []
    assert desk.public() == ["April", "Maj"]
    assert len(desk.host.uploads) == 2


def test_a_refusal_stops_one_item_and_no_other(desk: Desk) -> None:
    desk.host.at = once(0, "before", HostError("no"))
    assert failed(desk.sync()) == ["samtal/april: no"]
    assert desk.public() == ["Maj"]
    assert load_host_lock(desk.path).intents == {}


@pytest.mark.parametrize("error", [AccessError("who?"), HostDownError("later")])
def test_what_ends_a_run_leaves_the_rest_for_the_next(desk: Desk, error: FeedtoolError) -> None:
    desk.host.at = once(0, "before", error)
    with pytest.raises(type(error)):
        desk.sync()
    assert failed(desk.sync()) == []
    assert desk.public() == ["April", "Maj"]


def test_an_item_that_changed_since_the_plan_is_not_overwritten(desk: Desk) -> None:
    desk.sync()
    desk.episode("april", "April, april")
    desk.episode("maj", "Maj, igen")

    def at(number: int, moment: str) -> None:
        if moment == "after":
            desk.host.somebody_writes("item-1", title="Vackra maj")

    desk.host.at = at
    (problem,) = failed(desk.sync())
    assert "changed there meanwhile" in problem
    assert desk.public() == ["April, april", "Vackra maj"]


def test_a_recording_that_changes_while_it_is_sent_is_not_published(desk: Desk) -> None:
    file = desk.root / desk.wishes["april"].media

    def at(number: int, moment: str) -> None:
        if (number, moment) == (0, "after"):
            file.write_bytes(b"changed")

    desk.host.at = at
    (problem,) = failed(desk.sync())
    assert "changed while it was sent" in problem
    assert desk.public() == ["Maj"]


def test_a_recording_that_changed_since_the_plan_is_not_sent(desk: Desk) -> None:
    """Somebody takes their time to say yes, and exports it anew meanwhile."""
    run = desk.steps(Asked())
    next(run)
    (desk.root / desk.wishes["maj"].media).write_bytes(b"half of")
    (problem,) = failed(list(run))
    assert "changed after the plan was made" in problem
    assert len(desk.host.items_there) == 1
    assert "begun" not in desk.path.read_text("utf-8")


def test_no_more_than_one_is_public_while_another_takes_its_place(desk: Desk) -> None:
    desk.sync()
    desk.episode("maj", sound=b"maj, klippt", media="samtal/maj-2.mp3")
    seen = set()

    def at(number: int, moment: str) -> None:
        seen.add(tuple(desk.public()))

    desk.host.at = at
    desk.sync(replace=True)
    assert seen == {("April", "Maj"), ("April",)}
    assert desk.public() == ["April", "Maj"]


def test_a_title_that_is_taken_back_after_a_run_was_killed_is_taken_back_there(desk: Desk) -> None:
    desk.sync()
    desk.episode("maj", "Maj, igen")
    desk.host.at = once(desk.host.changes, "after", Killed())
    with pytest.raises(Killed):
        desk.sync()
    desk.episode("maj", "Maj")
    assert failed(desk.sync()) == []
    assert desk.public() == ["April", "Maj"]
    assert desk.told() == []


@pytest.fixture
def half(desk: Desk) -> Desk:
    """The recording of maj is being replaced; the host was still busy when the run ended."""
    desk.sync()
    desk.episode("maj", sound=b"maj, klippt", media="samtal/maj-2.mp3")
    desk.host.busy = 1000
    assert [one.waits for one in desk.sync(replace=True)] == [True]
    desk.host.busy = 0
    desk.host.left = dict.fromkeys(desk.host.left, 1)
    return desk


def test_the_old_item_stays_until_its_removal_is_allowed_again(half: Desk) -> None:
    (step,) = half.plan().steps
    assert (step.action, "--replace" in step.why.message) == ("drift", True)
    assert half.sync() == []
    assert half.host.deleted == []
    (step,) = half.plan(Asked(replace=True)).steps
    assert (step.action, "removed" in step.why.message) == ("reveal", True)
    assert failed(half.sync(replace=True)) == []
    assert (half.public(), half.host.deleted) == (["April", "Maj"], ["item-1"])
    assert half.told() == []


def test_one_that_lost_the_old_item_is_shown_by_any_run(half: Desk) -> None:
    half.host.delete("item-1")
    assert half.told() == ["reveal samtal/maj"]
    assert failed(half.sync()) == []
    assert half.public() == ["April", "Maj"]


@pytest.mark.parametrize("shown", [False, True])
def test_a_third_recording_takes_the_place_of_both(shown: bool, half: Desk) -> None:
    half.host.items_there["item-2"] = replace(half.host.items_there["item-2"], public=shown)
    half.episode("maj", sound=b"maj, klippt igen", media="samtal/maj-3.mp3")
    assert half.told() == ["drift samtal/maj"]
    assert failed(half.sync(replace=True)) == []
    assert half.public() == ["April", "Maj"]
    assert half.host.deleted == ["item-2", "item-1"]
    assert half.told() == []


def test_a_replacement_that_cannot_be_processed_leaves_the_old_one(half: Desk) -> None:
    item = half.host.items_there["item-2"]
    half.host.items_there["item-2"] = replace(item, state=State.FAILED)
    assert half.told() == ["drift samtal/maj"]
    assert half.told(replace=True) == ["replace samtal/maj"]
    assert failed(half.sync(replace=True)) == []
    assert half.public() == ["April", "Maj"]
    assert half.told() == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_is_killed_while_it_removes_what_waits_leaves_one_public(
    moment: str, tmp_path: Path
) -> None:
    """Of an old item that was there before feedtool, which has no marker."""
    desk = Desk(tmp_path, MemoryHost())
    old = desk.host.somebody_uploads("Maj")
    desk.episode("maj")
    desk.sync(adopt=True)
    desk.host.items_there[old] = replace(desk.host.items_there[old], marker=None)
    for number, sound in enumerate((b"maj, klippt", b"maj, klippt igen"), 2):
        desk.episode("maj", sound=sound, media=f"samtal/maj-{number}.mp3")
        desk.host.busy = 1000
        desk.host.at = once(desk.host.changes, moment, Killed()) if number == 3 else desk.host.at
        with suppress(Killed):
            desk.sync(replace=True)
    desk.host.busy = 0
    assert desk.told() == ["drift samtal/maj"]
    assert failed(desk.sync(replace=True)) == []
    assert (desk.public(), list(desk.host.items_there)) == (["Maj"], ["item-1"])
    assert desk.told() == []


def holds(desk: Desk) -> None:
    """What is true at every moment."""
    for one in desk.host.items_there.values():
        assert not (one.public and one.state is not State.READY), "half-done, and public"
    public = [one.marker.key for one in desk.host.items_there.values() if one.public and one.marker]
    assert len(public) == len(set(public)), "twice"


def test_killed_at_every_change_nothing_is_there_twice_or_lost(tmp_path: Path) -> None:
    runs = 0
    for number, moment, busy, late in itertools.product(
        range(7), ("before", "after"), (0, 3), (0, 3)
    ):
        desk = Desk(tmp_path / f"{number}{moment}{busy}{late}", MemoryHost(busy=busy))
        desk.episode("april")
        desk.sync()
        desk.episode("april", sound=b"april, klippt", media="samtal/april-2.mp3", title="April 2")
        desk.episode("maj")
        desk.episode("juni")
        desk.host.changes = 0
        desk.host.at = once(number, moment, Killed())
        try:
            desk.sync(replace=True)
        except Killed:
            runs += 1
        holds(desk)
        desk.host.late = late
        assert failed(desk.sync(replace=True)) == []
        holds(desk)
        assert desk.public() == ["April 2", "Juni", "Maj"]
        assert len(desk.host.items_there) == 3
        assert len(desk.host.uploads) == 4, "nothing was uploaded twice"
        assert desk.told() == []
    assert runs == 7 * 2 * 4, "two uploads and a replacement, before and after each change"


@settings(max_examples=60)
@given(data=st.data())
def test_whatever_fails_in_any_order_the_end_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"), MemoryHost(busy=data.draw(st.integers(0, 3))))
    names = ["april", "maj", "juni"]
    errors = st.sampled_from(
        [None, None, None, Killed(), UnknownOutcomeError("?"), HostError("no"), HostDownError("x")]
    )
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(names))
        desk.episode(name, data.draw(st.sampled_from(["", "Ny titel", "Annan"])) and name.upper())
        faults = {
            (number, moment): data.draw(errors)
            for number in range(4)
            for moment in ("before", "after")
        }
        start = desk.host.changes

        def at(number: int, moment: str, start: int = start, faults=faults) -> None:  # type: ignore[no-untyped-def]
            error = faults.pop((number - start, moment), None)
            if error and not (
                moment == "after"
                and isinstance(error, HostError)
                and not isinstance(error, UnknownOutcomeError)
            ):
                raise error

        desk.host.at = at
        desk.host.late = data.draw(st.integers(0, 3))
        with suppress(Killed, FeedtoolError):
            desk.sync()
        holds(desk)
    desk.host.at = lambda number, moment: None
    assert failed(desk.sync()) == []
    assert desk.public() == sorted(wish.title for wish in desk.wishes.values())
    assert len(desk.host.items_there) == len(desk.wishes)
    assert desk.told() == []
