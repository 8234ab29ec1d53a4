"""What a publish must find at every kind of target: imported with `*`, as target_contract.py is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedtool.errors import BusyError
from feedtool.publish.send import Delivery, Publisher
from feedtool.publish.target import STATE_FILE, Artifact, Target

from .target_contract import Make, Place


def publisher(token: str) -> Publisher:
    return Publisher(f"somebody {token}", token, lambda: datetime(2026, 1, 1, tzinfo=UTC))


def begun(target: Target, token: str, *artifacts: Artifact) -> Delivery:
    delivery = Delivery(target, publisher(token))
    delivery.look()
    delivery.begin(artifacts)
    return delivery


def test_one_publish_after_another(place: Place, artifact: Make) -> None:
    for number in (1, 2, 3):
        target = place.open()
        one = artifact(b"x" * number, "samtal/feed.xml")
        delivery = begun(target, "a", one)
        delivery.send([one], lambda _: None)
        delivery.end(delivery.state, {})
        assert delivery.state.serial == number
        target.close()
    assert place.target.read("samtal/feed.xml") == b"xxx"
    assert sorted(place.target.list()) == [STATE_FILE, "samtal/feed.xml"]


def test_others_are_kept_out_until_the_end(place: Place) -> None:
    first, second = place.open(), place.open()
    delivery = begun(first, "a")
    with pytest.raises(BusyError):
        begun(second, "b")
    delivery.end(delivery.state, {})
    other = begun(second, "b")
    other.end(other.state, {})
    first.close()
    second.close()


def test_a_killed_publish_is_taken_up_by_who_began_it(place: Place) -> None:
    first, second = place.open(), place.open()
    begun(first, "a")
    other = begun(second, "a")
    other.end(other.state, {})
    first.close()
    second.close()
