"""What a publish must find at every kind of target: imported with `*`, as target_contract.py is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedtool.errors import BusyError, ChangedError
from feedtool.publish.send import Delivery, Publisher
from feedtool.publish.target import STATE_FILE, Artifact, Target, plan

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


@pytest.mark.parametrize("before", [b"", b"<rss/>"], ids=["new", "replaced"])
def test_a_feed_that_somebody_wrote_to_since_the_plan_is_left_alone(
    before: bytes, place: Place, artifact: Make
) -> None:
    target, theirs = place.open(), b"<rss>by hand</rss>"
    if before:
        target.put("samtal/feed.xml", artifact(before))
    one = artifact(b"<rss>of ours</rss>", "samtal/feed.xml")
    delivery = begun(target, "a", one)
    place.target.put("samtal/feed.xml", artifact(theirs))
    with pytest.raises(ChangedError, match="after this was planned"):
        delivery.send([one], lambda _: None)
    delivery.give_up(())
    assert place.target.read("samtal/feed.xml") == theirs
    # planned anew it is sent, although there is a file of its size
    again = Delivery(target, publisher("a"))
    present = again.look()
    planned = plan([one], present, again.known({one.path: one}))
    assert planned.feeds == ("samtal/feed.xml",)
    again.begin(planned.send)
    again.send(planned.send, lambda _: None)
    again.end(again.state, planned.held)
    assert place.target.read("samtal/feed.xml") == b"<rss>of ours</rss>"
    target.close()
